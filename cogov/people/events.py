"""What can be said to have happened to persons, organizations and roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from cogov.journal.event import Code, Commitment, Event
from cogov.people.rules import OrganizationKind, Role
from cogov.people.rules.consents import ConsentKind
from cogov.people.rules.countersigning import CountersignedAct
from cogov.people.rules.factors import FactorKind
from cogov.people.rules.looking import LookReason
from cogov.people.rules.suspension import SuspensionReason


@dataclass(frozen=True)
class _Private(Event):
    """Something that stands in the journal and in nobody's timeline."""

    public: ClassVar[bool] = False
    told: ClassVar[bool] = False


@dataclass(frozen=True)
class PersonJoined(_Private):
    """A person signed up."""

    person: int


@dataclass(frozen=True)
class ConsentGiven(_Private):
    """A person agreed to a text in one version of it."""

    person: int
    kind: ConsentKind
    version: Code


@dataclass(frozen=True)
class ConsentWithdrawn(_Private):
    """A person took back their agreement to a text."""

    person: int
    kind: ConsentKind
    version: Code


@dataclass(frozen=True)
class PseudonymChanged(_Private):
    """A person chose another public name."""

    person: int


@dataclass(frozen=True)
class DataExported(_Private):
    """A person took a copy of everything that is kept about them."""

    person: int


@dataclass(frozen=True)
class PasswordChanged(_Private):
    """A person's password was set anew and every other sign-in ended."""

    person: int


@dataclass(frozen=True)
class OrganizationFounded(_Private):
    """An organization was entered."""

    organization: int
    kind: OrganizationKind
    name: Commitment


@dataclass(frozen=True)
class OrganizationCorrected(_Private):
    """What is kept of an organization was corrected."""

    organization: int


@dataclass(frozen=True)
class OrganizationEnded(_Private):
    """An organization ended, and with it every mandate to act for it."""

    organization: int


@dataclass(frozen=True)
class IdentityCorrected(_Private):
    """A person's name was corrected by those who keep the register."""

    person: int


@dataclass(frozen=True)
class RoleGranted(_Private):
    """A role or mandate was given."""

    person: int
    role: Role
    organization: int | None
    until: datetime | None


@dataclass(frozen=True)
class RoleEnded(_Private):
    """A role or mandate ended before its time."""

    person: int
    role: Role
    organization: int | None


@dataclass(frozen=True)
class PersonSuspended(_Private):
    """A person was, or is proposed to be, kept from raising, seconding, speaking and claiming for a time."""

    person: int
    suspension: int
    reason: SuspensionReason
    until: datetime
    waits: bool


@dataclass(frozen=True)
class SuspensionAgreed(_Private):
    """A second person agreed to a long suspension, which holds from now on."""

    person: int
    suspension: int


@dataclass(frozen=True)
class SuspensionLifted(_Private):
    """A suspension, or the proposal of one, was taken back before its time."""

    person: int
    suspension: int


@dataclass(frozen=True)
class CountersignAsked(_Private):
    """An act that needs two people was asked for by the first."""

    person: int
    countersign: int
    act: CountersignedAct


@dataclass(frozen=True)
class CountersignSettled(_Private):
    """A second person signed an act that waited for them, or refused it."""

    person: int
    countersign: int
    act: CountersignedAct
    agreed: bool


@dataclass(frozen=True)
class FactorAdded(_Private):
    """A person set up a second factor, or had ten recovery codes made."""

    person: int
    factor: FactorKind


@dataclass(frozen=True)
class FactorRemoved(_Private):
    """A second factor of a person was taken away."""

    person: int
    factor: FactorKind


@dataclass(frozen=True)
class RecoveryCodeUsed(_Private):
    """A person came in with a recovery code in place of the second factor."""

    person: int


@dataclass(frozen=True)
class TokenMade(_Private):
    """A person made a token for a program."""

    person: int
    until: datetime


@dataclass(frozen=True)
class PersonLookedAt(_Private):
    """Somebody saw by duty how a person is called and reached."""

    person: int
    look: int
    reason: LookReason


@dataclass(frozen=True)
class ClosingAsked(_Private):
    """A person asked for their account to be closed."""

    person: int
    due: datetime


@dataclass(frozen=True)
class ClosingTakenBack(_Private):
    """A person keeps their account after all."""

    person: int


@dataclass(frozen=True)
class AccountClosed(_Private):
    """An account was closed, with or without what the person had said."""

    person: int
    words: bool
