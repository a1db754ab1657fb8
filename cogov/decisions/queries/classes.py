"""Who took part, by class, counted once at the close from the ballots, or in a secret vote from the roll."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.sql.elements import ColumnElement

from cogov.decisions.models import Ballot, Closing, Decision, ElectorateUnit, RollMark
from cogov.decisions.queries.admitting import proven_frozen
from cogov.decisions.queries.parts import by_shares, parts_in_cells
from cogov.decisions.rules.classes import ClassCell, Classes, Tenure, classes_of, read_classes
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Body, DecisionRule
from cogov.decisions.rules.secrets.box import is_secret
from cogov.decisions.rules.shortage import SMALLEST, Row, batched
from cogov.ground.db import session
from cogov.journal.kept import kept
from cogov.places.models import Building, Residence
from cogov.places.rules import ResidenceKind


def classes_at_close(decision: Decision, ballots: int) -> Classes:
    """Count who took part, up to the last full ten: beside the area of the whole, the last few would be somebody."""
    rule = thaw(decision.frozen_rule)
    secret = is_secret(rule)
    # Tokens are known in no order, so nobody could tell which of them came last.
    last = ballots if secret else batched(ballots)
    took_part: ColumnElement[bool] = RollMark.head_id.is_not(None) if secret else Ballot.id.is_not(None)
    tenant = _tenant() if rule.body is Body.HOUSEHOLDS else literal(0)
    query = (
        select(
            ElectorateUnit.building_id,
            ElectorateUnit.staircase,
            tenant,
            func.count(),
            func.sum(case((took_part, 1), else_=0)),
        )
        .where(ElectorateUnit.decision_id == decision.id)
        .group_by(ElectorateUnit.building_id, ElectorateUnit.staircase, tenant)
    )
    if secret:
        of_head = and_(RollMark.decision_id == decision.id, RollMark.head_id == ElectorateUnit.head_id)
        query = query.outerjoin(RollMark, of_head)
    else:
        in_batches = and_(
            Ballot.decision_id == decision.id, Ballot.head_id == ElectorateUnit.head_id, Ballot.ordinal <= last
        )
        query = query.outerjoin(Ballot, in_batches)
    cells = [
        ClassCell(building, staircase, _tenure(rule, bool(rents)), int(units), int(voted))
        for building, staircase, rents, units, voted in session().execute(query)
    ]
    if by_shares(decision):
        by_parts = parts_in_cells(decision.id, last)
        cells = [ClassCell(each.building_id, each.staircase, None, each.units, each.voted) for each in by_parts]
    apart = decision.heads_total >= SMALLEST and not proven_frozen(decision.id)
    return classes_of(cells, last) if apart else Classes(last)


def _tenant() -> ColumnElement[int]:
    """Return 1 where a tenant is verified as living in a unit."""
    rents = select(Residence.unit_id).where(Residence.ended_at.is_(None), Residence.kind == ResidenceKind.TENANT)
    return case((ElectorateUnit.unit_id.in_(rents), 1), else_=0)


def _tenure(rule: DecisionRule, rents: bool) -> Tenure | None:
    if rule.body is not Body.HOUSEHOLDS:
        return None
    return Tenure.TENANT if rents else Tenure.OWNER


@dataclass(frozen=True)
class NamedRow:
    """A line of the table with the name of its building."""

    name: str
    row: Row


@dataclass(frozen=True)
class ClassesShown:
    """Who took part, by class, as a result shows it."""

    told: Classes
    rows: tuple[NamedRow, ...]


def classes_shown(decision: Decision) -> ClassesShown | None:
    """Return what was kept with the close; None where there is nothing to say."""
    return kept(("classes", decision.id), lambda: _shown(decision.id), of=decision.problem_id)


def _shown(decision_id: int) -> ClassesShown | None:
    told = read_classes(session().scalar(select(Closing.classes).where(Closing.decision_id == decision_id)) or "")
    if told is None or not told.rows:
        return None
    wanted = {row.building_id for row in told.rows}
    names = dict(session().execute(select(Building.id, Building.name).where(Building.id.in_(wanted))).all())
    return ClassesShown(told, tuple(NamedRow(names[row.building_id], row) for row in told.rows))
