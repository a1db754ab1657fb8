"""A share comes in on paper, with help or by a proxy: it is counted once, and board, certificate and recount agree."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from cogov.cli.counting import turnouts
from cogov.decisions.commands import cast_ballot, give_mandate, settle_paper_mandate
from cogov.decisions.commands.helping import help_vote, witness_help
from cogov.decisions.commands.mandating import enter_paper_mandate
from cogov.decisions.commands.paper import Paper, enter_paper, print_papers
from cogov.decisions.models import Ballot, Decision, ElectorateHead, PaperSlip
from cogov.decisions.queries import frozen_options, shown_decision
from cogov.decisions.queries.bulletin import bundle_text
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.paper import SlipFault, SlipState
from cogov.decisions.rules.thresholds import Turnout
from cogov.ground.db import found, session
from cogov.people.rules import Actor
from cogov.places.models import Owner
from tests.databases import both
from tests.decisions.conftest import Vote, option, turnout
from tests.decisions.test_channels import read
from tests.decisions.test_mandates import ballots, photograph, refused
from tests.decisions.test_parts import said
from tests.storms import at_once

__all__ = ["read"]

THIRD = 2_667
"""The owner's share of unit 0, in 0.01 m²; the co-owner has the rest of it."""

FLAT = 8_000


def share_of(decision: Decision, by: Actor) -> ElectorateHead:
    """Return the share of unit 0 that one of its two owners has."""
    owner_id = session().scalars(select(Owner.id).where(Owner.person_id == by.person_id)).one()
    heads = select(ElectorateHead).where(ElectorateHead.decision_id == decision.id)
    return session().scalars(heads.where(ElectorateHead.key.like(f"%/{owner_id}/%"))).one()


def slip_of(head: ElectorateHead) -> PaperSlip:
    query = select(PaperSlip).where(PaperSlip.head_id == head.id).order_by(PaperSlip.id.desc())
    return found(session().scalars(query, execution_options={"populate_existing": True}).first())


def printed(vote: Vote) -> Decision:
    """Return a running vote by shares, with a paper for each share and each flat."""
    decision = vote.opened()
    # Twenty flats, one of them in two shares.
    assert print_papers(vote.cast.moderator, decision.id) == decision.heads_total + 1 == 21
    session().info["today"] = decision.opens_at.date()
    return decision


def assert_all_agree(vote: Vote, decision: Decision, client_of: Any, votes: dict[int, Turnout], took: Turnout) -> None:
    """Close a vote, and compare its result, its certificate, its bundles and the counters."""
    assert list(turnouts()) == []
    vote.closed(decision)
    session().refresh(decision)
    options = {each.position: Turnout(each.heads or 0, each.area or 0) for each in frozen_options(decision.id)}
    assert {position: amount for position, amount in options.items() if amount.area} == votes
    assert found(shown_decision(vote.cast.owner, decision.id).result).turnout == took
    for full in (False, True):
        code, lines = said(bundle_text(decision, full=full))
        assert code == 0, lines
    sent = client_of(None).get(f"/decisions/{decision.id}/certificate.pdf")
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(sent.data)).pages).split())
    for amount in (took, *votes.values()):
        assert f"{amount.area // 100:,}.{amount.area % 100:02}" in text


# On paper -------------------------------------------------------------------------------------------------------------


@both
def test_a_share_on_paper_is_read_by_two_and_counted_once(shares: Vote, read: Any, client_of: Any) -> None:
    cast, decision = shares.cast, printed(shares)
    mine, other = share_of(decision, cast.owner), share_of(decision, cast.co_owner)
    paper, others = slip_of(mine), slip_of(other)
    told = {"signer_id": cast.owner.person_id}
    assert refused(read, cast.moderator, others, **told) == "signer_unknown"  # no share of another's is signed for
    read(cast.moderator, paper, **told)
    assert turnout(decision) == (0, 0)
    assert refused(read, cast.moderator, paper, **told) == "same_reader"
    read(cast.grid_worker, paper, **told)
    assert turnout(decision) == (1, THIRD)
    assert refused(read, cast.chair, paper, **told) == "slip_counted"
    assert cast_ballot(cast.owner, decision.id, option_id=option(decision, 1)).changes == 1  # who signed may change it
    assert turnout(decision) == (1, THIRD)

    cast_ballot(cast.co_owner, decision.id, option_id=option(decision, 2))
    for by in (cast.moderator, cast.grid_worker):  # its paper comes in as well
        if slip_of(other).state is not SlipState.REJECTED:
            read(by, others, "1:1")
    assert slip_of(other).fault is SlipFault.ALREADY_CAST
    assert turnout(decision) == (2, FLAT)
    assert [(each.channel, each.marks) for each in ballots(decision)] == [(Channel.WEB, "1:1"), (Channel.WEB, "2:1")]
    votes = {1: Turnout(0, THIRD), 2: Turnout(1, FLAT - THIRD)}
    assert_all_agree(shares, decision, client_of, votes, Turnout(1, FLAT))


