"""The first screen on a slow phone: how soon one can type, and how soon a keep is answered."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    sync_playwright,
)

from bench.figures import Figure, at_most
from bench.servers import Server, with_sample_cohort
from bench.show import progress
from tests.journeys.phone import PHONE, Phone
from tests.journeys.readiness import READY, SCRIPTS, WATCH, WATCH_HOME, forget_the_shell
from tests.journeys.ways import api, sign_in_as
from tools import chromium
from tools.steps import ROOT, Stop

TITLE = "The first screen on a slow phone"
NOTES = """\
Chromium at 360 × 780 with the browser's own throttling of slow 4G (150 ms, 1.6 Mbit/s) and of
the processor (a quarter); {rounds} rounds, medians. Ready to type: the box is on the screen,
takes letters, and the page has time for them. First time, signed out: a stranger's first visit,
the box is for the address. First time, Today: signed in, but every cache and the worker thrown
away. From cache: the app opened again in a new page; and in a browser that was ended and
started anew, where nothing of the app is in memory. The cohort's home: opened by its address in
a new page, without signal, until its doors say what is behind them and what has happened stands
below. Keep: from the tap to the frame that says "Kept". The phone holds {many:,} reflections of
its own. Bytes are gzip's at its best, of what the build made, for Today."""
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 200_000,
    "uploadThroughput": 200_000,
}
NO_SIGNAL = SLOW_4G | {"offline": True}
SLOWER = 4
MANY = 1_000
DIST = ROOT / "pwa" / "dist"

KEPT = """() => new Promise((done, fail) => {
    setTimeout(() => fail(new Error('no answer to a keep after half a minute')), 30000);
    let tapped = 0;
    const tap = (event) => { tapped = event.timeStamp; };
    addEventListener('click', tap, { capture: true, once: true });
    const line = () => [...document.querySelectorAll('[role=status]')]
        .find((one) => /^Kept /.test(one.textContent.trim()))?.querySelector('a').href;
    const former = line();
    // Told of a change, not asked at every frame: the asking would be measured too. The next frame
    // draws what has changed, and a timer's turn comes behind that.
    new MutationObserver((_, watcher) => {
        if (!tapped || [undefined, former].includes(line())) return;
        watcher.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - tapped)));
    }).observe(document.querySelector('main'), {
        attributes: true, characterData: true, childList: true, subtree: true,
    });
})"""


@dataclass
class Taken:
    """What each round came to, in milliseconds."""

    stranger: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    anew: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)
    home: list[float] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    precached: list[str] = field(default_factory=list)


def measure(rounds: int) -> tuple[list[Figure], str]:
    """The figures for the first screen."""
    if not (DIST / "index.html").is_file():
        raise Stop("the app is not built: make setup")
    taken = Taken()
    with (
        with_sample_cohort() as server,
        sync_playwright() as playwright,
        browser_of(playwright) as browser,
        TemporaryDirectory() as profile,
    ):
        _has_written_much(browser, server)
        _moves_in(playwright, profile, server)
        for number in range(rounds):
            progress(f"round {number + 1} of {rounds}")
            context = browser.new_context(**PHONE)  # type: ignore[arg-type]
            page = _slow_page(context)
            taken.stranger.append(_open(page, server))
            page.close()
            _at_home(context, server, taken)
            context.close()
            with _browser_of(playwright, profile) as own:
                taken.anew.append(_open(_slow_page(own), server))
    scripts, later = (sum(map(_gzipped, paths)) / 1000 for paths in (taken.scripts, taken.later))
    precached = sum(_gzipped(path) for path in taken.precached) / 1000
    return [
        _time("ready to type, first time, signed out", taken.stranger, 2000),
        _time("ready to type, first time, Today", taken.first, 2000),
        _time("ready to type, from cache", taken.again, 800),
        _time("ready to type, from cache, browser started anew", taken.anew, 800),
        _time("cohort home ready offline, from cache", taken.home, 800),
        _time("keep answered on the screen", taken.kept, 100),
        at_most(
            "JavaScript before one can type",
            scripts,
            45,
            "kB",
            f"{later:.0f} kB more when the phone has time for it",
        ),
        at_most("precached", precached, 200, "kB", f"{len(taken.precached)} files"),
    ], NOTES.format(rounds=rounds, many=MANY)


def _time(what: str, values: list[float], aim: float) -> Figure:
    return at_most(what, median(values), aim, "ms", f"{min(values):,.0f}–{max(values):,.0f} ms")


@contextmanager
def browser_of(playwright: Playwright) -> Iterator[Browser]:
    """A browser that is ended with the block."""
    path = chromium.found_or_installed()
    browser = playwright.chromium.launch(executable_path=path, args=chromium.arguments())
    yield browser
    browser.close()


