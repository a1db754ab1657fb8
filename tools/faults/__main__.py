"""`make faults`: break things on purpose, one after the other, and print what came of it.

ONLY="kill power" chooses, TIMES=100 repeats, PLANTED=1 plants in each check the fault it looks for: then all must fail.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from cogov.ground.clock import now
from tools.faults.backups import back_up
from tools.faults.closing import close
from tools.faults.disks import full
from tools.faults.killing import kill
from tools.faults.kit import Kit, Skip, Verdict
from tools.faults.nudging import away
from tools.faults.power import cut
from tools.faults.restarts import restart
from tools.faults.slow import slow
from tools.faults.tested import tested

KEPT = Path("var") / "faults"


@dataclass(frozen=True)
class Check:
    """A check, and the words by which its verdict tells the fault that is planted in it from any other trouble."""

    title: str
    run: Callable[[Kit], Verdict]
    telling: str


CHECKS = {
    "kill": Check("L1 kill -9 under load", kill, "acts lost"),
    "power": Check("L2 power cut", cut, "corrupt|lack acknowledged"),
    "disk": Check("L3 full disk", full, "answers 500|answered 500|lacks its sentence"),
    "redis": Check("L4 Redis away", away, "somebody waited"),
    "postgres": Check("L5 PostgreSQL restarted", restart, "acts lost"),
    "backup": Check("L6 backup under load", back_up, r"backup \d+: (\d+ acknowledged acts lost|cannot be read)"),
    "slow": Check("L9 slow clients", slow, "of the others"),
    "close": Check("V4 ballots around the close", close, "otherwise than counted"),
    "tests": Check("V1–V3, V8, L11, L12 in tests", tested, "all of them were noticed"),
}


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read what is to be broken."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--only", default="", help="names of checks, with spaces between: " + " ".join(CHECKS))
    parser.add_argument("--times", type=int, default=20, help="kills, restarts, tens of disk images, twice the rounds")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long what takes time may take")
    parser.add_argument("--planted", action="store_true", help="plant the fault that each check looks for")
    return parser.parse_args(given)


def main() -> None:
    """Run the checks; the exit code says whether they came out as they should."""
    options, console = arguments(), Console()
    names = options.only.split() or list(CHECKS)
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=KEPT)).resolve()
    kit = Kit(folder, options.times, options.seconds, options.planted)
    lines, surprises = [], 0
    try:
        for name in names:
            line, surprise = _tried(name, kit, console)
            lines.append(line)
            surprises += surprise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    kept = KEPT / f"{now():%Y%m%d-%H%M%S}{'-planted' if options.planted else ''}.json"
    kept.write_text(json.dumps({"options": vars(options), "checks": lines}, ensure_ascii=False, indent=1), "utf-8")
    console.print(f"kept in {kept}")
    sys.exit(1 if surprises else 0)


def _tried(name: str, kit: Kit, console: Console) -> tuple[dict[str, object], bool]:
    """Run a check, print its line, and say whether it came out otherwise than it should."""
    check = CHECKS[name]
    begun, skipped = time.monotonic(), ""
    with console.status(f"{check.title} …"):
        try:
            verdict = check.run(kit)
        except Skip as skip:
            verdict, skipped = Verdict(""), str(skip)
        except Exception as error:
            verdict = Verdict("", (f"the check itself broke: {type(error).__name__}: {error}",))
    seconds = time.monotonic() - begun
    word = "[yellow]skipped[/]" if skipped else _word(verdict, check, planted=kit.planted)
    said = skipped or "; ".join(filter(None, [verdict.figures, *verdict.faults]))
    console.print(f"{word:>22}  {check.title}: {said}  [dim]({seconds:.0f} s)[/]", highlight=False, soft_wrap=True)
    line: dict[str, object] = {"check": name, "figures": verdict.figures, "faults": verdict.faults, "skipped": skipped}
    right = verdict.names(check.telling) if kit.planted else not verdict.faults
    return line, not skipped and not right


def _word(verdict: Verdict, check: Check, *, planted: bool) -> str:
    if planted:
        return "[green]caught[/]" if verdict.names(check.telling) else "[red]missed[/]"
    return "[red]failed[/]" if verdict.faults else "[green]ok[/]"


if __name__ == "__main__":
    main()
