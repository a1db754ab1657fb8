"""Raising on a telephone: five taps for somebody of seventy, and a face under a box is gone from what is published."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from PIL.ImageStat import Stat
from playwright.sync_api import Page, Route, expect

from cogov.files.queries import path_of, pictures_folder, pictures_of
from cogov.ground.db import session
from cogov.ground.settings import data_dir
from cogov.problems.models import Problem
from tests.browser.conftest import OpenPage
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

FACE = (120, 80, 240, 200)
"""Where a "face" of black and white strokes stands on the photo, in pixels of 600 by 400."""


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    sheet = Image.new("RGB", (600, 400), "#c8c0b0")
    for x in range(FACE[0], FACE[2], 8):
        sheet.paste("black", (x, FACE[1], x + 4, FACE[3]))
    file = tmp_path / "face.png"
    sheet.save(file)
    return file


def scaled(width: float, height: float, at: tuple[int, int, int, int]) -> tuple[float, float, float, float]:
    """Return corners on the photo where they lie on it in another size."""
    left, top, right, bottom = at
    return left * width / 600, top * height / 400, right * width / 600, bottom * height / 400


def contrast(image: Image.Image) -> int:
    left, top, right, bottom = scaled(*image.size, FACE)
    [(darkest, lightest)] = Stat(image.convert("L").crop((int(left), int(top), int(right), int(bottom)))).extrema
    return lightest - darkest


def published(app: Flask) -> list[Path]:
    session().rollback()
    problem = session().query(Problem).order_by(Problem.id.desc()).first()
    assert problem is not None
    folder = pictures_folder(data_dir(app))
    return [path_of(folder, row.name) for row in pictures_of([problem.id]).get(problem.id, [])]


def drag(page: Page, at: tuple[int, int, int, int]) -> None:
    layer = page.locator(".shot-stage svg")
    layer.scroll_into_view_if_needed()
    box = layer.bounding_box()
    assert box is not None
    x, y = box["x"], box["y"]
    left, top, right, bottom = scaled(box["width"], box["height"], at)
    page.mouse.move(x + left, y + top)
    page.mouse.down()
    page.mouse.move(x + (left + right) / 2, y + (top + bottom) / 2)
    page.mouse.move(x + right, y + bottom)
    page.mouse.up()


def test_seventy_years_old_large_type_five_taps(app: Flask, cast: Cast, page_of: OpenPage, portrait: Path) -> None:
    page = page_of("resident")
    page.goto("/help")
    page.context.add_cookies([{"name": "type", "value": "large", "url": page.url}])
    page.goto("/")
    taps = 0
    page.get_by_role("link", name="提出问题").first.click()
    taps += 1  # open
    page.wait_for_url("**/problems/new*")
    assert page.locator("html").get_attribute("data-type") == "large"
    assert page.locator("a[href='tel:119']").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_file_chooser() as chooser:
        page.locator(".pick input").last.click()
    taps += 1  # photo; a second tap is the telephone's own, on the picture
    chooser.value.set_files(str(portrait))
    taps += 1
    expect(page.locator(".shot-stage img")).to_be_visible()
    page.locator("#text").click()
    taps += 1  # words
    page.keyboard.type("楼道的灯坏了三天，晚上看不见台阶。")
    assert "1 号楼" in page.locator("[data-place-name]").inner_text()  # the place stands there already
    page.get_by_role("button", name="提交", exact=True).click()
    taps += 1  # send
    page.wait_for_url("**/problems/2*")
    assert taps <= 5
    assert "前看过，告诉您走哪条路" in page.locator(".flashes").inner_text()
    session().rollback()
    problem = session().query(Problem).one()
    assert problem.title == "楼道的灯坏了三天，晚上看不见台阶"
    assert problem.building_id == cast.building_ids[0]
    [file] = published(app)
    assert contrast(Image.open(file)) > 150  # nothing was asked to be covered


def test_a_box_is_dragged_on_a_face_and_the_face_is_gone(app: Flask, page_of: OpenPage, portrait: Path) -> None:
    page = page_of("resident")
    page.goto("/problems/new")
    page.locator("input[type=file]").last.set_input_files(str(portrait))
    page.get_by_role("button", name="遮住人脸、车牌").click()
    drag(page, (FACE[0] - 10, FACE[1] - 10, FACE[2] + 10, FACE[3] + 10))
    expect(page.locator(".shot [role=status]")).to_contain_text("遮了 1 处")
    left, top, width, height = (int(part) for part in page.locator("[data-boxes]").input_value().split(","))
    assert abs(left - 183) < 12
    assert abs(top - 175) < 12
    assert abs(width - 233) < 16
    assert abs(height - 350) < 16
    page.locator("#text").fill("楼道的灯坏了三天，晚上看不见台阶。")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/problems/2*")
    [file] = published(app)
    assert contrast(Image.open(file)) < 60
    answer = page.request.get(str(page.locator("img[src*='/pictures/']").first.get_attribute("src")))
    assert contrast(Image.open(BytesIO(answer.body()))) < 60


def test_a_box_is_set_by_keys_alone(page_of: OpenPage, portrait: Path) -> None:
    page = page_of("resident")
    page.goto("/problems/new")
    page.locator("input[type=file]").last.set_input_files(str(portrait))
    page.get_by_role("button", name="遮住人脸、车牌").press("Enter")
    page.get_by_role("button", name="加一个框").press("Enter")
    first = page.locator("[data-boxes]").input_value()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    left, top, width, height = (int(part) for part in first.split(","))
    moved = f"{left - 20},{top - 10},{width + 10},{height + 10}"
    assert page.locator("[data-boxes]").input_value() == moved
    page.keyboard.press("Delete")
    assert page.locator("[data-boxes]").input_value() == ""


def test_hints_come_while_writing_and_me_too_is_one_tap(cast: Cast, page_of: OpenPage, app: Flask) -> None:
    page = page_of("resident")
    page.goto("/problems/new")
    page.locator("#text").fill("楼道的灯坏了三天，晚上看不见台阶。")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/problems/2*")
    other = page_of("tenant")
    other.goto("/problems/new")
    other.locator("#text").press_sequentially("楼道的灯坏了，看不见台阶")
    expect(other.get_by_text("邻居已经提过相近的 1 件")).to_be_visible()
    expect(other.get_by_role("heading", name="我们建议这样办")).to_be_visible()
    other.get_by_role("button", name="我也遇到").click()
    other.wait_for_url("**/problems/2*")
    session().rollback()
    assert session().query(Problem).one().seconds == 1


def test_who_presses_while_the_photo_is_on_its_way_need_not_press_again(
    page_of: OpenPage, portrait: Path, app: Flask
) -> None:
    page = page_of("resident")
    page.goto("/problems/new")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/drafts", slowly)
    page.locator("#text").fill("楼道的灯坏了三天，晚上看不见台阶。")
    page.locator("input[type=file]").last.set_input_files(str(portrait))
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/problems/2*")
    assert len(published(app)) == 1


def test_without_scripts_a_click_on_the_photo_covers_it(page_of: OpenPage, portrait: Path, app: Flask) -> None:
    page = page_of("resident", java_script_enabled=False)
    page.goto("/problems/new")
    page.locator("#text").fill("楼道的灯坏了三天，晚上看不见台阶。")
    page.locator("input[type=file]").last.set_input_files(str(portrait))
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("照片里有人脸、车牌吗")).to_be_visible()
    for dx in (-25, 0, 25):
        for dy in (-25, 0, 25):
            picture = page.locator("input[type=image]")
            picture.scroll_into_view_if_needed()
            picture.click(position={"x": 288 * 180 / 600 + dx, "y": 192 * 140 / 400 + dy})
    expect(page.get_by_text("遮了 9 处")).to_be_visible()
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/problems/2*")
    [file] = published(app)
    assert contrast(Image.open(file)) < 110
