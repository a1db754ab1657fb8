"""One-time codes by mail, for those who sign in with an address: at once, so that a failure can be said at once."""

from __future__ import annotations

import secrets
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from flask_babel import gettext

from cogov.ground.clock import now
from cogov.people.commands import CodeMessage
from cogov.people.rules.entering import CODE_LASTS, CodePurpose
from cogov.tell.letters import home_url, message_id, sender
from cogov.tell.outbox import Later, Never
from cogov.tell.post import carrier


def mail_code(message: CodeMessage) -> None:
    """Carry a code to an address; raise OSError when that is not possible."""
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = _subject(message)
    letter["From"] = sender()
    letter["To"] = Address(addr_spec=message.contact.value)
    letter["Date"] = now()
    letter["Message-ID"] = message_id(f"code:{secrets.token_hex(12)}")
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content("\n\n".join((*_lines(message), home_url())) + "\n")
    try:
        carrier()(letter)
    except (Later, Never) as error:
        raise OSError(error.code) from error


def _subject(message: CodeMessage) -> str:
    if message.purpose is CodePurpose.INVITATION:
        return gettext("共治：为您登记了账号")
    return gettext("共治的验证码：%(code)s", code=message.code) if message.code else gettext("共治：这里没有您的账号")


def _lines(message: CodeMessage) -> tuple[str, ...]:
    if message.purpose is CodePurpose.INVITATION:
        return (gettext("已经为您登记了共治的账号。请打开网页，填这个邮箱，选用验证码登录。"),)
    if message.code is None:
        return (
            gettext("有人用这个邮箱要验证码，但是这里没有用它注册的账号。"),
            gettext("是您本人的话，请先注册，或者换用注册时的手机号、邮箱；不是您本人，不用理会。"),
        )
    minutes = int(CODE_LASTS.total_seconds()) // 60
    return (
        gettext("验证码：%(code)s", code=message.code),
        gettext("%(n)s 分钟内有效，只能用一次。不要告诉任何人，工作人员也不会向您要。", n=minutes),
        gettext("不是您本人要的，不用理会。"),
    )
