"""The working calendar: a month of it, declaring a day, entering a year."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta

from flask import Response, flash, request, url_for
from flask_babel import format_date, gettext, lazy_gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from cogov.duties.commands import declare_day, enter_year
from cogov.duties.models import CalendarDay
from cogov.duties.queries import calendar_for
from cogov.front.admin.parts import (
    NEEDED,
    KeepForm,
    asked_place,
    bp,
    button,
    done,
    form_status,
    keepers,
    offer,
    text,
    today,
)
from cogov.ground.db import session
from cogov.ground.pages import actor, page
from cogov.places.queries import place_by_code


class DayForm(KeepForm):
    """One day of the calendar."""

    day = DateField(lazy_gettext("日期"), [InputRequired(NEEDED)])
    working = SelectField(lazy_gettext("这一天"), [InputRequired(NEEDED)])
    name = text(lazy_gettext("为什么"), 40, description=lazy_gettext("例如：国庆节、国庆节调休。"))


@bp.route("/calendar", methods=["GET", "POST"])
@keepers
def calendar() -> Answer:
    """Show a month of working days, declare a day, enter a year."""
    form = DayForm()
    scope = asked_place().code
    offer(form.working, [("no", gettext("放假")), ("yes", gettext("上班"))])
    token = form.token
    if form.validate_on_submit():
        chosen = form.day.data or today()
        declare_day(
            actor(),
            scope=scope,
            day=chosen,
            working=form.working.data == "yes",
            name=form.name.data or "",
            once=token,
        )
        flash(gettext("已登记。以后开始的期限按新的算。"), "done")
        return done(url_for("admin.calendar", month=f"{chosen:%Y-%m}", at=scope))
    return _calendar(form, scope, form_status())


def _month() -> date:
    year, _, month = request.args.get("month", "").partition("-")
    fits = year.isascii() and month.isascii() and year.isdigit() and month.isdigit() and len(year) == 4
    if fits and 1970 <= int(year) <= 2999 and 1 <= int(month[:3]) <= 12:
        return date(int(year), int(month[:3]), 1)
    return today().replace(day=1)


def _calendar(form: DayForm, scope: str, status: int) -> Response:
    first, working = _month(), calendar_for(scope)
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    query = select(CalendarDay).where(
        CalendarDay.scope.in_(("", *(scope[:end] for end in range(2, len(scope) + 1)))),
        CalendarDay.day >= weeks[0][0],
        CalendarDay.day <= weeks[-1][-1],
    )
    named = {row.day: row.name for row in session().scalars(query)}
    form.day.data = form.day.data or first
    cells = [
        [
            {
                "n": each.day,
                "off": not working.is_working(each),
                "name": named.get(each, ""),
                "in": each.month == first.month,
            }
            for each in week
        ]
        for week in weeks
    ]
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    return page(
        "front/admin/calendar.html",
        status,
        title=gettext("%(year)s 年 %(month)s 月", year=first.year, month=first.month),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        weeks=cells,
        weekdays=[format_date(each, gettext("EEEEE")) for each in weeks[0]],
        previous_url=url_for("admin.calendar", month=f"{before:%Y-%m}", at=scope),
        next_url=url_for("admin.calendar", month=f"{after:%Y-%m}", at=scope),
        scope=scope,
        place=place_by_code(scope).name,
        cards=[
            {
                "title": gettext("改一天"),
                "form": form.freshened(),
                "action": url_for("admin.calendar", at=scope, month=f"{first:%Y-%m}"),
                "submit": gettext("登记"),
            },
            {
                "title": gettext("导入 %(year)s 年", year=first.year),
                "line": gettext("国务院办公厅公布的节假日和调休。"),
                "more": button(url_for("admin.calendar_year", year=first.year), gettext("导入这一年"), at=scope),
            },
        ],
    )


@bp.post("/calendar/<int:year>")
@keepers
def calendar_year(year: int) -> Answer:
    """Enter the holidays of a year."""
    scope = request.form.get("at", "")[:32]
    here = place_by_code(scope)
    imported = enter_year(actor(), scope=here.code, year=min(year, 2999), once=request.form.get("once"))
    flash(gettext("已登记 %(n)s 天。", n=imported.entered + imported.corrected), "done")
    return done(url_for("admin.calendar", month=f"{min(year, 2999)}-01", at=here.code))
