"""A motion: flagged and covered until its notice; then frozen, but for an order, under which it is counted again."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from cogov.decisions.commands import (
    cast_ballot,
    flag_motion,
    give_mandate,
    publish_notice,
    support_motion,
    table_motion,
    take_full_bundle,
    withdraw_motion,
    withdraw_motion_words,
)
from cogov.decisions.commands.paper import print_papers
from cogov.decisions.models import (
    Decision,
    DecisionOption,
    ElectorateUnit,
    ElectorateVoter,
    Motion,
    MotionOption,
    PaperSlip,
    PlannedTask,
)
from cogov.decisions.queries.bulletin import bulletin_of, proof_of, public_bundle, public_hash
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.methods import BallotForm, DecidingCount, Method
from cogov.decisions.rules.motions import TaskPlan, options_of
from cogov.decisions.rules.stages import MotionState
from cogov.decisions.rules.veiling import why_not_take_frozen
from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.moderation.commands import answer_removal_appeal, appeal_removal, decide_review, order_down
from cogov.moderation.models import Cover, Review
from cogov.moderation.queries import fates_on
from cogov.moderation.rules import FlagReason, Order, ReviewState, ReviewVerdict, SubjectKind
from cogov.people.rules import Actor
from cogov.problems.rules.lanes import RuleCode
from cogov.tell.audience.finding import audience
from cogov.tell.levels import Why
from tests.databases import both
from tests.decisions.conftest import Vote, option
from tests.decisions.test_bulletin import NOBODY, refused, said
from tests.decisions.test_methods import VOTERS
from tests.moderation.test_problem import way_out
from tests.storms import at_once

QUESTION = "要不要买甩卖来的充电棚"
TEXT = "甩卖的便宜，找我买。"
OPTIONS = options_of("向甩卖的人买。", "不买甩卖的。")
ORDER = Order("区网信办", "第六条", date(2027, 1, 2))
FOUL: dict[str, Any] = {
    "question": QUESTION,
    "text": TEXT,
    "options": OPTIONS,
    "tasks": [TaskPlan("取甩卖的货", "去甩卖摊。", 1, 14)],
}


def words_of(motion_id: int) -> list[str]:
    session().expire_all()
    motion = session().get(Motion, motion_id)
    assert motion is not None
    options = session().scalars(
        select(MotionOption).where(MotionOption.motion_id == motion_id).order_by(MotionOption.id)
    )
    tasks = session().scalars(select(PlannedTask).where(PlannedTask.motion_id == motion_id))
    parts = [words for each in options for words in (each.label, each.consequence)]
    return [motion.question, motion.text, *parts, *(words for task in tasks for words in (task.title, task.text))]


def flagged(vote: Vote, motion_id: int) -> Review:
    return flag_motion(vote.cast.tenant, motion_id, reason=FlagReason.SPAM)


def removed(vote: Vote, motion_id: int) -> Review:
    review = flagged(vote, motion_id)
    return decide_review(vote.cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.SPAM)


@both
def test_a_motion_is_covered_with_its_options_and_tasks_and_stands_again(vote: Vote) -> None:
    motion = vote.tabled(**FOUL)
    before = words_of(motion.id)
    review = removed(vote, motion.id)
    after = words_of(motion.id)
    assert not any("甩卖" in words for words in after)
    assert after[2::2][:2] == ["【已移除：1】", "【已移除：2】"]  # options are told apart
    assert refused(publish_notice, vote.cast.moderator, motion.id, **vote.times(RuleCode(motion.rule))) == (
        "motion_taken_down"
    )
    appeal_removal(vote.cast.owner, review.id, words="是正经买卖。")
    answer_removal_appeal(vote.cast.street_office, review.id, granted=True, words="恢复。")
    assert words_of(motion.id) == before
    publish_notice(vote.cast.moderator, motion.id, **vote.times(RuleCode(motion.rule)))


def test_nobody_supports_or_tables_what_is_not_there_to_be_read(vote: Vote, client_of: Any) -> None:
    motion = vote.move(**FOUL)
    address = f"/motions/{motion.id}"
    shown = client_of("tenant").get(address, follow_redirects=True).get_data(as_text=True)
    assert f"/texts/voting_motion/{motion.id}/flags" in shown
    assert QUESTION in client_of("tenant").get(f"/texts/voting_motion/{motion.id}/flags").get_data(as_text=True)
    removed(vote, motion.id)
    assert refused(support_motion, vote.cast.landlord, motion.id) == "motion_taken_down"
    assert refused(table_motion, vote.cast.moderator, motion.id, item_confirmed=True) == "motion_taken_down"
    for who in (None, "tenant", "owner", "moderator"):
        for path in (address, f"/problems/{vote.number}?tab=decisions", f"/problems/{vote.number}?tab=timeline", "/"):
            page = client_of(who).get(path, follow_redirects=True).get_data(as_text=True)
            assert "甩卖" not in page, (who, path)
    told = client_of(None).get(f"/api/v1/texts/voting_motion/{motion.id}").get_json()
    assert (told["state"], "甩卖" in json.dumps(told, ensure_ascii=False)) == ("removed", False)


@both
def test_its_mover_erases_it_until_the_notice(vote: Vote) -> None:
    motion = vote.move(**FOUL)
    assert refused(withdraw_motion_words, vote.cast.tenant, motion.id) == "not_the_mover"
    withdraw_motion_words(vote.cast.owner, motion.id)
    assert set(words_of(motion.id)) == {"【作者已撤下】"}
    assert refused(withdraw_motion_words, vote.cast.owner, motion.id) == "not_standing"
    noticed = vote.noticed(**FOUL)
    assert refused(withdraw_motion_words, vote.cast.owner, noticed.motion_id) == "motion_noticed"


@both
def test_who_supported_a_motion_hears_that_its_mover_erased_it(vote: Vote) -> None:
    motion = vote.move(**FOUL)
    support_motion(vote.cast.landlord, motion.id)
    table_motion(vote.cast.moderator, motion.id, item_confirmed=True)
    withdraw_motion_words(vote.cast.owner, motion.id)
    assert session().get(Motion, motion.id).state is MotionState.WITHDRAWN  # type: ignore[union-attr]
    told = session().scalars(select(JournalEntry).where(JournalEntry.kind == "MotionWithdrawn")).one()
    assert audience(told)[vote.cast.landlord.person_id or 0] is Why.SPOKE


def test_a_motion_withdrawn_before_is_not_withdrawn_again_when_its_words_go(vote: Vote) -> None:
    motion = vote.move(**FOUL)
    withdraw_motion(vote.cast.owner, motion.id)
    withdraw_motion_words(vote.cast.owner, motion.id)
    kinds = list(session().scalars(select(JournalEntry.kind)))
    assert (kinds.count("MotionWithdrawn"), kinds.count("TextWithdrawn")) == (1, 1)


@both
def test_after_the_notice_it_can_be_kept_and_not_removed(vote: Vote) -> None:
    decision = vote.noticed(**FOUL)
    review = flagged(vote, decision.motion_id)
    remove = {"verdict": ReviewVerdict.REMOVE, "reason": FlagReason.SPAM}
    assert refused(decide_review, vote.cast.moderator, review.id, **remove) == "frozen_with_notice"
    session().rollback()
    session().expire_all()
    assert session().get(Review, review.id).state is ReviewState.OPEN  # type: ignore[union-attr]
    assert words_of(decision.motion_id)[0] == QUESTION
    decide_review(vote.cast.moderator, review.id, verdict=ReviewVerdict.KEEP)


def ordered(vote: Vote, decision: Decision) -> Decision:
    review = flagged(vote, decision.motion_id)
    order_down(vote.cast.street_office, review.id, order=ORDER)
    session().expire_all()
    found = session().get(Decision, decision.id)
    assert found is not None
    return found


def kept_and_flagged_again(vote: Vote, decision: Decision) -> tuple[int, int]:
    kept = flagged(vote, decision.motion_id)
    decide_review(vote.cast.moderator, kept.id, verdict=ReviewVerdict.KEEP)
    again = flagged(vote, decision.motion_id)
    assert kept.id != again.id
    return kept.id, again.id


def states() -> list[ReviewState]:
    session().expire_all()
    return list(session().scalars(select(Review.state).order_by(Review.id)))


@both
@pytest.mark.parametrize("kept_first", [True, False])
def test_a_second_order_leaves_the_frozen_words_as_they_were(vote: Vote, *, kept_first: bool) -> None:
    decision = vote.opened(**FOUL)
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    reviews = kept_and_flagged_again(vote, decision)
    first, second = reviews if kept_first else reviews[::-1]
    # An order is about the text: it settles the review that waits, whichever the office had open.
    assert order_down(vote.cast.street_office, first, order=ORDER).id == reviews[1]
    assert states() == [ReviewState.KEPT, ReviewState.ORDERED]
    assert refused(order_down, vote.cast.street_office, second, order=ORDER) == "review_settled"
    assert refused(order_down, vote.cast.street_office, first, order=ORDER) == "review_settled"
    session().rollback()
    vote.closed(decision)
    assert json.loads(public_bundle(vote.cast.owner, decision.id))["question"] == QUESTION
    assert said(take_full_bundle(vote.cast.owner, decision.id))[0] == 0


@both
def test_two_orders_at_once_cover_a_vote_once(vote: Vote, app: Any) -> None:
    decision = vote.opened(**FOUL)
    reviews = kept_and_flagged_again(vote, decision)
    by = vote.cast.street_office
    outcomes = at_once(app, 2, lambda index: order_down(by, reviews[index], order=ORDER).state)
    assert sorted(type(each).__name__ for each in outcomes) == ["Refused", "ReviewState"]
    assert states() == [ReviewState.KEPT, ReviewState.ORDERED]
    session().expire_all()
    assert QUESTION in session().get(Decision, decision.id).frozen_words  # type: ignore[union-attr]


@both
def test_an_order_upon_what_was_kept_more_than_once_is_what_readers_are_told(vote: Vote, client_of: Any) -> None:
    decision = vote.opened(**FOUL)
    first, second = kept_and_flagged_again(vote, decision)
    decide_review(vote.cast.moderator, second, verdict=ReviewVerdict.KEEP)
    vote.clock.shift(60)
    assert "有机关命令移除" in client_of("street_office").get(f"/moderation/{second}").get_data(as_text=True)
    order_down(vote.cast.street_office, first, order=ORDER)
    fate = fates_on(decision.problem_id)[SubjectKind.VOTING_MOTION, decision.motion_id]
    assert (fate.organ, fate.review_id) == (ORDER.organ, first)
    # The other one offers no second order.
    assert "有机关命令移除" not in client_of("street_office").get(f"/moderation/{second}").get_data(as_text=True)


def counted(vote: Vote, *, order_first: bool) -> Decision:
    """Count a vote of two ballots that is ordered down, between both or after the close."""
    decision = vote.opened(**FOUL)
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    if order_first:
        decision = ordered(vote, decision)
    cast_ballot(vote.cast.owner, decision.id, option_id=option(decision, 2))
    vote.closed(decision)
    return decision if order_first else ordered(vote, decision)


@both
@pytest.mark.parametrize("order_first", [True, False])
def test_an_order_covers_a_vote_for_the_public_and_leaves_it_to_be_counted_again(
    vote: Vote, *, order_first: bool
) -> None:
    decision = counted(vote, order_first=order_first)
    assert decision.question == "【按命令移除】"
    labels = select(DecisionOption.label).where(DecisionOption.decision_id == decision.id)
    assert list(session().scalars(labels.order_by(DecisionOption.position))) == [
        f"【按命令移除：{place}】" for place in (1, 2, 3)
    ]
    # Whoever votes here, and whoever keeps the ballots, has the words as they were frozen: all adds up.
    for by in (vote.cast.owner, vote.cast.moderator):
        public = public_bundle(by, decision.id)
        assert json.loads(public)["question"] == QUESTION
        assert said(public)[0] == 0
    assert said(take_full_bundle(vote.cast.owner, decision.id))[0] == 0
    for by in (NOBODY, vote.cast.outsider):
        assert refused(public_bundle, by, decision.id) == "ordered_down"


def test_the_hash_the_election_and_a_receipt_stay_what_they_were(vote: Vote) -> None:
    decision = vote.opened(**FOUL)
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    vote.closed(decision)
    before, bulletin = public_hash(decision), bulletin_of(NOBODY, decision.id)[1].election
    decision = ordered(vote, decision)
    assert (public_hash(decision), bulletin_of(NOBODY, decision.id)[1].election) == (before, bulletin)
    head = next(iter(_heads(vote.cast.landlord, decision)))
    assert proof_of(vote.cast.landlord, decision.id, head) is not None


def _heads(by: Actor, decision: Decision) -> list[int]:
    query = select(ElectorateVoter.head_id).where(
        ElectorateVoter.decision_id == decision.id, ElectorateVoter.person_id == by.person_id
    )
    return list(session().scalars(query))


def test_pages_cover_a_vote_ordered_down_but_for_its_circle(vote: Vote, client_of: Any) -> None:
    decision = vote.opened(**FOUL)
    paths = [
        f"/decisions/{decision.id}",
        f"/problems/{vote.number}",
        f"/problems/{vote.number}?tab=decisions",
        "/",
        "/decisions",
    ]
    api = f"/api/v1/decisions/{decision.id}"
    assert "甩卖" in client_of(None).get(paths[0]).get_data(as_text=True)
    decision = ordered(vote, decision)
    assert session().scalars(select(Cover.subject)).first() is SubjectKind.VOTING_MOTION

    def reads(who: str | None, path: str) -> bool:
        return "甩卖" in client_of(who).get(path, follow_redirects=True).get_data(as_text=True)

    assert reads("owner", paths[0])  # who votes has to know on what
    assert [(who, path) for who in (None, "outsider", "tenant") for path in (*paths, api) if reads(who, path)] == []
    cast_ballot(vote.cast.owner, decision.id, option_id=option(decision, 1))
    vote.closed(decision)
    paths += [
        f"/decisions/{decision.id}/certificate",
        f"/problems/{vote.number}?print=1",
        f"/decisions/{decision.id}/bulletin",
    ]
    assert reads("owner", f"/decisions/{decision.id}/certificate")
    assert [(who, path) for who in (None, "outsider", "tenant") for path in (*paths, api) if reads(who, path)] == []
    assert client_of(None).get(f"/decisions/{decision.id}/bundle.json").status_code == 403
    assert client_of("owner").get(f"/decisions/{decision.id}/bundle.json").status_code == 200


def test_the_desk_is_told_that_only_an_order_covers_it(vote: Vote, client_of: Any) -> None:
    decision = vote.noticed(**FOUL)
    review = flagged(vote, decision.motion_id)
    assert "问题和选项都封存了，不能移除" in client_of("moderator").get(f"/moderation/{review.id}").get_data(
        as_text=True
    )


@both
def test_a_tie_is_drawn_by_the_words_that_were_frozen(poll: Vote) -> None:
    """Ranks against each other: the count after an order is the one that the bundle counts again."""
    form = BallotForm(Method.RANKED, DecidingCount.SCHULZE)
    labels = ("甩卖甲", "甩卖乙", "甩卖丙", "甩卖丁", "甩卖戊")
    options = tuple(Option(at, f"o{at}", label, "就买这个。") for at, label in enumerate(labels, 1))
    decision = poll.opened(**FOUL | {"form": form, "options": options})
    cast_ballot(getattr(poll.cast, VOTERS[0]), decision.id, marks="1:1 2:2 3:3 4:4 5:5")
    decision = ordered(poll, decision)
    cast_ballot(getattr(poll.cast, VOTERS[1]), decision.id, marks="1:5 2:4 3:3 4:2 5:1")
    closing = poll.closed(decision)
    assert "甩卖" not in closing.outcome + closing.count
    code, lines = said(take_full_bundle(poll.cast.moderator, decision.id))
    assert code == 0, lines


@both
def test_whoever_handles_ballots_reads_what_is_voted_on_until_the_close(vote: Vote, client_of: Any) -> None:
    """A paper on which the question is covered is no ballot, nor can anybody vote for another on a mark."""
    cast, decision = vote.cast, vote.opened(**FOUL)
    building = session().scalar(select(ElectorateUnit.building_id).where(ElectorateUnit.decision_id == decision.id))
    print_papers(cast.moderator, decision.id, building_id=building)
    give_mandate(cast.landlord, decision.id, proxy="化名outsider")
    cast.refresh("outsider")
    decision = ordered(vote, decision)
    code = session().scalar(select(PaperSlip.code).where(PaperSlip.decision_id == decision.id))
    page, help_page = f"/decisions/{decision.id}", f"/decisions/{decision.id}/help"
    sheets = f"{page}/papers/sheets?building={building}"

    def reads(who: str | None, path: str) -> bool:
        answer = client_of(who).get(path)
        assert answer.status_code == 200, (who, path)
        text = answer.get_data(as_text=True)
        assert path == page or "甩卖" not in text or "【按命令移除" not in text, (who, path)
        return "甩卖" in text

    counters = ("moderator", "chair", "owners_committee", "grid_worker", "street_office")
    assert [(who, path) for who in counters for path in (sheets, f"/papers/{code}") if not reads(who, path)] == []
    assert [who for who in ("volunteer", "party_member") if not reads(who, help_page)] == []
    assert reads("outsider", page)  # carries the landlord's vote
    assert [who for who in (None, "tenant", "official", "foreign_moderator") if reads(who, page)] == []
    vote.closed(decision)
    assert [who for who in ("outsider", "grid_worker", "volunteer", "party_member") if reads(who, page)] == []
    assert reads("owner", page)
    for by in (cast.grid_worker, cast.outsider):
        assert refused(public_bundle, by, decision.id) == "ordered_down"


def test_who_may_not_have_the_words_is_not_promised_a_count_of_their_own() -> None:
    refusal = why_not_take_frozen(frozenset(), in_electorate=False)
    assert refusal is not None
    assert refusal.what_next is not None
    said_next = refusal.what_next.msgid
    assert "没有数据包就不能自己重新计票" in said_next
    assert "再算一遍" not in said_next


def test_its_mover_is_offered_what_is_allowed_and_else_told_why_not(vote: Vote, client_of: Any) -> None:
    withdrawn = vote.move(**FOUL)
    withdraw_motion(vote.cast.owner, withdrawn.id)
    gone = f"/texts/voting_motion/{withdrawn.id}/flags"
    assert way_out(client_of("owner"), f"/motions/{withdrawn.id}", gone) == "撤下"  # its words stand on
    withdraw_motion_words(vote.cast.owner, withdrawn.id)
    assert way_out(client_of("owner"), f"/motions/{withdrawn.id}", gone) == ""
    motion = vote.tabled(**FOUL)
    page, address = f"/motions/{motion.id}", f"/texts/voting_motion/{motion.id}/flags"
    back = f"/texts/voting_motion/{motion.id}/withdrawal"
    assert way_out(client_of("owner"), page, address) == "撤下"
    assert way_out(client_of("tenant"), page, address) == "举报"
    assert back in client_of("owner").get(address).get_data(as_text=True)
    publish_notice(vote.cast.moderator, motion.id, **vote.times(RuleCode(motion.rule)))
    assert way_out(client_of("owner"), page, address) == "为什么不能撤下"
    told = client_of("owner").get(address)
    assert (told.status_code, back in told.get_data(as_text=True)) == (200, False)
