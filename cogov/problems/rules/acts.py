"""Who may do what to a problem, and why not: plain values in, the reason out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.moderation.rules import Mask, mask
from cogov.people.rules import MANDATE_KINDS, Actor, OrganizationKind, Role, Standing
from cogov.people.rules.keeping import why_not_take_part
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.stages import AppealOutcome, Ending, Stage, TriageState

TEXT_MIN, TEXT_MAX = 5, 2000
TITLE_MAX = 60
SPOT_MAX = 120
WORDS_MAX = 1000

OWN = (Role.RESIDENT, Role.OWNER, Role.TENANT)
RECORDERS = (Role.GRID_WORKER, Role.MODERATOR)
TRIAGERS = (Role.MODERATOR, Role.DISPATCHER, Role.STREET_OFFICE)
HANDLERS = (OrganizationKind.BODY, OrganizationKind.STREET, OrganizationKind.PROPERTY)
"""Which organizations are handed a case: those that can do something about it."""

MEDIATORS = (Role.MODERATOR, Role.STREET_OFFICE)
KEEPERS = (Role.MODERATOR, Role.CHAIR, Role.STREET_OFFICE, Role.DISPATCHER, Role.INSPECTOR, Role.CLOSER)
"""Who sees a hidden problem of their place by office; its raisers and its recorder see it too."""

ANSWERERS = (*KEEPERS, Role.OFFICIAL, Role.OWNERS_COMMITTEE)
"""Under which roles the members of the accountable organization see a hidden problem (not every helper of it)."""

WITHIN_CALL = frozenset({Mask.ROOM})
"""What stays in the words of those who raise a problem: the body that mends it has to find the door."""

BEFORE_ANYTHING_BINDS = frozenset({Stage.RAISED, Stage.GATHERING, Stage.OFFICIAL, Stage.MEDIATING, Stage.ENDED})


class Act(StrEnum):
    """What a person can do to a problem."""

    SECOND = "second"
    UNSECOND = "unsecond"
    TRIAGE = "triage"
    APPEAL = "appeal"
    ANSWER_APPEAL = "answer_appeal"
    MEDIATE = "mediate"
    CONCLUDE = "conclude"
    CONFIRM = "confirm"


@dataclass(frozen=True)
class Facts:
    """What the rules must know of one problem; times are aware, ``code`` is that of its community."""

    number: str
    code: str
    stage: Stage
    hidden: bool
    ending: Ending | None = None
    merged_into: str = ""
    is_raiser: bool = False
    has_seconded: bool = False
    has_confirmed: bool = False
    triage: TriageState | None = None
    triage_by_rules: bool = False
    triaged_at: datetime | None = None
    appeal_until: datetime | None = None
    appealed: bool = False
    appeal_open: bool = False


# Raising ------------------------------------------------------------------------------------------------------------


def belongs(by: Actor, code: str) -> bool:
    """Say whether a person lives, owns or holds a mandate in a community or in one of its grids."""
    return any(_reaches(held, code) for held in by.standings if held.role in OWN or held.role in MANDATE_KINDS)


def _reaches(held: Standing, code: str) -> bool:
    return held.reaches(code) or held.scope.startswith(code)


def first_sentence(text: str) -> str:
    """Return what a problem is called when its author named it not: the first sentence, cut to the title's length."""
    line = text.strip()
    for end in "。！？!?;；\n":
        line = line.split(end, 1)[0]
    line = " ".join(line.split()) or " ".join(text.split())
    return line if len(line) <= TITLE_MAX else line[: TITLE_MAX - 1] + "…"


def sign_in_first() -> Refusal:
    """Say that one must be signed in."""
    return Refusal("sign_in_first", say("请先登录。"), what_next=say("登录后回到这一页，您写的内容还在。"), status=403)


