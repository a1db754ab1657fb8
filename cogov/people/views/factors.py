"""Second factors on my own page: an app with six digits, passkeys, and codes on paper; each change asks who I am."""

from __future__ import annotations

import segno
from flask import flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.ground.clock import now
from cogov.ground.db import found
from cogov.ground.pages import page, powerful, signed_in, words
from cogov.ground.refusals import Refusal, insist
from cogov.ground.vault import Locked, lock, unlock
from cogov.ground.words import say
from cogov.people.commands import (
    add_passkey,
    begin_app,
    confirm_app,
    make_recovery_codes,
    remove_app,
    remove_passkey,
)
from cogov.people.forms import AppForm, PasskeyForm
from cogov.people.queries import app_of
from cogov.people.rules.devices import device_words
from cogov.people.rules.factors import (
    app_address,
    fresh_recovery_codes,
    fresh_secret,
    matching_step,
    passkey_refused,
    plain_code,
    wrong_second_factor,
)
from cogov.people.views.current import bp
from cogov.people.views.passkeys import created, creation_options, text_of
from cogov.people.views.proving import APP, recovery_hash


def _hashes(codes: list[str]) -> list[str]:
    return [recovery_hash(g.actor.person_id, plain_code(code)) for code in codes]


def _made(codes: list[str], *, kept: bool, said: str) -> Answer:
    """Go back, or show the codes that were made with the first factor; they are shown this once."""
    if not kept:
        flash(said, "done")
        return redirect(url_for("people.devices"), 303)
    return page("people/recovery_codes.html", codes=codes, said=said)


# The app --------------------------------------------------------------------------------------------------------------


@bp.post("/me/authenticator/start")
@signed_in
@powerful(say("设置动态验证码"))
def start_app() -> Answer:
    """Make a secret and show it to the person's app."""
    begin_app(g.actor, sealed_secret=lock(APP, fresh_secret()))
    return _app_page(AppForm(formdata=None), 200)


def _app_page(form: AppForm, status: int) -> Answer:
    secret = _awaited_secret()
    address = app_address(secret, g.actor.pseudonym, gettext("共治"))
    return page(
        "people/authenticator.html",
        status,
        form=form,
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        address=address,
        picture=segno.make(address, micro=False).svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
    )


def _awaited_secret() -> str:
    """Return the secret whose first code is awaited; one that cannot be read any more is made anew by starting."""
    app = found(app_of(g.actor.person_id))
    try:
        return unlock(APP, found(app.sealed_secret if app.confirmed_at is None else None))
    except Locked:
        insist(wrong_second_factor())
        raise


@bp.post("/me/authenticator")
@signed_in
@powerful(say("设置动态验证码"))
def confirm() -> Answer:
    """Let the app count once a code of it was right."""
    form, secret = AppForm(), _awaited_secret()
    sealed = found(app_of(g.actor.person_id)).sealed_secret
    if not form.validate_on_submit():
        return _app_page(form, 422)
    step = matching_step(secret, plain_code(form.code.data or ""), now(), 0)
    if step is None:
        form.code.errors = [gettext("这 6 位数字不对。请看看手机的时间准不准，等换了新的数字再填。")]
        return _app_page(form, 422)
    codes = fresh_recovery_codes()
    kept = confirm_app(g.actor, sealed_secret=sealed, step=step, code_hashes=_hashes(codes))
    return _made(codes, kept=kept, said=gettext("动态验证码已经设置好，下次登录要用。"))


@bp.post("/me/authenticator/removal")
@signed_in
@powerful(say("取消动态验证码"))
def drop_app() -> Answer:
    """Take the app away."""
    remove_app(g.actor)
    flash(gettext("动态验证码已经取消。"), "done")
    return redirect(url_for("people.devices"), 303)


# Passkeys -------------------------------------------------------------------------------------------------------------


@bp.post("/me/passkeys/start")
@signed_in
@powerful(say("添加通行密钥"))
def start_passkey() -> Answer:
    """Show the page whose button lets the device make a key."""
    machine = words(device_words(request.user_agent.string)[0])
    return page("people/passkey.html", form=PasskeyForm(formdata=None, name=machine), options=creation_options())


@bp.post("/me/passkeys")
@signed_in
@powerful(say("添加通行密钥"))
def keep_passkey() -> Answer:
    """Keep the key that the device made."""
    form = PasskeyForm()
    insist(None if form.validate_on_submit() else passkey_refused())
    made = created(form.credential.data or "")
    if isinstance(made, Refusal):
        insist(made)
        raise AssertionError("unreachable")
    codes = fresh_recovery_codes()
    kept = add_passkey(
        g.actor,
        credential=text_of(made.credential_id),
        public_key=text_of(made.credential_public_key),
        sign_count=made.sign_count,
        name=" ".join((form.name.data or "").split()),
        code_hashes=_hashes(codes),
    )
    return _made(codes, kept=kept, said=gettext("通行密钥已经加好，下次登录可以直接用。"))


@bp.post("/me/passkeys/<id:passkey_id>/removal")
@signed_in
@powerful(say("移除通行密钥"))
def drop_passkey(passkey_id: int) -> Answer:
    """Take a passkey away."""
    remove_passkey(g.actor, passkey_id)
    flash(gettext("那个通行密钥已经删去，用它再也不能登录。"), "done")
    return redirect(url_for("people.devices"), 303)


# Codes on paper -------------------------------------------------------------------------------------------------------


@bp.post("/me/recovery-codes")
@signed_in
@powerful(say("换一套备用码"))
def renew_codes() -> Answer:
    """Make ten new recovery codes, and show them this once."""
    codes = fresh_recovery_codes()
    make_recovery_codes(g.actor, _hashes(codes))
    return _made(codes, kept=True, said=gettext("新的备用码已经生效，原来的都作废了。"))
