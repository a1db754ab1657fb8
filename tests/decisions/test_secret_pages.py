"""A secret vote through its pages: with the script's requests, without a script, for the holders, and for everybody."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cogov.decisions.commands.secret_box import give_up_boxes
from cogov.decisions.models import Decision, RollMark
from cogov.decisions.queries import counted, frozen_options
from cogov.decisions.queries.secrets import opened_ballots
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.freezing import thaw
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.methods import BallotForm, DecidingCount, Method
from cogov.decisions.rules.secrets.box import OPENING_TIME
from cogov.decisions.rules.secrets.codes import new_code, short
from cogov.ground.db import session
from tests.clients import Clients
from tests.decisions.secrets import HOLDERS, by_script, election, notice, standing_of
from tools.recount import recount


@pytest.fixture
def clients(app, cast):
    return Clients(app, cast)


def text(answer) -> str:
    return str(answer.get_data(as_text=True))


def heading(answer) -> str:
    """Return what the page's script shows of a refusal."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text(answer), re.DOTALL)
    assert found is not None
    return found[1]


def shown_code(page: str) -> str:
    found = re.search(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}", page)
    assert found is not None
    return found[0]


def test_a_secret_election_is_held_through_its_pages(app, poll, clients):
    held = election(poll, Secrecy.CHECKABLE, takers=())
    url = f"/decisions/{held.decision.id}"
    assert "监票人还没有领齐" in text(clients.of("owner").get(url))
    for name in ("volunteer", "party_member"):
        holder = clients.of(name)
        assert "领监票码" in text(holder.get(f"{url}/holding"))
        held.codes[name] = shown_code(text(holder.post(f"{url}/holding/code")))
        assert held.codes[name] not in text(holder.get(f"{url}/holding"))

    slip = by_script(clients.of("owner"), held, "1:1")
    by_script(clients.of("tenant"), held, "2:1")
    by_script(clients.of("owner"), held, "2:1", slip.code)
    page = text(clients.of("owner").get(url))
    assert "您的投票凭证已领" in page
    assert slip.code not in page
    before = text(clients.of(None).get(f"{url}/box"))
    assert short(bytes.fromhex(slip.key)) not in before

    held.close()
    assert "等两位监票人开箱" in text(clients.of("owner").get(url))
    agreed = clients.of("party_member").post(f"{url}/holding/agreement", {"code": held.codes["party_member"]})
    assert agreed.status_code == 303
    both_codes = {"code": [held.codes["volunteer"], held.codes["party_member"]]}
    opened = clients.of("volunteer").post(f"{url}/unsealing", both_codes)
    assert opened.status_code == 303, text(opened)
    assert [count.heads for count in counted(held.decision.id, frozen_options(held.decision.id))] == [0, 2, 0]
    box = text(clients.of(None).get(f"{url}/box"))
    assert short(bytes.fromhex(slip.key)) in box
    assert re.search(rf"{slip.tracker}(?:<[^>]*>|\s|选择)+不同意", box)
    assert f"{url}/box" in text(clients.of(None).get(url))


def test_a_sceptic_counts_a_secret_vote_again_in_the_five_steps_of_its_page(app, poll, clients):
    held = election(poll, Secrecy.SECRET)
    url, sceptic = f"/decisions/{held.decision.id}", clients.of(None)
    slip = by_script(clients.of("owner"), held, "1:1")
    assert "五步" not in text(sceptic.get(f"{url}/box"))
    assert sceptic.get(f"{url}/bundle.json").status_code == 409
    held.close()
    held.open()
    page = text(sceptic.get(f"{url}/box"))
    code = re.search(r"--code ([0-9A-Z-]{14}) --leaf", page)
    assert code is not None
    words: list[str] = []
    bundle = sceptic.get(f"{url}/bundle.json").get_data()
    asked = {"code": code[1], "leaf": short(bytes.fromhex(slip.key))}
    assert recount(bundle, tell=words.append, **asked) == 0, words
    seal = words[-1].split()[-1]
    certificate = text(sceptic.get(f"{url}/certificate"))
    for shown in (page, certificate):
        assert seal in re.sub(r"<[^>]*>|\s", "", shown)
        assert code[1] in shown
    assert f"{url}/certificate" in text(sceptic.get(url))


