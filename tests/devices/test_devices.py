"""Where my notifications go: added, moved, kept, removed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from backend.core import clock, ids
from backend.core.app import App
from backend.core.vapid import private_key_of, public_text
from backend.core.webpush import read_address
from backend.devices import actions, queries, rules
from backend.devices.models import Device
from tests.conftest import A_MORNING
from tests.make import Make, Somebody, a_subscription
from tests.together import together

DAY = timedelta(days=1)


def put(who: Somebody, subscription: dict[str, Any], id: object = None, **more: Any) -> Any:
    body = {"subscription": subscription, "label": "Phone", "key": key_of(who), **more}
    return who.phone.put(f"/api/devices/{id or ids.new_id()}", json=body)


def key_of(who: Somebody) -> str:
    return str(who.get("/api/push/key").json["key"])  # type: ignore[index]


def listed(who: Somebody) -> list[dict[str, Any]]:
    return list(who.get("/api/devices").json["items"])  # type: ignore[index]


def test_a_wrong_endpoint_is_refused_in_words(make: Make) -> None:
    amina = make.somebody()
    answer = put(amina, {**a_subscription(), "endpoint": "https://10.0.0.1/x"})
    assert answer.status_code == 422
    assert answer.json["errors"]["json"]["subscription"][0].endswith(".")
    assert listed(amina) == []


@pytest.mark.parametrize("keys", [{"p256dh": "AAAA"}, {"auth": "AAAA"}])
def test_wrong_keys_are_refused(make: Make, keys: dict[str, str]) -> None:
    subscription = a_subscription()
    subscription["keys"] |= keys
    assert put(make.somebody(), subscription).status_code == 422


def test_a_device_that_is_kept_is_listed(make: Make) -> None:
    amina = make.somebody()
    answer = put(amina, a_subscription(), label="Amina's phone")
    assert answer.status_code == 201
    assert [item["label"] for item in listed(amina)] == ["Amina's phone"]
    assert answer.json == listed(amina)[0]
    assert "endpoint" not in answer.text


def test_the_key_is_the_newest(make: Make, app: App) -> None:
    assert key_of(make.somebody()) == app.signer.newest


def test_a_key_that_is_not_live_means_subscribing_again(make: Make) -> None:
    other = public_text(private_key_of(bytes([9] * 32)))
    answer = put(make.somebody(), a_subscription(), key=other)
    assert (answer.status_code, answer.json["reason"]) == (409, "other_key")


def test_still_here_changes_when_it_was_seen_and_nothing_else(make: Make) -> None:
    amina, subscription, id = make.somebody(), a_subscription(), ids.new_id()
    with clock.standing_at(A_MORNING):
        first = put(amina, subscription, id).json
    with clock.standing_at(A_MORNING + DAY):
        again = put(amina, subscription, id)
    assert again.status_code == 200
    assert again.json == first | {"last_seen_at": (A_MORNING + DAY).isoformat()}
    assert len(listed(amina)) == 1


def test_a_new_subscription_takes_the_place_of_the_old_one(make: Make) -> None:
    amina, id = make.somebody(), ids.new_id()
    newer = a_subscription()
    put(amina, a_subscription(), id)
    assert put(amina, newer, id).status_code == 200
    with make.session() as session:
        [address] = queries_addresses(session)
    assert address.endpoint == newer["endpoint"]


def queries_addresses(session: Any) -> list[Any]:
    lines = session.scalars(select(Device.address))
    return [read_address(line) for line in lines]


def test_the_same_device_under_a_new_id_is_one_device(make: Make) -> None:
    amina, subscription = make.somebody(), a_subscription()
    put(amina, subscription)
    put(amina, subscription)
    assert len(listed(amina)) == 1


@pytest.mark.parametrize("is_same_id", [True, False])
def test_signing_in_as_somebody_else_moves_the_device(make: Make, is_same_id: bool) -> None:
    amina, callum, subscription, id = (
        make.somebody(),
        make.somebody("Callum"),
        a_subscription(),
        ids.new_id(),
    )
    put(amina, subscription, id)
    moved = put(callum, subscription, id if is_same_id else None)
    assert moved.status_code in (200, 201)
    assert (listed(amina), len(listed(callum))) == ([], 1)
    with make.session() as session:
        assert set(queries.active_devices(session, [amina.id, callum.id])) == {callum.id}


def test_somebody_elses_device_is_not_found(make: Make) -> None:
    amina, callum = make.somebody(), make.somebody("Callum")
    id = make.device(amina)
    assert put(callum, a_subscription(), id).status_code == 404
    assert callum.phone.delete(f"/api/devices/{id}").status_code == 404
    assert callum.phone.post(f"/api/devices/{id}/test").status_code == 404
    assert callum.get(f"/api/devices/{id}/test").status_code == 404
    assert len(listed(amina)) == 1


def test_a_device_is_removed_and_can_come_back(make: Make) -> None:
    amina, subscription, id = make.somebody(), a_subscription(), ids.new_id()
    put(amina, subscription, id)
    assert amina.phone.delete(f"/api/devices/{id}").status_code == 204
    assert amina.phone.delete(f"/api/devices/{id}").status_code == 404
    assert listed(amina) == []
    assert put(amina, subscription, id).status_code == 201


def test_removed_on_another_device_it_stays_off_until_it_is_turned_on_again(make: Make) -> None:
    amina, subscription, id = make.somebody(), a_subscription(), ids.new_id()
    put(amina, subscription, id)
    assert make.phone_of(amina.id).delete(f"/api/devices/{id}").status_code == 204
    for _ in range(2):
        answer = put(amina, subscription, id, still_here=True)
        assert (answer.status_code, answer.json["reason"]) == (410, "removed")
    assert listed(amina) == []
    assert put(amina, subscription, id).status_code == 201
    assert put(amina, subscription, id, still_here=True).status_code == 200


def test_what_its_owner_did_not_remove_comes_back_by_saying_that_it_is_still_here(
    make: Make,
) -> None:
    """Gone by a 410, with its session, from a database that was put back, or turned off there."""
    amina, subscription, id = make.somebody(), a_subscription(), ids.new_id()
    assert put(amina, subscription, id, still_here=True).status_code == 201
    with make.session() as session:
        actions.note_gone(session, {id})
    assert put(amina, subscription, id, still_here=True).status_code == 201
    amina.phone.delete(f"/api/devices/{id}")
    assert put(amina, subscription, id, still_here=True).status_code == 201


def test_what_is_remembered_of_removed_devices_has_an_end(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_REMOVED", 2)
    amina, devices = make.somebody(), []
    for hours in range(3):
        with clock.standing_at(A_MORNING + timedelta(hours=hours)):
            devices.append((id := ids.new_id(), subscription := a_subscription()))
            phone = make.phone_of(amina.id)
            here = Somebody(amina.id, amina.name, amina.email, make.phone_of(amina.id))
            put(here, subscription, id)
            phone.delete(f"/api/devices/{id}")
    kept = [put(amina, some, id, still_here=True).status_code for id, some in devices]
    assert kept == [201, 410, 410]


def test_ten_devices_are_enough(make: Make) -> None:
    amina = make.somebody()
    devices = [make.device(amina) for _ in range(10)]
    answer = put(amina, a_subscription())
    assert (answer.status_code, answer.json["reason"]) == (409, "too_many_devices")
    assert put(amina, a_subscription(), devices[0]).status_code == 200
    callums = a_subscription()
    put(make.somebody("Callum"), callums)
    assert put(amina, callums).status_code == 409  # moved here it would be the eleventh


def test_sixteen_at_once_make_one_device(make: Make) -> None:
    amina, subscription, id, key = (
        make.somebody(),
        a_subscription(),
        ids.new_id(),
        make.app.signer.newest,
    )
    phones = [make.phone_of(amina.id) for _ in range(16)]
    body = {"subscription": subscription, "label": "Phone", "key": key}
    answers = together(
        [lambda phone=phone: phone.put(f"/api/devices/{id}", json=body) for phone in phones]
    )
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len(listed(amina)) == 1


def test_not_seen_for_sixty_days_it_is_flagged_and_later_removed(make: Make) -> None:
    with clock.standing_at(A_MORNING):
        amina = make.somebody()
        make.device(amina)

    def after(days: int) -> Any:
        with clock.standing_at(A_MORNING + days * DAY):
            phone = make.phone_of(amina.id)
            with make.session() as session:
                actions.tidy(session)
            with make.session() as session:
                active = queries.active_devices(session, [amina.id])
            return [item["leaves_on"] for item in phone.get("/api/devices").json["items"]], active

    assert after(59)[0] == [None]
    assert after(60)[0] == ["2027-02-04"]
    found, active = after(73)
    assert (found, len(active)) == (["2027-02-04"], 1)
    assert after(74) == ([], {})


def test_nothing_of_an_address_is_readable_in_the_database(make: Make, app: App) -> None:
    amina, subscription = make.somebody(), a_subscription()
    put(amina, subscription, label="Amina's phone")
    with app.database.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT * FROM device").one()
    stored = b"".join(bytes(v) if isinstance(v, memoryview) else str(v).encode() for v in row)
    secret = [subscription["endpoint"].rpartition("/")[2], *subscription["keys"].values(), "Amina"]
    for text in secret:
        assert text.encode() not in stored
