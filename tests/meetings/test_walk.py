"""A whole meeting, from its notice to the minutes that those who were there have signed."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from cogov.announcements.commands import Text, correct_announcement, withdraw_announcement
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.journal.reading import public_entries
from cogov.meetings import commands
from cogov.meetings.commands.leaving import forget_person
from cogov.meetings.models import Meeting, MeetingItem, MeetingMotion, MeetingTurn
from cogov.meetings.queries import export_for
from cogov.meetings.queries.floor import floor
from cogov.meetings.queries.loading import agenda, coming, meeting
from cogov.meetings.queries.records import minutes_of, treated
from cogov.meetings.rules.hands import Count
from cogov.meetings.rules.kinds import (
    Category,
    Hand,
    MeetingMotionState,
    MeetingState,
    MinutesState,
    NoteKind,
    Presence,
    Stand,
)
from cogov.people.commands import suspend_person
from cogov.people.queries import actor_of
from cogov.people.rules import ANYONE, Actor
from cogov.people.rules.suspension import SuspensionReason
from cogov.problems.commands import raise_problem
from cogov.problems.models import Problem
from cogov.tell.audience.finding import audience
from cogov.threads.commands.leaving import ERASED
from tests.cast import HERE, Cast
from tests.databases import both
from tests.storms import at_once

ATTENDING = ("resident", "owner", "neighbour", "volunteer", "official")


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}:")


def called(cast: Cast, *, hours: int = 30, **told: Any) -> Meeting:
    return commands.call_meeting(
        cast.moderator,
        place_id=cast.community_id,
        title="三号楼电梯议事会",
        text="商量装不装电梯，欢迎都来。",
        begins=now() + timedelta(hours=hours),
        spot="活动室",
        **told,
    )


def a_problem(cast: Cast, text: str = "三号楼老人上下楼很难，想装电梯") -> tuple[int, str]:
    raised = raise_problem(cast.resident, community_id=cast.community_id, grid_id=cast.grid_ids[0], text=text).problem
    return raised.id, raised.number


def opened(cast: Cast, *, number: str = "") -> tuple[int, int]:
    """Open a meeting with one item on the floor and five people there beside the chair; return it and the item."""
    made = called(cast, hours=1).id
    item = commands.list_item(cast.moderator, made, number=number, title="" if number else "装不装电梯").id
    commands.open_meeting(cast.moderator, made)
    for name in ATTENDING:
        come_in(cast, made, name)
    commands.take_up(cast.moderator, made, item)
    return made, item


def come_in(cast: Cast, made: int, name: str) -> int:
    by: Actor = getattr(cast, name)
    acting = next((held for held in by.standings if held.organization_id), None)
    code = found(session().get(Meeting, made)).code
    return commands.check_in(by.under(acting), made, presence=Presence.ROOM, code=code).ordinal


def entry_of(kind: str) -> JournalEntry:
    return session().scalars(select(JournalEntry).where(JournalEntry.kind == kind)).all()[-1]


@both
def test_a_meeting_goes_from_its_notice_to_signed_minutes_that_every_dossier_shows(cast: Cast, backend: str):
    problem_id, number = a_problem(cast)
    made, item = opened(cast, number=number)
    by = cast.resident
    motion = commands.move_motion(by, made, text="三号楼装一部电梯，各户按楼层分摊").id
    commands.ask_to_speak(by, made, side=Stand.FOR)
    commands.ask_to_speak(cast.owner, made, side=Stand.AGAINST)
    first = found(commands.call_next(cast.moderator, made))
    second = found(commands.call_next(cast.moderator, made, after=first.id))
    assert (first.side, second.side) == (Stand.FOR, Stand.AGAINST)
    amended = commands.move_motion(cast.owner, made, text="三号楼装一部电梯，一层不出钱", amends=motion).id
    with refused("amendment_first"):
        commands.open_hands(cast.moderator, made, motion)
    commands.open_hands(cast.moderator, made, amended)
    for name in ("resident", "owner", "neighbour"):
        commands.raise_hand(getattr(cast, name), made, amended, hand=Hand.FOR)
    commands.count_hands(cast.moderator, made, amended)
    assert found(session().get(MeetingMotion, motion)).text == "三号楼装一部电梯，一层不出钱"
    commands.open_hands(cast.moderator, made, motion)
    for name, hand in (
        ("resident", Hand.FOR),
        ("owner", Hand.AGAINST),
        ("neighbour", Hand.FOR),
        ("official", Hand.FOR),
    ):
        commands.raise_hand(getattr(cast, name), made, motion, hand=hand)
    commands.raise_hand(cast.owner, made, motion, hand=Hand.FOR)
    assert commands.count_hands(cast.moderator, made, motion).state is MeetingMotionState.PASSED
    counted = floor(made, ANYONE, None).settled[0].counts
    assert counted[Category.OWNER] == Count(2)
    assert counted[Category.OFFICIAL] == Count(1)
    commands.note_down(cast.moderator, made, item, kind=NoteKind.TASK, text="业委会去问三家电梯公司")
    commands.close_meeting(cast.moderator, made)
    held = found(minutes_of(made))
    for words in ("业主：到场 2 人", "一层不出钱", "（通过）", "想做的事：业委会去问三家电梯公司", number):
        assert words in held.text
    commands.write_minutes(cast.moderator, made, text=held.text + "\n散会。")
    with refused("not_signing"):
        commands.sign_minutes(by, made, agrees=True)
    commands.put_out_minutes(cast.moderator, made)
    with refused("not_present"):
        commands.sign_minutes(cast.tenant, made, agrees=True)
    with refused("reason_missing"):
        commands.sign_minutes(cast.owner, made, agrees=False)
    commands.sign_minutes(by, made, agrees=True)
    commands.sign_minutes(cast.owner, made, agrees=False, reason="我说过一层要补偿")
    with refused("signed_already"):
        commands.sign_minutes(by, made, agrees=True)
    with refused("too_few_signed"):
        commands.settle_minutes(cast.moderator, made)
    for name in ("neighbour", "volunteer"):
        commands.sign_minutes(getattr(cast, name), made, agrees=True)
    assert commands.settle_minutes(cast.moderator, made).state is MinutesState.FINAL
    with refused("minutes_final"):
        commands.write_minutes(cast.moderator, made, text="别的")
    kinds = [entry.kind for entry in public_entries(problem_id, None, 50)]
    assert {"MeetingItemListed", "HandsCounted", "MeetingMinutesSettled"} <= set(kinds)
    assert all("电梯" not in entry.facts for entry in session().scalars(select(JournalEntry)))


@both
def test_of_two_calls_one_calls_and_of_two_motions_one_is_moved(app: Flask, cast: Cast, backend: str):
    made, _ = opened(cast)
    movers = (cast.resident, cast.owner)
    answers = at_once(app, 2, lambda i: commands.move_motion(movers[i], made, text=f"动议{i}").id)
    assert sorted(isinstance(each, int) for each in answers) == [False, True]
    assert [each.refusal.code for each in answers if isinstance(each, Refused)] == ["motion_on_the_floor"]
    for by in movers:
        commands.ask_to_speak(by, made, side=Stand.FOR)
    called_ = at_once(app, 2, lambda _: found(commands.call_next(cast.moderator, made)).id)
    assert [each.refusal.code for each in called_ if isinstance(each, Refused)] == ["called_already"]
    speaking = select(func.count()).where(MeetingTurn.meeting_id == made, MeetingTurn.called_at.is_not(None))
    session().rollback()
    assert session().scalar(speaking) == 1


def test_a_notice_that_is_corrected_moves_the_meeting_and_one_withdrawn_calls_it_off(cast: Cast):
    made = called(cast)
    later = now() + timedelta(days=5)
    text = Text("三号楼电梯议事会", "改到周末。", later + timedelta(hours=2), later, "二楼会议室")
    correct_announcement(cast.moderator, made.announcement_id, text=text, reason="活动室漏水")
    assert (meeting(made.id).begins, meeting(made.id).spot, meeting(made.id).moved) == (
        later,
        "二楼会议室",
        "活动室漏水",
    )
    commands.list_item(cast.moderator, made.id, title="装不装电梯")
    with refused("too_early_to_open"):
        commands.open_meeting(cast.moderator, made.id)
    withdraw_announcement(cast.moderator, made.announcement_id, reason="人不够")
    assert meeting(made.id).cancelled_because == "人不够"
    assert coming([cast.community_id]) == []
    with refused("meeting_called_off"):
        commands.open_meeting(cast.moderator, made.id)


def test_people_are_reminded_once_for_each_time_a_meeting_is_set_to(cast: Cast):
    made = called(cast)
    assert commands.remind_meetings() == 0
    with time_machine.travel(now() + timedelta(hours=8), tick=False):
        assert commands.remind_meetings() == 1
        assert commands.remind_meetings() == 0
        told = audience(entry_of("MeetingReminded"))
        assert cast.resident.person_id in told
        assert cast.outsider.person_id not in told
        begins = now() + timedelta(hours=20)
        text = Text("三号楼电梯议事会", "晚一点。", begins + timedelta(hours=2), begins, "活动室")
        correct_announcement(cast.moderator, made.announcement_id, text=text, reason="避开接孩子")
        assert commands.remind_meetings() == 0
    with time_machine.travel(now() + timedelta(hours=10), tick=False):
        assert commands.remind_meetings() == 1


def test_who_attends_is_counted_as_what_they_are_in_the_room_and_online_apart(cast: Cast):
    made, _ = opened(cast)
    with refused("code_wrong"):
        commands.check_in(cast.tenant, made, presence=Presence.ROOM, code="nonsense")
    with refused("not_of_this_place"):
        commands.check_in(cast.outsider, made, presence=Presence.ONLINE)
    online = commands.check_in(cast.tenant, made, presence=Presence.ONLINE)
    assert commands.check_in(cast.tenant, made, presence=Presence.ONLINE).ordinal == online.ordinal
    entered = commands.enter_attendee(cast.moderator, made, label="3 号楼 201", category=Category.OWNER)
    with refused("not_at_the_desk"):
        commands.enter_attendee(cast.resident, made, label="3 号楼 202", category=Category.OWNER)
    here = floor(made, ANYONE, None)
    assert here.present == {
        (Category.DELEGATE, Presence.ROOM): 2,
        (Category.RESIDENT, Presence.ROOM): 1,
        (Category.OWNER, Presence.ROOM): 3,
        (Category.OFFICIAL, Presence.ROOM): 1,
        (Category.RESIDENT, Presence.ONLINE): 1,
    }
    assert "201" not in str(here.faces[entered.id].name)
    with refused("acts_for_themselves"):
        commands.ask_to_speak(cast.moderator, made, side=Stand.QUESTION, ordinal=online.ordinal)
    assert commands.ask_to_speak(cast.moderator, made, side=Stand.QUESTION, ordinal=entered.ordinal).state == "waiting"


def test_the_chair_takes_part_only_after_handing_over_and_the_new_one_runs_the_meeting(cast: Cast):
    made, _ = opened(cast)
    ordinal = next(
        face.ordinal for face in floor(made, ANYONE, None).faces.values() if face.category is Category.RESIDENT
    )
    for act in (
        lambda: commands.move_motion(cast.moderator, made, text="我也提一个"),
        lambda: commands.ask_to_speak(cast.moderator, made, side=Stand.QUESTION),
    ):
        with refused("chair_is_neutral"):
            act()
    commands.hand_over_chair(cast.moderator, made, ordinal=ordinal)
    motion = commands.move_motion(cast.moderator, made, text="我也提一个").id
    with refused("chair_is_neutral"):
        commands.ask_to_speak(cast.resident, made, side=Stand.FOR)
    commands.open_hands(cast.resident, made, motion)
    with refused("not_at_the_desk"):
        commands.count_hands(cast.owner, made, motion)
    assert commands.count_hands(cast.resident, made, motion).state is MeetingMotionState.FAILED


def test_what_is_settled_is_taken_up_again_only_by_somebody_who_had_their_way(cast: Cast):
    made, item = opened(cast)
    motion = commands.move_motion(cast.resident, made, text="装电梯").id
    commands.open_hands(cast.moderator, made, motion)
    commands.raise_hand(cast.owner, made, motion, hand=Hand.FOR)
    commands.raise_hand(cast.neighbour, made, motion, hand=Hand.AGAINST)
    assert commands.count_hands(cast.moderator, made, motion).state is MeetingMotionState.FAILED
    with refused("settled_already"):
        commands.move_motion(cast.neighbour, made, text="装电梯")
    with refused("not_of_the_majority"):
        commands.move_motion(cast.owner, made, text="装电梯", reconsiders=motion)
    again = commands.move_motion(cast.neighbour, made, text="装电梯", reconsiders=motion)
    with refused("motion_unsettled"):
        commands.take_up(cast.moderator, made, commands.list_item(cast.moderator, made, title="别的事").id)
    with refused("motion_unsettled"):
        commands.close_meeting(cast.moderator, made)
    with refused("not_the_mover"):
        commands.withdraw_motion(cast.owner, made, again.id)
    assert commands.withdraw_motion(cast.neighbour, made, again.id).state is MeetingMotionState.WITHDRAWN
    assert commands.close_meeting(cast.moderator, made).state is MeetingState.CLOSED
    assert item


def test_an_agenda_lists_public_problems_of_its_place_once_and_in_order(cast: Cast):
    _, number = a_problem(cast)
    made = called(cast).id
    with pytest.raises(NotFound):
        commands.list_item(cast.moderator, made, number="2026-9999")
    first = commands.list_item(cast.moderator, made, title="上次的事办得怎么样").id
    second = commands.list_item(cast.moderator, made, number=number).id
    with refused("listed_already"):
        commands.list_item(cast.moderator, made, number=number)
    with refused("words_missing"):
        commands.list_item(cast.moderator, made)
    with refused("not_at_the_desk"):
        commands.list_item(cast.resident, made, title="我也加一项")
    commands.move_item_up(cast.moderator, made, second)
    assert [row.id for row in agenda(cast.resident, made)] == [second, first]
    commands.strike_item(cast.moderator, made, first)
    assert [row.number for row in agenda(cast.resident, made)] == [number]


def test_a_person_is_given_what_they_did_in_meetings_and_may_have_their_reasons_erased(cast: Cast):
    made, _ = opened(cast)
    motion = commands.move_motion(cast.resident, made, text="装电梯").id
    commands.ask_to_speak(cast.resident, made, side=Stand.FOR)
    commands.open_hands(cast.moderator, made, motion)
    commands.raise_hand(cast.resident, made, motion, hand=Hand.FOR)
    commands.count_hands(cast.moderator, made, motion)
    commands.close_meeting(cast.moderator, made)
    commands.put_out_minutes(cast.moderator, made)
    assert cast.resident.person_id in audience(entry_of("MeetingMinutesPutOut"))
    commands.sign_minutes(cast.resident, made, agrees=False, reason="漏了我的话")
    person = found(cast.resident.person_id)
    copy = export_for(person)
    assert [row["hand"] for row in copy["meeting_hand"]] == ["for"]
    assert [row["reason"] for row in copy["meeting_signature"]] == ["漏了我的话"]
    assert all(copy[name] for name in ("meeting_attendance", "meeting_motion", "meeting_turn"))
    forget_person(person, words=True)
    assert [row["reason"] for row in export_for(person)["meeting_signature"]] == [ERASED]


def test_whoever_is_suspended_or_has_moved_away_neither_moves_nor_speaks(cast: Cast):
    made, _ = opened(cast)
    motion = commands.move_motion(cast.owner, made, text="装电梯").id
    commands.open_hands(cast.moderator, made, motion)
    suspend_person(
        cast.administrator,
        person_id=found(cast.resident.person_id),
        scope=HERE,
        reason=SuspensionReason.FLOODING,
        until=now() + timedelta(days=10),
    )
    silent = actor_of(found(cast.resident.person_id))
    with refused("suspended"):
        commands.ask_to_speak(silent, made, side=Stand.FOR)
    with refused("suspended"):
        commands.move_motion(silent, made, text="装电梯，一层不出钱", amends=motion)
    assert commands.raise_hand(silent, made, motion, hand=Hand.AGAINST).hand is Hand.AGAINST
    gone = replace(cast.neighbour, standings=())
    with refused("not_of_this_place"):
        commands.ask_to_speak(gone, made, side=Stand.FOR)
    with refused("not_of_this_place"):
        commands.raise_hand(gone, made, motion, hand=Hand.FOR)


def test_words_are_masked_and_nothing_is_noted_of_what_was_not_taken_up(cast: Cast):
    made, item = opened(cast)
    told = "请打 13812345678"
    assert "138" not in commands.move_motion(cast.resident, made, text=told).text
    assert "138" not in commands.note_down(cast.moderator, made, item, kind=NoteKind.POINT, text=told).text
    later = commands.list_item(cast.moderator, made, title="下一件").id
    with refused("item_not_taken_up"):
        commands.note_down(cast.moderator, made, later, kind=NoteKind.POINT, text="还早")
    commands.strike_item(cast.moderator, made, later)
    with refused("choice_missing"):
        commands.enter_attendee(cast.moderator, made, label="3 号楼 201", category=Category.OFFICIAL)
    motion = found(floor(made, ANYONE, None).motion)
    commands.withdraw_motion(cast.resident, made, motion.id)
    commands.close_meeting(cast.moderator, made)
    commands.write_minutes(cast.moderator, made, text=told)
    assert "138" not in found(minutes_of(made)).text
    commands.put_out_minutes(cast.moderator, made)
    assert "138" not in commands.sign_minutes(cast.owner, made, agrees=False, reason=told).reason


def test_the_chair_runs_a_meeting_until_it_is_over_and_one_left_open_comes_no_more(cast: Cast):
    made, _ = opened(cast)
    assert meeting(made).presides == cast.moderator.person_id
    assert [each.id for each in coming([cast.community_id])] == [made]
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        assert coming([cast.community_id]) == []
    commands.close_meeting(cast.moderator, made)
    assert meeting(made).presides is None


def test_one_meeting_of_which_nobody_can_be_reminded_holds_up_no_other(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    first, second = called(cast).id, called(cast).id

    def locked(meeting_id: int) -> Meeting:
        assert meeting_id != first
        return found(session().get(Meeting, meeting_id))

    monkeypatch.setattr(sys.modules[commands.remind_meetings.__module__], "locked", locked)
    with time_machine.travel(now() + timedelta(hours=8), tick=False):
        assert commands.remind_meetings() == 1
    assert [found(session().get(Meeting, each)).reminded_for is None for each in (first, second)] == [True, False]


def test_of_a_problem_that_is_hidden_later_a_meeting_shows_neither_title_nor_motions(cast: Cast):
    problem_id, number = a_problem(cast)
    made, item = opened(cast, number=number)
    commands.move_motion(cast.owner, made, text="三号楼装一部电梯")
    commands.note_down(cast.moderator, made, item, kind=NoteKind.POINT, text="三楼不同意")
    found(session().get(MeetingItem, item)).title = "三号楼的电梯"
    found(session().get(Problem, problem_id)).hidden = True
    session().commit()
    assert [(each.title, each.number) for each in agenda(ANYONE, made)] == [("", "")]
    assert floor(made, ANYONE, None).motion is None
    assert [(each.title, each.motions, each.notes) for each in treated(made)] == [("", [], [])]
    assert agenda(cast.moderator, made)[0].number == number
    assert floor(made, cast.moderator, None).motion is not None
