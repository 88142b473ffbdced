"""What a filter of one's own timeline costs: as much where nothing is found as where much is."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from backend.core import clock
from backend.reflections import pages
from backend.reflections.models import Area, Audience, Noticing
from backend.reflections.rules import ReflectionFilter
from tests.make import Make, Somebody

UNMATCHED: list[dict[str, Any]] = [
    {"noticing": Noticing.STUCK},
    {"area": Area.SYSTEM},
    {"audience": Audience.COHORT},
    {"cohort_id": UUID(int=1)},
    {"noticing": Noticing.STUCK, "area": Area.SYSTEM},
]
MANY = 200
PLACE = (clock.now(), UUID(int=2))


@pytest.fixture
def author(make: Make) -> Somebody:
    """Somebody with many reflections, none of which any of UNMATCHED matches."""
    author = make.somebody()
    for _ in range(MANY):
        make.reflection(author, noticing=Noticing.WORKING, areas=[Area.SELF])
    return author


def plan(engine: Engine, me: UUID, wanted: ReflectionFilter, after: pages.Place | None) -> set[str]:
    """How the database reads reflections for such a page, step by step."""
    shape, values = pages._asked(me, wanted, after, 20)
    asked = pages._chosen(pages.REFLECTION_COLUMNS, *shape).params(values)
    sql = str(asked.compile(engine, compile_kwargs={"literal_binds": True})).replace("%%", "%")
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        if engine.dialect.name == "sqlite":
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
            return {step for *_, step in steps if " reflection " in step}
        return set(_of_postgresql(connection, sql))


def _of_postgresql(connection: Connection, sql: str) -> list[str]:
    connection.execute(text("VACUUM ANALYZE reflection"))
    # for so few rows it would rather read all of them
    for way in ("seqscan", "bitmapscan", "indexscan", "sort", "hashjoin", "mergejoin"):
        connection.execute(text(f"SET enable_{way} = off"))
    found = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}").scalar_one()
    return [
        f"{step['Node Type']} using {step.get('Index Name')}"
        for step in _steps(found[0]["Plan"])
        if step.get("Relation Name") == "reflection" and step["Actual Loops"]
    ]


def _steps(step: dict[str, Any]) -> list[dict[str, Any]]:
    return [step, *(inner for one in step.get("Plans", []) for inner in _steps(one))]


@pytest.mark.parametrize("after", [None, PLACE])
@pytest.mark.parametrize("wanted", UNMATCHED)
def test_what_is_not_wanted_is_passed_over_without_reading_its_row(
    make: Make, author: Somebody, wanted: dict[str, Any], after: pages.Place | None
) -> None:
    """The index that is walked along holds all that is filtered by."""
    engine = make.app.database.engine
    steps = plan(engine, author.id, ReflectionFilter(author=author.id, **wanted), after)
    if engine.dialect.name == "sqlite":
        place = " AND (written_at,id)<(?,?)" if after else ""
        walk = f"COVERING INDEX ix_reflection_timeline (author_id=?{place})"
        by_id = "INDEX sqlite_autoindex_reflection_1 (id=?)"
        assert steps == {f"SEARCH reflection USING {one}" for one in (walk, by_id)}
    else:
        assert steps == {"Index Only Scan using ix_reflection_timeline"}
