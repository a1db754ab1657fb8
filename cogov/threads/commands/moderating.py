"""Messages that should perhaps not stand: flagged by readers, taken back by their authors, taken down and put back."""

from __future__ import annotations

from cogov.ground.db import found, session
from cogov.ground.refusals import insist
from cogov.journal.event import commit_to
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.commands import flag_text, seal_words, unseal_words
from cogov.moderation.models import Review
from cogov.moderation.rules import FlagReason, ReviewState, SubjectKind, why_not_flag
from cogov.people.queries import acted_for
from cogov.people.rules import COMMITTEE_ROLES, Actor
from cogov.problems.models import Problem
from cogov.problems.queries import locked
from cogov.threads.commands.editing import record_edited
from cogov.threads.commands.enclosing import commitments_of, erase_enclosures
from cogov.threads.commands.locking import erase_versions, locked_message, message_for_change
from cogov.threads.commands.naming import mentions_of
from cogov.threads.commands.speaking import dossier_of
from cogov.threads.events import MessagePosted, MessageWithdrawn
from cogov.threads.models import Message
from cogov.threads.rules.messages import MessageState, why_not_take_back


@verb
def flag_message(
    by: Actor,
    message_id: int,
    *,
    reason: FlagReason,
    words: str = "",
    about_committee: bool = False,
    once: str | None = None,
) -> Review:
    """Flag a message of others; what is about the committee, or by one of its members, goes to the level above."""
    insist_once(by, once)
    message, problem = message_for_change(by, message_id)
    code = dossier_of(problem).code
    standing = message.state is MessageState.SHOWN
    insist(why_not_flag(by, message.person_id, inside=by.inside(code), shown=standing))
    review = flag_text(
        by,
        SubjectKind.MESSAGE,
        message.id,
        author_id=message.person_id,
        place_id=problem.community_id,
        problem_id=problem.id,
        reason=reason,
        words=words,
        version=message.version,
        above=about_committee or by.holds(code, *COMMITTEE_ROLES) or _for_committee(message),
    )
    message.review_id = review.id
    return review


def _for_committee(message: Message) -> bool:
    """Say whether a message was written by somebody of the committee, for it."""
    return any(face.role in COMMITTEE_ROLES for face in acted_for([message.standing_id]).values())


@verb
def withdraw_message(by: Actor, message_id: int, *, once: str | None = None) -> Message:
    """Take back one's own message; its words and files are erased, and that something was said remains."""
    insist_once(by, once)
    message, problem = message_for_change(by, message_id)
    insist(why_not_take_back(by, message.person_id, message.organization_id, message.state))
    message.text, message.salt, message.state = "", "", MessageState.WITHDRAWN
    erase_versions(message.id)
    erase_enclosures([message.id])
    author = by.under(by.serves(message.organization_id))
    _record(MessageWithdrawn(message.id), author, message, problem)
    return message


# What the loop calls: a review was decided ----------------------------------------------------------------------------


@verb
def settle_message(by: Actor, review_id: int) -> None:
    """Have a message follow its review: it is taken down, published after all, or put back."""
    review = found(session().get(Review, review_id))
    # First the problem, as everywhere: whoever flags at this moment holds it too.
    problem = locked(found(review.problem_id))
    message = locked_message(review.subject_id)
    match review.state:
        case ReviewState.REMOVED | ReviewState.ORDERED:
            _take_down(message, review)
        case ReviewState.KEPT | ReviewState.RESTORED:
            _put_back(message, problem, review)


def _take_down(message: Message, review: Review) -> None:
    message.review_id = review.id
    if message.state is MessageState.WITHDRAWN:
        return  # its author was quicker, and the words are gone
    if message.state is MessageState.SHOWN:
        seal_words(review.id, message.text)
        message.text = ""
    message.state = MessageState.ORDERED if review.state is ReviewState.ORDERED else MessageState.REMOVED


def _put_back(message: Message, problem: Problem, review: Review) -> None:
    """Publish what was held, or restore what had been taken down; what stood all the time stands."""
    if message.state not in (MessageState.HELD, MessageState.REMOVED):
        return
    first = message.state is MessageState.HELD
    message.text, message.state = unseal_words(review.id), MessageState.SHOWN
    if not (first or review.held is not None):
        return
    if message.version > 1:
        record_edited(Actor(message.person_id), message, problem)
        return
    # Only now has it been said to anybody.
    words = commit_to(message.salt, message.text, *commitments_of(message))
    mentions = mentions_of(message.id)
    event = MessagePosted(message.id, message.reply_to_id, message.kind, words, mentions, message.enclosed)
    _record(event, Actor(message.person_id), message, problem)


def _record(event: MessagePosted | MessageWithdrawn, by: Actor, message: Message, problem: Problem) -> None:
    record(event, by, place_id=problem.community_id, problem_id=problem.id, subject=("message", message.id))
