"""Reading leaves every row of every table as it was, whatever its method is called."""

from datetime import timedelta

import pytest

from backend.core import clock
from backend.core.app import App
from backend.core.request import is_read_only, public, read_only, session
from backend.people.models import Person
from tests.guards.routes import all_calls
from tests.guards.world import World, body_for, build, dump
from tests.make import Make


@pytest.fixture
def app(own_app: App) -> App:
    """With a route more, in some of these."""
    return own_app


def test_no_get_changes_a_row(app: App, make: Make) -> None:
    world = build(make)
    make.stranger().post("/api/sign-in/codes", json={"email": "amina@cohort.example"})
    before = dump(make)
    assert all(before[table] for table in ("person", "fact", "share", "response", "outbox"))
    with clock.standing_at(clock.now() + timedelta(days=1, hours=1)):
        seen = walk(app, world)
    assert seen >= {200, 404}
    assert dump(make) == before


def walk(app: App, world: World) -> set[int]:
    """Every GET, HEAD and OPTIONS and each POST that reads, as everybody; their statuses."""
    statuses = set()
    everybody = (world.facilitator, world.author, world.member, world.outsider)
    for call in all_calls(app):
        if call.is_write and not is_read_only(app.view_functions[call.endpoint]):
            continue
        for phone in [app.test_client(), *(somebody.phone for somebody in everybody)]:
            for method in (call.method,) if call.is_write else ("GET", "HEAD", "OPTIONS"):
                body = body_for(str(call), world) if call.is_write else None
                with phone.open(call.path(world.ids()), method=method, json=body) as answer:
                    statuses.add(answer.status_code)
    return statuses


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_writes_while_reading_changes_nothing(app: App, make: Make, method: str) -> None:
    """The edge keeps the promise even where a view forgets it: SQLite rolls it back; PostgreSQL,
    where there is no transaction to roll back, is not even asked.
    """

    @app.route("/api/forgetful/<uuid:id>", methods=[method])
    @public
    @read_only
    def forgetful(id: object) -> dict[str, str]:
        found = session().get_one(Person, id)
        found.matters = "Written by a GET."
        session().flush()
        return {"matters": found.matters}

    amina = make.somebody()
    before = dump(make)
    answer = amina.phone.open(f"/api/forgetful/{amina.id}", method=method)
    assert answer.status_code == (200 if app.database.is_sqlite else 500)
    assert dump(make) == before


def test_a_changed_row_would_be_seen(make: Make) -> None:
    amina = make.somebody()
    before = dump(make)
    amina.phone.patch("/api/me", json={"matters": "Being heard."})
    assert dump(make) != before
