"""One's own voice in a vote: for which heads one casts, and what has come in for each; never a choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, bindparam, func, select

from cogov.decisions.models import (
    Ballot,
    BallotSignature,
    Decision,
    ElectorateHead,
    ElectorateVoter,
    Motion,
    ProxyMandate,
    RollMark,
    Service,
)
from cogov.decisions.queries.doors import doors_of
from cogov.decisions.queries.later import noticed_before
from cogov.decisions.queries.loading import only_here
from cogov.decisions.queries.parts import share_of
from cogov.decisions.rules.ballots import Casting, why_not_cast
from cogov.decisions.rules.channels import Channel
from cogov.decisions.rules.electorate import HeadGround
from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.service import ServiceMeans
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.db import Id, session
from cogov.ground.prepared import Prepared
from cogov.ground.refusals import Refusal
from cogov.journal.kept import Of, kept
from cogov.people.queries import organization_names
from cogov.people.rules import Actor


@dataclass(frozen=True)
class MyHead:
    """One voice of the reader: for which doors, with what area, and its receipt once they have cast it."""

    head_id: int
    doors: tuple[str, ...]
    area: int
    why_not_cast: Refusal | None
    ordinal: int | None = None
    receipt: str = ""
    cast_at: datetime | None = None
    has_token: bool = False
    """In a secret vote: that the token of this head was given out; whether it was used nobody knows."""

    carried: bool = False
    """That it is another's, for whom the reader casts by a mandate."""

    cast_by_proxy: bool = False
    """That a proxy has cast it, which whoever has the vote may replace."""

    seats: int = 1
    """How many co-owners have to mark it alike before it is cast; ``signed`` of them have, the reader too or not."""

    signed: int = 0
    i_signed: bool = False
    all_agree: bool = False
    """That it is cast, as all co-owners have marked it alike."""

    channel: Channel | None = None
    """By which way one's own ballot came in."""

    opened_at: datetime | None = None
    """When the reader first opened the page of this vote as the one who votes for this head."""

    ground: HeadGround = HeadGround.LISTED
    """Why it is in the electorate."""

    organization: str = ""
    """The organization for which the reader votes as its delegate."""

    cast_by_former: bool = False
    """That somebody whom the organization sent before has cast its ballot, which the reader may replace."""

    share: Fraction | None = None
    """What share of a head it is, where co-owners cast by shares."""


def _casting(
    decision: Decision,
    rule: DecisionRule,
    at: datetime,
    *,
    in_electorate: bool,
    by_other: bool = False,
    on_paper: bool = False,
) -> Casting:
    return Casting(
        now=at,
        opens_at=decision.opens_at,
        closes_at=decision.closes_at,
        body=rule.body,
        in_electorate=in_electorate,
        closed=decision.state is DecisionState.CLOSED,
        cast_by_other=by_other,
        on_paper=on_paper,
    )


def why_no_ballot(by: Actor, decision: Decision, motion: Motion, rule: DecisionRule, at: datetime) -> Refusal | None:
    """Say why somebody has no vote in a decision at all."""
    casting = _casting(decision, rule, at, in_electorate=False)
    since = noticed_before(by.person_id, decision.community_id, rule.body, decision.notice_at)
    return why_not_cast(replace(casting, only_here=only_here(motion, by.person_id), noticed_at=since))


