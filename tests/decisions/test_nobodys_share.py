"""What no owner on the roll holds of a flat has an area and no voice, and a flat is one wherever flats are counted."""

from __future__ import annotations

import importlib.util
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, update

from cogov.cli.counting import turnouts
from cogov.decisions.commands import cast_ballot, print_papers
from cogov.decisions.commands.serving import record_service
from cogov.decisions.commands.taking import Coming, locked_head, new_nonce, take
from cogov.decisions.models import Decision, DecisionTurnout, ElectorateHead, PaperSlip
from cogov.decisions.queries.bulletin import bundle_text
from cogov.decisions.queries.helping import unit_at
from cogov.decisions.queries.mandates import head_at
from cogov.decisions.queries.motions import motions_of, shown_motions
from cogov.decisions.queries.service import heads_reached, round_of
from cogov.decisions.queries.units import units_sheet
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.service import ServiceMeans, ServiceOutcome
from cogov.ground import paths
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound
from cogov.journal.transaction import verb
from cogov.oversight.queries.parts import flow
from cogov.oversight.rules import Share, Span
from cogov.people.rules import CLOCK, Actor
from cogov.places.commands import set_shares
from cogov.places.models import Owner, Ownership, Unit
from cogov.places.queries import place_by_code
from tests.cast import HERE
from tests.databases import both
from tests.decisions.conftest import Vote, option
from tests.decisions.test_parts import THIRD, said


@pytest.fixture
def rest(shares: Vote) -> Vote:
    """A third of unit 0 belongs to nobody on the roll."""
    set_shares(CLOCK, unit_id=shares.cast.unit_ids[0], shares={"owner": THIRD, "co_owner": THIRD})
    return shares


def nobodys(decision_id: int) -> ElectorateHead:
    heads = session().query(ElectorateHead).filter_by(decision_id=decision_id)
    return heads.filter(ElectorateHead.key.like("%/0/%")).one()


@both
def test_what_belongs_to_nobody_has_no_paper_no_notice_and_no_ballot(rest: Vote) -> None:
    cast, decision = rest.cast, rest.opened()
    head = nobodys(decision.id)
    assert print_papers(cast.moderator, decision.id, unit_id=cast.unit_ids[0]) == 2
    assert session().query(PaperSlip).filter_by(head_id=head.id).count() == 0
    with pytest.raises(NotFound):
        record_service(
            cast.grid_worker,
            decision.id,
            head_id=head.id,
            means=ServiceMeans.DOOR,
            outcome=ServiceOutcome.DELIVERED,
        )
    assert head.id not in {row.head_id for row in round_of(cast.grid_worker, decision.id, cast.building_ids[0]).rows}
    with pytest.raises(NotFound):
        locked_head(head.id)
    turnout = found(session().get(DecisionTurnout, decision.id))
    assert (turnout.heads_total, decision.heads_total) == (21, 20)
    assert list(turnouts()) == []


def _forge(by: Actor, decision: Decision) -> None:
    coming = Coming(Channel.PAPER, None, "1:1", "", now(), new_nonce())
    take(by, decision, nobodys(decision.id), None, coming)


def test_a_ballot_for_what_belongs_to_nobody_is_found_by_the_one_file_verifier(rest: Vote) -> None:
    decision = rest.opened()
    verb(_forge)(rest.cast.moderator, decision)
    cast_ballot(rest.cast.neighbour, decision.id, option_id=option(decision, 1))
    rest.closed(decision)
    session().refresh(decision)
    assert said(bundle_text(decision, full=True))[0] == 1


def test_a_flat_of_several_co_owners_is_one_household_in_every_count(rest: Vote) -> None:
    cast, begun = rest.cast, now()
    decision = rest.opened()
    unit = found(session().get(Unit, cast.unit_ids[0]))
    assert unit_at(decision.id, unit.building_id, unit.staircase, unit.door) == unit.id
    for by in (cast.owner, cast.co_owner):
        cast_ballot(by, decision.id, option_id=option(decision, 1))
    assert heads_reached(decision.id) == 1
    rest.closed(decision)
    over = Span(60, begun, now() + timedelta(days=1))
    assert flow(place_by_code(HERE), over).turnout == Share(1, 20)
    _, *lines = units_sheet(decision.id).splitlines()
    assert len(lines) == decision.units_total
    assert sum(Fraction(line.split(",")[3] or 0) for line in lines) * 100 == decision.area_total
    assert [line.endswith("是") for line in lines].count(True) == 1


def test_a_door_with_a_slash_is_found_and_so_is_a_co_owner_behind_another(shares: Vote) -> None:
    cast, decision = shares.cast, shares.opened()
    slashed, split = (found(session().get(Unit, cast.unit_ids[n])) for n in (3, 0))
    session().execute(update(Unit).where(Unit.id == slashed.id).values(door="401/402"))
    session().execute(update(Unit).where(Unit.id == split.id).values(door="501/502"))

    def at(unit: Unit, door: str) -> Any:
        head = head_at(decision.id, unit.building_id, unit.staircase, door)
        return head and session().scalar(select(ElectorateHead.key).where(ElectorateHead.id == head))

    assert "/" not in found(at(slashed, "401/402"))
    assert at(split, "501/502") is None  # which of the two?
    of_unit = select(Ownership.owner_id).where(Ownership.unit_id == split.id).order_by(Ownership.owner_id)
    owner_id = found(session().scalars(of_unit).first())
    number = found(session().get(Owner, owner_id)).reference
    assert f"/{owner_id}/" in found(at(split, f"501/502/{number}"))
    assert at(split, "501/502/nobody") is None


def test_a_share_that_does_not_fit_turns_no_page_of_a_motion_into_a_refusal(shares: Vote) -> None:
    motion = shares.move("neighbour")
    session().execute(
        update(Ownership).where(Ownership.unit_id == shares.cast.unit_ids[0]).values(share_part=2, share_of=3)
    )
    session().commit()
    [shown] = shown_motions(shares.cast.co_owner, shares.problem, HERE, motions_of(shares.problem.id))
    assert (shown.id, shown.why_not_support) == (motion.id, None)


def test_a_rule_by_shares_keeps_the_database_from_going_back_to_what_cannot_read_it() -> None:
    file = paths.migrations() / "versions" / "0025_shares.py"
    spec = found(importlib.util.spec_from_file_location("shares_0025", file))
    module = importlib.util.module_from_spec(spec)
    found(spec.loader).exec_module(module)
    with sa.create_engine("sqlite://").begin() as connection:
        connection.execute(sa.text("CREATE TABLE decision (frozen_rule TEXT)"))
        connection.execute(sa.text("CREATE TABLE decision_rule_version (text TEXT)"))
        rule = {"rule": '{"co_owners":"shares"}'}
        connection.execute(sa.text("INSERT INTO decision_rule_version VALUES (:rule)"), rule)
        with Operations.context(MigrationContext.configure(connection)), pytest.raises(RuntimeError, match="1 rules"):
            module.downgrade()
