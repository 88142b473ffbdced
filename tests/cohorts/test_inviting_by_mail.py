"""Inviting by mail: a pasted list, a letter each, a link each; and what keeps it from misuse."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.cohorts import rules
from backend.cohorts.models import Invitation, MailedLink, Role
from backend.core import clock
from backend.core.outbox.models import Outgoing
from tests.conftest import A_MORNING
from tests.make import Make, Somebody
from tests.together import together

DAY = timedelta(days=1)
LINK = re.compile(r"http://localhost/join#(\S+)")


@pytest.fixture
def fay(make: Make) -> Somebody:
    return make.somebody("Fay")


@pytest.fixture
def rowan(make: Make, fay: Somebody) -> UUID:
    return make.cohort(fay)


def by_mail(person: Somebody, cohort: UUID, addresses: str, **more: Any) -> Any:
    body = {"addresses": addresses, "expires_at": (clock.now() + 7 * DAY).isoformat(), **more}
    return person.phone.post(f"/api/cohorts/{cohort}/invitations/by-mail", json=body)


def accept(person: Somebody, token: str) -> Any:
    return person.phone.post(f"/api/invitations/{token}/acceptance", json={})


def tokens(make: Make) -> list[str]:
    """The links of the letters that have come, by whom they went to."""
    make.deliver_invitations()
    letters = sorted(make.letterbox.letters, key=lambda letter: letter.to)
    return [found[1] for letter in letters if (found := LINK.search(letter.body))]


def count(make: Make, model: Any) -> int:
    with make.session() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("amina@x.org, bo@x.org;cleo@x.org\ndev@x.org\tewa@x.org", "amina bo cleo dev ewa"),
        ("Amina Khan <Amina@X.org>, Bo <bo@x.org>", "amina bo"),
        ("Khan, Amina <amina@x.org>; Berg, Bo <bo@x.org>", "amina bo"),
        ('"Khan, Amina" <amina@x.org>\n\n  bo@x.org  \n', "amina bo"),
        ("amina@x.org AMINA@X.ORG bo@x.org", "amina bo"),
        ("amina@x.org <amina@x.org>\r\nbo@x.org,", "amina bo"),
        ("Amina @ NHS <amina@x.org>", "amina"),
        ("mailto:amina@x.org, (bo@x.org)", "amina bo"),
        (" ,;\n", ""),
    ],
)
def test_a_list_is_read_as_mail_programs_write_it(text: str, addresses: str) -> None:
    found = rules.addresses_in(text)

    assert (found.addresses, found.wrong) == ([f"{one}@x.org" for one in addresses.split()], [])


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("amina@x.org, Bo Berg, cleo@x", ["Bo Berg", "cleo@x"]),
        ("Amina <amina>", ["amina"]),
        ("amina@@x.org", ["amina@@x.org"]),
        ("amina@x.org%0d%0aBcc:eve@x.org", ["amina@x.org%0d%0aBcc:eve@x.org"]),
    ],
)
def test_what_is_no_address_is_named_and_nothing_is_sent(
    make: Make, fay: Somebody, rowan: UUID, text: str, wrong: list[str]
) -> None:
    answer = by_mail(fay, rowan, text)

    assert answer.status_code == 422
    sentences = answer.json["errors"]["json"]["addresses"]
    assert sentences[::2] == [f"“{one}”:" for one in wrong]
    assert all("name@example.org" in sentence for sentence in sentences[1::2])
    assert count(make, Outgoing) == count(make, Invitation) == 0


def test_of_many_wrong_ones_a_few_are_said_back_and_none_at_length() -> None:
    sentences = rules.why_not_addresses(["x" * 5_000] * 9)

    assert len(sentences) == 11
    assert sentences[-1] == "And 4 more like these."
    assert max(map(len, sentences)) < 200


@pytest.mark.parametrize(
    "more",
    [
        {"addresses": ""},
        {"addresses": " , "},
        {"addresses": ", ".join(f"p{number}@x.org" for number in range(101))},
        {"addresses": "a@x.org," * 3_000},
        {"role": "facilitator"},
        {"uses": 3},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"expires_at": (A_MORNING + 61 * DAY).isoformat()},
    ],
)
def test_a_list_that_cannot_be_meant_is_refused(
    make: Make, fay: Somebody, rowan: UUID, more: dict[str, Any]
) -> None:
    with clock.standing_at(A_MORNING):
        answer = by_mail(fay, rowan, **{"addresses": "amina@x.org", **more})

    assert answer.status_code == 422
    assert count(make, Outgoing) == 0


def test_each_gets_one_letter_with_a_link_of_their_own_and_who_invites(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    answer = by_mail(fay, rowan, "Bo <bo@x.org>, Amina <amina@x.org>, bo@x.org", name="Tuesday")

    assert answer.status_code == 201
    assert {name: answer.json[name] for name in ("name", "by_mail", "uses", "used", "role")} == {
        "name": "Tuesday",
        "by_mail": True,
        "uses": 2,
        "used": 0,
        "role": "participant",
    }
    assert make.deliver_invitations() == 2
    letters = make.letterbox.letters
    assert {letter.to for letter in letters} == {"amina@x.org", "bo@x.org"}
    assert {letter.subject for letter in letters} == {"An invitation to Alongside"}
    assert all("Fay invites you" in letter.body for letter in letters)
    assert not any("Tuesday" in letter.body or "Rowan" in letter.body for letter in letters)
    assert len(set(tokens(make))) == 2
    assert count(make, Outgoing) == 0  # neither address stands anywhere any more


def test_a_link_that_came_by_mail_lets_in_one_person_once(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    by_mail(fay, rowan, "amina@x.org, bo@x.org")
    first, second = tokens(make)
    una, vic = make.somebody("Una"), make.somebody("Vic")

    assert accept(una, first).status_code == 201
    again = accept(vic, first)

    assert (again.status_code, again.json["reason"]) == (410, "invitation_over")
    assert make.stranger().get(f"/api/invitations/{first}").status_code == 410
    assert accept(vic, second).status_code == 201
    listed = fay.get(f"/api/cohorts/{rowan}/invitations").json["items"]
    assert [(one["used"], one["uses"]) for one in listed] == [(2, 2)]


def test_of_sixteen_with_one_letter_one_gets_in(make: Make, fay: Somebody, rowan: UUID) -> None:
    by_mail(fay, rowan, "amina@x.org, bo@x.org")
    first = tokens(make)[0]
    some = [make.somebody(f"P{number}") for number in range(16)]

    answers = together([lambda one=one: accept(one, first) for one in some])

    assert sorted(answer.status_code for answer in answers) == [201] + [410] * 15


def test_whoever_belongs_is_written_the_same_and_spends_nothing(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    amina = make.somebody("Amina")
    make.join(amina, rowan, fay)

    answer = by_mail(fay, rowan, "amina@cohort.example, nobody@x.org")

    first, second = make.deliver_invitations(), {letter.body for letter in make.letterbox.letters}
    assert (first, len(second)) == (2, 2)
    assert len({LINK.sub("", body) for body in second}) == 1  # but for the link they are one letter
    assert answer.json["uses"] == 2
    link = next(letter for letter in make.letterbox.letters if letter.to.startswith("amina"))
    assert accept(amina, LINK.search(link.body)[1]).status_code == 200  # type: ignore[index]
    with make.session() as session:
        assert not any(session.scalars(select(MailedLink.is_used)))


def test_what_is_withdrawn_before_it_is_sent_stays_unsent(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    made = by_mail(fay, rowan, "amina@x.org").json
    fay.delete(f"/api/cohorts/{rowan}/invitations/{made['id']}")

    assert make.deliver_invitations() == 0
    assert count(make, Outgoing) == 0


def test_letters_of_one_who_has_left_stay_unsent(make: Make, fay: Somebody, rowan: UUID) -> None:
    make.join(make.somebody("Gus"), rowan, fay, Role.FACILITATOR)
    by_mail(fay, rowan, "amina@x.org")
    fay.delete(f"/api/cohorts/{rowan}/people/me")

    assert make.deliver_invitations() == 0


def test_its_links_are_not_shown_again(make: Make, fay: Somebody, rowan: UUID) -> None:
    made = by_mail(fay, rowan, "amina@x.org").json

    answer = fay.phone.post(f"/api/cohorts/{rowan}/invitations/{made['id']}/link")

    assert (answer.status_code, made["can_be_shown"]) == (409, False)
    assert "by mail" in answer.json["message"]


def test_beyond_a_days_letters_nothing_is_sent_and_the_next_day_it_is(
    make: Make, fay: Somebody, rowan: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_LETTERS_A_DAY", 3)
    with clock.standing_at(A_MORNING):
        assert by_mail(fay, rowan, "a@x.org, b@x.org").status_code == 201
        refused = by_mail(fay, rowan, "c@x.org, d@x.org")
        assert by_mail(fay, rowan, "c@x.org").status_code == 201
    with clock.standing_at(A_MORNING + DAY):
        assert by_mail(fay, rowan, "d@x.org, e@x.org").status_code == 201

    assert (refused.status_code, refused.json["reason"]) == (429, "too_many_letters")
    assert int(refused.headers["Retry-After"]) == DAY.total_seconds()
    assert count(make, Outgoing) == 5


def test_one_address_gets_a_few_a_day_whoever_invites_and_nobody_is_told(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    zoe = make.somebody("Zoe")
    alder = make.cohort(zoe)
    today = clock.now()
    with clock.standing_at(today):
        answers = [by_mail(*who, "a@x.org") for who in [(fay, rowan), (zoe, alder)] * 3]
        sent = make.deliver_invitations()
    with clock.standing_at(today + DAY):
        by_mail(fay, rowan, "a@x.org")
        later = make.deliver_invitations()

    assert {(answer.status_code, answer.json["uses"]) for answer in answers} == {(201, 1)}
    assert (sent, later) == (3, 1)


def test_spellings_that_lead_to_one_mailbox_count_as_one(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    assert by_mail(fay, rowan, "\n".join(f"a+{at}@x.org" for at in range(9))).status_code == 201
    assert make.deliver_invitations() == rules.LETTERS_TO_ONE_A_DAY


def test_after_a_day_nothing_tells_whom_letters_went_to(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    with clock.standing_at(A_MORNING):
        by_mail(fay, rowan, "a@x.org")
    with clock.standing_at(A_MORNING + DAY):
        make.tidy()

    with make.session() as session:
        assert session.scalars(select(MailedLink.address_digest)).all() == [None]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Fay", "Fay invites"),
        ("J. R. Okafor-Lee", "J. R. Okafor-Lee invites"),
        ("Win at prize.example", "A facilitator invites"),
        ("https://prize", "A facilitator invites"),
        ("fay@prize", "A facilitator invites"),
        ("www prize", "A facilitator invites"),
    ],
)
def test_a_name_that_a_mail_program_would_make_a_link_of_stays_out_of_letters(
    make: Make, name: str, said: str
) -> None:
    one = make.somebody("Fay")
    one.phone.patch("/api/me", json={"name": name})

    assert by_mail(one, make.cohort(one), "a@x.org").status_code == 201
    make.deliver_invitations()
    assert make.letterbox.letters[-1].body.startswith(said)
