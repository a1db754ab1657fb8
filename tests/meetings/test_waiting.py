"""What waits after a meeting: minutes to sign for who was there, and to put out and settle for who called it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine

from cogov.ground.clock import now
from cogov.meetings import commands
from cogov.meetings.queries import needs
from cogov.meetings.rules.record import SIGNING
from cogov.people.rules import ANYONE
from tests.cast import Cast
from tests.databases import both
from tests.meetings.test_walk import opened

Clients = Callable[[str | None], Any]

EVERYBODY = (
    "resident", "owner", "neighbour", "official", "volunteer", "tenant", "moderator", "chair", "owners_committee",
    "street_office", "outsider", "foreign_moderator",
)  # fmt: skip


def asked(cast: Cast, kind: str) -> set[str]:
    return {name for name in EVERYBODY if kind in [need.kind for need in needs(getattr(cast, name))]}


@both
def test_minutes_wait_for_who_was_there_and_for_who_called_the_meeting(
    cast: Cast, client_of: Clients, counted: Any
) -> None:
    made, _ = opened(cast)
    assert asked(cast, "minutes_draft") == set()
    commands.close_meeting(cast.moderator, made)
    serving = asked(cast, "minutes_draft")
    assert "moderator" in serving
    assert not serving & {"resident", "owner", "outsider", "foreign_moderator", "street_office"}
    assert asked(cast, "signing") == set()
    assert "纪要还是草稿" in client_of("moderator").get("/work?part=proposals").text
    commands.put_out_minutes(cast.moderator, made)
    assert asked(cast, "minutes_draft") == set()
    there = asked(cast, "signing")
    assert {"resident", "owner"} <= there
    assert not there & {"tenant", "outsider"}
    home = client_of("resident").get("/").text
    assert "第 1 版纪要等您签认" in home
    assert f'href="/meetings/{made}/minutes#sign"' in home
    assert needs(ANYONE) == []
    with counted() as queries:
        needs(cast.moderator)
    assert len(queries.statements) == 2
    commands.sign_minutes(cast.resident, made, agrees=True)
    assert asked(cast, "signing") == there - {"resident"}
    assert "等您签认" not in client_of("resident").get("/").text
    commands.write_minutes(cast.moderator, made, text="三号楼电梯，大家都说了话。")
    assert asked(cast, "signing") == there  # a new version is signed anew
    for name in there - {"owner"}:
        commands.sign_minutes(getattr(cast, name), made, agrees=True)
    assert asked(cast, "minutes_draft") == serving
    commands.settle_minutes(cast.moderator, made)
    assert asked(cast, "minutes_draft") == asked(cast, "signing") == set()


def test_minutes_that_few_sign_may_be_settled_after_a_week(cast: Cast) -> None:
    made, _ = opened(cast)
    commands.close_meeting(cast.moderator, made)
    commands.put_out_minutes(cast.moderator, made)
    commands.sign_minutes(cast.resident, made, agrees=True)
    assert "moderator" not in asked(cast, "minutes_draft")
    with time_machine.travel(now() + SIGNING + timedelta(minutes=1), tick=False):
        assert "moderator" in asked(cast, "minutes_draft")
