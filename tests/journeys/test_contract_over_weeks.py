"""Fourteen people take their contract from nothing to its third version, over simulated weeks."""

import re
from datetime import UTC, datetime
from typing import Any

from tests.journeys.fourteen import NEW, SAMPLE, begun, new_id
from tests.journeys.phone import Phone
from tests.journeys.server import wait_until
from tests.journeys.ways import sign_in_by_code

BEGIN = datetime(2027, 2, 22, 9, 30, tzinfo=UTC)  # a Monday, five weeks before summer time
NEWCOMER = "hamid"
FIFTH = "ewa"  # who came lately has no voice in a check-in yet
LISTEN = "We listen to the end before we answer."
PHONES = "Phones stay in our bags."
PHONES_AGAIN = "Phones stay in our bags, unless somebody needs to be reached."
PAUSE = "We listen to the end, we pause, and then we answer honestly."


def test_from_nothing_to_the_third_version(installations, playwright, new_phone) -> None:
    group = begun(installations, playwright, BEGIN)
    for key in SAMPLE:
        if key not in ("morag", NEWCOMER):
            group.joins(key)
    assert group.contract()["version"] == 0
    remind(group)
    # they would rather ask each other than be asked by the app
    group["jackie"].ask("PATCH", f"/cohorts/{group.cohort}/contract", {"check_in_every_weeks": 0})

    # the first: seven of thirteen must answer; silence is silence until they have
    first = group.proposes("amina", LISTEN, why="It would be a change.")
    assert group["callum"].was_told("proposed")["path"].endswith(f"/{first}?cohort={group.cohort}")
    for key in ("callum", "jackie", "priya", "denise", "kwame", "morag"):
        group[key].stands(first)
    group.live_on(days=7, hours=1, minutes=5)
    contract = group.reaches(1)
    assert [one["text"] for one in contract["commitments"]] == [LISTEN]
    listen = contract["commitments"][0]["id"]
    group["len"].was_told("proposal_adopted")

    # the second meets an objection, goes back with thanks, and comes again in other words
    second = group.proposes("priya", PHONES)
    for key in ("callum", "jackie", "amina", "kwame", "morag", "rhona"):
        group[key].stands(second)
    group["denise"].stands(second, "object", text="Dad's carer.", safe_if="mine may lie there")
    heard = group["priya"].was_told("objected")
    assert heard["by"]["name"] == SAMPLE["denise"].name
    group.live_on(days=7, hours=1, minutes=5)
    wait_until(lambda: state(group, "priya", second) == "returned", "the objection to stand")
    assert group.contract()["version"] == 1

    third = group.proposes("priya", PHONES)
    for key in ("callum", "jackie", "amina"):
        group[key].stands(third)
    body = {"cohort_id": group.cohort, "kind": "add", "text": PHONES_AGAIN}
    group["priya"].ask("PUT", f"/proposals/{third}", body, **{"If-Match": '"1"'})
    group["callum"].was_told("proposal_changed")
    group["gareth"].was_told("proposal_changed")  # who had not answered is told too
    seen = group["callum"].ask("GET", f"/proposals/{third}")
    assert (seen["answered"], seen["my_position"]["is_current"]) == (1, False)
    for key in ("callum", "jackie", "amina", "denise", "kwame", "morag"):
        group[key].stands(third, wording=2)
    group.live_on(days=7, hours=1, minutes=5)
    assert group.reaches(2)["commitments"][1]["text"] == PHONES_AGAIN

    # somebody new reads all of it, and needs something added
    group.renew_link()
    invited = group["morag"].ask("GET", f"/invitations/{group.token}/contract")
    assert [one["text"] for one in invited["commitments"]] == [LISTEN, PHONES_AGAIN]
    newcomer = group.joins(NEWCOMER)
    review = {"cohort_id": group.cohort, "text": "Something about silence that is not agreement."}
    newcomer.ask("PUT", f"/contract-reviews/{new_id()}", review, **NEW)
    group["len"].was_told("review_opened")
    versions = newcomer.ask("GET", f"/cohorts/{group.cohort}/contract/versions")["items"]
    assert [one["number"] for one in versions] == [2, 1]

    # the third version, with the newcomer's voice
    fourth = group.proposes("amina", PAUSE, kind="reword", commitment_id=listen)
    for key in (NEWCOMER, "callum", "jackie", "denise", "siobhan", "ewa", "kwame"):
        group[key].stands(fourth)
    group.live_on(days=7, hours=1, minutes=5)
    contract = group.reaches(3)
    assert [one["text"] for one in contract["commitments"]] == [PAUSE, PHONES_AGAIN]
    assert contract["members"] == len(SAMPLE)

    phone = phone_of(group, new_phone, NEWCOMER)
    phone.open("/cohort/contract")
    phone.sees(re.compile("^Version 3 "))
    phone.sees(PAUSE)
    phone.tap("link", "How it grew: 3 versions")
    phone.is_at("How the contract grew")

    feel_the_pulse(group, listen, phone_of(group, new_phone, FIFTH))
    assert_reminded_across_the_change_of_clocks(group, [listen, contract["commitments"][1]["id"]])


