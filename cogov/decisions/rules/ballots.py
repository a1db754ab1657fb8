"""Ballots: what can be chosen, who may table, publish, cast, close and look, and what all others are told."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cogov.decisions.rules.electorate import Electorate
from cogov.decisions.rules.interest import why_not_with_claims
from cogov.decisions.rules.law import Body, DecisionRule, Secrecy
from cogov.decisions.rules.matters import BARS, Bar, Matter, why_not_against_one, why_not_use
from cogov.decisions.rules.methods import SINGLE_CHOICE, BallotForm, ReasonAsked, why_not_form, why_not_keys
from cogov.decisions.rules.parts import misfits, why_not_this_form_by_shares
from cogov.decisions.rules.stages import Scope
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Role


class Choice(StrEnum):
    """What one may say to a motion; abstaining counts as taking part and not as agreeing."""

    AGREE = "agree"
    DISAGREE = "disagree"
    ABSTAIN = "abstain"


@dataclass(frozen=True)
class Option:
    """One line of a ballot: position from 1, key (a `Choice` in a yes/no motion), what it says, what follows."""

    position: int
    key: str
    label: str
    consequence: str
    cost: int = 0
    """In fen, where a budget is given out."""


@dataclass(frozen=True)
class Draft:
    """What stands before a voting notice is published at `notice_at`; the rest is planned."""

    rule: DecisionRule
    matter: Matter
    options: tuple[Option, ...]
    electorate: Electorate
    notice_at: datetime
    opens_at: datetime
    closes_at: datetime
    unanswered_concerns: int
    question: str = ""
    form: BallotForm = SINGLE_CHOICE
    claims_waiting: int = 0
    """Applications of owners elsewhere to be admitted that nobody has decided."""


@dataclass(frozen=True)
class Casting:
    """One attempt to cast, as the server sees it inside the transaction that would count it.

    `cast_by_other`: somebody else has cast for the same head already; `on_paper`: a paper, whose signer has no
    account here. `only_here`: the name of the building or
    staircase that votes, where this person would vote if the whole community did.
    """

    now: datetime
    opens_at: datetime
    closes_at: datetime
    body: Body
    in_electorate: bool
    closed: bool = False
    annulled: bool = False
    cast_by_other: bool = False
    on_paper: bool = False
    only_here: Words | str | None = None
    noticed_at: datetime | None = None
    """When the roll was frozen, for somebody who has come to it since."""


WHOLE_COMMUNITY_ITEMS = frozenset({1, 2, 3, 4})
"""Items of Civil Code 278(1) that concern every owner: rules, covenant, owners' committee, property manager."""


def why_not_table(rule: DecisionRule, roles: frozenset[Role], seconders: int, heads: int) -> Refusal | None:
    """Say why a motion cannot be tabled: neither a role that may, nor enough seconders of the heads that would vote."""
    need = rule.seconders.need(heads)
    if roles.intersection(rule.tabled_by) or seconders >= need:
        return None
    return Refusal(
        code="too_few_seconders",
        message=say(
            "提交表决还差 {missing} 位附议（要 {need} 位，现有 {n} 位）",
            missing=need - seconders,
            need=need,
            n=seconders,
        ),
        article=rule.article,
        what_next=say("请更多人附议；主持人也可以提交")
        if Role.OWNERS_COMMITTEE not in rule.tabled_by
        else say("请更多业主附议；主持人和业主委员会也可以提交"),
        status=403,
    )


