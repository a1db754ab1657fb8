"""The two directions in which people differ most, and where each of them stands (docs/opinion.md, 2 to 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cogov.opinion.rules.chart.votes import Floats, Ints, Votes

DIRECTIONS = 2
SMALL = 2_000_000
"""Cells up to which the table is written out and solved at once."""

LEAST_ERROR = 1e-9
MOST_STEPS = 200
STEPS_AT_ONCE = 3


@dataclass(frozen=True)
class Plane:
    """The centre of all votes, the two directions (rows), and where participants and statements stand."""

    centre: Floats
    components: Floats
    projections: Floats
    statements: Floats
    extremity: Floats


def plane(votes: Votes, start: Floats | None = None) -> Plane:
    """Draw the plane; with the directions of an earlier one to start from, the same plane comes about sooner."""
    centre, table = centred(votes)
    components = _directions(table, start)
    people, statements = votes.shape
    seen = np.maximum(1, _counted(votes))
    projections = np.asarray(table @ components.T) * np.sqrt(statements / seen)[:, None]
    sayings = (np.sqrt(statements) * (1 - centre) * components).T
    return Plane(centre, components, projections.reshape(people, DIRECTIONS), sayings, np.hypot(*sayings.T))


def centred(votes: Votes) -> tuple[Floats, csr_array]:
    """Return the mean vote on each statement, and each vote's distance from it.

    Whoever has not voted stands at the mean, which is a distance of nothing: so the table stays sparse. A statement
    that is out counts as 0 for everybody.
    """
    width = len(votes.statements)
    cast = votes.vote.astype(np.float64)
    sums = np.bincount(votes.on, weights=cast, minlength=width)
    counts = np.maximum(1, np.bincount(votes.on, minlength=width))
    centre: Floats = np.where(votes.out, 0.0, sums / counts)
    distance = cast - centre[votes.on]
    if votes.out.any():
        distance[votes.out[votes.on]] = 0.0
    return centre, votes.table(distance)


def _counted(votes: Votes) -> Ints:
    """How many cells of a row are filled: a statement that is out is, for everybody."""
    if not votes.out.any():
        return votes.given
    inside = np.concatenate(([0], np.cumsum(~votes.out[votes.on])))
    counted: Ints = inside[votes.start[1:]] - inside[votes.start[:-1]] + np.count_nonzero(votes.out)
    return counted


def _directions(table: csr_array, start: Floats | None) -> Floats:
    people, statements = table.shape
    if people * statements <= SMALL:
        written = table.toarray()
        directions = _top(written.T @ written) if statements <= people else _dual(written)
    else:
        directions = _krylov(table, _beginning(statements, start))
    found = np.zeros((DIRECTIONS, statements))
    found[: len(directions)] = directions
    return _signed(found)


def _top(square: Floats) -> Floats:
    values, vectors = np.linalg.eigh(square)
    top: Floats = vectors[:, ::-1][:, :DIRECTIONS].T
    # A direction in which nobody differs is none.
    top[values[::-1][:DIRECTIONS] <= 1e-12 * max(values[-1], 1e-300)] = 0.0
    return top


def _dual(written: Floats) -> Floats:
    """Solve between participants, where they are fewer than the statements."""
    directions = _top(written @ written.T) @ written
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    unit: Floats = directions / np.where(lengths > 0, lengths, 1.0)
    return unit


def _beginning(statements: int, start: Floats | None) -> Floats:
    """Start where nothing is special, or from earlier directions; statements unknown to them get little weight."""
    plain: Floats = np.cos(np.arange(1, statements + 1) ** 2 * 0.7)
    if start is None:
        return plain
    known = np.zeros((DIRECTIONS, statements))
    known[:, : start.shape[1]] = start[:, :statements]
    begun: Floats = known[0] + 0.5 * known[1] + 1e-4 * plain / np.linalg.norm(plain)
    return begun if begun.any() else plain


def _krylov(table: csr_array, begin: Floats) -> Floats:
    """Find the directions by Lanczos steps, each made orthogonal to all before, until they stand still."""
    across = table.T.tocsr() if table.shape[0] < table.shape[1] else table.T
    basis: list[Floats] = [begin / np.linalg.norm(begin)]
    diagonal: list[float] = []
    beside: list[float] = []
    while True:
        forward = across @ (table @ basis[-1])
        diagonal.append(float(forward @ basis[-1]))
        space = np.array(basis)
        for _ in range(2):
            forward = forward - space.T @ (space @ forward)
        length = float(np.linalg.norm(forward))
        done = length <= 1e-12 * max(diagonal) or len(basis) >= min(MOST_STEPS, table.shape[1])
        if done or len(basis) % STEPS_AT_ONCE == 0:
            values, vectors = _tridiagonal(diagonal, beside)
            error = length * np.abs(vectors[-1, -DIRECTIONS:]).max()
            if done or error <= LEAST_ERROR * values[-1]:
                found: Floats = vectors[:, ::-1][:, :DIRECTIONS].T @ space
                return found
        beside.append(length)
        basis.append(forward / length)


def _tridiagonal(diagonal: list[float], beside: list[float]) -> tuple[Floats, NDArray[np.float64]]:
    found = np.linalg.eigh(np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1))
    return found.eigenvalues, found.eigenvectors


def _signed(directions: Floats) -> Floats:
    """Turn each direction so that its largest part is positive: a direction has no sign of its own."""
    # Parts that are the same but for rounding are taken for the same, so that the first of them decides everywhere.
    largest = np.argmax(np.round(np.abs(directions), 9), axis=1)
    signs = np.where(directions[np.arange(len(directions)), largest] < 0, -1.0, 1.0)
    turned: Floats = directions * signs[:, None]
    return turned
