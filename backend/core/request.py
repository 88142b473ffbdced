"""A request: blueprints, who may ask what and how, who is asking, its transaction."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import flask_smorest
from flask import g
from marshmallow import Schema
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from backend.core.cipher import Keyring
from backend.core.db import keyring_of
from backend.core.json_body import StrictParser
from backend.core.marks import Topic

View = Callable[..., object]
TurningPoints = Callable[[Session, UUID], Iterable[datetime]]
V = TypeVar("V", bound=View)


class Blueprint(flask_smorest.Blueprint):
    """A feature's routes, with our parser of bodies and queries."""

    ARGUMENTS_PARSER = StrictParser()

    def arguments(self, schema: type[Schema], *, location: str = "json") -> Callable[[View], View]:
        """As flask-smorest's, with the schema made once: webargs makes a class anew each time.

        The view keeps the schema of its body, so that the edge can read it before the transaction.
        """
        made = schema()
        decorate = super().arguments(made, location=location)

        def remember(view: View) -> View:
            decorated: View = decorate(view)
            if location == "json":
                decorated.body = made  # type: ignore[attr-defined]
            return decorated

        return remember


def read_arguments(view: View) -> None:
    """Read and check the body that `view` takes, now; the view is then given what was read."""
    schema: Schema | None = getattr(view, "body", None)
    if schema is not None:
        Blueprint.ARGUMENTS_PARSER.read_ahead(schema)


def public(view: V) -> V:
    """Declare a view that needs no sign-in; every other one does."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def is_public(view: View) -> bool:
    """Whether a view is declared `public`."""
    return getattr(view, "is_public", False)


def read_only(view: V) -> V:
    """Declare a POST that only reads, because its question is too long for a URL.

    It takes no write lock, and its transaction is rolled back like a GET's.
    """
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def is_read_only(view: View | None) -> bool:
    """Whether a view is declared `read_only`."""
    return getattr(view, "only_reads", False)


def takes_file(largest: int) -> Callable[[V], V]:
    """Declare a write whose body is a file of at most `largest` bytes, read once the guard has let
    its sender in. The view has no transaction: it opens as many as it needs, so that what takes
    long holds up nobody.
    """

    def declare(view: V) -> V:
        view.largest_file = largest  # type: ignore[attr-defined]
        return view

    return declare


def largest_file(view: View | None) -> int | None:
    """What `takes_file` said of a view; None where it takes no file."""
    return getattr(view, "largest_file", None)


@dataclass(frozen=True)
class Synced:
    """What an answer that phones keep depends on: the topics that it reads, and when it looks
    different by time alone (`until`: moments, of which those to come count).
    """

    topics: tuple[Topic, ...]
    until: TurningPoints | None


def synced(*topics: Topic, until: TurningPoints | None = None) -> Callable[[V], V]:
    """Declare a GET whose answer phones keep: `POST /api/sync` asks this view too, where something
    changed in one of its `topics`, or one of the moments of `until` has come. One that names no
    topic is asked each time.
    """

    def declare(view: V) -> V:
        view.synced = Synced(topics, until)  # type: ignore[attr-defined]
        return view

    return declare


def synced_by(view: View) -> Synced:
    """What `synced` said of a view."""
    said: Synced = view.synced  # type: ignore[attr-defined]
    return said


def is_synced(view: View) -> bool:
    """Whether a view is declared `synced`."""
    return hasattr(view, "synced")


def count_in_log(**counts: int) -> None:
    """Numbers that this request's line in the log tells besides."""
    g.counts = counts


def session() -> Session:
    """This request's transaction: committed at the edge, rolled back for what only reads."""
    open_session: Session = g.transaction.session
    return open_session


def connection() -> Connection:
    """The same transaction, for statements built once (`core/prepared.py`)."""
    open_connection: Connection = g.transaction.connection
    return open_connection


def keyring() -> Keyring:
    """The keys that this installation was given."""
    return keyring_of(connection().dialect)


def me() -> UUID:
    """Whoever is asking: the guard has put their id here."""
    mine: UUID = g.me
    return mine


def my_name() -> str:
    """How whoever is asking would like to be called."""
    name: str = g.my_name
    return name
