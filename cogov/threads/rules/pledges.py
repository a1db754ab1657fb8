"""What people and organizations promise to put in: money, hours, things; never counted as votes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.wording import why_not_wording
from cogov.ground.words import Words, say
from cogov.people.rules import Actor, Role
from cogov.threads.rules.speaking import Dossier

WHAT_LENGTH = 80
MOST_FEN = 10**11  # ten million yuan is a slip of the finger
MOST_HOURS = 10_000
SEES_TO_IT = (Role.MODERATOR, Role.OWNERS_COMMITTEE, Role.STREET_OFFICE)


class PledgeKind(StrEnum):
    """What is promised."""

    MONEY = "money"
    TIME = "time"
    MATERIAL = "material"


class PledgeState(StrEnum):
    """A pledge waits, was kept, or was taken back."""

    PLEDGED = "pledged"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


KIND_WORDS: Mapping[PledgeKind, Words] = {
    PledgeKind.MONEY: say("出钱"),
    PledgeKind.TIME: say("出力"),
    PledgeKind.MATERIAL: say("出物"),
}
STATE_WORDS: Mapping[PledgeState, Words] = {
    PledgeState.PLEDGED: say("已承诺"),
    PledgeState.KEPT: say("已兑现"),
    PledgeState.WITHDRAWN: say("已撤回"),
}


@dataclass(frozen=True)
class Pledged:
    """A pledge as far as settling it goes."""

    state: PledgeState
    person_id: int
    organization_id: int | None


def why_not_pledge(kind: PledgeKind, amount: int | None, what: str) -> Refusal | None:
    """Money is a number of fen, time a number of whole hours, and material is named in words."""
    if kind is PledgeKind.MATERIAL:
        if amount is not None:
            return Refusal("amount_without", say("出物不写数目，请在说明里写清是什么、多少。"), status=422)
        return why_not_wording(what, longest=WHAT_LENGTH, what=say("出什么"))
    most = MOST_FEN if kind is PledgeKind.MONEY else MOST_HOURS
    if amount is None or not 1 <= amount <= most:
        return Refusal(
            "amount_out_of_range",
            say("出钱请写 0.01 元到 1 亿元之间的数。")
            if kind is PledgeKind.MONEY
            else say("出力请写 1 到 10000 之间的整小时数。"),
            status=422,
        )
    return why_not_wording(what, least=0, longest=WHAT_LENGTH, what=say("说明"))


def _settled(pledge: Pledged) -> Refusal | None:
    if pledge.state is PledgeState.PLEDGED:
        return None
    return Refusal("pledge_settled", say("这份承诺{state}。", state=STATE_WORDS[pledge.state]))


def is_own(by: Actor, pledge: Pledged) -> bool:
    """Say whether a pledge is this actor's, or of an organization that they serve now."""
    if pledge.organization_id is not None:
        return by.serves(pledge.organization_id) is not None
    return by.person_id is not None and by.person_id == pledge.person_id


def why_not_keep(by: Actor, dossier: Dossier, pledge: Pledged) -> Refusal | None:
    """That a pledge was kept is said by somebody else than who made it."""
    if not by.holds(dossier.code, *SEES_TO_IT):
        return Refusal(
            "not_who_sees_to_it",
            say("兑现由居委会、业委会或街道的人来核实。"),
            what_next=say("请带着凭据找他们。"),
            status=403,
        )
    # Who made it for an organization that they have left since made it all the same.
    if is_own(by, pledge) or by.person_id == pledge.person_id:
        return Refusal("own_pledge", say("自己的承诺，要由别的单位核实兑现。"), status=403)
    return _settled(pledge)


def why_not_withdraw(by: Actor, pledge: Pledged) -> Refusal | None:
    """Who made a pledge takes it back, until it was kept; nobody is bound by it in law."""
    if not is_own(by, pledge):
        return Refusal("not_your_pledge", say("承诺只能由作出承诺的人撤回。"), status=403)
    return _settled(pledge)
