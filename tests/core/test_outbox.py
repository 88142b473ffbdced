"""Codes: nothing is lost, nothing goes twice, and what is of no use is not sent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from threading import Barrier, Event, Lock

import pytest
from sqlalchemy import func, select, text

from backend.core import clock
from backend.core.app import App
from backend.core.outbox.claim import LEASE
from backend.core.outbox.enqueue import enqueue_sign_in_letter
from backend.core.outbox.mail import AT_ONCE, send_codes
from backend.core.outbox.models import Carrier, Outgoing
from backend.core.outbox.retry import Fate
from backend.core.transports import CannotSend, Letter, Mail
from backend.deliveries.actions import tidy
from tests.conftest import A_MORNING
from tests.make import Letterbox, Make

DAY = timedelta(days=1)
WAYS = ("mail", "code")  # whom letters and codes are counted for


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
            enqueue_sign_in_letter(
                session, f"{name}@cohort.example", "Your code", "1234", keeps=keeps
            )


def send(app: App, mail: Mail, is_over: Callable[[], bool] = lambda: False) -> int:
    """How many were accepted."""
    return send_codes(app.database, mail, is_over=is_over)[Fate.ACCEPTED]


def waiting(make: Make) -> int:
    with make.session() as session:
        return session.scalar(select(func.count()).select_from(Outgoing)) or 0


def sent(letterbox: Letterbox) -> list[str]:
    return sorted(letter.to.partition("@")[0] for letter in letterbox.letters)


def test_a_letter_nobody_wants_is_given_up(app: App, make: Make, letterbox: Letterbox) -> None:
    post(make, "amina")
    mail = Refusing(letterbox, amina=CannotSend("no such mailbox", is_final=True))
    assert send(app, mail) == 0
    assert waiting(make) == 0


def test_a_letter_goes_out_once_and_its_row_goes(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    post(make, *(f"person{n}" for n in range(45)))
    assert send(app, letterbox) == 45
    assert send(app, letterbox) == 0
    assert len(letterbox.letters) == 45
    assert waiting(make) == 0


def test_what_was_never_committed_is_never_sent(make: Make, app: App, letterbox: Letterbox) -> None:
    with app.database.writing() as session:
        enqueue_sign_in_letter(session, "amina@cohort.example", "Your code", "1234", keeps=DAY)
    assert send(app, letterbox) == 0


def test_trying_again_takes_longer_each_time(app: App, make: Make, letterbox: Letterbox) -> None:
    mail = Refusing(letterbox, amina=CannotSend("busy"))
    with clock.standing_at(A_MORNING):
        post(make, "amina")
    waits, moment = [], A_MORNING
    while len(waits) < 12:
        with clock.standing_at(moment):
            send(app, mail)
        with make.session() as session:
            due = session.scalars(select(Outgoing.due)).one()
        waits.append((due - moment).total_seconds())
        moment = due
    usual = [10, 20, 40, 80, 160, 320, 640, 1280, *[1800] * 4]
    assert all(one / 2 <= wait <= one for one, wait in zip(usual, waits, strict=True)), waits
    assert mail.asked == 12  # once each time
    mail.refused.clear()
    with clock.standing_at(moment):
        assert send(app, mail) == 1


def test_a_letter_that_cannot_be_written_holds_up_no_other(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    post(make, "amina", "broken", "callum")
    assert send(app, Refusing(letterbox, broken=ValueError("odd"))) == 2
    assert sent(letterbox) == ["amina", "callum"]
    assert waiting(make) == 1


class Slow:
    """A mail server that is asked about a mailbox and does not answer, until others have theirs."""

    def __init__(self, letterbox: Letterbox, slow: str, until: set[str]) -> None:
        self.letterbox, self.slow, self.until = letterbox, slow, set(until)
        self.others_have_it, self.lock = Event(), Lock()
        self.of_the_slow = self.most_at_once = 0

    def send(self, letter: Letter) -> None:
        name = letter.to.partition("@")[0]
        if name.startswith(self.slow):
            with self.lock:
                self.of_the_slow += 1
                self.most_at_once = max(self.most_at_once, self.of_the_slow)
            is_free = self.others_have_it.wait(20)
            self.of_the_slow -= 1
            if not is_free:
                raise CannotSend("the others waited for it", is_final=True)
        self.letterbox.send(letter)
        with self.lock:
            self.until.discard(name)
            if not self.until:
                self.others_have_it.set()


def test_one_that_is_slow_to_be_answered_about_delays_no_other(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    """Not those that were taken in hand with it, nor those behind them."""
    others = [f"person{n}" for n in range(30)]
    mail = Slow(letterbox, "amina", set(others))
    post(make, "amina", *others)
    assert send(app, mail) == 31
    assert letterbox.letters[-1].to.startswith("amina")


def test_nor_those_that_come_meanwhile(app: App, make: Make, letterbox: Letterbox) -> None:
    """No other run begins before this one ends, so it looks again itself."""
    mail = Slow(letterbox, "amina", {"callum"})

    class PostsMore:
        def send(self, letter: Letter) -> None:
            if letter.to.startswith("morag"):
                post(make, "callum")
            mail.send(letter)

    post(make, "amina", "morag")
    assert send(app, PostsMore()) == 3
    assert letterbox.letters[-1].to.startswith("amina")


def test_however_many_wait_for_one_mailbox_it_has_one_conversation(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    mail = Slow(letterbox, "amina", {"callum"})
    post(make, *["amina"] * 60, "callum")
    assert send(app, mail) == 61
    assert letterbox.letters[0].to.startswith("callum")
    assert mail.most_at_once == 1


def test_some_slow_mailboxes_leave_room_for_others(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    others = {f"person{n}" for n in range(10)}
    post(make, *(f"slow{n}" for n in range(AT_ONCE - 1)), *others)
    assert send(app, Slow(letterbox, "slow", others)) == AT_ONCE - 1 + 10


def test_asked_to_stop_it_takes_no_more_in_hand(app: App, make: Make, letterbox: Letterbox) -> None:
    post(make, *(f"person{n}" for n in range(AT_ONCE + 1)))
    assert send(app, letterbox, lambda: True) == 0
    is_over = lambda: bool(letterbox.letters)  # noqa: E731
    assert 0 < send(app, letterbox, is_over) <= AT_ONCE


def test_a_letter_of_no_more_use_is_not_sent(app: App, make: Make, letterbox: Letterbox) -> None:
    with clock.standing_at(A_MORNING):
        post(make, "amina", keeps=timedelta(minutes=10))
    with clock.standing_at(A_MORNING + timedelta(minutes=10)):
        assert send(app, letterbox) == 0
    assert waiting(make) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # which locks rows
def test_a_fresh_code_does_not_wait_for_who_tidies(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    """However many codes of no more use are held by a transaction that takes long."""
    with clock.standing_at(A_MORNING):
        post(make, *(f"old{n}" for n in range(AT_ONCE + 1)), keeps=timedelta(minutes=10))
    with clock.standing_at(A_MORNING + timedelta(hours=1)):
        post(make, "amina")
        with app.database.writing() as tidying, ThreadPoolExecutor(1) as other:
            tidy(tidying)
            sending = other.submit(copy_context().run, send, app, letterbox)
            try:
                assert sending.result(timeout=20) == 1
            finally:
                tidying.commit()
    assert (sent(letterbox), waiting(make)) == (["amina"], 0)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_tidies_waits_for_nobody_either(app: App, make: Make) -> None:
    """What another has just now is left for another time."""
    with clock.standing_at(A_MORNING):
        post(make, "amina", "callum", keeps=timedelta(minutes=10))
    with app.database.writing() as settling, app.database.writing() as tidying:
        settling.execute(select(Outgoing.id).limit(1).with_for_update())
        tidying.execute(text("SET LOCAL lock_timeout = '5s'"))
        tidy(tidying)
        tidying.commit()
    assert waiting(make) == 1


def test_killed_between_claiming_and_sending_it_goes_out_later(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    class Killed(BaseException):
        pass

    with clock.standing_at(A_MORNING):
        post(make, "amina", "callum")
        with pytest.raises(Killed):
            send(app, Refusing(letterbox, amina=Killed()))
        assert send(app, letterbox) == 0  # the lease still runs
    with clock.standing_at(A_MORNING + LEASE):
        send(app, letterbox)
    assert sent(letterbox) == ["amina", "callum"]
    assert waiting(make) == 0


def test_one_whose_lease_ran_out_does_not_remove_what_another_holds(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    """Slow to send: another took over and was refused; its row stays for a further try."""

    class Slow:
        def send(self, letter: Letter) -> None:
            with clock.standing_at(A_MORNING + LEASE):
                send(app, Refusing(letterbox, amina=CannotSend("busy")))
            letterbox.send(letter)

    with clock.standing_at(A_MORNING):
        post(make, "amina")
        send(app, Slow())
    assert waiting(make) == 1


def test_four_at_once_never_send_a_letter_twice(app: App, make: Make, letterbox: Letterbox) -> None:
    post(make, *(f"person{n}" for n in range(100)))
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: send(app, letterbox), range(4)))
    assert sum(counts) == 100
    assert len(set(sent(letterbox))) == len(letterbox.letters) == 100


def test_without_leases_they_would(make: Make, app: App, letterbox: Letterbox) -> None:
    """The control: read what is due, send, remove."""
    post(make, *(f"person{n}" for n in range(30)))
    all_have_read = Barrier(4, timeout=60)

    def naive(_: int) -> None:
        with app.database.reading() as session:
            rows = [(row.id, row.to or "") for row in session.scalars(select(Outgoing))]
        all_have_read.wait()
        for id, to in rows:
            letterbox.send(Letter(to, "", ""))
            with app.database.writing() as session:
                session.query(Outgoing).filter_by(id=id).delete()
                session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(naive, range(4)))
    assert len(letterbox.letters) > 30


def test_a_mail_server_that_is_left_alone_is_asked_for_a_code_all_the_same(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    """Somebody waits at the door, whatever became of other letters; and a code shuts nothing."""
    with make.session() as session:
        open_until = clock.now() + timedelta(minutes=10)
        session.add_all(Carrier(origin=one, failures=10, open_until=open_until) for one in WAYS)
    post(make, "amina")
    assert send(app, letterbox) == 1
    post(make, *(f"person{n}" for n in range(12)))
    refusing = Refusing(letterbox, **{f"person{n}": CannotSend("no") for n in range(12)})
    assert send(app, refusing) == 0
    with make.session() as session:
        assert {one.failures for one in session.scalars(select(Carrier))} == {10}
