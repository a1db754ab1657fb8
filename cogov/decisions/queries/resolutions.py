"""A resolution as it is shown, and who may answer it for the body that it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cogov.decisions.models import (
    Decision,
    PlannedTask,
    Resolution,
)
from cogov.decisions.queries.loading import planned_tasks
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Force, force_sentence
from cogov.decisions.rules.motions import why_not_answer
from cogov.decisions.rules.stages import AdoptAnswer
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words
from cogov.people.queries import organization_names
from cogov.people.rules import Actor, Role, Standing


@dataclass(frozen=True)
class ResolutionShown:
    """A resolution, and the answer of the body that it names."""

    id: int
    text: str
    body: str
    public_act: str
    answer: AdoptAnswer | None
    reason: str
    answered_at: datetime | None
    due_at: datetime | None
    overdue: bool
    tasks: tuple[PlannedTask, ...]
    why_not_answer: Refusal | None
    force: Force

    @property
    def force_words(self) -> Words:
        """Say what the result behind it is worth."""
        return force_sentence(self.force)


def answering_standing(by: Actor, body_id: int | None) -> Standing | None:
    """Return the standing under which an actor is an official of a body; the one acted under comes first."""
    held = [s for s in by.standings if s.role is Role.OFFICIAL and s.organization_id == body_id and body_id is not None]
    return by.acting if by.acting in held else next(iter(held), None)


def shown_resolution(by: Actor, resolution: Resolution) -> ResolutionShown:
    """Return a resolution as it is shown, with whether the reader may answer it."""
    body = organization_names([resolution.organization_id]).get(resolution.organization_id or 0)
    clock = running(Purpose.RESOLUTION_ANSWER, resolution.id, of=resolution.problem_id) if body is not None else None
    return ResolutionShown(
        id=resolution.id,
        text=resolution.text,
        body=body.name if body else "",
        public_act=resolution.public_act,
        answer=resolution.answer,
        reason=resolution.reason,
        answered_at=resolution.answered_at,
        due_at=clock.due_at if clock else None,
        overdue=resolution.overdue_at is not None and resolution.answer is None,
        tasks=tuple(planned_tasks(resolution.id)),
        why_not_answer=why_not_answer(
            answers_for_body=answering_standing(by, resolution.organization_id) is not None,
            answered=resolution.answer is not None,
        ),
        force=thaw(found(session().get(Decision, resolution.decision_id)).frozen_rule).force,
    )
