"""The committee's desk: all that waits for a neighbourhood's own people, by promised time, with one act for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext, ngettext

from cogov.cases.queries import case_for, case_view
from cogov.cases.views.asked import concern_item
from cogov.cases.views.item import case_item
from cogov.cases.views.shown import due_shown
from cogov.decisions.queries import decision_for, motion_for
from cogov.files.models import Picture
from cogov.front.desks.current import bp
from cogov.front.desks.waiting import GROUPS, LATE, Waiting, counts, page_of, part_of, queue
from cogov.front.moderation.forms import BlockAnswerForm, answer_form, decision_form
from cogov.front.moderation.naming import named
from cogov.front.moderation.reading import Sheet, sheet_of
from cogov.ground.clock import now
from cogov.ground.needs import Need
from cogov.ground.pages import actor, dossier_url, open_to, page, words
from cogov.meetings.queries import meeting
from cogov.moderation.queries import block_for
from cogov.moderation.rules import reason_words
from cogov.moderation.rules import why_not_answer as why_not_answer_appeal
from cogov.people.rules import COMMITTEE_ROLES, Actor
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import problem_by_id, problem_for, shown_pictures, triage_shown
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.names import LANES, REASONS
from cogov.tasks.queries import task_for
from cogov.threads.queries.amendments import amendment_for
from cogov.threads.queries.concerns import concern_called


@bp.get("/work")
@open_to(*sorted(COMMITTEE_ROLES))
def committee() -> Response:
    """Show the queue by promised time, and what is open beside it."""
    by, at = actor(), now()
    waiting = queue(by)
    g.waiting = len(waiting)
    part = request.args.get("part", "")
    rows, following = page_of(part_of(waiting, part, at), request.args.get("after", ""))
    told = dict(zip((each.key for each in rows), named([each.need for each in rows]), strict=True))
    asked = next((each for each in waiting if each.key == request.args.get("item")), None)
    chosen = asked or next(iter(rows), None)
    return page(
        "front/desk/committee.html",
        rows=[_row(each, told[each.key], part, current=each is chosen) for each in rows],
        parts=_parts(waiting, part, at),
        next_url=url_for("desks.committee", part=part or None, after=following) if following else "",
        list_url=url_for("desks.committee", part=part or None),
        empty=_empty(part),
        picked=asked is not None,
        everything=not part,
        item=item_of(by, chosen, url_for("desks.committee", part=part or None)) if chosen else None,
    )


def _row(waiting: Waiting, need: Need, part: str, *, current: bool) -> dict[str, Any]:
    due = due_shown(need.due_at)
    return {
        "url": url_for("desks.committee", part=part or None, item=waiting.key),
        "number": words(need.pill),
        "icon": need.icon,
        "tone": _TONES.get(need.kind, "plain"),
        "title": need.title,
        "line": words(need.line),
        "due_text": due["short"],
        "level": due["level"],
        "current": current,
    }


_TONES = {"appeal": "late", "concern": "time", "concern_overruling": "time", "triage": "ours", "body": "body"}


def _parts(waiting: list[Waiting], part: str, at: datetime) -> list[dict[str, Any]]:
    numbers = counts(waiting, at)
    known = [("", gettext("全部")), (LATE, gettext("已逾期")), *((group.key, words(group.words)) for group in GROUPS)]
    return [
        {
            "url": url_for("desks.committee", part=key or None),
            "text": text,
            "count": numbers[key],
            "current": key == part,
        }
        for key, text in known
        # A part that is empty is no choice, but the one that is open stays.
        if not key or numbers[key] or key == part
    ]


def _empty(part: str) -> str:
    if part == LATE:
        return gettext("没有逾期的事")
    return gettext("这一类现在没有等着办的") if part else gettext("现在没有等您办的事")


# What is open ---------------------------------------------------------------------------------------------------------


def item_of(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    """Return what is shown of one thing in the queue; whatever is sent there comes back to the queue."""
    show = _ITEMS.get(waiting.need.kind, _plain)
    need = waiting.need
    common = {
        "pill": {"kind": "late" if waiting.late(now()) else "ours", "icon": need.icon, "text": words(need.pill)},
        "line": words(need.line),
        "due": due_shown(need.due_at),
        "act_text": words(need.action),
        "act_url": url_for(need.endpoint, **need.values),
        "then": then,
    }
    return {**common, **show(by, waiting, then)}


def _problem(by: Actor, number: str) -> dict[str, Any]:
    problem = problem_for(by, number)
    return {
        "template": "plain",
        "number": problem.number,
        "title": problem.title,
        "text": problem.text,
        "dossier_url": dossier_url(problem.number),
        "facts": [place_by_id(problem.grid_id or problem.community_id).name, _met(problem)],
        "picture": _picture(problem),
        "problem": problem,
    }


def _met(problem: Problem) -> str:
    return ngettext("%(n)s 户遇到", "%(n)s 户遇到", problem.households, n=problem.households)


def _picture(problem: Problem) -> dict[str, Any] | None:
    return _first(problem.number, shown_pictures(problem.id))


def _first(number: str, pictures: Sequence[Picture]) -> dict[str, Any] | None:
    if not pictures:
        return None
    first = pictures[0]
    url = url_for("problems.picture", number=number, picture_id=first.id, w=480, v=first.name[:8])
    return {"url": url, "width": first.width, "height": first.height}


def _triage(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    about = _problem(by, str(waiting.need.values["number"]))
    shown = triage_shown(about["problem"].id)
    if shown is None:
        return about
    proposal = shown.proposal
    same = problem_by_id(by, proposal.same_as) if proposal.same_as else None
    # A referral has to name its channel, and that is for a person to write.
    plain = proposal.lane is not Lane.X or same is not None
    return {
        **about,
        "template": "triage",
        "shown": shown,
        "lane": words(LANES[proposal.lane]),
        "reasons": [words(REASONS[reason]) for reason in proposal.reasons],
        "same": same,
        "act_url": url_for("problems.triage", number=about["number"], then=then),
        "confirm_url": url_for("problems.confirm_triage", number=about["number"], then=then) if plain else "",
        "fields": {
            "lane": proposal.lane.value,
            "reason": proposal.reasons[0].value,
            "same_as": same.number if same else "",
        },
    }


def _concern(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    _, number, part = waiting.key.split(".")
    return {"template": "concern", **concern_item(by, concern_called(by, number, int(part)).id, then)}


def _case(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    view = case_view(by, case_for(by, int(waiting.need.values["case_id"])))

    def url(**values: Any) -> str:
        return url_for("desks.committee", item=waiting.key, **values)

    return {"template": "case", **case_item(by, view, url, back={"then": then})}


def _task(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    task, problem = task_for(by, int(waiting.need.values["task_id"]))
    return {**_problem(by, problem.number), "title": task.title, "text": task.text}


def _motion(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    motion, problem = motion_for(by, int(waiting.need.values["motion_id"]))
    return {**_problem(by, problem.number), "title": motion.question, "text": motion.text}


def _vote(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    decision, problem = decision_for(by, int(waiting.need.values["decision_id"]))
    return {**_problem(by, problem.number), "title": decision.question, "text": ""}


def _review(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    sheet = sheet_of(by, int(waiting.need.values["review_id"]))
    decision = decision_form()
    review_id = sheet.shown.review.id
    return {
        "template": "review",
        "sheet": sheet,
        "title": sheet.about.title,
        "number": sheet.about.number,
        "text": sheet.text,
        "picture": _first(sheet.about.number, sheet.pictures),
        "facts": _goes_along(sheet),
        "dossier_url": sheet.about.url,
        "flags": [(words(reason_words(each.reason)), each.words) for each in sheet.shown.flags],
        "form": decision if sheet.why_not_decide is None else None,
        "form_url": url_for("moderation.decide", review_id=review_id, then=then),
        "url": url_for("moderation.show", review_id=review_id),
        "appeal": _appeal(sheet, then),
    }


def _goes_along(sheet: Sheet) -> list[str]:
    """Say what is taken down with the words."""
    return [words(said) for said in (sheet.goes_along,) if said is not None]


def _appeal(sheet: Sheet, then: str) -> dict[str, Any] | None:
    """Return the appeal against a removal with the form of its answer, for a second person."""
    if sheet.shown.appeal is None or why_not_answer_appeal(actor(), sheet.facts) is not None:
        return None
    review = sheet.shown.review
    return {
        "words": sheet.shown.appeal.words,
        "reason": words(reason_words(review.reason)) if review.reason else "",
        "told": review.words,
        "form": answer_form(),
        "form_url": url_for("moderation.answer", review_id=review.id, then=then),
    }


def _block(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    shown = block_for(by, int(waiting.need.values["block_id"]))
    block = shown.block
    url = url_for("moderation.show_block", block_id=block.id)
    return {
        "template": "review",
        "title": shown.place.name,
        "number": "",
        "text": "",
        "picture": None,
        "facts": [],
        "dossier_url": url,
        "flags": [],
        "form": None,
        "url": url,
        "appeal": {
            "words": block.appeal,
            "reason": words(reason_words(block.reason)),
            "told": block.words,
            "form": answer_form(BlockAnswerForm),
            "form_url": url_for("moderation.answer_block", block_id=block.id, then=then),
        },
    }


def _amendment(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    amendment, _, problem = amendment_for(by, int(waiting.need.values["amendment_id"]))
    return {**_problem(by, problem.number), "text": amendment.why}


def _minutes(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    it = meeting(int(waiting.need.values["meeting_id"]))
    return {
        "template": "plain",
        "number": "",
        "title": it.title,
        "text": it.text,
        "dossier_url": url_for("meetings.show", meeting_id=it.id),
        "facts": [it.place_name],
        "picture": None,
    }


def _plain(by: Actor, waiting: Waiting, then: str) -> dict[str, Any]:
    return _problem(by, str(waiting.need.values["number"]))


_ITEMS: dict[str, Callable[[Actor, Waiting, str], dict[str, Any]]] = {
    "triage": _triage,
    "concern": _concern,
    "concern_overruling": _concern,
    "body": _case,
    "review": _review,
    "block": _block,
    "verification": _task,
    "amendment": _amendment,
    "minutes_draft": _minutes,
    "notice": _motion,
    "tabling": _motion,
    "interest": _motion,
    **dict.fromkeys(("second_reading", "third_look", "mandate", "service"), _vote),
}
