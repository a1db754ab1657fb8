"""Loading a problem: only what this actor may see is found, and a change begins with the row's lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from cogov.duties.queries import calendar_for
from cogov.duties.rules.clock import Limit, LimitUnit, due
from cogov.ground.db import Id, for_change, found, session
from cogov.ground.prepared import Prepared, as_they_are
from cogov.journal.kept import HEAD, kept, last_entry, note_entries
from cogov.people.rules import Actor
from cogov.places.models import Place
from cogov.places.queries import setting
from cogov.places.rules import Setting
from cogov.problems.models import Confirmation, DossierName, Following, Problem, Raiser, Second, Triage, TriageAppeal
from cogov.problems.rules.acts import ANSWERERS, KEEPERS, Facts
from cogov.problems.rules.following import FollowLevel
from cogov.problems.rules.stages import ConfirmationAnswer, Ending, Stage, TriageState

Person = int | BindParameter[int]
"""A person by their id, or whom a parameter will name."""


@dataclass(frozen=True)
class Sight:
    """What of a reader decides which problems exist for them: who has the same sight sees the same problems."""

    person_id: int | None
    scopes: tuple[str, ...]
    organizations: tuple[int, ...]
    clock: bool = False


def seen_by(by: Actor) -> ColumnElement[bool]:
    """Return the one condition under which a problem exists for this actor; lists and single loads share it.

    A hidden one (a complaint that names a person, a quarrel of two) exists for its raisers and recorder, the
    committee's moderator and chair, street office, dispatcher and supervision of the place, and the organization
    that is accountable.
    """
    return seen_with(_sight(by, by.person_id))


def seen_with(sight: Sight) -> ColumnElement[bool]:
    """Return the condition of ``seen_by`` for everybody of this sight."""
    return _seen(sight, sight.person_id)


def roles_of(by: Actor) -> Sight:
    """Return what decides which problems somebody with these roles sees: the key of a query put together once."""
    return _sight(by, None)


def seen_by_roles(roles: Sight) -> ColumnElement[bool]:
    """Return the condition of ``seen_by`` for whoever has these roles; who it is comes with the parameter ``me``."""
    return _seen(roles, bindparam("me", type_=Id))


def _seen(sight: Sight, me: Person | None) -> ColumnElement[bool]:
    if sight.clock:
        return true()
    ways: list[ColumnElement[bool]] = [Problem.hidden.is_(False)]
    if me is not None:
        ways.append(_own(me))
    if sight.scopes:
        within = or_(*(Place.code.startswith(scope, autoescape=True) for scope in sight.scopes))
        ways.append(Problem.community_id.in_(select(Place.id).where(within)))
    if sight.organizations:
        ways.append(Problem.accountable_id.in_(sight.organizations))
    return or_(*ways)


def sight_of(by: Actor) -> Sight:
    """Return what a reader sees with; somebody without hidden problems of their own sees as their roles do."""
    me = by.person_id
    if me is None or by.is_clock:
        return _sight(by, None)
    return _sight(by, me if kept(("own hidden", me), lambda: _has_hidden(me)) else None)


def _sight(by: Actor, person_id: int | None) -> Sight:
    scopes = sorted({held.scope for held in by.standings if held.role in KEEPERS})
    return Sight(person_id, tuple(scopes), tuple(_organizations(by)), by.is_clock)


def _has_hidden(person_id: int) -> bool:
    """Say so from what is theirs: of years of problems only few are."""
    raised = exists().where(Raiser.person_id == person_id, Problem.id == Raiser.problem_id, Problem.hidden.is_(True))
    recorded = exists().where(Problem.recorded_by == person_id, Problem.hidden.is_(True))
    return bool(session().scalar(select(or_(raised, recorded))))


def _own(person_id: Person) -> ColumnElement[bool]:
    raised = select(Raiser.problem_id).where(Raiser.person_id == person_id)
    return or_(Problem.recorded_by == person_id, Problem.id.in_(raised))


def _organizations(by: Actor) -> list[int]:
    held = (s.organization_id for s in by.standings if s.role in ANSWERERS)
    return sorted({organization for organization in held if organization is not None})


def visible(by: Actor, problem: Problem) -> bool:
    """Say whether a problem exists for this actor."""
    if not problem.hidden:
        return True
    return bool(session().scalar(select(exists().where(Problem.id == problem.id, seen_by(by)))))


def problem_for(by: Actor, number: str) -> Problem:
    """Return a problem by its number; not found when there is none or not for this actor."""
    query = _numbered(_sight(by, None), somebody=by.person_id is not None)
    session().flush()
    problem_id, *entries = found(query.one_or_none({"number": number, "me": by.person_id}))
    note_entries(problem_id, *entries)
    return found(kept(("problem", problem_id), lambda: session().get(Problem, problem_id), of=problem_id))


@lru_cache(maxsize=200)
def _numbered(roles: Sight, *, somebody: bool) -> Prepared[Sequence[Any]]:
    """Return the query of every dossier, put together once for readers with the same roles."""
    me = bindparam("me", type_=Id) if somebody else None
    query = select(Problem.id, last_entry(Problem.id), *HEAD)
    return Prepared(query.where(Problem.number == bindparam("number"), _seen(roles, me)), as_they_are)


def problem_by_id(by: Actor, problem_id: int) -> Problem:
    """Return a problem by its id; not found when there is none or not for this actor."""
    return found(session().scalars(select(Problem).where(Problem.id == problem_id, seen_by(by))).one_or_none())


@dataclass
class Held:
    """What of a problem those acts need that come by the thousand; read under its lock, and past the ORM."""

    code: str
    """That of the grid, where it lies in one, or else of the community."""

    id: int
    number: str
    community_id: int
    stage: Stage
    hidden: bool
    ending: Ending | None
    merged_into_id: int | None
    round: int
    seconds: int
    households: int


def held_for_change(by: Actor, number: str) -> Held:
    """Lock the problem with this number and return of it, as it is now, what most acts need."""
    held = _held_for_change(_sight(by, None), somebody=by.person_id is not None)
    return found(held.one_or_none({"number": number, "me": by.person_id}))


@lru_cache(maxsize=200)
def _held_for_change(roles: Sight, *, somebody: bool) -> Prepared[Held]:
    me = bindparam("me", type_=Id) if somebody else None
    columns = (getattr(Problem, each.name) for each in fields(Held)[1:])
    # No join: whoever waited for the lock is shown the row as it is by then, and only a column is looked up anew.
    code = select(Place.code).where(Place.id == func.coalesce(Problem.grid_id, Problem.community_id))
    held = select(code.scalar_subquery(), *columns).where(Problem.number == bindparam("number"), _seen(roles, me))
    return Prepared(held.with_for_update(of=Problem), Held)


def problem_for_change(by: Actor, number: str) -> Problem:
    """Lock the problem with this number and return it as it is now."""
    query = _numbered_for_change(_sight(by, None), somebody=by.person_id is not None)
    return found(session().scalars(query, {"number": number, "me": by.person_id}).one_or_none())


@lru_cache(maxsize=200)
def _numbered_for_change(roles: Sight, *, somebody: bool) -> Select[Problem]:
    """Return the query with which most verbs begin, put together once for actors with the same roles."""
    me = bindparam("me", type_=Id) if somebody else None
    return for_change(select(Problem).where(Problem.number == bindparam("number"), _seen(roles, me)))


def locked(problem_id: int) -> Problem:
    """Lock a problem for a reaction, whoever caused it, and return it as it is now."""
    return found(session().scalars(_LOCKED, {"problem": problem_id}).one_or_none())


_LOCKED = for_change(select(Problem).where(Problem.id == bindparam("problem", type_=Id)))


def raiser_ids(problem_id: int) -> list[int]:
    """Return who raised a problem, the author first."""
    query = select(Raiser.person_id).where(Raiser.problem_id == problem_id).order_by(Raiser.id)
    return list(kept(("raisers", problem_id), lambda: session().scalars(query).all(), of=problem_id))


def names_and_raisers(problem_id: int) -> tuple[Mapping[int, int], tuple[int, ...]]:
    """Return the ordinal that each person has on a dossier, and those of its raisers, the author first."""
    return kept(("people on", problem_id), lambda: _read_people_on(problem_id), of=problem_id)


def raiser_ordinals(problem_id: int) -> tuple[int, ...]:
    """Return under which numbers those who raised a problem are known on its dossier, the author first."""
    return names_and_raisers(problem_id)[1]


def names_on(problem_id: int) -> dict[int, int]:
    """Return the ordinal that each person has on a dossier."""
    return dict(names_and_raisers(problem_id)[0])


def _read_people_on(problem_id: int) -> tuple[Mapping[int, int], tuple[int, ...]]:
    rows = session().execute(_PEOPLE_ON, {"problem": problem_id}).all()
    raisers = sorted((raiser_id or 0, ordinal) for _, ordinal, raiser_id in rows if raiser_id)
    return {person_id: ordinal for person_id, ordinal, _ in rows}, tuple(ordinal for _, ordinal in raisers)


_PEOPLE_ON = (
    select(DossierName.person_id, DossierName.ordinal, Raiser.id)
    .outerjoin(Raiser, (Raiser.problem_id == DossierName.problem_id) & (Raiser.person_id == DossierName.person_id))
    .where(DossierName.problem_id == bindparam("problem", type_=Id))
)


def latest_triage(problem_id: int) -> Triage | None:
    """Return the triage of the present turn: proposed, or confirmed."""
    return triage_and_appeal(problem_id)[0]


def triage_and_appeal(problem_id: int) -> tuple[Triage | None, TriageAppeal | None]:
    """Return the triage of the present turn and the one appeal there may be, in one query."""
    return kept(("triage", problem_id), lambda: _read_triaged(problem_id), of=problem_id)


def _read_triaged(problem_id: int) -> tuple[Triage | None, TriageAppeal | None]:
    row = session().execute(_TRIAGED, {"problem": problem_id}).first()
    return (None, None) if row is None else (row[0], row[1])


_TRIAGED = (
    select(Triage, TriageAppeal)
    .outerjoin(TriageAppeal, TriageAppeal.problem_id == Triage.problem_id)
    .where(Triage.problem_id == bindparam("problem", type_=Id))
    .order_by(Triage.turn.desc())
    .limit(1)
)


def answers_of(problem_id: int, round_: int) -> dict[int, ConfirmationAnswer]:
    """Return what each raiser has answered in a round."""
    rows = session().execute(
        select(Confirmation.person_id, Confirmation.answer).where(
            Confirmation.problem_id == problem_id, Confirmation.round == round_
        )
    )
    return dict(rows.all())


def facts_of(by: Actor, problem: Problem) -> Facts:
    """Return what the rules must know of a problem for one actor, in a constant number of queries."""
    return facts_and_level(by, problem)[0]


def joining_facts(by: Actor, problem: Problem | Held) -> Facts:
    """Return the same for who joins those that have met it, or leaves them; of its triage nothing is read."""
    return facts_from(by, problem, None, None)[0]


def facts_and_level(by: Actor, problem: Problem) -> tuple[Facts, FollowLevel | None]:
    """Return the same, and how much this actor has said they want to hear of the problem."""
    return facts_from(by, problem, *triage_and_appeal(problem.id))


def facts_from(
    by: Actor, problem: Problem | Held, triage: Triage | None, appeal: TriageAppeal | None
) -> tuple[Facts, FollowLevel | None]:
    """Return the same for whoever has read the triage and the appeal already."""
    asked = {
        "problem": problem.id,
        "community": problem.community_id,
        "into": problem.merged_into_id,
        "round": problem.round,
        "me": by.person_id,
    }
    session().flush()
    code, merged_into, is_raiser, has_seconded, has_confirmed, level = found(_FACTS.one_or_none(asked))
    facts = Facts(
        number=problem.number,
        code=code,
        stage=problem.stage,
        hidden=problem.hidden,
        ending=problem.ending,
        merged_into=merged_into or "",
        is_raiser=bool(is_raiser),
        has_seconded=bool(has_seconded),
        has_confirmed=bool(has_confirmed),
        triage=triage.state if triage else None,
        triage_by_rules=triage is not None and triage.confirmed_by is None,
        triaged_at=triage.confirmed_at if triage else None,
        appeal_until=_appeal_until(code, triage),
        appealed=appeal is not None,
        appeal_open=appeal is not None and appeal.outcome is None,
    )
    return facts, level


def _facts() -> Prepared[tuple[Any, ...]]:
    into = aliased(Problem)
    # Nobody in particular has the id NULL, which equals nothing.
    problem, me = bindparam("problem", type_=Id), bindparam("me", type_=Id)
    facts = select(
        Place.code,
        select(into.number).where(into.id == bindparam("into", type_=Id)).scalar_subquery(),
        exists().where(Raiser.problem_id == problem, Raiser.person_id == me),
        exists().where(Second.problem_id == problem, Second.person_id == me),
        exists().where(
            Confirmation.problem_id == problem, Confirmation.round == bindparam("round"), Confirmation.person_id == me
        ),
        select(Following.level).where(Following.problem_id == problem, Following.person_id == me).scalar_subquery(),
    ).where(Place.id == bindparam("community", type_=Id))
    return Prepared(facts, as_they_are)


_FACTS = _facts()
"""Asked for each dossier."""


def _appeal_until(code: str, triage: Triage | None) -> datetime | None:
    if triage is None or triage.state is not TriageState.CONFIRMED or triage.confirmed_at is None:
        return None
    days = setting(code, Setting.APPEAL_DAYS)
    if days == 0:
        return triage.confirmed_at
    return due(triage.confirmed_at, Limit(days, LimitUnit.CALENDAR_DAYS), calendar_for(code))
