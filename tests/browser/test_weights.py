"""What a first visit costs somebody on a slow phone: bytes as they are sent, and nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE
from tests.browser.neighbourhood import address, app, opened

__all__ = ["address", "app", "opened"]  # fixtures of the loaded demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MOST_HTML = 60 * 1024
MOST_SENT = 250 * 1024
MOST_CSS = 30 * 1024


class Meter:
    """What the browser fetched for one page: kind, address, bytes on the wire, bytes unpacked."""

    def __init__(self, page: Page) -> None:
        self.kinds: dict[str, str] = {}
        self.addresses: dict[str, str] = {}
        self.sent: dict[str, int] = {}
        self.raw: dict[str, int] = {}
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.responseReceived", self._answered)
        wire.on("Network.dataReceived", self._received)
        wire.on("Network.loadingFinished", self._finished)

    def _answered(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]
        self.addresses[event["requestId"]] = event["response"]["url"]

    def _received(self, event: dict[str, Any]) -> None:
        self.raw[event["requestId"]] = self.raw.get(event["requestId"], 0) + event["dataLength"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.sent[event["requestId"]] = int(event["encodedDataLength"])

    def of(self, kind: str) -> int:
        """Return how many unpacked bytes there were of a kind, the sheet for paper apart."""
        wanted = [
            each for each, found in self.kinds.items() if found == kind and "print.css" not in self.addresses[each]
        ]
        return sum(self.raw.get(each, 0) for each in wanted)


@pytest.mark.parametrize("name", ["home-visitor", "home", "dossier"])
def test_a_first_visit_is_light(
    name: str, opened: Callable[..., Page], address: str, record_property: Callable[[str, object], None]
) -> None:
    page = opened(name, PHONE)
    meter = Meter(page)
    page.goto(page.url, wait_until="networkidle")
    assert 0 < meter.of("Document") <= MOST_HTML
    assert 0 < meter.of("Stylesheet") <= MOST_CSS
    total = sum(meter.sent.values())
    record_property("measured", {"html": meter.of("Document"), "css": meter.of("Stylesheet"), "sent": total})
    assert total <= MOST_SENT, sorted(
        ((size, meter.addresses[each]) for each, size in meter.sent.items()), reverse=True
    )
    hosts = {urlsplit(url).netloc for url in meter.addresses.values() if not url.startswith("data:")}
    assert hosts == {urlsplit(address).netloc}


def test_pictures_far_down_wait_until_they_are_near(opened: Callable[..., Page]) -> None:
    page = opened("dossier", PHONE)
    eager = page.eval_on_selector_all(
        "main img", "all => all.filter(i => i.loading !== 'lazy' || !i.width || !i.height).map(i => i.outerHTML)"
    )
    assert eager == []
