"""To whom a case may be dispatched, whom one may call, and how long each has."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from cogov.cases.rules.steps import BEIJING
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import Level, ListItem, why_not_hand_down
from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import OrganizationKind

HANDLERS = frozenset({OrganizationKind.BODY, OrganizationKind.STREET, OrganizationKind.PROPERTY})
"""What can be asked to handle or help: those kinds whose officials have a desk."""

_LEVELS = {4: Level.CITY, 6: Level.DISTRICT, 9: Level.STREET, 12: Level.COMMUNITY}


@dataclass(frozen=True)
class Target:
    """An organization that is to be asked."""

    id: int
    kind: OrganizationKind
    scope: str
    staffed: bool
    """Whether somebody holds the role of official for it at the place."""

    @property
    def level(self) -> Level:
        """Return where it stands, as far as the lists of duties ask."""
        if self.kind is OrganizationKind.STREET:
            return Level.STREET
        # A firm that manages an estate is bound by its contract, not a rung below the street.
        return (
            Level.DISTRICT if self.kind is OrganizationKind.PROPERTY else _LEVELS.get(len(self.scope), Level.DISTRICT)
        )


@dataclass(frozen=True)
class Cited:
    """The item of a duty list that a dispatch cites."""

    item: ListItem
    organization_id: int
    scope: str


def why_not_ask(target: Target, code: str) -> Refusal | None:
    """Only those are asked who answer for the place and have somebody to read it, so that nothing waits unseen."""
    if target.kind not in HANDLERS:
        return Refusal(
            "not_a_handler",
            say("案件只能派给部门、街道或物业企业，不能派给居委会和居民组织。"),
            article=f"{BEIJING}第17条第2款",
            what_next=say("请改派责任单位；需要居民配合的，请开任务。"),
            status=422,
        )
    if not code.startswith(target.scope):
        return Refusal("does_not_reach", say("这个单位不管这个地方。"), what_next=say("请改选当地的单位。"), status=422)
    if not target.staffed:
        return Refusal(
            "nobody_there",
            say("这个单位还没有人能在平台上签收。"),
            what_next=say("请先联系这个单位授权经办人，再派遣。"),
            status=422,
        )
    return None


def why_not_dispatch(target: Target, code: str, cited: Cited | None, words: str, today: date) -> Refusal | None:
    """A dispatch cites the body's own item in force, or says in words why this body."""
    refusal = why_not_ask(target, code)
    if refusal:
        return refusal
    if cited is None:
        return None if words.strip() else _uncited()
    if cited.organization_id != target.id or not code.startswith(cited.scope) or not cited.item.in_force(today):
        return Refusal(
            "item_of_another",
            say("引用的清单事项不是这个单位的，或今天不在有效期内。"),
            article=f"{BEIJING}第12条",
            what_next=say("请核对清单，或不引用清单、写明为什么派给它。"),
            status=422,
        )
    return why_not_hand_down(target=target.level, item=cited.item, admitted=True, as_lead=True, today=today)


def why_not_uncited(items: int, number: str) -> Refusal | None:
    """One item of the body's own is taken as cited; of several the dispatcher says which."""
    if items < 2:
        return None
    return Refusal(
        "item_not_chosen",
        say("这个单位的清单里有 {n} 项管这件事（如第 {number} 项），要写明按哪一项派。", n=items, number=number),
        article=f"{BEIJING}第12条",
        what_next=say("请选一项清单事项，期限按它算。"),
        status=422,
    )


def _uncited() -> Refusal:
    return Refusal(
        "no_item_no_words",
        say("没有引用清单事项时，要写明为什么派给这个单位。"),
        article=f"{BEIJING}第12条",
        what_next=say("请引用清单事项，或写明理由。"),
        status=422,
    )


def why_not_call(target: Target, code: str, taken: Collection[int]) -> Refusal | None:
    """One does not call oneself, and calls nobody twice in a round."""
    if target.id in taken:
        return Refusal(
            "called_already",
            say("这个单位就是承办单位，或这一轮已经吹过哨。"),
            article=f"{BEIJING}第16条",
            what_next=say("请看下面的联动表，催办或等它答复。"),
        )
    return why_not_ask(target, code)


def triage_limit(hours: int) -> Limit:
    """Return how long a centre may keep a case before it hands it on; hours run round the clock."""
    return Limit(max(hours, 1), LimitUnit.EMERGENCY_HOURS)


def handling_limit(item: Limit | None, *, emergency: bool, days: int, emergency_hours: int) -> Limit:
    """Return how long the body has: the item's limit, else the place's days.

    In an emergency only an item in hours is a promise for emergencies; else the first answer is due within the hours.
    """
    if emergency:
        in_hours = item is not None and item.unit is LimitUnit.EMERGENCY_HOURS
        return item if item and in_hours else Limit(max(emergency_hours, 1), LimitUnit.EMERGENCY_HOURS)
    return item or Limit(max(days, 1), LimitUnit.WORKING_DAYS)


def rework_due(promised: datetime, handed_in: datetime, sent_back: datetime) -> datetime:
    """Return when reworked work is due: the promise moves by the time it lay with the inspection, and no more."""
    return promised + (sent_back - handed_in)
