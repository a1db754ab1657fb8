"""How a person is reached: mainland mobile numbers and e-mail addresses, in one form each."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

EMAIL_LENGTH = 254

_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1\d{10}$))")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_EMAIL = re.compile(r"[a-z0-9._%+-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}", re.ASCII)


class ContactKind(StrEnum):
    """Over what a code or a notice reaches a person."""

    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True)
class Contact:
    """A phone number of eleven digits, or an e-mail address in small letters."""

    kind: ContactKind
    value: str

    @property
    def phone(self) -> str | None:
        """The number, when it is one."""
        return self.value if self.kind is ContactKind.PHONE else None

    @property
    def email(self) -> str | None:
        """The address, when it is one."""
        return self.value if self.kind is ContactKind.EMAIL else None


def contact_from(text: str) -> Contact | None:
    """Read what a person typed, with spaces, dashes, +86 or full-width digits; None when it is neither."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if "@" in plain:
        address = plain.lower()
        fits = len(address) <= EMAIL_LENGTH and ".." not in address and _EMAIL.fullmatch(address)
        return Contact(ContactKind.EMAIL, address) if fits else None
    number = _COUNTRY.sub("", re.sub(r"[\s\-()]", "", plain))
    return Contact(ContactKind.PHONE, number) if _MOBILE.fullmatch(number) else None


def masked(contact: str) -> str:
    """Return a contact that its owner recognises and a bystander cannot use."""
    if "@" not in contact:
        return f"{contact[:3]}****{contact[-4:]}"
    name, _, domain = contact.partition("@")
    return f"{name[:1]}***@{domain}"
