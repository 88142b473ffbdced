"""Ids come back from a database as they went in."""

import pickle
from uuid import RFC_4122, UUID, uuid4

from backend.core.ids import drawn_id, new_id, random_id, read_id


def test_an_id_that_was_read_is_the_one_that_was_written() -> None:
    for id in (new_id(), uuid4(), UUID(int=0), UUID(int=(1 << 128) - 1)):
        found = read_id(id.hex)

        assert (found, hash(found), str(found), repr(found)) == (id, hash(id), str(id), repr(id))
        assert (found.bytes, found.version, found.is_safe) == (id.bytes, id.version, id.is_safe)
        assert pickle.loads(pickle.dumps(found)) == id  # noqa: S301 - our own


def test_an_id_that_is_drawn_tells_nothing_of_when() -> None:
    found = {random_id() for _ in range(50)}

    assert {id.version for id in found} == {4}
    assert len({id.hex[:12] for id in found}) == 50


def test_an_id_drawn_from_bytes_is_the_same_each_time() -> None:
    one = drawn_id(bytes(range(32)))

    assert one == drawn_id(bytes(range(16)))
    assert one != drawn_id(bytes(range(1, 17)))
    assert (one.hex[12], one.variant) == ("8", RFC_4122)
