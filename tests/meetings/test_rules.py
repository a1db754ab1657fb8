"""The ten rules of order, each by itself; how hands are counted; what minutes say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cogov.ground.refusals import Refusal
from cogov.meetings.rules import order
from cogov.meetings.rules.calling import why_not_check_in, why_not_open, why_not_preside, why_not_turn_length
from cogov.meetings.rules.hands import Count, counted, passes
from cogov.meetings.rules.kinds import (
    Category,
    Hand,
    MeetingMotionState,
    MeetingState,
    MinutesState,
    NoteKind,
    Presence,
    Stand,
    category_of,
)
from cogov.meetings.rules.order import Asked, speaking_order
from cogov.meetings.rules.record import SIGNING, Moved, Treated, drafted, why_not_settle, why_not_sign
from cogov.people.rules import OrganizationKind, Role, Standing

AT = datetime(2026, 3, 1, 11, tzinfo=UTC)


def code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else ""


def test_rule_1_for_and_against_are_said_of_a_motion():
    assert code(order.why_not_speak_of(Stand.FOR, motion=False)) == "no_motion"
    assert order.why_not_speak_of(Stand.QUESTION, motion=False) is None
    assert order.why_not_speak_of(Stand.AGAINST, motion=True) is None


def test_rule_2_one_motion_lies_on_the_floor_at_a_time():
    assert code(order.why_not_move(item=True, motion=True)) == "motion_on_the_floor"
    assert code(order.why_not_move(item=False, motion=False)) == "no_item"
    assert order.why_not_move(item=True, motion=False) is None
    assert code(order.why_not_take_up(motion=True)) == "motion_unsettled"


def test_rule_3_nobody_waits_twice_and_who_has_spoken_lets_others_go_first():
    assert code(order.why_not_register(waiting=True, speaking=False)) == "already_in_queue"
    assert code(order.why_not_register(waiting=False, speaking=True)) == "you_are_speaking"
    queue = [Asked(1, Stand.FOR, spoken=1), Asked(2, Stand.FOR), Asked(3, Stand.FOR, spoken=2)]
    assert [each.turn for each in speaking_order(queue, Stand.AGAINST)] == [2, 1, 3]


def test_rule_4_for_and_against_take_turns_as_long_as_both_wait():
    queue = [
        Asked(n, side) for n, side in enumerate([Stand.FOR, Stand.FOR, Stand.FOR, Stand.AGAINST, Stand.AGAINST], 1)
    ]
    assert [each.turn for each in speaking_order(queue, None)] == [1, 4, 2, 5, 3]
    assert [each.turn for each in speaking_order(queue, Stand.FOR)] == [4, 1, 5, 2, 3]


def test_a_question_changes_nothing_of_whose_side_is_next():
    queue = [Asked(1, Stand.QUESTION), Asked(2, Stand.FOR), Asked(3, Stand.AGAINST)]
    assert [each.turn for each in speaking_order(queue, Stand.FOR)] == [1, 3, 2]


def test_rule_5_whoever_presides_takes_no_part():
    assert code(order.why_not_take_part(presides=True)) == "chair_is_neutral"
    assert order.why_not_take_part(presides=False) is None
    assert code(why_not_preside(present=False, presides=False)) == "not_present"
    assert code(why_not_preside(present=True, presides=True)) == "presides_already"


def test_rule_6_is_said_to_everybody_and_to_a_speaker():
    assert "对事不对人" in {str(name) for name, _ in order.RULES}
    assert len(order.RULES) == 10


def test_rule_7_an_amendment_is_settled_before_its_motion():
    assert code(order.why_not_count_hands(MeetingMotionState.OPEN, amendment=True)) == "amendment_first"
    assert order.why_not_count_hands(MeetingMotionState.OPEN, amendment=False) is None
    assert code(order.why_not_amend(MeetingMotionState.HANDS, amendment=False)) == "motion_not_open"
    assert code(order.why_not_amend(MeetingMotionState.OPEN, amendment=True)) == "amendment_on_the_floor"


@pytest.mark.parametrize(
    ("counts", "passed"),
    [
        ({Category.RESIDENT: Count(3, 2)}, True),
        ({Category.RESIDENT: Count(2, 2)}, False),
        ({Category.RESIDENT: Count(2, 1, 9)}, True),
        ({Category.RESIDENT: Count(0, 0, 3)}, False),
        ({Category.RESIDENT: Count(9, 0), Category.OWNER: Count(1, 1)}, False),
        ({Category.RESIDENT: Count(9, 0), Category.OWNER: Count(2, 1)}, True),
        ({Category.RESIDENT: Count(1, 0), Category.OFFICIAL: Count(0, 9)}, True),
        ({Category.OFFICIAL: Count(9, 0), Category.DELEGATE: Count(9, 0)}, False),
        ({}, False),
    ],
)
def test_rule_8_more_than_half_of_each_deciding_category_passes_and_a_tie_fails(
    counts: dict[Category, Count], passed: bool
):
    assert passes(counts) is passed


def test_hands_are_counted_for_each_category_and_never_added_up():
    rows = [(Category.OWNER, Hand.FOR, 2), (Category.OWNER, Hand.ABSTAIN, 1), (Category.OFFICIAL, Hand.AGAINST, 4)]
    assert counted(rows) == {Category.OWNER: Count(2, 0, 1), Category.OFFICIAL: Count(0, 4, 0)}


def test_rule_9_only_who_had_their_way_moves_to_take_something_up_again():
    assert order.why_not_reconsider(MeetingMotionState.PASSED, Hand.FOR) is None
    assert order.why_not_reconsider(MeetingMotionState.FAILED, Hand.AGAINST) is None
    assert code(order.why_not_reconsider(MeetingMotionState.PASSED, Hand.AGAINST)) == "not_of_the_majority"
    assert code(order.why_not_reconsider(MeetingMotionState.FAILED, None)) == "not_of_the_majority"
    assert code(order.why_not_reconsider(MeetingMotionState.WITHDRAWN, Hand.FOR)) == "not_settled"


def test_rule_10_speakers_are_called_from_the_list_by_who_sees_it_as_it_is():
    assert order.why_not_call(expected=7, speaking=7) is None
    assert code(order.why_not_call(expected=0, speaking=7)) == "called_already"


def test_hands_are_raised_only_while_they_are_counted():
    assert order.why_not_raise_hand(MeetingMotionState.HANDS) is None
    assert code(order.why_not_raise_hand(MeetingMotionState.OPEN)) == "hands_not_open"
    assert code(order.why_not_raise_hand(MeetingMotionState.PASSED)) == "hands_not_open"


def test_somebody_takes_part_as_what_they_are_or_act_for():
    def standing(kind: OrganizationKind, role: Role) -> Standing:
        return Standing(1, role, "99", organization_id=5, organization_kind=kind)

    assert category_of(None, owns=True) is Category.OWNER
    assert category_of(None, owns=False) is Category.RESIDENT
    assert category_of(standing(OrganizationKind.PROPERTY, Role.OFFICIAL), owns=True) is Category.DELEGATE
    assert category_of(standing(OrganizationKind.STREET, Role.STREET_OFFICE), owns=True) is Category.OFFICIAL


def test_a_meeting_opens_on_its_day_with_something_on_the_agenda():
    def why(
        state: MeetingState = MeetingState.CALLED, items: int = 1, hours: int = 1, *, withdrawn: bool = False
    ) -> str:
        return code(why_not_open(state, items, AT + timedelta(hours=hours), AT, withdrawn=withdrawn))

    assert why() == ""
    assert why(MeetingState.OPEN) == "meeting_opened"
    assert why(items=0) == "agenda_empty"
    assert why(hours=3) == "too_early_to_open"
    assert why(withdrawn=True) == "meeting_called_off"
    assert code(why_not_turn_length(7)) == "turn_length"


def test_the_code_on_the_wall_is_asked_of_who_says_to_be_in_the_room():
    assert code(why_not_check_in(MeetingState.OPEN, code_needed=True, code_fits=False)) == "code_wrong"
    assert why_not_check_in(MeetingState.OPEN, code_needed=False, code_fits=False) is None
    assert code(why_not_check_in(MeetingState.CALLED, code_needed=True, code_fits=True)) == "meeting_not_open"


def test_the_draft_says_who_was_there_and_what_became_of_each_item():
    present = {(Category.OWNER, Presence.ROOM): 3, (Category.OWNER, Presence.ONLINE): 1}
    motion = Moved("装电梯", MeetingMotionState.PASSED, {Category.OWNER: Count(3, 1)})
    items = [Treated("电梯", "2026-0147", 4, [motion], [(NoteKind.TASK, "问价")]), Treated("停车")]
    text = drafted(present, items)
    for words in (
        "业主：到场 3 人，线上 1 人",
        "1. 电梯（2026-0147）",
        "动议：装电梯（通过）",
        "业主：赞成 3，反对 1，弃权 0",
    ):
        assert words in text
    assert text.endswith("2. 停车\n没有议到。")


def test_minutes_are_final_when_more_than_half_have_signed_or_after_a_week():
    def why(signed: int, *, days: int = 0, state: MinutesState = MinutesState.SIGNING) -> str:
        since = AT - timedelta(days=days)
        return code(why_not_settle(state, signed=signed, present=6, since=since, now=AT))

    assert why(3) == "too_few_signed"
    assert why(4) == ""
    assert why(0, days=SIGNING.days) == ""
    assert why(6, state=MinutesState.DRAFT) == "not_signing"
    assert code(why_not_sign(MinutesState.SIGNING, present=True, agrees=False, reason="")) == "reason_missing"
