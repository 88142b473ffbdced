"""Sessions: hashed, new at every sign-in, limited, listed, and ended at once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend import create_app
from backend.core import clock
from backend.core.app import App
from backend.core.cipher import digest_of_token
from backend.settings import Settings
from backend.sign_in.models import SignInSession
from tests.conftest import A_MORNING
from tests.make import Letterbox, Make, Somebody

SESSION = "alongside-session"
EMAIL = "amina@cohort.example"


def sign_in(make: Make, phone: FlaskClient) -> Any:
    code = make.code_for(phone, EMAIL)
    answer = phone.post("/api/sign-in/sessions", json={"email": EMAIL, "code": code})
    assert answer.status_code == 201, answer.json
    return answer


def token_of(phone: FlaskClient, name: str = SESSION) -> str:
    cookie = phone.get_cookie(name)
    assert cookie
    return cookie.value


def is_in(phone: FlaskClient) -> bool:
    return phone.get("/api/me").status_code == 200


def sessions(amina: Somebody) -> list[dict[str, Any]]:
    return amina.get("/api/me/sessions").json["items"]  # type: ignore[index, no-any-return]


@pytest.mark.parametrize("cookie", ["", "x", "x" * 3000, "\u00e9", "null", "' OR 1=1 --"])
def test_a_cookie_that_was_not_given_lets_nobody_in(make: Make, cookie: str) -> None:
    phone = make.stranger()
    phone.set_cookie(SESSION, cookie)
    assert phone.get("/api/me").json["reason"] == "not_signed_in"  # type: ignore[index]


def test_the_database_holds_a_digest_of_the_token_only(make: Make) -> None:
    make.somebody()
    phone = make.stranger()
    sign_in(make, phone)
    token = token_of(phone)
    assert len(token) >= 43  # 256 bits
    with make.session() as session:
        rows = session.scalars(select(SignInSession)).all()
    assert digest_of_token(token) in {row.token_digest for row in rows}
    assert not any(token.encode() in row.token_digest for row in rows)


def test_each_sign_in_is_a_new_session_and_ends_the_one_before(make: Make) -> None:
    make.somebody()
    phone = make.stranger()
    sign_in(make, phone)
    first = token_of(phone)
    sign_in(make, phone)
    assert token_of(phone) != first
    old = make.stranger()
    old.set_cookie(SESSION, first)
    assert not is_in(old)
    assert is_in(phone)


def test_a_token_from_elsewhere_is_never_taken_over(make: Make) -> None:
    make.somebody()
    phone = make.stranger()
    phone.set_cookie(SESSION, "planted")
    sign_in(make, phone)
    assert token_of(phone) != "planted"


def test_a_session_ends_when_it_was_not_used_for_a_month(make: Make) -> None:
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
    with clock.standing_at(A_MORNING + timedelta(days=30) - timedelta(seconds=1)):
        assert is_in(amina.phone)
    with clock.standing_at(A_MORNING + timedelta(days=30)):
        assert not is_in(amina.phone)


def test_using_it_moves_the_idle_limit_but_not_the_absolute_one(make: Make) -> None:
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
    for day in range(25, 180, 25):
        with clock.standing_at(A_MORNING + timedelta(days=day)):
            assert amina.phone.post("/api/sign-in/sessions/current").status_code == 204
    with clock.standing_at(A_MORNING + timedelta(days=180, seconds=-1)):
        assert is_in(amina.phone)
    with clock.standing_at(A_MORNING + timedelta(days=180)):
        assert not is_in(amina.phone)


def test_the_limits_are_the_settings(settings: Settings, letterbox: Letterbox) -> None:
    limits = {"session_idle": timedelta(days=2), "session_absolute": timedelta(days=3)}
    app = create_app(Settings(**vars(settings) | limits), mail=letterbox)
    make = Make(app, letterbox)
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
    with clock.standing_at(A_MORNING + timedelta(days=2)):
        assert not is_in(amina.phone)
    app.database.engine.dispose()
    app.jobs.huey.storage.close()


def test_my_sessions_are_listed_in_words_i_know(make: Make) -> None:
    amina = make.somebody()
    tablet = make.stranger()
    agent = "Mozilla/5.0 (iPad; CPU OS 18_0) AppleWebKit Version/18.0 Safari/605.1.15"
    tablet.environ_base["HTTP_USER_AGENT"] = agent
    sign_in(make, tablet)
    make.somebody("Callum")
    shown = {item["device"]: item for item in sessions(amina)}
    assert set(shown) == {"A device", "Safari on iPad"}
    assert shown["A device"]["current"]
    assert not shown["Safari on iPad"]["current"]
    assert set(shown["A device"]) == {
        *("id", "started_at", "last_used_on", "device", "current", "over"),
    }


def test_one_session_is_ended_from_another(make: Make) -> None:
    amina = make.somebody()
    lost = make.phone_of(amina.id)
    (there,) = [item["id"] for item in sessions(amina) if not item["current"]]
    assert amina.phone.delete(f"/api/me/sessions/{there}").status_code == 204
    assert not is_in(lost)
    assert is_in(amina.phone)


def test_nobody_ends_anothers_session(make: Make) -> None:
    amina, callum = make.somebody(), make.somebody("Callum")
    theirs = UUID(sessions(callum)[0]["id"])
    assert amina.phone.delete(f"/api/me/sessions/{theirs}").status_code == 404
    assert is_in(callum.phone)


def test_all_others_are_ended_at_once(make: Make) -> None:
    amina, callum = make.somebody(), make.somebody("Callum")
    others = [make.phone_of(amina.id) for _ in range(3)]
    answer = amina.phone.delete("/api/me/sessions")
    assert (answer.status_code, answer.json) == (200, {"ended": 3})
    assert not any(is_in(phone) for phone in others)
    assert is_in(amina.phone)
    assert is_in(callum.phone)


def test_signing_out_ends_it_on_the_server_and_clears_the_browser(app: App, make: Make) -> None:
    amina = make.somebody()
    token = token_of(amina.phone)
    answer = amina.phone.delete("/api/sign-in/sessions/current")
    assert answer.status_code == 204
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert amina.phone.get_cookie(SESSION) is None
    copied = make.stranger()
    copied.set_cookie(SESSION, token)
    assert not is_in(copied)


def test_a_session_is_forgotten_when_no_phone_can_come_back_to_it(make: Make, app: App) -> None:
    """Until then its owner can end it: the cookie lasts as long as a session may in all."""
    with clock.standing_at(A_MORNING):
        make.somebody()
    assert left_after(179, app, make) == 1
    assert left_after(181, app, make) == 0


def test_a_session_stays_while_a_device_may_hang_on_it(make: Make, app: App) -> None:
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
    for day in range(25, 176, 25):
        with clock.standing_at(A_MORNING + timedelta(days=day)):
            amina.phone.post("/api/sign-in/sessions/current")
    assert left_after(175 + 74, app, make) == 1
    assert left_after(175 + 76, app, make) == 0


def left_after(days: int, app: App, make: Make) -> int:
    """How many sessions the tidying of that day leaves."""
    with clock.standing_at(A_MORNING + timedelta(days=days)):
        huey = app.jobs.huey
        next(job for job in huey._registry.periodic_tasks if job.name == "tidy").execute()
    with make.session() as session:
        return len(session.scalars(select(SignInSession)).all())
