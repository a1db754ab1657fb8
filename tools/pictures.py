"""Take pictures of the pages of a freshly loaded demo into docs/pictures, as people of different duties see them.

Usage: python tools/pictures.py [NAME …]   (`make pictures`, or `make pictures PAGES="home dossier"`)
PICTURES_OF=http://127.0.0.1:8000 takes them of a demo that runs already.
Every page is taken on a phone and at a desk; those that people meet first also dark, in large type, in high contrast,
in English and in Traditional Chinese.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PASSWORD = "wutongli2026"  # noqa: S105 - everybody knows it: the demo shows it on the screen
TALLEST = 2600
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

PEOPLE = {
    "visitor": "",
    "resident": "19900000001",
    "tenant": "19900000003",
    "volunteer": "19900000010",
    "gridworker": "19900000012",
    "moderator": "19900000014",
    "dispatcher": "19900000017",
    "official": "19900000018",
    "inspector": "19900000023",
    "closer": "19900000024",
    "street": "19900000025",
    "administrator": "19900000028",
}


@dataclass(frozen=True)
class Shot:
    """A page: the name of its picture, who looks, where, and which links to follow from there, by patterns."""

    name: str
    who: str
    path: str
    follow: tuple[str, ...] = ()
    first: bool = False
    """Whether it is a page that people meet first, and so is taken in every mode."""


@dataclass(frozen=True)
class Mode:
    """A way to look: width, the cookies of it, and the language of the browser."""

    name: str
    size: dict[str, int]
    look: tuple[tuple[str, str], ...] = ()
    every: bool = False


MODES = (
    Mode("phone", PHONE, every=True),
    Mode("desk", DESK, every=True),
    Mode("phone-dark", PHONE, (("theme", "dark"),)),
    Mode("desk-dark", DESK, (("theme", "dark"),)),
    Mode("phone-large", PHONE, (("type", "large"),)),
    Mode("phone-contrast", PHONE, (("contrast", "more"),)),
    Mode("phone-english", PHONE, (("lang", "en"),)),
    Mode("desk-english", DESK, (("lang", "en"),)),
    Mode("phone-traditional", PHONE, (("lang", "zh-Hant"),)),
)

VOTE = "是否在东门空地建集中充电棚"
CHARGING, SANDPIT = "楼道飞线充电", "儿童沙坑"
SHOTS = (
    Shot("home", "resident", "/", first=True),
    Shot("home-visitor", "visitor", "/"),
    Shot("raise", "resident", "/problems/new", first=True),
    Shot("list", "resident", "/problems"),
    Shot("search", "resident", "/search?q=充电"),
    Shot("dossier", "resident", "/search?q=飞线充电", (CHARGING,), first=True),
    Shot("dossier-moderator", "moderator", "/search?q=飞线充电", (CHARGING,)),
    Shot("discussion", "resident", "/search?q=飞线充电", (CHARGING, "讨论")),
    Shot("solutions", "resident", "/search?q=沙坑", (SANDPIT, r"^方案 \d")),
    Shot("opinion-map", "visitor", "/search?q=沙坑", (SANDPIT, "意见", "看意见地图")),
    Shot("decision", "resident", "/decisions", (VOTE,), first=True),
    Shot("decisions", "visitor", "/decisions"),
    Shot("result", "visitor", "/decisions", ("重做屋面防水",)),
    Shot("meetings", "resident", "/meetings"),
    Shot("meeting", "resident", "/meetings", ("电梯表决前再说一次清楚",)),
    Shot("minutes", "visitor", "/meetings", ("加装电梯议事会", "看纪要")),
    Shot("tasks", "volunteer", "/tasks", first=True),
    Shot("desk", "official", "/desk", first=True),
    Shot("command", "dispatcher", "/command"),
    Shot("committee", "moderator", "/work"),
    Shot("community", "visitor", "/places/990101001001", first=True),
    Shot("notifications", "resident", "/notifications"),
    Shot("me", "resident", "/me"),
    Shot("me-involved", "resident", "/me/involved"),
    Shot("me-notices", "resident", "/me/notices"),
    Shot("me-devices", "resident", "/me/devices"),
    Shot("me-data", "resident", "/me/data"),
    Shot("me-tokens", "resident", "/me/tokens"),
    Shot("modes", "visitor", "/modes"),
    Shot("terms", "visitor", "/terms"),
    Shot("rules", "visitor", "/rules"),
    Shot("accessibility", "visitor", "/accessibility"),
    Shot("sign-in", "visitor", "/sign-in", first=True),
    Shot("sign-up", "visitor", "/sign-up"),
    Shot("privacy", "visitor", "/privacy"),
    Shot("recovery", "visitor", "/recovery"),
    Shot("help", "visitor", "/help"),
    Shot("help-resident", "visitor", "/help/resident"),
    Shot("help-official", "visitor", "/help/official"),
    Shot("announcements", "visitor", "/announcements"),
    Shot("journal", "visitor", "/journal"),
    Shot("admin", "administrator", "/admin"),
    Shot("admin-settings", "administrator", "/admin/settings"),
    Shot("admin-robots", "administrator", "/admin/robots"),
    Shot("admin-countersigns", "administrator", "/admin/countersigns"),
    Shot("robots", "official", "/admin/robots"),
    Shot("refusal", "resident", "/desk"),
    Shot("design", "visitor", "/design"),
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        if server.poll() is not None:
            raise SystemExit("the server has ended")
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the server does not answer")


@contextmanager
def demo() -> Iterator[str]:
    """Serve a fresh demo on loopback and yield its address; or that of one that runs already."""
    if running := os.environ.get("PICTURES_OF"):
        yield running
        return
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "cogov.cli", "serve", "--demo", "--host", "127.0.0.1", "--port", str(port)]
        environment = {**os.environ, "COGOV_DATA_DIR": folder, "COGOV_DATABASE_URL": ""}
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            _wait_for(address + "/", server)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _sign_in(page: Page, phone: str) -> None:
    page.goto("/sign-in")
    page.fill("main [name=contact]", phone)
    page.fill("main [name=password]", PASSWORD)
    page.locator("main form button[value=password]").click()
    page.wait_for_load_state()
    if "/sign-in" in page.url:
        raise SystemExit(f"{phone} cannot sign in")


def _context(browser: Browser, address: str, who: str, signed: dict[str, Any]) -> BrowserContext:
    options: dict[str, Any] = {"base_url": address, "locale": "zh-CN", "viewport": PHONE, "reduced_motion": "reduce"}
    if who not in signed:
        context = browser.new_context(**options)
        if PEOPLE[who]:
            _sign_in(context.new_page(), PEOPLE[who])
        signed[who] = context.storage_state()
        context.close()
    return browser.new_context(**options, storage_state=signed[who])


def _keep(page: Page, name: str) -> None:
    # In a window as tall as the page its sticky bar stands where it belongs: at the foot.
    width, tall = page.evaluate("[window.innerWidth, document.documentElement.scrollHeight]")
    page.set_viewport_size({"width": width, "height": min(tall, TALLEST)})
    page.evaluate("window.scrollTo(0, 0)")  # a tab is opened where it begins
    page.wait_for_timeout(200)
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    taken.save(FOLDER / f"{name}.webp", quality=72, method=6)
    print(f"  {name}", flush=True)


def _take(context: BrowserContext, address: str, shot: Shot, mode: Mode) -> None:
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in mode.look])
    page = context.new_page()
    page.set_viewport_size({"width": mode.size["width"], "height": mode.size["height"]})
    page.goto(shot.path)
    for name in shot.follow:
        page.locator("main").get_by_role("link", name=re.compile(name)).first.click()
        page.wait_for_load_state()
    page.wait_for_load_state("networkidle")
    _keep(page, f"{shot.name}-{mode.name}")
    page.close()


def _index() -> None:
    """Write the page that shows every picture there is."""
    lines = ["# 页面的样子", "", "由 `make pictures` 从演示社区拍成；人、地方和数字都是虚构的。", ""]
    for shot in SHOTS:
        kept = [mode.name for mode in MODES if (FOLDER / f"{shot.name}-{mode.name}.webp").is_file()]
        links = " · ".join(f"[{name}]({shot.name}-{name}.webp)" for name in kept)
        lines.append(f"- **{shot.name}**（{shot.who}）：{links}")
    (FOLDER / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(names: list[str]) -> None:
    """Take the pictures of the pages named, or of all."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium is missing")
    FOLDER.mkdir(exist_ok=True)
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        signed: dict[str, Any] = {}
        for shot in shots:
            for mode in MODES:
                if mode.every or shot.first:
                    context = _context(browser, address, shot.who, signed)
                    _take(context, address, shot, mode)
                    context.close()
        browser.close()
    _index()


if __name__ == "__main__":
    main(sys.argv[1:])
