"""The thresholds of a place: what holds there, who set it when, and changing one."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response as Answer
from wtforms import IntegerField
from wtforms.validators import InputRequired

from cogov.front.admin.parts import KeepForm, areas, asked_place, bp, day, done, form_status, keepers, link, within
from cogov.ground.db import found, session
from cogov.ground.pages import actor, page, powerful, words
from cogov.ground.words import say
from cogov.people.models import Person
from cogov.places.commands import set_threshold
from cogov.places.models import Place, PlaceSetting
from cogov.places.queries import chain
from cogov.places.rules import BOUNDS, DEFAULTS, MEANINGS, PlaceKind, Setting, prefixes


class SettingForm(KeepForm):
    """One threshold."""

    value = IntegerField(lazy_gettext("新的值"), [InputRequired(lazy_gettext("请写一个整数。"))])


UNIT_WORDS = {
    "hours": lazy_gettext("小时"),
    "days": lazy_gettext("天"),
    "percent": "%",
    "supports": lazy_gettext("人"),
    "messages": lazy_gettext("条"),
    "min": lazy_gettext("户"),
    "max": lazy_gettext("户"),
    "authorized": lazy_gettext("（1 能，0 不能）"),
    "system": lazy_gettext("（1 是，0 否）"),
    "asked": lazy_gettext("（1 要，0 不要）"),
    "hour": lazy_gettext("点"),
    "from": lazy_gettext("点"),
    "until": lazy_gettext("点"),
    "weekday": lazy_gettext("（1 是星期一）"),
}


def unit_of(name: Setting) -> str:
    """Return what a threshold is counted in."""
    return str(UNIT_WORDS[name.value.rpartition("_")[2]])


@bp.get("/settings")
@keepers
def settings() -> Response:
    """List the thresholds of a place, each with its words, range, default and who set it when."""
    return page("front/admin/page.html", **_settings_page(asked_place()))


def _settings_page(here: Place) -> dict[str, Any]:
    query = (
        select(PlaceSetting, Place, Person.pseudonym)
        .join(Place, Place.id == PlaceSetting.place_id)
        .outerjoin(Person, Person.id == PlaceSetting.changed_by)
        .where(Place.code.in_(prefixes(here.code)))
        .order_by(func.length(Place.code))
    )
    held = {row.name: (row, place, who) for row, place, who in session().execute(query)}
    rows = []
    for name in Setting:
        row, place, who = held.get(name.value, (None, None, None))
        least, most = BOUNDS[name]
        since = [place.name if place else gettext("默认"), day(row.changed_at) if row else "", who or ""]
        rows.append(
            [
                link(url_for("admin.setting", name=name.value, at=here.code), words(MEANINGS[name])),
                f"{row.value if row else DEFAULTS[name]} {unit_of(name)}",
                f"{least}–{most}",
                str(DEFAULTS[name]),
                " · ".join(part for part in since if part),
            ]
        )
    return {
        "title": gettext("规则和期限"),
        "back": {"url": url_for("admin.index"), "text": gettext("管理")},
        "lead": gettext("%(place)s和它下面的地方；更窄的地方可以另定。以后开始的事按新的算。", place=here.name),
        "filters": [_place_chips(here)],
        "tables": [
            {
                "caption": gettext("现在的值"),
                "head": [
                    gettext("意思"),
                    {"label": gettext("现在"), "number": True},
                    {"label": gettext("可以是"), "number": True},
                    {"label": gettext("默认"), "number": True},
                    gettext("谁从哪天起定的"),
                ],
                "rows": rows,
            }
        ],
    }


def _place_chips(here: Place) -> list[dict[str, Any]]:
    query = select(Place).where(within(Place.code), Place.kind == PlaceKind.COMMUNITY).order_by(Place.code).limit(12)
    offered = {row.code: row.name for row in chain(here.code) if any(row.code.startswith(code) for code in areas())}
    offered |= {row.code: row.name for row in session().scalars(query)}
    return [
        {"url": url_for("admin.settings", at=code), "text": name, "current": code == here.code}
        for code, name in sorted(offered.items(), key=lambda item: (len(item[0]), item[0]))
    ]


@bp.route("/settings/<name>", methods=["GET", "POST"])
@keepers
@powerful(say("改一项期限或人数"))
def setting(name: str) -> Answer:
    """Change one threshold of a place."""
    meant = found({each.value: each for each in Setting}.get(name))
    here = asked_place()
    form = SettingForm()
    token = form.token
    if form.validate_on_submit():
        value = int(form.value.data or 0)
        least, most = BOUNDS[meant]
        if not least <= value <= most:
            form.complain("value", gettext("这个数要在 %(least)s 到 %(most)s 之间。", least=least, most=most))
        else:
            set_threshold(actor(), code=here.code, name=meant, value=value, once=token)
            flash(gettext("已改为 %(value)s，以后开始的事按新的算。", value=value), "done")
            return done(url_for("admin.settings", at=here.code))
    least, most = BOUNDS[meant]
    line = gettext("可以是 %(least)s 到 %(most)s，默认 %(default)s。", least=least, most=most, default=DEFAULTS[meant])
    return page(
        "front/admin/page.html",
        form_status(),
        title=words(MEANINGS[meant]),
        back={"url": url_for("admin.settings", at=here.code), "text": gettext("规则和期限")},
        layout="narrow",
        lead=here.name,
        below=[
            {
                "title": gettext("改这一项"),
                "line": line,
                "form": form.freshened(),
                "action": url_for("admin.setting", name=name, at=here.code),
                "submit": gettext("保存"),
            }
        ],
    )
