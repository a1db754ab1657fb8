"""What all pages of meetings share: their door, how a form names what it means, how one goes back."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cogov.ground.refusals import Refusal, Refused
from cogov.ground.words import say

bp = Blueprint("meetings", __name__)

Choice = TypeVar("Choice", bound=StrEnum)


def chosen(kind: type[Choice], name: str) -> Choice:
    """Return what a button of a form stands for."""
    said = request.form.get(name, "")
    if said not in set(kind):
        raise Refused(Refusal("choice_missing", say("请从列出的里面选一个。"), status=422))
    return kind(said)


def once() -> str:
    """Return the token of a form that is nothing but a button."""
    return request.form.get("once", "")


def back(meeting_id: int) -> ResponseReturnValue:
    """Go back to where the button stands: the desk, or the page of the meeting."""
    endpoint = "meetings.desk" if request.form.get("from") == "desk" else "meetings.show"
    return redirect(url_for(endpoint, meeting_id=meeting_id), 303)
