"""Photographs that nobody took: plain scenes drawn by program, the same each time, without people."""

from __future__ import annotations

import io
import random
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from cogov.demo.pictures.drawing import HEIGHT, WALL, WIDTH
from cogov.demo.pictures.house import HOUSE
from cogov.demo.pictures.town import TOWN
from cogov.demo.pictures.yard import YARD

SCENES = {**TOWN, **YARD, **HOUSE}


def photograph(name: str) -> bytes:
    """Return a scene as JPEG bytes, with the grain and the dark corners of a telephone's camera."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    SCENES[name](ImageDraw.Draw(picture), random.Random(name))
    return _developed(picture)


def _developed(picture: Image.Image) -> bytes:
    grain, shade = _film()
    shaded = ImageChops.multiply(ImageChops.overlay(picture.filter(ImageFilter.BoxBlur(1.5)), grain), shade)
    out = io.BytesIO()
    shaded.save(out, "JPEG", quality=86)
    return out.getvalue()


@cache
def _film() -> tuple[Image.Image, Image.Image]:
    """Return the grain and the dark corners, which are the same on every picture of a camera."""
    noise = random.Random("grain").randbytes(WIDTH * HEIGHT // 4)
    grain = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), noise).resize((WIDTH, HEIGHT))
    grain = grain.point([118 + value // 14 for value in range(256)])
    shade = Image.radial_gradient("L").resize((WIDTH, HEIGHT)).point([255 - value // 4 for value in range(256)])
    return Image.merge("RGB", (grain, grain, grain)), Image.merge("RGB", (shade, shade, shade))
