"""What a voter's browser does in a secret vote, written once for the tests, and an election held by commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from cogov.decisions.commands import open_decision, publish_notice
from cogov.decisions.commands.secret_box import agree_to_open, open_box, take_box_code
from cogov.decisions.commands.secret_voting import drop_ballot, issue_token
from cogov.decisions.models import Decision
from cogov.decisions.queries.secrets import box_of, holders_of, keys_of
from cogov.decisions.rules.law import Secrecy
from cogov.decisions.rules.secrets.blind import blind, finalize
from cogov.decisions.rules.secrets.codes import new_code, plain_code, short, token_of
from cogov.decisions.rules.secrets.sealing import seal
from cogov.ground.db import session
from cogov.people.models import RoleHeld
from cogov.people.rules import CLOCK, Actor
from cogov.problems.rules.lanes import RuleCode
from tests.clients import Client

HOLDERS = ("volunteer", "party_member", "owners_committee")


@dataclass
class Slip:
    """What a voter's browser has in hand between token and ballot."""

    code: str
    prepared: bytes
    signature: bytes
    tracker: str

    @property
    def key(self) -> str:
        return sha256(self.prepared).hexdigest()


@dataclass
class Election:
    """A secret vote under a clock, with the codes that its three holders have written down."""

    vote: Any
    decision: Decision
    codes: dict[str, str] = field(default_factory=dict)

    def holder(self, name: str) -> Actor:
        found: Actor = getattr(self.vote.cast, name)
        return found

    def token(self, by: Actor, code: str = "", head_id: int | None = None) -> Slip:
        code = code or new_code()
        box = box_of(by, self.decision)
        assert box is not None
        token = token_of(plain_code(code), box.bound, box.key)
        blinded = blind(box.key, token.prepared, salt=token.salt, factor=token.factor)
        answer = issue_token(by, self.decision.id, blinded=blinded, head_id=head_id)
        signature = finalize(box.key, token.prepared, answer, factor=token.factor)
        return Slip(code, token.prepared, signature, token.tracker)

    def sealed(self, slip: Slip, marks: str) -> bytes:
        box = box_of(CLOCK, self.decision)
        assert box is not None
        holders = keys_of(holders_of(self.decision.id))
        return seal(marks, slip.tracker, holders=holders, bound=box.bound, box_key=slip.key)

    def drop(self, slip: Slip, marks: str) -> str:
        sealed = self.sealed(slip, marks)
        return drop_ballot(self.decision.id, token=slip.prepared, signature=slip.signature, sealed=sealed)

    def cast(self, by: Actor, marks: str) -> Slip:
        slip = self.token(by)
        self.drop(slip, marks)
        return slip

    def close(self) -> None:
        self.vote.clock.move_to(self.decision.closes_at + timedelta(minutes=1))

    def open(self, first: str = "volunteer", second: str = "party_member") -> Decision:
        agree_to_open(self.holder(second), self.decision.id, code=self.codes[second])
        mine, other = self.codes[first], self.codes[second]
        return open_box(self.holder(first), self.decision.id, code=mine, other_code=other)


def by_script(client: Client, held: Election, marks: str, code: str = "") -> Slip:
    """Vote as the page's script does: the token with the session, the ballot without."""
    code, url = code or new_code(), f"/decisions/{held.decision.id}"
    box = box_of(CLOCK, held.decision)
    assert box is not None
    token = token_of(plain_code(code), box.bound, box.key)
    blinded = blind(box.key, token.prepared, salt=token.salt, factor=token.factor)
    answer = client.post(f"{url}/token", {"blinded": blinded.hex()})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    signature = finalize(box.key, token.prepared, bytes.fromhex(answer.get_json()["signature"]), factor=token.factor)
    slip = Slip(code, token.prepared, signature, token.tracker)
    told = {
        "token": slip.prepared.hex(),
        "signature": slip.signature.hex(),
        "ballot": held.sealed(slip, marks).hex(),
    }
    dropped = client.http.application.test_client().post(f"{url}/box", data=told)
    assert (dropped.status_code, dropped.get_json()) == (200, {"receipt": short(bytes.fromhex(slip.key))})
    assert "Set-Cookie" not in dropped.headers
    return slip


def standing_of(by: Actor) -> int:
    """Return the mandate of somebody in the cast."""
    query = select(RoleHeld.id).where(RoleHeld.person_id == by.person_id, RoleHeld.organization_id.is_not(None))
    standing = session().scalar(query)
    assert standing is not None
    return standing


def notice(
    poll: Any, secrecy: Secrecy = Secrecy.SECRET, holders: tuple[str, ...] = HOLDERS, **changes: Any
) -> Decision:
    """Publish the notice of a secret vote among households."""
    motion = poll.tabled(**changes)
    named = [standing_of(getattr(poll.cast, name)) for name in holders]
    return publish_notice(
        poll.cast.moderator, motion.id, **poll.times(RuleCode(motion.rule)), secrecy=secrecy, holders=named
    )


def election(
    poll: Any, secrecy: Secrecy = Secrecy.SECRET, takers: tuple[str, ...] = HOLDERS, **changes: Any
) -> Election:
    """Hold a secret vote up to the hour from which ballots are taken."""
    decision = notice(poll, secrecy, **changes)
    held = Election(poll, decision)
    for name in takers:
        held.codes[name] = take_box_code(getattr(poll.cast, name), decision.id)
    poll.clock.move_to(decision.opens_at)
    held.decision = open_decision(CLOCK, decision.id)
    return held
