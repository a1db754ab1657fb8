"""A ballot sealed for any two of the holders of the box; nobody else can open it, the server included.

Each holder's key comes from a code that only the holder has; the server keeps the public halves. The key of a ballot
is wrapped once for every pair of holders, under a secret that takes both of their keys. So there is no counting key
that could lie on a disk or be lost, and who publishes the vote never sees a holder's code.

P-256, HKDF and AES-GCM are what old browsers have too; X25519 is not. A ballot key serves for one message, so the
nonces are zero. All ballots of a decision have the same length.
"""

import secrets
from collections.abc import Mapping, Sequence
from itertools import combinations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cogov.decisions.rules.secrets.codes import derived

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
POINT_BYTES, KEY_BYTES, TAG_BYTES = 65, 32, 16
WRAP_BYTES = KEY_BYTES + TAG_BYTES
PAYLOAD_BYTES = 480
NONCE = bytes(12)

Pair = tuple[int, int]


class Unreadable(ValueError):
    """What lies in the box under this token is no ballot: it opens under no pair of holders, or holds no text."""


def holder_key(code: str, bound: str) -> EllipticCurvePrivateKey:
    """Return the key of a holder from the plain letters of the code."""
    scalar = int.from_bytes(derived(code, bound, "holder", 48)) % (ORDER - 1) + 1
    return derive_private_key(scalar, SECP256R1())


def public_half(key: EllipticCurvePrivateKey) -> bytes:
    """Return the public half, as a point that is not compressed."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def pairs_of(holders: Sequence[int]) -> list[Pair]:
    """Return every two holders, in order."""
    return list(combinations(sorted(holders), 2))


def sealed_bytes(holders: int) -> int:
    """Return how long a sealed ballot is: the same for everybody in a decision."""
    return POINT_BYTES + holders * (holders - 1) // 2 * WRAP_BYTES + PAYLOAD_BYTES + TAG_BYTES


def seal(marks: str, tracker: str, *, holders: Mapping[int, bytes], bound: str, box_key: str) -> bytes:
    """Seal marks and tracker for every pair of holders (position to public key); `box_key` is where it will lie."""
    text = f"{tracker}\n{marks}".encode()
    if len(text) > PAYLOAD_BYTES:
        raise ValueError("a ballot is longer than the paper it is written on")
    passing = generate_private_key(SECP256R1())
    point, bound_to = public_half(passing), f"{bound}:{box_key}".encode()
    halves = {position: passing.exchange(ECDH(), _point(key)) for position, key in holders.items()}
    ballot_key = secrets.token_bytes(KEY_BYTES)
    head = point + b"".join(
        AESGCM(_wrapping(halves[one] + halves[other], point, (one, other))).encrypt(NONCE, ballot_key, bound_to)
        for one, other in pairs_of(list(holders))
    )
    return head + AESGCM(ballot_key).encrypt(NONCE, text.ljust(PAYLOAD_BYTES, b"\0"), bound_to + head)


def unseal(
    sealed: bytes,
    *,
    keys: Mapping[int, EllipticCurvePrivateKey],
    holders: Sequence[int],
    bound: str,
    box_key: str,
) -> tuple[str, str]:
    """Open a ballot with the keys of two holders; return marks and tracker. `holders` are all who have a key."""
    if len(sealed) != sealed_bytes(len(holders)):
        raise Unreadable
    one, other = sorted(keys)
    point, bound_to = sealed[:POINT_BYTES], f"{bound}:{box_key}".encode()
    start = POINT_BYTES + pairs_of(holders).index((one, other)) * WRAP_BYTES
    end = POINT_BYTES + len(pairs_of(holders)) * WRAP_BYTES
    try:
        passing = _point(point)
        shared = keys[one].exchange(ECDH(), passing) + keys[other].exchange(ECDH(), passing)
        wrapping = AESGCM(_wrapping(shared, point, (one, other)))
        ballot_key = wrapping.decrypt(NONCE, sealed[start : start + WRAP_BYTES], bound_to)
        text = AESGCM(ballot_key).decrypt(NONCE, sealed[end:], bound_to + sealed[:end]).rstrip(b"\0").decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error
    tracker, _, marks = text.partition("\n")
    return marks, tracker


def _point(key: bytes) -> EllipticCurvePublicKey:
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), key)


def _wrapping(shared: bytes, point: bytes, pair: Pair) -> bytes:
    info = f"pair {pair[0]} {pair[1]}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=point, info=info).derive(shared)
