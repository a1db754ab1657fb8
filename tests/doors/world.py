"""A prepared world: one problem at each stage, one hidden with everything in it, and an object before each act."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import timedelta

import time_machine
from flask import current_app
from PIL import Image
from pypdf import PdfWriter
from sqlalchemy import select, update

from cogov.announcements.commands import Text, publish_announcement
from cogov.announcements.rules import AnnouncementKind
from cogov.cases.commands import answer_call, call_bodies, handle_case, no_call_needed, pause_case
from cogov.cases.models import Case, Step
from cogov.cases.rules import CaseState, StepKind
from cogov.decisions.commands import (
    apply_interest,
    ask_course,
    cast_ballot,
    close_decision,
    enter_paper_mandate,
    give_authority,
    give_mandate,
    move_motion,
    object_to,
    open_decision,
    open_round,
    propose_rule,
    publish_notice,
    settle_authority,
    table_motion,
    write_template,
)
from cogov.decisions.commands.helping import help_vote
from cogov.decisions.commands.paper import print_papers
from cogov.decisions.commands.secret_box import take_box_code
from cogov.decisions.commands.serving import record_service
from cogov.decisions.models import (
    Ballot,
    BallotReason,
    Closing,
    DecisionOption,
    ElectorateHead,
    ElectorateUnit,
    HelpedBallot,
    Motion,
    PaperSlip,
    Resolution,
)
from cogov.decisions.rules.ballots import Choice, Option
from cogov.decisions.rules.course import CourseKind
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.methods import BallotForm, Method
from cogov.decisions.rules.motions import TaskPlan
from cogov.decisions.rules.rounds import RoundKind
from cogov.decisions.rules.ruling import edit_of
from cogov.decisions.rules.service import ServiceMeans, ServiceOutcome
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.templates import Written
from cogov.files.queries import pictures_folder, pictures_of
from cogov.files.rules import draw_anew
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.settings import data_dir
from cogov.journal.transaction import transaction
from cogov.meetings.commands import (
    ask_to_speak,
    call_meeting,
    call_next,
    check_in,
    check_out,
    close_meeting,
    count_hands,
    enter_attendee,
    list_item,
    open_hands,
    open_meeting,
    put_out_minutes,
    raise_hand,
    sign_minutes,
    take_up,
)
from cogov.meetings.commands import move_motion as move_in_meeting
from cogov.meetings.rules.kinds import Category, Hand, Presence, Stand
from cogov.moderation.commands import appeal_block, appeal_removal, decide_review
from cogov.moderation.rules import FlagReason, ReviewVerdict
from cogov.opinion.commands import open_conversation, write_statement
from cogov.opinion.commands.importing import import_conversation
from cogov.opinion.commands.rows import agree_to_rows, ask_for_rows
from cogov.people.commands import join
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK, Actor
from cogov.places.commands import verify_owner
from cogov.places.models import Owner
from cogov.problems.commands import (
    appeal_triage,
    conclude_deliberation,
    confirm_problem,
    declare_leeway,
    raise_problem,
    record_mediation,
    schedule_phase,
    second_problem,
    triage_problem,
)
from cogov.problems.models import Problem
from cogov.problems.rules.lanes import Lane, ReasonCode, RuleCode
from cogov.problems.rules.leeway import Room
from cogov.problems.rules.phases import Part
from cogov.problems.rules.stages import ConfirmationAnswer, Stage
from cogov.tasks.commands import claim_task, hand_in_task, open_task, send_back_task
from cogov.tasks.models import HandIn
from cogov.tell.models import Notification
from cogov.tell.notices import spread_all
from cogov.threads.commands import (
    agree_overruling,
    answer_concern,
    block_author,
    endorse_solution,
    file_minority,
    flag_message,
    make_pledge,
    note_outcome,
    post_message,
    propose_amendment,
    propose_overruling,
    propose_solution,
    propose_summary,
    raise_concern,
    revise_solution,
    set_slow_mode,
    state_interest,
    write_summary,
)
from cogov.threads.commands.enclosing import Enclosing, Files
from cogov.threads.models import Enclosure, Outcome
from cogov.threads.rules.interests import InterestKind
from cogov.threads.rules.messages import MessageKind
from cogov.threads.rules.minority import OutcomeKind
from cogov.threads.rules.pledges import PledgeKind
from cogov.threads.rules.solutions import Content
from cogov.threads.rules.summaries import SummaryKind
from tests.cases.scene import LOOP, STATES, Walk, a_case
from tests.cast import ELSEWHERE, HERE, STREET, Cast
from tests.decisions.secrets import HOLDERS, Election, standing_of

SECRET = "后门的铁栅栏锈得能割手"


def photograph(kind: str = "JPEG") -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (120, 90, 60)).save(out, kind)
    return out.getvalue()


def sheet() -> bytes:
    """Return a document of one empty page."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


