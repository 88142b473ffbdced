"""What the work after a share costs: its statements are built once, and not again for each."""

import cProfile
import pstats
from uuid import UUID

from tests.make import Make, Somebody
from tests.notices.test_sending import letters, pushes

# Calls of functions, which are the same on every machine: to build one statement anew takes as
# many, for who may hear of what is a page of SQL.
ENOUGH = 30_000


def test_a_share_is_told_and_said_with_statements_built_once(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    make.device(callum)

    def calls() -> int:
        make.reflection(amina, cohort=cohort)
        with cProfile.Profile() as profile:
            assert make.announce() == 1
            assert len(pushes(make)) == 1
            letters(make)
        total: int = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
        return total

    calls()  # they are built by now
    assert calls() < ENOUGH
