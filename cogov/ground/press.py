"""The press: one sheet of HTML in, one PDF out, in a process that reaches neither the network nor the house.

Run as a file by `cogov.ground.paper`: what it needs (the extra `pdf`) is loaded there alone, by nobody who serves
pages. JSON comes in (`html`, `static`: the folder of our style sheets), the PDF goes out. It ends with 3 where a
library of the machine is missing. The same sheet makes the same bytes: no clock, no dice, one font that came along.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

CANNOT = 3
MOST = {resource.RLIMIT_AS: 1 << 30, resource.RLIMIT_CPU: 30, resource.RLIMIT_FSIZE: 1 << 26, resource.RLIMIT_CORE: 0}
"""Bytes, seconds of the processor, bytes of a file (a font is laid aside), and nothing left behind of a fall."""

OUTSIDE = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.sendto",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
)
ADDRESS = "http://paper.invalid/"
FONTS = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    "<fontconfig><dir>{fonts}</dir><cachedir>{kept}</cachedir></fontconfig>"
)


def use_own_font() -> None:
    """Let only the font that came with the extra be found; where it is missing, the machine's own are."""
    try:
        from pylopdf_fonts_zh_cn import sans_path  # noqa: PLC0415 - it may be missing
    except ImportError:
        return
    kept = Path(os.environ["TMPDIR"])
    (kept / "fonts.conf").write_text(FONTS.format(fonts=sans_path().parent, kept=kept), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(kept / "fonts.conf")


def stay_inside(event: str, _told: tuple[Any, ...]) -> None:
    """Refuse every way out of this process."""
    if event in OUTSIDE:
        raise PermissionError(event)


def why_lacking() -> str:
    """Say which library of the machine is missing; empty where none is. Only this is for good: paper may run out."""
    try:
        import weasyprint  # noqa: F401, PLC0415 - what it finds depends on the fonts, and it may be missing
    except (ImportError, OSError) as error:
        return str(error) or type(error).__name__
    return ""


def printed(html: str, static: Path) -> bytes:
    """Return the PDF of a sheet, archival (PDF/A-2a) and tagged, so that a screen reader finds its way."""
    from weasyprint import HTML  # noqa: PLC0415 - what it finds depends on the fonts
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OnlyOurs(URLFetcher):
        """Gives what a sheet may draw on: our static files, and what stands in the sheet itself."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(("data:image/svg+xml", "data:image/png;base64,")):
                return super().fetch(url, headers)
            path = static_path(url)
            if path is None:
                raise ValueError(f"not ours: {url[:80]}")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": KINDS[path.suffix]})

    def static_path(url: str) -> Path | None:
        _, is_static, name = unquote(urlsplit(url).path).partition("/static/")
        path = (static / name).resolve()
        ours = url.startswith(ADDRESS) and is_static and path.is_relative_to(static) and path.is_file()
        return path if ours and path.suffix in KINDS else None

    sys.addaudithook(stay_inside)
    made: bytes = HTML(string=html, base_url=ADDRESS, url_fetcher=OnlyOurs()).write_pdf(pdf_variant="pdf/a-2a")
    return made


KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


def main() -> NoReturn:
    """Print what comes in."""
    for what, most in MOST.items():
        resource.setrlimit(what, (most, most))
    job = json.load(sys.stdin.buffer)
    use_own_font()
    if lacking := why_lacking():
        sys.stderr.write(lacking)
        sys.exit(CANNOT)
    made = printed(job["html"], Path(job["static"]).resolve())
    sys.stdout.buffer.write(made)
    sys.exit(0)


if __name__ == "__main__":
    main()