@dataclass
class World:
    """Ids and numbers by name."""

    cast: Cast
    ids: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    slip: dict[str, str] = field(default_factory=dict)
    """What the device of a voter sends into the box of a secret vote."""

    def problem(self, name: str, *, by: str = "resident", text: str = "", **told: object) -> str:
        """Raise a problem under a name of this world."""
        raised = raise_problem(
            getattr(self.cast, by),
            community_id=self.cast.community_id,
            grid_id=self.cast.grid_ids[0],
            text=text or f"楼道里的灯坏了一个多月，晚上看不见路（{name}）。",
            spot="3 号楼南面",
            pictures=[draw_anew(photograph())],
            folder=pictures_folder(data_dir(current_app)),
            **told,  # type: ignore[arg-type]
        ).problem
        self.numbers[name], self.ids[f"problem:{name}"] = raised.number, raised.id
        self.ids[f"picture:{name}"] = pictures_of([raised.id])[raised.id][0].id
        return raised.number

    def triaged(self, name: str, lane: Lane, reason: ReasonCode, **told: object) -> str:
        """Raise a problem and send it on its way."""
        number = self.problem(name)
        triage_problem(
            self.cast.moderator,
            number,
            lane=lane,
            reason=reason,
            words="看过了，就这样走",
            **told,  # type: ignore[arg-type]
        )
        return number


def build(cast: Cast) -> World:
    """Return a world; call it inside an application context, under a clock that may be moved on."""
    world = World(cast)
    _stages(world)
    _threads(world)
    _taken_over(world)
    _asked(world)
    _motions(world)
    _tasks(world)
    _cases(world)
    _hidden(world)
    _announcements(world)
    _meetings(world)
    _rules(world)
    with time_machine.travel(now() + timedelta(days=20), tick=True):
        _votes(world)
        _reviews(world, "talked", "owner")
        _restrained(world)
        world.triaged("referred", Lane.X, ReasonCode.CHANNEL, channel="区法院立案庭")
        spread_all()
    told = select(Notification.id).where(Notification.person_id == cast.resident.person_id)
    world.ids["notification:resident"] = session().scalars(told.order_by(Notification.id.desc())).first() or 0
    session().remove()
    return world


def _stages(world: World) -> None:
    cast = world.cast
    world.problem("raised")
    seconded = world.problem("seconded")
    second_problem(cast.neighbour, seconded)
    world.triaged("gathering", Lane.B, ReasonCode.COMMONS, rule=RuleCode.R2)
    world.triaged("talked", Lane.B, ReasonCode.COMMONS, rule=RuleCode.R5)
    world.triaged("mediating", Lane.M, ReasonCode.DISPUTE, hidden=False)
    appealed = world.triaged("appealed", Lane.X, ReasonCode.CHANNEL, channel="区法院立案庭")
    appeal_triage(cast.resident, appealed, words="这件事法院不管，请重新分")
    mediated = world.triaged("mediated", Lane.M, ReasonCode.DISPUTE, hidden=False)
    record_mediation(cast.moderator, mediated, agreed=True, words="双方谈好了，各让一步")
    confirming = world.triaged("confirming", Lane.B, ReasonCode.COMMONS, rule=RuleCode.R5)
    conclude_deliberation(cast.moderator, confirming, words="大家说好轮流打扫")
    fixed = world.triaged("ended", Lane.B, ReasonCode.COMMONS, rule=RuleCode.R5)
    conclude_deliberation(cast.moderator, fixed, words="大家说好轮流打扫")
    confirm_problem(cast.resident, fixed, answer=ConfirmationAnswer.FIXED, words="修好了，谢谢大家")


