"""What the frame shows round every page: the place, the ways, the bell, for whom one acts."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import LazyString, format_datetime, get_locale, gettext, lazy_gettext, lazy_pgettext, pgettext
from markupsafe import Markup, escape

from cogov.cases.queries.desk import DESK_ROLES
from cogov.front.round import put_round
from cogov.ground.clock import now
from cogov.ground.pages import LANGUAGES, SHOWN, actor, fill_slot, frame, languages, look, words
from cogov.journal.kept import Of, drawn, kept, shown_in
from cogov.journal.sealing import latest_checkpoint
from cogov.people.queries import nearest
from cogov.people.rules import (
    COMMAND_ROLES,
    COMMITTEE_ROLES,
    PUBLIC_KINDS,
    Actor,
    OrganizationKind,
    Role,
    Standing,
    role_words,
)
from cogov.places.models import Place
from cogov.places.queries import communities, community_by_code, home_community, lives_at, place_by_id

KEEPING = (Role.ADMINISTRATOR, Role.MODERATOR, Role.STREET_OFFICE, Role.AUDITOR)
"""Who finds something to do in the console."""


def community() -> Place | None:
    """Return the community a person looks at: the one asked for, their own, or the first."""
    if "community" not in g:
        g.community = _community()
    found: Place | None = g.community
    return found


def _community() -> Place | None:
    asked = request.args.get("place", "")
    if asked and (found := community_by_code(asked)) is not None:
        return found
    own = home_community(actor())
    if own is not None:
        return own
    return next(iter(communities(1)), None)


def _place() -> dict[str, str]:
    here = community()
    if here is None:
        return {"name": gettext("共治"), "parent": ""}
    parent = place_by_id(here.parent_id).name if here.parent_id else ""
    return {"name": here.name, "parent": parent, "own": _own_door(here)}


def _own_door(here: Place) -> str:
    """Return the grid and the building that the reader lives in; only their own header says it."""
    person_id = actor().person_id
    home = lives_at(person_id, here.id) if person_id is not None else None
    return " · ".join(name for name in home if name) if home else ""


DESKS: tuple[tuple[frozenset[Role], str, LazyString, str], ...] = (
    (DESK_ROLES, "cases.desk", lazy_gettext("我的职责"), "archive"),
    (COMMITTEE_ROLES, "desks.committee", lazy_gettext("工作台"), "notebook"),
    (COMMAND_ROLES, "desks.command", lazy_pgettext("nav", "指挥"), "route"),
)
"""The desks there are, and whose they are."""


def _desks() -> list[tuple[str, str, str]]:
    held = {standing.role for standing in actor().standings}
    return [(endpoint, str(label), icon) for roles, endpoint, label, icon in DESKS if held & roles]


def desk_of(by: Actor) -> dict[str, str] | None:
    """Return the desk at which a person's own work lies, if they have one."""
    held = {standing.role for standing in by.standings}
    for roles, endpoint, label, _ in DESKS:
        if held & roles:
            return {"url": url_for(endpoint), "text": str(label)}
    return None


def _nav() -> list[dict[str, Any]]:
    items = [
        ("front.home", gettext("首页"), "home"),
        ("problems.index", gettext("问题"), "messages"),
        ("decisions.index", pgettext("nav", "表决"), "checkbox"),
        ("tasks.index", pgettext("nav", "任务"), "clipboard-check"),
    ]
    items = [*_desks(), *items]
    if any(held.role is Role.ADMINISTRATOR for held in actor().standings):
        items.append(("admin.index", gettext("管理"), "settings"))
    nav = [_item(endpoint, label, icon) for endpoint, label, icon in items]
    here = community()
    if here is not None:
        nav.append(
            {
                "url": url_for("front.place", code=here.code),
                "label": gettext("公开数据"),
                "icon": "database",
                "current": request.endpoint == "front.place",
            }
        )
    return nav


def _item(endpoint: str, label: str, icon: str, *, raised: bool = False) -> dict[str, Any]:
    return {
        "url": url_for(endpoint),
        "label": label,
        "icon": icon,
        "current": request.endpoint == endpoint or (endpoint, request.blueprint) == ("admin.index", "admin"),
        "raised": raised,
        # A desk says how much lies on it where it has counted that anyway.
        "count": g.get("waiting") if request.endpoint == endpoint else None,
    }


