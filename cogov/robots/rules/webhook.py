"""Any other system: JSON under the signature of Standard Webhooks (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

from cogov.ground.addresses import Answer, Call
from cogov.robots.rules import Fault
from cogov.robots.rules.posts import OK, Ear, Outcome, Post, body_of, never, without_answer

PREFIX = "whsec_"
SHORTEST_KEY, LONGEST_KEY = 24, 64
"""Bytes of a secret, as the standard recommends."""


def key_of(secret: str) -> bytes | None:
    """Return the bytes of a secret, None where it is none."""
    if not secret.startswith(PREFIX):
        return None
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if SHORTEST_KEY <= len(key) <= LONGEST_KEY else None


def secret_of(key: bytes) -> str:
    """Return a key as it is written down."""
    return PREFIX + base64.b64encode(key).decode()


def sign(secret: str, id_: str, seconds: int, body: bytes) -> str:
    """Return the signature over id, time and body: no part of them can be exchanged, and nothing sent again later."""
    told = f"{id_}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key_of(secret) or b"", told, hashlib.sha256).digest()).decode()


def message(post: Post, ear: Ear, at: datetime) -> Call:
    """Return what is posted; the id stays the same however often it is sent, so that it has one effect."""
    body = body_of(
        {
            "id": post.id,
            "type": post.type.value,
            "at": post.at.isoformat(),
            "number": post.number,
            "url": post.url,
            "words": post.words,
        }
    )
    seconds = int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": post.id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign(ear.secret, post.id, seconds, body),
    }
    return Call(ear.url, body, headers)


def outcome(answer: Answer) -> Outcome:
    """Return what the answer means: only its status counts; a way to elsewhere is not followed."""
    if answer.status in (401, 403):
        return never(Fault.SIGNATURE)
    return without_answer(answer) or OK
