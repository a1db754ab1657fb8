"""Loading a case, which is the permission to read it, and what the rules have to know of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from cogov.cases.models import Call, Case, Stamp, Step
from cogov.cases.rules import ENDED, CallState, CaseState, Facts, Party, StepKind, Who
from cogov.cases.rules.steps import SIDE
from cogov.duties.models import Matter
from cogov.duties.rules.duty import MatterKey, MatterKind
from cogov.files.queries import pictures_of
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.journal.kept import Of, kept
from cogov.people.queries import nearest
from cogov.people.rules import Actor, OrganizationKind, Role
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import locked, visible

_EXECUTING = frozenset({StepKind.ACKNOWLEDGE, StepKind.HANDLE, StepKind.ANSWER_CALL})


_BEFORE_DISPATCH = frozenset(
    {CaseState.REPORTED, CaseState.VERIFIED, CaseState.ACCEPTED, CaseState.FILED, CaseState.REFUSED}
)


def case_for(by: Actor, case_id: int) -> Case:
    """Return a case whose problem this actor may see, or that was given to a body this actor works for."""
    case = found(session().get(Case, case_id))
    _insist_seen(by, case.id, case.problem_id)
    return case


def _insist_seen(by: Actor, case_id: int, problem_id: int) -> None:
    # A called body must be able to answer also where the problem is hidden from everybody without a part in it.
    if by.is_clock or visible(by, found(session().get(Problem, problem_id))):
        return
    served = [held.organization_id for held in by.standings if held.role is Role.OFFICIAL]
    called = exists().where(Call.case_id == case_id, Call.organization_id.in_(served))
    given = exists().where(Case.id == case_id, Case.body_id.in_(served), Case.state.not_in(_BEFORE_DISPATCH))
    found(session().scalar(select(Case.id).where(Case.id == case_id, or_(called, given))) if served else None)


def case_for_change(by: Actor, case_id: int) -> Case:
    """Lock a case under its problem, which is locked first, and return it as it is now."""
    problem_id = found(session().scalar(select(Case.problem_id).where(Case.id == case_id)))
    _insist_seen(by, case_id, problem_id)
    locked(problem_id)
    query = for_change(select(Case).where(Case.id == case_id)).execution_options(populate_existing=True)
    return session().scalars(query).one()


def problem_of(case_id: int) -> int:
    """Return the problem of a case, which never changes; whether there is one for an actor is asked elsewhere."""
    query = select(Case.problem_id).where(Case.id == case_id)
    return found(kept(("problem of", case_id), lambda: session().scalar(query), of=Of.REGISTERS))


def case_of_call(call_id: int) -> int:
    """Return the case under which a body was called."""
    return found(session().scalar(select(Call.case_id).where(Call.id == call_id)))


def cases_of(by: Actor, problem: Problem) -> list[Case]:
    """Return the cases of a problem that this actor may see, the latest first."""
    found(problem if visible(by, problem) else None)
    query = select(Case).where(Case.problem_id == problem.id).order_by(Case.id.desc())
    return list(kept(("cases", problem.id), lambda: session().scalars(query).all(), of=problem.id))


def open_case_of(problem_id: int) -> Case | None:
    """Return the one case of a problem that is neither closed nor refused."""
    return session().scalars(select(Case).where(Case.problem_id == problem_id, Case.state.not_in(ENDED))).one_or_none()


def last_case_of(problem_id: int) -> Case | None:
    """Return the latest case of a problem, whatever became of it."""
    return (
        session().scalars(select(Case).where(Case.problem_id == problem_id).order_by(Case.id.desc()).limit(1)).first()
    )


def stamps_of(case: Case) -> list[Stamp]:
    """Return the stamps of the present round of a case."""
    query = select(Stamp).where(Stamp.case_id == case.id, Stamp.round == case.round).order_by(Stamp.id)
    return list(kept(("stamps", case.id), lambda: session().scalars(query).all(), of=case.problem_id))


def steps_of(case: Case) -> list[Step]:
    """Return what was done to a case, in order."""
    query = select(Step).where(Step.case_id == case.id).order_by(Step.seq)
    return list(kept(("steps", case.id), lambda: session().scalars(query).all(), of=case.problem_id))


def has_picture(case_id: int, picture_id: int) -> bool:
    """Say whether a picture stands under a step of this case."""
    query = select(Step.id).where(Step.case_id == case_id, Step.picture_id == picture_id)
    return session().scalar(query.limit(1)) is not None


def calls_of(case: Case) -> list[Call]:
    """Return the bodies called in every round of a case, in order."""
    query = select(Call).where(Call.case_id == case.id).order_by(Call.id)
    return list(kept(("calls", case.id), lambda: session().scalars(query).all(), of=case.problem_id))


def code_of(problem: Problem) -> str:
    """Return the code of the problem's grid, or of its community where no grid is known."""
    return place_by_id(problem.grid_id or problem.community_id).code


