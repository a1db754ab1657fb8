"""What a message, a concern and a solution may be, and who may post, answer, overrule and revise."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Actor, Role, Standing
from cogov.people.rules.keeping import why_not_take_part

MESSAGE_LENGTH = 4000
REASON_LENGTH = 2000
TITLE_LENGTH = 60
COST_LIMIT = 10**13  # fen; a hundred thousand million yuan is a slip of the finger
PAGE_SIZE = 30
REPLIES_SHOWN = 10

LIVES_HERE = (Role.RESIDENT, Role.OWNER, Role.TENANT)
ANSWERS = (Role.OFFICIAL, Role.MODERATOR, Role.OWNERS_COMMITTEE, Role.STREET_OFFICE)
SECONDS_OVERRULING = (Role.STREET_OFFICE, Role.OWNERS_COMMITTEE, Role.MODERATOR)
REVISES = (Role.MODERATOR, Role.OWNERS_COMMITTEE)


class MessageKind(StrEnum):
    """What a message is meant as (题—理—据—案)."""

    PROBLEM = "problem"
    REASON = "reason"
    EVIDENCE = "evidence"
    SUGGESTION = "suggestion"
    QUESTION = "question"


class MessageState(StrEnum):
    """Whether a message stands, waits to be looked at, or was taken down: by its author, by moderators, by order."""

    SHOWN = "shown"
    HELD = "held"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    ORDERED = "ordered"


class ConcernState(StrEnum):
    """A serious concern waits for an answer, is answered, overruled by whom and why, or taken back by its author."""

    OPEN = "open"
    ANSWERED = "answered"
    OVERRULED = "overruled"
    WITHDRAWN = "withdrawn"


class ThreadTab(StrEnum):
    """The parts of a problem's thread that a dossier shows, one at a time."""

    DISCUSSION = "discussion"
    CONCERNS = "concerns"
    SOLUTIONS = "solutions"


@dataclass(frozen=True)
class Dossier:
    """The problem as far as speaking about it goes."""

    code: str
    ended: bool
    hidden: bool


@dataclass(frozen=True)
class Held:
    """A concern as far as answering it goes: its state, whose it is, and whether overruling has been proposed."""

    state: ConcernState
    person_id: int
    organization_id: int | None
    overruling_by: int | None = None


def as_who(by: Actor, code: str) -> Actor | None:
    """Return the actor as they speak at a place: for an organization, for themselves, or None for outsiders.

    One acts for the organization one chose. Who chose none speaks for themselves where they live or own; who does
    neither is heard under the mandate that reaches the place, so that no official is shown as a neighbour.
    """
    chosen = by.acting
    if chosen is not None and chosen.organization_id is not None:
        return by if chosen.reaches(code) else None
    if by.holds(code, *LIVES_HERE):
        return by.under(None)
    mandate = next((held for held in by.standings if held.organization_id and held.reaches(code)), None)
    return by.under(mandate) if mandate else None


def why_not_speak(by: Actor, dossier: Dossier) -> Refusal | None:
    """Those of the community and those whose mandate reaches it may speak while the problem is open and shown."""
    if by.person_id is None:
        return Refusal(
            "sign_in_first", say("登录以后才能发言。"), what_next=say("请先登录，您写的内容还在。"), status=403
        )
    if (refusal := _why_not_written_on(dossier) or why_not_take_part(by, dossier.code)) is not None:
        return refusal
    if as_who(by, dossier.code) is not None:
        return None
    if by.acting is not None and by.holds(dossier.code, *LIVES_HERE):
        return Refusal(
            "mandate_elsewhere",
            say("您现在代表的单位管不到这里。"),
            what_next=say("请在“代表”里改选“我自己”再发。"),
            status=403,
        )
    return Refusal(
        "not_of_this_place",
        say("这里由本社区的居民、业主、租户和管到这里的单位发言。"),
        what_next=say("如果您住在这里，请先请居委会核对住址。"),
        status=403,
    )


def _why_not_written_on(dossier: Dossier) -> Refusal | None:
    if dossier.ended:
        return Refusal(
            "problem_ended",
            say("这件事已经办结，卷宗不再增加内容。"),
            what_next=say("问题又出现了，请重新提出，并写明这个编号。"),
        )
    if dossier.hidden:
        return Refusal(
            "problem_hidden",
            say("这件事正由管理员核对或调解，暂不公开讨论。"),
            what_next=say("有话要补充，请直接告诉居委会的经办人。"),
        )
    return None


def why_not_reply(*, of_this_problem: bool, is_reply: bool) -> Refusal | None:
    """A reply answers a message of the same thread, and nobody replies to a reply."""
    if not of_this_problem:
        return Refusal("reply_to_unknown", say("您要回复的发言不在这个卷宗里。"), status=422)
    if is_reply:
        return Refusal(
            "reply_too_deep",
            say("回复只有一层。"),
            what_next=say("请回复最上面的那条发言，开头写明您在回应谁。"),
            status=422,
        )
    return None


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
    if (refusal := _why_not_written_on(dossier) or _why_not_settled(concern)) is not None:
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
    if (refusal := _why_not_written_on(dossier) or _why_not_settled(concern)) is not None:
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
    if (refusal := _why_not_written_on(dossier) or _why_not_settled(concern)) is not None:
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
    if (refusal := _why_not_written_on(dossier) or _why_not_settled(concern)) is not None:
        return refusal
    if by.person_id is not None and _is_own(by, concern):
        return None
    return Refusal("not_your_concern", say("只有提出人可以撤回这条顾虑。"), status=403)


def why_not_take_back(by: Actor, author_id: int, organization_id: int | None, state: MessageState) -> Refusal | None:
    """Who wrote a message may take it back while it stands or waits; what was taken down is not theirs to touch."""
    if by.person_id is None:
        return Refusal("sign_in_first", say("请先登录。"), status=403)
    if by.person_id != author_id and by.serves(organization_id) is None:
        return Refusal("not_your_message", say("只有写的人可以撤下这条发言。"), status=403)
    if state is not MessageState.SHOWN:
        return Refusal("not_standing", say("这条发言已经不在了，或者正等着看。"))
    return None


def why_not_cost(cost: int | None) -> Refusal | None:
    """A cost is a number of fen that somebody could mean."""
    if cost is None or 0 <= cost <= COST_LIMIT:
        return None
    return Refusal("cost_out_of_range", say("费用要在 0 元到 1000 亿元之间，不知道就先不填。"), status=422)


def why_not_revise(by: Actor, dossier: Dossier, *, author_id: int) -> Refusal | None:
    """A solution is revised by its author, a moderator or the owners' committee."""
    if (refusal := why_not_speak(by, dossier)) is not None:
        return refusal
    if by.person_id == author_id or by.holds(dossier.code, *REVISES):
        return None
    return Refusal(
        "not_who_revises",
        say("方案由提案人、居委会管理员或业委会修改。"),
        what_next=say("您可以把建议写成发言，或者另提一个方案。"),
        status=403,
    )
