"""One case as the desk and its own page show it: what residents think, what may be done, and what it still lacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext

from cogov.cases.forms import PauseForm, form_for
from cogov.cases.queries import CaseView, bases_for, choices_for, matter_of
from cogov.cases.queries.panel import Offer
from cogov.cases.rules import StepKind, next_acts
from cogov.cases.rules.phrases import ACT, MISSING_SHORT
from cogov.cases.rules.steps import not_yours
from cogov.cases.rules.templates import Template, templates_for
from cogov.cases.views.current import SLUG
from cogov.cases.views.shown import case_shown, offer_shown
from cogov.cases.views.thoughts import thoughts
from cogov.duties.rules.calendar import WorkingCalendar
from cogov.ground.clock import now
from cogov.ground.pages import dossier_url, words
from cogov.ground.refusals import Refusal
from cogov.people.rules import Actor, Role
from cogov.places.queries import place_by_id
from cogov.problems.queries import shown_pictures

ASIDE = frozenset({StepKind.REFUSE, StepKind.RETURN, StepKind.CALL, StepKind.NO_CALL, StepKind.REWORK})
"""Acts that do not move a case on the straight way."""

FILLED_IN = frozenset({"picture_missing", "words_needed"})
"""What a form itself can still bring."""

Url = Callable[..., str]


@dataclass(frozen=True)
class Filled:
    """A form that came back with gaps, of a step or of the answer to a call."""

    case_id: int
    form: Any
    kind: StepKind | None = None
    call_id: int | None = None


def case_item(
    by: Actor, view: CaseView, url: Url, filled: Filled | None = None, *, back: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return everything that is shown of one case; ``back`` goes with every form and says where to return to."""
    back = dict(back or {})
    return {
        "kind": "case",
        "shown": case_shown(view),
        "problem": view.problem,
        "place": _place(view),
        "dossier_url": dossier_url(view.problem.number),
        "thoughts": thoughts(by, view),
        "before": _before(view),
        "pausing": _pausing(by, view, back),
        "answers": _answers(view, filled, back, url),
        **_acts(view, url, filled, back),
    }


def _acts(view: CaseView, url: Url, filled: Filled | None, back: dict[str, Any]) -> dict[str, Any]:
    offer = _chosen(view, filled.kind if filled else None)
    offers = [
        {**offer_shown(each, url(act=each.kind.value), current=each is offer), "key": str(number)}
        for number, each in enumerate(sorted(view.offers, key=_rank), 1)
    ]
    if offer is None:
        return {"offers": offers, "offer": None, "form": None, "turn": _turn(view)}
    checks = [_check(each, url, view) for each in offer.missing]
    return {
        "offers": offers,
        "offer": offer_shown(offer, "", current=True),
        "turn": "",
        "checks": checks,
        "blocked": _blocked(offer),
        "form_url": url_for("cases.step", case_id=view.case.id, act=SLUG[offer.kind], **back),
        **_writing(view, offer, url, filled),
    }


def _blocked(offer: Offer) -> str:
    """Return why the button stays grey whatever is written, or nothing."""
    if offer.refusal is None or offer.refusal.code in FILLED_IN:
        return ""
    return words(offer.refusal.message)


def _writing(view: CaseView, offer: Offer, url: Url, filled: Filled | None) -> dict[str, Any]:
    """Return the form of the chosen act with its templates; none where the act is refused for another reason."""
    lacking = {each.code for each in offer.missing}
    if offer.refusal is not None and (offer.kind is not StepKind.HANDLE or offer.refusal.code not in lacking):
        return {"form": None, "templates": []}
    form = filled.form if filled and filled.kind is offer.kind else _blank(view, offer)
    shipped = templates_for(offer.kind, matter_of(view.case))
    asked = request.args.get("template", "")
    if not filled and (taken := next((each for each in shipped if each.code == asked), None)):
        form.words.data, form.template.data = taken.on(_today()), taken.code
    return {
        "form": form,
        "templates": [_template(each, url(act=offer.kind.value, template=each.code), form) for each in shipped],
    }


def _template(template: Template, url: str, form: Any) -> dict[str, Any]:
    return {
        "code": template.code,
        "text": template.title,
        "words": template.on(_today()),
        "url": url,
        "current": form.template.data == template.code,
    }


def _today() -> str:
    day = WorkingCalendar().local_day(now())
    return f"{day.month} 月 {day.day} 日"


