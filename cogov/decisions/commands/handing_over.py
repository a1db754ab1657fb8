"""What a city's own voting system is handed: who took part, by unit, to the circle of the vote, and written down."""

from __future__ import annotations

from cogov.decisions.commands.pinning import take_full_bundle
from cogov.decisions.queries import units_sheet
from cogov.journal.transaction import verb
from cogov.people.rules import Actor


@verb
def take_units_sheet(by: Actor, decision_id: int) -> str:
    """Return the units of a closed named vote with whether each took part; the same circle as for the full bundle.

    It is written down as that is, so that all who had a vote see who took it.
    """
    take_full_bundle(by, decision_id)
    return units_sheet(decision_id)
