"""Letting the clock of a case stand still, in public and with a reason, and letting it run again."""

from __future__ import annotations

from cogov.cases.models import Case
from cogov.cases.queries.loading import case_for_change
from cogov.cases.rules.steps import words_needed
from cogov.duties.commands import pause_clock, resume_clock
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.db import found
from cogov.ground.refusals import insist
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, verb
from cogov.people.rules import Actor


@verb
def pause_case(by: Actor, case_id: int, *, words: str, once: str | None = None) -> Case:
    """Pause the clock of whoever is accountable for a case."""
    insist_once(by, once)
    case = case_for_change(by, case_id)
    clock = found(running(Purpose.CASE, case.id))
    insist(words_needed(words, say("请写明为什么暂停，会公开。")))
    pause_clock(by, clock.id, reason=words.strip()[:200])
    return case


@verb
def resume_case(by: Actor, case_id: int, *, once: str | None = None) -> Case:
    """Let the clock of a case run again; its deadline moves by the pause."""
    insist_once(by, once)
    case = case_for_change(by, case_id)
    resume_clock(by, found(running(Purpose.CASE, case.id)).id)
    return case
