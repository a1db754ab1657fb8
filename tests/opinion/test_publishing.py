"""What is published of a map: groups of ten or more, nothing from which fewer follow, and one page of words."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cogov.cli import main
from cogov.ground.db import found
from cogov.opinion.rules.chart.account import Asked, account
from cogov.opinion.rules.chart.tallies import everybody
from cogov.opinion.rules.own import Drawn, own
from cogov.opinion.rules.picture import EDGE, SIDE, own_point, picture
from cogov.opinion.rules.publishing import lower_bound, public_of, standing, tens
from cogov.opinion.rules.reading import published
from cogov.opinion.rules.sight import LEAST, shown
from cogov.opinion.views.reading import image_of
from tests.opinion.polis import FOLDER, conversation

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
    assert "48人对8条观点作了384次回答。" in words
    assert "各组都同意什么0路灯要修" in words
    assert "48人同意，0人不同意，0人说不准" in words
    assert "先修东门" in words


def test_the_page_hides_the_small_group_and_what_would_give_it_away(page):
    words = re.sub(r"<[^>]+>|\s+", "", page.split("</style>")[1])
    assert "另有2组不公布数字" in words
    assert "甲组人数20" in words
    assert "乙组" not in words


def test_what_people_wrote_stays_words_on_the_page(page):
    assert "<script" not in page
    assert "<title>东门的&lt;路灯&gt; · 意见地图</title>" in page
    assert "路灯要修 &lt;script&gt;" in page


def test_a_real_conversation_is_one_page_in_which_the_picture_is_said_in_words(tmp_path):
    file = tmp_path / "page.html"
    source = str(FOLDER / "brexit-consensus" / "votes.csv")
    assert CliRunner().invoke(main, ["opinion", source, "--page", str(file), "--draws", "3"]).exit_code == 0
    text = file.read_text(encoding="utf-8")
    assert text.count('class="map-edge"') == 3
    assert 'aria-describedby="map-in-words"' in text
    assert "乙组和丙组答得最像。" in text
    assert (text.count("每一组至少"), text.count("公布数字的各组里，每组至少")) == (6, 4)
    assert "分组大致可信" in text or "分组不稳" in text


def test_a_page_that_cannot_be_written_is_said_so(tmp_path):
    source = str(FOLDER / "london.youth.policing" / "votes.csv")
    found = CliRunner().invoke(main, ["opinion", source, "--page", str(tmp_path / "no" / "page.html"), "--draws", "0"])
    assert found.exit_code == 1
    assert "page.html 写不了" in found.output


def test_below_ten_people_there_are_plain_counts_and_no_groups():
    public = public_of(small(), dict.fromkeys(("0", "1"), (2, 1, 4)))
    found = published(public, {})
    assert found.groups == ()
    assert found.hidden_groups == 1
    assert str(found.statements[0].counted) == "2 人同意，1 人不同意，1 人说不准"
    assert picture(public) is None


def small():
    """A map of four people."""
    votes = {name: {"A": 2, "D": 1, "S": 4} for name in ("0", "1")}
    read = {"every_group_at_least": 0.1, "bridging": 0.2, "geometric": 0.1, "consensus": False}
    return {
        "participants": list("abcd"),
        "statements": ["0", "1"],
        "centre": [0.25, 0.25],
        "components": [[1.0, 0.0], [0.0, 1.0]],
        "projections": {},
        "groups": {},
        "group_votes": {"0": {"id": 0, "n-members": 4, "votes": votes}},
        "representative": {"0": []},
        "readings": dict.fromkeys(votes, read),
        "stability": {"seed": "s", "draws": 0, "mean": 0.9},
        "flagged": {"straight_liners": [], "duplicates": [], "speeders": ["a"], "timed": True, "without": None},
    }


# What is published of a real conversation ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seattle():
    given_votes = conversation("15-per-hour-seattle")
    counted = everybody(given_votes.votes)
    rows = zip(counted.agree[0].tolist(), counted.disagree[0].tolist(), counted.answered[0].tolist(), strict=True)
    told = account(given_votes, Asked(draws=2))
    return told, public_of(told, dict(zip(given_votes.votes.statements, rows, strict=True)))


def numbers(value):
    """Yield all numbers of plain values, however deep."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from numbers(each)
    elif not isinstance(value, str | bool | None):
        yield value


def test_what_is_published_holds_no_place_and_no_group_of_anybody(seattle):
    told, public = seattle
    assert json.loads(json.dumps(public)) == public
    assert not {"participants", "projections", "groups_of", "base_clusters"} & public.keys()
    places = {round(number, 9) for number in numbers(told["projections"]) if number}
    # Not even where people stand on one of the two axes.
    assert not places & {round(number, 9) for number in numbers(public["groups"]) if number}
    assert all(dot[2] >= LEAST for group in public["groups"] for dot in group["dots"])
    assert [sum(dot[2] for dot in group["dots"]) for group in public["groups"]] == [
        group["people"] for group in public["groups"]
    ]


