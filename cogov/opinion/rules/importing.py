"""A conversation taken over from a Polis export: what was said and how it was answered, by nobody with an account."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from cogov.ground.refusals import Refusal
from cogov.ground.wording import tidy
from cogov.ground.words import say
from cogov.opinion.rules.chart.reading.faults import fault, unfit
from cogov.opinion.rules.chart.reading.rows import Vote, told_of, votes_of
from cogov.opinion.rules.stages import IMPORTED_LENGTH, QUESTION_LENGTH
from cogov.people.rules import Actor, Role

MOST_VOTES = 1_000_000
MOST_PEOPLE = 100_000
MOST_SAYINGS = 1_000

VOTES, COMMENTS, SUMMARY = "votes.csv", "comments.csv", "summary.csv"


@dataclass(frozen=True)
class Saying:
    """A statement of an export; one that was moderated out keeps its answers and loses its words."""

    name: str
    text: str
    out: bool


@dataclass(frozen=True)
class Exported:
    """A conversation as an export holds it: statements in order, and each participant's answers by statement."""

    question: str
    sayings: tuple[Saying, ...]
    answers: tuple[Mapping[str, int], ...]


def why_not_import(by: Actor, code: str) -> Refusal | None:
    """Only an administrator of the place takes a conversation over."""
    if by.holds(code, Role.ADMINISTRATOR):
        return None
    return Refusal(
        "not_an_administrator",
        say("从别处导入征集的结果，由本地的系统管理员做"),
        what_next=say("请把文件交给系统管理员"),
        status=403,
    )


def sort_sheets(sheets: Mapping[str, str]) -> dict[str, str]:
    """Return the sheets of an export by what they are, whatever the files are called."""
    known: dict[str, str] = {}
    for text in sheets.values():
        head = text[: text.find("\n") if "\n" in text else None].casefold()
        kind = COMMENTS if "comment-body" in head else VOTES if "voter-id" in head else _of_summary(head)
        if kind and kind in known:
            unfit(say("{file} 有两份。", file=kind))
        if kind:
            known[kind] = text
    for needed in (VOTES, COMMENTS):
        if needed not in known:
            unfit(say("缺少 {file}：要有 votes.csv 和 comments.csv 两份。", file=needed))
    return known


def _of_summary(head: str) -> str:
    return SUMMARY if head.lstrip("\ufeff").startswith(("topic,", "conversation-description,")) else ""


def exported(sheets: Mapping[str, str], question: str = "") -> Exported:
    """Read the sheets of an export; a line that cannot be read refuses the whole."""
    told = told_of(sheets[COMMENTS])
    texts = {name: " ".join(tidy(text).split()) for name, text in told.texts.items()}
    last = _last_votes(sheets[VOTES])
    people: dict[str, dict[str, int]] = {}
    used = set()
    for vote in last.values():
        if vote.what not in texts:
            fault(vote.line, say("{file} 里没有编号 {name} 的观点。", file=COMMENTS, name=vote.what[:40]))
        people.setdefault(vote.who, {})[vote.what] = vote.value
        used.add(vote.what)
    if len(people) > MOST_PEOPLE or len(used) > MOST_SAYINGS:
        unfit(say("最多 {n} 人、{m} 条陈述。", n=MOST_PEOPLE, m=MOST_SAYINGS))
    sayings = tuple(_saying(name, texts[name], name in told.out) for name in sorted(used, key=_by_number))
    return Exported(
        _question(question, sheets.get(SUMMARY, "")),
        sayings,
        tuple(people[name] for name in sorted(people, key=_by_number)),
    )


def _last_votes(text: str) -> dict[tuple[str, str], Vote]:
    """Return the last vote of each participant on each statement; where nothing says which that is, refuse."""
    last: dict[tuple[str, str], Vote] = {}
    for vote in votes_of(text):
        if not vote.who or not vote.what or not -1 <= vote.value <= 1:
            fault(vote.line, say("票只能是 1（同意）、0（跳过）或 -1（不同意）。"))
        before = last.get((vote.who, vote.what))
        if before is None or _later(before, vote):
            last[vote.who, vote.what] = vote
        if len(last) > MOST_VOTES:
            unfit(say("最多 {n} 票。", n=MOST_VOTES))
    if not last:
        unfit(say("文件里没有票。"))
    return last


def _later(before: Vote, vote: Vote) -> bool:
    if before.time is not None and vote.time is not None and before.time != vote.time and isfinite(vote.time):
        return vote.time > before.time
    if before.value != vote.value:
        fault(vote.line, say("和第 {at} 行是同一人对同一条，票却不同，也分不出先后。", at=before.line))
    return False


def _saying(name: str, text: str, out: bool) -> Saying:
    if not text and not out:
        unfit(say("{file} 里编号 {name} 的观点没有原话。", file=COMMENTS, name=name[:40]))
    if len(text) > IMPORTED_LENGTH:
        unfit(say("编号 {name} 的观点超过 {n} 个字。", name=name[:40], n=IMPORTED_LENGTH))
    return Saying(name, "" if out else text, out)


def _question(given: str, summary: str) -> str:
    try:
        told = dict(row[:2] for row in csv.reader(summary.lstrip("\ufeff").splitlines()) if len(row) > 1)
    except csv.Error:
        unfit(say("{file} 读不出来。", file=SUMMARY))
    question = " ".join(tidy(given or told.get("topic", "")).split())[:QUESTION_LENGTH]
    if not question:
        unfit(say("没有写明问的是什么：请填写问题，或加上 summary.csv。"))
    return question


def _by_number(name: str) -> tuple[int, int, str]:
    return (0, int(name), "") if name.isdecimal() and len(name) < len(str(10**18)) else (1, 0, name)
