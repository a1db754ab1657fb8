"""Write the methods and types of cogov.client from the document of the API: ``python tools/client.py`` after a change.

A test keeps what is written here equal to the document.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cogov import create_app
from cogov.ground.api import PREFIX
from cogov.ground.document import operations

CLIENT = Path(__file__).parents[1] / "cogov" / "client"
WIDTH = 116
JSON = "application/json"
PLAIN = {"string": "str", "integer": "int", "boolean": "bool", "number": "float", "null": "None"}


def document() -> dict[str, Any]:
    """Return the document of the API."""
    app = create_app({"SECRET_KEY": "only to read the document of the API", "TESTING": True})
    return dict(app.test_client().get(f"{PREFIX}/openapi.json", headers={"Accept-Language": "en"}).get_json())


def camel(name: str) -> str:
    """Return the name of an operation as the name of a type."""
    return "".join(part.capitalize() for part in name.split("_"))


def type_of(schema: dict[str, Any]) -> str:
    """Return a schema as a type of Python."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if choices := schema.get("anyOf") or schema.get("allOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(type_of(each) for each in choices))
    if "enum" in schema:
        return f"Literal[{', '.join(_literal(each) for each in schema['enum'])}]"
    kinds = schema.get("type", "object")
    return " | ".join(_kind(schema, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds))


def _literal(value: Any) -> str:
    return "None" if value is None else f'"{value}"'


def _kind(schema: dict[str, Any], kind: str) -> str:
    if kind == "array":
        return f"list[{type_of(schema['items'])}]"
    if kind != "object":
        return PLAIN[kind]
    values = schema.get("additionalProperties")
    return f"dict[str, {type_of(values)}]" if values else "dict[str, Any]"


# Types ----------------------------------------------------------------------------------------------------------------


def typed_dict(name: str, schema: dict[str, Any], *, sent: bool) -> str:
    """Return one type; of what is sent only what is required must be there."""
    said = schema.get("description") or ("What is sent." if sent else "What is answered.")
    required = set(schema.get("required", ()))
    lines = [f"class {name}(TypedDict):", f'    """{said}"""', ""]
    for field, inner in schema.get("properties", {}).items():
        kind = type_of(inner)
        lines.append(f"    {field}: {kind if not sent or field in required else f'NotRequired[{kind}]'}")
    return "\n".join(lines)


