"""The bulletin and the bundle of a vote, read from what was frozen, cast and pinned up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from cogov.decisions.models import (
    Ballot,
    BulletinHead,
    BulletinLeaf,
    BundleTaken,
    Closing,
    Decision,
    DecisionOption,
    DecisionTurnout,
    ElectorateHead,
    Motion,
    SecretVote,
)
from cogov.decisions.queries.counting import frozen_options, turnout_counted
from cogov.decisions.queries.frozen import as_noticed
from cogov.decisions.queries.loading import decision_for, is_voter, roles_of
from cogov.decisions.queries.parts import by_shares
from cogov.decisions.queries.secrets import box_keys, tokens_given
from cogov.decisions.queries.secrets import opened_ballots as opened_slips
from cogov.decisions.rules.bulletin import election_mark, head_by, key_from, path, root, sealed_ballot, short_code
from cogov.decisions.rules.bundles import (
    Emptied,
    Opened,
    Pinned,
    Sheet,
    box_bundle,
    bundle_hash,
    bundle_of,
    write_bundle,
)
from cogov.decisions.rules.circle import no_bulletin, why_no_box_bundle, why_not_take, why_not_yet
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.outcome import Count
from cogov.decisions.rules.parts import count_parts
from cogov.decisions.rules.shortage import SMALLEST
from cogov.decisions.rules.stages import DecisionState, Verdict
from cogov.decisions.rules.tallies import agreeing_among
from cogov.decisions.rules.thresholds import Turnout
from cogov.decisions.rules.veiling import why_not_take_frozen
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound, Refusal, insist
from cogov.journal.kept import kept
from cogov.journal.models import JournalEntry
from cogov.people.models import Organization, Person
from cogov.people.rules import Actor
from cogov.places.queries import place_by_id

NAMED_KINDS = ("NoticePublished", "BoxOpened", "BulletinPinned", "DecisionClosed")
"""The journal's entries that a bundle names: the frozen notice, the opening of a box, the last state of the bulletin,
the close."""


# What is sealed -------------------------------------------------------------------------------------------------------


def is_named(decision: Decision) -> bool:
    """Say whether the ballots of a decision are named: only these are on this bulletin."""
    return thaw(decision.frozen_rule).secrecy is Secrecy.NAMED


def election_of(decision: Decision, options: Sequence[DecisionOption]) -> str:
    """Return what binds a ballot to a decision."""
    decision, options = as_noticed(decision, options)
    return election_mark(
        decision.id, decision.question, decision.frozen_rule, decision.form, _plain(options), decision.fingerprint
    )


def _plain(options: Sequence[DecisionOption]) -> list[dict[str, Any]]:
    return [
        {"position": each.position, "key": each.key, "label": each.label, **({"cost": each.cost} if each.cost else {})}
        for each in options
    ]


def opened_ballots(decision_id: int, *, after: int = 0, last: int | None = None) -> list[Opened]:
    """Return the ballots as they are now with the keys that open them, those of the first so many or all."""
    query = (
        select(ElectorateHead.key, Ballot.marks, Ballot.nonce, Ballot.changes)
        .join(ElectorateHead, Ballot.head_id == ElectorateHead.id)
        .where(Ballot.decision_id == decision_id, Ballot.ordinal > after)
    )
    if last is not None:
        query = query.where(Ballot.ordinal <= last)
    rows = session().execute(query.order_by(ElectorateHead.key))
    return [Opened(head_key, marks, key_from(nonce, changes)) for head_key, marks, nonce, changes in rows]


def sealed(election: str, ballots: Sequence[Opened]) -> list[str]:
    """Return the leaves of ballots in the order of their hashes, which says nothing of them."""
    return sorted(sealed_ballot(election, each.head_key, each.marks, each.key) for each in ballots)


def leaves_of(decision_id: int) -> list[str]:
    """Return the leaves that are on the bulletin, in their order."""
    query = select(BulletinLeaf.leaf).where(BulletinLeaf.decision_id == decision_id).order_by(BulletinLeaf.position)
    return list(session().scalars(query))


def heads_of(decision_id: int) -> list[BulletinHead]:
    """Return the states of the bulletin that were pinned up, the first one first."""
    query = select(BulletinHead).where(BulletinHead.decision_id == decision_id).order_by(BulletinHead.size)
    return list(session().scalars(query))


def latest_code(decision: Decision) -> str:
    """Return the short code of the last state of the bulletin; of a secret vote that of the box, once it is open."""
    heads = heads_of(decision.id)
    if heads:
        return short_code(heads[-1].root)
    vote = None if is_named(decision) else session().get(SecretVote, decision.id)
    keys = box_keys(decision.id) if vote is not None and vote.opened_at is not None else []
    return short_code(root(keys)) if keys else ""


def batches_due() -> list[int]:
    """Return the running votes of which a batch of ten is full and not pinned up."""
    pinned = (
        select(func.coalesce(func.max(BulletinHead.size), 0))
        .where(BulletinHead.decision_id == Decision.id)
        .correlate(Decision)
        .scalar_subquery()
    )
    query = (
        select(Decision)
        .join(DecisionTurnout, DecisionTurnout.decision_id == Decision.id)
        .where(
            Decision.state == DecisionState.OPEN,
            Decision.heads_total >= SMALLEST,
            DecisionTurnout.heads - DecisionTurnout.heads % SMALLEST > pinned,
        )
        .order_by(Decision.id)
    )
    return [decision.id for decision in session().scalars(query) if is_named(decision)]


# The bulletin as it is shown ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bulletin:
    """What is public of a vote's bulletin."""

    election: str
    heads: tuple[BulletinHead, ...]
    leaves: tuple[str, ...]


