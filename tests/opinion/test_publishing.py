"""What is published of a map: groups of ten or more, nothing from which fewer follow, and one page of words."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cogov.cli import main
from cogov.cli.charted import picture
from cogov.opinion.rules.publishing import LEAST, published, shown
from tests.opinion.polis import FOLDER

GROUPS = "participant,group-id\n" + "".join(f"{n},{n % 2 if n < 40 else 2}\n" for n in range(48))
VOTES = "voter-id,comment-id,vote\n" + "".join(
    f"{n},{statement},{1 if statement == 0 or n % 2 == statement % 2 else -1}\n"
    for n in range(48)
    for statement in range(8)
)
COMMENTS = 'comment-id,comment-body\n0,"路灯要修 <script>alert(1)</script>"\n1,"先修\n东门"\n'


@given(st.integers(0, 60), st.lists(st.integers(0, 40), max_size=6))
def test_no_cell_under_ten_is_shown_or_follows_from_those_shown(more, cells):
    total = sum(cells) + more
    open_cells = [cell for cell, fits in zip(cells, shown(total, cells), strict=True) if fits]
    assert all(cell >= LEAST for cell in open_cells)
    rest = total - sum(open_cells)
    assert rest == 0 or rest >= LEAST or not open_cells


def test_a_rest_under_ten_hides_the_smallest_cell_too():
    assert shown(46, [20, 20, 6]) == [False, True, False]
    assert shown(40, [20, 20]) == [True, True]
    assert shown(9, [9]) == [False]


@pytest.fixture
def page(tmp_path):
    for name, text in (("votes.csv", VOTES), ("comments.csv", COMMENTS), ("groups.csv", GROUPS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    wanted = ("--page", "page.html", "--title", "东门的<路灯>", "--draws", "2")
    given_files = (tmp_path / "votes.csv", "--comments", tmp_path / "comments.csv", "--groups", tmp_path / "groups.csv")
    arguments = [str(each) for each in (*given_files, *wanted)]
    arguments[arguments.index("page.html")] = str(tmp_path / "page.html")
    found = CliRunner().invoke(main, ["opinion", *arguments])
    assert found.exit_code == 0, found.output
    return (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_page_says_what_all_share_and_what_divides(page):
    words = re.sub(r"<[^>]+>|\s+", "", page.split("</style>")[1])
    assert "48人对8条陈述作了384次回答。" in words
    assert "各组都同意什么0路灯要修" in words
    assert "48人同意，0人不同意，0人跳过" in words
    assert "先修东门" in words


def test_the_page_hides_the_small_group_and_what_would_give_it_away(page):
    words = re.sub(r"<[^>]+>|\s+", "", page.split("</style>")[1])
    assert "另有2组不公布数字" in words
    assert "第2组" not in words


def test_what_people_wrote_stays_words_on_the_page(page):
    assert "<script" not in page
    assert "<title>东门的&lt;路灯&gt; · 意见地图</title>" in page
    assert "路灯要修 &lt;script&gt;" in page


def test_a_real_conversation_is_one_page_in_which_the_picture_is_said_in_words(tmp_path):
    file = tmp_path / "page.html"
    source = str(FOLDER / "brexit-consensus" / "votes.csv")
    assert CliRunner().invoke(main, ["opinion", source, "--page", str(file), "--draws", "3"]).exit_code == 0
    text = file.read_text(encoding="utf-8")
    assert text.count("<circle") == 3
    assert 'aria-describedby="map-in-words"' in text
    assert text.count("每一组至少") == 10
    assert "分组大致可信" in text or "分组不稳" in text


def test_a_page_that_cannot_be_written_is_said_so(tmp_path):
    source = str(FOLDER / "london.youth.policing" / "votes.csv")
    found = CliRunner().invoke(main, ["opinion", source, "--page", str(tmp_path / "no" / "page.html"), "--draws", "0"])
    assert found.exit_code == 1
    assert "page.html 写不了" in found.output


def test_below_ten_people_there_are_plain_counts_and_no_groups():
    votes = {name: {"A": 2, "D": 1, "S": 4} for name in ("0", "1")}
    told = {
        "participants": list("abcd"),
        "statements": ["0", "1"],
        "projections": {},
        "groups": {},
        "group_votes": {"0": {"id": 0, "n-members": 4, "votes": votes}},
        "representative": {"0": []},
        "readings": {name: {"every_group_at_least": 0.1, "consensus": False} for name in votes},
        "stability": {"mean": 0.9},
        "flagged": {"straight_liners": [], "duplicates": [], "speeders": ["a"], "without": None},
    }
    found = published(told, dict.fromkeys(votes, (2, 1, 4)), {})
    assert found.groups == ()
    assert found.hidden_groups == 1
    assert str(found.statements[0].counted) == "2 人同意，1 人不同意，1 人跳过"
    assert picture(found.groups).circles == ()
