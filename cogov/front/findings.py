"""What figures say about areas, about who takes part, and about what deserves attention, as the page draws it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import format_date, gettext

from cogov.front.figures import MOST, n
from cogov.ground.pages import dossier_url, words
from cogov.oversight.queries import Attention, Figures, Flow, Unit
from cogov.oversight.rules import (
    BANDS,
    DAY,
    LOW_TENTHS,
    PARTS,
    SMALLEST,
    Area,
    Part,
    Spread,
    band_width,
    in_tenths,
    spread,
)
from cogov.people.rules import OrganizationKind, kind_words
from cogov.places.models import Place
from cogov.places.queries import drawing_of
from cogov.places.rules import PlaceKind

# Areas --------------------------------------------------------------------------------------------------------------


def area_fields(here: Place, areas: list[Area]) -> dict[str, Any]:
    """Return the areas below a place: on the drawing where there is one, and as a table."""
    drawing = drawing_of(here.id) if here.kind is PlaceKind.COMMUNITY else None
    by_id = {area.id: area for area in areas}
    width = band_width(max((area.open_tenths or 0 for area in areas), default=0))
    return {
        "drawing": drawing,
        "fields": [
            {
                "name": area.name,
                "points": area.points,
                **_middle(area.points),
                "band": _band(by_id[area.id], width),
                "rate": by_id[area.id].open_rate or "—",
            }
            for area in (drawing.areas if drawing else ())
            if area.id in by_id
        ],
        "key": [(band, _band_words(band, width)) for band in range(BANDS)],
        "finding": _spread_words(spread(areas)),
        "rows": [
            [
                area.name,
                n(area.households),
                n(area.raised),
                area.raised_rate or gettext("户数太少"),
                n(area.open),
                area.open_rate or gettext("户数太少"),
            ]
            for area in areas[:MOST]
        ],
        "more": max(len(areas) - MOST, 0),
        "urls": [{"text": area.name, "url": url_for("front.place", code=area.code)} for area in areas[:MOST]],
    }


def _middle(points: str) -> dict[str, int]:
    corners = [tuple(map(int, point.split(","))) for point in points.split()]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return {"x": (min(across) + max(across)) // 2, "y": (min(down) + max(down)) // 2}


def _band(area: Area, width: int) -> int | None:
    return None if area.open_tenths is None else min(area.open_tenths // width, BANDS - 1)


def _band_words(band: int, width: int) -> str:
    low, high = in_tenths(band * width, 10), in_tenths((band + 1) * width, 10)
    if band == 0:
        return gettext("不到 %(n)s", n=high)
    if band == BANDS - 1:
        return gettext("%(n)s 起", n=low)
    return gettext("%(a)s 到不满 %(b)s", a=low, b=high)


def _spread_words(found: Spread | None) -> str:
    if found is None:
        return gettext("提出满 %(n)s 件的地方不到两个，不比较多少。", n=SMALLEST)
    return gettext(
        "按每百户算，%(most)s提出的最多（%(a)s 件），是%(least)s（%(b)s 件）的 %(times)s 倍。",
        most=found.most.name,
        a=found.most.raised_rate,
        least=found.least.name,
        b=found.least.raised_rate,
        times=found.times,
    )


# Who takes part -----------------------------------------------------------------------------------------------------


def flow_facts(shown: Figures) -> list[dict[str, str]]:
    """Return what came in and whose it was."""
    came = shown.flow
    facts = [
        (n(came.raised), gettext("件问题提出，%(n)s 人次附议", n=n(came.seconds))),
        (f"{n(came.by_residents)} / {n(came.raised)}", gettext("由居民自己提出")),
        (f"{n(came.motions.part)} / {n(came.motions.whole)}", gettext("付表决的动议由居民提出")),
        (f"{n(shown.repeats.part)} / {n(shown.repeats.whole)}", gettext("和近期同网格、同类的问题重复")),
    ]
    return [{"value": value, "text": text} for value, text in facts + _more(shown, came)]


def _more(shown: Figures, came: Flow) -> list[tuple[str, str]]:
    facts = []
    if came.turnout.whole:
        voted = f"{n(came.turnout.part)} / {n(came.turnout.whole)}"
        facts.append((voted, gettext("户次参加了 %(n)s 次结束的表决", n=n(came.decisions_closed))))
    if shown.burden.ended:
        per = in_tenths(shown.burden.entries, shown.burden.ended)
        text = gettext(
            "次登记，居委会和网格员每了结一件要做（%(entries)s 次 / %(ended)s 件）",
            entries=n(shown.burden.entries),
            ended=n(shown.burden.ended),
        )
        facts.append((per, text))
    return facts


RESIDENTS_FIRST: tuple[OrganizationKind | None, ...] = (
    None,
    OrganizationKind.SOCIAL,
    OrganizationKind.BRANCH,
    OrganizationKind.OWNERS_COMMITTEE,
    OrganizationKind.PROPERTY,
    OrganizationKind.COMMITTEE,
    OrganizationKind.STREET,
    OrganizationKind.COMMAND,
    OrganizationKind.SUPERVISION,
    OrganizationKind.BODY,
)


def funnel_lines(shown: Figures) -> dict[str, Any]:
    """Return who took which part, how often, and the residents' share of each."""
    kinds = [kind for kind in RESIDENTS_FIRST if kind in shown.funnel]
    rows = [[kind_name(kind), *(n(shown.funnel[kind][part]) for part in Part)] for kind in kinds]
    totals = [sum(shown.funnel[kind][part] for kind in kinds) for part in Part]
    residents = shown.funnel.get(None, dict.fromkeys(Part, 0))
    return {
        "head": [gettext("谁"), *({"label": words(PARTS[part]), "number": True} for part in Part)],
        "rows": rows,
        "sum": [gettext("合计"), *map(n, totals)],
        "lines": [
            {
                "name": words(PARTS[part]),
                "tenths": residents[part] * 1000 // max(total, 1),
                "value": f"{n(residents[part])} / {n(total)}",
                "sum": "",
                "low": False,
                "sentence": gettext(
                    "%(part)s：%(total)s 次，其中居民 %(n)s 次",
                    part=words(PARTS[part]),
                    total=n(total),
                    n=n(residents[part]),
                ),
            }
            for part, total in zip(Part, totals, strict=True)
        ],
    }


