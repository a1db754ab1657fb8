"""The door for programs: JSON under /api/v1, the same verbs and the same refusals as the pages.

A room's ``api.py`` hangs its addresses on ``door(room)``. Reading is open to whom loading shows something; a verb needs
a personal token whose scope allows it. Nothing here looks at cookies, so no other site can make a browser use it.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import inspect
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

import flask_smorest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask, Response, g, jsonify, make_response, request
from flask.json.provider import DefaultJSONProvider
from flask_babel import format_date, lazy_gettext
from marshmallow import RAISE, Schema, ValidationError, fields
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest

from cogov.ground.db import MAX_ID, give_back
from cogov.ground.document import ACTING, HEADERS, KEY, complete
from cogov.ground.pages import answer_with, csrf, declare, words
from cogov.ground.refusals import NotFound, Refusal, Refused, insist
from cogov.ground.scopes import Scope
from cogov.ground.words import say

PREFIX = "/api/v1"
VERSION = "v1"
WAIT = {429: 60, 503: 5}
"""Seconds after which something that was refused for now may be asked again."""

MOST = 100
"""Items of one page of a list."""

View = TypeVar("View", bound=Callable[..., Any])


# Fields ---------------------------------------------------------------------------------------------------------------

_SAID: dict[str, Any] = {
    "required": lazy_gettext("请填写这一项。"),
    "null": lazy_gettext("这一项不能为空。"),
    "invalid": lazy_gettext("这一项的格式不对。"),
    "invalid_utf8": lazy_gettext("这一项里有读不出的字符。"),
    "invalid_awareness": lazy_gettext("时间要带时区。"),
    "validator_failed": lazy_gettext("这一项的格式不对。"),
    "unknown": lazy_gettext("没有这样的选项。"),
}


def _readable(value: str) -> None:
    """Refuse what no database can hold, and halves of characters."""
    if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ValidationError(str(_SAID["invalid_utf8"]))


def _at_most(most: int) -> Callable[[str], None]:
    def check(value: str) -> None:
        if len(value) > most:
            raise ValidationError(words(say("最多 {n} 个字。", n=most)))

    return check


def _between(least: int, most: int) -> Callable[[int], None]:
    def check(value: int) -> None:
        if not least <= value <= most:
            raise ValidationError(words(say("要在 {least} 到 {most} 之间。", least=least, most=most)))

    return check


class Text(fields.String):
    """Words of people, at most so many characters; the rules say what they must hold."""

    default_error_messages = _SAID

    def __init__(self, most: int = 4000, **options: Any) -> None:
        metadata = {"maxLength": most, **options.pop("metadata", {})}
        super().__init__(validate=[_at_most(most), _readable], metadata=metadata, **options)


class Whole(fields.Integer):
    """A whole number between two bounds; strings and fractions are refused."""

    default_error_messages = _SAID

    def __init__(self, least: int = 0, most: int = MAX_ID, **options: Any) -> None:
        metadata = {"minimum": least, "maximum": most, **options.pop("metadata", {})}
        super().__init__(validate=_between(least, most), metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        # In a query every number is a text; in JSON a text is no number.
        if isinstance(value, (bool, float)) or (isinstance(value, str) and request.is_json):
            raise self.make_error("invalid")
        if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) < 20):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Id(Whole):
    """An id of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(1, MAX_ID, **options)


class Flag(fields.Boolean):
    """True or false, and nothing that only looks like it."""

    default_error_messages = _SAID

    truthy = {True, "true"}
    falsy = {False, "false"}


class Choice(fields.Enum):  # type: ignore[type-arg]
    """One of the values of an enum."""

    default_error_messages = _SAID

    def __init__(self, kind: type[StrEnum], **options: Any) -> None:
        super().__init__(kind, by_value=True, **options)


