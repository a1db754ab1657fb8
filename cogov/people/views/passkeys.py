"""Passkeys: what a browser is asked to sign, and whether what it signed is good; the page's script only carries it."""

from __future__ import annotations

import base64
import json
import secrets
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from flask import current_app, g, request, session
from flask_babel import gettext

from cogov.ground.clock import now
from cogov.ground.loading import later
from cogov.ground.refusals import Refusal, Refused
from cogov.people.commands import use_passkey
from cogov.people.models import Passkey
from cogov.people.queries import passkey_by_credential, passkeys_of
from cogov.people.rules.factors import CHALLENGE_LASTS, passkey_refused
from cogov.people.views.current import keyed

if TYPE_CHECKING:
    import webauthn
    from webauthn.helpers import structs
    from webauthn.registration.verify_registration_response import VerifiedRegistration
else:
    webauthn, structs = later("webauthn"), later("webauthn.helpers.structs")

log = structlog.get_logger()

LONGEST = 20_000
"""Signs that a browser's answer may have; real ones have two thousand."""


def _site() -> tuple[str, str]:
    """Return name and origin of this site as browsers bind passkeys to them: the public address, else the request's."""
    parts = urlsplit(str(current_app.config["PUBLIC_URL"]) or request.host_url)
    return parts.hostname or "localhost", f"{parts.scheme}://{parts.netloc}"


def text_of(value: bytes) -> str:
    """Return bytes as they are kept and carried."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """Return what was kept as text."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _challenge() -> bytes:
    """Return what this device is to sign next; two windows opened one after the other wait for the same."""
    kept, at = session.get("challenge"), int(now().timestamp())
    if kept is None or at - kept["at"] > CHALLENGE_LASTS.total_seconds() / 2:
        session["challenge"] = kept = {"text": secrets.token_urlsafe(32), "at": at}
    return str(kept["text"]).encode()


def _awaited() -> str | None:
    """Return what was to be signed, and wait for it no more."""
    kept = session.pop("challenge", None)
    if kept is None or now().timestamp() - kept["at"] > CHALLENGE_LASTS.total_seconds():
        return None
    return str(kept["text"])


def _known(rows: list[Passkey]) -> list[structs.PublicKeyCredentialDescriptor]:
    return [structs.PublicKeyCredentialDescriptor(id=bytes_of(row.credential)) for row in rows]


# Making one -----------------------------------------------------------------------------------------------------------


def creation_options() -> str:
    """Return what the browser needs to make a passkey for who is signed in here."""
    name, _ = _site()
    options = webauthn.generate_registration_options(
        rp_id=name,
        rp_name=gettext("共治"),
        user_name=g.actor.pseudonym,
        # The device keeps this; it says nothing of the person to who reads the device.
        user_id=bytes.fromhex(keyed("passkey", str(g.actor.person_id))),
        challenge=_challenge(),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_known(passkeys_of(g.actor.person_id)),
    )
    return webauthn.options_to_json(options)


def created(text: str) -> VerifiedRegistration | Refusal:
    """Return the key that a browser made, or why it is none."""
    challenge, (name, origin) = _awaited(), _site()
    if challenge is None or len(text) > LONGEST:
        return passkey_refused()
    try:
        return webauthn.verify_registration_response(
            credential=text,
            expected_challenge=challenge.encode(),
            expected_rp_id=name,
            expected_origin=origin,
            require_user_verification=True,
        )
    except Exception as error:
        # Whatever a device sends is read by parsers of several formats, each with errors of its own; none is a key.
        log.info("passkey_refused", error=type(error).__name__)
        return passkey_refused()


# Using one ------------------------------------------------------------------------------------------------------------


def asking_options(person_id: int | None = None) -> str:
    """Return what the browser needs to let a passkey sign: one of this person, or any that it holds for this site."""
    options = webauthn.generate_authentication_options(
        rp_id=_site()[0],
        challenge=_challenge(),
        allow_credentials=_known(passkeys_of(person_id)) if person_id is not None else None,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def signed_by(text: str, person_id: int | None = None) -> int | Refusal:
    """Return who signed with a passkey (this person, when one is named), or why it does not count."""
    challenge, row = _awaited(), _shown(text)
    strange = row is None or (person_id is not None and row.person_id != person_id)
    if challenge is None or row is None or strange:
        return passkey_refused()
    count = _verified_count(text, row, challenge)
    if count is None:
        return passkey_refused()
    try:
        return use_passkey(g.actor, row.id, sign_count=count, challenge=challenge)
    except Refused:
        return passkey_refused()


def _shown(text: str) -> Passkey | None:
    try:
        answer: Any = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        return None
    credential = answer.get("id") if isinstance(answer, dict) else None
    fits = isinstance(credential, str) and credential.isascii() and credential.isprintable() and len(credential) <= 1400
    return passkey_by_credential(str(credential)) if fits else None


def _verified_count(text: str, row: Passkey, challenge: str) -> int | None:
    name, origin = _site()
    try:
        verified = webauthn.verify_authentication_response(
            credential=text,
            expected_challenge=challenge.encode(),
            expected_rp_id=name,
            expected_origin=origin,
            credential_public_key=bytes_of(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except Exception as error:
        # As above; a wrong signature is one of them.
        log.info("passkey_refused", error=type(error).__name__)
        return None
    return verified.new_sign_count
