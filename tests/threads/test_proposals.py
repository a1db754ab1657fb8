"""Changes to solutions, endorsements, stakes, pledges, and those who disagree with what came out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from cogov.ground.clock import now
from cogov.ground.db import Base, db, session
from cogov.ground.refusals import NotFound, Refusal, Refused
from cogov.journal.models import JournalEntry
from cogov.moderation.commands import decide_review
from cogov.moderation.rules import FlagReason, ReviewVerdict, SubjectKind
from cogov.people.rules import CLOCK, Actor, Role, Standing
from cogov.problems.commands import conclude_deliberation
from cogov.problems.queries import problem_for
from cogov.tell.audience.finding import audience
from cogov.threads.commands import (
    accept_amendment,
    answer_concern,
    call_pledges,
    endorse_solution,
    file_minority,
    flag_words,
    keep_pledge,
    make_pledge,
    note_outcome,
    post_message,
    promote_amendment,
    propose_amendment,
    propose_solution,
    raise_concern,
    reject_amendment,
    revise_solution,
    sign_minority,
    state_interest,
    unsign_minority,
    withdraw_amendment,
    withdraw_endorsement,
    withdraw_pledge,
)
from cogov.threads.commands.leaving import ERASED, forget_person
from cogov.threads.models import (
    Amendment,
    Interest,
    MinorityOpinion,
    MinoritySigner,
    Outcome,
    Pledge,
    Solution,
    SolutionVersion,
)
from cogov.threads.queries import dossier_of, messages, solutions
from cogov.threads.queries import outcomes as dissenting
from cogov.threads.queries.amendments import amendments
from cogov.threads.queries.interests import interests
from cogov.threads.queries.outcomes import minority_of, outcomes, signers_of
from cogov.threads.queries.pledges import pledge_sums
from cogov.threads.queries.solutions import compared
from cogov.threads.rules import amendments as changes
from cogov.threads.rules import pledges
from cogov.threads.rules.amendments import AmendmentState, Change, why_not_answer, why_not_change, why_not_promote
from cogov.threads.rules.interests import InterestKind
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.minority import HEARD_FOR, OutcomeKind, why_not_file
from cogov.threads.rules.pledges import Pledged, PledgeKind, PledgeState, why_not_keep, why_not_pledge
from cogov.threads.rules.solutions import Content
from cogov.threads.rules.speaking import Dossier
from tests.cast import HERE, Cast
from tests.databases import both

LAMPS = Content("每层装一盏小夜灯", "用公区电，常亮。", 120_000, needs_permit=False)
SENSORS = dataclasses.replace(LAMPS, text="用公区电，人来才亮。", cost=90_000, bears="一楼的住户")
WHY = "常亮费电，也影响一楼睡觉。"


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.refusal.code == code
    db.session.rollback()


def code_of(refusal: Refusal | None) -> str:
    return refusal.code if refusal is not None else ""


def count(model: type[Base]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def last_entry() -> JournalEntry:
    return session().scalars(select(JournalEntry).order_by(JournalEntry.number.desc()).limit(1)).one()


def a_solution(by: Actor, number: str, content: Content = LAMPS) -> int:
    return propose_solution(by, number, **dataclasses.asdict(content)).id


def version_of(solution_id: int) -> SolutionVersion:
    query = select(SolutionVersion).where(SolutionVersion.solution_id == solution_id)
    return session().scalars(query.order_by(SolutionVersion.version.desc()).limit(1)).one()


# Changes -------------------------------------------------------------------------------------------------------------


@both
def test_a_change_that_is_taken_in_becomes_the_next_version_in_the_name_of_who_proposed_it(cast: Cast, number: str):
    solution_id = a_solution(cast.resident, number)
    amendment = propose_amendment(cast.tenant, solution_id, content=SENSORS, why=WHY)
    assert cast.resident.person_id in audience(last_entry())
    accept_amendment(cast.resident, amendment.id)
    version = version_of(solution_id)
    assert (version.version, version.text, version.bears) == (2, SENSORS.text, "一楼的住户")
    assert version.person_id == cast.tenant.person_id
    assert amendment.became_version == 2
    assert cast.tenant.person_id in audience(last_entry())
    with refused("amendment_settled"):
        reject_amendment(cast.resident, amendment.id, words="改主意了。")


@both
def test_a_change_that_was_turned_down_grows_into_a_solution_of_its_own(cast: Cast, number: str):
    solution_id = a_solution(cast.resident, number)
    amendment = propose_amendment(cast.tenant, solution_id, content=SENSORS, why=WHY)
    with refused("words_missing"):
        reject_amendment(cast.resident, amendment.id, words=" ")
    reject_amendment(cast.resident, amendment.id, words="感应灯半夜会闪。")
    with refused("not_your_amendment"):
        promote_amendment(cast.resident, amendment.id)
    grown = promote_amendment(cast.tenant, amendment.id, title="人来才亮的灯")
    assert (amendment.state, amendment.became_solution_id) == (AmendmentState.PROMOTED, grown.id)
    assert version_of(grown.id).title == "人来才亮的灯"
    assert version_of(solution_id).version == 1
    problem = problem_for(cast.resident, number)
    shown = compared(cast.resident, problem.id, dossier_of(problem))
    assert [each.around.grown_from for each in shown] == [None, (solution_id, 1)]
    with refused("amendment_settled"):
        promote_amendment(cast.tenant, amendment.id)


def test_a_change_is_shown_as_what_is_gone_and_what_is_new(cast: Cast, number: str):
    solution_id = a_solution(cast.resident, number)
    propose_amendment(cast.tenant, solution_id, content=SENSORS, why=WHY)
    solution = session().get(Solution, solution_id)
    assert solution is not None
    (shown,) = amendments(cast.resident, solution, Dossier(HERE, ended=False, hidden=False))
    assert [(piece.kind.value, piece.text) for piece in shown.pieces] == [
        ("same", "用公区电，"),
        ("removed", "常"),
        ("added", "人来才"),
        ("same", "亮。"),
    ]
    assert (shown.before.cost, shown.content.cost) == (120_000, 90_000)


def test_an_outdated_change_is_not_taken_in_and_one_that_changes_nothing_not_proposed(cast: Cast, number: str):
    solution_id = a_solution(cast.resident, number)
    with refused("nothing_changed"):
        propose_amendment(cast.tenant, solution_id, content=LAMPS, why=WHY)
    amendment = propose_amendment(cast.tenant, solution_id, content=SENSORS, why=WHY)
    revise_solution(cast.resident, solution_id, title="每层两盏灯", text="用公区电。")
    with refused("amendment_outdated"):
        accept_amendment(cast.resident, amendment.id)
    withdraw_amendment(cast.tenant, amendment.id)
    assert amendment.state is AmendmentState.WITHDRAWN


def test_nobody_but_the_author_and_who_revises_answers_a_change_and_nobody_their_own(cast: Cast):
    dossier = Dossier(HERE, ended=False, hidden=False)
    owner, moderator = cast.owner.person_id or 0, cast.moderator.person_id or 0
    change = Change(AmendmentState.PROPOSED, moderator, None, owner, None, 1, 1)
    assert why_not_answer(cast.owner, dossier, change, accepts=True) is None
    assert code_of(why_not_answer(cast.tenant, dossier, change, accepts=True)) == "not_who_revises"
    assert code_of(why_not_answer(cast.moderator, dossier, change, accepts=False)) == "own_amendment"
    assert code_of(why_not_promote(cast.tenant, dossier, change)) == "not_your_amendment"
    assert code_of(why_not_change(changed=False)) == "nothing_changed"


# Side by side --------------------------------------------------------------------------------------------------------


@both
def test_organizations_stand_behind_a_version_apart_from_people(cast: Cast, number: str):
    solution_id = a_solution(cast.resident, number)
    with refused("not_an_organization"):
        endorse_solution(cast.owner, solution_id)
    endorse_solution(cast.official, solution_id)
    with refused("endorsed_already"):
        endorse_solution(cast.official, solution_id)
    revise_solution(cast.resident, solution_id, title="每层两盏灯", text="用公区电。")
    problem = problem_for(cast.resident, number)
    (shown,) = compared(cast.official, problem.id, dossier_of(problem))
    assert [(each.body, each.version) for each in shown.around.endorsed] == [(True, 1)]
    withdraw_endorsement(cast.official, solution_id)
    with refused("not_endorsed"):
        withdraw_endorsement(cast.official, solution_id)
    endorse_solution(cast.official, solution_id)


def test_a_comparison_names_the_concerns_against_a_solution_and_those_it_solves(cast: Cast, number: str):
    lamps, sensors = a_solution(cast.resident, number), a_solution(cast.owner, number, SENSORS)
    raised = {"harm": "整夜亮着睡不着。", "remedy": "十点以后调暗。"}
    first = raise_concern(cast.tenant, number, **raised, solution_id=lamps)
    raise_concern(cast.tenant, number, **raised, solution_id=sensors)
    answer_concern(cast.moderator, first.id, text="改成感应灯。", solution_version_id=version_of(lamps).id)
    problem = problem_for(cast.resident, number)
    shown = compared(cast.resident, problem.id, dossier_of(problem))
    assert [(each.solves, each.around.touched) for each in shown] == [((1,), ()), ((), (2,))]
    elsewhere = session().scalar(select(func.max(Solution.id))) or 0
    with pytest.raises(NotFound):
        raise_concern(cast.tenant, number, **raised, solution_id=elsewhere + 1)


# Stakes --------------------------------------------------------------------------------------------------------------


@both
def test_a_stake_is_said_once_and_its_changes_are_kept(cast: Cast, number: str):
    state_interest(cast.resident, number, kind=InterestKind.OWNER, words="一楼的业主")
    state_interest(cast.resident, number, kind=InterestKind.AFFECTED, words="一楼的住户")
    state_interest(cast.official, number, kind=InterestKind.OFFICIAL, words="经办人")
    problem = problem_for(cast.resident, number)
    known = interests(problem.id)
    assert known[(cast.resident.person_id or 0, None)].words == "一楼的住户"
    assert len(known) == 2
    assert count(Interest) == 3
    assert state_interest(cast.resident, number, kind=None) is None
    assert (cast.resident.person_id or 0, None) not in interests(problem.id)
    with refused("no_interest"):
        state_interest(cast.resident, number, kind=None)


def test_an_office_is_not_shown_beside_what_its_holder_says_at_home(cast: Cast, number: str):
    state_interest(cast.official, number, kind=InterestKind.OFFICIAL, words="经办人")
    known = interests(problem_for(cast.resident, number).id)
    assert (cast.official.person_id or 0, None) not in known


def test_stakes_cost_a_thread_one_query_at_most(cast: Cast, number: str, counted: Any):
    problem = problem_for(cast.resident, number)
    for by in (cast.resident, cast.owner, cast.tenant):
        state_interest(by, number, kind=InterestKind.AFFECTED, words="楼上楼下")
    with counted() as queries:
        interests(problem.id)
    assert sum("interest" in statement for statement in queries.statements) == 1
    with counted() as queries:
        messages(problem.id)
    assert sum("interest" in statement for statement in queries.statements) <= 1


def test_readers_of_the_place_can_flag_what_somebody_says_is_at_stake(cast: Cast, number: str, client_of: Any):
    state_interest(cast.tenant, number, kind=InterestKind.AFFECTED, words="楼下的住户")
    state_interest(cast.resident, number, kind=InterestKind.OWNER)
    post_message(cast.tenant, number, kind=MessageKind.REASON, text="灯太亮，照进卧室。")
    post_message(cast.resident, number, kind=MessageKind.REASON, text="灯太暗，看不见台阶。")
    stated = session().scalars(select(Interest).where(Interest.words != "")).one()
    way, path = f"/texts/interest/{stated.id}/flags", f"/problems/{number}?tab=discussion"
    shown = client_of("owner").get(path).text
    assert way in shown
    assert shown.count("/texts/interest/") == 1  # who used no words of their own has said nothing to flag
    assert client_of("owner").get(way).status_code == 200
    for outside in (None, "outsider"):
        assert "/texts/interest/" not in client_of(outside).get(path).text
    review = flag_words(cast.owner, SubjectKind.INTEREST, stated.id, reason=FlagReason.PRIVACY)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.PRIVACY)
    covered = client_of("owner").get(path).text
    assert "【已移除】" in covered
    assert way not in covered


# Pledges -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "amount", "what", "code"),
    [
        (PledgeKind.MONEY, 1, "", ""),
        (PledgeKind.MONEY, 0, "", "amount_out_of_range"),
        (PledgeKind.MONEY, None, "一点钱", "amount_out_of_range"),
        (PledgeKind.TIME, 10_001, "", "amount_out_of_range"),
        (PledgeKind.TIME, 3, "", ""),
        (PledgeKind.MATERIAL, None, "", "words_missing"),
        (PledgeKind.MATERIAL, 2, "梯子", "amount_without"),
        (PledgeKind.MATERIAL, None, "两把梯子", ""),
    ],
)
def test_a_pledge_is_exact(kind: PledgeKind, amount: int | None, what: str, code: str):
    assert code_of(why_not_pledge(kind, amount, what)) == code


@both
def test_pledges_are_told_of_when_their_solution_wins_and_kept_before_others(cast: Cast, number: str):
    solution_id, other = a_solution(cast.resident, number), a_solution(cast.owner, number, SENSORS)
    money = make_pledge(cast.owner, number, kind=PledgeKind.MONEY, amount=5_050, solution_id=solution_id)
    hours = make_pledge(cast.tenant, number, kind=PledgeKind.TIME, amount=3)
    make_pledge(cast.neighbour, number, kind=PledgeKind.MATERIAL, what="两把梯子", solution_id=other)
    assert call_pledges(CLOCK, version_of(solution_id).id) == 2
    told = audience(last_entry())
    assert {cast.owner.person_id, cast.tenant.person_id} <= set(told)
    assert call_pledges(CLOCK, version_of(solution_id).id) == 0
    with refused("not_who_sees_to_it"):
        keep_pledge(cast.owner, money.id)
    keep_pledge(cast.moderator, money.id)
    with refused("not_your_pledge"):
        withdraw_pledge(cast.owner, hours.id)
    withdraw_pledge(cast.tenant, hours.id)
    with refused("pledge_settled"):
        withdraw_pledge(cast.owner, money.id)
    sums = pledge_sums(problem_for(cast.resident, number).id)
    assert [(each.kind, each.amount) for each in sums[PledgeState.KEPT]] == [(PledgeKind.MONEY, 5_050)]


def test_what_was_promised_or_proposed_for_an_organization_is_its_own_after_somebody_left_it():
    left, serves = Actor(7, "甲"), Actor(8, "乙", (Standing(1, Role.OFFICIAL, HERE, organization_id=3),))
    pledge, own = Pledged(PledgeState.PLEDGED, 7, 3), Pledged(PledgeState.PLEDGED, 7, None)
    assert [pledges.is_own(by, pledge) for by in (left, serves)] == [False, True]
    assert [pledges.is_own(by, own) for by in (left, serves)] == [True, False]
    keeper = Actor(7, "甲", (Standing(2, Role.MODERATOR, HERE, organization_id=4),))
    dossier = Dossier(HERE, ended=False, hidden=False)
    assert code_of(why_not_keep(keeper, dossier, pledge)) == "own_pledge"
    change = Change(AmendmentState.PROPOSED, 7, 3, 7, 3, 1, 1)
    assert [changes.is_own(by, change) for by in (left, serves)] == [False, True]
    assert [changes.answers(by, HERE, change) for by in (left, serves)] == [False, True]


def test_who_leaves_owes_nothing_and_says_no_more_what_is_at_stake(cast: Cast, number: str):
    make_pledge(cast.tenant, number, kind=PledgeKind.TIME, amount=3)
    state_interest(cast.tenant, number, kind=InterestKind.USER, words="夜里下班")
    forget_person(cast.tenant.person_id or 0, words=False)
    assert session().scalars(select(Pledge.state)).all() == [PledgeState.WITHDRAWN]
    assert count(Interest) == 0


def test_who_leaves_takes_their_words_along_and_leaves_those_of_an_organization(cast: Cast, number: str):
    conclude_deliberation(cast.moderator, number, words="大家同意每层装一盏小夜灯。")
    outcome_id = outcomes(cast.tenant, problem_for(cast.resident, number))[0].id
    file_minority(cast.tenant, outcome_id, text="整夜亮着，一楼睡不着，应当装感应灯。")
    make_pledge(cast.tenant, number, kind=PledgeKind.MATERIAL, what="两把梯子")
    forget_person(cast.tenant.person_id or 0, words=False)
    assert session().scalars(select(Pledge.what)).one() == "两把梯子"
    forget_person(cast.tenant.person_id or 0, words=True)
    session().flush()
    assert session().scalars(select(Pledge.what)).one() == ERASED
    assert session().scalars(select(MinorityOpinion.text)).one() == ERASED
    session().execute(update(MinorityOpinion).values(organization_id=1, text="单位的话。"))
    forget_person(cast.tenant.person_id or 0, words=True)
    assert session().scalars(select(MinorityOpinion.text)).one() == "单位的话。"


# Those who disagree --------------------------------------------------------------------------------------------------


@both
def test_a_minority_is_heard_beside_the_consensus(cast: Cast, number: str):
    conclude_deliberation(cast.moderator, number, words="大家同意每层装一盏小夜灯。")
    problem = problem_for(cast.resident, number)
    (outcome,) = outcomes(cast.tenant, problem)
    assert (outcome.kind, outcome.statement) == (OutcomeKind.CONSENSUS, "大家同意每层装一盏小夜灯。")
    opinion = file_minority(cast.tenant, outcome.id, text="整夜亮着，一楼睡不着，应当装感应灯。")
    with refused("already_signed"):
        sign_minority(cast.tenant, opinion.id)
    sign_minority(cast.owner, opinion.id)
    with refused("not_of_this_place"):
        sign_minority(cast.outsider, opinion.id)
    ((shown,),) = [each.opinions for each in outcomes(cast.owner, problem)]
    assert (shown.signed, len(shown.signers), shown.own) == (2, 2, True)
    unsign_minority(cast.owner, opinion.id)
    assert count(MinoritySigner) == 1
    assert note_outcome(CLOCK, problem.id, OutcomeKind.CONSENSUS, outcome.subject_id).id == outcome.id
    assert count(Outcome) == 1
    with time_machine.travel(now() + HEARD_FOR + timedelta(minutes=1), tick=False):
        with refused("minority_too_late"):
            file_minority(cast.owner, outcome.id, text="太晚了的另一份少数意见。")
        with refused("minority_too_late"):
            unsign_minority(cast.tenant, opinion.id)


def test_a_person_writes_one_minority_opinion_also_after_taking_the_name_back(cast: Cast, number: str):
    conclude_deliberation(cast.moderator, number, words="大家同意每层装一盏小夜灯。")
    problem = problem_for(cast.resident, number)
    outcome_id = outcomes(cast.tenant, problem)[0].id
    opinion_id = file_minority(cast.tenant, outcome_id, text="整夜亮着，一楼睡不着，应当装感应灯。").id
    unsign_minority(cast.tenant, opinion_id)
    with refused("filed_already"):
        file_minority(cast.tenant, outcome_id, text="换一份写，还是应当装感应灯。")
    assert code_of(outcomes(cast.tenant, problem)[0].why_not_file) == "filed_already"
    sign_minority(cast.tenant, opinion_id)


def test_whoever_has_three_changes_unanswered_waits(cast: Cast, number: str):
    solution_id = a_solution(cast.resident, number)
    for n in range(1, 4):
        first = propose_amendment(cast.tenant, solution_id, content=dataclasses.replace(LAMPS, cost=n), why=WHY).id
    with refused("amendments_waiting"):
        propose_amendment(cast.tenant, solution_id, content=SENSORS, why=WHY)
    propose_amendment(cast.owner, solution_id, content=SENSORS, why=WHY)
    withdraw_amendment(cast.tenant, first)
    propose_amendment(cast.tenant, solution_id, content=SENSORS, why=WHY)


def many_opinions(cast: Cast, number: str, many: int) -> int:
    """Put so many minority opinions beside a consensus, and return the outcome."""
    conclude_deliberation(cast.moderator, number, words="大家同意每层装一盏小夜灯。")
    problem = problem_for(cast.resident, number)
    (outcome,) = outcomes(cast.resident, problem)
    add_opinions(cast, outcome.id, 1, many)
    return outcome.id


def add_opinions(cast: Cast, outcome_id: int, first: int, last: int) -> None:
    for n in range(first, last + 1):
        said = {
            "text": f"第 {n} 个理由：整夜亮着睡不着。",
            "salt": "s",
            "person_id": cast.neighbour.person_id,
            "at": now(),
        }
        session().add(MinorityOpinion(outcome_id=outcome_id, number=n, **said))
    session().commit()


@both
def test_a_hundred_and_twenty_who_disagree_are_all_read_page_by_page(cast: Cast, number: str, client_of: Any):
    outcome_id = many_opinions(cast, number, 119)
    last = file_minority(cast.tenant, outcome_id, text="应当装感应灯，不要常亮。")
    assert last.number == 120
    problem = problem_for(cast.resident, number)
    (beside,) = outcomes(cast.tenant, problem)
    assert ([each.number for each in beside.opinions], beside.count, beside.more) == (list(range(1, 11)), 120, 110)
    assert (beside.own, beside.own_id) == (120, last.id)
    reader, path, read = client_of("tenant"), f"/outcomes/{outcome_id}/opinions", []
    shown = reader.get(f"/problems/{number}/outcomes").text
    assert "还有 110 份少数意见" in shown
    assert f"/outcomes/{outcome_id}/opinions?after=10" in shown
    assert "您在少数意见 120 上署了名" in shown
    next_path = path
    while next_path:
        text = reader.get(next_path).text
        read += re.findall(r'id="minority-(\d+)"', text)
        found = re.search(r'rel="next"\s+href="([^"]+)"', text)
        next_path = found.group(1) if found else ""
    assert len(read) == len(set(read)) == 120
    assert "撤回署名" in reader.get(f"/minority/{last.id}").text
    outside = client_of(None)
    assert 'rel="prev"' in outside.get(f"{path}?before=61").text
    heard, mark = [], ""
    while True:
        part = outside.get(f"/api/v1/outcomes/{outcome_id}/minority", query_string={"after": mark} if mark else {}).json
        heard += [each["number"] for each in part["items"]]
        mark = part["next"]
        if not mark:
            break
    assert heard == list(range(1, 121))
    (listed,) = outside.get(f"/api/v1/problems/{number}/outcomes").json["items"]
    assert (len(listed["minority"]), listed["minority_count"]) == (10, 120)


def test_many_who_disagree_cost_as_many_queries_as_a_few(cast: Cast, number: str, counted: Any):
    outcome_id = many_opinions(cast, number, 3)
    problem, outcome = problem_for(cast.resident, number), session().get_one(Outcome, outcome_id)
    first = session().scalars(select(MinorityOpinion).order_by(MinorityOpinion.id).limit(1)).one()
    sign_minority(cast.owner, first.id)

    def costs() -> list[int]:
        spent = []
        for read in (
            lambda: outcomes(cast.owner, problem),
            lambda: minority_of(cast.owner, outcome, problem),
            lambda: signers_of(problem, first),
        ):
            with counted() as queries:
                read()
            spent.append(len(queries.statements))
        return spent

    costs()  # what is read once and kept is read
    few = costs()
    add_opinions(cast, outcome_id, 4, 120)
    for by in (cast.tenant, cast.resident, cast.landlord):
        sign_minority(by, first.id)
    costs()
    assert costs() == few


def test_an_opinion_names_the_first_who_signed_it_and_its_own_page_names_all(
    cast: Cast, number: str, client_of: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dissenting, "NAMED_SIGNERS", 2)
    monkeypatch.setattr(dissenting, "SIGNERS_A_PAGE", 3)
    outcome_id = many_opinions(cast, number, 0)
    opinion = file_minority(cast.tenant, outcome_id, text="应当装感应灯，不要常亮。")
    for by in (cast.owner, cast.resident, cast.landlord):
        sign_minority(by, opinion.id)
    outside = client_of(None)
    shown = outside.get(f"/problems/{number}/outcomes").text
    assert ("4 人署名" in shown, "还有 2 人" in shown) == (True, True)
    whole = outside.get(f"/minority/{opinion.id}").text
    assert len(set(re.findall(r"住户 \d+", whole))) == 3
    (rest,) = re.findall(rf"/minority/{opinion.id}\?after=(\d+)", whole)
    assert len(outside.get(f"/api/v1/minority/{opinion.id}/signers").json["items"]) == 3
    assert len(outside.get(f"/api/v1/minority/{opinion.id}/signers?after={rest}").json["items"]) == 1


def test_the_minority_of_a_hidden_matter_is_read_by_nobody_outside(cast: Cast, number: str, client_of: Any):
    outcome_id = many_opinions(cast, number, 1)
    opinion_id = session().scalars(select(MinorityOpinion.id)).one()
    problem = problem_for(cast.resident, number)
    session().execute(update(type(problem)).where(type(problem).id == problem.id).values(hidden=True))
    session().commit()
    for path in (f"/outcomes/{outcome_id}/opinions", f"/minority/{opinion_id}"):
        assert client_of("outsider").get(path).status_code == 404


def test_a_hidden_matter_collects_no_opinions(cast: Cast):
    at = datetime(2026, 11, 2, tzinfo=UTC)
    refusal = why_not_file(cast.owner, HERE, hidden=True, until=at + HEARD_FOR, at=at, signed=False)
    assert code_of(refusal) == "problem_hidden"


# Pages ---------------------------------------------------------------------------------------------------------------


def test_a_change_is_proposed_read_and_taken_in_on_pages(cast: Cast, number: str, client_of: Any):
    solution_id = a_solution(cast.resident, number)
    amender, author = client_of("tenant"), client_of("resident")
    new = f"/solutions/{solution_id}/amendments"
    form = amender.get(f"{new}/new").get_data(as_text=True)
    assert LAMPS.text in form
    said = {"title": LAMPS.title, "text": SENSORS.text, "cost": "900", "why": WHY, "bears": "一楼的住户"}
    posted = amender.post(new, data=said)
    assert posted.status_code == 303
    read = author.get(posted.location).get_data(as_text=True)
    assert "常</del>" in read
    assert "人来才</ins>" in read
    amendment_id = session().scalars(select(Amendment.id)).one()
    assert author.post(f"/amendments/{amendment_id}/acceptance", data={}).status_code == 303
    assert [each.version for each in solutions(problem_for(cast.resident, number).id)] == [2]
    assert "一楼的住户" in author.get(f"/problems/{number}/comparison").get_data(as_text=True)
