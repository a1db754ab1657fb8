"""The claims of a task, what was handed in on them, and what the reader may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cogov.files.models import Picture
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.tasks.models import Claim, HandIn, Task
from cogov.tasks.queries.cards import task_for
from cogov.tasks.rules import (
    PAGE_SIZE,
    ClaimState,
    Promise,
    why_not_hand_in,
    why_not_leave_work,
    why_not_return,
    why_not_verify,
)
from cogov.threads.queries import Byline, Faces, Window, faces, window


@dataclass(frozen=True)
class HandInShown:
    """Work as it was handed in, and the verdict on it once there is one."""

    words: str
    minutes: int
    picture_id: int | None
    at: datetime
    accepted: bool | None
    verdict_words: str
    judge: Byline | None
    judged_at: datetime | None


@dataclass(frozen=True)
class ClaimShown:
    """A claim with what was handed in on it, and why the reader may not do each act (None: may)."""

    id: int
    byline: Byline
    own: bool
    state: ClaimState
    claimed_at: datetime
    due_at: datetime
    hand_ins: tuple[HandInShown, ...]
    why_not_hand_in: Refusal | None
    why_not_return: Refusal | None
    why_not_verify: Refusal | None


def claim_for(by: Actor, claim_id: int) -> tuple[Claim, Task, Problem]:
    """Return a claim with its task and problem."""
    claim = found(session().get(Claim, claim_id))
    task, problem = task_for(by, claim.task_id)
    return claim, task, problem


def hand_in_picture(by: Actor, claim_id: int, picture_id: int) -> Picture:
    """Return a picture of a report on a claim that the reader may see."""
    claim_for(by, claim_id)
    query = (
        select(Picture)
        .join(HandIn, HandIn.picture_id == Picture.id)
        .where(HandIn.claim_id == claim_id, Picture.id == picture_id)
        .limit(1)
    )
    return found(session().scalars(query).one_or_none())


def claims_of(
    by: Actor, task: Task, code: str, *, before: int | None = None, after: int | None = None
) -> Window[ClaimShown]:
    """Return a page of the claims on a task that were not given back, the oldest page first, in four queries."""
    query = select(Claim).where(Claim.task_id == task.id, Claim.state != ClaimState.RETURNED)
    rows = window(query, Claim.id, size=PAGE_SIZE, before=before, after=after)
    return rows.of(_shown_all(by, task, code, rows.items))


def own_claim(by: Actor, task: Task, code: str) -> ClaimShown | None:
    """Return the reader's own claim on a task."""
    if by.person_id is None:
        return None
    query = select(Claim).where(
        Claim.task_id == task.id, Claim.person_id == by.person_id, Claim.state != ClaimState.RETURNED
    )
    claim = session().scalars(query).one_or_none()
    return _shown_all(by, task, code, [claim])[0] if claim is not None else None


def _shown_all(by: Actor, task: Task, code: str, claims: Sequence[Claim]) -> list[ClaimShown]:
    query = select(HandIn).where(HandIn.claim_id.in_([claim.id for claim in claims])).order_by(HandIn.id)
    handed: dict[int, list[HandIn]] = {}
    for row in session().scalars(query):
        handed.setdefault(row.claim_id, []).append(row)
    judges = [row.judged_under for rows in handed.values() for row in rows]
    names = faces(task.problem_id, [*(claim.standing_id for claim in claims), *judges])
    return [_shown(by, code, claim, handed.get(claim.id, []), names) for claim in claims]


def _shown(by: Actor, code: str, claim: Claim, handed: list[HandIn], names: Faces) -> ClaimShown:
    promise = Promise(claim.state, claim.person_id, claim.organization_id)
    return ClaimShown(
        claim.id,
        names.of(claim.person_id, claim.standing_id),
        own=claim.person_id == by.person_id,
        state=claim.state,
        claimed_at=claim.claimed_at,
        due_at=claim.due_at,
        hand_ins=tuple(_hand_in(row, names) for row in handed),
        why_not_hand_in=why_not_hand_in(by, promise),
        why_not_return=why_not_return(by, promise),
        why_not_verify=why_not_verify(by, code, promise),
    )


def _hand_in(row: HandIn, names: Faces) -> HandInShown:
    return HandInShown(
        row.words,
        row.minutes,
        row.picture_id,
        row.at,
        row.accepted,
        row.verdict_words,
        names.of(row.judged_by, row.judged_under) if row.judged_by else None,
        row.judged_at,
    )


def claim_in_hand(person_id: int, community_id: int | None = None) -> Refusal | None:
    """Say that a person has promised work that others wait for, anywhere or in one community."""
    query = select(Claim.id).where(Claim.person_id == person_id, Claim.state == ClaimState.ACTIVE)
    if community_id is not None:
        query = query.join(Task, Task.id == Claim.task_id).where(Task.community_id == community_id)
    return None if session().scalar(query.limit(1)) is None else why_not_leave_work(moving=community_id is not None)
