"""Codes by text message and by mail: what the gateway is told, and what a person reads when it is away."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from cogov.ground.clock import now
from cogov.ground.refusals import Refused
from cogov.people.commands import SENDERS, CodeMessage, carrying, issue_code
from cogov.people.rules import ANYONE
from cogov.people.rules.contacts import Contact, ContactKind
from cogov.people.rules.entering import CODES_A_DAY, CodePurpose
from cogov.tell.code_mail import mail_code
from tests.listeners import Listener, listening

PHONE = Contact(ContactKind.PHONE, "13900000001")
MAIL = Contact(ContactKind.EMAIL, "zhou@example.com")


@pytest.fixture
def gateway(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setitem(app.extensions, "code_sender", SENDERS["gateway"](Path()))
    monkeypatch.setattr(carrying, "_mail", [])
    with listening() as made:
        monkeypatch.setitem(app.config, "SMS_URL", f"{made.url}/sms")
        monkeypatch.setitem(app.config, "SMS_SECRET", "a secret of the gateway")
        yield made


def _send(app: Flask, contact: Contact, code: str | None = "123456", purpose: str = "sign_in") -> None:
    app.extensions["code_sender"].send(CodeMessage(contact, CodePurpose(purpose), code, now()))


def test_the_gateway_is_told_whom_which_template_and_what_is_filled_in(app: Flask, gateway: Listener):
    _send(app, PHONE)
    (heard,) = gateway.heard
    told = json.loads(heard.body)
    assert told.pop("id") == heard.headers["webhook-id"]
    assert told == {"phone": "13900000001", "template": "sign_in", "values": {"code": "123456", "minutes": "10"}}
    signed = f"{heard.headers['webhook-id']}.{heard.headers['webhook-timestamp']}.".encode() + heard.body
    expected = base64.b64encode(hmac.new(b"a secret of the gateway", signed, hashlib.sha256).digest()).decode()
    assert heard.headers["webhook-signature"] == f"v1,{expected}"


def test_without_a_code_the_template_says_that_there_is_no_account_or_invites(app: Flask, gateway: Listener):
    _send(app, PHONE, None)
    _send(app, PHONE, None, "invitation")
    told = [json.loads(heard.body) for heard in gateway.heard]
    assert [(each["template"], each["values"]) for each in told] == [("no_account", {}), ("invitation", {})]


@pytest.mark.parametrize("status", [302, 403, 500])
def test_a_gateway_that_does_not_take_it_is_an_error(app: Flask, gateway: Listener, status: int):
    gateway.status = status
    with pytest.raises(OSError, match=str(status)):
        _send(app, PHONE)


@pytest.mark.parametrize("url", ["", "http://10.0.0.1/sms", "http://sms.example/sms", "https://a:b@/sms"])
def test_a_gateway_that_is_not_set_right_is_never_spoken_to(app: Flask, gateway: Listener, url: str):
    app.config["SMS_URL"] = url
    with pytest.raises(OSError, match=r"SMS_URL|does not answer"):
        _send(app, PHONE)


def test_codes_to_addresses_go_by_mail(app: Flask, gateway: Listener):
    with pytest.raises(OSError, match="mail"):
        _send(app, MAIL)
    carried: list[CodeMessage] = []
    carrying.mail_codes_with(carried.append)
    _send(app, MAIL)
    assert [message.contact.value for message in carried] == ["zhou@example.com"]
    assert gateway.heard == []


def test_a_mail_brings_the_code_and_says_that_there_is_no_account_where_there_is_none(
    app: Flask, gateway: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    carrying.mail_codes_with(mail_code)
    monkeypatch.setitem(app.config, "DATA_DIR", str(tmp_path))
    for code in ("654321", None):
        _send(app, MAIL, code)
    letters = [message_from_bytes(file.read_bytes(), policy=SMTP) for file in (tmp_path / "mail").glob("*.eml")]
    said = {str(letter["Subject"]): letter.get_content() for letter in letters}
    assert {str(letter["To"]) for letter in letters} == {"zhou@example.com"}
    assert "验证码：654321" in said["共治的验证码：654321"]
    assert "没有用它注册的账号" in said["共治：这里没有您的账号"]
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    monkeypatch.setitem(app.config, "MAIL_PORT", 9)  # nobody listens there
    with pytest.raises(OSError, match="server_away"):
        _send(app, MAIL)


def test_a_person_reads_what_happened_and_can_go_on_when_nothing_can_be_sent(
    app: Flask, gateway: Listener, client_of: Callable[[str | None], Any]
):
    client = client_of(None)
    client.get("/sign-in")
    gateway.status = 500
    form = {"contact": "13900000001", "way": "code", "then": "/"}
    refused = client.post("/sign-in", form)
    text = refused.get_data(as_text=True)
    assert refused.status_code == 503
    assert "验证码现在发不出去。" in text
    assert "13900000001" in text
    gateway.status = 200
    with time_machine.travel(now() + timedelta(minutes=1, seconds=1), tick=False):
        assert client.post("/sign-in", form).status_code == 303
    assert len(gateway.heard) == 2


def test_one_contact_gets_so_many_codes_a_day_and_no_more(app: Flask):
    sent = 0
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(CODES_A_DAY):
            issue_code(ANYONE, contact=PHONE, purpose=CodePurpose.SIGN_IN, code_hash="0" * 64)
            clock.shift(timedelta(minutes=30))
            sent += 1
        with pytest.raises(Refused, match="code_too_many_today"):
            issue_code(ANYONE, contact=PHONE, purpose=CodePurpose.SIGN_IN, code_hash="0" * 64)
        clock.shift(timedelta(days=1))
        issue_code(ANYONE, contact=PHONE, purpose=CodePurpose.SIGN_IN, code_hash="0" * 64)
    assert sent == CODES_A_DAY
