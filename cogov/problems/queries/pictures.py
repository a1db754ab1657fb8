"""The pictures of a problem as far as they stand: with words that were taken down go the pictures taken with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cogov.files.models import Picture
from cogov.files.queries import picture_of, pictures_of
from cogov.ground.refusals import NotFound
from cogov.journal.kept import kept
from cogov.moderation.queries import covers_of, reads_sealed
from cogov.moderation.rules import SubjectKind
from cogov.people.rules import Actor
from cogov.problems.models import Problem


def picture_field(picture_id: int) -> str:
    """Return the name under which a picture is covered beside the words of its problem."""
    return f"picture-{picture_id}"


def own_pictures(problem: Problem) -> Sequence[Picture]:
    """Return the pictures that a problem was raised with; those of what bodies did about it are theirs."""
    raised_by = (problem.raiser_id, problem.recorded_by)
    return [each for each in pictures_of([problem.id]).get(problem.id, ()) if each.uploaded_by in raised_by]


def shown_pictures(problem_id: int) -> tuple[Picture, ...]:
    """Return the pictures of a problem that stand, for pages whose reader sees the problem."""
    every = pictures_of([problem_id]).get(problem_id, ())
    down = _covered(problem_id) if every else {}
    return tuple(each for each in every if picture_field(each.id) not in down)


def picture_for(by: Actor, problem: Problem, picture_id: int) -> tuple[Picture, bool]:
    """Return a picture of a problem, and whether it is covered: then it is for whoever may read sealed words."""
    row = picture_of(problem.id, picture_id)
    down, field = _covered(problem.id), picture_field(row.id)
    if field in down and not reads_sealed(by, down[field]):
        raise NotFound
    return row, field in down


def _covered(problem_id: int) -> Mapping[str, int | None]:
    """Return the review by which each covered field of a problem is down."""
    return kept(("covers of problem", problem_id), lambda: _covers(problem_id), of=problem_id)


def _covers(problem_id: int) -> Mapping[str, int | None]:
    covers = covers_of(SubjectKind.PROBLEM, [problem_id])
    return {field: cover.review_id for (_, field), cover in covers.items()}
