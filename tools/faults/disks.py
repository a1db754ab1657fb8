"""L3, a full disk: writing answers 503 with a sentence, reading goes on, and it heals without a restart."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from tools.faults.kit import Kit, Skip, Verdict
from tools.faults.writers import Ledger, Writers, audit, begun, odd
from tools.stand.servers import Server, serving
from tools.stand.wires import Wire, asked

PLANT = "speechless"
MEBIBYTES = 32


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a small disk in memory for as long as the block lasts; only root may."""
    if os.geteuid() != 0:
        raise Skip("mounting a small disk needs root")
    folder.mkdir(parents=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", str(folder)],  # noqa: S607
        capture_output=True,
        check=False,
    )
    if made.returncode:
        raise Skip(f"no disk can be mounted here: {made.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)  # noqa: S607


def fill_up(folder: Path) -> Path:
    """Write until nothing fits any more; return the file that takes the room."""
    file = folder / "filler"
    with file.open("ab", buffering=0) as out, suppress(OSError):
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while out.write(bytes(size)) == size:
                    pass
    return file


def full(kit: Kit) -> Verdict:
    """Fill the disk while people write, read meanwhile, and make room again."""
    settled = kit.town("disk")
    with small_disk(kit.folder / f"small-{time.monotonic_ns()}") as disk:
        town = replace(settled, folder=disk / "data")
        shutil.copytree(settled.folder, town.folder)
        number = begun(town)
        with town.inside() as app:
            cookie = town.cookie(app, town.persons[9])
        with serving(town, program=kit.program(PLANT), COGOV_THREADS="16") as server:
            with Writers(town, server.port, number) as writers:
                writers.wait_for_more(30, many=5)
                before = server.workers
                filler = fill_up(disk)
                time.sleep(1.5)
                filler = fill_up(disk)
                reading = _read(server, number, cookie)
                page = _page_said(server, number, cookie)
                time.sleep(1.0)
                filler.unlink()
                healed = _healed(writers)
                same = server.workers == before
            found = [*audit(town, number, writers.ledger), *_judged(writers.ledger, reading, page, healed, same=same)]
    figures = (
        f"{writers.ledger.others[503]} writes answered 503, {reading} pages read meanwhile, healed in {healed:.1f} s"
    )
    return Verdict(figures, tuple(found))


def _healed(writers: Writers) -> float:
    try:
        return writers.wait_for_more(15)
    except TimeoutError:
        return float("inf")


def _judged(ledger: Ledger, reading: int, page: str, healed: float, *, same: bool) -> Iterator[str]:
    yield from odd(ledger)
    if not ledger.others[503]:
        yield "no write was refused although the disk was full"
    elif not ledger.sentence or not ledger.retry_after:
        yield "a refusal lacks its sentence or Retry-After"
    if not reading:
        yield "pages could not be read"
    if page:
        yield page
    if healed > 5:
        yield f"did not heal within 5 s ({healed:.1f} s)"
    if not same:
        yield "the worker was not the same afterwards"


def _read(server: Server, number: str, cookie: str) -> int:
    """Return how many pages could be read, all of them or none."""
    wire, paths = Wire(server.port), ("/", f"/problems/{number}", "/problems", "/help")
    try:
        statuses = [wire.send(asked(path, Cookie=who)).status for path in paths for who in ("", cookie)]
    except OSError:
        return 0
    finally:
        wire.close()
    return len(statuses) if set(statuses) == {200} else 0


def _page_said(server: Server, number: str, cookie: str) -> str:
    """Send a form as a browser does; return what is wrong with the page that refuses it."""
    wire = Wire(server.port)
    try:
        return _refused(wire, number, cookie)
    except OSError:
        return "a form was not answered"
    finally:
        wire.close()


def _refused(wire: Wire, number: str, cookie: str) -> str:
    form = wire.send(asked(f"/problems/{number}/messages", Cookie=cookie))
    values = dict(re.findall(r'name="(csrf_token|once)"[^>]*value="([^"]+)"', form.body.decode()))
    signed = form.header("Set-Cookie").partition(";")[0] or cookie
    text = "磁盘满的时候写的一句话"
    fields = {**values, "kind": "reason", "text": text}
    line = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    head = asked(f"/problems/{number}/messages", "POST", Cookie=signed).replace(
        b"Content-Length: 0", b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d" % len(line)
    )
    answer = wire.send(head + line)
    said = answer.body.decode()
    if answer.status != 503:
        return f"a form was answered {answer.status}"
    kept = text in said and answer.header("Retry-After")
    return "" if kept else "the page that refuses a form keeps no words, or does not say when to try again"
