"""The shell: with the server stopped what was fetched opens, and what was not says so."""

import re

import pytest

from tests.journeys.giving import Ahead
from tests.journeys.phone import built_files
from tests.journeys.screens import SCREENS, some_ids
from tests.journeys.ways import sign_in_as

NOT_HERE_YET = "Not on this phone yet"
# Parts that come later; all other screens are the core's.
LATER = (
    "/cohort/contract",
    "/cohort/convene",
    "/cohort/edit",
    "/cohort/new",
    "/feedback",
    "/help",
    "/me/rhythm",
    "/cohort/powers",
    "/me/data/register",
    "/me/address",
    "/me/erase",
)


def test_straight_after_the_first_visit_today_mine_and_the_cohort_open(new_phone, server) -> None:
    """On a line that costs: the rest says kindly that it is not here, and comes when opened."""
    phone = new_phone(server)
    phone.spares_data()
    sign_in_as(phone, "Amina")
    phone.is_kept_for_today()
    ids = some_ids(phone)
    phone.open("/mine")
    phone.page.get_by_role("article").first.wait_for()
    phone.open("/cohort")
    phone.sees(re.compile("shared|joined"))
    core = phone.kept_files()
    assert not built_files() <= core
    server.stop()
    for screen in [one for one in SCREENS if one.person == "Amina"]:
        phone.open(screen.path.format(**ids))
        if screen.path.startswith(LATER):
            phone.is_at(NOT_HERE_YET)
        elif screen.path.startswith("/reflections/"):
            phone.page.get_by_role("heading", level=1).wait_for()
        else:
            phone.is_at(screen.heading)
    server.start()
    phone.open("/feedback")
    phone.is_at("Feedback")
    server.stop()
    phone.open("/feedback/given")
    phone.is_at("Feedback")
    phone.open("/cohort/contract/history")
    phone.is_at(NOT_HERE_YET)


def test_an_hour_later_what_was_fetched_opens_and_what_was_not_says_so(
    new_phone, installations, tmp_path
) -> None:
    """On a line that costs: the feedback's screens were opened since, the contract's were not."""
    ahead = Ahead(tmp_path / "ahead")
    server = installations.new(**ahead.settings).start()
    phone = new_phone(server)
    phone.page.clock.install()
    phone.spares_data()
    sign_in_as(phone, "Amina")
    phone.is_kept_for_today()
    ids = some_ids(phone)
    phone.open("/feedback")
    phone.is_at("Feedback")
    phone.open("/mine")
    phone.page.get_by_role("article").first.wait_for()
    phone.open("/cohort")
    phone.sees(re.compile("shared|joined"))
    ahead.an_hour()
    phone.page.clock.fast_forward("01:00:00")
    server.stop()
    fetched = ("/feedback",)
    for screen in [one for one in SCREENS if one.person == "Amina"]:
        phone.open(screen.path.format(**ids))
        if screen.path.startswith(LATER) and not screen.path.startswith(fetched):
            phone.is_at(NOT_HERE_YET)
        elif screen.path.startswith("/reflections/"):
            phone.page.get_by_role("heading", level=1).wait_for()
        else:
            phone.is_at(screen.heading)


@pytest.mark.parametrize("name", ["Amina", "Morag"])
def test_once_all_of_it_was_fetched_every_screen_opens_without_a_server(
    name: str, signed_in, server
) -> None:
    phone = signed_in(name)
    phone.is_kept_for_offline()
    ids = some_ids(phone)
    phone.open("/mine")
    phone.page.get_by_role("article").first.wait_for()
    phone.open("/cohort")
    phone.sees(re.compile("shared|joined"))
    server.stop()
    go = phone.open if name == "Amina" else phone.follow  # by its address, or as a link leads there
    for screen in SCREENS:
        go(screen.path.format(**ids))
        if screen.path.startswith(("/reflections/", "/cohort/contract/")):  # others' words
            phone.page.get_by_role("heading", level=1).wait_for()
        elif screen.path.startswith("/cohort/edit"):
            phone.page.get_by_role("heading", level=1, name=screen.heading).wait_for()
        else:
            phone.is_at(screen.heading)


def test_straight_after_the_first_visit(new_phone, server) -> None:
    phone = new_phone(server).open("/")
    phone.is_kept_for_offline()
    answer = phone.page.evaluate(
        "fetch('/api/nothing').then(async one => [one.status, one.headers.get('Content-Type')])"
    )
    assert answer[0] == 404
    assert "json" in answer[1], "no answer of the API is ever a page"
    server.stop()
    assert phone.page.evaluate("fetch('/api/me').then(() => false, () => true)")
    phone.open("/")
    phone.is_at("Sign in to Alongside")
    phone.open("/join#none")
    phone.sees("No signal just now")


def test_a_page_that_was_opened_past_the_worker_is_looked_after_all_the_same(
    new_phone, server
) -> None:
    """As one is that was on its way while the first worker took over."""
    phone = new_phone(server).open("/")
    phone.is_kept_for_offline()
    with phone.page.expect_event("load"):
        phone.cdp("Page.reload", ignoreCache=True)
    phone.is_kept_for_today()


def test_the_worker_keeps_the_shell_and_nothing_personal_and_nobody_else_is_asked(
    signed_in,
) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    asked: list[str] = []
    phone.context.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/mine", "/cohort", "/cohort/people", "/me", "/what-others-see"):
        phone.open(path)
        phone.page.get_by_role("heading", level=1).wait_for()
    assert asked
    assert not [url for url in asked if not url.startswith((phone.url, "data:", "blob:"))]
    kept = phone.kept_files()
    assert "/" in kept
    assert not [path for path in kept if path.startswith("/api")]
