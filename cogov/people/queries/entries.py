"""What the entries of this room need to be told."""

from __future__ import annotations

from collections.abc import Sequence

from cogov.ground.words import Words
from cogov.journal.reading import Entry
from cogov.people.queries.organizations import organization_names
from cogov.people.rules import Role, role_words
from cogov.people.rules.countersigning import CountersignedAct, countersigned_words
from cogov.people.rules.factors import FactorKind, factor_words
from cogov.people.rules.looking import LookReason, look_words
from cogov.people.rules.suspension import SuspensionReason, suspension_words


def _reason_words(reason: str) -> Words:
    return look_words(LookReason(reason)) if reason in set(LookReason) else suspension_words(SuspensionReason(reason))


def _locks(entry: Entry) -> dict[str, object]:
    act, factor = entry.facts.get("act"), entry.facts.get("factor")
    return {
        "act": countersigned_words(CountersignedAct(act)) if act else "",
        "factor": factor_words(FactorKind(factor)) if factor else "",
    }


def details(entries: Sequence[Entry]) -> dict[int, dict[str, object]]:
    """Return what the entries of this room need to be told: what a role is called, and for which organization."""
    names = organization_names(entry.facts.get("organization") for entry in entries)
    told: dict[int, dict[str, object]] = {}
    for entry in entries:
        role, organization_id = entry.facts.get("role"), entry.facts.get("organization")
        reason = entry.facts.get("reason")
        told[entry.number] = {
            **_locks(entry),
            "reason": _reason_words(reason) if reason else "",
            "role": role_words(Role(role)) if role else "",
            "organization": names[organization_id].name if organization_id in names else "",
        }
    return told
