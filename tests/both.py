"""Which tests run on PostgreSQL too: most that need a database, of those with many cases the first.

The cases of one test differ in what is sent: what is refused before the database is asked, or the
same statements with other values, which SQLite has tried then. Where each case is another route,
another table or another statement, all of them run on both. Random orders against a model, and
its seeded mistakes, run on SQLite: each step of theirs has a test of its own on both.
"""

import re
from collections import Counter

import pytest

FIRST = 2  # cases of a test
MODELS = re.compile(r"/test_(colluding|model|two_devices)\.py$")
EACH_CASE = re.compile(
    r"/tests/(guards|sync)/|/test_(certainty|erased|full_disk|gathering|handing_out|"
    r"hourly_limits|id_arrays|kills|list_unchanged|lists|migrations|notices|prepared|put_table|races|"
    r"sight_model)\.py$"
)


def runs(item: pytest.Item, seen: Counter[str]) -> bool:
    """`seen`: how many cases of each test were taken for PostgreSQL so far."""
    cases = dict(getattr(getattr(item, "callspec", None), "params", {}))
    file = item.path.as_posix()
    if cases.pop("database_url", None) != "postgresql":
        return True
    if MODELS.search(file):
        return False
    if not cases or EACH_CASE.search(file):
        return True
    name = item.nodeid.partition("[")[0]
    seen[name] += 1
    return seen[name] <= FIRST
