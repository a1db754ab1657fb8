"""The fifth step: the rules in force with their legal force, and the thresholds."""

from __future__ import annotations

from typing import Any, cast

from flask import flash, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer
from wtforms import DateField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from cogov.decisions.queries import rule_here
from cogov.decisions.rules.law import DecisionRule, force_sentence
from cogov.decisions.rules.shipped import RULES
from cogov.front.admin.parts import NEEDED, KeepForm, bp, done, keepers, link
from cogov.front.admin.places.settings import unit_of
from cogov.front.admin.setup.steps import community_set_up, set_up_page
from cogov.ground.pages import actor, words
from cogov.ground.words import Words
from cogov.places.commands import confirm_rules
from cogov.places.models import Place
from cogov.places.queries import set_up_of, setting
from cogov.places.rules import BOUNDS, MEANINGS, Setting
from cogov.places.rules.opening import Step

ASKED = (
    Setting.TRIAGE_HOURS,
    Setting.CASE_DAYS,
    Setting.CONCERN_ANSWER_DAYS,
    Setting.MOTION_SUPPORTS,
    Setting.VOTE_DAYS,
    Setting.CONFIRMATION_DAYS,
)
"""The thresholds that are asked for when setting up; the others keep their defaults until somebody changes them."""


@bp.route("/communities/<code>/rules", methods=["GET", "POST"])
@keepers
def set_up_rules(code: str) -> Answer:
    """Confirm the rules in force here with their legal force, and the thresholds."""
    community = community_set_up(code)
    form = _rules_form(community)
    token = form.token
    if form.validate_on_submit():
        values = {name: int(form[name.value].data) for name in (*ASKED, Setting.STATUTORY_VOTE_AUTHORIZED)}
        changed = {name: value for name, value in values.items() if value != setting(community.code, name)}
        planned = form["planned_on"].data
        confirm_rules(actor(), community_id=community.id, values=changed, planned_on=planned, once=token)
        flash(gettext("已确认。"), "done")
        return done(url_for("admin.set_up", code=code))
    return set_up_page(
        community,
        Step.RULES,
        rules=[_rule_line(rule_here(each, community.code)) for each in RULES],
        ask={
            "title": gettext("确认规则和期限"),
            "form": form.freshened(),
            "action": url_for("admin.set_up_rules", code=code),
            "submit": gettext("确认"),
            "more": link(url_for("admin.settings", at=community.code), gettext("其余的期限在这里改")),
        },
    )


def _rule_line(rule: DecisionRule) -> dict[str, str]:
    return {
        "name": words(Words(rule.name)),
        "article": rule.article,
        "sentences": " ".join(words(each) for each in rule.sentences),
        "force": gettext("样本：法律改过，在“表决规则”里按现行法律核对确认以后才能用。")
        if rule.template
        else words(force_sentence(rule.force, rule.body)),
    }


def _rules_form(community: Place) -> KeepForm:
    row = set_up_of(community.id)
    votes = setting(community.code, Setting.STATUTORY_VOTE_AUTHORIZED)
    fields: dict[str, Any] = {
        Setting.STATUTORY_VOTE_AUTHORIZED.value: RadioField(
            gettext("业主在这里表决，作数吗"),
            [InputRequired(NEEDED)],
            choices=cast(
                "Any",
                {
                    "0": gettext("只是征询意见：正式表决在市里的业主电子投票系统"),
                    "1": gettext("作数：本地已批准用这个平台作法定的业主表决"),
                },
            ),
            default=str(votes) if row and row.rules_at else None,
            description=gettext("选“作数”的，还要在“表决规则”里交授权文件，由另一个人确认；没有以前仍是征询。"),
        )
    }
    for name in ASKED:
        least, most = BOUNDS[name]
        told = gettext("这个数要在 %(least)s 到 %(most)s 之间。", least=least, most=most)
        fields[name.value] = IntegerField(
            words(MEANINGS[name]),
            [InputRequired(NEEDED), NumberRange(least, most, told)],
            default=setting(community.code, name),
            description=unit_of(name),
        )
    fields["planned_on"] = DateField(
        gettext("打算哪天开通"),
        [Optional()],
        default=row.planned_on if row else None,
        description=gettext("开通以前有人来提问题，会看到这个日期。"),
    )
    made: KeepForm = type("RulesForm", (KeepForm,), fields)()
    return made
