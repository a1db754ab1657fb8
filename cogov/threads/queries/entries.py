"""What the sentences of the timeline need of this room's rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from cogov.ground.db import session
from cogov.journal.reading import Entry
from cogov.people.queries import organization_names
from cogov.threads.models import Concern, ConcernAnswer, Message, SolutionVersion, SummaryVersion
from cogov.threads.queries.proposal_entries import told_of_proposals

Facts = Mapping[str, Any]
Told = dict[str, object]


def _rows(query: Select[*tuple[Any, ...]], key: InstrumentedAttribute[int], ids: set[int]) -> list[Any]:
    return list(session().execute(query.where(key.in_(ids)))) if ids else []


class _Rows:
    """The rows that a page of entries speaks of, one query for each kind of thing."""

    def __init__(self, facts: Iterable[Facts]) -> None:
        wanted: dict[str, set[int]] = {}
        for each in facts:
            for name in ("message", "concern", "solution", "summary", "to"):
                if each.get(name) is not None:
                    wanted.setdefault(name, set()).add(int(each[name]))
        messages = _rows(select(Message), Message.id, wanted.get("message", set()))
        self.messages: dict[int, Message] = {message.id: message for (message,) in messages}
        answered = select(Concern, ConcernAnswer).outerjoin(ConcernAnswer, ConcernAnswer.concern_id == Concern.id)
        concerns = _rows(answered, Concern.id, wanted.get("concern", set()))
        self.concerns: dict[int, Concern] = {concern.id: concern for concern, _ in concerns}
        self.answers: dict[tuple[int, bool], ConcernAnswer] = {
            (answer.concern_id, answer.overrules): answer for _, answer in concerns if answer is not None
        }
        versions = _rows(select(SolutionVersion), SolutionVersion.solution_id, wanted.get("solution", set()))
        self.versions: dict[tuple[int, int], SolutionVersion] = {(v.solution_id, v.version): v for (v,) in versions}
        summaries = _rows(select(SummaryVersion), SummaryVersion.id, wanted.get("summary", set()))
        self.reasons: dict[int, str] = {version.id: version.reason for (version,) in summaries}
        self.told = organization_names(wanted.get("to", set()))


def _message(facts: Facts, rows: _Rows) -> Told:
    message = rows.messages.get(facts["message"])
    return {
        "words": message.text if message else "",
        "message_kind": str(facts["kind"]),
        "reply": facts["reply_to"] is not None,
        "message": facts["message"],
    }


def _edited(facts: Facts, _rows: _Rows) -> Told:
    return {"message": facts["message"]}


def _declined(facts: Facts, rows: _Rows) -> Told:
    return {"words": rows.reasons.get(facts["summary"], "")}


def _nothing_more(_facts: Facts, _rows: _Rows) -> Told:
    return {}


def _raised(facts: Facts, rows: _Rows) -> Told:
    concern = rows.concerns.get(facts["concern"])
    return {"words": concern.harm if concern else "", "remedy": concern.remedy if concern else ""}


def _answered(facts: Facts, rows: _Rows) -> Told:
    answer = rows.answers.get((facts["concern"], False))
    return {"words": answer.text if answer else "", "changed": facts["solution_version"] is not None}


def _overruling(facts: Facts, rows: _Rows) -> Told:
    answer = rows.answers.get((facts["concern"], True))
    return {"words": answer.text if answer else ""}


def _overdue(facts: Facts, rows: _Rows) -> Told:
    told = rows.told.get(facts["to"]) if facts["to"] is not None else None
    return {"told": told.name if told else ""}


def _solution(facts: Facts, rows: _Rows) -> Told:
    version = rows.versions.get((facts["solution"], facts.get("version", 1)))
    return {"title": version.title if version else "", "words": version.text if version else ""}


_TELL: dict[str, Callable[[Facts, _Rows], Told]] = {
    "MessagePosted": _message,
    "MessageEdited": _edited,
    "PeopleMentioned": _edited,
    "SummaryDeclined": _declined,
    **dict.fromkeys(
        (
            "SummaryWritten",
            "SummaryProposed",
            "SummaryAccepted",
            "MinutesEndorsed",
            "MinutesObjected",
            "SlowModeSet",
            "SlowModeEnded",
        ),
        _nothing_more,
    ),
    "ConcernRaised": _raised,
    "ConcernAnswered": _answered,
    "OverrulingProposed": _overruling,
    "ConcernOverruled": _overruling,
    "ConcernWithdrawn": lambda _facts, _rows: {},
    "ConcernOverdue": _overdue,
    "SolutionProposed": _solution,
    "SolutionRevised": _solution,
}


def details(entries: Sequence[Entry]) -> dict[int, Told]:
    """Return for each entry of this room, by its number, what its sentence needs; others are left out."""
    ours = [(entry.number, entry.kind, entry.facts) for entry in entries if entry.kind in _TELL]
    rows = _Rows(facts for _, _, facts in ours)
    return {
        number: {"n": facts.get("number"), "version": facts.get("version"), **_TELL[kind](facts, rows)}
        for number, kind, facts in ours
    } | told_of_proposals(entries)
