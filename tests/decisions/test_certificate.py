"""The certificate as a PDF: the figures of the result as text, nobody's name, the same bytes for the same result."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from cogov.decisions.commands import cast_ballot
from cogov.decisions.models import Decision
from cogov.ground import paper
from cogov.ground.db import session
from cogov.people.models import Identity, Person
from tests.decisions.conftest import Vote, option


@pytest.fixture
def counted(vote: Vote) -> Decision:
    decision = vote.opened()
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    cast_ballot(vote.cast.owner, decision.id, option_id=option(decision, 2))
    vote.closed(decision)
    return decision


def _pdf(client: Any, decision: Decision, language: str = "") -> tuple[PdfReader, bytes]:
    asked = {"Accept-Language": language} if language else {}
    answer = client.get(f"/decisions/{decision.id}/certificate.pdf", headers=asked)
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert f"cogov-{decision.id}-certificate.pdf" in answer.headers["Content-Disposition"]
    return PdfReader(BytesIO(answer.data)), answer.data


def _text(read: PdfReader) -> str:
    return "".join("".join(page.extract_text() for page in read.pages).split())


def test_a_certificate_holds_the_figures_as_text_and_nobody(counted: Decision, client_of) -> None:
    anyone = client_of(None)
    read, made = _pdf(anyone, counted)
    text = _text(read)
    bundle = anyone.get(f"/decisions/{counted.id}/bundle.json").get_json()
    turnout = bundle["turnout"]
    assert bundle["channels"] == {"web": turnout["heads"]}
    for part in (
        bundle["sha256"],
        f"{turnout['heads']:,}户",
        f"{turnout['area'] // 100:,}",
        "意向征询，不是法定表决",
        counted.question,
    ):
        assert part in text, part
    assert read.metadata is not None
    assert read.metadata.title == "计票证书"
    root: Any = read.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    people = select(Person.pseudonym, Identity.name, Identity.phone).join(Identity, Identity.person_id == Person.id)
    for told in session().execute(people):
        assert not any(part and part in text for part in told)
    paper._kept.clear()
    assert _pdf(client_of("owner"), counted)[1] == made


def test_a_certificate_speaks_the_language_of_whoever_asks(counted: Decision, client_of) -> None:
    read, _ = _pdf(client_of(None), counted, "en")
    root: Any = read.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert "notthestatutoryvote" in _text(read)


def test_the_result_leads_to_the_pdf_where_one_can_be_made(
    counted: Decision, client_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"/decisions/{counted.id}"
    assert f"{url}/certificate.pdf" in client_of("owner").get(url).get_data(as_text=True)
    monkeypatch.setattr(paper, "_installed", lambda: False)
    owner = client_of("owner")
    assert "certificate.pdf" not in owner.get(url).get_data(as_text=True)
    sheet = owner.get(f"{url}/certificate").get_data(as_text=True)
    assert "certificate.pdf" not in sheet
    assert "也可以存成 PDF" in sheet
    refused = owner.get(f"{url}/certificate.pdf")
    assert refused.status_code == 404
    assert "浏览器的打印" in refused.get_data(as_text=True)
