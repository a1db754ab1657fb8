"""Opinion, mandate and decision are drawn apart: three wholes, and nothing that adds them up."""

from __future__ import annotations

import re

from cogov.decisions.commands import cast_ballot
from cogov.decisions.queries import households_here
from cogov.ground.db import session
from cogov.problems.commands import second_problem
from tests.decisions.conftest import option


def bars(text: str) -> dict[str, str]:
    """Return the three bars of a page: what each is called, and its sums."""
    apart = text[text.index('id="apart-heading"') :]
    apart = apart[: apart.index("</section>")]
    found = re.findall(r'gauge-label">([^<]+)</b>\s*<b class="gauge-part">([^<]+)</b>\s*<span>/ ([^<]+)</span>', apart)
    return {label: f"{part} / {total}" for label, part, total in found}


def test_who_speaks_who_moves_and_who_decides_have_three_wholes(vote, client_of):
    cast = vote.cast
    decision = vote.opened()
    for each in (cast.tenant, cast.neighbour):  # a tenant has no vote here, and speaks all the same
        second_problem(each, vote.number)
    session().expire_all()  # what was read before stands in this session, which a page would not share
    page = client_of(None).get(f"/decisions/{decision.id}").get_data(as_text=True)
    here = households_here(decision.community_id)
    assert bars(page) == {"意见": f"3 / {here} 户", "提上来": "1 / 20 户", "表决": "0 / 20 户"}
    assert "三样各算各的，总数不同，不能相加" in page
    assert "租户和邻居也算；说的是意见，不是票" in page

    cast_ballot(cast.owner, decision.id, option_id=option(decision, 1))
    cast_ballot(cast.neighbour, decision.id, option_id=option(decision, 2))
    running = client_of(None).get(f"/decisions/{decision.id}").get_data(as_text=True)
    assert bars(running)["表决"] == "0 / 20 户"  # in full batches of ten only

    vote.closed(decision)
    closed = client_of(None).get(f"/decisions/{decision.id}").get_data(as_text=True)
    assert bars(closed) == {"意见": f"3 / {here} 户", "提上来": "1 / 20 户", "表决": "2 / 20 户"}
