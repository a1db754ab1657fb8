"""L6, a backup under load: it restores, agrees with itself, and holds all that was acknowledged when it began."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace

from tools.faults.kit import Kit, Verdict
from tools.faults.writers import Ledger, Writers, audit, begun, odd
from tools.stand.servers import serving
from tools.stand.town import Town

TIMES = 3


def back_up(kit: Kit) -> Verdict:
    """Take backups while people write, and bring each of them back.

    The planted fault is a backup that copies the database's file alone, as people do who do not know of its log.
    """
    town = kit.town("backup")
    number = begun(town)
    took: list[float] = []
    found: list[str] = []
    with serving(town) as server, Writers(town, server.port, number) as writers:
        for turn in range(TIMES):
            writers.wait_for_more(60, many=20)
            at = time.monotonic()
            before = Ledger(acks={text: ack for text, ack in list(writers.ledger.acks.items()) if ack.at < at})
            brought = _copied(town, turn) if kit.planted else _kept(town, turn)
            took.append(time.monotonic() - at)
            found += [f"backup {turn + 1}: {words}" for words in _judged(brought, number, before)]
    found += [*audit(town, number, writers.ledger), *odd(writers.ledger)]
    figures = f"{TIMES} backups under load, each restored and verified in ≤ {max(took):.1f} s"
    return Verdict(f"{figures}, {len(writers.ledger.acks)} acknowledged", tuple(found))


def _judged(brought: Town, number: str, before: Ledger) -> tuple[str, ...]:
    try:
        return audit(brought, number, before)
    except Exception as error:  # whatever a broken copy does to whoever reads it
        return (f"cannot be read: {type(error).__name__}",)


def _kept(town: Town, turn: int) -> Town:
    """Take a backup and bring it back, each with the one command there is for it; the restore verifies the journal."""
    file = town.folder.parent / f"{town.folder.name}-{turn}.backup"
    brought = replace(town, folder=town.folder.parent / f"{town.folder.name}-restored-{turn}")
    _cogov(town, "backup", str(file))
    _cogov(brought, "restore", str(file))
    _cogov(brought, "journal", "verify")
    return brought


def _copied(town: Town, turn: int) -> Town:
    folder = town.folder.parent / f"{town.folder.name}-copied-{turn}"
    folder.mkdir()
    shutil.copy(town.folder / "cogov.sqlite3", folder)
    return replace(town, folder=folder)


def _cogov(town: Town, *command: str) -> None:
    town.folder.mkdir(exist_ok=True)
    environment = {**os.environ, **town.settings, "COGOV_SECRET_KEY_FILE": ""}
    done = subprocess.run(
        [sys.executable, "-m", "cogov.cli", *command], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"cogov {' '.join(command)}: {done.stderr or done.stdout}")
