"""The pen, the colours and the parts that scenes share: walls, windows, doors, bicycles, scraps."""

from __future__ import annotations

import random

from PIL import ImageDraw

WIDTH, HEIGHT = 1200, 900
Pen = ImageDraw.ImageDraw

WALL, WALL_DARK, GROUND, GROUND_DARK = "#cfc6b3", "#b3a892", "#8f8c84", "#77746c"
INK, STEEL, GLASS, RED, GREEN, WOOD = "#2a2d2c", "#6c7478", "#7f95a3", "#a63a2c", "#5f7a55", "#8a6a48"


def street(pen: Pen, dice: random.Random, horizon: int, wall: str = WALL, ground: str = GROUND) -> None:
    """Draw a wall above a ground, both worn."""
    pen.rectangle((0, 0, WIDTH, horizon), fill=wall)
    pen.rectangle((0, horizon, WIDTH, HEIGHT), fill=ground)
    for _ in range(420):
        x, y = dice.randrange(WIDTH), dice.randrange(horizon, HEIGHT)
        pen.ellipse((x, y, x + dice.randrange(2, 9), y + dice.randrange(1, 4)), fill=GROUND_DARK)
    for _ in range(60):
        x, y = dice.randrange(WIDTH), dice.randrange(horizon)
        pen.line((x, y, x + dice.randrange(-6, 7), y + dice.randrange(20, 90)), fill=WALL_DARK, width=2)


def window(pen: Pen, x: int, y: int, width: int = 190, height: int = 150) -> None:
    """Draw a window with bars."""
    pen.rectangle((x, y, x + width, y + height), fill=GLASS, outline=STEEL, width=8)
    pen.line((x + width // 2, y, x + width // 2, y + height), fill=STEEL, width=6)
    for bar in range(x + 20, x + width, 24):
        pen.line((bar, y - 8, bar, y + height + 8), fill="#9aa3a6", width=3)


def door(pen: Pen, x: int, y: int, width: int, height: int, colour: str = WOOD) -> None:
    """Draw a door in its frame."""
    pen.rectangle((x - 14, y - 14, x + width + 14, y + height), fill=WALL_DARK)
    pen.rectangle((x, y, x + width, y + height), fill=colour, outline=INK, width=4)


def bicycle(pen: Pen, x: int, y: int, colour: str = RED) -> None:
    """Draw a bicycle standing."""
    for wheel in (x, x + 260):
        pen.ellipse((wheel - 70, y - 70, wheel + 70, y + 70), outline=INK, width=14)
        pen.ellipse((wheel - 12, y - 12, wheel + 12, y + 12), fill=STEEL)
    pen.line((x, y, x + 90, y - 100, x + 200, y - 30, x + 110, y - 20, x, y), fill=colour, width=18, joint="curve")
    pen.line((x + 200, y - 30, x + 225, y - 170, x + 260, y), fill=colour, width=16, joint="curve")
    pen.line((x + 190, y - 180, x + 255, y - 172), fill=INK, width=12)
    pen.rounded_rectangle((x + 40, y - 130, x + 150, y - 104), 12, fill=INK)


def scraps(pen: Pen, dice: random.Random, box: tuple[int, int, int, int], count: int, colours: list[str]) -> None:
    """Draw broken pieces lying in a box."""
    left, top, right, bottom = box
    for _ in range(count):
        x, y = dice.randrange(left, right), dice.randrange(top, bottom)
        size = dice.randrange(20, 70)
        corners = [(x + dice.randrange(-size, size), y + dice.randrange(-size // 2, size // 2)) for _ in range(5)]
        pen.polygon(corners, fill=dice.choice(colours), outline="#5d5a52")
