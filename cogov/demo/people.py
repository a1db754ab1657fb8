"""The cast and the neighbours: they join, are given mandates, and are joined to the roll."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cogov.demo.content import content
from cogov.demo.neighbourhood import Flat, World, is_home
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.people.commands import agree, grant_role, join
from cogov.people.rules import CLOCK, Actor, Role
from cogov.people.rules.consents import texts_held
from cogov.places.commands import hand_over_grid, verify_owner, verify_residence
from cogov.places.rules import ResidenceKind
from cogov.tell.channels import MailPace
from cogov.tell.models import MailChoice

MANDATE = timedelta(days=730)
ZONE = ZoneInfo("Asia/Shanghai")


def enter_people(world: World, dice: random.Random, password_hash: str) -> None:
    """Let the cast join first, then the neighbours who own the flats that are left."""
    for person in content("cast")["people"]:
        _enter_person(world, person, password_hash)
    for community in content("places")["communities"]:
        for grid in community["grids"]:
            _hand_over(world, community["key"], grid)
    _enter_neighbours(world, dice, password_hash)


def _enter_person(world: World, person: dict[str, Any], password_hash: str) -> None:
    person_id = join(
        CLOCK,
        pseudonym=person["pseudonym"],
        phone=person["phone"],
        name=person["name"],
        password_hash=password_hash,
    ).id
    world.people[person["key"]] = person_id
    _agree_if_shown(person_id)
    for mandate in person.get("mandates", ()):
        scopes = {each["key"]: each["scope"] for each in content("places")["organizations"]}
        grant_role(
            CLOCK,
            person_id=person_id,
            role=Role(mandate["role"]),
            scope=scopes[mandate["organization"]],
            organization_id=world.organizations[mandate["organization"]],
            public_name=person["name"],
            until=now() + MANDATE,
        )
    for held in person.get("holds", ()):
        grant_role(CLOCK, person_id=person_id, role=Role(held["role"]), scope=held["scope"])
    _house(world, person, person_id)


def _agree_if_shown(person_id: int) -> None:
    """Let somebody agree when joining, where today's texts held then; else they are asked as everybody is, later."""
    if texts_held(now().astimezone(ZONE).date()):
        agree(Actor(person_id))


def agree_to_new_texts(world: World) -> None:
    """Let everybody agree to texts that became valid after they had joined, as they do at their next sign-in."""
    neighbours = [each for those in world.neighbours.values() for each in those]
    for person_id in [*world.people.values(), *neighbours]:
        agree(Actor(person_id))


def _house(world: World, person: dict[str, Any], person_id: int) -> None:
    if flat := world.flats.get(person.get("owns", "")):
        community = person["owns"].split("/")[0]
        # The second of a couple is on the roll under a reference of their own.
        own = (community, person.get("reference", flat.reference))
        owner_id = world.owners.pop(own, None) or world.owners.pop((community, f"{flat.reference}-乙"))
        verify_owner(CLOCK, owner_id=owner_id, person_id=person_id)
    if flat := world.flats.get(person.get("home", "")):
        kind = ResidenceKind(person.get("as", "owner"))
        verify_residence(CLOCK, unit_id=flat.id, person_id=person_id, kind=kind)


def _hand_over(world: World, community: str, grid: dict[str, str]) -> None:
    for holder, deputy in ((grid["holder"], False), (grid["deputy"], True)):
        hand_over_grid(
            CLOCK,
            grid_id=world.grids[community, grid["code"]],
            person_id=world.people[holder],
            contact="居委会，周一至周六 8:30–17:30",
            deputy=deputy,
        )


def choose_mail(world: World) -> None:
    """Let some of the cast want mail, so that their first letters lie in the folder as soon as the demo is served.

    Nothing can ever be sent to such addresses.
    """
    for person in content("cast")["people"]:
        if "mail" in person:
            who, pace = world.people[person["key"]], MailPace(person["mail"])
            address = f"{person['key']}@demo.invalid"
            session().add(MailChoice(person_id=who, pace=pace, since=now(), address=address, next_at=now()))


# Neighbours ----------------------------------------------------------------------------------------------------------


def _enter_neighbours(world: World, dice: random.Random, password_hash: str) -> None:
    crowd = content("cast")["crowd"]
    pseudonyms = [f"{habit}的{name}" for habit in crowd["habits"] for name in crowd["names"]]
    dice.shuffle(pseudonyms)
    for community in world.communities:
        free = [
            flat
            for label, flat in world.flats.items()
            if label.startswith(f"{community}/") and (community, flat.reference) in world.owners and is_home(flat)
        ]
        dice.shuffle(free)
        for flat in free[: crowd[community]]:
            _enter_neighbour(world, community, flat, pseudonyms.pop(), password_hash)


def _enter_neighbour(world: World, community: str, flat: Flat, pseudonym: str, password_hash: str) -> None:
    # A neighbour's address ends in .invalid: nothing can ever be sent to it.
    number = sum(len(those) for those in world.neighbours.values()) + 1
    person_id = join(
        CLOCK, pseudonym=pseudonym, email=f"n{number:03d}@{community}.invalid", password_hash=password_hash
    ).id
    _agree_if_shown(person_id)
    owner_id = world.owners.pop((community, flat.reference))
    verify_owner(CLOCK, owner_id=owner_id, person_id=person_id)
    verify_residence(CLOCK, unit_id=flat.id, person_id=person_id, kind=ResidenceKind.OWNER)
    world.neighbours.setdefault((community, flat.building), []).append(person_id)
