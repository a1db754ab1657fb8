"""Files of ballots: what is read, and every fault as a sentence with its line, never a traceback."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogov.decisions.rules.count.pairwise import pairwise
from cogov.decisions.rules.count.reading.pabulib import read_pabulib
from cogov.decisions.rules.count.reading.preflib import OrderKind, read_preflib
from cogov.decisions.rules.count.reading.sheet import read_sheet
from cogov.ground.refusals import Refused

HEAD = "# DATA TYPE: {kind}\n# NUMBER ALTERNATIVES: 3\n# NUMBER VOTERS: {voters}\n# NUMBER UNIQUE ORDERS: {orders}\n"
NAMES = "# ALTERNATIVE NAME 1: 甲\n# ALTERNATIVE NAME 2: 乙\n# ALTERNATIVE NAME 3: 丙\n"
BUDGET = (
    "META\nkey;value\nbudget;100\nvote_type;approval\nnum_projects;2\nnum_votes;2\nmax_length;1\n"
    "PROJECTS\nproject_id;cost;name\n1;60;一\n2;40;二\nVOTES\nvoter_id;vote\na;1\nb;2\n"
)
POINTS = (
    BUDGET.replace("approval", "cumulative")
    .replace("max_length;1", "max_sum_points;5")
    .replace("voter_id;vote\na;1\nb;2", "voter_id;vote;points\na;1,2;3,2\nb;2;5")
)


def preflib(*lines, kind=OrderKind.TOI, voters=None, orders=None):
    given_voters = voters if voters is not None else sum(int(line.split(":")[0]) for line in lines)
    head = HEAD.format(kind=kind, voters=given_voters, orders=len(lines) if orders is None else orders)
    return read_preflib(head + NAMES + "\n".join(lines) + "\n", kind)


def said(read, *arguments, **named):
    with pytest.raises(Refused) as refused:
        read(*arguments, **named)
    assert refused.value.refusal.what_next or refused.value.refusal.code == "file_unknown"
    return str(refused.value.refusal.message)


# PrefLib -----------------------------------------------------------------------------------------------------------


def test_orders_with_ties_cuts_and_blanks_are_read_as_they_stand():
    profile = preflib("4: 2,{1,3}", "2: 3", "1:")
    assert profile.candidates == ("甲", "乙", "丙")
    assert profile.ballots == 7
    assert pairwise(profile).tolist() == [[0, 0, 0], [4, 0, 4], [2, 2, 0]]
    assert [profile.count(which) for which in (profile.overvoted(), profile.truncated(), profile.blank())] == [4, 2, 1]


@pytest.mark.parametrize(
    ("line", "kind", "sentence"),
    [
        ("1: 1,4", "toi", "第 9 行：没有第 4 号候选项。"),
        ("1: 1,0", "toi", "没有第 0 号"),
        ("1: 2,1,2", "toi", "第 2 号候选项出现了两次"),
        ("1: {1,2}", "soi", "soi 文件里一个名次只能有一个候选项"),
        ("1: 1,2", "soc", "每张选票都要排完 3 个候选项"),
        ("1: 1,{2", "toi", "排序“1,{2”读不懂"),
        ("1: 1,,2", "toi", "读不懂"),
        ("1: 一", "toi", "读不懂"),
        ("x: 1", "toi", "应当是“张数: 排序”"),
        ("0: 1", "toi", "应当是“张数: 排序”"),
        ("-1: 1", "toi", "应当是“张数: 排序”"),
        ("1 1,2", "toi", "应当是“张数: 排序”"),
        ("²: 1", "toi", "应当是“张数: 排序”"),
        ("1: " + "9" * 5000, "toi", "读不懂"),
        ("9" * 5000 + ": 1", "toi", "应当是“张数: 排序”"),
    ],
)
def test_a_bad_line_of_preflib_is_named_with_its_number(line, kind, sentence):
    message = said(preflib, "1: 1,2,3", line, kind=OrderKind(kind), voters=2, orders=2)
    assert message.startswith("第 9 行：")
    assert sentence in message


def test_a_file_that_was_cut_off_or_changed_is_noticed():
    assert "各行加起来是 1 张" in said(preflib, "1: 1", voters=2)
    assert "有 3 种排序，文件里有 1 种" in said(preflib, "1: 1", orders=3)
    head = HEAD.format(kind="soi", voters=1, orders=1)
    assert "文件头说是 soi，文件名说是 toi" in said(read_preflib, f"{head}{NAMES}1: 1", OrderKind.TOI)
    fewer = NAMES[: NAMES.rindex("#")]
    assert "列出的名称有 2 个" in said(read_preflib, f"{head}{fewer}1: 1", OrderKind.SOI)
    assert "没有 PrefLib 的文件头" in said(read_preflib, "1: 1", OrderKind.TOI)
    assert said(read_preflib, "", OrderKind.TOI) == "文件里没有选票。"


def test_candidates_of_one_name_are_told_apart_by_their_number():
    text = HEAD.format(kind="soi", voters=1, orders=1) + NAMES.replace("丙", "甲") + "1: 3"
    assert read_preflib(text, OrderKind.SOI).candidates == ("甲 (1)", "乙", "甲 (3)")


# Sheets ------------------------------------------------------------------------------------------------------------


def test_a_sheet_of_ranks_and_a_sheet_of_names_say_the_same():
    ranks = read_sheet("张数,甲,乙,丙\n4,2,1,2\n2,,,1\n1,-,0,\n")
    names = read_sheet("第1选择,第2选择,count\n乙,甲=丙,4\n丙,,2\n,,1\n")
    assert names.candidates == ("乙", "甲", "丙")
    assert pairwise(ranks).tolist() == [[0, 0, 0], [4, 0, 4], [2, 2, 0]]
    assert pairwise(names).tolist() == [[0, 4, 4], [0, 0, 0], [2, 2, 0]]
    assert ranks.ballots == names.ballots == 7


def test_a_sheet_without_counts_has_a_ballot_in_each_line_and_skipped_ranks_close_up():
    profile = read_sheet("voter;rank 1;rank 2;rank 3\na;;乙;甲\nb;甲;;\n\n")
    assert pairwise(profile).tolist() == [[0, 1], [1, 0]]
    assert profile.ballots == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "文件里没有选票。"),
        ("甲,乙\n", "文件里没有选票。"),
        ("张数,甲\n0,1\n", "文件里没有选票。"),
        ("甲,甲\n1,2\n", "第 1 行：表头里“甲”出现了两次。"),
        ("甲,\n1,2\n", "第 1 行：表头里有一列没有名称。"),
        ("张数\n1\n", "第 1 行：表头要有候选项或名次的列"),
        ("甲,乙\n1,2\n1\n", "第 3 行：这一行有 1 格，表头有 2 格。"),
        ("甲,乙\n1,第二\n", "第 2 行：名次“第二”应当是正整数"),
        ("甲,乙\n1,-2\n", "第 2 行：名次“-2”应当是正整数"),
        ("甲,乙\n1,1.5\n", "第 2 行：名次“1.5”应当是正整数"),
        ("甲,乙\n1,99999\n", "第 2 行：名次“99999”"),
        ("甲,张数\n1,多\n", "第 2 行：张数“多”应当是整数。"),
        ("1,2\n甲,甲\n", "第 2 行：“甲”里有空的或者重复的候选项。"),
        ("1,2\n甲=,乙\n", "第 2 行：“甲=”里有空的或者重复的候选项。"),
        ("1,2\n,\n", "没有一张选票写了候选项。"),
        ('甲,乙\n"1,2\n', "第 2 行：引号没有配对，或者这一行太长。"),
        ("甲,张数\n1,100000001\n", "第 2 行：张数“100000001”"),
        ("甲,张数\n1,99999999\n2,99999999\n", "选票多于 100000000 张。"),
    ],
)
def test_a_bad_sheet_is_refused_with_the_line(text, sentence):
    assert said(read_sheet, text).startswith(sentence)


# Pabulib -----------------------------------------------------------------------------------------------------------


def test_a_budget_is_read_with_its_limits_and_points():
    read = read_pabulib(BUDGET.replace("b;2\n", "b;1,2\n"))
    assert (read.poll.voters, read.overvoted, read.poll.votes) == (("a",), 1, (1, 0))
    pointed = read_pabulib(POINTS)
    assert (pointed.poll.votes, pointed.overvoted) == ((3, 7), 0)
    assert pointed.poll.approvals.tolist() == [[True, False], [True, True]]
    assert read_pabulib(POINTS.replace("b;2;5", "b;2;6")).overvoted == 1
    assert read_pabulib(POINTS.replace("a;1,2;3,2", "a;1,2;0,2")).poll.votes == (0, 7)
    assert read_pabulib(BUDGET.replace("max_length;1", "min_length;2")).truncated == 2


def test_money_with_parts_is_read_exactly():
    poll = read_pabulib(BUDGET.replace("1;60;一", "1;60.5;一").replace("budget;100", "budget;100,25")).poll
    assert (poll.unit, poll.costs, poll.budget) == (4, (242, 160), 401)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("b;2", "b;3", "第 15 行：没有编号是“3”的项目。"),
        ("b;2", "b;2,2", "第 15 行：一张选票里项目 2 出现了两次。"),
        ("b;2", 'b;"2', "第 15 行：引号没有配对，或者这一行太长。"),
        ("b;2", "b;2;9", "第 15 行：这一行有 3 格，表头有 2 格。"),
        ("b;2\n", "", "文件说 num_votes 是 2，文件里有 1 行。"),
        ("b;2", "a;2", "投票人 a 出现了两次。"),
        ("2;40;二", "1;40;二", "项目 1 出现了两次。"),
        ("2;40;二", "2;四十;二", "第 11 行：金额“四十”读不懂。"),
        ("2;40;二", "2;0;二", "第 11 行：项目的费用应当大于零。"),
        ("2;40;二", "2;-40;二", "第 11 行：金额“-40”读不懂。"),
        ("2;40;二", "2;999999999999999999;二", "第 11 行：金额“9"),
        ("budget;100", "budget;999999999999999.123456", "金额太大，算不准。"),
        ("budget;100\n", "", "META 里没有 budget。"),
        ("budget;100", "budget;x", "第 3 行：金额“x”读不懂。"),
        ("vote_type;approval", "vote_type;magic", "vote_type 是“magic”"),
        ("num_votes;2", "num_votes;两", "第 6 行：num_votes 应当是整数，不是“两”。"),
        ("voter_id;vote", "voter;vote", "第 13 行：VOTES 的表头缺少 voter_id。"),
        ("VOTES\n", "META\n", "第 12 行：META 出现了两次。"),
        ("META\n", "", "第 1 行：文件要从 META 一行开始。"),
        ("a;1\nb;2\n", "", "文件说 num_votes 是 2，文件里有 0 行。"),
        ("a;1\nb;2", "a;1,2\nb;1,2", "没有一张选票合乎文件里的限制。"),
    ],
)
def test_a_bad_budget_is_refused_with_the_line(old, new, sentence):
    assert old in BUDGET
    assert said(read_pabulib, BUDGET.replace(old, new, 1)).startswith(sentence)


def test_points_that_do_not_fit_their_projects_are_refused():
    for points in ("3", "3,2,1", "3,x", ""):
        assert said(read_pabulib, POINTS.replace("3,2", points)).startswith("第 14 行：项目有 2 个")


# Anything ----------------------------------------------------------------------------------------------------------


SIGNS = st.sampled_from(";,:{}\n\r\"'#0129甲.-= \x00\u2028²") | st.characters(codec="utf-8")


@given(st.sampled_from([BUDGET, POINTS, "张数,甲,乙\n4,2,1\n", HEAD + NAMES + "1: 1,{2,3}\n"]), st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_into_a_file_ends_in_a_result_or_a_sentence(text, data):
    place, gone = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 9))
    changed = text[:place] + data.draw(st.text(SIGNS, max_size=8)) + text[place + gone :]
    for read in (read_pabulib, read_sheet, *(lambda text, kind=kind: read_preflib(text, kind) for kind in OrderKind)):
        with contextlib.suppress(Refused):
            read(changed)
