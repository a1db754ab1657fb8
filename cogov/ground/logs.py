"""What the machine says of itself: one line per request and per fault, in one shape for every process.

Nothing here names a person. A request is told by the pattern of its address, never by the address; a fault by its kind
and the places in the code it went through, never by its words, since they quote what people wrote.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import secrets
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, cast

import structlog
from flask import Flask, Response, current_app, has_request_context, request
from gunicorn.glogging import Logger as GunicornLogger
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from structlog.typing import EventDict, Processor, WrappedLogger

from cogov.ground import paths
from cogov.ground.db import db

log = structlog.get_logger()

HEADER = "X-Request-ID"
REQUEST_ID, BEGUN = "cogov.request_id", "cogov.log_begun"
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMATS = ("json", "console")
MOST_FRAMES = 30
CHATTY = ("huey", "engineio", "socketio", "alembic.runtime.plugins")
"""Libraries that report each of their steps; only what they warn of is worth a line."""

_ours: list[Any] = []
"""What writes lines for machines."""

_WHOSE = logging.getLogger(__name__)

_FROM_A_PROXY = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SITE = re.compile(r".*/(?:site|dist)-packages/")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


# The shape of a line --------------------------------------------------------------------------------------------------


def why_not(values: Mapping[str, object]) -> str | None:
    """Say what is wrong with the settings of the log, if anything."""
    if values["LOG_FORMAT"] not in ("", *FORMATS):
        return f"LOG_FORMAT is one of {', '.join(FORMATS)}"
    return None if values["LOG_LEVEL"] in LEVELS else f"LOG_LEVEL is one of {', '.join(LEVELS)}"


def configure(values: Mapping[str, object]) -> None:
    """Send what our code, its libraries and Python's warnings say to standard error, a line each."""
    strict = (values["LOG_FORMAT"] or ("json" if values["PRODUCTION"] else "console")) == "json"
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    shown: list[Processor] = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())]
    if strict:
        shown = [_trace, structlog.processors.JSONRenderer(ensure_ascii=False, default=_kind)]
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shown],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    _ours[:] = [handler] if strict else []
    root.setLevel(str(values["LOG_LEVEL"]))
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)


def _kind(value: object) -> str:
    """Return of a value that is no plain one only what it is."""
    return type(value).__name__


def _trace(_logger: WrappedLogger, _method: str, said: EventDict) -> EventDict:
    """Put kinds and places of a fault where its words and its traceback would stand."""
    held = said.pop("exc_info", None)
    error = held if isinstance(held, BaseException) else (held if isinstance(held, tuple) else sys.exc_info())[1]
    if held and error is not None:
        said["exception"] = [_fault(each) for each in _chain(error)]
    return said


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _fault(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    where = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    broken = getattr(getattr(error, "orig", error), "diag", None)
    if isinstance(error, DBAPIError) and broken is not None:
        return {
            "type": type(error).__name__,
            "sqlstate": broken.sqlstate,
            "constraint": broken.constraint_name,
            "where": where,
        }
    return {"type": type(error).__name__, "where": where}


def _short(file: str) -> str:
    return _SITE.sub("", file.removeprefix(f"{paths.PACKAGE.parent}/"))


class ServerLog(GunicornLogger):
    """What the server says, in our shape; without addresses of people and without what they asked for."""

    def setup(self, cfg: Any) -> None:
        """Hand everything on to the one handler."""
        super().setup(cfg)  # type: ignore[no-untyped-call]
        for each in (self.error_log, self.access_log):
            each.handlers[:] = []
            each.propagate = True
        self.error_log.filters[:] = [_unnamed]


def _unnamed(record: logging.LogRecord) -> bool:
    # Its sentences are filled with the address that was asked for, or already with that of the asker.
    record.args = ()
    record.msg = re.sub(r"(?s) (from ip=|%s).*", "", str(record.msg)) if isinstance(record.msg, str) else "failed"
    return True


# One line per request -------------------------------------------------------------------------------------------------

_queries: ContextVar[list[int] | None] = ContextVar("queries", default=None)


def _count(*_of_the_statement: object) -> None:
    counted = _queries.get()
    if counted is not None:
        counted[0] += 1


def give_number(environ: MutableMapping[str, Any], app: Flask) -> str:
    """Give a request its number, the one that our own proxy gave it or a new one, and count its time from now."""
    given = environ.get("HTTP_X_REQUEST_ID", "") if int(app.config["PROXIES"]) else ""
    environ[BEGUN] = time.perf_counter()
    environ[REQUEST_ID] = given if _FROM_A_PROXY.fullmatch(given) else secrets.token_hex(16)
    return cast("str", environ[REQUEST_ID])


def say_answered(environ: Mapping[str, Any], app: Flask, *, method: str, route: str, status: int, queries: int) -> None:
    """Write the line of a request."""
    told: dict[str, object] = {
        "request": environ[REQUEST_ID],
        "method": method,
        "route": route,
        "status": status,
        "ms": round((time.perf_counter() - environ[BEGUN]) * 1000),
        "queries": queries,
    }
    if app.config["LOG_ADDRESSES"]:
        told["address"] = environ.get("REMOTE_ADDR")
    if not _written_at_once("request", told):
        log.info("request", **told)


def _written_at_once(event: str, told: Mapping[str, object]) -> bool:
    """Write a line for machines past all that could shape it, where nobody but us listens; say whether it was written.

    It is the line that structlog would write, which takes as long as a tenth of an act.
    """
    root = logging.getLogger()
    if not _ours or root.handlers != _ours or not _WHOSE.isEnabledFor(logging.INFO):
        return False
    at = datetime.fromtimestamp(time.time(), UTC).replace(tzinfo=None).isoformat() + "Z"
    said = {**told, "event": event, "logger": __name__, "level": "info", "at": at}
    handler = _ours[0]
    with suppress(OSError, ValueError), handler.lock:  # a line that nobody can be told stops no answer
        handler.stream.write(json.dumps(said, ensure_ascii=False) + "\n")
        handler.flush()
    return True


def _begin() -> None:
    told = give_number(request.environ, current_app)
    _queries.set([0])
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=told)


def _end(response: Response) -> Response:
    asked = cast("Any", request)._get_current_object()
    environ = asked.environ
    if REQUEST_ID not in environ:
        _begin()  # whoever shows a wrong token is refused before anything else is asked
    response.headers[HEADER] = environ[REQUEST_ID]
    rule = asked.url_rule
    say_answered(
        environ,
        cast("Any", current_app)._get_current_object(),
        method=asked.method if rule else "-",
        route=rule.rule if rule else "-",
        status=response.status_code,
        queries=(_queries.get() or [0])[0],
    )
    structlog.contextvars.clear_contextvars()
    return response


def reference() -> str:
    """Return the short number under which a fault of this request is found in the log, for whoever reports it."""
    number = request.environ.get(REQUEST_ID, "") if has_request_context() else ""
    if not number:
        return ""
    short = hashlib.sha256(number.encode()).hexdigest()[:8].upper()
    return f"{short[:4]}-{short[4:]}"


def _failed(exc_info: ExcInfo | tuple[None, None, None]) -> None:
    route = request.url_rule.rule if request.url_rule else "-"
    log.error("request_failed", reference=reference(), route=route, exc_info=exc_info)


def init_logs(app: Flask) -> None:
    """Number the requests, write a line for each, and one for each fault."""
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    # The first registered is called last: when the answer is what will be sent.
    app.after_request_funcs.setdefault(None, []).insert(0, _end)
    app.log_exception = _failed  # type: ignore[method-assign]
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _count)
