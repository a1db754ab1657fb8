"""A problem itself: flagged, covered wherever it is shown, put back after an appeal, taken back by its author."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from cogov.front.moderation.reading import sheet_of
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import NotFound
from cogov.ground.search import SearchText
from cogov.moderation.commands import answer_removal_appeal, appeal_removal, decide_review, order_down
from cogov.moderation.models import Cover, Review, SealedWords
from cogov.moderation.queries import SINCE, fates_on, ledger, needs
from cogov.moderation.rules import FlagReason, Order, ReviewVerdict, SubjectKind
from cogov.moderation.rules.covering import MARK_OF_ITS_AUTHOR, unmarked
from cogov.people.rules import Actor
from cogov.places.queries import place_by_code
from cogov.problems.commands import flag_problem, raise_problem, second_problem, withdraw_problem_words
from cogov.problems.models import Problem
from tests.cast import HERE, Cast
from tests.databases import both
from tests.moderation.test_commands import count, refused

FOUL = "灯具大甩卖"
TEXT = FOUL + "，楼道灯坏了一个月，换新找我。"
SPOT = "甩卖摊边上"


def foul(cast: Cast, by: Actor | None = None) -> Problem:
    longitude, latitude = cast.inside
    return raise_problem(
        by or cast.resident,
        community_id=cast.community_id,
        title=FOUL,
        text=TEXT,
        spot=SPOT,
        longitude=longitude,
        latitude=latitude,
    ).problem


def again(problem_id: int) -> Problem:
    session().expire_all()
    found = session().get(Problem, problem_id)
    assert found is not None
    return found


def removed(cast: Cast, problem_id: int) -> Review:
    review = flag_problem(cast.owner, problem_id, reason=FlagReason.INSULT)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    return review


@both
def test_a_problem_is_covered_and_stands_again_after_an_appeal_to_somebody_else(cast: Cast):
    problem_id = foul(cast).id
    review = removed(cast, problem_id)
    down = again(problem_id)
    assert (down.title, down.text, down.spot) == ("【已移除】",) * 3
    assert count(Cover) == 3
    assert fates_on(problem_id)[SubjectKind.PROBLEM, problem_id].reason is FlagReason.INSULT
    assert "甩卖" in sheet_of(cast.resident, review.id).text
    found = session().scalars(select(SearchText.tokens).where(SearchText.kind == "problem")).one()
    assert "甩" not in found
    with refused("not_standing"):
        flag_problem(cast.neighbour, problem_id, reason=FlagReason.INSULT)
    second_problem(cast.neighbour, down.number)  # the dossier goes on
    appeal_removal(cast.resident, review.id, words="说的是事实。")
    with refused("second_person"):
        answer_removal_appeal(cast.moderator, review.id, granted=True, words="恢复。")
    answer_removal_appeal(cast.street_office, review.id, granted=True, words="恢复。")
    back = again(problem_id)
    assert (back.title, back.text, back.spot, back.seconds) == (FOUL, TEXT, SPOT, 1)
    assert (count(Cover), count(SealedWords)) == (0, 0)
    assert ledger(place_by_code(HERE), now() - SINCE).overturned == 1


def pages(client_of: Any, number: str) -> dict[str, str]:
    """Return wherever a reader of the place may meet a problem."""
    addresses = (
        "/",
        "/problems",
        f"/problems/{number}",
        f"/problems/{number}?print=1",
        f"/problems/{number}?tab=discussion",
        f"/problems/{number}?tab=timeline",
        f"/problems/{number}/qr",
        "/search?q=楼道灯",
        "/map",
        "/journal",
        f"/places/{HERE}",
        "/mine",
        "/feed.xml",
        f"/problems/{number}/feed.xml",
        f"/api/v1/problems/{number}",
        "/api/v1/problems",
        "/api/v1/search?q=楼道灯",
    )
    told = {}
    for who in (None, "neighbour", "moderator"):
        for address in addresses:
            answer = client_of(who).get(address, follow_redirects=True)
            told[f"{who} {address}"] = answer.get_data(as_text=True) if answer.status_code == 200 else ""
    return told


def test_no_page_says_what_was_taken_down_not_even_one_that_was_kept(cast: Cast, client_of):
    problem = foul(cast)
    before = pages(client_of, problem.number)
    assert sum(FOUL in text for text in before.values()) > 8
    removed(cast, problem.id)
    after = pages(client_of, problem.number)
    assert [address for address, text in after.items() if "甩卖" in text] == []
    dossier = after[f"neighbour /problems/{problem.number}"]
    assert "已移除：骂人、威胁、欺负人" in dossier
    assert f"/texts/problem/{problem.id}/flags" not in dossier
    assert "看处理，可以申诉" in client_of("resident").get(f"/problems/{problem.number}").get_data(as_text=True)


@both
def test_what_the_committee_raised_is_not_for_the_committee_to_judge(cast: Cast):
    committee = cast.organizations["committee"]
    held = next(held for held in cast.chair.standings if held.organization_id == committee)
    problem = foul(cast, cast.chair.under(held))
    assert problem.organization_id == committee
    review = flag_problem(cast.owner, problem.id, reason=FlagReason.MISLEADING)
    assert review.above
    with refused("level_above"):
        decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.MISLEADING)
    decide_review(cast.street_office, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.MISLEADING)
    assert again(problem.id).title == "【已移除】"
    about_us = flag_problem(cast.owner, foul(cast).id, reason=FlagReason.INSULT, about_committee=True)
    assert about_us.above
    with refused("level_above"):
        decide_review(cast.moderator, about_us.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    assert about_us.id in {need.values["review_id"] for need in needs(cast.street_office)}


@both
def test_an_order_covers_a_problem_and_says_whose_it_was(cast: Cast):
    problem_id = foul(cast).id
    review = flag_problem(cast.owner, problem_id, reason=FlagReason.UNLAWFUL)
    order_down(cast.street_office, review.id, order=Order("区网信办", "第六条", date(2026, 1, 2)))
    assert again(problem_id).title == "【按命令移除】"
    fate = fates_on(problem_id)[SubjectKind.PROBLEM, problem_id]
    assert (fate.organ, fate.basis) == ("区网信办", "第六条")
    with refused("ordered"):
        appeal_removal(cast.resident, review.id, words="为什么。")


@both
def test_its_author_takes_a_problem_back_until_others_stand_behind_it(cast: Cast):
    mine, shared = foul(cast).id, foul(cast)
    with refused("not_the_author"):
        withdraw_problem_words(cast.owner, mine)
    withdraw_problem_words(cast.resident, mine)
    gone = again(mine)
    assert (gone.title, gone.text, gone.spot) == ("【作者已撤下】",) * 3
    assert (count(SealedWords), count(Review)) == (0, 0)
    with refused("not_standing"):
        withdraw_problem_words(cast.resident, mine)
    second_problem(cast.neighbour, shared.number)
    with refused("others_stand_behind"):
        withdraw_problem_words(cast.resident, shared.id)


def test_nobody_types_a_mark_that_only_stands_where_words_were_taken_away(cast: Cast):
    longitude, latitude = cast.inside
    problem = raise_problem(
        cast.resident,
        community_id=cast.community_id,
        title="【作者已撤下】路灯坏了",
        text="【 作者已撤下】【已移除】【按命令移除：1】 楼道灯坏了一个月，写着【急】。",
        longitude=longitude,
        latitude=latitude,
    ).problem
    assert problem.title == "〔作者已撤下〕路灯坏了"
    assert problem.text == "〔 作者已撤下〕〔已移除〕〔按命令移除：1〕 楼道灯坏了一个月，写着【急】。"
    assert unmarked(MARK_OF_ITS_AUTHOR, [MARK_OF_ITS_AUTHOR]) == MARK_OF_ITS_AUTHOR


def test_who_does_not_see_a_problem_cannot_flag_it(cast: Cast):
    problem = foul(cast)
    again(problem.id).hidden = True
    session().commit()
    with pytest.raises(NotFound):
        flag_problem(cast.neighbour, problem.id, reason=FlagReason.INSULT)


def test_by_page_and_by_program(cast: Cast, client_of):
    problem = foul(cast)
    address = f"/texts/problem/{problem.id}/flags"
    assert address in client_of("neighbour").get(f"/problems/{problem.number}").get_data(as_text=True)
    form = client_of("neighbour").get(address).get_data(as_text=True)
    assert FOUL in form
    assert "举报一个问题" in form
    own = client_of("resident").get(address).get_data(as_text=True)
    assert f"/texts/problem/{problem.id}/withdrawal" in own
    shown = client_of(None).get(f"/api/v1/texts/problem/{problem.id}").get_json()
    assert shown["words"] == {"title": FOUL, "text": TEXT, "spot": SPOT}
    assert client_of("resident").post(f"/texts/problem/{problem.id}/withdrawal").status_code == 303
    assert again(problem.id).title == "【作者已撤下】"
    page = client_of(None).get(f"/problems/{problem.number}?tab=timeline").get_data(as_text=True)
    assert "撤下了自己写的一个问题" in page


def way_out(client: Any, page: str, address: str) -> str:
    """Return how a page calls the way to the form about a text; nothing where there is none."""
    found = re.search(rf'<a href="{address}">(.*?)</a>', client.get(page).get_data(as_text=True), re.DOTALL)
    return re.sub(r"<.*?>", "", found[1]).strip() if found else ""


@both
def test_its_author_is_offered_what_is_allowed_and_else_told_why_not(cast: Cast, client_of):
    problem = foul(cast)
    page, address = f"/problems/{problem.number}", f"/texts/problem/{problem.id}/flags"
    back = f"/texts/problem/{problem.id}/withdrawal"
    assert way_out(client_of("resident"), page, address) == "撤下"
    assert way_out(client_of("neighbour"), page, address) == "举报"
    assert back in client_of("resident").get(address).get_data(as_text=True)
    second_problem(cast.neighbour, problem.number)
    assert way_out(client_of("resident"), page, address) == "为什么不能撤下"
    told = client_of("resident").get(address)
    assert (told.status_code, back in told.get_data(as_text=True)) == (200, False)
    assert "已有 1 位邻居附议" in told.get_data(as_text=True)
    mine = foul(cast)
    withdraw_problem_words(cast.resident, mine.id)
    gone = f"/texts/problem/{mine.id}/flags"
    assert way_out(client_of("resident"), f"/problems/{mine.number}", gone) == ""
    assert "这些话已经不在了" in client_of("resident").get(gone).get_data(as_text=True)
