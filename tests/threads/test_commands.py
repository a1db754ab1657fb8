"""Every verb of a thread, what it refuses, and to whom."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import Base, db, session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.journal.transaction import transaction
from cogov.people.commands import end_role, grant_role
from cogov.people.queries import actor_of
from cogov.people.rules import ANYONE, CLOCK, Actor, Role
from cogov.problems.commands import raise_problem, triage_problem
from cogov.problems.models import Problem
from cogov.problems.queries import names_on, problem_for
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.stages import Ending, Stage
from cogov.threads.commands import (
    agree_overruling,
    answer_concern,
    due_concern,
    post_message,
    propose_overruling,
    propose_solution,
    raise_concern,
    revise_solution,
    withdraw_concern,
)
from cogov.threads.models import Concern, ConcernAnswer, Message, SolutionVersion
from cogov.threads.queries import open_concerns, solution_version, solutions
from cogov.threads.rules.concerns import ConcernState
from cogov.threads.rules.messages import MessageKind
from tests.cast import HERE, Cast

SAY: dict[str, Any] = {"kind": MessageKind.REASON, "text": "老人晚上下楼摔过两次。"}


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.refusal.code == code
    db.session.rollback()


def count(model: type[Base]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def kinds() -> list[str]:
    return list(session().scalars(select(JournalEntry.kind).order_by(JournalEntry.number)))


def last_entry() -> JournalEntry:
    return session().scalars(select(JournalEntry).order_by(JournalEntry.number.desc()).limit(1)).one()


def a_concern(cast: Cast, number: str, by: Actor | None = None) -> int:
    return raise_concern(by or cast.tenant, number, harm="装感应灯会整夜闪。", remedy="改成常亮的小灯。").id


def a_version(by: Actor, number: str) -> int:
    solution = propose_solution(by, number, title="每层装一盏小夜灯", text="用公区电，常亮。", cost=120_000)
    return session().scalars(select(SolutionVersion.id).where(SolutionVersion.solution_id == solution.id)).one()


# Messages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["resident", "owner", "tenant", "landlord", "complained_of"])
def test_whoever_lives_or_owns_here_may_post_and_gets_a_number_on_the_dossier(cast, number, name):
    by = getattr(cast, name)
    message = post_message(by, number, **SAY)
    assert (message.standing_id, message.organization_id) == (None, None)
    assert by.person_id in names_on(message.problem_id)


@pytest.mark.parametrize("name", ["volunteer", "party_member", "grid_worker", "moderator", "official", "street_office"])
def test_a_member_of_an_organization_that_reaches_the_place_speaks_under_its_mandate(cast, number, name):
    by = getattr(cast, name)
    message = post_message(by, number, **SAY)
    mandate = next(held for held in by.standings if held.organization_id)
    assert (message.standing_id, message.organization_id) == (mandate.id, mandate.organization_id)
    assert last_entry().organization_id == mandate.organization_id
    assert by.person_id not in names_on(message.problem_id)


@pytest.mark.parametrize("name", ["outsider", "foreign_moderator", "auditor", "administrator"])
def test_who_has_nothing_to_do_with_the_place_may_not_post(cast, number, name):
    with refused("not_of_this_place"):
        post_message(getattr(cast, name), number, **SAY)
    assert count(Message) == 0


def test_who_is_not_signed_in_is_told_to_sign_in(cast, number):
    with refused("sign_in_first"):
        post_message(ANYONE, number, **SAY)


def test_a_resident_who_also_serves_an_organization_speaks_for_whom_they_chose(cast, number):
    grant_role(
        CLOCK,
        person_id=cast.owner.person_id,
        role=Role.SOCIAL_MEMBER,
        scope=HERE,
        organization_id=cast.organizations["social"],
        public_name="林岚",
    )
    owner = actor_of(cast.owner.person_id)
    mandate = next(held for held in owner.standings if held.organization_id)
    assert post_message(owner, number, **SAY).standing_id is None
    assert post_message(owner.under(mandate), number, **SAY).standing_id == mandate.id


def test_a_mandate_that_does_not_reach_the_place_is_not_spoken_under(cast, number):
    grant_role(
        CLOCK,
        person_id=cast.owner.person_id,
        role=Role.MODERATOR,
        scope="990101001002",
        organization_id=cast.organizations["foreign_committee"],
        public_name="林岚",
    )
    owner = actor_of(cast.owner.person_id)
    elsewhere = next(held for held in owner.standings if held.organization_id)
    with refused("mandate_elsewhere"):
        post_message(owner.under(elsewhere), number, **SAY)


def test_a_mandate_that_has_ended_speaks_no_more(cast, number):
    end_role(CLOCK, cast.volunteer.standings[0].id)
    with refused("not_of_this_place"):
        post_message(actor_of(cast.volunteer.person_id), number, **SAY)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "words_missing"),
        (" \r\n\t ", "words_missing"),
        ("长" * 4001, "words_too_long"),
        ("空\x00字符", "words_unreadable"),
        ("半个\ud800字符", "words_unreadable"),
    ],
)
def test_a_message_is_text_of_one_to_4000_characters(cast, number, text, code):
    with refused(code):
        post_message(cast.owner, number, kind=MessageKind.REASON, text=text)


def test_a_message_of_4000_characters_is_kept_whole(cast, number):
    assert len(post_message(cast.owner, number, kind=MessageKind.REASON, text="\r\n" + "长" * 4000).text) == 4000


def test_a_reply_hangs_under_its_message(cast, number):
    top = post_message(cast.owner, number, **SAY)
    assert post_message(cast.tenant, number, reply_to=top.id, **SAY).reply_to_id == top.id


def test_nobody_replies_to_a_reply(cast, number):
    top = post_message(cast.owner, number, **SAY)
    reply = post_message(cast.tenant, number, reply_to=top.id, **SAY)
    with refused("reply_too_deep"):
        post_message(cast.owner, number, reply_to=reply.id, **SAY)


def test_nobody_replies_across_dossiers(cast, number):
    other = raise_problem(
        cast.owner, community_id=cast.community_id, text="垃圾桶旁边总有污水流出来。", grid_id=cast.grid_ids[0]
    )
    elsewhere = post_message(cast.owner, other.problem.number, **SAY)
    for reply_to in (elsewhere.id, 10**9):
        with refused("reply_to_unknown"):
            post_message(cast.owner, number, reply_to=reply_to, **SAY)


def test_an_ended_problem_takes_nothing_more(cast, number):
    concern = a_concern(cast, number)
    solution = propose_solution(cast.owner, number, title="装灯", text="装灯。")
    end(cast, number)
    for call in (
        lambda: post_message(cast.owner, number, **SAY),
        lambda: raise_concern(cast.owner, number, harm="费电。", remedy="装节能灯。"),
        lambda: answer_concern(cast.moderator, concern, text="会装节能灯。"),
        lambda: propose_overruling(cast.chair, concern, reason="费用很小。"),
        lambda: withdraw_concern(cast.tenant, concern),
        lambda: propose_solution(cast.owner, number, title="装灯", text="装灯。"),
        lambda: revise_solution(cast.owner, solution.id, title="装灯", text="多装灯。"),
    ):
        with refused("problem_ended"):
            call()


def end(cast: Cast, number: str) -> None:
    """End a problem past every rule, so that an open concern can be left on it."""
    with transaction():
        ended = {"stage": Stage.ENDED, "ending": Ending.FIXED, "ended_at": now()}
        session().execute(update(Problem).where(Problem.number == number).values(**ended))
    session().expire_all()
    assert problem_for(cast.resident, number).stage is Stage.ENDED


def test_a_hidden_problem_takes_no_messages_and_does_not_exist_for_others(cast, raised):
    triage_problem(
        cast.moderator, raised, lane=Lane.M, reason=ReasonCode.DISPUTE, words="两家人的事，先调解。", hidden=True
    )
    with refused("problem_hidden"):
        post_message(cast.resident, raised, **SAY)
    with pytest.raises(NotFound):
        post_message(cast.owner, raised, **SAY)


def test_the_same_form_sent_twice_has_one_effect(cast, number):
    post_message(cast.owner, number, once="a", **SAY)
    with refused("already_received"):
        post_message(cast.owner, number, once="a", **SAY)
    assert count(Message) == 1


def test_the_journal_holds_a_commitment_and_no_word_of_the_message(cast, number):
    post_message(cast.owner, number, **SAY)
    assert last_entry().kind == "MessagePosted"
    assert "摔" not in last_entry().facts


# Concerns ------------------------------------------------------------------------------------------------------------


def test_a_concern_is_numbered_and_its_clock_runs_for_the_accountable_body(cast, number):
    first, second = a_concern(cast, number), a_concern(cast, number, cast.owner)
    assert [session().get_one(Concern, each).number for each in (first, second)] == [1, 2]
    clock = running(Purpose.CONCERN, first)
    assert clock is not None
    assert clock.organization_id == cast.organizations["committee"]
    assert (clock.limit_amount, str(clock.limit_unit)) == (5, "working_days")
    assert open_concerns(problem_for(cast.owner, number).id) == 2


@pytest.mark.parametrize("field", ["harm", "remedy"])
def test_a_concern_says_the_harm_and_what_would_remove_it(cast, number, field):
    said: dict[str, Any] = {"harm": "费电。", "remedy": "装节能灯。", field: " "}
    with refused("words_missing"):
        raise_concern(cast.owner, number, **said)


def test_an_outsider_raises_no_concern(cast, number):
    with refused("not_of_this_place"):
        a_concern(cast, number, cast.outsider)


@pytest.mark.parametrize("name", ["official", "moderator", "owners_committee", "street_office"])
def test_whom_the_rule_names_may_answer(cast, number, name):
    by = getattr(cast, name)
    concern = a_concern(cast, number)
    answer = answer_concern(by, concern, text="改成常亮的小灯，已经写进方案。")
    assert session().get_one(Concern, concern).state is ConcernState.ANSWERED
    assert answer.organization_id == by.standings[0].organization_id
    assert running(Purpose.CONCERN, concern) is None
    assert open_concerns(problem_for(cast.owner, number).id) == 0


@pytest.mark.parametrize("name", ["owner", "outsider", "grid_worker", "chair", "volunteer", "foreign_moderator"])
def test_others_may_not_answer(cast, number, name):
    concern = a_concern(cast, number)
    with refused("not_who_answers"):
        answer_concern(getattr(cast, name), concern, text="没事的。")


def test_the_author_of_a_solution_answers_by_naming_a_version_of_it(cast, number):
    concern, version = a_concern(cast, number), a_version(cast.owner, number)
    answer_concern(cast.owner, concern, text="第 1 版就是常亮灯。", solution_version_id=version)
    assert last_entry().kind == "ConcernAnswered"
    assert f'"solution_version":{version}' in last_entry().facts


def test_the_author_of_a_solution_does_not_answer_with_somebody_elses(cast, number):
    concern, version = a_concern(cast, number), a_version(cast.owner, number)
    a_version(cast.neighbour, number)
    for solution_version_id in (version, None):
        with refused("not_who_answers"):
            answer_concern(cast.neighbour, concern, text="有办法。", solution_version_id=solution_version_id)


def test_an_answer_names_only_versions_of_this_dossier(cast, number):
    concern = a_concern(cast, number)
    other = raise_problem(
        cast.owner, community_id=cast.community_id, text="垃圾桶旁边总有污水流出来。", grid_id=cast.grid_ids[0]
    )
    foreign = a_version(cast.owner, other.problem.number)
    for version in (foreign, 10**9):
        with refused("version_unknown"):
            answer_concern(cast.moderator, concern, text="见方案。", solution_version_id=version)


def test_nobody_answers_their_own_concern_nor_that_of_their_organization(cast, number):
    own = a_concern(cast, number, cast.moderator)
    with refused("own_concern"):
        answer_concern(cast.moderator, own, text="没事。")
    with refused("own_concern"):
        propose_overruling(cast.chair, own, reason="本居委会自己提的。")
    answer_concern(cast.owners_committee, own, text="业委会来答复。")


def test_a_concern_is_answered_once(cast, number):
    concern = a_concern(cast, number)
    answer_concern(cast.moderator, concern, text="会改。")
    with refused("concern_settled"):
        answer_concern(cast.official, concern, text="再答复一次。")
    assert count(ConcernAnswer) == 1


def test_overruling_needs_the_chairs_reason_and_a_second_person(cast, number):
    concern = a_concern(cast, number)
    propose_overruling(cast.chair, concern, reason="试装一周，没有人觉得闪。")
    assert session().get_one(Concern, concern).state is ConcernState.OPEN
    assert running(Purpose.CONCERN, concern) is not None
    answer = agree_overruling(cast.street_office, concern)
    assert session().get_one(Concern, concern).state is ConcernState.OVERRULED
    assert (answer.person_id, answer.agreed_by) == (cast.chair.person_id, cast.street_office.person_id)
    assert answer.agreed_for == cast.organizations["street"]
    assert running(Purpose.CONCERN, concern) is None
    assert kinds()[-2:] == ["OverrulingProposed", "ConcernOverruled"]


@pytest.mark.parametrize("name", ["moderator", "owner", "street_office", "outsider"])
def test_only_the_chair_proposes_to_overrule(cast, number, name):
    concern = a_concern(cast, number)
    with refused("not_the_chair"):
        propose_overruling(getattr(cast, name), concern, reason="不采纳。")


def test_overruling_without_a_reason_is_refused(cast, number):
    concern = a_concern(cast, number)
    with refused("words_missing"):
        propose_overruling(cast.chair, concern, reason=" ")


@pytest.mark.parametrize("name", ["owner", "grid_worker", "official", "outsider", "foreign_moderator", "chair"])
def test_only_street_owners_committee_or_moderator_agree(cast, number, name):
    concern = a_concern(cast, number)
    propose_overruling(cast.chair, concern, reason="没有依据。")
    with refused("not_who_agrees"):
        agree_overruling(getattr(cast, name), concern)
    assert session().get_one(Concern, concern).state is ConcernState.OPEN


def test_the_chair_is_not_the_second_person_even_with_another_mandate(cast, number):
    grant_role(
        CLOCK,
        person_id=cast.chair.person_id,
        role=Role.MODERATOR,
        scope=HERE,
        organization_id=cast.organizations["committee"],
        public_name="经办chair",
    )
    chair = actor_of(cast.chair.person_id)
    concern = a_concern(cast, number)
    propose_overruling(chair, concern, reason="没有依据。")
    with refused("same_person"):
        agree_overruling(chair, concern)


def test_who_raised_a_concern_does_not_agree_to_overrule_it(cast, number):
    concern = a_concern(cast, number, cast.owners_committee)
    propose_overruling(cast.chair, concern, reason="没有依据。")
    with refused("own_concern"):
        agree_overruling(cast.owners_committee, concern)


def test_agreeing_needs_a_proposal(cast, number):
    concern = a_concern(cast, number)
    with refused("no_overruling"):
        agree_overruling(cast.moderator, concern)


def test_a_concern_with_a_proposal_to_overrule_can_still_be_answered_and_both_stay_on_record(cast, number):
    concern = a_concern(cast, number)
    propose_overruling(cast.chair, concern, reason="没有依据。")
    with refused("overruling_proposed"):
        propose_overruling(cast.chair, concern, reason="还是没有依据。")
    answer_concern(cast.moderator, concern, text="改成常亮的小灯。")
    with refused("concern_settled"):
        agree_overruling(cast.street_office, concern)
    assert count(ConcernAnswer) == 2


def test_who_raised_a_concern_takes_it_back(cast, number):
    concern = a_concern(cast, number)
    with refused("not_your_concern"):
        withdraw_concern(cast.owner, concern)
    withdraw_concern(cast.tenant, concern)
    assert session().get_one(Concern, concern).state is ConcernState.WITHDRAWN
    assert running(Purpose.CONCERN, concern) is None
    assert kinds()[-1] == "ConcernWithdrawn"


def test_a_concern_nobody_answers_stays_open_and_the_street_office_is_told_once(cast, number):
    concern = a_concern(cast, number)
    clock = running(Purpose.CONCERN, concern)
    assert clock is not None
    due_concern(CLOCK, concern)
    assert session().get_one(Concern, concern).overdue_at is None
    with time_machine.travel(clock.due_at + timedelta(minutes=1), tick=False):
        due_concern(CLOCK, concern)
        due_concern(CLOCK, concern)
        assert session().get_one(Concern, concern).overdue_at == now()
    assert kinds().count("ConcernOverdue") == 1
    assert f'"to":{cast.organizations["street"]}' in last_entry().facts
    assert session().get_one(Concern, concern).state is ConcernState.OPEN
    answer_concern(cast.street_office, concern, text="街道来答复：改成常亮灯。")


def test_the_clock_of_an_answered_concern_does_nothing(cast, number):
    concern = a_concern(cast, number)
    answer_concern(cast.moderator, concern, text="会改。")
    with time_machine.travel(now() + timedelta(days=60), tick=False):
        due_concern(CLOCK, concern)
    assert "ConcernOverdue" not in kinds()


# Solutions -----------------------------------------------------------------------------------------------------------


def test_a_solution_keeps_every_version(cast, number):
    solution = propose_solution(cast.owner, number, title="每层装一盏小夜灯", text="用公区电。", cost=120_000)
    revise_solution(cast.owner, solution.id, title="每层装两盏小夜灯", text="用太阳能。", cost=None, needs_permit=True)
    problem_id = problem_for(cast.owner, number).id
    (latest,) = solutions(problem_id)
    assert (latest.version, latest.title, latest.cost, latest.needs_permit) == (2, "每层装两盏小夜灯", None, True)
    first = session().scalars(select(SolutionVersion.id).where(SolutionVersion.version == 1)).one()
    kept = solution_version(problem_id, first)
    assert kept is not None
    assert (kept.text, kept.cost) == ("用公区电。", 120_000)


@pytest.mark.parametrize("name", ["moderator", "owners_committee"])
def test_the_committee_may_revise_under_its_own_name(cast, number, name):
    solution = propose_solution(cast.owner, number, title="装灯", text="装灯。")
    version = revise_solution(getattr(cast, name), solution.id, title="装灯", text="装灯，避开卧室窗户。")
    assert version.person_id == getattr(cast, name).person_id
    assert version.organization_id is not None


@pytest.mark.parametrize("name", ["neighbour", "official", "grid_worker"])
def test_others_of_the_place_may_not_revise(cast, number, name):
    solution = propose_solution(cast.owner, number, title="装灯", text="装灯。")
    with refused("not_who_revises"):
        revise_solution(getattr(cast, name), solution.id, title="装灯", text="不装灯。")


def test_an_outsider_neither_proposes_nor_revises(cast, number):
    solution = propose_solution(cast.owner, number, title="装灯", text="装灯。")
    with refused("not_of_this_place"):
        propose_solution(cast.outsider, number, title="装灯", text="装灯。")
    with refused("not_of_this_place"):
        revise_solution(cast.outsider, solution.id, title="装灯", text="不装灯。")


@pytest.mark.parametrize("cost", [-1, 10**13 + 1])
def test_a_cost_that_nobody_means_is_refused(cast, number, cost):
    with refused("cost_out_of_range"):
        propose_solution(cast.owner, number, title="装灯", text="装灯。", cost=cost)


def test_what_does_not_exist_is_not_found(cast, number):
    for call in (
        lambda: post_message(cast.owner, "1999-9999", **SAY),
        lambda: answer_concern(cast.moderator, 10**9, text="会改。"),
        lambda: revise_solution(cast.owner, 10**9, title="装灯", text="装灯。"),
    ):
        with pytest.raises(NotFound):
            call()


def test_a_hidden_problems_concern_is_not_found_by_others(cast, raised):
    concern = a_concern(cast, raised)
    triage_problem(
        cast.moderator, raised, lane=Lane.M, reason=ReasonCode.DISPUTE, words="两家人的事，先调解。", hidden=True
    )
    with pytest.raises(NotFound):
        withdraw_concern(cast.tenant, concern)
    with refused("problem_hidden"):
        answer_concern(cast.moderator, concern, text="会改。")


def test_actors_are_plain_values_and_a_forged_standing_gives_nothing(cast, number):
    borrowed = dataclasses.replace(cast.outsider, acting=cast.moderator.acting)
    with refused("not_of_this_place"):
        post_message(borrowed, number, **SAY)
    assert session().get(Problem, problem_for(cast.owner, number).id) is not None
