"""Covering more of a picture that is already published: its pixels go, and every size of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cogov.files.commands import replace_picture, take_away
from cogov.files.queries import path_of, picture_of
from cogov.files.rules import Box, Drawn, draw_over
from cogov.ground.refusals import NotFound, insist
from cogov.journal.transaction import insist_once, verb
from cogov.people.rules import Actor
from cogov.problems.commands.moving import note
from cogov.problems.events import PictureCovered
from cogov.problems.queries import facts_of, problem_for, problem_for_change
from cogov.problems.rules.pictures import picture_has_changed, why_not_cover


def cover_picture(
    by: Actor, number: str, picture_id: int, *, boxes: Sequence[Box], folder: Path, once: str | None = None
) -> None:
    """Cover parts of a problem's picture; nobody can undo it, and the file of before is deleted."""
    problem = problem_for(by, number)
    picture = picture_of(problem.id, picture_id)
    insist(why_not_cover(by, facts_of(by, problem), took_it=picture.uploaded_by == by.person_id))
    before = picture.name
    path = path_of(folder, before)
    if not path.is_file():
        raise NotFound
    drawn = draw_over(path.read_bytes(), boxes)
    _cover(by, number, picture_id, before, drawn, folder, once)
    take_away(before, folder)


@verb
def _cover(by: Actor, number: str, picture_id: int, before: str, drawn: Drawn, folder: Path, once: str | None) -> None:
    problem = problem_for_change(by, number)
    picture = picture_of(problem.id, picture_id)
    insist(why_not_cover(by, facts_of(by, problem), took_it=picture.uploaded_by == by.person_id))
    insist_once(by, once)
    insist(picture_has_changed() if picture.name != before else None)
    replace_picture(picture, drawn, folder)
    note(PictureCovered(picture.id), by, problem)
