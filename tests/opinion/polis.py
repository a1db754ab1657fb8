"""The conversations that tests of the map read, and where they lie."""

from __future__ import annotations

from pathlib import Path

from cogov.opinion.rules.chart.reading.cast import Given
from cogov.opinion.rules.chart.reading.folder import read_conversation
from cogov.opinion.rules.chart.reading.sheets import read_votes

FOLDER = Path(__file__).parent / "polis"
OFFICIAL = ("25ptpt-3gp-no-strict-with-meta", "below-100-ptpts")
LIKENESS = {
    "15-per-hour-seattle": 0.459,
    "brexit-consensus": 0.636,
    "canadian-electoral-reform": 1.0,
    "london.youth.policing": 0.122,
}
"""How well red-dwarf 0.4.0 agrees with the official groups (python -m tools.bench.opinion --against)."""


def text(name: str, file: str) -> str:
    return (FOLDER / name / file).read_text(encoding="utf-8")


def official(name: str) -> Given:
    return read_conversation(text(name, "votes.json"), text(name, "comments.json"), text(name, "math-pca2.json"))


def conversation(name: str) -> Given:
    return read_votes(text(name, "votes.csv"), text(name, "comments.csv"))
