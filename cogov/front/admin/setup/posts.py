"""The second step: people, each with a post."""

from __future__ import annotations

from typing import Any

from flask import flash, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer
from wtforms import SelectField
from wtforms.validators import InputRequired

from cogov.duties.queries import POSTS
from cogov.front.admin.parts import NEEDED, KeepForm, attempt, bp, check_contact, done, keepers, link, offer, text
from cogov.front.admin.people.entering import any_pseudonym
from cogov.front.admin.sending import invite
from cogov.front.admin.setup.steps import community_set_up, set_up_page
from cogov.ground.db import found, session
from cogov.ground.pages import actor, powerful, words
from cogov.ground.words import say
from cogov.people.models import Identity, Organization, Person, RoleHeld
from cogov.people.rules import OrganizationKind, Role, kind_words, role_words
from cogov.people.rules.contacts import contact_from, masked
from cogov.people.rules.looking import masked_name
from cogov.places.commands import NAMELESS, Post, fill_post, usual_name
from cogov.places.models import GridHolder, Place
from cogov.places.queries import chain, grids_of
from cogov.places.rules import prefixes
from cogov.places.rules.opening import Step


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
    community = community_set_up(code)
    posts, form = _posts(community), PostForm()
    offer(form.post, ((key, label) for key, _, label in posts))
    token = form.token
    if form.validate_on_submit() and _filled(community, posts, form, token):
        return done(url_for("admin.set_up_people", code=code))
    held = _held_posts(community)
    missing = [key for key, post, _ in posts if not _is_held(post, held)]
    if request.method == "GET":
        form.post.data = next(iter(missing), posts[-2][0])
    names = {row.kind: row for row in chain(community.code)}
    return set_up_page(
        community,
        Step.PEOPLE,
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
