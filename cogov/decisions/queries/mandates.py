"""Who casts for whom: what stands between two people, what a proxy carries, and who carries nobody's vote."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from cogov.decisions.models import (
    Decision,
    ElectorateHead,
    ElectorateUnit,
    ElectorateVoter,
    Motion,
    ProxyMandate,
)
from cogov.decisions.queries.carrying import barred_persons, initiators_of
from cogov.decisions.queries.doors import doors_of as written_doors
from cogov.decisions.queries.loading import decision_for, roles_of
from cogov.decisions.queries.parts import owner_numbers
from cogov.decisions.queries.ruling import rule_here
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.mandates import MandateEnd, why_not_as_proxy, why_not_keep_papers
from cogov.decisions.rules.periods import allows_period
from cogov.decisions.rules.proxies import Chosen, why_not_by_proxy
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import DecisionState
from cogov.files.models import Picture
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound, Refusal
from cogov.people.models import Person
from cogov.people.queries import person_by_contact
from cogov.people.rules import Actor
from cogov.people.rules.contacts import contact_from
from cogov.places.models import Place, Unit
from cogov.places.queries import place_by_id

MOST_SHOWN = 200

# Who a proxy is -------------------------------------------------------------------------------------------------------


def person_called(pseudonym: str) -> int | None:
    """Return the person of a pseudonym, written as they write it but for upper and lower case."""
    return session().scalar(select(Person.id).where(func.lower(Person.pseudonym) == pseudonym.lower()))


def person_reached(text: str) -> int | None:
    """Return the person of a pseudonym, or of the telephone number that stands on a paper."""
    contact = contact_from(text)
    person = person_by_contact(contact.value) if contact is not None else None
    return person.id if person is not None else person_called(text)


def chosen_of(decision: Decision, proxy_id: int, principals: Collection[int], head_ids: Collection[int]) -> Chosen:
    """Return a person whom somebody wants as a proxy, as the rules see them in one vote."""
    motion = found(session().get(Motion, decision.motion_id))
    initiators = initiators_of(motion, decision.notice_for)
    barred = barred_persons(initiators, place_by_id(decision.community_id).code)
    given = list(session().scalars(_given_by(proxy_id, decision)))
    own = select(ElectorateVoter.id).where(
        ElectorateVoter.person_id == proxy_id,
        ElectorateVoter.head_id.in_(head_ids),
        ElectorateVoter.mandate_id.is_(None),
    )
    return Chosen(
        is_principal=proxy_id in principals,
        barred=frozenset(why for why, persons in barred.items() if proxy_id in persons),
        carries=carried_by(proxy_id, decision.id),
        gave_away=bool(given),
        gave_to_principal=bool({mandate.proxy_id for mandate in given} & set(principals)),
        votes_here_anyway=session().scalar(own.limit(1)) is not None,
    )


def carried_by(person_id: int, decision_id: int) -> int:
    """Count the heads that a person carries for others in a vote."""
    query = select(func.count()).where(
        ElectorateVoter.person_id == person_id,
        ElectorateVoter.decision_id == decision_id,
        ElectorateVoter.mandate_id.is_not(None),
    )
    return session().scalar(query) or 0


def _holds() -> tuple[ColumnElement[bool], ...]:
    """Return that a mandate has not ended and, for a time, that the time is not over."""
    return (ProxyMandate.ended_at.is_(None), or_(ProxyMandate.until.is_(None), ProxyMandate.until > now()))


def _given_by(person_id: int, decision: Decision) -> Any:
    """Return the query for what a person has given that holds in a vote, or will hold in the next ones."""
    return select(ProxyMandate).where(
        ProxyMandate.principal_id == person_id,
        or_(ProxyMandate.decision_id == decision.id, ProxyMandate.decision_id.is_(None)),
        *_holds(),
    )


def given_in(decision_id: int, head_ids: Iterable[int], person_id: int | None = None) -> list[ProxyMandate]:
    """Return the mandates by which proxies cast for heads, those on paper that wait, and those that a person gave."""
    casting = select(ElectorateVoter.mandate_id).where(
        ElectorateVoter.decision_id == decision_id,
        ElectorateVoter.head_id.in_(list(head_ids)),
        ElectorateVoter.mandate_id.is_not(None),
    )
    on_paper = ProxyMandate.head_id.in_(list(head_ids)) & ProxyMandate.ended_at.is_(None)
    by_them = (
        (ProxyMandate.principal_id == person_id)
        & (ProxyMandate.decision_id == decision_id)
        & ProxyMandate.ended_at.is_(None)
    )
    which = or_(ProxyMandate.id.in_(casting), on_paper, *([by_them] if person_id is not None else []))
    return list(session().scalars(select(ProxyMandate).where(which).order_by(ProxyMandate.id)))


def given_by_voter(decision_id: int, head_id: int, person_id: int | None) -> list[ProxyMandate]:
    """Return the mandates for a head that somebody's own ballot ends: their own, and one on paper for the head."""
    given = given_in(decision_id, [head_id], person_id)
    return [mandate for mandate in given if mandate.principal_id in (None, person_id)]


