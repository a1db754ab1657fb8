"""V1–V3, V8, L7, L11, L12: what fits into tests is shown by tests, and each fails on the fault it looks for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tools.faults.kit import Kit, Verdict
from tools.faults.sown import SOWN

ROOT = Path(__file__).resolve().parents[2]
UPGRADES = "tests/doors/test_upgrades.py"
TESTS = {
    "V1": ("ballots", "tests/decisions/test_storms.py::test_fifty_identical_ballots_at_once_are_one_ballot"),
    "V2": ("owners", "tests/decisions/test_storms.py::test_of_co_owners_at_once_one_casts_and_the_others_are_told"),
    "V3": ("slots", "tests/tasks/test_storms.py::test_the_last_slot_has_one_winner_among_sixteen"),
    "V8": ("chain", "tests/journal/test_sealing.py::test_any_single_changed_byte_of_any_entrys_facts_is_found"),
    "L7": (
        "copies",
        f"{UPGRADES}::test_a_database_in_use_goes_down_and_up_loses_no_row_and_survives_being_cut_off[sqlite]",
    ),
    "L11": ("keys", "tests/doors/test_api.py::test_a_key_belongs_to_who_used_it"),
    "L12": ("zones", "tests/duties/test_rules_clock.py::test_a_deadline_is_the_same_instant_in_every_zone"),
}
"""Of each promise: the fault that is sown, and the test that shows it."""

SECONDS = 600


def tested(kit: Kit) -> Verdict:
    """Run the tests; with faults planted, each with its own, and say which were noticed."""
    if not kit.planted:
        failed = _failed([test for _, test in TESTS.values()])
        return Verdict(f"{len(TESTS)} promises", ("a test fails",) if failed else ())
    found = tuple(name for name, (sown, test) in TESTS.items() if _failed([test], sown))
    if len(found) == len(TESTS):
        return Verdict(f"{len(found)} faults sown", ("all of them were noticed",))
    return Verdict(f"{len(TESTS)} faults sown", (f"only those of {', '.join(found) or 'nothing'} made a test fail",))


def _failed(tests: list[str], sown: str = "") -> bool:
    """Say whether a test failed; that none could be run is no failure of theirs."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", "-p", "tools.faults.sown"]
    environment = {**os.environ, SOWN: sown}
    done = subprocess.run(
        [*command, *tests], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the tests could not be run: {done.stdout[-500:]}{done.stderr[-500:]}")
    return done.returncode == 1
