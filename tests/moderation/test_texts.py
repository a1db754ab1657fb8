"""Texts besides messages: flagged, covered by a mark, appealed, and standing again; whatever kind they are of."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, func, select

from cogov.front.moderation.reading import sheet_of, text_of
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import NotFound
from cogov.ground.search import SearchText
from cogov.moderation.commands import answer_removal_appeal, appeal_removal, decide_review, order_down
from cogov.moderation.models import Flag, Review, SealedWords
from cogov.moderation.queries import SINCE, covered_fields, fates_of, fates_on, ledger, needs
from cogov.moderation.rules import FlagReason, Order, ReviewState, ReviewVerdict, SubjectKind
from cogov.moderation.rules.covering import as_one, mark_of
from cogov.people.commands import ask_closing, close_account, grant_role
from cogov.people.rules import ANYONE, CLOCK, Actor, Role
from cogov.places.queries import place_by_code
from cogov.problems.models import Problem
from cogov.threads.commands import (
    accept_amendment,
    answer_concern,
    answer_minutes,
    file_minority,
    flag_message,
    flag_words,
    make_pledge,
    note_outcome,
    post_message,
    promote_amendment,
    propose_amendment,
    propose_solution,
    raise_concern,
    reject_amendment,
    state_interest,
    write_summary,
)
from cogov.threads.commands.leaving import ERASED
from cogov.threads.models import Interest, SolutionVersion, SummaryVersion
from cogov.threads.queries import open_concerns
from cogov.threads.queries.passages import KINDS
from cogov.threads.rules.interests import InterestKind
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.minority import OutcomeKind
from cogov.threads.rules.pledges import PledgeKind
from cogov.threads.rules.solutions import Content
from cogov.threads.rules.summaries import SummaryKind
from tests.cast import HERE, STREET, Cast
from tests.databases import both
from tests.moderation.test_commands import count, refused

HARM = "灯太亮，会照进卧室，张三这个骗子不管。"


def is_mark(words: str) -> bool:
    return words in {mark_of(ReviewState.REMOVED), mark_of(ReviewState.ORDERED)}


def concern(cast: Cast, number: str) -> int:
    return raise_concern(cast.tenant, number, harm=HARM, remedy="换成感应灯。").id


def version_of(solution_id: int) -> int:
    found = session().scalars(select(SolutionVersion.id).where(SolutionVersion.solution_id == solution_id)).first()
    assert found is not None
    return found


def solution(cast: Cast, number: str) -> int:
    made = propose_solution(
        cast.tenant, number, title="装感应灯", text="每层一盏，" + HARM, cost=120000, benefits="各户", bears="业主"
    )
    return made.id


def amendment(cast: Cast, number: str) -> int:
    content = Content("装声控灯", "每层两盏，" + HARM, 150000, False, "各户", "业主")
    return propose_amendment(cast.tenant, solution(cast, number), content=content, why="一盏不够。").id


def rejected(cast: Cast, number: str) -> int:
    content = Content("装声控灯", "每层两盏。", 150000, False, "各户", "业主")
    of_tenant = solution(cast, number)
    made = propose_amendment(cast.owner, of_tenant, content=content, why="一盏不够。")
    return reject_amendment(cast.tenant, made.id, words=HARM).id


def answered(cast: Cast, number: str) -> int:
    raised = raise_concern(cast.owner, number, harm="太亮。", remedy="换灯。")
    return answer_concern(cast.moderator, raised.id, text=HARM).id


def pledge(cast: Cast, number: str) -> int:
    return make_pledge(cast.tenant, number, kind=PledgeKind.MATERIAL, what="梯子，骗子别借。").id


def minority(cast: Cast, number: str) -> int:
    problem = session().scalars(select(Problem).where(Problem.number == number)).one()
    outcome = note_outcome(Actor(cast.moderator.person_id), problem.id, OutcomeKind.DECISION, 1)
    return file_minority(cast.tenant, outcome.id, text=HARM).id


def summary(cast: Cast, number: str) -> int:
    latest = session().scalar(select(func.max(SummaryVersion.number))) or 0
    return write_summary(cast.moderator, number, kind=SummaryKind.MINUTES, text=HARM, base=latest).id


def objection(cast: Cast, number: str) -> int:
    return answer_minutes(cast.tenant, summary(cast, number), endorses=False, reason=HARM).id


def interest(cast: Cast, number: str) -> int:
    state_interest(cast.tenant, number, kind=InterestKind.AFFECTED, words="骗子楼下的住户")
    return session().scalars(select(Interest.id)).one()


def office_beside(cast: Cast) -> Actor:
    """Return a second person of the street office."""
    grant_role(
        CLOCK,
        person_id=cast.inspector.person_id or 0,
        role=Role.STREET_OFFICE,
        scope=STREET,
        organization_id=cast.organizations["street"],
        public_name="经办二",
        until=now() + timedelta(days=90),
    )
    return cast.refresh("inspector")


MAKE: dict[SubjectKind, Any] = {
    SubjectKind.CONCERN: concern,
    SubjectKind.CONCERN_ANSWER: answered,
    SubjectKind.SOLUTION: lambda cast, number: version_of(solution(cast, number)),
    SubjectKind.AMENDMENT: amendment,
    SubjectKind.AMENDMENT_ANSWER: rejected,
    SubjectKind.PLEDGE: pledge,
    SubjectKind.MINORITY: minority,
    SubjectKind.SUMMARY: summary,
    SubjectKind.OBJECTION: objection,
    SubjectKind.INTEREST: interest,
}


def words_of(kind: SubjectKind, subject_id: int) -> dict[str, str]:
    session().expire_all()
    row = session().get(KINDS[kind].model, subject_id)
    return {name: getattr(row, name) for name in KINDS[kind].columns}


def author_of(kind: SubjectKind, cast: Cast) -> Actor:
    return cast.moderator if kind in (SubjectKind.CONCERN_ANSWER, SubjectKind.SUMMARY) else cast.tenant


def test_every_text_of_a_dossier_can_be_made_here_and_flagged():
    assert set(MAKE) == set(KINDS)


def taken_down(cast: Cast, kind: SubjectKind, subject_id: int) -> tuple[Review, Actor]:
    """Flag a text and have it taken down; return the review and who decided it."""
    author = author_of(kind, cast)
    by = cast.owner if author is cast.tenant else cast.tenant
    review = flag_words(by, kind, subject_id, reason=FlagReason.INSULT)
    assert review.author_id == author.person_id
    # What the committee said itself is not for the committee to judge.
    assert review.above is (author is cast.moderator)
    decider = cast.street_office if review.above else cast.moderator
    assert review.id in {need.values["review_id"] for need in needs(decider)}
    decide_review(decider, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    return review, decider


def test_each_kind_of_text_is_covered_by_a_mark_and_stands_again_after_an_appeal(cast, number):
    second_office = office_beside(cast)
    for kind, make in MAKE.items():
        subject_id = make(cast, number)
        before, author = words_of(kind, subject_id), author_of(kind, cast)
        review, decider = taken_down(cast, kind, subject_id)
        after = words_of(kind, subject_id)
        assert all(is_mark(words) for name, words in after.items() if before[name]), kind
        assert fates_of(kind, [subject_id])[kind, subject_id].reason is FlagReason.INSULT
        # Its author reads what was sealed, and appeals to somebody else.
        assert sheet_of(author, review.id).text == as_one(before)
        appeal_removal(author, review.id, words="说的是事实。")
        assert fates_on(review.problem_id or 0)[kind, subject_id].under_review
        with refused("second_person"):
            answer_removal_appeal(decider, review.id, granted=True, words="恢复。")
        answer_removal_appeal(
            second_office if review.above else cast.street_office, review.id, granted=True, words="恢复。"
        )
        assert words_of(kind, subject_id) == before, kind
        assert fates_of(kind, [subject_id]) == {}


def test_a_concern_taken_down_still_waits_for_its_answer_and_is_found_by_nobody(cast, number):
    """Taking words down is never a way to open a vote: the harm is answered or overruled by two people as before."""
    subject_id = concern(cast, number)
    problem_id = session().scalars(select(Problem.id)).one()
    taken_down(cast, SubjectKind.CONCERN, subject_id)
    assert open_concerns(problem_id) == 1
    found = session().scalars(select(SearchText.tokens).where(SearchText.kind == "concern")).one()
    assert "骗子" not in found
    assert "移除" in found
    answer_concern(cast.official, subject_id, text="已换灯。")
    assert open_concerns(problem_id) == 0


def test_however_often_a_person_flags_it_counts_once_and_three_people_are_told_to_readers(cast, number):
    subject_id = concern(cast, number)
    for reason in (FlagReason.INSULT, FlagReason.PRIVACY):
        flag_words(cast.owner, SubjectKind.CONCERN, subject_id, reason=reason)
    assert (count(Review), count(Flag)) == (1, 1)
    flag_words(cast.neighbour, SubjectKind.CONCERN, subject_id, reason=FlagReason.INSULT)
    assert fates_of(SubjectKind.CONCERN, [subject_id]) == {}  # two are not yet told to readers
    flag_words(cast.resident, SubjectKind.CONCERN, subject_id, reason=FlagReason.INSULT)
    assert fates_of(SubjectKind.CONCERN, [subject_id])[SubjectKind.CONCERN, subject_id].under_review
    with refused("own_words"):
        flag_words(cast.tenant, SubjectKind.CONCERN, subject_id, reason=FlagReason.INSULT)
    with refused("not_of_this_place"):
        flag_words(cast.outsider, SubjectKind.CONCERN, subject_id, reason=FlagReason.INSULT)


def test_an_order_is_a_state_of_its_own_and_stands_in_the_ledger(cast, number):
    subject_id = concern(cast, number)
    review = flag_words(cast.owner, SubjectKind.CONCERN, subject_id, reason=FlagReason.UNLAWFUL)
    order_down(cast.street_office, review.id, order=Order("区网信办", "第六条", date(2026, 1, 2)))
    assert words_of(SubjectKind.CONCERN, subject_id) == {"harm": "【按命令移除】", "remedy": "【按命令移除】"}
    fate = fates_of(SubjectKind.CONCERN, [subject_id])[SubjectKind.CONCERN, subject_id]
    assert (fate.state, fate.organ, fate.basis) == (ReviewState.ORDERED, "区网信办", "第六条")
    assert ledger(place_by_code(HERE), now() - SINCE).ordered == 1
    with refused("ordered"):
        appeal_removal(cast.tenant, review.id, words="为什么。")
    with refused("not_standing"):
        flag_words(cast.neighbour, SubjectKind.CONCERN, subject_id, reason=FlagReason.INSULT)


def test_a_change_that_was_taken_down_becomes_neither_a_version_nor_a_solution(cast, number):
    subject_id = amendment(cast, number)
    taken_down(cast, SubjectKind.AMENDMENT, subject_id)
    with refused("taken_down"):
        accept_amendment(cast.moderator, subject_id)
    with refused("taken_down"):
        promote_amendment(cast.tenant, subject_id)


def test_what_an_author_wrote_anew_survives_the_return_of_the_old_words(cast, number):
    subject_id = objection(cast, number)
    review, _ = taken_down(cast, SubjectKind.OBJECTION, subject_id)
    minutes = session().scalars(select(SummaryVersion.id)).one()
    answer_minutes(cast.tenant, minutes, endorses=False, reason="灯数写错了。")
    appeal_removal(cast.tenant, review.id, words="说的是事实。")
    answer_removal_appeal(cast.street_office, review.id, granted=True, words="恢复。")
    assert words_of(SubjectKind.OBJECTION, subject_id) == {"reason": "灯数写错了。"}
    assert count(SealedWords) == 0


def test_only_its_author_finds_the_way_from_what_is_gone_to_its_review(cast, number, client_of):
    """Beside a concern and beside a message; once it is appealed nobody is told that it still can be."""
    said = post_message(cast.tenant, number, kind=MessageKind.REASON, text=HARM).id
    of_message = flag_message(cast.owner, said, reason=FlagReason.INSULT)
    decide_review(cast.moderator, of_message.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    of_concern, _ = taken_down(cast, SubjectKind.CONCERN, concern(cast, number))
    for tab, review in (("discussion", of_message), ("concerns", of_concern)):
        way = f'href="/moderation/{review.id}">看处理，可以申诉</a>'
        address = f"/problems/{number}?tab={tab}"
        assert way in client_of("tenant").get(address).get_data(as_text=True), tab
        for other in ("owner", None):
            assert f"/moderation/{review.id}" not in client_of(other).get(address).get_data(as_text=True), tab
    appeal_removal(cast.tenant, of_message.id, words="说的是事实。")
    page = client_of("tenant").get(f"/problems/{number}?tab=discussion").get_data(as_text=True)
    assert f'href="/moderation/{of_message.id}">看处理</a>' in page


def reads(by: Actor, kind: SubjectKind, subject_id: int) -> bool:
    """Say whether somebody reads a text, and is let in to the form that flags it."""
    try:
        text_of(by, kind, subject_id)
    except NotFound:
        return False
    return True


def test_each_kind_of_text_is_read_and_flagged_by_those_alone_who_see_it(cast, number, client_of):
    """What is at stake for somebody is for people of the place; once it was taken back, for nobody."""
    made = {kind: make(cast, number) for kind, make in MAKE.items()}
    readers = (ANYONE, cast.outsider, cast.owner)
    for kind, subject_id in made.items():
        public = kind is not SubjectKind.INTEREST
        assert [reads(by, kind, subject_id) for by in readers] == [public, public, True], kind
        assert client_of(None).get(f"/api/v1/texts/{kind}/{subject_id}").status_code == (200 if public else 404), kind
    stake = made[SubjectKind.INTEREST]
    with pytest.raises(NotFound):
        flag_words(cast.outsider, SubjectKind.INTEREST, stake, reason=FlagReason.INSULT)
    review = flag_words(cast.owner, SubjectKind.INTEREST, stake, reason=FlagReason.INSULT)
    state_interest(cast.tenant, number, kind=None)
    assert not any(reads(by, SubjectKind.INTEREST, stake) for by in (*readers, cast.tenant))
    with pytest.raises(NotFound):
        flag_words(cast.neighbour, SubjectKind.INTEREST, stake, reason=FlagReason.INSULT)
    # Whoever decides what was flagged before still reads what it is about.
    assert "骗子" in sheet_of(cast.moderator, review.id).text


def test_whoever_types_the_mark_can_be_flagged_and_taken_down_as_anybody(cast, number, monkeypatch):
    """Nothing that people write looks as if moderators had taken it down, and nothing escapes them by looking so."""
    forged = cycle(("【按命令移除：7000000】", "【已移除：张三是骗子】"))
    for kind, make in MAKE.items():
        if kind is SubjectKind.INTEREST:  # its words are others here
            continue
        with monkeypatch.context() as typing:
            typing.setattr("tests.moderation.test_texts.HARM", next(forged))
            subject_id = make(cast, number)
        said = words_of(kind, subject_id)
        assert not any(is_mark(words) or "【" in words for words in said.values()), kind
        taken_down(cast, kind, subject_id)
        assert any(is_mark(words) for words in words_of(kind, subject_id).values()), kind


def test_old_words_that_come_back_uncover_no_later_ones(cast, number):
    subject_id = objection(cast, number)
    review, _ = taken_down(cast, SubjectKind.OBJECTION, subject_id)
    minutes = session().scalars(select(SummaryVersion.id)).one()
    answer_minutes(cast.tenant, minutes, endorses=False, reason="骗子李四。")
    later, _ = taken_down(cast, SubjectKind.OBJECTION, subject_id)
    appeal_removal(cast.tenant, review.id, words="说的是事实。")
    answer_removal_appeal(cast.street_office, review.id, granted=True, words="恢复。")
    assert words_of(SubjectKind.OBJECTION, subject_id) == {"reason": "【已移除】"}
    appeal_removal(cast.tenant, later.id, words="说的是事实。")
    answer_removal_appeal(cast.street_office, later.id, granted=True, words="恢复。")
    assert words_of(SubjectKind.OBJECTION, subject_id) == {"reason": "骗子李四。"}


@both
def test_a_mark_that_lies_in_a_row_is_no_cover(cast, number):
    """However it came there: the words stand, are flagged, taken down and put back like any others."""
    for kind in (SubjectKind.CONCERN, SubjectKind.AMENDMENT, SubjectKind.INTEREST):
        subject_id = MAKE[kind](cast, number)
        row = session().get(KINDS[kind].model, subject_id)
        name = "text" if kind is SubjectKind.AMENDMENT else KINDS[kind].columns[0]
        setattr(row, name, "【已移除】")
        session().commit()
        before = words_of(kind, subject_id)
        assert covered_fields(kind, subject_id) == frozenset()
        review, _ = taken_down(cast, kind, subject_id)
        assert name in covered_fields(kind, subject_id)
        appeal_removal(cast.tenant, review.id, words="这是我打的字。")
        answer_removal_appeal(cast.street_office, review.id, granted=True, words="恢复。")
        assert words_of(kind, subject_id) == before
        if kind is SubjectKind.AMENDMENT:
            accept_amendment(cast.tenant, subject_id)  # it is words, and can be built on


def closed(by: Actor) -> None:
    """Close somebody's account, as happens days after they asked for it."""
    leaving = ask_closing(by, days=7, words=False)
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        close_account(leaving.id)
    session().expire_all()


