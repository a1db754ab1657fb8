"""What is kept about one person in this room, for their own copy."""

from __future__ import annotations

from cogov.ground.copies import Copies, copies
from cogov.threads.models import (
    Amendment,
    Concern,
    ConcernAnswer,
    Enclosure,
    Endorsement,
    Interest,
    Mention,
    Message,
    MessageVersion,
    MinorityOpinion,
    MinoritySigner,
    MinutesAnswer,
    Pledge,
    ReadingMark,
    SlowMode,
    Solution,
    SolutionVersion,
    SummaryVersion,
)

ABOUT = (
    Message.person_id,
    MessageVersion.person_id,
    Enclosure.person_id,
    Mention.person_id,
    ReadingMark.person_id,
    SummaryVersion.person_id,
    MinutesAnswer.person_id,
    SlowMode.person_id,
    Concern.person_id,
    ConcernAnswer.person_id,
    Solution.person_id,
    SolutionVersion.person_id,
    Amendment.person_id,
    Endorsement.person_id,
    Interest.person_id,
    Pledge.person_id,
    MinorityOpinion.person_id,
    MinoritySigner.person_id,
)
"""Columns that say whose a row is."""

DONE = (
    ConcernAnswer.agreed_by,
    SummaryVersion.decided_by,
    Amendment.answered_by,
    Endorsement.withdrawn_by,
    Pledge.settled_by,
)
"""Columns that say who acted on a row that is about others."""


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here."""
    return copies(person_id, ABOUT, DONE)
