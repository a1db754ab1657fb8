"""The decision rules as shipped, each figure with its article.

Where no article gives a figure (seconders and notice of an advisory poll), the comment says that it is a convention.
"""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from cogov.decisions.rules.law import Annuller, Body, DecisionRule, Force, NoProxy, Secrecy
from cogov.decisions.rules.methods import Method
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.thresholds import Base, Threshold, Thresholds, at_least, more_than
from cogov.ground.words import say
from cogov.people.rules import OrganizationKind, Role
from cogov.problems.rules.lanes import RuleCode

TWO_THIRDS, THREE_QUARTERS, HALF = Fraction(2, 3), Fraction(3, 4), Fraction(1, 2)
CONVENTION = say("平台的惯例，没有法条规定").msgid
PROXY_HEADS = 3  # convention: no law says how many heads one proxy may carry
NO_PROXIES = (
    NoProxy.INITIATOR,
    NoProxy.PROPERTY,
)  # convention: nobody collects votes for what their own house proposes


def both(threshold: Threshold) -> Thresholds:
    """Ask the same of heads and of area, each by itself."""
    return Thresholds(heads=threshold, area=threshold)


ORDINARY = DecisionRule(
    code=RuleCode.R1,
    version=2,
    name=say("业主共同决定：一般事项").msgid,
    article="民法典第278条",
    items=(1, 2, 3, 4, 5, 9),
    body=Body.OWNERS,
    participation=both(at_least(TWO_THIRDS, Base.ELECTORATE)),
    passing=both(more_than(HALF, Base.PARTICIPANTS)),
    tabled_by=(Role.MODERATOR, Role.OWNERS_COMMITTEE),
    seconders=at_least(Fraction(1, 5), Base.ELECTORATE),  # 物业管理条例 13, 北京市物业管理条例 35
    notice_days=15,  # 物业管理条例 14, 北京市物业管理条例 35
    publication_days=3,  # 北京市物业管理条例 37
    secrecy=Secrecy.NAMED,
    force=Force.BINDING,  # Civil Code 280; in one place only with its authority, see force_here
    may_annul=(Annuller.COURT, Annuller.STREET_OFFICE),  # Civil Code 280(2) with 解释 12; 物业管理条例 19
    proxy_heads=PROXY_HEADS,  # 物业管理条例 12: owners may send a proxy; 民法典 165: in writing
    proxy_periods=True,
    no_proxies=NO_PROXIES,
)
MAJOR = DecisionRule(
    code=RuleCode.R2,
    version=2,
    name=say("业主共同决定：重大事项").msgid,
    article="民法典第278条",
    items=(6, 7, 8),
    body=Body.OWNERS,
    participation=ORDINARY.participation,
    passing=both(at_least(THREE_QUARTERS, Base.PARTICIPANTS)),
    tabled_by=ORDINARY.tabled_by,
    seconders=ORDINARY.seconders,
    notice_days=ORDINARY.notice_days,
    publication_days=ORDINARY.publication_days,
    secrecy=Secrecy.NAMED,
    force=Force.BINDING,
    may_annul=ORDINARY.may_annul,
    proxy_heads=PROXY_HEADS,
    proxy_periods=True,
    no_proxies=NO_PROXIES,
)
ADVISORY = DecisionRule(
    code=RuleCode.R5,
    version=3,  # the first knew one named choice only, the second no proxies
    name=say("意向征询：结果是建议").msgid,
    article="中办国办《关于加强城乡社区协商的意见》（2015）",
    items=(),
    body=Body.HOUSEHOLDS,
    participation=Thresholds(),
    passing=Thresholds(heads=more_than(HALF, Base.PARTICIPANTS)),
    tabled_by=(Role.MODERATOR,),
    seconders=at_least(Fraction(1, 20), Base.ELECTORATE),  # convention: no law speaks of an advisory poll
    notice_days=3,  # convention
    publication_days=3,  # convention, as for owners
    secrecy=Secrecy.NAMED,
    force=Force.ADVISORY,
    may_annul=(Annuller.STREET_OFFICE,),
    methods=(Method.SINGLE, Method.APPROVAL, Method.SCORE, Method.RANKED, Method.STV, Method.COMMITTEE),
    secrecies=(Secrecy.NAMED, Secrecy.SECRET, Secrecy.CHECKABLE),
    proxy_heads=PROXY_HEADS,
    proxy_periods=True,
    no_proxies=NO_PROXIES,
)
UNANIMITY = DecisionRule(
    code=RuleCode.R3,
    version=3,
    name=say("住宅改经营：本栋业主一致同意").msgid,
    article="民法典第279条",
    items=(),
    body=Body.OWNERS,
    participation=Thresholds(),
    # Silence is no consent: all of the building, which is presumed to have an interest (解释 11), not all who voted.
    passing=Thresholds(heads=at_least(Fraction(1), Base.ELECTORATE)),
    tabled_by=ORDINARY.tabled_by,
    seconders=ORDINARY.seconders,
    notice_days=ORDINARY.notice_days,
    publication_days=ORDINARY.publication_days,
    secrecy=Secrecy.NAMED,
    force=Force.BINDING,
    may_annul=(Annuller.COURT,),
    scope=Scope.BUILDING,
    source="建筑物区分所有权解释第10、11条",
    proxy_heads=PROXY_HEADS,
    no_proxies=NO_PROXIES,
    proven_interest=True,
)
MEETING = DecisionRule(
    code=RuleCode.R4,
    version=1,
    name=say("居民会议：过半数出席，出席的过半数同意").msgid,
    article="城市居民委员会组织法",
    items=(),
    body=Body.HOUSEHOLDS,
    participation=Thresholds(heads=more_than(HALF, Base.ELECTORATE)),
    passing=Thresholds(heads=more_than(HALF, Base.PARTICIPANTS)),
    tabled_by=(Role.MODERATOR,),
    seconders=at_least(Fraction(1, 5), Base.ELECTORATE),
    notice_days=3,
    publication_days=3,
    secrecy=Secrecy.NAMED,
    force=Force.BINDING,
    may_annul=(Annuller.STREET_OFFICE,),
    methods=(Method.SINGLE, Method.APPROVAL, Method.RANKED, Method.STV),
    secrecies=(Secrecy.NAMED, Secrecy.SECRET, Secrecy.CHECKABLE),
    scope=Scope.COMMUNITY,
    # The act was revised with effect from 2026-01-01; these are the figures of 2018, so a place looks them up first.
    template=True,
    source=say("城市居民委员会组织法（2018年修正）第9、10条，2026年起按2025年修订本核对").msgid,
)
CONSENSUS = DecisionRule(
    code=RuleCode.R11,
    version=1,
    name=say("议事共识：没有人阻止就成").msgid,
    article=ADVISORY.article,
    items=(),
    body=Body.HOUSEHOLDS,
    participation=Thresholds(),
    passing=ADVISORY.passing,
    tabled_by=ADVISORY.tabled_by,
    seconders=ADVISORY.seconders,
    notice_days=ADVISORY.notice_days,
    publication_days=ADVISORY.publication_days,
    secrecy=Secrecy.NAMED,  # consent rounds are open: whoever blocks says why
    force=Force.ADVISORY,
    may_annul=ADVISORY.may_annul,
    methods=(Method.CONSENT,),
    source=CONVENTION,
)
COMMITTEE = DecisionRule(
    code=RuleCode.R12,
    version=1,
    name=say("委员会：过半数成员同意").msgid,
    article="业主大会和业主委员会指导规则（建房〔2009〕274号）",
    items=(),
    body=Body.MEMBERS,
    participation=Thresholds(heads=more_than(HALF, Base.ELECTORATE)),
    passing=Thresholds(heads=more_than(HALF, Base.ELECTORATE)),
    tabled_by=(Role.MODERATOR, Role.OWNERS_COMMITTEE),
    seconders=at_least(Fraction(1, 3), Base.ELECTORATE),
    notice_days=7,
    publication_days=3,
    secrecy=Secrecy.NAMED,
    force=Force.INTERNAL,
    may_annul=(Annuller.STREET_OFFICE,),
    methods=(Method.SINGLE, Method.APPROVAL, Method.SCORE, Method.RANKED, Method.STV, Method.COMMITTEE),
    secrecies=(Secrecy.NAMED, Secrecy.SECRET, Secrecy.CHECKABLE),
    scope=Scope.COMMUNITY,
    source=CONVENTION,
)
BUDGET = DecisionRule(
    code=RuleCode.R13,
    version=2,
    name=say("参与式预算：一笔钱做哪几件事").msgid,
    article=ADVISORY.article,
    items=(),
    body=Body.HOUSEHOLDS,
    participation=Thresholds(),
    passing=Thresholds(),
    tabled_by=ADVISORY.tabled_by,
    seconders=ADVISORY.seconders,
    notice_days=7,
    publication_days=ADVISORY.publication_days,
    secrecy=Secrecy.NAMED,
    force=Force.ADVISORY,
    may_annul=ADVISORY.may_annul,
    methods=(Method.BUDGET,),
    secrecies=(Secrecy.NAMED, Secrecy.SECRET, Secrecy.CHECKABLE),
    source=CONVENTION,
    proxy_heads=PROXY_HEADS,
    proxy_periods=True,
    no_proxies=NO_PROXIES,
)

