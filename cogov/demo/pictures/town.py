"""What is wrong out of doors and at the door: wires, lamps, rubbish, pot-holes, stairs."""

from __future__ import annotations

import random
from collections.abc import Callable

from cogov.demo.pictures.drawing import (
    GREEN,
    HEIGHT,
    INK,
    RED,
    STEEL,
    WALL_DARK,
    WIDTH,
    WOOD,
    Pen,
    bicycle,
    door,
    scraps,
    street,
    window,
)


def _charging(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 640)
    window(pen, 130, 90)
    door(pen, 520, 240, 200, 400, "#5a4a3c")
    wire = [(300, 235), (330, 330), (430, 395), (600, 410), (760, 430), (850, 500), (868, 560)]
    pen.line(wire, fill="#151515", width=9, joint="curve")
    pen.rounded_rectangle((840, 555, 900, 590), 8, fill="#e8e4da", outline=INK, width=3)
    bicycle(pen, 740, 720)


def _lamp(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 660, wall="#232a3a", ground="#2b2e34")
    for x, lit in ((220, True), (620, False), (960, False)):
        pen.rectangle((x - 9, 180, x + 9, 690), fill="#4d535b")
        pen.line((x, 184, x + 110, 150), fill="#4d535b", width=12)
        pen.ellipse((x + 84, 138, x + 164, 172), fill="#f4e3a8" if lit else "#3b4048")
    pen.polygon([(340, 170), (200, 700), (520, 700)], fill="#3d3f3c")
    for x in range(60, WIDTH, 170):
        pen.rectangle((x, 470, x + 70, 540), fill="#171c27")


def _rubbish(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 520)
    window(pen, 820, 80)
    scraps(pen, dice, (180, 620, 1000, 800), 70, ["#c9c2b4", "#a8563f", "#b9b0a0", "#948c7d", "#dad5c8"])
    scraps(pen, dice, (320, 480, 860, 660), 60, ["#c9c2b4", "#a8563f", "#b9b0a0", "#e0dccf"])
    for x in (300, 560, 780):
        pen.rounded_rectangle((x, 560, x + 150, 690), 40, fill="#d8d2c2", outline="#8d8778", width=4)


def _pothole(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 260, ground="#6d6d6b")
    pen.polygon([(0, 300), (WIDTH, 260), (WIDTH, 280), (0, 330)], fill="#b9b6ac")
    pen.ellipse((330, 470, 880, 740), fill="#4b4a47")
    pen.ellipse((380, 510, 830, 710), fill="#3c4247")
    pen.ellipse((430, 560, 780, 690), fill="#5f7078")
    scraps(pen, dice, (300, 450, 920, 760), 16, ["#807e79", "#5c5b58"])


def _stairs(pen: Pen, dice: random.Random) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#bdb6a6")
    for step in range(11):
        top = 860 - step * 70
        left, right = 220 + step * 28, 1010 - step * 6
        pen.rectangle((left, top - 38, right, top), fill="#8b877d")
        pen.rectangle((left, top - 70, right, top - 38), fill="#a5a196")
    pen.line((180, 760, 520, 60), fill=WOOD, width=22)
    for post in range(8):
        x, y = 200 + post * 42, 720 - post * 86
        pen.line((x, y, x, y + 110), fill=STEEL, width=9)
    pen.rectangle((0, 560, 150, HEIGHT), fill="#7f9a86")


def _manhole(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 120, ground="#7a7873")
    pen.ellipse((330, 300, 870, 700), fill="#2a2a28")
    pen.ellipse((350, 270, 860, 650), fill="#56585a", outline="#3b3c3d", width=12)
    for row in range(5):
        for column in range(7):
            x, y = 430 + column * 56, 340 + row * 58
            pen.rectangle((x, y, x + 30, y + 20), fill="#6d7072")
    pen.polygon([(760, 560), (880, 640), (780, 700)], fill="#1c1c1b")
    pen.polygon([(190, 640), (250, 400), (310, 640)], fill="#c8641e")
    pen.polygon([(216, 540), (229, 485), (271, 485), (284, 540)], fill="#eeeae0")


def _roof(pen: Pen, dice: random.Random) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#ddd8cc")
    pen.polygon([(0, 0), (WIDTH, 0), (WIDTH, 430), (0, 520)], fill="#e6e2d8")
    for size, colour in ((190, "#c9bd9d"), (140, "#b3a37b"), (80, "#948460")):
        for _ in range(9):
            x, y = dice.randrange(330, 760), dice.randrange(90, 360)
            pen.ellipse((x - size, y - size // 2, x + size, y + size // 2), fill=colour)
    for _ in range(90):
        x, y = dice.randrange(260, 880), dice.randrange(80, 420)
        pen.ellipse((x, y, x + dice.randrange(4, 22), y + dice.randrange(4, 16)), fill="#5d5f50")
    pen.rounded_rectangle((480, 700, 700, 850), 20, fill="#5f86a8", outline=INK, width=5)
    pen.ellipse((480, 680, 700, 730), fill="#87a7c0", outline=INK, width=5)


def _access(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 760)
    door(pen, 420, 120, 380, 640, "#59636a")
    pen.polygon([(800, 120), (960, 170), (960, 800), (800, 760)], fill="#6b767d", outline=INK)
    pen.rectangle((300, 360, 376, 500), fill="#3a3f42", outline=INK, width=4)
    pen.ellipse((328, 452, 348, 472), fill=RED)
    pen.line((338, 500, 352, 590, 322, 640), fill="#b78a2e", width=6)
    pen.rectangle((250, 250, 400, 330), fill="#efe9d6", outline=WALL_DARK, width=3)


def _bins(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 470)
    for x, colour in ((220, GREEN), (480, "#4c5a63"), (740, "#4c5a63")):
        pen.polygon([(x, 420), (x + 220, 420), (x + 195, 760), (x + 25, 760)], fill=colour, outline=INK)
        scraps(pen, dice, (x + 20, 350, x + 200, 430), 14, ["#e3e0d6", "#b8b6aa", "#c98f5a", "#3a3d3b"])
        pen.ellipse((x + 30, 740, x + 70, 780), fill=INK)
    scraps(pen, dice, (160, 780, 1040, 850), 26, ["#e3e0d6", "#b8b6aa", "#c98f5a"])


def _park(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 380, wall="#b9c8cf", ground="#a8a48f")
    for x in (110, 340, 900, 1080):
        pen.rectangle((x - 12, 260, x + 12, 430), fill=WOOD)
        pen.ellipse((x - 110, 90, x + 110, 310), fill=GREEN)
    pen.polygon([(330, 560), (880, 560), (1010, 800), (200, 800)], fill="#d9c48f", outline=WOOD)
    pen.rectangle((420, 470, 800, 500), fill=WOOD)
    for x in (450, 760):
        pen.rectangle((x, 500, x + 16, 560), fill=STEEL)


TOWN: dict[str, Callable[[Pen, random.Random], None]] = {
    "access": _access,
    "bins": _bins,
    "charging": _charging,
    "lamp": _lamp,
    "manhole": _manhole,
    "park": _park,
    "pothole": _pothole,
    "roof": _roof,
    "rubbish": _rubbish,
    "stairs": _stairs,
}
