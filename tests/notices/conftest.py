"""Given to the tests of notices: a morning, and a cohort of three."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import delete

from backend.core import clock
from backend.notices.models import Notice
from tests.conftest import A_MORNING
from tests.make import Make, Somebody


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    """Time stands at half past nine, when everybody may be reached."""
    with clock.standing_at(A_MORNING):
        yield


@pytest.fixture
def morag(make: Make) -> Somebody:
    return make.somebody("Morag")


@pytest.fixture
def amina(make: Make) -> Somebody:
    return make.somebody("Amina")


@pytest.fixture
def callum(make: Make) -> Somebody:
    return make.somebody("Callum")


@pytest.fixture
def cohort(make: Make, morag: Somebody, amina: Somebody, callum: Somebody) -> UUID:
    """Morag convenes, Amina and Callum take part; who joined has been told and forgotten."""
    made = make.cohort(morag, amina, callum)
    make.announce()
    with make.session() as session:
        session.execute(delete(Notice))
    return made
