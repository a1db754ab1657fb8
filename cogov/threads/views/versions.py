"""The versions of a message: what changed, and the form for another one."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.ground.pages import actor, open_to_all, page, signed_in
from cogov.ground.refusals import insist
from cogov.journal.kept import kept_for_anyone
from cogov.threads import commands, queries
from cogov.threads.commands.editing import written
from cogov.threads.forms.messages import EditForm
from cogov.threads.queries.enclosures import NOTHING_BESIDE, files_in
from cogov.threads.rules.editing import why_not_edit
from cogov.threads.views.current import bp
from cogov.threads.views.enclosures import album_for, files_of, is_ready, status_of, unwanted
from cogov.threads.views.messages import told


@bp.get("/messages/<id:message_id>/versions")
@open_to_all
@kept_for_anyone
def show_message_versions(message_id: int) -> Response:
    """Show what a message said in each version and what changed, and its author the form for another one."""
    return _page(message_id, None)


@bp.post("/messages/<id:message_id>/versions")
@signed_in
def edit_message(message_id: int) -> Any:
    """Edit one's message."""
    message, problem = queries.message_for(actor(), message_id)
    # Before any file is kept, for who may not send it.
    insist(why_not_edit(actor(), queries.dossier_of(problem), written(message)))
    form, without = EditForm(), unwanted()
    album = album_for(form, beside=message.enclosed - len(without))
    if not is_ready(form):
        return _page(message_id, form, status_of(form))
    edited = commands.edit_message(
        actor(),
        message_id,
        text=form.text.data or "",
        files=files_of(album),
        without=without,
        once=form.once.data,
    )
    album.forget()
    said = gettext("改好了，第 %(n)s 版已公开；以前各版都能看到。", n=edited.version)
    flash(told(edited, said, form.text.data or ""))
    return redirect(url_for("threads.show_message_versions", message_id=message_id), 303)


def _page(message_id: int, form: EditForm | None, status: int = 200) -> Response:
    by = actor()
    message, problem = queries.message_for(by, message_id)
    shown, _ = queries.replies(message, by.person_id, before=1)
    texts = queries.texts_of(message)
    chosen, pieces = queries.changes_in(texts, request.args.get("version", type=int)) if texts else (None, ())
    beside = queries.enclosures_of(message.id) if texts else ()
    dossier = queries.dossier_of(problem)
    if form is None:
        form = EditForm(formdata=None, text=message.text)
        album_for(form, beside=message.enclosed)
    return page(
        "threads/message_versions.html",
        status,
        form=form,
        problem=problem,
        message=shown,
        texts=texts,
        chosen=chosen,
        pieces=pieces,
        files=files_in(beside, chosen.version) if chosen else NOTHING_BESIDE,
        standing=[each for each in beside if each.until is None],
        unwanted=unwanted(),
        exact_times=by.inside(dossier.code),
        why_not=why_not_edit(by, dossier, written(message)),
    )
