"""The neighbourhood of the demo, forty days old, and its pages as the people who read them open them."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from cogov.cases.models import Case
from cogov.cases.rules import CaseState
from cogov.decisions.models import Decision, Motion, OpenRound, SecretVote
from cogov.decisions.rules.rounds import RoundKind
from cogov.decisions.rules.stages import DecisionState
from cogov.demo.accounts import accounts
from cogov.demo.loading import load
from cogov.ground.db import db, session
from cogov.meetings.models import Meeting
from cogov.meetings.rules.kinds import MeetingState
from cogov.moderation.models import Review, WritingBlock
from cogov.moderation.rules.policy import ReviewState
from cogov.opinion.models import Conversation, Statement
from cogov.people.queries import actor_of, identity_by_contact
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import Lane, RuleCode
from cogov.problems.rules.stages import Stage
from cogov.tasks.models import Task
from cogov.tell.notices import spread_all
from cogov.threads.models import Amendment, Concern, Message, Outcome, Solution
from cogov.threads.rules.amendments import AmendmentState
from cogov.threads.rules.concerns import ConcernState
from tests.browser.person import let_in
from tests.browser.windows import empty_window, served
from tests.databases import new_app

END = datetime(2026, 11, 18, 3, 32, tzinfo=UTC)

RESIDENT, OFFICIAL, MODERATOR, TENANT = "周桂兰", "何建平", "林晓东", "赵小雨"
DISPATCHER, ADMINISTRATOR = "高翔", "邓工"
STREET, AUDITOR = "邵明", "宋立"

DOSSIER = "/problems/{wires}"
PAGES: dict[str, tuple[str, str | None]] = {
    "home-visitor": ("/", None),
    "home": ("/", RESIDENT),
    "home-moderator": ("/", MODERATOR),
    "list": ("/problems", None),
    "raise": ("/problems/new", RESIDENT),
    "dossier": (DOSSIER, RESIDENT),
    "dossier-discussion": (DOSSIER + "?tab=discussion", RESIDENT),
    "dossier-concerns": (DOSSIER + "?tab=concerns", RESIDENT),
    "dossier-solutions": (DOSSIER + "?tab=solutions", RESIDENT),
    "dossier-decisions": (DOSSIER + "?tab=decisions", RESIDENT),
    "dossier-tasks": (DOSSIER + "?tab=tasks", MODERATOR),
    "dossier-case": (DOSSIER + "?tab=case", OFFICIAL),
    "concern-form": (DOSSIER + "/concerns", RESIDENT),
    "motion-form": ("/problems/{gathering}/motions/new", "徐志远"),
    "triage-form": ("/problems/{untriaged}/triage", MODERATOR),
    "decisions": ("/decisions", None),
    "decision-rules": ("/decision-rules?place=990101001001", None),
    "decision-rule": ("/decision-rules/R4?place=990101001001", None),
    "decision-rule-form": ("/decision-rules/R5/edit?place=990101001001", ADMINISTRATOR),
    "vote-authority": ("/decision-rules/authority?place=990101001001", ADMINISTRATOR),
    "decision": ("/decisions/{running}", RESIDENT),
    "decision-tenant": ("/decisions/{running}", TENANT),
    "result": ("/decisions/{closed}", None),
    "bulletin": ("/decisions/{closed}/bulletin", None),
    "certificate": ("/decisions/{closed}/certificate", None),
    "desk": ("/desk", OFFICIAL),
    "desk-case": ("/desk?case={handling}", OFFICIAL),
    "desk-concern": ("/desk?concern={concern}", OFFICIAL),
    "work": ("/work", MODERATOR),
    "work-triage": ("/work?item=triage.{untriaged}", MODERATOR),
    "command": ("/command", DISPATCHER),
    "case": ("/cases/{case}", "谭静"),
    "tasks": ("/tasks", "许敏"),
    "task": ("/tasks/{task}", "许敏"),
    "notifications": ("/notifications", RESIDENT),
    "me": ("/me", "许敏"),
    "figures": ("/places/990101001001", None),
    "help": ("/help", None),
    "help-resident": ("/help/resident", None),
    "journal": ("/journal", None),
    "admin": ("/admin/", ADMINISTRATOR),
    "admin-people": ("/admin/people", ADMINISTRATOR),
    "admin-countersigns": ("/admin/countersigns", ADMINISTRATOR),
    "admin-person": ("/admin/people/3", ADMINISTRATOR),
    "admin-place": ("/admin/places?under=990101001001", ADMINISTRATOR),
    "admin-shares": ("/admin/units/1/shares", ADMINISTRATOR),
    "admin-matters": ("/admin/matters", ADMINISTRATOR),
    "admin-duties": ("/admin/duties", ADMINISTRATOR),
    "admin-calendar": ("/admin/calendar?month=2026-10", ADMINISTRATOR),
    "admin-settings": ("/admin/settings", ADMINISTRATOR),
    "admin-coverage": ("/admin/coverage?place=990101001001", ADMINISTRATOR),
    "admin-robots": ("/admin/robots", ADMINISTRATOR),
    "admin-import": ("/admin/imports/grids", ADMINISTRATOR),
    "modes": ("/modes", None),
    "privacy": ("/privacy", None),
    "sign-in": ("/sign-in", None),
    "sign-up": ("/sign-up", None),
    "refusal": ("/desk", RESIDENT),
    "not-found": ("/problems/2026-9999", None),
    "design": ("/design", RESIDENT),
    "search": ("/search?q=充电", None),
    "rules": ("/rules", None),
    "terms": ("/terms", None),
    "accessibility": ("/accessibility", None),
    "recovery": ("/recovery", None),
    "announcements": ("/announcements", None),
    "announcement-form": ("/announcements/new", MODERATOR),
    "meetings": ("/meetings", None),
    "meeting": ("/meetings/1", RESIDENT),
    "meeting-form": ("/meetings/new", MODERATOR),
    "meeting-minutes": ("/meetings/1/minutes", None),
    "meeting-minutes-versions": ("/meetings/1/minutes/versions", None),
    "my-data": ("/me/data", RESIDENT),
    "my-devices": ("/me/devices", RESIDENT),
    "my-part": ("/me/involved", RESIDENT),
    "my-notices": ("/me/notices", RESIDENT),
    "task-form": ("/problems/{gathering}/tasks", MODERATOR),
    "message-form": (DOSSIER + "/messages", RESIDENT),
    "solution-form": (DOSSIER + "/solutions", RESIDENT),
    "solution-versions": ("/solutions/{solution}/versions", None),
    "replies": ("/messages/{message}/replies", None),
    "motion": ("/motions/{motion}", RESIDENT),
    "admin-places": ("/admin/places", ADMINISTRATOR),
    "admin-organizations": ("/admin/organizations", ADMINISTRATOR),
    "admin-log": ("/admin/log", ADMINISTRATOR),
    "admin-residences": ("/admin/residences", ADMINISTRATOR),
    "admin-suspensions": ("/admin/suspensions", ADMINISTRATOR),
    "admin-community": ("/admin/communities/new", ADMINISTRATOR),
    # Deliberation: what people say, sum up, propose, promise and object to.
    "message-versions": ("/messages/{edited}/versions", None),
    "message-flag": ("/messages/{edited}/flags", RESIDENT),
    "message-block": ("/messages/{edited}/block", MODERATOR),
    "slow-mode": ("/problems/{park}/slow-mode", MODERATOR),
    "summary": ("/problems/{park}/summary", RESIDENT),
    "minutes": ("/problems/{parking}/summary", "钱永年"),
    "dossier-proposals": ("/problems/{park}?tab=solutions", RESIDENT),
    "dossier-opinion": ("/problems/{park}?tab=opinion", RESIDENT),
    "comparison": ("/problems/{park}/comparison", None),
    "leeway": ("/problems/{park}/leeway", MODERATOR),
    "phases": ("/problems/{park}/phases", MODERATOR),
    "pledges": ("/problems/{park}/pledges", "徐志远"),
    "interest-form": ("/problems/{park}/interest", RESIDENT),
    "amendments": ("/solutions/{proposal}/amendments", "许敏"),
    "amendment": ("/amendments/{amendment}", "许敏"),
    "amendment-form": ("/solutions/{proposal}/amendments/new", RESIDENT),
    "outcomes": ("/problems/{fund}/outcomes", RESIDENT),
    "minority-form": ("/outcomes/{outcome}/minority", "陈立群"),
    "moderation": ("/moderation", None),
    "review": ("/moderation/{flagged}", MODERATOR),
    "review-author": ("/moderation/{removed}", "彭浩"),
    "review-appeal": ("/moderation/{removed}", STREET),
    "block": ("/blocks/{block}", "彭浩"),
    "block-appeal": ("/blocks/{block}", STREET),
    # Statements and their map.
    "conversation": ("/conversations/{conversation}", RESIDENT),
    "conversation-form": ("/problems/{gathering}/conversations", MODERATOR),
    "conversation-import": ("/conversations/import", ADMINISTRATOR),
    "statements": ("/conversations/{conversation}/statements", MODERATOR),
    "statement-flag": ("/statements/{statement}/flags", RESIDENT),
    "my-answers": ("/conversations/{conversation}/answers", RESIDENT),
    "map": ("/conversations/{conversation}/map", None),
    "rows": ("/conversations/{conversation}/rows", AUDITOR),
    # Open rounds, who is asked, and paper.
    "round": ("/rounds/{round}", RESIDENT),
    "round-closed": ("/rounds/{hands}", None),
    "round-form": ("/problems/{park}/rounds/new", MODERATOR),
    "interests": ("/motions/{unanimous}/interests", MODERATOR),
    "interests-applicant": ("/motions/{unanimous}/interests", "陈立群"),
    "motion-tabled": ("/motions/{unanimous}", RESIDENT),
    "notice-form": ("/motions/{unanimous}/notice", "徐志远"),
    "delegates": ("/motions/{joint_motion}/delegates", "徐志远"),
    "decision-joint": ("/decisions/{joint}", "罗斌"),
    "decision-secret": ("/decisions/{secret}", None),
    "box": ("/decisions/{secret}/box", None),
    "papers": ("/decisions/{running}/papers", MODERATOR),
    "papers-secret": ("/decisions/{secret}/papers", "白露"),
    "sheets": ("/decisions/{secret}/sheets", "白露"),
    "service": ("/decisions/{running}/service", MODERATOR),
    "vote-help": ("/decisions/{running}/help", MODERATOR),
    "decision-mandates": ("/decisions/{running}/mandates", RESIDENT),
    "mandates": ("/mandates", RESIDENT),
    "ballot-templates": ("/ballot-templates", MODERATOR),
    "ballot-template-form": ("/ballot-templates/new", MODERATOR),
    # Meetings: called, in session, held.
    "meeting-called": ("/meetings/{called}", RESIDENT),
    "meeting-calling": ("/meetings/{called}/desk", "徐志远"),
    "meeting-now": ("/meetings/{session}", "钱永年"),
    "meeting-desk": ("/meetings/{session}/desk", MODERATOR),
    "meeting-wall": ("/meetings/{session}/projector", MODERATOR),
    "check-in": ("/meetings/{session}/check-in", TENANT),
    "attendance": ("/meetings/{session}/attendance", MODERATOR),
}

STATUS = {"refusal": 403, "not-found": 404}


@dataclass(frozen=True)
class Neighbourhood:
    """The application over the loaded demo, and the numbers of what its pages are about."""

    app: Flask
    found: dict[str, Any]


def shared(made: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of a run share."""
    base = made.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "neighbourhood"


