"""Notifications: turned on with a tap, shown whatever comes, off for good."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from backend.core.marks import begin_epoch
from tests.journeys import screens
from tests.journeys.phone import Caller, Phone
from tests.journeys.pushing import Push, answers, message
from tests.journeys.server import Installations, Server, wait_until
from tests.journeys.test_installing import IPHONE
from tests.journeys.test_notices import waiting
from tests.journeys.ways import api, has_read_everything, shares, sign_in_as
from tests.push.service import PushService, says

ALWAYS = [{"weekday": day, "opens": "00:00", "closes": "00:00"} for day in range(7)]
ANY_BYTES = (b"", b"null", b"8030", b"\xff\xfe\x00", b'{"web_push": 8030}', b'{"notification": []}')


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@pytest.fixture
def server(service: PushService, installations: Installations) -> Server:
    """A server that may send to the test's own push service; it ends before that does."""
    return installations.new(
        ALONGSIDE_PUSH_HOSTS=service.origin, ALONGSIDE_VAPID_SUBJECT="mailto:push@example.org"
    ).start()


@pytest.fixture
def with_push(new_phone: Any, server: Server, service: PushService) -> Any:
    def make(name: str, *, before: str = "default", after: str = "granted", **more: Any) -> Any:
        phone = new_phone(server, **more)
        push = Push(phone, service)
        answers(phone, before, after)
        sign_in_as(phone, name)
        phone.is_kept_for_offline()
        return phone, push

    return make


def at_any_hour(phone: Phone) -> None:
    """So that a test does not depend on when it runs."""
    rhythm = api(phone, "GET", "/api/me/rhythm")
    version = rhythm.pop("version")
    del rhythm["time_zone"]
    body = rhythm | {"windows": ALWAYS, "prompts_a_week": 0}
    api(phone, "PUT", "/api/me/rhythm", body, **{"If-Match": f'"{version}"'})


def turn_on(phone: Phone) -> None:
    phone.open("/me/rhythm")
    phone.tap("button", "Turn on notifications")
    phone.sees("Notifications here?")
    phone.tap("button", "Turn on", within=phone.sheet)
    phone.sees("They are on here.")
    phone.sees(re.compile(r"^Chrome on \w+ \(this one\)$"))  # the list has been asked for


