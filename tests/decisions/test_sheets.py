"""Papers of a secret vote: the slip marks the roll, the torn-off choice halves go into the box after the close."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cogov.decisions.commands.paper import Paper, enter_paper, print_papers
from cogov.decisions.commands.sheets import enter_sheets
from cogov.decisions.models import BoxBallot, Closing, RollMark, SheetReading
from cogov.decisions.queries.bulletin import public_bundle
from cogov.decisions.queries.secrets import opened_ballots, tokens_given
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.methods import BallotForm, DecidingCount, Method
from cogov.decisions.rules.paper import SlipState
from cogov.decisions.rules.sheets import Sheets, alike, sheets_counted, sheets_written
from cogov.ground.db import session
from cogov.ground.refusals import Refusal, Refused
from cogov.people.commands import join
from cogov.people.rules import CLOCK, Actor
from cogov.places.commands import verify_residence
from cogov.places.rules import ResidenceKind
from tests.databases import both
from tests.decisions.conftest import Vote
from tests.decisions.secrets import Election, election
from tests.decisions.test_channels import picture, slip_at
from tools.recount import recount

RANKED = BallotForm(method=Method.RANKED, decider=DecidingCount.SCHULZE)


# What is written down -------------------------------------------------------------------------------------------------


def test_a_count_for_each_option_is_as_many_sheets_and_their_order_says_nothing() -> None:
    sheets = sheets_counted([2, 0, 1], spoiled=1)
    assert sheets.marks == ("1:1", "1:1", "3:1")
    assert sheets.total == 4
    assert sheets.digest(7, b"k") == Sheets(("3:1", "1:1", "1:1"), 1).digest(7, b"k")
    other = Sheets(sheets.marks, 0)
    assert len({*(sheets.digest(at, key) for at, key in ((7, b"k"), (8, b"k"), (7, b"l"))), other.digest(7, b"k")}) == 4


@pytest.mark.parametrize(
    ("form", "text", "marks"),
    [
        (RANKED, "3 1 2\n\n2", ("1:2 2:3 3:1", "2:1")),
        (RANKED, "2、3", ("2:1 3:2",)),
        (BallotForm(method=Method.APPROVAL), "1 3\n3", ("1:1 3:1", "3:1")),
        (BallotForm(method=Method.SCORE), "1:5 3：2", ("1:5 3:2",)),
    ],
)
def test_a_line_is_a_sheet_in_the_words_of_its_method(form: BallotForm, text: str, marks: tuple[str, ...]) -> None:
    assert sheets_written(text, 0, form, 3) == Sheets(marks, 0)


@pytest.mark.parametrize("line", ["4", "1 1", "一", "1:2", "0 1", "1 2 3 4", "99999999999"])
def test_a_line_that_is_no_ballot_is_named_by_its_number(line: str) -> None:
    refused = sheets_written(f"1\n\n{line}", 0, RANKED, 3)
    assert isinstance(refused, Refusal)
    assert refused.code == "sheet_unreadable"
    assert refused.message.params == (("n", 3),)


def test_two_findings_are_needed_and_it_does_not_matter_whose() -> None:
    assert alike(["a"]) is None
    assert alike(["a", "b"]) is None
    assert alike(["a", "b", "a"]) == "a"


# The vote -------------------------------------------------------------------------------------------------------------


def hand_in(held: Election, folder: Path, unit_id: int, signer: Actor | None = None) -> Any:
    """Have the slip of a household entered by two people."""
    cast, slip = held.vote.cast, slip_at(held.decision, unit_id)
    paper = Paper(signed_on=held.decision.opens_at.date(), signer_id=signer.person_id if signer else None)
    enter_paper(cast.moderator, slip.code, paper, picture=picture(), folder=folder)
    enter_paper(cast.grid_worker, slip.code, paper, folder=folder)
    return slip_at(held.decision, unit_id)


def refused(*what: Any, **how: Any) -> str:
    with pytest.raises(Refused) as error:
        what[0](*what[1:], **how)
    return error.value.refusal.code


@pytest.fixture
def held(poll: Vote) -> Election:
    for index, unit_id in enumerate(poll.cast.unit_ids[5:8]):
        person = join(CLOCK, pseudonym=f"住户{index}", phone=f"136{index:08d}")
        verify_residence(CLOCK, unit_id=unit_id, person_id=person.id, kind=ResidenceKind.TENANT)
    held = election(poll, Secrecy.SECRET)
    print_papers(poll.cast.moderator, held.decision.id)
    return held


@both
def test_slips_mark_the_roll_and_sheets_go_into_the_box_as_ballots_like_all_others(
    held: Election, tmp_path: Path
) -> None:
    cast, decision = held.vote.cast, held.decision
    units = cast.unit_ids
    for unit_id in (units[5], units[6], units[7]):
        assert hand_in(held, tmp_path, unit_id).state is SlipState.COUNTED
    assert hand_in(held, tmp_path, units[0], cast.owner).state is SlipState.COUNTED
    assert refused(held.token, cast.owner) == "cast_on_paper"
    held.cast(cast.neighbour, "2:1")
    assert refused(hand_in, held, tmp_path, units[3]) == "slip_rejected"
    assert slip_at(decision, units[3]).fault == "already_cast"
    assert tokens_given(decision.id) == 5

    found = sheets_counted([2, 1, 0], spoiled=1)
    assert refused(enter_sheets, cast.moderator, decision.id, found) == "case_is_sealed"
    held.close()
    assert refused(enter_sheets, cast.owner, decision.id, found) == "not_a_counter"
    assert refused(enter_sheets, cast.moderator, decision.id, sheets_counted([5, 0, 0], 0)) == "more_sheets_than_slips"
    assert refused(held.open) == "sheets_missing"
    assert not enter_sheets(cast.moderator, decision.id, sheets_counted([3, 1, 0], spoiled=0))
    assert not enter_sheets(cast.grid_worker, decision.id, found)
    assert refused(held.open) == "sheets_missing"
    assert {len(row.digest) for row in session().scalars(select(SheetReading))} == {64}
    # The first counts again, and finds the same as the second.
    assert enter_sheets(cast.moderator, decision.id, found)
    assert refused(enter_sheets, cast.chair, decision.id, found) == "sheets_done"
    assert {row.digest for row in session().scalars(select(SheetReading))} == {""}
    assert len({len(row.sealed) for row in session().scalars(select(BoxBallot))}) == 1

    held.open()
    assert [marks for _, marks in opened_ballots(decision.id)] == ["1:1", "1:1", "2:1", "2:1"]
    bundle = public_bundle(Actor(None), decision.id)
    assert (json.loads(bundle)["spoiled"], json.loads(bundle)["tokens"]) == (1, 5)
    assert recount(bundle.encode(), tell=lambda _: None) == 0
    assert session().scalars(select(Closing.verdict)).one()


def test_nothing_joins_a_household_to_a_sheet(held: Election, tmp_path: Path) -> None:
    cast, decision = held.vote.cast, held.decision
    hand_in(held, tmp_path, cast.unit_ids[5])
    hand_in(held, tmp_path, cast.unit_ids[0], cast.owner)
    slip = slip_at(decision, cast.unit_ids[6])
    chosen = Paper(marks="1:1", signed_on=decision.opens_at.date())
    told = {"picture": picture(), "folder": tmp_path}
    assert refused(enter_paper, cast.moderator, slip.code, chosen, **told) == "choice_beside_name"
    held.close()
    for by in (cast.moderator, cast.grid_worker):
        enter_sheets(by, decision.id, sheets_counted([1, 0, 1], 0))
    marks = session().scalars(select(RollMark)).all()
    assert {(mark.blinded, mark.signature) for mark in marks} == {("", "")}
    assert {mark.person_id for mark in marks} == {None, cast.owner.person_id}
    keys = [ballot.key for ballot in session().scalars(select(BoxBallot))]
    assert keys == sorted(keys)


def test_a_vote_without_papers_opens_as_before_and_one_person_never_suffices(held: Election, tmp_path: Path) -> None:
    cast, decision = held.vote.cast, held.decision
    held.cast(cast.neighbour, "2:1")
    held.close()
    assert refused(enter_sheets, cast.moderator, decision.id, sheets_counted([0, 0, 0], 0)) == "no_sheets"
    held.open()
    assert [marks for _, marks in opened_ballots(decision.id)] == ["2:1"]


def test_a_slip_that_waits_for_its_second_reader_is_waited_for_a_day(held: Election, tmp_path: Path) -> None:
    cast, decision = held.vote.cast, held.decision
    hand_in(held, tmp_path, cast.unit_ids[5])
    slip = slip_at(decision, cast.unit_ids[6])
    paper = Paper(signed_on=decision.opens_at.date())
    enter_paper(cast.moderator, slip.code, paper, picture=picture(), folder=tmp_path)
    held.close()
    assert refused(enter_sheets, cast.chair, decision.id, sheets_counted([1, 0, 0], 0)) == "papers_waiting"
    held.vote.clock.shift(timedelta(hours=24))
    assert not enter_sheets(cast.chair, decision.id, sheets_counted([1, 0, 0], 0))
    assert refused(enter_paper, cast.grid_worker, slip.code, paper, folder=tmp_path) == "voting_closed"


def test_the_pages_print_two_halves_and_take_what_two_found(held: Election, tmp_path: Path, client_of: Any) -> None:
    cast, decision = held.vote.cast, held.decision
    url, moderator = f"/decisions/{decision.id}", client_of("moderator")
    sheet = moderator.get(f"{url}/papers/sheets").get_data(as_text=True)
    half = sheet[sheet.index("选票联，从这里撕开") :]
    assert "签名联" in sheet
    assert "不要写房号" in half
    assert "签名</span>" not in half[: half.index("</section>")]
    reading = moderator.get(f"/papers/{slip_at(decision, cast.unit_ids[5]).code}").get_data(as_text=True)
    assert "只录签名联" in reading
    assert 'name="choice"' not in reading
    assert "算，签了名、写了日期" in reading
    assert "选的照下面录" not in reading
    for unit_id in cast.unit_ids[5:8]:
        hand_in(held, tmp_path, unit_id)
    assert "之前选票联留在封好的箱里" in moderator.get(f"{url}/sheets").get_data(as_text=True)
    held.close()
    page = moderator.get(f"{url}/sheets").get_data(as_text=True)
    assert "算数的签名联 3 张" in page
    wrong = moderator.post(f"{url}/sheets", {"count-1": "9"})
    assert wrong.status_code == 422
    assert "选票联有 9 张" in wrong.get_data(as_text=True)
    assert re.search(r'name="count-1"[^>]*value="9"', wrong.get_data(as_text=True))
    for name in ("moderator", "grid_worker"):
        sent = client_of(name).post(f"{url}/sheets", {"count-1": "2", "count-2": "1", "spoiled": ""})
        assert sent.status_code == 303, sent.get_data(as_text=True)
    assert "进了票箱的选票联 3 张" in moderator.get(f"{url}/sheets").get_data(as_text=True)
    assert client_of("resident").get(f"{url}/sheets").status_code == 403
