"""Mail says once what waits and what is new, to who wants it, as they stand when it goes out; and nothing else."""

from __future__ import annotations

import re
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select, update

from cogov.decisions.commands import cast_ballot
from cogov.ground.clock import now
from cogov.ground.db import db, session
from cogov.ground.settings import data_dir
from cogov.journal.transaction import transaction
from cogov.loop import work_once
from cogov.people.models import Person
from cogov.people.rules import CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from cogov.problems.commands import ask_raisers, confirm_problem
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import RuleCode
from cogov.problems.rules.stages import ConfirmationAnswer
from cogov.tasks.commands import claim_task, hand_in_task, open_task
from cogov.tell.channels import MailPace
from cogov.tell.links import LASTS, choice_token
from cogov.tell.mailing import choose_mail, plan_mails
from cogov.tell.models import Sending
from cogov.tell.notices import mark_read, spread_all
from cogov.tell.outbox import Later, send_due
from cogov.tell.rhythm import Hours, after_quiet, next_digest
from cogov.threads.commands import post_message
from cogov.threads.rules.messages import MessageKind
from tests.cast import HERE, Cast
from tests.databases import both
from tests.decisions.conftest import Vote, deliberated, option
from tests.tell.letters import Box, box_in, html, plain, wants_mail

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2027, 3, 1, 10, tzinfo=SHANGHAI)


@pytest.fixture
def clock(app: Flask) -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Box:
    return box_in(monkeypatch)


@pytest.fixture
def poll(cast: Cast, clock: Any) -> Vote:
    return Vote(cast, clock, deliberated(cast, RuleCode.R5), RuleCode.R5, None)


def _says(cast: Cast, poll: Vote, words: str = "我家门口也是") -> None:
    post_message(cast.resident, poll.number, kind=MessageKind.REASON, text=words)
    spread_all()


def _live(clock: Any, until: datetime, step: timedelta) -> None:
    while now() < until:
        clock.shift(step)
        work_once()


def _ends() -> Counter[str]:
    """Return how messages that were not sent ended."""
    rows = session().scalars(select(Sending.error).where(Sending.gave_up_at.is_not(None)))
    return Counter(rows.all())


# When ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pace", "after", "zone", "hours", "due"),
    [
        (MailPace.DAILY, "2027-03-01T07:59+08:00", SHANGHAI, Hours(), "2027-03-01T08:00+08:00"),
        (MailPace.DAILY, "2027-03-01T08:00+08:00", SHANGHAI, Hours(), "2027-03-02T08:00+08:00"),
        (MailPace.WEEKLY, "2027-03-01T08:00+08:00", SHANGHAI, Hours(), "2027-03-08T08:00+08:00"),
        (MailPace.WEEKLY, "2027-03-01T08:00+08:00", SHANGHAI, Hours(weekday=7), "2027-03-07T08:00+08:00"),
        # The clocks go forward on 28 March and back on 31 October: eight stays eight, on the wall.
        (MailPace.DAILY, "2027-03-27T12:00+01:00", BERLIN, Hours(), "2027-03-28T08:00+02:00"),
        (MailPace.DAILY, "2027-10-30T12:00+02:00", BERLIN, Hours(), "2027-10-31T08:00+01:00"),
        (MailPace.DAILY, "2027-03-27T12:00+01:00", BERLIN, Hours(digest=2), "2027-03-28T03:00+02:00"),
        (MailPace.DAILY, "2027-10-30T12:00+02:00", BERLIN, Hours(digest=2), "2027-10-31T02:00+02:00"),
        (MailPace.DAILY, "2027-10-31T02:00+02:00", BERLIN, Hours(digest=2), "2027-11-01T02:00+01:00"),
    ],
)
def test_digests_are_due_by_the_clock_on_the_wall(
    pace: MailPace, after: str, zone: ZoneInfo, hours: Hours, due: str
) -> None:
    assert next_digest(pace, datetime.fromisoformat(after), zone, hours) == datetime.fromisoformat(due)


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN], ids=str)
def test_every_day_of_a_year_has_one_digest_in_any_zone(zone: ZoneInfo) -> None:
    for hour in (2, 8):
        moment, days = datetime(2027, 1, 1, tzinfo=zone), list[date]()
        while len(days) < 365:
            moment = next_digest(MailPace.DAILY, moment, zone, Hours(digest=hour)) or moment
            days.append(moment.astimezone(zone).date())
        assert days == [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]


