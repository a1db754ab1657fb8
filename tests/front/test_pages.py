"""Home, dossier and figures: what each person sees first, in how many queries."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from cogov.problems.commands import second_problem, triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.threads.commands import post_message
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.journeys.walking import case_id_of, raise_something, settle, to_the_body

Counted = Callable[[], AbstractContextManager[Any]]


def _lane_a(cast: Cast, text: str = "二楼拉线充电") -> str:
    number = raise_something(cast, text=text, matter_id=cast.matters["C103"])
    triage_problem(
        cast.moderator,
        number,
        lane=Lane.A,
        reason=ReasonCode.DUTY,
        body_id=cast.organizations["fire"],
        duty_item_id=cast.duty_items["C103"],
        words="消防的职责",
    )
    return number


def test_a_visitor_reads_home_and_is_offered_to_sign_in(client: Any, cast: Cast) -> None:
    raise_something(cast)
    text = client.get("/").get_data(as_text=True)
    assert "邻里的事，一起商量着办" in text
    assert "/sign-in" in text
    assert "csrf_token" not in text  # a visitor's page carries no token and can be cached


def test_home_opens_with_what_needs_the_raiser(cast: Cast, client_of: Callable[[str], Any]) -> None:
    number = _lane_a(cast)
    case_id = case_id_of(cast, number)
    to_the_body(cast, case_id, "fire", "C103")
    settle(cast, case_id)
    text = client_of("resident").get("/").get_data(as_text=True)
    assert "今天有 1 件事需要您" in text
    assert number in text
    assert "今天没有事需要您" in client_of("neighbour").get("/").get_data(as_text=True)


def test_the_dossier_shows_ribbon_stamps_clock_and_holder(cast: Cast, client_of: Callable[[str], Any]) -> None:
    number = _lane_a(cast)
    to_the_body(cast, case_id_of(cast, number), "fire", "C103")
    text = client_of("resident").get(f"/problems/{number}").get_data(as_text=True)
    for words in ("官方办理", "责任章", "云溪区消防救援大队", "承诺的期限还有", "经过"):
        assert words in text, words


@pytest.mark.parametrize("tab", ["", "discussion", "concerns", "solutions", "decisions", "tasks", "case"])
def test_every_tab_opens_for_everybody_who_may_see_the_dossier(
    cast: Cast, client_of: Callable[[str | None], Any], tab: str
) -> None:
    number = _lane_a(cast)
    for who in (None, "resident", "outsider", "moderator", "official", "inspector", "street_office"):
        assert client_of(who).get(f"/problems/{number}?tab={tab}").status_code == 200, who


def test_a_hidden_problem_does_not_exist_for_others(cast: Cast, client_of: Callable[[str | None], Any]) -> None:
    number = raise_something(cast, text="楼上那位总是往下扔东西", names_person=True)
    assert client_of("resident").get(f"/problems/{number}").status_code == 200
    for who in (None, "outsider", "complained_of", "neighbour"):
        assert client_of(who).get(f"/problems/{number}").status_code == 404, who
    assert number not in client_of("complained_of").get("/problems").get_data(as_text=True)
    assert number not in client_of("complained_of").get("/").get_data(as_text=True)


def test_outside_the_place_residents_times_are_shown_by_day(cast: Cast, client_of: Callable[[str | None], Any]) -> None:
    number = raise_something(cast)
    inside = client_of("neighbour").get(f"/problems/{number}").get_data(as_text=True)
    outside = client_of(None).get(f"/problems/{number}").get_data(as_text=True)
    stamp = '<time datetime="'
    assert "T" in inside.split(stamp)[1][:17]
    assert "T" not in outside.split(stamp)[1][:10]


def test_the_dossier_asks_as_often_for_many_messages_as_for_few(
    cast: Cast, client_of: Callable[[str], Any], counted: Counted
) -> None:
    number = raise_something(cast)
    triage_problem(
        cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="大家一起商量"
    )
    client = client_of("resident")
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="一")
    client.get(f"/problems/{number}")
    with counted() as few:
        client.get(f"/problems/{number}")
    for n in range(12):
        post_message(cast.tenant, number, kind=MessageKind.REASON, text=f"{n}")
    second_problem(cast.neighbour, number)
    with counted() as many:
        client.get(f"/problems/{number}")
    assert len(many.statements) <= len(few.statements) + 1, many.statements


def test_home_asks_as_often_for_many_problems_as_for_few(
    cast: Cast, client_of: Callable[[str], Any], counted: Counted
) -> None:
    client = client_of("moderator")
    raise_something(cast, text="垃圾桶满了没人收")
    client.get("/")
    with counted() as few:
        client.get("/")
    for n in range(10):
        raise_something(cast, text=f"第 {n} 盏路灯不亮")
    with counted() as many:
        client.get("/")
    assert len(many.statements) == len(few.statements)


@pytest.mark.parametrize(
    "url", ["/help", "/help/resident", "/help/organization", "/help/committee", "/help/official", "/journal"]
)
def test_help_and_seals_are_open_to_all(client: Any, cast: Cast, url: str) -> None:
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", ["/places/1", "/places/x", "/problems/2026-9999", "/help/nobody", "/problems/%00"])
def test_what_does_not_exist_answers_in_a_sentence(client: Any, cast: Cast, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 404
    assert "<h1" in response.get_data(as_text=True)
