"""Taking part: one statement at a time with three answers, writing one's own, and asking the neighbourhood."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.ground.db import found
from cogov.ground.pages import dossier_url, id_arg, id_field, open_to_all, page, signed_in, words
from cogov.ground.refusals import NotFound, insist
from cogov.moderation.rules import hold_words, masked_words
from cogov.opinion import commands
from cogov.opinion.commands.statements import Written
from cogov.opinion.forms.conversations import ConversationForm, OnceForm, StatementForm
from cogov.opinion.models import Conversation
from cogov.opinion.queries import conversation_for, ground_of
from cogov.opinion.queries.loading import statement_id_of
from cogov.opinion.queries.panels import panel
from cogov.opinion.queries.showing import StatementShown, statements_of, taking
from cogov.opinion.rules.stages import VALUES, ConversationState, StanceValue, StanceWord
from cogov.opinion.rules.taking import STATE_WORDS, why_not_open
from cogov.opinion.views.current import bp, by
from cogov.problems.queries import problem_for

_ICONS = {StanceWord.AGREE: "thumb-up", StanceWord.DISAGREE: "thumb-down", StanceWord.PASS: "help-circle"}


@bp.app_template_global()
def stance_words(value: int) -> str:
    """Return what an answer is called on its button."""
    called = {
        StanceValue.AGREE: gettext("同意"),
        StanceValue.DISAGREE: gettext("不同意"),
        StanceValue.PASS: gettext("说不准"),
    }
    return called[StanceValue(value)]


@bp.app_template_global()
def conversation_state(state: ConversationState) -> str:
    """Return where a conversation stands, in words."""
    return words(STATE_WORDS[state])


@bp.app_template_global()
def answer_choices(shown: StatementShown) -> list[dict[str, Any]]:
    """Return the three buttons under a statement; the answer given before carries a tick."""
    return [
        {
            "value": word.value,
            "text": stance_words(value),
            "icon": "check" if shown.answer == value else _ICONS[word],
            "current": shown.answer == value,
        }
        for word, value in VALUES.items()
    ]


@bp.get("/conversations/<id:conversation_id>")
@open_to_all
def show(conversation_id: int) -> Response:
    """Show a conversation: the statement one is asked next, how far one is, one's own statements."""
    return _show(conversation_id, StatementForm())


def _show(conversation_id: int, form: StatementForm, status: int = 200) -> Response:
    taken = taking(by(), conversation_id, wanted=id_arg("statement"))
    return page(
        "opinion/show.html",
        status,
        taking=taken,
        conversation=taken.conversation,
        problem=taken.problem,
        form=form,
        just=id_arg("answered"),
    )


@bp.post("/conversations/<id:conversation_id>/answers")
@signed_in
def answer(conversation_id: int) -> Any:
    """Answer a statement, and be asked the next."""
    conversation, _ = conversation_for(by(), conversation_id)
    number, statement_id = _statement(conversation)
    word = request.form.get("answer", "")
    if word == "none":
        commands.withdraw_answer(by(), statement_id)
        flash(gettext("观点 S%(n)s 的回答已撤回。", n=number))
        return redirect(url_for("opinion.list_answers", conversation_id=conversation.id), 303)
    if word not in VALUES:
        raise NotFound
    commands.answer_statement(by(), statement_id, VALUES[StanceWord(word)])
    return redirect(url_for("opinion.show", conversation_id=conversation.id, answered=number, _anchor="ask"), 303)


def _statement(conversation: Conversation) -> tuple[int, int]:
    number = found(id_field("statement"))
    return number, statement_id_of(conversation.id, number)


@bp.get("/conversations/<id:conversation_id>/answers")
@signed_in
def list_answers(conversation_id: int) -> Response:
    """Show what one has answered, to change it or take it back."""
    return _list(conversation_id, answered=True)


@bp.get("/conversations/<id:conversation_id>/statements")
@open_to_all
def list_statements(conversation_id: int) -> Response:
    """Show all statements by number."""
    return _list(conversation_id, answered=False)


def _list(conversation_id: int, *, answered: bool) -> Response:
    after = id_arg("after") or 0
    taken, shown, more = statements_of(by(), conversation_id, after=after, answered=answered)
    endpoint = "opinion.list_answers" if answered else "opinion.list_statements"
    return page(
        "opinion/statements.html",
        taking=taken,
        conversation=taken.conversation,
        problem=taken.problem,
        statements=shown,
        answered=answered,
        next_url=url_for(endpoint, conversation_id=conversation_id, after=more) if more else "",
        first_url=url_for(endpoint, conversation_id=conversation_id) if after else "",
    )


@bp.post("/conversations/<id:conversation_id>/statements")
@signed_in
def write(conversation_id: int) -> Any:
    """Write a statement."""
    form = StatementForm()
    if not form.validate_on_submit():
        return _show(conversation_id, form, 422)
    written = commands.write_statement(by(), conversation_id, text=form.text.data or "", once=form.once.data)
    flash(_told(written))
    return redirect(url_for("opinion.show", conversation_id=conversation_id, _anchor="own"), 303)


def _told(written: Written) -> str:
    """Say what became of what somebody sent: that it is asked of others, or waits, and what was masked in it."""
    if written.held:
        said = gettext("收到了，先等主持人看过再公开：%(why)s。", why=words(hold_words(written.held)))
    else:
        said = gettext("观点 S%(n)s 已公开，会轮着请大家回答。", n=written.statement.number)
    return f"{said}{words(masked_words(written.masked))}"


@bp.get("/problems/<number>/conversations")
@signed_in
def new(number: str) -> Response:
    """Show the form to ask the neighbourhood."""
    problem = problem_for(by(), number)
    insist(panel(by(), problem).why_not_open)
    return page("opinion/new.html", form=ConversationForm(), problem=problem)


@bp.post("/problems/<number>/conversations")
@signed_in
def open_new(number: str) -> Any:
    """Put a question to the neighbourhood of a problem."""
    problem = problem_for(by(), number)
    insist(why_not_open(by(), ground_of(problem), running=False))
    form = ConversationForm()
    if not form.validate_on_submit():
        return page("opinion/new.html", 422, form=form, problem=problem)
    conversation = commands.open_conversation(
        by(),
        number,
        question=form.question.data or "",
        opens_at=form.opens_at.data,
        closes_at=form.until,
        statements=form.lines,
        once=form.once.data,
    )
    flash(gettext("已经问出去了，卷宗里的人会收到。"))
    return redirect(url_for("opinion.show", conversation_id=conversation.id), 303)


@bp.post("/conversations/<id:conversation_id>/closure")
@signed_in
def close(conversation_id: int) -> Any:
    """Close a conversation before its time."""
    _, problem = conversation_for(by(), conversation_id)
    commands.close_conversation(by(), conversation_id, once=OnceForm().once.data)
    flash(gettext("征集已结束，最后一张图画好后会在这一页。"))
    return redirect(dossier_url(problem.number, tab="opinion"), 303)
