"""What can be done to a problem: one function per verb, and the reactions and deadlines the loop calls."""

from cogov.problems.commands.answering import answer_appeal, appeal_triage, due_appeal
from cogov.problems.commands.closing import (
    ask_raisers,
    conclude_deliberation,
    confirm_problem,
    due_confirmation,
    due_deliberation,
    due_mediation,
    record_mediation,
)
from cogov.problems.commands.declaring import cancel_phase, declare_leeway, due_phase, schedule_phase
from cogov.problems.commands.flagging import (
    flag_problem,
    problem_passage_of,
    settle_problem_words,
    why_not_withdraw_problem_words,
    withdraw_problem_words,
)
from cogov.problems.commands.following import follow_problem, quieten_problem, unfollow_problem
from cogov.problems.commands.numbering import name_on_dossier, name_under_lock, next_number
from cogov.problems.commands.picturing import cover_picture
from cogov.problems.commands.raising import Raised, note_walk_in, preview, raise_problem
from cogov.problems.commands.reacting import (
    note_accountable,
    note_acting,
    note_case_closed,
    note_case_open,
    note_deciding,
    note_gathering,
    note_rework,
    return_to_triage,
)
from cogov.problems.commands.seconding import recount, second_problem, unsecond_problem
from cogov.problems.commands.triaging import due_triage, triage_problem

__all__ = [
    "Raised",
    "answer_appeal",
    "appeal_triage",
    "ask_raisers",
    "cancel_phase",
    "conclude_deliberation",
    "confirm_problem",
    "cover_picture",
    "declare_leeway",
    "due_appeal",
    "due_confirmation",
    "due_deliberation",
    "due_mediation",
    "due_phase",
    "due_triage",
    "flag_problem",
    "follow_problem",
    "name_on_dossier",
    "name_under_lock",
    "next_number",
    "note_accountable",
    "note_acting",
    "note_case_closed",
    "note_case_open",
    "note_deciding",
    "note_gathering",
    "note_rework",
    "note_walk_in",
    "preview",
    "problem_passage_of",
    "quieten_problem",
    "raise_problem",
    "record_mediation",
    "recount",
    "return_to_triage",
    "schedule_phase",
    "second_problem",
    "settle_problem_words",
    "triage_problem",
    "unfollow_problem",
    "unsecond_problem",
    "why_not_withdraw_problem_words",
    "withdraw_problem_words",
]
