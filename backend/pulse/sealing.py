"""Answers of an open check-in, under a key that ends with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import orjson
from sqlalchemy import Row, bindparam, select, tuple_
from sqlalchemy.orm import Session

from backend.core.ephemeral import EphemeralCipher, digest_of_key, ephemeral_keys
from backend.pulse.models import CheckIn, CheckInAnswer, Word
from backend.pulse.rules import Answered


class Locked(Protocol):
    """A check-in, as far as its key is looked for: a stored one, or columns of it."""

    @property
    def id(self) -> UUID: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def key_digest(self) -> bytes | None: ...


_MINE = select(CheckInAnswer.check_in_id, CheckInAnswer.name, CheckInAnswer.sealed).where(
    tuple_(CheckInAnswer.check_in_id, CheckInAnswer.name).in_(bindparam("keys", expanding=True))
)


@dataclass(frozen=True)
class Voice:
    """What one member answered, while their check-in is open."""

    person_id: UUID
    said: Answered


def new_seal(session: Session, row: CheckIn) -> EphemeralCipher:
    """A new key for a check-in that begins, or whose key was lost."""
    key = ephemeral_keys(session).make(session, row.id)
    row.key_digest = digest_of_key(key)
    return EphemeralCipher(key)


def seals(session: Session, rows: Iterable[Locked]) -> Mapping[UUID, EphemeralCipher]:
    """The seals of check-ins that are open; one whose key was lost has none."""
    digests = {row.id: row.key_digest for row in rows if row.closed_at is None}
    keys = ephemeral_keys(session).find(session, digests) if digests else {}
    return {
        id: EphemeralCipher(key) for id, key in keys.items() if digest_of_key(key) == digests[id]
    }


def sealed(seal: EphemeralCipher, person: UUID, said: Answered) -> bytes:
    told = [person.hex, said.word.value, said.note, said.signed, said.wants_to_talk]
    return seal.seal(orjson.dumps(told), seal.name(person))


def opened(seal: EphemeralCipher, row: CheckInAnswer | Row[UUID, bytes, bytes]) -> Voice:
    person, word, *more = orjson.loads(seal.open(bytes(row.sealed), bytes(row.name)))
    return Voice(UUID(hex=person), Answered(Word(word), *more))


def my_answers(session: Session, me: UUID, rows: Sequence[Locked]) -> dict[UUID, Answered]:
    """What I answered to check-ins that are open."""
    found = seals(session, rows)
    keys = [(id, seal.name(me)) for id, seal in found.items()]
    if not keys:
        return {}
    mine = session.execute(_MINE, {"keys": keys})
    return {row.check_in_id: opened(found[row.check_in_id], row).said for row in mine}
