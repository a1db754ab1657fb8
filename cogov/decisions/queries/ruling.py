"""The rules of a place: its own versions, what is shipped, and its authority for statutory votes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select

from cogov.decisions.models import DecisionRuleVersion, VoteAuthority
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Body, DecisionRule, Force, force_here
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.thresholds import Base, at_least
from cogov.files.models import Picture
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.journal.kept import Of, kept
from cogov.places.models import Place
from cogov.places.queries import place_by_id, setting
from cogov.places.rules import Setting, prefixes
from cogov.problems.rules.lanes import RuleCode


@dataclass(frozen=True)
class OwnVersion:
    """A confirmed version of a place's own rule, and from when it holds."""

    id: int
    place_code: str
    rule: DecisionRule
    in_force_from: datetime


def own_versions(place_code: str) -> tuple[OwnVersion, ...]:
    """Return the confirmed versions of a place and of those above it: the nearest place first, then the newest."""
    return kept(("own rules", place_code), lambda: _own_versions(place_code), of=Of.REGISTERS)


def _own_versions(place_code: str) -> tuple[OwnVersion, ...]:
    query = (
        select(DecisionRuleVersion, Place.code)
        .join(Place, DecisionRuleVersion.place_id == Place.id)
        .where(Place.code.in_(prefixes(place_code)), DecisionRuleVersion.in_force_from.is_not(None))
        .order_by(
            func.length(Place.code).desc(),
            DecisionRuleVersion.in_force_from.desc(),
            DecisionRuleVersion.version.desc(),
        )
    )
    return tuple(
        OwnVersion(row.id, code, thaw(row.text), found(row.in_force_from)) for row, code in session().execute(query)
    )


def own_here(code: RuleCode, place_code: str) -> OwnVersion | None:
    """Return the version that holds now: the newest one in force of the nearest place that has any."""
    at = now()
    return next((own for own in own_versions(place_code) if own.rule.code is code and own.in_force_from <= at), None)


def written_here(code: RuleCode, place_code: str) -> DecisionRule:
    """Return a rule as it is written for a place: its own version, or the shipped one.

    Whether an interest may be proven is fixed by law, so it holds also where a place wrote its version before.
    """
    own = own_here(code, place_code)
    return RULES[code] if own is None else replace(own.rule, proven_interest=RULES[code].proven_interest)


def rule_here(code: RuleCode, place_code: str) -> DecisionRule:
    """Return a rule as it holds in a place: its version, its force, and the share of owners that may table a motion.

    That share is the place's setting, unless the place has written another one into its own version.
    """
    rule = written_here(code, place_code)
    rule = replace(rule, force=force_here(rule, authorised=authorised(place_code)))
    if rule.body is not Body.OWNERS or rule.seconders != RULES[code].seconders:
        return rule
    per_cent = min(100, max(1, setting(place_code, Setting.OWNERS_SHARE_PERCENT)))
    return replace(rule, seconders=at_least(Fraction(per_cent, 100), Base.ELECTORATE))


def supports_needed(rule: DecisionRule, place_code: str, heads: int) -> int:
    """Return how many heads table a motion by themselves: by the rule's share, or the place's number for advice.

    A place that has written another share into its own version has said it there.
    """
    advice = rule.body is Body.HOUSEHOLDS and rule.force is Force.ADVISORY
    if not advice or rule.seconders != RULES[rule.code].seconders:
        return rule.seconders.need(heads)
    return max(1, min(heads, setting(place_code, Setting.MOTION_SUPPORTS)))


# Authority ----------------------------------------------------------------------------------------------------------


def authorised(place_code: str) -> bool:
    """Say whether owners' votes here are the statutory ones.

    Only where the place says so, has its paper for it, and the city asks for no voting system of its own.
    """
    if setting(place_code, Setting.STATUTORY_VOTE_AUTHORIZED) < 1 or setting(place_code, Setting.CITY_VOTE_SYSTEM) > 0:
        return False
    return authority_here(place_code) is not None


def authority_here(place_code: str) -> VoteAuthority | None:
    """Return the paper that gives a place its authority, or the nearest place above; None where there is none."""
    return kept(("vote authority", place_code), lambda: _authority(place_code), of=Of.REGISTERS)


