"""A push message as it travels: where it may go, sealed for one device (RFC 8291), its headers."""

import base64
import binascii
import os
import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend.core.cipher import Keyring

# Whose push services we speak to: of Apple, Mozilla, Google and Microsoft. A leading dot stands
# for any host below.
SERVICES = (
    ".push.apple.com",
    ".push.services.mozilla.com",
    "fcm.googleapis.com",
    ".notify.windows.com",
)
CURVE, ECDH, SHA256 = ec.SECP256R1(), ec.ECDH(), hashes.SHA256()
RECORD_SIZE = (4096).to_bytes(4)  # RFC 8188, 2.1: all of it is one record
LAST_RECORD = b"\x02"  # 2
LONGEST_ENDPOINT = 1000
# Every message is padded to this (RFC 8188, 2), so that its length tells nobody what it is about.
# More than any of ours holds; sealed it is 2151 bytes, and each service takes 4096 (RFC 8030, 7.2).
PADDED = 2048
LONGEST_PAYLOAD = PADDED
# No more than these letters: whoever reads the address then, reads the same host in it.
ENDPOINT = re.compile(
    r"(?P<origin>(?P<scheme>https?)://(?P<host>[a-z0-9.-]{1,253})(:(?P<port>[1-9][0-9]{0,4}))?)"
    r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]+",
    re.ASCII,
)


class BadAddress(ValueError):
    """A subscription that cannot be used; its text is a sentence that says why."""


class Address(NamedTuple):
    """Where a device is reached: what its browser gave, and the key it was subscribed with.

    `p256dh` is the device's public point, `auth` 16 secret bytes (RFC 8291, section 2);
    `key` is our public key as base64url.
    """

    endpoint: str
    p256dh: bytes
    auth: bytes
    key: str

    @property
    def origin(self) -> str:
        """The push service: what a token is signed for, and what circuits are kept by."""
        return origin_of(self.endpoint)

    def written(self) -> str:
        """All of it in one line, for keeping sealed."""
        keys = (b2a_base64(part, newline=False).decode() for part in (self.p256dh, self.auth))
        return " ".join((self.endpoint, *keys, self.key))


def read_address(line: str) -> Address:
    """The other way round."""
    endpoint, p256dh, auth, key = line.split(" ")
    return Address(endpoint, a2b_base64(p256dh), a2b_base64(auth), key)


def checked_address(
    endpoint: str, p256dh: str, auth: str, key: str, *, also: Collection[str] = ()
) -> Address:
    """An address made of what a browser sent; raises BadAddress. `also`: origins besides."""
    check_endpoint(endpoint, also=also)
    try:
        point, secret = _bytes(p256dh), _bytes(auth)
    except (binascii.Error, ValueError):
        raise BadAddress("The keys of this subscription are not base64url.") from None
    if len(secret) != 16:
        raise BadAddress("auth must be 16 bytes.")
    if len(point) != 65 or not _is_on_curve(point):
        raise BadAddress("p256dh must be a point on the curve P-256, uncompressed: 65 bytes.")
    return Address(endpoint, point, secret, key)


def check_endpoint(endpoint: str, *, also: Collection[str] = ()) -> str:
    """The push service's origin, if that is one we speak to; else raises BadAddress."""
    found = ENDPOINT.fullmatch(endpoint) if len(endpoint) <= LONGEST_ENDPOINT else None
    if found is None:
        raise BadAddress("This is no address of a push service.")
    if found["origin"] in also:
        return found["origin"]
    if found["scheme"] != "https" or found["port"] not in (None, "443"):
        raise BadAddress("A push service is reached by https.")
    if not any(_is_of(found["host"], service) for service in SERVICES):
        raise BadAddress("This is not a push service that this server speaks to.")
    return found["origin"]


def origin_of(endpoint: str) -> str:
    found = ENDPOINT.fullmatch(endpoint)
    if found is None:
        raise BadAddress("This is no address of a push service.")
    return found["origin"]


def _is_of(host: str, service: str) -> bool:
    if not service.startswith("."):
        return host == service
    below = host.removesuffix(service)
    return below != host and re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", below) is not None


def _is_on_curve(point: bytes) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except ValueError:
        return False
    return point[0] == 4


def sealed(
    payload: bytes,
    address: Address,
    *,
    private_key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
    padded_to: int = PADDED,
) -> bytes:
    """The payload so that this device alone can read it (aes128gcm, RFC 8291).

    All are of one length. Key and salt are made for each message; they and the padding are given
    only to repeat a published example. Raises BadAddress when the payload is empty or too long.
    """
    if not 0 < len(payload) <= LONGEST_PAYLOAD:
        raise BadAddress(f"A payload has 1 to {LONGEST_PAYLOAD} bytes, this one {len(payload)}.")
    ours = private_key or ec.generate_private_key(CURVE)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, address.p256dh)
    point = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    salt = salt or os.urandom(16)
    # RFC 8291, 3.3 and 3.4
    told = b"WebPush: info\0" + address.p256dh + point
    secret = HKDF(SHA256, 32, address.auth, told).derive(ours.exchange(ECDH, theirs))
    mixed = HKDF.extract(SHA256, salt, secret)
    key = HKDFExpand(SHA256, 16, b"Content-Encoding: aes128gcm\0").derive(mixed)
    nonce = HKDFExpand(SHA256, 12, b"Content-Encoding: nonce\0").derive(mixed)
    padded = (payload + LAST_RECORD).ljust(padded_to + len(LAST_RECORD), b"\0")
    record = AESGCM(key).encrypt(nonce, padded, None)
    return salt + RECORD_SIZE + bytes([len(point)]) + point + record


def headers(authorization: str, *, ttl: int, urgency: str, topic: str) -> list[str]:
    """What goes with a sealed payload (RFC 8030, sections 5.2 to 5.4). `ttl` is in seconds."""
    return [
        f"Authorization: {authorization}",
        f"TTL: {ttl}",
        f"Urgency: {urgency}",
        f"Topic: {topic}",
        "Content-Encoding: aes128gcm",
        "Content-Type: application/octet-stream",
    ]


def topic_of(keyring: Keyring, device: UUID, thread: str) -> str:
    """A Topic: 32 letters of base64url that say nothing of what they were made from.

    A push service keeps only the newest message of a topic for a device that is away. Keyed, and
    another one on each device: of two messages with different addresses nobody can tell whether
    they are for one person, or about one thing, not even with the database at hand.
    """
    digest = keyring.digest(f"{device}\0{thread}", "topic")
    return base64.urlsafe_b64encode(digest[:24]).decode()


def _bytes(text: str) -> bytes:
    """Strict base64url, padded or not."""
    text = text.rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
