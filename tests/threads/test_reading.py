"""How far somebody has read: kept for them alone, and it leads to the first message that is new to them."""

from __future__ import annotations

from cogov.ground.db import session
from cogov.journal.models import JournalEntry
from cogov.people.rules import ANYONE
from cogov.problems.queries import problem_for
from cogov.threads.commands import mark_read, post_message
from cogov.threads.queries.reading import Reading, reading
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.databases import both
from tests.threads.test_commands import count, refused


def said(cast: Cast, number: str, name: str = "tenant", reply_to: int | None = None) -> int:
    text = f"{name} 说的第 {count(JournalEntry)} 句。"
    return post_message(getattr(cast, name), number, kind=MessageKind.REASON, text=text, reply_to=reply_to).id


@both
def test_what_came_since_is_counted_and_the_first_of_it_is_known(cast, number):
    problem = problem_for(cast.owner, number).id
    first = said(cast, number)
    assert reading(cast.owner, problem) == Reading(marked=False)
    mark_read(cast.owner, number, message=first)
    assert reading(cast.owner, problem) == Reading(marked=True)
    reply = said(cast, number, reply_to=first)
    said(cast, number, "owner")
    said(cast, number, "landlord")
    assert reading(cast.owner, problem) == Reading(marked=True, count=2, first=reply)
    assert reading(cast.neighbour, problem) == Reading(marked=False)
    mark_read(cast.owner, number)
    assert reading(cast.owner, problem) == Reading(marked=True)


def test_a_page_in_the_middle_marks_what_stands_on_it_and_never_goes_back(cast, number):
    problem = problem_for(cast.owner, number).id
    ids = [said(cast, number) for _ in range(4)]
    mark_read(cast.owner, number, message=ids[1])
    assert reading(cast.owner, problem) == Reading(marked=True, count=2, first=ids[2])
    mark_read(cast.owner, number, message=ids[0])
    assert reading(cast.owner, problem) == Reading(marked=True, count=2, first=ids[2])


def test_reading_is_not_written_down_and_costs_nothing_to_who_is_not_signed_in(cast, number, counted):
    said(cast, number)
    problem = problem_for(cast.owner, number).id
    before = count(JournalEntry)
    mark_read(cast.owner, number)
    assert count(JournalEntry) == before
    with counted() as asked:
        assert reading(ANYONE, problem) is None
    assert asked.statements == []
    with refused("sign_in_first"):
        mark_read(ANYONE, number)


def test_the_discussion_offers_to_go_on_where_one_has_stopped(cast, number, client_of):
    said(cast, number)
    owner = client_of("owner")
    page = owner.get(f"/problems/{number}?tab=discussion").get_data(as_text=True)
    assert "data-read" in page
    mark_read(cast.owner, number)
    assert "data-read" not in owner.get(f"/problems/{number}?tab=discussion").get_data(as_text=True)
    new = said(cast, number)
    page = owner.get(f"/problems/{number}?tab=discussion").get_data(as_text=True)
    assert "有 1 条新发言" in page
    assert f'href="/messages/{new}"' in page
    assert "data-read" not in client_of("landlord").get("/").get_data(as_text=True)
    session().rollback()
