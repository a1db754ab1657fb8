"""What a visitor does at the doors: fill a form, read the outbox, look whether they are in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cogov.people.commands import set_password
from cogov.people.rules import CLOCK
from cogov.people.rules.passwords import hash_password
from tests.cast import HERE, Cast
from tests.clients import Client

PASSWORD = "wo-jia-de-mao-7"
RESIDENT, STRANGER = "13900000000", "13700001111"


def visitor() -> Client:
    """Return a device that nobody has signed in on."""
    return Client(current_app.test_client())


def fill(client: Client, url: str, **fields: Any) -> TestResponse:
    """Open a page and send its form."""
    client.get(url)
    return client.post(url, fields)


def give_password(cast: Cast, name: str = "resident") -> None:
    set_password(CLOCK, getattr(cast, name).person_id, hash_password(PASSWORD))


def sign_in(client: Client, contact: str = RESIDENT, password: str = PASSWORD, **fields: Any) -> TestResponse:
    return fill(client, "/sign-in", contact=contact, password=password, **fields)


def is_in(client: Client | FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def sent_to(contact: str) -> dict[str, Any]:
    """Return the last message that was carried to a contact."""
    lines = (Path(str(current_app.config["DATA_DIR"])) / "outbox.jsonl").read_text(encoding="utf-8").splitlines()
    messages: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return next(message for message in reversed(messages) if message["to"] == contact)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def sign_up_fields(**changes: Any) -> dict[str, Any]:
    return {
        "contact": STRANGER,
        "pseudonym": "桂花树下",
        "community": HERE,
        "password": PASSWORD,
        "consent": "y",
        "terms": "y",
    } | changes
