"""How many pictures a problem is raised with, and who may have more of a published one covered."""

from __future__ import annotations

from cogov.ground.refusals import Refusal
from cogov.ground.words import say
from cogov.people.rules import Actor, Role
from cogov.problems.rules.acts import Facts, sign_in_first

MOST_PICTURES = 4

COVERERS = (Role.MODERATOR, Role.STREET_OFFICE)


def why_not_pictures(count: int) -> Refusal | None:
    """A problem is raised with four pictures at most."""
    if count <= MOST_PICTURES:
        return None
    return Refusal("too_many_pictures", say("最多 {n} 张照片。", n=MOST_PICTURES), status=422)


def why_not_cover(by: Actor, facts: Facts, *, took_it: bool) -> Refusal | None:
    """Who raised the problem or took the picture may cover more of it, and so may those who look after the place."""
    if by.person_id is None:
        return sign_in_first()
    if facts.is_raiser or took_it or any(by.holds(facts.code, role) for role in COVERERS):
        return None
    return Refusal(
        "not_your_picture",
        say("遮照片由提出人、拍照的人或居委会主持人来做。"),
        what_next=say("照片里露出了您的脸或车牌，请告诉居委会，当天就能遮住。"),
        status=403,
    )


def picture_has_changed() -> Refusal:
    """Say that somebody else has covered the same picture in this moment."""
    return Refusal(
        "picture_has_changed",
        say("这张照片刚刚被别人遮过，这次没有处理。"),
        what_next=say("请重新打开照片，看看还要不要遮。"),
        status=409,
    )
