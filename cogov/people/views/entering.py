"""Signing in, signing up, recovering, signing out: nobody learns here whether somebody else has an account."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask import Response, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer
from wtforms import Field

from cogov.ground.clock import now
from cogov.ground.db import found
from cogov.ground.pages import open_to_all, page, words
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.ground.words import say
from cogov.people.commands import (
    CodeMessage,
    confirm_sign_up,
    forget_password_tries,
    fresh_code,
    issue_code,
    note_password_try,
    recover,
    rehash_password,
    sign_in_by_code,
    start_sign_up,
)
from cogov.people.forms import CodeForm, ContactForm, RecoveryCodeForm, SecondForm, SignInForm, SignUpForm
from cogov.people.models import OneTimeCode, Person
from cogov.people.queries import (
    app_of,
    community_choices,
    has_factor,
    identity_by_contact,
    passkeys_of,
    password_tries,
    person_by_contact,
)
from cogov.people.rules import Actor
from cogov.people.rules.contacts import Contact, contact_from, masked
from cogov.people.rules.entering import (
    CodePurpose,
    password_missing,
    pseudonym_from,
    why_not_enter,
    why_not_try_password,
    wrong_password,
)
from cogov.people.rules.factors import SECOND_LASTS
from cogov.people.rules.passwords import hash_password, password_matches, wants_new_hash
from cogov.people.views.agreeing import next_after
from cogov.people.views.current import begin, bp, finish, from_here, keyed, local_path, sender
from cogov.people.views.passkeys import asking_options, signed_by
from cogov.people.views.proving import try_second_code

# Waiting for a code -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """What this device waits for between asking for a code and typing it; lies in its signed cookie."""

    purpose: str
    contact: str
    code_id: int
    then: str
    sign_up_id: int = 0
    shown: str = ""

    def hash_of(self, digits: str) -> str:
        """Return the hash that the right digits have."""
        return _code_hash(self.purpose, self.contact, digits)


def _code_hash(purpose: str, contact: str, digits: str) -> str:
    return keyed("code", purpose, contact, digits)


def _waiting(purpose: CodePurpose) -> Waiting | None:
    kept = session.get("waiting")
    return Waiting(**kept) if kept and kept["purpose"] == purpose else None


def _carry(contact: Contact, purpose: CodePurpose, row: OneTimeCode, code: str | None) -> None:
    try:
        sender().send(CodeMessage(contact, purpose, code, row.expires_at))
    except OSError as error:
        raise Refused(
            Refusal(
                "code_not_sent",
                say("验证码现在发不出去。"),
                what_next=say("请过 1 分钟再试，或者用密码登录。"),
                status=503,
            )
        ) from error


def _wait(waiting: Waiting, code: str) -> None:
    # The demo has no telephone; everywhere else the code goes to the contact and nowhere else.
    shown = code if current_app.config.get("DEMO") else ""
    session["waiting"] = asdict(waiting) | {"shown": shown}


def _send_code(contact: Contact, purpose: CodePurpose, then: str, sign_up_id: int = 0) -> None:
    code = fresh_code()
    row = issue_code(
        g.actor,
        contact=contact,
        purpose=purpose,
        code_hash=_code_hash(purpose, contact.value, code),
        there=from_here("codes"),
    )
    known = purpose is CodePurpose.SIGN_UP or person_by_contact(contact.value) is not None
    _carry(contact, purpose, row, code if known else None)
    _wait(Waiting(purpose, contact.value, row.id, then, sign_up_id), code)


_CODE_PAGES = {
    CodePurpose.SIGN_IN: "people.sign_in_code",
    CodePurpose.SIGN_UP: "people.sign_up_code",
    CodePurpose.RECOVERY: "people.recovery_code",
}


@bp.post("/codes")
@open_to_all
def send_again() -> Answer:
    """Send another code for what this device waits for."""
    kept = session.get("waiting")
    if kept is None:
        return redirect(url_for("people.sign_in"), 303)
    waiting = Waiting(**kept)
    contact = found(contact_from(waiting.contact))
    purpose = CodePurpose(waiting.purpose)
    _send_code(contact, purpose, waiting.then, waiting.sign_up_id)
    flash(gettext("新的验证码已经发出。"), "done")
    return redirect(url_for(_CODE_PAGES[purpose]), 303)


def _complain(field: Field, refusal: Refusal) -> int:
    lines = [words(refusal.message), words(refusal.what_next)]
    field.errors = [*field.errors, "".join(lines)]
    return refusal.status


def _code_page(template: str, form: CodeForm, waiting: Waiting, status: int, **context: Any) -> Response:
    return page(template, status, form=form, masked=masked(waiting.contact), shown=waiting.shown, **context)


def _status() -> int:
    return 200 if request.method == "GET" else 422


# Signing in -------------------------------------------------------------------------------------------------------


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> Answer:
    """Sign in by password, or ask for a code."""
    form = SignInForm()
    then = local_path(form.then.data or request.args.get("then"))
    if g.actor.person_id is not None:
        return redirect(then, 303)
    form.then.data = then
    status = _status()
    if form.validate_on_submit():
        assert form.given is not None
        way = request.form.get("way") or ("password" if form.password.data else "code")
        if way == "code":
            _send_code(form.given, CodePurpose.SIGN_IN, then)
            return redirect(url_for("people.sign_in_code"), 303)
        who = _known_by_password(form.given, form.password.data) if form.password.data else password_missing()
        if not isinstance(who, Refusal):
            return _enter(who, then)
        status = _complain(form.password, who)
    return _sign_in_page(form, status, then)


def _sign_in_page(form: SignInForm, status: int, then: str) -> Answer:
    return page("people/sign_in.html", status, form=form, then=then, options=asking_options())


@bp.post("/sign-in/passkey")
@open_to_all
def sign_in_passkey() -> Answer:
    """Sign in, or go the second step, with a passkey: the device has asked for finger, face or its own code."""
    then, second = local_path(request.form.get("then")), _second()
    who = signed_by(request.form.get("credential", ""), second["person"] if second else None)
    if isinstance(who, Refusal):
        form = SignInForm(formdata=None, then=then)
        return _sign_in_page(form, _complain(form.contact, who), then)
    begin(Actor(who))
    return redirect(next_after(second["then"] if second else then), 303)


def _enter(person_id: int, then: str) -> Answer:
    """Let somebody in who has shown the first factor; whoever has a second one shows it before."""
    if not has_factor(person_id):
        begin(Actor(person_id))
        return redirect(next_after(then), 303)
    session["second"] = {"person": person_id, "then": then, "at": int(now().timestamp())}
    return redirect(url_for("people.second_step"), 303)


def _second() -> dict[str, Any] | None:
    """Return whose second step this device waits for, and where they want to go."""
    kept: dict[str, Any] | None = session.get("second")
    if kept is None or now().timestamp() - kept["at"] > SECOND_LASTS.total_seconds():
        return None
    return kept


@bp.route("/sign-in/second", methods=["GET", "POST"])
@open_to_all
def second_step() -> Answer:
    """Show the second factor: six digits of an app, a code on paper, or a passkey."""
    kept = _second()
    if kept is None:
        return redirect(url_for("people.sign_in"), 303)
    form, person_id = SecondForm(), int(kept["person"])
    status = _status()
    if form.validate_on_submit():
        refusal = try_second_code(person_id, form.code.data or "")
        if refusal is None:
            begin(Actor(person_id))
            return redirect(next_after(kept["then"]), 303)
        status = _complain(form.code, refusal)
    app = app_of(person_id)
    return page(
        "people/second.html",
        status,
        form=form,
        has_app=app is not None and app.confirmed_at is not None,
        options=asking_options(person_id) if passkeys_of(person_id) else "",
    )


def _known_by_password(contact: Contact, password: str) -> int | Refusal:
    """Return whose password it is; the hashing happens between transactions, never inside one."""
    key = from_here("password", contact.value)
    note_password_try(g.actor, key)
    tries = password_tries(key)
    insist(why_not_try_password(tries))
    identity = identity_by_contact(contact.value)
    kept = identity.password_hash if identity else None
    if not password_matches(kept, password):
        insist(why_not_try_password(tries + 1))
        return wrong_password()
    assert identity is not None
    assert kept is not None
    by, confirmed = Actor(identity.person_id), identity.confirmed_at is not None
    forget_password_tries(by, key)
    insist(why_not_enter(suspended=False, confirmed=confirmed))
    if wants_new_hash(kept):
        rehash_password(by, identity.person_id, kept, hash_password(password))
    return identity.person_id


@bp.route("/sign-in/code", methods=["GET", "POST"])
@open_to_all
def sign_in_code() -> Answer:
    """Sign in by the code that was sent."""
    waiting = _waiting(CodePurpose.SIGN_IN)
    if waiting is None:
        return redirect(url_for("people.sign_in"), 303)
    form = CodeForm()
    status = _status()
    if form.validate_on_submit():
        person = sign_in_by_code(g.actor, code_id=waiting.code_id, code_hash=waiting.hash_of(form.digits))
        if isinstance(person, Person):
            return _enter(person.id, waiting.then)
        status = _complain(form.code, person)
    return _code_page("people/code.html", form, waiting, status)


@bp.post("/sign-out")
@open_to_all
def sign_out() -> Answer:
    """End this device's sign-in."""
    finish()
    flash(gettext("您已经退出登录。"), "done")
    return redirect("/", 303)


