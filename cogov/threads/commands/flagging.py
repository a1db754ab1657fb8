"""Flagging what people wrote besides messages: concerns, solutions and what is around them, summaries, interests."""

from __future__ import annotations

from typing import Any

from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound
from cogov.journal.transaction import insist_once, verb
from cogov.moderation.commands import Passage, flag_passage, settle_gone, settle_passage
from cogov.moderation.models import Review
from cogov.moderation.rules import FlagReason, SubjectKind
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id
from cogov.threads.commands.speaking import dossier_of
from cogov.threads.queries.passages import KINDS, problem_id_of, row_of


@verb
def flag_words(
    by: Actor,
    kind: SubjectKind,
    subject_id: int,
    *,
    reason: FlagReason,
    words: str = "",
    about_committee: bool = False,
    once: str | None = None,
) -> Review:
    """Flag a text of a dossier; what is about the committee, or by one of its members, goes to the level above."""
    insist_once(by, once)
    text, _ = passage_of(by, kind, subject_id, lock=True)
    return flag_passage(by, text, reason=reason, words=words, about_committee=about_committee)


def passage_of(by: Actor, kind: SubjectKind, subject_id: int, *, lock: bool = False) -> tuple[Passage, Problem]:
    """Return a text with its problem; not found where the problem, or the text, does not exist for this actor."""
    text, problem = reviewed_passage_of(by, kind, subject_id, lock=lock)
    if not KINDS[kind].readable(by, text.code, text.row):
        raise NotFound
    return text, problem


def reviewed_passage_of(
    by: Actor, kind: SubjectKind, subject_id: int, *, lock: bool = False
) -> tuple[Passage, Problem]:
    """Return the same for who was let in to its review, who reads there also what others do not."""
    if kind not in KINDS:
        raise NotFound
    problem = problem_by_id(by, problem_id_of(kind, row_of(kind, subject_id)))
    if lock:
        problem = locked(problem.id)
    return _passage(kind, _fresh(kind, subject_id) if lock else row_of(kind, subject_id), problem), problem


def _fresh(kind: SubjectKind, subject_id: int) -> Any:
    return found(session().get(KINDS[kind].model, subject_id, populate_existing=True))


def _passage(kind: SubjectKind, row: Any, problem: Problem) -> Passage:
    told = KINDS[kind]
    return Passage(
        kind,
        row,
        told.columns,
        author_id=found(getattr(row, told.author)),
        standing_id=getattr(row, told.standing),
        place_id=problem.community_id,
        problem_id=problem.id,
        code=dossier_of(problem).code,
    )


@verb
def settle_words(by: Actor, review_id: int) -> None:
    """Have a text follow its review: it is covered, or stands again."""
    review = found(session().get(Review, review_id))
    # First the problem, as everywhere: whoever writes on it at this moment holds it too.
    problem = locked(found(review.problem_id))
    row = session().get(KINDS[review.subject].model, review.subject_id, populate_existing=True)
    if row is None:  # whoever wrote it closed their account when what was at stake for them went with it
        settle_gone(review)
    else:
        settle_passage(_passage(review.subject, row, problem), review)
