"""The frame of every page: who asks, how it is answered, how it says no; and who may call which route."""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import structlog
from babel import Locale, dates
from flask import (
    Flask,
    Request,
    Response,
    abort,
    current_app,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import format_date, get_locale, get_timezone, gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.datastructures import LanguageAccept, MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.http import parse_accept_header
from werkzeug.routing import IntegerConverter

from cogov.ground.db import MAX_ID, db
from cogov.ground.logs import reference
from cogov.ground.prose import prose
from cogov.ground.refusals import NotFound, Refusal, Refused
from cogov.ground.tokens import ONCE, drawn_for_many, with_own_tokens
from cogov.ground.words import Words, fill, say

csrf = CSRFProtect()
log = structlog.get_logger()

LANGUAGES = {"zh": "zh_Hans_CN", "zh-Hant": "zh_Hant_TW", "en": "en"}
"""The languages pages can be read in, and their locales."""

LOOKS = ("lang", "theme", "contrast", "type", "keys")
"""The cookies that say how pages look on a device; a page without a reader depends on nothing else of theirs."""

SHOWN = {"type": ("large",), "contrast": ("normal", "more"), "theme": ("light", "dark")}
"""Those of the looks that stand on the page itself, and what each may be; empty is what the device prefers."""

TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})
"""What a browser that wants Traditional Chinese says after `zh`."""

View = TypeVar("View", bound=Callable[..., Any])


class IdConverter(IntegerConverter):
    """Ids in addresses; what no database can hold is not found instead of failing."""

    def __init__(self, url_map: Any) -> None:
        super().__init__(url_map, min=1, max=MAX_ID)


def declare(view: View, roles: tuple[str, ...]) -> View:
    """Write on a view to whom it is open; the table of routes is made from this."""
    cast("Any", view).open_to = roles
    return view


def open_to_all(view: View) -> View:
    """Declare a page that anybody may ask for; what it shows is still decided by loading."""
    return declare(view, ("anyone",))


def signed_in(view: View) -> View:
    """Declare a page for any signed-in person; others are sent to sign in and come back."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if g.actor.person_id is None:
            back = request.full_path.rstrip("?") if request.method == "GET" else ""
            return redirect(url_for("people.sign_in", then=back), 303)
        return view(*args, **kwargs)

    return declare(cast("View", guarded), ("signed_in",))


def open_to(*roles: StrEnum) -> Callable[[View], View]:
    """Declare a page for those who hold one of the roles somewhere; the command still asks where."""

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if g.actor.person_id is None:
                back = request.full_path.rstrip("?") if request.method == "GET" else ""
                return redirect(url_for("people.sign_in", then=back), 303)
            if not any(held.role in roles for held in g.actor.standings):
                raise Refused(
                    Refusal(
                        "not_your_role",
                        say("这一页给有相应职责的人用，您现在没有这项职责。"),
                        what_next=say("如果您刚得到授权，请在“我的”里切换代表的单位。"),
                        appeal=say("对授权有疑问，请联系居委会或系统管理员。"),
                        status=403,
                    )
                )
            return view(*args, **kwargs)

        return declare(cast("View", guarded), tuple(str(role) for role in roles))

    return wrap


Prover = Callable[[Words], Response | None]
_provers: list[Prover] = []


def prove_with(prover: Prover) -> None:
    """Register who asks a person to show once more who they are before an act; it returns None when that is known."""
    _provers[:] = [prover]


def powerful(act: Words) -> Callable[[View], View]:
    """Declare an act for which whoever asks must have shown lately who they are; it stands under the guard of roles.

    Where they have not, they are asked on a page that names the act and holds the form as it was sent; sending that
    carries on.
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            asked = _provers[0](act) if request.method == "POST" else None
            return view(*args, **kwargs) if asked is None else asked

        cast("Any", guarded).powerful = act
        return cast("View", guarded)

    return wrap


def powerful_act(view: Callable[..., Any]) -> Words | None:
    """Return what a view does, when it is declared a powerful act."""
    return getattr(view, "powerful", None)


