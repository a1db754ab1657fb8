"""Every event of the loop as a sentence of the timeline."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import time_machine
from flask import Flask, render_template
from sqlalchemy import select

from cogov.cases import events
from cogov.cases.commands import (
    answer_call,
    call_bodies,
    due_call,
    due_case,
    handle_case,
    open_case,
    refuse_case,
    reopen_case,
    return_case,
    rework_case,
)
from cogov.cases.queries import details
from cogov.cases.rules import CaseState, RefusalReason
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.event import KINDS
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK
from tests.cases.scene import a_case, a_problem, walked
from tests.cast import Cast


def everything_happens(cast: Cast) -> None:
    with time_machine.travel(now(), tick=False) as traveller:
        refused = a_case(cast, a_problem(cast, "2026-0001"))
        refuse_case(cast.inspector, refused.id, reason=RefusalReason.NOT_FOUND, words="现场没有线")
        case = walked(cast, CaseState.DISPATCHED, open_case(CLOCK, problem_id=a_problem(cast, "2026-0002").id))
        return_case(cast.official, case.id, words="不归我们")
        walked(cast, CaseState.HANDLED, case)
        rework_case(cast.inspector, case.id, words="还有一根线")
        handle_case(cast.official, case.id, words="都拆了")
        walked(cast, CaseState.CLOSED, case)
        reopen_case(CLOCK, case.id)
        walked(cast, CaseState.HANDLING, case)
        (call,) = call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
        traveller.shift(timedelta(days=30))
        due_call(CLOCK, call.id)
        due_case(CLOCK, case.id)
        answer_call(cast.called_official, call.id, words="到了")


def test_every_event_of_the_loop_has_a_sentence_with_its_names_filled_in(app: Flask, cast: Cast) -> None:
    everything_happens(cast)
    rows = session().scalars(select(JournalEntry).order_by(JournalEntry.number))
    ours = {name for name, kind in KINDS.items() if kind.__module__ == events.__name__}
    entries = [
        SimpleNamespace(number=row.number, kind=row.kind, facts=json.loads(row.facts))
        for row in rows
        if row.kind in ours
    ]
    assert {entry.kind for entry in entries} == ours
    found = details(entries)
    said = {}
    with app.test_request_context():
        for entry in entries:
            sentence = render_template(f"entries/{entry.kind}.html", e=entry, d=found[entry.number]).strip()
            assert sentence, entry.kind
            assert "None" not in sentence
            said[entry.kind] = sentence
    assert said["CaseDispatched"] == "派给云溪区消防救援大队，盖指挥章"
    assert said["CallOverdue"] == "安和物业逾期没有答复吹哨，已上报青川街道办事处"
    assert said["CaseOverdue"] == "案件在云溪区消防救援大队逾期，已上报青川街道办事处"
    assert said["CaseRefused"] == "没有受理案件：现场没有发现"
    assert said["CaseReopened"] == "没有修好，案件重开，第 2 轮"
