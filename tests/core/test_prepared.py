"""A prepared statement answers what SQLAlchemy would, on both databases."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.exc import DBAPIError

from backend.core import ids
from backend.core.id_arrays import in_ids
from backend.core.prepared import Prepared
from backend.reflections.models import Area, Audience, Noticing, Reflection
from tests.make import Make

COLUMNS = (
    Reflection.id,
    Reflection.author_id,
    Reflection.cohort_id,
    Reflection.text,
    Reflection.areas,
    Reflection.noticing,
    Reflection.audience,
    Reflection.written_at,
    Reflection.deleted_at,
    Reflection.version,
)
ALL = select(*COLUMNS).order_by(Reflection.id)
SOME = ALL.where(in_ids(Reflection.id, "ids"))
TOLD = ALL.where(
    Reflection.audience == bindparam("audience"),
    Reflection.noticing.in_([Noticing.STUCK, Noticing.WORKING]),  # held by the statement itself
    Reflection.version >= bindparam("version"),
)


def as_row(*columns: Any) -> tuple[Any, ...]:
    return columns


def kept(make: Make, how_many: int) -> list[UUID]:
    """Private reflections and shared ones, in turns, each with a noticing."""
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(amina, bo)
    return [
        make.reflection(
            amina,
            f"I held back {number} ✎.",
            cohort=rowan if number % 2 else None,
            noticing=Noticing.STUCK,
            areas=[Area.TEAM, Area.SYSTEM],
        )
        for number in range(how_many)
    ]


@pytest.mark.parametrize("how_many", [1, 2, 3, 5, 8])
def test_it_answers_as_sqlalchemy_does(make: Make, how_many: int) -> None:
    some = kept(make, 8)[:how_many]
    asked: list[tuple[Any, dict[str, Any]]] = [
        (ALL, {}),
        (SOME, {"ids": some}),
        (TOLD, {"audience": Audience.COHORT, "version": 1}),
    ]
    with make.app.database.reading() as session:
        for statement, values in asked:
            rows = Prepared(statement, as_row).rows(session, **values)

            assert rows
            assert rows == [tuple(row) for row in session.execute(statement, values)]


def test_of_nothing_it_answers_nothing(make: Make) -> None:
    with make.app.database.reading() as session:
        assert Prepared(ALL, as_row).rows(session) == []


def test_it_reads_in_the_transaction_of_its_session(make: Make) -> None:
    id = kept(make, 1)[0]
    with make.app.database.writing() as session:
        session.get_one(Reflection, id).version = 7
        session.flush()

        assert Prepared(ALL, as_row).rows(session)[0][-1] == 7


def test_a_driver_that_refuses_is_told_as_sqlalchemy_tells_it_without_values(make: Make) -> None:
    wrong = select(literal_column("nothing").label("found")).where(
        Reflection.cohort_id == bindparam("cohort")
    )
    secret = ids.new_id()
    with make.app.database.reading() as session, pytest.raises(DBAPIError) as refused:
        Prepared(wrong, as_row).rows(session, cohort=secret)

    assert "nothing" in str(refused.value)
    assert secret.hex not in str(refused.value).replace("-", "")


def test_it_sees_what_its_session_has_not_written_yet(make: Make) -> None:
    (one,) = kept(make, 1)
    with make.session() as session:
        session.get_one(Reflection, one).text = "I spoke up."

        assert Prepared(select(Reflection.text), str).rows(session) == ["I spoke up."]
