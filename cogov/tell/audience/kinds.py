"""Which steps are told to whom: sorted by the kind of their entry."""

from __future__ import annotations

# Told only to those who answer for the problem now: nobody else has to act on them yet.
TO_THE_ACCOUNTABLE = frozenset({"ProblemRaised"})

# Steps in which work passes from hand to hand; the next holder is told besides the dossier's people.
HAND_OFFS = frozenset(
    {
        "ProblemTriaged",
        "TriageAppealed",
        "TriageOverdue",
        "DeliberationOverdue",
        "CaseOpened",
        "CaseVerified",
        "CaseAccepted",
        "CaseFiled",
        "CaseDispatched",
        "CaseReturned",
        "BodyCalled",
        "CaseHandled",
        "ReworkOrdered",
        "CaseInspected",
        "CaseFedBack",
        "CaseReopened",
        "CaseOverdue",
        "CallOverdue",
        "ResolutionPassed",
        "ObjectionRaised",
        "ReviewDue",
        "AnswerOverdue",
        "ConcernRaised",
        "ConcernOverdue",
        "OpeningHeldBack",
        "TaskHandedIn",
    }
)

# Steps of the office that residents need not hear one by one; they see them on the dossier.
OFFICE_ONLY = frozenset({"CaseVerified", "CaseAccepted", "CaseFiled", "CaseInspected", "CallNotNeeded", "CaseReturned"})

TO_THE_AUTHOR = frozenset({"TextRemoved", "TextOrderedDown", "RemovalAnswered"})
"""What became of one's own words is told to nobody else."""

TO_THE_BLOCKED = frozenset({"WriterBlocked", "BlockAnswered"})
"""That one may not write for a while, or may again, is told to oneself alone."""

TO_THE_WRITER = frozenset({"StatementPublished", "StatementQuoted"})
"""What became of one's own statement, likewise."""

TO_THE_MENTIONED = frozenset({"PeopleMentioned"})
"""That an edited message mentions somebody now is told to them alone."""

# What concerns those who vote alone, or one of them, and nobody else of the dossier.
ABOUT_MANDATES = frozenset({"MandateGiven", "MandateEntered", "MandateConfirmed"})
"""Who casts for whom: told to those two alone."""
OF_VOTERS = frozenset({"VotersReminded", "BallotHelped", "InterestSettled", "DelegateNamed"}) | ABOUT_MANDATES

ANNOUNCED = frozenset({"AnnouncementPublished", "AnnouncementCorrected", "AnnouncementWithdrawn", "MeetingReminded"})

TO_ONESELF = TO_THE_AUTHOR | TO_THE_BLOCKED | TO_THE_WRITER | TO_THE_MENTIONED
TO_SOME_ALONE = TO_THE_ACCOUNTABLE | OFFICE_ONLY | OF_VOTERS | TO_ONESELF
"""What is not told to everybody on the dossier."""

# The steps of a dossier that matter to who wants to hear little.
MILESTONES = frozenset(
    {
        "ProblemTriaged",
        "NoticePublished",
        "OpeningHeldBack",
        "DecisionOpened",
        "CloseMoved",
        "DecisionClosed",
        "DecisionAnnulled",
        "ResolutionPassed",
        "ResolutionAnswered",
        "CaseFedBack",
        "CaseRefused",
        "ProblemReopened",
        "ProblemEnded",
        "ProblemMerged",
    }
)

TO_THE_ELECTORATE = frozenset(
    {
        "NoticePublished",
        "OpeningHeldBack",
        "DecisionOpened",
        "VotersReminded",
        "CloseMoved",
        "DecisionClosed",
        "DecisionAnnulled",
    }
)
ASKS_FOR_BALLOTS = frozenset({"DecisionOpened", "VotersReminded"})
