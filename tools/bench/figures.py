"""What is measured, kept and compared: a figure of a page or an act, and the aims with their verdicts."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from tools.stand.wires import Load


@dataclass
class Figure:
    """One page or act on one database of one size; milliseconds are of whole answers, as who asked saw them.

    Rate, share and percentiles are of the same page asked again and again while nothing happens: what is shown alike to
    everybody is kept. ``fresh`` and ``fresh_ratio`` are of the page asked by one client right after somebody wrote.
    """

    name: str
    who: str
    rate: float
    p50: float
    p95: float
    p99: float
    bytes: int = 0
    queries: int | None = None
    ratio: float | None = None
    fresh: float | None = None
    fresh_ratio: float | None = None
    faults: int = 0

    @classmethod
    def of(cls, name: str, who: str, met: Load, *, queries: int | None = None) -> Figure:
        """Return the figure of a load."""
        answered = sum(met.statuses.values())
        bad = sum(number for status, number in met.statuses.items() if status >= 400) + met.lost
        p50, p95, p99 = (met.milliseconds(share) for share in (0.5, 0.95, 0.99))
        size = met.bytes // max(answered, 1)
        return cls(name, who, met.rate, p50, p95, p99, bytes=size, queries=queries, faults=bad)


@dataclass
class Aim:
    """What a figure should be, and what it is; those of a group stand in one row of the README by their worst."""

    name: str
    wanted: float
    found: float
    least: bool
    unit: str = ""
    group: str = ""

    @property
    def row(self) -> str:
        """Return the row of a table in which it stands."""
        return self.group or self.name

    @property
    def met(self) -> bool:
        """Say whether it is good enough."""
        return self.found >= self.wanted if self.least else self.found <= self.wanted


@dataclass
class Report:
    """All figures of one database of one size."""

    database: str
    problems: int
    figures: list[Figure] = field(default_factory=list)
    aims: list[Aim] = field(default_factory=list)

    def figure(self, name: str, who: str) -> Figure | None:
        """Return a figure by its name."""
        return next((each for each in self.figures if (each.name, each.who) == (name, who)), None)

    def plain(self) -> dict[str, Any]:
        """Return it all as values for JSON."""
        aims = [{**asdict(aim), "met": aim.met} for aim in self.aims]
        return {**asdict(self), "aims": aims}


FLOOR, ANONYMOUS, SIGNED_IN, ACT = "floor", "anyone", "signed in", "act"
SHARE = {ANONYMOUS: 0.35, SIGNED_IN: 0.12, ACT: 0.25}
"""Which share of the floor an aim asks for: of the bare page, and of the bare insert for acts."""

GROUPS = {ANONYMOUS: "pages for anyone", SIGNED_IN: "pages, signed in", ACT: "acts"}

LIST_QUERIES, DOSSIER_QUERIES = 6, 12
GROWTH = 1.3
LISTS = ("list", "list, last page")
DOSSIERS = ("dossier", "thread of 1000", "thread of 10000")


def judge(report: Report) -> None:
    """Compare pages and acts with the floor of their run, and count what they ask of the database."""
    for figure in report.figures:
        floor = report.figure("bare insert" if figure.who == ACT else "bare page", FLOOR)
        if floor is None or figure.who not in SHARE:
            continue
        figure.ratio = figure.rate / floor.rate if floor.rate else 0.0
        name = f"{figure.name}, {figure.who}: share of the {floor.name}"
        group = f"{GROUPS[figure.who]}, share of the {floor.name}"
        report.aims.append(Aim(name, SHARE[figure.who], figure.ratio, least=True, group=group))
        if figure.fresh and floor.fresh:
            figure.fresh_ratio = floor.fresh / figure.fresh
        most = LIST_QUERIES if figure.name in LISTS else DOSSIER_QUERIES if figure.name in DOSSIERS else None
        if most is not None and figure.queries is not None:
            group = "queries of a list" if most == LIST_QUERIES else "queries of a dossier"
            name = f"{figure.name}, {figure.who}: queries"
            report.aims.append(Aim(name, most, figure.queries, least=False, group=group))
    first, last = report.figure("list", ANONYMOUS), report.figure("list, last page", ANONYMOUS)
    if first and last and first.p50:
        report.aims.append(Aim("last keyset page against the first", GROWTH, last.p50 / first.p50, least=False))


def by_database(reports: list[Report]) -> dict[str, list[Report]]:
    """Return the reports of each database, the smallest first."""
    databases = dict.fromkeys(report.database for report in reports)
    ordered = sorted(reports, key=lambda each: each.problems)
    return {name: [each for each in ordered if each.database == name] for name in databases}


def growth(reports: list[Report]) -> dict[str, list[Aim]]:
    """Return how much slower each page is on the largest size than on the smallest, by database."""
    found: dict[str, list[Aim]] = {}
    for database, sizes in by_database(reports).items():
        aims = found.setdefault(database, [])
        if len(sizes) < 2:
            continue
        small, large = sizes[0], sizes[-1]
        for figure in large.figures:
            before = small.figure(figure.name, figure.who)
            if before is None or not before.p50 or figure.who not in SHARE:
                continue
            name = f"{database}, {figure.name}, {figure.who}: growth {small.problems} → {large.problems}"
            group = f"growth of the median, {small.problems:,} → {large.problems:,}"
            aims.append(Aim(name, GROWTH, figure.p50 / before.p50, least=False, unit="×", group=group))
    return found
