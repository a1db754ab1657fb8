"""Where people live and what places are called, as a higher room tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cogov.ground.words import Words

Communities = Callable[[], Sequence[tuple[str, str]]]
PlaceNames = Callable[[Iterable[str]], Mapping[str, str]]

_communities: list[Communities] = []
_place_names: list[PlaceNames] = []


def offer_places(communities: Communities, names: PlaceNames) -> None:
    """Say which communities a person can sign up for, and what places are called; done once by ``create_app``.

    ``communities()`` returns (code, name) of every community with a roll; ``names(codes)`` the names of places by code.
    """
    _communities[:], _place_names[:] = [communities], [names]


@dataclass(frozen=True)
class Home:
    """A dwelling that a person lives in or owns, as their own page shows it to them."""

    door: Words
    place: str
    tie: Words
    since: date
    by_hand: bool
    residence_id: int | None = None
    """What ends when they move out; a home that is only owned has none."""


Homes = Callable[[int], Sequence[Home]]

_homes: list[Homes] = []


def tell_homes(homes: Homes) -> None:
    """Say who knows where a person lives and what they own; done once by ``create_app``."""
    _homes[:] = [homes]


def homes_of(person_id: int) -> list[Home]:
    """Return where a person lives and what they own, as far as the roll knows them."""
    return [home for supplier in _homes for home in supplier(person_id)]


def community_choices() -> list[tuple[str, str]]:
    """Return code and name of the communities a person can sign up for."""
    return [choice for supplier in _communities for choice in supplier()]


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of places by code, as far as they are known."""
    wanted = sorted(set(codes))
    return {code: name for supplier in _place_names for code, name in supplier(wanted).items()} if wanted else {}