class When(fields.AwareDateTime):
    """A moment with its zone, as RFC 3339 writes it."""

    default_error_messages = _SAID

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", default_timezone=None, **options)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class Picture(fields.String):
    """A photograph as base64; it is drawn anew, so nothing but its pixels is kept."""

    default_error_messages = _SAID

    def __init__(self, **options: Any) -> None:
        metadata = {"contentEncoding": "base64", **options.pop("metadata", {})}
        super().__init__(metadata=metadata, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return base64.b64decode(str(super()._deserialize(value, attr, data, **kwargs)), validate=True)
        except (binascii.Error, ValueError) as error:
            raise self.make_error("invalid") from error


class Said(fields.String):
    """A sentence of the rules, in the language of the reader."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else words(value)


class Body(Schema):
    """What a program sends; a field that nobody asked for is refused rather than dropped."""

    class Meta:
        unknown = RAISE

    error_messages = {
        "unknown": lazy_gettext("没有这一项。"),
        "type": lazy_gettext("请交一个 JSON 对象。"),
    }


class RefusalSchema(Schema):
    """Why not, and what can be done: the same for pages and programs."""

    code = fields.String(required=True, metadata={"example": "not_in_electorate"})
    message = fields.String(required=True, metadata={"example": "这一票您现在不能投，因为这次只由业主表决。"})
    article = fields.String(required=True, metadata={"example": "民法典第278条"})
    what_next = fields.String(required=True)
    appeal = fields.String(required=True)
    fields_ = fields.Dict(
        data_key="fields", metadata={"description": "The fields that are wrong, with a sentence for each."}
    )


def shown_at(at: datetime, *, exact: bool) -> str:
    """Return a moment as RFC 3339 writes it; or only its day, where readers from outside may know no more."""
    if not exact:
        return str(format_date(at, "yyyy-MM-dd"))
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


# Refusing -------------------------------------------------------------------------------------------------------------

_INVALID = Refusal(
    "invalid", say("提交的内容有不合要求的地方。"), what_next=say("请按 fields 里的说明改好再交。"), status=422
)
_NOT_JSON = Refusal("not_json", say("提交的内容不是 JSON。"), what_next=say("请按接口文档提交。"), status=400)
_NO_TOKEN = Refusal(
    "no_token",
    say("这个操作要用个人令牌。"),
    what_next=say("请登录后在“我的”里建一个令牌，放进 Authorization: Bearer。"),
    status=401,
)
_KEY_REUSED = Refusal(
    "key_reused",
    say("这个 Idempotency-Key 已经用在另一份内容上。"),
    what_next=say("同一个请求重发用同一个键，新的请求换一个新的键。"),
    status=422,
)
_KEY_TOO_LONG = Refusal("bad_key", say("Idempotency-Key 要有 1 到 200 个字符。"), status=422)
_NO_KEY = Refusal(
    "no_key_here",
    say("投票不收 Idempotency-Key，因为存下的回答会说出您投了什么。"),
    what_next=say("请去掉它再交；截止前重投，最后一次算数。"),
    status=422,
)


_NAMED = Refusal(
    "no_name_here",
    say("这一步不收令牌、Cookie 和 Idempotency-Key：它们会说出是谁投的。"),
    what_next=say("请去掉它们再交一次。"),
    status=422,
)


def _scope_missing(scope: Scope) -> Refusal:
    return Refusal(
        "scope_missing",
        say("这个令牌没有“{scope}”的权限。", scope=scope.value),
        what_next=say("请在“我的”里另建一个有这项权限的令牌。"),
        status=403,
    )


def refusal_of(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as plain values, in the language of the reader."""
    return {
        "code": refusal.code,
        "message": words(refusal.message),
        "article": words(refusal.article),
        "what_next": words(refusal.what_next),
        "appeal": words(refusal.appeal),
    }


def as_json(refusal: Refusal, error: object = None) -> Response:
    """Return a refusal as programs read it; what was wrong with single fields stands beside it."""
    if refusal.status == 422 and getattr(error, "data", None):
        refusal = _INVALID
    elif refusal.code == "bad_request":
        refusal = _NOT_JSON
    body = refusal_of(refusal)
    if refusal is _INVALID:
        messages = cast("Any", error).data.get("messages", {})
        body["fields"] = {name: _plain(said) for place in messages.values() for name, said in _named(place).items()}
    response = jsonify(body)
    response.status_code = refusal.status
    response.headers["Cache-Control"] = "no-store"
    if refusal.status in WAIT:
        response.headers["Retry-After"] = str(WAIT[refusal.status])
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="cogov"'
    return response


def _named(messages: Any) -> Mapping[str, Any]:
    return messages if isinstance(messages, Mapping) else {"": messages}


def _plain(messages: Any) -> Any:
    if isinstance(messages, Mapping):
        return {str(name): _plain(inner) for name, inner in messages.items()}
    return [str(each) for each in messages] if isinstance(messages, (list, tuple)) else str(messages)


# Who asks -------------------------------------------------------------------------------------------------------------


def asked_here() -> bool:
    """Say whether this request came through the door for programs."""
    return request.path.startswith(PREFIX + "/")


def reading(view: View) -> View:
    """Declare an address that anybody may read; what it shows is decided by loading, for whom the token names."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if g.actor.person_id is not None and Scope.READ not in g.scopes:
            raise Refused(_scope_missing(Scope.READ))
        return view(*args, **kwargs)

    return declare(cast("View", guarded), ("anyone",))


def without_a_name(view: View) -> View:
    """Declare a verb for whoever says not who they are; a request that says so is refused before anything is read."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        insist(_NAMED if {"Authorization", ACTING, KEY, "Cookie"} & set(request.headers.keys()) else None)
        return view(*args, **kwargs)

    return declare(cast("View", guarded), ("anyone",))


def verb_of(scope: Scope, *, keyed: bool = True, ahead: Callable[[], object] | None = None) -> Callable[[View], View]:
    """Declare a verb: it needs a token with this scope, and a key makes sending it again harmless.

    A key makes one transaction of all that a verb does. What takes long and asks the database nothing is done
    ``ahead`` of it, and found in ``g.ahead``: meanwhile nobody waits to write, nor for a connection.
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            insist(_NO_TOKEN if g.actor.person_id is None else None)
            insist(None if scope in g.scopes else _scope_missing(scope))
            key = request.headers.get(KEY)
            if key is not None and request.method != "GET":
                insist(None if keyed else _NO_KEY)
                insist(None if 0 < len(key) <= 200 else _KEY_TOO_LONG)
            if key is None or request.method == "GET":
                _do_ahead(ahead)
                return view(*args, **kwargs)
            if ahead is not None and not _looked[0](g.actor, key):
                _do_ahead(ahead)
            return _once(key, lambda: make_response(view(*args, **kwargs)))

        _describe(guarded, scope, keyed=keyed)
        return declare(cast("View", guarded), ("token",))

    return wrap


def _do_ahead(ahead: Callable[[], object] | None) -> None:
    if ahead is not None:
        give_back()
        g.ahead = ahead()


def _describe(view: Any, scope: Scope, *, keyed: bool) -> None:
    """Say in the document that a verb needs a token, and which headers it takes."""
    known = getattr(view, "_apidoc", {})
    told = known.get("manual_doc", {})
    described = {
        "security": [{"token": [scope.value]}],
        "description": f"{told.get('description', '')}\n\nNeeds a token with the scope `{scope.value}`.".strip(),
        "parameters": [ACTING, *([KEY] if keyed else ())],
    }
    view._apidoc = {**known, "manual_doc": {**told, **described}}


def _digest() -> str:
    asked = (request.method, request.full_path, request.headers.get(ACTING, ""))
    return hashlib.sha256("\x1f".join(asked).encode() + b"\x1f" + request.get_data()).hexdigest()


Keeper = Callable[[Any, str, str, Callable[[], tuple[int, str]], Refusal], tuple[int, str, bool]]
Looker = Callable[[Any, str], bool]
_keepers: list[Keeper] = []
_looked: list[Looker] = []


def keep_answers_with(keeper: Keeper, looker: Looker) -> None:
    """Register who keeps the answer of a request that has a key, in the transaction that makes it, and who looks."""
    _keepers[:], _looked[:] = [keeper], [looker]


def _once(key: str, answer: Callable[[], Response]) -> Response:
    def make() -> tuple[int, str]:
        made = answer()
        return made.status_code, made.get_data(as_text=True)

    status, text, again = _keepers[0](g.actor, key, _digest(), make, _KEY_REUSED)
    response = Response(text, status, mimetype="application/json")
    if again:
        response.headers["Idempotency-Replayed"] = "true"
    return response


# Addresses ------------------------------------------------------------------------------------------------------------


class Page(Body):
    """Which part of a list: what comes after the mark that the part before it gave, at most so many."""

    after = Text(200, load_default="", metadata={"description": "The `next` of the page before."})
    limit = Whole(1, MOST, load_default=30)


Row = TypeVar("Row")


def cursor(mark: str) -> int | None:
    """Return the number that a mark stands for; one that nobody gave out is not found."""
    if not mark:
        return None
    if not (mark.isascii() and mark.isdigit() and len(mark) < 20 and 0 < int(mark) <= MAX_ID):
        raise NotFound
    return int(mark)


def part(rows: Sequence[Row], limit: int, mark: Callable[[Row], str]) -> dict[str, Any]:
    """Return one part of a list of which one row more was read, and the mark under which it goes on."""
    return {"items": rows[:limit], "next": mark(rows[limit - 1]) if len(rows) > limit else ""}


class _Json(DefaultJSONProvider):
    """JSON as it is written here."""

    ensure_ascii = False
    sort_keys = False  # the document stands in the order of the loop


class _Parser(FlaskParser):
    """Reads what programs send; what nests without end, or is a number of thousands of digits, is no JSON of ours."""

    def load_json(self, req: Any, schema: Any) -> Any:
        """Return the body, or refuse it."""
        try:
            return super().load_json(req, schema)
        except (RecursionError, ValueError) as error:
            raise BadRequest from error

    def _get_schema(self, argmap: Any, req: Any) -> Schema:
        # Made once: to make one takes longer than to read with it, and nothing of what it reads stays in it.
        return _made(argmap) if isinstance(argmap, type) else super()._get_schema(argmap, req)


@functools.cache
def _made(schema: type[Schema]) -> Schema:
    return schema()


class Api(flask_smorest.Api):
    """The document of all addresses; refusals are made where pages make theirs."""

    ERROR_SCHEMA = RefusalSchema  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._unwritten: list[tuple[Door, Any]] = []
        self._writing = threading.Lock()
        super().__init__(*args, **kwargs)

    def _register_error_handlers(self) -> None:
        """Do nothing: faults of pages must stay pages."""

    def register_blueprint(self, blp: Any, *, parameters: Any = None, **options: Any) -> None:
        """Open a door; what it lets in is written down when somebody asks for the document."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        self._unwritten.append((blp, parameters))

    def written(self) -> APISpec:
        """Return the document, with all doors."""
        with self._writing:
            while self._unwritten:
                made, parameters = self._unwritten.pop(0)
                made.register_views_in_doc(self, self._app, self.spec, name=made.name, parameters=parameters)
                self.spec.tag({"name": made.name, "description": made.description})
        return self.spec


class _Unmade:
    """A schema of answers that is made for the first of them: a start makes none of some two hundred."""

    def __init__(self, kind: type[Schema]) -> None:
        self.kind = kind

    def dump(self, answer: Any) -> Any:
        """Return an answer as it is sent."""
        return _made(self.kind).dump(answer)


class Door(flask_smorest.Blueprint):
    """The addresses of one room."""

    ARGUMENTS_PARSER = _Parser()

    def told(self, kind: type[Body]) -> dict[str, Any]:
        """Return what a request says, read as ``arguments`` reads it: for what is done ahead."""
        return cast("dict[str, Any]", self.ARGUMENTS_PARSER.parse(kind, request))

    def response(self, status_code: Any, schema: Any = None, **described: Any) -> Any:
        """Say what an address answers with."""
        unmade = isinstance(schema, type) and issubclass(schema, Schema)
        return super().response(status_code, _Unmade(schema) if unmade else schema, **described)

    @staticmethod
    def _make_doc_response_schema(schema: Any) -> Any:
        # By its class where that says all: on its way into the document it is copied, and a class is not.
        return schema.kind if isinstance(schema, _Unmade) else schema


def door(room: str, description: str) -> Door:
    """Return the blueprint on which a room hangs its addresses."""
    made = Door(f"api_{room}", __name__, url_prefix=PREFIX, description=description)
    csrf.exempt(made)
    return made


SPEC: dict[str, str | None] = {
    "API_TITLE": "cogov 共治",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": None,
}


def _name_of(schema: Any) -> Any:
    """Return under what name a schema stands in the document; one that leaves fields out stands where it is used."""
    kind = schema if isinstance(schema, type) else type(schema)
    if isinstance(schema, Schema) and (schema.only is not None or schema.exclude - set(schema.opts.exclude)):
        return False
    package, _, rest = kind.__module__.partition(".")
    room = rest.partition(".")[0].capitalize() if package == "cogov" else ""
    return room.removeprefix("Ground") + str(kind.__name__).removesuffix("Schema")


def init_api(app: Flask, doors: Iterable[Door]) -> Api:
    """Open the door for programs and write its document."""
    app.config.update(SPEC)
    answer_with(PREFIX + "/", as_json)
    app.json = _Json(app)
    marshmallow = MarshmallowPlugin(schema_name_resolver=_name_of)
    api = Api(
        app,
        spec_kwargs={
            "security": [{}, {"token": []}],
            "info": {"description": DESCRIPTION},
            "marshmallow_plugin": marshmallow,
        },
    )
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for name, described in HEADERS.items():
        api.spec.components.parameter(name, "header", {**described, "required": False})
    for made in doors:
        api.register_blueprint(made)

    def document() -> Response:
        """Return the document of all addresses."""
        told = deepcopy(api.written().to_dict())
        for key, name in cast("Any", marshmallow.converter).refs.items():
            told["components"]["schemas"][name]["description"] = inspect.getdoc(key[0]) or ""
        return jsonify(complete(told))

    app.add_url_rule(f"{PREFIX}/openapi.json", "api_document", declare(document, ("anyone",)))
    return api


DESCRIPTION = """\
Everything that people do on the pages of cogov, for programs: the same verbs, the same rules, the same refusals.

Reading needs no token where the page needs no sign-in. A verb needs a personal token (`Authorization: Bearer …`) with
the scope that is named at it; make one on your own page. Who serves an organization says for which of their standings
they act: `Cogov-Acting: <id>` with an id of `GET /me`. A request with an `Idempotency-Key` may be sent again without a
second effect: the same body gets the same answer, another body is refused. Lists are read by `after`, the `next` of the
page before. Moments are RFC 3339 with their zone, areas whole hundredths of a square metre, money whole fen, degrees
whole millionths.
"""
