"""The box and who holds it: when a vote may be secret, when tokens are given out, when the box is closed and opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cogov.decisions.rules.ballots import Casting, why_not_cast
from cogov.decisions.rules.law import Body, DecisionRule, Secrecy
from cogov.decisions.rules.methods import BallotForm, ReasonAsked
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

HOLDERS, NEEDED = 3, 2
"""Three hold the box, any two of them open it: one who is away or has lost the code stops nothing."""

OPENING_TIME = timedelta(days=7)
"""Convention: within a week of the close the box is open, or the vote is held again."""

AGREED_FOR = timedelta(hours=2)
"""How long a holder's word that the box be opened stands: the two sit together, or speak to each other, meanwhile."""

KEPT_WORDS = {
    Secrecy.NAMED: say("实名"),
    Secrecy.SECRET: say("无记名，谁也查不出投了什么"),
    Secrecy.CHECKABLE: say("无记名，本人凭随机号能查到自己的票"),
}


@dataclass(frozen=True)
class Named:
    """Somebody who is to hold the box, and for whom they act."""

    person_id: int
    organization_id: int | None


def is_secret(rule: DecisionRule) -> bool:
    """Say whether ballots go into a box and not into rows with names."""
    return rule.secrecy is not Secrecy.NAMED


def possible_secrecies(rule: DecisionRule, form: BallotForm) -> tuple[Secrecy, ...]:
    """Return how the ballots of a vote can be kept: as its rule allows, and as its form of ballot does."""
    if rule.counts_area or form.is_open or form.reason is not ReasonAsked.NO:
        return (Secrecy.NAMED,)
    return rule.secrecies


# The notice -----------------------------------------------------------------------------------------------------------


def why_not_secret(
    rule: DecisionRule, form: BallotForm, holders: Sequence[Named], publisher: int | None
) -> Refusal | None:
    """Say why a vote cannot be held with the secrecy of this rule and these holders of the box."""
    if not is_secret(rule):
        return None
    if rule.secrecy not in rule.secrecies:
        return Refusal(
            code="not_secret_by_rule",
            message=say("这条规则要实名表决，不能无记名"),
            article=rule.article,
            what_next=say("选举人选、意向征询等可以无记名"),
        )
    if rule.counts_area:
        return Refusal(
            code="no_secrecy_with_area",
            message=say("按面积计票的表决不能无记名：面积会说出是哪一户"),
            article=rule.article,
            what_next=say("请选实名，或者换只按户数计的规则"),
        )
    if form.is_open or form.reason is not ReasonAsked.NO:
        return Refusal(
            code="no_secrecy_with_reasons",
            message=say("要写理由的表决不能无记名：理由会说出是谁"),
            what_next=say("请选实名，或者改提一个不问理由的动议"),
        )
    return why_not_these_holders(holders, publisher)


def why_not_these_holders(holders: Sequence[Named], publisher: int | None) -> Refusal | None:
    """Ask for three different persons, not all of one organization, and not the one who publishes."""
    persons = {holder.person_id for holder in holders}
    if len(holders) != HOLDERS or len(persons) != HOLDERS:
        return _holders("three_holders", say("请指定三位不同的监票人"), say("任意两位在场才能开箱"))
    if publisher in persons:
        return _holders("holder_publishes", say("发布公告的人不能当监票人"), say("请换一位"))
    if len({holder.organization_id for holder in holders}) == 1 and holders[0].organization_id is not None:
        return _holders("holders_of_one", say("三位监票人都来自同一个单位"), say("请至少换一位别的单位的"))
    return None


def _holders(code: str, message: Words, what_next: Words) -> Refusal:
    return Refusal(code=code, message=message, what_next=what_next, status=422)


def not_a_possible_holder() -> Refusal:
    """Refuse a holder who holds no mandate at this place."""
    return _holders("holder_unknown", say("有一位监票人在本地没有任职"), say("请从名单里选"))


# The codes of the holders ---------------------------------------------------------------------------------------------


def not_a_holder() -> Refusal:
    """Refuse somebody who does not hold this box."""
    return Refusal(
        code="not_a_holder",
        message=say("您不是这次表决的监票人"),
        what_next=say("监票人的名单写在票箱页上"),
        status=403,
    )


def why_not_take_code(at: datetime, opens_at: datetime, *, taken: bool, ready: int, closed: bool) -> Refusal | None:
    """Say why a holder gets no code now: it is shown once, and before the first ballot is sealed."""
    if taken:
        return Refusal(
            code="code_taken",
            message=say("您的监票码已经领过，只显示一次"),
            what_next=say("抄下的监票码丢了也不要紧：另外两位能开箱"),
        )
    if closed or (at >= opens_at and ready >= NEEDED):
        return Refusal(
            code="too_late_for_code",
            message=say("投票已经开始，现在领监票码也开不了箱"),
            what_next=say("由已经领了监票码的监票人开箱"),
        )
    return None


# Tokens and ballots ---------------------------------------------------------------------------------------------------


def why_not_named(rule: DecisionRule) -> Refusal | None:
    """Refuse a named ballot where the vote is secret: it would say who chose what."""
    if not is_secret(rule):
        return None
    return Refusal(
        code="vote_is_secret",
        message=say("这次表决是无记名的，不收实名的票"),
        what_next=say("请在表决页上领投票凭证再投"),
    )


