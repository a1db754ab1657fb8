"""What people write is shown with its form and can do nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest

from cogov.ground.prose import prose
from cogov.ground.wording import tidy, why_not_wording

HARMLESS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "a"}


class Elements(HTMLParser):
    """What a browser would make of a piece of HTML: its elements with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "[点我](javascript:alert(1))",
        "[点我](JaVaScRiPt:alert(1))",
        "[点我](&#106;avascript:alert(1))",
        "[点我](data:text/html;base64,PHNjcmlwdD4=)",
        "![图](https://example.org/watch.png)",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>点我</a>",
        "`<img src=x onerror=alert(1)>`",
        "<javascript:alert(1)>",
        '[点我](https://example.org "x\\" onmouseover=alert(1)")',
        "<style>body{display:none}</style><form action=//evil><input name=password>",
    ],
)
def test_nothing_a_person_writes_is_active(text):
    for tag, attributes in Elements(str(prose(text))).found:
        assert tag in HARMLESS
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else set())
        assert (attributes.get("href") or "https://").startswith(("http://", "https://", "mailto:", "tel:"))


def test_form_is_kept():
    html = str(prose("**要紧**的是\n第二行\n\n1. 甲\n2. 乙\n\n> 他说的\n\n见 https://example.org/a"))
    for part in (
        "<strong>要紧</strong>",
        "<br>",
        "<ol>",
        "<li>甲</li>",
        "<blockquote>",
        'href="https://example.org/a"',
    ):
        assert part in html
    assert 'rel="nofollow ugc noopener noreferrer"' in html


def test_a_heading_stays_text():
    assert "<h1" not in prose("# 大字")
    assert "# 大字" in prose("# 大字")


def test_nothing_written_is_nothing_shown():
    assert str(prose(None)) == str(prose("")) == ""


def test_many_threads_do_not_mix_up_each_others_links():
    texts = [f"{'字' * i} https://example.org/{i} 和 https://example.net/{i}" for i in range(200)]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(prose, texts)) == [prose(text) for text in texts]


def test_typed_text_is_tidied_and_measured_after_it():
    assert tidy(" \r\n甲\r乙\r\n ") == "甲\n乙"
    assert why_not_wording("", longest=5, least=0) is None
    for text, code in (("", "words_missing"), ("六个字太长了", "words_too_long"), ("\x07", "words_unreadable")):
        refusal = why_not_wording(text, longest=5)
        assert refusal is not None
        assert (refusal.code, refusal.status) == (code, 422)
