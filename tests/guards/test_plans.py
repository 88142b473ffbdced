"""No statement walks through a whole table: what years bring slows nobody down.

Asked of SQLite, which says how it would go about each; it knows nothing of how much is there.
"""

import re
from collections.abc import Iterable

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.core.app import App
from backend.core.id_arrays import in_ids
from backend.people.models import Person
from tests.guards.routes import all_calls
from tests.guards.world import body_for, build_anew
from tests.make import Make, statements

# PostgreSQL plans by how much is there.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Tables that a statement may walk through, and why. A list of ids that was given is no table.
WALKED = {
    "json_each": "the ids that were given",
    "CONSTANT ROW": "no table at all",
    "(subquery": "what another step of the same statement has found",
    "anon_": "what another step of the same statement has found",
    "alembic_version": "one row",
    "export": "those of a day: a few for each who asked",
    "carrier": "a row for each push service; read whole for /metrics",
    "fact USING INDEX ix_fact_unheard": "an index of those that nobody has heard of yet",
    "check_in USING INDEX ix_check_in_open": "once a minute: an index of those that are open",
    "person USING COVERING INDEX": "once an hour: who is signed in nowhere",
    "membership USING INDEX ix_membership_person_id": "once a minute: who has no question planned",
}


def walks(session: Session, asked: Iterable[str]) -> dict[str, str]:
    """Which table is walked through by which statement."""
    found = {}
    for sql in asked:
        # an INSERT names scans for foreign keys that are only made where a key was missing
        if re.match(r"\s*(SELECT|WITH|UPDATE|DELETE)\b", sql):
            steps = plan(session, sql)
            found |= {step[len("SCAN ") :]: sql for step in steps if step.startswith("SCAN ")}
    return found


def plan(session: Session, sql: str) -> list[str]:
    """The steps in which a statement would be done."""
    cursor = session.connection().connection.cursor()
    cursor.execute(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))
    return [step for *_, step in cursor.fetchall()]


def test_no_request_and_no_job_walks_through_a_table(app: App, make: Make) -> None:
    with statements(app.database.engine) as asked:
        world = build_anew(make)  # what that asks is looked at, too
        # what writes comes last: some of it signs people out
        for call in sorted(all_calls(app), key=lambda call: call.is_write):
            body = body_for(str(call), world) if call.is_write else None
            for somebody in (world.author, world.facilitator, world.member):
                path = call.path(world.ids())
                somebody.phone.open(path, method=call.method, json=body).close()
    ours = {sql for sql in asked if "notice.cause =" not in sql}  # a test's own way to find one
    assert len(ours) > 100
    with make.session() as session:
        found = walks(session, ours)
    assert {table: sql for table, sql in found.items() if not table.startswith((*WALKED,))} == {}


def test_a_walk_would_be_seen(make: Make) -> None:
    by_id = select(Person.id).where(in_ids(Person.id, "ids"))
    with make.session() as session:
        with statements(make.app.database.engine) as asked:
            session.execute(by_id, {"ids": []})
            session.execute(text("SELECT id FROM person WHERE (id = 0) = 1"))
        assert [table for table in walks(session, asked) if table.startswith("person")]


@pytest.mark.parametrize(
    ("path", "index"),
    [("/api/notices", "ix_notice_inbox"), ("/api/notices/waiting", "ix_notice_unread")],
)
def test_the_newest_notices_are_read_in_their_order_and_no_others(
    make: Make, path: str, index: str
) -> None:
    """Neither all of them, to be sorted for a page, nor what was seen long ago for what was not."""
    with statements(make.app.database.engine) as asked:
        assert make.somebody().get(path).status_code == 200
    [newest] = [sql for sql in asked if "ORDER BY notice.happened_at" in sql]
    with make.session() as session:
        steps = plan(session, newest)
    assert f"SEARCH notice USING INDEX {index} (person_id=?)" in steps
    assert not [step for step in steps if "TEMP B-TREE" in step]
