"""Joining: with a code that proves an address, or signed in already; sixteen for one place."""

from collections import Counter
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from backend.cohorts import actions as cohorts
from backend.cohorts.models import Invitation, Membership, Role
from backend.core import clock
from backend.people.models import Person
from tests.make import Make, Somebody
from tests.together import together

MANY = 16


@pytest.fixture
def fay(make: Make) -> Somebody:
    return make.somebody("Fay")


@pytest.fixture
def rowan(make: Make, fay: Somebody) -> UUID:
    return make.cohort(fay)


def accept(phone: FlaskClient, token: str, **body: Any) -> TestResponse:
    # an address of the network each, because one may not try without end
    address = {"REMOTE_ADDR": f"10.1.{id(phone) % 250}.{id(token) % 250}"}
    path = f"/api/invitations/{token}/acceptance"
    return phone.post(path, json=body, environ_overrides=address)


def names(person: Somebody, cohort: UUID) -> list[str]:
    return [item["name"] for item in person.get(f"/api/cohorts/{cohort}/people").json["items"]]


def used(make: Make, invitation: UUID) -> int:
    with make.session() as session:
        return session.get_one(Invitation, invitation).used


def test_nobody_joins_without_a_code_or_a_sign_in(make: Make, fay: Somebody, rowan: UUID) -> None:
    id, token = make.invitation(fay, rowan)

    answer = accept(make.stranger(), token)

    assert (answer.status_code, answer.json["reason"]) == (401, "not_signed_in")
    assert used(make, id) == 0


@pytest.mark.parametrize("missing", ["email", "code", "name"])
def test_part_of_saying_who_one_is_is_not_enough(
    make: Make, fay: Somebody, rowan: UUID, missing: str
) -> None:
    _, token = make.invitation(fay, rowan)
    body = {"email": "new@cohort.example", "code": "12345678", "name": "New"}
    del body[missing]

    answer = accept(make.stranger(), token, **body)

    assert (answer.status_code, list(answer.json["errors"]["json"])) == (422, [missing])


@pytest.mark.parametrize("email", ["fay@cohort.example", "new@cohort.example"])
def test_a_link_alone_signs_nobody_in_to_anybodys_account(
    make: Make, fay: Somebody, rowan: UUID, email: str
) -> None:
    id, token = make.invitation(fay, rowan)
    phone = make.stranger()
    make.code_for(make.stranger(), email)  # the owner's, on the owner's own phone

    answer = accept(phone, token, email=email, code="00000000", name="Somebody")

    assert (answer.status_code, answer.json["reason"]) == (403, "wrong_code")
    assert phone.get("/api/me").status_code == 401
    assert (used(make, id), names(fay, rowan)) == (0, ["Fay"])


def test_a_code_from_another_phone_does_not_let_in(make: Make, fay: Somebody, rowan: UUID) -> None:
    _, token = make.invitation(fay, rowan)
    code = make.code_for(make.stranger(), "new@cohort.example")

    answer = accept(make.stranger(), token, email="new@cohort.example", code=code, name="New")

    assert answer.status_code == 403


