"""Every form of the platform: who may send it about which object of the world, and what a good one says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from cogov.ground.clock import now
from tests.doors.world import World, photograph

UPLOAD = "upload"
"""Stands for a photograph in the fields of a form."""


@dataclass(frozen=True)
class Form:
    """One form; `ids` and `numbers` name objects of the world, `fields` are what a good one sends."""

    endpoint: str
    who: str
    ids: dict[str, str] = field(default_factory=dict)
    number: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    """Fields with a person's words, which must come back with every refusal."""
    once: bool = True
    """Whether the form carries a token and has one effect however often it is sent."""
    act: str = ""

    @property
    def name(self) -> str:
        """Return a name for the test's list."""
        return f"{self.endpoint}:{self.act or self.number or '-'.join(self.ids.values())}".rstrip(":")

    def url(self, app: Flask, world: World, **others: object) -> str:
        """Return the address the form is sent to; `others` replaces parts of it."""
        values: dict[str, object] = {name: world.ids[key] for name, key in self.ids.items()}
        values |= {"number": world.numbers[self.number]} if self.number else {}
        values |= {"act": self.act} if self.act else {}
        return app.url_map.bind("localhost").build(self.endpoint, {**values, **others}, method="POST")

    def filled(self, world: World) -> dict[str, Any]:
        """Return the fields with the ids of this world in them."""
        return {name: value(world) if callable(value) else value for name, value in self.fields.items()}


