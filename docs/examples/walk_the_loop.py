"""Walk the loop of cogov by its API alone: ``python walk_the_loop.py people.json``.

``people.json`` names an installation, a community, and a token for each part that somebody has in the loop; tokens are
made under 我的 › 设备和密码 › 程序用的令牌. The demo installation has people for all of them::

    {
        "address": "http://127.0.0.1:8000",
        "place": "990101001001",
        "body": "消防",
        "tokens": {
            "resident": "cogov_…",
            "neighbour": "cogov_…",
            "moderator": "cogov_…",
            "grid_worker": "cogov_…",
            "inspector": "cogov_…",
            "closer": "cogov_…",
            "dispatcher": "cogov_…",
            "official": "cogov_…",
        },
    }

It raises two problems and follows each to its end: one that people settle themselves, one that a public body handles.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cogov.client import Client, Refusal

People = dict[str, Client]


def people_of(told: dict[str, Any]) -> People:
    """Return a client for everybody; who serves an organization acts under their standing there."""
    people = {name: Client(told["address"], token) for name, token in told["tokens"].items()}
    for client in people.values():
        held = (each["id"] for each in client.show_me()["standings"] if each["organization_id"] is not None)
        client.acting = next(held, None)
    return people


def settled_by_people(people: People, place: str, grid: int) -> str:
    """Raise a problem that the neighbours settle themselves: they talk, somebody does it, another one looks."""
    resident, neighbour, moderator = people["resident"], people["neighbour"], people["moderator"]
    number = resident.raise_problem(place=place, grid=grid, text="楼道里堆了旧自行车，晚上会绊倒人。")["number"]
    neighbour.second_problem(number)
    moderator.triage_problem(number, lane="B", reason="COMMONS", rule="R5", words="大家的楼道，大家商量。")
    resident.post_message(number, kind="reason", text="有两辆已经没有人骑了。")
    concern = neighbour.raise_concern(number, harm="搬走以后找不回自己的车", remedy="先贴三天的告示")
    moderator.answer_concern(concern["id"], text="告示今天就贴，三天以后再搬。")
    resident.propose_solution(number, title="集中到车棚", text="没有人认领的搬到车棚。")
    task = moderator.open_task(number, title="把旧自行车搬到车棚", text="带上手套", slots=1, days=7)
    claim = neighbour.claim_task(task["id"])
    neighbour.hand_in_task(claim["id"], words="都搬过去了，楼道空了。", minutes=40)
    moderator.verify_task(claim["id"])
    resident.confirm_problem(number, answer="fixed", words="走得通了，谢谢。")
    return number


def handled_by_a_body(people: People, place: str, grid: int, body: str) -> str:
    """Raise a problem that is a public body's duty: five stamps, and then the raiser's word."""
    resident, moderator, inspector = people["resident"], people["moderator"], people["inspector"]
    official, dispatcher, closer = people["official"], people["dispatcher"], people["closer"]
    number = resident.raise_problem(place=place, grid=grid, text="二楼从窗户拉电线下来给电动车充电。")["number"]
    handler = next(each for each in resident.list_organizations(place=place, kind="body") if body in each["name"])
    moderator.triage_problem(number, lane="A", reason="DUTY", body=handler["id"], words="消防的职责，先办。")
    [case] = inspector.list_cases_of_problem(number)
    people["grid_worker"].verify_case(case["id"], words="到现场看过，属实。")
    inspector.accept_case(case["id"])
    inspector.file_case(case["id"])
    dispatcher.dispatch_case(case["id"], body_id=handler["id"], words="这类事由消防处理。")
    official.acknowledge_case(case["id"])
    dispatcher.need_no_call(case["id"], words="一家就能办完。")
    try:
        closer.close_case(case["id"])
    except Refusal as refusal:  # not before all five stamps are there: the rules say so to programs as to people
        print("not yet:", refusal.code, refusal.message)
    official.handle_case(case["id"], words="飞线已经拆除，和住户谈过了。", no_picture=True)
    inspector.inspect_case(case["id"], passed=True, words="到现场看过，已经拆除。")
    inspector.feed_back_case(case["id"], words="已经拆除，请您看看。")
    closed = closer.close_case(case["id"])
    print("stamps:", ", ".join(f"{each['kind']} {each['state']}" for each in closed["stamps"]))
    resident.confirm_problem(number, answer="fixed", words="线没有了。")
    return number


def tell(client: Client, number: str) -> None:
    """Print what happened to a problem, and how it ended."""
    for entry in client.iter_entries(problem=number):
        print(f"  {entry['at']}  {entry['by']} {entry['sentence']}")
    shown = client.show_problem(number)
    print(number, shown["stage"], shown["ending"])


def main(file: str) -> None:
    """Walk both ways."""
    told = json.loads(Path(file).read_text(encoding="utf-8"))
    people, place = people_of(told), told["place"]
    grid = people["resident"].show_community(place)["grids"][0]["id"]
    for number in (
        settled_by_people(people, place, grid),
        handled_by_a_body(people, place, grid, told.get("body", "")),
    ):
        tell(people["resident"], number)


if __name__ == "__main__":
    main(sys.argv[1])