def test_the_least_keen_group_is_read_as_the_map_reads_it_where_no_group_is_hidden(seattle):
    told, public = seattle
    whole = {name: kept["at_least"] for name, kept in public["statements"].items() if kept["every_group"]}
    assert len(whole) > 5
    read = {name: told["readings"][name]["every_group_at_least"] for name in whole}
    assert whole == pytest.approx({name: int(100 * share) / 100 for name, share in read.items()})
    assert all(round(kept["bridging"], 2) == kept["bridging"] for kept in public["statements"].values())


def test_of_a_statement_that_is_out_nothing_is_sent(seattle):
    _, public = seattle
    stands = {name for group in public["groups"] for name, _ in group["stands_for"]}
    out = next(name for name in public["statements"] if name in stands)
    left = standing(public | {"out": [out]})
    assert set(public["statements"]) - set(left["statements"]) == {out}
    assert out not in {name for group in left["groups"] for name, _ in group["stands_for"]}
    assert standing({}) == {}


def test_nobody_agreeing_and_everybody_agreeing_have_their_bounds():
    assert lower_bound(0, 20) == 0
    assert lower_bound(0, 0) == 0
    assert 0.8 < lower_bound(20, 20) < 1


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=LEAST, max_size=150))
def test_no_dot_stands_for_fewer_than_ten_people(points):
    cut = tens(points)
    assert all(LEAST <= len(few) < 2 * LEAST for few in cut)
    assert sorted(point for few in cut for point in few) == sorted(points)


def test_the_picture_lies_in_its_frame_and_says_where_the_reader_stands(seattle):
    _, public = seattle
    answers = dict.fromkeys(list(public["statements"])[:12], 1)
    drawn, nobodys = picture(public, answers), picture(public)
    assert drawn is not None
    assert drawn.own is not None
    assert nobodys is not None
    assert drawn.width == SIDE
    inside = [(dot.x, dot.y) for group in drawn.groups for dot in group.dots] + [drawn.own]
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in inside)
    assert [group.people for group in drawn.groups] == [group["people"] for group in public["groups"]]
    assert str(drawn.sentences[-1]).startswith("您的位置在")
    assert nobodys.own is None
    assert drawn.height > EDGE


def test_the_own_place_is_found_from_what_is_published_alone(seattle):
    told, public = seattle
    counts = {name: {"A": 0, "D": 0, "S": 0} for name in told["statements"]}
    answers = {told["statements"][0]: 1, told["statements"][3]: -1}
    drawn = Drawn(told["statements"], told["centre"], told["components"], counts)
    assert own_point(public, answers) == own(answers, drawn).point
    assert own_point(public, {"nothing of it": 1}) is None


def test_a_statement_that_was_taken_out_is_not_read(seattle):
    told, public = seattle
    gone = told["statements"][0]
    found = published(public | {"out": [gone]}, {})
    assert gone in {each.name for each in published(public, {}).statements}
    assert gone not in {each.name for each in found.statements}
    assert all(stand.statement.name != gone for group in found.groups for stand in group.stands_for)


def test_who_disagrees_with_what_all_share_is_told_beside_it(seattle):
    _, public = seattle
    name, kept = next((name, kept) for name, kept in public["statements"].items() if kept["cells"][0])
    cells = [[60, 35, 40], *kept["cells"][1:]]
    statements = public["statements"] | {name: kept | {"consensus": True, "cells": cells}}
    found = published(public | {"statements": statements}, {name: "路灯要修"}).dissent
    assert [(str(one.group), one.statement.text, one.cell.against) for one in found][:1] == [("甲组", "路灯要修", 35)]


# On paper ------------------------------------------------------------------------------------------------------------


def test_the_picture_stands_on_paper_with_its_words_the_same_each_time_and_nobodys_own_place(app, seattle):
    drawn = found(picture(seattle[1]))
    with app.test_request_context():
        address = image_of(drawn)
        again = image_of(found(picture(seattle[1])))
    svg = b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()
    assert address == again
    assert svg.count("<ellipse") == len(drawn.groups) > 1
    assert "map-own" not in svg
    assert "var(" not in svg  # no style sheet reaches into it
    ElementTree.fromstring(svg)  # noqa: S314 - our own


def test_one_group_lies_near_and_far_from_nothing_and_is_not_drawn(app):
    with app.test_request_context():
        assert image_of(None) == ""
        assert image_of(picture(public_of(small(), dict.fromkeys(("0", "1"), (2, 1, 4))))) == ""
