"""Test clients that are signed in as one of the cast, and that fetch a form before they post it."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cogov.people.commands import open_sign_in
from tests.cast import Cast


class Client:
    """A browserless client that carries the CSRF token of the last page it read."""

    def __init__(self, http: FlaskClient) -> None:
        self.http = http
        self.token = ""
        self.once = ""

    def get(self, url: str, **options: Any) -> TestResponse:
        response = self.http.get(url, **options)
        text = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        for name in ("csrf_token", "once"):
            if found := re.search(rf'name="{name}"[^>]*value="([^"]+)"', text):
                setattr(self, "token" if name == "csrf_token" else name, found.group(1))
        return response

    def post(self, url: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        if not self.token:
            self.get("/me")
        return self.http.post(url, data={"csrf_token": self.token, **(data or {})}, **options)


class Clients:
    """Clients by the name of the cast."""

    def __init__(self, app: Flask, cast: Cast) -> None:
        self.app = app
        self.cast = cast

    def of(self, name: str | None) -> Client:
        """Return a client signed in as a member of the cast, or signed out for None."""
        http = self.app.test_client()
        if name is not None:
            actor = getattr(self.cast, name)
            token = open_sign_in(actor, agent="tests").token
            with http.session_transaction() as session:
                session["_user_id"] = token
                session["_fresh"] = True
        return Client(http)
