"""The desk with the dossier beside it, the page of one case, and the pictures of its results."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.cases.forms import form_for
from cogov.cases.queries import (
    CaseView,
    DeskFilter,
    DeskPage,
    case_for,
    case_view,
    choices_for,
    counts,
    has_picture,
)
from cogov.cases.queries import desk as desk_of
from cogov.cases.queries.desk import DESK_ROLES
from cogov.cases.queries.panel import Offer
from cogov.cases.rules import StepKind, next_acts
from cogov.cases.rules.phrases import ACT, DESK
from cogov.cases.rules.steps import not_yours
from cogov.cases.views.shown import case_shown, offer_shown, row_shown
from cogov.files.queries import picture_of, pictures_folder
from cogov.files.views import sent
from cogov.ground.pages import actor, dossier_url, id_arg, open_to, open_to_all, page, words
from cogov.ground.refusals import NotFound
from cogov.ground.settings import data_dir
from cogov.people.rules import Actor

bp = Blueprint("cases", __name__)
bp.app_template_filter("case_shown")(case_shown)

SLUG: dict[StepKind, str] = {
    StepKind.VERIFY: "verification",
    StepKind.ACCEPT: "acceptance",
    StepKind.REFUSE: "refusal",
    StepKind.FILE: "filing",
    StepKind.DISPATCH: "dispatch",
    StepKind.ACKNOWLEDGE: "acknowledgement",
    StepKind.RETURN: "return",
    StepKind.CALL: "calls",
    StepKind.NO_CALL: "no-call",
    StepKind.HANDLE: "handling",
    StepKind.PASS: "inspection",
    StepKind.REWORK: "rework",
    StepKind.FEED_BACK: "feedback",
    StepKind.CLOSE: "closure",
}
"""The resource that each act makes under its case."""

_ASIDE = frozenset({StepKind.REFUSE, StepKind.RETURN, StepKind.CALL, StepKind.NO_CALL, StepKind.REWORK})

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@bp.get("/desk")
@open_to(*sorted(DESK_ROLES))
def desk() -> Answer:
    """Show what waits for those one acts for, by deadline, and the case that is open beside it."""
    by = actor()
    part = _part(request.args.get("part", ""))
    listed = desk_of(by, part, _after(request.args.get("after", "")))
    chosen = id_arg("case") or (listed.rows[0].case_id if listed.rows else None)
    view = case_view(by, case_for(by, chosen)) if chosen else None
    return page(
        "cases/desk.html",
        rows=[row_shown(row, _desk_url(part, row.case_id), current=row.case_id == chosen) for row in listed.rows],
        parts=_parts(by, part),
        next_url=_next(part, listed),
        list_url=url_for("cases.desk", part=part.value),
        picked="case" in request.args,
        **(_dossier(by, view, desk=True) if view else {"shown": None}),
    )


def _part(name: str) -> DeskFilter:
    return DeskFilter(name) if name in set(DeskFilter) else DeskFilter.MINE


def _desk_url(part: DeskFilter, case_id: int) -> str:
    return url_for("cases.desk", part=part.value, case=case_id)


def _parts(by: Actor, current: DeskFilter) -> list[dict[str, Any]]:
    numbers = counts(by)
    return [
        {
            "url": url_for("cases.desk", part=part.value),
            "text": words(DESK[part.value]),
            "count": getattr(numbers, part.value),
            "current": part is current,
        }
        for part in DeskFilter
    ]


def _next(part: DeskFilter, listed: DeskPage) -> str:
    if listed.after is None:
        return ""
    due_at, clock_id = listed.after
    micros = (due_at - _EPOCH) // timedelta(microseconds=1)
    return url_for("cases.desk", part=part.value, after=f"{micros}.{clock_id}")


def _after(text: str) -> tuple[datetime, int] | None:
    """Return where the last page ended; what is no such place begins anew."""
    micros, _, clock_id = text.partition(".")
    if not (micros.isdigit() and clock_id.isdigit() and len(micros) < 18 and len(clock_id) < 19):
        return None
    return _EPOCH + timedelta(microseconds=int(micros)), int(clock_id)


@bp.get("/cases/<id:case_id>")
@open_to_all
def show(case_id: int) -> Answer:
    """Show one case: its stamps, its clock, what was done, and what this reader may do."""
    by = actor()
    return dossier_page(by, case_view(by, case_for(by, case_id)))


def dossier_page(
    by: Actor,
    view: CaseView,
    status: int = 200,
    *,
    chosen: StepKind | None = None,
    answering: int | None = None,
    form: Any = None,
) -> Answer:
    """Render the page of a case, with the form that is being filled in."""
    return page("cases/show.html", status, **_dossier(by, view, chosen=chosen, answering=answering, form=form))


def _dossier(
    by: Actor,
    view: CaseView,
    *,
    desk: bool = False,
    chosen: StepKind | None = None,
    answering: int | None = None,
    form: Any = None,
) -> dict[str, Any]:
    offer = _chosen(view, chosen)
    if offer is not None and form is None and offer.refusal is None:
        form = _blank(view, offer)
    return {
        "shown": case_shown(view),
        "problem": view.problem,
        "back_url": dossier_url(view.problem.number),
        "offers": [
            offer_shown(each, _act_url(view, each.kind, desk=desk), current=each is offer) for each in view.offers
        ],
        "turn": "" if view.offers else _turn(view),
        "offer": offer_shown(offer, "", current=True) if offer else None,
        "form": form if answering is None else None,
        "form_url": url_for("cases.step", case_id=view.case.id, act=SLUG[offer.kind], desk="1" if desk else None)
        if offer
        else "",
        "answers": _answers(view, answering, form, desk=desk),
    }


def _turn(view: CaseView) -> str:
    """Say to those who have nothing to do here which step is next and whose it is."""
    kinds = [kind for kind in next_acts(view.case.state) if kind not in _ASIDE and kind is not StepKind.ANSWER_CALL]
    coming = next(iter(kinds), None)
    if coming is None:
        return ""
    return gettext("下一步：%(act)s。%(who)s", act=words(ACT[coming]), who=words(not_yours(coming).message))


def _act_url(view: CaseView, kind: StepKind, *, desk: bool) -> str:
    if desk:
        return url_for("cases.desk", part=request.args.get("part"), case=view.case.id, act=kind.value)
    return url_for("cases.show", case_id=view.case.id, act=kind.value)


def _chosen(view: CaseView, kind: StepKind | None) -> Offer | None:
    """Return the act asked for, else the one that moves the case on, else the first greyed one."""
    wanted = kind or request.args.get("act", "")
    asked = next((offer for offer in view.offers if offer.kind == wanted), None)
    free = sorted((offer for offer in view.offers if offer.refusal is None), key=lambda offer: offer.kind in _ASIDE)
    return asked or next(iter(free), None) or next(iter(view.offers), None)


def _blank(view: CaseView, offer: Offer) -> Any:
    wants = offer.kind in {StepKind.DISPATCH, StepKind.CALL, StepKind.REFUSE}
    choices = choices_for(view.case, view.problem) if wants else None
    basis = f"{view.duty.number} {view.duty.basis}" if view.duty and offer.kind is StepKind.HANDLE else ""
    form = form_for(offer.kind, choices, basis=basis, bound=False)
    if offer.kind is StepKind.DISPATCH and view.case.duty_item_id in {item for item, _ in form.item.choices}:
        form.item.data = view.case.duty_item_id
    return form


def _answers(view: CaseView, answering: int | None, form: Any, *, desk: bool) -> list[dict[str, Any]]:
    return [
        {
            "organization": call.organization,
            "ask": call.ask,
            "acting": call.acting.organization_name,
            "url": url_for("cases.answer", call_id=call.id, desk="1" if desk else None),
            "form": form if call.id == answering else form_for(StepKind.ANSWER_CALL, bound=False),
        }
        for call in view.calls
        if call.acting is not None
    ]


@bp.get("/cases/<id:case_id>/pictures/<id:picture_id>")
@open_to_all
def picture(case_id: int, picture_id: int) -> Answer:
    """Send a picture that belongs to a step of this case."""
    by = actor()
    case = case_for(by, case_id)
    if not has_picture(case.id, picture_id):
        raise NotFound
    view_of = picture_of(case.problem_id, picture_id)
    folder = pictures_folder(data_dir(current_app))
    return sent(view_of, folder, filename=f"case-{case.number}-{picture_id}.jpg", private=True)