def test_the_certificate_of_a_method_says_who_was_chosen_and_how_and_leads_to_the_result(app, poll, clients):
    options = tuple(Option(at, f"o{at}", label, "当一年") for at, label in enumerate(("甲", "乙", "丙"), start=1))
    form = BallotForm(method=Method.RANKED, decider=DecidingCount.SCHULZE)
    held = election(poll, options=options, form=form)
    for name in ("owner", "tenant", "neighbour"):
        held.cast(getattr(poll.cast, name), "1:2 2:1 3:3")
    url = f"/decisions/{held.decision.id}"
    assert "已经够数" not in text(clients.of(None).get(url))
    held.close()
    held.open()
    certificate = text(clients.of(None).get(f"{url}/certificate"))
    assert "选定：乙" in certificate
    assert "弃权算参加" not in certificate
    assert 'src="data:image/svg+xml' in certificate


def test_programs_drop_a_ballot_without_a_name_and_are_refused_with_one(app, poll):
    held = election(poll)
    url, slip = f"/api/v1/decisions/{held.decision.id}/box", held.token(poll.cast.owner)
    sent = {"token": slip.prepared.hex(), "signature": slip.signature.hex(), "ballot": held.sealed(slip, "2:1").hex()}
    box = app.test_client().get(url).get_json()
    assert (len(box["holders"]), box["tokens"], box["ballots"]) == (3, None, [])
    known = app.test_client()
    known.set_cookie("session", "x")
    assert known.post(url, json=sent).get_json()["code"] == "no_name_here"
    for named in ("Authorization", "Idempotency-Key", "Cogov-Acting"):
        refused = app.test_client().post(url, json=sent, headers={named: "Bearer x"})
        assert refused.status_code in (401, 422), named
        assert "Set-Cookie" not in refused.headers
    assert app.test_client().post(url, json={**sent, "ballot": "zz"}).get_json()["code"] == "token_unreadable"
    dropped = app.test_client().post(url, json=sent)
    assert dropped.get_json() == {"receipt": short(bytes.fromhex(slip.key))}
    held.close()
    held.open()
    opened = app.test_client().get(url).get_json()
    assert (opened["tokens"], opened["spoiled"], opened["receipts"]) == (1, 0, [dropped.get_json()["receipt"]])
    assert opened["ballots"] == [{"tracker": "", "marks": "2:1"}]


def test_a_browser_without_script_is_told_so_and_votes(app, poll, clients):
    held = election(poll)
    url, voter = f"/decisions/{held.decision.id}", clients.of("owner")
    page = text(voter.get(url))
    assert "由服务器在内存里替您封好" in page
    code = shown_code(page)
    answer = voter.post(f"{url}/secret-ballot", {"code": code, "choice": "1"})
    assert answer.status_code == 200
    receipt = re.search(r'回执码 <b class="code">([^<]+)', text(answer))
    again = voter.post(f"{url}/secret-ballot", {"code": code, "choice": "2"})
    assert receipt is not None
    assert receipt[1] in text(again)
    refused = voter.post(f"{url}/secret-ballot", {"code": new_code(), "choice": "2"})
    assert refused.status_code == 409
    assert "已经领过" in text(refused)
    held.close()
    held.open()
    assert [count.heads for count in counted(held.decision.id, frozen_options(held.decision.id))] == [0, 1, 0]
    listed = text(clients.of(None).get(f"{url}/box"))
    assert receipt[1] in listed
    assert "按内容排" in listed


def test_the_script_is_told_in_words_what_is_refused(app, poll, clients):
    held = election(poll)
    url, voter = f"/decisions/{held.decision.id}", clients.of("owner")
    voter.get(url)
    wrong = voter.post(f"{url}/token", {"blinded": "zz"})
    assert (wrong.status_code, "读不出来" in heading(wrong)) == (422, True)
    empty = clients.of(None).http.post(f"{url}/box", data={"token": "00", "signature": "00", "ballot": "00"})
    assert (empty.status_code, "不是本次表决发的" in heading(empty)) == (403, True)
    stranger = clients.of("landlord")
    stranger.get("/me")
    assert stranger.post(f"{url}/token", {"blinded": "01" * 256}).status_code == 403
    assert session().scalars(select(RollMark)).all() == []


