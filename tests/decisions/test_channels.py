"""Paper, help and service: one household has one ballot, whichever way it comes, and two people stand behind each."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from cogov.decisions.commands import cast_ballot, close_decision
from cogov.decisions.commands import paper as paper_commands
from cogov.decisions.commands.closing import due_close
from cogov.decisions.commands.helping import end_help, help_vote, witness_help
from cogov.decisions.commands.paper import Paper, close_read_votes, enter_paper, print_papers
from cogov.decisions.commands.serving import look_at_service, note_opened, record_service, remind_voters
from cogov.decisions.models import (
    Ballot,
    ElectorateUnit,
    HelpedBallot,
    PaperReading,
    PaperSlip,
    Service,
)
from cogov.decisions.queries import needs
from cogov.decisions.queries.bulletin import bundle_text
from cogov.decisions.queries.counting import ballots_by_channel, ways_shown
from cogov.decisions.queries.helping import help_shown
from cogov.decisions.queries.paper import paper_board, paper_picture
from cogov.decisions.queries.service import heads_reached, heads_served, round_of
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.paper import ENTRY_TIME, SlipFault, SlipState
from cogov.decisions.rules.service import ServiceMeans, ServiceOutcome
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK
from cogov.tell.models import Notification
from cogov.tell.notices import spread_all
from tests.databases import both
from tests.decisions.conftest import Vote, option, turnout
from tests.storms import at_once
from tools.recount import recount


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return out.getvalue()


def refusal(error: Any) -> str:
    return str(error.value.refusal.code)


def slip_at(decision: Any, unit_id: int) -> PaperSlip:
    """Return the live paper of a unit."""
    query = (
        select(PaperSlip)
        .join(ElectorateUnit, ElectorateUnit.head_id == PaperSlip.head_id)
        .where(PaperSlip.decision_id == decision.id, ElectorateUnit.unit_id == unit_id)
        .order_by(PaperSlip.id.desc())
    )
    found = session().scalars(query, execution_options={"populate_existing": True}).first()
    assert found is not None
    return found


@pytest.fixture
def read(app: Any, tmp_path: Any) -> Any:
    """Return how somebody enters what they read."""

    def entering(by: Any, slip: PaperSlip, marks: str = "1:1", shot: bool = True, **told: Any) -> PaperSlip:
        given = {"marks": marks, "signed_on": session().info["today"], **told}
        return enter_paper(by, slip.code, Paper(**given), picture=picture() if shot else None, folder=tmp_path)

    return entering


@pytest.fixture
def papers(vote: Vote) -> Any:
    """Return a running vote for whose households papers are printed."""
    decision = vote.opened()
    assert print_papers(vote.cast.moderator, decision.id) == decision.heads_total
    session().info["today"] = decision.opens_at.date()
    return decision


@both
def test_a_paper_counts_when_two_people_have_read_the_same_and_its_code_is_the_receipt(vote, papers, read):
    cast, slip = vote.cast, slip_at(papers, vote.cast.unit_ids[5])
    read(cast.moderator, slip)
    assert turnout(papers)[0] == 0
    with pytest.raises(Refused) as error:
        read(cast.moderator, slip)
    assert refusal(error) == "same_reader"
    read(cast.grid_worker, slip, shot=False, channel=Channel.DOOR)
    ballot = session().scalars(select(Ballot)).one()
    assert (ballot.channel, ballot.person_id, ballot.marks) == (Channel.PAPER, None, "1:1")
    assert ballot.receipt == slip.code
    assert slip_at(papers, cast.unit_ids[5]).state is SlipState.COUNTED
    assert [(row.marks, row.signer_id) for row in session().scalars(select(PaperReading))] == [("", None)] * 2
    assert ways_shown(papers) == {}
    vote.closed(papers)
    session().refresh(papers)
    assert ballots_by_channel(papers.id) == {Channel.PAPER: 1}
    assert ways_shown(papers) == {}  # one paper is somebody's
    assert recount(bundle_text(papers, full=True).encode(), tell=lambda _: None) == 0


def test_where_two_read_differently_a_third_looks_and_two_of_three_decide(vote, papers, read):
    cast = vote.cast
    first, second = (slip_at(papers, cast.unit_ids[n]) for n in (5, 6))
    for slip in (first, second):
        read(cast.moderator, slip, "1:1")
        assert read(cast.grid_worker, slip, "2:1").state is SlipState.DIFFERS
    assert [(row.state, row.readings) for row in paper_board(cast.chair, papers.id).waiting] == [
        (SlipState.DIFFERS, 2)
    ] * 2
    assert read(cast.chair, first, "2:1").state is SlipState.COUNTED
    settled = read(cast.chair, second, "3:1")
    assert (settled.state, settled.fault) == (SlipState.REJECTED, SlipFault.UNCLEAR)
    assert session().scalars(select(Ballot.marks)).all() == ["2:1"]
    [shown] = paper_board(cast.chair, papers.id).rejected
    assert shown.fault is SlipFault.UNCLEAR
    # The household has not voted: it gets another paper.
    assert print_papers(cast.moderator, papers.id, unit_id=cast.unit_ids[6]) == 1


@both
def test_papers_and_doors_wait_among_the_needs_of_those_whose_duty_they_are_and_of_nobody_else(vote, papers, read):
    cast, slip = vote.cast, slip_at(papers, vote.cast.unit_ids[5])

    def waits(name: str) -> list[tuple[str, str]]:
        told = needs(getattr(cast, name))
        return [(need.kind, str(need.line)) for need in told if need.endpoint in PAPER_WORK]

    read(cast.moderator, slip, "1:1")
    second = [("second_reading", "1 张纸票等第二个人录，要另一个人看着票录。")]
    assert (waits("moderator"), waits("chair"), waits("owner")) == ([], second, [])
    read(cast.grid_worker, slip, "2:1")
    third = [("third_look", "1 张纸票两遍录得不一样，等第三个人看。")]
    assert (waits("moderator"), waits("chair")) == ([], third)
    read(cast.chair, slip, "2:1")
    assert waits("chair") == []

    head, today = slip.head_id, session().info["today"]
    given = {"head_id": head, "means": ServiceMeans.DOOR, "on": today}
    record_service(cast.grid_worker, papers.id, outcome=ServiceOutcome.ABSENT, **given)
    assert waits("grid_worker") == [("service", "1 户上次没有人在，公告要再送一次。")]
    assert needs(cast.grid_worker)[0].due_at == papers.closes_at
    record_service(cast.chair, papers.id, outcome=ServiceOutcome.DELIVERED, **given)
    assert waits("grid_worker") == []


PAPER_WORK = {"decisions.papers", "decisions.service"}


def test_what_came_first_stands_and_who_signed_the_paper_may_change_it_on_the_web(vote, papers, read):
    cast = vote.cast
    on_web = slip_at(papers, cast.unit_ids[3])
    cast_ballot(cast.neighbour, papers.id, option_id=option(papers, 2))
    settled = read(cast.moderator, on_web)
    assert (settled.state, settled.fault) == (SlipState.REJECTED, SlipFault.ALREADY_CAST)
    signed = slip_at(papers, cast.unit_ids[0])
    for by in (cast.moderator, cast.chair):
        read(by, signed, signer_id=cast.owner.person_id)
    with pytest.raises(Refused) as error:
        cast_ballot(cast.co_owner, papers.id, option_id=option(papers, 2))
    assert refusal(error) == "cast_by_other"
    changed = cast_ballot(cast.owner, papers.id, option_id=option(papers, 2))
    assert (changed.changes, changed.receipt) == (1, signed.code)
    unsigned = slip_at(papers, cast.unit_ids[1])
    for by in (cast.moderator, cast.chair):
        read(by, unsigned)
    with pytest.raises(Refused) as error:
        cast_ballot(cast.landlord, papers.id, option_id=option(papers, 2))
    assert refusal(error) == "cast_on_paper"
    assert ballots_by_channel(papers.id) == {Channel.WEB: 2, Channel.PAPER: 1}


def test_late_unsigned_and_unreadable_papers_are_no_ballots_and_say_why(vote, papers, read):
    cast = vote.cast
    late, unsigned = (slip_at(papers, cast.unit_ids[n]) for n in (5, 6))
    for by in (cast.moderator, cast.chair):
        after = papers.closes_at.date() + timedelta(days=1)
        dated = read(by, late, signed_on=after)
        void = read(by, unsigned, fault=SlipFault.UNSIGNED)
    assert (dated.fault, void.fault) == (SlipFault.LATE, SlipFault.UNSIGNED)
    with pytest.raises(Refused) as error:
        read(cast.moderator, slip_at(papers, cast.unit_ids[7]), "9:1")
    assert refusal(error) == "option_unknown"
    with pytest.raises(Refused) as error:
        read(cast.moderator, slip_at(papers, cast.unit_ids[7]), shot=False)
    assert refusal(error) == "no_picture"
    with pytest.raises(Refused) as error:
        read(cast.moderator, slip_at(papers, cast.unit_ids[7]), signer_id=cast.owner.person_id)
    assert refusal(error) == "signer_unknown"
    with pytest.raises(Refused) as error:
        read(cast.neighbour, slip_at(papers, cast.unit_ids[7]))
    assert refusal(error) == "not_a_counter"
    assert turnout(papers)[0] == 0


@both
def test_the_count_waits_a_day_for_papers_that_came_in_before_the_close(vote, papers, read):
    cast = vote.cast
    begun, lost, never = (slip_at(papers, cast.unit_ids[n]) for n in (5, 6, 7))
    read(cast.moderator, begun)
    read(cast.moderator, lost)
    vote.clock.move_to(papers.closes_at)
    due_close(CLOCK, papers.id)
    with pytest.raises(Refused) as error:
        close_decision(CLOCK, papers.id)
    assert refusal(error) == "papers_waiting"
    with pytest.raises(Refused) as error:
        read(cast.moderator, never)
    assert refusal(error) == "voting_closed"
    read(cast.chair, begun)
    assert close_read_votes() == 0
    vote.clock.move_to(papers.closes_at + ENTRY_TIME)
    assert close_read_votes() == 1
    session().refresh(papers)
    assert papers.state is DecisionState.CLOSED
    assert slip_at(papers, cast.unit_ids[6]).fault is SlipFault.LAPSED
    [ballot] = session().scalars(select(Ballot))
    assert ballot.cast_at < papers.closes_at
    assert session().scalars(select(PaperReading.marks)).all() == ["", "", ""]


def test_the_picture_is_seen_while_a_paper_is_read_and_again_after_the_count(vote, papers, read):
    cast, slip = vote.cast, slip_at(papers, vote.cast.unit_ids[5])
    read(cast.moderator, slip)
    assert paper_picture(cast.chair, slip.code).id == slip.picture_id
    read(cast.chair, slip)
    with pytest.raises(Refused) as error:
        paper_picture(cast.chair, slip.code)
    assert refusal(error) == "picture_put_away"
    vote.closed(papers)
    assert paper_picture(cast.street_office, slip.code).id
    with pytest.raises(Refused) as error:
        paper_picture(cast.neighbour, slip.code)
    assert refusal(error) == "not_a_counter"


@both
@pytest.mark.storm
def test_paper_and_web_at_once_are_exactly_one_ballot(app, vote, papers, read):
    """Two households vote on the web while their papers are read a second time: one ballot each, and all are told."""
    cast, marks = vote.cast, "2:1"
    for unit in (0, 3):
        read(cast.moderator, slip_at(papers, cast.unit_ids[unit]), marks)
    slips = {unit: slip_at(papers, cast.unit_ids[unit]) for unit in (0, 3)}
    folder = app.config["DATA_DIR"]
    today = session().info["today"]

    def act(index: int) -> Any:
        unit, by = ((0, cast.owner), (3, cast.neighbour))[index % 2]
        if index < 4:
            return cast_ballot(by, papers.id, option_id=option(papers, 1))
        reader = (cast.chair, cast.grid_worker)[index % 2]
        return enter_paper(reader, slips[unit].code, Paper(marks=marks, signed_on=today), folder=folder)

    results = at_once(app, 8, act)
    codes = {each.refusal.code for each in results if isinstance(each, Refused)}
    assert not [each for each in results if isinstance(each, Exception) and not isinstance(each, Refused)]
    assert codes <= {"cast_on_paper", "slip_counted", "slip_rejected", "same_reader", "read_meanwhile", "ballot_taken"}
    session().rollback()
    assert turnout(papers)[0] == 2
    kept = list(session().scalars(select(Ballot).order_by(Ballot.ordinal)))
    assert [ballot.ordinal for ballot in kept] == [1, 2]
    for unit in (0, 3):
        slip = slip_at(papers, cast.unit_ids[unit])
        ballot = next(each for each in kept if each.head_id == slip.head_id)
        came = {SlipState.COUNTED: Channel.PAPER, SlipState.REJECTED: Channel.WEB}[slip.state]
        assert ballot.channel is came
        assert slip.fault in (None, SlipFault.ALREADY_CAST)


@both
def test_with_the_look_at_the_household_left_out_the_schema_still_keeps_one_ballot(vote, papers, read, monkeypatch):
    """The planted fault: whoever enters the paper does not see that the household has voted meanwhile."""
    cast, slip = vote.cast, slip_at(papers, vote.cast.unit_ids[3])
    read(cast.moderator, slip)
    cast_ballot(cast.neighbour, papers.id, option_id=option(papers, 2))
    monkeypatch.setattr(paper_commands, "standing_ballot", lambda _head: None)
    with pytest.raises(Refused) as error:
        read(cast.chair, slip)
    assert refusal(error) == "ballot_taken"
    session().rollback()
    assert turnout(papers)[0] == 1
    assert session().scalars(select(Ballot.channel)).all() == [Channel.WEB]


# Help ---------------------------------------------------------------------------------------------------------------


def helping(vote: Vote, decision: Any, **told: Any) -> HelpedBallot:
    given = {"unit_id": vote.cast.unit_ids[3], "marks": "1:1", **told}
    return help_vote(given.pop("by", vote.cast.volunteer), decision.id, **given)


@both
def test_help_counts_with_a_second_witness_and_the_voter_is_told_and_may_change_it(vote):
    cast, decision = vote.cast, vote.opened()
    row = helping(vote, decision)
    assert turnout(decision)[0] == 0
    for by, code in ((cast.volunteer, "witness_not_second"), (cast.neighbour, "witness_not_second")):
        with pytest.raises(Refused) as error:
            witness_help(by, row.code)
        assert refusal(error) == code
    for by in (cast.outsider, cast.auditor, cast.administrator):
        with pytest.raises(Refused) as error:
            witness_help(by, row.code)
        assert refusal(error) == "witness_outside"
    witness_help(cast.resident, row.code)
    [ballot] = session().scalars(select(Ballot))
    assert (ballot.channel, ballot.person_id, ballot.marks) == (Channel.HELPED, cast.neighbour.person_id, "1:1")
    assert help_shown(cast.volunteer, row.code).receipt == ballot.receipt
    assert session().scalars(select(HelpedBallot.marks)).all() == [""]
    spread_all()
    told = (
        select(Notification.person_id)
        .join(JournalEntry, JournalEntry.number == Notification.entry_number)
        .where(JournalEntry.kind == "BallotHelped")
    )
    assert session().scalars(told).all() == [cast.neighbour.person_id]
    again = helping(vote, decision, marks="2:1", by=cast.street_office)
    witness_help(cast.resident, again.code)
    changed = cast_ballot(cast.neighbour, decision.id, option_id=option(decision, 3))
    assert changed.changes == 2
    with pytest.raises(Refused) as error:
        helping(vote, decision)
    assert refusal(error) == "voted_already"


def test_help_is_barred_for_the_body_that_began_the_vote_and_ends_without_its_witness(vote):
    cast, decision = vote.cast, vote.opened()
    for by, code in (
        (cast.grid_worker, "helper_initiated"),
        (cast.moderator, "helper_initiated"),
        (cast.resident, "not_a_helper"),
    ):
        with pytest.raises(Refused) as error:
            helping(vote, decision, by=by)
        assert refusal(error) == code
    with pytest.raises(Refused) as error:
        helping(vote, decision, unit_id=cast.unit_ids[9])
    assert refusal(error) == "voter_unknown"
    with pytest.raises(Refused) as error:
        helping(vote, decision, unit_id=cast.unit_ids[0])
    assert refusal(error) == "voter_unclear"
    row = helping(vote, decision)
    with pytest.raises(Refused) as error:
        witness_help(cast.chair, row.code)
    assert refusal(error) == "helper_initiated"
    with pytest.raises(Refused) as error:
        helping(vote, decision)
    assert refusal(error) == "help_waits"
    end_help(cast.neighbour, row.code)
    row = helping(vote, decision)
    vote.clock.shift(timedelta(hours=2))
    with pytest.raises(Refused) as error:
        witness_help(cast.resident, row.code)
    assert refusal(error) == "help_over"
    helping(vote, decision)
    assert turnout(decision)[0] == 0


@both
def test_the_schema_itself_asks_for_a_second_witness(vote):
    decision = vote.opened()
    row = helping(vote, decision)
    row.agreed, row.settled_at, row.witness_id = True, row.at, row.helper_id
    with pytest.raises(IntegrityError):
        session().flush()
    session().rollback()


# Service and reminders ----------------------------------------------------------------------------------------------


def test_who_opens_the_page_is_served_and_others_learn_only_how_many(vote):
    cast, decision = vote.cast, vote.noticed()
    note_opened(cast.owner, decision)
    note_opened(cast.owner, decision)
    note_opened(cast.tenant, decision)
    assert session().scalars(select(Service.person_id)).all() == [cast.owner.person_id]
    assert heads_served(decision) == 0
    head = slip_head(decision, cast.unit_ids[5])
    record_service(cast.grid_worker, decision.id, head_id=head, means=ServiceMeans.DOOR, outcome=ServiceOutcome.ABSENT)
    for on, code in ((date(2020, 1, 1), "service_date"), (None, "not_by_hand")):
        means = ServiceMeans.OPENED if on is None else ServiceMeans.POST
        with pytest.raises(Refused) as error:
            record_service(
                cast.grid_worker, decision.id, head_id=head, means=means, outcome=ServiceOutcome.DELIVERED, on=on
            )
        assert refusal(error) == code
    rows = round_of(cast.grid_worker, decision.id, cast.building_ids[0]).rows
    assert [len(row.attempts) for row in rows if row.head_id == head] == [1]
    with pytest.raises(Refused) as error:
        look_at_service(cast.moderator, decision.id)
    assert refusal(error) == "no_dispute"


def slip_head(decision: Any, unit_id: int) -> int:
    query = select(ElectorateUnit.head_id).where(
        ElectorateUnit.decision_id == decision.id, ElectorateUnit.unit_id == unit_id
    )
    head = session().scalar(query)
    assert head is not None
    return head


def test_only_who_has_not_voted_is_reminded_once_at_48_and_once_at_24_hours(vote):
    cast, decision = vote.cast, vote.opened()
    cast_ballot(cast.landlord, decision.id, option_id=option(decision, 1))
    assert remind_voters() == 0
    for hours in (48, 24):
        vote.clock.move_to(decision.closes_at - timedelta(hours=hours))
        assert (remind_voters(), remind_voters()) == (1, 0)
    spread_all()
    told = (
        select(Notification.person_id, func.count())
        .join(JournalEntry, JournalEntry.number == Notification.entry_number)
        .where(JournalEntry.kind == "VotersReminded")
        .group_by(Notification.person_id)
    )
    assert dict(session().execute(told).all()) == {
        each.person_id: 2 for each in (cast.owner, cast.co_owner, cast.neighbour)
    }
    vote.clock.move_to(decision.closes_at)
    assert remind_voters() == 0


@both
def test_who_has_voted_knows_of_the_vote(vote, papers):
    cast_ballot(vote.cast.neighbour, papers.id, option_id=option(papers, 2))
    assert heads_reached(papers.id) == 1
    note_opened(vote.cast.owner, papers)
    assert heads_reached(papers.id) == 2
