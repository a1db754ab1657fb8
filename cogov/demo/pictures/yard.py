"""What is wrong in the yard: trees, benches, fences, parked cars, drains, dogs' paths."""

from __future__ import annotations

import random
from collections.abc import Callable

from cogov.demo.pictures.drawing import (
    GREEN,
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
    scraps,
    street,
    window,
)


def _car(pen: Pen, x: int, y: int, colour: str) -> None:
    pen.rounded_rectangle((x, y - 70, x + 300, y), 18, fill=colour, outline=INK, width=4)
    pen.polygon(
        [(x + 50, y - 70), (x + 95, y - 130), (x + 215, y - 130), (x + 255, y - 70)], fill="#5d6b73", outline=INK
    )
    for wheel in (x + 65, x + 235):
        pen.ellipse((wheel - 32, y - 30, wheel + 32, y + 34), fill=INK)
        pen.ellipse((wheel - 14, y - 12, wheel + 14, y + 16), fill=STEEL)


def _trunk(pen: Pen, x: int, foot: int, top: int) -> None:
    pen.polygon([(x - 34, foot), (x - 18, top), (x + 18, top), (x + 34, foot)], fill="#6f5639")


def _tree(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 620, wall="#b9c8cf")
    _trunk(pen, 560, 700, 240)
    for _ in range(26):
        x, y = dice.randrange(360, 780), dice.randrange(60, 330)
        pen.ellipse((x - 90, y - 70, x + 90, y + 70), fill=dice.choice([GREEN, "#6d8a61", "#536d4b"]))
    pen.line((575, 420, 700, 400, 860, 430, 980, 520), fill="#8b7a62", width=20, joint="curve")
    for x, y in ((760, 408), (860, 430), (930, 478)):
        pen.line((x, y, x + 50, y - 60), fill="#8b7a62", width=8)
    _car(pen, 760, 790, "#8c969c")


def _parking(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 330)
    for x in (90, 430, 770):
        window(pen, x, 90)
    pen.polygon([(120, 520), (1080, 520), (1180, 860), (20, 860)], outline="#c9a227", width=10)
    for x in range(170, 1060, 150):
        pen.line((x, 530, x - 60, 850), fill="#c9a227", width=12)
    _car(pen, 170, 700, "#4c5a63")
    _car(pen, 640, 740, "#a9a395")


def _bench(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 430, wall="#b9c8cf", ground="#a8a48f")
    for x in (90, 260, 940, 1110):
        _trunk(pen, x, 470, 300)
        pen.ellipse((x - 120, 80, x + 120, 330), fill=GREEN)
    for top in (500, 548, 640):
        pen.rectangle((330, top, 890, top + 30), fill=WOOD, outline="#5d472f", width=3)
    pen.polygon([(560, 640), (640, 640), (690, 760), (610, 720)], fill="#6d5236")
    for x in (380, 820):
        pen.line((x, 500, x - 14, 800), fill=STEEL, width=20)


def _fence(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 560, wall="#b9c8cf", ground="#8e9a7d")
    for y in (360, 600):
        pen.rectangle((0, y, WIDTH, y + 20), fill="#4d5a52")
    for x in range(30, WIDTH, 60):
        if not 520 < x < 700:
            pen.line((x, 320, x, 660), fill="#4d5a52", width=16)
    for x, lean in ((545, -60), (610, 80), (670, 130)):
        pen.line((x, 640, x + lean, 350), fill="#4d5a52", width=16)
    pen.polygon([(500, 700), (720, 690), (760, 780), (460, 790)], fill=GROUND_DARK)


def _drain(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 240, ground="#7f7b72")
    pen.ellipse((180, 380, 1060, 820), fill="#4a4f48")
    pen.ellipse((240, 420, 1000, 780), fill="#3d423b")
    for _ in range(60):
        x, y = dice.randrange(280, 940), dice.randrange(450, 740)
        pen.ellipse(
            (x, y, x + dice.randrange(8, 40), y + dice.randrange(4, 16)), fill=dice.choice(["#5b6154", "#6c6f5f"])
        )
    pen.rectangle((500, 520, 760, 660), fill="#2b2d2b", outline=STEEL, width=10)
    for x in range(530, 750, 34):
        pen.line((x, 526, x, 654), fill=STEEL, width=12)


def _shed(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 560)
    pen.polygon([(120, 250), (1080, 200), (1120, 290), (90, 330)], fill="#6f8796", outline=INK)
    for x in (160, 460, 760, 1050):
        pen.rectangle((x - 10, 300, x + 10, 700), fill=STEEL)
    for x in (240, 540, 820):
        bicycle(pen, x, 690, dice.choice([RED, "#3f5d73", "#4d5a52"]))
    scraps(pen, dice, (140, 720, 1060, 800), 12, ["#b9b0a0", "#948c7d"])


