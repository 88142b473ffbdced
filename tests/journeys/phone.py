"""A person's phone: taps are counted, words are found as a person finds them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import (
    APIRequestContext,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    expect,
)

from tests.journeys.server import wait_until
from tools.setting_up import DIST

PHONE = {
    "viewport": {"width": 360, "height": 780},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "locale": "en-GB",
    "timezone_id": "Europe/London",
    "reduced_motion": "reduce",
}
POLICY = re.compile(r"Content Security Policy|Trusted Type|TrustedScript|TrustedHTML", re.I)
# Without the list of what belongs to a version, which the worker puts beside its files.
KEPT_FILES = """async () => {
    const paths = []
    for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys())
            paths.push(new URL(request.url).pathname)
    return paths.filter((path) => path !== '/.shell')
}"""

# The last screen stays until the next one is there: then its heading has gone.
FOLLOW = """async path => {
    const [left, from] = [document.querySelector('main h1'), location.pathname]
    const link = document.createElement('a')
    link.href = path
    document.body.append(link)
    link.click()
    link.remove()
    if (left?.isConnected && location.pathname !== from)
        await new Promise((gone, failed) => {
            const watch = new MutationObserver(() => left.isConnected || gone(watch.disconnect()))
            watch.observe(document, { childList: true, subtree: true })
            setTimeout(() => failed(new Error(`${from} stayed where ${path} was wanted`)), 15_000)
        })
}"""

# Whether a worker has this page; false if none has taken it for half a minute.
LOOKED_AFTER = """() => Promise.race([
    navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ? true
        : new Promise(done => navigator.serviceWorker.addEventListener('controllerchange',
            () => done(true)))),
    new Promise(late => setTimeout(() => late(false), 30_000)),
])"""


def built_files() -> set[str]:
    """The addresses of the scripts, looks and letters that the app is built of."""
    files = DIST.joinpath("assets").glob("*-*.*")
    return {f"/assets/{file.name}" for file in files if file.suffix in (".js", ".css", ".woff2")}


class Caller:
    """Somebody's session at a server, whatever they see: for what they only send."""

    def __init__(self, request: APIRequestContext, url: str) -> None:
        self.request = request
        self.url = url


class Phone(Caller):
    """One browser with its own storage. `faults` gathers what must never happen in it."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        super().__init__(context.request, url)
        self.context = context
        self.taps = 0
        self.faults: list[str] = []
        context.on("page", self._watch)
        self.page: Page = context.pages[0] if context.pages else context.new_page()
        if context.pages and not self.faults:
            self._watch(self.page)

    @classmethod
    def beside(cls, other: "Phone") -> "Phone":
        """A second tab on the same phone."""
        tab = cls.__new__(cls)
        Caller.__init__(tab, other.request, other.url)
        tab.context, tab.taps, tab.faults = other.context, 0, other.faults
        tab.page = other.context.new_page()
        return tab

    # --- doing

    def open(self, path: str = "/") -> "Phone":
        self.page.goto(self.url + path)
        return self

    def follow(self, path: str) -> None:
        """To another screen, as a link in the open app leads there: nothing is loaded anew."""
        self.page.evaluate(FOLLOW, path)

    def tap(self, role: Any, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        self.tap_on(self.find(role, name, within=within))

    def tap_on(self, thing: Locator) -> None:
        thing.tap()
        self.taps += 1

    def write(self, field: str | Locator, words: str) -> None:
        """Type into a field; a tap more when the cursor is not in it yet."""
        box = self.page.get_by_label(field, exact=True) if isinstance(field, str) else field
        if not box.evaluate("box => box === document.activeElement"):
            self.tap_on(box)
        box.fill(words)

    @property
    def box(self) -> Locator:
        """The one box to write a reflection in."""
        return self.page.get_by_role("main").get_by_role("textbox").first

    @property
    def sheet(self) -> Locator:
        return self.page.get_by_role("dialog")

    def go(self, tab: str) -> None:
        """To one of the tabs below, whatever waits there."""
        bar = self.page.get_by_role("navigation", name="Main")
        self.tap("link", re.compile(rf"^{tab}\b"), within=bar)

    @contextmanager
    def at_most(self, taps: int) -> Iterator[None]:
        before = self.taps
        yield
        assert self.taps - before <= taps, f"{self.taps - before} taps where {taps} must do"

    # --- looking

    def find(
        self, role: Any, name: str | re.Pattern[str], *, within: Locator | None = None
    ) -> Locator:
        exact = isinstance(name, str)
        return (within or self.page).get_by_role(role, name=name, exact=exact)

    def sees(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible()

    def does_not_see(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(words).filter(visible=True)).to_have_count(0)

    def is_at(self, heading: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1, name=heading)).to_be_visible()

    def is_kept_for_offline(self) -> None:
        """Wait until the worker has the whole app on the phone and looks after this page."""
        self.is_kept_for_today()
        wait_until(lambda: built_files() <= self.kept_files(), "the rest of the app")

    def is_kept_for_today(self) -> None:
        """Wait until what the first visit waits for is on the phone, and no longer."""
        assert self.page.evaluate(LOOKED_AFTER), "no worker looks after this page"

    def kept_files(self) -> set[str]:
        """The addresses of the app's files that the worker keeps."""
        return set(self.page.evaluate(KEPT_FILES))

    def spares_data(self) -> None:
        """From here on the line counts as one that costs: Chromium's Data Saver, for this page."""
        # Held open: the setting ends with its session.
        session = self.context.new_cdp_session(self.page)
        session.send("Emulation.setDataSaverOverride", {"dataSaverEnabled": True})

    def settle(self) -> None:
        """Wait until nothing moves and nothing is on its way."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(
            "Promise.allSettled(document.getAnimations().map(one => one.finished)).then(() => 0)"
        )

    def cdp(self, method: str, **parameters: Any) -> dict[str, Any]:
        session = self.context.new_cdp_session(self.page)
        try:
            answer: dict[str, Any] = session.send(method, parameters)
            return answer
        finally:
            session.detach()

    # --- watching

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        if POLICY.search(message.text):
            self.faults.append(message.text)
