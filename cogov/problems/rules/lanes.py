"""The codes of triage: ways a problem can go, why, by which rule it is decided and by whom."""

from enum import StrEnum


class Lane(StrEnum):
    """The way a problem goes."""

    A = "A"
    """A public body owes it; nobody votes."""
    B = "B"
    """Those concerned decide it themselves."""
    AB = "AB"
    """A duty and a decision at once."""
    M = "M"
    """Two parties, with a mediator."""
    X = "X"
    """Elsewhere: another channel, or the moderator."""


class ReasonCode(StrEnum):
    """Why the problem goes that way, in the order in which the rules are asked."""

    SAFETY = "SAFETY"
    CHANNEL = "CHANNEL"
    DUP = "DUP"
    CONTENT = "CONTENT"
    DUTY = "DUTY"
    OWNERSHIP = "OWNERSHIP"
    COMMONS = "COMMONS"
    RECUR = "RECUR"
    JOINT = "JOINT"
    DISPUTE = "DISPUTE"
    MOBILISE = "MOBILISE"
    UNCLEAR = "UNCLEAR"


class RuleCode(StrEnum):
    """How it is decided."""

    R0 = "R0"
    """A duty: never votable."""
    R1 = "R1"
    """Civil Code 278, ordinary."""
    R2 = "R2"
    """Civil Code 278, three quarters."""
    R3 = "R3"
    """Civil Code 279, all owners with an interest."""
    R4 = "R4"
    """Residents' meeting."""
    R5 = "R5"
    """Advisory consensus."""
    R6 = "R6"
    """Mediated agreement."""
    R7 = "R7"
    """Performance owed under a contract."""
    R8 = "R8"
    """Emergency use of the maintenance fund, Civil Code 281(2)."""
    R9 = "R9"
    """Claimed by volunteers."""
    R10 = "R10"
    """The manager of a public place, after consultation."""
    R11 = "R11"
    """Consent: nobody blocks it."""
    R12 = "R12"
    """The members of a committee, by majority."""
    R13 = "R13"
    """Participatory budget."""
    R14 = "R14"
    """A joint meeting of organizations, one delegate each."""


class Decider(StrEnum):
    """Who decides."""

    DEPARTMENT = "department"
    FIRE_SERVICE = "fire_service"
    POLICE = "police"
    GOVERNMENT = "government"
    STREET = "street"
    PROPERTY_MANAGER = "property_manager"
    OWNERS_ALL = "owners_all"
    OWNERS_BUILDING = "owners_building"
    OWNERS_UNIT = "owners_unit"
    OWNERS_CONCERNED = "owners_concerned"
    RESIDENTS_MEETING = "residents_meeting"
    RESIDENTS_CONSULTED = "residents_consulted"
    PLACE_MANAGER = "place_manager"
    PARTIES = "parties"
    VOLUNTEERS = "volunteers"
    MODERATOR = "moderator"
    CHANNEL = "channel"


class Confidence(StrEnum):
    """Whether the proposal rests on something said plainly; low ones are decided by a person on first sight."""

    HIGH = "high"
    LOW = "low"
