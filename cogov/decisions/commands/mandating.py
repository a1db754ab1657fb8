"""Mandates to cast for another: given here or entered from paper, carried into each vote, ended at any time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, insert, select

from cogov.decisions.events import MandateConfirmed, MandateEnded, MandateEntered, MandateGiven
from cogov.decisions.models import (
    Ballot,
    BallotSignature,
    Decision,
    ElectorateHead,
    ElectorateVoter,
    Motion,
    ProxyMandate,
)
from cogov.decisions.queries.carrying import carried_in
from cogov.decisions.queries.loading import decision_for
from cogov.decisions.queries.mandates import (
    chosen_of,
    given_by_voter,
    given_in,
    keeps,
    periods_of,
    person_called,
    person_reached,
    rules_with_periods,
    why_not_keep,
)
from cogov.decisions.queries.parts import of_somebody
from cogov.decisions.rules.ballots import not_in_electorate
from cogov.decisions.rules.co_owning import seat_of
from cogov.decisions.rules.electorate import Electorate
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import CoOwners, DecisionRule
from cogov.decisions.rules.mandates import Ending, MandateEnd, how_ended, why_not_confirm, why_not_end
from cogov.decisions.rules.periods import no_periods, no_vote_here, why_not_period
from cogov.decisions.rules.proxies import (
    Chosen,
    Giving,
    given_already,
    proxy_unknown,
    why_not_by_proxy,
    why_not_give,
    why_not_pair,
)
from cogov.decisions.rules.stages import DecisionState
from cogov.files.commands import keep_picture
from cogov.files.rules import Drawn, draw_anew
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refused, insist
from cogov.ground.wording import tidy
from cogov.journal.event import Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.models import Person
from cogov.people.rules import Actor, Role
from cogov.places.queries import place_by_code, place_by_id

# Given here -----------------------------------------------------------------------------------------------------------


@verb
def give_mandate(by: Actor, decision_id: int, *, proxy: str, once: str | None = None) -> ProxyMandate:
    """Let somebody, named by their pseudonym, cast for every head that is one's own in a vote."""
    insist_once(by, once)
    decision = _shared(by, decision_id)
    rule = thaw(decision.frozen_rule)
    insist(why_not_by_proxy(rule))
    me, proxy_id = found(by.person_id), _known(person_called(tidy(proxy)))
    _hold(me, proxy_id)
    heads = _own_heads(decision_id, me)
    if not heads:
        raise Refused(not_in_electorate(rule.body))
    insist(why_not_give(rule, _giving(decision, heads, me), chosen_of(decision, proxy_id, {me}, heads)))
    mandate = _kept(ProxyMandate(decision_id=decision_id, principal_id=me, proxy_id=proxy_id), decision.community_id)
    _carry(mandate, decision_id, heads)
    _record(MandateGiven(mandate.id, decision_id), by.under(None), mandate, decision)
    return mandate


@verb
def give_period_mandate(
    by: Actor, place_code: str, *, proxy: str, until: datetime, once: str | None = None
) -> ProxyMandate:
    """Let somebody cast for one in every vote of a community that is announced from now until a day.

    Which votes it holds in is settled with each notice: under a rule that lets it, and while the proxy is not full.
    """
    insist_once(by, once)
    place = place_by_code(place_code)
    if not by.holds(place.code, Role.OWNER, Role.RESIDENT, Role.TENANT):
        raise Refused(no_vote_here())
    if not rules_with_periods(place.code):
        raise Refused(no_periods())
    me, proxy_id = found(by.person_id), _known(person_called(tidy(proxy)))
    _hold(me, proxy_id)
    theirs = periods_of(proxy_id, given=True)
    given, carries = periods_of(me, given=True), periods_of(me, given=False)
    insist(why_not_period(now(), until, given_already=bool(given), carries=bool(carries)))
    to_me = any(mandate.proxy_id == me for mandate in theirs)
    insist(why_not_pair(Chosen(proxy_id == me, gave_away=bool(theirs), gave_to_principal=to_me)))
    mandate = _kept(ProxyMandate(principal_id=me, proxy_id=proxy_id, until=until), place.id)
    _record(MandateGiven(mandate.id, None), by.under(None), mandate)
    return mandate


def _known(person_id: int | None) -> int:
    if person_id is None:
        raise Refused(proxy_unknown())
    return person_id


