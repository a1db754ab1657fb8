"""Addresses that people type: what is wrong with one, and which places on the network may be called at all.

Pure, so that rules may ask; ``cogov.ground.outward`` is the door that calls.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

LONGEST_URL = 1000
LARGEST_ANSWER = 64 * 1024

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Public by number, but the inside of a cloud to whoever runs in it.
_INSIDE = frozenset(ipaddress.ip_address(text) for text in ("168.63.129.16", "100.100.100.200"))
# Kept for protocols; older tables of what is global take all but a few of it for the open.
_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")
# Forms of version 6 that carry an address of version 4, which another machine on the way would unpack.
_CARRIERS = tuple(ipaddress.ip_network(text) for text in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48"))

_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class Call:
    """What is posted where."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back, cut at LARGEST_ANSWER; ``retry_after`` in seconds where the other side asked for patience."""

    status: int
    body: bytes
    retry_after: int | None = None


def _refusal(code: str, message: Words) -> Refusal:
    return Refusal(code, message, what_next=say("请从群机器人或对方系统的设置里原样复制网址。"), status=422)


def why_not_call(url: str, *, trying: bool = False) -> Refusal | None:
    """Say what is wrong with an address as it is typed; where its name leads is asked when it is called."""
    parts = parts_of(url)
    if parts is None:
        return _refusal("url_malformed", say("网址写得不完整。"))
    if parts.username is not None or parts.password is not None:
        return _refusal("url_credentials", say("网址里不能带用户名和密码。"))
    host = host_of(parts)
    if host is None:
        return _refusal("url_host", say("网址里的主机名不对，请写完整的域名。"))
    here = trying and (host == "localhost" or is_loopback(host))
    if parts.scheme != "https" and not (here and parts.scheme == "http"):
        return _refusal("url_https", say("网址要以 https:// 开头。"))
    literal = _literal(host)
    if not here and (host == "localhost" or (literal is not None and not is_public(literal))):
        return _refusal("url_inside", say("这个网址指向内部网络，平台不往那里发。"))
    if not here and port_of(parts) != 443 and port_of(parts) < 1024:
        return _refusal("url_port", say("网址里的端口不对，请用 443 或 1024 以上的端口。"))
    return None


def parts_of(url: str) -> SplitResult | None:
    """Return the parts of an address, None where it is none that could be called."""
    fits = len(url) <= LONGEST_URL and url.isprintable() and not set(url) & set(' \\"<>^`{|}#')
    try:
        parts = urlsplit(url)
        fits = fits and bool(parts.hostname) and parts.scheme in ("https", "http") and parts.port != 0
        fits = fits and (parts.path + parts.query).isascii()
    except ValueError:
        return None
    return parts if fits else None


def port_of(parts: SplitResult) -> int:
    """Return the port that is asked for."""
    return parts.port or (443 if parts.scheme == "https" else 80)


def host_of(parts: SplitResult) -> str | None:
    """Return the host as it is asked for: a full name in ASCII, or an address in its one usual form."""
    text = (parts.hostname or "").rstrip(".")
    if _literal(text) is not None or text == "localhost":
        return text
    try:
        name = text.encode("idna").decode().lower()
    except UnicodeError:
        return None
    # A name ends in a word: 2130706433, 0x7f.1 and 127.1 are addresses in disguise and no names.
    return name if _NAME.fullmatch(name) else None


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Say whether a host is written as an address of this machine itself."""
    literal = _literal(host)
    return literal is not None and literal.is_loopback


def is_public(address: Address) -> bool:
    """Say whether an address lies out in the open: global, one machine, and no cover for another address."""
    if isinstance(address, ipaddress.IPv6Address):
        covers = address.ipv4_mapped or address.sixtofour or address.teredo
        if covers or address.scope_id or any(address in network for network in _CARRIERS):
            return False
    if address in _INSIDE or address in _PROTOCOLS:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_allowed(address: Address, *, trying: bool) -> bool:
    """Say whether the server may connect to an address."""
    return is_public(address) or (trying and address.is_loopback)
