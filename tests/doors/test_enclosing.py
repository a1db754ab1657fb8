"""A program sends its files first, and names them in the message beside which they are to stand."""

from __future__ import annotations

from typing import Any

from tests.doors.house import House, Kept
from tests.doors.programs import PICTURE, SHEET


def test_a_program_sends_files_first_and_names_them_in_its_message(house: House, kept: Kept) -> None:
    def ask(method: str, path: str, body: object = None, name: str = "resident") -> Any:
        answer = house.ask(name, method, path, body)
        assert answer.status_code < 300, answer.text
        return answer.json

    picture = ask("POST", "/pictures", {"picture": PICTURE})["picture"]
    document = ask("POST", "/documents", {"document": SHEET, "title": "../检测\u202e报告.PDF.pdf"})
    assert (document["title"], document["pages"]) == ("检测报告.pdf", 1)
    thread = f"/problems/{house.world.numbers['talked']}/messages"
    told = {"kind": "evidence", "text": "照片和检测报告在这里。"}
    stranger = house.ask("neighbour", "POST", thread, {**told, "enclosures": [{"file": picture}]})
    assert (stranger.status_code, stranger.get_json()["code"]) == (422, "picture_lost")
    files = [{"file": picture, "words": "碎了的灯罩"}, {"file": document["file"]}]
    message_id = ask("POST", thread, {**told, "enclosures": files})["id"]
    shown = next(each for each in ask("GET", thread)["items"] if each["id"] == message_id)["enclosures"]
    assert [(each["words"], each["width"], each["title"], each["pages"]) for each in shown] == [
        ("碎了的灯罩", 40, None, None),
        ("", None, "检测报告.pdf", 1),
    ]
    versions = f"/messages/{message_id}/versions"
    ask("POST", versions, {"text": told["text"], "without": [shown[0]["id"]]})
    both = [[file["id"] for file in each["enclosures"]] for each in ask("GET", versions)["versions"]]
    assert both == [[shown[1]["id"]], [each["id"] for each in shown]]
    again = house.ask("resident", "POST", versions, {"text": told["text"], "without": [shown[0]["id"]]})
    assert again.status_code == 404
    kept.put_back()
