"""Blind tokens and sealed ballots: the published vectors, every pair of holders, nothing that tells ballots apart."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from cogov.decisions.rules.receipts import ALPHABET
from cogov.decisions.rules.secrets.blind import (
    PublicKey,
    blind,
    encode,
    finalize,
    is_signed,
    new_key,
    public_of,
    sign_blinded,
)
from cogov.decisions.rules.secrets.codes import binding, grouped, new_code, plain_code, token_of
from cogov.decisions.rules.secrets.sealing import (
    Unreadable,
    holder_key,
    public_half,
    seal,
    sealed_bytes,
    unseal,
)

VECTOR = {
    name: text if name == "source" else bytes.fromhex(text)
    for name, text in json.loads(Path(__file__).with_name("rfc9474.json").read_text()).items()
}
PREPARED = VECTOR["msg_prefix"] + VECTOR["msg"]
BOUND = binding(7, "f" * 64)


def number(name: str) -> int:
    return int.from_bytes(VECTOR[name])


PUBLISHED = PublicKey(number("n"), number("e"))
FACTOR = pow(number("inv"), -1, PUBLISHED.n)


def published_key() -> rsa.RSAPrivateKey:
    n, e, d = number("n"), number("e"), number("d")
    p, q = rsa.rsa_recover_prime_factors(n, e, d)
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), rsa.RSAPublicNumbers(e, n)
    )
    return numbers.private_key()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return new_key()


# The token ------------------------------------------------------------------------------------------------------------


def test_every_step_gives_what_the_rfc_has_published():
    assert encode(PREPARED, VECTOR["salt"], PUBLISHED.n.bit_length() - 1) == VECTOR["encoded_msg"]
    assert blind(PUBLISHED, PREPARED, salt=VECTOR["salt"], factor=FACTOR) == VECTOR["blinded_msg"]
    assert sign_blinded(published_key(), VECTOR["blinded_msg"]) == VECTOR["blind_sig"]
    assert finalize(PUBLISHED, PREPARED, VECTOR["blind_sig"], factor=FACTOR) == VECTOR["sig"]
    assert is_signed(PUBLISHED, PREPARED, VECTOR["sig"])


def test_a_changed_message_or_signature_is_not_signed():
    assert not is_signed(PUBLISHED, PREPARED[:-1] + b"\0", VECTOR["sig"])
    assert not is_signed(PUBLISHED, PREPARED, VECTOR["sig"][:-1] + b"\0")
    assert not is_signed(PUBLISHED, PREPARED, b"")


def test_a_server_that_signs_something_else_is_noticed(key):
    public = public_of(key)
    token = token_of("A" * 24, BOUND, public)
    other = token_of("B" * 24, BOUND, public)
    blinded = blind(public, other.prepared, salt=other.salt, factor=other.factor)
    with pytest.raises(ValueError, match="something else"):
        finalize(public, token.prepared, sign_blinded(key, blinded), factor=token.factor)


def test_nothing_that_is_no_blinded_message_is_signed(key):
    n = public_of(key).n
    for wrong in (b"", b"\1", bytes(256), n.to_bytes(256), b"\xff" * 256, bytes(257)):
        with pytest.raises(ValueError, match="no blinded message"):
            sign_blinded(key, wrong)


def test_one_code_gives_one_token_on_every_device_and_another_in_every_vote(key):
    public, code = public_of(key), plain_code(new_code())
    token = token_of(code, BOUND, public)
    assert token == token_of(code, BOUND, public)
    elsewhere = token_of(code, binding(8, "f" * 64), public)
    assert {elsewhere.prepared, elsewhere.salt, elsewhere.factor, elsewhere.tracker}.isdisjoint(
        {token.prepared, token.salt, token.factor, token.tracker}
    )
    blinded = blind(public, token.prepared, salt=token.salt, factor=token.factor)
    signature = finalize(public, token.prepared, sign_blinded(key, blinded), factor=token.factor)
    assert is_signed(public, token.prepared, signature)
    assert token.prepared not in blinded


def test_a_blinded_message_fits_every_token(key):
    """What the roll keeps may belong to any token of the box: for each there is a factor that makes it so."""
    public = public_of(key)
    one, other = (token_of(code * 24, BOUND, public) for code in "AB")
    blinded = int.from_bytes(blind(public, one.prepared, salt=one.salt, factor=one.factor))
    secret = key.private_numbers().d
    encoded = int.from_bytes(encode(other.prepared, other.salt, public.n.bit_length() - 1))
    factor = pow(blinded * pow(encoded, -1, public.n), secret, public.n)
    assert blind(public, other.prepared, salt=other.salt, factor=factor) == blinded.to_bytes(256)


# The codes ------------------------------------------------------------------------------------------------------------


def test_a_code_is_read_as_people_write_it():
    code = new_code()
    letters = code.replace("-", "")
    assert len(letters) == 24
    assert set(letters) <= set(ALPHABET)
    for written in (code, letters, code.lower(), f" {code} ", code.replace("-", " "), code.replace("-", "—")):
        assert plain_code(written) == letters
    for wrong in ("", letters[:-1], letters + "A", letters[:-1] + "0", letters[:-1] + "中"):
        assert plain_code(wrong) == ""
    assert grouped(letters) == code


# The seal -------------------------------------------------------------------------------------------------------------

CODES = {1: "C" * 24, 2: "D" * 24, 3: "E" * 24}
KEYS = {position: holder_key(code, BOUND) for position, code in CODES.items()}
HOLDERS = {position: public_half(key) for position, key in KEYS.items()}


def sealed(marks: str = "2:1", tracker: str = "7KQ4-M2XD-9P", box_key: str = "ab", holders=HOLDERS) -> bytes:
    return seal(marks, tracker, holders=holders, bound=BOUND, box_key=box_key)


@pytest.mark.parametrize("pair", list(combinations((1, 2, 3), 2)))
def test_any_two_holders_open_a_ballot(pair):
    keys = {position: KEYS[position] for position in pair}
    opened = unseal(sealed(), keys=keys, holders=(1, 2, 3), bound=BOUND, box_key="ab")
    assert opened == ("2:1", "7KQ4-M2XD-9P")


def test_two_holders_are_enough_where_the_third_never_took_a_code():
    holders = {position: HOLDERS[position] for position in (1, 3)}
    keys = {position: KEYS[position] for position in (1, 3)}
    ballot = sealed(holders=holders)
    assert len(ballot) == sealed_bytes(2)
    assert unseal(ballot, keys=keys, holders=(1, 3), bound=BOUND, box_key="ab")[0] == "2:1"


@pytest.mark.parametrize("wrong", ["F" * 24, "C" * 24])
def test_one_holder_with_a_wrong_second_code_opens_nothing(wrong):
    keys = {1: KEYS[1], 2: holder_key(wrong, BOUND)}
    with pytest.raises(Unreadable):
        unseal(sealed(), keys=keys, holders=(1, 2, 3), bound=BOUND, box_key="ab")


def test_a_ballot_is_bound_to_its_vote_and_to_its_place_in_the_box():
    keys = {1: KEYS[1], 2: KEYS[2]}
    for elsewhere in ({"bound": binding(8, "f" * 64), "box_key": "ab"}, {"bound": BOUND, "box_key": "cd"}):
        with pytest.raises(Unreadable):
            unseal(sealed(), keys=keys, holders=(1, 2, 3), **elsewhere)


@pytest.mark.parametrize("place", [0, 1, 64, 66, 200, 300, 700])
def test_a_changed_byte_makes_a_ballot_unreadable(place):
    ballot = bytearray(sealed())
    ballot[place] ^= 1
    with pytest.raises(Unreadable):
        unseal(bytes(ballot), keys={1: KEYS[1], 2: KEYS[2]}, holders=(1, 2, 3), bound=BOUND, box_key="ab")


@given(marks=st.text(alphabet="0123456789: ", max_size=400))
def test_all_ballots_have_the_same_length_and_no_two_look_alike(marks):
    first, second = sealed(marks), sealed(marks)
    assert len(first) == len(second) == sealed_bytes(3)
    assert first != second


def test_a_ballot_longer_than_its_paper_is_not_sealed():
    with pytest.raises(ValueError, match="longer"):
        sealed("1:1 " * 200)