def _tabs() -> list[dict[str, Any]]:
    return [
        _item("front.home", gettext("首页"), "home"),
        _item("problems.index", gettext("问题"), "messages"),
        _item("problems.new", gettext("提出问题"), "plus", raised=True),
        _item(*desks[0]) if (desks := _desks()) else _item("tasks.index", pgettext("nav", "任务"), "clipboard-check"),
        _item("people.me", gettext("我的"), "user"),
    ]


def standing_label(held: Standing) -> str:
    """Return a standing as one line: the role, and for whom."""
    role = words(role_words(held.role))
    return f"{held.organization_name} · {role}" if held.organization_name else role


def _acting() -> dict[str, Any] | None:
    by = actor()
    if by.person_id is None:
        return None
    mandates = [held for held in by.standings if held.organization_id is not None]
    acting = by.acting
    kind = "body" if acting and acting.organization_kind in PUBLIC_KINDS else "organization" if acting else "person"
    choices = [{"value": "", "label": gettext("以个人身份"), "current": acting is None}]
    choices += [{"value": held.id, "label": standing_label(held), "current": held == acting} for held in mandates]
    return {
        "name": acting.public_name if acting else by.pseudonym,
        "organization": acting.organization_name if acting else "",
        "tag": "",
        "kind": kind,
        "url": url_for("people.acting"),
        "standings": choices if mandates else [],
    }


_THEN = f"put-{secrets.token_hex(8)}"
"""What stands in a part drawn once where the page to come back to is put in."""


def _here() -> str | None:
    """Return the page to come back to once its look or language is chosen; an answer to a form is none."""
    if request.method != "GET" or request.endpoint == "people.modes":
        return request.args.get("then")
    return request.full_path.rstrip("?")


def _urls() -> dict[str, str]:
    by = actor()
    urls = {
        "home": url_for("front.home"),
        "search": url_for("front.search"),
        "help": url_for("front.help_index"),
        "privacy": url_for("people.privacy"),
        "rules": url_for("guides.rules"),
        "accessibility": url_for("guides.accessibility"),
        "checkpoint": url_for("front.journal"),
    }
    if by.person_id is None:
        return {**urls, "sign_in": url_for("people.sign_in")}
    return {
        **urls,
        "notices": url_for("tell.index"),
        "admin": url_for("admin.index") if any(held.role in KEEPING for held in by.standings) else "",
        "sign_out": url_for("people.sign_out"),
        "me": url_for("people.me"),
    }


def _last_seal() -> tuple[int, str, datetime] | None:
    return kept("last seal", latest_checkpoint, of=Of.REGISTERS)


def _checkpoint() -> str:
    last = _last_seal()
    if last is None:
        return gettext("还没有封存")
    number, _, at = last
    return gettext("第 %(number)s 号，%(at)s", number=f"{number:,}", at=format_datetime(at, gettext("MM-dd HH:mm")))


@lru_cache(maxsize=16)
def _to_the_minute(minute: int, _language: str) -> str:
    return str(format_datetime(datetime.fromtimestamp(60 * minute, UTC), gettext("yyyy-MM-dd HH:mm")))