def who(by: Actor) -> Who:
    """Return an actor as the rules see them."""
    return Who(by.person_id, by.standings, by.acting)


def facts_of(case: Case, called_id: int | None = None) -> Facts:
    """Return what the rules have to know of a case; ``called_id`` is the body whose call is being answered."""
    problem = found(session().get(Problem, case.problem_id))
    return facts_from(
        case,
        code_of(problem),
        steps_of(case),
        stamps_of(case),
        calls_of(case),
        called_id,
        picture_wanted=picture_wanted(problem),
    )


def facts_from(
    case: Case,
    code: str,
    steps: Sequence[Step],
    stamps: Sequence[Stamp],
    calls: Sequence[Call],
    called_id: int | None = None,
    *,
    picture_wanted: bool,
) -> Facts:
    """Return the same from rows that were read already."""
    supervision, command = (nearest(kind, code) for kind in (OrganizationKind.SUPERVISION, OrganizationKind.COMMAND))
    at = now()
    current = [call for call in calls if call.round == case.round]
    waiting = [call for call in current if call.state is CallState.CALLED]
    return Facts(
        state=case.state,
        code=code,
        round=case.round,
        parties={
            Party.SUPERVISION: supervision.id if supervision else None,
            Party.COMMAND: command.id if command else None,
            Party.BODY: case.body_id,
            Party.CALLED: called_id,
        },
        sides=_sides(steps),
        executors=_executors(case, steps, calls),
        inspected_by=case.inspected_by,
        returned_by=frozenset(
            step.organization_id
            for step in steps
            if step.kind is StepKind.RETURN and step.round == case.round and step.organization_id is not None
        ),
        stamps=frozenset(stamp.kind for stamp in stamps),
        picture_wanted=picture_wanted,
        calls=len(current),
        calls_waiting=len(waiting),
        calls_late=sum(call.due_at <= at for call in waiting),
    )


def picture_wanted(problem: Problem) -> bool:
    """Say whether the result can be photographed: the report came with a picture, or is about a component."""
    return _kind_of(problem.matter_id) is MatterKind.COMPONENT or bool(pictures_of([problem.id]).get(problem.id))


def _kind_of(matter_id: int | None) -> MatterKind | None:
    query = select(Matter.kind).where(Matter.id == matter_id)
    return kept(("kind of matter", matter_id), lambda: session().scalar(query), of=Of.REGISTERS) if matter_id else None


def matter_of(case: Case) -> MatterKey | None:
    """Return the key of the matter that the problem of a case is about, where it is in the catalogue."""
    query = select(Matter.standard, Matter.kind, Matter.code).join(Problem, Problem.matter_id == Matter.id)
    row = session().execute(query.where(Problem.id == case.problem_id)).first()
    return MatterKey(*row) if row else None


def _sides(steps: Sequence[Step]) -> dict[int, frozenset[Party]]:
    sides: dict[int, frozenset[Party]] = {}
    for step in steps:
        side = SIDE.get(step.kind)
        if side is not None and step.person_id is not None:
            sides[step.person_id] = sides.get(step.person_id, frozenset()) | {side}
    return sides


def _executors(case: Case, steps: Sequence[Step], calls: Sequence[Call]) -> frozenset[int]:
    worked = {step.organization_id for step in steps if step.kind in _EXECUTING}
    called = {call.organization_id for call in calls}
    return frozenset(each for each in {case.body_id, *worked, *called} if each is not None)
