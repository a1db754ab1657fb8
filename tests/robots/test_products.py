"""How each product is spoken to, and what its answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from cogov.ground.addresses import Answer
from cogov.robots.rules import Fault, RobotKind, dingtalk, webhook, wecom
from cogov.robots.rules.keeping import why_not_add
from cogov.robots.rules.posts import OK, Ear, Outcome, Post, PostType, later, never

AT = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=abcdef"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def _post(**changed: object) -> Post:
    told = {
        "id": "post-7",
        "type": PostType.CASE,
        "at": AT,
        "number": "2026-0147",
        "title": "消防通道被占",
        "lines": ("11月23日 09:00 指挥中心 派给消防救援大队", "本单位办理的期限：11月24日 18:00"),
        "url": "https://gongzhi.example/problems/2026-0147",
        "link": "打开卷宗",
    }
    return Post(**{**told, **changed})  # type: ignore[arg-type]


def _answer(code: int, words: str = "", status: int = 200) -> Answer:
    return Answer(status, json.dumps({"errcode": code, "errmsg": words}).encode())


# 企业微信 ------------------------------------------------------------------------------------------------------------


def test_wecom_is_sent_markdown_under_its_key():
    call = wecom.message(_post(), Ear(WECOM), AT)
    told = json.loads(call.body)
    assert call.url == WECOM
    assert told["msgtype"] == "markdown"
    assert told["markdown"]["content"] == (
        "**2026-0147 消防通道被占**\n> 11月23日 09:00 指挥中心 派给消防救援大队\n> 本单位办理的期限：11月24日 18:00\n"
        "[打开卷宗](https://gongzhi.example/problems/2026-0147)"
    )


@pytest.mark.parametrize("product", [wecom, dingtalk])
def test_words_of_people_are_no_marks_and_call_nobody(product):
    title = "看这里 <@all> [点我](https://evil.example) `x` ![](https://evil.example/a.png) @13800000000"
    text = product.message(_post(title=title, url=""), Ear(WECOM, keyword="共治"), AT).body.decode()
    for sign in ("<@", "](", "`", "@1"):
        assert sign not in text


@pytest.mark.parametrize(("product", "most"), [(wecom, 4096), (dingtalk, 5000)])
def test_a_message_is_never_longer_than_the_product_takes(product, most: int):
    told = json.loads(product.message(_post(lines=("很长的一句话" * 40,) * 30), Ear(WECOM, keyword="共治"), AT).body)[
        "markdown"
    ]
    said = told.get("content") or told["text"]
    assert len(said.encode()) <= most
    assert "…" in said
    assert "打开卷宗" in said


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (_answer(0, "ok"), OK),
        (_answer(45009, "api freq out of limit"), later(Fault.BUSY, 60)),
        (_answer(-1, "system busy"), later(Fault.BUSY, 60)),
        (_answer(93000, "invalid webhook url"), never(Fault.GONE)),
        (_answer(40058, "markdown.content exceed max length"), never(Fault.REFUSED)),
        (Answer(502, b"<html>"), later(Fault.BUSY)),
        (Answer(302, b""), never(Fault.REFUSED)),
        (Answer(200, b"<html>"), never(Fault.REFUSED)),
        (Answer(200, b'{"errcode":"0"}'), never(Fault.REFUSED)),
        (Answer(200, b"[" * 50_000), never(Fault.REFUSED)),
    ],
)
def test_what_wecom_answers(answer: Answer, outcome: Outcome):
    assert wecom.outcome(answer) == outcome


# 钉钉 ----------------------------------------------------------------------------------------------------------------


def test_the_signature_of_dingtalk_is_the_known_one():
    # printf '1577262236757\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64
    assert dingtalk.sign("this is secret", 1577262236757) == "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="


def test_dingtalk_is_sent_time_and_signature_in_its_address():
    call = dingtalk.message(_post(), Ear(DINGTALK, "SECabc"), AT)
    asked = parse_qs(urlsplit(call.url).query)
    assert asked["access_token"] == ["abcdef"]
    assert asked["timestamp"] == ["1795395723000"]
    key = hmac.new(b"SECabc", b"1795395723000\nSECabc", hashlib.sha256)
    assert asked["sign"] == [base64.b64encode(key.digest()).decode()]
    assert " " not in call.url
    assert "+" not in urlsplit(call.url).query


@pytest.mark.parametrize("keyword", ["共治", "消防"])
def test_the_word_that_dingtalk_wants_occurs_once(keyword: str):
    text = json.loads(dingtalk.message(_post(), Ear(DINGTALK, keyword=keyword), AT).body)["markdown"]["text"]
    assert keyword in text
    assert text.endswith(keyword) is (keyword == "共治")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (_answer(0, "ok"), OK),
        (_answer(130101, "send too fast, exceed 20 times per minute"), later(Fault.BUSY, 60)),
        (_answer(310000, "keywords not in content"), never(Fault.KEYWORD)),
        (_answer(310000, "sign not match"), never(Fault.SIGNATURE)),
        (_answer(310000, "ip 1.2.3.4 not in whitelist"), never(Fault.ORIGIN)),
        (_answer(300001, "token is not exist"), never(Fault.GONE)),
        (_answer(400013, "chat is disbanded"), never(Fault.GONE)),
        (Answer(429, b"", 30), later(Fault.BUSY, 30)),
    ],
)
def test_what_dingtalk_answers(answer: Answer, outcome: Outcome):
    assert dingtalk.outcome(answer) == outcome


# Any other system ----------------------------------------------------------------------------------------------------


def test_the_signature_of_a_webhook_is_the_one_of_the_standard():
    # The example in the specification of Standard Webhooks.
    signature = webhook.sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_webhook_says_ids_words_and_an_address_and_nothing_of_persons():
    call = webhook.message(_post(), Ear("https://a.example/hook", SECRET), AT)
    told = json.loads(call.body)
    assert set(told) == {"id", "type", "at", "number", "url", "words"}
    assert (told["id"], told["type"], told["number"]) == ("post-7", "case", "2026-0147")
    assert datetime.fromisoformat(told["at"]) == AT
    assert call.headers["webhook-id"] == "post-7"
    assert call.headers["webhook-timestamp"] == "1795395723"
    signed = b"post-7.1795395723." + call.body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert call.headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, OK),
        (204, OK),
        (307, never(Fault.REFUSED)),
        (401, never(Fault.SIGNATURE)),
        (410, never(Fault.GONE)),
        (422, never(Fault.REFUSED)),
        (429, later(Fault.BUSY)),
        (503, later(Fault.BUSY)),
    ],
)
def test_what_the_status_of_a_webhook_means(status: int, outcome: Outcome):
    assert webhook.outcome(Answer(status, b"")) == outcome


# What has to be said of a robot ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "ear", "code"),
    [
        (RobotKind.WECOM, Ear(WECOM), None),
        (RobotKind.WECOM, Ear(DINGTALK), "not_that_product"),
        (
            RobotKind.WECOM,
            Ear("https://qyapi.weixin.qq.com.evil.cn/cgi-bin/webhook/send?key=1"),
            "not_that_product",
        ),
        (RobotKind.WECOM, Ear("https://qyapi.weixin.qq.com/cgi-bin/webhook/send"), "not_that_product"),
        (RobotKind.WECOM, Ear("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"), "url_https"),
        (RobotKind.DINGTALK, Ear(DINGTALK, "SEC1"), None),
        (RobotKind.DINGTALK, Ear(DINGTALK, keyword="共治"), None),
        (RobotKind.DINGTALK, Ear(DINGTALK), "guard_missing"),
        (RobotKind.WEBHOOK, Ear("https://a.example/hook", SECRET), None),
        (RobotKind.WEBHOOK, Ear("https://a.example/hook", "whsec_short"), "secret_malformed"),
        (RobotKind.WEBHOOK, Ear("https://a.example/hook", "plain words"), "secret_malformed"),
        (RobotKind.WEBHOOK, Ear("https://10.0.0.1/hook", SECRET), "url_inside"),
    ],
)
def test_an_address_has_to_fit_its_product(kind: RobotKind, ear: Ear, code: str | None):
    refusal = why_not_add(kind, ear, trying=False)
    assert (refusal.code if refusal else None) == code
