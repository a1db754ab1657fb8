"""Files beside messages: what a form of a message takes, and sending them to whoever may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Response, current_app, request

from cogov.files.forms import ACCEPTED, PAPERS
from cogov.files.queries import pictures_folder
from cogov.files.views import Album, album_of, sent, sent_document, settled
from cogov.ground.db import found
from cogov.ground.pages import actor, open_to_all
from cogov.ground.refusals import insist
from cogov.ground.settings import data_dir
from cogov.journal.transaction import why_not_again
from cogov.threads import queries
from cogov.threads.commands.enclosing import Enclosing, Files
from cogov.threads.forms.messages import ENCLOSED
from cogov.threads.queries.enclosures import EnclosureShown
from cogov.threads.rules.enclosing import MOST_ENCLOSURES
from cogov.threads.views.current import bp


def folder() -> Path:
    """Return where files lie."""
    return pictures_folder(data_dir(current_app))


@dataclass(frozen=True)
class _Composer:
    """The field for files of the form that stands under a discussion: empty, and without what a whole form costs."""

    id: str = "composer-picture"
    errors: tuple[str, ...] = ()
    label: Mapping[str, Any] = field(default_factory=lambda: {"text": ENCLOSED})
    flags: Mapping[str, Any] = field(default_factory=lambda: {"optional": False})
    render_kw: Mapping[str, str] = field(default_factory=lambda: {"accept": ACCEPTED, "papers": PAPERS})
    album: Album = field(default_factory=lambda: Album(MOST_ENCLOSURES, papers=True))


@bp.app_template_global()
def enclosing_field() -> _Composer:
    """Return the field for files of the form that stands under a discussion."""
    return _Composer()


def album_for(form: Any, *, beside: int = 0) -> Album:
    """Open the album of a message's form, with room for what may still come beside it; a form sent twice says so."""
    album = album_of(form, max(MOST_ENCLOSURES - beside, 0), papers=True)
    if album.lost:
        insist(why_not_again(actor(), form.once.data))
    return album


def is_ready(form: Any) -> bool:
    """Say whether a message can be sent: its words are right, its files readable, its pictures looked at."""
    # Both are asked, so that all that is wrong is told at once.
    valid, files_settled = form.validate(), settled(form)
    return bool(valid and files_settled)


def status_of(form: Any) -> int:
    """Return how a form that is shown again is answered: nothing is wrong where it only asks to look at a picture."""
    return 422 if form.errors or form.picture.errors else 200


def files_of(album: Album) -> Files:
    """Return the files of a form as a command takes them."""
    return Files([Enclosing(file, words) for file, words in album.files()], folder())


@bp.app_template_global()
def message_files(message_id: int, since: int | None) -> list[EnclosureShown]:
    """Return the files of a message for a page that shows its sealed words: those of now and of when it was flagged."""
    beside = queries.readable_enclosures(actor(), message_id)
    return [each for each in beside if each.until is None or (since is not None and each.beside(since))]


@bp.get("/messages/<id:message_id>/enclosures/<id:enclosure_id>")
@open_to_all
def show_enclosure(message_id: int, enclosure_id: int) -> Response:
    """Send a file to whoever may read the message beside which it stands, or stood in an earlier version."""
    return file_sent(queries.enclosure_for(actor(), message_id, enclosure_id))


def file_sent(shown: EnclosureShown) -> Response:
    """Return a picture to be looked at, or a document to be saved; no cache keeps it, as a message may go."""
    name = f"message-{shown.message_id}-{shown.id}"
    if shown.picture is not None:
        return sent(shown.picture, folder(), filename=f"{name}.jpg", private=True)
    return sent_document(found(shown.document), folder(), filename=f"{name}.pdf")


def unwanted() -> list[int]:
    """Return the numbers of the files that a form takes away from a message."""
    return [
        int(each) for each in request.form.getlist("without") if each.isascii() and each.isdigit() and len(each) < 19
    ]
