"""The document of the API: what the library writes of each address, with examples, headers and refusals added.

The examples were answered by a running house (tests/doors/test_operations.py records them), so that whoever reads the
document alone sees the loop as it goes.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

ACTING = "Cogov-Acting"
KEY = "Idempotency-Key"

HEADERS: dict[str, dict[str, Any]] = {
    ACTING: {
        "description": "Id of the standing under which you act, from `show_me`. Without it you act for yourself.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 12,
    },
    KEY: {
        "description": "Any text that is new for a new request. Sent again under it, the same request has no second "
        "effect and gets the answer of the first, with `Idempotency-Replayed: true`; another request is refused with "
        "`key_reused`. What was refused may be asked again under its key.",
        "schema": {"type": "string", "maxLength": 200},
        "example": "7d4c3a52-0b9e-4f53-9a3e-5d1f6f0f2c11",
    },
}

JSON = "application/json"
FAULTS = {
    "401": "No token, or one that has ended or was revoked.",
    "403": "Not for this person, this standing or this token.",
    "404": "It does not exist, or not for you: both answer alike.",
    "409": "Not now, or not any more.",
    "422": "Something in the request is not as it must be; `fields` says what, where single fields are wrong.",
    "429": "Too often; `Retry-After` says when to ask again.",
    "503": "Nothing can be written for a moment; `Retry-After` says when to ask again.",
}


@functools.cache
def recorded() -> dict[str, Any]:
    """Return what was asked and answered for each operation, and one refusal of each kind."""
    text = (files("cogov.ground") / "examples.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of every operation, parameters of its path included."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Add examples and refusals to what the library wrote."""
    told = recorded()
    for tag in document["tags"]:
        tag["name"] = tag["name"].removeprefix("api_")
    document["components"]["responses"] |= {
        f"Refused{status}": _refused(said, told["refusals"].get(status)) for status, said in FAULTS.items()
    }
    for path, item in document["paths"].items():
        shared = {each["name"] for each in item.get("parameters", ()) if "name" in each}
        for method, operation in item.items():
            if method != "parameters":
                operation["tags"] = [tag.removeprefix("api_") for tag in operation["tags"]]
                operation["description"] = _described(operation, told["codes"])
                if method == "get":
                    _without_key(operation)
                _exemplify(operation, told["operations"].get(operation["operationId"], {}))
                _refuse(operation, about_one="{" in path, checked=bool(shared) or "requestBody" in operation)
        for parameter in item.get("parameters", ()):
            _fill(parameter, _path_example(item, told["operations"]))
    return document


def _refused(said: str, example: dict[str, Any] | None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Refusal"}}
    if example is not None:
        content["example"] = example
    return {"description": said, "content": {JSON: content}}


def _described(operation: dict[str, Any], codes: dict[str, list[str]]) -> str:
    """Return the description with what the rules may say against it."""
    told = [str(operation.get("description", "")).strip()]
    if held := codes.get(operation["operationId"]):
        told.append(f"May be refused as {', '.join(f'`{code}`' for code in held)}.")
    return "\n\n".join(told)


def _without_key(operation: dict[str, Any]) -> None:
    """Take away the header for what is sent: nothing happens twice by reading."""
    asked = [each for each in operation.get("parameters", ()) if not str(each.get("$ref", "")).endswith(KEY)]
    if asked:
        operation["parameters"] = asked


def _exemplify(operation: dict[str, Any], example: dict[str, Any]) -> None:
    if "request" in example and "requestBody" in operation:
        operation["requestBody"]["content"][JSON]["example"] = example["request"]
    if "response" in example:
        operation["responses"][str(example["status"])]["content"][JSON]["example"] = example["response"]
    for parameter in operation.get("parameters", ()):
        _fill(parameter, example.get("query", {}))


def _path_example(item: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    ids = [each["operationId"] for method, each in item.items() if method != "parameters"]
    return next((dict(told[each]["path"]) for each in ids if each in told), {})


def _fill(parameter: dict[str, Any], values: dict[str, Any]) -> None:
    name = parameter.get("name")
    if name in values and "example" not in parameter:
        parameter["example"] = values[name]


def _refuse(operation: dict[str, Any], *, about_one: bool, checked: bool) -> None:
    """Name the refusals that an operation can have beside the one that stands for all."""
    verb = operation.get("security") is not None
    may = {
        "401": True,
        "403": True,
        "404": about_one or any(each.get("name") in ("place", "after") for each in operation.get("parameters", ())),
        "409": (verb and "requestBody" in operation) or (verb and about_one),
        "422": checked or bool(operation.get("parameters")),
        "429": True,
        "503": verb,
    }
    for status, can in may.items():
        if can:
            operation["responses"][status] = {"$ref": f"#/components/responses/Refused{status}"}
