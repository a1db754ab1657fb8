"""Many live pages at once: the words of Engine.IO and Socket.IO over plain websockets, in one thread of their own."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
AT_ONCE, AGAIN = 50, 0.25
"""Watchers who come in at the same time, and the seconds after which one who found no room comes again."""


PACKED = "permessage-deflate; client_max_window_bits"
"""What browsers offer: a server that takes it keeps a dictionary of its own for each of them."""


@dataclass
class Watcher:
    """A live page: the entries it has heard of, each with when it came."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: dict[int, float] = field(default_factory=dict)
    twice: int = 0
    missed: list[int] = field(default_factory=list)
    number: str = ""
    watching: asyncio.Event = field(default_factory=asyncio.Event)

    def say(self, words: str) -> None:
        """Send a text; whoever is a client masks it."""
        data, mask = words.encode(), os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0x80 | 126]) + len(data).to_bytes(2, "big")
        masked = bytes(sign ^ mask[index % 4] for index, sign in enumerate(data))
        self.writer.write(b"\x81" + size + mask + masked)

    async def listen(self) -> None:
        """Hear until the door closes."""
        while True:
            said = await self._text()
            now = time.monotonic()
            if said == "2":
                self.say("3")
            elif said.startswith("43"):
                self._caught_up(json.loads(said[said.index("[") :])[0])
            elif said.startswith("42"):
                event, value = json.loads(said[2:])
                if event == "entry":
                    self.twice += value["number"] in self.heard
                    self.heard.setdefault(value["number"], now)

    def watch(self, after: int) -> None:
        """Ask to watch, and for what came after an entry."""
        self.say("421" + json.dumps(["watch", {"problem": self.number, "after": after}]))

    def _caught_up(self, answer: dict[str, Any]) -> None:
        """Note what was missed; who missed more than one answer names asks on, where a page is read anew."""
        self.missed += answer["missed"]
        if answer["more"]:
            self.watch(self.missed[-1])
        else:
            self.watching.set()

    async def _text(self) -> str:
        first, second = await self.reader.readexactly(2)
        if first & 0x0F == 8:
            raise ConnectionResetError("the door was closed")
        size = second & 0x7F
        if size >= 126:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        return (await self.reader.readexactly(size)).decode(errors="replace")


class Watchers:
    """So many live pages on one dossier; they hear in a thread of their own while others ask for pages."""

    def __init__(self, port: int, number: str) -> None:
        self.port = port
        self.number = number
        self.after = 0
        self.all: list[Watcher] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread.start()

    def come(self, many: int, seconds: float = 60) -> float:
        """Let so many come, each with a connection of its own; return after how many seconds all watched."""
        begun = time.monotonic()
        self._do(self._come(many), seconds)
        return time.monotonic() - begun

    def wait(self, reached: Callable[[Watcher], bool], seconds: float) -> bool:
        """Wait until something is true of every watcher."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if all(reached(watcher) for watcher in self.all):
                return True
            time.sleep(0.005)
        return False

    def drop(self) -> None:
        """Cut all connections, as a server that dies does."""
        self._do(self._drop(), 30)

    def close(self) -> None:
        """Let all go home."""
        self.drop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    async def _come(self, many: int) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one() -> None:
            async with gate:
                while (watcher := await self._enter()) is None:  # noqa: ASYNC110 - what is awaited is another process
                    await asyncio.sleep(AGAIN)
                self.all.append(watcher)

        await asyncio.gather(*(one() for _ in range(many)))

    async def _enter(self) -> Watcher | None:
        """Come in and watch; None says that the house is full, since those who have just gone are still counted."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
            f"Sec-WebSocket-Extensions: {PACKED}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 503 " in head[:20]:
            writer.close()
            return None
        if b" 101 " not in head[:20]:
            raise ConnectionRefusedError(head[:80])
        if b"permessage-deflate" in head:
            raise ConnectionRefusedError("the door packs its messages, which takes 300 KiB for each live page")
        watcher = Watcher(reader, writer, number=self.number)
        watcher.say("40")
        watcher.watch(self.after)
        task = asyncio.get_running_loop().create_task(self._listen(watcher))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.wait_for(watcher.watching.wait(), 60)
        return watcher

    async def _listen(self, watcher: Watcher) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            await watcher.listen()

    async def _drop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        for watcher in self.all:
            watcher.writer.close()
        self.all.clear()
        await asyncio.sleep(0)
