"""What the sentences about changes, endorsements, interests, pledges and minority opinions need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import select

from cogov.ground.db import session
from cogov.journal.reading import Entry
from cogov.threads.models import Amendment, Interest, MinorityOpinion, Pledge, SolutionVersion
from cogov.threads.rules.interests import INTEREST_WORDS, InterestKind
from cogov.threads.rules.pledges import KIND_WORDS, PledgeKind

Facts = Mapping[str, Any]
Told = dict[str, object]
Row = TypeVar("Row", Amendment, Interest, MinorityOpinion, Pledge)


def _by_id(model: type[Row], name: str, facts: Sequence[Facts]) -> dict[int, Row]:
    wanted = {int(each[name]) for each in facts if each.get(name) is not None}
    query = select(model).where(model.id.in_(wanted))
    return {row.id: row for row in session().scalars(query)} if wanted else {}


def _titles(facts: Sequence[Facts]) -> dict[int, str]:
    """Return under which names solutions grew out of changes: who made one may have given it another."""
    grown = {int(each["solution"]) for each in facts if "grown_from" in each}
    query = select(SolutionVersion.solution_id, SolutionVersion.title).where(
        SolutionVersion.solution_id.in_(grown), SolutionVersion.version == 1
    )
    return {row.solution_id: row.title for row in session().execute(query)} if grown else {}


class _Rows:
    """The rows that a page of entries speaks of, one query for each kind of thing."""

    def __init__(self, facts: Sequence[Facts]) -> None:
        self.amendments = _by_id(Amendment, "amendment", facts)
        self.interests = _by_id(Interest, "interest", facts)
        self.pledges = _by_id(Pledge, "pledge", facts)
        self.opinions = _by_id(MinorityOpinion, "opinion", facts)
        self.titles = _titles(facts)


def _proposed(facts: Facts, rows: _Rows) -> Told:
    row = rows.amendments.get(facts["amendment"])
    return {"amendment": facts["amendment"], "change": row.number if row else "", "words": row.why if row else ""}


def _answered(facts: Facts, rows: _Rows) -> Told:
    row = rows.amendments.get(facts["amendment"])
    return _proposed(facts, rows) | {"words": row.answer if row else "", "title": row.title if row else ""}


def _promoted(facts: Facts, rows: _Rows) -> Told:
    title = rows.titles.get(facts["solution"])
    return _answered(facts, rows) | ({"title": title} if title else {})


def _stated(facts: Facts, rows: _Rows) -> Told:
    return {"stake": INTEREST_WORDS[InterestKind(facts["kind"])]}


def _pledge(facts: Facts, rows: _Rows) -> Told:
    row = rows.pledges.get(facts["pledge"])
    kind = PledgeKind(facts["kind"]) if "kind" in facts else row.kind if row else None
    return {
        "kind": KIND_WORDS[kind] if kind is not None else "",
        "pledge_kind": kind.value if kind is not None else "",
        "amount": row.amount if row else None,
        "words": row.what if row else "",
    }


def _opinion(facts: Facts, rows: _Rows) -> Told:
    row = rows.opinions.get(facts["opinion"])
    return {"words": row.text if row else ""}


def _nothing(_facts: Facts, _rows: _Rows) -> Told:
    return {}


_TELL: dict[str, Callable[[Facts, _Rows], Told]] = {
    "AmendmentProposed": _proposed,
    "AmendmentAccepted": _answered,
    "AmendmentRejected": _answered,
    "AmendmentPromoted": _promoted,
    "AmendmentWithdrawn": _proposed,
    "SolutionEndorsed": _nothing,
    "EndorsementWithdrawn": _nothing,
    "InterestStated": _stated,
    "InterestEnded": _nothing,
    "PledgeMade": _pledge,
    "PledgeKept": _pledge,
    "PledgeWithdrawn": _pledge,
    "PledgesCalled": _nothing,
    "MinorityFiled": _opinion,
    "MinoritySigned": _nothing,
    "MinorityUnsigned": _nothing,
}


def told_of_proposals(entries: Iterable[Entry]) -> dict[int, Told]:
    """Return for each entry about what stands around a solution, by its number, what its sentence needs."""
    ours = [(entry.number, entry.kind, entry.facts) for entry in entries if entry.kind in _TELL]
    if not ours:
        return {}
    rows = _Rows([facts for _, _, facts in ours])
    return {number: {"n": facts.get("number"), **_TELL[kind](facts, rows)} for number, kind, facts in ours}
