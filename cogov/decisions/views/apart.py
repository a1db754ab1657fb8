"""Opinion, mandate and decision, each with its own denominator: three bars that nobody can add up."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, ngettext

from cogov.decisions import queries
from cogov.decisions.queries import DecisionShown
from cogov.decisions.rules.law import Body
from cogov.decisions.rules.outcome import TestName, participation_tests
from cogov.decisions.rules.sums import number
from cogov.decisions.rules.thresholds import Turnout
from cogov.decisions.views.shown import gauge


def apart(shown: DecisionShown) -> list[dict[str, Any]]:
    """Return who has spoken, who put it on the agenda and who has voted; of a turnout only what may be shown."""
    return [_opinion(shown), _mandate(shown), _decision(shown)]


def _opinion(shown: DecisionShown) -> dict[str, Any]:
    problem = shown.problem
    here = max(queries.households_here(problem.community_id), problem.households)
    return {
        "gauge": gauge(gettext("意见"), problem.households, here, None, area=False, result=True),
        "line": ngettext(
            "%(num)s 人附议过这个问题。住在这里的谁都能说，租户和邻居也算；说的是意见，不是票。",
            "%(num)s 人附议过这个问题。住在这里的谁都能说，租户和邻居也算；说的是意见，不是票。",
            problem.seconds,
        ),
    }


def _mandate(shown: DecisionShown) -> dict[str, Any]:
    motion, total = shown.motion, shown.totals.heads
    supports = min(motion.supports, total)
    body, n = shown.rule.body, number(motion.supports_needed)
    drawn = gauge(gettext("提上来"), supports, total, None, area=False, result=True, body=body)
    if body is Body.ORGANIZATIONS:
        line = gettext("由主持人列入表决；%(n)s 家单位的代表附议也能列入。", n=n)
    elif motion.tabled_for is not None:
        line = gettext("由有权提交的委员会列入表决；附议够 %(n)s 户也能列入。", n=n)
    else:
        line = gettext("附议够 %(n)s 户，列入表决。附议只是要求表决，不是同意。", n=n)
    return {"gauge": drawn, "line": line}


def _decision(shown: DecisionShown) -> dict[str, Any]:
    turnout = _turnout(shown)
    if turnout is None:
        return {"gauge": None, "heading": gettext("表决"), "line": gettext("参加的人数现在还不能显示。")}
    tests = {test.name: test for test in participation_tests(shown.rule, shown.totals, turnout)}
    test = tests.get(TestName.PARTICIPATION_HEADS)
    drawn = gauge(
        gettext("表决"),
        turnout.heads,
        shown.totals.heads,
        test,
        area=False,
        result=shown.result is not None,
        body=shown.rule.body,
    )
    return {"gauge": drawn, "line": _BINDS[shown.rule.body]()}


def _turnout(shown: DecisionShown) -> Turnout | None:
    if shown.result is not None:
        return shown.result.turnout
    return shown.running.turnout if shown.running is not None else None


_BINDS = {
    Body.OWNERS: lambda: gettext("这次由业主定，一人几套算一户；办由委员会、单位和认领的人办。"),
    Body.HOUSEHOLDS: lambda: gettext("这次由住户定，一户一票；办由委员会、单位和认领的人办。"),
    Body.ORGANIZATIONS: lambda: gettext("这次由单位定，一家一票；单位数和住户数分开，不加在一起。"),
    Body.MEMBERS: lambda: gettext("这次由委员会成员定，一人一票，只管委员会自己怎么办。"),
}
