"""Passwords: which are refused, how they are kept, and how long it takes to be wrong."""

from __future__ import annotations

import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cogov.ground.refusals import Refusal
from cogov.ground.words import say

SHORTEST = 8
LONGEST = 128

# OWASP's smallest set for argon2id: 18 ms on a plain core, where the library's default takes 137 ms.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

AT_ONCE = 4
"""Hashes made at the same time. Each takes 19 MiB, and every thread that ever made one keeps about as much."""

_ROOM = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")

# Tried when nobody has the contact or no password was set, so that the answer takes equally long.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def _plain(password: str) -> str:
    # The same word typed on another keyboard may arrive composed or in full width.
    return unicodedata.normalize("NFKC", password)


@cache
def _commonest() -> frozenset[str]:
    file = Path(__file__).with_name("common_passwords.txt")
    return frozenset(file.read_text(encoding="utf-8").split())


MOST_PARTS = 3
"""Of so few parts that everybody uses a password is guessed within minutes; four and more make a sentence."""

# A birthday or a year, a mobile number, a run up or down, one sign or two over and over.
_BY_RULE = (
    r"(?:19|20)\d\d(?:0?[1-9]|1[0-2])?(?:0?[1-9]|[12]\d|3[01])?",
    r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
    r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
    r"1[3-9]\d{9}",
    r"0?123(?:4(?:5(?:6(?:7(?:8(?:90?)?)?)?)?)?)?",
    r"(?:9?8?7?6?5)?4?321",
)


@cache
def _habit() -> re.Pattern[str]:
    """Return what a password looks like that is put together from a few such parts."""
    lines = Path(__file__).with_name("password_habits.txt").read_text(encoding="utf-8").splitlines()
    words = {word for line in lines if not line.startswith("#") for word in line.split()}
    listed = sorted(map(re.escape, words), key=len, reverse=True)
    # Each use of a repeated sign needs a group of its own, so the parts are written out one after another.
    parts = [
        "(?:" + "|".join((*_BY_RULE, rf"(?P<r{n}>.)(?P=r{n}){{2,}}", *listed)) + r")[\W_]{0,2}"
        for n in range(MOST_PARTS)
    ]
    first, *others = parts
    # One letter more before or behind is what a form that wants letters gets.
    return re.compile(r"[\W_]{0,2}[a-z]?" + first + "".join(f"(?:{part})?" for part in others) + "[a-z]?")


def is_habit(plain: str) -> bool:
    """Say whether a password is a few names, words, dates or runs one after the other, and nothing else."""
    # Longer than any three parts: the longest word and two dates.
    return len(plain) <= 40 and _habit().fullmatch(plain) is not None


def why_not_password(password: str, contact: str = "", pseudonym: str = "") -> Refusal | None:
    """A password has 8 to 128 characters and is not what everybody tries first."""
    plain = _plain(password).casefold()
    if len(plain) < SHORTEST:
        return Refusal("password_short", say("密码至少要 {n} 个字符。", n=SHORTEST), status=422)
    if len(password) > LONGEST:
        return Refusal("password_long", say("密码最多 {n} 个字符。", n=LONGEST), status=422)
    if plain in _commonest() or len(set(plain)) < 3:
        return Refusal("password_common", say("这个密码太常见，容易被猜到，请换一个。"), status=422)
    # The contact with a sign before or behind it is no better than the contact.
    if _stripped(plain) in {_stripped(each) for each in (contact, contact.partition("@")[0], pseudonym)}:
        return Refusal("password_is_contact", say("密码不能和手机号、邮箱或化名一样，请换一个。"), status=422)
    if is_habit(plain):
        return Refusal(
            "password_habit",
            say("这个密码由常见的姓名、词、日期或连号拼成，容易被猜到。换成几个不相干的词，好记又难猜。"),
            status=422,
        )
    return None


def _stripped(text: str) -> str:
    return text.casefold().strip("0123456789._-!@#*") or text


def hash_password(password: str) -> str:
    """Return what is kept of a password (argon2id); takes about 20 ms, so call it before a verb, not inside."""
    return _ROOM.submit(_HASHER.hash, _plain(password)).result()


def password_matches(kept: str | None, password: str) -> bool:
    """Say whether a password is the right one; nobody's password takes as long as somebody's."""
    try:
        _ROOM.submit(_HASHER.verify, kept or _NOBODY, _plain(password[: LONGEST * 2])).result()
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def wants_new_hash(kept: str) -> bool:
    """Say whether a password was hashed with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)
