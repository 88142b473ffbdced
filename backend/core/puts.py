"""Idempotent PUT with ids made on the phone, with optimistic concurrency, for every kind of item.

A model names the column of its owner (`owner`) and its content columns (`content`). From these an
item is created, compared, changed, and blanked when it is deleted: a soft delete, which keeps the
row as a tombstone so that its id is never used again.

As in Kinto and RFC 9110 (section 13): the client names the version that it knows, the server
answers with the version there is, and sending the same thing twice changes nothing.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.content import Content
from backend.core.db import table_of
from backend.core.errors import Refused, not_found
from backend.core.id_arrays import in_ids
from backend.core.upserts import insert_if_absent


@dataclass(frozen=True)
class Precondition:
    """What the phone knows: that the item is new (`version` None) or the version it changed."""

    version: int | None

    @property
    def is_new(self) -> bool:
        return self.version is None


class Verdict(Enum):
    """What is to be done with a PUT: see `decide`."""

    CREATE = auto()
    CHANGE = auto()
    REPLAY = auto()
    STALE = auto()
    GONE = auto()
    UNSEEN = auto()


class PutResult(Enum):
    """What a PUT did; facts are recorded for the first two only, never for a replay."""

    CREATED = auto()
    CHANGED = auto()
    REPLAYED = auto()

    @property
    def status(self) -> int:
        """The HTTP status that tells it."""
        return 201 if self is PutResult.CREATED else 200


@dataclass(frozen=True)
class Stored:
    """What the decision needs to know of the stored row."""

    is_mine: bool
    is_deleted: bool
    version: int
    is_same: bool


def decide(stored: Stored | None, precondition: Precondition) -> Verdict:
    """What a PUT with this precondition does to the stored row (None: there is none)."""
    if stored is None:
        return Verdict.CREATE if precondition.is_new else Verdict.UNSEEN
    if not stored.is_mine:
        return Verdict.UNSEEN
    if stored.is_deleted:
        return Verdict.GONE
    if precondition.is_new or stored.is_same:
        return Verdict.REPLAY
    return Verdict.CHANGE if precondition.version == stored.version else Verdict.STALE


class Item(Protocol):
    """A model of which phones make the rows.

    `owner`: the name of the column that holds the owner's id. `version` counts the changes from 1.
    `deleted_at` is set on a tombstone.
    """

    owner: str
    content: Content
    id: UUID
    version: int
    deleted_at: datetime | None


T = TypeVar("T", bound=Item)


def put(
    session: Session,
    model: type[T],
    id: UUID,
    *,
    owner_id: UUID,
    said: Mapping[str, object],
    precondition: Precondition,
    create: Callable[[], Mapping[str, object]],
    change: Callable[[T], Callable[[], None] | None],
    is_same_besides: Callable[[T], bool] = lambda _: True,
) -> tuple[T, PutResult]:
    """Bring one item to the state that its owner's phone sent; the row, and what was done.

    `said` has a value for every content column (more is ignored). `create` returns a new row's
    other columns. `change` gets a stored row before its content is changed, and may return what is
    to be done after that. Both may raise Refused. `is_same_besides`: whether a row with equal
    content is equal in all else that was sent, too: then this is a replay.
    Raises Refused: `not_found` 404, `deleted` 410, `changed_elsewhere` 412 (with `current`, the
    row, for the route to show).
    """
    row = _locked(session, model, id)
    verdict = decide(_known(row, owner_id, said, is_same_besides), precondition)
    if verdict is Verdict.CREATE:
        values = {"id": id, model.owner: owner_id, "version": 1}
        values |= {**create(), **model.content.of(said)}
        made: T | None = insert_if_absent(session, model, values)  # type: ignore[type-var]
        if made is not None:
            return made, PutResult.CREATED
        row = _locked(session, model, id)  # a concurrent request was faster
        verdict = decide(_known(row, owner_id, said, is_same_besides), precondition)
    if verdict is Verdict.UNSEEN or row is None:
        raise not_found()
    if verdict is Verdict.GONE:
        raise deleted()
    if verdict is Verdict.STALE:
        raise changed_elsewhere(row)
    if verdict is Verdict.REPLAY:
        return row, PutResult.REPLAYED
    then = change(row)
    row.content.write_to(row, said)
    row.version += 1
    session.flush()
    if then is not None:
        then()
    return row, PutResult.CHANGED


def find_to_delete(
    session: Session, model: type[T], id: UUID, *, owner_id: UUID, version: int | None
) -> T | None:
    """The row to `soft_delete`, locked; None when it is a tombstone already.

    `version`: the one that may be deleted, None for any. Raises Refused as `put` does.
    """
    row = find_mine(session, model, id, owner_id=owner_id)
    if row is not None and version is not None and version != row.version:
        raise changed_elsewhere(row)
    return row


def find_mine(session: Session, model: type[T], id: UUID, *, owner_id: UUID) -> T | None:
    """A row of this owner, locked until the transaction ends; None when it is a tombstone.

    Raises Refused (404) where there is none, or it is somebody else's.
    """
    row = _locked(session, model, id)
    if row is None or getattr(row, model.owner) != owner_id:
        raise not_found()
    return row if row.deleted_at is None else None


def soft_delete(row: Item) -> None:
    """Make a tombstone of a row: its content is blanked, its id stays reserved."""
    for name, value in tombstone_values(type(row)).items():
        setattr(row, name, value)
    row.version += 1


def tombstone_values(model: type[Item]) -> dict[str, object]:
    """A tombstone's columns, for an UPDATE of many rows; whoever uses it adds one to `version`."""
    now = clock.now()
    times: dict[str, object] = {
        name: now for name in ("changed_at", "deleted_at") if hasattr(model, name)
    }
    return {**model.content, **times}


def deleted() -> Refused:
    """410: the item was deleted."""
    return Refused("deleted", "This was deleted. Its words are gone from the server.", 410)


def keep_there(session: Session, model: type[T], ids: Collection[UUID]) -> set[UUID]:
    """Those of these items that are there, as they are now; none is changed or deleted before this
    transaction ends.
    """
    if not ids:
        return set()
    found = session.scalars(_keeping(model), {"ids": ids})
    return {row.id for row in found}


def changed_elsewhere(row: object) -> Refused:
    """412: another version is stored than the precondition names; `current` is that row."""
    return Refused(
        "changed_elsewhere",
        "This was changed on another device. Look at both and choose.",
        412,
        current=row,
    )


def _locked(session: Session, model: type[T], id: UUID) -> T | None:
    return session.scalars(_locking(model), {"id": id}).one_or_none()


@cache
def _locking(model: type[T]) -> Select[T]:
    return (
        select(model)
        .filter_by(id=bindparam("id"))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


@cache
def _keeping(model: type[T]) -> Select[T]:
    """It waits for whoever changes one, who has locked it as above; not for others who keep it."""
    columns = table_of(model).c  # type: ignore[arg-type]
    there = select(model).where(in_ids(columns.id, "ids"), columns.deleted_at.is_(None))
    shared = there.with_for_update(read=True, key_share=True)
    return shared.execution_options(populate_existing=True)


def _known(
    row: T | None, owner_id: UUID, said: Mapping[str, object], is_same_besides: Callable[[T], bool]
) -> Stored | None:
    if row is None:
        return None
    is_mine = getattr(row, row.owner) == owner_id
    return Stored(
        is_mine=is_mine,
        is_deleted=row.deleted_at is not None,
        version=row.version,
        is_same=is_mine
        and row.deleted_at is None
        and row.content.matches(row, said)
        and is_same_besides(row),
    )
