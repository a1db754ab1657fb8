"""Secret votes: a token for a voter, the box that asks for no name, and the holders who open it."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.decisions import queries
from cogov.decisions.commands.secret_box import agree_to_open, open_box, take_box_code
from cogov.decisions.commands.secret_voting import drop_ballot, issue_token, vote_for
from cogov.decisions.models import Decision
from cogov.decisions.queries import DecisionShown
from cogov.decisions.queries.bulletin import closing_of, latest_code, public_hash, why_no_bundle
from cogov.decisions.queries.secrets import (
    BoxShown,
    box_list,
    box_of,
    box_size,
    holders_of,
    keys_of,
    opened_ballots,
    tokens_given,
)
from cogov.decisions.rules.bundles import IN_PROPORTION
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.methods import marks_words, read_form, write_marks
from cogov.decisions.rules.secrets.box import code_unreadable, is_secret, not_a_holder, token_unreadable
from cogov.decisions.rules.secrets.codes import new_code, plain_code, short, token_of
from cogov.decisions.views.current import bp, by
from cogov.decisions.views.shown import named_text
from cogov.ground.clock import now
from cogov.ground.db import found
from cogov.ground.pages import csrf, id_field, open_to_all, page, signed_in
from cogov.ground.refusals import Refused
from cogov.problems.models import Problem

LONGEST_MARKS = 30


# What pages ask -------------------------------------------------------------------------------------------------------


@bp.app_template_global()
def secret_box(shown: DecisionShown) -> dict[str, Any] | None:
    """Return what the page of a secret vote shows of its box, and what its script needs to seal a ballot."""
    if not is_secret(shown.rule):
        return None
    box = found(box_of(by(), shown.decision))
    return {
        "box": box,
        "checkable": shown.rule.secrecy is Secrecy.CHECKABLE,
        "code": new_code(),
        "holders": ",".join(f"{at}:{key.hex()}" for at, key in keys_of(holders_of(shown.decision.id)).items()),
        "modulus": f"{box.key.n:x}",
        "form": read_form(shown.decision.form),
        "kept": named_text(shown.rule),
    }


# A token and a ballot -------------------------------------------------------------------------------------------------


@bp.post("/decisions/<id:decision_id>/token")
@signed_in
def token(decision_id: int) -> Response:
    """Sign what the voter's browser has blinded, for the script of the page."""
    signature = issue_token(by(), decision_id, blinded=_bytes("blinded"), head_id=id_field("head"))
    return _told({"signature": signature.hex()})


@bp.post("/decisions/<id:decision_id>/box")
@open_to_all
@csrf.exempt
def drop(decision_id: int) -> Response:
    """Take a sealed ballot from whoever shows a token. The script sends no cookie along, and nobody is looked up."""
    key = drop_ballot(decision_id, token=_bytes("token"), signature=_bytes("signature"), sealed=_bytes("ballot"))
    return _told({"receipt": short(bytes.fromhex(key))})


