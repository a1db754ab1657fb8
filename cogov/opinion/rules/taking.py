"""Who may open a conversation, write a statement and answer one, and what is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.opinion.rules.stages import ConversationState, StatementState
from cogov.people.rules import Actor, Role
from cogov.people.rules.keeping import why_not_take_part
from cogov.people.rules.speaking import LIVES_HERE, as_who

OPENERS = (Role.MODERATOR, Role.OFFICIAL, Role.OWNERS_COMMITTEE, Role.STREET_OFFICE, Role.CHAIR)
"""Who may put a question to the neighbourhood, and close it."""

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=180)
MOST_STATEMENTS = 1_000
"""More than anybody can answer; who wants to say more writes in the thread."""

MOST_SEEDS = 20


@dataclass(frozen=True)
class Ground:
    """The problem as far as a conversation on it goes."""

    code: str
    ended: bool
    hidden: bool


@dataclass(frozen=True)
class Asked:
    """A conversation as far as the rules need it; times are aware."""

    opens_at: datetime
    closes_at: datetime
    closed: bool = False

    def state(self, at: datetime) -> ConversationState:
        """Return where it stands at a moment; what has run out counts as closed before anybody has noted it."""
        if self.closed or at >= self.closes_at:
            return ConversationState.CLOSED
        return ConversationState.OPEN if at >= self.opens_at else ConversationState.COMING


def why_not_open(by: Actor, ground: Ground, *, running: bool) -> Refusal | None:
    """A moderator, an official, the owners' committee, the chair or the street office asks, one question at a time."""
    if (refusal := _why_not_on(ground)) is not None:
        return refusal
    if not by.holds(ground.code, *OPENERS):
        return _not_an_opener()
    if running:
        return Refusal(
            "conversation_running",
            say("这件事上已经有一个问题在征集意见。"),
            what_next=say("等它结束，或者先把它结束，再问下一个。"),
        )
    return None


def _not_an_opener() -> Refusal:
    return Refusal(
        "not_an_opener",
        say("征集意见由居委会主持人、业委会、经办单位或街道发起和结束。"),
        what_next=say("您可以在讨论里提议问大家什么。"),
        status=403,
    )


def why_not_times(opens_at: datetime, closes_at: datetime, now: datetime) -> Refusal | None:
    """It closes after it opens, after now, and within half a year."""
    if closes_at - max(opens_at, now) < SHORTEST:
        return Refusal("too_short", say("至少要开放一小时，大家才来得及看。"), status=422)
    if closes_at - opens_at > LONGEST:
        return Refusal("too_long", say("最多开放 180 天。"), what_next=say("到时还想听，可以再问一次。"), status=422)
    return None


def why_not_close(by: Actor, ground: Ground, asked: Asked, now: datetime) -> Refusal | None:
    """Who may open may close before the time; a second closing closes nothing."""
    if asked.closed:
        return Refusal("conversation_closed", say("这次征集已经结束了。"))
    if by.is_clock and (asked.state(now) is ConversationState.CLOSED or ground.ended):
        return None
    return None if by.holds(ground.code, *OPENERS) else _not_an_opener()


def _why_not_on(ground: Ground) -> Refusal | None:
    if ground.ended:
        return Refusal(
            "problem_ended",
            say("这件事已经办结，不再收集意见。"),
            what_next=say("问题又出现了，请重新提出，并写明这个编号。"),
        )
    if ground.hidden:
        return Refusal("problem_hidden", say("这件事正由管理员核对或调解，暂不公开收集意见。"))
    return None


def _why_not_now(ground: Ground, asked: Asked, now: datetime) -> Refusal | None:
    if (refusal := _why_not_on(ground)) is not None:
        return refusal
    match asked.state(now):
        case ConversationState.COMING:
            return Refusal("not_open_yet", say("还没有开始，到时间就可以写、可以答。"))
        case ConversationState.CLOSED:
            return Refusal(
                "conversation_closed", say("这次征集已经结束了。"), what_next=say("结果在这一页，谁都可以看。")
            )
        case _:
            return None


