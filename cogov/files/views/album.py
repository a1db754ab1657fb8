"""The pictures of a form: kept when they come, shown so that faces can be covered, drawn with the boxes when sent.

A form may take documents beside them, and ask of each file what is on it.
It works without scripts: a picture is then an image button, and a click on it comes as a pair of coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from flask import current_app, request
from flask_babel import gettext
from werkzeug.datastructures import FileStorage

from cogov.files.commands import forget_drafts, keep_draft
from cogov.files.models import PictureDraft
from cogov.files.queries import drafts_folder, drafts_of, kept_file
from cogov.files.rules import (
    MAX_BYTES,
    MOST_BOXES,
    UNREADABLE,
    Box,
    Drawn,
    Rewritten,
    around,
    boxes_from,
    draw_anew,
    is_document,
    neither,
    one_at_a_time,
    part,
    write_anew,
    written,
)
from cogov.ground.db import found, give_back
from cogov.ground.pages import actor, words
from cogov.ground.refusals import Refusal, Refused
from cogov.ground.settings import data_dir

SHOWN_WIDTH = 288
"""The width in which a page without scripts shows a picture, so that it knows where in it a click lies."""

LOOKED = "looked"
"""The field that says that the pictures were looked at before they are sent."""


@dataclass
class Shot:
    """One picture of a form: its token, its measures, and what is to be covered; or a document: title and pages."""

    token: str
    width: int
    height: int
    boxes: tuple[Box, ...] = ()
    title: str | None = None
    pages: int | None = None
    words: str = ""
    """What is on it, for who does not see it."""

    @property
    def hide(self) -> str:
        """The boxes as the form carries them."""
        return written(self.boxes)

    @property
    def shown(self) -> tuple[int, int]:
        """Width and height in which it is shown where a click must be understood."""
        return SHOWN_WIDTH, max(self.height * SHOWN_WIDTH // self.width, 1)


@dataclass
class Album:
    """All pictures of a form, in order; ``asks`` says that the page is to be shown again before anything is sent."""

    most: int = 1
    papers: bool = False
    """Whether it takes documents, too, and asks what is on each file."""

    shots: list[Shot] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    fresh: bool = False
    changed: bool = False
    lost: int = 0

    @property
    def looked(self) -> bool:
        """Whether the person has seen the pictures, or a script has shown them."""
        return bool(request.form.get(LOOKED))

    @property
    def asks(self) -> bool:
        """Whether to ask first for faces and plates: something was chosen unseen, or is being covered."""
        return self.changed or (self.fresh and not self.looked)

    def files(self) -> list[tuple[Drawn | Rewritten, str]]:
        """Return the files as they will be stored, pictures with their boxes covered, and what is on each."""
        rows = drafts_of(actor(), [shot.token for shot in self.shots])
        return [
            (kept_file(rows[shot.token], drafts(), shot.boxes), shot.words) for shot in self.shots if shot.token in rows
        ]

    def drawn(self) -> list[Drawn]:
        """Return the pictures as they will be stored, with their boxes covered."""
        return [file for file, _ in self.files() if isinstance(file, Drawn)]

    def first_bytes(self) -> bytes | None:
        """Return the bytes of the first picture, for a form that takes one."""
        return next((drawn.data for drawn in self.drawn()), None)

    def forget(self) -> None:
        """Delete the drafts: they have been sent."""
        if self.shots:
            forget_drafts(actor(), [shot.token for shot in self.shots], drafts())


def drafts() -> Path:
    """Return where drafts lie."""
    return drafts_folder(data_dir(current_app))


def open_album(most: int = 1, *, papers: bool = False) -> Album:
    """Return the pictures of the form that was sent; a new one, or a click on one, changes them."""
    album = Album(most, papers)
    if request.method == "POST":
        _find(album)
        _take(album)
        _act(album)
    return album


def _find(album: Album) -> None:
    tokens = list(dict.fromkeys(request.form.getlist("draft")))[: album.most]
    rows = drafts_of(actor(), tokens)
    if not album.papers:
        rows = {token: row for token, row in rows.items() if row.title is None}
    album.lost = len(tokens) - len(rows)
    if album.lost:
        album.errors.append(gettext("照片放了超过一小时，已经删掉了，请重新选。"))
    for token in tokens:
        if token in rows:
            album.shots.append(_shot(album, token, rows[token]))


def _shot(album: Album, token: str, row: PictureDraft) -> Shot:
    try:
        boxes = boxes_from(request.form.get(f"hide-{token}", ""))
    except Refused as error:
        boxes = ()
        album.errors.append(_sentence(error.refusal))
    words_told = request.form.get(f"words-{token}", "") if album.papers else ""
    return Shot(token, row.width, row.height, boxes, row.title, row.pages, words_told)


def _sentence(refusal: Refusal) -> str:
    return words(refusal.message) + words(refusal.what_next)


def _take(album: Album) -> None:
    """Keep what was chosen now; what cannot be read is told beside the field, and nothing else is lost for it."""
    uploads = [upload for upload in request.files.getlist("picture") if upload.filename]
    room = album.most - len(album.shots)
    if len(uploads) > room:
        album.errors.append(_too_many(album))
    for upload in uploads[: max(room, 0)]:
        try:
            shot = shot_from(upload, papers=album.papers)
        except Refused as error:
            album.errors.append(_sentence(error.refusal))
            continue
        album.shots.append(shot)
        # A document shows nothing that could be covered, so nobody is asked to look at it first.
        album.fresh = album.fresh or shot.title is None
    for upload in uploads:
        upload.close()


def _too_many(album: Album) -> str:
    if album.papers:
        return gettext("最多 %(n)s 个文件，多出来的没有收。", n=album.most)
    return gettext("最多 %(n)s 张照片，多出来的没有收。", n=album.most)


def shot_from(upload: FileStorage, *, papers: bool) -> Shot:
    """Keep a file that was chosen; what can be read as nothing that is taken here is refused with the reason."""
    # One byte more than allowed is enough to know that it is too large.
    data = upload.stream.read(MAX_BYTES + 1)
    give_back()
    if papers and is_document(data):
        with one_at_a_time(found(actor().person_id)):
            written_anew = write_anew(data, upload.filename or "")
        token = keep_draft(actor(), written_anew, drafts())
        return Shot(token, 0, 0, title=written_anew.title, pages=written_anew.pages)
    try:
        drawn = draw_anew(data)
    except Refused as error:
        if papers and error.refusal.code == UNREADABLE:
            raise Refused(neither()) from error
        raise
    return Shot(keep_draft(actor(), drawn, drafts()), drawn.width, drawn.height)


def _act(album: Album) -> None:
    """Do what a button beside a picture asks for, or what a click on one means."""
    for shot in list(album.shots):
        if request.form.get("drop") == shot.token:
            album.shots.remove(shot)
        elif request.form.get("uncover") == shot.token:
            shot.boxes = shot.boxes[:-1]
        elif shot.title is None and (box := _box(shot)) is not None:
            shot.boxes = (*shot.boxes, box)[:MOST_BOXES]
        elif f"at-{shot.token}.x" not in request.form:
            continue
        album.changed = True


def _box(shot: Shot) -> Box | None:
    x, y = (request.form.get(f"at-{shot.token}.{axis}", type=int) for axis in "xy")
    if x and y and x > 0 and y > 0:  # a key pressed on the picture comes as the point 0, 0, and means no place in it
        width, height = shot.shown
        return around(min(x, width), min(y, height), width, height)
    chosen = request.form.get(f"part-{shot.token}", type=int)
    if request.form.get("cover") == shot.token and chosen is not None and 0 <= chosen < 9:
        return part(chosen)
    return None


def album_of(form: Any, most: int = 1, *, papers: bool = False) -> Album:
    """Open the album of a form with a field for pictures, so that its page shows what was chosen."""
    form.picture.album = open_album(most, papers=papers)
    return cast("Album", form.picture.album)


def add_errors(form: Any) -> bool:
    """Put what is wrong with the pictures beside their field; return whether all was well."""
    errors = form.picture.album.errors
    if errors:
        form.picture.errors = [*form.picture.errors, *errors]
    return not errors


def settled(form: Any) -> bool:
    """Say whether the form can be sent as far as its pictures go: all are readable, and were looked at."""
    return add_errors(form) and not form.picture.album.asks
