"""How far a problem is, on the residents' side and on the official one, and how it can end."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """The residents' side; the official side is shown by the case and its stamps."""

    RAISED = "raised"  # waits for triage
    GATHERING = "gathering"  # seconders are gathered, people deliberate
    DECIDING = "deciding"  # a voting notice is out or ballots are cast
    ACTING = "acting"  # tasks are claimed and done
    OFFICIAL = "official"  # only the public body acts (lane A)
    MEDIATING = "mediating"  # lane M
    CONFIRMING = "confirming"  # the raisers are asked
    ENDED = "ended"


class Official(StrEnum):
    """The official side in one word, for lists."""

    NONE = "none"
    OPEN = "open"
    CLOSED = "closed"


class Ending(StrEnum):
    """How a problem ended; none of them is silence about the reason."""

    FIXED = "fixed"
    UNCONFIRMED = "unconfirmed"
    REFERRED = "referred"
    MEDIATED = "mediated"
    MERGED = "merged"
    WITHHELD = "withheld"


class ConfirmationAnswer(StrEnum):
    """What a raiser says after closing."""

    FIXED = "fixed"
    NOT_FIXED = "not_fixed"


class TriageState(StrEnum):
    """A triage is proposed by the rules and confirmed or changed by a person."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


class AppealOutcome(StrEnum):
    """What became of the one appeal against a triage."""

    UPHELD = "upheld"  # the triage stands
    GRANTED = "granted"  # the problem is triaged anew
