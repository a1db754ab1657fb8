"""Every step against everybody who may not take it, and the separation of those who handle, command and supervise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import pytest
from sqlalchemy import func, select

from cogov.cases.commands import (
    accept_case,
    acknowledge_case,
    answer_call,
    call_bodies,
    close_case,
    dispatch_case,
    feed_back_case,
    file_case,
    handle_case,
    no_call_needed,
    pass_case,
    refuse_case,
    return_case,
    rework_case,
    verify_case,
)
from cogov.cases.models import Case, Step
from cogov.cases.queries import case_view
from cogov.cases.rules import ACTS, ENDED, CaseState, RefusalReason, StepKind, next_acts
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import ANYONE, Actor, Role
from tests.cases.scene import STATES, a_case, also, walked
from tests.cast import ELSEWHERE, HERE, Cast

EVERYBODY = tuple(field.name for field in fields(Cast) if field.type == "Actor")

Do = Callable[[Cast, Actor, int], object]

DO: dict[StepKind, Do] = {
    StepKind.VERIFY: lambda _, by, case: verify_case(by, case),
    StepKind.ACCEPT: lambda _, by, case: accept_case(by, case),
    StepKind.REFUSE: lambda _, by, case: refuse_case(by, case, reason=RefusalReason.OTHER_CHANNEL, words="走别处"),
    StepKind.FILE: lambda _, by, case: file_case(by, case),
    StepKind.DISPATCH: lambda cast, by, case: dispatch_case(
        by, case, body_id=cast.organizations["fire"], words="按职责"
    ),
    StepKind.ACKNOWLEDGE: lambda _, by, case: acknowledge_case(by, case),
    StepKind.RETURN: lambda _, by, case: return_case(by, case, words="不归我们"),
    StepKind.CALL: lambda cast, by, case: call_bodies(
        by, case, organization_ids=[cast.organizations["property"]], ask="来"
    ),
    StepKind.NO_CALL: lambda _, by, case: no_call_needed(by, case, words="一家可以"),
    StepKind.HANDLE: lambda _, by, case: handle_case(by, case, words="办完了"),
    StepKind.PASS: lambda _, by, case: pass_case(by, case),
    StepKind.REWORK: lambda _, by, case: rework_case(by, case, words="还有"),
    StepKind.FEED_BACK: lambda _, by, case: feed_back_case(by, case, words="请看"),
    StepKind.CLOSE: lambda _, by, case: close_case(by, case),
}

MAY: dict[StepKind, set[str]] = {
    StepKind.VERIFY: {"grid_worker", "inspector", "closer"},
    StepKind.ACCEPT: {"inspector", "closer"},
    StepKind.REFUSE: {"inspector", "closer"},
    StepKind.FILE: {"inspector", "closer"},
    StepKind.DISPATCH: {"dispatcher"},
    StepKind.ACKNOWLEDGE: {"official"},
    StepKind.RETURN: {"official"},
    StepKind.CALL: {"official", "dispatcher"},
    StepKind.NO_CALL: {"dispatcher"},
    StepKind.HANDLE: {"official"},
    StepKind.PASS: {"inspector"},
    StepKind.REWORK: {"inspector"},
    StepKind.FEED_BACK: {"inspector", "closer"},
    StepKind.CLOSE: {"closer"},
}

AT: dict[StepKind, CaseState] = {
    kind: next(state for state in reversed(STATES) if state in ACTS[kind].states) for kind in DO
}


def steps(case: Case) -> int:
    return session().scalar(select(func.count()).select_from(Step).where(Step.case_id == case.id)) or 0


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        do()
    return refused.value.refusal.code


@pytest.mark.parametrize("kind", DO, ids=str)
def test_a_step_is_refused_for_every_wrong_role_and_nothing_is_written(cast: Cast, kind: StepKind) -> None:
    case = walked(cast, AT[kind])
    before = steps(case), session().scalar(select(func.count()).select_from(JournalEntry))
    wrong = [name for name in EVERYBODY if name not in MAY[kind]]
    for name in wrong:
        assert code_of(lambda name=name: DO[kind](cast, getattr(cast, name), case.id)) == "not_your_step", name  # type: ignore[misc]
    assert code_of(lambda: DO[kind](cast, ANYONE, case.id)) == "not_your_step"
    assert (steps(case), session().scalar(select(func.count()).select_from(JournalEntry))) == before


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in DO for name in sorted(MAY[kind])], ids=str)
def test_a_step_is_open_to_each_of_its_own_side(cast: Cast, kind: StepKind, name: str) -> None:
    # At the last state that allows it, but for 联动, which is stamped by then on the straight way.
    case = walked(cast, CaseState.HANDLING if kind is StepKind.NO_CALL else AT[kind])
    if kind is StepKind.HANDLE:
        no_call_needed(cast.dispatcher, case.id, words="一家可以")
    before = steps(case)
    DO[kind](cast, getattr(cast, name), case.id)
    assert steps(case) == before + 1


@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_step_out_of_its_time_is_refused_for_its_own_side(cast: Cast, state: CaseState) -> None:
    case = walked(cast, state)
    before = steps(case)
    for kind, do in DO.items():
        if kind in next_acts(state):
            continue
        name = max(MAY[kind])
        assert code_of(lambda do=do, name=name: do(cast, getattr(cast, name), case.id)) in {  # type: ignore[misc]
            "not_now",
            "not_your_step",
        }, kind
    assert steps(case) == before


def test_the_cast_is_asked_in_full() -> None:
    assert len(EVERYBODY) == 23
    assert set().union(*MAY.values()) < set(EVERYBODY)


def test_a_called_body_alone_answers_its_call(cast: Cast) -> None:
    case = walked(cast, CaseState.HANDLING)
    (call,) = call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
    for name in EVERYBODY:
        if name != "called_official":
            assert code_of(lambda name=name: answer_call(getattr(cast, name), call.id, words="到")) == "not_your_step"  # type: ignore[misc]
    answer_call(cast.called_official, call.id, words="到了")


@pytest.mark.parametrize("kind", [StepKind.PASS, StepKind.REWORK, StepKind.FEED_BACK, StepKind.CLOSE], ids=str)
def test_who_works_for_the_executor_never_judges_its_work_even_with_a_mandate_of_the_centre(
    cast: Cast, kind: StepKind
) -> None:
    name = "closer" if kind is StepKind.CLOSE else "inspector"
    person = also(getattr(cast, name), Role.OFFICIAL, cast.organizations["fire"])
    case = a_case(cast)
    other = also(cast.neighbour, Role.INSPECTOR, cast.organizations["supervision"])
    again = also(cast.owner, Role.CLOSER, cast.organizations["supervision"])
    verify_case(cast.grid_worker, case.id)
    accept_case(other, case.id)
    file_case(other, case.id)
    dispatch_case(cast.dispatcher, case.id, body_id=cast.organizations["fire"], words="按职责")
    acknowledge_case(cast.official, case.id)
    no_call_needed(cast.dispatcher, case.id, words="一家可以")
    handle_case(cast.official, case.id, words="办完了")
    if kind in {StepKind.FEED_BACK, StepKind.CLOSE}:
        pass_case(other, case.id)
    if kind is StepKind.CLOSE:
        feed_back_case(again, case.id, words="请看")
    assert code_of(lambda: DO[kind](cast, person, case.id)) == "own_work"
    # Acting for the centre at this moment changes nothing.
    acting = person.under(next(held for held in person.standings if held.role is not Role.OFFICIAL))
    assert code_of(lambda: DO[kind](cast, acting, case.id)) == "own_work"


def test_who_works_for_a_called_body_does_not_inspect_either(cast: Cast) -> None:
    person = also(cast.inspector, Role.OFFICIAL, cast.organizations["property"])
    case = walked(cast, CaseState.HANDLING)
    (call,) = call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
    answer_call(cast.called_official, call.id, words="到了")
    handle_case(cast.official, case.id, words="办完了")
    assert code_of(lambda: pass_case(person, case.id)) == "own_work"


def test_who_handled_does_not_inspect_after_leaving_the_executor(cast: Cast) -> None:
    """The mandate of the body may have ended between the two acts; the person is still the same."""
    case = walked(cast, CaseState.HANDLED)
    person = also(cast.official, Role.INSPECTOR, cast.organizations["supervision"])
    left = Actor(
        person.person_id, person.pseudonym, tuple(held for held in person.standings if held.role is Role.INSPECTOR)
    )
    assert code_of(lambda: pass_case(left, case.id)) == "own_work"


def test_who_accepted_a_case_does_not_dispatch_it(cast: Cast) -> None:
    case = walked(cast, CaseState.FILED)
    both = also(cast.inspector, Role.DISPATCHER, cast.organizations["command"], HERE)
    assert (
        code_of(lambda: dispatch_case(both, case.id, body_id=cast.organizations["fire"], words="按职责")) == "two_axes"
    )


def test_who_dispatched_a_case_does_not_inspect_it(cast: Cast) -> None:
    case = walked(cast, CaseState.HANDLED)
    both = also(cast.dispatcher, Role.INSPECTOR, cast.organizations["supervision"])
    assert code_of(lambda: pass_case(both, case.id)) == "two_axes"


def test_who_inspected_a_case_does_not_handle_its_next_round(cast: Cast) -> None:
    case = walked(cast, CaseState.HANDLED)
    rework_case(cast.inspector, case.id, words="还有")
    both = also(cast.inspector, Role.OFFICIAL, cast.organizations["fire"])
    assert code_of(lambda: handle_case(both, case.id, words="我来办")) == "two_axes"


def test_who_inspected_a_round_does_not_close_it(cast: Cast) -> None:
    case = walked(cast, CaseState.FED_BACK)
    both = also(cast.inspector, Role.CLOSER, cast.organizations["supervision"])
    assert code_of(lambda: close_case(both, case.id)) == "inspector_closes"
    close_case(cast.closer, case.id)


def test_an_official_of_another_body_or_another_place_has_no_part_in_it(cast: Cast) -> None:
    case = walked(cast, CaseState.DISPATCHED)
    water = also(cast.neighbour, Role.OFFICIAL, cast.organizations["water"])
    away = also(cast.owner, Role.OFFICIAL, cast.organizations["fire"], ELSEWHERE)
    assert code_of(lambda: acknowledge_case(water, case.id)) == "not_your_step"
    assert code_of(lambda: acknowledge_case(away, case.id)) == "not_your_step"


def test_a_grid_worker_of_another_place_verifies_nothing_here(cast: Cast) -> None:
    away = also(cast.neighbour, Role.GRID_WORKER, cast.organizations["foreign_committee"], ELSEWHERE)
    case = a_case(cast)
    assert code_of(lambda: verify_case(away, case.id)) == "not_your_step"


@pytest.mark.parametrize("state", STATES, ids=str)
def test_what_a_page_offers_is_what_the_command_would_say(cast: Cast, state: CaseState) -> None:
    case = walked(cast, state)
    for name in EVERYBODY:
        by = getattr(cast, name)
        offers = {offer.kind: offer for offer in case_view(by, case).offers}
        if state in ENDED:
            assert offers == {}
        for kind, offer in offers.items():
            assert name in MAY[kind], (name, kind)
            if offer.refusal is not None:
                assert code_of(lambda kind=kind, by=by: DO[kind](cast, by, case.id)) in {  # type: ignore[misc]
                    offer.refusal.code,
                    "not_now",
                }
