"""The dossier on paper: every subject in order, with its sums, its deadlines as dates and the journal's fingerprint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import format_datetime, gettext
from sqlalchemy import select

from cogov.decisions import queries as decisions
from cogov.decisions.queries import DecisionRow
from cogov.decisions.rules.sums import verdict_words
from cogov.decisions.views.results import result_table, sums_of
from cogov.duties.queries import clocks_of
from cogov.front.acts import Reading
from cogov.front.clocks import term
from cogov.front.timeline import every, shown
from cogov.ground.db import session
from cogov.ground.pages import words
from cogov.ground.words import Words
from cogov.journal.models import JournalEntry
from cogov.people.queries import organization_names
from cogov.problems.models import Problem
from cogov.problems.rules.stages import Stage
from cogov.tasks import queries as tasks
from cogov.threads import queries as threads
from cogov.threads.queries.outcomes import outcomes
from cogov.threads.rules.speaking import ThreadTab

ENTRIES = 100
"""As much of what happened as goes on paper; the rest is counted, and stands under the address."""


def printed(reading: Reading, *, inside: bool) -> dict[str, Any]:
    """Return all that a printed dossier shows beside its head."""
    by, problem = reading.by, reading.problem
    votes = decisions.panel(by, problem).decisions
    entries = every(problem.id, ENTRIES + 1)
    return {
        "clock_lines": _clocks(problem) if problem.stage is not Stage.ENDED else [],
        "discussion": threads.panel(by, problem, ThreadTab.DISCUSSION),
        "concerns": threads.panel(by, problem, ThreadTab.CONCERNS),
        "solutions": threads.panel(by, problem, ThreadTab.SOLUTIONS),
        "outcomes": outcomes(by, problem, beside=ENTRIES),
        "decisions": votes,
        "results": _results(reading, votes),
        "tasks": tasks.panel(by, problem).tasks.items,
        "case": reading.case,
        "entries": shown(problem.id, problem.number, entries[:ENTRIES], reading.head.names, inside=inside),
        "cut": len(entries) > ENTRIES,
        "fingerprint": _fingerprint(problem.id),
        "printed_at": format_datetime(reading.at, gettext("yyyy年M月d日 HH:mm")),
        "printed_by": _printed_by(reading),
    }


def _printed_by(reading: Reading) -> str:
    by = reading.by
    if by.acting is not None:
        return f"{by.acting.organization_name} {by.acting.public_name}"
    return by.pseudonym if by.person_id is not None else gettext("访客")


def _clocks(problem: Problem) -> list[dict[str, str]]:
    rows = clocks_of(problem.id)
    holders = organization_names(clock.organization_id for clock in rows)
    lines = []
    for clock in sorted(rows, key=lambda each: each.due_at):
        holder = holders.get(clock.organization_id or 0)
        due = format_datetime(clock.due_at, gettext("yyyy年M月d日 HH:mm"))
        text = gettext("%(holder)s，%(at)s", holder=holder.name, at=due) if holder else due
        lines.append({"label": gettext("期限：%(term)s", term=term(clock.purpose)), "text": text})
    return lines


def _results(reading: Reading, rows: Sequence[DecisionRow]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        if row.verdict is None:
            continue
        result = decisions.shown_decision(reading.by, row.id)
        rule = f"{words(Words(result.rule.name))} · {result.rule.article}"
        heading = f"{words(verdict_words(row.verdict, row.force))}：{row.question}"
        found.append({"heading": heading, "table": result_table(result), "sums": sums_of(result), "rule": rule})
    return found


def _fingerprint(problem_id: int) -> tuple[int, str] | None:
    query = (
        select(JournalEntry.number, JournalEntry.hash)
        .where(JournalEntry.problem_id == problem_id)
        .order_by(JournalEntry.number.desc())
        .limit(1)
    )
    row = session().execute(query).first()
    return (row[0], row[1]) if row else None
