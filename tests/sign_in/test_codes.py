"""Codes: eight digits, ten minutes, five tries, the device that asked, once."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from backend.core import clock
from backend.core.db import keyring_of
from backend.core.limits import limiter
from backend.sign_in import actions, rules
from backend.sign_in.budgets import SHORT
from backend.sign_in.models import SignInCode
from tests.conftest import A_MORNING
from tests.make import Letterbox, Make

EMAIL = "amina@cohort.example"


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit by network address stands before these; it is tested by itself."""
    monkeypatch.setattr(limiter, "enabled", False)


def ask(phone: FlaskClient, email: str = EMAIL) -> TestResponse:
    return phone.post("/api/sign-in/codes", json={"email": email})


def prove(phone: FlaskClient, code: str, email: str = EMAIL) -> TestResponse:
    return phone.post("/api/sign-in/sessions", json={"email": email, "code": code})


def wrong(code: str) -> str:
    return f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"


def reason(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["reason"]  # type: ignore[index]


def stored(make: Make) -> list[SignInCode]:
    with make.session() as session:
        return list(session.scalars(select(SignInCode).order_by(SignInCode.created_at)))


SPELLINGS = [
    "amina@cohort.example\u200b",
    "\ufeffAmina@cohort.example",
    "ami\u00adna@cohort.example",
    "\u202aamina@cohort.example\u202c",
    "\u00a0amina@cohort.example\u2060",
]


@pytest.mark.parametrize("email", SPELLINGS)
def test_an_address_with_signs_that_nobody_sees_is_the_one_that_is_seen(
    make: Make, email: str
) -> None:
    amina, phone = make.somebody(), make.stranger()
    code = make.code_for(phone, email)
    assert make.letterbox.letters[-1].to == EMAIL
    answer = prove(phone, code, "amina@\u2060cohort.example")
    assert (answer.status_code, answer.json["person"]["id"]) == (201, str(amina.id))  # type: ignore[index]


def test_however_an_address_is_spelt_its_letters_are_counted_as_its_own(make: Make) -> None:
    phone = make.stranger()
    for email in SPELLINGS:
        assert ask(phone, email).status_code == 202
    assert len({row.email_digest for row in stored(make)}) == 1
    assert reason(ask(phone)) == (429, "too_many_codes")


def test_a_refused_address_names_the_letter_that_cannot_be(make: Make) -> None:
    answer = ask(make.stranger(), "weiß@cohort.example")
    assert answer.status_code == 422
    (sentence,) = answer.json["errors"]["json"]["email"]  # type: ignore[index]
    assert sentence == (
        "An e-mail address cannot have “ß” (Latin small letter sharp s) in it. "
        "Write one like name@example.org."
    )


def test_a_wrong_code_is_refused_and_counted(make: Make) -> None:
    make.somebody()
    phone = make.stranger()
    code = make.code_for(phone, EMAIL)
    assert reason(prove(phone, wrong(code))) == (403, "wrong_code")
    assert [row.tries for row in stored(make)] == [1]  # although the answer was a refusal
    assert prove(phone, code).status_code == 201


def test_a_code_signs_in_once(make: Make) -> None:
    amina = make.somebody()
    phone = make.stranger()
    code = make.code_for(phone, EMAIL)
    answer = prove(phone, code)
    assert answer.status_code == 201
    assert answer.json["person"]["id"] == str(amina.id)  # type: ignore[index]
    assert reason(prove(phone, code)) == (403, "wrong_code")


def test_a_code_has_eight_digits_drawn_at_random() -> None:
    codes = {rules.new_code(SHORT) for _ in range(500)}
    assert len(codes) > 495
    assert all(re.fullmatch("[0-9]{8}", code) for code in codes)
    assert {code[0] for code in codes} == set("0123456789")


@pytest.mark.parametrize("typed", ["{0} {1}", "{0}-{1}", "{0}{1}", " {0}{1}\n", "{0}\u00a0{1}"])
def test_a_code_is_taken_however_it_is_typed(make: Make, typed: str) -> None:
    make.somebody()
    phone = make.stranger()
    code = make.code_for(phone, EMAIL)
    assert prove(phone, typed.format(*code.split())).status_code == 201


def test_only_a_keyed_digest_of_it_is_stored(make: Make) -> None:
    phone = make.stranger()
    code = make.code_for(phone, EMAIL).replace(" ", "")
    (row,) = stored(make)
    with make.session() as session:
        keyring = keyring_of(session.get_bind().dialect)
    assert row.code_digest == keyring.digest(code, "code")
    shown = repr([getattr(row, column.name) for column in row.__table__.columns])
    assert code not in shown
    assert EMAIL not in shown


def test_a_code_holds_for_ten_minutes(make: Make) -> None:
    make.somebody()
    phone = make.stranger()
    with clock.standing_at(A_MORNING):
        code = make.code_for(phone, EMAIL)
    with clock.standing_at(A_MORNING + timedelta(minutes=10)):
        assert reason(prove(phone, code)) == (403, "wrong_code")
    with clock.standing_at(A_MORNING + timedelta(minutes=9, seconds=59)):
        assert prove(phone, code).status_code == 201


def test_after_five_tries_even_the_right_code_is_refused(make: Make) -> None:
    make.somebody()
    phone = make.stranger()
    code = make.code_for(phone, EMAIL)
    for _ in range(5):
        assert reason(prove(phone, wrong(code))) == (403, "wrong_code")
    assert reason(prove(phone, code)) == (403, "wrong_code")


def test_the_fifth_try_may_be_the_right_one(make: Make) -> None:
    make.somebody()
    phone = make.stranger()
    code = make.code_for(phone, EMAIL)
    for _ in range(4):
        prove(phone, wrong(code))
    assert prove(phone, code).status_code == 201


def test_a_code_is_bound_to_the_device_that_asked(make: Make) -> None:
    make.somebody()
    phone, thief = make.stranger(), make.stranger()
    code = make.code_for(phone, EMAIL)
    ask(thief, "thief@cohort.example")
    assert reason(prove(thief, code)) == (403, "wrong_code")
    assert reason(prove(make.stranger(), code)) == (403, "wrong_code")
    assert next(row.tries for row in stored(make)) == 0  # a stranger cannot use up my tries
    assert prove(phone, code).status_code == 201


def test_a_code_is_bound_to_its_address(make: Make) -> None:
    make.somebody()
    make.somebody("Callum")
    phone = make.stranger()
    code = make.code_for(phone, EMAIL)
    assert reason(prove(phone, code, "callum@cohort.example")) == (403, "wrong_code")


def test_any_of_the_live_codes_will_do(make: Make) -> None:
    make.somebody()
    phone = make.stranger()
    first = make.code_for(phone, EMAIL)
    make.code_for(phone, EMAIL)
    assert prove(phone, first).status_code == 201


def test_codes_are_forgotten_after_a_day(make: Make) -> None:
    with clock.standing_at(A_MORNING):
        ask(make.stranger())
    for after, left in ((timedelta(hours=24), 1), (timedelta(hours=24, seconds=1), 0)):
        with clock.standing_at(A_MORNING + after), make.session() as session:
            actions.tidy(session, absolute=timedelta(days=180))
        with make.session() as session:
            assert session.scalar(select(func.count()).select_from(SignInCode)) == left


def test_a_proved_address_without_a_place_is_told_so(make: Make) -> None:
    phone = make.stranger()
    code = make.code_for(phone, EMAIL)
    assert reason(prove(phone, code)) == (403, "not_invited")
    assert reason(prove(phone, code)) == (403, "wrong_code")  # it is used up


def test_a_letter_holds_the_code_and_no_persons_words(make: Make, letterbox: Letterbox) -> None:
    make.somebody()
    make.code_for(make.stranger(), EMAIL)
    (letter,) = letterbox.letters
    assert letter.to == EMAIL
    assert re.fullmatch(r"Your code for Alongside: \d{4} \d{4}", letter.subject)
    assert "Amina" not in letter.body
