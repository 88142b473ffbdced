"""In which order the tests are handed to several workers (`tests/order.py`)."""

import re
from types import SimpleNamespace
from typing import cast

import pytest

from tests import order
from tools.steps import ROOT

JOURNEYS = [f"tests/journeys/test_a.py::test_{number}" for number in range(12)]
OTHERS = [f"tests/core/test_{file}.py::test_{number}" for file in "abcdef" for number in range(4)]
LONG = [f"{name}[{case}]" for name in order.LONGEST for case in ("sqlite", "postgresql")]


def ordered(names: list[str], workers: int) -> list[str]:
    items = [cast(pytest.Item, SimpleNamespace(nodeid=name)) for name in names]
    return [item.nodeid for item in order.in_order(items, workers)]


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 50])
def test_all_of_them_run_once(workers: int) -> None:
    names = OTHERS[:10] + LONG + JOURNEYS + OTHERS[10:]
    assert sorted(ordered(names, workers)) == sorted(names)
    assert ordered(JOURNEYS, workers) == JOURNEYS


def test_each_worker_begins_with_long_ones() -> None:
    found = ordered(OTHERS + JOURNEYS + LONG[:8], 4)
    assert [found.index(name) for name in LONG[:8]] == [0, 11, 22, 33, 1, 12, 23, 34]


def test_journeys_stand_between_files_that_stay_together() -> None:
    found = ordered(JOURNEYS + OTHERS, 1)
    assert [name for name in found if name in JOURNEYS] == JOURNEYS
    assert [name in JOURNEYS for name in found] == ([False] * 4 + [True] * 2) * 6


@pytest.mark.parametrize("name", order.LONGEST)
def test_what_is_called_long_is_there(name: str) -> None:
    file, _, test = name.partition("::")
    assert re.search(rf"^def {test}\(", (ROOT / file).read_text(), re.M)
