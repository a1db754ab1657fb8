"""The pages of paper, help and service: what each person finds there, from the printed sheet to the result."""

from __future__ import annotations

import io
import re
from typing import Any

from sqlalchemy import event, select

from cogov.decisions.commands import cast_ballot, close_decision, object_to
from cogov.decisions.models import Ballot, PaperSlip, Service
from cogov.decisions.queries.counting import ways_shown
from cogov.decisions.rules.channels import Channel, ways_of, write_ways
from cogov.decisions.rules.law import Secrecy
from cogov.ground.db import db, session
from cogov.people.rules import CLOCK
from cogov.places.commands import change_setting
from cogov.places.rules import Setting
from tests.cast import HERE
from tests.decisions.conftest import Vote, option
from tests.decisions.secrets import notice
from tests.decisions.test_channels import picture, slip_at, slip_head
from tests.decisions.test_course import passed


def page(client: Any, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.get_data(as_text=True)[:2000]
    return str(response.get_data(as_text=True))


def test_a_vote_says_beforehand_which_ways_there_are_and_a_secret_one_that_there_is_no_paper(
    vote: Vote, client_of: Any
) -> None:
    motion = vote.tabled()
    assert "一户只有一票，先到的算数" in page(client_of("moderator"), f"/motions/{motion.id}/notice")
    decision = vote.noticed()
    assert "也可以填纸票" in page(client_of(None), f"/decisions/{decision.id}")


def test_a_secret_vote_says_how_its_papers_are_torn_and_refuses_help_in_a_sentence(poll: Vote, client_of: Any) -> None:
    decision = notice(poll, Secrecy.SECRET)
    assert "纸票分两联" in page(client_of("owner"), f"/decisions/{decision.id}")
    assert "旁人会看到选了什么" in page(client_of("volunteer"), f"/decisions/{decision.id}/help", 409)


def test_a_paper_goes_from_the_printer_to_the_box(vote: Vote, client_of: Any) -> None:
    cast, decision = vote.cast, vote.opened()
    url = f"/decisions/{decision.id}/papers"
    moderator, chair = client_of("moderator"), client_of("chair")
    assert client_of("neighbour").get(url).status_code == 403
    assert f"{url}" in page(moderator, f"/decisions/{decision.id}")
    here = {"building": str(cast.building_ids[0])}
    assert moderator.post(url, {**here, "once": moderator.once, "door": "999"}).status_code == 422
    one = moderator.post(url, {**here, "once": moderator.once, "staircase": "1", "door": "302"})
    assert one.status_code == 303
    assert len(session().scalars(select(PaperSlip)).all()) == 1
    made = moderator.post(url, {**here, "once": moderator.once})
    assert made.status_code == 303
    slip = slip_at(decision, cast.unit_ids[5])
    sheets = page(moderator, made.location)
    assert slip.code in sheets
    assert "data:image/svg+xml" in sheets
    assert "是否在东门空地建集中充电棚" in sheets
    other = slip_at(decision, cast.unit_ids[5]).code
    assert client_of("neighbour").get(f"/papers/{other}").status_code == 403
    assert chair.get(f"{url}?code={slip.code.replace('-', '').lower()}").location == f"/papers/{slip.code}"
    assert "编号是十个字母和数字" in page(chair, f"{url}?code=12")
    told = {"choice": str(option(decision, 1)), "signed_on": decision.opens_at.date().isoformat(), "signer": ""}
    for client, first in ((moderator, True), (chair, False)):
        assert "录好了" in page(client, f"/papers/{slip.code}")
        form = {**told, "once": client.once, "fault": "", "looked": "1"}
        if first:
            form |= {"channel": "door", "picture": (io.BytesIO(picture()), "paper.png")}
        sent = client.post(f"/papers/{slip.code}", form, content_type="multipart/form-data")
        assert sent.status_code == 303, sent.get_data(as_text=True)
        if first:
            assert client_of("grid_worker").get(f"/papers/{slip.code}/picture").mimetype == "image/jpeg"
            assert "您录过，要等别人" in page(client, url)
    assert session().scalars(select(Ballot.channel)).all() == [Channel.DOOR]
    assert "两人一致，已入票箱" in page(moderator, url)
    assert moderator.get(f"/papers/{slip.code}/picture").status_code == 403
    vote.closed(decision)
    assert "票是怎么来的" not in page(client_of(None), f"/decisions/{decision.id}")  # one paper is somebody's


def test_a_second_reader_is_told_what_is_wrong_and_sees_nothing_of_the_first(vote: Vote, client_of: Any) -> None:
    decision = vote.opened()
    moderator, chair = client_of("moderator"), client_of("chair")
    moderator.post(f"/decisions/{decision.id}/papers", {"once": moderator.once, "building": ""})
    slip = session().scalars(select(PaperSlip).order_by(PaperSlip.id)).first()
    assert slip is not None
    day = decision.opens_at.date().isoformat()
    form = {"signed_on": day, "signer": "", "fault": "", "looked": "1", "channel": "paper"}
    nothing = moderator.post(
        f"/papers/{slip.code}",
        {**form, "once": moderator.once, "picture": (io.BytesIO(picture()), "paper.png")},
        content_type="multipart/form-data",
    )
    assert nothing.status_code == 422
    bare = moderator.post(f"/papers/{slip.code}", {**form, "choice": str(option(decision, 2)), "once": moderator.once})
    assert bare.status_code == 422
    assert "要拍下这张纸票" in bare.get_data(as_text=True)
    moderator.post(
        f"/papers/{slip.code}",
        {
            **form,
            "choice": str(option(decision, 2)),
            "once": moderator.once,
            "picture": (io.BytesIO(picture()), "paper.png"),
        },
        content_type="multipart/form-data",
    )
    second = page(chair, f"/papers/{slip.code}")
    assert "已有一个人录过" in second
    assert not re.search('name="choice"[^>]*checked', second)


def test_help_is_given_and_witnessed_and_of_one_household_nothing_is_told(vote: Vote, client_of: Any) -> None:
    cast, decision = vote.cast, vote.opened()
    url = f"/decisions/{decision.id}/help"
    helper, witness = client_of("volunteer"), client_of("resident")
    assert "帮忙投票由网格员" in page(client_of("resident"), url, 403)
    assert "帮人投票" in page(helper, f"/decisions/{decision.id}")
    assert "自己说选什么" in page(helper, url)
    told = {
        "building": str(cast.building_ids[0]),
        "staircase": "1",
        "door": "202",
        "voter": "",
        "choice": str(option(decision, 1)),
    }
    wrong = helper.post(url, {**told, "door": "999", "once": helper.once})
    assert wrong.status_code == 422
    assert "没有认证过的投票人" in wrong.get_data(as_text=True)
    begun = helper.post(url, {**told, "once": helper.once})
    assert begun.status_code == 303, begun.get_data(as_text=True)
    assert "请在场的另一个人见证" in page(helper, begun.location)
    assert "您在场，看到了吗" in page(witness, begun.location)
    assert helper.post(f"{begun.location}/witness", {"once": helper.once}).status_code == 403
    assert witness.post(f"{begun.location}/witness", {"once": witness.once}).status_code == 303
    ballot = session().scalars(select(Ballot)).one()
    assert (ballot.channel, ballot.person_id) == (Channel.HELPED, cast.neighbour.person_id)
    assert ballot.receipt in page(helper, begun.location)
    assert ballot.receipt not in page(witness, begun.location)
    vote.closed(decision)
    shown = page(client_of(None), f"/decisions/{decision.id}")
    assert "票是怎么来的" not in shown  # the one household that was helped would be known


def test_opening_the_page_is_service_and_the_round_shows_attempts_only(vote: Vote, client_of: Any) -> None:
    cast, decision = vote.cast, vote.opened()
    page(client_of("owner"), f"/decisions/{decision.id}")
    assert "算已送达" in page(client_of("owner"), f"/decisions/{decision.id}")
    assert session().scalars(select(Service.person_id)).all() == [cast.owner.person_id]
    cast_ballot(cast.landlord, decision.id, option_id=option(decision, 1))
    worker = client_of("grid_worker")
    url = f"/decisions/{decision.id}/service?building={cast.building_ids[0]}"
    round_ = page(worker, url)
    assert "算已送达" not in round_
    head = slip_head(decision, cast.unit_ids[5])
    form = {"once": worker.once, "head": str(head), "means": "door", "outcome": "absent"}
    form["building"] = str(cast.building_ids[0])
    assert worker.post(url.partition("?")[0], {**form, "on": "2027-03-16"}).status_code == 303
    assert "上门：没有人在" in page(worker, url)
    assert worker.post(f"/decisions/{decision.id}/service/evidence", {"once": worker.once}).status_code == 403
    vote.clock.move_to(decision.closes_at)
    close_decision(CLOCK, decision.id)


def test_ways_of_fewer_than_ten_ballots_are_told_together_on_the_page(vote: Vote, client_of: Any) -> None:
    decision = vote.opened()
    cast_ballot(vote.cast.owner, decision.id, option_id=option(decision, 1))
    closing = vote.closed(decision)
    closing.channels = write_ways(ways_of({Channel.WEB: 30, Channel.HELPED: 11, Channel.DOOR: 4}, Channel))
    session().commit()
    shown = page(client_of(None), f"/decisions/{decision.id}")
    assert re.search("网上：30 ?票", shown)
    assert re.search("交来的纸票、上门收的纸票、代理人、帮忙投票：15 ?票", shown)
    assert "不到 10 票的几种合在一起算" in shown
    assert ways_shown(decision) == {(Channel.WEB,): 30, tuple(Channel)[1:]: 15}


def test_in_a_dispute_the_evidence_of_service_is_opened_and_written_down(poll: Vote, client_of: Any) -> None:
    change_setting(CLOCK, code=HERE, name=Setting.OBJECTION_DAYS, value=5)
    decision = passed(poll)
    object_to(poll.cast.tenant, decision.id, text="没有收到公告")
    moderator = client_of("moderator")
    shown = moderator.post(f"/decisions/{decision.id}/service/evidence", {"once": moderator.once})
    assert shown.status_code == 200
    assert "已写进日志" in shown.get_data(as_text=True)


def test_a_page_opened_again_writes_nothing_and_asks_little(vote: Vote, client_of: Any) -> None:
    owner, url = client_of("owner"), f"/decisions/{vote.opened().id}"
    assert "算已送达" in page(owner, url)
    page(owner, url)
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert "算已送达" in page(owner, url)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert {each.split()[0] for each in asked} == {"SELECT"}
    assert len(asked) <= 4
