"""What is done to pixels and pages before anything is stored, and what an upload may be."""

from cogov.files.rules.covering import MOST_BOXES, WHOLE, Box, around, boxes_from, cover, covered, part, written
from cogov.files.rules.documents import PDF_MIME, TITLE_LENGTH, Rewritten, is_document, neither, tame_title, write_anew
from cogov.files.rules.drawing import (
    MAX_BYTES,
    MAX_SIDE,
    MIME,
    SMALL,
    UNREADABLE,
    Drawn,
    draw_anew,
    draw_over,
    is_name,
    preview,
    why_not_read,
)

__all__ = [
    "MAX_BYTES",
    "MAX_SIDE",
    "MIME",
    "MOST_BOXES",
    "PDF_MIME",
    "SMALL",
    "TITLE_LENGTH",
    "UNREADABLE",
    "WHOLE",
    "Box",
    "Drawn",
    "Rewritten",
    "around",
    "boxes_from",
    "cover",
    "covered",
    "draw_anew",
    "draw_over",
    "is_document",
    "is_name",
    "neither",
    "part",
    "preview",
    "tame_title",
    "why_not_read",
    "write_anew",
    "written",
]
