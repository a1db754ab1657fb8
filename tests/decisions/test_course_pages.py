"""The pages for a sceptic and for whoever steers a vote."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cogov.decisions.commands import ask_course, cast_ballot, close_decision, object_to, sign_course
from cogov.decisions.models import BundleTaken, Closing, CourseAct, Objection, Resolution
from cogov.decisions.queries import needs
from cogov.decisions.rules.course import CourseKind
from cogov.decisions.rules.law import Annuller
from cogov.ground.db import session
from cogov.people.rules import CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from tests.cast import HERE
from tests.decisions.conftest import Vote, option
from tests.decisions.test_course import passed
from tools.recount import recount


def page(client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return str(response.get_data(as_text=True))


def test_a_sceptic_finds_bundle_program_and_codes_behind_the_result(vote: Vote, client_of) -> None:
    decision = vote.opened()
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    anyone = client_of(None)
    assert "满十张上一次" in page(anyone, f"/decisions/{decision.id}/bulletin")
    page(anyone, f"/decisions/{decision.id}/bundle.json", 409)
    page(anyone, f"/decisions/{decision.id}/certificate", 404)
    vote.closed(decision)

    text = page(anyone, f"/decisions/{decision.id}")
    assert f"/decisions/{decision.id}/bulletin" in text
    board = page(anyone, f"/decisions/{decision.id}/bulletin")
    code = re.search(r"--code ([0-9A-Z-]{14})", board)
    assert code is not None
    bundle = anyone.get(f"/decisions/{decision.id}/bundle.json")
    assert "attachment" in bundle.headers["Content-Disposition"]
    assert recount(bundle.data, code=code[1], tell=lambda _: None) == 0
    program = anyone.get("/decisions/recount.py")
    assert b"def recount" in program.data
    certificate = page(anyone, f"/decisions/{decision.id}/certificate").replace("<wbr>", "")
    assert "意向征询，不是法定表决" in certificate
    assert json.loads(bundle.data)["sha256"] in certificate
    assert code[1] in certificate


def test_the_full_bundle_is_handed_to_the_circle_and_the_electorate_reads_who_took_it(vote: Vote, client_of) -> None:
    decision = vote.opened()
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    vote.closed(decision)
    url = f"/decisions/{decision.id}/bundle"
    assert client_of("tenant").post(url).status_code == 403
    assert session().scalars(select(BundleTaken)).all() == []
    taken = client_of("owners_committee").post(url)
    assert taken.status_code == 200
    assert recount(taken.data, tell=lambda _: None) == 0
    assert "谁取走过" in page(client_of("landlord"), f"/decisions/{decision.id}/bulletin")
    assert "谁取走过" not in page(client_of("tenant"), f"/decisions/{decision.id}/bulletin")


def test_a_receipt_leads_to_the_proof_of_its_ballot_and_to_nobody_elses(vote: Vote, client_of) -> None:
    decision = vote.opened()
    ballot = cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    url = f"/decisions/{decision.id}/receipts/{ballot.head_id}"
    assert "还没有上公告板" in page(client_of("landlord"), url)
    page(client_of("landlord"), f"{url}/proof.json", 404)
    vote.closed(decision)
    assert "您的票已经在公告板上" in page(client_of("landlord"), url)
    proof = client_of("landlord").get(f"{url}/proof.json").get_json()
    bundle = client_of(None).get(f"/decisions/{decision.id}/bundle.json").data
    assert recount(bundle, leaf=proof["leaf"], code=proof["code"], tell=lambda _: None) == 0
    page(client_of("neighbour"), f"{url}/proof.json", 404)


def test_a_vote_is_extended_on_its_page_by_two_people(vote: Vote, client_of) -> None:
    decision = vote.opened()
    url = f"/decisions/{decision.id}/course/extend"
    moderator, committee = client_of("moderator"), client_of("owners_committee")
    assert "延长表决" in page(moderator, f"/decisions/{decision.id}")
    page(client_of("owner"), url, 404)
    page(moderator, f"/decisions/{decision.id}/course/else", 404)
    text = page(moderator, url)
    assert "新的截止时间" in text
    assert "谁撤销" not in text
    later = (decision.closes_at + timedelta(days=3, hours=8)).strftime("%Y-%m-%dT%H:%M")
    empty = moderator.post(url, {"once": moderator.once, "closes_at": later, "reason": ""})
    assert empty.status_code == 422
    told = {"once": moderator.once, "closes_at": later, "reason": "停电两天。"}
    assert moderator.post(url, told).status_code == 303
    act = session().scalars(select(CourseAct)).one()
    assert "等另一个人确认" in page(client_of(None), f"/decisions/{decision.id}")
    assert "收回" in page(moderator, f"/decisions/{decision.id}")
    assert moderator.post(f"/course-acts/{act.id}/signature", {"once": moderator.once}).status_code == 403
    assert committee.post(f"/course-acts/{act.id}/signature", {"once": committee.once}).status_code == 303
    assert "第二个人已确认" in page(client_of(None), f"/decisions/{decision.id}")


def test_an_annulled_result_says_so_wherever_it_is_shown(poll: Vote, client_of) -> None:
    decision = passed(poll)
    street = client_of("street_office")
    url = f"/decisions/{decision.id}/course/annul"
    assert "人民法院" not in page(street, url)
    told = {
        "annuller": Annuller.STREET_OFFICE.value,
        "document": "青街〔2027〕3号",
        "dated": "2027-03-01",
        "reason": "公告没有贴到三号楼。",
    }
    response = street.post(url, {**told, "once": street.once})
    assert response.status_code == 303, response.get_data(as_text=True)[:3000]
    sign_course(poll.cast.moderator, session().scalars(select(CourseAct)).one().id)
    text = page(client_of(None), f"/decisions/{decision.id}")
    assert "被街道办事处撤销" in text
    assert "青街〔2027〕3号" in text
    listed = page(client_of(None), f"/decisions?place={HERE}")
    assert "已撤销" in listed
    assert "意向达到" not in listed
    assert "被街道办事处撤销" in page(client_of(None), f"/decisions/{decision.id}/certificate")


def test_a_vote_annulled_before_the_count_shows_no_figures(vote: Vote, client_of) -> None:
    decision = vote.opened()
    cast_ballot(vote.cast.landlord, decision.id, option_id=option(decision, 1))
    act = ask_course(vote.cast.moderator, decision.id, kind=CourseKind.ANNUL, reason="公告里的费用写错了。")
    sign_course(vote.cast.owners_committee, act.id)
    text = page(client_of(None), f"/decisions/{decision.id}")
    assert "没有计票" in text
    assert "公告里的费用写错了。" in text
    assert 'class="gauge' not in text
    assert session().scalars(select(Closing)).one().annulled_at is not None
    page(client_of(None), f"/decisions/{decision.id}/bundle.json", 409)


@pytest.mark.parametrize("answerer", ["moderator", "street_office"])
def test_an_objection_is_filed_and_answered_on_the_page(poll: Vote, client_of, answerer: str) -> None:
    change_setting(CLOCK, code=HERE, name=Setting.OBJECTION_DAYS, value=5)
    decision = passed(poll)
    url = f"/decisions/{decision.id}/objections/new"
    tenant = client_of("tenant")
    assert "公示到" in page(tenant, f"/decisions/{decision.id}")
    page(client_of("landlord"), url, 403)
    assert tenant.post(url, {"once": tenant.once, "text": ""}).status_code == 422
    assert tenant.post(url, {"once": tenant.once, "text": "三号楼没有收到公告。"}).status_code == 303
    row = session().scalars(select(Objection)).one()
    shown = page(client_of(None), f"/decisions/{decision.id}")
    assert "三号楼没有收到公告。" in shown
    assert "化名tenant" not in shown
    one = client_of(answerer)
    assert "三号楼没有收到公告。" in page(one, f"/objections/{row.id}/answer")
    page(client_of("owner"), f"/objections/{row.id}/answer", 403)
    assert one.post(f"/objections/{row.id}/answer", {"once": one.once, "answer": ""}).status_code == 422
    answer = {"once": one.once, "answer": "已补贴，有照片。"}
    assert one.post(f"/objections/{row.id}/answer", answer).status_code == 303
    assert "已补贴，有照片。" in page(client_of(None), f"/decisions/{decision.id}")
    assert session().scalars(select(Resolution)).all() == []  # the days are not over


def test_what_became_of_it_stands_on_the_page_with_the_day_of_review(poll: Vote, client_of) -> None:
    decision = passed(poll)
    url = f"/decisions/{decision.id}/outcome"
    moderator = client_of("moderator")
    page(client_of("owner"), url, 403)
    page(moderator, url)
    told = {"once": moderator.once, "statement": "巡查已经排到四月。", "review_on": "2027-06-01"}
    assert moderator.post(url, told).status_code == 303
    text = page(client_of(None), f"/decisions/{decision.id}")
    assert "巡查已经排到四月。" in text
    assert "2027-06-01" in text


def test_who_may_sign_or_answer_is_told_at_home_and_the_days_stand_in_the_calendar(poll: Vote, client_of) -> None:
    cast = poll.cast
    change_setting(CLOCK, code=HERE, name=Setting.OBJECTION_DAYS, value=5)
    decision = poll.opened()
    cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
    later = decision.closes_at + timedelta(days=3)
    act = ask_course(cast.moderator, decision.id, kind=CourseKind.EXTEND, reason="停电两天。", closes_at=later)
    assert [need.kind for need in needs(cast.street_office) if need.kind == "course"] == ["course"]
    assert "course" not in {need.kind for need in needs(cast.moderator)}
    assert "course" not in {need.kind for need in needs(cast.owner)}
    sign_course(cast.street_office, act.id)
    poll.clock.move_to(later)
    close_decision(CLOCK, decision.id)
    object_to(cast.tenant, decision.id, text="三号楼没有收到公告。")
    assert "course" in {need.kind for need in needs(cast.moderator)}
    calendar = client_of("tenant").get(f"/problems/{poll.number}/calendar.ics").get_data(as_text=True)
    assert "结果公示期满" in calendar.replace("\r\n ", "")
