"""A map as it may be read: what was published of it, with the words its statements have today."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.opinion.models import Chart, Conversation, Participant, Stance, Statement
from cogov.opinion.queries.classes import building_names
from cogov.opinion.queries.drawing import people_in
from cogov.opinion.queries.loading import asked_of, conversation_for
from cogov.opinion.rules.classing import ClassTable, class_tables
from cogov.opinion.rules.picture import Picture, picture
from cogov.opinion.rules.reading import Published, published
from cogov.opinion.rules.sight import LEAST
from cogov.opinion.rules.stages import ConversationState, StatementState
from cogov.people.rules import Actor
from cogov.problems.models import Problem

Concerns = Callable[[int], int]
_concerns: list[Concerns] = []


def count_concerns(concerns: Concerns) -> None:
    """Take how many concerns of a problem wait for an answer, from the room that keeps them."""
    _concerns[:] = [concerns]


@dataclass(frozen=True)
class PlainStatement:
    """A statement, where there are too few people for a map; how it was answered, as who takes part sees it."""

    number: int
    text: str
    counted: tuple[int, int, int] | None
    """How many agree, disagree and pass: once one has answered it, or when all is over."""


@dataclass(frozen=True)
class MapShown:
    """A conversation as everybody may read it; with ten people or more there is a map."""

    conversation: Conversation
    problem: Problem
    drawn_at: datetime | None
    people: int
    public: Mapping[str, Any]
    published: Published | None
    picture: Picture | None
    classes: tuple[ClassTable, ...]
    plain: tuple[PlainStatement, ...]
    texts: Mapping[str, str]
    """What stands today, by the number of the statement."""

    buildings: Mapping[str, str]
    open_concerns: int
    imported: bool
    behind: int
    """How many answered first or otherwise, or left, since what is published was drawn: fewer than ten."""


def map_shown(by: Actor, conversation_id: int) -> MapShown:
    """Return what may be read of a conversation by somebody who may see its problem."""
    conversation, problem = conversation_for(by, conversation_id)
    statements = _standing(conversation_id)
    chart = shown_chart(conversation_id)
    public = _still_public(json.loads(chart.public), statements) if chart is not None else {}
    classes = public.get("classes", ())
    buildings = building_names(problem.community_id) if classes else {}
    numbers = {str(each.id): f"S{each.number}" for each in statements}
    texts = {str(each.id): each.text for each in statements}
    return MapShown(
        conversation,
        problem,
        chart.at if chart is not None else None,
        chart.people if chart is not None else people_in(conversation_id),
        public,
        published(public, texts, numbers) if public else None,
        picture(public, own_answers(by, conversation_id)) if public else None,
        tuple(class_tables(classes, buildings)),
        () if public else _plain(by, conversation, statements),
        {numbers[name]: text for name, text in texts.items()},
        buildings,
        sum(count(problem.id) for count in _concerns),
        any(each.imported for each in statements),
        chart.behind if chart is not None else 0,
    )


def shown_chart(conversation_id: int) -> Chart | None:
    """Return a map that may be shown: none while fewer than ten people have answers, though the row is kept.

    Were it thrown away, the next one would be published however close it lies to this one.
    """
    return session().get(Chart, conversation_id) if people_in(conversation_id) >= LEAST else None


def _standing(conversation_id: int) -> list[Statement]:
    query = select(Statement).where(
        Statement.conversation_id == conversation_id, Statement.state == StatementState.SHOWN
    )
    return list(session().scalars(query.order_by(Statement.number)))


def _still_public(public: dict[str, Any], statements: list[Statement]) -> dict[str, Any]:
    """Leave out what was taken down since the map was drawn."""
    standing = {str(each.id) for each in statements}
    return public | {"out": [name for name in public["statements"] if name not in standing]}


def _plain(by: Actor, conversation: Conversation, statements: list[Statement]) -> tuple[PlainStatement, ...]:
    closed = asked_of(conversation).state(now()) is ConversationState.CLOSED
    answered = own_answers(by, conversation.id)
    return tuple(
        PlainStatement(
            each.number,
            each.text,
            (each.agree, each.disagree, each.passed) if closed or str(each.id) in answered else None,
        )
        for each in statements
    )


def own_answers(by: Actor, conversation_id: int) -> dict[str, int]:
    """Return what somebody answered in a conversation, by statement."""
    if by.person_id is None:
        return {}
    query = (
        select(Stance.statement_id, Stance.value)
        .join(Participant, Stance.participant_id == Participant.id)
        .where(Participant.conversation_id == conversation_id, Participant.person_id == by.person_id)
    )
    return {str(statement): value for statement, value in session().execute(query)}
