"""What a step may do while people deliberate: summaries, changes, promises, open rounds, dissent, flags and blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from cogov.decisions import commands as decisions
from cogov.decisions.rules.rounds import Reason
from cogov.demo.stage import Command, Stage, Told
from cogov.demo.stories import Step
from cogov.ground.db import found, session
from cogov.moderation import commands as moderation
from cogov.people.rules import Actor
from cogov.problems import commands as problems
from cogov.threads import commands as threads
from cogov.threads.models import Outcome
from cogov.threads.rules.solutions import Content

TALK_ON_PROBLEM: dict[str, Command] = {
    "leeway": problems.declare_leeway,
    "phase": problems.schedule_phase,
    "sum_up": threads.write_summary,
    "propose_summary": threads.propose_summary,
    "stake": threads.state_interest,
    "pledge": threads.make_pledge,
    "ask_round": decisions.open_round,
}
TALK_ON_THING: dict[str, Command] = {
    "edit": threads.edit_message,
    "accept_summary": threads.accept_summary,
    "answer_minutes": threads.answer_minutes,
    "accept_amendment": threads.accept_amendment,
    "reject_amendment": threads.reject_amendment,
    "promote_amendment": threads.promote_amendment,
    "endorse": threads.endorse_solution,
    "keep_pledge": threads.keep_pledge,
    "sign_minority": threads.sign_minority,
    "flag": threads.flag_message,
    "block": threads.block_author,
    "decide_review": moderation.decide_review,
    "appeal_removal": moderation.appeal_removal,
    "appeal_block": moderation.appeal_block,
    "close_round": decisions.close_round,
    "settle_interest": decisions.settle_interest,
}


def _amend(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Propose a change of a solution: the whole of it as it would read, and why."""
    content = Content(**{key: step[key] for key in Content.__dataclass_fields__ if key in step})
    return threads.propose_amendment(by, stage.meant(told, step["on"]), content=content, why=step["why"])


def _answer_round(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Answer an open round; whoever blocks names the harm and what would remove it."""
    reason = Reason(step.get("harm", ""), step.get("remedy", ""))
    plain = {"choice": _choice_of(step), "on": step["on"]}
    given = stage.given(told, decisions.answer_round, plain)
    return decisions.answer_round(by, stage.meant(told, step["on"]), reason=reason, **given)


def _choice_of(step: Step) -> str:
    """Return what one of many says: the first so many this, the next so many that."""
    if "choice" in step:
        return str(step["choice"])
    in_order = [choice for choice, number in step["choices"].items() for _ in range(number)]
    return str(in_order[step["turn"]])


def _apply_interest(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Apply to vote on what touches one from another building, with a flat of one's own."""
    unit_id = stage.world.flats[f"{told.community}/{step['flat']}"].id
    return decisions.apply_interest(by, stage.meant(told, step["on"]), unit_id=unit_id, text=step["text"])


def _name_delegate(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Name whom an organization sends to a joint decision."""
    sent, organization_id = stage.person(told.community, step["sends"]), stage.meant(told, step["of"])
    return decisions.name_delegate(by, stage.meant(told, step["on"]), organization_id, person_id=sent)


def _file_minority(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Put a minority opinion beside the result of a vote."""
    outcome = select(Outcome.id).where(
        Outcome.problem_id == told.problem_id, Outcome.subject_id == stage.meant(told, step["on"])
    )
    return threads.file_minority(by, found(session().scalar(outcome)), text=step["text"])


TALK_SPECIAL: dict[str, Callable[[Stage, Told, Actor, Step], Any]] = {
    "amend": _amend,
    "answer_round": _answer_round,
    "apply_interest": _apply_interest,
    "name_delegate": _name_delegate,
    "file_minority": _file_minority,
}
