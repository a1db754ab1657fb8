"""News by dossier: one item each, what waits on top, why one gets it, how to get less; announcements too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from cogov.announcements.commands import Text, correct_announcement, publish_announcement
from cogov.announcements.rules import AnnouncementKind
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.people.rules import Actor
from cogov.places.queries import place_by_code
from cogov.problems.commands import ask_raisers, second_problem, triage_problem
from cogov.problems.models import Problem
from cogov.problems.queries import level_of
from cogov.problems.rules.following import FollowLevel
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.tell.choices import choices_of, choose
from cogov.tell.levels import NoticeLevel, NoticeTopic, Why, wanted
from cogov.tell.models import Notification
from cogov.tell.notices import Key, NoticeFilter, groups, mark_read, spread_all, unread, unread_topics
from cogov.threads.commands import post_message
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import raise_something


def _talk(cast: Cast, says: int = 1) -> str:
    number = raise_something(
        cast, text=f"第 {session().scalar(select(func.count(Problem.id)))} 件：楼道里的灯坏了一个多月"
    )
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="一起商量")
    second_problem(cast.neighbour, number)
    for n in range(says):
        post_message(cast.neighbour, number, kind=MessageKind.REASON, text=f"第 {n} 句")
    spread_all()
    return number


def _ids(number: str) -> int:
    return session().scalars(select(Problem.id).where(Problem.number == number)).one()


def _hang(
    cast: Cast, who: str = "moderator", *, place: int = 0, kind: AnnouncementKind = AnnouncementKind.OUTAGE
) -> int:
    text = Text("周六上午停水", "请提前存水", now() + timedelta(days=3), now() + timedelta(days=1), "活动室")
    made = publish_announcement(getattr(cast, who), place_id=place or cast.community_id, kind=kind, text=text)
    spread_all()
    return made.id


def _told(announcement_id: int) -> set[int]:
    query = select(Notification.person_id).where(Notification.announcement_id == announcement_id)
    return set(session().scalars(query))


def _clear(*actors: Actor) -> None:
    for actor in actors:
        mark_read(actor, 10**9)


@both
def test_news_of_one_dossier_is_one_item_and_the_bell_counts_dossiers(cast: Cast, backend: str):
    one, other = _talk(cast, 3), _talk(cast, 1)
    shown = groups(cast.resident)
    assert [group.topic for group in shown] == [_ids(other), _ids(one)]
    assert unread_topics(cast.resident) == 2
    assert unread(cast.resident) == sum(group.count for group in shown) > 4


@both
def test_what_waits_for_me_stands_on_top_until_i_have_read_it(cast: Cast, backend: str):
    waits, news = _talk(cast), _talk(cast)
    _clear(cast.resident)
    ask_raisers(cast.moderator, _ids(waits))
    spread_all()
    post_message(cast.neighbour, news, kind=MessageKind.REASON, text="又一句")
    spread_all()
    first, second = groups(cast.resident)
    assert (first.topic, first.pressing, second.pressing) == (_ids(waits), True, False)
    assert first.last_id < second.last_id
    assert [group.topic for group in groups(cast.resident, NoticeFilter.NEEDS)] == [_ids(waits)]
    mark_read(cast.resident, 10**9, _ids(waits))
    assert groups(cast.resident, NoticeFilter.NEEDS) == []
    assert [group.topic for group in groups(cast.resident, NoticeFilter.UNREAD)] == [_ids(news)]


@both
def test_pages_go_on_where_the_last_one_ended(cast: Cast, backend: str):
    numbers = [_talk(cast) for _ in range(4)]
    ask_raisers(cast.moderator, _ids(numbers[1]))
    spread_all()
    every = groups(cast.resident)
    assert every[0].topic == _ids(numbers[1])
    for at, group in enumerate(every):
        assert groups(cast.resident, NoticeFilter.ALL, Key(group.pressing, group.last_id)) == every[at + 1 :]


def test_the_page_says_why_and_how_many_more(cast: Cast, client_of: Callable[[str], Any]):
    number = _talk(cast, 2)
    text = client_of("resident").get("/notifications").get_data(as_text=True)
    assert text.count(number) == 1
    assert "因为您提出" in text
    assert "还有" in text
    assert "因为您也遇到" not in text


def test_quieter_is_one_level_less_and_one_tap_is_silence(cast: Cast, client_of: Callable[[str], Any]):
    number = _talk(cast)
    client, topic = client_of("resident"), _ids(number)
    client.get("/notifications")
    assert client.post("/notifications/quieter", {"topic": topic, "act": "quieter"}).status_code == 303
    assert level_of(cast.resident, topic) is FollowLevel.NEEDS
    _clear(cast.resident)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="又一句")
    spread_all()
    assert unread(cast.resident) == 0
    client.post("/notifications/quieter", {"topic": topic, "act": "none"})
    assert level_of(cast.resident, topic) is FollowLevel.NONE
    ask_raisers(cast.moderator, topic)
    spread_all()
    assert [group.pressing for group in groups(cast.resident, NoticeFilter.UNREAD)] == [True]


def test_nobody_is_quiet_about_what_they_may_not_see(cast: Cast, client_of: Callable[[str], Any]):
    hidden = _ids(raise_something(cast, text="楼上那位总是往下扔东西", names_person=True))
    client = client_of("outsider")
    client.get("/notifications")
    assert client.post("/notifications/quieter", {"topic": hidden, "act": "none"}).status_code == 404
    assert client.post("/notifications/quieter", {"topic": "", "act": "none"}).status_code == 404


def test_opening_news_takes_that_dossier_as_read_and_only_ones_own(cast: Cast, client_of: Callable[[str], Any]):
    one, _other = _talk(cast), _talk(cast)
    latest = next(group for group in groups(cast.resident) if group.topic == _ids(one))
    answer = client_of("resident").get(f"/notifications/{latest.last_id}")
    assert answer.status_code == 303
    assert answer.location.startswith(f"/problems/{one}")
    assert unread_topics(cast.resident) == 1
    assert client_of("neighbour").get(f"/notifications/{latest.last_id}").status_code == 404


# Announcements --------------------------------------------------------------------------------


@both
def test_an_announcement_tells_everybody_of_the_place_once_and_nobody_else(cast: Cast, backend: str):
    made = _hang(cast)
    spread_all()
    people = {
        name: getattr(cast, name).person_id for name in ("resident", "owner", "tenant", "landlord", "complained_of")
    }
    assert set(people.values()) <= _told(made)
    assert not {cast.outsider.person_id, cast.moderator.person_id, cast.dispatcher.person_id} & _told(made)
    per_person = select(func.count()).where(Notification.announcement_id == made).group_by(Notification.person_id)
    assert set(session().scalars(per_person)) == {1}
    reasons = select(Notification.why).where(Notification.announcement_id == made).distinct()
    assert list(session().scalars(reasons)) == [Why.LIVES.value]


def test_a_grid_and_a_street_have_their_own_people(cast: Cast):
    grid = _hang(cast, place=cast.grid_ids[1])
    assert cast.resident.person_id not in _told(grid)
    street = _hang(cast, "street_office", place=place_by_code("990101001").id)
    assert {cast.resident.person_id, cast.outsider.person_id} <= _told(street)


def test_a_correction_is_news_of_the_same_announcement(cast: Cast):
    made = _hang(cast)
    text = Text("周日上午停水", "请提前存水", now() + timedelta(days=3), now() + timedelta(days=2), "活动室")
    correct_announcement(cast.moderator, made, text=text, reason="改了日子")
    spread_all()
    mine = [group for group in groups(cast.resident) if group.topic == -made]
    assert [group.count for group in mine] == [2]


def test_who_wants_only_the_important_hears_of_outages_and_who_wants_none_of_none(cast: Cast):
    choose(cast.resident, {NoticeTopic.COMMUNITY: NoticeLevel.IMPORTANT})
    choose(cast.neighbour, {NoticeTopic.COMMUNITY: NoticeLevel.NONE})
    plain, outage = _hang(cast, kind=AnnouncementKind.NOTICE), _hang(cast)
    assert cast.owner.person_id in _told(plain)
    assert cast.resident.person_id not in _told(plain)
    assert cast.resident.person_id in _told(outage)
    assert cast.neighbour.person_id not in _told(outage)


def test_opening_news_of_an_announcement_leads_to_it(cast: Cast, client_of: Callable[[str], Any]):
    made = _hang(cast)
    client = client_of("resident")
    text = client.get("/notifications").get_data(as_text=True)
    assert "周六上午停水" in text
    assert "因为您住在这里" in text
    assert client.get(f"/notifications/{groups(cast.resident)[0].last_id}").location == f"/announcements/{made}"
    client.post("/notifications/quieter", {"topic": -made, "act": "quieter"})
    assert choices_of(cast.resident)[NoticeTopic.COMMUNITY] is NoticeLevel.IMPORTANT


# Choices --------------------------------------------------------------------------------


@pytest.mark.parametrize("why", list(Why))
def test_what_waits_for_oneself_is_told_whatever_one_chose(why: Why):
    silent = dict.fromkeys(NoticeTopic, NoticeLevel.NONE)
    told = wanted(why, silent, important=True)
    assert told is (why in {Why.ASKED, Why.ANSWER, Why.MENTIONED, Why.DUTY, Why.VOTE, Why.MANDATE})


def test_who_wants_little_of_dossiers_hears_of_the_big_steps_only(cast: Cast):
    choose(cast.resident, {NoticeTopic.DOSSIERS: NoticeLevel.IMPORTANT})
    number = raise_something(cast)
    spread_all()
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="一起商量")
    second_problem(cast.neighbour, number)
    spread_all()
    assert [group.count for group in groups(cast.resident)] == [1]


def test_choices_are_kept_by_a_plain_form_and_shown(cast: Cast, client_of: Callable[[str], Any]):
    client = client_of("resident")
    client.get("/me/notices")
    assert client.post("/me/notices", {"dossiers": "none", "community": "nonsense"}).status_code == 303
    assert choices_of(cast.resident) == {
        NoticeTopic.DOSSIERS: NoticeLevel.NONE,
        NoticeTopic.COMMUNITY: NoticeLevel.ALL,
    }
    assert 'value="none" checked' in client.get("/me/notices").get_data(as_text=True)


def test_the_page_of_news_costs_the_same_however_much_there_is(
    cast: Cast, client_of: Callable[[str], Any], counted: Callable[[], Any]
):
    _talk(cast)
    client = client_of("resident")
    client.get("/notifications")
    with counted() as few:
        client.get("/notifications")
    for _ in range(5):
        _talk(cast, 2)
    _hang(cast)
    with counted() as many:
        client.get("/notifications")
    assert len(many.statements) <= len(few.statements) + 2
