"""Second factors: set up, used once a code, taken away; every change stands in the journal."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import delete, func, select, update

from cogov.ground.clock import now
from cogov.ground.db import for_change, found, session, unless_taken
from cogov.ground.refusals import Refusal, insist
from cogov.ground.words import say
from cogov.journal.transaction import insist_once, record, verb
from cogov.people.events import FactorAdded, FactorRemoved, RecoveryCodeUsed
from cogov.people.models import AuthenticatorApp, Passkey, Person, RecoveryCode, SignIn
from cogov.people.queries import has_factor, recovery_codes_left
from cogov.people.rules import Actor
from cogov.people.rules.factors import FactorKind, passkey_refused, why_not_add_passkey, wrong_second_factor

_THERE = Refusal(
    "app_there", say("您已经设置了动态验证码。"), what_next=say("换手机请先取消原来的，再重新设置。"), status=409
)


@verb
def begin_app(by: Actor, *, sealed_secret: str) -> None:
    """Keep the secret that is shown to a person's app; it counts for nothing until a code of it was right."""
    person_id = _locked(by)
    row = session().get(AuthenticatorApp, person_id, populate_existing=True)
    insist(_THERE if row is not None and row.confirmed_at is not None else None)
    if row is None:
        session().add(AuthenticatorApp(person_id=person_id, sealed_secret=sealed_secret, made_at=now(), last_step=0))
    else:
        row.sealed_secret, row.made_at, row.last_step = sealed_secret, now(), 0


@verb
def confirm_app(by: Actor, *, sealed_secret: str, step: int, code_hashes: Collection[str]) -> bool:
    """Let an app count from now on; say whether the recovery codes given with it were kept, as the first ones."""
    person_id = _locked(by)
    row = found(session().get(AuthenticatorApp, person_id, populate_existing=True))
    insist(_THERE if row.confirmed_at is not None else None)
    insist(None if row.sealed_secret == sealed_secret else wrong_second_factor())
    row.confirmed_at, row.last_step = now(), step
    return _added(by, person_id, FactorKind.APP, code_hashes)


@verb
def add_passkey(
    by: Actor, *, credential: str, public_key: str, sign_count: int, name: str, code_hashes: Collection[str]
) -> bool:
    """Keep the public half of a key; say whether the recovery codes given with it were kept, as the first ones."""
    person_id = _locked(by)
    held = session().scalar(select(func.count()).where(Passkey.person_id == person_id)) or 0
    insist(why_not_add_passkey(held))
    with unless_taken(passkey_refused()):
        session().add(
            Passkey(
                person_id=person_id,
                credential=credential,
                public_key=public_key,
                sign_count=sign_count,
                name=name,
                made_at=now(),
            )
        )
    return _added(by, person_id, FactorKind.PASSKEY, code_hashes)


def _locked(by: Actor) -> int:
    """Return who asks, one request of theirs after the other."""
    person_id = found(by.person_id)
    found(session().scalars(for_change(select(Person).where(Person.id == person_id))).one_or_none())
    return person_id


def _added(by: Actor, person_id: int, factor: FactorKind, code_hashes: Collection[str]) -> bool:
    session().execute(update(SignIn).where(SignIn.person_id == person_id).values(held_back=False))
    record(FactorAdded(person_id, factor), by, subject=("person", person_id))
    if recovery_codes_left(person_id):
        return False
    _put_codes(person_id, code_hashes)
    return True


def _put_codes(person_id: int, code_hashes: Collection[str]) -> None:
    session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    at = now()
    session().add_all(RecoveryCode(person_id=person_id, code_hash=each, made_at=at) for each in code_hashes)


@verb
def make_recovery_codes(by: Actor, code_hashes: Collection[str]) -> None:
    """Keep ten new recovery codes; the earlier ones open nothing any more."""
    person_id = _locked(by)
    insist(None if has_factor(person_id) else _no_factor())
    _put_codes(person_id, code_hashes)
    record(FactorAdded(person_id, FactorKind.RECOVERY_CODES), by, subject=("person", person_id))


def _no_factor() -> Refusal:
    return Refusal(
        "no_factor", say("还没有设置动态验证码或通行密钥，用不着备用码。"), what_next=say("请先设置其中一样。")
    )


@verb
def take_app_step(by: Actor, person_id: int, step: int) -> bool:
    """Use up the code of a step; whoever comes second with the same code is told no."""
    taken = session().execute(
        update(AuthenticatorApp)
        .where(
            AuthenticatorApp.person_id == person_id,
            AuthenticatorApp.confirmed_at.is_not(None),
            AuthenticatorApp.last_step < step,
        )
        .values(last_step=step)
    )
    return bool(cast("Any", taken).rowcount == 1)


@verb
def use_recovery_code(by: Actor, person_id: int, code_hash: str) -> bool:
    """Use up a recovery code; each opens once."""
    used = session().execute(
        update(RecoveryCode)
        .where(RecoveryCode.person_id == person_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None))
        .values(used_at=now())
    )
    if cast("Any", used).rowcount != 1:
        return False
    record(RecoveryCodeUsed(person_id), Actor(person_id), subject=("person", person_id))
    return True


@verb
def use_passkey(by: Actor, passkey_id: int, *, sign_count: int, challenge: str) -> int:
    """Note that a passkey signed a challenge, each once; a counter that goes back means a copy. Return whose it is."""
    row = found(session().scalars(for_change(select(Passkey).where(Passkey.id == passkey_id))).one_or_none())
    counts = row.sign_count > 0 or sign_count > 0
    insist(passkey_refused() if counts and sign_count <= row.sign_count else None)
    insist_once(Actor(row.person_id), challenge)
    row.sign_count, row.last_used_on = sign_count, now().date()
    return row.person_id


@verb
def remove_app(by: Actor) -> None:
    """Take one's own app away."""
    row = found(session().get(AuthenticatorApp, _locked(by), populate_existing=True))
    counted = row.confirmed_at is not None
    session().delete(row)
    if counted:
        _removed(by, row.person_id, FactorKind.APP)


@verb
def remove_passkey(by: Actor, passkey_id: int) -> None:
    """Take one of one's own passkeys away."""
    query = select(Passkey).where(Passkey.id == passkey_id, Passkey.person_id == _locked(by))
    row = found(session().scalars(for_change(query)).one_or_none())
    session().delete(row)
    _removed(by, row.person_id, FactorKind.PASSKEY)


@verb
def remove_factors(by: Actor, person_id: int) -> None:
    """Take every second factor of a person away, who has lost them all; done at the machine, never on a page."""
    for table in (AuthenticatorApp, Passkey, RecoveryCode):
        session().execute(delete(table).where(table.person_id == person_id))
    session().execute(
        update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=now())
    )
    for factor in (FactorKind.APP, FactorKind.PASSKEY, FactorKind.RECOVERY_CODES):
        record(FactorRemoved(person_id, factor), by, subject=("person", person_id))


def _removed(by: Actor, person_id: int, factor: FactorKind) -> None:
    session().flush()
    if not has_factor(person_id):
        session().execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    record(FactorRemoved(person_id, factor), by, subject=("person", person_id))
