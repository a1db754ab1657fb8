"""A real browser on a real server over a fresh database with the cast."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from cogov.ground.db import db
from tests.browser.neighbourhood import Neighbourhood, neighbourhood, shared
from tests.browser.person import Album, Person, let_in
from tests.browser.windows import empty_window, served
from tests.cast import _MANDATES as MANDATES
from tests.cast import _PERSONAL as PERSONAL
from tests.cast import Cast

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

# Where a picture keeps who made the camera and where it stood.
MADE_BY, GPS, MAKER = 0x010F, 0x8825, b"PhoneOfSomebody"

OpenPage = Callable[..., Page]
People = Callable[[str], Person]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbourhood]:
    """Load the demo, or copy what another process of this run has loaded."""
    loaded = neighbourhood(shared(tmp_path_factory), tmp_path_factory.mktemp("demo"))
    yield loaded
    with loaded.app.app_context():
        db.engine.dispose()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield at


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """Collect what browsers complain of; a page whose script fails or whose picture is missing fails the test."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def open_window(browser: Browser, address: str, troubles: list[str]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an empty window, with an own jar of cookies."""
    contexts: list[BrowserContext] = []

    def open_one(size: dict[str, int] | None = None, **options: Any) -> Page:
        page = empty_window(browser, address, troubles, size or PHONE, **options)
        contexts.append(page.context)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def page_of(app: Flask, cast: Cast, open_window: Callable[..., Page], address: str) -> OpenPage:
    """Return a function that opens a page as a member of the cast (None: nobody), on a phone or at a desk."""

    def open_page(name: str | None, size: dict[str, int] | None = None, **options: Any) -> Page:
        page = open_window(size, **options)
        if name is not None:
            let_in(app, page, address, getattr(cast, name))
        return page

    return open_page


@pytest.fixture
def album(pictures: Path | None, request: pytest.FixtureRequest) -> Album:
    """Keep the pictures of one test under its name."""
    return Album(pictures, request.node.name.removeprefix("test_")[:24])


@pytest.fixture
def people(cast: Cast, open_window: Callable[..., Page], album: Album) -> People:
    """Return a function that hands over a member of the cast, who comes in through the door on first call.

    Residents carry a phone; who holds a mandate sits at a desk.
    """
    assert cast.community_id
    present: dict[str, Person] = {}

    def call(name: str) -> Person:
        if name not in present:
            page = open_window(DESK if name in MANDATES and name != "volunteer" else PHONE)
            present[name] = Person(name, page, album).signs_in_with_code(f"139{PERSONAL.index(name):08d}")
        return present[name]

    return call


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Take a photo with a phone that writes down where it stood and who made it."""
    picture = Image.new("RGB", (900, 700), "#6b7f8a")
    for x in range(0, 900, 60):
        picture.paste("#3a4248", (x, 340, x + 40, 700))
    exif = Image.Exif()
    exif[MADE_BY] = MAKER.decode()
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 12.0, 1.8), 3: "E", 4: (121.0, 30.0, 1.8)})
    file = tmp_path / "wires.jpg"
    picture.save(file, exif=exif, quality=88)
    with Image.open(file) as taken:
        assert taken.getexif().get_ifd(GPS), "the photo must know where it was taken, or the test proves nothing"
    return file


@pytest.fixture
def pictures() -> Path | None:
    """Where to keep pictures of pages for a person to look at, if COGOV_PICTURES names a folder."""
    folder = os.environ.get("COGOV_PICTURES")
    return Path(folder) if folder else None
