"""Drawing the map: in the background, in a process of its own, with a deadline; never in a request.

The child process loads numpy and scipy, so no web process ever does; it gets answers without names and without times,
and may use so much memory and so many seconds as stand here. What fails is tried again after an hour.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import func, select

from cogov import opinion
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, Refused
from cogov.ground.words import say
from cogov.journal.event import commit_to
from cogov.journal.transaction import record, verb
from cogov.opinion.events import ChartDrawn
from cogov.opinion.models import Chart, Conversation, Drawing, Statement
from cogov.opinion.queries.classes import class_tables_of
from cogov.opinion.queries.drawing import PAUSE, Answers, answers_of, due_drawings, people_in
from cogov.opinion.rules.outcome import own_of
from cogov.opinion.rules.publishing import public_of
from cogov.opinion.rules.renewing import changed, counted, is_renewed
from cogov.opinion.rules.sight import LEAST
from cogov.people.rules import CLOCK
from cogov.problems.queries import locked

log = structlog.get_logger()

SEED = "cogov"
SECONDS = 120
MEMORY = 2 * 2**30
"""Of addresses, not of what is used: the libraries reserve more than they touch."""

PUT_OFF = timedelta(hours=1)
"""How long one that failed waits: what took too long or too much will do so again."""

_ALONE = Path(opinion.__file__).parent / "rules" / "chart" / "alone.py"
_MEANWHILE = Refusal("drawn_meanwhile", say("这张图正在画。"))


def draw_charts(limit: int = 2) -> int:
    """Draw what is due, few in a round, and return how many; one that fails is put off, and holds up no other."""
    drawn = 0
    for conversation_id in due_drawings(now())[:limit]:
        try:
            drawn += draw_chart(conversation_id)
        except Refused as error:
            log.info("not_drawn_now", conversation=conversation_id, code=error.refusal.code)
        except Exception:
            log.exception("not_drawn", conversation=conversation_id)
            _rest(conversation_id, PUT_OFF - PAUSE)
    return drawn


def draw_chart(conversation_id: int) -> bool:
    """Draw the map of a conversation from what has been answered by now; say whether it was this process's turn."""
    if not _claim(conversation_id):
        return False
    answers = answers_of(conversation_id)
    session().remove()  # nothing is held open while another process works
    told = _told(answers)
    _keep(conversation_id, answers, told)
    _rest(conversation_id)
    return True


@verb
def _claim(conversation_id: int) -> bool:
    """Note that it is being tried, for as long as that may take, so that no other process does; say if it may be."""
    at = now()
    until = at + timedelta(seconds=SECONDS)
    held = (
        session().scalars(for_change(select(Drawing).where(Drawing.conversation_id == conversation_id))).one_or_none()
    )
    if held is None:
        with unless_taken(_MEANWHILE):
            session().add(Drawing(conversation_id=conversation_id, tried_at=until))
        return True
    if held.tried_at > at - PAUSE:
        return False
    held.tried_at = until
    return True


@verb
def _rest(conversation_id: int, longer: timedelta = timedelta()) -> None:
    """Note that the work is over, so that the next attempt comes after the pause, or later than that."""
    held = session().get(Drawing, conversation_id, populate_existing=True)
    if held is not None:
        held.tried_at = now() + longer


def _told(answers: Answers) -> str:
    """Return what the core says of these answers, as the JSON that it printed."""
    job = {
        "votes": [(who, what, value, None) for who, what, value in answers.votes],
        "out": answers.out,
        "seed": SEED,
    }
    with subprocess.Popen(  # noqa: S603 - our own file, by our own interpreter
        [sys.executable, "-I", str(_ALONE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    ) as child:
        _limit(child.pid)
        try:
            told, error = child.communicate(json.dumps(job).encode(), timeout=SECONDS)
        except BaseException:
            child.kill()
            raise
    if child.returncode:
        raise RuntimeError(error.decode(errors="replace")[-2000:])
    return told.decode()


def _limit(pid: int) -> None:
    """Let a process that was just started take so much memory and no more, where the system allows to say so."""
    if hasattr(resource, "prlimit"):
        resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY, MEMORY))


@verb
def _keep(conversation_id: int, answers: Answers, told_text: str) -> None:
    """Keep a map in the place of the one before; the last one is written into the journal.

    What is published of it changes only when ten people answered first or otherwise, or left, also at the close and
    after it: of two maps that lie closer together the difference would say how a few, or one, answered.
    """
    told: Mapping[str, Any] = json.loads(told_text)
    problem_id = found(session().scalar(select(Conversation.problem_id).where(Conversation.id == conversation_id)))
    problem = locked(problem_id)
    conversation = found(session().get(Conversation, conversation_id, populate_existing=True))
    held = session().get(Chart, conversation_id, populate_existing=True)
    if people_in(conversation_id) < LEAST or (held is not None and (held.final or held.changes > answers.changes)):
        return
    classes = class_tables_of(conversation_id, problem.community_id, answers.votes)
    public = public_of(told, _totals(answers), [str(each) for each in answers.out]) | {"classes": classes}
    chart = held or Chart(conversation_id=conversation_id)
    chart.changes, chart.seed = answers.changes, SEED
    # An account may have been erased meanwhile: then this was not the last one.
    chart.final = answers.closed and answers.changes == _changes(conversation_id)
    chart.told, chart.own = told_text, _json(own_of(told, public))
    people = len(told["participants"])
    chart.behind = _behind(held, people, kept := counted(answers.votes))
    if held is None or is_renewed(chart.behind):
        chart.at, chart.people, chart.statements = now(), people, len(told["statements"])
        chart.answers, chart.public = len(answers.votes), _json(public)
        chart.counted, chart.behind = _json(kept), 0
    session().add(chart)
    if chart.final:
        drawn = commit_to(conversation.salt, told_text)
        event = ChartDrawn(conversation.id, chart.people, chart.statements, chart.answers, drawn)
        record(
            event,
            CLOCK,
            place_id=problem.community_id,
            problem_id=problem.id,
            subject=("conversation", conversation.id),
        )


def _behind(held: Chart | None, people: int, kept: Mapping[str, int]) -> int:
    """Return how many people lie between what is published and what was answered by now."""
    if held is None:
        return 0
    # What was drawn before this was kept says only how many there were.
    return changed(json.loads(held.counted), kept) if held.counted else abs(people - held.people)


def _changes(conversation_id: int) -> int:
    query = select(func.coalesce(func.sum(Statement.changes), 0)).where(Statement.conversation_id == conversation_id)
    return session().scalar(query) or 0


def _totals(answers: Answers) -> dict[str, tuple[int, int, int]]:
    """Return of each statement how many agree, disagree, and answered at all."""
    counted: dict[int, list[int]] = {}
    for _, what, value in answers.votes:
        row = counted.setdefault(what, [0, 0, 0])
        row[0] += value == 1
        row[1] += value == -1
        row[2] += 1
    return {str(what): (agree, disagree, answered) for what, (agree, disagree, answered) in counted.items()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
