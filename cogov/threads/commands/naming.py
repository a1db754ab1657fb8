"""What a message refers to: a part of what somebody said, and the people it mentions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from cogov.ground.db import session
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy
from cogov.people.queries import acted_for
from cogov.problems.queries import names_on
from cogov.threads.models import Mention, Message, MessageVersion
from cogov.threads.rules.mentions import mentions_somebody, named_in, numbers_in, why_not_mention
from cogov.threads.rules.messages import MessageState
from cogov.threads.rules.quoting import found_in, why_not_quote

MOST_NAMED = 200
"""So many who speak for organizations in one thread are known by name, the latest."""


@dataclass(frozen=True)
class Quote:
    """What somebody wants to quote: a message, and which of its words; none are all of them."""

    message_id: int
    part: str = ""


def quoted_by(problem_id: int, quote: Quote | None) -> dict[str, Any]:
    """Return the columns that say what a message of this thread quotes; nothing is asked where it quotes nothing."""
    if quote is None:
        return {}
    message = session().get(Message, quote.message_id)
    stands = message is not None and message.problem_id == problem_id and message.state is MessageState.SHOWN
    insist(None if stands else why_not_quote(None, stands=False))
    assert message is not None
    quoted = found_in(message.id, _versions(message), tidy(quote.part))
    insist(why_not_quote(quoted, stands=True))
    assert quoted is not None
    return {
        "quoted_id": quoted.message_id,
        "quoted_version": quoted.version,
        "quoted_from": quoted.start,
        "quoted_to": quoted.end,
    }


def _versions(message: Message) -> Iterator[tuple[int, str]]:
    """Yield what a message says, then what it said before: it may have been edited while somebody quoted it."""
    yield message.version, message.text
    if message.version > 1:
        before = select(MessageVersion.version, MessageVersion.text).where(MessageVersion.message_id == message.id)
        rows = session().execute(before.order_by(MessageVersion.version.desc()))
        yield from ((version, text) for version, text in rows)


def mentioned_in(problem_id: int, text: str) -> frozenset[int]:
    """Return who of those who take part is mentioned; nothing is asked where no sign of a mention stands."""
    if not mentions_somebody(text):
        return frozenset()
    ordinals = names_on(problem_id)
    insist(why_not_mention(text, ordinals.values()))
    numbers = numbers_in(text)
    numbered = {person_id for person_id, ordinal in ordinals.items() if ordinal in numbers}
    return named_in(text, _named(problem_id)) | numbered


def _named(problem_id: int) -> dict[str, int]:
    """Return those who have spoken here for an organization, by the name under which they did."""
    spoken = select(Message.person_id, Message.standing_id, func.max(Message.id)).where(
        Message.problem_id == problem_id, Message.standing_id.is_not(None)
    )
    latest = spoken.group_by(Message.person_id, Message.standing_id).order_by(func.max(Message.id).desc())
    rows = list(session().execute(latest.limit(MOST_NAMED)))
    mandates = acted_for(standing_id for _, standing_id, _ in rows)
    return {
        mandates[standing_id].public_name: person_id
        for person_id, standing_id, _ in reversed(rows)
        if standing_id in mandates
    }


def keep_mentions(message_id: int, person_ids: Collection[int], version: int = 1) -> None:
    """Remember whom a message mentions, and from which version on."""
    if person_ids:
        session().add_all(
            Mention(message_id=message_id, person_id=each, version=version) for each in sorted(person_ids)
        )
        session().flush()


def newly_mentioned(message: Message) -> frozenset[int]:
    """Return whom the version that stands mentions and no version before did; its author needs no telling."""
    named = mentioned_in(message.problem_id, message.text) - {message.person_id}
    known = select(Mention.person_id).where(Mention.message_id == message.id)
    return named - set(session().scalars(known)) if named else named


def mentions_of(message_id: int) -> int:
    """Return how many a message mentions."""
    return session().scalar(select(func.count()).where(Mention.message_id == message_id)) or 0
