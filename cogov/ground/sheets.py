"""Tables that people bring: bytes to lines with named cells, cells to values; every fault is a sentence.

A line is one line of the file, so an unpaired quotation mark spoils its own line and no other.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn, TypeVar

from cogov.ground.refusals import Refusal, Refused
from cogov.ground.words import Words, say

LARGEST = 100 * 1024 * 1024
LONGEST_LINE = 100_000
DELIMITERS = (",", ";", "\t")
T = TypeVar("T")


@dataclass(frozen=True)
class Column:
    """A column: its name in the code, the names it may have in a file, and what it may hold."""

    name: str
    label: str
    also: tuple[str, ...] = ()
    needed: bool = False
    longest: int = 80

    @property
    def names(self) -> tuple[str, ...]:
        """Every name under which a file may bring it."""
        return (self.label, self.name, *self.also)


@dataclass(frozen=True)
class Line:
    """One line (or GeoJSON feature) of a file: its number as an editor shows it, and its cells or why it has none."""

    number: int
    cells: Mapping[str, str]
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Table:
    """What a file brings; ``lines`` can be read once."""

    lines: Iterator[Line]
    size: int
    ignored: tuple[str, ...] = ()


def refuse(code: str, message: Words, what_next: Words | None = None) -> NoReturn:
    """Refuse a line or a file."""
    raise Refused(Refusal(code, message, what_next=what_next, status=422))


# Bytes to lines ----------------------------------------------------------------------------------------------------


def text_of(data: bytes) -> str:
    """Return the text of a file in UTF-8 (with or without its mark), UTF-16 with its mark, or GB18030."""
    if len(data) > LARGEST:
        refuse_large()
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        refuse("file_is_workbook", say("这是表格软件的工作簿。"), say("请另存为 CSV（UTF-8）再导入。"))
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    refuse("file_unreadable", say("读不出文字，既不是 UTF-8 也不是 GB18030。"), say("请另存为 CSV（UTF-8）再导入。"))


def refuse_large() -> NoReturn:
    """Refuse a file that is too large, best before it is read."""
    refuse("file_too_large", say("文件超过 100 MB。"), say("请按街道或社区分成几个文件。"))


def table_of(text: str, columns: Sequence[Column]) -> Table:
    """Return the lines of a CSV text under the columns its first line names."""
    rows = enumerate(re.split(r"\r\n|\n|\r", text), start=1)
    at, first = next(((number, row) for number, row in rows if row.strip()), (0, ""))
    if not at:
        refuse("file_empty", say("文件是空的。"))
    delimiter = max(DELIMITERS, key=first.count)
    titles = _cells(first, delimiter)
    places, ignored = _header(titles, columns)
    return Table(_lines(rows, delimiter, places, columns, len(titles)), text.count("\n") + 1, ignored)


def _header(titles: Sequence[str], columns: Sequence[Column]) -> tuple[dict[str, int], tuple[str, ...]]:
    known = {_plain(name): column.name for column in columns for name in column.names}
    places: dict[str, int] = {}
    ignored: list[str] = []
    for index, title in enumerate(titles):
        name = known.get(_plain(title))
        if name is None:
            ignored += [title] if title else []
        elif name in places:
            refuse("column_twice", say("表头里“{title}”出现了两次。", title=title))
        else:
            places[name] = index
    missing = [column.label for column in columns if column.needed and column.name not in places]
    if missing:
        refuse(
            "column_missing",
            say("表头缺少：{names}。", names="、".join(missing)),
            say("可以用的列：{names}。", names="、".join(column.label for column in columns)),
        )
    return places, tuple(ignored)


def _plain(title: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", title)).casefold()


def _lines(
    rows: Iterator[tuple[int, str]], delimiter: str, places: Mapping[str, int], columns: Sequence[Column], width: int
) -> Iterator[Line]:
    known = {column.name: column for column in columns}
    for number, row in rows:
        if not row.strip(f" {delimiter}\u3000\t"):
            continue
        try:
            cells = _cells(row, delimiter)
            if len(cells) < width or any(cells[width:]):
                # Cells that slipped sideways must not be read under another title; empty ones at the end do no harm.
                refuse("cells_differ", say("这一行有 {n} 格，表头有 {m} 格。", n=len(cells), m=width))
            named = {name: _fitting(cells[index], known[name]) for name, index in places.items()}
        except Refused as error:
            yield Line(number, {}, error.refusal)
        else:
            yield Line(number, named)


def _cells(row: str, delimiter: str) -> list[str]:
    if len(row) > LONGEST_LINE:
        refuse("line_too_long", say("这一行超过 {n} 个字。", n=LONGEST_LINE))
    try:
        cells = next(csv.reader([row], delimiter=delimiter, strict=True))
    except csv.Error:
        refuse("quotes_unpaired", say("引号没有配对，或格子里有换行。"), say("请改成一行一条，去掉多余的引号。"))
    return [unicodedata.normalize("NFC", cell.strip().lstrip("\ufeff")) for cell in cells]


def _fitting(cell: str, column: Column) -> str:
    if len(cell) > column.longest:
        refuse("cell_too_long", say("“{label}”超过 {n} 个字。", label=column.label, n=column.longest))
    if any(unicodedata.category(character) in {"Cc", "Cs", "Cf"} for character in cell):
        refuse("cell_unreadable", say("“{label}”里有不能显示的字符。", label=column.label))
    return cell


# Cells to values ---------------------------------------------------------------------------------------------------


def needed(cells: Mapping[str, str], name: str, label: str) -> str:
    """Return a cell that may not be empty."""
    value = cells.get(name, "")
    if not value:
        refuse("cell_empty", say("“{label}”没有填。", label=label))
    return value


def code_of(text: str, label: str) -> str:
    """Return a code of digits; what a spreadsheet has turned into 1.1E+11 is named as such."""
    if re.fullmatch(r"[0-9]+", text):
        return text
    if re.fullmatch(r"[0-9.]+[eE]\+?[0-9]+", text):
        refuse(
            "code_mangled",
            say("“{label}”被表格软件改成了科学计数法：{text}。", label=label, text=text),
            say("请把这一列设为文本后重新导出。"),
        )
    refuse("code_malformed", say("“{label}”只能是数字：{text}。", label=label, text=text))


def whole(text: str, label: str, most: int) -> int:
    """Return a whole number from 0 to `most`."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > most:
        refuse("number_malformed", say("“{label}”应是 0 到 {most} 的整数：{text}。", label=label, most=most, text=text))
    return int(text)


