"""Who would vote if the notice went out now, in lines: how many, what the roll lacks, and how many it would take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext

from cogov.decisions.rules.law import Body
from cogov.decisions.rules.simulation import Simulation
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.sums import number, square_metres
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.pages import words
from cogov.ground.words import say

SCOPES = {Scope.COMMUNITY: say("全社区"), Scope.BUILDING: say("本楼"), Scope.STAIRCASE: say("本单元")}


def simulated(
    simulations: Iterable[Simulation], *, counts_area: bool, body: Body = Body.OWNERS
) -> list[dict[str, Any]]:
    """Return the lines of each scope; the first is the motion's own, the others show what a wider one would mean."""
    if body is Body.ORGANIZATIONS:
        return [{"scope": words(SCOPES[each.scope]), "lines": _organizations(each)} for each in simulations]
    return [
        {"scope": words(SCOPES[each.scope]), "lines": [*_who(each, counts_area), *_needed(each, counts_area)]}
        for each in simulations
    ]


def _organizations(each: Simulation) -> list[str]:
    lines = [gettext("%(n)s 家单位，一家一票", n=number(each.heads))]
    if each.heads_without_verified_person:
        n = number(each.heads_without_verified_person)
        lines.append(gettext("%(n)s 家还没有确定代表；公告以后单位自己还可以确定", n=n))
    if each.quorum is not None and each.heads:
        lines.append(gettext("要有 %(n)s 家参加才够数", n=number(each.quorum.heads)))
    if each.most is not None and each.heads:
        lines.append(gettext("要有 %(n)s 家同意才通过", n=number(each.most.heads)))
    return lines


def _who(each: Simulation, counts_area: bool) -> list[str]:
    lines = [_amount(Turnout(each.heads, each.area), counts_area)]
    if each.units > each.heads:
        lines.append(gettext("一共 %(n)s 套，一人有几套的算 1 户", n=number(each.units)))
    if each.proven_heads is not None:
        lines.append(gettext("%(n)s 户是本栋的，推定有利害关系", n=number(each.heads - each.proven_heads)))
    if each.proven_heads:
        lines.append(gettext("%(n)s 户是其他楼的，证明了有利害关系", n=number(each.proven_heads)))
    if each.heads_without_verified_person:
        n = number(each.heads_without_verified_person)
        lines.append(gettext("%(n)s 户没有核对过身份的人，公告后就投不了票", n=n))
    return lines + _cast_for(each) + (_gaps(each) if counts_area else [])


def _cast_for(each: Simulation) -> list[str]:
    lines = []
    if each.heads_by_proxy:
        lines.append(gettext("%(n)s 户现在有委托，由代理人投", n=number(each.heads_by_proxy)))
    if each.split_heads:
        lines.append(gettext("%(n)s 户是几人按份共有，各投各的份额", n=number(each.split_heads)))
    if each.shares_uncast:
        n = number(each.shares_uncast)
        lines.append(gettext("其中 %(n)s 份没有核对过身份的人，网上投不成；面积仍算在总数里", n=n))
    if each.misfits:
        n = number(sum(len(misfit.unit_ids) for misfit in each.misfits))
        lines.append(gettext("%(n)s 套的共有份额还要更正，这里先按整套算", n=n))
    if each.joint_heads:
        lines.append(gettext("%(n)s 户是几人共有，全体投得一致才算投", n=number(each.joint_heads)))
    if each.joint_heads_incomplete:
        n = number(each.joint_heads_incomplete)
        lines.append(gettext("其中 %(n)s 户还有共有人没有核对过身份，网上投不成，只能用纸票或者委托书", n=n))
    return lines


def _gaps(each: Simulation) -> list[str]:
    told = (
        (each.units_without_area, gettext("%(n)s 套没有面积，算户数，不算面积", n=number(each.units_without_area))),
        (each.units_without_owner, gettext("%(n)s 套没有登记业主", n=number(each.units_without_owner))),
        (each.units_left_out, gettext("%(n)s 个车位、储藏间不算", n=number(each.units_left_out))),
    )
    return [line for count, line in told if count]


def _needed(each: Simulation, counts_area: bool) -> list[str]:
    if not each.heads:
        return []
    lines = []
    if each.quorum is not None:
        lines.append(gettext("要有 %(amount)s参加才够数", amount=_amount(each.quorum, counts_area)))
    if each.fewest is not None:
        lines.append(gettext("刚好够数时，要 %(amount)s同意", amount=_amount(each.fewest, counts_area)))
    if each.most is not None:
        lines.append(gettext("全部参加时，要 %(amount)s同意", amount=_amount(each.most, counts_area)))
    return lines


def _amount(turnout: Turnout, counts_area: bool) -> str:
    if counts_area:
        return gettext("%(n)s 户，%(area)s m²", n=number(turnout.heads), area=square_metres(turnout.area))
    return gettext("%(n)s 户", n=number(turnout.heads))
