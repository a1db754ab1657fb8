"""What is kept about one person in this room, for their own copy; of a secret vote there is nothing to give."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from cogov.decisions.models import (
    Ballot,
    BallotReason,
    BallotSignature,
    BallotTemplate,
    BallotTemplateVersion,
    BoxHolder,
    BundleTaken,
    Closing,
    CourseAct,
    Decision,
    DecisionOption,
    DecisionRuleVersion,
    ElectorateVoter,
    HelpedBallot,
    InterestClaim,
    Motion,
    MotionSupport,
    Objection,
    OpenRound,
    OrganizationDelegate,
    PaperReading,
    PaperSlip,
    ProxyMandate,
    Resolution,
    RollMark,
    RoundAnswer,
    Service,
    SheetReading,
    VoteAuthority,
)
from cogov.decisions.rules.methods import SINGLE_CHOICE, BallotForm, marks_words, read_form
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.copies import Copies, copies
from cogov.ground.db import session

ABOUT = (
    Motion.person_id,
    MotionSupport.person_id,
    ElectorateVoter.person_id,
    Ballot.person_id,
    RollMark.person_id,
    BundleTaken.person_id,
    Objection.person_id,
    ProxyMandate.principal_id,
    ProxyMandate.proxy_id,
    BallotSignature.person_id,
    PaperReading.signer_id,
    HelpedBallot.voter_id,
    Service.person_id,
    SheetReading.person_id,
    InterestClaim.person_id,
    OrganizationDelegate.person_id,
    OpenRound.person_id,
    RoundAnswer.person_id,
)
"""Columns that say whose a row is."""

DONE = (
    Motion.tabled_by,
    Decision.notice_by,
    Decision.confirmed_by,
    Resolution.answered_by,
    BoxHolder.person_id,
    DecisionRuleVersion.proposed_by,
    DecisionRuleVersion.settled_by,
    VoteAuthority.given_by,
    VoteAuthority.settled_by,
    VoteAuthority.ended_by,
    Closing.stated_by,
    CourseAct.asked_by,
    CourseAct.settled_by,
    Objection.answered_by,
    BallotReason.checked_by,
    BallotTemplate.retired_by,
    BallotTemplateVersion.person_id,
    ProxyMandate.entered_by,
    ProxyMandate.confirmed_by,
    ProxyMandate.ended_by,
    PaperSlip.issued_by,
    PaperReading.person_id,
    HelpedBallot.helper_id,
    HelpedBallot.witness_id,
    InterestClaim.settled_by,
    OrganizationDelegate.named_by,
    OrganizationDelegate.ended_by,
    OpenRound.closed_by,
)
"""Columns that say who acted on a row that is about others."""


def _leave_out_running(found: Copies) -> None:
    """Take the choices out of ballots and co-owners' signatures of votes that are not closed."""
    running = set(session().scalars(select(Decision.id).where(Decision.state != DecisionState.CLOSED)))
    for row in (*found["ballot"], *found["ballot_signature"]):
        if row["decision_id"] in running:
            row |= dict.fromkeys(row.keys() & {"marks", "reason"})


def export_for(person_id: int) -> Copies:
    """Return what is kept about a person here; their own choices in named votes in the words they chose by.

    While a vote runs its choices are left out: a copy of them would show to whoever stands beside one how one voted.
    """
    found = copies(person_id, ABOUT, DONE)
    for mark in found["roll_mark"]:
        # That a token was given out is all: what was signed for it proves something, and is of no use in a copy.
        del mark["blinded"], mark["signature"]
    for reading in found["sheet_reading"]:
        del reading["digest"]
    _leave_out_running(found)
    for row in (*found["paper_reading"], *found["helped_ballot"]):
        # What waits for a second person shows a choice to nobody, and is empty afterwards.
        row |= dict.fromkeys(row.keys() & {"marks", "reason"})
    counted = {ballot["decision_id"] for ballot in found["ballot"] if ballot["marks"] is not None}
    rows = session().execute(
        select(Decision.id, Decision.question, Decision.form, DecisionOption.position, DecisionOption.label)
        .join(DecisionOption, DecisionOption.decision_id == Decision.id)
        .where(Decision.id.in_(counted))
    )
    asked: dict[int, tuple[str, BallotForm]] = {}
    labels: dict[int, dict[int, str]] = defaultdict(dict)
    for decision_id, question, written, position, label in rows:
        asked[decision_id] = question, read_form(written)
        labels[decision_id][position] = label
    for ballot in found["ballot"]:
        question, form = asked.get(ballot["decision_id"], ("", SINGLE_CHOICE))
        ballot["question"] = question
        ballot["choice"] = str(marks_words(form, labels[ballot["decision_id"]], ballot["marks"])) if question else ""
    return found
