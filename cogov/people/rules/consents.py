"""To what a person agrees, in which version, and what follows when they take it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say


class ConsentKind(StrEnum):
    """To what a person has agreed, each asked for by itself."""

    PRIVACY = "privacy"
    TERMS = "terms"
    HOME = "home"


VERSIONS: dict[ConsentKind, str] = {
    ConsentKind.PRIVACY: "2026-11-22",
    ConsentKind.TERMS: "2026-11-22",
    ConsentKind.HOME: "2026-11-22",
}
"""The versions that hold now; a new text gets a new version, and everybody is asked at their next sign-in."""

NEEDED = (ConsentKind.PRIVACY, ConsentKind.TERMS)
"""Without these nobody can act here; HOME is asked for separately and may be left out (PIPL 29)."""

CONSENT_NAMES: dict[ConsentKind, Words] = {
    ConsentKind.PRIVACY: say("隐私说明"),
    ConsentKind.TERMS: say("使用约定"),
    ConsentKind.HOME: say("核对住址和产权（敏感信息，单独同意）"),
}

CONSENT_EFFECTS: dict[ConsentKind, Words] = {
    ConsentKind.PRIVACY: say("撤回后您会退出登录；再登录时要重新同意。公开的问题不用登录也能看。"),
    ConsentKind.TERMS: say("撤回后您会退出登录；再登录时要重新同意。公开的问题不用登录也能看。"),
    ConsentKind.HOME: say("撤回后不再为您核对新的住址和产权；已经核对的，请居委会更正或删除。"),
}

EXPORT_EVERY = timedelta(hours=1)
RENAME_EVERY = timedelta(days=30)


def consents_missing(given: Collection[tuple[ConsentKind, str]]) -> list[ConsentKind]:
    """Return the texts that a person has yet to agree to in the version that holds now."""
    return [kind for kind in NEEDED if (kind, VERSIONS[kind]) not in given]


def texts_held(day: date) -> bool:
    """Say whether the versions that hold now did on a day: nobody agrees to a text before there is one."""
    return all(date.fromisoformat(VERSIONS[kind]) <= day for kind in NEEDED)


def why_not_version(kind: ConsentKind, version: str) -> Refusal | None:
    """Nobody agrees to a version they were not shown."""
    if version == VERSIONS[kind]:
        return None
    return Refusal(
        "text_changed",
        say("这份说明刚刚有了新的版本，您看到的是旧的一版。"),
        what_next=say("请重新打开这一页，看过新版再决定。"),
    )


def why_not_export(last: datetime | None, now: datetime) -> Refusal | None:
    """One export an hour is enough, and keeps a borrowed telephone from being a tap."""
    if last is None or now - last >= EXPORT_EVERY:
        return None
    return Refusal(
        "export_too_soon",
        say("一小时内已经导出过一次。"),
        article="个人信息保护法第45条",
        what_next=say("请在 {at} 之后再导出，内容会是最新的。", at=last + EXPORT_EVERY),
        status=429,
    )


def why_not_rename(last: datetime | None, now: datetime) -> Refusal | None:
    """A public name stays for thirty days, so that neighbours know with whom they speak."""
    if last is None or now - last >= RENAME_EVERY:
        return None
    return Refusal(
        "renamed_lately",
        say("化名 30 天内改过一次。"),
        what_next=say("请在 {at} 之后再改。", at=last + RENAME_EVERY),
        appeal=say("化名泄露了您是谁，请马上告诉居委会，不用等。"),
    )
