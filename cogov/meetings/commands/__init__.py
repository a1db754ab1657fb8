"""One function for each act of a meeting."""

from __future__ import annotations

from cogov.meetings.commands.attending import (
    check_in,
    check_out,
    come_back,
    enter_attendee,
    hand_over_chair,
    renew_code,
)
from cogov.meetings.commands.calling import (
    call_meeting,
    close_meeting,
    list_item,
    move_item_up,
    open_meeting,
    remind_meetings,
    strike_item,
)
from cogov.meetings.commands.flagging import flag_meeting_words, follow_title, settle_meeting_words
from cogov.meetings.commands.floor import (
    count_hands,
    move_motion,
    open_hands,
    raise_hand,
    take_up,
    withdraw_motion,
)
from cogov.meetings.commands.outcomes import follow_up
from cogov.meetings.commands.record import note_down, put_out_minutes, settle_minutes, sign_minutes, write_minutes
from cogov.meetings.commands.speaking import ask_to_speak, call_next, leave_queue, prompt_speaker

__all__ = [
    "ask_to_speak",
    "call_meeting",
    "call_next",
    "check_in",
    "check_out",
    "close_meeting",
    "come_back",
    "count_hands",
    "enter_attendee",
    "flag_meeting_words",
    "follow_title",
    "follow_up",
    "hand_over_chair",
    "leave_queue",
    "list_item",
    "move_item_up",
    "move_motion",
    "note_down",
    "open_hands",
    "open_meeting",
    "prompt_speaker",
    "put_out_minutes",
    "raise_hand",
    "remind_meetings",
    "renew_code",
    "settle_meeting_words",
    "settle_minutes",
    "sign_minutes",
    "strike_item",
    "take_up",
    "withdraw_motion",
    "write_minutes",
]
