"""Every verb of the pages is an operation of the API, each works as the document says, and the document shows how.

``COGOV_RECORD=1 pytest tests/doors/test_operations.py -k answers`` writes down anew what the document shows.
"""

from __future__ import annotations

import inspect
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Response
from jsonschema_rs import Draft202012Validator
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests
from werkzeug.test import TestResponse

import cogov.ground
from cogov.ground.api import PREFIX
from cogov.ground.document import FAULTS, operations
from cogov.ground.scopes import Scope
from tests.cast import HERE
from tests.doors.house import House, Kept
from tests.doors.programs import CALLS, Call
from tests.doors.refusing import refusals_of
from tests.doors.verbs import COMMON, NO_OPERATION, OPERATIONS, ROOT, WITHOUT, posting, verbs_called_by

EXAMPLES = Path(cogov.ground.__file__).with_name("examples.json")
RECORD = os.environ.get("COGOV_RECORD") == "1"


@pytest.fixture(scope="module")
def document(_house: tuple[House, Kept]) -> dict[str, Any]:
    return dict(_house[0].app.test_client().get(f"{PREFIX}/openapi.json").get_json())


@pytest.fixture(scope="module")
def described(document: dict[str, Any]) -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {found[2]["operationId"]: found for found in operations(document)}


BALLOTS = {"cast_ballot", "enter_paper", "help_vote", "issue_token", "answer_statement", "withdraw_answer"}
"""What brings a ballot or an opinion takes no key: the answer that would be kept under it says what was chosen."""