def missing_before_notice(draft: Draft) -> tuple[Refusal, ...]:
    """Return all that is missing before the voting notice can be published, for the "not yet" checklist."""
    checks = (
        why_not_use(draft.rule.code, draft.matter, draft.rule),
        why_not_this_scope(draft.rule, draft.matter, draft.electorate),
        why_not_against_one([draft.question, *(f"{o.label}：{o.consequence}" for o in draft.options)]),
        why_not_these_options(draft.options),
        why_not_keys(draft.form, [option.key for option in draft.options]),
        why_not_form(draft.form, [option.cost for option in draft.options], draft.rule.methods)
        or why_not_this_form_by_shares(draft.rule, draft.form),
        why_not_in_secret(draft.rule, draft.form),
        why_not_this_electorate(draft.rule, draft.electorate),
        *(misfit.refusal for misfit in misfits(draft.electorate)),
        why_not_these_times(draft),
        why_not_with_open_concerns(draft.unanswered_concerns),
        why_not_with_claims(draft.claims_waiting),
    )
    return tuple(refusal for refusal in checks if refusal is not None)


def why_not_publish(draft: Draft) -> Refusal | None:
    """Say the first reason why the voting notice cannot be published."""
    return next(iter(missing_before_notice(draft)), None)


def why_not_this_scope(rule: DecisionRule, matter: Matter, electorate: Electorate) -> Refusal | None:
    """Refuse that one building decides what binds the whole community, and any scope but the one the rule is for."""
    reach = electorate.reach
    if reach.building_id is not None and matter.item in WHOLE_COMMUNITY_ITEMS:
        return BARS[Bar.OUTSIDERS]
    if rule.scope is None or reach.scope is rule.scope:
        return None
    return Refusal(
        code="scope_fixed",
        message=say("「{rule}」的范围由规则定，不能另选", rule=Words(rule.name)),
        article=rule.article,
        what_next=_SCOPE_NEXT[rule.scope],
        status=422,
    )


_SCOPE_NEXT = {
    Scope.COMMUNITY: say("请选全社区"),
    Scope.BUILDING: say("请选一栋楼：本栋的业主推定为有利害关系"),
    Scope.STAIRCASE: say("请选一个单元"),
}


def why_not_in_secret(rule: DecisionRule, form: BallotForm) -> Refusal | None:
    """Refuse secret ballots where all are to watch, or a reason is asked for: a secret ballot holds marks alone."""
    if rule.secrecy is Secrecy.NAMED or not (form.is_open or form.reason is not ReasonAsked.NO):
        return None
    return Refusal(
        code="not_in_secret",
        message=say("共识是公开的一轮，不能用无记名票") if form.is_open else say("无记名票里没有地方写理由"),
        what_next=say("改用实名票，或者请提议人撤回改写选票"),
        status=422,
    )


def why_not_these_options(options: tuple[Option, ...]) -> Refusal | None:
    """Ask for at least two different options, each with its consequence; a yes/no motion is complete or it is none."""
    if len(options) < 2:
        return Refusal(code="no_options", message=say("还没有可选的选项"), what_next=say("至少写两个选项"), status=422)
    if [option.position for option in options] != list(range(1, len(options) + 1)):
        raise ValueError("positions run from 1 without a gap")
    if min(len({option.key for option in options}), len({option.label.strip() for option in options})) < len(options):
        return Refusal(
            code="same_options", message=say("有两个选项写得一样"), what_next=say("改写或者删去一个"), status=422
        )
    if not all(option.label.strip() and option.consequence.strip() for option in options):
        return Refusal(
            code="no_consequence",
            message=say("有选项没有写清选了会怎样"),
            what_next=say("给每个选项写一句后果"),
            status=422,
        )
    if {option.key for option in options} & set(Choice) not in (set(), set(Choice)):
        return Refusal(
            code="choices_incomplete",
            message=say("同意、不同意、弃权要各有一项"),
            what_next=say("补齐三个选项"),
            status=422,
        )
    return None


def why_not_this_electorate(rule: DecisionRule, electorate: Electorate) -> Refusal | None:
    """Refuse an electorate that nobody belongs to, or that can reach no quorum because no area is known."""
    if not electorate.heads:
        return Refusal(
            code="electorate_empty",
            message=say("表决范围里一个有表决权的人也没有"),
            article=rule.article,
            what_next=say("核对表决范围，或者先导入名册"),
        )
    if rule.counts_area and not electorate.total_area:
        return Refusal(
            code="no_area",
            message=say("名册里没有面积，这次表决无法够数"),
            article="建筑物区分所有权解释第8条",
            what_next=say("请先补上登记、测绘或者合同记载的面积"),
        )
    return None


