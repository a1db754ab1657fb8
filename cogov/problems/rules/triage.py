"""The ordered rules of triage: the first that matches decides, except 5 to 8, which may join into AB."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import BELOW_THE_STATE
from cogov.ground.words import Words, say
from cogov.problems.rules.lanes import Confidence, Decider, Lane, ReasonCode, RuleCode
from cogov.problems.rules.likeness import likeness
from cogov.problems.rules.meaning import Meaning, understand
from cogov.problems.rules.report import DutyMet, OpenProblem, Proposal, Report, TriageSettings

DEFAULT_RADIUS_M = 250
ANSWER_TO_A_HAND_DOWN = Limit(7, LimitUnit.CALENDAR_DAYS)
NUMBERS_IN_DOUBT = ("119", "120", "110")
IN_DOUBT = say("如果有人受伤或正有危险，请先拨打 119、120 或 110。")
WHY = {
    ReasonCode.SAFETY: say("这件事可能有危险，先排险，不等商量。"),
    ReasonCode.CHANNEL: say("这件事应当走法定渠道，我们告诉您找谁。"),
    ReasonCode.DUP: say("附近有一件相似的事正在办，请看看是不是同一件。"),
    ReasonCode.CONTENT: say("内容可能涉及他人隐私或伤人的话，先由管理员看过再公开。"),
    ReasonCode.DUTY: say("这是有关单位依法该办的事，不用表决。"),
    ReasonCode.OWNERSHIP: say("办法要动用业主共有的部分、资金、合同或规约，由业主共同决定。"),
    ReasonCode.COMMONS: say("这件事影响多户，办法要共用空间、时间或规矩，由居民商量。"),
    ReasonCode.RECUR: say("同类的事一再发生，除了办，还要一起想根治的办法。"),
    ReasonCode.JOINT: say("不止一个单位有责任，由首接单位牵头，叫其他单位一起办。"),
    ReasonCode.DISPUTE: say("这是两方之间的事，请人民调解帮着谈，姓名不公开。"),
    ReasonCode.MOBILISE: say("这件事没有法定的责任单位，请愿意的人来认领。"),
    ReasonCode.UNCLEAR: say("一时还看不清归谁，先请街道的人核实。"),
}


@dataclass(frozen=True)
class Case:
    """A report with its meaning, and the settings it is judged by."""

    report: Report
    meaning: Meaning
    settings: TriageSettings


def propose(report: Report, settings: TriageSettings) -> Proposal:
    """Return the lane, decider, rules and clock for a report, with the reasons; it decides nothing by itself."""
    case = Case(report, understand(report, settings), settings)
    proposal = next(found for rule in ORDERED if (found := rule(case)) is not None)
    return _finished(proposal, case)


def _safety(case: Case) -> Proposal | None:
    """Rule 1. A danger told or ticked outranks everything; a matter that is one by nature brings its own numbers."""
    guidance = case.meaning.guidance
    by_nature = guidance is not None and guidance.lane == Lane.A and guidance.reasons[0] == ReasonCode.SAFETY
    if not (case.report.burning or case.meaning.numbers or by_nature):
        return None
    numbers = case.meaning.numbers or (guidance.numbers if guidance and by_nature else ("119",))
    return _plain(
        Lane.A,
        ReasonCode.SAFETY,
        Decider.DEPARTMENT,
        RuleCode.R0,
        case.settings.safety_limit,
        emergency_numbers=numbers,
        body_id=case.report.duties[0].body_id if case.report.duties else None,
        why=(WHY[ReasonCode.SAFETY], say("请马上拨打 {numbers}。", numbers="、".join(numbers)))
        if numbers
        else (WHY[ReasonCode.SAFETY],),
    )


def _channel(case: Case) -> Proposal | None:
    """Rule 2. What a court, an inspection or 信访 has in hand stays there."""
    guidance = case.meaning.guidance
    if case.meaning.in_legal_channel:
        return _plain(Lane.X, ReasonCode.CHANNEL, Decider.CHANNEL, RuleCode.R0, case.settings.unclear_limit)
    if guidance is None or ReasonCode.CHANNEL not in guidance.reasons:
        return None
    return _plain(
        Lane.X,
        ReasonCode.CHANNEL,
        Decider(guidance.decider),
        RuleCode.R0,
        guidance.limit,
        emergency_numbers=guidance.numbers,
    )


def _duplicate(case: Case) -> Proposal | None:
    """Rule 3. Only proposed: whoever raised it, or the one who triages, confirms."""
    same = same_problem(case.report, case.meaning, case.settings)
    if same is None:
        return None
    return replace(
        _rest(case), lane=same.lane, reasons=(ReasonCode.DUP,), why=(WHY[ReasonCode.DUP],), same_as=same.problem_id
    )


def _content(case: Case) -> Proposal | None:
    """Rule 4. Personal data of others and insults are held until a moderator has looked."""
    guidance = case.meaning.guidance
    if not case.meaning.offends and (guidance is None or ReasonCode.CONTENT not in guidance.reasons):
        return None
    return _plain(Lane.X, ReasonCode.CONTENT, Decider.MODERATOR, RuleCode.R0, case.settings.moderation_limit, hold=True)


def _refused_hand_down(case: Case) -> Proposal | None:
    """Rule 5, second half. An order to a community without a list item or admission goes to the district."""
    order = case.report.hand_down
    if order is None or order.target not in BELOW_THE_STATE or (order.item_id is not None and order.admitted):
        return None
    return _plain(
        Lane.AB,
        ReasonCode.DUTY,
        Decider.STREET,
        RuleCode.R0,
        ANSWER_TO_A_HAND_DOWN,
        why=(say("下派没有引用职责清单或没有准入，社区可以不接，转区里兜底。"),),
    )


def _owed_or_shared(case: Case) -> Proposal | None:
    """Rules 5 to 9. Duty, ownership, commons and recurrence join; several bodies with a duty get a lead."""
    reasons = _joined_reasons(case)
    if not reasons:
        return None
    guidance = case.meaning.guidance
    proposal = _of_matter(case) if guidance is not None else _of_words(case, reasons)
    lane = _joined_lane(proposal.lane if guidance is not None else None, reasons, case)
    proposal = replace(proposal, lane=lane, reasons=reasons, why=tuple(WHY[reason] for reason in reasons))
    return _with_bodies(_with_place_manager(_with_duty_rule(proposal, case), case), case)


def _dispute(case: Case) -> Proposal | None:
    """Rule 10. Two parties, and nobody owes it by duty."""
    guidance, meaning = case.meaning.guidance, case.meaning
    if guidance is not None and ReasonCode.DISPUTE in guidance.reasons:
        return replace(_of_matter(case), hold=case.report.names_person)
    if guidance is not None or not (meaning.dispute or case.report.names_person):
        return None
    return _plain(
        Lane.M,
        ReasonCode.DISPUTE,
        Decider.PARTIES,
        RuleCode.R6,
        case.settings.deliberation_limit,
        confidence=Confidence.HIGH if meaning.dispute >= 4 else Confidence.LOW,
    )


def _mobilise(case: Case) -> Proposal | None:
    """Rule 11. A need that nobody owes is offered to those who want to help."""
    guidance, meaning = case.meaning.guidance, case.meaning
    if guidance is not None and ReasonCode.MOBILISE in guidance.reasons:
        return _of_matter(case)
    if guidance is not None or not meaning.mobilise:
        return None
    return _plain(
        Lane.B,
        ReasonCode.MOBILISE,
        Decider.VOLUNTEERS,
        RuleCode.R9,
        case.settings.duty_limit,
        confidence=Confidence.HIGH if meaning.mobilise >= 4 else Confidence.LOW,
    )


def _unclear(case: Case) -> Proposal:
    """Rule 12. Everything else is looked at by a person of the street office."""
    return _plain(
        Lane.A,
        ReasonCode.UNCLEAR,
        Decider.STREET,
        RuleCode.R0,
        case.settings.unclear_limit,
        confidence=Confidence.LOW,
    )


AFTER_THE_DUPLICATE: tuple[Callable[[Case], Proposal | None], ...] = (
    _content,
    _refused_hand_down,
    _owed_or_shared,
    _dispute,
    _mobilise,
    _unclear,
)
ORDERED: tuple[Callable[[Case], Proposal | None], ...] = (_safety, _channel, _duplicate, *AFTER_THE_DUPLICATE)


def same_problem(report: Report, meaning: Meaning, settings: TriageSettings) -> OpenProblem | None:
    """Return the open problem near by that this seems to be: the one most alike, then nearest."""
    radius = next((matter.radius_m for matter in settings.matters if matter.key == meaning.key), DEFAULT_RADIUS_M)

    def is_same(other: OpenProblem) -> bool:
        if meaning.key is None or other.matter != meaning.key or other.metres > radius:
            return False
        return (other.same_reporter and not other.new_facts) or likeness(report.words, other.words) >= settings.alike

    return min(
        filter(is_same, report.nearby),
        key=lambda other: (-likeness(report.words, other.words), other.metres, other.problem_id),
        default=None,
    )


def recurs(report: Report, settings: TriageSettings) -> bool:
    """Say whether the matter comes back, or its handling does (rule 8)."""
    return (
        report.same_matter_recently >= settings.recurring
        or report.reworks >= settings.reworks
        or report.dissatisfied >= settings.dissatisfied
    )


JOINED = (ReasonCode.DUTY, ReasonCode.OWNERSHIP, ReasonCode.COMMONS, ReasonCode.RECUR)


def _joined_reasons(case: Case) -> tuple[ReasonCode, ...]:
    """Return which of DUTY, OWNERSHIP, COMMONS and RECUR hold, plus SAFETY of a shared part and JOINT, in order."""
    guidance = case.meaning.guidance
    told = set(guidance.reasons) if guidance is not None else _reasons_of_words(case)
    found = {reason for reason in ReasonCode if reason in told}
    if case.report.duties or (case.report.needs_permit and ReasonCode.OWNERSHIP in found):
        found.add(ReasonCode.DUTY)
    if recurs(case.report, case.settings):
        found.add(ReasonCode.RECUR)
    if not found & set(JOINED):
        return ()
    if len(_bodies(case.report.duties)) > 1:
        found.add(ReasonCode.JOINT)
    kept = (*JOINED, ReasonCode.SAFETY, ReasonCode.JOINT)
    return tuple(reason for reason in ReasonCode if reason in found and reason in kept)


def _reasons_of_words(case: Case) -> set[str]:
    """Return what the words alone suggest; a quarrel of two is not made public by the place it happens."""
    meaning = case.meaning
    many = meaning.many or case.report.households_affected >= case.settings.households_of_commons
    weights = {
        ReasonCode.DUTY: meaning.duty,
        ReasonCode.OWNERSHIP: max(meaning.ownership, meaning.contract),
        ReasonCode.COMMONS: meaning.commons if many or meaning.commons >= 3 else 0,
    }
    private = max(meaning.dispute, meaning.mobilise)
    return {reason for reason, weight in weights.items() if weight and weight >= private}


def _joined_lane(lane: Lane | None, reasons: tuple[ReasonCode, ...], case: Case) -> Lane:
    """Return the lane that holds both what is owed and what is shared; what returns again needs both."""
    if ReasonCode.RECUR in reasons or lane == Lane.AB:
        return Lane.AB
    owed = lane == Lane.A or ReasonCode.DUTY in reasons
    shared = lane == Lane.B or ReasonCode.OWNERSHIP in reasons or ReasonCode.COMMONS in reasons
    by_contract = lane is None and case.meaning.contract > 0
    if (owed and shared) or by_contract:
        return Lane.AB
    return Lane.A if owed else Lane.B


def _of_matter(case: Case) -> Proposal:
    guidance = case.meaning.guidance
    assert guidance is not None
    reasons = tuple(reason for reason in ReasonCode if reason in guidance.reasons)
    return Proposal(
        lane=Lane(guidance.lane),
        reasons=reasons,
        decider=Decider(guidance.decider),
        rules=tuple(RuleCode(rule) for rule in guidance.rules),
        limit=guidance.limit,
        confidence=Confidence.HIGH if case.meaning.sure else Confidence.LOW,
        why=tuple(WHY[reason] for reason in reasons),
        emergency_numbers=guidance.numbers if ReasonCode.SAFETY in reasons else (),
        basis=guidance.basis,
    )


def _of_words(case: Case, reasons: tuple[ReasonCode, ...]) -> Proposal:
    """Return the decider and rule of the strongest meaning; from words alone it is never sure."""
    if case.meaning.contract and ReasonCode.OWNERSHIP in reasons:
        decider, rule, limit = Decider.PROPERTY_MANAGER, RuleCode.R7, case.settings.duty_limit
    elif ReasonCode.OWNERSHIP in reasons:
        decider, rule, limit = Decider.OWNERS_ALL, RuleCode.R1, case.settings.deliberation_limit
    elif ReasonCode.COMMONS in reasons:
        decider, rule, limit = Decider.RESIDENTS_CONSULTED, RuleCode.R5, case.settings.deliberation_limit
    else:
        decider, rule, limit = Decider.DEPARTMENT, RuleCode.R0, case.settings.duty_limit
    return Proposal(Lane.A, reasons, decider, (rule,), limit, Confidence.LOW, ())


def _with_duty_rule(proposal: Proposal, case: Case) -> Proposal:
    """Add R0 where a list item is owed, and R5 where what recurs has no rule for its shared half."""
    rules = list(proposal.rules)
    if case.report.duties and RuleCode.R0 not in rules:
        rules.insert(0, RuleCode.R0)
    if proposal.lane == Lane.AB and ReasonCode.RECUR in proposal.reasons and rules == [RuleCode.R0]:
        refused = case.meaning.guidance is not None and ReasonCode.RECUR in case.meaning.guidance.reasons
        rules += [] if refused else [RuleCode.R5]
    return replace(proposal, rules=tuple(rules))


def _with_place_manager(proposal: Proposal, case: Case) -> Proposal:
    """Add R10 where a managed public place is shared by consultation."""
    if not case.report.managed_public_place or RuleCode.R5 not in proposal.rules or RuleCode.R10 in proposal.rules:
        return proposal
    return replace(proposal, rules=(*proposal.rules, RuleCode.R10), decider=Decider.PLACE_MANAGER)


def _with_bodies(proposal: Proposal, case: Case) -> Proposal:
    """Name the body that owes it; of several the first met leads (首接负责) and the others are called (吹哨)."""
    duties = case.report.duties
    if not duties:
        return proposal
    bodies = _bodies(duties)
    first = duties[0]
    several = len(bodies) > 1
    return replace(
        proposal,
        body_id=first.body_id,
        lead_id=first.body_id if several else None,
        called_ids=bodies[1:],
        limit=first.limit,
        basis=first.basis,
        confidence=Confidence.HIGH if case.meaning.guidance is not None else proposal.confidence,
    )


def _bodies(duties: Iterable[DutyMet]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(duty.body_id for duty in duties))


def _rest(case: Case) -> Proposal:
    """Return what the rules after the duplicate say: it holds if the two turn out to be different."""
    return next(found for rule in AFTER_THE_DUPLICATE if (found := rule(case)) is not None)


def _finished(proposal: Proposal, case: Case) -> Proposal:
    """Add what holds for every lane: personal words are held, a danger denied is looked at by a person.

    A quarrel of two is held whatever its words: it is about somebody. What is held goes its way all the same.
    """
    personal = case.meaning.offends or case.meaning.personal or case.report.names_person
    hold = proposal.hold or personal or proposal.lane is Lane.M
    doubtful = case.meaning.danger_spoken_of and not proposal.emergency_numbers and case.report.matter is None
    confidence = Confidence.LOW if doubtful else proposal.confidence
    in_doubt = confidence == Confidence.LOW and not proposal.emergency_numbers
    return replace(
        proposal,
        hold=hold,
        matter=case.meaning.key,
        confidence=confidence,
        numbers_in_doubt=NUMBERS_IN_DOUBT if in_doubt else (),
        why=(*proposal.why, IN_DOUBT) if in_doubt else proposal.why,
    )


def _plain(
    lane: Lane,
    reason: ReasonCode,
    decider: Decider,
    rule: RuleCode,
    limit: Limit,
    *,
    confidence: Confidence = Confidence.HIGH,
    why: tuple[Words, ...] = (),
    emergency_numbers: tuple[str, ...] = (),
    body_id: int | None = None,
    hold: bool = False,
) -> Proposal:
    return Proposal(
        lane=lane,
        reasons=(reason,),
        decider=decider,
        rules=(rule,),
        limit=limit,
        confidence=confidence,
        why=why or (WHY[reason],),
        emergency_numbers=emergency_numbers,
        body_id=body_id,
        hold=hold,
    )
