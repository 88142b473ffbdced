"""What a phone sends again, because an answer was lost, tells nobody twice and refuses nothing."""

from uuid import UUID

import pytest

from backend.core import ids
from backend.core.ledger import Fact
from tests.make import NEW, Make, at_version


def facts(make: Make, kind: str, about: UUID) -> int:
    with make.session() as session:
        return session.query(Fact).where(Fact.kind == kind, Fact.about_id == about).count()


def test_a_shared_reflection_sent_again_after_its_author_left_is_a_replay(make: Make) -> None:
    facilitator, amina = make.somebody("Fay"), make.somebody("Amina")
    rowan = make.cohort(facilitator, amina)
    id = ids.new_id()
    body = {"text": "I held back.", "cohort_id": str(rowan), "audience": "cohort"}
    amina.keep(id, **body)
    amina.delete(f"/api/cohorts/{rowan}/people/me")

    again = [amina.keep(id, headers, **body) for headers in (NEW, at_version(1))]

    assert [(answer.status_code, answer.json["version"]) for answer in again] == [(200, 1)] * 2
    assert again[0].json["shared_with"] == []


def test_a_reflection_for_somebody_who_left_since_is_a_replay(make: Make) -> None:
    amina, bo, callum = (make.somebody(name) for name in ("Amina", "Bo", "Callum"))
    rowan = make.cohort(amina, bo, callum)
    id = ids.new_id()
    named = [str(bo.id), str(callum.id)]
    body = {"text": "For two.", "cohort_id": str(rowan), "audience": "people", "shared_with": named}
    amina.keep(id, **body)
    bo.delete(f"/api/cohorts/{rowan}/people/me")
    amina.keep(id, at_version(1), **body | {"text": "Still for two."})

    again = amina.keep(id, NEW, **body)
    stale = amina.keep(id, at_version(1), **body)

    assert (again.status_code, again.json["text"]) == (200, "Still for two.")
    assert stale.status_code == 412


@pytest.mark.parametrize("change", [{}, {"text": "Better words."}])
def test_an_edit_and_a_replay_tell_nobody_again(make: Make, change: dict[str, str]) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(amina, bo)
    id = make.reflection(amina, cohort=rowan)
    body = {"text": "I held back.", "cohort_id": str(rowan), "audience": "cohort"} | change

    for version in (1, 2, 1):
        amina.keep(id, at_version(version), **body)

    assert facts(make, "shared", id) == 1


def test_taking_back_is_written_down_once_also_when_the_cohort_goes_with_it(make: Make) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(amina, bo)
    with_cohort, without = (make.reflection(amina, cohort=rowan) for _ in range(2))

    for _ in range(2):
        amina.keep(with_cohort, at_version(1), text="Mine.", cohort_id=str(rowan))
        amina.keep(without, at_version(1), text="Mine.", cohort_id=None)

    assert [facts(make, "taken_back", id) for id in (with_cohort, without)] == [1, 1]
    assert bo.texts() == []