class Checker:
    """Checks values against schemas of the document."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.components = document["components"]

    def faults(self, schema: dict[str, Any], value: Any) -> list[str]:
        """Return what is wrong with a value."""
        validator = Draft202012Validator({**schema, "components": self.components})
        return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(value)]


@pytest.fixture(scope="module")
def checker(document: dict[str, Any]) -> Checker:
    return Checker(document)


def _content(document: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in found:
        _, _, kind, name = found["$ref"].split("/")
        found = document["components"][kind][name]
    return dict(found["content"]["application/json"])


# Verbs ----------------------------------------------------------------------------------------------------------------


def test_every_verb_that_pages_call_is_called_by_the_api_or_has_a_reason_not_to_be() -> None:
    pages, programs = verbs_called_by("views", "front", "tell"), verbs_called_by("api")
    assert {"second_problem", "make_token", "claim_task", "appoint"} <= pages
    assert pages - programs == set(WITHOUT)
    for path in COMMON:
        # What is common is called by both, or else its verbs would be missing on one side.
        name = Path(path).stem
        for side in ("texts.py", "api/texts.py"):
            assert name in (ROOT / "front" / "moderation" / side).read_text(encoding="utf-8")


def test_every_form_of_the_pages_has_its_operation_or_a_reason_not_to_have_one(
    house: House, described: dict[str, Any]
) -> None:
    assert posting(house.app) == OPERATIONS.keys() | NO_OPERATION.keys()
    assert not OPERATIONS.keys() & NO_OPERATION.keys()
    assert frozenset().union(*OPERATIONS.values()) <= described.keys()


# Operations -----------------------------------------------------------------------------------------------------------


def test_every_operation_has_its_place_in_these_tests(described: dict[str, Any]) -> None:
    assert sorted(call.operation for call in CALLS) == sorted(described)


def _send(house: House, call: Call, found: tuple[str, str, dict[str, Any]], who: str | None) -> TestResponse:
    method, path, _ = found
    address = path.removeprefix(PREFIX).format(**call.path(house.world))
    return house.ask(who, method, address, call.sent(house.world), query_string=call.asked(house.world))


def _plain(answer: TestResponse) -> Any:
    return json.loads(answer.get_data(as_text=True).replace("http://localhost", "https://cogov.example"))


def test_every_operation_answers_as_the_document_says(
    house: House, kept: Kept, document: dict[str, Any], described: dict[str, Any], checker: Checker
) -> None:
    faults, shown = [], {}
    for call in CALLS:
        found = described[call.operation]
        with time_machine.travel(house.at.timestamp() + call.days * 86400, tick=True):
            answer = _send(house, call, found, call.who)
            asked = {"path": call.path(house.world), "query": call.asked(house.world)}
            request = call.sent(house.world)
        kept.put_back()
        body = _plain(answer)
        if answer.status_code not in (200, 201):
            faults.append(f"{call.operation}: {answer.status_code} {body}")
            continue
        schema = _content(document, found[2]["responses"][str(answer.status_code)])["schema"]
        faults += [f"{call.operation}: {fault}" for fault in checker.faults(schema, body)]
        shown[call.operation] = {
            **asked,
            **({} if request is None else {"request": request}),
            "status": answer.status_code,
            "response": body,
        }
    assert faults == []
    if RECORD:
        told = {"refusals": _refusals(house), "codes": _codes(house), "operations": _shorter(shown)}
        EXAMPLES.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _shorter(value: Any) -> Any:
    """Return what was answered with the first two of each list: enough to see the form."""
    if isinstance(value, dict):
        return {name: _shorter(inner) for name, inner in value.items()}
    return [_shorter(inner) for inner in value[:2]] if isinstance(value, list) else value


_STEPS = {"need_no_call": ("no_call_needed",), "inspect_case": ("pass_case", "rework_case")}
"""Steps of a case whose command has another name."""


def _codes(house: House) -> dict[str, list[str]]:
    """Return what the rules may say against each verb."""
    return {
        operation: sorted(codes)
        for endpoint, view in house.app.view_functions.items()
        if endpoint.startswith("api_") and endpoint != "api_document"
        for operation, codes in [_codes_of(view, endpoint.rpartition(".")[2])]
        if codes
    }


def _codes_of(view: Any, endpoint: str) -> tuple[str, set[str]]:
    told = inspect.unwrap(view)
    operation = view._apidoc["manual_doc"]["operationId"]
    if told.__name__ != "take":
        return operation, refusals_of(told.__module__, told.__name__)
    names = _STEPS.get(operation, (operation,))
    return operation, set().union(*(refusals_of("cogov.cases.commands", name) for name in names))


def test_the_document_names_every_refusal_of_the_rules(house: House) -> None:
    told = json.loads(EXAMPLES.read_text(encoding="utf-8"))["codes"]
    assert told == _codes(house)
    assert {"already_appealed", "appeal_too_late", "not_triaged"} <= set(told["appeal_triage"])
    assert "stamps_missing" in told["close_case"]


def _refusals(house: House) -> dict[str, Any]:
    """Return one refusal of each kind, as it is answered."""
    number = house.world.numbers["raised"]
    asked = {
        "401": house.ask(None, "POST", f"/problems/{number}/second"),
        "403": house.ask("outsider", "POST", "/problems", {"place": HERE, "text": "路灯坏了一个月。", "grid": 3}),
        "404": house.ask(None, "GET", "/problems/2026-9999"),
        "409": house.ask("official", "POST", f"/cases/{house.world.ids['case:handled']}/acknowledgement", {}),
        "422": house.ask("resident", "POST", "/problems", {"place": HERE, "grid": "7"}),
    }
    assert {status: str(answer.status_code) for status, answer in asked.items()} == {each: each for each in asked}
    waiting = {"429": TooManyRequests(), "503": OperationalError("", {}, Exception("database is locked"))}
    return {status: _plain(answer) for status, answer in asked.items()} | {
        status: _answer_to(house, error).get_json() for status, error in waiting.items()
    }


def _answer_to(house: House, error: Exception) -> Response:
    with house.app.test_request_context(f"{PREFIX}/problems"):
        return house.app.make_response(house.app.handle_user_exception(error))


def test_who_must_wait_is_told_how_long(house: House) -> None:
    for error in (TooManyRequests(), OperationalError("", {}, Exception("database is locked"))):
        answer = _answer_to(house, error)
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.get_json()["message"]


def test_a_request_sent_twice_under_one_key_has_one_effect(house: House, kept: Kept, described: dict[str, Any]) -> None:
    """Every verb but the secret ballot."""
    for call in CALLS:
        method, path, operation = described[call.operation]
        if method == "GET" or call.days or "Idempotency-Key" not in str(operation.get("parameters")):
            continue
        address = path.removeprefix(PREFIX).format(**call.path(house.world))
        body, query = call.sent(house.world), call.asked(house.world)
        first, again = (
            house.ask(call.who, method, address, body, query_string=query, headers={"Idempotency-Key": "twice"})
            for _ in range(2)
        )
        assert first.status_code in (200, 201), (call.operation, first.text)
        assert (first.status_code, first.text) == (again.status_code, again.text), call.operation
        assert again.headers["Idempotency-Replayed"] == "true"
        kept.put_back()


# The document ---------------------------------------------------------------------------------------------------------


def test_every_operation_is_described_so_that_it_can_be_used_by_reading_alone(
    document: dict[str, Any], described: dict[str, Any], checker: Checker
) -> None:
    faults = []
    for name, (_method, path, operation) in described.items():
        faults += [f"{name} has no {part}" for part in ("summary", "description", "tags") if not operation.get(part)]
        faults += [f"{name}: too little is said"] if len(operation["description"]) < 60 else []
        success = [status for status in operation["responses"] if status.startswith("2")]
        faults += [f"{name}: {success}"] if len(success) != 1 else []
        answered = _content(document, operation["responses"][success[0]])
        faults += [f"{name}: {fault}" for fault in checker.faults(answered["schema"], answered["example"])]
        if "requestBody" in operation:
            asked = _content(document, operation["requestBody"])
            faults += [f"{name}: {fault}" for fault in checker.faults(asked["schema"], asked["example"])]
        parameters = [*document["paths"][path].get("parameters", ()), *operation.get("parameters", ())]
        faults += [f"{name}: no example of {each['name']}" for each in _bare(parameters)]
    assert faults == []


def _bare(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    needed = [each for each in parameters if each.get("required")]
    return [each for each in needed if "example" not in each and "example" not in each["schema"]]


def test_whatever_the_document_points_to_is_there(document: dict[str, Any]) -> None:
    for kind, name in set(re.findall(r'"#/components/(\w+)/([\w-]+)"', json.dumps(document))):
        assert name in document["components"][kind], (kind, name)


def test_every_refusal_has_its_form_and_an_example(document: dict[str, Any], checker: Checker) -> None:
    for status in FAULTS:
        told = document["components"]["responses"][f"Refused{status}"]["content"]["application/json"]
        assert checker.faults(told["schema"], told["example"]) == [], status
        assert {"code", "message", "article", "what_next", "appeal"} <= set(told["example"]), status


def test_verbs_name_their_scope_and_their_headers(document: dict[str, Any], described: dict[str, Any]) -> None:
    assert document["components"]["securitySchemes"]["token"] == {
        **document["components"]["securitySchemes"]["token"],
        "type": "http",
        "scheme": "bearer",
    }
    for name, (method, _path, operation) in described.items():
        if "security" not in operation and (method == "GET" or name == "drop_ballot"):
            continue
        [scopes] = [each["token"] for each in operation["security"]]
        assert set(scopes) <= {scope.value for scope in Scope}, name
        headers = {each.get("$ref", "").rpartition("/")[2] for each in operation["parameters"]}
        assert "Cogov-Acting" in headers, name
        assert ("Idempotency-Key" in headers) is (method != "GET" and name not in BALLOTS), name


def test_the_document_stands_in_the_order_of_the_loop(document: dict[str, Any]) -> None:
    tags = [tag["name"] for tag in document["tags"]]
    loop = ["people", "places", "problems", "threads", "decisions", "tasks", "cases", "journal"]
    assert [tag for tag in tags if tag in loop] == loop
    assert {tag for _, _, operation in operations(document) for tag in operation["tags"]} == set(tags)