def _rules(world: World) -> None:
    """Write a version of a rule that waits, and hand in two papers, one of which counts already."""
    cast = world.cast
    edit = replace(edit_of(RULES[RuleCode.R5]), notice_days=6)
    row = propose_rule(cast.administrator, HERE, RuleCode.R5, edit, reason="大家要多看几天")
    world.ids["version:waiting"] = row.id
    lamps = tuple(Option(n, f"o{n}", label, f"先{label}。") for n, label in enumerate(("修路灯", "修门禁"), start=1))
    kept = write_template(cast.moderator, HERE, Written("几选一", BallotForm(Method.APPROVAL), lamps))
    world.ids["template"] = kept.template_id
    for name, code in (("waiting", STREET), ("agreed", ELSEWHERE)):
        paper = give_authority(
            cast.administrator,
            code,
            title=f"同意业主电子投票的批复 {name}",
            issuer="区住建局",
            dated=now().date(),
            picture=photograph(),
            folder=pictures_folder(data_dir(current_app)),
        )
        world.ids[f"authority:{name}"] = paper.id
    settle_authority(cast.street_office, world.ids["authority:agreed"], agrees=True)


def _announcements(world: World) -> None:
    text = Text("电梯检修", "二号楼的电梯停半天，请走楼梯。", now() + timedelta(days=30))
    world.ids["announcement"] = publish_announcement(
        world.cast.moderator, place_id=world.cast.community_id, kind=AnnouncementKind.NOTICE, text=text
    ).id


def _meetings(world: World) -> None:
    """Call meetings and leave each of them at another point of its course."""
    made = world.ids["meeting:called"] = _meeting(world)
    for key, number in (("first", world.numbers["gathering"]), ("second", "")):
        title = "" if number else "车棚的灯谁来修"
        row = list_item(world.cast.moderator, made, number=number, title=title)
        world.ids[f"meeting_item:{key}"] = row.id
    _sitting(world, "free")
    later = list_item(world.cast.moderator, world.ids["meeting:free"], title="下次几时开会")
    world.ids["meeting_item:later"] = later.id
    _debate(world)
    for key in ("draft", "signing", "signed"):
        ended = _sitting(world, key)
        close_meeting(world.cast.moderator, ended)
        if key != "draft":
            put_out_minutes(world.cast.moderator, ended)
    world.ids["minutes_version"] = 1
    for by in (world.cast.resident, world.cast.owner, world.cast.neighbour):
        sign_minutes(by, world.ids["meeting:signed"], agrees=True)
    _carried(world)


def _meeting(world: World) -> int:
    return call_meeting(
        world.cast.moderator,
        place_id=world.cast.community_id,
        title="车棚议事会",
        text="商量车棚的灯和充电，欢迎都来。",
        begins=now() + timedelta(hours=1),
        spot="活动室",
    ).id


def _sitting(world: World, key: str) -> int:
    """Open a meeting with one item on the floor and three people there beside the chair."""
    cast, made = world.cast, _meeting(world)
    item = list_item(cast.moderator, made, title="车棚装不装灯")
    open_meeting(cast.moderator, made)
    for by in (cast.resident, cast.owner, cast.neighbour):
        check_in(by, made, presence=Presence.ONLINE)
    take_up(cast.moderator, made, item.id)
    world.ids |= {f"meeting:{key}": made, f"meeting_item:{key}": item.id}
    return made


def _debate(world: World) -> None:
    """Have one meeting in the middle of a debate, and another with its hands up."""
    cast = world.cast
    for key in ("debate", "hands"):
        made = _sitting(world, key)
        world.ids[f"meeting_motion:{key}"] = move_in_meeting(cast.resident, made, text="车棚装两盏灯").id
    made = world.ids["meeting:debate"]
    world.ids["turn:speaking"] = ask_to_speak(cast.neighbour, made, side=Stand.FOR).id
    call_next(cast.moderator, made)
    world.ids["turn:waiting"] = ask_to_speak(cast.owner, made, side=Stand.AGAINST).id
    open_hands(cast.moderator, world.ids["meeting:hands"], world.ids["meeting_motion:hands"])


