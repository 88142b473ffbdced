"""The coarse limit by network address, before anything costs something."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from backend import create_app
from backend.settings import Settings
from tests.make import Letterbox, Make

CODE = {"email": "amina@cohort.example", "code": "12345678"}


def test_a_guessing_machine_is_told_when_to_come_back(make: Make) -> None:
    """121 in a row: the limit is 60 a minute, and a minute may turn in between."""
    phone = make.stranger()
    body = {"email": "amina@cohort.example", "code": "12345678"}
    for _ in range(121):
        answer = phone.post("/api/sign-in/sessions", json=body)
        if answer.status_code == 429:
            break
    assert answer.json["reason"] == "too_many"  # type: ignore[index]
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    # an address that the client made up is not believed: no proxy is configured
    made_up = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    again = phone.post("/api/sign-in/sessions", json=body, headers=made_up)
    assert again.status_code == 429


def test_a_household_of_addresses_is_one_asker(make: Make) -> None:
    """In the smallest network that IPv6 knows there are more addresses than could be counted."""
    phone, body = make.stranger(), {"email": "amina@cohort.example", "code": "12345678"}
    statuses = [
        phone.post(
            "/api/sign-in/sessions",
            json=body,
            environ_overrides={"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"},
        ).status_code
        for number in range(1, 122)
    ]
    assert 429 in statuses
    elsewhere = {"REMOTE_ADDR": "2001:db8:1:3::1"}
    answer = phone.post("/api/sign-in/sessions", json=body, environ_overrides=elsewhere)
    assert answer.status_code == 403


def guess(phone: FlaskClient, told: str) -> int:
    """What a proxy's guest is answered, of whom it told this."""
    headers = {"X-Forwarded-For": told}
    return phone.post("/api/sign-in/sessions", json=CODE, headers=headers).status_code


@pytest.mark.parametrize(
    ("told", "elsewhere"),
    [
        ("203.0.113.9:{}", "203.0.113.10:40000"),
        ("[2001:db8:1:2::{:x}]:50000", "[2001:db8:1:3::1]:50000"),
        ("2001:db8:1:2::{:x}", "2001:db8:1:3::1"),
    ],
)
def test_behind_a_proxy_that_tells_ports_each_network_counts_for_itself(
    settings: Settings, letterbox: Letterbox, told: str, elsewhere: str
) -> None:
    app = create_app(replace(settings, trusted_proxies=1), mail=letterbox)
    phone = app.test_client()
    assert 429 in [guess(phone, told.format(number)) for number in range(40_000, 40_121)]
    assert guess(phone, elsewhere) == 403
    app.database.engine.dispose()
    app.jobs.huey.storage.close()
