"""The box of a secret vote: furnished with the notice, held by three, opened by any two of them after the close."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from sqlalchemy import select, update

from cogov.decisions.commands.closing import close_decision
from cogov.decisions.events import BoxCodeTaken, BoxOpened, BulletinPinned, OpeningAgreed
from cogov.decisions.models import (
    BoxBallot,
    BoxHolder,
    BulletinHead,
    Decision,
    DecisionOption,
    OpenedBallot,
    SecretVote,
)
from cogov.decisions.queries import decision_for
from cogov.decisions.queries.secrets import (
    box_keys,
    box_size,
    holders_of,
    keys_of,
    possible_holders,
    slips_counted,
    tokens_given,
)
from cogov.decisions.rules.bulletin import root
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.methods import BallotForm, read_form, why_not_marks
from cogov.decisions.rules.secrets.blind import PublicKey, is_signed, new_key, public_of, write_key
from cogov.decisions.rules.secrets.box import (
    AGREED_FOR,
    OPENING_TIME,
    Named,
    Opening,
    code_unreadable,
    not_a_holder,
    not_a_possible_holder,
    second_holder_missing,
    why_not_open,
    why_not_take_code,
    why_not_this_box,
    wrong_code,
)
from cogov.decisions.rules.secrets.codes import binding, is_tracker, new_code, plain_code
from cogov.decisions.rules.secrets.sealing import Unreadable, holder_key, public_half, unseal
from cogov.decisions.rules.sheets import why_not_open_yet
from cogov.decisions.rules.stages import DecisionState
from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session
from cogov.ground.refusals import Refused, insist
from cogov.ground.vault import lock
from cogov.journal.event import Commitment, Event
from cogov.journal.transaction import record, verb
from cogov.people.rules import CLOCK, Actor
from cogov.problems.queries import locked

PURPOSE = "secret-vote"

# The notice -----------------------------------------------------------------------------------------------------------


def named_holders(code: str, standing_ids: Sequence[int]) -> list[Named]:
    """Return those who were picked from the mandates at a place; refused where one of them is none."""
    possible = {holder.standing_id: holder for holder in possible_holders(code)} if standing_ids else {}
    if not possible.keys() >= set(standing_ids):
        raise Refused(not_a_possible_holder())
    return [Named(possible[each].person_id, possible[each].organization_id) for each in standing_ids]


def furnish_box(decision: Decision, holders: Sequence[Named]) -> None:
    """Give a decision its key and its holders."""
    key = new_key()
    session().add(
        SecretVote(
            decision_id=decision.id,
            modulus=f"{public_of(key).n:x}",
            sealed_key=lock(PURPOSE, write_key(key)),
            open_until=decision.closes_at + OPENING_TIME,
            spoiled=0,
        )
    )
    session().add_all(
        BoxHolder(
            decision_id=decision.id,
            position=position,
            person_id=holder.person_id,
            organization_id=holder.organization_id,
            public_key="",
        )
        for position, holder in enumerate(holders, start=1)
    )
    session().flush()


# The holders ----------------------------------------------------------------------------------------------------------


@verb
def take_box_code(by: Actor, decision_id: int) -> str:
    """Give a holder the code of the box, to be shown once; only its public half is kept."""
    decision, holder, holders = _held(by, decision_id)
    ready, taken = len(keys_of(holders)), bool(holder.public_key)
    closed = decision.state is DecisionState.CLOSED
    insist(why_not_take_code(now(), decision.opens_at, taken=taken, ready=ready, closed=closed))
    code = new_code()
    key = holder_key(plain_code(code), binding(decision.id, decision.fingerprint))
    holder.public_key = public_half(key).hex()
    _record(BoxCodeTaken(decision.id), by, holder, decision)
    return code


@verb
def agree_to_open(by: Actor, decision_id: int, *, code: str) -> BoxHolder:
    """Give one's word, with one's own code, that the box be opened; it stands for two hours."""
    decision, holder, _ = _held(by, decision_id)
    vote = found(session().get(SecretVote, decision.id))
    insist(why_not_open(_opening(decision, vote, holder)))
    _checked(decision, holder, code)
    holder.agreed_at = now()
    _record(OpeningAgreed(decision.id), by, holder, decision)
    return holder


@verb
def open_box(by: Actor, decision_id: int, *, code: str, other_code: str) -> Decision:
    """Open the box with one's own code and that of another holder who has agreed, and count.

    The codes are in memory for this one transaction; what was sealed is written down sorted, and forgotten sealed.
    """
    decision, holder, holders = _held(by, decision_id)
    vote = found(session().get(SecretVote, decision.id, populate_existing=True))
    insist(why_not_open(_opening(decision, vote, holder)))
    insist(why_not_open_yet(slips=slips_counted(decision.id), done=vote.sheets is not None))
    keys = {holder.position: _checked(decision, holder, code)}
    second = _second(decision, holders, holder, other_code)
    keys[second.position] = _checked(decision, second, other_code)
    insist(why_not_this_box(box_size(decision.id), tokens_given(decision.id)))
    ballots, spoiled = _opened(decision, vote, holders, keys)
    session().add_all(
        OpenedBallot(decision_id=decision.id, place=place, tracker=tracker, marks=marks)
        for place, (tracker, marks) in enumerate(ballots, start=1)
    )
    session().execute(update(BoxBallot).where(BoxBallot.decision_id == decision.id).values(sealed=""))
    vote.opened_at, vote.spoiled, vote.sealed_key = now(), spoiled, ""
    _record(BoxOpened(decision.id, len(ballots), spoiled), by, holder, decision)
    _pin_up(decision, by, holder)
    close_decision(CLOCK, decision.id)
    return decision


def _pin_up(decision: Decision, by: Actor, holder: BoxHolder) -> None:
    """Put the hashes of all tokens that lay in the box on the bulletin, so that their list can no longer be changed."""
    keys = box_keys(decision.id)
    if keys:
        head = BulletinHead(decision_id=decision.id, size=len(keys), root=root(keys), at=now())
        session().add(head)
        _record(BulletinPinned(decision.id, head.size, Commitment(head.root)), by, holder, decision)


def give_up_boxes() -> int:
    """Close the votes whose box nobody has opened in time; return how many."""
    late = (
        select(Decision.id)
        .join(SecretVote, SecretVote.decision_id == Decision.id)
        .where(Decision.state != DecisionState.CLOSED, SecretVote.opened_at.is_(None), SecretVote.open_until <= now())
        .order_by(Decision.id)
    )
    ids = list(session().scalars(late))
    for decision_id in ids:
        close_decision(CLOCK, decision_id)
    return len(ids)


def _record(event: Event, by: Actor, holder: BoxHolder, decision: Decision) -> None:
    record(
        event,
        by.under(by.serves(holder.organization_id)),
        place_id=decision.community_id,
        problem_id=decision.problem_id,
        subject=("decision", decision.id),
    )


def _held(by: Actor, decision_id: int) -> tuple[Decision, BoxHolder, list[BoxHolder]]:
    """Return the decision, held alone, and who holds its box, for one of these."""
    _, problem = decision_for(by, decision_id)
    locked(problem.id)
    decision = found(session().scalars(for_change(select(Decision).where(Decision.id == decision_id))).one_or_none())
    holders = holders_of(decision.id)
    mine = [holder for holder in holders if holder.person_id == by.person_id]
    if not mine:
        raise Refused(not_a_holder())
    return decision, mine[0], holders


def _opening(decision: Decision, vote: SecretVote, holder: BoxHolder) -> Opening:
    return Opening(
        now=now(),
        closes_at=decision.closes_at,
        open_until=vote.open_until,
        closed=decision.state is DecisionState.CLOSED,
        opened=vote.opened_at is not None,
        has_code=bool(holder.public_key),
    )


def _checked(decision: Decision, holder: BoxHolder, code: str) -> EllipticCurvePrivateKey:
    """Return the key of a holder from the code, after comparing it with the public half that was kept."""
    letters = plain_code(code)
    if not letters:
        raise Refused(code_unreadable())
    key = holder_key(letters, binding(decision.id, decision.fingerprint))
    if public_half(key).hex() != holder.public_key:
        raise Refused(wrong_code())
    return key


def _second(decision: Decision, holders: Sequence[BoxHolder], first: BoxHolder, code: str) -> BoxHolder:
    """Return the other holder whose code this is, and who has lately agreed from their own account."""
    lately = now() - AGREED_FOR
    others = [each for each in holders if each is not first and each.agreed_at is not None and each.agreed_at >= lately]
    if not others:
        raise Refused(second_holder_missing())
    letters = plain_code(code)
    if not letters:
        raise Refused(code_unreadable())
    half = public_half(holder_key(letters, binding(decision.id, decision.fingerprint))).hex()
    theirs = next((each for each in others if each.public_key == half), None)
    if theirs is None:
        raise Refused(wrong_code())
    return theirs


def _opened(
    decision: Decision, vote: SecretVote, holders: Sequence[BoxHolder], keys: dict[int, EllipticCurvePrivateKey]
) -> tuple[list[tuple[str, str]], int]:
    """Return tracker and marks of every ballot that can be read, sorted, and how many cannot."""
    public, bound = PublicKey(int(vote.modulus, 16)), binding(decision.id, decision.fingerprint)
    positions = list(keys_of(holders))
    form, options = read_form(decision.form), _options(decision.id)
    checkable = thaw(decision.frozen_rule).secrecy is Secrecy.CHECKABLE
    read: list[tuple[str, str]] = []
    box = (
        session()
        .execute(
            select(BoxBallot.key, BoxBallot.token, BoxBallot.signature, BoxBallot.sealed)
            .where(BoxBallot.decision_id == decision.id)
            .order_by(BoxBallot.key)
        )
        .all()
    )
    for key, token, signature, sealed in box:
        if not is_signed(public, bytes.fromhex(token), bytes.fromhex(signature)):
            continue
        try:
            marks, tracker = unseal(bytes.fromhex(sealed), keys=keys, holders=positions, bound=bound, box_key=key)
        except Unreadable:
            continue
        # Only what a voter's page writes is published: anything else in this place could be a message, or break a page.
        if _fits(form, options, marks) and (is_tracker(tracker) or not checkable):
            read.append((tracker if checkable else "", marks))
    return sorted(read), len(box) - len(read)


def _fits(form: BallotForm, options: int, marks: str) -> bool:
    return why_not_marks(form, options, marks) is None


def _options(decision_id: int) -> int:
    return len(session().scalars(select(DecisionOption.id).where(DecisionOption.decision_id == decision_id)).all())
