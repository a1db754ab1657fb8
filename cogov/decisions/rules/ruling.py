"""A place's own version of a rule: what may be written into it, what the law has fixed, and how versions differ.

What is left to a place is no accident of the form: shares that an article fixes are compared with the shipped rule, so
a version that was changed elsewhere, or by hand, is refused as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType

from cogov.decisions.rules.co_owning import CO_OWNER_WORDS
from cogov.decisions.rules.law import (
    Body,
    CoOwners,
    DecisionRule,
    Parking,
    Secrecy,
    participation_sentence,
    passing_sentence,
)
from cogov.decisions.rules.methods import METHOD_WORDS, Method
from cogov.decisions.rules.parts import why_not_by_shares
from cogov.decisions.rules.proxies import proxy_sentence
from cogov.decisions.rules.shipped import NO_PROXIES, RULES
from cogov.decisions.rules.thresholds import Base, Threshold, Thresholds, at_least
from cogov.ground.refusals import Refusal
from cogov.ground.wording import why_not_wording
from cogov.ground.words import Words, say
from cogov.people.rules import Role
from cogov.problems.rules.lanes import RuleCode

KEEPERS = (Role.STREET_OFFICE, Role.ADMINISTRATOR)
"""Who writes the rules of their area, and who confirms what another has written."""

NAME_LONGEST, SOURCE_LONGEST, REASON_LEAST, REASON_LONGEST = 40, 200, 5, 500
LONGEST_NOTICE, LONGEST_PUBLICATION = 90, 30
MOST_PROXY_HEADS = 20

STATUTORY = frozenset({RuleCode.R1, RuleCode.R2, RuleCode.R3})
"""Rules whose lines stand in the Civil Code."""

LEAST_NOTICE: Mapping[RuleCode, tuple[int, str]] = MappingProxyType(
    dict.fromkeys(STATUTORY, (15, "物业管理条例第14条"))
)
MOST_SECONDERS: Mapping[RuleCode, tuple[Fraction, str]] = MappingProxyType(
    {
        **dict.fromkeys(STATUTORY, (Fraction(1, 5), "物业管理条例第13条")),
        RuleCode.R4: (Fraction(1, 5), "城市居民委员会组织法"),
    }
)
"""Above this share the law already lets people call the meeting, so no rule may ask for more."""

MOST_PUBLICATION: Mapping[RuleCode, tuple[int, str]] = MappingProxyType(
    dict.fromkeys(STATUTORY, (3, "北京市物业管理条例第37条"))
)


@dataclass(frozen=True)
class Edit:
    """What a place writes into a rule; a threshold of None asks for nothing."""

    name: str
    participation: Threshold | None
    passing: Threshold | None
    seconders: Fraction
    """Of the heads that would vote."""

    notice_days: int
    publication_days: int
    methods: tuple[Method, ...]
    secrecies: tuple[Secrecy, ...]
    parking: Parking = Parking.WITH_AREA
    source: str = ""
    proxy_heads: int = 0
    proxy_periods: bool = False
    co_owners: CoOwners = CoOwners.ANY


def edit_of(rule: DecisionRule) -> Edit:
    """Return what stands in a rule now, to begin from."""
    return Edit(
        name=rule.name,
        participation=rule.participation.heads,
        passing=rule.passing.heads,
        seconders=rule.seconders.share,
        notice_days=rule.notice_days,
        publication_days=rule.publication_days,
        methods=rule.methods,
        secrecies=rule.secrecies,
        parking=rule.parking,
        source=rule.source,
        proxy_heads=rule.proxy_heads,
        proxy_periods=rule.proxy_periods,
        co_owners=rule.co_owners,
    )


def edited(rule: DecisionRule, edit: Edit, version: int) -> DecisionRule:
    """Return a rule as the place would have it; area follows heads where the rule counts it."""
    return replace(
        rule,
        version=version,
        name=edit.name,
        participation=_pair(rule.participation, edit.participation),
        passing=_pair(rule.passing, edit.passing),
        seconders=at_least(edit.seconders, Base.ELECTORATE),
        notice_days=edit.notice_days,
        publication_days=edit.publication_days,
        secrecy=edit.secrecies[0] if edit.secrecies else rule.secrecy,
        methods=edit.methods,
        secrecies=edit.secrecies,
        parking=edit.parking,
        source=edit.source,
        template=False,
        proxy_heads=edit.proxy_heads,
        proxy_periods=edit.proxy_periods,
        # A rule that gets proxies from a place keeps those of an interest from them, as the shipped ones do.
        no_proxies=rule.no_proxies or (NO_PROXIES if edit.proxy_heads else ()),
        co_owners=edit.co_owners,
    )


def _pair(before: Thresholds, heads: Threshold | None) -> Thresholds:
    return Thresholds(heads=heads, area=heads if before.area is not None else None)


def why_not_share(share: Fraction | None, *, inclusive: bool) -> Refusal | None:
    """Refuse a share that nothing can meet; None asks for nothing."""
    if share is None or 0 < share < 1 or (share == 1 and inclusive):
        return None
    return Refusal(
        "share_impossible", say("这个比例没有办法达到：要在 0 和 1 之间"), what_next=say("改一下比例"), status=422
    )


def why_not_rule(rule: DecisionRule) -> Refusal | None:
    """Say what the law, or the way ballots are kept, does not leave to a place."""
    shipped = RULES[rule.code]
    return (
        _why_not_other(rule, shipped)
        or _why_not_lines(rule, shipped)
        or _why_not_days(rule)
        or _why_not_seconders(rule)
        or _why_not_ballots(rule, shipped)
        or _why_not_proxies(rule)
        or why_not_wording(rule.name, longest=NAME_LONGEST, what=say("规则的名称"))
    )


def _why_not_other(rule: DecisionRule, shipped: DecisionRule) -> Refusal | None:
    """Refuse a rule that differs from the shipped one where no place has a say; no form offers it."""
    fixed = ("article", "items", "body", "tabled_by", "force", "may_annul", "scope", "proven_interest", "kinds")
    if all(getattr(rule, name) == getattr(shipped, name) for name in fixed):
        return None
    return fixed_by_law(rule, say("适用的事项、由谁表决、效力和谁可以撤销"), shipped.article)


def _why_not_lines(rule: DecisionRule, shipped: DecisionRule) -> Refusal | None:
    if rule.code in STATUTORY and (rule.participation, rule.passing) != (shipped.participation, shipped.passing):
        return fixed_by_law(rule, say("参与和通过的比例"), shipped.article)
    heads = rule.passing.heads
    if heads is None or heads.share > Fraction(1, 2) or (heads.share == Fraction(1, 2) and not heads.inclusive):
        return None
    return Refusal(
        "line_too_low",
        say("通过线不能低于过半数：少数人同意，不能算大家同意"),
        what_next=say("请改成超过 1/2 或者更高"),
        status=422,
    )


def _why_not_days(rule: DecisionRule) -> Refusal | None:
    least, article = LEAST_NOTICE.get(rule.code, (1, ""))
    if not least <= rule.notice_days <= LONGEST_NOTICE:
        return Refusal(
            "notice_days",
            say("公示的天数要在 {least} 到 {most} 之间", least=least, most=LONGEST_NOTICE),
            article=article,
            what_next=say("改一下公示的天数"),
            status=422,
        )
    most, article = MOST_PUBLICATION.get(rule.code, (LONGEST_PUBLICATION, ""))
    if not 1 <= rule.publication_days <= most:
        return Refusal(
            "publication_days",
            say("结果要在 1 到 {most} 天内公布", most=most),
            article=article,
            what_next=say("改一下公布的天数"),
            status=422,
        )
    return None


def _why_not_seconders(rule: DecisionRule) -> Refusal | None:
    most, article = MOST_SECONDERS.get(rule.code, (Fraction(1, 2), ""))
    if rule.seconders.share <= most:
        return None
    return Refusal(
        "seconders_too_many",
        say("联署不能要求超过 {most}", most=most),
        article=article,
        what_next=say("改成 {most} 或者更少", most=most),
        status=422,
    )


def _why_not_ballots(rule: DecisionRule, shipped: DecisionRule) -> Refusal | None:
    if not rule.methods or not set(rule.methods) <= set(shipped.methods):
        return Refusal(
            "methods_unfit", say("这种规则不能用选中的投票方法"), what_next=say("至少选一种列出的方法"), status=422
        )
    if rule.secrecies and rule.secrecy is rule.secrecies[0] and set(rule.secrecies) <= set(shipped.secrecies):
        return None
    return Refusal(
        "secrecies_unfit",
        say("这种规则不能用选中的保密方式：按面积计的票和公开的共识都要实名"),
        what_next=say("至少选一种列出的方式"),
        status=422,
    )


def _why_not_proxies(rule: DecisionRule) -> Refusal | None:
    if rule.body in (Body.MEMBERS, Body.ORGANIZATIONS) and rule.proxy_heads:
        return fixed_by_law(rule, say("委托"), rule.article)
    if rule.co_owners is not CoOwners.ANY and rule.body is not Body.OWNERS:
        return Refusal(
            "co_owners_unfit", say("共有人一起投，只在业主表决里才有"), what_next=say("请选任何一位投"), status=422
        )
    if rule.co_owners is CoOwners.SHARES and (refusal := why_not_by_shares(rule)) is not None:
        return refusal
    if 0 <= rule.proxy_heads <= MOST_PROXY_HEADS and (rule.proxy_heads or not rule.proxy_periods):
        return None
    return Refusal(
        "proxies_unfit",
        say("一位代理人能替几户投，要在 0 到 {most} 之间；0 是不能委托，也就不能委托一段时间", most=MOST_PROXY_HEADS),
        what_next=say("改一下代理的户数"),
        status=422,
    )


def fixed_by_law(rule: DecisionRule, what: Words, article: str) -> Refusal:
    """Refuse to change what an article has fixed."""
    return Refusal(
        "fixed_by_law",
        say("「{rule}」的{what}由法律定，不能改", rule=Words(rule.name), what=what),
        article=article,
        what_next=say("可以改名称、联署、公示和公布的天数"),
        status=422,
    )


# Two people -----------------------------------------------------------------------------------------------------------


def why_not_write(code: RuleCode) -> Refusal | None:
    """Refuse to write a rule for a way of deciding that is no vote."""
    if code in RULES:
        return None
    return Refusal(
        "no_rule_to_write", say("这一种不付表决，没有可以改的规则"), what_next=say("看“表决规则”里它走哪条路")
    )


def version_waits() -> Refusal:
    """Refuse a second version while one waits."""
    return Refusal(
        "version_waits",
        say("这条规则已经有一个新版本在等第二个人确认"),
        what_next=say("先确认它，或者撤回它"),
    )


def authority_waits() -> Refusal:
    """Refuse a second paper while one waits."""
    return Refusal("authority_waits", say("已经有一份授权文件在等第二个人确认"), what_next=say("先确认它，或者撤回它"))


def why_not_propose(before: DecisionRule, after: DecisionRule, reason: str, *, waiting: bool) -> Refusal | None:
    """Say why a new version cannot be put up for confirmation."""
    if waiting:
        return version_waits()
    refusal = why_not_rule(after) or why_not_wording(
        reason, longest=REASON_LONGEST, least=REASON_LEAST, what=say("改的理由")
    )
    if refusal is not None:
        return refusal
    if replace(after, version=before.version) == before:
        return Refusal("nothing_changed", say("和现在的规则一样，没有要改的"), what_next=say("改了再交"), status=422)
    return None


def why_not_settle(*, settled: bool, own: bool, agrees: bool) -> Refusal | None:
    """Say why somebody cannot confirm or decline; what one has written oneself one may only take back."""
    if settled:
        return Refusal("settled", say("这件事已经有人处理了"), what_next=say("刷新页面，看现在的情形"))
    if own and agrees:
        return Refusal(
            "second_person",
            say("要由另一个人确认：写的人和确认的人不能是同一个"),
            what_next=say("请街道的另一位或者管理员确认"),
            status=403,
        )
    return None


def why_not_this_authority(title: str, issuer: str) -> Refusal | None:
    """Ask of a paper what it is called and who issued it."""
    return why_not_wording(title, longest=120, what=say("文件名称和文号")) or why_not_wording(
        issuer, longest=80, what=say("发文的单位")
    )


def in_force_from(confirmed_at: datetime, not_before: datetime | None) -> datetime:
    """Return from when a version holds: when it was confirmed, or later if it was written so."""
    return max(confirmed_at, not_before) if not_before is not None else confirmed_at


# What differs -------------------------------------------------------------------------------------------------------


SECRECY_WORDS: Mapping[Secrecy, Words] = MappingProxyType(
    {
        Secrecy.NAMED: say("实名"),
        Secrecy.SECRET: say("无记名，谁也不能再看选择"),
        Secrecy.CHECKABLE: say("无记名，凭随机号自己核对"),
    }
)
PARKING_WORDS: Mapping[Parking, Words] = MappingProxyType(
    {
        Parking.WITH_AREA: say("有独立面积的算"),
        Parking.LEFT_OUT: say("一律不算（议事规则写明的）"),
    }
)


@dataclass(frozen=True)
class Difference:
    """One thing that a new version changes."""

    what: Words
    before: Words | str
    after: Words | str


def differences(before: DecisionRule, after: DecisionRule) -> tuple[Difference, ...]:
    """Return what a version changes, in the order of the card."""
    rows = (Difference(what, *pair) for what, pair in _compared(before, after) if str(pair[0]) != str(pair[1]))
    return tuple(rows)


def _compared(before: DecisionRule, after: DecisionRule) -> Iterable[tuple[Words, tuple[Words | str, Words | str]]]:
    both = (before, after)
    for what, say_it in (
        (say("名称"), lambda rule: Words(rule.name)),
        (say("先够数"), participation_sentence),
        (say("再够票"), passing_sentence),
        (say("联署"), lambda rule: say("总数的 {share}", share=rule.seconders.share)),
        (say("公示"), lambda rule: say("{n} 天", n=rule.notice_days)),
        (say("结果公布"), lambda rule: say("{n} 天内", n=rule.publication_days)),
        (say("投票方法"), lambda rule: listed(METHOD_WORDS[method] for method in rule.methods)),
        (say("保密"), lambda rule: listed(SECRECY_WORDS[secrecy] for secrecy in rule.secrecies)),
        (say("车位、储藏室"), lambda rule: PARKING_WORDS[rule.parking]),
        (say("委托"), proxy_sentence),
        (say("委托一段时间"), lambda rule: say("可以") if rule.proxy_periods else say("不可以")),
        (say("共有人"), lambda rule: CO_OWNER_WORDS[rule.co_owners]),
        (say("出处"), lambda rule: Words(rule.source or rule.article)),
        (say("状态"), lambda rule: say("样本，等本地确认") if rule.template else say("可以用")),
    ):
        yield what, (say_it(both[0]), say_it(both[1]))


def listed(names: Iterable[Words]) -> Words:
    """Join names, each of which is translated by itself."""
    every = tuple(names)
    if len(every) == 1:
        return every[0]
    return say("{first}、{rest}", first=every[0], rest=listed(every[1:])) if every else say("没有")
