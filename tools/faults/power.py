"""L2, a power cut at any write: nothing is corrupt and nothing acknowledged is lost."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tools.faults.kit import Kit, Verdict
from tools.faults.recording import FILES, Happened, Kind, read
from tools.faults.writers import Ledger, Writers, begun
from tools.stand.servers import serving

SECTOR = 512
PLANT = "unsynced"


@dataclass
class Disk:
    """What lies on the disk for sure, and what was written since and may or may not have come there."""

    kept: dict[str, bytearray] = field(default_factory=lambda: {name: bytearray() for name in FILES})
    loose: dict[str, list[Happened]] = field(default_factory=lambda: {name: [] for name in FILES})

    def take(self, step: Happened) -> None:
        """Follow one step."""
        if step.kind is Kind.FOUND:
            self.kept[step.file] = bytearray(step.data)
        elif step.kind is Kind.SYNCED:
            for each in self.loose[step.file]:
                _apply(self.kept[step.file], each)
            self.loose[step.file].clear()
        else:
            self.loose[step.file].append(step)

    def image(self, folder: Path, dice: random.Random) -> Path:
        """Write the files as a power cut could leave them now."""
        share = dice.choice((0.0, 0.5, 1.0))
        for name in FILES:
            content = bytearray(self.kept[name])
            for step in self.loose[name]:
                if dice.random() < share:
                    _apply(content, step, torn=dice if dice.random() < 0.3 else None)
            (folder / name).write_bytes(content)
        return folder / FILES[0]


def _apply(content: bytearray, step: Happened, torn: random.Random | None = None) -> None:
    if step.kind is Kind.CUT:
        del content[step.offset :]
        return
    for start in range(0, len(step.data), SECTOR):
        if torn is not None and torn.random() < 0.5:
            continue
        part, at = step.data[start : start + SECTOR], step.offset + start
        if len(content) < at:
            content.extend(bytes(at - len(content)))
        content[at : at + len(part)] = part


def cut(kit: Kit) -> Verdict:
    """Write under load while every call to the disk is recorded; rebuild disks of random instants and open them."""
    town = kit.town("power")
    number = begun(town)
    log = town.folder / "disk.log"
    with serving(town, program=kit.program(PLANT, "--record", str(log)), COGOV_WORKER="false") as server:
        with Writers(town, server.port, number) as writers:
            writers.wait_for_more(60, many=5 * kit.times)
        ledger = writers.ledger
        steps = list(read(log))
    images = kit.times * 10
    corrupt, lost = survey(steps, ledger, images, town.folder)
    figures = f"{images} images of {len(steps)} writes, {len(ledger.acks)} acts: {corrupt} corrupt, {lost} with losses"
    found = [f"{corrupt} images are corrupt"] if corrupt else []
    found += [f"{lost} images lack acknowledged acts"] if lost else []
    return Verdict(figures, tuple(found))


def survey(steps: Sequence[Happened], ledger: Ledger, images: int, folder: Path) -> tuple[int, int]:
    """Return how many images of random instants are corrupt, and how many lack what had been acknowledged by then."""
    dice = random.Random(2026)  # noqa: S311 - the same instants in every run
    first = min(ack.at for ack in ledger.acks.values())
    late = [index for index, step in enumerate(steps) if step.at > first]
    chosen = set(dice.sample(late, min(images, len(late))))
    disk, corrupt, lost = Disk(), 0, 0
    place = folder / "image"
    place.mkdir(exist_ok=True)
    for index, step in enumerate(steps):
        if index in chosen:
            # The power goes just before this step: whatever was acknowledged by then has to be there.
            sound, kept = _opened(disk.image(place, dice))
            corrupt += not sound
            lost += any(text not in kept for text, ack in ledger.acks.items() if ack.at < step.at)
        disk.take(step)
    return corrupt, lost


def _opened(file: Path) -> tuple[bool, set[str]]:
    file.with_name(file.name + "-shm").unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(file)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            loose = connection.execute("PRAGMA foreign_key_check").fetchall()
            return sound and not loose, {text for (text,) in connection.execute("SELECT text FROM message")}
    except sqlite3.DatabaseError:
        return False, set()
