"""What a cohort is here for, and from when until when: by its own consent, like its contract."""

import os
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from backend.contract.rules import is_end_to_come
from tests.contract.conftest import Group
from tests.make import NEW, at_version
from tests.together import together

TIMES = int(os.environ.get("ALONGSIDE_TEST_RACES", "3"))
PURPOSE = "To hear each other, and to try things."
DATES = {"starts_on": "2026-09-01", "ends_on": "2027-09-30"}
KINDS = [("purpose", PURPOSE, {"purpose": PURPOSE}), ("dates", "", DATES)]


def about(group: Group) -> dict[str, Any]:
    """What the cohort says of itself."""
    told = group.people[4].get(f"/api/cohorts/{group.cohort}").json
    return {name: told[name] for name in ("purpose", "starts_on", "ends_on")}


def more(kind: str) -> dict[str, Any]:
    return {"kind": kind, **(DATES if kind == "dates" else {})}


def said(refused: Any, field: str) -> str:
    """By which word the phone says what is wrong with a field."""
    (one,) = refused.json["fields"][field]
    word: str = one["values"]["about"]
    return word


def in_days(at: Any, days: int) -> str:
    day: date = (at() + timedelta(days=days)).date()
    return day.isoformat()


@pytest.mark.parametrize(("kind", "text", "then"), KINDS)
def test_any_member_suggests_it_and_it_holds_once_enough_consent(
    group: Group, at: Any, kind: str, text: str, then: dict[str, Any]
) -> None:
    before, version = about(group), group.contract()["version"]
    id = group.suggests(3, text, **more(kind), why="We have grown.")
    for one in group.people[:2]:
        group.stands(one, id, "consent")
    assert about(group) == before, "nothing holds before its time"
    at(days=8)
    group.make.decide()

    told = group.sees(group.people[4], id)
    assert (told["state"], told["adopted_as"]) == ("adopted", None)
    assert about(group) == before | then
    assert group.contract()["version"] == version, "it is no version of the contract"
    assert group.facts() == [f"{kind}_proposed", f"{kind}_adopted"]
    assert group.heard(group.people[4]) == [f"{kind}_proposed", f"{kind}_adopted"]


@pytest.mark.parametrize(("kind", "text", "then"), KINDS)
def test_it_shows_what_there_was_when_it_was_suggested(
    group: Group, kind: str, text: str, then: dict[str, Any]
) -> None:
    earlier = group.suggests(3, text, **more(kind))
    adopted = group.adopts("To rest.", kind="purpose") if kind == "purpose" else None
    if adopted is None:
        group.adopts("", kind="dates", ends_on="2028-01-31")
    later = group.suggests(3, text, **more(kind))

    first, second = (group.sees(group.people[4], id) for id in (earlier, later))

    names = ("before", "started_on", "ended_on")
    was = ("To learn.", None, None) if kind == "purpose" else (None, None, None)
    became = ("To rest.", None, None) if kind == "purpose" else (None, None, "2028-01-31")
    assert tuple(first[name] for name in names) == was
    assert tuple(second[name] for name in names) == became


@pytest.mark.parametrize(("kind", "text", "then"), KINDS)
def test_an_objection_or_silence_leaves_it_as_it_was(
    group: Group, at: Any, kind: str, text: str, then: dict[str, Any]
) -> None:
    before = about(group)
    objected, unanswered = (group.suggests(by, text, **more(kind)) for by in (1, 2))
    for one in group.people:
        group.stands(one, objected, "consent")
    group.stands(group.people[4], objected, "object", text="Not yet.")
    at(days=8)
    group.make.decide()
    states = [group.sees(group.people[0], id)["state"] for id in (objected, unanswered)]
    assert states == ["returned", "unanswered"]
    assert about(group) == before