@pytest.mark.parametrize(
    ("at", "zone", "hours", "sent"),
    [
        ("2027-03-01T20:59+08:00", SHANGHAI, Hours(), "2027-03-01T20:59+08:00"),
        ("2027-03-01T21:00+08:00", SHANGHAI, Hours(), "2027-03-02T08:00+08:00"),
        ("2027-03-02T03:30+08:00", SHANGHAI, Hours(), "2027-03-02T08:00+08:00"),
        ("2027-03-01T13:30+08:00", SHANGHAI, Hours(quiet_from=12, quiet_until=14), "2027-03-01T14:00+08:00"),
        ("2027-03-01T23:00+08:00", SHANGHAI, Hours(quiet_from=0, quiet_until=0), "2027-03-01T23:00+08:00"),
        ("2027-03-27T23:00+01:00", BERLIN, Hours(), "2027-03-28T08:00+02:00"),
        ("2027-10-30T23:00+02:00", BERLIN, Hours(), "2027-10-31T08:00+01:00"),
    ],
)
def test_nothing_goes_out_in_the_quiet_hours(at: str, zone: ZoneInfo, hours: Hours, sent: str) -> None:
    assert after_quiet(datetime.fromisoformat(at), zone, hours) == datetime.fromisoformat(sent)


# Ten days of a small town --------------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is gone in the middle of its work."""


def _two_workers(app: Flask) -> None:
    """Let two workers do what is due at the same time; one that is killed is followed by another at the next step."""

    def run() -> None:
        with app.app_context():
            try:
                work_once()
            except Killed:
                db.session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Unlucky:
    """A mail server that is away for hours, and workers that are killed before and after a message has left."""

    AWAY = (MONDAY + timedelta(days=4), MONDAY + timedelta(days=4, hours=6))
    PLANTED = {2: "later", 4: "before", 6: "after", 9: "after"}

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tries = 0
        self.doomed: set[str] = set()
        self.left: set[str] = set()

    def before(self, message: EmailMessage) -> None:
        """Fail before the message is taken."""
        if self.AWAY[0] <= now() < self.AWAY[1]:
            raise Later("server_away", whole=True)
        with self.lock:
            self.tries += 1
            happens = self.PLANTED.get(self.tries)
        if happens == "later":
            raise Later("server_busy")
        if happens == "before":
            raise Killed
        if happens == "after" and str(message["Message-ID"]) not in self.left:
            self.doomed.add(str(message["Message-ID"]))

    def after(self, message: EmailMessage) -> None:
        """Die after the message was taken."""
        name = str(message["Message-ID"])
        if name in self.doomed:
            self.doomed.discard(name)
            self.left.add(name)
            raise Killed


@both
def test_ten_days_of_a_town_bring_each_due_mail_once(app: Flask, cast: Cast, clock: Any, box: Box, poll: Vote) -> None:
    wants_mail(cast.owner, "owner", MailPace.AT_ONCE)
    wants_mail(cast.neighbour, "neighbour", MailPace.DAILY)
    wants_mail(cast.tenant, "tenant", MailPace.WEEKLY)
    wants_mail(cast.resident, "resident", MailPace.DAILY)
    choose_mail(cast.resident, MailPace.NONE)
    unlucky = Unlucky()
    box.before, box.after = unlucky.before, unlucky.after
    decision = poll.noticed()
    while now() < MONDAY + timedelta(days=10, hours=12):
        clock.shift(timedelta(hours=3))
        _two_workers(app)
        session().rollback()
        if now().astimezone(SHANGHAI).hour == 16:
            _says(cast, poll, f"{now():%d} 日再说一句")
        if now() == MONDAY + timedelta(days=5):
            cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
            mark_read(cast.neighbour, 10**9)
    rows = session().scalars(select(Sending)).all()
    assert all((row.sent_at is None) != (row.gave_up_at is None) for row in rows), "nothing is left undone"
    by_id = Counter(str(message["Message-ID"]) for message in box.taken)
    # One message for each row that was sent; only what left a worker that was killed then came again, alike.
    assert len(by_id) == sum(row.sent_at is not None for row in rows)
    assert {name for name, times in by_id.items() if times > 1} == unlucky.left
    assert set(by_id.values()) == {1, 2}
    kinds = Counter(row.key.split(":")[1] for row in rows if row.sent_at is not None)
    assert kinds["digest"] >= 12
    assert kinds["asked"] >= 1
    reminded = {row.person_id for row in rows if row.key.startswith("mail:reminder:")}
    assert reminded == {cast.neighbour.person_id, cast.tenant.person_id}, "who has voted is not reminded"
    assert box.to("resident") == []
    assert len({message["Message-ID"] for message in box.to("tenant") if "还剩" not in str(message["Subject"])}) == 1
    hours = {datetime.strptime(str(m["Date"]), "%a, %d %b %Y %H:%M:%S %z").astimezone(SHANGHAI).hour for m in box.taken}
    assert hours <= set(range(8, 21))


