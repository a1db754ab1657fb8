"""Flagging a problem itself: its title, its words, where it is said to be; what hangs on it goes on without them."""

from __future__ import annotations

from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal, insist
from cogov.journal.transaction import insist_once, verb
from cogov.moderation.commands import Passage, flag_passage, note_covers, settle_passage, take_back_words
from cogov.moderation.events import TextWithdrawn
from cogov.moderation.models import Review
from cogov.moderation.queries import DOWN, covered_fields, open_review
from cogov.moderation.rules import FlagReason, SubjectKind
from cogov.people.queries import organization_names
from cogov.people.rules import Actor, OrganizationKind
from cogov.places.queries import place_by_id
from cogov.problems.commands.moving import note
from cogov.problems.models import Problem
from cogov.problems.queries import locked, own_pictures, picture_field, problem_by_id
from cogov.problems.rules.taking_back import why_not_take_back

KIND = SubjectKind.PROBLEM
COLUMNS = ("title", "text", "spot")


@verb
def flag_problem(
    by: Actor,
    problem_id: int,
    *,
    reason: FlagReason,
    words: str = "",
    about_committee: bool = False,
    once: str | None = None,
) -> Review:
    """Flag a problem; what is about the committee, or raised by it, goes to the level above."""
    insist_once(by, once)
    problem_by_id(by, problem_id)
    text = _passage(locked(problem_id))
    return flag_passage(by, text, reason=reason, words=words, about_committee=about_committee)


def problem_passage_of(by: Actor, problem_id: int) -> tuple[Passage, Problem]:
    """Return a problem as a text; not found where it does not exist for this actor."""
    problem = problem_by_id(by, problem_id)
    return _passage(problem), problem


def why_not_withdraw_problem_words(by: Actor, problem_id: int) -> Refusal | None:
    """Say why somebody may not erase what a problem says; not found where it does not exist for this actor."""
    text, problem = problem_passage_of(by, problem_id)
    return _why_not_take_back(by, problem, text)


def _why_not_take_back(by: Actor, problem: Problem, text: Passage) -> Refusal | None:
    return why_not_take_back(
        by, problem.raiser_id, seconds=problem.seconds, official=problem.official, stands=text.stands
    )


def _passage(problem: Problem) -> Passage:
    organization = organization_names([problem.organization_id]).get(problem.organization_id or 0)
    return Passage(
        KIND,
        problem,
        COLUMNS,
        author_id=problem.raiser_id,
        standing_id=None,
        place_id=problem.community_id,
        problem_id=problem.id,
        code=place_by_id(problem.community_id).code,
        ours=organization is not None and organization.kind is OrganizationKind.COMMITTEE,
    )


@verb
def settle_problem_words(_by: Actor, review_id: int) -> None:
    """Have a problem's words follow their review, with the pictures; its steps, votes and cases stand."""
    review = found(session().get(Review, review_id))
    problem = locked(review.subject_id)
    settle_passage(_passage(problem), review)
    if review.state in DOWN:
        _cover_pictures(problem, review.id)


def _cover_pictures(problem: Problem, review_id: int | None) -> None:
    pictures = {picture_field(each.id) for each in own_pictures(problem)}
    note_covers(KIND, problem.id, pictures - covered_fields(KIND, problem.id), review_id)


@verb
def withdraw_problem_words(by: Actor, problem_id: int, *, once: str | None = None) -> Problem:
    """Erase, as its author, what a problem says, while nobody else stands behind it; the dossier stays."""
    insist_once(by, once)
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    text = _passage(problem)
    insist(_why_not_take_back(by, problem, text))
    looked_at = open_review(KIND, problem.id)
    take_back_words(text)
    _cover_pictures(problem, looked_at.id if looked_at is not None else None)
    note(TextWithdrawn(KIND, problem.id), by.under(None), problem)
    return problem
