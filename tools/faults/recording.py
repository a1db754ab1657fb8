"""What SQLite writes and when it is synced, byte for byte, so that the disk of any instant can be rebuilt.

A power cut keeps what was synced and, of what was written since, anything: nothing, all, or some sectors of it. Copying
the files of a running server cannot show that, since the copy sees what lies in memory only. So SQLite's own calls to
the file system are written down, in the order in which they happened (``record``), and replayed (``read``).
"""

from __future__ import annotations

import ctypes
import os
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

HEAD = struct.Struct("<BdBqI")
FILES = ("cogov.sqlite3", "cogov.sqlite3-wal")


class Kind(IntEnum):
    """What happened to a file."""

    FOUND = 0  # its content when it was first opened
    WRITTEN = 1
    CUT = 2
    SYNCED = 3


@dataclass(frozen=True)
class Happened:
    """One call: to which file, when it was done, where, and with what."""

    kind: Kind
    at: float
    file: str
    offset: int
    data: bytes


def read(log: Path) -> Iterator[Happened]:
    """Yield what was recorded, in order; a last record cut short was not finished."""
    whole = memoryview(log.read_bytes())
    at = 0
    while at + HEAD.size <= len(whole):
        kind, moment, file, offset, size = HEAD.unpack_from(whole, at)
        at += HEAD.size
        if at + size > len(whole):
            return
        yield Happened(Kind(kind), moment, FILES[file], offset, bytes(whole[at : at + size]))
        at += size


# Recording -----------------------------------------------------------------------------------------------------------

# The name is a bare address: SQLite keeps it for as long as the file is open, so it has to get its own back.
_Open = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
)
_Write = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_Truncate = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)
_Sync = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


class _Vfs(ctypes.Structure):
    """The beginning of sqlite3_vfs."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("longest", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
    ]


class _Methods(ctypes.Structure):
    """sqlite3_io_methods up to version 3."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("close", ctypes.c_void_p),
        ("read", ctypes.c_void_p),
        ("write", ctypes.c_void_p),
        ("truncate", ctypes.c_void_p),
        ("sync", ctypes.c_void_p),
        ("others", ctypes.c_void_p * 13),
    ]


class _File(ctypes.Structure):
    """The beginning of sqlite3_file."""

    _fields_ = [("methods", ctypes.c_void_p)]


class Recorder:
    """Stands between SQLite and the file system of this process and of those it forks."""

    def __init__(self, log: Path) -> None:
        self._out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.RLock()
        self._files: dict[int, int] = {}
        self._found: set[int] = set()
        self._methods: dict[int, tuple[_Methods, Any]] = {}
        library = ctypes.CDLL("libsqlite3.so.0")
        library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
        vfs = library.sqlite3_vfs_find(None).contents
        self._really_open = _Open(vfs.open)
        self._open = _Open(self._opened)
        vfs.open = ctypes.cast(self._open, ctypes.c_void_p)

    def _note(self, kind: Kind, file: int, offset: int, data: bytes) -> None:
        os.write(self._out, HEAD.pack(kind, time.monotonic(), file, offset, len(data)) + data)

    def _opened(self, vfs: Any, name: int | None, file: Any, flags: int, out: Any) -> int:
        status: int = self._really_open(vfs, name, file, flags, out)
        path = Path(ctypes.string_at(name).decode() if name else "")
        base = path.name
        if status or base not in FILES:
            return status
        with self._lock:
            number = self._files[file] = FILES.index(base)
            if number not in self._found:
                self._found.add(number)
                self._note(Kind.FOUND, number, 0, path.read_bytes())
            opened = _File.from_address(file)
            opened.methods = ctypes.addressof(self._watched(int(opened.methods)))
        return status

    def _watched(self, real: int) -> _Methods:
        """Return the methods of a file with ours in the three places that change it."""
        if real in self._methods:
            return self._methods[real][0]
        was = _Methods.from_address(real)
        ours = _Methods.from_buffer_copy(was)
        write, truncate, sync = _Write(was.write), _Truncate(was.truncate), _Sync(was.sync)

        def written(file: int, data: int, size: int, offset: int) -> int:
            with self._lock:
                self._note(Kind.WRITTEN, self._files[file], offset, ctypes.string_at(data, size))
                return int(write(file, data, size, offset))

        def cut(file: int, size: int) -> int:
            with self._lock:
                self._note(Kind.CUT, self._files[file], size, b"")
                return int(truncate(file, size))

        def synced(file: int, flags: int) -> int:
            with self._lock:
                status = int(sync(file, flags))
                self._note(Kind.SYNCED, self._files[file], 0, b"")
                return status

        kept = (_Write(written), _Truncate(cut), _Sync(synced))
        ours.write, ours.truncate, ours.sync = (ctypes.cast(each, ctypes.c_void_p) for each in kept)
        # Kept for as long as the process lives: SQLite calls them.
        self._methods[real] = (ours, (kept, write, truncate, sync))
        return ours


_recorders: list[Recorder] = []


def record(log: Path) -> None:
    """Record what SQLite does from now on, in this process and in those that it forks."""
    _recorders.append(Recorder(log))
