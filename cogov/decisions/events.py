"""What can be said to have happened on the way to a decision; no event has a field for a choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from cogov.decisions.rules.course import CourseKind
from cogov.decisions.rules.law import Annuller
from cogov.decisions.rules.mandates import MandateEnd
from cogov.decisions.rules.paper import SlipFault
from cogov.decisions.rules.reasons import Withheld
from cogov.decisions.rules.rounds import RoundChoice, RoundKind
from cogov.decisions.rules.stages import AdoptAnswer, Verdict
from cogov.journal.event import Code, Commitment, Event


@dataclass(frozen=True)
class MotionMoved(Event):
    """A motion was moved."""

    motion: int
    rule: Code
    words: Commitment


@dataclass(frozen=True)
class MotionSupported(Event):
    """A person wants the motion tabled."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    motion: int


@dataclass(frozen=True)
class MotionTabled(Event):
    """The motion was put on the agenda by those whom the rule allows, or by enough heads (their number)."""

    motion: int
    supports: int | None


@dataclass(frozen=True)
class MotionWithdrawn(Event):
    """The motion was withdrawn by its mover."""

    motion: int


@dataclass(frozen=True)
class NoticePublished(Event):
    """The voting notice was published: rule, options and electorate are frozen."""

    decision: int
    rule: Code
    fingerprint: Commitment
    heads: int
    area: int
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class OpeningHeldBack(Event):
    """The announced hour came and a vote did not open: so many concerns had no answer; when it is asked again."""

    decision: int
    concerns: int
    opens_at: datetime
    closes_at: datetime
    again: bool = False


@dataclass(frozen=True)
class DecisionOpened(Event):
    """Ballots are taken."""

    decision: int


@dataclass(frozen=True)
class BallotCast(Event):
    """A ballot was cast or changed for a head."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    decision: int
    ballot: int


@dataclass(frozen=True)
class BoxCodeTaken(Event):
    """One of its holders has the code of the box of a secret vote."""

    told: ClassVar[bool] = False

    decision: int


@dataclass(frozen=True)
class BoxClosed(Event):
    """The hour of a secret vote has come: no ballot is taken any more, and the box waits for two of its holders."""

    told: ClassVar[bool] = False

    decision: int


@dataclass(frozen=True)
class OpeningAgreed(Event):
    """One of its holders agreed that the box of a secret vote be opened."""

    told: ClassVar[bool] = False

    decision: int


@dataclass(frozen=True)
class BoxOpened(Event):
    """Two of its holders opened the box of a secret vote: how many ballots could be read, and how many could not."""

    told: ClassVar[bool] = False

    decision: int
    ballots: int
    spoiled: int


@dataclass(frozen=True)
class DecisionClosed(Event):
    """The vote closed and was counted."""

    decision: int
    verdict: Verdict
    heads: int
    area: int


@dataclass(frozen=True)
class ResolutionPassed(Event):
    """A resolution was passed; tasks open, and a body answers where its act is needed."""

    resolution: int
    decision: int
    body: int | None
    words: Commitment


@dataclass(frozen=True)
class ResolutionAnswered(Event):
    """The body adopted the resolution, adopted it in part, or explained why not."""

    resolution: int
    answer: AdoptAnswer
    words: Commitment


@dataclass(frozen=True)
class AnswerOverdue(Event):
    """The body has not answered the resolution within the limit; the level above was told."""

    resolution: int
    body: int
    to: int | None


@dataclass(frozen=True)
class BulletinPinned(Event):
    """The bulletin of a vote was pinned up: so many sealed ballots, under this tree head."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    decision: int
    size: int
    root: Commitment


