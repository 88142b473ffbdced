"""Signing: a token for each key and push service, made once, and believed by all of them."""

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.core import clock
from backend.core.vapid import Signer, UnknownKey, private_key_of, public_text, rotate
from backend.settings import from_environment
from tests.push.opening import BadSignature, check_vapid, from_base64url

OLD, NEW = bytes(range(1, 33)), bytes(range(2, 34))
ORIGIN = "https://web.push.apple.com"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def signer() -> Signer:
    return Signer([NEW, OLD], "mailto:you@example.org")


def claims(header: str) -> dict[str, object]:
    token = header.partition("t=")[2].partition(",")[0]
    found: dict[str, object] = json.loads(from_base64url(token.split(".")[1]))
    return found


def test_a_strict_push_service_believes_it(signer: Signer) -> None:
    header = signer.authorization(signer.newest, ORIGIN)
    sub = check_vapid(header, origin=ORIGIN, key=signer.newest, now=time.time())
    assert sub == "mailto:you@example.org"


def test_it_is_good_for_twelve_hours(signer: Signer) -> None:
    with clock.standing_at(NOW):
        header = signer.authorization(signer.newest, ORIGIN)
    assert claims(header)["exp"] == (NOW + timedelta(hours=12)).timestamp()


def test_one_is_made_for_each_key_and_service_and_renewed_early(signer: Signer) -> None:
    def asked(after: timedelta, key: str = signer.newest, origin: str = ORIGIN) -> str:
        with clock.standing_at(NOW + after):
            return signer.authorization(key, origin)

    first = asked(timedelta())
    assert asked(timedelta(hours=10, minutes=59)) == first
    renewed = asked(timedelta(hours=11, seconds=1))
    assert renewed != first
    assert claims(renewed)["exp"] == (NOW + timedelta(hours=23, seconds=1)).timestamp()
    other = asked(timedelta(), origin="https://fcm.googleapis.com")
    assert claims(other)["aud"] == "https://fcm.googleapis.com"
    assert claims(asked(timedelta()))["aud"] == ORIGIN  # nothing stuck
    assert asked(timedelta(), key=signer.live[1]).endswith(signer.live[1])


def test_after_the_clock_was_put_back_none_is_good_for_more_than_a_day(signer: Signer) -> None:
    with clock.standing_at(NOW + timedelta(days=3)):
        signer.authorization(signer.newest, ORIGIN)
    with clock.standing_at(NOW):
        header = signer.authorization(signer.newest, ORIGIN)
    check_vapid(header, origin=ORIGIN, key=signer.newest, now=NOW.timestamp())


def test_two_keys_are_live_and_each_device_is_addressed_with_its_own(signer: Signer) -> None:
    assert signer.live == (public_text(private_key_of(NEW)), public_text(private_key_of(OLD)))
    for key in signer.live:
        check_vapid(signer.authorization(key, ORIGIN), origin=ORIGIN, key=key, now=time.time())
    with pytest.raises(UnknownKey):
        signer.authorization(public_text(private_key_of(bytes([7] * 32))), ORIGIN)


def test_the_strict_service_would_see_a_wrong_token(signer: Signer) -> None:
    """The control: each thing wrong on purpose."""
    right = signer.authorization(signer.newest, ORIGIN)
    now = time.time()
    for header, origin, key, moment in (
        (right, "https://fcm.googleapis.com", signer.newest, now),
        (right, ORIGIN, signer.live[1], now),
        (right, ORIGIN, signer.newest, now + 13 * 3600),
        (right, ORIGIN, signer.newest, now - 13 * 3600),
        (right.replace("t=", "t=A"), ORIGIN, signer.newest, now),
        ("WebPush abc", ORIGIN, signer.newest, now),
    ):
        with pytest.raises(BadSignature):
            check_vapid(header, origin=origin, key=key, now=moment)


def test_many_services_do_not_fill_the_memory(signer: Signer) -> None:
    for number in range(1200):
        signer._kept[signer.newest, f"https://{number}.notify.windows.com"] = NOW, "t"
    signer.authorization(signer.newest, ORIGIN)
    assert len(signer._kept) < 1200


def test_a_new_key_comes_first_and_the_one_before_stays_live(tmp_path: Path) -> None:
    environ = {"ALONGSIDE_DATA": str(tmp_path)}
    settings = from_environment(environ)
    [before] = settings.vapid_keys
    made = rotate(settings.vapid_file, settings.vapid_keys)
    after = from_environment(environ).vapid_keys
    assert after[1:] == (before,)
    assert Signer(after, "").newest == made
    assert settings.vapid_file.stat().st_mode & 0o777 == 0o600
    rotate(settings.vapid_file, after)
    assert from_environment(environ).vapid_keys[1:] == after[:1]
