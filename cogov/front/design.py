"""Every part of the pages in every state, with sample words: to look at in each mode, and for the tests to walk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app
from wtforms import BooleanField, Field, Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from cogov.ground.choosing import SelectChoice
from cogov.ground.pages import open_to_all, page
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words

bp = Blueprint("design", __name__)

SAMPLES = Path(__file__).with_suffix(".json")
CELLS = {"u": "used", "p": "paused", "l": "left"}
SHIFTS = {"t": "taken", "m": "mine", "o": "open"}


@bp.get("/design")
@open_to_all
def parts() -> Response:
    """Show every part; a place that people live in has no such page."""
    if not (current_app.config["DEMO"] or current_app.debug):
        abort(404)
    samples: dict[str, Any] = json.loads(SAMPLES.read_text(encoding="utf-8"))
    return page(
        "front/design.html",
        s=samples,
        rows=[{**row, "url": "#", "steps": samples["steps"][row["steps"]]} for row in samples["rows"]],
        clocks=[{**clock, "cells": [CELLS[cell] for cell in clock["cells"]]} for clock in samples["clocks"]],
        tasks=[_task(task) for task in samples["tasks"]],
        refusal=_refusal(samples["refusal"]),
        forms=[_form(samples["form"], wrong=False), _form(samples["form"], wrong=True)],
    )


def _task(task: dict[str, Any]) -> dict[str, Any]:
    shifts = task.get("shifts")
    if shifts is None:
        return task
    return {**task, "shifts": {**shifts, "cells": [SHIFTS[cell] for cell in shifts["cells"]]}}


def _refusal(told: dict[str, str]) -> Refusal:
    return Refusal(
        told["code"],
        Words(told["message"]),
        article=told["article"],
        what_next=Words(told["what_next"]),
        appeal=Words(told["appeal"]),
    )


def _form(told: dict[str, Any], *, wrong: bool) -> Form:
    def refuse(text: str) -> list[Any]:
        def check(_form: Form, _field: Field) -> None:
            raise ValidationError(text)

        return [check] if wrong else []

    class Sample(Form):
        words = TextAreaField(told["words"], refuse(told["wrong"]), description=told["words_hint"])
        code = StringField(told["code"], refuse(told["wrong_code"]), description=told["code_hint"])
        place = SelectField(told["place"], choices=[SelectChoice(*pair) for pair in told["places"]], default="")
        name = RadioField(
            told["name"], choices=[SelectChoice(*pair) for pair in told["names"]], default=told["names"][0][0]
        )
        agree = BooleanField(told["agree"])

    form = Sample(prefix="wrong-" if wrong else "")
    if wrong:
        form.validate()
    return form
