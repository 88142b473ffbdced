"""However much one member does, the others' mail boxes get a letter or two."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from backend.core import clock
from backend.core.app import App
from backend.core.transports import CannotSend, Letter
from backend.deliveries.gathering import held
from backend.deliveries.letters import claim_letters, send_letters
from backend.notices import wording
from backend.notices.composing import composer
from backend.rhythm.rules import Kind
from tests.conftest import A_MORNING
from tests.make import Letterbox, Make, Somebody
from tests.notices.test_sending import AT, SECRET, pushes, share, wants
from tests.together import together

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
QUARTER = 15 * MINUTE
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_any_hour(_morning: None, cohort: UUID, amina: Somebody, callum: Somebody) -> None:
    """Callum wants mails, whenever; Morag and Amina are as they were."""
    wants(callum, "mail")


def mailed(make: Make, letterbox: Letterbox, person: Somebody, after: timedelta) -> list[str]:
    """The subjects of what leaves for a person at a moment after the morning."""
    with clock.standing_at(A_MORNING + after):
        send_letters(make.app.database, letterbox, composer(AT))
    subjects = [one.subject for one in letterbox.letters if one.to == person.email]
    letterbox.letters.clear()
    return subjects


def many(make: Make, by: Somebody, cohort: UUID, count: int) -> None:
    """So many shares, told a minute after the morning."""
    for _ in range(count):
        make.reflection(by, SECRET, cohort=cohort)
    with clock.standing_at(A_MORNING + MINUTE):
        make.announce()


def test_forty_shares_are_two_letters(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    share(make, amina, cohort)
    assert mailed(make, letterbox, callum, timedelta()) == ["Something was shared with you"]
    many(make, amina, cohort, 39)
    assert mailed(make, letterbox, callum, MINUTE) == []
    assert mailed(make, letterbox, callum, 14 * MINUTE) == []
    assert mailed(make, letterbox, callum, QUARTER) == ["39 things were shared with you"]
    assert mailed(make, letterbox, callum, DAY) == []


def test_fifty_remarks_are_two_letters(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    proposal = make.proposal(callum, cohort)
    subjects = []
    for number in range(50):
        make.remark(amina, proposal, f"And {number}?")
        with clock.standing_at(A_MORNING + number * SECOND):
            make.announce()
        subjects += mailed(make, letterbox, callum, number * SECOND)
    for after in (QUARTER, DAY):
        subjects += mailed(make, letterbox, callum, after)
    assert len(subjects) == 2
    assert subjects[1] == "49 pieces of news of your cohort's contract"


def test_of_thirteen_who_join_each_hears_twice_within_days(
    make: Make, letterbox: Letterbox
) -> None:
    people = [make.somebody(f"P{number}") for number in range(13)]
    make.cohort(*people)
    make.announce()
    got = {hours: mailed_all(make, letterbox, hours) for hours in (0, 1, 12, 24, 48)}
    assert sum(got.values()) <= 2 * 13
    assert (got[1], got[12], got[48]) == (0, 0, 0)


def mailed_all(make: Make, letterbox: Letterbox, hours: int) -> int:
    with clock.standing_at(A_MORNING + timedelta(hours=hours)):
        send_letters(make.app.database, letterbox, composer(AT))
    count = len(letterbox.letters)
    letterbox.letters.clear()
    return count


def test_after_a_quiet_time_the_next_leaves_at_once(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    for after in (timedelta(), QUARTER, 31 * MINUTE):
        with clock.standing_at(A_MORNING + after):
            share(make, amina, cohort)
        assert len(mailed(make, letterbox, callum, after)) == 1


def test_a_steady_stream_is_a_letter_each_quarter(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    letters = 0
    for minute in range(60):
        with clock.standing_at(A_MORNING + minute * MINUTE):
            share(make, amina, cohort)
        letters += len(mailed(make, letterbox, callum, minute * MINUTE))
    assert letters == 4


def test_one_that_waits_for_a_morning_and_those_of_today_keep_their_distance(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    """Callum's day is over, and begins again when he says so; what waited for tomorrow stays."""
    tomorrow = [{"weekday": 0, "opens": "09:30", "closes": "12:00"}]  # it is a Sunday
    share(make, amina, cohort)
    assert len(mailed(make, letterbox, callum, timedelta())) == 1
    wants(callum, "mail", version=1, windows=tomorrow)
    share(make, amina, cohort)
    wants(callum, "mail", version=2)
    left = {}
    for minute in (1, 14, 15, 16, 1429, 1430, 1439, 1440, 1441, 1455):
        if minute in (1, 1430, 1439):
            with clock.standing_at(A_MORNING + minute * MINUTE):
                share(make, amina, cohort)
        if subjects := mailed(make, letterbox, callum, minute * MINUTE):
            left[minute] = subjects
    assert left == {
        15: ["Something was shared with you"],
        1440: ["Three things were shared with you"],
    }


