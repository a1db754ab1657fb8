"""What a person may type as a summary, and about one."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from cogov.ground.words import say
from cogov.threads.forms.speaking import OnceForm, SpokenForm, Worded
from cogov.threads.rules.summaries import REASON_LENGTH, SUMMARY_LENGTH, SummaryKind, sources_in


class SummaryForm(SpokenForm):
    """A version of the summary, or a proposal of one."""

    base = HiddenField(default="0")
    text = TextAreaField(lazy_gettext("总结"), [Worded(SUMMARY_LENGTH, say("总结"))])
    sources = StringField(
        lazy_gettext("出处"),
        description=lazy_gettext("粘贴发言的链接，用空格隔开；可以不填。"),
        render_kw={"maxlength": 4000},
    )
    minutes = BooleanField(
        lazy_gettext("这是纪要，请参与的人表态"),
        description=lazy_gettext("大家可以赞成，或者指出哪里不对；人数公开。"),
    )

    @property
    def upon(self) -> int:
        """The number of the version that it was written on."""
        typed = self.base.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1

    @property
    def named(self) -> tuple[int, ...]:
        """The messages that were named as sources."""
        return sources_in(self.sources.data or "")

    @property
    def kind(self) -> SummaryKind:
        """What it is meant as."""
        return SummaryKind.MINUTES if self.minutes.data else SummaryKind.SUMMARY


class DeclineForm(OnceForm):
    """Why a proposed version is not taken."""

    reason = TextAreaField(lazy_gettext("为什么不采用"), [Worded(REASON_LENGTH, say("不采用的理由"))])


class MinutesForm(SpokenForm):
    """What is wrong with minutes."""

    reason = TextAreaField(lazy_gettext("哪里不对"), [Worded(REASON_LENGTH, say("哪里不对"))])
