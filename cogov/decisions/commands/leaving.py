"""What a closed account leaves behind in votes: that it applied to be admitted, not how it lives."""

from __future__ import annotations

from sqlalchemy import case, update

from cogov.decisions.models import InterestClaim
from cogov.decisions.rules.interest import InterestState
from cogov.ground.db import session


def forget_person(person_id: int, words: bool) -> None:
    """Erase how a matter touches somebody's home, and what was answered, whatever they wished of other words.

    Nobody has to decide any more about what still waited; who was admitted stays on the roll, as others own it, too.
    """
    waited = InterestClaim.state == InterestState.WAITING
    session().execute(
        update(InterestClaim)
        .where(InterestClaim.person_id == person_id)
        .values(text="", salt="", answer="", state=case((waited, InterestState.WITHDRAWN), else_=InterestClaim.state)),
        execution_options={"synchronize_session": False},
    )
