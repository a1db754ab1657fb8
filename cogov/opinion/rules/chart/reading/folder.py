"""A conversation as Polis keeps it, in JSON: votes, comments, and its own mathematics with the groups it drew.

Keys come in two spellings (`pid` or `participant_id`, `tid` or `statement_id`, `mod` or `moderated`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cogov.ground.wording import tidy
from cogov.ground.words import say
from cogov.opinion.rules.chart.reading.cast import Cast, Given
from cogov.opinion.rules.chart.reading.faults import fault, unfit
from cogov.opinion.rules.chart.reading.rows import Told

PARTICIPANT = ("participant_id", "pid")
STATEMENT = ("statement_id", "tid")
MODERATED = ("moderated", "mod")
TIME = ("modified", "created")

_TIME = re.compile(r"\d{1,15}(?:\.\d{1,9})?")


def read_conversation(
    votes: str, comments: str | None = None, math: str | None = None, groups: Mapping[str, str] | None = None
) -> Given:
    """Return the votes, and the groups given or else those of its own mathematics."""
    cast = Cast()
    for number, entry in _entries(votes, "votes.json"):
        vote = entry.get("vote")
        if isinstance(vote, bool) or not isinstance(vote, int):
            fault(number, say("票只能是 1（同意）、0（跳过）或 -1（不同意）。"))
        cast.take(number, _name(number, entry, PARTICIPANT), _name(number, entry, STATEMENT), vote, _time(entry))
    if groups is None and math is not None:
        groups = official_groups(math)
    return cast.given(_told(comments) if comments is not None else None, groups)


def _told(comments: str) -> Told:
    out, meta, texts = [], [], {}
    for number, entry in _entries(comments, "comments.json"):
        name = _name(number, entry, STATEMENT)
        out += [name] if _either(entry, MODERATED) == -1 else []
        meta += [name] if entry.get("is_meta") is True else []
        texts[name] = tidy(str(entry.get("txt", "")))
    return Told(tuple(out), tuple(meta), texts)


def official_groups(math: str) -> dict[str, str]:
    """Return who is in which group: a group holds base clusters, and these hold participants."""
    told = _parsed(math, "math-pca2.json")
    try:
        base = dict(zip(told["base-clusters"]["id"], told["base-clusters"]["members"], strict=True))
        return {
            str(person): str(group["id"])
            for group in told["group-clusters"]
            for cluster in group["members"]
            for person in base[cluster]
        }
    except (KeyError, TypeError, ValueError):
        unfit(say("{file} 里没有写明各组有谁。", file="math-pca2.json"))


def _entries(text: str, file: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    told = _parsed(text, file)
    if not isinstance(told, list):
        unfit(say("{file} 应当是一张列表。", file=file))
    for number, entry in enumerate(told, start=1):
        if not isinstance(entry, dict):
            fault(number, say("{file} 的每一项应当有名称和值。", file=file))
        yield number, entry


def _parsed(text: str, file: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        unfit(say("{file} 不是完整的 JSON。", file=file))


def _name(number: int, entry: Mapping[str, Any], spellings: tuple[str, ...]) -> str:
    value = _either(entry, spellings)
    if isinstance(value, bool) or not isinstance(value, int | str):
        fault(number, say("缺少：{names}。", names=spellings[0]))
    return str(value)


def _time(entry: Mapping[str, Any]) -> float | None:
    value = _either(entry, TIME)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return float(value) if isinstance(value, str) and _TIME.fullmatch(value) else None


def _either(entry: Mapping[str, Any], spellings: tuple[str, ...]) -> Any:
    return next((entry[each] for each in spellings if each in entry), None)
