"""What the dossier shows of the problem itself, and the words beside this room's journal entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import select

from cogov.files.models import Picture
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words
from cogov.people.models import Organization
from cogov.people.queries import organization_names
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id, places_by_id
from cogov.problems.models import Conclusion, Confirmation, Leeway, Mediation, Phase, Problem, Triage, TriageAppeal
from cogov.problems.queries.concluding import open_matter
from cogov.problems.queries.loading import facts_from, latest_triage, names_and_raisers, triage_and_appeal
from cogov.problems.queries.pictures import shown_pictures
from cogov.problems.rules.acts import (
    Act,
    Facts,
    belongs,
    why_not_answer,
    why_not_appeal,
    why_not_conclude,
    why_not_confirm,
    why_not_mediate,
    why_not_second,
    why_not_triage,
    why_not_unsecond,
)
from cogov.problems.rules.following import FollowLevel
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.leeway import ROOM_WORDS, Room
from cogov.problems.rules.names import LANES, REASONS, RULES
from cogov.problems.rules.phases import PART_WORDS, Part
from cogov.problems.rules.proposals import from_text
from cogov.problems.rules.report import Proposal
from cogov.problems.rules.stages import Ending, Stage, TriageState


@dataclass(frozen=True)
class TriageShown:
    """A triage as it is shown: what was proposed, what it came to, and who confirmed it for whom."""

    triage: Triage
    proposal: Proposal
    body: Organization | None
    confirmed_for: Organization | None
    same_as: str

    @property
    def confirmed(self) -> bool:
        """Whether it is more than a proposal."""
        return self.triage.state is TriageState.CONFIRMED

    @property
    def lane(self) -> Lane:
        """The lane it came to, else the one proposed."""
        return self.triage.lane or self.triage.proposed_lane

    @property
    def lane_name(self) -> Words:
        """What the lane is called."""
        return LANES[self.lane]

    @property
    def reason_name(self) -> Words:
        """What the reason is called."""
        return REASONS[self.triage.reason or self.proposal.reasons[0]]

    @property
    def rule_name(self) -> Words:
        """How it is decided."""
        return RULES[RuleCode(self.triage.rule) if self.triage.rule else self.proposal.rules[0]]


@dataclass(frozen=True)
class Panel:
    """Everything the head and the acts of a dossier show to one actor."""

    facts: Facts
    community_name: str
    grid_name: str
    accountable: Organization
    pictures: tuple[Picture, ...]
    numbers: tuple[str, ...]
    triage: TriageShown | None
    appeal: TriageAppeal | None
    mediation: Mediation | None
    names: Mapping[int, int]
    """The ordinal of each person on this dossier."""

    raiser_ordinals: tuple[int, ...]
    level: FollowLevel
    """How much this reader hears of the problem: what they said, or everything where they are on the dossier."""

    acts: Mapping[Act, Refusal | None]
    talks: bool
    """Whether this reader lives, owns or serves here while people deliberate, and so is offered the next steps."""

    def can(self, act: str) -> bool:
        """Say whether this actor may do it now."""
        return self.acts[Act(act)] is None

    def refusal(self, act: str) -> Refusal | None:
        """Return why not."""
        return self.acts[Act(act)]

    @property
    def waits_to_conclude(self) -> bool:
        """Whether this actor could conclude the deliberation but for something that is still open."""
        refusal = self.acts[Act.CONCLUDE]
        return refusal is not None and refusal.status != 403 and self.facts.stage is Stage.GATHERING

    def offers(self, act: str) -> bool:
        """Say whether the act is this actor's at all, if not now: only then is a greyed button of use."""
        refusal = self.acts[Act(act)]
        return refusal is None or refusal.status != 403


def acts_of(by: Actor, facts: Facts, at: datetime, matter: Refusal | None = None) -> dict[Act, Refusal | None]:
    """Return every act of this room with the reason why not, as the commands will ask; ``matter`` is one still open."""
    return {
        Act.SECOND: why_not_second(by, facts),
        Act.UNSECOND: why_not_unsecond(by, facts),
        Act.TRIAGE: why_not_triage(by, facts),
        Act.APPEAL: why_not_appeal(by, facts, at=at),
        Act.ANSWER_APPEAL: why_not_answer(by, facts),
        Act.MEDIATE: why_not_mediate(by, facts),
        Act.CONCLUDE: why_not_conclude(by, facts, matter),
        Act.CONFIRM: why_not_confirm(by, facts),
    }


def triage_shown(problem_id: int) -> TriageShown | None:
    """Return the triage of the present turn as it is shown."""
    triage = latest_triage(problem_id)
    if triage is None:
        return None
    return _as_shown(triage, organization_names([triage.organization_id, triage.confirmed_for]))


