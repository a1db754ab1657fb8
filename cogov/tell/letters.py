"""Mail in words: rendered at the moment of sending, for what the reader may see and has still to do then."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime as rfc_datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from babel.dates import get_timezone_name
from flask import current_app, render_template, url_for
from flask_babel import force_locale, format_datetime, get_locale, gettext, ngettext, to_user_timezone
from sqlalchemy import select

from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.deadlines import left
from cogov.ground.pages import words
from cogov.people.models import Person
from cogov.people.queries import actor_of
from cogov.people.rules import Actor
from cogov.tasks.models import Claim
from cogov.tell.calendars import Deadline, calendar_of, deadline_of
from cogov.tell.channels import PACE_WORDS, MailPace
from cogov.tell.choices import choices_of
from cogov.tell.links import choice_token
from cogov.tell.mailing import ASKED, DIGEST, REMINDER, hours_of, mail_of, zone
from cogov.tell.models import Notification
from cogov.tell.notices import TOPIC, groups, latest
from cogov.tell.outbox import Carry, Later, Never, Outgoing
from cogov.tell.post import carrier
from cogov.tell.rhythm import after_quiet
from cogov.tell.waiting import Matter, Waits, matters_of, waiting_for
from cogov.tell.wording import items

MOST_WAITS = 10
MOST_NEWS = 20


@dataclass(frozen=True)
class Letter:
    """A mail before it has an address: what it says, and the deadline that goes with it as a calendar file."""

    subject: str
    heading: str
    waits: Sequence[Mapping[str, Any]] = ()
    more_waits: int = 0
    news: Sequence[Mapping[str, Any]] = ()
    deadline: Deadline | None = None


@dataclass(frozen=True)
class Reader:
    """Who is written to, as they stand now."""

    by: Actor
    address: str
    language: str
    pace: MailPace


def write_mail(outgoing: Outgoing) -> Carry:
    """Render a mail of the outbox for who it is for, as they stand now, and return what carries it.

    Nothing is sent to who is suspended, wants no mail or has no proved address, nor what was read or done meanwhile,
    nor of what they may not see any more; the row then says which of it was so.
    """
    reader = _reader(outgoing.person_id or 0)
    at = now()
    if (wake := after_quiet(at, zone(), hours_of(reader.by))) > at:
        raise Later("quiet_hours", at=wake)
    with _speaking(reader.language):
        letter = LETTERS[str(outgoing.payload["kind"])](reader.by, outgoing.payload)
        message = compose(reader, letter, outgoing.key)
    carry = carrier()
    return lambda: carry(message)


def _reader(person_id: int) -> Reader:
    by = actor_of(person_id)
    if by.person_id is None:
        raise Never("suspended")
    kept = mail_of(by)
    if kept.pace is MailPace.NONE:
        raise Never("not_wanted")
    if not kept.address:
        raise Never("no_address")
    language = session().scalar(select(Person.language).where(Person.id == person_id))
    return Reader(by, kept.address, language or str(current_app.config["LANGUAGE"]), kept.pace)


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    """Render as a page would, in a language and with full addresses, though nobody has asked for a page."""
    with current_app.test_request_context(base_url=home_url()), force_locale(language):
        yield


def home_url() -> str:
    """Return the address under which people reach this installation."""
    config = current_app.config
    return str(config["PUBLIC_URL"]).rstrip("/") or f"http://{config['HOST']}:{config['PORT']}"


# What letters say ----------------------------------------------------------------------------------------------------


def _digest(by: Actor, payload: Mapping[str, Any]) -> Letter:
    """Say what waits, and what is new since the last digest and still unread, by dossier."""
    news = _news(by, int(payload["after"]), int(payload["up_to"]))
    if not news:
        raise Never("read_already")
    waits = waiting_for(by)
    parts = [ngettext("%(n)s 件事等您", "%(n)s 件事等您", len(waits), n=len(waits))] if waits else []
    parts.append(ngettext("%(n)s 件事有新进展", "%(n)s 件事有新进展", len(news), n=len(news)))
    return Letter(
        subject=gettext("，").join(parts),
        heading=gettext("，").join(parts),
        waits=[_wait(each) for each in waits[:MOST_WAITS]],
        more_waits=max(len(waits) - MOST_WAITS, 0),
        news=news,
    )


def _asked(by: Actor, payload: Mapping[str, Any]) -> Letter:
    """Say what needs somebody now, of what came up since the last such mail, unless it was read or done."""
    query = select(TOPIC).where(
        Notification.person_id == by.person_id,
        Notification.needs,
        Notification.read_at.is_(None),
        Notification.id > int(payload["after"]),
        Notification.id <= int(payload["up_to"]),
    )
    fresh = set(session().scalars(query))
    if not fresh:
        raise Never("read_already")
    waits = [each for each in waiting_for(by) if each.matter.id in fresh]
    if not waits:
        raise Never("done_already")
    first = waits[0]
    subject = gettext("%(what)s：%(title)s", what=words(first.need.pill), title=first.title)
    more = len(waits) - 1
    if more:
        subject += gettext("，") + ngettext("还有 %(n)s 件", "还有 %(n)s 件", more, n=more)
    return Letter(
        subject=subject,
        heading=ngettext("%(n)s 件事等您", "%(n)s 件事等您", len(waits), n=len(waits)),
        waits=[_wait(each) for each in waits[:MOST_WAITS]],
        more_waits=max(len(waits) - MOST_WAITS, 0),
        deadline=deadline_of(first) if not more else None,
    )


def _reminder(by: Actor, payload: Mapping[str, Any]) -> Letter:
    """Remind of one deadline, of who has not acted; none where it was put off, passed or met."""
    clock = session().get(RunningClock, int(payload["clock"]))
    if clock is None or clock.stopped_at is not None or clock.due_at != datetime.fromisoformat(str(payload["until"])):
        raise Never("deadline_moved")
    if clock.due_at <= now():
        raise Never("too_late")
    owed = _owed(clock, waiting_for(by))
    if owed is None:
        raise Never("done_already")
    ahead = left(clock.due_at, now())[0]
    return Letter(
        subject=gettext("%(left)s：%(title)s", left=ahead, title=owed.title),
        heading=gettext("%(what)s，%(left)s", what=words(owed.need.pill), left=ahead),
        waits=[_wait(owed)],
        deadline=deadline_of(owed),
    )


LETTERS: Mapping[str, Callable[[Actor, Mapping[str, Any]], Letter]] = {
    DIGEST: _digest,
    ASKED: _asked,
    REMINDER: _reminder,
}


def _owed(clock: RunningClock, waits: Sequence[Waits]) -> Waits | None:
    """Return what still waits for a person under a clock."""
    fits = _FITS[clock.purpose](clock.subject_id)
    return next((each for each in waits if fits(each)), None)


def _is_vote(decision_id: int) -> Callable[[Waits], bool]:
    return lambda each: each.need.kind == "vote" and each.need.values["decision_id"] == decision_id


def _is_claim(claim_id: int) -> Callable[[Waits], bool]:
    task_id = session().scalar(select(Claim.task_id).where(Claim.id == claim_id))
    return lambda each: each.need.kind == "claim" and each.need.values["task_id"] == task_id


def _is_confirmation(problem_id: int) -> Callable[[Waits], bool]:
    return lambda each: each.need.kind == "confirm" and each.matter.id == problem_id


_FITS: Mapping[Purpose, Callable[[int], Callable[[Waits], bool]]] = {
    Purpose.DECISION_CLOSE: _is_vote,
    Purpose.CLAIM: _is_claim,
    Purpose.CONFIRMATION: _is_confirmation,
}


def _wait(waits: Waits) -> dict[str, Any]:
    need, hidden = waits.need, waits.matter.hidden
    return {
        "pill": words(need.pill),
        "title": waits.title,
        "line": "" if hidden else words(need.line),
        "place": waits.matter.place,
        "due": due_words(need.due_at) if need.due_at else "",
        "action": words(need.action),
        "url": waits.url,
    }


def _news(by: Actor, after: int, up_to: int) -> list[dict[str, Any]]:
    found = groups(by, between=(after, up_to))[:MOST_NEWS]
    told = latest(by, [group.shown_id for group in found])
    matters = matters_of(by, (group.topic for group in found if group.topic > 0))
    return [_piece(item, matters.get(item["topic"])) for item in items(by, found, told, choices_of(by))]


def _piece(item: Mapping[str, Any], matter: Matter | None) -> dict[str, Any]:
    """Say what is new about a dossier or an announcement; of what is not public, only that there is something."""
    if matter is None:
        url = url_for("announcements.show", announcement_id=-item["topic"], _external=True) if item["topic"] else ""
        title, place = item["title"], ""
    else:
        url, title, place = matter.url, matter.named, matter.place
    hidden = matter is not None and matter.hidden
    return {
        "title": title,
        "place": place,
        "who": "" if hidden else item["who"],
        "sentence": gettext("有新进展，登录后看。") if hidden else item["sentence"],
        "at": item["at_text"],
        "more": item["more"],
        "why": item["why"],
        "url": url or url_for("tell.index", _external=True),
    }


def due_words(moment: datetime) -> str:
    """Return a deadline with its date, its time and the name of its zone."""
    day, time = format_datetime(moment, gettext("y 年 M 月 d 日 EEEE")), format_datetime(moment, gettext("HH:mm"))
    return gettext("%(day)s %(time)s（%(zone)s）", day=day, time=time, zone=zone_words(moment))


def zone_words(moment: datetime) -> str:
    """Return what people call the time that clocks show here at a moment."""
    if zone().key == "Asia/Shanghai":
        return gettext("北京时间")
    return get_timezone_name(to_user_timezone(moment), locale=get_locale())


# As a message --------------------------------------------------------------------------------------------------------


class _Address(UnstructuredHeader, BaseHeader):
    """A header that holds an address of the web: mail programs find it only whole and as it is."""

    def fold(self, *, policy: Policy) -> str:
        """Return the line as it stands; longer than lines should be, shorter than they may be."""
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Address)
POLICY = SMTP.clone(header_factory=_HEADERS)


def compose(reader: Reader, letter: Letter, key: str) -> EmailMessage:
    """Return a letter as a message: text and HTML, with ways to get less that need no sign-in."""
    person_id = reader.by.person_id
    assert person_id is not None
    links = {pace: _choice_url(person_id, pace) for pace in (MailPace.DAILY, MailPace.WEEKLY, MailPace.NONE)}
    message = EmailMessage(policy=POLICY)
    message["Subject"] = " ".join(letter.subject.split())
    message["From"] = sender()
    message["To"] = Address(addr_spec=reader.address)
    message["Date"] = rfc_datetime(now())
    message["Message-ID"] = message_id(key)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{links[MailPace.NONE]}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    told = {
        "letter": letter,
        "name": reader.by.pseudonym,
        "pace": words(PACE_WORDS[reader.pace]),
        "links": [(_LINKS[pace](), url) for pace, url in links.items() if pace is not reader.pace],
        "home_url": url_for("front.home", _external=True),
        "settings_url": url_for("tell.choices", _external=True),
    }
    message.set_content(_squeezed(render_template("tell/mail/letter.txt", **told)))
    message.add_alternative(render_template("tell/mail/letter.html", **told), subtype="html")
    if letter.deadline is not None:
        file = calendar_of([letter.deadline]).decode()
        message.add_attachment(file, subtype="calendar", filename="deadline.ics", params={"method": "PUBLISH"})
    return message


_LINKS: Mapping[MailPace, Callable[[], str]] = {
    MailPace.DAILY: lambda: gettext("改成每天一封"),
    MailPace.WEEKLY: lambda: gettext("改成每周一封"),
    MailPace.NONE: lambda: gettext("不再发"),
}


def _choice_url(person_id: int, pace: MailPace) -> str:
    return url_for("mail.choice", token=choice_token(person_id, pace), _external=True)


def sender() -> Address:
    """Return whom mail comes from."""
    name, address = parseaddr(str(current_app.config["MAIL_FROM"]))
    return Address(display_name=name, addr_spec=address)


def message_id(key: str) -> str:
    """Return the id that a message has, always the same for a key, so that a repetition can be told."""
    host = urlsplit(home_url()).hostname or "localhost"
    secret = str(current_app.config["SECRET_KEY"])
    return f"<{hashlib.sha256(f'{secret}:{key}'.encode()).hexdigest()[:40]}@{host}>"


def _squeezed(text: str) -> str:
    """Return text with at most one empty line between two others."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for n, line in enumerate(lines) if line or (n > 0 and lines[n - 1])]
    return "\n".join(kept) + "\n"