def periods_of(person_id: int, *, given: bool) -> list[ProxyMandate]:
    """Return the mandates for all votes of a time that a person has given, or holds."""
    whose = ProxyMandate.principal_id if given else ProxyMandate.proxy_id
    query = select(ProxyMandate).where(whose == person_id, ProxyMandate.decision_id.is_(None), *_holds())
    return list(session().scalars(query.order_by(ProxyMandate.id)))


def rules_with_periods(place_code: str) -> list[DecisionRule]:
    """Return the rules of a place under which mandates for a time hold."""
    return [rule for rule in (rule_here(code, place_code) for code in RULES) if allows_period(rule)]


# With a ballot --------------------------------------------------------------------------------------------------------


def gave(by: Actor, mandate_id: int) -> bool:
    """Say whether a mandate was for a vote of this person's own: they gave it, or it was on paper for their head."""
    mandate = found(session().get(ProxyMandate, mandate_id))
    return mandate.principal_id in (None, by.person_id)


def why_not_by_mandate(mandate_id: int, at: datetime) -> Refusal | None:
    """Say why a proxy cannot cast now; read anew, as the head may have been waited for."""
    mandate = found(session().get(ProxyMandate, mandate_id, populate_existing=True))
    return why_not_as_proxy(at, mandate.until, mandate.ended)


def why_no_longer(by: Actor, decision_id: int) -> Refusal | None:
    """Say why somebody who was a proxy in a vote is none any more; None for all others."""
    decision = found(session().get(Decision, decision_id))
    query = (
        select(ProxyMandate)
        .where(
            ProxyMandate.proxy_id == by.person_id,
            ProxyMandate.ended.is_not(None),
            or_(
                ProxyMandate.decision_id == decision_id,
                # One for a time that ended while this vote was announced or ran.
                ProxyMandate.decision_id.is_(None)
                & (ProxyMandate.community_id == decision.community_id)
                & (ProxyMandate.ended_at > decision.notice_at),
            ),
        )
        .order_by(ProxyMandate.id.desc())
        .limit(1)
    )
    last = session().scalars(query).one_or_none()
    return None if last is None else why_not_as_proxy(now(), None, last.ended)


# As they are shown ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MandateShown:
    """A mandate as its two people see it; on paper also those who keep the papers."""

    id: int
    place: str
    decision_id: int | None
    question: str
    closes_at: datetime | None
    closed: bool
    until: datetime | None
    given_at: datetime
    principal: str
    """Empty where it came on paper; ``door`` then says whose head it is."""

    door: str
    proxy: str
    is_mine: bool
    i_carry: bool
    on_paper: bool
    confirmed: bool
    entered_by_me: bool
    ended: MandateEnd | None
    ended_at: datetime | None

    @property
    def holds(self) -> bool:
        """Say whether the proxy can cast by it."""
        lapsed = self.until is not None and self.until <= now()
        return self.ended is None and self.confirmed and not self.closed and not lapsed


