"""A phone after ten years: 10,000 reflections fetched, looked back at and searched."""

import logging
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright
from sqlalchemy import insert, select

from backend import create_app
from backend.core import clock, ids
from backend.people.models import Person
from backend.reflections.models import Area, Audience, ChangeCount, Noticing, Reflection, Stretch
from backend.settings import from_environment
from bench.figures import Figure, at_most
from bench.first_load import DIST, INSTALLED, SLOW_4G, SLOWER, browser_of
from bench.servers import Server, with_sample_cohort
from bench.show import progress
from tests.journeys.phone import PHONE
from tests.journeys.ways import ROWS
from tools.steps import Stop

TITLE = "A phone after ten years"
NOTES = """Chromium at 360 × 780 with the browser's own throttling of slow 4G (150 ms, 1.6 Mbit/s)
and of the processor (a quarter), once with {few:,} and once with {many:,} reflections of one's own,
written over ten years and put into the database directly. Whole: from the tap that signs in to all
of them being in the phone's own database. Tasks are those that the browser calls long (over 50 ms),
from that tap until none has come for a few seconds; where there is none, one of 50 ms counts.
Processor: what the page's main thread used of it meanwhile; on a busy machine tasks take longer,
and this hardly changes. Ready to write: from that tap to the box, a frame and a turn later. Look
back: from the tap on its link, with all of them on the phone. Search: from the key to the frame
that shows what it finds, for each of the first letters of a few words."""
FEW, MANY = 1_000, 10_000
YEARS = timedelta(days=3652)
QUIET = 4  # seconds without a long task
LONG = 50  # milliseconds
WORDS = (
    "we stood in the corridor and this time somebody said it before round began nobody asked a "
    "question for while took that good sign until three kettle was on she looked at me waited "
    "longer than usual then registrar spoke first listened theatre list slipped again porter knew "
    "why patient daughter had been there since morning felt my voice go quiet when consultant came "
    "back handover late held team together tired honest about what could not be fixed tonight "
    "system does reward asking I noticed"
)
SOUGHT = ("ket", "por", "wai")  # with each letter less is found

WATCH = """
    window.__tasks = [];
    new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries())
            window.__tasks.push([startTime, duration]);
    }).observe({ type: 'longtask', buffered: true });
"""
# From the tap to a box that is drawn, in a page that has time for it.
TO_THE_BOX = """() => new Promise((done, fail) => {
    setTimeout(() => fail(new Error('nothing to write in after a minute')), 60000);
    let tapped = 0;
    addEventListener('click', (event) => { tapped ||= window.__tapped = event.timeStamp; }, true);
    const look = () => {
        if (!tapped || !document.querySelector('main textarea')?.getClientRects().length)
            return requestAnimationFrame(look);
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - tapped)));
    };
    look();
})"""
# From a key to the frame after what is found was put there.
TO_WHAT_IS_FOUND = """() => new Promise((done, fail) => {
    setTimeout(() => fail(new Error('nothing changed in a minute')), 60000);
    let pressed = 0;
    addEventListener('keydown', (e) => { pressed = e.timeStamp; }, { capture: true, once: true });
    const said = () => document.querySelector('search [role=status]').textContent;
    const before = said();
    new MutationObserver((_, watcher) => {
        if (!pressed || said() === before) return;
        watcher.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - pressed)));
    }).observe(document.querySelector('main'), {
        attributes: true, characterData: true, childList: true, subtree: true,
    });
})"""
NODES = "document.querySelectorAll('main *').length"


@dataclass
class Phone:
    """What one phone came to: milliseconds, but for `whole`, `processor` (seconds) and `nodes`."""

    whole: float
    ready: float
    processor: float
    tasks: list[float]
    opened: list[float]
    back: list[float]
    nodes: int
    keys: list[float]
    unlike: list[float]


def measure() -> tuple[list[Figure], str]:
    """The figures for a long history."""
    if not (DIST / "index.html").is_file():
        raise Stop("the app is not built: make setup")
    with with_sample_cohort() as server:
        _writes_for_years(server, {"Amina": FEW, "Callum": MANY})
        with sync_playwright() as playwright, browser_of(playwright) as browser:
            few = _phone(browser, server, "Amina", FEW)
            many = _phone(browser, server, "Callum", MANY)
    times = sum(many.tasks) / max(sum(few.tasks), LONG)
    beside = f"{sum(many.tasks) / 1000:.1f} s beside {sum(few.tasks) / 1000:.1f} s"
    return [
        at_most(f"whole, {MANY:,}", many.whole, 40, "s", f"{few.whole:.1f} s for {FEW:,}"),
        at_most("meanwhile: longest task", max(many.tasks, default=0), 200, "ms"),
        at_most(f"long tasks in all, {MANY:,} ÷ {FEW:,}", times, 12, "", beside),
        at_most(
            f"processor in all, {MANY:,} ÷ {FEW:,}",
            many.processor / few.processor,
            12,
            "",
            f"{many.processor:.1f} s beside {few.processor:.1f} s",
        ),
        at_most("ready to write", many.ready, 1000, "ms", f"{few.ready:.0f} ms for {FEW:,}"),
        at_most("opened again: longest task", max(many.opened, default=0), 200, "ms"),
        at_most("look back: longest task", max(many.back, default=0), 200, "ms"),
        at_most("look back: elements", many.nodes, 2 * few.nodes, "", f"{few.nodes} for {FEW:,}"),
        at_most(
            "search: key to paint",
            median(many.keys),
            100,
            "ms",
            f"the first {many.keys[0]:.0f}, the slowest {max(many.keys):.0f} ms",
        ),
        at_most("search: longest task", max(many.unlike, default=0), 200, "ms"),
    ], NOTES.format(few=FEW, many=MANY)


