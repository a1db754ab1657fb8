"""Flagging a motion: its question, its reasons, its options and tasks; after the notice only an order covers them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from cogov.decisions.commands.moving import motion_for_change
from cogov.decisions.events import MotionWithdrawn
from cogov.decisions.models import Closing, Decision, DecisionOption, Motion, MotionOption, PlannedTask, Resolution
from cogov.decisions.queries.counting import frozen_options
from cogov.decisions.rules.methods import read_form, write_form
from cogov.decisions.rules.stages import MotionState
from cogov.decisions.rules.veiling import why_not_erase, why_not_remove
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal, Refused, insist
from cogov.journal.event import Event
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.commands import Passage, flag_passage, settle_passage, take_back_words
from cogov.moderation.events import TextWithdrawn
from cogov.moderation.models import Review
from cogov.moderation.rules import FlagReason, ReviewState, SubjectKind
from cogov.moderation.rules.covering import fold, mark_of
from cogov.people.queries import organization_names
from cogov.people.rules import Actor, OrganizationKind
from cogov.places.queries import place_by_id
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id

KIND = SubjectKind.VOTING_MOTION
COLUMNS = ("question", "text", "public_act")


class _Prompt:
    """What a motion asks of who votes: it stands within the form of the ballot."""

    def __init__(self, row: Motion | Decision) -> None:
        self._row = row

    @property
    def prompt(self) -> str:
        """The words."""
        return read_form(self._row.form).prompt

    @prompt.setter
    def prompt(self, words: str) -> None:
        self._row.form = write_form(replace(read_form(self._row.form), prompt=words))


@verb
def flag_motion(
    by: Actor,
    motion_id: int,
    *,
    reason: FlagReason,
    words: str = "",
    about_committee: bool = False,
    once: str | None = None,
) -> Review:
    """Flag a motion; what is about the committee, or moved by it, goes to the level above."""
    insist_once(by, once)
    motion, _ = motion_for_change(by, motion_id)
    return flag_passage(by, _passage(motion), reason=reason, words=words, about_committee=about_committee)


def motion_passage_of(by: Actor, motion_id: int) -> tuple[Passage, Problem]:
    """Return a motion as a text with its problem; not found where that does not exist for this actor."""
    motion = found(session().get(Motion, motion_id))
    problem = problem_by_id(by, motion.problem_id)
    return _passage(motion), problem


def why_not_withdraw_motion_words(by: Actor, motion_id: int) -> Refusal | None:
    """Say why somebody may not erase what a motion says; not found where that does not exist for this actor."""
    text, _ = motion_passage_of(by, motion_id)
    return _why_not_erase(by, text)


def _why_not_erase(by: Actor, text: Passage) -> Refusal | None:
    is_mover = by.person_id is not None and by.person_id == text.author_id
    return why_not_erase(text.row.state, is_mover=is_mover, stands=text.stands)


def is_frozen(motion_id: int) -> bool:
    """Say whether the notice of a motion is out."""
    return session().scalar(select(Decision.id).where(Decision.motion_id == motion_id)) is not None


def _passage(motion: Motion) -> Passage:
    of_motion = select(MotionOption).where(MotionOption.motion_id == motion.id).order_by(MotionOption.position)
    options = list(session().scalars(of_motion))
    tasks = session().scalars(select(PlannedTask).where(PlannedTask.motion_id == motion.id).order_by(PlannedTask.id))
    organization = organization_names([motion.organization_id]).get(motion.organization_id or 0)
    parts: dict[str, tuple[Any, str]] = {"prompt": (_Prompt(motion), "prompt")}
    parts |= {f"option-{row.id}-{name}": (row, name) for row in options for name in ("label", "consequence")}
    parts |= {f"task-{row.id}-{name}": (row, name) for row in tasks for name in ("title", "text")}
    return Passage(
        KIND,
        motion,
        COLUMNS,
        author_id=motion.person_id,
        standing_id=None,
        place_id=motion.community_id,
        problem_id=motion.problem_id,
        code=place_by_id(motion.community_id).code,
        parts=parts,
        numbers={f"option-{row.id}-label": row.position for row in options},
        ours=organization is not None and organization.kind is OrganizationKind.COMMITTEE,
    )


@verb
def settle_motion_words(_by: Actor, review_id: int) -> None:
    """Have a motion follow its review; what is frozen stays, but for an order, and then for those who count again."""
    review = found(session().get(Review, review_id))
    found_motion = found(session().get(Motion, review.subject_id))
    locked(found_motion.problem_id)
    session().refresh(found_motion)
    query = for_change(select(Decision).where(Decision.motion_id == found_motion.id))
    decision = session().scalars(query).one_or_none()
    if decision is not None and review.state is ReviewState.REMOVED:
        raise Refused(why_not_remove())
    text = _passage(found_motion)
    # What is veiled already holds marks: to keep these as the frozen words would destroy what people voted on.
    if decision is not None and review.state is ReviewState.ORDERED and not decision.frozen_words:
        _veil(decision, text, review.state)
    settle_passage(text, review)


def _veil(decision: Decision, text: Passage, state: ReviewState) -> None:
    """Keep the words as they were frozen in one place, and cover them where the public reads them."""
    options = frozen_options(decision.id)
    closing = session().scalars(select(Closing).where(Closing.decision_id == decision.id)).one_or_none()
    resolution = session().scalars(select(Resolution).where(Resolution.decision_id == decision.id)).one_or_none()
    frozen = {"question": decision.question, "form": decision.form, **_words_of("motion", text.row, COLUMNS)}
    for each in options:
        frozen |= _words_of("option", each, ("label", "consequence"))
    frozen |= _words_of("closing", closing, ("outcome",)) | _words_of("resolution", resolution, ("text", "public_act"))
    decision.frozen_words = fold(frozen)
    mark = mark_of(state)
    decision.question = mark
    _Prompt(decision).prompt = mark if read_form(decision.form).prompt else ""
    for each in options:
        _cover_option(each, mark_of(state, str(each.position)), mark)
    for row, names in ((closing, ("outcome",)), (resolution, ("text", "public_act"))):
        for name in names:
            if row is not None and getattr(row, name):
                setattr(row, name, mark)


def _cover_option(option: DecisionOption, label: str, mark: str) -> None:
    option.label = label
    if option.consequence:
        option.consequence = mark


def _words_of(
    part: str, row: Motion | DecisionOption | Closing | Resolution | None, names: tuple[str, ...]
) -> dict[str, str]:
    return {f"{part}-{row.id}-{name}": getattr(row, name) for name in names} if row is not None else {}


@verb
def withdraw_motion_words(by: Actor, motion_id: int, *, once: str | None = None) -> Motion:
    """Erase, as its mover, what a motion says before its notice is out; it is withdrawn with that."""
    insist_once(by, once)
    motion, _ = motion_for_change(by, motion_id)
    text = _passage(motion)
    insist(_why_not_erase(by, text))
    events: list[Event] = [TextWithdrawn(KIND, motion.id)]
    if motion.state is not MotionState.WITHDRAWN:
        motion.state = MotionState.WITHDRAWN
        events.append(MotionWithdrawn(motion.id))
    take_back_words(text)
    for event in events:
        record(
            event,
            by.under(by.serves(motion.organization_id)),
            place_id=motion.community_id,
            problem_id=motion.problem_id,
            subject=("motion", motion.id),
        )
    return motion
