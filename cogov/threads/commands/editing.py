"""Editing one's message: every version is kept, and the new words are looked at like those of a new message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.commands import hold_text
from cogov.moderation.queries import open_review
from cogov.moderation.rules import HoldReason, Mask, SubjectKind
from cogov.people.rules import Actor
from cogov.problems.models import Problem
from cogov.threads.commands.enclosing import NO_FILES, Files, commitments_of, enclose, let_go, tidied_files
from cogov.threads.commands.locking import message_for_change
from cogov.threads.commands.messages import tidied, why_edit_held
from cogov.threads.commands.naming import keep_mentions, mentioned_in, newly_mentioned
from cogov.threads.commands.speaking import dossier_of
from cogov.threads.events import MessageEdited, PeopleMentioned
from cogov.threads.models import Message, MessageVersion
from cogov.threads.rules.editing import Written, why_not_edit, why_not_same
from cogov.threads.rules.messages import MessageState

_LOOKED_AT = Refusal(
    "looked_at",
    say("这条发言正有人看，看完以前不能改成要先看的内容。"),
    what_next=say("请去掉多余的网址，或者等看完再改。"),
)


@dataclass(frozen=True)
class Edited:
    """A message as it has been edited."""

    id: int
    version: int
    text: str
    state: MessageState
    masked: tuple[Mask, ...] = ()
    held: HoldReason | None = None


@verb
def edit_message(
    by: Actor,
    message_id: int,
    *,
    text: str,
    files: Files = NO_FILES,
    without: Collection[int] = (),
    once: str | None = None,
) -> Edited:
    """Give one's message a new version; the one before stays to be seen, and whoever quoted it quotes that one.

    ``files`` come beside it, those of ``without`` stand beside the versions before alone.
    """
    insist_once(by, once)
    message, problem = message_for_change(by, message_id)
    insist(why_not_edit(by, dossier_of(problem), written(message)))
    text, masked = tidied(text)
    insist(why_not_same(message.text, text) if not files and not without else None)
    author = by.under(by.serves(message.organization_id))
    mentioned_in(problem.id, text)  # whom nobody can mention is refused before anything is written
    reason = why_edit_held(author, problem, message.text, text)
    _keep_version(message)
    _enclose(author, message, files, without)
    message.version, message.edited_at, message.salt = message.version + 1, now(), salt()
    if reason is not None:
        _hold(author, message, problem, reason, text)
    else:
        message.text = text
        record_edited(author, message, problem)
    return Edited(message.id, message.version, message.text, message.state, masked, reason)


def _enclose(author: Actor, message: Message, files: Files, without: Collection[int]) -> None:
    """Put files beside the version that comes, and take others away from it; both together are not too many."""
    if not files and not without:
        return
    left = let_go(message, message.version + 1, without)
    enclose(author, message.id, message.version + 1, tidied_files(files, beside=left))
    message.enclosed = left + len(files)


def written(message: Message) -> Written:
    """Return what the rules need to know of a message that is to be edited."""
    return Written(message.person_id, message.organization_id, message.state, message.version)


def record_edited(author: Actor, message: Message, problem: Problem) -> None:
    """Say that the version that stands now was published."""
    record(
        MessageEdited(
            message.id,
            message.version,
            commit_to(message.salt, message.text, *commitments_of(message)),
            message.enclosed,
        ),
        author,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("message", message.id),
    )
    _tell_mentioned(author, message, problem)


def _tell_mentioned(author: Actor, message: Message, problem: Problem) -> None:
    """Tell those whom this version is the first to mention; nobody hears of the same message twice."""
    named = newly_mentioned(message)
    if not named:
        return
    keep_mentions(message.id, named, message.version)
    record(
        PeopleMentioned(message.id, message.version, len(named)),
        author,
        place_id=problem.community_id,
        problem_id=problem.id,
        subject=("message", message.id),
    )


def _keep_version(message: Message) -> None:
    session().add(
        MessageVersion(
            message_id=message.id,
            version=message.version,
            person_id=message.person_id,
            text=message.text,
            salt=message.salt,
            at=message.edited_at or message.at,
        )
    )
    session().flush()


def _hold(author: Actor, message: Message, problem: Problem, reason: HoldReason, text: str) -> None:
    """Take the message from sight until somebody has looked at its new words."""
    insist(_LOOKED_AT if open_review(SubjectKind.MESSAGE, message.id) is not None else None)
    message.text, message.state = "", MessageState.HELD
    message.review_id = hold_text(
        author,
        SubjectKind.MESSAGE,
        message.id,
        place_id=problem.community_id,
        problem_id=problem.id,
        reason=reason,
        text=text,
        text_salt=message.salt,
    ).id
