"""Setting up: the first administrator with the first community, the five steps, and opening."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from flask import Response, current_app, flash, g, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer
from wtforms import DateField, IntegerField, PasswordField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from cogov.decisions.queries import rule_here
from cogov.decisions.rules.law import RULES, DecisionRule, force_sentence
from cogov.duties.commands import enter_year, group_of, map_duties, open_community, start_catalogue
from cogov.duties.models import CalendarDay, Matter
from cogov.duties.queries import OFFICIAL_LANES, POSTS, covered, set_up_facts
from cogov.duties.rules.duty import MatterKind
from cogov.duties.rules.holidays import known_year
from cogov.duties.rules.setting_up import SetUpFacts
from cogov.front.admin.code import fits, forget
from cogov.front.admin.duties import KIND_WORDS
from cogov.front.admin.parts import (
    NEEDED,
    TOO_LONG,
    KeepForm,
    attempt,
    bp,
    check_contact,
    day,
    done,
    keepers,
    link,
    text,
    today,
)
from cogov.front.admin.people import any_pseudonym
from cogov.front.admin.places.settings import unit_of
from cogov.front.admin.sending import invite
from cogov.ground.clock import now
from cogov.ground.db import found, session
from cogov.ground.pages import actor, open_to_all, page, powerful, words
from cogov.ground.refusals import insist
from cogov.ground.words import Words, say
from cogov.journal.transaction import transaction
from cogov.people.commands import administered, found_first_administrator, note_password_try, why_not_first
from cogov.people.models import Identity, Organization, Person, RoleHeld
from cogov.people.queries import actor_of, organizations_at, password_tries
from cogov.people.rules import ANYONE, Actor, OrganizationKind, Role, kind_words, role_words
from cogov.people.rules.contacts import contact_from, masked
from cogov.people.rules.entering import why_not_try_password
from cogov.people.rules.keeping import why_not_keep
from cogov.people.rules.looking import masked_name
from cogov.people.rules.passwords import LONGEST, hash_password, why_not_password
from cogov.people.views.current import begin, from_here
from cogov.places.commands import (
    NAMELESS,
    Named,
    Post,
    begin_set_up,
    community_of,
    confirm_rules,
    fill_post,
    usual_name,
    write_grids,
)
from cogov.places.models import Building, GridHolder, Place
from cogov.places.queries import chain, drawing_of, grids_of, set_up_of, setting
from cogov.places.rules import BOUNDS, MEANINGS, Setting, prefixes
from cogov.places.rules.divisions import districts, division
from cogov.places.rules.opening import STEP_WORDS, Step, grid_lines

# The place ---------------------------------------------------------------------------------------------------------


class CommunityForm(KeepForm):
    """Where a community lies and what it is called."""

    district = text(
        lazy_gettext("区县"), 60, description=lazy_gettext("写名称或 6 位代码，例如：杭州市上城区，或 330102。")
    )
    street = text(lazy_gettext("街道或乡镇"), 80, description=lazy_gettext("写全称，例如：清波街道。"))
    community = text(lazy_gettext("社区"), 80, description=lazy_gettext("写全称，例如：柳浪社区。"))
    street_code = text(
        lazy_gettext("街道代码的后三位"),
        3,
        needed=False,
        description=lazy_gettext("统计用区划代码；不知道就不填，先用 001。"),
    )
    community_code = text(
        lazy_gettext("社区代码的后三位"),
        3,
        needed=False,
        description=lazy_gettext("不知道就不填，先用 001。登记后不能改。"),
    )
    above = text(
        lazy_gettext("省、市、区县的名称"),
        120,
        needed=False,
        description=lazy_gettext("只有自带的表里没有这个代码时才写，用顿号隔开。"),
    )

    def validate_street_code(self, field: Any) -> None:
        """Refuse what is not three digits."""
        _three(field)

    def validate_community_code(self, field: Any) -> None:
        """Refuse what is not three digits."""
        _three(field)

    @property
    def places(self) -> tuple[Named, ...] | None:
        """The places from the widest to the community, or None with a sentence at the field."""
        above = self._above()
        if above is None:
            return None
        code = above[-1].code
        street = Named(code + (self.street_code.data or "001"), self.street.data or "")
        community = Named(street.code + (self.community_code.data or "001"), self.community.data or "")
        return (*above, street, community)

    def _above(self) -> tuple[Named, ...] | None:
        wanted = re.sub(r"\s", "", self.district.data or "")
        known = districts(wanted)
        if len(known) == 1:
            code = known[0][0]
            return tuple(Named(code[:end], (division(code[:end]) or (None, ""))[1]) for end in (2, 4, 6))
        if known:
            listed = "、".join(f"{name} {code}" for code, name in known[:8])
            self.complain("district", gettext("有几个地方都叫这个名字，请写代码：%(listed)s", listed=listed))
            return None
        names = [part for part in re.split(r"[、，,\s]+", self.above.data or "") if part]
        if re.fullmatch("[0-9]{6}", wanted) and len(names) == 3:
            return tuple(Named(wanted[:end], name) for end, name in zip((2, 4, 6), names, strict=True))
        told = gettext("自带的表里没有这个区县。请核对；新设的区县写 6 位代码，再在最后一格写省、市、区县的名称。")
        self.complain("district", told)
        return None


def _three(field: Any) -> None:
    if field.data and not re.fullmatch("[0-9]{3}", field.data):
        raise ValidationError(gettext("应是 3 位数字。"))


class FirstForm(CommunityForm):
    """The code, who the first administrator is, and their first community."""

    code = text(
        lazy_gettext("设置码"), 20, description=lazy_gettext("启动服务的屏幕上写着；也可以运行 cogov setup-code。")
    )
    name = text(lazy_gettext("您的姓名"), 80, description=lazy_gettext("只有职责需要的人看得到。"))
    contact = text(lazy_gettext("您的手机号或邮箱"), 254, description=lazy_gettext("以后用它登录。"))
    password = PasswordField(
        lazy_gettext("密码"),
        [InputRequired(lazy_gettext("请写密码。")), Length(max=LONGEST * 2, message=TOO_LONG)],
        description=lazy_gettext("至少 8 个字符。"),
        render_kw={"autocomplete": "new-password", "maxlength": LONGEST * 2},
    )

    def validate_contact(self, field: Any) -> None:
        """Refuse what is neither a number nor an address."""
        check_contact(self, field)

    def validate_password(self, field: Any) -> None:
        """Ask the rule about the password."""
        refusal = why_not_password(field.data or "", self.contact.data or "")
        if refusal is not None:
            raise ValidationError(words(refusal.message))


FIRST_ORDER = ("code", "name", "contact", "password", "district", "street", "community")


@bp.route("/first", methods=["GET", "POST"])
@open_to_all
def first() -> Answer:
    """Let whoever has the set-up code make the first administrator and the first community."""
    insist(why_not_first(somebody=administered()))
    form = FirstForm()
    if form.validate_on_submit():
        key = from_here("setup")
        note_password_try(g.actor, key)
        insist(why_not_try_password(password_tries(key)))
        if not fits(current_app, form.code.data or ""):
            form.complain("code", gettext("设置码不对。请核对启动服务的屏幕，字母不分大小写。"))
        else:
            places = form.places
            if places is not None and _founded(form, places):
                return done(url_for("admin.set_up", code=places[-1].code))
    return page("front/admin/first.html", 200 if request.method == "GET" else 422, form=form)


def _founded(form: FirstForm, places: tuple[Named, ...]) -> bool:
    """Make the first administrator and the community together, and sign them in here."""
    contact, kept = found(contact_from(form.contact.data or "")), hash_password(form.password.data or "")

    def act() -> int:
        with transaction():
            person = found_first_administrator(
                ANYONE,
                contact=contact,
                name=form.name.data or "",
                pseudonym=any_pseudonym(),
                password_hash=kept,
                scope=places[0].code,
            )
            begin_set_up(actor_of(person.id), places)
            return person.id

    person_id = attempt(form, {"contact_taken": "contact", "place_exists": "community_code"}, "community", act)
    if person_id is None:
        return False
    forget(current_app)
    begin(Actor(person_id))
    flash(gettext("您现在是管理员。接下来五步，随时可以停下，回来接着做。"), "done")
    return True


@bp.route("/communities/new", methods=["GET", "POST"])
@keepers
def new_community() -> Answer:
    """Begin to set up one more community."""
    form = CommunityForm()
    token = form.token
    if form.validate_on_submit() and (places := form.places) is not None:
        fields = {"place_exists": "community_code", "not_who_keeps": "district"}
        row = attempt(form, fields, "community", lambda: begin_set_up(actor(), places, once=token))
        if row is not None:
            return done(url_for("admin.set_up", code=row.code))
    return page(
        "front/admin/page.html",
        200 if request.method == "GET" else 422,
        title=gettext("新设一个社区"),
        back={"url": url_for("admin.index"), "text": gettext("管理")},
        layout="narrow",
        lead=gettext("登记以后分五步设好，再开通。开通以前居民看不到它。"),
        below=[
            {
                "title": gettext("在哪里"),
                "form": form.freshened(),
                "action": url_for("admin.new_community"),
                "submit": gettext("开始设置"),
            }
        ],
    )


# The five steps ----------------------------------------------------------------------------------------------------

ENDPOINTS = {
    Step.GRIDS: "admin.set_up_grids",
    Step.PEOPLE: "admin.set_up_people",
    Step.DUTIES: "admin.set_up_duties",
    Step.CALENDAR: "admin.set_up_calendar",
    Step.RULES: "admin.set_up_rules",
}


def _community(code: str) -> Place:
    """Return a community that is set up through the pages, for those who keep it."""
    row = community_of(code[:32])
    insist(why_not_keep(actor(), row.code))
    found(set_up_of(row.id))
    return row


def _facts(community: Place) -> SetUpFacts:
    return set_up_facts(community, now(), today())


def _steps(community: Place, facts: SetUpFacts, current: Step | None = None) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "title": words(STEP_WORDS[step]),
            "url": url_for(ENDPOINTS[step], code=community.code),
            "missing": [words(line) for line in facts.missing(step)],
            "current": step is current,
        }
        for number, step in enumerate(Step, start=1)
    ]


@bp.get("/communities/<code>")
@keepers
def set_up(code: str) -> Response:
    """Show the five steps with what each still lacks, and open the community when none does."""
    community = _community(code)
    facts, row = _facts(community), set_up_of(community.id)
    return page(
        "front/admin/set_up.html",
        community=community,
        steps=_steps(community, facts),
        left=len(facts.steps_missing),
        row=row,
        opened=day(row.opened_at) if row else "",
        planned=day(row.planned_on) if row else "",
    )


@bp.post("/communities/<code>/opening")
@keepers
def opening(code: str) -> Answer:
    """Open a community."""
    community = _community(code)
    open_community(actor(), community.id, once=request.form.get("once"))
    flash(gettext("%(place)s已开通，居民现在可以注册、提出问题。", place=community.name), "done")
    return done(url_for("admin.set_up", code=code))


def _step(community: Place, step: Step, status: int, **shown: Any) -> Response:
    facts = _facts(community)
    following = next((each for each in facts.steps_missing if each is not step), None)
    return page(
        "front/admin/step.html",
        status,
        community=community,
        step=words(STEP_WORDS[step]),
        steps=_steps(community, facts, step),
        missing=[words(line) for line in facts.missing(step)],
        following={"text": words(STEP_WORDS[following]), "url": url_for(ENDPOINTS[following], code=community.code)}
        if following
        else {"text": gettext("开通"), "url": url_for("admin.set_up", code=community.code)},
        **shown,
    )


def _status() -> int:
    return 200 if request.method == "GET" else 422


# 1 Grids -----------------------------------------------------------------------------------------------------------


class GridsForm(KeepForm):
    """Grids, one a line, with their buildings."""

    lines = TextAreaField(
        lazy_gettext("一行一个网格"),
        [InputRequired(lazy_gettext("请至少写一个网格。")), Length(max=20_000, message=TOO_LONG)],
        description=lazy_gettext("网格名称，冒号，再写楼栋，用顿号隔开。例如：第一网格：1、2、3 号楼"),
    )


@bp.route("/communities/<code>/grids", methods=["GET", "POST"])
@keepers
def set_up_grids(code: str) -> Answer:
    """Write grids with their buildings, or import them with their outlines."""
    community = _community(code)
    form = GridsForm()
    token = form.token
    if form.validate_on_submit():
        lines = attempt(form, {}, "lines", lambda: grid_lines(_plain(form.lines.data)))
        if lines is not None:
            write_grids(actor(), community_id=community.id, lines=lines, once=token)
            flash(gettext("已登记 %(n)s 个网格。", n=len(lines)), "done")
            return done(url_for("admin.set_up_people", code=code))
    written = _written_grids(community)
    if request.method == "GET":
        form.lines.data = _as_text(written) or _proposed()
    return _step(
        community,
        Step.GRIDS,
        _status(),
        drawing=drawing_of(community.id),
        grids=[{"name": grid.name, "code": grid.code, "line": "、".join(built)} for grid, built in written],
        ask={
            "title": gettext("写下网格和楼栋"),
            "line": gettext("没有边界也能开通，以后再导入边界。同名的网格不会重复登记。"),
            "form": form.freshened(),
            "action": url_for("admin.set_up_grids", code=code),
            "submit": gettext("登记网格"),
            "rows": 8,
            "more": link(url_for("admin.imports", kind="grids"), gettext("有边界文件？导入 GeoJSON 或表格")),
        },
    )


def _plain(value: str | None) -> str:
    return "".join(sign for sign in value or "" if sign.isprintable() or sign in "\n\t")


def _proposed() -> str:
    lines = ("第一网格", "第二网格")
    return "\n".join(f"{name}：" for name in lines)


def _written_grids(community: Place) -> list[tuple[Place, list[str]]]:
    query = select(Building.grid_id, Building.name).where(Building.community_id == community.id).order_by(Building.id)
    built: dict[int | None, list[str]] = {}
    for grid_id, name in session().execute(query):
        built.setdefault(grid_id, []).append(name)
    return [(grid, built.get(grid.id, [])) for grid in grids_of(community.id)]


def _as_text(written: Iterable[tuple[Place, list[str]]]) -> str:
    return "\n".join(f"{grid.name}：{'、'.join(built)}" for grid, built in written)


# 2 People and posts ------------------------------------------------------------------------------------------------


class PostForm(KeepForm):
    """Who fills a post."""

    post = SelectField(lazy_gettext("岗位"), [InputRequired(NEEDED)])
    name = text(lazy_gettext("姓名"), 80, description=lazy_gettext("办事时公开。"))
    contact = text(
        lazy_gettext("手机号或邮箱"), 254, description=lazy_gettext("不公开；对方用它和验证码登录，自己设密码。")
    )
    organization = text(
        lazy_gettext("单位名称"),
        80,
        needed=False,
        description=lazy_gettext("办事的部门和物业要写；其他岗位不写就用表里的。"),
    )
    reached = text(
        lazy_gettext("网格员公开的联系方式"),
        120,
        needed=False,
        description=lazy_gettext("例如：居委会 8:30–17:30。不写就是居委会。"),
    )

    def validate_contact(self, field: Any) -> None:
        """Refuse what is neither a number nor an address."""
        check_contact(self, field)


Keyed = tuple[str, Post, str]


def _posts(community: Place) -> list[Keyed]:
    """Return every post of a community with its key and what it is called."""
    posts = [(role.value, Post(role, kind), words(role_words(role))) for role, kind in POSTS]
    for grid in grids_of(community.id):
        for deputy, label in ((False, gettext("负责人")), (True, gettext("替班人"))):
            post = Post(Role.GRID_WORKER, OrganizationKind.COMMITTEE, grid.id, deputy)
            posts.append((f"grid-{grid.id}-{int(deputy)}", post, f"{grid.name} {label}"))
    for kind in (OrganizationKind.BODY, OrganizationKind.PROPERTY):
        label = gettext("经办人（%(kind)s）", kind=words(kind_words(kind)))
        posts.append((f"official-{kind.value}", Post(Role.OFFICIAL, kind), label))
    return posts


@bp.route("/communities/<code>/people", methods=["GET", "POST"])
@keepers
@powerful(say("给岗位填上人"))
def set_up_people(code: str) -> Answer:
    """Fill the posts one after the other."""
    community = _community(code)
    posts, form = _posts(community), PostForm()
    form.post.choices = cast("Any", {key: label for key, _, label in posts})
    token = form.token
    if form.validate_on_submit() and _filled(community, posts, form, token):
        return done(url_for("admin.set_up_people", code=code))
    held = _held_posts(community)
    missing = [key for key, post, _ in posts if not _is_held(post, held)]
    if request.method == "GET":
        form.post.data = next(iter(missing), posts[-2][0])
    names = {row.kind: row for row in chain(community.code)}
    return _step(
        community,
        Step.PEOPLE,
        _status(),
        posts=[
            {
                "label": label,
                "organization": usual_name(post.kind, names),
                "people": held.get((post.role, post.kind, post.grid_id, post.deputy), []),
            }
            for _, post, label in posts
        ],
        ask={
            "title": gettext("填一个岗位"),
            "form": form.freshened(),
            "action": url_for("admin.set_up_people", code=code),
            "submit": gettext("登记并邀请"),
            "more": link(url_for("admin.imports", kind="people"), gettext("人多？用表格一次导入")),
        },
    )


def _filled(community: Place, posts: list[Keyed], form: PostForm, token: str | None) -> bool:
    post = next(post for key, post, _ in posts if key == form.post.data)
    contact = found(contact_from(form.contact.data or ""))
    body = form.organization.data or ""
    if post.kind in NAMELESS and not body:
        form.complain("organization", gettext("这个岗位要写单位名称。"))
        return False
    person_id = attempt(
        form,
        {"not_for_oneself": "contact", "role_held": "contact", "organization_exists": "organization"},
        "organization",
        lambda: fill_post(
            actor(),
            community_id=community.id,
            post=post,
            contact=contact,
            name=form.name.data or "",
            pseudonym=any_pseudonym(),
            organization=body,
            reached=form.reached.data or "",
            once=token,
        ),
    )
    if person_id is None:
        return False
    invite(contact)
    flash(
        gettext("已登记%(name)s，请告诉对方用 %(contact)s 登录。", name=form.name.data, contact=masked(contact.value)),
        "done",
    )
    return True


Held = dict[tuple[Role, OrganizationKind, int | None, bool], list[str]]


def _held_posts(community: Place) -> Held:
    """Return who fills which post now, in two queries."""
    held: Held = {}
    query = (
        select(RoleHeld, Organization, Identity.phone, Identity.email)
        .join(Organization, Organization.id == RoleHeld.organization_id)
        .outerjoin(Identity, Identity.person_id == RoleHeld.person_id)
        .where(
            RoleHeld.scope.in_(prefixes(community.code)),
            RoleHeld.ended_at.is_(None),
            Organization.ended_at.is_(None),
        )
        .order_by(RoleHeld.id)
    )
    for row, body, phone, email in session().execute(query):
        told = gettext(
            "%(name)s %(contact)s，%(body)s", name=row.public_name, contact=masked(phone or email or ""), body=body.name
        )
        held.setdefault((row.role, body.kind, None, False), []).append(told)
    grids = (
        select(GridHolder, Person.pseudonym, Identity.name, Identity.phone, Identity.email)
        .join(Place, Place.id == GridHolder.grid_id)
        .join(Person, Person.id == GridHolder.person_id)
        .outerjoin(Identity, Identity.person_id == Person.id)
        .where(Place.parent_id == community.id, GridHolder.until.is_(None))
    )
    for holder, pseudonym, name, phone, email in session().execute(grids):
        key = (Role.GRID_WORKER, OrganizationKind.COMMITTEE, holder.grid_id, holder.deputy)
        held.setdefault(key, []).append(f"{masked_name(name or '') or pseudonym} {masked(phone or email or '')}")
    return held


def _is_held(post: Post, held: Held) -> bool:
    return bool(held.get((post.role, post.kind, post.grid_id, post.deputy)))


# 3 Matters and duties ----------------------------------------------------------------------------------------------


@bp.route("/communities/<code>/duties", methods=["GET", "POST"])
@keepers
def set_up_duties(code: str) -> Answer:
    """Start from the shipped catalogue, and name a body for every class of matters."""
    community = _community(code)
    some = session().scalar(select(Matter.id).limit(1)) is not None
    if not some:
        return _catalogue(community)
    groups = _groups(community)
    form = _map_form(community, groups)
    token = form.token
    if form.validate_on_submit():
        chosen = {key: int(form[_name(key)].data) for key in groups if form[_name(key)].data}
        rest = form["otherwise"].data
        made = map_duties(
            actor(),
            community_id=community.id,
            bodies=chosen,
            otherwise=int(rest) if rest else None,
            once=token,
        )
        if made:
            flash(gettext("清单上新登记 %(n)s 项。", n=made), "done")
            return done(url_for("admin.set_up_duties", code=code))
        form.complain("otherwise", gettext("请至少选一个单位。"))
    card = {
        "title": gettext("哪一类由谁负责"),
        "line": gettext("时限和依据先用目录里的，以后在“权责清单”里一项一项改。"),
        "form": form.freshened(),
        "action": url_for("admin.set_up_duties", code=code),
        "submit": gettext("登记到清单"),
        "more": link(url_for("admin.imports", kind="duties"), gettext("有现成的清单？用表格导入")),
    }
    return _step(community, Step.DUTIES, _status(), ask=card if groups else None)


def _catalogue(community: Place) -> Answer:
    url = url_for("admin.set_up_duties", code=community.code)
    if request.method == "POST":
        imported = start_catalogue(actor(), once=request.form.get("once"))
        flash(gettext("已导入 %(n)s 个事项。", n=imported.entered), "done")
        return done(url)
    return _step(
        community,
        Step.DUTIES,
        200,
        ask={
            "title": gettext("先有目录"),
            "line": gettext("自带的目录有国家标准的部件和事件，加社区常见的事，各有建议的流程、时限和依据。"),
            "form": KeepForm(formdata=None).freshened(),
            "action": url,
            "submit": gettext("导入自带目录"),
            "more": link(url_for("admin.imports", kind="matters"), gettext("有自己的目录？用表格导入")),
        },
    )


Group = tuple[MatterKind, str]


def _groups(community: Place) -> dict[Group, list[str]]:
    """Return the classes of matters that still lack a body here, each with the names of its matters."""
    query = select(Matter).where(
        Matter.retired_at.is_(None),
        Matter.lane.in_(OFFICIAL_LANES),
        Matter.id.not_in(covered(community.code, today())),
    )
    groups: dict[Group, list[str]] = {}
    for row in session().scalars(query.order_by(Matter.kind, Matter.code)):
        groups.setdefault(group_of(row), []).append(row.name)
    return groups


def _name(key: Group) -> str:
    return f"{key[0].value}_{key[1]}"


def _map_form(community: Place, groups: dict[Group, list[str]]) -> KeepForm:
    kinds = (OrganizationKind.BODY, OrganizationKind.STREET, OrganizationKind.PROPERTY)
    bodies = {str(row.id): row.name for row in organizations_at(community.code, *kinds)}
    street = next((str(row.id) for row in organizations_at(community.code, OrganizationKind.STREET)), "")
    empty = {"": gettext("用上面的"), **bodies}
    fields: dict[str, Any] = {
        "otherwise": SelectField(
            gettext("没有另选的，都由"), choices=cast("Any", {"": gettext("请选择"), **bodies}), default=street
        )
    }
    for key, names in groups.items():
        label = gettext(
            "%(kind)s %(code)s：%(names)s", kind=str(KIND_WORDS[key[0]]), code=key[1], names="、".join(names[:3])
        )
        hint = gettext("%(n)s 项", n=len(names))
        fields[_name(key)] = SelectField(label, [Optional()], choices=cast("Any", empty), description=hint)
    made: KeepForm = type("MapForm", (KeepForm,), fields)()
    return made


# 4 Calendar --------------------------------------------------------------------------------------------------------


@bp.route("/communities/<code>/calendar", methods=["GET", "POST"])
@keepers
def set_up_calendar(code: str) -> Answer:
    """Enter this year's holidays, and next year's where they are known."""
    community = _community(code)
    form, year = KeepForm(), today().year
    token = form.token
    if form.validate_on_submit():
        scope = community.code[:6]
        scope = scope if why_not_keep(actor(), scope) is None else community.code
        entered = 0
        for index, each in enumerate(each for each in (year, year + 1) if known_year(each)):
            imported = enter_year(actor(), scope=scope, year=each, once=token if index == 0 else None)
            entered += imported.entered
        flash(gettext("已登记 %(n)s 天。", n=entered), "done")
        return done(url_for("admin.set_up_calendar", code=code))
    scopes = ("", *prefixes(community.code))
    query = select(CalendarDay).where(CalendarDay.scope.in_(scopes), CalendarDay.day >= today())
    days = session().scalars(query.order_by(CalendarDay.day).limit(12)).all()
    known = known_year(year)
    card = {
        "title": gettext("%(year)s 年的节假日和调休", year=year),
        "line": gettext("国务院办公厅公布的。明年的公布以后，在“日历”里再导入一次。")
        if known
        else gettext("%(year)s 年的安排自带的日历还没有。请在“日历”里登记，或用表格导入。", year=year),
        "form": form.freshened() if known else None,
        "action": url_for("admin.set_up_calendar", code=code),
        "submit": gettext("导入节假日"),
        "more": link(url_for("admin.calendar", at=community.code), gettext("看日历，改某一天")),
    }
    working, off = gettext("上班"), gettext("放假")
    shown = [{"label": day(row.day), "text": f"{working if row.working else off} {row.name}"} for row in days]
    return _step(community, Step.CALENDAR, _status(), ask=card, days=shown)


# 5 Rules -----------------------------------------------------------------------------------------------------------

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
    community = _community(code)
    form = _rules_form(community)
    token = form.token
    if form.validate_on_submit():
        values = {name: int(form[name.value].data) for name in (*ASKED, Setting.STATUTORY_VOTE_AUTHORIZED)}
        changed = {name: value for name, value in values.items() if value != setting(community.code, name)}
        planned = form["planned_on"].data
        confirm_rules(actor(), community_id=community.id, values=changed, planned_on=planned, once=token)
        flash(gettext("已确认。"), "done")
        return done(url_for("admin.set_up", code=code))
    return _step(
        community,
        Step.RULES,
        _status(),
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
