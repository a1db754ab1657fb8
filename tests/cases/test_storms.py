"""Many at once: exactly one of them has the effect, the others are told so."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from cogov.cases.commands import acknowledge_case, answer_call, call_bodies, close_case, open_case
from cogov.cases.models import Case, Stamp, Step
from cogov.cases.rules import CaseState, StampKind, StepKind
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK, Role
from tests.cases.scene import a_problem, also, walked
from tests.cast import Cast
from tests.databases import both
from tests.storms import at_once

pytestmark = pytest.mark.storm


def count(kind: str) -> int:
    query = select(func.count()).select_from(JournalEntry).where(JournalEntry.kind == kind)
    return session().scalar(query) or 0


def refusals(results: list[object]) -> list[str]:
    others = [result for result in results if isinstance(result, Exception) and not isinstance(result, Refused)]
    assert others == []
    return [result.refusal.code for result in results if isinstance(result, Refused)]


@both
def test_fifty_closures_at_once_close_once(app: Flask, cast: Cast) -> None:
    case_id = walked(cast, CaseState.FED_BACK).id
    session().remove()
    results = at_once(app, 50, lambda _: close_case(cast.closer, case_id))
    assert len(refusals(list(results))) == 49
    session().remove()
    closing = select(func.count()).select_from(Step).where(Step.kind == StepKind.CLOSE)
    assert session().scalar(closing) == 1
    assert count("CaseClosed") == 1
    assert session().get_one(Case, case_id).state is CaseState.CLOSED


@both
def test_fifty_openings_at_once_open_one_case(app: Flask, cast: Cast) -> None:
    problem_id = a_problem(cast).id
    session().remove()
    results = at_once(app, 50, lambda _: open_case(CLOCK, problem_id=problem_id).id)
    assert refusals(list(results)) == []
    assert len(set(results)) == 1
    session().remove()
    assert count("CaseOpened") == 1


@both
def test_acknowledgements_and_answers_at_once_stamp_once(app: Flask, cast: Cast) -> None:
    case_id = walked(cast, CaseState.DISPATCHED).id
    second = also(cast.neighbour, Role.OFFICIAL, cast.organizations["fire"])
    session().remove()
    results = at_once(app, 20, lambda n: acknowledge_case(second if n % 2 else cast.official, case_id))
    assert len(refusals(list(results))) == 19
    session().remove()
    street = also(cast.street_office, Role.OFFICIAL, cast.organizations["street"])
    asked = [cast.organizations["property"], cast.organizations["street"]]
    calls = [call.id for call in call_bodies(cast.official, case_id, organization_ids=asked, ask="来")]
    session().remove()
    answers = at_once(
        app, 20, lambda n: answer_call(street if n % 2 else cast.called_official, calls[n % 2], words="到了")
    )
    assert len(refusals(list(answers))) == 18
    session().remove()
    joint = select(func.count()).select_from(Stamp).where(Stamp.kind == StampKind.JOINT)
    assert session().scalar(joint) == 1
    assert count("CallAnswered") == 2
