"""Who stands near whom: base clusters of participants, and groups of base clusters (docs/opinion.md, 6 to 8)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cogov.opinion.rules.chart.votes import Floats, Ints, Votes

LEAST_VOTES = 7
LEAST_PEOPLE = 15
EACH_ALONE = 500
"""People up to whom each is a base cluster of their own: gathering them saves time and nothing else."""

BASE_CLUSTERS = 100
MOST_GROUPS = 5
PER_GROUP = 12
MOST_ROUNDS = 100
STILL = 0.01
BEGINNINGS = 8
GOLDEN = (5**0.5 - 1) / 2
MANY = 2_000
"""Points above which they are gathered in cells of a grid before they are clustered."""

CELLS = 64
PART = 1024
NOBODY = -1


@dataclass(frozen=True)
class Clusters:
    """Base clusters and groups: of each row its base cluster and its group, or `NOBODY` for who is not in."""

    base: Ints
    centres: Floats
    groups: Ints
    sizes: Ints
    """How many people are in each base cluster."""


def clusters(votes: Votes, projections: Floats) -> Clusters:
    """Group those who voted enough, always from the beginning: what was found before has no say."""
    inside = np.flatnonzero(taking_part(votes))
    base, groups = (np.full(len(votes.participants), NOBODY, np.int64) for _ in range(2))
    if not inside.size:
        return Clusters(base, np.zeros((0, 2)), groups, np.zeros(0, np.int64))
    # Rounded, so that a different machine's last digits do not move anybody.
    points = np.round(projections[inside], 9)
    base[inside], centres = _base(points)
    sizes = np.bincount(base[inside], minlength=len(centres))
    grouped = group(centres, sizes)
    groups[inside] = grouped[base[inside]]
    return Clusters(base, centres, groups, sizes)


def taking_part(votes: Votes) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Say who is on the map: seven votes, or all there are; where those are fewer than fifteen, the most active too."""
    given = votes.given
    inside = given >= min(LEAST_VOTES, len(votes.statements))
    if np.count_nonzero(inside) < LEAST_PEOPLE:
        inside[np.argsort(-given, kind="stable")[:LEAST_PEOPLE]] = True
    return inside & (given > 0)


