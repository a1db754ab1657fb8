"""Outcomes and the minority opinions beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union_all

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
from cogov.threads.queries.windows import Window, window
from cogov.threads.rules.minority import (
    NAMED_SIGNERS,
    SHOWN_BESIDE,
    OutcomeKind,
    why_not_file,
    why_not_sign,
    why_not_unsign,
)
from cogov.threads.rules.speaking import PAGE_SIZE

MOST_SHOWN = 50
SIGNERS_A_PAGE = 100


@dataclass(frozen=True)
class MinorityShown:
    """A minority opinion with the first who signed it, and what the reader may do."""

    id: int
    number: int
    text: str
    byline: Byline
    at: datetime
    signed: int
    """How many signed it."""

    signers: tuple[Byline, ...]
    """The first of them; the others stand on the opinion's own page."""

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
    count: int
    """How many minority opinions stand beside it; `opinions` are the first of them."""

    own: int | None
    """Number of the opinion that the reader signed."""

    own_id: int | None
    why_not_file: Refusal | None

    @property
    def more(self) -> int:
        """How many stand on their own page only."""
        return self.count - len(self.opinions)


def outcome_for(by: Actor, outcome_id: int) -> tuple[Outcome, Problem]:
    """Return an outcome with its problem."""
    outcome = found(session().get(Outcome, outcome_id))
    return outcome, problem_by_id(by, outcome.problem_id)


def opinion_for(by: Actor, opinion_id: int) -> tuple[MinorityOpinion, Outcome, Problem]:
    """Return a minority opinion with its outcome and problem."""
    opinion = found(session().get(MinorityOpinion, opinion_id))
    outcome, problem = outcome_for(by, opinion.outcome_id)
    return opinion, outcome, problem


def outcomes(by: Actor, problem: Problem, *, beside: int = SHOWN_BESIDE) -> list[OutcomeShown]:
    """Return what came out of a problem, the newest first, with the first opinions beside each, in constant queries."""
    query = select(Outcome).where(Outcome.problem_id == problem.id).order_by(Outcome.id.desc()).limit(MOST_SHOWN)
    return _shown(by, problem, list(session().scalars(query)), beside=beside)


def outcome_of(by: Actor, problem: Problem, kind: OutcomeKind, subject_id: int) -> OutcomeShown | None:
    """Return one outcome as it is shown beside what it is the outcome of."""
    query = select(Outcome).where(Outcome.kind == kind, Outcome.subject_id == subject_id)
    rows = list(session().scalars(query))
    return _shown(by, problem, rows, beside=SHOWN_BESIDE)[0] if rows else None


def outcome_shown(by: Actor, outcome: Outcome, problem: Problem) -> OutcomeShown:
    """Return an outcome without the opinions beside it, which are read page by page."""
    return _shown(by, problem, [outcome], beside=0)[0]


def minority_of(
    by: Actor, outcome: Outcome, problem: Problem, *, before: int | None = None, after: int | None = None
) -> Window[MinorityShown]:
    """Return a page of the minority opinions beside an outcome, by number."""
    query = select(MinorityOpinion).where(MinorityOpinion.outcome_id == outcome.id)
    rows = window(query, MinorityOpinion.number, size=PAGE_SIZE, before=before, after=after)
    showing = _Showing(by, problem, [outcome], rows.items)
    return rows.of([showing.opinion(outcome, each) for each in rows.items])


def minority_shown(by: Actor, opinion: MinorityOpinion, outcome: Outcome, problem: Problem) -> MinorityShown:
    """Return one minority opinion."""
    return _Showing(by, problem, [outcome], [opinion]).opinion(outcome, opinion)


def signers_of(
    problem: Problem, opinion: MinorityOpinion, *, before: int | None = None, after: int | None = None
) -> Window[Byline]:
    """Return a page of those who signed a minority opinion, in the order in which they did."""
    query = select(MinoritySigner).where(MinoritySigner.opinion_id == opinion.id)
    rows = window(query, MinoritySigner.id, size=SIGNERS_A_PAGE, before=before, after=after)
    names = faces(problem.id, (each.standing_id for each in rows.items))
    return rows.of([names.of(each.person_id, each.standing_id) for each in rows.items])


def _shown(by: Actor, problem: Problem, rows: Sequence[Outcome], *, beside: int) -> list[OutcomeShown]:
    if not rows:
        return []
    counts = _counts(row.id for row in rows)
    opinions = _first(rows, beside)
    concluded = [row.subject_id for row in rows if row.kind is OutcomeKind.CONSENSUS]
    said = select(Conclusion.id, Conclusion.words).where(Conclusion.id.in_(concluded))
    statements: dict[int, str] = dict(session().execute(said).all()) if concluded else {}
    of_outcome: defaultdict[int, list[MinorityOpinion]] = defaultdict(list)
    for opinion in opinions:
        of_outcome[opinion.outcome_id].append(opinion)
    showing = _Showing(by, problem, rows, opinions)
    return [
        showing.outcome(
            row,
            of_outcome[row.id],
            counts.get(row.id, 0),
            statements.get(row.subject_id, "") if row.kind is OutcomeKind.CONSENSUS else "",
        )
        for row in rows
    ]


