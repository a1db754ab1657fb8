"""Who sits at the sockets of this process, in which rooms, and closing those of who may watch no more."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from flask import current_app, request
from flask import session as cookie
from flask_socketio import join_room

from cogov.ground.db import db
from cogov.ground.sockets import sockets_of
from cogov.people.queries import actor_signed_in, still_signed_in
from cogov.people.rules import ANYONE, Actor


@dataclass(frozen=True)
class Listener:
    """Who sits at a socket: the key they came with, and what they were when they came."""

    token: str
    person_id: int
    standings: frozenset[int]


LISTENERS: dict[str, Listener] = {}
CONNECTED: set[str] = set()
ARRIVED = threading.Event()
LOCK = threading.Lock()


def who(token: str) -> Actor:
    """Return whom a sign-in's token names now; anybody where it has ended."""
    held = actor_signed_in(token) if token else None
    return ANYONE if held is None else held[0]


def watching() -> int:
    """Return how many sockets are open in this process."""
    return len(CONNECTED)


def sid_here() -> str:
    """Return the number of the socket that speaks now."""
    return str(getattr(request, "sid", ""))


def come(_auth: object = None) -> None:
    """Let a socket in; who is signed in hears of their notices from then on."""
    token = str(cookie.get("_user_id") or "")
    actor = who(token)
    with LOCK:
        CONNECTED.add(sid_here())
        if actor.person_id is not None:
            standings = frozenset(held.id for held in actor.standings)
            LISTENERS[sid_here()] = Listener(token, actor.person_id, standings)
    ARRIVED.set()
    if actor.person_id is not None:
        join(f"person:{actor.person_id}")
    db.session.remove()


def go(_reason: object = None) -> None:
    """Forget a socket that was closed."""
    with LOCK:
        CONNECTED.discard(sid_here())
        LISTENERS.pop(sid_here(), None)


def token_of(sid: str) -> str:
    """Return the token that a socket came with; empty where nobody is signed in."""
    with LOCK:
        listener = LISTENERS.get(sid)
    return listener.token if listener else ""


def join(room: str) -> None:
    """Put the socket that speaks now into a room."""
    with suppress(ValueError, KeyError):  # the browser has left meanwhile, before or while this is done
        join_room(room)


def leave(sid: str, room: str) -> None:
    """Take a socket out of a room."""
    sockets_of(current_app).server.leave_room(sid, room)


def tell(event: str, said: Mapping[str, int], room: str | list[str]) -> None:
    """Say something to those in a room: numbers, never words."""
    sockets_of(current_app).emit(event, said, to=room)


def ask_again() -> None:
    """Close the sockets of those who signed out, were suspended, or hold other roles than when they came."""
    with LOCK:
        held = list(LISTENERS.items())
    now_held = still_signed_in({listener.token for _, listener in held}) if held else {}
    _close(sid for sid, listener in held if now_held.get(listener.token) != (listener.person_id, listener.standings))


def _close(sids: Iterable[str]) -> None:
    for sid in sids:
        sockets_of(current_app).server.disconnect(sid)
