"""What an export holds: `data.json` with its schema, and the same as pages to read.

Rows are read a page at a time, each in a transaction of its own, and written on at once: however
much somebody has, one page is in memory.
"""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from enum import Enum
from typing import IO, Any, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields
from sqlalchemy import Boolean, Integer
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import Column

from backend.cohorts.queries import my_cohorts
from backend.cohorts.schemas import CohortOut
from backend.core import clock
from backend.core.db import Base, Database, table_of
from backend.core.fields import Serialised
from backend.feedback import queries as feedback
from backend.feedback.schemas import FeedbackOut, FeedbackRequestOut
from backend.own_data import queries
from backend.own_data.access import as_rows, columns_of
from backend.own_data.pages import FILES_OF_ONE, Pages, style
from backend.people.queries import person
from backend.reflections.pages import page as page_of_reflections
from backend.reflections.queries import people_reached
from backend.reflections.queries import shown as reflections_shown
from backend.reflections.rules import ReflectionFilter
from backend.reflections.schemas import ReflectionOut
from backend.responses.queries import answers_to_some
from backend.responses.queries import shown as responses_shown
from backend.responses.schemas import ResponseOut

FORMAT, VERSION, DATA = "alongside-export", 1, "data.json"
A_PAGE = 100
T = TypeVar("T")
P = TypeVar("P")
Page = tuple[list[T], P | None]  # and where the next begins, if there is one