def _counts(outcome_ids: Iterable[int]) -> dict[int, int]:
    query = (
        select(MinorityOpinion.outcome_id, func.count())
        .where(MinorityOpinion.outcome_id.in_(list(outcome_ids)))
        .group_by(MinorityOpinion.outcome_id)
    )
    return dict(session().execute(query).all())


def _first(rows: Sequence[Outcome], beside: int) -> Sequence[MinorityOpinion]:
    """Return the first opinions beside each outcome; they are numbered without gaps."""
    if not beside:
        return []
    query = (
        select(MinorityOpinion)
        .where(MinorityOpinion.outcome_id.in_([row.id for row in rows]), MinorityOpinion.number <= beside)
        .order_by(MinorityOpinion.number)
    )
    return session().scalars(query).all()


class _Showing:
    """One reader's look at outcomes of one problem and at some of the opinions beside them."""

    def __init__(
        self, by: Actor, problem: Problem, rows: Sequence[Outcome], opinions: Sequence[MinorityOpinion]
    ) -> None:
        self.by, self.hidden = by, problem.hidden
        self.code, self.at = dossier_of(problem).code, now()
        ids = [each.id for each in opinions]
        self.signed_counts = _signed(ids)
        self.signers = _first_signers(self.signed_counts)
        held = [each.standing_id for each in opinions]
        held += [each.standing_id for signers in self.signers.values() for each in signers]
        self.names: Faces = faces(problem.id, held)
        of = [row.id for row in rows]
        self.signed, self.filed = _signed_by(by, of), _filed_by(by, of)

    def outcome(self, row: Outcome, opinions: Sequence[MinorityOpinion], count: int, statement: str) -> OutcomeShown:
        signed, filed = row.id in self.signed, row.id in self.filed
        may = why_not_file(
            self.by, self.code, hidden=self.hidden, until=row.until, at=self.at, signed=signed, filed=filed
        )
        shown = tuple(self.opinion(row, opinion) for opinion in opinions)
        own_id, own = self.signed.get(row.id, (None, None))
        open_ = self.at < row.until
        return OutcomeShown(
            row.id, row.kind, row.subject_id, row.at, row.until, open_, statement, shown, count, own, own_id, may
        )

    def opinion(self, row: Outcome, opinion: MinorityOpinion) -> MinorityShown:
        signed = self.signed.get(row.id)
        own = signed is not None and signed[0] == opinion.id
        return MinorityShown(
            opinion.id,
            opinion.number,
            opinion.text,
            self.names.of(opinion.person_id, opinion.standing_id),
            opinion.at,
            self.signed_counts.get(opinion.id, 0),
            tuple(self.names.of(each.person_id, each.standing_id) for each in self.signers.get(opinion.id, ())),
            own,
            why_not_sign(
                self.by, self.code, hidden=self.hidden, until=row.until, at=self.at, signed=signed is not None
            ),
            why_not_unsign(self.by, signed=own, until=row.until, at=self.at),
        )


def _signed(opinion_ids: Sequence[int]) -> dict[int, int]:
    """Return how many signed each opinion."""
    query = select(MinoritySigner.opinion_id, func.count()).where(MinoritySigner.opinion_id.in_(opinion_ids))
    return dict(session().execute(query.group_by(MinoritySigner.opinion_id)).all()) if opinion_ids else {}


def _first_signers(signed: Mapping[int, int]) -> Mapping[int, list[MinoritySigner]]:
    """Return the first who signed each opinion; one that ten thousand signed costs what one with ten costs.

    ``signed`` says how many signed each; of those that many signed, no more are read than are named.
    """
    if not signed:
        return {}
    few = [opinion_id for opinion_id, count in signed.items() if count <= NAMED_SIGNERS]
    named = [select(MinoritySigner.id).where(MinoritySigner.opinion_id.in_(few))]
    for opinion_id in sorted(signed.keys() - set(few)):
        first = select(MinoritySigner.id).where(MinoritySigner.opinion_id == opinion_id).order_by(MinoritySigner.id)
        named.append(select(first.limit(NAMED_SIGNERS).subquery().c.id))
    query = select(MinoritySigner).where(MinoritySigner.id.in_(union_all(*named))).order_by(MinoritySigner.id)
    signers: defaultdict[int, list[MinoritySigner]] = defaultdict(list)
    for signer in session().scalars(query):
        signers[signer.opinion_id].append(signer)
    return signers


def _signed_by(by: Actor, outcome_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return the id and number of the opinion that a reader signed beside each outcome."""
    if by.person_id is None:
        return {}
    query = (
        select(MinoritySigner.outcome_id, MinorityOpinion.id, MinorityOpinion.number)
        .join(MinorityOpinion, MinorityOpinion.id == MinoritySigner.opinion_id)
        .where(MinoritySigner.outcome_id.in_(outcome_ids), MinoritySigner.person_id == by.person_id)
    )
    return {outcome_id: (opinion_id, number) for outcome_id, opinion_id, number in session().execute(query)}


def _filed_by(by: Actor, outcome_ids: Sequence[int]) -> set[int]:
    """Return beside which outcomes a reader has written an opinion."""
    if by.person_id is None:
        return set()
    query = select(MinorityOpinion.outcome_id).where(
        MinorityOpinion.outcome_id.in_(outcome_ids), MinorityOpinion.person_id == by.person_id
    )
    return set(session().scalars(query))


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
