"""Changing one's address: proved by a code, told to the old one, undone from there for a day."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.core import clock
from backend.core.app import App
from backend.core.limits import limiter
from backend.people.models import Erasure, FormerAddress, Person
from backend.sign_in import address
from backend.sign_in.models import SignInCode, SignInSession, WishedAddress
from tests.conftest import A_MORNING
from tests.make import Letterbox, Make, Somebody
from tests.sign_in.test_races import MANY, at_once, attempted

OLD, NEW = "amina@cohort.example", "amina@home.example"
DAY = timedelta(days=1)
CHANGE, CONFIRM = "/api/me/address", "/api/me/address/confirmation"


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one network may ask in a minute is tested by itself."""
    monkeypatch.setattr(limiter, "enabled", False)


@pytest.fixture
def amina(make: Make) -> Iterator[Somebody]:
    with clock.standing_at(A_MORNING):
        yield make.somebody()


def code_to_change(make: Make, phone: FlaskClient, email: str = NEW) -> str:
    answer = phone.post(CHANGE, json={"email": email})
    assert (answer.status_code, answer.json) == (202, {"expires_in": 600})
    make.deliver()
    assert make.letterbox.letters[-1].to == email
    return make.letterbox.code()


def confirm(phone: FlaskClient, code: str, **more: Any) -> TestResponse:
    return phone.post(CONFIRM, json={"code": code, **more})


def change(make: Make, amina: Somebody, email: str = NEW, **more: Any) -> str:
    """Change it; the path of the link that went to the old address."""
    answer = confirm(amina.phone, code_to_change(make, amina.phone, email), **more)
    assert answer.status_code == 200, answer.json
    make.deliver()
    return f"/api/former-addresses/{make.letterbox.former_token()}"


def reason(answer: TestResponse) -> tuple[int, str]:
    assert answer.json is not None
    return answer.status_code, answer.json["reason"]


def sign_in(make: Make, phone: FlaskClient, email: str) -> TestResponse:
    make.deliver()  # what else was on its way, so that the newest letter is the code's
    code = make.code_for(phone, email)
    return phone.post("/api/sign-in/sessions", json={"email": email, "code": code})


def my_address(phone: FlaskClient) -> str | None:
    answer = phone.get("/api/me")
    return answer.json["email"] if answer.status_code == 200 else None  # type: ignore[index]


def test_a_code_to_the_new_address_changes_it_and_one_signs_in_with_that(
    make: Make, amina: Somebody
) -> None:
    answer = confirm(amina.phone, code_to_change(make, amina.phone))
    make.deliver()
    assert answer.json["person"]["email"] == NEW  # type: ignore[index]
    assert my_address(amina.phone) == NEW
    assert sign_in(make, make.stranger(), NEW).json["person"]["id"] == str(amina.id)  # type: ignore[index]
    with make.session() as session:
        assert session.scalars(select(WishedAddress)).all() == []


def test_the_phone_is_known_to_the_new_address(make: Make, amina: Somebody) -> None:
    """So that strangers who ask for codes to it do not keep its owner out."""
    change(make, amina)
    for _ in range(5):
        make.stranger().post("/api/sign-in/codes", json={"email": NEW})
    assert make.stranger().post("/api/sign-in/codes", json={"email": NEW}).status_code == 429
    assert amina.phone.post("/api/sign-in/codes", json={"email": NEW}).status_code == 202


def test_the_old_address_is_written_to_and_the_letter_names_neither(
    make: Make, amina: Somebody, letterbox: Letterbox
) -> None:
    change(make, amina)
    letter = letterbox.letters[-1]
    assert letter.to == OLD
    assert NEW not in letter.body + letter.subject
    assert OLD not in letter.body


def test_other_phones_stay_in_unless_one_chooses(make: Make, amina: Somebody) -> None:
    other = make.phone_of(amina.id)
    answer = confirm(amina.phone, code_to_change(make, amina.phone))
    assert answer.json["ended"] == 0  # type: ignore[index]
    assert my_address(other) == NEW


