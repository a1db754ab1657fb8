"""What administrators keep, in the prepared world: something to correct, to end, to agree to, to set up and to open."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import select

from cogov.duties.commands import change_calendar, enter_duty, enter_matter
from cogov.duties.rules.clock import Limit, LimitUnit
from cogov.duties.rules.duty import ListKind, MatterKey, MatterKind
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.vault import lock
from cogov.journal.transaction import transaction
from cogov.people.commands import (
    add_passkey,
    appoint,
    begin_app,
    found_organization,
    grant_role,
    join,
    suspend_person,
)
from cogov.people.models import Countersign
from cogov.people.queries import actor_of, passkeys_of
from cogov.people.rules import CLOCK, OrganizationKind, Role
from cogov.people.rules.contacts import contact_from
from cogov.people.rules.factors import fresh_secret
from cogov.people.rules.suspension import SuspensionReason
from cogov.places.commands import Named, Post, begin_set_up, confirm_rules, fill_post, write_grids
from cogov.places.models import Place, Residence
from cogov.places.rules.opening import grid_lines
from cogov.robots.commands import add_robot, pause_robot
from cogov.robots.models import Robot
from cogov.robots.queries import PURPOSE
from cogov.robots.rules import RobotKind, RobotTopic
from cogov.robots.rules.posts import Ear
from tests.cast import DISTRICT, HERE, STREET
from tests.doors.world import World

BEGUN, READY = "990101001003", "990101001004"


def enter_registers(world: World) -> None:
    """Enter what the forms of the console are about."""
    newcomer = join(CLOCK, pseudonym="等授权的人", phone="13600000001", name="邓某").id
    world.ids["person:newcomer"] = newcomer
    noisy = join(CLOCK, pseudonym="吵闹的人", phone="13600000002").id
    world.ids["role:spare"] = grant_role(CLOCK, person_id=noisy, role=Role.AUDITOR, scope=HERE).id
    world.ids["suspension:waiting"] = suspend_person(
        world.cast.administrator,
        person_id=noisy,
        scope=HERE,
        reason=SuspensionReason.FLOODING,
        until=now() + timedelta(days=90),
    ).id
    second = join(CLOCK, pseudonym="第二位管理员", phone="13600000003").id
    grant_role(CLOCK, person_id=second, role=Role.ADMINISTRATOR, scope=DISTRICT)
    waits = appoint(actor_of(second), person_id=noisy, role=Role.ADMINISTRATOR, scope=HERE)
    assert isinstance(waits, Countersign)
    world.ids["countersign:waiting"] = waits.id
    _factors(world)
    _organization_and_duties(world)
    _communities(world)
    _robots(world)
    for name in ("neighbour", "outsider", "tenant"):
        lives = select(Residence.id).where(Residence.person_id == getattr(world.cast, name).person_id)
        world.ids[f"residence:{name}"] = found(session().scalar(lives))


def _robots(world: World) -> None:
    """Add robots that nobody can reach: their address lies inside, so trying one goes nowhere and takes no time."""
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=doors"
    for key, name in (("robot", "社区公告群"), ("robot:paused", "楼栋群")):
        world.ids[key] = add_robot(
            world.cast.moderator,
            kind=RobotKind.WECOM,
            hears=RobotTopic.ANNOUNCEMENTS,
            name=name,
            ear=Ear(url),
            community_id=world.cast.community_id,
        ).id
        with transaction():
            session().get_one(Robot, world.ids[key]).ear = lock(PURPOSE, json.dumps(asdict(Ear("https://10.0.0.1/"))))
    pause_robot(world.cast.moderator, world.ids["robot:paused"])


def _factors(world: World) -> None:
    """Begin an app of one person, and give another one a passkey that opens nothing."""
    begin_app(world.cast.resident, sealed_secret=lock("authenticator", fresh_secret()))
    by = world.cast.moderator
    add_passkey(by, credential="AQIDBA", public_key="k", sign_count=0, name="手机", code_hashes=["a"])
    world.ids["passkey:moderator"] = passkeys_of(by.person_id)[0].id


def _organization_and_duties(world: World) -> None:
    body = found_organization(CLOCK, kind=OrganizationKind.BODY, name="云溪区园林所", scope=DISTRICT).id
    world.ids["organization:spare"] = body
    key = MatterKey("test", MatterKind.EVENT, "E901")
    matter = enter_matter(CLOCK, key=key, name="枯枝没有修剪", lane="A", rules="R0", basis="测试").id
    world.ids["matter:spare"] = matter
    for scope in (HERE, READY):
        world.ids["item:spare"] = enter_duty(
            CLOCK,
            scope=scope,
            number=f"X-{scope}",
            matter_id=matter,
            organization_id=body,
            list_kind=ListKind.BASIC,
            limit=Limit(3, LimitUnit.WORKING_DAYS),
            basis="测试清单",
            valid_from=date(2020, 1, 1),
        ).id
    world.ids["building"] = world.cast.building_ids[0]
    world.ids["unit"] = world.cast.unit_ids[0]


def _communities(world: World) -> None:
    """Begin to set up two communities; the second one lacks nothing but to be opened."""
    for code, name in ((BEGUN, "新设里社区"), (READY, "备齐里社区")):
        community = begin_set_up(CLOCK, (Named(STREET, "青川街道"), Named(code, name)))
        write_grids(CLOCK, community_id=community.id, lines=grid_lines("第一网格：1、2"))
        world.ids[f"community:{name}"] = community.id
    year = now().year
    for each in (year, year + 1):
        change_calendar(CLOCK, scope=READY, day=date(each, 1, 1), working=False, name="元旦")
    grid = found(session().scalars(select(Place).where(Place.code == f"{READY}001")).one_or_none())
    committee = OrganizationKind.COMMITTEE
    posts = (
        Post(Role.MODERATOR, committee),
        Post(Role.CHAIR, committee),
        Post(Role.GRID_WORKER, committee, grid.id),
        Post(Role.GRID_WORKER, committee, grid.id, deputy=True),
    )
    ready = world.ids["community:备齐里社区"]
    for number, post in enumerate(posts):
        contact = found(contact_from(f"1360000001{number}"))
        fill_post(
            CLOCK, community_id=ready, post=post, contact=contact, name=f"经办{number}", pseudonym=f"备齐的人{number}"
        )
    confirm_rules(CLOCK, community_id=ready, values={}, planned_on=None)
