"""Inviting by mail: a pasted list, a letter each, a link each; and what keeps it from misuse."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from backend.cohorts import rules
from backend.cohorts.letters import of_open_links
from backend.cohorts.models import Invitation, MailedLink, Membership, Role
from backend.core import clock
from backend.core.outbox.mail import AT_ONCE, send_invitations
from backend.core.outbox.models import Outgoing
from backend.core.outbox.retry import Fate
from backend.core.transports import CannotSend, Letter
from tests import pseudo
from tests.conftest import A_MORNING
from tests.make import Make, Somebody, statements
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


def withdraw(person: Somebody, cohort: UUID, made: Any) -> None:
    path = f"/api/cohorts/{cohort}/invitations/{made.json['id']}"
    assert person.delete(path).status_code == 204


def test_what_is_withdrawn_before_it_is_tried_goes_at_once(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    by_mail(fay, rowan, "bo@x.org")
    withdraw(fay, rowan, by_mail(fay, rowan, "amina@x.org, cleo@x.org"))

    assert (count(make, Outgoing), count(make, MailedLink)) == (1, 1)
    assert make.deliver_invitations() == 1
    assert [letter.to for letter in make.letterbox.letters] == ["bo@x.org"]


class Away:
    """A mail server that is not there."""

    def __init__(self) -> None:
        self.asked = 0

    def send(self, _letter: Letter) -> None:
        self.asked += 1
        raise CannotSend("not there")


def test_what_is_withdrawn_between_two_tries_is_tried_no_more_but_counts(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    """Whoever does not answer may have taken it."""
    today = clock.now()
    with clock.standing_at(today):
        made = by_mail(fay, rowan, "amina@x.org")
        send_invitations(make.app.database, Away(), of_open_links)
        withdraw(fay, rowan, made)
    with clock.standing_at(today + timedelta(minutes=1)):
        for _ in range(2):
            by_mail(fay, rowan, "amina@x.org")
        assert make.deliver_invitations() == rules.LETTERS_TO_ONE_BY_ONE - 1


def test_the_letters_of_one_who_leaves_go_at_once(make: Make, fay: Somebody, rowan: UUID) -> None:
    gus = make.somebody("Gus")
    make.join(gus, rowan, fay, Role.FACILITATOR)
    by_mail(fay, rowan, "amina@x.org")
    by_mail(gus, rowan, "bo@x.org")

    fay.delete(f"/api/cohorts/{rowan}/people/me")

    assert count(make, Outgoing) == 1
    assert make.deliver_invitations() == 1
    assert [letter.to for letter in make.letterbox.letters] == ["bo@x.org"]


@pytest.mark.parametrize(
    "how", ["left", "only a participant now", "withdrawn", "ran out", "its link used"]
)
def test_a_letter_whose_link_is_over_stays_unsent_whatever_ended_it(
    make: Make, fay: Somebody, rowan: UUID, how: str
) -> None:
    """Also what no way out of ours has taken back: it is asked again when it is its turn."""
    by_mail(fay, rowan, "amina@x.org")
    with make.session() as session:
        place = session.get_one(Membership, (rowan, fay.id))
        made = session.scalars(select(Invitation)).one()
        if how == "left":
            place.left_at = clock.now()
        if how == "only a participant now":
            place.role = Role.PARTICIPANT
        if how == "withdrawn":
            made.revoked_at = clock.now()
        if how == "ran out":
            made.expires_at = clock.now()
        if how == "its link used":
            session.scalars(select(MailedLink)).one().is_used = True

    assert count(make, Outgoing) == 1
    assert make.deliver_invitations() == 0
    assert make.letterbox.letters == []


def test_a_mail_server_in_trouble_is_left_alone_and_tried_with_one_letter(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    away = Away()
    today = clock.now()
    with clock.standing_at(today):
        by_mail(fay, rowan, ", ".join(f"p{number}@x.org" for number in range(30)))
        send_invitations(make.app.database, away, of_open_links)
    assert 10 <= away.asked < 10 + AT_ONCE, "those that were under way when it was clear"
    with clock.standing_at(today + timedelta(minutes=1)):
        assert send_invitations(make.app.database, away, of_open_links) == {Fate.FAILED: 1}
    with clock.standing_at(today + timedelta(minutes=5)):
        assert make.deliver_invitations() == 30


def test_its_links_are_not_shown_again(make: Make, fay: Somebody, rowan: UUID) -> None:
    made = by_mail(fay, rowan, "amina@x.org").json

    answer = fay.phone.post(f"/api/cohorts/{rowan}/invitations/{made['id']}/link")

    assert (answer.status_code, made["can_be_shown"]) == (409, False)
    assert "by mail" in answer.json["message"]


def test_beyond_ones_letters_of_a_day_nothing_is_sent_and_the_next_day_it_is(
    make: Make, fay: Somebody, rowan: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To whichever cohort, and withdrawn or not."""
    monkeypatch.setattr(rules, "MOST_LETTERS_A_DAY", 3)
    alder = make.cohort(fay, name="Alder")
    with clock.standing_at(A_MORNING):
        withdraw(fay, rowan, by_mail(fay, rowan, "a@x.org, b@x.org"))
        refused = by_mail(fay, alder, "c@x.org, d@x.org")
        assert by_mail(fay, alder, "c@x.org").status_code == 201
    with clock.standing_at(A_MORNING + DAY):
        assert by_mail(fay, rowan, "d@x.org, e@x.org").status_code == 201

    assert (refused.status_code, refused.json["reason"]) == (429, "too_many_letters")
    assert int(refused.headers["Retry-After"]) == DAY.total_seconds()
    assert count(make, Outgoing) == 3


