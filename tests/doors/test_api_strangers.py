"""Programs learn nothing that pages keep: what is hidden is not there, and no field says more than its page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from cogov.ground.api import PREFIX
from tests.cast import HERE
from tests.doors.house import House, Kept, nothing_written
from tests.doors.places import HIDDEN, NO_NUMBER, NOWHERE, built
from tests.doors.programs import CALLS, Call
from tests.doors.world import SECRET

STRANGERS = ("outsider", "complained_of", "foreign_moderator", "tenant", None)
PARTS = ("resident", "moderator", "street_office", "chair", "official", "called_official", "neighbour", "owner")


def _doors(house: House) -> Iterator[tuple[str, Call, str, str]]:
    """Return each address about something hidden, and the same about what does not exist, with what is sent there."""
    calls = {call.operation: call for call in CALLS}
    for rule in house.app.url_map.iter_rules():
        if not rule.rule.startswith(PREFIX):
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            about = rule.arguments & {*HIDDEN, "number"}
            if about:
                yield method, calls[_operation(house, rule)], *_addresses(house, rule, about, method)


def _operation(house: House, rule: Rule) -> str:
    view: Any = house.app.view_functions[rule.endpoint]
    return str(view._apidoc["manual_doc"]["operationId"])


def _addresses(house: House, rule: Rule, about: set[str], method: str) -> tuple[str, str]:
    ids, numbers = house.world.ids, house.world.numbers
    there: dict[str, object] = {name: ids[HIDDEN[name]] for name in about - {"number"}}
    nothing: dict[str, object] = dict.fromkeys(about - {"number"}, NOWHERE)
    if "number" in about:
        there["number"], nothing["number"] = numbers["hidden"], NO_NUMBER
    if "picture_id" in rule.arguments:
        there["picture_id"] = nothing["picture_id"] = ids["picture:hidden"]
    if "what" in rule.arguments:
        there["what"] = nothing["what"] = "concern"
    urls = (built(house, rule, parts, method).removeprefix(PREFIX) for parts in (there, nothing))
    return next(urls), next(urls)


def _ask(house: House, name: str | None, method: str, call: Call, url: str) -> TestResponse:
    return house.ask(name, method, url, call.sent(house.world), query_string=call.asked(house.world))


@pytest.mark.parametrize("name", STRANGERS, ids=str)
def test_what_is_hidden_answers_programs_as_if_it_did_not_exist(house: House, kept: Kept, name: str | None) -> None:
    doors, faults = list(_doors(house)), []
    assert len(doors) > 55
    for method, call, url, nowhere in doors:
        with nothing_written(kept):
            there, nothing = (_ask(house, name, method, call, each) for each in (url, nowhere))
        if (there.status_code, there.text) != (nothing.status_code, nothing.text):
            faults.append(f"{method} {url}: {there.status_code}, but {nothing.status_code} for what does not exist")
        # A ballot comes without a name: with one it is refused before anything is looked for.
        shut = (401, 404, 422) if call.operation == "drop_ballot" else (401, 404)
        if SECRET in there.text or there.status_code not in shut:
            faults.append(f"{method} {url}: {there.status_code} {there.text}")
    assert faults == []


def test_those_with_a_part_find_what_is_hidden_through_every_door(house: House, kept: Kept) -> None:
    shut = []
    for method, call, url, _ in _doors(house):
        found = False
        for name in (call.who or "resident", *PARTS):
            found = found or _ask(house, name, method, call, url).status_code != 404
            kept.put_back()
        shut += [] if found else [f"{method} {url}"]
    # What became of a decision, and what is objected to: it is said of one that is counted, and the hidden one is not;
    # nor is it a secret one.
    assert [each for each in shut if not each.endswith(("/outcome", "/objections", "/box", "/token"))] == []


@pytest.mark.parametrize("name", STRANGERS, ids=str)
def test_no_list_for_programs_names_what_is_hidden(house: House, name: str | None) -> None:
    number = house.world.numbers["hidden"]
    lists = [f"{each}?place={HERE}" for each in ("/problems", "/tasks", "/decisions", "/announcements")]
    own = [] if name is None else ["/notices", f"/problems?place={HERE}&mine=true", "/tasks?show=verify", "/cases"]
    for url in [*lists, *own]:
        text = house.ask(name, "GET", url).text
        assert SECRET not in text, url
        assert number not in text, url


@pytest.mark.parametrize("name", ["outsider", "foreign_moderator", "auditor", "administrator"])
def test_a_program_without_a_part_in_a_place_changes_nothing_there(house: House, kept: Kept, name: str) -> None:
    for call in CALLS:
        rule = next(each for each in house.app.url_map.iter_rules() if _is(house, each, call.operation))
        method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        if method == "GET" or call.operation in OWN | ALSO.get(name, set()) or call.who == name:
            continue
        before = house.number()
        answer = _ask(house, name, method, call, built(house, rule, call.path(house.world), method)[len(PREFIX) :])
        assert answer.status_code in (403, 404, 409, 422), (call.operation, answer.text)
        assert house.number() == before, call.operation
        assert not kept.written(), call.operation


OWN = {"change_pseudonym", "keep_picture", "follow_problem", "mark_read", "read_notices", "choose_notices"} | {
    "keep_document",
    "open_decision",
    "close_decision",
}
"""What everybody may do for themselves; and saying to the clock that its hour has come, which changes no outcome."""
KEPT = {"write_ballot_template", "change_ballot_template", "retire_ballot_template"}
ALSO = {
    "auditor": {"flag_message", "flag_statement", "flag_text"},
    "administrator": {
        "flag_message",
        "flag_statement",
        "flag_text",
        "confirm_rule",
        "decline_rule",
        "settle_authority",
        "end_authority",
    }
    | KEPT,
}
"""What is the work of somebody else in these tests, and theirs as well."""


def _is(house: House, rule: Rule, operation: str) -> bool:
    return rule.endpoint.startswith("api_") and rule.endpoint != "api_document" and _operation(house, rule) == operation


# Field by field -------------------------------------------------------------------------------------------------------

READERS = (None, "outsider", "neighbour", "official")

WORDS = frozenset(
    {
        "title",
        "building",
        "text",
        "spot",
        "grid",
        "grid_name",
        "accountable",
        "body",
        "channel",
        "harm",
        "remedy",
        "name",
        "acting_for",
        "question",
        "organization",
        "holder",
        "who",
        "act",
        "person",
        "to",
        "words",
        "basis",
        "ask",
        "answer",
        "public_act",
        "reason",
        "meeting_point",
        "problem",
        "sentence",
        "by",
        "benefits",
        "bears",
        "stake_words",
    }
)
"""Fields that hold words, which must stand on the page as well."""
PLAIN = frozenset(
    {
        "id",
        "number",
        "kind",
        "key",
        "code",
        "stage",
        "official",
        "ending",
        "lane",
        "round",
        "seconds",
        "households",
        "emergency",
        "hidden",
        "own",
        "version",
        "version_id",
        "position",
        "reply_count",
        "state",
        "overdue",
        "needs_permit",
        "cost",
        "slots",
        "taken",
        "done",
        "free",
        "days",
        "ground",
        "phase",
        "item",
        "supports",
        "supports_needed",
        "decision",
        "solves",
        "mine",
        "solution_number",
        "changes",
        "open_concerns",
        "stake",
        "stake_id",
        "waits_for",
        "solution_version",
        "matter",
        "merged_into",
        "raisers",
        "emergency_numbers",
        "pictures",
        "address",
        "width",
        "height",
        "size",
        "pages",
        "page",
        "allowed",
        "confirmed",
        "lane_name",
        "reason_name",
        "rule_name",
        "state_words",
        "late",
        "met",
        "inclusive",
        "secrecy",
        "force",
        "article",
        "notice_days",
        "threshold",
        "verdict",
        "public_body",
        "organization_id",
        "acting",
        "label_words",
        "my_claim",
        "part",
        "base",
        "need",
        "missing",
        "heads",
        "ballots",
        "units",
        "area",
        "next",
        "longitude",
        "latitude",
        "ordinal",
        "receipt",
        "head",
        "doors",
        "my_due_at",
        "my_open_heads",
        "sentences",
        "what_next",
        "appeal",
        "message",
        "refusal",
        "label",
        "consequence",
    }
)
"""Ids, codes, counts, flags, sentences of the rules, and what a notice publishes: the same for all who see a thing."""
MOMENTS = frozenset(
    {
        "at",
        "raised_at",
        "changed_at",
        "due_at",
        "opened_at",
        "opens_at",
        "closes_at",
        "until",
        "answered_at",
        "starts_at",
        "cast_at",
    }
)
CLOSER = frozenset({"longitude", "latitude", "spot"})
"""What is told to those of the place alone."""


def _leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, (*path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path)
    else:
        yield path, value


def _squeezed(text: str) -> str:
    """Return letters and digits alone: a page sets its own stops and spaces; what is said of a picture is said."""
    text = re.sub(r'<img[^>]*\balt="([^"]*)"[^>]*>', r"\1", text)
    return re.sub(r"\W+", "", html.unescape(re.sub(r"<[^>]*>", "", text)))


def _pages(house: House, name: str | None, number: str, *others: str) -> str:
    tabs = [f"/problems/{number}{tab}" for tab in TABS]
    return _squeezed("".join(house.get(name, url).get_data(as_text=True) for url in [*tabs, *others]))


TABS = ("", "?print=1", "?tab=tasks", "?tab=concerns", "?tab=case", "?tab=solutions")


def _about(number: str) -> list[str]:
    return [
        f"/problems/{number}{part}" for part in ("", "/messages", "/concerns", "/solutions", "/motions", "/tasks")
    ] + [
        f"/problems/{number}/cases",
        f"/entries?problem={number}&limit=100",
    ]


@pytest.mark.parametrize("name", READERS, ids=str)
def test_no_field_says_more_than_the_page_says_to_the_same_reader(house: House, name: str | None) -> None:
    """Decidim's CVE-2023-34090 was an API wider than its pages."""
    ids, numbers, faults = house.world.ids, house.world.numbers, []
    things: list[tuple[str, list[str]]] = [(numbers[each], []) for each in ("gathering", "moved", "case_called")]
    things += [(numbers[each], [f"/decisions/{ids[f'decision:{each}']}"]) for each in ("voting", "closed")]
    for number, others in things:
        page = _pages(house, name, number, *others)
        for url in [*_about(number), *others]:
            answer = house.ask(name, "GET", url)
            assert answer.status_code == 200, (url, answer.text)
            faults += [
                f"{url}: {fault}" for path, value in _leaves(answer.get_json()) if (fault := _wider(path, value, page))
            ]
    assert faults == [], "\n".join(faults)


