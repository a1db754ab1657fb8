"""What is written for an open round: the question, an answer with its reason where it blocks, what was heard."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from cogov.decisions.rules.rounds import (
    CHOICE_WORDS,
    KIND_WORDS,
    NO_REASON,
    QUESTION_LONGEST,
    SUMMARY_LONGEST,
    Reason,
    RoundChoice,
    RoundKind,
)
from cogov.ground.choosing import SelectChoice
from cogov.ground.moments import LocalMomentField
from cogov.ground.pages import words
from cogov.ground.words import say
from cogov.threads.forms.speaking import OnceForm, Worded
from cogov.threads.rules.concerns import REASON_LENGTH


class RoundForm(OnceForm):
    """A question that everybody answers openly."""

    question = TextAreaField(
        lazy_gettext("问大家什么"),
        [Worded(QUESTION_LONGEST, say("要问的话"), least=5)],
        description=lazy_gettext("一句话，能用赞成、反对来答。"),
    )
    kind = RadioField(
        lazy_gettext("怎样答"),
        [InputRequired(lazy_gettext("请选一项。"))],
        choices=[SelectChoice(kind.value, lazy_gettext(label.msgid)) for kind, label in KIND_WORDS.items()],
        default=RoundKind.HANDS.value,
    )
    closes_at = LocalMomentField(
        lazy_gettext("什么时候截止"), [InputRequired(lazy_gettext("请填截止时间。"))], format="%Y-%m-%dT%H:%M"
    )

    def told(self) -> dict[str, Any]:
        """Return what was filled in, by the names of the command."""
        return {
            "question": self.question.data or "",
            "kind": RoundKind(self.kind.data),
            "closes_at": self.closes_at.data,
            "once": self.once.data,
        }


class AnswerForm(OnceForm):
    """An answer; whoever blocks says why, and what would remove it."""

    choice = RadioField(lazy_gettext("您怎么看"), [InputRequired(lazy_gettext("请选一项。"))], choices=[])
    harm = TextAreaField(
        lazy_gettext("会怎样"),
        [Worded(REASON_LENGTH, say("会怎样"), least=0)],
        description=lazy_gettext("只有选“阻止”才要写：照这样做会造成什么损害。"),
    )
    remedy = TextAreaField(
        lazy_gettext("怎样才放心"),
        [Worded(REASON_LENGTH, say("怎样才放心"), least=0)],
        description=lazy_gettext("只有选“阻止”才要写：改成怎样就不拦。"),
    )

    def offer(self, kind: RoundKind) -> None:
        """Offer what can be said in this kind of round; only a consent has reasons."""
        self.choice.choices = [SelectChoice(each.value, words(label)) for each, label in CHOICE_WORDS[kind].items()]
        if kind is RoundKind.HANDS:
            del self.harm, self.remedy

    def told(self) -> dict[str, Any]:
        """Return what was filled in, by the names of the command."""
        reason = Reason(self.harm.data or "", self.remedy.data or "") if "harm" in self else NO_REASON
        return {"choice": RoundChoice(self.choice.data), "reason": reason, "once": self.once.data}


class SummaryForm(OnceForm):
    """What was heard in a round."""

    summary = TextAreaField(
        lazy_gettext("小结"),
        [Worded(SUMMARY_LONGEST, say("小结"), least=5)],
        description=lazy_gettext("听到了什么，接下来怎么办。业主、租户、其他住户分开说，不加在一起。"),
    )
