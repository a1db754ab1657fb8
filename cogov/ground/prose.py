"""What people write, made into safe HTML: a little Markdown, links, no pictures, nothing active."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "a"}
_markdown = MarkdownIt("js-default", {"linkify": True, "breaks": True, "html": False}).disable(["image", "table"])


def prose(text: str | None) -> Markup:
    """Return words of a person as HTML that cannot do anything."""
    html = _markdown.render(text or "")
    return Markup(
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel="nofollow ugc noopener noreferrer",
        )
    )
