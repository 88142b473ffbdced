"""Which tests run on PostgreSQL too: all that need a database, of those with many cases the first.

The cases of one test differ in what is sent: what is refused before the database is asked, or the
same statements with other values, which SQLite has tried then. Where each case is another route,
another table or another statement, all of them run on both.
"""

import re
from collections import Counter

import pytest

FIRST = 2  # cases of a test
EACH_CASE = re.compile(
    r"/tests/(guards|sync)/|/test_(certainty|colluding|erased|full_disk|gathering|kills|"
    r"handing_out|list_unchanged|lists|migrations|model|notices|prepared|put_table|races|"
    r"sight_model|telling)\.py$"
)


def runs(item: pytest.Item, seen: Counter[str]) -> bool:
    """`seen`: how many cases of each test were taken for PostgreSQL so far."""
    cases = dict(getattr(getattr(item, "callspec", None), "params", {}))
    if cases.pop("database_url", None) != "postgresql" or not cases:
        return True
    if EACH_CASE.search(item.path.as_posix()):
        return True
    name = item.nodeid.partition("[")[0]
    seen[name] += 1
    return seen[name] <= FIRST
