"""What the desk holds besides cases, templates, pauses of the clock, and refusals that say where to turn."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cogov.cases.commands import acknowledge_case, handle_case, no_call_needed, pause_case, resume_case
from cogov.cases.models import Step
from cogov.cases.queries import DeskFilter, DeskKind, DeskSearch, counts, desk
from cogov.cases.rules import ACTS, CaseState, StepKind
from cogov.cases.rules.steps import not_yours
from cogov.cases.rules.templates import template_called, templates_for
from cogov.duties.queries import running
from cogov.duties.rules.duty import MatterKey, MatterKind
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import found, session
from cogov.ground.refusals import Refused
from cogov.journal.transaction import transaction
from cogov.people.rules import CLOCK
from cogov.threads.commands import answer_concern, due_concern, raise_concern
from tests.cases.scene import a_case, a_problem, walked
from tests.cast import Cast

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WIRES = MatterKey("cogov", MatterKind.COMMUNITY, "C103")
ClientOf = Callable[[str | None], Any]
Counted = Callable[[], AbstractContextManager[Any]]


# What else waits ------------------------------------------------------------------------------------------------------


def with_concern(cast: Cast, number: str = "2026-0001") -> Any:
    """Return a concern about a problem that the fire brigade is accountable for."""
    problem = a_problem(cast, number)
    walked(cast, CaseState.HANDLING, a_case(cast, problem))
    with transaction():
        session().merge(problem).accountable_id = cast.organizations["fire"]
    return raise_concern(cast.neighbour, number, harm="充电棚挡住救护车", remedy="出一份回车半径的意见")


def test_a_concern_lies_on_the_desk_of_the_body_that_is_accountable_until_it_is_answered(cast: Cast) -> None:
    concern = with_concern(cast)
    kinds = [row.kind for row in desk(cast.official).rows]
    assert sorted(kinds) == [DeskKind.CASE, DeskKind.CONCERN]
    assert counts(cast.official).mine == 2
    row = next(row for row in desk(cast.official).rows if row.kind is DeskKind.CONCERN)
    assert (row.title, row.subject_id, row.case_id) == ("充电棚挡住救护车", concern.id, None)
    assert desk(cast.called_official).rows == ()
    answer_concern(cast.official, concern.id, text="转弯够用，意见附后")
    assert [row.kind for row in desk(cast.official).rows] == [DeskKind.CASE]
    assert counts(cast.official).mine == 1


def test_a_concern_nobody_answered_in_time_comes_to_the_street_office(cast: Cast) -> None:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        concern = with_concern(cast)
        assert desk(cast.street_office).rows == ()
        traveller.shift(timedelta(days=30))
        due_concern(CLOCK, concern.id)
        assert DeskKind.CONCERN in {row.kind for row in desk(cast.street_office, DeskFilter.LATE).rows}


def test_a_concern_is_answered_beside_the_list_and_the_desk_comes_back(cast: Cast, client_of: ClientOf) -> None:
    concern = with_concern(cast)
    client = client_of("official")
    text = client.get(f"/desk?concern={concern.id}").get_data(as_text=True)
    assert "出一份回车半径的意见" in text
    action = f"/concerns/{concern.id}/answer?then=/desk"
    assert f'action="{action}"' in text
    said = {"text": "转弯够用，意见附后", "version": "", "acting": str(cast.official.standings[0].id)}
    answer = client.post(action, {**said, "once": client.once})
    assert answer.location == "/desk"


def test_a_desk_is_narrowed_by_kind_words_urgency_and_what_came_back(cast: Cast) -> None:
    with_concern(cast)
    walked(cast, CaseState.HANDLING, a_case(cast, a_problem(cast, "2026-0002", emergency=True, title="冒烟的电表箱")))

    def titles(**search: Any) -> list[str]:
        return [row.title for row in desk(cast.official, search=DeskSearch(**search)).rows]

    assert titles(kind=DeskKind.CONCERN) == ["充电棚挡住救护车"]
    assert titles(words="电表") == ["冒烟的电表箱"]
    assert titles(words="2026-0002") == ["冒烟的电表箱"]
    assert titles(words="100%") == []
    assert titles(urgent=True) == ["冒烟的电表箱"]
    assert titles(again=True) == []
    assert len(titles()) == 3


def test_a_condition_stands_in_the_address_and_every_link_keeps_it(cast: Cast, client_of: ClientOf) -> None:
    walked(cast, CaseState.HANDLING, a_case(cast, a_problem(cast, "2026-0002", emergency=True, title="冒烟的电表箱")))
    text = client_of("official").get("/desk?urgent=1&words=电表").get_data(as_text=True)
    assert "urgent=1" in text.split('class="desk-list"')[1].split("</nav>")[0]
    assert "去掉条件" in text
    empty = client_of("official").get("/desk?words=没有这样的").get_data(as_text=True)
    assert "没有符合这些条件的事" in empty


@pytest.mark.parametrize(
    ("part", "sentence"),
    [("mine", "现在没有等您办的事"), ("today", "今天没有到期的案件"), ("late", "没有逾期的案件")],
)
def test_an_empty_part_says_what_is_so(part: str, sentence: str, cast: Cast, client_of: ClientOf) -> None:
    assert sentence in client_of("official").get(f"/desk?part={part}").get_data(as_text=True)


def test_a_page_of_the_desk_costs_the_same_with_one_case_and_with_forty(
    cast: Cast, client_of: ClientOf, counted: Counted
) -> None:
    client = client_of("inspector")

    def cost() -> int:
        session().rollback()
        with counted() as number:
            assert client.get("/desk").status_code == 200
        return int(number)

    a_case(cast, a_problem(cast, "2026-0001"))
    cost()
    few = cost()
    for index in range(40):
        a_case(cast, a_problem(cast, f"2026-{index + 100:04d}"))
    assert cost() == few <= 45


# Templates ------------------------------------------------------------------------------------------------------------


def test_every_act_has_templates_and_a_matter_has_its_own_first() -> None:
    assert {kind for kind in ACTS if not templates_for(kind)} == set()
    codes = [template.code for template in templates_for(StepKind.HANDLE, WIRES)]
    assert codes[:2] == ["C103-1", "C103-2"]
    assert codes[2:] == [template.code for template in templates_for(StepKind.HANDLE)]
    assert len(set(codes)) == len(codes)
    assert templates_for(StepKind.OPEN) == ()
    assert template_called("C103-1", StepKind.RETURN, WIRES) is None


@pytest.mark.parametrize("kind", list(ACTS))
def test_a_template_is_whole_short_and_recognized_on_any_day(kind: StepKind) -> None:
    for template in templates_for(kind, WIRES):
        said = template.on("12 月 31 日")
        assert "{" not in said
        assert 2 <= len(template.title) <= 14
        assert len(template.code) <= 16
        assert template.kept_in(said)
        assert template.kept_in(template.on("1 月 2 日") + "\n")
        assert not template.kept_in(said + "又补了一句。")


def test_what_was_taken_and_whether_it_was_changed_is_kept_with_the_step(cast: Cast) -> None:
    problem = a_problem(cast)
    with transaction():
        session().merge(problem).matter_id = cast.matters["C103"]
    case = walked(cast, CaseState.DISPATCHED, a_case(cast, problem))
    plain = templates_for(StepKind.ACKNOWLEDGE)[0]
    acknowledge_case(cast.official, case.id, words=plain.text, template=plain.code)
    no_call_needed(cast.dispatcher, case.id, words="我自己写的", template="N-1")
    handle_case(cast.official, case.id, words="拆了", template="no-such-1")
    steps = {step.kind: (step.template, step.reworded) for step in session().scalars(select(Step))}
    assert steps[StepKind.ACKNOWLEDGE] == ("S-1", False)
    assert steps[StepKind.NO_CALL] == ("N-1", True)
    assert steps[StepKind.HANDLE] == ("", False)


# The clock ------------------------------------------------------------------------------------------------------------


def test_the_command_centre_pauses_and_resumes_the_clock_and_the_body_itself_may_not(
    cast: Cast, client_of: ClientOf
) -> None:
    case = walked(cast, CaseState.HANDLING)
    with pytest.raises(Refused) as refused:
        pause_case(cast.official, case.id, words="等材料")
    assert refused.value.refusal.code == "not_who_pauses"
    with pytest.raises(Refused) as refused:
        pause_case(cast.dispatcher, case.id, words="  ")
    assert refused.value.refusal.code == "words_needed"
    client = client_of("dispatcher")
    assert "暂停时钟" in client.get(f"/cases/{case.id}").get_data(as_text=True)
    answer = client.post(f"/cases/{case.id}/pauses", {"words": "等供电公司勘测", "once": client.once})
    assert answer.status_code == 303
    session().rollback()
    assert found(running(Purpose.CASE, case.id)).paused_at is not None
    page = client.get(f"/cases/{case.id}").get_data(as_text=True)
    assert "等供电公司勘测" in page
    assert "恢复时钟" in page
    resume_case(cast.street_office, case.id)
    assert found(running(Purpose.CASE, case.id)).paused_at is None
    assert client_of("official").post(f"/cases/{case.id}/pauses", {"words": "等材料"}).status_code == 403


# Refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(ACTS))
def test_who_may_not_do_an_act_is_told_who_may_what_next_and_where_to_turn(kind: StepKind) -> None:
    refusal = not_yours(kind)
    assert refusal.article == ACTS[kind].article
    assert str(refusal.what_next)
    assert str(refusal.appeal)
    about_the_body = "承办单位不对" in str(refusal.appeal)
    judged = {StepKind.PASS, StepKind.REWORK, StepKind.FEED_BACK, StepKind.CLOSE}
    taken = {StepKind.VERIFY, StepKind.ACCEPT, StepKind.REFUSE, StepKind.FILE}
    assert about_the_body is (kind not in judged | taken)


def test_whoever_may_not_close_is_not_told_of_a_wrong_body(cast: Cast, client_of: ClientOf) -> None:
    case = walked(cast, CaseState.FED_BACK)
    text = client_of("official").post(f"/cases/{case.id}/closure", {}).get_data(as_text=True)
    assert "结案员" in text
    assert "没修好就重开" in text
    assert "承办单位不对" not in text
