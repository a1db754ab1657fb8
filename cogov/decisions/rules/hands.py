"""A show of hands: open, named, quick, and worth no more than what the people in the room see."""

from enum import StrEnum

from cogov.ground.words import say
from cogov.people.rules import Role

QUESTION_LONGEST, CHOICE_LONGEST = 80, 20
FEWEST_CHOICES, MOST_CHOICES = 2, 6
ASKS = frozenset({Role.MODERATOR, Role.CHAIR})
"""Who may ask for a show of hands, and end it."""


class Standpoint(StrEnum):
    """As what somebody raises a hand; counted apart, so that nobody is outvoted by those whom it does not concern."""

    OWNER = "owner"
    TENANT = "tenant"
    RESIDENT = "resident"
    BODY = "body"


STANDPOINT_WORDS = {
    Standpoint.OWNER: say("业主"),
    Standpoint.TENANT: say("租户"),
    Standpoint.RESIDENT: say("其他住户"),
    Standpoint.BODY: say("单位和组织"),
}
