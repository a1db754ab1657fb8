"""Codes, sign-ups, sign-ins and passwords on real databases, with the clock in hand and many at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from cogov.ground.clock import now
from cogov.ground.db import session
from cogov.ground.refusals import NotFound, Refusal, Refused
from cogov.journal.models import JournalEntry
from cogov.people.commands import (
    act_under,
    confirm_sign_up,
    end_role,
    end_sign_in,
    forget_stale,
    grant_role,
    issue_code,
    join,
    note_password_try,
    open_sign_in,
    recover,
    set_password,
    sign_in_by_code,
    start_sign_up,
    use_code,
)
from cogov.people.models import Consent, FailedSignIn, Identity, OneTimeCode, Person, RoleHeld, SignIn, SignUp
from cogov.people.queries import (
    actor_of,
    actor_signed_in,
    holders,
    members,
    password_tries,
    person_by_contact,
    sign_ins_of,
)
from cogov.people.rules import ANYONE, CLOCK, Role
from cogov.people.rules.consents import VERSIONS, ConsentKind
from cogov.people.rules.contacts import Contact, contact_from
from cogov.people.rules.entering import CodePurpose
from tests.cast import HERE, Cast
from tests.databases import both
from tests.storms import at_once

START = datetime(2026, 11, 18, 4, 0, 5, tzinfo=UTC)
RIGHT, WRONG = "a" * 64, "b" * 64


def contact(text: str = "13700001111") -> Contact:
    found = contact_from(text)
    assert found is not None
    return found


def issued(purpose: CodePurpose = CodePurpose.SIGN_IN, to: str = "13700001111") -> int:
    return issue_code(ANYONE, contact=contact(to), purpose=purpose, code_hash=RIGHT).id


def started(pseudonym: str = "桂花树下", to: str = "13700001111") -> tuple[int, int]:
    sign_up, code = start_sign_up(
        ANYONE,
        contact=contact(to),
        pseudonym=pseudonym,
        password_hash=None,
        scope=HERE,
        versions={ConsentKind.PRIVACY: VERSIONS[ConsentKind.PRIVACY], ConsentKind.TERMS: VERSIONS[ConsentKind.TERMS]},
        code_hash=RIGHT,
    )
    return sign_up.id, code.id


def count(model: type[object]) -> int:
    session().rollback()  # what other threads have written is seen only by a transaction that begins after them
    return session().scalars(select(func.count()).select_from(model)).one()


def use(code_id: int, code_hash: str = RIGHT, purpose: CodePurpose = CodePurpose.SIGN_IN) -> str | Refusal:
    return use_code(ANYONE, code_id=code_id, purpose=purpose, code_hash=code_hash)


def test_a_code_opens_once(app: Flask) -> None:
    code = issued()
    assert use(code) == "13700001111"
    assert isinstance(use(code), Refusal)


def test_a_code_opens_only_what_it_was_sent_for(app: Flask) -> None:
    code = issued(CodePurpose.SIGN_IN)
    assert isinstance(use(code, purpose=CodePurpose.RECOVERY), Refusal)
    assert use(code) == "13700001111"


def test_the_fifth_try_may_be_right_and_the_sixth_is_too_late(app: Flask) -> None:
    with time_machine.travel(START, tick=False) as clock:
        first = issued()
        clock.shift(61)
        second = issued()
        for _ in range(4):
            assert isinstance(use(first, WRONG), Refusal)
        for _ in range(5):
            assert isinstance(use(second, WRONG), Refusal)
        assert use(first) == "13700001111"
        assert isinstance(use(second), Refusal)


def test_a_code_lasts_ten_minutes(app: Flask) -> None:
    with time_machine.travel(START, tick=False) as clock:
        early, late = issued(), issued(to="13700002222")
        clock.shift(599)
        assert use(early) == "13700001111"
        clock.shift(1)
        assert isinstance(use(late), Refusal)


def test_codes_come_at_most_once_a_minute_and_five_times_an_hour(app: Flask) -> None:
    with time_machine.travel(START, tick=False) as clock:
        issued()
        clock.shift(59)
        with pytest.raises(Refused, match="code_too_soon"):
            issued(CodePurpose.RECOVERY)
        issued(to="13700002222")
        for _ in range(4):
            clock.shift(61)
            issued()
        clock.shift(61)
        with pytest.raises(Refused, match="code_too_many"):
            issued()
        clock.shift(3600)
        issued()


@both
@pytest.mark.storm
def test_fifty_who_ask_at_once_get_one_code(app: Flask) -> None:
    with time_machine.travel(START, tick=False):
        results = at_once(app, 50, lambda _: issued())
    assert sum(isinstance(result, int) for result in results) == 1
    assert all(isinstance(r, int) or (isinstance(r, Refused) and r.refusal.code == "code_too_soon") for r in results)
    assert count(OneTimeCode) == 1


@both
@pytest.mark.storm
def test_fifty_guesses_at_once_get_five_tries(app: Flask) -> None:
    code = issued()
    wrong = at_once(app, 49, lambda _: use(code, WRONG))
    assert all(isinstance(result, Refusal) for result in wrong)
    assert isinstance(use(code), Refusal)


@both
def test_whoever_confirms_joins_as_a_self_declared_resident(app: Flask) -> None:
    with time_machine.travel(START, tick=False):
        sign_up, code = started()
        assert person_by_contact("13700001111") is None
        person, new = _entered(sign_up, code)
    assert new
    assert actor_of(person.id).holds(HERE, Role.RESIDENT)
    role = session().scalars(select(RoleHeld).where(RoleHeld.person_id == person.id)).one()
    assert role.granted_by == person.id
    consents = session().scalars(select(Consent).where(Consent.person_id == person.id).order_by(Consent.id))
    assert [(given.kind, given.version, given.at, given.withdrawn_at) for given in consents] == [
        (kind, VERSIONS[kind], START, None) for kind in (ConsentKind.PRIVACY, ConsentKind.TERMS)
    ]
    assert session().get_one(Identity, person.id).confirmed_at == START
    assert count(SignUp) == 0
    kinds = session().scalars(select(JournalEntry.kind).where(JournalEntry.actor_id == person.id)).all()
    assert sorted(kinds) == ["ConsentGiven", "ConsentGiven", "PersonJoined", "RoleGranted"]


def _entered(sign_up: int, code: int) -> tuple[Person, bool]:
    entered = confirm_sign_up(ANYONE, sign_up_id=sign_up, code_id=code, code_hash=RIGHT)
    assert not isinstance(entered, Refusal)
    return entered


def test_a_wrong_code_lets_nobody_join(app: Flask) -> None:
    sign_up, code = started()
    before = count(Person)
    assert isinstance(confirm_sign_up(ANYONE, sign_up_id=sign_up, code_id=code, code_hash=WRONG), Refusal)
    assert count(Person) == before
    assert session().get_one(OneTimeCode, code).tries == 1


def test_a_code_for_one_contact_does_not_confirm_another(app: Flask) -> None:
    mine, _ = started("甲甲", "13700001111")
    _, other_code = started("乙乙", "13700002222")
    assert isinstance(confirm_sign_up(ANYONE, sign_up_id=mine, code_id=other_code, code_hash=RIGHT), Refusal)
    assert person_by_contact("13700001111") is None
    assert person_by_contact("13700002222") is None


def test_who_signs_up_again_gets_the_account_they_have(app: Flask, cast: Cast) -> None:
    person, new = _entered(*started(to="13900000000"))
    assert (person.id, new) == (cast.resident.person_id, False)


def test_a_pseudonym_taken_meanwhile_leaves_the_code_good(app: Flask) -> None:
    sign_up, code = started("桂花树下")
    join(CLOCK, pseudonym="桂花树下", phone="13700009999")
    with pytest.raises(Refused, match="pseudonym_taken"):
        _entered(sign_up, code)
    assert session().get_one(OneTimeCode, code).used_at is None


def test_a_pseudonym_differs_by_more_than_its_case(app: Flask) -> None:
    join(CLOCK, pseudonym="Osmanthus", phone="13700009999")
    with pytest.raises(Refused, match="pseudonym_taken"):
        started("OSMANTHUS")


@both
@pytest.mark.storm
def test_fifty_sign_ups_with_one_phone_make_one_account(app: Flask) -> None:
    before = count(Person)
    with time_machine.travel(START, tick=False):
        asked = at_once(app, 50, lambda i: started(f"化名第{i}号"))
        (sign_up, code) = next(result for result in asked if not isinstance(result, Exception))
        confirmed = at_once(
            app, 50, lambda _: confirm_sign_up(ANYONE, sign_up_id=sign_up, code_id=code, code_hash=RIGHT)
        )
    assert sum(isinstance(result, tuple) for result in asked) == 1
    assert sum(isinstance(result, tuple) for result in confirmed) == 1
    assert all(isinstance(result, tuple | Refusal) for result in confirmed)
    assert count(Person) == before + 1


@both
@pytest.mark.storm
def test_fifty_who_join_with_one_phone_are_one(app: Flask) -> None:
    before = count(Person)
    results = at_once(app, 50, lambda i: join(CLOCK, pseudonym=f"化名第{i}号", phone="13700001111"))
    assert sum(isinstance(result, Person) for result in results) == 1
    assert {r.refusal.code for r in results if isinstance(r, Refused)} == {"contact_taken"}
    assert count(Person) == before + 1


@both
@pytest.mark.storm
def test_tries_of_a_password_at_once_are_all_counted(app: Flask) -> None:
    def attempt(_: int) -> int:
        note_password_try(ANYONE, "key")
        return password_tries("key")

    seen = at_once(app, 50, attempt)
    assert sum(isinstance(tries, int) and tries <= 10 for tries in seen) <= 10
    assert count(FailedSignIn) == 50


def test_tries_are_forgotten_after_a_quarter_of_an_hour(app: Flask) -> None:
    with time_machine.travel(START, tick=False) as clock:
        note_password_try(ANYONE, "key")
        clock.shift(899)
        assert password_tries("key") == 1
        clock.shift(2)
        assert password_tries("key") == 0


def test_a_new_password_ends_every_sign_in_but_the_one_kept(app: Flask, cast: Cast) -> None:
    here, there = open_sign_in(cast.resident), open_sign_in(cast.resident)
    elsewhere = open_sign_in(cast.owner)
    assert cast.resident.person_id is not None
    set_password(cast.resident, cast.resident.person_id, "hash", keep=here.id)
    assert actor_signed_in(here.token) is not None
    assert actor_signed_in(there.token) is None
    assert actor_signed_in(elsewhere.token) is not None
    set_password(CLOCK, cast.resident.person_id, "hash")
    assert actor_signed_in(here.token) is None


def test_recovery_by_code_sets_the_password_and_ends_every_sign_in(app: Flask, cast: Cast) -> None:
    before = open_sign_in(cast.resident)
    code = issued(CodePurpose.RECOVERY, "13900000000")
    assert isinstance(recover(ANYONE, code_id=code, code_hash=WRONG, password_hash="new"), Refusal)
    assert actor_signed_in(before.token) is not None
    person = recover(ANYONE, code_id=code, code_hash=RIGHT, password_hash="new")
    assert isinstance(person, Person)
    assert person.id == cast.resident.person_id
    assert actor_signed_in(before.token) is None
    assert session().get_one(Identity, person.id).password_hash == "new"


def test_a_right_code_for_an_unknown_contact_opens_nothing(app: Flask) -> None:
    assert isinstance(sign_in_by_code(ANYONE, code_id=issued(), code_hash=RIGHT), Refusal)


def test_a_contact_that_was_only_entered_is_confirmed_by_its_first_code(app: Flask) -> None:
    person = join(CLOCK, pseudonym="桂花树下", phone="13700001111", confirmed=False)
    assert isinstance(sign_in_by_code(ANYONE, code_id=issued(), code_hash=RIGHT), Person)
    assert session().get_one(Identity, person.id).confirmed_at is not None


def test_nobody_ends_the_sign_in_of_another(app: Flask, cast: Cast) -> None:
    opened = open_sign_in(cast.resident)
    with pytest.raises(NotFound):
        end_sign_in(cast.owner, opened.id)
    assert actor_signed_in(opened.token) is not None
    end_sign_in(cast.resident, opened.id)
    assert actor_signed_in(opened.token) is None
    assert opened.id not in [row.id for row in sign_ins_of(cast.resident)]


def test_only_the_hash_of_a_token_is_kept(app: Flask, cast: Cast) -> None:
    opened = open_sign_in(cast.resident)
    kept = session().get_one(SignIn, opened.id)
    assert opened.token not in (kept.token_hash, kept.agent)
    assert actor_signed_in(kept.token_hash) is None


def test_a_sign_in_that_slept_too_long_is_over(app: Flask, cast: Cast) -> None:
    opened = open_sign_in(cast.resident)
    assert actor_signed_in(opened.token, seen_since=now() - timedelta(days=30)) is not None
    assert actor_signed_in(opened.token, seen_since=now() + timedelta(seconds=1)) is None


def test_one_acts_only_under_a_mandate_one_holds_in_a_sign_in_of_ones_own(app: Flask, cast: Cast) -> None:
    opened = open_sign_in(cast.volunteer)
    mandate = next(held for held in cast.volunteer.standings if held.role is Role.SOCIAL_MEMBER)
    foreign = cast.official.standings[0]
    with pytest.raises(Refused, match="not_your_mandate"):
        act_under(cast.volunteer, opened.id, foreign.id)
    with pytest.raises(Refused, match="not_your_mandate"):
        act_under(cast.official, opened.id, foreign.id)
    act_under(cast.volunteer, opened.id, mandate.id)
    held = actor_signed_in(opened.token)
    assert held is not None
    assert held[0].organization_id == mandate.organization_id
    end_role(CLOCK, mandate.id)
    held = actor_signed_in(opened.token)
    assert held is not None
    assert held[0].organization_id is None


def test_a_mandate_ends_at_its_date(app: Flask, cast: Cast) -> None:
    opened = open_sign_in(cast.resident)
    assert cast.resident.person_id is not None
    until = now() + timedelta(days=1)
    grant_role(CLOCK, person_id=cast.resident.person_id, role=Role.AUDITOR, scope=HERE, until=until)
    held = actor_signed_in(opened.token)
    assert held is not None
    assert held[0].holds(HERE, Role.AUDITOR)
    with time_machine.travel(until):
        held = actor_signed_in(opened.token)
    assert held is not None
    assert not held[0].holds(HERE, Role.AUDITOR)


@both
def test_who_serves_from_a_later_day_is_nobodys_member_before_it(app: Flask, cast: Cast) -> None:
    since, committee, person = now() + timedelta(days=7), cast.organizations["committee"], cast.resident.person_id
    assert person is not None
    grant_role(
        CLOCK,
        person_id=person,
        role=Role.MODERATOR,
        scope=HERE,
        organization_id=committee,
        public_name="丁某",
        since=since,
    )
    assert person not in members([committee])[committee]
    assert person not in holders(Role.MODERATOR, HERE)
    with time_machine.travel(since):
        assert person in members([committee])[committee]
        assert person in holders(Role.MODERATOR, HERE)


def test_what_serves_nothing_any_more_is_deleted(app: Flask, cast: Cast) -> None:
    with time_machine.travel(START, tick=False) as clock:
        started()
        note_password_try(ANYONE, "key")
        opened = open_sign_in(cast.resident)
        forget_stale(CLOCK, sign_in_days=30)
        assert (count(SignUp), count(OneTimeCode), count(FailedSignIn), count(SignIn)) == (1, 1, 1, 1)
        clock.shift(timedelta(days=31))
        forget_stale(CLOCK, sign_in_days=30)
        assert (count(SignUp), count(OneTimeCode), count(FailedSignIn)) == (0, 0, 0)
        assert actor_signed_in(opened.token) is None
        clock.shift(timedelta(days=31))
        forget_stale(CLOCK, sign_in_days=30)
        assert count(SignIn) == 0
