"""The shares of a unit's co-owners on the console and in the sheet of the roll."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK
from cogov.places.commands import import_roll, set_shares
from cogov.places.models import Owner, Ownership
from cogov.places.rules.roll_sheet import share_of
from tests.cast import HERE, Cast
from tests.databases import both

HEAD = "社区代码,楼栋编号,单元,门牌,面积,业主编号,起始日期,共有份额\n"


def held(cast: Cast) -> dict[str, str | None]:
    """Return the shares of the first unit as they stand in the database."""
    session().rollback()
    query = (
        select(Owner.reference, Ownership.share_part, Ownership.share_of)
        .join(Owner, Ownership.owner_id == Owner.id)
        .where(Ownership.unit_id == cast.unit_ids[0])
    )
    return {number: f"{part}/{whole}" if whole else None for number, part, whole in session().execute(query)}


def fields(cast: Cast, *owners: str) -> list[str]:
    """Return the names of the lines of owners on the page of the first unit."""
    query = (
        select(Owner.reference, Ownership.id)
        .join(Owner, Ownership.owner_id == Owner.id)
        .where(Ownership.unit_id == cast.unit_ids[0])
    )
    ids: dict[str, int] = dict(iter(session().execute(query)))
    return [f"share_{ids[owner]}" for owner in owners]


def line(owner: str, share: str, day: str = "2020-01-01") -> str:
    return f"{HERE},1,1,101,80,{owner},{day},{share}\n"


@both
def test_the_sheet_brings_shares_and_leaves_those_it_does_not_name(app: Flask, cast: Cast) -> None:
    first = import_roll(CLOCK, (HEAD + line("owner", "1/3") + line("co_owner", "66.67%")).encode())
    assert [each.refusal.code for each in first.refused] == ["shares_above_one"]  # 1/3 and 0.6667 are more than all
    second = import_roll(CLOCK, (HEAD + line("owner", "") + line("co_owner", "4/6")).encode())
    assert second.refused == []
    assert held(cast) == {"owner": "1/3", "co_owner": "2/3"}
    assert import_roll(CLOCK, (HEAD + line("owner", "1/3") + line("co_owner", "2/3")).encode()).unchanged == 2
    third = import_roll(CLOCK, (HEAD + line("co_owner", "无") + line("owner", "100%")).encode())
    assert third.refused == []
    assert held(cast) == {"owner": "1/1", "co_owner": None}


def test_a_sheet_that_moves_a_share_from_one_line_to_a_later_one_is_taken_whole(app: Flask, cast: Cast) -> None:
    set_shares(CLOCK, unit_id=cast.unit_ids[0], shares={"owner": Fraction(1, 2), "co_owner": Fraction(1, 2)})
    moved = import_roll(CLOCK, (HEAD + line("owner", "2/3") + line("co_owner", "1/3")).encode())
    assert (moved.corrected, moved.refused) == (2, [])
    assert held(cast) == {"owner": "2/3", "co_owner": "1/3"}
    never = import_roll(CLOCK, (HEAD + line("owner", "3/4") + line("co_owner", "一半") + line("co_owner", "")).encode())
    assert [(each.number, each.refusal.code) for each in never.refused] == [
        (2, "shares_above_one"),
        (3, "share_malformed"),
    ]


@both
def test_who_comes_back_does_not_bring_a_share_for_which_there_is_no_room(app: Flask, cast: Cast) -> None:
    ended = HEAD.replace("共有份额", "终止日期")
    set_shares(CLOCK, unit_id=cast.unit_ids[0], shares={"owner": Fraction(1, 2), "co_owner": Fraction(1, 2)})
    assert import_roll(CLOCK, (ended + line("co_owner", "2024-05-01")).encode()).corrected == 1
    assert import_roll(CLOCK, (HEAD + line("owner", "2/3")).encode()).corrected == 1
    back = import_roll(CLOCK, (ended + line("co_owner", "")).encode())
    assert [each.refusal.code for each in back.refused] == ["shares_above_one"]
    assert import_roll(CLOCK, (HEAD + line("owner", "1/2")).encode()).corrected == 1
    assert import_roll(CLOCK, (ended + line("co_owner", "")).encode()).corrected == 1
    assert held(cast) == {"owner": "1/2", "co_owner": "1/2"}


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("一半", "share_malformed"),
        ("0.5", "share_malformed"),
        ("33.333%", "share_malformed"),
        ("0/2", "share_out_of_range"),
        ("3/2", "share_out_of_range"),
        ("1/10001", "share_out_of_range"),
        ("0%", "share_out_of_range"),
    ],
)
def test_a_share_that_is_none_is_refused_with_its_line(app: Flask, cast: Cast, text: str, refusal: str) -> None:
    refused = import_roll(CLOCK, (HEAD + line("owner", text)).encode()).refused
    assert [(each.number, each.refusal.code) for each in refused] == [(2, refusal)]
    assert held(cast) == {"owner": None, "co_owner": None}


def test_shares_are_exact() -> None:
    assert [share_of(text) for text in ("1/3", "2／6", "33.5%", "50％", "", "共同共有")] == [
        Fraction(1, 3),
        Fraction(1, 3),
        Fraction(67, 200),
        Fraction(1, 2),
        None,
        Fraction(0),
    ]


@both
def test_the_schema_takes_no_half_a_share_and_none_above_the_whole(app: Flask, cast: Cast) -> None:
    for part, whole in ((1, None), (None, 2), (3, 2), (0, 2)):
        row = session().scalars(select(Ownership).where(Ownership.unit_id == cast.unit_ids[0]).limit(1)).one()
        row.share_part, row.share_of = part, whole
        with pytest.raises(IntegrityError):
            session().flush()
        session().rollback()


def test_an_administrator_writes_shares_on_a_page_and_is_told_what_is_wrong(cast: Cast, client_of: Any) -> None:
    client, url = client_of("administrator"), f"/admin/units/{cast.unit_ids[0]}/shares"
    building = client.get(f"/admin/buildings/{cast.building_ids[0]}").get_data(as_text=True)
    assert url in building
    assert "没有登记份额" in building
    assert "业主 owner 的份额" in client.get(url).get_data(as_text=True)
    owner, co_owner = fields(cast, "owner", "co_owner")
    wrong = client.post(url, {"once": client.once, co_owner: "一半", owner: "1/2"})
    assert wrong.status_code == 422
    assert "应写成分数或者百分数" in wrong.get_data(as_text=True)
    more = client.post(url, {"once": client.once, co_owner: "2/3", owner: "1/2"})
    assert more.status_code == 422
    assert "加起来是 7/6" in more.get_data(as_text=True)
    assert client.post(url, {"once": client.once, co_owner: "1/4", owner: "3/4"}).status_code == 303
    assert held(cast) == {"co_owner": "1/4", "owner": "3/4"}
    assert "份额齐了" in client.get(f"/admin/buildings/{cast.building_ids[0]}").get_data(as_text=True)
    assert client.post(url, {"once": f"{client.once}2", co_owner: "", owner: ""}).status_code == 303
    assert held(cast) == {"co_owner": None, "owner": None}
    assert client_of("owner").get(url).status_code == 403


def test_a_share_is_never_written_to_somebody_else_who_owns_the_unit_since(cast: Cast, client_of: Any) -> None:
    client, url = client_of("administrator"), f"/admin/units/{cast.unit_ids[0]}/shares"
    owner, co_owner = fields(cast, "owner", "co_owner")
    sent = {"once": client.once, co_owner: "1/4", owner: "3/4"}
    # While the page was open somebody came who stands before the others.
    assert import_roll(CLOCK, (HEAD + line("a_third", "")).encode()).entered == 1
    answer = client.post(url, sent)
    assert answer.status_code == 422
    told = answer.get_data(as_text=True)
    assert "业主刚刚有变动" in told
    assert told.count('value="1/4"') == told.count('value="3/4"') == 1
    assert held(cast) == {"owner": None, "co_owner": None, "a_third": None}
    assert client.post(url, {"once": client.once}).status_code == 422


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ({"owner": "1/3", "co_owner": "1/3"}, "还差 1/3"),
        ({"owner": "1/3"}, "1 位没有登记"),
        ({"owner": "1/3", "co_owner": "2/3"}, "份额齐了"),
        ({}, "没有登记份额"),
    ],
)
def test_the_list_of_units_says_what_is_missing_of_the_shares(
    cast: Cast, client_of: Any, shares: dict[str, str], told: str
) -> None:
    set_shares(CLOCK, unit_id=cast.unit_ids[0], shares={owner: Fraction(text) for owner, text in shares.items()})
    page = client_of("administrator").get(f"/admin/buildings/{cast.building_ids[0]}").get_data(as_text=True)
    assert f'<span class="small">{told}</span>' in page


def test_the_journal_says_which_share_was_changed_from_what_to_what(cast: Cast) -> None:
    set_shares(CLOCK, unit_id=cast.unit_ids[0], shares={"owner": Fraction(1, 2)})
    import_roll(CLOCK, (HEAD + line("owner", "2/3")).encode())
    set_shares(CLOCK, unit_id=cast.unit_ids[0], shares={"owner": Fraction(0)})
    query = select(JournalEntry.facts).where(JournalEntry.kind == "ShareWritten").order_by(JournalEntry.number)
    told = [json.loads(facts) for facts in session().scalars(query)]
    names = ("part_before", "whole_before", "part", "whole")
    assert [tuple(each[name] for name in names) for each in told] == [(0, 1, 1, 2), (1, 2, 2, 3), (2, 3, 0, 1)]
