"""The console's first page, what a community still lacks, and what administrators have done."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_babel import format_datetime, gettext
from sqlalchemy import func, select

from cogov.duties.queries import set_up_facts
from cogov.duties.rules.setting_up import SetUpFacts
from cogov.front.admin.parts import PAGE, areas, bp, cut, link, pill, readers, today, within
from cogov.front.admin.second import countersigns_here
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.pages import actor, id_arg, open_to, page, words
from cogov.ground.refusals import insist
from cogov.journal.event import KINDS
from cogov.journal.models import JournalEntry
from cogov.journal.reading import details_of, plain, room_of, sentence
from cogov.people.models import Organization, Person, Suspension
from cogov.people.queries import members
from cogov.people.rules import Role
from cogov.people.rules.keeping import SUSPENDERS, why_not_keep
from cogov.places.models import Place, SetUp
from cogov.places.queries import grid_rows, place_by_code
from cogov.places.rules import PlaceKind, prefixes
from cogov.places.rules.coverage import Grid, findings, survey
from cogov.places.rules.opening import STEP_WORDS, Step

READERS = (Role.MODERATOR, Role.STREET_OFFICE, Role.AUDITOR)
REGISTERS = ("people", "places", "duties", "robots")


@bp.get("/")
@readers
def index() -> Response:
    """Show what can be kept here, with what waits."""
    held = {standing.role for standing in actor().standings}
    return page("front/admin/index.html", groups=_groups(held), setting_up=_setting_up())


def _groups(held: set[Role]) -> list[dict[str, Any]]:
    """Return what the one who asks may open, by subject."""
    items = [*_kept_by_administrators()] if Role.ADMINISTRATOR in held else []
    shared: list[tuple[set[Role], dict[str, Any]]] = [
        (
            {Role.ADMINISTRATOR, Role.MODERATOR},
            {
                "url": url_for("admin.residences"),
                "title": gettext("等核对的住户"),
                "line": gettext("按名册和证件核对谁住在哪里、谁是业主"),
                "icon": "home",
            },
        ),
        (
            {Role.ADMINISTRATOR, Role.STREET_OFFICE},
            {
                "url": url_for("admin.suspensions"),
                "title": gettext("停用发言"),
                "line": gettext("停用中的人，和等另一个人同意的"),
                "icon": "ban",
                "count": _waiting_agreement(),
            },
        ),
        (
            {Role.ADMINISTRATOR, Role.STREET_OFFICE},
            {
                "url": url_for("decisions.rules"),
                "title": gettext("表决规则"),
                "line": gettext("各条规则在本地怎样算通过，改规则，交授权文件，要两个人"),
                "icon": "gavel",
            },
        ),
        (
            {Role.ADMINISTRATOR, Role.MODERATOR, Role.STREET_OFFICE},
            {
                "url": url_for("admin.robots"),
                "title": gettext("群机器人"),
                "line": gettext("把案件、公告和表决发到企业微信、钉钉的工作群"),
                "icon": "speakerphone",
            },
        ),
        (
            {Role.ADMINISTRATOR},
            {
                "url": url_for("admin.countersigns"),
                "title": gettext("等另一位管理员确认"),
                "line": gettext("授予和收回系统管理员，要两个人"),
                "icon": "user-check",
                "count": sum(actor().person_id not in (row.asked_by, row.person_id) for row in countersigns_here()),
            },
        ),
        (
            {Role.ADMINISTRATOR, *READERS},
            {
                "url": url_for("admin.coverage"),
                "title": gettext("还缺什么"),
                "line": gettext("没有人负责的网格、岗位、事项，和没有经办人的单位"),
                "icon": "clipboard-list",
            },
        ),
        (
            {Role.ADMINISTRATOR, Role.AUDITOR},
            {
                "url": url_for("admin.log"),
                "title": gettext("管理记录"),
                "line": gettext("谁在什么时候登记、更正、授予、收回了什么"),
                "icon": "history",
            },
        ),
    ]
    return [*items, *(item for roles, item in shared if roles & held)]


def _kept_by_administrators() -> list[dict[str, Any]]:
    return [
        {
            "url": url_for("admin.people"),
            "title": gettext("人和身份"),
            "line": gettext("找人，授予和收回身份，看谁在岗"),
            "icon": "users",
        },
        {
            "url": url_for("admin.organizations"),
            "title": gettext("单位"),
            "line": gettext("部门、居委会、物业、社会组织，和它们负责的事项"),
            "icon": "building-community",
        },
        {
            "url": url_for("admin.places"),
            "title": gettext("地域"),
            "line": gettext("区县、街道、社区、网格、楼栋、房屋"),
            "icon": "map-pin",
        },
        {
            "url": url_for("admin.matters"),
            "title": gettext("事项目录"),
            "line": gettext("能提出哪些事，各走什么流程"),
            "icon": "book",
        },
        {
            "url": url_for("admin.duties"),
            "title": gettext("权责清单"),
            "line": gettext("哪个单位在哪里负责什么，依据和时限"),
            "icon": "scale",
        },
        {
            "url": url_for("admin.calendar"),
            "title": gettext("日历"),
            "line": gettext("哪天上班，哪天放假；工作日按它算"),
            "icon": "calendar",
        },
        {
            "url": url_for("admin.settings"),
            "title": gettext("规则和期限"),
            "line": gettext("人数、比例、期限，谁从哪天起定的"),
            "icon": "gavel",
        },
        {
            "url": url_for("opinion.import_form"),
            "title": gettext("导入别处的征集结果"),
            "line": gettext("Polis 导出的票和观点，在这里画图、读图"),
            "icon": "upload",
        },
        {
            "url": url_for("admin.new_community"),
            "title": gettext("新设一个社区"),
            "line": gettext("五步设好再开通"),
            "icon": "plus",
        },
    ]


def _waiting_agreement() -> int:
    query = (
        select(func.count())
        .select_from(Suspension)
        .where(
            within(Suspension.scope, *SUSPENDERS),
            Suspension.agreed_at.is_(None),
            Suspension.lifted_at.is_(None),
            Suspension.until > now(),
            Suspension.asked_by != actor().person_id,
        )
    )
    return session().scalar(query) or 0


def _setting_up() -> list[Place]:
    query = (
        select(Place)
        .join(SetUp, SetUp.place_id == Place.id)
        .where(SetUp.opened_at.is_(None), within(Place.code))
        .order_by(Place.code)
        .limit(PAGE)
    )
    return list(session().scalars(query))


# What lacks --------------------------------------------------------------------------------------------------------


@bp.get("/coverage")
@readers
def coverage() -> Response:
    """Show what a community still lacks, computed now."""
    query = select(Place).where(within(Place.code, *READERS), Place.kind == PlaceKind.COMMUNITY).order_by(Place.code)
    offered = list(session().scalars(query.limit(PAGE)))
    code = request.args.get("place", "")[:32]
    here = place_by_code(code) if code else next(iter(offered), None)
    if here is None:
        return page("front/admin/page.html", title=gettext("还缺什么"), lead=gettext("还没有登记社区。"))
    insist(why_not_keep(actor(), here.code, *READERS))
    facts = set_up_facts(here, now(), today())
    places = [
        {"url": url_for("admin.coverage", place=row.code), "text": row.name, "current": row.id == here.id}
        for row in offered
    ]
    return page(
        "front/admin/page.html",
        title=gettext("还缺什么"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        lead=gettext("%(place)s，现在算的。补上一样，这里就少一样。", place=here.name),
        filters=[places] if len(places) > 1 else [],
        tables=[_steps_table(facts), _grid_table(here), _unstaffed(here)],
    )


def _steps_table(facts: SetUpFacts) -> dict[str, Any]:
    links = {
        Step.GRIDS: url_for("admin.places"),
        Step.PEOPLE: url_for("admin.people"),
        Step.DUTIES: url_for("admin.matters", lacking=1),
        Step.CALENDAR: url_for("admin.calendar"),
        Step.RULES: url_for("admin.settings"),
    }
    keeps = bool(areas())
    rows = []
    # Whoever came complete, from sheets, has no rules to confirm.
    for step in Step if facts.begun else [step for step in Step if step is not Step.RULES]:
        missing = [words(line) for line in facts.missing(step)]
        name = words(STEP_WORDS[step])
        state = pill("time", "alert-triangle", gettext("缺 %(n)s 样", n=len(missing))) if missing else gettext("不缺")
        rows.append([link(links[step], name) if keeps else name, "；".join(missing), state])
    head = [gettext("方面"), gettext("还缺"), gettext("现在")]
    return {"caption": gettext("五个方面"), "head": head, "rows": rows, "empty": ""}


def _grid_table(here: Place) -> dict[str, Any]:
    rows = grid_rows(here.id)
    drawn = [Grid(row.code, row.ring) for row in rows if row.ring]
    told = findings(survey(drawn), {row.code: row.name for row in rows}) if drawn else ()
    return {
        "caption": gettext("网格的边界"),
        "head": [gettext("发现")],
        "rows": [[words(line)] for line in told],
        "empty": gettext("画了边界的网格之间没有重叠，也没有空隙。"),
    }


def _unstaffed(here: Place) -> dict[str, Any]:
    query = select(Organization).where(Organization.ended_at.is_(None), Organization.scope.in_(prefixes(here.code)))
    reaching = list(session().scalars(query.order_by(Organization.id)))
    staffed = members(row.id for row in reaching)
    return {
        "caption": gettext("没有人代表的单位"),
        "head": [gettext("单位")],
        "rows": [[row.name] for row in reaching if not staffed.get(row.id)],
        "empty": gettext("管到这里的单位都有人代表。"),
    }


# What was done -----------------------------------------------------------------------------------------------------


@bp.get("/log")
@open_to(Role.ADMINISTRATOR, Role.AUDITOR)
def log() -> Response:
    """Show the entries of the registers in the journal, the latest first, by keyset."""
    before = id_arg("before")
    kinds = sorted(name for name in KINDS if room_of(name) in REGISTERS and not KINDS[name].public)
    query = select(JournalEntry, Person.pseudonym).outerjoin(Person, Person.id == JournalEntry.actor_id)
    query = query.where(JournalEntry.kind.in_(kinds)).order_by(JournalEntry.number.desc()).limit(PAGE + 1)
    rows, more = cut(session().execute(query if before is None else query.where(JournalEntry.number < before)).all())
    entries = [plain(row) for row, _ in rows]
    details = details_of(entries)
    return page(
        "front/admin/page.html",
        title=gettext("管理记录"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        lead=link(url_for("front.journal"), gettext("这些记录在账本里，谁也改不了；看账本的封存")),
        tables=[
            {
                "caption": gettext("最近的记录"),
                "head": [gettext("号"), gettext("做了什么"), gettext("谁"), gettext("什么时候")],
                "rows": [
                    [
                        entry.number,
                        sentence(entry, details.get(entry.number, {})),
                        who or gettext("系统"),
                        format_datetime(entry.at, gettext("yyyy-MM-dd HH:mm")),
                    ]
                    for entry, (_, who) in zip(entries, rows, strict=True)
                ],
                "empty": gettext("还没有记录。"),
            }
        ],
        next_url=url_for("admin.log", before=entries[-1].number) if more else "",
    )
