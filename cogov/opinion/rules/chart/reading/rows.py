"""The cells of a Polis export, line by line: plain values, for the map and for taking a conversation over."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cogov.ground.sheets import DELIMITERS
from cogov.ground.wording import tidy
from cogov.ground.words import say
from cogov.opinion.rules.chart.reading.faults import fault, unfit

PARTICIPANT = ("voter-id", "participant", "participant-id", "pid", "voter", "参与者")
STATEMENT = ("comment-id", "statement", "statement-id", "tid", "comment", "陈述")
VOTE = ("vote", "票")
TIME = ("timestamp", "modified", "时间")
MODERATED = ("moderated", "mod", "审核")
META = ("is-meta", "meta")
TEXT = ("comment-body", "txt", "text", "内容")
GROUP = ("group-id", "group", "组")

YES = {"true", "1", "yes", "是"}
_WHOLE = re.compile(r"[+-]?\d{1,15}(?:\.0+)?")
_TIME = re.compile(r"\d{1,15}(?:\.\d{1,9})?")


@dataclass(frozen=True)
class Told:
    """What is told of statements: which are out, which only ask who somebody is, and what they say."""

    out: tuple[str, ...] = ()
    meta: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Vote:
    """One line of votes."""

    line: int
    who: str
    what: str
    value: int
    time: float | None


def votes_of(text: str) -> Iterator[Vote]:
    """Yield the votes of a sheet."""
    for line, cells in rows(text, {"who": PARTICIPANT, "what": STATEMENT, "how": VOTE}, {"time": TIME}):
        yield Vote(line, cells["who"], cells["what"], _vote(line, cells["how"]), _time(line, cells.get("time", "")))


def told_of(text: str) -> Told:
    """Return which statements are moderated out, which only ask who somebody is, and what they say."""
    out, meta, texts = [], [], {}
    for line, cells in rows(text, {"what": STATEMENT}, {"moderated": MODERATED, "meta": META, "text": TEXT}):
        moderated = cells.get("moderated", "")
        if moderated and not _WHOLE.fullmatch(moderated):
            fault(line, say("审核一列只能是 1、0 或 -1。"))
        out += [cells["what"]] if moderated and float(moderated) < 0 else []
        meta += [cells["what"]] if cells.get("meta", "").casefold() in YES else []
        texts[cells["what"]] = tidy(cells.get("text", ""))
    return Told(tuple(out), tuple(meta), texts)


def _vote(line: int, text: str) -> int:
    if not _WHOLE.fullmatch(text):
        fault(line, say("票只能是 1（同意）、0（跳过）或 -1（不同意）。"))
    return int(float(text))


def _time(line: int, text: str) -> float | None:
    if not text:
        return None
    if not _TIME.fullmatch(text):
        fault(line, say("时间应是毫秒数。"))
    return float(text)


def rows(
    text: str, needed: Mapping[str, Sequence[str]], also: Mapping[str, Sequence[str]]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line's number and the cells asked for; what people write may hold line breaks."""
    heading = next((line for line in _lines(text) if line.strip()), "")
    if not heading:
        unfit(say("文件是空的。"))
    reader = csv.reader(_lines(text), delimiter=max(DELIMITERS, key=heading.count), strict=True)
    places: dict[str, int] = {}
    width = 0
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not width:
                width, places = len(row), _places(row, needed, also)
                continue
            if len(row) != width:
                fault(reader.line_num, say("这一行有 {n} 格，表头有 {m} 格。", n=len(row), m=width))
            yield reader.line_num, {name: row[place].strip() for name, place in places.items()}
    except csv.Error:
        fault(reader.line_num, say("引号没有配对。"))


def _lines(text: str) -> Iterator[str]:
    """Yield one line after the other; a list of millions of them would take ten times the room of the text."""
    begin = 1 if text.startswith("\ufeff") else 0
    while begin < len(text):
        end = text.find("\n", begin) + 1 or len(text)
        yield text[begin:end]
        begin = end


def _places(
    titles: Sequence[str], needed: Mapping[str, Sequence[str]], also: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    plain = [_plain(title) for title in titles]
    places: dict[str, int] = {}
    for name, known in {**needed, **also}.items():
        found = [place for place, title in enumerate(plain) if title in {_plain(each) for each in known}]
        if len(found) > 1:
            fault(1, say("表头里“{title}”出现了两次。", title=known[0]))
        if not found and name in needed:
            fault(1, say("表头缺少：{names}。", names=known[0]))
        if found:
            places[name] = found[0]
    return places


def _plain(title: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", title)).casefold()