# What is never sent --------------------------------------------------------------------------------------------------


def _asked_at_once(cast: Cast, clock: Any, poll: Vote) -> Any:
    """Let a vote open of which the owner wants to hear at once, and the mail come due."""
    decision = poll.opened()
    wants_mail(cast.owner, "owner", MailPace.AT_ONCE)
    spread_all()
    clock.shift(timedelta(minutes=4))
    assert plan_mails() == 0
    clock.shift(timedelta(minutes=1))
    return decision


def test_what_needs_one_is_mailed_after_some_minutes_with_its_date_time_zone_place_and_file(
    cast: Cast, clock: Any, box: Box, poll: Vote
) -> None:
    decision = _asked_at_once(cast, clock, poll)
    assert (plan_mails(), send_due(), plan_mails(), send_due()) == (1, 1, 0, 0)
    [message] = box.to("owner")
    closes = decision.closes_at.astimezone(SHANGHAI)
    for words in (plain(message), html(message)):
        assert f"{closes.year} 年 {closes.month} 月 {closes.day} 日" in words
        assert f"{closes:%H:%M}（北京时间）" in words
        assert "测试里社区" in words
        assert f"http://127.0.0.1:8000/decisions/{decision.id}" in words
    assert str(message["Subject"]) == "表决：是否在东门空地建集中充电棚"
    assert [part.get_content_type() for part in message.iter_attachments()] == ["text/calendar"]


@pytest.mark.parametrize("meanwhile", ["votes", "reads", "unsubscribes", "hidden", "suspended", "at night"])
def test_what_changes_before_a_mail_leaves_is_heeded(
    meanwhile: str, cast: Cast, clock: Any, box: Box, poll: Vote
) -> None:
    decision = _asked_at_once(cast, clock, poll)
    assert plan_mails() == 1
    ends = {
        "votes": "done_already",
        "reads": "read_already",
        "unsubscribes": "not_wanted",
        "hidden": "done_already",
        "suspended": "suspended",
        "at night": "quiet_hours",
    }
    if meanwhile == "votes":
        cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
    elif meanwhile == "reads":
        mark_read(cast.owner, 10**9)
    elif meanwhile == "unsubscribes":
        choose_mail(cast.owner, MailPace.NONE)
    elif meanwhile == "at night":
        clock.move_to(datetime(2027, 3, 4, 23, tzinfo=SHANGHAI))
    else:
        with transaction():
            if meanwhile == "hidden":
                session().execute(update(Problem).values(hidden=True))
            else:
                session().execute(update(Person).where(Person.id == cast.owner.person_id).values(suspended_at=now()))
    assert send_due() == 0
    assert box.taken == []
    row = session().scalars(select(Sending).execution_options(populate_existing=True)).one()
    assert row.error == ends[meanwhile]
    if meanwhile == "at night":
        assert row.next_try_at.astimezone(SHANGHAI) == datetime(2027, 3, 5, 8, tzinfo=SHANGHAI)
    else:
        assert row.gave_up_at is not None


def test_a_digest_leaves_out_what_was_read_and_is_not_sent_for_nothing(
    cast: Cast, clock: Any, box: Box, poll: Vote
) -> None:
    wants_mail(cast.owner, "owner", MailPace.DAILY)
    _says(cast, poll)
    _live(clock, MONDAY + timedelta(days=1), timedelta(hours=11))
    assert [str(message["Subject"]) for message in box.taken] == ["1 件事有新进展"]
    _live(clock, MONDAY + timedelta(days=4), timedelta(hours=11))
    assert len(box.taken) == 1, "what was in one digest is in no other"
    _says(cast, poll)
    mark_read(cast.owner, 10**9)
    _live(clock, MONDAY + timedelta(days=6), timedelta(hours=11))
    assert len(box.taken) == 1


def test_of_what_is_not_public_mail_says_only_that_it_is_there(cast: Cast, clock: Any, box: Box, poll: Vote) -> None:
    wants_mail(cast.owner, "owner", MailPace.DAILY)
    _says(cast, poll, "这句话不该出现在邮件里")
    with transaction():
        session().execute(update(Problem).values(hidden=True))
    _live(clock, MONDAY + timedelta(days=1), timedelta(hours=11))
    [message] = box.taken
    assert "一件不公开的事" in plain(message)
    for words in (str(message["Subject"]), plain(message), html(message)):
        assert "充电棚" not in words
        assert "不该出现" not in words


