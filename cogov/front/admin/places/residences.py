"""Who lives where: checking residents against the roll, and moving out."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response as Answer
from wtforms import SelectField
from wtforms.validators import InputRequired

from cogov.front.admin.parts import (
    NEEDED,
    PAGE,
    KeepForm,
    attempt,
    bp,
    button,
    cut,
    day,
    done,
    form_status,
    link,
    offer,
    text,
    two,
    verifiers,
    within,
)
from cogov.ground.db import found, session
from cogov.ground.pages import actor, id_arg, page, words
from cogov.ground.refusals import insist
from cogov.people.models import Identity, Person, RoleHeld
from cogov.people.rules import Role
from cogov.people.rules.contacts import masked
from cogov.people.rules.keeping import VERIFIERS, why_not_keep
from cogov.places.commands import check_residence, end_residence
from cogov.places.models import Building, Owner, Place, Residence, Unit
from cogov.places.queries import place_by_code
from cogov.places.rules import ResidenceKind
from cogov.places.rules.roll import door_words

RESIDENCE_WORDS = {
    ResidenceKind.OWNER: lazy_gettext("业主"),
    ResidenceKind.FAMILY: lazy_gettext("家人"),
    ResidenceKind.TENANT: lazy_gettext("租户"),
}


class ResidenceForm(KeepForm):
    """Where somebody lives, after the papers were seen."""

    building = SelectField(lazy_gettext("楼栋"), [InputRequired(NEEDED)])
    staircase = text(lazy_gettext("单元"), 10, needed=False)
    door = text(lazy_gettext("门牌"), 20)
    kind = SelectField(lazy_gettext("住的身份"), [InputRequired(NEEDED)])
    reference = text(
        lazy_gettext("名册上的业主编号"),
        40,
        needed=False,
        description=lazy_gettext("看过证件、确是业主的才填；填了就有业主身份。"),
    )


@bp.get("/residences")
@verifiers
def residences() -> Response:
    """List those who said that they live here and were not checked against the roll yet."""
    after = id_arg("after")
    lives = (
        select(Residence.id)
        .join(Unit, Unit.id == Residence.unit_id)
        .join(Place, Place.id == Unit.community_id)
        .where(Residence.person_id == RoleHeld.person_id, Residence.ended_at.is_(None), Place.code == RoleHeld.scope)
        .exists()
    )
    query = (
        select(RoleHeld, Person.pseudonym, Identity.phone, Identity.email, Place.name)
        .join(Person, Person.id == RoleHeld.person_id)
        .join(Place, Place.code == RoleHeld.scope)
        .outerjoin(Identity, Identity.person_id == Person.id)
        .where(within(RoleHeld.scope, *VERIFIERS), RoleHeld.role == Role.RESIDENT, RoleHeld.ended_at.is_(None), ~lives)
        .order_by(RoleHeld.id)
        .limit(PAGE + 1)
    )
    rows, more = cut(session().execute(query if after is None else query.where(RoleHeld.id > after)).all())
    door = request.args.get("q", "").strip()[:20]
    return page(
        "front/admin/page.html",
        search={
            "action": url_for("admin.residences"),
            "label": gettext("有人搬走了：按门牌找，例如 101"),
            "value": door,
        },
        title=gettext("等核对的住户"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        lead=gettext("自己登记住在这里、还没有按名册核对的人。核对以前他们能提出和发言，不能参加业主表决。"),
        tables=[
            {
                "caption": gettext("等核对"),
                "head": [gettext("化名"), gettext("联系方式"), gettext("社区"), gettext("登记的日子")],
                "rows": [
                    [
                        link(url_for("admin.residence", person_id=held.person_id, at=held.scope), name),
                        masked(phone or email or ""),
                        place,
                        day(held.since),
                    ]
                    for held, name, phone, email, place in rows
                ],
                "empty": gettext("没有人在等。"),
            },
            *([_living(door)] if door else []),
        ],
        next_url=url_for("admin.residences", after=rows[-1][0].id) if more else "",
    )


def _living(door: str) -> dict[str, Any]:
    """Return who is entered as living behind a door, for whoever checks residents there."""
    query = (
        select(Residence, Person.pseudonym, Building.name, Unit.staircase, Unit.door, Place.name)
        .join(Person, Person.id == Residence.person_id)
        .join(Unit, Unit.id == Residence.unit_id)
        .join(Building, Building.id == Unit.building_id)
        .join(Place, Place.id == Unit.community_id)
        .where(within(Place.code, *VERIFIERS), Unit.door == door, Residence.ended_at.is_(None))
        .order_by(Residence.id)
        .limit(PAGE)
    )
    rows = session().execute(query).all() if door else []
    return {
        "caption": gettext("登记住在这个门牌的人"),
        "head": [gettext("化名"), gettext("门牌"), gettext("住的身份"), gettext("核对的日子"), gettext("搬走")],
        "rows": [
            [
                name,
                two(words(door_words(building, staircase, number)), place),
                str(RESIDENCE_WORDS[row.kind]),
                day(row.verified_at),
                button(url_for("admin.end_home", residence_id=row.id), gettext("登记搬走")),
            ]
            for row, name, building, staircase, number, place in rows
        ],
        "empty": gettext("这个门牌没有登记的住户。"),
    }


@bp.post("/residences/<id:residence_id>/ending")
@verifiers
def end_home(residence_id: int) -> Answer:
    """Enter that somebody has moved out."""
    end_residence(actor(), residence_id, once=request.form.get("once"))
    flash(gettext("已登记搬走，下一次操作起生效；说过的话都留着。"), "done")
    return done(url_for("admin.residences"))


@bp.route("/residences/<id:person_id>", methods=["GET", "POST"])
@verifiers
def residence(person_id: int) -> Answer:
    """Check one person against the roll."""
    community = place_by_code(request.args.get("at", "")[:32])
    insist(why_not_keep(actor(), community.code, *VERIFIERS))
    held = select(RoleHeld.id).where(RoleHeld.person_id == person_id, RoleHeld.scope == community.code)
    found(session().scalar(held.limit(1)))
    person = found(session().get(Person, person_id))
    form = ResidenceForm()
    query = select(Building.id, Building.name).where(Building.community_id == community.id).order_by(Building.id)
    buildings = ((str(key), name) for key, name in session().execute(query))
    offer(form.building, buildings, empty=gettext("请选择"))
    offer(form.kind, RESIDENCE_WORDS.items())
    token = form.token
    if form.validate_on_submit() and _checked(person_id, form, token):
        return done(url_for("admin.residences"))
    owners = select(func.count()).select_from(Owner).where(Owner.community_id == community.id)
    roll = session().scalar(owners.where(Owner.person_id.is_(None))) or 0
    return page(
        "front/admin/page.html",
        form_status(),
        title=person.pseudonym,
        back={"url": url_for("admin.residences"), "text": gettext("等核对的住户")},
        layout="narrow",
        lead=gettext("%(place)s。名册上还有 %(n)s 位业主没有对上人。", place=community.name, n=roll),
        below=[
            {
                "title": gettext("看过证件，核对住处"),
                "form": form.freshened(),
                "action": url_for("admin.residence", person_id=person_id, at=community.code),
                "submit": gettext("核对无误"),
            }
        ],
    )


def _checked(person_id: int, form: ResidenceForm, token: str | None) -> bool:
    unit_id = session().scalar(
        select(Unit.id).where(
            Unit.building_id == int(form.building.data),
            Unit.staircase == (form.staircase.data or ""),
            Unit.door == (form.door.data or ""),
        )
    )
    if unit_id is None:
        form.complain("door", gettext("名册上没有这一户。单元、门牌要和名册一样。"))
        return False
    row = attempt(
        form,
        {"owner_missing": "reference", "owner_verified": "reference", "residence_exists": "door"},
        "door",
        lambda: check_residence(
            actor(),
            person_id=person_id,
            unit_id=unit_id,
            kind=ResidenceKind(form.kind.data),
            reference=re.sub(r"\s", "", form.reference.data or ""),
            once=token,
        ),
    )
    if row is not None:
        flash(gettext("已核对。"), "done")
    return row is not None
