"""An open round: everybody of a place says openly what they think of one question, and nothing is decided by it.

Whoever facilitates asks; whoever lives or owns here answers with the name they have on the dossier, as often as they
change their mind, until the close. Owners, tenants and the others who live here are counted each by themselves: there
is no sum over them, since no rule says what it would mean. In a round of consent somebody can block: that is a concern
with what would remove it, and it stands in the dossier until it is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.wording import why_not_wording
from cogov.ground.words import Words, say
from cogov.people.rules import Actor, Role
from cogov.people.rules.speaking import LIVES_HERE

QUESTION_LONGEST, SUMMARY_LONGEST = 300, 600
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=30)
FACILITATORS = (Role.MODERATOR, Role.CHAIR)
MOST = 5
"""Open at once on one problem: more are a survey, which opinion does better."""

MOST_BLOCKS = 3
"""Of one person's concerns that wait for an answer since the round began."""


class RoundKind(StrEnum):
    """How a round is answered."""

    HANDS = "hands"
    CONSENT = "consent"


class RoundChoice(StrEnum):
    """What somebody says in a round."""

    AGREE = "agree"
    AGAINST = "against"
    ABSTAIN = "abstain"
    BLOCK = "block"


class Voice(StrEnum):
    """As whom somebody answers; these are never added up."""

    OWNER = "owner"
    TENANT = "tenant"
    RESIDENT = "resident"


KIND_WORDS: Mapping[RoundKind, Words] = {
    RoundKind.HANDS: say("举手"),
    RoundKind.CONSENT: say("征求共识"),
}
VOICE_WORDS: Mapping[Voice, Words] = {
    Voice.OWNER: say("业主"),
    Voice.TENANT: say("租户"),
    Voice.RESIDENT: say("同住的家人和其他住户"),
}
CHOICE_WORDS: Mapping[RoundKind, Mapping[RoundChoice, Words]] = {
    RoundKind.HANDS: {
        RoundChoice.AGREE: say("赞成"),
        RoundChoice.AGAINST: say("反对"),
        RoundChoice.ABSTAIN: say("弃权"),
    },
    RoundKind.CONSENT: {
        RoundChoice.AGREE: say("同意"),
        RoundChoice.ABSTAIN: say("不表态"),
        RoundChoice.AGAINST: say("不同意，但不拦"),
        RoundChoice.BLOCK: say("阻止"),
    },
}
"""What can be said in each kind of round, in the order in which it is offered."""

NO_FORCE = say("公开问一轮，答的人写名字，谁都看得到；不是表决，没有法律效力，也不能拿去当表决结果。")
BLOCK_MEANS = say(
    "阻止的意思：照这样做会造成写明的损害，要先解决。阻止会作为一条顾虑写进卷宗，负责的单位要在期限内答复。"
)


@dataclass(frozen=True)
class Reason:
    """Why somebody blocks: the harm, and what would remove it; it becomes a concern in the dossier."""

    harm: str = ""
    remedy: str = ""


NO_REASON = Reason()


@dataclass(frozen=True)
class Standing:
    """A round, as far as answering and closing it go."""

    code: str
    kind: RoundKind
    closes_at: datetime
    closed_at: datetime | None

    def runs(self, at: datetime) -> bool:
        """Say whether answers are taken at a moment."""
        return self.closed_at is None and at < self.closes_at


def voice_of(by: Actor, code: str) -> Voice | None:
    """Return as whom somebody answers at a place: who owns and rents there answers as an owner."""
    for role, voice in ((Role.OWNER, Voice.OWNER), (Role.TENANT, Voice.TENANT), (Role.RESIDENT, Voice.RESIDENT)):
        if by.holds(code, role):
            return voice
    return None


def why_not_facilitate(by: Actor, code: str) -> Refusal | None:
    """Whoever leads the talk here asks the round, and sums it up."""
    if by.holds(code, *FACILITATORS):
        return None
    return Refusal(
        "not_a_facilitator",
        say("公开问一轮，由这里的主持人或者议事会主席来问。"),
        what_next=say("想请大家表态，请在讨论里提出来，请主持人问一轮。"),
        status=403,
    )


def why_not_ask(question: str, *, closes_at: datetime, at: datetime, open_now: int) -> Refusal | None:
    """Say what is wrong with a round that is about to be asked."""
    if (refusal := why_not_wording(question, longest=QUESTION_LONGEST, least=5, what=say("要问的话"))) is not None:
        return refusal
    if not SHORTEST <= closes_at - at <= LONGEST:
        return Refusal(
            "round_time", say("截止要在十分钟以后、三十天以内。"), what_next=say("请另选截止的时间。"), status=422
        )
    if open_now >= MOST:
        return Refusal(
            "too_many_rounds",
            say("这件事上已经有 {n} 轮在问。", n=open_now),
            what_next=say("请先给一轮写小结、结束它。"),
        )
    return None


def why_not_answer(by: Actor, standing: Standing, at: datetime) -> Refusal | None:
    """Whoever lives or owns here answers while the round runs."""
    if by.person_id is None:
        return Refusal("sign_in_first", say("登录以后才能表态。"), what_next=say("请先登录。"), status=403)
    if not by.holds(standing.code, *LIVES_HERE):
        return Refusal(
            "not_a_neighbour",
            say("这一轮由住在这里或在这里有房的人来答。"),
            what_next=say("请先请居委会核对您的住处。"),
            status=403,
        )
    if not standing.runs(at):
        return round_over()
    return None


def why_not_choose(kind: RoundKind, choice: RoundChoice) -> Refusal | None:
    """Nobody blocks a show of hands."""
    if choice in CHOICE_WORDS[kind]:
        return None
    return Refusal("not_offered", say("这一轮没有这一项。"), what_next=say("请选页面上列出的一项。"), status=422)


def why_not_block_again(waiting: int) -> Refusal | None:
    """Whoever blocks, thinks better of it and blocks again raises a concern each time: some of them, not any number."""
    if waiting < MOST_BLOCKS:
        return None
    return Refusal(
        "concerns_waiting",
        say("这一轮开始以后，您已经有 {n} 条顾虑等着答复。", n=waiting),
        what_next=say("请等一条有了答复，或者撤回一条，再选阻止；也可以选不同意。"),
    )


def why_not_close(by: Actor, standing: Standing, summary: str) -> Refusal | None:
    """A facilitator ends a round once, with a sentence of what was heard."""
    if (refusal := why_not_facilitate(by, standing.code)) is not None:
        return refusal
    if standing.closed_at is not None:
        return Refusal("round_closed", say("这一轮已经写了小结。"))
    return why_not_wording(summary, longest=SUMMARY_LONGEST, least=5, what=say("小结"))


def round_over() -> Refusal:
    """Refuse an answer that comes late."""
    return Refusal(
        "round_over", say("这一轮已经截止。"), what_next=say("想补充，请在讨论里写；主持人的小结也在卷宗里。")
    )


Tally = Mapping[Voice, Mapping[RoundChoice, int]]


def tally(kind: RoundKind, answers: Iterable[tuple[Voice, RoundChoice]]) -> Tally:
    """Return how many said what, by voice; whoever would add the voices up has to do it alone."""
    counts = {voice: dict.fromkeys(CHOICE_WORDS[kind], 0) for voice in Voice}
    for voice, choice in answers:
        counts[voice][choice] += 1
    return counts