def test_other_phones_are_signed_out_where_one_chooses(make: Make, amina: Somebody) -> None:
    others = [make.phone_of(amina.id) for _ in range(2)]
    code = code_to_change(make, amina.phone)
    answer = confirm(amina.phone, code, sign_out_elsewhere=True)
    assert answer.json["ended"] == 2  # type: ignore[index]
    assert my_address(amina.phone) == NEW
    assert {reason(phone.get("/api/me")) for phone in others} == {(401, "ended_by_you")}


# who has an address is not told


def test_whoever_has_an_address_the_answer_and_the_letter_are_the_same(
    make: Make, amina: Somebody, letterbox: Letterbox
) -> None:
    callum = make.somebody("Callum")
    letters = []
    for email in (callum.email, "nobody@cohort.example"):
        code_to_change(make, amina.phone, email)
        letters.append(re.sub(r"\d", "0", letterbox.letters[-1].body))
    assert letters[0] == letters[1]


def test_only_who_reads_its_mail_is_told_that_it_has_an_account(
    make: Make, amina: Somebody
) -> None:
    callum = make.somebody("Callum")
    code = code_to_change(make, amina.phone, callum.email)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"
    assert reason(confirm(amina.phone, wrong)) == (403, "wrong_code")
    assert reason(confirm(amina.phone, code)) == (409, "address_taken")
    assert my_address(amina.phone) == OLD
    assert my_address(callum.phone) == callum.email


def test_ones_own_address_is_no_other(make: Make, amina: Somebody) -> None:
    answer = amina.phone.post(CHANGE, json={"email": OLD.upper()})
    assert answer.status_code == 422
    assert "already" in answer.json["errors"]["json"]["email"][0]  # type: ignore[index]


# codes


def test_a_code_to_sign_in_changes_nothing(make: Make, amina: Somebody) -> None:
    code_to_change(make, amina.phone)
    code = make.code_for(amina.phone, NEW)
    assert reason(confirm(amina.phone, code)) == (403, "wrong_code")


def test_a_code_for_a_change_signs_nobody_in(make: Make, amina: Somebody) -> None:
    callum = make.somebody("Callum")
    code = code_to_change(make, amina.phone, callum.email)
    answer = amina.phone.post("/api/sign-in/sessions", json={"email": callum.email, "code": code})
    assert reason(answer) == (403, "wrong_code")


def test_a_code_holds_for_the_address_that_was_asked_for_last(make: Make, amina: Somebody) -> None:
    first = code_to_change(make, amina.phone, "first@home.example")
    second = code_to_change(make, amina.phone)
    assert reason(confirm(amina.phone, first)) == (403, "wrong_code")
    assert confirm(amina.phone, second).json["person"]["email"] == NEW  # type: ignore[index]


def test_a_code_holds_in_the_session_that_asked(make: Make, amina: Somebody) -> None:
    """Also where the same browser is signed in as somebody else meanwhile."""
    code = code_to_change(make, amina.phone)
    assert reason(confirm(make.phone_of(amina.id), code)) == (403, "wrong_code")
    callum = make.somebody("Callum")
    token = callum.phone.get_cookie("alongside-session")
    assert token
    amina.phone.set_cookie("alongside-session", token.value)
    assert reason(confirm(amina.phone, code)) == (403, "wrong_code")


def test_a_code_ends_with_its_ten_minutes(make: Make, amina: Somebody) -> None:
    code = code_to_change(make, amina.phone)
    with clock.standing_at(A_MORNING + timedelta(minutes=10)):
        assert reason(confirm(amina.phone, code)) == (403, "wrong_code")


