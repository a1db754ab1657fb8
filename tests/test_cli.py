"""The command line as people use it: sentences, exit codes, and nothing but loopback for the demo."""

from __future__ import annotations

import csv
import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from cogov.cli import main
from cogov.cli.checking import accountability, clocks, counters, grids
from cogov.cli.routes import table
from cogov.cli.serving import Server, is_loopback
from cogov.duties.commands import start_clock
from cogov.duties.rules.holidays import holidays
from cogov.duties.rules.purpose import Purpose
from cogov.duties.rules.sheets import CALENDAR_COLUMNS, DUTY_COLUMNS, MATTER_COLUMNS, day_row, duty_row, matter_row
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.sheets import Column, table_of
from cogov.people.models import Organization
from cogov.people.rules import CLOCK
from cogov.people.rules.sheets import PEOPLE_COLUMNS, people_row
from cogov.places.commands import draw_grid, hand_over_grid
from cogov.places.models import Place
from cogov.places.rules.grid_sheet import GRID_COLUMNS, grid_row
from cogov.places.rules.place_sheet import PLACE_COLUMNS, place_row
from cogov.places.rules.roll_sheet import ROLL_COLUMNS, roll_row
from tests.cast import HERE, Cast

Run = Callable[..., Result]
DOCS = Path(__file__).parent.parent / "docs" / "imports.md"
PLACES = "代码,名称\n98,测试省\n9801,测试市\n980101,测试区\n"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder with an empty, migrated database, made by the command people use."""
    folder = tmp_path_factory.mktemp("migrated") / "var"
    done = CliRunner(env={"COGOV_DATA_DIR": str(folder), "COGOV_DATABASE_URL": None}).invoke(main, ["db", "upgrade"])
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def run(tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command line over an empty, migrated database of its own."""
    for name in list(os.environ):
        if name.startswith("COGOV_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("COGOV_DATA_DIR", str(tmp_path / "var"))
    shutil.copytree(migrated, tmp_path / "var")

    def invoke(*arguments: str) -> Result:
        result = CliRunner().invoke(main, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


def _file(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


# Importing ---------------------------------------------------------------------------------------------------------


def test_importing_says_what_was_entered_and_the_second_time_that_nothing_changed(run: Run, tmp_path: Path) -> None:
    file = str(_file(tmp_path, "places.csv", PLACES))
    first, second = run("import", "places", file), run("import", "places", file)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "新登记 3 行，更正 0 行，没有变化 0 行，没有接受 0 行" in first.stdout
    assert "3 行都已登记，没有改动" in second.stdout
    assert not (tmp_path / "places.csv.report.csv").exists()


def test_refused_lines_are_named_with_line_and_reason_on_the_screen_and_in_a_report(run: Run, tmp_path: Path) -> None:
    file = _file(tmp_path, "places.csv", f"{PLACES}770101001,没有上级,\n98010,五位\n980101001,街道\n")
    result = run("import", "places", str(file))
    assert result.exit_code == 1
    assert "新登记 4 行" in result.stdout
    assert "第 6 行：代码 98010 有 5 位" in result.stdout
    report = tmp_path / "places.csv.report.csv"
    assert report.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(report.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["行", "原因", "怎么办"]
    assert [row[0] for row in rows[1:]] == ["5", "6"]
    assert "770101" in rows[1][1]
    assert rows[1][2] == "请先登记上一级，再导入这一行。"
    _file(tmp_path, "places.csv", PLACES)
    assert run("import", "places", str(file)).exit_code == 0
    assert not report.exists()


def test_a_report_holds_nothing_a_spreadsheet_would_run(run: Run, tmp_path: Path) -> None:
    file = _file(tmp_path, "=cmd.csv", '代码,名称\n"=1+1",x\n')
    run("import", "places", str(file))
    with (tmp_path / "=cmd.csv.report.csv").open(encoding="utf-8-sig", newline="") as report:
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in csv.reader(report) for cell in row)


@pytest.mark.parametrize("sheet", ["places", "grids", "roll", "duties", "matters", "calendar", "people"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01", b"\xff\xfe", b"PK\x03\x04", b"{", b"[1", "随便写写".encode(), b",,,\n,,,\n"],
    ids=["empty", "binary", "half", "workbook", "brace", "bracket", "words", "commas"],
)
def test_a_file_that_is_no_sheet_is_refused_without_a_traceback(
    run: Run, tmp_path: Path, sheet: str, content: bytes
) -> None:
    result = run("import", sheet, str(_file(tmp_path, "file", content)))
    assert result.exit_code == 1
    assert "file：" in result.stderr


def test_a_file_over_100_mb_is_refused_before_it_is_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    with file.open("wb") as out:
        out.truncate(100 * 1024 * 1024 + 1)
    result = run("import", "roll", str(file))
    assert (result.exit_code, "100 MB" in result.stderr) == (1, True)


def test_importing_into_a_database_that_is_not_there_says_what_to_do(run: Run, tmp_path: Path) -> None:
    (tmp_path / "var" / "cogov.sqlite3").unlink()
    result = run("import", "places", str(_file(tmp_path, "places.csv", PLACES)))
    assert result.exit_code == 1
    assert "cogov db upgrade" in result.stderr


def test_the_shipped_catalogue_and_the_public_holidays_are_entered_by_default(run: Run) -> None:
    assert "自带的事项目录：新登记" in run("import", "matters", "--default").stdout
    assert "没有改动" in run("import", "matters", "--default").stdout
    assert "2026 年：新登记" in run("import", "calendar", "--default", "2026").stdout
    assert "没有改动" in run("import", "calendar", "--default", "2026").stdout
    assert run("import", "matters").exit_code == 2
    unknown = run("import", "calendar", "--default", "2099")
    assert (unknown.exit_code, "国务院" in unknown.stderr) == (1, True)
    assert run("import", "calendar", "--default", "99999").exit_code == 2


def test_the_holidays_of_a_year_are_the_days_that_differ_from_the_week() -> None:
    days = {line.cells["day"]: (line.cells["working"], line.cells["name"]) for line in holidays(2026)}
    assert days["2026-10-01"] == ("否", "国庆节")
    assert days["2026-10-10"] == ("是", "国庆节调休")
    assert "2026-10-03" not in days  # a Saturday is off anyway
    assert "2026-06-10" not in days


SHEETS: dict[str, tuple[tuple[Column, ...], Callable[[Mapping[str, str]], object]]] = {
    "places": (PLACE_COLUMNS, place_row),
    "grids": (GRID_COLUMNS, grid_row),
    "roll": (ROLL_COLUMNS, lambda cells: roll_row(cells, now().date())),
    "matters": (MATTER_COLUMNS, matter_row),
    "duties": (DUTY_COLUMNS, duty_row),
    "calendar": (CALENDAR_COLUMNS, day_row),
    "people": (PEOPLE_COLUMNS, people_row),
}


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_column_sheet_shows_an_example_that_can_be_imported_and_names_every_column(sheet: str) -> None:
    columns, row = SHEETS[sheet]
    section = re.split(r"^## ", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    words = next(part for part in section if part.startswith(f"{sheet}\n"))
    example = re.search(r"```csv\n(.*?)```", words, re.DOTALL)
    assert example is not None
    lines = list(table_of(example[1], columns).lines)
    assert lines
    assert all(line.refusal is None and row(line.cells) for line in lines)
    table = words.split("```")[0] + words.split("```")[-1]
    assert [column.label for column in columns if column.label not in table] == []


# The journal -------------------------------------------------------------------------------------------------------


def _execute(tmp_path: Path, *statements: str) -> None:
    import_ = f"import sqlite3; c = sqlite3.connect({str(tmp_path / 'var' / 'cogov.sqlite3')!r})"
    script = ";".join([import_, *(f"c.execute({statement!r})" for statement in statements), "c.commit()"])
    subprocess.run([sys.executable, "-c", script], check=True)


def test_verifying_finds_a_changed_byte_and_exits_with_1(run: Run, tmp_path: Path) -> None:
    run("import", "places", str(_file(tmp_path, "places.csv", PLACES)))
    good = run("journal", "verify")
    assert (good.exit_code, good.stdout) == (0, "日志完好：3 条，0 次封存。\n")
    change = "UPDATE journal_entry SET facts = replace(facts, '9801', '9802') WHERE number = 2"
    _execute(tmp_path, "DROP TRIGGER journal_entry_no_update", change)
    bad = run("journal", "verify")
    assert bad.exit_code == 1
    assert bad.stdout.startswith("第 2 条：")
    assert "日志被改动过，共 1 处" in bad.stderr


@pytest.mark.parametrize("value", ["2026-01-01 00:00:00.00000x", "", "x"])
def test_a_time_that_cannot_be_read_any_more_is_a_change_found(run: Run, tmp_path: Path, value: str) -> None:
    run("import", "places", str(_file(tmp_path, "places.csv", PLACES)))
    change = f"UPDATE journal_entry SET at = '{value}' WHERE number = 2"
    _execute(tmp_path, "DROP TRIGGER journal_entry_no_update", change)
    assert run("journal", "verify").exit_code == 1


def test_sealing_writes_a_line_outside_the_database_and_a_kept_copy_finds_a_rewritten_chain(
    run: Run, tmp_path: Path
) -> None:
    run("import", "places", str(_file(tmp_path, "places.csv", PLACES)))
    assert "已封存到第 3 条" in run("journal", "seal").stdout
    assert "没有新的记录" in run("journal", "seal").stdout
    kept = _file(tmp_path, "kept.jsonl", (tmp_path / "var" / "checkpoints.jsonl").read_bytes())
    assert run("journal", "verify", "--checkpoints", str(kept)).exit_code == 0
    _file(tmp_path, "kept.jsonl", kept.read_text(encoding="utf-8").replace('"number":3', '"number":2'))
    assert run("journal", "verify", "--checkpoints", str(kept)).exit_code == 1
    unreadable = run("journal", "verify", "--checkpoints", str(_file(tmp_path, "bad.jsonl", "{")))
    assert (unreadable.exit_code, "读不出" in unreadable.stderr) == (1, True)


# Checking ----------------------------------------------------------------------------------------------------------


def test_checking_an_empty_installation_finds_nothing(run: Run) -> None:
    result = run("check")
    assert (result.exit_code, result.stdout) == (0, "计数、网格、责任人与时钟都没有问题。\n")


def test_imported_grids_without_holders_are_reported(run: Run, tmp_path: Path) -> None:
    geo = Path(__file__).parent / "places" / "geo"
    parents = _file(tmp_path, "parents.csv", "代码,名称\n11,北京市\n1101,北京市\n110101,东城区\n")
    run("import", "places", str(parents), str(geo / "streets.csv"), str(geo / "communities.csv"))
    for copied in geo.glob("*.report.csv"):
        copied.unlink()
    assert run("import", "grids", str(geo / "grids.geojson")).exit_code == 0
    result = run("check")
    assert result.exit_code == 1
    assert "多福巷社区居委会（110101001001）：20 个网格没有负责人" in result.stdout
    assert "共 12 处要处理" in result.stderr


def test_the_cast_s_community_lacks_only_deputies(app: Flask, cast: Cast) -> None:
    assert list(counters()) == []
    assert list(grids()) == [f"测试里社区（{HERE}）：2 个网格没有替班人：{HERE}001、{HERE}002。"]
    for grid in cast.grid_ids:
        hand_over_grid(CLOCK, grid_id=grid, person_id=cast.moderator.person_id or 0, contact="居委会", deputy=True)
    assert list(grids()) == []
    assert list(accountability()) == []
    assert list(clocks()) == []


def test_overlapping_and_undrawn_grids_are_found(app: Flask, cast: Cast) -> None:
    west = 121_500_500
    ring = ((west, 31_200_100), (west + 100, 31_200_100), (west + 100, 31_200_200), (west, 31_200_100))
    draw_grid(CLOCK, code=f"{HERE}003", name="第 3 网格", ring=ring)
    session().add(Place(kind=_grid_kind(cast), code=f"{HERE}004", name="第 4 网格", parent_id=cast.community_id))
    session().commit()
    sentences = "\n".join(grids())
    assert f"网格 {HERE}001（第 1 网格）与网格 {HERE}003（第 3 网格）重叠" in sentences
    assert f"1 个网格没有边界：{HERE}004" in sentences


def _grid_kind(cast: Cast):
    return session().get_one(Place, cast.grid_ids[0]).kind


def test_a_clock_that_nobody_holds_or_can_act_on_is_found(app: Flask, cast: Cast) -> None:
    until = now() + timedelta(days=3)
    nobody = start_clock(Purpose.CONCERN, 1, place_id=cast.community_id, problem_id=None, promise=until)
    empty = start_clock(
        Purpose.CONCERN,
        2,
        place_id=cast.community_id,
        problem_id=None,
        promise=until,
        organization_id=cast.organizations["water"],
    )
    start_clock(
        Purpose.CONCERN,
        3,
        place_id=cast.community_id,
        problem_id=None,
        promise=until,
        organization_id=cast.organizations["committee"],
    )
    assert list(clocks()) == [
        f"时钟 {nobody.id}（concern）没有责任人。",
        f"时钟 {empty.id}（concern）的责任单位“云溪区水务公司”没有获得授权的经办人。",
    ]
    session().scalars(select(Organization).where(Organization.name == "测试里居委会")).one().ended_at = now()
    session().commit()
    assert any("测试里居委会”已经终止" in words for words in clocks())


# Serving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False),
        ("192.168.1.5", False),
        ("localhost.example.org", False),
        ("", False),
    ],
)
def test_only_this_machine_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_nobody_tells_the_server_by_a_header_under_which_path_it_lives() -> None:
    server = Server(Flask("nobody"), "127.0.0.1", 8000, 4)
    assert server.cfg is not None
    assert server.cfg.forwarder_headers == []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answer(url: str, server: subprocess.Popen[str], seconds: float = 60) -> int:
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


def test_serving_migrates_prints_the_address_answers_and_stops_when_asked(tmp_path: Path) -> None:
    port = _free_port()
    environment = {**os.environ, "COGOV_DATA_DIR": str(tmp_path), "HOME": str(tmp_path / "home"), "COGOV_THREADS": "4"}
    command = [sys.executable, "-m", "cogov.cli", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert _answer(f"http://127.0.0.1:{port}/sign-in", server) == 200
        finally:
            server.send_signal(signal.SIGTERM)
        said, _ = server.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}/" in said
    assert server.returncode == 0
    assert not (tmp_path / "home").exists()  # gunicorn's control socket is off


def test_a_demo_database_is_not_served_beyond_this_machine(run: Run, tmp_path: Path) -> None:
    _execute(
        tmp_path,
        "INSERT INTO journal_entry (number, kind, subject_kind, facts, at, hash) "
        "VALUES (1, 'DemoBegun', '', '{}', '2026-01-01 00:00:00', '0')",
    )
    environment = {**os.environ, "COGOV_DATA_DIR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "cogov.cli", "serve", "--host", "0.0.0.0", "--port", str(_free_port())]  # noqa: S104
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert "演示数据库只能在本机服务" in done.stderr


# Routes and help ---------------------------------------------------------------------------------------------------


def test_every_route_names_who_may_call_it(run: Run) -> None:
    result = run("routes", "--roles")
    assert result.exit_code == 0, result.stderr
    assert "GET    /sign-in  anyone" in result.stdout


def test_a_route_that_names_nobody_fails_the_list(app: Flask) -> None:
    fresh = Flask("fresh", static_folder=None)
    fresh.add_url_rule("/open", view_func=lambda: "")
    assert table(fresh) == [("GET", "/open", ())]


@pytest.mark.parametrize(
    "arguments",
    [[], ["serve"], ["worker"], ["demo"], ["db"], ["import"], ["import", "roll"], ["journal"], ["check"], ["routes"]],
    ids=" ".join,
)
def test_every_command_explains_itself(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, [*arguments, "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.stdout


def test_the_guards_are_back_after_a_downgrade_and_an_upgrade(run: Run, tmp_path: Path) -> None:
    assert run("db", "downgrade", "base").exit_code == 0
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "check").exit_code == 0
    run("import", "places", str(_file(tmp_path, "places.csv", PLACES)))
    script = f"import sqlite3; c = sqlite3.connect({str(tmp_path / 'var' / 'cogov.sqlite3')!r})"
    for statement in ("DELETE FROM journal_entry", "UPDATE journal_entry SET facts = ''"):
        code = f"{script}; c.execute({statement!r})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert "append-only" in done.stderr


HEAPS = """
import ctypes, threading
from cogov.cli.serving import share_one_heap
share_one_heap()
c = ctypes.CDLL(None)
threads = [threading.Thread(target=c.malloc, args=(1000,)) for _ in range(4)]
for each in threads: each.start()
for each in threads: each.join()
c.malloc_info(0, ctypes.c_void_p.in_dll(c, "stdout"))
c.fflush(None)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="only glibc has several heaps")
def test_the_threads_of_a_server_share_one_heap() -> None:
    done = subprocess.run([sys.executable, "-c", HEAPS], capture_output=True, text=True, check=True)
    assert done.stdout.count("<heap nr=") == 1


GIVEN_BACK = """
import ctypes, pathlib, time
from cogov.cli.serving import give_back_memory, share_one_heap
share_one_heap()
c = ctypes.CDLL(None)
c.malloc.restype = ctypes.c_void_p
def pages(): return int(pathlib.Path("/proc/self/statm").read_text().split()[1])
before = pages()
pieces = [c.malloc(20_000) for _ in range(2000)]
for piece in pieces: ctypes.memset(piece, 1, 20_000)
for piece in pieces[:-1]: c.free(ctypes.c_void_p(piece))  # the last keeps them from the end of the heap
held = pages()
assert held - before > 8000
give_back_memory(0.01)
while pages() - before > 2000: time.sleep(0.01)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc keeps what lies in between")
def test_what_lies_free_in_the_heap_of_a_server_is_given_back() -> None:
    subprocess.run([sys.executable, "-c", GIVEN_BACK], capture_output=True, check=True, timeout=100)
