"""Raising: who may, where, with what words, and what the rules make of it at once."""

from __future__ import annotations

import pytest
import time_machine
from sqlalchemy import func, select

from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.people.queries import responsible
from cogov.people.rules import ANYONE, OrganizationKind
from cogov.problems.commands import next_number, note_walk_in, preview, raise_problem
from cogov.problems.models import Problem
from cogov.problems.queries import names_on, panel, problem_for, raiser_ids, similar
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.stages import Official, Stage
from tests.cast import HERE
from tests.databases import both
from tests.storms import at_once


def refused(code, call):
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.refusal.code == code
    return caught.value.refusal


def kinds(problem_id):
    query = select(JournalEntry.kind).where(JournalEntry.problem_id == problem_id).order_by(JournalEntry.number)
    return list(session().scalars(query))


def test_a_problem_gets_a_number_that_can_be_said_aloud(cast, raise_as):
    with time_machine.travel("2026-12-31T17:00:00Z"):  # already the new year here
        assert raise_as().number == "2027-0001"
        assert raise_as("电梯门关不上已经三天了").number == "2027-0002"


def test_a_raised_problem_waits_for_triage_with_the_committee_and_a_clock(cast, raise_as):
    raised = raise_as()
    problem = problem_for(cast.resident, raised.number)
    assert (problem.stage, problem.official, problem.lane) == (Stage.RAISED, Official.NONE, None)
    assert problem.accountable_id == cast.organizations["committee"] == responsible(OrganizationKind.COMMITTEE, HERE).id
    clock = running(Purpose.TRIAGE, problem.id)
    assert clock is not None
    assert (clock.limit_amount, clock.organization_id) == (24, problem.accountable_id)
    assert kinds(problem.id) == ["ProblemRaised", "TriageProposed"]
    assert raiser_ids(problem.id) == [cast.resident.person_id]
    assert names_on(problem.id) == {cast.resident.person_id: 1}
    assert (problem.seconds, problem.households) == (0, 1)


def test_the_title_is_the_first_sentence_unless_one_is_given(raise_as):
    assert raise_as("路灯坏了。晚上看不见路，老人摔过一次。").problem.title == "路灯坏了"
    assert raise_as("路灯坏了。晚上看不见路。", title="南门路灯").problem.title == "南门路灯"
    assert len(raise_as("长" * 300).problem.title) == 60


def test_a_danger_is_handed_over_at_once_and_names_whom_to_call(cast, raise_as):
    raised = raise_as("3 号楼楼道电动车正在冒烟")
    assert "119" in raised.numbers
    problem = problem_for(cast.resident, raised.number)
    assert (problem.emergency, problem.stage, problem.lane) == (True, Stage.OFFICIAL, Lane.A)
    assert kinds(problem.id)[:3] == ["ProblemRaised", "TriageProposed", "ProblemTriaged"]
    assert running(Purpose.TRIAGE, problem.id) is None
    shown = panel(cast.resident, problem)
    triage = found(shown.triage).triage
    assert "119" in shown.numbers
    assert triage.reason is ReasonCode.SAFETY
    assert triage.confirmed_by is None


def test_a_burning_thing_may_also_be_ticked(raise_as):
    assert raise_as("车棚那边请快来人看看", burning=True).problem.emergency


@pytest.mark.parametrize("who", ["outsider", "foreign_moderator", "auditor", "administrator"])
def test_who_does_not_belong_here_raises_nothing(cast, raise_as, who):
    refusal = refused("not_of_this_community", lambda: raise_as(by=getattr(cast, who)))
    assert refusal.status == 403
    assert "测试里社区" in str(refusal.message)
    assert session().scalar(select(func.count()).select_from(Problem)) == 0


def test_a_visitor_is_asked_to_sign_in(raise_as):
    refused("sign_in_first", lambda: raise_as(by=ANYONE))


@pytest.mark.parametrize("who", ["owner", "landlord", "tenant", "volunteer", "grid_worker", "owners_committee"])
def test_who_lives_owns_or_serves_here_raises(cast, raise_as, who):
    assert raise_as(by=getattr(cast, who)).problem.raiser_id == getattr(cast, who).person_id


@pytest.mark.parametrize(
    ("text", "code"), [("坏了", "text_too_short"), ("  坏 了  ", "text_too_short"), ("长" * 2001, "text_too_long")]
)
def test_words_have_a_length(raise_as, text, code):
    assert refused(code, lambda: raise_as(text)).status == 422


def test_a_pin_finds_its_grid_and_outranks_the_chosen_one(cast, raise_as):
    x, y = cast.inside
    raised = raise_as(longitude=x + 1000, latitude=y, grid_id=cast.grid_ids[0])
    assert raised.problem.grid_id == cast.grid_ids[1]


def test_a_pin_outside_names_the_community(cast, raise_as):
    refusal = refused("outside_community", lambda: raise_as(longitude=cast.inside[0], latitude=cast.inside[1] + 9_000))
    assert "测试里社区" in str(refusal.message)


