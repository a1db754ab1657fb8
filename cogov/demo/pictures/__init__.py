"""Photographs that nobody took: plain scenes drawn by program, the same each time, without people."""

from __future__ import annotations

import io
import random

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
    return _developed(picture, random.Random(f"{name} grain"))


def _developed(picture: Image.Image, dice: random.Random) -> bytes:
    soft = picture.filter(ImageFilter.GaussianBlur(1.4))
    grain = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), dice.randbytes(WIDTH * HEIGHT // 4)).resize((WIDTH, HEIGHT))
    grain = grain.point([118 + value // 14 for value in range(256)])
    shade = Image.radial_gradient("L").resize((WIDTH, HEIGHT)).point([255 - value // 4 for value in range(256)])
    grained = ImageChops.overlay(soft, Image.merge("RGB", (grain, grain, grain)))
    shaded = ImageChops.multiply(grained, Image.merge("RGB", (shade, shade, shade)))
    out = io.BytesIO()
    shaded.save(out, "JPEG", quality=86)
    return out.getvalue()