def _as_shown(triage: Triage, names: Mapping[int, Organization]) -> TriageShown:
    same = session().scalar(select(Problem.number).where(Problem.id == triage.same_as_id)) if triage.same_as_id else ""
    return TriageShown(
        triage,
        from_text(triage.proposal),
        names.get(triage.organization_id or 0),
        names.get(triage.confirmed_for or 0),
        same or "",
    )


def _triage_and_holder(problem: Problem, triage: Triage | None) -> tuple[TriageShown | None, Organization]:
    wanted = [triage.organization_id, triage.confirmed_for] if triage is not None else []
    names = organization_names([problem.accountable_id, *wanted])
    return _as_shown(triage, names) if triage is not None else None, names[problem.accountable_id]


def panel(by: Actor, problem: Problem) -> Panel:
    """Return the panel of a problem, in a number of queries that does not depend on how much hangs on it."""
    now_triaged, appeal = triage_and_appeal(problem.id)
    facts, level = facts_from(by, problem, now_triaged, appeal)
    triage, accountable = _triage_and_holder(problem, now_triaged)
    names, raisers = names_and_raisers(problem.id)
    return Panel(
        facts=facts,
        community_name=place_by_id(problem.community_id).name,
        grid_name=place_by_id(problem.grid_id).name if problem.grid_id else "",
        accountable=accountable,
        pictures=shown_pictures(problem.id),
        numbers=_numbers(problem, triage),
        triage=triage,
        appeal=appeal,
        mediation=_mediated_as(problem) if problem.ending is Ending.MEDIATED else None,
        names=names,
        raiser_ordinals=raisers,
        level=level or _level_of_who_said_nothing(by, facts, names),
        acts=acts_of(by, facts, now(), open_matter(problem)),
        talks=problem.stage is Stage.GATHERING and belongs(by, facts.code),
    )


def _level_of_who_said_nothing(by: Actor, facts: Facts, names: Mapping[int, int]) -> FollowLevel:
    on_it = facts.is_raiser or facts.has_seconded or by.person_id in names
    return FollowLevel.ALL if on_it else FollowLevel.NONE


def _numbers(problem: Problem, triage: TriageShown | None) -> tuple[str, ...]:
    if triage is None or not problem.emergency or problem.stage in (Stage.CONFIRMING, Stage.ENDED):
        return ()
    return triage.proposal.emergency_numbers


def _mediated_as(problem: Problem) -> Mediation | None:
    query = select(Mediation).where(Mediation.problem_id == problem.id).order_by(Mediation.id.desc()).limit(1)
    return session().scalars(query).first()


# Words beside entries -------------------------------------------------------------------------------------------------


class Told(Protocol):
    """What a journal entry must have to be given its words."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def kind(self) -> str:
        """The name of its event."""

    @property
    def facts(self) -> Any:
        """Its facts."""


Detail = dict[str, object]
Tell = Callable[[Mapping[str, Any], "_Rows"], Detail]


@dataclass(frozen=True)
class _Rows:
    """The rows that a page of entries speaks of, each table read once."""

    triages: Mapping[int, Triage]
    appeals: Mapping[int, TriageAppeal]
    mediations: Mapping[int, Mediation]
    conclusions: Mapping[int, Conclusion]
    confirmations: Mapping[int, Confirmation]
    problems: Mapping[int, Problem]
    numbers: Mapping[str, Problem]
    organizations: Mapping[int, Organization]
    places: Mapping[int, str]
    leeways: Mapping[int, Leeway]
    phases: Mapping[int, Phase]


def details(entries: Iterable[Told]) -> dict[int, Detail]:
    """Return what the templates of this room's entries need, by entry number; one query per table."""
    known = [entry for entry in entries if entry.kind in _TELL]
    if not known:
        return {}
    rows = _read(known)
    return {entry.number: _TELL[entry.kind](entry.facts, rows) for entry in known}


Found = TypeVar("Found", Triage, TriageAppeal, Mediation, Conclusion, Confirmation, Problem, Leeway, Phase)


def _by_id(model: type[Found], ids: Iterable[int]) -> dict[int, Found]:
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    return {row.id: row for row in session().scalars(select(model).where(model.id.in_(wanted)))}


