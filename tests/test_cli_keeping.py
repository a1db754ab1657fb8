"""A backup is one file; restored elsewhere it is the same community, and nothing that was changed in it passes."""

from __future__ import annotations

import gzip
import io
import json
import stat
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from cogov.cli import keeping, main
from cogov.cli.keeping import MANIFEST, Unusable, bring_back, take
from cogov.files.commands import keep_picture
from cogov.files.queries import path_of, pictures_folder
from cogov.files.rules import draw_anew
from cogov.ground.db import db, session
from cogov.ground.settings import data_dir
from cogov.journal.models import JournalEntry
from cogov.journal.sealing import seal, verify
from cogov.loop import seals_file
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from tests.cast import HERE, Cast
from tests.databases import Databases, Postgres, both, new_app

pytestmark = pytest.mark.timeout(180)

Another = Callable[[], Flask]


def _photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def picture(app: Flask, cast: Cast) -> str:
    """Keep a picture, and seal what has been said so far."""
    name = keep_picture(cast.resident, draw_anew(_photo()), pictures_folder(data_dir(app))).name
    seal(seals_file())
    db.session.remove()
    return name


@pytest.fixture
def another(tmp_path: Path, databases: Databases, backend: str) -> Iterator[Another]:
    """Return a function that makes an installation with nothing in it, on the same kind of database."""
    made: list[Flask] = []

    def make() -> Flask:
        url, kept = "", databases.get(backend)
        if isinstance(kept, Postgres):
            name = f"{kept.name}_restored"
            kept._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
            url = kept._url(name)
        made.append(new_app(tmp_path / f"other-{len(made)}", url))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@both
def test_what_is_brought_back_is_the_same_community(
    app: Flask, cast: Cast, picture: str, another: Another, tmp_path: Path
) -> None:
    entries = session().scalar(select(func.count()).select_from(JournalEntry))
    db.session.remove()
    manifest = take(app, tmp_path / "backup")
    other = another()
    with other.app_context():
        bring_back(other, tmp_path / "backup")
        assert session().scalar(select(func.count()).select_from(JournalEntry)) == entries
        report = verify(seals_file())
        assert (report.entries, report.checkpoints, report.faults) == (entries, 1, ())
        assert path_of(pictures_folder(data_dir(other)), picture).is_file()
        db.session.remove()
    assert manifest["journal"]["number"] == entries


@both
def test_what_is_written_while_a_backup_is_taken_does_not_make_it_disagree(
    app: Flask, cast: Cast, another: Another, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = keeping._parts

    def parts(*asked: Any) -> Iterator[tuple[str, Path]]:
        change_setting(cast.administrator, code=HERE, name=Setting.TRIAGE_HOURS, value=30)
        yield from real(*asked)

    monkeypatch.setattr(keeping, "_parts", parts)
    before = session().scalar(select(func.max(JournalEntry.number)))
    manifest = take(app, tmp_path / "busy.backup")
    assert session().scalar(select(func.max(JournalEntry.number))) != before
    assert manifest["journal"]["number"] == before
    other = another()
    with other.app_context():
        assert bring_back(other, tmp_path / "busy.backup") == manifest
        assert session().scalar(select(func.max(JournalEntry.number))) == before
        assert verify().faults == ()
        db.session.remove()


@both
def test_nothing_is_brought_back_over_what_is_there(
    app: Flask, cast: Cast, picture: str, another: Another, tmp_path: Path
) -> None:
    take(app, tmp_path / "backup")
    with pytest.raises(Unusable, match="空的数据库"):
        bring_back(app, tmp_path / "backup")
    other = another()
    with other.app_context():
        pictures_folder(data_dir(other)).mkdir()
        with pytest.raises(Unusable, match="空的数据文件夹"):
            bring_back(other, tmp_path / "backup")


def test_a_backup_is_for_its_owner_only_and_replaces_nothing(app: Flask, picture: str, tmp_path: Path) -> None:
    take(app, tmp_path / "backup")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir() if "backup" in file.name] == ["backup"]
    refused = CliRunner().invoke(main, ["backup", str(tmp_path / "backup")])
    assert refused.exit_code == 1
    assert "不覆盖" in refused.output


def _changed(file: Path, target: Path, change: Callable[[str, bytes], bytes | None], **added: bytes) -> None:
    """Write a backup again with its parts changed, left out (None) or added."""
    with tarfile.open(file) as source, tarfile.open(target, "w:gz") as copy:
        parts = {member.name: source.extractfile(member).read() for member in source}  # type: ignore[union-attr]
        for name, data in {**parts, **added}.items():
            kept = change(name, data)
            if kept is not None:
                member = tarfile.TarInfo(name)
                member.size = len(kept)
                copy.addfile(member, io.BytesIO(kept))


def test_a_changed_backup_is_refused_before_anything_is_written(
    app: Flask, picture: str, another: Another, tmp_path: Path
) -> None:
    whole, bad = tmp_path / "backup", tmp_path / "bad"
    take(app, whole)
    other = another()

    def refused(match: str) -> None:
        with other.app_context(), pytest.raises(Unusable, match=match):
            bring_back(other, bad)
        assert not pictures_folder(data_dir(other)).exists()
        assert not (tmp_path / "evil").exists()

    _changed(whole, bad, lambda name, data: data[:-1] if picture in name else data)
    refused("和清单不符")
    _changed(whole, bad, lambda name, data: None if picture in name else data)
    bad_manifest = bad.read_bytes()
    refused("和清单不符")
    _changed(whole, bad, lambda name, data: data, **{"files/zz/extra": b"extra"})
    refused("和清单不符")
    _changed(whole, bad, lambda name, data: data, **{"../evil": b"evil"})
    refused("不是完整的备份")
    _changed(whole, bad, lambda name, data: json.dumps({"format": 99}).encode() if name == MANIFEST else data)
    refused("格式")
    bad.write_bytes(bad_manifest[: len(bad_manifest) // 2])
    refused("不是完整的备份")
    bad.write_bytes(gzip.compress(b"no archive"))
    refused("不是完整的备份")


def test_the_commands_say_what_they_did(app: Flask, cast: Cast, picture: str, tmp_path: Path) -> None:
    file = tmp_path / "backup"

    def run(folder: Path, *arguments: str) -> Result:
        return CliRunner(env={"COGOV_DATA_DIR": str(folder), "COGOV_DATABASE_URL": None}).invoke(main, arguments)

    taken = run(data_dir(app), "backup", str(file))
    assert taken.exit_code == 0, taken.output
    assert "个照片文件" in taken.output
    back = run(tmp_path / "var", "restore", str(file))
    assert back.exit_code == 0, back.output
    assert "条完好，1 次封存，照片齐全" in back.output
    assert run(tmp_path / "var", "journal", "verify").exit_code == 0
    again = run(tmp_path / "var", "restore", str(file))
    assert again.exit_code == 1
    assert "空的数据库" in again.output
