"""PUT with ids made on the phone: the eight rows, for reflections, responses and questions."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from backend.core import ids
from backend.core.ledger import Fact
from backend.core.puts import Precondition, Stored, Verdict, decide
from tests.laid_out import laid_out
from tests.make import ANY, NEW, Make, Somebody, at_version

V = Verdict
NO_HEADERS: dict[str, str] = {}


@dataclass
class Item:
    """One kind of thing a phone may put: mine, somebody else's, and how it is put."""

    path: str
    mine: Somebody
    other: Somebody
    body: dict[str, Any]
    make: Make

    def put(
        self, id: UUID, headers: dict[str, str], by: Somebody | None = None, **more: Any
    ) -> TestResponse:
        phone = (by or self.mine).phone
        return phone.put(f"{self.path}/{id}", json=self.body | more, headers=headers)

    def kept(self, by: Somebody | None = None) -> UUID:
        id = ids.new_id()
        assert self.put(id, NEW, by).status_code == 201
        return id

    def facts(self) -> int:
        with self.make.session() as session:
            return session.query(Fact).count()


@pytest.fixture(params=["reflections", "responses", "prompts"])
def item(request: pytest.FixtureRequest, make: Make) -> Item:
    amina, bo, callum, rowan = laid_out(make, three)
    if request.param == "responses":
        about = make.reflection(callum, cohort=rowan)
        body = {"reflection_id": str(about), "kind": "curious", "text": "How so?"}
        return Item("/api/responses", amina, bo, body, make)
    if request.param == "prompts":
        body = {"text": "Who was not there?", "cohort_id": str(rowan)}
        return Item("/api/prompts", amina, bo, body, make)
    body = {"text": "I held back.", "cohort_id": str(rowan), "audience": "cohort"}
    return Item("/api/reflections", amina, bo, body, make)


def three(make: Make) -> tuple[Somebody, Somebody, Somebody, UUID]:
    amina, bo, callum = (make.somebody(name) for name in ("Amina", "Bo", "Callum"))
    return amina, bo, callum, make.cohort(amina, bo, callum)


def test_nobody_puts_without_signing_in(item: Item, make: Make) -> None:
    answer = make.stranger().put(f"{item.path}/{ids.new_id()}", json=item.body, headers=NEW)

    assert (answer.status_code, answer.json["reason"]) == (401, "not_signed_in")


def test_row_1_an_absent_item_is_made(item: Item) -> None:
    answer = item.put(ids.new_id(), NEW)

    assert (answer.status_code, answer.headers["ETag"], answer.json["version"]) == (201, '"1"', 1)


def test_row_2_making_it_again_changes_nothing_whatever_is_sent(item: Item) -> None:
    id = item.kept()
    facts = item.facts()

    again = item.put(id, NEW, text="Other words")

    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')
    assert again.json["text"] == item.body["text"]
    assert item.facts() == facts


def test_row_3_the_current_version_is_changed(item: Item) -> None:
    answer = item.put(item.kept(), at_version(1), text="Other words")

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json["text"] == "Other words"


@pytest.mark.parametrize("version", [1, 7])
def test_row_4_what_is_stored_already_is_a_replay_at_any_version(item: Item, version: int) -> None:
    id = item.kept()
    facts = item.facts()

    answer = item.put(id, at_version(version))

    assert (answer.status_code, answer.headers["ETag"], item.facts()) == (200, '"1"', facts)


def test_row_5_an_old_version_gets_the_current_copy_and_changes_nothing(item: Item) -> None:
    id = item.kept()
    current = item.put(id, at_version(1), text="From the other phone").json

    stale = item.put(id, at_version(1), text="From this phone")

    assert (stale.status_code, stale.json["reason"]) == (412, "changed_elsewhere")
    assert stale.json["current"] == current
    assert item.put(id, NEW).json == current