def _dog(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 420, wall="#b9c8cf", ground="#8e9a7d")
    pen.polygon([(480, 420), (720, 420), (1000, HEIGHT), (200, HEIGHT)], fill="#b6b0a3")
    for x in (120, 1060):
        _trunk(pen, x, 500, 260)
        pen.ellipse((x - 130, 50, x + 130, 300), fill=GREEN)
    for x, y in ((520, 640), (640, 760), (460, 810)):
        pen.ellipse((x, y, x + 60, y + 26), fill="#5d4630")
        pen.ellipse((x + 14, y - 16, x + 48, y + 10), fill="#6b5238")
    pen.rectangle((840, 380, 1000, 480), fill="#efe9d6", outline=WALL_DARK, width=4)
    pen.rectangle((912, 480, 928, 640), fill=STEEL)


def _playground(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 420, wall="#b9c8cf", ground="#9a7462")
    pen.polygon([(300, 720), (420, 300), (460, 300), (340, 720)], fill="#3f5d73")
    pen.polygon([(700, 720), (580, 300), (540, 300), (660, 720)], fill="#3f5d73")
    pen.rectangle((400, 280, 600, 312), fill="#3f5d73")
    for x in (450, 545):
        pen.line((x, 312, x + (60 if x > 500 else -10), 560), fill=STEEL, width=6)
    pen.polygon([(430, 560), (520, 550), (600, 610), (500, 628)], fill=RED)
    pen.polygon([(820, 320), (900, 320), (1090, 760), (1000, 760)], fill="#c9a227", outline=INK)
    pen.rectangle((790, 320, 830, 760), fill=STEEL)


def _wall(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 700)
    for row in range(11):
        for column in range(13):
            x, y = column * 100 - (row % 2) * 50, row * 64
            if not (4 < column < 9 and 3 < row < 8):
                pen.rectangle(
                    (x, y, x + 96, y + 60), fill=dice.choice(["#b9a27f", "#c2ab88", "#ad9673"]), outline="#8d7b5f"
                )
    pen.polygon([(470, 250), (800, 230), (860, 380), (780, 520), (520, 500), (440, 380)], fill="#8f8572")
    scraps(pen, dice, (380, 700, 900, 820), 30, ["#b9a27f", "#c2ab88", "#8f8572"])


def _wires(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 700)
    pen.rectangle((560, 60, 600, 760), fill="#7b746a")
    for turn in range(12):
        low = 260 + turn * 22 + dice.randrange(40)
        pen.line(
            (0, 120 + turn * 12, 300, low, 580, 150 + turn * 14, 900, low - 30, WIDTH, 90 + turn * 16),
            fill=INK,
            width=5,
            joint="curve",
        )
    pen.line((580, 300, 640, 520, 630, 690, 700, 740), fill=INK, width=9, joint="curve")
    pen.rectangle((520, 180, 640, 300), fill="#9aa3a6", outline=INK, width=4)


def _gate(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 480, wall="#b9c8cf")
    pen.rectangle((120, 220, 380, 620), fill="#d8d2c2", outline=WALL_DARK, width=6)
    pen.rectangle((160, 280, 340, 430), fill="#7f95a3", outline=STEEL, width=6)
    pen.rectangle((430, 470, 490, 660), fill="#c9a227", outline=INK, width=4)
    for part in range(9):
        x = 490 + part * 76
        pen.polygon([(x, 500), (x + 70, 494), (x + 70, 524), (x, 530)], fill=RED if part % 2 else "#efe9d6")
    _car(pen, 700, 800, "#4c5a63")


def _lines(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 520, wall="#b9c8cf", ground="#8e9a7d")
    for x in (180, 640, 1060):
        _trunk(pen, x, 660, 200)
        pen.ellipse((x - 130, 40, x + 130, 270), fill=GREEN)
    pen.line((180, 330, 640, 360, 1060, 330), fill="#e4e0d4", width=6)
    for x, colour in ((250, "#8fa3b5"), (420, "#b58f8f"), (740, "#d8cfae"), (900, "#8fb59d")):
        pen.rectangle((x, 350, x + 130, 580), fill=colour, outline=WALL_DARK, width=3)


def _river(pen: Pen, dice: random.Random) -> None:
    street(pen, dice, 300, wall="#b9c8cf", ground="#8e9a7d")
    pen.polygon([(0, 460), (WIDTH, 400), (WIDTH, 760), (0, 860)], fill="#66786f")
    for _ in range(40):
        x, y = dice.randrange(WIDTH), dice.randrange(480, 760)
        pen.line((x, y, x + dice.randrange(20, 90), y), fill="#7b8d84", width=4)
    scraps(pen, dice, (120, 560, 620, 700), 16, ["#e3e0d6", "#c98f5a", "#b8b6aa"])
    for x in range(40, WIDTH, 140):
        pen.rectangle((x, 330, x + 14, 440), fill="#a9a395")


YARD: dict[str, Callable[[Pen, random.Random], None]] = {
    "bench": _bench,
    "dog": _dog,
    "drain": _drain,
    "fence": _fence,
    "gate": _gate,
    "lines": _lines,
    "parking": _parking,
    "playground": _playground,
    "river": _river,
    "shed": _shed,
    "tree": _tree,
    "wall": _wall,
    "wires": _wires,
}
