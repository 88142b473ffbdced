"""The outbox: nothing is lost, nothing goes twice, and what is of no use is not sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import func, select

from backend.core import clock, outbox
from backend.core.app import App
from backend.core.outbox import LEASE, Outgoing
from backend.core.transports import CannotSend, Letter
from tests.conftest import A_MORNING
from tests.make import Letterbox, Make

DAY = timedelta(days=1)


class Refusing:
    """A mail server that refuses what it is told to."""

    def __init__(self, letterbox: Letterbox, **refused: BaseException) -> None:
        self.letterbox = letterbox
        self.refused = refused
        self.asked = 0

    def send(self, letter: Letter) -> None:
        self.asked += 1
        if error := self.refused.get(letter.to.partition("@")[0]):
            raise error
        self.letterbox.send(letter)


def post(make: Make, *names: str, keeps: timedelta = DAY) -> None:
    with make.session() as session:
        for name in names:
            outbox.post(session, f"{name}@cohort.example", "Your code", "1234", keeps=keeps)


def waiting(make: Make) -> int:
    with make.session() as session:
        return session.scalar(select(func.count()).select_from(Outgoing)) or 0


def sent(letterbox: Letterbox) -> list[str]:
    return sorted(letter.to.partition("@")[0] for letter in letterbox.letters)


def test_a_letter_nobody_wants_is_given_up(app: App, make: Make, letterbox: Letterbox) -> None:
    post(make, "amina")
    mail = Refusing(letterbox, amina=CannotSend("no such mailbox", is_final=True))
    assert outbox.deliver(app.database, mail) == 0
    assert waiting(make) == 0


def test_a_letter_goes_out_once_and_its_row_goes(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    post(make, *(f"person{n}" for n in range(45)))
    assert outbox.deliver(app.database, letterbox) == 45
    assert outbox.deliver(app.database, letterbox) == 0
    assert len(letterbox.letters) == 45
    assert waiting(make) == 0


def test_what_was_never_committed_is_never_sent(make: Make, app: App, letterbox: Letterbox) -> None:
    with app.database.writing() as session:
        outbox.post(session, "amina@cohort.example", "Your code", "1234", keeps=DAY)
    assert outbox.deliver(app.database, letterbox) == 0


def test_trying_again_takes_longer_each_time(app: App, make: Make, letterbox: Letterbox) -> None:
    mail = Refusing(letterbox, amina=CannotSend("busy"))
    with clock.standing_at(A_MORNING):
        post(make, "amina")
    waits, moment = [], A_MORNING
    while len(waits) < 12:
        with clock.standing_at(moment):
            outbox.deliver(app.database, mail)
        with make.session() as session:
            due = session.scalars(select(Outgoing.due)).one()
        waits.append((due - moment).total_seconds())
        moment = due
    assert waits[:5] == [10, 20, 40, 80, 160]
    assert waits[-1] == 1800
    assert mail.asked == 12  # once each time
    mail.refused.clear()
    with clock.standing_at(moment):
        assert outbox.deliver(app.database, mail) == 1


def test_a_letter_that_cannot_be_written_holds_up_no_other(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    post(make, "amina", "broken", "callum")
    assert outbox.deliver(app.database, Refusing(letterbox, broken=ValueError("odd"))) == 2
    assert sent(letterbox) == ["amina", "callum"]
    assert waiting(make) == 1


def test_one_that_is_slow_to_be_answered_about_delays_no_other(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    callum_has_it = Event()

    class Slow:
        def send(self, letter: Letter) -> None:
            if letter.to.startswith("amina"):
                assert callum_has_it.wait(10)
            letterbox.send(letter)
            callum_has_it.set()

    post(make, "amina", "callum")
    assert outbox.deliver(app.database, Slow()) == 2
    assert [letter.to.partition("@")[0] for letter in letterbox.letters] == ["callum", "amina"]


def test_a_letter_of_no_more_use_is_not_sent(app: App, make: Make, letterbox: Letterbox) -> None:
    with clock.standing_at(A_MORNING):
        post(make, "amina", keeps=timedelta(minutes=10))
    with clock.standing_at(A_MORNING + timedelta(minutes=10)):
        assert outbox.deliver(app.database, letterbox) == 0
    assert waiting(make) == 0


def test_killed_between_claiming_and_sending_it_goes_out_later(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    class Killed(BaseException):
        pass

    with clock.standing_at(A_MORNING):
        post(make, "amina", "callum")
        with pytest.raises(Killed):
            outbox.deliver(app.database, Refusing(letterbox, amina=Killed()))
        assert outbox.deliver(app.database, letterbox) == 0  # the lease still runs
    with clock.standing_at(A_MORNING + LEASE):
        outbox.deliver(app.database, letterbox)
    assert sent(letterbox) == ["amina", "callum"]
    assert waiting(make) == 0


def test_one_whose_lease_ran_out_does_not_remove_what_another_holds(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    """Slow to send: another took over and was refused; its row stays for a further try."""

    class Slow:
        def send(self, letter: Letter) -> None:
            with clock.standing_at(A_MORNING + LEASE):
                outbox.deliver(app.database, Refusing(letterbox, amina=CannotSend("busy")))
            letterbox.send(letter)

    with clock.standing_at(A_MORNING):
        post(make, "amina")
        outbox.deliver(app.database, Slow())
    assert waiting(make) == 1


def test_four_at_once_never_send_a_letter_twice(app: App, make: Make, letterbox: Letterbox) -> None:
    post(make, *(f"person{n}" for n in range(100)))
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: outbox.deliver(app.database, letterbox), range(4)))
    assert sum(counts) == 100
    assert len(set(sent(letterbox))) == len(letterbox.letters) == 100


def test_without_leases_they_would(make: Make, app: App, letterbox: Letterbox) -> None:
    """The control: read what is due, send, remove."""
    post(make, *(f"person{n}" for n in range(30)))

    def naive(_: int) -> None:
        with app.database.reading() as session:
            rows = [(row.id, row.to) for row in session.scalars(select(Outgoing))]
        for id, to in rows:
            letterbox.send(Letter(to, "", ""))
            with app.database.writing() as session:
                session.query(Outgoing).filter_by(id=id).delete()
                session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(naive, range(4)))
    assert len(letterbox.letters) > 30