class Sink(Protocol):
    """What a zip is written into, from its beginning to its end."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


class ReflectionTaken(ReflectionOut):
    """A reflection of mine as it is shown, with what others answered to it."""

    responses = fields.List(fields.Nested(ResponseOut))


def write_zip(
    out: Sink, database: Database, me: UUID, tick: Callable[[int], None] = lambda _: None
) -> None:
    """Write all that is somebody's as a zip. `tick` hears how many rows more were read, and ends it
    by raising.
    """
    mine = Mine(database, me, tick)
    with database.reading() as session:
        who = person(session, me)
        zone, code, name = ZoneInfo(who.time_zone), who.language, who.name
    made_at = clock.now()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:  # type: ignore[call-overload]
        box = Box(whole, made_at)
        with box.file(DATA) as file:
            _write_data(file, mine, made_at)
        box.put("schema.json", _json(schema(), orjson.OPT_INDENT_2))
        box.put("style.css", style().encode())
        pages = Pages(code, zone, name, made_at)
        months: list[tuple[date, str]] = []
        for month, lines in _by_month(mine.reflections(), zone):
            path = f"pages/reflections-{month:%Y-%m}.html"
            months.append((month, path))
            box.put_lines(path, pages.month(month, lines))
        readers = {
            "profile": lambda: pages.profile(mine.profile()),
            "received": lambda: pages.received(mine.requests(is_mine=True), mine.offers()),
            "given": lambda: pages.given(mine.requests(is_mine=False), mine.offers()),
            "proposals": lambda: pages.proposals(mine.proposals(), mine.positions()),
        }
        for name, path in FILES_OF_ONE.items():
            box.put_lines(path, readers[name]())
        box.put_lines("index.html", pages.index(months))


class Box:
    """The zip, a file after the other."""

    def __init__(self, whole: zipfile.ZipFile, made_at: datetime) -> None:
        self._whole, self._made_at = whole, made_at.timetuple()[:6]

    @contextmanager
    def file(self, path: str) -> Iterator[IO[bytes]]:
        told = zipfile.ZipInfo(path, self._made_at)
        told.compress_type = zipfile.ZIP_DEFLATED
        told.external_attr = 0o600 << 16  # readable by whoever unpacks it, and nobody else
        with self._whole.open(told, "w", force_zip64=True) as file:
            yield file

    def put(self, path: str, data: bytes) -> None:
        with self.file(path) as file:
            file.write(data)

    def put_lines(self, path: str, lines: Iterable[str]) -> None:
        with self.file(path) as file:
            for line in lines:
                file.write(line.encode() + b"\n")


class Mine:
    """All that is somebody's, read a page at a time."""

    def __init__(self, database: Database, me: UUID, tick: Callable[[int], None]) -> None:
        self._database, self.me, self._tick = database, me, tick

    def reflections(self) -> Iterator[Serialised]:
        """Newest first, each with its responses that I may see."""
        return self._read(self._reflections)

    def requests(self, *, is_mine: bool) -> Iterator[dict[str, Any]]:
        """What I asked, or what was asked of me, each with what passed because of it."""
        dump = FeedbackRequestOut().dump

        def page(session: Session, after: tuple[datetime, UUID] | None) -> Page[Any, Any]:
            rows = feedback.requests(session, self.me, is_mine=is_mine, after=after, limit=A_PAGE)
            rows, place = _split(rows, lambda row: (row.created_at, row.id))
            return [dump(one) for one in feedback.requests_shown(session, self.me, rows)], place

        return self._read(page)

    def offers(self) -> Iterator[dict[str, Any]]:
        """What was offered to me, or by me."""
        dump = FeedbackOut().dump

        def page(session: Session, after: tuple[datetime, UUID] | None) -> Page[Any, Any]:
            rows = feedback.offers(session, self.me, after=after, limit=A_PAGE)
            rows, place = _split(rows, lambda row: (row.Feedback.begun_at, row.Feedback.id))
            return [dump(feedback.shown(self.me, row)) for row in rows], place

        return self._read(page)

    def cohorts(self) -> list[Any]:
        """The cohorts I belong to: a few."""
        with self._database.reading() as session:
            return [CohortOut().dump(one) for one in my_cohorts(session, self.me)]

    def _cohort_names(self) -> dict[UUID | None, str]:
        with self._database.reading() as session:
            return {one["id"]: one["name"] for one in my_cohorts(session, self.me)}

    def rows(self, model: type[Base]) -> Iterator[dict[str, object]]:
        """Rows of a table, as they are kept."""
        columns = columns_of(model)

        def page(session: Session, after: queries.Key | None) -> Page[Any, Any]:
            found = queries.own_rows(session, self.me, model, columns, after, A_PAGE)
            return found.rows, found.after

        return self._read(page)

    def profile(self) -> dict[str, Any]:
        """What I say of myself, my cohorts, and what was asked for on paper."""
        known = {table_of(model).name: model for model in as_rows()}
        return {
            "person": next(self.rows(known["person"]), {}),
            "cohorts": self.cohorts(),
            "paper": list(self.rows(known["paper_request"])),
        }

    def proposals(self) -> Iterator[dict[str, Any]]:
        """What I suggested, and in which of my cohorts: "" where I have left it."""
        cohorts = self._cohort_names()

        def page(session: Session, after: UUID | None) -> Page[Any, Any]:
            rows, place = _split(
                queries.proposals(session, self.me, after, A_PAGE), lambda row: row.id
            )
            names = ("kind", "text", "why", "state", "created_at")
            found = [
                {name: getattr(row, name) for name in names}
                | {"cohort": cohorts.get(row.cohort_id, "")}
                for row in rows
            ]
            return found, place

        return self._read(page)

    def positions(self) -> Iterator[dict[str, Any]]:
        """What I said to suggestions, and in which of my cohorts: "" where I have left it."""
        cohorts = self._cohort_names()

        def page(session: Session, after: UUID | None) -> Page[Any, Any]:
            rows, place = _split(
                queries.positions(session, self.me, after, A_PAGE), lambda row: row[0].id
            )
            names = ("choice", "text", "safe_if", "answered_at")
            found = [
                {name: getattr(position, name) for name in names}
                | {"about": about, "cohort": cohorts.get(cohort, "")}
                for position, about, cohort in rows
            ]
            return found, place

        return self._read(page)

    def _reflections(
        self, session: Session, after: tuple[datetime, UUID] | None
    ) -> Page[Serialised, tuple[datetime, UUID]]:
        wanted = ReflectionFilter(author=self.me)
        rows, place = _split(
            page_of_reflections(session.connection(), self.me, wanted, after, A_PAGE),
            lambda row: (row.written_at, row.id),
        )
        answers = answers_to_some(session, self.me, [row.id for row in rows])
        reached = people_reached(session, rows)
        for row, one in zip(rows, found := reflections_shown(self.me, rows, reached), strict=True):
            one["responses"] = responses_shown(self.me, answers.get(row.id, []))
        return found, place

    def _read(self, page: Callable[[Session, Any], Page[T, Any]]) -> Iterator[T]:
        place = None
        while True:
            with self._database.reading() as session:
                items, place = page(session, place)
            self._tick(len(items))
            yield from items
            if place is None:
                return


def _split(rows: Iterable[T], place_of: Callable[[T], P]) -> Page[T, P]:
    """A page of rows, of which one more than that was asked for, and where the next begins."""
    found = list(rows)
    page = found[:A_PAGE]
    return page, place_of(page[-1]) if len(found) > A_PAGE else None