@pytest.mark.parametrize("pin", [(1, None), (None, 1), (181_000_000, 0), (0, 91_000_000)])
def test_half_a_pin_or_one_off_the_globe_is_refused(raise_as, pin):
    refused("pin_malformed", lambda: raise_as(longitude=pin[0], latitude=pin[1]))


def test_a_grid_of_elsewhere_or_none_is_refused(cast, raise_as):
    refused("outside_community", lambda: raise_as(grid_id=None))
    refused("outside_community", lambda: raise_as(grid_id=cast.elsewhere_id))


def test_a_form_sent_twice_raises_one_problem(cast, raise_as):
    raise_as(once="same")
    refused("already_received", lambda: raise_as(once="same"))
    assert session().scalar(select(func.count()).select_from(Problem)) == 1


def test_a_grid_worker_enters_for_somebody_at_the_door(cast, raise_as):
    person = note_walk_in(cast.grid_worker, community_id=cast.community_id, phone="13700001111")
    assert note_walk_in(cast.grid_worker, community_id=cast.community_id, phone="13700001111") == person
    raised = raise_as(by=cast.grid_worker, on_behalf_of=person)
    assert (raised.problem.raiser_id, raised.problem.recorded_by) == (person, cast.grid_worker.person_id)
    assert raiser_ids(raised.id) == [person]


def test_who_is_no_recorder_enters_for_nobody_else(cast, raise_as):
    refused("not_a_recorder", lambda: raise_as(on_behalf_of=cast.neighbour.person_id))
    refused(
        "not_a_recorder",
        lambda: note_walk_in(cast.resident, community_id=cast.community_id, phone="13700001111"),
    )


def test_a_matter_of_the_tenants_own_table_decides_the_lane_and_its_body(cast, raise_as):
    raised = raise_as("充电桩不够，车棚里拉了很多电线", matter_id=cast.matters["C103"])
    assert raised.proposal.lane is Lane.AB
    assert raised.proposal.body_id == cast.organizations["fire"]
    shown = found(panel(cast.resident, raised.problem).triage)
    assert (found(shown.body).id, shown.triage.duty_item_id) == (cast.organizations["fire"], cast.duty_items["C103"])


def test_the_same_matter_near_by_and_alike_is_proposed_as_the_same(cast, raise_as):
    x, y = cast.inside
    first = raise_as("南门的井盖没了", matter_id=cast.matters["0101"], longitude=x, latitude=y)
    near = raise_as("南门那个井盖没了", by=cast.tenant, matter_id=cast.matters["0101"], longitude=x + 100, latitude=y)
    assert near.proposal.same_as == first.id
    far = raise_as(
        "南门那个井盖没了", by=cast.owner, matter_id=cast.matters["0101"], longitude=x - 400, latitude=y, grid_id=None
    )
    assert far.proposal.same_as in (first.id, near.id)  # 40 m on, still within the matter's 250 m
    other = raise_as("南门那个井盖没了", by=cast.owner, matter_id=cast.matters["C103"], longitude=x, latitude=y)
    assert other.proposal.same_as is None


def test_a_matter_that_comes_back_is_also_deliberated(cast, raise_as):
    words = ["一号楼井盖没了", "二号楼东边少了块井盖", "小花园路口井盖被人偷走"]
    for text in words:
        assert raise_as(text, matter_id=cast.matters["0101"]).proposal.lane is Lane.A
    fourth = raise_as("快递柜前面又缺井盖了呀", by=cast.tenant, matter_id=cast.matters["0101"])
    assert ReasonCode.RECUR in fourth.proposal.reasons or fourth.proposal.same_as is not None


def test_alike_problems_are_shown_before_raising_but_never_hidden_ones(cast, raise_as):
    first = raise_as("南门路灯坏了好几天晚上看不见")
    raise_as("南门路灯坏了是张三砸的晚上看不见", names_person=True)
    alike = similar(cast.tenant, cast.community_id, "南门的路灯坏了晚上看不见路")
    assert [each.number for each in alike] == [first.number]
    assert similar(cast.tenant, cast.elsewhere_id, "南门的路灯坏了晚上看不见路") == []


def test_a_preview_proposes_and_keeps_nothing(cast):
    proposal = preview(cast.resident, community_id=cast.community_id, text="楼道电动车正在冒烟")
    assert proposal.reasons[0] is ReasonCode.SAFETY
    assert session().scalar(select(func.count()).select_from(Problem)) == 0


def test_an_unknown_community_is_not_found(cast):
    with pytest.raises(NotFound):
        raise_problem(cast.resident, community_id=10**9, text="路灯坏了三天", grid_id=cast.grid_ids[0])


def test_nothing_is_raised_where_nobody_answers(cast, raise_as):
    committee = responsible(OrganizationKind.COMMITTEE, HERE)
    committee.ended_at = committee.ended_at or now()
    session().commit()
    refused("nobody_answers", raise_as)


@both
@pytest.mark.storm
def test_fifty_at_once_get_fifty_numbers_without_a_gap(app, cast):
    numbers = at_once(app, 50, lambda _: next_number("storm", 2026))
    assert sorted(map(str, numbers)) == [f"2026-{n:04d}" for n in range(1, 51)]
