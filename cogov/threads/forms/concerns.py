"""What a person may type as a concern, an answer, a reason to overrule."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import SelectField, TextAreaField

from cogov.ground.words import say
from cogov.threads.forms.speaking import OnceForm, SpokenForm, Worded, offer
from cogov.threads.queries import SolutionText
from cogov.threads.rules.concerns import REASON_LENGTH


class ConcernForm(SpokenForm):
    """A serious concern, about all or one solution."""

    # Whether it is of this problem is asked when it is used.
    solution = SelectField(lazy_gettext("针对哪个方案"), default="", validate_choice=False)

    harm = TextAreaField(
        lazy_gettext("会怎样"),
        [Worded(REASON_LENGTH, say("会怎样"))],
        description=lazy_gettext("写明会有什么坏处、对谁、什么时候。"),
    )
    remedy = TextAreaField(
        lazy_gettext("怎样才放心"),
        [Worded(REASON_LENGTH, say("怎样才放心"))],
        description=lazy_gettext("写明做到什么，您就不再担心。"),
    )

    def offer(self, solutions: list[SolutionText]) -> None:
        """Offer the solutions that may do the harm."""
        known = {str(s.solution_id): gettext("方案 %(n)s：%(title)s", n=s.number, title=s.title) for s in solutions}
        offer(self.solution, {"": gettext("不针对某一个方案"), **known})

    @property
    def about(self) -> int | None:
        """The solution that was chosen."""
        said = self.solution.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


class AnswerForm(SpokenForm):
    """An answer to a concern; it may name the version of a solution that solves it."""

    text = TextAreaField(lazy_gettext("答复"), [Worded(REASON_LENGTH, say("答复"))])
    version = SelectField(lazy_gettext("用哪个方案解决"), default="")

    def offer(self, solutions: list[SolutionText]) -> None:
        """Offer the latest version of each solution."""
        versions = {
            str(s.version_id): gettext("方案 %(n)s 第 %(v)s 版：%(title)s", n=s.number, v=s.version, title=s.title)
            for s in solutions
        }
        offer(self.version, {"": gettext("不指明方案"), **versions})


class OverrulingForm(OnceForm):
    """The chair's reason to overrule a concern."""

    reason = TextAreaField(
        lazy_gettext("不采纳的理由"),
        [Worded(REASON_LENGTH, say("不采纳的理由"))],
        description=lazy_gettext("理由会公开；还要街道办、业委会或居委会的第二个人同意。"),
    )
