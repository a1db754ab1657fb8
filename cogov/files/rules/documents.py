"""Documents: a PDF that somebody sends is written anew from its pages, as a picture is from its pixels."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cogov.files.rules import rewriting
from cogov.files.rules.drawing import MAX_BYTES
from cogov.ground.refusals import Refusal, Refused
from cogov.ground.wording import tidy
from cogov.ground.words import Words, say

PDF_MIME = "application/pdf"
TITLE_LENGTH = 80
ENDING = ".pdf"

LONGEST = 30.0
"""Seconds, however busy the machine is; the writer gives up by itself after ten of the processor."""

WAIT = 10.0
"""Seconds for which somebody waits until the writer is free: it may take half a gigabyte, so there is one at a time."""

MOST_WAITING = 3
"""How many wait or are served at once in a process: whoever comes then is told so at once, and keeps no thread."""

_writer = threading.BoundedSemaphore(1)
_door = threading.Lock()
_sending: set[int] = set()
_UNSHOWN = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff<>:"/\\|?*]+')


@dataclass(frozen=True)
class Rewritten:
    """A document as it is stored; ``name`` is the SHA-256 of its bytes, ``title`` what its sender calls it."""

    name: str
    data: bytes
    pages: int
    title: str


def is_document(data: bytes) -> bool:
    """Say whether bytes say of themselves that they are a PDF; what the file is called says nothing."""
    return b"%PDF-" in data[:1024]


def tame_title(name: str) -> str:
    """Return the name of a file as it may be shown and saved: no path, nothing turned round, the ending it has."""
    last = re.split(r"[/\\]", name)[-1]
    stem = re.sub(r"(?i)(\.pdf)+$", "", _UNSHOWN.sub(" ", tidy(last)).strip(" ."))
    return (" ".join(stem.split())[: TITLE_LENGTH - len(ENDING)].strip(" .") or "document") + ENDING


@contextmanager
def one_at_a_time(person_id: int) -> Iterator[None]:
    """Let a person wait for one document at a time, and few people at once; all others are refused without waiting."""
    with _door:
        if person_id in _sending or len(_sending) >= MOST_WAITING:
            raise Refused(_busy())
        _sending.add(person_id)
    try:
        yield
    finally:
        with _door:
            _sending.discard(person_id)


def write_anew(data: bytes, name: str) -> Rewritten:
    """Return a PDF that shows what this one shows and does nothing, without a word of who made it."""
    if len(data) > MAX_BYTES:
        raise Refused(_too_large())
    made = _made(data)
    told, _, pdf = made.partition(b"\n")
    if len(pdf) > 2 * MAX_BYTES:
        raise Refused(_too_large())
    return Rewritten(hashlib.sha256(pdf).hexdigest(), pdf, int(json.loads(told)["pages"]), tame_title(name))


def _made(data: bytes) -> bytes:
    if not _writer.acquire(timeout=WAIT):
        raise Refused(_busy())
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and nothing that people write is an argument
            [sys.executable, "-I", str(rewriting.__file__)],
            input=data,
            capture_output=True,
            timeout=LONGEST,
            check=False,
            cwd="/",
            env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        )
    except subprocess.TimeoutExpired:
        raise Refused(_unreadable()) from None
    finally:
        _writer.release()
    if done.returncode == rewriting.LOCKED:
        raise Refused(_locked())
    if done.returncode == rewriting.TOO_MANY_PAGES:
        raise Refused(_too_many_pages())
    if done.returncode:
        # By a word or by a signal: whatever was too much for it ended it.
        raise Refused(_unreadable())
    return done.stdout


def _refused(code: str, message: Words, what_next: Words) -> Refusal:
    return Refusal(code, message, what_next=what_next, status=422)


def _busy() -> Refusal:
    return Refusal(
        "documents_busy",
        say("正在处理别的 PDF。"),
        what_next=say("请过一会儿再传；您写的文字还在。"),
        status=503,
    )


def _too_large() -> Refusal:
    return _refused(
        "document_too_large",
        say("这个 PDF 超过 {n} MB。", n=MAX_BYTES // (1024 * 1024)),
        say("请分成几个文件，或者把里面的图片压小一点；您写的文字还在。"),
    )


def _locked() -> Refusal:
    return _refused("document_locked", say("这个 PDF 有密码，别人打不开。"), say("请去掉密码后再传；您写的文字还在。"))


def _too_many_pages() -> Refusal:
    return _refused(
        "document_too_long",
        say("这个 PDF 超过 {n} 页。", n=rewriting.MOST_PAGES),
        say("请只留要给大家看的几页；您写的文字还在。"),
    )


def neither() -> Refusal:
    """Say that a file is nothing that stands beside a message."""
    return _refused(
        "file_unreadable",
        say("这个文件不是能读的照片，也不是 PDF。"),
        say("请用 JPEG、PNG、WebP 格式的照片，或者 PDF；您写的文字还在。"),
    )


def _unreadable() -> Refusal:
    return _refused(
        "document_unreadable",
        say("这个文件不是能读的 PDF。"),
        say("请重新存成 PDF，或者拍成照片再传；您写的文字还在。"),
    )
