"""Joining, signing in, roles and mandates: one function per verb."""

from __future__ import annotations

from cogov.people.commands.codes import SENDERS, CodeMessage, CodeSender, Outbox, fresh_code, issue_code, use_code
from cogov.people.commands.imports import import_people
from cogov.people.commands.joining import confirm_sign_up, give_consent, invite_person, join, start_sign_up
from cogov.people.commands.roles import end_organization, end_role, found_organization, grant_role, put_organization
from cogov.people.commands.signing_in import (
    NewSignIn,
    act_under,
    end_sign_in,
    end_sign_ins,
    forget_password_tries,
    forget_stale,
    note_password_try,
    note_seen,
    open_sign_in,
    recover,
    rehash_password,
    set_password,
    sign_in_by_code,
)

__all__ = [
    "SENDERS",
    "CodeMessage",
    "CodeSender",
    "NewSignIn",
    "Outbox",
    "act_under",
    "confirm_sign_up",
    "end_organization",
    "end_role",
    "end_sign_in",
    "end_sign_ins",
    "forget_password_tries",
    "forget_stale",
    "found_organization",
    "fresh_code",
    "give_consent",
    "grant_role",
    "import_people",
    "invite_person",
    "issue_code",
    "join",
    "note_password_try",
    "note_seen",
    "open_sign_in",
    "put_organization",
    "recover",
    "rehash_password",
    "set_password",
    "sign_in_by_code",
    "start_sign_up",
    "use_code",
]