def test_after_five_guesses_the_right_code_is_refused(make: Make, amina: Somebody) -> None:
    code = code_to_change(make, amina.phone)
    for more in range(1, 6):
        wrong = f"{(int(code.replace(' ', '')) + more) % 10**8:08}"
        assert reason(confirm(amina.phone, wrong)) == (403, "wrong_code")
    assert reason(confirm(amina.phone, code)) == (403, "wrong_code")
    with make.session() as session:
        assert [row.tries for row in session.scalars(select(SignInCode))] == [5]


def test_a_mailbox_gets_as_many_letters_as_by_signing_in(make: Make, amina: Somebody) -> None:
    answers = [amina.phone.post(CHANGE, json={"email": NEW}).status_code for _ in range(6)]
    assert answers == [202] * 5 + [429]
    assert amina.phone.post("/api/sign-in/codes", json={"email": NEW}).status_code == 429


# the day in which it can be undone


def test_for_a_day_there_is_no_second_change(make: Make, amina: Somebody) -> None:
    change(make, amina)
    with clock.standing_at(A_MORNING + DAY - timedelta(seconds=1)):
        answer = amina.phone.post(CHANGE, json={"email": "third@home.example"})
        assert reason(answer) == (409, "changed_lately")
        assert answer.headers["Retry-After"] == "1"
    with clock.standing_at(A_MORNING + DAY):
        change(make, amina, "third@home.example")
    assert my_address(amina.phone) == "third@home.example"


def test_a_code_that_was_asked_for_before_makes_no_second_change(
    make: Make, amina: Somebody
) -> None:
    other = make.phone_of(amina.id)
    code = code_to_change(make, other, "third@home.example")
    change(make, amina)
    assert reason(confirm(other, code)) == (409, "changed_lately")
    assert my_address(other) == NEW


def test_the_link_puts_it_back_and_signs_everybody_out(make: Make, amina: Somebody) -> None:
    """Whoever found the phone, changed the address and signed in with it is out."""
    device = make.device(amina)
    link = change(make, amina, sign_out_elsewhere=True)
    thief = make.stranger()
    sign_in(make, thief, NEW)
    reader = make.stranger()
    assert "<form" in reader.get(link).text
    assert my_address(thief) == NEW  # looking at it changes nothing
    assert reader.post(link).status_code == 200
    for phone in (amina.phone, thief):
        assert reason(phone.get("/api/me")) == (401, "ended_by_you")
    assert reason(sign_in(make, thief, NEW)) == (403, "not_invited")
    owner = make.stranger()
    assert sign_in(make, owner, OLD).status_code == 201
    assert my_address(owner) == OLD
    assert str(device) not in owner.get("/api/devices").text


def test_the_other_address_is_told_that_it_was_stopped_and_not_by_which(
    make: Make, amina: Somebody, letterbox: Letterbox
) -> None:
    make.stranger().post(change(make, amina))
    make.deliver()
    letter = letterbox.letters[-1]
    assert (letter.to, OLD in letter.body) == (NEW, False)


def test_no_words_are_lost_by_it(make: Make, amina: Somebody) -> None:
    make.reflection(amina, "I held back.")
    make.stranger().post(change(make, amina))
    phone = make.stranger()
    sign_in(make, phone, OLD)
    assert "I held back." in phone.get("/api/reflections").text


def test_the_link_works_once_and_for_a_day(make: Make, amina: Somebody) -> None:
    link = change(make, amina)
    with clock.standing_at(A_MORNING + DAY):
        assert make.stranger().get(link).status_code == 404
        assert make.stranger().post(link).status_code == 404
    assert my_address(amina.phone) == NEW
    assert make.stranger().post(link).status_code == 200
    assert make.stranger().post(link).status_code == 404
    assert make.stranger().get(f"{link[:-1]}x").status_code == 404


def test_whoever_had_the_address_for_a_while_erases_nobody(make: Make, amina: Somebody) -> None:
    """The finder of a phone gives it an address of theirs, and asks there to be erased."""
    link = change(make, amina)
    body = {"code": make.code_for(amina.phone, NEW), "keep_name": False}
    assert amina.phone.post("/api/me/erasure", json=body).status_code == 202
    assert make.stranger().post(link).status_code == 200
    with make.session() as session:
        assert session.get(Erasure, amina.id) is None