@pytest.mark.parametrize(("kind", "text", "then"), KINDS)
def test_the_first_adopted_overtakes_the_others_of_its_kind(
    group: Group, kind: str, text: str, then: dict[str, Any]
) -> None:
    other = {"purpose": ("To rest.", {}), "dates": ("", {"ends_on": "2028-01-31"})}
    words, extra = other[kind]
    same = group.suggests(1, words, kind=kind, **extra)
    another = [group.suggests(2, other[k][0], kind=k, **other[k][1]) for k in other if k != kind]
    group.adopts(text, by=3, **more(kind))
    assert group.sees(group.people[0], same)["state"] == "overtaken"
    assert [group.sees(group.people[0], id)["state"] for id in another] == ["open"]


@pytest.mark.parametrize(
    ("text", "body", "field", "about"),
    [
        ("", {"kind": "purpose"}, "text", "no_purpose"),
        ("…", {"kind": "purpose"}, "text", "no_letters"),
        ("x" * 2001, {"kind": "purpose"}, "text", "too_long"),
        ("x" * 501, {"kind": "add"}, "text", "too_long"),
        ("To learn.", {"kind": "purpose"}, "text", "same_purpose"),
        ("Words.", {"kind": "dates", **DATES}, "text", "no_new_words"),
        ("", {"kind": "dates"}, "ends_on", "same_dates"),
        ("", {"kind": "dates", **DATES, "starts_on": "2027-10-01"}, "ends_on", "order"),
        ("", {"kind": "dates", "ends_on": "2026-11-01"}, "ends_on", "end_before_decision"),
        ("Words.", {"kind": "add", "ends_on": "2028-01-31"}, "ends_on", None),
        ("Words.", {"kind": "purpose", "starts_on": "2028-01-31"}, "starts_on", None),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said_at_its_field(
    group: Group, text: str, body: dict[str, Any], field: str, about: str | None
) -> None:
    answer = group.proposes(group.people[1], text, **body)
    assert answer.status_code == 422
    assert list(answer.json["errors"]["json"]) == [field]  # type: ignore[index]
    assert about is None or said(answer, field) == about


def test_an_end_lies_behind_its_decision_however_that_moves(group: Group, at: Any) -> None:
    """A week, longer where one wishes, put off later, or by new words at the last moment."""
    soon, later = in_days(at, 9), (at() + timedelta(days=10)).isoformat()
    refused = [
        group.proposes(group.people[1], "", kind="dates", ends_on=in_days(at, 7)),
        group.proposes(group.people[1], "", kind="dates", ends_on=soon, closes_at=later),
    ]
    id = group.suggests(1, "", kind="dates", ends_on=soon)
    refused += [change(group, id, 1, ends_on=soon, closes_at=later)]
    at(days=7)
    refused += [change(group, id, 1, ends_on=soon, why="So.")]
    assert [said(one, "ends_on") for one in refused] == ["end_before_decision"] * 4
    assert group.sees(group.people[1], id)["version"] == 1
    put_off = change(group, id, 1, ends_on=in_days(at, 30), closes_at=later)
    assert put_off.status_code == 200


def change(group: Group, id: str, version: int, **more: Any) -> Any:
    body = at_version(version)
    return group.proposes(group.people[1], "", body, id=id, kind="dates", **more)


@pytest.mark.parametrize(
    ("ends_on", "closes_at", "zone", "is_to_come"),
    [
        ("2026-12-02", "2026-12-01T09:00:00+00:00", "Europe/London", True),
        ("2026-12-01", "2026-12-01T09:00:00+00:00", "Europe/London", False),
        # the same moment is the next day already, or the day before still
        ("2026-12-02", "2026-12-01T12:00:00+00:00", "Pacific/Auckland", False),
        ("2026-12-01", "2026-12-01T03:00:00+00:00", "America/New_York", True),
        (None, "2026-12-01T09:00:00+00:00", "Europe/London", True),
    ],
)
def test_an_end_is_to_come_by_the_cohorts_own_clocks(
    ends_on: str | None, closes_at: str, zone: str, is_to_come: bool
) -> None:
    day = ends_on and date.fromisoformat(ends_on)
    assert is_end_to_come(day or None, datetime.fromisoformat(closes_at), zone) is is_to_come


def test_new_words_ask_everybody_again(group: Group) -> None:
    id = group.suggests(1, PURPOSE, kind="purpose")
    group.stands(group.people[2], id, "consent")
    again = group.proposes(
        group.people[1], "To hear each other.", at_version(1), id=id, kind="purpose"
    )
    assert again.status_code == 200
    told = group.sees(group.people[2], id)
    assert (told["text_version"], told["my_position"]["is_current"]) == (2, False)
    as_it_is = group.proposes(group.people[1], "To learn.", at_version(2), id=id, kind="purpose")
    assert as_it_is.status_code == 422
    other = group.proposes(group.people[1], "", at_version(2), id=id, kind="dates", **DATES)
    assert (other.status_code, other.json["reason"]) == (409, "proposed_already")  # type: ignore[index]


def test_sent_twice_it_is_the_same_one(group: Group) -> None:
    id = group.suggests(1, "", kind="dates", **DATES)
    again = group.proposes(group.people[1], "", NEW, id=id, kind="dates", **DATES)
    assert (again.status_code, again.json["version"]) == (200, 1)  # type: ignore[index]


def test_a_facilitator_is_one_of_the_members(group: Group, at: Any) -> None:
    """A cohort that sleeps keeps its purpose, whoever facilitates it."""
    before = about(group)
    id = group.suggests(0, PURPOSE, kind="purpose")
    told = group.sees(group.people[0], id)
    assert group.closes(group.people[0], id, told["version"]).status_code == 409
    at(days=8)
    group.make.decide()
    assert group.sees(group.people[0], id)["state"] == "unanswered"
    assert about(group) == before


def test_a_stricter_rule_holds_for_what_is_open_and_a_laxer_one_does_not(
    group: Group, at: Any
) -> None:
    """Who lowers what is needed helps over nothing that was suggested before."""
    group.adopts("", kind="decide", wanted_answers=5)
    id = group.suggests(1, PURPOSE, kind="purpose")
    group.adopts("", by=2, kind="decide", wanted_answers=None)
    for one in group.people[:4]:
        group.stands(one, id, "consent")
    at(days=8)
    group.make.decide()
    assert group.sees(group.people[0], id)["state"] == "unanswered"
    assert about(group)["purpose"] == "To learn."


def test_of_two_decided_at_once_one_holds_and_the_other_is_overtaken(group: Group) -> None:
    for number in range(TIMES):
        two = [group.suggests(by, f"To try {number}, {by}.", kind="purpose") for by in (1, 2)]
        for id in two:
            group.everybody_consents(id)
        together([partial(group.closes, group.people[3], id, 1) for id in two])
        told = [group.sees(group.people[3], id) for id in two]
        adopted = [one["text"] for one in told if one["state"] == "adopted"]
        assert sorted(one["state"] for one in told) == ["adopted", "overtaken"]
        assert about(group)["purpose"] == adopted[0]


def test_a_name_that_changes_while_it_is_decided_is_not_lost(group: Group) -> None:
    path = f"/api/cohorts/{group.cohort}"
    for number in range(TIMES):
        id = group.suggests(1, f"To try {number}.", kind="purpose")
        group.everybody_consents(id)
        version = group.people[0].get(path).json["version"]  # type: ignore[index]
        name = partial(group.people[0].phone.patch, path, json={"name": f"Hazel {number}"})
        together([partial(group.closes, group.people[3], id, 1), name])
        told: Any = group.people[0].get(path).json
        assert (told["name"], told["purpose"]) == (f"Hazel {number}", f"To try {number}.")
        assert told["version"] == version + 2


def test_who_is_not_in_the_cohort_learns_nothing_of_it(group: Group) -> None:
    answer = group.proposes(group.outsider, PURPOSE, kind="purpose")
    assert answer.status_code == 404