def kind_name(kind: OrganizationKind | None) -> str:
    """Return what a kind of actor is called; None is the people themselves."""
    return gettext("居民个人") if kind is None else words(kind_words(kind))


# What deserves attention --------------------------------------------------------------------------------------------


def attention_items(found: Attention, units: list[Unit]) -> list[dict[str, str]]:
    """Return what deserves attention: what is late, who is weak, what stands still, what comes back."""
    items = [
        {
            "icon": "alert-triangle",
            "url": dossier_url(late.number),
            "text": late.title,
            "line": gettext(
                "%(holder)s，期限 %(due)s 已过", holder=late.holder, due=format_date(late.due_at, gettext("M月d日"))
            ),
        }
        for late in found.overdue
    ]
    return items + _weak(units) + _paused(units) + _again(found)


def _weak(units: list[Unit]) -> list[dict[str, str]]:
    return [
        {
            "icon": "hourglass",
            "text": gettext("%(name)s按期率 %(percent)s", name=unit.name, percent=unit.kept.percent),
            "line": gettext("按期 %(part)s / 到期 %(whole)s 项", part=n(unit.kept.part), whole=n(unit.kept.whole)),
        }
        for unit in units
        if unit.kept.tenths is not None and unit.kept.tenths < LOW_TENTHS
    ]


def _paused(units: list[Unit]) -> list[dict[str, str]]:
    total = sum(unit.paused_seconds for unit in units)
    most = max(units, key=lambda unit: unit.paused_seconds, default=None)
    if most is None or total < DAY:
        return []
    return [
        {
            "icon": "player-pause",
            "text": gettext("时钟共暂停 %(n)s 天", n=in_tenths(total, DAY)),
            "line": gettext("%(name)s占 %(n)s 天", name=most.name, n=most.paused_days),
        }
    ]


def _again(found: Attention) -> list[dict[str, str]]:
    return [
        {
            "icon": "history",
            "text": gettext("%(matter)s在%(grid)s提出了 %(n)s 次", matter=each.matter, grid=each.grid, n=n(each.times)),
            "line": gettext("一再出现，值得一起想个长久的办法"),
        }
        for each in found.repeated
    ]


def bars(counts: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """Return counts as bars against the longest of them."""
    most = max((count for _, count in counts), default=0)
    return [
        {
            "name": name,
            "tenths": count * 1000 // max(most, 1),
            "value": n(count),
            "sum": "",
            "low": False,
            "sentence": gettext("%(name)s：%(n)s 件", name=name, n=n(count)),
        }
        for name, count in counts
    ]
