"""Ballots that a place keeps ready: written in versions by those who keep them, and where motions begin."""

from __future__ import annotations

import re

import pytest

from cogov.decisions.commands import change_template, retire_template, write_template
from cogov.decisions.models import Motion
from cogov.decisions.queries.templates import template_versions, templates_here
from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.methods import BallotForm, DecidingCount, Method, ReasonAsked
from cogov.decisions.rules.templates import Written, read_options, why_not_template, write_options
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from tests.cast import HERE
from tests.databases import both
from tests.decisions.conftest import YES_NO

LAMPS = tuple(
    Option(n, f"o{n}", label, f"选它就{label}。", 100 * n)
    for n, label in enumerate(("修路灯", "修门禁", "种树"), start=1)
)
BUDGET = BallotForm(Method.BUDGET, DecidingCount.EQUAL_SHARES, budget=300, reason=ReasonAsked.REQUIRED, prompt="为什么")


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value.refusal.code


def test_what_a_template_says_is_read_as_it_was_written():
    assert read_options(write_options(LAMPS)) == LAMPS
    assert why_not_template(Written("分钱", BUDGET, LAMPS)) is None
    assert why_not_template(Written("做不做", BallotForm(), YES_NO)) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (Written("", BallotForm(), YES_NO), "words_missing"),
        (Written("一项", BallotForm(Method.APPROVAL), LAMPS[:1]), "no_options"),
        (Written("没有计法", BallotForm(Method.RANKED), LAMPS), "decider_missing"),
        (Written("没有钱", BallotForm(Method.BUDGET, DecidingCount.GREEDY), LAMPS), "budget_missing"),
    ],
)
def test_a_template_that_is_no_ballot_is_refused(written, code):
    refusal = why_not_template(written)
    assert refusal is not None
    assert refusal.code == code


@both
def test_a_template_has_versions_and_rests_when_it_is_retired(poll):
    cast = poll.cast
    assert refused(write_template, cast.owner, HERE, Written("分钱", BUDGET, LAMPS)) == "not_who_keeps"
    row = write_template(cast.moderator, HERE, Written(" 分钱 ", BUDGET, LAMPS))
    changed = Written("分钱", BallotForm(Method.BUDGET, DecidingCount.GREEDY, budget=400), LAMPS)
    assert refused(change_template, cast.moderator, row.template_id, changed, reason="短") == "words_missing"
    change_template(cast.owners_committee, row.template_id, changed, reason="今年的钱多一些")
    newest, first = template_versions(row.template_id)
    assert (newest.version, newest.form.budget, newest.reason) == (2, 400, "今年的钱多一些")
    assert (first.version, first.form, first.options, first.name) == (1, BUDGET, LAMPS, "分钱")
    assert [each.version for each in templates_here(newest.place_id)] == [2]
    retire_template(cast.moderator, row.template_id)
    assert templates_here(newest.place_id) == []
    again = refused(change_template, cast.moderator, row.template_id, changed, reason="再改一改吧")
    assert again == "template_retired"


def test_a_motion_begins_with_a_template_and_keeps_it_whatever_becomes_of_that(poll, client_of):
    moderator, owner = client_of("moderator"), client_of("owner")
    given = {
        "name": "先做哪一样",
        "template": "approval",
        "reason": "optional",
        "prompt": "为什么先做它",
        "option_1_label": "修路灯",
        "option_1_follows": "先修路灯。",
        "option_2_label": "种树",
        "option_2_follows": "先种树。",
    }
    assert owner.post(f"/ballot-templates/new?place={HERE}", given).status_code == 403
    bare = moderator.post(f"/ballot-templates/new?place={HERE}", given | {"option_2_label": ""})
    assert bare.status_code == 422
    assert "至少写两个选项" in bare.get_data(as_text=True)
    done = moderator.post(f"/ballot-templates/new?place={HERE}", given)
    template_id = int(re.findall(r"/ballot-templates/(\d+)", done.location)[0])
    assert "先做哪一样" in owner.get(f"/ballot-templates?place={HERE}").get_data(as_text=True)
    edit = moderator.get(f"/ballot-templates/{template_id}/edit").get_data(as_text=True)
    assert 'value="先修路灯。"' in edit

    url = f"/problems/{poll.number}/motions/new"
    assert f"{url}?ballot={template_id}" in owner.get(url).get_data(as_text=True)
    begun = owner.get(f"{url}?ballot={template_id}").get_data(as_text=True)
    assert "用的是本地的选票样式：先做哪一样，第 1 版" in begun
    sent = dict(re.findall(r'name="(option_[12]_\w+|prompt)"[^>]*value="([^"]*)"', begun))
    assert sent["option_2_follows"] == "先种树。"
    told = {**sent, "template": "approval", "reason": "optional", "question": "东门空地先做哪一样", "way": "R5"}
    told |= {"scope": "community", "building": "", "solution": "", "body": ""}
    assert owner.post(url, told).status_code == 303
    motion = session().query(Motion).one()
    assert motion.form == '{"method":"approval","prompt":"为什么先做它","reason":"optional"}'
    assert moderator.post(f"/ballot-templates/{template_id}/retirement", {}).status_code == 303
    assert "已经停用" in owner.get(f"/ballot-templates/{template_id}").get_data(as_text=True)
    assert moderator.get(f"/ballot-templates/{template_id}/edit").status_code == 409
