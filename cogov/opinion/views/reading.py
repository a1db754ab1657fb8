"""The map for whoever may read the problem: one page, on paper, as a sheet of cells, and for programs."""

from __future__ import annotations

import csv
import io
import json
from base64 import b64encode
from typing import Any

from flask import Response, render_template, url_for

from cogov.ground import paper
from cogov.ground.pages import open_to_all, page, words
from cogov.ground.sheets import harmless
from cogov.ground.words import Words
from cogov.opinion.queries.loading import ground_of
from cogov.opinion.queries.reading import MapShown, map_shown
from cogov.opinion.rules import sheet
from cogov.opinion.rules.classing import Class, class_answers, tenths_words, took_words
from cogov.opinion.rules.picture import Picture, picture
from cogov.opinion.rules.publishing import standing
from cogov.opinion.rules.quoting import ANSWERING, quotation
from cogov.opinion.rules.reading import StatementShown
from cogov.opinion.rules.rows import why_not_see_rows
from cogov.opinion.views.current import bp, by
from cogov.people.rules import Actor


@bp.get("/conversations/<id:conversation_id>/map")
@open_to_all
def map_page(conversation_id: int) -> Response:
    """Show what all groups share, what divides them, who is missing, and how far to rely on it."""
    shown = map_shown(by(), conversation_id)
    return page(
        "opinion/map.html",
        **_shown(shown),
        quoting=_may_quote(by()),
        auditing=why_not_see_rows(by(), ground_of(shown.problem).code) is None,
        can_print=paper.available(),
    )


@bp.get("/conversations/<id:conversation_id>/map.pdf")
@open_to_all
def map_pdf(conversation_id: int) -> Response:
    """Send the page as a PDF: the picture and all it says, and nothing of who asked for it."""
    shown = map_shown(by(), conversation_id)
    made = shown.drawn_at.isoformat(timespec="seconds").replace("+00:00", "Z") if shown.drawn_at else ""
    # The same for everybody: a sheet that is passed on does not say where its first reader stands.
    told = {**_shown(shown), "map": picture(shown.public) if shown.public else None}
    return paper.download(
        "opinion/sheet.html",
        f"cogov-opinion-{conversation_id}",
        made=made,
        picture=image_of(told["map"]),
        **told,
    )


def image_of(drawn: Picture | None) -> str:
    """Return a picture of two groups or more as the address of an image that stands in the sheet itself."""
    if drawn is None or len(drawn.groups) < 2:
        return ""
    svg = render_template("opinion/picture.svg", map=drawn)
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


@bp.get("/conversations/<id:conversation_id>/map.csv")
@open_to_all
def map_sheet(conversation_id: int) -> Response:
    """Send the cells of ten people or more as a sheet; of fewer people there are none."""
    shown = map_shown(by(), conversation_id)
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow([_plain(title) for title in sheet.HEAD])
    if shown.published is not None:
        for line in sheet.lines(shown.published, shown.public, shown.classes):
            out.writerow([_plain(cell) for cell in line])
    return _sent("\ufeff" + text.getvalue(), f"cogov-opinion-{conversation_id}.csv", "text/csv")


@bp.get("/conversations/<id:conversation_id>/map.json")
@open_to_all
def map_data(conversation_id: int) -> Response:
    """Send what is published of the map, without what was taken down since, with the words that stand today."""
    shown = map_shown(by(), conversation_id)
    told = {**standing(shown.public), "people": shown.people, "texts": shown.texts}
    text = json.dumps(told, ensure_ascii=False, allow_nan=False)
    return _sent(text + "\n", f"cogov-opinion-{conversation_id}.json", "application/json")


def _plain(cell: object) -> str:
    return harmless(words(cell) if isinstance(cell, Words) else str(cell))


def _sent(text: str, name: str, kind: str) -> Response:
    answer = Response(text, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _may_quote(actor: Actor) -> bool:
    """Whose words would be an answer may start one from a statement; the text itself decides what is a quotation."""
    return any(held.organization_kind in ANSWERING for held in actor.standings)


def _shown(shown: MapShown) -> dict[str, Any]:
    return {
        "shown": shown,
        "conversation": shown.conversation,
        "problem": shown.problem,
        "published": shown.published,
        "map": shown.picture,
        "class_rows": _class_rows(shown),
    }


def _class_rows(shown: MapShown) -> list[dict[str, Any]]:
    """Return each table of classes in words: who took part, and how they answer what all share and what divides."""
    return [
        {
            "name": words(table.name),
            "rows": [[_named(name), words(took_words(row))] for name, row in table.rows],
            "quietest": [_named(name) for name in table.quietest],
            "answers": _answer_rows(shown, table.kind),
            "head": [_named(name) for name, _ in table.rows],
        }
        for table in shown.classes
        if table.rows
    ]


def _answer_rows(shown: MapShown, kind: Class) -> list[tuple[StatementShown, list[str]]]:
    found = shown.published
    if found is None:
        return []
    asked = dict.fromkeys((*found.shared, *found.dividing))
    told = ((each, class_answers(shown.public.get("classes", ()), each.key).get(kind)) for each in asked)
    return [(each, [words(tenths_words(cell)) for cell in cells]) for each, cells in told if cells]


def _named(name: str | Words) -> str:
    return words(name) if isinstance(name, Words) else name


@bp.app_template_global()
def quoting_url(problem_number: str, statement: StatementShown) -> str:
    """Return the address at which an answer is written that quotes a statement; its writer is told."""
    text = quotation(int(statement.name.lstrip("S")), statement.text)
    return url_for("threads.new_message", number=problem_number, text=text)
