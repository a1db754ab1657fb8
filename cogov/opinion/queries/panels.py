"""What the dossier's tab shows of the last conversation of a problem."""

from __future__ import annotations

from dataclasses import dataclass

from cogov.ground.refusals import Refusal
from cogov.opinion.models import Conversation
from cogov.opinion.queries.loading import conversations_of, ground_of
from cogov.opinion.queries.showing import Taking, taking
from cogov.opinion.rules.taking import why_not_open
from cogov.people.rules import Actor
from cogov.problems.models import Problem


@dataclass(frozen=True)
class OpinionPanel:
    """The last conversation as this reader may take part in it, those before it, and who may ask anew."""

    taking: Taking | None
    earlier: tuple[Conversation, ...]
    why_not_open: Refusal | None


def panel(by: Actor, problem: Problem) -> OpinionPanel:
    """Return what the tab shows to one reader."""
    asked = conversations_of(problem.id)
    running = any(each.closed_at is None for each in asked)
    return OpinionPanel(
        taking(by, asked[0].id) if asked else None,
        tuple(asked[1:]),
        why_not_open(by, ground_of(problem), running=running),
    )
