"""What a place needs: owners and residents verified, grids held, thresholds set."""

from __future__ import annotations

import click
from sqlalchemy import select

from cogov.cli.installation import installation
from cogov.cli.naming import by_somebody, doer, one_of, person, place
from cogov.ground.db import session
from cogov.people.queries import actor_of
from cogov.people.rules import Role
from cogov.places import commands as places
from cogov.places.models import Building, Owner, Place, PlaceSetting, Unit
from cogov.places.queries import chain
from cogov.places.rules import BOUNDS, DEFAULTS, MEANINGS, PlaceKind, ResidenceKind, Setting

LIVES_AS = {
    "业主": ResidenceKind.OWNER,
    "家人": ResidenceKind.FAMILY,
    "租户": ResidenceKind.TENANT,
    **{kind.value: kind for kind in ResidenceKind},
}
SETTINGS = {name.value: name for name in Setting}


# Owners and residents ----------------------------------------------------------------------------------------------


@click.group("owner")
def owners() -> None:
    """业主：核对身份。"""


@owners.command("verify")
@click.argument("reference")
@click.argument("reached", metavar="LOGIN")
@click.option("--community", "code", required=True, metavar="CODE", help="社区代码。")
@by_somebody
def verify_owner(reference: str, reached: str, code: str, login: str | None) -> None:
    """看过证件以后，把名册上的业主编号和一个人对上。"""
    with installation():
        community = place(code, PlaceKind.COMMUNITY)
        query = select(Owner).where(Owner.community_id == community.id, Owner.reference == reference)
        owner = session().scalars(query).one_or_none()
        if owner is None:
            raise click.ClickException(f"{community.name}的名册上没有业主编号“{reference}”。")
        holder = person(reached)
        places.verify_owner(doer(login), owner_id=owner.id, person_id=holder.id)
        click.echo(f"已核对：{community.name}业主 {reference} 是 {holder.pseudonym}。")
        if not actor_of(holder.id).holds(code, Role.OWNER):
            click.echo("名册上这位业主现在没有房屋，所以没有业主身份；有了以后会自动得到。")


@click.group("residence")
def residences() -> None:
    """住户：核对谁住在哪一户。"""


@residences.command("verify")
@click.argument("reached", metavar="LOGIN")
@click.option("--community", "code", required=True, metavar="CODE", help="社区代码。")
@click.option("--building", required=True, help="楼栋编号。")
@click.option("--staircase", default="", help="单元；没有就不写。")
@click.option("--door", required=True, help="门牌。")
@click.option("--as", "kind", required=True, help="业主、家人或租户。")
@by_somebody
def verify_residence(
    reached: str, code: str, building: str, staircase: str, door: str, kind: str, login: str | None
) -> None:
    """登记一个人住在哪一户。"""
    with installation():
        community = place(code, PlaceKind.COMMUNITY)
        unit_id = _unit(community, building, staircase, door)
        holder, meant = person(reached), one_of(kind, LIVES_AS, "住的身份")
        places.verify_residence(doer(login), unit_id=unit_id, person_id=holder.id, kind=meant)
        click.echo(f"已登记：{holder.pseudonym} 住在{community.name} {building} 栋 {staircase} 单元 {door}。")


def _unit(community: Place, building: str, staircase: str, door: str) -> int:
    query = (
        select(Unit.id)
        .join(Building, Unit.building_id == Building.id)
        .where(
            Building.community_id == community.id,
            Building.code == building,
            Unit.staircase == staircase,
            Unit.door == door,
        )
    )
    unit_id = session().scalar(query)
    if unit_id is None:
        raise click.ClickException(f"{community.name}的名册上没有这一户。楼栋编号、单元、门牌要和名册一样。")
    return unit_id


# Grids -------------------------------------------------------------------------------------------------------------


@click.group("grid")
def grids() -> None:
    """网格：负责人和替班人。"""


@grids.command("hand-over")
@click.argument("code")
@click.argument("reached", metavar="LOGIN")
@click.option("--contact", required=True, help="公开的联系方式。")
@click.option("--deputy", is_flag=True, help="作为替班人。")
@by_somebody
def hand_over(code: str, reached: str, contact: str, deputy: bool, login: str | None) -> None:
    """把网格交给一位网格员；原来的人到这时为止。"""
    if not 0 < len(contact.strip()) <= 120:
        raise click.ClickException("联系方式要写，最多 120 个字。")
    with installation():
        grid, holder = place(code, PlaceKind.GRID), person(reached)
        if not actor_of(holder.id).holds(grid.code, Role.GRID_WORKER):
            raise click.ClickException(f"{holder.pseudonym} 不是{grid.name}的网格员。请先用 cogov role grant 授予。")
        places.hand_over_grid(doer(login), grid_id=grid.id, person_id=holder.id, contact=contact.strip(), deputy=deputy)
        click.echo(f"{grid.name}的{'替班人' if deputy else '负责人'}现在是 {holder.pseudonym}（{contact.strip()}）。")


# Settings ----------------------------------------------------------------------------------------------------------


@click.group("setting")
def settings() -> None:
    """人数和期限：列出、更改。"""


@settings.command("list")
@click.argument("code", required=False)
def list_settings(code: str | None) -> None:
    """列出各项的默认值和意思；写了地域代码，也列出在那里的值和由哪里定的。"""
    held: dict[str, tuple[int, str]] = {}
    if code is not None:
        with installation():
            place(code)
            above = {row.id: row for row in chain(code)}
            rows = session().scalars(select(PlaceSetting).where(PlaceSetting.place_id.in_(above)))
            for row in sorted(rows, key=lambda row: len(above[row.place_id].code)):
                held[row.name] = (row.value, above[row.place_id].name)
    for name in Setting:
        value, where = held.get(name.value, (DEFAULTS[name], ""))
        told = f"{value}（{where}定，默认 {DEFAULTS[name]}）" if where else f"{value}（默认）"
        click.echo(f"{name.value:<26} {told}  {MEANINGS[name]}")


@settings.command("set")
@click.argument("code")
@click.argument("name")
@click.argument("value", type=int)
@by_somebody
def change_setting(code: str, name: str, value: int, login: str | None) -> None:
    """为一个地域和它下面的全部地域定一项；以后开始的事按新的算。"""
    meant = SETTINGS.get(name)
    if meant is None:
        raise click.ClickException(f"没有“{name}”这一项。cogov setting list 列出全部。")
    with installation():
        where = place(code)
        places.change_setting(doer(login), code=code, name=meant, value=value)
        click.echo(f"{where.name}：{meant.value} 现在是 {value}（默认 {DEFAULTS[meant]}，可以是 {_range(meant)}）。")


def _range(name: Setting) -> str:
    least, most = BOUNDS[name]
    return f"{least} 到 {most}"
