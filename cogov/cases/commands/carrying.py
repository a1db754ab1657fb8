"""Handing what a meeting carried to the official loop, where a public body takes it on or says why not."""

from __future__ import annotations

from cogov.cases.commands.opening import open_case
from cogov.cases.models import Case
from cogov.cases.rules.carrying import why_not_hand_on
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, verb
from cogov.meetings.commands import follow_up
from cogov.meetings.models import Meeting
from cogov.meetings.queries.outcomes import carried_on, counted_outcomes
from cogov.meetings.rules.calling import desk_of, why_not_write
from cogov.meetings.rules.kinds import FollowUp
from cogov.meetings.rules.outcomes import why_not_carried
from cogov.people.queries import organizations_at
from cogov.people.rules import MANDATE_KINDS, Actor, Role
from cogov.places.queries import place_by_id
from cogov.problems.queries import problem_for_change


@verb
def hand_on_carried(
    by: Actor, number: str, *, meeting_motion: int, body_id: int | None = None, once: str | None = None
) -> Case:
    """Hand on a motion that a meeting carried on a problem; a case that is open already takes it up.

    ``body_id`` is a proposal for the dispatcher, as with every case; the centre refuses only with its reason, which
    everybody reads.
    """
    insist_once(by, once)
    problem = problem_for_change(by, number)
    carried = carried_on(problem.id, meeting_motion)
    insist(why_not_carried(carried=carried is not None))
    assert carried is not None
    meeting = found(session().get(Meeting, carried.meeting_id))
    insist(why_not_write(by, meeting.organization_id))
    handed = FollowUp.CASE in counted_outcomes(carried.motion_id)
    insist(why_not_hand_on(problem.stage, hidden=problem.hidden, handed=handed))
    if body_id is not None:
        insist(_why_not_body(place_by_id(problem.community_id).code, body_id))
    by = by.under(desk_of(by, meeting.organization_id))
    case = open_case(by, problem_id=problem.id, body_id=body_id)
    follow_up(by, carried.motion_id, problem_id=problem.id, kind=FollowUp.CASE, subject_id=case.id)
    return case


def _why_not_body(code: str, body_id: int) -> Refusal | None:
    bodies = {each.id for each in organizations_at(code, *MANDATE_KINDS[Role.OFFICIAL])}
    return None if body_id in bodies else Refusal("body_unknown", say("请从列出的单位里选一个。"), status=422)