def test_after_it_was_put_back_it_can_be_changed(make: Make, amina: Somebody) -> None:
    make.stranger().post(change(make, amina))
    phone = make.stranger()
    sign_in(make, phone, OLD)
    assert confirm(phone, code_to_change(make, phone)).status_code == 200


def test_for_a_day_nobody_else_has_the_old_address(make: Make, amina: Somebody) -> None:
    """Or it could not be put back: neither by joining, nor by changing to it."""
    callum = make.somebody("Callum")
    _, token = make.invitation(callum, make.cohort(callum))
    link = change(make, amina)
    assert reason(sign_in(make, make.stranger(), OLD)) == (403, "address_changed")
    joining = make.stranger()
    code = make.code_for(joining, OLD)
    body = {"email": OLD, "code": code, "name": "Cal"}
    joined = joining.post(f"/api/invitations/{token}/acceptance", json=body)
    assert reason(joined) == (403, "address_changed")
    code = code_to_change(make, callum.phone, OLD)
    assert reason(confirm(callum.phone, code)) == (409, "address_taken")
    assert make.stranger().post(link).status_code == 200


def test_after_a_day_the_old_address_is_anybodys(make: Make, amina: Somebody) -> None:
    change(make, amina)
    with clock.standing_at(A_MORNING + DAY):
        assert reason(sign_in(make, make.stranger(), OLD)) == (403, "not_invited")
        make.tidy()
        with make.session() as session:
            assert session.scalars(select(FormerAddress)).all() == []


def test_what_was_asked_for_is_forgotten(make: Make, amina: Somebody) -> None:
    code_to_change(make, amina.phone)
    with clock.standing_at(A_MORNING + timedelta(minutes=11)):
        make.tidy()
        with make.session() as session:
            assert session.scalars(select(WishedAddress)).all() == []


# many at once


def test_of_many_phones_that_race_one_changes_it(make: Make) -> None:
    amina = make.somebody()
    codes = []
    for number in range(MANY):
        phone = make.phone_of(amina.id)
        codes.append((phone, code_to_change(make, phone, f"amina{number}@home.example")))
    answers = at_once(lambda number: confirm(*codes[number]).status_code)
    assert sorted(answers) == [200] + [409] * (MANY - 1)
    with make.session() as session:
        former = session.scalars(select(FormerAddress)).one()
        assert former.email == OLD


def test_of_many_who_change_to_one_address_one_gets_it(make: Make) -> None:
    amina = make.somebody()
    several = [amina, *(make.somebody(f"Amina{number}") for number in range(MANY - 1))]
    codes = []
    for number, one in enumerate(several):
        one.phone.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        codes.append((one.phone, code_to_change(make, one.phone)))
    answers = at_once(lambda number: confirm(*codes[number]).status_code)
    assert sorted(answers) == [200] + [409] * (MANY - 1)


def test_who_signs_in_while_it_is_put_back_is_out_or_too_late(app: App, make: Make) -> None:
    """A session with the new address never outlives the moment in which the old one came back."""
    amina = make.somebody()
    token = change(make, amina).rpartition("/")[2]
    phones = [make.stranger() for _ in range(MANY)]
    codes = []
    for number, phone in enumerate(phones):
        phone.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        codes.append(make.code_for(phone, NEW))

    def one(number: int) -> None:
        if number == 0:
            attempted(app, lambda session: address.put_back(session, token) and None)
        else:
            body = {"email": NEW, "code": codes[number]}
            phones[number].post("/api/sign-in/sessions", json=body)

    at_once(one)
    with make.session() as session:
        assert session.get_one(Person, amina.id).email == OLD
        assert session.scalars(select(SignInSession)).all() == []
