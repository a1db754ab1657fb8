"""A group robot of 企业微信: one address with a key in it, markdown, twenty messages a minute."""

from __future__ import annotations

from datetime import datetime

from cogov.ground.addresses import Answer, Call
from cogov.robots.rules import Fault
from cogov.robots.rules.posts import OK, Ear, Outcome, Post, body_of, cut, later, never, plain, said, without_answer

HOST, PATH, KEY = "qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key"

MOST_BYTES = 4096

TOO_FAST = frozenset({45009, 45033})
"""Over the limit of a minute, or of calls at once; it counts anew the next minute."""

UNKNOWN = frozenset({93000, 93004, 93008, 40001, 40014})
"""The key is of no robot, or the robot is in no group any more."""

WAIT = 60


def message(post: Post, ear: Ear, at: datetime) -> Call:
    """Return what is posted: a bold line, what happened as quotations, a link."""
    head = f"**{plain(post.number)} {plain(post.title)}**" if post.number else f"**{plain(post.title)}**"
    foot = f"[{plain(post.link)}]({post.url})" if post.url else ""
    lines = "\n".join(f"> {plain(line)}" for line in post.lines)
    room = MOST_BYTES - len(head.encode()) - len(foot.encode()) - 2
    text = "\n".join(part for part in (head, cut(lines, room), foot) if part)
    told = {"msgtype": "markdown", "markdown": {"content": text}}
    return Call(ear.url, body_of(told), {"Content-Type": "application/json"})


def outcome(answer: Answer) -> Outcome:
    """Return what the answer means; it comes with status 200 whatever it says."""
    if (plainly := without_answer(answer)) is not None:
        return plainly
    code, _ = said(answer)
    if code == 0:
        return OK
    if code in TOO_FAST or code == -1:
        return later(Fault.BUSY, WAIT)
    return never(Fault.GONE if code in UNKNOWN else Fault.REFUSED)
