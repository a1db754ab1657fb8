"""Who claimed for an organization hands in for it only while the mandate lasts."""

from __future__ import annotations

import pytest

from cogov.ground.refusals import Refused
from cogov.people.commands import end_role
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK
from cogov.problems.commands import triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.tasks.commands import claim_task, hand_in_task, open_task, return_claim
from tests.cast import Cast
from tests.journeys.walking import raise_something


def test_an_ended_mandate_gives_the_claim_back_and_hands_nothing_in(cast: Cast) -> None:
    number = raise_something(cast, text="花坛边的长椅坏了一条腿，想一起修")
    triage_problem(
        cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="大家一起商量"
    )
    task = open_task(cast.moderator, number, title="修长椅", slots=1, days=7)
    mandate = cast.volunteer.standings[0]
    claim = claim_task(cast.volunteer.under(mandate), task.id)
    end_role(CLOCK, mandate.id)
    former = actor_of(cast.volunteer.person_id or 0)
    with pytest.raises(Refused, match="mandate_ended"):
        hand_in_task(former, claim.id, words="修好了", minutes=30)
    return_claim(former, claim.id)
