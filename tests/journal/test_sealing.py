"""The journal cannot be changed unseen: every byte, every gap, every order, and whatever is kept outside."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.journal.chain import GENESIS, Peaks, grow, link, root
from cogov.journal.models import JournalCheckpoint, JournalEntry, JournalHead
from cogov.journal.sealing import seal, verify
from cogov.people.rules import CLOCK
from cogov.places.commands import enter_place
from cogov.places.rules import PlaceKind
from tests.databases import both

# RFC 6962, the inputs of the reference implementation's test vectors and the heads of the trees over the first n.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def _grown(leaves: list[str]) -> Peaks:
    peaks: Peaks = []
    for leaf in leaves:
        peaks = grow(peaks, leaf)
    return peaks


def _merkle(leaves: list[str]) -> bytes:
    """The tree head as RFC 6962 section 2.1 defines it, by recursion over the whole list."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + bytes.fromhex(leaves[0])).digest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _merkle(leaves[:half]) + _merkle(leaves[half:])).digest()


@pytest.mark.parametrize("size", range(len(HEADS)))
def test_the_tree_grows_to_the_heads_of_the_reference_vectors(size: int) -> None:
    assert root(_grown(LEAVES[:size])) == HEADS[size]


@given(some.lists(some.binary(min_size=32, max_size=32).map(bytes.hex), max_size=70))
def test_growing_leaf_by_leaf_gives_the_head_over_all_leaves(leaves: list[str]) -> None:
    peaks = _grown(leaves)
    assert root(peaks) == _merkle(leaves).hex()
    assert sum(size for size, _ in peaks) == len(leaves)
    assert len(peaks) == len(leaves).bit_count()


# Changing what is stored -------------------------------------------------------------------------------------------


def _unguard() -> None:
    """Take the guards away, as somebody with the database's password could."""
    on = " ON journal_entry" if db.engine.dialect.name == "postgresql" else ""
    for name in ("no_update", "no_delete"):
        session().execute(text(f"DROP TRIGGER journal_entry_{name}{on}"))


def _tamper(*statements: str) -> None:
    _unguard()
    for statement in statements:
        session().execute(text(statement))
    session().commit()
    session().expire_all()


def _add(times: int = 1) -> None:
    for n in range(times):
        enter_place(CLOCK, kind=PlaceKind.PROVINCE, code="98", name=f"第 {n} 个名字 {now().isoformat()}")


def _faulty() -> list[int]:
    return [fault.number for fault in verify().faults]


@both
@pytest.mark.parametrize("statement", ["UPDATE journal_entry SET facts = facts || ' '", "DELETE FROM journal_entry"])
def test_the_database_itself_refuses_to_change_or_delete_an_entry(app: Flask, statement: str) -> None:
    before = len(session().scalars(select(JournalEntry.number)).all())
    with pytest.raises(DBAPIError, match="append-only"):
        session().execute(text(statement))
    session().rollback()
    assert len(session().scalars(select(JournalEntry.number)).all()) == before
    assert verify().faults == ()


@both
def test_only_the_mark_of_having_told_people_may_be_set(app: Flask) -> None:
    session().execute(text("UPDATE journal_entry SET told_at = NULL"))
    session().commit()
    assert verify().faults == ()


CHANGES = {
    "kind": "kind = kind || 'x'",
    "actor": "actor_id = coalesce(actor_id, 0) + 1",
    "organization": "organization_id = coalesce(organization_id, 0) + 1",
    "place": "place_id = coalesce(place_id, 0) + 1",
    "problem": "problem_id = coalesce(problem_id, 0) + 1",
    "subject kind": "subject_kind = subject_kind || 'x'",
    "subject": "subject_id = coalesce(subject_id, 0) + 1",
    "facts": "facts = facts || ' '",
    "hash": "hash = 'a' || substr(hash, 2, 62) || '0'",
}


