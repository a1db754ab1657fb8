"""What frames a deliberation: what can be changed, and when its parts are taken."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from cogov.ground.choosing import SelectChoice
from cogov.ground.moments import LocalMomentField
from cogov.ground.words import say
from cogov.problems.rules.leeway import OPEN_PART_LONGEST, REASON_LEAST, ROOM_WORDS, Room
from cogov.problems.rules.leeway import REASON_LONGEST as WHY_LONGEST
from cogov.problems.rules.phases import ALWAYS_OPEN, PART_WORDS, REASON_LONGEST, Part
from cogov.threads.forms.speaking import OnceForm, Worded

_LOCAL = "%Y-%m-%dT%H:%M"


class LeewayForm(OnceForm):
    """How much of a topic can be changed, which part, and why."""

    room = RadioField(
        lazy_gettext("这件事还能改多少"),
        choices=[SelectChoice(room.value, lazy_gettext(name.msgid)) for room, name in ROOM_WORDS.items()],
        default=Room.OPEN.value,
    )
    open_part = TextAreaField(
        lazy_gettext("哪一部分可以改"),
        [Worded(OPEN_PART_LONGEST, say("可以改的部分"), least=0)],
        description=lazy_gettext("只在选“部分可以改”时写。"),
    )
    reason = TextAreaField(
        lazy_gettext("因为"),
        [Worded(WHY_LONGEST, say("理由（至少 {n} 个字）", n=REASON_LEAST), least=REASON_LEAST)],
        description=lazy_gettext("写明依据：哪份文件、哪项决定、还有多少余地。"),
    )


class PhaseForm(OnceForm):
    """From when until when a part is taken, and why."""

    part = SelectField(
        lazy_gettext("哪一部分"),
        choices=[
            SelectChoice(part.value, lazy_gettext(name.msgid))
            for part, name in PART_WORDS.items()
            if part not in ALWAYS_OPEN
        ],
        default=Part.SOLUTIONS.value,
    )
    opens_at = LocalMomentField(
        lazy_gettext("开始"), [Optional()], format=_LOCAL, description=lazy_gettext("不填就从现在开始。")
    )
    closes_at = LocalMomentField(
        lazy_gettext("截止"), [Optional()], format=_LOCAL, description=lazy_gettext("不填就一直开着。")
    )
    reason = TextAreaField(lazy_gettext("为什么这样安排"), [Worded(REASON_LONGEST, say("为什么这样安排"))])