def test_no_one_person_uses_up_what_others_need() -> None:
    assert rules.MOST_LETTERS_A_DAY < rules.MOST_LETTERS_OF_A_COHORT
    assert rules.LETTERS_TO_ONE_BY_ONE < rules.LETTERS_TO_ONE_A_DAY
    assert rules.MOST_ADDRESSES <= rules.MOST_LETTERS_AN_HOUR  # or waiting would not help


def after_hours(hours: float) -> datetime:
    return A_MORNING + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("before", "more", "hours"),
    [
        ([], 10, 0),
        ([(0, 9)], 1, 0),
        ([(0, 9)], 2, 24),
        ([(0, 2), (1, 2), (2, 6)], 2, 24),  # the first of them makes enough room
        ([(0, 2), (1, 2), (2, 6)], 3, 25),
        ([(0, 2), (1, 2), (2, 6)], 10, 26),
        ([(-21, 10), (2, 5)], 5, 0),  # written more than a day ago
        ([(-21.5, 6), (2, 5)], 6, 26),
    ],
)
def test_who_waits_does_so_until_there_is_room_and_no_longer(
    before: list[tuple[float, int]], more: int, hours: float
) -> None:
    """Of ten a day, three hours after the morning; `hours`: after it, when it would succeed."""
    written = [rules.Written(after_hours(at), letters) for at, letters in before]
    now = after_hours(3)

    wait = rules.wait_to_write(written, more, 10, DAY, now)

    assert now + wait == max(now, after_hours(hours))


