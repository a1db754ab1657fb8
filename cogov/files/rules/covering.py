"""Covering faces and plates: what lies under a box is gone from the pixels, not hidden behind something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageFilter

from cogov.ground.refusals import Refusal, Refused
from cogov.ground.words import say

MOST_BOXES = 20
WHOLE = 1000
"""Boxes are told in thousandths of width and height, so that they fit a picture in any size."""

TOUCHED = 120
"""The side of what one tap covers, in thousandths of the longer side."""

PARTS = 3
"""A picture has three times three parts that can be named instead of pointed at."""

LEFT = 4
"""What is left of a box is so many colours on its longer side: no face and no plate can be told from them."""

_BOX = re.compile(r"([0-9]{1,4}),([0-9]{1,4}),([0-9]{1,4}),([0-9]{1,4})")


@dataclass(frozen=True)
class Box:
    """A rectangle in thousandths of a picture's width and height."""

    left: int
    top: int
    width: int
    height: int


def boxes_from(text: str) -> tuple[Box, ...]:
    """Return the boxes that a form tells as ``left,top,width,height`` with ``;`` between them."""
    told = [each for each in text.split(";", MOST_BOXES + 1) if each]
    if len(told) > MOST_BOXES:
        raise Refused(too_many())
    matches = [_BOX.fullmatch(each) for each in told]
    boxes = tuple(Box(*(int(number) for number in match.groups())) for match in matches if match)
    if len(boxes) != len(told):
        raise Refused(_malformed())
    return covered(boxes)


def covered(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """Return boxes that lie within the picture, and are not too many; others are refused."""
    if len(boxes) > MOST_BOXES:
        raise Refused(too_many())
    if not all(map(_fits, boxes)):
        raise Refused(_malformed())
    return tuple(boxes)


def _malformed() -> Refusal:
    return Refusal(
        "boxes_malformed",
        say("要遮住的位置没有读懂，这次没有处理。"),
        what_next=say("请在照片上重新点一遍要遮住的地方。"),
        status=422,
    )


def too_many() -> Refusal:
    """Say that a picture with so many boxes should rather be taken again."""
    return Refusal(
        "boxes_too_many",
        say("一张照片最多遮 {n} 处。", n=MOST_BOXES),
        what_next=say("人多的地方，请换个角度重拍一张。"),
        status=422,
    )


def _fits(box: Box) -> bool:
    return box.width > 0 and box.height > 0 and box.left + box.width <= WHOLE and box.top + box.height <= WHOLE


def written(boxes: Sequence[Box]) -> str:
    """Return boxes as a form carries them."""
    return ";".join(f"{box.left},{box.top},{box.width},{box.height}" for box in boxes)


def around(x: int, y: int, width: int, height: int) -> Box:
    """Return the square round a point of a picture shown ``width`` by ``height`` large; it stays inside."""
    side = max(width, height) * TOUCHED // WHOLE
    wide, high = (min(max(side * WHOLE // length, 1), WHOLE) for length in (width, height))
    left = min(max(x * WHOLE // width - wide // 2, 0), WHOLE - wide)
    top = min(max(y * WHOLE // height - high // 2, 0), WHOLE - high)
    return Box(left, top, wide, high)


def part(number: int) -> Box:
    """Return one of the nine parts of a picture, counted in the order of reading from nought."""
    row, column = divmod(number % (PARTS * PARTS), PARTS)
    edges = [WHOLE * each // PARTS for each in range(PARTS + 1)]
    return Box(edges[column], edges[row], edges[column + 1] - edges[column], edges[row + 1] - edges[row])


def cover(sheet: Image.Image, boxes: Sequence[Box]) -> None:
    """Replace what lies under the boxes by a few blurred colours; each box works on what the one before has left."""
    for box in boxes:
        left, top = box.left * sheet.width // WHOLE, box.top * sheet.height // WHOLE
        # Rounded outwards: a thin rest at the edge must not stay.
        right = -(-(box.left + box.width) * sheet.width // WHOLE)
        bottom = -(-(box.top + box.height) * sheet.height // WHOLE)
        inside = sheet.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
        longer = max(inside.size)
        width, height = (max(side * LEFT // longer, 1) for side in inside.size)
        few = inside.resize((width, height), Image.Resampling.BOX)
        blocks = few.resize(inside.size, Image.Resampling.NEAREST)
        sheet.paste(blocks.filter(ImageFilter.GaussianBlur(longer / LEFT / 4)), (left, top))
