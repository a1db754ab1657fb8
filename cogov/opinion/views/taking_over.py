"""Taking a conversation over from elsewhere, and handing out its rows to a named auditor."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.ground.pages import open_to, page, powerful, signed_in, words
from cogov.ground.refusals import Refused, insist
from cogov.ground.sheets import text_of
from cogov.ground.words import say
from cogov.opinion import commands
from cogov.opinion.forms.taking_over import ImportForm, ReasonForm
from cogov.opinion.queries.loading import conversation_for, ground_of
from cogov.opinion.queries.rows import takings_of
from cogov.opinion.rules.rows import why_not_agree, why_not_ask, why_not_see_rows, why_not_take
from cogov.opinion.views.current import bp, by
from cogov.people.rules import Role

BEGUN = (1980, 1, 1, 0, 0, 0)
"""The time of each file of an archive: none."""


@bp.get("/conversations/import")
@open_to(Role.ADMINISTRATOR)
def import_form() -> Response:
    """Show the form for the sheets of a conversation held elsewhere."""
    form = ImportForm(number=request.args.get("number", "")[:40])
    return page("opinion/import.html", form=form.freshened())


@bp.post("/conversations/import")
@open_to(Role.ADMINISTRATOR)
def import_sheets() -> Any:
    """Take over a conversation; a file that cannot be read is refused with its line, and nothing is entered."""
    form = ImportForm()
    if form.validate_on_submit():
        try:
            sheets = {name: text_of(data) for name, data in form.sheets().items()}
            conversation = commands.import_conversation(
                by(),
                (form.number.data or "").strip(),
                sheets=sheets,
                question=form.question.data or "",
                once=form.once.data,
            )
        except Refused as error:
            if error.refusal.status != 422:
                raise
            told = (error.refusal.message, error.refusal.what_next)
            form.sheet.errors = [*form.sheet.errors, " ".join(words(each) for each in told if each)]
        else:
            flash(gettext("已导入。图在后台画，过一会儿刷新就能看。"), "done")
            return redirect(url_for("opinion.map_page", conversation_id=conversation.id), 303)
    return page("opinion/import.html", 422, form=form.freshened())


@bp.get("/conversations/<id:conversation_id>/rows")
@signed_in
def rows_page(conversation_id: int) -> Response:
    """Show who asked for the rows of a conversation, why, who agreed, and what may be done now."""
    return _rows(conversation_id, ReasonForm())


def _rows(conversation_id: int, form: ReasonForm, status: int = 200) -> Response:
    conversation, problem = conversation_for(by(), conversation_id)
    code = ground_of(problem).code
    insist(why_not_see_rows(by(), code))
    takings = takings_of(conversation_id)
    waiting = any(each.taken_at is None for each in takings)
    return page(
        "opinion/rows.html",
        status,
        conversation=conversation,
        problem=problem,
        form=form.freshened(),
        why_not_ask=why_not_ask(by(), code, closed=conversation.closed_at is not None, asked=waiting),
        takings=[
            {
                "row": each,
                "may_agree": why_not_agree(
                    by(), code, asked_by=each.asked_by, agreed=each.agreed_at is not None
                ) is None,
                "may_take": why_not_take(
                    by(),
                    code,
                    asked_by=each.asked_by,
                    agreed=each.agreed_at is not None,
                    taken=each.taken_at is not None,
                ) is None,
            }
            for each in takings
        ],
    )  # fmt: skip


@bp.post("/conversations/<id:conversation_id>/rows")
@signed_in
def ask_rows(conversation_id: int) -> Any:
    """Ask for the rows."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _rows(conversation_id, form, 422)
    commands.ask_for_rows(by(), conversation_id, reason=form.reason.data or "", once=form.once.data)
    flash(gettext("已申请，等街道或系统管理员同意。"), "done")
    return _back(conversation_id)


@bp.post("/conversations/rows/<id:taking_id>/agreement")
@signed_in
@powerful(say("同意取走逐行数据"))
def agree_rows(taking_id: int) -> Answer:
    """Agree to it as the second person."""
    row = commands.agree_to_rows(by(), taking_id, once=request.form.get("once", "")[:64] or None)
    flash(gettext("已同意，提出申请的审计员现在可以取走。"), "done")
    return _back(row.conversation_id)


@bp.post("/conversations/rows/<id:taking_id>/sheets")
@signed_in
@powerful(say("取走逐行数据"))
def rows_taken(taking_id: int) -> Response:
    """Send the rows to who asked; that they were taken is written down first."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in commands.take_rows(by(), taking_id).items():
            archive.writestr(zipfile.ZipInfo(name, BEGUN), text.encode("utf-8-sig"))
    answer = Response(packed.getvalue(), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="cogov-opinion-rows-{taking_id}.zip"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _back(conversation_id: int) -> Answer:
    return redirect(url_for("opinion.rows_page", conversation_id=conversation_id), 303)
