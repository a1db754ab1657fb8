"""``cogov opinion``: draw the map of opinions from a file of votes, without a database, for people and for programs.

This is where numpy and scipy are loaded; ``cogov.cli`` therefore loads this module only when the command is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from cogov.cli.charted import page_of
from cogov.cli.spoken import Say, speaker
from cogov.ground.refusals import Refused
from cogov.ground.sheets import LARGEST, refuse, text_of
from cogov.ground.words import say
from cogov.opinion.rules.chart.account import DEFAULT_SEED, DRAWS, Asked, account
from cogov.opinion.rules.chart.reading.cast import Given
from cogov.opinion.rules.chart.reading.folder import read_conversation
from cogov.opinion.rules.chart.reading.sheets import read_groups, read_votes
from cogov.opinion.rules.chart.readings import Demands
from cogov.opinion.rules.chart.tallies import everybody
from cogov.opinion.rules.publishing import public_of

SHEET = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
WRITTEN = click.Path(dir_okay=False, writable=True, path_type=Path)
USUAL = Demands()
SHARE = click.FloatRange(0, 1)
WIDTH = 160
MEGABYTE = 1024 * 1024
LARGEST_VOTES = 1024 * MEGABYTE
"""Of a file on this machine, read by whoever works on it; millions of votes are larger than what is sent to a page."""


@click.command("opinion")
@click.argument("source", type=click.Path(exists=True, readable=True, path_type=Path))
@click.option("--comments", type=SHEET, help="陈述的文件（CSV）：哪些被审核去掉，哪些只问身份。")
@click.option("--groups", type=SHEET, help="已有的分组（CSV）：不另外分组，按它算。")
@click.option("--cold", is_flag=True, help="文件夹里有 Polis 自己的分组也不用，从头分。")
@click.option("--at-least", type=SHARE, default=USUAL.at_least, show_default=True, help="共识：每组同意的下界。")
@click.option("--bridging", type=float, default=USUAL.bridging, show_default=True, help="共识：搭桥分。")
@click.option("--geometric", type=SHARE, default=USUAL.geometric, show_default=True, help="共识：各组的几何平均。")
@click.option("--false-finds", type=SHARE, default=USUAL.false_finds, show_default=True, help="共识：容许的误报比例。")
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="稳定性重抽用的种子，应当先公布。")
@click.option("--draws", type=click.IntRange(0, 1000), default=DRAWS, show_default=True, help="重抽多少次。")
@click.option(
    "--page", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="写成一页 HTML：打印、手机上看。"
)
@click.option("--title", default="", help="这一页的标题；没有给就是文件名。")
@click.option("--json", "as_json", is_flag=True, help="写成 JSON，给程序读。")
def opinion_file(
    source: Path,
    comments: Path | None,
    groups: Path | None,
    cold: bool,
    at_least: float,
    bridging: float,
    geometric: float,
    false_finds: float,
    seed: str,
    draws: int,
    page: Path | None,
    title: str,
    as_json: bool,
) -> None:
    """画意见地图：Polis 导出的 VOTES.csv，或它的 JSON 文件夹；见 docs/opinion.md。"""
    speak = speaker()
    demands = Demands(at_least, bridging, geometric, false_finds=false_finds)
    given = _read(source, comments, groups, cold, speak)
    told = account(given, Asked(demands, seed, draws))
    if page is not None:
        _write(page, page_of(_public(given, told), given.texts, title or source.resolve().stem, speak))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, allow_nan=False))
    else:
        _show(told, speak)


def _read(source: Path, comments: Path | None, groups: Path | None, cold: bool, speak: Say) -> Given:
    """Read files, or end with the sentence that says what is wrong with one of them."""
    at = source
    try:
        if source.is_dir():
            at = source / "votes.json"
            beside, math = source / "comments.json", source / "math-pca2.json"
            own_groups = read_groups(_text(groups)) if groups else None
            official = _text(math) if math.is_file() and not cold else None
            return read_conversation(_text(at), _text(beside) if beside.is_file() else None, official, own_groups)
        return read_votes(_text(source), _text(comments) if comments else None, _text(groups) if groups else None)
    except Refused as error:
        words = (error.refusal.message, error.refusal.what_next)
        raise click.ClickException(f"{at.name}：{' '.join(speak(each) for each in words if each)}") from error
    except OSError as error:
        raise click.ClickException(f"{at.name} 读不出来：{error.strerror}。") from error


def _text(file: Path) -> str:
    size = file.stat().st_size
    if size <= LARGEST:
        return text_of(file.read_bytes())
    if size > LARGEST_VOTES:
        refuse("file_too_large", say("文件超过 {n} MB。", n=LARGEST_VOTES // MEGABYTE))
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        refuse("file_unreadable", say("这么大的文件只读 UTF-8 的。"), say("请另存为 CSV（UTF-8）再试。"))


def _public(given: Given, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be published, with how all answered, whether they are on the map or not."""
    votes, counted = given.votes, everybody(given.votes)
    rows = zip(counted.agree[0].tolist(), counted.disagree[0].tolist(), counted.answered[0].tolist(), strict=True)
    aside, meta = (
        [name for name, fits in zip(votes.statements, mask, strict=True) if fits] for mask in (votes.out, votes.meta)
    )
    return public_of(told, dict(zip(votes.statements, rows, strict=True)), set(aside) - set(meta), meta)


def _write(page: Path, text: str) -> None:
    try:
        page.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{page.name} 写不了：{error.strerror}。") from error


def _show(told: Mapping[str, Any], speak: Say) -> None:
    out = Console(width=WIDTH, highlight=False, markup=False)
    people, statements = len(told["participants"]), len(told["statements"])
    mapped, groups = len(told["groups"]), len(told["group_votes"])
    out.print(
        speak(
            say(
                "{people} 人对 {statements} 条陈述投了票；{mapped} 人在地图上，分成 {groups} 组。",
                people=people,
                statements=statements,
                mapped=mapped,
                groups=groups,
            )
        )
    )
    table = Table(*(speak(words) for words in (say("组"), say("人数"), say("最能代表它的陈述"))), box=None)
    for name, group in told["group_votes"].items():
        stands = "、".join(str(entry["tid"]) for entry in told["representative"][name])
        table.add_row(name, str(group["n-members"]), stands or "—")
    out.print(table)
    shared = [name for name, read in told["readings"].items() if read["consensus"]]
    out.print(speak(say("各组都同意的陈述：{names}", names="、".join(shared) or "—")))
    stable = told["stability"]
    if stable["mean"] is not None:
        out.print(
            speak(
                say(
                    "换一批人再分组，和这里的相似程度平均 {mean}，最低 {lowest}（1 是完全一样）。种子：{seed}",
                    mean=f"{stable['mean']:.2f}",
                    lowest=f"{stable['lowest']:.2f}",
                    seed=stable["seed"],
                )
            )
        )
    marked = told["flagged"]
    out.print(
        speak(
            say(
                "标出来、没有去掉的：{straight} 人几乎都选同一个，{same} 组答案完全一样，{fast} 人快得来不及读。",
                straight=len(marked["straight_liners"]),
                same=len(marked["duplicates"]),
                fast=len(marked["speeders"]),
            )
        )
    )