def _carried(world: World) -> None:
    """Have one meeting that carried a motion on a problem, and one of whose people went away."""
    cast, made = world.cast, _meeting(world)
    item = list_item(cast.moderator, made, number=world.numbers["gathering"])
    open_meeting(cast.moderator, made)
    check_in(cast.resident, made, presence=Presence.ONLINE)
    gone = enter_attendee(cast.moderator, made, label="3 号楼 202", category=Category.OWNER).ordinal
    check_out(cast.moderator, made, ordinal=gone)
    take_up(cast.moderator, made, item.id)
    motion = move_in_meeting(cast.resident, made, text="车棚的灯请电工来修").id
    open_hands(cast.moderator, made, motion)
    raise_hand(cast.resident, made, motion, hand=Hand.FOR)
    count_hands(cast.moderator, made, motion)
    world.ids |= {"meeting:carried": made, "meeting_motion:carried": motion, "ordinal:gone": gone}


def _asked(world: World, name: str = "gathering") -> None:
    cast = world.cast
    closes_at = now() + timedelta(days=60)
    asked = open_conversation(
        cast.moderator, world.numbers[name], question="灯亮到几点", closes_at=closes_at, statements=["整夜亮着"]
    )
    world.ids[f"conversation:{name}"] = asked.id
    written = write_statement(cast.neighbour, asked.id, text="后半夜暗一半")
    world.ids[f"statement:{name}"] = written.statement.id
    world.ids[f"seed:{name}"] = written.statement.number - 1


def _taken_over(world: World, name: str = "gathering") -> None:
    cast = world.cast
    made = import_conversation(cast.administrator, world.numbers[name], sheets=EXPORTED)
    world.ids[f"conversation:{name}:imported"] = made.id
    for state in ("asked", "agreed"):
        made = import_conversation(cast.administrator, world.numbers[name], sheets=EXPORTED)
        taking = ask_for_rows(cast.auditor, made.id, reason="核对各组都同意的几条")
        world.ids |= {f"taking:{name}:{state}": taking.id, f"taken:{name}:{state}": made.id}
    agree_to_rows(cast.street_office, taking.id)


EXPORTED = {
    "votes.csv": "comment-id,voter-id,vote\n0,0,1\n0,1,-1\n",
    "comments.csv": "comment-id,comment-body\n0,灯亮到十二点\n",
    "summary.csv": "topic,灯亮到几点\n",
}


def _threads(world: World, name: str = "gathering") -> None:
    cast, number = world.cast, world.numbers[name]
    dark = Enclosing(draw_anew(photograph()), f"没有灯的楼道（{name}）")
    files = Files([dark], pictures_folder(data_dir(current_app)))
    first = post_message(cast.resident, number, kind=MessageKind.REASON, text="老人晚上看不见路", files=files)
    beside = select(Enclosure.id).where(Enclosure.message_id == first.id)
    world.ids[f"enclosure:{name}"] = session().scalars(beside).one()
    post_message(cast.resident, number, kind=MessageKind.REASON, text="装声控灯就够", reply_to=first.id)
    world.ids[f"message:{name}"] = first.id
    minutes = write_summary(cast.moderator, number, kind=SummaryKind.MINUTES, text="还没定谁出电费", base=0)
    world.ids[f"summary:{name}"] = minutes.id
    asked = open_round(
        cast.moderator,
        number,
        kind=RoundKind.CONSENT,
        question="电费由谁出，按楼分摊行不行",
        closes_at=now() + timedelta(days=30),
    )
    world.ids[f"round:{name}"] = asked.id
    world.ids[f"proposal:{name}"] = propose_summary(cast.resident, number, text="电费由公共收益出", base=1).id
    for key in ("open", "answered", "overruled"):
        concern = raise_concern(cast.resident, number, harm="救护车进不来", remedy="留出四米通道")
        world.ids[f"concern:{name}:{key}"] = concern.id
    answer_concern(cast.moderator, world.ids[f"concern:{name}:answered"], text="已经量过，够四米")
    propose_overruling(cast.chair, world.ids[f"concern:{name}:overruled"], reason="已经有书面意见")
    solution = propose_solution(cast.resident, number, title="装声控灯", text="每层一盏", cost=120_000)
    revise_solution(cast.resident, solution.id, title="装声控灯", text="每层两盏", cost=130_000)
    world.ids[f"solution:{name}"] = solution.id
    _proposals(world, name)


