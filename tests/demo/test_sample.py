"""Rowan as it is laid out: seen by its people, through the same doors as any cohort."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.core import clock
from backend.core.app import App
from backend.core.db import Base
from backend.core.ledger import Fact
from backend.core.outbox.models import Outgoing
from backend.demo.actions import make_sample
from backend.demo.people import PEOPLE
from backend.demo.shapes import Kept
from backend.demo.words import RESPONDED, TIMELINES
from backend.people.queries import person_with_email
from tests.laid_out import copy_sqlite
from tests.make import Make

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
JOINED = {person.key: person.joined_ago for person in PEOPLE}
EMAILS = {person.key: person.email for person in PEOPLE}

Phones = Callable[[str], FlaskClient]


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sample is kept for the next test on SQLite: to lay it out takes most of one."""
    return tmp_path_factory.mktemp("sample") / "laid-out.db"


@pytest.fixture
def phone_of(make: Make, laid_out: Path) -> Phones:
    """The sample cohort, laid out; gives the phone of one of its people."""
    kind, _, place = make.app.settings.database_url.partition(":///")
    if kind == "sqlite" and laid_out.exists():
        copy_sqlite(laid_out, Path(place))
    else:
        with make.session() as session:
            assert make_sample(session, NOW)
        if kind == "sqlite":
            copy_sqlite(Path(place), laid_out)

    def of(key: str) -> FlaskClient:
        with make.session() as session:
            person = person_with_email(session, EMAILS[key])
            assert person
            id = person.id
        return make.phone_of(id)

    return of


def everything(phone: FlaskClient, path: str) -> Iterator[dict[str, Any]]:
    """The items of every page of a list."""
    after = ""
    while True:
        page = phone.get(f"{path}limit=100{after}").get_json()
        yield from page["items"]
        if page["next"] is None:
            return
        after = f"&after={page['next']}"


def texts(phone: FlaskClient) -> set[str]:
    return {item["text"] for item in everything(phone, "/api/reflections?") if item["text"]}


def shared_on(kept: Kept) -> int:
    return kept.ago if kept.shared_ago is None else kept.shared_ago


def reaches(kept: Kept, key: str) -> bool:
    """Whether this sample reflection is to reach somebody, as it was written down."""
    if kept.taken_back_ago is not None:
        return False
    return key in kept.people or (kept.audience == "cohort" and JOINED[key] > shared_on(kept))


def test_fourteen_people_are_in_it(phone_of: Phones) -> None:
    phone = phone_of("amina")
    (cohort,) = phone.get("/api/cohorts").get_json()["items"]
    people = phone.get(f"/api/cohorts/{cohort['id']}/people").get_json()["items"]
    assert {person["name"] for person in people} == {person.name for person in PEOPLE}
    assert [p["name"] for p in people if p["role"] == "facilitator"] == ["Morag Sutherland"]
    assert all(p["matters"] and p["brings"] and p["curious_about"] for p in people)


def test_everybody_sees_what_is_theirs_and_what_was_shared_with_them(phone_of: Phones) -> None:
    for key in EMAILS:
        wanted = {
            kept.text
            for author, timeline in TIMELINES.items()
            for kept in timeline
            if kept.text and (author == key or reaches(kept, key))
        }
        assert texts(phone_of(key)) == wanted, key


def test_what_was_shared_before_somebody_joined_does_not_reach_them(phone_of: Phones) -> None:
    before = {
        kept.text
        for timeline in TIMELINES.values()
        for kept in timeline
        if kept.audience == "cohort" and shared_on(kept) > JOINED["hamid"]
    }
    assert len(before) > 5
    assert before <= texts(phone_of("siobhan"))
    assert not before & texts(phone_of("hamid"))


def test_what_is_private_is_not_seen_by_the_facilitator(phone_of: Phones) -> None:
    private = {kept.text for kept in TIMELINES["amina"] if kept.text and kept.audience == "me"}
    assert len(private) > 10
    assert private <= texts(phone_of("amina"))
    assert not private & texts(phone_of("morag"))


def test_the_answers_are_there_for_who_may_see_what_they_answer(phone_of: Phones) -> None:
    phone = phone_of("len")
    (found,) = [
        item
        for item in everything(phone, "/api/reflections?")
        if item["text"].startswith("This one's for all of you")
    ]
    answers = phone.get(f"/api/reflections/{found['id']}/responses").get_json()["items"]
    assert [answer["text"] for answer in answers] == [
        answer.text for answer in RESPONDED if answer.to == "callum-told-cohort"
    ]


