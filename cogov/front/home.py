"""Home: what needs the reader first, then what goes on around, where it is, and what has just been done."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from flask_babel import format_date, format_datetime, get_locale, gettext, ngettext, to_user_timezone
from markupsafe import Markup

from cogov.announcements.queries import AnnouncementShown, current, reaching
from cogov.cases import queries as cases
from cogov.decisions import queries as decisions
from cogov.front.coming import meeting_item, next_meetings
from cogov.front.frame import community, desk_of
from cogov.front.map import lives_here, problem_map
from cogov.front.rows import done_rows, need_items
from cogov.ground.clock import now
from cogov.ground.needs import Need
from cogov.ground.pages import actor, moment, page, words
from cogov.ground.words import say
from cogov.journal.kept import Of, kept, part
from cogov.meetings import queries as meetings
from cogov.moderation import queries as moderation
from cogov.people.commands import administered
from cogov.people.queries import closing_due, countersigns_open
from cogov.people.rules import Actor, Role
from cogov.people.rules.countersigning import countersigned_words
from cogov.places.models import Place
from cogov.places.queries import fields_of, grid_of, place_by_id
from cogov.problems import queries as problems
from cogov.problems.queries import Counts, Done, ProblemRow
from cogov.problems.rules.stages import Stage
from cogov.problems.rules.wanted import MARKS, PERSONAL, Mark, Wanted
from cogov.problems.views.listing import rows_shown
from cogov.tasks import queries as tasks
from cogov.threads import queries as threads

SHOWN_NEEDS = 6
SHOWN_BESIDE_DESK = 3
ROWS = 5
DONE = 2
NEWS = 2

Chip = tuple[str, str, int]
"""A way to look around: its name in the address, its words, and how many it shows."""


def needs_of(by: Actor) -> list[Need]:
    """Return what waits for a person in every room, the next due first."""
    if by.person_id is None:
        return []
    found = kept(("needs", by), lambda: _needs_of_rooms(by))
    return sorted((*found, *_signatures(by)), key=lambda need: (need.due_at is None, need.due_at or now()))


def _needs_of_rooms(by: Actor) -> tuple[Need, ...]:
    rooms = (problems.needs, threads.needs, meetings.needs, decisions.needs, tasks.needs, cases.needs, _to_moderate)
    return tuple(need for needs in rooms for need in needs(by))


def _to_moderate(by: Actor) -> list[Need]:
    """Return texts that are flagged or held, and appeals; to a street office only what came up to it."""
    above = any(held.role is Role.STREET_OFFICE for held in by.standings)
    return [*moderation.needs(by, escalated=above), *moderation.block_needs(by, escalated=above)]


def _signatures(by: Actor) -> list[Need]:
    """Return what waits for an administrator to sign as the second person."""
    if not any(held.role is Role.ADMINISTRATOR for held in by.standings):
        return []
    return [
        Need(
            kind="countersign",
            pill=say("等您确认"),
            icon="user-check",
            title=words(countersigned_words(row.act)),
            line=say("另一位管理员提出的，您确认后才生效。"),
            action=say("去看"),
            endpoint="admin.countersigns",
            due_at=row.until,
        )
        for row in countersigns_open()
        if by.person_id not in (row.asked_by, row.person_id) and by.holds(row.scope, Role.ADMINISTRATOR)
    ]


def show_home() -> Response:
    """Show what needs the reader first, then what is going on around."""
    by, at, here = actor(), now(), community()
    if here is None:
        # An installation without anybody to keep it is set up first.
        return page("front/empty.html") if administered() else make_response(redirect(url_for("admin.first"), 303))
    own = grid_of(by.person_id, here.id) if by.person_id else None
    marks = (Mark.FOLLOWED, Mark.MINE) if by.person_id else ()
    counts = problems.count_problems(by, Wanted(here.id, ended=False), at, marks)
    needs, chips = needs_of(by), _chips(own, counts)
    near = _near(chips)
    wanted = _wanted(here, own, near)
    found = problems.find_problems(by, wanted, at, limit=ROWS)
    done = problems.just_done(by, here.id, DONE)
    return page(
        "front/home.html",
        here=here,
        raise_url=url_for("problems.new", place=here.code),
        greeting=_greeting(by, at),
        heading=_heading(by, len(needs)),
        closing=moment(closing_due(by.person_id)),
        waiting=partial(_waiting, by, here, needs, counts),
        near=partial(_near_here, here, chips, near, own, found, at),
        mapped=bool(fields_of(here.id)),
        where=partial(_where, by, here, wanted, own, at),
        done=partial(_done, here, done, counts) if done else None,
    )


def _waiting(by: Actor, here: Place, needs: list[Need], counts: Counts) -> Markup:
    """Return what waits for a reader, or a welcome, drawn once for all for whom the same waits."""
    desk, somebody = desk_of(by), by.person_id is not None
    most = len(needs) if request.args.get("waiting") == "all" else SHOWN_BESIDE_DESK if desk else SHOWN_NEEDS
    shown, more = needs[:most], max(len(needs) - most, 0)
    ended = counts.stages.get(Stage.ENDED, 0)
    key = ("waiting", here.code, here.name, somebody, repr(shown), more, repr(desk), counts.total, ended)

    def waiting() -> dict[str, Any]:
        return {
            "name": here.name,
            "raise_url": url_for("problems.new", place=here.code),
            "somebody": somebody,
            "needs": need_items(shown),
            "more": more,
            "all_url": url_for("front.home", place=here.code, waiting="all"),
            "desk": desk,
            "open_count": counts.total,
            "done_count": ended,
        }

    return part(key, "front/_waiting.html", waiting, of=Of.REGISTERS)


def _near_here(
    here: Place, chips: list[Chip], near: str, own: int | None, found: list[ProblemRow], at: datetime
) -> Markup:
    """Return what goes on around a reader, drawn once for all who are shown the same."""
    key = ("near", here.code, tuple(chips), near, own if near == "grid" else None, *found)

    def around() -> dict[str, Any]:
        return {
            "raise_url": url_for("problems.new", place=here.code),
            "chips": [
                {"url": url_for("front.home", place=here.code, near=key), "text": text, "count": number}
                | {"current": key == near}
                for key, text, number in chips
            ],
            "rows": partial(rows_shown, found, at) if found else None,
            "all_url": _all_url(here, own, near),
            "all_count": next(number for key, _, number in chips if key == near),
            "news": _news_of(here),
        }

    return part(key, "front/_near.html", around)


def _where(by: Actor, here: Place, wanted: Wanted, own: int | None, at: datetime) -> Markup:
    """Return the map; those who see the same problems, and as exactly, see the same one."""
    exact = lives_here(by, here)
    key = None if wanted.marks & PERSONAL else ("where", here.id, here.name, problems.sight_of(by), wanted, own, exact)
    return part(
        key,
        "front/_where.html",
        lambda: {"drawing": problem_map(by, here, wanted, own, at), "name": here.name, "exact": exact},
    )


def _done(here: Place, done: list[Done], counts: Counts) -> Markup:
    ended = counts.stages.get(Stage.ENDED, 0)

    def shown() -> dict[str, Any]:
        url = url_for("problems.index", place=here.code, stage="ended")
        return {"done": done_rows(done), "all_url": url, "all_count": ended}

    return part(("done", here.code, ended, *done), "front/_done.html", shown, of=Of.REGISTERS)


# The heading ---------------------------------------------------------------------------------------------------------


def _greeting(by: Actor, at: datetime) -> dict[str, str]:
    part_of_day, today = kept(("greeting", str(get_locale())), lambda: _day(at), of=Of.REGISTERS)
    hello = gettext("%(name)s，%(part)s", name=by.pseudonym, part=part_of_day) if by.person_id else part_of_day
    return {"hello": hello, "today": today}


def _day(at: datetime) -> tuple[str, str]:
    hour = to_user_timezone(at).hour
    part = gettext("早上好") if 5 <= hour < 12 else gettext("下午好") if 12 <= hour < 18 else gettext("晚上好")
    return part, format_datetime(at, gettext("y 年 M 月 d 日 EEEE"))


def _heading(by: Actor, count: int) -> str:
    if by.person_id is None:
        return gettext("邻里的事，一起商量着办")
    if count == 0:
        return gettext("今天没有事需要您")
    return ngettext("今天有 %(n)s 件事需要您", "今天有 %(n)s 件事需要您", count, n=count)


# What goes on around -------------------------------------------------------------------------------------------------


def _chips(own: int | None, counts: Counts) -> list[Chip]:
    """Return the ways to look around with how many each shows; one's own grid comes first."""
    items: list[Chip] = []
    if own is not None:
        items.append(("grid", place_by_id(own).name, counts.grids.get(own, 0)))
    items.append(("all", gettext("全社区"), counts.total))
    # Whoever raises a problem follows it, so one chip shows both.
    own_marks = [(str(mark), words(MARKS[mark]), number) for mark, number in counts.marks.items() if number]
    return items + own_marks[:1]