def test_whoever_confirmed_or_handed_in_is_not_reminded(cast: Cast, clock: Any, box: Box, poll: Vote) -> None:
    for name in ("owner", "neighbour", "tenant"):
        wants_mail(getattr(cast, name), name, MailPace.WEEKLY)
    task = open_task(cast.moderator, poll.number, title="清理东门空地", slots=2, days=5)
    done, _ = claim_task(cast.neighbour, task.id), claim_task(cast.tenant, task.id)
    _live(clock, MONDAY + timedelta(days=2), timedelta(hours=12))
    hand_in_task(cast.neighbour, done.id, words="清好了", minutes=30)
    _live(clock, MONDAY + timedelta(days=6), timedelta(hours=6))
    reminders = [message for message in box.taken if "还剩" in str(message["Subject"])]
    assert [str(message["To"]) for message in reminders] == ["tenant@example.org"]
    ask_raisers(CLOCK, poll.problem.id)
    _live(clock, MONDAY + timedelta(days=10), timedelta(hours=12))
    confirm_problem(cast.refresh("owner"), poll.number, answer=ConfirmationAnswer.FIXED)
    _live(clock, MONDAY + timedelta(days=15), timedelta(hours=6))
    assert [m for m in box.to("owner") if "还剩" in str(m["Subject"])] == []


def test_mail_speaks_the_language_and_keeps_the_hours_that_were_chosen(
    cast: Cast, clock: Any, box: Box, poll: Vote
) -> None:
    change_setting(CLOCK, code=HERE, name=Setting.DIGEST_HOUR, value=18)
    wants_mail(cast.owner, "owner", MailPace.DAILY, "en")
    _says(cast, poll)
    _live(clock, MONDAY + timedelta(hours=7), timedelta(hours=1))
    assert box.taken == []
    _live(clock, MONDAY + timedelta(hours=9), timedelta(hours=1))
    [message] = box.to("owner")
    assert '<html lang="en">' in html(message)
    assert "您" not in html(message)


# The message ---------------------------------------------------------------------------------------------------------


