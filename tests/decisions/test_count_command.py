"""`cogov tally` and `cogov budget`: official results, the shapes programs read, sentences and no traceback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cogov.cli import main
from cogov.decisions.rules.count.tallying import SIDE_BY_SIDE

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DEBIAN = DATA / "preflib" / "00002-00000006.soi"
NETFLIX = DATA / "preflib" / "00004-00000040.soc"
BERKELEY = DATA / "preflib" / "00017-00000001.toi"
ASSEN = DATA / "pabulib" / "Netherlands_Assen_2024.pb"
WARSAW = DATA / "pabulib" / "Poland_Warszawa_2023_Ursynow.pb"


@pytest.fixture
def published() -> None:
    """Have the published files, which are cited and not shipped (PrefLib: Mattei, Walsh 2013; Pabulib: 2023)."""
    if not DATA.exists():
        if os.environ.get("CI"):
            pytest.fail(f"the published ballots are expected in {DATA}")
        pytest.skip("the published ballots lie beside the project")


@pytest.fixture(autouse=True)
def _language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COGOV_LANGUAGE", raising=False)


def told(*arguments):
    result = CliRunner().invoke(main, [*map(str, arguments), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def shown(*arguments):
    return CliRunner().invoke(main, [*map(str, arguments)])


# Official results --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("published")
def test_debian_2010_has_its_table_and_its_leader():
    counted = told("tally", DEBIAN)
    assert counted["ballots"] == 436
    assert counted["pairwise"][0] == [0, 323, 385, 305, 398]
    assert set(counted["methods"]) == set(map(str, SIDE_BY_SIDE))
    for method in ("condorcet", "schulze", "ranked_pairs"):
        assert counted["methods"][method]["winners"] == ["Stefano Zacchiroli"]
    assert counted["methods"]["schulze"]["order"][-1] == "None Of The Above"


@pytest.mark.usefixtures("published")
def test_berkeley_2010_elects_worthington_with_its_overvotes():
    counted = told("tally", BERKELEY)
    assert (counted["ballots"], counted["overvoted"]) == (4173, 2)
    assert counted["candidates"] == ["Cecilia ''Ces'' Rosales", "Kriss Worthington", "George Beier", "Write-In"]
    for method in ("irv", "condorcet", "stv"):
        assert counted["methods"][method]["winners"] == ["Kriss Worthington"]
    # The ballot that names two at its top counts for neither.
    rounds = counted["methods"]["irv"]["rounds"]
    assert (sum(rounds[0]["votes"].values()), rounds[0]["exhausted"]) == (4172, 1)


@pytest.mark.usefixtures("published")
def test_netflix_prefers_jaws_and_the_tie_of_complete_ballots_in_approval_is_reported():
    counted = told("tally", NETFLIX, "--seed", "2026-11-22")
    assert counted["methods"]["condorcet"]["winners"] == ["Jaws"]
    (tie,) = counted["methods"]["approval"]["ties"]
    assert (tie["at"], len(tie["among"]), tie["chosen"]) == ("winner", 3, tie["among"][0])
    assert tie["among"] == counted["drawn"]


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("options", "winners", "cost"),
    [
        ([], "2 3 9 11 12 13 14", 60_700),
        (["--completion", "add1"], "2 3 5 6 9 11 12 13 14", 76_700),
    ],
)
def test_assen_2024_funds_what_the_city_funded(options, winners, cost):
    counted = told("budget", ASSEN, "--rule", "equal-shares", *options)
    assert sorted(counted["winners"], key=int) == winners.split()
    assert (counted["cost"], counted["budget"], counted["ballots"]) == (cost, 100_000, 84)
    assert sum(voter["paid"] for voter in counted["per_voter"]) == pytest.approx(cost, abs=0.001)
    assert all(step["says"] for step in counted["steps"])


@pytest.mark.usefixtures("published")
def test_warsaw_2023_funds_what_the_file_says_was_selected():
    lines = WARSAW.read_text(encoding="utf-8").splitlines()
    start = lines.index("PROJECTS") + 1
    titles = lines[start].split(";")
    rows = [line.split(";") for line in lines[start + 1 : lines.index("VOTES")]]
    selected = {row[0] for row in rows if row[titles.index("selected")] == "1"}
    counted = told("budget", WARSAW, "--rule", "greedy")
    assert set(counted["winners"]) == selected
    assert counted["ballots"] == 6260


# Shapes and sentences ----------------------------------------------------------------------------------------------


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "选票.csv"
    file.write_text("张数,甲,乙,丙\n4,1,2,\n3,,1,2\n2,1,1,\n", encoding="utf-8")
    return file


def test_one_method_alone_has_the_same_shape(sheet: Path):
    counted = told("tally", sheet, "--method", "stv", "--seats", "2")
    assert set(counted["methods"]) == {"stv"}
    assert counted["methods"]["stv"]["winners"] == ["甲", "乙"]
    assert {"quota", "rounds", "ties"} < set(counted["methods"]["stv"])
    assert {"overvotes", "truncated", "ties", "approval", "skipped"} == set(counted["reading"])
    for method in ("pav", "phragmen"):
        assert len(told("tally", sheet, "--method", method, "--seats", "2")["methods"][method]["winners"]) == 2


def test_people_read_a_table_in_the_language_of_the_installation(sheet: Path, monkeypatch: pytest.MonkeyPatch):
    chinese = shown("tally", sheet).stdout
    assert "9 张选票：2 张有并列的名次，9 张没有排完，0 张空白。" in chinese
    assert "舒尔茨法" in chinese
    monkeypatch.setenv("COGOV_LANGUAGE", "en")
    english = shown("tally", sheet).stdout
    assert "9 ballots: 2 with several candidates of one rank" in english
    assert "舒尔茨法" not in english
    assert "Ties go by a seed" in told("tally", sheet)["reading"]["ties"]


def test_a_budget_is_explained_to_who_lives_there(tmp_path: Path):
    file = tmp_path / "预算.pb"
    file.write_text(
        "META\nkey;value\nbudget;100\nvote_type;approval\nPROJECTS\nproject_id;cost;name\n1;60;长椅\n2;50;路灯\n"
        "VOTES\nvoter_id;vote\na;1\nb;1,2\n",
        encoding="utf-8",
    )
    said = shown("budget", file, "--rule", "equal-shares").stdout
    assert "“长椅”要 60，2 人支持，每人出 30。" in said
    assert "“路灯”要 50，支持的 1 人合起来还剩 20，差 30。" in said
    counted = told("budget", file, "--rule", "greedy")
    assert (counted["winners"], counted["cost"]) == (["1"], 60)
    assert counted["per_voter"][1] == {"voter": "b", "projects": ["1"], "value": 60}


def test_a_bad_file_ends_in_a_sentence_with_its_name_and_line(tmp_path: Path, sheet: Path):
    bad = tmp_path / "坏.csv"
    bad.write_text("甲,乙\n1,x\n", encoding="utf-8")
    unknown = shutil.copy(sheet, tmp_path / "选票.doc")
    for arguments, sentence in (
        (["tally", bad], "坏.csv：第 2 行：名次“x”应当是正整数，没有排就留空。 请改正这一行再试"),
        (["budget", bad, "--rule", "greedy"], "坏.csv：第 1 行：文件要从 META 一行开始。"),
        (["tally", sheet, "--seats", "4"], "席位有 4 个，候选项只有 3 个。"),
        (["tally", unknown], "不认得这种文件"),
        (["budget", bad, "--rule", "greedy", "--completion", "add1"], "只用于"),
        (["tally", tmp_path / "没有.csv"], "没有.csv"),
    ):
        result = shown(*arguments)
        assert isinstance(result.exception, SystemExit)
        assert result.exit_code in {1, 2}
        assert sentence in result.stderr


def test_the_two_commands_are_listed_and_explain_themselves():
    listed = shown("--help").stdout
    for command in ("tally", "budget"):
        assert f"\n  {command} " in listed
        assert "docs/counting.md" in shown(command, "--help").stdout


def test_a_serving_process_does_not_carry_numpy():
    code = "import sys, cogov.cli; print('numpy' in sys.modules, sorted(cogov.cli.main.list_commands(None))[-1])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["False", "worker"], done.stderr
