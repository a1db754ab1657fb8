"""V4, ballots around the close: what the server answered and what it counted never disagree."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from cogov.decisions.commands import close_decision
from cogov.decisions.models import Ballot
from cogov.decisions.queries import counted, frozen_options
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.people.rules import CLOCK
from tools.faults.kit import Kit, Verdict
from tools.stand.servers import Server, serving
from tools.stand.town import Town
from tools.stand.votes import Vote, opened
from tools.stand.wires import Wire, verb

PLANT = "said-only"
BALLOTS, AROUND, THREADS = 200, 0.2, 50
EARLY = 20
"""Ballots of others who vote as soon as it is open; they also keep the storm from meeting a server that is cold."""

IN_ADVANCE = timedelta(seconds=4)


def close(kit: Kit) -> Verdict:
    """Let 200 people vote within 200 ms before and after the close, in several rounds."""
    town = kit.town("closing")
    rounds = max(1, kit.times // 2)
    taken, late, found = 0, 0, []
    with town.inside():
        began = time.monotonic()
        opened(town.cast, now() + timedelta(days=1))
        ahead = IN_ADVANCE + 3 * timedelta(seconds=time.monotonic() - began)
    with serving(town, program=kit.program(PLANT), COGOV_THREADS="96") as server:
        for turn in range(rounds):
            with town.inside():
                vote = opened(town.cast, now() + ahead)
            early = _early(town, server, vote)
            answers = _storm(town, server, vote, turn)
            with town.inside():
                disagreeing, odd = _compared(vote, early | answers)
            taken += sum(status == 200 for status in answers.values())
            late += sum(status == 409 for status in answers.values())
            found += [f"round {turn + 1}: {disagreeing} ballots answered otherwise than counted"] if disagreeing else []
            found += [f"round {turn + 1}: answers {odd}"] if odd else []
    if not taken or not late:
        found.append(f"the close was not straddled: {taken} taken, {late} refused")
    return Verdict(f"{rounds} rounds of {BALLOTS} ballots: {taken} taken and counted, {late} too late", tuple(found))


def _early(town: Town, server: Server, vote: Vote) -> dict[int, int]:
    """Let a few people vote well before the close; return the status with which each ballot was answered."""
    persons = town.persons[BALLOTS : BALLOTS + EARLY]
    wire = Wire(server.port)
    try:
        return {person_id: wire.send(_ballot(town, vote, person_id)).status for person_id in persons}
    finally:
        wire.close()


def _ballot(town: Town, vote: Vote, person_id: int) -> bytes:
    body = {"option": vote.options[person_id % len(vote.options)]}
    return verb(f"/decisions/{vote.decision_id}/ballot", town.token(person_id), body)


def _storm(town: Town, server: Server, vote: Vote, turn: int) -> dict[int, int]:
    """Return the status with which each person's ballot was answered."""
    dice = random.Random(turn)  # noqa: S311 - the same instants in every run
    persons = town.persons[:BALLOTS]
    moments = {person_id: vote.closes_at.timestamp() + dice.uniform(-AROUND, AROUND) for person_id in persons}

    def cast(person_id: int) -> int:
        wire = Wire(server.port)
        time.sleep(max(0.0, moments[person_id] - time.time()))
        try:
            return wire.send(_ballot(town, vote, person_id)).status
        finally:
            wire.close()

    with ThreadPoolExecutor(THREADS) as pool:
        ordered = sorted(persons, key=lambda person_id: moments[person_id])
        return dict(zip(ordered, pool.map(cast, ordered), strict=True))


def _compared(vote: Vote, answers: dict[int, int]) -> tuple[int, set[int]]:
    """Close the vote; return how many ballots were answered otherwise than counted, and which answers were odd."""
    while now() < vote.closes_at:
        time.sleep(0.05)
    close_decision(CLOCK, vote.decision_id)
    kept = set(session().scalars(select(Ballot.person_id).where(Ballot.decision_id == vote.decision_id)))
    taken = {person_id for person_id, status in answers.items() if status == 200}
    options = frozen_options(vote.decision_id)
    if sum(each.heads for each in counted(vote.decision_id, options)) != len(kept):
        return len(kept ^ taken) or len(kept), set()
    return len(kept ^ taken), set(answers.values()) - {200, 409}