def _near(chips: list[Chip]) -> str:
    """Return which chip is chosen: the one asked for, else one's own grid where enough goes on there."""
    keys, asked = {key for key, _, _ in chips}, request.args.get("near", "")
    if asked in keys:
        return asked
    return "grid" if any(key == "grid" and number >= ROWS for key, _, number in chips) else "all"


def _wanted(here: Place, own: int | None, near: str) -> Wanted:
    marks = frozenset({Mark(near)}) if near in set(Mark) else frozenset()
    return Wanted(here.id, ended=False, grid_id=own if near == "grid" else None, marks=marks)


def _all_url(here: Place, own: int | None, near: str) -> str:
    if near == "grid":
        return url_for("problems.index", place=here.code, grid=own)
    narrowed: dict[str, Any] = {} if near == "all" else {near: 1}
    return url_for("problems.index", place=here.code, **narrowed)


def _news_of(here: Place) -> list[dict[str, Any]]:
    """Return the meeting that is open or comes next, and what else is announced here."""
    places = reaching(here.code)
    meetings = next_meetings(here.code)
    notices = {meeting.announcement_id for meeting in meetings}
    announced = [_news(each) for each in current(places, NEWS) if each.id not in notices]
    return [*(meeting_item(each) for each in meetings), *announced][:NEWS]


def _news(shown: AnnouncementShown) -> dict[str, Any]:
    item = {"url": url_for("announcements.show", announcement_id=shown.id), "kind": words(shown.kind_words)}
    if shown.meeting_at is None:
        day = format_date(to_user_timezone(shown.published_at), gettext("M月d日"))
        line = f"{shown.organization_name} · {day}"
        return {**item, "title": shown.title, "line": line, "action": gettext("看公告")}
    when = format_datetime(shown.meeting_at, gettext("M 月 d 日（EEE）HH:mm"))
    line = " · ".join(part for part in (shown.meeting_spot, shown.organization_name) if part)
    return {**item, "title": f"{when} {shown.title}", "line": line, "action": gettext("看会议安排")}