def _proposals(world: World, name: str) -> None:
    """What stands around a solution and an outcome: a change, an endorsement, a pledge, and one who disagrees."""
    cast, number, solution_id = world.cast, world.numbers[name], world.ids[f"solution:{name}"]
    declare_leeway(cast.moderator, number, room=Room.PARTLY, open_part="灯的样子", reason="电路由供电公司定")
    phase = schedule_phase(
        cast.moderator, number, part=Part.AMENDMENTS, closes_at=now() + timedelta(days=300), reason="开会前看完"
    )
    content = Content("装声控灯", "每层三盏", 130_000)
    amendment = propose_amendment(cast.neighbour, solution_id, content=content, why="两盏不够亮")
    endorse_solution(cast.owners_committee, solution_id)
    state_interest(cast.neighbour, number, kind=InterestKind.AFFECTED, words="住在一楼")
    pledge = make_pledge(cast.neighbour, number, kind=PledgeKind.TIME, amount=3, what="帮忙装灯")
    problem_id = world.ids[f"problem:{name}"]
    outcome = note_outcome(CLOCK, problem_id, OutcomeKind.CONSENSUS, problem_id)
    with transaction():
        # The world grows older than those who disagree are heard for.
        session().get_one(Outcome, outcome.id).until = now() + timedelta(days=300)
    opinion = file_minority(cast.neighbour, outcome.id, text="整夜亮着，一楼的人睡不好觉")
    world.ids |= {
        f"phase:{name}": phase.id,
        f"amendment:{name}": amendment.id,
        f"pledge:{name}": pledge.id,
        f"outcome:{name}": outcome.id,
        f"opinion:{name}": opinion.id,
    }


def _reviews(world: World, name: str, flagger: str) -> None:
    """Have one message flagged, one taken down, and one whose author appealed."""
    cast, number = world.cast, world.numbers[name]
    for key in ("open", "removed", "appealed"):
        posted = post_message(cast.resident, number, kind=MessageKind.REASON, text=f"经理是个骗子（{key}）")
        review = flag_message(getattr(cast, flagger), posted.id, reason=FlagReason.INSULT, words="骂人了")
        world.ids[f"review:{name}:{key}"] = review.id
        if key != "open":
            decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.INSULT)
    appeal_removal(cast.resident, world.ids[f"review:{name}:appealed"], words="我说的是他的做法")


def _restrained(world: World) -> None:
    """A topic that is slow, and two people who may not write in it, one of whom appealed."""
    cast, number = world.cast, world.triaged("restrained", Lane.B, ReasonCode.COMMONS, rule=RuleCode.R5)
    for name, key in (("resident", "open"), ("neighbour", "appealed")):
        posted = post_message(getattr(cast, name), number, kind=MessageKind.REASON, text="加我好友，便宜装灯")
        made = block_author(
            cast.moderator, posted.id, whole_place=False, days=20, reason=FlagReason.SPAM, words="这里不做广告"
        )
        world.ids[f"block:{key}"] = made.id
    appeal_block(cast.neighbour, world.ids["block:appealed"], words="我只说了一次")
    set_slow_mode(cast.moderator, number, minutes=10, hours=100, reason="吵得太快")


def _options() -> tuple[Option, ...]:
    return (
        Option(1, Choice.AGREE, "同意", "花公共收益装灯"),
        Option(2, Choice.DISAGREE, "不同意", "不装，维持现状"),
        Option(3, Choice.ABSTAIN, "弃权", "算您参加了，不算同意"),
    )


def _moved(world: World, name: str, number: str, rule: RuleCode = RuleCode.R2, item: int | None = 8) -> Motion:
    cast = world.cast
    motion = move_motion(
        cast.owners_committee,
        number,
        question="是否每层装声控灯",
        options=_options(),
        rule=rule,
        item=item,
        text="说明写在这里",
        tasks=[TaskPlan("领灯泡", "到门卫室领", 2, 10)],
        public_body_id=cast.organizations["fire"],
        public_act="出具消防意见",
    )
    world.ids[f"motion:{name}"] = motion.id
    return motion


def _motions(world: World) -> None:
    cast = world.cast
    everyone_who_owns(cast)
    number = world.triaged("moved", Lane.B, ReasonCode.COMMONS, rule=RuleCode.R2)
    _moved(world, "moved", number)
    for name in ("tabled", "voting", "closed"):
        number = world.triaged(name, Lane.B, ReasonCode.COMMONS, rule=RuleCode.R2)
        table_motion(cast.owners_committee, _moved(world, name, number).id, item_confirmed=True)
        if name != "tabled":
            _noticed(world, name, 16 if name == "voting" else 15.5)
    _in_secret(world)
    _neighbouring(world)
    joint = world.triaged("joint", Lane.B, ReasonCode.COMMONS, rule=RuleCode.R5)
    _moved(world, "joint", joint, RuleCode.R14, None)


