"""Deadlines and meetings as calendar files: the same name for the same deadline, in the zone of the place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import current_app, url_for
from flask_babel import gettext
from sqlalchemy import select

from cogov.announcements.queries import AnnouncementShown, current, of_problem, reaching
from cogov.decisions.models import Decision
from cogov.decisions.rules.stages import DecisionState
from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.loading import later
from cogov.ground.pages import words
from cogov.people.rules import Actor
from cogov.places.queries import home_community
from cogov.problems.models import Problem
from cogov.tasks.models import Claim, Task
from cogov.tasks.rules import ClaimState, TaskState
from cogov.tell.waiting import Matter, Waits, matters_of, still_to_come, waiting_for

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = later("icalendar")

SHOWN = timedelta(minutes=30)
"""How long a deadline is drawn before the moment at which it ends."""

MEETS = timedelta(hours=1)


@dataclass(frozen=True)
class Deadline:
    """A deadline or a meeting as a calendar shows it; a deadline ends at its moment, a meeting begins at it."""

    uid: str
    title: str
    at: datetime
    url: str
    place: str = ""
    meets: bool = False
    sequence: int = 0
    cancelled: bool = False


def deadline_of(waits: Waits) -> Deadline | None:
    """Return the deadline of what waits for a person, if it has one."""
    due_at = waits.need.due_at
    if due_at is None:
        return None
    title = gettext("%(what)s：%(title)s", what=words(waits.need.pill), title=waits.title)
    return Deadline(waits.uid, title, due_at, waits.url, waits.matter.place, sequence=_minutes(due_at))


def _minutes(moment: datetime) -> int:
    """Return a number that grows when a deadline is put off, which is the only way that it moves."""
    return max(int(moment.timestamp()) // 60 - 29_000_000, 0)


def owed_by(by: Actor) -> list[Deadline]:
    """Return the deadlines that lie before a person, and the meetings announced where they live."""
    at = now()
    own = [deadline_of(each) for each in still_to_come(waiting_for(by), at)]
    home = home_community(by)
    meetings = [meeting_of(each) for each in current(reaching(home.code), 50)] if home else []
    return [each for each in (*own, *meetings) if each is not None]


def of_dossier(by: Actor, problem: Problem) -> list[Deadline]:
    """Return the deadlines and meetings of a dossier that a reader may see, what is over left out."""
    matter = matters_of(by, [problem.id])[problem.id]
    found = [*_votes(matter), *_results(matter), *_confirmations(matter), *_tasks(by, matter)]
    meetings = [meeting_of(each) for each in of_problem(problem.id)]
    return [*found, *(each for each in meetings if each is not None and each.at > now())]


def _votes(matter: Matter) -> list[Deadline]:
    query = select(Decision.id, Decision.question, Decision.closes_at).where(
        Decision.problem_id == matter.id, Decision.state != DecisionState.CLOSED, Decision.closes_at > now()
    )
    return [
        Deadline(
            f"vote-decision_id-{decision_id}",
            gettext("%(what)s：%(title)s", what=gettext("表决截止"), title=question),
            closes_at,
            url_for("decisions.show", decision_id=decision_id, _external=True),
            matter.place,
            sequence=_minutes(closes_at),
        )
        for decision_id, question, closes_at in session().execute(query)
    ]


def _results(matter: Matter) -> list[Deadline]:
    """Return until when people may object to a result, and when a decision is looked at again."""
    called = {Purpose.DECISION_EFFECT: gettext("结果公示期满"), Purpose.DECISION_REVIEW: gettext("复议")}
    query = (
        select(Decision.id, Decision.question, RunningClock.purpose, RunningClock.due_at)
        .join(RunningClock, RunningClock.subject_id == Decision.id)
        .where(
            Decision.problem_id == matter.id,
            RunningClock.purpose.in_(called),
            RunningClock.stopped_at.is_(None),
            RunningClock.due_at > now(),
        )
        .order_by(RunningClock.due_at)
    )
    return [
        Deadline(
            f"{purpose.value}-decision_id-{decision_id}",
            gettext("%(what)s：%(title)s", what=called[purpose], title=question),
            due_at,
            url_for("decisions.show", decision_id=decision_id, _external=True),
            matter.place,
            sequence=_minutes(due_at),
        )
        for decision_id, question, purpose, due_at in session().execute(query)
    ]


def _confirmations(matter: Matter) -> list[Deadline]:
    query = select(RunningClock.due_at).where(
        RunningClock.purpose == Purpose.CONFIRMATION,
        RunningClock.subject_id == matter.id,
        RunningClock.stopped_at.is_(None),
        RunningClock.due_at > now(),
    )
    return [
        Deadline(
            f"confirm-number-{matter.number}",
            gettext("%(what)s：%(title)s", what=gettext("提出人确认"), title=matter.named),
            due_at,
            matter.url,
            matter.place,
            sequence=_minutes(due_at),
        )
        for due_at in session().scalars(query)
    ]


def _tasks(by: Actor, matter: Matter) -> list[Deadline]:
    """Return when tasks meet, and until when the reader has to hand in their own."""
    at = now()
    meeting = select(Task.id, Task.title, Task.starts_at, Task.meeting_point).where(
        Task.problem_id == matter.id, Task.state == TaskState.OPEN, Task.starts_at > at
    )
    due = (
        select(Task.id, Task.title, Claim.due_at)
        .join(Claim, Claim.task_id == Task.id)
        .where(
            Task.problem_id == matter.id,
            Claim.person_id == by.person_id,
            Claim.state == ClaimState.ACTIVE,
            Claim.due_at > at,
        )
    )
    starts = [
        Deadline(
            f"start-task_id-{task_id}",
            gettext("%(what)s：%(title)s", what=gettext("任务开始"), title=title),
            starts_at,
            url_for("tasks.show", task_id=task_id, _external=True),
            point or matter.place,
            meets=True,
            sequence=_minutes(starts_at),
        )
        for task_id, title, starts_at, point in session().execute(meeting)
        if starts_at is not None
    ]
    ends = [
        Deadline(
            f"claim-task_id-{task_id}",
            gettext("%(what)s：%(title)s", what=gettext("任务交回"), title=title),
            due_at,
            url_for("tasks.show", task_id=task_id, _external=True),
            matter.place,
            sequence=_minutes(due_at),
        )
        for task_id, title, due_at in session().execute(due)
    ]
    return starts + ends


def meeting_of(announced: AnnouncementShown) -> Deadline | None:
    """Return the meeting that an announcement calls, if it calls one; one that was withdrawn is called off."""
    if announced.meeting_at is None:
        return None
    withdrawn = announced.withdrawn_at is not None
    return Deadline(
        f"meeting-{announced.id}",
        gettext("%(what)s：%(title)s", what=gettext("会议"), title=announced.title),
        announced.meeting_at,
        url_for("announcements.show", announcement_id=announced.id, _external=True),
        announced.meeting_spot or announced.place_name,
        meets=True,
        sequence=announced.version - 1 + int(withdrawn),
        cancelled=withdrawn,
    )


# As a file -----------------------------------------------------------------------------------------------------------


def calendar_of(deadlines: Iterable[Deadline], name: str = "") -> bytes:
    """Return deadlines as a calendar file."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//cogov//cogov//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("x-wr-calname", name)
    zone = ZoneInfo(str(current_app.config["TIMEZONE"]))
    for deadline in deadlines:
        calendar.add_component(_event(deadline, zone))
    # The rules of the zone for the years around; older ones would only make the file long.
    today = now().date()
    calendar.add_missing_timezones(today - timedelta(days=400), today + timedelta(days=800))
    file: bytes = calendar.to_ical()
    return file


def _event(deadline: Deadline, zone: ZoneInfo) -> icalendar.Event:
    moment = deadline.at.astimezone(zone)
    start, end = (moment, moment + MEETS) if deadline.meets else (moment - SHOWN, moment)
    event = icalendar.Event()
    event.add("uid", f"{deadline.uid}@{urlsplit(deadline.url).hostname}")
    event.add("dtstamp", now())
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("sequence", deadline.sequence)
    event.add("summary", deadline.title)
    event.add("url", deadline.url)
    event.add("description", deadline.url)
    event.add("transp", "OPAQUE" if deadline.meets else "TRANSPARENT")
    event.add("status", "CANCELLED" if deadline.cancelled else "CONFIRMED")
    if deadline.place:
        event.add("location", icalendar.vText(deadline.place))
    if not deadline.cancelled:
        event.add_component(_alarm(deadline))
    return event


def _alarm(deadline: Deadline) -> icalendar.Alarm:
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", deadline.title)
    alarm.add("trigger", timedelta(hours=-2 if deadline.meets else -24))
    return alarm
