"""Sixteen at once: one of them is first, and none is lost."""

import itertools
from collections import Counter
from functools import partial
from threading import Thread
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from backend.core import ids, puts
from backend.core.ledger import Fact
from backend.reflections import actions
from backend.reflections.models import ChangeCount, Reflection
from backend.reflections.schemas import SentReflection
from backend.responses.models import Response
from tests.make import NEW, Make, Somebody, at_version
from tests.together import together

MANY = 16
TIMES = 20


@pytest.fixture
def phones(make: Make) -> list[Somebody]:
    """Sixteen phones of one person, who shares a cohort with another."""
    amina = make.somebody("Amina")
    return [Somebody(amina.id, "Amina", amina.email, make.phone_of(amina.id)) for _ in range(MANY)]


def change_at_once(phones: list[Somebody], id: UUID, version: int) -> list[TestResponse]:
    return together(
        partial(phone.keep, id, at_version(version), text=f"Version {version} of phone {n}")
        for n, phone in enumerate(phones)
    )


def count(make: Make, kind: type, **wanted: object) -> int:
    with make.session() as session:
        return session.query(kind).filter_by(**wanted).count()


def test_of_sixteen_first_puts_one_makes_the_reflection_and_all_are_answered(
    make: Make, phones: list[Somebody]
) -> None:
    rowan = make.cohort(make.somebody("Fay"), phones[0])
    body = {"text": "I held back.", "cohort_id": str(rowan), "audience": "cohort"}

    for _ in range(TIMES):
        id = ids.new_id()
        answers = together(partial(phone.keep, id, **body) for phone in phones)

        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: MANY - 1}
        assert {answer.headers["ETag"] for answer in answers} == {'"1"'}
        assert (count(make, Reflection, id=id), count(make, Fact, about_id=id)) == (1, 1)


def test_of_sixteen_first_puts_one_makes_the_response(make: Make, phones: list[Somebody]) -> None:
    fay = make.somebody("Fay")
    about = make.reflection(fay, cohort=make.cohort(fay, phones[0]))

    for _ in range(TIMES):
        id = ids.new_id()
        answers = together(partial(phone.respond, id, about) for phone in phones)

        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: MANY - 1}
        assert (count(make, Response, id=id), count(make, Fact, about_id=id)) == (1, 1)


def test_of_sixteen_changes_to_one_version_one_is_kept_and_all_others_are_shown_it(
    make: Make, phones: list[Somebody]
) -> None:
    id = make.reflection(phones[0])

    for version in range(1, TIMES + 1):
        answers = change_at_once(phones, id, version)
        kept = [answer for answer in answers if answer.status_code == 200]
        told = [answer for answer in answers if answer.status_code == 412]

        assert (len(kept), len(told)) == (1, MANY - 1)
        assert all(answer.json["current"] == kept[0].json for answer in told)
        assert kept[0].json["version"] == version + 1


def test_of_sixteen_people_with_the_same_id_one_has_it_and_the_others_find_nothing(
    make: Make,
) -> None:
    people = [make.somebody(f"Person{number}") for number in range(MANY)]

    for _ in range(3):
        id = ids.new_id()
        answers = together(partial(person.keep, id, text=person.name) for person in people)

        assert Counter(answer.status_code for answer in answers) == {201: 1, 404: MANY - 1}


def test_a_server_that_lets_old_versions_in_would_overwrite(
    make: Make, phones: list[Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: several are told that theirs is kept, and all but one are gone."""
    id = make.reflection(phones[0])
    monkeypatch.setattr(puts, "decide", lambda *_: puts.Verdict.CHANGE)

    answers = change_at_once(phones, id, 1)

    assert [answer.status_code for answer in answers] == [200] * MANY


def test_changing_and_deleting_at_once_ends_in_one_of_the_two_orders(
    make: Make, phones: list[Somebody]
) -> None:
    for _ in range(TIMES):
        id = make.reflection(phones[0])
        path = f"/api/reflections/{id}"
        changed, gone = together(
            [
                partial(phones[0].keep, id, at_version(1), text="Changed"),
                partial(phones[1].delete, path, at_version(1)),
            ]
        )

        assert (changed.status_code, gone.status_code) in [(200, 412), (410, 204)]


def seen_by_a_reader(phone: Somebody, until: int) -> list[UUID]:
    """Follow the changes feed until so many have come."""
    seen: list[UUID] = []
    since = ""
    while len(seen) < until:
        answer = phone.get(f"/api/reflections/changes?limit=3{since}").json
        seen += [UUID(item["id"]) for item in answer["items"]]
        since = f"&since={answer['next']}"
    return seen


def test_a_reader_of_changes_misses_none_while_many_write(
    make: Make, phones: list[Somebody]
) -> None:
    made = [[ids.new_id() for _ in range(6)] for _ in range(8)]

    def write(phone: Somebody, ids_of_phone: list[UUID]) -> list[UUID]:
        assert all(phone.keep(id, NEW, text="Words").status_code == 201 for id in ids_of_phone)
        return ids_of_phone

    read, *_ = together(
        [
            partial(seen_by_a_reader, phones[8], 48),
            *(partial(write, phones[n], made[n]) for n in range(8)),
        ]
    )

    assert sorted(read) == sorted(id for some in made for id in some)
    assert count(make, ChangeCount, author_id=phones[0].id, value=48) == 1


def test_a_later_change_waits_for_the_one_before_it(make: Make, phones: list[Somebody]) -> None:
    slow, fast = ids.new_id(), ids.new_id()

    with make.app.database.writing() as session:
        actions.keep(session, phones[0].id, slow, PRIVATE, puts.Precondition(None))
        other = Thread(target=phones[1].keep, args=[fast], kwargs={"text": "Fast"})
        other.start()
        other.join(0.3)
        before, since = follow(phones[2], "")
        session.commit()
    other.join()
    after, _ = follow(phones[2], since)

    assert before + after == [str(slow), str(fast)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_numbers_that_wait_for_nobody_would_make_a_reader_miss_one(
    make: Make, phones: list[Somebody], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a number taken first and committed last is skipped for ever."""
    numbers = itertools.count(1)
    monkeypatch.setattr(actions, "_next_change", lambda *_: next(numbers))
    slow, fast = ids.new_id(), ids.new_id()

    with make.app.database.writing() as session:
        actions.keep(session, phones[0].id, slow, PRIVATE, puts.Precondition(None))
        phones[1].keep(fast, text="Fast")
        before, since = follow(phones[2], "")
        session.commit()
    after, _ = follow(phones[2], since)

    assert before + after == [str(fast)]


def follow(phone: Somebody, since: str) -> tuple[list[str], str]:
    """Read on: the ids that came, and where to read on from."""
    answer = phone.get(f"/api/reflections/changes?since={since}" if since else CHANGES).json
    return [item["id"] for item in answer["items"]], answer["next"]


CHANGES = "/api/reflections/changes"
PRIVATE = SentReflection(text="Slow")
