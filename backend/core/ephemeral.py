"""Crypto-shredding: what is encrypted under an ephemeral key is unreadable once that is deleted.

Ephemeral keys are stored where no log or backup of the database keeps a copy. With SQLite in files
beside it, which are overwritten when a key is deleted. With PostgreSQL in an UNLOGGED table, which
neither the write-ahead log nor a base backup holds; a crash of the database may lose the keys.
Each key is also encrypted under the installation's keys: to read anything, one needs both.
"""

import contextlib
import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Uuid, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core.cipher import NONCE, CannotOpen, Keyring, derive
from backend.core.db import Base, Database, Privacy, Words
from backend.core.faults import CannotWrite

log = logging.getLogger("alongside.keys")

PLACE = "ephemeral_key.key"
BLOCK = 1024  # bytes: what is sealed has few lengths, so that none is recognised later


class EphemeralKey(Base):
    """An ephemeral key, in PostgreSQL; with SQLite the table is empty, and keys are in files."""

    __tablename__ = "ephemeral_key"
    privacy = Privacy(None, "nothing", "keep", "Random numbers.")

    id: Mapped[UUID] = mapped_column(Uuid(), primary_key=True)
    key: Mapped[str] = mapped_column(Words(PLACE))


class KeyStore(Protocol):
    """A store of ephemeral keys. A key's id is that of the item whose words it encrypts."""

    def make(self, session: Session, id: UUID) -> bytes:
        """Make and store a key of 32 bytes, instead of the one that had this id before."""

    def find(self, session: Session, ids: Collection[UUID]) -> Mapping[UUID, bytes]:
        """The keys with these ids, as far as they are there."""

    def ids(self, session: Session) -> set[UUID]:
        """The ids of all keys."""

    def drop(self, session: Session, id: UUID) -> None:
        """Delete a key in this transaction; `wipe` does the rest once that is committed."""

    def wipe(self, database: Database, ids: Iterable[UUID]) -> bool:
        """After the commit, overwrite what deleted keys left on the disk; False: try again."""


class KeyFiles:
    """Ephemeral keys in files, one each, in a folder beside the SQLite database."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder, self._keyring = folder, keyring

    def make(self, _session: Session, id: UUID) -> bytes:
        key = secrets.token_bytes(32)
        draft = self._folder / f"{id.hex}.{secrets.token_hex(8)}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._keyring.seal(key.hex(), PLACE))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._folder / id.hex)
        except OSError as error:  # a full disk, as a rule
            draft.unlink(missing_ok=True)
            raise CannotWrite from error
        self._sync()
        return key

    def find(self, _session: Session, ids: Collection[UUID]) -> Mapping[UUID, bytes]:
        found = {}
        for id in ids:
            with contextlib.suppress(FileNotFoundError, CannotOpen):
                sealed = (self._folder / id.hex).read_bytes()
                found[id] = bytes.fromhex(self._keyring.open(sealed, PLACE))
        return found

    def ids(self, _session: Session) -> set[UUID]:
        if not self._folder.is_dir():
            return set()
        names = {path.name.partition(".")[0] for path in self._folder.iterdir()}
        return {UUID(hex=name) for name in names if len(name) == 32}

    def drop(self, _session: Session, _id: UUID) -> None:
        """Nothing: a deleted file would not come back in a rollback. `wipe` deletes it."""

    def wipe(self, _database: Database, ids: Iterable[UUID]) -> bool:
        for id in ids:
            for path in self._folder.glob(f"{id.hex}*"):  # drafts of a make that was killed too
                _overwrite(path)
        self._sync()
        return True

    def _sync(self) -> None:
        if not self._folder.is_dir():
            return
        folder = os.open(self._folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _overwrite(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # somebody was faster
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


class KeyTable:
    """Ephemeral keys in a table. A deleted row is in its file until the table is rewritten."""

    def make(self, session: Session, id: UUID) -> bytes:
        key = secrets.token_bytes(32)
        self.drop(session, id)
        session.add(EphemeralKey(id=id, key=key.hex()))
        session.flush()
        return key

    def find(self, session: Session, ids: Collection[UUID]) -> Mapping[UUID, bytes]:
        rows = select(EphemeralKey.id, EphemeralKey.key).where(EphemeralKey.id.in_(ids))
        return {id: bytes.fromhex(key) for id, key in session.execute(rows)}

    def ids(self, session: Session) -> set[UUID]:
        return set(session.scalars(select(EphemeralKey.id)))

    def drop(self, session: Session, id: UUID) -> None:
        session.execute(
            delete(EphemeralKey)
            .where(EphemeralKey.id == id)
            .execution_options(synchronize_session=False)
        )

    def wipe(self, database: Database, _ids: Iterable[UUID]) -> bool:
        return database.vacuum([EphemeralKey.__tablename__], whole=True)


def ephemeral_keys(session: Session) -> KeyStore:
    """The store of this database's ephemeral keys: files with SQLite, a table with PostgreSQL."""
    bind = session.get_bind()
    if bind.dialect.name == "postgresql":
        return KeyTable()
    name = Path(bind.engine.url.database or "memory")
    folder = name.parent / "ephemeral-keys" / name.name
    return KeyFiles(folder, bind.dialect.keyring)  # type: ignore[attr-defined]


class EphemeralCipher:
    """Encrypts with one ephemeral key (32 bytes), and makes digests that need the key."""

    def __init__(self, key: bytes) -> None:
        self._names = derive(key, b"ephemeral names")
        self._aead = AESGCM(derive(key, b"ephemeral words"))

    def name(self, of: UUID) -> bytes:
        """A keyed digest (HMAC-SHA256) of an id."""
        return hmac.digest(self._names, of.bytes, "sha256")

    def seal(self, text: bytes, name: bytes) -> bytes:
        """Encrypt `text` for `name`, padded to whole blocks: `open` gives it with spaces behind."""
        nonce = os.urandom(NONCE)
        padded = text.ljust(-(-len(text) // BLOCK) * BLOCK)
        return nonce + self._aead.encrypt(nonce, padded, name)

    def open(self, sealed: bytes, name: bytes) -> bytes:
        """The text again; raises CannotOpen."""
        try:
            return self._aead.decrypt(sealed[:NONCE], sealed[NONCE:], name)
        except (InvalidTag, ValueError):
            raise CannotOpen("A value under a key that ends was altered.") from None


def digest_of_key(key: bytes) -> bytes:
    """A digest by which a key is recognised; stored beside what the key encrypts."""
    return hashlib.sha256(b"alongside ephemeral\0" + key).digest()
