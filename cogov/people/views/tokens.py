"""Tokens for programs: made, shown once, listed with when they were last used, revoked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import flash, g, redirect, url_for
from flask_babel import format_date, gettext
from werkzeug.wrappers import Response as Answer

from cogov.ground.clock import now
from cogov.ground.pages import page, powerful, signed_in, words
from cogov.ground.scopes import Scope
from cogov.ground.words import say
from cogov.people.commands import NewToken, make_token, revoke_token
from cogov.people.forms import TokenForm
from cogov.people.models import ApiToken
from cogov.people.queries import tokens_of
from cogov.people.rules.tokens import SCOPES, from_text
from cogov.people.views.current import bp


@bp.get("/me/tokens")
@signed_in
def tokens() -> Answer:
    """Show a person's tokens and the form for another."""
    return _tokens(TokenForm(formdata=None), 200)


@bp.post("/me/tokens")
@signed_in
@powerful(say("新建程序用的令牌"))
def create_token() -> Answer:
    """Make a token, and show it this once."""
    form = TokenForm()
    if not form.validate_on_submit():
        return _tokens(form, 422)
    scopes = [Scope(each) for each in form.scopes.data or ()]
    until = now() + timedelta(days=form.days.data or 0)
    made = make_token(g.actor, name=form.name.data or "", scopes=scopes, until=until, once=form.once.data)
    return _tokens(TokenForm(formdata=None), 200, made)


@bp.post("/me/tokens/<id:token_id>/revocation")
@signed_in
def revoke_one(token_id: int) -> Answer:
    """Revoke a token."""
    revoke_token(g.actor, token_id)
    flash(gettext("令牌已撤销，用它的程序从现在起进不来。"), "done")
    return redirect(url_for("people.tokens"), 303)


def _tokens(form: TokenForm, status: int, made: NewToken | None = None) -> Answer:
    at = now()
    return page(
        "people/tokens.html",
        status,
        form=form,
        made=made,
        tokens=[_token(row) for row in tokens_of(g.actor) if row.expires_at > at],
    )


def _token(row: ApiToken) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "scopes": [words(SCOPES[scope]) for scope in Scope if scope in from_text(row.scopes)],
        "until": _day(row.expires_at),
        "used": _day(row.last_used_on) if row.last_used_on else "",
    }


def _day(at: date) -> str:
    return str(format_date(at, gettext("yyyy-MM-dd")))
