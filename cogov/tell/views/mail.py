"""Mail on pages: how often, to which address, and the one-click links that need no sign-in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, request, session, url_for
from flask_babel import format_date, get_locale, gettext
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Answer

from cogov.ground.pages import actor, csrf, open_to_all, page, signed_in, words
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.ground.words import say
from cogov.people.commands import CodeMessage, fresh_code, issue_code
from cogov.people.forms import CodeForm
from cogov.people.rules import Actor
from cogov.people.rules.contacts import ContactKind, contact_from, masked
from cogov.people.rules.entering import CodePurpose
from cogov.people.views.current import from_here, keyed, sender
from cogov.tell.channels import PACE_WORDS, MailPace
from cogov.tell.links import Choice, choice_of
from cogov.tell.mailing import add_address, choose_mail, drop_address, mail_of
from cogov.tell.post import connected

bp = Blueprint("mail", __name__)


# How often -----------------------------------------------------------------------------------------------------------


def mail_part(by: Actor) -> dict[str, Any]:
    """Return what the page of choices says of mail."""
    kept = mail_of(by)
    return {
        "connected": connected(),
        "address": masked(kept.address) if kept.address else "",
        "added": kept.added,
        "none": kept.pace is MailPace.NONE,
        "last": format_date(kept.last_sent_at) if kept.last_sent_at else "",
        "paces": [
            {"value": pace.value, "words": words(said), "current": pace is kept.pace}
            for pace, said in PACE_WORDS.items()
        ],
    }


def _pace() -> MailPace:
    said = request.form.get("pace", "")
    insist(None if said in list(MailPace) else _no_pace())
    return MailPace(said)


def _no_pace() -> Refusal:
    return Refusal(
        "pace_unknown",
        say("没有看到您选的是哪一种。"),
        what_next=say("请回到通知设置，再点一次。"),
        status=422,
    )


@bp.post("/me/notices/mail")
@signed_in
def choose() -> Answer:
    """Keep how often a person wants mail; one tap is the whole of it."""
    pace = _pace()
    choose_mail(actor(), pace, str(get_locale() or ""))
    flash(gettext("邮件：%(pace)s。", pace=words(PACE_WORDS[pace])), "done")
    return redirect(url_for("tell.choices", _anchor="mail"), 303)


# Where to ------------------------------------------------------------------------------------------------------------

_WAITS = "mail_address"
"""Where the signed cookie keeps the address that waits for its code, and the number of that code."""


@bp.post("/me/notices/address")
@signed_in
def send_code() -> Answer:
    """Send a code to an address, to prove that its mail is read by who asks."""
    contact = contact_from(request.form.get("address", ""))
    if contact is None or contact.kind is not ContactKind.EMAIL:
        raise Refused(
            Refusal(
                "address_unreadable",
                say("这不像一个邮箱地址。"),
                what_next=say("请照“名字@网站”的样子写完整。"),
                status=422,
            )
        )
    code = fresh_code()
    try:
        issued = issue_code(
            actor(),
            contact=contact,
            purpose=CodePurpose.ADDRESS,
            code_hash=_code_hash(contact.value, code),
            there=from_here("codes"),
        )
    except Refused as refused:
        if not _sent_lately(refused.refusal, contact.value):
            raise
        flash(gettext("验证码刚刚发过，填那一个就行。"), "done")
        return redirect(url_for("mail.prove"), 303)
    try:
        sender().send(CodeMessage(contact, CodePurpose.ADDRESS, code, issued.expires_at))
    except OSError as error:
        refusal = Refusal("code_not_sent", say("验证码现在发不出去。"), what_next=say("请过 1 分钟再试。"), status=503)
        raise Refused(refusal) from error
    # The demo has no mailbox; everywhere else the code goes to the address and nowhere else.
    shown = code if current_app.config.get("DEMO") else ""
    session[_WAITS] = {"address": contact.value, "code": issued.id, "shown": shown}
    return redirect(url_for("mail.prove"), 303)


def _sent_lately(refusal: Refusal, address: str) -> bool:
    """Say whether a code was refused because the one before still waits for this address."""
    return refusal.code == "code_too_soon" and (session.get(_WAITS) or {}).get("address") == address


def _code_hash(address: str, digits: str) -> str:
    return keyed("code", CodePurpose.ADDRESS, address, digits)


@bp.route("/me/notices/address/code", methods=["GET", "POST"])
@signed_in
def prove() -> Answer:
    """Take the code that was sent to the address."""
    waiting = session.get(_WAITS)
    if waiting is None:
        return redirect(url_for("tell.choices", _anchor="mail"), 303)
    form, status = CodeForm(), 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        code_hash = _code_hash(waiting["address"], form.digits)
        address = add_address(actor(), code_id=int(waiting["code"]), code_hash=code_hash)
        if not isinstance(address, Refusal):
            session.pop(_WAITS)
            flash(gettext("邮箱确认了。请选多久发一封。"), "done")
            return redirect(url_for("tell.choices", _anchor="mail"), 303)
        status = address.status
        form.code.errors = [*form.code.errors, words(address.message) + words(address.what_next)]
    return page("tell/mail/prove.html", status, form=form, masked=masked(waiting["address"]), shown=waiting["shown"])


@bp.post("/me/notices/address/removal")
@signed_in
def remove() -> Answer:
    """Send no more mail to the address that was added."""
    drop_address(actor())
    flash(gettext("这个邮箱已经去掉，不再往那里发。"), "done")
    return redirect(url_for("tell.choices", _anchor="mail"), 303)


# One click from a mail -----------------------------------------------------------------------------------------------


@bp.get("/mail/<token>")
@open_to_all
def choice(token: str) -> Response:
    """Show what a link from a mail would change, with one button; looking changes nothing, as scanners look too."""
    said = _said(token)
    return _answer(said, token=token, done=False)


@bp.post("/mail/<token>")
@open_to_all
@csrf.exempt
def follow(token: str) -> Response:
    """Do what a link from a mail says; a mail program may send this by itself (RFC 8058), so it has no form's sign."""
    said = _said(token)
    choose_mail(Actor(said.person_id), said.pace)
    return _answer(said, token=token, done=True)


def _said(token: str) -> Choice:
    said = choice_of(token)
    if said is None:
        raise Refused(
            Refusal(
                "link_too_old",
                say("这个链接太旧了，或者抄漏了几个字。"),
                what_next=say("请用最近一封邮件里的链接，或登录后在“我的 → 通知”里改。"),
                status=404,
            )
        )
    return said


def _answer(said: Choice, *, token: str, done: bool) -> Response:
    response = page("tell/mail/choice.html", pace=words(PACE_WORDS[said.pace]), token=token, done=done)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
