"""The one-click links of mail: each says for one person one pace of mail, is signed, and opens nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from cogov.tell.channels import MailPace

LASTS = timedelta(days=60)
"""Longer than anybody leaves a mail unread, shorter than a mail is lost from sight."""


@dataclass(frozen=True)
class Choice:
    """What a link says: whose mail goes out how often."""

    person_id: int
    pace: MailPace


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="cogov.tell.mail-choice")


def choice_token(person_id: int, pace: MailPace) -> str:
    """Return what stands in the address of a link."""
    return str(_signer().dumps([person_id, pace.value]))


def choice_of(token: str) -> Choice | None:
    """Return what a link says; None when it is not ours or too old."""
    try:
        person_id, pace = _signer().loads(token, max_age=int(LASTS.total_seconds()))
    except BadSignature:
        return None
    return Choice(int(person_id), MailPace(pace))
