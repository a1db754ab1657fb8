"""The bundle of a closed vote: all that a stranger needs to count again, as one text that shows any changed byte.

The public bundle of a named vote holds totals and sealed ballots: sums, thresholds and inclusion can be checked, and
nobody's choice. The full one adds the roll and each ballot with its key, for the circle that the rule's article names.
That of a secret vote is public and holds every ballot, sorted, beside the hashes of all tokens that lay in the box,
sorted too: either list says nothing of the other, and neither has a name, an order, a time or a weight.
`tools/recount.py` reads both; docs/bundle.md explains every field.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from cogov.decisions.rules.bulletin import canonical, election_mark, roll_mark, sealed_ballot
from cogov.decisions.rules.methods import DecidingCount
from cogov.decisions.rules.outcome import Count
from cogov.decisions.rules.thresholds import Turnout

FORMAT = "cogov bundle 1"
IN_PROPORTION = frozenset({DecidingCount.EQUAL_SHARES, DecidingCount.PAV, DecidingCount.PHRAGMEN})
"""What `tools/recount.py`, which has 250 lines, opens and `tools/recount_shares.py` beside it counts."""


@dataclass(frozen=True)
class Pinned:
    """A state of the bulletin: how many leaves there were, and the tree head over them."""

    size: int
    root: str


@dataclass(frozen=True)
class Opened:
    """A ballot that counts, with the key that opens its leaf."""

    head_key: str
    marks: str
    key: str


@dataclass(frozen=True)
class Sheet:
    """What of a closed vote is public in any case, as it was frozen and counted."""

    decision_id: int
    question: str
    rule: str
    form: str
    options: Sequence[Mapping[str, Any]]
    fingerprint: str
    times: Mapping[str, str]
    electorate: Turnout
    turnout: Turnout
    counts: Sequence[Count]
    agreeing: int
    tests: str
    verdict: str
    count: str
    leaves: Sequence[str]
    heads: Sequence[Pinned]
    journal: Sequence[Mapping[str, Any]]
    channels: str = ""
    """How many ballots came by each way, where that may be said; votes closed before it was kept have none."""

    @property
    def election(self) -> str:
        """Return what binds every ballot to this election."""
        return election_mark(self.decision_id, self.question, self.rule, self.form, self.options, self.fingerprint)


@dataclass(frozen=True)
class Emptied:
    """What is public of a box that was opened: tokens given out, ballots that could not be read, all the others."""

    secrecy: str
    tokens: int
    spoiled: int
    ballots: Sequence[tuple[str, str]]
    """Tracker (empty in a vote without receipt of the choice) and marks."""


Roll = Sequence[tuple[str, int]]


def bundle_of(sheet: Sheet, roll: Roll, ballots: Sequence[Opened], roll_key: str, *, full: bool) -> dict[str, Any]:
    """Return a bundle as plain values; the public one says which leaves count and nothing of what they hold."""
    places = {leaf: at for at, leaf in enumerate(sheet.leaves)}
    found = {ballot: sealed_ballot(sheet.election, ballot.head_key, ballot.marks, ballot.key) for ballot in ballots}
    counted = sorted(((places[leaf], ballot) for ballot, leaf in found.items()), key=lambda each: each[0])
    bundle = _common(sheet, roll, roll_key, "named", "full" if full else "public")
    bundle["bulletin"]["counted"] = [at for at, _ in counted]
    if full:
        bundle |= {
            "roll": [list(head) for head in sorted(roll)],
            "roll_key": roll_key,
            "ballots": [[at, ballot.head_key, ballot.marks, ballot.key] for at, ballot in counted],
        }
    return bundle


def box_bundle(sheet: Sheet, heads: Sequence[str], roll_key: str, box: Emptied) -> dict[str, Any]:
    """Return the bundle of a secret vote; its leaves are the tokens' hashes, and every head weighs nothing."""
    roll = [(head, 0) for head in heads]
    return _common(sheet, roll, roll_key, box.secrecy, "public") | {
        "tokens": box.tokens,
        "spoiled": box.spoiled,
        "ballots": sorted([tracker, marks] for tracker, marks in box.ballots),
    }


def _common(sheet: Sheet, roll: Roll, roll_key: str, secrecy: str, kind: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "kind": kind,
        "secrecy": secrecy,
        "decision": sheet.decision_id,
        "question": sheet.question,
        "rule": json.loads(sheet.rule),
        "form": json.loads(sheet.form) if sheet.form else {},
        "options": list(sheet.options),
        "fingerprint": sheet.fingerprint,
        "election": sheet.election,
        "times": dict(sheet.times),
        "electorate": {
            **asdict(sheet.electorate),
            "roll": roll_mark(sheet.election, roll, roll_key),
        },
        "turnout": asdict(sheet.turnout),
        "counts": [asdict(count) for count in sheet.counts],
        "agreeing": sheet.agreeing,
        "tests": json.loads(sheet.tests),
        "verdict": sheet.verdict,
        "count": json.loads(sheet.count) if sheet.count else {},
        "bulletin": {
            "leaves": list(sheet.leaves),
            "heads": [asdict(head) for head in sheet.heads],
        },
        "journal": list(sheet.journal),
        **({"channels": json.loads(sheet.channels)} if sheet.channels else {}),
    }


def write_bundle(bundle: Mapping[str, Any]) -> str:
    """Write a bundle in its one form, with the hash over all the rest of it."""
    return canonical({**bundle, "sha256": bundle_hash(bundle)}) + "\n"


def bundle_hash(bundle: Mapping[str, Any]) -> str:
    """Return the hash over a bundle."""
    return sha256(canonical(bundle).encode()).hexdigest()
