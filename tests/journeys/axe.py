"""axe-core, run in the page past its content policy, in light and in dark."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import CDPSession, Page

from tests.journeys.phone import Phone
from tools.steps import ROOT

# WCAG 2.2 AA and the best practices; target-size is off in axe unless asked for.
EVERYTHING = """{
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: {"target-size": {enabled: true}},
    resultTypes: ["violations"],
}"""


# All that a theme changes is colours: the page is the same one.
COLOURS = """{
    runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] },
    resultTypes: ["violations"],
}"""
THEMES = {"light": EVERYTHING, "dark": COLOURS}
SIZES = ((320, 780), (1280, 780))
# Where it stood before is what comes back.
TO_THE_END = """() => {
    const before = scrollY;
    scrollTo(0, document.documentElement.scrollHeight);
    return before;
}"""


@cache
def _source() -> str:
    return (ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js").read_text()


def violations(phone: Phone) -> list[str]:
    """What axe finds on the screen as it is now, in both themes; a line for each finding."""
    found = _in_themes(phone, THEMES)
    phone.page.emulate_media(color_scheme="light")
    return found


def at_every_width(phone: Phone, name: str, sizes: Sequence[tuple[int, int]] = SIZES) -> list[str]:
    """What axe finds on a narrow and on a wide screen, and whether one scrolls sideways."""
    found = []
    themes = list(THEMES)
    for width, height in sizes:
        phone.page.set_viewport_size({"width": width, "height": height})
        phone.settle()
        found += [f"{name} at {width} px: {line}" for line in _in_themes(phone, themes)]
        if phone.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name} at {width} px scrolls sideways")
        themes.reverse()  # the next one begins in the theme that this one ended in
    phone.page.emulate_media(color_scheme="light")
    return found


def _in_themes(phone: Phone, themes: Iterable[str]) -> list[str]:
    found = []
    # At its end nothing lies under the dock or the tabs, however long today's question is.
    place = phone.page.evaluate(TO_THE_END)
    for theme in themes:
        phone.page.emulate_media(color_scheme=theme)
        phone.settle()  # colours change over a moment, and axe must not look in between
        found += [f"{theme}: {line}" for line in _look(phone.page, THEMES[theme])]
    phone.page.evaluate(f"scrollTo(0, {place})")
    return found


# Each page's own, for as long as it is open: axe then stays in it until another document comes.
_sessions: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


def _look(page: Page, options: str) -> list[str]:
    session = _sessions.get(page) or page.context.new_cdp_session(page)
    _sessions[page] = session
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    # A world of its own: the page's policy does not reach it, and it leaves nothing behind.
    world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})
    context = world["executionContextId"]
    if not _evaluate(session, context, "'axe' in globalThis"):
        _evaluate(session, context, _source() + "\n;0")
    results = _evaluate(
        session,
        context,
        f"axe.run(document, {options}).then(({{ violations }}) => violations)",
    )
    return [
        f"{one['id']}: {one['help']} ({node['html'][:120]}; {node['failureSummary']})"
        for one in results
        for node in one["nodes"]
    ]


def _evaluate(session: CDPSession, context: int, expression: str) -> Any:
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": expression,
            "contextId": context,
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return answer["result"].get("value")
