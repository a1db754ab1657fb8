"""Files beside messages: who may read one has its files, nobody else; versions, seals and erasure take them along."""

from __future__ import annotations

import io
import re
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask_migrate import downgrade, upgrade
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from cogov.files.commands import delete_discarded, keep_draft, put
from cogov.files.models import DiscardedFile, Document, Picture
from cogov.files.queries import path_of, pictures_folder
from cogov.files.rules import draw_anew, write_anew
from cogov.files.rules.rewriting import rewritten
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.ground.settings import data_dir
from cogov.journal.transaction import transaction
from cogov.moderation.commands import appeal_removal, decide_review
from cogov.moderation.rules import FlagReason, ReviewVerdict
from cogov.problems.queries import problem_for
from cogov.threads import queries
from cogov.threads.commands import edit_message, flag_message, post_message, withdraw_message
from cogov.threads.commands.enclosing import Enclosing, Files
from cogov.threads.commands.leaving import forget_person
from cogov.threads.models import Enclosure, Message
from cogov.threads.queries.enclosures import files_in
from cogov.threads.rules.enclosing import MOST_ENCLOSURES
from cogov.threads.rules.messages import MessageKind
from tests.cast import Cast
from tests.databases import both


def photograph(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (90, 60), colour).save(out, "JPEG")
    return out.getvalue()


def pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(2):
        writer.add_blank_page(200, 300)
    writer.add_metadata({"/Author": "Zhang San"})
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def paper():
    """Return a document as it is kept; writing one anew takes a process of its own."""
    return write_anew(pdf(), "检测报告.pdf")


@pytest.fixture
def folder(app):
    return pictures_folder(data_dir(app))


def say(cast: Cast, number: str, *files, folder, words: str = "") -> int:
    return post_message(
        cast.tenant,
        number,
        kind=MessageKind.EVIDENCE,
        text="这是昨天晚上拍的。",
        files=Files([Enclosing(file, words) for file in files], folder),
    ).id


def shown_to(cast: Cast, number: str):
    return queries.messages(problem_for(cast.moderator, number).id).items[-1].enclosures


def counts() -> tuple[int, int, int]:
    kinds = (Enclosure, Picture, Document)
    return tuple(session().scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds)  # type: ignore[return-value]


def addresses(message_id: int) -> list[str]:
    rows = session().scalars(select(Enclosure.id).where(Enclosure.message_id == message_id).order_by(Enclosure.id))
    return [f"/messages/{message_id}/enclosures/{each}" for each in rows]


@both
def test_a_message_carries_its_files_and_an_edit_brings_and_takes_some(cast, number, folder, paper):
    message_id = say(cast, number, draw_anew(photograph()), paper, folder=folder, words="楼道  灯罩碎了")
    first, second = shown_to(cast, number)
    assert (first.picture.width, first.words, second.document.title, second.document.pages) == (
        90,
        "楼道 灯罩碎了",
        "检测报告.pdf",
        2,
    )
    edit_message(
        cast.tenant,
        message_id,
        text="这是昨天晚上拍的。",
        files=Files([Enclosing(draw_anew(photograph("blue")))], folder),
        without=[first.id],
    )
    assert [each.id for each in shown_to(cast, number)] == [second.id, second.id + 1]
    of_all = queries.enclosures_of(message_id)
    changed = files_in(of_all, 2)
    assert [[each.id for each in group] for group in (changed.stayed, changed.added, changed.removed)] == [
        [second.id],
        [second.id + 1],
        [first.id],
    ]
    assert [each.id for each in files_in(of_all, 1).stayed] == [first.id, second.id]
    assert session().get_one(Message, message_id).enclosed == 2


@both
def test_the_schema_takes_no_enclosure_of_two_files_or_of_none(cast, number, folder):
    message_id = say(cast, number, draw_anew(photograph()), folder=folder)
    for versions in ({"since": 1}, {"since": 2, "until": 2}):
        row = {"message_id": message_id, "person_id": cast.tenant.person_id, "words": "", **versions}
        if "until" in row:
            row["document_id"] = None
        session().add(Enclosure(**row))
        with pytest.raises(IntegrityError):
            session().flush()
        session().rollback()


