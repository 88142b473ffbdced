"""A push message as it travels: where it may go, sealed for one device (RFC 8291), its headers."""

import base64
import binascii
import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Collection
from copy import copy
from typing import NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from pywebpush import WebPusher

from backend.core.cipher import Keyring

# Whose push services we speak to: of Apple, Mozilla, Google and Microsoft. A leading dot stands
# for any host below.
SERVICES = (
    ".push.apple.com",
    ".push.services.mozilla.com",
    "fcm.googleapis.com",
    ".notify.windows.com",
)
CURVE = ec.SECP256R1()
PUSHER = WebPusher({"endpoint": ""})  # it only seals: what is sealed goes out by `core/wire.py`
LONGEST_ENDPOINT = 1000
# Every message is made this long, so that its length tells nobody what it is about. More than any
# of ours holds; sealed it is 2151 bytes, and each service takes 4096 (RFC 8030, 7.2).
LONGEST_PAYLOAD = 2048
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


def sealed(payload: bytes, address: Address) -> bytes:
    """The payload, JSON, so that this device alone can read it (aes128gcm, RFC 8291).

    All are of one length: spaces after it, which JSON allows (RFC 8259, section 2), as pywebpush
    has no padding of its own. Raises BadAddress when it is empty or too long, ValueError for a
    point that is not on the curve.
    """
    if not 0 < len(payload) <= LONGEST_PAYLOAD:
        raise BadAddress(f"A payload has 1 to {LONGEST_PAYLOAD} bytes, this one {len(payload)}.")
    pusher = copy(PUSHER)
    # as they are: given when it is made, they would be written out, copied and read again
    pusher.receiver_key, pusher.auth_key = address.p256dh, address.auth
    body: bytes = pusher.encode(payload.ljust(LONGEST_PAYLOAD))["body"]
    return body


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
