"""Calendar files hold the deadlines that a reader may see, in the zone of the place, always under the same name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import update

from cogov.announcements.commands import Text, publish_announcement, withdraw_announcement
from cogov.announcements.rules import AnnouncementKind
from cogov.decisions.commands import cast_ballot
from cogov.ground.db import session
from cogov.journal.transaction import transaction
from cogov.people.rules import CLOCK
from cogov.problems.commands import ask_raisers
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import RuleCode
from cogov.tasks.commands import claim_task, open_task
from cogov.tell.calendars import Deadline, calendar_of
from tests.cast import Cast
from tests.decisions.conftest import Vote, deliberated, option

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime(2027, 3, 1, 2, tzinfo=UTC)


@pytest.fixture
def clock(app: Flask) -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def poll(cast: Cast, clock: Any) -> Vote:
    return Vote(cast, clock, deliberated(cast, RuleCode.R5), RuleCode.R5, None)


def _events(client: Any, url: str) -> dict[str, Any]:
    response = client.get(url)
    assert response.status_code == 200, url
    assert response.mimetype == "text/calendar"
    return {str(event["uid"]).partition("@")[0]: event for event in Calendar.from_ical(response.data).walk("VEVENT")}


def test_a_dossier_gives_its_vote_to_everybody_until_it_closes(
    cast: Cast, clock: Any, poll: Vote, client_of: Callable[[str | None], Any]
) -> None:
    decision = poll.opened()
    page = client_of("owner").get(f"/decisions/{decision.id}").get_data(as_text=True)
    url = f"/problems/{poll.number}/calendar.ics?only=vote"
    assert url in page
    [(name, event)] = _events(client_of(None), url).items()
    assert name == f"vote-decision_id-{decision.id}"
    assert event["dtend"].dt == decision.closes_at
    assert event["dtend"].params["TZID"] == "Asia/Shanghai"
    assert [str(alarm["action"]) for alarm in event.walk("VALARM")] == ["DISPLAY"]
    clock.move_to(decision.closes_at)
    assert _events(client_of(None), url) == {}


def test_a_dossier_gives_to_each_reader_their_own_task(
    cast: Cast, clock: Any, poll: Vote, client_of: Callable[[str | None], Any]
) -> None:
    task = open_task(cast.moderator, poll.number, title="清理东门空地", slots=2, days=5)
    claim = claim_task(cast.neighbour, task.id)
    url = f"/problems/{poll.number}/calendar.ics?only=claim"
    assert url in client_of("neighbour").get(f"/tasks/{task.id}").get_data(as_text=True)
    [event] = _events(client_of("neighbour"), url).values()
    assert event["dtend"].dt == claim.due_at
    assert _events(client_of("tenant"), url) == {}
    assert _events(client_of(None), url) == {}


def test_who_may_not_see_a_problem_gets_no_calendar_of_it_and_its_title_goes_into_none(
    cast: Cast, clock: Any, poll: Vote, client_of: Callable[[str | None], Any]
) -> None:
    ask_raisers(CLOCK, poll.problem.id)
    with transaction():
        session().execute(update(Problem).values(hidden=True))
    url = f"/problems/{poll.number}/calendar.ics"
    assert client_of("outsider").get(url).status_code == 404
    [event] = _events(client_of("owner"), url).values()
    assert "充电棚" not in str(event["summary"])


def test_a_deadline_put_off_is_the_same_event_with_a_higher_sequence(app: Flask, clock: Any) -> None:
    with app.test_request_context():
        files = [
            calendar_of([Deadline("vote-1", "表决", START + timedelta(days=n), "https://x.example/1", sequence=n)])
            for n in (1, 2)
        ]
    events: list[Any] = [Calendar.from_ical(file).walk("VEVENT")[0] for file in files]
    assert events[0]["uid"] == events[1]["uid"] == "vote-1@x.example"
    assert events[0]["sequence"] < events[1]["sequence"]


@pytest.mark.parametrize(
    ("zone", "at", "offset"),
    [
        ("Asia/Shanghai", "2027-03-28T18:00+08:00", 8),
        ("Europe/Berlin", "2027-03-27T18:00+01:00", 1),
        ("Europe/Berlin", "2027-03-29T18:00+02:00", 2),
        ("Europe/Berlin", "2027-11-01T18:00+01:00", 1),
    ],
)
def test_the_hour_on_the_wall_is_right_in_a_zone_that_moves_its_clocks_and_in_one_that_does_not(
    zone: str, at: str, offset: int, app: Flask, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "TIMEZONE", zone)
    with app.test_request_context():
        file = calendar_of([Deadline("x", "x", datetime.fromisoformat(at), "https://x.example/")])
    event: Any = Calendar.from_ical(file).walk("VEVENT")[0]
    assert event["dtend"].dt.hour == 18
    assert event["dtend"].dt.utcoffset() == timedelta(hours=offset)
    # Whoever knows no zones by name finds the rules in the file.
    zone_rules: Any = Calendar.from_ical(file).walk("VTIMEZONE")[0]
    assert str(zone_rules["tzid"]) == zone


def test_a_meeting_that_was_called_off_is_cancelled_in_calendars(
    cast: Cast, clock: Any, client_of: Callable[[str | None], Any]
) -> None:
    meets_at = START + timedelta(days=5)
    words = Text(
        title="楼组会谈充电棚",
        text="请大家来谈谈充电棚怎么建。",
        until=meets_at + timedelta(days=1),
        meeting_at=meets_at,
        meeting_spot="居委会二楼",
    )
    hung = publish_announcement(cast.moderator, place_id=cast.community_id, kind=AnnouncementKind.MEETING, text=words)
    url = f"/announcements/{hung.id}/calendar.ics"
    [before] = _events(client_of(None), url).values()
    assert (before["dtstart"].dt, str(before["location"])) == (meets_at, "居委会二楼")
    withdraw_announcement(cast.moderator, hung.id, reason="改期另行通知")
    [after] = _events(client_of(None), url).values()
    assert (str(after["status"]), after["uid"]) == ("CANCELLED", before["uid"])
    assert after["sequence"] > before["sequence"]


def test_the_secret_address_shows_what_waits_until_it_is_done_and_ends_when_one_says_so(
    cast: Cast, clock: Any, poll: Vote, client_of: Callable[[str | None], Any]
) -> None:
    decision = poll.opened()
    client, stranger = client_of("owner"), client_of(None)
    assert client.post("/me/notices/calendar").status_code == 303
    shown = re.search(r"http://localhost(/calendar/[\w-]+\.ics)", client.get("/me/notices").get_data(as_text=True))
    assert shown is not None
    assert set(_events(stranger, shown.group(1))) == {f"vote-decision_id-{decision.id}"}
    assert b"owner" not in stranger.get(shown.group(1)).data
    assert shown.group(1) not in client.get("/me/notices").get_data(as_text=True), "it is shown once"
    cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
    assert _events(stranger, shown.group(1)) == {}
    client.post("/me/notices/calendar")
    assert stranger.get(shown.group(1)).status_code == 404, "another one ends it"
    assert client.post("/me/notices/calendar/removal").status_code == 303
    assert stranger.get("/calendar/made-up.ics").status_code == 404