def test_kinds_and_people_do_not_wait_for_each_other(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    mine = make.reflection(callum, cohort=cohort)
    make.announce()
    mailed(make, letterbox, callum, timedelta())
    share(make, amina, cohort)
    make.response(amina, mine)
    make.feedback(amina, callum, cohort)
    make.announce()
    assert len(mailed(make, letterbox, callum, MINUTE)) == 3


def test_what_is_gathered_is_asked_anew(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    """Of four that wait one is taken back and one is read; of those that are left it tells."""
    share(make, amina, cohort)
    mailed(make, letterbox, callum, timedelta())
    with clock.standing_at(A_MORNING + MINUTE):
        ids = [share(make, amina, cohort) for _ in range(4)]
    amina.delete(f"/api/reflections/{ids[0]}")
    notices = callum.get("/api/notices").json["items"]  # type: ignore[index]
    [read] = [one["id"] for one in notices if one["about"]["id"] == str(ids[1])]
    callum.phone.post("/api/notices/read", json={"ids": [read]})
    assert mailed(make, letterbox, callum, QUARTER) == ["Two things were shared with you"]


def test_when_one_is_left_it_is_told_as_one(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    share(make, amina, cohort)
    mailed(make, letterbox, callum, timedelta())
    with clock.standing_at(A_MORNING + MINUTE):
        gone, stays = share(make, amina, cohort), share(make, amina, cohort)
    amina.delete(f"/api/reflections/{gone}")
    with clock.standing_at(A_MORNING + QUARTER):
        send_letters(make.app.database, letterbox, composer(AT))
    [letter] = [one for one in letterbox.letters if one.to == callum.email]
    assert f"{AT}/reflections/{stays}?notice=" in letter.body


def test_when_none_is_left_nothing_is_sent(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    share(make, amina, cohort)
    mailed(make, letterbox, callum, timedelta())
    with clock.standing_at(A_MORNING + MINUTE):
        ids = [share(make, amina, cohort) for _ in range(2)]
    for id in ids:
        amina.delete(f"/api/reflections/{id}")
    assert mailed(make, letterbox, callum, QUARTER) == []


def test_a_gathered_letter_has_no_words_and_leads_to_all_of_them(
    make: Make,
    letterbox: Letterbox,
    amina: Somebody,
    morag: Somebody,
    callum: Somebody,
    cohort: UUID,
) -> None:
    wants(callum, "mail", version=1, lock_screen="names")
    share(make, amina, cohort)
    mailed(make, letterbox, callum, timedelta())
    with clock.standing_at(A_MORNING + MINUTE):
        for by in (amina, morag, amina):
            share(make, by, cohort)
    with clock.standing_at(A_MORNING + QUARTER):
        send_letters(make.app.database, letterbox, composer(AT))
    [letter] = [one for one in letterbox.letters if one.to == callum.email]
    assert letter.subject == "Two people shared something with you"
    for text in (letter.body, letter.html):
        assert f"{AT}/notices" in text
        assert not any(said in text for said in ("Amina", "Morag", "Rowan", SECRET))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_words_for_many(kind: Kind) -> None:
    assert wording.many("en", kind, 13).startswith("13 ")
    assert wording.many("en", kind, 2).startswith("Two ")


# --- killed, failed, raced


class Failing:
    def send(self, _letter: Letter) -> None:
        raise CannotSend("no", is_final=False)


def test_what_failed_stays_together(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    share(make, amina, cohort)
    mailed(make, letterbox, callum, timedelta())
    many(make, amina, cohort, 3)
    with clock.standing_at(A_MORNING + QUARTER):
        send_letters(make.app.database, Failing(), composer(AT))
    assert mailed(make, letterbox, callum, 16 * MINUTE) == ["Three things were shared with you"]
    assert mailed(make, letterbox, callum, DAY) == []


def test_whoever_is_killed_with_them_in_hand_loses_none(
    make: Make, letterbox: Letterbox, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    share(make, amina, cohort)
    mailed(make, letterbox, callum, timedelta())
    many(make, amina, cohort, 3)
    now = A_MORNING + QUARTER
    with make.session() as session:
        keys = held(session, [(callum.id, Kind.SHARED)])
        assert len(claim_letters(session, "killed", keys, now)) == 3
    assert mailed(make, letterbox, callum, QUARTER + MINUTE) == []
    assert mailed(make, letterbox, callum, QUARTER + 3 * MINUTE) == [
        "Three things were shared with you"
    ]


def test_of_four_workers_at_once_one_writes_the_letter(
    app: App,
    make: Make,
    letterbox: Letterbox,
    amina: Somebody,
    callum: Somebody,
    cohort: UUID,
    at: Callable[..., datetime],
) -> None:
    share(make, amina, cohort)
    mailed(make, letterbox, callum, timedelta())
    many(make, amina, cohort, 49)
    compose = composer(AT)
    at(minutes=15)  # in their threads too
    together([lambda: send_letters(app.database, letterbox, compose)] * 4)
    send_letters(app.database, letterbox, compose)
    got = [one.subject for one in letterbox.letters if one.to == callum.email]
    assert got == ["49 things were shared with you"]


def test_codes_are_never_gathered(make: Make, letterbox: Letterbox, callum: Somebody) -> None:
    for _ in range(2):
        make.code_for(make.stranger(), callum.email)
    assert len(letterbox.letters) == 2


# --- pushes


def test_a_device_shows_one_that_tells_of_all(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    make.device(callum)
    wants(callum, "push", version=1, lock_screen="names")
    for _ in range(3):
        share(make, amina, cohort)
    told = [one["notification"] for one in pushes(make)]
    assert {one["tag"] for one in told} == {"shared"}
    assert {one["body"] for one in told} == {"Three things were shared with you."}
    assert {one["navigate"] for one in told} == {f"{AT}/notices"}


def test_what_lay_there_for_days_is_not_told_again(
    make: Make, amina: Somebody, callum: Somebody, cohort: UUID
) -> None:
    share(make, amina, cohort)
    wants(callum, "push", version=1)
    make.device(callum)
    with clock.standing_at(A_MORNING + 2 * DAY):
        share(make, amina, cohort)
    [told] = pushes(make, A_MORNING + 2 * DAY)
    assert told["notification"]["body"] == "Something was shared with you."
    assert told["app_badge"] == 2