def _shared(by: Actor, decision_id: int) -> Decision:
    """Hold a share of a decision, as ballots do: the close waits for a mandate that was begun in time."""
    decision_for(by, decision_id)
    query = select(Decision).where(Decision.id == decision_id).with_for_update(read=True)
    return found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())


def _hold(*person_ids: int) -> None:
    """Let nobody else join or part the same two people meanwhile: of two mandates crosswise one comes second."""
    query = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session().execute(query.with_for_update(key_share=True)).all()


def _own_heads(decision_id: int, person_id: int) -> list[int]:
    """Lock the heads that are somebody's own, in the order in which ballots lock them."""
    query = (
        select(ElectorateHead.id)
        .join(ElectorateVoter, ElectorateVoter.head_id == ElectorateHead.id)
        .where(
            ElectorateVoter.decision_id == decision_id,
            ElectorateVoter.person_id == person_id,
            ElectorateVoter.mandate_id.is_(None),
        )
        .order_by(ElectorateHead.id)
        .with_for_update(of=ElectorateHead)
    )
    return list(session().scalars(query))


def _giving(decision: Decision, heads: Sequence[int], principal: int | None, besides: int | None = None) -> Giving:
    """Return a mandate as the rules see it, with what stands for these heads besides the one that is meant."""
    joint = thaw(decision.frozen_rule).co_owners is not CoOwners.ANY
    cast = select(Ballot.id).where(Ballot.decision_id == decision.id, Ballot.head_id.in_(heads)).limit(1)
    signed = select(BallotSignature.id).where(
        BallotSignature.head_id.in_(heads),
        BallotSignature.mandate_id.is_(None),
        BallotSignature.seat == seat_of(principal or 0),
    )
    standing = given_in(decision.id, heads, principal)
    carries = select(ElectorateVoter.id).where(
        ElectorateVoter.decision_id == decision.id,
        ElectorateVoter.person_id == principal,
        ElectorateVoter.mandate_id.is_not(None),
    )
    return Giving(
        now=now(),
        closes_at=decision.closes_at,
        closed=decision.state is DecisionState.CLOSED,
        heads=len(heads),
        cast_already=session().scalar(cast) is not None or session().scalar(signed.limit(1)) is not None,
        given_already=any(
            # Where all co-owners sign, each gives a mandate for their own seat.
            mandate.id != besides and (not joint or mandate.principal_id in (None, principal))
            for mandate in standing
        ),
        carries_others=session().scalar(carries.limit(1)) is not None,
    )


def _kept(mandate: ProxyMandate, community_id: int) -> ProxyMandate:
    mandate.community_id, mandate.given_at, mandate.salt = community_id, now(), salt()
    with unless_taken(given_already()):
        session().add(mandate)
    return mandate


def _carry(mandate: ProxyMandate, decision_id: int, heads: Sequence[int]) -> None:
    """Let a proxy cast for heads; of several co-owners one may be the proxy, and two may have the same."""
    here = select(ElectorateVoter.head_id).where(
        ElectorateVoter.head_id.in_(heads), ElectorateVoter.person_id == mandate.proxy_id
    )
    there = set(session().scalars(here))
    rows = [
        {"decision_id": decision_id, "head_id": head, "person_id": mandate.proxy_id, "mandate_id": mandate.id}
        for head in heads
        if head not in there
    ]
    if rows:
        session().execute(insert(ElectorateVoter), rows)


# On paper -------------------------------------------------------------------------------------------------------------


def enter_paper_mandate(
    by: Actor, decision_id: int, *, head_id: int, proxy: str, picture: bytes, folder: Path, once: str | None = None
) -> ProxyMandate:
    """Enter a mandate for one head from paper, with its picture; it holds once a second person has confirmed it."""
    return _enter(by, decision_id, head_id, proxy, draw_anew(picture), folder, once)