def test_pages_of_the_box_are_for_those_who_hold_it_and_of_secret_votes_only(app, poll, vote, clients):
    decision = notice(poll)
    assert clients.of("owner").get(f"/decisions/{decision.id}/holding").status_code == 403
    assert clients.of(None).get(f"/decisions/{decision.id}/holding").status_code == 303
    assert "监票人" in text(clients.of(None).get(f"/decisions/{decision.id}/box"))
    named = vote.noticed()
    assert clients.of(None).get(f"/decisions/{named.id}/box").status_code == 404
    poll.clock.shift(timedelta(days=4))
    assert (
        clients.of(None)
        .http.post(f"/decisions/{named.id}/box", data=dict.fromkeys(("token", "signature", "ballot"), "00"))
        .status_code
        == 404
    )


def test_whoever_publishes_chooses_how_ballots_are_kept_and_who_holds_the_box(app, poll, clients):
    motion = poll.tabled()
    url, publisher = f"/motions/{motion.id}/notice", clients.of("moderator")
    page = text(publisher.get(url))
    assert "无记名，本人凭随机号能查到自己的票" in page
    offered = re.findall(r'name="holders"\s+value="(\d+)"', page)
    assert str(standing_of(poll.cast.party_member)) in offered
    assert str(standing_of(poll.cast.moderator)) not in offered
    told = {
        "opens_at": "2027-03-05T09:00",
        "closes_at": "2027-03-12T20:00",
        "touches": "none",
        "secrecy": "checkable",
        "once": publisher.once,
    }
    held_by = [str(standing_of(getattr(poll.cast, name))) for name in HOLDERS]
    lacking = publisher.post(url, {**told, "holders": held_by[:2]})
    assert (lacking.status_code, "请指定三位不同的监票人" in text(lacking)) == (422, True)
    publisher.get(url)
    answer = publisher.post(url, {**told, "holders": held_by, "once": publisher.once})
    assert answer.status_code == 303, text(answer)
    [decision] = session().scalars(select(Decision)).all()
    assert thaw(decision.frozen_rule).secrecy is Secrecy.CHECKABLE
    assert "一个随机号" in text(clients.of("owner").get(answer.location))


def test_a_vote_that_counts_area_is_asked_nothing_of_secrecy(app, vote, clients):
    motion = vote.tabled()
    assert 'name="holders"' not in text(clients.of("moderator").get(f"/motions/{motion.id}/notice"))


RANKED: dict[str, Any] = {
    "form": BallotForm(Method.RANKED, decider=DecidingCount.SCHULZE),
    "options": [Option(at, f"o{at}", name, f"由{name}当楼长。") for at, name in enumerate(("王兰", "李青", "赵安"), 1)],
}


@pytest.mark.parametrize("asked", [{}, RANKED], ids=["yes or no", "ranked"])
def test_a_box_that_was_not_opened_says_so_on_every_page(app, poll, clients, asked):
    held = election(poll, **asked)
    held.cast(poll.cast.owner, "1:1")
    held.close()
    poll.clock.shift(OPENING_TIME)
    assert give_up_boxes() == 1
    url, reader = f"/decisions/{held.decision.id}", clients.of("owner")
    assert "到期没有两位监票人来开箱" in text(reader.get(url))
    for page in (f"{url}/box", "/decisions", f"/problems/{poll.number}?tab=decisions"):
        assert reader.get(page).status_code == 200
    told = clients.of(None).get(f"/api/v1{url}").get_json()
    assert told["result"]["verdict"] == "not_opened"


def test_candidates_are_ranked_in_secret_and_counted_by_their_method(app, poll, clients):
    held = election(poll, **RANKED)
    url = f"/decisions/{held.decision.id}"
    for name, ranks in (("owner", (1, 2, 3)), ("tenant", (2, 1, 3)), ("neighbour", (1, 3, 2))):
        voter = clients.of(name)
        code = shown_code(text(voter.get(url)))
        told = {f"mark-{position}": str(rank) for position, rank in enumerate(ranks, start=1)}
        assert voter.post(f"{url}/secret-ballot", {"code": code, **told}).status_code == 200
    held.close()
    held.open()
    assert opened_ballots(held.decision.id) == [("", "1:1 2:2 3:3"), ("", "1:1 2:3 3:2"), ("", "1:2 2:1 3:3")]
    assert "王兰" in text(clients.of(None).get(url))
    assert clients.of(None).get(f"{url}/box").status_code == 200
