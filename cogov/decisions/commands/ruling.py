"""The rules of a place as its own: written by one person, confirmed by a second; and its authority for such votes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from cogov.decisions.events import (
    AuthorityEnded,
    AuthorityGiven,
    AuthoritySettled,
    RuleConfirmed,
    RuleDeclined,
    RuleProposed,
)
from cogov.decisions.models import DecisionRuleVersion, VoteAuthority
from cogov.decisions.queries import next_version, waiting_here, written_here
from cogov.decisions.rules.freezing import freeze, thaw
from cogov.decisions.rules.ruling import (
    KEEPERS,
    Edit,
    authority_waits,
    edited,
    in_force_from,
    version_waits,
    why_not_propose,
    why_not_rule,
    why_not_settle,
    why_not_this_authority,
    why_not_write,
)
from cogov.files.commands import keep_picture
from cogov.files.rules import Drawn, draw_anew
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import insist
from cogov.ground.wording import tidy
from cogov.journal.event import Code, Event, commit_to, salt
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.rules import Actor
from cogov.people.rules.keeping import why_not_keep
from cogov.places.models import Place
from cogov.places.queries import place_by_code, place_by_id
from cogov.problems.rules.lanes import RuleCode


@verb
def propose_rule(
    by: Actor,
    place_code: str,
    code: RuleCode,
    edit: Edit,
    *,
    reason: str,
    not_before: datetime | None = None,
    once: str | None = None,
) -> DecisionRuleVersion:
    """Write a new version of a rule for a place, to be confirmed by a second person.

    It holds from the confirmation, or from ``not_before`` if that is later; running decisions keep their own.
    """
    place = _kept_by(by, place_code)
    insist(why_not_write(code))
    insist_once(by, once)
    before = written_here(code, place.code)
    after = edited(before, edit, next_version(code, place))
    reason = tidy(reason)
    insist(why_not_propose(before, after, reason, waiting=code in waiting_here(place.code)))
    row = DecisionRuleVersion(
        place_id=place.id,
        code=code.value,
        version=after.version,
        text=freeze(after),
        reason=reason,
        salt=salt(),
        proposed_by=found(by.person_id),
        proposed_at=now(),
        not_before=not_before,
    )
    with unless_taken(version_waits()):
        session().add(row)
    words = commit_to(row.salt, row.text, row.reason)
    _record(RuleProposed(row.id, Code(row.code), words), by, row)
    return row


@verb
def confirm_rule(by: Actor, version_id: int, *, once: str | None = None) -> DecisionRuleVersion:
    """Confirm what another has written; from now, or from the day it names, the place decides by it."""
    row = _version_for_change(by, version_id)
    insist_once(by, once)
    insist(why_not_settle(settled=row.settled_at is not None, own=row.proposed_by == by.person_id, agrees=True))
    insist(why_not_rule(thaw(row.text)))
    row.settled_by, row.settled_at = by.person_id, now()
    row.in_force_from = in_force_from(row.settled_at, row.not_before)
    _record(RuleConfirmed(row.id, Code(row.code), row.in_force_from), by, row)
    return row


@verb
def decline_rule(by: Actor, version_id: int, *, once: str | None = None) -> DecisionRuleVersion:
    """Decline what another has written, or take back one's own."""
    row = _version_for_change(by, version_id)
    insist_once(by, once)
    insist(why_not_settle(settled=row.settled_at is not None, own=row.proposed_by == by.person_id, agrees=False))
    row.settled_by, row.settled_at = by.person_id, now()
    _record(RuleDeclined(row.id, Code(row.code)), by, row)
    return row


def _kept_by(by: Actor, place_code: str) -> Place:
    place = place_by_code(place_code)
    insist(why_not_keep(by, place.code, *KEEPERS))
    return place


def _version_for_change(by: Actor, version_id: int) -> DecisionRuleVersion:
    query = for_change(select(DecisionRuleVersion).where(DecisionRuleVersion.id == version_id))
    row = found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())
    insist(why_not_keep(by, place_by_id(row.place_id).code, *KEEPERS))
    return row


# Authority ----------------------------------------------------------------------------------------------------------


def give_authority(
    by: Actor,
    place_code: str,
    *,
    title: str,
    issuer: str,
    dated: date,
    picture: bytes,
    folder: Path,
    once: str | None = None,
) -> VoteAuthority:
    """Hand in the paper by which a place may take statutory votes, as a picture, which is drawn anew and public."""
    return _give_authority(by, place_code, tidy(title), tidy(issuer), dated, draw_anew(picture), folder, once)


@verb
def _give_authority(
    by: Actor,
    place_code: str,
    title: str,
    issuer: str,
    dated: date,
    drawn: Drawn,
    folder: Path,
    once: str | None,
) -> VoteAuthority:
    place = _kept_by(by, place_code)
    insist_once(by, once)
    insist(why_not_this_authority(title, issuer))
    row = VoteAuthority(
        place_id=place.id,
        title=title,
        issuer=issuer,
        dated=dated,
        picture_id=keep_picture(by, drawn, folder).id,
        salt=salt(),
        given_by=found(by.person_id),
        given_at=now(),
        agreed=False,
    )
    with unless_taken(authority_waits()):
        session().add(row)
    words = commit_to(row.salt, title, issuer, dated.isoformat(), drawn.name)
    _record(AuthorityGiven(row.id, words), by, row)
    return row


@verb
def settle_authority(by: Actor, authority_id: int, *, agrees: bool, once: str | None = None) -> VoteAuthority:
    """Agree, as a second person, that a paper gives a place its authority; or decline it, or take one's own back."""
    row = _authority_for_change(by, authority_id)
    insist_once(by, once)
    insist(why_not_settle(settled=row.settled_at is not None, own=row.given_by == by.person_id, agrees=agrees))
    row.settled_by, row.settled_at, row.agreed = by.person_id, now(), agrees
    _record(AuthoritySettled(row.id, agrees), by, row)
    return row


@verb
def end_authority(by: Actor, authority_id: int, *, once: str | None = None) -> VoteAuthority:
    """Say that a place no longer has its authority; votes announced before keep what they were announced as."""
    row = _authority_for_change(by, authority_id)
    insist_once(by, once)
    insist(why_not_settle(settled=row.ended_at is not None or not row.agreed, own=False, agrees=False))
    row.ended_by, row.ended_at = by.person_id, now()
    _record(AuthorityEnded(row.id), by, row)
    return row


def _authority_for_change(by: Actor, authority_id: int) -> VoteAuthority:
    query = for_change(select(VoteAuthority).where(VoteAuthority.id == authority_id))
    row = found(session().scalars(query, execution_options={"populate_existing": True}).one_or_none())
    insist(why_not_keep(by, place_by_id(row.place_id).code, *KEEPERS))
    return row


def _record(event: Event, by: Actor, row: DecisionRuleVersion | VoteAuthority) -> None:
    code = place_by_id(row.place_id).code
    record(event, by.under(by.standing(code, *KEEPERS)), place_id=row.place_id, subject=(row.__tablename__, row.id))
