"""Pictures: what is stored is pixels and nothing else, and what is sent can be taken for nothing else."""

from __future__ import annotations

import hashlib
import io
import os
import struct
import zlib

import pytest
from PIL import Image

from cogov.files.commands import keep_picture, put
from cogov.files.queries import path_of, picture_of, pictures_of
from cogov.files.rules import MAX_BYTES, MAX_SIDE, draw_anew
from cogov.ground.refusals import NotFound, Refused

GPS = 0x8825
ORIENTATION = 0x0112


def shot(kind="JPEG", size=(80, 40), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **options)
    return out.getvalue()


def opened(data):
    return Image.open(io.BytesIO(data))


def refused(data):
    with pytest.raises(Refused) as caught:
        draw_anew(data)
    assert caught.value.refusal.status == 422
    return caught.value.refusal.code


def with_exif(orientation=1):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(GPS)[2] = (31.0, 12.0, 30.0)
    return shot(exif=exif, comment=b"secret comment", icc_profile=b"secret profile")


def test_what_the_phone_knew_is_gone():
    sent = with_exif()
    assert b"SecretPhone" in sent
    assert opened(sent).getexif().get_ifd(GPS)
    stored = draw_anew(sent).data
    assert not opened(stored).getexif()
    for secret in (b"SecretPhone", b"secret", b"Exif", b"ICC_PROFILE"):
        assert secret not in stored


def test_bytes_hidden_behind_the_picture_are_gone():
    assert b"<script>" not in draw_anew(shot() + b"<script>alert(1)</script>").data


def test_a_picture_held_sideways_stands_upright():
    drawn = draw_anew(with_exif(orientation=6))
    assert (drawn.width, drawn.height) == (40, 80)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L")]
)
def test_what_phones_send_becomes_a_jpeg(kind, mode):
    picture = opened(draw_anew(shot(kind, mode=mode)).data)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (80, 40))


def test_of_several_frames_in_one_jpeg_the_first_is_kept():
    out = io.BytesIO()
    frames = [Image.new("RGB", (80, 40), colour) for colour in ("red", "blue")]
    frames[0].save(out, "MPO", save_all=True, append_images=frames[1:])
    picture = opened(draw_anew(out.getvalue()).data)
    assert picture.format == "JPEG"
    assert picture.getpixel((1, 1))[0] > 200


def test_what_is_clear_becomes_white_not_black():
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(draw_anew(out.getvalue()).data).getpixel((1, 1)) == (255, 255, 255)


def test_a_large_picture_is_made_smaller_and_the_name_is_its_hash():
    drawn = draw_anew(shot(size=(3000, 1000)))
    assert drawn.width == MAX_SIDE
    assert drawn.name == hashlib.sha256(drawn.data).hexdigest()


def bomb(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 6_000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_unpacked(size):
    assert refused(bomb(*size)) in {"picture_too_many_pixels", "picture_unreadable"}


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script>",
        b"GIF89a" + b"\0" * 50,
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\0\0\0\0WEBPVP8 ",
        bytes(range(256)) * 4,
    ],
)
def test_what_is_no_picture_is_refused_in_a_sentence(data):
    assert refused(data) == "picture_unreadable"


def test_a_picture_cut_off_half_way_is_refused():
    whole = shot(size=(600, 600))
    assert refused(whole[: len(whole) // 2]) == "picture_unreadable"


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO"])
def test_other_decoders_stay_shut(kind):
    assert refused(shot(kind)) == "picture_unreadable"


def test_nothing_and_too_much_are_refused():
    assert refused(b"") == "picture_empty"
    assert refused(b"\0" * (MAX_BYTES + 1)) == "picture_too_large"


# Kept on disk ---------------------------------------------------------------------------------------------------------


def test_the_same_picture_twice_is_one_file_of_two_rows(app, cast, tmp_path):
    drawn = draw_anew(shot())
    one = keep_picture(cast.resident, drawn, tmp_path, problem_id=7)
    two = keep_picture(cast.tenant, drawn, tmp_path, problem_id=8)
    assert one.id != two.id
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file.read_bytes() for file in files] == [drawn.data]
    assert files == [path_of(tmp_path, drawn.name)]
    assert {key: [row.id for row in rows] for key, rows in pictures_of([7, 8, 9]).items()} == {7: [one.id], 8: [two.id]}


def test_a_picture_is_found_under_its_own_problem_only(app, cast, tmp_path):
    kept = keep_picture(cast.resident, draw_anew(shot()), tmp_path, problem_id=7)
    assert picture_of(7, kept.id).id == kept.id
    with pytest.raises(NotFound):
        picture_of(8, kept.id)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", "/" + "a" * 63])
def test_a_name_that_is_no_hash_leads_nowhere(tmp_path, name):
    with pytest.raises(NotFound):
        path_of(tmp_path, name)


def test_a_write_that_fails_leaves_no_half_file(tmp_path, monkeypatch):
    drawn = draw_anew(shot())

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        put(drawn, tmp_path)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