def test_the_wait_is_told_in_whole_seconds_after_which_it_succeeds(
    make: Make, fay: Somebody, rowan: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_LETTERS_AN_HOUR", 2)
    for ahead in (0.25, 600):
        with clock.standing_at(A_MORNING + timedelta(seconds=ahead)):
            assert by_mail(fay, rowan, "a@x.org").status_code == 201
    now = A_MORNING + timedelta(minutes=20)
    with clock.standing_at(now):
        wait = int(by_mail(fay, rowan, "b@x.org").headers["Retry-After"])

    assert wait == 40 * 60 + 1
    with clock.standing_at(now + timedelta(seconds=wait - 1)):
        assert by_mail(fay, rowan, "b@x.org").headers["Retry-After"] == "1"
    with clock.standing_at(now + timedelta(seconds=wait)):
        assert by_mail(fay, rowan, "b@x.org").status_code == 201


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


@pytest.mark.parametrize("is_sent_first", [True, False])
def test_one_person_keeps_nobody_else_from_inviting_an_address(
    make: Make, fay: Somebody, rowan: UUID, *, is_sent_first: bool
) -> None:
    """By letters that come, which are fewer than all; by withdrawn ones, which are none."""
    zoe = make.somebody("Zoe")
    hers, theirs = make.cohort(fay, name="Hazel"), make.cohort(zoe, name="Alder")
    before = 0
    for cohort in (rowan, hers) * 3:
        made = by_mail(fay, cohort, "a@x.org")
        before += make.deliver_invitations() if is_sent_first else 0
        withdraw(fay, cohort, made)

    by_mail(zoe, theirs, "a@x.org")

    assert before == (rules.LETTERS_TO_ONE_BY_ONE if is_sent_first else 0)
    assert make.deliver_invitations() == 1
    assert make.letterbox.letters[-1].body.startswith("Zoe invites you")


def test_what_waits_for_a_mail_server_counts_for_as_long_as_it_waits(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    today = clock.now()
    with clock.standing_at(today):
        for _ in range(2):
            by_mail(fay, rowan, "a@x.org")
    with clock.standing_at(today + DAY):
        make.tidy()
        by_mail(fay, rowan, "a@x.org")
        assert make.deliver_invitations() == 2
        make.tidy()
        by_mail(fay, rowan, "a@x.org")
        assert make.deliver_invitations() == 1


def test_a_long_list_is_as_many_statements_as_a_short_one(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    asked = {}
    for count in (2, 40):
        addresses = ", ".join(f"p{number}@of{count}.org" for number in range(count))
        with statements(make.app.database.engine) as asked[count]:
            assert by_mail(fay, rowan, addresses).status_code == 201

    assert len(asked[2]) == len(asked[40])


def test_spellings_that_lead_to_one_mailbox_count_as_one(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    of_one = ["a+1@x.org", "a+2@x.org", "a@x.org"]
    of_another = ["j.okafor@gmail.com", "jokafor@gmail.com", "j.o.kafor@googlemail.com"]
    assert by_mail(fay, rowan, "\n".join(of_one + of_another)).status_code == 201
    assert make.deliver_invitations() == 2 * rules.LETTERS_TO_ONE_BY_ONE


def test_a_letter_says_how_long_its_link_works(make: Make, fay: Somebody, rowan: UUID) -> None:
    with clock.standing_at(clock.now()):
        by_mail(fay, rowan, "a@x.org")
        make.deliver_invitations()
    assert "works for 7 days." in make.letterbox.letters[-1].body


def test_after_a_day_nothing_tells_whom_letters_went_to(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    with clock.standing_at(A_MORNING):
        by_mail(fay, rowan, "a@x.org")
        make.deliver_invitations()
    with clock.standing_at(A_MORNING + DAY):
        make.tidy()

    with make.session() as session:
        assert session.scalars(select(MailedLink.address_digest)).all() == [None]


def test_links_go_when_even_the_longest_has_been_over_for_a_month(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    """Used or not; until then whoever follows one is told why it lets nobody in."""
    today = clock.now()
    with clock.standing_at(today):
        by_mail(fay, rowan, "a@x.org, b@x.org")
        used, unused = tokens(make)
        accept(make.somebody("Una"), used)
    told = {}
    for days in (89, 90):
        with clock.standing_at(today + days * DAY):
            make.tidy()
            asked = [make.stranger().get(f"/api/invitations/{one}") for one in (used, unused)]
            told[days] = [answer.status_code for answer in asked], count(make, MailedLink)

    assert told == {89: ([410, 410], 2), 90: ([404, 404], 0)}


def test_a_letter_is_in_the_language_of_who_sends_it(
    make: Make, fay: Somebody, rowan: UUID
) -> None:
    """Whatever its reader reads, who may have an account."""
    amina = make.somebody("Amina")
    with pseudo.spoken():
        fay.phone.patch("/api/me", json={"language": pseudo.CODE})
        by_mail(fay, rowan, amina.email)
        [token] = tokens(make)
    [letter] = make.letterbox.letters

    assert letter.subject.startswith("[Àñ îñvîtàtîöñ tö Àlöñgšîdé")
    assert letter.body.startswith("[Fay îñvîtéš ýöû")
    assert accept(amina, token).status_code == 201


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Fay", "Fay invites"),
        ("J. R. Okafor-Lee", "J. R. Okafor-Lee invites"),
        ("Win at prize.example", "A facilitator invites"),
        ("https://prize", "A facilitator invites"),
        ("fay@prize", "A facilitator invites"),
        ("www prize", "A facilitator invites"),
        ("Call +44 20 7946 0000 now", "A facilitator invites"),
        ("Fay 2nd of 1984", "Fay 2nd of 1984 invites"),
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