def phone_of(group: Any, new_phone: Any, key: str) -> Phone:
    """A phone of one of them, whose clock is the server's."""
    phone: Phone = new_phone(group.server)
    phone.page.clock.set_fixed_time(group.weeks.now)
    sign_in_by_code(phone, group.server, SAMPLE[key].email)
    return phone


def state(group: Any, key: str, proposal: str) -> str:
    told: str = group[key].ask("GET", f"/proposals/{proposal}")["state"]
    return told


def remind(group: Any) -> None:
    body = {
        "cohort_id": group.cohort,
        "about": "contract",
        "weekdays": [0],
        "at": "08:00",
        "starts_on": "2027-03-01",
    }
    group["morag"].ask("PUT", f"/reminders/{new_id()}", body, **NEW)


def feel_the_pulse(group: Any, commitment: str, phone: Phone) -> None:
    """Four voices show nothing; with the fifth, all see the same at the same moment."""
    id = str(new_id())
    body = {"cohort_id": group.cohort, "commitment_id": commitment}
    group["rhona"].ask("PUT", f"/check-ins/{id}", body)
    group["gareth"].was_told("check_in_opened")
    for key in ("amina", "callum", "denise"):
        group[key].feels(id, "living")
    group["len"].feels(id, "drifted", note="Not on my floor.", wants_to_talk=True)
    group.live_on(days=7, minutes=5)
    pulse = wait_until(lambda: pulse_of(group, "morag", id), "the window to have been extended")
    assert (pulse["has_enough"], pulse["words"], pulse["notes"]) == (False, None, [])
    phone.open("/cohort/contract/pulse")
    phone.sees("Not enough voices yet to show without pointing at someone.")
    with phone.at_most(2):  # the fifth voice, on a phone
        phone.open(f"/cohort/contract/check-ins/{id}")
        phone.tap("radio", "we’re living this")
        phone.tap("button", "Give my answer")
    wait_until(lambda: group[FIFTH].ask("GET", f"/check-ins/{id}")["my_answer"], "the fifth voice")
    group.live_on(days=7, minutes=5)
    wait_until(lambda: pulse_of(group, "morag", id)["has_enough"], "five voices")
    path = f"/cohorts/{group.cohort}/pulse"
    answers = {member.request.get(f"/api{path}").text() for member in group.people.values()}
    assert len(answers) == 1, "the same for everyone"
    shown = pulse_of(group, "len", id)
    amounts = {one["word"]: (one["amount"], one["number"]) for one in shown["words"]}
    assert amounts["living"] == ("most", None)
    assert amounts["drifted"] == ("untold", None), "one beside four would know each of theirs"
    assert [(one["text"], one["by"]) for one in shown["notes"]] == [("Not on my floor.", None)]
    assert group["len"].ask("GET", path)["to_talk_about"]


def pulse_of(group: Any, key: str, check_in: str) -> Any:
    told = group[key].ask("GET", f"/cohorts/{group.cohort}/pulse")["items"]
    pulses = [one for item in told for one in item["pulses"]]
    return next((one for one in pulses if one["check_in_id"] == check_in), None)


def assert_reminded_across_the_change_of_clocks(group: Any, commitments: list[str]) -> None:
    """At eight by everybody's own clock, before summer time and after it; one commitment each."""
    for key, winter in (("amina", 8), ("ewa", 7)):
        wait_until(lambda key=key: "2027-04-05" in reminders(group, key)[0], "the last Monday's")
        hours = {at[:10]: datetime.fromisoformat(at).hour for at in reminders(group, key)}
        assert (hours["2027-03-22"], hours["2027-03-29"]) == (winter, winter - 1)
        assert len(hours) == len(reminders(group, key)), "once a day"
    told = [one["about"]["id"] for one in group["amina"].notices() if one["kind"] == "reminder"]
    assert set(told[:2]) == set(commitments), "in turn"


def reminders(group: Any, key: str) -> list[str]:
    return [one["happened_at"] for one in group[key].notices() if one["kind"] == "reminder"]
