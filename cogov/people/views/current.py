"""Who asks: read once before each request from the sign-in's token, so that every change there has effect at once."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from datetime import timedelta
from typing import Any, cast

from flask import Blueprint, Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy.exc import OperationalError

from cogov.ground.api import asked_here
from cogov.ground.clock import now
from cogov.ground.document import ACTING
from cogov.ground.pages import chosen_actor, form_came
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.ground.settings import data_dir
from cogov.ground.words import say
from cogov.journal.transaction import why_not_again
from cogov.people.commands import SENDERS, CodeSender, end_sign_in, note_seen, note_token_used, open_sign_in
from cogov.people.queries import OpenSignIn, actor_shown, actor_signed_in, held_back
from cogov.people.rules import ANYONE, Actor
from cogov.people.rules.entering import SEEN_EVERY, network_of
from cogov.people.rules.factors import without_office

bp = Blueprint("people", __name__)

login_manager = LoginManager()
# Sign-ins are listed, ended and expire in the database; a phone that changes its network stays signed in.
login_manager.session_protection = None  # type: ignore[assignment]


class SignedIn(UserMixin):
    """A person at a device, as Flask-Login knows them: by the sign-in's token and nothing else."""

    def __init__(self, token: str, actor: Actor, sign_in: OpenSignIn | None) -> None:
        self.token = token
        self.actor = actor
        self.sign_in = sign_in

    def get_id(self) -> str:
        """Return the token; only its hash is stored."""
        return self.token


@login_manager.user_loader
def _load(token: str) -> SignedIn | None:
    days = timedelta(days=int(current_app.config["SIGN_IN_DAYS"]))
    held = actor_signed_in(token, seen_since=now() - days)
    return None if held is None else SignedIn(token, *held)


def _read_actor() -> None:
    # A context may outlive a request (in tests, in a shell); nobody's identity or token may pass on to the next one.
    here = cast("Any", g)._get_current_object()
    for name in list(here):
        here.pop(name)
    here.actor, here.sign_in, here.scopes = ANYONE, None, frozenset()
    if asked_here():
        _read_token()
        return
    if (request.endpoint or "").rpartition(".")[2] == "static":
        return
    user = cast("Any", current_user)._get_current_object()
    if not user.is_authenticated:
        return
    g.actor, g.sign_in = user.actor, user.sign_in
    if now() - g.sign_in.seen_at > SEEN_EVERY:
        # Reading goes on while nothing can be written (a full disk, a busy database).
        with suppress(OperationalError):
            note_seen(g.actor, g.sign_in.id)
            session.modified = True


_BAD_TOKEN = Refusal(
    "bad_token",
    say("这个令牌不对，或者已经到期、被撤销。"),
    what_next=say("请登录后在“我的”里另建一个。"),
    status=401,
)


def _read_token() -> None:
    """Let a program be whom its token names; cookies are no key to this door."""
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    if not kind:
        return
    known = actor_shown(shown.strip()) if kind.lower() == "bearer" else None
    if known is None:
        raise Refused(_BAD_TOKEN)
    actor, held = known
    # A program may do no more than its person may who has just signed in.
    g.actor = without_office(actor) if held_back(held.person_id, actor.standings) else actor
    g.scopes = held.scopes
    if (standing := request.headers.get(ACTING)) is not None:
        g.actor = chosen_actor(standing or "-")  # an empty one is no standing either
    today = now().date()
    if held.last_used_on is None or held.last_used_on < today:
        with suppress(OperationalError):
            note_token_used(held.id, today)


def _refuse_repeats() -> None:
    # Asked before the page's own rules: what the first sending changed would make them refuse for a wrong reason.
    if form_came():
        insist(why_not_again(g.actor, request.form.get("once")))


def begin(actor: Actor) -> None:
    """Sign a person in on this device under a fresh token; nothing of the session before it is kept."""
    if g.sign_in is not None:
        end_sign_in(g.actor, g.sign_in.id)
    agent = "".join(sign for sign in request.user_agent.string if sign.isprintable())
    assert actor.person_id is not None
    rests = held_back(actor.person_id)
    opened = open_sign_in(actor, agent=agent, held_back=rests)
    session.clear()
    login_user(SignedIn(opened.token, actor, None))
    session.permanent = True
    g.entered, g.rests = actor.person_id, rests


def finish() -> None:
    """Sign this device out."""
    if g.sign_in is not None:
        end_sign_in(g.actor, g.sign_in.id)
    logout_user()
    session.clear()


def keyed(*parts: str) -> str:
    """Return a keyed hash of something short that a stolen database must not give away by trying all."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, "\x1f".join(("cogov.people", *parts)).encode(), hashlib.sha256).hexdigest()


def from_here(what: str, *parts: str) -> str:
    """Return the keyed hash under which tries from where the request comes are counted."""
    return keyed(what, *parts, network_of(request.remote_addr or ""))


def sender() -> CodeSender:
    """Return who carries one-time codes."""
    carrier: CodeSender = current_app.extensions["code_sender"]
    return carrier


def local_path(target: str | None, otherwise: str = "/") -> str:
    """Return a path on this site, and nothing that a browser could take for another site.

    Browsers read a backslash as a slash and drop tabs and line ends, so ``/\\evil`` and ``/<tab>/evil`` leave the site.
    """
    path = target or ""
    fits = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable()
    return path if fits else otherwise


def where_from(otherwise: str) -> str:
    """Return the page of this site that the form or link stood on."""
    here, came = request.host_url, request.referrer or ""
    return local_path("/" + came[len(here) :], otherwise) if came.startswith(here) else otherwise


def init_people(app: Flask) -> None:
    """Let every request know who asks; call it after ``init_pages``, so that it comes first."""
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(days=int(app.config["SIGN_IN_DAYS"]))
    # The cookie is written anew when the sign-in is seen, not with every picture and style sheet.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.extensions["code_sender"] = SENDERS[str(app.config["CODE_SENDER"])](data_dir(app))
    login_manager.init_app(app)
    app.before_request_funcs.setdefault(None, []).insert(0, _read_actor)
    app.before_request(_refuse_repeats)
    app.register_blueprint(bp)
