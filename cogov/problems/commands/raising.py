"""Raising a problem: one photo, one sentence, a place; the rules propose its way at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cogov.duties.queries import calendar_for, matter_by_id
from cogov.files.commands import keep_picture
from cogov.files.rules import Drawn
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.refusals import insist
from cogov.journal.event import Code, commit_to, salt
from cogov.journal.transaction import insist_once, verb
from cogov.moderation.rules import Mask, marks_in
from cogov.people.commands import join
from cogov.people.queries import identity_by_contact
from cogov.people.rules import Actor, OrganizationKind
from cogov.places.models import Place
from cogov.places.queries import grid_at, grids_of, household_of, is_drawn, place_by_id, why_not_open_here
from cogov.problems.commands.moving import answering, count, note
from cogov.problems.commands.numbering import name_on_dossier, next_number
from cogov.problems.commands.triaging import open_turn
from cogov.problems.events import ProblemRaised
from cogov.problems.models import Problem, Raiser
from cogov.problems.queries import matter_named, report_of, settings_for
from cogov.problems.rules.acts import (
    TITLE_MAX,
    first_sentence,
    publishable,
    why_not_grid,
    why_not_pin,
    why_not_raise,
    why_not_words,
)
from cogov.problems.rules.lanes import ReasonCode
from cogov.problems.rules.pictures import why_not_pictures
from cogov.problems.rules.report import Proposal, Report
from cogov.problems.rules.triage import propose

SERIES = "problem"


@dataclass(frozen=True)
class Told:
    """What somebody tells when raising a problem; degrees are in millionths."""

    text: str
    title: str = ""
    longitude: int | None = None
    latitude: int | None = None
    grid_id: int | None = None
    building_id: int | None = None
    matter_id: int | None = None
    spot: str = ""
    names_person: bool = False
    burning: bool = False


@dataclass(frozen=True)
class Raised:
    """A raised problem, the emergency numbers to call now (often none), and the way the rules propose."""

    problem: Problem
    numbers: tuple[str, ...]
    proposal: Proposal

    @property
    def id(self) -> int:
        """The problem's id."""
        return self.problem.id

    @property
    def number(self) -> str:
        """The problem's number."""
        return self.problem.number

    @property
    def masked(self) -> tuple[Mask, ...]:
        """What of the words was masked before anybody read them."""
        return marks_in(self.problem.title, self.problem.text, self.problem.spot)


def raise_problem(
    by: Actor,
    *,
    community_id: int,
    text: str,
    title: str = "",
    longitude: int | None = None,
    latitude: int | None = None,
    grid_id: int | None = None,
    building_id: int | None = None,
    matter_id: int | None = None,
    spot: str = "",
    pictures: Sequence[Drawn] = (),
    folder: Path | None = None,
    names_person: bool = False,
    burning: bool = False,
    on_behalf_of: int | None = None,
    once: str | None = None,
) -> Raised:
    """Raise a problem at a pin (1e-6 degrees) or in a grid, with pictures that were drawn anew and covered before.

    ``on_behalf_of`` is the person for whom a grid worker or moderator enters it; ``folder`` is where pictures lie.
    """
    told = Told(
        text=publishable(text.strip()),
        title=publishable(" ".join(title.split())),
        longitude=longitude,
        latitude=latitude,
        grid_id=grid_id,
        building_id=building_id,
        matter_id=matter_id,
        spot=publishable(" ".join(spot.split())),
        names_person=names_person,
        burning=burning,
    )
    insist(why_not_words(told.text, told.title, told.spot))
    insist(why_not_pictures(len(pictures)))
    return _raise(by, community_id, told, pictures, folder, on_behalf_of, once)


