"""What is left of a check-in: the same for all, of five voices at least, and nobody's any more."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.core.db import Base
from backend.core.ledger import Fact
from backend.pulse import closing
from backend.pulse.models import CheckInAnswer, Pulse, PulseNote
from tests.make import Make
from tests.pulse.conftest import Circle, amounts

At = Callable[..., datetime]


def answers_left(circle: Circle) -> int:
    with circle.make.session() as session:
        return session.scalar(select(func.count()).select_from(CheckInAnswer)) or 0


def test_four_voices_are_not_enough_and_five_are(circle: Circle, at: At) -> None:
    id = circle.check_in()
    circle.all_say(id, "living", "living", "patchy", "living")
    at(days=7)
    circle.make.feel()
    (waiting,) = circle.pulses()
    assert (waiting["has_enough"], waiting["words"], waiting["notes"]) == (False, None, [])
    assert waiting["closed_at"] is None
    circle.says(circle.people[4], id, "living")
    at(days=14)
    circle.make.feel()
    (pulse,) = circle.pulses()
    assert amounts(pulse) == {
        "living": "most",
        "patchy": "untold",
        "drifted": "untold",
        "not_sure": "untold",
    }
    assert pulse["closed_at"] is not None
    assert circle.facts().count("pulse_shown") == 1
    assert [circle.heard(one)[0] for one in circle.people] == ["pulse_shown"] * 6


def test_it_waits_three_weeks_longer_and_then_keeps_nothing(circle: Circle, at: At) -> None:
    id = circle.check_in()
    for who in circle.people[:4]:
        circle.says(who, id, "drifted", note="Kanarienvogel", signed=True, wants_to_talk=True)
    closings = []
    for week in range(1, 5):
        at(days=7 * week)
        circle.make.feel()
        item = circle.people[4].get(f"/api/check-ins/{id}").json
        assert item
        closings.append((item["closes_at"][:10], item["closed_at"] is not None))
    assert closings == [
        ("2026-12-06", False),
        ("2026-12-13", False),
        ("2026-12-20", False),
        ("2026-12-20", True),
    ]
    (pulse,) = [one for one in circle.pulses() if one["check_in_id"] == str(id)]
    assert (pulse["has_enough"], pulse["words"], pulse["like"], pulse["notes"]) == (
        False,
        None,
        None,
        [],
    )
    assert circle.pulse()["to_talk_about"] == []
    with circle.make.session() as session:
        row = session.get_one(Pulse, id)
        assert (row.living, row.patchy, row.drifted, row.not_sure) == (0, 0, 0, 0)
        assert session.scalars(select(PulseNote)).all() == []
        assert session.scalars(select(CheckInAnswer).filter_by(check_in_id=id)).all() == []
    assert "pulse_shown" not in circle.facts()


def test_everybody_gets_the_same_bytes_at_the_same_moment(circle: Circle, at: At) -> None:
    id = circle.check_in()
    path = f"/api/cohorts/{circle.cohort}/pulse"
    for who, word in zip(
        circle.people, ["living", "patchy", "living", "drifted", "living"], strict=False
    ):
        circle.says(who, id, word, note=f"A note of {word}.", signed=word == "drifted")

    def told() -> set[bytes]:
        return {who.get(path).data for who in circle.people}

    (before,) = told()
    at(days=6, hours=23)
    circle.make.feel()
    assert told() == {before}
    at(days=7)
    circle.make.feel()
    (after,) = told()
    assert after != before
    assert len({who.get(path).headers["ETag"] for who in circle.people}) == 1
    circle.make.join(circle.outsider, circle.cohort, circle.people[0])
    assert circle.outsider.get(path).data == after  # and who joins later the same


def test_the_answers_are_gone_when_it_has_closed(circle: Circle, at: At) -> None:
    id = circle.check_in()
    circle.all_say(id, *["living"] * 6)
    assert answers_left(circle) == 6
    at(days=7)
    circle.make.feel()
    assert answers_left(circle) == 0
    assert circle.people[2].get(f"/api/check-ins/{id}").json["my_answer"] is None  # type: ignore[index]


def traces(make: Make, person: UUID, check_in: UUID, note: UUID) -> Iterator[str]:
    """Every row of any table that holds a person beside a check-in, or beside one of its notes."""
    with make.session() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                values = " ".join(str(value) for value in row)
                told = [str(one) in values or one.hex in values for one in (check_in, note)]
                if any(told) and (str(person) in values or person.hex in values):
                    yield table.name


def test_an_unsigned_note_is_nobodys_for_ever(circle: Circle, at: At) -> None:
    """No row of any table holds its writer beside it or its check-in; a signed one is found."""
    id = circle.check_in()
    bo, cleo = circle.people[2:4]
    circle.all_say(id, *["living"] * 6)
    circle.says(bo, id, "drifted", note="Nobody's.", signed=False)
    circle.says(cleo, id, "patchy", note="Mine.", signed=True)  # she had written no line before
    assert set(traces(circle.make, bo.id, id, id)) <= {"notice"}  # while it is open, too
    at(days=7)
    circle.make.feel()
    circle.make.announce()
    (pulse,) = circle.pulses()
    notes = {one["text"]: one for one in pulse["notes"]}
    assert (notes["Nobody's."]["by"], notes["Mine."]["by"]) == (
        None,
        {"id": str(cleo.id), "name": "Cleo"},
    )
    # notices about the check-in are everybody's, whether or not they answered
    unsigned = UUID(notes["Nobody's."]["id"])
    assert set(traces(circle.make, bo.id, id, unsigned)) <= {"notice"}
    assert set(traces(circle.make, circle.people[5].id, id, unsigned)) <= {"notice"}
    signed = UUID(notes["Mine."]["id"])
    assert "pulse_note" in traces(circle.make, cleo.id, id, signed)  # a control


def test_notes_come_in_an_order_that_tells_nothing(
    circle: Circle, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither of names nor of when they were written: in the table and in what is told."""
    shuffled: list[int] = []
    shuffle = closing.ORDER.shuffle

    def seen(rows: list[Any]) -> None:
        shuffled.append(len(rows))
        shuffle(rows)

    monkeypatch.setattr(closing.ORDER, "shuffle", seen)
    id = circle.check_in()
    for number, who in enumerate(circle.people):
        circle.says(who, id, note=f"{number}")
    at(days=7)
    circle.make.feel()
    (pulse,) = circle.pulses()
    assert shuffled == [6]
    ids = [one["id"] for one in pulse["notes"]]
    assert ids == sorted(ids)  # drawn at random
    assert {UUID(one).version for one in ids} == {4}
    assert {column.name for column in PulseNote.__table__.columns} == {
        "id",
        "check_in_id",
        "signed_by_id",
        "text",
    }


