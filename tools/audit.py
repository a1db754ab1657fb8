"""Ask whether weaknesses are known in what cogov runs on: ``make audit``, wherever there is a network.

Runs ``pip-audit --strict`` over the locks: the one in the environment or on the path, else a fresh one through ``uvx``
or ``pipx``. Exits with 0 where nothing is known, 1 where something is, and 3 where it could not be asked, which is no
answer: run it where it can.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

LOCKS = Path(__file__).parents[1] / "requirements.txt"
NOTHING, KNOWN, NO_ANSWER = 0, 1, 3
SECONDS = 600


def _which(name: str) -> str | None:
    """Return where a program is: in the environment first, then on the path."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


def auditor(which: Callable[[str], str | None] = _which) -> list[str] | None:
    """Return how pip-audit is called here; None where nothing here can."""
    ways = (("pip-audit",), ("uvx", "pip-audit"), ("pipx", "run", "pip-audit"))
    return next(([found, *rest] for name, *rest in ways if (found := which(name))), None)


def audit(command: Sequence[str], locks: Path = LOCKS) -> int:
    """Ask about everything in the locks, say what is known, and return how it ended."""
    asked = [*command, "--strict", "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    try:
        done = subprocess.run(
            [*asked, "--format", "json", "-r", str(locks)], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return _no_answer(type(error).__name__)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return _no_answer(_last_line(done.stderr))
    known = [(each["name"], each["version"], weak) for each in found for weak in each.get("vulns", ())]
    for name, version, weak in known:
        better = ", ".join(weak.get("fix_versions", ())) or "no mended version yet"
        print(f"{name} {version}: {weak['id']} ({better})")
    print(f"{len(found)} packages asked about, {len(known)} known weaknesses")
    # Whatever pip-audit itself did not like is no clean answer either.
    return KNOWN if known else NOTHING if done.returncode == 0 else _no_answer(_last_line(done.stderr))


def _last_line(text: str) -> str:
    return next(iter(text.strip().splitlines()[-1:]), "it said nothing")


def _no_answer(reason: str) -> int:
    print(f"not audited: {reason}\nNothing is said about weaknesses. Run it where there is a network.", file=sys.stderr)
    return NO_ANSWER


def main() -> int:
    """Find pip-audit and ask."""
    command = auditor()
    return _no_answer("neither pip-audit nor uvx nor pipx is here") if command is None else audit(command)


if __name__ == "__main__":
    sys.exit(main())