def test_more_files_than_stand_beside_one_message_are_refused(cast, number, folder):
    drawn = draw_anew(photograph())
    with pytest.raises(Refused, match="too_many_enclosures"):
        say(cast, number, *[drawn] * (MOST_ENCLOSURES + 1), folder=folder)
    message_id = say(cast, number, *[drawn] * MOST_ENCLOSURES, folder=folder)
    with pytest.raises(Refused, match="too_many_enclosures"):
        edit_message(cast.tenant, message_id, text="再附一张", files=Files([Enclosing(drawn)], folder))


def test_a_page_asks_once_for_all_files_and_not_at_all_where_there_are_none(cast, number, folder, counted):
    problem_id = problem_for(cast.moderator, number).id
    say(cast, number, folder=folder)
    with counted() as without:
        queries.messages(problem_id)
    for _ in range(3):
        say(cast, number, draw_anew(photograph()), folder=folder)
    with counted() as with_files:
        queries.messages(problem_id)
    assert int(with_files) == int(without) + 1


def test_who_may_not_read_the_message_finds_no_file(cast, number, folder, client_of, paper):
    message_id = say(cast, number, draw_anew(photograph()), paper, folder=folder)
    picture, document = addresses(message_id)
    reader = client_of(None)
    sent = reader.get(picture)
    assert (sent.status_code, sent.mimetype, sent.headers["Cache-Control"]) == (200, "image/jpeg", "private, no-store")
    saved = reader.get(document)
    assert (saved.mimetype, saved.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert saved.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in saved.headers["Content-Security-Policy"]
    other = say(cast, number, folder=folder)
    assert reader.get(picture.replace(str(message_id), str(other), 1)).status_code == 404
    review = flag_message(cast.neighbour, message_id, reason=FlagReason.PRIVACY)
    decide_review(cast.moderator, review.id, verdict=ReviewVerdict.REMOVE, reason=FlagReason.PRIVACY, words="有人脸")
    session().commit()
    for name, status in ((None, 404), ("moderator", 404), ("neighbour", 404), ("tenant", 200)):
        assert [client_of(name).get(each).status_code for each in (picture, document)] == [status] * 2, name
    appeal_removal(cast.tenant, review.id, words="照片里没有人")
    session().commit()
    assert [client_of(name).get(picture).status_code for name in ("street_office", "neighbour")] == [200, 404]
    assert counts() == (2, 1, 1)  # sealed with the words, not erased


def later(seconds: int, folder: Path) -> None:
    with time_machine.travel(now() + timedelta(seconds=seconds)):
        delete_discarded(folder)


@both
def test_taking_back_a_message_erases_its_files_and_what_another_row_shows_stays(cast, number, folder, paper):
    same = draw_anew(photograph("green"))
    kept = say(cast, number, same, folder=folder)
    gone = say(cast, number, same, draw_anew(photograph("black")), paper, folder=folder)
    withdraw_message(cast.tenant, gone)
    assert counts() == (1, 1, 0)
    assert delete_discarded(folder) == 0  # just written: somebody may be sending the same
    with time_machine.travel(now() + timedelta(seconds=50)):
        put(draw_anew(photograph("black")), folder)
    later(70, folder)
    assert path_of(folder, draw_anew(photograph("black")).name).is_file()  # taken up again since
    later(120, folder)
    assert [
        path_of(folder, name).is_file() for name in (same.name, draw_anew(photograph("black")).name, paper.name)
    ] == [
        True,
        False,
        False,
    ]
    assert session().scalar(select(func.count()).select_from(DiscardedFile)) == 0
    with transaction():
        forget_person(cast.tenant.person_id, words=True)
    assert (counts(), session().get_one(Message, kept).enclosed) == ((0, 0, 0), 0)


def test_without_scripts_a_picture_is_looked_at_before_it_is_sent_and_the_words_are_kept(cast, number, client_of):
    client, url = client_of("tenant"), f"/problems/{number}/messages"
    told = {"kind": "reason", "text": "灯罩碎了，<b>小心</b>"}
    asked = client.post(
        url,
        {**told, "picture": [(io.BytesIO(photograph()), "a.jpg"), (io.BytesIO(pdf()), "../报告\u202efdp.exe")]},
        content_type="multipart/form-data",
    )
    page = asked.get_data(as_text=True)
    assert asked.status_code == 200
    assert "灯罩碎了" in page
    tokens = re.findall(r'name="draft"\s+value="([^"]+)"', page)
    assert len(tokens) == 2
    assert client.get(f"/drafts/{tokens[1]}").status_code == 404  # a document is not shown
    sent = client.post(
        url,
        {**told, "draft": tokens, "looked": "1", f"words-{tokens[0]}": "碎了的灯罩"},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 303
    dossier = client.get(sent.location).get_data(as_text=True)
    assert 'alt="碎了的灯罩"' in dossier
    assert 'width="90"' in dossier
    assert "报告fdp.exe.pdf" in dossier


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"MZ" + bytes(300), "也不是 PDF"), (b"%PDF-1.7\n" + bytes(300), "不是能读的 PDF"), (b"", "空的")],
)
def test_what_is_no_file_of_these_is_refused_and_the_words_are_kept(cast, number, client_of, content, said):
    answer = client_of("tenant").post(
        f"/problems/{number}/messages",
        {"kind": "reason", "text": "这句话不能丢", "picture": (io.BytesIO(content), "a.pdf")},
        content_type="multipart/form-data",
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert "这句话不能丢" in page
    assert counts() == (0, 0, 0)


def test_a_document_tells_nothing_of_its_author(paper):
    assert b"Zhang San" not in paper.data
    assert len(PdfReader(io.BytesIO(paper.data)).pages) == 2


@both
def test_going_back_a_version_leaves_no_row_of_what_was_enclosed_nor_of_what_was_chosen(
    cast, number, folder, paper, tmp_path
):
    say(cast, number, draw_anew(photograph("green")), paper, folder=folder)
    keep_draft(cast.tenant, paper, tmp_path)
    keep_draft(cast.tenant, draw_anew(photograph("black")), tmp_path)
    session().commit()
    session().remove()
    downgrade(revision="0026")
    for table, rows in (("picture", 0), ("picture_draft", 1), ("message", 1)):
        assert session().scalar(text(f"SELECT count(*) FROM {table}")) == rows, table
    session().remove()
    upgrade()


TAKEN = b"Exif\x00\x0031.23N 121.47E"


def _wrapped(way: str) -> tuple[bytes, bytes]:
    """Return a PDF with a picture that says where it was taken, and the picture without that."""
    out = io.BytesIO()
    kind = "JPEG2000" if "JPX" in way else "JPEG"
    Image.new("RGB", (40, 30), "green").save(out, kind)
    plain = out.getvalue()
    if kind == "JPEG":
        data = plain[:2] + b"\xff\xe1" + (2 + len(TAKEN)).to_bytes(2, "big") + TAKEN + plain[2:]
    else:
        at = plain.index(b"jp2c") - 4
        data = plain[:at] + (8 + len(TAKEN)).to_bytes(4, "big") + b"xml " + TAKEN + plain[at:]
    writer = PdfWriter()
    last: Any = NameObject("/JPXDecode" if kind == "JPEG2000" else "/DCTDecode")
    page = writer.add_blank_page(200, 300)
    stream, filters = StreamObject(), last
    stream._data = data
    if "Flate" in way:
        stream._data, filters = zlib.compress(data), ArrayObject([NameObject("/FlateDecode"), last])
    stream[NameObject("/Subtype")] = NameObject("/Image")
    stream[NameObject("/Filter")] = writer._add_object(filters) if "indirect" in way else filters
    named = DictionaryObject({NameObject("/Im0"): writer._add_object(stream)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): named})
    told = io.BytesIO()
    writer.write(told)
    return told.getvalue(), plain


@pytest.mark.parametrize("way", ["plain", "indirect", "Flate", "indirect Flate", "JPX", "indirect Flate JPX"])
def test_however_a_picture_is_kept_in_a_pdf_it_does_not_tell_where_it_was_taken(way: str) -> None:
    given, plain = _wrapped(way)
    _, made = rewritten(given)
    page: Any = PdfReader(io.BytesIO(made)).pages[0]
    picture = page["/Resources"]["/XObject"]["/Im0"]
    kept = picture._data
    assert TAKEN not in kept
    shown = Image.open(io.BytesIO(kept))
    assert shown.convert("RGB").tobytes() == Image.open(io.BytesIO(plain)).convert("RGB").tobytes()