def _writes_for_years(server: Server, how_many: dict[str, int]) -> None:
    """As many reflections of each of these people, with words as long as people write."""
    app = create_app(from_environment(server.environment()))
    logging.disable(logging.INFO)
    drawn = random.Random(16)
    with app.database.writing() as session:
        people = session.scalars(select(Person)).all()
        for name, count in how_many.items():
            progress(f"{count:,} reflections, put there beforehand")
            author = next(one.id for one in people if one.name.startswith(name))
            made = session.get_one(ChangeCount, author)
            rows = [
                a_reflection(author, made.value + 1 + number, count - number, count, drawn)
                for number in range(count)
            ]
            for at in range(0, count, 1000):
                session.execute(insert(Reflection), rows[at : at + 1000])
            made.value += count
        session.commit()
    app.database.engine.dispose()
    logging.disable(logging.NOTSET)


def a_reflection(
    author: Any, seq: int, back: int, count: int, drawn: random.Random
) -> dict[str, Any]:
    """The row of a reflection of theirs, `back` of `count` ago."""
    at = datetime.now(UTC) - YEARS * (back / count)
    with clock.standing_at(at):
        return {
            "id": ids.new_id(),
            "author_id": author,
            "text": " ".join(drawn.choices(WORDS.split(), k=drawn.randrange(20, 70))).capitalize()
            + ".",
            "areas": drawn.sample(list(Area), k=drawn.randrange(1, 4)),
            "noticing": drawn.choice([None, *Noticing]),
            "stretch": drawn.choice([None, *Stretch]),
            "audience": Audience.ME,
            "written_at": at,
            "changed_at": at,
            "change_seq": seq,
            "version": 1,
        }


def _phone(browser: Browser, server: Server, name: str, count: int) -> Phone:
    progress(f"a new phone, {count:,} reflections")
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = _slow_page(context)
    page.goto(server.url)
    page.wait_for_load_state("networkidle")
    counted = context.new_cdp_session(page)
    counted.send("Performance.enable", {"timeDomain": "threadTicks"})
    waiting: Any = page.evaluate_handle(f"() => ({{ ready: ({TO_THE_BOX})() }})")
    page.get_by_role("button", name=re.compile(name)).tap()
    ready: float = waiting.evaluate("(it) => it.ready")
    whole = _whole(page, count)
    tasks = _tasks(page, since=page.evaluate("window.__tapped"))
    processor = _processor(counted)
    page.evaluate(INSTALLED)
    page.close()

    progress("opened again")
    page = _slow_page(context)
    page.goto(server.url)
    opened = _tasks(page)
    page.get_by_role("link", name="Mine").first.tap()
    page.get_by_role("article").first.wait_for(timeout=120_000)
    _tasks(page)
    before = _now(page)
    page.get_by_role("link", name="Look back").tap()
    page.get_by_role("heading", name="Look back").wait_for(timeout=60_000)
    back, nodes = _tasks(page, since=before), page.evaluate(NODES)
    page.close()

    progress("searched")
    page = _slow_page(context)
    page.goto(f"{server.url}/mine")
    page.get_by_role("searchbox").wait_for(timeout=120_000)
    _tasks(page)
    before = _now(page)
    keys = [took for word in SOUGHT for took in _search(page, word)]
    unlike = _tasks(page, since=before)
    context.close()
    return Phone(whole, ready, processor, tasks, opened, back, nodes, keys, unlike)


def _slow_page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(180_000)
    page.add_init_script(WATCH)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def _processor(counted: CDPSession) -> float:
    """Seconds of the processor that the page's main thread has used since it is counted."""
    metrics = counted.send("Performance.getMetrics")["metrics"]
    found: float = next(one["value"] for one in metrics if one["name"] == "TaskDuration")
    return found


def _now(page: Page) -> float:
    now: float = page.evaluate("performance.now()")
    return now


def _whole(page: Page, count: int) -> float:
    """Seconds from the tap until all are in the phone's database."""
    while page.evaluate(ROWS, "reflections") < count:
        page.wait_for_timeout(500)
    at: float = page.evaluate("performance.now() - window.__tapped")
    return at / 1000


def _tasks(page: Page, since: float = 0) -> list[float]:
    """How long each long task took since then, when no more come."""
    while True:
        found = page.evaluate("[performance.now(), window.__tasks]")
        last = max((begun + took for begun, took in found[1]), default=0)
        if found[0] - max(last, since) > QUIET * 1000:
            return [took for begun, took in found[1] if begun >= since]
        page.wait_for_timeout(1000)


def _search(page: Page, word: str) -> list[float]:
    box = page.get_by_role("searchbox")
    box.fill("")
    box.focus()
    page.wait_for_timeout(1000)
    return [_key(page, letter) for letter in word]


def _key(page: Page, letter: str) -> float:
    waiting: Any = page.evaluate_handle(f"() => ({{ found: ({TO_WHAT_IS_FOUND})() }})")
    page.keyboard.press(letter)
    took: float = waiting.evaluate("(it) => it.found")
    page.wait_for_timeout(300)
    return took
