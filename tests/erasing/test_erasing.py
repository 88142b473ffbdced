"""Being erased: asking, changing one's mind, and that nothing is left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, func, select
from werkzeug.test import TestResponse

from backend.core.app import App
from backend.core.db import Words, table_of
from backend.core.outbox.models import Outgoing
from backend.erasing import carrying_out, erased_list, rules
from backend.erasing.tables import declared
from backend.people.models import Because, Erasure, Person
from tests.guards.routes import all_calls
from tests.guards.world import World, build, dump
from tests.make import Letterbox, Make, Somebody, at_version

At = Callable[..., datetime]


def ask(make: Make, person: Somebody, *, keep_name: bool = False) -> TestResponse:
    make.deliver()  # so that the newest letter is the one with the code
    code = make.code_for(person.phone, person.email)
    body = {"code": code, "keep_name": keep_name}
    return person.phone.post("/api/me/erasure", json=body)


def signs_in(make: Make, person: Somebody) -> TestResponse:
    phone = make.stranger()
    body = {"email": person.email, "code": make.code_for(phone, person.email)}
    return phone.post("/api/sign-in/sessions", json=body)


def subjects(letterbox: Letterbox, make: Make) -> list[str]:
    """What came by mail but for codes."""
    make.deliver()
    found = [one.subject for one in letterbox.letters if "Your code" not in one.subject]
    letterbox.letters.clear()
    return found


def wait(make: Make, at: At, *days: float) -> None:
    """Let time pass, and the worker work at each of these days."""
    for day in days:
        make.deliver()
        at(days=day)
        make.erase_people()
    make.deliver()


def is_here(make: Make, id: UUID) -> bool:
    with make.session() as session:
        return session.get(Person, id) is not None


def test_asking_takes_a_code_signs_out_everywhere_and_says_when(
    make: Make, at: At, letterbox: Letterbox
) -> None:
    now = at()
    amina = make.somebody()
    elsewhere = make.phone_of(amina.id)
    body = {"code": "12345678", "keep_name": False}
    assert amina.phone.post("/api/me/erasure", json=body).json["reason"] == "wrong_code"  # type: ignore[index]
    assert amina.get("/api/me/erasure").json["erases_at"] is None  # type: ignore[index]
    answer = ask(make, amina)
    assert answer.status_code == 202
    assert datetime.fromisoformat(answer.json["erases_at"]) == now + timedelta(days=14)  # type: ignore[index]
    assert elsewhere.get("/api/me").json["reason"] == "ended_by_you"  # type: ignore[index]
    assert amina.get("/api/me").status_code == 401
    assert subjects(letterbox, make) == ["You asked to be erased from Alongside"]


def test_it_says_what_becomes_of_what_is_mine(make: Make) -> None:
    amina, bo = make.somebody(), make.somebody("Bo")
    cohort = make.cohort(bo, amina)
    make.reflection(amina, cohort=cohort)
    make.reflection(bo, cohort=cohort)
    make.feedback(bo, amina, cohort, "You waited.")
    make.proposal(bo, cohort)
    told = {one["kind"]: one for one in amina.get("/api/me/erasure").json["kinds"]}  # type: ignore[index]
    assert told["reflections"] == {"kind": "reflections", "becomes": "goes", "count": 1}
    assert told["feedback"] == {"kind": "feedback", "becomes": "chosen", "count": 1}
    assert told["contract"] == {"kind": "contract", "becomes": "unnamed", "count": 0}


def test_signing_in_within_two_weeks_undoes_it_and_says_so(
    make: Make, at: At, letterbox: Letterbox
) -> None:
    at()
    amina = make.somebody()
    ask(make, amina)
    wait(make, at, 13)
    answer = signs_in(make, amina)
    assert answer.json["erasure_undone"] is True  # type: ignore[index]
    wait(make, at, 14, 15, 30)
    assert is_here(make, amina.id)
    assert signs_in(make, amina).json["erasure_undone"] is False  # type: ignore[index]
    assert subjects(letterbox, make)[1:] == ["Your account on Alongside will soon be erased"]


def test_changing_ones_mind_twice_does_no_harm(make: Make, at: At) -> None:
    at()
    amina = make.somebody()
    assert amina.phone.delete("/api/me/erasure").status_code == 204
    with make.session() as session:
        session.add(_erasure(amina.id, at()))
    assert amina.get("/api/me/erasure").json["erases_at"]  # type: ignore[index]
    assert amina.phone.delete("/api/me/erasure").status_code == 204
    assert amina.get("/api/me/erasure").json["erases_at"] is None  # type: ignore[index]


def _erasure(person: UUID, now: datetime, because: Because = Because.ASKED) -> Erasure:
    return Erasure(
        person_id=person,
        because=because,
        keeps_name=False,
        asked_at=now,
        erases_at=now + rules.begins_with(because),
        written=0,
    )


def test_a_mail_at_the_beginning_one_before_and_a_receipt(
    make: Make, at: At, letterbox: Letterbox
) -> None:
    at()
    amina = make.somebody()
    ask(make, amina)
    wait(make, at, 11.9)
    assert len(subjects(letterbox, make)) == 1
    wait(make, at, 12)
    assert subjects(letterbox, make) == ["Your account on Alongside will soon be erased"]
    wait(make, at, 13.9)
    assert is_here(make, amina.id)
    wait(make, at, 14)
    assert not is_here(make, amina.id)
    assert subjects(letterbox, make) == ["You have been erased from Alongside"]
    assert signs_in(make, amina).json["reason"] == "not_invited"  # type: ignore[index]
    wait(make, at, 15)
    assert subjects(letterbox, make) == []


def test_where_the_worker_slept_nobody_goes_without_two_days_notice(make: Make, at: At) -> None:
    at()
    amina = make.somebody()
    ask(make, amina)
    wait(make, at, 20, 21.9)
    assert is_here(make, amina.id)
    wait(make, at, 22)
    assert not is_here(make, amina.id)


# --- nothing is left


def cells(make: Make) -> Iterator[tuple[Table, dict[str, Any]]]:
    """Every row of every table, with its words opened."""
    with make.app.database.reading() as session:
        for table in declared():
            for row in session.execute(select(table)).mappings():
                yield table, dict(row)


def words_of(make: Make, person: UUID) -> set[str]:
    """All that is sealed in rows that are theirs and go: by the registry, so none is missed."""
    found: set[str] = set()
    for table, row in cells(make):
        privacy = declared()[table]
        is_theirs = privacy.subject is not None and row[privacy.subject] == person
        if is_theirs and privacy.erasure == "delete":
            found |= {
                row[column.name] for column in table.columns if isinstance(column.type, Words)
            }
    return {one for one in found if one}


def others_rows(make: Make, gone: UUID) -> dict[str, int]:
    """How many rows each table has that are somebody else's, or nobody's in particular."""
    found: dict[str, int] = {}
    for table, row in cells(make):
        subject = declared()[table].subject
        if subject is None or row[subject] != gone:
            found[table.name] = found.get(table.name, 0) + 1
    return found


def erase(make: Make, world: World, at: At, *, keep_name: bool = False) -> None:
    assert ask(make, world.author, keep_name=keep_name).status_code == 202
    wait(make, at, 12, 14)


def test_nothing_of_theirs_is_left_in_any_table_file_or_answer(
    make: Make, at: At, app: App, tmp_path: Path
) -> None:
    at()
    world = build(make)
    gone = world.author
    secrets = words_of(make, gone.id) | {gone.name, gone.email}
    assert len(secrets) > 6
    erase(make, world, at)
    ids = {str(gone.id), gone.id.hex}
    for table, row in cells(make):
        told = " ".join(str(value) for value in row.values())
        assert not any(id in told for id in ids), table.name
        assert not secrets & {value for value in row.values() if isinstance(value, str)}, table.name
    at_rest = repr(dump(make))
    assert not any(id in at_rest for id in ids)
    for file in tmp_path.iterdir():
        if file.name != erased_list.NAME:
            data = file.read_bytes()
            assert not any(id.encode() in data for id in ids), file.name
            assert gone.id.bytes not in data, file.name
    for person in (world.facilitator, world.member, world.outsider):
        for call in readable(app):
            answer = person.phone.get(call.path(world.ids(mail_token="x")))
            said = answer.get_data(as_text=True)
            assert str(gone.id) not in said, call
            assert not [one for one in secrets if f'"{one}"' in said], call


def readable(app: App) -> list[Any]:
    return [
        call
        for call in all_calls(app)
        if call.method == "GET" and "/api/" in str(call) and "docs" not in str(call)
    ]


# Rows of others that go with what somebody erased had made, as nobody can read them any more.
GOES_WITH_IT = {
    "response": "to a reflection that is gone",
    "share": "of a reflection that is gone",
    "feedback": "asked of somebody who had not answered, or withdrawn",
    "outbox": "what was to be sent about it",
    "device_trial": "of a device that is gone",
    "export_part": "of an export that is gone",
    "handover": "offered to them",
    "sealed_answer": "theirs, in an open check-in",
    "mark": "theirs",
}


def test_others_lose_nothing(make: Make, at: At) -> None:
    at()
    world = build(make)
    before = others_rows(make, world.author.id)
    erase(make, world, at)
    after = others_rows(make, world.author.id)
    lost = {name for name, count in before.items() if after.get(name, 0) < count}
    assert lost <= GOES_WITH_IT.keys()


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, step: int) -> Iterator[None]:
    """The process ends before this transaction of the erasure."""
    count = [0]

    def do(session: Any, statement: Any) -> int:
        count[0] += 1
        if count[0] == step:
            raise KeyboardInterrupt
        return tables_do(session, statement)

    tables_do = carrying_out.do
    with monkeypatch.context() as patch:
        patch.setattr(carrying_out, "do", do)
        with pytest.raises(KeyboardInterrupt):
            yield


@pytest.mark.parametrize("step", [1, 2, 9, 30])
def test_killed_in_the_middle_it_goes_on(
    make: Make, at: At, monkeypatch: pytest.MonkeyPatch, letterbox: Letterbox, step: int
) -> None:
    at()
    world = build(make)
    ask(make, world.author)
    wait(make, at, 12)
    at(days=14)
    subjects(letterbox, make)
    with killed_at(monkeypatch, step):
        make.erase_people()
    assert is_here(make, world.author.id)
    assert signs_in(make, world.author).json["reason"] == "not_invited"  # type: ignore[index]
    assert make.erase_people() == 1
    assert not is_here(make, world.author.id)
    assert subjects(letterbox, make) == ["You have been erased from Alongside"]


def test_an_older_copy_of_the_database_brings_nobody_back(
    make: Make, at: At, letterbox: Letterbox, app: App
) -> None:
    at()
    amina = make.somebody()
    ask(make, amina)
    wait(make, at, 12, 14)
    subjects(letterbox, make)
    with make.session() as session:  # as it was in the copy
        session.add(Person(**_row(amina)))
    make.reflection(amina, "From before.")
    assert make.erase_people() == 1
    assert not is_here(make, amina.id)
    assert subjects(letterbox, make) == []  # they had their receipt
    assert erased_list.ids(app.settings.data) == [amina.id]


def _row(person: Somebody) -> dict[str, Any]:
    texts = {"matters": "", "brings": "", "curious_about": ""}
    return {
        "id": person.id,
        "email_digest": b"x" * 32,
        "email": person.email,
        "name": person.name,
        "time_zone": "UTC",
        "language": "en",
        "joined_at": datetime.now().astimezone(),
        **texts,
    }


def test_the_list_takes_an_id_once_and_passes_over_half_a_line(tmp_path: Path) -> None:
    one, other = UUID(int=1), UUID(int=2)
    for id in (one, one, other):
        erased_list.add(tmp_path, id)
    file = tmp_path / erased_list.NAME
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(file.read_text() + "0000-half")
    assert erased_list.ids(tmp_path) == [one, other]
    late = UUID(int=3)
    erased_list.add(tmp_path, late)  # on a line of its own, whatever stands before it
    erased_list.add(tmp_path, late)
    assert erased_list.ids(tmp_path) == [one, other, late]


@pytest.mark.parametrize("garbled", [b"\0" * 36, b"\xff\xfe", b"z" * 36])
def test_a_garbled_line_stops_nobodys_day(
    garbled: bytes, make: Make, at: At, caplog: pytest.LogCaptureFixture
) -> None:
    at()
    amina = make.somebody()
    ask(make, amina)
    folder = make.app.settings.data
    (folder / erased_list.NAME).write_bytes(garbled + b"\n")
    wait(make, at, 12, 14.1)
    assert not is_here(make, amina.id)
    assert erased_list.ids(folder) == [amina.id]
    assert "erased_ids_damaged" in caplog.messages


# --- what others keep


@pytest.mark.parametrize(
    ("keep_name", "called"), [(True, "Amina"), (False, "Somebody who was here")]
)
def test_feedback_stays_whole_for_the_other_under_the_name_that_was_chosen(
    make: Make, at: At, keep_name: bool, called: str
) -> None:
    at()
    amina, bo = make.somebody(), make.somebody("Bo")
    cohort = make.cohort(bo, amina)
    given = make.feedback(bo, amina, cohort, "You waited.")
    got = make.feedback(amina, bo, cohort, "You listened.")
    ask(make, amina, keep_name=keep_name)
    wait(make, at, 12, 14)
    mine = bo.get(f"/api/feedback-requests/{given}").json
    assert mine["feedback"][0]["giver"] == {"id": None, "name": called}  # type: ignore[index]
    opened = bo.phone.post(f"/api/feedback-requests/{given}/open", json={"giver_id": None})
    assert opened.json["noticed"] == "You waited."  # type: ignore[index]
    thanked = bo.phone.post(f"/api/feedback-requests/{given}/thanks", json={"text": "Thank you."})
    assert thanked.status_code == 200
    theirs = bo.get(f"/api/feedback-requests/{got}").json
    assert theirs["asker"] == {"id": None, "name": called}  # type: ignore[index]
    assert theirs["feedback"][0]["noticed"] == "You listened."  # type: ignore[index]


def test_who_waited_for_an_answer_waits_no_longer(make: Make, at: At) -> None:
    at()
    amina, bo = make.somebody(), make.somebody("Bo")
    cohort = make.cohort(bo, amina)
    asked = make.feedback(bo, amina, cohort)
    make.feedback(amina, bo, cohort)
    ask(make, amina, keep_name=True)
    wait(make, at, 12, 14)
    piece = bo.get(f"/api/feedback-requests/{asked}").json["feedback"][0]  # type: ignore[index]
    assert (piece["state"], piece["declined_how"]) == ("declined", "not_now")
    assert piece["giver"]["name"] == "Somebody who was here"  # nothing is said in a name
    assert bo.get("/api/feedback-requests?direction=asked").json["items"] == []  # type: ignore[index]


def test_when_both_are_erased_nothing_is_left_between_them(make: Make, at: At) -> None:
    at()
    amina, bo = make.somebody(), make.somebody("Bo")
    cohort = make.cohort(make.somebody("Morag"), amina, bo)
    make.feedback(bo, amina, cohort, "You waited.")
    ask(make, amina)
    ask(make, bo)
    wait(make, at, 12, 14)
    for table in ("feedback", "feedback_request"):
        assert dump(make)[table] == []


def test_the_only_facilitator_can_go_and_the_cohort_goes_on(make: Make, at: At) -> None:
    at()
    morag, amina = make.somebody("Morag"), make.somebody()
    cohort = make.cohort(morag, amina)
    make.invitation(morag, cohort)
    ask(make, morag)
    wait(make, at, 12, 14)
    for path in ("", "/people", "/activity", "/invitations", "/contract"):
        assert amina.get(f"/api/cohorts/{cohort}{path}").status_code == 200, path
    id = make.reflection(amina)
    shared = {"text": "On.", "cohort_id": str(cohort), "audience": "cohort"}
    assert amina.keep(id, at_version(1), **shared).status_code == 200


def test_going_lowers_no_number_that_a_proposal_needs(make: Make, at: At) -> None:
    """Who belonged while it was open counts, erased or not."""
    at()
    five = [make.somebody(name) for name in ("Amina", "Bo", "Cleo", "Dev", "Ewa")]
    cohort = make.cohort(*five)
    at(days=20)
    id = make.proposal(five[1], cohort)

    def needed() -> int:
        shown = five[1].get(f"/api/proposals/{id}").json
        return shown["needed"]  # type: ignore[index,no-any-return]

    before = needed()
    for person in five[3:]:
        with make.session() as session:
            session.add(_erasure(person.id, at(days=20)))
        settings = make.app.settings
        carrying_out.erase_now(make.app.database, settings.data, person.id, settings.base_url)
    assert not is_here(make, five[3].id)
    assert needed() == before


def test_phones_of_others_are_told(make: Make, at: At) -> None:
    at()
    world = build(make)
    paths = [f"/api/cohorts/{world.cohort}/people", f"/api/cohorts/{world.cohort}/activity"]
    first = sync(world.member, [{"path": one, "etag": None} for one in paths], world.reflection)
    assert first["gone"] == []
    known = [{"path": one["path"], "etag": one["etag"]} for one in first["changed"]]
    erase(make, world, at)
    again = sync(world.member, known, world.reflection)
    assert {one["path"] for one in again["changed"]} == set(paths)
    assert str(world.reflection) in str(again["gone"])


def sync(person: Somebody, known: list[dict[str, Any]], reflection: UUID) -> Any:
    held = [{"kind": "reflection", "ids": [str(reflection)], "cohort_id": None}]
    return person.phone.post("/api/sync", json={"known": known, "held": held}).json


# --- away


def test_who_is_signed_in_nowhere_for_two_years_is_written_to_three_times_and_goes(
    make: Make, at: At, letterbox: Letterbox
) -> None:
    at()
    amina, bo = make.somebody(), make.somebody("Bo")
    amina.phone.delete("/api/sign-in/sessions/current")
    make.tidy()
    at(days=700)
    make.phone_of(bo.id)
    make.tidy()
    wait(make, at, 700)
    assert subjects(letterbox, make) == []
    at(days=740)
    make.tidy()
    assert subjects(letterbox, make) == ["Would you like to keep your account on Alongside?"]
    wait(make, at, 769, 770)
    assert subjects(letterbox, make) == ["Your account on Alongside will be erased in two weeks"]
    wait(make, at, 782)
    assert subjects(letterbox, make) == ["Your account on Alongside will soon be erased"]
    wait(make, at, 784)
    assert (is_here(make, amina.id), is_here(make, bo.id)) == (False, True)


def test_signing_in_once_is_enough_to_be_here_again(make: Make, at: At) -> None:
    at()
    amina = make.somebody()
    amina.phone.delete("/api/sign-in/sessions/current")
    make.tidy()
    at(days=740)
    make.tidy()
    wait(make, at, 771, 783)
    assert signs_in(make, amina).json["erasure_undone"] is True  # type: ignore[index]
    make.tidy()
    wait(make, at, 790, 800)
    assert is_here(make, amina.id)
    with make.session() as session:
        assert session.scalar(select(func.count()).select_from(Erasure)) == 0


def test_every_table_that_is_somebodys_says_what_becomes_of_it() -> None:
    """A row that names a person stays without them, or goes with them."""
    for table, privacy in declared().items():
        for key in table.foreign_keys:
            is_subject = key.parent.name == privacy.subject
            if key.column is table_of(Person).c.id and not (
                is_subject and privacy.erasure == "delete"
            ):
                assert key.parent.nullable or key.ondelete == "CASCADE", key.parent


def test_a_letter_about_it_is_sealed_and_nobodys(make: Make, at: At) -> None:
    at()
    amina = make.somebody()
    ask(make, amina)
    with make.session() as session:
        row = session.scalars(select(Outgoing).where(Outgoing.person_id.is_(None))).one()
        assert row.to == amina.email
        assert amina.email not in repr(dump(make)["outbox"])
