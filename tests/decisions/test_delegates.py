"""Organizations decide together: each sends one of its own, whose ballot is the organization's and counts once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from cogov.decisions.commands import cast_ballot, name_delegate, publish_notice
from cogov.decisions.models import Ballot, Closing, ElectorateHead, ElectorateVoter, Motion, OrganizationDelegate
from cogov.decisions.queries import ballots_owed, shown_decision, simulations
from cogov.decisions.queries.delegates import delegates_shown
from cogov.decisions.rules.channels import Channel, offered
from cogov.decisions.rules.delegates import Naming, delegates_of, why_not_name
from cogov.decisions.rules.electorate import HeadGround
from cogov.decisions.rules.freezing import freeze, thaw
from cogov.decisions.rules.law import Force, force_sentence
from cogov.decisions.rules.outcome import Count, outcome, still_missing
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import MotionState, Verdict
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.people.commands import end_role
from cogov.people.rules import CLOCK
from cogov.problems.rules.lanes import RuleCode
from cogov.tell.audience.finding import audience
from tests.databases import both
from tests.decisions.conftest import Vote, deliberated, option, turnout
from tests.decisions.test_course_pages import page
from tests.decisions.test_mandates import refused
from tests.decisions.test_storms import codes
from tests.storms import at_once

RULE = RULES[RuleCode.R14]


# Rules ----------------------------------------------------------------------------------------------------------------


def test_each_organization_is_one_whoever_it_sends_and_also_where_it_sends_nobody() -> None:
    electorate = delegates_of([(7, 70), (3, None), (5, 50)])
    assert [(head.key, head.person_ids, head.organization_id) for head in electorate.heads] == [
        ("g3", (), 3),
        ("g5", (50,), 5),
        ("g7", (70,), 7),
    ]
    assert {head.ground for head in electorate.heads} == {HeadGround.DELEGATE}
    assert electorate.heads_without_verified_person == ("g3",)
    assert (electorate.total_heads, electorate.total_area) == (3, 0)
    assert thaw(freeze(RULE)) == RULE
    assert offered(RULE) == (Channel.WEB,)


@pytest.mark.parametrize(
    ("took_part", "agreed", "verdict"),
    [(2, 2, Verdict.NO_QUORUM), (3, 2, Verdict.FAILED), (3, 3, Verdict.PASSED), (5, 2, Verdict.FAILED)],
)
def test_more_than_half_of_all_organizations_have_to_agree(took_part: int, agreed: int, verdict: Verdict) -> None:
    totals, part = Turnout(5, 0), Turnout(took_part, 0)
    counts = [Count(1, agreed, 0), Count(2, took_part - agreed, 0)]
    assert outcome(RULE, totals, part, counts, 1).verdict is verdict
    assert str(still_missing(RULE, totals, Turnout(1, 0)).words) == "还差 2 家单位才够数"
    assert "单位自己" in str(force_sentence(Force.INTERNAL, RULE.body))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"state": MotionState.NOTICED}, None),
        ({"state": MotionState.WITHDRAWN}, "delegates_settled"),
        ({"closed": True}, "delegates_settled"),
        ({"asked": False}, "organization_not_asked"),
        ({"mine": False}, "not_of_the_organization"),
        ({"theirs": False}, "delegate_unknown"),
        ({"same": True}, "delegate_named"),
        ({"sent_by_another": True}, "delegate_of_another"),
    ],
)
def test_who_may_be_named_by_whom_and_until_when(changes: Any, code: str | None) -> None:
    usual: dict[str, Any] = {"state": MotionState.TABLED, "closed": False, "asked": True, "mine": True, "theirs": True}
    refusal = why_not_name(RULE, Naming(**(usual | {"same": False, "sent_by_another": False} | changes)))
    assert (None if refusal is None else refusal.code) == code
    assert why_not_name(RULES[RuleCode.R5], Naming(**usual, same=False, sent_by_another=False)) is not None


# Commands -------------------------------------------------------------------------------------------------------------


def meeting(vote: Vote) -> tuple[Vote, Motion]:
    joint = Vote(vote.cast, vote.clock, deliberated(vote.cast, RuleCode.R5), RuleCode.R14, None)
    return joint, joint.tabled()


def send(vote: Vote, motion: Motion, by: str, organization: str, who: str) -> OrganizationDelegate:
    cast = vote.cast
    person = getattr(cast, who).person_id
    return name_delegate(getattr(cast, by), motion.id, cast.organizations[organization], person_id=person)


SENT = (
    ("moderator", "committee", "chair"),
    ("volunteer", "social", "volunteer"),
    ("party_member", "branch", "party_member"),
)


@both
def test_delegates_vote_once_for_their_organization_and_are_counted_as_organizations(poll: Vote) -> None:
    vote, motion = meeting(poll)
    cast = vote.cast
    for by, organization, who in SENT:
        send(vote, motion, by, organization, who)
    [simulated] = simulations(motion)
    assert (simulated.heads, simulated.heads_without_verified_person) == (5, 2)
    assert simulated.most is not None
    assert simulated.most.heads == 3
    decision = publish_notice(cast.moderator, motion.id, **vote.times(RuleCode.R14))
    heads = session().scalars(select(ElectorateHead).where(ElectorateHead.decision_id == decision.id)).all()
    asked = {cast.organizations[name] for name in ("committee", "owners_committee", "property", "social", "branch")}
    assert {head.organization_id for head in heads} == asked
    vote.clock.move_to(decision.opens_at)
    [mine] = shown_decision(cast.chair, decision.id).mine
    assert (mine.organization, mine.ground, mine.why_not_cast) == ("测试里居委会", HeadGround.DELEGATE, None)
    assert refused(cast_ballot, cast.moderator, decision.id, option_id=option(decision, 1)) == "not_in_electorate"
    for name in ("chair", "volunteer", "party_member"):
        cast_ballot(getattr(cast, name), decision.id, option_id=option(decision, 1))
    assert turnout(decision) == (3, 0)
    assert vote.closed(decision).verdict == "passed"
    told = session().scalar(select(Closing.outcome).where(Closing.decision_id == decision.id)) or ""
    assert "应参加 5 家，参加 3 家" in told
    assert "户" not in told


@both
def test_after_the_notice_only_the_organization_sends_another_and_its_ballot_stays_one(poll: Vote) -> None:
    vote, motion = meeting(poll)
    cast = vote.cast
    send(vote, motion, "moderator", "committee", "moderator")
    first = session().scalars(select(JournalEntry).where(JournalEntry.kind == "DelegateNamed")).one()
    assert set(audience(first)) == set()  # who names oneself is not told of it
    assert refused(send, vote, motion, "owner", "committee", "chair") == "not_of_the_organization"
    assert refused(send, vote, motion, "chair", "committee", "owner") == "delegate_unknown"
    assert refused(send, vote, motion, "chair", "fire", "official") == "organization_not_asked"
    assert refused(send, vote, motion, "chair", "committee", "moderator") == "delegate_named"
    decision = publish_notice(cast.moderator, motion.id, **vote.times(RuleCode.R14))
    vote.clock.move_to(decision.opens_at)
    cast_ballot(cast.moderator, decision.id, option_id=option(decision, 2))

    send(vote, motion, "moderator", "committee", "chair")
    told = session().scalars(select(JournalEntry).where(JournalEntry.kind == "DelegateNamed")).all()[-1]
    assert set(audience(told)) == {cast.chair.person_id}
    assert refused(cast_ballot, cast.moderator, decision.id, option_id=option(decision, 1)) == "not_in_electorate"
    [mine] = shown_decision(cast.chair, decision.id).mine
    assert (mine.cast_by_former, mine.why_not_cast, mine.receipt) == (True, None, "")
    assert ballots_owed(cast.chair, decision.id) == 0  # its organization has voted; it may change that
    changed = cast_ballot(cast.chair, decision.id, option_id=option(decision, 1))
    assert (changed.ordinal, changed.changes, changed.marks) == (1, 1, "1:1")
    assert turnout(decision) == (1, 0)
    vote.clock.move_to(decision.closes_at)
    assert refused(send, vote, motion, "moderator", "committee", "moderator") == "delegates_settled"


def test_an_organization_that_the_frozen_roll_does_not_name_sends_nobody(poll: Vote) -> None:
    vote, motion = meeting(poll)
    send(vote, motion, "moderator", "committee", "chair")
    decision = publish_notice(vote.cast.moderator, motion.id, **vote.times(RuleCode.R14))
    head = select(ElectorateHead).where(
        ElectorateHead.decision_id == decision.id, ElectorateHead.organization_id == vote.cast.organizations["social"]
    )
    session().delete(session().scalars(head).one())  # as one that joined after the notice
    session().commit()
    assert refused(send, vote, motion, "volunteer", "social", "volunteer") == "organization_not_asked"
    assert "绿苗环保社" not in [each.name for each in delegates_shown(vote.cast.volunteer, motion.id).organizations]
    assert send(vote, motion, "moderator", "committee", "moderator").person_id == vote.cast.moderator.person_id


def test_a_delegate_whose_mandate_is_over_at_the_notice_is_none(poll: Vote) -> None:
    vote, motion = meeting(poll)
    send(vote, motion, "moderator", "committee", "chair")
    [held] = vote.cast.chair.standings
    end_role(CLOCK, role_id=held.id)
    [simulated] = simulations(motion)
    assert simulated.heads_without_verified_person == 5


@both
def test_ballots_and_changes_of_the_delegate_at_once_leave_one_ballot_of_one_voter(app: Any, poll: Vote) -> None:
    vote, motion = meeting(poll)
    cast = vote.cast
    send(vote, motion, "moderator", "committee", "moderator")
    decision = publish_notice(cast.moderator, motion.id, **vote.times(RuleCode.R14))
    vote.clock.move_to(decision.opens_at)
    agree, committee = option(decision, 1), cast.organizations["committee"]
    # Plain numbers: what the threads share is read from no session of this one.
    motion_id, decision_id = motion.id, decision.id
    cast_ballot(cast.moderator, decision_id, option_id=agree)

    def act(index: int) -> Any:
        if index % 4 == 3:
            who = (cast.chair, cast.moderator)[index % 8 == 7]
            return name_delegate(cast.moderator, motion_id, committee, person_id=who.person_id or 0)
        return cast_ballot((cast.moderator, cast.chair)[index % 2], decision_id, option_id=agree)

    results = at_once(app, 16, act)
    assert codes(results) <= {"not_in_electorate", "no_delegate_any_more", "delegate_named"}
    session().rollback()
    count = select(func.count()).select_from(Ballot).where(Ballot.decision_id == decision.id)
    assert session().scalar(count) == turnout(decision)[0] == 1
    head = select(ElectorateHead.id).where(ElectorateHead.organization_id == committee)
    voters = session().scalars(select(ElectorateVoter.person_id).where(ElectorateVoter.head_id.in_(head))).all()
    sent = select(OrganizationDelegate.person_id).where(OrganizationDelegate.ended_at.is_(None))
    assert voters == session().scalars(sent).all()


# Pages ----------------------------------------------------------------------------------------------------------------


def test_an_organization_names_its_delegate_on_a_page_that_everybody_reads(poll: Vote, client_of: Any) -> None:
    vote, motion = meeting(poll)
    url = f"/motions/{motion.id}/delegates"
    visitor, volunteer = client_of(None), client_of("volunteer")
    assert url in page(visitor, f"/motions/{motion.id}")
    assert "5 家单位，0 家已确定代表" in page(visitor, url)
    assert '<form method="post" class="flow"' not in page(client_of("owner"), url)
    social, person = vote.cast.organizations["social"], vote.cast.volunteer.person_id
    told = {"once": volunteer.once, "organization": social, "person": person}
    assert volunteer.post(url, told).status_code == 303
    assert "代表：经办volunteer" in page(visitor, url)
    assert "这家单位派的是您" in page(volunteer, url)
    other = client_of("owner")
    assert other.post(url, told | {"once": other.once}).status_code == 403
    assert [each.delegate for each in delegates_shown(vote.cast.owner, motion.id).organizations].count("") == 4
    notice = page(client_of("moderator"), f"/motions/{motion.id}/notice")
    assert "4 家还没有确定代表" in notice
    assert "一家单位一票" in notice
    decision = publish_notice(vote.cast.moderator, motion.id, **vote.times(RuleCode.R14))
    vote.clock.move_to(decision.opens_at)
    assert "您代表绿苗环保社，算 1 家" in page(volunteer, f"/decisions/{decision.id}")
