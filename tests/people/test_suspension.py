"""Suspension stops raising, seconding, speaking and claiming; it ends by itself and never takes away a ballot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.commands import agree_to_suspend, dismiss, grant_role, lift_suspension, open_sign_in, suspend_person
from cogov.people.models import RoleHeld, Suspension
from cogov.people.queries import actor_of, actor_signed_in
from cogov.people.rules import CLOCK, Actor, Role
from cogov.people.rules.suspension import SuspensionReason
from cogov.problems.commands import raise_problem, second_problem, triage_problem
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.tasks.commands import claim_task, open_task
from cogov.threads.commands import post_message, propose_solution, raise_concern
from cogov.threads.rules.messages import MessageKind
from tests.cast import DISTRICT, HERE, Cast
from tests.databases import both

TEXT = "楼道里的灯坏了一个多月，晚上看不见路。"


def suspended(cast: Cast, name: str, *, days: int = 10, scope: str = HERE, **rest: object) -> Suspension:
    return suspend_person(
        cast.administrator,
        person_id=getattr(cast, name).person_id,
        scope=scope,
        reason=SuspensionReason.FLOODING,
        until=now() + timedelta(days=days),
        **rest,  # type: ignore[arg-type]
    )


def fresh(cast: Cast, name: str) -> Actor:
    """Return a member of the cast as they stand now; the cast itself is shared by all tests."""
    return actor_of(getattr(cast, name).person_id)


def raised(cast: Cast, by: str = "resident") -> Problem:
    actor = fresh(cast, by)
    return raise_problem(actor, community_id=cast.community_id, grid_id=cast.grid_ids[0], text=TEXT).problem


def gathering(cast: Cast) -> str:
    number = raised(cast, "owner").number
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, words="共用部分由大家商量")
    return number


Act = Callable[[Cast, Actor, str], object]

ACTS: dict[str, Act] = {
    "raise": lambda cast, by, _: raise_problem(by, community_id=cast.community_id, grid_id=cast.grid_ids[0], text=TEXT),
    "second": lambda _, by, number: second_problem(by, number),
    "speak": lambda _, by, number: post_message(by, number, kind=MessageKind.REASON, text="晚上看不见台阶"),
    "concern": lambda _, by, number: raise_concern(by, number, harm="救护车会进不来", remedy="留出四米的通道"),
    "propose": lambda _, by, number: propose_solution(by, number, title="装声控灯", text="每层装一盏"),
    "claim": lambda cast, by, number: claim_task(
        by,
        open_task(cast.moderator, number, title="清理楼道", text="带手套", slots=2, days=7).id,
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_whoever_is_suspended_is_told_until_when_why_and_where_to_appeal(cast: Cast, act: str) -> None:
    number = gathering(cast)
    suspended(cast, "neighbour")
    with pytest.raises(Refused) as refused:
        ACTS[act](cast, fresh(cast, "neighbour"), number)
    refusal = refused.value.refusal
    assert (refusal.code, refusal.status) == ("suspended", 403)
    assert "原因：反复发同样的内容" in str(refusal.what_next)
    assert "街道办事处" in str(refusal.appeal)


@pytest.mark.parametrize("act", ACTS)
def test_a_suspension_ends_by_itself(cast: Cast, act: str) -> None:
    number = gathering(cast)
    suspended(cast, "neighbour", days=3)
    with time_machine.travel(now() + timedelta(days=3, minutes=1), tick=True):
        assert ACTS[act](cast, fresh(cast, "neighbour"), number)


def test_a_suspension_reaches_no_further_than_its_place(cast: Cast) -> None:
    suspended(cast, "neighbour", scope="990101001002")
    assert raised(cast, "neighbour").number
    assert fresh(cast, "neighbour").suspended
    suspended(cast, "neighbour", scope=DISTRICT)
    with pytest.raises(Refused, match="suspended"):
        raised(cast, "neighbour")


def test_what_a_mandate_obliges_to_goes_on(cast: Cast) -> None:
    number = raised(cast, "owner").number
    suspended(cast, "moderator")
    turn = triage_problem(fresh(cast, "moderator"), number, lane=Lane.B, reason=ReasonCode.COMMONS, words="大家商量")
    assert turn.lane is Lane.B


def test_the_device_of_a_suspended_person_stays_signed_in_and_knows(cast: Cast) -> None:
    token = open_sign_in(cast.neighbour, agent="tests").token
    suspended(cast, "neighbour")
    held = actor_signed_in(token)
    assert held is not None
    assert [each.reason for each in held[0].suspended] == [SuspensionReason.FLOODING]
    assert held[0].holds(HERE, Role.OWNER), "roles and with them the ballot stay"


@both
def test_a_long_suspension_waits_for_a_second_person(cast: Cast) -> None:
    row = suspended(cast, "neighbour", days=90)
    assert raised(cast, "neighbour") is not None
    with pytest.raises(Refused, match="second_person"):
        agree_to_suspend(cast.administrator, row.id)
    with pytest.raises(Refused, match="not_who_keeps"):
        agree_to_suspend(cast.moderator, row.id)
    agree_to_suspend(cast.street_office, row.id)
    with pytest.raises(Refused, match="suspended"):
        raised(cast, "neighbour")
    with pytest.raises(Refused, match="suspension_settled"):
        agree_to_suspend(cast.street_office, row.id)


@both
def test_the_schema_knows_who_proposed(cast: Cast) -> None:
    row = suspended(cast, "neighbour", days=90)
    stored = session().get_one(Suspension, row.id)
    stored.agreed_by = cast.administrator.person_id
    with pytest.raises(IntegrityError):
        session().flush()
    session().rollback()


def test_a_lifted_suspension_holds_no_more_and_nobody_lifts_their_own(cast: Cast) -> None:
    row = suspended(cast, "street_office")
    with pytest.raises(Refused, match="not_for_oneself"):
        lift_suspension(fresh(cast, "street_office"), row.id)
    lift_suspension(cast.administrator, row.id)
    assert fresh(cast, "street_office").suspended == ()
    with pytest.raises(Refused, match="suspension_over"):
        lift_suspension(cast.administrator, row.id)


@pytest.mark.parametrize(
    ("by", "person", "days", "code"),
    [
        ("moderator", "neighbour", 3, "not_who_keeps"),
        ("auditor", "neighbour", 3, "not_who_keeps"),
        ("street_office", "street_office", 3, "not_for_oneself"),
        ("street_office", "neighbour", 0, "until_past"),
        ("street_office", "neighbour", 366, "suspension_too_long"),
    ],
)
def test_who_suspends_whom_for_how_long_is_kept_to(cast: Cast, by: str, person: str, days: int, code: str) -> None:
    with pytest.raises(Refused, match=code):
        suspend_person(
            getattr(cast, by),
            person_id=getattr(cast, person).person_id,
            scope=HERE,
            reason=SuspensionReason.THREATS,
            until=now() + timedelta(days=days),
        )


def test_one_time_is_suspended_once(cast: Cast) -> None:
    suspended(cast, "neighbour")
    with pytest.raises(Refused, match="suspended_already"):
        suspended(cast, "neighbour", days=20)


def test_the_journal_keeps_a_code_and_no_words(cast: Cast) -> None:
    row = suspended(cast, "neighbour", days=90)
    agree_to_suspend(cast.street_office, row.id)
    lift_suspension(cast.administrator, row.id)
    query = select(JournalEntry.kind, JournalEntry.facts).order_by(JournalEntry.number.desc()).limit(3)
    kept = dict(session().execute(query).all())
    assert list(kept) == ["SuspensionLifted", "SuspensionAgreed", "PersonSuspended"]
    assert '"reason":"flooding"' in kept["PersonSuspended"].replace(" ", "")


# Roles -------------------------------------------------------------------------------------------------------------


def test_the_last_administrator_stays(cast: Cast) -> None:
    from_cast = cast.administrator.standings[0]
    with pytest.raises(Refused, match="last_administrator"):
        dismiss(CLOCK, from_cast.id)
    person = cast.auditor.person_id or 0
    narrow = grant_role(CLOCK, person_id=person, role=Role.ADMINISTRATOR, scope=HERE)
    with pytest.raises(Refused, match="last_administrator"):
        dismiss(CLOCK, from_cast.id)
    grant_role(CLOCK, person_id=person, role=Role.ADMINISTRATOR, scope="99")
    dismissed = dismiss(CLOCK, from_cast.id), dismiss(CLOCK, narrow.id)  # the wider one reaches the same place
    assert all(isinstance(held, RoleHeld) and held.ended_at is not None for held in dismissed)
    assert actor_of(person).holds("99", Role.ADMINISTRATOR)
