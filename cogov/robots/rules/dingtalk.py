"""A custom robot of 钉钉: an address with a token in it, a signature or a word that has to occur, twenty a minute."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlencode

from cogov.ground.addresses import Answer, Call
from cogov.robots.rules import Fault
from cogov.robots.rules.posts import OK, Ear, Outcome, Post, body_of, cut, later, never, plain, said, without_answer

HOST, PATH, KEY = "oapi.dingtalk.com", "/robot/send", "access_token"

MOST_BYTES = 5000

TOO_FAST = frozenset({130101, 410100, -1})
GONE = frozenset({300001, 300005, 400013, 400101, 400102})
"""No such token, no such group, or the robot was switched off."""
NOT_SAFE = 310000
"""One of the three guards of the robot did not let it through; the words say which."""

WAIT = 60


def sign(secret: str, milliseconds: int) -> str:
    """Return the signature: HMAC-SHA256 over the time and the secret, keyed with the secret, in base64."""
    told = f"{milliseconds}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), told, hashlib.sha256).digest()).decode()


def message(post: Post, ear: Ear, at: datetime) -> Call:
    """Return what is posted: the word that has to occur, a heading, what happened as a list, a link."""
    head = f"#### {plain(post.number)} {plain(post.title)}" if post.number else f"#### {plain(post.title)}"
    lines = "\n".join(f"- {plain(line)}" for line in post.lines)
    foot = f"[{plain(post.link)}]({post.url})" if post.url else ""
    room = MOST_BYTES - len((head + foot + ear.keyword).encode()) - 6
    text = "\n\n".join(part for part in (head, cut(lines, room), foot) if part)
    if ear.keyword and ear.keyword not in text:
        text = f"{text}\n\n{ear.keyword}"
    told = {"msgtype": "markdown", "markdown": {"title": cut(plain(post.title), 120), "text": text}}
    url = ear.url
    if ear.secret:
        milliseconds = int(at.timestamp() * 1000)
        url += "&" + urlencode({"timestamp": milliseconds, "sign": sign(ear.secret, milliseconds)})
    return Call(url, body_of(told), {"Content-Type": "application/json"})


def outcome(answer: Answer) -> Outcome:
    """Return what the answer means; it comes with status 200 whatever it says."""
    if (plainly := without_answer(answer)) is not None:
        return plainly
    code, words = said(answer)
    if code == 0:
        return OK
    if code in TOO_FAST:
        return later(Fault.BUSY, WAIT)
    if code == NOT_SAFE:
        return never(_guard(words))
    return never(Fault.GONE if code in GONE else Fault.REFUSED)


def _guard(words: str) -> Fault:
    if "keyword" in words:
        return Fault.KEYWORD
    return Fault.ORIGIN if "whitelist" in words or "ip" in words.split() else Fault.SIGNATURE
