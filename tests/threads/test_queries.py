"""What is read of a thread: pages that cost the same at any length, bylines, needs, sentences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from cogov.duties.queries import running
from cogov.duties.rules.purpose import Purpose
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.journal.reading import plain
from cogov.journal.transaction import transaction
from cogov.people.rules import ANYONE, CLOCK
from cogov.problems.queries import problem_for
from cogov.threads.commands import (
    agree_overruling,
    answer_concern,
    answer_minutes,
    due_concern,
    post_message,
    propose_amendment,
    propose_overruling,
    propose_solution,
    propose_summary,
    raise_concern,
    reject_amendment,
    revise_solution,
    withdraw_concern,
    write_summary,
)
from cogov.threads.models import Message, SolutionVersion, SummaryVersion
from cogov.threads.queries import counts, details, message_for, messages, needs, panel, replies
from cogov.threads.rules.concerns import ConcernState, settled_words
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.solutions import Content
from cogov.threads.rules.speaking import ThreadTab
from cogov.threads.rules.summaries import SummaryKind
from tests.cast import Cast


def fill(cast: Cast, problem_id: int, many: int, reply_to: int | None = None) -> list[int]:
    """Put many messages into a thread at once, as years of talk would."""
    with transaction():
        rows = [
            Message(
                problem_id=problem_id,
                reply_to_id=reply_to,
                person_id=cast.owner.person_id,
                kind=MessageKind.REASON,
                text=f"第 {i} 条",
                salt="0" * 32,
                at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=i),
            )
            for i in range(many)
        ]
        session().add_all(rows)
        session().flush()
        return [row.id for row in rows]


def test_a_thousand_messages_cost_as_many_queries_as_three(cast, number, counted):
    problem = problem_for(cast.owner, number)
    few = fill(cast, problem.id, 3)
    fill(cast, problem.id, 3, reply_to=few[0])
    session().expire_all()
    with counted() as small:
        panel(cast.owner, problem)
    fill(cast, problem.id, 1000)
    fill(cast, problem.id, 1000, reply_to=few[0])
    session().expire_all()
    with counted() as large:
        shown = panel(cast.owner, problem)
    assert len(large.statements) == len(small.statements)
    assert shown.messages is not None
    assert len(shown.messages.items) == 30
    assert shown.counts.messages == 2006


def test_concerns_and_solutions_cost_the_same_at_any_number(cast, number, counted):
    problem = problem_for(cast.owner, number)

    def one_more(i: int) -> None:
        concern = raise_concern(cast.tenant, number, harm=f"坏处 {i}", remedy="改小一点。").id
        version = propose_solution(cast.owner, number, title=f"方案 {i}", text="装灯。")
        answer_concern(
            cast.owner,
            concern,
            text="见方案。",
            solution_version_id=session().scalar(
                select(SolutionVersion.id).where(SolutionVersion.solution_id == version.id)
            ),
        )

    sizes: dict[ThreadTab, list[int]] = {ThreadTab.CONCERNS: [], ThreadTab.SOLUTIONS: []}
    for round_ in ((0, 1), (1, 6)):
        for i in range(*round_):
            one_more(i)
        for tab, seen in sizes.items():
            session().expire_all()
            with counted() as n:
                panel(cast.moderator, problem, tab)
            seen.append(len(n.statements))
    assert all(first == second for first, second in sizes.values())


def test_pages_go_back_and_forth_without_losing_or_repeating_a_message(cast, number):
    problem = problem_for(cast.owner, number)
    ids = fill(cast, problem.id, 75)
    newest = messages(problem.id)
    assert [m.id for m in newest.items] == ids[45:]
    assert newest.after is None
    middle = messages(problem.id, before=newest.before)
    oldest = messages(problem.id, before=middle.before)
    assert [m.id for m in (*oldest.items, *middle.items, *newest.items)] == ids
    assert oldest.before is None
    forth = messages(problem.id, after=oldest.after)
    assert [m.id for m in forth.items] == [m.id for m in middle.items]
    assert [m.id for m in messages(problem.id, after=forth.after).items] == ids[45:]


def test_replies_stand_under_their_message_the_latest_ten_with_their_number(cast, number):
    problem = problem_for(cast.owner, number)
    top = fill(cast, problem.id, 2)
    ids = fill(cast, problem.id, 12, reply_to=top[0])
    first, second = messages(problem.id).items
    assert [reply.id for reply in first.replies] == ids[2:]
    assert (first.reply_count, second.reply_count) == (12, 0)
    message, _ = message_for(cast.owner, top[0])
    assert [reply.id for reply in replies(message)[1].items] == ids


def test_a_byline_is_a_number_on_the_dossier_or_a_public_name_with_the_organization(cast, number):
    post_message(cast.owner, number, kind=MessageKind.REASON, text="太暗了。")
    post_message(cast.official, number, kind=MessageKind.EVIDENCE, text="我们来看过。")
    post_message(cast.volunteer, number, kind=MessageKind.SUGGESTION, text="我们可以帮忙装。")
    by_owner, by_body, by_association = (m.byline for m in messages(problem_for(cast.owner, number).id).items)
    assert (by_owner.kind, str(by_owner.name), by_owner.acting_for) == ("person", "住户 2", "")
    assert (by_body.kind, str(by_body.name), by_body.acting_for) == ("body", "经办official", "云溪区消防救援大队")
    assert (by_association.kind, by_association.acting_for) == ("organization", "绿苗环保社")


def test_a_concern_shows_what_each_reader_may_do(cast, number):
    raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。")
    problem = problem_for(cast.owner, number)

    def open_to(by: object) -> list[str]:
        window = panel(by, problem, ThreadTab.CONCERNS).concerns  # type: ignore[arg-type]
        assert window is not None
        (concern,) = window.items
        acts = ("answer", "overrule", "agree", "withdraw")
        return [act for act in acts if getattr(concern, f"why_not_{act}") is None]

    assert open_to(cast.tenant) == ["withdraw"]
    assert open_to(cast.moderator) == ["answer"]
    assert open_to(cast.chair) == ["overrule"]
    assert open_to(cast.outsider) == []
    assert open_to(ANYONE) == []
    propose_overruling(cast.chair, 1, reason="没有依据。")
    assert open_to(cast.street_office) == ["answer", "agree"]
    assert open_to(cast.chair) == []


def test_the_ledger_tells_what_became_of_each_concern(cast, number):
    for name in ("tenant", "owner", "neighbour"):
        raise_concern(getattr(cast, name), number, harm="整夜闪。", remedy="常亮。")
    solution = propose_solution(cast.landlord, number, title="常亮小灯", text="装常亮小灯。")
    version = session().scalars(select(SolutionVersion.id).where(SolutionVersion.solution_id == solution.id)).one()
    answer_concern(cast.moderator, 1, text="已改。", solution_version_id=version)
    propose_overruling(cast.chair, 2, reason="试过，不闪。")
    agree_overruling(cast.street_office, 2)
    shown = panel(cast.owner, problem_for(cast.owner, number), ThreadTab.CONCERNS)
    assert shown.concerns is not None
    answered, overruled, waiting = shown.concerns.items
    assert (shown.counts.concerns, shown.counts.open_concerns, shown.counts.overruled) == (3, 1, 1)
    assert answered.answer is not None
    assert (answered.answer.solution_number, answered.answer.solution_version) == (1, 1)
    assert overruled.overruling is not None
    assert overruled.overruling.agreed is not None
    assert overruled.overruling.agreed.acting_for == "青川街道办事处"
    assert (waiting.state, waiting.due_at is not None) == (ConcernState.OPEN, True)
    assert (shown.counts.concerns, shown.counts.open_concerns) == (3, 1)


def test_a_concern_waits_for_those_who_answer_and_not_for_its_author(cast, number):
    raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。")
    raise_concern(cast.owners_committee, number, harm="费电。", remedy="节能灯。")
    assert [need.kind for need in needs(cast.moderator)] == ["concern", "concern"]
    assert [str(need.line) for need in needs(cast.owners_committee)] == ["顾虑 1 等答复"]
    for name in ("tenant", "outsider", "foreign_moderator", "official", "street_office", "volunteer"):
        assert needs(getattr(cast, name)) == [], name
    answer_concern(cast.moderator, 1, text="会改。")
    assert len(needs(cast.moderator)) == 1


def test_the_street_office_is_asked_once_a_concern_is_overdue_or_to_be_overruled(cast, number):
    concern = raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。").id
    clock = running(Purpose.CONCERN, concern)
    assert clock is not None
    with time_machine.travel(clock.due_at + timedelta(hours=1), tick=False):
        due_concern(CLOCK, concern)
    assert [need.kind for need in needs(cast.street_office)] == ["concern"]
    propose_overruling(cast.chair, concern, reason="没有依据。")
    assert [need.kind for need in needs(cast.street_office)] == ["concern_overruling"]
    assert needs(cast.chair) == []


def test_whoever_is_not_signed_in_is_asked_for_nothing_and_costs_no_query(cast, number, counted):
    with counted() as n:
        assert needs(ANYONE) == []
    assert n.statements == []
    assert needs(cast.tenant) == []


def kinds(by) -> list[str]:
    return [need.kind for need in needs(by)]


EVERYBODY = (
    "resident", "tenant", "owner", "landlord", "neighbour", "moderator", "owners_committee", "chair", "street_office",
    "official", "volunteer", "outsider", "foreign_moderator",
)  # fmt: skip


def asked(cast, kind) -> set[str]:
    return {name for name in EVERYBODY if kind in kinds(getattr(cast, name))}


def amended(cast, by, amender, number):
    solution = propose_solution(by, number, title="装灯", text="每层一盏。")
    content = Content("装灯", "每层两盏，人来才亮。")
    return propose_amendment(amender, solution.id, content=content, why="太暗。")


def test_a_change_waits_for_who_proposed_the_solution_and_later_for_those_who_may_answer_in_their_stead(
    cast, number, client_of
):
    amendment = amended(cast, cast.resident, cast.tenant, number)
    (need,) = needs(cast.resident)
    assert (need.kind, str(need.line)) == ("amendment", "您的方案 1“装灯”有一条修改，等您答复")
    assert asked(cast, "amendment") == {"resident"}
    home = client_of("resident").get("/").text
    assert f'href="/amendments/{amendment.id}"' in home
    assert "等您答复" in home
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        assert asked(cast, "amendment") == {"resident", "moderator", "owners_committee"}
        desk = client_of("moderator").get("/work").text
        assert f'href="/amendments/{amendment.id}"' in desk
        assert "太暗。" in desk
    reject_amendment(cast.resident, amendment.id, words="先试一种。")
    assert asked(cast, "amendment") == set()


def test_a_change_waits_for_everybody_of_the_organization_whose_solution_it_is(cast, number):
    amended(cast, cast.official, cast.tenant, number)
    assert asked(cast, "amendment") == {"official"}
    assert str(needs(cast.official)[0].line) == "您的方案 1“装灯”有一条修改，等您答复"


def test_a_change_to_a_hidden_or_ended_matter_waits_for_nobody(cast, number):
    amended(cast, cast.resident, cast.tenant, number)
    problem = problem_for(cast.resident, number)
    problem.hidden = True
    session().commit()
    assert asked(cast, "amendment") == set()


def test_minutes_wait_for_those_who_took_part_until_they_answer(cast, number, client_of):
    for by in (cast.tenant, cast.owner, cast.moderator):
        post_message(by, number, kind=MessageKind.REASON, text="灯太暗了。")
    write_summary(cast.moderator, number, kind=SummaryKind.MINUTES, text="大家都说灯太暗。", base=0)
    raiser = {name for name in EVERYBODY if getattr(cast, name).person_id == problem_for(cast.owner, number).raiser_id}
    assert asked(cast, "minutes") == {"tenant", "owner"} | raiser
    assert "第 1 版纪要请您看" in client_of("tenant").get("/").text
    version = session().scalars(select(SummaryVersion.id)).one()
    answer_minutes(cast.tenant, version, endorses=True)
    assert asked(cast, "minutes") == {"owner"} | raiser
    write_summary(cast.moderator, number, kind=SummaryKind.MINUTES, text="大家都说灯太暗，也有人怕费电。", base=1)
    assert asked(cast, "minutes") == {"tenant", "owner"} | raiser
    with time_machine.travel(now() + timedelta(days=15), tick=False):
        assert asked(cast, "minutes") == set()


def test_a_proposed_summary_waits_for_those_who_keep_it(cast, number, client_of):
    propose_summary(cast.tenant, number, text="大家都说灯太暗。", base=0)
    assert asked(cast, "summary") == {"moderator", "chair", "owners_committee"}
    assert "有人提议修改总结" in client_of("moderator").get("/work?part=proposals").text
    propose_summary(cast.owners_committee, number, text="灯太暗，要换。", base=0)
    assert kinds(cast.owners_committee).count("summary") == 1


def test_what_waits_costs_as_many_queries_however_much_waits(cast, number, counted):
    for name in ("moderator", "resident"):
        by = getattr(cast, name)
        amended(cast, by, cast.tenant, number)
        needs(by)
        with counted() as few:
            needs(by)
        for who in (cast.owner, cast.landlord, cast.neighbour):
            amended(cast, by, who, number)
        needs(by)
        with counted() as many:
            needs(by)
        assert len(many.statements) == len(few.statements) <= 4


def test_every_entry_of_a_thread_finds_its_words(cast, number, counted):
    post_message(cast.owner, number, kind=MessageKind.REASON, text="太暗了。")
    raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。")
    answer_concern(cast.moderator, 1, text="会改成常亮。")
    raise_concern(cast.tenant, number, harm="费电。", remedy="节能灯。")
    propose_overruling(cast.chair, 2, reason="一年不到十元。")
    agree_overruling(cast.street_office, 2)
    raise_concern(cast.tenant, number, harm="难看。", remedy="换样子。")
    withdraw_concern(cast.tenant, 3)
    solution = propose_solution(cast.owner, number, title="装灯", text="每层一盏。")
    revise_solution(cast.owner, solution.id, title="装小灯", text="每层两盏。")
    entries = [plain(row) for row in session().scalars(select(JournalEntry).order_by(JournalEntry.number))]
    with counted() as n:
        told = details(entries)
    by_kind = {entry.kind: told[entry.number] for entry in entries if entry.number in told}
    assert by_kind["MessagePosted"]["words"] == "太暗了。"
    assert by_kind["ConcernAnswered"]["words"] == "会改成常亮。"
    assert by_kind["OverrulingProposed"]["words"] == "一年不到十元。"
    assert (by_kind["SolutionProposed"]["title"], by_kind["SolutionRevised"]["title"]) == ("装灯", "装小灯")
    assert len(n.statements) <= 5


def test_counts_are_those_of_one_problem(cast, number):
    raise_concern(cast.tenant, number, harm="整夜闪。", remedy="常亮。")
    problem_id = problem_for(cast.owner, number).id
    assert (counts(problem_id).concerns, counts(problem_id + 1).concerns) == (1, 0)


@pytest.mark.parametrize(("by", "exact"), [("owner", True), ("official", True), ("outsider", False)])
def test_times_are_exact_for_people_of_the_place_only(cast, number, by, exact):
    assert panel(getattr(cast, by), problem_for(cast.owner, number)).exact_times is exact
    assert now().tzinfo is UTC


def test_what_was_not_followed_or_taken_back_is_not_called_answered():
    assert str(settled_words(2, overruled=0, withdrawn=0)) == "2 条顾虑，都答复了"
    assert str(settled_words(2, overruled=1, withdrawn=0)) == "2 条顾虑，都有了结果：答复 1 条，没有采纳 1 条"
    told = str(settled_words(3, overruled=1, withdrawn=1))
    assert told == "3 条顾虑，都有了结果：答复 1 条，没有采纳 1 条，提出人撤回 1 条"


def test_the_chair_is_offered_what_a_chair_may_do_about_concerns(cast, number, client_of):
    raise_concern(cast.tenant, number, harm="太亮。", remedy="换灯。")
    assert "去答复" in client_of("moderator").get(f"/problems/{number}").get_data(as_text=True)
    page = client_of("chair").get(f"/problems/{number}").get_data(as_text=True)
    assert "去答复" not in page
    assert "您可以写明理由提出不采纳" in page