def bulletin_of(by: Actor, decision_id: int) -> tuple[Decision, Bulletin]:
    """Return the bulletin of a named vote that somebody may see."""
    decision, _ = decision_for(by, decision_id)
    insist(why_not_yet(named=is_named(decision), closed=True))
    election = election_of(decision, frozen_options(decision_id))
    return decision, Bulletin(election, tuple(heads_of(decision_id)), tuple(leaves_of(decision_id)))


@dataclass(frozen=True)
class Proof:
    """That a sealed ballot is on the bulletin: its place, and the path from it to the latest head."""

    election: str
    leaf: str
    position: int
    size: int
    path: tuple[str, ...]
    root: str


def proof_of(by: Actor, decision_id: int, head_id: int) -> Proof | None:
    """Return the proof for the ballot that somebody cast for a head; None while it is not pinned up."""
    decision, _ = decision_for(by, decision_id)
    if by.person_id is None:
        raise NotFound  # ballots on paper are nobody's account
    query = (
        select(ElectorateHead.key, Ballot.marks, Ballot.nonce, Ballot.changes)
        .join(ElectorateHead, Ballot.head_id == ElectorateHead.id)
        .where(Ballot.decision_id == decision_id, Ballot.head_id == head_id, Ballot.person_id == by.person_id)
    )
    head_key, marks, nonce, changes = found(session().execute(query).one_or_none())
    election = election_of(decision, frozen_options(decision_id))
    leaf = sealed_ballot(election, head_key, marks, key_from(nonce, changes))
    leaves, heads = leaves_of(decision_id), heads_of(decision_id)
    if leaf not in leaves:
        return None
    at, last = leaves.index(leaf), heads[-1]
    way = path(leaves[: last.size], at)
    assert head_by(leaf, at, last.size, way) == last.root
    return Proof(election, leaf, at, last.size, way, last.root)


# The bundle -----------------------------------------------------------------------------------------------------------


def public_bundle(by: Actor, decision_id: int) -> str:
    """Return the public bundle of a counted vote."""
    decision, _ = decision_for(by, decision_id)
    if decision.frozen_words:
        roles = roles_of(by, place_by_id(decision.community_id).code)
        insist(why_not_take_frozen(roles, in_electorate=is_voter(by, decision.id)))
    return bundle_text(decision, full=False)


def public_hash(decision: Decision) -> str:
    """Return the hash of the public bundle, as the certificate prints it."""
    return kept(
        ("bundle hash", decision.id), lambda: bundle_hash(_bundle(decision, full=False)), of=decision.problem_id
    )


def bundle_text(decision: Decision, *, full: bool) -> str:
    """Return a bundle of a counted vote, for whoever was found to be entitled to it."""
    return write_bundle(_bundle(decision, full=full))


def why_no_bundle(decision: Decision, closing: Closing | None) -> Refusal | None:
    """Say why there is no bundle of a vote (yet)."""
    counted = closing is not None and closing.verdict is not Verdict.ANNULLED
    if not is_named(decision):
        vote = session().get(SecretVote, decision.id)
        return why_no_box_bundle(closed=counted, opened=vote is not None and vote.opened_at is not None)
    refusal = why_not_yet(named=True, closed=counted)
    if refusal is not None or turnout_counted(decision.id).heads == 0 or heads_of(decision.id):
        return refusal
    return no_bulletin()


def closing_of(decision_id: int) -> Closing | None:
    """Return what a vote came to."""
    return session().scalars(select(Closing).where(Closing.decision_id == decision_id)).one_or_none()


