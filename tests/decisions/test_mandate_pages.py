"""The pages of proxies: giving, seeing, confirming from paper, and ending."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy import select

from cogov.decisions.commands import cast_ballot, give_mandate
from cogov.decisions.models import ProxyMandate
from cogov.ground.db import session
from tests.cast import HERE
from tests.decisions.conftest import Vote, option
from tests.decisions.test_course_pages import page
from tests.decisions.test_mandates import asks_all, photograph


def latest() -> ProxyMandate:
    session().rollback()
    return session().scalars(select(ProxyMandate).order_by(ProxyMandate.id.desc())).first() or ProxyMandate()


def test_a_mandate_is_given_on_its_page_seen_by_two_and_taken_back(vote: Vote, client_of: Any) -> None:
    decision = vote.opened()
    url = f"/decisions/{decision.id}/mandates"
    landlord, tenant = client_of("landlord"), client_of("tenant")
    assert url in page(landlord, f"/decisions/{decision.id}")
    assert "一人最多替 3 户投" in page(landlord, url)
    wrong = landlord.post(url, {"once": landlord.once, "proxy": "没有这个人"})
    assert wrong.status_code == 422
    assert "没有找到这位代理人" in wrong.get_data(as_text=True)
    barred = landlord.post(url, {"once": landlord.once, "proxy": "化名moderator"})
    assert barred.status_code == 403
    assert landlord.post(url, {"once": landlord.once, "proxy": "化名tenant"}).status_code == 303
    assert "您委托 化名tenant" in page(landlord, url)
    assert "化名landlord委托您" in page(tenant, "/mandates")
    shown = page(tenant, f"/decisions/{decision.id}")
    assert "您代理的一票" in shown
    assert "化名landlord" not in page(client_of("neighbour"), url)
    cast_ballot(vote.cast.tenant, decision.id, option_id=option(decision, 1))
    assert "代理人已替您投了" in page(landlord, f"/decisions/{decision.id}")
    end = f"/mandates/{latest().id}/end"
    stranger = client_of("neighbour")
    assert stranger.post(end, {"once": stranger.once}).status_code == 404
    assert landlord.post(end, {"once": landlord.once}).status_code == 303
    assert "委托已撤回" in page(tenant, "/mandates")
    again = tenant.post(f"/decisions/{decision.id}/ballot", {"once": tenant.once, "choice": option(decision, 2)})
    assert again.status_code == 409
    assert "您不能再替这一户投票：委托已撤回" in again.get_data(as_text=True)


def test_a_mandate_for_a_time_is_given_until_a_day(vote: Vote, client_of: Any) -> None:
    owner = client_of("owner")
    assert "业主共同决定：一般事项" in page(owner, "/mandates/new")
    told = {"once": owner.once, "proxy": "化名outsider", "until": "2029-01-01"}
    assert owner.post("/mandates/new", told).status_code == 422
    assert owner.post("/mandates/new", told | {"until": "2027-06-30"}).status_code == 303
    assert "测试里社区的每次表决" in page(owner, "/mandates")
    assert latest().until is not None


def test_a_paper_is_entered_by_one_and_confirmed_by_another_beside_its_picture(vote: Vote, client_of: Any) -> None:
    decision = vote.opened()
    url = f"/decisions/{decision.id}/mandates/paper"
    page(client_of("landlord"), url, 403)
    moderator, chair = client_of("moderator"), client_of("chair")
    told = {"building": str(vote.cast.building_ids[0]), "staircase": "1", "door": "402", "proxy": "13900000005"}

    def sent(**changes: Any) -> Any:
        pictured = {"picture": (io.BytesIO(photograph()), "p.png"), "looked": "1", "once": moderator.once}
        return moderator.post(url, {**told, **pictured, **changes}, content_type="multipart/form-data")

    assert "1 号楼" in page(moderator, url)
    assert "表决名册里没有这个门牌" in sent(door="999").get_data(as_text=True)
    assert sent().status_code == 303
    paper = latest()
    assert paper.proxy_id == vote.cast.neighbour.person_id
    assert "您录入的，要由另一个人确认" in page(moderator, url)
    settle = f"/mandates/{paper.id}/settlement"
    assert moderator.post(settle, {"once": moderator.once, "agrees": "yes"}).status_code == 403
    assert "1 份等确认" in page(chair, f"/decisions/{decision.id}/mandates")
    assert f'href="{url}"' in page(chair, f"/work?item=mandate.{decision.id}")
    assert "1 份纸面委托书等第二个人" in page(chair, "/work?part=papers")
    assert chair.get(f"/mandates/{paper.id}/paper").mimetype == "image/jpeg"
    assert client_of("landlord").get(f"/mandates/{paper.id}/paper").status_code == 404
    assert chair.post(settle, {"once": chair.once, "agrees": "yes"}).status_code == 303
    assert "1 号楼 1-402（纸面委托书）委托 化名neighbour" in page(client_of("neighbour"), "/mandates")


def test_of_a_mandate_english_readers_read_as_much(vote: Vote, client_of: Any) -> None:
    decision = vote.opened()
    give_mandate(vote.cast.landlord, decision.id, proxy="化名tenant")
    landlord = client_of("landlord")
    text = landlord.get(f"/decisions/{decision.id}/mandates?lang=en", headers={"Accept-Language": "en"})
    assert "You send 化名tenant" in text.get_data(as_text=True)


def test_co_owners_see_how_many_have_signed_and_never_how(vote: Vote, client_of: Any) -> None:
    asks_all(vote)
    assert "共有人全体投得一致才算投" in page(client_of(None), "/decision-rules")
    decision = vote.opened()
    owner, other = client_of("owner"), client_of("co_owner")
    url = f"/decisions/{decision.id}"
    assert "由 2 位共有人一起投，已签 0 位" in page(owner, url)

    def sign(client: Any, position: int) -> str:
        told = {"once": f"{client.once}{position}", "choice": option(decision, position)}
        sent = client.post(f"{url}/ballot", told, follow_redirects=True)
        assert sent.status_code == 200
        return str(sent.get_data(as_text=True))

    assert "还等 1 位共有人签" in sign(owner, 1)
    assert "已签 1 位" in page(other, url)
    assert "投得不一样" in sign(other, 2)
    sign(other, 1)
    assert "2 位共有人投得一致，这一票已投" in page(owner, url)


def test_a_place_writes_how_many_heads_one_proxy_carries_and_who_casts_for_co_owners(
    vote: Vote, client_of: Any
) -> None:
    street = client_of("street_office")
    url = f"/decision-rules/R1/edit?place={HERE}"
    assert "一位代理人最多替几户投" in page(street, url)
    told = {"once": street.once, "name": "业主共同决定：一般事项", "seconders": "1/5", "notice_days": "15"}
    told |= {"publication_days": "3", "parking": "with_area", "reason": "议事规则第八条写明的。", "co_owners": "joint"}
    shown = street.post(url, told | {"proxy_heads": "1", "step": "look"})
    assert "一人最多替 1 户投" in shown.get_data(as_text=True)
    assert "共有人全体投得一致才算投" in shown.get_data(as_text=True)
    wrong = street.post(url, told | {"proxy_heads": "0", "proxy_periods": "y", "step": "look"})
    assert wrong.status_code == 422
    assert "也就不能委托一段时间" in wrong.get_data(as_text=True)
