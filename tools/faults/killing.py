"""L1, kill -9 under load: nothing acknowledged is lost, nothing is done twice, and it serves again within seconds."""

from __future__ import annotations

import random
import time

from tools.faults.kit import Kit, Verdict
from tools.faults.writers import Writers, audit, begun, odd
from tools.stand.servers import serving

PLANT = "said-only"
BACK_WITHIN = 3.0


def kill(kit: Kit) -> Verdict:
    """Kill the server again and again while people write, and start it anew."""
    town = kit.town("kill")
    number = begun(town)
    # A hundred kills see ten thousand acts acknowledged.
    many = max(10, min(kit.times, 100))
    dice = random.Random(1)  # noqa: S311 - the same instants in every run
    back: list[tuple[float, float]] = []
    with serving(town, program=kit.program(PLANT)) as server, Writers(town, server.port, number) as writers:
        for _ in range(kit.times):
            writers.wait_for_more(120, many=many)
            time.sleep(dice.uniform(0, 0.3))
            server.kill()
            back.append((server.start(), server.worked()))
        writers.wait_for_more(60)
    ledger = writers.ledger
    found = [*audit(town, number, ledger), *odd(ledger)]
    slowest, worked = max(back)
    if slowest > BACK_WITHIN:
        found.append(f"served again only after {slowest:.1f} s, of which it worked {worked:.1f}")
    median, _ = sorted(back)[len(back) // 2]
    figures = f"{kit.times} kills, {len(ledger.acks)} acknowledged, back in {median:.1f} s (≤ {slowest:.1f})"
    return Verdict(figures, tuple(found))
