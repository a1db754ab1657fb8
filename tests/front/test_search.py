"""Search: two characters are enough, the same is found on both databases, and nobody finds what they may not see."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import String, column, delete, select, table, update

from cogov.cli.searching import found_texts, repair_texts
from cogov.front.search import astray, count, find
from cogov.front.search.finding import MOST, Hit, key_after
from cogov.front.search.sources import SOURCES
from cogov.ground.db import session, writer
from cogov.ground.search import RANKS, SearchText, ids_of, marked, terms, text_id, tokens
from cogov.journal.transaction import transaction
from cogov.people.rules import ANYONE
from cogov.problems.commands import triage_problem
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.threads.commands import post_message, propose_solution, raise_concern, revise_solution
from cogov.threads.models import Message
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.databases import both
from tests.journeys.walking import raise_something

Counted = Callable[[], AbstractContextManager[Any]]


# Tokens --------------------------------------------------------------------------------------------------------------


def test_chinese_is_cut_into_pairs_and_other_writing_into_words() -> None:
    assert tokens("集中充电") == "集中 中充 充电 电"
    assert tokens("3号楼 WiFi坏了") == "3 号楼 楼 wifi 坏了 了"
    assert tokens("２０２６－００１２") == "2026 0012"
    assert tokens("！…—") == ""


@pytest.mark.parametrize(
    ("asked", "piece"),
    [
        ("充电", "充电"),
        ("充电棚", "充电棚"),
        ("WIFI", "WiFi"),
        ("3号楼", "3 号楼"),
        ("棚", "棚"),
    ],
)
def test_what_was_asked_for_is_marked_where_it_stands(asked: str, piece: str) -> None:
    text = "想在东门建充电棚，装上 WiFi，离 3 号楼近。"
    assert [part for part, found in marked(text, asked) if found] == [piece]
    assert "".join(part for part, _ in marked(text, asked)) == text


def test_a_long_text_is_cut_around_what_was_found() -> None:
    parts = marked("前" * 200 + "充电棚" + "后" * 200, "充电棚")
    assert parts[0] == ("…", False)
    assert ("充电棚", True) in parts
    assert len("".join(part for part, _ in parts)) < 120


def test_asking_for_signs_alone_asks_for_nothing() -> None:
    assert terms("！？ “” * \" '") == ()
    assert len(terms(" ".join("词" + str(n) for n in range(99)))) <= 8


# Finding -------------------------------------------------------------------------------------------------------------


def _found(by: Any, asked: str, **narrowed: Any) -> set[str]:
    return {hit.title for hit in find(by, terms(asked), **narrowed)}


TEXTS = (
    "东门空地想建一个集中充电棚",
    "北门的路灯三个晚上不亮了",
    "3号楼二单元门禁坏了",
    "活动室的WiFi连不上",
    "电棚两个字写在一起",
)


@both
@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("充电", {0}),
        ("充电棚", {0}),
        ("电棚", {0, 4}),
        ("充电 东门", {0}),
        ("东门充电", set()),
        ("亮", {1}),
        ("了", {1, 2}),
        ("3号楼", {2}),
        ("3号", {2}),
        ("wifi", {3}),
        ("wi", {3}),
        ("ＷＩＦＩ连", {3}),
        ("门", {0, 1, 2}),
        ("没有这样的事", set()),
        ("充电' OR 1 --", set()),
        ('"充电" AND', set()),
    ],
)
def test_the_same_is_found_on_both_databases(cast: Cast, asked: str, wanted: set[int]) -> None:
    for text in TEXTS:
        raise_something(cast, text=text)
    assert {title[:6] for title in _found(ANYONE, asked, kind="problem")} == {TEXTS[index][:6] for index in wanted}


@both
def test_a_problem_is_found_by_its_number(cast: Cast) -> None:
    number = raise_something(cast, text="路灯不亮了，晚上很黑")
    raise_something(cast, text="井盖不见了，晚上很黑")
    assert [hit.number for hit in find(ANYONE, terms(number))] == [number]


def _deliberated(cast: Cast) -> str:
    number = raise_something(cast, text="楼道里拉线充电")
    triage_problem(
        cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="大家一起商量"
    )
    return number


@both
def test_messages_concerns_and_solutions_are_found_and_only_the_last_version(cast: Cast) -> None:
    number = _deliberated(cast)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="夜里充电怕着火")
    raise_concern(cast.tenant, number, harm="离窗户太近会有噪音", remedy="挪到围墙边")
    solution = propose_solution(cast.owner, number, title="建一个棚", text="放在东门", cost=None, needs_permit=False)
    kinds = {asked: [hit.kind for hit in find(ANYONE, terms(asked))] for asked in ("着火", "噪音", "围墙", "东门")}
    assert kinds == {"着火": ["message"], "噪音": ["concern"], "围墙": ["concern"], "东门": ["solution"]}
    revise_solution(cast.owner, solution.id, title="建一个棚", text="改放西门", cost=None, needs_permit=False)
    assert _found(ANYONE, "东门") == set()
    assert [hit.kind for hit in find(ANYONE, terms("西门"))] == ["solution"]


@both
def test_the_matter_itself_comes_before_what_was_said_of_it_page_by_page(cast: Cast) -> None:
    number = _deliberated(cast)
    for n in range(5):
        post_message(cast.neighbour, number, kind=MessageKind.REASON, text=f"充电的话第 {n} 句")
    whole = find(ANYONE, terms("充电"))
    assert whole[0].kind == "problem"
    assert len(whole) == 6
    seen, after = [], ""
    while page := find(ANYONE, terms("充电"), after=after, limit=2):
        seen += page
        after = key_after(page[-1])
    assert seen == whole
    assert count(ANYONE, terms("充电")) == {"problem": 1, "message": 5}


@both
def test_what_one_may_not_see_is_neither_found_nor_counted(cast: Cast) -> None:
    number = raise_something(cast, text="楼上那位总是往下扔东西", names_person=True)
    for by in (ANYONE, cast.outsider, cast.complained_of, cast.neighbour):
        assert find(by, terms("扔东西")) == []
        assert find(by, terms(number)) == []
        assert count(by, terms("扔东西")) == {}
    for by in (cast.resident, cast.moderator):
        assert [hit.number for hit in find(by, terms("扔东西"))] == [number]


@both
def test_what_is_hidden_later_is_found_no_more_with_all_that_was_said_of_it(cast: Cast) -> None:
    number = _deliberated(cast)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="夜里充电怕着火")
    assert count(ANYONE, terms("充电")) == {"problem": 1, "message": 1}
    session().scalars(select(Problem).where(Problem.number == number)).one().hidden = True
    session().commit()
    assert count(ANYONE, terms("充电")) == {}
    assert count(cast.outsider, terms("充电")) == {}


@both
def test_erased_words_leave_the_index_with_the_transaction_that_erases_them(cast: Cast) -> None:
    number = _deliberated(cast)
    post_message(cast.neighbour, number, kind=MessageKind.REASON, text="夜里怕着火")
    with writer():
        session().scalars(select(Message)).one().text = "此处已删去"
        session().flush()
        session().rollback()
    assert count(ANYONE, terms("着火")) == {"message": 1}
    session().scalars(select(Message)).one().text = "此处已删去"
    session().commit()
    assert count(ANYONE, terms("着火")) == {}
    assert count(ANYONE, terms("删去")) == {"message": 1}
    session().delete(session().scalars(select(Message)).one())
    session().commit()
    assert count(ANYONE, terms("删去")) == {}


@both
def test_a_first_page_that_problems_fill_asks_for_no_more(cast: Cast, counted: Counted) -> None:
    numbers = [_deliberated(cast) for _ in range(3)]
    post_message(cast.neighbour, numbers[0], kind=MessageKind.REASON, text="充电怕着火")
    wanted, place_id = terms("充电"), cast.community_id
    every = find(ANYONE, wanted, place_id=place_id)
    assert [hit.kind for hit in every] == ["problem"] * 3 + ["message"]
    for limit in (1, 2, 3, 4, 5):
        first = find(ANYONE, wanted, place_id=place_id, limit=limit)
        assert first == every[:limit]
        assert find(ANYONE, wanted, place_id=place_id, after=key_after(first[-1])) == every[limit:]
    with counted() as count_:
        find(ANYONE, wanted, place_id=place_id, limit=3)
    assert count_.statements[-1].count("LIMIT") == 2  # of problems, and of all
    with counted() as count_:
        find(ANYONE, wanted, place_id=place_id, limit=4)
    assert count_.statements[-1].count("LIMIT") == 3


@pytest.mark.parametrize("backend", ["postgres"], indirect=True)
def test_how_many_there_are_is_asked_of_the_index_whatever_the_word(cast: Cast, counted: Counted) -> None:
    with counted() as count_:
        for word in ("充电", "着火", "网格", "门", "楼道", "电", "车", "棚"):
            count(ANYONE, terms(word), cast.community_id)
    assert len(set(count_.statements)) == 1
    prepared = select(column("statement", String)).select_from(table("pg_prepared_statements"))
    assert len([each for each in session().scalars(prepared) if "to_tsquery" in each]) == 1


@both
def test_places_are_found_by_name(cast: Cast) -> None:
    assert {hit.kind for hit in find(ANYONE, terms("网格"))} == {"place"}


# Checking ------------------------------------------------------------------------------------------------------------


@both
def test_a_check_finds_what_search_has_lost_and_repairs_it(cast: Cast) -> None:
    raise_something(cast, text="东门路灯不亮了")
    raise_something(cast, text="西门路灯不亮了")
    assert list(astray()) == []
    lost, changed = session().scalars(select(SearchText.id).where(SearchText.kind == "problem")).all()
    session().execute(delete(SearchText).where(SearchText.id == lost))
    session().execute(update(SearchText).where(SearchText.id == changed).values(tokens="别的"))
    session().add(SearchText(kind="message", subject_id=999, problem_id=None, tokens="幽灵"))
    session().commit()
    assert sorted(kind for kind, *_ in astray()) == ["message", "problem", "problem"]
    assert len(list(found_texts())) == 2
    assert repair_texts() == ["搜索：3 处已按原文重建。"]
    assert list(astray()) == []
    assert count(ANYONE, terms("路灯")) == {"problem": 2}


def test_nothing_the_cast_has_written_is_astray(cast: Cast) -> None:
    assert list(astray()) == []


# The page ------------------------------------------------------------------------------------------------------------


def test_the_page_marks_the_words_and_leads_to_the_dossier(cast: Cast, client_of: Callable[[str | None], Any]) -> None:
    number = raise_something(cast, text="东门路灯不亮了，晚上很黑")
    page = client_of(None).get("/search?q=路灯").get_data(as_text=True)
    assert "<mark>路灯</mark>" in page
    assert f'href="/problems/{number}"' in page
    assert "找到 1 处" in page


def test_user_words_are_escaped_around_the_marks(cast: Cast, client_of: Callable[[str | None], Any]) -> None:
    raise_something(cast, text="路灯<b>不亮</b>了，晚上很黑")
    page = client_of(None).get("/search?q=路灯").get_data(as_text=True)
    assert "<b>不亮" not in page
    assert "<b>不亮" not in client_of(None).get("/search?q=<b>不亮</b>").get_data(as_text=True)


def test_nothing_found_is_said_and_the_words_can_be_raised(cast: Cast, client_of: Callable[[str | None], Any]) -> None:
    page = client_of(None).get("/search?q=没有人提过的事").get_data(as_text=True)
    assert "没有找到“没有人提过的事”" in page
    assert "/problems/new?text=" in page


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%2A", "q=a&after=x", "q=门&after=9-9999999999999999999999", "q=门&kind=x"]
)
def test_search_asked_for_in_a_foolish_way_still_answers(
    cast: Cast, client_of: Callable[[str | None], Any], query: str
) -> None:
    raise_something(cast, text="东门路灯不亮了")
    assert client_of(None).get(f"/search?{query}").status_code == 200


def test_search_asks_as_often_for_many_hits_as_for_few(
    cast: Cast, client_of: Callable[[str], Any], counted: Counted
) -> None:
    client = client_of("resident")
    number = _deliberated(cast)
    client.get("/search?q=充电")
    with counted() as bare:
        client.get("/search")
    with counted() as few:
        client.get("/search?q=充电")
    for n in range(12):
        post_message(cast.neighbour, number, kind=MessageKind.REASON, text=f"充电的话第 {n} 句")
    with counted() as many:
        client.get("/search?q=充电")
    assert len(many.statements) == len(few.statements)
    assert len(many.statements) - len(bare.statements) <= 3


@both
def test_what_is_too_much_to_count_is_said_to_be_more(cast: Cast, client_of: Callable[[str | None], Any]) -> None:
    number = raise_something(cast, text="车棚里没有灯")
    problem_id = session().scalars(select(Problem.id).where(Problem.number == number)).one()
    with transaction():
        for turn in range(MOST + 5):
            words = {"kind": "message", "subject_id": 1_000 + turn, "problem_id": problem_id}
            session().add(SearchText(**words, tokens=tokens("车棚该装灯")))
    assert count(ANYONE, terms("车棚")) == {"problem": 1, "message": MOST + 1}
    text = re.sub(r"<[^>]+>", " ", client_of(None).get("/search?q=车棚").get_data(as_text=True))
    assert f"找到多于 {MOST + 1} 处" in text
    assert f"{MOST}+" in text
    # Page after page nothing is left out and nothing comes twice, the matter itself before what was said of it.
    seen, after = list[Hit](), ""
    while found := find(ANYONE, terms("车棚"), after=after, limit=40):
        seen, after = seen + found, key_after(found[-1])
    assert [hit.kind for hit in seen] == ["problem"] + ["message"] * (MOST + 5)
    assert [hit.subject_id for hit in seen[1:]] == [1_000 + turn for turn in reversed(range(MOST + 5))]


def test_every_kind_of_text_has_a_rank_of_its_own_in_the_order_in_which_they_are_shown() -> None:
    assert [source.kind for source in SOURCES] == sorted(RANKS, key=lambda kind: -RANKS[kind])
    assert len(set(RANKS.values())) == len(RANKS)
    assert all(ids_of(kind)[0] <= text_id(kind, subject) <= ids_of(kind)[1] for kind in RANKS for subject in (1, 2**47))
