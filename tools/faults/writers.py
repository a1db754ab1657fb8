"""People who go on writing whatever happens: each says something until it is acknowledged, then something new."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import func, select

from cogov.ground.db import session
from cogov.journal.sealing import verify
from cogov.problems.models import Problem
from cogov.threads.models import Message
from tools.stand.town import Town
from tools.stand.votes import deliberated
from tools.stand.wires import Answer, Wire, verb

AGAIN = 0.05
"""Seconds after which somebody who got no answer tries again."""


@dataclass(frozen=True)
class Ack:
    """When something was asked for the last time, and when it was acknowledged; seconds of the machine's clock."""

    asked: float
    at: float


@dataclass
class Ledger:
    """What was acknowledged, and which other answers there were."""

    acks: dict[str, Ack] = field(default_factory=dict)
    others: Counter[int] = field(default_factory=Counter)
    away: list[float] = field(default_factory=list)
    sentence: str = ""
    retry_after: str = ""

    @property
    def slowest(self) -> float:
        """Return the longest that an acknowledged act took, in seconds."""
        return max((ack.at - ack.asked for ack in self.acks.values()), default=0.0)


class Writers:
    """Some people who write on one problem, each in a thread."""

    def __init__(self, town: Town, port: int, number: str, clients: int = 4, pause: float = 0.0) -> None:
        self.town = town
        self.port = port
        self.number = number
        self.pause = pause
        self.ledger = Ledger()
        self._going = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._write, args=(client,)) for client in range(clients)]

    def __enter__(self) -> Writers:
        self._going.set()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._going.clear()
        for thread in self._threads:
            thread.join()

    @property
    def acknowledged(self) -> int:
        """Return how many acts were acknowledged so far."""
        return len(self.ledger.acks)

    def wait_for_more(self, seconds: float, many: int = 1) -> float:
        """Wait until more acts are acknowledged; return how long it took."""
        begun, before = time.monotonic(), self.acknowledged
        while self.acknowledged < before + many:
            if time.monotonic() - begun > seconds:
                raise TimeoutError(f"nothing was acknowledged for {seconds} s")
            time.sleep(0.01)
        return time.monotonic() - begun

    def _write(self, client: int) -> None:
        wire, turn = Wire(self.port, seconds=15), 0
        token = self.town.token(self.town.persons[client])
        while self._going.is_set():
            text = f"{client} 的第 {turn} 句话"
            key = f"{client}-{turn}"
            body = {"kind": "reason", "text": text}
            self._insist(wire, text, verb(f"/problems/{self.number}/messages", token, body, Idempotency_Key=key))
            turn += 1
            time.sleep(self.pause)
        wire.close()

    def _insist(self, wire: Wire, text: str, request: bytes) -> None:
        """Send the same request until it is acknowledged, or refused for good."""
        while True:
            asked, answer = time.monotonic(), None
            with suppress(OSError):
                answer = wire.send(request)
            if answer is not None and self._settled(text, asked, answer):
                return
            if not self._going.is_set():
                return
            time.sleep(AGAIN)

    def _settled(self, text: str, asked: float, answer: Answer) -> bool:
        with self._lock:
            if answer.status == 201:
                self.ledger.acks[text] = Ack(asked, time.monotonic())
                return True
            self.ledger.others[answer.status] += 1
            if answer.status == 503:
                self.ledger.away.append(time.monotonic())
                self.ledger.retry_after = answer.header("Retry-After")
                with suppress(ValueError, KeyError):
                    self.ledger.sentence = str(answer.json["message"])
            return answer.status != 503


def begun(town: Town) -> str:
    """Raise a problem to write on; return its number."""
    with town.inside():
        return deliberated(town.cast)


def audit(town: Town, number: str, ledger: Ledger) -> tuple[str, ...]:
    """Say what is wrong with what was kept: acts acknowledged and lost, acts done twice, a journal that is broken."""
    with town.inside():
        query = (
            select(Message.text, func.count())
            .join(Problem, Problem.id == Message.problem_id)
            .where(Problem.number == number)
            .group_by(Message.text)
        )
        kept = dict(session().execute(query).all())
        broken = verify().faults
    lost = [text for text in ledger.acks if text not in kept]
    doubled = [text for text, times in kept.items() if times > 1]
    found = [f"{len(lost)} acknowledged acts lost"] if lost else []
    found += [f"{len(doubled)} acts done twice"] if doubled else []
    found += [f"{len(broken)} faults in the journal"] if broken else []
    found += [] if ledger.acks else ["nothing was acknowledged"]
    return tuple(found)


def odd(ledger: Ledger) -> tuple[str, ...]:
    """Say which answers there were that nobody should get, whatever is away."""
    return tuple(f"{times} answers {status}" for status, times in sorted(ledger.others.items()) if status != 503)
