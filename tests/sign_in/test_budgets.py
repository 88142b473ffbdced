"""A stranger shuts nobody out: what is limited is letters, by address, network and device."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from backend.core import clock
from backend.core.addresses import network_of
from backend.core.errors import Refused
from backend.core.limits import limiter
from backend.core.outbox.models import Outgoing
from backend.sign_in import actions
from backend.sign_in.budgets import (
    A_DEVICE,
    A_NETWORK,
    LETTERS,
    LIVE_CODES,
    LONG,
    LONG_CODES_A_NETWORK,
    RESERVED,
    SHORT,
    SHORT_CODES,
    TRIES_A_CODE,
    Budget,
    Granted,
    SentLetter,
    grant,
)
from backend.sign_in.models import CodeLetter, KnownDevice
from backend.sign_in.rules import Asker
from tests.conftest import A_MORNING
from tests.make import Letterbox, Make, Somebody

EMAIL = "amina@cohort.example"
HOME = "198.51.100.7"
ALL_DAY = [A_MORNING + timedelta(minutes=11 * number) for number in range(60)]


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The coarse limit by network stands before these; it is tested by itself."""
    monkeypatch.setattr(limiter, "enabled", False)


def ask(phone: FlaskClient, network: str, path: str = "/api/sign-in") -> TestResponse:
    """Ask for a code from a network."""
    told = {"REMOTE_ADDR": network}
    return phone.post(f"{path}/codes", json={"email": EMAIL}, environ_overrides=told)


def prove(phone: FlaskClient, code: str, network: str) -> TestResponse:
    body = {"email": EMAIL, "code": code}
    return phone.post(
        "/api/sign-in/sessions", json=body, environ_overrides={"REMOTE_ADDR": network}
    )


def flood(make: Make, networks: int = 100) -> int:
    """A stranger with many networks asks until each is refused; how many letters that made."""
    made = 0
    with make.session() as session:
        for number in range(networks):
            with suppress(Refused):
                for device in range(99):  # a new one each time
                    asker = Asker(f"203.0.{number}.1", f"attempt {device}")
                    actions.send_code(session, EMAIL, asker)
                    made += 1
        session.execute(delete(Outgoing))
    return made


@pytest.fixture
def flooded(make: Make) -> Iterator[Somebody]:
    """Amina, whose address a stranger with a hundred networks asks codes for all morning."""
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
        made = flood(make)
        assert SHORT_CODES + 90 * LONG_CODES_A_NETWORK <= made < LETTERS, made
        yield amina


def test_on_a_device_that_was_signed_in_before_a_code_is_to_be_had(
    flooded: Somebody, make: Make, letterbox: Letterbox
) -> None:
    flooded.phone.delete_cookie("alongside-session")  # it ran out
    for _ in range(A_DEVICE):
        assert ask(flooded.phone, HOME).status_code == 202
    make.deliver()
    assert len(letterbox.code()) == len("1234 5678")
    assert prove(flooded.phone, letterbox.code(), HOME).status_code == 201


def test_after_signing_out_it_is_known_still(flooded: Somebody) -> None:
    assert flooded.phone.delete("/api/sign-in/sessions/current").status_code == 204
    assert ask(flooded.phone, HOME).status_code == 202
    assert ask(flooded.phone, "203.0.1.1").status_code == 202
    flooded.phone.delete_cookie("alongside-device")  # without that cookie it asks as a stranger
    assert ask(flooded.phone, "203.0.1.1").status_code == 429


def test_from_a_network_of_ones_own_a_longer_code_is_to_be_had(
    flooded: Somebody, make: Make, letterbox: Letterbox
) -> None:
    phone = make.stranger()
    assert ask(phone, HOME).status_code == 202
    make.deliver()
    code = letterbox.code()
    assert len(code) == len("1234 5678 9012")
    assert prove(phone, code, HOME).status_code == 201


