"""The browser for the journeys: the machine's own, else Debian's, else Playwright's."""

import contextlib
import os
import shutil
from pathlib import Path

from tools.setting_up import PYTHON, node
from tools.steps import Stop, answer, apt_install, step, works

# What Chromium does besides for a person at a desk, and our pages would wait for: of each new
# window it prepares what may drop down from the address bar, for longer than our screen takes.
# Only the last such list counts, so what Playwright turns off is repeated, where it concerns us.
UNWANTED = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    f"--disable-features={','.join(UNWANTED)}",
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FETCH = (str(PYTHON), "-m", "playwright", "install", "chromium")
PLAYWRIGHTS = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def find() -> str | None:
    """The path of a Chromium that starts here, if there is one."""
    named = os.environ.get("ALONGSIDE_CHROMIUM")
    found = [path for name in NAMES if (path := shutil.which(name))]
    for path in [named, *found]:
        if path and works(path, "--version"):
            return path
    return _playwrights()


def _playwrights() -> str | None:
    path = answer(PYTHON, "-c", PLAYWRIGHTS)
    return path if path and works(path, "--version") else None


def arguments() -> list[str]:
    """How it is started: alone with the page, and without a sandbox where there can be none."""
    return [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def set_up() -> dict[str, str]:
    """A browser and what drives it, installed where missing: the environment that names them."""
    os.environ.update(_driver())
    return {"ALONGSIDE_CHROMIUM": found_or_installed(), **_driver()}


def _driver() -> dict[str, str]:
    """Playwright brings a Node of its own, which a very small Debian cannot run; ours it can."""
    its_own = answer(PYTHON, "-c", "import playwright; print(*playwright.__path__)")
    if works(Path(its_own or "") / "driver" / "node", "--version"):
        return {}
    return {"PLAYWRIGHT_NODEJS_PATH": str(node())}


def found_or_installed() -> str:
    if path := find():
        return path
    apt_install("Installing Chromium for the browser tests", "chromium", "fonts-liberation")
    if path := find():
        return path
    with contextlib.suppress(Stop):
        step("Fetching Chromium for the browser tests", FETCH, "")
    if path := find():
        return path
    raise Stop(
        "the browser tests need Chromium: install it (sudo apt-get install chromium), "
        "or name one with ALONGSIDE_CHROMIUM=/path/to/chromium, and run make test again."
    )
