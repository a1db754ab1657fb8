"""Showing once more who one is: before a powerful act, and as the second step of signing in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, flash, g, request, session
from flask_babel import gettext

from cogov.ground.clock import now
from cogov.ground.db import found
from cogov.ground.pages import PROOFS, page, prove_with, words
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.ground.vault import Locked, unlock
from cogov.ground.words import Words
from cogov.people.commands import (
    CodeMessage,
    count_there,
    forget_password_tries,
    fresh_code,
    issue_code,
    note_password_try,
    note_proved,
    take_app_step,
    use_code,
    use_recovery_code,
)
from cogov.people.forms import ProofForm
from cogov.people.models import AuthenticatorApp
from cogov.people.queries import app_of, identity_of, passkeys_of, password_tries
from cogov.people.rules.contacts import Contact, contact_from, masked
from cogov.people.rules.entering import CodePurpose, why_not_try_password, wrong_password
from cogov.people.rules.factors import is_app_code, matching_step, plain_code, wrong_second_factor
from cogov.people.rules.passwords import password_matches
from cogov.people.rules.proving import is_proved, wrong_proof
from cogov.people.views.current import from_here, keyed, sender
from cogov.people.views.passkeys import asking_options, signed_by

APP = "authenticator"
"""For what the secret of an app is locked away."""

# Codes of an app and on paper -----------------------------------------------------------------------------------------


def step_shown(app: AuthenticatorApp | None, plain: str) -> int | None:
    """Return the step of the code that was typed, when it is one of this app and was not used yet."""
    if app is None or not is_app_code(plain):
        return None
    try:
        secret = unlock(APP, app.sealed_secret)
    except Locked:
        return None
    return matching_step(secret, plain, now(), app.last_step)


def recovery_hash(person_id: int, plain: str) -> str:
    """Return what is kept of a recovery code."""
    return keyed("recovery", str(person_id), plain)


def try_second_code(person_id: int, text: str) -> Refusal | None:
    """Take the code of a person's app, or one of their recovery codes, and use it up; ten wrong ones are enough.

    Counted for the person and from everywhere: whoever gets here already has the password or the telephone. Counted for
    the network as well: a list of stolen passwords must not become a place to try codes at.
    """
    count_there(g.actor, from_here("second"))
    key = keyed("second", str(person_id))
    note_password_try(g.actor, key)
    insist(why_not_try_password(password_tries(key)))
    if not _taken(person_id, plain_code(text)):
        return wrong_second_factor()
    forget_password_tries(g.actor, key)
    return None


def _taken(person_id: int, plain: str) -> bool:
    app = app_of(person_id)
    step = step_shown(app, plain) if app is not None and app.confirmed_at is not None else None
    if step is not None:
        return take_app_step(g.actor, person_id, step)
    return bool(plain) and use_recovery_code(g.actor, person_id, recovery_hash(person_id, plain))


# Before a powerful act ------------------------------------------------------------------------------------------------


def _by_password() -> Refusal | None:
    # A borrowed telephone must not become a place to guess the password at.
    key = from_here("password", str(g.actor.person_id))
    note_password_try(g.actor, key)
    insist(why_not_try_password(password_tries(key)))
    if not password_matches(identity_of(g.actor).password_hash, request.form.get("proof", "")):
        return wrong_proof()
    forget_password_tries(g.actor, key)
    return None


def _by_code() -> Refusal | None:
    return try_second_code(g.actor.person_id, request.form.get("proof_code", "")[:40])


def _by_passkey() -> Refusal | None:
    who = signed_by(request.form.get("proof_credential", ""), g.actor.person_id)
    return who if isinstance(who, Refusal) else None


def _by_message() -> Refusal | None:
    kept, digits = session.get("proving"), plain_code(request.form.get("proof_code", "")[:40])
    if kept is None:
        return wrong_proof()
    told = use_code(
        g.actor, code_id=kept["code_id"], purpose=CodePurpose.SIGN_IN, code_hash=_message_hash(kept["contact"], digits)
    )
    if isinstance(told, Refusal):
        return told
    session.pop("proving")
    return None


WAYS: dict[str, Callable[[], Refusal | None]] = {
    "password": _by_password,
    "code": _by_code,
    "passkey": _by_passkey,
    "message": _by_message,
}
"""How a person may show who they are."""

BY_MESSAGE = ("send", "message")
"""The way for those alone who have no other."""


def _message_hash(contact: str, digits: str) -> str:
    return keyed("proof", contact, digits)


def _own_contact() -> Contact:
    identity = identity_of(g.actor)
    return found(contact_from(identity.phone or identity.email or ""))


def _send_message() -> None:
    """Send a code to who is signed in here, who has neither password nor second factor."""
    contact, code = _own_contact(), fresh_code()
    row = issue_code(
        g.actor,
        contact=contact,
        purpose=CodePurpose.SIGN_IN,
        code_hash=_message_hash(contact.value, code),
        there=from_here("codes"),
    )
    try:
        sender().send(CodeMessage(contact, CodePurpose.SIGN_IN, code, row.expires_at))
    except OSError as error:
        raise Refused(wrong_password()) from error
    shown = code if current_app.config.get("DEMO") else ""
    session["proving"] = {"code_id": row.id, "contact": contact.value, "shown": shown}
    flash(gettext("验证码已经发出。"), "done")


def _prove(act: Words) -> Response | None:
    """Ask who sits here to show who they are, unless they did lately or do so with this very form."""
    if g.sign_in is None or is_proved(g.sign_in.proved_at, now()):
        return None
    way, refusal = request.form.get("proof_way", ""), None
    if way in BY_MESSAGE and _has_other_ways():
        # Whoever borrowed the telephone with the session on it reads its messages, too.
        refusal = wrong_proof()
    elif way == "send":
        _send_message()
    elif way in WAYS:
        refusal = WAYS[way]()
        if refusal is None:
            note_proved(g.actor, g.sign_in.id)
            return None
    return _ask(act, refusal)


def _has_app() -> bool:
    app = app_of(g.actor.person_id)
    return app is not None and app.confirmed_at is not None


def _has_password() -> bool:
    return bool(identity_of(g.actor).password_hash)


def _has_other_ways() -> bool:
    return _has_password() or _has_app() or bool(passkeys_of(g.actor.person_id))


def _ask(act: Words, refusal: Refusal | None) -> Response:
    form = ProofForm(formdata=None)
    has_app, has_password, keys = _has_app(), _has_password(), passkeys_of(g.actor.person_id)
    if refusal is not None:
        field = form.proof if request.form.get("proof_way") == "password" else form.proof_code
        field.errors = [words(refusal.message) + words(refusal.what_next)]
    waiting: dict[str, Any] = session.get("proving") or {}
    return page(
        "people/proof.html",
        403 if refusal is None else refusal.status,
        form=form,
        act=words(act),
        refusal=refusal,
        url=request.full_path.rstrip("?"),
        kept=[(name, value) for name, value in request.form.items(multi=True) if name not in PROOFS | {"csrf_token"}],
        has_password=has_password,
        has_app=has_app,
        options=asking_options(g.actor.person_id) if keys else "",
        by_message=not (has_password or has_app or keys),
        masked=masked(waiting["contact"]) if waiting else "",
        shown=waiting.get("shown", ""),
    )


prove_with(_prove)
