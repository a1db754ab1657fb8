"""Paper ballots on pages: made, printed in large type, read by two people, and the list of what became of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import segno
from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import gettext

from cogov.decisions import queries
from cogov.decisions.commands.paper import Paper, enter_paper, print_papers
from cogov.decisions.forms.channels import PaperForm, PrintForm
from cogov.decisions.queries.helping import unit_at
from cogov.decisions.queries.paper import (
    PaperBoard,
    PaperRow,
    PaperShown,
    paper_board,
    paper_picture,
    paper_shown,
    sheets_of,
)
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.paper import (
    COUNTERS,
    FAULT_WORDS,
    STATE_WORDS,
    SlipFault,
    SlipState,
    no_such_door,
    slip_code,
)
from cogov.decisions.rules.secrets.box import is_secret
from cogov.decisions.rules.sheets import FEW
from cogov.decisions.views.current import bp, by
from cogov.decisions.views.marking import Wrong, marks_sent, sent, wrong
from cogov.decisions.views.methods import method_ballot
from cogov.decisions.views.shown import rule_of, sealed_text
from cogov.files.queries import pictures_folder
from cogov.files.views import album_of, settled
from cogov.files.views import sent as sent_picture
from cogov.ground.pages import id_arg, moment, open_to, page, signed_in, words
from cogov.ground.refusals import Refused, insist
from cogov.ground.settings import data_dir

UNPROCESSABLE = 422


@bp.get("/decisions/<id:decision_id>/papers")
@open_to(*COUNTERS)
def papers(decision_id: int) -> Any:
    """Show the papers of a vote: how many are out, what waits for a reader, what does not count and why."""
    written = request.args.get("code", "")
    if code := slip_code(written):
        return redirect(url_for("decisions.paper", slip=code), 303)
    return _board_page(paper_board(by(), decision_id), PrintForm(), wrong_code=written)


def _board_page(board: PaperBoard, form: PrintForm, status: int = 200, wrong_code: str = "") -> Response:
    form.about(board.buildings)
    return page(
        "decisions/papers.html",
        status,
        form=form,
        decision=board.decision,
        problem=board.problem,
        counts=[(words(STATE_WORDS[state]), board.counts[state]) for state in SlipState],
        waiting=[_row(row) for row in board.waiting],
        rejected=[_row(row) for row in board.rejected],
        buildings=board.buildings,
        printed=board.counts[SlipState.ISSUED],
        secret=is_secret(thaw(board.decision.frozen_rule)),
        wrong_code=wrong_code,
    )


def _row(row: PaperRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "doors": "、".join(row.doors),
        "state": words(STATE_WORDS[row.state]),
        "why": words(FAULT_WORDS[row.fault]) if row.fault is not None else "",
        "at": moment(row.at),
        "mine": row.read_by_me,
    }


@bp.post("/decisions/<id:decision_id>/papers")
@open_to(*COUNTERS)
def make_papers(decision_id: int) -> Any:
    """Make the paper ballots that are missing."""
    board = paper_board(by(), decision_id)
    form = PrintForm()
    form.about(board.buildings)
    if not form.validate_on_submit():
        return _board_page(board, form, UNPROCESSABLE)
    unit_id = None
    if form.door.data:
        unit_id = unit_at(decision_id, form.building_id or 0, form.staircase.data or "", form.door.data)
        insist(no_such_door() if unit_id is None else None)
    made = print_papers(by(), decision_id, building_id=form.building_id, unit_id=unit_id, once=form.once.data)
    flash(gettext("印好 %(n)s 张，请打印。", n=made))
    return redirect(url_for("decisions.paper_sheets", decision_id=decision_id, building=form.building_id), 303)


@bp.get("/decisions/<id:decision_id>/papers/sheets")
@open_to(*COUNTERS)
def paper_sheets(decision_id: int) -> Response:
    """Show paper ballots on sheets, each with its square, for the printer."""
    sheets = sheets_of(by(), decision_id, id_arg("building"), request.args.get("code", ""))
    shown = queries.shown_decision(by(), decision_id)
    return page(
        "decisions/paper_sheets.html",
        decision=shown.decision,
        shown=shown,
        rule=rule_of(shown.rule, shown.motion.item, sealed_text(shown), shown.form),
        ballot_form=method_ballot(shown),
        secret=is_secret(shown.rule),
        few=FEW,
        papers=[{"code": each.code, "doors": "、".join(each.doors), "square": _square(each.code)} for each in sheets],
    )


def _square(code: str) -> str:
    base = str(current_app.config["PUBLIC_URL"]) or request.host_url
    address = urljoin(base, url_for("decisions.paper", slip=code))
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=3, border=2, dark="#000", light="#fff"))


@bp.get("/papers/<slip>")
@signed_in
def paper(slip: str) -> Response:
    """Show the page on which one enters what one reads on a paper."""
    return _paper_page(paper_shown(by(), slip), PaperForm())


@bp.post("/papers/<slip>")
@signed_in
def read_paper(slip: str) -> Any:
    """Enter what one reads on a paper."""
    shown = paper_shown(by(), slip)
    form, given = PaperForm(), sent()
    first = shown.readings == 0
    form.about(shown.voters, first=first)
    album = album_of(form) if first else None
    if not form.validate_on_submit() or (album is not None and not settled(form)):
        return _paper_page(shown, form, UNPROCESSABLE)
    try:
        entered = enter_paper(
            by(),
            slip,
            _paper(form, shown),
            picture=album.first_bytes() if album is not None else None,
            folder=pictures_folder(data_dir(current_app)),
            once=form.once.data,
        )
    except Refused as error:
        if error.refusal.status != UNPROCESSABLE:
            raise
        return _paper_page(shown, form, UNPROCESSABLE, wrong(given, error.refusal))
    if album is not None:
        album.forget()
    flash(f"{words(STATE_WORDS[entered.state])}{_because(entered.fault)}")
    return redirect(url_for("decisions.papers", decision_id=entered.decision_id), 303)


def _because(fault: SlipFault | None) -> str:
    return gettext("：%(why)s", why=words(FAULT_WORDS[fault])) if fault is not None else ""


def _paper(form: PaperForm, shown: PaperShown) -> Paper:
    fault = SlipFault(form.fault.data) if form.fault.data else None
    given = sent()
    options = queries.frozen_options(shown.decision.id)
    nothing = fault is not None or is_secret(thaw(shown.decision.frozen_rule))
    return Paper(
        marks="" if nothing else marks_sent(given, options),
        signed_on=form.signed_on.data,
        signer_id=int(form.signer.data) if form.signer.data else None,
        fault=fault,
        reason=given.reason,
        channel=Channel(form.channel.data) if "channel" in form else Channel.PAPER,
    )


def _paper_page(shown: PaperShown, form: PaperForm, status: int = 200, mistaken: Wrong | None = None) -> Response:
    if "channel" in form and "picture" in form and not form.signer.choices:
        form.about(shown.voters, first=shown.readings == 0)
    if "picture" in form and form.picture.album is None:
        album_of(form)
    decision = queries.shown_decision(by(), shown.decision.id)
    if is_secret(decision.rule):
        form.of_a_slip()
    return page(
        "decisions/paper.html",
        status,
        form=form,
        shown=decision,
        decision=decision.decision,
        problem=shown.problem,
        slip=shown,
        state=words(STATE_WORDS[shown.slip.state]),
        third=shown.slip.state is SlipState.DIFFERS,
        secret=is_secret(decision.rule),
        ballot_form=method_ballot(decision),
        wrong=mistaken,
    )


@bp.get("/papers/<slip>/picture")
@signed_in
def paper_photo(slip: str) -> Response:
    """Send the picture of a paper to those who read it."""
    picture = paper_picture(by(), slip)
    folder = pictures_folder(data_dir(current_app))
    return sent_picture(picture, folder, filename=f"paper-{picture.id}.jpg", private=True)
