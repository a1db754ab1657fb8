"""Every form of the platform: who may send it about which object of the world, and what a good one says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from cogov.ground.clock import now
from tests.cast import HERE
from tests.doors.world import AID, PAPER, World, photograph

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
    parts: dict[str, str] = field(default_factory=dict)
    """Other parts of the address, as they are."""

    @property
    def name(self) -> str:
        """Return a name for the test's list."""
        return f"{self.endpoint}:{self.act or self.number or '-'.join(self.ids.values())}".rstrip(":")

    def url(self, app: Flask, world: World, **others: object) -> str:
        """Return the address the form is sent to; `others` replaces parts of it."""
        values: dict[str, object] = {name: world.ids[key] for name, key in self.ids.items()}
        values |= {"number": world.numbers[self.number]} if self.number else {}
        values |= {"act": self.act} if self.act else {}
        values |= self.parts
        return app.url_map.bind("localhost").build(self.endpoint, {**values, **others}, method="POST")

    def filled(self, world: World) -> dict[str, Any]:
        """Return the fields with the ids of this world in them."""
        return {name: value(world) if callable(value) else value for name, value in self.fields.items()}


def _in(days: int) -> str:
    return (now().astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


_YES_NO = {"agree": "三个月内做", "disagree": "今年不再提", "abstain": "算参加了"}


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
        "threads.edit_message",
        "resident",
        {"message_id": "message:gathering"},
        fields={"text": "老人和孩子晚上都看不见路"},
        texts=("text",),
    ),
    Form("threads.mark_read", "resident", number="gathering", fields={"message": ""}, once=False),
    Form(
        "threads.write_summary",
        "moderator",
        number="gathering",
        fields={"text": "大家同意装灯", "base": "1", "sources": "", "minutes": "", "acting": ""},
        texts=("text", "sources"),
    ),
    Form(
        "threads.propose_summary",
        "resident",
        number="gathering",
        fields={"text": "大家同意装灯，电费另议", "base": "1", "sources": "", "acting": ""},
        texts=("text", "sources"),
    ),
    Form("threads.accept_summary", "moderator", {"summary_id": "proposal:gathering"}, fields={"base": "1"}),
    Form(
        "threads.decline_summary",
        "moderator",
        {"summary_id": "proposal:gathering"},
        fields={"reason": "这一句还没有商量"},
        texts=("reason",),
    ),
    Form("threads.endorse_minutes", "resident", {"summary_id": "summary:gathering"}),
    Form(
        "threads.object_to_minutes",
        "resident",
        {"summary_id": "summary:gathering"},
        fields={"reason": "我没有这样说", "acting": ""},
        texts=("reason",),
    ),
    Form(
        "moderation.flag",
        "neighbour",
        {"message_id": "message:gathering"},
        fields={"reason": "off_topic", "words": "说的是别的事", "about_committee": ""},
        texts=("words",),
    ),
    Form("moderation.withdraw", "resident", {"message_id": "message:gathering"}),
    Form(
        "moderation.decide",
        "moderator",
        {"review_id": "review:talked:open"},
        fields={"choice": "insult", "words": "请不要骂人"},
        texts=("words",),
    ),
    Form(
        "moderation.order",
        "street_office",
        {"review_id": "review:talked:open"},
        fields={"organ": "区网信办", "basis": "网络信息内容生态治理规定第六条", "dated": "2026-01-05"},
        texts=("organ", "basis"),
    ),
    Form("moderation.look", "moderator", {"review_id": "review:talked:removed"}, once=False),
    Form(
        "moderation.appeal",
        "resident",
        {"review_id": "review:talked:removed"},
        fields={"words": "我说的是他的做法"},
        texts=("words",),
    ),
    Form(
        "moderation.answer",
        "street_office",
        {"review_id": "review:talked:appealed"},
        fields={"granted": "no", "words": "“骗子”没有依据"},
        texts=("words",),
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
        "decisions.cast_secret",
        "owner",
        {"decision_id": "decision:voting"},
        fields={"choice": "1", "code": "23456789ABCDEFGHJKMNPQRS"},
        once=False,
    ),
    Form("decisions.token", "owner", {"decision_id": "decision:voting"}, fields={"blinded": "01" * 256}, once=False),
    Form(
        "decisions.drop",
        "owner",
        {"decision_id": "decision:voting"},
        fields={"token": "01" * 64, "signature": "01" * 256, "ballot": "01" * 64},
        once=False,
    ),
    Form("decisions.take_code", "owner", {"decision_id": "decision:voting"}, once=False),
    Form("decisions.agree", "owner", {"decision_id": "decision:voting"}, fields={"code": "2" * 24}, once=False),
    Form("decisions.unseal_box", "owner", {"decision_id": "decision:voting"}, fields={"code": "2" * 24}, once=False),
    Form(
        "decisions.adopt",
        "official",
        {"resolution_id": "resolution:closed"},
        fields={"answer": "adopted", "reason": "十天之内出具意见"},
        texts=("reason",),
    ),
    Form(
        "decisions.edit_rule",
        "administrator",
        parts={"code": "R1", "place": HERE},
        fields={
            "name": "业主共同决定：一般的事项",
            "seconders": "1/10",
            "notice_days": "20",
            "publication_days": "3",
            "parking": "left_out",
            "co_owners": "any",
            "source": "议事规则第十二条",
            "reason": "业主大会会议改了议事规则",
            "not_before": "",
            "step": "send",
        },
        texts=("name", "source", "reason"),
    ),
    Form("decisions.confirm_rule", "street_office", {"version_id": "version:waiting"}),
    Form("decisions.decline_rule", "street_office", {"version_id": "version:waiting"}),
    Form(
        "decisions.authority",
        "administrator",
        parts={"place": HERE},
        fields={
            "title": "同意业主电子投票的批复",
            "issuer": "区住建局",
            "dated": "2026-10-01",
            "picture": UPLOAD,
            "looked": "1",
        },
        texts=("title", "issuer"),
    ),
    Form(
        "decisions.settle_authority",
        "street_office",
        {"authority_id": "authority:waiting"},
        fields={"agrees": "yes"},
    ),
    Form("decisions.end_authority", "street_office", {"authority_id": "authority:agreed"}),
    Form(
        "decisions.ask_course",
        "moderator",
        {"decision_id": "decision:closed"},
        parts={"kind": "annul"},
        fields={
            "annuller": "street_office",
            "document": "青街〔2026〕3 号",
            "dated": "2026-01-05",
            "reason": "三号楼没有贴公告",
        },
        texts=("document", "reason"),
    ),
    Form("decisions.sign_course", "owners_committee", {"act_id": "act:voting"}),
    Form("decisions.decline_course", "owners_committee", {"act_id": "act:voting"}),
    Form(
        "decisions.object_to",
        "owner",
        {"decision_id": "decision:closed"},
        fields={"text": "公告没有贴到二单元"},
        texts=("text",),
    ),
    Form(
        "decisions.answer_objection",
        "moderator",
        {"objection_id": "objection:closed"},
        fields={"answer": "三月二日已经张贴，有照片"},
        texts=("answer",),
    ),
    Form(
        "decisions.state_outcome",
        "moderator",
        {"decision_id": "decision:closed"},
        fields={"statement": "灯已经装好", "review_on": lambda _: _in(100)[:10]},
        texts=("statement",),
    ),
    Form(
        "decisions.write_template",
        "moderator",
        parts={"place": HERE},
        fields=_YES_NO | {"name": "这件事做不做"},
        texts=("name", "agree", "disagree", "abstain"),
    ),
    Form(
        "decisions.change_template",
        "moderator",
        {"template_id": "template"},
        fields=_YES_NO | {"name": "这件事做不做", "why": "写清楚先做的是哪一样"},
        texts=("name", "agree", "disagree", "abstain", "why"),
    ),
    Form("decisions.retire_template", "moderator", {"template_id": "template"}),
    Form(
        "decisions.check_reason",
        "moderator",
        {"decision_id": "decision:closed"},
        fields={"reason": "f" * 32, "withheld": ""},
    ),
    Form(
        "decisions.decision_mandates",
        "owner",
        {"decision_id": "decision:voting"},
        fields={"proxy": "化名tenant"},
        texts=("proxy",),
    ),
    Form(
        "decisions.period_mandate",
        "owner",
        fields={"proxy": "化名tenant", "until": lambda _: _in(90)[:10]},
        texts=("proxy",),
    ),
    Form(
        "decisions.paper_mandates",
        "moderator",
        {"decision_id": "decision:voting"},
        fields={
            "building": lambda world: str(world.cast.building_ids[0]),
            "staircase": "1",
            "door": "601",
            "proxy": "化名tenant",
            "looked": "1",
            "picture": UPLOAD,
        },
        texts=("proxy",),
    ),
    Form("decisions.settle_mandate", "chair", {"mandate_id": "mandate:waiting"}, fields={"agrees": "yes"}),
    Form("decisions.end_mandate", "landlord", {"mandate_id": "mandate:given"}),
    Form(
        "decisions.apply_interest",
        "owner",
        {"motion_id": "motion:neighbouring"},
        fields={"unit": lambda world: str(world.cast.unit_ids[0]), "text": "油烟管正对我家阳台，窗户开不了。"},
        texts=("text",),
    ),
    Form(
        "decisions.settle_interest",
        "moderator",
        {"interest_id": "interest:waiting"},
        fields={"outcome": "admit", "reason": "看过现场，正对阳台。"},
        texts=("reason",),
    ),
    Form("decisions.withdraw_interest", "landlord", {"interest_id": "interest:waiting"}),
    Form(
        "decisions.open_round",
        "moderator",
        number="gathering",
        fields={"question": "楼道灯先换声控的行不行", "kind": "hands", "closes_at": lambda _: _in(3)},
        texts=("question",),
    ),
    Form(
        "decisions.answer_round",
        "resident",
        {"round_id": "round:gathering"},
        fields={"choice": "block", "harm": "救护车会进不来", "remedy": "留出四米的通道"},
        texts=("harm", "remedy"),
    ),
    Form(
        "decisions.close_round",
        "chair",
        {"round_id": "round:gathering"},
        fields={"summary": "多数愿意按楼分摊"},
        texts=("summary",),
    ),
    Form("decisions.make_papers", "moderator", {"decision_id": "decision:voting"}, fields={"building": ""}),
    Form(
        "decisions.read_sheets",
        "moderator",
        {"decision_id": "decision:secret"},
        fields={"count-1": "1", "spoiled": "0"},
        texts=("lines",),
    ),
    Form(
        "decisions.read_paper",
        "chair",
        parts={"slip": PAPER},
        fields={
            "channel": "paper",
            "fault": "",
            "signer": "",
            "choice": lambda world: str(world.ids["option:voting:1"]),
            "signed_on": lambda _: _in(0)[:10],
            "looked": "1",
            "picture": UPLOAD,
        },
    ),
    Form(
        "decisions.help_cast",
        "moderator",
        {"decision_id": "decision:voting"},
        fields={
            "building": lambda world: str(world.cast.building_ids[0]),
            "staircase": "1",
            "door": "102",
            "voter": lambda world: str(world.cast.landlord.person_id),
            "choice": lambda world: str(world.ids["option:voting:1"]),
        },
    ),
    Form("decisions.witness", "resident", parts={"aid": AID}),
    Form("decisions.stop_help", "owner", parts={"aid": AID}),
    Form(
        "decisions.note_service",
        "moderator",
        {"decision_id": "decision:voting"},
        fields={
            "building": lambda world: str(world.cast.building_ids[0]),
            "head": lambda world: str(world.ids["head:owner"]),
            "means": "door",
            "outcome": "absent",
            "on": lambda _: _in(0)[:10],
        },
    ),
    Form("decisions.service_evidence", "moderator", {"decision_id": "decision:closed"}, once=False),
    Form("decisions.full_bundle", "moderator", {"decision_id": "decision:closed"}, once=False),
    Form("decisions.units", "moderator", {"decision_id": "decision:closed"}, once=False),
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
    Form(
        "cases.pause",
        "dispatcher",
        {"case_id": "case:handling"},
        fields={"words": "等供电公司现场勘测"},
        texts=("words",),
    ),
    Form("cases.resume", "dispatcher", {"case_id": "case:paused"}),
    # Meetings
    Form(
        "meetings.call",
        "moderator",
        fields={
            "place": lambda world: str(world.cast.community_id),
            "title": "春季议事会",
            "begins": lambda _: _in(3),
            "spot": "二楼活动室",
            "text": "商量绿地怎么分，欢迎都来。",
            "turn_seconds": "180",
        },
        texts=("title", "text", "spot"),
    ),
    Form(
        "meetings.list_item",
        "moderator",
        {"meeting_id": "meeting:called"},
        fields={"number": "", "title": "楼道堆物怎么清"},
        texts=("title",),
    ),
    Form(
        "meetings.strike_item",
        "moderator",
        {"meeting_id": "meeting:called", "meeting_item_id": "meeting_item:first"},
    ),
    Form(
        "meetings.move_up",
        "moderator",
        {"meeting_id": "meeting:called", "meeting_item_id": "meeting_item:second"},
    ),
    Form(
        "meetings.open_meeting",
        "moderator",
        {"meeting_id": "meeting:called"},
    ),
    Form(
        "meetings.close_meeting",
        "moderator",
        {"meeting_id": "meeting:free"},
    ),
    Form(
        "meetings.check_in",
        "tenant",
        {"meeting_id": "meeting:free"},
        fields={"acting": "", "code": "", "presence": "online"},
    ),
    Form(
        "meetings.enter",
        "moderator",
        {"meeting_id": "meeting:free"},
        fields={"label": "3 号楼 201", "category": "owner"},
        texts=("label",),
    ),
    Form(
        "meetings.hand_over",
        "moderator",
        {"meeting_id": "meeting:free"},
        fields={"ordinal": "2"},
    ),
    Form(
        "meetings.take_up",
        "moderator",
        {"meeting_id": "meeting:free", "meeting_item_id": "meeting_item:later"},
    ),
    Form(
        "meetings.note_down",
        "moderator",
        {"meeting_id": "meeting:free", "meeting_item_id": "meeting_item:free"},
        fields={"kind": "task", "text": "请电工先来看一看"},
        texts=("text",),
    ),
    Form(
        "meetings.move",
        "resident",
        {"meeting_id": "meeting:free"},
        fields={"text": "车棚装两盏声控灯", "amends": "", "reconsiders": "", "ordinal": ""},
        texts=("text",),
    ),
    Form(
        "meetings.ask_to_speak",
        "resident",
        {"meeting_id": "meeting:free"},
        fields={"side": "question"},
    ),
    Form(
        "meetings.leave_queue",
        "owner",
        {"meeting_id": "meeting:debate", "turn_id": "turn:waiting"},
    ),
    Form(
        "meetings.call_next",
        "moderator",
        {"meeting_id": "meeting:debate"},
        fields={"after": lambda world: str(world.ids["turn:speaking"])},
    ),
    Form(
        "meetings.prompt",
        "moderator",
        {"meeting_id": "meeting:debate", "turn_id": "turn:speaking"},
    ),
    Form(
        "meetings.withdraw",
        "resident",
        {"meeting_id": "meeting:debate", "meeting_motion_id": "meeting_motion:debate"},
    ),
    Form(
        "meetings.open_hands",
        "moderator",
        {"meeting_id": "meeting:debate", "meeting_motion_id": "meeting_motion:debate"},
    ),
    Form(
        "meetings.raise_hand",
        "owner",
        {"meeting_id": "meeting:hands", "meeting_motion_id": "meeting_motion:hands"},
        fields={"hand": "for"},
    ),
    Form(
        "meetings.count_hands",
        "moderator",
        {"meeting_id": "meeting:hands", "meeting_motion_id": "meeting_motion:hands"},
    ),
    Form(
        "meetings.write_minutes",
        "moderator",
        {"meeting_id": "meeting:draft"},
        fields={"text": "一、到会四人。二、车棚的灯下次再议。"},
        texts=("text",),
    ),
    Form(
        "meetings.put_out_minutes",
        "moderator",
        {"meeting_id": "meeting:draft"},
    ),
    Form(
        "meetings.sign_minutes",
        "resident",
        {"meeting_id": "meeting:signing"},
        fields={"answer": "object", "reason": "没写谁来修灯"},
        texts=("reason",),
    ),
    Form(
        "meetings.settle_minutes",
        "moderator",
        {"meeting_id": "meeting:signed"},
    ),
    # Announcements
    Form(
        "announcements.publish",
        "moderator",
        fields={
            "place": lambda world: str(world.cast.community_id),
            "kind": "outage",
            "title": "周六上午停水",
            "text": "三号楼和四号楼，请提前存水",
            "until": lambda _: _in(3)[:10],
            "meeting_at": "",
            "meeting_spot": "",
            "number": "",
            "pinned": "",
        },
        texts=("title", "text"),
    ),
    Form(
        "announcements.correct",
        "moderator",
        {"announcement_id": "announcement"},
        fields={
            "title": "周日上午停水",
            "text": "三号楼和四号楼，请提前存水",
            "until": lambda _: _in(3)[:10],
            "meeting_at": "",
            "meeting_spot": "",
            "reason": "自来水公司改了日子",
        },
        texts=("title", "text", "reason"),
    ),
    Form(
        "announcements.withdraw",
        "moderator",
        {"announcement_id": "announcement"},
        fields={"reason": "这次不停水了"},
        texts=("reason",),
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
    Form(
        "people.create_token",
        "resident",
        fields={"name": "报表程序", "scopes": "read", "days": "30"},
        texts=("name",),
        once=False,
    ),
    Form("people.revoke_one", "moderator", {"token_id": "token:moderator"}, once=False),
    Form("people.revoke_others", "moderator", once=False),
    Form("people.sign_out", "moderator", once=False),
    Form("people.pseudonym", "resident", fields={"pseudonym": "桂花树上的人"}, texts=("pseudonym",), once=False),
    Form("people.consents", "newcomer", fields={"privacy": "y", "terms": "y", "then": "/me"}, once=False),
    Form("people.ask_to_close", "resident", fields={"words": "keep"}, once=False),
    Form("people.keep_account", "resident", once=False),
    Form("people.give", "resident", fields={"version": "2026-11-22"}, once=False, parts={"kind": "home"}),
    Form("people.withdraw", "resident", once=False, parts={"kind": "privacy"}),
    Form("mine.export", "resident", once=False),
    Form("tell.reading", "resident", fields={"up_to": "1000000", "topic": ""}, once=False),
    Form(
        "tell.quieter",
        "resident",
        fields={"topic": lambda world: str(world.ids["problem:gathering"]), "act": "quieter"},
        once=False,
    ),
    Form("tell.set_choices", "resident", fields={"dossiers": "important", "community": "none"}, once=False),
    Form("mail.choose", "resident", fields={"pace": "weekly"}, once=False),
    Form("mail.send_code", "resident", fields={"address": "somebody@example.org"}, once=False),
    Form("mail.prove", "resident", fields={"code": "000000"}, once=False),
    Form("mail.remove", "resident", once=False),
    Form("calendars.make_feed", "resident", once=False),
    Form("calendars.end_feed", "resident", once=False),
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
            "terms": "y",
            "home": "",
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
    # Second factors: what would open something is proved in tests/people, with devices of its own.
    Form("people.second_step", "visitor", fields={"code": "000000"}, once=False),
    Form("people.sign_in_passkey", "visitor", fields={"credential": "{}", "then": "/me"}, once=False),
    Form("people.start_app", "resident", once=False),
    Form("people.confirm", "resident", fields={"code": "000000"}, once=False),
    Form("people.drop_app", "resident", once=False),
    Form("people.start_passkey", "resident", once=False),
    Form("people.keep_passkey", "resident", fields={"credential": "{}", "name": "我的手机"}, once=False),
    Form("people.drop_passkey", "moderator", {"passkey_id": "passkey:moderator"}, once=False),
    Form("people.renew_codes", "moderator", once=False),
    # The console
    Form("admin.look", "administrator", {"person_id": "person:complained"}, fields={"reason": "call_back"}, once=False),
    Form("admin.countersign", "administrator", {"countersign_id": "countersign:waiting"}),
    Form("admin.decline", "administrator", {"countersign_id": "countersign:waiting"}),
    Form("admin.register", "administrator", fields={"contact": "13600009999", "name": "冯某", "pseudonym": ""}),
    Form(
        "admin.grant",
        "administrator",
        {"person_id": "person:newcomer"},
        fields={
            "role": "auditor",
            "organization": "",
            "scope": "990101001001",
            "public_name": "",
            "document": "街办〔2026〕12 号",
            "since": "",
            "until": "",
        },
        texts=("document",),
    ),
    Form("admin.dismiss_role", "administrator", {"role_id": "role:spare"}),
    Form(
        "admin.suspend",
        "administrator",
        {"person_id": "person:newcomer"},
        fields={"reason": "flooding", "scope": "99", "since": "", "until": lambda _: _in(25)[:10]},
    ),
    Form("admin.agree", "street_office", {"suspension_id": "suspension:waiting"}),
    Form("admin.lift", "administrator", {"suspension_id": "suspension:waiting"}),
    Form(
        "admin.organizations",
        "administrator",
        fields={
            "kind": "social",
            "name": "梧桐读书会",
            "scope": "990101001001",
            "short_name": "",
            "contact": "居委会二楼活动室",
        },
        texts=("name", "contact"),
    ),
    Form(
        "admin.organization",
        "administrator",
        {"organization_id": "organization:spare"},
        fields={"name": "云溪区园林绿化所", "short_name": "", "contact": "区政府西楼"},
        texts=("name", "contact"),
    ),
    Form(
        "admin.robots",
        "moderator",
        fields={
            "whose": lambda world: f"c{world.cast.community_id}",
            "hears": "announcements",
            "kind": "dingtalk",
            "name": "楼组长群",
            "url": "https://oapi.dingtalk.com/robot/send?access_token=3a9f",
            "secret": "SEC5e0d",
            "keyword": "",
        },
        texts=("name", "secret", "keyword"),
    ),
    Form("admin.try_out", "moderator", {"robot_id": "robot"}, once=False),
    Form("admin.pause", "moderator", {"robot_id": "robot"}),
    Form("admin.resume", "moderator", {"robot_id": "robot:paused"}),
    Form("admin.remove", "moderator", {"robot_id": "robot"}),
    Form("admin.end_organization", "administrator", {"organization_id": "organization:spare"}),
    Form("admin.places", "administrator", fields={"code": "990101001009", "name": "河岸里社区"}, texts=("name",)),
    Form(
        "admin.buildings",
        "administrator",
        fields={"code": "9", "name": "九号楼东", "grid": "", "floors": "6"},
        parts={"code": "990101001001"},
        texts=("name",),
    ),
    Form(
        "admin.building",
        "administrator",
        {"building_id": "building"},
        fields={"staircase": "2", "door": "901", "area": "88.80", "use": "dwelling"},
    ),
    Form(
        "admin.grid",
        "moderator",
        fields={"contact": "13900000012", "public": "居委会一楼窗口", "deputy": "y"},
        parts={"code": "990101001001001"},
        texts=("public",),
    ),
    Form("admin.setting", "administrator", fields={"value": "9"}, parts={"name": "vote_days", "at": "990101001001"}),
    Form(
        "admin.residence",
        "moderator",
        {"person_id": "person:complained"},
        fields={
            "building": lambda world: str(world.cast.building_ids[0]),
            "staircase": "1",
            "door": "301",
            "kind": "tenant",
            "reference": "",
        },
        parts={"at": "990101001001"},
    ),
    Form("admin.end_home", "moderator", {"residence_id": "residence:neighbour"}),
    Form("mine.leave_home", "outsider", {"residence_id": "residence:outsider"}),
    Form(
        "admin.matter",
        "administrator",
        {"matter_id": "matter:spare"},
        fields={
            "name": "枯枝和倒伏的树",
            "lane": "A",
            "limit": "5",
            "unit": "working_days",
            "basis": "城市绿化条例",
            "close_condition": "枯枝清走，路面通畅",
            "kpi": "按期处置率",
        },
        texts=("name", "close_condition"),
    ),
    Form("admin.end_matter", "administrator", {"matter_id": "matter:spare"}),
    Form("admin.start_matters", "administrator", once=False),
    Form(
        "admin.duties",
        "administrator",
        fields={
            "matter": lambda world: str(world.ids["matter:spare"]),
            "organization": lambda world: str(world.ids["organization:spare"]),
            "scope": "990101001001",
            "number": "N-1",
            "list_kind": "basic",
            "limit": "3",
            "unit": "working_days",
            "basis": "区清单第三十一项",
            "valid_from": "2026-01-01",
            "valid_to": "",
        },
        texts=("basis",),
    ),
    Form("admin.duty", "administrator", {"item_id": "item:spare"}, fields={"valid_to": "2030-12-31"}),
    Form(
        "admin.calendar",
        "administrator",
        fields={"day": "2026-12-31", "working": "no", "name": "本地纪念日"},
        parts={"at": "990101001001"},
        texts=("name",),
    ),
    Form("admin.calendar_year", "administrator", fields={"at": "990101001001"}, parts={"year": "2026"}),
    Form(
        "admin.imports",
        "administrator",
        fields={"pasted": "代码,名称\n990101001008,对岸里社区"},
        parts={"kind": "places"},
        texts=(),
        once=False,
    ),
    Form("admin.entry", "administrator", parts={"kind": "places"}, once=False),
    Form(
        "admin.new_community",
        "administrator",
        fields={
            "district": "990101",
            "street": "青川街道",
            "community": "新桥里社区",
            "street_code": "001",
            "community_code": "007",
            "above": "测试省、测试市、云溪区",
        },
        texts=("community", "street"),
    ),
    Form(
        "admin.set_up_grids",
        "administrator",
        fields={"lines": "第一网格：1、2\n第二网格：3、4"},
        parts={"code": "990101001003"},
    ),
    Form(
        "admin.set_up_people",
        "administrator",
        fields={"post": "moderator", "name": "贺主持人", "contact": "13600008888", "organization": "", "reached": ""},
        parts={"code": "990101001003"},
        texts=("name",),
    ),
    Form(
        "admin.set_up_duties",
        "administrator",
        fields={"otherwise": lambda world: str(world.cast.organizations["street"])},
        parts={"code": "990101001003"},
    ),
    Form("admin.set_up_calendar", "administrator", parts={"code": "990101001003"}),
    Form(
        "admin.set_up_rules",
        "administrator",
        fields={
            "statutory_vote_authorized": "0",
            "triage_hours": "24",
            "case_days": "7",
            "concern_answer_days": "5",
            "motion_supports": "5",
            "vote_days": "8",
            "confirmation_days": "7",
            "planned_on": "2027-01-01",
        },
        parts={"code": "990101001003"},
    ),
    Form("admin.opening", "administrator", parts={"code": "990101001004"}),
    Form(
        "admin.first",
        "visitor",
        fields={
            "code": "ABCD-EFGH-JKLM",
            "name": "冯某某",
            "contact": "13600007777",
            "password": "wo-jia-de-mao-7",
            "district": "杭州市上城区",
            "street": "清波街道",
            "community": "柳浪社区",
            "street_code": "",
            "community_code": "",
            "above": "",
        },
        once=False,
    ),
)


def picture() -> tuple[bytes, str]:
    """Return a photograph and the name a phone would give it."""
    return photograph(), "IMG_0001.jpg"
