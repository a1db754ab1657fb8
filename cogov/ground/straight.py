"""The straight way to PostgreSQL: a statement is prepared once on a connection, then one call of libpq sends and waits.

psycopg finds out anew for each statement what it is, whether it is prepared, how each value is written, how to wait:
42 µs of the server's core, of which an act takes ten; from here it is 12. Values go as text, and are of the types that
the statement names or its columns have. docs/adr/0028 says why, and when psycopg is asked after all.
"""

from __future__ import annotations

import re
import select
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from cogov.ground.loading import SHORT_WAYS, later

BEGIN, COMMIT = "BEGIN", "COMMIT"
STAY = frozenset({BEGIN, COMMIT})
"""What every act needs, and so never gives way to another statement."""

CANCELLED_WITHIN = 5.0
"""Seconds in which the server is told to give up what nobody waits for any more."""

psycopg = later("psycopg")
"""Needed only where the database is PostgreSQL."""

_PLACE = re.compile(r"%\((\w+)\)s|%%")


def numbered(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement with its places numbered, as PostgreSQL takes it, and whose value stands at each."""
    places: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        return "%" if found[1] is None else f"${places.setdefault(found[1], len(places) + 1)}"

    return _PLACE.sub(place, text), tuple(places)


def _words(value: str) -> bytes:
    if "\0" in value:
        raise psycopg.DataError("PostgreSQL keeps no text with a NUL in it")  # and libpq would send what stands before
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        raise psycopg.DataError("PostgreSQL keeps no half of a sign") from error


_WRITTEN: Mapping[type, Callable[[Any], bytes]] = {
    str: _words,
    int: lambda value: b"%d" % value,
    bool: lambda value: b"t" if value else b"f",
    datetime: lambda value: value.isoformat().encode(),
    date: lambda value: value.isoformat().encode(),
}


def _keep_what_is_prepared(driver: Any) -> bool:
    """Let what is prepared outlive a ROLLBACK, as PostgreSQL does; say whether this psycopg lets itself be told so.

    It would take back all there is on the connection, ours with its own.
    """
    known: Any = getattr(driver, "_prepared", None)
    if not hasattr(known, "clear"):
        return False
    known.clear = lambda: False
    return True


class Straight:
    """One connection: what is prepared on it. It knows nothing of transactions, and begins none."""

    def __init__(self, driver: Any, most: int) -> None:
        self._driver = driver
        self._libpq = driver.pgconn
        self._most = most
        self._prepared: dict[str, bytes] = {}
        self._named = 0
        self._adapting = psycopg.adapt.Transformer(driver)
        status = psycopg.pq.ExecStatus
        self._rows, self._done = int(status.TUPLES_OK), (int(status.COMMAND_OK), int(status.PIPELINE_SYNC))
        self._goes = SHORT_WAYS and _keep_what_is_prepared(driver)

    def is_open(self) -> bool:
        """Say whether psycopg leaves all to us; where it holds a transaction of its own, it has to begin it itself."""
        return self._goes and bool(self._driver.autocommit)

    def cursor(self) -> Any:
        """Return a cursor of psycopg that takes the same texts: it sends many rows in one way."""
        return psycopg.RawCursor(self._driver)

    def ask(self, text: str, values: Sequence[Any], *, anew: bool = False) -> Sequence[Sequence[Any]]:
        """Send a statement with its values, and return its rows; asked ``anew`` it is thought over each time."""
        written = [None if value is None else self._written(value) for value in values]
        if anew:
            return self._read(self._libpq.exec_params(text.encode(), written))
        name = self._prepared.get(text) or self._names(text)[0]
        # libpq lets other threads go on until the answer is there.
        return self._read(self._libpq.exec_prepared(name, written))

    def ask_last(self, text: str, values: Sequence[Any]) -> None:
        """Send the last statement of a transaction and COMMIT in one way; where it fails, nothing is committed.

        Whatever the statement locks is free as soon as the server has committed, and not once this thread has had
        two more turns. Whoever is interrupted while waiting, or loses the connection, does not learn whether it has:
        the server is told to give up, and the connection is closed, as answers may be under way on it.
        """
        written = [None if value is None else self._written(value) for value in values]
        names = self._names(text, COMMIT)
        libpq = self._libpq
        try:
            libpq.enter_pipeline_mode()
            libpq.send_query_prepared(names[0], written)
            libpq.send_query_prepared(names[1], ())
            libpq.pipeline_sync()
            results = [result for result in self._results(len(names)) if result is not None]
            if libpq.status != psycopg.pq.ConnStatus.BAD:  # of one that was lost there is nothing to leave
                libpq.exit_pipeline_mode()
        except BaseException:
            self._give_up()
            raise
        for result in results:
            self._read(result)

    def _give_up(self) -> None:
        """Have the server end what it was asked, where it still does it, and close the connection."""
        try:
            with suppress(psycopg.Error):
                self._driver.cancel_safe(timeout=CANCELLED_WITHIN)
        finally:
            self._libpq.finish()

    def _results(self, asked: int) -> Iterator[Any]:
        """Wait for the answers to so many statements and to the end behind them, letting other threads go on."""
        libpq, ready = self._libpq, select.poll()
        ready.register(libpq.socket, select.POLLIN | select.POLLOUT)
        while libpq.flush():
            ready.poll()
            libpq.consume_input()
        ready.modify(libpq.socket, select.POLLIN)
        for _ in range(2 * asked + 1):  # each answer ends with None, and the end is one without
            while libpq.is_busy():
                ready.poll()
                libpq.consume_input()
            yield libpq.get_result()

    def _written(self, value: Any) -> Any:
        write = _WRITTEN.get(type(value))
        if write is not None:
            return write(value)
        if isinstance(value, str):
            return _words(value)
        return self._adapting.get_dumper(value, psycopg.adapt.PyFormat.TEXT).dump(value)

    def _names(self, *texts: str) -> list[bytes]:
        """Return under which names statements are prepared, all at the same time: none gives way to another of them."""
        for text in texts:
            if text not in self._prepared:
                self._make_room(STAY.union(texts))
                self._prepare(text)
        return [self._prepared[text] for text in texts]

    def _make_room(self, kept: Collection[str]) -> None:
        oldest = next((text for text in self._prepared if text not in kept), None)
        if oldest is not None and len(self._prepared) >= self._most:
            self._read(self._libpq.exec_(b"DEALLOCATE " + self._prepared.pop(oldest)))

    def _prepare(self, text: str) -> None:
        self._named += 1
        name = b"cogov_%d" % self._named
        self._read(self._libpq.prepare(name, text.encode()))
        self._prepared[text] = name

    def _read(self, result: Any) -> Sequence[Sequence[Any]]:
        status = result.status
        if status == self._rows:
            if not result.ntuples:
                return ()
            self._adapting.set_pgresult(result)
            return self._adapting.load_rows(0, result.ntuples, tuple)  # type: ignore[no-any-return]
        if status in self._done:
            return ()
        if self._libpq.status == psycopg.pq.ConnStatus.BAD:
            raise psycopg.OperationalError(self._libpq.get_error_message())
        raise psycopg.errors.error_from_result(result, encoding="utf-8")