def why_not_these_times(draft: Draft) -> Refusal | None:
    """Ask for the rule's notice period before the first ballot, and for an end after the beginning."""
    if draft.opens_at < draft.notice_at + timedelta(days=draft.rule.notice_days):
        return Refusal(
            code="notice_too_short",
            message=say("从公示到开始表决要满 {days} 天", days=draft.rule.notice_days),
            article=draft.rule.article,
            what_next=say(
                "把开始时间改到 {time} 或者更晚", time=draft.notice_at + timedelta(days=draft.rule.notice_days)
            ),
            status=422,
        )
    if draft.closes_at <= draft.opens_at:
        return Refusal(
            code="closes_before_open",
            message=say("截止时间要晚于开始时间"),
            what_next=say("改一下截止时间"),
            status=422,
        )
    return None


def why_not_with_open_concerns(unanswered: int) -> Refusal | None:
    """Ask for an answer to every concern first."""
    if not unanswered:
        return None
    return Refusal(
        code="concerns_unanswered",
        message=say("还有 {n} 条顾虑没有答复", n=unanswered),
        what_next=say("逐条答复；不采纳的，由主持人和另一人写明理由并记录"),
    )


def why_not_cast(casting: Casting) -> Refusal | None:
    """Say why this ballot cannot be cast now; voting is open from `opens_at` up to, not at, `closes_at`."""
    if casting.annulled:
        return Refusal(
            code="annulled",
            message=say("这次表决已被撤销，不再收票"),
            what_next=say("撤销的理由写在决定页上"),
        )
    if casting.closed or casting.now >= casting.closes_at:
        return Refusal(
            code="voting_closed",
            message=say("投票已于 {time} 截止", time=casting.closes_at),
            what_next=say("结果公布后，可以在异议期内提出异议"),
        )
    if not casting.in_electorate:
        if casting.noticed_at is not None and casting.only_here is None:
            return came_later(casting.body, casting.noticed_at)
        return not_in_electorate(casting.body, casting.only_here)
    if casting.now < casting.opens_at:
        return Refusal(
            code="not_open_yet",
            message=say("投票还没有开始，{time} 开始", time=casting.opens_at),
            what_next=say("现在可以先看方案和顾虑"),
        )
    if casting.on_paper:
        return Refusal(
            code="cast_on_paper",
            message=say("这一户的纸票已经收到，算数"),
            what_next=say("先到的算数；签名的人没有账号的，或者无记名的，截止前不能再改"),
        )
    if casting.cast_by_other:
        return Refusal(
            code="cast_by_other",
            message=say("这一票已由同一户的另一位投出，只有投的人能改"),
            what_next=say("请和投票的人商量；截止前由那位修改"),
        )
    return None


def came_later(body: Body, noticed_at: datetime) -> Refusal:
    """Refuse somebody who has come to the roll since it was frozen: what changes on it changes no vote that runs."""
    if body is not Body.OWNERS:
        return Refusal(
            code="came_later",
            message=say("名册在 {time} 公告时已经封存，您是在那以后登记的住户，这次没有您的一票", time=noticed_at),
            what_next=say("您可以在卷宗里写下您的顾虑；下一次表决就有您的一票"),
            appeal=say("住址认证有误，可以请居委会核对"),
            status=403,
        )
    return Refusal(
        code="came_later",
        message=say(
            "名册在 {time} 公告时已经封存，您的房屋是在那以后登记或者核对的，这一票网上投不了", time=noticed_at
        ),
        article="民法典第278条",
        what_next=say("公告时已经是业主的，请用纸票投；以后才买的，由原来的业主投"),
        appeal=say("名册有误，可以请居委会核对"),
        status=403,
    )


