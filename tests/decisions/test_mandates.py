"""Proxies: given here or on paper, carried into a vote, ended at any time; and of two at once one ballot counts."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from cogov.decisions.commands import (
    cast_ballot,
    confirm_rule,
    end_mandate,
    enter_paper_mandate,
    give_mandate,
    give_period_mandate,
    propose_rule,
    settle_paper_mandate,
)
from cogov.decisions.commands.casting import Waiting
from cogov.decisions.models import Ballot, ElectorateHead, ElectorateUnit, ElectorateVoter
from cogov.decisions.queries import ballots_owed, frozen_options, needs, simulations
from cogov.decisions.queries.loading import is_voter
from cogov.decisions.queries.mandates import in_decision, mandates_of, papers_of
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.law import CoOwners
from cogov.decisions.rules.mandates import MandateEnd
from cogov.decisions.rules.ruling import edit_of
from cogov.decisions.rules.shipped import RULES
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.problems.rules.lanes import RuleCode
from cogov.tell.audience.finding import audience
from cogov.tell.levels import Why
from cogov.tell.notices import groups, spread_all
from tests.cast import HERE
from tests.databases import both
from tests.decisions.conftest import Vote, option, turnout
from tests.decisions.secrets import election
from tests.storms import at_once


def refused(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.refusal.code


def photograph() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return out.getvalue()


def ballots(decision: Any) -> list[Ballot]:
    session().rollback()
    query = select(Ballot).where(Ballot.decision_id == decision.id).order_by(Ballot.ordinal)
    return list(session().scalars(query, execution_options={"populate_existing": True}))


def head_of(decision: Any, unit_id: int) -> int:
    query = select(ElectorateUnit.head_id).where(
        ElectorateUnit.decision_id == decision.id, ElectorateUnit.unit_id == unit_id
    )
    found = session().scalar(query)
    assert found is not None
    return found


@both
def test_a_proxy_casts_and_whoever_has_the_vote_replaces_it_and_ends_the_mandate(vote: Vote) -> None:
    cast, decision = vote.cast, vote.opened()
    agree, disagree = option(decision, 1), option(decision, 2)
    mandate = give_mandate(cast.landlord, decision.id, proxy="化名TENANT")  # upper and lower case are one name
    assert [need.kind for need in needs(cast.tenant)] == ["vote"]
    assert not is_voter(cast.tenant, decision.id)  # who carries a vote gets no roll, and objects to nothing

    first = cast_ballot(cast.tenant, decision.id, option_id=agree)
    assert (first.channel, first.mandate_id, first.ordinal) == (Channel.PROXY, mandate.id, 1)
    assert cast_ballot(cast.tenant, decision.id, option_id=disagree).changes == 1
    assert turnout(decision) == (1, 8_100 + 8_200)
    own = cast_ballot(cast.landlord, decision.id, option_id=agree)

    assert (own.channel, own.mandate_id, own.changes, own.ordinal) == (Channel.WEB, None, 2, 1)
    session().refresh(mandate)
    assert (mandate.ended, mandate.ended_by) == (MandateEnd.VOTED, cast.landlord.person_id)
    assert refused(cast_ballot, cast.tenant, decision.id, option_id=disagree) == "mandate_over"
    assert [(b.person_id, b.marks) for b in ballots(decision)] == [(cast.landlord.person_id, "1:1")]
    assert turnout(decision) == (1, 8_100 + 8_200)
    assert vote.closed(decision).verdict == "no_quorum"


def test_a_mandate_taken_back_or_laid_down_lets_the_ballot_stand_until_its_owner_changes_it(vote: Vote) -> None:
    cast, decision = vote.cast, vote.opened()
    agree, disagree = option(decision, 1), option(decision, 2)
    mandate = give_mandate(cast.neighbour, decision.id, proxy="化名outsider")
    assert refused(end_mandate, cast.tenant, mandate.id) == "not_your_mandate"
    cast_ballot(cast.outsider, decision.id, option_id=agree)
    assert end_mandate(cast.neighbour, mandate.id).ended is MandateEnd.REVOKED
    assert refused(end_mandate, cast.neighbour, mandate.id) == "mandate_ended"
    assert refused(cast_ballot, cast.outsider, decision.id, option_id=disagree) == "mandate_over"
    assert refused(give_mandate, cast.neighbour, decision.id, proxy="化名tenant") == "cast_already"
    assert ballots(decision)[0].marks == "1:1"
    assert cast_ballot(cast.neighbour, decision.id, option_id=disagree).marks == "2:1"

    laid = give_mandate(cast.landlord, decision.id, proxy="化名outsider")
    assert end_mandate(cast.outsider, laid.id).ended is MandateEnd.LAID_DOWN
    assert cast_ballot(cast.landlord, decision.id, option_id=agree).channel is Channel.WEB


def test_neither_a_chain_nor_a_circle_nor_the_people_of_those_who_ask_carry_votes(vote: Vote) -> None:
    cast, decision = vote.cast, vote.opened()

    def give(by: Any, proxy: str) -> str:
        return refused(give_mandate, by, decision.id, proxy=proxy)

    assert give(cast.landlord, "没有这个人") == "proxy_unknown"
    assert give(cast.landlord, "化名landlord") == "own_proxy"
    assert give(cast.owner, "化名co_owner") == "same_head"
    assert give(cast.tenant, "化名outsider") == "not_in_electorate"
    assert give(cast.landlord, "化名moderator") == "proxy_barred"  # the committee announced the vote
    assert give(cast.landlord, "化名called_official") == "proxy_barred"  # the property firm's
    give_mandate(cast.owner, decision.id, proxy="化名landlord")
    assert give(cast.landlord, "化名owner") == "carries_others"
    assert give(cast.neighbour, "化名owner") == "proxy_chain"
    assert give(cast.owner, "化名tenant") == "mandate_given"
    assert give(cast.co_owner, "化名tenant") == "mandate_given"  # one head, one proxy
    vote.clock.move_to(decision.closes_at)
    assert give(cast.neighbour, "化名tenant") == "mandate_late"
    assert refused(cast_ballot, cast.landlord, decision.id, option_id=option(decision, 1)) == "voting_closed"


def test_in_a_secret_vote_everybody_casts_themselves(poll: Vote) -> None:
    held = election(poll)
    assert refused(give_mandate, poll.cast.owner, held.decision.id, proxy="化名outsider") == "secret_in_person"
    assert in_decision(poll.cast.owner, held.decision.id).why_not is not None


@both
def test_a_mandate_for_a_time_holds_in_the_votes_announced_meanwhile_until_its_day(vote: Vote) -> None:
    cast = vote.cast
    until = datetime.now(UTC) + timedelta(days=18)
    mandate = give_period_mandate(cast.landlord, HERE, proxy="化名tenant", until=until)
    assert refused(give_period_mandate, cast.landlord, HERE, proxy="化名outsider", until=until) == "mandate_given"
    assert refused(give_period_mandate, cast.tenant, HERE, proxy="化名landlord", until=until) == "carries_others"
    assert refused(give_period_mandate, cast.owner, HERE, proxy="化名landlord", until=until) == "proxy_chain"
    assert [each.heads_by_proxy for each in simulations(vote.move())] == [1]
    assert refused(give_period_mandate, cast.outsider, HERE, proxy="化名owner", until=until) == "no_vote_here"
    decision = vote.opened()
    agree = option(decision, 1)
    assert refused(give_mandate, cast.landlord, decision.id, proxy="化名outsider") == "mandate_given"
    assert cast_ballot(cast.tenant, decision.id, option_id=agree).mandate_id == mandate.id
    vote.clock.move_to(until)
    assert refused(cast_ballot, cast.tenant, decision.id, option_id=agree) == "mandate_expired"
    assert cast_ballot(cast.landlord, decision.id, option_id=agree).channel is Channel.WEB
    session().refresh(mandate)
    assert mandate.ended is None  # it was for more than this vote
    vote.closed(decision)
    assert vote.opened(question="再问一次要不要建").heads_total == 20
    carried = select(func.count()).where(ElectorateVoter.mandate_id.is_not(None))
    assert session().scalar(carried) == 0  # the day is over


def test_a_paper_gives_an_owner_without_an_account_a_proxy_once_a_second_person_agrees(
    vote: Vote, tmp_path: Path
) -> None:
    cast, decision = vote.cast, vote.opened()
    head = head_of(decision, cast.unit_ids[7])  # an owner whom nobody has verified
    told: dict[str, Any] = {"head_id": head, "proxy": "139 0000 0005", "picture": photograph(), "folder": tmp_path}
    assert refused(enter_paper_mandate, cast.neighbour, decision.id, **told) == "not_who_keeps_papers"
    mandate = enter_paper_mandate(cast.moderator, decision.id, **told)
    assert mandate.proxy_id == cast.neighbour.person_id
    assert refused(enter_paper_mandate, cast.moderator, decision.id, **told) == "mandate_given"
    before = in_decision(cast.neighbour, decision.id)
    assert [each.holds for each in mandates_of(cast.neighbour)] == [False]
    assert before.received == ()
    assert refused(settle_paper_mandate, cast.moderator, mandate.id, agrees=True) == "second_person"
    assert [each.entered_by_me for each in papers_of(cast.moderator, decision)] == [True]
    assert papers_of(cast.neighbour, decision) == []

    settle_paper_mandate(cast.chair, mandate.id, agrees=True)
    ballot = cast_ballot(cast.neighbour, decision.id, option_id=option(decision, 1), head_id=head)

    assert (ballot.channel, ballot.mandate_id) == (Channel.PROXY, mandate.id)
    assert [each.i_carry for each in in_decision(cast.neighbour, decision.id).received] == [True]
    assert end_mandate(cast.chair, mandate.id).ended is MandateEnd.REVOKED  # taken back at the office
    again = enter_paper_mandate(cast.chair, decision.id, **told | {"head_id": head_of(decision, cast.unit_ids[8])})
    assert settle_paper_mandate(cast.owners_committee, again.id, agrees=False).ended is MandateEnd.DECLINED


@pytest.mark.storm
@both
def test_of_a_proxy_and_their_principal_at_once_the_principal_is_counted_once(app: Any, vote: Vote) -> None:
    cast, decision = vote.cast, vote.opened()
    agree, disagree = option(decision, 1), option(decision, 2)
    give_mandate(cast.landlord, decision.id, proxy="化名tenant")
    acts = (
        lambda: cast_ballot(cast.tenant, decision.id, option_id=disagree),
        lambda: cast_ballot(cast.landlord, decision.id, option_id=agree),
    )

    results = at_once(app, 20, lambda index: acts[index % 2]())

    for result in results:
        if isinstance(result, Exception):
            assert isinstance(result, Refused), result
            assert result.refusal.code in ("mandate_over", "cast_by_other")
    [kept] = ballots(decision)
    assert (kept.person_id, kept.marks, kept.channel, kept.mandate_id) == (
        cast.landlord.person_id,
        "1:1",
        Channel.WEB,
        None,
    )
    assert turnout(decision) == (1, 8_100 + 8_200)
    assert sum(isinstance(result, Exception) for result in results[1::2]) == 0  # the principal is never refused


@pytest.mark.storm
@both
def test_of_two_mandates_crosswise_at_once_one_is_given(app: Any, vote: Vote) -> None:
    cast, decision = vote.cast, vote.opened()
    pairs = ((cast.landlord, "化名neighbour"), (cast.neighbour, "化名landlord"))
    results = at_once(app, 6, lambda index: give_mandate(pairs[index % 2][0], decision.id, proxy=pairs[index % 2][1]))
    given = [result for result in results if not isinstance(result, Exception)]
    assert len(given) == 1
    codes = {result.refusal.code for result in results if isinstance(result, Refused)}
    assert codes <= {"mandate_given", "carries_others", "proxy_circle", "proxy_chain"}
    assert all(isinstance(result, Refused) for result in results if isinstance(result, Exception))


# Co-owners ------------------------------------------------------------------------------------------------------------


def asks_all(vote: Vote) -> None:
    """Let the place ask all co-owners of a unit for its one ballot."""
    for code in (RuleCode.R1, RuleCode.R2):
        edit = replace(edit_of(RULES[code]), co_owners=CoOwners.JOINT)
        version = propose_rule(vote.cast.street_office, HERE, code, edit, reason="议事规则写明共有人要一致")
        confirm_rule(vote.cast.administrator, version.id)


@pytest.fixture
def joint(vote: Vote) -> Vote:
    asks_all(vote)
    return vote


@both
def test_where_the_rule_asks_all_co_owners_their_ballot_counts_once_it_is_marked_alike(joint: Vote) -> None:
    [simulated] = simulations(joint.move())
    assert (simulated.joint_heads, simulated.joint_heads_incomplete) == (1, 0)
    cast, decision = joint.cast, joint.opened()
    agree, disagree = option(decision, 1), option(decision, 2)
    assert refused(cast_ballot, cast.tenant, decision.id, option_id=agree) == "not_in_electorate"
    first = cast_ballot(cast.owner, decision.id, option_id=agree)
    assert isinstance(first, Waiting)
    assert first.missing == 1
    assert turnout(decision) == (0, 0)  # pending is not voted
    assert ballots_owed(cast.owner, decision.id) == 0
    assert ballots_owed(cast.co_owner, decision.id) == 1
    other = cast_ballot(cast.co_owner, decision.id, option_id=disagree)
    assert isinstance(other, Waiting)
    assert other.missing == 0
    assert ballots(decision) == []

    both_agree = cast_ballot(cast.co_owner, decision.id, option_id=agree)

    assert (both_agree.ordinal, both_agree.marks, turnout(decision)) == (1, "1:1", (1, 8_000))
    # A change needs both again; until then what both agreed to stands.
    assert isinstance(cast_ballot(cast.owner, decision.id, option_id=disagree), Waiting)
    assert [ballot.marks for ballot in ballots(decision)] == ["1:1"]
    changed = cast_ballot(cast.co_owner, decision.id, option_id=disagree)
    assert (changed.marks, changed.changes, turnout(decision)) == ("2:1", 1, (1, 8_000))
    assert cast_ballot(cast.neighbour, decision.id, option_id=agree).ordinal == 2  # who owns alone casts alone
    assert frozen_seats(decision) == {cast.unit_ids[0]: 2}
    joint.closed(decision)
    assert [o.heads for o in frozen_options(decision.id)] == [1, 1, 0]


def test_a_co_owner_may_sign_for_the_other_and_a_stranger_for_both(joint: Vote) -> None:
    cast, decision = joint.cast, joint.opened()
    agree, disagree = option(decision, 1), option(decision, 2)
    given = give_mandate(cast.owner, decision.id, proxy="化名co_owner")
    done = cast_ballot(cast.co_owner, decision.id, option_id=agree)
    assert (done.ordinal, done.marks) == (1, "1:1")
    own = cast_ballot(cast.owner, decision.id, option_id=disagree)  # their own signature ends the mandate
    assert isinstance(own, Waiting)
    session().refresh(given)
    assert given.ended is MandateEnd.VOTED
    assert isinstance(cast_ballot(cast.co_owner, decision.id, option_id=agree), Waiting)

    joint.closed(decision)
    again = joint.opened(question="再问一次要不要建")
    one = give_mandate(cast.owner, again.id, proxy="化名tenant")
    give_mandate(cast.co_owner, again.id, proxy="化名tenant")
    end_mandate(cast.owner, one.id)  # the other's mandate goes on
    waits = cast_ballot(cast.tenant, again.id, option_id=option(again, 1))
    assert isinstance(waits, Waiting)
    assert waits.missing == 1
    assert cast_ballot(cast.owner, again.id, option_id=option(again, 1)).ordinal == 1


@pytest.mark.storm
@both
def test_of_co_owners_signing_at_once_their_ballot_is_cast_once(app: Any, joint: Vote) -> None:
    cast, decision = joint.cast, joint.opened()
    people, agree = (cast.owner, cast.co_owner), option(decision, 1)
    results = at_once(app, 12, lambda index: cast_ballot(people[index % 2], decision.id, option_id=agree))
    assert [result for result in results if isinstance(result, Exception)] == []
    [kept] = ballots(decision)
    assert (kept.marks, kept.changes, turnout(decision)) == ("1:1", 0, (1, 8_000))


def frozen_seats(decision: Any) -> dict[int, int]:
    """Return the units of heads with more seats than one."""
    query = (
        select(ElectorateUnit.unit_id, ElectorateHead.seats)
        .join(ElectorateHead, ElectorateUnit.head_id == ElectorateHead.id)
        .where(ElectorateHead.decision_id == decision.id, ElectorateHead.seats > 1)
    )
    return dict(session().execute(query).all())


def told_of(kind: str) -> dict[int, Why]:
    entry = session().scalars(select(JournalEntry).where(JournalEntry.kind == kind)).one()
    return audience(entry)


@both
def test_whoever_has_a_paper_in_their_name_is_told_and_the_proxy_too(vote: Vote, tmp_path: Path) -> None:
    cast, decision = vote.cast, vote.opened()
    head = head_of(decision, cast.unit_ids[0])
    paper = enter_paper_mandate(
        cast.moderator, decision.id, head_id=head, proxy="化名neighbour", picture=photograph(), folder=tmp_path
    )
    assert told_of("MandateEntered") == dict.fromkeys((cast.owner.person_id, cast.co_owner.person_id), Why.MANDATE)
    assert [need.kind for need in needs(cast.chair) if need.kind == "mandate"] == ["mandate"]
    assert [need.kind for need in needs(cast.moderator) if need.kind == "mandate"] == []  # who entered it does not
    settle_paper_mandate(cast.chair, paper.id, agrees=True)
    assert set(told_of("MandateConfirmed")) == {
        cast.owner.person_id,
        cast.co_owner.person_id,
        cast.neighbour.person_id,
    }
    assert [need.kind for need in needs(cast.chair) if need.kind == "mandate"] == []
    spread_all()
    [group] = [each for each in groups(cast.neighbour) if each.pressing or each.unread]
    assert group.topic == vote.problem.id


def test_a_proxy_is_told_of_a_mandate_for_a_time_and_led_to_their_own_page(vote: Vote, client_of: Any) -> None:
    cast = vote.cast
    give_period_mandate(cast.landlord, HERE, proxy="化名tenant", until=datetime.now(UTC) + timedelta(days=60))
    assert told_of("MandateGiven") == {cast.tenant.person_id: Why.MANDATE}
    spread_all()
    tenant = client_of("tenant")
    text = tenant.get("/notifications").get_data(as_text=True)
    assert "把自己的票委托给了一位代理人" in text
    assert "因为和您的投票委托有关" in text
    assert tenant.get(f"/notifications/{groups(cast.tenant)[0].last_id}").location == "/mandates"
