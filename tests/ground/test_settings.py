"""Settings: each says where it comes from, secrets come from files and are not shown, slips are refused or named."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from cogov.cli import main
from cogov.cli.installation import assembled
from cogov.cli.serving import REFUSED_TO_SERVE, prepare
from cogov.ground.settings import Source, explain, read, unknown_names

ROOT = Path(__file__).resolve().parents[2]
DEPLOY, PAGE = ROOT / "docs" / "deploy", ROOT / "docs" / "running.md"
SERVICES = ("cogov@.service", "cogov-worker.service", "cogov-backup.service")
SECRET = "f" * 64


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in unknown_names() + [f"COGOV_{each.name}" for each in explain()]:
        monkeypatch.delenv(name, raising=False)


def _shown(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["settings", *arguments])
    return done.exit_code, done.output


def _row(name: str, output: str) -> list[str]:
    return next(line.split() for line in output.splitlines() if line.split()[:1] == [name])


def test_a_setting_says_where_it_comes_from_and_the_nearest_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "port"
    file.write_text("9001\n", encoding="utf-8")

    def port(**overrides: object) -> tuple[object, Source]:
        [found] = [(each.value, each.source) for each in explain(overrides) if each.name == "PORT"]
        return found

    assert port() == (8000, Source.DEFAULT)
    monkeypatch.setenv("COGOV_PORT_FILE", str(file))
    assert port() == (9001, Source.FILE)
    monkeypatch.setenv("COGOV_PORT", "9002")
    assert port() == (9002, Source.ENVIRONMENT)
    assert port(PORT=9003) == (9003, Source.ARGUMENT)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("COGOV_PORT", "eighty", "COGOV_PORT is a whole number"),
        ("COGOV_PRODUCTION", "perhaps", "COGOV_PRODUCTION is true or false"),
        ("COGOV_LOG_LEVEL", "LOUD", "COGOV_LOG_LEVEL is one of"),
        ("COGOV_LOG_FORMAT", "xml", "COGOV_LOG_FORMAT is one of"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, said: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(ValueError, match=said):
        read()
    assert _shown()[0] == 1


def test_the_command_shows_all_and_keeps_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET, encoding="utf-8")
    monkeypatch.setenv("COGOV_SECRET_KEY_FILE", str(file))
    monkeypatch.setenv("COGOV_DATABASE_URL", "postgresql://cogov:hunter2@db.example/cogov")
    monkeypatch.setenv("COGOV_REDIS_URL", "redis://:hunter3@127.0.0.1/0")
    monkeypatch.setenv("COGOV_SECRETKEY", "a slip")
    code, output = _shown("--port", "8001")
    assert code == 0
    assert not [word for word in (SECRET, "hunter", "a slip") if word in output]
    assert _row("SECRET_KEY", output)[-1] == "文件"
    assert _row("DATABASE_URL", output)[1:] == ["postgresql://cogov:•••@db.example/cogov", "环境变量"]
    assert _row("PORT", output)[1:] == ["8001", "参数"]
    assert _row("THREADS", output)[-1] == "默认"
    assert "COGOV_SECRETKEY" in output
    assert {each.name for each in explain()} <= {line.split()[0] for line in output.splitlines() if line.strip()}


def test_the_command_says_why_production_would_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COGOV_PRODUCTION", "true")
    code, output = _shown()
    assert code == 1
    assert "COGOV_SECRET_KEY" in output


def test_production_serves_no_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    safe = {"DATA_DIR": tmp_path, "SECRET_KEY": SECRET, "SECURE_COOKIES": "on", "PUBLIC_URL": "https://gongzhi.example"}
    for name, value in {**safe, "PRODUCTION": "yes"}.items():
        monkeypatch.setenv(f"COGOV_{name}", str(value))
    app = assembled()
    with pytest.raises(SystemExit) as stopped:
        prepare(app, "127.0.0.1", 8000, demo=True)
    assert stopped.value.code == REFUSED_TO_SERVE


def test_a_secret_file_that_is_missing_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COGOV_SECRET_KEY_FILE", str(tmp_path / "gone"))
    with pytest.raises(FileNotFoundError):
        read()


def _unit(name: str) -> ConfigParser:
    unit = ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string((DEPLOY / name).read_text(encoding="utf-8"))
    return unit


@pytest.mark.parametrize("name", SERVICES)
def test_units_hand_the_secret_over_as_a_file_that_only_the_service_reads(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service = _unit(name)["Service"]
    credential, kept = service["LoadCredential"].split(":")
    assert kept.startswith("/etc/cogov/")
    (tmp_path / credential).write_text(SECRET + "\n", encoding="utf-8")
    for assignment in service["Environment"].replace("%d", str(tmp_path)).replace("%i", "8001").split():
        key, _, value = assignment.partition("=")
        monkeypatch.setenv(key, value)
    assert read()["SECRET_KEY"] == SECRET
    assert unknown_names() == []


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is missing")  # no service of the tests needs it
    for file in DEPLOY.glob("cogov*"):
        # The program is not where the page puts it; everything else is as shipped.
        text = file.read_text(encoding="utf-8").replace("/opt/cogov/.venv/bin/cogov", "/bin/true")
        (tmp_path / file.name.replace("@", "@8001")).write_text(text, encoding="utf-8")
    units = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_page_names_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| `?([^|`]*)`? \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(each.name, _written(each.value)) for each in explain()]


def _written(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value) or "空"