def test_who_leaves_takes_their_voice_along(circle: Circle, at: At) -> None:
    id = circle.check_in()
    circle.all_say(id, "living", "living", "living", "living", "drifted")
    circle.leaves(circle.people[4])
    at(days=7)
    circle.make.feel()
    (waiting,) = circle.pulses()
    assert not waiting["has_enough"]
    circle.says(circle.people[5], id, "living")
    at(days=14)
    circle.make.feel()
    (pulse,) = circle.pulses()
    assert amounts(pulse)["drifted"] == "untold"


def test_what_somebody_wants_to_talk_about_waits_until_we_have(circle: Circle, at: At) -> None:
    id = circle.check_in()
    circle.all_say(id, *["living"] * 6)
    circle.says(circle.people[2], id, "living", wants_to_talk=True)
    assert circle.pulse()["to_talk_about"] == []
    at(days=7)
    circle.make.feel()
    (item,) = circle.pulse(circle.people[4])["to_talk_about"]
    assert (item["talked_at"], item["talked_by"]) == (None, None)
    assert set(item) == {"commitment", "since", "talked_at", "talked_by"}  # and nobody's name
    assert item["commitment"]["id"] == str(circle.commitment)
    path = f"/api/cohorts/{circle.cohort}/to-talk-about/{circle.commitment}"
    for who in (circle.people[4], circle.people[4], circle.people[1]):  # any member; twice no more
        assert who.phone.delete(path).status_code == 204
    (told,) = circle.pulse(circle.people[0])["to_talk_about"]  # who says so is seen by all
    assert told["talked_by"]["name"] == circle.people[4].name
    assert circle.facts().count("talked_about") == 1
    for who in (circle.people[2], circle.people[3]):  # put back by any member, without a name
        assert who.phone.put(path).status_code == 204
    assert circle.pulse()["to_talk_about"] == [item]
    with circle.make.session() as session:
        (fact,) = session.scalars(select(Fact).filter_by(kind="to_talk_again"))
        assert (fact.by_id, fact.about_id, fact.details) == (None, None, None)
    circle.people[1].phone.delete(path)
    at(days=21)
    assert circle.pulse()["to_talk_about"] == []
    assert circle.people[2].phone.put(path).status_code == 404