def why_not_ready(ready: int) -> Refusal | None:
    """Refuse tokens while too few holders have their codes: what is sealed now could never be opened."""
    if ready >= NEEDED:
        return None
    return Refusal(
        code="box_not_ready",
        message=say("票箱还没有备好：监票人领了监票码的只有 {n} 位，要 {need} 位", n=ready, need=NEEDED),
        what_next=say("监票人领齐以后就能投；请过一会儿再来"),
    )


def why_not_this_token(kept: str, blinded: str) -> Refusal | None:
    """Refuse a second token for a head; the same request again gets the same answer."""
    if kept == blinded:
        return None
    return Refusal(
        code="token_given",
        message=say("这一票的投票凭证已经领过；要改票，请输入领的时候抄下的投票码"),
        what_next=say("投票码丢了，已经投的票仍然算数，但不能再改；谁也不能再发一张"),
    )


def token_unreadable() -> Refusal:
    """Refuse what is no blinded message, no token or no sealed ballot."""
    return Refusal(
        code="token_unreadable",
        message=say("投票凭证或者选票读不出来，这一张没有投进去"),
        what_next=say("请重新打开表决页再投一次"),
        status=422,
    )


def key_locked() -> Refusal:
    """Refuse tokens where the server can no longer open its signing key: its secret was changed during the vote."""
    return Refusal(
        code="key_locked",
        message=say("签发投票凭证的钥匙打不开了：服务器换过密钥"),
        what_next=say("请告诉系统管理员换回原来的密钥；已经投的票不受影响"),
    )


def code_unreadable() -> Refusal:
    """Refuse a code that cannot be one."""
    return Refusal(
        code="code_unreadable",
        message=say("这串码不对：要 24 位字母和数字"),
        what_next=say("请照抄下的再输一遍，大小写、空格、横线都不要紧"),
        status=422,
    )


def why_not_drop(
    at: datetime, opens_at: datetime, closes_at: datetime, *, closed: bool, signed: bool
) -> Refusal | None:
    """Say why a sealed ballot is not taken into the box; whose it is nobody asks."""
    if not signed:
        return Refusal(
            code="token_unknown",
            message=say("这张投票凭证不是本次表决发的"),
            what_next=say("请登录以后在表决页上领投票凭证"),
            status=403,
        )
    return why_not_cast(_anybody(at, opens_at, closes_at, closed=closed))


def _anybody(at: datetime, opens_at: datetime, closes_at: datetime, *, closed: bool) -> Casting:
    return Casting(
        now=at, opens_at=opens_at, closes_at=closes_at, body=Body.HOUSEHOLDS, in_electorate=True, closed=closed
    )


# The opening ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opening:
    """What stands when somebody wants the box opened."""

    now: datetime
    closes_at: datetime
    open_until: datetime
    closed: bool
    opened: bool
    has_code: bool


def why_not_open(opening: Opening) -> Refusal | None:
    """Say why the box cannot be opened now."""
    if opening.opened or opening.closed:
        return Refusal(
            code="box_open" if opening.opened else "box_given_up",
            message=say("票箱已经打开，票已计好") if opening.opened else say("这次表决已经结束，票箱不再打开"),
            what_next=say("结果写在决定页上"),
        )
    if opening.now < opening.closes_at:
        return Refusal(
            code="too_early_to_open",
            message=say("投票到 {time} 才截止，之前不能开箱", time=opening.closes_at),
            what_next=say("截止后由两位监票人一起开箱"),
        )
    if opening.now >= opening.open_until:
        return Refusal(
            code="too_late_to_open",
            message=say("开箱的期限 {time} 已过", time=opening.open_until),
            what_next=say("这次表决要重新举行"),
        )
    if not opening.has_code:
        return Refusal(
            code="holder_without_code",
            message=say("您没有领监票码，不能开这个票箱"),
            what_next=say("由另外两位监票人开箱"),
            status=403,
        )
    return None


def wrong_code() -> Refusal:
    """Refuse a holder's code that is not the one given out."""
    return Refusal(
        code="wrong_code",
        message=say("监票码不对"),
        what_next=say("请照抄下的再输一遍；丢了的，由另外两位监票人开箱"),
        status=422,
    )


def second_holder_missing() -> Refusal:
    """Ask for the word of a second holder, given lately and from their own account."""
    return Refusal(
        code="second_holder_missing",
        message=say("还没有第二位监票人同意开箱"),
        what_next=say("请另一位监票人登录自己的账号，输入监票码并同意开箱，两小时内有效"),
        status=409,
    )


def why_not_this_box(box: int, marks: int) -> Refusal | None:
    """Refuse to open a box with more ballots than tokens were given out: somebody has put some in."""
    if box <= marks:
        return None
    return Refusal(
        code="box_overfull",
        message=say("箱里有 {box} 张票，领走的凭证只有 {marks} 张，不能开箱", box=box, marks=marks),
        what_next=say("请保留数据库，请街道来查；这次表决要重新举行"),
    )


def why_not_count_yet(at: datetime, open_until: datetime, *, opened: bool) -> Refusal | None:
    """Refuse to count a secret vote before its box is open, for as long as it can be opened."""
    if opened or at >= open_until:
        return None
    return Refusal(
        code="box_not_open",
        message=say("投票已截止，等两位监票人开箱，最迟 {time}", time=open_until),
        what_next=say("开箱以后马上计票公布"),
    )
