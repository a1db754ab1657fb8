"""What mail becomes due: digests, what needs somebody at once, reminders before deadlines; each once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Select, exists, func, select

from cogov.decisions.models import Ballot, Decision, ElectorateVoter, RollMark
from cogov.duties.models import RunningClock
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refusal
from cogov.journal.transaction import transaction, verb
from cogov.people.commands import use_code
from cogov.people.models import Identity, Person
from cogov.people.queries import actor_of
from cogov.people.rules import Actor
from cogov.people.rules.entering import CodePurpose
from cogov.places.queries import home_community, place_by_id, setting
from cogov.places.rules import Setting
from cogov.problems.models import Confirmation, Problem, Raiser
from cogov.tasks.models import Claim
from cogov.tasks.rules import ClaimState
from cogov.tell.channels import Channel, MailPace
from cogov.tell.models import MailChoice, Notification, Reminded, Sending
from cogov.tell.outbox import Due, insert_new, put, put_all
from cogov.tell.rhythm import AT_ONCE_AFTER, REMIND_BEFORE, Hours, after_quiet, next_digest, remind_at

_BATCH = 200

DIGEST, ASKED, REMINDER = "digest", "asked", "reminder"
"""What a mail is, as its payload says."""


def plan_mails() -> int:
    """Put into the outbox what mail has become due since; return how many messages are new."""
    return _plan_digests() + _plan_asked() + _plan_reminders()


# What a person chose -------------------------------------------------------------------------------------------------


def zone() -> ZoneInfo:
    """Return the zone in which people here live."""
    return ZoneInfo(str(current_app.config["TIMEZONE"]))


def hours_at(code: str) -> Hours:
    """Return the hours that a tenant has set."""
    return Hours(
        digest=setting(code, Setting.DIGEST_HOUR),
        weekday=setting(code, Setting.DIGEST_WEEKDAY),
        quiet_from=setting(code, Setting.QUIET_FROM),
        quiet_until=setting(code, Setting.QUIET_UNTIL),
    )


def hours_of(by: Actor) -> Hours:
    """Return the hours that hold for a person: those of their community, or of the widest place they answer for."""
    home = home_community(by)
    if home is not None:
        return hours_at(home.code)
    scopes = sorted((held.scope for held in by.standings if held.scope), key=len)
    return hours_at(scopes[0]) if scopes else Hours()


@dataclass(frozen=True)
class MailKept:
    """What a person chose about mail, where it goes, and when they last got any."""

    pace: MailPace
    address: str
    """Empty where none is proved."""
    added: bool
    """Whether that address is one for mail only, which they can take away again."""
    last_sent_at: datetime | None


def mail_of(by: Actor) -> MailKept:
    """Return how often a person wants mail, where to, and when the last went out.

    Who joined gave one contact and proved it, or is not confirmed; only such an address, or one added later and
    proved by a code, gets mail.
    """
    chosen = session().get(MailChoice, by.person_id)
    joined = select(Identity.email).where(Identity.person_id == by.person_id, Identity.confirmed_at.is_not(None))
    last = select(func.max(Sending.sent_at)).where(Sending.person_id == by.person_id, Sending.channel == Channel.MAIL)
    added = chosen.address if chosen else ""
    return MailKept(
        chosen.pace if chosen else MailPace.NONE,
        added or session().scalar(joined) or "",
        bool(added),
        session().scalar(last),
    )


@verb
def choose_mail(by: Actor, pace: MailPace, language: str = "") -> None:
    """Keep how often a person wants mail, from now on, and in which language; what was news before goes into none."""
    row, at = _choice_for_change(by), now()
    newest = session().scalar(select(func.max(Notification.id))) or 0
    if row.pace is MailPace.NONE:
        row.told_up_to = newest
    if row.pace is not MailPace.AT_ONCE:
        row.asked_up_to = newest
    row.pace, row.since = pace, at
    row.next_at = next_digest(pace, at, zone(), hours_of(actor_of(row.person_id)))
    if language:
        # Mail has no browser to ask, so it speaks as the page did on which it was chosen.
        found(session().get(Person, row.person_id)).language = language


def _choice_for_change(by: Actor) -> MailChoice:
    """Return a person's row, made where it is missing, under the person's lock: two clicks at once leave one row."""
    assert by.person_id is not None
    person = found(session().scalars(for_change(select(Person).where(Person.id == by.person_id))).one_or_none())
    row = session().get(MailChoice, person.id, populate_existing=True)
    if row is None:
        row = MailChoice(person_id=person.id, pace=MailPace.NONE, since=now())
        session().add(row)
        session().flush()
    return row


@verb
def add_address(by: Actor, *, code_id: int, code_hash: str) -> str | Refusal:
    """Send mail to an address from now on, as the code that went there was right; return it.

    It is for mail and nothing else: nobody can sign in or recover an account with it, so it proves nobody. A wrong
    try is returned and not raised, so that it stays counted.
    """
    address = use_code(by, code_id=code_id, purpose=CodePurpose.ADDRESS, code_hash=code_hash)
    if not isinstance(address, Refusal):
        _choice_for_change(by).address = address
    return address


@verb
def drop_address(by: Actor) -> None:
    """Send no more mail to an address that was added."""
    _choice_for_change(by).address = ""


# Digests -------------------------------------------------------------------------------------------------------------


def _plan_digests() -> int:
    """Put the digests that are due into the outbox, for those whom anything new awaits."""
    made, at = 0, now()
    while due := session().execute(_due_digests(at)).all():
        for person_id, pace, next_at in due:
            made += _plan_digest(person_id, pace, next_at, at)
    return made


def _due_digests(at: datetime) -> Select[int, MailPace, datetime | None]:
    query = select(MailChoice.person_id, MailChoice.pace, MailChoice.next_at).where(MailChoice.next_at <= at)
    return query.order_by(MailChoice.next_at, MailChoice.person_id).limit(_BATCH)


def _plan_digest(person_id: int, pace: MailPace, next_at: datetime | None, at: datetime) -> int:
    """Move the person's marks, and put the digest between them into the outbox; who comes second changes nothing."""
    assert next_at is not None
    hours, here = hours_of(actor_of(person_id)), zone()
    with transaction():
        row = session().scalars(_held(person_id)).one()
        if row.next_at != next_at or row.pace is not pace:
            return 0
        after, newest = row.told_up_to, _newest_unread(person_id, row.told_up_to)
        row.next_at = next_digest(pace, at, here, hours)
        if newest is None:
            return 0
        row.told_up_to = newest
        return put(
            f"mail:digest:{person_id}:{next_at.astimezone(here).date():%Y%m%d}",
            Channel.MAIL,
            due_at=after_quiet(next_at, here, hours),
            person_id=person_id,
            payload={"kind": DIGEST, "after": after, "up_to": newest},
        )


