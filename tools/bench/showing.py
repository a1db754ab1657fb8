"""Figures as tables on the screen, as JSON to keep, and as Markdown for the README."""

from __future__ import annotations

import argparse
import json
import os
import platform
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cogov import __version__
from cogov.ground.clock import now
from tools.bench.figures import Aim, Figure, Report

HEADS = ("page or act", "who", "per s and core", "of the floor", "p50 ms", "p95", "p99", "queries", "bytes", "faults")


def wide() -> Console:
    """Return where figures are printed; a file is as wide as the table."""
    console = Console()
    return console if console.is_terminal else Console(width=120)


def show(console: Console, reports: list[Report], grown: list[Aim]) -> None:
    """Print everything that was measured."""
    for report in reports:
        table = Table(title=f"{report.database}, {report.problems} problems")
        for index, head in enumerate(HEADS):
            table.add_column(head, justify="left" if index < 2 else "right")
        for figure in report.figures:
            table.add_row(*cells(figure))
        console.print(table)
        _aims(console, report.aims)
    _aims(console, grown)


def _aims(console: Console, aims: list[Aim]) -> None:
    for aim in aims:
        verdict = "[green]ok[/]" if aim.met else "[red]short[/]"
        console.print(f"{verdict:>16}  {_said(aim)}", highlight=False)


def _said(aim: Aim) -> str:
    return f"{aim.name}: {aim.found:.3g} {aim.unit}".rstrip() + f" ({'≥' if aim.least else '≤'} {aim.wanted:g})"


def cells(figure: Figure) -> list[str]:
    """Return a figure as the cells of a row."""
    ratio = "" if figure.ratio is None else f"{figure.ratio:.3f}"
    took = [f"{value:.1f}" for value in (figure.p50, figure.p95, figure.p99)]
    queries = "" if figure.queries is None else str(figure.queries)
    return [figure.name, figure.who, f"{figure.rate:.0f}", ratio, *took, queries, str(figure.bytes), str(figure.faults)]


def keep(folder: Path, reports: list[Report], grown: list[Aim], options: argparse.Namespace) -> Path:
    """Write the figures into a folder of their own; return it."""
    at = now()
    kept = folder / at.strftime("%Y%m%d-%H%M%S")
    kept.mkdir(parents=True, exist_ok=True)
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    whole = {
        "cogov": __version__,
        "at": at.isoformat(timespec="seconds"),
        "machine": machine,
        "options": vars(options),
        "reports": [report.plain() for report in reports],
        "growth": [{"name": aim.name, "wanted": aim.wanted, "found": aim.found, "met": aim.met} for aim in grown],
    }
    (kept / "figures.json").write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    (kept / "figures.md").write_text(markdown(reports, grown), encoding="utf-8")
    return kept


def markdown(reports: list[Report], grown: list[Aim]) -> str:
    """Return the figures as they stand in a README."""
    parts = []
    for report in reports:
        rows = [list(HEADS), ["---"] * 2 + ["--:"] * (len(HEADS) - 2), *(cells(figure) for figure in report.figures)]
        parts.append(f"### {report.database}, {report.problems} problems\n")
        parts.append("\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n")
        parts.append("\n".join(f"- {'ok' if aim.met else '**short**'}: {_said(aim)}" for aim in report.aims) + "\n")
    if grown:
        parts.append("### Growth\n")
        parts.append("\n".join(f"- {'ok' if aim.met else '**short**'}: {_said(aim)}" for aim in grown) + "\n")
    return "\n".join(parts)
