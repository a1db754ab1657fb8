"""Ballots that a place keeps ready: how they are put, what can be chosen and what follows from it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cogov.decisions.rules.ballots import Option, why_not_these_options
from cogov.decisions.rules.methods import BallotForm, Method, why_not_form, why_not_keys
from cogov.ground.refusals import Refusal
from cogov.ground.wording import why_not_wording
from cogov.ground.words import say
from cogov.people.rules import Role

EDITORS = (Role.MODERATOR, Role.CHAIR, Role.OWNERS_COMMITTEE, Role.STREET_OFFICE, Role.ADMINISTRATOR)
"""Who keeps the ballots of a place; the rule of a vote still says which of them it admits."""

NAME_LONGEST, REASON_LEAST, REASON_LONGEST = 40, 5, 200
MOST = 30
"""Of one place: more than anybody looks through."""


@dataclass(frozen=True)
class Written:
    """What a template says."""

    name: str
    form: BallotForm
    options: tuple[Option, ...]


def why_not_template(written: Written) -> Refusal | None:
    """Say what is wrong with a template, whatever rule it is used under later."""
    checks = (
        why_not_wording(written.name, longest=NAME_LONGEST, what=say("名称")),
        why_not_these_options(written.options),
        why_not_keys(written.form, [option.key for option in written.options]),
        why_not_form(written.form, [option.cost for option in written.options], tuple(Method)),
    )
    return next((refusal for refusal in checks if refusal is not None), None)


def why_not_change(reason: str, *, retired: bool) -> Refusal | None:
    """Ask why a template is changed, and let one that is no longer used rest."""
    if retired:
        return Refusal("template_retired", say("这张选票样式已经停用"), what_next=say("请另写一张"))
    return why_not_wording(reason, longest=REASON_LONGEST, least=REASON_LEAST, what=say("为什么改（至少 5 个字）"))


def too_many() -> Refusal:
    """Refuse one more than anybody looks through."""
    return Refusal("too_many_templates", say("本地已有 {n} 张选票样式", n=MOST), what_next=say("请先停用一张不用的"))


def write_options(options: Sequence[Option]) -> str:
    """Write options as canonical JSON."""
    told = [[option.key, option.label, option.consequence, option.cost] for option in options]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def read_options(text: str) -> tuple[Option, ...]:
    """Read what `write_options` wrote."""
    return tuple(Option(position, *each) for position, each in enumerate(json.loads(text), start=1))
