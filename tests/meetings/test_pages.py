"""The pages of a meeting: the door, the hall, the desk, the wall, the minutes; who sees names and who sees counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cogov.ground.db import found, session
from cogov.meetings import commands
from cogov.meetings.models import Meeting
from cogov.meetings.rules.kinds import Category, Hand, Presence, Stand
from tests.cast import HERE, Cast
from tests.meetings.test_walk import called, opened

Clients = Callable[[str | None], Any]


def read(client: Any, address: str) -> str:
    return str(client.get(address).get_data(as_text=True))


def test_the_notice_leads_to_the_meeting_and_home_shows_it(cast: Cast, client_of: Clients):
    made = called(cast)
    visitor = client_of(None)
    assert f"/meetings/{made.id}" in read(visitor, f"/announcements/{made.announcement_id}")
    assert f'href="/meetings/{made.id}"' in read(visitor, "/")
    assert "三号楼电梯议事会" in read(visitor, f"/meetings?place={HERE}")
    calendar = read(visitor, f"/announcements/{made.announcement_id}/calendar.ics")
    assert "三号楼电梯议事会" in calendar.replace("\r\n ", "")


def test_the_page_of_a_place_says_when_where_and_how_to_come(cast: Cast, client_of: Clients):
    made = called(cast)
    visitor = client_of(None)
    page = read(visitor, f"/places/{HERE}")
    assert "三号楼电梯议事会" in page
    assert f'href="/meetings/{made.id}"' in page
    now_open, _ = opened(cast)
    for address in (f"/places/{HERE}", "/"):
        assert f'href="/meetings/{now_open}/check-in"' in read(visitor, address)


def test_a_meeting_is_called_listed_opened_and_attended_on_its_pages(cast: Cast, client_of: Clients):
    made = called(cast, hours=1)
    desk, hall = client_of("moderator"), client_of("tenant")
    desk.post(f"/meetings/{made.id}/agenda", data={"number": "", "title": "装不装电梯"})
    desk.post(f"/meetings/{made.id}/opening")
    code = found(session().get(Meeting, made.id)).code
    wall = read(desk, f"/meetings/{made.id}/projector")
    assert f"{code[:3]} {code[3:]}" in wall
    assert f'value="{code}"' in read(hall, f"/meetings/{made.id}/check-in?code={code}")
    wrong = hall.post(f"/meetings/{made.id}/attendance", data={"presence": "room", "code": "nope", "acting": ""})
    assert wrong.status_code == 422
    hall.post(f"/meetings/{made.id}/attendance", data={"presence": "room", "code": code, "acting": ""})
    assert "您是 2 号" in read(hall, f"/meetings/{made.id}")


def test_names_and_code_are_for_the_desk_and_counts_for_everybody(cast: Cast, client_of: Clients):
    made, _ = opened(cast)
    commands.enter_attendee(cast.moderator, made, label="3 号楼 201", category=Category.OWNER)
    code = found(session().get(Meeting, made)).code
    desk, public = client_of("moderator"), read(client_of(None), f"/meetings/{made}")
    listed = read(desk, f"/meetings/{made}/attendance")
    assert "3 号楼 201" in listed
    assert "化名resident" in listed
    for hidden in ("3 号楼 201", "化名resident", code):
        assert hidden not in public
    assert "与会者" in public or "业主" in public
    for page in ("attendance", "projector", "desk"):
        assert client_of("resident").get(f"/meetings/{made}/{page}").status_code == 403


def test_the_floor_is_shown_with_who_speaks_and_the_hands_of_each_category(cast: Cast, client_of: Clients):
    made, _ = opened(cast)
    motion = commands.move_motion(cast.resident, made, text="三号楼装一部电梯").id
    commands.ask_to_speak(cast.owner, made, side=Stand.AGAINST)
    commands.call_next(cast.moderator, made)
    commands.open_hands(cast.moderator, made, motion)
    commands.raise_hand(cast.owner, made, motion, hand=Hand.AGAINST)
    hall = read(client_of("owner"), f"/meetings/{made}")
    assert "您举的是：反对" in hall
    assert "法定表决" in hall
    wall = read(client_of("moderator"), f"/meetings/{made}/projector")
    assert "三号楼装一部电梯" in wall
    assert 'http-equiv="refresh"' in wall
    assert re.search(r'data-left="\d+"', wall)


def test_a_page_asks_no_more_of_the_database_with_more_people(cast: Cast, client_of: Clients, counted: Any):
    made, _ = opened(cast)
    hall = client_of("owner")
    with counted() as few:
        hall.get(f"/meetings/{made}")
    for name in ("landlord", "tenant", "co_owner"):
        commands.check_in(getattr(cast, name), made, presence=Presence.ONLINE)
        commands.ask_to_speak(getattr(cast, name), made, side=Stand.QUESTION)
    with counted() as many:
        hall.get(f"/meetings/{made}")
    assert int(many) <= int(few)


def test_minutes_are_read_signed_and_printed(cast: Cast, client_of: Clients):
    made, _ = opened(cast)
    commands.close_meeting(cast.moderator, made)
    desk, hall = client_of("moderator"), client_of("resident")
    desk.post(f"/meetings/{made}/minutes", data={"text": "一、到会的人都同意下周再议。"})
    desk.post(f"/meetings/{made}/minutes/signing")
    empty = hall.post(f"/meetings/{made}/minutes/signatures", data={"answer": "object", "reason": ""})
    assert empty.status_code == 422
    hall.post(f"/meetings/{made}/minutes/signatures", data={"answer": "object", "reason": "漏了我的话"})
    shown = read(client_of(None), f"/meetings/{made}/minutes")
    for words in ("都同意下周再议", "漏了我的话", "1 人不同意"):
        assert words in shown
    assert client_of(None).get(f"/meetings/{called(cast).id}/minutes.pdf").status_code == 409


def test_a_page_asks_what_became_of_its_motions_at_once(cast: Cast, client_of: Clients, counted: Any):
    made, _ = opened(cast)
    reader, asked = client_of(None), []
    for more in (1, 4):
        for turn in range(more):
            motion = commands.move_motion(cast.resident, made, text=f"装一部电梯，第 {more}{turn} 种").id
            commands.open_hands(cast.moderator, made, motion)
            commands.count_hands(cast.moderator, made, motion)
        session().commit()
        with counted() as count:
            read(reader, f"/meetings/{made}")
        asked.append(sum("FROM review" in each for each in count.statements))
    assert asked[0] == asked[1]
