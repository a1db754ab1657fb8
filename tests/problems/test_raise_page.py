"""Raising without scripts: pictures are looked at first, the same is asked for, and nothing is lost."""

from __future__ import annotations

import io
import random
import re

import pytest
from PIL import Image
from PIL.ImageStat import Stat

from cogov.files.models import Picture, PictureDraft
from cogov.files.queries import draft_name, drafts_folder, path_of, pictures_folder, pictures_of
from cogov.files.rules import SMALL, draw_anew
from cogov.ground.db import session
from cogov.ground.settings import data_dir
from cogov.journal.models import JournalEntry
from cogov.problems.commands import preview
from cogov.problems.models import Problem
from cogov.problems.rules.acts import TEXT_MAX
from cogov.problems.views import hinting

TEXT = "楼道里堆满了纸箱，出门要侧着走"


def busy(seed=1, size=(720, 480)):
    out = io.BytesIO()
    pixels = random.Random(seed).randbytes(180 * 120 * 3)
    Image.frombytes("RGB", (180, 120), pixels).resize(size, 0).save(out, "JPEG", quality=45)
    return out.getvalue()


def text_of(answer):
    return answer.get_data(as_text=True)


def form_in(page):
    """Return what a browser would send of a page: hidden fields, words, and what is chosen in lists."""
    told: dict[str, object] = {}
    for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', page):
        parts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        told.setdefault(parts["name"], parts.get("value", ""))
    if found := re.search(r'<textarea[^>]*name="text"[^>]*>\s*([^<]*)</textarea>', page):
        told["text"] = found.group(1).strip()
    if found := re.search(r'<option selected value="([bg]\d+)"', page):
        told["where"] = found.group(1)
    told["draft"] = re.findall(r'name="draft"\s+value="([^"]+)"', page)
    return {name: value for name, value in told.items() if value != []}


def sent(client, told, **more):
    return client.http.post("/problems/new", data={**told, **more}, content_type="multipart/form-data")


@pytest.fixture
def opened_form(client_of, cast):
    """Open the form as the resident and write a sentence."""

    def open_form(who="resident", text=TEXT):
        client = client_of(who)
        return client, form_in(text_of(client.get("/problems/new"))) | {"text": text}

    return open_form


def upload(seed=1, name="a.jpg"):
    return (io.BytesIO(busy(seed)), name)


def problems():
    session().rollback()
    return session().query(Problem).order_by(Problem.id).all()


def test_ones_own_building_stands_there_already(opened_form, cast):
    _, told = opened_form()
    assert told["where"] == f"b{cast.building_ids[0]}"


def test_a_code_at_a_door_names_the_place(client_of, cast):
    page = text_of(client_of("resident").get(f"/problems/new?where=b{cast.building_ids[1]}"))
    assert form_in(page)["where"] == f"b{cast.building_ids[1]}"
    page = text_of(client_of("resident").get("/problems/new?where=b99999"))
    assert form_in(page)["where"] == f"b{cast.building_ids[0]}"


def test_words_alone_are_enough_and_a_sentence_says_what_happens_next(opened_form, cast):
    client, told = opened_form()
    answer = sent(client, told)
    assert answer.status_code == 303
    [problem] = problems()
    assert problem.building_id == cast.building_ids[0]
    assert problem.grid_id == cast.grid_ids[0]
    with client.http.session_transaction() as kept:
        said = "".join(words for _, words in kept["_flashes"])
    assert problem.number in said
    assert re.search(r"测试里居委会 在 \d+月\d+日 \d\d:\d\d 前看过", said)


def test_a_photo_is_looked_at_before_it_is_sent(opened_form, cast, app):
    client, told = opened_form()
    step = text_of(sent(client, told, picture=upload()))
    assert "照片里有人脸、车牌吗" in step
    assert problems() == []
    again = form_in(step)
    assert again["text"] == TEXT
    assert sent(client, again).status_code == 303
    assert len(pictures_of([problems()[0].id]).popitem()[1]) == 1
    assert session().query(PictureDraft).count() == 0
    assert not path_of(drafts_folder(data_dir(app)), draft_name(again["draft"][0])).exists()


