"""The desk, the page of a case, and the steps as addresses."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from cogov.cases.commands import call_bodies, verify_case
from cogov.cases.models import Case, Step
from cogov.cases.rules import CaseState, StepKind
from cogov.ground.db import session
from tests.cases.scene import a_case, a_problem, walked
from tests.cast import Cast

ClientOf = Callable[[str | None], Any]


def fresh(case: Case) -> Case:
    session().rollback()
    session().expire_all()
    row = session().get(Case, case.id)
    assert row is not None
    return row


def photograph() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (120, 90, 60)).save(out, "JPEG")
    return out.getvalue()


def test_the_whole_loop_can_be_walked_with_a_browser_that_runs_no_script(cast: Cast, client_of: ClientOf) -> None:
    case = a_case(cast, a_problem(cast))
    walk: list[tuple[str, str, dict[str, Any]]] = [
        ("grid_worker", "verification", {"words": "看到三根线"}),
        ("inspector", "acceptance", {}),
        ("inspector", "filing", {}),
        ("dispatcher", "dispatch", {"body": cast.organizations["fire"], "item": 0, "words": "按职责"}),
        ("official", "acknowledgement", {}),
        ("official", "calls", {"bodies": cast.organizations["property"], "words": "断电"}),
        ("official", "handling", {"words": "拆了", "picture": (io.BytesIO(photograph()), "a.jpg"), "looked": "1"}),
        ("inspector", "inspection", {}),
        ("inspector", "feedback", {"words": "拆了，请看"}),
    ]
    for name, slug, data in walk:
        if slug == "handling":
            called = client_of("called_official")
            assert "您单位被吹哨" in called.get(f"/cases/{case.id}").get_data(as_text=True)
            assert called.post("/calls/1/answer", {"words": "断了", "once": called.once}).status_code == 303
        client = client_of(name)
        page = client.get(f"/cases/{case.id}")
        assert page.status_code == 200
        answer = client.post(
            f"/cases/{case.id}/{slug}", {"once": client.once, **data}, content_type="multipart/form-data"
        )
        assert answer.status_code == 303, (slug, answer.get_data(as_text=True))
        assert answer.location == f"/cases/{case.id}"
    closer = client_of("closer")
    closer.get(f"/cases/{case.id}")
    assert closer.post(f"/cases/{case.id}/closure", {"once": closer.once}).status_code == 303
    assert fresh(case).state is CaseState.CLOSED
    picture_id = session().scalars(select(Step.picture_id).where(Step.kind == StepKind.HANDLE)).one()
    sent = client_of(None).get(f"/cases/{case.id}/pictures/{picture_id}")
    assert (sent.status_code, sent.mimetype) == (200, "image/jpeg")
    sent.close()
    assert client_of(None).get(f"/cases/{case.id}/pictures/{(picture_id or 0) + 1}").status_code == 404


def test_a_form_with_a_gap_comes_back_with_what_was_written(cast: Cast, client_of: ClientOf) -> None:
    case = walked(cast, CaseState.DISPATCHED)
    client = client_of("official")
    client.get(f"/cases/{case.id}")
    answer = client.post(f"/cases/{case.id}/return", {"words": "", "basis": "第三条", "once": client.once})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'value="第三条"' in text
    assert "这一栏要写" in text
    assert fresh(case).state is CaseState.DISPATCHED


def test_a_step_of_another_side_is_refused_with_who_may(cast: Cast, client_of: ClientOf) -> None:
    case = walked(cast, CaseState.HANDLED)
    for name in ("official", "dispatcher", "resident", "grid_worker"):
        client = client_of(name)
        answer = client.post(f"/cases/{case.id}/inspection", {})
        assert answer.status_code == 403
        assert "核查员" in answer.get_data(as_text=True)
    assert client_of(None).post(f"/cases/{case.id}/inspection", {}).status_code in {303, 400}
    assert fresh(case).state is CaseState.HANDLED


def test_every_form_says_for_whom_one_acts(cast: Cast, client_of: ClientOf) -> None:
    case = walked(cast, CaseState.HANDLING)
    text = client_of("official").get(f"/cases/{case.id}").get_data(as_text=True)
    assert re.search(r"报处置结果.*代表 云溪区消防救援大队", text, re.DOTALL)
    assert 'name="basis"' in text


def test_a_closer_sees_from_the_beginning_what_is_missing(cast: Cast, client_of: ClientOf) -> None:
    case = walked(cast, CaseState.HANDLING)
    text = client_of("closer").get(f"/cases/{case.id}").get_data(as_text=True)
    assert "还不能结案，差 3 样" in text
    assert "缺联动章" in text
    assert "缺反馈章" in text
    assert f'action="/cases/{case.id}/closure"' not in text


def test_a_page_for_the_public_offers_nothing_and_names_no_raiser(cast: Cast, client_of: ClientOf) -> None:
    case = walked(cast, CaseState.CLOSED)
    text = client_of(None).get(f"/cases/{case.id}").get_data(as_text=True)
    assert "<form" not in text.split("<main")[1].split("</main>")[0]
    assert "化名resident" not in text
    assert "经办official" in text


def test_a_case_of_a_hidden_problem_exists_only_for_those_with_a_part_in_it(cast: Cast, client_of: ClientOf) -> None:
    case = a_case(cast, a_problem(cast, hidden=True))
    verify_case(cast.inspector, case.id)
    assert client_of("official").get(f"/cases/{case.id}").status_code == 404  # not dispatched yet
    walked(cast, CaseState.HANDLING, case)
    for name in (None, "neighbour", "outsider", "complained_of", "grid_worker", "called_official"):
        client = client_of(name)
        assert client.get(f"/cases/{case.id}").status_code == 404
        if name:
            assert client.post(f"/cases/{case.id}/closure", {}).status_code == 404
    for name in ("official", "inspector", "dispatcher"):
        assert client_of(name).get(f"/cases/{case.id}").status_code == 200
    call_bodies(cast.official, case.id, organization_ids=[cast.organizations["property"]], ask="来")
    assert client_of("called_official").get(f"/cases/{case.id}").status_code == 200


@pytest.mark.parametrize("url", ["/cases/99999999", f"/cases/{2**63}", "/cases/0", "/cases/x"])
def test_what_does_not_exist_is_not_found(cast: Cast, client_of: ClientOf, url: str) -> None:
    assert client_of("official").get(url).status_code == 404


def test_the_desk_shows_the_list_and_the_chosen_case_beside_it(cast: Cast, client_of: ClientOf) -> None:
    first = walked(cast, CaseState.HANDLING, a_case(cast, a_problem(cast, "2026-9001", title="第一件")))
    second = walked(cast, CaseState.DISPATCHED, a_case(cast, a_problem(cast, "2026-9002", title="第二件")))
    client = client_of("official")
    text = client.get(f"/desk?case={second.id}").get_data(as_text=True)
    assert "第一件" in text
    assert "第二件" in text
    assert f'action="/cases/{second.id}/acknowledgement?desk=1"' in text
    answer = client.post(f"/cases/{second.id}/acknowledgement?desk=1", {"once": client.once})
    assert answer.location == f"/desk?case={second.id}"
    assert first.id != second.id


@pytest.mark.parametrize("query", ["part=nonsense", "after=x", "after=99999999999999999.1", "case=abc", "after=1.1"])
def test_a_desk_with_an_odd_address_still_opens(cast: Cast, client_of: ClientOf, query: str) -> None:
    walked(cast, CaseState.HANDLING)
    assert client_of("official").get(f"/desk?{query}").status_code == 200


def test_a_desk_without_duties_is_refused_and_an_empty_one_says_so(cast: Cast, client_of: ClientOf) -> None:
    assert client_of("resident").get("/desk").status_code == 403
    assert "现在没有等您办的事" in client_of("official").get("/desk").get_data(as_text=True)


def test_a_dispatch_opens_with_the_bodies_that_can_answer_and_with_the_items_for_the_matter(
    cast: Cast, client_of: ClientOf
) -> None:
    problem = a_problem(cast)
    problem.matter_id = cast.matters["C103"]
    session().commit()
    case = walked(cast, CaseState.FILED, a_case(cast, problem))
    text = client_of("dispatcher").get(f"/cases/{case.id}").get_data(as_text=True)
    assert "云溪区消防救援大队" in text
    assert "T-C103" in text
    assert "云溪区水务公司" not in text  # nobody sits there


def test_a_post_without_its_token_is_refused(cast: Cast, client_of: ClientOf) -> None:
    case = walked(cast, CaseState.VERIFIED)
    answer = client_of("inspector").http.post(f"/cases/{case.id}/acceptance", data={})
    assert answer.status_code == 400
    assert fresh(case).state is CaseState.VERIFIED
