"""The pages of problems, as a browser without scripts uses them."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from sqlalchemy import func, select

from cogov.files.queries import pictures_of
from cogov.ground.db import session
from cogov.people.rules import CLOCK
from cogov.problems.commands import appeal_triage, ask_raisers, triage_problem
from cogov.problems.models import Problem
from cogov.problems.queries import latest_triage, problem_for
from cogov.problems.rules.lanes import Lane, ReasonCode
from cogov.problems.rules.stages import Ending, Stage


def text_of(response):
    return response.get_data(as_text=True)


def told(cast, **values):
    return {
        "text": "楼道里堆满了纸箱，出门要侧着走",
        "where": f"g{cast.grid_ids[0]}",
        "looked": "1",
        "asked": "1",
        **values,
    }


def numbers():
    session().rollback()
    return list(session().scalars(select(Problem.number).order_by(Problem.id)))


def stage_of(cast, number):
    session().rollback()
    session().expire_all()
    return problem_for(cast.moderator, number).stage


def test_the_list_is_open_to_all_and_filters_keep_what_they_promise(cast, client_of, raise_as):
    raise_as("门口路灯坏了看不见路")
    raise_as("三楼的老李夜里敲墙", names_person=True)
    page = text_of(client_of(None).get("/problems"))
    assert "门口路灯坏了看不见路" in page
    assert "老李" not in page
    for query in ("stage=ended", f"grid={cast.grid_ids[1]}", "after=0-1"):
        assert "门口路灯" not in text_of(client_of(None).get(f"/problems?{query}"))
    assert "门口路灯" in text_of(client_of("resident").get("/problems?mine=1"))
    assert "门口路灯" not in text_of(client_of("owner").get("/problems?mine=1"))


@pytest.mark.parametrize(
    "query",
    [
        "stage=nonsense",
        "after=99999999999999999999999-1",
        "after=-1",
        "after=1-99999999999999999999",
        "sort=due&after=999999999999999999-1",
        "sort=met&after=x",
        "sort=best",
        "grid=x",
        "lane=Z&matter=0&holder=-1",
        "mine=1&stage=",
    ],
)
def test_a_list_asked_for_in_a_foolish_way_still_answers(client_of, raise_as, query):
    raise_as()
    assert client_of(None).get(f"/problems?{query}").status_code == 200


def test_the_list_goes_on_by_a_link(cast, client_of, raise_as):
    for n in range(22):
        raise_as(f"第 {n} 件要说的事情")
    first = text_of(client_of(None).get("/problems"))
    assert "第 1 件要说" not in first
    more = re.search(r'rel="next"\s+href="([^"]+)"', first)
    assert more
    rest = text_of(client_of(None).get(more.group(1).replace("&amp;", "&")))
    assert "第 1 件要说" in rest
    assert "第 21 件要说" not in rest


def test_a_list_of_many_sends_as_many_queries_as_a_list_of_one(client_of, raise_as, counted):
    client = client_of("resident")

    def measured():
        with counted() as n:
            assert client.get("/problems").status_code == 200
        return sum(not statement.startswith("BEGIN") for statement in n.statements)

    raise_as()
    measured()
    one = measured()
    for n in range(8):
        raise_as(f"第 {n} 件要说的事情")
    assert measured() == one


@pytest.mark.parametrize("place", ["1", "99", "990101001", "990101001001001", "x" * 500])
def test_a_list_of_no_community_is_not_found(client_of, place):
    assert client_of(None).get(f"/problems?place={place}").status_code == 404


# Raising --------------------------------------------------------------------------------------------------------------


def test_emergency_numbers_stand_before_the_form(client_of):
    page = text_of(client_of("resident").get("/problems/new"))
    assert page.index("tel:119") < page.index('name="text"')
    assert 'name="phone"' not in page
    assert 'name="phone"' in text_of(client_of("grid_worker").get("/problems/new"))


def test_a_visitor_is_sent_to_sign_in_and_an_outsider_told_why(client_of):
    assert "/sign-in" in client_of(None).get("/problems/new").headers["Location"]
    answer = client_of("outsider").get("/problems/new?place=990101001001")
    assert answer.status_code == 403
    assert "测试里社区" in text_of(answer)


def test_one_photo_one_sentence(cast, client_of, photo):
    client = client_of("resident")
    client.get("/problems/new")
    picture = (io.BytesIO(photo(90, 30)), "IMG_1.jpg")
    answer = client.post(
        "/problems/new", told(cast, picture=picture, once=client.once), content_type="multipart/form-data"
    )
    assert answer.status_code == 303
    [number] = numbers()
    assert answer.headers["Location"].endswith(f"/problems/{number}")
    found = re.search(rf"/problems/{number}/pictures/\d+", text_of(client.get(f"/problems/{number}")))
    assert found
    assert "no-cache" in client_of(None).get(found.group()).headers["Cache-Control"]
    row = pictures_of([problem_for(cast.resident, number).id]).popitem()[1][0]
    sent = client_of(None).get(f"{found.group()}?v={row.name[:8]}")
    assert sent.mimetype == "image/jpeg"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in sent.headers["Cache-Control"]
    assert sent.headers["Content-Disposition"].startswith(f'inline; filename="{number}-')
    assert "sandbox" in sent.headers["Content-Security-Policy"]
    assert Image.open(io.BytesIO(sent.data)).size == (90, 30)
    again = client_of(None).get(found.group(), headers={"If-None-Match": sent.headers["ETag"]})
    assert again.status_code == 304


def test_a_picture_of_a_hidden_problem_is_for_those_who_may_see_it(cast, client_of, raise_as, photo, app):
    raised = raise_as("三楼的老李夜里敲墙", names_person=True)
    other = raise_as("门口路灯坏了看不见路")
    client = client_of("resident")
    client.get("/problems/new")
    picture = (io.BytesIO(photo()), "x.jpg")
    client.post(
        "/problems/new",
        told(cast, picture=picture, names_person="y", once=client.once),
        content_type="multipart/form-data",
    )
    number = numbers()[-1]
    url = re.search(rf"/problems/{number}/pictures/\d+", text_of(client.get(f"/problems/{number}"))).group()  # type: ignore[union-attr]
    sent = client.get(url)
    assert sent.status_code == 200
    assert sent.headers["Cache-Control"] == "private, no-store"
    for who in (None, "tenant", "complained_of", "official", "foreign_moderator"):
        assert client_of(who).get(url).status_code == 404, who
        assert client_of(who).get(url.replace(number, other.number)).status_code == 404, who
        assert client_of(who).get(f"/problems/{number}/qr.svg").status_code == 404, who
    assert client.get(url.replace(number, raised.number)).status_code == 404


@pytest.mark.parametrize("data", [b"not a picture", b"<svg onload=alert(1)>", b"GIF89a"])
def test_a_hostile_upload_is_a_sentence_and_the_words_are_kept(cast, client_of, data):
    client = client_of("resident")
    client.get("/problems/new")
    picture = (io.BytesIO(data), "../../evil.php")
    answer = client.post("/problems/new", told(cast, picture=picture), content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "楼道里堆满了纸箱" in text_of(answer)
    assert numbers() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""}, {"text": "坏了"}, {"text": "长" * 2001}, {"where": ""}, {"where": "g999999"}, {"where": "b" * 40},
        {"matter": "77777"}, {"latitude": "north", "longitude": "1"}, {"latitude": "31.2"}, {"longitude": "121.5"},
        {"latitude": "NaN", "longitude": "1"}, {"latitude": "1e99", "longitude": "1"}, {"phone": "12345"},
        {"spot": "长" * 121},
    ],
)  # fmt: skip
def test_a_form_with_a_fault_comes_back_with_what_was_written(cast, client_of, wrong):
    client = client_of("resident")
    client.get("/problems/new")
    answer = client.post("/problems/new", told(cast, **{"spot": "南门旁边", **wrong}))
    assert answer.status_code == 422
    assert wrong.get("spot", "南门旁边") in text_of(answer)
    assert numbers() == []


def test_the_route_is_shown_first_and_nothing_is_raised(cast, client_of, raise_as):
    raise_as("楼道里堆满了纸箱，出门要侧着走")
    client = client_of("tenant")
    client.get("/problems/new")
    page = text_of(client.post("/problems/new", told(cast, look="1")))
    assert "我们建议这样办" in page
    assert "邻居已经提过相近的 1 件" in page
    assert len(numbers()) == 1
    burning = text_of(client.post("/problems/new", told(cast, look="1", text="楼道电动车正在冒烟")))
    assert "请先打 119" in burning


def test_a_danger_is_answered_with_the_number_to_call(cast, client_of):
    client = client_of("resident")
    client.get("/problems/new")
    answer = client.post("/problems/new", told(cast, text="楼道电动车正在冒烟"), follow_redirects=True)
    assert "请马上拨打 119" in text_of(answer)


def test_a_form_sent_twice_says_so(cast, client_of):
    client = client_of("resident")
    client.get("/problems/new")
    once = client.once
    assert client.post("/problems/new", told(cast, once=once)).status_code == 303
    assert client.post("/problems/new", told(cast, once=once)).status_code == 409
    assert len(numbers()) == 1


def test_a_grid_worker_enters_for_a_phone_number_at_the_door(cast, client_of):
    client = client_of("grid_worker")
    client.get("/problems/new")
    assert client.post("/problems/new", told(cast, phone="137 0000 1111")).status_code == 303
    session().rollback()
    problem = session().scalars(select(Problem)).one()
    assert problem.recorded_by == cast.grid_worker.person_id != problem.raiser_id


def test_a_pin_outside_is_refused_with_the_words_kept(cast, client_of):
    client = client_of("resident")
    client.get("/problems/new")
    answer = client.post("/problems/new", told(cast, latitude="10.5", longitude="10.5"))
    assert answer.status_code == 422
    assert "楼道里堆满了纸箱" in text_of(answer)


# The acts -------------------------------------------------------------------------------------------------------------


def test_me_too_and_back_again(cast, client_of, raise_as):
    number = raise_as().number
    client = client_of("tenant")
    page = text_of(client.get(f"/problems/{number}"))
    assert f"/problems/{number}/second" in page
    answer = client.post(f"/problems/{number}/second", {"once": "a"}, follow_redirects=True)
    assert "您也遇到了" in text_of(answer)
    assert client.post(f"/problems/{number}/second", {"once": "b"}).status_code == 409
    assert client.post(f"/problems/{number}/second/withdrawal").status_code == 303
    session().rollback()
    assert session().scalar(select(Problem.seconds)) == 0


def test_seconding_needs_a_person_and_a_token(client_of, raise_as):
    number = raise_as().number
    visitor = client_of(None)
    visitor.get("/sign-in")
    assert "/sign-in" in visitor.post(f"/problems/{number}/second").headers["Location"]
    assert client_of("tenant").http.post(f"/problems/{number}/second").status_code == 400
    assert client_of("outsider").post(f"/problems/{number}/second").status_code == 403


def test_a_moderator_sees_the_proposal_with_its_reasons_and_confirms_it(cast, client_of, raise_as):
    raised = raise_as()
    client = client_of("moderator")
    page = text_of(client.get(f"/problems/{raised.number}/triage"))
    assert "规则建议" in page
    assert str(raised.proposal.why[0]) in page
    lane, reason = raised.proposal.lane.value, raised.proposal.reasons[0].value
    answer = client.post(f"/problems/{raised.number}/triage", {"lane": lane, "reason": reason, "once": client.once})
    assert answer.status_code == 303
    session().rollback()
    made = latest_triage(raised.id)
    assert made is not None
    assert (made.changed, made.confirmed_by) == (False, cast.moderator.person_id)


def test_a_change_without_its_reason_is_refused_and_the_choice_kept(cast, client_of, raise_as):
    raised = raise_as()
    client = client_of("moderator")
    client.get(f"/problems/{raised.number}/triage")
    away = {"lane": "X", "reason": "CHANNEL", "channel": "区法院立案庭"}
    wrong = client.post(f"/problems/{raised.number}/triage", away)
    assert wrong.status_code == 422
    assert "区法院立案庭" in text_of(wrong)
    assert client.post(f"/problems/{raised.number}/triage", {"lane": "Z", "reason": "?"}).status_code == 422
    assert client.post(f"/problems/{raised.number}/triage", away | {"words": "已经立案了"}).status_code == 303
    assert stage_of(cast, raised.number) is Stage.ENDED
    assert "区法院立案庭" in text_of(client_of(None).get(f"/problems/{raised.number}"))


@pytest.mark.parametrize(("who", "status"), [("resident", 403), ("official", 403), ("foreign_moderator", 403)])
def test_the_triage_page_is_for_those_who_triage_here(client_of, raise_as, who, status):
    assert client_of(who).get(f"/problems/{raise_as().number}/triage").status_code == status


def test_joining_two_by_the_form(cast, client_of, raise_as):
    first, later = raise_as(), raise_as("楼道纸箱堆得走不了路", by=cast.neighbour)
    client = client_of("moderator")
    client.get(f"/problems/{later.number}/triage")
    form = {"lane": "B", "reason": "DUP", "same_as": f" {first.number} ", "words": "同一处纸箱"}
    assert client.post(f"/problems/{later.number}/triage", form).status_code == 303
    session().rollback()
    assert problem_for(cast.moderator, later.number).ending is Ending.MERGED


def test_an_appeal_and_its_answer_by_their_pages(cast, client_of, raise_as):
    number = raise_as().number
    triage_problem(cast.moderator, number, lane=Lane.X, reason=ReasonCode.CHANNEL, channel="法院", words="已立案")
    client = client_of("resident")
    client.get(f"/problems/{number}/appeal")
    assert client.post(f"/problems/{number}/appeal", {"words": ""}).status_code == 422
    assert client.post(f"/problems/{number}/appeal", {"words": "不是打官司的事"}).status_code == 303
    assert client.get(f"/problems/{number}/appeal").status_code == 409
    street = client_of("street_office")
    assert "不是打官司的事" in text_of(street.get(f"/problems/{number}/appeal/answer"))
    answer = {"outcome": "granted", "words": "说得对"}
    assert street.post(f"/problems/{number}/appeal/answer", answer).status_code == 303
    assert stage_of(cast, number) is Stage.RAISED
    assert client_of("moderator").get(f"/problems/{number}/appeal/answer").status_code == 403


def test_the_outcome_of_a_mediation_by_its_page(cast, client_of, raise_as):
    number = raise_as().number
    triage_problem(cast.moderator, number, lane=Lane.M, reason=ReasonCode.DISPUTE, words="两家的事")
    client = client_of("moderator")
    client.get(f"/problems/{number}/mediation")
    assert client.post(f"/problems/{number}/mediation", {"words": "谈好了"}).status_code == 422
    assert client.post(f"/problems/{number}/mediation", {"agreed": "yes", "words": "谈好了"}).status_code == 303
    assert stage_of(cast, number) is Stage.ENDED
    assert client_of("tenant").get(f"/problems/{number}").status_code == 404


def test_a_deliberation_ends_and_the_raiser_says_not_fixed(cast, client_of, raise_as):
    number = raise_as().number
    triage_problem(cast.moderator, number, lane=Lane.B, reason=ReasonCode.COMMONS, words="大家商量")
    moderator, raiser = client_of("moderator"), client_of("resident")
    moderator.get(f"/problems/{number}/conclusion")
    assert moderator.post(f"/problems/{number}/conclusion", {"words": "各家自己清走"}).status_code == 303
    assert "修好了吗" in text_of(raiser.get(f"/problems/{number}"))
    assert client_of("tenant").get(f"/problems/{number}/confirmation").status_code == 403
    raiser.get(f"/problems/{number}/confirmation")
    assert raiser.post(f"/problems/{number}/confirmation", {"answer": "perhaps"}).status_code == 422
    assert raiser.post(f"/problems/{number}/confirmation", {"answer": "not_fixed"}).status_code == 303
    assert stage_of(cast, number) is Stage.GATHERING
    session().rollback()
    ask_raisers(CLOCK, session().scalars(select(Problem.id)).one())
    assert raiser.post(f"/problems/{number}/confirmation", {"answer": "fixed"}).status_code == 303
    assert stage_of(cast, number) is Stage.ENDED


def test_the_code_to_scan_leads_to_the_dossier(client_of, raise_as):
    number = raise_as().number
    sent = client_of(None).get(f"/problems/{number}/qr.svg")
    assert sent.mimetype == "image/svg+xml"
    assert b"<svg" in sent.data


@pytest.mark.parametrize(
    "path", ["triage", "appeal", "appeal/answer", "mediation", "conclusion", "confirmation", "qr.svg", "pictures/1"]
)
def test_what_is_not_there_is_not_found(client_of, path):
    assert (
        client_of("street_office" if "answer" in path else "moderator").get(f"/problems/2026-9999/{path}").status_code
        == 404
    )


def test_a_picture_number_no_database_can_hold_is_not_found(client_of, raise_as):
    assert client_of(None).get(f"/problems/{raise_as().number}/pictures/{2**63}").status_code == 404


def test_every_entry_of_a_dossier_is_a_sentence(cast, client_of, raise_as):
    first, later = raise_as(), raise_as("楼道纸箱堆得走不了路", by=cast.neighbour)
    triage_problem(cast.moderator, later.number, same_as=first.number, words="同一处")
    triage_problem(cast.moderator, first.number, lane=Lane.B, reason=ReasonCode.COMMONS, words="商量")
    appeal_triage(cast.resident, first.number, words="不同意")
    ask_raisers(CLOCK, first.id)
    page = text_of(client_of("resident").get(f"/problems/{first.number}"))
    for sentence in (f"提出了问题 {first.number}", "按规则建议", "大家商量", "对分流提出申诉", "请提出人确认"):
        assert sentence in page, sentence
    assert f"并入了 {first.number}" in text_of(client_of("resident").get(f"/problems/{later.number}"))
    assert session().scalar(select(func.count()).select_from(Problem)) == 2
