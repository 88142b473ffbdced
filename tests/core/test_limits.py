"""The coarse limit by network address, before anything costs something."""

from tests.make import Make


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
