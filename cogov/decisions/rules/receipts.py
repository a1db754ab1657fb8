"""The code on a receipt: says that a ballot is in, and cannot say which."""

from hashlib import sha256
from hmac import new as keyed

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O, 1 I L and U: read aloud or copied by hand, no two are taken for each other."""

LENGTH = 10
NONCE_BYTES = 16


def receipt(decision_id: int, head_key: str, nonce: bytes) -> str:
    """Return a code like "7KQ4-M2XD-9P" for the ballot of a head.

    The nonce is random, at least 16 bytes, and kept with the ballot: without it nobody can work a head's code out.
    A replaced ballot keeps nonce and code; the choice is no argument, so no code can depend on it.
    """
    if len(nonce) < NONCE_BYTES:
        raise ValueError(f"a nonce has at least {NONCE_BYTES} bytes")
    number = int.from_bytes(keyed(nonce, f"{decision_id}:{head_key}".encode(), sha256).digest())
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    code = "".join(letters)
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