def _read(entries: list[Told]) -> _Rows:
    ids: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        for name, value in entry.facts.items():
            if isinstance(value, int) and not isinstance(value, bool):
                ids[name].append(value)
    numbers = [str(entry.facts["number"]) for entry in entries if entry.kind == "ProblemRaised"]
    raised = session().scalars(select(Problem).where(Problem.number.in_(numbers))) if numbers else ()
    triages = _by_id(Triage, ids["triage"])
    wanted = [*ids["body"], *ids["to"], *(row.organization_id for row in triages.values())]
    return _Rows(
        triages=triages,
        appeals=_by_id(TriageAppeal, ids["appeal"]),
        mediations=_by_id(Mediation, ids["mediation"]),
        conclusions=_by_id(Conclusion, ids["conclusion"]),
        confirmations=_by_id(Confirmation, ids["confirmation"]),
        problems=_by_id(Problem, ids["into"]),
        numbers={row.number: row for row in raised},
        organizations=organization_names(wanted),
        places={place.id: place.name for place in places_by_id(ids["grid"]).values()},
        leeways=_by_id(Leeway, ids["leeway"]),
        phases=_by_id(Phase, ids["phase"]),
    )


def _organization(rows: _Rows, organization_id: object) -> str:
    row = rows.organizations.get(organization_id) if isinstance(organization_id, int) else None
    return row.name if row else ""


def _raised(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.numbers.get(facts["number"])
    return {
        "number": facts["number"],
        "words": row.text if row else "",
        "title": row.title if row else "",
        "grid": rows.places.get(facts["grid"] or 0, ""),
        "emergency": facts["emergency"],
        "recorded": bool(row and row.recorded_by),
    }


def _proposed(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.triages.get(facts["triage"])
    proposal = from_text(row.proposal) if row else None
    return {
        "lane": LANES[Lane(facts["lane"])],
        "reason": REASONS[ReasonCode(facts["reason"])],
        "why": proposal.why if proposal else (),
        "basis": proposal.basis if proposal else "",
        "numbers": proposal.emergency_numbers if proposal else (),
    }


def _triaged(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.triages.get(facts["triage"])
    return {
        "lane": LANES[Lane(facts["lane"])],
        "reason": REASONS[ReasonCode(facts["reason"])],
        "rule": RULES[RuleCode(facts["rule"])],
        "body": _organization(rows, facts["body"]),
        "changed": facts["changed"],
        "words": row.words if row else "",
        "channel": row.channel if row else "",
        "basis": from_text(row.proposal).basis if row and not facts["changed"] else "",
    }


def _appealed(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.appeals.get(facts["appeal"])
    return {"words": row.words if row else ""}


def _answered(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.appeals.get(facts["appeal"])
    return {"outcome": facts["outcome"], "words": row.answer if row else ""}


def _handed(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    return {"organization": _organization(rows, facts["to"])}


def _merged(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.problems.get(facts["into"])
    return {"into": row.number if row else "", "title": row.title if row and not row.hidden else ""}


def _mediated(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.mediations.get(facts["mediation"])
    return {"agreed": facts["agreed"], "words": row.words if row else ""}


def _concluded(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.conclusions.get(facts["conclusion"])
    return {"words": row.words if row else ""}


def _confirmed(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.confirmations.get(facts["confirmation"])
    return {"answer": facts["answer"], "round": facts["round"], "words": row.words if row else ""}


def _plain(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    return {name: facts[name] for name in ("round", "ending") if name in facts}


def _declared(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.leeways.get(facts["leeway"])
    return {
        "room": ROOM_WORDS[Room(facts["room"])],
        "open_part": row.open_part if row else "",
        "words": row.reason if row else "",
        "again": facts["version"] > 1,
    }


def _phase(facts: Mapping[str, Any], rows: _Rows) -> Detail:
    row = rows.phases.get(facts["phase"])
    return {
        "part": PART_WORDS[Part(facts["part"])],
        "opens_at": row.opens_at if row else None,
        "closes_at": row.closes_at if row else None,
        "words": row.reason if row else "",
    }


_TELL: dict[str, Tell] = {
    "ProblemRaised": _raised,
    "ProblemSeconded": _plain,
    "SecondWithdrawn": _plain,
    "RaiserJoined": _plain,
    "PictureCovered": _plain,
    "TriageProposed": _proposed,
    "ProblemTriaged": _triaged,
    "TriageAppealed": _appealed,
    "AppealAnswered": _answered,
    "AppealOverdue": _handed,
    "TriageOverdue": _handed,
    "ProblemMerged": _merged,
    "MediationRecorded": _mediated,
    "MediationOverdue": _handed,
    "DeliberationOverdue": _handed,
    "DeliberationConcluded": _concluded,
    "RaisersAsked": _plain,
    "ProblemConfirmed": _confirmed,
    "ProblemReopened": _plain,
    "ProblemEnded": _plain,
    "LeewayDeclared": _declared,
    "PhaseScheduled": _phase,
    "PhaseCancelled": _phase,
    "PhaseOpened": _phase,
    "PhaseClosed": _phase,
}
