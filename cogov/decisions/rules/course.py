"""What may change the course of a vote: another hour to close, annulment, objections to a result, a look at it later.

One person is never enough: whoever asks gives a reason that everybody reads, and a second person, of those whom the
rule lets put a motion on the agenda or of the street office, signs. Nobody sees a choice before the close, so neither
can move the hour to suit a result; what they can see, the turnout, everybody sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cogov.decisions.rules.law import Annuller, DecisionRule
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Role


class CourseKind(StrEnum):
    """What is asked for: an earlier or later close, no effect, or to open though concerns have no answer."""

    SHORTEN = "shorten"
    EXTEND = "extend"
    ANNUL = "annul"
    OVERRIDE = "override"


KIND_WORDS: Mapping[CourseKind, Words] = {
    CourseKind.SHORTEN: say("提前截止"),
    CourseKind.EXTEND: say("延长表决"),
    CourseKind.ANNUL: say("撤销"),
    CourseKind.OVERRIDE: say("顾虑没有答复，照常开始"),
}
ANNULLERS: Mapping[Annuller, Words] = {
    Annuller.COURT: say("人民法院"),
    Annuller.STREET_OFFICE: say("街道办事处"),
}

LASTS = timedelta(days=7)
"""How long a request waits for the second person."""

WARNING = timedelta(hours=24)
"""An earlier hour is announced at least so long before, so that whoever counted on the old one can still vote."""

LONGEST = timedelta(days=60)
"""A vote is extended by no more than this beyond its announced end."""

REASON_LONGEST = 500
DOCUMENT_LONGEST = 120
OBJECTION_LONGEST = 1000
STATEMENT_LONGEST = 1000
REVIEW_LATEST = timedelta(days=3650)


@dataclass(frozen=True)
class Asked:
    """A request for another course, as the rules see it."""

    kind: CourseKind
    reason: str
    closes_at: datetime | None = None
    annuller: Annuller | None = None
    document: str = ""
    dated: date | None = None


@dataclass(frozen=True)
class Standing:
    """Where a vote stands at a moment: its announced end, what came of it, and whether everybody has voted."""

    now: datetime
    closes_at: datetime
    closed: bool
    annulled: bool
    everybody_voted: bool
    waits: bool = False
    """Whether concerns without an answer held it back at its hour."""


STEERERS = frozenset({Role.MODERATOR, Role.OWNERS_COMMITTEE, Role.CHAIR, Role.STREET_OFFICE})
"""Everybody who may steer votes under some rule."""


def may_steer(rule: DecisionRule) -> tuple[Role, ...]:
    """Return who may ask for another course, and sign as the second person."""
    return tuple(dict.fromkeys((*rule.tabled_by, Role.CHAIR, Role.STREET_OFFICE)))


def why_not_steer(roles: frozenset[Role], rule: DecisionRule) -> Refusal | None:
    """Say why somebody can neither ask for another course nor sign for it."""
    if roles.intersection(may_steer(rule)):
        return None
    return Refusal(
        code="not_who_steers",
        message=say("这一步要由主持表决的人或者街道提出，另一个人确认"),
        article=rule.article,
        what_next=say("您觉得该延期或者撤销，请在卷宗里写明理由"),
        appeal=say("业主认为决定侵害自己权益的，可以请求法院撤销"),
        status=403,
    )


def why_not_ask(asked: Asked, rule: DecisionRule, at: Standing) -> Refusal | None:
    """Say why another course cannot be asked for, as things stand."""
    if at.annulled:
        return Refusal(code="annulled", message=say("这次表决已被撤销"), what_next=say("撤销的理由写在决定页上"))
    if not asked.reason:
        return Refusal(code="reason_missing", message=say("请写明理由，大家都会看到"), status=422)
    if asked.kind is CourseKind.ANNUL:
        return _why_not_annul(asked, rule, at)
    if at.waits or asked.kind is CourseKind.OVERRIDE:
        return _why_not_override(asked, at)
    if at.closed or at.now >= at.closes_at:
        return Refusal(code="already_closed", message=say("这次表决已经截止，时间不能再改"))
    return _why_not_move(asked, at)


def _why_not_override(asked: Asked, at: Standing) -> Refusal | None:
    """While a vote waits for answers nothing else is moved; and only what waits is opened in spite of it."""
    if asked.kind is not CourseKind.OVERRIDE:
        return Refusal(
            code="opening_waits",
            message=say("表决还没有开始，在等顾虑的答复"),
            what_next=say("请先答复顾虑，开始以后再改截止时间"),
        )
    if at.waits:
        return None
    return Refusal(code="nothing_in_the_way", message=say("没有顾虑挡住这次表决，不用另外决定照常开始"))


MOVES = frozenset({CourseKind.SHORTEN, CourseKind.EXTEND})
"""What gives the vote another hour to close."""


def _why_not_move(asked: Asked, at: Standing) -> Refusal | None:
    if asked.closes_at is None:
        return Refusal(code="no_hour", message=say("请填新的截止时间"), status=422)
    if asked.kind is CourseKind.EXTEND:
        if at.closes_at < asked.closes_at <= at.closes_at + LONGEST:
            return None
        return Refusal(
            code="hour_does_not_fit",
            message=say("延长后的截止时间要晚于原来的，最多晚 {days} 天", days=LONGEST.days),
            status=422,
        )
    earliest = at.now if at.everybody_voted else at.now + WARNING
    if earliest <= asked.closes_at < at.closes_at:
        return None
    return Refusal(
        code="hour_does_not_fit",
        message=say("提前截止至少要提前 24 小时公布；全部投完了才可以马上截止"),
        what_next=say("请填 {earliest} 以后、原截止时间以前的时间", earliest=earliest),
        status=422,
    )


def _why_not_annul(asked: Asked, rule: DecisionRule, at: Standing) -> Refusal | None:
    """After the count those whom the rule names annul, by a document; before it, who called the vote may stop it."""
    if asked.annuller is None:
        if not at.closed:
            return None
        return Refusal(
            code="annuller_missing",
            message=say("已经计票的决定，只有规则写明的机关能撤销"),
            article=rule.article,
            what_next=say("请选撤销的机关，并写明文书和日期"),
            status=422,
        )
    if asked.annuller not in rule.may_annul:
        return Refusal(
            code="may_not_annul",
            message=say("按这条规则，{who}不能撤销", who=ANNULLERS[asked.annuller]),
            article=rule.article,
            status=422,
        )
    if not asked.document or asked.dated is None:
        return Refusal(code="document_missing", message=say("请写明撤销的文书名称或者文号，以及日期"), status=422)
    if asked.dated > at.now.date():
        return Refusal(code="dated_later", message=say("文书的日期不能在今天以后"), status=422)
    return None


def why_not_sign(
    person_id: int | None, *, asked_by: int, settled: bool, until: datetime, now: datetime
) -> Refusal | None:
    """Say why a request cannot be signed or declined: somebody else signs than who asked, once, and in time."""
    if settled or now >= until:
        return Refusal(
            code="course_settled",
            message=say("这一条已经有结果，或者过了期限没有人确认"),
            what_next=say("还要办，请重新提出"),
        )
    if person_id is None or person_id == asked_by:
        return Refusal(
            code="second_person",
            message=say("这件事要由另一个人确认，不能是提出的人"),
            what_next=say("请另一位主持人、业主委员会或者街道的人登录后确认"),
            status=403,
        )
    return None


# Objections and what comes later --------------------------------------------------------------------------------------


def why_not_object(*, in_electorate: bool, until: datetime | None, annulled: bool, now: datetime) -> Refusal | None:
    """Say why somebody cannot object to a result."""
    if annulled or until is None or now >= until:
        return Refusal(
            code="no_objections_now",
            message=say("现在不在公示期，不收异议"),
            what_next=say("有不同意见，请在卷宗里写下您的顾虑"),
        )
    if not in_electorate:
        return Refusal(
            code="not_in_electorate",
            message=say("异议由这次有表决权的人提出"),
            what_next=say("有不同意见，请在卷宗里写下您的顾虑"),
            status=403,
        )
    return None


def why_not_answer_objection(*, steers: bool, answered: bool) -> Refusal | None:
    """Say why an objection cannot be answered."""
    if answered:
        return Refusal(code="answered_already", message=say("这条异议已经答复"))
    if not steers:
        return Refusal(code="not_who_steers", message=say("异议由主持表决的人或者街道答复"), status=403)
    return None


def takes_effect(*, until: datetime | None, unanswered: int, annulled: bool, now: datetime) -> bool:
    """Say whether what passed takes effect: the period is over, each objection is answered, and nobody annulled it."""
    return not annulled and not unanswered and (until is None or now >= until)


def why_not_state(*, steers: bool, closed: bool, annulled: bool, review_on: date | None, today: date) -> Refusal | None:
    """Say why nobody can say now what became of a decision, or when it is looked at again."""
    if not steers:
        return Refusal(code="not_who_steers", message=say("后续情况由主持表决的人或者街道写"), status=403)
    if not closed or annulled:
        return Refusal(code="nothing_to_follow", message=say("没有结果的表决，没有后续可写"))
    if review_on is not None and not today < review_on <= today + REVIEW_LATEST:
        return Refusal(code="review_does_not_fit", message=say("复议日期要在今天以后，十年以内"), status=422)
    return None
