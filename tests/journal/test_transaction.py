"""A verb is kept or put back whole, and a part of it by itself; who is told of it afterwards undoes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal import transaction as transactions
from cogov.journal.batches import savepoint
from cogov.journal.models import HandledRequest, JournalEntry
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.problems.events import ProblemSeconded
from tests.cast import Cast
from tests.databases import both


@verb
def say_it(by: Actor, token: str) -> None:
    """Record one thing, and change a row besides."""
    insist_once(by, token)
    record(ProblemSeconded(1), by, subject=("problem", 7))


@verb
def say_in_parts(by: Actor) -> list[str]:
    """Write, past the session, before two parts that fail at once and behind them; return why they failed."""
    failed = []
    insist_once(by, "before")
    for token, fault in (("gone", ValueError("fault")), ("there", None)):
        try:
            with savepoint():
                insist_once(by, token)  # nothing of this part has asked the session before
                if fault is not None:
                    raise fault
        except (ValueError, Refused) as error:
            failed.append(type(error).__name__)
    insist_once(by, "behind")
    return failed


def _tokens() -> list[str]:
    return list(session().scalars(select(HandledRequest.token).order_by(HandledRequest.id)))


@both
@pytest.mark.parametrize("reading", [True, False])
def test_what_a_part_writes_past_the_session_goes_with_the_part(cast: Cast, reading: bool) -> None:
    say_it(cast.resident, "there")
    if not reading:
        session().remove()
    assert say_in_parts(cast.resident) == ["ValueError", "Refused"]
    assert _tokens() == ["there", "before", "behind"]


@both
def test_an_act_is_kept_though_somebody_cannot_be_told_of_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def fails() -> None:
        raise RuntimeError("nobody listens")

    monkeypatch.setattr(transactions, "_after_commit", [fails, lambda: told.append("told")])
    last = select(JournalEntry.kind).order_by(JournalEntry.number.desc())
    with capture_logs() as logs:
        say_it(cast.resident, "kept")
    assert (_tokens(), session().scalars(last).first(), told) == (["kept"], "ProblemSeconded", ["told"])
    assert [each["event"] for each in logs] == ["not_told_of_commit"]
