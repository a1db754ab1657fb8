"""Reasons beside ballots: published only with their writer's consent and after a moderator has read them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from cogov.decisions.commands import allow_reason, cast_ballot, check_reason
from cogov.decisions.models import BallotReason
from cogov.decisions.queries import needs
from cogov.decisions.queries.reasons import unread
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.methods import BallotForm, DecidingCount, Method, ReasonAsked
from cogov.decisions.rules.reasons import Side, Withheld, side_of, winners_of
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from tests.databases import both

LAMPS = tuple(
    Option(position, f"o{position}", label, f"选它就{label}。")
    for position, label in enumerate(("修路灯", "修门禁"), start=1)
)
ASKED = BallotForm(Method.APPROVAL, reason=ReasonAsked.OPTIONAL)
RANKED = BallotForm(Method.RANKED, DecidingCount.SCHULZE)


@pytest.mark.parametrize(
    ("form", "marks", "winners", "side"),
    [
        (ASKED, "1:1 2:1", (2,), Side.CARRIED),
        (ASKED, "1:1", (2,), Side.LOST),
        (ASKED, "", (2,), Side.UNTOLD),
        (ASKED, "1:1", (), Side.UNTOLD),
        (RANKED, "1:2 2:1", (1,), Side.LOST),
        (RANKED, "1:1 2:2", (1,), Side.CARRIED),
        (BallotForm(Method.SCORE), "1:3 2:5", (1,), Side.LOST),
        (BallotForm(Method.SCORE), "1:5 2:5", (1,), Side.CARRIED),
    ],
)
def test_a_ballot_stands_where_its_first_choice_does(form, marks, winners, side):
    assert side_of(form, marks, winners) is side


def test_of_a_yes_or_no_the_answer_that_stands_has_carried():
    keys = ("agree", "disagree", "abstain")
    single = BallotForm()
    assert winners_of(single, {}, keys, passed=True) == (1,)
    assert winners_of(single, {}, keys, passed=False) == (2,)
    assert winners_of(ASKED, {"winners": [2]}, ("o1", "o2"), passed=True) == (2,)


def _page(client: Any, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return str(answer.get_data(as_text=True))


@both
def test_a_reason_is_read_by_all_after_its_writer_and_a_moderator_agree(poll, client_of):
    decision = poll.opened(form=ASKED, options=LAMPS)
    url = f"/decisions/{decision.id}"
    for name, reason, agrees in (("owner", "路灯修了三回。", True), ("neighbour", "三楼的老王总不关门。", True)):
        client = client_of(name)
        text = _page(client, url)
        head = re.search(r'name="head" value="(\d+)"', text)
        assert head is not None
        assert "截止后可以公开我的理由" in text
        told = {"head": head[1], "marks": "1", "mark": "1", "reason": reason, "reason_public": "1" if agrees else ""}
        assert client.post(f"{url}/ballot", told).status_code == 303
    # The tenant writes one for nobody else to read.
    cast_ballot(poll.cast.tenant, decision.id, marks="2:1", reason="只给计票的人看。")
    assert client_of("moderator").get(f"{url}/reasons").status_code == 409  # nobody reads a reason while the vote runs

    poll.closed(decision)
    assert [need.kind for need in needs(poll.cast.moderator)] == ["reasons"]
    assert client_of("owner").get(f"{url}/reasons").status_code == 403
    assert client_of("owner").post(f"{url}/reasons", {"reason": unread(decision.id)[0].id}).status_code == 403
    result = _page(client_of(None), url)
    assert "还有 2 条理由，主持人看过以后公开。" in result
    for reason in ("路灯修了三回。", "三楼的老王总不关门。", "只给计票的人看。"):
        assert reason not in result
    desk = _page(client_of("moderator"), f"{url}/reasons")
    assert "只给计票的人看。" not in desk
    ids = {each.text: each.id for each in unread(decision.id)}
    moderator = client_of("moderator")
    assert moderator.post(f"{url}/reasons", {"reason": ids["路灯修了三回。"], "withheld": ""}).status_code == 303
    withheld = {"reason": ids["三楼的老王总不关门。"], "withheld": "person"}
    assert moderator.post(f"{url}/reasons", withheld).status_code == 303
    assert moderator.post(f"{url}/reasons", withheld).status_code == 409  # once

    result = _page(client_of(None), url)
    assert "路灯修了三回。" in result
    assert "三楼的老王" not in result
    assert "修路灯</b>" not in result  # of three households nobody is told what one of them chose
    assert "不公开：说到了具体的人、门牌、电话或者车牌" in _page(moderator, f"{url}/reasons")
    assert needs(poll.cast.moderator) == []


def test_a_ballot_cast_anew_takes_the_consent_to_its_old_reason_away(poll):
    decision = poll.opened(form=ASKED, options=LAMPS)
    owner = poll.cast.owner
    first = cast_ballot(owner, decision.id, marks="1:1", reason="路灯修了三回。")
    assert allow_reason(owner, decision.id, head_id=first.head_id, agrees=True)
    assert [each.text for each in unread(decision.id)] == ["路灯修了三回。"]
    cast_ballot(owner, decision.id, marks="1:1", reason="别的话，不给人看。")
    assert unread(decision.id) == []
    assert not allow_reason(poll.cast.tenant, decision.id, head_id=first.head_id, agrees=True)  # not theirs
    assert allow_reason(owner, decision.id, head_id=first.head_id, agrees=True)
    assert not allow_reason(owner, decision.id, head_id=first.head_id, agrees=False)
    assert session().scalars(select(BallotReason)).all() == []
    poll.closed(decision)
    assert not allow_reason(owner, decision.id, head_id=first.head_id, agrees=True)  # too late


def test_only_a_moderator_reads_reasons_and_only_after_the_close(poll):
    decision = poll.opened(form=ASKED, options=LAMPS)
    ballot = cast_ballot(poll.cast.owner, decision.id, marks="1:1", reason="路灯修了三回。")
    allow_reason(poll.cast.owner, decision.id, head_id=ballot.head_id, agrees=True)
    (told,) = unread(decision.id)
    with pytest.raises(Refused) as early:
        check_reason(poll.cast.moderator, decision.id, told.id)
    assert early.value.refusal.code == "vote_runs"
    poll.closed(decision)
    with pytest.raises(Refused) as other:
        check_reason(poll.cast.owner, decision.id, told.id, withheld=Withheld.INSULT)
    assert other.value.refusal.code == "not_a_checker"