def neighbourhood(shared: Path, own: Path) -> Neighbourhood:
    """Load the demo once for all processes of a run, into a folder they share, and give this process its own copy."""
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "loaded").exists():
            _fill(shared / "data")
            (shared / "loaded").touch()
    shutil.copytree(shared / "data", own, dirs_exist_ok=True)
    app = new_app(own)
    with app.app_context():
        found = _numbers()
        db.session.remove()
    return Neighbourhood(app, found)


def _fill(folder: Path) -> None:
    folder.mkdir()
    with new_app(folder).app_context():
        upgrade()
        load(end=END, quiet=True)
        with time_machine.travel(END, tick=True):
            spread_all()
        db.session.remove()
        db.engine.dispose()


def _numbers() -> dict[str, Any]:
    wires = session().scalars(select(Problem).where(Problem.title.startswith("楼道飞线充电"))).one()
    here = Problem.community_id == wires.community_id
    return {
        "wires": wires.number,
        "untriaged": _first(Problem.number, here, Problem.stage == Stage.RAISED),
        "gathering": _first(Problem.number, here, Problem.stage == Stage.GATHERING, Problem.lane == Lane.B),
        "running": _first(Decision.id, Decision.state == DecisionState.OPEN, Decision.problem_id == wires.id),
        "closed": _first(Decision.id, Decision.state == DecisionState.CLOSED),
        "case": _first(Case.id, Case.state == CaseState.HANDLED),
        "handling": _first(Case.id, Case.state == CaseState.HANDLING, Case.problem_id == wires.id),
        "concern": _first(Concern.id, Concern.problem_id == wires.id, Concern.state == ConcernState.OPEN),
        "task": _first(Task.id),
        "solution": _first(Solution.id),
        "message": _first(Message.id),
        "motion": _first(Motion.id),
        "edited": _first(Message.id, Message.version > 1),
        **_numbers_of_problems(),
        **_numbers_of_decisions(),
        **_numbers_of_meetings(),
        "amendment": _first(Amendment.id, Amendment.state == AmendmentState.PROPOSED),
        "proposal": _first(Amendment.solution_id),
        "flagged": _first(Review.id, Review.state == ReviewState.OPEN),
        "removed": _first(Review.id, Review.state == ReviewState.REMOVED),
        "block": _first(WritingBlock.id),
        "conversation": _first(Conversation.id),
        "statement": _first(Statement.id),
        "round": _first(OpenRound.id, OpenRound.kind == RoundKind.CONSENT),
        "hands": _first(OpenRound.id, OpenRound.kind == RoundKind.HANDS),
    }


