"""A browser's push, with a service of ours behind it.

`pushManager.subscribe` fails in a private window and hangs where Google's service cannot be
reached, so the page gets a PushManager that subscribes with the test's own service and keys. What
that service is sent is opened there, and delivered to the real worker over the DevTools protocol.
"""

import json
from typing import Any

from tests.journeys.phone import Phone
from tests.journeys.server import wait_until
from tests.push.service import PushService

STAND_IN = """(() => {
    const ask = (what, more) => window.__push(what, more);
    const encoded = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
        .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const asSubscription = (json) => json && {
        ...json,
        options: { applicationServerKey: null, userVisibleOnly: true },
        toJSON: () => json,
        unsubscribe: () => ask('unsubscribe'),
    };
    Object.assign(PushManager.prototype, {
        getSubscription: () => ask('now').then(asSubscription),
        subscribe: ({ applicationServerKey }) =>
            ask('subscribe', encoded(applicationServerKey)).then(asSubscription),
    });
})()"""
# The system's own question cannot be tapped by a test: it is answered as the test says.
PERMISSION = """(() => {
    const [before, after] = ['%s', '%s'];
    const now = () => sessionStorage.getItem('answered') ?? before;
    Object.defineProperty(Notification, 'permission', { get: now });
    Notification.requestPermission = async () => {
        window.__asked = navigator.userActivation.isActive;
        sessionStorage.setItem('answered', after);
        return after;
    };
})()"""
SHOWN = """() => navigator.serviceWorker.ready
    .then((registration) => registration.getNotifications())
    .then((all) => all.map(({ title, body, tag, data }) => ({ title, body, tag, data })))"""
CLEAR = """() => navigator.serviceWorker.ready
    .then((registration) => registration.getNotifications())
    .then((all) => all.forEach((one) => one.close()))"""
TAP = """async (tag) => {
    const all = await self.registration.getNotifications(tag ? { tag } : {});
    const event = new NotificationEvent('notificationclick', { notification: all[0] });
    const lasting = [];
    event.waitUntil = (work) => void lasting.push(work);
    self.dispatchEvent(event);
    await Promise.allSettled(lasting);
}"""


class Push:
    """What one phone's browser knows about push. Make it before the page is opened."""

    def __init__(self, phone: Phone, service: PushService, key: str | None = None) -> None:
        self.phone, self.service = phone, service
        self.subscription: dict[str, Any] | None = None
        self.subscribed = 0
        self.context = phone.context
        self.context.expose_function("__push", self._answer)
        self.context.add_init_script(STAND_IN)
        self.context.grant_permissions(["notifications", "background-sync"])

    def _answer(self, what: str, more: str | None = None) -> Any:
        if what == "subscribe" and not self.subscription:
            assert more
            self.subscription = self.service.subscribe(more)
            self.subscribed += 1
        if what == "unsubscribe":
            self.subscription = None
            return True
        return self.subscription

    def renews(self) -> None:
        """The browser changes the subscription, as browsers do."""
        assert self.subscription
        name = self.subscription["endpoint"].rpartition("/")[2]
        self.subscription = self.service.subscribe(self.service.devices[name][1])

    def arrived(self, number: int = 1) -> list[bytes]:
        """What the service was sent for this device, once there are so many."""
        assert self.subscription
        there = self.subscription
        wait_until(lambda: len(self.service.payloads(there)) >= number, f"{number} pushes")
        return self.service.payloads(there)

    def deliver(self, payload: bytes) -> None:
        """Hand bytes to the worker, as the browser would."""
        session = self.context.new_cdp_session(self.phone.page)
        registrations: list[dict[str, Any]] = []
        session.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: registrations.extend(event["registrations"]),
        )
        session.send("ServiceWorker.enable")
        wait_until(
            lambda: registrations or self.phone.page.wait_for_timeout(50), "the registration"
        )
        session.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": self.phone.url,
                "registrationId": registrations[0]["registrationId"],
                "data": payload.decode("utf-8", "replace"),
            },
        )
        session.detach()

    def shown(self, number: int = 1) -> list[dict[str, Any]]:
        """The notifications on the screen, once there are so many."""
        found: list[dict[str, Any]] = []

        def look() -> bool:
            found[:] = self.phone.page.evaluate(SHOWN)
            return len(found) >= number

        wait_until(look, f"{number} notifications")
        return found

    def clear(self) -> None:
        """Take all of them away, and wait until they are gone."""
        self.phone.page.evaluate(CLEAR)
        wait_until(lambda: not self.phone.page.evaluate(SHOWN), "no notification")

    def tap(self, tag: str = "") -> None:
        """A finger on the notification, and all that the worker does about it."""
        self.context.service_workers[0].evaluate(TAP, tag)


def answers(phone: Phone, before: str, after: str) -> None:
    """What the system says about notifications, and what it says once it was asked."""
    phone.context.add_init_script(PERMISSION % (before, after))


def message(kind: str, navigate: str, **more: Any) -> bytes:
    """A push as the server writes it."""
    notification = {"title": "Alongside", "body": f"{kind}.", "navigate": navigate, "tag": kind}
    return json.dumps({"web_push": 8030, "notification": notification | more}).encode()
