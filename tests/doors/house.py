"""The prepared world behind its doors: clients of everybody, and a way back to how it was."""

from __future__ import annotations

import io
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from cogov.decisions.models import ElectorateVoter
from cogov.ground.api import PREFIX
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.scopes import Scope
from cogov.journal.models import JournalHead
from cogov.people.commands import join, make_token, note_token_used, open_sign_in, set_password
from cogov.people.models import SignIn
from cogov.people.rules import CLOCK, Actor
from cogov.people.rules.passwords import hash_password
from tests.cast import Cast
from tests.doors.forms import UPLOAD, Form, picture
from tests.doors.registers import enter_registers
from tests.doors.world import World

PASSWORD = "wo-jia-de-mao-7"
NAMES = tuple(each.name for each in fields(Cast) if each.type == "Actor")
"""Every member of the cast."""

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Key:
    """What a device holds: its cookie, and the token that its forms carry."""

    cookie: str = ""
    token: str = ""


@dataclass
class House:
    """One application over the prepared world."""

    app: Flask
    world: World
    at: datetime
    keys: dict[str, Key] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    """Of everybody's programs, with every scope."""

    def open(self) -> None:
        """Sign everybody in, and bring devices to where they wait for a code."""
        with self.app.app_context():
            set_password(CLOCK, self.world.cast.resident.person_id or 0, hash_password(PASSWORD))
            self._know_heads()
            enter_registers(self.world)
            self.world.ids["person:complained"] = self.world.cast.complained_of.person_id or 0
            for name in NAMES:
                opened = open_sign_in(getattr(self.world.cast, name), agent="tests")
                self.tokens[name] = self._token(getattr(self.world.cast, name))
                self.keys[name] = self._key(opened.token)
                row = select(SignIn.id).where(SignIn.person_id == getattr(self.world.cast, name).person_id)
                self.world.ids[f"sign_in:{name}"] = session().scalars(row.order_by(SignIn.id.desc())).first() or 0
            newcomer = join(CLOCK, pseudonym="刚搬来的人", phone="13700008888")
            made = make_token(
                self.world.cast.moderator, name="程序", scopes=[Scope.READ], until=now() + timedelta(days=60)
            )
            self.world.ids["token:moderator"] = made.id
            self.keys["newcomer"] = self._key(open_sign_in(Actor(newcomer.id), agent="tests").token)
            session().remove()
        self.keys["visitor"] = self._key(None)
        up = {"pseudonym": "晚风里的人", "community": "990101001001", "password": "", "consent": "y", "terms": "y"}
        for name, url, told in (
            ("waiting_sign_in", "/sign-in", {"contact": "13900000001", "way": "code"}),
            ("waiting_recovery", "/recovery", {"contact": "13900000002"}),
            ("waiting_sign_up", "/sign-up", {"contact": "13700009999", **up}),
        ):
            client = self.client("visitor")
            answer = client.post(url, data={"csrf_token": self.keys["visitor"].token, **told})
            assert answer.status_code == 303, answer.get_data(as_text=True)
            self.keys[name] = Key(_cookie(client), self.keys["visitor"].token)

    def _token(self, by: Actor) -> str:
        made = make_token(by, name="程序", scopes=tuple(Scope), until=now() + timedelta(days=60))
        # Used already on the day of these tests, so that reading writes nothing.
        note_token_used(made.id, now().date())
        return made.token

    def _know_heads(self) -> None:
        voters = select(ElectorateVoter.head_id).where(
            ElectorateVoter.decision_id == self.world.ids["decision:voting"],
            ElectorateVoter.person_id == self.world.cast.owner.person_id,
        )
        self.world.ids["head:owner"] = session().scalars(voters).first() or 0
        session().remove()

    def _key(self, token: str | None) -> Key:
        client = self.app.test_client()
        if token is not None:
            with client.session_transaction() as kept:
                kept["_user_id"], kept["_fresh"] = token, True
        found = _TOKEN.search(client.get("/sign-in" if token is None else "/me").get_data(as_text=True))
        assert found is not None
        return Key(_cookie(client), found.group(1))

    def client(self, name: str | None) -> FlaskClient:
        """Return a device of somebody, as it was when the house was opened; None has never been here."""
        client = self.app.test_client()
        if name is not None:
            client.set_cookie("session", self.keys[name].cookie)
        return client

    def get(self, name: str | None, url: str, **options: Any) -> TestResponse:
        """Ask for a page."""
        return self.client(name).get(url, **options)

    def ask(self, name: str | None, method: str, url: str, body: Any = None, **options: Any) -> TestResponse:
        """Ask as the program of somebody, who acts for their organization where they have one; None has no token."""
        headers = {} if name is None else {"Authorization": f"Bearer {self.tokens[name]}"}
        standing = self.standing(name)
        headers |= {"Cogov-Acting": str(standing)} if standing else {}
        headers |= options.pop("headers", {})
        return self.app.test_client().open(f"{PREFIX}{url}", method=method, json=body, headers=headers, **options)

    def standing(self, name: str | None) -> int | None:
        """Return the first standing under which somebody acts for an organization."""
        held = getattr(self.world.cast, name).standings if name else ()
        return next((each.id for each in held if each.organization_id), None)

    def send(self, name: str, url: str, told: dict[str, Any], **options: Any) -> TestResponse:
        """Send a form with its token; a file is sent as a browser would."""
        data = {"csrf_token": self.keys[name].token, **told}
        for key, value in data.items():
            if value == UPLOAD:
                content, file = picture()
                data[key] = (io.BytesIO(content), file)
        if not any(isinstance(value, tuple) for value in data.values()):
            return self.client(name).post(url, data=data, **options)
        # As one run of bytes: the client's own encoding leaves a temporary file open behind a refused upload.
        files = {key: FileStorage(*value) for key, value in data.items() if isinstance(value, tuple)}
        boundary, body = encode_multipart(data | files)
        kind = f"multipart/form-data; boundary={boundary}"
        return self.client(name).post(url, data=body, content_type=kind, **options)

    def send_form(
        self, form: Form, who: str | None = None, once: str = "once-of-the-test", **changed: Any
    ) -> TestResponse:
        """Send a good form as the one who may, or as somebody else."""
        told = form.filled(self.world) | ({"once": once} if form.once else {}) | changed
        return self.send(who or form.who, form.url(self.app, self.world), told)

    def send_pairs(self, name: str, url: str, pairs: list[tuple[str, bytes]]) -> TestResponse:
        """Send a form byte by byte, so that fields can repeat and hold what is no text."""
        pairs = [("csrf_token", self.keys[name].token.encode()), *pairs]
        body = "&".join(f"{quote_from_bytes(key.encode())}={quote_from_bytes(value)}" for key, value in pairs)
        return self.client(name).post(url, data=body, content_type="application/x-www-form-urlencoded")

    def number(self) -> int:
        """Return the number of the last entry in the journal."""
        with self.app.app_context():
            return session().scalar(select(JournalHead.number)) or 0


