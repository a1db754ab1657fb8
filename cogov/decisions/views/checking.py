"""What a sceptic needs: the bulletin, the bundles, the one-file recount, the certificate on paper."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import segno
from flask import Response, current_app, request, url_for
from flask_babel import format_datetime, gettext

from cogov.decisions import commands, queries
from cogov.decisions.queries import bulletin as board
from cogov.decisions.queries.bulletin import Bulletin, Proof
from cogov.decisions.queries.course import course_of
from cogov.decisions.queries.running import running_of
from cogov.decisions.rules.bulletin import canonical, short_code
from cogov.decisions.rules.bundles import IN_PROPORTION
from cogov.decisions.rules.methods import read_form
from cogov.decisions.rules.shortage import SMALLEST
from cogov.decisions.rules.stages import DecisionState
from cogov.decisions.views.current import bp, by
from cogov.decisions.views.methods import method_result
from cogov.decisions.views.results import quorum_lines, result_table, sums_of, verdict_of
from cogov.decisions.views.shown import rule_of, sealed_text
from cogov.ground import paper, paths
from cogov.ground.pages import open_to_all, page, signed_in, words
from cogov.ground.refusals import NotFound
from cogov.journal.kept import kept_for_anyone


@bp.get("/decisions/<id:decision_id>/bulletin")
@open_to_all
@kept_for_anyone
def bulletin(decision_id: int) -> Response:
    """Show the bulletin of a named vote with the codes for the notice board, and how anybody checks the count."""
    decision, pinned = board.bulletin_of(by(), decision_id)
    closing = board.closing_of(decision_id)
    counted = board.why_no_bundle(decision, closing) is None
    return page(
        "decisions/bulletin.html",
        decision=decision,
        heads=_heads(pinned),
        small=decision.heads_total < SMALLEST and decision.state is not DecisionState.CLOSED,
        counted=counted,
        in_proportion=read_form(decision.form).decider in IN_PROPORTION,
        public_hash=board.public_hash(decision) if counted else "",
        why_not_full=board.why_not_take_full(by(), decision),
        takings=board.takings_of(by(), decision_id) if counted else [],
    )


def _heads(pinned: Bulletin) -> list[dict[str, Any]]:
    return [
        {"size": head.size, "code": short_code(head.root), "at": head.at, "root": head.root} for head in pinned.heads
    ]


def _download(text: str, name: str, kind: str) -> Response:
    response = Response(text, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/decisions/<id:decision_id>/bundle.json")
@open_to_all
def bundle(decision_id: int) -> Response:
    """Send the public bundle of a closed vote."""
    return _download(board.public_bundle(by(), decision_id), f"cogov-{decision_id}-public.json", "application/json")


@bp.post("/decisions/<id:decision_id>/bundle")
@signed_in
def full_bundle(decision_id: int) -> Response:
    """Send the full bundle to somebody of the circle; that they took it is written down first."""
    text = commands.take_full_bundle(by(), decision_id)
    return _download(text, f"cogov-{decision_id}-full.json", "application/json")


@bp.post("/decisions/<id:decision_id>/units")
@signed_in
def units(decision_id: int) -> Response:
    """Send who took part, by unit, to somebody of the circle: what a city's own voting system asks for."""
    text = commands.take_units_sheet(by(), decision_id)
    return _download("\ufeff" + text, f"cogov-{decision_id}-units.csv", "text/csv")


@bp.get("/decisions/recount.py")
@open_to_all
def recount() -> Response:
    """Send the one file that recounts a bundle."""
    return _program("recount.py")


@bp.get("/decisions/recount_shares.py")
@open_to_all
def recount_shares() -> Response:
    """Send the file that counts beside it what is shared out in proportion."""
    return _program("recount_shares.py")


def _program(name: str) -> Response:
    return _download(paths.recount(name).read_text(encoding="utf-8"), name, "text/x-python; charset=utf-8")


