"""Pictures drawn anew from their pixels: what else an upload knows (place, hour, device) stays behind."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps

from cogov.files.rules.covering import Box, cover
from cogov.ground.refusals import Refusal, Refused
from cogov.ground.words import say

FORMATS = ("JPEG", "PNG", "WEBP")
"""What a phone sends (the JPEG decoder reads MPO, a JPEG with several frames); every other decoder stays shut."""

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PIXELS_UNPACKED = 16_000_000
"""For formats that must be unpacked whole before they can be made smaller: a few kilobytes may hold gigabytes."""
MAX_SIDE = 2048
SMALL = (480, 1200)
"""The widths in which a picture is also kept, for lists and for telephones."""
QUALITY = 82
SMALL_QUALITY = 76
MIME = "image/jpeg"
UNREADABLE = "picture_unreadable"
"""The code of what can be read as no picture."""

_NAME = re.compile(r"[0-9a-f]{64}")

# Pillow's own limit warns at this number and fails at twice; ours is asked before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


@dataclass(frozen=True)
class Drawn:
    """A picture as it is stored: JPEG bytes without metadata; ``name`` is their SHA-256, ``small`` the smaller ones."""

    name: str
    data: bytes
    width: int
    height: int
    small: tuple[tuple[int, bytes], ...] = ()


def why_not_read(size: int) -> Refusal | None:
    """An upload is neither empty nor larger than a photograph from a phone."""
    if size == 0:
        return Refusal("picture_empty", say("这张照片是空的。"), what_next=say("请重新选一张。"), status=422)
    if size > MAX_BYTES:
        return Refusal(
            "picture_too_large",
            say("这张照片超过 {n} MB。", n=MAX_BYTES // (1024 * 1024)),
            what_next=say("请换一张小一点的照片，或用手机截图后再传。"),
            status=422,
        )
    return None


def why_not_draw(width: int, height: int, *, unpacked: bool = False) -> Refusal | None:
    """A picture has no more pixels than a camera makes (a small file may unpack into gigabytes)."""
    most = MAX_PIXELS_UNPACKED if unpacked else MAX_PIXELS
    if width * height <= most:
        return None
    return Refusal(
        "picture_too_many_pixels",
        say("这张照片的像素太多，无法处理。"),
        what_next=say("请换一张 {n} 万像素以内的照片。", n=most // 10_000),
        status=422,
    )


def _of_a_newer_kind(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


def not_for_all() -> Refusal:
    """Say how a telephone is told to take pictures that everybody can see."""
    return Refusal(
        "picture_heic",
        say("这张照片是 HEIC 格式，很多手机和电脑打不开。"),
        what_next=say("苹果手机请在“设置、相机、格式”里选“兼容性最佳”后重拍，或截一张屏再传；您写的文字还在。"),
        status=422,
    )


def unreadable() -> Refusal:
    """Say that an upload is no picture we can read."""
    return Refusal(
        UNREADABLE,
        say("这个文件不是能读的照片。"),
        what_next=say("请用 JPEG、PNG 或 WebP 格式的照片；您写的文字还在。"),
        status=422,
    )


def draw_anew(data: bytes, boxes: Sequence[Box] = ()) -> Drawn:
    """Return the picture of an upload, upright, within the largest side, without anything but its pixels.

    What lies under the boxes is covered before anything is written.
    """
    refusal = why_not_read(len(data))
    if refusal is not None:
        raise Refused(refusal)
    if _of_a_newer_kind(data):
        raise Refused(not_for_all())
    try:
        picture = _drawn(data)
    except Refused:
        raise
    except Exception as error:  # decoders fail on hostile bytes in every way there is
        raise Refused(unreadable()) from error
    cover(picture, boxes)
    return _stored(picture, _jpeg(picture, QUALITY))


def draw_over(stored: bytes, boxes: Sequence[Box]) -> Drawn:
    """Return a picture that was drawn anew before with more of it covered; without boxes its bytes stay as they are."""
    with Image.open(io.BytesIO(stored), formats=("JPEG",)) as kept:
        sheet = kept.convert("RGB")
    cover(sheet, boxes)
    return _stored(sheet, _jpeg(sheet, QUALITY) if boxes else stored)


def preview(stored: bytes, boxes: Sequence[Box]) -> bytes:
    """Return a stored picture in its larger small size as it will look when the boxes are covered."""
    with Image.open(io.BytesIO(stored), formats=("JPEG",)) as kept:
        kept.draft("RGB", (SMALL[-1], SMALL[-1]))
        sheet = kept.convert("RGB")
    cover(sheet, boxes)
    return _jpeg(_narrower(sheet, SMALL[-1]), SMALL_QUALITY)


def _stored(sheet: Image.Image, data: bytes) -> Drawn:
    small = tuple(
        (width, _jpeg(_narrower(sheet, width), SMALL_QUALITY)) for width in SMALL if width * 5 < sheet.width * 4
    )
    return Drawn(hashlib.sha256(data).hexdigest(), data, sheet.width, sheet.height, small)


def _narrower(sheet: Image.Image, width: int) -> Image.Image:
    if sheet.width <= width:
        return sheet
    height = max(sheet.height * width // sheet.width, 1)
    return sheet.resize((width, height), Image.Resampling.LANCZOS)


def _jpeg(sheet: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _drawn(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=FORMATS) as upload:
        refusal = why_not_draw(*upload.size, unpacked=upload.format not in ("JPEG", "MPO"))
        if refusal is not None:
            raise Refused(refusal)
        upload.draft("RGB", (MAX_SIDE, MAX_SIDE))
        # Made small before anything copies it: every copy of the full bitmap costs as much again.
        upload.thumbnail((MAX_SIDE, MAX_SIDE))
        pixels = ImageOps.exif_transpose(upload).convert("RGBA")
    # Pasted on a sheet of its own: an image object that was opened still carries its EXIF, comments and profiles.
    sheet = Image.new("RGB", pixels.size, "white")
    sheet.paste(pixels, mask=pixels.getchannel("A"))
    return sheet


def is_name(name: str) -> bool:
    """Say whether this is the name of a stored picture and nothing that could lead elsewhere."""
    return _NAME.fullmatch(name) is not None
