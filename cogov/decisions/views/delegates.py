"""Delegates on pages: which organizations decide together, and whom each sends."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext

from cogov.decisions import commands
from cogov.decisions.forms.delegates import DelegateForm
from cogov.decisions.queries.delegates import DelegatesShown, OrganizationShown, delegates_shown
from cogov.decisions.rules.delegates import delegates_sentence
from cogov.decisions.views.current import bp, by
from cogov.ground.pages import id_field, moment, open_to_all, page, signed_in, words
from cogov.ground.refusals import NotFound
from cogov.people.rules import kind_words


@bp.get("/motions/<id:motion_id>/delegates")
@open_to_all
def delegates(motion_id: int) -> Response:
    """Show which organizations decide on a motion, and whom each sends."""
    return _delegates_page(delegates_shown(by(), motion_id))


@bp.post("/motions/<id:motion_id>/delegates")
@signed_in
def name_delegate(motion_id: int) -> Any:
    """Name whom one's organization sends."""
    shown, organization_id = delegates_shown(by(), motion_id), id_field("organization")
    asked = next((each for each in shown.organizations if each.id == organization_id), None)
    person_id = id_field("person")
    if asked is None or person_id is None:
        raise NotFound
    form = DelegateForm()
    commands.name_delegate(by(), motion_id, asked.id, person_id=person_id, once=form.once.data)
    flash(gettext("代表已确定，本人会收到通知。公告以后也只能由单位自己换。"))
    return redirect(url_for("decisions.delegates", motion_id=motion_id), 303)


def _delegates_page(shown: DelegatesShown) -> Response:
    sentence = delegates_sentence(shown.rule)
    return page(
        "decisions/delegates.html",
        motion=shown.motion,
        problem=shown.problem,
        sentence=words(sentence) if sentence is not None else "",
        sent=shown.sent,
        organizations=[_line(each) for each in shown.organizations],
    )


def _line(each: OrganizationShown) -> dict[str, Any]:
    form = DelegateForm(formdata=None).about(each.id, each.candidates) if each.candidates else None
    return {
        "name": each.name,
        "kind": words(kind_words(each.kind)),
        "delegate": each.delegate,
        "at": moment(each.named_at) if each.named_at is not None else "",
        "is_me": each.is_me,
        "form": form,
        "why_not": words(each.why_not_name.message) if each.why_not_name is not None else "",
    }
