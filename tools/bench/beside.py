"""Run a Python on one core: this one for what it alone may measure, or another that has the libraries of others.

Nothing of cogov, its tests or its locks needs those libraries; `tools/bench/others.txt` names them for an environment
of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}


@contextmanager
def one_core() -> Iterator[None]:
    """Stay on one core, and so does whatever is started, where the system can be asked for it."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def started(python: str, *arguments: str, given: object = None) -> Any:
    """Run it with what is given as JSON, and return what it says."""
    done = subprocess.run(
        [python, *arguments],
        input=json.dumps(given).encode(),
        stdout=subprocess.PIPE,
        env={**os.environ, **ONE_CORE},
        check=True,
    )
    return json.loads(done.stdout)
