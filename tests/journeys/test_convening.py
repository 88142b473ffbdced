"""A cohort's own questions and reminders: anyone adds, changes and removes them."""

import re

from playwright.sync_api import expect

from tests.journeys.server import wait_until
from tests.journeys.ways import api, is_sent

NOT_THE_SAMPLES = re.compile("^Change the reminder “(?!A moment)")


def test_anyone_adds_changes_and_removes_a_question_and_a_reminder_and_all_hear_of_it(
    signed_in,
) -> None:
    amina, callum = signed_in("Amina"), signed_in("Callum")
    amina.open("/cohort/about")
    amina.tap("link", "Invitations and reminders")
    amina.tap("button", "Add a question")
    amina.sees(re.compile("^All 14 people in Rowan will see this"))
    amina.write("The question", "Who is not in the room?")
    amina.tap("button", "Team", within=amina.sheet)
    amina.tap("radio", "Stretching", within=amina.sheet)
    amina.tap("button", "Share with Rowan", within=amina.sheet)
    amina.sees("Who is not in the room?")
    amina.sees("from you")
    is_sent(amina)

    callum.open("/cohort/convene")
    callum.sees("Who is not in the room?")
    callum.sees(re.compile("^from Amina"))
    expect(callum.page.get_by_role("button", name=re.compile("^Change “Who"))).to_have_count(0)

    amina.tap("button", re.compile("^Change “Who"))
    amina.write("The question", "Who is never in the room?")
    amina.tap("button", "Share the change with Rowan", within=amina.sheet)
    amina.sees("Who is never in the room?")
    amina.does_not_see("Who is not in the room?")
    amina.tap("button", re.compile("^Change “Who"))
    amina.tap("button", "Remove", within=amina.sheet)
    amina.does_not_see("Who is never in the room?")
    is_sent(amina)
    callum.open("/cohort/convene")
    callum.sees(re.compile("^from Morag"))
    callum.does_not_see("Who is never in the room?")

    amina.open("/cohort/convene")
    amina.tap("button", "Add a reminder")
    amina.tap("radio", "Our contract", within=amina.sheet)
    amina.tap("button", "Save for everyone", within=amina.sheet)
    amina.sees(re.compile("^Monday at 08:00"))
    is_sent(amina)
    callum.open("/cohort/convene")
    callum.tap("button", NOT_THE_SAMPLES)
    callum.sheet.get_by_label("At").fill("17:15")
    callum.tap("button", "Save for everyone", within=callum.sheet)
    callum.sees(re.compile("^Monday at 17:15"))
    callum.tap("button", NOT_THE_SAMPLES)
    callum.tap("button", "Remove this reminder", within=callum.sheet)
    callum.does_not_see(re.compile("^Monday at 17:15"))
    is_sent(callum)
    amina.open("/cohort")
    amina.sees("You set a reminder for the cohort")
    amina.sees(re.compile("removed a reminder of the cohort"))


def test_a_reminder_made_without_signal(signed_in, server) -> None:
    amina = signed_in("Amina")
    amina.is_kept_for_offline()
    amina.open("/cohort/convene")
    amina.sees("A moment to reflect")
    server.stop()
    amina.open("/cohort/convene")
    amina.tap("button", "Add a reminder")
    amina.tap("radio", "Our contract", within=amina.sheet)
    amina.tap("button", "Thu", within=amina.sheet)
    amina.tap("radio", "every 2 weeks", within=amina.sheet)
    amina.tap("button", "Save for everyone", within=amina.sheet)
    amina.sees(re.compile("Monday and Thursday at 08:00, every 2 weeks.*on this phone"))
    server.start()
    amina.open("/cohort/convene")
    amina.sees(re.compile("Monday and Thursday at 08:00, every 2 weeks"))
    cohort = api(amina, "GET", "/api/cohorts")["items"][0]["id"]
    path = f"/api/cohorts/{cohort}/reminders"
    [one] = wait_until(
        lambda: [one for one in api(amina, "GET", path)["items"] if one["about"] == "contract"],
        "it to arrive",
    )
    assert (one["weekdays"], one["every_weeks"]) == ([0, 3], 2)
