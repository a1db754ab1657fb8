"""What comes after: another hour, an objection, the outcome, the answer of a body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext
from wtforms import (
    DateField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from cogov.decisions.rules.course import (
    ANNULLERS,
    DOCUMENT_LONGEST,
    MOVES,
    OBJECTION_LONGEST,
    STATEMENT_LONGEST,
    CourseKind,
)
from cogov.decisions.rules.course import REASON_LONGEST as COURSE_REASON_LONGEST
from cogov.decisions.rules.law import Annuller
from cogov.decisions.rules.motions import REASON_LONGEST
from cogov.decisions.rules.sums import ANSWERS
from cogov.ground.choosing import SelectChoice
from cogov.ground.moments import LocalMomentField
from cogov.ground.pages import words
from cogov.ground.words import say
from cogov.threads.forms.speaking import OnceForm, Worded


class CourseForm(OnceForm):
    """Another hour to close, or annulment, with the reason that everybody reads."""

    closes_at = LocalMomentField(
        lazy_gettext("新的截止时间"), [InputRequired(lazy_gettext("请填截止时间。"))], format="%Y-%m-%dT%H:%M"
    )
    annuller = RadioField(lazy_gettext("谁撤销"), [InputRequired(lazy_gettext("请选一项。"))], choices=[])
    document = StringField(lazy_gettext("文书名称或者文号"), [Worded(DOCUMENT_LONGEST, say("文书"))])
    dated = DateField(lazy_gettext("文书日期"), [InputRequired(lazy_gettext("请填日期。"))])
    reason = TextAreaField(lazy_gettext("理由"), [Worded(COURSE_REASON_LONGEST, say("理由"))])

    def about(self, kind: CourseKind, annullers: Sequence[Annuller]) -> None:
        """Ask only for what this course needs; who may annul a result is said by its rule."""
        if kind not in MOVES:
            del self.closes_at
        if kind is not CourseKind.ANNUL or not annullers:
            del self.annuller, self.document, self.dated
            return
        self.annuller.choices = [SelectChoice(each.value, words(ANNULLERS[each])) for each in annullers]

    def told(self) -> dict[str, Any]:
        """Return what was filled in, by the names of the command."""
        told: dict[str, Any] = {"reason": self.reason.data or "", "once": self.once.data}
        if "closes_at" in self:
            told["closes_at"] = self.closes_at.data
        if "annuller" in self:
            told |= {
                "annuller": Annuller(self.annuller.data),
                "document": self.document.data or "",
                "dated": self.dated.data,
            }
        return told


class ObjectionForm(OnceForm):
    """An objection to a result."""

    text = TextAreaField(lazy_gettext("您的异议"), [Worded(OBJECTION_LONGEST, say("异议"))])


class ObjectionAnswerForm(OnceForm):
    """The answer to an objection."""

    answer = TextAreaField(lazy_gettext("答复"), [Worded(OBJECTION_LONGEST, say("答复"))])


class OutcomeForm(OnceForm):
    """What became of a decision, and when it is looked at again."""

    statement = TextAreaField(lazy_gettext("后来怎样"), [Worded(STATEMENT_LONGEST, say("后续情况"))])
    review_on = DateField(
        lazy_gettext("复议日期"), [Optional()], description=lazy_gettext("到那一天提醒大家回头看；不填就不提醒。")
    )


class AdoptForm(OnceForm):
    """The answer of a body to a resolution."""

    answer = RadioField(
        lazy_gettext("答复"),
        [InputRequired(lazy_gettext("请选一项。"))],
        choices=[SelectChoice(answer.value, lazy_gettext(label.msgid)) for answer, label in ANSWERS.items()],
    )
    reason = TextAreaField(
        lazy_gettext("怎样落实，或者为什么不采纳"),
        [Worded(REASON_LONGEST, say("理由"))],
        description=lazy_gettext("会公开写在卷宗里。"),
    )
