"""The other side of a push: opening what was sealed, checking who sent it.

Written from the RFCs on `cryptography` alone: what seals and signs (pywebpush with http-ece, and
py-vapid) has no part in it, so a mistake there cannot hide here.
"""

import base64
import json
import os
import re
import struct
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
A_DAY = 24 * 60 * 60


def base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """Strict: RFC 7515 has no padding and no other letters."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError(text)
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


@dataclass
class Receiver:
    """A device's secrets (RFC 8291, section 2)."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(CURVE)
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def keys(self) -> dict[str, str]:
        """As a browser gives them away."""
        return {"p256dh": base64url(point_of(self.private)), "auth": base64url(self.auth)}

    def open(self, body: bytes) -> bytes:
        """What was sealed for this device; raises ValueError or InvalidTag."""
        salt, size, id_length = body[:16], *struct.unpack("!IB", body[16:21])
        if id_length != 65 or size < 18 or not 21 + 65 + 17 < len(body) <= 21 + 65 + size:
            raise ValueError("not one record with a point before it")
        sender, record = body[21:86], body[86:]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        shared = self.private.exchange(ec.ECDH(), theirs)
        info = b"WebPush: info\0" + point_of(self.private) + sender
        secret = hkdf(self.auth, shared, info, 32)
        key = hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, record, None)
        text, mark, padding = padded.rpartition(b"\x02")
        if not mark or padding.strip(b"\0"):
            raise ValueError("the last record is not marked as such")
        return text


class BadSignature(Exception):
    """Why a push service does not believe who is sending."""


def check_vapid(header: str, *, origin: str, key: str, now: float) -> str:
    """What RFC 8292 asks of the header, as strictly as the strictest service; gives `sub`."""
    found = re.fullmatch(r"vapid t=([A-Za-z0-9_.-]+), ?k=([A-Za-z0-9_-]+)", header)
    if not found:
        raise BadSignature("no vapid header")
    token, sent_key = found.groups()
    try:
        head, claims, signature = token.split(".")
        told = json.loads(from_base64url(head)), json.loads(from_base64url(claims))
        raw = from_base64url(signature)
        public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_base64url(sent_key))
        numbers = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
        der = encode_dss_signature(*numbers)
        public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    except (ValueError, InvalidSignature) as error:
        raise BadSignature("not signed") from error
    if len(raw) != 64 or told[0].get("alg") != "ES256":
        raise BadSignature("not ES256")
    if sent_key != key:
        raise BadSignature("another key than it was subscribed with")
    if told[1].get("aud") != origin:
        raise BadSignature("meant for another service")
    if not now < told[1].get("exp", 0) <= now + A_DAY:
        raise BadSignature("out of date, or good for more than a day")
    return str(told[1].get("sub", ""))


def is_contact(sub: str) -> bool:
    """What Apple takes: a mailto or an https address on a host that can be real."""
    host = re.fullmatch(r"mailto:[^\s@]+@([a-z0-9.-]+)|https://([a-z0-9.-]+)(/\S*)?", sub)
    name = host and (host[1] or host[2])
    return bool(
        name and "." in name and not name.endswith((".local", ".invalid", ".localhost", ".test"))
    )
