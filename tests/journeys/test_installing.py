"""Installable, and small: what a phone has to fetch before somebody can write."""

import gzip
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserType

from tests.journeys.phone import PHONE, Phone, built_files
from tests.journeys.readiness import READY, SCRIPTS, WATCH, forget_the_shell
from tests.journeys.server import wait_until
from tools.setting_up import DIST

FIRST_LOAD_JAVASCRIPT = 45_000
CORE = 200_000  # docs/decisions/what-is-kept-on-the-phone.md
EVERYTHING = 400_000

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
)
ANDROID = "Mozilla/5.0 (Android 16; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0"
DEVICES = (
    (IPHONE, "Tap the three dots beside the address."),
    (ANDROID, "Open the browser’s menu."),
)


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def test_the_browser_finds_nothing_against_installing(
    browser_type: BrowserType, browser_type_launch_args: dict, tmp_path: Path, server
) -> None:
    context = browser_type.launch_persistent_context(
        str(tmp_path), **browser_type_launch_args, **PHONE
    )
    phone = Phone(context, server.url).open("/")
    phone.is_kept_for_offline()
    errors = phone.cdp("Page.getInstallabilityErrors")["installabilityErrors"]
    manifest = phone.cdp("Page.getAppManifest")
    context.close()
    assert errors == []
    assert not [error for error in manifest["errors"] if error["critical"]]
    assert not phone.faults


# A phone that takes three seconds to open what is on its disk.
SLOW_DISK = """
    const listen = EventTarget.prototype.addEventListener;
    IDBOpenDBRequest.prototype.addEventListener = function (name, run, ...more) {
        const late = name === 'success' ? (event) => setTimeout(() => run(event), 3000) : run;
        listen.call(this, name, late, ...more);
    };
"""


# A line on which each answer takes two seconds.
SLOW_LINE = {
    "offline": False,
    "latency": 2000,
    "downloadThroughput": 1_000_000,
    "uploadThroughput": 1_000_000,
}


@pytest.mark.parametrize("slow", ["nothing", "disk", "line"])
def test_the_first_load_is_small(new_phone, server, slow: str) -> None:
    phone = new_phone(server)
    phone.page.add_init_script(WATCH + (SLOW_DISK if slow == "disk" else ""))
    if slow == "line":
        line = phone.context.new_cdp_session(phone.page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW_LINE)
    phone.open("/")
    phone.is_at("Sign in to Alongside")
    phone.page.evaluate(READY)
    # What is still on its way is in no list of what was loaded.
    phone.page.wait_for_load_state("networkidle")
    first, _ = phone.page.evaluate(SCRIPTS)
    bytes_needed = sum(packed(DIST / path.lstrip("/")) for path in first)
    assert first
    assert bytes_needed <= FIRST_LOAD_JAVASCRIPT, f"{bytes_needed} bytes: {sorted(first)}"


def test_little_is_fetched_before_one_can_write(signed_in) -> None:
    """Everything that Today asks for until one can type; what comes later is not in the way."""
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    forget_the_shell(phone)
    phone.page.close()
    phone.page = phone.context.new_page()
    phone.page.add_init_script(WATCH)
    phone.open("/")
    phone.page.evaluate(READY)
    phone.sees("New in Rowan")
    before, after = phone.page.evaluate(SCRIPTS)
    bytes_needed = sum(packed(DIST / path.lstrip("/")) for path in before)
    assert bytes_needed <= FIRST_LOAD_JAVASCRIPT, f"{bytes_needed} bytes: {sorted(before)}"
    assert before
    assert after, "the control: what lies below the box came later"


def bytes_of(paths: set[str]) -> int:
    return sum(packed(DIST / ("index.html" if path == "/" else path.lstrip("/"))) for path in paths)


def test_what_the_first_visit_waits_for_is_small_and_the_whole_app_too(new_phone, server) -> None:
    phone = new_phone(server)
    phone.spares_data()
    phone.open("/")
    phone.is_kept_for_today()
    # The sentences of refusals are asked for behind all that, and nothing waits for them.
    core = {path for path in phone.kept_files() if "/refusals-" not in path}
    assert bytes_of(core) <= CORE, f"{bytes_of(core)} bytes: {sorted(core)}"
    assert bytes_of(core | built_files()) <= EVERYTHING, f"{bytes_of(core | built_files())} bytes"
    assert built_files() - core, "the control: something comes later"


SERIF = """() => [
    'serif' in document.documentElement.dataset,
    [...document.fonts].find(({ family }) => family === 'Literata').status,
]"""


def test_the_serif_is_in_nobodys_way_and_there_from_the_second_visit_on(new_phone, server) -> None:
    phone = new_phone(server).open("/")
    phone.is_at("Sign in to Alongside")
    phone.is_kept_for_offline()
    assert phone.page.evaluate(SERIF) == [False, "unloaded"]
    server.stop()
    phone.page.reload()
    wait_until(lambda: phone.page.evaluate(SERIF) == [True, "loaded"], "the serif")


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_it_travels_packed(encoding: str, new_phone, server) -> None:
    phone = new_phone(server)
    page = phone.context.request.get(f"{server.url}/").text()
    script = re.findall(r'src="(/assets/[^"]+\.js)"', page)[0]
    answer = phone.context.request.get(server.url + script, headers={"Accept-Encoding": encoding})
    assert answer.headers["content-encoding"] == encoding
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(("device", "first_step"), DEVICES, ids=["iPhone", "Android"])
def test_help_to_install_comes_after_the_first_save_and_not_before(
    device: str, first_step: str, signed_in
) -> None:
    phone = signed_in("Amina", user_agent=device)
    phone.does_not_see("Alongside on your home screen")
    phone.write(phone.box, "A first line.")
    phone.tap("button", "Keep")
    phone.sees("Alongside on your home screen")
    phone.tap("button", "Show me how")
    phone.sees(first_step)
    phone.tap("button", "Not now")
    phone.does_not_see("Alongside on your home screen")
    phone.page.reload()
    phone.is_at(re.compile(r"\?$"))
    phone.does_not_see("Alongside on your home screen")
