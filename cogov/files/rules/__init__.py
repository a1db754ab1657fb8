"""What is done to pixels before anything is stored, and what an upload may be."""

from cogov.files.rules.covering import MOST_BOXES, WHOLE, Box, around, boxes_from, cover, covered, part, written
from cogov.files.rules.drawing import (
    MAX_BYTES,
    MAX_SIDE,
    MIME,
    SMALL,
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
    "SMALL",
    "WHOLE",
    "Box",
    "Drawn",
    "around",
    "boxes_from",
    "cover",
    "covered",
    "draw_anew",
    "draw_over",
    "is_name",
    "part",
    "preview",
    "why_not_read",
    "written",
]
