"""The rules of a place for people: every card in plain words, its versions, what changes, and who agrees."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, request, url_for
from flask_babel import format_date, gettext

from cogov.decisions import commands, queries
from cogov.decisions.forms.ruling import AuthorityForm, RuleForm
from cogov.decisions.models import VoteAuthority
from cogov.decisions.queries import RuleShown, VersionShown
from cogov.decisions.rules.co_owning import co_owner_sentence
from cogov.decisions.rules.law import DecisionRule
from cogov.decisions.rules.matters import OTHER_WAYS
from cogov.decisions.rules.methods import METHOD_WORDS
from cogov.decisions.rules.proxies import proxy_sentence
from cogov.decisions.rules.ruling import (
    KEEPERS,
    SECRECY_WORDS,
    STATUTORY,
    differences,
    edited,
    listed,
    why_not_propose,
    why_not_settle,
)
from cogov.decisions.rules.shipped import RULES
from cogov.decisions.views.current import bp, by, community
from cogov.decisions.views.shown import rule_of
from cogov.files.queries import pictures_folder
from cogov.files.views import album_of, sent, settled
from cogov.ground.clock import now
from cogov.ground.db import found
from cogov.ground.pages import moment, open_to, open_to_all, page, words
from cogov.ground.refusals import NotFound, Refusal, insist
from cogov.ground.settings import data_dir
from cogov.ground.words import Words
from cogov.people.rules.keeping import why_not_keep
from cogov.places.models import Place
from cogov.places.queries import chain, place_by_code, place_by_id, setting
from cogov.places.rules import Setting
from cogov.problems.rules.lanes import RuleCode
from cogov.problems.rules.names import RULES as WAYS


def _place() -> Place:
    code = request.args.get("place", "")
    return place_by_code(code) if code else found(community())


def _code(code: str) -> RuleCode:
    if code not in {each.value for each in RULES}:
        raise NotFound
    return RuleCode(code)


def _keeps(place: Place) -> bool:
    return why_not_keep(by(), place.code, *KEEPERS) is None


# Cards --------------------------------------------------------------------------------------------------------------


@bp.get("/decision-rules")
@open_to_all
def rules() -> Response:
    """Show by which rules a place decides, what each is worth there, and what is never put to the vote."""
    here = _place()
    return page(
        "decisions/rules/index.html",
        here=here,
        levels=_levels(here),
        rules=[_card(shown, here) for shown in queries.rules_of(here.code)],
        others=[_other(code, refusal) for code, refusal in OTHER_WAYS.items() if code not in RULES],
        authority=_authority(here),
        keeps=_keeps(here),
    )


def _levels(here: Place) -> list[dict[str, Any]]:
    return [
        {"url": url_for("decisions.rules", place=each.code), "text": each.name, "current": each.code == here.code}
        for each in chain(here.code)
    ]


def _card(shown: RuleShown, here: Place) -> dict[str, Any]:
    rule, code = shown.rule, shown.rule.code.value
    return {
        **rule_card_of(rule),
        "id": f"rule-{code}",  # many cards stand on one page
        "code": code,
        "version": _version_words(shown),
        "waiting": shown.waiting and url_for("decisions.rule_version", version_id=shown.waiting),
        "template": rule.template,
        "links": [{"url": url_for("decisions.rule", code=code, place=here.code), "text": gettext("各版本和出处")}],
    }


def rule_card_of(rule: DecisionRule) -> dict[str, Any]:
    """Return the card of a rule with what stands on no ballot: days, seconders, ballots, source."""
    facts = [
        gettext("联署：占有表决权的 %(share)s。", share=rule.seconders.share),
        gettext("公示 %(days)s 天，%(n)s 天内公布结果。", days=rule.notice_days, n=rule.publication_days),
        gettext("投票方法：%(methods)s。", methods=words(listed(METHOD_WORDS[each] for each in rule.methods))),
        gettext("保密：%(ways)s。", ways=words(listed(SECRECY_WORDS[each] for each in rule.secrecies))),
    ]
    facts.append(words(proxy_sentence(rule)))
    shared = co_owner_sentence(rule)
    if shared is not None:
        facts.append(words(shared))
    if rule.source:
        facts.append(gettext("出处：%(source)s。", source=words(Words(rule.source))))
    return {**rule_of(rule, None), "sealed_text": " ".join(facts)}


def _version_words(shown: RuleShown) -> str:
    if shown.rule.template:
        return gettext("样本：法律改过，本地核对确认以前不能用")
    if shown.own is None:
        return gettext("自带的规则，第 %(n)s 版", n=shown.rule.version)
    place = place_by_code(shown.own.place_code).name
    return gettext(
        "%(place)s的规则，第 %(n)s 版，%(at)s 起", place=place, n=shown.rule.version, at=moment(shown.own.in_force_from)
    )


def _other(code: RuleCode, refusal: Refusal) -> dict[str, str]:
    return {
        "name": words(WAYS[code]),
        "article": refusal.article or "",
        "message": words(refusal.message),
        "next": words(refusal.what_next),
    }


@bp.get("/decision-rules/<code>")
@open_to_all
def rule(code: str) -> Response:
    """Show a rule as it holds in a place, with its versions and what each of them changed."""
    here, kind = _place(), _code(code)
    shown = next(each for each in queries.rules_of(here.code) if each.rule.code is kind)
    return page(
        "decisions/rules/rule.html",
        here=here,
        card=_card(shown, here),
        versions=[_version(each) for each in queries.history(kind, here.code)],
        edit_url=url_for("decisions.edit_rule", code=code, place=here.code) if _keeps(here) else "",
    )


def _version(shown: VersionShown) -> dict[str, Any]:
    row = shown.row
    return {
        "id": row.id,
        "title": gettext("%(place)s，第 %(n)s 版", place=shown.place.name, n=row.version),
        "url": url_for("decisions.rule_version", version_id=row.id),
        "state": _state(shown),
        "reason": row.reason,
        "changes": _changes(shown.before, shown.rule),
    }


def _state(shown: VersionShown) -> str:
    row = shown.row
    if row.settled_at is None:
        return gettext("%(at)s 写好，等第二个人确认", at=moment(row.proposed_at))
    if row.in_force_from is None:
        return gettext("%(at)s 没有采用", at=moment(row.settled_at))
    return gettext("两人签过，%(at)s 起用", at=moment(row.in_force_from))


def _changes(before: DecisionRule, after: DecisionRule) -> list[dict[str, str]]:
    return [
        {"what": words(each.what), "before": words(each.before), "after": words(each.after)}
        for each in differences(before, after)
    ]


# Writing and confirming ---------------------------------------------------------------------------------------------


@bp.route("/decision-rules/<code>/edit", methods=["GET", "POST"])
@open_to(*KEEPERS)
def edit_rule(code: str) -> Any:
    """Write a new version: first look at its sentences, then send it to a second person."""
    here, kind = _place(), _code(code)
    insist(why_not_keep(by(), here.code, *KEEPERS))
    before = queries.written_here(kind, here.code)
    form = RuleForm()
    form.about(before)
    if not form.validate_on_submit():
        return _edit_page(here, form, 422 if form.errors else 200)
    after = edited(before, form.edit(), queries.next_version(kind, here))
    waiting = kind in queries.waiting_here(here.code)
    refusal = why_not_propose(before, after, form.reason.data or "", waiting=waiting)
    if refusal is not None:
        basis = f"（{refusal.article}）" if refusal.article else ""
        basis = f"（{refusal.article}）" if refusal.article else ""
        form.form_errors = [f"{words(refusal.message)}{basis} {words(refusal.what_next)}"]
        return _edit_page(here, form, refusal.status, after)
    if request.form.get("step") != "send":
        return _edit_page(here, form, 200, after)
    version = commands.propose_rule(
        by(),
        here.code,
        kind,
        form.edit(),
        reason=form.reason.data or "",
        not_before=form.held_from,
        once=form.once.data,
    )
    flash(gettext("已写好，等第二个人确认；确认以前照现在的规则。"))
    return redirect(url_for("decisions.rule_version", version_id=version.id), 303)


def _edit_page(here: Place, form: RuleForm, status: int, after: DecisionRule | None = None) -> Response:
    before = form.rule
    return page(
        "decisions/rules/edit.html",
        status,
        here=here,
        form=form,
        code=before.code.value,
        name=words(Words(before.name)),
        fixed=before.code in STATUTORY,
        article=before.article,
        preview=rule_card_of(after) if after is not None else None,
        changed=_changes(before, after) if after is not None else [],
    )


@bp.get("/decision-rules/versions/<id:version_id>")
@open_to_all
def rule_version(version_id: int) -> Response:
    """Show a version with what it changes, and to whoever keeps the rules the two buttons."""
    shown = queries.version_shown(version_id)
    row, keeps = shown.row, _keeps(shown.place)
    own = row.proposed_by == by().person_id
    return page(
        "decisions/rules/version.html",
        version=_version(shown),
        here=shown.place,
        code=row.code,
        card=rule_card_of(shown.rule),
        why_not_confirm=why_not_settle(settled=row.settled_at is not None, own=own, agrees=True),
        may_settle=keeps and row.settled_at is None,
        own=own,
        from_text=moment(row.not_before) if row.not_before else "",
    )


@bp.post("/decision-rules/versions/<id:version_id>/confirmation")
@open_to(*KEEPERS)
def confirm_rule(version_id: int) -> Any:
    """Confirm what another has written."""
    version = commands.confirm_rule(by(), version_id, once=request.form.get("once"))
    flash(gettext("已确认，%(at)s 起照新规则；正在表决的照公告时的规则。", at=moment(version.in_force_from or now())))
    return redirect(url_for("decisions.rule_version", version_id=version_id), 303)


@bp.post("/decision-rules/versions/<id:version_id>/refusal")
@open_to(*KEEPERS)
def decline_rule(version_id: int) -> Any:
    """Decline what another has written, or take back one's own."""
    commands.decline_rule(by(), version_id, once=request.form.get("once"))
    flash(gettext("没有采用，规则没有变。"))
    return redirect(url_for("decisions.rule_version", version_id=version_id), 303)


