"""What is kept between requests saves queries, and never shows anybody what they may not see, or what is over."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask, g, request, url_for
from flask import session as cookie
from flask_wtf.csrf import generate_csrf
from markupsafe import escape
from sqlalchemy.orm import object_session

from cogov import create_app
from cogov.ground.db import db
from cogov.ground.pages import LOOKS, once_token, page
from cogov.ground.tokens import for_many, with_own_tokens
from cogov.journal.kept import VALUES, Memory, kept, kept_for_anyone
from cogov.journal.transaction import transaction
from cogov.people.commands import correct_organization
from cogov.people.rules import ANYONE
from cogov.people.views.me import MODES
from cogov.places.commands import change_setting
from cogov.places.queries import place_by_id, setting
from cogov.places.rules import Setting
from cogov.problems.commands import follow_problem, second_problem, triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.threads.commands import post_message, raise_concern
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.conftest import Count
from tests.databases import both
from tests.journeys.walking import raise_something

Counted = Callable[[], AbstractContextManager[Count]]
ClientOf = Callable[[str | None], Any]


def _text(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    text: str = answer.get_data(as_text=True)
    return text


def _words(client: Any, url: str) -> str:
    return re.sub(r"<[^>]+>", "", _text(client, url))


@pytest.fixture(autouse=True)
def _no_minute_ends() -> Iterator[None]:
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


LISTS = ("/problems", "/decisions", "/tasks", "/search?q=路灯", "/announcements")


def test_what_a_page_was_made_under_for_one_is_not_shown_to_others(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(None)
    strange = client.http.get("/announcements", base_url="http://localhost//elsewhere.example")
    assert "//elsewhere.example/static" in strange.text
    assert "elsewhere.example" not in _text(client, "/announcements")


def test_nobody_in_particular_is_shown_a_page_again_for_one_query(
    cast: Cast, client_of: ClientOf, counted: Counted
) -> None:
    number = raise_something(cast)
    for url in (*LISTS, "/", f"/problems/{number}?tab=solutions", "/places/990101001001", "/journal", "/help"):
        with counted() as count:
            first = _text(client_of(None), url)
            asked = len(count.statements)
            assert _text(client_of(None), url) == first
        assert len(count.statements) - asked == 1, (url, count.statements[asked:])


@pytest.mark.parametrize("who", ["resident", "dispatcher"])
def test_who_is_signed_in_costs_few_queries_once_anybody_has_read(
    cast: Cast, client_of: ClientOf, counted: Counted, who: str
) -> None:
    number, client = raise_something(cast), client_of(who)
    tabs = [f"/problems/{number}?tab={tab}" for tab in ("", "discussion", "solutions", "decisions", "case")]
    for url, most in [*((url, 6) for url in LISTS), *((tab, 12) for tab in tabs), ("/places/990101001001", 12)]:
        with counted() as count:
            _text(client, url)
            asked = len(count.statements)
            _text(client, url)
        assert len(count.statements) - asked <= most, (url, count.statements[asked:])


@both
def test_what_was_hidden_is_gone_from_every_kept_page(cast: Cast, client_of: ClientOf) -> None:
    number = raise_something(cast, text="东门路灯不亮了")
    anyone = client_of(None)
    pages = ("/problems", "/", f"/problems/{number}", "/search?q=路灯")
    assert all("东门路灯" in _words(anyone, url) for url in pages)
    triage_problem(
        cast.moderator, number, lane=Lane.M, reason=ReasonCode.DISPUTE, rule=RuleCode.R0, words="两家之间的事"
    )
    assert anyone.get(f"/problems/{number}").status_code == 404
    for url in ("/problems", "/", "/search?q=路灯"):
        assert "东门路灯" not in _words(client_of(None), url), url


def test_a_page_kept_by_one_process_follows_what_another_has_done(
    app: Flask, cast: Cast, client_of: ClientOf, tmp_path: Path
) -> None:
    number = raise_something(cast)
    url = f"/problems/{number}?tab=discussion"
    assert "另一边说的话" not in _text(client_of(None), url)
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    other = create_app({"TESTING": True, "DATA_DIR": str(tmp_path), "DATABASE_URL": address, "SECRET_KEY": "tests"})
    with other.app_context():
        post_message(cast.neighbour, number, kind=MessageKind.REASON, text="另一边说的话")
        db.session.remove()
        db.engine.dispose()
    db.session.remove()  # as at the end of every request
    assert "另一边说的话" in _text(client_of(None), url)


def test_what_a_role_is_shown_is_never_kept_for_others(cast: Cast, client_of: ClientOf) -> None:
    number = raise_something(cast)
    url = f"/problems/{number}"
    before = _text(client_of(None), url)
    moderators = _text(client_of("moderator"), url)
    assert "去分流" in moderators
    assert cast.moderator.pseudonym in moderators
    after = _text(client_of(None), url)
    assert after == before
    assert cast.moderator.pseudonym not in after
    # Nor the other way round: who is signed in gets their own page, not the one kept for anybody.
    assert "去分流" in _text(client_of("moderator"), url)
    assert client_of("moderator").get(url).headers["Cache-Control"] == "private, no-store"


def test_a_frame_drawn_once_holds_nobody_elses_name_token_or_way_back(
    app: Flask, cast: Cast, client_of: ClientOf
) -> None:
    names = {"resident": cast.resident.pseudonym, "neighbour": cast.neighbour.pseudonym}
    clients = {who: client_of(who) for who in names}
    tokens: dict[str, set[str]] = {who: set() for who in names}
    for url in ("/problems?lane=B&after=%22%3Cb%3E", "/decisions", "/problems?lane=B&after=%22%3Cb%3E"):
        with app.test_request_context(url):
            back = escape(url_for("people.modes", then=request.full_path.rstrip("?")))
        for who, name in names.items():
            text = _text(clients[who], url)
            assert name in text
            assert [other for other in names.values() if other != name and other in text] == []
            assert text.count(f'href="{back}') >= 3, (who, url)
            assert not re.search("put-[0-9a-f]{16}", text)
            tokens[who] |= set(re.findall(r'name="csrf_token" value="([^"]+)"', text))
    assert all(tokens.values())
    assert not tokens["resident"] & tokens["neighbour"]
    # What its owner sends with it is taken: the token is the one of their own form.
    for who, client in clients.items():
        sent = client.http.post("/sign-out", data={"csrf_token": tokens[who].pop()})
        assert sent.status_code == 303
        assert names[who] not in _text(client, "/decisions")


def test_the_forms_of_a_dossier_drawn_once_carry_the_tokens_of_who_reads(cast: Cast, client_of: ClientOf) -> None:
    number = raise_something(cast)
    clients = {who: client_of(who) for who in ("neighbour", "tenant")}
    seen: dict[str, list[str]] = {}
    for who, client in [*clients.items(), *clients.items()]:
        text = _text(client, f"/problems/{number}")
        assert f'action="/problems/{number}/second"' in text
        assert not re.search("put-[0-9a-f]{16}", text)
        tokens = set(re.findall(r'name="csrf_token" value="([^"]+)"', text))
        assert len(tokens) == 1
        seen.setdefault(who, []).extend((*tokens, *re.findall(r'name="once" value="([^"]+)"', text)))
    assert not set(seen["neighbour"]) & set(seen["tenant"])
    once = [name for names in seen.values() for name in (names[1], names[3])]
    assert len(set(once)) == 4
    for who, client in clients.items():
        data = {"csrf_token": seen[who][2], "once": seen[who][3]}
        assert client.http.post(f"/problems/{number}/second", data=data).status_code == 303
        assert f'action="/problems/{number}/second"' not in _text(client, f"/problems/{number}")


def test_each_form_of_a_part_drawn_once_has_a_token_of_its_own_to_be_sent_once(app: Flask) -> None:
    with app.test_request_context("/"):
        own = generate_csrf()
        with for_many():
            part = f"{once_token()} {generate_csrf()} {once_token()} {generate_csrf()}"
        assert own not in part
        first, one, second, other = with_own_tokens(part, once_token).split()
        assert generate_csrf() == one == other == own
    assert len({first, second, *part.split()}) == 4


def test_what_is_drawn_for_many_leaves_no_token_behind(app: Flask) -> None:
    @for_many()
    def fails() -> None:
        assert generate_csrf() == generate_csrf()
        raise ZeroDivisionError

    with app.test_request_context("/"):
        with pytest.raises(ZeroDivisionError):
            fails()
        assert "csrf_token" not in g
        assert once_token() != once_token()
        assert "csrf_token" not in cookie


def test_no_page_of_anybody_carries_a_token(cast: Cast, client_of: ClientOf) -> None:
    number = raise_something(cast)
    for tab in ("", "discussion", "concerns", "solutions", "decisions", "tasks", "case"):
        answer = client_of(None).get(f"/problems/{number}?tab={tab}")
        assert "Set-Cookie" not in answer.headers, tab
        assert 'name="once"' not in answer.get_data(as_text=True), tab


@pytest.mark.parametrize("token", [generate_csrf, once_token])
def test_a_page_with_a_token_is_made_anew_for_everybody(app: Flask, token: Callable[[], str]) -> None:
    made: list[str] = []

    @kept_for_anyone
    def view() -> Any:
        made.append(token())
        return page("front/help/index.html")

    for _ in range(2):
        with app.test_request_context("/help"):
            g.actor, g.sign_in = ANYONE, None
            assert view().status_code == 200
            g.pop("csrf_token", None)
            g.pop("once_token", None)
    assert len(set(made)) == 2


def test_a_message_to_one_reader_is_not_kept_and_not_missed(cast: Cast, client_of: ClientOf) -> None:
    _text(client_of(None), "/problems")
    reader = client_of(None)
    with reader.http.session_transaction() as cookie:
        cookie["_flashes"] = [("done", "只对您说的一句话")]
    assert "只对您说的一句话" in _text(reader, "/problems")
    assert "只对您说的一句话" not in _text(client_of(None), "/problems")


def test_looks_and_languages_are_kept_apart(client_of: ClientOf) -> None:
    assert set(LOOKS) == set(MODES)
    reader = client_of(None)
    plain = _text(reader, "/help")
    for name, values in MODES.items():
        for value in values:
            reader.http.set_cookie(name, value)
            looked = _text(reader, "/help")
            if not plain.startswith(looked[:200]):
                assert looked != plain
            reader.http.delete_cookie(name)
    assert _text(reader, "/help") == plain
    english = reader.get("/help", headers={"Accept-Language": "en"}).get_data(as_text=True)
    assert re.search('<html[^>]* lang="en"', english)
    assert _text(reader, "/help") == plain


def test_a_page_that_has_not_changed_is_not_sent_again(cast: Cast, client_of: ClientOf) -> None:
    reader = client_of(None)
    first = reader.get("/problems")
    assert first.headers["Cache-Control"] == "no-cache"
    tag = {"If-None-Match": first.headers["ETag"]}
    again = reader.get("/problems", headers=tag)
    assert (again.status_code, again.get_data()) == (304, b"")
    raise_something(cast)
    assert reader.get("/problems", headers=tag).status_code == 200


def test_a_command_reads_past_what_is_kept(app: Flask, cast: Cast) -> None:
    code = "990101001001"
    with app.test_request_context("/"):
        before = setting(code, Setting.CONCERN_ANSWER_DAYS)
        with transaction():
            made = [kept("x", lambda: 1), kept("x", lambda: 2)]
        assert made == [1, 2]
        change_setting(cast.administrator, code=code, name=Setting.CONCERN_ANSWER_DAYS, value=before + 1)
        assert setting(code, Setting.CONCERN_ANSWER_DAYS) == before + 1


def test_kept_rows_belong_to_no_session(app: Flask, cast: Cast) -> None:
    with app.test_request_context("/"):
        place = place_by_id(1)
        assert place_by_id(1) is place
        assert object_session(place) is None


def test_the_memory_is_bounded_and_gives_up_what_was_unused_longest() -> None:
    memory, version = Memory(10), ("a", 0)
    memory.put("one", version, 1, 4)
    memory.put("two", version, 2, 4)
    assert memory.get("one", version) == 1
    memory.put("three", version, 3, 4)
    assert [memory.get(key, version) for key in ("one", "two", "three")] == [1, None, 3]
    assert memory.get("one", ("b", 0)) is None
    memory.put("large", version, 4, 11)
    assert memory.get("large", version) is None


def test_long_lists_do_not_pile_up_under_names_that_nobody_asks_for_again(app: Flask) -> None:
    made: list[int] = []

    def lines(turn: int) -> list[int]:
        made.append(turn)
        return [turn] * 100

    turns = VALUES // 100 + 1
    with app.test_request_context("/"):
        for turn in [*range(turns), turns - 1, 0]:
            assert kept(("lines", turn), functools.partial(lines, turn))[0] == turn
    assert made == [*range(turns), 0]


def test_what_is_hidden_stands_in_the_lists_of_those_it_concerns_alone(cast: Cast, client_of: ClientOf) -> None:
    number = raise_something(cast, text="东门路灯不亮了")
    everybody = ("resident", "neighbour", "moderator", None)
    assert all("东门路灯" in _words(client_of(who), "/problems") for who in everybody)
    triage_problem(
        cast.moderator, number, lane=Lane.M, reason=ReasonCode.DISPUTE, rule=RuleCode.R0, words="两家之间的事"
    )
    for _ in range(2):  # whoever reads first, and again from what is kept then
        for who, seen in (("resident", True), ("neighbour", False), ("moderator", True), (None, False)):
            assert ("东门路灯" in _words(client_of(who), "/problems")) is seen, who
            assert client_of(who).get(f"/problems/{number}").status_code == (200 if seen else 404), who


def test_following_leaves_no_entry_and_is_counted_at_once(cast: Cast, client_of: ClientOf) -> None:
    number = raise_something(cast)
    neighbour = client_of("neighbour")
    assert "我关注的" not in _words(neighbour, "/problems")
    follow_problem(cast.neighbour, number)
    assert "我关注的" in _words(neighbour, "/problems")
    assert "我关注的" not in _words(client_of("moderator"), "/problems")


@pytest.mark.parametrize("who", ["resident", "neighbour"])
def test_parts_of_a_page_and_addresses_are_kept_for_each_place_of_mounting(
    cast: Cast, client_of: ClientOf, who: str
) -> None:
    number, client = raise_something(cast), client_of(who)
    for url in ("/problems", f"/problems/{number}"):
        strange = client.http.get(url, base_url="http://localhost/elsewhere").text
        plain = _text(client, url)
        assert f'href="/elsewhere/problems/{number}' in strange
        assert f'href="/problems/{number}' in plain
        assert "elsewhere" not in plain


def test_a_part_from_memory_names_the_sheets_it_needs(cast: Cast, client_of: ClientOf) -> None:
    number = raise_something(cast)
    for url in ("/problems", f"/problems/{number}"):
        first, again = (_text(client_of("resident"), url) for _ in range(2))
        assert re.findall(r"css/(\w+)\.css", first) == re.findall(r"css/(\w+)\.css", again)


def test_many_rows_cost_no_more_queries_than_one(cast: Cast, client_of: ClientOf, counted: Counted) -> None:
    asked: list[tuple[int, int]] = []
    client = client_of("neighbour")
    for more in (1, 12):
        for _ in range(more):
            raise_something(cast)
        with counted() as count:
            _text(client, "/problems")
            cold = len(count.statements)
            _text(client, "/problems")
        asked.append((cold, len(count.statements) - cold))
    assert asked[0] == asked[1]
    assert asked[0][1] <= 4


# One problem and the others -----------------------------------------------------------------------------------------

TABS = ("", "discussion", "concerns", "solutions", "decisions", "tasks", "case")


def test_what_happens_elsewhere_leaves_a_dossier_as_it_was_kept(
    cast: Cast, client_of: ClientOf, counted: Counted
) -> None:
    mine, other = raise_something(cast), raise_something(cast)
    client = client_of("neighbour")
    for tab in TABS:
        url = f"/problems/{mine}?tab={tab}"
        with counted() as count:
            _text(client, url)
            asked = len(count.statements)
            _text(client, url)
            warm = len(count.statements) - asked
            post_message(cast.resident, other, kind=MessageKind.REASON, text="那边的一句话")
            asked = len(count.statements)
            _text(client, url)
        # Whether somebody has a hidden problem of their own is asked of all problems.
        assert len(count.statements) - asked <= warm + 1, (tab, count.statements[asked:])


def test_right_after_a_step_a_page_costs_few_queries_however_much_there_is(
    cast: Cast, client_of: ClientOf, counted: Counted
) -> None:
    number, client = raise_something(cast), client_of("neighbour")
    tabs = {f"/problems/{number}?tab={tab}": 25 for tab in ("", "discussion", "concerns", "solutions", "tasks")}
    asked: dict[str, list[int]] = {}
    for more in (2, 8):
        for index in range(more):
            raise_something(cast)
            post_message(cast.resident, number, kind=MessageKind.REASON, text=f"第 {index} 句话")
        for url in ("/problems", *tabs):
            with counted() as count:
                _text(client, url)
                post_message(cast.resident, number, kind=MessageKind.REASON, text="又一句话")
                before = len(count.statements)
                _text(client, url)
            asked.setdefault(url, []).append(len(count.statements) - before)
            assert asked[url][-1] <= tabs.get(url, 8), (url, count.statements[before:])
    assert all(few == many for few, many in asked.values()), asked


def test_a_kept_dossier_is_the_one_that_would_be_made_anew(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    """Whatever commands do, to this problem, to another, or to the registers."""
    mine, other = raise_something(cast), raise_something(cast, text="东门路灯不亮了")
    readers = [client_of("neighbour"), client_of("moderator")]
    urls = [f"/problems/{mine}?tab={tab}" for tab in ("", "discussion", "concerns", "decisions", "tasks")]
    urls += [f"/problems/{other}", "/problems"]

    def shown() -> list[str]:
        return [_steady(reader.get(url).get_data(as_text=True)) for reader in readers for url in urls]

    before = shown()
    for change in _changes(cast, mine, other):
        change()
        now_shown = shown()
        assert now_shown != before
        app.extensions["kept"].forget()
        before = shown()
        for kept_one, fresh in zip(now_shown, before, strict=True):
            assert kept_one == fresh


def _steady(text: str) -> str:
    """Leave out what is another for each request by its nature."""
    return re.sub(r'(value|content|nonce)="[\w.-]{20,}"', "", text)


def _changes(cast: Cast, mine: str, other: str) -> list[Callable[[], object]]:
    committee = cast.organizations["committee"]
    return [
        lambda: post_message(cast.resident, mine, kind=MessageKind.REASON, text="这边的一句话"),
        lambda: post_message(cast.resident, other, kind=MessageKind.REASON, text="那边的一句话"),
        lambda: second_problem(cast.neighbour, mine),
        lambda: raise_concern(cast.neighbour, mine, harm="会吵到一楼", remedy="换个地方"),
        lambda: correct_organization(cast.administrator, committee, name="换了名字的居委会", short_name="", contact=""),
        lambda: triage_problem(cast.moderator, other, same_as=mine, words="是同一件事"),
        # Its title stands in the timeline of the one that was joined to it, until it is hidden.
        lambda: triage_problem(
            cast.moderator, mine, lane=Lane.M, reason=ReasonCode.DISPUTE, rule=RuleCode.R0, words="两家之间的事"
        ),
    ]
