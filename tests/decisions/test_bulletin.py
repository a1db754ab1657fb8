"""The bulletin of a vote while it runs and after it: batches, proofs, bundles, and who took the full one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from cogov.decisions.commands import cast_ballot, close_decision, give_mandate, open_decision, pin_up, take_full_bundle
from cogov.decisions.models import (
    Ballot,
    BulletinHead,
    BulletinLeaf,
    Decision,
    ElectorateHead,
    ElectorateVoter,
    ProxyMandate,
)
from cogov.decisions.queries.bulletin import batches_due, bulletin_of, proof_of, public_bundle, public_hash, takings_of
from cogov.decisions.queries.mandates import mandates_of
from cogov.decisions.rules.bulletin import head_by, root, sealed_ballot, short_code
from cogov.decisions.rules.channels import Channel
from cogov.ground.db import session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.people.commands import agree, join
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK, Actor
from cogov.problems.rules.lanes import RuleCode
from tests.databases import both
from tests.decisions.conftest import Vote, option
from tools.recount import recount

NOBODY = Actor(None)


def refused(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.refusal.code


def voters_of(decision: Decision) -> list[Actor]:
    """Give every head of an electorate one more person who may cast for it, and return them in the heads' order."""
    heads = session().scalars(
        select(ElectorateHead.id).where(ElectorateHead.decision_id == decision.id).order_by(ElectorateHead.id)
    )
    actors = []
    for at, head_id in enumerate(list(heads)):
        person = join(CLOCK, pseudonym=f"邻居{at}", phone=f"138{at:08d}").id
        agree(Actor(person))
        session().add(ElectorateVoter(decision_id=decision.id, head_id=head_id, person_id=person))
        session().commit()
        actors.append(actor_of(person))
    return actors


def pinned(decision: Decision) -> list[int]:
    query = select(BulletinHead.size).where(BulletinHead.decision_id == decision.id).order_by(BulletinHead.size)
    return list(session().scalars(query))


def pin_batches() -> int:
    """Pin up what is due, as the background does."""
    due = batches_due()
    for decision_id in due:
        pin_up(CLOCK, decision_id)
    return len(due)


def cast(decision: Decision, actors: list[Actor], position: int) -> None:
    for actor in actors:
        cast_ballot(actor, decision.id, option_id=option(decision, position))


def said(text: str, **asked: str) -> tuple[int, str]:
    lines: list[str] = []
    return recount(text.encode(), tell=lines.append, **asked), "\n".join(lines)


@both
def test_ballots_are_pinned_up_in_tens_and_the_rest_with_the_close(vote: Vote) -> None:
    decision = vote.opened()
    actors = voters_of(decision)
    cast(decision, actors[:9], 1)
    assert (pin_batches(), pinned(decision)) == (0, [])

    cast(decision, actors[9:12], 1)
    assert (pin_batches(), pinned(decision)) == (1, [10])
    cast(decision, actors[:1], 2)  # changed after it was pinned up: nothing new is public
    assert (pin_batches(), pinned(decision)) == (0, [10])

    vote.closed(decision)

    assert pinned(decision) == [10, 13]  # twelve ballots, and the one that was replaced stays
    leaves = list(session().scalars(select(BulletinLeaf.leaf).order_by(BulletinLeaf.position)))
    assert leaves[:10] == sorted(leaves[:10])
    assert leaves[10:] == sorted(leaves[10:])
    roots = [
        json.loads(facts)["root"]
        for facts in session().scalars(
            select(JournalEntry.facts).where(JournalEntry.kind == "BulletinPinned").order_by(JournalEntry.number)
        )
    ]
    assert roots == [root(leaves[:10]), root(leaves)]
    bundle = json.loads(public_bundle(NOBODY, decision.id))
    assert (len(bundle["bulletin"]["counted"]), bundle["turnout"]["heads"]) == (12, 12)


@both
def test_a_stranger_checks_the_public_bundle_and_the_circle_recounts_the_full_one(vote: Vote) -> None:
    decision = vote.opened()
    actors = voters_of(decision)
    cast(decision, actors[:16], 1)
    cast(decision, actors[16:19], 2)
    cast(decision, actors[4:5], 3)
    assert refused(public_bundle, NOBODY, decision.id) == "not_counted_yet"
    assert refused(take_full_bundle, vote.cast.moderator, decision.id) == "not_counted_yet"

    closing = vote.closed(decision)

    public = public_bundle(NOBODY, decision.id)
    code, words = said(public, code=short_code(bulletin_of(NOBODY, decision.id)[1].heads[-1].root))
    assert code == 0, words
    assert f"结论 {closing.verdict.value}" in words
    assert said(public, whole=public_hash(decision))[0] == 0

    full = take_full_bundle(vote.cast.moderator, decision.id)
    code, words = said(full)
    assert code == 0, words
    assert "逐张打开 19 张票" in words
    opened = json.loads(full)
    assert sorted(marks for _, _, marks, _ in opened["ballots"]) == ["1:1"] * 15 + ["2:1"] * 3 + ["3:1"]
    nonces = set(session().scalars(select(Ballot.nonce)))
    assert not any(nonce in full for nonce in nonces)


