"""What people write, made into safe HTML: a little Markdown, links, no pictures, nothing active."""

from __future__ import annotations

import re
import threading

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "a"}
# A post is not a page of its own: no headings, rules or tables, and a picture would tell a stranger who reads.
_LEFT_OUT = ["image", "table", "heading", "lheading", "hr", "strikethrough"]


_DEEP = re.compile(r"^[ \t]*((?:>[ \t]*){3})(?:>[ \t]*)+", re.MULTILINE)
"""Quotes within quotes: three are enough to see who answers whom, and each one more narrows the page."""


class _Parser(threading.local):
    """A parser for each thread: linkify keeps the text it is reading on itself."""

    def __init__(self) -> None:
        options = {"linkify": True, "breaks": True, "html": False}
        self.markdown = MarkdownIt("js-default", options).disable(_LEFT_OUT)


_parser = _Parser()


def prose(text: str | None) -> Markup:
    """Return words of a person as HTML that cannot do anything."""
    html = _parser.markdown.render(_DEEP.sub(r"\1", text or ""))
    return Markup(  # noqa: S704 - nh3 has just taken out whatever could act
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="nofollow ugc noopener noreferrer",
        )
    )
