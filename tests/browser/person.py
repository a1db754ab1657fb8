"""A person in front of a page: reads what stands there, writes into labelled fields, presses named buttons."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from playwright.sync_api import Locator, Page, expect

from cogov.people.commands import open_sign_in
from cogov.people.rules import Actor

_SHOWN_CODE = re.compile(r"验证码是 (\d{6})")


class Person:
    """What a person can do with a browser, and nothing else: no addresses of posts, no tokens, no commands."""

    def __init__(self, name: str, page: Page, album: Album) -> None:
        self.name = name
        self.page = page
        self.album = album

    # --- going and reading ------------------------------------------------------------------------------------------

    def goes_to(self, path: str) -> Person:
        """Open an address."""
        self.page.goto(path)
        return self

    def follows(self, text: str, within: str = "body") -> Person:
        """Follow a link that says this."""
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("link", name=text).first.click()
        return self

    def reads(self, *texts: str) -> Person:
        """Find these words where an eye can see them."""
        seen = self.text
        for text in texts:
            assert text in seen, f"{self.name} does not read {text!r} on {self.page.url}:\n{seen}"
        return self

    def does_not_read(self, *texts: str) -> Person:
        """Miss these words on the whole page, the source included."""
        source = self.page.content()
        for text in texts:
            assert text not in source, f"{self.name} reads {text!r} on {self.page.url}"
        return self

    def shows(self, what: str) -> Person:
        """Keep a picture of the page for a person to look at."""
        self.album.keep(self.page, f"{what}-{self.name}")
        return self

    @property
    def text(self) -> str:
        """Return what an eye can see."""
        return self.page.locator("body").inner_text()

    @property
    def steps(self) -> dict[str, str]:
        """Return the ribbon as a screen reader says it: the word of each step and its state."""
        items = self.page.locator(".ribbon .step")
        return {
            items.nth(i).locator(".step-label").inner_text(): items.nth(i).locator(".vh").inner_text()
            for i in range(items.count())
        }

    @property
    def stamps(self) -> dict[str, str]:
        """Return the five stamps: the name of each and whether it is signed, awaited or ahead."""
        stamps = self.page.locator(".stamps .stamp")
        states = {}
        for i in range(stamps.count()):
            label, classes = stamps.nth(i).get_attribute("aria-label"), stamps.nth(i).get_attribute("class")
            states[str(label)] = str(classes).split("stamp-")[1].split()[0]
        return states

    # --- writing and pressing ---------------------------------------------------------------------------------------

    def writes(self, label: str, text: str, within: str = "body") -> Person:
        """Fill the field of this label."""
        self._field(label, within).fill(text)
        return self

    def picks(self, label: str, option: str, within: str = "body") -> Person:
        """Choose the option that starts with these words from a list."""
        field = self._field(label, within)
        options = [text.strip() for text in field.locator("option").all_inner_texts()]
        fitting = [text for text in options if text.startswith(option)]
        assert fitting, f"{self.name} cannot pick {option!r} of {options} on {self.page.url}"
        field.select_option(label=fitting[0])
        return self

    def ticks(self, words: str, within: str = "body") -> Person:
        """Tap the choice that says this."""
        self.page.locator(within).locator("label.choice").filter(has_text=words).first.click()
        return self

    def adds(self, label: str, file: Path) -> Person:
        """Choose a photo from the album of the telephone for the field of this label, and see it there."""
        field = self.page.locator("main fieldset.pictures").filter(has_text=label)
        before = field.locator(".shot").count()
        field.locator("input[type=file]").last.set_input_files(str(file))
        expect(field.locator(".shot")).to_have_count(before + 1)
        return self

    def opens(self, words: str) -> Person:
        """Unfold what is folded away under these words."""
        self.page.locator("main summary").filter(has_text=words).first.click()
        return self

    def presses(self, button: str, within: str = "main") -> Person:
        """Press the button of exactly this name and wait for the page that follows."""
        found = self.page.locator(within).get_by_role("button", name=button, exact=True).first
        expect(found).to_be_enabled()
        with self.page.expect_navigation():
            found.click()
        return self

    def finds_no_button(self, button: str) -> Person:
        """Look for a button and find none."""
        expect(self.page.get_by_role("button", name=button, exact=True)).to_have_count(0)
        return self

    def cannot_press(self, button: str) -> Person:
        """Find a button greyed or not at all."""
        expect(self.page.locator(f"button:enabled:text-is('{button}')")).to_have_count(0)
        return self

    def finds_greyed(self, button: str) -> Person:
        """Find a button that cannot be pressed."""
        expect(self.page.get_by_role("button", name=button, exact=True).first).to_be_disabled()
        return self

    def _field(self, label: str, within: str) -> Locator:
        return self.page.locator(within).get_by_label(label).first

    # --- coming in --------------------------------------------------------------------------------------------------

    def signs_in_with_code(self, contact: str) -> Person:
        """Come in with a one-time code, which a demo shows on the screen."""
        self.goes_to("/sign-in").writes("手机号或邮箱", contact).presses("发验证码登录")
        return self.writes("验证码", self.shown_code).presses("确认")

    @property
    def shown_code(self) -> str:
        """Return the code that a demo shows on the screen."""
        found = _SHOWN_CODE.search(self.text)
        assert found, self.text
        return found.group(1)


class Album:
    """Pictures of a walk in the order they were taken, kept only where COGOV_PICTURES names a folder."""

    def __init__(self, folder: Path | None, title: str) -> None:
        self.folder = folder
        self.title = title
        self.count = 0

    def keep(self, page: Page, what: str) -> None:
        """Take a picture of the whole page."""
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self.count += 1
        name = f"{self.title}-{self.count:02d}-{what}.png"
        screen = page.viewport_size
        assert screen is not None
        # On a screen as high as the page, the bar at its foot does not lie across the middle of the picture.
        page.set_viewport_size({**screen, "height": page.evaluate("document.documentElement.scrollHeight")})
        page.screenshot(path=self.folder / name)
        page.set_viewport_size(screen)


def let_in(app: Flask, page: Page, address: str, actor: Actor) -> None:
    """Give a window the key of somebody who signed in before."""
    token = open_sign_in(actor, agent="browser").token
    with app.test_client() as client:
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        cookie = client.get_cookie("session")
    assert cookie is not None
    page.context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