def _check(refusal: Refusal, url: Url, view: CaseView) -> dict[str, Any]:
    joint = (f"{url(act=StepKind.CALL.value)}#act", gettext("去吹哨"))
    links = {
        "stamp_joint": ("#calls", gettext("看谁没有答复")) if view.facts.calls_waiting else joint,
        "stamp_duty": (f"{url(act=StepKind.ACKNOWLEDGE.value)}#act", gettext("去签收")),
        "picture_missing": ("#picture", gettext("加照片")),
        "words_needed": ("#words", gettext("去写")),
    }
    address, text = links.get(refusal.code, ("", ""))
    return {
        "code": refusal.code,
        "text": words(MISSING_SHORT.get(refusal.code, refusal.message)),
        "full": words(refusal.message),
        "why": refusal.article,
        "next": words(refusal.what_next),
        "url": address,
        "link_text": text,
    }


def _chosen(view: CaseView, kind: StepKind | None) -> Offer | None:
    """Return the act asked for, else the one that moves the case on, else the first of the others."""
    wanted = kind or request.args.get("act", "")
    asked = next((offer for offer in view.offers if offer.kind == wanted), None)
    return asked or next(iter(sorted(view.offers, key=_rank)), None)


def _rank(offer: Offer) -> tuple[bool, bool]:
    # What moves the case on comes first even while something is missing: the page says what, and how to get it.
    return offer.kind in ASIDE, offer.refusal is not None


def _blank(view: CaseView, offer: Offer) -> Any:
    wants = offer.kind in {StepKind.DISPATCH, StepKind.CALL, StepKind.REFUSE}
    choices = choices_for(view.case, view.problem) if wants else None
    bases = bases_for(view.case, view.problem) if offer.kind is StepKind.HANDLE else ()
    form = form_for(offer.kind, choices, bases=bases, bound=False)
    if offer.kind is StepKind.DISPATCH and view.case.duty_item_id in {item for item, _ in form.item.choices}:
        form.item.data = view.case.duty_item_id
    if offer.kind is StepKind.HANDLE:
        form.picture.flags.optional = not view.facts.picture_wanted
    return form


def _turn(view: CaseView) -> str:
    """Say to those who have nothing to do here which step is next and whose it is."""
    kinds = [kind for kind in next_acts(view.case.state) if kind not in ASIDE and kind is not StepKind.ANSWER_CALL]
    coming = next(iter(kinds), None)
    if coming is None:
        return ""
    return gettext("下一步：%(act)s。%(who)s", act=words(ACT[coming]), who=words(not_yours(coming).message))


def _answers(view: CaseView, filled: Filled | None, back: dict[str, Any], url: Url) -> list[dict[str, Any]]:
    return [
        {
            "id": call.id,
            "organization": call.organization,
            "ask": call.ask,
            "acting": call.acting.organization_name,
            "url": url_for("cases.answer", call_id=call.id, **back),
            **_answering(call.id, filled, url),
        }
        for call in view.calls
        if call.acting is not None
    ]


def _answering(call_id: int, filled: Filled | None, url: Url) -> dict[str, Any]:
    given = filled is not None and filled.call_id == call_id
    form = filled.form if filled and given else form_for(StepKind.ANSWER_CALL, bound=False)
    shipped = templates_for(StepKind.ANSWER_CALL)
    asked = request.args.get("template", "")
    if not given and (taken := next((each for each in shipped if each.code == asked), None)):
        form.words.data, form.template.data = taken.on(_today()), taken.code
    return {"form": form, "templates": [_template(each, url(template=each.code), form) for each in shipped]}


def _place(view: CaseView) -> str:
    return place_by_id(view.problem.grid_id or view.problem.community_id).name


def _before(view: CaseView) -> dict[str, Any] | None:
    picture = next(iter(shown_pictures(view.problem.id)), None)
    if picture is None:
        return None
    return {
        "url": url_for(
            "problems.picture", number=view.problem.number, picture_id=picture.id, w=480, v=picture.name[:8]
        ),
        "width": picture.width,
        "height": picture.height,
        "at": view.problem.raised_at,
    }


def _pausing(by: Actor, view: CaseView, back: dict[str, Any]) -> dict[str, Any] | None:
    """Offer the pause of the clock to those who may, where a clock runs that can stand still."""
    clock = view.clock.clock if view.clock else None
    held = by.standing(view.facts.code, Role.DISPATCHER, Role.STREET_OFFICE)
    if clock is None or clock.limit_amount is None or held is None:
        return None
    endpoint = "cases.resume" if clock.paused_at else "cases.pause"
    return {
        "paused": clock.paused_at is not None,
        "url": url_for(endpoint, case_id=view.case.id, **back),
        "form": PauseForm(formdata=None),
        "acting": held.organization_name,
    }
