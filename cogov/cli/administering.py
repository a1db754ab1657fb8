"""Who is who: organizations founded and ended, persons invited, roles and mandates granted and ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import click
from flask import Flask
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from cogov.cases.models import Case
from cogov.cases.rules import ENDED
from cogov.cli.installation import installation
from cogov.cli.naming import by_somebody, contact, day, doer, one_of, organization, person, place
from cogov.duties.models import RunningClock
from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import insist
from cogov.people import commands as people
from cogov.people.commands import CodeMessage
from cogov.people.models import Identity, Organization, Person, RoleHeld
from cogov.people.queries import identity_by_contact, members
from cogov.people.rules import MANDATE_KINDS, kind_words, role_words
from cogov.people.rules.contacts import Contact, masked
from cogov.people.rules.entering import CodePurpose, pseudonym_from
from cogov.people.rules.sheets import ORGANIZATION_KINDS, ROLES, ZONE, until_end_of, why_not_by_hand, why_not_until
from cogov.problems.models import Problem
from cogov.problems.rules.stages import Stage
from cogov.tasks.models import Task
from cogov.tasks.rules import TaskState

# Organizations -----------------------------------------------------------------------------------------------------


@click.group("organization")
def organizations() -> None:
    """单位：登记、列出、终止。"""


@organizations.command("found")
@click.argument("name")
@click.option(
    "--kind", required=True, help="类别：部门、街道、指挥中心、监督中心、居委会、业委会、物业、社会组织、党支部。"
)
@click.option("--scope", required=True, metavar="CODE", help="管辖的地域代码；管到它下面的全部地域。")
@click.option("--short-name", default="", help="简称，最多 20 个字。")
@click.option("--contact", "reached", default="", help="公开的联系方式。")
@by_somebody
def found_organization(name: str, kind: str, scope: str, short_name: str, reached: str, login: str | None) -> None:
    """登记一个单位。"""
    _insist_lengths(("单位名称", name, 80), ("简称", short_name, 20), ("联系方式", reached, 120))
    with installation():
        place(scope)
        meant = one_of(kind, ORGANIZATION_KINDS, "单位类别")
        row = people.found_organization(
            doer(login), kind=meant, name=name, scope=scope, short_name=short_name, contact=reached
        )
        click.echo(f"已登记单位 {row.id}：{row.name}（{kind_words(row.kind)}，{row.scope}）。")


@organizations.command("list")
@click.option("--at", "code", metavar="CODE", help="只列管到这个地域的，和它下面的。")
def list_organizations(code: str | None) -> None:
    """列出单位和各有几位经办人。"""
    with installation():
        query = select(Organization).order_by(Organization.scope, Organization.kind, Organization.id)
        rows = list(session().scalars(query if code is None else query.where(_around(Organization.scope, code))))
        staffed = members(row.id for row in rows)
    for row in rows:
        state = "，已终止" if row.ended_at else ""
        staff = len(staffed.get(row.id, []))
        click.echo(f"{row.id:>5}  {row.scope:<12}  {kind_words(row.kind)}  {row.name}（{staff} 人{state}）")


@organizations.command("end")
@click.argument("named", metavar="NUMBER|NAME")
@click.option("--anyway", is_flag=True, help="还有没办完的事也终止。")
@by_somebody
def end_organization(named: str, anyway: bool, login: str | None) -> None:
    """终止一个单位和它的全部授权。"""
    with installation():
        row = organization(named)
        left = "、".join(f"{n} 件{words}" for words, n in _in_hand(row.id) if n)
        if left and not anyway:
            raise click.ClickException(f"“{row.name}”还有没办完的事：{left}。先办完，或加 --anyway。")
        people.end_organization(doer(login), row.id)
        click.echo(f"已终止单位 {row.id}：{row.name}。")
        if left:
            click.echo(f"还有没办完的事：{left}。cogov check 会一直列出它们。")


def _in_hand(organization_id: int) -> Iterable[tuple[str, int]]:
    """Yield what an organization still has to answer for."""
    open_things = (
        ("问题", Problem.id, (Problem.accountable_id == organization_id, Problem.stage != Stage.ENDED)),
        ("案件", Case.id, (Case.accountable_id == organization_id, Case.state.not_in(ENDED))),
        ("任务", Task.id, (Task.organization_id == organization_id, Task.state == TaskState.OPEN)),
        (
            "在走的时钟",
            RunningClock.id,
            (RunningClock.organization_id == organization_id, RunningClock.stopped_at.is_(None)),
        ),
    )
    for words, key, only in open_things:
        yield words, session().scalar(select(func.count(key)).where(*only)) or 0


def _around(scope: InstrumentedAttribute[str], code: str) -> ColumnElement[bool]:
    """Say which scopes reach a place, or lie under it."""
    return or_(scope.startswith(code, autoescape=True), scope.in_([code[:end] for end in range(1, len(code) + 1)]))


def _insist_lengths(*given: tuple[str, str, int]) -> None:
    for label, text, longest in given:
        if len(text) > longest:
            raise click.ClickException(f"{label}超过 {longest} 个字。")


# Persons -----------------------------------------------------------------------------------------------------------


@click.group("person")
def persons() -> None:
    """人：登记并邀请，取消丢了的第二道验证。"""


@persons.command()
@click.argument("reached", metavar="LOGIN")
@click.option("--name", default="", help="真实姓名，只有职责需要的人看得到。")
@click.option("--pseudonym", required=True, help="公开的化名，2 到 20 个字。")
@by_somebody
def invite(reached: str, name: str, pseudonym: str, login: str | None) -> None:
    """登记一个人并发出邀请；对方用这个手机号或邮箱，凭验证码第一次登录。"""
    _insist_lengths(("姓名", name, 80))
    with installation() as app:
        given = contact(reached)
        row = people.invite_person(doer(login), contact=given, name=name, pseudonym=pseudonym_from(pseudonym))
        click.echo(f"已登记 {row.id}：{row.pseudonym}（{masked(given.value)}）。")
        _send(app, given)


@persons.command("forget-factors")
@click.argument("reached", metavar="LOGIN")
@by_somebody
def forget_factors(reached: str, login: str | None) -> None:
    """取消一个人的动态验证码、通行密钥和备用码，并退出全部登录；先当面核对身份。"""
    with installation():
        given = contact(reached)
        identity = identity_by_contact(given.value)
        if identity is None:
            raise click.ClickException("没有人用这个手机号或邮箱登记。")
        people.remove_factors(doer(login), identity.person_id)
        click.echo(f"已取消 {masked(given.value)} 的第二道验证，账本里有记录；对方可以用密码或验证码登录。")


def _send(app: Flask, given: Contact) -> None:
    message = CodeMessage(given, CodePurpose.INVITATION, None, None)
    try:
        app.extensions["code_sender"].send(message)
    except OSError as error:
        raise click.ClickException("人已经登记，邀请没有发出去。请另行告诉对方用验证码登录。") from error
    click.echo("邀请已交给发送方；对方在登录页填这个手机号或邮箱，选用验证码登录。")


# Roles and mandates ------------------------------------------------------------------------------------------------


@click.group("role")
def roles() -> None:
    """身份和授权：授予、收回、列出。"""


@roles.command()
@click.argument("reached", metavar="LOGIN")
@click.argument("role", metavar="ROLE")
@click.option("--scope", metavar="CODE", help="哪个地域；代表单位的身份不写就是单位管辖的地域。")
@click.option("--organization", "named", metavar="NUMBER|NAME", help="代表哪个单位。")
@click.option("--public-name", default="", help="代表单位办事时公开的姓名。")
@click.option("--until", "last", metavar="DATE", help="最后一天，例如 2028-06-30。")
@by_somebody
def grant(
    reached: str, role: str, scope: str | None, named: str | None, public_name: str, last: str | None, login: str | None
) -> None:
    """授予身份；ROLE 写“居民”“网格员”“居委会主持人”“经办人”等，或英文代码。"""
    _insist_lengths(("公开姓名", public_name, 80))
    with installation():
        by, holder, meant = doer(login), person(reached), one_of(role, ROLES, "身份")
        insist(why_not_by_hand(meant))
        body = organization(named) if named else None
        code = scope or (body.scope if body else None)
        if code is None:
            wanted = "--organization" if meant in MANDATE_KINDS else "--scope"
            raise click.ClickException(f"“{role_words(meant)}”要写 {wanted}。")
        where = place(code)
        until = until_end_of(day(last, "最后一天") if last else None)
        insist(why_not_until(until, now()))
        row = people.grant_role(
            by,
            person_id=holder.id,
            role=meant,
            scope=where.code,
            organization_id=body.id if body else None,
            public_name=public_name,
            until=until,
        )
        represented = f"，代表 {body.name}" if body else ""
        click.echo(f"已授予 {row.id}：{holder.pseudonym} 是{where.name}的{role_words(meant)}{represented}。")


@roles.command("end")
@click.argument("role_id", type=click.IntRange(1, 2**63 - 1), metavar="NUMBER")
@by_somebody
def end_role(role_id: int, login: str | None) -> None:
    """收回一项身份或授权；编号见 cogov role list。"""
    with installation():
        row = people.end_role(doer(login), role_id)
        click.echo(f"已收回 {row.id}：{role_words(row.role)}。对方下一次操作起生效。")


@roles.command("list")
@click.option("--person", "reached", metavar="LOGIN", help="这个人的。")
@click.option("--organization", "named", metavar="NUMBER|NAME", help="代表这个单位的。")
@click.option("--at", "code", metavar="CODE", help="管到这个地域的，和它下面的。")
@click.option("--role", "role", metavar="ROLE", help="只列这种身份。")
def list_roles(reached: str | None, named: str | None, code: str | None, role: str | None) -> None:
    """列出现在有效的身份和授权；至少写一个条件。"""
    if not (reached or named or code or role):
        raise click.UsageError("请至少写一个条件：--person、--organization、--at 或 --role。")
    with installation():
        only: list[ColumnElement[bool]] = []
        if reached:
            only.append(RoleHeld.person_id == person(reached).id)
        if named:
            only.append(RoleHeld.organization_id == organization(named).id)
        if code:
            only.append(_around(RoleHeld.scope, code))
        if role:
            only.append(RoleHeld.role == one_of(role, ROLES, "身份"))
        for line in _held(only, now()):
            click.echo(line)


def _held(only: Sequence[ColumnElement[bool]], at: datetime) -> Iterable[str]:
    query = (
        select(RoleHeld, Person.pseudonym, Identity.phone, Identity.email, Organization.name)
        .join(Person, Person.id == RoleHeld.person_id)
        .outerjoin(Identity, Identity.person_id == Person.id)
        .outerjoin(Organization, Organization.id == RoleHeld.organization_id)
        .where(*only, RoleHeld.ended_at.is_(None), or_(RoleHeld.until.is_(None), RoleHeld.until > at))
        .order_by(RoleHeld.scope, RoleHeld.role, RoleHeld.id)
    )
    for row, pseudonym, phone, email, body in session().execute(query):
        represented = f"  代表 {body}（{row.public_name}）" if body else ""
        until = f"  到 {_last_day(row.until)}" if row.until else ""
        who = f"{pseudonym}（{masked(phone or email or '')}）"
        yield f"{row.id:>5}  {row.scope:<12}  {role_words(row.role)}  {who}{represented}{until}"


def _last_day(until: datetime) -> date:
    """Return the last day that counts: a mandate is over at the midnight after it."""
    return (until - timedelta(microseconds=1)).astimezone(ZONE).date()