JOINT = DecisionRule(
    code=RuleCode.R14,
    version=1,
    name=say("联席会议：一家单位一票，过半数单位同意").msgid,
    article=ADVISORY.article,
    items=(),
    body=Body.ORGANIZATIONS,
    participation=Thresholds(heads=more_than(HALF, Base.ELECTORATE)),
    passing=Thresholds(heads=more_than(HALF, Base.ELECTORATE)),
    tabled_by=(Role.MODERATOR,),
    seconders=at_least(Fraction(1, 3), Base.ELECTORATE),
    notice_days=3,
    publication_days=3,
    secrecy=Secrecy.NAMED,
    force=Force.INTERNAL,
    may_annul=(Annuller.STREET_OFFICE,),
    scope=Scope.COMMUNITY,
    source=CONVENTION,
    kinds=(
        OrganizationKind.COMMITTEE,
        OrganizationKind.OWNERS_COMMITTEE,
        OrganizationKind.PROPERTY,
        OrganizationKind.SOCIAL,
        OrganizationKind.BRANCH,
    ),
)

RULES: Mapping[RuleCode, DecisionRule] = MappingProxyType(
    {rule.code: rule for rule in (ORDINARY, MAJOR, UNANIMITY, MEETING, ADVISORY, CONSENSUS, COMMITTEE, BUDGET, JOINT)}
)
"""What is put to the vote, as shipped; a place may have its own version (`ruling.py`)."""


def rule_for_item(item: int) -> DecisionRule:
    """Return the rule that Civil Code 278(2) attaches to an item of 278(1); ValueError outside 1–9."""
    for rule in RULES.values():
        if item in rule.items:
            return rule
    raise ValueError(f"Civil Code 278(1) has no item {item}")
