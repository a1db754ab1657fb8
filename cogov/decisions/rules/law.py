"""The decision rules: who votes, what counts, what passes, with the article that says so.

A rule is data. The version in force when a voting notice is published is frozen with the decision (`freezing.py`), so a
changed law or house convention makes a new version and never touches a decision that was announced under an older one.
Where no article gives a figure (seconders and notice of an advisory poll), the comment says that it is a convention.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from cogov.decisions.rules.methods import Method
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.thresholds import Base, Threshold, Thresholds, at_least, more_than
from cogov.ground.words import Words, say
from cogov.people.rules import OrganizationKind, Role
from cogov.problems.rules.lanes import RuleCode


class Body(StrEnum):
    """Who votes: owners on the roll, households that live there, members of the body that moved it, organizations."""

    OWNERS = "owners"
    HOUSEHOLDS = "households"
    MEMBERS = "members"
    ORGANIZATIONS = "organizations"


class Secrecy(StrEnum):
    """How a ballot is kept; until closing nobody sees a choice of any kind.

    Secret ballots show the choice to nobody; checkable ones show their own again to whoever has its random tracker.
    """

    NAMED = "named"
    SECRET = "secret"
    CHECKABLE = "checkable"


class Force(StrEnum):
    """What a result is worth: law for all, a consultation beside the statutory vote, advice, or a body's own affair."""

    BINDING = "binding"
    CONSULTATION = "consultation"
    ADVISORY = "advisory"
    INTERNAL = "internal"


class Parking(StrEnum):
    """Whether a parking space or storeroom counts: with an area of its own, or never (the owners' own rules say)."""

    WITH_AREA = "with_area"
    LEFT_OUT = "left_out"


class NoProxy(StrEnum):
    """Whose people carry nobody's vote: those of the body that put it up, those of the property firm."""

    INITIATOR = "initiator"
    PROPERTY = "property"


class CoOwners(StrEnum):
    """How those who own a unit together vote: any of them casts for it, all mark it alike, or each has a share."""

    ANY = "any"
    JOINT = "joint"
    SHARES = "shares"


class Annuller(StrEnum):
    """Who may set a decision aside."""

    COURT = "court"
    STREET_OFFICE = "street_office"


@dataclass(frozen=True)
class DecisionRule:
    """One way of deciding, complete: nothing about the count is said anywhere else.

    `items` are the items of Civil Code 278(1) that the rule is for. `seconders` is the share of heads that may table a
    motion besides the roles in `tabled_by`. `notice_days` lie between the published notice and the first ballot;
    within `publication_days` of closing the result is posted.

    The fields with a default came later. In canonical text a default is left out, so that what was frozen before still
    thaws and keeps its fingerprint (`freezing.py`); a default is therefore never changed. `methods` and `secrecies`
    are those that a decision may choose among, `scope` the only one it can be taken for, and a `template` has to be
    confirmed in a place before anything is decided by it there. `source` says where figures come from that no article
    fixes. `proxy_heads` is how many heads one proxy may carry, and none where everybody votes in person;
    `proxy_periods` lets a mandate hold for all votes of a time, `no_proxies` are those who carry nobody's vote.
    """

    code: RuleCode
    version: int
    name: str
    article: str
    items: tuple[int, ...]
    body: Body
    participation: Thresholds
    passing: Thresholds
    tabled_by: tuple[Role, ...]
    seconders: Threshold
    notice_days: int
    publication_days: int
    secrecy: Secrecy
    force: Force
    may_annul: tuple[Annuller, ...]
    methods: tuple[Method, ...] = (Method.SINGLE,)
    secrecies: tuple[Secrecy, ...] = (Secrecy.NAMED,)
    scope: Scope | None = None
    parking: Parking = Parking.WITH_AREA
    template: bool = False
    source: str = ""
    proxy_heads: int = 0
    proxy_periods: bool = False
    no_proxies: tuple[NoProxy, ...] = ()
    co_owners: CoOwners = CoOwners.ANY
    proven_interest: bool = False
    """Whether who votes is who has an interest, which owners elsewhere may prove (`interest.py`)."""

    kinds: tuple[OrganizationKind, ...] = ()
    """Which organizations send a delegate (`delegates.py`)."""

    @property
    def counts_area(self) -> bool:
        """Say whether area is counted beside heads."""
        return self.participation.area is not None or self.passing.area is not None

    @property
    def has_quorum(self) -> bool:
        """Say whether a number has to take part before anything is decided."""
        return self.participation.heads is not None or self.participation.area is not None

    @property
    def sentences(self) -> tuple[Words, Words]:
        """Return the two sentences of the rule card: first enough people, then enough votes."""
        return participation_sentence(self), passing_sentence(self)


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


