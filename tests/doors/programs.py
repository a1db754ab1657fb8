"""Every operation of the API: who may ask for it about which object of the world, and what a good request says."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cogov.ground.clock import now
from tests.cast import HERE
from tests.doors.world import AID, PAPER, World, photograph, sheet


@dataclass(frozen=True)
class Call:
    """One good request; `ids` and `number` name objects of the world, `parts` are other parts of the address."""

    operation: str
    who: str | None
    ids: dict[str, str] = field(default_factory=dict)
    number: str = ""
    body: dict[str, Any] | None = None
    query: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    days: int = 0
    """How much later than the others it is sent."""

    def path(self, world: World) -> dict[str, Any]:
        """Return the parts of the address."""
        parts: dict[str, Any] = {name: world.ids[key] for name, key in self.ids.items()}
        return parts | self.parts | ({"number": world.numbers[self.number]} if self.number else {})

    def sent(self, world: World) -> dict[str, Any] | None:
        """Return the body with the ids of this world in it."""
        return None if self.body is None else _filled(self.body, world)

    def asked(self, world: World) -> dict[str, Any]:
        """Return the query with the ids of this world in it."""
        return dict(_filled(self.query, world))


def _filled(value: Any, world: World) -> Any:
    if callable(value):
        return value(world)
    if isinstance(value, dict):
        return {name: _filled(inner, world) for name, inner in value.items()}
    return [_filled(inner, world) for inner in value] if isinstance(value, list) else value


def _at(**span: float) -> Any:
    return lambda _: (now() + timedelta(**span)).replace(microsecond=0).isoformat()


def _cast(path: str, key: str | int) -> Any:
    return lambda world: getattr(world.cast, path)[key]


def _number(name: str) -> Any:
    return lambda world: world.numbers[name]


def _slip(name: str) -> Any:
    return lambda world: world.slip[name]


def _id(name: str) -> Any:
    return lambda world: world.ids[name]


FIRE, PROPERTY = _cast("organizations", "fire"), _cast("organizations", "property")
PICTURE = base64.b64encode(photograph()).decode()
SHEET = base64.b64encode(sheet()).decode()
SAID = {"words": "到场看过，情况属实。", "basis": "清单第 3 条"}


def _case(operation: str, who: str, state: str, body: dict[str, Any] | None = None) -> Call:
    return Call(operation, who, {"case_id": f"case:{state}"}, body=SAID | (body or {}))


CALLS = (
    # Who I am, and what there is
    Call("show_me", "moderator"),
    Call("change_pseudonym", "resident", body={"pseudonym": "桂花树上的人"}),
    Call("list_homes", "tenant"),
    Call("move_out", "tenant", {"residence_id": "residence:tenant"}),
    Call("list_communities", None),
    Call("show_community", None, parts={"code": HERE}),
    Call("list_organizations", None, query={"place": HERE, "kind": "body"}),
    Call("list_matters", None),
    Call("list_duties", None, {"matter_id": "matter:spare"}, query={"place": HERE}),
    # Problems
    Call(
        "keep_picture",
        "resident",
        body={"picture": PICTURE, "boxes": [{"left": 420, "top": 130, "width": 90, "height": 120}]},
    ),
    Call("keep_document", "resident", body={"document": SHEET, "title": "电梯检测报告.pdf"}),
    Call("list_problems", None, query={"place": HERE, "limit": 2}),
    Call(
        "raise_problem",
        "resident",
        body={
            "place": HERE,
            "text": "3 号楼 2 单元门禁坏了一个礼拜，谁都能进。",
            "grid": lambda world: world.cast.grid_ids[0],
            "spot": "2 单元门口",
        },
    ),
    Call("show_problem", "resident", number="raised"),
    Call("second_problem", "neighbour", number="raised"),
    Call("unsecond_problem", "neighbour", number="seconded"),
    Call("show_following", "neighbour", number="raised"),
    Call("follow_problem", "neighbour", number="raised", body={"level": "needs"}),
    Call(
        "cover_picture",
        "resident",
        {"picture_id": "picture:gathering"},
        "gathering",
        body={"boxes": [{"left": 100, "top": 100, "width": 200, "height": 200}]},
    ),
    Call(
        "triage_problem",
        "moderator",
        number="raised",
        body={"lane": "B", "reason": "COMMONS", "rule": "R2", "words": "共用部分由大家商量。"},
    ),
    Call("appeal_triage", "resident", number="referred", body={"words": "法院不管这件事，请重新看。"}),
    Call("answer_appeal", "street_office", number="appealed", body={"outcome": "granted", "words": "重新分流一次。"}),
    Call("record_mediation", "moderator", number="mediating", body={"agreed": True, "words": "双方各让了一步。"}),
    Call("conclude_deliberation", "moderator", number="talked", body={"words": "大家轮流打扫。"}),
    # Threads
    Call("list_messages", None, number="gathering"),
    Call("post_message", "resident", number="talked", body={"kind": "reason", "text": "晚上看不见台阶。"}),
    Call("list_message_versions", None, {"message_id": "message:gathering"}),
    Call("edit_message", "resident", {"message_id": "message:gathering"}, body={"text": "老人和孩子晚上看不见路。"}),
    Call("show_summary", None, number="gathering"),
    Call("write_summary", "moderator", number="gathering", body={"text": "大家同意装灯。", "base": 1}),
    Call("propose_summary", "resident", number="gathering", body={"text": "电费另议。", "base": 1}),
    Call("accept_summary", "moderator", {"summary_id": "proposal:gathering"}, body={"base": 1}),
    Call("decline_summary", "moderator", {"summary_id": "proposal:gathering"}, body={"reason": "还没有商量过。"}),
    Call(
        "answer_minutes",
        "resident",
        {"summary_id": "summary:gathering"},
        body={"endorses": False, "reason": "我没有这样说。"},
    ),
    Call("mark_read", "resident", number="gathering", body={"message": _id("message:gathering")}),
    Call(
        "flag_message",
        "neighbour",
        {"message_id": "message:gathering"},
        body={"reason": "off_topic", "words": "说的是别的事。"},
    ),
    Call("withdraw_message", "resident", {"message_id": "message:gathering"}),
    Call("show_slow_mode", None, number="gathering"),
    Call("set_slow_mode", "moderator", number="gathering", body={"minutes": 10, "hours": 2, "reason": "吵得太快。"}),
    Call("end_slow_mode", "moderator", number="restrained"),
    Call(
        "block_author",
        "moderator",
        {"message_id": "message:gathering"},
        body={"days": 3, "reason": "spam", "words": "反复贴同样的话。"},
    ),
    Call("show_block", "resident", {"block_id": "block:open"}),
    Call("appeal_block", "resident", {"block_id": "block:open"}, body={"words": "我只说了一次。"}),
    Call(
        "answer_block_appeal",
        "street_office",
        {"block_id": "block:appealed"},
        body={"granted": False, "words": "看过，维持。"},
    ),
    Call("show_review", "moderator", {"review_id": "review:talked:open"}),
    Call(
        "decide_review",
        "moderator",
        {"review_id": "review:talked:open"},
        body={"verdict": "remove", "reason": "insult", "words": "请不要骂人。"},
    ),
    Call(
        "order_text_down",
        "street_office",
        {"review_id": "review:talked:open"},
        body={"organ": "区网信办", "basis": "网络信息内容生态治理规定第六条", "dated": "2026-01-05"},
    ),
    Call("look_at_sealed", "moderator", {"review_id": "review:talked:removed"}),
    Call("appeal_removal", "resident", {"review_id": "review:talked:removed"}, body={"words": "我说的是他的做法。"}),
    Call(
        "answer_removal_appeal",
        "street_office",
        {"review_id": "review:talked:appealed"},
        body={"granted": False, "words": "“骗子”没有依据。"},
    ),
    Call("moderation_ledger", None, query={"place": HERE}),
    Call("list_conversations", None, number="gathering"),
    Call(
        "open_conversation",
        "moderator",
        number="talked",
        body={"question": "灯亮到几点合适？", "closes_at": _at(days=20), "statements": ["整夜亮着。"]},
    ),
    Call("read_conversation", None, {"conversation_id": "conversation:gathering"}),
    Call("list_statements", None, {"conversation_id": "conversation:gathering"}),
    Call("read_map", None, {"conversation_id": "conversation:gathering"}),
    Call("write_statement", "tenant", {"conversation_id": "conversation:gathering"}, body={"text": "先修三号楼的灯。"}),
    Call("answer_statement", "tenant", {"statement_id": "statement:gathering"}, body={"answer": "agree"}),
    Call("withdraw_answer", "tenant", {"statement_id": "statement:gathering"}),
    Call("flag_statement", "owner", {"statement_id": "statement:gathering"}, body={"reason": "off_topic"}),
    Call("show_text", None, {"subject_id": "concern:gathering:open"}, parts={"what": "concern"}),
    Call(
        "flag_text",
        "owner",
        {"subject_id": "concern:gathering:open"},
        parts={"what": "concern"},
        body={"reason": "off_topic"},
    ),
    Call("withdraw_text", "owners_committee", {"subject_id": "motion:moved"}, parts={"what": "voting_motion"}),
    Call("withdraw_statement", "neighbour", {"statement_id": "statement:gathering"}),
    Call("close_conversation", "moderator", {"conversation_id": "conversation:gathering"}),
    Call("list_concerns", None, number="gathering"),
    Call(
        "raise_concern", "resident", number="gathering", body={"harm": "救护车会进不来。", "remedy": "留出四米的通道。"}
    ),
    Call(
        "answer_concern",
        "moderator",
        {"concern_id": "concern:gathering:open"},
        body={"text": "已经量过，宽度够四米。"},
    ),
    Call(
        "propose_overruling", "chair", {"concern_id": "concern:gathering:open"}, body={"reason": "已有书面的消防意见。"}
    ),
    Call("agree_overruling", "street_office", {"concern_id": "concern:gathering:overruled"}),
    Call("withdraw_concern", "resident", {"concern_id": "concern:gathering:open"}),
    Call("list_solutions", None, number="gathering"),
    Call(
        "propose_solution",
        "resident",
        number="gathering",
        body={"title": "装太阳能路灯", "text": "每栋楼前装一盏。", "cost": 120_050},
    ),
    Call(
        "revise_solution",
        "resident",
        {"solution_id": "solution:gathering"},
        body={"title": "装声控的路灯", "text": "每栋楼前装两盏。", "needs_permit": True},
    ),
    Call("list_amendments", None, {"solution_id": "solution:gathering"}),
    Call(
        "propose_amendment",
        "neighbour",
        {"solution_id": "solution:gathering"},
        body={"title": "装感应的路灯", "text": "每栋楼前装三盏。", "cost": 90_000, "why": "两盏灯不够亮。"},
    ),
    Call(
        "accept_amendment",
        "resident",
        {"amendment_id": "amendment:gathering"},
        body={"words": "说得对，照这样改。"},
    ),
    Call("reject_amendment", "resident", {"amendment_id": "amendment:gathering"}, body={"words": "感应灯半夜总闪。"}),
    Call("promote_amendment", "neighbour", {"amendment_id": "amendment:gathering"}, body={"title": "每层装三盏灯"}),
    Call("withdraw_amendment", "neighbour", {"amendment_id": "amendment:gathering"}),
    Call("endorse_solution", "street_office", {"solution_id": "solution:gathering"}),
    Call("withdraw_endorsement", "owners_committee", {"solution_id": "solution:gathering"}),
    Call("state_interest", "resident", number="gathering", body={"kind": "affected", "words": "三楼的一位住户"}),
    Call("list_pledges", None, number="gathering"),
    Call("make_pledge", "resident", number="gathering", body={"kind": "money", "amount": 5_050}),
    Call("keep_pledge", "moderator", {"pledge_id": "pledge:gathering"}),
    Call("withdraw_pledge", "neighbour", {"pledge_id": "pledge:gathering"}),
    Call("list_outcomes", None, number="gathering"),
    Call("list_minority", None, {"outcome_id": "outcome:gathering"}),
    Call("list_minority_signers", None, {"opinion_id": "opinion:gathering"}),
    Call(
        "file_minority",
        "resident",
        {"outcome_id": "outcome:gathering"},
        body={"text": "灯装得太密，公共收益不该都花在这里。"},
    ),
    Call("sign_minority", "resident", {"opinion_id": "opinion:gathering"}),
    Call("unsign_minority", "neighbour", {"opinion_id": "opinion:gathering"}),
    Call("list_leeway", None, number="gathering"),
    Call(
        "declare_leeway",
        "moderator",
        number="gathering",
        body={"room": "fixed", "reason": "供电公司已经签了合同。"},
    ),
    Call("list_phases", None, number="gathering"),
    Call(
        "schedule_phase",
        "moderator",
        number="gathering",
        body={"part": "solutions", "closes_at": _at(days=9), "reason": "开会之前要看完。"},
    ),
    Call("cancel_phase", "moderator", {"phase_id": "phase:gathering"}),
    # Decisions
    Call("list_motions", None, number="moved"),
    Call(
        "move_motion",
        "owners_committee",
        number="moved",
        body={
            "question": "是否在东门装三盏路灯",
            "rule": "R2",
            "item": 8,
            "text": "预算一共三千元。",
            "agree": "花公共收益装三盏路灯。",
            "disagree": "不装，维持现在的样子。",
            "tasks": [{"title": "到门卫室领灯泡", "text": "带上梯子和手套", "slots": 2, "days": 10}],
            "public_body": FIRE,
            "public_act": "出具书面的消防意见",
        },
    ),
    Call("support_motion", "neighbour", {"motion_id": "motion:moved"}),
    Call("table_motion", "moderator", {"motion_id": "motion:moved"}, body={"item_confirmed": True}),
    Call("withdraw_motion", "owners_committee", {"motion_id": "motion:moved"}),
    Call(
        "publish_notice",
        "moderator",
        {"motion_id": "motion:tabled"},
        body={"opens_at": _at(days=20), "closes_at": _at(days=30), "item_confirmed": True, "touches": []},
    ),
    Call("simulate_electorate", None, {"motion_id": "motion:tabled"}),
    Call("list_decision_rules", None, query={"place": HERE}),
    Call("show_rule_version", None, {"version_id": "version:waiting"}),
    Call(
        "propose_rule",
        "administrator",
        body={
            "place": HERE,
            "code": "R4",
            "reason": "按现行的组织法核对过，出席和通过都要过半数。",
            "participation": {"share": "1/2", "inclusive": False},
            "passing": {"share": "1/2", "inclusive": False, "base": "participants"},
            "source": "城市居民委员会组织法（2025年修订）",
            "notice_days": 7,
        },
    ),
    Call("confirm_rule", "street_office", {"version_id": "version:waiting"}),
    Call("decline_rule", "street_office", {"version_id": "version:waiting"}),
    Call(
        "give_authority",
        "administrator",
        body={
            "place": HERE,
            "title": "关于同意开展业主电子投票的批复",
            "issuer": "区住房和城乡建设局",
            "dated": "2026-10-01",
            "picture": base64.b64encode(photograph()).decode(),
        },
    ),
    Call("settle_authority", "street_office", {"authority_id": "authority:waiting"}, body={"agrees": True}),
    Call("end_authority", "street_office", {"authority_id": "authority:agreed"}),
    Call("list_papers", "moderator", {"decision_id": "decision:voting"}),
    Call(
        "print_papers",
        "moderator",
        {"decision_id": "decision:voting"},
        body={"building": _cast("building_ids", 1)},
    ),
    Call(
        "enter_paper",
        "chair",
        parts={"slip": PAPER},
        body={
            "marks": "1:1",
            "signed_on": lambda _: now().date().isoformat(),
            "channel": "door",
            "picture": base64.b64encode(photograph()).decode(),
        },
    ),
    Call(
        "help_vote",
        "moderator",
        {"decision_id": "decision:voting"},
        body={"unit": _cast("unit_ids", 1), "voter": lambda world: world.cast.landlord.person_id, "marks": "1:1"},
    ),
    Call("show_help", "resident", parts={"aid": AID}),
    Call("witness_help", "resident", parts={"aid": AID}),
    Call("end_help", "owner", parts={"aid": AID}),
    Call("show_service", None, {"decision_id": "decision:voting"}),
    Call(
        "record_service",
        "moderator",
        {"decision_id": "decision:voting"},
        body={"head": _id("head:owner"), "means": "door", "outcome": "absent"},
    ),
    Call("list_delegates", None, {"motion_id": "motion:joint"}),
    Call(
        "name_delegate",
        "volunteer",
        {"motion_id": "motion:joint"},
        body={
            "organization": _cast("organizations", "social"),
            "person": lambda world: world.cast.volunteer.person_id,
        },
    ),
    Call("list_interests", "landlord", {"motion_id": "motion:neighbouring"}),
    Call(
        "apply_interest",
        "owner",
        {"motion_id": "motion:neighbouring"},
        body={"unit": _cast("unit_ids", 0), "text": "油烟管正对我家阳台，窗户开不了。"},
    ),
    Call(
        "settle_interest",
        "moderator",
        {"interest_id": "interest:waiting"},
        body={"admits": True, "reason": "看过现场，正对阳台。"},
    ),
    Call("withdraw_interest", "landlord", {"interest_id": "interest:waiting"}),
    Call(
        "open_round",
        "moderator",
        number="gathering",
        body={"question": "楼道灯先换声控的行不行", "kind": "hands", "closes_at": _at(days=3)},
    ),
    Call("list_rounds", None, number="gathering"),
    Call(
        "answer_round",
        "resident",
        {"round_id": "round:gathering"},
        body={"choice": "block", "harm": "救护车会进不来。", "remedy": "留出四米的通道。"},
    ),
    Call("show_round", "owner", {"round_id": "round:gathering"}),
    Call("close_round", "chair", {"round_id": "round:gathering"}, body={"summary": "多数愿意按楼分摊。"}),
    Call("list_mandates", "landlord"),
    Call("give_mandate", "owner", body={"proxy": "化名tenant", "decision": _id("decision:voting")}),
    Call("end_mandate", "landlord", {"mandate_id": "mandate:given"}),
    Call("list_paper_mandates", "moderator", {"decision_id": "decision:voting"}),
    Call(
        "enter_paper_mandate",
        "moderator",
        {"decision_id": "decision:voting"},
        body={
            "building": lambda world: world.cast.building_ids[0],
            "staircase": "1",
            "door": "601",
            "proxy": "化名tenant",
            "picture": base64.b64encode(photograph()).decode(),
        },
    ),
    Call("settle_paper_mandate", "chair", {"mandate_id": "mandate:waiting"}, body={"agrees": True}),
    Call("list_decisions", None, query={"place": HERE}),
    Call("open_decision", "moderator", {"decision_id": "decision:hidden"}),
    Call("show_decision", "owner", {"decision_id": "decision:voting"}),
    Call(
        "cast_ballot",
        "owner",
        {"decision_id": "decision:voting"},
        body={"option": _id("option:voting:1"), "head": _id("head:owner")},
    ),
    Call("show_box", None, {"decision_id": "decision:secret"}),
    Call("issue_token", "owner", {"decision_id": "decision:secret"}, body={"blinded": "01" * 256}),
    Call(
        "drop_ballot",
        None,
        {"decision_id": "decision:secret"},
        body={name: _slip(name) for name in ("token", "signature", "ballot")},
    ),
    Call("close_decision", "moderator", {"decision_id": "decision:voting"}, days=5),
    Call("show_bulletin", None, {"decision_id": "decision:closed"}),
    Call("show_bundle", None, {"decision_id": "decision:closed"}),
    Call("show_course", "owner", {"decision_id": "decision:closed"}),
    Call("list_ballot_templates", None, query={"place": HERE}),
    Call("show_ballot_template", None, {"template_id": "template"}),
    Call(
        "write_ballot_template",
        "moderator",
        body={"place": HERE, "name": "做不做", "agree": "做。", "disagree": "不做。", "abstain": "算参加了。"},
    ),
    Call(
        "change_ballot_template",
        "owners_committee",
        {"template_id": "template"},
        body={
            "name": "先做哪一样",
            "form": {"method": "approval"},
            "options": [{"label": label, "consequence": "先做它。"} for label in ("修路灯", "修门禁")],
            "reason": "写清楚先做的是哪一样。",
        },
    ),
    Call("retire_ballot_template", "moderator", {"template_id": "template"}),
    Call("list_reasons", "moderator", {"decision_id": "decision:closed"}),
    Call("check_reason", "moderator", {"decision_id": "decision:closed"}, body={"reason": "f" * 32}),
    Call("object_to_result", "owner", {"decision_id": "decision:closed"}, body={"text": "公告没有贴到二单元。"}),
    Call("answer_objection", "moderator", {"objection_id": "objection:closed"}, body={"answer": "已经补贴，有照片。"}),
    Call(
        "state_outcome",
        "moderator",
        {"decision_id": "decision:closed"},
        body={"statement": "灯已经装好。", "review_on": lambda _: (now() + timedelta(days=100)).date().isoformat()},
    ),
    Call(
        "answer_resolution",
        "official",
        {"resolution_id": "resolution:closed"},
        body={"answer": "adopted", "reason": "十天之内出具意见。"},
    ),
    # Tasks
    Call("list_tasks", None, query={"place": HERE}),
    Call("list_tasks_of_problem", None, number="gathering"),
    Call("show_task", None, {"task_id": "task:open"}),
    Call(
        "open_task",
        "moderator",
        number="gathering",
        body={
            "title": "清理三号楼楼道",
            "text": "带上手套和口罩",
            "slots": 2,
            "days": 7,
            "meeting_point": "东门的门卫室",
            "starts_at": _at(days=3),
        },
    ),
    Call("cancel_task", "moderator", {"task_id": "task:cancellable"}, body={"reason": "已经有人搬走了。"}),
    Call("claim_task", "neighbour", {"task_id": "task:open"}),
    Call("return_claim", "neighbour", {"claim_id": "claim:claimed"}),
    Call("hand_in_task", "neighbour", {"claim_id": "claim:claimed"}, body={"words": "都搬到车棚里了。", "minutes": 45}),
    Call("verify_task", "moderator", {"claim_id": "claim:handed_in"}),
    Call("send_back_task", "moderator", {"claim_id": "claim:handed_in"}, body={"words": "墙角还剩两辆车。"}),
    # Cases
    Call("list_cases", "official", query={"limit": 2}),
    Call("list_cases_of_problem", None, number="case_handled"),
    Call("show_case", "official", {"case_id": "case:handling"}),
    Call("hand_on_carried", "moderator", number="gathering", body={"meeting_motion": _id("meeting_motion:carried")}),
    _case("verify_case", "grid_worker", "reported"),
    _case("accept_case", "inspector", "verified"),
    _case("refuse_case", "inspector", "verified", {"reason": "not_found"}),
    _case("file_case", "inspector", "accepted"),
    _case("dispatch_case", "dispatcher", "filed", {"body_id": FIRE, "duty_item_id": _cast("duty_items", "C103")}),
    _case("acknowledge_case", "official", "dispatched"),
    _case("return_case", "official", "dispatched"),
    Call(
        "call_bodies",
        "official",
        {"case_id": "case:handling"},
        body={"organization_ids": [PROPERTY], "ask": "请派人清理楼道。"},
    ),
    Call("answer_call", "called_official", {"call_id": "call:called"}, body=SAID),
    _case("need_no_call", "dispatcher", "handling"),
    _case("handle_case", "official", "joined", {"no_picture": True}),
    Call("pause_case", "dispatcher", {"case_id": "case:handling"}, body={"words": "等供电公司现场勘测。"}),
    Call("resume_case", "dispatcher", {"case_id": "case:paused"}, body={}),
    _case("inspect_case", "inspector", "handled", {"passed": True}),
    _case("feed_back_case", "inspector", "inspected"),
    _case("close_case", "closer", "fed_back"),
    Call("reopen_case", "resident", {"case_id": "case:closed"}, body={"words": "第二天线又拉下来了。"}),
    Call("confirm_problem", "resident", number="confirming", body={"answer": "fixed", "words": "修好了。"}),
    Call("list_entries", None, query={"problem": _number("confirming"), "limit": 3}),
    # Meetings
    Call("list_meetings", None, query={"place": HERE}),
    Call("show_meeting", None, {"meeting_id": "meeting:debate"}),
    Call("show_meeting_minutes", None, {"meeting_id": "meeting:signed"}),
    Call("list_meeting_minutes_versions", None, {"meeting_id": "meeting:signed"}),
    Call("show_meeting_minutes_version", None, {"meeting_id": "meeting:signed", "version": "minutes_version"}),
    Call("list_attendance", "moderator", {"meeting_id": "meeting:free"}),
    Call(
        "call_meeting",
        "moderator",
        body={
            "place": HERE,
            "title": "春季议事会",
            "text": "商量绿地怎么分，欢迎都来。",
            "begins": _at(days=3),
            "spot": "二楼活动室",
        },
    ),
    Call("list_item", "moderator", {"meeting_id": "meeting:called"}, body={"title": "楼道堆物怎么清"}),
    Call("strike_item", "moderator", {"meeting_id": "meeting:called", "meeting_item_id": "meeting_item:first"}),
    Call("move_item_up", "moderator", {"meeting_id": "meeting:called", "meeting_item_id": "meeting_item:second"}),
    Call("open_meeting", "moderator", {"meeting_id": "meeting:called"}),
    Call("close_meeting", "moderator", {"meeting_id": "meeting:free"}),
    Call("check_in", "tenant", {"meeting_id": "meeting:free"}, body={"presence": "online"}),
    Call(
        "enter_attendee", "moderator", {"meeting_id": "meeting:free"}, body={"label": "3 号楼 201", "category": "owner"}
    ),
    Call("check_out", "resident", {"meeting_id": "meeting:free"}, body={"ordinal": None}),
    Call("come_back", "moderator", {"meeting_id": "meeting:carried"}, body={"ordinal": _id("ordinal:gone")}),
    Call("renew_code", "moderator", {"meeting_id": "meeting:free"}),
    Call("hand_over_chair", "moderator", {"meeting_id": "meeting:free"}, body={"ordinal": 2}),
    Call("take_up_item", "moderator", {"meeting_id": "meeting:free", "meeting_item_id": "meeting_item:later"}),
    Call(
        "note_down",
        "moderator",
        {"meeting_id": "meeting:free", "meeting_item_id": "meeting_item:free"},
        body={"kind": "task", "text": "请电工先来看一看"},
    ),
    Call("move_in_meeting", "resident", {"meeting_id": "meeting:free"}, body={"text": "车棚装两盏声控灯"}),
    Call("ask_to_speak", "resident", {"meeting_id": "meeting:free"}, body={"side": "question"}),
    Call("leave_queue", "owner", {"meeting_id": "meeting:debate", "turn_id": "turn:waiting"}),
    Call("call_next_speaker", "moderator", {"meeting_id": "meeting:debate"}, body={"after": _id("turn:speaking")}),
    Call("prompt_speaker", "moderator", {"meeting_id": "meeting:debate", "turn_id": "turn:speaking"}),
    Call(
        "withdraw_in_meeting",
        "resident",
        {"meeting_id": "meeting:debate", "meeting_motion_id": "meeting_motion:debate"},
    ),
    Call("open_hands", "moderator", {"meeting_id": "meeting:debate", "meeting_motion_id": "meeting_motion:debate"}),
    Call(
        "raise_hand",
        "owner",
        {"meeting_id": "meeting:hands", "meeting_motion_id": "meeting_motion:hands"},
        body={"hand": "for"},
    ),
    Call("count_hands", "moderator", {"meeting_id": "meeting:hands", "meeting_motion_id": "meeting_motion:hands"}),
    Call(
        "write_minutes",
        "moderator",
        {"meeting_id": "meeting:draft"},
        body={"text": "一、到会四人。二、车棚的灯下次再议。"},
    ),
    Call("put_out_minutes", "moderator", {"meeting_id": "meeting:draft"}),
    Call(
        "sign_minutes", "resident", {"meeting_id": "meeting:signing"}, body={"agrees": False, "reason": "没写谁来修灯"}
    ),
    Call("settle_minutes", "moderator", {"meeting_id": "meeting:signed"}),
    # Announcements
    Call("list_announcements", None, query={"place": HERE}),
    Call("show_announcement", None, {"announcement_id": "announcement"}),
    Call(
        "publish_announcement",
        "moderator",
        body={
            "place": HERE,
            "kind": "outage",
            "title": "周六上午停水",
            "text": "三号楼和四号楼，请提前存水。",
            "until": _at(days=3),
        },
    ),
    Call(
        "correct_announcement",
        "moderator",
        {"announcement_id": "announcement"},
        body={
            "title": "周日上午停水",
            "text": "三号楼和四号楼，请提前存水。",
            "until": _at(days=3),
            "reason": "自来水公司改了日子。",
        },
    ),
    Call("withdraw_announcement", "moderator", {"announcement_id": "announcement"}, body={"reason": "这次不停水了。"}),
    # One's own news
    Call("list_notices", "resident"),
    Call("read_notices", "resident", body={"up_to": _id("notification:resident")}),
    Call("show_notice_choices", "resident"),
    Call("choose_notices", "resident", body={"community": "important"}),
    # The register
    Call(
        "enter_organization",
        "administrator",
        body={"kind": "social", "name": "梧桐读书会", "scope": HERE, "contact": "居委会二楼活动室"},
    ),
    Call(
        "correct_organization",
        "administrator",
        {"organization_id": "organization:spare"},
        body={"name": "云溪区园林绿化所", "contact": "区政府西楼"},
    ),
    Call("close_organization", "administrator", {"organization_id": "organization:spare"}),
    Call("register_person", "administrator", body={"contact": "13600009999", "name": "冯某"}),
    Call("list_roles", "administrator", query={"limit": 2}),
    Call(
        "appoint",
        "administrator",
        {"person_id": "person:newcomer"},
        body={"role": "auditor", "scope": HERE, "document": "街办〔2026〕12 号"},
    ),
    Call("dismiss", "administrator", {"role_id": "role:spare"}),
    Call("list_suspensions", "street_office"),
    Call(
        "suspend_person",
        "administrator",
        {"person_id": "person:newcomer"},
        body={"scope": HERE, "reason": "flooding", "until": _at(days=20)},
    ),
    Call("agree_to_suspend", "street_office", {"suspension_id": "suspension:waiting"}),
    Call("lift_suspension", "administrator", {"suspension_id": "suspension:waiting"}),
)