def _wider(path: tuple[str, ...], value: Any, page: str) -> str:
    """Say what is wrong with one field of an answer."""
    name = path[-1]
    if {"acts", "refusal", "refusals", "offers", "missing", "tests", "form"} & set(path):
        # What the reader themselves may do, and why not; sums of the rules; how a ballot is put, as its notice says.
        return ""
    if name in PLAIN or name in MOMENTS or value in (None, "", True, False):
        return "" if name in PLAIN | MOMENTS | WORDS else _unknown(name, value)
    if name not in WORDS:
        return _unknown(name, value)
    return "" if _squeezed(str(value)) in page else f"{'.'.join(path)} says {value!r}, and no page does"


def _unknown(name: str, value: Any) -> str:
    return "" if isinstance(value, bool) or value in (None, "") else f"{name} is in no list of this test: {value!r}"


@pytest.mark.parametrize("name", [None, "outsider", "foreign_moderator"], ids=str)
def test_readers_from_outside_learn_no_hour_and_no_door(house: House, name: str | None) -> None:
    number = house.world.numbers["gathering"]
    for url in _about(number):
        for path, value in _leaves(house.ask(name, "GET", url).get_json()):
            if path[-1] in CLOSER:
                assert value in (None, ""), (url, path, value)
    shown = house.ask(name, "GET", f"/problems/{number}").get_json()
    assert {len(shown["raised_at"]), len(shown["changed_at"])} == {len("2026-11-22")}
    told = house.ask(name, "GET", f"/problems/{number}/messages").get_json()["items"]
    assert {len(each["at"]) for each in told if each["by"]["kind"] == "person"} == {len("2026-11-22")}


def test_what_nobody_may_know_before_the_close_stands_in_no_answer(house: House) -> None:
    decision = house.world.ids["decision:voting"]
    for name in READERS:
        shown = house.ask(name, "GET", f"/decisions/{decision}").get_json()
        assert shown["result"] is None, name
        assert {(each["heads"], each["area"]) for each in shown["options"]} == {(None, None)}, name
        assert not re.search(r"choice|ballot_of|voted_for", json.dumps(shown)), name
