"""Announcing: who may, what hangs when, what a correction leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from cogov.announcements.commands import Text, correct_announcement, publish_announcement, withdraw_announcement
from cogov.announcements.queries import announcement, current, listed, of_problem, reaching, versions
from cogov.announcements.rules import AnnouncementKind
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.places.queries import place_by_code
from cogov.problems.commands import raise_problem
from tests.cast import Cast
from tests.databases import both


def says(title: str = "周六上午停水", **told: object) -> Text:
    return replace(Text(title, "3 号楼和 4 号楼，请提前存水。", now() + timedelta(days=3)), **told)  # type: ignore[arg-type]


def publish(cast: Cast, who: str = "moderator", *, place: int = 0, text: Text | None = None, **told: object) -> int:
    kind = told.pop("kind", AnnouncementKind.OUTAGE)
    return publish_announcement(
        getattr(cast, who),
        place_id=place or cast.community_id,
        kind=kind,  # type: ignore[arg-type]
        text=text or says(),
        **told,  # type: ignore[arg-type]
    ).id


def refused(code: str):
    return pytest.raises(Refused, match=f"^{code}:")


@both
def test_an_announcement_hangs_until_its_day_and_can_be_read_for_ever(cast: Cast, backend: str):
    made = publish(cast)
    assert [shown.id for shown in current([cast.community_id])] == [made]
    with time_machine.travel(now() + timedelta(days=4)):
        assert current([cast.community_id]) == []
        assert [shown.id for shown in listed([cast.community_id], past=True)] == [made]
        assert announcement(made).over
    entry = session().scalars(select(JournalEntry).where(JournalEntry.kind == "AnnouncementPublished")).one()
    assert entry.organization_id == cast.organizations["committee"]
    assert "停水" not in entry.facts


@both
def test_a_correction_says_why_and_keeps_the_earlier_words(cast: Cast, backend: str):
    made = publish(cast)
    correct_announcement(cast.chair, made, text=says("周日上午停水"), reason="自来水公司改了日子")
    shown = announcement(made)
    assert (shown.title, shown.version) == ("周日上午停水", 2)
    assert shown.corrected_at is not None
    assert [(v.version, v.title, v.reason) for v in versions(made)] == [
        (2, "周日上午停水", "自来水公司改了日子"),
        (1, "周六上午停水", ""),
    ]


@both
def test_what_was_withdrawn_no_longer_hangs_and_says_why(cast: Cast, backend: str):
    made = publish(cast)
    withdraw_announcement(cast.moderator, made, reason="这次不停水了")
    assert current([cast.community_id]) == []
    assert announcement(made).withdrawal == "这次不停水了"
    with refused("announcement_withdrawn"):
        correct_announcement(cast.moderator, made, text=says("又停水"), reason="改回来")
    with refused("announcement_withdrawn"):
        withdraw_announcement(cast.moderator, made, reason="再撤一次")


@pytest.mark.parametrize("who", ["moderator", "chair", "owners_committee", "street_office"])
def test_those_who_answer_for_a_place_announce_there(cast: Cast, who: str):
    made = publish(cast, who)
    assert announcement(made).public_name == f"经办{who}"


@pytest.mark.parametrize(
    "who", ["resident", "owner", "grid_worker", "official", "dispatcher", "administrator", "foreign_moderator"]
)
def test_nobody_else_announces(cast: Cast, who: str):
    with refused("not_an_announcer"):
        publish(cast, who)


def test_a_committee_announces_within_its_place_only(cast: Cast):
    assert announcement(publish(cast, place=cast.grid_ids[0])).place_name == "第 1 网格"
    with refused("not_an_announcer"):
        publish(cast, place=cast.elsewhere_id)
    with pytest.raises(NotFound):
        publish(cast, place=987_654_321)


def test_only_the_organization_that_announced_changes_it(cast: Cast):
    made = publish(cast, "owners_committee")
    for who in ("moderator", "street_office", "resident"):
        with refused("not_your_announcement"):
            withdraw_announcement(getattr(cast, who), made, reason="不要了")
        with refused("not_your_announcement"):
            correct_announcement(getattr(cast, who), made, text=says("改了"), reason="改")


def test_a_meeting_has_a_time_to_come_and_a_place(cast: Cast):
    meeting: dict[str, Any] = {"kind": AnnouncementKind.MEETING}
    with refused("meeting_time_missing"):
        publish(cast, **meeting)
    with refused("meeting_past"):
        publish(cast, text=says(meeting_at=now() - timedelta(hours=1), meeting_spot="活动室"), **meeting)
    with refused("meeting_spot_missing"):
        publish(cast, text=says(meeting_at=now() + timedelta(days=1)), **meeting)
    made = publish(cast, text=says(meeting_at=now() + timedelta(days=1), meeting_spot=" 活动室 "), **meeting)
    assert announcement(made).meeting_spot == "活动室"


@pytest.mark.parametrize(("days", "code"), [(-1, "until_past"), (400, "until_far")])
def test_an_announcement_hangs_for_some_time_and_a_year_at_most(cast: Cast, days: int, code: str):
    with refused(code):
        publish(cast, text=says(until=now() + timedelta(days=days)))


def test_an_announcement_says_something(cast: Cast):
    with refused("words_missing"):
        publish(cast, text=says("  "))
    made = publish(cast)
    with refused("nothing_changed"):
        correct_announcement(cast.moderator, made, text=says(until=announcement(made).until), reason="没有改什么")
    with refused("words_missing"):
        correct_announcement(cast.moderator, made, text=says("改了"), reason=" ")


def test_few_stay_on_top_and_they_come_first(cast: Cast):
    tops = [publish(cast, pinned=True) for _ in range(3)]
    plain = publish(cast)
    with refused("pinned_enough"):
        publish(cast, pinned=True)
    assert [shown.id for shown in current([cast.community_id], 9)] == [*reversed(tops), plain]
    withdraw_announcement(cast.moderator, tops[0], reason="过了")
    publish(cast, pinned=True)


def test_a_place_hears_of_what_is_above_and_within_it_and_of_nothing_beside_it(cast: Cast):
    street = publish(cast, "street_office", place=place_by_code("990101001").id)
    grid = publish(cast, place=cast.grid_ids[1])
    here = publish(cast)
    elsewhere = publish(cast, "foreign_moderator", place=cast.elsewhere_id)
    assert {shown.id for shown in current(reaching("990101001001"), 9)} == {street, grid, here}
    assert {shown.id for shown in current(reaching("990101001002"), 9)} == {street, elsewhere}
    assert {shown.id for shown in current(reaching("990101001001001"), 9)} == {street, here}


def test_an_announcement_is_about_a_public_problem_of_its_place(cast: Cast):
    open_ = raise_problem(
        cast.resident, community_id=cast.community_id, grid_id=cast.grid_ids[0], text="楼道里的灯坏了一个多月"
    ).problem
    made = publish(cast, number=open_.number)
    assert [shown.id for shown in of_problem(open_.id)] == [made]
    with pytest.raises(NotFound):
        publish(cast, number="2026-9999")
    with refused("problem_elsewhere"):
        publish(cast, "foreign_moderator", place=cast.elsewhere_id, number=open_.number)


def test_a_form_sent_twice_announces_once(cast: Cast):
    publish(cast, once="a-token")
    with refused("already_received"):
        publish(cast, once="a-token")
    assert len(current([cast.community_id], 9)) == 1
