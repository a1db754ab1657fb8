"""``cogov import``: files into places, grids, the roll, duty lists, the catalogue and the calendar."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import click

from cogov.cli.installation import installation, sentence
from cogov.duties.commands import (
    import_calendar,
    import_days,
    import_duties,
    import_matters,
    import_shipped_matters,
)
from cogov.duties.rules.holidays import holidays, known_year
from cogov.ground.loading import later
from cogov.ground.refusals import Refused
from cogov.ground.sheets import LARGEST, harmless, refuse_large
from cogov.journal.batches import Imported, Tell
from cogov.people.commands import import_people
from cogov.people.rules import CLOCK
from cogov.places.commands import import_grids, import_places, import_roll

shown, terminal = later("rich.progress"), later("rich.console")

SHOWN = 20
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)

Import = Callable[..., Imported]


@click.group("import")
def import_() -> None:
    """从文件导入；列的说明见 docs/imports.md。"""


def _of_files(name: str, run: Import, words: str) -> None:
    @import_.command(name, help=words)
    @click.argument("files", nargs=-1, required=True, type=FILE)
    def command(files: tuple[Path, ...]) -> None:
        _files(run, files)


for _name, _run, _words in (
    ("places", import_places, "省、市、区县、街道、社区（CSV）。"),
    ("grids", import_grids, "网格及其边界（CSV 或 GeoJSON）。"),
    ("roll", import_roll, "房屋与业主名册（CSV）。"),
    ("duties", import_duties, "权责清单（CSV）。"),
    ("people", import_people, "单位、人、身份和授权（CSV）。"),
):
    _of_files(_name, _run, _words)


@import_.command()
@click.argument("files", nargs=-1, type=FILE)
@click.option("--default", "shipped", is_flag=True, help="导入自带的事项目录。")
def matters(files: tuple[Path, ...], shipped: bool) -> None:
    """事项目录（CSV）。"""
    if shipped == bool(files):
        raise click.UsageError("请给出文件，或用 --default 导入自带的目录。")
    if shipped:
        with installation():
            _say("自带的事项目录", _shown("自带的事项目录", None, lambda tell: import_shipped_matters(CLOCK, tell)))
    else:
        _files(import_matters, files)


@import_.command()
@click.argument("files", nargs=-1, type=FILE)
@click.option(
    "--default",
    "years",
    type=click.IntRange(1900, 2999),
    multiple=True,
    metavar="YEAR",
    help="导入这一年的法定节假日与调休。",
)
def calendar(files: tuple[Path, ...], years: tuple[int, ...]) -> None:
    """节假日与调休（CSV）。"""
    if bool(years) == bool(files):
        raise click.UsageError("请给出文件，或用 --default 2026 导入法定节假日。")
    for year in years:
        if not known_year(year):
            raise click.ClickException(f"{year} 年的放假安排还不知道。请按国务院通知用 CSV 导入。")
        lines = list(holidays(year))
        with installation():
            _say(f"{year} 年", import_days(CLOCK, lines))
    if files:
        _files(import_calendar, files)


def _files(run: Import, files: tuple[Path, ...]) -> None:
    with installation():
        refused = sum(_file(run, file) for file in files)
    if refused:
        raise SystemExit(1)


def _file(run: Import, file: Path) -> int:
    """Import a file, say what became of it, and return how many lines were refused."""
    try:
        if file.stat().st_size > LARGEST:
            refuse_large()
        data = file.read_bytes()
        imported = _shown(file.name, data.count(b"\n"), lambda tell: run(CLOCK, data, tell))
    except Refused as error:
        raise click.ClickException(f"{file.name}：{sentence(error.refusal)}") from error
    except OSError as error:
        raise click.ClickException(f"{file.name} 读不出来：{error.strerror}。") from error
    _say(file.name, imported, _report(file, imported))
    return len(imported.refused)


def _shown(name: str, size: int | None, run: Callable[[Tell], Imported]) -> Imported:
    """Run an import behind a progress bar, on standard error."""
    columns = (
        shown.TextColumn("{task.description}"),
        shown.BarColumn(),
        shown.MofNCompleteColumn(),
        shown.TimeElapsedColumn(),
    )
    with shown.Progress(*columns, console=terminal.Console(stderr=True), transient=True) as progress:
        task = progress.add_task(name, total=size or None)
        return run(lambda lines: progress.advance(task, lines))


def _say(name: str, imported: Imported, report: Path | None = None) -> None:
    if imported.changed_nothing:
        click.echo(f"{name}：{imported.unchanged} 行都已登记，没有改动。")
    else:
        click.echo(
            f"{name}：新登记 {imported.entered} 行，更正 {imported.corrected} 行，"
            f"没有变化 {imported.unchanged} 行，没有接受 {len(imported.refused)} 行。"
        )
    if imported.ignored:
        click.echo(f"  没有用到的列：{'、'.join(imported.ignored)}")
    for line in imported.refused[:SHOWN]:
        click.echo(f"  第 {line.number} 行：{sentence(line.refusal)}")
    if len(imported.refused) > SHOWN:
        click.echo(f"  ……另有 {len(imported.refused) - SHOWN} 行。")
    if report:
        click.echo(f"  每一行的原因写在 {report}")


def _report(file: Path, imported: Imported) -> Path | None:
    """Write line and reason of every refused row beside the file; a report of an earlier run goes when all is well."""
    report = file.with_name(f"{file.name}.report.csv")
    if not imported.refused:
        report.unlink(missing_ok=True)
        return None
    with report.open("w", encoding="utf-8-sig", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["行", "原因", "怎么办"])
        for line in imported.refused:
            message, advice = line.refusal.message, line.refusal.what_next or ""
            rows.writerow([line.number, harmless(str(message)), harmless(str(advice))])
    return report
