"""The Flask application, with what every page asks hundreds of times found once: addresses, sentences, macros."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import cache, cached_property, lru_cache
from types import NoneType
from typing import Any, cast

from babel.support import NullTranslations, Translations
from flask import Flask, Request, Response, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.templating import Environment
from flask_babel import Babel, Domain, get_translations
from itsdangerous import URLSafeTimedSerializer
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.routing import Rule

_SIGNING: dict[tuple[str, ...], URLSafeTimedSerializer | None] = {}

ADDRESSES = 5_000
SHORT = 60
SENTENCES = 10_000


class Templates(Environment):
    """Templates that share one table of globals: to compare two chained ones at each import of a macro takes long."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template; none of ours has any of its own."""
        return super().make_globals(d) if d else self.globals


class Address(Rule):
    """An address whose builder is made when it is first built: there are hundreds, and a start builds none."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        make = cache(super()._compile_builder)

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            return make(append_unknown)(rule, **values)

        return build


class Cookies(SecureCookieSessionInterface):
    """The cookie of a browser; who sends none, as programs do, has nothing to be read, checked and written."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs and reads cookies, made once for each set of keys."""
        keys = (str(app.secret_key or ""), *map(str, app.config["SECRET_KEY_FALLBACKS"] or ()))
        if keys not in _SIGNING:
            _SIGNING[keys] = super().get_signing_serializer(app)
        return _SIGNING[keys]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return what the cookie holds."""
        if "HTTP_COOKIE" not in request.environ and app.secret_key:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie where it has changed; it is not written anew only because time goes on."""
        # Of what was sent to do something nothing is kept on the way, so nobody has to know by what it may differ.
        if session.modified or (session.accessed and request.method != "POST"):
            super().save_session(app, session, response)


class Application(Flask):
    """The application: an address on this site depends on nothing but where the site is mounted and what it names."""

    jinja_environment = Templates
    url_rule_class = Address
    session_interface = Cookies()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address = lru_cache(maxsize=ADDRESSES, typed=True)(self._built)

    def _built(self, _mounted: str, _method: str, endpoint: str, anchor: str | None, /, **values: Any) -> str:
        return super().url_for(endpoint, _anchor=anchor, **values)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view or what is done round it as it is: none of ours is a coroutine."""
        return func

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        """Return an address, built once for all requests where it is the same for all."""
        special = _method or _scheme or _external or endpoint[0] == "."
        asked = None if special or self.debug else _asked()
        if asked is None or not _are_short(asked.script_root, *values.values()):
            return super().url_for(
                endpoint, _anchor=_anchor, _method=_method, _scheme=_scheme, _external=_external, **values
            )
        return self._address(asked.script_root, asked.method, endpoint, _anchor, **values)


_G: Any = g
_REQUEST: Any = request


def _asked() -> Request | None:
    # Past the stand-in of the request: each look through it takes longer than what is looked for.
    try:
        asked: Request = _REQUEST._get_current_object()
    except RuntimeError:
        return None
    return asked


def _are_short(*values: object) -> bool:
    # What a reader put into an address may be long, and would take the room of what all readers need.
    return all(len(value) < SHORT if isinstance(value, str) else isinstance(value, (int, NoneType)) for value in values)


class Catalogues(Domain):  # type: ignore[misc]
    """The translations, of which a request keeps those in its reader's language at hand."""

    def get_translations(self) -> Translations | NullTranslations:
        """Return the translations into the language spoken now; choosing another one empties ``babel_translations``."""
        spoken = g._flask_babel  # made by whoever asks for the domain
        held = getattr(spoken, "babel_translations", None)
        if held is None:
            held = spoken.babel_translations = super().get_translations()
        return cast("Translations | NullTranslations", held)


class Languages(Babel):  # type: ignore[misc]
    """Flask-Babel with our catalogues, and with the short way to them in templates."""

    def init_app(self, app: Flask, *args: Any, **kwargs: Any) -> None:
        """Give an application its languages."""
        super().init_app(app, *args, **kwargs)
        app.jinja_env.globals.update(_=_said, gettext=_said)

    @cached_property
    def domain_instance(self) -> Domain:
        """The catalogues of every request."""
        return Catalogues(domain=self.domain)


@lru_cache(maxsize=SENTENCES)
def _sentence(into: Translations, msgid: str, escaped: bool) -> str:
    text = into.ugettext(msgid)
    return Markup(text) if escaped else text  # noqa: S704 - our own words


@lru_cache(maxsize=SENTENCES)
def _whole(into: Translations, msgid: str, escaped: bool) -> str:
    return _sentence(into, msgid, escaped) % {}


@pass_eval_context
def _said(context: EvalContext, msgid: str, **values: Any) -> str:
    """Translate a sentence of a template; like everywhere in templates it is a format even without values."""
    spoken = _G._get_current_object().get("_flask_babel")
    into = getattr(spoken, "babel_translations", None) or get_translations()
    if not values:
        return _whole(into, msgid, context.autoescape)
    return _sentence(into, msgid, context.autoescape) % values
