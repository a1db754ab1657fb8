"""When what a meeting carried may be handed to the official loop."""

from __future__ import annotations

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.problems.rules.stages import Stage

HANDED_ON = frozenset({Stage.GATHERING, Stage.DECIDING, Stage.ACTING, Stage.OFFICIAL})


def why_not_hand_on(stage: Stage, *, hidden: bool, handed: bool) -> Refusal | None:
    """A carried motion is handed on once, while something can be done about its problem."""
    if hidden:
        return Refusal("problem_hidden", say("这件事正由管理员核对或调解，现在不能交部门办。"))
    if stage not in HANDED_ON:
        return Refusal("problem_not_alive", say("这件事还没有分流，或者已经办结，现在不能交部门办。"))
    if handed:
        return Refusal(
            "handed_on_already", say("这个动议已经交部门办理。"), what_next=say("请在会议页上打开案件看进展。")
        )
    return None
