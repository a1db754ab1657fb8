"""A form is sent once or twice and has one effect, from whoever may send it and from nobody else."""

from __future__ import annotations

import pytest

from tests.doors.forms import FORMS, Form
from tests.doors.house import House, Kept, said

AGAIN = "这一条已经收到了"
CARRYING = [form for form in FORMS if form.once]
each = pytest.mark.parametrize("form", CARRYING, ids=[form.name for form in CARRYING])


@each
def test_a_form_sent_twice_has_one_effect_and_says_so(house: House, kept: Kept, form: Form) -> None:
    before = house.number()
    first = house.send_form(form)
    assert first.status_code == 303, (first.status_code, said(first))
    after = house.number()
    assert after > before
    again = house.send_form(form)
    assert again.status_code >= 400
    assert AGAIN in said(again), (again.status_code, said(again))
    assert house.number() == after
