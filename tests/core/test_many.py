"""Many ids as one parameter, on both databases."""

import pytest
from sqlalchemy import select

from backend.core import ids
from backend.core.many import among
from backend.people.models import Person
from tests.make import Make

FOUND = select(Person.id).where(among(Person.id, "ids"))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_those_that_are_given_are_found(make: Make, count: int) -> None:
    given = [make.somebody(f"P{number}").id for number in range(3)][:count]
    with make.session() as session:
        found = session.scalars(FOUND, {"ids": [*given, ids.new_id()]}).all()
    assert set(found) == set(given)


def test_none_at_all_finds_none(make: Make) -> None:
    make.somebody()
    with make.session() as session:
        assert session.scalars(FOUND, {"ids": []}).all() == []
