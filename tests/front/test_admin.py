"""The console: who opens which page, what a field says when it is refused, and how much is asked of the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import Refused
from cogov.loop import work_once
from cogov.people.commands import appoint, found_organization, join
from cogov.people.models import Organization, RoleHeld
from cogov.people.queries import actor_of
from cogov.people.rules import CLOCK, OrganizationKind, Role
from cogov.places.commands import register_place, set_threshold
from cogov.places.models import Place
from cogov.places.queries import setting
from cogov.places.rules import Setting
from tests.cast import DISTRICT, HERE, Cast
from tests.doors.house import said

GRID = f"{HERE}001"
ALL = ("administrator",)
PAGES: dict[str, tuple[str, ...]] = {
    "/admin/": ("administrator", "moderator", "street_office", "auditor"),
    "/admin/people": ALL,
    "/admin/organizations": ALL,
    "/admin/places": ALL,
    f"/admin/places?under={HERE}": ALL,
    f"/admin/grids/{GRID}": ("administrator", "moderator"),
    "/admin/residences": ("administrator", "moderator"),
    "/admin/matters": ALL,
    "/admin/duties": ALL,
    "/admin/calendar?month=2026-10": ALL,
    "/admin/settings": ALL,
    "/admin/settings/vote_days": ALL,
    "/admin/suspensions": ("administrator", "street_office"),
    f"/admin/coverage?place={HERE}": ("administrator", "moderator", "street_office", "auditor"),
    "/admin/log": ("administrator", "auditor"),
    "/admin/robots": ("administrator", "moderator", "street_office", "official"),
    "/admin/imports/grids": ALL,
    "/admin/communities/new": ALL,
}
NAMES = ("resident", "moderator", "street_office", "auditor", "administrator", "foreign_moderator", "official")
ClientOf = Callable[[str | None], Any]


@pytest.mark.parametrize("url", PAGES)
def test_a_page_opens_for_its_roles_and_nobody_else(client_of: ClientOf, url: str) -> None:
    answers = {name: client_of(name).get(url).status_code for name in NAMES}
    assert {name for name, status in answers.items() if status == 200} - {"foreign_moderator"} == set(PAGES[url])
    assert client_of(None).get(url).status_code == 303


def test_a_moderator_elsewhere_opens_nothing_of_this_place(client_of: ClientOf) -> None:
    stranger = client_of("foreign_moderator")
    assert stranger.get(f"/admin/grids/{GRID}").status_code == 403
    assert stranger.get(f"/admin/coverage?place={HERE}").status_code == 403
    assert "化名complained_of" not in stranger.get("/admin/residences").get_data(as_text=True)
    assert "化名complained_of" in client_of("moderator").get("/admin/residences").get_data(as_text=True)


def test_contacts_are_masked_everywhere(client_of: ClientOf, cast: Cast) -> None:
    admin = client_of("administrator")
    for url in ("/admin/people", "/admin/people?q=13900000000", f"/admin/people/{cast.resident.person_id}"):
        assert "13900000000" not in said(admin.get(url))
    assert "139****0000" in admin.get("/admin/people?q=13900000000").get_data(as_text=True)


def test_a_person_is_registered_appointed_and_dismissed_on_the_page(client_of: ClientOf, cast: Cast) -> None:
    admin = client_of("administrator")
    admin.get("/admin/people")
    made = admin.post("/admin/people", {"contact": "138 0000 1234", "name": "邓某", "pseudonym": "", "once": "a"})
    assert made.status_code == 303
    page = admin.get(made.location).get_data(as_text=True)
    assert "邓*" in page
    assert "138****1234" in page
    told = {
        "role": "moderator",
        "organization": str(cast.organizations["committee"]),
        "public_name": "邓主持",
        "document": "居委会 2026-11-01 会议",
        "once": "b",
    }
    assert admin.post(f"{made.location}/roles", told).status_code == 303
    row = session().scalars(select(RoleHeld).order_by(RoleHeld.id.desc()).limit(1)).one()
    assert (row.role, row.scope, row.document) == (Role.MODERATOR, HERE, "居委会 2026-11-01 会议")
    row_id = row.id
    session().rollback()
    assert admin.post(f"/admin/roles/{row_id}/end", {"once": "c"}).status_code == 303
    assert session().get_one(RoleHeld, row_id).ended_at is not None


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"role": "moderator", "organization": ""}, "要选单位"),
        ({"role": "auditor", "scope": ""}, "个人的身份要写管到哪里"),
        ({"role": "auditor", "scope": "12"}, "管不到这里"),
        ({"role": "auditor", "scope": "990101001999"}, "地域 990101001999 还没有登记"),
        ({"role": "auditor", "scope": HERE, "until": "2020-01-01"}, "截止日期已经过去"),
        ({"role": "auditor", "scope": HERE, "since": "2030-02-01", "until": "2030-01-01"}, "截止日期要在开始日期以后"),
        ({"role": "owner", "scope": HERE}, "Not a valid choice"),
        ({"role": "", "scope": HERE}, "这一项要填"),
    ],
)
def test_a_refused_field_says_why_and_keeps_what_was_typed(
    client_of: ClientOf, cast: Cast, told: dict[str, str], sentence: str
) -> None:
    admin = client_of("administrator")
    url = f"/admin/people/{cast.resident.person_id}/roles"
    answer = admin.post(url, {**told, "document": "街办〔2026〕7 号", "once": "x"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "街办〔2026〕7 号" in text
    assert sentence in text or sentence == "Not a valid choice"


def test_nobody_appoints_themselves(client_of: ClientOf, cast: Cast) -> None:
    admin = client_of("administrator")
    own = cast.administrator.person_id or 0
    assert "登记自己的事" in said(admin.get(f"/admin/people/{own}"))
    answer = admin.post(f"/admin/people/{own}/roles", {"role": "auditor", "scope": HERE, "once": "x"})
    assert answer.status_code == 403
    assert "登记自己的事，要由别人来办" in said(answer)
    with pytest.raises(Refused, match="not_for_oneself"):
        appoint(cast.administrator, person_id=own, role=Role.AUDITOR, scope=HERE)


def test_an_area_is_kept_to(cast: Cast) -> None:
    helper = join(CLOCK, pseudonym="小范围的人", phone="13700000001").id
    appoint(cast.administrator, person_id=helper, role=Role.ADMINISTRATOR, scope=HERE)
    by = actor_of(helper)
    register_place(by, code=GRID, name="东边的网格")
    with pytest.raises(Refused, match="not_who_keeps"):
        register_place(by, code="990101001002", name="别处")
    with pytest.raises(Refused, match="not_who_keeps"):
        set_threshold(by, code=DISTRICT, name=Setting.VOTE_DAYS, value=9)
    set_threshold(by, code=HERE, name=Setting.VOTE_DAYS, value=9)
    assert (setting(HERE, Setting.VOTE_DAYS), setting("990101001002", Setting.VOTE_DAYS)) == (9, 7)


def test_a_threshold_shows_who_set_it_and_refuses_what_no_clock_bears(client_of: ClientOf) -> None:
    admin = client_of("administrator")
    url = f"/admin/settings/vote_days?at={HERE}"
    refused = admin.post(url, {"value": "0", "once": "a"})
    assert (refused.status_code, "要在 1 到 3650 之间" in said(refused)) == (422, True)
    assert admin.post(url, {"value": "9", "once": "b"}).status_code == 303
    assert "测试里社区 · " in said(admin.get(f"/admin/settings?at={HERE}"))
    assert "化名administrator" in said(admin.get(f"/admin/settings?at={HERE}"))


def test_a_sheet_is_tried_first_and_entered_on_the_second_step(client_of: ClientOf) -> None:
    admin = client_of("administrator")
    sheet = "代码,名称\n990101001005,河东社区\n990101001006,河西社区\n12,外省\nx,坏行"
    tried = admin.post("/admin/imports/places", {"pasted": sheet, "once": "a"})
    assert tried.status_code == 200
    assert "会新登记 2 行，更正 0 行，没有变化 0 行，不接受 2 行" in said(tried)
    assert session().scalar(select(Place.id).where(Place.code == "990101001005")) is None, "a trial enters nothing"
    session().rollback()
    assert admin.post("/admin/imports/places/entry", {"once": "b"}).status_code == 303
    assert session().scalar(select(Place.name).where(Place.code == "990101001006")) == "河西社区"


def test_a_sheet_that_was_tried_and_not_entered_does_not_stay(client_of: ClientOf, app: Flask) -> None:
    folder = Path(str(app.config["DATA_DIR"])) / "sheets"
    client_of("administrator").post(
        "/admin/imports/places", {"pasted": "代码,名称\n990101001007,河中社区", "once": "a"}
    )
    [kept] = folder.glob("*-places")
    assert "河中社区" in kept.read_text(encoding="utf-8")
    for hours, there in ((23, True), (25, False)):
        with time_machine.travel(now() + timedelta(hours=hours)):
            (folder.parent / "daily").unlink(missing_ok=True)
            work_once()
        assert kept.is_file() is there


def test_a_workbook_is_refused_at_its_field(client_of: ClientOf) -> None:
    admin = client_of("administrator")
    answer = admin.post("/admin/imports/people", {"pasted": "甲,乙\n1,2", "once": "a"})
    assert answer.status_code == 422
    assert "表头缺少" in said(answer)


def test_a_sheet_brings_nobody_a_role_of_their_own_hand(client_of: ClientOf) -> None:
    admin = client_of("administrator")
    own = "手机号或邮箱,身份,身份地域代码\n13900000009,审计员,990101001001"
    tried = admin.post("/admin/imports/people", {"pasted": own, "once": "a"})
    assert "登记自己的事，要由别人来办" in said(tried)


def test_an_empty_sheet_names_every_column(client_of: ClientOf) -> None:
    for kind in ("places", "grids", "roll", "people", "matters", "duties", "calendar"):
        answer = client_of("administrator").get(f"/admin/imports/{kind}/template")
        assert answer.get_data(as_text=True).startswith("\ufeff")
        assert answer.mimetype == "text/csv"
    assert client_of("administrator").get("/admin/imports/ballots").status_code == 404


def test_a_matter_without_its_parts_is_flagged(client_of: ClientOf, cast: Cast) -> None:
    admin = client_of("administrator")
    assert "时限、结案标准" in said(admin.get("/admin/matters?lacking=1"))
    url = f"/admin/matters/{cast.matters['0101']}"
    told = {"name": "井盖缺失", "lane": "A", "limit": "2", "unit": "working_days", "close_condition": "井盖补齐"}
    told |= {"basis": "测试", "kpi": "按期处置率", "once": "a"}
    assert admin.post(url, told).status_code == 303
    assert "井盖缺失" not in said(admin.get("/admin/matters?lacking=1"))


def test_a_correction_of_an_item_is_a_new_version(client_of: ClientOf, cast: Cast) -> None:
    admin = client_of("administrator")
    told = {
        "matter": str(cast.matters["0101"]),
        "organization": str(cast.organizations["water"]),
        "scope": DISTRICT,
        "number": "T-0101",
        "list_kind": "basic",
        "limit": "1",
        "unit": "working_days",
        "basis": "新清单",
        "valid_from": "2026-01-01",
        "once": "a",
    }
    made = admin.post("/admin/duties", told)
    assert made.status_code == 303
    assert "第 2 版" in said(admin.get(made.location))
    backwards = admin.post("/admin/duties", {**told, "valid_to": "2025-01-01", "once": "b"})
    assert (backwards.status_code, "失效日期早于生效日期" in said(backwards)) == (422, True)


def test_a_home_is_checked_by_the_committee_and_leaves_the_queue(client_of: ClientOf, cast: Cast) -> None:
    moderator = client_of("moderator")
    url = f"/admin/residences/{cast.complained_of.person_id}?at={HERE}"
    told = {"building": str(cast.building_ids[0]), "staircase": "1", "door": "999", "kind": "family", "once": "a"}
    wrong = moderator.post(url, told)
    assert (wrong.status_code, "名册上没有这一户" in said(wrong)) == (422, True)
    nobody = moderator.post(url, {**told, "door": "301", "reference": "没有的编号", "once": "b"})
    assert (nobody.status_code, "名册上没有业主编号" in said(nobody)) == (422, True)
    assert "化名complained_of" in said(moderator.get("/admin/residences")), "a refusal checks nothing"
    assert moderator.post(url, {**told, "door": "301", "once": "c"}).status_code == 303
    assert "化名complained_of" not in said(moderator.get("/admin/residences"))


def test_what_lacks_is_counted_now(client_of: ClientOf, cast: Cast) -> None:
    text = said(client_of("administrator").get(f"/admin/coverage?place={HERE}"))
    assert "没有替班人：第 1 网格、第 2 网格" in text
    assert "云溪区水务公司" in text, "nobody acts for it"


def test_the_log_says_who_did_what(client_of: ClientOf, cast: Cast) -> None:
    person = cast.resident.person_id or 0
    appoint(cast.administrator, person_id=person, role=Role.AUDITOR, scope=HERE, until=now() + timedelta(days=9))
    text = said(client_of("auditor").get("/admin/log"))
    assert "登记身份：审计员" in text
    assert "化名administrator" in text


LISTS = ("/admin/people", "/admin/organizations", f"/admin/places?under={DISTRICT}001", "/admin/residences")


@pytest.mark.parametrize("url", LISTS)
def test_a_list_asks_as_much_for_many_rows_as_for_few(
    client_of: ClientOf, counted: Callable[..., Any], cast: Cast, url: str
) -> None:
    admin = client_of("administrator")
    admin.get(url)
    with counted() as few:
        admin.get(url)
    for n in range(25):
        person = join(CLOCK, pseudonym=f"多出来的人{n}", phone=f"136{n:08d}").id
        appoint(cast.administrator, person_id=person, role=Role.RESIDENT, scope=HERE)
        found_organization(CLOCK, kind=OrganizationKind.SOCIAL, name=f"社团{n}", scope=HERE)
        register_place(CLOCK, code=f"9901010011{n:02d}", name=f"社区{n}")
    with counted() as many:
        text = admin.get(url).get_data(as_text=True)
    assert int(many) == int(few)
    assert len(text.encode()) < 60_000


def test_a_long_list_goes_on_by_key(client_of: ClientOf, cast: Cast) -> None:
    for n in range(40):
        found_organization(CLOCK, kind=OrganizationKind.SOCIAL, name=f"社团{n:02d}", scope=HERE)
    admin = client_of("administrator")
    first = admin.get("/admin/organizations").get_data(as_text=True)
    last = session().scalars(select(Organization.id).order_by(Organization.id).offset(29).limit(1)).one()
    assert f"after={last}" in first
    second = said(admin.get(f"/admin/organizations?after={last}"))
    assert "社团39" in second
    assert "测试里居委会" not in second
