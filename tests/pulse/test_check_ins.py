"""Asking how a commitment is lived, and answering: what is refused, and what nobody is told."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.contract.models import Change, Contract
from backend.core import ids
from backend.pulse.models import CheckInAnswer
from tests.make import Somebody
from tests.pulse.conftest import CHECK_INS, Circle

At = Callable[..., datetime]


def test_nobody_comes_here_without_signing_in(circle: Circle) -> None:
    phone, id = circle.make.stranger(), circle.check_in()
    of_cohort = f"/api/cohorts/{circle.cohort}"
    for path in (f"{of_cohort}/check-ins", f"{of_cohort}/pulse", f"{CHECK_INS}/{id}"):
        assert phone.get(path).status_code == 401
    assert phone.put(f"{CHECK_INS}/{id}", json={}).status_code == 401
    assert phone.put(f"{CHECK_INS}/{id}/answer", json={"word": "living"}).status_code == 401


@pytest.mark.parametrize("who", ["an outsider", "who left"])
def test_whoever_does_not_belong_finds_nothing(circle: Circle, who: str) -> None:
    stranger, id = circle.outsider, circle.check_in()
    if who == "who left":
        stranger = circle.people[5]
        circle.says(stranger, id)
        circle.leaves(stranger)
    of_cohort = f"/api/cohorts/{circle.cohort}"
    answers = [
        *(
            stranger.get(path)
            for path in (
                f"{of_cohort}/check-ins",
                f"{of_cohort}/pulse",
                f"{CHECK_INS}/{id}",
            )
        ),
        circle.asks(stranger),
        circle.asks(stranger, id=id),
        circle.says(stranger, id),
        stranger.phone.delete(f"{of_cohort}/to-talk-about/{circle.commitment}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)


def test_what_cannot_be_asked_is_refused(circle: Circle) -> None:
    proposal = circle.make.proposal(
        circle.people[1], circle.cohort, commitment=circle.commitment, kind=Change.RETIRE
    )
    for person in circle.people:
        circle.make.position(person, proposal)
    assert circle.asks(circle.people[1], ids.new_id()).status_code == 422  # there is none
    circle.people[1].phone.post(f"/api/proposals/{proposal}/closing", headers={"If-Match": '"1"'})
    retired = circle.asks(circle.people[1])
    assert (retired.status_code, list(retired.json["errors"]["json"])) == (422, ["commitment_id"])  # type: ignore[index]
    assert circle.facts() == []


def test_any_member_opens_one_and_a_replay_opens_no_other(circle: Circle) -> None:
    id = ids.new_id()
    made = circle.asks(circle.people[3], id=id)
    assert made.status_code == 201
    assert circle.asks(circle.people[3], id=id).status_code == 200
    other = circle.make.commitment(circle.cohort, *circle.people, text="We rest.")
    assert circle.asks(circle.people[3], other, id=id).status_code == 404  # that id is another's
    assert circle.facts() == ["check_in_opened"]
    told = made.json
    assert told
    assert told["commitment"] == {
        "id": str(circle.commitment),
        "text": "We listen before we answer.",
    }
    assert (told["is_open"], told["my_answer"], told["closed_at"]) == (True, None, None)


def test_a_commitment_is_asked_about_once_a_week(circle: Circle, at: At) -> None:
    circle.asks_by_hand_alone()
    circle.all_say(circle.check_in(), *["living"] * 5)
    for days in (0, 6, 7):  # and on the seventh day it is over, but nobody has closed it
        at(days=days)
        again = circle.asks(circle.people[2])
        assert (again.status_code, again.json["reason"]) == (409, "asked_already")  # type: ignore[index]
    circle.make.feel()
    assert circle.asks(circle.people[2]).status_code == 201


def test_one_opens_by_itself_and_takes_what_waited_longest(circle: Circle, at: At) -> None:
    rest = circle.make.commitment(circle.cohort, *circle.people, text="We rest.")
    play = circle.make.commitment(circle.cohort, *circle.people, text="We play.")
    circle.all_say(circle.check_in(rest), *["living"] * 5)
    asked = []
    circle.people[0].phone.patch(
        f"/api/cohorts/{circle.cohort}/contract", json={"check_in_every_weeks": 1}
    )
    for week in (1, 2, 3, 4):
        now = at(days=7 * week).isoformat()
        circle.make.feel()
        (new,) = [one for one in circle.open_ones() if one["opened_at"] == now]
        circle.all_say(UUID(new["id"]), *["living"] * 5)
        asked.append(UUID(new["commitment"]["id"]))
    # first what was never asked about, then whatever waited longest
    assert asked == [circle.commitment, play, rest, circle.commitment]


def interval(circle: Circle, weeks: int) -> None:
    path = f"/api/cohorts/{circle.cohort}/contract"
    answer = circle.people[5].phone.patch(path, json={"check_in_every_weeks": weeks})
    assert answer.status_code == 200, answer.json


@pytest.mark.parametrize(
    "changes", [(3, 2), (12, 1), (0, 2), (0, 12, 0, 2)], ids=["longer", "far", "off", "on and off"]
)
def test_the_next_check_in_is_not_postponed_however_the_interval_is_changed(
    circle: Circle, at: At, changes: Sequence[int]
) -> None:
    """It is due a week after the contract began; somebody keeps changing how often, every day."""
    for day in range(7):
        at(days=day)
        for weeks in changes:
            interval(circle, weeks)
    assert circle.make.feel() == 0
    at(days=7)
    circle.make.feel()
    assert len(circle.open_ones()) == 1


def test_turned_off_over_its_day_it_comes_when_it_is_turned_on(circle: Circle, at: At) -> None:
    at(days=6)
    interval(circle, 0)
    at(days=13)
    assert circle.make.feel() == 0
    interval(circle, 2)
    circle.make.feel()
    assert len(circle.open_ones()) == 1


def test_a_long_interval_that_is_made_short_again_counts_from_now(circle: Circle, at: At) -> None:
    """Somebody sets twelve weeks as it is asked: another's two bring it within a week."""
    interval(circle, 12)
    at(days=7)
    circle.make.feel()
    assert len(circle.open_ones()) == 1
    at(days=21)
    interval(circle, 2)
    with circle.make.session() as session:
        (next_one,) = session.scalars(select(Contract.checks_in_at))
    assert next_one == at(days=28)