def test_who_holds_an_open_invitation_can_join(
    flooded: Somebody, make: Make, letterbox: Letterbox
) -> None:
    morag = make.somebody("Morag")
    _, token = make.invitation(morag, make.cohort(morag))
    phone, path = make.stranger(), f"/api/invitations/{token}"
    # from the very network that the stranger has used up
    assert ask(phone, "203.0.1.1").status_code == 429
    assert ask(phone, "203.0.1.1", path).status_code == 202
    make.deliver()
    code = letterbox.code()
    joined = phone.post(f"{path}/acceptance", json={"email": EMAIL, "code": code, "name": "Amina"})
    assert joined.status_code == 201


def test_an_invitation_that_is_over_or_made_up_asks_for_nobody(make: Make) -> None:
    morag = make.somebody("Morag")
    id, token = make.invitation(morag, cohort := make.cohort(morag))
    morag.delete(f"/api/cohorts/{cohort}/invitations/{id}")
    assert ask(make.stranger(), HOME, f"/api/invitations/{token}").status_code == 410
    assert ask(make.stranger(), HOME, "/api/invitations/made-up").status_code == 404
    with make.session() as session:
        assert session.scalar(select(func.count()).select_from(CodeLetter)) == 0


def test_one_network_has_five_live_codes_and_another_as_many(make: Make) -> None:
    with clock.standing_at(A_MORNING):
        asked = [ask(make.stranger(), "203.0.113.1") for _ in range(LIVE_CODES + 1)]
        assert [answer.status_code for answer in asked] == [202] * LIVE_CODES + [429]
        assert asked[-1].json["reason"] == "too_many_codes"  # type: ignore[index]
        assert asked[-1].headers["Retry-After"] == "600"
        assert ask(make.stranger(), "203.0.113.2").status_code == 202
    with clock.standing_at(A_MORNING + timedelta(minutes=10)):
        assert ask(make.stranger(), "203.0.113.1").status_code == 202


def test_one_network_has_a_dozen_letters_a_day_and_no_more_by_another_address_in_it(
    make: Make,
) -> None:
    granted = 0
    for number, moment in enumerate(ALL_DAY[:40]):
        with clock.standing_at(moment):
            answer = ask(make.stranger(), f"2001:db8:1:2::{number:x}")
        granted += answer.status_code == 202
    assert granted == A_NETWORK + LONG_CODES_A_NETWORK
    with clock.standing_at(ALL_DAY[40]):
        assert ask(make.stranger(), "2001:db8:1:3::1").status_code == 202
    with clock.standing_at(A_MORNING + timedelta(days=1, hours=10)):
        assert ask(make.stranger(), "2001:db8:1:2::ffff").status_code == 202


def test_a_device_is_known_to_the_addresses_that_were_signed_in_on_it(
    flooded: Somebody, make: Make
) -> None:
    callum = make.somebody("Callum")
    assert ask(callum.phone, "203.0.1.1").status_code == 429
    made_up = make.stranger()
    made_up.set_cookie("alongside-device", "A" * 32)
    assert ask(made_up, "203.0.1.1").status_code == 429


def test_what_a_device_keeps_and_what_we_keep_of_it_name_nobody(
    make: Make, letterbox: Letterbox
) -> None:
    make.somebody()
    phone = make.stranger()
    code = make.code_for(phone, EMAIL)
    (line,) = [
        one
        for one in prove(phone, code, HOME).headers.getlist("Set-Cookie")
        if one.startswith("alongside-device=")
    ]
    assert "HttpOnly" in line
    assert "Max-Age=34560000" in line
    cookie = phone.get_cookie("alongside-device")
    assert cookie
    assert len(cookie.value) == 32  # random, and the same for whoever signs in on it
    with make.session() as session:
        rows = [(row.digest, row.signed_in_at) for row in session.scalars(select(KnownDevice))]
        letters = [
            (row.network_digest, row.device_digest) for row in session.scalars(select(CodeLetter))
        ]
    shown = repr((rows, letters))
    assert EMAIL not in shown
    assert cookie.value not in shown
    assert HOME not in shown


def test_a_device_that_is_not_used_for_long_is_forgotten(make: Make) -> None:
    with clock.standing_at(A_MORNING):
        make.somebody()
    for days, left in ((400, 1), (401, 0)):
        with clock.standing_at(A_MORNING + timedelta(days=days)), make.session() as session:
            actions.tidy(session, absolute=timedelta(days=180))
        with make.session() as session:
            assert session.scalar(select(func.count()).select_from(KnownDevice)) == left


