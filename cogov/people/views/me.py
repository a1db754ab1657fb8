"""My own pages: who I am here, my devices, my rights over what is kept; for whom I act; how pages look."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, g, redirect, request, url_for
from flask_babel import format_date, format_datetime, gettext
from werkzeug.wrappers import Response as Answer

from cogov.ground.clock import now
from cogov.ground.pages import LANGUAGES, chosen_actor, languages, moment, open_to_all, page, signed_in, words
from cogov.ground.refusals import insist
from cogov.people.commands import (
    act_under,
    change_pseudonym,
    end_sign_in,
    end_sign_ins,
    forget_password_tries,
    note_password_try,
    note_proved,
    set_password,
)
from cogov.people.forms import PasswordForm, PseudonymForm
from cogov.people.models import Consent, Leaving, Passkey, SignIn
from cogov.people.queries import (
    Home,
    LookShown,
    app_of,
    closing_of,
    consented,
    consents_of,
    homes_of,
    identity_of,
    last_export,
    looks_at,
    passkeys_of,
    password_tries,
    place_names,
    recovery_codes_left,
    sign_ins_of,
)
from cogov.people.rules import Standing, role_words
from cogov.people.rules.consents import CONSENT_EFFECTS, CONSENT_NAMES, VERSIONS, ConsentKind, why_not_export
from cogov.people.rules.contacts import masked
from cogov.people.rules.devices import device_words
from cogov.people.rules.entering import pseudonym_from, why_not_try_password, wrong_password
from cogov.people.rules.looking import look_words
from cogov.people.rules.mays import may_words
from cogov.people.rules.passwords import hash_password, password_matches
from cogov.people.views.agreeing import TEXTS
from cogov.people.views.current import bp, from_here, local_path, where_from

MODES = {
    "type": ("large",),
    "contrast": ("normal", "more"),
    "theme": ("light", "dark"),
    "keys": ("off",),
    "lang": tuple(LANGUAGES),
}
_YEAR = 365 * 24 * 3600


@bp.get("/me")
@signed_in
def me() -> Answer:
    """Show a person who they are here: names, roles with what they allow, homes."""
    return _me(PseudonymForm(formdata=None, pseudonym=g.actor.pseudonym), 200)


def _me(form: PseudonymForm, status: int) -> Answer:
    identity = identity_of(g.actor)
    names = place_names(held.scope for held in g.actor.standings)
    return page(
        "people/me.html",
        status,
        form=form,
        name=identity.name,
        contacts=[masked(contact) for contact in (identity.phone, identity.email) if contact],
        roles=[_role(held, names) for held in g.actor.standings],
        homes=[_home(home) for home in homes_of(g.actor.person_id)],
        consented=consented(g.actor.person_id, ConsentKind.HOME),
        home_version=VERSIONS[ConsentKind.HOME],
    )


@bp.post("/me/pseudonym")
@signed_in
def pseudonym() -> Answer:
    """Choose another public name."""
    form = PseudonymForm()
    if not form.validate_on_submit():
        return _me(form, 422)
    change_pseudonym(g.actor, pseudonym_from(form.pseudonym.data or ""))
    flash(gettext("化名已经改好。"), "done")
    return redirect(url_for("people.me"), 303)


@bp.get("/me/devices")
@signed_in
def devices() -> Answer:
    """Show where a person is signed in, and the password."""
    return _devices(PasswordForm(formdata=None), 200)


def _devices(form: PasswordForm, status: int) -> Answer:
    return page(
        "people/devices.html",
        status,
        form=form,
        has_password=identity_of(g.actor).password_hash is not None,
        sign_ins=[_sign_in(row) for row in sign_ins_of(g.actor)],
        rests=g.sign_in.held_back,
        app_since=_app_since(),
        passkeys=[_passkey(row) for row in passkeys_of(g.actor.person_id)],
        codes_left=recovery_codes_left(g.actor.person_id),
    )


def _app_since() -> str:
    app = app_of(g.actor.person_id)
    return format_date(app.confirmed_at, gettext("yyyy-MM-dd")) if app and app.confirmed_at else ""


def _passkey(row: Passkey) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "made": format_date(row.made_at, gettext("yyyy-MM-dd")),
        "used": format_date(row.last_used_on, gettext("yyyy-MM-dd")) if row.last_used_on else "",
    }


@bp.get("/me/data")
@signed_in
def rights() -> Answer:
    """Show what a person agreed to, and what they can have done with what is kept about them."""
    last = last_export(g.actor)
    return page(
        "people/rights.html",
        consents=[_consent(row) for row in consents_of(g.actor)],
        asked=[] if consented(g.actor.person_id, ConsentKind.HOME) else [ConsentKind.HOME],
        versions=VERSIONS,
        home_name=words(CONSENT_NAMES[ConsentKind.HOME]),
        last_export=moment(last),
        too_soon=why_not_export(last, now()),
        looked=[_look(each) for each in looks_at(g.actor.person_id)],
        closing=_closing(closing_of(g.actor.person_id)),
        closing_days=int(current_app.config["CLOSING_DAYS"]),
    )


def _closing(asked: Leaving | None) -> dict[str, Any] | None:
    return None if asked is None else {"due": moment(asked.due_at), "words": asked.words}


def _look(shown: LookShown) -> dict[str, Any]:
    return {
        "who": " · ".join(part for part in (shown.organization, words(role_words(shown.role))) if part),
        "reason": words(look_words(shown.reason)),
        "at": format_datetime(shown.at, gettext("yyyy-MM-dd HH:mm")),
    }


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "kind": row.kind.value,
        "name": words(CONSENT_NAMES[row.kind]),
        "effect": words(CONSENT_EFFECTS[row.kind]),
        "url": url_for(TEXTS[row.kind]),
        "version": row.version,
        "current": row.version == VERSIONS[row.kind],
        "at": format_datetime(row.at, gettext("yyyy-MM-dd HH:mm")),
        "withdrawn": format_datetime(row.withdrawn_at, gettext("yyyy-MM-dd HH:mm")) if row.withdrawn_at else "",
    }


def _home(home: Home) -> dict[str, Any]:
    return {
        "door": words(home.door),
        "place": home.place,
        "tie": words(home.tie),
        "since": format_date(home.since, gettext("yyyy-MM-dd")),
        "residence": home.residence_id,
        "by": gettext("由工作人员核对") if home.by_hand else gettext("按名册登记"),
    }


def _role(held: Standing, names: dict[str, str]) -> dict[str, Any]:
    return {
        "role": words(role_words(held.role)),
        "may": words(may_words(held.role)),
        "organization": held.organization_name,
        "public_name": held.public_name,
        "place": names.get(held.scope, held.scope),
        "until": format_date(held.until, gettext("yyyy-MM-dd")) if held.until else "",
        "current": held == g.actor.acting,
    }


def _sign_in(row: SignIn) -> dict[str, Any]:
    return {
        "id": row.id,
        "device": " · ".join(words(part) for part in device_words(row.agent) if part),
        "seen": format_datetime(row.seen_at, gettext("yyyy-MM-dd HH:mm")),
        "begun": format_datetime(row.created_at, gettext("yyyy-MM-dd HH:mm")),
        "current": row.id == g.sign_in.id,
    }


@bp.post("/me/password")
@signed_in
def password() -> Answer:
    """Change the password; other devices are signed out."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _devices(form, 422)
    # A borrowed telephone must not become a place to guess the password at.
    key = from_here("password", str(g.actor.person_id))
    note_password_try(g.actor, key)
    insist(why_not_try_password(password_tries(key)))
    if not password_matches(identity_of(g.actor).password_hash, form.old.data or ""):
        form.old.errors = [gettext("现在的密码不对。")]
        return _devices(form, wrong_password().status)
    forget_password_tries(g.actor, key)
    set_password(g.actor, g.actor.person_id, hash_password(form.new.data or ""), keep=g.sign_in.id)
    note_proved(g.actor, g.sign_in.id)
    flash(gettext("密码已经改好，其他设备上的登录都已退出。"), "done")
    return redirect(url_for("people.devices"), 303)


