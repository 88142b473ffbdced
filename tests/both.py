"""Which tests run on PostgreSQL too: most that need a database, of those with many cases the first.

The cases of one test differ in what is sent: what is refused before the database is asked, or the
same statements with other values, which SQLite has tried then. Where each case is another route,
another table or another statement, all of them run on both. Random orders against a model, and
its seeded mistakes, run on SQLite: each step of theirs has a test of its own on both. The sample,
which each of its tests lays out anew, is looked at on SQLite, and by the first of them on both.
"""

import re
from collections import Counter

import pytest

FIRST = 2  # cases of a test, or tests of the sample
MODELS = re.compile(r"/test_(colluding|model|two_devices)\.py$")
SAMPLE = re.compile(r"/demo/test_sample\.py$")
EACH_CASE = re.compile(
    r"/tests/(guards|sync)/|/test_(certainty|erased|filters|full_disk|gathering|handing_out|"
    r"hourly_limits|id_arrays|kills|list_unchanged|lists|migrations|notices|prepared|put_table|races|"
    r"sight_model)\.py$"
)


def runs(item: pytest.Item, seen: Counter[str]) -> bool:
    """`seen`: how many were taken for PostgreSQL so far, by what they are counted for."""
    cases = dict(getattr(getattr(item, "callspec", None), "params", {}))
    file = item.path.as_posix()
    if cases.pop("database_url", None) != "postgresql":
        return True
    if MODELS.search(file):
        return False
    is_of_sample = SAMPLE.search(file)
    if not (cases or is_of_sample) or EACH_CASE.search(file):
        return True
    name = file if is_of_sample else item.nodeid.partition("[")[0]
    seen[name] += 1
    return seen[name] <= FIRST
