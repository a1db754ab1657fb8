"""What is frozen when a voting notice is published, as canonical text and as one fingerprint."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, asdict, fields
from fractions import Fraction
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from cogov.decisions.rules.ballots import Option
from cogov.decisions.rules.electorate import Electorate, Head
from cogov.decisions.rules.law import Annuller, Body, CoOwners, DecisionRule, Force, NoProxy, Parking, Secrecy
from cogov.decisions.rules.methods import SINGLE_CHOICE, BallotForm, Method, write_form
from cogov.decisions.rules.stages import Scope
from cogov.decisions.rules.thresholds import Base, Threshold, Thresholds
from cogov.people.rules import OrganizationKind, Role
from cogov.problems.rules.lanes import RuleCode


def freeze(rule: DecisionRule) -> str:
    """Write a rule as canonical JSON: sorted keys, no spaces, fractions as "2/3"; equal rules give equal text.

    A field that has its default is left out: what was frozen before the field came has the text it always had.
    """
    return canonical(plain_rule(rule))


def plain_rule(rule: DecisionRule) -> dict[str, Any]:
    """Return the fields of a rule, but for those that have their default."""
    written = asdict(rule)
    return {name: value for name, value in written.items() if name not in LATER or getattr(rule, name) != LATER[name]}


@lru_cache(maxsize=256)
def thaw(text: str) -> DecisionRule:
    """Read what `freeze` wrote; ValueError on anything that `freeze` would have written differently."""
    try:
        rule = rule_of(json.loads(text))
    except (KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise ValueError("this is no frozen rule") from error
    if freeze(rule) != text:
        raise ValueError("this rule is not in its canonical form")
    return rule


def fingerprint(
    rule: DecisionRule, options: Iterable[Option], electorate: Electorate, form: BallotForm = SINGLE_CHOICE
) -> str:
    """Return the SHA-256 (hex) over rule, options and electorate: what the result can depend on besides the ballots.

    Persons who may cast are part of it, so a fingerprint also proves who could vote on the day of the notice.
    """
    frozen = {
        "rule": json.loads(freeze(rule)),
        "options": [_plain_option(option) for option in sorted(options, key=lambda option: option.position)],
        "electorate": _plain_electorate(electorate),
    }
    if form != SINGLE_CHOICE:
        frozen["form"] = write_form(form)
    return sha256(b"cogov decision v1\n" + canonical(frozen).encode()).hexdigest()


def _plain_electorate(electorate: Electorate) -> dict[str, Any]:
    written = asdict(electorate)
    for name in FOUND_LATER:
        if not written[name]:
            del written[name]
    for head in written["heads"]:
        for name in [name for name, usual in USUAL_HEAD.items() if head[name] == usual]:
            del head[name]
    return written


def _plain_option(option: Option) -> dict[str, Any]:
    written = asdict(option)
    return written if option.cost else {name: value for name, value in written.items() if name != "cost"}


def canonical(value: Mapping[str, Any]) -> str:
    """Write plain values in the one form that has a fingerprint."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=plain)


def plain(value: object) -> str:
    """Write a fraction as "2/3"; nothing else is unknown to JSON here."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise TypeError(f"{type(value).__name__} has no canonical form")


def rule_of(data: dict[str, Any]) -> DecisionRule:
    """Build a rule from plain values."""
    if not NEEDED <= set(data) <= NEEDED | LATER.keys():
        raise ValueError("a frozen rule has exactly the fields of a rule")
    return DecisionRule(
        code=RuleCode(data["code"]),
        version=int(data["version"]),
        name=str(data["name"]),
        article=str(data["article"]),
        items=tuple(int(item) for item in data["items"]),
        body=Body(data["body"]),
        participation=thresholds_of(data["participation"]),
        passing=thresholds_of(data["passing"]),
        tabled_by=tuple(Role(role) for role in data["tabled_by"]),
        seconders=threshold_of(data["seconders"]),
        notice_days=int(data["notice_days"]),
        publication_days=int(data["publication_days"]),
        secrecy=Secrecy(data["secrecy"]),
        force=Force(data["force"]),
        may_annul=tuple(Annuller(annuller) for annuller in data["may_annul"]),
        **{name: READ_LATER[name](data[name]) for name in LATER.keys() & data.keys()},
    )


USUAL_HEAD: Mapping[str, Any] = MappingProxyType(
    {field.name: field.default for field in fields(Head) if field.default is not MISSING}
)
FOUND_LATER = ("units_above_one", "units_too_fine")
"""What is written of an electorate only where there is any."""

LATER: Mapping[str, Any] = MappingProxyType(
    {field.name: field.default for field in fields(DecisionRule) if field.default is not MISSING}
)
NEEDED = frozenset(field.name for field in fields(DecisionRule)) - LATER.keys()
READ_LATER: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "methods": lambda names: tuple(Method(name) for name in names),
        "secrecies": lambda names: tuple(Secrecy(name) for name in names),
        "scope": Scope,
        "parking": Parking,
        "template": bool,
        "source": str,
        "proxy_heads": int,
        "proxy_periods": bool,
        "no_proxies": lambda names: tuple(NoProxy(name) for name in names),
        "co_owners": CoOwners,
        "proven_interest": bool,
        "kinds": lambda names: tuple(OrganizationKind(name) for name in names),
    }
)


def thresholds_of(data: dict[str, Any]) -> Thresholds:
    """Build a pair of thresholds from plain values."""
    heads, area = data["heads"], data["area"]
    return Thresholds(threshold_of(heads) if heads else None, threshold_of(area) if area else None)


def threshold_of(data: dict[str, Any]) -> Threshold:
    """Build a threshold from plain values."""
    return Threshold(Fraction(data["share"]), bool(data["inclusive"]), Base(data["base"]))
