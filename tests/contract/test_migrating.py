"""What was suggested before there were floors: counted and open like what is suggested since."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text, update

from backend.contract.models import Contract, Proposal
from backend.core import migrating
from backend.core.app import App
from tests.contract.conftest import Group


def test_what_was_open_gets_its_week(app: App, group: Group, at: Any) -> None:
    engine, now = app.database.engine, at()
    open_one, decided = UUID(group.suggests(1)), UUID(group.adopts("We rest.")["id"])
    path = f"/api/cohorts/{group.cohort}/contract"
    group.people[0].phone.patch(path, json={"check_in_every_weeks": 1})
    with group.make.session() as session:
        session.execute(update(Contract).values(answers_needed=1))
        soon = {"closes_at": now + timedelta(minutes=5)}
        session.execute(update(Proposal).values(**soon))
    migrating.downgrade(engine, "0011")
    with engine.connect() as connection:
        there = connection.execute(text("SELECT * FROM proposal")).mappings().all()
        assert not any("members_first" in row for row in there)
    migrating.upgrade(engine)
    with group.make.session() as session:
        rows = {id: session.get_one(Proposal, id) for id in (open_one, decided)}
        assert session.get_one(Contract, group.cohort).answers_needed is None
    week = timedelta(days=7, hours=1)
    assert rows[open_one].closes_at == now + week
    assert rows[decided].closes_at == now + timedelta(minutes=5)  # it is over


def test_down_reckons_how_many_there_were(app: App, group: Group, at: Any) -> None:
    group.suggests(1)
    at(days=1)
    for person in group.people[3:]:
        group.leaves(person)
    group.make.join(group.outsider, group.cohort, group.people[0])
    group.suggests(2)
    migrating.downgrade(app.database.engine, "0017")
    with app.database.engine.connect() as connection:
        known = "SELECT members_first, members_most FROM proposal ORDER BY created_at"
        assert connection.execute(text(known)).all() == [(5, 5), (4, 4)]


def test_down_takes_along_what_the_version_before_does_not_know(app: App, group: Group) -> None:
    engine = app.database.engine
    kept = group.suggests(1)
    id = group.suggests(2, "", kind="decide", wanted_answers=4)
    group.stands(group.people[3], id, "concern", text="Hm.")
    group.make.remark(group.people[3], UUID(id))
    migrating.downgrade(engine, "0011")
    with engine.connect() as connection:
        for table, count in (("proposal", 1), ("position", 1), ("remark", 0)):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == count
    migrating.upgrade(engine)
    assert group.sees(group.people[3], kept)["state"] == "open"


def test_down_takes_along_what_was_suggested_about_the_cohort(app: App, group: Group) -> None:
    engine = app.database.engine
    kept = group.suggests(1)
    adopted = group.adopts("To hear each other.", kind="purpose")
    id = group.suggests(2, "", kind="dates", ends_on="2028-01-31")
    group.stands(group.people[3], id, "concern", text="Hm.")
    group.make.remark(group.people[3], UUID(id))
    migrating.downgrade(engine, "0027")
    with engine.connect() as connection:
        for table, count in (("proposal", 1), ("position", 1), ("remark", 0)):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == count
    migrating.upgrade(engine)
    assert group.sees(group.people[3], kept)["state"] == "open"
    assert group.sees(group.people[3], adopted["id"])["code"] == 404
    about = group.people[3].get(f"/api/cohorts/{group.cohort}").json
    assert about["purpose"] == "To hear each other."
