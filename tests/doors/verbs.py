"""What pages call to change something, and what of it has no operation in the API on purpose, each with its reason."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from flask import Flask

from cogov.ground.api import PREFIX

ROOT = Path(__file__).parents[2] / "cogov"
COMMON = {"front/moderation/acting.py", "front/moderation/reading.py"}
"""What pages and the API call by the same functions, which hand on to the verb of each kind of text."""


@cache
def verbs() -> frozenset[str]:
    """Return the names of everything in a room's commands that a person can do: public, and `by` somebody."""
    found = set()
    for path in [*ROOT.glob("*/commands/**/*.py"), *ROOT.glob("*/commands.py"), ROOT / "tell" / "choices.py"]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and _by_somebody(node) and _shown(path, node.name):
                found.add(node.name)
    return frozenset(found)


def _by_somebody(node: ast.FunctionDef) -> bool:
    first = node.args.args[:1]
    return bool(first) and first[0].arg == "by" and not node.name.startswith("why_not")


def _shown(path: Path, name: str) -> bool:
    """Say whether a room shows a command to others; a room with one module of them shows all but the private."""
    package = path.with_name("__init__.py")
    shows_all = path.parent.name != "commands"
    return not name.startswith("_") and (shows_all or f'"{name}"' in package.read_text(encoding="utf-8"))


def verbs_called_by(*kinds: str) -> set[str]:
    """Return the verbs that modules of some kinds name: views of rooms, the front, or the API."""
    return {name for path in ROOT.rglob("*.py") if _is(path, kinds) for name in _names(path) & verbs()}


def _is(path: Path, kinds: tuple[str, ...]) -> bool:
    parts = path.relative_to(ROOT).with_suffix("").parts
    program = "api" in parts
    if "api" in kinds:
        return program or path.relative_to(ROOT).as_posix() in COMMON
    return not program and ("views" in parts or parts[0] in kinds)


def _names(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node for node in ast.walk(tree) if isinstance(node, (ast.Name, ast.Attribute))}
    read = {node for node in used if isinstance(node.ctx, ast.Load)}
    return {node.id if isinstance(node, ast.Name) else node.attr for node in read}


