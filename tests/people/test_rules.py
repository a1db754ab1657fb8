"""Contacts, pseudonyms, passwords, codes: the rules alone."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from cogov.people.rules import passwords
from cogov.people.rules.contacts import contact_from, masked
from cogov.people.rules.devices import device_words
from cogov.people.rules.entering import (
    pseudonym_from,
    why_not_pseudonym,
    why_not_send_code,
    why_not_try_password,
    why_not_use_code,
)
from cogov.people.rules.passwords import (
    AT_ONCE,
    hash_password,
    password_matches,
    wants_new_hash,
    why_not_password,
)

NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "13800134472",
        "+86 138 0013 4472",
        "86-13800134472",
        "0086 13800134472",
        "１３８００１３４４７２",
        " 138-0013-4472 ",
    ],
)
def test_a_mainland_number_is_read_however_it_is_typed(typed: str) -> None:
    contact = contact_from(typed)
    assert contact is not None
    assert (contact.phone, contact.email) == ("13800134472", None)


def test_an_address_is_read_in_small_letters() -> None:
    contact = contact_from(" Zhou.GuiLan+1@Example.COM ")
    assert contact is not None
    assert (contact.phone, contact.email) == (None, "zhou.guilan+1@example.com")


@pytest.mark.parametrize(
    "typed",
    [
        *("", "12800134472", "1380013447", "138001344720", "+1 13800134472", "057155501203", "8613800134"),
        *("a@b", "a@@b.cn", "a b@c.cn", "@c.cn", "a@-c.cn", "a..b@c.cn", "a@c.cn\nBcc: x@y.cn", "a" * 250 + "@c.cn"),
    ],
)
def test_what_is_no_contact_is_not_taken_for_one(typed: str) -> None:
    assert contact_from(typed) is None


def test_a_masked_contact_cannot_be_used() -> None:
    assert masked("13800134472") == "138****4472"
    assert masked("zhou@example.com") == "z***@example.com"


@pytest.mark.parametrize(
    "pseudonym", ["周桂兰", "3 号楼的一位住户", "Guì Lán", "a-1", "𠮷野家", "梧桐·小满", "社区花匠"]
)
def test_people_choose_their_own_pseudonym(pseudonym: str) -> None:
    assert why_not_pseudonym(pseudonym_from(pseudonym)) is None


@pytest.mark.parametrize(
    ("pseudonym", "code"),
    [
        ("周", "pseudonym_length"),
        ("周" * 21, "pseudonym_length"),
        ("1234", "pseudonym_number"),
        ("12 34", "pseudonym_number"),
        ("１２３４", "pseudonym_number"),
        ("<b>周</b>", "pseudonym_signs"),
        ("周\u202e兰", "pseudonym_signs"),
        ("小周🙂", "pseudonym_signs"),
        ("梧桐里居委会", "pseudonym_office"),
        ("居 委 会", "pseudonym_office"),
        ("居·委·会", "pseudonym_office"),
        ("青川街道", "pseudonym_office"),
        ("系统管理员", "pseudonym_office"),
        ("ＡＤＭＩＮ小周", "pseudonym_office"),
        ("张网格员", "pseudonym_office"),
    ],
)
def test_a_pseudonym_is_no_number_and_no_office(pseudonym: str, code: str) -> None:
    refusal = why_not_pseudonym(pseudonym_from(pseudonym))
    assert refusal is not None
    assert refusal.code == code


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("1234567", "password_short"),
        ("x" * 127 + "yz", "password_long"),
        ("12345678", "password_common"),
        ("WoAiNi1314", "password_common"),
        ("１２３４５６７８", "password_common"),
        ("Password1", "password_common"),
        ("abababababab", "password_common"),
        ("13800134472", "password_is_contact"),
        ("桂花树下的周桂兰", "password_is_contact"),
    ],
)
def test_a_password_that_all_would_try_first_is_refused(password: str, code: str) -> None:
    refusal = why_not_password(password, "13800134472", "桂花树下的周桂兰")
    assert refusal is not None
    assert refusal.code == code


def test_few_passwords_are_hashed_at_once_however_many_come(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = []
    inside: set[int] = set()
    hashing: set[int] = set()

    class Hasher:
        def verify(self, _kept: str, _plain: str) -> None:
            hashing.add(threading.get_ident())
            inside.add(threading.get_ident())
            time.sleep(0.01)
            at_once.append(len(inside))
            inside.discard(threading.get_ident())

    monkeypatch.setattr(passwords, "_HASHER", Hasher())
    trying = [threading.Thread(target=password_matches, args=(None, "一个密码")) for _ in range(3 * AT_ONCE)]
    for each in trying:
        each.start()
    for each in trying:
        each.join(5)
    assert len(at_once) == 3 * AT_ONCE
    assert 1 < max(at_once) <= AT_ONCE
    # A thread keeps what it once took, so they are the same few for all.
    assert len(hashing) <= AT_ONCE


@pytest.mark.parametrize("password", ["kbv82645x", "梧桐里三号楼的猫", "x" * 64 + "y" * 32 + "z" * 32])
def test_other_passwords_are_the_persons_own_business(password: str) -> None:
    assert why_not_password(password) is None


def test_a_password_is_kept_as_argon2id_of_the_agreed_size() -> None:
    kept = hash_password("梧桐里三号楼的猫")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert password_matches(kept, "梧桐里三号楼的猫")
    assert not password_matches(kept, "梧桐里三号楼的狗")
    assert not wants_new_hash(kept)
    assert wants_new_hash(kept.replace("t=2", "t=1"))


def test_nobody_has_no_password_that_fits() -> None:
    for guess in ("", "password", "12345678"):
        assert not password_matches(None, guess)


def test_a_code_is_sent_once_a_minute_and_five_times_an_hour() -> None:
    assert why_not_send_code([], NOON) is None
    refusal = why_not_send_code([NOON - timedelta(seconds=59)], NOON)
    assert refusal is not None
    assert refusal.code == "code_too_soon"
    assert why_not_send_code([NOON - timedelta(seconds=60)], NOON) is None
    spread = [NOON - timedelta(minutes=10 * n) for n in range(1, 6)]
    refusal = why_not_send_code(spread, NOON)
    assert refusal is not None
    assert refusal.code == "code_too_many"
    assert why_not_send_code(spread[:4], NOON) is None
    assert why_not_send_code(spread, NOON + timedelta(minutes=11)) is None


@pytest.mark.parametrize(
    ("changes", "works"),
    [
        ({}, True),
        ({"tries": 5}, True),
        ({"tries": 6}, False),
        ({"right": False}, False),
        ({"used": True}, False),
        ({"expires_at": NOON}, False),
    ],
)
def test_a_code_works_once_in_time_within_five_tries(changes: dict[str, object], works: bool) -> None:
    usual: dict[str, object] = {"right": True, "tries": 1, "used": False, "expires_at": NOON + timedelta(seconds=1)}
    assert (why_not_use_code(**(usual | changes), now=NOON) is None) is works  # type: ignore[arg-type]


def test_ten_tries_of_a_password_are_enough() -> None:
    assert why_not_try_password(10) is None
    assert why_not_try_password(11) is not None


def test_a_device_is_named_as_its_owner_knows_it() -> None:
    agent = "Mozilla/5.0 (Linux; Android 14; ...) AppleWebKit/537.36 Chrome/116 Mobile Safari/537.36 MicroMessenger/8.0"
    assert [str(part) for part in device_words(agent)] == ["安卓手机", "微信"]
    assert [str(part) for part in device_words("curl/8")] == ["一台设备", "None"]


@pytest.mark.parametrize(
    "password",
    [
        *("woaini1314", "woaini5201314", "5201314520", "wangwei1988", "Zhangli19900101", "liu880808", "chen1234567"),
        *("lihua@2024", "WoAiNi!520", "gongzhi2026", "hangzhou888", "Admin@123", "P@ssw0rd123", "qwer1234", "1qaz2wsx"),
        *(
            "13800138000a",
            "zhang13912345678",
            "abc@123456",
            "aaaa1111",
            "beijing2008!",
            "xiaobao20200612",
            "ｗｏａｉｎｉ１３１４",
        ),
    ],
)
def test_what_people_put_together_by_habit_is_no_password(password: str) -> None:
    refusal = why_not_password(password)
    assert refusal is not None, password
    assert refusal.code in ("password_habit", "password_common", "password_is_contact"), refusal.code


@pytest.mark.parametrize(
    "password",
    [
        *("wo-jia-de-mao-7", "梧桐树下有风 2026", "lanse zhuozi san tiao tui", "kX9-vTq2mr", "楼下那只橘猫叫米饭"),
        *("wangwei xihuan chi lajiao", "Tr0ub4dor&3x", "yang-tai-de-hua-9", "7 ge xiao niao zai shu shang"),
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_a_password(password: str) -> None:
    assert why_not_password(password, "13800138000", "早起的人") is None


def test_the_contact_with_signs_around_it_is_still_the_contact() -> None:
    for password in ("zhouguilan@example.com", "zhouguilan!", "zhouguilan88", "zhouguilan_2"):
        assert why_not_password(password, "zhouguilan@example.com") is not None, password


def test_no_password_takes_long_to_be_judged() -> None:
    begun = time.process_time()  # its own time, not what it waits for others on the same machine
    for password in ("woaini" * 20 + "?", "1" * 120 + "x", "19881112" * 15 + "-", "li" * 19 + "?", "a!" * 19 + "~"):
        why_not_password(password)
    assert time.process_time() - begun < 0.5