def test_a_cohort_that_wants_none_is_not_asked(circle: Circle, at: At) -> None:
    circle.people[2].phone.patch(
        f"/api/cohorts/{circle.cohort}/contract", json={"check_in_every_weeks": 0}
    )
    at(days=28)
    assert circle.make.feel() == 0
    assert circle.open_ones() == []


def test_after_weeks_without_a_worker_there_is_one(circle: Circle, at: At) -> None:
    at(days=28)
    circle.make.feel()
    assert len(circle.open_ones()) == 1
    with circle.make.session() as session:
        (next_one,) = session.scalars(select(Contract.checks_in_at))
    assert next_one == at(days=42)


def test_my_answer_is_mine_to_see_and_to_change(circle: Circle) -> None:
    id, bo = circle.check_in(), circle.people[2]
    said = circle.says(bo, id, "patchy", note=" On Tuesday. ", wants_to_talk=True).json
    assert said
    assert said["my_answer"] == {
        "word": "patchy",
        "note": "On Tuesday.",
        "signed": False,
        "wants_to_talk": True,
    }
    circle.says(bo, id, "drifted")
    assert circle.open_ones(bo)[0]["my_answer"] == {
        "word": "drifted",
        "note": "",
        "signed": False,
        "wants_to_talk": False,
    }
    assert circle.open_ones(circle.people[3])[0]["my_answer"] is None


@pytest.mark.parametrize("signed", [True, False])
def test_whether_i_sign_stays_as_i_chose(circle: Circle, signed: bool) -> None:
    id, bo = circle.check_in(), circle.people[2]
    circle.says(bo, id, "patchy", note="Hm.", signed=signed)
    refused = circle.says(bo, id, "living", note="Ah.", signed=not signed)
    assert (refused.status_code, refused.json["reason"]) == (409, "signed_stays")  # type: ignore[index]
    mine = circle.open_ones(bo)[0]["my_answer"]
    assert (mine["word"], mine["note"], mine["signed"]) == ("patchy", "Hm.", signed)
    assert circle.says(bo, id, "living", note="Ah.", signed=signed).status_code == 200


def test_an_answer_that_cannot_be_meant_says_where(circle: Circle) -> None:
    id = circle.check_in()
    for body, field in (
        ({"word": "fine"}, "word"),
        ({"note": "Hm."}, "word"),
        ({"word": "living", "note": "x" * 501}, "note"),
        ({"word": "living", "signed": "yes"}, "signed"),
        ({"word": "living", "wants_to_talk": None}, "wants_to_talk"),
    ):
        refused = circle.people[1].phone.put(f"{CHECK_INS}/{id}/answer", json=body)
        assert (refused.status_code, list(refused.json["errors"]["json"])) == (422, [field]), body  # type: ignore[index]


def test_after_its_time_no_answer_is_taken_though_no_worker_came(circle: Circle, at: At) -> None:
    id = circle.check_in()
    at(days=7)
    late = circle.says(circle.people[2], id)
    assert (late.status_code, late.json["reason"]) == (409, "closed")  # type: ignore[index]
    assert not circle.people[2].get(f"{CHECK_INS}/{id}").json["is_open"]  # type: ignore[index]