@both
def test_the_board_after_ten_papers_counts_the_flat_of_two_shares_once(shares: Vote, read: Any, client_of: Any) -> None:
    cast, decision = shares.cast, printed(shares)
    split = [share_of(decision, by) for by in (cast.owner, cast.co_owner)]
    whole = select(ElectorateHead).where(ElectorateHead.decision_id == decision.id, ~ElectorateHead.key.contains("/"))
    heads = [*split, *session().scalars(whole.order_by(ElectorateHead.id).limit(8))]
    for head in heads:
        for by in (cast.moderator, cast.grid_worker):
            read(by, slip_of(head), "1:1")
    area = sum(head.area for head in heads)
    running = found(shown_decision(cast.owner, decision.id).running)
    assert (running.ballots, running.turnout) == (10, Turnout(9, area))
    assert_all_agree(shares, decision, client_of, {1: Turnout(9, area)}, Turnout(9, area))


@both
@pytest.mark.storm
def test_a_share_on_paper_and_on_the_web_at_once_is_one_ballot(app: Any, shares: Vote, read: Any) -> None:
    cast, decision = shares.cast, printed(shares)
    slip, today = slip_of(share_of(decision, cast.owner)), session().info["today"]
    read(cast.moderator, slip, "2:1")
    folder = app.config["DATA_DIR"]

    def act(index: int) -> Any:
        if index % 2:
            return cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
        reader = (cast.chair, cast.grid_worker)[index // 2 % 2]
        return enter_paper(reader, slip.code, Paper(marks="2:1", signed_on=today), folder=folder)

    results = at_once(app, 6, act)
    codes = {found(getattr(each, "refusal", None)).code for each in results if isinstance(each, Exception)}
    assert codes <= {"cast_on_paper", "slip_counted", "slip_rejected", "same_reader", "read_meanwhile", "ballot_taken"}
    session().rollback()
    assert turnout(decision) == (1, THIRD)
    assert len(ballots(decision)) == 1


# With help ------------------------------------------------------------------------------------------------------------


@both
def test_a_share_with_help_needs_a_second_witness_from_outside_the_flat(shares: Vote, client_of: Any) -> None:
    cast, decision = shares.cast, shares.opened()
    unit = cast.unit_ids[0]
    given: dict[str, Any] = {"unit_id": unit, "marks": "1:1"}
    assert refused(help_vote, cast.volunteer, decision.id, **given) == "voter_unclear"  # two vote behind this door
    row = help_vote(cast.volunteer, decision.id, **given, voter_id=cast.owner.person_id)
    assert row.head_id == share_of(decision, cast.owner).id
    assert refused(witness_help, cast.volunteer, row.code) == "witness_not_second"
    assert refused(witness_help, cast.owner, row.code) == "witness_not_second"
    assert refused(witness_help, cast.co_owner, row.code) == "witness_not_second"  # of the same flat
    again = {**given, "voter_id": cast.owner.person_id}
    assert refused(help_vote, cast.street_office, decision.id, **again) == "help_waits"
    second = help_vote(cast.street_office, decision.id, **given, voter_id=cast.co_owner.person_id)
    assert turnout(decision) == (0, 0)
    witness_help(cast.tenant, row.code)
    assert turnout(decision) == (1, THIRD)
    witness_help(cast.tenant, second.code)
    assert [(each.channel, each.person_id) for each in ballots(decision)] == [
        (Channel.HELPED, cast.owner.person_id),
        (Channel.HELPED, cast.co_owner.person_id),
    ]
    changed = cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
    assert (changed.changes, turnout(decision)) == (1, (2, FLAT))
    assert refused(help_vote, cast.volunteer, decision.id, **again) == "voted_already"
    assert_all_agree(shares, decision, client_of, {1: Turnout(1, FLAT)}, Turnout(1, FLAT))


def test_nobody_helps_with_a_share_of_their_own_flat(shares: Vote) -> None:
    cast = shares.cast
    # The volunteer comes to own a share of the flat.
    owner = session().scalars(select(Owner).where(Owner.person_id == cast.co_owner.person_id)).one()
    owner.person_id = cast.volunteer.person_id
    session().commit()
    decision = shares.opened()
    given: dict[str, Any] = {"unit_id": cast.unit_ids[0], "marks": "1:1", "voter_id": cast.owner.person_id}
    assert refused(help_vote, cast.volunteer, decision.id, **given) == "helper_of_the_head"


# By a proxy -----------------------------------------------------------------------------------------------------------


@both
def test_a_co_owner_carries_the_other_share_and_each_is_counted_once(shares: Vote, client_of: Any) -> None:
    cast, decision = shares.cast, shares.opened()
    give_mandate(cast.owner, decision.id, proxy="化名co_owner")
    mine, other = share_of(decision, cast.owner), share_of(decision, cast.co_owner)
    agree, disagree = option(decision, 1), option(decision, 2)
    carried = cast_ballot(cast.co_owner, decision.id, option_id=agree, head_id=mine.id)
    assert carried.channel is Channel.PROXY
    cast_ballot(cast.co_owner, decision.id, option_id=agree, head_id=other.id)
    assert turnout(decision) == (2, FLAT)
    own = cast_ballot(cast.owner, decision.id, option_id=disagree)  # who has the share replaces it
    assert (own.channel, own.changes) == (Channel.WEB, 1)
    assert refused(cast_ballot, cast.co_owner, decision.id, option_id=agree, head_id=mine.id) == "mandate_over"
    assert turnout(decision) == (2, FLAT)
    votes = {1: Turnout(1, FLAT - THIRD), 2: Turnout(0, THIRD)}
    assert_all_agree(shares, decision, client_of, votes, Turnout(1, FLAT))


@both
def test_a_mandate_on_paper_for_one_share_is_for_no_other(shares: Vote, client_of: Any, tmp_path: Any) -> None:
    cast, decision = shares.cast, shares.opened()
    mine = share_of(decision, cast.owner)
    told: dict[str, Any] = {"head_id": mine.id, "proxy": "化名tenant", "picture": photograph(), "folder": tmp_path}
    mandate = enter_paper_mandate(cast.moderator, decision.id, **told)
    agree = option(decision, 1)
    assert refused(settle_paper_mandate, cast.moderator, mandate.id, agrees=True) != ""  # a second person
    settle_paper_mandate(cast.chair, mandate.id, agrees=True)
    assert refused(give_mandate, cast.owner, decision.id, proxy="化名neighbour") == "mandate_given"
    give_mandate(cast.co_owner, decision.id, proxy="化名neighbour")
    assert cast_ballot(cast.tenant, decision.id, option_id=agree).head_id == mine.id
    assert turnout(decision) == (1, THIRD)
    other = share_of(decision, cast.co_owner)
    cast_ballot(cast.neighbour, decision.id, option_id=agree, head_id=other.id)
    assert session().query(Ballot).filter_by(decision_id=decision.id).count() == 2
    assert_all_agree(shares, decision, client_of, {1: Turnout(1, FLAT)}, Turnout(1, FLAT))


def test_the_two_shares_of_the_tests_are_a_third_and_the_rest(shares: Vote) -> None:
    decision = shares.opened()
    weights = [Fraction(share_of(decision, by).area, FLAT) for by in (shares.cast.owner, shares.cast.co_owner)]
    assert weights == [Fraction(THIRD, FLAT), 1 - Fraction(THIRD, FLAT)]
