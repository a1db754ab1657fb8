"""The whole loop walked by programs alone: no page, no command but the clock's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from cogov.ground.clock import now
from cogov.journal.sealing import verify
from cogov.loop import fall_due
from tests.cast import HERE, Cast
from tests.databases import both
from tests.journeys.test_lane_b import everyone_who_owns
from tests.programs import Program

pytestmark = pytest.mark.timeout(120)


@contextmanager
def later(**span: float) -> Iterator[None]:
    with time_machine.travel(now() + timedelta(**span), tick=True):
        fall_due()
        yield


class Walk:
    """Requests that are expected to succeed; those who serve an organization act under their mandate."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.standings: dict[str, str] = {}

    def standing(self, name: str) -> str:
        if name not in self.standings:
            held = self.program(name, "GET", "/me")[1]["standings"]
            self.standings[name] = next((str(each["id"]) for each in held if each["organization_id"]), "")
        return self.standings[name]

    def __call__(self, name: str, method: str, path: str, body: Any = None) -> Any:
        acting = {"Cogov-Acting": standing} if (standing := self.standing(name)) else {}
        status, answer = self.program(name, method, path, body, **acting)
        assert status in (200, 201), (name, path, status, answer)
        return answer


@pytest.fixture
def walk(program: Program) -> Walk:
    return Walk(program)


def _to_the_body(walk: Walk, cast: Cast, case: int) -> None:
    walk("inspector", "POST", f"/cases/{case}/verification", {"words": "到现场看过，属实。"})
    walk("closer", "POST", f"/cases/{case}/acceptance", {})
    walk("closer", "POST", f"/cases/{case}/filing", {})
    given = {"body_id": cast.organizations["fire"], "duty_item_id": cast.duty_items["C103"]}
    walk("dispatcher", "POST", f"/cases/{case}/dispatch", given)
    walk("official", "POST", f"/cases/{case}/acknowledgement", {})


def _settled(walk: Walk, cast: Cast, case: int) -> dict[str, Any]:
    asked = {"organization_ids": [cast.organizations["property"]], "ask": "请清理楼道。"}
    called = walk("official", "POST", f"/cases/{case}/calls", asked)["calls"][-1]
    walk("called_official", "POST", f"/calls/{called['id']}/answer", {"words": "已清理。"})
    done = {"words": "飞线已拆除，楼道已清。", "no_picture": True}
    walk("official", "POST", f"/cases/{case}/handling", done)
    walk("inspector", "POST", f"/cases/{case}/inspection", {"passed": True, "words": "到现场看过，已拆除。"})
    walk("closer", "POST", f"/cases/{case}/feedback", {"words": "已拆除，请您看看。"})
    return dict(walk("closer", "POST", f"/cases/{case}/closure", {}))