def _by_month(
    reflections: Iterator[Serialised], zone: ZoneInfo
) -> Iterator[tuple[date, Iterator[Serialised]]]:
    """Reflections, newest first, by the months of where their author lives."""
    waiting: list[Serialised] = []
    month = date.max

    def month_of(one: Serialised) -> date:
        at: datetime = one["written_at"]  # type: ignore[assignment]
        # a clock that is put back never leads into a month whose page is written already
        return min(month, at.astimezone(zone).date().replace(day=1))

    def of_this_month() -> Iterator[Serialised]:
        while waiting:
            if month_of(waiting[0]) != month:
                return
            yield waiting.pop()
            waiting.extend([one] if (one := next(reflections, None)) else [])

    waiting.extend([one] if (one := next(reflections, None)) else [])
    while waiting:
        month = month_of(waiting[0])
        yield month, of_this_month()


def _write_data(file: IO[bytes], mine: Mine, made_at: datetime) -> None:
    head = {"format": FORMAT, "version": VERSION, "made_at": made_at, "person_id": mine.me}
    file.write(_json(head)[:-1])
    lists: dict[str, Callable[[], Iterable[object]]] = {
        "reflections": mine.reflections,
        "feedback_asked_by_me": lambda: mine.requests(is_mine=True),
        "feedback_asked_of_me": lambda: mine.requests(is_mine=False),
        "feedback_offers": mine.offers,
        "cohorts": mine.cohorts,
    }
    for name, items in lists.items():
        _write_list(file, f",\n{_json(name).decode()}:", items())
    begin = ',\n"rows":{\n'
    for model in as_rows():
        _write_list(file, f'{begin}"{table_of(model).name}":', mine.rows(model))
        begin = ",\n"
    file.write(b"}}\n")


def _write_list(file: IO[bytes], begin: str, items: Iterable[object]) -> None:
    file.write(begin.encode() + b"[")
    between = b"\n"
    for one in items:
        file.write(between + _json(one))
        between = b",\n"
    file.write(b"]")


def _json(value: object, options: int = 0) -> bytes:
    return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS | options)


def _plain(value: object) -> object:
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


def schema() -> dict[str, Any]:
    """The JSON Schema of `data.json`. What features show is described as in the API's document."""
    spec = APISpec("Alongside", "1", "3.1.0", plugins=[MarshmallowPlugin()])
    shown = {"Reflection": ReflectionTaken, "Request": FeedbackRequestOut, "Cohort": CohortOut}
    for name, one in shown.items():
        spec.components.schema(name, schema=one)

    def list_of(name: str) -> dict[str, Any]:
        return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}

    rows = {table_of(model).name: _schema_of(model) for model in as_rows()}
    properties = {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "made_at": {"type": "string", "format": "date-time"},
        "person_id": {"type": "string", "format": "uuid"},
        "reflections": list_of("Reflection"),
        "feedback_asked_by_me": list_of("Request"),
        "feedback_asked_of_me": list_of("Request"),
        "feedback_offers": list_of("FeedbackOut"),
        "cohorts": list_of("Cohort"),
        "rows": {"type": "object", "required": list(rows), "properties": rows},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": list(properties),
        "properties": properties,
        "components": {"schemas": spec.to_dict()["components"]["schemas"]},
    }


def _schema_of(model: type[Base]) -> dict[str, Any]:
    """The schema of a list of a table's rows, with what its model says of them."""
    columns = {name: _type_of(table_of(model).c[name]) for name in columns_of(model)}
    row = {"type": "object", "required": list(columns), "properties": columns}
    return {"type": "array", "description": model.privacy.why, "items": row}


FORMATS = {UUID: "uuid", datetime: "date-time", date: "date", time: "time"}


def _type_of(column: Column[Any]) -> dict[str, Any]:
    try:
        kind = column.type.python_type
    except NotImplementedError:
        return {}
    if isinstance(column.type, Boolean):
        found: dict[str, Any] = {"type": "boolean"}
    elif isinstance(column.type, Integer):
        found = {"type": "integer"}
    elif kind in FORMATS:
        found = {"type": "string", "format": FORMATS[kind]}
    elif issubclass(kind, Enum):
        found = {"enum": [one.value for one in kind]}
    elif kind is str:
        found = {"type": "string"}
    else:  # a list or an object of its own
        return {}
    return {"anyOf": [found, {"type": "null"}]} if column.nullable else found
