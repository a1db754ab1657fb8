"""What is wrong inside: lifts, corridors, fire doors, hydrants, leaks, meters; and two places put right."""

from __future__ import annotations

import random
from collections.abc import Callable

from cogov.demo.pictures.drawing import (
    GROUND_DARK,
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


def _corridor(pen: Pen, wall: str = "#c3bdae", floor: str = "#8b877d") -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=wall)
    pen.polygon([(0, HEIGHT), (WIDTH, HEIGHT), (800, 560), (400, 560)], fill=floor)
    pen.polygon([(0, 0), (WIDTH, 0), (800, 180), (400, 180)], fill="#d6d1c4")
    pen.rectangle((400, 180, 800, 560), fill="#a7a294")


def _lift(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 780, wall="#b9b4a6")
    pen.rectangle((330, 120, 870, 780), fill="#5a6268", outline=INK, width=8)
    pen.rectangle((360, 150, 590, 780), fill="#a9b1b4")
    pen.rectangle((640, 150, 840, 780), fill="#a9b1b4")
    pen.rectangle((590, 150, 640, 780), fill="#1f2224")
    pen.rounded_rectangle((930, 380, 1000, 540), 10, fill="#d9dcdc", outline=STEEL, width=4)
    for y in (420, 490):
        pen.ellipse((952, y - 14, 980, y + 14), fill=RED if y == 420 else STEEL)
    pen.rectangle((430, 330, 780, 450), fill="#efe9d6", outline=WALL_DARK, width=4)
    for y in (360, 390, 420):
        pen.line((460, y, 750, y), fill=GROUND_DARK, width=6)


