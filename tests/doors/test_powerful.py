"""Every powerful act asks once more who one is, for everybody, on every page that has one; and keeps what was typed."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine

from cogov.ground.clock import now
from cogov.ground.pages import powerful_act, roles_of
from tests.doors.forms import FORMS, UPLOAD, Form
from tests.doors.house import House, said

ASKED = "请再确认是您本人"


def _powerful(house: House, form: Form) -> bool:
    return powerful_act(house.app.view_functions[form.endpoint]) is not None


def test_a_device_left_open_does_nothing_powerful_and_loses_nothing(house: House) -> None:
    tried = [form for form in FORMS if _powerful(house, form)]
    assert len(tried) > 15
    faults, before = [], house.number()
    with time_machine.travel(now() + timedelta(minutes=16)):
        for form in tried:
            answer = house.send_form(form)
            if answer.status_code != 403 or ASKED not in said(answer):
                faults.append(f"{form.name}: {answer.status_code}")
            act = powerful_act(house.app.view_functions[form.endpoint])
            if act is None or f"您要办的是“{act.msgid}”" not in said(answer):
                faults.append(f"{form.name} does not say what is waited for")
            carried = {name: unescape(value) for name, value in _hidden(answer.get_data(as_text=True))}
            sent = form.filled(house.world)
            lost = [name for name, value in sent.items() if value != UPLOAD and carried.get(name) != str(value)]
            faults += [f"{form.name} lost {lost}"] if lost else []
    assert faults == []
    assert house.number() == before


def _hidden(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)


@pytest.mark.parametrize("name", ["outsider", "foreign_moderator"])
def test_who_may_not_is_told_so_before_being_asked_who_they_are(house: House, name: str) -> None:
    held = {each.role.value for each in getattr(house.world.cast, name).standings}
    with time_machine.travel(now() + timedelta(minutes=16)):
        for form in FORMS:
            roles = set(roles_of(house.app.view_functions[form.endpoint]) or ())
            if form.endpoint.startswith("admin.") and _powerful(house, form) and not held & roles:
                answer = house.send_form(form, name)
                assert answer.status_code == 403, form.name
                assert ASKED not in said(answer), form.name