def _in(days: int) -> str:
    return (now().astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def _own_standing(world: World) -> str:
    return str(world.cast.moderator.standings[0].id)


def _case(act: str, who: str, state: str, **fields: Any) -> Form:
    said = {"words": "到场看过，情况属实", "basis": "清单第 3 条"}
    return Form("cases.step", who, {"case_id": f"case:{state}"}, "", said | fields, ("words", "basis"), act=act)


_MOTION = {
    "question": "是否在东门装三盏路灯",
    "way": "8",
    "agree": "花公共收益装三盏路灯",
    "disagree": "不装，维持现在的样子",
    "abstain": "算您参加了，不算同意",
    "text": "预算一共三千元",
    "solution": "",
    "scope": "community",
    "building": "",
    "staircase": "",
    "body": lambda world: str(world.cast.organizations["fire"]),
    "act": "出具书面的消防意见",
    "task_1_title": "到门卫室领灯泡",
    "task_1_text": "带上梯子和手套",
    "task_1_slots": "2",
    "task_1_days": "10",
}

FORMS = (
    # Problems
    Form(
        "problems.create",
        "resident",
        fields={
            "text": "三号楼前的树枝压到电线了",
            "where": lambda world: f"g{world.cast.grid_ids[0]}",
            "looked": "1",
            "asked": "1",
            "spot": "三号楼南面的车棚旁",
            "latitude": "31.200500",
            "longitude": "121.500500",
            "matter": "",
            "phone": "",
            "burning": "",
            "names_person": "",
            "place": "",
            "picture": UPLOAD,
        },
        texts=("text", "spot"),
    ),
    Form(
        "problems.hints",
        "resident",
        fields={
            "text": "三号楼前的树枝压到电线了",
            "where": lambda world: f"g{world.cast.grid_ids[0]}",
            "matter": "",
            "burning": "",
            "names_person": "",
            "place": "",
        },
        once=False,
    ),
    Form(
        "problems.cover",
        "resident",
        {"picture_id": "picture:gathering"},
        "gathering",
        {"hide": "100,100,200,200", "part": "4"},
    ),
    # Choosing a picture twice keeps two drafts; they are gone within the hour.
    Form("files.keep", "resident", fields={"picture": UPLOAD}, once=False),
    Form("problems.second", "neighbour", number="raised"),
    Form("problems.unsecond", "neighbour", number="seconded"),
    # Setting a level twice leaves the same level: no token is needed.
    Form("problems.following", "neighbour", number="raised", fields={"level": "needs"}, once=False),
    Form(
        "problems.confirm_triage",
        "moderator",
        number="raised",
        fields={
            "lane": "B",
            "reason": "COMMONS",
            "body": "",
            "channel": "区法院的立案庭",
            "same_as": "",
            "visibility": "",
            "words": "共用部分由大家商量",
        },
        texts=("words", "channel"),
    ),
    Form("problems.appeal", "resident", number="referred", fields={"words": "法院不管这件事"}, texts=("words",)),
    Form(
        "problems.appeal_answer",
        "street_office",
        number="appealed",
        fields={"outcome": "granted", "words": "重新分流一次"},
        texts=("words",),
    ),
    Form(
        "problems.mediation",
        "moderator",
        number="mediating",
        fields={"agreed": "yes", "words": "双方都让了一步"},
        texts=("words",),
    ),
    Form("problems.conclusion", "moderator", number="talked", fields={"words": "大家轮流打扫"}, texts=("words",)),
    Form(
        "problems.confirmation",
        "resident",
        number="confirming",
        fields={"answer": "fixed", "words": "已经修好，谢谢大家"},
        texts=("words",),
    ),
    # Threads
    Form(
        "threads.post_message",
        "resident",
        number="talked",
        fields={"kind": "reason", "text": "晚上看不见台阶", "acting": ""},
        texts=("text",),
    ),
    Form(
        "threads.post_reply",
        "resident",
        {"message_id": "message:gathering"},
        fields={"kind": "question", "text": "几点以后看不见", "acting": ""},
        texts=("text",),
    ),
    Form(
        "threads.raise_concern",
        "resident",
        number="gathering",
        fields={"harm": "救护车会进不来", "remedy": "留出四米的通道", "acting": ""},
        texts=("harm", "remedy"),
    ),
    Form(
        "threads.answer_concern",
        "moderator",
        {"concern_id": "concern:gathering:open"},
        fields={"text": "已经量过，宽度够", "version": "", "acting": _own_standing},
        texts=("text",),
    ),
    Form(
        "threads.propose_overruling",
        "chair",
        {"concern_id": "concern:gathering:open"},
        fields={"reason": "已有书面的意见"},
        texts=("reason",),
    ),
    Form("threads.agree_overruling", "street_office", {"concern_id": "concern:gathering:overruled"}),
    Form("threads.withdraw_concern", "resident", {"concern_id": "concern:gathering:open"}),
    Form(
        "threads.propose_solution",
        "resident",
        number="gathering",
        fields={"title": "装太阳能路灯", "text": "每栋楼前装一盏", "cost": "1200.50", "needs_permit": "", "acting": ""},
        texts=("title", "text"),
    ),
    Form(
        "threads.revise_solution",
        "resident",
        {"solution_id": "solution:gathering"},
        fields={"title": "装声控的路灯", "text": "每栋楼前装两盏", "cost": "", "needs_permit": "y", "acting": ""},
        texts=("title", "text"),
    ),
    # Decisions
    Form(
        "decisions.move",
        "owners_committee",
        number="moved",
        fields={**_MOTION, "acting": lambda world: str(world.cast.owners_committee.standings[0].id)},
        texts=("question", "agree", "disagree", "abstain", "text", "act", "task_1_title", "task_1_text"),
    ),
    Form("decisions.support", "neighbour", {"motion_id": "motion:moved"}),
    Form("decisions.table", "moderator", {"motion_id": "motion:moved"}, fields={"item_confirmed": "1"}),
    Form("decisions.withdraw", "owners_committee", {"motion_id": "motion:moved"}),
    Form(
        "decisions.publish",
        "moderator",
        {"motion_id": "motion:tabled"},
        fields={
            "opens_at": lambda _: _in(20),
            "closes_at": lambda _: _in(30),
            "item_confirmed": "y",
            "touches": "none",
        },
    ),
    Form(
        "decisions.cast",
        "owner",
        {"decision_id": "decision:voting"},
        fields={
            "choice": lambda world: str(world.ids["option:voting:1"]),
            "head": lambda world: str(world.ids["head:owner"]),
        },
    ),
    Form(
        "decisions.adopt",
        "official",
        {"resolution_id": "resolution:closed"},
        fields={"answer": "adopted", "reason": "十天之内出具意见"},
        texts=("reason",),
    ),
    # Tasks
    Form(
        "tasks.open_task",
        "moderator",
        number="gathering",
        fields={
            "title": "清理三号楼楼道",
            "text": "带上手套和口罩",
            "meeting_point": "东门的门卫室",
            "starts_at": lambda _: _in(3),
            "slots": "2",
            "days": "7",
        },
        texts=("title", "text", "meeting_point"),
    ),
    Form("tasks.claim", "neighbour", {"task_id": "task:open"}, fields={"acting": ""}),
    Form(
        "tasks.cancel",
        "moderator",
        {"task_id": "task:cancellable"},
        fields={"reason": "已经有人搬走了"},
        texts=("reason",),
    ),
    Form(
        "tasks.hand_in",
        "neighbour",
        {"claim_id": "claim:claimed"},
        fields={"report": "都搬到车棚里了", "minutes": "45", "picture": UPLOAD, "looked": "1"},
        texts=("report",),
    ),
    Form("tasks.give_back", "neighbour", {"claim_id": "claim:claimed"}),
    Form(
        "tasks.verify",
        "moderator",
        {"claim_id": "claim:handed_in"},
        fields={"verdict": "send_back", "missing": "墙角还剩两辆车"},
        texts=("missing",),
    ),
    # Cases
    _case("verification", "grid_worker", "reported"),
    _case("acceptance", "inspector", "verified"),
    _case("refusal", "inspector", "verified", reason="not_found"),
    _case("filing", "inspector", "accepted"),
    _case("dispatch", "dispatcher", "filed", body=lambda w: str(w.cast.organizations["fire"]), item="0"),
    _case("acknowledgement", "official", "dispatched"),
    _case("return", "official", "dispatched"),
    _case("calls", "official", "handling", bodies=lambda world: str(world.cast.organizations["property"])),
    _case("no-call", "dispatcher", "handling"),
    _case("handling", "official", "joined", picture=UPLOAD, no_picture="", looked="1"),
    _case("inspection", "inspector", "handled"),
    _case("rework", "inspector", "handled"),
    _case("feedback", "inspector", "inspected"),
    _case("closure", "closer", "fed_back"),
    Form(
        "cases.answer",
        "called_official",
        {"call_id": "call:called"},
        fields={"words": "已经断电，可以动手", "basis": "物业合同第 4 条"},
        texts=("words", "basis"),
    ),
    # People
    Form(
        "people.password",
        "resident",
        fields={"old": "wo-jia-de-mao-7", "new": "yang-tai-de-hua-9"},
        once=False,
    ),
    Form("people.acting", "moderator", fields={"standing": _own_standing}, once=False),
    Form("people.revoke", "moderator", {"sign_in_id": "sign_in:moderator"}, once=False),
    Form("people.revoke_others", "moderator", once=False),
    Form("people.sign_out", "moderator", once=False),
    Form("tell.reading", "resident", fields={"up_to": "1000000"}, once=False),
    Form(
        "people.sign_in",
        "visitor",
        fields={"contact": "13900000000", "password": "wo-jia-de-mao-7", "then": "/me", "way": ""},
        once=False,
    ),
    Form(
        "people.sign_up",
        "visitor",
        fields={
            "contact": "13700001111",
            "pseudonym": "桂花树下的人",
            "community": "990101001001",
            "password": "wo-jia-de-mao-7",
            "consent": "y",
            "then": "/",
        },
        texts=("pseudonym",),
        once=False,
    ),
    Form("people.recovery", "visitor", fields={"contact": "13900000000"}, once=False),
    Form("people.sign_in_code", "waiting_sign_in", fields={"code": "000000"}, once=False),
    Form("people.sign_up_code", "waiting_sign_up", fields={"code": "000000"}, once=False),
    Form(
        "people.recovery_code",
        "waiting_recovery",
        fields={"code": "000000", "password": "wo-jia-de-mao-7"},
        once=False,
    ),
    Form("people.send_again", "waiting_sign_in", once=False),
)


def picture() -> tuple[bytes, str]:
    """Return a photograph and the name a phone would give it."""
    return photograph(), "IMG_0001.jpg"
