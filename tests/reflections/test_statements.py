"""What a request asks of the database: counted, and the same however much there is."""

import pytest

from backend.core import ids
from tests.make import NEW, Make, Somebody, at_version, statements

# Who is asking (1) comes with each.
LIST = 5  # + the page, with whom it was shared, who belongs there; what its ETag is made of
SINGLE, RESPONSES = 4, 3
ACTIVITY = 7


@pytest.fixture
def reader(make: Make) -> Somebody:
    """Somebody whom a hundred reflections of many people reach."""
    people = [make.somebody(f"Person{number}") for number in range(6)]
    rowan = make.cohort(*people)
    for number in range(100):
        id = make.reflection(people[number % 5], cohort=rowan)
        if number % 10 == 0:
            make.response(people[5], id)
    return people[5]


def asked(make: Make, reader: Somebody, path: str) -> tuple[int, int]:
    """How many items, with how many statements."""
    reader.get(path)
    with statements(make.app.database.engine) as seen:
        items = reader.get(path).json["items"]
    return len(items), len(seen)


def test_lists_ask_the_same_for_1_20_and_100_items(make: Make, reader: Somebody) -> None:
    cohort = reader.get("/api/cohorts").json["items"][0]["id"]
    for limit in (1, 20, 100):
        assert asked(make, reader, f"/api/reflections?limit={limit}") == (limit, LIST)
        mine = asked(make, reader, f"/api/reflections?author=me&limit={limit}")
        assert mine == (0, LIST - 2)
        activity = asked(make, reader, f"/api/cohorts/{cohort}/activity?kind=shared&limit={limit}")
        assert activity[0] == limit
        assert activity[1] <= ACTIVITY
    assert asked(make, reader, f"/api/cohorts/{cohort}/activity?limit=100") == (100, ACTIVITY)
    assert asked(make, reader, f"/api/cohorts/{cohort}/people") == (
        6,
        4,
    )  # one for whose names look alike
    assert asked(make, reader, "/api/cohorts") == (1, 2)


def test_those_who_were_chosen_are_named_by_one_more(make: Make, reader: Somebody) -> None:
    dee = make.somebody("Dee")
    cohort = make.cohort(dee, reader)
    for _ in range(3):
        make.reflection(dee, cohort=cohort, people=[reader])
        for limit in (1, 20, 100):
            assert asked(make, reader, f"/api/reflections?limit={limit}") == (limit, LIST + 1)


def test_one_reflection_and_its_responses_ask_the_same_whoever_wrote_them(
    make: Make, reader: Somebody
) -> None:
    item = reader.get("/api/reflections?limit=100").json["items"][-1]["id"]
    with statements(make.app.database.engine) as single:
        reader.get(f"/api/reflections/{item}")
    with statements(make.app.database.engine) as responses:
        reader.get(f"/api/reflections/{item}/responses")

    assert (len(single), len(responses)) == (SINGLE, RESPONSES)


@pytest.mark.parametrize("people", [2, 6])
def test_keeping_asks_the_same_however_many_it_reaches(make: Make, people: int) -> None:
    amina, *others = [make.somebody(f"Person{number}") for number in range(people)]
    rowan = make.cohort(amina, *others)
    id = ids.new_id()
    private = {"text": "For me."}
    shared = {"text": "For all.", "cohort_id": str(rowan), "audience": "cohort"}
    counted = []

    for headers, body in (
        (NEW, private),
        (NEW, private),
        (at_version(1), shared),
        (at_version(2), private),
    ):
        with statements(make.app.database.engine) as seen:
            assert amina.keep(id, headers, **body).status_code < 300
        counted.append(len(seen))

    assert counted == KEEPS


# making, sending again, sharing (counted by the hour), taking back; the last one of each, if it did
# anything, is its marks
KEEPS = [5, 2, 13, 9]