@both
@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_changed_column_is_found_at_its_entry(app: Flask, change: str, place: str) -> None:
    last = session().scalar(select(JournalHead.number)) or 0
    number = {"first": 1, "middle": last // 2, "last": last}[place]
    _tamper(f"UPDATE journal_entry SET {change} WHERE number = {number}")
    assert number in _faulty()


@both
def test_a_changed_time_is_found(app: Flask) -> None:
    _unguard()
    entry = session().get_one(JournalEntry, 7)
    entry.at += timedelta(microseconds=1)
    session().commit()
    assert _faulty() == [7]


def test_any_single_changed_byte_of_any_entrys_facts_is_found(app: Flask) -> None:
    _unguard()
    session().commit()
    entry = session().get_one(JournalEntry, 5)
    facts = entry.facts
    for index in range(len(facts)):
        entry.facts = facts[:index] + chr(ord(facts[index]) ^ 1) + facts[index + 1 :]
        session().commit()
        assert _faulty() == [5]
    entry.facts = facts
    session().commit()
    assert _faulty() == []


@both
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_a_deleted_entry_is_found(app: Flask, place: str) -> None:
    last = session().scalar(select(JournalHead.number)) or 0
    number = {"first": 1, "middle": last // 2, "last": last}[place]
    _tamper(f"DELETE FROM journal_entry WHERE number = {number}")
    assert _faulty()


@both
def test_a_deleted_entry_whose_followers_moved_up_is_found(app: Flask) -> None:
    _tamper(
        "DELETE FROM journal_entry WHERE number = 10",
        "UPDATE journal_entry SET number = -number WHERE number > 10",
        "UPDATE journal_entry SET number = -number - 1 WHERE number < -10",
    )
    assert 10 in _faulty()


@both
def test_two_entries_that_changed_places_are_found(app: Flask) -> None:
    _tamper(
        "UPDATE journal_entry SET number = -10 WHERE number = 10",
        "UPDATE journal_entry SET number = 10 WHERE number = 11",
        "UPDATE journal_entry SET number = 11 WHERE number = -10",
    )
    assert {10, 11} <= set(_faulty())


@both
def test_an_entry_slipped_in_after_the_head_is_found(app: Flask) -> None:
    last = session().scalar(select(JournalHead.number)) or 0
    entry = session().get_one(JournalEntry, last)
    slipped = JournalEntry(number=last + 1, kind=entry.kind, subject_kind="", facts="{}", at=now())
    slipped.hash = link(entry.hash, slipped)
    session().add(slipped)
    session().commit()
    assert _faulty() == [last]


@both
def test_a_truncated_tail_is_found_by_the_head(app: Flask) -> None:
    last = session().scalar(select(JournalHead.number)) or 0
    _tamper(f"DELETE FROM journal_entry WHERE number > {last - 3}")
    assert last in _faulty()


@both
def test_a_truncated_tail_with_a_corrected_head_is_found_by_a_checkpoint(app: Flask, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    seal(kept)
    last = session().scalar(select(JournalHead.number)) or 0
    _tamper(
        f"DELETE FROM journal_entry WHERE number > {last - 3}",
        f"UPDATE journal_head SET number = {last - 3}, hash = "
        f"(SELECT hash FROM journal_entry WHERE number = {last - 3})",
        "DELETE FROM journal_checkpoint",
    )
    assert verify().faults == ()  # nothing inside the database is left that could tell
    assert {fault.number for fault in verify(kept).faults} == {last}


@both
def test_a_rewritten_chain_is_found_by_the_checkpoint_kept_outside(app: Flask, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    checkpoint = seal(kept)
    sealed = checkpoint.number if checkpoint else 0
    _unguard()
    _rewrite(5)
    session().execute(text("DELETE FROM journal_checkpoint"))
    session().commit()
    assert verify().faults == ()  # the chain agrees with itself again
    assert {fault.number for fault in verify(kept).faults} == {sealed}
    _add()
    assert {fault.number for fault in verify(kept).faults} == {sealed}


def _rewrite(number: int) -> None:
    """Change an entry and hash everything after it anew, as a forger with the whole database would."""
    previous = GENESIS
    for entry in session().scalars(select(JournalEntry).order_by(JournalEntry.number)):
        if entry.number == number:
            entry.facts = json.dumps({"forged": True})
        previous = entry.hash = link(previous, entry)
    session().get_one(JournalHead, 1).hash = previous


@both
def test_sealing_goes_on_from_the_last_seal_and_says_nothing_when_nothing_came(app: Flask, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    first = seal(kept)
    assert first is not None
    assert seal(kept) is None
    _add(3)
    second = seal(kept)
    assert second is not None
    assert second.number == first.number + 3
    hashes = list(session().scalars(select(JournalEntry.hash).order_by(JournalEntry.number)))
    assert second.tree_hash == _merkle(hashes).hex()
    assert second.chain_hash == hashes[-1]
    lines = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    assert [line["tree"] for line in lines] == [first.tree_hash, second.tree_hash]
    assert verify(kept).checkpoints == 2


def test_a_forged_checkpoint_in_the_database_is_found(app: Flask) -> None:
    seal()
    checkpoint = session().scalars(select(JournalCheckpoint)).one()
    checkpoint.tree_hash = checkpoint.tree_hash[::-1]
    session().commit()
    assert _faulty() == [checkpoint.number]


def test_a_file_of_seals_that_is_gone_is_a_change_and_the_next_seal_publishes_all(app: Flask, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    first = seal(kept)
    assert first is not None
    kept.unlink()
    assert [fault.number for fault in verify(kept).faults] == [first.number]
    _add()
    seal(kept)
    assert verify(kept).faults == ()
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 2
