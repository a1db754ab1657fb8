"""Finding people: by contact, name or pseudonym, or as a list of who holds which role."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import and_, or_, select

from cogov.front.admin.parts import PAGE, KeepForm, bp, check_contact, chips, cut, day, keepers, link, text, two, within
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.pages import id_arg, page, words
from cogov.people.models import Identity, Organization, Person, RoleHeld
from cogov.people.queries import place_names
from cogov.people.rules import Role, role_words
from cogov.people.rules.contacts import contact_from, masked
from cogov.people.rules.looking import masked_name


class PersonForm(KeepForm):
    """A person who is entered by somebody else."""

    contact = text(lazy_gettext("手机号或邮箱"), 254)
    name = text(lazy_gettext("姓名"), 80, description=lazy_gettext("只有职责需要的人看得到。"))
    pseudonym = text(
        lazy_gettext("公开的化名"), 20, needed=False, description=lazy_gettext("不填就先起一个，本人以后可以改。")
    )

    def validate_contact(self, field: Any) -> None:
        """Refuse what is neither a number nor an address."""
        check_contact(self, field)


@bp.get("/people")
@keepers
def people() -> Response:
    """Search a person, or list who holds which role."""
    return people_page(PersonForm(), 200)


def people_page(form: PersonForm, status: int) -> Response:
    """Show whom a search finds, or who holds which role, with the form that enters a person."""
    q = " ".join(request.args.get("q", "").split())[:80]
    return page(
        "front/admin/page.html",
        status,
        title=gettext("人和身份"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        search={"action": url_for("admin.people"), "label": gettext("手机号、邮箱、姓名或化名"), "value": q},
        filters=[] if q else [_role_chips()],
        tables=[_found(q)] if q else [_held()[0]],
        next_url="" if q else _held()[1],
        cards=[
            {
                "title": gettext("登记一个人"),
                "line": gettext("对方用这个手机号或邮箱，凭验证码第一次登录，自己设密码。"),
                "form": form.freshened(),
                "action": url_for("admin.register"),
                "submit": gettext("登记并邀请"),
            }
        ],
    )


def _role_chips() -> list[dict[str, Any]]:
    choices = [("", gettext("全部")), *((role.value, words(role_words(role))) for role in Role)]
    return chips("role", choices, lambda value: url_for("admin.people", role=value or None))


def _found(q: str) -> dict[str, Any]:
    """Return whoever a search finds: by contact anybody, by name or pseudonym those with a role in one's area."""
    contact = contact_from(q)
    if contact is not None:
        where = or_(Identity.phone == contact.value, Identity.email == contact.value)
    else:
        here = select(RoleHeld.person_id).where(within(RoleHeld.scope))
        named = or_(Identity.name.contains(q, autoescape=True), Person.pseudonym.contains(q, autoescape=True))
        where = and_(named, Person.id.in_(here))
    query = (
        select(Person, Identity.name, Identity.phone, Identity.email)
        .outerjoin(Identity, Identity.person_id == Person.id)
        .where(where)
        .order_by(Person.id)
        .limit(PAGE)
    )
    return {
        "caption": gettext("找到的人"),
        "head": [gettext("化名"), gettext("姓名"), gettext("联系方式")],
        "rows": [
            [
                link(url_for("admin.person", person_id=person.id), person.pseudonym),
                masked_name(name or ""),
                masked(phone or email or ""),
            ]
            for person, name, phone, email in session().execute(query)
        ],
        "empty": gettext("没有找到。姓名和化名只在您管的地方找；手机号和邮箱要写全。"),
    }


def _held() -> tuple[dict[str, Any], str]:
    """Return who holds which role in one's area, by keyset, the latest granted first."""
    role, after = request.args.get("role", ""), id_arg("after")
    query = (
        select(RoleHeld, Person.pseudonym, Identity.phone, Identity.email, Organization.name)
        .join(Person, Person.id == RoleHeld.person_id)
        .outerjoin(Identity, Identity.person_id == Person.id)
        .outerjoin(Organization, Organization.id == RoleHeld.organization_id)
        .where(
            within(RoleHeld.scope),
            RoleHeld.ended_at.is_(None),
            or_(RoleHeld.until.is_(None), RoleHeld.until > now()),
        )
        .order_by(RoleHeld.id.desc())
        .limit(PAGE + 1)
    )
    if role in set(Role):
        query = query.where(RoleHeld.role == Role(role))
    if after is not None:
        query = query.where(RoleHeld.id < after)
    rows, more = cut(session().execute(query).all())
    names = place_names(held.scope for held, *_ in rows)
    told = {
        "caption": gettext("现在有效的身份和授权"),
        "head": [gettext("身份"), gettext("人"), gettext("单位"), gettext("在哪里"), gettext("到哪天")],
        "rows": [
            _held_row(held, pseudonym, phone or email or "", body, names)
            for held, pseudonym, phone, email, body in rows
        ],
        "empty": gettext("没有人有这种身份。"),
    }
    return told, url_for("admin.people", role=role or None, after=rows[-1][0].id) if more else ""


def _held_row(held: RoleHeld, pseudonym: str, contact: str, body: str | None, names: dict[str, str]) -> list[Any]:
    who = held.public_name or pseudonym
    return [
        words(role_words(held.role)),
        link(url_for("admin.person", person_id=held.person_id), who, masked(contact) if contact else ""),
        two(body or "", held.document),
        names.get(held.scope, held.scope),
        day(held.until, last=True),
    ]