# Authority ----------------------------------------------------------------------------------------------------------


def _authority(here: Place) -> dict[str, Any] | None:
    row = queries.authority_here(here.code)
    return None if row is None else _paper(row)


def _paper(row: VoteAuthority) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "issuer": row.issuer,
        "dated": format_date(row.dated, gettext("yyyy年M月d日")),
        "place": place_by_id(row.place_id).name,
        "picture": url_for("decisions.authority_picture", authority_id=row.id),
        "own": row.given_by == by().person_id,
    }


@bp.route("/decision-rules/authority", methods=["GET", "POST"])
@open_to(*KEEPERS)
def authority() -> Any:
    """Show by which paper a place takes statutory votes, and hand one in."""
    here = _place()
    insist(why_not_keep(by(), here.code, *KEEPERS))
    form = AuthorityForm()
    album = album_of(form)
    if not form.validate_on_submit() or not settled(form):
        return _authority_page(here, form, 422 if form.errors else 200)
    data = album.first_bytes()
    if data is None:
        form.picture.errors = [*form.picture.errors, gettext("请附上文件的照片或者扫描件。")]
        return _authority_page(here, form, 422)
    commands.give_authority(
        by(),
        here.code,
        title=form.title.data or "",
        issuer=form.issuer.data or "",
        dated=found(form.dated.data),
        picture=data,
        folder=pictures_folder(data_dir(current_app)),
        once=form.once.data,
    )
    album.forget()
    flash(gettext("已交，等第二个人确认。"))
    return redirect(url_for("decisions.authority", place=here.code), 303)


