"""The tokens of forms in what is drawn once for many readers: marks stand there, and each page puts its reader's in."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

_CSRF, ONCE = (f"put-{secrets.token_hex(8)}" for _ in range(2))

_TOKEN = "csrf_token"  # noqa: S105 - the name under which Flask-WTF keeps a request's token


_G: Any = g


@contextmanager
def for_many() -> Iterator[None]:
    """Draw what many will read: whichever form is made or shown inside gets marks where tokens belong."""
    here = _G._get_current_object()
    before, own = here.get("for_many", False), here.pop(_TOKEN, None)
    here.for_many, here.csrf_token = True, _CSRF
    try:
        yield
    finally:
        here.for_many = before
        here.pop(_TOKEN, None)
        if own is not None:
            here.csrf_token = own


def drawn_for_many() -> bool:
    """Say whether what is drawn now is for more than this reader."""
    return bool(g.get("for_many"))


def with_own_tokens(html: str, once: Callable[[], str]) -> Markup:
    """Put a reader's own tokens into a page: one for all forms, and a fresh one for each to be sent once."""
    # Who only reads is given no token: it would cost them a cookie, and everybody a page of their own.
    if _CSRF in html:
        html = html.replace(_CSRF, generate_csrf())
    first, *rest = html.split(ONCE)
    return Markup(first + "".join(once() + each for each in rest))  # noqa: S704 - rendered with escaping
