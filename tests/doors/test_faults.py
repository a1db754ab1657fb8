"""What `make faults` and `make bench` do for minutes, in seconds; and that they notice the faults they look for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from cogov.cli.checking import accountability, clocks, counters
from cogov.cli.counting import numbers, turnouts
from cogov.cli.searching import found_texts
from cogov.ground.db import db
from cogov.journal.sealing import verify
from cogov.journal.transaction import transaction
from cogov.problems.commands import second_problem
from tests.cast import Cast
from tests.databases import both
from tests.programs import Program
from tools.bench.figures import ANONYMOUS, Figure, Report, judge
from tools.bench.filling import fill
from tools.faults.killing import kill
from tools.faults.kit import Kit
from tools.faults.power import survey
from tools.faults.recording import FILES, Kind, read
from tools.faults.writers import Ack, Ledger
from tools.stand.town import Town, move_in
from tools.stand.votes import deliberated
from tools.stand.wires import Load

pytestmark = pytest.mark.timeout(180)

NO_PAGE_MORE, ROOM = "PRAGMA max_page_count=1", "PRAGMA max_page_count=1000000000"


def test_on_a_full_disk_writing_is_refused_in_a_sentence_and_reading_goes_on(
    app: Flask, cast: Cast, program: Program
) -> None:
    number = deliberated(cast)
    path, said = f"/problems/{number}/messages", {"kind": "reason", "text": "说" * 900}
    assert program("owner", "POST", path, said)[0] == 201
    size = [NO_PAGE_MORE]

    def bound(connection: Any, _record: object, _taken: object) -> None:
        connection.execute(size[0])

    event.listen(db.engine, "checkout", bound)
    try:
        answers = [program("owner", "POST", path, said) for _ in range(12)]
        refused = [answer for status, answer in answers if status == 503]
        assert {status for status, _ in answers} <= {201, 503}
        assert {answer["code"] for answer in refused} == {"unavailable"}
        assert "存储空间满了" in refused[0]["message"]
        assert app.test_client().get(f"/problems/{number}").status_code == 200
        size[0] = ROOM
        db.session.remove()  # as at the end of every request; here they share what the test has open
        assert program("owner", "POST", path, said)[0] == 201
    finally:
        event.remove(db.engine, "checkout", bound)
    assert verify().faults == ()


WRITER = """
import os, sys, time
from pathlib import Path
from sqlalchemy import create_engine
from cogov.ground.db import watch_engine
from tools.faults.recording import record
folder, pragma = Path(sys.argv[1]), sys.argv[2]
record(folder / "disk.log")
engine = create_engine(f"sqlite:///{folder / 'cogov.sqlite3'}")
watch_engine(engine)
with engine.begin() as connection:
    connection.exec_driver_sql("CREATE TABLE message (text TEXT PRIMARY KEY)")
connection = engine.connect()
if pragma:
    connection.connection.execute(pragma)
for turn in range(60):
    connection.exec_driver_sql("INSERT INTO message VALUES (?)", (f"line {turn}",))
    connection.commit()
    print(f"line {turn}", time.monotonic(), flush=True)
os._exit(0)  # closing would put the log into the database
"""


@pytest.mark.parametrize("pragma", ["", "PRAGMA synchronous=OFF"])
def test_a_power_cut_loses_nothing_acknowledged_unless_nobody_waited_for_the_disk(tmp_path: Path, pragma: str) -> None:
    done = subprocess.run([sys.executable, "-c", WRITER, str(tmp_path), pragma], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = [line.rpartition(" ") for line in done.stdout.splitlines()]
    ledger = Ledger(acks={words: Ack(float(at), float(at)) for words, _, at in lines})
    assert len(ledger.acks) == 60
    steps = list(read(tmp_path / "disk.log"))
    assert {step.file for step in steps if step.kind is Kind.WRITTEN} == set(FILES)
    corrupt, lost = survey(steps, ledger, 40, tmp_path)
    if pragma:
        assert lost > 20
    else:
        assert (corrupt, lost) == (0, 0)


@pytest.mark.storm
def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    found = kill(Kit(tmp_path, times=1)).faults
    assert [words for words in found if not words.startswith("served again")] == []


def _found() -> list[str]:
    """Return what `cogov check` would say."""
    return [*counters(), *turnouts(), *numbers(), *accountability(), *clocks(), *found_texts()]


@both
def test_a_filled_community_is_what_commands_leave_behind_and_goes_on(app: Flask, cast: Cast, tmp_path: Path) -> None:
    before = _found()
    with transaction():
        persons = move_in(cast, 20)
    filled: list[int] = []
    long = fill(Town(tmp_path, "", cast, persons), 45, (30,), filled.append)
    assert _found() == before
    assert verify().faults == ()
    second_problem(cast.neighbour, long.numbers[30])
    assert deliberated(cast) > long.numbers[30]
    assert verify().faults == ()


def test_a_page_is_compared_with_the_floor_of_its_own_run() -> None:
    report = Report("sqlite", 1000)
    fast, slow = (Load(seconds=1.0, took=[0.001] * many) for many in (100, 20))
    for met in (fast, slow):
        met.statuses[200] = len(met.took)
    report.figures = [Figure.of("bare page", "floor", fast), Figure.of("list", ANONYMOUS, slow, queries=7)]
    judge(report)
    assert {(aim.name, aim.found, aim.met) for aim in report.aims} == {
        ("list, anyone: share of the bare page", 0.2, False),
        ("list, anyone: queries", 7, False),
    }
