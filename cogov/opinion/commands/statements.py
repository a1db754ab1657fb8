"""Writing statements, and what becomes of those that should perhaps not stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy, why_not_wording
from cogov.ground.words import say
from cogov.journal.event import commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.moderation.commands import flag_text, hold_text, seal_words, unseal_words
from cogov.moderation.models import Review
from cogov.moderation.queries import blocked_until
from cogov.moderation.rules import (
    LAST_LOOKED_AT,
    FlagReason,
    HoldReason,
    Mask,
    ReviewState,
    Said,
    SubjectKind,
    mask,
    why_hold,
    why_not_flag,
)
from cogov.moderation.rules.blocking import why_not_write_now
from cogov.opinion.events import StatementPublished, StatementWithdrawn, StatementWritten
from cogov.opinion.models import Conversation, Statement
from cogov.opinion.queries.loading import asked_of, ground_of, standing_texts
from cogov.opinion.rules.stages import STATEMENT_LENGTH, StatementState
from cogov.opinion.rules.taking import MOST_SEEDS, same_as, why_not_repeat, why_not_withdraw, why_not_write
from cogov.people.queries import acted_for
from cogov.people.rules import CLOCK, COMMITTEE_ROLES, Actor
from cogov.people.rules.speaking import as_who
from cogov.places.queries import setting
from cogov.places.rules import Setting
from cogov.problems.models import Problem
from cogov.problems.queries import locked, problem_by_id


@dataclass(frozen=True)
class Written:
    """A statement as it was written: what was masked in it, and why it waits, if it does."""

    statement: Statement
    masked: tuple[Mask, ...] = ()
    held: HoldReason | None = None


@verb
def write_statement(by: Actor, conversation_id: int, *, text: str, once: str | None = None) -> Written:
    """Write a statement for others to answer; what stands already is not written twice."""
    insist_once(by, once)
    problem_id = found(session().scalar(select(Conversation.problem_id).where(Conversation.id == conversation_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    conversation = found(session().get(Conversation, conversation_id, populate_existing=True))
    ground = ground_of(problem)
    texts = standing_texts(conversation.id)
    insist(why_not_write(by, ground, asked_of(conversation), now(), statements=len(texts)))
    writer = as_who(by, ground.code) or by
    if writer.organization_id is None and writer.person_id is not None:
        insist(why_not_write_now(blocked_until(writer.person_id, problem.community_id, problem.id)))
    words, masked = _tidied(text)
    if (same := same_as(words, texts)) is not None:
        insist(why_not_repeat(*same))
    reason = _why_hold(writer, ground.code, words)
    statement = _add(
        writer, conversation, problem, words, StatementState.SHOWN if reason is None else StatementState.HELD
    )
    if reason is not None:
        return _hold(writer, statement, problem, words, reason, masked)
    _written(writer, statement, problem)
    return Written(statement, masked)


def write_seeds(asker: Actor, conversation: Conversation, problem: Problem, texts: Sequence[str]) -> None:
    """Write the statements that a conversation begins with, inside the verb that opens it; repeated ones once."""
    written: list[tuple[int, str]] = []
    for text in texts[:MOST_SEEDS]:
        words, _ = _tidied(text)
        if same_as(words, written) is None:
            statement = _add(asker, conversation, problem, words, StatementState.SHOWN, seed=True)
            written.append((statement.number, words))
            _written(asker, statement, problem)


def _tidied(text: str) -> tuple[str, tuple[Mask, ...]]:
    """Return a text as it may be published, on one line: what identifies somebody never reaches the database."""
    text = " ".join(tidy(text).split())
    insist(why_not_wording(text, longest=STATEMENT_LENGTH, what=say("观点")))
    shown = mask(text)
    return shown.text, shown.found


def _add(
    writer: Actor,
    conversation: Conversation,
    problem: Problem,
    text: str,
    state: StatementState,
    *,
    seed: bool = False,
) -> Statement:
    """Keep a statement under the next number of the dossier; the problem is locked."""
    last = session().scalar(select(func.max(Statement.number)).where(Statement.problem_id == problem.id)) or 0
    statement = Statement(
        conversation_id=conversation.id,
        problem_id=problem.id,
        number=last + 1,
        person_id=writer.person_id,
        standing_id=writer.acting.id if writer.acting is not None and writer.organization_id is not None else None,
        organization_id=writer.organization_id,
        text=text if state is StatementState.SHOWN else "",
        salt=salt(),
        at=now(),
        state=state,
        seed=seed,
        imported=False,
        agree=0,
        disagree=0,
        passed=0,
        changes=0,
    )
    session().add(statement)
    session().flush()
    return statement


def _why_hold(writer: Actor, code: str, text: str) -> HoldReason | None:
    """Return why a statement waits; who speaks for an organization answers for it by name."""
    if writer.organization_id is not None:
        return None
    query = (
        select(Statement.at, Statement.text)
        .where(Statement.person_id == writer.person_id)
        .order_by(Statement.id.desc())
        .limit(LAST_LOOKED_AT)
    )
    lately = [Said(at, said) for at, said in session().execute(query)]
    return why_hold(text, lately, now(), most=setting(code, Setting.FLOOD_MESSAGES))


def _hold(
    writer: Actor,
    statement: Statement,
    problem: Problem,
    text: str,
    reason: HoldReason,
    masked: tuple[Mask, ...],
) -> Written:
    """Keep a statement with its words sealed, until somebody has looked at it."""
    review = hold_text(
        writer,
        SubjectKind.STATEMENT,
        statement.id,
        place_id=problem.community_id,
        problem_id=problem.id,
        reason=reason,
        text=text,
        text_salt=statement.salt,
    )
    statement.review_id = review.id
    return Written(statement, masked, reason)


@verb
def withdraw_statement(by: Actor, statement_id: int, *, once: str | None = None) -> Statement:
    """Take back one's own statement: its words are erased, and what was answered to it counts no more."""
    insist_once(by, once)
    statement, problem = _for_change(by, statement_id)
    insist(why_not_withdraw(by, statement.person_id, statement.organization_id, statement.state))
    statement.text, statement.salt, statement.state = "", "", StatementState.WITHDRAWN
    statement.changes += 1
    author = by.under(by.serves(statement.organization_id))
    _record(StatementWithdrawn(statement.id, statement.number), author, statement, problem)
    return statement