@verb
def _enter(
    by: Actor, decision_id: int, head_id: int, proxy: str, drawn: Drawn, folder: Path, once: str | None
) -> ProxyMandate:
    insist_once(by, once)
    decision = _shared(by, decision_id)
    insist(why_not_keep(by, decision))
    insist(why_not_by_proxy(thaw(decision.frozen_rule)))
    proxy_id = _known(person_reached(tidy(proxy)))
    _hold(proxy_id)
    head = _paper_head(decision_id, head_id)
    _insist_on_paper(decision, head, proxy_id, None)
    mandate = ProxyMandate(
        decision_id=decision_id,
        head_id=head,
        proxy_id=proxy_id,
        picture_id=keep_picture(by, drawn, folder).id,
        entered_by=found(by.person_id),
    )
    _kept(mandate, decision.community_id)
    paper = commit_to(mandate.salt, drawn.name)
    _record(MandateEntered(mandate.id, decision_id, paper), _keeper(by, mandate), mandate, decision)
    return mandate


@verb
def settle_paper_mandate(by: Actor, mandate_id: int, *, agrees: bool, once: str | None = None) -> ProxyMandate:
    """Confirm as a second person what was entered from paper, after looking at its picture; or decline it."""
    insist_once(by, once)
    mandate = found(session().get(ProxyMandate, mandate_id))
    decision = _shared(by, found(mandate.decision_id))
    insist(why_not_keep(by, decision))
    head = _paper_head(decision.id, found(mandate.head_id))
    mandate = _for_change(mandate_id)
    insist(
        why_not_confirm(
            entered_by_me=mandate.entered_by == by.person_id,
            settled=mandate.confirmed_at is not None,
            ended=mandate.ended is not None,
            late=decision.state is DecisionState.CLOSED or now() >= decision.closes_at,
            agrees=agrees,
        )
    )
    if not agrees:
        _end(by, mandate, MandateEnd.DECLINED, decision)
        return mandate
    _hold(mandate.proxy_id)
    _insist_on_paper(decision, head, mandate.proxy_id, mandate.id)
    mandate.confirmed_by, mandate.confirmed_at = by.person_id, now()
    session().flush()
    _carry(mandate, decision.id, [head])
    _record(MandateConfirmed(mandate.id, decision.id), _keeper(by, mandate), mandate, decision)
    return mandate


def _paper_head(decision_id: int, head_id: int) -> int:
    query = select(ElectorateHead.id).where(
        ElectorateHead.id == head_id, ElectorateHead.decision_id == decision_id, of_somebody()
    )
    return found(session().scalar(query.with_for_update()))


def _insist_on_paper(decision: Decision, head_id: int, proxy_id: int, besides: int | None) -> None:
    own = select(ElectorateVoter.person_id).where(
        ElectorateVoter.head_id == head_id, ElectorateVoter.mandate_id.is_(None)
    )
    principals = set(session().scalars(own))
    # Somebody of the head is no stranger to it who would carry it: the refusal says so, not that they are themselves.
    chosen = chosen_of(decision, proxy_id, principals - {proxy_id}, [head_id])
    insist(why_not_give(thaw(decision.frozen_rule), _giving(decision, [head_id], None, besides), chosen))


def _keeper(by: Actor, mandate: ProxyMandate) -> Actor:
    from_place = place_by_id(mandate.community_id).code
    return by.under(next((held for held in by.standings if held.reaches(from_place) and held.organization_id), None))


# With each notice -----------------------------------------------------------------------------------------------------


def carry_periods(decision: Decision, rule: DecisionRule, electorate: Electorate, motion: Motion) -> None:
    """Let the mandates for all votes of a time hold in a vote that is just announced, beside the frozen electorate."""
    rows = carried_in(rule, electorate, motion, decision.opens_at, decision.notice_for)
    of_decision = select(ElectorateHead.key, ElectorateHead.id).where(ElectorateHead.decision_id == decision.id)
    ids = dict(session().execute(of_decision).all()) if rows else {}
    if rows:
        session().execute(
            insert(ElectorateVoter),
            [
                {
                    "decision_id": decision.id,
                    "head_id": ids[each.head_key],
                    "person_id": each.proxy_id,
                    "mandate_id": each.mandate_id,
                }
                for each in rows
            ],
        )


# The end --------------------------------------------------------------------------------------------------------------