@both
@pytest.mark.parametrize("verdict", ReviewVerdict)
@pytest.mark.parametrize("gone", [False, True])
def test_what_was_at_stake_for_somebody_who_left_is_still_decided(
    cast: Cast, number: str, verdict: ReviewVerdict, gone: bool
):
    subject_id = interest(cast, number)
    review = flag_words(cast.owner, SubjectKind.INTEREST, subject_id, reason=FlagReason.INSULT)
    closed(cast.tenant)
    assert words_of(SubjectKind.INTEREST, subject_id) == {"words": ERASED}
    if gone:  # as the versions before left it
        session().execute(delete(Interest))
        session().commit()
    assert sheet_of(cast.moderator, review.id).text == ("" if gone else ERASED)
    decide_review(cast.moderator, review.id, verdict=verdict, reason=FlagReason.INSULT)
    assert session().get_one(Review, review.id).decided_by == cast.moderator.person_id
    assert sheet_of(cast.moderator, review.id, open_seal=True).text == ("" if gone else ERASED)


@both
@pytest.mark.parametrize("gone", [False, True])
def test_an_appeal_of_somebody_who_left_is_still_answered_and_brings_nothing_back(cast: Cast, number: str, gone: bool):
    subject_id = interest(cast, number)
    review, _ = taken_down(cast, SubjectKind.INTEREST, subject_id)
    appeal_removal(cast.tenant, review.id, words="说的是事实。")
    closed(cast.tenant)
    if gone:
        session().execute(delete(Interest))
        session().commit()
    answer_removal_appeal(cast.street_office, review.id, granted=True, words="恢复。")
    assert session().get_one(Review, review.id).state is ReviewState.RESTORED
    assert (count(Interest), covered_fields(SubjectKind.INTEREST, subject_id)) == (0 if gone else 1, frozenset())
    assert gone or words_of(SubjectKind.INTEREST, subject_id) == {"words": ERASED}
    assert count(SealedWords) == 0