_DECISION = bindparam("decision", type_=Id)
# The option is left out on purpose: the page shows a choice to nobody, not even to the one who made it.
_OF_MY_HEADS = (
    select(
        ElectorateHead.id,
        ElectorateHead.area,
        func.coalesce(Ballot.person_id, RollMark.person_id),
        Ballot.ordinal,
        Ballot.receipt,
        Ballot.cast_at,
        RollMark.head_id.is_not(None),
        ElectorateVoter.mandate_id.is_not(None),
        # A proxy's, whose principal the reader is; one on paper is of whoever the head is.
        and_(
            ElectorateVoter.mandate_id.is_(None),
            Ballot.mandate_id.is_not(None),
            func.coalesce(ProxyMandate.principal_id, ElectorateVoter.person_id) == ElectorateVoter.person_id,
        ),
        ElectorateHead.seats,
        Ballot.channel,
        Service.at,
        ElectorateHead.ground,
        ElectorateHead.organization_id,
        and_(RollMark.head_id.is_not(None), RollMark.signature == ""),
        ElectorateHead.key,
    )
    .join(ElectorateVoter, ElectorateVoter.head_id == ElectorateHead.id)
    .outerjoin(Ballot, (Ballot.head_id == ElectorateHead.id) & (Ballot.decision_id == _DECISION))
    .outerjoin(RollMark, (RollMark.head_id == ElectorateHead.id) & (RollMark.decision_id == _DECISION))
    .outerjoin(ProxyMandate, ProxyMandate.id == Ballot.mandate_id)
    .outerjoin(
        Service,
        and_(
            Service.decision_id == _DECISION,
            Service.head_id == ElectorateHead.id,
            Service.person_id == ElectorateVoter.person_id,
            Service.means == ServiceMeans.OPENED,
        ),
    )
    .where(ElectorateVoter.person_id == bindparam("me", type_=Id), ElectorateVoter.decision_id == _DECISION)
    .order_by(ElectorateHead.id)
)


def voices_of(by: Actor, decision: Decision, rule: DecisionRule, at: datetime) -> tuple[MyHead, ...]:
    """Return the heads for which somebody votes, each with what stands for it; never what was chosen."""
    if by.person_id is None:
        return ()
    rows = _MY_HEADS.all({"me": by.person_id, "decision": decision.id})
    heads = tuple(row.head_id for row in rows)
    doors = kept(("doors", heads), lambda: doors_of(heads), of=Of.REGISTERS) if heads else {}
    return tuple(_voice(by, row, decision, rule, at, tuple(doors.get(row.head_id, ()))) for row in rows)


@dataclass(frozen=True)
class _Voice:
    head_id: int
    area: int
    caster: int | None
    ordinal: int | None
    receipt: str | None
    cast_at: datetime | None
    has_token: bool
    carried: bool
    cast_by_proxy: bool
    seats: int
    channel: Channel | None
    opened_at: datetime | None
    ground: HeadGround
    organization_id: int | None
    slip: bool | None
    """That the household handed in a paper of a secret vote."""

    key: str


_MY_HEADS = Prepared(_OF_MY_HEADS, _Voice)
"""Asked with every page of a vote, so it is put together once."""


def _voice(
    by: Actor, voice: _Voice, decision: Decision, rule: DecisionRule, at: datetime, doors: tuple[str, ...]
) -> MyHead:
    own_proxy, joint = bool(voice.cast_by_proxy), voice.seats > 1
    sent = voice.ground is HeadGround.DELEGATE
    by_other = voice.caster is not None and voice.caster != by.person_id and not (own_proxy or joint or sent)
    on_paper = bool(voice.slip) or (voice.ordinal is not None and voice.caster is None)
    refusal = why_not_cast(_casting(decision, rule, at, in_electorate=True, by_other=by_other, on_paper=on_paper))
    mine = MyHead(
        voice.head_id,
        doors,
        voice.area,
        refusal,
        carried=voice.carried,
        cast_by_proxy=own_proxy,
        ground=voice.ground,
        organization=_organization(voice.organization_id),
        cast_by_former=sent and voice.caster not in (None, by.person_id),
        opened_at=voice.opened_at,
        share=share_of(decision.id, voice.key),
    )
    if joint:
        mine = replace(mine, **_signatures(by, voice))
    if voice.caster is None or voice.caster != by.person_id:
        return mine
    receipt = voice.receipt or ""
    return replace(
        mine,
        ordinal=voice.ordinal,
        receipt=receipt,
        cast_at=voice.cast_at,
        has_token=voice.has_token,
        channel=voice.channel,
    )


def _organization(organization_id: int | None) -> str:
    if organization_id is None:
        return ""
    return organization_names([organization_id])[organization_id].name


def _signatures(by: Actor, voice: _Voice) -> dict[str, Any]:
    signed = select(BallotSignature.person_id).where(BallotSignature.head_id == voice.head_id)
    persons = list(session().scalars(signed))
    return {
        "seats": voice.seats,
        "signed": len(persons),
        "i_signed": by.person_id in persons,
        "all_agree": voice.ordinal is not None,
    }
