"""A proposal of triage as it is kept: canonical JSON and back, the sentences still translatable."""

from __future__ import annotations

import json

from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import MatterKey
from cogov.ground.words import Words
from cogov.journal.event import canonical
from cogov.problems.rules.lanes import Confidence, Decider, Lane, ReasonCode, RuleCode
from cogov.problems.rules.report import Proposal


def to_text(proposal: Proposal) -> str:
    """Return a proposal as JSON."""
    return canonical(
        {
            "lane": proposal.lane,
            "reasons": list(proposal.reasons),
            "decider": proposal.decider,
            "rules": list(proposal.rules),
            "limit": [proposal.limit.amount, proposal.limit.unit],
            "confidence": proposal.confidence,
            "why": [[each.msgid, dict(each.params)] for each in proposal.why],
            "body_id": proposal.body_id,
            "lead_id": proposal.lead_id,
            "called_ids": list(proposal.called_ids),
            "emergency_numbers": list(proposal.emergency_numbers),
            "numbers_in_doubt": list(proposal.numbers_in_doubt),
            "same_as": proposal.same_as,
            "hold": proposal.hold,
            "matter": str(proposal.matter) if proposal.matter else None,
            "basis": proposal.basis,
        }
    )


def from_text(text: str) -> Proposal:
    """Return the proposal that `to_text` wrote."""
    kept = json.loads(text)
    amount, unit = kept["limit"]
    return Proposal(
        lane=Lane(kept["lane"]),
        reasons=tuple(ReasonCode(each) for each in kept["reasons"]),
        decider=Decider(kept["decider"]),
        rules=tuple(RuleCode(each) for each in kept["rules"]),
        limit=Limit(amount, LimitUnit(unit)),
        confidence=Confidence(kept["confidence"]),
        why=tuple(Words(msgid, tuple(sorted(params.items()))) for msgid, params in kept["why"]),
        body_id=kept["body_id"],
        lead_id=kept["lead_id"],
        called_ids=tuple(kept["called_ids"]),
        emergency_numbers=tuple(kept["emergency_numbers"]),
        numbers_in_doubt=tuple(kept["numbers_in_doubt"]),
        same_as=kept["same_as"],
        hold=kept["hold"],
        matter=MatterKey.parse(kept["matter"]) if kept["matter"] else None,
        basis=kept["basis"],
    )