@verb
def _raise(
    by: Actor,
    community_id: int,
    told: Told,
    pictures: Sequence[Drawn],
    folder: Path | None,
    on_behalf_of: int | None,
    once: str | None,
) -> Raised:
    place = place_by_id(community_id)
    insist(why_not_raise(by, place.code, place.name, on_behalf=on_behalf_of is not None))
    insist(why_not_open_here(place))
    insist_once(by, once)
    problem = _new(by, place, told, on_behalf_of)
    report = _matter_and_report(problem, place.code, told)
    proposal = propose(report, settings_for())
    problem.hidden = told.names_person or proposal.hold
    problem.emergency = proposal.reasons[0] is ReasonCode.SAFETY
    problem.number = next_number(SERIES, calendar_for(place.code).local_day(problem.raised_at).year)
    session().add(problem)
    session().flush()
    _author(problem)
    if folder is not None:
        for drawn in pictures:
            keep_picture(by, drawn, folder, problem_id=problem.id)
    words = commit_to(problem.salt, problem.title, problem.text)
    note(ProblemRaised(Code(problem.number), problem.grid_id, problem.emergency, words), by, problem)
    open_turn(by, problem, place.code, proposal, report)
    return Raised(problem, proposal.emergency_numbers, proposal)


def _new(by: Actor, place: Place, told: Told, on_behalf_of: int | None) -> Problem:
    at = now()
    return Problem(
        community_id=place.id,
        grid_id=_grid(place, told),
        building_id=told.building_id,
        title=told.title or first_sentence(told.text)[:TITLE_MAX],
        text=told.text,
        spot=told.spot,
        longitude=told.longitude,
        latitude=told.latitude,
        salt=salt(),
        raiser_id=found(on_behalf_of or by.person_id),
        organization_id=None if on_behalf_of else by.organization_id,
        recorded_by=by.person_id if on_behalf_of else None,
        raised_at=at,
        changed_at=at,
        matter_id=told.matter_id,
        names_person=told.names_person,
        accountable_id=answering(OrganizationKind.COMMITTEE, place.code).id,
        households=0,
        seconds=0,
        round=1,
        rework=0,
    )


def _grid(place: Place, told: Told) -> int:
    insist(why_not_pin(told.longitude, told.latitude))
    own = frozenset(grid.id for grid in grids_of(place.id))
    grid_id = told.grid_id
    if told.longitude is not None and told.latitude is not None:
        # The pin decides: it says where, the chosen grid only where about.
        # Where no grid has an outline yet, no pin can decide.
        pinned = grid_at(place.id, told.longitude, told.latitude)
        grid_id = pinned if pinned is not None or is_drawn(place.id) else told.grid_id
    insist(why_not_grid(grid_id, own, place.name))
    return found(grid_id)


def _matter_and_report(problem: Problem, code: str, told: Told) -> Report:
    words = Report(words=f"{problem.title}\n{problem.text}", names_person=problem.names_person)
    matter = matter_by_id(told.matter_id) if told.matter_id is not None else matter_named(words, settings_for())
    problem.matter_id = matter.id if matter is not None else None
    return report_of(
        problem, code, matter=matter, picked=told.matter_id is not None, burning=told.burning, at=problem.raised_at
    )


def _author(problem: Problem) -> None:
    unit_id = household_of(problem.raiser_id, problem.community_id)
    session().add(Raiser(problem_id=problem.id, person_id=problem.raiser_id, unit_id=unit_id, since=problem.raised_at))
    name_on_dossier(problem.id, problem.raiser_id)
    session().flush()
    count(problem)


def preview(
    by: Actor,
    *,
    community_id: int,
    text: str,
    grid_id: int | None = None,
    matter_id: int | None = None,
    names_person: bool = False,
    burning: bool = False,
) -> Proposal:
    """Return the way the rules would propose for what somebody is about to raise; nothing is kept."""
    place, text = place_by_id(community_id), publishable(text)
    insist(why_not_raise(by, place.code, place.name, on_behalf=False) or why_not_open_here(place))
    problem = Problem(
        community_id=community_id,
        grid_id=grid_id,
        title=first_sentence(text),
        text=text,
        raiser_id=by.person_id,
        names_person=names_person,
        households=0,
    )
    told = Told(text=text, matter_id=matter_id, names_person=names_person, burning=burning)
    problem.raised_at = now()
    return propose(_matter_and_report(problem, place.code, told), settings_for())


@verb
def note_walk_in(by: Actor, *, community_id: int, phone: str) -> int:
    """Return the person reached by a phone number, entered with it (unconfirmed) when nobody is: for proxy entry."""
    place = place_by_id(community_id)
    insist(why_not_raise(by, place.code, place.name, on_behalf=True))
    known = identity_by_contact(phone)
    if known is not None:
        return known.person_id
    return join(by, pseudonym=f"来访居民{secrets.token_hex(4)}", phone=phone, confirmed=False).id