def not_in_electorate(body: Body, only_here: Words | str | None = None) -> Refusal:
    """Refuse somebody who does not belong to the electorate, and say what a tenant or a neighbour can do."""
    if only_here is not None:
        return _elsewhere(body, only_here)
    if body is Body.MEMBERS:
        return Refusal(
            code="not_in_electorate",
            message=say("这一票您现在不能投，因为这次只由提出动议的委员会成员表决"),
            what_next=say("您可以在讨论里说明理由，委员会要看得到"),
            appeal=say("成员名单有误，可以请街道核对"),
            status=403,
        )
    if body is Body.ORGANIZATIONS:
        return Refusal(
            code="not_in_electorate",
            message=say("这一票您现在不能投，因为这次由单位表决，一家一票，由它派的代表投"),
            what_next=say("您在其中一家单位任职，请单位确定您为代表；也可以在讨论里说明理由"),
            appeal=say("单位名单有误，可以请街道核对"),
            status=403,
        )
    if body is Body.OWNERS:
        return Refusal(
            code="not_in_electorate",
            message=say("这一票您现在不能投，因为这次只由业主表决"),
            article="民法典第278条",
            what_next=say("您是租户，请和房东商量，由房东投；您是业主，请先认证房屋"),
            appeal=say("名册有误，可以请居委会核对"),
            status=403,
        )
    return Refusal(
        code="not_in_electorate",
        message=say("这一票您现在不能投，因为这次由表决范围内的住户表决，一户一票"),
        what_next=say("您住在范围内，请先认证住址"),
        appeal=say("住址认证有误，可以请居委会核对"),
        status=403,
    )


def _elsewhere(body: Body, only_here: Words | str) -> Refusal:
    owners = body is Body.OWNERS
    return Refusal(
        code="not_in_electorate",
        message=say("这次只由一部分业主表决：{scope}", scope=only_here)
        if owners
        else say("这次只由一部分住户表决：{scope}", scope=only_here),
        article="民法典第278条" if owners else "",
        what_next=say("这件事也影响您，请在卷宗里写下您的顾虑，公告前要逐条答复"),
        appeal=say("认为范围定窄了，可以请主持人重新商量范围"),
        status=403,
    )


def not_a_supporter(body: Body, only_here: Words | str | None = None) -> Refusal:
    """Refuse the support of somebody who would not vote on the motion."""
    if only_here is not None:
        message = (
            say("您现在不能附议，因为这次只由一部分业主表决：{scope}", scope=only_here)
            if body is Body.OWNERS
            else say("您现在不能附议，因为这次只由一部分住户表决：{scope}", scope=only_here)
        )
    elif body is Body.MEMBERS:
        message = say("您现在不能附议，因为这件事只由提出动议的委员会成员表决")
    elif body is Body.ORGANIZATIONS:
        message = say("您现在不能附议，因为这件事由单位表决，由它们的代表附议")
    elif body is Body.OWNERS:
        message = say("您现在不能附议，因为这件事只由业主表决")
    else:
        message = say("您现在不能附议，因为这件事由表决范围内的住户表决")
    return replace(
        not_in_electorate(body, only_here),
        message=message,
        what_next=say("您可以在讨论里说明理由，或者请有表决权的人附议"),
    )


def why_not_close(now: datetime, closes_at: datetime, *, closed: bool, annulled: bool) -> Refusal | None:
    """Say why a vote cannot be closed: not before its hour, and only once."""
    if annulled:
        return Refusal(code="annulled", message=say("这次表决已被撤销"), what_next=say("撤销的理由写在决定页上"))
    if closed:
        return Refusal(code="already_closed", message=say("这次表决已经截止计票"), what_next=say("结果写在决定页上"))
    if now < closes_at:
        return Refusal(
            code="too_early_to_close",
            message=say("投票到 {time} 才截止，之前不能计票", time=closes_at),
            what_next=say("到时会自动截止计票"),
        )
    return None
