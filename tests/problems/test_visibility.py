"""Who sees what: a hidden problem does not exist for whoever has no part in it, whichever way they ask."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from cogov.ground.db import session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.people.rules import ANYONE, CLOCK
from cogov.problems.commands import (
    appeal_triage,
    confirm_problem,
    note_accountable,
    second_problem,
    triage_problem,
)
from cogov.problems.queries import (
    details,
    list_problems,
    needs,
    panel,
    problem_by_id,
    problem_for,
    problem_for_change,
    rows_of,
    visible,
)
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.stages import ConfirmationAnswer, Stage

SEE = ["resident", "moderator", "chair", "street_office", "dispatcher", "inspector", "closer"]
SEE_NOT = [
    "owner", "co_owner", "landlord", "tenant", "neighbour", "volunteer", "party_member", "grid_worker",
    "owners_committee", "official", "called_official", "auditor", "administrator", "complained_of", "outsider",
    "foreign_moderator",
]  # fmt: skip


@pytest.fixture
def hidden(raise_as):
    return raise_as("三楼的老李总在夜里敲墙，骂人，吓到孩子", names_person=True)


def actors(cast, names):
    return [(name, getattr(cast, name)) for name in names]


def test_those_with_a_part_see_a_hidden_problem(cast, hidden):
    for name, by in [*actors(cast, SEE), ("clock", CLOCK)]:
        assert problem_for(by, hidden.number).id == hidden.id, name
        assert problem_by_id(by, hidden.id).id == hidden.id, name
        assert visible(by, hidden.problem), name
        assert [row.id for row in list_problems(by, cast.community_id)] == [hidden.id], name


def test_for_everybody_else_it_does_not_exist(cast, hidden):
    for name, by in [*actors(cast, SEE_NOT), ("anyone", ANYONE)]:
        for load in (problem_for, problem_for_change):
            with pytest.raises(NotFound):
                load(by, hidden.number)
        with pytest.raises(NotFound):
            problem_by_id(by, hidden.id)
        assert not visible(by, hidden.problem), name
        assert list_problems(by, cast.community_id) == [], name
        assert rows_of(by, [hidden.id]) == {}, name
        assert needs(by) == [], name


def test_no_verb_betrays_that_it_exists(cast, hidden):
    with pytest.raises(NotFound):
        second_problem(cast.tenant, hidden.number)
    with pytest.raises(NotFound):
        triage_problem(cast.foreign_moderator, hidden.number)
    with pytest.raises(NotFound):
        appeal_triage(cast.complained_of, hidden.number, words="说的不是真的")
    with pytest.raises(NotFound):
        confirm_problem(cast.complained_of, hidden.number, answer=ConfirmationAnswer.FIXED)


def test_the_accountable_organization_sees_it_while_it_is(cast, hidden):
    note_accountable(CLOCK, hidden.id, cast.organizations["fire"])
    session().expire_all()
    assert problem_for(cast.official, hidden.number).id == hidden.id
    with pytest.raises(NotFound):
        problem_for(cast.called_official, hidden.number)
    note_accountable(CLOCK, hidden.id, cast.organizations["committee"])
    session().expire_all()
    with pytest.raises(NotFound):
        problem_for(cast.official, hidden.number)


def test_who_entered_it_for_somebody_sees_it(cast, raise_as):
    raised = raise_as("三楼的老李夜里敲墙", by=cast.grid_worker, on_behalf_of=cast.tenant.person_id, names_person=True)
    for by in (cast.grid_worker, cast.tenant):
        assert problem_for(by, raised.number).id == raised.id


def test_nobody_seconds_a_hidden_problem(cast, hidden):
    triage_problem(cast.moderator, hidden.number, lane=Lane.B, reason=ReasonCode.COMMONS, words="看过")
    session().expire_all()
    assert problem_for(cast.resident, hidden.number).hidden
    cast.refresh("moderator")
    refusal = panel(cast.chair, hidden.problem).refusal("second")
    assert refusal is not None


def test_a_quarrel_of_two_is_hidden_unless_the_moderator_opens_it(cast, raise_as):
    quarrel, open_one = raise_as(), raise_as("楼道里两家为鞋柜吵架")
    for raised, hidden in ((quarrel, None), (open_one, False)):
        triage_problem(
            cast.moderator, raised.number, lane=Lane.M, reason=ReasonCode.DISPUTE, words="两家的事", hidden=hidden
        )
    with pytest.raises(NotFound):
        problem_for(cast.tenant, quarrel.number)
    assert problem_for(cast.tenant, open_one.number).stage is Stage.MEDIATING


def test_the_moderator_may_open_what_was_held(cast, hidden):
    triage_problem(
        cast.moderator, hidden.number, lane=Lane.B, reason=ReasonCode.COMMONS, words="已请提出人改过", hidden=False
    )
    session().expire_all()
    assert problem_for(ANYONE, hidden.number).id == hidden.id
    second_problem(cast.tenant, hidden.number)


# Lists, panels, details -----------------------------------------------------------------------------------------------


def test_the_list_goes_on_where_it_stopped_and_keeps_to_its_filters(cast, raise_as):
    made = [raise_as(f"第 {n} 件事情要说", by=cast.owner if n % 2 else cast.resident) for n in range(7)]
    first = list_problems(cast.owner, cast.community_id, limit=3)
    rest = list_problems(cast.owner, cast.community_id, limit=9, before_id=first[-1].id)
    assert [row.number for row in (*first, *rest)] == [each.number for each in reversed(made)]
    assert len(list_problems(cast.owner, cast.community_id, mine=True)) == 3
    assert list_problems(ANYONE, cast.community_id, mine=True) == []
    assert list_problems(cast.owner, cast.community_id, stage=Stage.ENDED) == []
    assert list_problems(cast.owner, cast.community_id, grid_id=cast.grid_ids[1]) == []
    assert list_problems(cast.owner, cast.elsewhere_id) == []


def test_lists_needs_and_details_send_as_many_queries_for_many_as_for_one(cast, raise_as, counted):
    def measured():
        session().expire_all()
        session().rollback()
        numbers = []
        for read in (
            lambda: list_problems(cast.resident, cast.community_id),
            lambda: needs(cast.moderator),
            lambda: panel(cast.resident, problem_for(cast.resident, first.number)),
            lambda: details(read_entries()),
        ):
            with counted() as n:
                read()
            numbers.append(sum(not statement.startswith("BEGIN") for statement in n.statements))
        return numbers

    first = raise_as()
    one = measured()
    for n in range(6):
        raise_as(f"第 {n} 件要说的事情")
        second_problem(
            [cast.tenant, cast.owner, cast.neighbour, cast.landlord, cast.co_owner, cast.complained_of][n], first.number
        )
    assert measured() == one
    assert one[0] == 1


class Read:
    def __init__(self, entry):
        self.number, self.kind, self.facts = entry.number, entry.kind, json.loads(entry.facts)


def read_entries():
    return [
        Read(entry) for entry in session().scalars(select(JournalEntry).where(JournalEntry.problem_id.is_not(None)))
    ]


def test_details_hold_the_words_that_the_journal_does_not(cast, raise_as):
    raised = raise_as("路灯坏了。晚上看不见路")
    triage_problem(
        cast.moderator, raised.number, lane=Lane.X, reason=ReasonCode.CHANNEL, words="已立案", channel="法院"
    )
    found = {entry.kind: details([entry])[entry.number] for entry in read_entries() if details([entry])}
    assert found["ProblemRaised"]["words"] == "路灯坏了。晚上看不见路"
    assert (found["ProblemTriaged"]["words"], found["ProblemTriaged"]["channel"]) == ("已立案", "法院")
    facts = "".join(entry.facts for entry in session().scalars(select(JournalEntry)))
    assert "路灯" not in facts
    assert "法院" not in facts


def test_the_panel_says_why_not_with_the_words_of_the_command(cast, raise_as):
    raised = raise_as()
    shown = panel(cast.outsider, problem_for(cast.outsider, raised.number))
    with pytest.raises(Refused) as caught:
        second_problem(cast.outsider, raised.number)
    assert shown.refusal("second") == caught.value.refusal
    assert not shown.offers("second")
    assert panel(cast.tenant, raised.problem).can("second")
