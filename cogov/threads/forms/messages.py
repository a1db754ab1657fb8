"""What a person may type as a message."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectField, TextAreaField

from cogov.files.forms import PicturesField
from cogov.ground.words import say
from cogov.threads.forms.speaking import OnceForm, SpokenForm, Worded, offer
from cogov.threads.queries.panels import Voices
from cogov.threads.rules.messages import MESSAGE_LENGTH, MessageKind
from cogov.threads.rules.quoting import QUOTE_LENGTH

KIND_LABELS = {
    MessageKind.PROBLEM: lazy_gettext("题：问题是什么"),
    MessageKind.REASON: lazy_gettext("理：为什么"),
    MessageKind.EVIDENCE: lazy_gettext("据：事实和数据"),
    MessageKind.SUGGESTION: lazy_gettext("案：怎么办"),
    MessageKind.QUESTION: lazy_gettext("问：想弄清楚"),
}


ENCLOSED = lazy_gettext("照片、PDF")


class MessageForm(SpokenForm):
    """A message or a reply."""

    kind = SelectField(lazy_gettext("这是"), default="reason")
    text = TextAreaField(lazy_gettext("您想说的话"), [Worded(MESSAGE_LENGTH, say("发言"))])
    picture = PicturesField(ENCLOSED)
    quote = HiddenField()
    quoted = TextAreaField(
        lazy_gettext("引用的话"),
        [Worded(QUOTE_LENGTH, say("引用的话"), least=0)],
        description=lazy_gettext("只留您要回应的那一段，不要改字。"),
    )

    def speak_as(self, voices: Voices) -> None:
        """Offer for whom one may speak, and what a message may be meant as."""
        super().speak_as(voices)
        offer(self.kind, {str(kind): str(label) for kind, label in KIND_LABELS.items()})


class EditForm(OnceForm):
    """Other words for one's message."""

    text = TextAreaField(lazy_gettext("改成"), [Worded(MESSAGE_LENGTH, say("发言"))])
    picture = PicturesField(ENCLOSED)
