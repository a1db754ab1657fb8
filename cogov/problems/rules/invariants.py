"""What no triage and no vote may do, whoever asks: the invariants of the loop as refusals."""

from dataclasses import dataclass
from datetime import datetime

from cogov.duties.rules.calendar import WorkingCalendar
from cogov.duties.rules.clock import Limit, LimitUnit, due
from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode

SHARED = frozenset({Lane.B, Lane.AB})
NEVER_VOTED = frozenset({RuleCode.R0, RuleCode.R6, RuleCode.R7, RuleCode.R8, RuleCode.R9})


@dataclass(frozen=True)
class VoteSubject:
    """What a motion would do, as the one who tables it declares and a second person checks."""

    rules: tuple[RuleCode, ...]
    lowers_statutory_duty: bool = False
    decides_on_a_persons_rights: bool = False
    publishes_personal_data: bool = False
    binds_outside_the_electorate: bool = False
    authorises_unlawful_act: bool = False


def why_not_vote_on(subject: VoteSubject) -> Refusal | None:
    """Refuse a vote on what no majority can decide; the first reason that holds is given."""
    if subject.lowers_statutory_duty:
        return _no_vote_on_a_duty()
    if subject.decides_on_a_persons_rights:
        return _no_vote_on_a_person()
    if subject.publishes_personal_data:
        return _no_vote_on_personal_data()
    if subject.binds_outside_the_electorate:
        return _no_vote_for_others()
    if subject.authorises_unlawful_act:
        return _no_vote_against_the_law()
    return None if set(subject.rules) - NEVER_VOTED else _nothing_to_vote_on()


def why_not_change_lane(
    *, current: Lane, to: Lane, reasons: tuple[ReasonCode, ...], explanation: str, by_public_body: bool
) -> Refusal | None:
    """Refuse a change of lane that hides its reason or takes from residents, or from a duty, what is theirs."""
    if current == to:
        return Refusal(code="same_lane", message=say("已经在这条道上，不用改。"), status=409)
    if not explanation.strip():
        return Refusal(
            code="lane_change_without_reason",
            message=say("改道要写明理由，提出的人看得到。"),
            article="北京市接诉即办工作条例第15条",
            what_next=say("请写一句理由再改。"),
            status=422,
        )
    if by_public_body and current in SHARED and to not in SHARED:
        return _not_theirs_to_end()
    owed = ReasonCode.SAFETY in reasons or ReasonCode.DUTY in reasons
    return _duty_stays() if owed and to in {Lane.B, Lane.M} else None


OWED = frozenset({ReasonCode.DUTY, ReasonCode.SAFETY, ReasonCode.JOINT})


def why_not_drop_duty(
    *,
    owed: bool,
    reasons: tuple[ReasonCode, ...],
    to: Lane,
    reason: ReasonCode,
    by_street_office: bool,
    after_refusal: bool,
) -> Refusal | None:
    """Refuse to turn what a body owes by a listed duty into mere talk, unless the level above or the body's no says so.

    Joining it to the same problem leaves the duty there; a court or an inspection that has it in hand goes before.
    """
    if not owed or not OWED & set(reasons) or to in (Lane.A, Lane.AB):
        return None
    elsewhere = reason is ReasonCode.DUP or (to is Lane.X and reason is ReasonCode.CHANNEL)
    return None if by_street_office or after_refusal or elsewhere else _no_talk_for_a_duty()


def appeal_until(triaged_at: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Return the last instant for an appeal: the end of the tenant's calendar days."""
    return due(triaged_at, Limit(days, LimitUnit.CALENDAR_DAYS), calendar)


def why_not_appeal(*, is_raiser: bool, appealed_before: bool, now: datetime, until: datetime) -> Refusal | None:
    """Refuse an appeal against triage but for the one each raiser has, in time."""
    if not is_raiser:
        return Refusal(
            code="not_the_raiser",
            message=say("只有提出的人可以对分流提出异议。"),
            what_next=say("您可以附议，或在讨论里说明您的看法。"),
            status=403,
        )
    if appealed_before:
        return Refusal(
            code="appealed_before",
            message=say("这件事的分流已经复核过一次。"),
            what_next=say("仍不同意的，可以依法申请行政复议或走信访渠道。"),
            status=409,
        )
    if now > until:
        return Refusal(
            code="appeal_too_late",
            message=say("提出异议的期限已经过了。"),
            article="民法典第201、203条",
            what_next=say("情况有变化的，可以重新提出，写明新的情况。"),
            status=409,
        )
    return None


def _no_vote_on_a_duty() -> Refusal:
    return Refusal(
        code="vote_lowers_duty",
        message=say("有关单位依法该办的事，表决不能免掉，也不能打折扣。"),
        article="民法典第286条第3款；北京市接诉即办工作条例第11条第2款",
        what_next=say("请按职责转给有关单位；可以商量怎样配合。"),
        appeal=say("认为分流不对的，可以提一次异议。"),
        status=422,
    )


def _no_vote_on_a_person() -> Refusal:
    return Refusal(
        code="vote_on_person",
        message=say("一个人的权利不能由大家投票决定。"),
        article="民法典第280条第2款；城市居民委员会组织法（居民公约不得侵犯居民合法权利）",
        what_next=say("两方之间的事可以请人民调解，也可以走法律途径。"),
        status=422,
    )


def _no_vote_on_personal_data() -> Refusal:
    return Refusal(
        code="vote_on_personal_data",
        message=say("公开别人的个人信息要本人单独同意，表决不能代替。"),
        article="个人信息保护法第25条",
        what_next=say("请去掉个人信息，或先取得本人同意。"),
        status=422,
    )


def _no_vote_for_others() -> Refusal:
    return Refusal(
        code="vote_binds_others",
        message=say("决定只约束有权表决的人，不能替名册以外的业主做主。"),
        article="民法典第278条、第280条第1款",
        what_next=say("请把有关业主都列入名册，或只决定自己范围内的事。"),
        status=422,
    )


def _no_vote_against_the_law() -> Refusal:
    return Refusal(
        code="vote_unlawful",
        message=say("法律不允许的事，多数同意也不能做。"),
        article="民法典第8条、第153条；第279条（多数同意不能代替一致同意）",
        what_next=say("请改成合法的办法再提。"),
        status=422,
    )


def _nothing_to_vote_on() -> Refusal:
    return Refusal(
        code="no_votable_rule",
        message=say("这件事按规则不由表决决定。"),
        article="民法典第278条",
        what_next=say("请按分流写明的办法办，或提一次异议。"),
        status=422,
    )


def _no_talk_for_a_duty() -> Refusal:
    return Refusal(
        code="duty_stays",
        message=say("清单写明由单位办的事，居委会不能改成只靠商量或调解：投票不能降低法定职责。"),
        article="民法典第286条第3款；北京市接诉即办工作条例第14条",
        what_next=say("可以改为单位办、大家也商量，或请街道来改。"),
        status=403,
    )


def _not_theirs_to_end() -> Refusal:
    return Refusal(
        code="not_theirs_to_end",
        message=say("居民正在商量的事，部门不能单方面结束。"),
        article="上海市居民委员会工作条例第23条",
        what_next=say("请写明意见，由居民和社区决定；需要部门办的可以同时办。"),
        status=403,
    )


def _duty_stays() -> Refusal:
    return Refusal(
        code="duty_stays",
        message=say("依法该办的部分不能改成只靠商量或调解。"),
        article="民法典第286条第3款；北京市接诉即办工作条例第14条",
        what_next=say("可以改为既办也商量。"),
        status=422,
    )
