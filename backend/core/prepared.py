"""Statements that are asked all day: compiled once, and put to the database's own driver.

SQLAlchemy writes a statement, quotes it and knows its types. Executing through it costs several
times what the database takes to answer, so what every request or every list asks goes without.
For reading only, in the transaction of a session like everything else.
"""

import logging
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, Select, Uuid
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

log = logging.getLogger("alongside.prepared")

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Form:
    """A statement as one database takes it.

    `order`: the parameters' names, where it wants a row of them; None where by name. `lists`: the
    names that stand for each place of a list. `into`, `out_of`: how values get there and back.
    """

    sql: str
    order: Sequence[str] | None
    given: dict[str, Any]
    into: Mapping[str, Any]
    lists: Mapping[str, Sequence[str]]
    out_of: Sequence[Convert]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        all_of_them = self.given.copy()
        for name, value in values.items():
            if name in self.lists:
                for one, some in zip(self.lists[name], value, strict=True):
                    all_of_them[one] = self.into[one](some) if one in self.into else some
            else:
                all_of_them[name] = self.into[name](value) if name in self.into else value
        if self.order is None:
            return all_of_them
        return [all_of_them[name] for name in self.order]


class Prepared:
    """A SELECT to be asked again and again; its values are given by name.

    A list (for an expanding parameter, never empty) is filled up with its last value to the next
    power of two, so that few forms serve lists of any length.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._row: Any = namedtuple("Row", statement.selected_columns.keys())  # type: ignore[misc]

    def rows(self, session: Session, **values: Any) -> list[Any]:
        """All rows, each with its columns by name."""
        connection = session.connection()
        values = {name: _filled(value) for name, value in values.items()}
        form = self._form(connection.dialect, values)
        found = _fetch(connection, form.sql, form.parameters(values))
        if not found:
            return []
        columns = [
            map(convert, column) if convert else column
            for convert, column in zip(form.out_of, zip(*found, strict=True), strict=True)
        ]
        return list(map(self._row, *columns))

    def _form(self, dialect: Dialect, values: dict[str, Any]) -> Form:
        """This statement's form for lists of these lengths, kept with the engine it is for."""
        forms: dict[object, Form] = dialect.prepared  # type: ignore[attr-defined]
        key = (self, *(len(value) for value in values.values() if isinstance(value, list)))
        if key not in forms:
            forms[key] = _compiled(self._statement, dialect, values)
        return forms[key]


def _filled(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    wanted = 1 << (len(value) - 1).bit_length()
    return value + value[-1:] * (wanted - len(value))


def _compiled(
    statement: Select[*tuple[Any, ...]], dialect: Dialect, values: dict[str, Any]
) -> Form:
    compiled = statement.compile(dialect=dialect)
    expanded = compiled.construct_expanded_state(values)
    into = {
        one: convert
        for name, parameter in compiled.binds.items()
        if (convert := parameter.type.dialect_impl(dialect).bind_processor(dialect))
        for one in expanded.parameter_expansion.get(name, [name])
    }
    names = {*values, *chain(*expanded.parameter_expansion.values())}
    given = {
        name: convert(value) if (convert := into.get(name)) else value
        for name, value in expanded.parameters.items()
        if name not in names
    }
    out_of = [_out_of(column.type, dialect) for column in statement.selected_columns]
    return Form(
        expanded.statement, expanded.positiontup, given, into, expanded.parameter_expansion, out_of
    )


def _out_of(type_: TypeEngine[Any], dialect: Dialect) -> Convert:
    convert = type_.dialect_impl(dialect).result_processor(dialect, None)
    return known_id if convert and isinstance(type_, Uuid) else convert


@lru_cache(maxsize=4096)
def known_id(text: str | None) -> UUID | None:
    """An id from its text: a page names the same few people and cohorts again and again."""
    return UUID(text) if text else None


def _fetch(connection: Connection, sql: str, parameters: Any) -> Sequence[Sequence[Any]]:
    if log.isEnabledFor(logging.DEBUG):
        log.debug(sql)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(  # as SQLAlchemy would, without the parameters
            sql, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True
        ) from error
    finally:
        cursor.close()
