"""What is said to a robot, and what became of it; the same for every product."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cogov.ground.addresses import Answer
from cogov.robots.rules import Fault

LONGEST_PATIENCE = 3600
A_MINUTE = 60


class PostType(StrEnum):
    """What a post is about, for programs."""

    CASE = "case"
    ANNOUNCEMENT = "announcement"
    DECISION = "decision"
    TEST = "test"


@dataclass(frozen=True)
class Post:
    """What a group may read: a number, a public title, what happened line by line, and where to read on."""

    id: str
    type: PostType
    at: datetime
    title: str
    lines: tuple[str, ...]
    url: str
    link: str
    """What the way to the page is called."""
    number: str = ""

    @property
    def words(self) -> str:
        """Everything that is said, line by line."""
        return "\n".join((f"{self.number} {self.title}".strip(), *self.lines))


@dataclass(frozen=True)
class Ear:
    """Where a robot listens: its address, its secret, and a word it wants to hear; never shown."""

    url: str
    secret: str = ""
    keyword: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a post: arrived, to be tried again after so many seconds, or refused for good."""

    fault: Fault | None = None
    again: int | None = None

    @property
    def arrived(self) -> bool:
        """Whether it is there."""
        return self.fault is None


OK = Outcome()


def later(fault: Fault, seconds: int | None = None) -> Outcome:
    """Return that it may be tried again."""
    return Outcome(fault, min(seconds or A_MINUTE, LONGEST_PATIENCE))


def never(fault: Fault) -> Outcome:
    """Return that it was refused for good."""
    return Outcome(fault)


def without_answer(answer: Answer) -> Outcome | None:
    """Return what a status other than 200 means, the same for all; None where the words decide."""
    if answer.status in (408, 425, 429) or answer.status >= 500:
        return later(Fault.BUSY, answer.retry_after)
    if answer.status in (404, 410):
        return never(Fault.GONE)
    return None if 200 <= answer.status < 300 else never(Fault.REFUSED)


def said(answer: Answer) -> tuple[int | None, str]:
    """Return the number and the words of an answer in the manner of both products; None where it is none."""
    try:
        told = json.loads(answer.body)
        code, words = told["errcode"], str(told.get("errmsg", ""))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None, ""
    return (code, words.lower()) if isinstance(code, int) else (None, "")


_MARKS = str.maketrans(
    {"<": "＜", ">": "＞", "[": "［", "]": "］", "`": "＇", "*": "＊", "#": "＃", "\\": "＼", "@": "＠"}
)


def plain(text: str) -> str:
    """Return words that no product reads as a mark: no link, no picture, nobody called by name."""
    return " ".join(text.translate(_MARKS).split())


def cut(text: str, most: int) -> str:
    """Return a text of so many bytes at most, with no sign cut in two."""
    kept = text.encode()
    return text if len(kept) <= most else kept[: most - 3].decode(errors="ignore") + "…"


def body_of(told: object) -> bytes:
    """Return JSON as it is sent."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
