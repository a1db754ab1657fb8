"""Votes on statements as one sparse table: a row for each participant, in the order of their names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

MOST_PARTICIPANTS = 1_000_000
MOST_STATEMENTS = 100_000
AGREE, PASS, DISAGREE = 1, 0, -1

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

_NUMBER = re.compile(r"\d{1,18}")


def by_name(name: str) -> tuple[int, int, str]:
    """Order names as people do: numbers by their size, then words."""
    return (0, int(name), name) if _NUMBER.fullmatch(name) else (1, 0, name)


@dataclass(frozen=True)
class Votes:
    """The last vote of each participant on each statement, row by row.

    Row r holds `vote[start[r]:start[r + 1]]` on the statements `on[…]`, which rise. `out` marks statements that are
    moderated out or only ask who somebody is (`meta`): they are counted, and do not draw the map.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    start: Ints
    on: NDArray[np.int32]
    vote: NDArray[np.int8]
    out: Mask
    meta: Mask

    @classmethod
    def of(cls, participants: Sequence[str], statements: Sequence[str], who: ArrayLike, what: ArrayLike, how: ArrayLike,
           out: Iterable[str] = (), meta: Iterable[str] = ()) -> Votes:  # fmt: skip
        """Take votes in any order: places in the two lists of names, and +1, 0 or -1; each pair once."""
        people, sayings = _sorted(participants, MOST_PARTICIPANTS), _sorted(statements, MOST_STATEMENTS)
        rows, columns = _place(participants, people)[np.asarray(who)], _place(statements, sayings)[np.asarray(what)]
        given = np.asarray(how, np.int8)
        if given.size and (given.min() < DISAGREE or given.max() > AGREE):
            raise ValueError("a vote is 1, 0 or -1")
        keys = rows * max(1, len(sayings)) + columns
        order = slice(None) if (keys[1:] > keys[:-1]).all() else np.argsort(keys, kind="stable")
        keys, given = keys[order], given[order]
        if (keys[1:] == keys[:-1]).any():
            raise ValueError("one participant votes on a statement once")
        without = set(meta)
        aside = without | set(out)
        return cls._from_keys(
            people,
            sayings,
            keys,
            given,
            np.array([name in aside for name in sayings], np.bool_),
            np.array([name in without for name in sayings], np.bool_),
        )

    @classmethod
    def _from_keys(cls, people: tuple[str, ...], sayings: tuple[str, ...], keys: Ints, vote: NDArray[np.int8],
                   out: Mask, meta: Mask) -> Votes:  # fmt: skip
        width = max(1, len(sayings))
        start = np.searchsorted(keys, np.arange(len(people) + 1, dtype=np.int64) * width).astype(np.int64)
        return cls(people, sayings, start, (keys % width).astype(np.int32), vote, out, meta)

    @property
    def shape(self) -> tuple[int, int]:
        """How many participants, and how many statements."""
        return len(self.participants), len(self.statements)

    @property
    def given(self) -> Ints:
        """How many statements each participant voted on."""
        return np.diff(self.start)

    @property
    def by(self) -> NDArray[np.int32]:
        """The participant of each vote."""
        return np.repeat(np.arange(len(self.participants), dtype=np.int32), self.given)

    def keys(self) -> Ints:
        """The place of each vote in the whole table; they rise."""
        return self.by.astype(np.int64) * max(1, len(self.statements)) + self.on

    def table(self, values: Floats) -> csr_array:
        """Return a sparse table with these values in the place of the votes."""
        return csr_array((values, self.on, self.start), shape=self.shape)

    def of_rows(self, rows: Ints) -> Votes:
        """Return the votes of these participants, in this order; who is named twice counts twice."""
        lengths = self.given[rows]
        start = np.concatenate(([0], np.cumsum(lengths)))
        taken = np.repeat(self.start[rows] - start[:-1], lengths) + np.arange(start[-1])
        names = tuple(self.participants[row] for row in rows.tolist())
        return replace(self, participants=names, start=start, on=self.on[taken], vote=self.vote[taken])

    def after(self, new: Votes) -> Votes:
        """Return these votes with new ones, which replace what the same participant said of the same statement.

        The new ones also say which statements are out by now; nothing is sorted again.
        """
        people = _joined(self.participants, new.participants)
        sayings = _joined(self.statements, new.statements)
        keys, vote = _moved(self, people, sayings), self.vote.copy()
        new_keys = _moved(new, people, sayings)
        places = np.searchsorted(keys, new_keys)
        known = places < keys.size
        known[known] = keys[places[known]] == new_keys[known]
        vote[places[known]] = new.vote[known]
        keys = np.insert(keys, places[~known], new_keys[~known])
        vote = np.insert(vote, places[~known], new.vote[~known])
        out, meta = (_either(getattr(self, name), self, getattr(new, name), new, sayings) for name in ("out", "meta"))
        return Votes._from_keys(people, sayings, keys, vote, out, meta)


def _sorted(names: Sequence[str], most: int) -> tuple[str, ...]:
    if len(set(names)) != len(names):
        raise ValueError("no two have the same name")
    if len(names) > most:
        raise ValueError(f"more than {most} of them")
    return tuple(sorted(names, key=by_name))


def _place(names: Sequence[str], among: tuple[str, ...]) -> Ints:
    if tuple(names) == among:
        return np.arange(len(among), dtype=np.int64)
    at = {name: place for place, name in enumerate(among)}
    return np.array([at[name] for name in names], np.int64)


def _joined(names: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    known = set(names)
    more = [name for name in others if name not in known]
    return tuple(sorted([*names, *more], key=by_name)) if more else names


def _moved(votes: Votes, people: tuple[str, ...], sayings: tuple[str, ...]) -> Ints:
    rows, columns = _place(votes.participants, people), _place(votes.statements, sayings)
    return np.repeat(rows, votes.given) * max(1, len(sayings)) + columns[votes.on]


def _either(mine: Mask, votes: Votes, theirs: Mask, others: Votes, sayings: tuple[str, ...]) -> Mask:
    marked = np.zeros(len(sayings), np.bool_)
    marked[_place(votes.statements, sayings)[mine]] = True
    marked[_place(others.statements, sayings)[theirs]] = True
    return marked