@both
def test_a_shared_matter_goes_round_the_loop(walk: Walk, cast: Cast) -> None:
    told = {
        "place": HERE,
        "text": "二楼从窗户拉电线给电动车充电，想要一个集中充电的地方。",
        "grid": cast.grid_ids[0],
        "matter": cast.matters["C103"],
    }
    number = walk("resident", "POST", "/problems", told)["number"]
    walk("neighbour", "POST", f"/problems/{number}/second")
    chosen = {
        "lane": "AB",
        "reason": "OWNERSHIP",
        "rule": "R2",
        "body": cast.organizations["fire"],
        "duty_item": cast.duty_items["C103"],
        "words": "飞线由消防整治，充电棚占用共有部分，由业主决定。",
    }
    assert walk("moderator", "POST", f"/problems/{number}/triage", chosen)["stage"] == "gathering"

    walk("tenant", "POST", f"/problems/{number}/messages", {"kind": "reason", "text": "租户也要充电，东门最近。"})
    solution = walk(
        "volunteer",
        "POST",
        f"/problems/{number}/solutions",
        {"title": "东门建集中充电棚", "text": "24 个桩，离楼 6 米以上。", "cost": 11_800_000},
    )
    fear = {"harm": "救护车回车会进不来", "remedy": "消防书面确认回车半径"}
    concern = walk("neighbour", "POST", f"/problems/{number}/concerns", fear)
    assert concern["state"] == "open"

    motion = walk(
        "owners_committee",
        "POST",
        f"/problems/{number}/motions",
        {
            "question": "是否在东门空地建集中充电棚",
            "rule": "R2",
            "item": 8,
            "agree": "在东门空地建充电棚，费用从公共收益支出。",
            "disagree": "不建，飞线仍由消防依法整治。",
            "solution_version": solution["version_id"],
            "tasks": [{"title": "清理东门空地", "text": "搬走旧自行车", "slots": 1, "days": 10}],
            "public_body": cast.organizations["fire"],
            "public_act": "出具选址消防意见",
        },
    )
    walk("owners_committee", "POST", f"/motions/{motion['id']}/tabling", {"item_confirmed": True})
    notice = {
        "opens_at": (now() + timedelta(days=16)).isoformat(),
        "closes_at": (now() + timedelta(days=24)).isoformat(),
        "item_confirmed": True,
        "touches": [],
    }
    acting = {"Cogov-Acting": walk.standing("owners_committee")}
    status, refusal = walk.program("owners_committee", "POST", f"/motions/{motion['id']}/notice", notice, **acting)
    assert (status, "concern" in refusal["code"]) == (409, True), refusal
    walk("official", "POST", f"/concerns/{concern['id']}/answer", {"text": "已测量，回车半径够 9 米。"})
    owners = everyone_who_owns(cast)
    decision = walk("owners_committee", "POST", f"/motions/{motion['id']}/notice", notice)
    assert decision["phase"] == "coming"
    assert decision["rule"]["article"]
    path = f"/decisions/{decision['id']}"

    with later(days=17):
        agree = next(option["id"] for option in decision["options"] if option["key"] == "agree")
        for number_, owner in enumerate(owners):
            setattr(cast, f"owner_{number_}", owner)
            walk.program(f"owner_{number_}", "POST", f"{path}/ballot", {"option": agree})
        keyed = walk.program("owner_0", "POST", f"{path}/ballot", {"option": agree}, Idempotency_Key="x")
        assert (keyed[0], keyed[1]["code"]) == (422, "no_key_here")
        shown = walk("owner_0", "GET", path)
        assert shown["mine"][0]["receipt"]
        assert shown["result"] is None
        assert {option["heads"] for option in shown["options"]} == {None}
        early = walk.program("moderator", "POST", f"{path}/closing", **{"Cogov-Acting": walk.standing("moderator")})
        assert (early[0], early[1]["code"]) == (409, "too_early_to_close")

    with later(days=25):
        result = walk("resident", "GET", path)["result"]
        assert result["verdict"] == "passed"
        assert all(test["met"] for test in result["tests"])
        answer = {"answer": "adopted", "reason": "同意，十日内出具意见。"}
        walk("official", "POST", f"/resolutions/{result['resolution']['id']}/answer", answer)

        [task] = walk("volunteer", "GET", f"/problems/{number}/tasks")["items"]
        claim = walk("volunteer", "POST", f"/tasks/{task['id']}/claims")
        done = {"words": "空地清好了，垃圾运走了。", "minutes": 90}
        walk("volunteer", "POST", f"/claims/{claim['id']}/hand-in", done)
        assert walk("moderator", "POST", f"/claims/{claim['id']}/verification")["state"] == "verified"

        [case] = walk("inspector", "GET", f"/problems/{number}/cases")
        _to_the_body(walk, cast, case["id"])
        waiting = walk("official", "GET", "/cases")["items"]
        assert case["id"] in [row["case"] for row in waiting]
        closed = _settled(walk, cast, case["id"])
        assert [stamp["state"] for stamp in closed["stamps"]] == ["signed"] * 5

        again = walk("resident", "POST", f"/cases/{case['id']}/reopening", {"words": "第二天线又拉下来了。"})
        assert (again["state"], again["round"]) == ("dispatched", 2)
        walk("official", "POST", f"/cases/{case['id']}/acknowledgement", {})
        _settled(walk, cast, case["id"])
        ended = walk("resident", "POST", f"/problems/{number}/confirmation", {"answer": "fixed"})
        assert (ended["stage"], ended["ending"]) == ("ended", "fixed")

        entries, after = [], ""
        while True:
            part = walk("resident", "GET", f"/entries?problem={number}&limit=7&after={after}")
            entries += part["items"]
            if not (after := part["next"]):
                break
    kinds = [entry["kind"] for entry in entries]
    for kind in ("ProblemRaised", "DecisionClosed", "ResolutionPassed", "TaskDone", "CaseReopened", "ProblemEnded"):
        assert kind in kinds
    assert [entry["number"] for entry in entries] == sorted({entry["number"] for entry in entries})
    assert all(entry["sentence"] for entry in entries)
    assert verify().faults == ()
