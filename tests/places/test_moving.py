"""Moving out, said by oneself or entered by the committee: what hangs on living there ends at once, words stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from cogov.ground.db import session
from cogov.ground.refusals import NotFound, Refused
from cogov.journal.models import JournalEntry
from cogov.people.commands import open_sign_in
from cogov.people.queries import actor_of, still_signed_in
from cogov.people.rules import Actor, Role
from cogov.places.commands import end_residence, move_out, verify_residence
from cogov.places.models import Residence, Unit
from cogov.places.rules import ResidenceKind
from cogov.threads.commands import post_message
from cogov.threads.models import Message
from cogov.threads.rules.messages import MessageKind
from tests.cast import HERE, Cast
from tests.clients import Client
from tests.databases import both
from tests.journeys.walking import raise_something
from tests.programs import Program

ClientOf = Callable[[str | None], Client]


def _home(by: Actor) -> int:
    return session().scalars(select(Residence.id).where(Residence.person_id == by.person_id)).one()


def _roles(by: Actor) -> set[Role]:
    return {held.role for held in actor_of(by.person_id or 0).standings}


@both
def test_rights_end_at_once_and_what_was_said_stays(cast: Cast, backend: str) -> None:
    number = raise_something(cast)
    post_message(cast.tenant, number, kind=MessageKind.REASON, text="楼道灯坏了，老人走不了。")
    token = open_sign_in(cast.tenant).token
    held = still_signed_in([token])[token][1]
    assert _roles(cast.tenant) >= {Role.RESIDENT, Role.TENANT}
    assert move_out(cast.tenant, _home(cast.tenant)).ended_at is not None
    assert _roles(cast.tenant).isdisjoint({Role.RESIDENT, Role.TENANT})
    # What an open live connection holds shrinks with it, by which the connection is closed.
    assert still_signed_in([token])[token][1] < held
    words = session().scalars(select(Message.text).where(Message.person_id == cast.tenant.person_id)).all()
    assert words == ["楼道灯坏了，老人走不了。"]
    kinds = session().scalars(select(JournalEntry.kind).order_by(JournalEntry.number.desc()).limit(3)).all()
    assert sorted(kinds) == ["ResidenceEnded", "RoleEnded", "RoleEnded"]
    with pytest.raises(Refused, match="residence_ended"):
        move_out(cast.tenant, _home(cast.tenant))


def test_who_owns_there_or_lives_there_twice_keeps_what_hangs_on_that(cast: Cast) -> None:
    move_out(cast.owner, _home(cast.owner))
    assert Role.OWNER in _roles(cast.owner)
    assert Role.RESIDENT not in _roles(cast.owner)
    first = _home(cast.tenant)
    verify_residence(
        cast.moderator, unit_id=cast.unit_ids[5], person_id=cast.tenant.person_id or 0, kind=ResidenceKind.FAMILY
    )
    move_out(cast.tenant, first)
    assert Role.RESIDENT in _roles(cast.tenant)
    assert Role.TENANT not in _roles(cast.tenant)


def test_a_home_is_ended_by_its_resident_and_its_committee_alone(cast: Cast) -> None:
    home = _home(cast.tenant)
    for stranger in (cast.resident, cast.landlord, cast.outsider):
        with pytest.raises(NotFound):
            move_out(stranger, home)
    for stranger in (cast.landlord, cast.tenant, cast.street_office, cast.foreign_moderator):
        with pytest.raises(NotFound):
            end_residence(stranger, home)
    end_residence(cast.moderator, home)
    assert Role.TENANT not in _roles(cast.tenant)


def test_one_moves_out_on_ones_own_page_or_by_program(cast: Cast, client_of: ClientOf, program: Program) -> None:
    tenant, home = client_of("tenant"), _home(cast.tenant)
    page = tenant.get("/me")
    assert "我搬走了" in page.text
    moved = tenant.post(f"/me/homes/{home}/ending", {"once": tenant.once})
    assert moved.status_code == 303
    assert "已登记您搬走了。" in tenant.get("/me").text
    assert "我搬走了" not in tenant.get("/me").text
    homes = program("resident", "GET", "/me/homes")[1]
    assert [(each["place"], each["kind"]) for each in homes] == [(HERE, "family")]
    assert program("tenant", "POST", f"/me/homes/{homes[0]['id']}/end")[0] == 404
    status, ended = program("resident", "POST", f"/me/homes/{homes[0]['id']}/end")
    assert (status, bool(ended["ended_at"])) == (200, True)
    assert program("resident", "GET", "/me/homes")[1] == []


def test_the_committee_finds_a_home_by_its_door(cast: Cast, client_of: ClientOf) -> None:
    moderator = client_of("moderator")
    door = (
        session()
        .scalars(
            select(Unit.door).join(Residence, Residence.unit_id == Unit.id).where(Residence.id == _home(cast.tenant))
        )
        .one()
    )
    found = moderator.get(f"/admin/residences?q={door}").text
    url = f"/admin/residences/{_home(cast.tenant)}/ending"
    assert cast.tenant.pseudonym in found
    assert url in found
    assert url not in client_of("foreign_moderator").get(f"/admin/residences?q={door}").text
    assert moderator.post(url, {"once": moderator.once}).status_code == 303
    assert url not in moderator.get(f"/admin/residences?q={door}").text
