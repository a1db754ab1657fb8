"""Backups: one file that holds the database, the pictures, the key and the seals; and the way back from it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import inspect, make_url, select, text, union

from cogov import __version__
from cogov.cli.installation import installation
from cogov.files.models import Document, Picture
from cogov.files.queries import path_of, pictures_folder
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.settings import data_dir
from cogov.journal.sealing import verify
from cogov.loop import seals_file

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE, POSTGRESQL = "database.sqlite3", "database.dump"
BESIDE = ("secret_key", "checkpoints.jsonl", "daily")
"""What lies in the data folder beside the database and the pictures, and is wanted back."""

PICTURES = "files"
TRIES = 3


class Unusable(click.ClickException):
    """A backup that cannot be taken or brought back, and why."""


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _named() -> set[str]:
    return set(session().scalars(union(select(Picture.name), select(Document.name))))


def _missing(app: Flask) -> set[str]:
    """Return the pictures that rows name and the folder lacks."""
    folder = pictures_folder(data_dir(app))
    return {name for name in _named() if not path_of(folder, name).is_file()}


def _on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _program(name: str) -> str:
    found = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))[::-1]), "")
    if not found:
        raise Unusable(f"这台机器上没有 {name}，请装 PostgreSQL 的客户端。")
    return found


def _connection() -> tuple[str, dict[str, str]]:
    """Return the address for PostgreSQL's own programs, and their environment; no password in the list of processes."""
    url = make_url(str(db.engine.url.render_as_string(hide_password=False))).set(drivername="postgresql")
    environment = {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}
    return url.set(password=None).render_as_string(hide_password=False), environment


def _run(program: str, *arguments: str) -> None:
    address, environment = _connection()
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, with arguments of ours
        [_program(program), *arguments, address], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unusable(f"{program} 没有做完：{done.stderr.strip().splitlines()[-1:] or ['没有说明原因']}")


# Taking --------------------------------------------------------------------------------------------------------------


def _snapshot(folder: Path) -> tuple[Path, dict[str, object]]:
    """Write the database as it is at one moment into the folder, nobody has to stop writing; say what it then held."""
    if not _on_sqlite():
        return _dump(folder / POSTGRESQL)
    target = folder / SQLITE
    with closing(sqlite3.connect(str(db.engine.url.database))) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        [revision] = copy.execute(REVISION).fetchone()
        return target, _facts(revision, copy.execute(HEAD).fetchone())


def _dump(target: Path) -> tuple[Path, dict[str, object]]:
    """Dump PostgreSQL and read what it held in one and the same snapshot, which lives as long as its transaction."""
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        facts = _facts(connection.scalar(text(REVISION)), connection.execute(text(HEAD)).one())
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
        _run("pg_dump", *options, "--dbname")
    return target, facts


REVISION = "SELECT version_num FROM alembic_version"
HEAD = "SELECT number, hash FROM journal_head"


def _facts(revision: object, head: Sequence[Any]) -> dict[str, object]:
    return {"revision": revision, "journal": {"number": head[0], "hash": head[1]}}


def _facts_here() -> dict[str, object]:
    with db.engine.connect() as connection:
        return _facts(connection.scalar(text(REVISION)), connection.execute(text(HEAD)).one())


def _seals() -> bytes:
    """Return the published seals as they are now."""
    file = seals_file()
    return file.read_bytes() if file.is_file() else b""


def _parts(app: Flask, snapshot: Path) -> Iterator[tuple[str, Path]]:
    """Yield what goes in and under which name: the database first, since a picture is written before its row."""
    yield snapshot.name, snapshot
    kept = data_dir(app)
    for name in BESIDE:
        if (kept / name).is_file():
            yield name, kept / name
    for file in sorted((kept / PICTURES).rglob("*")):
        if file.is_file():
            yield f"{PICTURES}/{file.relative_to(kept / PICTURES).as_posix()}", file


def _pack(app: Flask, target: Path, folder: Path) -> dict[str, Any]:
    digests: dict[str, str] = {}
    snapshot, facts = _snapshot(folder)
    with tarfile.open(target, "w:gz", compresslevel=6) as archive:
        for name, file in _parts(app, snapshot):
            copy = folder / "part"
            try:
                shutil.copyfile(file, copy)  # a file that is written to meanwhile has one digest, that of the copy
            except FileNotFoundError:
                continue  # covered since; whether its row is in the snapshot is asked when all is packed
            archive.add(copy, name)
            digests[name] = _digest(copy)
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "at": now().isoformat(timespec="seconds"),
            **facts,
            "digests": digests,
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        archive.add(folder / MANIFEST, MANIFEST)
    return manifest


