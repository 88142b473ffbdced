"""What is laid out once and copied (`tests/laid_out.py`): a copy is as if it were laid out anew."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from backend.core import clock, ids
from backend.core.app import App
from backend.core.db import Base
from tests.conftest import A_MORNING
from tests.guards.world import dump
from tests.laid_out import laid_out
from tests.make import Letterbox, Make, Somebody

ME = "/api/me"


@dataclass
class Two:
    make: Make
    amina: Somebody
    bo: Somebody
    cohort: UUID


def two(make: Make) -> Two:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    made = Two(make, amina, bo, make.cohort(amina, bo))
    make.check_in(amina, made.cohort, make.commitment(made.cohort, amina, bo))
    return made


def empty(app: App) -> None:
    """As the next test finds it."""
    with app.database.writing() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))
        session.commit()


def test_a_copy_has_every_row_and_phones_of_its_own(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    with clock.standing_at(A_MORNING):
        first = laid_out(make, two)
        before = dump(make)
        first.amina.phone.delete("/api/sign-in/sessions/current")
        assert dump(make) != before
        empty(app)
        later = Make(app, letterbox)
        copy = laid_out(later, two)
        assert dump(later) == before
        assert (copy.make, copy.cohort) == (later, first.cohort)
        assert [one.get(ME).status_code for one in (copy.amina, copy.bo)] == [200, 200]
        assert first.amina.get(ME).status_code == 401
        # and life goes on
        shared = {"text": "New.", "audience": "cohort", "cohort_id": str(copy.cohort)}
        assert copy.bo.keep(ids.new_id(), **shared).status_code == 201
        assert later.announce() > 0


def test_nobody_who_is_there_is_lost(make: Make) -> None:
    with clock.standing_at(A_MORNING):
        laid_out(make, two)
        cleo = make.somebody("Cleo")
        assert laid_out(make, two).amina.get(ME).status_code == 200
        assert cleo.get(ME).status_code == 200


def test_what_is_older_than_a_moment_is_laid_out_anew(app: App, make: Make) -> None:
    with clock.standing_at(A_MORNING):
        first = laid_out(make, two)
    for ahead in (timedelta(minutes=2), timedelta(minutes=1)):  # the second is before the first
        empty(app)
        with clock.standing_at(A_MORNING + ahead):
            assert laid_out(make, two).cohort != first.cohort
