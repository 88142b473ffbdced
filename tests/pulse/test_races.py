"""Many at the same moment: one answer a person, one pulse a check-in, one check-in a turn."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import func, select

from backend.core import ids
from backend.pulse import actions
from backend.pulse.models import CheckIn, CheckInAnswer, Pulse, PulseNote
from tests.pulse.conftest import CHECK_INS, Circle, amounts
from tests.together import together

At = Callable[..., datetime]


def test_two_answers_of_one_person_are_one(circle: Circle) -> None:
    id, bo = circle.check_in(), circle.people[2]
    phones = [circle.make.phone_of(bo.id) for _ in range(4)]
    words = ("living", "patchy", "drifted", "not_sure")
    answers = together(
        partial(phone.put, f"{CHECK_INS}/{id}/answer", json={"word": word})
        for phone, word in zip(phones, words, strict=True)
    )
    assert [one.status_code for one in answers] == [200] * 4
    with circle.make.session() as session:
        assert len(session.scalars(select(CheckInAnswer)).all()) == 1
    mine = circle.open_ones(bo)[0]["my_answer"]
    assert mine["word"] in words


def test_signing_and_not_signing_at_once_is_one_of_them(circle: Circle) -> None:
    id, bo = circle.check_in(), circle.people[2]
    phones = [circle.make.phone_of(bo.id) for _ in range(2)]
    answers = together(
        partial(
            phone.put,
            f"{CHECK_INS}/{id}/answer",
            json={"word": "living", "note": "Hm.", "signed": signed},
        )
        for phone, signed in zip(phones, (True, False), strict=True)
    )
    assert sorted(one.status_code for one in answers) == [200, 409]


def test_of_many_workers_one_closes_it(circle: Circle, at: At) -> None:
    circle.asks_by_hand_alone()
    id = circle.check_in()
    for who in circle.people:
        circle.says(who, id, "living", note="Hm.")
    at(days=7)

    def work() -> None:
        with circle.make.session() as session:
            actions.do_due(session)

    together([work] * 6)
    with circle.make.session() as session:
        assert session.scalar(select(func.count()).select_from(Pulse)) == 1
        assert session.scalar(select(func.count()).select_from(PulseNote)) == 6
    assert amounts(circle.pulses()[0])["living"] == "most"
    assert circle.facts().count("pulse_shown") == 1


def test_of_many_workers_one_gives_it_a_week_more(circle: Circle, at: At) -> None:
    circle.asks_by_hand_alone()
    id = circle.check_in()
    at(days=7)

    def work() -> None:
        with circle.make.session() as session:
            actions.do_due(session)

    together([work] * 6)
    with circle.make.session() as session:
        assert session.get_one(CheckIn, id).extended == 1


def test_asked_by_many_at_once_it_is_open_once(circle: Circle, at: At) -> None:
    """By hand, and by the app whose turn has come: one check-in about one commitment."""
    at(days=7)

    def work() -> int:
        with circle.make.session() as session:
            return actions.do_due(session)

    by_hand = [partial(circle.asks, who, id=ids.new_id()) for who in circle.people[:3]]
    together([*by_hand, work, work])  # type: ignore[list-item]
    assert len(circle.open_ones()) == 1
    assert circle.facts() == ["check_in_opened"]
