"""Blind signatures: RSABSSA-SHA384-PSS-Randomized of RFC 9474. The signer never sees what the voter will show.

The names are those of the RFC: a prepared message is blinded by whoever will hold the token, signed by the server,
which checks the right to vote, and finalized by the holder. A blinded message fits every token equally well, so roll
and box cannot be joined by it, with whatever computing power.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha384

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

MODULUS_BITS = 2048
EXPONENT = 65537
SALT_BYTES = HASH_BYTES = 48
PREFIX_BYTES = 32
TRAILER = b"\xbc"


PrivateKey = rsa.RSAPrivateKey


@dataclass(frozen=True)
class PublicKey:
    """The key under which the tokens of one decision are signed."""

    n: int
    e: int = EXPONENT

    @property
    def size(self) -> int:
        """Return how many bytes a signature has."""
        return (self.n.bit_length() + 7) // 8


def new_key() -> rsa.RSAPrivateKey:
    """Return a new signing key, for one decision only."""
    return rsa.generate_private_key(public_exponent=EXPONENT, key_size=MODULUS_BITS)


def write_key(key: rsa.RSAPrivateKey) -> str:
    """Write a signing key, to be kept encrypted."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def read_key(text: str) -> PrivateKey:
    """Read what `write_key` wrote."""
    key = load_pem_private_key(text.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("this is no signing key")
    return key


def public_of(key: rsa.RSAPrivateKey) -> PublicKey:
    """Return the public half."""
    numbers = key.public_key().public_numbers()
    return PublicKey(numbers.n, numbers.e)


def blind(key: PublicKey, prepared: bytes, *, salt: bytes, factor: int) -> bytes:
    """Hide a prepared message behind a random factor, coprime to n and below it."""
    encoded = int.from_bytes(encode(prepared, salt, key.n.bit_length() - 1))
    return (encoded * pow(factor, key.e, key.n) % key.n).to_bytes(key.size)


def sign_blinded(key: rsa.RSAPrivateKey, blinded: bytes) -> bytes:
    """Sign a blinded message; ValueError where it is no message under this key.

    The factor drawn here keeps the time it takes from saying anything of the key; the check at the end keeps a fault of
    the machine from giving it away.
    """
    numbers = key.private_numbers()
    p, q, public = numbers.p, numbers.q, numbers.public_numbers
    message = int.from_bytes(blinded)
    if len(blinded) != (public.n.bit_length() + 7) // 8 or not 0 < message < public.n:
        raise ValueError("this is no blinded message under this key")
    mask = secrets.randbelow(public.n - 2) + 2
    masked = message * pow(mask, public.e, public.n) % public.n
    first, second = pow(masked % p, numbers.dmp1, p), pow(masked % q, numbers.dmq1, q)
    raised = second + (numbers.iqmp * (first - second) % p) * q
    signature = raised * pow(mask, -1, public.n) % public.n
    if pow(signature, public.e, public.n) != message:
        raise ArithmeticError("the signature came out wrong and is kept back")
    return signature.to_bytes(len(blinded))


def finalize(key: PublicKey, prepared: bytes, blind_signature: bytes, *, factor: int) -> bytes:
    """Take the factor off a blind signature; ValueError where what is left signs another message."""
    signed = int.from_bytes(blind_signature)
    signature = (signed * pow(factor, -1, key.n) % key.n).to_bytes(key.size)
    if not is_signed(key, prepared, signature):
        raise ValueError("the server has signed something else")
    return signature


def is_signed(key: PublicKey, prepared: bytes, signature: bytes) -> bool:
    """Say whether a signature is one of this key over a prepared message."""
    pss = padding.PSS(mgf=padding.MGF1(SHA384()), salt_length=SALT_BYTES)
    try:
        rsa.RSAPublicNumbers(key.e, key.n).public_key().verify(signature, prepared, pss, SHA384())
    except InvalidSignature:
        return False
    return True


def encode(message: bytes, salt: bytes, bits: int) -> bytes:
    """Return EMSA-PSS-ENCODE (RFC 8017, 9.1.1) of a message with a given salt, for a number of at most so many bits."""
    length = (bits + 7) // 8
    hashed = sha384(bytes(8) + sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - HASH_BYTES - 2) + b"\x01" + salt
    mask = mgf1(hashed, len(block))
    masked = bytearray(a ^ b for a, b in zip(block, mask, strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + hashed + TRAILER


def mgf1(seed: bytes, length: int) -> bytes:
    """Stretch a seed to a mask (RFC 8017, B.2.1)."""
    blocks = range((length + HASH_BYTES - 1) // HASH_BYTES)
    return b"".join(sha384(seed + block.to_bytes(4)).digest() for block in blocks)[:length]
