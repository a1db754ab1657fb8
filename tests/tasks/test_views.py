"""The pages of tasks: forms that keep what was typed, refusals as sentences, pictures only of the report."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from sqlalchemy import select

from cogov.ground.db import session
from cogov.tasks.commands import claim_task, hand_in_task, open_task
from cogov.tasks.models import Claim, HandIn, Task
from cogov.tasks.rules import ClaimState, TaskState

NASTY = "<img src=x onerror=alert(1)> 装好了"


def fresh_claim() -> Claim:
    session().rollback()
    return session().scalars(select(Claim).order_by(Claim.id.desc())).first()  # type: ignore[return-value]


def a_photo() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "JPEG")
    file.seek(0)
    return file


@pytest.fixture
def task(cast, number) -> int:
    return open_task(cast.moderator, number, title="装夜灯", text="带梯子。", slots=2, days=7).id


def test_a_task_goes_from_opening_to_done_in_the_browser(cast, number, client_of):
    moderator, owner, grid_worker = client_of("moderator"), client_of("owner"), client_of("grid_worker")
    moderator.get(f"/problems/{number}/tasks")
    plan = {"title": "装夜灯", "slots": "1", "days": "7", "starts_at": "2027-01-09T09:00", "once": moderator.once}
    opened = moderator.post(f"/problems/{number}/tasks", plan)
    assert opened.status_code == 303
    row = session().scalars(select(Task)).one()
    assert row.starts_at is not None
    assert row.starts_at.isoformat() == "2027-01-09T01:00:00+00:00"
    owner.get(opened.location)
    assert owner.post(f"/tasks/{row.id}/claims", {"once": owner.once}).status_code == 303
    claim = fresh_claim().id
    handed = owner.post(
        f"/claims/{claim}/hand-in", {"report": NASTY, "minutes": "90", "picture": (a_photo(), "灯.jpg"), "looked": "1"}
    )
    assert handed.status_code == 303
    page = grid_worker.get(f"/tasks/{row.id}").get_data(as_text=True)
    assert "装好了" in page
    assert "<img src=x" not in page
    picture = session().scalars(select(HandIn.picture_id)).one()
    assert picture is not None
    assert grid_worker.get(f"/claims/{claim}/pictures/{picture}").mimetype == "image/jpeg"
    assert grid_worker.get(f"/claims/{claim}/pictures/{picture + 1}").status_code == 404
    assert grid_worker.post(f"/claims/{claim}/verification", {"verdict": "accept"}).status_code == 303
    session().rollback()
    assert session().get_one(Task, row.id).state is TaskState.DONE


def test_the_list_shows_tasks_with_what_is_still_missing(cast, task, client_of):
    claim_task(cast.owner, task)
    for name in (None, "owner", "moderator", "outsider"):
        page = client_of(name).get("/tasks?place=990101001001").get_data(as_text=True)
        assert "装夜灯" in page
        assert "1/2 人，还缺 1" in page
    assert "您认领了" in client_of("owner").get("/tasks?show=mine").get_data(as_text=True)
    assert "没有等您核实的成果" in client_of("moderator").get("/tasks?show=verify").get_data(as_text=True)
    assert client_of("owner").get("/tasks?show=nonsense&before=x&place=99").status_code == 200


def test_errors_bring_the_form_back_with_what_was_typed(cast, number, task, client_of):
    answer = client_of("moderator").post(
        f"/problems/{number}/tasks", {"title": "买灯", "text": "去五金店", "slots": "0", "days": "abc"}
    )
    assert answer.status_code == 422
    assert "去五金店" in answer.get_data(as_text=True)
    claim = claim_task(cast.owner, task).id
    answer = client_of("owner").post(f"/claims/{claim}/hand-in", {"report": "装了两盏灯", "minutes": "0"})
    assert answer.status_code == 422
    assert "装了两盏灯" in answer.get_data(as_text=True)
    hand_in_task(cast.owner, claim, words="装好了。", minutes=30)
    answer = client_of("moderator").post(f"/claims/{claim}/verification", {"verdict": "send_back", "missing": " "})
    assert answer.status_code == 422
    assert fresh_claim().state is ClaimState.HANDED_IN


def test_a_file_that_is_no_picture_is_refused_and_the_words_are_kept(cast, task, client_of):
    claim = claim_task(cast.owner, task).id
    file = (io.BytesIO(b"not a picture"), "a.jpg")
    answer = client_of("owner").post(
        f"/claims/{claim}/hand-in", {"report": "装了两盏灯", "minutes": "30", "picture": file, "looked": "1"}
    )
    assert answer.status_code == 422
    assert "装了两盏灯" in answer.get_data(as_text=True)
    assert fresh_claim().state is ClaimState.ACTIVE


def test_an_organization_claims_through_its_member(cast, task, client_of):
    client = client_of("volunteer")
    assert "绿苗环保社" in client.get(f"/tasks/{task}").get_data(as_text=True)
    assert client.post(f"/tasks/{task}/claims", {"acting": ""}).status_code == 403
    mandate = str(cast.volunteer.standings[0].id)
    assert client.post(f"/tasks/{task}/claims", {"acting": mandate}).status_code == 303
    assert fresh_claim().organization_id == cast.organizations["social"]


@pytest.mark.parametrize(
    ("name", "path", "data", "status"),
    [
        ("outsider", "/tasks/{task}/claims", {}, 403),
        ("tenant", "/tasks/{task}/cancellation", {"reason": "不做了。"}, 403),
        ("tenant", "/claims/{claim}/hand-in", {"report": "冒名。", "minutes": "5"}, 403),
        ("tenant", "/claims/{claim}/return", {}, 403),
        ("owner", "/claims/{claim}/verification", {"verdict": "accept"}, 403),
        ("moderator", "/claims/{claim}/verification", {"verdict": "accept"}, 409),
        ("owner", "/tasks/{task}/claims", {}, 409),
        ("owner", "/claims/{claim}9/return", {}, 404),
    ],
)
def test_refusals_are_sentences_with_their_status(cast, task, client_of, name, path, data, status):
    claim = claim_task(cast.owner, task).id
    answer = client_of(name).post(path.format(task=task, claim=claim), data)
    assert answer.status_code == status


def test_giving_back_and_calling_off(cast, task, client_of):
    claim = claim_task(cast.owner, task).id
    assert client_of("owner").post(f"/claims/{claim}/return").status_code == 303
    assert fresh_claim().state is ClaimState.RETURNED
    moderator = client_of("moderator")
    assert moderator.post(f"/tasks/{task}/cancellation", {"reason": ""}).status_code == 422
    assert moderator.post(f"/tasks/{task}/cancellation", {"reason": "物业做了。"}).status_code == 303
    assert "物业做了。" in client_of(None).get(f"/tasks/{task}").get_data(as_text=True)


def test_a_claims_address_leads_to_its_task(cast, task, client_of):
    claim = claim_task(cast.owner, task).id
    assert client_of(None).get(f"/claims/{claim}").location == f"/tasks/{task}#claim-{claim}"


def test_the_dossier_shows_its_tasks(cast, number, task, client_of):
    page = client_of(None).get(f"/problems/{number}?tab=tasks").get_data(as_text=True)
    assert "装夜灯" in page
    assert f"/problems/{number}/tasks" not in page
    assert f"/problems/{number}/tasks" in client_of("moderator").get(f"/problems/{number}?tab=tasks").get_data(
        as_text=True
    )
