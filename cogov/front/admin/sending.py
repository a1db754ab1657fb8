"""Telling somebody that they have been entered: nothing is lost when nobody can carry it."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext

from cogov.people.commands import CodeMessage
from cogov.people.rules.contacts import Contact, masked
from cogov.people.rules.entering import CodePurpose
from cogov.people.views.current import sender


def invite(contact: Contact) -> None:
    """Send an invitation; where that fails, the one who invites is told to say it themselves."""
    try:
        sender().send(CodeMessage(contact, CodePurpose.INVITATION, None, None))
    except OSError:
        told = gettext("邀请没有发出去，请另行告诉 %(contact)s 用验证码登录。", contact=masked(contact.value))
        flash(told, "warning")
