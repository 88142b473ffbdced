"""VAPID (RFC 8292): the signature by which a push service knows that a push comes from us."""

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from backend.core import clock
from backend.key_files import keep_keys

LASTS = timedelta(hours=12)  # RFC 8292 allows 24; a push service's clock may differ from ours
RENEWED_BEFORE = timedelta(hours=1)
MOST_KEPT = 1000  # tokens; nobody has so many push services


class UnknownKey(Exception):
    """A device was subscribed with a key that is no longer among ours."""


class Signer:
    """Signs pushes with the one or two live keys, newest first.

    A device has to be addressed with the key that it subscribed with. Thread-safe.
    """

    def __init__(self, keys: Sequence[bytes], subject: str) -> None:
        pairs = [Vapid02(private_key_of(key), conf={"no-strict": True}) for key in keys]
        self._pairs = {public_text(pair.private_key): pair for pair in pairs}
        self._subject = subject
        self._kept: dict[tuple[str, str], tuple[datetime, str]] = {}

    @property
    def newest(self) -> str:
        """The public key that new devices subscribe with, as base64url."""
        return next(iter(self._pairs))

    @property
    def live(self) -> tuple[str, ...]:
        """The public keys that devices may be addressed with, newest first."""
        return tuple(self._pairs)

    def authorization(self, key: str, origin: str, now: datetime | None = None) -> str:
        """The Authorization header for one push service, cached for eleven hours.

        `key`: the public key that the device subscribed with; `origin`: the service's; `now` saves
        a look at the clock. Raises UnknownKey.
        """
        now = now or clock.now()
        until, header = self._kept.get((key, origin), (now, ""))
        if RENEWED_BEFORE < until - now <= LASTS:
            return header
        until = now + LASTS
        header = self._signed(key, origin, until)
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key, origin] = until, header
        return header

    def _signed(self, key: str, origin: str, until: datetime) -> str:
        pair = self._pairs.get(key)
        if pair is None:
            raise UnknownKey
        # made anew each time: py-vapid's callers have been caught out by claims that stick
        claims = {"aud": origin, "exp": int(until.timestamp()), "sub": self._subject}
        header: str = pair.sign(claims)["Authorization"]
        return header


def private_key_of(number: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(number), ec.SECP256R1())


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half as browsers want it: the uncompressed point in base64url, unpadded."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def rotate(path: Path, keys: Sequence[bytes]) -> str:
    """Write a file with a new key before the newest of `keys`; returns the new public key.

    Those two are the live keys from then on; older ones are dropped.
    """
    made = ec.generate_private_key(ec.SECP256R1())
    number = made.private_numbers().private_value
    keep_keys(path, [number.to_bytes(32), *keys[:1]], instead=True)
    return public_text(made)
