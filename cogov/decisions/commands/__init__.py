"""What can be done on the way to a decision: one function per verb, and what the clock calls."""

from cogov.decisions.commands.answering import answer_resolution, due_answer
from cogov.decisions.commands.casting import cast_ballot
from cogov.decisions.commands.closing import close_decision
from cogov.decisions.commands.delegating import name_delegate
from cogov.decisions.commands.flagging import (
    flag_motion,
    is_frozen,
    motion_passage_of,
    settle_motion_words,
    why_not_withdraw_motion_words,
    withdraw_motion_words,
)
from cogov.decisions.commands.handing_over import take_units_sheet
from cogov.decisions.commands.helping import end_help, help_vote, witness_help
from cogov.decisions.commands.interest import apply_interest, settle_interest, withdraw_interest
from cogov.decisions.commands.mandating import (
    end_mandate,
    enter_paper_mandate,
    give_mandate,
    give_period_mandate,
    settle_paper_mandate,
)
from cogov.decisions.commands.moving import move_motion, support_motion, table_motion, withdraw_motion
from cogov.decisions.commands.noticing import publish_notice
from cogov.decisions.commands.opening import open_decision, open_waiting
from cogov.decisions.commands.paper import enter_paper, print_papers
from cogov.decisions.commands.pinning import pin_up, take_full_bundle
from cogov.decisions.commands.reasons import allow_reason, check_reason
from cogov.decisions.commands.rounds import answer_round, close_round, open_round
from cogov.decisions.commands.ruling import (
    confirm_rule,
    decline_rule,
    end_authority,
    give_authority,
    propose_rule,
    settle_authority,
)
from cogov.decisions.commands.serving import look_at_service, note_opened, record_service
from cogov.decisions.commands.steering import ask_course, decline_course, sign_course
from cogov.decisions.commands.taking_effect import answer_objection, due_effect, due_review, object_to, state_outcome
from cogov.decisions.commands.templating import change_template, retire_template, write_template

__all__ = [
    "allow_reason",
    "answer_objection",
    "answer_resolution",
    "answer_round",
    "apply_interest",
    "ask_course",
    "cast_ballot",
    "change_template",
    "check_reason",
    "close_decision",
    "close_round",
    "confirm_rule",
    "decline_course",
    "decline_rule",
    "due_answer",
    "due_effect",
    "due_review",
    "end_authority",
    "end_help",
    "end_mandate",
    "enter_paper",
    "enter_paper_mandate",
    "flag_motion",
    "give_authority",
    "give_mandate",
    "give_period_mandate",
    "help_vote",
    "is_frozen",
    "look_at_service",
    "motion_passage_of",
    "move_motion",
    "name_delegate",
    "note_opened",
    "object_to",
    "open_decision",
    "open_round",
    "open_waiting",
    "pin_up",
    "print_papers",
    "propose_rule",
    "publish_notice",
    "record_service",
    "retire_template",
    "settle_authority",
    "settle_interest",
    "settle_motion_words",
    "settle_paper_mandate",
    "sign_course",
    "state_outcome",
    "support_motion",
    "table_motion",
    "take_full_bundle",
    "take_units_sheet",
    "why_not_withdraw_motion_words",
    "withdraw_interest",
    "withdraw_motion",
    "withdraw_motion_words",
    "witness_help",
    "write_template",
]
