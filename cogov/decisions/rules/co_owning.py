"""Co-owners of one unit: any of them casts its ballot, or it is cast once all of them have marked it alike.

One unit is one head, however many own it (解释9): a third of a head is no head. The articles leave to the owners' own
rules who casts it; where these have each cast for a share, `parts.py` says how. Where these ask for all
(`CoOwners.JOINT`), each has a seat, signs for it, or has a proxy sign; until all seats hold the same marks nothing is
cast and the head has not voted. Afterwards a change needs all of them again, and the ballot that all agreed to stands
until then. The developer's head has no seats: one firm casts it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from cogov.decisions.rules.electorate import Electorate, Head
from cogov.decisions.rules.law import Body, CoOwners, DecisionRule
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say

CO_OWNER_WORDS: Mapping[CoOwners, Words] = MappingProxyType(
    {
        CoOwners.ANY: say("共有的一套：共有人里任何一位投，就是这一套的票"),
        CoOwners.JOINT: say("共有的一套：共有人全体投得一致才算投，没有一致以前不算参加"),
        CoOwners.SHARES: say("共有的一套：共有人各投各的份额"),
    }
)
HEAD_WORDS: Mapping[CoOwners, Words] = MappingProxyType(
    {
        **dict.fromkeys(
            (CoOwners.ANY, CoOwners.JOINT), say("一套房只算一人（解释第9条），不按份额拆票；面积随这一票一起算，也不拆")
        ),
        CoOwners.SHARES: say(
            "面积按份额分到各人，一点不舍；一套房仍然只算一人（解释第9条）：投了的份额过半才算参加，过半的份额选了同一项才算给那一项，否则只算参加。没有登记份额的（例如夫妻共同共有），全体投得一致才算投"
        ),
    }
)


def co_owner_sentence(rule: DecisionRule) -> Words | None:
    """Say on the rule card how co-owners cast, and what becomes of head and area; None where owners are not asked."""
    if rule.body is not Body.OWNERS:
        return None
    return say("{how}。{why}。", how=CO_OWNER_WORDS[rule.co_owners], why=HEAD_WORDS[rule.co_owners])


def is_joint(rule: DecisionRule, head: Head) -> bool:
    """Say whether all owners of a head have to mark its ballot alike; by shares only where none are registered."""
    return rule.co_owners is not CoOwners.ANY and head.key.startswith("o") and len(head.owner_ids) > 1


def seats_of(persons: Iterable[int | None]) -> int:
    """Count the seats of a head, given the verified person of each of its owners or None.

    Somebody who stands on the roll twice has one seat; an owner whom nobody has verified has one that stays empty.
    """
    known = list(persons)
    return len({person for person in known if person is not None}) + known.count(None)


def joint_heads(rule: DecisionRule, electorate: Electorate) -> tuple[int, int]:
    """Count the heads that are cast jointly, and those of them for which not every owner is a verified person."""
    unfit = {*electorate.units_above_one, *electorate.units_too_fine}
    joint = [head for head in electorate.heads if is_joint(rule, head) and unfit.isdisjoint(head.unit_ids)]
    return len(joint), sum(len(head.person_ids) < len(head.owner_ids) for head in joint)


def seat_of(person_id: int) -> str:
    """Name the seat of a person."""
    return f"p{person_id}"


def open_seat(number: int) -> str:
    """Name the seat of an owner whom nobody has verified: only a paper fills it."""
    return f"x{number + 1}"


def all_alike(marks: Collection[str], seats: int) -> bool:
    """Say whether every seat has signed, and all the same."""
    return len(marks) == seats and len(set(marks)) == 1


def signed_already() -> Refusal:
    """Refuse a proxy where whoever has the seat has signed themselves."""
    return Refusal(
        "signed_already",
        say("委托您的人已经自己签了，以本人签的为准"),
        what_next=say("要改由本人改"),
    )


def waiting_words(missing: int) -> Words:
    """Say to one of them what the ballot waits for; never how the others marked it."""
    if missing:
        return say("您签的已记下，还等 {n} 位共有人签；全体一致才算投", n=missing)
    return say("共有人都签了，但是投得不一样：请商量好，改成一致才算投")


def not_alone() -> Refusal:
    """Refuse to let one co-owner be helped with a ballot that all of them cast."""
    return Refusal(
        "joint_head",
        say("这一套是几位共有的，按公告的规则要全体一致，不能只帮一位投"),
        what_next=say("请几位共有人各自在网上签，或者一起在纸票上签名"),
    )
