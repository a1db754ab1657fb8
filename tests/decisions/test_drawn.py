"""What a decision's pages draw: seals only where something was decided, sums that anybody can do again, shortage."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cogov.decisions.commands import cast_ballot, settle_authority
from cogov.decisions.models import Ballot, DecisionTurnout, ElectorateHead
from cogov.decisions.queries import shown_decision, unfinished_decisions
from cogov.decisions.rules.law import Force
from cogov.decisions.rules.outcome import Missing, Test, TestName
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import Verdict
from cogov.decisions.rules.sums import product_of
from cogov.ground.db import session
from cogov.journal.transaction import transaction
from cogov.people.rules import ANYONE, CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from cogov.problems.rules.lanes import RuleCode
from tests.cast import HERE
from tests.decisions.conftest import option, paper

SEAL, OUTLINE = "#s-passed", 'class="asked-mark"'


def read(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(str(response.get_data(as_text=True)).split())


def enough_take_part(decision, heads: int) -> None:
    """Cast for so many heads of the roll: those without a verified person could not do it themselves."""
    with transaction():
        rows = (
            session().query(ElectorateHead).filter_by(decision_id=decision.id).order_by(ElectorateHead.id).limit(heads)
        )
        area = 0
        for ordinal, head in enumerate(rows, 1):
            session().add(
                Ballot(
                    decision_id=decision.id,
                    head_id=head.id,
                    person_id=1,
                    marks="1:1",
                    ordinal=ordinal,
                    nonce=f"{ordinal:064d}",
                    receipt=f"R{ordinal}",
                    cast_at=decision.opens_at,
                )
            )
            area += head.area
        turnout = session().get_one(DecisionTurnout, decision.id)
        turnout.heads, turnout.area = heads, area


@pytest.mark.parametrize(("authorised", "seal", "words"), [(1, True, "通过："), (0, False, "意向征询：达到法定线：")])
def test_a_seal_stands_only_under_what_binds(vote, client_of, tmp_path, authorised: int, seal: bool, words: str):
    change_setting(CLOCK, code=HERE, name=Setting.STATUTORY_VOTE_AUTHORIZED, value=authorised)
    settle_authority(vote.cast.administrator, paper(vote.cast, tmp_path).id, agrees=True)
    decision = vote.opened()
    enough_take_part(decision, 20)
    vote.closed(decision)
    text = read(client_of(None), f"/decisions/{decision.id}")
    assert (SEAL in text, OUTLINE in text) == (seal, not seal)
    assert f"<h1>{words}是否在东门空地建集中充电棚" in text
    assert "人数、面积两样都够数，也都够票。" in text
    assert ("请求法院撤销" in text) is seal


def test_advice_has_no_seal_either_way(poll, client_of):
    decision = poll.opened()
    cast_ballot(poll.cast.owner, decision.id, option_id=option(decision, 2))
    poll.closed(decision)
    text = read(client_of(None), f"/decisions/{decision.id}")
    assert "#s-passed" not in text
    assert "#s-failed" not in text
    assert "<span>意向</span><span>未达到</span>" in text
    assert "回到协商" in text


def test_a_result_says_what_is_multiplied_with_what(vote, client_of):
    decision = vote.opened()
    enough_take_part(decision, 14)
    vote.closed(decision)
    shown = shown_decision(ANYONE, decision.id)
    assert shown.result is not None
    assert shown.result.verdict is Verdict.PASSED
    text = read(client_of(None), f"/decisions/{decision.id}")
    assert "14 × 3 = 42 &gt; 40 = 20 × 2" in text
    assert "没参加的 6 户不算反对，也不算同意。" in text


@pytest.mark.parametrize(("part", "base", "sign"), [(2, 3, "="), (1, 3, "<"), (3, 3, ">"), (1_999_999, 3_000_000, "<")])
def test_both_products_are_whole_numbers(part: int, base: int, sign: str):
    test = Test(TestName.PARTICIPATION_HEADS, part, base, Fraction(2, 3), True, part * 3 >= base * 2, 0, 0)
    assert product_of(test) == f"{part:,} × 3 = {part * 3:,} {sign} {base * 2:,} = {base:,} × 2"


def test_what_is_missing_has_its_thousands_apart_and_asks_for_both():
    assert str(Missing(1200, 84_297).heading) == "还差 1,200 户、843 m²，两样都补齐才算数"
    assert str(Missing(0, 10_000_001).heading) == "还差 100,001 m² 才够数"
    assert str(Missing(0, 0).heading) == "已经够数"


def test_a_running_vote_says_what_is_missing_in_full_batches_on_its_page_and_in_the_list(vote, client_of):
    decision = vote.opened()
    enough_take_part(decision, 12)
    (row,) = unfinished_decisions(ANYONE, vote.cast.community_id)
    shown = shown_decision(ANYONE, decision.id)
    assert shown.running is not None
    assert row.missing == shown.running.missing
    assert row.missing is not None
    assert row.missing.heads == 4  # 14 of 20 are needed, and 12 ballots are told as 10
    page = read(client_of(None), f"/decisions/{decision.id}")
    assert "两样都补齐才算数" in page
    assert "每满十票更新一次，算到第 10 票" in page
    assert "还差 4 户" in read(client_of(None), "/decisions")


def test_of_nine_voters_the_list_says_no_more_than_their_page(vote, client_of):
    decision = vote.opened(scope="building", building_id=vote.cast.building_ids[1])
    (row,) = unfinished_decisions(ANYONE, vote.cast.community_id)
    shown = shown_decision(ANYONE, decision.id)
    assert shown.running is not None
    assert (row.missing is None) == (shown.running.missing is None)


@pytest.mark.parametrize("show", ["running", "coming", "closed", "nonsense", ""])
def test_the_list_is_filtered_in_its_address(vote, client_of, show: str):
    vote.noticed()
    text = read(client_of(None), f"/decisions?show={show}")
    assert ("是否在东门空地建集中充电棚" in text) is (show in {"coming", "nonsense", ""})


def test_the_list_asks_as_often_for_many_votes_as_for_one(vote, client_of, counted):
    decision = vote.opened()
    client = client_of("owner")
    client.get("/decisions")
    with counted() as few:
        client.get("/decisions")
    enough_take_part(decision, 12)
    with counted() as many:
        client.get("/decisions")
    assert len(many.statements) == len(few.statements)


def test_the_form_of_a_motion_says_once_what_a_result_is_worth(vote, client_of):
    text = read(client_of("owner"), f"/problems/{vote.number}/motions/new")
    assert text.count("法定表决按本市规定的方式另行进行") == 1


def test_rules_with_a_quorum_know_it():
    assert RULES[RuleCode.R1].has_quorum
    assert not RULES[RuleCode.R5].has_quorum
    assert RULES[RuleCode.R5].force is Force.ADVISORY
