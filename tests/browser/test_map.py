"""The map takes the place of the drawing, says what the list says, and needs neither mouse nor script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cogov.problems.commands import conclude_deliberation, triage_problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from tests.browser.conftest import DESK, PHONE
from tests.cast import Cast
from tests.journeys.walking import raise_something

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
MAP = "figure[data-map]"


def _two_together_and_one_apart(cast: Cast) -> list[str]:
    east, north = cast.inside
    return [
        raise_something(cast, text="东门路灯不亮了", longitude=east - 300, latitude=north - 300),
        raise_something(cast, text="东门井盖不见了", longitude=east - 300, latitude=north - 300),
        raise_something(cast, text="西门栏杆松动了", longitude=east + 300, latitude=north + 300),
    ]


def _opened(page: Page) -> Page:
    page.goto("/?near=all")
    expect(page.locator(f"{MAP}.map-ready")).to_have_count(1)
    return page


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_map_takes_the_place_of_the_drawing_without_moving_the_page(
    cast: Cast, page_of: OpenPage, size: dict[str, int]
) -> None:
    _two_together_and_one_apart(cast)
    still = page_of("neighbour", size, java_script_enabled=False)
    still.goto("/?near=all")
    expect(still.locator(f"{MAP} svg.map-drawing")).to_be_visible()
    page = _opened(page_of("neighbour", size))
    expect(page.locator(f"{MAP} svg.map-drawing")).to_be_hidden()
    expect(page.locator(".map-live path.map-grid")).to_have_count(2)
    before, after = (each.locator(MAP).bounding_box() for each in (still, page))
    assert before == after


def test_pins_and_numbers_add_up_to_the_list_that_follows(cast: Cast, page_of: OpenPage) -> None:
    _two_together_and_one_apart(cast)
    page = _opened(page_of("neighbour", DESK))
    listed = page.locator(f"{MAP} [data-at]").count()
    alone = page.locator(".map-live a.map-hit").count()
    numbers = [int(text) for text in page.locator(".map-live button.map-hit").all_inner_texts()]
    assert listed == 3
    assert (alone, numbers) == (1, [2])
    assert alone + sum(numbers) == listed


def test_what_lies_on_one_spot_opens_as_a_list_and_closes_by_escape(cast: Cast, page_of: OpenPage) -> None:
    _two_together_and_one_apart(cast)
    page = _opened(page_of("neighbour", PHONE, has_touch=True))
    page.get_by_role("button", name="这里有 2 件，点开看").tap()
    card = page.locator(".map-card")
    expect(card.get_by_role("link")).to_have_text(["东门井盖不见了", "东门路灯不亮了"])
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)


def test_a_tap_on_a_pin_says_what_it_is_before_it_leads_there(cast: Cast, page_of: OpenPage) -> None:
    number = _two_together_and_one_apart(cast)[2]
    page = _opened(page_of("neighbour", PHONE, has_touch=True))
    page.locator(".map-live a.map-hit").tap()
    link = page.locator(".map-card").get_by_role("link", name="西门栏杆松动了")
    expect(link).to_be_visible()
    link.tap()
    page.wait_for_url(f"**/problems/{number}")


def test_every_pin_is_reached_by_keys_and_enter_goes_to_its_dossier(cast: Cast, page_of: OpenPage) -> None:
    number = _two_together_and_one_apart(cast)[2]
    page = _opened(page_of("neighbour", DESK))
    reached: list[Any] = []
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('.map-live') && document.activeElement.ariaLabel"))
        if reached[-1] and "西门栏杆松动了" in reached[-1]:
            break
    assert any(label and "西门栏杆松动了" in label for label in reached)
    expect(page.locator(".map-card")).to_contain_text("西门栏杆松动了")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/problems/{number}")


def test_going_nearer_by_the_button_lets_the_map_be_moved_and_back_again(cast: Cast, page_of: OpenPage) -> None:
    _two_together_and_one_apart(cast)
    page = _opened(page_of("neighbour", DESK))
    expect(page.locator(".leaflet-grab")).to_have_count(0)
    page.get_by_role("button", name="放大").press("Enter")
    expect(page.locator(".leaflet-grab")).to_have_count(1)
    page.get_by_role("button", name="缩小").press("Enter")
    expect(page.locator(".leaflet-grab")).to_have_count(0)


def test_without_script_the_list_under_the_drawing_leads_to_each_dossier(cast: Cast, page_of: OpenPage) -> None:
    number = _two_together_and_one_apart(cast)[2]
    page = page_of("neighbour", PHONE, java_script_enabled=False)
    page.goto("/?near=all")
    page.get_by_text("看成列表（3 件）").click()
    page.locator(f"{MAP} li").get_by_role("link", name="西门栏杆松动了").click()
    page.wait_for_url(f"**/problems/{number}")


def test_the_filter_of_the_page_is_the_filter_of_the_map(cast: Cast, page_of: OpenPage) -> None:
    _two_together_and_one_apart(cast)
    page = page_of("neighbour", DESK)
    raise_something(cast, by="neighbour", text="南门花坛塌了")
    page.goto("/?near=followed")
    expect(page.locator(f"{MAP} [data-at]")).to_have_text(["南门花坛塌了"])
    expect(page.locator(".map-live .map-hit")).to_have_count(1)


def test_needs_that_take_one_click_are_done_from_home(cast: Cast, page_of: OpenPage) -> None:
    number = raise_something(cast, text="东门路灯不亮了")
    _ask(cast, number)
    page = page_of("resident", PHONE)
    page.goto("/")
    page.get_by_role("button", name="修好了").click()
    expect(page.get_by_text("谢谢，记下了：修好了。")).to_be_visible()


def _ask(cast: Cast, number: str) -> None:
    triage_problem(
        cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, rule=RuleCode.R5, words="大家一起商量"
    )
    conclude_deliberation(cast.moderator, number, words="已经修好")


def test_a_place_is_chosen_by_finger_by_keys_or_by_the_phone_and_the_grid_is_said(
    cast: Cast, page_of: OpenPage
) -> None:
    page = page_of("neighbour", DESK)
    page.goto("/problems/new")
    figure = page.locator("figure[data-pick]")
    figure.evaluate(
        "node => { for (let n = node; n; n = n.parentElement) if (n.tagName === 'DETAILS') n.open = true; }"
    )
    expect(page.locator("figure[data-pick].map-ready")).to_have_count(1)

    def written() -> tuple[int, int]:
        return tuple(int(page.locator(f"#{name}").input_value()) for name in ("longitude", "latitude"))  # type: ignore[return-value]

    figure.get_by_role("button", name="标在中间").click()
    first = written()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    second = written()
    assert second[0] > first[0]
    assert second[1] > first[1]
    east, north = cast.inside
    assert figure.evaluate("(node, at) => node.setPin(at[0], at[1])", [east, north]) is True
    assert all(abs(one - other) <= 1 for one, other in zip(written(), cast.inside, strict=True))
    expect(figure.locator("[data-pick-said]")).to_have_text("在第 1 网格")
    assert figure.evaluate("node => node.setPin(0, 0)") is False
    assert all(abs(one - other) <= 1 for one, other in zip(written(), cast.inside, strict=True))
    box = figure.locator(".map-live").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 3 / 4, box["y"] + box["height"] / 2)
    expect(figure.locator("[data-pick-said]")).to_have_text("在第 2 网格")
    assert written()[0] > east