def _neighbouring(world: World) -> None:
    """Ask all who have an interest in a matter of the second building; an owner of the first wants to be one."""
    cast = world.cast
    number = world.triaged("neighbouring", Lane.B, ReasonCode.COMMONS, rule=RuleCode.R3)
    motion = move_motion(
        cast.owners_committee,
        number,
        question="二号楼一层能不能开餐馆",
        options=_options(),
        rule=RuleCode.R3,
        scope=Scope.BUILDING,
        building_id=cast.building_ids[1],
    )
    world.ids["motion:neighbouring"] = motion.id
    table_motion(cast.owners_committee, motion.id)
    words = "油烟管正对我家阳台，窗户开不了。"
    claim = apply_interest(cast.landlord, motion.id, unit_id=cast.unit_ids[1], text=words)
    world.ids["interest:waiting"] = claim.id


def _in_secret(world: World) -> None:
    """Publish a secret vote and let two of its holders take their codes; it opens with the others."""
    cast = world.cast
    number = world.triaged("secret", Lane.B, ReasonCode.COMMONS, rule=RuleCode.R5)
    motion = _moved(world, "secret", number, RuleCode.R5, None)
    table_motion(cast.moderator, motion.id, item_confirmed=True)
    decision = publish_notice(
        cast.moderator,
        motion.id,
        opens_at=now() + timedelta(days=16),
        closes_at=now() + timedelta(days=24),
        item_confirmed=True,
        touches=(),
        secrecy=Secrecy.CHECKABLE,
        holders=[standing_of(getattr(cast, name)) for name in HOLDERS],
    )
    world.ids["decision:secret"] = decision.id
    for name in HOLDERS[:2]:
        take_box_code(getattr(cast, name), decision.id)


def _slip(world: World) -> None:
    decision = open_decision(CLOCK, world.ids["decision:secret"])
    held = Election(None, decision)
    slip = held.token(world.cast.tenant)
    world.slip = {
        "token": slip.prepared.hex(),
        "signature": slip.signature.hex(),
        "ballot": held.sealed(slip, "1:1").hex(),
    }


def _noticed(world: World, name: str, opens_in: float) -> None:
    at = now()
    closes = 24 if name == "voting" else 19
    decision = publish_notice(
        world.cast.owners_committee,
        world.ids[f"motion:{name}"],
        opens_at=at + timedelta(days=opens_in),
        closes_at=at + timedelta(days=closes),
        item_confirmed=True,
        touches=(),
    )
    world.ids[f"decision:{name}"] = decision.id
    options = session().scalars(
        select(DecisionOption).where(DecisionOption.decision_id == decision.id).order_by(DecisionOption.position)
    )
    for position, option in enumerate(options, 1):
        world.ids[f"option:{name}:{position}"] = option.id


def everyone_who_owns(cast: Cast) -> list[Actor]:
    """Verify an own person for every owner on the roll that has none yet; return all owners as actors."""
    owners = []
    for owner in session().scalars(select(Owner).where(Owner.community_id == cast.community_id).order_by(Owner.id)):
        if owner.person_id is None:
            person = join(CLOCK, pseudonym=f"业主{owner.id}", phone=f"137{owner.id:08d}")
            verify_owner(CLOCK, owner_id=owner.id, person_id=person.id)
        owners.append(actor_of(owner.person_id or person.id))
    return owners