def _numbers_of_problems() -> dict[str, Any]:
    titles = {"park": "东门口袋公园", "parking": "北门车位", "fund": "街道给了 15 万元"}
    numbers = {name: _first(Problem.number, Problem.title.startswith(title)) for name, title in titles.items()}
    return {
        **numbers,
        "outcome": _first(Outcome.id, Outcome.problem_id == Problem.id, Problem.number == numbers["fund"]),
    }


def _numbers_of_decisions() -> dict[str, Any]:
    joint = _first(Motion.id, Motion.rule == RuleCode.R14)
    return {
        "unanimous": _first(Motion.id, Motion.rule == RuleCode.R3),
        "joint_motion": joint,
        "joint": _first(Decision.id, Decision.motion_id == joint),
        "secret": _first(Decision.id, Decision.id == SecretVote.decision_id, Decision.state == DecisionState.OPEN),
    }


def _numbers_of_meetings() -> dict[str, Any]:
    states = {"called": MeetingState.CALLED, "session": MeetingState.OPEN}
    return {name: _first(Meeting.id, Meeting.state == state) for name, state in states.items()}


def _first(column: Any, *conditions: Any) -> Any:
    found = session().scalars(select(column).where(*conditions).order_by(column)).first()
    assert found is not None, f"the demo has no {column} with {conditions}"
    return found