def test_a_message_has_nothing_from_elsewhere_and_two_ways_to_end_it(
    cast: Cast, clock: Any, box: Box, poll: Vote
) -> None:
    wants_mail(cast.owner, "owner", MailPace.DAILY)
    _says(cast, poll)
    _live(clock, MONDAY + timedelta(days=1), timedelta(hours=11))
    [message] = box.taken
    words = html(message)
    assert re.findall(r"<(?:img|link|script|iframe|style)", words) == []
    assert set(re.findall(r'(?:src|href)="(https?://[^/"]+)', words)) == {"http://127.0.0.1:8000"}
    assert str(message["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    unsubscribe = str(message["List-Unsubscribe"])
    assert re.fullmatch(r"<http://127\.0\.0\.1:8000/mail/[\w.-]+>", unsubscribe)
    assert f"List-Unsubscribe: {unsubscribe}\r\n".encode() in box.raw[0], "neither folded nor encoded"


def test_a_name_cannot_bring_a_header_into_a_message(cast: Cast, clock: Any, box: Box, poll: Vote) -> None:
    with transaction():
        session().execute(update(Problem).values(title="井盖\r\nBcc: all@example.org"))
    wants_mail(cast.owner, "owner", MailPace.AT_ONCE)
    ask_raisers(CLOCK, poll.problem.id)
    spread_all()
    clock.shift(timedelta(minutes=6))
    assert (plan_mails(), send_due()) == (1, 1)
    [message] = box.taken
    assert message["Bcc"] is None
    assert "Bcc: all@example.org" in str(message["Subject"])


# One click -----------------------------------------------------------------------------------------------------------


def test_one_click_ends_mail_without_signing_in_and_looking_changes_nothing(
    app: Flask, cast: Cast, clock: Any, box: Box, poll: Vote
) -> None:
    wants_mail(cast.owner, "owner", MailPace.DAILY)
    _says(cast, poll)
    _live(clock, MONDAY + timedelta(days=1), timedelta(hours=11))
    path = str(box.taken[0]["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")
    client = app.test_client()
    looked = client.get(path)
    assert looked.status_code == 200
    assert looked.get_data(as_text=True).count("<button") >= 1
    _says(cast, poll)
    _live(clock, MONDAY + timedelta(days=2), timedelta(hours=11))
    assert len(box.taken) == 2
    clicked = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert clicked.status_code == 200
    assert client.get("/me").status_code == 303, "the link signs nobody in"
    _says(cast, poll)
    _live(clock, MONDAY + timedelta(days=5), timedelta(hours=11))
    assert len(box.taken) == 2


def test_a_link_says_one_thing_for_a_time_and_cannot_be_made_up(app: Flask, cast: Cast, clock: Any) -> None:
    client, token = app.test_client(), choice_token(cast.owner.person_id or 0, MailPace.NONE)
    assert client.post(f"/mail/{token[:-2]}xx").status_code == 404
    assert client.post(f"/mail/{token}?pace=daily", data={"pace": "daily"}).status_code == 200
    session().rollback()
    assert session().scalar(select(func.count()).select_from(Sending)) == 0
    clock.shift(LASTS + timedelta(minutes=1))
    assert client.get(f"/mail/{token}").status_code == 404


# On pages ------------------------------------------------------------------------------------------------------------


def test_an_address_is_proved_by_its_code_and_mail_chosen_with_one_tap(
    app: Flask, cast: Cast, clock: Any, client_of: Callable[[str | None], Any]
) -> None:
    client, outbox = client_of("owner"), data_dir(app) / "outbox.jsonl"
    assert client.post("/me/notices/address", {"address": "不是邮箱"}).status_code == 422
    assert client.post("/me/notices/address", {"address": "Owner@Example.ORG"}).status_code == 303
    code = re.findall(r'"to": "owner@example.org".*"code": "(\d{6})"', outbox.read_text("utf-8"))[-1]
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert client.post("/me/notices/address/code", {"code": wrong}).status_code == 422
    assert client.post("/me/notices/address/code", {"code": code}).status_code == 303
    assert client.post("/me/notices/mail", {"pace": "weekly"}).status_code == 303
    text = client.get("/me/notices").get_data(as_text=True)
    assert "o***@example.org" in text
    assert re.search(r'value="weekly"\s+aria-pressed="true"', text)
    # It is an address for mail: nobody can sign in with it.
    clock.shift(timedelta(minutes=2))
    stranger = client_of(None)
    stranger.get("/sign-in")
    assert stranger.post("/sign-in", {"contact": "owner@example.org", "way": "code"}).status_code == 303
    assert '"to": "owner@example.org", "kind": "email", "purpose": "sign_in", "code": null' in outbox.read_text("utf-8")
    assert client.post("/me/notices/address/removal").status_code == 303
    assert "o***@example.org" not in client.get("/me/notices").get_data(as_text=True)


# The server ----------------------------------------------------------------------------------------------------------


class Postmaster:
    """What a mail server of the tests says to a recipient, and what it took."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.taken: list[bytes] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        """Take a recipient, or say what the test wants to hear."""
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it so
        """Take a message."""
        self.taken.append(envelope.content)
        return "250 OK"


def test_a_real_server_gets_the_message_once_and_its_refusals_are_understood(
    app: Flask, cast: Cast, clock: Any, poll: Vote, monkeypatch: pytest.MonkeyPatch
) -> None:
    postmaster = Postmaster()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(postmaster, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        for name, value in {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": port, "MAIL_TLS": "none"}.items():
            monkeypatch.setitem(app.config, name, value)
        wants_mail(cast.owner, "owner", MailPace.DAILY)
        wants_mail(cast.neighbour, "neighbour", MailPace.DAILY)
        _says(cast, poll)
        postmaster.answers = ["451 later please"]
        _live(clock, MONDAY + timedelta(days=1), timedelta(hours=11))
        clock.shift(timedelta(minutes=2))
        work_once()
        assert len(postmaster.taken) == 1
        assert b"To: owner@example.org" in postmaster.taken[0]
        _says(cast, poll)
        postmaster.answers = ["550 no such person"]
        _live(clock, MONDAY + timedelta(days=2), timedelta(hours=11))
        assert _ends() == {"address_refused_550": 1}
        # A server that speaks no TLS gets neither the message nor the password.
        monkeypatch.setitem(app.config, "MAIL_TLS", "starttls")
        monkeypatch.setitem(app.config, "MAIL_PASSWORD", "not-to-be-seen")
        _says(cast, poll)
        _live(clock, MONDAY + timedelta(days=3), timedelta(hours=11))
        assert len(postmaster.taken) == 1
    finally:
        controller.stop()


def test_where_no_server_is_set_each_message_is_a_file(app: Flask, cast: Cast, clock: Any, poll: Vote) -> None:
    wants_mail(cast.owner, "owner", MailPace.DAILY)
    _says(cast, poll)
    _live(clock, MONDAY + timedelta(days=1), timedelta(hours=11))
    files: list[Path] = sorted((data_dir(app) / "mail").glob("*.eml"))
    assert len(files) == 1
    assert b"owner@example.org" in files[0].read_bytes()