def test_while_it_is_open_nothing_tells_who_or_how_many_have_answered(circle: Circle) -> None:
    """To whoever has not answered every byte is the same before and after others have."""
    id, dev = circle.check_in(), circle.people[4]

    def everything(who: Somebody) -> list[bytes]:
        circle.make.announce()
        of_cohort = f"/api/cohorts/{circle.cohort}"
        return [
            who.get(path).data
            for path in (
                f"{of_cohort}/check-ins",
                f"{of_cohort}/pulse",
                f"{of_cohort}/activity",
                f"{of_cohort}/contract",
                f"{of_cohort}/people",
                f"{CHECK_INS}/{id}",
                "/api/notices",
                "/api/notices/waiting",
            )
        ]

    before = everything(dev)
    for who in (*circle.people[:4], circle.people[5]):
        circle.says(who, id, "drifted", note="Kanarienvogel", signed=True, wants_to_talk=True)
    assert everything(dev) == before
    assert everything(circle.people[3]) != before  # a control: one's own answer is there
    circle.says(dev, id, "living")
    told: Any = b"".join(everything(dev))
    assert b"Kanarienvogel" not in told
    assert b"drifted" not in told


def test_the_facilitator_sees_no_more(circle: Circle) -> None:
    id = circle.check_in()
    circle.says(circle.people[2], id, "drifted", note="Hm.", signed=True)
    paths = [
        f"/api/cohorts/{circle.cohort}/check-ins",
        f"/api/cohorts/{circle.cohort}/pulse",
        f"{CHECK_INS}/{id}",
    ]
    morag, dev = circle.people[0], circle.people[4]
    assert [morag.get(path).data for path in paths] == [dev.get(path).data for path in paths]


def test_an_answer_is_a_row_without_a_time_an_id_or_a_person() -> None:
    """Nothing that could tell later whose a note was."""
    names = {column.name for column in CheckInAnswer.__table__.columns}
    assert names == {"check_in_id", "name", "sealed"}


def test_everybody_hears_that_it_opened_but_who_opened_it(circle: Circle, at: At) -> None:
    circle.asks_by_hand_alone()
    circle.check_in()
    assert [circle.heard(one) for one in circle.people[:3]] == [
        ["check_in_opened"],
        [],
        ["check_in_opened"],
    ]
    item = next(
        one
        for one in circle.people[2].get("/api/notices").json["items"]  # type: ignore[index]
        if one["kind"] == "check_in"
    )
    assert item["path"].startswith("/cohort/contract/check-ins/")
    at(days=7)
    circle.make.feel()  # extended: too few; that is no news
    assert circle.facts() == ["check_in_opened"]


@pytest.mark.parametrize(("days", "counts"), [(14, True), (13, False)])
def test_only_those_have_a_voice_who_belonged_two_weeks_before(
    circle: Circle, at: At, days: int, counts: bool
) -> None:
    """Else a few let in a dozen that are nobody, and read one real answer among theirs."""
    circle.asks_by_hand_alone()
    at(days=20)
    circle.make.join(circle.outsider, circle.cohort, circle.people[0])
    at(days=20 + days)
    olu, morag = (circle.again(who) for who in (circle.outsider, circle.people[0]))
    id = circle.check_in()
    assert circle.open_ones(olu)[0]["is_for_me"] is counts
    assert circle.open_ones(morag)[0]["is_for_me"] is True
    said = circle.says(olu, id)
    if counts:
        assert said.status_code == 200
    else:
        assert (said.status_code, said.json["reason"]) == (409, "not_for_me_yet")  # type: ignore[index]


@pytest.mark.parametrize("days", [0, 13, 40])
def test_whoever_joins_after_it_opened_has_no_voice_in_it(
    circle: Circle, at: At, days: int
) -> None:
    circle.asks_by_hand_alone()
    at(days=days)
    id = circle.check_in()
    at(days=days, minutes=1)
    circle.make.join(circle.outsider, circle.cohort, circle.people[0])
    olu = circle.again(circle.outsider)
    assert circle.says(olu, id).json["reason"] == "not_for_me_yet"  # type: ignore[index]


def test_who_left_and_came_back_begins_anew(circle: Circle, at: At) -> None:
    """Somebody whose answer is in leaves and comes back: it does not come back with them."""
    circle.asks_by_hand_alone()
    at(days=20)
    id = circle.check_in()
    circle.people = [circle.again(who) for who in circle.people]
    circle.all_say(id, *["living"] * 5)
    circle.leaves(circle.people[4])
    circle.make.join(circle.people[4], circle.cohort, circle.people[0])
    at(days=27)
    circle.make.feel()
    morag = circle.again(circle.people[0])
    assert [one["has_enough"] for one in circle.pulses(morag)] == [False]


def test_a_cohort_younger_than_that_hears_all_who_belong_when_it_opens(
    circle: Circle, at: At
) -> None:
    circle.asks_by_hand_alone()
    at(days=13)
    circle.make.join(circle.outsider, circle.cohort, circle.people[0])
    id = circle.check_in()
    assert circle.says(circle.again(circle.outsider), id).status_code == 200