def test_what_is_public_joins_no_ballot_to_its_voter(vote: Vote) -> None:
    """The trap: the log beside published salts. Everything public is tried, with the journal's order known as well."""
    decision = vote.opened()
    actors = voters_of(decision)
    cast(decision, actors[:15], 1)
    pin_batches()
    cast(decision, actors[:3], 2)
    vote.closed(decision)
    bulletin = bulletin_of(NOBODY, decision.id)[1]
    public = json.loads(public_bundle(NOBODY, decision.id))
    words = {str(value) for value in _values(public)}
    journal = {entry.hash for entry in session().scalars(select(JournalEntry))}
    receipts = {ballot.receipt for ballot in session().scalars(select(Ballot))}
    keys = words | journal | receipts | {""}
    heads = list(session().scalars(select(ElectorateHead.key)))
    marks = ("1:1", "2:1", "3:1")
    guesses = {sealed_ballot(bulletin.election, head, each, key) for head in heads for each in marks for key in keys}
    assert guesses.isdisjoint(bulletin.leaves)
    # Nor does the order help: the journal knows when each ballot came, the leaves of a batch lie in another order.
    full = json.loads(take_full_bundle(vote.cast.moderator, decision.id))
    by_leaf = {public["bulletin"]["leaves"][at]: head for at, head, _, _ in full["ballots"]}
    cast_order = list(
        session().scalars(
            select(ElectorateHead.key).join(Ballot, Ballot.head_id == ElectorateHead.id).order_by(Ballot.ordinal)
        )
    )
    assert [by_leaf[leaf] for leaf in bulletin.leaves if leaf in by_leaf] != cast_order
    # With the keys of the full bundle every leaf that counts opens, and still no leaf of a ballot that was replaced.
    opened = {
        sealed_ballot(bulletin.election, head, each, key) for _, head, _, key in full["ballots"] for each in marks
    }
    assert len(set(bulletin.leaves) & opened) == 15
    assert len(bulletin.leaves) == 18


def _values(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [each for item in value.values() for each in _values(item)] + list(value)
    if isinstance(value, list):
        return [each for item in value for each in _values(item)]
    return [value]


def test_a_receipt_proves_that_its_ballot_is_on_the_bulletin(vote: Vote) -> None:
    decision = vote.opened()
    actors = voters_of(decision)
    head = session().scalar(select(ElectorateVoter.head_id).where(ElectorateVoter.person_id == actors[0].person_id))
    assert head is not None
    cast(decision, actors[:10], 1)
    assert proof_of(actors[0], decision.id, head) is None
    pin_batches()

    proof = proof_of(actors[0], decision.id, head)

    assert proof is not None
    assert head_by(proof.leaf, proof.position, proof.size, proof.path) == proof.root
    cast(decision, actors[:1], 2)
    assert proof_of(actors[0], decision.id, head) is None  # another ballot now, pinned up with the close
    vote.closed(decision)
    after = proof_of(actors[0], decision.id, head)
    assert after is not None
    assert after.leaf != proof.leaf
    public = public_bundle(NOBODY, decision.id)
    assert said(public, leaf=after.leaf)[0] == 0
    assert said(public, leaf=proof.leaf)[0] == 1


def test_only_the_circle_takes_the_full_bundle_and_the_electorate_sees_who_did(vote: Vote, poll: Vote) -> None:
    decision = vote.opened()
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    vote.closed(decision)
    for stranger in ("tenant", "auditor", "administrator", "outsider", "official", "foreign_moderator"):
        assert refused(take_full_bundle, getattr(vote.cast, stranger), decision.id) == "not_of_the_circle"
    assert takings_of(vote.cast.owner, decision.id) == []

    for one in ("owners_committee", "street_office", "owner"):
        take_full_bundle(getattr(vote.cast, one), decision.id)

    taken = takings_of(vote.cast.landlord, decision.id)
    assert [row.body for row in taken] == ["", "青川街道办事处", "测试里业委会"]
    assert takings_of(vote.cast.tenant, decision.id) == []
    entries = session().scalars(select(JournalEntry).where(JournalEntry.kind == "FullBundleTaken")).all()
    assert len(entries) == 3


def test_neighbours_asked_for_advice_do_not_see_each_others_choices(poll: Vote) -> None:
    decision = poll.opened()
    cast_ballot(poll.cast.owner, decision.id, option_id=option(decision, 1))
    poll.clock.move_to(decision.closes_at)
    close_decision(CLOCK, decision.id)
    assert refused(take_full_bundle, poll.cast.owner, decision.id) == "not_of_the_circle"
    assert said(take_full_bundle(poll.cast.moderator, decision.id))[0] == 0


def test_an_empty_vote_has_a_bundle_too(poll: Vote) -> None:
    decision = poll.noticed()
    poll.clock.move_to(decision.opens_at)
    open_decision(CLOCK, decision.id)
    poll.closed(decision)
    assert poll.rule is RuleCode.R5
    assert said(public_bundle(NOBODY, decision.id))[0] == 0


@both
def test_what_has_no_account_in_the_database_is_not_a_strangers(vote: Vote) -> None:
    decision = vote.opened()
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    mandate = give_mandate(vote.cast.neighbour, decision.id, proxy="化名outsider")
    head_id = session().scalars(select(Ballot.head_id)).one()
    session().execute(update(Ballot).values(person_id=None, channel=Channel.PAPER))
    on_paper = {"principal_id": None, "head_id": head_id}
    session().execute(update(ProxyMandate).where(ProxyMandate.id == mandate.id).values(on_paper))
    session().commit()
    vote.closed(decision)
    with pytest.raises(NotFound):
        proof_of(NOBODY, decision.id, head_id)
    assert mandates_of(NOBODY) == []