def _printed() -> dict[str, str]:
    """Return what a page says of itself on paper: address, when and for whom it was made, the last seal."""
    by, last = actor(), _last_seal()
    public = str(current_app.config["PUBLIC_URL"]).rstrip("/")
    return {
        "url": public + request.full_path.rstrip("?") if public else request.url,
        "at": _to_the_minute(int(now().timestamp()) // 60, shown_in()),
        "by": by.pseudonym if by.person_id is not None else gettext("未登录"),
        "seal": _sealed(last[0], last[1], shown_in()) if last else "",
    }


@lru_cache(maxsize=16)
def _sealed(number: int, hashed: str, _language: str) -> str:
    return gettext("账本封存到第 %(number)s 号，指纹 %(hash)s", number=f"{number:,}", hash=hashed[:16])


def _lang() -> str:
    locale = get_locale()
    if locale is None or locale.language == "zh":
        return "zh-Hant" if locale is not None and locale.script == "Hant" else "zh-Hans"
    return str(locale.language)


def _languages() -> list[dict[str, Any]]:
    """Return the languages this page is not in, each with the way to it and back."""
    current = str(get_locale())
    return [
        {"url": url_for("people.modes", lang=tag, then=_put_later()), "name": name}
        for tag, name in languages()
        if LANGUAGES[tag] != current
    ]


# Parts drawn once for all who see them alike --------------------------------------------------------------------------


def _put_later() -> str | None:
    return None if frame().here is None else _THEN


def _modes() -> dict[str, str]:
    return {"modes": url_for("people.modes", then=_put_later())}


def _back_here(html: str) -> Markup:
    """Put the page to come back to into a part."""
    here = frame().here
    if here is None:
        return Markup(html)  # noqa: S704 - rendered with escaping
    _, _, back = url_for("people.modes", then=here).partition("then=")
    return Markup(html.replace(_THEN, escape(back)))  # noqa: S704 - rendered with escaping, as is what is put in


def _looks() -> dict[str, str]:
    shown = frame()
    return {name: getattr(shown, name) for name in SHOWN}


def _roles() -> frozenset[Role]:
    return frozenset(held.role for held in actor().standings)


def _draw_ways() -> Markup:
    here = community()
    key = (request.endpoint, _roles(), here.code if here else "", g.get("waiting"))
    return Markup(drawn("_frame/ways.html", key, lambda: {"nav": _nav()}))  # noqa: S704 - rendered with escaping


def _draw_tabs() -> Markup:
    key = (request.endpoint, _roles())
    return Markup(drawn("_frame/tabs.html", key, lambda: {"tabs": _tabs()}))  # noqa: S704 - rendered with escaping


def _draw_tools() -> Markup:
    looks = frame().looks
    key = (_put_later(), *looks.values())
    return _back_here(drawn("_frame/tools.html", key, lambda: {"urls": _urls() | _modes(), "looks": looks}))


def _draw_own() -> Markup:
    by = actor()
    unread = frame().unread
    html = drawn("_frame/own.html", (by, unread), lambda: {"acting": _acting(), "unread": unread, "urls": _urls()})
    return Markup(html)  # noqa: S704 - rendered with escaping


def _draw_foot() -> Markup:
    place, sealed, looks = frame().place["name"], _last_seal(), frame().looks
    key = (_put_later(), place, sealed, *looks.values())

    def parts() -> dict[str, Any]:
        return {
            "place": place,
            "urls": _urls() | _modes(),
            "sealed": _checkpoint(),
            "looks": looks,
            "languages": _languages(),
        }

    return _back_here(drawn("_frame/foot.html", key, parts))


def help_desk() -> dict[str, str]:
    """Return where somebody is helped in person: committee and street office of the place looked at.

    A slot of the frame holds this function and not its answer, since few pages ask.
    """
    here = community()
    if here is None:
        return {}
    committee = nearest(OrganizationKind.COMMITTEE, here.code)
    street = nearest(OrganizationKind.STREET, here.code)
    return {
        "committee": committee.name if committee else "",
        "contact": committee.contact if committee else "",
        "street": street.name if street else "",
        "street_contact": street.contact if street else "",
    }


def fill_frame() -> None:
    """Register what the frame shows."""
    fill_slot("lang", _lang)
    fill_slot("keys", lambda: look("keys", ("off",)))
    fill_slot("place", _place)
    fill_slot("here", _here)
    fill_slot("looks", _looks)
    fill_slot("home", lambda: url_for("front.home"))
    fill_slot("help_desk", lambda: help_desk)
    fill_slot("acting", _acting)
    fill_slot("urls", _urls)
    fill_slot("printed", _printed)
    fill_slot("round", lambda: put_round)
    for name, draw in (
        ("ways", _draw_ways),
        ("tools", _draw_tools),
        ("own", _draw_own),
        ("foot", _draw_foot),
        ("tabs", _draw_tabs),
    ):
        fill_slot(name, draw)
