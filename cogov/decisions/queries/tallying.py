"""The count of a method, made in a process of its own: one that serves pages never loads numpy (docs/adr/0009)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cogov.decisions import rules
from cogov.decisions.models import Decision, DecisionOption
from cogov.decisions.queries.frozen import as_noticed

COUNT = Path(str(rules.__file__)).parent / "count" / "alone.py"
LONGEST = 60
"""Seconds: a count takes a fraction of one, and a clock that calls again finds the vote as it was."""


def tallied(decision: Decision, options: Sequence[DecisionOption], ballots: Sequence[tuple[str, int]]) -> str:
    """Count ballots, as marks and how many heads cast each, and return the result as canonical JSON.

    Ties are drawn by the fingerprint: it was published with the notice, before anybody had voted; and by the options'
    words as they were frozen with it.
    """
    decision, options = as_noticed(decision, options)
    job: dict[str, Any] = {
        "form": decision.form,
        "labels": [option.label for option in options],
        "costs": [option.cost for option in options],
        "seed": decision.fingerprint,
        "ballots": ballots,
    }
    done = subprocess.run(  # noqa: S603 - our own program, and nothing that people write is an argument
        [sys.executable, "-I", str(COUNT)],
        input=json.dumps(job).encode(),
        capture_output=True,
        timeout=LONGEST,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the count of decision {decision.id} failed: {done.stderr.decode()[-500:]}")
    return done.stdout.decode()