def _authority(place_code: str) -> VoteAuthority | None:
    query = (
        select(VoteAuthority)
        .join(Place, VoteAuthority.place_id == Place.id)
        .where(Place.code.in_(prefixes(place_code)), VoteAuthority.agreed, VoteAuthority.ended_at.is_(None))
        .order_by(func.length(Place.code).desc(), VoteAuthority.id.desc())
        .limit(1)
    )
    return session().scalars(query).one_or_none()


def authority_paper(authority_id: int) -> tuple[VoteAuthority, Picture]:
    """Return a paper with its picture."""
    query = select(VoteAuthority, Picture).join(Picture, VoteAuthority.picture_id == Picture.id)
    row = found(session().execute(query.where(VoteAuthority.id == authority_id)).one_or_none())
    return row[0], row[1]


def waiting_authorities(place_code: str) -> list[VoteAuthority]:
    """Return the papers that wait for a second person, of a place and of those above it."""
    query = (
        select(VoteAuthority)
        .join(Place, VoteAuthority.place_id == Place.id)
        .where(Place.code.in_(prefixes(place_code)), VoteAuthority.settled_at.is_(None))
    )
    return list(session().scalars(query.order_by(VoteAuthority.id)))


# For pages ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RuleShown:
    """A rule as it holds in a place, with where its version comes from and what waits for a second person."""

    rule: DecisionRule
    own: OwnVersion | None
    waiting: int | None
    """The version that waits, by its id."""


def rules_of(place_code: str) -> tuple[RuleShown, ...]:
    """Return every rule that can be voted under, as it holds in a place."""
    waiting = waiting_here(place_code)
    return tuple(
        RuleShown(rule_here(code, place_code), own_here(code, place_code), waiting.get(code)) for code in RULES
    )


def waiting_here(place_code: str) -> dict[RuleCode, int]:
    """Return the versions that wait for a second person, of the nearest place that has any, by rule."""
    query = (
        select(DecisionRuleVersion.code, DecisionRuleVersion.id)
        .join(Place, DecisionRuleVersion.place_id == Place.id)
        .where(Place.code.in_(prefixes(place_code)), DecisionRuleVersion.settled_at.is_(None))
        .order_by(func.length(Place.code))
    )
    return {RuleCode(code): version for code, version in session().execute(query)}


@dataclass(frozen=True)
class VersionShown:
    """A version of a place's own rule, with the one it replaces."""

    row: DecisionRuleVersion
    place: Place
    rule: DecisionRule
    before: DecisionRule


def version_shown(version_id: int) -> VersionShown:
    """Return a version with the rule that it changes: the version before it there, or what held before."""
    row = found(session().get(DecisionRuleVersion, version_id))
    place = place_by_id(row.place_id)
    return VersionShown(row, place, thaw(row.text), _before(row, place.code))


def _before(row: DecisionRuleVersion, place_code: str) -> DecisionRule:
    # By number, not by date: a version that was written later replaces all that came before it.
    earlier = [own for own in own_versions(place_code) if own.rule.code == row.code and own.rule.version < row.version]
    return earlier[0].rule if earlier else RULES[RuleCode(row.code)]


def history(code: RuleCode, place_code: str) -> list[VersionShown]:
    """Return the versions of a rule that a place and those above it have written, the newest first."""
    query = (
        select(DecisionRuleVersion.id)
        .join(Place, DecisionRuleVersion.place_id == Place.id)
        .where(Place.code.in_(prefixes(place_code)), DecisionRuleVersion.code == code.value)
        .order_by(DecisionRuleVersion.id.desc())
        .limit(MOST_VERSIONS)
    )
    return [version_shown(version_id) for version_id in session().scalars(query)]


MOST_VERSIONS = 30


def next_version(code: RuleCode, place: Place) -> int:
    """Return the number of the next version that a place writes."""
    highest = select(func.max(DecisionRuleVersion.version)).where(
        DecisionRuleVersion.place_id == place.id, DecisionRuleVersion.code == code.value
    )
    return max(session().scalar(highest) or 0, written_here(code, place.code).version) + 1