@bp.get("/decisions/<id:decision_id>/receipts/<id:head_id>/proof.json")
@signed_in
def proof(decision_id: int, head_id: int) -> Response:
    """Send the proof that one's own sealed ballot is on the bulletin; it says nothing of the choice."""
    found = board.proof_of(by(), decision_id, head_id)
    if found is None:
        raise NotFound
    return _download(canonical(proof_plain(found)) + "\n", f"cogov-{decision_id}-{head_id}.json", "application/json")


def proof_plain(found: Proof) -> dict[str, Any]:
    """Return a proof as plain values."""
    return {**vars(found), "path": list(found.path), "code": short_code(found.root)}


@bp.get("/decisions/<id:decision_id>/certificate")
@open_to_all
@kept_for_anyone
def certificate(decision_id: int) -> Response:
    """Show the certificate of a result on one sheet, to be printed or kept as PDF."""
    return page("decisions/certificate.html", **_certified(decision_id))


@bp.get("/decisions/<id:decision_id>/certificate.pdf")
@open_to_all
def certificate_pdf(decision_id: int) -> Response:
    """Send the certificate of a result as a PDF; the same result makes the same bytes."""
    certified = _certified(decision_id)
    decision, at = certified["decision"], certified["result"].at
    moments = {"notice": decision.notice_at, "opens": decision.opens_at, "closes": decision.closes_at}
    times = {
        name: format_datetime(each, gettext("yyyy年M月d日 HH:mm")) for name, each in (moments | {"at": at}).items()
    }
    times["made"] = at.isoformat(timespec="seconds").replace("+00:00", "Z")
    name = f"cogov-{decision_id}-certificate"
    return paper.download("decisions/certificate_paper.html", name, times=times, **certified)


def _certified(decision_id: int) -> dict[str, Any]:
    """Return what a certificate says: nothing of it depends on who reads it, and nobody is named in it."""
    shown = queries.shown_decision(by(), decision_id)
    if shown.result is None or (
        not shown.result.tests and not shown.rule.passing.heads and not shown.form.counted_apart
    ):
        raise NotFound
    named = board.why_no_bundle(shown.decision, board.closing_of(decision_id)) is None
    return {
        "shown": shown,
        "decision": shown.decision,
        "problem": shown.problem,
        "result": shown.result,
        "heading": verdict_of(shown)["heading"],
        "method": method_result(shown),
        "square": _square(decision_id),
        "rule": rule_of(shown.rule, shown.motion.item, sealed_text(shown), shown.form),
        "table": result_table(shown),
        "sums": sums_of(shown),
        "quorum": quorum_lines(shown),
        "course": course_of(by(), shown.decision),
        "code": board.latest_code(shown.decision),
        "public_hash": board.public_hash(shown.decision) if named else "",
    }


def _square(decision_id: int) -> str:
    """Return the square that leads from a sheet of paper to the result."""
    base = str(current_app.config["PUBLIC_URL"]) or request.host_url
    address = urljoin(base, url_for("decisions.show", decision_id=decision_id))
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=3, border=2, dark="#000", light="#fff"))


# What templates ask for ----------------------------------------------------------------------------------------------


@bp.app_template_global()
def can_print() -> bool:
    """Say whether a sheet can be had as PDF here."""
    return paper.available()


@bp.app_template_global()
def own_proof(decision_id: int, head_id: int) -> dict[str, Any] | None:
    """Return the proof of one's own ballot for its receipt."""
    found = board.proof_of(by(), decision_id, head_id)
    return None if found is None else proof_plain(found)


@bp.app_template_global()
def taking_part(shown: queries.DecisionShown) -> list[list[str]]:
    """Return who took part by building and staircase, in full tens and with small cells kept together."""
    if shown.rule.secrecy != "named" or shown.result is None or shown.decision.heads_total < SMALLEST:
        return []
    rows = running_of(shown.decision, shown.rule).rows
    return [[_name(row.name, row.row.staircase), words(row.row.words)] for row in rows]


def _name(building: str, staircase: str | None) -> str:
    return (
        building
        if not staircase
        else gettext("%(building)s %(staircase)s 单元", building=building, staircase=staircase)
    )
