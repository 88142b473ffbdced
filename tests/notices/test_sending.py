"""What leaves: by which way, saying what, and nothing that was taken back meanwhile."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.core import clock
from backend.core.outbox.claim import claim_from, due_partitions
from backend.core.outbox.composing import Composed, Later, Message
from backend.core.outbox.models import Outgoing, Queue
from backend.core.transports import Letter
from backend.notices import actions
from backend.notices.actions import Raised
from backend.notices.composing import composer
from backend.notices.models import Notice
from backend.notices.wording import GENERIC
from backend.rhythm.rules import Kind
from tests.conftest import A_MORNING
from tests.make import A_RHYTHM, KINDS, Make, Somebody, at_version, statements

AT = "https://alongside.example"
HOUR = timedelta(hours=1)
SECRET = "We spoke of the ward at last."


def planned(make: Make) -> list[tuple[UUID, str]]:
    """To whom, by which way."""
    with make.session() as session:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.queue)).all()
    return [(row.person_id, row.queue.value) for row in rows]


def composed(make: Make, queue: Queue, at: datetime = A_MORNING) -> list[Message | Later]:
    """What the due messages of a queue would say at a moment, those left out not counted."""
    with make.session() as session, clock.standing_at(at):
        rows = claim_from(session, "me", queue, due_partitions(session, queue, at), 100, at)
        said: Composed = composer(AT)(session, rows)
    assert set(said) <= {row.id for row in rows}
    return list(said.values())


def pushes(make: Make, at: datetime = A_MORNING) -> list[Any]:
    told = composed(make, Queue.PUSH, at)
    return [json.loads(one.payload or b"") for one in told if isinstance(one, Message)]


def letters(make: Make, at: datetime = A_MORNING) -> list[Letter]:
    told = composed(make, Queue.MAIL, at)
    return [one.letter for one in told if isinstance(one, Message) and one.letter]


def wants(person: Somebody, *ways: str, version: int = 0, **more: Any) -> None:
    """Let somebody want every kind by these ways, at any hour unless `more` says otherwise."""
    days = [{"weekday": day, "opens": "00:00", "closes": "00:00"} for day in range(7)]
    body = {**A_RHYTHM, "windows": days, "lock_screen": "generic", **more}
    body["kinds"] = {kind: list(ways) for kind in KINDS}
    answer = person.phone.put("/api/me/rhythm", json=body, headers=at_version(version))
    assert answer.status_code == 200, answer.json


def share(make: Make, by: Somebody, cohort: UUID) -> UUID:
    reflection = make.reflection(by, SECRET, cohort=cohort)
    make.announce()
    return reflection


# --- by which way


def test_who_has_a_device_gets_a_push_and_who_has_none_a_mail(
    make: Make, morag: Somebody, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    make.device(callum)
    make.device(callum, label="Tablet")
    share(make, amina, cohort)
    assert sorted(planned(make)) == sorted(
        [(morag.id, "mail"), (callum.id, "push"), (callum.id, "push")]
    )


@pytest.mark.parametrize("ways", [(), ("push",), ("mail",), ("mail", "push")])
def test_each_gets_it_as_they_want_it(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID, ways: Sequence[str]
) -> None:
    make.device(callum)
    wants(callum, *ways)
    share(make, amina, cohort)
    assert [way for person, way in planned(make) if person == callum.id] == list(ways)


def test_nothing_is_planned_for_what_is_no_news(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    make.reflection(amina, cohort=cohort)
    with clock.standing_at(A_MORNING + 25 * HOUR):
        make.announce()
    assert planned(make) == []
    assert callum.get("/api/notices").json["items"]  # type: ignore[index]


def test_raising_twice_plans_once(make: Make, callum: Somebody) -> None:
    raised = Raised(callum.id, Kind.PROMPT, "prompt:2026-11-22", A_MORNING, A_MORNING + HOUR)
    for new in (1, 0):
        with make.session() as session:
            assert actions.raise_notices(session, [raised, raised]) == new
    assert planned(make) == [(callum.id, "mail")]


def test_what_is_not_to_be_sent_before_waits(make: Make, callum: Somebody) -> None:
    raised = Raised(
        callum.id,
        Kind.REMINDER,
        "reminder:1",
        A_MORNING,
        A_MORNING + 9 * HOUR,
        not_before=A_MORNING + HOUR,
    )
    with make.session() as session:
        actions.raise_notices(session, [raised])
        assert session.scalars(select(Outgoing.due)).one() == A_MORNING + HOUR


# --- what a push says


def test_a_push_says_that_something_came_and_no_more(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    device = make.device(callum)
    reflection = share(make, amina, cohort)
    [told] = pushes(make)
    notice = told["notification"]["data"]["notice"]
    assert told == {
        "web_push": 8030,
        "notification": {
            "title": "Alongside",
            "body": "Something was shared with you.",
            "navigate": f"{AT}/reflections/{reflection}?notice={notice}",
            "tag": "shared",
            "lang": "en-GB",
            "app_badge": 1,
            "data": {"kind": "shared", "notice": notice},
        },
        "app_badge": 1,
    }
    with make.session() as session:
        topic = session.scalars(select(Outgoing.topic).where(Outgoing.queue == "push")).one()
    assert topic == make.topic(device, "shared")


@pytest.mark.parametrize(
    ("screen", "says"),
    [
        ("generic", "Something was shared with you."),
        ("names", "Amina shared something with you."),
    ],
)
def test_names_are_for_who_wants_them(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID, screen: str, says: str
) -> None:
    make.device(callum)
    wants(callum, "push", lock_screen=screen)
    share(make, amina, cohort)
    [told] = pushes(make)
    assert told["notification"]["body"] == says


def test_the_longest_names_fit(make: Make, callum: Somebody) -> None:
    """2 KiB, so that every push service takes it, whatever the alphabet."""
    olu = make.somebody("Olu")
    make.device(callum)
    wants(callum, "push", lock_screen="names")
    assert olu.phone.patch("/api/me", json={"name": "\N{ROCKET}" * 80}).status_code == 200
    cohort = make.cohort(callum, name="\N{ROCKET}" * 80)
    make.join(olu, cohort, callum)
    make.announce()
    [said] = composed(make, Queue.PUSH)
    assert isinstance(said, Message)
    assert said.payload
    assert len(said.payload) <= 2048
    assert "…" in said.payload.decode()


def test_a_push_counts_what_the_inbox_counts(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    make.device(callum)
    raised = Raised(callum.id, Kind.PROMPT, "prompt:today", A_MORNING, A_MORNING + HOUR)
    with make.session() as session:
        actions.raise_notices(session, [raised])
    [told] = pushes(make)
    waiting = callum.get("/api/notices/waiting").json
    assert waiting
    assert told["app_badge"] == waiting["count"] == 1
    assert told["notification"]["tag"] == "prompt"


# --- what a mail says


def test_a_mail_says_the_same_in_plain_text_and_html(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    wants(callum, "mail", lock_screen="names")
    reflection = share(make, amina, cohort)
    letter = next(one for one in letters(make) if one.to == callum.email)
    assert letter.subject == "Something was shared with you"
    for text in (letter.body, letter.html):
        assert "Something was shared with you." in text
        assert f"{AT}/reflections/{reflection}?notice=" in text
        assert f"{AT}/me/rhythm" in text
        assert "Amina" not in text
        assert SECRET not in text
    assert dict(letter.headers)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = dict(letter.headers)["List-Unsubscribe"]
    assert link.startswith(f"<{AT}/api/mail-preferences/")
    assert link[1:-1] in letter.body


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_words(make: Make, callum: Somebody, kind: Kind) -> None:
    with make.session() as session:
        raised = Raised(callum.id, kind, f"test:{kind}", A_MORNING, A_MORNING + HOUR)
        actions.raise_notices(session, [raised])
    [letter] = letters(make)
    assert GENERIC[kind] in letter.body
    assert "$" not in letter.body + letter.html + letter.subject


# --- at the moment of sending


def test_what_was_taken_back_is_not_sent(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    make.device(callum)
    reflection = share(make, amina, cohort)
    amina.keep(reflection, at_version(1), text=SECRET, cohort_id=str(cohort))
    assert composed(make, Queue.PUSH) == []
    assert composed(make, Queue.MAIL) == []


def test_who_left_the_cohort_is_not_told(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    make.device(callum)
    share(make, amina, cohort)
    callum.phone.delete(f"/api/cohorts/{cohort}/people/me")
    assert composed(make, Queue.PUSH) == []


def test_what_was_read_meanwhile_is_not_sent(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    make.device(callum)
    share(make, amina, cohort)
    (item,) = callum.get("/api/notices").json["items"]  # type: ignore[index]
    callum.phone.post("/api/notices/read", json={"ids": [item["id"]]})
    assert composed(make, Queue.PUSH) == []


def test_a_way_not_wanted_any_more_is_not_taken(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    make.device(callum)
    wants(callum, "mail", "push")
    share(make, amina, cohort)
    wants(callum, "mail", version=1)
    assert composed(make, Queue.PUSH) == []
    assert callum.email in [letter.to for letter in letters(make)]
    wants(callum, version=2)
    assert callum.email not in [letter.to for letter in letters(make, A_MORNING + HOUR)]


def test_outside_the_windows_it_waits_for_the_next(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    make.device(callum)
    share(make, amina, cohort)
    night = A_MORNING.replace(hour=23)
    assert composed(make, Queue.PUSH, night) == [Later(datetime(2026, 11, 23, 7, tzinfo=UTC))]


def test_a_mail_in_place_of_a_push_is_sent_although_a_device_came(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    """Else who turns pushes on in the evening would hear nothing of the day."""
    with clock.standing_at(A_MORNING.replace(hour=22)):
        share(make, amina, cohort)
    later = datetime(2026, 11, 23, 7, tzinfo=UTC)
    with clock.standing_at(A_MORNING.replace(hour=23)):
        make.device(callum)
    assert callum.email in [letter.to for letter in letters(make, later)]


def test_statements_are_as_many_for_one_as_for_a_hundred(make: Make, callum: Somebody) -> None:

    counts = []
    for size in (1, 100):
        people = [make.somebody(f"P{size}x{n}").id for n in range(size)]
        raised = [
            Raised(id, Kind.PROMPT, f"prompt:{size}", A_MORNING, A_MORNING + HOUR) for id in people
        ]
        with make.session() as session, statements(make.app.database.engine) as seen:
            actions.raise_notices(session, raised)
        counts.append(len(seen))
        with make.session() as session, statements(make.app.database.engine) as seen:
            partitions = due_partitions(session, Queue.MAIL, A_MORNING)
            rows = claim_from(session, "me", Queue.MAIL, partitions, 200, A_MORNING)
            composer(AT)(session, rows)
        counts.append(len(seen))
    assert counts[:2] == counts[2:]
    with make.session() as session:
        assert session.query(Notice).count() == 101


def test_a_lock_screen_tells_apart_who_looks_alike(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    """Amina takes Morag's name; where she is named, so is since when she is called so."""
    make.device(callum)
    wants(callum, "push", lock_screen="names")
    share(make, amina, cohort)
    assert [one["notification"]["body"] for one in pushes(make)] == [
        "Amina shared something with you."
    ]
    with clock.standing_at(A_MORNING + HOUR):
        read = [one["id"] for one in callum.get("/api/notices").json["items"]]  # type: ignore[index]
        callum.phone.post("/api/notices/read", json={"ids": read})
        amina.phone.patch("/api/me", json={"name": "M\u043erag"})
        share(make, amina, cohort)

    told = {one["notification"]["body"] for one in pushes(make, A_MORNING + HOUR)}

    assert told == {"M\u043erag (called so since 22 November, 10:30) shared something with you."}
