"""What a concern is, and who may answer, overrule and withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Actor, Role, Standing
from cogov.threads.rules.speaking import Dossier, as_who, why_not_written_on

REASON_LENGTH = 2000
ANSWERS = (Role.OFFICIAL, Role.MODERATOR, Role.OWNERS_COMMITTEE, Role.STREET_OFFICE)
SECONDS_OVERRULING = (Role.STREET_OFFICE, Role.OWNERS_COMMITTEE, Role.MODERATOR)


class ConcernState(StrEnum):
    """A serious concern waits for an answer, is answered, overruled by whom and why, or taken back by its author."""

    OPEN = "open"
    ANSWERED = "answered"
    OVERRULED = "overruled"
    WITHDRAWN = "withdrawn"


def settled_words(raised: int, *, overruled: int, withdrawn: int) -> Words:
    """Say how concerns ended of which none waits any more; overruled is not answered."""
    told = {"n": raised, "a": raised - overruled - withdrawn, "o": overruled, "w": withdrawn}
    if withdrawn:
        return say("{n} 条顾虑，都有了结果：答复 {a} 条，没有采纳 {o} 条，提出人撤回 {w} 条", **told)
    if overruled:
        return say("{n} 条顾虑，都有了结果：答复 {a} 条，没有采纳 {o} 条", **told)
    return say("{n} 条顾虑，都答复了", n=raised)


@dataclass(frozen=True)
class Held:
    """A concern as far as answering it goes: its state, whose it is, and whether overruling has been proposed."""

    state: ConcernState
    person_id: int
    organization_id: int | None
    overruling_by: int | None = None


def _why_not_settled(concern: Held) -> Refusal | None:
    settled = {
        ConcernState.ANSWERED: say("这条顾虑已经答复过了。"),
        ConcernState.OVERRULED: say("这条顾虑已经按程序定为未采纳。"),
        ConcernState.WITHDRAWN: say("这条顾虑已由提出人撤回。"),
    }
    if concern.state is ConcernState.OPEN:
        return None
    return Refusal(
        "concern_settled", settled[concern.state], what_next=say("仍有担心，可以另提一条顾虑，写明新的理由。")
    )


def _is_own(by: Actor, concern: Held) -> bool:
    return by.person_id == concern.person_id or by.serves(concern.organization_id) is not None


def _own(what: Words) -> Refusal:
    return Refusal(
        "own_concern",
        say("顾虑要由提出人以外的人来{what}，提出人和同单位的人都不能。", what=what),
        what_next=say("您可以撤回这条顾虑，或者等别人答复。"),
        status=403,
    )


def answering_under(by: Actor, code: str) -> Standing | None:
    """Return the mandate under which an actor answers concerns at a place."""
    return by.standing(code, *ANSWERS)


def why_not_answer(
    by: Actor, dossier: Dossier, concern: Held, *, own_solution: bool, version_known: bool = True
) -> Refusal | None:
    """An official, a moderator, the owners' committee, or who has solved it in a version of their own solution."""
    if (refusal := why_not_written_on(dossier) or _why_not_settled(concern)) is not None:
        return refusal
    if _is_own(by, concern):
        return _own(say("答复"))
    if answering_under(by, dossier.code) is not None or (own_solution and as_who(by, dossier.code) is not None):
        return None if version_known else _version_unknown()
    return Refusal(
        "not_who_answers",
        say("顾虑由有关单位、居委会、业委会或者改了方案的提案人答复。"),
        what_next=say("您的看法可以写成发言；也可以提出一个能消除顾虑的方案，再用它来答复。"),
        status=403,
    )


def _version_unknown() -> Refusal:
    return Refusal("version_unknown", say("这个方案版本不在这个卷宗里。"), status=422)


def why_not_overrule(by: Actor, dossier: Dossier, concern: Held) -> Refusal | None:
    """The chair may propose to overrule a concern of somebody else, once, with a reason."""
    if (refusal := why_not_written_on(dossier) or _why_not_settled(concern)) is not None:
        return refusal
    if not by.holds(dossier.code, Role.CHAIR):
        return Refusal(
            "not_the_chair",
            say("只有议事会主持人可以提出不采纳，而且要有第二个人同意。"),
            what_next=say("您可以答复这条顾虑，或者请主持人处理。"),
            status=403,
        )
    if _is_own(by, concern):
        return _own(say("定为不采纳"))
    if concern.overruling_by is not None:
        return Refusal("overruling_proposed", say("已经提出不采纳，正等第二个人同意。"))
    return None


def why_not_agree(by: Actor, dossier: Dossier, concern: Held) -> Refusal | None:
    """A second person of the street office, the owners' committee or the moderators agrees to the chair's proposal."""
    if (refusal := why_not_written_on(dossier) or _why_not_settled(concern)) is not None:
        return refusal
    if not by.holds(dossier.code, *SECONDS_OVERRULING):
        return Refusal(
            "not_who_agrees",
            say("第二个人应来自街道办、业委会或居委会管理员。"),
            what_next=say("请他们中的一位来看主持人写的理由。"),
            status=403,
        )
    if concern.overruling_by is None:
        return Refusal("no_overruling", say("主持人还没有提出不采纳。"))
    if by.person_id == concern.overruling_by:
        return Refusal(
            "same_person",
            say("提出不采纳和同意不采纳的，必须是两个人。"),
            what_next=say("请街道办、业委会或居委会的另一位来看。"),
            status=403,
        )
    return _own(say("定为不采纳")) if _is_own(by, concern) else None


def why_not_withdraw(by: Actor, dossier: Dossier, concern: Held) -> Refusal | None:
    """Who raised a concern, or their organization, may take it back while it waits."""
    if (refusal := why_not_written_on(dossier) or _why_not_settled(concern)) is not None:
        return refusal
    if by.person_id is not None and _is_own(by, concern):
        return None
    return Refusal("not_your_concern", say("只有提出人可以撤回这条顾虑。"), status=403)