@verb
def end_mandate(by: Actor, mandate_id: int, *, once: str | None = None) -> ProxyMandate:
    """Take a mandate back, lay it down, or record at the office that a paper one was taken back.

    What the proxy has cast stays until whoever has the vote casts it themselves.
    """
    insist_once(by, once)
    _lock_heads_of(found(session().get(ProxyMandate, mandate_id)))
    mandate = _for_change(mandate_id)
    ending = Ending(
        ended=mandate.ended,
        is_principal=_is_principal(by, mandate),
        is_proxy=mandate.proxy_id == by.person_id,
        keeps_papers=mandate.head_id is not None and keeps(by, mandate),
    )
    insist(why_not_end(ending))
    decision = session().get(Decision, mandate.decision_id) if mandate.decision_id is not None else None
    _end(by, mandate, how_ended(ending), decision)
    return mandate


def own_ballot(by: Actor, decision_id: int, head_id: int) -> None:
    """End what a proxy held for a head, now that whoever has the vote casts it; the head is locked."""
    for mandate in given_by_voter(decision_id, head_id, by.person_id):
        of_head = ElectorateVoter.head_id == head_id, ElectorateVoter.mandate_id == mandate.id
        session().execute(delete(ElectorateVoter).where(*of_head))
        _pass_on(mandate, decision_id, [head_id])
        carries_on = select(ElectorateVoter.id).where(ElectorateVoter.mandate_id == mandate.id).limit(1)
        # With several heads it holds for the others, and one for all of a time for the votes to come.
        if mandate.until is None and session().scalar(carries_on) is None:
            _end(by, mandate, MandateEnd.VOTED, session().get(Decision, decision_id))


def _pass_on(over: ProxyMandate, decision_id: int, heads: Sequence[int]) -> None:
    """Let the same proxy go on for another co-owner of a head, who has given them a mandate too."""
    for head in heads:
        others = (
            select(ProxyMandate)
            .join(ElectorateVoter, ElectorateVoter.person_id == ProxyMandate.principal_id)
            .where(
                ElectorateVoter.head_id == head,
                ElectorateVoter.mandate_id.is_(None),
                ProxyMandate.decision_id == decision_id,
                ProxyMandate.proxy_id == over.proxy_id,
                ProxyMandate.id != over.id,
                ProxyMandate.ended_at.is_(None),
            )
            .order_by(ProxyMandate.id)
            .limit(1)
        )
        another = session().scalars(others).one_or_none()
        if another is not None:
            _carry(another, decision_id, [head])


def _is_principal(by: Actor, mandate: ProxyMandate) -> bool:
    if mandate.head_id is None:
        return by.person_id is not None and mandate.principal_id == by.person_id
    own = select(ElectorateVoter.id).where(
        ElectorateVoter.head_id == mandate.head_id,
        ElectorateVoter.person_id == by.person_id,
        ElectorateVoter.mandate_id.is_(None),
    )
    return by.person_id is not None and session().scalar(own.limit(1)) is not None


def _lock_heads_of(mandate: ProxyMandate) -> None:
    """Lock the heads it is for, as ballots do before they look at a mandate."""
    query = (
        select(ElectorateHead.id)
        .join(ElectorateVoter, ElectorateVoter.head_id == ElectorateHead.id)
        .where(ElectorateVoter.mandate_id == mandate.id)
        .order_by(ElectorateHead.id)
    )
    session().execute(query.with_for_update(of=ElectorateHead)).all()


def _for_change(mandate_id: int) -> ProxyMandate:
    return found(session().scalars(for_change(select(ProxyMandate).where(ProxyMandate.id == mandate_id))).one_or_none())


def _end(by: Actor, mandate: ProxyMandate, why: MandateEnd, decision: Decision | None) -> None:
    mandate.ended, mandate.ended_at, mandate.ended_by = why, now(), by.person_id
    session().flush()
    held = select(ElectorateVoter.decision_id, ElectorateVoter.head_id).where(ElectorateVoter.mandate_id == mandate.id)
    rows = session().execute(held).all()
    session().execute(delete(ElectorateVoter).where(ElectorateVoter.mandate_id == mandate.id))
    for decision_id, head_id in rows:
        _pass_on(mandate, decision_id, [head_id])
    _record(MandateEnded(mandate.id, why), by.under(None), mandate, decision)


def _record(event: Event, by: Actor, mandate: ProxyMandate, decision: Decision | None = None) -> None:
    record(
        event,
        by,
        place_id=mandate.community_id,
        problem_id=decision.problem_id if decision is not None else None,
        subject=("proxy_mandate", mandate.id),
    )