def _authority_page(here: Place, form: AuthorityForm, status: int) -> Response:
    return page(
        "decisions/rules/authority.html",
        status,
        here=here,
        form=form,
        authority=_authority(here),
        waiting=[_paper(row) for row in queries.waiting_authorities(here.code)],
        says_so=setting(here.code, Setting.STATUTORY_VOTE_AUTHORIZED) > 0,
        city_system=setting(here.code, Setting.CITY_VOTE_SYSTEM) > 0,
    )


@bp.post("/decision-rules/authority/<id:authority_id>/settlement")
@open_to(*KEEPERS)
def settle_authority(authority_id: int) -> Any:
    """Agree as a second person that a paper gives the authority, or decline it."""
    agrees = request.form.get("agrees") == "yes"
    row = commands.settle_authority(by(), authority_id, agrees=agrees, once=request.form.get("once"))
    flash(gettext("已确认授权。") if agrees else gettext("没有采用这份文件。"))
    return redirect(url_for("decisions.authority", place=place_by_id(row.place_id).code), 303)


@bp.post("/decision-rules/authority/<id:authority_id>/end")
@open_to(*KEEPERS)
def end_authority(authority_id: int) -> Any:
    """Say that a place no longer has its authority."""
    row = commands.end_authority(by(), authority_id, once=request.form.get("once"))
    flash(gettext("授权已结束，以后的表决是意向征询。"))
    return redirect(url_for("decisions.authority", place=place_by_id(row.place_id).code), 303)


@bp.get("/decision-rules/authority/<id:authority_id>/picture")
@open_to_all
def authority_picture(authority_id: int) -> Response:
    """Send the picture of a paper; only those who keep the rules see one that nobody has agreed to."""
    row, picture = queries.authority_paper(authority_id)
    if not row.agreed and not _keeps(place_by_id(row.place_id)):
        raise NotFound
    folder = pictures_folder(data_dir(current_app))
    return sent(picture, folder, filename=f"authority-{authority_id}.jpg", private=not row.agreed)
