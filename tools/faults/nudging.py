"""L4, Redis away: posting and voting go on, live pages resume, and sign-in limits still hold."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import timedelta

from cogov.ground.clock import now
from tests.postgres import Missing as NoPostgres
from tests.processes import Missing, binary, free_port, start, stop
from tools.faults.kit import Kit, Skip, Verdict
from tools.faults.writers import Writers, audit, odd
from tools.stand.servers import Server, serving
from tools.stand.town import Town
from tools.stand.votes import Vote, opened
from tools.stand.watchers import Watchers
from tools.stand.wires import Wire, asked, verb

PLANT = "waiting"
AWAY_SECONDS = 30.0
SLOWEST, RESUMED_WITHIN = 5.0, 10.0
WATCHERS, TRIES = 5, 11


def away(kit: Kit) -> Verdict:
    """Serve by two processes that nudge each other over Redis; stop it, then kill it, then bring it back."""
    try:
        with ExitStack() as stack:
            town, _ = stack.enter_context(kit.town_on_postgres("redis"))
            return _away(kit, town, stack)
    except (Missing, NoPostgres) as missing:
        raise Skip(str(missing)) from missing


def _away(kit: Kit, town: Town, stack: ExitStack) -> Verdict:
    with town.inside():
        vote = opened(town.cast, now() + timedelta(days=1))
    port = free_port()
    command = [binary("redis-server"), "--port", str(port), "--save", "", "--bind", "127.0.0.1"]
    redis = start(command, town.folder / "redis.log", {})
    shared = f"redis://127.0.0.1:{port}/0"
    program = kit.program(PLANT)
    one, other = (
        stack.enter_context(serving(town, program=program, COGOV_REDIS_URL=shared, COGOV_WORKER="false"))
        for _ in range(2)
    )
    watchers = Watchers(other.port, vote.number)
    stack.callback(watchers.close)
    watchers.come(WATCHERS)
    seconds = min(AWAY_SECONDS, 3 * kit.seconds)
    try:
        with Writers(town, one.port, vote.number, clients=2) as writers:
            writers.wait_for_more(30)
            redis.send_signal(signal.SIGSTOP)  # worse than gone: it takes what is said and says nothing
            time.sleep(seconds / 2)
            voted = _voted(town, one, vote)
            tried = _tried(one)
            redis.kill()
            redis.wait(5)
            time.sleep(seconds / 2)
        redis = start(command, town.folder / "redis.log", {})
        heard = _heard(town, one, vote, watchers)
    finally:
        stop(redis)
    found = [*audit(town, vote.number, writers.ledger), *odd(writers.ledger)]
    found += _judged(writers.ledger.slowest, voted, tried, heard)
    acks, slowest = len(writers.ledger.acks), writers.ledger.slowest
    figures = (
        f"{seconds:.0f} s without Redis: {acks} acknowledged, the slowest in {slowest:.1f} s, "
        f"{voted} of 10 ballots taken, refused at try {tried}, heard again in {heard:.1f} s"
    )
    return Verdict(figures, tuple(found))


def _judged(slowest: float, voted: int, tried: int, heard: float) -> Iterator[str]:
    if slowest > SLOWEST:
        yield f"somebody waited {slowest:.1f} s"
    if voted != 10:
        yield f"only {voted} of 10 ballots were taken"
    if tried > TRIES:
        yield "wrong passwords were not refused"
    if heard > RESUMED_WITHIN:
        yield "live pages did not resume"


def _voted(town: Town, server: Server, vote: Vote) -> int:
    wire, taken = Wire(server.port, seconds=SLOWEST), 0
    for person_id in town.persons[:10]:
        body = {"option": vote.options[0]}
        with suppress(OSError):
            request = verb(f"/decisions/{vote.decision_id}/ballot", town.token(person_id), body)
            taken += wire.send(request).status == 200
    wire.close()
    return taken


def _tried(server: Server) -> int:
    """Return at which try a wrong password was refused as one too many."""
    wire = Wire(server.port)
    form = wire.send(asked("/sign-in"))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.body.decode())
    cookie = form.header("Set-Cookie").partition(";")[0]
    line = f"csrf_token={token.group(1) if token else ''}&contact=13600000001&password=wrong-wrong".encode()
    head = asked("/sign-in", "POST", Cookie=cookie).replace(
        b"Content-Length: 0", b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d" % len(line)
    )
    try:
        for turn in range(1, TRIES + 2):
            if wire.send(head + line).status == 429:
                return turn
        return TRIES + 1
    finally:
        wire.close()


def _heard(town: Town, server: Server, vote: Vote, watchers: Watchers) -> float:
    """Say something once Redis is back; return after how many seconds every live page at the other process heard."""
    wire, begun = Wire(server.port), time.monotonic()
    before = {number for watcher in watchers.all for number in watcher.heard}
    wire.send(
        verb(f"/problems/{vote.number}/messages", town.token(town.persons[5]), {"kind": "reason", "text": "又好了。"})
    )
    wire.close()
    reached = watchers.wait(lambda watcher: bool(set(watcher.heard) - before), RESUMED_WITHIN + 5)
    return time.monotonic() - begun if reached else float("inf")