def _bundle(decision: Decision, *, full: bool) -> dict[str, Any]:
    closing = closing_of(decision.id)
    insist(why_no_bundle(decision, closing))
    closing = found(closing)
    of_decision = select(ElectorateHead.key, ElectorateHead.area).where(ElectorateHead.decision_id == decision.id)
    roll = [(key, area) for key, area in session().execute(of_decision)]
    salt = found(session().scalar(select(Motion.salt).where(Motion.id == decision.motion_id)))
    if not is_named(decision):
        return _box_bundle(decision, closing, [key for key, _ in roll], key_from(salt, 1))
    ballots, areas = opened_ballots(decision.id), dict(roll)
    turnout = Turnout(len(ballots), sum(areas[each.head_key] for each in ballots))
    if by_shares(decision):
        turnout, _ = count_parts(roll, [(each.head_key, each.marks) for each in ballots])
    pinned = [Pinned(head.size, head.root) for head in heads_of(decision.id)]
    totals = Turnout(decision.heads_total, decision.area_total)
    sheet = _sheet(decision, closing, totals, turnout, leaves_of(decision.id), pinned)
    return bundle_of(sheet, roll, ballots, key_from(salt, 1), full=full)


def _box_bundle(decision: Decision, closing: Closing, heads: Sequence[str], roll_key: str) -> dict[str, Any]:
    """Return the bundle of a secret vote; no area is in it, as one of 0.01 m² names the flat."""
    vote = found(session().get(SecretVote, decision.id))
    ballots, leaves = opened_slips(decision.id), box_keys(decision.id)
    pinned = [Pinned(len(leaves), root(leaves))] if leaves else []
    totals, turnout = Turnout(decision.heads_total, 0), Turnout(len(ballots), 0)
    sheet = _sheet(decision, closing, totals, turnout, leaves, pinned)
    box = Emptied(thaw(decision.frozen_rule).secrecy.value, tokens_given(decision.id), vote.spoiled, ballots)
    return box_bundle(sheet, heads, roll_key, box)


def _sheet(
    decision: Decision,
    closing: Closing,
    totals: Turnout,
    turnout: Turnout,
    leaves: Sequence[str],
    pinned: Sequence[Pinned],
) -> Sheet:
    decision, options = as_noticed(decision, frozen_options(decision.id))
    counts = [Count(each.position, each.heads or 0, each.area or 0) for each in options]
    return Sheet(
        decision_id=decision.id,
        question=decision.question,
        rule=decision.frozen_rule,
        form=decision.form,
        options=_plain(options),
        fingerprint=decision.fingerprint,
        times={
            "notice_at": decision.notice_at.isoformat(),
            "opens_at": decision.opens_at.isoformat(),
            "closes_at": decision.closes_at.isoformat(),
            "closed_at": closing.at.isoformat(),
        },
        electorate=totals,
        turnout=turnout,
        counts=counts,
        agreeing=agreeing_among([each.key for each in options], counts),
        tests=closing.tests,
        verdict=closing.verdict.value,
        count=closing.count,
        leaves=leaves,
        heads=pinned,
        journal=_entries(decision.id),
        # Ways are counted in ballots, which are more than heads where co-owners cast by shares.
        channels="" if by_shares(decision) else closing.channels,
    )


def _entries(decision_id: int) -> list[dict[str, Any]]:
    query = (
        select(JournalEntry.number, JournalEntry.kind, JournalEntry.hash)
        .where(
            JournalEntry.subject_kind == "decision",
            JournalEntry.subject_id == decision_id,
            JournalEntry.kind.in_(NAMED_KINDS),
        )
        .order_by(JournalEntry.number)
    )
    last = {kind: {"number": number, "kind": kind, "hash": chain} for number, kind, chain in session().execute(query)}
    return sorted(last.values(), key=lambda entry: entry["number"])


# Who may take the full one, and who did -------------------------------------------------------------------------------


def why_not_take_full(by: Actor, decision: Decision) -> Refusal | None:
    """Say why somebody may not take the full bundle of a vote."""
    rule = thaw(decision.frozen_rule)
    return why_not_take(
        rule,
        roles=roles_of(by, place_by_id(decision.community_id).code),
        in_electorate=is_voter(by, decision.id),
        named=rule.secrecy is Secrecy.NAMED,
        closed=decision.state is DecisionState.CLOSED,
    )


@dataclass(frozen=True)
class Taken:
    """That somebody took the full bundle, as the electorate sees it."""

    who: str
    body: str
    at: Any


def takings_of(by: Actor, decision_id: int) -> list[Taken]:
    """Return who took the full bundle, for those whose choices are in it."""
    if not is_voter(by, decision_id):
        return []
    query = (
        select(Person.pseudonym, Organization.name, BundleTaken.at)
        .join(Person, BundleTaken.person_id == Person.id)
        .outerjoin(Organization, BundleTaken.organization_id == Organization.id)
        .where(BundleTaken.decision_id == decision_id)
        .order_by(BundleTaken.id.desc())
        .limit(50)
    )
    return [Taken(pseudonym, body or "", at) for pseudonym, body, at in session().execute(query)]
