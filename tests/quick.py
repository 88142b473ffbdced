"""`make test-quick` (`-p tests.quick`): all that needs no database, a look into what does."""

import re
from collections import Counter

import pytest

LOOKS = 2  # tests of each file that needs a database
# Files of which one test takes seconds: many at once, many runs, other processes, whole servers.
LONG = re.compile(
    r"/journeys/|/test_(any_request|bad_bodies|certainty|cli|colluding|databases|db|differencing|"
    r"end_to_end|enumeration|front|full_disk|gathering|id_arrays|isolation|kills|lengths_first|"
    r"migrating|migrations|model|nothing_countable|openapi|plans|races|sample|second_opinion|"
    r"server|settings|sight_model|start|two_devices|without_the_last_feature|worker)\.py$"
)
DATABASE = {"database_url", "sqlite_fresh", "postgresql_fresh"}


def is_quick(item: pytest.Item, looked: Counter[str]) -> bool:
    """Whether to run it. One with a database runs once: on SQLite, with its first parameters.

    `looked`: how many of those were taken so far, by file and by name.
    """
    file, name = item.path.as_posix(), item.nodeid.partition("[")[0]
    if LONG.search(file):
        return False
    if not DATABASE & set(getattr(item, "fixturenames", ())):
        return True
    if "postgresql" in item.nodeid or looked[name] or looked[file] == LOOKS:
        return False
    looked.update((file, name))
    return True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    looked: Counter[str] = Counter()
    everything, items[:] = items[:], [item for item in items if is_quick(item, looked)]
    taken = set(items)
    config.hook.pytest_deselected(items=[item for item in everything if item not in taken])
