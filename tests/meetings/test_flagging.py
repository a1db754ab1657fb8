"""Words of a meeting that should perhaps not stand: covered on the wall, in the minutes and in their PDF, and back."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from cogov.ground.db import found, session
from cogov.journal.models import JournalEntry
from cogov.meetings import commands
from cogov.meetings.models import MeetingMotion, MinutesVersion
from cogov.meetings.queries.floor import floor
from cogov.meetings.queries.records import minutes_of
from cogov.meetings.rules.covering import Covered, told_anew
from cogov.meetings.rules.kinds import Hand, NoteKind
from cogov.moderation.commands import answer_removal_appeal, appeal_removal, decide_review, order_down
from cogov.moderation.queries import covered_fields
from cogov.moderation.rules import FlagReason, Order, ReviewVerdict, SubjectKind
from cogov.moderation.rules.covering import MARK_OF_ITS_AUTHOR
from cogov.people.rules import ANYONE
from cogov.problems.commands import flag_problem, withdraw_problem_words
from cogov.problems.models import Problem
from tests.cast import Cast
from tests.databases import both
from tests.meetings.test_walk import a_problem, opened

RUDE = "三号楼的张三是骗子，请他搬走"


def removed(cast: Cast, kind: SubjectKind, subject_id: int) -> int:
    review = commands.flag_meeting_words(cast.neighbour, kind, subject_id, reason=FlagReason.INSULT).id
    decide_review(cast.moderator, review, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    return review


def over(cast: Cast) -> tuple[int, int]:
    """Hold a meeting whose motion was amended into rude words, and close it; return it and the motion."""
    made, _ = opened(cast)
    motion = commands.move_motion(cast.resident, made, text="三号楼装一部电梯").id
    amended = commands.move_motion(cast.owner, made, text=RUDE, amends=motion).id
    for each in (amended, motion):
        commands.open_hands(cast.moderator, made, each)
        commands.raise_hand(cast.resident, made, each, hand=Hand.FOR)
        commands.count_hands(cast.moderator, made, each)
    commands.close_meeting(cast.moderator, made)
    return made, motion


def said_in(made: int) -> str:
    """Return all that is kept in words of a meeting."""
    session().expire_all()
    moved = session().execute(select(MeetingMotion.text, MeetingMotion.before))
    written = session().scalars(select(MinutesVersion.text).where(MinutesVersion.meeting_id == made))
    return "\n".join([*(text for row in moved for text in row), *written])


def test_a_motion_is_covered_wherever_its_words_were_repeated_and_comes_back(cast: Cast, client_of: Any) -> None:
    made, motion = over(cast)
    before = said_in(made)
    assert before.count(RUDE) == 4  # the motion, its amendment, and both in the minutes
    review = removed(cast, SubjectKind.MOTION, motion)
    mark = f"【已移除：{motion}】"
    after = said_in(made)
    assert (after.count(RUDE), after.count(mark)) == (0, 4)
    assert mark in found(minutes_of(made)).text
    assert RUDE not in client_of(None).get(f"/meetings/{made}/minutes").get_data(as_text=True)
    page = client_of("neighbour").get(f"/texts/motion/{motion}/flags")
    assert page.status_code in (403, 409)  # there is nothing to flag any more
    told = client_of(None).get(f"/api/v1/texts/motion/{motion}").get_json()
    assert (told["state"], told["words"], told["meeting_id"]) == ("removed", {"text": mark}, made)
    assert "会上的动议" in client_of("resident").get(f"/moderation/{review}").get_data(as_text=True)
    appeal_removal(cast.resident, review, words="说的是事实。")
    answer_removal_appeal(cast.street_office, review, granted=True, words="恢复。")
    assert said_in(made) == before


@both
def test_what_repeats_a_covered_motion_is_covered_and_comes_back_with_it(cast: Cast) -> None:
    """An amendment to it says what it would replace; once that has passed, the motion itself has words again."""
    made, _ = opened(cast)
    motion = commands.move_motion(cast.resident, made, text=RUDE).id
    review = removed(cast, SubjectKind.MOTION, motion)
    amended = commands.move_motion(cast.owner, made, text="三号楼装一盏路灯", amends=motion).id
    assert covered_fields(SubjectKind.MOTION, amended) == {"before"}
    commands.open_hands(cast.moderator, made, amended)
    commands.raise_hand(cast.resident, made, amended, hand=Hand.FOR)
    commands.count_hands(cast.moderator, made, amended)
    assert covered_fields(SubjectKind.MOTION, motion) == frozenset()
    appeal_removal(cast.resident, review, words="说的是事实。")
    answer_removal_appeal(cast.street_office, review, granted=True, words="恢复。")
    session().expire_all()
    first, second = (found(session().get(MeetingMotion, each)) for each in (motion, amended))
    assert (first.text, second.before) == ("三号楼装一盏路灯", RUDE)
    assert covered_fields(SubjectKind.MOTION, amended) == frozenset()


def test_a_wall_is_told_that_words_on_it_were_covered(cast: Cast) -> None:
    made, _ = opened(cast)
    motion = commands.move_motion(cast.resident, made, text=RUDE).id
    removed(cast, SubjectKind.MOTION, motion)
    shown = found(floor(made, ANYONE, None).motion)
    assert shown.text == f"【已移除：{motion}】"
    last = session().scalars(select(JournalEntry).where(JournalEntry.subject_kind == "meeting")).all()[-1]
    assert (last.kind, last.subject_id) == ("MeetingWordsSettled", made)


def test_an_objection_to_minutes_is_covered_under_them(cast: Cast, client_of: Any) -> None:
    made, _ = over(cast)
    commands.put_out_minutes(cast.moderator, made)
    signed = commands.sign_minutes(cast.owner, made, agrees=False, reason="李四记错了票").id
    text = client_of("neighbour").get(f"/meetings/{made}/minutes").get_data(as_text=True)
    assert f"/texts/signature/{signed}/flags" in text
    removed(cast, SubjectKind.SIGNATURE, signed)
    text = client_of(None).get(f"/meetings/{made}/minutes").get_data(as_text=True)
    assert "李四记错了票" not in text
    assert f"【已移除：{signed}】" in text


def test_of_two_motions_one_within_the_other_each_comes_and_goes_alone() -> None:
    within, around = (
        Covered("【已移除：1】", "在三号楼里装一部电梯"),
        Covered("【已移除：2】", "由业主出钱，在三号楼里装一部电梯，不问租户"),
    )
    short = Covered("【按命令移除：3】", "装")
    written = f"动议：{within.words}（通过）\n动议：{around.words}（通过）\n动议：装（通过）\n要点：安装不急。"
    states = [(), (within,), (within, around), (around,), (around, short), (within, around, short), (short,), ()]
    told = written
    for before, now in pairwise(states):
        told = told_anew(told, before, now)
        for each in (within, around, short):
            assert (each.mark in told) is (each in now)
        assert (around.words in told) is (not {within, around} & set(now))
        assert "不问租户" not in told or around not in now
        assert "要点：安装不急。" in told
    assert told == written


def test_minutes_follow_motions_one_within_the_other(cast: Cast) -> None:
    made, _ = opened(cast)
    texts = ("请他搬走，不然停水", f"{RUDE}请他搬走，不然停水电")
    motions = []
    for text in texts:
        motions.append(commands.move_motion(cast.resident, made, text=text).id)
        commands.open_hands(cast.moderator, made, motions[-1])
        commands.raise_hand(cast.owner, made, motions[-1], hand=Hand.FOR)
        commands.count_hands(cast.moderator, made, motions[-1])
    commands.close_meeting(cast.moderator, made)
    before = said_in(made)
    reviews = [removed(cast, SubjectKind.MOTION, motion) for motion in motions]
    # Who writes the minutes brings back nothing, and says of nothing else that it was taken down.
    commands.write_minutes(
        cast.moderator, made, text=f"{said_in(made)}\n又说：{texts[0]}\n【已移除：他的话】【已移除：999】"
    )
    for kept in (RUDE, texts[0], "停水电", "【已移除：他", "【已移除：999】"):
        assert kept not in said_in(made)
    for review in reviews:
        appeal_removal(cast.resident, review, words="说的是事实。")
    answer_removal_appeal(cast.street_office, reviews[0], granted=True, words="恢复。")
    assert texts[0] in said_in(made)
    assert RUDE not in said_in(made)
    answer_removal_appeal(cast.street_office, reviews[1], granted=True, words="恢复。")
    assert before in said_in(made)


ORDER = Order("区网信办", "第六条", date(2026, 1, 2))


def about_a_problem(cast: Cast, title: str = "") -> tuple[int, Problem]:
    """Close a meeting about a problem, and write minutes that head it otherwise and quote its title."""
    problem_id, number = a_problem(cast, title) if title else a_problem(cast)
    made, item = opened(cast, number=number)
    problem = session().get_one(Problem, problem_id)
    commands.note_down(cast.moderator, made, item, kind=NoteKind.POINT, text=f"有人念了“{problem.title}”")
    commands.close_meeting(cast.moderator, made)
    text = found(minutes_of(made)).text.replace("1. ", "（一）", 1)
    commands.write_minutes(cast.moderator, made, text=f"{text}\n大家说的就是“{problem.title}”这件事。")
    return made, problem


@both
@pytest.mark.parametrize("said", ["三号楼老人上下楼很难，想装电梯", "灯坏了。三号楼门口那盏"])
def test_the_title_of_a_problem_is_covered_wherever_minutes_quote_it_and_comes_back(
    cast: Cast, client_of: Any, said: str
) -> None:
    made, problem = about_a_problem(cast, said)
    title, before = problem.title, said_in(made)
    assert before.count(title) == 5  # two headings, the note in both versions, and what was written
    review = flag_problem(cast.neighbour, problem.id, reason=FlagReason.UNLAWFUL).id
    decide_review(cast.moderator, review, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    assert title not in said_in(made)
    for path in ("", "/versions?version=1", "/versions?version=2"):
        assert title not in client_of("moderator").get(f"/meetings/{made}/minutes{path}").text
    # Whoever writes them anew brings nothing back, and the marks stay what they are.
    text = found(minutes_of(made)).text
    commands.write_minutes(cast.moderator, made, text=f"{text}\n再说一遍：“{title}”。")
    mark = f"【已移除：{problem.number}】"
    after = found(minutes_of(made)).text
    assert (after.count(title), after.count(mark), "〔" in after) == (0, 4, False)
    appeal_removal(cast.resident, review, words="说的是事实。")
    answer_removal_appeal(cast.street_office, review, granted=True, words="恢复。")
    assert said_in(made).startswith(before)
    assert mark not in said_in(made)


@both
def test_what_was_ordered_down_before_or_after_the_meeting_is_in_no_minutes(cast: Cast) -> None:
    made, problem = about_a_problem(cast)
    title = problem.title
    review = flag_problem(cast.neighbour, problem.id, reason=FlagReason.UNLAWFUL).id
    order_down(cast.street_office, review, order=ORDER)
    assert title not in said_in(made)
    other, item = opened(cast, number=problem.number)
    commands.note_down(cast.moderator, other, item, kind=NoteKind.POINT, text=f"有人念了“{title}”")
    commands.close_meeting(cast.moderator, other)
    assert f"“【按命令移除：{problem.number}】”" in said_in(other)
    assert title not in said_in(other)


@both
def test_a_title_that_its_author_took_back_is_nowhere_in_the_minutes(cast: Cast) -> None:
    made, problem = about_a_problem(cast)
    title = problem.title
    withdraw_problem_words(cast.resident, problem.id)
    assert title not in said_in(made)
    assert MARK_OF_ITS_AUTHOR in found(minutes_of(made)).text
