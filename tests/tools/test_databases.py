"""The databases that tests are given: handed on, each finds one as it was migrated."""

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from tests import databases


@pytest.fixture
def emptied(postgresql_fresh: databases.Fresh) -> Iterator[databases.Emptied]:
    made = databases.Emptied(postgresql_fresh)
    yield made
    made.end()


def everything(url: str) -> dict[str, list[tuple]]:
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            name: connection.execute(f'SELECT * FROM public."{name}"').fetchall()
            for (name,) in names.fetchall()
        }


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for one in statements:
            connection.execute(one)


def test_what_was_written_taken_out_and_counted_is_as_at_first(emptied: databases.Emptied) -> None:
    url = emptied.take()
    before = everything(url)
    assert before["key_mark"]
    run(url, "DELETE FROM key_mark", "INSERT INTO key_mark VALUES (7, 'another')")
    assert everything(url) != before
    emptied.give_back(url)
    assert emptied.take() == url
    assert everything(url) == before


@pytest.mark.parametrize(
    "change",
    ["DROP INDEX ix_contract_review_on", "CREATE TABLE more ()", "ALTER TABLE person ADD x int"],
)
def test_of_whose_tables_were_changed_nobody_is_given(
    emptied: databases.Emptied, change: str
) -> None:
    url = emptied.take()
    run(url, change)
    emptied.give_back(url)
    assert emptied.take() != url


def test_what_somebody_still_writes_in_is_not_handed_on(emptied: databases.Emptied) -> None:
    url = emptied.take()
    with closing(psycopg.connect(url)) as connection:
        connection.execute("DELETE FROM person")
        emptied.give_back(url)
        assert emptied.take() != url
