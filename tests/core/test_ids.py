"""Ids that tell nothing but what they are meant to."""

from uuid import RFC_4122

from backend.core.ids import drawn_id, random_id


def test_an_id_that_is_drawn_tells_nothing_of_when() -> None:
    found = {random_id() for _ in range(50)}

    assert {id.version for id in found} == {4}
    assert len({id.hex[:12] for id in found}) == 50


def test_an_id_drawn_from_bytes_is_the_same_each_time() -> None:
    one = drawn_id(bytes(range(32)))

    assert one == drawn_id(bytes(range(16)))
    assert one != drawn_id(bytes(range(1, 17)))
    assert (one.hex[12], one.variant) == ("8", RFC_4122)
