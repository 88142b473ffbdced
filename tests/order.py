"""In which order the tests run, where several workers share them: so that no core is left idle.

Each worker begins with a part of the whole that hangs together, and who has nothing left takes
from the end of another's. The longest come first in each part, so that nobody is alone with one
at the end. Journeys, which mostly wait, are spread between the files of what mostly works.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby, islice

import pytest

# What takes a quarter of a minute or more, the longest first.
LONGEST = (
    "tests/journeys/test_axe.py::test_every_screen_narrow_and_wide_and_with_large_letters",
    "tests/deliveries/test_kills.py::test_killed_at_any_moment_nothing_is_lost",
    "tests/journeys/test_long_names.py::test_every_screen_and_sheet",
    "tests/journeys/test_hostile_words.py::test_they_stay_words",
    "tests/journeys/test_proposals.py::test_axe_finds_nothing",
    "tests/journeys/test_walks.py::test_a_facilitator_from_nothing_to_twelve_invited",
    "tests/journeys/test_feedback_looks.py::test_axe_finds_nothing",
    "tests/notices/test_kills.py::test_nothing_is_lost_and_inboxes_hold_everything_once",
    "tests/journeys/test_feedback_looks.py::test_hostile_words_stay_words",
    "tests/journeys/test_two_devices.py::test_the_author_chooses_what_stays",
    "tests/journeys/test_sharing.py::test_shared_with_one_with_all_narrowed_taken_back_and_gone_for_the_next_look",
    "tests/journeys/test_feedback_turns.py::test_words_that_come_too_late_stay_on_the_phone",
    "tests/journeys/test_taken_back.py::test_a_cohort_that_was_left_is_not_readable_without_signal",
    "tests/journeys/test_taken_back.py::test_taken_back_and_deleted_words_are_not_readable_without_signal",
    "tests/guards/test_bad_bodies.py::test_odd_values_are_taken_or_refused_and_no_more",
    "tests/guards/test_bad_bodies.py::test_bad_bodies_are_refused_and_nothing_is_written",
    "tests/journeys/test_contract.py::test_axe_finds_nothing",
    "tests/guards/test_any_request.py::test_no_request_is_a_fault_of_ours",
    "tests/journeys/test_axe.py::test_responding_and_being_without_signal",
)


def in_order(items: Sequence[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests, for so many workers."""
    long = sorted((one for one in items if _rank(one) < len(LONGEST)), key=_rank)
    rest = iter(_spread(one for one in items if _rank(one) == len(LONGEST)))
    ordered: list[pytest.Item] = []
    for number in range(workers):
        part = (len(items) - len(ordered)) // (workers - number)
        first = long[number::workers]
        ordered += [*first, *islice(rest, max(0, part - len(first)))]
    return [*ordered, *rest]


def _rank(item: pytest.Item) -> int:
    """Its place among the longest, or behind them."""
    places = (at for at, name in enumerate(LONGEST) if item.nodeid.startswith(name))
    return next(places, len(LONGEST))


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _spread(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Journeys between the files of the others, as evenly as it goes: a file stays together."""
    journeys: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for one in items:
        (journeys if one.nodeid.startswith("tests/journeys/") else others).append(one)
    files = [list(tests) for _, tests in groupby(others, _file)]
    spread: list[pytest.Item] = []
    for number, file in enumerate(files):
        now = slice(*(len(journeys) * at // len(files) for at in (number, number + 1)))
        spread += [*file, *journeys[now]]
    return spread if files else journeys
