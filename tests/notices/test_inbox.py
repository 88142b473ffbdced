"""The inbox: what each person hears of, once, never of their own acts, and never what is gone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.core import clock
from backend.core.app import App
from backend.core.ledger import Fact
from backend.core.paging import LONGEST_PAGE
from backend.notices import actions
from backend.notices.models import Notice
from backend.rhythm.rules import Kind
from tests.make import Make, Somebody, at_version
from tests.together import together


def inbox(person: Somebody) -> list[tuple[str, str]]:
    """Kind and path of all in somebody's inbox, newest first."""
    answer = person.get("/api/notices").json
    assert answer
    return [(item["kind"], item["path"]) for item in answer["items"]]


def waiting(person: Somebody) -> int:
    return int(person.get("/api/notices/waiting").json["count"])  # type: ignore[index]


def test_nobody_reads_an_inbox_without_signing_in(make: Make) -> None:
    assert make.stranger().get("/api/notices").status_code == 401


def test_what_is_shared_is_told_to_whom_it_reaches(
    make: Make, morag: Somebody, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    reflection = make.reflection(amina, cohort=cohort, people=[callum])
    make.announce()
    item = callum.get("/api/notices").json["items"][0]  # type: ignore[index]
    assert item.pop("id")
    assert item.pop("happened_at")
    assert item == {
        "kind": "shared",
        "what": "shared",
        "is_read": False,
        "by": {"id": str(amina.id), "name": "Amina"},
        "about": {
            "type": "reflection",
            "id": str(reflection),
            "cohort_id": str(cohort),
            "cohort_name": "Rowan",
        },
        "path": f"/reflections/{reflection}",
    }
    assert inbox(morag) == []
    assert inbox(amina) == []


def test_a_response_is_told_to_whose_reflection_it_answers(
    make: Make, morag: Somebody, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    reflection = make.reflection(amina, cohort=cohort)
    make.response(callum, reflection)
    make.announce()
    assert inbox(amina) == [("response", f"/mine/{reflection}")]
    assert inbox(morag) == [("shared", f"/reflections/{reflection}")]


def test_who_joins_is_told_to_those_who_were_there(
    make: Make, morag: Somebody, amina: Somebody, cohort: Any
) -> None:
    olu = make.somebody("Olu")
    make.join(olu, cohort, morag)
    make.announce()
    assert inbox(amina) == inbox(morag) == [("joined", f"/cohort/people?cohort={cohort}")]
    assert inbox(olu) == []


def test_telling_twice_tells_once(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    make.reflection(amina, cohort=cohort)
    assert make.announce() == 1
    assert make.announce() == 0
    with make.session() as session:  # as if a worker had died and another had begun anew
        session.query(Fact).update({"heard_at": None})
    make.announce()
    assert [kind for kind, _ in inbox(callum)].count("shared") == 1


def test_what_is_taken_back_leaves_the_inbox_at_once(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    reflection = make.reflection(amina, "We spoke.", cohort=cohort)
    response = make.response(callum, reflection)
    make.announce()
    assert (waiting(callum), waiting(amina)) == (1, 1)
    callum.delete(f"/api/responses/{response}")
    assert inbox(amina) == []
    amina.keep(reflection, at_version(1), text="We spoke.", cohort_id=str(cohort))
    assert inbox(callum) == []
    assert (waiting(callum), waiting(amina)) == (0, 0)


def test_what_was_taken_back_before_it_was_told_is_never_told(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    amina.delete(f"/api/reflections/{make.reflection(amina, cohort=cohort)}")
    make.announce()
    assert inbox(callum) == []
    assert count(make) == 0


def test_what_is_shared_anew_is_told_anew(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    reflection = make.reflection(amina, "We spoke.", cohort=cohort)
    make.announce()
    to_cohort = {"text": "We spoke.", "cohort_id": str(cohort), "audience": "cohort"}
    amina.keep(reflection, at_version(1), text="We spoke.", cohort_id=str(cohort))
    amina.keep(reflection, at_version(2), **to_cohort)
    make.announce()
    assert inbox(callum) == [("shared", f"/reflections/{reflection}")]


def test_who_leaves_a_cohort_leaves_its_notices(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    make.reflection(amina, cohort=cohort)
    make.announce()
    callum.phone.delete(f"/api/cohorts/{cohort}/people/me")
    assert inbox(callum) == []


def test_what_was_read_is_read_and_another_time_changes_nothing(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    make.reflection(amina, cohort=cohort)
    make.announce()
    (item,) = callum.get("/api/notices").json["items"]  # type: ignore[index]
    for _ in range(2):
        assert read(callum, item["id"]) == 204
    assert callum.get("/api/notices").json["items"][0]["is_read"]  # type: ignore[index]
    assert waiting(callum) == 0


def test_reading_one_leaves_the_others(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    made = [f"/reflections/{make.reflection(amina, cohort=cohort)}" for _ in range(3)]
    make.announce()
    unseen = callum.get("/api/notices/waiting").json["newest"]  # type: ignore[index]
    assert sorted(one["path"] for one in unseen) == sorted(made)
    read(callum, unseen[1]["id"])
    left = callum.get("/api/notices/waiting").json
    assert left == {"count": 2, "newest": [unseen[0], unseen[2]]}


def test_more_than_are_named_are_counted(make: Make, callum: Somebody) -> None:
    raised = [
        actions.Raised(callum.id, Kind.PROMPT, f"prompt:{day}", clock.now(), clock.now())
        for day in range(LONGEST_PAGE + 1)
    ]
    with make.session() as session:
        actions.raise_notices(session, raised)
    told = callum.get("/api/notices/waiting").json
    assert told
    assert told["count"] == LONGEST_PAGE + 1
    assert len(told["newest"]) == LONGEST_PAGE


def test_nobody_reads_for_another(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    make.reflection(amina, cohort=cohort)
    make.announce()
    (item,) = callum.get("/api/notices").json["items"]  # type: ignore[index]
    assert read(amina, item["id"]) == 204  # and she learns nothing from it
    assert waiting(callum) == 1


def read(person: Somebody, id: str) -> int:
    return person.phone.post("/api/notices/read", json={"ids": [id]}).status_code


def test_a_long_inbox_is_read_in_pages(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    made = [f"/reflections/{make.reflection(amina, cohort=cohort)}" for _ in range(7)]
    make.announce()
    seen, after = [], ""
    while True:
        page = callum.get(f"/api/notices?limit=3{after}").json
        assert page
        seen += [item["path"] for item in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert sorted(seen) == sorted(made)


def test_an_unchanged_inbox_is_not_sent_again(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    make.reflection(amina, cohort=cohort)
    make.announce()
    etag = callum.get("/api/notices").headers["ETag"]
    again = callum.get("/api/notices", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_what_is_long_ago_comes_as_read(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    with clock.standing_at(clock.now() + timedelta(days=1)):
        make.reflection(amina, cohort=cohort)
    with clock.standing_at(clock.now() + timedelta(days=9)):
        make.announce()
    assert waiting(callum) == 0
    assert len(inbox(callum)) == 1


def test_after_half_a_year_a_notice_is_forgotten(
    app: App, make: Make, amina: Somebody, cohort: Any
) -> None:
    make.reflection(amina, cohort=cohort)
    make.announce()
    with make.session() as session:
        actions.tidy(session)
    assert count(make) == 2
    with make.session() as session, clock.standing_at(clock.now() + timedelta(days=181)):
        actions.tidy(session)
    assert count(make) == 0


def count(make: Make) -> int:
    with make.session() as session:
        return session.scalar(select(func.count()).select_from(Notice)) or 0


class Killed(BaseException):
    """What a test says instead of kill -9."""


def test_who_dies_while_telling_has_told_nobody_and_the_next_tells_all(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.reflection(amina, cohort=cohort)

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(actions, "raise_notices", die)
    with pytest.raises(Killed):
        make.announce()
    monkeypatch.undo()
    assert inbox(callum) == []
    assert make.announce() == 1
    assert len(inbox(callum)) == 1


def test_told_in_two_transactions_it_would_be_lost(
    app: App, make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    """The control: note that it was heard, commit, and die before telling."""
    make.reflection(amina, cohort=cohort)
    with make.session() as session:
        actions._claim_unheard(session, 20)
    assert make.announce() == 0
    assert inbox(callum) == []


def test_four_at_once_tell_each_once(
    make: Make, amina: Somebody, callum: Somebody, cohort: Any
) -> None:
    for _ in range(60):
        make.reflection(amina, cohort=cohort)
    assert sum(together([make.announce] * 4)) == 60
    page = callum.get("/api/notices?limit=100").json
    assert page
    assert len(page["items"]) == 60
