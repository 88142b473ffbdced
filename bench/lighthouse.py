"""Lighthouse's four figures, of the sign-in page and of Today signed in.

Only when it is named: Lighthouse is no dependency. `NOTES` say how to have it.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Playwright, sync_playwright

from bench.figures import Figure
from bench.first_load import INSTALLED
from bench.servers import with_sample_cohort
from bench.show import progress
from tests.journeys.phone import PHONE, Phone
from tests.journeys.server import free_port
from tests.journeys.ways import sign_in_as
from tools import chromium
from tools.setting_up import node
from tools.steps import Stop

TITLE = "Lighthouse"
NOTES = """\
Lighthouse {version}, as it is for a phone (a 4 times slower processor and slow 4G, reckoned);
{rounds} runs, medians, each in a browser that was ended and started anew. Of the sign-in page with
nothing kept; of Today signed in, and kept for offline. It is no dependency: `npm install
lighthouse` in a folder beside the project, then
`LIGHTHOUSE=…/node_modules/lighthouse/cli/index.js make bench ARGS=lighthouse`. On a busy machine
performance falls by what blocks. So it does where a page is opened in a browser that has just
closed another: a task of the browser's own, 110 ms before the page is there, cost Today up to ten
points in runs that were made so."""
AIMS = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}


def measure(rounds: int) -> tuple[list[Figure], str]:
    """The figures of both pages. Raises Stop where there is no Lighthouse."""
    command = os.environ.get("LIGHTHOUSE", "")
    if not Path(command).is_file():
        raise Stop("say in LIGHTHOUSE where its cli/index.js is: npm install lighthouse")
    figures = []
    version = ""
    with (
        with_sample_cohort() as server,
        sync_playwright() as playwright,
        TemporaryDirectory() as profile,
    ):
        for page in ("sign-in page", "Today"):
            taken = []
            for number in range(rounds):
                progress(f"{page}, run {number + 1} of {rounds}")
                with _browser(playwright, profile) as port:
                    report = _report(command, server.url, port, keeps=page == "Today")
                version = report["lighthouseVersion"]
                taken.append({name: one["score"] for name, one in report["categories"].items()})
            figures += [_figure(page, name, [one[name] for one in taken]) for name in AIMS]
            if page == "sign-in page":
                _moves_in(playwright, profile, server.url)
    return figures, NOTES.format(rounds=rounds, version=version)


def _figure(page: str, name: str, scores: list[float]) -> Figure:
    points = [round(100 * score) for score in scores]
    middle = median(points)
    each = ", ".join(map(str, points))
    return Figure(f"{page}: {name}", f"{middle:.0f}", f"≥ {AIMS[name]}", middle >= AIMS[name], each)


def _report(command: str, url: str, port: int, *, keeps: bool) -> dict:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        arguments = [f"--port={port}", "--quiet", "--output=json", f"--output-path={path}"]
        if keeps:
            arguments.append("--disable-storage-reset")
        subprocess.run([node(), command, f"{url}/", *arguments], check=True)
        report: dict = json.loads(path.read_text())
        return report


@contextmanager
def _browser(playwright: Playwright, profile: str) -> Iterator[int]:
    """A browser with a profile of its own; the port by which it is told what to do."""
    port = free_port()
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium.found_or_installed(),
        args=[*chromium.arguments(), f"--remote-debugging-port={port}"],
    )
    context.pages[0].wait_for_timeout(5_000)  # what a browser does at its start is not the page's
    yield port
    context.close()


def _moves_in(playwright: Playwright, profile: str, url: str) -> None:
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium.found_or_installed(),
        args=chromium.arguments(),
        **PHONE,  # type: ignore[arg-type]
    )
    phone = Phone(context, url)
    sign_in_as(phone, "Amina")
    phone.page.evaluate(INSTALLED)
    phone.page.wait_for_load_state("networkidle")
    context.close()