def test_it_was_lived_in_order_and_ends_before_now(phone_of: Phones) -> None:
    phone = phone_of("morag")
    (cohort,) = phone.get("/api/cohorts").get_json()["items"]
    activity = list(everything(phone, f"/api/cohorts/{cohort['id']}/activity?"))
    moments = [datetime.fromisoformat(item["happened_at"]) for item in activity]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] <= NOW
    assert moments[0] > NOW - timedelta(days=2)
    assert {item["kind"] for item in activity} >= {
        "cohort_made",
        "invited",
        "invitation_revoked",
        "joined",
        "shared",
        "responded",
    }


def test_a_year_ago_there_was_something_already(phone_of: Phones) -> None:
    for key in ("amina", "callum"):
        oldest = list(everything(phone_of(key), "/api/reflections?author=me&"))[-1]
        assert datetime.fromisoformat(oldest["written_at"]).date() == NOW.date() - timedelta(365)
        assert oldest["audience"] == "me"


@pytest.mark.usefixtures("phone_of")
def test_a_second_time_changes_nothing(app: App, make: Make) -> None:
    def count() -> dict[str, int]:
        with app.database.reading() as session:
            tables = Base.metadata.sorted_tables
            return {
                t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables
            }

    before = count()
    with make.session() as session:
        assert not make_sample(session, NOW + timedelta(days=3))
    assert count() == before


def test_inboxes_are_lived_in_and_nothing_of_it_is_sent(make: Make, phone_of: Phones) -> None:
    """The newest of a week is unread; whoever looks around first meets no storm of mails."""
    for key in ("amina", "callum", "morag"):
        phone = phone_of(key)
        items = phone.get("/api/notices?limit=100").json["items"]  # type: ignore[index]
        assert len(items) > 10
        assert {item["kind"] for item in items} >= {"shared", "joined"}
        read = [item["is_read"] for item in items]
        assert any(read)
        assert not all(read)
        assert 1 <= phone.get("/api/notices/waiting").json["count"] <= 30  # type: ignore[index]
    with make.session() as session:
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 0
        assert session.scalar(select(func.count()).where(Fact.heard_at.is_(None))) == 0


def test_its_contract_grew_by_consent_and_is_felt(phone_of: Phones) -> None:
    phone = phone_of("hamid")
    (cohort,) = phone.get("/api/cohorts").get_json()["items"]
    path = f"/api/cohorts/{cohort['id']}"
    contract = phone.get(f"{path}/contract").get_json()
    assert contract["version"] == 4
    assert contract["commitments"][0]["text"].startswith("We pause before we answer")
    closed = phone.get(f"{path}/proposals?state=closed").get_json()["items"]
    assert sorted(one["state"] for one in closed) == ["adopted"] * 4 + ["returned"]
    (still_open,) = phone.get(f"{path}/proposals").get_json()["items"]
    assert still_open["answered"] == 5
    assert still_open["positions"] is not None, "Hamid has answered"
    pulse = phone.get(f"{path}/pulse").get_json()
    assert [len(one["pulses"]) for one in pulse["items"]] == [1, 1]
    assert pulse["to_talk_about"]
    (asked,) = phone.get(f"{path}/check-ins").get_json()["items"]
    assert asked["my_answer"]["word"] == "patchy"


def test_it_has_questions_of_its_own_and_a_reminder_and_none_is_due(
    make: Make, phone_of: Phones
) -> None:
    phone = phone_of("amina")
    (cohort,) = phone.get("/api/cohorts").get_json()["items"]
    questions = phone.get("/api/prompts").get_json()["items"]
    own = [one["by"]["name"].split()[0] for one in questions if one["cohort_id"] == cohort["id"]]
    assert own == ["Denise", "Morag"]
    (reminder,) = phone.get(f"/api/cohorts/{cohort['id']}/reminders").get_json()["items"]
    assert (reminder["about"], reminder["weekdays"], reminder["at"]) == ("reflection", [3], "12:30")
    with clock.standing_at(NOW):
        assert make.remind() == 0
        make.prompt()
    with make.session() as session:
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 0
