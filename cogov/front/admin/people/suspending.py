"""Keeping somebody from speaking for a while, agreeing to it as a second person, and taking it back."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from cogov.front.admin.parts import attempt, bp, done, suspenders
from cogov.front.admin.people.person import person_for, person_page
from cogov.front.admin.people.suspensions import SuspensionForm, suspension_card
from cogov.ground.clock import now
from cogov.ground.pages import actor, powerful
from cogov.ground.words import say
from cogov.people.commands import agree_to_suspend, lift_suspension, suspend_person
from cogov.people.rules.sheets import since_start_of, until_end_of
from cogov.people.rules.suspension import SuspensionReason


@bp.post("/people/<id:person_id>/suspensions")
@suspenders
@powerful(say("停用一个人发言"))
def suspend(person_id: int) -> Answer:
    """Keep somebody from speaking for a while."""
    form = SuspensionForm()
    person_for(person_id)
    token = request.form.get("once", "")[:64] or None
    suspension_card(person_id, form)
    if form.validate_on_submit():
        until = until_end_of(form.until.data) or now() + timedelta(days=1)
        row = attempt(
            form,
            {"suspended_already": "until"},
            "until",
            lambda: suspend_person(
                actor(),
                person_id=person_id,
                scope=form.scope.data,
                reason=SuspensionReason(form.reason.data),
                since=since_start_of(form.since.data),
                until=until,
                once=token,
            ),
        )
        if row is not None:
            waits = row.agreed_at is None
            flash(gettext("已登记，等另一个人同意后生效。") if waits else gettext("已停用，到期自动恢复。"), "done")
            return done(url_for("admin.person", person_id=person_id))
    return person_page(person_id, 422, suspension=form)


@bp.post("/suspensions/<id:suspension_id>/agreement")
@suspenders
@powerful(say("同意停用一个人发言"))
def agree(suspension_id: int) -> Answer:
    """Agree as a second person to a long suspension."""
    row = agree_to_suspend(actor(), suspension_id, once=request.form.get("once"))
    flash(gettext("已同意，从现在起停用，到期自动恢复。"), "done")
    return done(url_for("admin.person", person_id=row.person_id))


@bp.post("/suspensions/<id:suspension_id>/lifting")
@suspenders
@powerful(say("撤回一条停用"))
def lift(suspension_id: int) -> Answer:
    """Take a suspension back."""
    row = lift_suspension(actor(), suspension_id, once=request.form.get("once"))
    flash(gettext("已撤回。"), "done")
    return done(url_for("admin.person", person_id=row.person_id))
