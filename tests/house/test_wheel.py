"""The wheel holds what git tracks, no more and no less, and runs without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# What happens on a machine that has nothing but the wheel: migrate, serve a page, name its own folders.
OUTSIDE = """
import sys
sys.path.insert(0, sys.argv[1])
import cogov
from cogov.ground import paths
from flask_migrate import upgrade

app = cogov.create_app()
with app.app_context():
    upgrade()
answer = app.test_client().get("/help")
places = (paths.templates(), paths.migrations(), paths.settings(), paths.recount())
print(cogov.__file__, *places, answer.status_code, sep="\\n")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel without a network and without isolation, as the build dependencies are locked too."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("cogov-*.whl")
    return file


def _tracked() -> set[str]:
    """Return what git tracks of the product, by its name inside the wheel."""
    product = ["cogov", "templates", "migrations", "config.py", "tools/recount.py", "tools/recount_shares.py"]
    listed = subprocess.run(["git", "ls-files", "-z", *product], cwd=ROOT, capture_output=True, check=True, text=True)
    names = [name for name in listed.stdout.split("\0") if name]
    return {name if name.startswith("cogov/") else f"cogov/{name.removeprefix('tools/')}" for name in names}


def test_the_wheel_holds_exactly_what_git_tracks(wheel: Path):
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    tracked = _tracked()
    assert sorted(tracked - held) == [], "tracked, and not in the wheel"
    assert sorted(held - tracked) == [], "in the wheel, and not tracked"


def test_the_wheel_runs_outside_the_checkout(wheel: Path, tmp_path: Path):
    place = tmp_path / "installed"
    zipfile.ZipFile(wheel).extractall(place)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("COGOV_", "PYTHON"))}
    environment["COGOV_DATA_DIR"] = str(tmp_path / "data")
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", OUTSIDE, str(place)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    *folders, status = ran.stdout.splitlines()[-6:]
    assert Path(folders[-1]).is_file()
    assert all(Path(folder).is_relative_to(place) for folder in folders), folders
    assert status == "200"
