"""What follows from a meeting: who is there when hands are counted, codes that do not fit, and what was carried."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from cogov.cases import commands as cases
from cogov.cases.queries import open_case_of
from cogov.cases.rules import CaseState
from cogov.decisions.commands import move_motion
from cogov.decisions.rules.motions import options_of
from cogov.ground.db import db, found, session
from cogov.ground.refusals import Refused
from cogov.journal.reading import public_entries
from cogov.meetings import commands
from cogov.meetings.commands.attending import code_key
from cogov.meetings.models import Meeting
from cogov.meetings.queries.floor import floor
from cogov.meetings.queries.outcomes import origin_of
from cogov.meetings.queries.records import minutes_of
from cogov.meetings.rules.calling import MOST_TRIES, OWN_TRIES, why_not_leave, why_not_quorum, why_not_try_code
from cogov.meetings.rules.kinds import Category, FollowUp, Hand, MeetingMotionState, MeetingState, Presence, Stand
from cogov.meetings.rules.order import same_words
from cogov.meetings.rules.outcomes import why_not_follow, why_not_take_further
from cogov.moderation.commands import decide_review
from cogov.moderation.rules import FlagReason, ReviewVerdict, SubjectKind
from cogov.people.queries import password_tries
from cogov.people.rules import ANYONE, Actor
from cogov.problems.commands import triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.tasks.commands import open_task
from tests.cast import Cast
from tests.databases import both
from tests.meetings.test_walk import a_problem, come_in, opened, refused

Clients = Callable[[str | None], Any]


def carried(cast: Cast, made: int, text: str = "三号楼装一部电梯") -> int:
    """Carry a motion in an open meeting; return it."""
    motion = commands.move_motion(cast.resident, made, text=text).id
    commands.open_hands(cast.moderator, made, motion)
    for name in ("resident", "owner", "neighbour"):
        commands.raise_hand(getattr(cast, name), made, motion, hand=Hand.FOR)
    commands.count_hands(cast.moderator, made, motion)
    return motion


def code_of(made: int) -> str:
    return found(session().get(Meeting, made)).code


def wrong(made: int) -> str:
    return "000000" if code_of(made) != "000000" else "111111"


def gathered(cast: Cast) -> tuple[int, str]:
    """Return a problem that people talk about, to be decided by advice."""
    problem_id, number = a_problem(cast)
    triage_problem(
        cast.moderator,
        number,
        lane=Lane.B,
        reason=ReasonCode.COMMONS,
        rule=RuleCode.R5,
        words="大家的事由大家商量。",
    )
    return problem_id, number


# Who is there ---------------------------------------------------------------------------------------------------------


def test_people_leave_an_open_meeting_once_and_the_chair_hands_over_first():
    assert why_not_leave(MeetingState.OPEN, presides=False, gone=False) is None
    for state, presides, gone, code in (
        (MeetingState.CLOSED, False, False, "meeting_not_open"),
        (MeetingState.OPEN, True, False, "presides"),
        (MeetingState.OPEN, False, True, "left_already"),
    ):
        assert found(why_not_leave(state, presides=presides, gone=gone)).code == code


def test_hands_need_as_many_as_the_meeting_was_called_for():
    assert why_not_quorum(5, 5) is None
    assert why_not_quorum(0, 0) is None
    assert found(why_not_quorum(4, 5)).code == "too_few_present"


@both
def test_who_left_raises_no_hand_waits_in_no_queue_and_counts_no_more_until_they_come_back(cast: Cast, backend: str):
    made, _ = opened(cast)
    found(session().get(Meeting, made)).quorum = 3  # resident, owner, neighbour
    session().commit()
    motion = commands.move_motion(cast.resident, made, text="三号楼装一部电梯").id
    commands.ask_to_speak(cast.neighbour, made, side=Stand.FOR)
    commands.check_out(cast.neighbour, made)
    here = floor(made, cast.neighbour, None)
    assert (here.away, here.left, here.queue) == (True, 1, ())
    with refused("left_already"):
        commands.ask_to_speak(cast.neighbour, made, side=Stand.FOR)
    with refused("too_few_present"):
        commands.open_hands(cast.moderator, made, motion)
    come_in(cast, made, "neighbour")
    commands.open_hands(cast.moderator, made, motion)
    for name in ("resident", "owner", "neighbour"):
        commands.raise_hand(getattr(cast, name), made, motion, hand=Hand.FOR)
    commands.check_out(cast.neighbour, made)
    with refused("left_already"):
        commands.raise_hand(cast.neighbour, made, motion, hand=Hand.AGAINST)
    commands.count_hands(cast.moderator, made, motion)
    shown = floor(made, ANYONE, None).settled[0]
    assert shown.present == 3
    assert sum(count.in_favour for count in shown.counts.values()) == 3  # a hand that was raised stays
    commands.close_meeting(cast.moderator, made)
    text = found(minutes_of(made)).text
    assert "其中 1 人中途离会" in text
    assert "举手时在会的居民和业主 3 人" in text
    # Who was there for a while signs too.
    commands.put_out_minutes(cast.moderator, made)
    assert commands.sign_minutes(cast.neighbour, made, agrees=True).agrees


def test_the_desk_notes_who_went_away_and_who_without_a_phone_is_back(cast: Cast):
    made, _ = opened(cast)
    other = commands.enter_attendee(cast.moderator, made, label="3 号楼 201", category=Category.OWNER).ordinal
    with refused("not_at_the_desk"):
        commands.check_out(cast.resident, made, ordinal=other)
    commands.check_out(cast.moderator, made, ordinal=other)
    with refused("left_already"):
        commands.ask_to_speak(cast.moderator, made, side=Stand.QUESTION, ordinal=other)
    commands.come_back(cast.moderator, made, ordinal=other)
    commands.ask_to_speak(cast.moderator, made, side=Stand.QUESTION, ordinal=other)
    own = floor(made, cast.resident, None)
    with refused("acts_for_themselves"):
        commands.come_back(cast.moderator, made, ordinal=own.faces[found(own.own)].ordinal)
    with refused("presides"):
        commands.check_out(cast.moderator, made)


# Codes ----------------------------------------------------------------------------------------------------------------


def test_codes_that_people_of_other_places_try_are_not_counted(cast: Cast):
    made, _ = opened(cast)
    for _ in range(OWN_TRIES + 2):
        with refused("not_of_this_place"):
            commands.check_in(cast.outsider, made, presence=Presence.ROOM, code=wrong(made))
    assert password_tries(code_key(found(session().get(Meeting, made)))) == 0


def test_ten_wrong_codes_of_one_person_are_enough_and_some_hundred_of_all():
    assert why_not_try_code(own=OWN_TRIES, everybody=MOST_TRIES - 1) is None
    assert found(why_not_try_code(own=OWN_TRIES + 1, everybody=0)).status == 429
    assert found(why_not_try_code(own=1, everybody=MOST_TRIES)).code == "codes_wrong_too_often"


@both
def test_who_tries_codes_is_stopped_and_a_new_code_lets_everybody_try_again(cast: Cast, backend: str):
    made, _ = opened(cast)
    for _ in range(OWN_TRIES):
        with refused("code_wrong"):
            commands.check_in(cast.tenant, made, presence=Presence.ROOM, code=wrong(made))
    with refused("codes_wrong_too_often"):
        commands.check_in(cast.tenant, made, presence=Presence.ROOM, code=code_of(made))
    assert commands.check_in(cast.landlord, made, presence=Presence.ROOM, code=code_of(made)).ordinal
    assert commands.check_in(cast.tenant, made, presence=Presence.ONLINE).ordinal
    with refused("not_at_the_desk"):
        commands.renew_code(cast.resident, made)
    commands.renew_code(cast.moderator, made)
    assert commands.check_in(cast.tenant, made, presence=Presence.ROOM, code=code_of(made)).ordinal


# What follows ---------------------------------------------------------------------------------------------------------


def test_only_what_was_carried_on_its_own_problem_is_followed_up_and_voted_on_once():
    fits: dict[str, Any] = {"amendment": False, "same_problem": True, "outcomes": 0, "voted_on": False}
    passed = MeetingMotionState.PASSED
    assert why_not_follow(passed, kind=FollowUp.VOTE, **fits) is None
    for state, change, kind, code in (
        (MeetingMotionState.FAILED, {}, FollowUp.TASK, "motion_not_carried"),
        (passed, {"amendment": True}, FollowUp.TASK, "motion_not_carried"),
        (passed, {"same_problem": False}, FollowUp.CASE, "motion_elsewhere"),
        (passed, {"voted_on": True, "outcomes": 1}, FollowUp.VOTE, "voted_on_already"),
        (passed, {"outcomes": 20}, FollowUp.TASK, "outcomes_full"),
        (passed, {"removed": True}, FollowUp.TASK, "motion_taken_down"),
    ):
        assert found(why_not_follow(state, kind=kind, **{**fits, **change})).code == code
    assert why_not_follow(passed, kind=FollowUp.TASK, **{**fits, "voted_on": True}) is None
    assert why_not_take_further(there=True, desk=False) is None
    assert found(why_not_take_further(there=False, desk=False)).code == "not_present"


def test_two_motions_that_differ_in_signs_only_say_the_same():
    assert same_words("三号楼，装一部电梯。", "三号楼装一部电梯")
    assert not same_words("每户出 100 元", "每户出 200 元")


@both
def test_a_carried_motion_leads_to_a_task_a_vote_and_a_case_linked_both_ways(cast: Cast, backend: str):
    problem_id, number = gathered(cast)
    made, _ = opened(cast, number=number)
    motion = carried(cast, made)
    failed = commands.move_motion(cast.resident, made, text="三号楼什么也不做").id
    commands.open_hands(cast.moderator, made, failed)
    commands.count_hands(cast.moderator, made, failed)
    with refused("motion_not_carried"):
        open_task(cast.moderator, number, title="去问三家", days=7, meeting_motion=failed)
    other = a_problem(cast, "北门路灯不亮")[1]
    with pytest.raises(Refused):
        open_task(cast.moderator, other, title="去问三家", days=7, meeting_motion=motion)
    with refused("not_present"):
        moved(cast.tenant, number, motion)
    voted = moved(cast.resident, number, motion)
    task = open_task(cast.moderator, number, title="去问三家电梯公司", days=7, meeting_motion=motion).id
    with refused("voted_on_already"):
        moved(cast.owner, number, motion)
    with refused("motion_not_carried"):
        cases.hand_on_carried(cast.moderator, other, meeting_motion=motion)
    with refused("not_the_secretary"):
        cases.hand_on_carried(cast.resident, number, meeting_motion=motion)
    with refused("body_unknown"):
        cases.hand_on_carried(cast.moderator, number, meeting_motion=motion, body_id=2**40)
    case = cases.hand_on_carried(cast.moderator, number, meeting_motion=motion).id
    assert found(open_case_of(problem_id)).id == case
    assert found(open_case_of(problem_id)).state is CaseState.REPORTED
    with refused("handed_on_already"):
        cases.hand_on_carried(cast.moderator, number, meeting_motion=motion)
    db.session.remove()
    shown = next(each for each in floor(made, ANYONE, None).settled if each.id == motion)
    assert [(each.kind, each.subject_id) for each in shown.outcomes] == [
        (FollowUp.VOTE, voted),
        (FollowUp.TASK, task),
        (FollowUp.CASE, case),
    ]
    assert shown.outcomes[1].title == "去问三家电梯公司"
    assert str(found(shown.outcomes[2].state)) == "待核实"
    for each in shown.outcomes:
        assert found(origin_of(each.kind, each.subject_id)).motion_id == motion
    told = [entry for entry in public_entries(problem_id, None, 50) if entry.kind == "MeetingMotionFollowed"]
    assert {entry.facts["follow"] for entry in told} == {"task", "vote", "case"}


def test_nothing_follows_from_a_motion_whose_words_were_taken_down(cast: Cast, client_of: Clients):
    _, number = gathered(cast)
    made, _ = opened(cast, number=number)
    motion = carried(cast, made, "三号楼的张三是骗子，请他搬走")
    way = f"/problems/{number}/tasks?meeting_motion={motion}"
    assert way in read(client_of("moderator"), f"/meetings/{made}")
    review = commands.flag_meeting_words(cast.neighbour, SubjectKind.MOTION, motion, reason=FlagReason.INSULT)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    with refused("motion_taken_down"):
        open_task(cast.moderator, number, title="去问三家", days=7, meeting_motion=motion)
    with refused("motion_taken_down"):
        moved(cast.resident, number, motion)
    with refused("motion_taken_down"):
        cases.hand_on_carried(cast.moderator, number, meeting_motion=motion)
    assert way not in read(client_of("moderator"), f"/meetings/{made}")


def moved(by: Actor, number: str, motion: int) -> int:
    return move_motion(
        by,
        number,
        question="三号楼要不要装一部电梯",
        options=options_of("装", "不装", ""),
        rule=RuleCode.R5,
        meeting_motion=motion,
    ).id


def test_what_was_settled_of_a_problem_is_not_moved_again_in_another_meeting_with_other_signs(cast: Cast):
    _, number = a_problem(cast)
    made, _ = opened(cast, number=number)
    carried(cast, made)
    commands.close_meeting(cast.moderator, made)
    again, _ = opened(cast, number=number)
    with refused("settled_already"):
        commands.move_motion(cast.resident, again, text="三号楼装一部电梯。")


# Pages ----------------------------------------------------------------------------------------------------------------


def read(client: Any, address: str) -> str:
    return str(client.get(address).get_data(as_text=True))


def test_the_meeting_shows_the_ways_on_and_what_came_of_them_and_they_lead_back(cast: Cast, client_of: Clients):
    _, number = gathered(cast)
    made, _ = opened(cast, number=number)
    motion = carried(cast, made)
    desk, hall = client_of("moderator"), client_of("resident")
    page = read(desk, f"/meetings/{made}")
    way = f"/problems/{number}/tasks?meeting_motion={motion}"
    for address in (way, f"/problems/{number}/motions/new?meeting_motion={motion}"):
        assert address in page
    assert way not in read(hall, f"/meetings/{made}")
    form = read(desk, way)
    assert "三号楼装一部电梯" in form
    assert f'name="meeting_motion" value="{motion}"' in form
    sent = {"title": "去问三家", "text": "", "slots": "1", "days": "7", "meeting_motion": str(motion)}
    task = desk.post(f"/problems/{number}/tasks", data=sent)
    assert task.status_code == 303
    assert "来自议事会" in read(client_of(None), task.headers["Location"])
    handed = desk.post(f"/problems/{number}/cases/new", data={"meeting_motion": str(motion), "body": ""})
    assert handed.status_code == 303
    assert "来自议事会" in read(desk, handed.headers["Location"])
    page = read(client_of(None), f"/meetings/{made}")
    assert re.search(r"开了任务\s+<a href=\"/tasks/\d+\">去问三家</a>", page)
    assert "交给部门办理" in page
    assert "按议事会" in read(client_of(None), f"/problems/{number}?tab=timeline")
    commands.close_meeting(cast.moderator, made)
    kept = read(client_of(None), f"/meetings/{made}/minutes")
    assert re.search(r"通过以后接着办的.*开了任务\s+<a href=\"/tasks/\d+\">去问三家</a>", kept, re.DOTALL)


def test_one_leaves_on_the_page_and_the_desk_notes_it_on_its_list(cast: Cast, client_of: Clients):
    made, _ = opened(cast)
    hall, desk = client_of("resident"), client_of("moderator")
    assert "我先走了" in read(hall, f"/meetings/{made}")
    assert hall.post(f"/meetings/{made}/attendance/leaving").status_code == 303
    assert "您已经离会" in read(hall, f"/meetings/{made}")
    assert desk.post(f"/meetings/{made}/code").status_code == 303
    listed = read(desk, f"/meetings/{made}/attendance")
    assert "记离会" in listed
    assert desk.post(f"/meetings/{made}/attendance/leaving", data={"ordinal": "3", "from": "desk"}).status_code == 303
    assert "已离会 2 人" in read(desk, f"/meetings/{made}/desk")
