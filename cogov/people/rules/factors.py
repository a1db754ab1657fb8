"""Second factors: six digits of an app, passkeys, and ten codes on paper for when both are lost."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules.roles import MANDATE_KINDS, Actor, Role

STEP = 30
"""Seconds that a code of an app is shown."""

DRIFT = 1
"""How many steps a telephone's clock may be early or late."""

RECOVERY_CODES = 10
MOST_PASSKEYS = 10

SECOND_LASTS = timedelta(minutes=10)
"""How long the second step waits after the first."""

CHALLENGE_LASTS = timedelta(minutes=5)

_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"

ROLES_OF_OFFICE = frozenset(MANDATE_KINDS) | {Role.ADMINISTRATOR, Role.AUDITOR}
"""Roles that rest without a second factor, where the tenant asks for one."""


class FactorKind(StrEnum):
    """What a person shows beside the password."""

    APP = "app"
    PASSKEY = "passkey"
    RECOVERY_CODES = "recovery_codes"


_KIND_WORDS: dict[FactorKind, Words] = {
    FactorKind.APP: say("动态验证码"),
    FactorKind.PASSKEY: say("通行密钥"),
    FactorKind.RECOVERY_CODES: say("备用码"),
}


def factor_words(kind: FactorKind) -> Words:
    """Return what a factor is called."""
    return _KIND_WORDS[kind]


def fresh_secret() -> str:
    """Return a secret that nobody can foresee, to be shared with an app."""
    return pyotp.random_base32()


def app_address(secret: str, name: str, issuer: str) -> str:
    """Return what the QR code says to the app."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=name, issuer_name=issuer)


def matching_step(secret: str, digits: str, now: datetime, after: int) -> int | None:
    """Return the step whose code was typed, when it is near now and later than the last one taken."""
    current, app = int(now.timestamp()) // STEP, pyotp.TOTP(secret, interval=STEP)
    for step in range(current - DRIFT, current + DRIFT + 1):
        if secrets.compare_digest(app.generate_otp(step).encode(), digits.encode()) and step > after:
            return step
    return None


def fresh_recovery_codes() -> list[str]:
    """Return ten codes of eight signs, written so that they can be read aloud."""
    return [
        "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]


def plain_code(text: str) -> str:
    """Return what was typed as a code, however it was spaced or written."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in plain if sign.isascii() and sign.isalnum())


def is_app_code(plain: str) -> bool:
    """Say whether a code has the form of an app's; a recovery code has eight signs."""
    return len(plain) == 6 and plain.isdigit()


def why_not_add_passkey(held: int) -> Refusal | None:
    """One person has ten passkeys at most."""
    if held < MOST_PASSKEYS:
        return None
    return Refusal(
        "too_many_passkeys",
        say("一个人最多有 {n} 个通行密钥。", n=MOST_PASSKEYS),
        what_next=say("请先删去不用的。"),
    )


def wrong_second_factor() -> Refusal:
    """The one answer to a code that is wrong, stale or was used before, and to a passkey that does not fit."""
    return Refusal(
        "second_factor_wrong",
        say("验证码不对，或者已经用过。"),
        what_next=say("请等应用里换了新的 6 位数字再填，也可以用一个备用码。"),
        status=422,
    )


def passkey_refused() -> Refusal:
    """The one answer to a passkey that is not ours, was copied, or answers to another page."""
    return Refusal(
        "passkey_refused",
        say("这个通行密钥没有通过。"),
        what_next=say("请重新打开这一页再试，或者用密码、验证码登录。"),
        status=422,
    )


def is_held_back(roles: Collection[Role], *, asked: bool, has_factor: bool) -> bool:
    """Say whether roles of office rest: the tenant asks for a second factor, and there is none yet."""
    return asked and not has_factor and any(role in ROLES_OF_OFFICE for role in roles)


def without_office(actor: Actor) -> Actor:
    """Return a person with their roles of office at rest."""
    kept = tuple(held for held in actor.standings if held.role not in ROLES_OF_OFFICE)
    return replace(actor, standings=kept, acting=actor.acting if actor.acting in kept else None)
