"""Where a person has a hand: what they follow, raised, met, promised and fear; the same few queries however much."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, select

from cogov.front.rows import problem_rows
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.deadlines import left
from cogov.ground.pages import dossier_url, moment, words
from cogov.people.rules import Actor
from cogov.problems.models import Problem, Raiser, Second
from cogov.problems.queries import Followed, followed, rows_of, seen_by
from cogov.problems.rules.following import LEVELS, FollowLevel
from cogov.tasks.models import Claim, Task
from cogov.tasks.rules import ClaimState
from cogov.threads.models import Concern
from cogov.threads.rules.concerns import ConcernState

PAGE = 10


def follows(by: Actor, before: int | None) -> tuple[list[dict[str, Any]], int | None]:
    """Return a page of the dossiers a person follows, and the id to go on from."""
    rows = followed(by, before_id=before, limit=PAGE + 1)
    more = rows[PAGE - 1].problem_id if len(rows) > PAGE else None
    return [_followed(row) for row in rows[:PAGE]], more


def _followed(row: Followed) -> dict[str, Any]:
    quieter = row.level is FollowLevel.ALL
    return {
        "url": dossier_url(row.number),
        "number": row.number,
        "title": row.title,
        "level": words(LEVELS[row.level]),
        "changed": moment(row.changed_at),
        "post": url_for("problems.following", number=row.number),
        "other": FollowLevel.NEEDS.value if quieter else FollowLevel.ALL.value,
        "other_text": gettext("安静点") if quieter else gettext("都告诉我"),
        "none": FollowLevel.NONE.value,
    }


def _problems(by: Actor, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    query = select(Problem.id).where(condition, seen_by(by)).order_by(Problem.id.desc()).limit(PAGE)
    found = rows_of(by, session().scalars(query))
    return problem_rows(sorted(found.values(), key=lambda row: -row.id), now())


def raised(by: Actor) -> list[dict[str, Any]]:
    """Return the latest problems a person raised."""
    return _problems(by, Problem.id.in_(select(Raiser.problem_id).where(Raiser.person_id == by.person_id)))


def met(by: Actor) -> list[dict[str, Any]]:
    """Return the latest problems that a person has met too and others raised."""
    mine = select(Raiser.problem_id).where(Raiser.person_id == by.person_id)
    seconded = select(Second.problem_id).where(Second.person_id == by.person_id)
    return _problems(by, Problem.id.in_(seconded) & Problem.id.not_in(mine))


def claims(by: Actor) -> list[dict[str, Any]]:
    """Return a person's latest promises, those still to be kept first."""
    query = (
        select(Claim.task_id, Task.title, Claim.state, Claim.due_at)
        .join(Task, Claim.task_id == Task.id)
        .join(Problem, Task.problem_id == Problem.id)
        .where(Claim.person_id == by.person_id, seen_by(by))
        .order_by((Claim.state != ClaimState.ACTIVE), Claim.id.desc())
        .limit(PAGE)
    )
    at = now()
    shown = []
    for task_id, title, state, due_at in session().execute(query):
        text, level = left(due_at, at) if state is ClaimState.ACTIVE else ("", "calm")
        shown.append(
            {
                "url": url_for("tasks.show", task_id=task_id),
                "title": title,
                "state": _claim_words(state),
                "due_text": text,
                "level": level,
            }
        )
    return shown


def _claim_words(state: ClaimState) -> str:
    said = {
        ClaimState.ACTIVE: gettext("做好了请交上来"),
        ClaimState.HANDED_IN: gettext("已交，等核实"),
        ClaimState.VERIFIED: gettext("已核实"),
        ClaimState.RETURNED: gettext("已退回"),
    }
    return said[state]


def concerns(by: Actor) -> list[dict[str, Any]]:
    """Return a person's latest concerns, the open ones first."""
    query = (
        select(Concern.number, Concern.harm, Concern.state, Concern.at, Problem.number, Problem.title)
        .join(Problem, Concern.problem_id == Problem.id)
        .where(Concern.person_id == by.person_id, seen_by(by))
        .order_by((Concern.state != ConcernState.OPEN), Concern.id.desc())
        .limit(PAGE)
    )
    return [
        {
            "url": dossier_url(number, tab="concerns", _anchor=f"concern-{n}"),
            "harm": harm,
            "title": title,
            "state": _concern_words(state),
            "at": moment(at),
        }
        for n, harm, state, at, number, title in session().execute(query)
    ]


def _concern_words(state: ConcernState) -> str:
    said = {
        ConcernState.OPEN: gettext("等答复"),
        ConcernState.ANSWERED: gettext("已答复"),
        ConcernState.OVERRULED: gettext("未采纳"),
        ConcernState.WITHDRAWN: gettext("已撤回"),
    }
    return said[state]