@pytest.fixture
def app(demo: Neighbourhood) -> Iterator[Flask]:
    """Serve the demo on the day it ends."""
    with demo.app.app_context(), time_machine.travel(END, tick=True):
        yield demo.app
        db.session.remove()


@pytest.fixture(scope="module")
def address(demo: Neighbourhood) -> Iterator[str]:
    """Serve the demo at one address for all pages of a module, so that a browser need not start anew for each."""
    with served(demo.app) as at:
        yield at


class Windows:
    """Two windows in which one page after another is looked at: one runs scripts, the other does not.

    A window of its own costs a page more than all that is asked of it: a process, and every sheet and script anew.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.troubles: list[str] = []
        self.keys: dict[str, Any] = {}
        """What lets somebody in who has signed in once, by their name."""
        self._browser, self._address = browser, address
        self._open: dict[bool, Page] = {}

    def get(self, size: dict[str, int], *, scripts: bool = True) -> Page:
        """Return a window of this size, in which nobody is signed in and nothing is chosen."""
        if scripts not in self._open:
            self._open[scripts] = empty_window(
                self._browser, self._address, self.troubles, size, java_script_enabled=scripts
            )
        page = self._open[scripts]
        page.context.clear_cookies()
        page.set_viewport_size(size)  # type: ignore[arg-type]
        return page

    def leave(self) -> None:
        """Leave the page, keep nothing of it, and let nothing go on that it had begun; without scripts nothing does."""
        if page := self._open.get(True):
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
            page.goto("about:blank")
        complained, self.troubles[:] = list(self.troubles), []
        assert complained == []

    def close(self) -> None:
        """Close what was opened."""
        for page in self._open.values():
            page.context.close()


@pytest.fixture(scope="module")
def windows(browser: Browser, address: str) -> Iterator[Windows]:
    kept = Windows(browser, address)
    yield kept
    kept.close()


@pytest.fixture
def looked_at(app: Flask, demo: Neighbourhood, windows: Windows, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens one of the pages as the person who reads it, in a window that stays."""

    def open_page(name: str, size: dict[str, int]) -> Page:
        return _open(name, windows.get(size), demo, address, windows.keys)

    yield open_page
    windows.leave()


@pytest.fixture
def opened(app: Flask, demo: Neighbourhood, open_window: Callable[..., Page], address: str) -> Callable[..., Page]:
    """Return a function that opens one of the pages as the person who reads it, in a window of its own."""

    def open_page(name: str, size: dict[str, int]) -> Page:
        return _open(name, open_window(size), demo, address, {})

    return open_page


def _open(name: str, page: Page, demo: Neighbourhood, address: str, keys: dict[str, Any]) -> Page:
    path, who = PAGES[name]
    if who is not None:
        if who not in keys:
            contact = next(account["login"] for account in accounts() if account["name"] == who)
            identity = identity_by_contact(contact)
            assert identity is not None
            let_in(demo.app, page, address, actor_of(identity.person_id))
            keys[who] = page.context.cookies()
        page.context.add_cookies(keys[who])
    answer = page.goto(path.format(**demo.found))
    assert answer is not None
    assert answer.status == STATUS.get(name, 200), page.locator("main").inner_text()
    return page