def _boxes(pen: Pen, dice: random.Random) -> None:
    _corridor(pen)
    for x, y, size in ((120, 560, 220), (260, 470, 160), (860, 620, 200), (820, 500, 130), (150, 420, 140)):
        pen.rectangle(
            (x, y, x + size, y + size), fill=dice.choice(["#b58d5c", "#a67f50", "#c19a69"]), outline="#7b5c38", width=4
        )
        pen.line((x, y + size // 2, x + size, y + size // 2), fill="#d8c39a", width=10)
    bicycle(pen, 520, 800, "#3f5d73")


def _firedoor(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 780, wall="#bdb6a6")
    door(pen, 380, 120, 440, 660, "#8f3a30")
    pen.rectangle((380, 120, 820, 190), fill="#2f6b45")
    pen.rectangle((560, 140, 640, 172), fill="#e9efe9")
    pen.line((470, 470, 730, 470), fill=STEEL, width=18)
    pen.line((560, 440, 600, 520, 660, 500, 640, 440), fill="#2a2d2c", width=12, joint="curve")
    pen.rounded_rectangle((580, 500, 650, 580), 10, fill="#c9a227", outline=INK, width=4)


def _hydrant(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 800, wall="#c3bdae")
    pen.rectangle((360, 180, 840, 720), fill=RED, outline=INK, width=6)
    pen.rectangle((400, 220, 800, 680), fill="#d9dcdc")
    pen.ellipse((440, 300, 660, 520), outline="#8f3a30", width=34)
    pen.rectangle((690, 300, 750, 420), fill="#c9a227", outline=INK, width=4)
    pen.line((720, 420, 720, 640), fill=STEEL, width=18)
    pen.rectangle((560, 560, 640, 640), fill="#efe9d6", outline=WALL_DARK, width=3)


def _exitlight(pen: Pen, dice: random.Random) -> None:
    _corridor(pen, wall="#4a4c4d", floor="#3a3b3b")
    pen.rectangle((400, 180, 800, 560), fill="#333536")
    pen.rectangle((520, 230, 680, 290), fill="#31423a", outline=STEEL, width=5)
    pen.rectangle((900, 200, 1010, 250), fill="#55585a", outline=STEEL, width=4)
    pen.rectangle((200, 200, 300, 250), fill="#55585a", outline=STEEL, width=4)


def _extinguisher(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 760, wall="#c3bdae")
    pen.rectangle((380, 480, 820, 760), fill="#8f3a30", outline=INK, width=6)
    for x in (450, 640):
        pen.rounded_rectangle((x, 300, x + 120, 700), 50, fill=RED, outline=INK, width=5)
        pen.rectangle((x + 40, 250, x + 80, 310), fill=INK)
        pen.line((x + 80, 280, x + 150, 330, x + 150, 460), fill=INK, width=12, joint="curve")
        pen.rectangle((x + 22, 430, x + 98, 540), fill="#efe9d6")
        pen.ellipse((x + 38, 360, x + 82, 404), fill="#e9efe9", outline=STEEL, width=4)


def _leak(pen: Pen, dice: random.Random) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#d6d1c4")
    pen.rectangle((560, 0, 620, HEIGHT), fill="#9aa3a6", outline=STEEL, width=4)
    pen.rectangle((530, 380, 650, 460), fill="#7d868a", outline=INK, width=4)
    for _ in range(26):
        x = dice.randrange(470, 720)
        pen.line((590, 450, x, 520 + dice.randrange(260)), fill="#a9bcc4", width=dice.randrange(2, 6))
    pen.ellipse((330, 760, 900, 880), fill="#8fa3a8")
    for size in (170, 110):
        pen.ellipse((700 - size, 380 - size, 700 + size, 380 + size), outline="#b8a988", width=20)


def _meters(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 800)
    pen.rectangle((300, 140, 900, 740), fill="#9aa3a6", outline=INK, width=6)
    for row in range(3):
        for column in range(4):
            x, y = 340 + column * 138, 180 + row * 180
            pen.rectangle((x, y, x + 110, y + 150), fill="#d9dcdc", outline=STEEL, width=4)
            pen.rectangle((x + 16, y + 20, x + 94, y + 60), fill="#2b3a33")
    pen.polygon([(620, 560), (900, 540), (880, 740), (600, 740)], fill="#3a3430")
    for _ in range(9):
        x = dice.randrange(620, 860)
        pen.line((x, 560, x + dice.randrange(-60, 60), 760), fill="#1c1a18", width=6)


def _drill(pen: Pen, dice: random.Random) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill="#c9c4b6")
    scraps(pen, dice, (300, 200, 860, 560), 50, ["#b5aea0", "#9c958a", "#d8d3c7"])
    pen.rectangle((240, 620, 700, 700), fill="#3f5d73", outline=INK, width=5)
    pen.polygon([(560, 690), (680, 690), (640, 860), (540, 860)], fill="#3f5d73", outline=INK)
    pen.rectangle((700, 644, 980, 672), fill=STEEL)
    pen.polygon([(980, 636), (1060, 658), (980, 680)], fill="#8b9296")
    scraps(pen, dice, (700, 760, 1150, 880), 30, ["#b5aea0", "#d8d3c7"])


def _batteries(pen: Pen, dice: random.Random) -> None:
    _corridor(pen, wall="#8c8577", floor="#5f5b53")
    for row in range(3):
        for column in range(5):
            x, y = 260 + column * 140, 420 + row * 130
            pen.rectangle(
                (x, y, x + 124, y + 110), fill=dice.choice(["#2e3234", "#3a4043", "#26292a"]), outline=STEEL, width=4
            )
            pen.rectangle((x + 14, y - 14, x + 40, y), fill=RED)
            pen.rectangle((x + 84, y - 14, x + 110, y), fill=STEEL)
    pen.line((220, 600, 120, 700, 60, 560), fill=INK, width=8, joint="curve")


def _canopy(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 600, wall="#b9c8cf", ground="#a39d8f")
    pen.rectangle((80, 420, 1120, 600), fill="#b3a892", outline=WALL_DARK, width=4)
    pen.polygon([(200, 260), (1000, 220), (1040, 300), (180, 340)], fill="#4f7aa0", outline=INK)
    for x in (230, 480, 740, 990):
        pen.rectangle((x - 9, 300, x + 9, 600), fill=STEEL)
    for x in range(230, 1000, 90):
        pen.line((x, 255, x + 20, 330), fill="#3d6286", width=4)


def _windowbars(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 760)
    pen.rectangle((60, 430, 1140, 540), fill="#a63a2c", outline=INK, width=4)
    for x in (120, 500, 880):
        window(pen, x, 150)
        for y in range(150, 310, 30):
            pen.line((x - 10, y, x + 200, y), fill="#3a3f42", width=8)
    door(pen, 480, 560, 240, 200, "#59636a")


def _mended(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 560, ground="#8b8984")
    pen.polygon([(300, 600), (880, 580), (960, 800), (240, 820)], fill="#5a5957", outline="#4a4947")
    window(pen, 180, 110)
    window(pen, 780, 110)
    pen.polygon([(1010, 760), (1060, 560), (1110, 760)], fill="#c8641e")


def _cleared(pen: Pen, dice: random.Random) -> None:
    _corridor(pen, wall="#d3cdbe", floor="#a5a196")
    pen.rectangle((520, 240, 680, 560), fill=WOOD, outline=INK, width=4)
    pen.rectangle((880, 300, 980, 380), fill="#2f6b45", outline="#e9efe9", width=4)
    pen.polygon([(0, HEIGHT), (180, HEIGHT), (420, 560), (400, 560)], fill="#c9a227")


HOUSE: dict[str, Callable[[Pen, random.Random], None]] = {
    "batteries": _batteries,
    "boxes": _boxes,
    "canopy": _canopy,
    "cleared": _cleared,
    "drill": _drill,
    "exitlight": _exitlight,
    "extinguisher": _extinguisher,
    "firedoor": _firedoor,
    "hydrant": _hydrant,
    "leak": _leak,
    "lift": _lift,
    "mended": _mended,
    "meters": _meters,
    "windowbars": _windowbars,
}
