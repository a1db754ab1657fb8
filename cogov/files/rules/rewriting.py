"""Writing a PDF anew from its pages, in a process that has little memory, little time, and nowhere to go.

Run as a file by `documents.py`: what reads hostile bytes is loaded there alone. A PDF comes in; what goes out is a line
of JSON with the number of its pages, then a PDF that shows the same and does nothing: no script, no action, no file
within the file, and nothing of who made it when and where. It ends with a code of `documents.py` where it cannot.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import Any, NoReturn

LOCKED, TOO_MANY_PAGES, UNREADABLE = 3, 4, 5
MOST_PAGES = 300
MOST = {resource.RLIMIT_AS: 1 << 29, resource.RLIMIT_CPU: 10, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
"""Bytes, seconds of the processor, and no file at all."""

OUTSIDE = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn")

ACTS = frozenset(
    {
        "/A",
        "/AA",
        "/AF",
        "/EF",
        "/FS",
        "/JS",
        "/JavaScript",
        "/OpenAction",
        "/PA",
        "/RichMediaContent",
        "/Movie",
        "/Sound",
    }
)
"""Keys under which something happens, or another file lies."""

TELLS = frozenset({"/Metadata", "/PieceInfo", "/Thumb", "/LastModified", "/M", "/CreationDate", "/NM", "/RC", "/Popup"})
"""Keys that tell of who made it, and when."""

STILL = frozenset({"/Widget", "/Stamp", "/FreeText", "/Ink", "/Highlight", "/Underline", "/StrikeOut", "/Squiggly"}) | {
    "/Square",
    "/Circle",
    "/Line",
    "/Polygon",
    "/PolyLine",
}
"""What lies on a page and is only looked at: what was filled in, and what was drawn."""


def still(annotations: Any) -> list[Any]:
    """Return what of the things on a page is only looked at."""
    return [each for each in annotations if each.get_object().get("/Subtype") in STILL]


def quiet(thing: Any) -> None:
    """Take from a dictionary what acts, and what tells of its maker."""
    for key in (ACTS | TELLS) & set(thing):
        del thing[key]
    if thing.get("/Subtype") in STILL and thing.get("/Subtype") != "/Widget":
        thing.pop("/T", None)  # whose remark it is
    if "/Annots" in thing:
        kept = still(thing["/Annots"].get_object())
        thing["/Annots"].get_object()[:] = kept


def bare(data: bytes) -> bytes:
    """Return a JPEG without what a camera or a program wrote into it; one that is not understood stays as it is."""
    if data[:2] != b"\xff\xd8":
        return data
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        length = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        # What a decoder needs stays: the frame, the tables, JFIF (0) and Adobe's word on colours (14).
        if not (0xE1 <= data[at + 1] <= 0xED or data[at + 1] in (0xEF, 0xFE)):
            out += data[at : at + length]
        at += length
    return bytes(out + data[at:]) if at < len(data) and data[at] == 0xFF else data


def bare_2000(data: bytes) -> bytes:
    """Return a JPEG 2000 without what a camera or a program wrote into it; what is not understood stays as it is."""
    if data[:4] == SOC + SIZ:
        return _without_remarks(data)
    if data[4:8] != b"jP  ":
        return data
    out, at = bytearray(), 0
    while at + 8 <= len(data):
        length, kind, head = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        length = length or len(data) - at
        if length < head or at + length > len(data):
            return data
        inside = data[at + head : at + length]
        if kind == b"jp2c":
            stripped = _without_remarks(inside)
            out += (8 + len(stripped)).to_bytes(4, "big") + kind + stripped
        elif kind not in TELLING_BOXES:
            out += data[at : at + length]
        at += length
    return bytes(out)


SOC, SIZ, SOT, COM = b"\xff\x4f", b"\xff\x51", b"\xff\x90", b"\xff\x64"
TELLING_BOXES = frozenset({b"uuid", b"xml ", b"uinf", b"jp2i", b"asoc"})
"""Boxes of a JPEG 2000 in which a place and a name stand; its picture needs none of them."""


def _without_remarks(data: bytes) -> bytes:
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at : at + 2] != SOT:
        length = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at : at + 2] != COM:
            out += data[at : at + length]
        at += length
    return bytes(out + data[at:])


STRIPPED = {"/DCTDecode": bare, "/DCT": bare, "/JPXDecode": bare_2000}


def undress(picture: Any) -> None:
    """Take from a picture what its camera wrote, however its way of keeping is named, and whatever is wrapped round it.

    As it is stored: decoding would cost its pixels.
    """
    from pypdf.filters import decode_stream_data  # noqa: PLC0415 - loaded within limits
    from pypdf.generic import ArrayObject, NameObject  # noqa: PLC0415 - loaded within limits

    if "/Filter" not in picture:
        return
    named = picture["/Filter"].get_object()
    names = [each.get_object() for each in named] if isinstance(named, list) else [named]
    strip = STRIPPED.get(names[-1]) if names and isinstance(names[-1], str) else None
    if strip is None:
        return
    if len(names) > 1:
        picture[NameObject("/Filter")] = ArrayObject(names)
        picture._data = decode_stream_data(picture)
        given = picture["/DecodeParms"].get_object() if "/DecodeParms" in picture else None
        picture.pop("/DecodeParms", None)
        if isinstance(given, list) and given and isinstance(given[-1].get_object(), dict):
            picture[NameObject("/DecodeParms")] = given[-1]
    picture[NameObject("/Filter")] = names[-1]
    picture._data = strip(picture._data)


def tamed(thing: Any) -> None:
    """Quiet a thing of the file and all that stands in it; what it points to is another thing, and comes by itself."""
    from pypdf.generic import ArrayObject, DictionaryObject, StreamObject  # noqa: PLC0415 - loaded within limits

    waiting, seen = [thing], 0
    while waiting and seen < 1_000_000:
        each, seen = waiting.pop(), seen + 1
        if isinstance(each, DictionaryObject):
            quiet(each)
            waiting.extend(each.values())
        elif isinstance(each, ArrayObject):
            waiting.extend(each)
        if isinstance(each, StreamObject):
            for key in {"/F", "/FFilter", "/FDecodeParms"} & set(each):
                del each[key]  # its bytes would lie in another file
            undress(each)


def rewritten(data: bytes) -> tuple[int, bytes]:
    """Return how many pages a PDF has, and another one of the same pages."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 - loaded within limits

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        sys.exit(LOCKED)
    pages = len(reader.pages)
    if not 0 < pages <= MOST_PAGES:
        sys.exit(TOO_MANY_PAGES if pages else UNREADABLE)
    writer = PdfWriter()
    for page in reader.pages:
        writer.add_page(page)
    writer.metadata = None
    for thing in writer._objects:  # every thing of the file, wherever it hangs
        tamed(thing)
    out = io.BytesIO()
    writer.write(out)
    return pages, out.getvalue()


def stay_inside(event: str, _told: tuple[Any, ...]) -> None:
    """Refuse every way out of this process."""
    if event.startswith(OUTSIDE):
        raise PermissionError(event)


def main() -> NoReturn:
    """Write anew what comes in."""
    for what, most in MOST.items():
        resource.setrlimit(what, (most, most))
    sys.addaudithook(stay_inside)
    try:
        pages, made = rewritten(sys.stdin.buffer.read())
    except Exception as error:  # readers fail on hostile bytes in every way there is
        sys.stderr.write(type(error).__name__)
        sys.exit(UNREADABLE)
    sys.stdout.buffer.write(json.dumps({"pages": pages}).encode() + b"\n" + made)
    sys.exit(0)


if __name__ == "__main__":
    main()
