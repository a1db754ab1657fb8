"""Figures as tables on the screen, as JSON to keep, and as Markdown for the README."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cogov import __version__
from cogov.ground.clock import now
from tools.bench.figures import Aim, Figure, Report, by_database

HEADS = (
    "page or act",
    "who",
    "per s and core",
    "of the floor",
    "p50 ms",
    "p95",
    "p99",
    "after a write ms",
    "of the floor",
    "queries",
    "bytes",
    "faults",
)
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def wide() -> Console:
    """Return where figures are printed; a file is as wide as the table."""
    console = Console()
    return console if console.is_terminal else Console(width=140)


def show(console: Console, reports: list[Report], grown: dict[str, list[Aim]]) -> None:
    """Print everything that was measured."""
    for report in reports:
        table = Table(title=f"{report.database}, {report.problems} problems")
        for index, head in enumerate(HEADS):
            table.add_column(head, justify="left" if index < 2 else "right")
        for figure in report.figures:
            table.add_row(*cells(figure))
        console.print(table)
        _aims(console, report.aims)
    for aims in grown.values():
        _aims(console, aims)


def _aims(console: Console, aims: list[Aim]) -> None:
    for aim in aims:
        verdict = "[green]ok[/]" if aim.met else "[red]short[/]"
        console.print(f"{verdict:>16}  {_said(aim)}", highlight=False)


def _said(aim: Aim) -> str:
    return f"{aim.name}: {aim.found:.3g} {aim.unit}".rstrip() + f" ({'≥' if aim.least else '≤'} {aim.wanted:g})"


def cells(figure: Figure) -> list[str]:
    """Return a figure as the cells of a row."""
    took = [_tenths(value) for value in (figure.p50, figure.p95, figure.p99, figure.fresh)]
    counted = ["" if figure.queries is None else str(figure.queries), str(figure.bytes), str(figure.faults)]
    fresh = _share(figure.fresh_ratio)
    return [figure.name, figure.who, f"{figure.rate:.0f}", _share(figure.ratio), *took, fresh, *counted]


def _tenths(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def keep(folder: Path, reports: list[Report], grown: dict[str, list[Aim]], options: argparse.Namespace) -> Path:
    """Write the figures into a folder of their own; return it."""
    at = now()
    kept = folder / at.strftime("%Y%m%d-%H%M%S")
    kept.mkdir(parents=True, exist_ok=True)
    aims = [aim for each in grown.values() for aim in each]
    whole = {
        "cogov": __version__,
        "at": at.isoformat(timespec="seconds"),
        "machine": _machine(),
        "options": vars(options),
        "reports": [report.plain() for report in reports],
        "growth": [{"name": aim.name, "wanted": aim.wanted, "found": aim.found, "met": aim.met} for aim in aims],
    }
    (kept / "figures.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    (kept / "figures.md").write_text(markdown(reports, grown), encoding="utf-8")
    return kept


def _machine() -> dict[str, object]:
    return {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}


# For the README -------------------------------------------------------------------------------------------------------


def markdown(reports: list[Report], grown: dict[str, list[Aim]]) -> str:
    """Return the figures as they stand in a README: for each database its aims, then its pages and acts."""
    parts = []
    for database, sizes in by_database(reports).items():
        parts.append(f"### {NAMES.get(database, database)}")
        parts.append(_aims_table(sizes, grown.get(database, [])))
        parts.append(_pages_table(sizes))
    machine = _machine()
    parts.append(f"{machine['cores']} cores ({machine['machine']}), Python {machine['python']}, cogov {__version__}.")
    return "\n\n".join(parts) + "\n"


def _aims_table(sizes: list[Report], grown: list[Aim]) -> str:
    """Return one row an aim and one column a size; of many pages under one aim the worst, and how many reach it."""
    rows = [["aim", "wanted", *(f"{report.problems:,} problems" for report in sizes)]]
    for row in dict.fromkeys(aim.row for report in sizes for aim in report.aims):
        found = [[aim for aim in report.aims if aim.row == row] for report in sizes]
        known = next(aims[0] for aims in found if aims)
        rows.append([row, _wanted(known), *map(_worst, found)])
    if grown:
        empty = [""] * (len(sizes) - 1)
        rows.append([grown[0].row, _wanted(grown[0]), *empty, _worst(grown)])
    return _table(rows, left=1)


def _wanted(aim: Aim) -> str:
    return f"{'≥' if aim.least else '≤'} {aim.wanted:g} {aim.unit}".strip()


def _worst(aims: Sequence[Aim]) -> str:
    if not aims:
        return ""
    worst = (min if aims[0].least else max)(aims, key=lambda aim: aim.found)
    said = f"{worst.found:.3g} {worst.unit}".strip()
    met = sum(aim.met for aim in aims)
    if len(aims) == 1:
        return said if met else f"**{said}**"
    which = worst.name.partition(":")[0]
    return f"{said if worst.met else f'**{said}**'} ({which}); {met} of {len(aims)} reach it"


def _pages_table(sizes: list[Report]) -> str:
    """Return one row a page or act: how many a second at each size, and the rest of the largest."""
    large = sizes[-1]
    rates = [f"per s and core, {report.problems:,}" for report in sizes]
    heads = ["page or act", "who", *rates, "of the floor", "p50 / p95 / p99 ms"]
    rows = [[*heads, "right after a write: ms", "of the floor", "queries", "KiB"]]
    for figure in large.figures:
        same = [report.figure(figure.name, figure.who) for report in sizes]
        took = " / ".join(_tenths(value) for value in (figure.p50, figure.p95, figure.p99))
        queries = "" if figure.queries is None else str(figure.queries)
        fresh = [_tenths(figure.fresh), _share(figure.fresh_ratio)]
        answered = [f"{each.rate:.0f}" if each else "" for each in same]
        size = f"{figure.bytes / 1024:.0f}"
        rows.append([figure.name, figure.who, *answered, _share(figure.ratio), took, *fresh, queries, size])
    return _table(rows, left=2)


def _table(rows: list[list[str]], left: int) -> str:
    rule = ["---"] * left + ["--:"] * (len(rows[0]) - left)
    return "\n".join("| " + " | ".join(row) + " |" for row in [rows[0], rule, *rows[1:]])
