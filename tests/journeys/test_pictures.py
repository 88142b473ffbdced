"""The README's pictures: taken again by `make screenshots`, and here shown to be possible."""

import os
from pathlib import Path

import pytest

from tests.journeys.phone import Phone
from tests.journeys.server import wait_until
from tools.steps import ROOT

KEPT = ROOT / "docs" / "screenshots"
TYPEFACES = {"Figtree", "Literata"}
# A short look at five screens, from the left to the right; each with what shows that it has come.
LOOK = {
    "look-1-today.png": ("/", "New in Rowan"),
    "look-2-mine.png": ("/mine", "Yesterday"),
    "look-3-look-back.png": ("/mine/look-back", "Over the weeks"),
    "look-4-contract.png": ("/cohort/contract", "Suggest a change"),
    "look-5-feedback.png": ("/feedback", "For you to answer"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return KEPT if os.environ.get("ALONGSIDE_RENEW_SCREENSHOTS") else tmp_path


def typefaces_of(phone: Phone) -> set[str]:
    """Those in which the words on the screen are set."""
    session = phone.context.new_cdp_session(phone.page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    found = set()
    for what in ("h1", "main .words", "main .question", "main article h3", "nav a"):
        nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": what})["nodeIds"]
        for node in nodes[:3]:
            fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            found |= {font["familyName"] for font in fonts}
    session.detach()
    return found


def take(phone: Phone, path: str, shown: str, picture: Path) -> None:
    """Once both typefaces are there: on a busy machine a page may do with the phone's own."""

    def is_set() -> bool:
        phone.open(path)
        phone.sees(shown)
        phone.settle()
        return {name.split()[0] for name in typefaces_of(phone)} >= TYPEFACES

    wait_until(is_set, "both typefaces")
    phone.page.screenshot(path=picture)
    assert picture.stat().st_size > 20_000


def test_today_on_a_phone(signed_in, folder: Path) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    take(phone, "/", "New in Rowan", folder / "today-phone.png")


def test_the_contract_in_the_dark(signed_in, folder: Path) -> None:
    phone = signed_in("Amina", color_scheme="dark")
    phone.is_kept_for_offline()
    take(phone, "/cohort/contract", "Suggest a change", folder / "contract-dark.png")


def test_the_cohort_on_a_wide_screen(signed_in, folder: Path) -> None:
    phone = signed_in("Callum", is_mobile=False, device_scale_factor=1.5)
    phone.page.set_viewport_size({"width": 1120, "height": 780})
    phone.is_kept_for_offline()
    take(phone, "/cohort", "shared", folder / "cohort-desktop.png")


def test_a_short_look_at_five_screens(signed_in, folder: Path) -> None:
    phone = signed_in("Amina", device_scale_factor=1.5)
    phone.is_kept_for_offline()
    for name, (path, shown) in LOOK.items():
        take(phone, path, shown, folder / name)


@pytest.mark.parametrize(
    "name", ["today-phone.png", "contract-dark.png", "cohort-desktop.png", *LOOK]
)
def test_the_readme_shows_it(name: str) -> None:
    assert f"docs/screenshots/{name}" in (ROOT / "README.md").read_text()
    assert (KEPT / name).exists()
