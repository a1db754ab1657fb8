"""Rolls that contradict themselves or change while a vote runs: each gets its sentence, and no vote changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from cogov.decisions.commands import cast_ballot
from cogov.decisions.models import ElectorateHead
from cogov.decisions.queries import electorate_of, shown_decision
from cogov.decisions.rules.stages import Scope
from cogov.ground.db import session
from cogov.people.commands import join
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK
from cogov.places.commands import enter_owner, enter_unit, import_roll, verify_owner
from cogov.places.models import Owner
from tests.cast import HERE
from tests.databases import both
from tests.decisions.conftest import Vote, option
from tests.decisions.test_mandates import refused

HEAD = "社区代码,楼栋编号,单元,门牌,面积,业主编号,起始日期"


@both
def test_a_roll_that_changes_while_a_vote_runs_changes_no_vote_and_says_so_to_who_came_later(vote: Vote) -> None:
    cast, decision = vote.cast, vote.opened()
    vote.clock.move_to(decision.opens_at + timedelta(days=1))
    sold = date(2027, 3, 17)
    lines = [
        f"{HERE},1,1,202,83,neighbour,2020-01-01,{sold}",
        f"{HERE},1,1,202,83,buyer,{sold},",
        f"{HERE},9,1,101,50,buyer,{sold},",
        f"{HERE},9,1,102,-50,buyer,{sold},",
    ]
    imported = import_roll(CLOCK, "\n".join([f"{HEAD},终止日期", *lines]).encode())
    assert [(line.number, line.refusal.code) for line in imported.refused] == [(5, "area_negative")]
    buyer = actor_of(join(CLOCK, pseudonym="后来的买主", phone="13700000002").id)
    owner_id = session().scalar(select(Owner.id).where(Owner.reference == "buyer"))
    assert owner_id is not None
    verify_owner(CLOCK, owner_id=owner_id, person_id=buyer.person_id or 0)
    unnamed = session().scalars(select(Owner.id).where(Owner.reference == "owner-9")).one()
    late = actor_of(join(CLOCK, pseudonym="核对得晚的", phone="13700000003").id)
    verify_owner(CLOCK, owner_id=unnamed, person_id=late.person_id or 0)

    for person in (buyer, late):
        assert refused(cast_ballot, person, decision.id, option_id=option(decision, 1)) == "came_later"
        why = shown_decision(person, decision.id).why_not_cast
        assert why is not None
        assert "名册在" in str(why.message)
        assert why.code == "came_later"
    assert refused(cast_ballot, cast.tenant, decision.id, option_id=option(decision, 1)) == "not_in_electorate"
    assert (
        cast_ballot(cast.neighbour, decision.id, option_id=option(decision, 1)).ordinal == 1
    )  # the seller, by the roll
    heads = select(func.count()).where(ElectorateHead.decision_id == decision.id)
    assert session().scalar(heads) == decision.heads_total == 20
    vote.clock.move_to(decision.closes_at)
    assert refused(cast_ballot, cast.owner, decision.id, option_id=option(decision, 1)) == "voting_closed"


def test_an_owner_in_two_buildings_is_one_head_of_all_and_one_in_each_with_its_own_area(vote: Vote) -> None:
    cast = vote.cast
    third = enter_unit(CLOCK, building_id=cast.building_ids[1], staircase="1", door="701", area=9_000)
    enter_owner(CLOCK, unit_id=third.id, reference="landlord", since=date(2020, 1, 1))
    unit = next(head for head in electorate_of(vote.move()).heads if cast.unit_ids[1] in head.unit_ids)
    assert (len(unit.unit_ids), unit.area) == (3, 8_100 + 8_200 + 9_000)
    for building, area in ((0, 8_100 + 8_200), (1, 9_000)):
        scope: dict[str, Any] = {"scope": Scope.BUILDING, "building_id": cast.building_ids[building], "item": 8}
        here = electorate_of(vote.move(question=f"{building + 1} 号楼要不要装棚", **scope))
        [own] = here.heads_of(cast.landlord.person_id or 0)
        assert own.area == area
