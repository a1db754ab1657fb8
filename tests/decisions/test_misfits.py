"""Shares that do not fit keep a notice from going out: the page says so, of which units as far as one may know."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select, update

from cogov.decisions.commands import publish_notice
from cogov.decisions.models import Decision, DecisionRuleVersion, Motion
from cogov.decisions.rules.freezing import freeze, thaw
from cogov.decisions.rules.methods import BallotForm, Method, write_form
from cogov.ground.db import session
from cogov.people.rules import CLOCK
from cogov.places.commands import set_shares
from cogov.places.models import Owner, Ownership
from cogov.problems.rules.lanes import RuleCode
from tests.databases import both
from tests.decisions.conftest import Vote
from tests.decisions.test_course_pages import page
from tests.decisions.test_mandates import refused
from tests.decisions.test_methods import options
from tests.programs import Program

DOOR = "1 号楼 1 单元 101 室"
SENTENCE = "有 1 套的共有份额加起来超过一整套，面积没有办法按份额分。请管理名册的人对照不动产登记更正份额，再发布公告。"


@pytest.fixture
def unfit(shares: Vote) -> Vote:
    """Two owners have two thirds of unit 0 each, as no command would have written."""
    two_thirds = update(Ownership).where(Ownership.unit_id == shares.cast.unit_ids[0])
    session().execute(two_thirds.values(share_part=2, share_of=3))
    session().commit()
    return shares


def sent(client: Any) -> dict[str, Any]:
    return {
        "opens_at": "2027-03-20T09:00",
        "closes_at": "2027-03-27T20:00",
        "item_confirmed": "y",
        "touches": "none",
        "once": client.once,
    }


def told(program: Program, who: str, motion: Motion) -> list[Any]:
    status, answer = program(who, "GET", f"/motions/{motion.id}/electorate")
    assert status == 200
    misfits: list[Any] = answer[0]["misfits"]
    return misfits


@both
@pytest.mark.parametrize(
    ("who", "knows", "mends"),
    [
        ("administrator", True, True),
        ("moderator", True, False),
        ("owner", True, False),  # their own
        ("co_owner", True, False),
        ("owners_committee", False, False),
        ("street_office", False, False),
        ("neighbour", False, False),
        ("tenant", False, False),
        ("resident", False, False),  # lives there, owns nothing
    ],
)
def test_the_notice_page_and_the_simulation_say_what_does_not_fit(
    unfit: Vote, client_of: Any, program: Program, who: str, knows: bool, mends: bool
) -> None:
    motion, unit = unfit.tabled(), unfit.cast.unit_ids[0]
    client = client_of(who)
    text = page(client, f"/motions/{motion.id}/notice")
    assert SENTENCE in text
    for line in ("20 户，2,052.00 m²", "1 套的共有份额还要更正，这里先按整套算", "要有 14 户"):
        assert line in text
    assert (DOOR in text) is knows
    assert (f'href="/admin/units/{unit}/shares"' in text) is mends
    assert ("核对业主的主持人和管理员看得到" in text) is not knows
    [misfit] = told(program, who, motion)
    assert (misfit["code"], misfit["units"]) == ("shares_above_one", 1)
    assert misfit["doors"] == ([DOOR] if knows else [])


@both
def test_publishing_is_refused_on_the_form_until_the_shares_are_mended(
    unfit: Vote, client_of: Any, program: Program
) -> None:
    motion, moderator = unfit.tabled(), client_of("moderator")
    url = f"/motions/{motion.id}/notice"
    page(moderator, url)
    given = sent(moderator)
    answer = moderator.post(url, given)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请管理名册的人对照不动产登记更正份额" in text
    assert f'value="{given["opens_at"]}"' in text  # what was written is still there
    assert DOOR in text
    times = unfit.times(RuleCode.R2)
    assert refused(publish_notice, unfit.cast.moderator, motion.id, **times) == "shares_above_one"
    assert session().scalars(select(Decision)).all() == []
    half = Fraction(1, 2)
    set_shares(CLOCK, unit_id=unfit.cast.unit_ids[0], shares={"owner": half, "co_owner": half})
    text = page(moderator, url)
    assert SENTENCE not in text
    assert told(program, "moderator", motion) == []
    assert moderator.post(url, sent(moderator)).status_code == 303
    assert session().scalars(select(Decision.heads_total)).one() == 20


def test_a_form_that_shares_cannot_be_counted_in_is_refused_on_the_page(shares: Vote, client_of: Any) -> None:
    motion, moderator = shares.tabled(options=options("建棚", "不建")), client_of("moderator")
    form = write_form(BallotForm(method=Method.APPROVAL))
    session().execute(update(Motion).where(Motion.id == motion.id).values(form=form))
    session().commit()
    url = f"/motions/{motion.id}/notice"
    assert "这条规则不能用" in page(moderator, url)
    answer = moderator.post(url, sent(moderator))
    assert (answer.status_code, "可以用的是" in answer.get_data(as_text=True)) == (422, True)


def test_a_rule_that_shares_cannot_serve_is_refused_on_the_page(shares: Vote, client_of: Any) -> None:
    motion, moderator = shares.tabled(options=options("建棚", "不建")), client_of("moderator")
    for version in session().scalars(select(DecisionRuleVersion)).all():
        # As written by hand into the database: no command lets a rule by shares have another method.
        version.text = freeze(replace(thaw(version.text), methods=(Method.SINGLE, Method.APPROVAL)))
    session().execute(
        update(Motion).where(Motion.id == motion.id).values(form=write_form(BallotForm(method=Method.APPROVAL)))
    )
    session().commit()
    url = f"/motions/{motion.id}/notice"
    sentence = "按份额投要实名、单选"
    assert sentence in page(moderator, url)
    answer = moderator.post(url, sent(moderator))
    assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True)


@both
def test_a_stranger_is_told_no_door_though_an_owner_on_the_roll_has_no_account(unfit: Vote, client_of: Any) -> None:
    motion = unfit.tabled()
    of_unit = select(Owner.id).join(Ownership).where(Ownership.unit_id == unfit.cast.unit_ids[0])
    session().execute(update(Owner).where(Owner.id.in_(of_unit)).values(person_id=None))
    session().commit()
    answer = client_of(None).get(f"/api/v1/motions/{motion.id}/electorate")
    [misfit] = answer.get_json()[0]["misfits"]
    assert (misfit["code"], misfit["units"], misfit["doors"]) == ("shares_above_one", 1, [])