def test_a_click_on_the_photo_covers_there_and_only_there(opened_form, app):
    client, told = opened_form()
    step = form_in(text_of(sent(client, told, picture=upload(77))))
    (token,) = step["draft"]
    page = text_of(sent(client, step, **{f"at-{token}.x": "70", f"at-{token}.y": "50"}))
    assert "遮了 1 处" in page
    assert problems() == []
    assert sent(client, form_in(page)).status_code == 303
    [row] = pictures_of([problems()[0].id]).popitem()[1]
    folder = pictures_folder(data_dir(app))
    plain = draw_anew(busy(77))
    assert row.name != plain.name
    assert not path_of(folder, plain.name).exists(), "the picture as it was must be nowhere"
    for width in (0, SMALL[0]):
        image = Image.open(path_of(folder, row.name, width)).convert("RGB")
        across, down = image.width * 70 // 288, image.height * 50 // 192
        reach = image.width // 30
        inside = image.crop((across - reach, down - reach, across + reach, down + reach))
        beside = image.crop((image.width // 2, image.height // 2, image.width, image.height))
        assert max(high - low for low, high in Stat(inside).extrema) < 110
        assert max(high - low for low, high in Stat(beside).extrema) > 150


def test_a_part_can_be_named_instead_of_pointed_at_and_taken_back(opened_form):
    client, told = opened_form()
    step = form_in(text_of(sent(client, told, picture=upload())))
    (token,) = step["draft"]
    covered = form_in(text_of(sent(client, step, cover=token, **{f"part-{token}": "8"})))
    assert covered[f"hide-{token}"] == "666,666,334,334"
    # A key pressed on the picture points at nothing.
    same = form_in(text_of(sent(client, covered, **{f"at-{token}.x": "0", f"at-{token}.y": "0"})))
    assert same[f"hide-{token}"] == covered[f"hide-{token}"]
    back = form_in(text_of(sent(client, covered, uncover=token)))
    assert back[f"hide-{token}"] == ""
    assert "draft" not in form_in(text_of(sent(client, covered, drop=token)))


@pytest.mark.parametrize("hide", ["1", "0,0,9999,1", "0,0,1,1;" * 30, "<script>"])
def test_hostile_boxes_are_an_error_beside_the_field_and_nothing_is_raised(opened_form, hide):
    client, told = opened_form()
    step = form_in(text_of(sent(client, told, picture=upload())))
    (token,) = step["draft"]
    answer = sent(client, {**step, f"hide-{token}": hide})
    assert answer.status_code == 422
    assert TEXT in text_of(answer)
    assert form_in(text_of(answer))["draft"] == [token]
    assert problems() == []


def test_what_is_wrong_elsewhere_loses_no_picture(opened_form):
    client, told = opened_form()
    answer = sent(client, told | {"text": "坏了"}, picture=upload())
    assert answer.status_code == 422
    again = form_in(text_of(answer))
    assert len(again["draft"]) == 1
    assert sent(client, again | {"text": TEXT}).status_code == 303
    assert len(pictures_of([problems()[0].id]).popitem()[1]) == 1


def test_four_pictures_stand_in_the_order_in_which_they_were_chosen(opened_form):
    client, told = opened_form()
    first = form_in(text_of(sent(client, told, picture=[upload(n) for n in range(3)])))
    answer = sent(client, first, picture=[upload(3), upload(4)])
    assert answer.status_code == 422
    assert "最多 4 张照片" in text_of(answer)
    rest = form_in(text_of(answer))
    assert len(rest["draft"]) == 4
    assert sent(client, rest).status_code == 303
    names = [row.name for row in pictures_of([problems()[0].id]).popitem()[1]]
    assert names == [draw_anew(busy(n)).name for n in range(4)]


def test_a_form_with_pictures_sent_twice_has_one_effect_and_says_so(opened_form):
    client, told = opened_form()
    step = form_in(text_of(sent(client, told, picture=upload())))
    assert sent(client, step).status_code == 303
    again = sent(client, step)
    assert "这一条已经收到了" in text_of(again)
    assert len(problems()) == 1


def test_who_says_that_it_burns_is_asked_nothing(opened_form, raise_as):
    raise_as(TEXT)
    client, told = opened_form("tenant")
    assert sent(client, told | {"burning": "y"}, picture=upload()).status_code == 303
    assert len(problems()) == 2


def test_what_seems_the_same_is_asked_once_and_me_too_is_one_press(opened_form, raise_as):
    other = raise_as(TEXT)
    client, told = opened_form("tenant", text="楼道里堆满了纸箱，出门要侧着走，求清理")
    step = text_of(sent(client, told))
    assert "是不是同一件事" in step
    assert f'formaction="/problems/{other.number}/second"' in step
    assert len(problems()) == 1
    seconded = client.http.post(f"/problems/{other.number}/second", data=form_in(step))
    assert seconded.status_code == 303
    assert problems()[0].seconds == 1
    client, told = opened_form("tenant", text="楼道里堆满了纸箱，出门要侧着走，求清理")
    assert sent(client, form_in(text_of(sent(client, told)))).status_code == 303
    assert len(problems()) == 2


# Hints while writing --------------------------------------------------------------------------------------------------


def hinted(client, told, **more):
    return text_of(client.http.post("/problems/new/hints", data={**told, **more}))


def test_hints_name_the_likely_way_with_its_reason(opened_form):
    client, told = opened_form()
    said = hinted(client, told, text="楼下有人飞线充电，拉到一楼给电动车充电")
    assert "我们建议这样办" in said
    assert re.search("会先交给|会这样走", said)
    assert "因为：" in said
    assert hinted(client, told, text="楼道").strip() == ""
    assert problems() == []


def test_hints_on_what_accuses_somebody_say_that_it_stays_hidden(opened_form):
    client, told = opened_form()
    assert "先不公开" in hinted(client, told, text="3 号楼 402 的王强偷电，天天偷")
    assert "先不公开" not in hinted(client, told, text="楼道的灯坏了三天没人修")


def test_hints_never_show_what_is_hidden(opened_form, raise_as):
    raise_as(TEXT, names_person=True)
    client, told = opened_form("tenant")
    assert "我也遇到" not in hinted(client, told)


def test_hints_take_as_many_queries_for_many_as_for_one(opened_form, raise_as, counted):
    client, told = opened_form("tenant")
    raise_as(TEXT)
    hinted(client, told)
    with counted() as one:
        hinted(client, told)
    for n in range(6):
        raise_as(f"{TEXT}，第 {n} 层")
    with counted() as many:
        hinted(client, told)
    assert len(many.statements) == len(one.statements)


# Covering what is published -------------------------------------------------------------------------------------------


@pytest.fixture
def published(raise_as, app):
    folder = pictures_folder(data_dir(app))
    raised = raise_as(TEXT, pictures=[draw_anew(busy())], folder=folder)
    [row] = pictures_of([raised.id])[raised.id]
    return raised.number, row.id, row.name, folder


@pytest.mark.parametrize("who", ["resident", "moderator", "street_office"])
def test_more_can_be_covered_and_the_picture_of_before_is_gone(client_of, published, who):
    number, picture_id, before, folder = published
    url = f"/problems/{number}/pictures/{picture_id}"
    client = client_of(who)
    assert "不能恢复" in text_of(client.get(f"{url}/cover"))
    old = client.http.get(f"{url}?v={before[:8]}").data
    assert client.post(f"{url}/cover", {"hide": "0,0,400,400", "once": client.once}).status_code == 303
    session().rollback()
    row = session().get_one(Picture, picture_id, populate_existing=True)
    assert row.name != before
    for width in (0, *SMALL):
        assert not path_of(folder, before, width).exists()
    fresh = client.http.get(f"{url}?v={before[:8]}")
    assert fresh.data != old
    assert "immutable" not in fresh.headers["Cache-Control"]
    entry = session().query(JournalEntry).order_by(JournalEntry.number.desc()).limit(1).one()
    assert entry.kind == "PictureCovered"
    assert entry.facts == f'{{"picture":{picture_id}}}'


@pytest.mark.parametrize("who", ["owner", "neighbour", "outsider", "official", "foreign_moderator", "administrator"])
def test_nobody_else_covers_anything(client_of, published, who):
    number, picture_id, before, folder = published
    client = client_of(who)
    url = f"/problems/{number}/pictures/{picture_id}/cover"
    assert client.get(url).status_code == 403
    assert client.post(url, {"hide": "0,0,400,400"}).status_code == 403
    assert path_of(folder, before).exists()


def test_a_click_covers_a_published_picture_without_a_script(client_of, published):
    number, picture_id, before, folder = published
    client = client_of("resident")
    url = f"/problems/{number}/pictures/{picture_id}/cover"
    client.get(url)
    assert client.post(url, {"at.x": "40", "at.y": "40", "once": client.once}).status_code == 303
    assert not path_of(folder, before).exists()


def test_nothing_pointed_at_changes_nothing(client_of, published):
    number, picture_id, before, folder = published
    client = client_of("resident")
    url = f"/problems/{number}/pictures/{picture_id}/cover"
    client.get(url)
    assert client.post(url, {"hide": "", "once": client.once}).status_code == 303
    assert client.post(url, {"hide": "1,1", "once": client.once}).status_code == 422
    assert path_of(folder, before).exists()


def test_a_file_that_another_picture_shows_too_stays(client_of, published, raise_as):
    number, picture_id, before, folder = published
    raise_as("门口路灯坏了看不见路", pictures=[draw_anew(busy())], folder=folder)
    client = client_of("resident")
    url = f"/problems/{number}/pictures/{picture_id}/cover"
    client.get(url)
    client.post(url, {"hide": "0,0,400,400", "once": client.once})
    assert path_of(folder, before).exists()


def test_hints_read_no_more_than_may_be_sent(opened_form, monkeypatch):
    """Reading three megabytes took half a minute of the only processor."""
    read: list[str] = []

    def previewed(*by, **asked):
        read.append(asked["text"])
        return preview(*by, **asked)

    monkeypatch.setattr(hinting, "preview", previewed)
    client, told = opened_form()
    hinted(client, told, text="楼道灯不亮" + "很" * 100_000)
    assert [len(text) for text in read] == [TEXT_MAX]
