"""A lift for one staircase, from the notice to the certificate: web, paper, a proxy, and a third who stay away."""

from __future__ import annotations

import io
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cogov.decisions.models import Ballot, Decision, Motion
from cogov.decisions.rules.channels import Channel
from cogov.ground.db import session
from cogov.loop import fall_due
from tests.decisions.conftest import Vote, clock, option, vote
from tests.decisions.test_channels import picture, slip_at
from tests.decisions.test_pages import CHECKED, FILLED, page
from tools.recount import recount

__all__ = ["clock", "vote"]  # fixtures


def _sent(client: Any, url: str, said: dict[str, Any], **how: Any) -> Any:
    answer = client.post(url, {"once": secrets.token_urlsafe(16), **said}, **how)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer


def _on_paper(client_of: Any, decision: Decision, unit_id: int, marked: int) -> None:
    code = slip_at(decision, unit_id).code
    told = {"choice": str(marked), "signed_on": decision.opens_at.date().isoformat(), "signer": "", "fault": ""}
    for name in ("moderator", "chair"):
        client = client_of(name)
        shown = {"channel": "paper", "picture": (io.BytesIO(picture()), "paper.png")} if name == "moderator" else {}
        _sent(client, f"/papers/{code}", {**told, "looked": "1", **shown}, content_type="multipart/form-data")


def test_a_lift_is_decided_by_one_staircase(vote: Vote, client_of: Any, tmp_path: Path) -> None:
    cast, moderator = vote.cast, client_of("moderator")
    building = str(cast.building_ids[0])
    asked = {
        **FILLED,
        "question": "1 号楼 1 单元是否加装电梯",
        "scope": "staircase",
        "building": building,
        "staircase": "1",
    }
    _sent(client_of("owner"), f"/problems/{vote.number}/motions/new", asked)
    motion = session().scalars(select(Motion)).one()
    _sent(moderator, f"/motions/{motion.id}/tabling", {"item_confirmed": "1"})
    assert "11 户" in page(moderator, f"/motions/{motion.id}/notice")
    times = {"opens_at": "2027-03-20T09:00", "closes_at": "2027-03-27T20:00", **CHECKED}
    url = _sent(moderator, f"/motions/{motion.id}/notice", times).location
    decision = session().scalars(select(Decision)).one()
    assert "公示" in page(client_of("owner"), url)
    assert "这次只由业主表决" in page(client_of("tenant"), url)

    vote.clock.move_to(decision.opens_at)
    fall_due()
    agree, against = option(decision, 1), option(decision, 2)
    _sent(client_of("landlord"), f"{url}/mandates", {"proxy": "化名tenant"})
    for name, marked in (("owner", agree), ("neighbour", against), ("tenant", agree)):
        _sent(client_of(name), f"{url}/ballot", {"choice": str(marked)})
    _sent(moderator, f"{url}/papers", {"building": building})
    for unit_id in cast.unit_ids[7:11]:
        _on_paper(client_of, decision, unit_id, agree)
    before = page(client_of("owner"), url)
    assert "还差" in before
    # The eighth of eleven households makes the two thirds; three stay away.
    _on_paper(client_of, decision, cast.unit_ids[11], agree)
    channels = list(session().scalars(select(Ballot.channel)))
    assert sorted(channels) == [*[Channel.PAPER] * 5, Channel.PROXY, *[Channel.WEB] * 2]

    vote.clock.move_to(decision.closes_at)
    fall_due()
    result = page(client_of(None), url)
    for words in ("没参加的 3 户", "民法典第278条"):
        assert words in result, words
    certificate = page(client_of(None), f"{url}/certificate")
    assert "1 号楼 1 单元是否加装电梯" in certificate
    assert "8" in certificate
    kept = tmp_path / "elsewhere.json"
    kept.write_bytes(client_of(None).get(f"{url}/bundle.json").get_data())
    told: list[str] = []
    assert recount(kept.read_bytes(), tell=told.append) == 0
    changed = bytearray(kept.read_bytes())
    changed[len(changed) // 2] ^= 1
    assert recount(bytes(changed), tell=told.append) in (1, 2)
