"""One person, two devices: both texts are kept, the author chooses."""

import re

from tests.journeys.phone import Phone
from tests.journeys.server import wait_until
from tests.journeys.ways import has_arrived, is_safe, keep


def edit(phone: Phone, reflection_id: str, words: str) -> None:
    phone.open(f"/mine/{reflection_id}?edit")
    phone.write(phone.box, words)
    phone.tap("button", "Keep")
    phone.sees(words)


def torn(signed_in, server) -> tuple[Phone, Phone, str]:
    """One reflection, changed without signal on two devices; then the signal comes back.

    Whichever sends first is taken; the other is asked. Returns them in this order.
    """
    devices = signed_in("Amina"), signed_in("Amina")
    keep(devices[0], "As it was at first.")
    is_safe(devices[0])
    devices[0].tap("link", "Open it")
    devices[0].sees("As it was at first.")
    reflection_id = devices[0].page.url.rpartition("/")[2]
    for device in devices:
        device.open(f"/mine/{reflection_id}")
        device.sees("As it was at first.")
        device.is_kept_for_offline()

    server.stop()
    for device, name in zip(devices, ("first", "second"), strict=True):
        edit(device, reflection_id, f"As the {name} has it.")
    server.start()
    for device in devices:
        device.open(f"/mine/{reflection_id}")
    asked = wait_until(lambda: next(filter(is_asked, devices), None), "a device to ask")
    asked.sees("As the first has it.")
    asked.sees("As the second has it.")
    taken = devices[1] if asked is devices[0] else devices[0]
    return taken, asked, reflection_id


def is_asked(device: Phone) -> bool:
    return device.page.get_by_text("This was changed in two places").is_visible()


def test_this_devices_words_can_stay(signed_in, server) -> None:
    taken, asked, reflection_id = torn(signed_in, server)
    mine = asked.page.get_by_role("main").locator(".words").first.inner_text()
    asked.tap("button", "Keep this phone’s")
    asked.does_not_see("This was changed in two places")
    asked.sees(mine)
    has_arrived(asked)
    taken.open(f"/mine/{reflection_id}")
    taken.sees(mine)


def test_the_others_words_can_stay(signed_in, server) -> None:
    _, asked, _ = torn(signed_in, server)
    mine, others = asked.page.get_by_role("main").locator(".words").all_inner_texts()
    asked.tap("button", "Keep the other")
    asked.sees(others)
    asked.does_not_see(mine)


def test_both_can_stay(signed_in, server) -> None:
    taken, asked, _ = torn(signed_in, server)
    asked.tap("button", "Keep both")
    asked.does_not_see("This was changed in two places")
    has_arrived(asked)
    for device in (asked, taken):
        device.open("/mine")
        for words in ("As the first has it.", "As the second has it."):
            device.sees(words)


def test_what_was_deleted_elsewhere_can_be_kept_as_new(signed_in, server) -> None:
    phone, tablet = signed_in("Amina"), signed_in("Amina")
    keep(phone, "To be deleted on the tablet.")
    is_safe(phone)
    phone.tap("link", "Open it")
    phone.sees("To be deleted on the tablet.")
    reflection_id = phone.page.url.rpartition("/")[2]
    phone.is_kept_for_offline()
    tablet.open(f"/mine/{reflection_id}")
    tablet.tap("button", "Delete")
    tablet.tap("button", "Delete", within=tablet.sheet)
    tablet.is_at("Mine")
    has_arrived(tablet)
    server.stop()
    edit(phone, reflection_id, "Changed meanwhile on the phone.")
    server.start()
    phone.open(f"/mine/{reflection_id}")
    phone.sees(re.compile("It was deleted on another device"))
    phone.sees("Changed meanwhile on the phone.")
    phone.tap("button", "Keep my words as a new one")
    phone.sees("Changed meanwhile on the phone.")
    phone.does_not_see(re.compile("It was deleted on another device"))
