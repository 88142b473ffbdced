"""PUT with ids made on the phone: one table of what may follow, for every kind of item.

The manner is Kinto's and RFC 9110's (section 13): the client names the state it knows, the
server answers with the state there is, and sending the same thing twice does no harm.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from backend.core.errors import Refused, not_found
from backend.core.inserting import insert_if_absent


@dataclass(frozen=True)
class Precondition:
    """What the phone knows: that the item is new (`version` None) or the version it changed."""

    version: int | None

    @property
    def is_new(self) -> bool:
        return self.version is None


class Verdict(Enum):
    CREATE = auto()
    CHANGE = auto()
    REPLAY = auto()
    STALE = auto()
    GONE = auto()
    UNSEEN = auto()


class Kept(Enum):
    """What a put did; facts are recorded for the first two only."""

    CREATED = auto()
    CHANGED = auto()
    REPLAYED = auto()

    @property
    def status(self) -> int:
        return 201 if self is Kept.CREATED else 200


@dataclass(frozen=True)
class Stored:
    """What the decision needs to know of the stored row."""

    is_mine: bool
    is_deleted: bool
    version: int
    is_same: bool


def decide(stored: Stored | None, wanted: Precondition) -> Verdict:
    """The table "PUT with ids made on the phone", as a function."""
    if stored is None:
        return Verdict.CREATE if wanted.is_new else Verdict.UNSEEN
    if not stored.is_mine:
        return Verdict.UNSEEN
    if stored.is_deleted:
        return Verdict.GONE
    if wanted.is_new or stored.is_same:
        return Verdict.REPLAY
    return Verdict.CHANGE if wanted.version == stored.version else Verdict.STALE


class Item(Protocol):
    """A row that a phone may make: it has an owner, a version and a tombstone."""

    id: Any
    version: Any
    deleted_at: Any


T = TypeVar("T", bound=Item)


def put(
    session: Session,
    model: type[T],
    id: UUID,
    *,
    owner: str,
    owner_id: UUID,
    wanted: Precondition,
    is_same: Callable[[T], bool],
    create: Callable[[], Mapping[str, Any]],
    change: Callable[[T], None],
) -> tuple[T, Kept]:
    """Bring one item to the state that its owner's phone sent.

    `create` gives the columns of a new row, `change` applies the sent state to a stored one.
    Raises Refused: `not_found` 404, `deleted` 410, `changed_elsewhere` 412 (with `current`, the
    row, for the route to show).
    """
    row = _locked(session, model, id)
    verdict = decide(_known(row, owner, owner_id, is_same), wanted)
    if verdict is Verdict.CREATE:
        values = {"id": id, owner: owner_id, "version": 1, **create()}
        made: T | None = insert_if_absent(session, model, values)  # type: ignore[type-var]
        if made is not None:
            return made, Kept.CREATED
        row = _locked(session, model, id)  # somebody was faster
        verdict = decide(_known(row, owner, owner_id, is_same), wanted)
    if verdict is Verdict.UNSEEN or row is None:
        raise not_found()
    if verdict is Verdict.GONE:
        raise deleted()
    if verdict is Verdict.STALE:
        raise changed_elsewhere(row)
    if verdict is Verdict.REPLAY:
        return row, Kept.REPLAYED
    change(row)
    row.version += 1
    session.flush()
    return row, Kept.CHANGED


def find_to_delete(
    session: Session, model: type[T], id: UUID, *, owner: str, owner_id: UUID, version: int | None
) -> T | None:
    """The row to make a tombstone of; None when it is one already. Same refusals as `put`."""
    row = find_mine(session, model, id, owner=owner, owner_id=owner_id)
    if row is not None and version is not None and version != row.version:
        raise changed_elsewhere(row)
    return row


def find_mine(
    session: Session, model: type[T], id: UUID, *, owner: str, owner_id: UUID
) -> T | None:
    """A row of mine, locked until this transaction ends; None for a tombstone, 404 for others'."""
    row = _locked(session, model, id)
    if row is None or getattr(row, owner) != owner_id:
        raise not_found()
    return row if row.deleted_at is None else None


def deleted() -> Refused:
    return Refused("deleted", "This was deleted. Its words are gone from the server.", 410)


def changed_elsewhere(row: Any) -> Refused:
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
        .where(model.id == bindparam("id"))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _known(
    row: T | None, owner: str, owner_id: UUID, is_same: Callable[[T], bool]
) -> Stored | None:
    if row is None:
        return None
    is_mine = getattr(row, owner) == owner_id
    return Stored(
        is_mine=is_mine,
        is_deleted=row.deleted_at is not None,
        version=row.version,
        is_same=is_mine and row.deleted_at is None and is_same(row),
    )
