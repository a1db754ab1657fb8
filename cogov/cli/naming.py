"""Who and what a command line names: persons by login, organizations by number or name, places by code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import click
from sqlalchemy import select

from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.ground.sheets import day_of
from cogov.people.models import Organization, Person
from cogov.people.queries import actor_of, person_by_contact
from cogov.people.rules import ANYONE, CLOCK, Actor
from cogov.people.rules.contacts import Contact, contact_from
from cogov.places.models import Place
from cogov.places.rules import PlaceKind

F = TypeVar("F", bound=Callable[..., Any])

KINDS = {
    PlaceKind.COMMUNITY: "社区",
    PlaceKind.GRID: "网格",
}


def by_somebody(function: F) -> F:
    """Add ``--by``: in whose name the journal keeps what was done; without it, the system's."""
    return click.option("--by", "login", metavar="LOGIN", help="以谁的名义记录（手机号或邮箱）；不写就记为系统。")(
        function
    )


def doer(login: str | None) -> Actor:
    """Return who acts."""
    if login is None:
        return CLOCK
    actor = actor_of(person(login).id)
    if actor is ANYONE:
        raise click.ClickException(f"{login} 的账号已经停用。")
    return actor


def contact(text: str) -> Contact:
    """Return a phone number or an e-mail address in its one form."""
    given = contact_from(text)
    if given is None:
        raise click.ClickException(f"“{text}”不是手机号，也不是邮箱。")
    return given


def person(login: str) -> Person:
    """Return the person who signs in with a phone number or an e-mail address."""
    found = person_by_contact(contact(login).value)
    if found is None:
        raise click.ClickException(f"没有人用 {login} 登记。请先用 cogov person invite 登记。")
    return found


def place(code: str, kind: PlaceKind | None = None) -> Place:
    """Return a place by its code, of the kind that is needed."""
    row = session().scalars(select(Place).where(Place.code == code)).one_or_none()
    if row is None:
        raise click.ClickException(f"地域 {code} 还没有登记。请先用 cogov import places 导入。")
    if kind is not None and row.kind is not kind:
        raise click.ClickException(f"{row.name}（{code}）不是{KINDS[kind]}。")
    return row


def organization(named: str) -> Organization:
    """Return an organization by its number, or by its name where only one has it."""
    if named.isdecimal() and len(named) <= 18:
        row = session().get(Organization, int(named))
        if row is None:
            raise click.ClickException(f"没有编号为 {named} 的单位。")
        return row
    query = select(Organization).where(Organization.name == named, Organization.ended_at.is_(None))
    rows = list(session().scalars(query.order_by(Organization.id)))
    if len(rows) > 1:
        several = "、".join(f"{row.id}（{row.scope}）" for row in rows)
        raise click.ClickException(f"有几个单位都叫“{named}”，请写编号：{several}。")
    if not rows:
        raise click.ClickException(f"没有名为“{named}”的单位。cogov organization list 列出全部。")
    return rows[0]


T = TypeVar("T")


def one_of(word: str, known: Mapping[str, T], label: str) -> T:
    """Return what a word stands for."""
    value = known.get(word.casefold())
    if value is None:
        names = "、".join(name for name in known if not name.isascii())
        raise click.ClickException(f"{label}没有“{word}”这一种，可以写：{names}。")
    return value


def day(text: str, label: str) -> date:
    """Return a day as people write it."""
    try:
        return day_of(text, label)
    except Refused as error:
        raise click.ClickException(str(error.refusal.message)) from error


def shown(moment: datetime | None, zone: Any) -> str:
    """Return a moment as it is printed in lists."""
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M") if moment else ""
