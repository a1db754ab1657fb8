"""Noting what follows from a motion that a meeting carried; the rooms in which it follows call this."""

from __future__ import annotations

from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import insist
from cogov.journal.transaction import verb
from cogov.meetings.commands.holding import tell
from cogov.meetings.events import MeetingMotionFollowed
from cogov.meetings.models import Meeting, MeetingItem, MeetingMotion, MeetingOutcome
from cogov.meetings.queries.outcomes import counted_outcomes, was_there
from cogov.meetings.rules.kinds import FollowUp
from cogov.meetings.rules.outcomes import why_not_follow, why_not_take_further
from cogov.moderation.queries import covered_fields
from cogov.moderation.rules import SubjectKind
from cogov.people.rules import Actor


@verb
def follow_up(by: Actor, motion_id: int, *, problem_id: int, kind: FollowUp, subject_id: int) -> MeetingOutcome:
    """Link what a meeting carried with what came of it; whoever calls this holds the problem's lock."""
    motion = found(session().get(MeetingMotion, motion_id))
    item = found(session().get(MeetingItem, motion.item_id))
    meeting = found(session().get(Meeting, motion.meeting_id))
    before = counted_outcomes(motion.id)
    insist(
        why_not_follow(
            motion.state,
            amendment=motion.amends_id is not None,
            same_problem=item.problem_id == problem_id,
            outcomes=sum(before.values()),
            voted_on=FollowUp.VOTE in before,
            kind=kind,
            removed="text" in covered_fields(SubjectKind.MOTION, motion.id),
        )
    )
    if kind is FollowUp.VOTE:
        there, desk = was_there(by, meeting)
        insist(why_not_take_further(there=there, desk=desk))
    row = MeetingOutcome(
        meeting_id=meeting.id,
        motion_id=motion.id,
        problem_id=problem_id,
        kind=kind,
        subject_id=subject_id,
        at=now(),
    )
    session().add(row)
    session().flush()
    tell(MeetingMotionFollowed(meeting.id, motion.id, kind, subject_id), by, meeting, problem_id=problem_id)
    return row
