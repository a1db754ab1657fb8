"""What a closed account leaves behind in threads: all it said, or that it said something."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.moderation.commands import uncover
from cogov.moderation.models import Review, SealedWords
from cogov.moderation.rules import SubjectKind
from cogov.threads.commands.enclosing import erase_enclosures
from cogov.threads.models import (
    Enclosure,
    Interest,
    Message,
    MessageVersion,
    MinorityOpinion,
    MinutesAnswer,
    Pledge,
    ReadingMark,
    SummaryVersion,
)
from cogov.threads.rules.pledges import PledgeState
from cogov.threads.rules.summaries import SummaryState

ERASED = "（写的人注销账号时，删去了这段话）"
"""Stands in the language of what stood there; the journal's commitment to the old words can then prove nothing more."""


def forget_person(person_id: int, words: bool) -> None:
    """Erase what a person said for themselves, if they wished it; what they said for an organization is its own.

    Concerns, solutions and changes to them stay: others answered and decided by them. What was at stake for the person
    is forgotten, and nobody waits for what they had promised.
    """
    _forget_stakes(person_id)
    session().execute(delete(ReadingMark).where(ReadingMark.person_id == person_id))
    if not words:
        return
    _forget_about_summaries(person_id)
    _forget_dissent_and_promises(person_id)
    own = select(Message).where(Message.person_id == person_id, Message.organization_id.is_(None))
    for message in session().scalars(own.execution_options(yield_per=500)):
        message.text, message.salt = ERASED, ""
    _forget_enclosures(person_id)
    of_them = select(Message.id).where(Message.person_id == person_id, Message.organization_id.is_(None))
    session().execute(
        update(MessageVersion).where(MessageVersion.message_id.in_(of_them)).values(text="", salt=""),
        execution_options={"synchronize_session": False},
    )


def _forget_enclosures(person_id: int) -> None:
    beside = select(Message.id).where(
        Message.person_id == person_id, Message.organization_id.is_(None), Message.id.in_(select(Enclosure.message_id))
    )
    erase_enclosures(list(session().scalars(beside)))


def _forget_about_summaries(person_id: int) -> None:
    """Erase proposals that were not taken, and what was wrong with minutes; what stands as a summary is everybody's."""
    untaken = select(SummaryVersion).where(
        SummaryVersion.person_id == person_id,
        SummaryVersion.organization_id.is_(None),
        SummaryVersion.state != SummaryState.STANDING,
    )
    for version in session().scalars(untaken):
        version.text, version.salt = ERASED, ""
    objections = select(MinutesAnswer).where(
        MinutesAnswer.person_id == person_id, MinutesAnswer.organization_id.is_(None), ~MinutesAnswer.endorses
    )
    for answer in session().scalars(objections):
        answer.reason, answer.salt = ERASED, ""


def _forget_dissent_and_promises(person_id: int) -> None:
    """Erase the words of minority opinions and of pledges; that they were, their signers and figures stay."""
    opinions = select(MinorityOpinion).where(
        MinorityOpinion.person_id == person_id, MinorityOpinion.organization_id.is_(None)
    )
    for opinion in session().scalars(opinions):
        opinion.text, opinion.salt = ERASED, ""
    pledges = select(Pledge).where(Pledge.person_id == person_id, Pledge.organization_id.is_(None), Pledge.what != "")
    for pledge in session().scalars(pledges.execution_options(populate_existing=True)):
        pledge.what, pledge.salt = ERASED, ""


def _forget_stakes(person_id: int) -> None:
    reviews = select(Review.id).where(Review.subject == SubjectKind.INTEREST, Review.author_id == person_id)
    reviewed = select(Review.subject_id).where(Review.id.in_(reviews))
    session().execute(delete(Interest).where(Interest.person_id == person_id, Interest.id.not_in(reviewed)))
    # Where there is a review the row stays, so that the review can be ended, and nothing else gets its id.
    for interest in session().scalars(select(Interest).where(Interest.person_id == person_id)):
        interest.words, interest.ended_at = ERASED, interest.ended_at or now()
        uncover(SubjectKind.INTEREST, interest.id, ["words"])
    for sealed in session().scalars(select(SealedWords).where(SealedWords.review_id.in_(reviews))):
        sealed.text = ""
    session().execute(
        update(Pledge)
        .where(Pledge.person_id == person_id, Pledge.organization_id.is_(None), Pledge.state == PledgeState.PLEDGED)
        .values(state=PledgeState.WITHDRAWN, settled_at=now(), settled_by=person_id),
        execution_options={"synchronize_session": False},
    )
