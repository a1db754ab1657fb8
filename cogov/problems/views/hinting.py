"""What can be said about a problem while it is still being written: its likely way, and what it resembles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, url_for
from flask_babel import gettext, ngettext

from cogov.duties.queries import matter_by_key
from cogov.ground.clock import now
from cogov.ground.pages import dossier_url, page, signed_in, words
from cogov.moderation.rules import listed, mask
from cogov.people.queries import organization_names
from cogov.places.models import Place
from cogov.places.queries import grids_of
from cogov.problems.commands import preview
from cogov.problems.forms import RaiseForm
from cogov.problems.queries import Likely, similar
from cogov.problems.rules.acts import SPOT_MAX, TEXT_MAX, WITHIN_CALL
from cogov.problems.rules.lanes import Lane
from cogov.problems.rules.names import DECIDERS, LANES
from cogov.problems.rules.report import Proposal
from cogov.problems.rules.ribbon import Standing, in_words, steps
from cogov.problems.views.current import bp, by, community
from cogov.problems.views.offering import offered_form

ENOUGH = 4
"""Characters below which nothing can be said yet."""


@dataclass(frozen=True)
class Hints:
    """What is shown beside the words: the proposal in sentences, and the problems that may be the same one."""

    heading: str
    why: tuple[str, ...]
    basis: str
    limit: str
    decider: str
    numbers: tuple[str, ...]
    in_doubt: tuple[str, ...]
    hold: bool
    masked: str
    """What will be masked in the words, as a list; empty when nothing is."""

    likely: list[dict[str, Any]]
    same: bool


@bp.post("/problems/new/hints")
@signed_in
def hints() -> Response:
    """Show what can be said about what has been written so far; nothing is kept."""
    here = community()
    form = offered_form(here)
    return page("problems/_hints.html", hints=hints_on(here, form), form=form)


def hints_on(here: Place, form: RaiseForm) -> Hints | None:
    """Return the hints on a form that may be half filled in, or None when too little is written."""
    # What is longer than may be sent is not read either: reading costs more than in proportion.
    text = (form.text.data or "").strip()[:TEXT_MAX]
    if len(text) < ENOUGH:
        return None
    grid_id, _ = form.spot_chosen()
    proposal = preview(
        by(),
        community_id=here.id,
        text=text,
        grid_id=grid_id,
        matter_id=form.matter_chosen(),
        names_person=form.names_person.data,
        burning=form.burning.data,
    )
    matter = matter_by_key(proposal.matter) if proposal.matter else None
    masked = mask(f"{text}\n{form.spot.data or ''}"[: TEXT_MAX + SPOT_MAX], spare=WITHIN_CALL).found
    alike = similar(by(), here.id, text, grid_id, matter.id if matter else None)
    return Hints(
        heading=_heading(proposal),
        why=tuple(words(each) for each in proposal.why),
        basis=proposal.basis,
        limit=words(proposal.limit.in_words()),
        decider=words(DECIDERS[proposal.decider]),
        numbers=proposal.emergency_numbers,
        in_doubt=() if proposal.emergency_numbers else proposal.numbers_in_doubt,
        hold=proposal.hold or form.names_person.data,
        masked=words(listed(masked)) if masked else "",
        likely=_shown(here, alike),
        same=any(each.strong for each in alike),
    )


def _heading(proposal: Proposal) -> str:
    if proposal.lane in (Lane.A, Lane.AB) and proposal.body_id:
        body = organization_names([proposal.body_id])[proposal.body_id]
        if proposal.lane is Lane.AB:
            return gettext("会先交给%(body)s，大家也商量", body=body.short_name or body.name)
        return gettext("会先交给%(body)s", body=body.short_name or body.name)
    return gettext("会这样走：%(lane)s", lane=words(LANES[proposal.lane]))


def _shown(here: Place, alike: list[Likely]) -> list[dict[str, Any]]:
    grids = {grid.id: grid.name for grid in grids_of(here.id)} if alike else {}
    at = now()
    return [_line(each, grids, at) for each in alike]


def _line(each: Likely, grids: dict[int, str], at: datetime) -> dict[str, Any]:
    standing = Standing(each.lane, each.stage, each.official, None)
    days = (at - each.raised_at).days
    return {
        "url": dossier_url(each.number),
        "second_url": url_for("problems.second", number=each.number),
        "title": each.title,
        "grid": grids.get(each.grid_id or 0, ""),
        "when": ngettext("%(n)s 天前", "%(n)s 天前", days, n=days) if days else gettext("今天提的"),
        "met": ngettext("%(n)s 户遇到", "%(n)s 户遇到", each.households, n=each.households) if each.households else "",
        "steps": [{"state": step.state} for step in steps(standing)],
        "words": words(in_words(standing)),
    }
