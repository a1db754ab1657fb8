"""Who may do which step when: one table of acts, and the separation of those who handle, command and supervise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cogov.cases.rules.states import CaseState, Party, RefusalReason, StampKind, StepKind
from cogov.ground.refusals import Refusal
from cogov.ground.words import Words, say
from cogov.people.rules import Role, Standing

STANDARD = "GB/T 30428.8"
BEIJING = "北京市接诉即办工作条例"
TWO_AXES = f"{STANDARD}（监督与指挥双轴分开）"

CENTRE = frozenset({Role.INSPECTOR, Role.CLOSER})


@dataclass(frozen=True)
class Doer:
    """Those who may do an act: holders of a role, for one side of the case."""

    roles: frozenset[Role]
    party: Party


@dataclass(frozen=True)
class Act:
    """An act: by whom, in which states, and on what rule it rests."""

    doers: tuple[Doer, ...]
    states: frozenset[CaseState]
    article: str


_ANY_GRID = Doer(frozenset({Role.GRID_WORKER}), Party.GRID)
_CENTRE = Doer(CENTRE, Party.SUPERVISION)
_INSPECTOR = Doer(frozenset({Role.INSPECTOR}), Party.SUPERVISION)
_CLOSER = Doer(frozenset({Role.CLOSER}), Party.SUPERVISION)
_DISPATCHER = Doer(frozenset({Role.DISPATCHER}), Party.COMMAND)
_BODY = Doer(frozenset({Role.OFFICIAL}), Party.BODY)
_CALLED = Doer(frozenset({Role.OFFICIAL}), Party.CALLED)

_AFTER_DISPATCH = frozenset(
    {
        CaseState.DISPATCHED,
        CaseState.HANDLING,
        CaseState.HANDLED,
        CaseState.INSPECTED,
        CaseState.FED_BACK,
    }
)

ACTS: dict[StepKind, Act] = {
    StepKind.VERIFY: Act((_ANY_GRID, _CENTRE), frozenset({CaseState.REPORTED}), STANDARD),
    StepKind.ACCEPT: Act((_CENTRE,), frozenset({CaseState.VERIFIED}), f"{BEIJING}第12条"),
    StepKind.REFUSE: Act(
        (_CENTRE,),
        frozenset({CaseState.REPORTED, CaseState.VERIFIED, CaseState.ACCEPTED}),
        f"{BEIJING}第12条",
    ),
    StepKind.FILE: Act((_CENTRE,), frozenset({CaseState.ACCEPTED}), STANDARD),
    StepKind.DISPATCH: Act((_DISPATCHER,), frozenset({CaseState.FILED}), f"{BEIJING}第12、13条"),
    StepKind.ACKNOWLEDGE: Act((_BODY,), frozenset({CaseState.DISPATCHED}), f"{BEIJING}第14条"),
    StepKind.RETURN: Act((_BODY,), frozenset({CaseState.DISPATCHED}), f"{BEIJING}第12条第3款"),
    StepKind.CALL: Act((_BODY, _DISPATCHER), frozenset({CaseState.HANDLING}), f"{BEIJING}第16条"),
    StepKind.NO_CALL: Act((_DISPATCHER,), _AFTER_DISPATCH, f"{BEIJING}第16条"),
    StepKind.ANSWER_CALL: Act((_CALLED,), _AFTER_DISPATCH, f"{BEIJING}第14条第2款、第16条"),
    StepKind.HANDLE: Act((_BODY,), frozenset({CaseState.HANDLING}), f"{BEIJING}第15条"),
    StepKind.PASS: Act((_INSPECTOR,), frozenset({CaseState.HANDLED}), STANDARD),
    StepKind.REWORK: Act((_INSPECTOR,), frozenset({CaseState.HANDLED}), STANDARD),
    StepKind.FEED_BACK: Act((_CENTRE,), frozenset({CaseState.INSPECTED}), f"{BEIJING}第15条第3项"),
    StepKind.CLOSE: Act((_CLOSER,), frozenset({CaseState.FED_BACK}), STANDARD),
}
"""Every act of a person; opening and reopening follow from what happened to the problem."""

# On which side an act puts its doer. Verifying a report says only that it is so; it puts nobody on a side.
SIDE: dict[StepKind, Party] = {
    StepKind.ACCEPT: Party.SUPERVISION,
    StepKind.FILE: Party.SUPERVISION,
    StepKind.PASS: Party.SUPERVISION,
    StepKind.REWORK: Party.SUPERVISION,
    StepKind.FEED_BACK: Party.SUPERVISION,
    StepKind.CLOSE: Party.SUPERVISION,
    StepKind.REFUSE: Party.SUPERVISION,
    StepKind.DISPATCH: Party.COMMAND,
    StepKind.NO_CALL: Party.COMMAND,
    StepKind.ACKNOWLEDGE: Party.BODY,
    StepKind.RETURN: Party.BODY,
    StepKind.HANDLE: Party.BODY,
    StepKind.ANSWER_CALL: Party.BODY,
}

JUDGING = frozenset({StepKind.PASS, StepKind.REWORK, StepKind.FEED_BACK, StepKind.CLOSE})
"""Acts of those who judge the work of others."""


@dataclass(frozen=True)
class Facts:
    """What the rules have to know of a case."""

    state: CaseState
    code: str
    parties: Mapping[Party, int | None]
    """The organization that stands on each side now."""
    round: int = 1
    sides: Mapping[int, frozenset[Party]] = field(default_factory=dict)
    """On which sides persons have acted in this case, in any round."""
    executors: frozenset[int] = frozenset()
    """Organizations that handled it or were called to help, in any round."""
    inspected_by: int | None = None
    returned_by: frozenset[int] = frozenset()
    """Bodies that have returned it in this round."""
    stamps: frozenset[StampKind] = frozenset()
    calls_waiting: int = 0
    calls_late: int = 0
    calls: int = 0
    picture_wanted: bool = False
    """Whether the result is a thing one can photograph: the report came with a picture, or it is about a component."""


@dataclass(frozen=True)
class Who:
    """A person who wants to act, with every standing held now."""

    person_id: int | None
    standings: Sequence[Standing] = ()
    acting: Standing | None = None

    @property
    def organizations(self) -> frozenset[int]:
        """Return every organization the person has a mandate of."""
        return frozenset(held.organization_id for held in self.standings if held.organization_id is not None)


def next_acts(state: CaseState) -> tuple[StepKind, ...]:
    """Return the acts that a state waits for or allows, in the order of the loop."""
    return tuple(kind for kind, act in ACTS.items() if state in act.states)


def who_may(kind: StepKind) -> tuple[Doer, ...]:
    """Return by whom an act may be done; nobody does what follows from the problem by itself."""
    return ACTS[kind].doers if kind in ACTS else ()


def standing_for(kind: StepKind, who: Who, facts: Facts) -> Standing | None:
    """Return the mandate under which a person may do an act; the one acted under comes first."""
    fitting = [held for held in who.standings if any(_fits(doer, held, facts) for doer in who_may(kind))]
    if who.acting in fitting:
        return who.acting
    return fitting[0] if fitting else None


def _fits(doer: Doer, held: Standing, facts: Facts) -> bool:
    if held.role not in doer.roles or not held.reaches(facts.code):
        return False
    # A grid worker looks at the place for any committee or street office that sent them there.
    return doer.party is Party.GRID or (
        held.organization_id is not None and held.organization_id == facts.parties.get(doer.party)
    )


def why_not_step(kind: StepKind, who: Who, facts: Facts) -> Refusal | None:
    """An act is done by its own side, in its own time, and never by someone of another side of the same case."""
    if standing_for(kind, who, facts) is None:
        return not_yours(kind)
    return why_not_other_side(kind, who, facts) or _why_not_now(kind, facts) or why_not_same_person(kind, who, facts)


def not_yours(kind: StepKind) -> Refusal:
    """Say by whom an act is done."""
    return Refusal(
        "not_your_step",
        _WHO_WORDS[kind],
        article=ACTS[kind].article,
        what_next=_INSTEAD.get(kind, say("案件现在由谁负责，写在时钟旁边；您可以在卷宗里补充情况。")),
        appeal=_APPEAL[kind],
        status=403,
    )


def why_not_other_side(kind: StepKind, who: Who, facts: Facts) -> Refusal | None:
    """Whoever handled, commanded or supervised a case stays on that side; who handled it never judges it."""
    if kind in JUDGING and (
        who.organizations & facts.executors or facts.parties.get(Party.SUPERVISION) in facts.executors
    ):
        return _own_work(kind)
    side = SIDE.get(kind)
    others = facts.sides.get(who.person_id or 0, frozenset()) - {side}
    if side is None or not others:
        return None
    if kind in JUDGING and Party.BODY in others:
        return _own_work(kind)
    return Refusal(
        "two_axes",
        say("您已经在这个案件里代表另一方办过事，这一步要由别人办。"),
        article=TWO_AXES,
        what_next=say("请由本单位的另一位同事办理。"),
        status=403,
    )


def _own_work(kind: StepKind) -> Refusal:
    return Refusal(
        "own_work",
        say("处置单位的人不能核查、结案自己单位办的案件。"),
        article=f"{ACTS[kind].article}（处置与核查分开）",
        what_next=say("请由监督中心没有参与处置的同事办理。"),
        status=403,
    )


def _why_not_now(kind: StepKind, facts: Facts) -> Refusal | None:
    if facts.state in ACTS[kind].states:
        return None
    return Refusal("not_now", _NOW_WORDS[facts.state], article=ACTS[kind].article, what_next=_NEXT_WORDS[facts.state])


def why_not_same_person(kind: StepKind, who: Who, facts: Facts) -> Refusal | None:
    """Who inspected a round does not close it."""
    if kind is not StepKind.CLOSE or facts.inspected_by is None or facts.inspected_by != who.person_id:
        return None
    return Refusal(
        "inspector_closes",
        say("这一轮是您核查的，结案要由另一个人办。"),
        article=f"{STANDARD}（核查与结案分开）",
        what_next=say("请由监督中心的另一位结案员办理。"),
        status=403,
    )


def why_not_return(facts: Facts) -> Refusal | None:
    """A body objects once a round: what was dispatched to it again after its objection, it takes."""
    if facts.parties.get(Party.BODY) not in facts.returned_by:
        return None
    return Refusal(
        "returned_before",
        say("这一轮您单位已经退回过一次，指挥中心审核后再次派给您单位，不能再退。"),
        article=f"{BEIJING}第12条第3款、第14条（首接负责）",
        what_next=say("请先签收；需要别的单位配合，可以吹哨。"),
        appeal=say("仍有异议，请报区人民政府裁定。"),
    )


def why_not_refuse(state: CaseState, reason: RefusalReason) -> Refusal | None:
    """Before anybody has looked, the only reason not to go on is that nothing was found."""
    if state is not CaseState.REPORTED or reason is RefusalReason.NOT_FOUND:
        return None
    return Refusal(
        "verify_first",
        say("还没有到现场核实，只能以“现场没有发现”为由不受理。"),
        article=STANDARD,
        what_next=say("请先核实，再决定是否受理。"),
    )


def why_not_no_call(facts: Facts) -> Refusal | None:
    """Nobody says "no other body is needed" over the head of one that was called and still has time to answer."""
    if StampKind.JOINT in facts.stamps:
        return Refusal("joint_stamped", say("联动章已经盖好。"), what_next=say("请看案件的下一步。"))
    if facts.calls_waiting > facts.calls_late:
        return Refusal(
            "calls_waiting",
            say("还有 {n} 家在答复期限内，不能写不需要联动。", n=facts.calls_waiting - facts.calls_late),
            article=f"{BEIJING}第16条",
            what_next=say("请等它们答复；逾期以后可以写明原因，不再等。"),
        )
    return None


def words_needed(words: str, what: Words) -> Refusal | None:
    """Some acts are worth nothing without words."""
    return None if words.strip() else Refusal("words_needed", what, status=422)


_CENTRE_WORDS = say("这一步由监督中心的核查员或结案员办。")
_BODY_WORDS = say("这一步由案件派给的单位办。")
_DISPATCHER_WORDS = say("这一步由指挥中心的派遣员办。")
_INSPECTOR_WORDS = say("这一步由监督中心的核查员办。")

_WHO_WORDS: dict[StepKind, Words] = {
    StepKind.VERIFY: say("这一步由当地的网格员或监督中心办。"),
    StepKind.ACCEPT: _CENTRE_WORDS,
    StepKind.REFUSE: _CENTRE_WORDS,
    StepKind.FILE: _CENTRE_WORDS,
    StepKind.DISPATCH: _DISPATCHER_WORDS,
    StepKind.ACKNOWLEDGE: _BODY_WORDS,
    StepKind.RETURN: _BODY_WORDS,
    StepKind.CALL: say("这一步由案件派给的单位或指挥中心的派遣员办。"),
    StepKind.NO_CALL: _DISPATCHER_WORDS,
    StepKind.ANSWER_CALL: say("这一步由被吹哨的单位办。"),
    StepKind.HANDLE: _BODY_WORDS,
    StepKind.PASS: _INSPECTOR_WORDS,
    StepKind.REWORK: _INSPECTOR_WORDS,
    StepKind.FEED_BACK: _CENTRE_WORDS,
    StepKind.CLOSE: say("这一步由监督中心的结案员办。"),
}

_INSTEAD: dict[StepKind, Words] = {
    StepKind.PASS: say("请等监督中心到现场核查；您看到的现场情况可以写在卷宗里。"),
    StepKind.REWORK: say("请等监督中心到现场核查；您看到的现场情况可以写在卷宗里。"),
    StepKind.FEED_BACK: say("核查通过以后，由监督中心把结果告诉提出问题的人。"),
    StepKind.CLOSE: say("五章盖齐以后，由监督中心没有核查过这一轮的结案员结案。"),
}
"""What becomes of an act that is not yours; most say with whom the case is."""

_WRONG_BODY = say("认为承办单位不对，请在卷宗里说明，由指挥中心裁定。")
_NOT_TAKEN = say("对受理有不同看法，提出问题的人可以对分流申诉，由街道答复。")
_NOT_FIXED = say("认为没有办好，请在卷宗里说明；结案后由提出问题的人确认，没修好就重开。")

_APPEAL: dict[StepKind, Words] = {
    **dict.fromkeys(ACTS, _WRONG_BODY),
    **dict.fromkeys((StepKind.VERIFY, StepKind.ACCEPT, StepKind.REFUSE, StepKind.FILE), _NOT_TAKEN),
    **dict.fromkeys(JUDGING, _NOT_FIXED),
}
"""Where to go with another opinion on who does an act, and on what comes of it."""

_NOW_WORDS: dict[CaseState, Words] = {
    CaseState.REPORTED: say("案件还在等核实，现在不能办这一步。"),
    CaseState.VERIFIED: say("案件还在等受理，现在不能办这一步。"),
    CaseState.ACCEPTED: say("案件还在等立案，现在不能办这一步。"),
    CaseState.FILED: say("案件还在等派遣，现在不能办这一步。"),
    CaseState.DISPATCHED: say("案件已派遣，还在等签收，现在不能办这一步。"),
    CaseState.HANDLING: say("案件正在处置，现在不能办这一步。"),
    CaseState.HANDLED: say("案件已处置，正在等核查，现在不能办这一步。"),
    CaseState.INSPECTED: say("案件已核查，正在等反馈，现在不能办这一步。"),
    CaseState.FED_BACK: say("案件已反馈，正在等结案，现在不能办这一步。"),
    CaseState.CLOSED: say("案件已经结案。"),
    CaseState.REFUSED: say("案件没有受理，已经退回分流。"),
}

_NEXT_WORDS: dict[CaseState, Words] = {
    CaseState.REPORTED: say("由网格员或监督中心到现场核实。"),
    CaseState.VERIFIED: say("由监督中心受理，或写明理由不受理。"),
    CaseState.ACCEPTED: say("由监督中心立案，或写明理由不立案。"),
    CaseState.FILED: say("由指挥中心按清单派给责任单位。"),
    CaseState.DISPATCHED: say("由责任单位签收，或写明异议退回。"),
    CaseState.HANDLING: say("由责任单位办理，并报处置结果。"),
    CaseState.HANDLED: say("由监督中心到现场核查。"),
    CaseState.INSPECTED: say("由监督中心把结果告诉提出问题的人。"),
    CaseState.FED_BACK: say("五章盖齐后，由监督中心结案。"),
    CaseState.CLOSED: say("没有修好，请由提出问题的人在卷宗里说明，案件会重开。"),
    CaseState.REFUSED: say("请在卷宗里看新的分流结果。"),
}
