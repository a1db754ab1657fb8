"""What people write, made into safe HTML: a little Markdown, links, no pictures, nothing active."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import nh3
from markupsafe import Markup

from cogov.ground.loading import later

if TYPE_CHECKING:
    import markdown_it
else:
    markdown_it = later("markdown_it")

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "a"}
# A post is not a page of its own: no headings, rules or tables, and a picture would tell a stranger who reads.
_LEFT_OUT = ["image", "table", "heading", "lheading", "hr", "strikethrough"]


_DEEP = re.compile(r"^[ \t]*((?:>[ \t]*){3})(?:>[ \t]*)+", re.MULTILINE)
"""Quotes within quotes: three are enough to see who answers whom, and each one more narrows the page."""


class _Parsers(threading.local):
    """A parser for each thread, made when it first reads: linkify keeps the text it is reading on itself."""

    made: markdown_it.MarkdownIt | None = None

    def mine(self) -> markdown_it.MarkdownIt:
        """Return the parser of this thread."""
        if self.made is None:
            options = {"linkify": True, "breaks": True, "html": False}
            self.made = markdown_it.MarkdownIt("js-default", options).disable(_LEFT_OUT)
        return self.made


_parsers = _Parsers()


def prose(text: str | None) -> Markup:
    """Return words of a person as HTML that cannot do anything."""
    html = _parsers.mine().render(_DEEP.sub(r"\1", text or ""))
    return Markup(  # noqa: S704 - nh3 has just taken out whatever could act
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="nofollow ugc noopener noreferrer",
        )
    )
