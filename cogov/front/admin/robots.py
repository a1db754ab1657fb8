"""Group robots: which there are, whether they can be reached, adding one, trying, pausing and removing it."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, request, url_for
from flask_babel import force_locale, gettext, lazy_gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer
from wtforms import SelectField
from wtforms.validators import InputRequired

from cogov.front.admin.parts import (
    NEEDED,
    PAGE,
    KeepForm,
    attempt,
    bp,
    button,
    cut,
    done,
    form_status,
    link,
    offer,
    pill,
    text,
    two,
)
from cogov.ground.addresses import LONGEST_URL
from cogov.ground.clock import now
from cogov.ground.pages import actor, id_arg, moment, open_to, page, powerful, words
from cogov.ground.words import say
from cogov.people.rules import Actor, Role
from cogov.robots.commands import add_robot, pause_robot, remove_robot, resume_robot, try_robot
from cogov.robots.models import Robot
from cogov.robots.queries import communities_for, organizations_for, robot_for, robots_of
from cogov.robots.rules import FAULT_WORDS, KIND_WORDS, STATE_WORDS, TOPIC_WORDS, RobotKind, RobotState, RobotTopic
from cogov.robots.rules.keeping import KEEPERS, LONGEST_KEYWORD, LONGEST_NAME, LONGEST_SECRET
from cogov.robots.rules.posts import Ear, Outcome, Post, PostType

keepers = open_to(*KEEPERS)


@bp.app_template_test("keeper_of_robots")
def is_keeper(by: Actor) -> bool:
    """Say whether somebody sees to some robot, and so is shown the way to them."""
    return any(held.role in KEEPERS for held in by.standings)


class RobotForm(KeepForm):
    """A new robot; where it listens is typed once and never shown again."""

    whose = SelectField(lazy_gettext("给谁"), [InputRequired(NEEDED)])
    hears = SelectField(lazy_gettext("发什么"), [InputRequired(NEEDED)])
    kind = SelectField(lazy_gettext("是哪一种"), [InputRequired(NEEDED)])
    name = text(lazy_gettext("名字"), LONGEST_NAME, description=lazy_gettext("写清是哪个群，如“值班群”。"))
    url = text(
        lazy_gettext("网址"),
        LONGEST_URL,
        description=lazy_gettext("从机器人的设置里原样复制。网址就是钥匙，平台加密保存，以后只显示最后四位。"),
    )
    secret = text(
        lazy_gettext("密钥"),
        LONGEST_SECRET,
        needed=False,
        description=lazy_gettext("钉钉选了“加签”的填 SEC 开头的密钥；企业微信不用填；别的系统可以留空，由平台生成。"),
    )
    keyword = text(
        lazy_gettext("关键词"),
        LONGEST_KEYWORD,
        needed=False,
        description=lazy_gettext("钉钉选了“自定义关键词”的填一个。"),
    )

    def offer(self) -> None:
        """Set what there is to choose from."""
        by = actor()
        whose = {f"o{id_}": name for id_, name in organizations_for(by)}
        whose |= {f"c{id_}": name for id_, name in communities_for(by)}
        kinds = {kind.value: words(said) for kind, said in KIND_WORDS.items()}
        topics = {topic.value: words(said) for topic, said in TOPIC_WORDS.items()}
        for field, offered in ((self.whose, whose), (self.kind, kinds), (self.hears, topics)):
            offer(field, offered.items(), empty=gettext("请选择") if len(offered) > 1 else None)

    def owner(self, sign: str) -> int | None:
        """Return the organization (o) or community (c) that was chosen."""
        chosen = self.whose.data or ""
        return int(chosen[1:]) if chosen.startswith(sign) else None


FIELDS = {
    "not_that_product": "url",
    "secret_malformed": "secret",
    "guard_missing": "secret",
    "robot_name_taken": "name",
    "desk_of_organization": "hears",
    "robots_enough": "whose",
}
"""At which field a refusal stands; whatever else is wrong is wrong with the address."""


@bp.route("/robots", methods=["GET", "POST"])
@keepers
@powerful(say("添加群机器人"))
def robots() -> Answer:
    """List the robots that one keeps, and add one."""
    form = RobotForm()
    form.offer()
    token = form.token
    if form.validate_on_submit():
        made = attempt(
            form,
            FIELDS,
            "url",
            lambda: add_robot(
                actor(),
                kind=RobotKind(form.kind.data),
                hears=RobotTopic(form.hears.data),
                name=form.name.data or "",
                ear=Ear(form.url.data or "", form.secret.data or "", form.keyword.data or ""),
                organization_id=form.owner("o"),
                community_id=form.owner("c"),
                once=token,
            ),
        )
        if made is not None:
            if made.secret:
                flash(gettext("签名密钥只显示这一次，请现在抄到对方系统里：%(secret)s", secret=made.secret), "warning")
            flash(gettext("已添加。请发一条试试，看群里收到没有。"), "done")
            return done(url_for("admin.robot", robot_id=made.id))
    return _robots(form, form_status())


def _robots(form: RobotForm, status: int) -> Response:
    after = id_arg("after")
    rows, more = cut(robots_of(actor(), after, PAGE + 1))
    return page(
        "front/admin/page.html",
        status,
        title=gettext("群机器人"),
        back=_back(),
        lead=gettext(
            "把平台上的事发到工作群里：单位的群收到要办的案件和期限，社区的群收到公告和表决。"
            "只发大家都能看到的：编号、标题、做了什么、期限和链接；不发不公开的问题，不发任何人的姓名和电话。"
        ),
        tables=[
            {
                "caption": gettext("您管的群机器人"),
                "head": [gettext("名字"), gettext("发什么"), gettext("现在"), gettext("最近一次")],
                "rows": [_row(robot, whose) for robot, whose in rows],
                "empty": gettext("还没有群机器人。在企业微信或钉钉的群里添加一个机器人，把它的网址填在这里。"),
            }
        ],
        next_url=url_for("admin.robots", after=rows[-1][0].id) if more else "",
        cards=[
            {
                "title": gettext("添加群机器人"),
                "form": form.freshened(),
                "action": url_for("admin.robots"),
                "submit": gettext("添加"),
            }
        ],
    )


def _back() -> dict[str, str]:
    """Return the way back: to the console for whoever has one, or else to oneself."""
    if any(held.role in (Role.ADMINISTRATOR, Role.MODERATOR, Role.STREET_OFFICE) for held in actor().standings):
        return {"url": url_for("admin.index"), "text": gettext("管理")}
    return {"url": url_for("people.me"), "text": gettext("我的")}


def _row(robot: Robot, whose: str) -> list[Any]:
    name = link(url_for("admin.robot", robot_id=robot.id), robot.name, whose)
    return [name, two(words(TOPIC_WORDS[robot.hears]), words(KIND_WORDS[robot.kind])), _state(robot), _last(robot)]


def _state(robot: Robot) -> Markup:
    said = words(STATE_WORDS[robot.state])
    if robot.state is RobotState.ON:
        return pill("plain", "check", said)
    icon = "alert-triangle" if robot.state is RobotState.STOPPED else "player-pause"
    return pill("time", icon, said)


def _last(robot: Robot) -> Markup | str:
    if robot.fault is not None:
        return two(gettext("%(at)s 没有发到", at=moment(robot.failed_at)), words(FAULT_WORDS[robot.fault]))
    if robot.arrived_at is None:
        return gettext("还没有发过")
    return gettext("%(at)s 发到了", at=moment(robot.arrived_at))


@bp.get("/robots/<id:robot_id>")
@keepers
def robot(robot_id: int) -> Response:
    """Show a robot, with what can be done to it."""
    row = robot_for(actor(), robot_id)
    going = row.state is RobotState.ON
    change = (
        button(url_for("admin.pause", robot_id=row.id), gettext("暂停"))
        if going
        else button(url_for("admin.resume", robot_id=row.id), gettext("恢复"))
    )
    return page(
        "front/admin/page.html",
        title=row.name,
        back={"url": url_for("admin.robots"), "text": gettext("群机器人")},
        lead=" · ".join((words(KIND_WORDS[row.kind]), words(TOPIC_WORDS[row.hears]))),
        warnings=[words(FAULT_WORDS[row.fault])] if row.fault is not None else [],
        tables=[
            {
                "caption": gettext("现在"),
                "head": [
                    gettext("状态"),
                    gettext("网址"),
                    gettext("最近发到"),
                    gettext("最近没有发到"),
                    gettext("添加"),
                ],
                "rows": [
                    [
                        _state(row),
                        gettext("……%(tail)s，其余不再显示", tail=row.tail),
                        moment(row.arrived_at) or gettext("还没有发到过"),
                        moment(row.failed_at) or gettext("没有"),
                        moment(row.made_at),
                    ]
                ],
                "empty": "",
            }
        ],
        cards=[
            {
                "title": gettext("试一试"),
                "line": gettext("现在就发一条试发消息，几秒钟后告诉您结果。"),
                "form": KeepForm(formdata=None).freshened(),
                "action": url_for("admin.try_out", robot_id=row.id),
                "submit": gettext("发一条试试"),
            },
            {
                "title": gettext("暂停") if going else gettext("恢复"),
                "line": gettext("暂停期间的事不补发。"),
                "more": change,
            },
            {
                "title": gettext("移除"),
                "line": gettext("移除以后，保存的网址和密钥就销毁了。换了群或网址泄露了，请移除后重新添加。"),
                "form": KeepForm(formdata=None).freshened(),
                "action": url_for("admin.remove", robot_id=row.id),
                "submit": gettext("移除群机器人"),
                "danger": True,
            },
        ],
    )


@bp.post("/robots/<id:robot_id>/test")
@keepers
def try_out(robot_id: int) -> Answer:
    """Say something to a robot now, and tell how it went."""
    outcome = try_robot(actor(), robot_id, _for_trying(robot_id))
    flash(*_went(outcome))
    return done(url_for("admin.robot", robot_id=robot_id))


def _went(outcome: Outcome) -> tuple[str, str]:
    if outcome.fault is None:
        return gettext("发到了，请到群里看一看。"), "done"
    return gettext("没有发到。%(why)s", why=words(FAULT_WORDS[outcome.fault])), "warning"


def _for_trying(robot_id: int) -> Post:
    at = now()
    with force_locale(str(current_app.config["LANGUAGE"])):
        return Post(
            id=f"test-{robot_id}-{int(at.timestamp() * 1000)}",
            type=PostType.TEST,
            at=at,
            title=gettext("共治平台的试发消息"),
            lines=(gettext("收到这一条，说明以后的消息也能收到。"),),
            url=str(current_app.config["PUBLIC_URL"]).rstrip("/"),
            link=gettext("打开平台"),
        )


@bp.post("/robots/<id:robot_id>/pause")
@keepers
def pause(robot_id: int) -> Answer:
    """Tell a robot nothing for now."""
    pause_robot(actor(), robot_id, once=request.form.get("once"))
    flash(gettext("已暂停，恢复以前什么都不发。"), "done")
    return done(url_for("admin.robot", robot_id=robot_id))


@bp.post("/robots/<id:robot_id>/resume")
@keepers
def resume(robot_id: int) -> Answer:
    """Tell a robot again."""
    resume_robot(actor(), robot_id, once=request.form.get("once"))
    flash(gettext("已恢复，从现在起照常发。"), "done")
    return done(url_for("admin.robot", robot_id=robot_id))


@bp.post("/robots/<id:robot_id>/remove")
@keepers
@powerful(say("移除群机器人"))
def remove(robot_id: int) -> Answer:
    """Remove a robot."""
    row = remove_robot(actor(), robot_id, once=request.form.get("once"))
    flash(gettext("已移除%(name)s。", name=row.name), "done")
    return done(url_for("admin.robots"))
