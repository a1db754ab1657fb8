"""What triage is told about one problem, and what it proposes."""

from dataclasses import dataclass, field
from fractions import Fraction

from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import Level, ListKind, MatterKey
from cogov.duties.rules.matters import Matter, shipped
from cogov.ground.words import Words
from cogov.problems.rules.lanes import Confidence, Decider, Lane, ReasonCode, RuleCode
from cogov.problems.rules.lexicon import Lexicon
from cogov.problems.rules.lexicon import shipped as shipped_lexicon

# The national 12345 draft: danger 2 h, ordinary 7 days, complex 15 days; verification 24 h.
TWO_HOURS = Limit(2, LimitUnit.EMERGENCY_HOURS)
ONE_DAY = Limit(24, LimitUnit.EMERGENCY_HOURS)
SEVEN_DAYS = Limit(7, LimitUnit.CALENDAR_DAYS)
FIFTEEN_DAYS = Limit(15, LimitUnit.CALENDAR_DAYS)


@dataclass(frozen=True)
class OpenProblem:
    """An open problem near by: its distance in metres, and whether the same person raised it without new facts."""

    problem_id: int
    lane: Lane
    matter: MatterKey | None
    metres: int
    words: str
    same_reporter: bool = False
    new_facts: bool = False


@dataclass(frozen=True)
class DutyMet:
    """An item of a duty list whose condition this problem meets, and the body that owes it."""

    body_id: int
    item_id: int
    limit: Limit
    basis: str
    kind: ListKind


@dataclass(frozen=True)
class HandDown:
    """An order from above to a community or grid, as the report describes it."""

    target: Level
    item_id: int | None
    admitted: bool


@dataclass(frozen=True)
class Report:
    """One problem as triage sees it; counts are of its matter in its grid over the tenant's window."""

    words: str
    spot: str = ""
    matter: MatterKey | None = None
    in_estate: bool | None = None
    households_affected: int = 1
    names_person: bool = False
    burning: bool = False
    in_litigation: bool = False
    needs_permit: bool = False
    managed_public_place: bool = False
    nearby: tuple[OpenProblem, ...] = ()
    same_matter_recently: int = 0
    reworks: int = 0
    dissatisfied: int = 0
    duties: tuple[DutyMet, ...] = ()
    hand_down: HandDown | None = None


@dataclass(frozen=True)
class TriageSettings:
    """A tenant's thresholds and limits; the defaults are those of the ordered rules."""

    matters: tuple[Matter, ...] = field(default_factory=shipped, repr=False)
    lexicon: Lexicon = field(default_factory=shipped_lexicon, repr=False)
    alike: Fraction = Fraction(3, 10)
    households_of_commons: int = 3
    recurring: int = 3
    reworks: int = 2
    dissatisfied: int = 2
    safety_limit: Limit = TWO_HOURS
    moderation_limit: Limit = ONE_DAY
    unclear_limit: Limit = ONE_DAY
    duty_limit: Limit = SEVEN_DAYS
    deliberation_limit: Limit = FIFTEEN_DAYS


@dataclass(frozen=True)
class Proposal:
    """What triage proposes; a person confirms or changes it, an emergency is shown at once all the same.

    `numbers_in_doubt` are shown, less loudly, where nothing is sure and no emergency was read: words can hide one.
    `basis` is the law of the matter or of the item met, and `matter` what was picked or recognised.
    """

    lane: Lane
    reasons: tuple[ReasonCode, ...]
    decider: Decider
    rules: tuple[RuleCode, ...]
    limit: Limit
    confidence: Confidence
    why: tuple[Words, ...]
    body_id: int | None = None
    lead_id: int | None = None
    called_ids: tuple[int, ...] = ()
    emergency_numbers: tuple[str, ...] = ()
    numbers_in_doubt: tuple[str, ...] = ()
    same_as: int | None = None
    hold: bool = False
    matter: MatterKey | None = None
    basis: str = ""
