"""Addresses: what stands in the place of each part of a route, in the prepared world or in its hidden corner."""

from __future__ import annotations

from werkzeug.routing import Rule

from tests.cast import HERE
from tests.doors.forms import FORMS
from tests.doors.house import House
from tests.doors.world import AID, PAPER

NOWHERE, NO_NUMBER = 987_654_321, "2026-9876"

NUMBERS = {
    "problems.triage": "raised",
    "problems.appeal": "referred",
    "problems.appeal_answer": "appealed",
    "problems.mediation": "mediating",
    "problems.conclusion": "talked",
    "problems.confirmation": "confirming",
}
IDS = {
    "case_id": "case:handled",
    "claim_id": "claim:handed_in",
    "concern_id": "concern:gathering:open",
    "subject_id": "concern:gathering:open",
    "decision_id": "decision:voting",
    "head_id": "head:voting",
    "message_id": "message:gathering",
    "motion_id": "motion:tabled",
    "resolution_id": "resolution:closed",
    "solution_id": "solution:gathering",
    "amendment_id": "amendment:gathering",
    "pledge_id": "pledge:gathering",
    "outcome_id": "outcome:gathering",
    "opinion_id": "opinion:gathering",
    "phase_id": "phase:gathering",
    "summary_id": "summary:gathering",
    "block_id": "block:open",
    "conversation_id": "conversation:gathering",
    "statement_id": "statement:gathering",
    "round_id": "round:gathering",
    "task_id": "task:open",
    "sign_in_id": "sign_in:moderator",
    "token_id": "token:moderator",
    "person_id": "person:newcomer",
    "role_id": "role:spare",
    "suspension_id": "suspension:waiting",
    "countersign_id": "countersign:waiting",
    "passkey_id": "passkey:moderator",
    "organization_id": "organization:spare",
    "matter_id": "matter:spare",
    "item_id": "item:spare",
    "building_id": "building",
    "unit_id": "unit",
    "robot_id": "robot",
    "announcement_id": "announcement",
    "meeting_id": "meeting:draft",
    "meeting_item_id": "meeting_item:draft",
    "meeting_motion_id": "meeting_motion:debate",
    "version": "minutes_version",
    "turn_id": "turn:waiting",
    "notification_id": "notification:resident",
    "residence_id": "residence:tenant",
    "act_id": "act:voting",
    "objection_id": "objection:closed",
    "template_id": "template",
    "version_id": "version:waiting",
    "authority_id": "authority:agreed",
    "review_id": "review:talked:open",
    "mandate_id": "mandate:waiting",
    "interest_id": "interest:waiting",
    "taking_id": "taking:gathering:asked",
    "enclosure_id": "enclosure:gathering",
}
PICTURES = {"cases.picture": "case_picture:handled", "tasks.picture": "claim_picture:handed_in"}

HIDDEN = {
    "case_id": "case:hidden",
    "call_id": "call:hidden",
    "claim_id": "claim:hidden",
    "concern_id": "concern:hidden:open",
    "subject_id": "concern:hidden:open",
    "decision_id": "decision:hidden",
    "head_id": "head:hidden",
    "message_id": "message:hidden",
    "motion_id": "motion:hidden",
    "solution_id": "solution:hidden",
    "amendment_id": "amendment:hidden",
    "pledge_id": "pledge:hidden",
    "outcome_id": "outcome:hidden",
    "opinion_id": "opinion:hidden",
    "phase_id": "phase:hidden",
    "summary_id": "summary:hidden",
    "conversation_id": "conversation:hidden",
    "statement_id": "statement:hidden",
    "round_id": "round:hidden",
    "taking_id": "taking:hidden:asked",
    "enclosure_id": "enclosure:hidden",
    "task_id": "task:hidden",
    "review_id": "review:hidden:open",
}
HIDDEN_PICTURES = {"cases.picture": "case_picture:hidden", "tasks.picture": "claim_picture:hidden"}


def address(house: House, rule: Rule, method: str) -> str:
    """Return the address of something that exists and is public."""
    form = next((form for form in FORMS if method == "POST" and form.endpoint == rule.endpoint), None)
    if form is not None:
        return form.url(house.app, house.world)
    ids = house.world.ids
    values: dict[str, object] = {
        "code": HERE,
        "who": "resident",
        "slip": PAPER,
        "aid": AID,
        "filename": "cogov.css",
        "name": "vote_days",
        "kind": "places",
        "what": "concern",
        "year": 2026,
        "token": ids.get("draft", "x"),
    }
    parts: dict[str, object] = {name: ids[IDS[name]] for name in rule.arguments & IDS.keys()}
    parts |= {name: value for name, value in values.items() if name in rule.arguments}
    if "number" in rule.arguments:
        parts["number"] = house.world.numbers[NUMBERS.get(rule.endpoint, "gathering")]
    if "picture_id" in rule.arguments:
        parts["picture_id"] = ids[PICTURES.get(rule.endpoint, "picture:gathering")]
    return built(house, rule, parts, method)


def hidden(house: House, rule: Rule, method: str) -> tuple[str, str] | None:
    """Return the address of what is hidden, and the same of what does not exist; None where nothing can be."""
    about = rule.arguments & {*HIDDEN, "number"}
    if not about:
        return None
    parts: dict[str, object] = {name: house.world.ids[HIDDEN[name]] for name in about - {"number"}}
    parts |= {"number": house.world.numbers["hidden"]} if "number" in about else {}
    parts |= {"act": "inspection"} if "act" in rule.arguments else {}
    parts |= {"kind": "annul"} if "kind" in rule.arguments else {}
    parts |= {"what": "concern"} if "what" in rule.arguments else {}
    nothing: dict[str, object] = {**parts, **dict.fromkeys(about - {"number", "head_id"}, NOWHERE)}
    nothing |= {"number": NO_NUMBER} if "number" in about else {}
    if "picture_id" in rule.arguments:
        key = HIDDEN_PICTURES.get(rule.endpoint, "picture:hidden")
        parts["picture_id"] = nothing["picture_id"] = house.world.ids[key]
    return built(house, rule, parts, method), built(house, rule, nothing, method)


def built(house: House, rule: Rule, parts: dict[str, object], method: str = "GET") -> str:
    """Return an address from its parts."""
    return house.app.url_map.bind("localhost").build(rule.endpoint, parts, method=method)