@pytest.mark.parametrize("headers", [NEW, at_version(1), at_version(2), at_version(3)])
def test_row_6_a_deleted_item_keeps_its_id(item: Item, headers: dict[str, str]) -> None:
    id = item.kept()
    item.mine.delete(f"{item.path}/{id}")

    answer = item.put(id, headers)

    assert (answer.status_code, answer.json["reason"]) == (410, "deleted")


@pytest.mark.parametrize("headers", [NEW, at_version(1)])
def test_row_7_somebody_elses_and_absent_ones_are_not_found(
    item: Item, headers: dict[str, str]
) -> None:
    theirs, gone = item.kept(item.other), item.kept(item.other)
    item.other.delete(f"{item.path}/{gone}")

    answers = [item.put(id, headers) for id in (theirs, gone)]
    absent = item.put(ids.new_id(), at_version(1))

    assert {answer.status_code for answer in [*answers, absent]} == {404}
    assert {answer.data for answer in answers} == {absent.data}


def test_row_8_without_a_precondition_nothing_is_put(item: Item) -> None:
    for id in (ids.new_id(), item.kept(), item.kept(item.other)):
        answer = item.put(id, NO_HEADERS)

        assert (answer.status_code, answer.json["reason"]) == (428, "precondition_required")


def test_both_preconditions_at_once_are_refused(item: Item) -> None:
    assert item.put(item.kept(), NEW | at_version(1)).status_code == 428


@pytest.mark.parametrize("tag", ["1", '"x"', 'W/"1"', '"1", "2"', "*", '""', '"-1"', '"²"', ""])
def test_a_version_that_is_none_is_refused(item: Item, tag: str) -> None:
    id = item.kept()

    answer = item.put(id, {"If-Match": tag}, text="Other words")

    assert (answer.status_code, answer.json["reason"]) == (400, "bad_precondition")


def test_deleting_needs_to_know_a_version(item: Item) -> None:
    path = f"{item.path}/{item.kept()}"

    assert item.mine.delete(path, NO_HEADERS).status_code == 428
    assert item.mine.delete(path, NEW).status_code == 428
    assert item.mine.delete(path, {"If-Match": "one"}).status_code == 400


def test_deleting_an_old_version_gets_the_current_copy(item: Item) -> None:
    id = item.kept()
    current = item.put(id, at_version(1), text="From the other phone").json

    stale = item.mine.delete(f"{item.path}/{id}", at_version(1))

    assert (stale.status_code, stale.json["current"]) == (412, current)
    assert item.mine.delete(f"{item.path}/{id}", at_version(2)).status_code == 204


def test_deleting_twice_is_deleting_once(item: Item) -> None:
    path = f"{item.path}/{item.kept()}"

    assert [item.mine.delete(path, at_version(1)).status_code for _ in range(3)] == [204] * 3
    assert item.mine.delete(path, ANY).status_code == 204


def test_deleting_what_is_not_mine_is_not_found(item: Item) -> None:
    theirs = item.mine.delete(f"{item.path}/{item.kept(item.other)}")
    absent = item.mine.delete(f"{item.path}/{ids.new_id()}")

    assert (theirs.status_code, theirs.data) == (404, absent.data)


CASES = itertools.product([True, False], [True, False], [2], [True, False])
STATES = [None, *(Stored(*case) for case in CASES)]


@pytest.mark.parametrize("stored", STATES)
@pytest.mark.parametrize("version", [None, 1, 2])
def test_the_table_decides_every_case(stored: Stored | None, version: int | None) -> None:
    rows: list[tuple[Callable[[], bool], Verdict]] = [
        (lambda: stored is None and version is None, V.CREATE),
        (lambda: stored is None or not stored.is_mine, V.UNSEEN),
        (lambda: stored.is_deleted, V.GONE),
        (lambda: version is None or stored.is_same, V.REPLAY),
        (lambda: version == stored.version, V.CHANGE),
        (lambda: True, V.STALE),
    ]
    expected = next(verdict for holds, verdict in rows if holds())

    assert decide(stored, Precondition(version)) is expected
