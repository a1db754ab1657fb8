"""The desk with the dossier beside it, the page of one case, and the pictures of its results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from cogov.cases.queries import (
    CaseView,
    DeskCounts,
    DeskFilter,
    DeskKind,
    DeskPage,
    DeskRow,
    DeskSearch,
    case_for,
    case_view,
    counts,
    desk_mark,
    desk_place,
    has_picture,
    problem_of,
)
from cogov.cases.queries import desk as desk_of
from cogov.cases.queries.desk import DESK_ROLES, EVERYTHING
from cogov.cases.rules.phrases import DESK, DESK_KIND
from cogov.cases.views.asked import concern_item, resolution_item
from cogov.cases.views.current import bp
from cogov.cases.views.item import Filled, case_item
from cogov.cases.views.shown import row_shown
from cogov.files.queries import picture_of, pictures_folder
from cogov.files.views import sent
from cogov.ground.pages import actor, id_arg, open_to, open_to_all, page, words
from cogov.ground.refusals import NotFound
from cogov.ground.settings import data_dir
from cogov.journal.kept import Of, kept_for_anyone, part
from cogov.meetings.queries.outcomes import origin_of
from cogov.meetings.rules.kinds import FollowUp
from cogov.people.rules import Actor

LONGEST_SEARCH = 40


@dataclass(frozen=True)
class Where:
    """Which part of a desk is looked at, and under which conditions; it stands in the address."""

    part: DeskFilter
    search: DeskSearch

    @property
    def values(self) -> dict[str, str]:
        """Return it as the query of an address, what is as usual left out."""
        asked = {
            "part": "" if self.part is DeskFilter.MINE else self.part.value,
            "kind": self.search.kind.value if self.search.kind else "",
            "words": self.search.words,
            "urgent": "1" if self.search.urgent else "",
            "again": "1" if self.search.again else "",
        }
        return {name: value for name, value in asked.items() if value}

    def url(self, **others: Any) -> str:
        """Return an address of the desk that keeps it."""
        return url_for("cases.desk", **{**self.values, **others})


def asked_where() -> Where:
    """Return what the address asks for; what is no part or kind counts as not asked."""
    args = request.args
    part, kind = args.get("part", ""), args.get("kind", "")
    return Where(
        DeskFilter(part) if part in set(DeskFilter) else DeskFilter.MINE,
        DeskSearch(
            DeskKind(kind) if kind in set(DeskKind) else None,
            args.get("words", "").strip()[:LONGEST_SEARCH],
            urgent=args.get("urgent") == "1",
            again=args.get("again") == "1",
        ),
    )


@bp.get("/desk")
@open_to(*sorted(DESK_ROLES))
def desk() -> Answer:
    """Show what waits for those one acts for, by deadline, and what is open beside it."""
    return desk_page(actor(), asked_where())


def desk_page(by: Actor, where: Where, status: int = 200, filled: Filled | None = None) -> Answer:
    """Render the desk; ``filled`` is a form of the open case that came back with gaps."""
    listed = desk_of(by, where.part, desk_place(request.args.get("after", "")), search=where.search)
    numbers = counts(by)
    g.waiting = numbers.mine
    picked = _picked(filled)
    chosen = picked or (_key(listed.rows[0]) if listed.rows else None)
    return page(
        "cases/desk.html",
        status,
        rows=_rows(where, listed.rows, chosen),
        parts=_parts(where, numbers),
        search=where.search,
        part=where.part.value,
        kinds=[(kind.value, words(DESK_KIND[kind.value])) for kind in DeskKind],
        searched=where.search != EVERYTHING,
        next_url=_next(where, listed),
        list_url=where.url(),
        empty=_empty(where),
        picked=picked is not None,
        item=_item_shown(by, chosen, where, filled) if chosen else None,
    )


Key = tuple[DeskKind, int]


def _key(row: DeskRow) -> Key:
    if row.case_id is not None:
        return DeskKind.CASE, row.case_id
    return row.kind, row.subject_id


def _rows(where: Where, rows: tuple[DeskRow, ...], chosen: Key | None) -> Markup | None:
    """Return rows as they stand in the list; the same rows look the same at whatever desk."""

    def shown() -> dict[str, Any]:
        return {"rows": [row_shown(row, where.url(**_query(_key(row))), current=_key(row) == chosen) for row in rows]}

    return part(("desk", where, rows, chosen), "cases/_rows.html", shown, of=Of.REGISTERS) if rows else None


def _query(key: Key) -> dict[str, int]:
    return {key[0].value: key[1]}


def _picked(filled: Filled | None) -> Key | None:
    if filled is not None:
        return DeskKind.CASE, filled.case_id
    for kind in (DeskKind.CASE, DeskKind.CONCERN, DeskKind.RESOLUTION):
        if (subject := id_arg(kind.value)) is not None:
            return kind, subject
    return None


def _item_shown(by: Actor, chosen: Key, where: Where, filled: Filled | None) -> Markup:
    """Return the thing that is open, drawn once for a person who comes back to it; a form sent back is not kept."""

    def shown() -> dict[str, Any]:
        return {"item": _item(by, chosen, where, filled), "frame": {"actor": by}}

    asked = request.args.get("act", ""), request.args.get("template", "")
    kept_as = (
        None if filled or any(len(each) > LONGEST_SEARCH for each in asked) else ("item", by, chosen, where, asked)
    )
    kind, subject = chosen
    of = problem_of(subject) if kind is DeskKind.CASE else Of.EVERYTHING
    return part(kept_as, "cases/_item.html", shown, of=of)


def _item(by: Actor, key: Key, where: Where, filled: Filled | None) -> dict[str, Any]:
    kind, subject = key
    if kind is DeskKind.CONCERN:
        return concern_item(by, subject, where.url())
    if kind is DeskKind.RESOLUTION:
        return resolution_item(by, subject, where.url())
    view = case_view(by, case_for(by, subject))
    return case_item(
        by, view, lambda **values: where.url(case=subject, **values), filled, back={"desk": "1", **where.values}
    )


def _parts(where: Where, numbers: DeskCounts) -> list[dict[str, Any]]:
    return [
        {
            "url": replace(where, part=part).url(),
            "text": words(DESK[part.value]),
            "count": getattr(numbers, part.value),
            "current": part is where.part,
        }
        for part in DeskFilter
    ]


def _empty(where: Where) -> str:
    """Return the heading of an empty part: what is so, in its own words."""
    if where.search != EVERYTHING:
        return gettext("没有符合这些条件的事")
    return {
        DeskFilter.MINE: gettext("现在没有等您办的事"),
        DeskFilter.TODAY: gettext("今天没有到期的案件"),
        DeskFilter.LATE: gettext("没有逾期的案件"),
        DeskFilter.OTHERS: gettext("没有在等别人办的案件"),
    }[where.part]


def _next(where: Where, listed: DeskPage) -> str:
    return where.url(after=desk_mark(listed.after)) if listed.after else ""


@bp.get("/cases/<id:case_id>")
@open_to_all
@kept_for_anyone
def show(case_id: int) -> Answer:
    """Show one case: its stamps, its clock, what was done, and what this reader may do."""
    by = actor()
    return case_page(by, case_view(by, case_for(by, case_id)))


def case_page(by: Actor, view: CaseView, filled: Filled | None = None) -> Answer:
    """Render the page of a case, with the form that is being filled in."""
    item = case_item(by, view, lambda **values: url_for("cases.show", case_id=view.case.id, **values), filled)
    origin = origin_of(FollowUp.CASE, view.case.id)
    return page("cases/show.html", 422 if filled else 200, item=item, problem=view.problem, origin=origin)


def filled_page(by: Actor, view: CaseView, filled: Filled) -> Answer:
    """Show a form with gaps again where it stood: at the desk, or on the page of its case."""
    if request.args.get("desk"):
        return desk_page(by, asked_where(), 422, filled)
    return case_page(by, view, filled)


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
