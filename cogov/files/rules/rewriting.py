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
            if each.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
                each._data = bare(each._data)  # as it is stored: decoding would cost its pixels


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
