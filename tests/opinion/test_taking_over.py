"""A conversation held elsewhere is taken over, drawn and read; its rows leave only with two people."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from cogov.cli import main
from cogov.cli import taking_over as command_line
from cogov.ground.db import db, found, session
from cogov.ground.refusals import Refused
from cogov.opinion.commands import draw_charts, importing
from cogov.opinion.commands.importing import import_conversation
from cogov.opinion.commands.rows import agree_to_rows, ask_for_rows, take_rows
from cogov.opinion.models import Chart, Conversation, MapTaken, Participant, Stance, Statement
from cogov.opinion.queries.reading import map_shown
from cogov.opinion.rules.chart.account import account
from cogov.opinion.rules.chart.reading.sheets import read_votes
from cogov.opinion.rules.importing import exported, sort_sheets
from cogov.opinion.rules.row_sheets import Row, row_sheets
from cogov.people.rules import ANYONE
from tests.databases import both
from tests.opinion.polis import conversation as real
from tests.opinion.polis import text as file_of

REASON = "核对分组和各组都同意的几条，算法由另一家来算。"
NAME = "brexit-consensus"


def sheets(name: str = NAME) -> dict[str, str]:
    """Return a real conversation; its words are not shipped, so numbers stand in for them."""
    head, *rows = file_of(name, "comments.csv").splitlines()
    comments = [f"{head},comment-body", *(f"{row},第 {row.split(',')[0]} 条说的话" for row in rows)]
    return {"a": file_of(name, "votes.csv"), "b": "\n".join(comments), "c": "topic,脱欧以后怎么办？\n"}


@contextmanager
def refused(code: str) -> Iterator[Any]:
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.refusal.code == code


def camps() -> dict[str, str]:
    """Return a small conversation: two camps of 30, who all want the first and share nothing else."""
    votes = [
        f"{statement},{who},{1 if not statement or who % 2 == statement % 2 else -1}"
        for who in range(60)
        for statement in range(12)
        if statement == 0 or (who // 2 + statement) % 9
    ]
    comments = [f"{statement},第 {statement} 条说的话" for statement in range(12)]
    return {
        "votes.csv": "\n".join(["comment-id,voter-id,vote", *votes]),
        "comments.csv": "\n".join(["comment-id,comment-body", *comments]),
        "summary.csv": "topic,灯怎么装？\n",
    }


@pytest.fixture
def taken_over(app: Any, cast: Any, number: str) -> int:
    return import_conversation(cast.administrator, number, sheets=camps()).id


# Reading the sheets --------------------------------------------------------------------------------------------------


def test_an_export_is_read_whatever_its_files_are_called():
    found = exported(sort_sheets(sheets()))
    assert (found.question, len(found.sayings), len(found.answers)) == ("脱欧以后怎么办？", 50, 204)
    votes = real(NAME).votes
    assert sum(map(len, found.answers)) == len(votes.vote)
    assert exported(sort_sheets(sheets()), "问别的").question == "问别的"


VOTES = "timestamp,comment-id,voter-id,vote\n1,7,a,1\n2,8,a,-1\n3,7,b,0\n"
COMMENTS = "comment-id,moderated,comment-body\n7,1,东门要有灯\n8,-1,骂人的话\n"


def test_the_last_answer_counts_and_what_was_moderated_out_loses_its_words():
    found = exported(sort_sheets({"v": VOTES + "4,7,a,-1\n0,8,a,1\n", "c": COMMENTS}), "问")
    assert [dict(each) for each in found.answers] == [{"7": -1, "8": -1}, {"7": 0}]
    assert [(each.text, each.out) for each in found.sayings] == [("东门要有灯", False), ("", True)]


@pytest.mark.parametrize(
    ("votes", "comments", "question", "sentence"),
    [
        (VOTES, "", "问", "缺少 comments.csv"),
        (VOTES, COMMENTS, "", "没有写明问的是什么"),
        (VOTES.replace("a,-1", "a,2"), COMMENTS, "问", "第 3 行：票只能是"),
        (VOTES.replace("2,8", "2,9"), COMMENTS, "问", "第 3 行：comments.csv 里没有编号 9 的观点"),
        (VOTES + "3,7,b,1\n", COMMENTS, "问", "第 5 行：和第 4 行是同一人对同一条"),
        (VOTES, COMMENTS.replace("东门要有灯", ""), "问", "编号 7 的观点没有原话"),
        (VOTES, COMMENTS.replace("东门要有灯", "灯" * 1001), "问", "编号 7 的观点超过 1000 个字"),
        ("comment-id,voter-id,vote\n", COMMENTS, "问", "文件里没有票"),
        (VOTES.replace(",a,1", ',"a,1'), COMMENTS, "问", "引号没有配对"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_with_its_line(votes, comments, question, sentence):
    with refused("votes_unreadable") as caught:
        exported(sort_sheets({"v": votes, "c": comments} if comments else {"v": votes}), question)
    assert sentence in str(caught.value.refusal.message)


def test_the_sheets_that_leave_are_those_that_come_in():
    answers = [{1: 1, 2: -1}, {2: 0}]
    written = row_sheets("问", [Row(1, "=1+1", False, 1, 0), Row(2, "", True, 0, 1)], answers, ["0", ""])
    assert list(written) == ["votes.csv", "comments.csv", "participants-votes.csv", "summary.csv"]
    assert "timestamp" not in "".join(written.values())
    assert read_votes(written["votes.csv"], written["comments.csv"]).votes.participants == ("0", "1")
    assert next(csv.DictReader(io.StringIO(written["comments.csv"])))["comment-body"] == "'=1+1"
    assert written["participants-votes.csv"].splitlines()[1] == "0,0,2,1,1,1,-1"


# Taking over ---------------------------------------------------------------------------------------------------------


@both
def test_a_real_conversation_is_taken_over_drawn_and_read(app, cast, number, monkeypatch):
    # Participants are numbered by lot; in the order of the file, as here, the map is the same to the last digit.
    lot = count(1)
    monkeypatch.setattr(importing, "secrets", SimpleNamespace(randbelow=lambda _: next(lot)))
    taken_over = import_conversation(cast.administrator, number, sheets=sheets()).id
    people = select(func.count()).select_from(Participant).where(Participant.imported.is_not(None))
    assert session().scalar(people) == 204
    assert draw_charts() == 1
    db.session.remove()
    shown = map_shown(ANYONE, taken_over)
    published = found(shown.published)
    told = json.loads(session().get_one(Chart, taken_over).told)
    expected = account(real(NAME))
    assert told["centre"] == pytest.approx(expected["centre"])
    assert [group.people for group in published.groups] == [94, 60, 35]
    assert len(published.shared) == sum(read["consensus"] for read in expected["readings"].values())
    assert {each.text for each in published.shared} >= {"第 1 条说的话"}
    assert shown.classes == ()
    assert shown.imported
    # What is taken down afterwards is not read any more, though the map was drawn with it.
    first = session().get_one(Statement, int(published.shared[0].key))
    first.state = type(first.state).REMOVED
    session().commit()
    assert first.text not in {each.text for each in found(map_shown(ANYONE, taken_over).published).statements}


def test_nothing_is_left_of_an_import_that_fails(app, cast, number):
    bad = sheets() | {"a": file_of(NAME, "votes.csv") + "1,Mon,0,7,5\n"}
    with refused("votes_unreadable") as caught:
        import_conversation(cast.administrator, number, sheets=bad)
    assert "第 5314 行" in str(caught.value.refusal.message)
    with refused("not_an_administrator"):
        import_conversation(cast.moderator, number, sheets=sheets())
    for model in (Conversation, Statement, Participant, Stance):
        assert session().scalar(select(func.count()).select_from(model)) == 0


# Rows ----------------------------------------------------------------------------------------------------------------


@both
def test_rows_are_asked_for_agreed_to_by_another_and_taken_once(app, cast, taken_over):
    with refused("not_an_auditor"):
        ask_for_rows(cast.moderator, taken_over, reason=REASON)
    with refused("words_missing"):
        ask_for_rows(cast.auditor, taken_over, reason="看看")
    asked = ask_for_rows(cast.auditor, taken_over, reason=REASON).id
    with refused("rows_asked_already"):
        ask_for_rows(cast.auditor, taken_over, reason=REASON)
    with refused("not_agreed_yet"):
        take_rows(cast.auditor, asked)
    with refused("second_person_needed"):
        agree_to_rows(cast.auditor, asked)
    with refused("not_agreeing"):
        agree_to_rows(cast.resident, asked)
    agree_to_rows(cast.street_office, asked)
    with refused("agreed_already"):
        agree_to_rows(cast.administrator, asked)
    with refused("not_the_one_who_asked"):
        take_rows(cast.street_office, asked)
    first = take_rows(cast.auditor, asked)
    with refused("taken_already"):
        take_rows(cast.auditor, asked)
    row = session().get_one(MapTaken, asked)
    assert (row.asked_by, row.agreed_by) == (cast.auditor.person_id, cast.street_office.person_id)
    assert row.taken_at is not None
    again = ask_for_rows(cast.auditor, taken_over, reason=REASON).id
    agree_to_rows(cast.street_office, again)
    second = take_rows(cast.auditor, again)
    # The same answers, by people who are somebody else each time.
    assert first["participants-votes.csv"] != second["participants-votes.csv"]
    assert first["comments.csv"] == second["comments.csv"]
    assert sorted(first["votes.csv"].splitlines()) != sorted(second["votes.csv"].splitlines())
    agree = [text["votes.csv"].count(",1\r\n") for text in (first, second)]
    assert agree[0] == agree[1] > 60


# Pages ---------------------------------------------------------------------------------------------------------------


def test_the_map_is_a_page_a_sheet_and_data_for_whoever_may_read_the_problem(
    app, cast, taken_over, client_of: Callable[[str], Any], client
):
    assert "不到十人" not in client.get(f"/conversations/{taken_over}/map").text
    assert draw_charts() == 1
    db.session.remove()
    page = client.get(f"/conversations/{taken_over}/map").text
    assert page.count('class="map-edge"') == 2
    assert "各组都同意什么" in page
    assert "在答复里引用" not in page
    assert "在答复里引用" in client_of("official").get(f"/conversations/{taken_over}/map").text
    sheet = client.get(f"/conversations/{taken_over}/map.csv")
    assert sheet.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(sheet.data.decode("utf-8-sig"))))
    assert lines[0][:4] == ["观点", "原话", "谁", "约多少人回答"]
    assert min(int(line[3]) for line in lines[1:]) >= 10
    assert {"所有人", "甲组", "乙组"} == {line[2] for line in lines[1:]}
    data = client.get(f"/conversations/{taken_over}/map.json").get_json()
    assert data["texts"]["S1"] == "第 0 条说的话"
    assert "projections" not in data


def test_the_pages_of_import_and_rows_lead_through_both(app, cast, number, client_of: Callable[[str], Any]):
    keeper, auditor, street = (client_of(name) for name in ("administrator", "auditor", "street_office"))
    files = [(io.BytesIO(text.encode()), name) for name, text in camps().items()]
    found = keeper.post("/conversations/import", data={"number": number, "sheet": files[:1]})
    assert found.status_code == 422
    assert "缺少 comments.csv" in found.text
    files = [(io.BytesIO(text.encode()), name) for name, text in camps().items()]
    found = keeper.post("/conversations/import", data={"number": number, "sheet": files})
    assert found.status_code == 303, found.text
    rows = found.location.replace("/map", "/rows")
    assert client_of("resident").get(rows).status_code == 403
    assert auditor.post(rows, data={"reason": REASON}).status_code == 303
    taking = session().scalars(select(MapTaken.id)).one()
    assert REASON in street.get(rows).text
    assert street.post(f"/conversations/rows/{taking}/agreement").status_code == 303
    sent = auditor.post(f"/conversations/rows/{taking}/sheets")
    assert zipfile.ZipFile(io.BytesIO(sent.data)).namelist()[0] == "votes.csv"
    assert "取走" in auditor.get(rows).text


def test_the_command_line_takes_a_folder_over_and_draws_it_at_once(app, cast, number, tmp_path, monkeypatch):
    for name, text in camps().items():
        (tmp_path / name).write_text(text, encoding="utf-8-sig")
    monkeypatch.setattr(command_line, "installation", nullcontext)
    monkeypatch.setattr(command_line, "doer", lambda login: {"13900000000": cast.administrator}[login])
    told = CliRunner().invoke(main, ["opinion-import", str(tmp_path), "--problem", number, "--by", "13900000000"])
    assert told.exit_code == 0, told.output
    conversation = session().scalars(select(Conversation)).one()
    assert told.output == f"已导入 60 人的回答，地图在 /conversations/{conversation.id}/map。\n"
    assert map_shown(ANYONE, conversation.id).published is not None
