"""Codes on paper: one that holds all a voter's token needs, one for each holder of the box; shown once, kept nowhere.

What is derived from a code is bound to the decision and to the fingerprint over its rule, options and electorate, so a
code says nothing in any other vote. The page's script derives the same (`static/js/ballot.js`).
"""

import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cogov.decisions.rules.receipts import ALPHABET
from cogov.decisions.rules.secrets.blind import PREFIX_BYTES, SALT_BYTES, PublicKey

LETTERS = 24
"""117 bits of chance: what is derived from them is not found by trying."""

GROUP = 4
SHORT = 10


def new_code() -> str:
    """Return a new code as it is written down: `7KQ4-M2XD-…`."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)))


def grouped(letters: str) -> str:
    """Write letters in groups, to be copied by hand."""
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def plain_code(written: str) -> str:
    """Return the letters of a code as somebody typed it; empty where it cannot be one."""
    letters = "".join(letter for letter in written.upper() if not letter.isspace() and letter not in "-－—–_")
    return letters if len(letters) == LETTERS and set(letters) <= set(ALPHABET) else ""


def binding(decision_id: int, fingerprint: str) -> str:
    """Return what ties tokens, ballots and holders' keys to one decision."""
    return f"cogov secret ballot v1:{decision_id}:{fingerprint}"


@dataclass(frozen=True)
class Token:
    """What a voting code holds: the message of the token, how it is blinded, and the tracker of a checkable ballot."""

    prepared: bytes
    salt: bytes
    factor: int
    tracker: str


def token_of(code: str, bound: str, key: PublicKey) -> Token:
    """Return what is derived from a voting code (its plain letters)."""
    message = derived(code, bound, "prefix", PREFIX_BYTES) + derived(code, bound, "message", 32)
    # 32 bytes more than the modulus has: which factor it is differs from chance by less than anybody could count.
    factor = int.from_bytes(derived(code, bound, "blind", key.size + 32)) % (key.n - 2) + 2
    return Token(
        prepared=message,
        salt=derived(code, bound, "salt", SALT_BYTES),
        factor=factor,
        tracker=short(derived(code, bound, "tracker", 16)),
    )


def derived(code: str, bound: str, purpose: str, length: int) -> bytes:
    """Return bytes that only the code gives, other ones for each purpose."""
    kdf = HKDF(algorithm=SHA256(), length=length, salt=bound.encode(), info=purpose.encode())
    return kdf.derive(code.encode())


def is_tracker(written: str) -> bool:
    """Say whether this is a number as `short` writes them, and nothing that somebody put in its place."""
    letters = written.replace("-", "")
    return len(letters) == SHORT and set(letters) <= set(ALPHABET) and grouped(letters) == written


def short(number: bytes) -> str:
    """Write the beginning of a number in letters that can be read aloud: `7KQ4-M2XD-9P`."""
    rest, letters = int.from_bytes(number), []
    for _ in range(SHORT):
        rest, place = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[place])
    return grouped("".join(letters))