def _held(person_id: int) -> Select[MailChoice]:
    return for_change(select(MailChoice).where(MailChoice.person_id == person_id))


def _newest_unread(person_id: int, after: int) -> int | None:
    query = select(func.max(Notification.id)).where(
        Notification.person_id == person_id, Notification.read_at.is_(None), Notification.id > after
    )
    return session().scalar(query)


# At once -------------------------------------------------------------------------------------------------------------


def _plan_asked() -> int:
    """Put into the outbox what needs those who want to hear of it at once, some minutes after it came up."""
    at = now()
    # Begun with those who want it: notifications are many, and looked through again at every turn.
    asked = exists().where(
        Notification.person_id == MailChoice.person_id,
        Notification.id > MailChoice.asked_up_to,
        Notification.needs,
        Notification.read_at.is_(None),
        Notification.at <= at - AT_ONCE_AFTER,
    )
    query = select(MailChoice.person_id).where(MailChoice.pace == MailPace.AT_ONCE, asked).limit(_BATCH)
    return sum(_plan_asked_of(person_id, at) for person_id in session().scalars(query).all())


def _plan_asked_of(person_id: int, at: datetime) -> int:
    hours, here = hours_of(actor_of(person_id)), zone()
    with transaction():
        row = session().scalars(_held(person_id)).one()
        after = row.asked_up_to
        newest = session().scalar(
            select(func.max(Notification.id)).where(
                Notification.person_id == person_id,
                Notification.needs,
                Notification.id > after,
                Notification.read_at.is_(None),
            )
        )
        if newest is None or row.pace is not MailPace.AT_ONCE:
            return 0
        row.asked_up_to = newest
        return put(
            f"mail:asked:{person_id}:{newest}",
            Channel.MAIL,
            due_at=after_quiet(at, here, hours),
            person_id=person_id,
            payload={"kind": ASKED, "after": after, "up_to": newest},
        )