_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月|([0-9]{2}))([0-9]{1,2})日?"
)


def day_of(text: str, label: str) -> date:
    """Return a day written 2026-03-01, 2026/3/1, 2026.3.1, 20260301 or 2026年3月1日."""
    if match := _DATE.fullmatch(text):
        year, *months, day = match.groups()
        month = next(part for part in months if part)
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            pass
    refuse("date_malformed", say("“{label}”不是日期，应写成 2026-03-01：{text}。", label=label, text=text))


YES_NO = {
    **dict.fromkeys(("是", "有", "yes", "y", "true", "1", "上班", "工作日"), True),
    **dict.fromkeys(("否", "无", "no", "n", "false", "0", "休息", "休息日", "放假"), False),
}


def one_of(text: str, known: Mapping[str, T], label: str) -> T:
    """Return what a word stands for."""
    value = known.get(text.casefold())
    if value is None:
        names = "、".join(list(known)[:12])
        refuse(
            "word_unknown", say("“{label}”没有“{text}”这一种，可以写：{names}。", label=label, text=text, names=names)
        )
    return value


class Agreement:
    """What earlier lines of a file have said, so that a later line cannot say otherwise about the same thing."""

    def __init__(self) -> None:
        self._said: dict[object, tuple[int, object]] = {}

    def insist(self, key: object, facts: object, number: int, label: str) -> None:
        """Refuse a line that contradicts an earlier one."""
        line, said = self._said.setdefault(key, (number, facts))
        if said != facts:
            refuse("line_contradicts", say("“{label}”与第 {line} 行写的不一样。", label=label, line=line))


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
