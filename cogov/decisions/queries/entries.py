"""What the sentences of the timeline need of this room's rows; ballots are no part of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from cogov.decisions.models import Closing, CourseAct, Decision, Motion, OpenRound, Resolution
from cogov.decisions.rules.course import ANNULLERS, KIND_WORDS, CourseKind
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Annuller
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.sums import ANSWERS, verdict_words
from cogov.ground.db import session
from cogov.ground.words import Words
from cogov.people.queries import organization_names
from cogov.problems.rules.lanes import RuleCode


class Entry(Protocol):
    """A journal entry, as far as its sentence goes."""

    @property
    def number(self) -> int:
        """The number in the journal."""

    @property
    def kind(self) -> str:
        """The event's name."""

    @property
    def facts(self) -> Any:
        """The event's fields, as a mapping or as the JSON that is stored."""


Facts = Mapping[str, Any]
Told = dict[str, object]


class _Rows:
    """The rows that a page of entries speaks of, one query for each kind of thing."""

    def __init__(self, facts: Iterable[Facts]) -> None:
        wanted: dict[str, set[int]] = {
            name: set() for name in ("motion", "decision", "resolution", "body", "to", "act", "round")
        }
        for each in facts:
            for name, ids in wanted.items():
                if each.get(name) is not None:
                    ids.add(int(each[name]))
        self.motions: dict[int, Motion] = {
            motion.id: motion for (motion,) in _rows(select(Motion), Motion.id, wanted["motion"])
        }
        closed = select(Decision, Closing).outerjoin(Closing, Closing.decision_id == Decision.id)
        decisions = _rows(closed, Decision.id, wanted["decision"])
        self.decisions: dict[int, Decision] = {decision.id: decision for decision, _ in decisions}
        self.closings: dict[int, Closing] = {row.decision_id: row for _, row in decisions if row is not None}
        self.resolutions: dict[int, Resolution] = {
            row.id: row for (row,) in _rows(select(Resolution), Resolution.id, wanted["resolution"])
        }
        self.acts: dict[int, CourseAct] = {
            row.id: row for (row,) in _rows(select(CourseAct), CourseAct.id, wanted["act"])
        }
        self.rounds: dict[int, OpenRound] = {
            row.id: row for (row,) in _rows(select(OpenRound), OpenRound.id, wanted["round"])
        }
        self.bodies = {row.id: row.name for row in organization_names(wanted["body"] | wanted["to"]).values()}

    def body(self, facts: Facts, name: str = "body") -> str:
        """Return the name of an organization that the facts point to."""
        return self.bodies.get(facts[name], "") if facts.get(name) is not None else ""


def _rows(query: Select[*tuple[Any, ...]], key: InstrumentedAttribute[int], ids: set[int]) -> list[Any]:
    return list(session().execute(query.where(key.in_(ids)))) if ids else []


def _motion(facts: Facts, rows: _Rows) -> Told:
    motion = rows.motions.get(facts["motion"])
    return {"motion": facts["motion"], "question": motion.question if motion else ""}


def _moved(facts: Facts, rows: _Rows) -> Told:
    motion = rows.motions.get(facts["motion"])
    return {**_motion(facts, rows), "rule": _rule(facts), "words": motion.text if motion else ""}


def _tabled(facts: Facts, rows: _Rows) -> Told:
    return {**_motion(facts, rows), "supports": facts["supports"]}


def _rule(facts: Facts) -> Words:
    return Words(RULES[RuleCode(facts["rule"])].name)


def _decision(facts: Facts, rows: _Rows) -> Told:
    decision = rows.decisions.get(facts["decision"])
    return {"decision": facts["decision"], "question": decision.question if decision else ""}


def _noticed(facts: Facts, rows: _Rows) -> Told:
    return {
        **_decision(facts, rows),
        "rule": _rule(facts),
        "heads": facts["heads"],
        "opens_at": datetime.fromisoformat(facts["opens_at"]),
        "closes_at": datetime.fromisoformat(facts["closes_at"]),
        "basis": RULES[RuleCode(facts["rule"])].article,
    }


def _closed(facts: Facts, rows: _Rows) -> Told:
    closing = rows.closings.get(facts["decision"])
    return {
        **_decision(facts, rows),
        "verdict": verdict_words(closing.verdict, thaw(rows.decisions[facts["decision"]].frozen_rule).force)
        if closing
        else "",
        "heads": facts["heads"],
        "words": closing.outcome if closing else "",
    }


def _passed(facts: Facts, rows: _Rows) -> Told:
    resolution = rows.resolutions.get(facts["resolution"])
    return {
        **_decision(facts, rows),
        "body": rows.body(facts),
        "public_act": resolution.public_act if resolution else "",
    }


def _answered(facts: Facts, rows: _Rows) -> Told:
    resolution = rows.resolutions.get(facts["resolution"])
    answer = resolution.answer if resolution else None
    return {
        "answer": ANSWERS[answer] if answer is not None else "",
        "words": resolution.reason if resolution else "",
        "public_act": resolution.public_act if resolution else "",
    }