@dataclass(frozen=True)
class FullBundleTaken(Event):
    """Somebody whom the rule's article names took the full bundle of a named vote, in which choices are open."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    decision: int
    taken: int


@dataclass(frozen=True)
class CourseAsked(Event):
    """Another hour to close, or an annulment, was asked for with the reason; it waits for a second person."""

    told: ClassVar[bool] = False

    decision: int
    act: int
    kind: CourseKind
    words: Commitment


@dataclass(frozen=True)
class CourseDeclined(Event):
    """A second person declined another course of a vote, or who asked took it back."""

    told: ClassVar[bool] = False

    decision: int
    act: int
    kind: CourseKind


@dataclass(frozen=True)
class CloseMoved(Event):
    """The vote closes at another hour; two people signed."""

    decision: int
    act: int
    closes_at: datetime


@dataclass(frozen=True)
class DecisionAnnulled(Event):
    """The vote has no effect, or no longer; two people signed, and a court or an office by a document of theirs."""

    decision: int
    act: int
    annuller: Annuller | None
    words: Commitment


@dataclass(frozen=True)
class ObjectionRaised(Event):
    """A member of the electorate objected to a result before it takes effect."""

    decision: int
    objection: int
    words: Commitment


@dataclass(frozen=True)
class ObjectionAnswered(Event):
    """An objection to a result was answered."""

    decision: int
    objection: int
    words: Commitment


@dataclass(frozen=True)
class OutcomeStated(Event):
    """It was said what became of a decision, and when it is looked at again."""

    decision: int
    review_on: date | None
    words: Commitment


@dataclass(frozen=True)
class ReviewDue(Event):
    """The day has come to look at a decision again."""

    decision: int


@dataclass(frozen=True)
class _OfRules(Event):
    """Something about the rules of a place: it stands in the journal and in nobody's timeline."""

    public: ClassVar[bool] = False
    told: ClassVar[bool] = False


@dataclass(frozen=True)
class RuleProposed(_OfRules):
    """A new version of a decision rule was written for a place and waits for a second person."""

    version: int
    rule: Code
    words: Commitment


@dataclass(frozen=True)
class RuleConfirmed(_OfRules):
    """A second person confirmed a new version of a decision rule."""

    version: int
    rule: Code
    in_force_from: datetime


@dataclass(frozen=True)
class RuleDeclined(_OfRules):
    """A new version of a decision rule was declined or taken back."""

    version: int
    rule: Code


@dataclass(frozen=True)
class AuthorityGiven(_OfRules):
    """The paper by which a place may take statutory votes was handed in and waits for a second person."""

    authority: int
    words: Commitment


@dataclass(frozen=True)
class AuthoritySettled(_OfRules):
    """A second person agreed that a paper gives a place the authority for statutory votes, or did not."""

    authority: int
    agreed: bool


@dataclass(frozen=True)
class AuthorityEnded(_OfRules):
    """A place no longer has the authority for statutory votes."""

    authority: int


@dataclass(frozen=True)
class _OfMandates(Event):
    """Something about who casts for whom: those two are told of it on their own page, and nobody else."""

    public: ClassVar[bool] = False
    told: ClassVar[bool] = False


@dataclass(frozen=True)
class InterestClaimed(_OfMandates):
    """The owner of a unit elsewhere said that a matter touches them and asked to be admitted to the vote."""

    motion: int
    claim: int
    words: Commitment


@dataclass(frozen=True)
class InterestSettled(Event):
    """Somebody of a committee admitted an owner elsewhere to a vote, or did not, with the reason."""

    public: ClassVar[bool] = False

    motion: int
    claim: int
    admitted: bool
    words: Commitment


@dataclass(frozen=True)
class InterestWithdrawn(_OfMandates):
    """An owner elsewhere took their application to be admitted back."""

    motion: int
    claim: int


@dataclass(frozen=True)
class DelegateNamed(Event):
    """An organization named whom it sends to vote on a motion; that person is told."""

    public: ClassVar[bool] = False

    motion: int
    delegate: int
    organization: int


@dataclass(frozen=True)
class BallotSigned(_OfMandates):
    """One of several co-owners signed the ballot that all of them cast, or signed it anew."""

    decision: int
    head: int


@dataclass(frozen=True)
class MandateGiven(_OfMandates):
    """Somebody let another cast for them, in one vote or in all of a time; the proxy is told."""

    told: ClassVar[bool] = True

    mandate: int
    decision: int | None


