"""Handing work in, and another person's verdict on it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from cogov.duties.commands import stop_clock
from cogov.duties.rules.purpose import Purpose
from cogov.files.commands import keep_picture
from cogov.files.models import Picture
from cogov.files.rules import Drawn, draw_anew
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, verb
from cogov.moderation.rules import mask
from cogov.people.rules import Actor
from cogov.tasks.commands.claiming import run_clock
from cogov.tasks.commands.locking import Locked, complete, locked_claim, promise_of, record_on
from cogov.tasks.events import TaskDone, TaskHandedIn, TaskSentBack, TaskVerified
from cogov.tasks.models import Claim, HandIn
from cogov.tasks.rules import (
    REPORT_LENGTH,
    SENT_BACK_DAYS,
    VERIFIES,
    ClaimState,
    TaskState,
    why_not_hand_in,
    why_not_minutes,
    why_not_picture,
    why_not_verify,
)


def hand_in_task(
    by: Actor,
    claim_id: int,
    *,
    words: str,
    minutes: int,
    picture_id: int | None = None,
    picture: bytes | None = None,
    folder: Path | None = None,
    once: str | None = None,
) -> HandIn:
    """Hand in what was done on one's claim, with the minutes worked; the clock stops and another person looks.

    A picture is one uploaded before, or bytes, which are drawn anew before anything is locked and kept in `folder`.
    """
    drawn = draw_anew(picture) if picture else None
    return _hand_in(by, claim_id, words, minutes, picture_id, drawn, folder, once)


@verb
def _hand_in(
    by: Actor,
    claim_id: int,
    words: str,
    minutes: int,
    picture_id: int | None,
    drawn: Drawn | None,
    folder: Path | None,
    once: str | None,
) -> HandIn:
    insist_once(by, once)
    claim, where = locked_claim(by, claim_id)
    insist(why_not_hand_in(by, promise_of(claim)))
    words = mask(tidy(words)).text
    insist(why_not_wording(words, longest=REPORT_LENGTH, what=say("做了什么")))
    insist(why_not_minutes(minutes))
    insist(why_not_picture(own=picture_id is None or _is_own_picture(by, picture_id, where)))
    if drawn is not None and folder is not None:
        # The picture belongs to the report, not to the dossier's own pictures.
        picture_id = keep_picture(by, drawn, folder).id
    last = session().scalar(select(func.max(HandIn.turn)).where(HandIn.claim_id == claim_id)) or 0
    row = HandIn(
        claim_id=claim_id,
        turn=last + 1,
        person_id=found(by.person_id),
        words=words,
        salt=salt(),
        picture_id=picture_id,
        minutes=minutes,
        at=now(),
    )
    session().add(row)
    claim.state = ClaimState.HANDED_IN
    stop_clock(Purpose.CLAIM, claim_id)
    claimer = by.under(by.serves(claim.organization_id))
    record_on(TaskHandedIn(where.task.id, claim_id, commit_to(row.salt, words)), claimer, where, ("claim", claim_id))
    return row


def _is_own_picture(by: Actor, picture_id: int, where: Locked) -> bool:
    picture = session().get(Picture, picture_id)
    if picture is None or picture.uploaded_by != by.person_id:
        return False
    return picture.problem_id is None or picture.problem_id == where.problem.id


@verb
def verify_task(by: Actor, claim_id: int, *, once: str | None = None) -> HandIn:
    """Verify the work on a claim; when all slots are verified the task is done."""
    insist_once(by, once)
    claim, where = locked_claim(by, claim_id)
    verifier = _verifier(by, claim, where)
    row = _judge(verifier, claim, accepted=True)
    claim.state = ClaimState.VERIFIED
    where.task.done += 1
    record_on(TaskVerified(where.task.id, claim_id), verifier, where, ("claim", claim_id))
    if where.task.done == where.task.slots:
        where.task.state, where.task.ended_at = TaskState.DONE, now()
        record_on(TaskDone(where.task.id), verifier, where)
        complete(verifier, where)
    return row


@verb
def send_back_task(by: Actor, claim_id: int, *, words: str, once: str | None = None) -> HandIn:
    """Send work back and say what is missing; a short clock starts."""
    insist_once(by, once)
    claim, where = locked_claim(by, claim_id)
    verifier = _verifier(by, claim, where)
    words = tidy(words)
    insist(why_not_wording(words, longest=REPORT_LENGTH, what=say("还缺什么")))
    row = _judge(verifier, claim, accepted=False)
    row.verdict_words, row.verdict_salt = words, salt()
    claim.state, claim.due_at = ClaimState.ACTIVE, now() + timedelta(days=SENT_BACK_DAYS)
    run_clock(claim, where)
    record_on(
        TaskSentBack(where.task.id, claim_id, commit_to(row.verdict_salt, words)), verifier, where, ("claim", claim_id)
    )
    return row


def _verifier(by: Actor, claim: Claim, where: Locked) -> Actor:
    insist(why_not_verify(by, where.code, promise_of(claim)))
    return by.under(by.standing(where.code, *VERIFIES))


def _judge(verifier: Actor, claim: Claim, *, accepted: bool) -> HandIn:
    query = select(HandIn).where(HandIn.claim_id == claim.id).order_by(HandIn.turn.desc()).limit(1)
    row = found(session().scalars(query).one_or_none())
    row.accepted, row.judged_by, row.judged_at = accepted, verifier.person_id, now()
    row.judged_under = verifier.acting.id if verifier.acting else None
    row.judged_for = verifier.organization_id
    return row
