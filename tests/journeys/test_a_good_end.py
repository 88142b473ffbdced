"""A last day: a cohort is asked in time how it goes on, what comes by itself rests, it decides."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.journeys import axe
from tests.journeys.contracting import pair_of
from tests.journeys.giving import Ahead
from tests.journeys.phone import Phone
from tests.journeys.server import Installations, wait_until
from tests.journeys.ways import api, is_sent

LEFT = 10  # days, longer than anything takes that is decided on
ENDS_SOON = re.escape("Alder ends in four weeks or less. How shall it go on?")
HAS_ENDED = "Alder’s last day has passed. Its reminders rest until you decide"
HOW = "Suggest how we go on"


def is_told(phone: Phone, what: str) -> None:
    def told() -> bool:
        items = api(phone, "GET", "/api/notices")["items"]
        return what in [one["what"] for one in items]

    wait_until(told, what, 90)  # the worker looks once a minute


def test_a_cohort_is_asked_how_it_goes_on_and_decides(
    installations: Installations, new_phone, tmp_path: Path
) -> None:
    ahead = Ahead(tmp_path / "ahead")
    server = installations.new(sample=False, **ahead.settings).start()
    pair = pair_of(server, new_phone(server), new_phone(server))
    sam, kim = pair.sam, pair.kim
    last = datetime.now(UTC).date() + timedelta(days=LEFT)
    pair.adopts("", kind="dates", ends_on=last.isoformat())

    ahead.an_hour()
    is_told(sam, "end_comes")
    sam.open("/notices")
    sam.tap("link", re.compile(ENDS_SOON))
    sam.is_at("Contract")
    sam.sees(f"Alder ends on {last.day} {last:%B %Y}. How shall it go on?")
    sam.open("/cohort")
    sam.sees(f"Alder ends on {last.day} {last:%B %Y}. How shall it go on?")
    assert axe.violations(sam) == []
    sam.is_kept_for_offline()
    sam.settle()
    server.stop()
    sam.page.reload()
    sam.sees(f"Alder ends on {last.day} {last:%B %Y}. How shall it go on?")

    server.start()
    for _ in range(LEFT + 1):
        ahead.a_day()
    later = datetime.now(UTC) + timedelta(days=LEFT + 1, hours=1)
    for phone in (sam, kim):
        phone.page.clock.set_fixed_time(later)
    is_told(kim, "end_came")
    kim.open("/notices")
    kim.tap("link", re.compile(HAS_ENDED))
    kim.sees(f"Alder’s last day was {last.day} {last:%B %Y}.")
    kim.open("/cohort")
    kim.sees("Its reminders and check-ins rest until you decide on other dates.")
    kim.tap("link", HOW)
    kim.is_at("When we begin and end")
    kim.page.get_by_label("Until", exact=True).fill("2099-09-30")
    kim.tap("button", "Suggest it")
    kim.sees("You suggested this, so you consent.")
    is_sent(kim)

    sam.open("/cohort")
    sam.tap("link", "Look at the dates that are suggested")
    sam.sees("Until 30 September 2099")
    sam.tap("radio", "I consent")
    sam.tap("button", "Give my answer")
    is_sent(sam)
    sam.tap("button", "Decide now, together")
    sam.tap("button", "Decide now", within=sam.sheet)
    sam.sees("Adopted: these are our dates from now on.")
    sam.open("/cohort")
    sam.sees("We decided on other dates")
    sam.does_not_see(f"Alder’s last day was {last.day} {last:%B %Y}.")
