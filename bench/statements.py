"""How many statements a request sends to the database: it must not grow with what is shown."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask.testing import FlaskClient

from backend import create_app
from backend.core import ids, migrating
from backend.core.app import App
from backend.demo.actions import make_sample
from backend.settings import OF_THE_SAMPLE, from_environment
from bench.figures import Figure
from tests.make import statements

TITLE = "Statements to the database per request"
NOTES = """Counted in the process, the look at the session included, BEGIN and COMMIT not; as a
participant of the sample cohort."""
HERE = "http://127.0.0.1"


def measure() -> tuple[list[Figure], str]:
    """Counts for a few and for many items, side by side."""
    with sample_app() as app:
        client = app.test_client()
        client.post("/api/sign-in/demo", json={"key": "amina"}, base_url=HERE)
        count = _counter(app)
        get = lambda path: lambda: client.get(path, base_url=HERE)  # noqa: E731
        cohort = client.get("/api/cohorts", base_url=HERE).get_json()["items"][0]["id"]
        activity = f"/api/cohorts/{cohort}/activity"
        figures = [
            _same("list of 1, 20, 100", count, [get(f"/api/reflections?limit={n}") for n in SIZES]),
            _same("activity of 1, 20, 100", count, [get(f"{activity}?limit={n}") for n in SIZES]),
            _same("keep, private", count, [_keep(client, {})]),
            _same("keep, for the cohort", count, [_keep(client, SHARED | {"cohort_id": cohort})]),
        ]
    return figures, NOTES


SIZES = (1, 20, 100)
SHARED = {"audience": "cohort"}


def _same(what: str, count: Callable[..., int], requests: list[Callable[[], object]]) -> Figure:
    counts = [count(request) for request in requests]
    aim = "the same for all" if len(counts) > 1 else ""
    holds = len(set(counts)) == 1 if len(counts) > 1 else None
    return Figure(what, ", ".join(map(str, counts)), aim, holds)


def _keep(client: FlaskClient, values: dict[str, str]) -> Callable[[], object]:
    return lambda: client.put(
        f"/api/reflections/{ids.new_id()}",
        json={"text": "Words.", **values},
        headers={"If-None-Match": "*"},
        base_url=HERE,
    )


def _counter(app: App) -> Callable[[Callable[[], object]], int]:
    def count(request: Callable[[], object]) -> int:
        with statements(app.database.engine) as seen:
            answer = request()
        assert answer.status_code in (200, 201), answer.data  # type: ignore[attr-defined]
        return len(seen)

    return count


@contextmanager
def sample_app() -> Iterator[App]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder).joinpath(*OF_THE_SAMPLE)
        app = create_app(from_environment({"ALONGSIDE_DATA": str(data), "ALONGSIDE_DEMO": "1"}))
        logging.getLogger("alongside").setLevel(logging.WARNING)  # the figures, not the requests
        try:
            migrating.upgrade(app.database.engine)
            with app.database.writing() as session:
                make_sample(session)
                session.commit()
            yield app
        finally:
            app.database.engine.dispose()