def why_not_raise(by: Actor, code: str, community: str, *, on_behalf: bool) -> Refusal | None:
    """Those who live, own or hold a mandate in the community raise; grid workers and moderators also for others."""
    if by.person_id is None:
        return sign_in_first()
    if not belongs(by, code):
        return Refusal(
            "not_of_this_community",
            say("只有{community}的居民、业主、租户和在这里履职的人可以在这里提出问题。", community=community),
            what_next=say("请在您自己的社区提出，或先请居委会核对您的住处。"),
            status=403,
        )
    if (refusal := why_not_take_part(by, code)) is not None:
        return refusal
    if on_behalf and not any(_reaches(held, code) for held in by.standings if held.role in RECORDERS):
        return Refusal(
            "not_a_recorder",
            say("代别人登记，由网格员或居委会的工作人员来做。"),
            what_next=say("您可以用自己的名义提出，或请对方到居委会登记。"),
            status=403,
        )
    return None


def publishable(words: str) -> str:
    """Return the words of a raiser as anybody may read them; whoever has to come still finds the door."""
    return mask(words, spare=WITHIN_CALL).text


def why_not_words(text: str, title: str, spot: str) -> Refusal | None:
    """A problem is told in five characters at least and two thousand at most."""
    if len(text) < TEXT_MIN:
        return Refusal("text_too_short", say("请至少写 {n} 个字，说清是什么事。", n=TEXT_MIN), status=422)
    if len(text) > TEXT_MAX:
        return Refusal(
            "text_too_long",
            say("最多写 {n} 个字，现在是 {now} 个。", n=TEXT_MAX, now=len(text)),
            what_next=say("先说要紧的，其余可以在卷宗里接着写。"),
            status=422,
        )
    if len(title) > TITLE_MAX:
        return Refusal("title_too_long", say("标题最多 {n} 个字。", n=TITLE_MAX), status=422)
    if len(spot) > SPOT_MAX:
        return Refusal("spot_too_long", say("地点说明最多 {n} 个字。", n=SPOT_MAX), status=422)
    return None


def why_not_pin(longitude: int | None, latitude: int | None) -> Refusal | None:
    """A pin has both degrees (in millionths), on the globe."""
    if longitude is None and latitude is None:
        return None
    if longitude is None or latitude is None or abs(longitude) > 180_000_000 or abs(latitude) > 90_000_000:
        return Refusal(
            "pin_malformed", say("地图上的位置不完整。"), what_next=say("请重新选，或只选网格。"), status=422
        )
    return None


def why_not_grid(grid_id: int | None, own: frozenset[int], community: str) -> Refusal | None:
    """The place lies in one of the community's grids."""
    if grid_id is not None and grid_id in own:
        return None
    return Refusal(
        "outside_community",
        say("这个位置不在{community}的任何一个网格里。", community=community),
        what_next=say("请重新选位置；如果是别的社区的事，请到那个社区提出。"),
        status=422,
    )


# Seconding ----------------------------------------------------------------------------------------------------------


def already_seconded() -> Refusal:
    """Say that one second per person counts."""
    return Refusal(
        "already_seconded",
        say("您已经附议过了，一人算一次。"),
        what_next=say("想补充情况，请在卷宗里写一条消息。"),
    )


def why_not_second(by: Actor, facts: Facts) -> Refusal | None:
    """Whoever lives or owns here seconds once, while the problem lives and is public."""
    if by.person_id is None:
        return sign_in_first()
    if not by.holds(facts.code, *OWN):
        return Refusal(
            "not_a_neighbour",
            say("附议由住在这里或在这里有房的人来做。"),
            what_next=say("请先请居委会核对您的住处。"),
            status=403,
        )
    if (refusal := why_not_take_part(by, facts.code)) is not None:
        return refusal
    if facts.is_raiser:
        return Refusal("own_problem", say("这件事是您提出的，已经算上您这一户。"))
    if facts.has_seconded:
        return already_seconded()
    return _why_not_joined(facts)