@dataclass(frozen=True)
class MandateEntered(_OfMandates):
    """A mandate on paper was entered and waits for a second person; those in whose name it is are told."""

    told: ClassVar[bool] = True

    mandate: int
    decision: int
    paper: Commitment


@dataclass(frozen=True)
class MandateConfirmed(_OfMandates):
    """A second person confirmed a mandate on paper; those in whose name it is are told, and the proxy."""

    told: ClassVar[bool] = True

    mandate: int
    decision: int


@dataclass(frozen=True)
class MandateEnded(_OfMandates):
    """A mandate is over."""

    mandate: int
    ended: MandateEnd


# Channels: paper, help, service -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _OfChannels(Event):
    """Something about how ballots come in or notices are brought: in the journal, and in nobody's timeline."""

    public: ClassVar[bool] = False
    told: ClassVar[bool] = False


@dataclass(frozen=True)
class PapersPrinted(_OfChannels):
    """Paper ballots were made for so many households."""

    decision: int
    slips: int


@dataclass(frozen=True)
class PaperRead(_OfChannels):
    """One person entered what they read on a paper ballot."""

    decision: int
    slip: int
    reading: int


@dataclass(frozen=True)
class PaperRejected(_OfChannels):
    """A paper is no ballot, for this reason."""

    decision: int
    slip: int
    fault: SlipFault


@dataclass(frozen=True)
class SheetsRead(_OfChannels):
    """One person entered what they found on all choice halves of a secret vote's papers; so many there were."""

    decision: int
    sheets: int


@dataclass(frozen=True)
class SheetsBoxed(_OfChannels):
    """Two people found the same on the choice halves, and so many went into the box."""

    decision: int
    sheets: int


@dataclass(frozen=True)
class HelpBegun(_OfChannels):
    """A helper marked a ballot for a voter who is present; it waits for its witness."""

    decision: int
    help: int


@dataclass(frozen=True)
class HelpEnded(_OfChannels):
    """A helped ballot was taken back, or its witness would not agree."""

    decision: int
    help: int


@dataclass(frozen=True)
class BallotHelped(Event):
    """A ballot was cast with help before a second witness; the voter is told, and may change it until the close."""

    public: ClassVar[bool] = False

    decision: int
    help: int


@dataclass(frozen=True)
class ServiceRecorded(_OfChannels):
    """Somebody wrote down that they brought a notice to a household, or tried to."""

    decision: int
    service: int


@dataclass(frozen=True)
class ServiceLookedAt(_OfChannels):
    """Because a result is disputed, somebody looked at who was served when."""

    decision: int


@dataclass(frozen=True)
class VotersReminded(Event):
    """Those who had not voted were reminded, so many hours before the close."""

    public: ClassVar[bool] = False

    decision: int
    hours: int


@dataclass(frozen=True)
class ReasonChecked(Event):
    """A moderator read a reason beside a ballot, and let everybody read it or withheld it for a cause."""

    told: ClassVar[bool] = False

    decision: int
    withheld: Withheld | None


@dataclass(frozen=True)
class ReasonAllowed(Event):
    """A voter agrees to the reason beside their ballot being published, or no longer does; nothing of the ballot."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    decision: int
    agrees: bool


@dataclass(frozen=True)
class TemplateWritten(_OfRules):
    """A ballot that a place keeps ready was written, or changed into another version."""

    template: int
    version: int
    words: Commitment


@dataclass(frozen=True)
class TemplateRetired(_OfRules):
    """A ballot that a place kept ready is no longer offered."""

    template: int


@dataclass(frozen=True)
class RoundOpened(Event):
    """A facilitator asked everybody openly; nothing is decided by the answers."""

    round: int
    kind: RoundKind
    closes_at: datetime
    words: Commitment


@dataclass(frozen=True)
class RoundAnswered(Event):
    """Somebody answered an open round, or changed the answer; who said what stands on its page."""

    told: ClassVar[bool] = False
    public: ClassVar[bool] = False

    round: int
    answer: RoundChoice


@dataclass(frozen=True)
class RoundClosed(Event):
    """A facilitator ended an open round and said what was heard."""

    round: int
    answers: int
    words: Commitment