def _votes(world: World) -> None:
    cast = world.cast
    closed, voting = world.ids["decision:closed"], world.ids["decision:voting"]
    with time_machine.travel(now() - timedelta(days=3), tick=True):
        open_decision(CLOCK, closed)
        for owner in [owner for owner in everyone_who_owns(cast) if owner.person_id != cast.co_owner.person_id]:
            cast_ballot(owner, closed, option_id=world.ids["option:closed:1"])
    close_decision(CLOCK, closed)
    resolution = session().scalars(select(Resolution).where(Resolution.decision_id == closed)).one()
    world.ids["resolution:closed"] = resolution.id
    closing = session().scalars(select(Closing).where(Closing.decision_id == closed)).one()
    with transaction():
        closing.objections_until = now() + timedelta(days=30)
    with transaction():
        written = session().scalars(select(Ballot).where(Ballot.decision_id == closed).order_by(Ballot.id)).first()
        assert written is not None
        written.reason = "路灯修了三回。"
        session().add(BallotReason(id="f" * 32, decision_id=closed, ballot_id=written.id, changes=0))
    world.ids["objection:closed"] = object_to(cast.landlord, closed, text="三号楼没有收到公告").id
    open_decision(CLOCK, voting)
    later = now() + timedelta(days=20)
    act = ask_course(cast.moderator, voting, kind=CourseKind.EXTEND, reason="停电两天", closes_at=later)
    world.ids["act:voting"] = act.id
    cast_ballot(cast.neighbour, voting, option_id=world.ids["option:voting:1"])
    _mandates(world, voting)
    _slip(world)
    _channels(world, voting)
    heads = select(ElectorateHead.id).where(ElectorateHead.decision_id == voting).order_by(ElectorateHead.id)
    world.ids["head:voting"] = session().scalars(heads).first() or 0


PAPER, AID = "2345-6789-AB", "CDEF-GHJK-MN"
"""The codes of the paper and of the helped ballot of this world."""


def _channels(world: World, voting: int) -> None:
    cast = world.cast
    print_papers(cast.moderator, voting, unit_id=cast.unit_ids[10])
    row = help_vote(
        cast.moderator, voting, unit_id=cast.unit_ids[0], voter_id=cast.owner.person_id, marks="1:1", reason=""
    )
    with transaction():
        session().execute(update(PaperSlip).where(PaperSlip.decision_id == voting).values(code=PAPER))
        session().execute(update(HelpedBallot).where(HelpedBallot.id == row.id).values(code=AID))
    record_service(
        cast.moderator, voting, head_id=row.head_id, means=ServiceMeans.DOOR, outcome=ServiceOutcome.DELIVERED
    )


def _mandates(world: World, voting: int) -> None:
    cast = world.cast
    world.ids["mandate:given"] = give_mandate(cast.landlord, voting, proxy="化名volunteer").id
    of_unit = select(ElectorateUnit.head_id).where(
        ElectorateUnit.decision_id == voting, ElectorateUnit.unit_id == cast.unit_ids[9]
    )
    paper = enter_paper_mandate(
        cast.moderator,
        voting,
        head_id=session().scalar(of_unit) or 0,
        proxy="化名volunteer",
        picture=photograph(),
        folder=pictures_folder(data_dir(current_app)),
    )
    world.ids["mandate:waiting"] = paper.id


def _tasks(world: World) -> None:
    cast, number = world.cast, world.numbers["gathering"]
    for name in ("open", "claimed", "handed_in", "sent_back", "cancellable"):
        task = open_task(cast.moderator, number, title="搬走旧自行车", text="带手套来", slots=3, meeting_point="东门")
        world.ids[f"task:{name}"] = task.id
        if name in ("open", "cancellable"):
            continue
        claim = claim_task(cast.neighbour, task.id)
        world.ids[f"claim:{name}"] = claim.id
        if name != "claimed":
            hand_in_task(
                cast.neighbour,
                claim.id,
                words="都搬走了",
                minutes=60,
                picture=photograph(),
                folder=pictures_folder(data_dir(current_app)),
            )
            reports = select(HandIn.picture_id).where(HandIn.claim_id == claim.id)
            world.ids[f"claim_picture:{name}"] = session().scalars(reports).one() or 0
    send_back_task(cast.moderator, world.ids["claim:sent_back"], words="还剩两辆")


CASE_STATES = [state for state in STATES if state is not CaseState.CLOSED]


@dataclass(frozen=True)
class _Wordy(Walk):
    """The official loop with words and a picture at the step that has most of them."""

    def handle(self, case_id: int) -> None:
        handle_case(
            self.cast.official,
            case_id,
            words="线路已经拆除",
            basis="消防条例第三条",
            picture=photograph(),
            folder=pictures_folder(data_dir(current_app)),
        )


