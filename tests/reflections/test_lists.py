"""Lists: pages without gap or double, filters, eyes, cursors."""

import base64
import json
import random
from datetime import timedelta
from itertools import chain
from typing import Any
from uuid import UUID

import pytest

from backend.core import clock, ids
from backend.core.db import keyring_of
from backend.reflections.models import Area, Noticing
from backend.reflections.queries import REFLECTION_COLUMNS, ReflectionRow
from backend.reflections.schemas import ReflectionIn, ReflectionOut
from tests.make import Make, Somebody, full_reflection


def pages(person: Somebody, query: str, limit: int) -> list[list[dict[str, Any]]]:
    """Every page of a list, to its end."""
    found, after = [], ""
    while True:
        page = person.get(f"/api/reflections?limit={limit}{query}{after}").json
        assert page["items"] not in found, "it has no end"
        found.append(page["items"])
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


def test_nobody_lists_without_signing_in(make: Make) -> None:
    assert make.stranger().get("/api/reflections").status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=1.5",
        "limit=x",
        "author=nobody",
        "author=",
        "cohort_id=1",
        "area=world",
        "noticing=joy",
        "audience=all",
        "seen_by=me",
        "before=1",
        "offset=3",
    ],
)
def test_a_query_that_cannot_be_meant_is_refused(make: Make, query: str) -> None:
    assert make.somebody().get(f"/api/reflections?{query}").status_code == 422


def test_what_comes_ready_to_travel_is_what_its_schema_makes(make: Make) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(amina, bo)
    make.reflection(amina)
    bo.keep(ids.new_id(), **full_reflection(rowan, prompt=rowan))

    for item in amina.get("/api/reflections").json["items"]:
        assert ReflectionOut().dump(ReflectionOut().load(item)) == item


def test_a_row_takes_the_columns_that_are_asked_for_in_their_order() -> None:
    columns = [column.key for column in REFLECTION_COLUMNS]
    assert list(ReflectionRow._fields[: len(columns)]) == columns
    assert {"etag_part", "change_seq", "deleted_at"} == {*ReflectionRow._fields[len(columns) :]}


def test_each_thing_that_can_be_said_comes_back_as_it_was_sent(make: Make) -> None:
    amina = make.somebody("Amina")
    rowan = make.cohort(amina)
    sent = full_reflection(rowan, make.question(amina))
    assert {*sent, "shared_with"} == {*ReflectionIn().fields}
    id = ids.new_id()
    assert amina.keep(id, **sent).status_code == 201

    back = amina.get(f"/api/reflections/{id}").json
    assert {name: back[name] for name in sent} == sent


def test_only_ones_own_can_be_seen_through_anothers_eyes(make: Make) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")

    for author in ("", f"&author={bo.id}"):
        answer = amina.get(f"/api/reflections?seen_by={bo.id}{author}")
        assert (answer.status_code, list(answer.json["errors"]["json"])) == (422, ["seen_by"])


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "AAAA",
        "*",
        "%00",
        "a" * 199,
        # from before places were covered: ["2026-01-01T00:00:00+00:00", "0000…"]
        "WyIyMDI2LTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwgIjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwIl0",
    ],
)
def test_a_place_that_is_none_is_refused(make: Make, cursor: str) -> None:
    answer = make.somebody().get(f"/api/reflections?after={cursor}")

    assert (answer.status_code, answer.json["reason"]) == (400, "bad_cursor")


@pytest.mark.parametrize(
    "values", [[], [1], ["2026-01-01T00:00:00+00:00"], ["yesterday", "0" * 32], {}, None, 7]
)
def test_a_place_that_another_version_wrote_is_refused(make: Make, values: object) -> None:
    amina = make.somebody()
    answer = amina.get(f"/api/reflections?after={place(make, amina, values)}")

    assert (answer.status_code, answer.json["reason"]) == (400, "bad_cursor")


def test_a_place_reads_for_whom_and_where_it_was_given(make: Make) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    for person in (amina, bo):
        for _ in range(3):
            make.reflection(person)
    theirs = bo.get("/api/reflections?limit=1").json["next"]

    assert bo.get(f"/api/reflections?after={theirs}").status_code == 200
    assert amina.get(f"/api/reflections?after={theirs}").status_code == 400
    assert bo.get(f"/api/notices?after={theirs}").status_code == 400
    altered = ("A" if theirs[0] != "A" else "B") + theirs[1:]
    assert bo.get(f"/api/reflections?after={altered}").status_code == 400


