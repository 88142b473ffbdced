"""Ids come back from a database as they went in."""

import pickle
from uuid import UUID, uuid4

from backend.core.ids import new_id, read_id


def test_an_id_that_was_read_is_the_one_that_was_written() -> None:
    for id in (new_id(), uuid4(), UUID(int=0), UUID(int=(1 << 128) - 1)):
        found = read_id(id.hex)

        assert (found, hash(found), str(found), repr(found)) == (id, hash(id), str(id), repr(id))
        assert (found.bytes, found.version, found.is_safe) == (id.bytes, id.version, id.is_safe)
        assert pickle.loads(pickle.dumps(found)) == id  # noqa: S301 - our own
