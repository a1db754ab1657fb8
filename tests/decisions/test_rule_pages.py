"""The pages of the rules: anybody reads them, two people change them, and every card says what it is worth here."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from sqlalchemy import select

from cogov.decisions.commands import cast_ballot, open_decision, publish_notice, table_motion
from cogov.decisions.models import BundleTaken, DecisionRuleVersion, ElectorateHead, Motion, VoteAuthority
from cogov.decisions.queries import rule_here, shown_decision
from cogov.decisions.rules.ruling import STATUTORY
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import Scope, Verdict
from cogov.ground.db import session
from cogov.people.rules import CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from cogov.problems.rules.lanes import RuleCode
from tests.cast import HERE
from tests.decisions.conftest import Vote, deliberated, option, paper

BASE = f"?place={HERE}"
WRITTEN = {
    "name": "意向征询：过半数参加才算数",
    "participation": "1/2",
    "participation_inclusive": "",
    "passing": "60%",
    "passing_inclusive": "1",
    "passing_base": "participants",
    "seconders": "1/10",
    "notice_days": "5",
    "publication_days": "3",
    "methods": ["single", "ranked"],
    "secrecies": ["named", "secret"],
    "source": "2027 年 3 月 1 日议事会",
    "reason": "参加的人太少，大家不服",
    "not_before": "",
}


def page(client: Any, url: str, status: int = 200) -> str:
    response = client.get(url)
    text = str(response.get_data(as_text=True))
    assert response.status_code == status, text[:2000]
    return text


def test_anybody_reads_every_rule_with_its_article_and_what_is_never_voted_on(app, cast, client_of):
    text = page(client_of(None), f"/decision-rules{BASE}")
    for rule in RULES.values():
        assert rule.name in text
        assert rule.article in text
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert sorted(set(ids)) == sorted(ids)  # readers of the page find every card under its own heading
    assert text.count("这是意向征询，不是法定表决") == 4  # the owners' rules and the residents' meeting
    assert "样本：法律改过" in text
    assert "依法履职的事，不付表决" in text
    assert "写新版本" not in page(client_of("owner"), f"/decision-rules/R5{BASE}")
    assert client_of(None).get(f"/decision-rules/R0{BASE}").status_code == 404


@pytest.mark.parametrize("who", ["moderator", "owner", "auditor"])
def test_nobody_else_writes_rules(app, cast, client_of, who):
    assert client_of(who).get(f"/decision-rules/R5/edit{BASE}").status_code == 403


def test_a_version_is_looked_at_sent_and_confirmed_by_another(app, cast, clock, client_of):
    street, administrator = client_of("street_office"), client_of("administrator")
    url = f"/decision-rules/R5/edit{BASE}"
    assert 'value="1/20"' in page(street, url)

    look = street.post(url, {**WRITTEN, "step": "look", "once": street.once}).get_data(as_text=True)
    assert "改好以后是这样" in look
    assert "参加表决的超过总数的 1/2" in look
    assert "同意的达到参加的 3/5（含 3/5）" in look
    assert session().scalars(select(DecisionRuleVersion)).all() == []

    sent = street.post(url, {**WRITTEN, "step": "send", "once": street.once})
    assert sent.status_code == 303, sent.get_data(as_text=True)
    version = session().scalars(select(DecisionRuleVersion)).one()
    own = page(street, sent.location)
    assert "要由另一个人确认" in own
    assert "确认新版本" not in own
    assert street.post(f"{sent.location}/confirmation", {"once": street.once}).status_code == 403
    assert "有一个新版本在等第二个人确认" in page(client_of(None), f"/decision-rules{BASE}")

    assert "确认新版本" in page(administrator, sent.location)
    assert administrator.post(f"{sent.location}/confirmation", {"once": administrator.once}).status_code == 303
    assert rule_here(RuleCode.R5, HERE).name == WRITTEN["name"]
    history = page(client_of(None), f"/decision-rules/R5{BASE}")
    assert WRITTEN["name"] in history
    assert f"第 {version.version} 版" in history
    assert "3 天" in history  # what it was before
    assert str(WRITTEN["reason"]) in history


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"passing": "1/3"}, "通过线不能低于过半数"),
        ({"passing": "most"}, "写成几分之几"),
        ({"participation": "1/0"}, "写成几分之几"),
        ({"participation": "3/2"}, "没有办法达到"),
        ({"seconders": ""}, "请填几分之几"),
        ({"notice_days": "0"}, "公示的天数要在 1 到 90 之间"),
        ({"reason": ""}, "改的理由还没有写"),
        ({"methods": []}, "至少选一种列出的方法"),
        ({"secrecies": []}, "按面积计的票和公开的共识都要实名"),
    ],
)
def test_what_cannot_be_written_comes_back_with_its_sentence_and_what_was_typed(app, cast, client_of, changes, said):
    street = client_of("street_office")
    url = f"/decision-rules/R5/edit{BASE}"
    page(street, url)
    response = street.post(url, {**WRITTEN, **changes, "step": "send", "once": street.once})
    text = response.get_data(as_text=True)
    assert response.status_code == 422, text
    assert said in text
    assert WRITTEN["source"] in text


@pytest.mark.parametrize("code", sorted(STATUTORY))
def test_the_lines_of_the_law_are_not_even_asked(app, cast, client_of, code):
    text = page(client_of("street_office"), f"/decision-rules/{code.value}/edit{BASE}")
    assert 'name="passing"' not in text
    assert 'name="participation"' not in text
    assert 'name="secrecies"' not in text
    assert f"参与和通过的比例由{RULES[code].article}定" in text


def test_the_paper_of_a_place_stands_on_its_cards_once_two_have_signed(app, cast, clock, client_of, tmp_path):
    change_setting(CLOCK, code=HERE, name=Setting.STATUTORY_VOTE_AUTHORIZED, value=1)
    folder = tmp_path if app.config.get("COGOV_DATA_DIR") is None else app.config["COGOV_DATA_DIR"] / "files"
    row = paper(cast, folder)
    picture = f"/decision-rules/authority/{row.id}/picture"
    assert client_of(None).get(picture).status_code == 404
    settling = f"/decision-rules/authority/{row.id}/settlement"
    street, administrator = client_of("street_office"), client_of("administrator")
    assert "您交的，要由另一个人确认" in page(street, f"/decision-rules/authority{BASE}")
    assert street.post(settling, {"agrees": "yes", "once": street.once}).status_code == 403
    page(administrator, f"/decision-rules/authority{BASE}")
    assert administrator.post(settling, {"agrees": "yes", "once": administrator.once}).status_code == 303
    text = page(client_of(None), f"/decision-rules{BASE}")
    assert row.title in text
    assert "通过后对表决范围内的全体业主有约束力" in text
    page(street, f"/decision-rules/authority{BASE}")
    assert street.post(f"/decision-rules/authority/{row.id}/end", {"once": street.once}).status_code == 303
    assert row.title not in page(client_of(None), f"/decision-rules{BASE}")
    assert session().get_one(VoteAuthority, row.id).ended_by == cast.street_office.person_id


# Who would vote ------------------------------------------------------------------------------------------------------


def test_the_notice_page_says_who_would_vote_in_this_scope_and_in_wider_ones_and_how_many_it_takes(vote, client_of):
    motion = vote.tabled(scope=Scope.BUILDING, building_id=vote.cast.building_ids[0])
    text = page(client_of("moderator"), f"/motions/{motion.id}/notice")
    whole = vote.tabled()
    wide = page(client_of("moderator"), f"/motions/{whole.id}/notice")
    assert "范围换成全社区，会是多少" in text
    assert "范围换成" not in wide
    for line in ("20 户，2,052.00 m²", "17 户没有核对过身份的人", "要有 14 户，1,368.00 m²参加才够数"):
        assert line in text
        assert line in wide
    assert "刚好够数时，要 11 户，1,026.00 m²同意" in wide  # three quarters of what took part
    assert "全部参加时，要 15 户，1,539.00 m²同意" in wide
    told = client_of(None).get(f"/api/v1/motions/{motion.id}/electorate").get_json()
    assert [each["scope"] for each in told] == ["building", "community"]
    assert told[1]["heads"] == 20
    assert told[1]["quorum"] == {"heads": 14, "area": 136_800}


def test_after_the_close_the_circle_takes_who_took_part_by_flat_and_nothing_of_any_choice(vote, client_of):
    decision = vote.opened()
    cast_ballot(vote.cast.owner, decision.id, option_id=option(decision, 2))
    url = f"/decisions/{decision.id}/units"
    moderator, tenant = client_of("moderator"), client_of("tenant")
    page(moderator, f"/decisions/{decision.id}")
    assert moderator.post(url).status_code == 409  # not before the close
    vote.closed(decision)
    page(tenant, f"/decisions/{decision.id}")
    assert tenant.post(url).status_code == 403
    page(moderator, f"/decisions/{decision.id}/bulletin")
    sent = moderator.post(url)
    assert sent.status_code == 200, sent.get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(sent.get_data(as_text=True).removeprefix("\ufeff"))))
    assert list(rows[0]) == ["楼", "单元", "房号", "面积（m²）", "票号", "参加"]
    assert len(rows) == decision.units_total
    took_part = [row for row in rows if row["参加"] == "是"]
    assert {row["票号"] for row in took_part} == {
        session().get_one(ElectorateHead, shown_decision(vote.cast.owner, decision.id).mine[0].head_id).key
    }
    assert sum(round(float(row["面积（m²）"]) * 100) for row in rows if row["面积（m²）"]) == decision.area_total
    assert "不同意" not in sent.get_data(as_text=True)
    assert session().scalars(select(BundleTaken.person_id)).all() == [vote.cast.moderator.person_id]


# Moving under the other rules -----------------------------------------------------------------------------------------


MOVED = {
    "question": "是否同意三号楼底商住宅改为棋牌室",
    "agree": "同意改为经营，每天十点前关门。",
    "disagree": "不同意，仍作住宅。",
    "abstain": "算您参加了，不算同意。",
    "building": "",
    "solution": "",
    "body": "",
}


@pytest.fixture
def neighbours(app, cast, clock) -> Vote:
    """All owners of the building have to agree, triage found."""
    return Vote(cast, clock, deliberated(cast, RuleCode.R3), RuleCode.R3, None)


def test_unanimity_is_moved_for_one_building_and_one_silent_owner_is_enough_to_fail_it(neighbours, client_of):
    owner, building = client_of("owner"), neighbours.cast.building_ids[0]
    url = f"/problems/{neighbours.number}/motions/new"
    text = page(owner, url)
    assert "住宅改经营：本栋业主一致同意" in text
    assert 'value="R5"' not in text
    told = {**MOVED, "way": "R3", "scope": "community", "once": owner.once}
    refused = owner.post(url, told)
    assert refused.status_code == 422
    assert "本栋的业主推定为有利害关系" in refused.get_data(as_text=True)
    page(owner, url)
    moved = owner.post(url, {**told, "scope": "building", "building": str(building), "once": owner.once})
    assert moved.status_code == 303, moved.get_data(as_text=True)
    motion = session().scalars(select(Motion)).one()
    table_motion(neighbours.cast.moderator, motion.id)
    decision = publish_notice(neighbours.cast.moderator, motion.id, **neighbours.times(RuleCode.R3))
    neighbours.clock.move_to(decision.opens_at)
    open_decision(CLOCK, decision.id)
    for each in (neighbours.cast.owner, neighbours.cast.neighbour):
        cast_ballot(each, decision.id, option_id=option(decision, 1))
    closing = neighbours.closed(decision)
    assert closing.verdict is Verdict.FAILED
    assert "同意人数：2 / 11 户，达到 1/1 要 11 户" in closing.outcome
    result = page(client_of(None), f"/decisions/{decision.id}")
    assert "全部同意才成" in result


@pytest.mark.parametrize(
    ("triaged", "ways"), [(RuleCode.R5, {"R5", "R11", "R12", "R13", "R14"}), (RuleCode.R4, {"R5", "R11", "R13"})]
)
def test_a_matter_offers_the_ways_that_fit_it_and_no_template(app, cast, clock, client_of, triaged, ways):
    problem = deliberated(cast, triaged)
    text = page(client_of("owner"), f"/problems/{problem.number}/motions/new")
    assert set(re.findall(r'name="way"\s+value="(\w+)"', text)) == ways
