"""Mandates for all votes of a time that stand in a community, and who carries nobody's vote there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from cogov.decisions.models import Motion, ProxyMandate
from cogov.decisions.rules.electorate import Electorate
from cogov.decisions.rules.law import DecisionRule, NoProxy
from cogov.decisions.rules.periods import Carried, Standing, allows_period, carried
from cogov.ground.db import found, session
from cogov.people.queries import members, organizations_at
from cogov.people.rules import OrganizationKind
from cogov.places.queries import place_by_id


def initiators_of(motion: Motion, notice_for: int | None = None) -> frozenset[int]:
    """Return the organizations that moved a motion, put it on the agenda and announced the vote."""
    named = (motion.organization_id, motion.tabled_for, notice_for)
    return frozenset(each for each in named if each is not None)


def barred_persons(initiators: Collection[int], place_code: str) -> dict[NoProxy, frozenset[int]]:
    """Return who serves the bodies whose people may carry nobody's vote."""
    firms = [firm.id for firm in organizations_at(place_code, OrganizationKind.PROPERTY)]
    serving = members({*initiators, *firms})
    return {
        NoProxy.INITIATOR: frozenset(person for each in initiators for person in serving.get(each, ())),
        NoProxy.PROPERTY: frozenset(person for each in firms for person in serving.get(each, ())),
    }


def periods_here(community_id: int, on: datetime) -> list[Standing]:
    """Return the mandates for all votes of a time that hold in a community at a moment, the oldest first."""
    query = (
        select(ProxyMandate.id, ProxyMandate.principal_id, ProxyMandate.proxy_id)
        .where(
            ProxyMandate.community_id == community_id,
            ProxyMandate.principal_id.is_not(None),
            ProxyMandate.decision_id.is_(None),
            ProxyMandate.ended_at.is_(None),
            ProxyMandate.until > on,
        )
        .order_by(ProxyMandate.id)
    )
    return [Standing(id_, found(principal), proxy) for id_, principal, proxy in session().execute(query)]


def carried_in(
    rule: DecisionRule, electorate: Electorate, motion: Motion, on: datetime, notice_for: int | None = None
) -> tuple[Carried, ...]:
    """Return for which heads of an electorate proxies cast by mandates for a time, if the notice goes out now."""
    standing = periods_here(motion.community_id, on) if allows_period(rule) else []
    if not standing:
        return ()
    persons = barred_persons(initiators_of(motion, notice_for), place_by_id(motion.community_id).code)
    barred = {person for why in rule.no_proxies for person in persons[why]}
    return carried(rule, electorate, standing, barred)