def _case(world: World, name: str, state: CaseState, problem_id: int) -> Case:
    walk = _Wordy(world.cast)
    case = a_case(world.cast, session().get_one(Problem, problem_id))
    for step in LOOP[STATES.index(case.state) : STATES.index(state)]:
        if step == "handle":
            _join(world, name, case.id)
        getattr(walk, step)(case.id)
    world.ids[f"case:{name}"] = case.id
    query = select(Step.picture_id).where(Step.case_id == case.id, Step.kind == StepKind.HANDLE)
    world.ids[f"case_picture:{name}"] = session().scalars(query).first() or 0
    return case


def _join(world: World, name: str, case_id: int) -> None:
    """Have the stamp of joint action put: by a call that is answered in the hidden case, else by saying why not."""
    if name == "hidden":
        _call(world, name, case_id)
        answer_call(world.cast.called_official, world.ids["call:hidden"], words="已经断电")
    else:
        no_call_needed(world.cast.dispatcher, case_id, words="一家可以办完")


def _call(world: World, name: str, case_id: int) -> None:
    cast = world.cast
    (call,) = call_bodies(cast.official, case_id, organization_ids=[cast.organizations["property"]], ask="请断电配合")
    world.ids[f"call:{name}"] = call.id


def _official(world: World, name: str) -> int:
    world.triaged(
        name,
        Lane.A,
        ReasonCode.DUTY,
        body_id=world.cast.organizations["fire"],
        duty_item_id=world.cast.duty_items["C103"],
    )
    return world.ids[f"problem:{name}"]


def _cases(world: World) -> None:
    for state in CASE_STATES:
        _case(world, state.value, state, _official(world, f"case_{state.value}"))
    _case(world, "called", CaseState.HANDLING, _official(world, "case_called"))
    _call(world, "called", world.ids["case:called"])
    _case(world, "joined", CaseState.HANDLING, _official(world, "case_joined"))
    _join(world, "joined", world.ids["case:joined"])
    _case(world, "paused", CaseState.HANDLING, _official(world, "case_paused"))
    pause_case(world.cast.dispatcher, world.ids["case:paused"], words="等供电公司现场勘测")
    confirming = _official(world, "case_closed")
    _case(world, "closed", CaseState.CLOSED, confirming)


def _hidden(world: World) -> None:
    """A problem with everything in it, then hidden: whatever hangs on it must vanish with it."""
    cast = world.cast
    number = world.problem("hidden", text=SECRET)
    triage_problem(
        cast.moderator,
        number,
        lane=Lane.AB,
        reason=ReasonCode.OWNERSHIP,
        rule=RuleCode.R2,
        body_id=cast.organizations["fire"],
        duty_item_id=cast.duty_items["C103"],
        words="单位先办，大家再商量",
    )
    _threads(world, "hidden")
    _taken_over(world, "hidden")
    _asked(world, "hidden")
    _reviews(world, "hidden", "street_office")
    task = open_task(cast.moderator, number, title="看看墙", text="带上手电", slots=2)
    answer_concern(cast.moderator, world.ids["concern:hidden:open"], text="已经量过，够四米")
    agree_overruling(cast.street_office, world.ids["concern:hidden:overruled"])
    with transaction():
        # A task is about something that is being done; here a vote comes after it all the same.
        session().get_one(Problem, world.ids["problem:hidden"]).stage = Stage.GATHERING
    table_motion(cast.owners_committee, _moved(world, "hidden", number).id, item_confirmed=True)
    _noticed(world, "hidden", 16)
    heads = select(ElectorateHead.id).where(ElectorateHead.decision_id == world.ids["decision:hidden"])
    world.ids["head:hidden"] = session().scalars(heads).first() or 0
    claim = claim_task(cast.neighbour, task.id)
    hand_in_task(
        cast.neighbour,
        claim.id,
        words="看过了",
        minutes=5,
        picture=photograph(),
        folder=pictures_folder(data_dir(current_app)),
    )
    report = session().scalars(select(HandIn).where(HandIn.claim_id == claim.id)).one()
    world.ids |= {"task:hidden": task.id, "claim:hidden": claim.id, "claim_picture:hidden": report.picture_id or 0}
    _case(world, "hidden", CaseState.HANDLED, world.ids["problem:hidden"])
    with transaction():
        session().get_one(Problem, world.ids["problem:hidden"]).hidden = True
