"""The field for pictures that a form of any room may have."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from wtforms import MultipleFileField

ACCEPTED = "image/jpeg,image/png,image/webp"
"""What the chooser of a telephone offers; asked for a JPEG, an iPhone makes one of its own format."""


PAPERS = "application/pdf"
"""What the chooser offers where a form takes documents."""


class PicturesField(MultipleFileField):
    """Pictures; the files are read by the album of the form, which also knows what was chosen before."""

    album: Any = None

    def __init__(self, label: Any = "", **options: Any) -> None:
        accepts = {"accept": ACCEPTED, "papers": PAPERS}
        super().__init__(label or lazy_gettext("照片"), render_kw=accepts, **options)
