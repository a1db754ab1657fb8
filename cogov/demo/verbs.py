"""What a step of a story may do: the commands of the rooms, by the words the stories use for them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from cogov.announcements.commands import Text, publish_announcement
from cogov.announcements.rules import AnnouncementKind
from cogov.cases import commands as cases
from cogov.cases.queries import open_case_of
from cogov.decisions import commands as decisions
from cogov.decisions.commands.secret_box import agree_to_open, open_box, take_box_code
from cogov.decisions.commands.secret_voting import vote_for
from cogov.decisions.models import DecisionOption, Resolution
from cogov.decisions.queries.secrets import possible_holders
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.law import CoOwners
from cogov.decisions.rules.methods import read_form
from cogov.decisions.rules.motions import TaskPlan
from cogov.decisions.rules.ruling import edit_of
from cogov.decisions.rules.secrets.codes import new_code
from cogov.decisions.rules.shipped import RULES
from cogov.demo.pictures import photograph
from cogov.demo.saying import say
from cogov.demo.stage import Command, Stage, Told, moment_of
from cogov.demo.stories import Step
from cogov.demo.talking import TALK_ON_PROBLEM, TALK_ON_THING, TALK_SPECIAL
from cogov.duties.commands import pause_clock
from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.files.rules import draw_anew
from cogov.ground.db import found, session
from cogov.meetings import commands as meetings
from cogov.meetings.models import Meeting
from cogov.meetings.rules.kinds import Presence
from cogov.opinion import commands as opinion
from cogov.opinion.models import Statement
from cogov.opinion.rules.stages import StanceValue
from cogov.people.rules import Actor
from cogov.problems import commands as problems
from cogov.problems.rules.lanes import RuleCode
from cogov.tasks import commands as tasks
from cogov.threads import commands as threads

ON_PROBLEM: dict[str, Command] = {
    "second": problems.second_problem,
    "follow": problems.follow_problem,
    "triage": problems.triage_problem,
    "appeal": problems.appeal_triage,
    "answer_appeal": problems.answer_appeal,
    "mediate": problems.record_mediation,
    "conclude": problems.conclude_deliberation,
    "confirm": problems.confirm_problem,
    "concern": threads.raise_concern,
    "ask": opinion.open_conversation,
    "solution": threads.propose_solution,
    "move": decisions.move_motion,
    "open_task": tasks.open_task,
    **TALK_ON_PROBLEM,
}
ON_CASE: dict[str, Command] = {
    name: getattr(cases, name)
    for name in (
        "verify_case",
        "accept_case",
        "file_case",
        "refuse_case",
        "dispatch_case",
        "acknowledge_case",
        "return_case",
        "call_bodies",
        "no_call_needed",
        "pass_case",
        "rework_case",
        "feed_back_case",
        "close_case",
    )
}
ON_THING: dict[str, Command] = {
    "revise": threads.revise_solution,
    "answer_concern": threads.answer_concern,
    "write": opinion.write_statement,
    "propose_overruling": threads.propose_overruling,
    "agree_overruling": threads.agree_overruling,
    "support": decisions.support_motion,
    "table": decisions.table_motion,
    "confirm_rule": decisions.confirm_rule,
    "answer_call": cases.answer_call,
    "claim": tasks.claim_task,
    "hand_in": tasks.hand_in_task,
    "verify_task": tasks.verify_task,
    "send_back": tasks.send_back_task,
    **{
        name: getattr(meetings, name)
        for name in (
            "open_meeting",
            "enter_attendee",
            "take_up",
            "move_motion",
            "ask_to_speak",
            "call_next",
            "open_hands",
            "raise_hand",
            "count_hands",
            "note_down",
            "close_meeting",
            "write_minutes",
            "put_out_minutes",
            "sign_minutes",
            "settle_minutes",
        )
    },
    **TALK_ON_THING,
}


def perform(stage: Stage, told: Told, by: Actor, step: Step) -> None:
    """Do what a step says and keep what came of it under the name that it gives."""
    special = SPECIAL.get(step["do"])
    made = special(stage, told, by, step) if special else _command(stage, told, by, step)
    if name := step.get("as"):
        told.keep(name, made)


def _command(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    do = step["do"]
    if do in ON_PROBLEM:
        return ON_PROBLEM[do](by, told.number, **stage.given(told, ON_PROBLEM[do], step))
    if do in ON_CASE:
        return ON_CASE[do](by, found(open_case_of(told.problem_id)).id, **stage.given(told, ON_CASE[do], step))
    return ON_THING[do](by, stage.meant(told, step["on"]), **stage.given(told, ON_THING[do], step))


# What needs more than its signature says -----------------------------------------------------------------------------


def _raise(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Raise the problem: grids and buildings come by their codes, a pin from the community's corner."""
    plain = ("title", "text", "spot", "names_person", "burning")
    given: dict[str, Any] = {key: step[key] for key in plain if key in step}
    if pin := step.get("pin"):
        west, south = stage.world.shifts[told.community]
        given["longitude"], given["latitude"] = west + pin[0], south + pin[1]
    if building := step.get("building"):
        given["building_id"] = stage.world.buildings[told.community, building]
    if picture := step.get("picture"):
        given["pictures"] = [draw_anew(photograph(name)) for name in picture.split()]
    if who := step.get("on_behalf_of"):
        given["on_behalf_of"] = stage.person(told.community, who)
    raised = problems.raise_problem(
        by,
        community_id=stage.world.communities[told.community],
        grid_id=stage.world.grids[told.community, step["grid"]],
        folder=stage.pictures,
        **given,
    )
    told.number, told.problem_id = raised.number, raised.id
    return raised.problem


