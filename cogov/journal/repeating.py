"""Requests that carry a key have one effect: the answer is kept beside it, and given again to who sends it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from cogov.ground.clock import now
from cogov.ground.db import apart, session
from cogov.ground.refusals import Refusal, Refused
from cogov.journal.event import Doer
from cogov.journal.models import KeptAnswer
from cogov.journal.transaction import transaction, verb

Answer = tuple[int, str]
"""Status and text of an answer."""


@verb
def answered_once(
    by: Doer, key: str, digest: str, make: Callable[[], Answer], reused: Refusal
) -> tuple[int, str, bool]:
    """Make an answer and keep it in one transaction, or return the one that was kept; the last says which.

    ``digest`` stands for the whole request: the same key on another one is refused with ``reused``. A refusal is not
    kept, so what was refused may be asked again under the same key.
    """
    kept = _kept(by, key)
    if kept is None:
        nested = apart()
        kept = KeptAnswer(person_id=by.person_id, key=key, digest=digest, at=now())
        session().add(kept)
        try:
            session().flush()
        except IntegrityError:
            nested.rollback()  # the same request is being answered at this instant; its transaction has ended by now
            kept = _kept(by, key)
        else:
            nested.commit()
            kept.status, kept.text = make()
            session().flush()
            return kept.status, kept.text, False
    if kept is None or kept.digest != digest:
        raise Refused(reused)
    return kept.status, kept.text, True


def is_answered(by: Doer, key: str) -> bool:
    """Say whether the answer to a request with this key was kept, so that nothing need be made for it again."""
    return _kept(by, key) is not None


def _kept(by: Doer, key: str) -> KeptAnswer | None:
    query = select(KeptAnswer).where(KeptAnswer.person_id == by.person_id, KeptAnswer.key == key)
    return session().scalars(query).one_or_none()


def forget_kept_answers(before: datetime) -> None:
    """Delete answers so old that nobody sends their requests again."""
    with transaction():
        session().execute(delete(KeptAnswer).where(KeptAnswer.at < before))
