"""What every verb of a thread does first: who speaks, and under which name on the dossier."""

from __future__ import annotations

from cogov.ground.refusals import insist
from cogov.moderation.queries import blocked_until
from cogov.moderation.rules.blocking import why_not_write_now
from cogov.people.rules import Actor
from cogov.problems.commands import name_under_lock
from cogov.problems.models import Problem
from cogov.problems.queries import Held
from cogov.threads.queries import dossier_of
from cogov.threads.rules.speaking import Dossier, as_who, why_not_speak


def speaking_on(by: Actor, problem: Problem | Held) -> Actor:
    """Return the actor as they speak on a problem, with a name on its dossier; refuse who may not speak."""
    dossier = dossier_of(problem)
    insist(why_not_speak(by, dossier))
    return named(as_who(by, dossier.code) or by, problem)


def speaker_on(by: Actor, problem: Problem | Held) -> Actor:
    """Do as ``speaking_on``, and leave it to the caller to ask whether they may not write for a while."""
    dossier = dossier_of(problem)
    insist(why_not_speak(by, dossier))
    return _numbered(as_who(by, dossier.code) or by, problem)


def named(speaker: Actor, problem: Problem | Held) -> Actor:
    """Give who speaks for themselves a number on the dossier, unless they may not write here for a while.

    Members of organizations stand under their own name, and their organization answers for what they write.
    """
    if speaker.organization_id is None and speaker.person_id is not None:
        insist(why_not_write_now(blocked_until(speaker.person_id, problem.community_id, problem.id)))
    return _numbered(speaker, problem)


def _numbered(speaker: Actor, problem: Problem | Held) -> Actor:
    if speaker.organization_id is None and speaker.person_id is not None:
        name_under_lock(problem.id, speaker.person_id)
    return speaker


def standing_id(speaker: Actor) -> int | None:
    """Return the mandate under which somebody speaks, None for themselves."""
    return speaker.acting.id if speaker.acting is not None and speaker.organization_id is not None else None


__all__ = ["Dossier", "dossier_of", "named", "speaker_on", "speaking_on", "standing_id"]
