"""Handing pushes over: what arrives, what is tried again, what is given up, and when."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from threading import Event
from typing import Any
from uuid import UUID

import pytest

from backend.core import clock
from backend.core.outbox.claim import LEASE
from backend.core.outbox.claim import next_due as when_due
from backend.core.outbox.composing import Later, Message
from backend.core.outbox.executors import BackgroundExecutor
from backend.core.outbox.models import Outgoing, Queue
from backend.core.outbox.retry import Fate
from backend.core.outbox.settle import settle
from backend.core.vapid import Signer
from backend.core.webpush import LONGEST_PAYLOAD
from backend.deliveries.dispatcher import Dispatcher, Sealer
from backend.rhythm.rules import Kind
from tests.deliveries.conftest import Post
from tests.make import Make, Somebody
from tests.push.service import HANG, LOST_ANSWER, RESET, PushService, Step, device_of, says

HOUR = timedelta(hours=1)


@pytest.fixture
def amina(make: Make) -> Somebody:
    return make.somebody()


def test_a_push_arrives_as_it_was_composed_and_its_row_goes(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    notice = make.delivery(amina, device)
    assert post.send() == {"accepted": 1}
    assert service.payloads(subscription) == [str(notice).encode()]
    assert post.open() == []
    assert post.send() == {}


@pytest.mark.parametrize(
    ("kind", "urgency", "keeps", "ttl"),
    [
        (Kind.SHARED, "high", 48 * HOUR, 46 * HOUR),
        (Kind.RESPONSE, "high", 48 * HOUR, 46 * HOUR),
        (Kind.PROMPT, "normal", 23 * HOUR, 22 * HOUR),
        (Kind.REMINDER, "normal", 72 * HOUR, 22 * HOUR),
        (Kind.PROMPT, "normal", 20 * HOUR, 10 * HOUR),
        (Kind.REMINDER, "normal", 3 * HOUR, HOUR),
    ],
)
def test_a_ttl_tells_no_more_than_the_urgency(
    make: Make,
    amina: Somebody,
    post: Post,
    service: PushService,
    kind: Kind,
    urgency: str,
    keeps: timedelta,
    ttl: timedelta,
) -> None:
    _, device = post.subscribed(amina)
    make.delivery(amina, device, kind=kind, keeps=keeps)
    post.send()
    [received] = service.received
    assert received.urgency == urgency
    assert received.ttl == ttl.total_seconds()
    assert len(received.topic) == 32


def test_of_what_is_left_of_the_ttl_the_step_below_is_sent(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    make.delivery(amina, device)
    service.then(subscription, says(503))
    assert post.send() == {"failed": 1}
    with clock.standing_at(clock.now() + 30 * HOUR):
        # a token for tomorrow is not believed today, so the clocks agree again before sending
        [row] = post.open()
    expires = row.expires_at - 30 * HOUR
    set_row(post, row, due=clock.now(), expires_at=expires)
    assert post.send() == {"accepted": 1}
    assert service.received[0].ttl == 10 * 3600, "18 hours are left: never longer than of use"


def set_row(post: Post, row: Outgoing, **values: object) -> None:
    """Move a row in time, as if it had been planned earlier."""
    with post.make.session() as session:
        found = session.get_one(Outgoing, row.id)
        for name, value in values.items():
            setattr(found, name, value)


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.levelno >= logging.ERROR]


def hurry(post: Post) -> None:
    """Make all that waits due now."""
    for row in post.open():
        set_row(post, row, due=clock.now())


def test_what_came_too_late_is_not_sent(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    _, device = post.subscribed(amina)
    make.delivery(amina, device, kind=Kind.PROMPT, keeps=timedelta(seconds=-1))
    assert post.send() == {"dropped": 1}
    assert (service.received, post.open()) == ([], [])


def test_what_was_taken_back_meanwhile_is_not_sent(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    _, device = post.subscribed(amina)
    post.words.instead[make.delivery(amina, device)] = None
    assert post.send() == {"dropped": 1}
    assert (service.received, post.open()) == ([], [])


def test_a_handful_of_which_nothing_is_sent_is_not_the_end(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    """Of two at once one is claimed at a time: the first three times in vain."""
    _, device = post.subscribed(amina)
    for _ in range(3):
        post.words.instead[make.delivery(amina, device)] = None
    last = make.delivery(amina, device)
    post.wire.close()
    post.wire = type(post.wire)(2)
    assert post.send() == {"dropped": 3, "accepted": 1}
    assert [one.payload for one in service.received] == [str(last).encode()]


def test_what_is_to_wait_for_a_window_waits(make: Make, amina: Somebody, post: Post) -> None:
    _, device = post.subscribed(amina)
    morning = clock.now() + 8 * HOUR
    post.words.instead[make.delivery(amina, device)] = Later(morning)
    assert post.send() == {}
    [row] = post.open()
    assert (row.due, row.lease_by) == (morning, None)


@pytest.mark.parametrize("status", [200, 201, 202])
def test_accepted(
    make: Make, amina: Somebody, post: Post, service: PushService, status: int
) -> None:
    subscription, device = post.subscribed(amina)
    service.then(subscription, says(status))
    make.delivery(amina, device)
    assert post.send() == {"accepted": 1}
    assert (post.open(), post.devices()) == ([], 1)


def test_gone_removes_the_device_and_all_that_was_for_it(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    """At most one message is spent on a device that has left."""
    subscription, device = post.subscribed(amina)
    service.then(subscription, *[says(410)] * 9)
    for _ in range(5):
        make.delivery(amina, device)
    assert post.send() == {"gone": 1, "dropped": 4}
    assert post.devices() == 0
    assert sum(service.asked.values()) == 1


def keep(person: Somebody, device: UUID, subscription: dict[str, Any], key: str) -> None:
    """Subscribe a device anew, under the id that it has."""
    body = {"subscription": subscription, "label": "Phone", "key": key}
    assert person.phone.put(f"/api/devices/{device}", json=body).status_code in (200, 201)


def test_a_device_that_is_subscribed_anew_stays_whatever_is_said_of_where_it_was(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    """And what was on its way to it goes there."""
    subscription, device = post.subscribed(amina)
    anew = service.subscribe(post.app.signer.newest)
    service.then(subscription, says(410))
    service.answers_after = 0.3
    notices = {str(make.delivery(amina, device)).encode() for _ in range(2)}
    asked = []

    def subscribe_anew_while_it_is_asked() -> bool:
        if service.asked and not asked:
            asked.append(1)
            keep(amina, device, anew, post.app.signer.newest)
        return False

    sent = post.send(is_over=subscribe_anew_while_it_is_asked)
    assert (sent["gone"], sent["accepted"], post.devices()) == (1, 2, 1)
    assert (set(service.payloads(anew)), post.open()) == (notices, [])


def test_a_device_that_comes_back_after_it_had_gone_is_sent_to_in_the_same_run(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    anew = service.subscribe(post.app.signer.newest)
    service.then(subscription, says(410))
    make.delivery(amina, device)
    callum = make.somebody("Callum")
    slow, of_callum = post.subscribed(callum)
    service.then(slow, HANG)
    make.delivery(callum, of_callum)
    notices = []

    def come_back_once_it_has_gone() -> bool:
        if not notices and post.devices() == 1:
            keep(amina, device, anew, post.app.signer.newest)
            notices.append(str(make.delivery(amina, device)).encode())
        return bool(notices) and service.payloads(anew) == notices

    post.send(is_over=come_back_once_it_has_gone)
    assert service.payloads(anew) == notices


@pytest.mark.parametrize("is_as_before", [True, False])
def test_what_waits_for_a_device_goes_to_the_push_service_that_it_has_now(
    make: Make, amina: Somebody, post: Post, service: PushService, is_as_before: bool
) -> None:
    """Signed for that one, also where the row does not know it yet."""
    _, device = post.subscribed(amina)
    notice = make.delivery(amina, device)
    with PushService() as other:
        post.also.append(other.origin)
        anew = other.subscribe(post.app.signer.newest)
        body = {"subscription": anew, "label": "Phone", "key": post.app.signer.newest}
        post.app.settings = replace(post.app.settings, push_origins=(other.origin,))
        assert amina.phone.put(f"/api/devices/{device}", json=body).status_code == 200
        [row] = post.open()
        assert row.origin == other.origin
        if is_as_before:
            set_row(post, row, origin=service.origin)
        assert post.send() == {"accepted": 1}
        assert (other.payloads(anew), other.refused) == ([str(notice).encode()], [])
        assert post.carrier(other.origin).accepted == 1
    assert post.open() == []


def test_what_was_for_the_last_device_goes_by_mail_instead(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    service.then(subscription, says(410))
    notices = {make.delivery(amina, device) for _ in range(3)}
    with clock.standing_at(clock.now() + HOUR):
        later = make.delivery(amina, device)  # not due yet, and lost with the device otherwise
    post.send()
    rows = post.open()
    assert {row.notice_id for row in rows} == notices | {later}
    assert {row.queue for row in rows} == {Queue.MAIL}


def test_with_another_device_no_mail_takes_its_place(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    _, other = post.subscribed(amina)
    service.then(subscription, says(410))
    make.delivery(amina, device)
    make.delivery(amina, other)
    assert post.send() == {"gone": 1, "accepted": 1}
    assert post.open() == []


def test_not_found_removes_only_after_a_second_time_an_hour_later(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    service.then(subscription, says(404), says(404), says(404))
    make.delivery(amina, device)
    post.send()
    hurry(post)
    post.send()  # again within the hour: no more is known than before
    assert post.devices() == 1
    [row] = post.open()
    assert row.due - clock.now() > HOUR - timedelta(minutes=1)
    with clock.standing_at(clock.now() + HOUR + timedelta(minutes=2)):
        assert post.send() == {"missing": 1}
    assert post.devices() == 0
    assert [row.queue for row in post.open()] == [Queue.MAIL]


def test_found_again_after_a_404_is_as_if_nothing_had_been(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    service.then(subscription, says(404), says(201), says(404))
    make.delivery(amina, device)
    for _ in range(3):
        post.send()
        hurry(post)
    make.delivery(amina, device)
    with clock.standing_at(clock.now() + 2 * HOUR):
        post.send()
    assert post.devices() == 1


@pytest.mark.parametrize("status", [400, 401, 403, 413, 405, 301, 302, 307, 308])
def test_refused_keeps_the_device_raises_an_alarm_and_is_not_tried_again(
    make: Make,
    amina: Somebody,
    post: Post,
    service: PushService,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    subscription, device = post.subscribed(amina)
    service.then(subscription, says(status, Location=f"{service.origin}/push/elsewhere"))
    make.delivery(amina, device)
    with caplog.at_level(logging.ERROR, "alongside.outbox"):
        assert set(post.send()) <= {"refused", "distrusted"}
    assert (post.open(), post.devices()) == ([], 1)
    assert alarms(caplog) == ["push_refused"]
    assert sum(service.asked.values()) == 1  # no redirect was followed


@pytest.mark.parametrize("step", [says(408), says(500), says(502), says(503), HANG, RESET])
def test_trouble_is_tried_again_later_and_later(
    make: Make, amina: Somebody, post: Post, service: PushService, step: Step
) -> None:
    subscription, device = post.subscribed(amina)
    service.then(subscription, step, step)
    make.delivery(amina, device)
    waits = []
    for _ in range(2):
        assert post.send() == {"failed": 1}
        [row] = post.open()
        waits.append((row.due - clock.now()).total_seconds())
        hurry(post)
    assert 4 < waits[0] <= 10
    assert 9 < waits[1] <= 20
    assert post.send() == {"accepted": 1}


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_in_seconds_is_kept_to(
    make: Make, amina: Somebody, post: Post, service: PushService, status: int
) -> None:
    subscription, device = post.subscribed(amina)
    service.then(subscription, says(status, Retry_After="600"))
    make.delivery(amina, device)
    post.send()
    [row] = post.open()
    assert 598 < (row.due - clock.now()).total_seconds() <= 601


def test_retry_after_as_a_date_is_kept_to(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=20), usegmt=True)
    service.then(subscription, says(429, Retry_After=date))
    make.delivery(amina, device)
    assert post.send() == {"throttled": 1}
    [row] = post.open()
    assert 1190 < (row.due - clock.now()).total_seconds() <= 1201


def test_microsofts_406_is_a_throttle(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    service.then(subscription, says(406, Retry_After="60"))
    make.delivery(amina, device)
    assert post.send() == {"throttled": 1}
    assert len(post.open()) == 1


def test_an_answer_that_was_lost_is_a_repeat_under_the_same_topic(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    service.then(subscription, LOST_ANSWER)
    make.delivery(amina, device)
    post.send()
    hurry(post)
    post.send()
    first, second = service.received
    assert (first.payload, first.topic) == (second.payload, second.topic)


def test_three_signatures_in_a_row_that_are_not_believed_shut_the_circuit(
    make: Make, post: Post, service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    """A few are lost, and the rest wait: not a thousand lines in the log."""
    people = [make.somebody(f"Person{n}") for n in range(40)]
    for person in people:
        make.delivery(person, post.subscribed(person)[1])
    service.always["*"] = says(401)
    with caplog.at_level(logging.ERROR, "alongside.outbox"):
        post.send()
        asked = sum(service.asked.values())
        post.send()
    assert sum(service.asked.values()) == asked  # open
    assert alarms(caplog) == ["push_refused", "push_refused", "push_service_shut", "push_refused"]
    assert len(post.open()) == 37
    assert post.devices() == 40
    assert post.carrier().open_until is not None


def test_a_shut_circuit_is_tried_with_two_messages_and_opens(
    make: Make, post: Post, service: PushService
) -> None:
    people = [make.somebody(f"Person{n}") for n in range(12)]
    for person in people:
        make.delivery(person, post.subscribed(person)[1])
    service.always["*"] = says(500)
    assert post.send()["failed"] == 12
    make.delivery(people[0], post.subscribed(people[0])[1])
    assert post.send() == {}
    later = clock.now() + timedelta(minutes=1)
    asked = sum(service.asked.values())
    with clock.standing_at(later):
        hurry(post)
        assert post.send() == {"failed": 2}, "one would say nothing but of its own device"
        assert sum(service.asked.values()) == asked + 2
    service.always.clear()
    with clock.standing_at(later + timedelta(minutes=5)):
        hurry(post)
        assert post.send()["accepted"] == 13
    assert post.carrier().open_until is None
    assert post.open() == []


@pytest.mark.parametrize("devices", [1, 10])
@pytest.mark.parametrize("step", [says(500), says(503), says(401), says(403), RESET])
def test_one_persons_devices_never_shut_a_push_service(
    make: Make, amina: Somebody, post: Post, service: PushService, step: Step, devices: int
) -> None:
    """However many they turned on there, and whatever all of them are answered."""
    for subscription, device in [post.subscribed(amina) for _ in range(devices)]:
        service.always[device_of(subscription)] = step
        for _ in range(12 // devices + 1):
            make.delivery(amina, device)
    post.send()
    hurry(post)
    post.send()
    assert post.carrier().open_until is None
    callum = make.somebody("Callum")
    make.delivery(callum, post.subscribed(callum)[1])
    hurry(post)
    assert post.send()["accepted"] == 1


def test_one_persons_devices_keep_none_shut_that_is_well_again(
    make: Make, post: Post, service: PushService
) -> None:
    people = [make.somebody(f"Person{n}") for n in range(10)]
    found = [post.subscribed(person) for person in people]
    service.always["*"] = says(500)
    for person, (_, device) in zip(people, found, strict=True):
        make.delivery(person, device)
    for _ in range(3):
        make.delivery(people[0], found[0][1])
    post.send()
    assert post.carrier().open_until is not None
    service.always = {device_of(found[0][0]): says(500)}  # it alone is still answered so
    first = min(post.open(), key=lambda row: (row.device_id != found[0][1], row.id))
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        hurry(post)
        set_row(post, first, due=clock.now() - HOUR)
        fates = post.send()
    assert fates["accepted"] == 9
    assert post.carrier().open_until is None


def test_a_dead_push_service_is_shut_whatever_a_kill_forgets(
    make: Make, post: Post, service: PushService
) -> None:
    """Who failed stands beside how many did: each run goes on counting where the last one ended."""
    service.always["*"] = says(500)
    for number in range(10):
        assert post.devices() == number
        person = make.somebody(f"Person{number}")
        make.delivery(person, post.subscribed(person)[1])
        hurry(post)
        post.send()
    assert post.carrier().open_until is not None


def test_a_key_that_is_not_ours_puts_a_push_off(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    """A process that was started with other keys hands nothing over, and ends nothing."""
    subscription, device = post.subscribed(amina)
    notices = [make.delivery(amina, device) for _ in range(3)]
    ours, post.app.signer = post.app.signer, Signer([bytes([7] * 32)], "mailto:push@example.org")
    assert post.send() == {}
    assert {row.notice_id for row in post.open()} == set(notices)
    assert all(row.due > clock.now() for row in post.open())
    post.app.signer = ours
    hurry(post)
    assert post.send() == {"accepted": 3}
    assert len(service.payloads(subscription)) == 3


def test_what_could_not_be_sent_tells_nothing_of_the_push_service(
    make: Make, post: Post, service: PushService
) -> None:
    people = [make.somebody(f"Person{n}") for n in range(10)]
    service.always["*"] = says(500)
    for person in people:
        make.delivery(person, post.subscribed(person)[1])
    post.send()
    amina = make.somebody()
    long = make.delivery(amina, post.subscribed(amina)[1])
    post.words.instead[long] = Message(payload=b"x" * (LONGEST_PAYLOAD + 1))
    for row in post.open():
        set_row(post, row, due=clock.now() + (timedelta() if row.notice_id == long else HOUR))
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        assert post.send() == {"refused": 1}
    assert post.carrier().open_until is not None


def test_when_something_can_be_tried_next(make: Make, post: Post, service: PushService) -> None:
    def next_due(queue: Queue = Queue.PUSH) -> datetime | None:
        with make.session() as session:
            return when_due(session, queue)

    assert next_due() is None
    people = [make.somebody(f"Person{n}") for n in range(10)]
    for person in people:
        make.delivery(person, post.subscribed(person)[1])
    first, *_ = post.open()
    assert next_due() == first.due
    service.always["*"] = says(500)
    post.send()
    open_until = post.carrier().open_until
    assert open_until is not None
    assert next_due() == max(open_until, post.open()[0].due)
    hurry(post)
    assert next_due() == open_until
    make.delivery(people[0])
    [letter] = [row for row in post.open() if row.queue is Queue.MAIL]
    assert next_due(Queue.MAIL) == letter.due


def test_counters_per_origin_and_outcome(make: Make, post: Post, service: PushService) -> None:
    steps = [says(201), says(202), says(410), says(404), says(429), says(500), says(400)]
    for number, step in enumerate(steps):
        person = make.somebody(f"Person{number}")
        subscription, device = post.subscribed(person)
        service.then(subscription, step)
        make.delivery(person, device)
    post.send()
    row = post.carrier()
    assert (row.sent, row.accepted, row.gone, row.throttled, row.failed) == (7, 2, 2, 1, 2)


def test_what_people_ask_goes_before_any_number_of_prompts(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    devices = [post.subscribed(amina)[1] for _ in range(4)]
    callum = make.somebody("Callum")
    for device in devices:
        for _ in range(15):
            make.delivery(amina, device, kind=Kind.PROMPT)
    asked = make.delivery(callum, post.subscribed(callum)[1], kind=Kind.SHARED)
    post.wire.close()
    post.wire = type(post.wire)(4)
    post.send()
    assert [one.payload for one in service.received].index(str(asked).encode()) == 0
    assert len(service.received) == 61


def test_one_that_cannot_be_composed_holds_up_no_other(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    _, device = post.subscribed(amina)
    bad = make.delivery(amina, device)
    for _ in range(6):
        make.delivery(amina, device)
    words = post.words

    def compose(session: object, rows: list[object]) -> object:
        if any(row.notice_id == bad for row in rows):  # type: ignore[attr-defined]
            raise LookupError("no such words")
        return words(session, rows)  # type: ignore[arg-type]

    post.words = compose  # type: ignore[assignment]
    assert post.send() == {"accepted": 6}
    [row] = post.open()
    assert row.notice_id == bad
    assert row.due > clock.now()


def test_a_payload_that_is_too_long_is_refused_and_holds_up_no_other(
    make: Make, amina: Somebody, post: Post
) -> None:
    _, device = post.subscribed(amina)
    post.words.instead[make.delivery(amina, device)] = Message(payload=b"x" * (LONGEST_PAYLOAD + 1))
    make.delivery(amina, device)
    assert post.send() == {"refused": 1, "accepted": 1}


def test_the_longest_payload_is_taken(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    _, device = post.subscribed(amina)
    post.words.instead[make.delivery(amina, device)] = Message(payload=b"x" * LONGEST_PAYLOAD)
    assert post.send() == {"accepted": 1}
    assert len(service.received[0].payload) == LONGEST_PAYLOAD


def test_asked_to_stop_it_gives_back_what_nobody_answered(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    subscription, device = post.subscribed(amina)
    service.then(subscription, HANG)
    make.delivery(amina, device)
    post.wire.close()
    post.wire = type(post.wire)(8, answers_within=30)
    post.send(is_over=lambda: bool(service.asked))
    assert post.send() == {"accepted": 1}


class Held(BackgroundExecutor):
    """Who asks the database: what is to be written down waits until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go, self.written = Event(), 0

    def submit(self, do: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        if not (isinstance(do, partial) and do.func is settle):
            return super().submit(do, *args, **more)
        self.written += 1
        return super().submit(lambda: self.may_go.wait(10) and do(*args, **more))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_while_the_database_is_slow_what_is_to_be_written_is_put_together(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    devices = [post.subscribed(amina)[1] for _ in range(2)]
    for number in range(100):
        make.delivery(amina, devices[number % 2])
    so_far = []

    def is_over() -> bool:
        if len(service.received) == 100 and not executor.may_go.is_set():
            so_far.append(executor.written)
            executor.may_go.set()
        return False

    with Held() as executor, post.wire.left_idle():
        sealer = Sealer(post.app.signer, frozenset([service.origin]))
        run = Dispatcher(
            post.app.database, executor, post.wire, sealer, post.words, Queue.PUSH, LEASE
        )
        assert run.run(is_over) == {Fate.ACCEPTED: 100}
    assert 0 < so_far[0] < 25
    assert post.open() == []


def test_answers_to_a_run_that_failed_are_not_heard_by_the_next(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    make.delivery(amina, post.subscribed(amina)[1])
    service.answers_after = 0.3

    def fails() -> bool:
        if service.asked:
            raise OSError("the database has gone")
        return False

    with pytest.raises(OSError, match="has gone"):
        post.send(is_over=fails)
    make.delivery(amina, post.subscribed(amina)[1])
    assert post.send() == {"accepted": 1}


def test_a_lease_that_ran_out_is_taken_over_and_the_late_comer_changes_nothing(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    _, device = post.subscribed(amina)
    make.delivery(amina, device)
    words = post.words
    taken = []

    def slow(session: object, rows: list[object]) -> object:
        if not taken:
            taken.append(1)
            post.words = words
            with clock.standing_at(clock.now() + LEASE):
                service.always["*"] = says(503)
                other = Post(post.app, post.make, service)
                other.send()
                other.wire.close()
                service.always.clear()
        return words(session, rows)  # type: ignore[arg-type]

    post.words = slow  # type: ignore[assignment]
    post.send()
    assert len(post.open()) == 1  # the other one's: it put it off


def test_what_is_in_hand_does_not_go_to_a_device_whose_session_was_ended(
    make: Make, amina: Somebody, post: Post, service: PushService
) -> None:
    """Composed and waiting for its turn when the owner of a lost phone signs it out."""
    subscription, device = post.subscribed(amina)
    make.delivery(amina, device)
    make.delivery(amina, device)
    service.then(subscription, HANG)
    is_ended = False

    def end_once_it_hangs() -> bool:
        nonlocal is_ended
        if post.wire.in_flight and not is_ended:
            amina.phone.delete("/api/sign-in/sessions/current")
            is_ended = True
        return False

    assert post.send(is_over=end_once_it_hangs) == {"failed": 1, "dropped": 1}
    assert (service.received, post.open()) == ([], [])
