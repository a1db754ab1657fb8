"""The demo: loaded twice it tells the same, and it shows every stage of the loop."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from PIL import Image
from sqlalchemy import func, select

from cogov.announcements.models import Announcement
from cogov.cases import queries as cases
from cogov.cases.models import Call, Case
from cogov.cases.rules import CallState, CaseState
from cogov.cli.checking import accountability, clocks, counters, grids
from cogov.decisions import queries as decisions
from cogov.decisions.models import (
    Ballot,
    Closing,
    Decision,
    DecisionTurnout,
    ElectorateUnit,
    InterestClaim,
    Motion,
    OpenedBallot,
    OpenRound,
    OrganizationDelegate,
    Resolution,
    RoundAnswer,
    SecretVote,
)
from cogov.decisions.queries import shown_decision
from cogov.decisions.rules.classes import read_classes
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.interest import InterestState
from cogov.decisions.rules.law import CoOwners
from cogov.decisions.rules.methods import BallotForm, DecidingCount, Method, read_form
from cogov.decisions.rules.rounds import RoundKind
from cogov.decisions.rules.stages import DecisionState, MotionState, Scope, Verdict
from cogov.demo import NotEmpty, accounts, is_demo, load
from cogov.demo.pictures import SCENES, photograph
from cogov.demo.stage import moment_of
from cogov.demo.stories import stories
from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.files.models import Picture
from cogov.files.rules import draw_anew
from cogov.ground.clock import at
from cogov.ground.db import db, found, session
from cogov.journal.models import JournalEntry
from cogov.journal.sealing import verify
from cogov.moderation import queries as moderation
from cogov.moderation.models import Review, WritingBlock
from cogov.moderation.rules.policy import ReviewState
from cogov.people.models import Consent, Identity, Organization, Person, RoleHeld
from cogov.people.queries import actor_of, identity_by_contact
from cogov.people.rules import Actor, Role
from cogov.people.rules.consents import NEEDED, VERSIONS
from cogov.people.rules.passwords import password_matches
from cogov.places.models import Unit
from cogov.places.queries import place_by_code
from cogov.problems import queries as problems
from cogov.problems.models import Leeway, Problem, Triage, TriageAppeal
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.leeway import Room
from cogov.problems.rules.stages import Ending, Stage
from cogov.tasks import queries as tasks
from cogov.tasks.models import Claim, Task
from cogov.tasks.rules import ClaimState
from cogov.tell.channels import MailPace
from cogov.tell.models import MailChoice, Notification
from cogov.tell.waiting import waiting_for
from cogov.threads import queries as threads
from cogov.threads.models import (
    Amendment,
    Concern,
    Endorsement,
    Interest,
    Message,
    MinoritySigner,
    MinutesAnswer,
    Pledge,
    Solution,
    SummaryVersion,
)
from cogov.threads.rules.amendments import AmendmentState
from cogov.threads.rules.concerns import ConcernState
from cogov.threads.rules.pledges import PledgeKind
from cogov.threads.rules.summaries import SummaryKind
from tests.browser.neighbourhood import neighbourhood, shared
from tests.databases import new_app

END = datetime(2026, 11, 18, 3, 32, tzinfo=UTC)
HERE, THERE = "990101001001", "990101001002"
pytestmark = pytest.mark.timeout(300)  # a load is some seconds of work, more where others work too


def _loaded(folder: Path) -> Flask:
    app = new_app(folder)
    with app.app_context():
        upgrade()
        load(end=END, quiet=True)
        db.session.remove()
    return app


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return neighbourhood(shared(tmp_path_factory), tmp_path_factory.mktemp("demo")).app


@pytest.fixture
def demo(once: Flask) -> Iterator[Flask]:
    with once.app_context():
        yield once
        db.session.remove()


def _told() -> list[Any]:
    """Return what two loads must have in common: everything people read, without salts and receipts."""
    queries = (
        select(Problem.number, Problem.title, Problem.stage, Problem.ending, Problem.seconds, Problem.changed_at),
        select(Case.number, Case.state, Case.round, Case.overdue_at),
        select(Decision.question, Decision.state, Decision.heads_total, Decision.area_total),
        select(DecisionTurnout.heads, DecisionTurnout.area),
        select(Message.problem_id, Message.person_id, Message.text, Message.at),
        select(Claim.task_id, Claim.person_id, Claim.state),
        select(Person.pseudonym),
        select(Picture.name),
        select(JournalEntry.kind, JournalEntry.actor_id, JournalEntry.problem_id, JournalEntry.at),
    )
    return [[tuple(row) for row in session().execute(query)] for query in queries]


def _count(query: Any) -> int:
    return session().scalar(select(func.count()).select_from(query.subquery())) or 0


# The whole -----------------------------------------------------------------------------------------------------------


def test_loading_twice_tells_the_same(demo: Flask, tmp_path: Path):
    first = _told()
    with _loaded(tmp_path).app_context():
        second = _told()
        db.session.remove()
    assert second == first


def test_the_demo_is_known_by_its_first_entry_and_loaded_over_nothing(demo: Flask):
    assert is_demo()
    with pytest.raises(NotEmpty):
        load(quiet=True)


def test_another_database_is_no_demo(app: Flask, cast: object):
    assert not is_demo()
    with pytest.raises(NotEmpty):
        load(quiet=True)
    assert not is_demo()


def test_the_journal_of_the_demo_holds_and_runs_forward(demo: Flask):
    assert verify().faults == ()
    times = list(session().scalars(select(JournalEntry.at).order_by(JournalEntry.number)))
    assert times == sorted(times)
    assert END - timedelta(days=46) <= times[0]
    assert times[-1] <= END


def test_the_check_finds_nothing(demo: Flask):
    assert [*counters(), *grids(), *accountability(), *clocks()] == []


# People and places ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "units"), [(HERE, (306, 2_748_640)), (THERE, (300, 2_705_400))])
def test_the_communities_have_units_of_the_settled_area(demo: Flask, code: str, units: tuple[int, int]):
    community = place_by_code(code).id
    count, area = (
        session().execute(select(func.count(), func.sum(Unit.area)).where(Unit.community_id == community)).one()
    )
    assert (count, area) == units


def test_everybody_can_sign_in_with_the_password_of_the_demo(demo: Flask):
    shown = accounts()
    password = shown[0]["password"]
    assert _count(select(Person)) == _count(select(Identity).where(Identity.password_hash.is_not(None)))
    hashes = set(session().scalars(select(Identity.password_hash)))
    assert len(hashes) == 1
    assert password_matches(hashes.pop(), password)
    for account in shown:
        identity = identity_by_contact(account["login"])
        assert identity is not None
        assert identity.name == account["name"]
        assert account["roles"]
        assert account["community"]


def test_everybody_has_agreed_to_the_texts_and_nobody_before_there_were_any(demo: Flask):
    joined = set(session().scalars(select(Person.id)))
    for kind in NEEDED:
        given = session().scalars(select(Consent).where(Consent.kind == kind)).all()
        assert {each.person_id for each in given} == joined
        assert {each.version for each in given} == {VERSIONS[kind]}
        # They had joined weeks before: whoever agrees to a newer text does so when it is there.
        assert {each.at for each in given} == {END}


def test_every_role_is_held_by_an_account_of_the_list(demo: Flask):
    listed = [identity_by_contact(account["login"]) for account in accounts()]
    ids = [identity.person_id for identity in listed if identity is not None]
    held = set(session().scalars(select(RoleHeld.role).where(RoleHeld.person_id.in_(ids))))
    assert held == set(Role)


def test_no_pseudonym_is_a_name(demo: Flask):
    residents = {person["name"] for person in accounts() if "居民" in person["roles"]}
    assert not residents & set(session().scalars(select(Person.pseudonym)))


# The stories ---------------------------------------------------------------------------------------------------------


def test_every_stage_lane_and_ending_occurs(demo: Flask):
    assert set(session().scalars(select(Problem.stage))) == set(Stage)
    assert set(session().scalars(select(Problem.ending))) - {None} == set(Ending)
    assert set(session().scalars(select(Triage.lane))) - {None} == set(Lane)
    assert _count(select(Problem)) == len(stories())


def _running(code: str) -> Decision:
    where = Problem.community_id == place_by_code(code).id
    query = select(Decision).join(Problem, Decision.problem_id == Problem.id)
    # The one of all owners; residents are asked for advice beside it, and a building decides for itself.
    owners = Decision.rule.in_(("R1", "R2")) & (Motion.scope == Scope.COMMUNITY)
    query = query.join(Motion, Decision.motion_id == Motion.id)
    return session().scalars(query.where(where, owners, Decision.state == DecisionState.OPEN)).one()


def test_both_communities_are_alive(demo: Flask):
    for code in (HERE, THERE):
        mine = Problem.community_id == place_by_code(code).id
        stages = set(session().scalars(select(Problem.stage).where(mine)))
        assert stages >= set(Stage) - {Stage.MEDIATING}
        assert _running(code).closes_at > END
        assert _count(select(Case).join(Problem, Case.problem_id == Problem.id).where(mine)) >= 12
        assert _count(select(Task).join(Problem, Task.problem_id == Problem.id).where(mine)) >= 3
        assert _count(select(Announcement).where(Announcement.place_id == place_by_code(code).id)) >= 3
    assert _count(select(Problem)) >= 60


def test_the_running_vote_is_short_of_its_quorum_in_heads_and_area(demo: Flask):
    decision = _running(HERE)
    turnout = session().scalars(select(DecisionTurnout).where(DecisionTurnout.decision_id == decision.id)).one()
    assert decision.closes_at > END
    assert 3 * turnout.heads < 2 * decision.heads_total
    assert 3 * turnout.area < 2 * decision.area_total
    assert 2 * decision.heads_total - 3 * turnout.heads == 3 * 12


def test_votes_stand_at_every_point(demo: Flask):
    assert set(session().scalars(select(Decision.state))) == set(DecisionState)
    assert set(session().scalars(select(Closing.verdict))) == {Verdict.PASSED, Verdict.NO_QUORUM}
    motion = session().scalars(select(Motion).where(Motion.state == MotionState.MOVED)).one()
    assert 0 < motion.supports < motion.supports_needed
    named = session().scalars(select(Resolution).where(Resolution.organization_id.is_not(None)))
    assert sorted(str(resolution.answer) for resolution in named) == ["None", "adopted"]


def _voted_on(question: str) -> tuple[Decision, Any]:
    decision = session().scalars(select(Decision).where(Decision.question == question)).one()
    counts = session().scalars(select(Closing.count).where(Closing.decision_id == decision.id)).first()
    return decision, json.loads(counts or "{}")


def test_a_ranked_vote_runs(demo: Flask):
    decision, count = _voted_on("7 号楼门厅西墙先放什么")
    assert (decision.state, count) == (DecisionState.OPEN, {})
    assert read_form(decision.form) == BallotForm(method=Method.RANKED, decider=DecidingCount.SCHULZE)


def test_two_co_owners_of_the_cast_vote_by_shares_and_one_of_them_still_has_to(demo: Flask):
    decision, _ = _voted_on("6 号楼是否用维修资金更换下水立管")
    assert decision.state == DecisionState.OPEN
    assert thaw(decision.frozen_rule).co_owners is CoOwners.SHARES
    with at(END):
        waits, has_voted = (shown_decision(_actor(name), decision.id).mine for name in ("沈月琴", "吴建国"))
        assert {need.kind for need in decisions.needs(_actor("沈月琴"))} == {"vote"}
    assert [(head.share, head.why_not_cast, head.receipt) for head in waits] == [(Fraction(3, 5), None, "")]
    assert [(head.share, head.receipt != "") for head in has_voted] == [(Fraction(2, 5), True)]
    assert sum(head.area for head in (*waits, *has_voted)) == session().scalar(
        select(Unit.area).join(ElectorateUnit).where(ElectorateUnit.head_id == waits[0].head_id)
    )


def test_one_of_the_cast_still_has_to_vote_without_a_name(demo: Flask):
    decision, _ = _voted_on("选翠苑里 1 号楼楼长")
    with at(END):
        (head,) = shown_decision(_actor("唐秀英"), decision.id).mine
        assert {need.kind for need in decisions.needs(_actor("唐秀英"))} == {"vote"}
    assert (head.why_not_cast, head.has_token) == (None, False)


def test_a_budget_is_given_out_by_equal_shares_and_otherwise_than_by_votes_alone(demo: Flask):
    _, count = _voted_on("15 万元微更新经费做哪几件")
    shares, greedy = count["rules"]["equal-shares"], count["rules"]["greedy"]
    assert (sorted(shares["winners"]), sorted(greedy["winners"])) == ([2, 3, 4], [1, 2, 4])
    assert shares["got"] == [[1, 27], [2, 33]]  # nobody goes away empty-handed
    assert dict(greedy["got"])[0] == 16


def test_the_head_of_a_building_is_elected_from_a_box_that_two_opened(demo: Flask):
    decision, count = _voted_on("选 1 号楼楼长")
    vote = found(session().get(SecretVote, decision.id))
    assert vote.opened_at is not None
    assert (count["ballots"], count["winners"]) == (24, [1])
    assert _count(select(OpenedBallot).where(OpenedBallot.decision_id == decision.id)) == 24
    assert _count(select(Ballot).where(Ballot.decision_id == decision.id)) == 0


def test_cases_stand_before_at_and_past_their_limit(demo: Flask):
    states = set(session().scalars(select(Case.state)))
    waiting = {CaseState.FILED, CaseState.DISPATCHED, CaseState.HANDLING, CaseState.HANDLED, CaseState.FED_BACK}
    assert {*waiting, CaseState.CLOSED} <= states
    assert _count(select(Case).where(Case.overdue_at.is_not(None), Case.state == CaseState.HANDLING)) >= 2
    assert _count(select(Case).where(Case.returns > 0)) == 2
    assert _count(select(Case).where(Case.round == 2)) == 2
    assert _count(select(Case).where(Case.emergency, Case.state == CaseState.HANDLING)) == 2


def test_a_problem_of_a_duty_was_fixed_without_any_vote(demo: Flask):
    fixed = session().scalars(select(Problem).where(Problem.lane == Lane.A, Problem.ending == Ending.FIXED)).first()
    assert fixed is not None
    assert _count(select(Motion).where(Motion.problem_id == fixed.id)) == 0


def test_concerns_solutions_claims_and_an_appeal_wait(demo: Flask):
    assert {ConcernState.OPEN, ConcernState.ANSWERED} <= set(session().scalars(select(Concern.state)))
    by_problem = select(Solution.problem_id).group_by(Solution.problem_id).having(func.count() == 2)
    assert _count(by_problem) >= 1
    assert {ClaimState.ACTIVE, ClaimState.HANDED_IN, ClaimState.VERIFIED} <= set(session().scalars(select(Claim.state)))
    assert _count(select(TriageAppeal).where(TriageAppeal.outcome.is_(None))) == 1


def _kinds(column: Any, *conditions: Any) -> set[Any]:
    return set(session().scalars(select(column).where(*conditions)))


def test_deliberation_shows_every_form_that_it_takes(demo: Flask):
    assert _kinds(Leeway.room) == {Room.PARTLY}
    assert _kinds(Amendment.state) == {AmendmentState.ACCEPTED, AmendmentState.PROMOTED, AmendmentState.PROPOSED}
    assert _kinds(SummaryVersion.kind) == set(SummaryKind)
    assert _kinds(MinutesAnswer.endorses) == {True, False}
    assert _kinds(Pledge.kind) == set(PledgeKind)
    assert _count(select(Message).where(Message.version > 1)) == 1
    assert _count(select(Interest)) >= 4
    assert _count(select(Endorsement)) == 2
    assert _count(select(MinoritySigner)) == 3
    assert _kinds(OpenRound.kind) == set(RoundKind)
    assert _count(select(RoundAnswer).where(RoundAnswer.concern_id.is_not(None))) == 1


def test_who_is_asked_shows_in_what_is_put_to_the_vote(demo: Flask):
    assert _kinds(InterestClaim.state) == {InterestState.ADMITTED, InterestState.WAITING}
    sent = select(OrganizationDelegate).join(Decision, Decision.motion_id == OrganizationDelegate.motion_id)
    assert _count(sent.where(Decision.state == DecisionState.OPEN)) == 4
    secret = select(SecretVote).join(Decision, Decision.id == SecretVote.decision_id)
    assert _count(secret.where(Decision.state == DecisionState.OPEN)) == 1


def test_a_block_a_removal_and_a_flag_wait_for_a_second_look(demo: Flask):
    with at(END):
        block = session().scalars(select(WritingBlock)).one()
        assert block.until > END
        assert (block.appealed_at is not None, block.answered_at) == (True, None)
        assert _kinds(Review.state) == {ReviewState.OPEN, ReviewState.REMOVED}
        assert {need.kind for need in moderation.needs(_actor("邵明"))} >= {"review"}


def test_what_names_a_person_is_hidden(demo: Flask):
    naming = list(session().scalars(select(Problem).where(Problem.names_person)))
    assert naming
    assert all(problem.hidden for problem in naming)


# The desks of the cast -----------------------------------------------------------------------------------------------


def _actor(name: str) -> Actor:
    login = next(account["login"] for account in accounts() if account["name"] == name)
    return actor_of(found(identity_by_contact(login)).person_id)


def test_three_things_wait_for_the_resident_who_is_shown_first(demo: Flask):
    with at(END):
        actor = _actor("周桂兰")
        waiting = [need.kind for room in (problems, threads, decisions, tasks, cases) for need in room.needs(actor)]
    assert sorted(waiting) == ["claim", "confirm", "vote"]


def test_the_desk_of_the_fire_brigade_holds_every_kind_of_case(demo: Flask):
    fire = session().scalars(select(Organization.id).where(Organization.short_name == "消防大队")).one()
    mine = list(session().scalars(select(Case).where(Case.body_id == fire, Case.state != CaseState.CLOSED)))
    assert 9 <= len(mine) <= 11
    late = [case for case in mine if case.overdue_at is not None]
    assert len(late) == 1
    running = RunningClock.purpose == Purpose.CASE, RunningClock.stopped_at.is_(None)
    clocks_of = {clock.subject_id: clock for clock in session().scalars(select(RunningClock).where(*running))}
    timed = [clocks_of[case.id] for case in mine if case.id in clocks_of]
    today = [clock for clock in timed if clock.paused_at is None and END < clock.due_at < END + timedelta(hours=12)]
    paused = [clock for clock in timed if clock.paused_at is not None]
    assert 1 <= len(today) <= 2
    assert len(paused) >= 1
    assert _count(select(Call).where(Call.case_id.in_([c.id for c in mine]), Call.state == CallState.CALLED)) >= 1


def test_dispatcher_and_committee_have_work_and_nobody_is_buried_in_notices(demo: Flask):
    with at(END):
        assert len(cases.needs(_actor("高翔"))) >= 4
        assert {need.kind for need in problems.needs(_actor("林晓东"))} == {"leeway", "mediate", "triage"}
        cast = [_actor(account["name"]).person_id for account in accounts()]
    unread = select(func.count()).where(Notification.person_id.in_(cast), Notification.read_at.is_(None))
    counts = list(session().scalars(unread.group_by(Notification.person_id)))
    assert max(counts) <= 20


# Pictures ------------------------------------------------------------------------------------------------------------


def test_problems_show_pictures_that_lie_in_the_folder(demo: Flask):
    pictures = list(session().scalars(select(Picture)))
    folder = Path(str(demo.config["DATA_DIR"])) / "files"
    assert len({picture.problem_id for picture in pictures}) >= 40
    assert max(Counter(picture.problem_id for picture in pictures).values()) >= 2
    assert all((folder / picture.name[:2] / picture.name).is_file() for picture in pictures)


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_drawn_the_same_each_time(name: str):
    data = photograph(name)
    assert data == photograph(name)
    assert Image.open(io.BytesIO(data)).size == (1200, 900)
    assert draw_anew(data).width == 1200


# Time ----------------------------------------------------------------------------------------------------------------


def test_moments_are_told_from_the_end_in_local_time():
    assert moment_of("-90m", END) == END - timedelta(minutes=90)
    assert moment_of("-1 09:14", END) == datetime(2026, 11, 17, 1, 14, tzinfo=UTC)
    assert moment_of("+4 20:00", END) == datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_whoever_wants_mail_has_a_first_letter_due(demo: Flask):
    with at(END):
        due = session().execute(select(MailChoice.person_id, MailChoice.pace).where(MailChoice.next_at <= END)).all()
        assert {pace for _, pace in due} == {MailPace.DAILY, MailPace.WEEKLY, MailPace.AT_ONCE}
        assert all(waiting_for(actor_of(person_id)) for person_id, _ in due)
        unread = select(Notification.person_id).where(Notification.read_at.is_(None))
        assert {person_id for person_id, _ in due} <= set(session().scalars(unread))


def test_a_result_says_who_took_part_as_the_ballots_do(demo: Flask):
    decision, _ = _voted_on("15 万元微更新经费做哪几件")
    told = found(
        read_classes(session().scalars(select(Closing.classes).where(Closing.decision_id == decision.id)).one())
    )
    took_part = select(func.count()).select_from(ElectorateUnit).join(Ballot, Ballot.head_id == ElectorateUnit.head_id)
    of_decision = ElectorateUnit.decision_id == decision.id
    figures = [row for row in told.rows if row.voted is not None]
    assert figures
    assert told.ballots == 60
    for row in figures:
        where = [of_decision, ElectorateUnit.building_id == row.building_id]
        if row.staircase is not None:
            where.append(ElectorateUnit.staircase == row.staircase)
        assert session().scalar(took_part.where(*where)) == row.voted
    assert told.tenures == ()  # one tenant is a person, no class
