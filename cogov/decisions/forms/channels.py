"""Paper, help and service of a vote."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from cogov.decisions.rules.channels import CHANNEL_WORDS, Channel
from cogov.decisions.rules.paper import FAULT_WORDS, READ_FAULTS
from cogov.decisions.rules.service import BY_HAND, MEANS_WORDS, OUTCOME_WORDS, ServiceMeans
from cogov.decisions.rules.sheets import MOST_SHEETS
from cogov.files.forms import PicturesField
from cogov.ground.choosing import SelectChoice
from cogov.ground.words import say
from cogov.places.models import Building
from cogov.threads.forms.speaking import OnceForm, Worded

PAPERS = (Channel.PAPER, Channel.DOOR)
_READ = tuple(SelectChoice(each.value, lazy_gettext(FAULT_WORDS[each].msgid)) for each in READ_FAULTS)


class PrintForm(OnceForm):
    """For whom paper ballots are made."""

    building = SelectField(lazy_gettext("印哪里的"), choices=[], validate_choice=True)
    staircase = StringField(lazy_gettext("单元"), [Worded(10, say("单元"), least=0)])
    door = StringField(
        lazy_gettext("房号"),
        [Worded(20, say("房号"), least=0)],
        description=lazy_gettext("只印一户的，选楼、填房号。"),
    )

    def about(self, buildings: Sequence[Building]) -> None:
        """Offer all, and each building that votes."""
        every = SelectChoice("", lazy_gettext("所有有表决权的住户"))
        self.building.choices = [every, *(SelectChoice(str(each.id), each.name) for each in buildings)]

    @property
    def building_id(self) -> int | None:
        """Return the building that was chosen."""
        return int(self.building.data) if self.building.data else None


class PaperForm(OnceForm):
    """What somebody reads on a paper ballot, besides its marks."""

    channel = RadioField(
        lazy_gettext("怎么来的"),
        choices=[SelectChoice(each.value, lazy_gettext(CHANNEL_WORDS[each].msgid)) for each in PAPERS],
        default=Channel.PAPER.value,
    )
    signed_on = DateField(lazy_gettext("纸票上写的日期"), [Optional()])
    signer = SelectField(lazy_gettext("谁签的名"), choices=[])
    fault = SelectField(
        lazy_gettext("这张票算不算"),
        choices=[SelectChoice("", lazy_gettext("算，选的照下面录")), *_READ],
    )
    picture = PicturesField(lazy_gettext("这张纸票的照片"))

    def of_a_slip(self) -> None:
        """Ask of the signed half of a secret vote's paper, on which nothing is chosen."""
        self.fault.choices = [SelectChoice("", lazy_gettext("算，签了名、写了日期")), *_READ]

    def about(self, voters: Sequence[tuple[int, str]], *, first: bool) -> None:
        """Offer who may have signed; the first to read also says how it came, with a picture."""
        nobody = SelectChoice("", lazy_gettext("在平台上没有账号的本人"))
        self.signer.choices = [nobody, *(SelectChoice(str(person), name) for person, name in voters)]
        if not first:
            del self.channel, self.picture


class SheetsForm(OnceForm):
    """What was found on the choice halves that are not entered as a number for each option, and how many were void."""

    lines = TextAreaField(
        lazy_gettext("选票联，每张一行"),
        render_kw={"rows": 12, "autocomplete": "off", "spellcheck": "false"},
    )
    spoiled = IntegerField(
        lazy_gettext("废票"),
        [Optional(), NumberRange(min=0, max=MOST_SHEETS, message=lazy_gettext("请写 0 到 5000 的数。"))],
        description=lazy_gettext("看不清，或者选得不合规则的有几张；没有就不填。"),
        render_kw={"inputmode": "numeric"},
    )


class HelpForm(OnceForm):
    """At which door somebody is helped, and who of it."""

    building = SelectField(lazy_gettext("楼"), choices=[])
    staircase = StringField(lazy_gettext("单元"), [Worded(10, say("单元"), least=0)])
    door = StringField(lazy_gettext("房号"), [Worded(20, say("房号"))])
    voter = SelectField(lazy_gettext("来的是哪一位"), choices=[], validate_choice=False)

    def about(self, buildings: Sequence[Building], voters: Sequence[tuple[int, str]] = ()) -> None:
        """Offer the buildings that vote and, once the door is known, who votes for it."""
        self.building.choices = [SelectChoice(str(each.id), each.name) for each in buildings]
        self.voter.choices = [SelectChoice(str(person), name) for person, name in voters]
        if not voters:
            self.voter.choices = [SelectChoice("", lazy_gettext("这一户投票的那一位"))]

    @property
    def voter_id(self) -> int | None:
        """Return who was chosen."""
        written = self.voter.data or ""
        return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else None


class ServiceForm(OnceForm):
    """An attempt to bring the notice of a vote to a household."""

    head = SelectField(lazy_gettext("哪一户"), choices=[])
    means = RadioField(
        lazy_gettext("怎么送"),
        choices=[SelectChoice(each.value, lazy_gettext(MEANS_WORDS[each].msgid)) for each in BY_HAND],
        default=ServiceMeans.DOOR.value,
    )
    outcome = RadioField(
        lazy_gettext("送到了吗"),
        [InputRequired(lazy_gettext("请选一项。"))],
        choices=[SelectChoice(each.value, lazy_gettext(label.msgid)) for each, label in OUTCOME_WORDS.items()],
    )
    on = DateField(lazy_gettext("哪一天"), [InputRequired(lazy_gettext("请填日期。"))])

    def about(self, households: Sequence[tuple[int, str]]) -> None:
        """Offer the households of the building."""
        self.head.choices = [SelectChoice(str(head), doors) for head, doors in households]
