"""One person, two devices: both texts are kept, the author chooses."""

import re
from collections.abc import Callable

from tests.journeys.phone import Phone
from tests.journeys.server import Server, wait_until
from tests.journeys.ways import has_arrived, is_safe, keep


def edit(phone: Phone, reflection_id: str, words: str) -> None:
    phone.open(f"/mine/{reflection_id}?edit")
    phone.write(phone.box, words)
    phone.tap("button", "Keep")
    phone.sees(words)


def kept_on_both(devices: tuple[Phone, Phone], words: str) -> str:
    """One reflection that each of the devices has shown; its id."""
    devices[0].open("/")
    keep(devices[0], words)
    is_safe(devices[0])
    devices[0].tap("link", "Open it")
    devices[0].sees(words)
    reflection_id = devices[0].page.url.rpartition("/")[2]
    for device in devices:
        device.open(f"/mine/{reflection_id}")
        device.sees(words)
        device.is_kept_for_offline()
    return reflection_id


def torn(devices: tuple[Phone, Phone], server: Server, about: str) -> tuple[Phone, Phone, str]:
    """One reflection, changed without signal on two devices; then the signal comes back.

    Whichever sends first is taken; the other is asked. Returns them in this order.
    """
    reflection_id = kept_on_both(devices, f"{about}, as it was at first.")
    server.stop()
    for device, name in zip(devices, ("first", "second"), strict=True):
        edit(device, reflection_id, f"{about}, as the {name} has it.")
    server.start()
    for device in devices:
        device.open(f"/mine/{reflection_id}")
    asked = wait_until(lambda: next(filter(is_asked, devices), None), "a device to ask")
    asked.sees(f"{about}, as the first has it.")
    asked.sees(f"{about}, as the second has it.")
    taken = devices[1] if asked is devices[0] else devices[0]
    return taken, asked, reflection_id


def is_asked(device: Phone) -> bool:
    return device.page.get_by_text("This was changed in two places").is_visible()


def this_devices_words_can_stay(devices: tuple[Phone, Phone], server: Server) -> None:
    taken, asked, reflection_id = torn(devices, server, "This one")
    mine = asked.page.get_by_role("main").locator(".words").first.inner_text()
    asked.tap("button", "Keep this phone’s")
    asked.does_not_see("This was changed in two places")
    asked.sees(mine)
    has_arrived(asked)
    taken.open(f"/mine/{reflection_id}")
    taken.sees(mine)


def the_others_words_can_stay(devices: tuple[Phone, Phone], server: Server) -> None:
    _, asked, _ = torn(devices, server, "The other")
    mine, others = asked.page.get_by_role("main").locator(".words").all_inner_texts()
    asked.tap("button", "Keep the other")
    asked.sees(others)
    asked.does_not_see(mine)


def both_can_stay(devices: tuple[Phone, Phone], server: Server) -> None:
    taken, asked, _ = torn(devices, server, "Both")
    asked.tap("button", "Keep both")
    asked.does_not_see("This was changed in two places")
    has_arrived(asked)
    for device in (asked, taken):
        device.open("/mine")
        for name in ("first", "second"):
            device.sees(f"Both, as the {name} has it.")


def what_was_deleted_elsewhere_can_be_kept_as_new(
    devices: tuple[Phone, Phone], server: Server
) -> None:
    phone, tablet = devices
    reflection_id = kept_on_both(devices, "To be deleted on the tablet.")
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


def test_the_author_chooses_what_stays(signed_in: Callable[..., Phone], server: Server) -> None:
    devices = signed_in("Amina"), signed_in("Amina")
    for way in (
        this_devices_words_can_stay,
        the_others_words_can_stay,
        both_can_stay,
        what_was_deleted_elsewhere_can_be_kept_as_new,
    ):
        way(devices, server)
