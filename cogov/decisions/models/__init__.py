"""Motions, decisions with their frozen rule, options and electorate, ballots, results, resolutions."""

from __future__ import annotations

from cogov.decisions.models.ballots import Ballot, BallotReason, BallotSignature
from cogov.decisions.models.bulletin import BulletinHead, BulletinLeaf, BundleTaken
from cogov.decisions.models.channels import HelpedBallot, PaperReading, PaperSlip
from cogov.decisions.models.course import CourseAct, Objection
from cogov.decisions.models.electorate import ElectorateHead, ElectorateUnit, ElectorateVoter
from cogov.decisions.models.interest import InterestClaim, OrganizationDelegate
from cogov.decisions.models.mandates import ProxyMandate
from cogov.decisions.models.motions import Motion, MotionOption, MotionSupport, PlannedTask
from cogov.decisions.models.rounds import OpenRound, RoundAnswer
from cogov.decisions.models.ruling import DecisionRuleVersion, VoteAuthority
from cogov.decisions.models.secrets import BoxBallot, BoxHolder, OpenedBallot, RollMark, SecretVote, SheetReading
from cogov.decisions.models.service import Service, VoteReminder
from cogov.decisions.models.templates import BallotTemplate, BallotTemplateVersion
from cogov.decisions.models.votes import Closing, Decision, DecisionOption, DecisionTurnout, Resolution

__all__ = [
    "Ballot",
    "BallotReason",
    "BallotSignature",
    "BallotTemplate",
    "BallotTemplateVersion",
    "BoxBallot",
    "BoxHolder",
    "BulletinHead",
    "BulletinLeaf",
    "BundleTaken",
    "Closing",
    "CourseAct",
    "Decision",
    "DecisionOption",
    "DecisionRuleVersion",
    "DecisionTurnout",
    "ElectorateHead",
    "ElectorateUnit",
    "ElectorateVoter",
    "HelpedBallot",
    "InterestClaim",
    "Motion",
    "MotionOption",
    "MotionSupport",
    "Objection",
    "OpenRound",
    "OpenedBallot",
    "OrganizationDelegate",
    "PaperReading",
    "PaperSlip",
    "PlannedTask",
    "ProxyMandate",
    "Resolution",
    "RollMark",
    "RoundAnswer",
    "SecretVote",
    "Service",
    "SheetReading",
    "VoteAuthority",
    "VoteReminder",
]
