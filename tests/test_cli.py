"""What whoever runs an installation types."""

import base64

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from backend import create_app
from backend.core.app import App
from backend.devices.models import Device
from backend.key_files import keep_keys
from backend.people.models import Person
from backend.people.queries import person_with_email
from backend.settings import Settings
from tests.guards.world import dump
from tests.make import Letterbox, Make

ROTATED = "is the newest key now"
EMAIL = "morag@cohort.example"


@pytest.fixture
def run(app: App) -> FlaskCliRunner:
    return app.test_cli_runner()


def how_many_people(make: Make) -> int:
    with make.session() as session:
        return session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.mark.parametrize(
    "email", ["morag", "", "a@b", "Morag <m@b.example>", "a@b.example,c@d.example"]
)
def test_a_wrong_address_makes_nobody(run: FlaskCliRunner, make: Make, email: str) -> None:
    done = run.invoke(args=["make-facilitator", email, "--name", "Morag"])
    assert done.exit_code == 1
    assert "is not one plain e-mail address" in done.output
    assert how_many_people(make) == 0


def test_a_wrong_address_is_told_by_its_letter(run: FlaskCliRunner) -> None:
    done = run.invoke(args=["make-facilitator", "mоrag@cohort.example", "--name", "Morag"])
    assert done.exit_code == 1
    assert "“о” (Cyrillic small letter o)" in done.output


@pytest.mark.parametrize(
    "email",
    [
        "\u200bmorag@cohort.example",
        "mo\u00adrag@cohort.example\ufeff",
        "\u00a0Morag@cohort.example",
    ],
)
def test_an_address_with_signs_that_nobody_sees_is_the_one_that_is_seen(
    run: FlaskCliRunner, make: Make, email: str
) -> None:
    assert run.invoke(args=["make-facilitator", email, "--name", "Morag"]).exit_code == 0
    with make.session() as session:
        found = person_with_email(session, EMAIL)
        assert found
        assert (found.email, found.may_convene) == (EMAIL, True)


@pytest.mark.parametrize("name", ["", " ", "\u200d"])
def test_a_name_that_cannot_be_seen_makes_nobody(
    run: FlaskCliRunner, make: Make, name: str
) -> None:
    done = run.invoke(args=["make-facilitator", EMAIL, "--name", name])
    assert done.exit_code == 1
    assert how_many_people(make) == 0


def test_the_first_facilitator_signs_in_by_code_like_anyone(
    run: FlaskCliRunner, make: Make
) -> None:
    done = run.invoke(
        args=["make-facilitator", " Morag@Cohort.Example ", "--name", " Morag  Reid "]
    )
    assert done.exit_code == 0
    assert (
        done.output == "Morag Reid may create cohorts now. Sign in at http://localhost by code.\n"
    )
    phone = make.stranger()
    body = {"email": EMAIL, "code": make.code_for(phone, EMAIL)}
    assert phone.post("/api/sign-in/sessions", json=body).status_code == 201
    cohort = {"name": "Rowan", "time_zone": "Europe/London"}
    assert phone.post("/api/cohorts", json=cohort).status_code == 201


def test_somebody_who_is_here_keeps_their_name(run: FlaskCliRunner, make: Make) -> None:
    morag = make.somebody("Morag")
    done = run.invoke(args=["make-facilitator", EMAIL, "--name", "Somebody else"])
    assert done.output.startswith("Morag may create cohorts")
    assert how_many_people(make) == 1
    with make.session() as session:
        found = person_with_email(session, EMAIL)
        assert found
        assert (found.id, found.name, found.may_convene) == (morag.id, "Morag", True)


@pytest.mark.parametrize("command", ["migrate", "demo"])
def test_a_second_time_changes_nothing(run: FlaskCliRunner, make: Make, command: str) -> None:
    assert run.invoke(args=[command]).exit_code == 0
    before = dump(make)
    done = run.invoke(args=[command])
    assert done.exit_code == 0, done.output
    assert dump(make) == before
    assert (how_many_people(make) == 14) is (command == "demo")


def keys_in(settings: Settings) -> Settings:
    """As if these settings had been read where a file holds the keys."""
    keep_keys(settings.vapid_file, settings.vapid_keys)
    return settings


def test_the_live_keys_are_shown_with_how_many_devices_rely_on_them(
    run: FlaskCliRunner, make: Make, app: App
) -> None:
    make.device(make.somebody())
    done = run.invoke(args=["vapid-keys"])
    assert done.output.strip() == f"{app.signer.newest}  1 devices"


def test_a_new_key_is_made_and_the_one_before_stays(
    run: FlaskCliRunner, make: Make, app: App
) -> None:
    settings = keys_in(app.settings)
    make.device(make.somebody())
    done = run.invoke(args=["vapid-keys", "--rotate"])
    assert ROTATED in done.output
    new, old = settings.vapid_file.read_text().split()
    assert base64.urlsafe_b64decode(old) == settings.vapid_keys[0]
    assert new != old


def test_a_key_that_devices_rely_on_is_not_dropped_by_mistake(
    settings: Settings, make: Make, letterbox: Letterbox
) -> None:
    make.device(make.somebody())  # with the key that is the older one from here on
    rotated = Settings(**vars(settings) | {"vapid_keys": (bytes([3] * 32), *settings.vapid_keys)})
    app = create_app(keys_in(rotated), mail=letterbox)
    before = rotated.vapid_file.read_text()
    run = app.test_cli_runner()
    refused = run.invoke(args=["vapid-keys", "--rotate"])
    assert refused.exit_code == 1
    assert "1 devices still rely on the oldest key" in refused.output
    assert rotated.vapid_file.read_text() == before
    assert ROTATED in run.invoke(args=["vapid-keys", "--rotate", "--even-so"]).output
    app.database.engine.dispose()
    app.jobs.huey.storage.close()


def test_keys_of_the_environment_are_changed_there(run: FlaskCliRunner) -> None:
    done = run.invoke(args=["vapid-keys", "--rotate"])
    assert done.exit_code == 1
    assert "ALONGSIDE_VAPID_KEYS" in done.output


def test_after_a_restore_every_session_can_be_ended(run: FlaskCliRunner, make: Make) -> None:
    """A session that was ended after the backup would be back with it, and its device too."""
    amina, callum = make.somebody(), make.somebody("Callum")
    make.device(amina)
    done = run.invoke(args=["end-sessions"])
    assert (done.exit_code, done.output) == (
        0, "2 sessions are ended. People sign in again by code.\n",
    )  # fmt: skip
    assert [one.get("/api/me").status_code for one in (amina, callum)] == [401, 401]
    assert amina.get("/api/me").json["reason"] == "not_signed_in"  # type: ignore[index]
    with make.session() as session:
        assert session.scalar(select(func.count()).select_from(Device)) == 0
