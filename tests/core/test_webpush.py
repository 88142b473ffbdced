"""Where a push may go, and that nobody but its device can read it."""

import base64
import json
import re

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from backend.core import ids
from backend.core.cipher import Keyring
from backend.core.webpush import (
    LONGEST_PAYLOAD,
    Address,
    BadAddress,
    check_endpoint,
    checked_address,
    headers,
    origin_of,
    read_address,
    sealed,
    topic_of,
)
from tests.push.opening import CURVE, Receiver, base64url, from_base64url, point_of

FCM = "https://fcm.googleapis.com/fcm/send/abc"
KNOWN = [
    (FCM, "https://fcm.googleapis.com"),
    ("https://fcm.googleapis.com/wp/e4:APA91b-_x%3A", "https://fcm.googleapis.com"),
    ("https://fcm.googleapis.com:443/wp/a", "https://fcm.googleapis.com:443"),
    ("https://web.push.apple.com/QGuQyavXutnMH", "https://web.push.apple.com"),
    (
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAA_-",
        "https://updates.push.services.mozilla.com",
    ),
    (
        "https://wns2-db5p.notify.windows.com/w/?token=BQYAAAD%2fx%3d",
        "https://wns2-db5p.notify.windows.com",
    ),
]
# What somebody might send to make this server knock elsewhere (OWASP's cases of SSRF).
HOSTILE = [
    "http://fcm.googleapis.com/fcm/send/abc",
    "https://fcm.googleapis.com:8443/fcm/send/abc",
    "https://fcm.googleapis.com:0443/x",
    "https://fcm.googleapis.com",
    "https://fcm.googleapis.com/",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil.example/fcm.googleapis.com/x",
    "https://evilfcm.googleapis.com/x",
    "https://sub.fcm.googleapis.com/x",
    "https://fcm.googleapis.com./x",
    "https://fcm.googleapis.com@127.0.0.1/x",
    "https://user:password@fcm.googleapis.com/x",
    "https://fcm.googleapis.com#@127.0.0.1/x",
    "https://fcm.googleapis.com?@127.0.0.1/x",
    "https://fcm.googleapis.com\\@127.0.0.1/x",
    "https://127.0.0.1\\@fcm.googleapis.com/x",
    "https://push.apple.com/x",
    "https://.push.apple.com/x",
    "https://-..push.apple.com/x",
    "https://evilpush.apple.com/x",
    "https://notify.windows.com.evil.example/x",
    "https://a.notify.windows.com%2f@127.0.0.1/x",
    "https://127.0.0.1/x",
    "https://localhost/x",
    "https://[::1]/x",
    "https://[::ffff:169.254.169.254]/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://2130706433/x",
    "https://0x7f.1/x",
    "https://fcm.googleapis.c\u043em/x",  # a Cyrillic letter
    "https://fcm.googleapis\uff0ecom/x",  # a full stop that some software takes for one
    "https://fcm.googleapis.com/x\r\nHost: 127.0.0.1",
    "https://fcm.googleapis.com/x y",
    "https://fcm.googleapis.com/\tx",
    "https://fcm.googleapis.com/x#fragment",
    "https:///fcm.googleapis.com/x",
    "https:/fcm.googleapis.com/x",
    "//fcm.googleapis.com/x",
    "ftp://fcm.googleapis.com/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1:25/x",
    "HTTPS://fcm.googleapis.com/x",
    "",
    "x" * 2000,
    FCM + "x" * 2000,
]


@pytest.mark.parametrize(("endpoint", "origin"), KNOWN)
def test_known_push_services_are_spoken_to(endpoint: str, origin: str) -> None:
    assert check_endpoint(endpoint) == origin == origin_of(endpoint)


def test_the_table_is_as_long_as_was_asked_for() -> None:
    assert len(HOSTILE) >= 29


@pytest.mark.parametrize("endpoint", HOSTILE)
def test_nobody_else_is(endpoint: str) -> None:
    with pytest.raises(BadAddress):
        check_endpoint(endpoint)


def test_an_origin_that_the_operator_named_is_spoken_to() -> None:
    also = ("https://push.example.org:8443", "http://127.0.0.1:9000")
    assert check_endpoint("https://push.example.org:8443/a", also=also) == also[0]
    assert check_endpoint("http://127.0.0.1:9000/a", also=also) == also[1]
    for endpoint in (
        "https://push.example.org/a",
        "http://push.example.org:8443/a",
        "http://127.0.0.1:9001/a",
        "https://a.push.example.org:8443/a",
    ):
        with pytest.raises(BadAddress):
            check_endpoint(endpoint, also=also)


def keys_of(**instead: str) -> dict[str, str]:
    return {**Receiver().keys, **instead}