@bp.post("/me/sessions/<id:sign_in_id>/revocation")
@signed_in
def revoke(sign_in_id: int) -> Answer:
    """End one of one's own sign-ins."""
    end_sign_in(g.actor, sign_in_id)
    flash(gettext("那台设备已经退出登录。"), "done")
    return redirect(url_for("people.devices"), 303)


@bp.post("/me/sessions/revocation")
@signed_in
def revoke_others() -> Answer:
    """End every sign-in but this one."""
    end_sign_ins(g.actor, g.actor.person_id, keep=g.sign_in.id)
    flash(gettext("其他设备都已经退出登录。"), "done")
    return redirect(url_for("people.devices"), 303)


@bp.post("/me/acting")
@signed_in
def acting() -> Answer:
    """Choose for which organization one acts from now on, or for oneself."""
    standing = chosen_actor(request.form.get("standing")).acting
    act_under(g.actor, g.sign_in.id, standing.id if standing else None)
    return redirect(where_from(url_for("people.me")), 303)


@bp.get("/modes")
@open_to_all
def modes() -> Answer:
    """Set how pages look on this device, by cookies alone; without a choice, show what there is to choose."""
    chosen = {name: request.args[name] for name in MODES if name in request.args}
    if not chosen:
        return page("people/modes.html", then=local_path(request.args.get("then"), ""), languages=languages())
    answer = redirect(local_path(request.args.get("then"), where_from("/")), 303)
    for name, value in chosen.items():
        if value in MODES[name]:
            # Read by the page's own script, which changes the look before the next page is loaded.
            answer.set_cookie(
                name, value, max_age=_YEAR, samesite="Lax", secure=bool(current_app.config["SECURE_COOKIES"])
            )
        else:
            answer.delete_cookie(name, samesite="Lax")
    return answer