def test_all_guesses_of_a_day_together_are_no_likelier_to_hit_than_fifty_short_codes() -> None:
    """Fifty codes of eight digits with five tries each: what held before there were budgets."""
    sent: list[SentLetter] = []
    by: dict[Budget, int] = dict.fromkeys(Budget, 0)
    chance = 0.0
    # everybody at once: a network each, all of them on known devices and invited, until nobody is
    for _network in range(2_000):
        for is_known, is_invited in ((True, True), (False, True), (False, False)):
            while isinstance(
                got := grant(sent, A_MORNING, is_known=is_known, is_invited=is_invited), Granted
            ):
                by[got.budget] += 1
                chance += TRIES_A_CODE / 10**got.digits
                until = A_MORNING + timedelta(minutes=10)
                sent.append(SentLetter(got.budget, got.digits == LONG, True, is_known, until))
        sent = [SentLetter(one.budget, one.is_long, False, False, one.live_until) for one in sent]
    assert by == {Budget.ANYBODY: LETTERS, Budget.DEVICE: RESERVED, Budget.INVITATION: RESERVED}
    assert sum(one.budget is Budget.ANYBODY and not one.is_long for one in sent) == SHORT_CODES
    assert chance <= 50 * 5 / 10**8


@pytest.mark.parametrize(("digits"), [SHORT, LONG])
def test_a_code_is_tried_five_times_however_long_it_is(
    make: Make, letterbox: Letterbox, digits: int
) -> None:
    with clock.standing_at(A_MORNING):
        make.somebody()
        if digits == LONG:
            flood(make, networks=10)
        phone = make.stranger()
        ask(phone, HOME)
        make.deliver()
        code = letterbox.code().replace(" ", "")
        assert len(code) == digits
        wrong = f"{(int(code) + 1) % 10**digits:0{digits}}"
        for _ in range(5):
            assert prove(phone, wrong, HOME).status_code == 403
        assert prove(phone, code, HOME).status_code == 403


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        # a proxy may tell the port as well, another one for each connection
        ("203.0.113.9:51234", "203.0.113.9"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:51234", "2001:db8:1:2::/64"),
        ("[fe80::1%eth0]:80", "fe80::/64"),
        ("[::ffff:203.0.113.9]:51234", "203.0.113.9"),
        ("::ffff:203.0.113.9:51234", "203.0.113.9"),
        ('"203.0.113.9"', "203.0.113.9"),
        ('"[2001:db8:1:2::9]:51234"', "2001:db8:1:2::/64"),
        ("64:ff9b::203.0.113.9", "203.0.113.9"),
        ("::203.0.113.9", "203.0.113.9"),
        ("::1", "0.0.0.1"),
        ("unknown", "here"),
        ("_hidden:80", "here"),
        ("", "here"),
        (None, "here"),
    ],
)
def test_what_counts_as_one_network(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_the_log_tells_the_same_one_again_and_nobody_who(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "alongside.security")
    make.somebody()
    for email, network in (
        (EMAIL, HOME),
        (EMAIL, HOME),
        (EMAIL, "203.0.113.5"),
        ("callum@cohort.example", HOME),
    ):
        body = {"email": email, "code": "12345678"}
        told = {"REMOTE_ADDR": network}
        make.stranger().post("/api/sign-in/sessions", json=body, environ_overrides=told)
    refused = [one.__dict__ for one in caplog.records if one.getMessage() == "code_refused"]
    seen = [(one["address"], one["network"]) for one in refused]
    assert seen[0] == seen[1]
    assert seen[2][0] == seen[0][0] != seen[3][0]
    assert seen[3][1] == seen[0][1] != seen[2][1]
    with make.session() as session:
        digests = {row.digest.hex() for row in session.scalars(select(KnownDevice))}
    assert all(not any(told in row for row in digests) for told in seen[0])
    text = repr(refused)
    assert EMAIL not in text
    assert HOME not in text
