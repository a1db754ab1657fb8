"""What has been asked for about the course of a vote, what was objected, and who may act on either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from cogov.decisions.models import Closing, CourseAct, Decision, DecisionTurnout, Objection, Resolution
from cogov.decisions.queries.bulletin import closing_of
from cogov.decisions.queries.loading import decision_for, is_voter
from cogov.decisions.rules.course import (
    CourseKind,
    may_steer,
    why_not_answer_objection,
    why_not_object,
    why_not_sign,
    why_not_state,
)
from cogov.decisions.rules.course import Standing as CourseStanding
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Annuller
from cogov.decisions.rules.stages import DecisionState, Verdict
from cogov.duties.queries import calendar_for
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import Refusal
from cogov.journal.kept import kept
from cogov.people.queries import organization_names
from cogov.people.rules import Actor, Standing
from cogov.places.queries import place_by_id
from cogov.problems.queries import locked


def closed_decision(decision_id: int, by: Actor | None = None) -> tuple[Decision, Closing]:
    """Lock the problem of a decision that was closed, and return the decision with its close."""
    if by is not None:
        decision_for(by, decision_id)
    locked(found(session().scalar(select(Decision.problem_id).where(Decision.id == decision_id))))
    decision = found(session().get(Decision, decision_id, populate_existing=True))
    query = select(Closing).where(Closing.decision_id == decision_id)
    return decision, found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())


def steering_standing(by: Actor, decision: Decision) -> Standing | None:
    """Return the standing under which somebody may steer a vote."""
    return by.standing(place_by_id(decision.community_id).code, *may_steer(thaw(decision.frozen_rule)))


def standing_now(decision: Decision, closing: Closing | None) -> CourseStanding:
    """Return where a vote stands, as the rules see it."""
    return _standing(decision, closing, found(session().get(DecisionTurnout, decision.id)))


def _standing(decision: Decision, closing: Closing | None, turnout: DecisionTurnout) -> CourseStanding:
    return CourseStanding(
        now=now(),
        closes_at=decision.closes_at,
        closed=decision.state is DecisionState.CLOSED,
        annulled=closing is not None and (closing.annulled_at is not None or closing.verdict is Verdict.ANNULLED),
        waits=decision.state is DecisionState.NOTICED and decision.announced_for is not None,
        everybody_voted=turnout.heads >= turnout.heads_total,
    )


def resolution_of(decision_id: int) -> Resolution | None:
    """Return the resolution that a decision led to."""
    return session().scalars(select(Resolution).where(Resolution.decision_id == decision_id)).one_or_none()


def is_annulled(resolution_id: int | None) -> bool:
    """Say whether the decision behind a resolution was annulled."""
    query = (
        select(Closing.annulled_at)
        .join(Resolution, Resolution.decision_id == Closing.decision_id)
        .where(Resolution.id == resolution_id)
    )
    return resolution_id is not None and session().scalar(query) is not None


# As it is shown -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActShown:
    """A request for another course, as everybody may read it."""

    id: int
    kind: CourseKind
    reason: str
    closes_at: datetime | None
    annuller: Annuller | None
    document: str
    dated: date | None
    asked_for: str
    asked_at: datetime
    until: datetime
    settled_for: str
    settled_at: datetime | None
    agreed: bool | None
    why_not_sign: Refusal | None


@dataclass(frozen=True)
class ObjectionShown:
    """An objection, without who made it, and its answer."""

    id: int
    text: str
    at: datetime
    answer: str
    answered_for: str
    answered_at: datetime | None
    mine: bool


@dataclass(frozen=True)
class Course:
    """What has been asked for, objected and said of a vote, and what the reader may do about it."""

    acts: tuple[ActShown, ...]
    objections: tuple[ObjectionShown, ...]
    objections_until: datetime | None
    annulled_at: datetime | None
    statement: str
    stated_at: datetime | None
    review_on: date | None
    why_not_object: Refusal | None
    why_not_answer: Refusal | None
    why_not_state: Refusal | None
    may_ask: tuple[CourseKind, ...]
    may_sign: bool
    may_take_back: bool

    @property
    def annulment(self) -> ActShown | None:
        """Return the act by which the vote was annulled."""
        return next((act for act in self.acts if act.kind is CourseKind.ANNUL and act.agreed), None)

    @property
    def waiting(self) -> ActShown | None:
        """Return the request that waits for a second person."""
        at = now()
        return next((act for act in self.acts if act.settled_at is None and act.until > at), None)


def course_of(by: Actor, decision: Decision) -> Course:
    """Return the course of a vote for a reader."""
    said = kept(("course", decision.id), lambda: _said(decision.id), of=decision.problem_id)
    closing, acts = said.closing, said.acts
    steers = steering_standing(by, decision) is not None
    standing = said.standing(decision)
    return Course(
        acts=tuple(_act(by, act, said.names, steers=steers) for act in acts),
        objections=tuple(_objection(by, row, said.names) for row in said.objections),
        objections_until=closing.objections_until if closing else None,
        annulled_at=closing.annulled_at if closing else None,
        statement=closing.statement if closing else "",
        stated_at=closing.stated_at if closing else None,
        review_on=closing.review_on if closing else None,
        why_not_object=why_not_object(
            in_electorate=closing is not None and is_voter(by, decision.id),
            until=closing.objections_until if closing else None,
            annulled=standing.annulled,
            now=standing.now,
        ),
        why_not_answer=why_not_answer_objection(steers=steers, answered=False),
        why_not_state=why_not_state(
            steers=steers,
            closed=standing.closed,
            annulled=standing.annulled,
            review_on=None,
            today=calendar_for(place_by_id(decision.community_id).code).local_day(standing.now),
        ),
        may_ask=_may_ask(standing, steers=steers, waits=any(_waits(act, standing.now) for act in acts)),
        may_sign=any(_waits(act, standing.now) and steers and act.asked_by != by.person_id for act in acts),
        may_take_back=any(_waits(act, standing.now) and steers and act.asked_by == by.person_id for act in acts),
    )


@dataclass(frozen=True)
class _Said:
    """What is on record of the course of a vote, whoever reads."""

    closing: Closing | None
    turnout: DecisionTurnout
    acts: tuple[CourseAct, ...]
    objections: tuple[Objection, ...]
    names: dict[int, str]

    def standing(self, decision: Decision) -> CourseStanding:
        """Return where the vote stands at this moment."""
        return _standing(decision, self.closing, self.turnout)


def _said(decision_id: int) -> _Said:
    of_acts = select(CourseAct).where(CourseAct.decision_id == decision_id).order_by(CourseAct.id.desc())
    of_objections = select(Objection).where(Objection.decision_id == decision_id).order_by(Objection.id)
    acts, objections = tuple(session().scalars(of_acts)), tuple(session().scalars(of_objections))
    bodies = [each for act in acts for each in (act.asked_for, act.settled_for)]
    bodies += [row.answered_for for row in objections]
    return _Said(
        closing=closing_of(decision_id),
        turnout=found(session().get(DecisionTurnout, decision_id)),
        acts=acts,
        objections=objections,
        names={row.id: row.name for row in organization_names(bodies).values()},
    )


def _waits(act: CourseAct, at: datetime) -> bool:
    return act.settled_at is None and act.until > at


def objection_for(by: Actor, objection_id: int) -> tuple[Objection, Decision, Refusal | None]:
    """Return an objection with its decision, and why a reader cannot answer it."""
    row = found(session().get(Objection, objection_id))
    decision, _ = decision_for(by, row.decision_id)
    steers = steering_standing(by, decision) is not None
    return row, decision, why_not_answer_objection(steers=steers, answered=row.answered_at is not None)


def _may_ask(standing: CourseStanding, *, steers: bool, waits: bool) -> tuple[CourseKind, ...]:
    if not steers or waits or standing.annulled:
        return ()
    if standing.closed or standing.now >= standing.closes_at:
        return (CourseKind.ANNUL,)
    if standing.waits:
        return (CourseKind.OVERRIDE, CourseKind.ANNUL)
    return tuple(kind for kind in CourseKind if kind is not CourseKind.OVERRIDE)


def _act(by: Actor, act: CourseAct, names: dict[int, str], *, steers: bool) -> ActShown:
    refusal = why_not_sign(
        by.person_id if steers else None,
        asked_by=act.asked_by,
        settled=act.settled_at is not None,
        until=act.until,
        now=now(),
    )
    return ActShown(
        id=act.id,
        kind=act.kind,
        reason=act.reason,
        closes_at=act.closes_at,
        annuller=act.annuller,
        document=act.document,
        dated=act.dated,
        asked_for=names.get(act.asked_for or 0, ""),
        asked_at=act.asked_at,
        until=act.until,
        settled_for=names.get(act.settled_for or 0, ""),
        settled_at=act.settled_at,
        agreed=act.agreed,
        why_not_sign=refusal,
    )


def _objection(by: Actor, row: Objection, names: dict[int, str]) -> ObjectionShown:
    mine = by.person_id is not None and row.person_id == by.person_id
    body = names.get(row.answered_for or 0, "")
    return ObjectionShown(row.id, row.text, row.at, row.answer, body, row.answered_at, mine)
