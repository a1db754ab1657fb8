"""The texts one agrees to, in their versions: shown, agreed to at the door, taken back."""

from __future__ import annotations

from flask import current_app, flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.ground.pages import open_to_all, page, powerful, signed_in
from cogov.ground.refusals import NotFound
from cogov.ground.words import say
from cogov.people.commands import agree, ask_closing, take_back_closing, withdraw_consent
from cogov.people.forms import AgreeForm
from cogov.people.queries import missing_consents
from cogov.people.rules.consents import NEEDED, VERSIONS, ConsentKind
from cogov.people.views.current import bp, local_path

TEXTS = {ConsentKind.PRIVACY: "people.privacy", ConsentKind.TERMS: "people.terms", ConsentKind.HOME: "people.privacy"}
"""Where each text can be read."""


def next_after(then: str) -> str:
    """Return where a person goes who has just come in: to the texts they have yet to see, or where they wanted.

    Whose roles of office rest goes where a second factor is set up.
    """
    then = url_for("people.devices") if g.get("rests") else then
    return url_for("people.consents", then=then) if missing_consents(g.entered) else then


@bp.get("/privacy")
@open_to_all
def privacy() -> Answer:
    """Say who keeps what about a person, for what, on which ground, for how long, and who sees it."""
    return page("people/privacy.html", version=VERSIONS[ConsentKind.PRIVACY], home_version=VERSIONS[ConsentKind.HOME])


@bp.get("/terms")
@open_to_all
def terms() -> Answer:
    """Show what everybody here keeps to."""
    return page("people/terms.html", version=VERSIONS[ConsentKind.TERMS])


@bp.route("/consents", methods=["GET", "POST"])
@signed_in
def consents() -> Answer:
    """Ask for what has yet to be agreed to, in the versions that the page shows."""
    missing = missing_consents(g.actor.person_id)
    then = local_path(request.values.get("then"))
    if not missing:
        return redirect(then, 303)
    form = AgreeForm(then=then)
    form.ask(missing)
    if form.validate_on_submit():
        agree(g.actor, {kind: form.seen(kind) for kind in missing})
        return redirect(then, 303)
    return page("people/consents.html", 200 if request.method == "GET" else 422, form=form, missing=missing)


@bp.post("/me/consents/<kind>")
@signed_in
def give(kind: str) -> Answer:
    """Agree to a text that is asked for by itself."""
    chosen = _kind(kind)
    agree(g.actor, {chosen: request.form.get("version", "")})
    flash(gettext("已记录您的同意，随时可以撤回。"), "done")
    return redirect(url_for("people.rights"), 303)


@bp.post("/me/consents/<kind>/withdrawal")
@signed_in
def withdraw(kind: str) -> Answer:
    """Take an agreement back."""
    chosen = _kind(kind)
    withdraw_consent(g.actor, chosen)
    flash(gettext("已撤回同意，并记下了时间。"), "done")
    return redirect("/" if chosen in NEEDED else url_for("people.rights"), 303)


@bp.post("/me/closing")
@signed_in
@powerful(say("申请注销账号"))
def ask_to_close() -> Answer:
    """Ask for one's account to be closed."""
    ask_closing(g.actor, days=int(current_app.config["CLOSING_DAYS"]), words=request.form.get("words") == "erase")
    flash(gettext("已收到注销申请。到期前可以随时撤回。"), "done")
    return redirect(url_for("people.rights", _anchor="closing"), 303)


@bp.post("/me/closing/withdrawal")
@signed_in
def keep_account() -> Answer:
    """Keep one's account after all."""
    take_back_closing(g.actor)
    flash(gettext("已撤回注销申请，账号照旧。"), "done")
    return redirect(url_for("people.rights", _anchor="closing"), 303)


def _kind(text: str) -> ConsentKind:
    if text not in set(ConsentKind):
        raise NotFound
    return ConsentKind(text)