def group(centres: Floats, sizes: Ints) -> Ints:
    """Group base clusters: of all groupings tried, into two to five, the one whose groups lie farthest apart.

    How far is the mean silhouette; of two as good, the one with fewer groups.
    """
    if len(centres) < 3:
        return np.zeros(len(centres), np.int64)
    apart, weights = _distances(centres, centres), sizes.astype(np.float64)
    best, found = -2.0, np.zeros(len(centres), np.int64)
    for number in range(2, min(MOST_GROUPS, 2 + len(centres) // PER_GROUP) + 1):
        for labels in np.unique(_settled(centres, weights, _beginnings(centres, weights, number)), axis=0):
            width = silhouette(apart, labels)
            if width > best + 1e-9:
                best, found = width, labels
    return _by_size(found, sizes)


def _settled(points: Floats, weights: Floats, starts: Floats) -> Ints:
    """Move the centres of all beginnings at once until nobody changes sides; a row of groups for each beginning."""
    attempts, number, _ = starts.shape
    centres, total = starts.reshape(-1, 2), np.zeros(attempts * number)
    row = np.arange(attempts)[:, None] * number
    heavy = np.tile(weights, attempts)
    columns = [np.tile(weights * column, attempts) for column in points.T]
    labels = np.full((attempts, len(points)), NOBODY)
    with_one = np.column_stack([points, np.ones(len(points))])
    for _ in range(MOST_ROUNDS):
        closeness = with_one @ np.column_stack([centres, (centres**2).sum(axis=1) / -2]).T
        now = closeness.reshape(len(points), attempts, number).argmax(axis=2).T
        if (now == labels).all():
            break
        labels = now
        cell = (row + labels).ravel()
        total = np.bincount(cell, weights=heavy, minlength=total.size)
        sums = np.column_stack([np.bincount(cell, weights=column, minlength=total.size) for column in columns])
        centres = np.where(total[:, None] > 0, sums / np.where(total > 0, total, 1.0)[:, None], centres)
    return np.array([_in_order(each) for each in labels])


def _in_order(labels: Ints) -> Ints:
    """Number groups by who comes first, so that the same grouping is known again."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order: Ints = np.argsort(np.argsort(first))[inverse]
    return order


def _beginnings(centres: Floats, weights: Floats, number: int) -> Floats:
    """Begin from the first ones, as Polis does, from those farthest apart, and from places spread over all."""
    turns = (np.arange(BEGINNINGS * number).reshape(BEGINNINGS, number) + 1) * GOLDEN % 1
    places = np.vstack(
        [np.arange(number), _farthest(centres, weights, number), (turns * len(centres)).astype(np.int64)]
    )
    begun: Floats = centres[places]
    return begun


def silhouette(apart: Floats, labels: Ints) -> float:
    """Return how much nearer everyone stands to their own group than to the next one, in the mean."""
    number = int(labels.max()) + 1
    member = np.eye(number)[labels]
    sums, counts = apart @ member, member.sum(axis=0)
    own = np.arange(len(labels)), labels
    within = sums[own] / np.maximum(1, counts[labels] - 1)
    means = sums / np.maximum(1, counts)
    means[own] = np.inf
    means[:, counts == 0] = np.inf
    nearest = means.min(axis=1)
    widest = np.maximum(within, nearest)
    alone = (counts[labels] == 1) | (widest == 0) | ~np.isfinite(nearest)
    return float(np.where(alone, 0.0, (nearest - within) / np.where(alone, 1.0, widest)).mean())


def _base(points: Floats) -> tuple[Ints, Floats]:
    """Return of each point its base cluster, and their centres."""
    if len(points) > MANY:
        cells, weights = _cells(points)
        starts = cells[_spread(cells, weights, BASE_CLUSTERS)]
    else:
        distinct, first = np.unique(points, axis=0, return_index=True)
        cells, weights, starts = points, np.ones(len(points)), points[np.sort(first)]
        if len(distinct) <= EACH_ALONE:
            return nearest(points, starts), starts
        starts = starts[:BASE_CLUSTERS]
    centres = lloyd(cells, weights, starts)
    labels = nearest(points, centres)
    used, labels = np.unique(labels, return_inverse=True)
    return labels, centres[used]


def _cells(points: Floats) -> tuple[Floats, Floats]:
    """Gather points in the cells of a grid: the mean of each cell, and how many are in it."""
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = ((points - low) * (CELLS / np.maximum(high - low, 1e-12))).astype(np.int64).clip(0, CELLS - 1)
    cell = scaled[:, 0] * CELLS + scaled[:, 1]
    counts = np.bincount(cell, minlength=CELLS * CELLS).astype(np.float64)
    means = np.column_stack([np.bincount(cell, weights=column, minlength=CELLS * CELLS) for column in points.T])
    used = counts > 0
    return means[used] / counts[used, None], counts[used]


def _spread(points: Floats, weights: Floats, number: int) -> Ints:
    """Take places all over the points, as many as there are people near: every so-maniest of a walk through them."""
    passed = np.cumsum(weights)
    wanted = (np.arange(number) + 0.5) * (passed[-1] / number)
    return np.unique(np.searchsorted(passed, wanted).clip(0, len(points) - 1))


def lloyd(points: Floats, weights: Floats, starts: Floats) -> Floats:
    """Move centres to the mean of those nearest to them, until all stand still; one that loses everybody stays."""
    centres = starts
    for _ in range(MOST_ROUNDS):
        labels = nearest(points, centres)
        total = np.bincount(labels, weights=weights, minlength=len(centres))
        sums = [np.bincount(labels, weights=weights * column, minlength=len(centres)) for column in points.T]
        held = total > 0
        moved = np.where(held[:, None], np.column_stack(sums) / np.where(held, total, 1.0)[:, None], centres)
        distance = np.abs(moved - centres).max()
        centres = moved
        if distance < STILL:
            break
    return centres


def nearest(points: Floats, centres: Floats) -> Ints:
    """Return the nearest centre of each point, the first of equals."""
    found = np.empty(len(points), np.int64)
    with_one = np.column_stack([points, np.ones(len(points))])
    closer = np.column_stack([centres, (centres**2).sum(axis=1) / -2]).T
    # One small table, used again and again: to ask the system for a large one each time takes ten times as long.
    table = np.empty((min(PART, len(points)), len(centres)))
    for begin in range(0, len(points), PART):
        part = with_one[begin : begin + PART]
        np.matmul(part, closer, out=table[: len(part)])
        found[begin : begin + PART] = table[: len(part)].argmax(axis=1)
    return found


def _farthest(points: Floats, weights: Floats, number: int) -> list[int]:
    """Begin next to the middle, then wherever many stand far from all places taken."""
    middle = (points * weights[:, None]).sum(axis=0) / weights.sum()
    chosen = [int(np.argmax(((points - middle) ** 2).sum(axis=1)))]
    while len(chosen) < number:
        away = _distances(points, points[chosen]).min(axis=1)
        chosen.append(int(np.argmax(np.round(away * away * weights, 9))))
    return chosen


def _by_size(labels: Ints, sizes: Ints) -> Ints:
    """Number groups from the largest; of two as large, the one whose first base cluster comes first."""
    number = int(labels.max()) + 1
    held = np.bincount(labels, weights=sizes, minlength=number)
    first = [int(np.argmax(labels == each)) if (labels == each).any() else len(labels) for each in range(number)]
    order = sorted(range(number), key=lambda each: (-held[each], first[each]))
    rank = np.empty(number, np.int64)
    rank[order] = np.arange(number)
    return rank[labels]


def _distances(points: Floats, others: Floats) -> Floats:
    distances: Floats = np.hypot(points[:, None, 0] - others[None, :, 0], points[:, None, 1] - others[None, :, 1])
    return distances
