"""The fourth step: the calendar of working days."""

from __future__ import annotations

from flask import flash, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from cogov.duties.commands import enter_year
from cogov.duties.models import CalendarDay
from cogov.duties.rules.holidays import known_year
from cogov.front.admin.parts import KeepForm, bp, day, done, keepers, link, today
from cogov.front.admin.setup.steps import community_set_up, set_up_page
from cogov.ground.db import session
from cogov.ground.pages import actor
from cogov.people.rules.keeping import why_not_keep
from cogov.places.rules import prefixes
from cogov.places.rules.opening import Step


@bp.route("/communities/<code>/calendar", methods=["GET", "POST"])
@keepers
def set_up_calendar(code: str) -> Answer:
    """Enter this year's holidays, and next year's where they are known."""
    community = community_set_up(code)
    form, year = KeepForm(), today().year
    token = form.token
    if form.validate_on_submit():
        scope = community.code[:6]
        scope = scope if why_not_keep(actor(), scope) is None else community.code
        entered = 0
        for index, each in enumerate(each for each in (year, year + 1) if known_year(each)):
            imported = enter_year(actor(), scope=scope, year=each, once=token if index == 0 else None)
            entered += imported.entered
        flash(gettext("已登记 %(n)s 天。", n=entered), "done")
        return done(url_for("admin.set_up_calendar", code=code))
    scopes = ("", *prefixes(community.code))
    query = select(CalendarDay).where(CalendarDay.scope.in_(scopes), CalendarDay.day >= today())
    days = session().scalars(query.order_by(CalendarDay.day).limit(12)).all()
    known = known_year(year)
    card = {
        "title": gettext("%(year)s 年的节假日和调休", year=year),
        "line": gettext("国务院办公厅公布的。明年的公布以后，在“日历”里再导入一次。")
        if known
        else gettext("%(year)s 年的安排自带的日历还没有。请在“日历”里登记，或用表格导入。", year=year),
        "form": form.freshened() if known else None,
        "action": url_for("admin.set_up_calendar", code=code),
        "submit": gettext("导入节假日"),
        "more": link(url_for("admin.calendar", at=community.code), gettext("看日历，改某一天")),
    }
    working, off = gettext("上班"), gettext("放假")
    shown = [{"label": day(row.day), "text": f"{working if row.working else off} {row.name}"} for row in days]
    return set_up_page(community, Step.CALENDAR, ask=card, days=shown)
