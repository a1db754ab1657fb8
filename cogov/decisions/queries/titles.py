"""What motions are called and how far they are, for whoever links to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from cogov.decisions.models import Decision, Motion
from cogov.decisions.rules.stages import DecisionState, MotionState
from cogov.ground.db import session
from cogov.ground.words import Words, say

_MOVED: dict[MotionState, Words] = {
    MotionState.MOVED: say("等附议"),
    MotionState.TABLED: say("已列入表决，等公告"),
    MotionState.NOTICED: say("已公告"),
    MotionState.WITHDRAWN: say("已收回"),
}
_DECIDED: dict[DecisionState, Words] = {
    DecisionState.NOTICED: say("已公告"),
    DecisionState.OPEN: say("正在表决"),
    DecisionState.CLOSED: say("表决结束"),
}


def called(motion_ids: Collection[int]) -> Mapping[int, tuple[str, Words]]:
    """Return question and state of some motions; two queries."""
    voted = dict(
        session().execute(select(Decision.motion_id, Decision.state).where(Decision.motion_id.in_(motion_ids))).all()
    )
    rows = session().scalars(select(Motion).where(Motion.id.in_(motion_ids)))
    return {row.id: (row.question, _DECIDED[voted[row.id]] if row.id in voted else _MOVED[row.state]) for row in rows}