def roles_of(view: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return to whom a view is declared open, or None when nobody said."""
    return getattr(view, "open_to", None)


_G: Any = g


def actor() -> Any:
    """Return who asks."""
    return _G._get_current_object().actor


def chosen_actor(standing_id: str | int | None) -> Any:
    """Return who asks, acting under one of their own standings, or for themselves when none is chosen."""
    if standing_id in (None, "", "0", 0):
        return g.actor.under(None)
    held = next((s for s in g.actor.standings if str(s.id) == str(standing_id)), None)
    if held is None:
        raise Refused(Refusal("not_your_mandate", say("您没有这项授权。"), status=403))
    return g.actor.under(held)


def id_arg(name: str) -> int | None:
    """Return an id from the query, or None where it is missing or no database could hold it."""
    return _id(request.args.get(name, ""))


def id_field(name: str) -> int | None:
    """Return an id from the form, or None where it is missing or no database could hold it."""
    return _id(request.form.get(name, ""))


def _id(text: str) -> int | None:
    # At most 19 digits, plain ones: int() would take any script's digits, signs and underscores.
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        return None
    return int(text) if 0 < int(text) <= MAX_ID else None


def once_token() -> str:
    """Return a fresh token for a form, so that sending it twice has one effect."""
    if drawn_for_many():
        return ONCE
    g.once_token = secrets.token_urlsafe(16)
    return cast("str", g.once_token)


def dossier_url(number: str, **values: Any) -> str:
    """Return the address of a problem's dossier."""
    return url_for("front.dossier", number=number, **values)


def _shown(value: object) -> object:
    if isinstance(value, Words):
        return words(value)
    if isinstance(value, datetime):
        return moment(value)
    return format_date(value, gettext("M月d日")) if isinstance(value, date) else value


def words(value: Words | str | None) -> str:
    """Return a sentence in the language of the reader; moments in it are shown in the reader's zone."""
    if not isinstance(value, Words):
        return value or ""
    if not value.msgid:
        return ""  # under the empty sentence a catalogue keeps its own heading
    # gettext formats only when given parameters, so a sentence keeps its signs of per cent.
    return fill(gettext(value.msgid), tuple((name, _shown(param)) for name, param in value.params))


def moment(value: datetime | None) -> str:
    """Return a moment as people read it, in the reader's zone."""
    if not isinstance(value, datetime):
        return ""
    return _written(value, get_locale(), get_timezone())


@functools.lru_cache(maxsize=10_000)
def _written(value: datetime, locale: Any, zone: Any) -> str:
    """Return a moment written once: a page shows several, and those of a dossier stand on all its pages."""
    return str(dates.format_datetime(value, gettext("M月d日 HH:mm"), tzinfo=zone, locale=locale))


class Frame:
    """What the frame shows round every page; upper rooms fill its slots, and each is asked once it is shown."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        supplier = _slots.get(name)
        value = self.__dict__[name] = supplier() if supplier else None
        return value


_slots: dict[str, Callable[[], Any]] = {}


def fill_slot(name: str, supplier: Callable[[], Any]) -> None:
    """Register what a slot of the frame shows; called while the application is put together."""
    _slots[name] = supplier


def frame() -> Frame:
    """Return the frame of this request, made once."""
    here = _G._get_current_object()
    found: Frame | None = here.get("frame")
    if found is None:
        found = here.frame = Frame(here.actor)
    return found


def sheet(name: str) -> str:
    """Note that a page shows a part whose looks stand in a sheet of their own; called by the macro of that part."""
    g.setdefault("sheets", {})[name] = True
    return ""


def sheets() -> list[str]:
    """Return the sheets of the parts that the page shows; the frame links them."""
    return list(g.get("sheets", ()))


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Render a page in its frame."""
    html = render_template(template, frame=frame(), **context)
    response = Response(with_own_tokens(html, once_token), status)
    response.headers["Cache-Control"] = "private, no-store" if g.actor.person_id else "no-cache"
    response.vary.update(("Cookie", "Accept-Language"))
    return response


PROOFS = frozenset({"proof", "proof_code", "proof_credential", "proof_way"})
"""The fields in which a person shows once more who they are; they go along with the form of a powerful act."""

_NOT_KEPT = PROOFS | {"csrf_token", "once", "password", "old", "new", "code", "credential", "acting"}

_CHOICE = re.compile(r"[a-z_]+").fullmatch


def _kept_texts() -> list[tuple[str, str]]:
    try:
        written = list(request.form.items())
    except RequestEntityTooLarge:
        return []  # what is too large to be read cannot be kept
    # One word of small letters is a choice, which nobody wrote.
    return [(name, text) for name, text in written if name not in _NOT_KEPT and len(text) > 3 and not _CHOICE(text)]


Answerer = Callable[[Refusal, object], Response]
_answerers: dict[str, Answerer] = {}


def answer_with(prefix: str, answerer: Answerer) -> None:
    """Register who says no under a part of the addresses in another form than a page."""
    _answerers[prefix] = answerer


def _answerer() -> Answerer | None:
    return next((found for prefix, found in _answerers.items() if request.path.startswith(prefix)), None)


def refuse(refusal: Refusal, error: object = None) -> Response:
    """Show a refusal as help, with what was written kept."""
    if (other := _answerer()) is not None:
        return other(refusal, error)
    return page("refusal.html", refusal.status, refusal=refusal, kept=_kept_texts())


def _refused(error: Refused) -> Response:
    db.session.rollback()
    return refuse(error.refusal)


_NOT_FOUND = Refusal("not_found", say("这里没有您要找的内容。"), status=404)


def _not_found(_error: object) -> Response:
    db.session.rollback()
    if (other := _answerer()) is not None:
        return other(_NOT_FOUND, None)
    return page("not_found.html", 404)


_SENTENCES: dict[int, Refusal] = {
    400: Refusal(
        "bad_request", say("这次提交的内容不完整或格式不对。"), what_next=say("请返回上一页再试一次。"), status=400
    ),
    405: Refusal("method_not_allowed", say("这个地址不接受这种操作。"), status=405),
    413: Refusal("too_large", say("文件太大，一次最多 24 MB。"), what_next=say("请换一张小一点的照片。"), status=413),
    429: Refusal("too_many", say("操作太频繁，请稍等几分钟再试。"), status=429),
}


def _http_error(error: HTTPException) -> Response:
    db.session.rollback()
    if error.code == 404:
        return _not_found(error)
    if error.code is None or error.code < 400:
        return cast("Response", error.get_response())
    fallback = Refusal("http_error", say("这次请求没有成功，您写的内容没有提交。"), status=error.code)
    refusal = _SENTENCES.get(error.code, fallback)
    return _bare(refusal) if error.code >= 500 else refuse(refusal, error)


def _csrf_error(_error: CSRFError) -> Response:
    return refuse(
        Refusal(
            "form_expired",
            say("表单已经过期，这次没有提交。"),
            what_next=say("您写的内容在下面，请返回上一页重新打开表单后再交。"),
            status=400,
        )
    )


def _bare(refusal: Refusal) -> Response:
    """Answer without asking anything of the database, which may be what has failed."""
    with suppress(SQLAlchemyError):
        db.session.rollback()
    answer = other(refusal, None) if (other := _answerer()) is not None else _bare_page(refusal)
    if refusal.status == 503:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _bare_page(refusal: Refusal) -> Response:
    # Without the context that extensions add: they would ask who is signed in.
    text = current_app.jinja_env.get_template("bare.html").render(
        refusal=refusal, kept=_kept_texts(), reference=reference()
    )
    return Response(text, refusal.status, {"Cache-Control": "no-store"})


RETRY_AFTER = "10"
"""Seconds after which a program may ask again when the database was away."""


def _what_is_away(*, full: bool) -> tuple[Words, Words]:
    """Return what cannot be done now and what to do: who only reads has written nothing that could be lost."""
    if request.method in ("GET", "HEAD"):
        return say("数据库现在很忙，这一页暂时打不开。"), say("请过几分钟再打开一次。")
    what_next = say("请过几分钟再试一次，您写的内容不会丢。")
    return say("存储空间满了，暂时不能写入。") if full else say("数据库现在很忙，暂时不能读写。"), what_next


def _database_error(error: SQLAlchemyError) -> Response:
    log.warning("database_error", reference=reference(), error=type(error).__name__)
    full = "full" in str(getattr(error, "orig", "")).lower()
    sentence, what_next = _what_is_away(full=full)
    return _bare(Refusal("unavailable", sentence, what_next=what_next, status=503))


_UPLOADS = frozenset({"picture", "sheet"})
"""The fields that take a file."""

_UNREADABLE = Refusal(
    "words_unreadable",
    say("您写的内容里有显示不出来的字符，这次没有提交。"),
    what_next=say("请删掉那个字符，或重新打一遍再交。"),
    status=422,
)


def _asked() -> Request:
    # Past the stand-in of the request: each look through it takes longer than what is looked for.
    return cast("Request", cast("Any", request)._get_current_object())


def form_came() -> bool:
    """Say whether a form was sent; what programs send is none, and to look for its fields takes long."""
    asked = _asked()
    return asked.method == "POST" and not asked.is_json


def _check_body() -> None:
    asked = _asked()
    # Forms would read JSON as fields, however deep it nests and however long its numbers are; pages take none.
    if asked.is_json:
        if _answerer() is None:
            abort(400)
    # A multipart part without a name gives the form a key None, on which the CSRF check fails; and forms would take
    # a file that stands where words belong for words.
    elif asked.method == "POST" and (None in asked.form or set(asked.files) - _UPLOADS):
        abort(400)


def _check_signs() -> None:
    asked = _asked()
    # No form and no address means a NUL, and PostgreSQL cannot hold one.
    if "\x00" in asked.path or (asked.query_string and _has_nul(asked.args)):
        abort(404)
    if asked.method == "POST" and not asked.is_json and _has_nul(asked.form):
        raise Refused(_UNREADABLE)


def _has_nul(sent: MultiDict[str, str]) -> bool:
    return any("\x00" in value for _, value in sent.items(multi=True))


def _check_origin() -> None:
    # Beside the token: whatever a browser itself says comes from another site is no form of ours.
    asked = _asked()
    if asked.method in ("GET", "HEAD", "OPTIONS"):
        return
    if asked.headers.get("Sec-Fetch-Site") == "cross-site":
        raise CSRFError
    origin = asked.headers.get("Origin", "null")
    if origin == "null":
        return
    ours = {asked.host, urlsplit(str(current_app.config["PUBLIC_URL"])).netloc}
    if origin.partition("://")[2] not in ours:
        raise CSRFError


CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)


HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""What every answer says, unless it says something else itself."""


def _headers(response: Response) -> Response:
    headers = response.headers
    said = {name.title() for name, _ in headers}
    for name, text in HEADERS.items():
        if name not in said:
            headers.add(name, text)
    # Whatever is made for somebody is theirs alone; what says more about itself (pictures, pages) keeps its word.
    if "Cache-Control" not in said and getattr(g.get("actor"), "person_id", None) is not None:
        headers.add("Cache-Control", "private, no-store")
    return response


def look(name: str, allowed: tuple[str, ...]) -> str:
    """Return how a person wants pages to look, from one of LOOKS; empty means what the device prefers."""
    value = request.cookies.get(name, "")
    return value if value in allowed else ""


def chosen_locale() -> str | None:
    """Return the locale a reader chose on this device, or else the browser asks for; None is the setting LANGUAGE."""
    if not has_request_context():
        return None
    chosen = look("lang", tuple(LANGUAGES)) or language_asked(request.headers.get("Accept-Language", ""))
    return LANGUAGES[chosen] if chosen else None


@functools.lru_cache(maxsize=500)
def language_asked(header: str) -> str | None:
    """Return the first language of ours that a browser asks for in its header `Accept-Language`."""
    asked = (_spoken(tag) for tag, quality in parse_accept_header(header, LanguageAccept) if quality > 0)
    return next(filter(None, asked), None)


def _spoken(asked: str) -> str | None:
    """Return the language of ours that a browser means by a tag such as `zh-HK`."""
    language, *rest = asked.lower().replace("_", "-").split("-")
    if language == "zh" and not TRADITIONAL.isdisjoint(rest):
        return "zh-Hant"
    return language if language in LANGUAGES else None


@functools.cache
def languages() -> tuple[tuple[str, Markup], ...]:
    """Return each language under its own name, as who looks for it cannot read the one the page is in."""
    locales = [(tag, Locale.parse(locale)) for tag, locale in LANGUAGES.items()]
    # Two kinds of Chinese are told apart by their script.
    names = [(tag, locale.script_name or locale.language_name) for tag, locale in locales]
    return tuple((tag, Markup('<bdi lang="{}">{}</bdi>').format(tag, name)) for tag, name in names)


def init_pages(app: Flask) -> None:
    """Give the application its frame, its refusals and its headers."""
    app.url_map.converters["id"] = IdConverter
    csrf.init_app(app)
    app.before_request_funcs.setdefault(None, [])[:0] = [_check_body, _check_signs, _check_origin]
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    for failure in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(failure, _database_error)
    app.after_request(_headers)
    app.jinja_env.globals.update(words=words, once_token=once_token, locale=get_locale, sheet=sheet, sheets=sheets)
    app.jinja_env.filters["prose"] = prose
    app.jinja_env.filters["words"] = words
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    fill_slot("language", lambda: look("lang", tuple(LANGUAGES)))
    for name, values in SHOWN.items():
        fill_slot(name, functools.partial(look, name, values))
