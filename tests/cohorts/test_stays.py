"""Who belonged to a cohort when, though a membership keeps the last stay alone."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from backend.cohorts.queries import stays
from backend.cohorts.rules import Stay, Stays
from tests.make import Make

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
HOURS = st.integers(0, 12)
STAY = st.tuples(HOURS, st.none() | HOURS)


def at_hour(hour: int) -> datetime:
    return BEGIN + timedelta(hours=hour)


@given(st.lists(STAY, max_size=8), HOURS, HOURS)
def test_all_moments_one_by_one_say_the_same(
    some: list[tuple[int, int | None]], one: int, other: int
) -> None:
    begin, end = sorted((one, other))
    made = Stays(
        Stay(UUID(int=number), at_hour(since), None if until is None else at_hour(until))
        for number, (since, until) in enumerate(some)
    )
    there = {
        hour: {
            number
            for number, (since, until) in enumerate(some)
            if since <= hour and (until is None or hour < until)
        }
        for hour in range(begin, end + 1)
    }
    known = {hour: made.there(at_hour(hour)) for hour in there}
    assert {hour: {who.int for who in now} for hour, now in known.items()} == there
    assert {hour: made.count(at_hour(hour)) for hour in there} == {
        hour: len(now) for hour, now in there.items()
    }
    assert made.most(at_hour(begin), at_hour(end)) == max(map(len, there.values()))
    stayed = set.intersection(*there.values())
    assert made.throughout(at_hour(begin), at_hour(end)) == len(stayed)


def test_of_each_day_it_is_known_who_was_there(make: Make, at: Any) -> None:
    """Also of who has left, or left and came back, however far back one looks."""
    at()
    morag, amina, bo, cleo = (make.somebody(name) for name in ("Morag", "Amina", "Bo", "Cleo"))
    cohort = make.cohort(morag, amina, bo)
    other = make.cohort(morag, cleo)
    comes = {3: [amina], 5: [cleo], 6: [bo], 9: [amina]}
    leaves = {1: [amina], 4: [bo], 7: [amina, cleo]}
    here, days = {morag.id, amina.id, bo.id}, {}
    for day in range(11):
        days[at(days=day)] = here
        moment = at(days=day, hours=1)
        for who in leaves.get(day, ()):
            assert who.delete(f"/api/cohorts/{cohort}/people/me").status_code == 204
            here = here - {who.id}
        for who in comes.get(day, ()):
            make.join(who, cohort, morag)
            here = here | {who.id}
        days[moment] = here
    with make.session() as session:
        for begin in days:
            known = stays(session, [cohort, other], begin)
            told = {moment: set(known[cohort].there(moment)) for moment in days if moment >= begin}
            assert told == {moment: now for moment, now in days.items() if moment >= begin}
            assert len(known[other].there(begin)) == 2
        last = known[cohort].there(max(days))
    assert last == {morag.id: at(), bo.id: at(days=6, hours=1), amina.id: at(days=9, hours=1)}