def posting(app: Flask) -> set[str]:
    """Return every address of the pages to which something is sent."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set()) and not rule.rule.startswith(PREFIX)
    }


_DOOR = "how somebody comes in: a program comes in by its token"
_KEYS = "keys to a person's door are made and ended by the person, not by a program that holds one of them"
_EYES = "the second pair of eyes, or the reason to look, is a person's at the console"
_ROBOT = "a robot is given its address once, at the console, where its secret is typed and tried"
_ADDRESS = "where news goes outside is proved and chosen by the one who reads it there"
_SELF = "a person says it with their own eyes on the text, not a program for them"
_SET_UP = "done once, while a place is set up, step by step on its pages; or from files by `cogov import`"
_BOOKS = "the books of a place: entered from files by `cogov import`, corrected on the page that shows them"

_PAPER = "the codes of a box, and a choice that the server would seal for a voter, pass through no bearer"


def _all(reason: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), reason)


WITHOUT: dict[str, str] = {
    **_all(
        _DOOR,
        "confirm_sign_up count_there forget_password_tries issue_code note_password_try note_seen open_sign_in recover "
        "rehash_password sign_in_by_code start_sign_up use_code",
    ),
    **_all(
        _KEYS,
        "add_passkey begin_app confirm_app end_sign_in end_sign_ins make_recovery_codes make_token note_proved "
        "remove_app remove_passkey revoke_token set_password take_app_step use_passkey use_recovery_code",
    ),
    **_all(
        _EYES,
        "ask_course decline_course decline_countersign look_at_contact look_at_service sign_course",
    ),
    **_all(_ROBOT, "add_robot pause_robot remove_robot resume_robot try_robot"),
    **_all(_SELF, "ask_closing note_opened take_back_closing withdraw_consent"),
    **_all(
        _SET_UP,
        "begin_set_up confirm_rules fill_post found_first_administrator map_duties open_community start_catalogue "
        "write_grids",
    ),
    **_all(
        _BOOKS,
        "check_residence correct_matter declare_day end_duty end_residence enter_year hold_grid import_calendar "
        "import_duties import_grids import_matters import_people import_places import_roll list_duty register_building "
        "register_place register_unit retire_matter set_shares set_threshold",
    ),
    "act_under": "the header Cogov-Acting says it for each request",
    "take_full_bundle": "every choice of a vote goes to a person of the circle who is signed in, and to no bearer",
    "ask_for_rows": "what each person answered goes to a named auditor who is signed in, and to no bearer",
    "note_outcome": "the loop writes down what can be dissented from; nobody asks for it",
    "agree_to_rows": "the second person for what goes to no bearer",
    "take_rows": "what each person answered goes to a named auditor who is signed in, and to no bearer",
    "import_conversation": "an administrator's sheets; the command line does it, too",
    "take_units_sheet": "who took part, by flat, goes to a person of the circle who is signed in, and to no bearer",
    "note_export": "a copy of everything that is kept about a person goes to who is signed in, and to no bearer",
    "preview": "what the rules would propose while one is still writing; the answer of `raise_problem` says it",
    "quieten": "one level less of what `choose_notices` sets by name",
}
"""Verbs that pages call and the API does not."""

_OPERATIONS = {
    "admin.agree": "agree_to_suspend",
    "admin.dismiss_role": "dismiss",
    "admin.end_organization": "close_organization",
    "admin.grant": "appoint",
    "admin.lift": "lift_suspension",
    "admin.organization": "correct_organization",
    "admin.organizations": "enter_organization",
    "admin.register": "register_person",
    "admin.suspend": "suspend_person",
    "announcements.correct": "correct_announcement",
    "announcements.publish": "publish_announcement",
    "announcements.withdraw": "withdraw_announcement",
    "cases.answer": "answer_call",
    "cases.hand_on": "hand_on_carried",
    "cases.pause": "pause_case",
    "cases.resume": "resume_case",
    "cases.step": "verify_case accept_case refuse_case file_case dispatch_case acknowledge_case return_case "
    "call_bodies need_no_call handle_case inspect_case feed_back_case close_case",
    "meetings.ask_to_speak": "ask_to_speak",
    "meetings.call": "call_meeting",
    "meetings.call_next": "call_next_speaker",
    "meetings.check_in": "check_in",
    "meetings.check_out": "check_out",
    "meetings.close_meeting": "close_meeting",
    "meetings.come_back": "come_back",
    "meetings.count_hands": "count_hands",
    "meetings.enter": "enter_attendee",
    "meetings.hand_over": "hand_over_chair",
    "meetings.leave_queue": "leave_queue",
    "meetings.list_item": "list_item",
    "meetings.move": "move_in_meeting",
    "meetings.move_up": "move_item_up",
    "meetings.note_down": "note_down",
    "meetings.open_hands": "open_hands",
    "meetings.open_meeting": "open_meeting",
    "meetings.prompt": "prompt_speaker",
    "meetings.put_out_minutes": "put_out_minutes",
    "meetings.raise_hand": "raise_hand",
    "meetings.renew_code": "renew_code",
    "meetings.settle_minutes": "settle_minutes",
    "meetings.sign_minutes": "sign_minutes",
    "meetings.strike_item": "strike_item",
    "meetings.take_up": "take_up_item",
    "meetings.withdraw": "withdraw_in_meeting",
    "meetings.write_minutes": "write_minutes",
    "moderation.answer": "answer_removal_appeal",
    "moderation.answer_block": "answer_block_appeal",
    "moderation.appeal_block": "appeal_block",
    "moderation.block": "block_author",
    "moderation.end_slow": "end_slow_mode",
    "moderation.set_slow": "set_slow_mode",
    "moderation.appeal": "appeal_removal",
    "moderation.decide": "decide_review",
    "moderation.flag": "flag_message",
    "moderation.flag_text": "flag_text",
    "moderation.withdraw_text": "withdraw_text",
    "moderation.look": "look_at_sealed",
    "moderation.order": "order_text_down",
    "moderation.withdraw": "withdraw_message",
    "decisions.adopt": "answer_resolution",
    "decisions.answer_objection": "answer_objection",
    "decisions.object_to": "object_to_result",
    "decisions.state_outcome": "state_outcome",
    "decisions.cast": "cast_ballot",
    "decisions.drop": "drop_ballot",
    "decisions.token": "issue_token",
    "decisions.authority": "give_authority",
    "decisions.check_reason": "check_reason",
    "decisions.write_template": "write_ballot_template",
    "decisions.change_template": "change_ballot_template",
    "decisions.retire_template": "retire_ballot_template",
    "decisions.confirm_rule": "confirm_rule",
    "decisions.help_cast": "help_vote",
    "decisions.make_papers": "print_papers",
    "decisions.note_service": "record_service",
    "decisions.read_paper": "enter_paper",
    "decisions.stop_help": "end_help",
    "decisions.witness": "witness_help",
    "decisions.decision_mandates": "give_mandate",
    "decisions.apply_interest": "apply_interest",
    "decisions.name_delegate": "name_delegate",
    "decisions.settle_interest": "settle_interest",
    "decisions.withdraw_interest": "withdraw_interest",
    "decisions.open_round": "open_round",
    "decisions.answer_round": "answer_round",
    "decisions.close_round": "close_round",
    "decisions.end_mandate": "end_mandate",
    "decisions.paper_mandates": "enter_paper_mandate",
    "decisions.period_mandate": "give_mandate",
    "decisions.settle_mandate": "settle_paper_mandate",
    "decisions.decline_rule": "decline_rule",
    "decisions.edit_rule": "propose_rule",
    "decisions.end_authority": "end_authority",
    "decisions.settle_authority": "settle_authority",
    "decisions.move": "move_motion",
    "decisions.publish": "publish_notice",
    "decisions.support": "support_motion",
    "decisions.table": "table_motion",
    "decisions.withdraw": "withdraw_motion",
    "files.keep": "keep_picture",
    "mine.leave_home": "move_out",
    "people.pseudonym": "change_pseudonym",
    "problems.appeal": "appeal_triage",
    "problems.appeal_answer": "answer_appeal",
    "problems.conclusion": "conclude_deliberation",
    "problems.confirm_triage": "triage_problem",
    "problems.confirmation": "confirm_problem reopen_case",
    "problems.cover": "cover_picture",
    "problems.create": "raise_problem",
    "problems.following": "follow_problem",
    "problems.mediation": "record_mediation",
    "problems.second": "second_problem",
    "problems.unsecond": "unsecond_problem",
    "tasks.cancel": "cancel_task",
    "opinion.answer": "answer_statement withdraw_answer",
    "opinion.close": "close_conversation",
    "opinion.open_new": "open_conversation",
    "opinion.write": "write_statement",
    "moderation.flag_statement": "flag_statement",
    "moderation.withdraw_own_statement": "withdraw_statement",
    "tasks.claim": "claim_task",
    "tasks.give_back": "return_claim",
    "tasks.hand_in": "hand_in_task",
    "tasks.open_task": "open_task",
    "tasks.verify": "verify_task send_back_task",
    "tell.quieter": "follow_problem choose_notices",
    "tell.reading": "read_notices",
    "tell.set_choices": "choose_notices",
    "threads.agree_overruling": "agree_overruling",
    "threads.answer_concern": "answer_concern",
    "threads.edit_message": "edit_message",
    "threads.accept_summary": "accept_summary",
    "threads.decline_summary": "decline_summary",
    "threads.endorse_minutes": "answer_minutes",
    "threads.mark_read": "mark_read",
    "threads.object_to_minutes": "answer_minutes",
    "threads.propose_summary": "propose_summary",
    "threads.write_summary": "write_summary",
    "threads.post_message": "post_message",
    "threads.post_reply": "post_message",
    "threads.propose_overruling": "propose_overruling",
    "threads.propose_solution": "propose_solution",
    "threads.raise_concern": "raise_concern",
    "threads.revise_solution": "revise_solution",
    "threads.withdraw_concern": "withdraw_concern",
    "threads.propose_amendment": "propose_amendment",
    "threads.accept_amendment": "accept_amendment",
    "threads.reject_amendment": "reject_amendment",
    "threads.promote_amendment": "promote_amendment",
    "threads.withdraw_amendment": "withdraw_amendment",
    "threads.endorse_solution": "endorse_solution",
    "threads.withdraw_endorsement": "withdraw_endorsement",
    "threads.state_interest": "state_interest",
    "threads.make_pledge": "make_pledge",
    "threads.keep_pledge": "keep_pledge",
    "threads.withdraw_pledge": "withdraw_pledge",
    "threads.file_minority": "file_minority",
    "threads.sign_minority": "sign_minority",
    "threads.unsign_minority": "unsign_minority",
    "threads.declare": "declare_leeway",
    "threads.schedule": "schedule_phase",
    "threads.cancel": "cancel_phase",
}
OPERATIONS = {endpoint: frozenset(names.split()) for endpoint, names in _OPERATIONS.items()}
"""For each address of the pages to which something is sent, what programs send instead."""

NO_OPERATION: dict[str, str] = {
    **_all(
        _DOOR,
        "people.sign_in people.sign_in_code people.sign_up people.sign_up_code people.recovery people.recovery_code "
        "people.send_again people.sign_out",
    ),
    **_all(_KEYS, "people.create_token people.password people.revoke people.revoke_one people.revoke_others"),
    **_all(
        _KEYS,
        "people.confirm people.drop_app people.drop_passkey people.keep_passkey people.renew_codes people.second_step "
        "people.sign_in_passkey people.start_app people.start_passkey",
    ),
    **_all(
        _EYES,
        "admin.countersign admin.decline admin.look decisions.ask_course decisions.decline_course "
        "decisions.read_sheets decisions.sign_course decisions.service_evidence",
    ),
    **_all(_ROBOT, "admin.pause admin.remove admin.resume admin.robots admin.try_out"),
    **_all(
        _ADDRESS, "calendars.end_feed calendars.make_feed mail.choose mail.follow mail.prove mail.remove mail.send_code"
    ),
    **_all(
        _PAPER,
        "decisions.agree decisions.cast_secret decisions.take_code decisions.unseal_box",
    ),
    **_all(_SELF, "people.ask_to_close people.consents people.give people.keep_account people.withdraw"),
    **_all(
        _SET_UP,
        "admin.first admin.new_community admin.opening admin.set_up_calendar admin.set_up_duties admin.set_up_grids "
        "admin.set_up_people admin.set_up_rules admin.start_matters",
    ),
    **_all(
        _BOOKS,
        "admin.building admin.buildings admin.calendar admin.calendar_year admin.duties admin.duty admin.end_home "
        "admin.end_matter admin.entry admin.grid admin.imports admin.matter admin.places admin.residence admin.setting "
        "admin.shares",
    ),
    "decisions.full_bundle": WITHOUT["take_full_bundle"],
    "decisions.units": WITHOUT["take_units_sheet"],
    "opinion.agree_rows": WITHOUT["agree_to_rows"],
    "opinion.ask_rows": WITHOUT["ask_for_rows"],
    "opinion.import_sheets": WITHOUT["import_conversation"],
    "opinion.rows_taken": WITHOUT["take_rows"],
    "mine.export": WITHOUT["note_export"],
    "people.acting": WITHOUT["act_under"],
    "problems.hints": WITHOUT["preview"],
}
"""Addresses of the pages that have no operation on purpose, each with its reason."""
