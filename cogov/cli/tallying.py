"""``cogov tally`` and ``cogov budget``: count a file of ballots, without a database, for people and for programs.

This is where numpy is loaded; ``cogov.cli`` therefore loads this module only when one of the two is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from cogov.cli.spoken import Say, speaker
from cogov.decisions.rules.count.accounting import (
    RULE_WORDS,
    BudgetRule,
    Completion,
    account,
    explanation,
    fund,
    how_read,
    money,
)
from cogov.decisions.rules.count.budget import Funded, Poll
from cogov.decisions.rules.count.profile import Profile
from cogov.decisions.rules.count.reading.pabulib import Budgeted, read_pabulib
from cogov.decisions.rules.count.reading.preflib import OrderKind, read_preflib
from cogov.decisions.rules.count.reading.sheet import read_sheet
from cogov.decisions.rules.count.tallying import METHOD_WORDS, READING, SIDE_BY_SIDE, TallyMethod, tally, why_not_tally
from cogov.decisions.rules.count.ties import DEFAULT_SEED, Lots, TieAt
from cogov.ground.refusals import Refused, insist
from cogov.ground.sheets import LARGEST, refuse, refuse_large, text_of
from cogov.ground.words import Words, say

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
SHEETS = {".csv", ".tsv", ".txt"}
ALL = "all"
WIDTH = 160

Told = Mapping[str, Any]
T = TypeVar("T")

TIE_WORDS = {
    TieAt.WINNER: say("第 {n} 个当选的平手：{among}；按种子定为 {chosen}。"),
    TieAt.PLACE: say("第 {n} 名平手：{among}；按种子定为 {chosen}。"),
    TieAt.LAST: say("第 {n} 轮末位平手：{among}；按种子淘汰 {chosen}。"),
    TieAt.SURPLUS: say("第 {n} 轮余票一样多：{among}；按种子先转 {chosen} 的。"),
    TieAt.PAIR: say("锁定第 {n} 对时强弱相同，牵涉 {among}；按种子先锁 {chosen} 胜出的。"),
    TieAt.PROJECT: say("第 {n} 步平手：{among}；按种子先定 {chosen}。"),
}


def _seeded(command: Callable[..., None]) -> Callable[..., None]:
    words = "平手时用的种子，应当在投票前公布。"
    return click.option("--seed", default=DEFAULT_SEED, show_default=True, help=words)(command)


def _as_json(command: Callable[..., None]) -> Callable[..., None]:
    return click.option("--json", "as_json", is_flag=True, help="写成 JSON，给程序读。")(command)


# Candidates --------------------------------------------------------------------------------------------------------


@click.command("tally")
@click.argument("file", type=FILE)
@click.option(
    "--method",
    type=click.Choice([*map(str, TallyMethod), ALL]),
    default=ALL,
    show_default=True,
    help="怎么计；all 是并排的八种，不含 pav 和 phragmen。",
)
@click.option("--seats", type=click.IntRange(1, 1000), default=1, show_default=True, help="stv、pav、phragmen 选几个。")
@_seeded
@_as_json
def tally_file(file: Path, method: str, seats: int, seed: str, as_json: bool) -> None:
    """计排序选票：PrefLib（soc、soi、toc、toi）或 CSV；见 docs/counting.md。"""
    speak = speaker()
    profile = _read(file, speak, lambda text: _profile(file, text, seats))
    methods = SIDE_BY_SIDE if method == ALL else (TallyMethod(method),)
    told = tally(profile, methods, Lots.drawn(profile.candidates, seed), seats) | {"reading": READING}
    if as_json:
        _write(told, speak)
    else:
        _show_tally(told, speak)


def _profile(file: Path, text: str, seats: int) -> Profile:
    kind = file.suffix.lower()
    if kind in SHEETS:
        profile = read_sheet(text)
    elif kind[1:] in set(OrderKind):
        profile = read_preflib(text, OrderKind(kind[1:]))
    else:
        kinds = "、".join([*map(str, OrderKind), *sorted(SHEETS)])
        refuse("file_unknown", say("不认得这种文件，能读的有：{kinds}。", kinds=kinds))
    insist(why_not_tally(profile, seats))
    return profile


def _show_tally(told: Told, speak: Say) -> None:
    out = Console(width=WIDTH, highlight=False, markup=False)
    counts = {name: told[name] for name in ("ballots", "overvoted", "truncated", "blank")}
    out.print(
        speak(say("{ballots} 张选票：{overvoted} 张有并列的名次，{truncated} 张没有排完，{blank} 张空白。", **counts))
    )
    table = Table(*(speak(words) for words in (say("计法"), say("当选"), say("怎么得出"))), box=None)
    for name, result in told["methods"].items():
        table.add_row(
            speak(METHOD_WORDS[TallyMethod(name)]), "、".join(result["winners"]) or "—", _course(result, speak)
        )
    out.print(table)
    _show_pairs(out, told, speak)
    for name, result in told["methods"].items():
        for tie in result["ties"]:
            out.print(f"{speak(METHOD_WORDS[TallyMethod(name)])} · {_tie(tie, speak)}")
    _show_reading(out, told, speak)


def _course(result: Told, speak: Say) -> str:
    """Say in one line how it came about."""
    if "order" in result:
        return " > ".join(result["order"])
    if "scores" in result:
        return _numbers(result["scores"])
    *_, last = result["rounds"]
    return speak(say("{n} 轮，最后 {votes}", n=len(result["rounds"]), votes=_numbers(last["votes"])))


def _numbers(numbers: Mapping[str, Any]) -> str:
    by_number = sorted(numbers.items(), key=lambda pair: -Fraction(str(pair[1])))
    return " · ".join(f"{name} {value}" for name, value in by_number)


def _show_pairs(out: Console, told: Told, speak: Say) -> None:
    names = told["candidates"]
    out.print(speak(say("一对一：每行的候选项排在每列之前的选票")))
    table = Table("", *(str(place) for place in range(1, len(names) + 1)), box=None)
    for place, (name, row) in enumerate(zip(names, told["pairwise"], strict=True)):
        cells = ("—" if column == place else str(votes) for column, votes in enumerate(row))
        table.add_row(f"{place + 1} {name}", *cells)
    out.print(table)


# Budgets -----------------------------------------------------------------------------------------------------------


@click.command("budget")
@click.argument("file", type=FILE)
@click.option("--rule", type=click.Choice([*map(str, BudgetRule)]), required=True, help="钱怎么分。")
@click.option(
    "--completion",
    type=click.Choice([*map(str, Completion)]),
    help="平均份额法还有剩钱时：add1 给每人加一元再算，直到下一步超支。",
)
@_seeded
@_as_json
def budget_file(file: Path, rule: str, completion: str | None, seed: str, as_json: bool) -> None:
    """分参与式预算：Pabulib 文件（.pb）；见 docs/counting.md。"""
    if completion and rule != BudgetRule.EQUAL_SHARES:
        raise click.UsageError("--completion 只用于 --rule equal-shares。")
    speak = speaker()
    read: Budgeted = _read(file, speak, read_pabulib)
    lots = Lots.drawn(read.poll.projects, seed)
    funded = fund(read.poll, BudgetRule(rule), lots, Completion(completion) if completion else None)
    told = account(read.poll, funded, lots) | {"rule": rule, "completion": completion, "reading": how_read(read)}
    told |= {"overvoted": read.overvoted, "truncated": read.truncated}
    if as_json:
        _write(told, speak)
    else:
        _show_budget(read.poll, funded, told, speak)


def _show_budget(poll: Poll, funded: Funded, told: Told, speak: Say) -> None:
    out = Console(width=WIDTH, highlight=False, markup=False)
    facts = {
        "rule": RULE_WORDS[BudgetRule(told["rule"])],
        "ballots": told["ballots"],
        "budget": money(poll, poll.budget),
        "n": len(funded.winners),
        "cost": money(poll, poll.cost(funded.winners)),
    }
    out.print(speak(say("{rule}：{ballots} 人投票，预算 {budget}，资助 {n} 项，共 {cost}。", **facts)))
    if funded.share is not None:
        out.print(
            speak(say("最后一轮每人分到 {share}，共算了 {n} 轮。", share=money(poll, funded.share), n=funded.rounds))
        )
    for step in funded.steps:
        mark = "✓" if step.funded else "·"
        out.print(f"{mark} {poll.projects[step.project]} {speak(explanation(poll, step, funded.share is not None))}")
    for tie in told["ties"]:
        out.print(_tie(tie, speak))
    _show_reading(out, told, speak)


# Both --------------------------------------------------------------------------------------------------------------


def _read(file: Path, speak: Say, read: Callable[[str], T]) -> T:
    """Read a file, or end with the sentence that says what is wrong with it."""
    try:
        if file.stat().st_size > LARGEST:
            refuse_large()
        return read(text_of(file.read_bytes()))
    except Refused as error:
        words = (error.refusal.message, error.refusal.what_next)
        raise click.ClickException(f"{file.name}：{' '.join(speak(each) for each in words if each)}") from error
    except OSError as error:
        raise click.ClickException(f"{file.name} 读不出来：{error.strerror}。") from error


def _write(told: Told, speak: Say) -> None:
    def spoken(value: object) -> str:
        if isinstance(value, Words):
            return speak(value)
        raise TypeError(type(value).__name__)

    click.echo(json.dumps(told, ensure_ascii=False, default=spoken))


def _tie(tie: Told, speak: Say) -> str:
    facts = {"n": tie["round"], "among": "、".join(tie["among"]), "chosen": tie["chosen"]}
    return speak(replace(TIE_WORDS[TieAt(tie["at"])], params=tuple(facts.items())))


def _show_reading(out: Console, told: Told, speak: Say) -> None:
    out.print(speak(say("种子：{seed}", seed=told["seed"])))
    for words in told["reading"].values():
        out.print(f"· {speak(words)}")
