"""A session that its owner ended, here or from elsewhere: the phone is told so, and nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock
from backend.core.cipher import digest_of_token
from backend.sign_in import actions
from backend.sign_in.models import EndedSession
from tests.conftest import A_MORNING
from tests.make import Make, Somebody

COOKIE = "alongside-session"
DAY = timedelta(days=1)


def with_token(make: Make, token: str) -> FlaskClient:
    phone = make.stranger()
    phone.set_cookie(COOKIE, token)
    return phone


def token_of(phone: FlaskClient) -> str:
    cookie = phone.get_cookie(COOKIE)
    assert cookie
    return cookie.value


def reason(phone: FlaskClient) -> Any:
    answer = phone.get("/api/me")
    return answer.json["reason"] if answer.status_code == 401 else None  # type: ignore[index]


def sessions(amina: Somebody) -> list[dict[str, Any]]:
    return amina.get("/api/me/sessions").json["items"]  # type: ignore[index, no-any-return]


def end_there(amina: Somebody, _lost: FlaskClient) -> Any:
    [there] = [one["id"] for one in sessions(amina) if not one["current"]]
    return amina.phone.delete(f"/api/me/sessions/{there}")


def end_others(amina: Somebody, _lost: FlaskClient) -> Any:
    return amina.phone.delete("/api/me/sessions")


def sign_out(_amina: Somebody, lost: FlaskClient) -> Any:
    return lost.delete("/api/sign-in/sessions/current")


WAYS = [end_there, end_others, sign_out]
End = Callable[[Somebody, FlaskClient], Any]


@pytest.mark.parametrize("end", WAYS)
def test_the_phone_is_told_so_whatever_it_asks(make: Make, end: End) -> None:
    amina = make.somebody()
    lost = make.phone_of(amina.id)
    token = token_of(lost)
    assert end(amina, lost).status_code in (200, 204)
    came_back = with_token(make, token)
    for method, path in [
        ("GET", "/api/me"),
        ("GET", "/api/reflections/changes"),
        ("PUT", "/api/reflections/0192eeee-0000-7000-8000-00000000000a"),
        ("POST", "/api/sign-in/sessions/current"),
        ("DELETE", "/api/sign-in/sessions/current"),
    ]:
        answer = came_back.open(path, method=method, json={} if method == "PUT" else None)
        assert (answer.status_code, answer.json["reason"]) == (401, "ended_by_you"), path  # type: ignore[index]
        assert answer.json["message"].endswith(".")  # type: ignore[index]
    assert reason(amina.phone) is None


def test_a_session_that_ran_out_is_not_one_that_was_ended(make: Make) -> None:
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
    with clock.standing_at(A_MORNING + 31 * DAY):
        assert reason(amina.phone) == "not_signed_in"


def test_a_token_that_was_never_given_is_told_nothing(make: Make) -> None:
    assert reason(with_token(make, "planted")) == "not_signed_in"
    assert reason(make.stranger()) == "not_signed_in"


@pytest.mark.parametrize("who", ["Amina", "Callum"])
def test_a_new_sign_in_on_the_same_phone_ends_nothing_by_hand(make: Make, who: str) -> None:
    """Its cookie may come back if the answer was lost: nothing is to be wiped for that."""
    amina, callum = make.somebody(), make.somebody("Callum")
    token = token_of(amina.phone)
    email = {"Amina": amina, "Callum": callum}[who].email
    code = make.code_for(amina.phone, email)
    answer = amina.phone.post("/api/sign-in/sessions", json={"email": email, "code": code})
    assert answer.status_code == 201
    assert reason(with_token(make, token)) == "not_signed_in"


def test_one_that_ran_out_is_listed_as_such_and_can_still_be_ended(make: Make) -> None:
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
        lost = make.phone_of(amina.id)
        assert not any(one["over"] for one in sessions(amina))
    with clock.standing_at(A_MORNING + 31 * DAY):
        amina = Somebody(amina.id, amina.name, amina.email, make.phone_of(amina.id))
        shown = {one["current"]: one for one in sessions(amina)}
        assert (shown[True]["over"], shown[False]["over"]) == (False, True)
        assert end_others(amina, lost).status_code == 200
        assert reason(lost) == "ended_by_you"
        assert len(sessions(amina)) == 1


def test_what_is_remembered_is_a_digest_that_goes_when_the_cookie_is_gone(make: Make) -> None:
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
        token = token_of(amina.phone)
        amina.phone.delete("/api/sign-in/sessions/current")
    with make.session() as session:
        [row] = session.scalars(select(EndedSession)).all()
        assert row.token_digest == digest_of_token(token)
    assert set(EndedSession.__table__.columns.keys()) == {"token_digest", "ended_at"}
    for days, told in ((180, "ended_by_you"), (181, "not_signed_in")):
        with clock.standing_at(A_MORNING + days * DAY), make.session() as session:
            actions.tidy(session, absolute=180 * DAY)
        assert reason(with_token(make, token)) == told


def test_anothers_sign_out_is_nothing_to_me(make: Make) -> None:
    amina, callum = make.somebody(), make.somebody("Callum")
    end_others(callum, callum.phone)
    sign_out(callum, callum.phone)
    assert reason(amina.phone) is None
