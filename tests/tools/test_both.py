"""What runs on PostgreSQL, too (`tests/both.py`)."""

import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests import both
from tools.steps import ROOT

FIRST_CASES = "tests/people/test_rules.py::test_one"
TESTS = [
    f"{file.relative_to(ROOT)}::{name}"
    for file in sorted((ROOT / "tests").rglob("test_*.py"))
    for name in re.findall(r"^def (test_\w+)\(", file.read_text(), re.M)
]


def runs(name: str, seen: Counter[str], kind: str = "postgresql", **more: object) -> bool:
    item = SimpleNamespace(
        nodeid=f"{name}[{kind}]",
        path=Path(ROOT, name.partition("::")[0]),
        callspec=SimpleNamespace(params={"database_url": kind, **more}),
    )
    return both.runs(cast(pytest.Item, item), seen)


@pytest.mark.parametrize("place", [*both.CONTROLS, *both.SQLITE_ALONE])
def test_what_is_named_is_there_and_runs_on_sqlite_alone(place: str) -> None:
    found = [name for name in TESTS if re.search(place, name)]
    assert found
    for name in found:
        assert not runs(name, Counter())
        assert runs(name, Counter(), "sqlite")


def test_the_first_cases_and_what_has_none_run_on_both() -> None:
    seen: Counter[str] = Counter()
    assert [runs(FIRST_CASES, seen, one=number) for number in range(4)] == [
        True,
        True,
        False,
        False,
    ]
    assert all(runs(FIRST_CASES, seen) for _ in range(4))


@pytest.mark.parametrize("what", ["races", "kills", "migrations", "id_arrays", "hourly_limits"])
def test_whatever_asks_of_locks_and_statements_runs_on_both(what: str) -> None:
    found = [name for name in TESTS if f"/test_{what}.py" in name]
    assert found
    for name in found:
        assert runs(name, Counter(), one=1)
