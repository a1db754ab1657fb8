"""Pictures that are chosen and not yet sent: their owner's alone, for an hour, and then nowhere."""

from __future__ import annotations

import io
import re
import shutil
from datetime import timedelta

import pytest
import time_machine
from PIL import Image

from cogov.files.commands import MOST_DRAFTS, forget_old_drafts, keep_draft
from cogov.files.models import PictureDraft
from cogov.files.queries import drafts_folder, drafts_of
from cogov.files.rules import draw_anew
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.settings import data_dir


@pytest.fixture
def folder(app):
    where = drafts_folder(data_dir(app))
    shutil.rmtree(where, ignore_errors=True)
    return where


def shot(colour="red", size=(90, 60)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def chosen(client, data=None, **fields):
    return client.post(
        "/drafts", {"picture": (io.BytesIO(data or shot()), "a.jpg"), **fields}, content_type="multipart/form-data"
    )


def token_in(answer):
    return re.search(r'name="draft"\s+value="([^"]+)"', answer.get_data(as_text=True)).group(1)  # type: ignore[union-attr]


def files_in(folder):
    return [file for file in folder.rglob("*") if file.is_file()]


def test_only_who_chose_it_sees_a_draft_and_no_cache_keeps_it(client_of):
    token = token_in(chosen(client_of("resident")))
    seen = client_of("resident").get(f"/drafts/{token}")
    assert seen.mimetype == "image/jpeg"
    assert seen.headers["Cache-Control"] == "private, no-store"
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    for who in ("owner", "moderator", "administrator", "outsider"):
        assert client_of(who).get(f"/drafts/{token}").status_code == 404, who
    assert "/sign-in" in client_of(None).get(f"/drafts/{token}").headers["Location"]


def test_neither_table_nor_folder_tells_the_token(client_of, folder):
    token = token_in(chosen(client_of("resident")))
    row = session().query(PictureDraft).one()
    assert token not in row.name
    assert [file.name for file in files_in(folder)] == [row.name]
    assert client_of("resident").get(f"/drafts/{row.name}").status_code == 404


@pytest.mark.parametrize("token", ["x", "..%2F..%2Fetc%2Fpasswd", "a" * 5000, "%00", "长"])
def test_a_token_nobody_was_given_leads_nowhere(client_of, token):
    assert client_of("resident").get(f"/drafts/{token}").status_code == 404


def test_another_persons_draft_cannot_be_sent_with_ones_own_form(client_of, cast):
    token = token_in(chosen(client_of("resident")))
    client = client_of("neighbour")
    client.get("/problems/new")
    answer = client.post(
        "/problems/new", {"text": "楼道里堆满了纸箱", "where": f"g{cast.grid_ids[0]}", "draft": token, "asked": "1"}
    )
    assert answer.status_code == 422
    assert drafts_of(cast.resident, [token])


def test_after_an_hour_a_draft_is_nowhere(cast, folder):
    token = keep_draft(cast.resident, draw_anew(shot()), folder)
    young = keep_draft(cast.resident, draw_anew(shot("blue")), folder)
    assert len(files_in(folder)) == 2
    forget_old_drafts(folder)
    assert len(files_in(folder)) == 2
    with time_machine.travel(now() + timedelta(minutes=61), tick=True):
        assert not drafts_of(cast.resident, [token, young])
        forget_old_drafts(folder)
        assert files_in(folder) == []
        assert session().query(PictureDraft).count() == 0


def test_a_person_keeps_a_dozen_at_most(cast, folder):
    tokens = [keep_draft(cast.resident, draw_anew(shot()), folder) for _ in range(MOST_DRAFTS + 3)]
    mine = keep_draft(cast.owner, draw_anew(shot()), folder)
    assert len(drafts_of(cast.resident, tokens)) == MOST_DRAFTS
    assert tokens[0] not in drafts_of(cast.resident, tokens)
    assert drafts_of(cast.owner, [mine])
    assert len(files_in(folder)) == MOST_DRAFTS + 1


@pytest.mark.parametrize("data", [b"MZ" + bytes(100), b"<svg onload=alert(1)>", shot()[:200]])
def test_what_is_no_picture_is_told_in_a_sentence_and_not_kept(client_of, folder, data):
    answer = chosen(client_of("resident"), data)
    assert answer.status_code == 422
    assert "照片" in answer.get_data(as_text=True)
    assert files_in(folder) == []


@pytest.mark.parametrize("hide", ["1,2", "0,0,2000,1", "x" * 9000, ";".join(["0,0,1,1"] * 21)])
def test_hostile_boxes_in_the_address_are_refused(client_of, hide):
    token = token_in(chosen(client_of("resident")))
    assert client_of("resident").get(f"/drafts/{token}?hide={hide}").status_code == 422
