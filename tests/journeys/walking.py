"""Steps that several journeys share, done with the commands people use."""

from __future__ import annotations

from cogov.cases.commands import (
    accept_case,
    acknowledge_case,
    close_case,
    dispatch_case,
    feed_back_case,
    file_case,
    handle_case,
    no_call_needed,
    pass_case,
    verify_case,
)
from cogov.cases.queries import open_case_of
from cogov.ground.db import session
from cogov.problems.commands import raise_problem
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from tests.cast import Cast


def raise_something(cast: Cast, by: str = "resident", **told: object) -> str:
    """Raise a problem and return its number."""
    longitude, latitude = cast.inside
    told = {"text": "3 号楼东侧的井盖没了，晚上差点掉下去。", "longitude": longitude, "latitude": latitude, **told}
    return raise_problem(getattr(cast, by), community_id=cast.community_id, **told).problem.number  # type: ignore[arg-type]


def look(cast: Cast, number: str, by: str = "resident") -> Problem:
    """Return a problem as it is now."""
    session().rollback()
    session().expire_all()
    return problem_for(getattr(cast, by), number)


def case_id_of(cast: Cast, number: str) -> int:
    """Return the open case of a problem."""
    case = open_case_of(look(cast, number, "street_office").id)
    assert case is not None, "the problem has no open case"
    return case.id


def to_the_body(cast: Cast, case_id: int, body: str, duty: str) -> None:
    """Verify, accept, file, dispatch and acknowledge a case."""
    verify_case(cast.grid_worker, case_id)
    accept_case(cast.inspector, case_id)
    file_case(cast.inspector, case_id)
    dispatch_case(
        cast.dispatcher, case_id, body_id=cast.organizations[body], duty_item_id=cast.duty_items[duty], basis="权责清单"
    )
    acknowledge_case(cast.official, case_id)


def settle(cast: Cast, case_id: int) -> None:
    """Handle, inspect, feed back and close a case."""
    no_call_needed(cast.dispatcher, case_id, words="一家单位就能办好")
    handle_case(cast.official, case_id, words="飞线已经拆除，楼道清理完毕。")
    pass_case(cast.inspector, case_id, words="到场看过，已经拆除")
    feed_back_case(cast.inspector, case_id, words="消防大队已经拆除飞线，请看看是不是好了。")
    close_case(cast.closer, case_id)