def _told(told: dict[str, str]) -> Response:
    response = Response(json.dumps(told), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def _bytes(name: str) -> bytes:
    written = request.form.get(name, "")
    if len(written) > 4096 or re.fullmatch(r"(?:[0-9a-f]{2})+", written) is None:
        raise Refused(token_unreadable())
    return bytes.fromhex(written)


@bp.post("/decisions/<id:decision_id>/secret-ballot")
@signed_in
def cast_secret(decision_id: int) -> Any:
    """Do what the page's script would do, for a browser that cannot; say so, and show the receipt once."""
    head_id, code = id_field("head"), request.form.get("code", "")
    if not plain_code(code):
        raise Refused(code_unreadable())
    key = vote_for(by(), decision_id, code=code, marks=_marks(), head_id=head_id)
    shown = queries.shown_decision(by(), decision_id)
    box = found(box_of(by(), shown.decision))
    tracker = token_of(plain_code(code), box.bound, box.key).tracker
    return page(
        "decisions/secret_receipt.html",
        shown=shown,
        decision=shown.decision,
        receipt=short(bytes.fromhex(key)),
        tracker=tracker if shown.rule.secrecy is Secrecy.CHECKABLE else "",
    )


def _marks() -> str:
    """Return what was marked on the ballot: one choice, or a number beside some options."""
    chosen = request.form.get("choice", "")
    named = {"mark-" + chosen: "1"} if chosen else dict(list(request.form.items())[: LONGEST_MARKS * 2])
    marks = {}
    for name, value in named.items():
        position = re.fullmatch(r"mark-([1-9][0-9]?)", name)
        if position and re.fullmatch(r"[0-9]{1,3}", value):
            marks[int(position[1])] = int(value)
    return write_marks(marks)


# The box --------------------------------------------------------------------------------------------------------------


@bp.get("/decisions/<id:decision_id>/box")
@open_to_all
def box(decision_id: int) -> Response:
    """Show who holds the box; and after the opening the codes of all ballots, and what was on them, apart."""
    decision, problem, held = _box(decision_id)
    shown = queries.shown_decision(by(), decision_id)
    labels = {option.position: option.label for option in shown.options}
    form = read_form(decision.form)
    checkable = shown.rule.secrecy is Secrecy.CHECKABLE
    opened = held.opened_at is not None
    counted = why_no_bundle(decision, closing_of(decision_id)) is None
    return page(
        "decisions/box.html",
        decision=decision,
        problem=problem,
        box=held,
        checkable=checkable,
        kept=named_text(shown.rule),
        code=latest_code(decision) if counted else "",
        public_hash=public_hash(decision) if counted else "",
        in_proportion=form.decider in IN_PROPORTION,
        # Before the opening the number of ballots would say who only took a token.
        size=box_size(decision.id) if opened else None,
        tokens=tokens_given(decision.id) if opened else None,
        codes=box_list(decision.id) if opened else [],
        ballots=[
            [*([tracker] if checkable else []), str(marks_words(form, labels, marks))]
            for tracker, marks in (opened_ballots(decision.id) if opened else [])
        ],
    )


def _box(decision_id: int) -> tuple[Decision, Problem, BoxShown]:
    decision, problem = queries.decision_for(by(), decision_id)
    return decision, problem, found(box_of(by(), decision))


@bp.get("/decisions/<id:decision_id>/holding")
@signed_in
def holding(decision_id: int) -> Response:
    """Show a holder of the box what there is to do: take the code before voting, open after the close."""
    return _holding(decision_id)


def _holding(decision_id: int, code: str = "") -> Response:
    decision, problem, held = _box(decision_id)
    mine = next((holder for holder in held.holders if holder.mine), None)
    if mine is None:
        raise Refused(not_a_holder())
    response = page(
        "decisions/holding.html",
        decision=decision,
        problem=problem,
        box=held,
        mine=mine,
        code=code,
        closed=now() >= decision.closes_at,
        late=now() >= held.open_until,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/decisions/<id:decision_id>/holding/code")
@signed_in
def take_code(decision_id: int) -> Response:
    """Show a holder the code of the box, this once."""
    return _holding(decision_id, take_box_code(by(), decision_id))


@bp.post("/decisions/<id:decision_id>/holding/agreement")
@signed_in
def agree(decision_id: int) -> Any:
    """Agree with one's own code that the box be opened."""
    agree_to_open(by(), decision_id, code=request.form.get("code", ""))
    flash(gettext("您已同意开箱，两小时内有效。请另一位监票人登录自己的账号，输入两份监票码开箱。"))
    return redirect(url_for("decisions.holding", decision_id=decision_id), 303)


@bp.post("/decisions/<id:decision_id>/unsealing")
@signed_in
def unseal_box(decision_id: int) -> Any:
    """Open the box with one's own code and that of the holder who agreed, and count."""
    # One name for both: what is called a code is never shown again, not even beside a refusal.
    own, other = [*request.form.getlist("code"), "", ""][:2]
    open_box(by(), decision_id, code=own, other_code=other)
    flash(gettext("票箱已打开，票已计好。"))
    return redirect(url_for("decisions.show", decision_id=decision_id), 303)
