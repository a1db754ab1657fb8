"""What two people sign, and looks at a person's name and contacts: each with its reason and its entry."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import format_datetime, gettext, lazy_gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer
from wtforms import SelectField
from wtforms.validators import InputRequired

from cogov.front.admin.parts import KeepForm, areas, bp, button, done, keepers, link, offer
from cogov.ground.db import session
from cogov.ground.pages import actor, page, powerful, words
from cogov.ground.words import say
from cogov.people.commands import countersign as sign_second
from cogov.people.commands import decline_countersign
from cogov.people.models import Countersign, Person
from cogov.people.queries import countersigns_open, place_names
from cogov.people.rules.countersigning import countersigned_words
from cogov.people.rules.looking import LookReason, look_words


class LookForm(KeepForm):
    """Why somebody wants to see how a person is called and reached."""

    reason = SelectField(lazy_gettext("为什么要看"), [InputRequired(lazy_gettext("请先选为什么要看。"))])


def look_card(person_id: int, form: LookForm) -> dict[str, Any]:
    """Return the card that asks for the reason before anything is shown."""
    offer(form.reason, ((reason.value, words(look_words(reason))) for reason in LookReason), empty=gettext("请选择"))
    return {
        "title": gettext("看姓名和联系方式"),
        "line": gettext("只显示一次。谁看的、为什么看，记进账本，本人在“我的资料”里看得到。"),
        "form": form.freshened(),
        "action": url_for("admin.look", person_id=person_id),
        "submit": gettext("看一次"),
        "quiet": True,
        "id": "look",
    }


def countersigns_here() -> list[Countersign]:
    """Return what waits for a second person in the area of the one who asks."""
    own = areas()
    return [row for row in countersigns_open() if any(row.scope.startswith(code) for code in own)]


@bp.get("/countersigns")
@keepers
def countersigns() -> Response:
    """List what waits for a second administrator."""
    rows = countersigns_here()
    people = {id_ for row in rows for id_ in (row.person_id, row.asked_by)}
    found = session().execute(select(Person.id, Person.pseudonym).where(Person.id.in_(people)))
    names = {row.id: row.pseudonym for row in found}
    places = place_names(row.scope for row in rows)
    return page(
        "front/admin/page.html",
        title=gettext("等另一位管理员确认"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        lead=gettext("一个人说了不算的事，另一位管理员确认后才生效；7 天没有人确认就作废。"),
        tables=[
            {
                "caption": gettext("等确认的"),
                "head": [
                    gettext("什么事"),
                    gettext("谁"),
                    gettext("在哪里"),
                    gettext("谁提出的"),
                    gettext("到什么时候"),
                    gettext("办理"),
                ],
                "rows": [
                    [
                        words(countersigned_words(row.act)),
                        link(url_for("admin.person", person_id=row.person_id), names[row.person_id]),
                        places.get(row.scope, row.scope),
                        names[row.asked_by],
                        format_datetime(row.until, gettext("yyyy-MM-dd HH:mm")),
                        _buttons(row),
                    ]
                    for row in rows
                ],
                "empty": gettext("没有在等的。"),
            }
        ],
    )


def _buttons(row: Countersign) -> Any:
    decline = url_for("admin.decline", countersign_id=row.id)
    if actor().person_id == row.asked_by:
        return button(decline, gettext("撤回"))
    if actor().person_id == row.person_id:
        return gettext("要由别人确认")
    return button(url_for("admin.countersign", countersign_id=row.id), gettext("确认")) + button(
        decline, gettext("不同意")
    )


@bp.post("/countersigns/<id:countersign_id>/signature")
@keepers
@powerful(say("作为第二位管理员确认"))
def countersign(countersign_id: int) -> Answer:
    """Sign as the second person."""
    row = sign_second(actor(), countersign_id, once=request.form.get("once"))
    flash(gettext("已确认：%(act)s，对方下一次操作起生效。", act=words(countersigned_words(row.act))), "done")
    return done(url_for("admin.countersigns"))


@bp.post("/countersigns/<id:countersign_id>/refusal")
@keepers
def decline(countersign_id: int) -> Answer:
    """Refuse what waits, or take back what one asked for."""
    decline_countersign(actor(), countersign_id, once=request.form.get("once"))
    flash(gettext("已作废，什么都没有改。"), "done")
    return done(url_for("admin.countersigns"))
