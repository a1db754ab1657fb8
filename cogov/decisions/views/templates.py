"""The ballots that a place keeps ready: read by everybody, written and changed by those who keep them."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.decisions import commands
from cogov.decisions.forms.templates import TemplateForm
from cogov.decisions.queries.templates import TemplateShown, template_versions, templates_here
from cogov.decisions.rules.templates import EDITORS, why_not_change
from cogov.decisions.views.current import bp, by, community
from cogov.decisions.views.methods import ballot_sentences, method_words
from cogov.decisions.views.shown import option_lines
from cogov.ground.db import found
from cogov.ground.pages import moment, open_to_all, page, signed_in
from cogov.ground.refusals import insist
from cogov.people.rules.keeping import why_not_keep
from cogov.places.models import Place
from cogov.places.queries import place_by_code, place_by_id


def _place() -> Place:
    code = request.args.get("place", "")
    return place_by_code(code) if code else found(community())


def _keeps(place: Place) -> bool:
    return why_not_keep(by(), place.code, *EDITORS) is None


def _told(shown: TemplateShown) -> dict[str, Any]:
    return {
        "id": shown.id,
        "name": shown.name,
        "version": shown.version,
        "says": [method_words(shown.form), *ballot_sentences(shown.form, len(shown.options))],
        "options": option_lines(shown.options),
        "reason": shown.reason,
        "when": gettext("第 %(n)s 版，%(at)s", n=shown.version, at=moment(shown.at)),
        "by": shown.by,
    }


@bp.get("/ballot-templates")
@open_to_all
def ballot_templates() -> Response:
    """Show the ballots that a place keeps ready."""
    here = _place()
    told = [_told(each) for each in templates_here(here.id)]
    return page("decisions/templates/index.html", here=here, templates=told, keeps=_keeps(here))


@bp.get("/ballot-templates/<id:template_id>")
@open_to_all
def ballot_template(template_id: int) -> Response:
    """Show a ballot with all its versions."""
    versions = template_versions(template_id)
    here = place_by_id(versions[0].place_id)
    return page(
        "decisions/templates/show.html",
        here=here,
        versions=[_told(each) for each in versions],
        retired=versions[0].retired_at is not None,
        keeps=_keeps(here),
    )


# Writing --------------------------------------------------------------------------------------------------------------


@bp.get("/ballot-templates/new")
@signed_in
def new_template() -> Response:
    """Show the form for a ballot."""
    here = _place()
    insist(why_not_keep(by(), here.code, *EDITORS))
    return _form_page(TemplateForm(), here)


@bp.post("/ballot-templates/new")
@signed_in
def write_template() -> Any:
    """Write a ballot."""
    here = _place()
    insist(why_not_keep(by(), here.code, *EDITORS))
    form = TemplateForm()
    if _redrawn(form):
        return _form_page(form, here)
    if not form.validate_on_submit():
        return _form_page(form, here, status=422)
    row = commands.write_template(by(), here.code, form.written(), once=form.once.data)
    return _done(row.template_id, gettext("选票样式已写好，提动议时可以用。"))


@bp.get("/ballot-templates/<id:template_id>/edit")
@signed_in
def edit_template(template_id: int) -> Response:
    """Show the form for another version."""
    shown, here = _to_change(template_id)
    form = TemplateForm()
    form.name.data = shown.name
    form.begin_with(shown.form, shown.options)
    return _form_page(form, here, shown)


@bp.post("/ballot-templates/<id:template_id>/edit")
@signed_in
def change_template(template_id: int) -> Any:
    """Write another version."""
    shown, here = _to_change(template_id)
    form = TemplateForm()
    if _redrawn(form):
        return _form_page(form, here, shown)
    if not form.validate_on_submit():
        return _form_page(form, here, shown, status=422)
    commands.change_template(by(), template_id, form.written(), reason=form.why.data or "", once=form.once.data)
    return _done(template_id, gettext("新的一版已经写好；以前的动议照原来的。"))


@bp.post("/ballot-templates/<id:template_id>/retirement")
@signed_in
def retire_template(template_id: int) -> Any:
    """No longer offer a ballot."""
    commands.retire_template(by(), template_id, once=request.form.get("once"))
    return _done(template_id, gettext("这张选票样式已经停用。"))


def _to_change(template_id: int) -> tuple[TemplateShown, Place]:
    shown = template_versions(template_id)[0]
    here = place_by_id(shown.place_id)
    insist(why_not_keep(by(), here.code, *EDITORS))
    insist(why_not_change("-----", retired=shown.retired_at is not None))
    return shown, here


def _redrawn(form: TemplateForm) -> bool:
    """Say whether nothing is sent yet: another ballot was chosen, or there are more options than rows."""
    if request.form.get("more"):
        form.grow()
    return bool(request.form.get("more") or request.form.get("redraw"))


def _form_page(form: TemplateForm, here: Place, shown: TemplateShown | None = None, status: int = 200) -> Response:
    form.offer_deciders()
    return page("decisions/templates/edit.html", status, form=form, here=here, shown=shown)


def _done(template_id: int, sentence: str) -> Any:
    flash(sentence)
    return redirect(url_for("decisions.ballot_template", template_id=template_id), 303)
