"""Who may flag, decide, appeal and answer: nobody in their own matter, and nobody the matter is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.moderation.rules.policy import FlagReason, ReviewState
from cogov.people.rules import Actor, Role

WORDS_LENGTH = 500
APPEAL_LENGTH = 1000
DECIDERS = (Role.MODERATOR, Role.STREET_OFFICE)
ABOVE = (Role.STREET_OFFICE,)


@dataclass(frozen=True)
class Reviewed:
    """A review as far as the rules need it; ``code`` is that of its place, times are aware."""

    code: str
    state: ReviewState
    author_id: int
    above: bool
    """Whether it is about the committee or by one of its members: then the level above decides."""
    held: bool = False
    decided_by: int | None = None
    decided_at: datetime | None = None
    appeal_until: datetime | None = None
    appealed: bool = False
    appeal_open: bool = False
    flagged_by: tuple[int, ...] = ()
    covered: bool = False
    """Whether another review has taken the text down since."""

    @property
    def taken_back(self) -> bool:
        """Whether its author took the text away while it was under review: it ended, and nobody decided it."""
        return self.state is ReviewState.KEPT and self.decided_by is None


@dataclass(frozen=True)
class Order:
    """An order to take a text down: which organ, on what legal basis, of which day."""

    organ: str
    basis: str
    dated: date


def deciders(review: Reviewed) -> tuple[Role, ...]:
    """Return the roles that decide a review."""
    return ABOVE if review.above else DECIDERS


def why_not_flag(by: Actor, author_id: int, *, inside: bool, shown: bool) -> Refusal | None:
    """Whoever lives, owns or serves in the place may flag what others wrote there and what still stands."""
    if by.person_id is None:
        return Refusal("sign_in_first", say("请先登录。"), what_next=say("登录后回到这一页。"), status=403)
    if not inside:
        return Refusal(
            "not_of_this_place",
            say("这里由本社区的居民、业主、租户和管到这里的单位举报。"),
            what_next=say("违法的内容，任何人都可以打 12377 举报。"),
            status=403,
        )
    if not shown:
        return Refusal("not_standing", say("这段话已经不在了，不用再举报。"))
    if by.person_id == author_id:
        return Refusal("own_words", say("这是您自己写的。"), what_next=say("不想留着，可以撤下。"))
    return None


def why_not_decide(by: Actor, review: Reviewed) -> Refusal | None:
    """A moderator decides, or the street office; what concerns the committee is for the level above alone."""
    if review.taken_back:
        return _taken_back()
    if review.state is not ReviewState.OPEN:
        return Refusal("review_settled", say("别人已经处理过了。"), what_next=say("请刷新，看看结果。"))
    return _why_not_sit(by, review)


def why_not_look(by: Actor, review: Reviewed) -> Refusal | None:
    """Sealed words are read by their author and by those who decide; each other look is written down."""
    if by.person_id is not None and by.person_id == review.author_id:
        return None
    return _not_your_duty() if not by.holds(review.code, *deciders(review)) else None


def _why_not_sit(by: Actor, review: Reviewed) -> Refusal | None:
    if not by.holds(review.code, *deciders(review)):
        if review.above and by.holds(review.code, *DECIDERS):
            return Refusal(
                "level_above",
                say("这段话说的是社区自己，由街道来看。"),
                article="发言规则第7条",
                what_next=say("已经排在街道的工作台上。"),
                status=403,
            )
        return _not_your_duty()
    if by.person_id == review.author_id:
        return Refusal("own_matter", say("这是您自己写的，要由别人来看。"), article="发言规则第7条", status=403)
    if by.person_id in review.flagged_by:
        return Refusal("own_matter", say("您举报过这段话，要由别人来定。"), article="发言规则第7条", status=403)
    return None


def _not_your_duty() -> Refusal:
    return Refusal("not_your_role", say("这件事由社区主持人或街道来定。"), status=403)


def _taken_back() -> Refusal:
    return Refusal(
        "taken_back",
        say("作者自己撤下了这段话，公开的地方已经没有，不用再定。"),
        what_next=say("原来的字封存着，要查的可以打开看，谁看过都记在账本里。"),
    )


def why_not_reason(reason: FlagReason | None) -> Refusal | None:
    """Whoever takes a text down names the clause of the policy."""
    return None if reason is not None else Refusal("reason_missing", say("请选违反了发言规则的哪一条。"), status=422)


def why_not_order(by: Actor, review: Reviewed, order: Order, today: date) -> Refusal | None:
    """An order is carried out and published by the street office: which organ, what basis, of which day."""
    if not by.holds(review.code, Role.STREET_OFFICE):
        return Refusal("not_your_role", say("按命令移除由街道登记。"), status=403)
    if review.taken_back:
        return _taken_back()
    if review.covered or review.state in (ReviewState.ORDERED, ReviewState.REMOVED):
        return Refusal("review_settled", say("这段话已经移除了。"))
    if order.dated > today:
        return Refusal("order_ahead", say("命令的日期不能晚于今天。"), status=422)
    return None


def why_not_appeal(by: Actor, review: Reviewed, at: datetime) -> Refusal | None:
    """The author may appeal once, in time, against what people decided; an order is appealed to its organ."""
    if by.person_id is None or by.person_id != review.author_id:
        return Refusal("not_the_author", say("只有写的人可以申诉。"), status=403)
    if review.state is ReviewState.ORDERED:
        return Refusal("ordered", say("这是按命令移除的，请向下命令的机关提出。"))
    if review.state is not ReviewState.REMOVED:
        return Refusal("nothing_to_appeal", say("这段话没有被移除，不用申诉。"))
    if review.appealed:
        return Refusal("appealed_once", say("每段话可以申诉一次，您已经申诉过了。"))
    if review.appeal_until is not None and at >= review.appeal_until:
        return Refusal("appeal_late", say("申诉的期限已经过了。"))
    return None


def why_not_answer(by: Actor, review: Reviewed) -> Refusal | None:
    """An appeal is answered by a second person, who has not acted in the matter before."""
    if not review.appeal_open:
        return Refusal("no_appeal", say("没有等着答复的申诉。"))
    refusal = _why_not_sit(by, review)
    if refusal is None and by.person_id == review.decided_by:
        return Refusal(
            "second_person",
            say("移除是您定的，申诉要由另一个人答复。"),
            article="发言规则第8条",
            what_next=say("街道或另一位主持人会看到它。"),
            status=403,
        )
    return refusal