def mandates_of(by: Actor) -> list[MandateShown]:
    """Return what a person has given and received, the newest first, with papers for their own heads."""
    if by.person_id is None:
        return []  # whoever gives one on paper may have no account
    own = select(ElectorateVoter.head_id).where(
        ElectorateVoter.person_id == by.person_id, ElectorateVoter.mandate_id.is_(None)
    )
    mine = or_(
        ProxyMandate.principal_id == by.person_id,
        ProxyMandate.proxy_id == by.person_id,
        ProxyMandate.head_id.in_(own),
    )
    return _shown(by, mine)


def papers_of(by: Actor, decision: Decision) -> list[MandateShown]:
    """Return the mandates on paper of a vote, for those who keep them."""
    if why_not_keep(by, decision) is not None:
        return []
    return _shown(by, ProxyMandate.decision_id == decision.id, ProxyMandate.head_id.is_not(None))


def mandate_shown(by: Actor, mandate_id: int) -> MandateShown:
    """Return a mandate for somebody who may see it; not found for all others."""
    row = found(session().get(ProxyMandate, mandate_id))
    [shown] = _shown(by, ProxyMandate.id == mandate_id)
    if shown.is_mine or shown.i_carry or (row.head_id is not None and keeps(by, row)):
        return shown
    raise NotFound


def mandate_paper(by: Actor, mandate_id: int) -> Picture:
    """Return the picture of a mandate for somebody who may see it."""
    mandate_shown(by, mandate_id)
    query = select(Picture).join(ProxyMandate, ProxyMandate.picture_id == Picture.id)
    return found(session().scalars(query.where(ProxyMandate.id == mandate_id)).one_or_none())


def keeps(by: Actor, mandate: ProxyMandate) -> bool:
    """Say whether somebody keeps the papers of the place of a mandate."""
    return why_not_keep_papers(roles_of(by, place_by_id(mandate.community_id).code)) is None


def why_not_keep(by: Actor, decision: Decision) -> Refusal | None:
    """Say why somebody enters no papers for a vote."""
    return why_not_keep_papers(roles_of(by, place_by_id(decision.community_id).code))


def _shown(by: Actor, *which: ColumnElement[bool]) -> list[MandateShown]:
    principal, proxy = aliased(Person), aliased(Person)
    query = (
        select(ProxyMandate, Place.name, Decision, principal.pseudonym, proxy.pseudonym)
        .join(Place, ProxyMandate.community_id == Place.id)
        .outerjoin(Decision, ProxyMandate.decision_id == Decision.id)
        .outerjoin(principal, ProxyMandate.principal_id == principal.id)
        .join(proxy, ProxyMandate.proxy_id == proxy.id)
        .where(*which)
        .order_by(ProxyMandate.id.desc())
        .limit(MOST_SHOWN)
    )
    rows: Sequence[Any] = session().execute(query).all()
    heads = [mandate.head_id for mandate, *_ in rows if mandate.head_id is not None]
    doors, own = doors_of(heads), _own_heads(by, heads)
    return [
        MandateShown(
            id=mandate.id,
            place=place,
            decision_id=mandate.decision_id,
            question=decision.question if decision is not None else "",
            closes_at=decision.closes_at if decision is not None else None,
            closed=decision is not None and decision.state is DecisionState.CLOSED,
            until=mandate.until,
            given_at=mandate.given_at,
            principal=giver or "",
            door=doors.get(mandate.head_id or 0, ""),
            proxy=taker,
            is_mine=(by.person_id is not None and mandate.principal_id == by.person_id) or mandate.head_id in own,
            i_carry=mandate.proxy_id == by.person_id,
            on_paper=mandate.head_id is not None,
            confirmed=mandate.head_id is None or mandate.confirmed_at is not None,
            entered_by_me=mandate.entered_by is not None and mandate.entered_by == by.person_id,
            ended=mandate.ended,
            ended_at=mandate.ended_at,
        )
        for mandate, place, decision, giver, taker in rows
    ]


