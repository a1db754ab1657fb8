"""Bad inputs, written for these tests: each for a place in a request where somebody may put it, for any address."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes

NAUGHTY: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \t\r\n\x0b\x0c",
    "no-break": "\u00a0\u3000\u2003".encode(),
    "NUL": b"a\x00b",
    "half a pair": b"\xed\xa0\x80 half",
    "no UTF-8": b"\xff\xfe\xfa",
    "overlong": b"\xc0\xaf\xe0\x80\xaf",
    "cut off": "楼".encode()[:2],
    "GBK": "楼道里的灯坏了".encode("gbk"),
    "UTF-16": "楼道".encode("utf-16"),
    "byte order": b"\xef\xbb\xbf1",
    "control": b"\x1b[31m\x08\x07\x7f",
    "C1": "\u0085\u009b31m".encode(),
    "right to left": "\u202e\u2066翻转的字\u2069".encode(),
    "zero width": "楼\u200b道\u200d里\ufeff灯\u2060".encode(),
    "tags": "\U000e0001\U000e0041".encode(),
    "variation": "葛\U000e0100城".encode(),
    "rare Han": "\U00030edd\U00020bb7".encode(),
    "private": "\ue000\U0010fffd".encode(),
    "no character": "\ufffe\uffff".encode(),
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈🧑🏽‍🚒".encode(),
    "piled up": ("e" + "\u0301" * 3000).encode(),
    "ligature": "ﷺ".encode() * 500,
    "grows in capitals": "ŉΐßﬃ".encode() * 300,
    "Turkish": "İıſK".encode(),
    "lines": b"a\r\nb\rc\nd\r\n\r\nSet-Cookie: x=1",
    "line separators": "a\u2028b\u2029c".encode(),
    "script": b"<script>alert(1)</script>",
    "attribute": b"\"' onmouseover=alert(1) x='",
    "SQL": b"'; DROP TABLE person; --",
    "LIKE": b"%_%_%_%_%_%_%_%_%_%_%_%_%_\\",
    "FTS": b'"a" AND (b OR NOT c*) NEAR(d e, 5) ^f {g h}: -',
    "tsquery": b"a & !(b | c:*) <-> 'd'",
    "template": b"{{ 7*7 }}{% raw %} %(x)s {number} %s %n ${7*7} #{7}",
    "format": b"{0.__class__.__mro__} %x%x%x%n",
    "path": b"../../../../etc/passwd",
    "Windows": b"C:\\..\\CON\\nul.txt::$DATA",
    "address": b"javascript:alert(1)//%0d%0aLocation:%20//x.example",
    "regular": b"(a+)+$" + b"a" * 40 + b"!",
    "formula": b"=HYPERLINK(\"http://x.example\",A1)|cmd'/C calc'!A0",
    "log": b"\n2026-01-01 [info] granted role=administrator",
    "other digits": "९९٣１２".encode(),
    "superscript": "²½Ⅻ".encode(),
    "power": b"1e999999999",
    "minus": b"-1",
    "plus": b"+1",
    "zero": b"0",
    "leading": b"00000000000000000000000000001",
    "underscore": b"1_000",
    "hexadecimal": b"0x7fffffff",
    "largest": str(2**63 - 1).encode(),
    "too large": str(2**63).encode(),
    "very many digits": b"9" * 5000,
    "fraction": b"0.5",
    "long fraction": b"0." + b"1" * 4000,
    "nan": b"NaN",
    "infinity": b"-Infinity",
    "none": b"None",
    "true": b"true",
    "moment": b"9999-12-31T23:59",
    "first moment": b"0001-01-01T00:00",
    "no moment": b"2026-02-30T25:61",
    "zone": b"2026-11-22T10:00:00+99:99",
    "list": b"[1, 2]",
    "object": b'{"__proto__": {"x": 1}}',
    "deep": b"[" * 3000,
    "XML": b'<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><a>&c;</a>',
    "long": "长".encode() * 5000,
    "long line": b"x" * 60_000,
    "many words": b"a " * 9000,
}

NAMES = (
    "q",
    "place",
    "before",
    "after",
    "tab",
    "then",
    "show",
    "at",
    "days",
    "order",
    "grid",
    "limit",
    "act",
    "role",
    "v",
)
"""What some address reads from its query."""

HEADERS: tuple[dict[str, str], ...] = (
    {"Accept-Language": "zh-Hant;q=9, *;q=-1, ,,;;q=x" + ",a" * 500},
    {"Accept-Language": "\xff\xfe"},
    {"Accept": "*/*;q=nan, application/xml;q=1e9"},
    {"Accept-Encoding": "br;q=0, gzip;q=2, \x00".replace("\x00", "*")},
    {"User-Agent": "Mozilla/" + "9" * 5000},
    {"User-Agent": "\x1b[31m{{7*7}}<script>"},
    {"Referer": "javascript:alert(1)"},
    {"Referer": "http://localhost/\\\\x.example/%00"},
    {"If-Modified-Since": "Thu, 99 Foo 9999 99:99:99 GMT"},
    {"If-None-Match": 'W/"' + "x" * 3000},
    {"Range": "bytes=9-0,0-99999999999999999999,-1"},
    {"X-Forwarded-For": "1, 2, ::ffff:999.1.1.1, " + "9" * 2000},
    {"X-Forwarded-Proto": "javascript"},
    {"X-Request-ID": "\t{{7*7}} " + "x" * 3000},
    {"Cookie": "session=..; session=eyJ4IjoxfQ.x.y; lang=%00; theme=" + "x" * 2000},
    {"Cookie": "session=" + "A" * 3500 + "; type=large; ; = ; a"},
    {"Cookie": "\xff=\xfe"},
    {"Authorization": "Bearer " + "x" * 4000},
    {"Authorization": "Bearer \xff"},
    {"Authorization": "Digest username=x, realm="},
    {"Cogov-Acting": str(2**64)},
    {"Cogov-Acting": "²"},
    {"Idempotency-Key": "k" * 5000},
    {"Content-Length": "0", "Transfer-Encoding": "identity"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"HX-Request": "true", "HX-Current-URL": "\\\\x", "HX-Target": "<x>"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Content-Type": "application/x-www-form-urlencoded; charset=utf-99"},
)

MARK = "xxBOUNDARYxx"
_MULTIPART = f"multipart/form-data; boundary={MARK}"


def _part(disposition: str, content: bytes = b"x", more: str = "") -> bytes:
    return f"--{MARK}\r\nContent-Disposition: {disposition}\r\n{more}\r\n".encode() + content + b"\r\n"


_END = f"--{MARK}--\r\n".encode()
BODIES: tuple[tuple[str, bytes], ...] = (
    (_MULTIPART, _part("form-data") + _END),
    (_MULTIPART, _part('form-data; filename="a.jpg"') + _END),
    (_MULTIPART, _part('form-data; name="picture"; filename="\\";\r\n x"') + _END),
    (_MULTIPART, _part("form-data; name*=UTF-8''%00%ff; filename*=UTF-9''%zz") + _END),
    (_MULTIPART, f"--{MARK}\r\n\r\nx\r\n".encode() + _END),
    (_MULTIPART, _part('form-data; name="text"')[:-9]),
    (_MULTIPART, _part('form-data; name="text"', b"x", "Content-Transfer-Encoding: base64\r\n") + _END),
    (_MULTIPART, _part('form-data; name="text"', b"x", "X: " + "y" * 9000 + "\r\n") + _END),
    (_MULTIPART, b"".join(_part(f'form-data; name="p{n}"') for n in range(1200)) + _END),
    ("multipart/form-data", _part('form-data; name="text"') + _END),
    ("multipart/form-data; boundary=" + "x" * 300, b"--x"),
    ("multipart/mixed; boundary=x", b"--x\r\n\r\n--x--"),
    ("application/json", b"[" * 100_000),
    ("application/json", b'{"a":' * 30_000),
    ("application/json", b'{"text": "\\ud800", "place": "\\u0000", "id": 1e400}'),
    ("application/json", b'{"text": NaN, "place": -Infinity}'),
    ("application/json", b"9" * 20_000),
    ("application/json", b'{"a": 1, "a": 2}'),
    ("application/json; charset=utf-7", b"{+AHs-}"),
    ("application/json", "{}".encode("utf-16")),
    ("application/json", b""),
    ("application/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("application/x-www-form-urlencoded", b"a=%&%zz=%1&%00=%00&==&&;"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(3000))),
    ("text/plain; charset=", b"x"),
    ("x" * 3000, b"x"),
)


@dataclass(frozen=True)
class Bad:
    """One bad request: what is put into the address, the query, the headers or the body."""

    what: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    body: bytes | None = None


def one(dice: random.Random) -> Bad:
    """Return a bad request as the dice fall."""
    where = dice.choice(("query", "query", "form", "form", "header", "body"))
    what, naughty = dice.choice(list(NAUGHTY.items()))
    if where == "header":
        headers = dice.choice(HEADERS)
        return Bad(f"header {', '.join(headers)}", headers=headers)
    if where == "body":
        kind, body = dice.choice(BODIES)
        return Bad(f"body {kind[:40]}", kind=kind, body=body)
    name = dice.choice(NAMES)
    pair = f"{name}={quote_from_bytes(naughty)}"
    if where == "query":
        return Bad(f"query {name}: {what}", query=pair)
    return Bad(f"form {name}: {what}", kind="application/x-www-form-urlencoded", body=pair.encode())


def in_place_of(url: str, dice: random.Random) -> str:
    """Return an address with a bad part in place of one of its own."""
    parts = url.partition("?")[0].split("/")
    choices = [n for n, part in enumerate(parts) if part]
    if not choices:
        return url
    parts[dice.choice(choices)] = quote_from_bytes(dice.choice(list(NAUGHTY.values()))[:2000], safe="")
    return "/".join(parts)


def many(dice: random.Random, doors: list[tuple[str, str]], count: int) -> Iterator[tuple[str, str, Bad]]:
    """Yield so many bad requests, every door in turn: method, address, what is bad."""
    for n in range(count):
        method, url = doors[n % len(doors)]
        if dice.random() < 0.2:
            yield method, in_place_of(url, dice), Bad("a part of the address")
        else:
            yield method, url, one(dice)


def asked(url: str, bad: Bad) -> str:
    """Return the address with the bad part of its query behind its own."""
    return f"{url}{'&' if '?' in url else '?'}{bad.query}" if bad.query else url


def as_options(bad: Bad, token: str) -> dict[str, Any]:
    """Return what the test client needs to send it; the token travels in a header, so that bodies are read."""
    headers = {**({"X-CSRFToken": token} if token else {}), **bad.headers}
    options: dict[str, Any] = {"headers": headers}
    if bad.body is not None:
        options |= {"data": bad.body, "content_type": bad.kind}
    return options
