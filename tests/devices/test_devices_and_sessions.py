"""A device belongs to a session: it goes when its owner ends that, with what is to come."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core import clock, ids
from backend.core.app import App
from backend.core.outbox.models import Outgoing
from backend.devices import queries
from backend.devices.models import Device, Trial
from tests.conftest import A_MORNING
from tests.make import Make, Somebody, a_subscription
from tests.sign_in.test_ended_by_its_owner import WAYS, end_others, sessions
from tests.together import together

DAY = timedelta(days=1)


@pytest.fixture
def amina(make: Make) -> Somebody:
    return make.somebody()


def also_on(make: Make, amina: Somebody, phone: FlaskClient | None = None) -> Somebody:
    """The same person on another device."""
    phone = phone or make.phone_of(amina.id)
    return Somebody(amina.id, amina.name, amina.email, phone)


def devices(make: Make) -> set[UUID]:
    with make.session() as session:
        return set(session.scalars(select(Device.id)))


def put(phone: FlaskClient, key: str, subscription: Any, id: UUID | None = None) -> Any:
    body = {"subscription": subscription, "label": "Phone", "key": key}
    return phone.put(f"/api/devices/{id or ids.new_id()}", json=body)


def sign_in(make: Make, phone: FlaskClient, email: str) -> None:
    code = make.code_for(phone, email)
    answer = phone.post("/api/sign-in/sessions", json={"email": email, "code": code})
    assert answer.status_code == 201


@pytest.mark.parametrize("end", WAYS)
def test_a_device_and_what_is_on_its_way_to_it_go_with_its_session(
    make: Make, amina: Somebody, end: Callable[[Somebody, FlaskClient], Any]
) -> None:
    here, lost = make.device(amina), make.phone_of(amina.id)
    there = make.device(also_on(make, amina, lost))
    lost.post(f"/api/devices/{there}/test")
    make.delivery(amina, there)
    kept = make.delivery(amina, here)
    with make.session() as session:  # as if somebody were just sending
        for row in session.scalars(select(Outgoing)):
            row.lease_by = "somebody"
    assert end(amina, lost).status_code == (200 if end is end_others else 204)
    assert devices(make) == {here}
    with make.session() as session:
        assert [row.notice_id for row in session.scalars(select(Outgoing))] == [kept]
        assert session.scalars(select(Trial)).all() == []
        [reached] = queries.active_devices(session, [amina.id])[amina.id]
    assert reached.id == here


def test_a_session_that_only_runs_out_keeps_its_device(make: Make, app: App) -> None:
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
        device = make.device(amina)
    with clock.standing_at(A_MORNING + 73 * DAY):
        tidy(app)
        assert devices(make) == {device}
        elsewhere = also_on(make, amina)
        assert end_others(elsewhere, amina.phone).status_code == 200
        assert devices(make) == set()


def test_a_device_goes_before_the_session_it_hangs_on(make: Make, app: App) -> None:
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
        make.device(amina)
    with clock.standing_at(A_MORNING + 75 * DAY):
        tidy(app)
        assert devices(make) == set()
        assert len(sessions(also_on(make, amina))) == 2


def tidy(app: App) -> None:
    tasks = app.jobs.huey._registry.periodic_tasks
    next(job for job in tasks if job.name == "tidy").execute()


def test_signing_in_again_on_the_same_phone_keeps_its_device(make: Make, amina: Somebody) -> None:
    device = make.device(amina)
    sign_in(make, amina.phone, amina.email)
    assert devices(make) == {device}
    amina.phone.delete("/api/sign-in/sessions/current")
    assert devices(make) == set()


def test_another_who_signs_in_on_the_phone_is_not_told_what_comes_for_the_former(
    make: Make, amina: Somebody
) -> None:
    callum = make.somebody("Callum")
    make.delivery(amina, make.device(amina))
    sign_in(make, amina.phone, callum.email)
    assert devices(make) == set()


def test_a_device_belongs_to_the_session_that_it_showed_itself_in_last(
    make: Make, app: App, amina: Somebody
) -> None:
    subscription, id = a_subscription(), ids.new_id()
    put(amina.phone, app.signer.newest, subscription, id)
    again = also_on(make, amina)
    assert put(again.phone, app.signer.newest, subscription, id).status_code == 200
    amina.phone.delete("/api/sign-in/sessions/current")
    assert devices(make) == {id}
    again.phone.delete("/api/sign-in/sessions/current")
    assert devices(make) == set()


def test_a_device_that_is_added_while_its_session_ends_is_not_left_over(
    make: Make, app: App, amina: Somebody
) -> None:
    lost = [make.phone_of(amina.id) for _ in range(6)]
    adding = [lambda phone=phone: put(phone, app.signer.newest, a_subscription()) for phone in lost]
    ending = [lambda: amina.phone.delete("/api/me/sessions")]
    answers = together([*adding[:3], *ending, *adding[3:]])
    assert {answer.status_code for answer in answers} <= {200, 201, 204, 401}
    assert devices(make) == set()