# Signing up -------------------------------------------------------------------------------------------------------


@bp.route("/sign-up", methods=["GET", "POST"])
@open_to_all
def sign_up() -> Answer:
    """Write down who one wants to be here; the account begins when the contact is confirmed."""
    form = SignUpForm()
    form.offer(community_choices())
    then = local_path(form.then.data or request.args.get("then"))
    if g.actor.person_id is not None:
        return redirect(then, 303)
    form.then.data = then
    if form.validate_on_submit():
        _start_sign_up(form, then)
        return redirect(url_for("people.sign_up_code"), 303)
    return page("people/sign_up.html", _status(), form=form, then=then)


def _start_sign_up(form: SignUpForm, then: str) -> None:
    contact, code = form.given, fresh_code()
    assert contact is not None
    # Hashed before the transaction, since it takes longer than everything in it.
    password_hash = hash_password(form.password.data) if form.password.data else None
    started, row = start_sign_up(
        g.actor,
        contact=contact,
        pseudonym=pseudonym_from(form.pseudonym.data or ""),
        password_hash=password_hash,
        scope=form.community.data,
        versions=form.versions,
        code_hash=_code_hash(CodePurpose.SIGN_UP, contact.value, code),
        there=from_here("codes"),
    )
    _carry(contact, CodePurpose.SIGN_UP, row, code)
    _wait(Waiting(CodePurpose.SIGN_UP, contact.value, row.id, then, started.id), code)


