"""Which organizations stand behind a solution; shown apart from what people say."""

from __future__ import annotations

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor, Standing
from cogov.threads.rules.speaking import Dossier, why_not_speak


def endorsing_under(by: Actor, code: str) -> Standing | None:
    """Return the mandate under which somebody speaks for an organization here, None for people."""
    chosen = by.acting
    if chosen is not None and chosen.organization_id is not None:
        return chosen if chosen.reaches(code) else None
    return next((held for held in by.standings if held.organization_id is not None and held.reaches(code)), None)


def why_not_endorse(by: Actor, dossier: Dossier, *, own: int | None, endorsed: bool) -> Refusal | None:
    """An organization endorses through who speaks for it, once, and never its own solution."""
    if (refusal := why_not_speak(by, dossier)) is not None:
        return refusal
    standing = endorsing_under(by, dossier.code)
    if standing is None:
        return Refusal(
            "not_an_organization",
            say("赞同方案由单位和组织来表示，住户的看法写在讨论和表决里。"),
            what_next=say("您代表一个组织时，请先在“代表”里选它。"),
            status=403,
        )
    if standing.organization_id == own:
        return Refusal("own_solution", say("自己单位提的方案，不用再表示赞同。"))
    return Refusal("endorsed_already", say("您的单位已经赞同这个方案。")) if endorsed else None


def why_not_withdraw_endorsement(by: Actor, dossier: Dossier, *, endorsed: bool) -> Refusal | None:
    """Who speaks for the organization takes its endorsement back."""
    if by.person_id is None or endorsing_under(by, dossier.code) is None:
        return Refusal("not_an_organization", say("赞同由单位自己撤回。"), status=403)
    return None if endorsed else Refusal("not_endorsed", say("您的单位没有赞同这个方案。"))