@verb
def flag_statement(
    by: Actor,
    statement_id: int,
    *,
    reason: FlagReason,
    words: str = "",
    about_committee: bool = False,
    once: str | None = None,
) -> Review:
    """Flag a statement of others; what is about the committee, or by one of its members, goes to the level above."""
    insist_once(by, once)
    statement, problem = _for_change(by, statement_id)
    code = ground_of(problem).code
    author_id = statement.person_id or 0
    standing = statement.state is StatementState.SHOWN and not statement.imported
    insist(why_not_flag(by, author_id, inside=by.inside(code), shown=standing))
    review = flag_text(
        by,
        SubjectKind.STATEMENT,
        statement.id,
        author_id=author_id,
        place_id=problem.community_id,
        problem_id=problem.id,
        reason=reason,
        words=words,
        above=about_committee or by.holds(code, *COMMITTEE_ROLES) or _for_committee(statement),
    )
    statement.review_id = review.id
    return review


def _for_committee(statement: Statement) -> bool:
    """Say whether a statement was written by somebody of the committee, for it."""
    return any(face.role in COMMITTEE_ROLES for face in acted_for([statement.standing_id]).values())


# What the loop calls: a review was decided ----------------------------------------------------------------------------


@verb
def settle_statement(by: Actor, review_id: int) -> None:
    """Have a statement follow its review: it is taken down, published after all, or put back."""
    review = found(session().get(Review, review_id))
    # First the problem, as everywhere: whoever flags at this moment holds it too.
    problem = locked(found(review.problem_id))
    statement = _locked(review.subject_id)
    match review.state:
        case ReviewState.REMOVED | ReviewState.ORDERED:
            _take_down(statement, review)
        case ReviewState.KEPT | ReviewState.RESTORED:
            _put_back(statement, problem, review)


def _take_down(statement: Statement, review: Review) -> None:
    statement.review_id = review.id
    if statement.state is StatementState.WITHDRAWN:
        return  # its author was quicker, and the words are gone
    if statement.state is StatementState.SHOWN:
        seal_words(review.id, statement.text)
        statement.text = ""
    statement.state = StatementState.ORDERED if review.state is ReviewState.ORDERED else StatementState.REMOVED
    statement.changes += 1


def _put_back(statement: Statement, problem: Problem, review: Review) -> None:
    """Publish what was held, or restore what had been taken down; what stood all the time stands."""
    if statement.state not in (StatementState.HELD, StatementState.REMOVED):
        return
    first = statement.state is StatementState.HELD
    statement.text, statement.state = unseal_words(review.id), StatementState.SHOWN
    statement.changes += 1
    if first or review.held is not None:
        # Only now has it been said to anybody.
        _written(Actor(statement.person_id), statement, problem)
        _record(StatementPublished(statement.id, statement.number), CLOCK, statement, problem)


def _for_change(by: Actor, statement_id: int) -> tuple[Statement, Problem]:
    # Only the id is read before the lock, so that what the rule judges is what stands in the database after it.
    problem_id = found(session().scalar(select(Statement.problem_id).where(Statement.id == statement_id)))
    problem_by_id(by, problem_id)
    problem = locked(problem_id)
    return _locked(statement_id), problem


def _locked(statement_id: int) -> Statement:
    return found(session().scalars(for_change(select(Statement).where(Statement.id == statement_id))).one_or_none())


def _written(writer: Actor, statement: Statement, problem: Problem) -> None:
    words = commit_to(statement.salt, statement.text)
    _record(StatementWritten(statement.id, statement.number, words), writer, statement, problem)


def _record(
    event: StatementWritten | StatementPublished | StatementWithdrawn,
    by: Actor,
    statement: Statement,
    problem: Problem,
) -> None:
    record(event, by, place_id=problem.community_id, problem_id=problem.id, subject=("statement", statement.id))
