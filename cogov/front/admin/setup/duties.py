"""The third step: matters, and the bodies that answer for them."""

from __future__ import annotations

from typing import Any, cast

from flask import flash, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer
from wtforms import SelectField
from wtforms.validators import Optional

from cogov.duties.commands import group_of, map_duties, start_catalogue
from cogov.duties.models import Matter
from cogov.duties.queries import OFFICIAL_LANES, covered
from cogov.duties.rules.duty import MatterKind
from cogov.front.admin.duties.matters import KIND_WORDS
from cogov.front.admin.parts import KeepForm, bp, done, keepers, link, today
from cogov.front.admin.setup.steps import community_set_up, set_up_page
from cogov.ground.db import session
from cogov.ground.pages import actor
from cogov.people.queries import organizations_at
from cogov.people.rules import OrganizationKind
from cogov.places.models import Place
from cogov.places.rules.opening import Step


@bp.route("/communities/<code>/duties", methods=["GET", "POST"])
@keepers
def set_up_duties(code: str) -> Answer:
    """Start from the shipped catalogue, and name a body for every class of matters."""
    community = community_set_up(code)
    some = session().scalar(select(Matter.id).limit(1)) is not None
    if not some:
        return _catalogue(community)
    groups = _groups(community)
    form = _map_form(community, groups)
    token = form.token
    if form.validate_on_submit():
        chosen = {key: int(form[_name(key)].data) for key in groups if form[_name(key)].data}
        rest = form["otherwise"].data
        made = map_duties(
            actor(),
            community_id=community.id,
            bodies=chosen,
            otherwise=int(rest) if rest else None,
            once=token,
        )
        if made:
            flash(gettext("清单上新登记 %(n)s 项。", n=made), "done")
            return done(url_for("admin.set_up_duties", code=code))
        form.complain("otherwise", gettext("请至少选一个单位。"))
    card = {
        "title": gettext("哪一类由谁负责"),
        "line": gettext("时限和依据先用目录里的，以后在“权责清单”里一项一项改。"),
        "form": form.freshened(),
        "action": url_for("admin.set_up_duties", code=code),
        "submit": gettext("登记到清单"),
        "more": link(url_for("admin.imports", kind="duties"), gettext("有现成的清单？用表格导入")),
    }
    return set_up_page(community, Step.DUTIES, ask=card if groups else None)


def _catalogue(community: Place) -> Answer:
    url = url_for("admin.set_up_duties", code=community.code)
    if request.method == "POST":
        imported = start_catalogue(actor(), once=request.form.get("once"))
        flash(gettext("已导入 %(n)s 个事项。", n=imported.entered), "done")
        return done(url)
    return set_up_page(
        community,
        Step.DUTIES,
        ask={
            "title": gettext("先有目录"),
            "line": gettext("自带的目录有国家标准的部件和事件，加社区常见的事，各有建议的流程、时限和依据。"),
            "form": KeepForm(formdata=None).freshened(),
            "action": url,
            "submit": gettext("导入自带目录"),
            "more": link(url_for("admin.imports", kind="matters"), gettext("有自己的目录？用表格导入")),
        },
    )


Group = tuple[MatterKind, str]


def _groups(community: Place) -> dict[Group, list[str]]:
    """Return the classes of matters that still lack a body here, each with the names of its matters."""
    query = select(Matter).where(
        Matter.retired_at.is_(None),
        Matter.lane.in_(OFFICIAL_LANES),
        Matter.id.not_in(covered(community.code, today())),
    )
    groups: dict[Group, list[str]] = {}
    for row in session().scalars(query.order_by(Matter.kind, Matter.code)):
        groups.setdefault(group_of(row), []).append(row.name)
    return groups


def _name(key: Group) -> str:
    return f"{key[0].value}_{key[1]}"


def _map_form(community: Place, groups: dict[Group, list[str]]) -> KeepForm:
    kinds = (OrganizationKind.BODY, OrganizationKind.STREET, OrganizationKind.PROPERTY)
    bodies = {str(row.id): row.name for row in organizations_at(community.code, *kinds)}
    street = next((str(row.id) for row in organizations_at(community.code, OrganizationKind.STREET)), "")
    empty = {"": gettext("用上面的"), **bodies}
    fields: dict[str, Any] = {
        "otherwise": SelectField(
            gettext("没有另选的，都由"), choices=cast("Any", {"": gettext("请选择"), **bodies}), default=street
        )
    }
    for key, names in groups.items():
        label = gettext(
            "%(kind)s %(code)s：%(names)s", kind=str(KIND_WORDS[key[0]]), code=key[1], names="、".join(names[:3])
        )
        hint = gettext("%(n)s 项", n=len(names))
        fields[_name(key)] = SelectField(label, [Optional()], choices=cast("Any", empty), description=hint)
    made: KeepForm = type("MapForm", (KeepForm,), fields)()
    return made