def _cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


class Kept:
    """A file of SQLite as it was; says whether anything was committed to it, and puts it back."""

    def __init__(self, app: Flask, file: Path) -> None:
        self.app, self.file = app, file
        self.copy = file.with_name("kept.sqlite3")
        with app.app_context():
            db.engine.dispose()
        shutil.copy(file, self.copy)
        self._touched_never()
        self._look()

    def _touched_never(self) -> None:
        """Date the file so that whatever is ever written into it shows."""
        os.utime(self.file, ns=(0, 0))

    def _look(self) -> None:
        # The number changes with whatever any other connection commits, were it one byte. Who may only read empties no
        # log into the file, and while they look nobody else does who goes: what was committed stays beside the file.
        self.eye = sqlite3.connect(f"{self.file.as_uri()}?mode=ro", uri=True)
        self.seen = self._version()

    def _version(self) -> int:
        return int(self.eye.execute("PRAGMA data_version").fetchone()[0])

    def written(self) -> bool:
        """Say whether anything was committed since it was kept or put back."""
        return self._version() != self.seen

    def put_back(self) -> None:
        """Put the file back as it was: take away the log of what was committed, or copy it anew where that is in it."""
        if not self.written():
            return
        self.app.extensions["kept"].forget()
        with self.app.app_context():
            db.engine.dispose()
        self.eye.close()
        whole = self.file.stat().st_mtime_ns == 0 and not self._is_open()
        for suffix in ("-wal", "-shm") if whole else ("", "-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        if not whole:
            shutil.copy(self.copy, self.file)
            self._touched_never()
        self._look()

    def _is_open(self) -> bool:
        """Say whether anybody here still has the file open, or what lies beside it, and would go on with what was."""
        held = Path("/proc/self/fd")
        if not held.is_dir():
            return True
        return any(_leads_to(each).startswith(str(self.file)) for each in held.iterdir())


def _leads_to(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # the one by which the folder is read is no more
        return ""


@contextmanager
def nothing_written(kept: Kept) -> Iterator[None]:
    """Insist that what runs inside commits nothing."""
    kept.put_back()
    yield
    assert not kept.written(), "something was written"


def said(answer: TestResponse) -> str:
    """Return what a page says to people, without its frame."""
    body = answer.get_data(as_text=True)
    main = re.search(r"<main.*?</main>", body, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main.group() if main else body)).strip()


def seen(text: str) -> str:
    """Return a page without what differs from one request to the next: tokens and their like."""
    with suppress(ValueError):
        text = re.sub(r'(name="(?:csrf_token|once)"[^>]*value=")[^"]+', r"\1", text)
    return text
