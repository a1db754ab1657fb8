"""L5, PostgreSQL restarted: 503 only while it is down, healed within seconds, and nothing is lost."""

from __future__ import annotations

import time

from tests.postgres import Missing
from tools.faults.kit import Kit, Skip, Verdict
from tools.faults.writers import Writers, audit, begun, odd
from tools.stand.servers import serving

HEALED_WITHIN = 5.0
DOWN = 0.3


def restart(kit: Kit) -> Verdict:
    """Cut PostgreSQL off again and again while people write, and start it anew.

    The planted fault is a PostgreSQL that acknowledges before its log is written (synchronous_commit off).
    """
    settings = {"synchronous_commit": "off", "wal_writer_delay": "10s"} if kit.planted else {}
    try:
        return _restart(kit, settings)
    except Missing as missing:
        raise Skip(str(missing)) from missing


def _restart(kit: Kit, settings: dict[str, str]) -> Verdict:
    with kit.town_on_postgres("restart", **settings) as (town, cluster):
        number = begun(town)
        healed, down = [], []
        with serving(town) as server, Writers(town, server.port, number) as writers:
            for _ in range(kit.times):
                writers.wait_for_more(60, many=10)
                stopped = time.monotonic()
                cluster.stop()
                time.sleep(DOWN)
                cluster.start()
                started = time.monotonic()
                writers.wait_for_more(60)
                healed.append(time.monotonic() - started)
                down.append((stopped, started + HEALED_WITHIN))
        found = [*audit(town, number, writers.ledger), *odd(writers.ledger)]
    stray = [at for at in writers.ledger.away if not any(begun_ <= at <= over for begun_, over in down)]
    if stray:
        found.append(f"{len(stray)} answers 503 while it was up")
    if max(healed) > HEALED_WITHIN:
        found.append(f"healed only after {max(healed):.1f} s")
    figures = (
        f"{kit.times} restarts, {len(writers.ledger.acks)} acknowledged, "
        f"{len(writers.ledger.away)} answers 503, healed in ≤ {max(healed):.1f} s"
    )
    return Verdict(figures, tuple(found))