def _why_not_joined(facts: Facts) -> Refusal | None:
    if facts.merged_into:
        return Refusal(
            "merged",
            say("这件事已经并入 {number}。", number=facts.merged_into),
            what_next=say("请到 {number} 附议。", number=facts.merged_into),
        )
    if facts.stage is Stage.ENDED:
        return Refusal("ended", say("这件事已经结束。"), what_next=say("又出现了，请提出一件新的问题。"))
    if facts.hidden:
        return Refusal("not_public", say("这件事不公开，不征集附议。"))
    return None


def why_not_unsecond(by: Actor, facts: Facts) -> Refusal | None:
    """A second is taken back by the one who gave it, while the problem lives."""
    if by.person_id is None:
        return sign_in_first()
    if not facts.has_seconded:
        return Refusal("not_seconded", say("您还没有附议过这件事。"))
    return Refusal("ended", say("这件事已经结束，附议留作记录。")) if facts.stage is Stage.ENDED else None


def why_not_follow(by: Actor) -> Refusal | None:
    """Whoever is signed in and sees a problem may follow it; the command has loaded it for them."""
    return sign_in_first() if by.person_id is None else None


# Triage -------------------------------------------------------------------------------------------------------------


def why_not_triage(by: Actor, facts: Facts) -> Refusal | None:
    """The moderator, the dispatcher or the street office confirms; what the rules confirmed may still be changed."""
    if not by.holds(facts.code, *TRIAGERS):
        return _not_yours(say("分流由居委会的主持人、指挥中心或街道来确认。"))
    if facts.triage is TriageState.PROPOSED and facts.stage is Stage.RAISED:
        return None
    if facts.triage is TriageState.CONFIRMED and facts.triage_by_rules and facts.stage in BEFORE_ANYTHING_BINDS:
        return None
    return Refusal(
        "already_triaged",
        say("这件事已经分流过了。"),
        what_next=say("要改走别的路，由提出人申诉，街道答复。"),
    )


def why_not_chosen(
    *, lane: Lane, reason: ReasonCode, words: str, channel: str, merges: bool, changed: bool
) -> Refusal | None:
    """A change has words, a referral a channel, and "the same" the problem that it is."""
    if len(words) > WORDS_MAX:
        return Refusal("words_too_long", say("最多写 {n} 个字。", n=WORDS_MAX), status=422)
    if (reason is ReasonCode.DUP) != merges:
        return Refusal(
            "same_as_what",
            say("说是同一件事，就要写明并入哪一件；不是，就请换一个理由。"),
            status=422,
        )
    if lane is Lane.X and reason is ReasonCode.CONTENT and not merges:
        if not words.strip():
            return Refusal("reason_missing", say("遮住内容，要写明原因，提出人看得到。"), status=422)
        return None
    if lane is Lane.X and not merges and not channel.strip():
        return Refusal("channel_missing", say("转到别的渠道，要写明是哪里、怎么找。"), status=422)
    if changed and not words.strip():
        return Refusal("reason_missing", say("和规则的建议不一样，请写明原因。"), status=422)
    return None


def why_not_merge(*, same: bool, other: Facts, here: Facts) -> Refusal | None:
    """A problem is joined to another open one of its community, and never a public one to a hidden one."""
    fits = not same and here.code == other.code and (here.hidden or not other.hidden)
    if fits and other.stage is not Stage.ENDED:
        return None
    return Refusal(
        "cannot_merge",
        say("不能并入 {number}：要是本社区还在办的另一件公开的事。", number=other.number),
        status=422,
    )


# The appeal ---------------------------------------------------------------------------------------------------------


def why_not_appeal(by: Actor, facts: Facts, *, at: datetime) -> Refusal | None:
    """A raiser appeals once, within the limit after the triage."""
    if not facts.is_raiser:
        return _not_yours(say("对分流的申诉由提出人来提。"))
    if facts.appealed:
        return Refusal("already_appealed", say("对这次分流已经申诉过一次。"))
    if facts.triage is not TriageState.CONFIRMED:
        return Refusal("not_triaged", say("还没有分流，现在不用申诉。"), what_next=say("分流后会告诉您。"))
    if facts.ending in (Ending.FIXED, Ending.UNCONFIRMED):
        return Refusal(
            "all_done", say("这件事已经办完，分流不再更改。"), what_next=say("又出现了，请提出一件新的问题。")
        )
    if facts.stage not in BEFORE_ANYTHING_BINDS:
        return _too_far(say("有不同看法，请在卷宗里写明；办完还会请您确认。"))
    if facts.appeal_until is None or at > facts.appeal_until:
        return Refusal(
            "appeal_too_late",
            say("申诉的期限已经过了。"),
            what_next=say("有新情况，请在卷宗里写明，或提出一件新的问题。"),
        )
    return None