def test_a_newcomer_joins_with_a_code_and_is_signed_in(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    _, token = make.invitation(fay, rowan)
    phone = make.stranger()
    code = make.code_for(phone, "new@cohort.example")

    answer = accept(
        phone, token, email="New@cohort.example", code=code, name="New", matters="Time."
    )

    assert (answer.status_code, answer.json["cohort"]["my_role"]) == (201, "participant")
    assert answer.json["session"]["person"]["email"] == "new@cohort.example"
    assert phone.get("/api/me").json["matters"] == "Time."
    assert sorted(names(fay, rowan)) == ["Fay", "New"]


@pytest.mark.parametrize(
    ("sent", "zone"),
    [
        ("Europe/London", "Europe/London"),
        ("Etc/UTC", "UTC"),
        ("GMT", "UTC"),
        ("utc", "UTC"),
        ("US/Eastern", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("Etc/Unknown", "Europe/Warsaw"),
        ("+02:00", "Europe/Warsaw"),
        ("-0330", "Europe/Warsaw"),
        ("UTC+2", "Europe/Warsaw"),
        ("GMT-05:00", "Europe/Warsaw"),
        ("Etc/GMT-2", "Europe/Warsaw"),
        ("", "Europe/Warsaw"),
        (None, "Europe/Warsaw"),
        ("localtime", "Europe/Warsaw"),
        ("Mars/Olympus", "Europe/Warsaw"),
        ("\ufeff", "Europe/Warsaw"),
    ],
)
def test_whatever_a_browser_calls_its_zone_a_newcomer_joins(
    make: Make, fay: Somebody, rowan: UUID, sent: str | None, zone: str
) -> None:
    fay.phone.patch(f"/api/cohorts/{rowan}", json={"time_zone": "Europe/Warsaw"})
    _, token = make.invitation(fay, rowan)
    phone = make.stranger()
    code = make.code_for(phone, "new@cohort.example")

    answer = accept(phone, token, email="new@cohort.example", code=code, name="New", time_zone=sent)

    assert (answer.status_code, answer.json["session"]["person"]["time_zone"]) == (201, zone)
    assert phone.get("/api/me/rhythm").json["time_zone"] == zone


def test_a_browser_that_says_nothing_of_zones_joins_where_the_cohort_lives(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    fay.phone.patch(f"/api/cohorts/{rowan}", json={"time_zone": "Europe/Warsaw"})
    _, token = make.invitation(fay, rowan)
    phone = make.stranger()
    code = make.code_for(phone, "new@cohort.example")

    accept(phone, token, email="new@cohort.example", code=code, name="New")

    assert phone.get("/api/me").json["time_zone"] == "Europe/Warsaw"


@pytest.mark.parametrize("sent", [2, True, ["UTC"], {"a": "UTC"}, "x" * 65, "\u0300" * 60_000])
def test_what_is_no_name_is_refused_also_of_a_zone(
    make: Make, fay: Somebody, rowan: UUID, sent: object
) -> None:
    _, token = make.invitation(fay, rowan)
    body = {"email": "new@cohort.example", "code": "12345678", "name": "New"}

    answer = accept(make.stranger(), token, **body, time_zone=sent)

    assert (answer.status_code, list(answer.json["errors"]["json"])) == (422, ["time_zone"])


@pytest.mark.parametrize(
    ("asked", "joined"),
    [
        ("\u200bnew@cohort.example", "new@cohort.example\ufeff"),
        ("new@cohort.example", "n\u00adew@cohort\u2060.example"),
        ("\u2068new@cohort.example\u2069", "\u00a0new@cohort.example\u00a0"),
    ],
)
def test_an_address_with_signs_that_nobody_sees_joins_as_the_one_that_is_seen(
    make: Make, fay: Somebody, rowan: UUID, asked: str, joined: str
) -> None:
    _, token = make.invitation(fay, rowan)
    phone = make.stranger()
    sent = phone.post(f"/api/invitations/{token}/codes", json={"email": asked})
    make.deliver()

    answer = accept(phone, token, email=joined, code=make.letterbox.code(), name="New")

    assert (sent.status_code, answer.status_code) == (202, 201)
    assert make.letterbox.letters[-1].to == "new@cohort.example"
    assert phone.get("/api/me").json["email"] == "new@cohort.example"


def test_a_refused_address_names_the_letter_that_cannot_be(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    _, token = make.invitation(fay, rowan)
    path = f"/api/invitations/{token}/codes"

    answer = make.stranger().post(path, json={"email": "nеw@cohort.example"})

    assert answer.status_code == 422
    (sentence,) = answer.json["errors"]["json"]["email"]
    assert "“е” (Cyrillic small letter ie)" in sentence


def test_somebody_known_joins_with_a_code_and_stays_who_they_are(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    amina, phone = make.somebody("Amina"), make.stranger()
    _, token = make.invitation(fay, rowan)
    code = make.code_for(phone, amina.email)

    answer = accept(phone, token, email=amina.email, code=code, name="Impostor")

    assert answer.json["session"]["person"]["id"] == str(amina.id)
    assert "Amina" in names(fay, rowan)
    with make.session() as session:
        assert len(session.scalars(select(Person)).all()) == 2


def test_joining_again_takes_no_place(make: Make, fay: Somebody, rowan: UUID) -> None:
    id, token = make.invitation(fay, rowan, uses=2)
    amina = make.somebody("Amina")

    answers = [accept(amina.phone, token) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert answers[0].json == answers[2].json
    assert used(make, id) == 1
    joined = fay.get(f"/api/cohorts/{rowan}/activity?kind=joined").json["items"]
    assert [item["by"]["name"] for item in joined] == ["Amina", "Fay"]


def my_role(person: Somebody, cohort: UUID) -> str:
    return str(person.get(f"/api/cohorts/{cohort}").json["my_role"])


def lines(person: Somebody, cohort: UUID, kind: str) -> list[Any]:
    return [
        (item["by"]["name"], item["about"])
        for item in person.get(f"/api/cohorts/{cohort}/activity?kind={kind}").json["items"]
    ]


def test_a_member_who_accepts_a_facilitators_invitation_becomes_one(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    make.join(amina, rowan, fay)
    make.join(bo, rowan, fay)
    before = amina.get(f"/api/cohorts/{rowan}").json
    id, token = make.invitation(fay, rowan, role=Role.FACILITATOR)

    answer = accept(amina.phone, token)

    assert (answer.status_code, answer.json["cohort"]["my_role"]) == (200, "facilitator")
    assert answer.json["cohort"] == before | {"my_role": "facilitator"}
    assert used(make, id) == 1
    assert amina.phone.patch(f"/api/cohorts/{rowan}", json={"name": "More."}).status_code == 200
    roles = {
        one["name"]: one["role"] for one in bo.get(f"/api/cohorts/{rowan}/people").json["items"]
    }
    assert roles == {"Fay": "facilitator", "Amina": "facilitator", "Bo": "participant"}
    for person in (fay, amina, bo):
        assert lines(person, rowan, "became_facilitator") == [("Amina", str(amina.id))]
    assert len(lines(fay, rowan, "joined")) == 3


def test_a_member_becomes_a_facilitator_with_a_code_too(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    amina, phone = make.somebody("Amina"), make.stranger()
    make.join(amina, rowan, fay)
    _, token = make.invitation(fay, rowan, role=Role.FACILITATOR)
    code = make.code_for(phone, amina.email)

    answer = accept(phone, token, email=amina.email, code=code, name="Amina")

    assert (answer.status_code, answer.json["cohort"]["my_role"]) == (200, "facilitator")
    assert phone.get("/api/me").json["id"] == str(amina.id)


def test_who_is_a_facilitator_already_takes_no_place_and_leaves_no_line(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    amina = make.somebody("Amina")
    make.join(amina, rowan, fay)
    first, token = make.invitation(fay, rowan, role=Role.FACILITATOR)
    second, another = make.invitation(fay, rowan, role=Role.FACILITATOR)

    answers = [accept(amina.phone, link) for link in (token, token, another)]
    answers.append(accept(fay.phone, another))

    assert [answer.status_code for answer in answers] == [200] * 4
    assert {answer.json["cohort"]["my_role"] for answer in answers} == {"facilitator"}
    assert (used(make, first), used(make, second)) == (1, 0)
    assert len(lines(fay, rowan, "became_facilitator")) == 1


def test_a_facilitator_who_accepts_a_participants_invitation_stays_one(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    zoe = make.somebody("Zoe")
    make.join(zoe, rowan, fay, Role.FACILITATOR)
    id, token = make.invitation(fay, rowan)

    answer = accept(zoe.phone, token)

    assert (answer.status_code, answer.json["cohort"]["my_role"]) == (200, "facilitator")
    assert used(make, id) == 0


@pytest.mark.parametrize("how", ["revoked", "full", "expired", "made by one who left"])
def test_a_facilitators_invitation_that_is_over_makes_no_member_one(
    make: Make, fay: Somebody, rowan: UUID, how: str
) -> None:
    amina, zoe = make.somebody("Amina"), make.somebody("Zoe")
    make.join(amina, rowan, fay)
    make.join(zoe, rowan, fay, Role.FACILITATOR)
    id, token = make.invitation(zoe, rowan, role=Role.FACILITATOR)
    if how == "revoked":
        zoe.delete(f"/api/cohorts/{rowan}/invitations/{id}")
    if how == "full":
        accept(make.somebody("Ewa").phone, token)
    if how == "made by one who left":
        zoe.delete(f"/api/cohorts/{rowan}/people/me")

    with clock.standing_at(clock.now() + timedelta(days=8 if how == "expired" else 0)):
        answer = accept(amina.phone, token)

    assert (answer.status_code, answer.json["reason"]) == (410, "invitation_over")
    assert my_role(amina, rowan) == "participant"
    assert lines(fay, rowan, "became_facilitator") == []


def test_a_full_cohort_still_lets_a_member_become_a_facilitator(
    make: Make, fay: Somebody, rowan: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = make.somebody("Amina")
    make.join(amina, rowan, fay)
    _, token = make.invitation(fay, rowan, role=Role.FACILITATOR)
    monkeypatch.setattr(cohorts, "MOST_MEMBERS", 2)

    assert accept(amina.phone, token).status_code == 200
    assert my_role(amina, rowan) == "facilitator"


def test_links_of_a_time_as_a_facilitator_do_not_come_back_with_becoming_one_again(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    """Rows in which somebody was made a participant, by a way that nobody thought of."""
    zoe = make.somebody("Zoe")
    make.join(zoe, rowan, fay, Role.FACILITATOR)
    _, old = make.invitation(zoe, rowan, role=Role.FACILITATOR)
    with make.session() as session:
        session.get_one(Membership, (rowan, zoe.id)).role = Role.PARTICIPANT
    _, token = make.invitation(fay, rowan, role=Role.FACILITATOR)

    assert accept(zoe.phone, token).status_code == 200
    assert my_role(zoe, rowan) == "facilitator"

    assert make.stranger().get(f"/api/invitations/{old}").status_code == 410
    assert accept(make.somebody("Amina").phone, old).status_code == 410


def test_of_many_members_who_race_for_a_facilitators_place_one_becomes_one(
    make: Make, fay: Somebody
) -> None:
    people = [make.somebody(f"Person{number}") for number in range(MANY)]
    for turn in range(4):
        cohort = make.cohort(fay, *people[: MANY // 2], name=f"Cohort {turn}")
        id, token = make.invitation(fay, cohort, role=Role.FACILITATOR)

        answers = together(partial(accept, person.phone, token) for person in people)

        came = [answer for answer in answers if answer.status_code != 410]
        assert [answer.status_code for answer in came] in ([200], [201])
        assert came[0].json["cohort"]["my_role"] == "facilitator"
        assert used(make, id) == 1
        items = fay.get(f"/api/cohorts/{cohort}/people").json["items"]
        assert Counter(item["role"] for item in items)["facilitator"] == 2


def test_two_phones_of_a_member_with_two_links_use_one(make: Make, fay: Somebody) -> None:
    for turn in range(10):
        amina = make.somebody(f"Amina{turn}")
        cohort = make.cohort(fay, amina, name=f"Cohort {turn}")
        links = [make.invitation(fay, cohort, role=Role.FACILITATOR) for _ in range(2)]
        phones = [make.phone_of(amina.id) for _ in range(4)]

        answers = together(
            partial(accept, phone, links[number % 2][1]) for number, phone in enumerate(phones)
        )

        assert [answer.status_code for answer in answers] == [200] * 4
        assert {answer.json["cohort"]["my_role"] for answer in answers} == {"facilitator"}
        assert sum(used(make, id) for id, _ in links) == 1
        assert len(lines(fay, cohort, "became_facilitator")) == 1


def test_of_leaving_and_becoming_a_facilitator_at_once_nobody_is_left_out_of_step(
    make: Make, fay: Somebody
) -> None:
    for turn in range(10):
        amina = make.somebody(f"Amina{turn}")
        cohort = make.cohort(fay, amina, name=f"Cohort {turn}")
        id, token = make.invitation(fay, cohort, role=Role.FACILITATOR)
        other = make.phone_of(amina.id)

        left, came = together(
            [
                partial(amina.delete, f"/api/cohorts/{cohort}/people/me"),
                partial(accept, other, token),
            ]
        )

        # first one or first gone: who is gone already comes in anew by the link
        assert left.status_code == 204
        assert came.status_code in (200, 201)
        assert used(make, id) == 1
        is_in = amina.get(f"/api/cohorts/{cohort}").status_code == 200
        assert is_in is (came.status_code == 201)
        assert names(fay, cohort).count(amina.name) == int(is_in)


def test_of_sixteen_who_race_for_the_last_place_one_becomes_a_member(
    make: Make, fay: Somebody
) -> None:
    people = [make.somebody(f"Person{number}") for number in range(MANY)]
    for turn in range(20):
        cohort = make.cohort(fay, name=f"Cohort {turn}")
        id, token = make.invitation(fay, cohort)

        answers = together(partial(accept, person.phone, token) for person in people)

        assert Counter(answer.status_code for answer in answers) == {201: 1, 410: MANY - 1}
        assert (len(names(fay, cohort)), used(make, id)) == (2, 1)


def test_looking_first_and_counting_after_would_let_several_in(make: Make, fay: Somebody) -> None:
    """The control: the same race against a count that is read, then written."""
    rowan = make.cohort(fay)
    id, _ = make.invitation(fay, rowan)

    def join_naively(_number: int) -> bool:
        with make.app.database.reading() as session:
            is_free = session.get_one(Invitation, id).used < 1
        start_writing.wait()
        return is_free

    start_writing = Barrier(MANY)
    let_in = together(partial(join_naively, number) for number in range(MANY))

    assert sum(let_in) > 1


def test_joining_on_two_phones_at_once_makes_one_member_and_takes_one_place(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    for turn in range(10):
        amina = make.somebody(f"Amina{turn}")
        id, token = make.invitation(fay, rowan, uses=5)
        phones = [make.phone_of(amina.id) for _ in range(4)]

        answers = together(partial(accept, phone, token) for phone in phones)

        statuses = Counter(answer.status_code for answer in answers)
        assert statuses[201] == 1
        assert set(statuses) <= {200, 201}
        assert used(make, id) == 1
        assert names(fay, rowan).count(f"Amina{turn}") == 1


def test_a_newcomer_on_two_phones_at_once_is_one_person(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    _, token = make.invitation(fay, rowan, uses=5)
    email = "new@cohort.example"
    phones = [make.stranger(), make.stranger()]
    codes = [make.code_for(phone, email) for phone in phones]

    answers = together(
        partial(accept, phone, token, email=email, code=code, name="New")
        for phone, code in zip(phones, codes, strict=True)
    )

    assert sorted(answer.status_code for answer in answers) == [200, 201]
    assert {phone.get("/api/me").json["email"] for phone in phones} == {email}
    with make.session() as session:
        assert len(session.scalars(select(Person)).all()) == 2
        assert len(session.scalars(select(Membership)).all()) == 2