# Before a deadline ---------------------------------------------------------------------------------------------------


def _voters(decision_id: int) -> Select[int]:
    """Return who may still vote for at least one head."""
    voted = select(Ballot.head_id).where(Ballot.decision_id == decision_id)
    with_token = select(RollMark.head_id).where(RollMark.decision_id == decision_id)
    return select(ElectorateVoter.person_id).where(
        ElectorateVoter.decision_id == decision_id,
        ElectorateVoter.head_id.not_in(voted),
        ElectorateVoter.head_id.not_in(with_token),
    )


def _claimer(claim_id: int) -> Select[int]:
    return select(Claim.person_id).where(Claim.id == claim_id, Claim.state == ClaimState.ACTIVE)


def _raisers(problem_id: int) -> Select[int]:
    """Return who has yet to say whether it is fixed."""
    answered = (
        select(Confirmation.id)
        .where(
            Confirmation.problem_id == Problem.id,
            Confirmation.round == Problem.round,
            Confirmation.person_id == Raiser.person_id,
        )
        .exists()
    )
    query = select(Raiser.person_id).join(Problem, Raiser.problem_id == Problem.id)
    return query.where(Raiser.problem_id == problem_id, ~answered)


OWED: Mapping[Purpose, Callable[[int], Select[int]]] = {
    Purpose.DECISION_CLOSE: _voters,
    Purpose.CLAIM: _claimer,
    Purpose.CONFIRMATION: _raisers,
}
"""The deadlines one is reminded of, and who has not acted yet."""


def _plan_reminders() -> int:
    """Put the reminders of deadlines that have come near into the outbox, for those who have not acted."""
    at = now()
    query = (
        select(RunningClock)
        .outerjoin(Reminded, (Reminded.clock_id == RunningClock.id) & (Reminded.due_at == RunningClock.due_at))
        .where(
            RunningClock.purpose.in_(OWED),
            RunningClock.stopped_at.is_(None),
            RunningClock.paused_at.is_(None),
            RunningClock.due_at > at,
            RunningClock.due_at <= at + REMIND_BEFORE,
            Reminded.clock_id.is_(None),
        )
    )
    near = [_Deadline.of(clock) for clock in session().scalars(query)]
    return sum(_remind(each, at) for each in near if each.remind_at <= at)


@dataclass(frozen=True)
class _Deadline:
    """A clock as plain values: a transaction leaves no row loaded."""

    clock_id: int
    purpose: Purpose
    subject_id: int
    place_id: int
    due_at: datetime
    remind_at: datetime

    @classmethod
    def of(cls, clock: RunningClock) -> _Deadline:
        started_at = clock.started_at
        if clock.purpose is Purpose.DECISION_CLOSE:
            # That clock runs from the notice; nobody can vote before the vote is open.
            started_at = found(session().get(Decision, clock.subject_id)).opens_at
        return cls(
            clock.id,
            clock.purpose,
            clock.subject_id,
            clock.place_id,
            clock.due_at,
            remind_at(started_at, clock.due_at),
        )


def _remind(deadline: _Deadline, at: datetime) -> int:
    hours, here = hours_at(place_by_id(deadline.place_id).code), zone()
    send_at = after_quiet(at, here, hours)
    with transaction():
        mark = {"clock_id": deadline.clock_id, "due_at": deadline.due_at, "at": at}
        if not insert_new(Reminded, [mark], (Reminded.clock_id, Reminded.due_at)) or send_at >= deadline.due_at:
            return 0
        wanting = select(MailChoice.person_id).where(MailChoice.pace != MailPace.NONE)
        owing = OWED[deadline.purpose](deadline.subject_id)
        persons = session().scalars(wanting.where(MailChoice.person_id.in_(owing))).all()
        return put_all(_reminder(deadline, person_id, send_at) for person_id in persons)


def _reminder(deadline: _Deadline, person_id: int, send_at: datetime) -> Due:
    return Due(
        f"mail:reminder:{deadline.clock_id}:{int(deadline.due_at.timestamp())}:{person_id}",
        Channel.MAIL,
        send_at,
        person_id=person_id,
        payload={"kind": REMINDER, "clock": deadline.clock_id, "until": deadline.due_at.isoformat()},
    )
