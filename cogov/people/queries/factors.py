"""Second factors: what a person has, and whether their office rests for want of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import func, select

from cogov.ground.db import session
from cogov.people.models import AuthenticatorApp, Passkey, RecoveryCode
from cogov.people.queries.standings import standings_of
from cogov.people.rules import Standing
from cogov.people.rules.factors import ROLES_OF_OFFICE, is_held_back

Asked = Callable[[Iterable[str]], bool]

_asked: list[Asked] = []


def ask_second_factor(asked: Asked) -> None:
    """Say who knows whether one of some places asks its office for a second factor; done once by ``create_app``."""
    _asked[:] = [asked]


def app_of(person_id: int | None) -> AuthenticatorApp | None:
    """Return the app of a person, also one whose first code is still awaited."""
    return session().get(AuthenticatorApp, person_id) if person_id is not None else None


def passkeys_of(person_id: int | None) -> list[Passkey]:
    """Return a person's passkeys, the oldest first."""
    return list(session().scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)))


def passkey_by_credential(credential: str) -> Passkey | None:
    """Return the passkey that a device shows."""
    return session().scalars(select(Passkey).where(Passkey.credential == credential)).one_or_none()


def recovery_codes_left(person_id: int | None) -> int:
    """Return how many recovery codes a person has not used."""
    query = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session().scalar(query) or 0


def has_factor(person_id: int) -> bool:
    """Say whether a person shows something beside the password when signing in."""
    app = app_of(person_id)
    return (app is not None and app.confirmed_at is not None) or bool(passkeys_of(person_id))


def held_back(person_id: int, standings: Sequence[Standing] | None = None) -> bool:
    """Say whether a person's roles of office rest for want of the second factor that their tenant asks for.

    ``standings`` may be given by whoever has them read already.
    """
    all_held = standings_of(person_id) if standings is None else standings
    office = [held for held in all_held if held.role in ROLES_OF_OFFICE]
    if not office or has_factor(person_id):
        return False
    asked = any(supplier({held.scope for held in office}) for supplier in _asked)
    return is_held_back({held.role for held in office}, asked=asked, has_factor=False)
