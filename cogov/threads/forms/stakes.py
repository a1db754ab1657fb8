"""What a person may type about their own stake, a pledge, a minority opinion."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from cogov.ground.choosing import SelectChoice
from cogov.ground.words import say
from cogov.threads.forms.solutions import fen_of
from cogov.threads.forms.speaking import SpokenForm, Worded, offer
from cogov.threads.queries import SolutionText
from cogov.threads.rules.interests import INTEREST_LENGTH, INTEREST_WORDS, InterestKind
from cogov.threads.rules.minority import MINORITY_LEAST, MINORITY_LENGTH
from cogov.threads.rules.pledges import KIND_WORDS, WHAT_LENGTH, PledgeKind

NOT_ANY_MORE = ""


class InterestForm(SpokenForm):
    """What is at stake for who speaks."""

    kind = RadioField(
        lazy_gettext("您和这件事的关系"),
        choices=[
            *(SelectChoice(kind.value, lazy_gettext(name.msgid)) for kind, name in INTEREST_WORDS.items()),
            SelectChoice(NOT_ANY_MORE, lazy_gettext("不再标明")),
        ],
        default=InterestKind.AFFECTED.value,
    )
    words = StringField(
        lazy_gettext("用自己的话说"),
        [Worded(INTEREST_LENGTH, say("您和这件事的关系"), least=0)],
        description=lazy_gettext("最多 40 字，例如：一楼的业主、承包单位、经办人。不要写姓名和门牌。"),
    )

    @property
    def chosen(self) -> InterestKind | None:
        """The kind that was chosen, None to take it back."""
        return InterestKind(self.kind.data) if self.kind.data else None


class PledgeForm(SpokenForm):
    """What somebody promises."""

    kind = RadioField(
        lazy_gettext("您愿意"),
        choices=[SelectChoice(kind.value, lazy_gettext(name.msgid)) for kind, name in KIND_WORDS.items()],
        default=PledgeKind.TIME.value,
    )
    amount = StringField(
        lazy_gettext("多少"),
        description=lazy_gettext("出钱写元，可以到分；出力写整小时数；出物不填。"),
        render_kw={"inputmode": "decimal", "maxlength": 24},
    )
    what = StringField(
        lazy_gettext("说明"),
        [Worded(WHAT_LENGTH, say("说明"), least=0)],
        description=lazy_gettext("出物请写清是什么、多少；不写姓名和门牌。"),
    )
    # Whether it is of this problem is asked when it is used.
    solution = SelectField(lazy_gettext("为了哪个方案"), default="", validate_choice=False)

    def offer(self, solutions: list[SolutionText]) -> None:
        """Offer the solutions that something may be promised for."""
        known = {str(s.solution_id): gettext("方案 %(n)s：%(title)s", n=s.number, title=s.title) for s in solutions}
        offer(self.solution, {"": gettext("不管定了哪个方案"), **known})

    @property
    def about(self) -> int | None:
        """The solution that was chosen."""
        said = self.solution.data or ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None

    @property
    def number(self) -> int | None:
        """The fen or hours that were typed, None where none can be read."""
        typed = (self.amount.data or "").strip()
        if self.kind.data == PledgeKind.MONEY.value:
            return fen_of(typed)
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None

    def validate_amount(self, field: StringField) -> None:
        """Refuse what is no number of the kind that was chosen."""
        if (field.data or "").strip() and self.number is None:
            raise ValidationError(lazy_gettext("请写数字：出钱例如 50 或 50.50，出力例如 3。"))


class MinorityForm(SpokenForm):
    """A minority opinion."""

    text = TextAreaField(
        lazy_gettext("您不同意什么、为什么"),
        [Worded(MINORITY_LENGTH, say("少数意见（至少 {n} 个字）", n=MINORITY_LEAST), least=MINORITY_LEAST)],
        description=lazy_gettext("会和结果一起公开、一起印出来，别人可以署名。住户在这里只显示编号。"),
    )
