"""Delegates: where organizations decide together, each sends one of its own, who votes once for it.

Who is asked is written in the rule: all organizations of its kinds that belong to the community, so nobody picks them
for one question. Until the notice an organization may name somebody else as often as it likes. Afterwards still, as
people fall ill, but only itself; its ballot is one and stays one: what the first delegate cast stands until the next
one replaces it. An organization that has named nobody counts among those who could vote.

Organizations are counted apart from people, in the figures of their own votes alone. They say yes or no: a delegate
brings the answer of an organization, which is none about places in an order, and the quorum of the rule is over all of
them; whoever is to be elected, ranked or funded, residents or a committee decide under rules of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cogov.decisions.rules.electorate import COMMUNITY, Electorate, Head, HeadGround, Reach
from cogov.decisions.rules.law import Body, DecisionRule
from cogov.decisions.rules.stages import MotionState
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import kind_words


def delegates_of(sent: Iterable[tuple[int, int | None]], reach: Reach = COMMUNITY) -> Electorate:
    """Count organizations, given each with the person it sends or None: one is one, whoever it sends."""
    heads = (
        Head(
            key=f"g{organization}",
            owner_ids=(),
            unit_ids=(),
            area=0,
            person_ids=() if person is None else (person,),
            ground=HeadGround.DELEGATE,
            organization_id=organization,
        )
        for organization, person in sent
    )
    in_order = tuple(sorted(heads, key=lambda head: head.key))
    return Electorate(reach=reach, heads=in_order, units=len(in_order))


def is_of_delegates(head_key: str) -> bool:
    """Say whether a head is an organization's, whose ballot whoever it sends now may replace."""
    return head_key.startswith("g")


def delegates_sentence(rule: DecisionRule) -> Words | None:
    """Say on the rule card which organizations are asked, and how each votes; None where people vote."""
    if rule.body is not Body.ORGANIZATIONS:
        return None
    kinds = "、".join(str(kind_words(kind)) for kind in rule.kinds)
    return say(
        "一家单位一票：本社区的{kinds}各派一位代表。公告前可以换，公告后只能由单位自己换；投过的票照样只算一张。单位数和人数分开，不加在一起。只用单选：代表照单位的意见同意或者不同意，一件事一个答复；选人、排序、分钱，由居民或者委员会按各自的规则定。",
        kinds=kinds,
    )


@dataclass(frozen=True)
class Naming:
    """An organization that names whom it sends, as the rules see it.

    `asked`: it belongs to the electorate; `mine`: who names holds a mandate of it; `theirs`: who is named does.
    """

    state: MotionState
    closed: bool
    asked: bool
    mine: bool
    theirs: bool
    same: bool
    sent_by_another: bool


def why_not_name(rule: DecisionRule, naming: Naming) -> Refusal | None:
    """Say why an organization cannot name this delegate now."""
    return why_no_delegates_here(rule) or _why_not_by(naming) or _why_not_this(naming)


def why_no_delegates_here(rule: DecisionRule) -> Refusal | None:
    """Refuse a delegate where people vote."""
    if rule.body is Body.ORGANIZATIONS:
        return None
    return Refusal(
        "no_delegates_here",
        say("「{rule}」由人投票，不由单位派代表", rule=Words(rule.name)),
        article=rule.article,
        what_next=say("单位的意见，请写在卷宗里"),
    )


def _why_not_by(naming: Naming) -> Refusal | None:
    if naming.state is MotionState.WITHDRAWN or naming.closed:
        return Refusal(
            "delegates_settled",
            say("动议已经撤回，或者投票已经截止，不再换代表"),
            what_next=say("下一次表决再派代表"),
        )
    if not naming.asked:
        return Refusal(
            "organization_not_asked",
            say("这家单位不在参加联席会议的单位里"),
            what_next=say("参加的是规则写明的几类单位；名单有误，请街道核对"),
        )
    if naming.mine:
        return None
    return Refusal(
        "not_of_the_organization",
        say("代表由单位自己确定，您不在这家单位任职"),
        what_next=say("请这家单位的人来确定"),
        appeal=say("任职有误，可以请街道核对"),
        status=403,
    )


def _why_not_this(naming: Naming) -> Refusal | None:
    if not naming.theirs:
        return Refusal(
            "delegate_unknown",
            say("代表要是这家单位的人"),
            what_next=say("请从名单里选；不在名单里的，请先由管理员登记任职"),
            status=422,
        )
    if naming.same:
        return Refusal("delegate_named", say("代表已经是这一位"), what_next=say("不用再确定"))
    return delegate_of_another() if naming.sent_by_another else None


def delegate_of_another() -> Refusal:
    """Refuse one person for two organizations: two voices would be one."""
    return Refusal(
        "delegate_of_another",
        say("这一位已经是另一家单位的代表，一人只代表一家"),
        what_next=say("请换一位"),
    )


def no_delegate_any_more() -> Refusal:
    """Refuse a ballot of somebody in whose place their organization has sent another."""
    return Refusal(
        "no_delegate_any_more",
        say("您的单位已经换了代表，这一票由新的代表投"),
        what_next=say("有疑问，请问您的单位"),
        status=403,
    )
