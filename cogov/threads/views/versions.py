"""The versions of a message: what changed, and the form for another one."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.ground.pages import actor, open_to_all, page, signed_in
from cogov.journal.kept import kept_for_anyone
from cogov.threads import commands, queries
from cogov.threads.commands.editing import written
from cogov.threads.forms.messages import EditForm
from cogov.threads.rules.editing import why_not_edit
from cogov.threads.views.current import bp
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
    form = EditForm()
    if not form.validate_on_submit():
        return _page(message_id, form, 422)
    edited = commands.edit_message(actor(), message_id, text=form.text.data or "", once=form.once.data)
    said = gettext("改好了，第 %(n)s 版已公开；以前各版都能看到。", n=edited.version)
    flash(told(edited, said, form.text.data or ""))
    return redirect(url_for("threads.show_message_versions", message_id=message_id), 303)


def _page(message_id: int, form: EditForm | None, status: int = 200) -> Response:
    by = actor()
    message, problem = queries.message_for(by, message_id)
    shown, _ = queries.replies(message, by.person_id, before=1)
    texts = queries.texts_of(message)
    chosen, pieces = queries.changes_in(texts, request.args.get("version", type=int)) if texts else (None, ())
    dossier = queries.dossier_of(problem)
    return page(
        "threads/message_versions.html",
        status,
        form=form or EditForm(formdata=None, text=message.text),
        problem=problem,
        message=shown,
        texts=texts,
        chosen=chosen,
        pieces=pieces,
        exact_times=by.inside(dossier.code),
        why_not=why_not_edit(by, dossier, written(message)),
    )