def _triage(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Triage; the problem that it is the same as is named by its story."""
    given = stage.given(told, problems.triage_problem, step)
    if other := step.get("same_as"):
        given["same_as"] = stage.told[other].number
    return problems.triage_problem(by, told.number, **given)


def _move(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Move a motion: options (key, label, consequence, cost), form of the ballot, tasks (title, text, slots, days)."""
    plain = {key: value for key, value in step.items() if key not in ("options", "tasks", "building", "form")}
    given = stage.given(told, decisions.move_motion, plain)
    if building := step.get("building"):
        given["building_id"] = stage.world.buildings[told.community, building]
    if form := step.get("form"):
        given["form"] = read_form(json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    options = [Option(position, *option) for position, option in enumerate(step["options"], start=1)]
    plans = [TaskPlan(*plan) for plan in step.get("tasks", ())]
    return decisions.move_motion(by, told.number, options=options, tasks=plans, **given)


def _write_rule(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Write the community's own version of a rule, which differs in how co-owners cast."""
    code = RuleCode(step["code"])
    edit = replace(edit_of(RULES[code]), co_owners=CoOwners(step["co_owners"]))
    return decisions.propose_rule(by, stage.world.codes[told.community], code, edit, reason=step["reason"])


def _notice(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Publish the notice; those who hold the box are named by who they are."""
    given = stage.given(told, decisions.publish_notice, {key: step[key] for key in step if key != "holders"})
    if holders := step.get("holders"):
        code = stage.world.codes[told.community]
        standings = {each.person_id: each.standing_id for each in possible_holders(code)}
        given["holders"] = [standings[stage.person(told.community, who)] for who in holders]
    return decisions.publish_notice(by, stage.meant(told, step["on"]), **given)


def _vote(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Cast a ballot; of many, as many choose each option, or mark it ``1:1 3:1``, as the step says, in no order."""
    decision_id = stage.meant(told, step["on"])
    choice = step.get("choice") or _choice_of(told.key, step["choices"], step["turn"])
    if ":" in choice:
        return decisions.cast_ballot(by, decision_id, marks=choice)
    query = select(DecisionOption.id).where(DecisionOption.decision_id == decision_id, DecisionOption.key == choice)
    return decisions.cast_ballot(by, decision_id, option_id=found(session().scalar(query)))


def _choice_of(story: str, choices: dict[str, int], turn: int) -> str:
    order = [choice for choice, number in choices.items() for _ in range(number)]
    random.Random(story).shuffle(order)
    return order[turn]


def _drop(stage: Stage, told: Told, by: Actor, step: Step) -> None:
    """Put a secret ballot into the box, as the page does for whoever has no JavaScript."""
    marks = _choice_of(told.key, step["choices"], step["turn"])
    vote_for(by, stage.meant(told, step["on"]), code=new_code(), marks=marks)


def _take_code(stage: Stage, told: Told, by: Actor, step: Step) -> None:
    """Take the code of a box and write it down."""
    told.codes[step["who"]] = take_box_code(by, stage.meant(told, step["on"]))


def _agree_to_open(stage: Stage, told: Told, by: Actor, step: Step) -> None:
    agree_to_open(by, stage.meant(told, step["on"]), code=told.codes[step["who"]])


def _open_box(stage: Stage, told: Told, by: Actor, step: Step) -> None:
    """Open the box together with another of those who hold it."""
    other = told.codes[step["with"]]
    open_box(by, stage.meant(told, step["on"]), code=told.codes[step["who"]], other_code=other)


def _answer_resolution(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Answer the resolution of a decision, as the body it names."""
    of_decision = select(Resolution.id).where(Resolution.decision_id == stage.meant(told, step["on"]))
    given = stage.given(told, decisions.answer_resolution, step)
    return decisions.answer_resolution(by, found(session().scalar(of_decision)), **given)


def _pause(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Pause the clock of the case in public."""
    case = found(open_case_of(told.problem_id))
    clock = found(running(Purpose.CASE, case.id))
    pause_clock(by, clock.id, reason=step["reason"])
    return clock


def _handle(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Report the result of a case, with a photograph of how it looks now where the step names a scene."""
    case_id = found(open_case_of(told.problem_id)).id
    given = stage.given(told, cases.handle_case, {key: value for key, value in step.items() if key != "picture"})
    if picture := step.get("picture"):
        given |= {"picture": photograph(picture), "folder": stage.pictures}
    return cases.handle_case(by, case_id, **given)


def _announce(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Announce something in the community, about the story's problem."""
    meeting = step.get("meeting_at")
    text = Text(
        step["title"],
        step["text"],
        moment_of(step["until"], stage.end),
        moment_of(meeting, stage.end) if meeting else None,
        step.get("meeting_spot", ""),
    )
    return publish_announcement(
        by,
        place_id=stage.world.communities[told.community],
        kind=AnnouncementKind(step["kind"]),
        text=text,
        pinned=step.get("pinned", False),
        number=told.number if step.get("about", True) else "",
    )


def _opine(stage: Stage, told: Told, by: Actor, step: Step) -> None:
    """Answer most of the statements as those do who lean the same way: of ``+-`` the first agree, others do not.

    Now and then somebody differs, or cannot say; nobody answers what they wrote themselves.
    """
    dice = random.Random(f"{told.key}:{step['turn']}")
    leanings: list[str] = step["leanings"]
    query = select(Statement).where(Statement.conversation_id == stage.meant(told, step["on"]))
    for statement in session().scalars(query.order_by(Statement.number)).all():
        leaning = leanings[statement.number - 1]
        value = _LEANING[leaning[step["turn"] % len(leaning)]]
        answers, differs = dice.random() < _ANSWERED, dice.random() < _DIFFERS
        if answers and statement.person_id != by.person_id:
            opinion.answer_statement(by, statement.id, dice.choice(list(StanceValue)) if differs else value)


_LEANING = {"+": StanceValue.AGREE, "-": StanceValue.DISAGREE, "0": StanceValue.PASS}
_ANSWERED, _DIFFERS = 0.72, 0.1


def _call_meeting(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Call a meeting of the community."""
    return meetings.call_meeting(
        by,
        place_id=stage.world.communities[told.community],
        title=step["title"],
        text=step["text"],
        begins=moment_of(step["begins"], stage.end),
        spot=step["spot"],
    )


def _list_item(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Put a matter on the agenda of a meeting, or without a title the story's problem."""
    title = step.get("title", "")
    return meetings.list_item(by, stage.meant(told, step["on"]), number="" if title else told.number, title=title)


def _check_in(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Come to a meeting, in its room by the code on the wall."""
    made = found(session().get(Meeting, stage.meant(told, step["on"])))
    return meetings.check_in(by, made.id, presence=Presence(step.get("presence", "room")), code=made.code)


SPECIAL: dict[str, Callable[[Stage, Told, Actor, Step], Any]] = {
    "raise": _raise,
    "say": say,
    "triage": _triage,
    "move": _move,
    "write_rule": _write_rule,
    "notice": _notice,
    "vote": _vote,
    "drop": _drop,
    "take_code": _take_code,
    "agree_to_open": _agree_to_open,
    "open_box": _open_box,
    "answer_resolution": _answer_resolution,
    "pause": _pause,
    "handle_case": _handle,
    "announce": _announce,
    "call_meeting": _call_meeting,
    "list_item": _list_item,
    "check_in": _check_in,
    "opine": _opine,
    **TALK_SPECIAL,
}