def place(make: Make, person: Somebody, values: object) -> str:
    """A place in the list of reflections, as the server covers it for somebody."""
    keyring = keyring_of(make.app.database.engine.dialect)
    told = json.dumps(values).encode()
    covered = keyring.encrypt_deterministic(told, f"cursor reflections.reflections {person.id}")
    return base64.urlsafe_b64encode(covered).decode().rstrip("=")


def test_250_mixed_reflections_come_page_by_page_without_gap_or_double_while_more_are_kept(
    make: Make,
) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(amina, bo)
    now, chance = clock.now(), random.Random(7)
    made = []
    for number in range(250):
        # many at the same moment: the id has to decide
        at = now - timedelta(minutes=chance.randrange(40))
        author, cohort = (amina, None) if number % 3 == 0 else (chance.choice([amina, bo]), rowan)
        made.append(str(make.reflection(author, cohort=cohort, written_at=at)))
    hidden = make.reflection(bo, "Bo's own")

    seen, after = [], ""
    while after is not None:
        page = amina.get(f"/api/reflections?limit=17{after and f'&after={after}'}").json
        seen += page["items"]
        after = page["next"]
        make.reflection(bo, "In between", cohort=rowan)

    ids = [item["id"] for item in seen]
    assert sorted(ids) == sorted(made)
    assert str(hidden) not in ids
    assert [(item["written_at"], item["id"]) for item in seen] == sorted(
        ((item["written_at"], item["id"]) for item in seen), reverse=True
    )


def test_a_place_by_the_moment_alone_would_lose_what_shares_its_moment(make: Make) -> None:
    """The control: the same list, read on from the moment without the id."""
    amina = make.somebody("Amina")
    at = clock.now() - timedelta(hours=1)
    for _ in range(4):
        make.reflection(amina, written_at=at)

    first = amina.get("/api/reflections?limit=2").json["items"]
    by_moment = place(make, amina, [first[-1]["written_at"], str(UUID(int=0))])

    assert amina.get(f"/api/reflections?after={by_moment}").json["items"] == []
    assert [len(page) for page in pages(amina, "", 2)] == [2, 2]


def test_filters_give_exactly_those_that_fit(make: Make) -> None:
    amina, bo, callum = (make.somebody(name) for name in ("Amina", "Bo", "Callum"))
    rowan, hazel = make.cohort(amina, bo, callum), make.cohort(bo, amina)
    chance = random.Random(11)
    for _ in range(60):
        author, cohort = chance.choice([amina, bo]), chance.choice([None, rowan, hazel])
        people = [bo if author is amina else amina] if cohort and chance.random() < 0.4 else []
        make.reflection(
            author,
            cohort=cohort,
            people=people,
            areas=sorted(chance.sample(list(Area), chance.randrange(4)), key=list(Area).index),
            noticing=chance.choice([None, *Noticing]),
        )
    everything = amina.get("/api/reflections?limit=100").json["items"]
    filters: dict[str, tuple[str, Any]] = {
        f"author={bo.id}": ("author", {"id": str(bo.id), "name": "Bo"}),
        "author=me": ("mine", True),
        f"cohort_id={rowan}": ("cohort_id", str(rowan)),
        "noticing=held_back": ("noticing", "held_back"),
        "audience=people": ("audience", "people"),
    }

    for query, (field, value) in filters.items():
        fitting = [item for item in everything if item[field] == value]
        assert fitting
        assert amina.get(f"/api/reflections?limit=100&{query}").json["items"] == fitting
        for area in Area:
            both = [item for item in fitting if area in item["areas"]]
            answer = amina.get(f"/api/reflections?limit=100&{query}&area={area}")
            assert answer.json["items"] == both
            paged = pages(amina, f"&{query}&area={area}", 3)
            assert list(chain.from_iterable(paged)) == both


def test_through_anothers_eyes_one_sees_what_their_own_list_shows_of_oneself(make: Make) -> None:
    amina, bo, callum = (make.somebody(name) for name in ("Amina", "Bo", "Callum"))
    rowan = make.cohort(amina, bo, callum)
    make.reflection(amina, "For me")
    make.reflection(amina, "For Bo", cohort=rowan, people=[bo])
    make.reflection(amina, "For all", cohort=rowan)
    make.reflection(bo, "By Bo", cohort=rowan)

    for person, expected in ((bo, ["For all", "For Bo"]), (callum, ["For all"])):
        through = amina.texts(f"/api/reflections?author=me&seen_by={person.id}")
        assert through == person.texts(f"/api/reflections?author={amina.id}") == expected
    assert len(amina.texts(f"/api/reflections?author=me&seen_by={amina.id}")) == 3
    assert amina.texts(f"/api/reflections?author=me&seen_by={rowan}") == []