def why_not_answer(by: Actor, facts: Facts, outcome: AppealOutcome | None = None) -> Refusal | None:
    """The street office answers; it triages anew only while nothing built on the triage binds others."""
    if not by.holds(facts.code, Role.STREET_OFFICE):
        return _not_yours(say("申诉由街道答复。"))
    if not facts.appeal_open:
        return Refusal("no_appeal", say("这里没有等着答复的申诉。"))
    if outcome is AppealOutcome.GRANTED and facts.stage not in BEFORE_ANYTHING_BINDS:
        return _too_far(say("可以维持原分流并说明，或等这一步结束后再答复。"))
    return None


def _too_far(what_next: Words) -> Refusal:
    return Refusal("too_far", say("表决已经公布或已经在办，不能推倒重来。"), what_next=what_next)


# Mediation, deliberation, confirmation ------------------------------------------------------------------------------


def why_not_mediate(by: Actor, facts: Facts) -> Refusal | None:
    """The mediator of the committee, or the street office, records what came of it."""
    if not by.holds(facts.code, *MEDIATORS):
        return _not_yours(say("调解结果由居委会的调解人或街道来记。"))
    return None if facts.stage is Stage.MEDIATING else Refusal("not_mediating", say("这件事不在调解中。"))


def why_not_conclude(by: Actor, facts: Facts, matter: Refusal | None = None) -> Refusal | None:
    """The moderator closes a deliberation that needs no vote, once nothing that others brought up is open."""
    if not by.holds(facts.code, Role.MODERATOR):
        return _not_yours(say("协商由居委会的主持人来收尾。"))
    if facts.stage is not Stage.GATHERING:
        return Refusal("not_gathering", say("这件事不在协商中。"))
    if facts.appeal_open:
        return Refusal(
            "appeal_open", say("对分流的申诉还没有答复，不能结束协商。"), what_next=say("请等街道答复申诉。")
        )
    return matter


def concern_open() -> Refusal:
    """Say that a concern waits for its answer."""
    return Refusal("concern_open", say("还有顾虑没有答复，不能结束协商。"), what_next=say("请先在“顾虑”里逐条答复。"))


def motion_alive() -> Refusal:
    """Say that a motion or a vote is under way."""
    return Refusal(
        "motion_alive",
        say("有动议或表决还在进行，不能不表决就结束协商。"),
        what_next=say("请等表决结束，或请提动议的人撤回。"),
    )


def why_not_confirm(by: Actor, facts: Facts) -> Refusal | None:
    """Each raiser answers once in a round."""
    if not facts.is_raiser:
        return _not_yours(say("修没修好，由提出人来说。"))
    if facts.stage is not Stage.CONFIRMING:
        return Refusal("not_asked", say("现在没有在请您确认。"), what_next=say("办完后会请您确认。"))
    if facts.has_confirmed:
        return Refusal("already_confirmed", say("这一轮您已经答过了。"))
    return None


def why_not_needed_words(words: str) -> Refusal | None:
    """An answer that others live by has words."""
    if not words.strip():
        return Refusal("words_missing", say("请写明理由。"), status=422)
    if len(words) > WORDS_MAX:
        return Refusal("words_too_long", say("最多写 {n} 个字。", n=WORDS_MAX), status=422)
    return None


def _not_yours(message: Words) -> Refusal:
    return Refusal(
        "not_your_act",
        message,
        what_next=say("您可以在卷宗里写消息，请有职责的人来办。"),
        status=403,
    )