def _own_heads(by: Actor, head_ids: Sequence[int]) -> set[int]:
    if not head_ids or by.person_id is None:
        return set()
    query = select(ElectorateVoter.head_id).where(
        ElectorateVoter.head_id.in_(head_ids),
        ElectorateVoter.person_id == by.person_id,
        ElectorateVoter.mandate_id.is_(None),
    )
    return set(session().scalars(query))


def doors_of(head_ids: Sequence[int]) -> dict[int, str]:
    """Return the doors of heads, as they are written on papers."""
    doors = written_doors(head_ids) if head_ids else {}
    return {head_id: "、".join(every) for head_id, every in doors.items()}


def head_at(decision_id: int, building_id: int, staircase: str, door: str) -> int | None:
    """Return the head of a door within a frozen electorate; of co-owners by shares "101/Y-2" says which of them."""
    heads = _heads_at(decision_id, building_id, staircase, door.strip())
    if heads or "/" not in door:
        return next(iter(heads)) if len(heads) == 1 else None
    door, _, number = (part.strip() for part in door.rpartition("/"))
    heads = _heads_at(decision_id, building_id, staircase, door)
    numbers = owner_numbers(heads.values())
    return next((head_id for head_id, key in heads.items() if numbers.get(key) == number), None)


def _heads_at(decision_id: int, building_id: int, staircase: str, door: str) -> dict[int, str]:
    query = (
        select(ElectorateUnit.head_id, ElectorateHead.key)
        .join(ElectorateHead, ElectorateUnit.head_id == ElectorateHead.id)
        .join(Unit, ElectorateUnit.unit_id == Unit.id)
        .where(
            ElectorateUnit.decision_id == decision_id,
            Unit.building_id == building_id,
            Unit.staircase == staircase,
            Unit.door == door,
        )
    )
    return dict(session().execute(query).all())


@dataclass(frozen=True)
class InDecision:
    """What a reader may do about proxies in one vote, and what stands already."""

    why_not: Refusal | None
    """Why nobody has a proxy here."""

    given: tuple[MandateShown, ...]
    received: tuple[MandateShown, ...]
    heads: int
    """How many heads the reader votes for in their own right."""

    may_keep: bool
    waiting: int
    """Papers that wait for a second person, for those who keep them."""


def in_decision(by: Actor, decision_id: int) -> InDecision:
    """Return what a reader may do about proxies in one vote."""
    decision, _ = decision_for(by, decision_id)
    own = select(ElectorateVoter.head_id).where(
        ElectorateVoter.decision_id == decision.id,
        ElectorateVoter.person_id == by.person_id,
        ElectorateVoter.mandate_id.is_(None),
    )
    heads = list(session().scalars(own)) if by.person_id is not None else []
    rule = thaw(decision.frozen_rule)
    mine = _mine_in(by, decision, heads) if by.person_id is not None else []
    papers = papers_of(by, decision)
    return InDecision(
        why_not=why_not_by_proxy(rule),
        given=tuple(each for each in mine if each.is_mine and each.ended is None),
        received=tuple(each for each in mine if each.i_carry and each.ended is None),
        heads=len(heads),
        may_keep=why_not_keep(by, decision) is None,
        waiting=sum(not each.confirmed and each.ended is None for each in papers),
    )


def _mine_in(by: Actor, decision: Decision, heads: Sequence[int]) -> list[MandateShown]:
    standing = [mandate.id for mandate in given_in(decision.id, heads, by.person_id)]
    carried = select(ElectorateVoter.mandate_id).where(
        ElectorateVoter.decision_id == decision.id,
        ElectorateVoter.person_id == by.person_id,
        ElectorateVoter.mandate_id.is_not(None),
    )
    return _shown(by, or_(ProxyMandate.id.in_(standing), ProxyMandate.id.in_(carried)))
