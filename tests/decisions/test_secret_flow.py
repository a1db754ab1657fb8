"""A secret vote from its notice to the opened box: tokens, changes of mind, holders, and what each is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from cogov.decisions.commands import cast_ballot, close_decision
from cogov.decisions.commands.secret_box import agree_to_open, give_up_boxes, open_box, take_box_code
from cogov.decisions.commands.secret_voting import drop_ballot, issue_token, vote_for
from cogov.decisions.models import BoxBallot, Closing, OpenedBallot, RollMark, SecretVote
from cogov.decisions.queries import ballots_owed, counted, frozen_options, needs, shown_decision
from cogov.decisions.queries.bulletin import public_bundle, public_hash
from cogov.decisions.queries.secrets import box_list, box_of, opened_ballots
from cogov.decisions.rules.bulletin import short_code
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.secrets.codes import new_code, short
from cogov.decisions.rules.stages import DecisionState, Verdict
from cogov.ground.db import found, session
from cogov.ground.refusals import Refused
from cogov.journal.models import JournalEntry
from cogov.loop import fall_due
from cogov.people.rules import CLOCK, Actor
from tests.databases import both
from tests.decisions.conftest import option
from tests.decisions.secrets import HOLDERS, Election, election, notice
from tools.recount import recount

NOBODY = Actor(None)
VOTERS = ("owner", "tenant", "neighbour")


def refused(act, *args, **more) -> str:
    with pytest.raises(Refused) as error:
        act(*args, **more)
    return error.value.refusal.code


def rows(model, held: Election) -> list[Any]:
    session().rollback()
    return list(session().scalars(select(model).where(model.decision_id == held.decision.id)))


def counts(held: Election) -> list[int]:
    return [count.heads for count in counted(held.decision.id, frozen_options(held.decision.id))]


@both
def test_a_secret_vote_is_cast_opened_by_two_and_counted(app, poll):
    held = election(poll)
    slips = [
        held.cast(getattr(poll.cast, name), marks) for name, marks in zip(VOTERS, ("1:1", "1:1", "2:1"), strict=True)
    ]
    held.close()
    decision = held.open()

    assert decision.state is DecisionState.CLOSED
    assert counts(held) == [2, 1, 0]
    [closing] = rows(Closing, held)
    assert closing.verdict is Verdict.PASSED
    assert opened_ballots(decision.id) == [("", "1:1"), ("", "1:1"), ("", "2:1")]
    assert box_list(decision.id) == sorted(short(bytes.fromhex(slip.key)) for slip in slips)
    assert {ballot.sealed for ballot in rows(BoxBallot, held)} == {""}
    [vote] = rows(SecretVote, held)
    assert (vote.sealed_key, vote.spoiled) == ("", 0)
    kinds = session().scalars(select(JournalEntry.kind).order_by(JournalEntry.number.desc()).limit(5))
    assert {"BoxOpened", "BulletinPinned", "DecisionClosed", "ResolutionPassed"} <= set(kinds)
    assert found(shown_decision(poll.cast.owner, decision.id).result).turnout.heads == 3


@pytest.mark.parametrize("secrecy", [Secrecy.SECRET, Secrecy.CHECKABLE])
def test_everybody_recounts_a_secret_vote_and_finds_their_receipt_and_no_name_or_weight(app, poll, secrecy):
    held = election(poll, secrecy)
    slips = [
        held.cast(getattr(poll.cast, name), marks) for name, marks in zip(VOTERS, ("1:1", "1:1", "2:1"), strict=True)
    ]
    assert refused(public_bundle, NOBODY, held.decision.id) == "not_counted_yet"
    held.close()
    assert refused(public_bundle, NOBODY, held.decision.id) == "not_counted_yet"
    held.open()
    bundle = json.loads(public_bundle(NOBODY, held.decision.id))

    assert (bundle["turnout"], bundle["tokens"], bundle["spoiled"]) == ({"area": 0, "heads": 3}, 3, 0)
    assert (bundle["electorate"]["heads"], bundle["electorate"]["area"]) == (held.decision.heads_total, 0)
    assert bundle["bulletin"]["leaves"] == sorted(slip.key for slip in slips)
    assert [entry["kind"] for entry in bundle["journal"]][-3:] == ["BoxOpened", "BulletinPinned", "DecisionClosed"]
    code = short_code(bundle["bulletin"]["heads"][0]["root"])
    words: list[str] = []
    for slip in slips:
        told = public_bundle(NOBODY, held.decision.id).encode()
        asked = {"code": code, "leaf": short(bytes.fromhex(slip.key)), "whole": public_hash(held.decision)}
        assert recount(told, tell=words.append, **asked) == 0, words
        assert (slip.tracker in told.decode()) is (secrecy is Secrecy.CHECKABLE)
    assert recount(told, leaf="2222-2222-22", tell=words.append) == 1


def test_what_stands_in_the_place_of_a_tracker_is_not_published(app, poll):
    """A browser that was tampered with could write anything there: a name, or what no database can keep."""
    held = election(poll, Secrecy.CHECKABLE)
    held.cast(poll.cast.owner, "1:1")
    slip = held.token(poll.cast.tenant)
    slip.tracker = "王家\0"
    held.drop(slip, "1:1")
    held.close()
    held.open()
    assert (counts(held), [vote.spoiled for vote in rows(SecretVote, held)]) == ([1, 0, 0], [1])


@pytest.mark.parametrize("secrecy", [Secrecy.SECRET, Secrecy.CHECKABLE])
def test_with_the_code_a_ballot_is_changed_from_any_device_and_the_last_one_counts(app, poll, secrecy):
    held = election(poll, secrecy)
    slip = held.cast(poll.cast.owner, "1:1")
    held.cast(poll.cast.tenant, "3:1")
    again = held.token(poll.cast.owner, code=slip.code)
    assert again == slip
    held.drop(again, "2:1")
    held.close()
    held.open(first="owners_committee", second="volunteer")

    assert counts(held) == [0, 1, 1]
    published = opened_ballots(held.decision.id)
    if secrecy is Secrecy.CHECKABLE:
        assert dict(published)[slip.tracker] == "2:1"
    else:
        assert {tracker for tracker, _ in published} == {""}
    assert len(rows(RollMark, held)) == len(rows(BoxBallot, held)) == 2


def test_without_its_code_no_second_token_is_given_out_and_what_was_cast_counts(app, poll):
    held = election(poll)
    held.cast(poll.cast.owner, "1:1")
    assert refused(held.token, poll.cast.owner) == "token_given"
    assert refused(held.token, poll.cast.resident) == "cast_by_other"
    held.close()
    held.open()
    assert counts(held) == [1, 0, 0]


def test_a_browser_without_script_votes_through_the_server_with_the_same_code(app, poll):
    held = election(poll)
    code = new_code()
    key = vote_for(poll.cast.owner, held.decision.id, code=code, marks="1:1")
    assert vote_for(poll.cast.owner, held.decision.id, code=code.lower(), marks="2:1") == key
    assert held.token(poll.cast.owner, code=code).key == key
    assert refused(vote_for, poll.cast.owner, held.decision.id, code="1234", marks="1:1") == "code_unreadable"
    assert refused(vote_for, poll.cast.tenant, held.decision.id, code=new_code(), marks="9:1") == "option_unknown"
    assert [mark.person_id for mark in rows(RollMark, held)] == [poll.cast.owner.person_id]
    held.close()
    held.open()
    assert counts(held) == [0, 1, 0]


def test_the_box_takes_nothing_without_a_token_of_this_vote(app, poll):
    held = election(poll)
    slip = held.token(poll.cast.owner)
    sealed = held.sealed(slip, "1:1")
    forged = bytes(len(slip.signature))
    assert (
        refused(drop_ballot, held.decision.id, token=slip.prepared, signature=forged, sealed=sealed) == "token_unknown"
    )
    other = slip.prepared[:-1] + bytes([slip.prepared[-1] ^ 1])
    assert (
        refused(drop_ballot, held.decision.id, token=other, signature=slip.signature, sealed=sealed) == "token_unknown"
    )
    short_one = {"token": slip.prepared, "signature": slip.signature, "sealed": sealed[:-1]}
    assert refused(drop_ballot, held.decision.id, **short_one) == "token_unreadable"
    assert refused(issue_token, poll.cast.tenant, held.decision.id, blinded=b"\0" * 256) == "token_unreadable"
    assert rows(BoxBallot, held) == []
    assert refused(issue_token, poll.cast.landlord, held.decision.id, blinded=b"\1" * 256) == "not_in_electorate"


def test_a_secret_vote_takes_no_ballot_with_a_name(app, poll):
    held = election(poll)
    chosen = option(held.decision, 1)
    assert refused(cast_ballot, poll.cast.owner, held.decision.id, option_id=chosen) == "vote_is_secret"


def test_after_the_hour_no_token_and_no_ballot_is_taken(app, poll):
    held = election(poll)
    slip = held.token(poll.cast.owner)
    held.vote.clock.move_to(held.decision.closes_at)
    assert refused(held.drop, slip, "1:1") == "voting_closed"
    assert refused(held.token, poll.cast.tenant) == "voting_closed"


def test_tokens_are_given_out_once_two_holders_have_their_codes(app, poll):
    held = election(poll, takers=("volunteer",))
    assert refused(held.token, poll.cast.owner) == "box_not_ready"
    held.codes["owners_committee"] = take_box_code(poll.cast.owners_committee, held.decision.id)
    held.cast(poll.cast.owner, "1:1")
    assert refused(take_box_code, poll.cast.party_member, held.decision.id) == "too_late_for_code"
    assert refused(take_box_code, poll.cast.volunteer, held.decision.id) == "code_taken"
    assert refused(take_box_code, poll.cast.owner, held.decision.id) == "not_a_holder"
    held.close()
    assert refused(agree_to_open, poll.cast.party_member, held.decision.id, code=new_code()) == "holder_without_code"
    held.open(first="owners_committee", second="volunteer")
    assert counts(held) == [1, 0, 0]


@both
def test_a_box_opens_for_two_holders_each_with_account_and_code_and_for_nobody_else(app, poll):
    held = election(poll)
    held.cast(poll.cast.owner, "1:1")
    decision, codes = held.decision, held.codes
    first, second = poll.cast.volunteer, poll.cast.party_member
    both_codes = {"code": codes["volunteer"], "other_code": codes["party_member"]}
    assert refused(open_box, first, decision.id, **both_codes) == "too_early_to_open"
    held.close()
    assert refused(close_decision, CLOCK, decision.id) == "box_not_open"
    assert refused(open_box, first, decision.id, **both_codes) == "second_holder_missing"
    assert refused(agree_to_open, second, decision.id, code=codes["volunteer"]) == "wrong_code"
    assert refused(agree_to_open, poll.cast.moderator, decision.id, code=codes["volunteer"]) == "not_a_holder"
    agree_to_open(second, decision.id, code=codes["party_member"])
    own_twice = {"code": codes["volunteer"], "other_code": codes["volunteer"]}
    assert refused(open_box, first, decision.id, **own_twice) == "wrong_code"
    assert refused(open_box, second, decision.id, code=codes["party_member"], other_code=new_code()) == (
        "second_holder_missing"
    )
    poll.clock.shift(timedelta(hours=2, minutes=1))
    assert refused(open_box, first, decision.id, **both_codes) == "second_holder_missing"
    agree_to_open(second, decision.id, code=codes["party_member"])
    assert rows(OpenedBallot, held) == []
    open_box(first, decision.id, **both_codes)
    assert counts(held) == [1, 0, 0]
    assert refused(open_box, first, decision.id, **both_codes) == "box_open"


def test_a_box_that_nobody_opens_in_time_decides_nothing_and_says_so(app, poll):
    held = election(poll)
    held.cast(poll.cast.owner, "1:1")
    held.close()
    fall_due()
    assert (give_up_boxes(), rows(Closing, held)) == (0, [])
    [vote] = rows(SecretVote, held)
    poll.clock.move_to(vote.open_until)
    assert refused(agree_to_open, poll.cast.volunteer, held.decision.id, code=held.codes["volunteer"]) == (
        "too_late_to_open"
    )
    assert (give_up_boxes(), give_up_boxes()) == (1, 0)
    [closing] = rows(Closing, held)
    assert closing.verdict is Verdict.NOT_OPENED
    assert "重新表决" in closing.outcome
    assert counts(held) == [0, 0, 0]
    assert refused(held.open) == "box_given_up"
    assert refused(public_bundle, NOBODY, held.decision.id) == "box_not_opened"


def test_a_box_with_more_ballots_than_tokens_is_not_opened(app, poll):
    held = election(poll)
    slip = held.cast(poll.cast.owner, "1:1")
    session().add(
        BoxBallot(decision_id=held.decision.id, key="0" * 64, token="00", signature=slip.signature.hex(), sealed="00")
    )
    session().commit()
    held.close()
    assert refused(held.open) == "box_overfull"
    assert rows(OpenedBallot, held) == []


def test_what_is_no_ballot_is_counted_as_spoiled_and_as_nobodys_vote(app, poll):
    held = election(poll)
    held.cast(poll.cast.owner, "1:1")
    held.cast(poll.cast.tenant, "7:1")
    slip = held.token(poll.cast.neighbour)
    rubbish = b"\0" * len(held.sealed(slip, "1:1"))
    drop_ballot(held.decision.id, token=slip.prepared, signature=slip.signature, sealed=rubbish)
    held.close()
    held.open()
    assert counts(held) == [1, 0, 0]
    assert [vote.spoiled for vote in rows(SecretVote, held)] == [2]


@pytest.mark.parametrize(
    ("holders", "code"),
    [
        (("volunteer", "party_member"), "three_holders"),
        (("volunteer", "volunteer", "party_member"), "three_holders"),
        (("volunteer", "party_member", "moderator"), "holder_publishes"),
        (("chair", "grid_worker", "moderator"), "holder_publishes"),
        (("volunteer", "party_member", "foreign_moderator"), "holder_unknown"),
    ],
)
def test_three_different_people_hold_the_box_and_not_the_one_who_publishes(app, poll, holders, code):
    assert refused(notice, poll, holders=holders) == code


def test_a_vote_that_counts_area_is_not_secret(app, vote):
    assert refused(notice, vote) == "not_secret_by_rule"


def test_who_has_a_token_is_not_asked_to_vote_again_and_turnout_comes_in_tens(app, poll):
    held = election(poll)
    assert ballots_owed(poll.cast.owner, held.decision.id) == 1
    held.token(poll.cast.owner)
    assert ballots_owed(poll.cast.owner, held.decision.id) == 0
    [mine] = shown_decision(poll.cast.owner, held.decision.id).mine
    assert (mine.has_token, mine.receipt, mine.cast_at) == (True, "", None)
    assert shown_decision(poll.cast.tenant, held.decision.id).mine[0].has_token is False


def test_neither_roll_nor_box_leaves_an_entry_or_a_time(app, poll):
    held = election(poll)
    before = session().scalar(select(func.count()).select_from(JournalEntry))
    held.cast(poll.cast.owner, "1:1")
    vote_for(poll.cast.tenant, held.decision.id, code=new_code(), marks="2:1")
    assert session().scalar(select(func.count()).select_from(JournalEntry)) == before
    for model in (RollMark, BoxBallot, OpenedBallot):
        columns = model.__table__.columns
        assert not [column.name for column in columns if column.name == "id" or "DATE" in str(column.type).upper()]


def test_everybody_sees_who_holds_the_box_and_whether_they_are_ready(app, poll):
    decision = notice(poll)
    take_box_code(poll.cast.volunteer, decision.id)
    box = found(box_of(poll.cast.volunteer, decision))
    assert [holder.ready for holder in box.holders] == [True, False, False]
    assert [holder.mine for holder in box.holders] == [True, False, False]
    assert all(holder.organization for holder in box.holders)
    assert len(HOLDERS) == len(box.holders)


def test_holders_are_told_what_waits_for_them(app, poll):
    def waiting() -> list[str]:
        return [need.kind for need in needs(poll.cast.volunteer) if need.kind == "holding"]

    decision = notice(poll)
    assert waiting() == ["holding"]
    take_box_code(poll.cast.volunteer, decision.id)
    assert waiting() == []
    poll.clock.move_to(decision.closes_at)
    assert waiting() == ["holding"]
    poll.clock.move_to(decision.closes_at + timedelta(days=7))
    assert waiting() == []


def test_a_changed_secret_of_the_server_stops_tokens_with_a_sentence_and_loses_no_ballot(app, poll, monkeypatch):
    held = election(poll)
    slip = held.token(poll.cast.owner)
    monkeypatch.setitem(app.config, "SECRET_KEY", "another")
    assert refused(held.token, poll.cast.tenant) == "key_locked"
    held.drop(slip, "1:1")
    held.close()
    held.open()
    assert counts(held) == [1, 0, 0]
