"""What every page of the console shares: forms, cells, the area, and a refused field that keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from flask import Blueprint, get_template_attribute, redirect, request
from flask_babel import format_date, gettext, lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import InstrumentedAttribute
from werkzeug.wrappers import Response as Answer
from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from cogov.ground.clock import now
from cogov.ground.pages import actor, once_token, open_to, words
from cogov.ground.refusals import Refused, insist
from cogov.ground.words import Words
from cogov.people.rules import Role
from cogov.people.rules.contacts import contact_from
from cogov.people.rules.keeping import why_not_keep
from cogov.places.models import Place
from cogov.places.queries import place_by_code

bp = Blueprint("admin", __name__, url_prefix="/admin")

PAGE = 30
ZONE = ZoneInfo("Asia/Shanghai")

keepers = open_to(Role.ADMINISTRATOR)
verifiers = open_to(Role.ADMINISTRATOR, Role.MODERATOR)
suspenders = open_to(Role.ADMINISTRATOR, Role.STREET_OFFICE)
readers = open_to(Role.ADMINISTRATOR, Role.MODERATOR, Role.STREET_OFFICE, Role.AUDITOR)

TOO_LONG = lazy_gettext("写得太长了，请改短一些。")
NEEDED = lazy_gettext("这一项要填。")

T = TypeVar("T")


class KeepForm(FlaskForm):
    """A form of the console; sent twice it has one effect."""

    once = HiddenField()

    @property
    def token(self) -> str | None:
        """The token of this form."""
        return (self.once.data or "")[:64] or None

    def freshened(self) -> KeepForm:
        """Give a form that is shown a token that was not sent yet."""
        self.once.data = once_token()
        return self

    def complain(self, name: str, refusal: Words | str) -> None:
        """Put a sentence at a field."""
        field = self[name]
        field.errors = [*field.errors, words(refusal)]


def text(label: Any, longest: int, *, needed: bool = True, **rest: Any) -> StringField:
    """Return a line of text to fill in."""
    first: Any = InputRequired(NEEDED) if needed else MayStayEmpty()
    return StringField(
        label,
        [first, Length(max=longest, message=TOO_LONG)],
        filters=[_squeezed],
        render_kw={"maxlength": longest},
        **rest,
    )


def offer(field: SelectField, choices: Iterable[tuple[str, Any]], *, empty: str | None = None) -> None:
    """Let one of some values be chosen by its words; ``empty`` are the words for none of them, where that may be."""
    offered = {} if empty is None else {"": empty}
    field.choices = cast("Any", offered | {value: str(label) for value, label in choices})


class MayStayEmpty:
    """Mark a field that may stay empty, without skipping the checks that follow."""

    field_flags: Mapping[str, Any] = {"optional": True}

    def __call__(self, form: Any, field: Field) -> None:
        """Accept whatever is written."""


def _squeezed(value: str | None) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value or "").split())


def check_contact(_form: Any, field: Field) -> None:
    """Refuse what is neither a mainland mobile number nor an address."""
    if contact_from(field.data or "") is None:
        raise ValidationError(gettext("请写 11 位手机号，或完整的邮箱地址。"))


def attempt(form: KeepForm, fields: Mapping[str, str], otherwise: str, act: Callable[[], T]) -> T | None:
    """Do what a form asks; a refusal about what was typed stands at its field, any other goes its usual way."""
    try:
        return act()
    except Refused as error:
        refusal = error.refusal
        if refusal.status != 422 and refusal.code not in fields:
            raise
        told = f"{words(refusal.message)}{words(refusal.what_next)}"
        form.complain(fields.get(refusal.code, otherwise), told)
        return None


def form_status() -> int:
    """Return the status of a page with a form: 422 where it was sent and comes back."""
    return 200 if request.method == "GET" else 422


def done(url: str) -> Answer:
    """Go on to a page after something was done."""
    return redirect(url, 303)


# Area --------------------------------------------------------------------------------------------------------------


def areas(*roles: Role) -> list[str]:
    """Return the codes under which the one who asks holds the role of administrator, or one of the others."""
    held = {each.scope for each in actor().standings if each.role in (Role.ADMINISTRATOR, *roles)}
    return sorted(code for code in held if not any(code != other and code.startswith(other) for other in held))


def within(column: InstrumentedAttribute[str], *roles: Role) -> ColumnElement[bool]:
    """Say which codes lie in the area of the one who asks."""
    return or_(false(), *(column.startswith(code, autoescape=True) for code in areas(*roles)))


def asked_place() -> Place:
    """Return the place that a page is asked for, or the widest one that the reader keeps."""
    own = areas()
    code = request.args.get("at", "") or (own[0] if own else "")
    here = place_by_code(code[:32])
    insist(why_not_keep(actor(), here.code))
    return here


# Cells -------------------------------------------------------------------------------------------------------------


def link(url: str, text: str, small: str = "") -> Markup:
    """Return a link, with a second line under it."""
    told = Markup('<br><span class="small">{}</span>').format(small) if small else ""
    return Markup('<a href="{}">{}</a>{}').format(url, text, told)


def two(text: str, small: str) -> Markup:
    """Return words with a second line under them."""
    return Markup('{}<br><span class="small">{}</span>').format(text, small) if small else Markup("{}").format(text)


def pill(kind: str, icon: str, text: str) -> Markup:
    """Return a pill."""
    return Markup(get_template_attribute("_macros/bits.html", "pill")(kind, icon, text))  # noqa: S704 - our template


def button(url: str, text: str, *, danger: bool = False, **fields: str) -> Markup:
    """Return a plain form with one button."""
    drawn = get_template_attribute("_macros/forms.html", "post_button")
    told = {"once": once_token(), **fields}
    return Markup(drawn(url, text, fields=told, csrf_token=generate_csrf(), danger=danger))  # noqa: S704 - our template


def day(value: date | datetime | None, *, last: bool = False) -> str:
    """Return a day; of a moment at which something ends, the last day that still counts."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        # What ends at midnight has the day before as its last.
        local = value.astimezone(ZONE)
        at_midnight = last and (local.hour, local.minute) == (0, 0)
        value = date.fromordinal(local.date().toordinal() - 1) if at_midnight else local.date()
    return str(format_date(value, gettext("yyyy-MM-dd")))


def today() -> date:
    """Return the day it is here."""
    return now().astimezone(ZONE).date()


def cut(rows: Sequence[T], size: int = PAGE) -> tuple[Sequence[T], bool]:
    """Return a page of rows, and whether there are more."""
    return rows[:size], len(rows) > size


def chips(name: str, choices: Iterable[tuple[str, str]], url: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return a filter as chips; its state lives in the address."""
    held = request.args.get(name, "")
    return [{"url": url(value), "text": label, "current": value == held} for value, label in choices]