OFF_THE_CURVE = base64url(b"\x04" + b"\x01" * 64)
COMPRESSED = base64url(b"\x02" + b"\x01" * 32)


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": ""},
        {"p256dh": "!!!"},
        {"p256dh": OFF_THE_CURVE},
        {"p256dh": COMPRESSED},
        {"p256dh": base64url(b"\x04" + b"\0" * 64)},
        {"p256dh": base64url(bytes(65))},
        {"p256dh": base64url(point_of(Receiver().private) + b"\0")},
        {"p256dh": "\u00e9" * 87},
        {"auth": ""},
        {"auth": base64url(bytes(15))},
        {"auth": base64url(bytes(17))},
        {"auth": "not base64url at all"},
        {"auth": "A"},
    ],
)
def test_keys_that_nobody_could_open_with_are_refused(keys: dict[str, str]) -> None:
    with pytest.raises(BadAddress):
        checked_address(FCM, **keys_of(**keys), key="k")


def test_right_keys_are_taken_padded_or_not() -> None:
    keys = Receiver().keys
    padded = {name: text + "=" * (-len(text) % 4) for name, text in keys.items()}
    assert checked_address(FCM, **keys, key="k") == checked_address(FCM, **padded, key="k")


def address_of(receiver: Receiver) -> Address:
    return checked_address(FCM, **receiver.keys, key="k")


def test_an_address_is_read_as_it_was_written() -> None:
    address = address_of(Receiver())
    assert read_address(address.written()) == address
    assert address.origin == "https://fcm.googleapis.com"


def key_of(number: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(from_base64url(number)), CURVE)


def test_the_example_of_rfc_8291_is_opened() -> None:
    """Section 5 and appendix A: what opens in these tests is right by the standard itself, so what
    it opens below was sealed by the standard too.
    """
    receiver = Receiver(
        key_of("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"),
        from_base64url("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    assert receiver.keys["p256dh"] == (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    )
    body = from_base64url(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmY"
        "WAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS"
        "gSxsj_Qulcy4a-fN"
    )
    assert receiver.open(body) == b"When I grow up, I want to be a watermelon"


@pytest.mark.parametrize("length", [2, 3, 300, LONGEST_PAYLOAD])
def test_what_is_sealed_is_opened_by_its_device_alone(length: int) -> None:
    receiver, other = Receiver(), Receiver()
    payload = json.dumps("x" * (length - 2)).encode()
    body = sealed(payload, address_of(receiver))
    assert len(body) <= 4096
    opened = receiver.open(body)
    assert json.loads(opened) == "x" * (length - 2)
    assert len(opened) == LONGEST_PAYLOAD
    with pytest.raises(InvalidTag):
        other.open(body)
    with pytest.raises(InvalidTag):
        receiver.open(body[:-1] + bytes([body[-1] ^ 1]))


@pytest.mark.parametrize("length", [0, LONGEST_PAYLOAD + 1, 10_000])
def test_nothing_and_too_much_are_not_sealed(length: int) -> None:
    with pytest.raises(BadAddress):
        sealed(b"x" * length, address_of(Receiver()))


def test_all_that_is_sealed_has_one_length() -> None:
    """A length is all that a push service sees of a message, and it tells the kind no more."""
    address = address_of(Receiver())
    assert {len(sealed(b"x" * length, address)) for length in (1, 2, 300, LONGEST_PAYLOAD)} == {
        2151
    }


def test_each_message_has_a_key_and_a_salt_of_its_own() -> None:
    address = address_of(Receiver())
    bodies = [sealed(b"same", address) for _ in range(20)]
    assert len({body[:16] for body in bodies}) == len({body[21:86] for body in bodies}) == 20


def test_a_topic_is_short_and_says_nothing() -> None:
    keyring, phone, tablet = Keyring([b"1" * 32]), ids.new_id(), ids.new_id()
    topics = {
        topic_of(keyring, phone, "shared"),
        topic_of(keyring, tablet, "shared"),
        topic_of(keyring, phone, "response"),
        topic_of(Keyring([b"2" * 32]), phone, "shared"),
    }
    assert len(topics) == 4, "another device, thread or key is another topic"
    for topic in topics:
        assert re.fullmatch(r"[A-Za-z0-9_-]{32}", topic)
        assert b"shared" not in base64.urlsafe_b64decode(topic)
    assert topic_of(keyring, phone, "shared") == topic_of(keyring, phone, "shared")


def test_headers_say_how_long_and_how_urgent() -> None:
    told = dict(
        line.split(": ", 1) for line in headers("vapid", ttl=60, urgency="high", topic="t")[:-1]
    )
    assert json.loads(told["TTL"]) == 60
    assert (told["Urgency"], told["Topic"]) == ("high", "t")
