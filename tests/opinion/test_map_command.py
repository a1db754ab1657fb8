"""``cogov opinion``: what it prints, and one sentence for each file it cannot read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cogov.cli import main
from cogov.opinion.rules import chart as package
from tests.opinion.polis import FOLDER, OFFICIAL

KEYS = [
    "participants",
    "statements",
    "centre",
    "components",
    "projections",
    "base_clusters",
    "groups",
    "group_votes",
    "extremity",
    "group_consensus",
    "consensus",
    "representative",
    "priorities",
    "readings",
    "stability",
    "flagged",
]
VOTES = "timestamp,datetime,comment-id,voter-id,vote\n1,Mon,7,a,1\n2,Mon,8,a,-1\n3,Mon,7,b,0\n"


def run(*arguments):
    return CliRunner().invoke(main, ["opinion", *map(str, arguments)])


def written(folder: Path, text: str, name: str = "votes.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_it_prints_what_a_program_reads(tmp_path):
    groups = written(tmp_path, "participant,group-id\na,x\nb,\n", "groups.csv")
    comments = written(
        tmp_path, 'comment-id,moderated,comment-body\n7,1,"两行\n的话"\n8,-1,x\n9,1,无人投票\n', "comments.csv"
    )
    found = run(written(tmp_path, VOTES), "--comments", comments, "--groups", groups, "--json", "--draws", 2)
    told = json.loads(found.output)
    assert found.exit_code == 0
    assert list(told) == KEYS
    assert (told["participants"], told["statements"], told["groups"]) == (["a", "b"], ["7", "8"], {"a": "x"})
    assert told["centre"] == [0.5, 0.0]
    assert told["group_votes"]["x"]["votes"] == {"7": {"A": 1, "D": 0, "S": 1}, "8": {"A": 0, "D": 1, "S": 1}}
    assert told["readings"]["8"].keys() == {"every_group_at_least", "bridging", "geometric", "consensus"}


def test_a_folder_brings_its_groups_unless_it_is_told_to_start_afresh():
    folder = FOLDER / OFFICIAL[1]
    given, cold = (json.loads(run(folder, "--json", "--draws", 0, *more).output) for more in ((), ("--cold",)))
    assert [group["n-members"] for group in given["group_votes"].values()] == [11, 3, 9]
    assert cold["groups"] != given["groups"]
    assert cold["centre"] == given["centre"]


def test_people_read_it_as_sentences():
    told = run(FOLDER / "brexit-consensus" / "votes.csv", "--draws", 1).output
    assert "204 人对 50 条陈述投了票；189 人在地图上，分成 3 组。" in told
    assert "各组都同意的陈述：1、14、" in told


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "文件是空的。"),
        ("timestamp,comment-id,voter-id,vote\n", "文件里没有票。"),
        (VOTES.replace("voter-id", "谁"), "第 1 行：表头缺少：voter-id。"),
        (VOTES.replace("datetime", "vote"), "第 1 行：表头里“vote”出现了两次。"),
        (VOTES.replace("a,-1", "a,-2"), "第 3 行：票只能是 1（同意）、0（跳过）或 -1（不同意）。"),
        (VOTES.replace("a,-1", "a,nan"), "第 3 行：票只能是 1（同意）、0（跳过）或 -1（不同意）。"),
        (VOTES.replace("a,-1", "a"), "第 3 行：这一行有 4 格，表头有 5 格。"),
        (VOTES.replace("a,-1", ",-1"), "第 3 行：参与者编号空着、太长，或有不能显示的字符。"),
        (VOTES.replace("2,Mon,8", "二,Mon,8"), "第 3 行：时间应是毫秒数。"),
        (VOTES + "3,Mon,7,b,1\n", "第 5 行：和第 4 行是同一人对同一条，票却不同，也分不出先后。"),
        (VOTES.replace(",a,1", ',"a,1'), "第 4 行：引号没有配对。"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(tmp_path, text, sentence):
    found = run(written(tmp_path, text), "--json")
    assert found.exit_code == 1
    assert sentence in found.output
    assert "Traceback" not in found.output


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "读不出来"),
        ({"votes.json": "[{"}, "votes.json 不是完整的 JSON。"),
        ({"votes.json": "{}"}, "votes.json 应当是一张列表。"),
        ({"votes.json": "[1]"}, "第 1 行：votes.json 的每一项应当有名称和值。"),
        ({"votes.json": '[{"pid": 1, "vote": 1}]'}, "第 1 行：缺少：statement_id。"),
        ({"votes.json": '[{"pid": 1, "tid": 2, "vote": true}]'}, "票只能是 1（同意）"),
        ({"votes.json": '[{"pid": 1, "tid": 2, "vote": 1}]', "math-pca2.json": "{}"}, "没有写明各组有谁。"),
    ],
)
def test_a_folder_that_cannot_be_read_is_refused(tmp_path, files, sentence):
    for name, text in files.items():
        written(tmp_path, text, name)
    found = run(tmp_path)
    assert found.exit_code == 1
    assert sentence in found.output


def test_the_map_is_drawn_in_a_process_of_its_own_without_the_pages():
    job = {
        "votes": [[person, statement, 1 if person > 3 else -1, None] for person in range(8) for statement in range(7)]
    }
    alone = Path(package.__file__).parent / "alone.py"
    ended = subprocess.run([sys.executable, alone], input=json.dumps(job).encode(), capture_output=True, check=True)
    told = json.loads(ended.stdout)
    assert sorted(told) == sorted(KEYS)
    assert not ended.stderr
