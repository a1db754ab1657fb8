"""Who has an interest (Civil Code 279): presumed in the building, proven elsewhere, decided before the notice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from cogov.decisions.commands import apply_interest, cast_ballot, publish_notice, settle_interest, withdraw_interest
from cogov.decisions.commands.leaving import forget_person
from cogov.decisions.models import Decision, ElectorateHead, InterestClaim, Motion
from cogov.decisions.queries import needs, shown_decision, simulations
from cogov.decisions.queries.handling import Handling, waiting_for
from cogov.decisions.rules.electorate import HeadGround, Reach, RollOwner, RollUnit, owners_of
from cogov.decisions.rules.freezing import fingerprint, freeze, thaw
from cogov.decisions.rules.interest import Applying, InterestState, too_late, why_not_apply, why_not_with_claims
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import MotionState, Scope
from cogov.ground.db import found, session
from cogov.ground.refusals import NotFound
from cogov.journal.models import JournalEntry
from cogov.people.rules import CLOCK
from cogov.places.commands import enter_owner, verify_owner
from cogov.places.rules import OwnerKind
from cogov.problems.rules.lanes import RuleCode
from cogov.tell.audience.finding import audience
from tests.databases import both
from tests.decisions.conftest import YES_NO, Vote, deliberated, option
from tests.decisions.test_course_pages import page
from tests.decisions.test_mandates import refused
from tests.decisions.test_storms import codes
from tests.storms import at_once

UNITS = [RollUnit(n, 1, "1", 5_000, (n,)) for n in range(1, 5)] + [RollUnit(9, 2, "1", 7_000, (9,))]
OWNERS = [RollOwner(n, OwnerKind.PERSON, (100 + n,)) for n in (1, 2, 3, 4, 9)]
WORDS = "油烟管正对我家阳台，窗户开不了，房子也不好卖。"
RULE = RULES[RuleCode.R3]


def applying(**changes: Any) -> Applying:
    usual: dict[str, Any] = {
        "state": MotionState.TABLED,
        "presumed": False,
        "units_elsewhere": frozenset({9}),
        "live": False,
        "declined": 0,
    }
    return Applying(**(usual | changes))


def code(refusal: Any) -> str | None:
    return None if refusal is None else refusal.code


# Rules ----------------------------------------------------------------------------------------------------------------


def test_each_head_carries_why_it_is_in_and_a_presumed_owner_stays_presumed() -> None:
    building = Reach(1)
    proven = owners_of(UNITS, OWNERS, building, proven=frozenset({9}))
    grounds = {head.key: head.ground for head in proven.heads}
    assert grounds == dict.fromkeys(("o1", "o2", "o3", "o4"), HeadGround.PRESUMED) | {"o9": HeadGround.PROVEN}
    assert (proven.total_heads, proven.units, proven.proven_heads) == (5, 5, 1)
    both_ways = [*UNITS[:4], RollUnit(9, 2, "1", 7_000, (1,))]
    one = owners_of(both_ways, OWNERS, building, proven=frozenset({9}))
    assert (one.heads[0].unit_ids, one.heads[0].ground) == ((1, 9), HeadGround.PRESUMED)
    assert {head.ground for head in owners_of(UNITS, OWNERS, building).heads} == {HeadGround.LISTED}
    assert {head.ground for head in owners_of(UNITS, OWNERS, building, proven=frozenset()).heads} == {
        HeadGround.PRESUMED
    }


def test_what_was_frozen_before_grounds_were_keeps_its_fingerprint_and_its_text() -> None:
    rule, listed = RULES[RuleCode.R1], owners_of(UNITS, OWNERS, Reach(1))
    before = "29f1001c71b35c641a43b14e3c16b58a7541260014348645e9e1a6cb920936dc"  # as it was written then
    assert fingerprint(rule, YES_NO, listed) == before
    assert fingerprint(rule, YES_NO, owners_of(UNITS, OWNERS, Reach(1), proven=frozenset())) != before
    assert "proven_interest" not in freeze(rule)
    assert thaw(freeze(RULE)).proven_interest


@pytest.mark.parametrize(
    ("rule", "changes", "refusal"),
    [
        (RuleCode.R3, {}, None),
        (RuleCode.R3, {"declined": 1}, None),
        (RuleCode.R3, {"declined": 2}, "interest_declined_twice"),
        (RuleCode.R3, {"live": True}, "applied_already"),
        (RuleCode.R3, {"presumed": True}, "interest_presumed"),
        (RuleCode.R3, {"units_elsewhere": frozenset()}, "not_an_owner_here"),
        (RuleCode.R3, {"state": MotionState.NOTICED}, "interest_too_late"),
        (RuleCode.R3, {"state": MotionState.WITHDRAWN}, "motion_withdrawn"),
        (RuleCode.R1, {}, "no_interest_here"),
    ],
)
def test_who_may_apply_and_what_all_others_are_told(rule: RuleCode, changes: Any, refusal: str | None) -> None:
    told = why_not_apply(RULES[rule], applying(**changes))
    assert code(told) == refusal
    assert told is None or told.what_next is not None


def test_no_notice_goes_out_while_an_application_waits() -> None:
    assert why_not_with_claims(0) is None
    assert code(why_not_with_claims(2)) == "interests_waiting"
    assert too_late().appeal is not None


# Commands -------------------------------------------------------------------------------------------------------------


def matter(vote: Vote) -> Vote:
    """Have a flat of building 1 become a restaurant, which the neighbour, moved to building 2, lives beside."""
    cast = vote.cast
    elsewhere = enter_owner(CLOCK, unit_id=cast.unit_ids[12], reference="tenant", since=date(2020, 1, 1))
    verify_owner(CLOCK, owner_id=elsewhere.id, person_id=found(cast.tenant.person_id))
    return Vote(cast, vote.clock, deliberated(cast, RuleCode.R3), RuleCode.R3, None)


def tabled(vote: Vote) -> Motion:
    motion: Motion = vote.tabled(scope=Scope.BUILDING, building_id=vote.cast.building_ids[0])
    return motion


def noticed(vote: Vote, motion: Motion) -> Decision:
    return publish_notice(vote.cast.moderator, motion.id, **vote.times(RuleCode.R3))


@both
def test_an_owner_elsewhere_is_admitted_frozen_and_counted_and_one_of_them_missing_is_not_passed(vote: Vote) -> None:
    cast, vote = vote.cast, matter(vote)
    motion, unit = tabled(vote), vote.cast.unit_ids[12]
    [before, _] = simulations(motion)
    claim = apply_interest(cast.tenant, motion.id, unit_id=unit, text=WORDS)
    assert [need.kind for need in needs(cast.chair) if need.kind == "interest"] == ["interest"]
    assert refused(noticed, vote, motion) == "interests_waiting"
    assert refused(apply_interest, cast.tenant, motion.id, unit_id=unit, text=WORDS) == "applied_already"
    assert refused(apply_interest, cast.owner, motion.id, unit_id=unit, text=WORDS) == "interest_presumed"
    assert refused(apply_interest, cast.volunteer, motion.id, unit_id=unit, text=WORDS) == "not_an_owner_here"
    with pytest.raises(NotFound):
        settle_interest(cast.owner, claim.id, admits=True, reason="应当列入")
    assert refused(settle_interest, cast.moderator, claim.id, admits=True, reason="好") == "words_missing"
    settled = settle_interest(cast.chair, claim.id, admits=True, reason="看过现场，油烟口正对阳台。")

    assert (settled.state, settled.settled_by) == (InterestState.ADMITTED, cast.chair.person_id)
    [after, _] = simulations(motion)
    assert (after.heads, after.proven_heads, after.most and after.most.heads) == (before.heads + 1, 1, before.heads + 1)
    decision = noticed(vote, motion)
    grounds = select(ElectorateHead.ground, func.count()).where(ElectorateHead.decision_id == decision.id)
    counted = dict(session().execute(grounds.group_by(ElectorateHead.ground)).all())
    assert counted == {HeadGround.PRESUMED: before.heads, HeadGround.PROVEN: 1}
    assert refused(withdraw_interest, cast.tenant, claim.id) == "interest_too_late"
    assert refused(apply_interest, cast.tenant, motion.id, unit_id=unit, text=WORDS) == "interest_too_late"
    vote.clock.move_to(decision.opens_at)
    [mine] = shown_decision(cast.tenant, decision.id).mine
    assert (mine.ground, mine.why_not_cast) == (HeadGround.PROVEN, None)
    for by in (cast.tenant, cast.landlord, cast.neighbour):
        cast_ballot(by, decision.id, option_id=option(decision, 1))
    assert vote.closed(decision).verdict == "failed"  # the majority is no answer: the others have not agreed


@both
def test_who_moved_it_decides_about_nobody_and_a_declined_owner_applies_once_more(vote: Vote) -> None:
    cast, vote = vote.cast, matter(vote)
    motion, unit = tabled(vote), vote.cast.unit_ids[12]
    assert refused(apply_interest, cast.tenant, motion.id, unit_id=cast.unit_ids[13], text=WORDS) == "unit_not_yours"
    first = apply_interest(cast.tenant, motion.id, unit_id=unit, text=WORDS)
    withdraw_interest(cast.tenant, first.id)
    for _ in range(2):
        claim = apply_interest(cast.tenant, motion.id, unit_id=unit, text=WORDS)
        settle_interest(cast.owners_committee, claim.id, admits=False, reason="隔着两栋楼，没有写出影响。")
    assert refused(apply_interest, cast.tenant, motion.id, unit_id=unit, text=WORDS) == "interest_declined_twice"
    assert refused(settle_interest, cast.moderator, claim.id, admits=True, reason="改主意了。") == "interest_settled"
    assert refused(withdraw_interest, cast.moderator, claim.id) == "not_your_application"
    noticed(vote, motion)

    told = select(JournalEntry).where(JournalEntry.kind == "InterestSettled").limit(1)
    entry = session().scalars(told).one()
    assert set(audience(entry)) == {cast.tenant.person_id}


def test_who_owns_the_flat_along_with_the_applicant_does_not_decide_about_it(vote: Vote, client_of: Any) -> None:
    cast, vote = vote.cast, matter(vote)
    motion, unit = tabled(vote), vote.cast.unit_ids[12]
    along = enter_owner(CLOCK, unit_id=unit, reference="chair", since=date(2020, 1, 1))
    verify_owner(CLOCK, owner_id=along.id, person_id=found(cast.chair.person_id))
    claim = apply_interest(cast.tenant, motion.id, unit_id=unit, text=WORDS)
    reason = "看过现场，油烟口正对阳台。"
    assert waiting_for(cast.chair, 20) == []
    assert [(each.kind, each.count) for each in waiting_for(cast.moderator, 20)] == [(Handling.INTEREST, 1)]
    told = page(client_of("chair"), f"/motions/{motion.id}/interests")
    assert "要由另一个人决定" in told
    assert "记下决定" not in told
    assert refused(settle_interest, cast.chair, claim.id, admits=True, reason=reason) == "interest_is_own"
    assert settle_interest(cast.moderator, claim.id, admits=True, reason=reason).state is InterestState.ADMITTED


def test_a_closed_account_takes_along_how_a_matter_touches_its_home(vote: Vote) -> None:
    cast, vote = vote.cast, matter(vote)
    motion = tabled(vote)
    apply_interest(cast.tenant, motion.id, unit_id=cast.unit_ids[12], text=WORDS)
    forget_person(found(cast.tenant.person_id), words=False)
    session().commit()
    left = session().scalars(select(InterestClaim), execution_options={"populate_existing": True}).one()
    assert (left.text, left.salt, left.answer, left.state) == ("", "", "", InterestState.WITHDRAWN)
    assert noticed(vote, motion).id


@both
def test_applications_at_once_beside_the_notice_are_one_or_too_late(app: Any, vote: Vote) -> None:
    cast, vote = vote.cast, matter(vote)
    motion, unit = tabled(vote), vote.cast.unit_ids[12]
    motion_id, times = motion.id, vote.times(RuleCode.R3)

    def act(index: int) -> Any:
        if index == 5:
            return publish_notice(cast.moderator, motion_id, **times)
        return apply_interest(cast.tenant, motion_id, unit_id=unit, text=WORDS)

    results = at_once(app, 12, act)
    told = codes(results)
    session().rollback()
    waiting = session().scalar(select(func.count()).select_from(InterestClaim)) or 0
    noticed_now = session().scalar(select(func.count()).select_from(Decision)) or 0
    # Never both: a notice that froze the roll has left nobody's application behind.
    assert waiting + noticed_now == 1
    assert told == ({"applied_already", "interests_waiting"} if waiting else {"interest_too_late"})


# Pages ----------------------------------------------------------------------------------------------------------------


def test_an_application_is_read_by_its_applicant_and_those_who_decide_alone(vote: Vote, client_of: Any) -> None:
    vote = matter(vote)
    motion = tabled(vote)
    url = f"/motions/{motion.id}/interests"
    tenant, chair, owner = client_of("tenant"), client_of("chair"), client_of("owner")
    assert url in page(tenant, f"/motions/{motion.id}")
    unit = vote.cast.unit_ids[12]
    short = tenant.post(url, {"once": tenant.once, "unit": unit, "text": "吵"})
    assert short.status_code == 422
    assert tenant.post(url, {"once": tenant.once, "unit": unit, "text": WORDS}).status_code == 303
    assert "您的申请：等委员会决定" in page(tenant, url)
    assert "油烟管" not in page(owner, url)
    assert "推定为有利害关系" in page(owner, url)
    assert "油烟管" in page(chair, url)
    claim = session().scalars(select(InterestClaim)).one().id
    desk = page(chair, f"/work?item=interest.{motion.id}")
    assert "1 位其他楼的业主申请列入名册" in desk
    assert url in desk
    settle = f"/interests/{claim}/settlement"
    assert owner.post(settle, {"once": owner.once, "outcome": "admit", "reason": "应当列入"}).status_code == 404
    assert chair.post(settle, {"once": chair.once, "outcome": "", "reason": ""}).status_code == 422
    told = {"once": chair.once, "outcome": "admit", "reason": "看过现场，油烟口正对阳台。"}
    assert chair.post(settle, told).status_code == 303
    assert "已列入的：1 户" in page(owner, url)
    assert "看过现场" not in page(owner, url)
    assert "看过现场" in page(tenant, url)
    decision = noticed(vote, motion)
    assert "1 户是其他楼证明了有利害关系的" in page(client_of(None), f"/decisions/{decision.id}")
    assert "2 号楼" not in page(client_of(None), f"/decisions/{decision.id}")
    late = tenant.post(url, {"once": f"{tenant.once}2", "unit": unit, "text": WORDS})
    assert late.status_code == 409
