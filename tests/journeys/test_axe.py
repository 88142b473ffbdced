"""axe finds nothing on any screen, in light and in dark; with large letters words stay whole."""

import re

import pytest

from tests.journeys import axe
from tests.journeys.phone import Phone
from tests.journeys.screens import SCREENS, some_ids
from tests.journeys.test_whole_words import broken, words_in_names
from tests.journeys.ways import keep_and_share


def clean(phone: Phone, where: str) -> list[str]:
    return [f"{where}: {line}" for line in axe.violations(phone)]


@pytest.mark.parametrize("name", ["Amina", "Morag"])
def test_every_screen_narrow_and_wide_and_with_large_letters(name: str, signed_in) -> None:
    """At 320 px nothing needs scrolling sideways (WCAG 2.2, 1.4.10); wide is as clean."""
    phone = signed_in(name, is_mobile=False)
    ids, names = some_ids(phone), words_in_names(phone)
    found = []
    for screen in SCREENS:
        if screen.person == name:
            phone.open(screen.path.format(**ids))
            phone.is_at(screen.heading)
            found += axe.at_every_width(phone, screen.path, ((320, 568), (1280, 900)))
            found += broken(phone, screen.path, names)
    assert not found, "\n".join(found)


def test_before_anyone_is_signed_in(new_phone, server) -> None:
    phone = new_phone(server).open("/")
    phone.sees("Or look around")
    found = clean(phone, "sign-in")
    phone.write("Your e-mail address", "nobody@example.org")
    phone.tap("button", "Send me a code")
    phone.is_at("Look in your mail")
    phone.tap("button", "Sign in")
    phone.sees("The code has eight digits, or twelve.")
    found += clean(phone, "code")
    phone.open("/join#not-an-invitation")
    phone.sees("This invitation no longer works")
    found += clean(phone, "no invitation")
    assert not found, "\n".join(found)


def test_an_invitation_from_both_sides(signed_in, new_phone, server) -> None:
    morag = signed_in("Morag")
    morag.open("/cohort/convene")
    morag.tap("button", "Make an invitation")
    morag.settle()
    found = clean(morag, "making an invitation")
    morag.tap("button", "Make the link", within=morag.sheet)
    morag.sees("Here is the link")
    found += clean(morag, "the link")
    url = morag.page.get_by_label("The link", exact=True).input_value()
    guest = new_phone(server).open("/join#" + url.partition("#")[2])
    guest.is_at("Rowan")
    found += clean(guest, "welcome")
    guest.tap("button", "Join")
    guest.is_at("Join Rowan")
    found += clean(guest, "joining")
    assert not found, "\n".join(found)


def test_the_sheets_and_the_open_composer(signed_in) -> None:
    phone = signed_in("Amina")
    phone.write(phone.box, "Rang about 943 476 5919 again.")
    phone.sees("Might this name a patient?")
    phone.tap("button", "Add more")
    phone.tap("button", "Team")
    found = clean(phone, "composer")
    phone.tap("button", "Share …")
    phone.tap("radio", "Chosen people", within=phone.sheet)
    phone.sees("Callum Geddes")
    found += clean(phone, "sharing")
    phone.page.keyboard.press("Escape")
    phone.tap("button", "Keep")
    phone.tap("link", "Open it")
    phone.tap("button", "Delete")
    phone.settle()
    found += clean(phone, "deleting")
    phone.page.keyboard.press("Escape")
    phone.open("/mine")
    phone.tap("button", "Filter")
    phone.tap("button", "in the way")
    found += clean(phone, "filters")
    assert not found, "\n".join(found)


def test_responding_and_being_without_signal(signed_in, server) -> None:
    amina, callum = signed_in("Amina"), signed_in("Callum")
    reflection_id = keep_and_share(amina, "Something to answer.")
    callum.open(f"/reflections/{reflection_id}")
    callum.tap("button", "I’m curious…")
    found = clean(callum, "responding")
    callum.is_kept_for_offline()
    server.stop()
    for path in (
        "/",
        "/mine",
        "/cohort",
        "/cohort/people",
        "/cohort/convene",
        "/me",
        "/me/rhythm",
        "/notices",
        "/what-others-see",
    ):
        callum.open(path)
        callum.page.get_by_role("heading", level=1).wait_for()
        callum.settle()
        found += clean(callum, f"{path} without signal")
    callum.sees(re.compile("signal"))
    assert not found, "\n".join(found)


def test_the_sheets_of_rhythm_questions_and_reminders(signed_in) -> None:
    phone = signed_in("Amina").open("/me/rhythm")
    found = []
    for screen, button in (
        ("/me/rhythm", re.compile("^Change “Every day")),
        ("/me/rhythm", "Turn on notifications"),
        ("/cohort/convene", "Add a question"),
        ("/cohort/convene", "Add a reminder"),
        ("/", "My own"),
    ):
        phone.open(screen)
        phone.tap("button", button)
        phone.sheet.wait_for()
        phone.settle()
        found += clean(phone, str(button))
    phone.open("/")
    phone.tap("button", "Not today")
    phone.is_at("No question today")
    found += clean(phone, "not today")
    assert not found, "\n".join(found)


def test_axe_sees_what_is_wrong(signed_in) -> None:
    """The control: a picture without words, a button without a name, grey on grey."""
    phone = signed_in("Amina")
    phone.page.evaluate(
        """() => {
            const main = document.querySelector('main')
            main.append(document.createElement('img'), document.createElement('button'))
            const faint = document.createElement('p')
            faint.textContent = 'hardly there'
            faint.style.color = '#ccc'
            main.append(faint)
        }"""
    )
    found = "\n".join(axe.violations(phone))
    assert all(rule in found for rule in ("image-alt", "button-name", "color-contrast"))
