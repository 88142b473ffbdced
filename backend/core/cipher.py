"""Encryption of people's words at rest, under keys that the database never sees."""

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
KEY_NAME = 4
FORM = b"\x01"


class CannotOpen(Exception):
    """A sealed value was made under a key that is no longer given, or was altered."""


class Keyring:
    """Encrypts (seals) and decrypts (opens) text, and makes keyed digests to look rows up by.

    `keys` are 32 random bytes each, newest first: the newest encrypts, all decrypt. Every purpose
    has derived keys of its own (HKDF-SHA256, RFC 5869).

    A sealed value is: format (1 byte), name of the key (4), nonce (12), AES-256-GCM ciphertext with
    its tag. `place` (say, "reflection.text") is authenticated with it as associated data, so that
    bytes copied into another column do not open there.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._digest_keys = [derive(key, b"digests") for key in keys]
        seals = [derive(key, b"words") for key in keys]
        self._seals = {hashlib.sha256(key).digest()[:KEY_NAME]: AESGCM(key) for key in seals}
        self._newest = next(iter(self._seals))
        self._covers = [AESSIV(derive(key, b"covers", 64)) for key in keys]
        # by these a key is recognised (`core/key_mark.py`), and nothing else learnt of it
        self.marks = [derive(key, b"mark of a database") for key in keys]
        self.etag_key = derive(keys[0], b"names of states")

    def seal(self, text: str, place: str) -> bytes:
        """The text encrypted under the newest key; another value each time."""
        return self.seal_bytes(text.encode(), place)

    def seal_bytes(self, data: bytes, place: str) -> bytes:
        """As `seal`, of what is no text."""
        nonce = os.urandom(NONCE)
        sealed = self._seals[self._newest].encrypt(nonce, data, place.encode())
        return FORM + self._newest + nonce + sealed

    def open(self, sealed: bytes, place: str) -> str:
        """Decrypt a sealed value; raises CannotOpen."""
        return self.open_bytes(sealed, place).decode()

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """As `open`, of what is no text."""
        aead = self._seals.get(sealed[1 : 1 + KEY_NAME])
        if sealed[:1] != FORM or aead is None:
            raise CannotOpen(f"No key of ALONGSIDE_SECRET_KEYS opens a value of {place}.")
        body = 1 + KEY_NAME + NONCE
        try:
            return aead.decrypt(sealed[1 + KEY_NAME : body], sealed[body:], place.encode())
        except (InvalidTag, ValueError):  # ValueError: cut short
            raise CannotOpen(f"A value of {place} was altered.") from None

    def encrypt_deterministic(self, told: bytes, place: str) -> bytes:
        """Encrypt bytes that a client gets and sends back (a cursor), and is not to read.

        AES-SIV (RFC 5297) under the newest key. Deterministic: the same bytes for the same place
        give the same result, so that an answer that holds it keeps its ETag.
        """
        return self._covers[0].encrypt(told, [place.encode()])

    def decrypt_deterministic(self, covered: bytes, place: str) -> bytes:
        """Decrypt what `encrypt_deterministic` gave; raises CannotOpen."""
        for key in self._covers:
            try:
                return key.decrypt(covered, [place.encode()])
            except (InvalidTag, ValueError):
                continue
        raise CannotOpen(f"This was not covered here for {place}.")

    def digest(self, value: str, purpose: str) -> bytes:
        """HMAC-SHA256 of `value` under the newest key: what to store."""
        return self.digests(value, purpose)[0]

    def digests(self, value: str, purpose: str) -> list[bytes]:
        """The same under every key, newest first: what to look for."""
        message = f"{purpose}\0{value}".encode()
        return [hmac.digest(key, message, "sha256") for key in self._digest_keys]


def derive(key: bytes, purpose: bytes, length: int = 32) -> bytes:
    """A key of `length` bytes for one purpose (HKDF-SHA256)."""
    return HKDF(SHA256(), length, salt=None, info=b"alongside " + purpose).derive(key)


def digest_of_token(token: str) -> bytes:
    """What is stored of a token of ours: it holds 128 random bits or more, so plain SHA-256."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