def test_only_what_was_wished_can_be_put_back(circle: Circle, at: At) -> None:
    path = f"/api/cohorts/{circle.cohort}/to-talk-about/{circle.commitment}"
    assert circle.people[2].phone.put(path).status_code == 404
    assert circle.outsider.phone.put(path).status_code == 404


def test_what_was_talked_about_and_is_wished_again_is_there_again(circle: Circle, at: At) -> None:
    circle.asks_by_hand_alone()
    path = f"/api/cohorts/{circle.cohort}/to-talk-about/{circle.commitment}"
    for window in range(2):
        at(days=8 * window)
        id = circle.check_in()
        circle.all_say(id, *["living"] * 6)
        circle.says(circle.people[2], id, "living", wants_to_talk=True)
        at(days=8 * window + 7)
        circle.make.feel()
        (item,) = circle.pulse()["to_talk_about"]
        assert item["talked_at"] is None
        circle.people[4].phone.delete(path)


def test_a_picture_that_is_too_near_to_one_before_stands_for_it(circle: Circle, at: At) -> None:
    """The whole way: the second shows the first one's numbers, the third its own."""
    circle.asks_by_hand_alone()
    shown = []
    for window, words in enumerate((["living"] * 6, ["living"] * 5 + ["drifted"], ["drifted"] * 6)):
        at(days=8 * window)
        circle.all_say(circle.check_in(), *words)
        at(days=8 * window + 7)
        circle.make.feel()
        shown.append(circle.pulses()[-1])
    assert [one["like"] for one in shown] == [None, shown[0]["check_in_id"], None]
    assert shown[1]["words"] == shown[0]["words"]
    assert amounts(shown[2])["drifted"] == "most"
    with circle.make.session() as session:  # nor do its numbers stand anywhere
        row = session.get_one(Pulse, UUID(shown[1]["check_in_id"]))
        assert (row.living, row.patchy, row.drifted, row.not_sure) == (0, 0, 0, 0)


def test_without_that_rule_the_one_who_changed_their_mind_is_seen(
    circle: Circle, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control of the one above."""
    monkeypatch.setattr(closing.queries, "earlier", lambda *_: {})
    with pytest.raises(AssertionError):
        test_a_picture_that_is_too_near_to_one_before_stands_for_it(circle, at)


def test_a_reworded_commitment_keeps_its_pulses(circle: Circle, at: At) -> None:
    """And none of them can be told apart by the new words."""
    circle.asks_by_hand_alone()
    circle.all_say(circle.check_in(), *["living"] * 5)
    at(days=8)
    circle.make.feel()
    proposal = circle.make.proposal(
        circle.people[1], circle.cohort, "We listen first.", commitment=circle.commitment
    )
    for person in circle.people:
        circle.make.position(person, proposal)
    circle.people[1].phone.post(f"/api/proposals/{proposal}/closing", headers={"If-Match": '"1"'})
    circle.all_say(circle.check_in(), *["living"] * 4, "patchy")
    at(days=16)
    circle.make.feel()
    (item,) = circle.pulse()["items"]
    assert item["commitment"]["text"] == "We listen first."
    first, second = item["pulses"]
    assert second["like"] == first["check_in_id"]
    newest = circle.people[0].get(f"/api/cohorts/{circle.cohort}/pulse?limit=1").json
    assert [one["pulses"] for one in newest["items"]] == [[second]]  # also where that is beyond


def test_a_closed_one_takes_no_answers(circle: Circle, at: At) -> None:
    circle.asks_by_hand_alone()
    id = circle.check_in()
    circle.all_say(id, *["living"] * 6)
    at(days=7)
    circle.make.feel()
    assert circle.says(circle.people[2], id, "drifted").status_code == 409
    assert circle.open_ones() == []