@bp.route("/sign-up/code", methods=["GET", "POST"])
@open_to_all
def sign_up_code() -> Answer:
    """Confirm the contact, and join."""
    waiting = _waiting(CodePurpose.SIGN_UP)
    if waiting is None:
        return redirect(url_for("people.sign_up"), 303)
    form = CodeForm()
    status = _status()
    if form.validate_on_submit():
        entered = confirm_sign_up(
            g.actor,
            sign_up_id=waiting.sign_up_id,
            code_id=waiting.code_id,
            code_hash=waiting.hash_of(form.digits),
        )
        if not isinstance(entered, Refusal):
            person, new = entered
            answer = _enter(person.id, waiting.then)
            flash(_welcome(new=new), "done")
            return answer
        status = _complain(form.code, entered)
    return _code_page("people/code.html", form, waiting, status)


def _welcome(*, new: bool) -> str:
    if new:
        return gettext("注册好了。您现在可以提出问题、发言和认领任务。")
    return gettext("您以前注册过，已经登录原来的账号。刚才填的化名和密码没有采用。")


# Recovering -------------------------------------------------------------------------------------------------------


@bp.route("/recovery", methods=["GET", "POST"])
@open_to_all
def recovery() -> Answer:
    """Ask for a code that sets a new password."""
    form = ContactForm()
    if form.validate_on_submit():
        assert form.given is not None
        _send_code(form.given, CodePurpose.RECOVERY, "/")
        return redirect(url_for("people.recovery_code"), 303)
    return page("people/recovery.html", _status(), form=form)


@bp.route("/recovery/code", methods=["GET", "POST"])
@open_to_all
def recovery_code() -> Answer:
    """Set a new password by the code; every device is signed out, this one signed in."""
    waiting = _waiting(CodePurpose.RECOVERY)
    if waiting is None:
        return redirect(url_for("people.recovery"), 303)
    form = RecoveryCodeForm()
    status = _status()
    if form.validate_on_submit():
        person = recover(
            g.actor,
            code_id=waiting.code_id,
            code_hash=waiting.hash_of(form.digits),
            password_hash=hash_password(form.password.data or ""),
        )
        if isinstance(person, Person):
            answer = _enter(person.id, url_for("people.devices"))
            flash(gettext("新密码已经生效，其他设备上的登录都已退出。"), "done")
            return answer
        status = _complain(form.code, person)
    return _code_page("people/recovery_code.html", form, waiting, status)
