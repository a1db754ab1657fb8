"""The units of an electorate with whether a ballot came in for each: for a city's own voting system, and no choice."""

from __future__ import annotations

import csv
import io

from sqlalchemy import select

from cogov.decisions.models import Ballot, ElectorateHead, ElectorateUnit
from cogov.decisions.rules.electorate import whole_of
from cogov.decisions.rules.parts import most_of, weights
from cogov.decisions.rules.sums import square_metres
from cogov.ground.db import session
from cogov.ground.sheets import harmless
from cogov.ground.words import say
from cogov.places.models import Building, Unit

HEAD = (say("楼"), say("单元"), say("房号"), say("面积（m²）"), say("票号"), say("参加"))
YES, NO = say("是"), say("否")


def units_sheet(decision_id: int) -> str:
    """Write every unit of a frozen electorate: building, staircase, door, area, its voice, and whether it took part.

    Where co-owners cast by shares the unit is one line; it took part where more than half of its head did.
    """
    query = (
        select(Unit.id, Building.name, Unit.staircase, Unit.door, Unit.area, ElectorateHead.key, Ballot.id.is_not(None))
        .select_from(ElectorateUnit)
        .join(ElectorateHead, ElectorateUnit.head_id == ElectorateHead.id)
        .join(Unit, ElectorateUnit.unit_id == Unit.id)
        .join(Building, Unit.building_id == Building.id)
        .outerjoin(Ballot, (Ballot.head_id == ElectorateHead.id) & (Ballot.decision_id == decision_id))
        .where(ElectorateUnit.decision_id == decision_id)
        .order_by(Building.code, Unit.staircase, Unit.door, Unit.id)
    )
    rows = session().execute(query).all()
    taking = most_of({key for *_, key, voted in rows if voted}, weights({key for *_, key, _ in rows}))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(str(name) for name in HEAD)
    lines = {unit_id: (told, area, whole_of(key)) for unit_id, *told, area, key, _ in rows}
    for told, area, voice in lines.values():
        plain = [harmless(cell) for cell in told]
        known = square_metres(area).replace(",", "") if area is not None else ""
        writer.writerow([*plain, known, voice, str(YES if voice in taking else NO)])
    return text.getvalue()
