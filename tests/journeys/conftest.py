"""Journeys: real people's ways through the app, in a real browser against a real server."""

import base64
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Browser, Playwright, expect
from playwright.sync_api import Error as PlaywrightError

from tests import databases
from tests.journeys.phone import PHONE, Caller, Phone
from tests.journeys.server import Installations, Server
from tests.journeys.ways import api, sign_in_as
from tools import chromium

# The machine may be busy; a promise about time has a test of its own.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

KEY = base64.urlsafe_b64encode(databases.KEY).decode()  # a fresh database was begun with it

PHONES = pytest.StashKey[list[Phone]]()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = chromium.find()
    assert path, "no Chromium here: make test installs one"
    return {**browser_type_launch_args, "executable_path": path, "args": chromium.arguments()}


@pytest.fixture
def installations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installations]:
    own = tmp_path_factory.getbasetemp()
    of_all = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    made = Installations(tmp_path_factory.mktemp("installation"), of_all)
    yield made
    made.end()


@pytest.fixture
def server(installations: Installations, request: pytest.FixtureRequest) -> Server:
    """A running server with the sample cohort: on SQLite, or as a test's parameter says."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return installations.new().start()
    url = request.getfixturevalue("postgresql_fresh")()
    made = installations.new(
        sample=False, ALONGSIDE_DATABASE_URL=url, ALONGSIDE_DEMO="1", ALONGSIDE_SECRET_KEYS=KEY
    )
    made.command("demo")
    return made.start()


@pytest.fixture
def empty_server(installations: Installations) -> Server:
    """A running server in which nothing has happened yet."""
    return installations.new(sample=False).start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A journey that failed shows what was on each phone's screen."""
    report = yield
    if report.failed:
        for phone in item.stash.get(PHONES, []):
            report.sections.append((f"a phone at {phone.page.url}", _screen(phone)))
    return report


def _screen(phone: Phone) -> str:
    try:
        return phone.page.locator("body").aria_snapshot(timeout=2_000)
    except PlaywrightError as error:
        return str(error)


@pytest.fixture
def new_phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Phone]]:
    """Makes phones. At the end, none may have broken the content policy or thrown an error."""
    phones: list[Phone] = []
    request.node.stash[PHONES] = phones

    def make(server: Server, **more: Any) -> Phone:
        context = browser.new_context(**{**PHONE, **more})
        context.set_default_timeout(PATIENCE)
        phones.append(Phone(context, server.url))
        return phones[-1]

    yield make
    faults = [fault for phone in phones for fault in phone.faults]
    for phone in phones:
        phone.context.close()
    assert not faults


@pytest.fixture
def elsewhere(server: Server, playwright: Playwright) -> Iterator[Callable[[str], Caller]]:
    """Somebody of the sample cohort whose phone nobody looks at, which takes a tenth of one."""
    sessions: list[APIRequestContext] = []

    def make(name: str) -> Caller:
        sessions.append(playwright.request.new_context())
        caller = Caller(sessions[-1], server.url)
        api(caller, "POST", "/api/sign-in/demo", {"key": name.lower()})
        return caller

    yield make
    for session in sessions:
        session.dispose()


@pytest.fixture
def signed_in(server: Server, new_phone: Callable[..., Phone]) -> Callable[..., Phone]:
    """The phone of somebody of the sample cohort, signed in the demo's way."""

    def make(name: str, **more: Any) -> Phone:
        phone = new_phone(server, **more)
        sign_in_as(phone, name)
        return phone

    return make
