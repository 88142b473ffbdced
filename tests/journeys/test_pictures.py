"""The README's two pictures: taken again by `make screenshots`, and here shown to be possible."""

import os
from pathlib import Path

import pytest

from tools.steps import ROOT

KEPT = ROOT / "docs" / "screenshots"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return KEPT if os.environ.get("ALONGSIDE_RENEW_SCREENSHOTS") else tmp_path


def test_today_on_a_phone(signed_in, folder: Path) -> None:
    phone = signed_in("Amina")
    phone.is_kept_for_offline()
    phone.page.reload()  # the font is shown from the second visit on
    phone.sees("New in Rowan")
    phone.settle()
    phone.page.screenshot(path=folder / "today-phone.png")
    assert (folder / "today-phone.png").stat().st_size > 20_000


def test_the_cohort_on_a_wide_screen(signed_in, folder: Path) -> None:
    phone = signed_in("Callum", is_mobile=False, device_scale_factor=1.5)
    phone.page.set_viewport_size({"width": 1120, "height": 780})
    phone.is_kept_for_offline()
    phone.open("/cohort")
    phone.page.get_by_role("main").get_by_role("listitem").nth(4).wait_for()
    phone.settle()
    phone.page.screenshot(path=folder / "cohort-desktop.png")
    assert (folder / "cohort-desktop.png").stat().st_size > 20_000


@pytest.mark.parametrize("name", ["today-phone.png", "cohort-desktop.png"])
def test_the_readme_shows_it(name: str) -> None:
    assert f"docs/screenshots/{name}" in (ROOT / "README.md").read_text()
    assert (KEPT / name).exists()
