"""What people of the demo say, with the photos and papers that they put beside it."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from cogov.demo.pictures import photograph
from cogov.demo.stage import Stage, Told
from cogov.demo.stories import Step
from cogov.files.rules import draw_anew, write_anew
from cogov.people.rules import Actor
from cogov.threads import commands as threads
from cogov.threads.commands.enclosing import Enclosing, Files

BESIDE = ("picture", "shows", "scan", "scan_title")


def say(stage: Stage, told: Told, by: Actor, step: Step) -> Any:
    """Say something; ``picture`` names the scene of a photo and ``shows`` what is on it, ``scan`` those of a PDF."""
    enclosing = []
    if picture := step.get("picture"):
        enclosing.append(Enclosing(draw_anew(photograph(picture)), step.get("shows", "")))
    if scan := step.get("scan"):
        enclosing.append(Enclosing(write_anew(_scanned(scan.split()), step["scan_title"])))
    plain = {key: value for key, value in step.items() if key not in BESIDE}
    files = Files(enclosing, stage.pictures)
    return threads.post_message(by, told.number, **stage.given(told, threads.post_message, plain), files=files)


def _scanned(scenes: list[str]) -> bytes:
    """Return photographs as the pages of a PDF, as the scanner of a telephone makes one."""
    first, *others = (Image.open(io.BytesIO(photograph(scene))) for scene in scenes)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=others)
    return out.getvalue()
