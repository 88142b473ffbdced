"""One person, two devices: both texts are kept, the author chooses."""

import re

from tests.journeys.phone import Phone
from tests.journeys.ways import is_safe, keep


def edit(phone: Phone, reflection_id: str, words: str) -> None:
    phone.open(f"/mine/{reflection_id}?edit")
    phone.write(phone.box, words)
    phone.tap("button", "Keep")
    phone.sees(words)


def torn(signed_in, server) -> tuple[Phone, Phone, str]:
    """One reflection, changed without signal on two devices; then the signal comes back."""
    phone, tablet = signed_in("Amina"), signed_in("Amina")
    keep(phone, "As it was at first.")
    is_safe(phone)
    phone.tap("link", "Open it")
    phone.sees("As it was at first.")
    reflection_id = phone.page.url.rpartition("/")[2]
    tablet.open(f"/mine/{reflection_id}")
    tablet.sees("As it was at first.")
    phone.is_kept_for_offline()
    tablet.is_kept_for_offline()

    server.stop()
    edit(phone, reflection_id, "As the phone has it.")
    edit(tablet, reflection_id, "As the tablet has it.")
    server.start()
    phone.open(f"/mine/{reflection_id}")
    phone.sees("As the phone has it.")
    phone.page.get_by_text("Kept safely").first.wait_for(state="attached")
    tablet.open(f"/mine/{reflection_id}")
    tablet.sees("This was changed in two places")
    tablet.sees("As the phone has it.")
    tablet.sees("As the tablet has it.")
    return phone, tablet, reflection_id


def test_this_devices_words_can_stay(signed_in, server) -> None:
    phone, tablet, reflection_id = torn(signed_in, server)
    tablet.tap("button", "Keep this phone’s")
    tablet.does_not_see("This was changed in two places")
    tablet.page.get_by_text("Kept safely").first.wait_for(state="attached")
    phone.open(f"/mine/{reflection_id}")
    phone.sees("As the tablet has it.")


def test_the_others_words_can_stay(signed_in, server) -> None:
    _, tablet, _ = torn(signed_in, server)
    tablet.tap("button", "Keep the other")
    tablet.sees("As the phone has it.")
    tablet.does_not_see("As the tablet has it.")


def test_both_can_stay(signed_in, server) -> None:
    phone, tablet, _ = torn(signed_in, server)
    tablet.tap("button", "Keep both")
    tablet.does_not_see("This was changed in two places")
    tablet.open("/mine")
    for words in ("As the phone has it.", "As the tablet has it."):
        tablet.sees(words)
    tablet.does_not_see("Kept on this phone")
    phone.open("/mine")
    phone.sees("As the tablet has it.")


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
    tablet.page.evaluate("navigator.locks.request('alongside-outbox', () => true)")
    server.stop()
    edit(phone, reflection_id, "Changed meanwhile on the phone.")
    server.start()
    phone.open(f"/mine/{reflection_id}")
    phone.sees(re.compile("It was deleted on another device"))
    phone.sees("Changed meanwhile on the phone.")
    phone.tap("button", "Keep my words as a new one")
    phone.sees("Changed meanwhile on the phone.")
    phone.does_not_see(re.compile("It was deleted on another device"))
