"""Outcomes and the minority opinions beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal
from cogov.journal.kept import kept
from cogov.people.rules import Actor
from cogov.problems.models import Conclusion, Problem
from cogov.problems.queries import problem_by_id
from cogov.threads.models import MinorityOpinion, MinoritySigner, Outcome
from cogov.threads.queries.bylines import Byline, Faces, faces
from cogov.threads.queries.loading import dossier_of
from cogov.threads.rules.minority import MOST_OPINIONS, OutcomeKind, why_not_file, why_not_sign, why_not_unsign

MOST_SHOWN = 50
MOST_SIGNERS = 2_000


@dataclass(frozen=True)
class MinorityShown:
    """A minority opinion with those who signed it, and what the reader may do."""

    id: int
    number: int
    text: str
    byline: Byline
    at: datetime
    signers: tuple[Byline, ...]
    own: bool
    """Whether the reader signed it."""

    why_not_sign: Refusal | None
    why_not_unsign: Refusal | None


@dataclass(frozen=True)
class OutcomeShown:
    """What came out, and who disagrees; what a vote came to stands with the vote."""

    id: int
    kind: OutcomeKind
    subject_id: int
    at: datetime
    until: datetime
    open: bool
    statement: str
    """The consensus in the moderator's words."""

    opinions: tuple[MinorityShown, ...]
    why_not_file: Refusal | None


def outcome_for(by: Actor, outcome_id: int) -> tuple[Outcome, Problem]:
    """Return an outcome with its problem."""
    outcome = found(session().get(Outcome, outcome_id))
    return outcome, problem_by_id(by, outcome.problem_id)


def opinion_for(by: Actor, opinion_id: int) -> tuple[MinorityOpinion, Outcome, Problem]:
    """Return a minority opinion with its outcome and problem."""
    opinion = found(session().get(MinorityOpinion, opinion_id))
    outcome, problem = outcome_for(by, opinion.outcome_id)
    return opinion, outcome, problem


def outcomes(by: Actor, problem: Problem) -> list[OutcomeShown]:
    """Return what came out of a problem, the newest first, in a number of queries that does not grow with it."""
    query = select(Outcome).where(Outcome.problem_id == problem.id).order_by(Outcome.id.desc()).limit(MOST_SHOWN)
    return _shown(by, problem, list(session().scalars(query)))


def outcome_of(by: Actor, problem: Problem, kind: OutcomeKind, subject_id: int) -> OutcomeShown | None:
    """Return one outcome as it is shown beside what it is the outcome of."""
    query = select(Outcome).where(Outcome.kind == kind, Outcome.subject_id == subject_id)
    rows = list(session().scalars(query))
    return _shown(by, problem, rows)[0] if rows else None


def _shown(by: Actor, problem: Problem, rows: Sequence[Outcome]) -> list[OutcomeShown]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    opinions = (
        session()
        .scalars(
            select(MinorityOpinion)
            .where(MinorityOpinion.outcome_id.in_(ids), MinorityOpinion.number <= MOST_OPINIONS)
            .order_by(MinorityOpinion.number)
        )
        .all()
    )
    signers = (
        session()
        .scalars(
            select(MinoritySigner)
            .where(MinoritySigner.outcome_id.in_(ids))
            .order_by(MinoritySigner.id)
            .limit(MOST_SIGNERS)
        )
        .all()
    )
    held = [*(each.standing_id for each in opinions), *(each.standing_id for each in signers)]
    names = faces(problem.id, held)
    concluded = [row.subject_id for row in rows if row.kind is OutcomeKind.CONSENSUS]
    said = select(Conclusion.id, Conclusion.words).where(Conclusion.id.in_(concluded))
    statements: dict[int, str] = dict(session().execute(said).all()) if concluded else {}
    of_outcome: defaultdict[int, list[MinorityOpinion]] = defaultdict(list)
    for opinion in opinions:
        of_outcome[opinion.outcome_id].append(opinion)
    shown = _Showing(by, problem, names, signers)
    return [
        shown.outcome(
            row, of_outcome[row.id], statements.get(row.subject_id, "") if row.kind is OutcomeKind.CONSENSUS else ""
        )
        for row in rows
    ]


class _Showing:
    """One reader's look at outcomes of one problem."""

    def __init__(self, by: Actor, problem: Problem, names: Faces, signers: Sequence[MinoritySigner]) -> None:
        self.by, self.names, self.hidden = by, names, problem.hidden
        self.code, self.at = dossier_of(problem).code, now()
        self.signers: defaultdict[int, list[MinoritySigner]] = defaultdict(list)
        for signer in signers:
            self.signers[signer.opinion_id].append(signer)
        self.signed = {signer.outcome_id for signer in signers if signer.person_id == by.person_id}

    def outcome(self, row: Outcome, opinions: Sequence[MinorityOpinion], statement: str) -> OutcomeShown:
        signed = row.id in self.signed
        filed = self.by.person_id is not None and any(each.person_id == self.by.person_id for each in opinions)
        may = why_not_file(
            self.by, self.code, hidden=self.hidden, until=row.until, at=self.at, signed=signed, filed=filed
        )
        shown = tuple(self._opinion(row, opinion) for opinion in opinions)
        return OutcomeShown(
            row.id, row.kind, row.subject_id, row.at, row.until, self.at < row.until, statement, shown, may
        )

    def _opinion(self, row: Outcome, opinion: MinorityOpinion) -> MinorityShown:
        signers = self.signers[opinion.id]
        own = any(signer.person_id == self.by.person_id for signer in signers)
        signed = row.id in self.signed
        return MinorityShown(
            opinion.id,
            opinion.number,
            opinion.text,
            self.names.of(opinion.person_id, opinion.standing_id),
            opinion.at,
            tuple(self.names.of(signer.person_id, signer.standing_id) for signer in signers),
            own,
            why_not_sign(self.by, self.code, hidden=self.hidden, until=row.until, at=self.at, signed=signed),
            why_not_unsign(self.by, signed=own, until=row.until, at=self.at),
        )


@dataclass(frozen=True)
class Dissent:
    """How many minority opinions stand beside the outcomes of a problem, and whether more are taken."""

    opinions: int
    open: bool


def dissent(problem_id: int) -> Dissent | None:
    """Return how much disagreement stands beside what came out of a problem, None where nothing has come out."""
    at, found_until = now(), kept(("dissent", problem_id), lambda: _dissent(problem_id), of=problem_id)
    count, until = found_until
    return Dissent(count, at < until) if until is not None else None


def _dissent(problem_id: int) -> tuple[int, datetime | None]:
    query = (
        select(func.count(MinorityOpinion.id), func.max(Outcome.until))
        .select_from(Outcome)
        .outerjoin(MinorityOpinion, MinorityOpinion.outcome_id == Outcome.id)
        .where(Outcome.problem_id == problem_id)
    )
    count, until = session().execute(query).one()
    return int(count), until
