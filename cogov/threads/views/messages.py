"""Messages and replies on pages."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.ground.pages import actor, dossier_url, id_arg, id_field, open_to_all, page, signed_in, words
from cogov.ground.refusals import insist
from cogov.ground.wording import is_wild
from cogov.ground.words import Words
from cogov.journal.kept import kept_for_anyone
from cogov.moderation.rules import FlagReason, hold_words, masked_words, reason_words
from cogov.problems.models import Problem
from cogov.problems.queries import problem_for
from cogov.threads import commands, queries
from cogov.threads.commands.editing import Edited
from cogov.threads.commands.messages import Posted
from cogov.threads.commands.naming import Quote
from cogov.threads.forms.messages import KIND_LABELS, MessageForm
from cogov.threads.rules.messages import MESSAGE_LENGTH, MessageKind, MessageState
from cogov.threads.rules.quoting import QUOTE_LENGTH
from cogov.threads.rules.speaking import why_not_speak
from cogov.threads.views.current import back, between, bp, speaker, voiced
from cogov.threads.views.enclosures import album_for, files_of, is_ready, status_of


@bp.app_template_global()
def message_kind(kind: str) -> str:
    """Return what a message is meant as, in the reader's language."""
    return str(KIND_LABELS[MessageKind(kind)])


@bp.app_template_global()
def removal_reason(reason: str) -> Words:
    """Return the clause under which a message was taken down."""
    return reason_words(FlagReason(reason))


@bp.get("/problems/<number>/messages")
@signed_in
def new_message(number: str) -> Response:
    """Show the form for a message."""
    problem = problem_for(actor(), number)
    insist(why_not_speak(actor(), queries.dossier_of(problem)))
    form = MessageForm()
    album_for(form)
    voiced(form, problem)
    _offer_quote(form, problem)
    # An answer may be begun elsewhere: with the words of a statement that it quotes.
    form.text.data = request.args.get("text", "")[:MESSAGE_LENGTH]
    return page("threads/message.html", form=form, problem=problem)


def _offer_quote(form: MessageForm, problem: Problem) -> None:
    """Put into a form what the address asks to quote, for its reader to cut down."""
    message_id = id_arg("quote")
    if message_id is None:
        return
    message, of_problem = queries.message_for(actor(), message_id)
    if of_problem.id == problem.id and message.state is MessageState.SHOWN:
        form.quote.data, form.quoted.data = str(message.id), message.text[:QUOTE_LENGTH]


def _quote(form: MessageForm) -> Quote | None:
    message_id = id_field("quote")
    return Quote(message_id, form.quoted.data or "") if message_id is not None else None


@bp.post("/problems/<number>/messages")
@signed_in
def post_message(number: str) -> Any:
    """Post a message."""
    problem = problem_for(actor(), number)
    # Before any file is kept, for who may not send it.
    insist(why_not_speak(actor(), queries.dossier_of(problem)))
    form = MessageForm()
    album = album_for(form)
    voiced(form, problem)
    if not is_ready(form):
        return page("threads/message.html", status_of(form), form=form, problem=problem)
    message = commands.post_message(
        speaker(form),
        number,
        kind=MessageKind(form.kind.data),
        text=form.text.data or "",
        quote=_quote(form),
        files=files_of(album),
        once=form.once.data,
    )
    album.forget()
    return back(
        problem,
        "discussion",
        told(message, gettext("发言已公开在卷宗里。"), form.text.data or ""),
        f"message-{message.id}",
    )


def told(posted: Posted | Edited, published: str, typed: str) -> str:
    """Say what became of what somebody sent: that it is public, or waits, and what was masked in it."""
    said = (
        gettext("收到了，先等主持人看过再公开：%(why)s。", why=words(hold_words(posted.held)))
        if posted.held
        else published
    )
    tamed = gettext("去掉了会打乱文字方向、盖住别人文字的符号。") if is_wild(typed) else ""
    return f"{said}{words(masked_words(posted.masked))}{tamed}"


@bp.get("/messages/<id:message_id>")
@open_to_all
def show_message(message_id: int) -> Any:
    """Lead to a message where it stands: the permanent link to it, however long its thread has become."""
    message, problem = queries.message_for(actor(), message_id)
    anchor = f"message-{message.id}"
    if message.reply_to_id is not None:
        replies = url_for("threads.show_replies", message_id=message.reply_to_id, after=message.id - 1, _anchor=anchor)
        return redirect(replies)
    return redirect(dossier_url(problem.number, tab="discussion", after=message.id - 1, _anchor=anchor))


@bp.get("/messages/<id:message_id>/replies")
@open_to_all
@kept_for_anyone
def show_replies(message_id: int) -> Response:
    """Show a message with every reply to it, and the form for one more."""
    form = MessageForm()
    album_for(form)
    if actor().person_id is not None:
        _offer_quote(form, queries.message_for(actor(), message_id)[1])
    return _replies_page(message_id, form)


@bp.post("/messages/<id:message_id>/replies")
@signed_in
def post_reply(message_id: int) -> Any:
    """Post a reply."""
    message, problem = queries.message_for(actor(), message_id)
    insist(why_not_speak(actor(), queries.dossier_of(problem)))
    form = MessageForm()
    album = album_for(form)
    voiced(form, problem)
    if not is_ready(form):
        return _replies_page(message_id, form, status_of(form))
    reply = commands.post_message(
        speaker(form),
        problem.number,
        kind=MessageKind(form.kind.data),
        text=form.text.data or "",
        reply_to=message.id,
        quote=_quote(form),
        files=files_of(album),
        once=form.once.data,
    )
    album.forget()
    flash(told(reply, gettext("回复已公开在卷宗里。"), form.text.data or ""))
    return redirect(url_for("threads.show_replies", message_id=message.id, before=reply.id + 1), 303)


def _replies_page(message_id: int, form: MessageForm, status: int = 200) -> Response:
    by = actor()
    message, problem = queries.message_for(by, message_id)
    shown, replies = queries.replies(message, by.person_id, **between())
    voiced(form, problem)
    dossier = queries.dossier_of(problem)
    return page(
        "threads/replies.html",
        status,
        form=form,
        problem=problem,
        message=shown,
        replies=replies,
        exact_times=by.inside(dossier.code),
        why_not=why_not_speak(by, dossier),
        is_reply=message.reply_to_id is not None,
    )
