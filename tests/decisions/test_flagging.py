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
    publish_notice,
    support_motion,
    table_motion,
    take_full_bundle,
    withdraw_motion_words,
)
from cogov.decisions.models import Decision, DecisionOption, ElectorateVoter, Motion, MotionOption, PlannedTask
from cogov.decisions.queries.bulletin import bulletin_of, proof_of, public_bundle, public_hash
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.methods import BallotForm, DecidingCount, Method
from cogov.decisions.rules.motions import TaskPlan, options_of
from cogov.ground.db import session
from cogov.moderation.commands import answer_removal_appeal, appeal_removal, decide_review, order_down
from cogov.moderation.models import Cover, Review
from cogov.moderation.rules import FlagReason, Order, ReviewState, ReviewVerdict, SubjectKind
from cogov.people.rules import Actor
from cogov.problems.rules.lanes import RuleCode
from tests.databases import both
from tests.decisions.conftest import Vote, option
from tests.decisions.test_bulletin import NOBODY, refused, said
from tests.decisions.test_methods import VOTERS

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
