"""What some of a cohort might try, so that its contract is no longer everybody's."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.contract import rules
from backend.rhythm.rules import Window, default_rhythm, next_open
from tests.contract.conftest import PROPOSALS, Group
from tests.laid_out import laid_out
from tests.make import A_RHYTHM, Make, Somebody, at_version

EIGHT = ("Morag", "Amina", "Bo", "Cleo", "Dev", "Ewa", "Finn", "Gus")
OVER = {"days": 8}  # an ordinary proposal's time


@pytest.fixture
def eight(make: Make, at: Any) -> Group:
    at()
    return laid_out(make, all_eight)


def all_eight(make: Make) -> Group:
    people = [make.somebody(name) for name in EIGHT]
    return Group(make, make.cohort(*people), people, make.somebody("Olu"))


def consent(group: Group, id: str, people: list[Somebody], wording: int = 1) -> None:
    for person in people:
        answer = group.stands(person, id, "consent", text_version=wording)
        assert answer.status_code == 200, answer.json


def decided(group: Group, at: Any, id: str, **later: float) -> Any:
    at(**(later or OVER))
    group.make.decide()
    return group.sees(group.people[0], id)


# --- half of the members, and never fewer than three


def test_what_was_done_to_eight_is_not_possible(eight: Group, at: Any) -> None:
    """One lowers the number, retires the only commitment in five minutes, and it is gone."""
    commitment = eight.adopts("We listen.")["commitment_id"]
    path = f"/api/cohorts/{eight.cohort}/contract"
    assert eight.people[1].phone.patch(path, json={"answers_needed": 1}).status_code == 422
    soon = (at() + timedelta(minutes=5)).isoformat()
    retiring = {"kind": "retire", "commitment_id": commitment}
    refused = eight.proposes(eight.people[1], "", **retiring, closes_at=soon)
    assert (refused.status_code, list(refused.json["errors"]["json"])) == (422, ["closes_at"])  # type: ignore[index]
    id = eight.suggests(1, "", **retiring)
    consent(eight, id, eight.people[2:4])
    seen = decided(eight, at, id)
    assert (seen["state"], seen["answered"], seen["needed"]) == ("unanswered", 3, 6)
    assert eight.texts() == ["We listen."]


@pytest.mark.parametrize(("answers", "state"), [(3, "unanswered"), (4, "adopted")])
def test_half_of_eight_answer(eight: Group, at: Any, answers: int, state: str) -> None:
    id = eight.suggests(1)
    consent(eight, id, eight.people[2 : answers + 1])
    assert decided(eight, at, id)["state"] == state


@pytest.mark.parametrize(
    ("members", "answers", "state"),
    [
        (4, 2, "unanswered"),
        (4, 3, "adopted"),
        (3, 2, "unanswered"),
        (3, 3, "adopted"),
        (2, 1, "unanswered"),
        (2, 2, "adopted"),
        (1, 1, "adopted"),
    ],
)
def test_never_fewer_than_three_or_all(
    make: Make, at: Any, members: int, answers: int, state: str
) -> None:
    at()
    people = [make.somebody(name) for name in EIGHT[:members]]
    group = Group(make, make.cohort(*people), people, make.somebody("Olu"))
    id = group.suggests(0)
    consent(group, id, people[1:answers])
    assert decided(group, at, id)["state"] == state


def test_leaving_helps_nothing_over(eight: Group, at: Any) -> None:
    """Half of eight are four: also where four have left, and three of four would be enough."""
    id = eight.suggests(1)
    consent(eight, id, eight.people[2:4])
    at(days=1)
    for person in eight.people[4:]:
        eight.leaves(person)
    assert (eight.sees(eight.people[1], id)["answered"], eight.contract()["needed"]) == (3, 3)
    seen = decided(eight, at, id)
    assert (seen["state"], seen["needed"], seen["members"]) == ("unanswered", 4, 4)


def test_the_most_that_there_were_between_are_counted(eight: Group, at: Any) -> None:
    """Eight come and go: half of sixteen were asked for meanwhile, and four are still too few."""
    id = eight.suggests(1)
    consent(eight, id, eight.people[2:5])
    at(days=1)
    friends = [eight.make.somebody(f"Friend{number}") for number in range(8)]
    for friend in friends:
        eight.make.join(friend, eight.cohort, eight.people[0])
    assert eight.sees(eight.people[1], id)["needed"] == 8
    at(days=2)
    for friend in friends:
        eight.leaves(friend)
    seen = decided(eight, at, id)
    assert (seen["state"], seen["answered"], seen["needed"]) == ("unanswered", 4, 8)


def test_who_comes_after_its_time_raises_nothing(eight: Group, at: Any) -> None:
    """However late it is counted."""
    id = eight.suggests(1)
    consent(eight, id, eight.people[2:5])
    at(**OVER)
    eight.make.join(eight.make.somebody("Friend"), eight.cohort, eight.people[0])
    seen = decided(eight, at, id, days=9)
    assert (seen["state"], seen["needed"], seen["members"]) == ("adopted", 4, 8)


def test_who_answered_and_left_is_not_counted(eight: Group, at: Any) -> None:
    id = eight.suggests(1)
    consent(eight, id, eight.people[2:5])
    at(days=1)
    eight.leaves(eight.people[2])
    assert decided(eight, at, id)["state"] == "unanswered"


def test_deciding_now_does_not_get_around_who_has_left(eight: Group, at: Any) -> None:
    id = eight.suggests(1)
    at(days=1)
    for person in eight.people[3:]:
        eight.leaves(person)
    consent(eight, id, eight.people[:3])
    refused = eight.closes(eight.people[1], id, 1)
    assert (refused.status_code, refused.json["reason"]) == (409, "too_few_left")  # type: ignore[index]
    anew = eight.suggests(1, "We listen.")
    consent(eight, anew, eight.people[:3])
    assert eight.closes(eight.people[1], anew, 1).status_code == 200


def test_joining_helps_nothing_over(eight: Group, at: Any) -> None:
    """Two let in whom they know; and those who were there before do not become too few by it."""
    id = eight.suggests(0)
    consent(eight, id, [eight.people[1]])
    at(days=1)
    friends = [eight.make.somebody(f"Friend{number}") for number in range(8)]
    for friend in friends:
        eight.make.join(friend, eight.cohort, eight.people[0])
    consent(eight, id, friends)
    seen = eight.sees(eight.people[0], id)
    assert (seen["answered"], seen["needed"], seen["members"]) == (6, 8, 16)
    assert decided(eight, at, id)["state"] == "unanswered"
    assert eight.texts() == []


def test_members_are_counted_at_closing(make: Make, at: Any) -> None:
    """Three agree before eight others come, who are asked too."""
    at()
    people = [make.somebody(name) for name in EIGHT[:3]]
    group = Group(make, make.cohort(*people), people, make.somebody("Olu"))
    early, later = group.suggests(0), group.suggests(1, "We rest.")
    for id in (early, later):
        consent(group, id, people)
    at(days=1)
    others = [make.somebody(f"Other{number}") for number in range(8)]
    for other in others:
        make.join(other, group.cohort, people[0])
    consent(group, later, others[:3])
    assert decided(group, at, early)["state"] == "unanswered"
    seen = group.sees(people[0], later)
    assert (seen["state"], seen["answered"], seen["needed"]) == ("adopted", 6, 6)


def test_a_cohort_of_two_that_becomes_three_can_decide(make: Make, at: Any) -> None:
    at()
    people = [make.somebody(name) for name in EIGHT[:3]]
    group = Group(make, make.cohort(*people[:2]), people, make.somebody("Olu"))
    id = group.suggests(0)
    at(days=1)
    make.join(people[2], group.cohort, people[0])
    consent(group, id, people)
    assert decided(group, at, id)["state"] == "adopted"


def test_coming_back_is_coming_anew(eight: Group, at: Any) -> None:
    """Who left and came back was not there all the time: their answer helps nothing over."""
    id = eight.suggests(1)
    consent(eight, id, eight.people[2:5])
    at(days=1)
    eight.leaves(eight.people[4])
    at(days=2)
    eight.make.join(eight.people[4], eight.cohort, eight.people[0])
    assert decided(eight, at, id)["state"] == "unanswered"


@pytest.mark.parametrize(("of_them", "state"), [(3, "unanswered"), (4, "adopted")])
def test_who_came_shortly_before_makes_up_for_nobody(
    eight: Group, at: Any, of_them: int, state: str
) -> None:
    """Twenty that one person made up join before she suggests it, and decide nothing for her."""
    at(days=14)
    made_up = [eight.make.somebody(f"Guest{number}") for number in range(20)]
    for guest in made_up:
        eight.make.join(guest, eight.cohort, eight.people[0])
    eight.people[:] = [replace(who, phone=eight.make.phone_of(who.id)) for who in eight.people]
    at(days=14, hours=1)
    id = eight.suggests(0)
    consent(eight, id, [*made_up, *eight.people[1:of_them]])
    seen = eight.sees(eight.people[0], id)
    assert (seen["answered"], seen["needed"]) == ((13, 14) if of_them == 3 else (24, 14))
    assert decided(eight, at, id, days=22)["state"] == state


def test_who_came_after_other_words_were_adopted_is_one_of_us(eight: Group, at: Any) -> None:
    commitment = eight.adopts("We listen.")["commitment_id"]
    eight.adopts("We hear.", kind="reword", commitment_id=commitment)
    at(hours=1)
    newcomer = eight.make.somebody("Noor")
    eight.make.join(newcomer, eight.cohort, eight.people[0])
    seen = eight.sees(newcomer, eight.suggests(0))
    assert (seen["members"], seen["needed"]) == (9, 5)


@pytest.mark.parametrize("comes_back", [False, True])
def test_leaving_does_not_lower_how_many_of_them_must(
    eight: Group, at: Any, comes_back: bool
) -> None:
    """Four of seven must. Three have, who came lately bring the rest, and one of the silent goes:
    three of six would be enough.
    """
    eight.leaves(eight.people.pop())
    at(days=14)
    newer = [eight.make.somebody(f"New{number}") for number in range(4)]
    for one in newer:
        eight.make.join(one, eight.cohort, eight.people[0])
    eight.people[:] = [replace(who, phone=eight.make.phone_of(who.id)) for who in eight.people]
    id = eight.suggests(0)
    consent(eight, id, [*newer, *eight.people[1:3]])
    at(days=15)
    assert eight.sees(eight.people[0], id)["answered"] == 5
    eight.leaves(eight.people[6])
    if comes_back:
        at(days=16)
        eight.make.join(eight.people[6], eight.cohort, eight.people[0])
    seen = decided(eight, at, id, days=22)
    assert (seen["state"], seen["answered"], seen["needed"]) == ("unanswered", 5, 6)


def test_three_quarters_of_who_has_been_here_long(eight: Group, at: Any) -> None:
    commitment = eight.adopts("We listen.")["commitment_id"]
    at(days=14)
    made_up = [eight.make.somebody(f"Guest{number}") for number in range(20)]
    for guest in made_up:
        eight.make.join(guest, eight.cohort, eight.people[0])
    id = eight.suggests(0, "", kind="retire", commitment_id=commitment)
    consent(eight, id, [*made_up, *eight.people[1:5]])
    assert eight.sees(eight.people[0], id)["answered"] == 21 - 1  # five of eight, and six must
    consent(eight, id, eight.people[5:6])
    assert decided(eight, at, id, days=22)["state"] == "adopted"


def test_in_a_new_cohort_all_are_counted_alike(eight: Group, at: Any) -> None:
    """Nobody has been there for two weeks, by a moment: half of them all are enough."""
    at(days=13, hours=23)
    newer = [eight.make.somebody(f"New{number}") for number in range(2)]
    for one in newer:
        eight.make.join(one, eight.cohort, eight.people[0])
    id = eight.suggests(0)
    consent(eight, id, [*newer, *eight.people[1:3]])
    assert decided(eight, at, id, days=22)["state"] == "adopted"


# --- long enough for everybody


def test_a_wish_for_three_days_becomes_everybodys_week(eight: Group, at: Any) -> None:
    now = at()
    for ahead in (timedelta(hours=72), timedelta(days=5)):
        id = eight.suggests(1, closes_at=(now + ahead).isoformat())
        told = eight.sees(eight.people[2], id)["closes_at"]
        assert told == (now + timedelta(days=7, hours=1)).isoformat()
    at(days=7, minutes=59)
    assert eight.make.decide() == 0
    for shorter in (timedelta(hours=71, minutes=59), timedelta(hours=1), timedelta()):
        wish = (now + shorter).isoformat()
        assert eight.proposes(eight.people[2], closes_at=wish).status_code == 422


@given(
    st.sampled_from(["Europe/London", "Pacific/Auckland", "America/St_Johns", "Asia/Kolkata"]),
    st.integers(0, 6),
    st.times(min_value=time(3), max_value=time(23)),
    st.integers(0, 2 * 365 * 24 * 60),
)
def test_in_everybodys_week_every_window_opens(
    zone: str, day: int, opens: time, minutes: int
) -> None:
    """Whatever one window somebody has, when clocks change too: so no rhythm is asked for."""
    opens = opens.replace(minute=opens.minute // 2, second=0, microsecond=0)
    window = Window(day, opens, opens.replace(minute=30 + opens.minute))
    begin = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = next_open(replace(default_rhythm(zone), windows=(window,)), begin)
    assert found is not None
    assert found < begin + rules.EVERYBODYS_WEEK


def test_no_closing_tells_of_anybodys_rhythm(eight: Group, at: Any) -> None:
    """One has paused, one has an hour a week, one has none: all is as if they had not."""
    now = at()
    window = {"weekday": 5, "opens": "10:00", "closes": "10:30"}
    before = eight.suggests(1)
    for person, change in (
        (eight.people[4], {"snoozed_until": "2026-12-01"}),
        (eight.people[5], {"windows": [window]}),
        (eight.people[6], {"windows": []}),
    ):
        assert person.say(A_RHYTHM | change).status_code == 200
    after = eight.suggests(1)
    told = {eight.sees(eight.people[2], id)["closes_at"] for id in (before, after)}
    assert told == {(now + timedelta(days=7, hours=1)).isoformat()}


# --- how we decide


def rule(group: Group, by: int, answers: int | None, **more: Any) -> Any:
    return group.proposes(group.people[by], "", kind="decide", wanted_answers=answers, **more)


def test_how_we_decide_changes_by_consent_and_is_told(eight: Group, at: Any) -> None:
    made = rule(eight, 1, 6, why="So that we wait for each other.")
    assert made.status_code == 201, made.json
    assert (made.json["wanted_answers"], made.json["answers_needed"]) == (6, None)
    id = made.json["id"]
    consent(eight, id, eight.people[2:5])
    assert eight.contract()["answers_needed"] is None
    seen = decided(eight, at, id)
    assert (seen["state"], seen["adopted_as"]) == ("adopted", None)
    contract = eight.contract()
    assert (contract["answers_needed"], contract["needed"], contract["version"]) == (6, 6, 0)
    assert eight.heard(eight.people[6]) == ["rule_proposed", "rule_adopted"]
    assert eight.facts() == ["rule_proposed", "rule_adopted"]


def test_a_line_of_the_activity_says_what_was_chosen(eight: Group, at: Any) -> None:
    id = rule(eight, 1, 6).json["id"]
    consent(eight, id, eight.people[2:5])
    decided(eight, at, id)
    path = f"/api/cohorts/{eight.cohort}/activity?kind=rule_adopted"
    (line,) = eight.people[5].get(path).json["items"]  # type: ignore[index]
    assert line["details"]["answers"] == 6


def test_a_stricter_rule_holds_for_what_is_open(eight: Group, at: Any) -> None:
    now = at()
    late = (now + timedelta(days=20)).isoformat()
    open_one = eight.suggests(2, closes_at=late)
    consent(eight, open_one, eight.people[3:6])
    id = rule(eight, 1, 6).json["id"]
    consent(eight, id, eight.people[2:5])
    decided(eight, at, id)
    assert eight.sees(eight.people[2], open_one)["needed"] == 6
    assert decided(eight, at, open_one, days=21)["state"] == "unanswered"


def test_a_laxer_rule_does_not_hold_for_what_is_open(eight: Group, at: Any) -> None:
    id = rule(eight, 1, 8).json["id"]
    eight.everybody_consents(id)
    assert eight.closes(eight.people[1], id, 1).status_code == 200
    assert eight.contract()["needed"] == 8
    open_one = eight.suggests(2)
    consent(eight, open_one, eight.people[3:6])
    back = rule(eight, 1, None).json["id"]
    consent(eight, back, eight.people[2:5])
    assert eight.closes(eight.people[1], back, 1).status_code == 409
    eight.everybody_consents(back)
    assert eight.closes(eight.people[1], back, 1).status_code == 200
    assert eight.contract()["needed"] == 4
    assert eight.sees(eight.people[2], open_one)["needed"] == 8
    assert decided(eight, at, open_one)["state"] == "unanswered"


def test_fewer_than_half_cannot_be_asked_for(eight: Group) -> None:
    for wrong in (1, 3, 0, 1001):
        refused = rule(eight, 1, wrong)
        assert (refused.status_code, list(refused.json["errors"]["json"])) == (
            422,
            ["wanted_answers"],
        )
    assert rule(eight, 1, None).status_code == 422  # so it is already
    made = rule(eight, 1, 5).json
    reworded = rule(eight, 1, 2, id=made["id"], headers=at_version(1))
    assert reworded.status_code == 422
    wrong = eight.proposes(eight.people[1], "We listen.", wanted_answers=5)
    assert list(wrong.json["errors"]["json"]) == ["wanted_answers"]  # type: ignore[index]


def test_a_stricter_number_is_undone_by_the_rule_that_holds_in_any_case(
    eight: Group, at: Any
) -> None:
    """Or "all of us", once chosen, would be for good while one is silent."""
    eight.everybody_consents(id := rule(eight, 1, 8).json["id"])
    assert eight.closes(eight.people[1], id, 1).status_code == 200
    undone, stricter_still = rule(eight, 1, None).json, eight.suggests(2)
    assert undone["needed"] == 4
    consent(eight, undone["id"], eight.people[2:5])
    consent(eight, stricter_still, eight.people[3:8])
    assert decided(eight, at, undone["id"])["state"] == "adopted"
    assert eight.contract()["answers_needed"] is None
    assert eight.sees(eight.people[0], stricter_still)["state"] == "unanswered"  # suggested before


@pytest.mark.parametrize(("members", "status"), [(1, 409), (2, 409), (3, 201)])
def test_how_we_decide_is_nothing_that_one_settles_before_the_others_come(
    make: Make, at: Any, members: int, status: int
) -> None:
    at()
    people = [make.somebody(name) for name in EIGHT[:members]]
    group = Group(make, make.cohort(*people), people, make.somebody("Olu"))
    assert rule(group, 0, 200).status_code == status


def test_of_two_rules_the_first_adopted_counts(eight: Group, at: Any) -> None:
    five, six = rule(eight, 1, 5).json["id"], rule(eight, 2, 6).json["id"]
    eight.everybody_consents(five)
    eight.everybody_consents(six)
    assert eight.closes(eight.people[1], six, 1).status_code == 200
    assert eight.sees(eight.people[1], five)["state"] == "overtaken"
    assert eight.contract()["needed"] == 6


# --- retiring


def test_the_last_commitment_needs_three_quarters(eight: Group, at: Any) -> None:
    commitment = eight.adopts("We listen.")["commitment_id"]
    id = eight.suggests(1, "", kind="retire", commitment_id=commitment)
    consent(eight, id, eight.people[2:6])
    seen = decided(eight, at, id)
    assert (seen["state"], seen["answered"], seen["needed"]) == ("unanswered", 5, 6)
    again = eight.suggests(1, "", kind="retire", commitment_id=commitment)
    consent(eight, again, eight.people[2:7])
    assert decided(eight, at, again, days=17)["state"] == "adopted"


@pytest.mark.parametrize(("apart", "state"), [(6, "unanswered"), (8, "adopted")])
def test_a_second_one_within_a_week_needs_three_quarters(
    eight: Group, at: Any, apart: int, state: str
) -> None:
    made = [eight.adopts(text)["commitment_id"] for text in ("One.", "Two.", "Three.")]
    first = eight.suggests(1, "", kind="retire", commitment_id=made[0])
    consent(eight, first, eight.people[:4])
    at(days=apart)
    second = eight.suggests(2, "", kind="retire", commitment_id=made[1])
    consent(eight, second, eight.people[:4])
    assert decided(eight, at, first)["state"] == "adopted"
    assert decided(eight, at, second, days=apart + 8)["state"] == state


def test_two_that_are_retired_at_once_are_a_first_and_a_second(eight: Group, at: Any) -> None:
    made = [eight.adopts(text)["commitment_id"] for text in ("One.", "Two.", "Three.")]
    for commitment in made[:2]:
        id = eight.suggests(1, "", kind="retire", commitment_id=commitment)
        consent(eight, id, eight.people[2:5])
    decided(eight, at, id)
    assert len(eight.texts()) == 2


def test_other_words_in_place_of_the_last_one_need_three_quarters_too(
    eight: Group, at: Any
) -> None:
    commitment = eight.adopts("We listen.")["commitment_id"]
    for empty in ("–", "…", "3."):
        body = {"kind": "reword", "commitment_id": commitment}
        refused = eight.proposes(eight.people[1], empty, **body)
        assert (refused.status_code, list(refused.json["errors"]["json"])) == (422, ["text"])  # type: ignore[index]
    id = eight.suggests(1, "Whatever.", kind="reword", commitment_id=commitment)
    consent(eight, id, eight.people[2:6])
    seen = decided(eight, at, id)
    assert (seen["state"], seen["answered"], seen["needed"]) == ("unanswered", 5, 6)


def test_a_second_one_reworded_within_a_week_needs_three_quarters(eight: Group, at: Any) -> None:
    made = [eight.adopts(text)["commitment_id"] for text in ("One.", "Two.", "Three.")]
    for commitment in made[:2]:
        id = eight.suggests(1, "Whatever.", kind="reword", commitment_id=commitment)
        consent(eight, id, eight.people[2:5])
    decided(eight, at, id)
    assert eight.texts().count("Whatever.") == 1


# --- any change is a new wording


@pytest.mark.parametrize("kind", ["add", "retire", "decide"])
def test_a_new_reason_is_a_new_wording(eight: Group, at: Any, kind: str) -> None:
    """All consent; then only the reason changes, and is adopted at once with theirs."""
    more: dict[str, Any] = {"kind": kind}
    if kind == "retire":
        more["commitment_id"] = eight.adopts("We rest.")["commitment_id"]
    if kind == "decide":
        more["wanted_answers"] = 6
    text = "We listen." if kind == "add" else ""
    id = eight.suggests(1, text, **more)
    eight.everybody_consents(id)
    reason = "The facilitator may tell the board whatever she likes."
    now = at(days=6, hours=20)
    told = eight.proposes(eight.people[1], text, at_version(1), id=id, why=reason, **more).json
    assert told
    assert (told["text_version"], told["answered"]) == (2, 1)
    assert told["closes_at"] == (now + timedelta(hours=48)).isoformat()
    assert eight.closes(eight.people[1], id, 2).status_code == 409
    for person in [eight.people[0], *eight.people[2:]]:
        assert eight.heard(person)[-1] == "proposal_changed"
    assert decided(eight, at, id, days=9)["state"] == "unanswered"


def test_everyone_is_told_of_a_new_wording(eight: Group) -> None:
    id = eight.suggests(1)
    eight.proposes(eight.people[1], "We hear.", at_version(1), id=id)
    assert set(eight.heard(eight.people[7])) == {"proposed", "proposal_changed"}  # had not answered


# --- an objection stands


def test_a_comma_wipes_no_objection(eight: Group, at: Any) -> None:
    id = eight.suggests(1, "We listen.")
    eight.stands(eight.people[2], id, "object", text="Not so.")
    eight.proposes(eight.people[1], "We, listen.", at_version(1), id=id)
    consent(eight, id, eight.people[3:], wording=2)
    seen = decided(eight, at, id)
    assert seen["state"] == "returned"
    (objection,) = [one for one in seen["positions"] if one["position"] == "object"]
    assert (objection["text"], objection["is_current"]) == ("Not so.", False)  # so it says so
    assert eight.heard(eight.people[2])[-1] == "proposal_returned"


def test_it_stands_until_its_author_answers_anew(eight: Group, at: Any) -> None:
    id = eight.suggests(1, "We listen.")
    eight.stands(eight.people[2], id, "object", text="Not so.")
    told = eight.proposes(eight.people[1], "We listen first.", at_version(1), id=id).json
    assert told
    assert {one["position"] for one in told["positions"]} == {"object", "consent"}
    consent(eight, id, eight.people[2:5], wording=2)
    assert decided(eight, at, id)["state"] == "adopted"


def test_it_stands_though_its_author_leaves(eight: Group, at: Any) -> None:
    """Or leaving, also under pressure, would let something pass that would not have passed."""
    id = eight.suggests(1)
    eight.stands(eight.people[7], id, "object", text="Not so.")
    consent(eight, id, eight.people[2:6])
    at(days=1)
    eight.leaves(eight.people[7])
    consent(eight, id, [eight.people[0], eight.people[6]])
    refused = eight.closes(eight.people[1], id, 1)
    assert (refused.status_code, refused.json["reason"]) == (409, "not_everyone")  # type: ignore[index]
    assert "objection" in refused.json["message"]  # type: ignore[index]
    assert decided(eight, at, id)["state"] == "returned"


def test_nobody_decides_now_over_an_earlier_objection(eight: Group) -> None:
    id = eight.suggests(1)
    eight.stands(eight.people[7], id, "object", text="Not so.")
    eight.proposes(eight.people[1], "We, listen.", at_version(1), id=id)
    consent(eight, id, eight.people[:7], wording=2)
    assert eight.closes(eight.people[1], id, 2).status_code == 409
    consent(eight, id, [eight.people[7]], wording=2)
    assert eight.closes(eight.people[1], id, 2).status_code == 200


# --- when it closes


def test_closing_is_never_sooner_and_later_is_told(eight: Group, at: Any) -> None:
    now, amina = at(), eight.people[1]
    at_first = (now + timedelta(days=59)).isoformat()
    id = eight.suggests(1, closes_at=at_first)
    sooner = (now + timedelta(days=20)).isoformat()
    told = eight.proposes(amina, "We listen.", at_version(1), id=id, closes_at=sooner).json
    assert told
    assert (told["closes_at"], told["version"]) == (at_first, 1)
    told = eight.proposes(amina, "We hear.", at_version(1), id=id, closes_at=sooner).json
    assert told
    assert told["closes_at"] == at_first
    later = (now + timedelta(days=60)).isoformat()
    told = eight.proposes(amina, "We hear.", at_version(2), id=id, closes_at=later).json
    assert told
    assert (told["closes_at"], told["text_version"]) == (later, 2)
    assert "proposal_later" in eight.heard(eight.people[7])
    assert eight.heard(amina) == []


def test_later_is_told_once_a_day(eight: Group, at: Any) -> None:
    """Or three hundred times a second later would be three hundred lines for everybody."""
    now, amina = at(), eight.people[1]
    id, version = eight.suggests(1), 1
    for day, status in ((0, 200), (0.9, 409), (1, 200)):
        at(days=day)
        wanted = (now + timedelta(days=20 + day)).isoformat()
        answer = eight.proposes(amina, headers=at_version(version), id=id, closes_at=wanted)
        assert answer.status_code == status
        version += status == 200
    assert eight.facts().count("proposal_later") == 2
    assert eight.sees(amina, id)["closes_at"] == (now + timedelta(days=21)).isoformat()


def test_it_is_open_for_sixty_days_at_the_most(eight: Group, at: Any) -> None:
    """From when it was suggested: neither putting it off nor new words make it endless."""
    now, amina = at(), eight.people[1]
    id = eight.suggests(1, closes_at=(now + timedelta(days=59)).isoformat())
    at(days=20)
    amina = replace(amina, phone=eight.make.phone_of(amina.id))
    wanted = (now + timedelta(days=60, seconds=1)).isoformat()
    for text in ("We listen.", "We hear."):
        far = eight.proposes(amina, text, at_version(1), id=id, closes_at=wanted)
        assert (far.status_code, list(far.json["errors"]["json"])) == (422, ["closes_at"])  # type: ignore[index]
    for version, days, status in ((1, 57, 200), (2, 58.1, 409)):
        at(days=days)
        amina = replace(amina, phone=eight.make.phone_of(amina.id))
        words = eight.proposes(amina, f"We hear {days}.", at_version(version), id=id)
        assert words.status_code == status
    assert words.json["reason"] == "too_late"  # type: ignore[index]
    seen = eight.sees(amina, id)
    assert seen["text"] == "We hear 57."
    assert seen["closes_at"] == (now + timedelta(days=59)).isoformat()


# --- room for everybody


def test_three_open_ones_a_person(eight: Group, at: Any) -> None:
    amina = eight.people[1]
    made = [eight.suggests(1, f"We play {number}.") for number in range(3)]
    full = eight.proposes(amina, "We rest.")
    assert (full.status_code, full.json["reason"]) == (409, "too_many")  # type: ignore[index]
    assert eight.proposes(eight.people[2], "We rest.").status_code == 201
    eight.withdraws(amina, made[0])
    assert eight.proposes(amina, "We rest.").status_code == 201


def test_nobody_is_crowded_out(eight: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OPEN", 5)
    for by in (1, 1, 1, 2, 2):
        eight.suggests(by)
    assert eight.proposes(eight.people[2]).json["reason"] == "too_many"  # type: ignore[index]
    assert eight.proposes(eight.people[3]).status_code == 201
    assert eight.proposes(eight.people[3]).json["reason"] == "too_many"  # type: ignore[index]


def fill(group: Group, at: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two are suggested where there is a place for one, and all consent to both."""
    monkeypatch.setattr(rules, "MOST_COMMITMENTS", 2)
    group.adopts("We listen.")
    made = []
    for by, text in ((1, "We rest."), (2, "We play.")):
        at(minutes=by)
        made.append(group.suggests(by, text))
        group.everybody_consents(made[-1])
    return made


