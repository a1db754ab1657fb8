"""Rules as the place's own data: two people, versions, the nearest place; and the authority for statutory votes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from cogov.decisions.commands import (
    cast_ballot,
    confirm_rule,
    decline_rule,
    end_authority,
    open_decision,
    propose_rule,
    publish_notice,
    settle_authority,
    table_motion,
)
from cogov.decisions.models import DecisionRuleVersion
from cogov.decisions.queries import rule_here, shown_decision, version_shown
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Force
from cogov.decisions.rules.methods import Method
from cogov.decisions.rules.ruling import Edit, edit_of
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import Scope, Verdict
from cogov.decisions.rules.thresholds import Base, more_than
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from cogov.problems.rules.lanes import RuleCode
from tests.cast import ELSEWHERE, HERE, STREET
from tests.databases import both
from tests.decisions.conftest import Vote, deliberated, option, paper

REASON = "议事会上大家商定的"


@pytest.fixture
def meeting(app: Any, cast: Any, clock: Any) -> Vote:
    """Triage found that all residents would be bound."""
    return Vote(cast, clock, deliberated(cast, RuleCode.R4), RuleCode.R4, None)


@pytest.fixture
def committee(app: Any, cast: Any, clock: Any) -> Vote:
    """How a committee does what it has to do."""
    return Vote(cast, clock, deliberated(cast, RuleCode.R5), RuleCode.R12, None)


def edit(code: RuleCode, **changes: Any) -> Edit:
    return replace(edit_of(rule_here(code, HERE)), **changes)


def own(cast: Any, code: RuleCode, place: str = HERE, not_before: datetime | None = None, **changes: Any) -> int:
    """Have the street write a version and the administrator confirm it."""
    row = propose_rule(cast.street_office, place, code, edit(code, **changes), reason=REASON, not_before=not_before)
    return confirm_rule(cast.administrator, row.id).id


def refused(act: Any, *args: Any, **told: Any) -> str:
    with pytest.raises(Refused) as caught:
        act(*args, **told)
    return caught.value.refusal.code


@both
def test_a_rule_holds_once_a_second_person_has_confirmed_it_and_running_votes_keep_theirs(poll, client_of):
    cast = poll.cast
    decision = poll.opened()
    before = decision.frozen_rule
    row = propose_rule(
        cast.street_office,
        HERE,
        RuleCode.R5,
        edit(RuleCode.R5, participation=more_than(Fraction(1, 2), Base.ELECTORATE), notice_days=5),
        reason=REASON,
    )
    assert rule_here(RuleCode.R5, HERE) == RULES[RuleCode.R5]  # nothing holds yet
    assert refused(confirm_rule, cast.street_office, row.id) == "second_person"
    assert refused(propose_rule, cast.administrator, HERE, RuleCode.R5, edit(RuleCode.R5), reason=REASON) == (
        "version_waits"
    )

    confirm_rule(cast.administrator, row.id)

    here = rule_here(RuleCode.R5, HERE)
    assert (here.version, here.notice_days, here.has_quorum) == (RULES[RuleCode.R5].version + 1, 5, True)
    assert rule_here(RuleCode.R5, ELSEWHERE) == RULES[RuleCode.R5]
    assert refused(confirm_rule, cast.administrator, row.id) == "settled"
    kept = shown_decision(cast.neighbour, decision.id)
    assert (kept.decision.frozen_rule, kept.rule) == (before, thaw(before))
    kinds = select(JournalEntry.kind, JournalEntry.actor_id).where(JournalEntry.kind.like("Rule%ed"))
    assert [tuple(each) for each in session().execute(kinds.order_by(JournalEntry.number))] == [
        ("RuleProposed", cast.street_office.person_id),
        ("RuleConfirmed", cast.administrator.person_id),
    ]


def test_a_vote_that_is_announced_afterwards_freezes_the_places_own_rule(poll):
    own(poll.cast, RuleCode.R5, notice_days=6, methods=(Method.SINGLE,))
    motion = poll.tabled()
    assert motion.rule == "R5"
    decision_rule = rule_here(RuleCode.R5, HERE)
    poll_times = poll.times(RuleCode.R5)
    from_now = {**poll_times, "opens_at": now() + timedelta(days=6), "closes_at": now() + timedelta(days=13)}
    assert refused(_publish, poll, motion.id, poll_times) == "notice_too_short"
    decision = _publish(poll, motion.id, from_now)
    assert thaw(decision.frozen_rule) == decision_rule


def _publish(vote: Any, motion_id: int, times: dict[str, Any]) -> Any:
    return publish_notice(vote.cast.moderator, motion_id, **times)


def test_the_nearest_place_decides_and_a_version_waits_for_its_day(app, cast, clock):
    own(cast, RuleCode.R5, place=STREET, notice_days=4)
    assert rule_here(RuleCode.R5, HERE).notice_days == 4
    later = datetime(2027, 3, 8, 2, tzinfo=UTC)
    version = own(cast, RuleCode.R5, not_before=later, notice_days=7)
    assert rule_here(RuleCode.R5, HERE).notice_days == 4
    clock.move_to(later)
    assert rule_here(RuleCode.R5, HERE).notice_days == 7
    assert rule_here(RuleCode.R5, STREET).notice_days == 4
    shown = version_shown(version)
    assert (shown.before.notice_days, shown.rule.notice_days) == (4, 7)
    assert shown.rule.version == shown.before.version + 1


def test_what_was_written_may_be_taken_back_or_declined_and_then_holds_nothing(app, cast, clock):
    first = propose_rule(cast.street_office, HERE, RuleCode.R5, edit(RuleCode.R5, notice_days=8), reason=REASON)
    decline_rule(cast.street_office, first.id)
    second = propose_rule(cast.street_office, HERE, RuleCode.R5, edit(RuleCode.R5, notice_days=9), reason=REASON)
    decline_rule(cast.administrator, second.id)
    assert second.version == first.version + 1  # a number is never given twice
    assert rule_here(RuleCode.R5, HERE) == RULES[RuleCode.R5]
    assert refused(confirm_rule, cast.administrator, second.id) == "settled"


def test_only_who_keeps_the_rules_of_a_place_writes_them_and_only_within_the_law(app, cast, clock):
    for who in (cast.moderator, cast.owner, cast.owners_committee, cast.auditor):
        told = refused(propose_rule, who, HERE, RuleCode.R5, edit(RuleCode.R5, notice_days=5), reason=REASON)
        assert told == "not_who_keeps"
    lower = edit(RuleCode.R2, passing=more_than(Fraction(1, 2), Base.PARTICIPANTS))
    assert refused(propose_rule, cast.street_office, HERE, RuleCode.R2, lower, reason=REASON) == "fixed_by_law"
    assert refused(propose_rule, cast.street_office, HERE, RuleCode.R0, lower, reason=REASON) == "no_rule_to_write"
    assert session().scalars(select(DecisionRuleVersion)).all() == []


def test_a_residents_meeting_is_voted_on_only_where_its_template_was_confirmed(meeting):
    cast = meeting.cast
    assert refused(meeting.move) == "rule_unconfirmed"
    own(cast, RuleCode.R4)
    assert not rule_here(RuleCode.R4, HERE).template
    assert meeting.move().rule == "R4"


def test_the_members_of_a_committee_decide_what_it_does_and_nobody_else_votes(committee, client_of):
    cast = committee.cast
    assert refused(committee.move) == "body_missing"  # an owner speaks for no committee
    motion = committee.move(by="moderator")
    assert motion.organization_id is not None
    assert refused(committee.move, by="owners_committee", scope=Scope.BUILDING, building_id=cast.building_ids[0]) == (
        "scope_fixed"
    )
    table_motion(cast.moderator, motion.id)
    decision = publish_notice(cast.moderator, motion.id, **committee.times(RuleCode.R12))
    assert (decision.heads_total, decision.area_total) == (2, 0)  # moderator and chair; grid workers do not sit in it
    committee.clock.move_to(decision.opens_at)
    open_decision(CLOCK, decision.id)
    assert refused(cast_ballot, cast.owner, decision.id, option_id=option(decision, 1)) == "not_in_electorate"
    seen = client_of("chair").get(f"/decisions/{decision.id}").get_data(as_text=True)
    assert "您是委员会成员，算 1 票" in seen
    cast_ballot(cast.moderator, decision.id, option_id=option(decision, 1))
    assert committee.closed(decision).verdict is Verdict.NO_QUORUM  # one of two is no majority
    assert shown_decision(cast.chair, decision.id).rule.force is Force.INTERNAL


# Authority ----------------------------------------------------------------------------------------------------------


@both
def test_a_statutory_vote_needs_the_setting_the_paper_two_people_and_no_system_of_the_city(app, cast, clock, tmp_path):
    def force() -> Force:
        return rule_here(RuleCode.R1, HERE).force

    change_setting(CLOCK, code=HERE, name=Setting.STATUTORY_VOTE_AUTHORIZED, value=1)
    assert force() is Force.CONSULTATION
    row = paper(cast, tmp_path)
    assert force() is Force.CONSULTATION
    assert refused(settle_authority, cast.street_office, row.id, agrees=True) == "second_person"
    assert refused(settle_authority, cast.moderator, row.id, agrees=True) == "not_who_keeps"
    assert refused(paper, cast, tmp_path) == "authority_waits"
    settle_authority(cast.administrator, row.id, agrees=True)
    assert force() is Force.BINDING
    change_setting(CLOCK, code=HERE, name=Setting.CITY_VOTE_SYSTEM, value=1)
    assert force() is Force.CONSULTATION
    change_setting(CLOCK, code=HERE, name=Setting.CITY_VOTE_SYSTEM, value=0)
    end_authority(cast.street_office, row.id)
    assert force() is Force.CONSULTATION
    assert refused(end_authority, cast.administrator, row.id) == "settled"


def test_a_paper_that_the_second_person_declines_gives_nothing(app, cast, clock, tmp_path):
    change_setting(CLOCK, code=HERE, name=Setting.STATUTORY_VOTE_AUTHORIZED, value=1)
    settle_authority(cast.administrator, paper(cast, tmp_path).id, agrees=False)
    assert rule_here(RuleCode.R1, HERE).force is Force.CONSULTATION