@contextmanager
def _browser_of(playwright: Playwright, profile: str) -> Iterator[BrowserContext]:
    """A browser that keeps what it has on the disk, as a phone's does, and begins with that."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium.found_or_installed(),
        args=chromium.arguments(),
        **PHONE,  # type: ignore[arg-type]
    )
    yield context
    context.close()


def _moves_in(playwright: Playwright, profile: str, server: Server) -> None:
    with _browser_of(playwright, profile) as own:
        phone = Phone(own, server.url)
        sign_in_as(phone, "Amina")
        phone.page.evaluate(INSTALLED)
        phone.page.wait_for_load_state("networkidle")


def _has_written_much(browser: Browser, server: Server) -> None:
    """Years of somebody's reflections, so that a keep is not measured in an empty house."""
    progress(f"{MANY:,} reflections, kept beforehand")
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    phone = Phone(context, server.url)
    sign_in_as(phone, "Amina")
    now = datetime.now(UTC)
    for number in range(MANY):
        written_at = (now - timedelta(hours=10 * number)).isoformat()
        words = f"{number}: we stood in the corridor, and this time somebody said it. " * 3
        body = {"text": words, "areas": ["team"], "written_at": written_at}
        api(phone, "PUT", f"/api/reflections/{uuid4()}", body, **{"If-None-Match": "*"})
    context.close()


def _at_home(context: BrowserContext, server: Server, taken: Taken) -> None:
    phone = Phone(context, server.url)
    sign_in_as(phone, "Amina")
    phone.page.evaluate(INSTALLED)
    forget_the_shell(phone)
    phone.page.close()
    first = _slow_page(context)
    taken.first.append(_open(first, server))
    _must_take_letters(first)
    first.wait_for_load_state("networkidle")
    taken.scripts, taken.later = first.evaluate(SCRIPTS)
    first.evaluate(INSTALLED)
    taken.precached = first.evaluate(PRECACHED)
    first.close()

    again = _slow_page(context)
    taken.again.append(_open(again, server))
    _must_take_letters(again)
    again.wait_for_load_state("networkidle")
    for _ in range(3):
        taken.kept.append(_keep(again))
    again.goto(f"{server.url}/cohort")
    again.wait_for_load_state("networkidle")
    again.close()

    home = _slow_page(context, WATCH_HOME, NO_SIGNAL)
    taken.home.append(_open(home, server, "/cohort"))
    home.close()


INSTALLED = """() => Promise.race([
    navigator.serviceWorker.ready.then(() => true),
    new Promise((_, fail) => setTimeout(() => fail(new Error('no worker came')), 30000)),
])"""
# What the first visit keeps before all else, by the worker's own list (pwa/src/worker/shell.ts).
PRECACHED = """async () => {
    for (const name of await caches.keys()) {
        const list = await (await caches.open(name)).match('/.shell');
        if (!list) continue;
        const { files, later } = await list.json();
        const rest = new Set(Object.values(later).flat());
        return Object.keys(files).filter((path) => !rest.has(path));
    }
    return [];
}"""


def _slow_page(context: BrowserContext, watch: str = WATCH, line: dict[str, int] = SLOW_4G) -> Page:
    page = context.new_page()
    page.add_init_script(watch)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", line)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def _open(page: Page, server: Server, path: str = "") -> float:
    page.goto(server.url + path, wait_until="commit")
    ready: float = page.evaluate(READY)
    return ready


def _must_take_letters(page: Page) -> None:
    """What is typed into the box stays there: it was ready indeed."""
    box = page.locator("main textarea")
    box.press_sequentially("Hm")
    page.wait_for_timeout(300)
    assert box.input_value() == "Hm", box.input_value()
    box.fill("")


def _keep(page: Page) -> float:
    page.locator("main textarea").fill("She put the kettle on before she took off her coat.")
    page.wait_for_timeout(500)
    waiting: Any = page.evaluate_handle(f"() => ({{ kept: ({KEPT})() }})")
    _tap(page, page.get_by_role("button", name="Keep", exact=True))
    took: float = waiting.evaluate("(it) => it.kept")
    page.wait_for_timeout(500)
    return took


def _tap(page: Page, button: Locator) -> None:
    """A finger, and nothing besides: Playwright's own tap has the page look whether it hit."""
    box = button.bounding_box()
    assert box, "no such button on the screen"
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    session = page.context.new_cdp_session(page)
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    page.wait_for_timeout(60)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def _gzipped(path: str) -> int:
    file = DIST / ("index.html" if path == "/" else path.lstrip("/"))
    return min(file.stat().st_size, len(gzip.compress(file.read_bytes(), 9)))