def test_a_contract_of_thirty_takes_nothing_more(
    eight: Group, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many were suggested while there was a place."""
    first, second = fill(eight, at, monkeypatch)
    assert decided(eight, at, first)["state"] == "adopted"
    seen = eight.sees(eight.people[0], second)
    assert (seen["state"], seen["adopted_as"], seen["answered"]) == ("overtaken", None, 8)
    assert eight.texts() == ["We listen.", "We rest."]
    assert "proposal_overtaken" in eight.heard(eight.people[2])
    assert eight.proposes(eight.people[3]).json["reason"] == "too_many"  # type: ignore[index]


def test_where_there_is_a_place_again_it_is_adopted(
    eight: Group, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is full now may not be by its time: so it stays open until then."""
    first, second = fill(eight, at, monkeypatch)
    assert eight.closes(eight.people[1], first, 1).status_code == 200
    refused = eight.closes(eight.people[2], second, 1)
    assert (refused.status_code, refused.json["reason"]) == (409, "too_many")  # type: ignore[index]
    commitment = eight.contract()["commitments"][0]["id"]
    eight.adopts("", kind="retire", commitment_id=commitment)
    assert decided(eight, at, second)["state"] == "adopted"
    assert eight.texts() == ["We rest.", "We play."]


# --- who is silent is nobody's to know


def test_consents_are_a_number_while_it_is_open(eight: Group, at: Any) -> None:
    id = eight.suggests(1)
    consent(eight, id, eight.people[2:4])
    eight.stands(eight.people[4], id, "aside")
    eight.stands(eight.people[5], id, "concern", text="Slowly.")
    eight.stands(eight.people[6], id, "object", text="Not so.")
    for who, own in ((eight.people[1], 1), (eight.people[2], 1), (eight.people[5], 0)):
        for seen in (eight.sees(who, id), _listed(eight, who, id)):
            told = {one["person"]["name"] for one in seen["positions"]}
            assert told == {who.name, "Ewa", "Finn"}
            assert (seen["answered"], seen["unnamed"]) == (6, 4 - own)
    silent = eight.sees(eight.people[7], id)
    assert (silent["positions"], silent["unnamed"], silent["answered"]) == (None, None, 6)
    closed = decided(eight, at, id)
    assert len(closed["positions"]) == 6
    assert closed["unnamed"] == 0


def test_after_a_new_wording_nobody_sees_who_has_not_answered_it(eight: Group, at: Any) -> None:
    """A consent or concern shown as one to the earlier words would name who is silent now."""
    id = eight.suggests(1)
    consent(eight, id, eight.people[2:4])
    eight.stands(eight.people[5], id, "concern", text="Slowly.")
    eight.stands(eight.people[6], id, "object", text="Not so.")
    told = eight.proposes(eight.people[1], "We hear.", at_version(1), id=id).json
    assert told
    shown = {one["person"]["name"]: one["is_current"] for one in told["positions"]}
    assert shown == {"Amina": True, "Finn": False}  # an objection stands, and says so
    assert told["unnamed"] == 0
    assert decided(eight, at, id)["state"] == "returned"
    assert len(eight.sees(eight.people[2], id)["positions"]) == 5


def _listed(group: Group, who: Somebody, id: str) -> Any:
    listed = who.get(f"/api/cohorts/{group.cohort}/proposals").json
    assert listed
    return next(one for one in listed["items"] if one["id"] == id)


def test_every_answer_is_ones_own(eight: Group) -> None:
    """Nobody answers for another: neither by a name nor by an id in what is sent."""
    id = eight.suggests(1)
    for key in ("person_id", "person", "for", "by"):
        body = {"position": "consent", "text_version": 1, key: str(eight.people[7].id)}
        answer = eight.people[2].phone.put(f"{PROPOSALS}/{id}/position", json=body)
        assert answer.status_code == 422
    assert eight.sees(eight.people[1], id)["answered"] == 1