def take(app: Flask, target: Path) -> dict[str, Any]:
    """Write a backup and return its manifest; the file appears whole or not at all."""
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
            part = Path(name) / "backup"
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            wanted, seals = _named() - _missing(app), _seals()
            db.session.remove()
            manifest = _pack(app, part, Path(name))
            # Between the copy of the rows and that of the files a picture may have been covered, or the journal sealed.
            if wanted <= {Path(packed).name for packed in manifest["digests"]} and seals == _seals():
                part.rename(target)
                return manifest
    raise Unusable("备份时照片一直在变，请过一会儿再试。")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """把数据库、照片、密钥和封存记录备份成一个文件；服务不用停。"""
    if file.exists():
        raise Unusable(f"{file} 已经有了，备份不覆盖别的文件。")
    if not file.parent.is_dir():
        raise Unusable(f"没有 {file.parent} 这个文件夹。")
    with installation() as app:
        manifest = take(app, file)
    pictures = sum(name.startswith(PICTURES) for name in manifest["digests"])
    size = file.stat().st_size / 1024 / 1024
    click.echo(f"已备份到 {file}：日志到第 {manifest['journal']['number']} 条，{pictures} 个照片文件，{size:.1f} MB。")
    click.echo("里面有个人信息和密钥，请加密后另存到别处。")


# Bringing back -------------------------------------------------------------------------------------------------------


def _read(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup into a folder, and check every byte of it against its manifest."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise Unusable(f"{file} 不是完整的备份：{error}") from error
    if manifest.get("format") != FORMAT:
        raise Unusable("这个备份的格式这一版还不认识。")
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    found.pop(MANIFEST, None)
    digests = manifest["digests"]
    for name in sorted(set(found) | set(digests)):
        if name not in found or _digest(found[name]) != digests.get(name):
            raise Unusable(f"备份里的 {name} 和清单不符，没有恢复任何内容。")
    return manifest


def _insist_empty(app: Flask) -> None:
    if inspect(db.engine).get_table_names():
        raise Unusable("数据库里已经有内容，恢复只进空的数据库。")
    kept = data_dir(app)
    busy = [name for name in (*BESIDE[1:], PICTURES) if (kept / name).exists()]
    if busy:
        raise Unusable(f"{kept} 里已经有 {'、'.join(busy)}，恢复只进空的数据文件夹。")


def _put_back(app: Flask, folder: Path) -> None:
    kept = data_dir(app)
    if _on_sqlite():
        if not (folder / SQLITE).is_file():
            raise Unusable("这是 PostgreSQL 的备份，请先设 COGOV_DATABASE_URL。")
        db.engine.dispose()
        with (
            closing(sqlite3.connect(folder / SQLITE)) as source,
            closing(sqlite3.connect(str(db.engine.url.database))) as copy,
        ):
            source.backup(copy)
    else:
        if not (folder / POSTGRESQL).is_file():
            raise Unusable("这是 SQLite 的备份，请去掉 COGOV_DATABASE_URL。")
        _run(
            "pg_restore", "--no-owner", "--no-privileges", "--single-transaction", str(folder / POSTGRESQL), "--dbname"
        )
    for name in BESIDE:
        if (folder / name).is_file():
            shutil.copyfile(folder / name, kept / name)
            (kept / name).chmod(0o600)
    if (folder / PICTURES).is_dir():
        shutil.copytree(folder / PICTURES, kept / PICTURES)


def bring_back(app: Flask, file: Path) -> dict[str, Any]:
    """Restore a backup into an empty installation and return its manifest."""
    with tempfile.TemporaryDirectory(dir=data_dir(app), prefix=".restore-") as name:
        manifest = _read(file, Path(name))
        _insist_empty(app)
        _put_back(app, Path(name))
    return manifest


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """把备份恢复进空的数据库和数据文件夹，并核对日志。"""
    with installation() as app:
        manifest = bring_back(app, file)
        report = verify(seals_file())
        missing = _missing(app)
        agrees = _facts_here()["journal"] == manifest["journal"]
    if report.faults:
        raise Unusable(f"已恢复，但日志有 {len(report.faults)} 处对不上，请运行 cogov journal verify。")
    if missing or not agrees:
        raise Unusable(f"已恢复，但缺 {len(missing)} 张照片，或日志比备份时短。")
    click.echo(f"已恢复到 {manifest['at']}：日志 {report.entries} 条完好，{report.checkpoints} 次封存，照片齐全。")
    click.echo("接着运行 cogov db upgrade（如果程序更新过），再开服务。")