def _sign_in() -> Refusal:
    return Refusal("sign_in_first", say("登录以后才能参加。"), what_next=say("请先登录，再回到这一页。"), status=403)


def why_not_write(by: Actor, ground: Ground, asked: Asked, now: datetime, *, statements: int = 0) -> Refusal | None:
    """Whoever may speak on the problem may write a statement while the conversation is open."""
    if by.person_id is None:
        return _sign_in()
    if (refusal := _why_not_now(ground, asked, now) or why_not_take_part(by, ground.code)) is not None:
        return refusal
    if as_who(by, ground.code) is None:
        return _not_of_this_place()
    if statements >= MOST_STATEMENTS:
        return Refusal(
            "statements_full",
            say("已经有 {n} 条观点，再多就没有人答得完了。", n=MOST_STATEMENTS),
            what_next=say("请在讨论里说，或者去答已有的观点。"),
        )
    return None


def _not_of_this_place() -> Refusal:
    return Refusal(
        "not_of_this_place",
        say("这里由本社区的居民、业主、租户和管到这里的单位写。"),
        what_next=say("如果您住在这里，请先请居委会核对住址。"),
        status=403,
    )


def why_not_answer(by: Actor, ground: Ground, asked: Asked, now: datetime) -> Refusal | None:
    """Whoever lives or owns here answers, for themselves: what a body thinks it says by name, and is not counted."""
    if by.person_id is None:
        return _sign_in()
    if (refusal := _why_not_now(ground, asked, now) or why_not_take_part(by, ground.code)) is not None:
        return refusal
    if not by.holds(ground.code, *LIVES_HERE):
        return Refusal(
            "answers_for_oneself",
            say("回答由本社区的居民、业主和租户给，每人代表自己。"),
            what_next=say("单位的看法可以写成观点，或者在讨论里答复。"),
            status=403,
        )
    return None


def why_not_answered(by: Actor, author_id: int | None, state: StatementState) -> Refusal | None:
    """A statement that stands is answered, by others than its writer."""
    if state is not StatementState.SHOWN:
        return Refusal("not_standing", say("这条观点已经不在了。"), what_next=say("请接着答下一条。"))
    if by.person_id == author_id:
        return Refusal("own_statement", say("这是您自己写的，由别人来答。"), what_next=say("请接着答下一条。"))
    return None


def why_not_repeat(number: int, text: str) -> Refusal:
    """What has been written stands once; whoever writes it again is shown it."""
    return Refusal(
        "already_written",
        say("已经有人写过这一条：观点 S{n}“{text}”", n=number, text=text),
        what_next=say("请去回答它，这样大家的看法算在一起。"),
    )


def why_not_withdraw(
    by: Actor, author_id: int | None, organization_id: int | None, state: StatementState
) -> Refusal | None:
    """Who wrote a statement may take it back while it stands or waits."""
    if by.person_id is None or (by.person_id != author_id and by.serves(organization_id) is None):
        return Refusal("not_your_statement", say("只有写的人可以撤下这条观点。"), status=403)
    if state is not StatementState.SHOWN:
        return Refusal("not_standing", say("这条观点已经不在了，或者正等着看。"))
    return None


def core(text: str) -> str:
    """Return what two statements have in common that say the same: the letters, however they are set."""
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text)).casefold()


def same_as(text: str, others: Iterable[tuple[int, str]]) -> tuple[int, str] | None:
    """Return the number and the words of a statement that says the same already."""
    wanted = core(text)
    return next(((number, said) for number, said in others if wanted and core(said) == wanted), None)


STATE_WORDS: dict[ConversationState, Words] = {
    ConversationState.COMING: say("还没开始"),
    ConversationState.OPEN: say("正在征集"),
    ConversationState.CLOSED: say("已经结束"),
}