def answered(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of what an operation answers with."""
    [status] = [each for each in operation["responses"] if each.startswith("2")]
    return dict(operation["responses"][status]["content"][JSON]["schema"])


def asked(told: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of what an operation takes."""
    schema = operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema", {})
    return dict(told["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema)


def _named(told: dict[str, Any], schema: Any) -> Iterator[str]:
    """Return the names of every schema that one is made of."""
    for name in re.findall(r"#/components/schemas/(\w+)", str(schema)):
        yield name
        if name not in told["seen"]:
            told["seen"].append(name)
            yield from _named(told, told["components"]["schemas"][name])


def types(told: dict[str, Any]) -> str:
    """Return the module of types."""
    told = {**told, "seen": []}
    out, bodies, shown = [], set[str](), set[str]()
    for _, _, operation in operations(told):
        schema = answered(operation)
        shown |= set(_named(told, schema))
        bodies |= set(_named(told, asked(told, operation).get("properties", {})))
    for name, schema in sorted(told["components"]["schemas"].items()):
        if name in shown | bodies:
            out.append(typed_dict(name, schema, sent=name in bodies))
    for _, _, operation in operations(told):
        schema = answered(operation)
        if "properties" in schema:
            out.append(typed_dict(camel(operation["operationId"]), schema, sent=False))
    head = '"""What the API answers with, and what is sent within a request; written by tools/client.py."""'
    imports = "from typing import Any, Literal, NotRequired, TypedDict"
    return "\n\n\n".join([f"{head}\n\nfrom __future__ import annotations\n\n{imports}", *out]) + "\n"


# Methods --------------------------------------------------------------------------------------------------------------


def _answer(operation: dict[str, Any]) -> str:
    schema = answered(operation)
    return camel(operation["operationId"]) if "properties" in schema else type_of(schema)


def _fields(told: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Return name, type and need of everything that is sent beside the address."""
    schema = asked(told, operation)
    needed = set(schema.get("required", ()))
    sent = [(name, type_of(inner), name in needed) for name, inner in schema.get("properties", {}).items()]
    query = [
        (each["name"], type_of(each["schema"]), bool(each.get("required")))
        for each in operation.get("parameters", ())
        if each.get("in") == "query"
    ]
    return sorted([*query, *sent], key=lambda each: not each[2])


def _keyed(operation: dict[str, Any]) -> bool:
    return any(str(each.get("$ref", "")).endswith("Idempotency-Key") for each in operation.get("parameters", ()))


def _wrapped(text: str, indent: str) -> str:
    lines, line = [], ""
    for word in text.split():
        if line and len(indent) + len(line) + len(word) >= WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return f"\n{indent}".join([*lines, line])


def _said(operation: dict[str, Any]) -> str:
    body = "\n\n".join(f"        {_wrapped(part, ' ' * 8)}" for part in operation["description"].split("\n\n"))
    return f'        """{operation["summary"]}.\n\n{body}\n        """'


def _signature(name: str, path: str, fields: list[tuple[str, str, bool]], answer: str, *extra: str) -> str:
    parts = re.findall(r"{(\w+)}", path)
    positional = [f"{each}: {'str' if each in ('number', 'code', 'what') else 'int'}" for each in parts]
    words = [f"{each}: {kind}" if need else f"{each}: {_optional(kind)} = None" for each, kind, need in fields]
    keywords = [*words, *extra]
    told = ["self", *positional, *(["*", *keywords] if keywords else [])]
    return f"    def {name}({', '.join(told)}) -> {answer}:"


def _optional(kind: str) -> str:
    return kind if "None" in kind else f"{kind} | None"


def _address(path: str) -> str:
    short = path.removeprefix(PREFIX)
    told = re.sub(r"{(\w+)}", r"{_quoted(\1)}", short)
    return f'f"{told}"' if "{" in short else f'"{short}"'


def _dict(names: list[str]) -> str:
    return "{" + ", ".join(f'"{name}": {name}' for name in names) + "}"


def method_of(told: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    """Return one operation as a method, and as a generator where it lists by parts."""
    name, answer, fields = operation["operationId"], _answer(operation), _fields(told, operation)
    query = [each["name"] for each in operation.get("parameters", ()) if each.get("in") == "query"]
    sent = [each for each, _, _ in fields if each not in query]
    given = [f'"{method}"', _address(path)]
    given += [f"query={_dict(query)}"] if query else []
    given += [f"body={_dict(sent)}"] if "requestBody" in operation else []
    given += ["key=key or new_key()"] if _keyed(operation) else []
    extra = ["key: str | None = None"] if _keyed(operation) else []
    call = f"        told: {answer} = self._asked({', '.join(given)})\n        return told"
    text = f"{_signature(name, path, fields, answer, *extra)}\n{_said(operation)}\n{call}"
    return f"{text}\n\n{_iterated(told, path, operation)}" if "after" in query else text


def _iterated(told: dict[str, Any], path: str, operation: dict[str, Any]) -> str:
    name = operation["operationId"]
    schema = answered(operation)
    items = told["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    item = type_of(items["properties"]["items"]["items"])
    fields = [each for each in _fields(told, operation) if each[0] != "after"]
    inner = [*re.findall(r"{(\w+)}", path), *(f"{each}={each}" for each, _, _ in fields), "after=mark"]
    head = _signature(f"iter_{name.removeprefix('list_')}", path, fields, f"Iterator[{item}]", 'after: str = ""')
    said = f'        """Return every item of `{name}`, one part after the other."""'
    return f"{head}\n{said}\n        return parts(lambda mark: self.{name}({', '.join(inner)}), after)"


def methods(told: dict[str, Any]) -> str:
    """Return the module of methods."""
    text = "\n\n".join(method_of(told, *found) for found in operations(told))
    code = re.sub(r'"""(?s:.*?)"""', "", text)
    names = sorted(set(re.findall(r"\b[A-Z]\w+", code)) & _types_in(told))
    head = '"""One method for each operation of the API; written by tools/client.py."""'
    imports = [
        "from __future__ import annotations\n",
        "from collections.abc import Iterator",
        "from typing import Any, Literal\n",
        f"from cogov.client.answers import ({', '.join(names)})",
        "from cogov.client.connection import Connection, new_key, parts",
        "from cogov.client.connection import quoted as _quoted",
    ]
    if "Any" not in code:
        imports[2] = "from typing import Literal\n"
    body = f'class Client(Connection):\n    """An installation of cogov, asked under one token."""\n\n{text}'
    return f"{head}\n\n" + "\n".join(imports) + f"\n\n\n{body}\n"


def _types_in(told: dict[str, Any]) -> set[str]:
    return set(re.findall(r"^class (\w+)", types(told), re.MULTILINE))


def formatted(text: str) -> str:
    """Return a module as it is kept."""
    ruff = [str(Path(sys.executable).with_name("ruff"))]
    told = text
    for step in (["check", "--select", "I", "--fix-only", "-q"], ["format", "-q"]):
        done = subprocess.run(
            [*ruff, *step, "--stdin-filename", str(CLIENT / "x.py"), "-"],
            input=told,
            capture_output=True,
            text=True,
            check=True,
        )
        told = done.stdout
    return told


def written(told: dict[str, Any]) -> dict[Path, str]:
    """Return what is to stand in which file."""
    return {CLIENT / "answers.py": formatted(types(told)), CLIENT / "operations.py": formatted(methods(told))}


if __name__ == "__main__":
    for path, text in written(document()).items():
        path.write_text(text, encoding="utf-8")
        print(path)
