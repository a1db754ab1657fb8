"""Flagging and taking back a text of whatever kind, by page and by program: who does it for which kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cogov.decisions.commands import flag_motion, why_not_withdraw_motion_words, withdraw_motion_words
from cogov.front.moderation.reading import TEXTS, text_of
from cogov.ground.refusals import NotFound, Refusal, Refused
from cogov.ground.words import say
from cogov.meetings.commands import flag_meeting_words
from cogov.meetings.commands.flagging import FLAGGED as TEXTS_OF_A_MEETING
from cogov.moderation.rules import FlagReason, SubjectKind
from cogov.people.rules import Actor
from cogov.problems.commands import flag_problem, why_not_withdraw_problem_words, withdraw_problem_words
from cogov.threads.commands import flag_words
from cogov.threads.queries.passages import KINDS as TEXTS_OF_A_DOSSIER


def _of_kind(verb: Callable[..., object], kind: SubjectKind, by: Actor, subject_id: int, **told: Any) -> object:
    return verb(by, kind, subject_id, **told)


_FLAG: Mapping[SubjectKind, Callable[..., object]] = {
    **{kind: partial(_of_kind, flag_words, kind) for kind in TEXTS_OF_A_DOSSIER},
    **{kind: partial(_of_kind, flag_meeting_words, kind) for kind in TEXTS_OF_A_MEETING},
    SubjectKind.PROBLEM: flag_problem,
    SubjectKind.VOTING_MOTION: flag_motion,
}
_TAKE_BACK: Mapping[SubjectKind, Callable[..., object]] = {
    SubjectKind.PROBLEM: withdraw_problem_words,
    SubjectKind.VOTING_MOTION: withdraw_motion_words,
}


_WHY_NOT_TAKE_BACK: Mapping[SubjectKind, Callable[[Actor, int], Refusal | None]] = {
    SubjectKind.PROBLEM: why_not_withdraw_problem_words,
    SubjectKind.VOTING_MOTION: why_not_withdraw_motion_words,
}


def kind_of(what: str) -> SubjectKind:
    """Return the kind that an address names, of those that are flagged here."""
    if what not in TEXTS:
        raise NotFound
    return SubjectKind(what)


def flag(
    by: Actor,
    kind: SubjectKind,
    subject_id: int,
    *,
    reason: FlagReason,
    words: str,
    about_committee: bool,
    once: str | None = None,
) -> None:
    """Flag a text."""
    _FLAG[kind](by, subject_id, reason=reason, words=words, about_committee=about_committee, once=once)


def _not_erased_here() -> Refusal:
    return Refusal(
        "not_erased_here",
        say("这类文字不能由作者自己删去。"),
        what_next=say("在它所在的那一页可以撤回或者改写；写到了不该公开的信息，请告诉社区主持人。"),
    )


def may_take_back(kind: SubjectKind) -> bool:
    """Say whether authors erase texts of a kind here; others are taken back where they stand."""
    return kind in _TAKE_BACK


def why_not_take_back(by: Actor, kind: SubjectKind, subject_id: int) -> Refusal | None:
    """Say why somebody may not erase a text: the rule that the command asks."""
    return _WHY_NOT_TAKE_BACK[kind](by, subject_id) if may_take_back(kind) else _not_erased_here()


def take_back(by: Actor, kind: SubjectKind, subject_id: int, *, once: str | None = None) -> None:
    """Erase one's own text."""
    text_of(by, kind, subject_id)  # what somebody may not read, they are told nothing about
    if kind not in _TAKE_BACK:
        raise Refused(_not_erased_here())
    _TAKE_BACK[kind](by, subject_id, once=once)