def devices_of(phone: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api(phone, "GET", "/api/devices")["items"]
    return found


def test_turned_on_with_a_tap_tried_out_and_turned_off_again(with_push) -> None:
    phone, push = with_push("Amina")
    phone.open("/me/rhythm")
    phone.tap("button", "Turn on notifications")
    phone.sees("Next, the phone itself will ask you once.")
    assert phone.page.evaluate("window.__asked") is None, "our own words come first"
    phone.tap("button", "Turn on", within=phone.sheet)
    phone.sees("They are on here.")
    assert phone.page.evaluate("window.__asked"), "the system is asked straight from the tap"
    phone.sees(re.compile(r"^Chrome on \w+ \(this one\)$"))

    phone.tap("button", re.compile("^Send a test"))
    expect(
        phone.page.get_by_role("status").filter(has_text=re.compile("took it|accept", re.I)).first
    ).to_be_visible()
    push.deliver(push.arrived()[0])
    assert len(push.shown()) == 1

    phone.tap("button", "Turn off here")
    phone.sees("Turn on notifications")
    assert push.subscription is None
    assert devices_of(phone) == []


def test_what_somebody_shares_arrives_and_leads_there_in_one_window(with_push, elsewhere) -> None:
    phone, push = with_push("Amina")
    at_any_hour(phone)
    has_read_everything(phone)  # of several it would lead to where all of them are
    turn_on(phone)
    shared = shares(elsewhere("Callum"), "The trolley squeaked and nobody minded.")
    push.deliver(push.arrived()[0])
    [one] = push.shown()
    assert "trolley" not in str(one)
    assert "Callum" not in str(one), "no names on a lock screen, unless wanted"

    push.tap()
    phone.is_at(re.compile("shared"))
    assert f"/reflections/{shared}" in phone.page.url
    assert "notice=" not in phone.page.url
    assert len(phone.context.pages) == 1
    wait_until(lambda: waiting(phone) == 0, "what it tells of to be shown as it is now")
    phone.open("/notices")
    first = phone.page.get_by_role("link", name=re.compile("Callum Geddes shared something"))
    expect(first.first).to_be_visible()
    expect(first.first).not_to_have_text(re.compile("new"))


def test_what_the_worker_hears_after_a_push_is_on_the_screen_that_stands_open(
    with_push, elsewhere
) -> None:
    phone, push = with_push("Amina")
    callum = elsewhere("Callum")
    taken_back = shares(callum, "I said less today.")
    phone.open("/cohort")
    phone.sees("I said less today.")
    phone.settle()
    api(callum, "DELETE", f"/api/reflections/{taken_back}", **{"If-Match": '"1"'})
    shares(callum, "The trolley squeaked and nobody minded.")
    push.deliver(message("shared", phone.url + "/cohort"))
    phone.sees("The trolley squeaked and nobody minded.")
    phone.does_not_see("I said less today.")


PLACES = {
    "shared": ("/reflections/{shared}?notice={notice}", re.compile("shared")),
    "response": ("/mine/{mine}?notice={notice}", re.compile("^Written")),
    "joined": ("/cohort/people?cohort={cohort}&notice={notice}", "People"),
    "contract": (
        "/cohort/contract/proposals/{proposal}?cohort={cohort}&notice={notice}",
        "Something new for our contract",
    ),
    "check_in": (
        "/cohort/contract/check-ins/{check_in}?cohort={cohort}&notice={notice}",
        "{commitment}",
    ),
    "prompt": ("/?prompt={prompt}&notice={notice}", "What would you have said?"),
    "reminder": ("/?reminder={reminder}&cohort={cohort}&notice={notice}", re.compile(r"\?$")),
}


def test_each_kind_leads_to_its_place(with_push) -> None:
    phone, push = with_push("Amina")
    ids = {**screens.some_ids(phone), **some_ids(phone)}
    ids["commitment"] = api(phone, "GET", f"/api/check-ins/{ids['check_in']}")["commitment"]["text"]
    # It leaves the screen once its notice is read: each has one that no place here shows.
    unread = [
        one["id"]
        for one in api(phone, "GET", "/api/notices/waiting")["newest"]
        if not any(id in one["path"] for what, id in ids.items() if what != "cohort")
    ]
    for kind, (path, heading) in PLACES.items():
        ids["notice"] = unread.pop()
        phone.open("/me")
        phone.is_at("Me")
        push.deliver(message(kind, phone.url + path.format(**ids)))
        push.shown()
        push.tap()
        phone.is_at(heading.format(**ids) if isinstance(heading, str) else heading)
        assert len(phone.context.pages) == 1
        if kind == "prompt":
            expect(phone.box).to_be_focused()
        if kind == "reminder":
            phone.sees("Rowan set itself a reminder: a moment to reflect.")
        push.clear()


def some_ids(phone: Phone) -> dict[str, str]:
    cohort = api(phone, "GET", "/api/cohorts")["items"][0]["id"]
    seen = api(phone, "GET", "/api/reflections?limit=100")["items"]
    prompt, reminder = (
        "0199aaaa-0000-7000-8000-00000000000a",
        "0199aaaa-0000-7000-8000-00000000000b",
    )
    question = {
        "text": "What would you have said?",
        "areas": [],
        "depth": "bold",
        "cohort_id": cohort,
    }
    api(phone, "PUT", f"/api/prompts/{prompt}", question, **{"If-None-Match": "*"})
    weekly = {
        "cohort_id": cohort,
        "about": "reflection",
        "weekdays": [0],
        "at": "08:00",
        "every_weeks": 1,
        "starts_on": "2026-01-01",
        "ends_on": None,
    }
    api(phone, "PUT", f"/api/reminders/{reminder}", weekly, **{"If-None-Match": "*"})
    return {
        "shared": next(one["id"] for one in seen if not one["mine"]),
        "mine": next(one["id"] for one in seen if one["mine"]),
        "cohort": cohort,
        "prompt": prompt,
        "reminder": reminder,
    }


def test_any_bytes_show_exactly_one_notification_and_a_tap_leads_to_a_place_of_ours(
    with_push,
) -> None:
    phone, push = with_push("Amina")
    for payload in ANY_BYTES:
        push.deliver(payload)
        push.deliver(message("joined", phone.url + "/cohort/people"))  # after which no more comes
        [one] = [one for one in push.shown(2) if one["tag"] != "joined"]
        assert one["title"] == "Alongside", payload
        assert one["data"] == {"path": "/notices"}, payload
        push.clear()

    push.deliver(message("shared", "https://elsewhere.example/steal"))
    push.shown()
    push.tap()
    phone.is_at("Notices")
    assert phone.page.url.startswith(phone.url), "another site’s address is not followed"
    push.clear()

    # A closed app: the browser opens it at its first screen, whatever was asked, as iPhones do.
    push.deliver(message("joined", phone.url + "/cohort/people"))
    push.shown()
    phone.page.goto("about:blank")
    push.tap()
    phone.open("/")
    phone.is_at("People")


def test_opting_out_stays_out(with_push, server) -> None:
    phone, push = with_push("Amina")
    turn_on(phone)
    server.stop()  # without signal it holds here at once, and the server hears of it later
    phone.tap("button", "Turn off here")
    phone.sees("Turn on notifications")
    assert push.subscription is None
    server.start()
    for _ in range(2):
        phone.open("/")
        phone.settle()
    wait_until(lambda: devices_of(phone) == [], "the server to hear of it")
    assert push.subscribed == 1
    phone.open("/me/rhythm")
    phone.sees("Turn on notifications")


def test_a_start_costs_one_request_at_most(with_push) -> None:
    phone, push = with_push("Amina")
    turn_on(phone)
    told: list[str] = []
    phone.page.on(
        "request",
        lambda one: told.append(one.method) if re.search("devices|push", one.url) else None,
    )
    phone.open("/")
    phone.settle()
    assert told == [], "the server has heard today that it is still here"
    push.renews()
    phone.open("/")
    phone.settle()
    assert told == ["PUT"]
    assert len(devices_of(phone)) == 1


def test_taken_off_the_list_elsewhere_it_stays_off(with_push, signed_in) -> None:
    phone, push = with_push("Amina")
    turn_on(phone)
    other = signed_in("Amina")
    other.open("/me/rhythm")
    other.tap("button", re.compile("^Remove Chrome"))
    other.tap("button", "Remove", within=other.sheet)
    other.sees("Devices that take notifications will be here.")
    phone.page.evaluate(THE_NEXT_DAY)
    phone.open("/")
    phone.settle()
    phone.open("/")
    phone.settle()
    assert push.subscription is None
    assert devices_of(phone) == []


def test_what_the_push_service_has_ended_is_signed_up_again_and_the_screen_says_one_thing(
    with_push, service
) -> None:
    phone, push = with_push("Amina")
    turn_on(phone)
    before = push.subscription
    service.then(before, says(410))
    phone.tap("button", re.compile("^Send a test"))
    phone.sees(re.compile("signed up there again"))
    phone.sees("They are on here.")
    phone.sees(re.compile(r"^Chrome on \w+ \(this one\)$"))
    assert push.subscription != before
    phone.tap("button", re.compile("^Send a test"))
    phone.sees(re.compile("took it"))
    push.arrived()


def test_a_database_that_has_lost_a_device_loses_nobodys_wish(with_push, server) -> None:
    """The next day any start puts it in order; on the same day, whoever looks at the list."""
    phone, push = with_push("Amina")
    turn_on(phone)
    for times, day in ((2, "the same"), (3, "the next")):
        forgets_devices(server)
        if day == "the next":
            phone.page.evaluate(THE_NEXT_DAY)
            phone.open("/")
            phone.settle()
        phone.open("/me/rhythm")
        is_known_again(phone, push, times)


def is_known_again(phone: Phone, push: Push, times: int) -> None:
    # asked of the page each time: meanwhile the browser's own questions to the test are answered
    wait_until(
        lambda: devices_of(phone) and push.subscribed == times, "the device to be known again"
    )
    phone.settle()
    phone.sees(re.compile(r"^Chrome on \w+ \(this one\)$"))
    phone.sees("They are on here.")
    assert len(devices_of(phone)) == 1


def forgets_devices(server: Server) -> None:
    """As a database does that was put back from before they were added."""
    engine = create_engine(f"sqlite:///{server.data / 'alongside.db'}")
    with Session(engine) as session, session.begin():
        session.execute(text("DELETE FROM device"))
        begin_epoch(session)  # as whoever puts one back does
    engine.dispose()


def test_the_browsers_question_waved_away_is_asked_again_by_the_next_tap(with_push) -> None:
    """As in Firefox, which answers nothing then."""
    phone, _ = with_push("Amina")
    phone.context.add_init_script(WAVED_AWAY_ONCE)
    phone.open("/me/rhythm")
    phone.tap("button", "Turn on notifications")
    phone.tap("button", "Turn on", within=phone.sheet)
    phone.sees(re.compile("Your browser is asking now"))
    phone.tap("button", "Turn on notifications")
    phone.sees(re.compile("somebody joins.*a reminder of your cohort’s is due", re.S))
    phone.tap("button", "Turn on", within=phone.sheet)
    phone.sees("They are on here.")


WAVED_AWAY_ONCE = """(() => {
    const again = Notification.requestPermission;
    let asked = 0;
    Notification.requestPermission = () => (asked += 1) > 1 ? again() : new Promise(() => {});
})()"""


# As if the server had last heard from this device yesterday.
THE_NEXT_DAY = """async () => {
    for (const { name } of await indexedDB.databases()) {
        if (!name.startsWith('alongside-')) continue;
        const db = await new Promise((done) => {
            indexedDB.open(name).onsuccess = ({ target }) => done(target.result);
        });
        const store = db.transaction('meta', 'readwrite').objectStore('meta');
        await new Promise((done) => {
            store.get('this_device').onsuccess = ({ target }) => {
                const row = target.result;
                row.value.said_on = 'yesterday';
                store.put(row).onsuccess = done;
            };
        });
        db.close();
    }
}"""


def test_an_iphone_is_shown_the_way_to_install_first(signed_in) -> None:
    phone = signed_in("Amina", user_agent=IPHONE)
    phone.context.add_init_script(
        "delete ServiceWorkerRegistration.prototype.pushManager; delete window.Notification"
    )
    phone.open("/me/rhythm")
    phone.sees(re.compile("notifications come to the app on the home screen"))
    phone.sees("Tap the three dots beside the address.")
    expect(phone.page.get_by_role("button", name="Turn on notifications")).to_have_count(0)


def test_denied_there_is_a_way_back(with_push) -> None:
    phone, push = with_push("Amina", after="denied")
    phone.open("/me/rhythm")
    phone.tap("button", "Turn on notifications")
    phone.tap("button", "Turn on", within=phone.sheet)
    phone.sees(re.compile("told not to show notifications"))
    phone.sees(re.compile("and allow them|choose Allow"))
    assert push.subscription is None


def test_signing_out_takes_the_subscription_along(with_push, elsewhere) -> None:
    phone, push = with_push("Amina")
    turn_on(phone)
    phone.go("Me")
    with phone.page.expect_navigation(url="**/sign-in"):
        phone.tap("button", "Sign out")
    assert push.subscription is None
    assert devices_of(elsewhere("Amina")) == []
