"""What a decision rule is: who votes, what counts, what passes, with the article that says so, and how it is said.

A rule is data. The version in force when a voting notice is published is frozen with the decision (`freezing.py`), so a
changed law or house convention makes a new version and never touches a decision that was announced under an older one.
The rules that are shipped stand in `shipped.py`.
"""

from dataclasses import dataclass
from enum import StrEnum

from cogov.decisions.rules.methods import Method
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.thresholds import Base, Threshold, Thresholds
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
