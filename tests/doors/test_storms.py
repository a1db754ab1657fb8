"""Fifty at the door at once: one effect, a sentence for everybody else, and a journal that still holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from cogov.cases.rules import CaseState
from cogov.decisions.commands import move_motion, open_decision, publish_notice, table_motion
from cogov.decisions.models import Ballot, DecisionOption
from cogov.decisions.rules.motions import options_of
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.journal.sealing import verify
from cogov.people.commands import join
from cogov.people.models import Identity
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK, Actor
from cogov.places.commands import verify_residence
from cogov.places.rules import ResidenceKind
from cogov.problems.commands import triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.tasks.commands import open_task
from tests.cases.scene import a_case, a_problem, walked
from tests.cast import HERE, Cast
from tests.clients import Clients
from tests.databases import both
from tests.doors.house import said
from tests.doors.world import everyone_who_owns
from tests.journeys.walking import raise_something
from tests.people.doors import sent_to
from tests.storms import at_once

pytestmark = pytest.mark.storm
MANY = 50


class Crowd:
    """Devices that send a form at the same moment."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app, self.clients = app, Clients(app, cast)
        self.devices: list[tuple[str, str]] = []

    def of(self, name: str, times: int) -> None:
        """Add devices of one person, all with the same sign-in."""
        client = self.clients.of(name)
        client.get("/me")
        cookie = client.http.get_cookie("session")
        assert cookie is not None
        self.devices += [(cookie.value, client.token)] * times

    def send(self, url: str, told: dict[str, Any], once: str = "") -> list[tuple[int, str]]:
        """Send the same form from every device at once, each with a token of its own unless one is given."""
        session().remove()

        def one(index: int) -> tuple[int, str]:
            cookie, token = self.devices[index]
            client = self.app.test_client()
            client.set_cookie("session", cookie)
            answer = client.post(url, data={"csrf_token": token, "once": once or f"device-{index}", **told})
            return answer.status_code, said(answer)

        results = at_once(self.app, len(self.devices), one)
        session().remove()
        assert [each for each in results if isinstance(each, Exception)] == []
        return [each for each in results if not isinstance(each, Exception)]


def _count(kind: str) -> int:
    return session().scalar(select(func.count()).select_from(JournalEntry).where(JournalEntry.kind == kind)) or 0


def _one_effect(results: Sequence[tuple[int, str]], kind: str, *, winners: int = 1) -> None:
    codes = Counter(code for code, _ in results)
    assert codes[303] == winners, codes
    for code, text in results:
        assert code in (303, 403, 409), (code, text)
        assert code == 303 or re.search("[\u4e00-\u9fff]{4}", text)
    assert _count(kind) == 1
    assert verify().faults == ()


@pytest.fixture
def crowd(app: Flask, cast: Cast) -> Crowd:
    return Crowd(app, cast)


@both
def test_fifty_seconds_of_one_person_are_one(cast: Cast, crowd: Crowd) -> None:
    number = raise_something(cast)
    crowd.of("neighbour", MANY)
    _one_effect(crowd.send(f"/problems/{number}/second", {}), "ProblemSeconded")


@both
def test_one_message_sent_fifty_times_is_posted_once(cast: Cast, crowd: Crowd) -> None:
    number = raise_something(cast)
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="商量")
    crowd.of("resident", MANY)
    told = {"kind": "reason", "text": "晚上看不见台阶", "acting": ""}
    results = crowd.send(f"/problems/{number}/messages", told, once="the-same")
    _one_effect(results, "MessagePosted")
    assert all("已经收到了" in text for code, text in results if code == 409)


@both
def test_fifty_closures_of_a_case_are_one(cast: Cast, crowd: Crowd) -> None:
    case_id = walked(cast, CaseState.FED_BACK, a_case(cast, a_problem(cast))).id
    crowd.of("closer", MANY)
    _one_effect(crowd.send(f"/cases/{case_id}/closure", {}), "CaseClosed")


@both
def test_the_last_slot_goes_to_one_of_sixteen(cast: Cast, crowd: Crowd) -> None:
    number = raise_something(cast)
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="商量")
    task_id = open_task(cast.moderator, number, title="搬走旧自行车", slots=1).id
    for n in range(16):
        setattr(cast, f"guest_{n}", _guest(cast, n))
        crowd.of(f"guest_{n}", 1)
    _one_effect(crowd.send(f"/tasks/{task_id}/claims", {"acting": ""}), "TaskClaimed")


def _guest(cast: Cast, n: int) -> Actor:
    person = join(CLOCK, pseudonym=f"来帮忙的{n}", phone=f"138{n:08d}")
    verify_residence(CLOCK, unit_id=cast.unit_ids[5], person_id=person.id, kind=ResidenceKind.FAMILY)
    return actor_of(person.id)


@pytest.fixture
def voting(cast: Cast) -> Iterator[tuple[int, int]]:
    """A vote that is open, with its first option, at the time in which it is open."""
    number = raise_something(cast)
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R2, words="商量")
    everyone_who_owns(cast)
    motion = move_motion(
        cast.owners_committee,
        number,
        question="是否每层装声控灯",
        options=options_of("花公共收益装灯", "不装，维持现状"),
        rule=RuleCode.R2,
        item=8,
    )
    table_motion(cast.owners_committee, motion.id, item_confirmed=True)
    decision = publish_notice(
        cast.owners_committee,
        motion.id,
        opens_at=now() + timedelta(days=16),
        closes_at=now() + timedelta(days=24),
        item_confirmed=True,
        touches=(),
    )
    options = (
        select(DecisionOption.id).where(DecisionOption.decision_id == decision.id).order_by(DecisionOption.position)
    )
    option_id = session().scalars(options).first() or 0
    with time_machine.travel(now() + timedelta(days=17), tick=True):
        open_decision(CLOCK, decision.id)
        yield decision.id, option_id


@both
@pytest.mark.parametrize("voters", [("neighbour",), ("owner", "co_owner")], ids=["one voter", "co-owners"])
def test_fifty_ballots_for_one_household_are_one(
    cast: Cast, crowd: Crowd, voting: tuple[int, int], voters: tuple[str, ...]
) -> None:
    decision_id, option_id = voting
    for name in voters:
        crowd.of(name, MANY // len(voters))
    results = crowd.send(f"/decisions/{decision_id}/ballot", {"choice": option_id}, once="the-same")
    _one_effect(results, "BallotCast")
    assert session().scalar(select(func.count()).select_from(Ballot)) == 1


@both
def test_one_telephone_number_confirmed_fifty_times_is_one_person(app: Flask, cast: Cast, crowd: Crowd) -> None:
    phone = "13700002222"
    client = crowd.clients.of(None)
    told = {
        "contact": phone,
        "pseudonym": "桂花树下的人",
        "community": HERE,
        "password": "",
        "consent": "y",
        "terms": "y",
    }
    client.get("/sign-up")
    assert client.post("/sign-up", told).status_code == 303
    cookie = client.http.get_cookie("session")
    assert cookie is not None
    crowd.devices = [(cookie.value, client.token)] * MANY
    results = crowd.send("/sign-up/code", {"code": sent_to(phone)["code"]})
    assert Counter(code for code, _ in results)[303] >= 1
    for code, text in results:
        assert code in (303, 409, 410, 422, 429), (code, text)
        assert code == 303 or re.search("[\u4e00-\u9fff]{4}", text)
    assert session().scalar(select(func.count()).select_from(Identity).where(Identity.phone == phone)) == 1
    assert verify().faults == ()
