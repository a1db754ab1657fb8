"""Pictures of a problem that was taken down: with its words they are gone for all, and come back with them."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from cogov.files.models import Picture
from cogov.files.queries import pictures_folder
from cogov.files.rules import draw_anew
from cogov.ground.db import session
from cogov.ground.settings import data_dir
from cogov.moderation.commands import answer_removal_appeal, appeal_removal, decide_review, order_down
from cogov.moderation.models import Cover, Review
from cogov.moderation.rules import FlagReason, Order, ReviewVerdict
from cogov.problems.commands import flag_problem, raise_problem
from cogov.problems.models import Problem
from tests.cast import Cast
from tests.databases import both
from tests.moderation.test_commands import count

ORDER = Order("区网信办", "第六条", date(2026, 1, 2))
PUBLIC = (None, "neighbour", "outsider", "grid_worker")


def drawn(colour: str) -> Any:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(out, "PNG")
    return draw_anew(out.getvalue())


@pytest.fixture
def folder(app: Flask) -> Path:
    return pictures_folder(data_dir(app))


@pytest.fixture
def pictured(cast: Cast, folder: Path) -> Problem:
    """Return a problem that was raised with two pictures."""
    longitude, latitude = cast.inside
    return raise_problem(
        cast.resident,
        community_id=cast.community_id,
        title="灯具大甩卖",
        text="楼道灯坏了一个月，换新找我。",
        longitude=longitude,
        latitude=latitude,
        pictures=(drawn("red"), drawn("blue")),
        folder=folder,
    ).problem


def addresses(problem: Problem) -> list[str]:
    ids = session().scalars(select(Picture.id).where(Picture.problem_id == problem.id).order_by(Picture.id))
    return [f"/problems/{problem.number}/pictures/{each}" for each in ids]


def statuses(client_of: Any, who: str | None, problem: Problem) -> set[int]:
    return {client_of(who).get(f"{at}{small}").status_code for at in addresses(problem) for small in ("", "?w=480")}


def linked(client_of: Any, who: str | None, problem: Problem) -> bool:
    at = f"/problems/{problem.number}/pictures/"
    pages = (f"/problems/{problem.number}", f"/problems/{problem.number}?print=1", f"/api/v1/problems/{problem.number}")
    return any(at in client_of(who).get(page).get_data(as_text=True) for page in pages)


@both
def test_an_order_takes_the_pictures_of_a_problem_with_its_words(cast: Cast, pictured: Problem, client_of: Any):
    assert statuses(client_of, None, pictured) == {200}
    assert linked(client_of, None, pictured)
    review = flag_problem(cast.owner, pictured.id, reason=FlagReason.UNLAWFUL)
    order_down(cast.street_office, review.id, order=ORDER)
    assert [statuses(client_of, who, pictured) for who in PUBLIC] == [{404}] * 4
    assert [who for who in (*PUBLIC, "moderator", "resident") if linked(client_of, who, pictured)] == []
    assert statuses(client_of, "resident", pictured) == {200}  # who took them
    answer = client_of("resident").get(addresses(pictured)[0])
    assert answer.headers["Cache-Control"] == "private, no-store"


@both
def test_a_removal_takes_them_and_an_appeal_that_is_granted_shows_them(cast: Cast, pictured: Problem, client_of: Any):
    review = flag_problem(cast.owner, pictured.id, reason=FlagReason.PRIVACY)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.PRIVACY)
    assert [statuses(client_of, who, pictured) for who in PUBLIC] == [{404}] * 4
    appeal_removal(cast.resident, review.id, words="照片里没有人。")
    answer_removal_appeal(cast.street_office, review.id, granted=True, words="恢复。")
    assert [statuses(client_of, who, pictured) for who in PUBLIC] == [{200}] * 4
    assert linked(client_of, None, pictured)
    assert count(Cover) == 0


def test_what_was_kept_keeps_its_pictures(cast: Cast, pictured: Problem, client_of: Any):
    review = flag_problem(cast.owner, pictured.id, reason=FlagReason.PRIVACY)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.KEEP)
    assert statuses(client_of, None, pictured) == {200}


def test_who_decides_opens_the_seal_to_see_them_and_the_look_is_written_down(
    cast: Cast, pictured: Problem, client_of: Any
):
    review = flag_problem(cast.owner, pictured.id, reason=FlagReason.PRIVACY)
    page, moderator = f"/moderation/{review.id}", client_of("moderator")
    told = "移除后，提出时的 2 张照片一起不公开；恢复时一起恢复。"
    assert told in moderator.get(page).get_data(as_text=True)
    assert all(at in moderator.get(page).get_data(as_text=True) for at in addresses(pictured))
    assert told in moderator.get("/work?part=reviews").get_data(as_text=True)
    assert told not in client_of("resident").get(page).get_data(as_text=True)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.PRIVACY)
    assert statuses(client_of, "moderator", pictured) == {404}
    assert addresses(pictured)[0] not in moderator.get(page).get_data(as_text=True)
    assert addresses(pictured)[0] in moderator.post(f"{page}/look").get_data(as_text=True)
    assert statuses(client_of, "moderator", pictured) == {200}
    assert session().get_one(Review, review.id).author_id == cast.resident.person_id
    assert statuses(client_of, "neighbour", pictured) == {404}