def force_here(rule: DecisionRule, *, authorised: bool) -> Force:
    """Return what a result is worth in a place: binding only where it has shown its authority for statutory votes."""
    if rule.force is Force.BINDING and not authorised:
        return Force.CONSULTATION
    return rule.force


def force_sentence(force: Force, body: Body = Body.OWNERS) -> Words:
    """Return the line on legal force that every rule card and every result carries."""
    if force is Force.BINDING and body is Body.HOUSEHOLDS:
        return say("在本地：通过后对表决范围内的全体居民有约束力")
    if force is Force.INTERNAL and body is Body.ORGANIZATIONS:
        return say("在本地：只约束参加的单位自己，不约束业主和居民")
    return {
        Force.BINDING: say("在本地：通过后对表决范围内的全体业主有约束力"),
        Force.CONSULTATION: say("在本地：这是意向征询，不是法定表决；法定表决按本市规定的方式另行进行"),
        Force.ADVISORY: say("在本地：结果是建议，没有法律约束力"),
        Force.INTERNAL: say("在本地：只管这个委员会自己怎么做，不约束业主和居民"),
    }[force]


def heads_unit(body: Body) -> Words:
    """Return in what heads are counted: organizations apart from people."""
    return say("家") if body is Body.ORGANIZATIONS else say("户")


def participation_sentence(rule: DecisionRule) -> Words:
    """Say how many have to take part."""
    heads, area = rule.participation.heads, rule.participation.area
    of_all = rule.passing.heads is not None and rule.passing.heads.base is Base.ELECTORATE
    if heads is None and of_all:
        return say("一、不另设参与门槛：看全体里有多少同意")
    if heads is None:
        return say("一、不设参与门槛：参加多少户就是多少户，没参加的不算同意也不算反对")
    if area is None:
        if heads.inclusive:
            return say("一、先够数：参加表决的达到总数的 {heads}（含 {heads}）", heads=heads.share)
        return say("一、先够数：参加表决的超过总数的 {heads}", heads=heads.share)
    shares = {"heads": heads.share, "area": area.share}
    if heads.inclusive:
        return say(
            "一、先够数：参加表决的业主，人数达到总数的 {heads}，面积也达到总面积的 {area}（都含本数）", **shares
        )
    return say("一、先够数：参加表决的业主，人数超过总数的 {heads}，面积也超过总面积的 {area}", **shares)


def passing_sentence(rule: DecisionRule) -> Words:
    """Say how many have to agree; abstaining is taking part without agreeing."""
    heads, area = rule.passing.heads, rule.passing.area
    if rule.methods == (Method.BUDGET,):
        return say("二、按票和钱选出项目：用哪种算法，公告里先写明")
    if heads is None:
        return say("二、没有通过线：只公布各有多少")
    if rule.methods == (Method.CONSENT,):
        return say(
            "二、再够票：同意的超过参加的 {heads}，并且没有人阻止；阻止要写理由，多少票算阻止，公告里先写明",
            heads=heads.share,
        )
    if area is None:
        if heads.base is Base.ELECTORATE:
            return passing_of_all(heads)
        if heads.inclusive:
            return say("二、再够票：同意的达到参加的 {heads}（含 {heads}）；弃权算参加，不算同意", heads=heads.share)
        return say("二、再够票：同意的超过参加的 {heads}；弃权算参加，不算同意", heads=heads.share)
    shares = {"heads": heads.share, "area": area.share}
    if heads.inclusive:
        return say(
            "二、再够票：参加的业主里，同意的人数达到 {heads}，面积也达到 {area}（都含本数）；弃权算参加，不算同意",
            **shares,
        )
    return say("二、再够票：参加的业主里，同意的人数超过 {heads}，面积也超过 {area}；弃权算参加，不算同意", **shares)


def passing_of_all(heads: Threshold) -> Words:
    """Say how many of all have to agree, where who does not vote has not agreed."""
    if heads.share == 1:
        return say("二、再够票：全部同意才成；弃权、没参加，都不算同意")
    if heads.inclusive:
        return say("二、再够票：同意的达到总数的 {heads}（含 {heads}）；没参加的不算同意", heads=heads.share)
    return say("二、再够票：同意的超过总数的 {heads}；没参加的不算同意", heads=heads.share)
