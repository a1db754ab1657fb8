"""Covering: what lay under a box is gone from every stored file, and a box that cannot be is refused."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from cogov.files.commands import keep_picture
from cogov.files.queries import path_of
from cogov.files.rules import (
    MOST_BOXES,
    SMALL,
    Box,
    around,
    boxes_from,
    cover,
    draw_anew,
    draw_over,
    part,
    preview,
    written,
)
from cogov.ground.refusals import Refused

HOSTILE = [
    "a", "1", "1,2,3", "1,2,3,4,5", "1,2,3,-4", "-1,0,10,10", "0,0,0,10", "0,0,10,0", "0,0,1001,1", "999,0,2,1",
    "0,991,1,10", "1.5,0,10,10", "1e3,0,1,1", "٣,٣,٣,٣", "00001,0,1,1", "0,0,10,10;;x", "0x1,0,1,1", " 0,0,1,1",
    "0,0,10,10\n", "99999999999999999999,0,1,1", "0,0,10,10,", "'; DROP TABLE picture;--",
]  # fmt: skip


def busy(size=(1600, 1200), kind="JPEG"):
    """Return a picture of which no part looks like another."""
    out = io.BytesIO()
    Image.frombytes("RGB", (160, 120), random.Random(7).randbytes(160 * 120 * 3)).resize(size, 0).save(
        out, kind, quality=95
    )
    return out.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


def colours(image, box):
    """Return how many clearly different colours a part of a picture in thousandths has."""
    w, h = image.size
    inside = image.crop((box[0] * w // 1000, box[1] * h // 1000, box[2] * w // 1000, box[3] * h // 1000))
    return len(inside.point([value // 32 for value in range(256)] * 3).getcolors(8**3))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_box_that_cannot_be_is_refused(text):
    with pytest.raises(Refused) as caught:
        boxes_from(text)
    assert caught.value.refusal.code == "boxes_malformed"
    assert caught.value.refusal.status == 422


def test_twenty_boxes_are_enough():
    assert len(boxes_from(";".join(["0,0,10,10"] * MOST_BOXES))) == MOST_BOXES
    for count in (MOST_BOXES + 1, 5000):
        with pytest.raises(Refused) as caught:
            boxes_from(";".join(["0,0,10,10"] * count))
        assert caught.value.refusal.code == "boxes_too_many"


def test_boxes_are_read_as_they_were_written():
    boxes = (Box(0, 0, 1000, 1000), Box(5, 990, 1, 10))
    assert boxes_from(written(boxes)) == boxes
    assert boxes_from("") == boxes_from(";") == ()


@pytest.mark.parametrize("size", [(288, 216), (288, 1), (288, 5000), (1, 1), (10_000, 3)])
def test_a_tap_anywhere_makes_a_box_inside_the_picture(size):
    for x in (0, 1, size[0] // 2, size[0]):
        for y in (0, 1, size[1] // 2, size[1]):
            box = around(x, y, *size)
            assert boxes_from(written([box])) == (box,)


def test_the_nine_parts_cover_the_picture_without_a_gap():
    sheet = Image.new("L", (100, 70), 0)
    for number in range(9):
        box = part(number)
        sheet.paste(255, (
            box.left * 100 // 1000, box.top * 70 // 1000,
            -(-(box.left + box.width) * 100 // 1000), -(-(box.top + box.height) * 70 // 1000),
        ))  # fmt: skip
    assert sheet.getextrema() == (255, 255)


def test_under_a_box_a_few_colours_are_left_and_beside_it_all():
    drawn = draw_anew(busy(), [Box(100, 100, 300, 300)])
    image = opened(drawn.data)
    assert colours(image, (100, 100, 400, 400)) <= 40
    assert colours(image, (500, 500, 900, 900)) > 150


def test_two_pictures_that_differ_under_the_box_only_in_detail_become_alike():
    """A plate of black and white strokes cannot be read back: turned round it comes out the same."""
    sheets = []
    for turned in (False, True):
        sheet = Image.new("RGB", (400, 400), "white")
        for x in range(100, 300, 10):
            sheet.paste("black", (x + 5 * turned, 150, x + 5 + 5 * turned, 250))
        cover(sheet, [Box(200, 300, 600, 400)])
        sheets.append(sheet)
    one, other = (sheet.crop((80, 120, 320, 280)).convert("L").tobytes() for sheet in sheets)
    assert max(abs(a - b) for a, b in zip(one, other, strict=True)) < 25


@pytest.mark.parametrize("box", [Box(0, 0, 1, 1), Box(999, 999, 1, 1), Box(0, 0, 1000, 1000), Box(0, 999, 1000, 1)])
@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3), (640, 480)])
def test_boxes_at_the_edge_of_any_picture_are_covered(box, size):
    sheet = Image.new("RGB", size, "red")
    cover(sheet, [box])
    assert sheet.size == size


def test_every_stored_size_is_covered_and_nothing_of_before_is_on_the_disk(app, cast, tmp_path):
    box = Box(0, 0, 500, 1000)
    drawn = draw_anew(busy(), [box])
    keep_picture(cast.resident, drawn, tmp_path)
    files = sorted(file.name for file in tmp_path.rglob("*") if file.is_file())
    assert files == sorted([drawn.name, *(f"{drawn.name}.{width}" for width in SMALL)])
    for width in (0, *SMALL):
        image = opened(path_of(tmp_path, drawn.name, width).read_bytes())
        assert image.width == (width or 1600)
        assert colours(image, (0, 0, 490, 1000)) <= 60
        assert colours(image, (510, 0, 1000, 1000)) > 150


def test_small_sizes_know_no_more_than_the_picture(app):
    drawn = draw_anew(busy())
    assert [width for width, _ in drawn.small] == list(SMALL)
    for _, data in drawn.small:
        assert not opened(data).getexif()
    assert draw_anew(busy((400, 300))).small == ()


def test_covering_again_without_boxes_keeps_the_very_bytes():
    drawn = draw_anew(busy())
    assert draw_over(drawn.data, []).data == drawn.data
    more = draw_over(drawn.data, [Box(0, 0, 300, 300)])
    assert more.name != drawn.name
    assert colours(opened(more.data), (0, 0, 300, 300)) <= 40


def test_what_is_shown_before_is_what_is_published():
    shown = opened(preview(draw_anew(busy()).data, [Box(100, 100, 300, 300)]))
    assert shown.width == SMALL[-1]
    assert colours(shown, (100, 100, 400, 400)) <= 40


def test_the_format_of_an_iphone_is_told_how_to_be_changed():
    with pytest.raises(Refused) as caught:
        draw_anew(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200))
    assert caught.value.refusal.code == "picture_heic"
    assert "兼容性最佳" in str(caught.value.refusal.what_next)
