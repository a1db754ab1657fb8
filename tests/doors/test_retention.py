"""What serves nothing any more is deleted by the daily work, each kind after its own time and none before it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from cogov.files.commands import keep_draft
from cogov.files.models import PictureDraft
from cogov.files.queries import drafts_folder
from cogov.files.rules import draw_anew
from cogov.ground.db import Model, session
from cogov.ground.scopes import Scope
from cogov.ground.settings import data_dir
from cogov.journal.models import HandledRequest, JournalEntry, KeptAnswer
from cogov.journal.transaction import transaction
from cogov.loop import work_once
from cogov.people.commands import make_token, note_password_try, open_sign_in, start_sign_up
from cogov.people.models import ApiToken, FailedSignIn, Look, OneTimeCode, SignIn, SignUp
from cogov.people.rules import ANYONE, Role
from cogov.people.rules.consents import VERSIONS
from cogov.people.rules.contacts import contact_from
from cogov.people.rules.looking import LookReason
from cogov.tell.channels import Channel
from cogov.tell.models import Sending
from tests.cast import HERE, Cast
from tests.doors.world import photograph

START = datetime(2026, 11, 20, 4, tzinfo=UTC)

DAYS: dict[type[Model], tuple[float, float]] = {
    PictureDraft: (0, 0.1),
    SignUp: (0, 1.1),
    OneTimeCode: (0.9, 2.1),
    FailedSignIn: (0.9, 2.1),
    KeptAnswer: (0.9, 2.1),
    HandledRequest: (29.9, 31.1),
    SignIn: (59.9, 62.1),
    Sending: (89.9, 91.1),
    ApiToken: (120.9, 123.1),
}
"""Until which day a row is there, and on which it is gone; docs/security.md says the same to people."""


@pytest.fixture
def written(app: Flask, cast: Cast) -> Iterator[Any]:
    """Write one row of each kind, and yield the clock."""
    with time_machine.travel(START, tick=False) as clock:
        person_id = cast.auditor.person_id or 0
        stranger = contact_from("13700001111")
        assert stranger is not None
        keep_draft(cast.auditor, draw_anew(photograph()), drafts_folder(data_dir(app)))
        started = {"contact": stranger, "pseudonym": "桂花树下", "password_hash": None, "scope": HERE}
        start_sign_up(ANYONE, **started, versions=VERSIONS, code_hash="a" * 64)  # type: ignore[arg-type]
        note_password_try(ANYONE, "key")
        open_sign_in(cast.auditor, agent="手机")
        make_token(cast.auditor, name="程序", scopes=[Scope.READ], until=START + timedelta(days=31))
        with transaction():
            session().add(HandledRequest(person_id=person_id, token="form", at=START))
            session().add(KeptAnswer(person_id=person_id, key="k", digest="d", status=201, text="{}", at=START))
            sent = {"channel": Channel.MAIL, "person_id": person_id, "due_at": START, "next_try_at": START}
            session().add(Sending(key="mail", **sent, sent_at=START))
            look = {"person_id": person_id, "looked_by": cast.administrator.person_id, "role": Role.ADMINISTRATOR}
            session().add(Look(**look, reason=next(iter(LookReason)), at=START))
        yield clock


def _there() -> set[type[Model]]:
    return {kind for kind in DAYS if session().scalar(select(func.count()).select_from(kind))}


def test_each_kind_is_deleted_after_its_time_and_not_before(written: Any, app: Flask) -> None:
    sheet = data_dir(app) / "sheets" / "tried"
    sheet.parent.mkdir(exist_ok=True)
    sheet.write_text("姓名,手机号", encoding="utf-8")
    os.utime(sheet, (START.timestamp(), START.timestamp()))
    assert _there() == set(DAYS)
    entries = session().scalar(select(func.count()).select_from(JournalEntry)) or 0
    for day in sorted({moment for span in DAYS.values() for moment in span}):
        written.move_to(START + timedelta(days=day))
        (data_dir(app) / "daily").unlink(missing_ok=True)
        work_once()
        there = _there()
        wrong = {kind.__name__ for kind, (last, gone) in DAYS.items() if day <= last and kind not in there}
        wrong |= {kind.__name__ for kind, (_, gone) in DAYS.items() if day >= gone and kind in there}
        assert wrong == set(), day
        assert sheet.exists() is (day < 1), day
    # What a person may ask after for good stays: who looked at their contact data, and the journal.
    assert session().scalar(select(func.count()).select_from(Look)) == 1
    assert (session().scalar(select(func.count()).select_from(JournalEntry)) or 0) >= entries


def test_the_table_for_people_names_what_these_tests_delete() -> None:
    told = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    table = told[told.index("## What is deleted when") :]
    assert [kind.__tablename__ for kind in DAYS if f"`{kind.__tablename__}`" not in table] == []
