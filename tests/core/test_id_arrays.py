"""Many ids as one parameter, on both databases."""

import pytest
from sqlalchemy import select, text

from backend.core import ids
from backend.core.id_arrays import in_ids, in_subquery
from backend.people.models import Person
from tests.make import Make

FOUND = select(Person.id).where(in_ids(Person.id, "ids"))


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


def test_those_that_another_question_finds_are_found(make: Make) -> None:
    people = [make.somebody(f"P{number}").id for number in range(3)]
    first = select(Person.id).order_by(Person.id).limit(2)
    with make.session() as session:
        found = session.scalars(select(Person.id).where(in_subquery(Person.id, first))).all()
    assert set(found) == set(sorted(people)[:2])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_other_question_is_asked_once_however_the_table_is_gone_through(make: Make) -> None:
    """Of an IN, PostgreSQL asks again for each row of the table, if it takes that to be small."""
    first = select(Person.id).order_by(Person.id).limit(2).with_for_update(skip_locked=True)
    plans = []
    with make.session() as session:
        for way in ("enable_indexscan", "enable_seqscan"):
            session.execute(text(f"SET LOCAL {way} TO off"))
            asked = select(Person.name).where(in_subquery(Person.id, first))
            sql = str(asked.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
            plans.append("\n".join(session.scalars(text(f"EXPLAIN {sql}"))))
            session.rollback()
    assert all("InitPlan" in plan and "Nested Loop" not in plan for plan in plans)