def _overdue(facts: Facts, rows: _Rows) -> Told:
    return {"body": rows.body(facts), "to": rows.body(facts, "to")}


def _asked(facts: Facts, rows: _Rows) -> Told:
    act = rows.acts.get(facts["act"])
    return {**_decision(facts, rows), "what": KIND_WORDS[CourseKind(facts["kind"])], "words": act.reason if act else ""}


def _held_back(facts: Facts, rows: _Rows) -> Told:
    return {
        **_decision(facts, rows),
        "concerns": facts["concerns"],
        "opens_at": datetime.fromisoformat(facts["opens_at"]),
    }


def _moved_close(facts: Facts, rows: _Rows) -> Told:
    act = rows.acts.get(facts["act"])
    return {
        **_decision(facts, rows),
        "closes_at": datetime.fromisoformat(facts["closes_at"]),
        "words": act.reason if act else "",
    }


def _annulled(facts: Facts, rows: _Rows) -> Told:
    act = rows.acts.get(facts["act"])
    who = ANNULLERS[Annuller(facts["annuller"])] if facts.get("annuller") else ""
    reason = "\n".join(part for part in (act.document, act.reason) if part) if act else ""
    return {**_decision(facts, rows), "who": who, "words": reason}


def _objected(facts: Facts, rows: _Rows) -> Told:
    return _decision(facts, rows)


def _stated(facts: Facts, rows: _Rows) -> Told:
    closing = rows.closings.get(facts["decision"])
    return {**_decision(facts, rows), "review_on": facts["review_on"], "words": closing.statement if closing else ""}


def _printed(facts: Facts, rows: _Rows) -> Told:
    return {**_decision(facts, rows), "slips": facts["slips"]}


def _reminded(facts: Facts, rows: _Rows) -> Told:
    return {**_decision(facts, rows), "hours": facts["hours"]}


def _allowed(facts: Facts, rows: _Rows) -> Told:
    return {**_decision(facts, rows), "agrees": facts["agrees"]}


def _checked(facts: Facts, rows: _Rows) -> Told:
    return {**_decision(facts, rows), "withheld": facts.get("withheld")}


def _admitted(facts: Facts, rows: _Rows) -> Told:
    return {**_motion(facts, rows), "admitted": facts["admitted"]}


def _round(facts: Facts, rows: _Rows) -> Told:
    asked = rows.rounds.get(facts["round"])
    return {"round": facts["round"], "question": asked.question if asked else ""}


def _round_opened(facts: Facts, rows: _Rows) -> Told:
    return {**_round(facts, rows), "closes_at": datetime.fromisoformat(facts["closes_at"])}


def _round_closed(facts: Facts, rows: _Rows) -> Told:
    asked = rows.rounds.get(facts["round"])
    return {**_round(facts, rows), "answers": facts["answers"], "words": asked.summary if asked else ""}


_TELL: dict[str, Callable[[Facts, _Rows], Told]] = {
    "MotionMoved": _moved,
    "MotionSupported": _motion,
    "MotionTabled": _tabled,
    "MotionWithdrawn": _motion,
    "NoticePublished": _noticed,
    "DecisionOpened": _decision,
    "BallotCast": _decision,
    "BoxCodeTaken": _decision,
    "BoxClosed": _decision,
    "OpeningAgreed": _decision,
    "BoxOpened": _decision,
    "OpeningHeldBack": _held_back,
    "DecisionClosed": _closed,
    "ResolutionPassed": _passed,
    "ResolutionAnswered": _answered,
    "AnswerOverdue": _overdue,
    "BulletinPinned": _decision,
    "FullBundleTaken": _decision,
    "CourseAsked": _asked,
    "CourseDeclined": _asked,
    "CloseMoved": _moved_close,
    "DecisionAnnulled": _annulled,
    "ObjectionRaised": _objected,
    "ObjectionAnswered": _objected,
    "OutcomeStated": _stated,
    "ReviewDue": _decision,
    "PapersPrinted": _printed,
    "PaperRead": _decision,
    "PaperRejected": _decision,
    "HelpBegun": _decision,
    "HelpEnded": _decision,
    "BallotHelped": _decision,
    "ServiceRecorded": _decision,
    "ServiceLookedAt": _decision,
    "VotersReminded": _reminded,
    "DelegateNamed": _motion,
    "InterestClaimed": _motion,
    "InterestSettled": _admitted,
    "InterestWithdrawn": _motion,
    "ReasonChecked": _checked,
    "ReasonAllowed": _allowed,
    "RoundOpened": _round_opened,
    "RoundAnswered": _round,
    "RoundClosed": _round_closed,
}


def details(entries: Iterable[Entry]) -> dict[int, Told]:
    """Return for each entry of this room, by its number, what its sentence needs; others are left out."""
    ours = [(entry.number, entry.kind, _facts(entry)) for entry in entries if entry.kind in _TELL]
    rows = _Rows(facts for _, _, facts in ours)
    return {number: _TELL[kind](facts, rows) for number, kind, facts in ours}


def _facts(entry: Entry) -> Facts:
    facts = entry.facts
    loaded: Facts = json.loads(facts) if isinstance(facts, str) else facts
    return loaded
