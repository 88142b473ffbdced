"""The changes feed: one's own, in order, deletions included, for any number of phones."""

from typing import Any

import pytest

from backend.core import ids
from tests.make import Make, Somebody, at_version

CHANGES = "/api/reflections/changes"


def read(person: Somebody, since: str | None = None, limit: int = 100) -> dict[str, Any]:
    query = f"?limit={limit}" + (f"&since={since}" if since else "")
    page: dict[str, Any] = person.get(CHANGES + query).json
    return page


def names(page: dict[str, Any]) -> list[str | None]:
    return [item["reflection"] and item["reflection"]["text"] for item in page["items"]]


def test_nobody_reads_changes_without_signing_in(make: Make) -> None:
    assert make.stranger().get(CHANGES).status_code == 401


@pytest.mark.parametrize("cursor", ["x", "AAAA", "a" * 199, "WzEyXQ", "WzEsIDJd"])
def test_a_place_that_is_none_begins_anew(make: Make, cursor: str) -> None:
    """WzEyXQ is [12]: a phone may hold one from before places were covered."""
    amina = make.somebody()
    make.reflection(amina, "One")

    assert read(amina, cursor) == read(amina)
    assert names(read(amina)) == ["One"]


def test_a_place_tells_nothing_and_is_ones_own(make: Make) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    for _ in range(3):
        make.reflection(amina)
        make.reflection(bo)
    mine, theirs = read(amina)["next"], read(bo)["next"]

    assert mine != theirs
    assert read(bo, mine) == read(bo)  # as if there were none
    assert read(amina, mine)["items"] == []


def test_changes_come_in_the_order_in_which_they_were_made(make: Make) -> None:
    amina = make.somebody("Amina")
    first, second, third = (make.reflection(amina, text) for text in ("One", "Two", "Three"))

    amina.keep(first, at_version(1), text="One again")

    assert names(read(amina)) == ["Two", "Three", "One again"]
    assert [item["id"] for item in read(amina)["items"]] == [str(second), str(third), str(first)]


def test_a_deleted_reflection_is_told_without_a_word_of_it(make: Make) -> None:
    amina = make.somebody("Amina")
    id = make.reflection(amina, "Gone soon")
    since = read(amina)["next"]

    amina.delete(f"/api/reflections/{id}")

    tombstone = {"id": str(id), "version": 2, "deleted": True, "reflection": None}
    assert read(amina, since)["items"] == [tombstone]
    assert "Gone soon" not in str(read(amina))


def test_two_phones_read_on_from_where_each_was(make: Make) -> None:
    amina = make.somebody("Amina")
    make.reflection(amina, "One")
    phone, tablet = read(amina), read(amina)["next"]
    other = make.phone_of(amina.id)
    other.put(
        f"/api/reflections/{ids.new_id()}", json={"text": "Two"}, headers={"If-None-Match": "*"}
    )

    assert names(read(amina, phone["next"])) == ["Two"]
    assert names(read(amina, tablet)) == ["Two"]
    last = read(amina, read(amina, tablet)["next"])
    assert last["items"] == []
    assert read(amina, last["next"]) == last


def test_pages_of_changes_hold_each_once(make: Make) -> None:
    amina = make.somebody("Amina")
    made = [str(make.reflection(amina)) for _ in range(11)]

    seen, since = [], None
    while True:
        page = read(amina, since, limit=3)
        if not page["items"]:
            break
        seen += [item["id"] for item in page["items"]]
        since = page["next"]

    assert seen == made


def test_other_peoples_reflections_are_never_in_it(make: Make) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(amina, bo)
    make.reflection(bo, "By Bo", cohort=rowan)
    gone = make.reflection(bo, "Gone", cohort=rowan)
    bo.delete(f"/api/reflections/{gone}")

    assert bo.texts() == amina.texts() == ["By Bo"]
    assert read(amina)["items"] == []


def test_a_replay_is_no_change(make: Make) -> None:
    amina = make.somebody("Amina")
    id = make.reflection(amina, "Once")
    since = read(amina)["next"]

    amina.keep(id, text="Twice")
    amina.keep(id, at_version(1), text="Once")

    assert read(amina, since)["items"] == []
