"""PUT with ids made on the phone: one table of what may follow, for every kind of item.

A kind says on its model who owns it and what it says (`owner`, `content`). From that an item is
created, compared, changed, and blanked when it is deleted: its row stays as a tombstone, which
keeps its id.

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

from backend.core import clock
from backend.core.content import Content
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
    """A row that a phone may make: it has an owner, something to say, a version and a tombstone.

    `owner`: the column that names whose it is.
    """

    owner: str
    content: Content
    id: Any
    version: Any
    deleted_at: Any


T = TypeVar("T", bound=Item)


def put(
    session: Session,
    model: type[T],
    id: UUID,
    *,
    owner_id: UUID,
    said: Mapping[str, Any],
    wanted: Precondition,
    create: Callable[[], Mapping[str, Any]],
    change: Callable[[T], Callable[[], None] | None],
    is_same_besides: Callable[[T], bool] = lambda _: True,
) -> tuple[T, Kept]:
    """Bring one item to the state that its owner's phone sent: `said` has all of its content.

    `create` and `change` see to the rest, and may refuse: `create` gives a new row's other
    columns; `change` gets a stored row before what it says is changed, and what it returns is done
    after that. `is_same_besides`: of a row that says the same, whether nothing else differs either.
    Raises Refused: `not_found` 404, `deleted` 410, `changed_elsewhere` 412 (with `current`, the
    row, for the route to show).
    """
    row = _locked(session, model, id)
    verdict = decide(_known(row, owner_id, said, is_same_besides), wanted)
    if verdict is Verdict.CREATE:
        values = {
            "id": id, model.owner: owner_id, "version": 1,
            **create(), **model.content.of(said),
        }  # fmt: skip
        made: T | None = insert_if_absent(session, model, values)  # type: ignore[type-var]
        if made is not None:
            return made, Kept.CREATED
        row = _locked(session, model, id)  # somebody was faster
        verdict = decide(_known(row, owner_id, said, is_same_besides), wanted)
    if verdict is Verdict.UNSEEN or row is None:
        raise not_found()
    if verdict is Verdict.GONE:
        raise deleted()
    if verdict is Verdict.STALE:
        raise changed_elsewhere(row)
    if verdict is Verdict.REPLAY:
        return row, Kept.REPLAYED
    then = change(row)
    row.content.say_in(row, said)
    row.version += 1
    session.flush()
    if then is not None:
        then()
    return row, Kept.CHANGED


def find_to_delete(
    session: Session, model: type[T], id: UUID, *, owner_id: UUID, version: int | None
) -> T | None:
    """The row to `bury`; None when it is a tombstone already. Same refusals as `put`."""
    row = find_mine(session, model, id, owner_id=owner_id)
    if row is not None and version is not None and version != row.version:
        raise changed_elsewhere(row)
    return row


def find_mine(session: Session, model: type[T], id: UUID, *, owner_id: UUID) -> T | None:
    """A row of mine, locked until this transaction ends; None for a tombstone, 404 for others'."""
    row = _locked(session, model, id)
    if row is None or getattr(row, model.owner) != owner_id:
        raise not_found()
    return row if row.deleted_at is None else None


def bury(row: Item) -> None:
    """Make a tombstone of a row: all that it says goes, its id stays reserved."""
    for name, value in tombstone(type(row)).items():
        setattr(row, name, value)
    row.version += 1


def tombstone(model: type[Item]) -> dict[str, Any]:
    """What a tombstone holds besides its id, for changing many rows at once; count `version` up."""
    now = clock.now()
    times = {name: now for name in ("changed_at", "deleted_at") if hasattr(model, name)}
    return {**model.content, **times}


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
    row: T | None, owner_id: UUID, said: Mapping[str, Any], is_same_besides: Callable[[T], bool]
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
        and row.content.is_said_in(row, said)
        and is_same_besides(row),
    )
