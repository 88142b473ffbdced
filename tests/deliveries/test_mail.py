"""Handing letters over: as pushes, on threads of their own."""

from datetime import timedelta
from threading import Event, Lock

import pytest

from backend.core import clock
from backend.core.outbox.mail import AT_ONCE
from backend.core.transports import CannotSend, Letter, SmtpMail
from backend.deliveries.actions import MAIL
from backend.rhythm.rules import Kind
from tests.deliveries.conftest import Post
from tests.deliveries.test_dispatcher import hurry
from tests.mail_server import FROM, running, that_says
from tests.mail_server import Post as MailServer
from tests.make import Letterbox, Make, Somebody


class Failing:
    """A mail server in trouble."""

    def __init__(self, *, is_final: bool = False) -> None:
        self.asked = 0
        self.is_final = is_final

    def send(self, _letter: Letter) -> None:
        self.asked += 1
        raise CannotSend("no", is_final=self.is_final)


def test_a_letter_goes_out_once_and_its_row_goes(
    make: Make, post: Post, letterbox: Letterbox
) -> None:
    people = [make.somebody(f"Person{n}") for n in range(45)]
    notices = [make.delivery(person) for person in people]
    assert post.send_letters(letterbox) == {"accepted": 45}
    assert post.send_letters(letterbox) == {}
    assert sorted(letter.body for letter in letterbox.letters) == sorted(map(str, notices))
    assert post.open() == []
    assert post.carrier(MAIL).accepted == 45


def test_pushes_and_letters_leave_each_other_alone(
    make: Make, post: Post, letterbox: Letterbox
) -> None:
    amina = make.somebody()
    make.delivery(amina, post.subscribed(amina)[1])
    make.delivery(amina)
    assert post.send() == {"accepted": 1}
    assert post.send_letters(letterbox) == {"accepted": 1}


def test_one_that_nobody_wants_is_given_up(make: Make, post: Post) -> None:
    make.delivery(make.somebody())
    assert post.send_letters(Failing(is_final=True)) == {"refused": 1}
    assert post.open() == []


def test_a_mail_server_in_trouble_is_left_alone_and_tried_with_one_letter(
    make: Make, post: Post, letterbox: Letterbox
) -> None:
    for number in range(30):
        make.delivery(make.somebody(f"Person{number}"))
    failing = Failing()
    post.send_letters(failing)
    assert 10 <= failing.asked < 10 + AT_ONCE, "those that were under way when it was clear"
    assert len(post.open()) == 30
    hurry(post)
    assert post.send_letters(failing) == {}
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        assert post.send_letters(failing) == {"failed": 1}
    with clock.standing_at(clock.now() + timedelta(minutes=5)):
        hurry(post)
        assert post.send_letters(letterbox) == {"accepted": 30}


@pytest.mark.parametrize("keeps", [timedelta(seconds=-1)])
def test_too_late_and_taken_back_are_not_sent(
    make: Make, post: Post, letterbox: Letterbox, keeps: timedelta
) -> None:
    make.delivery(make.somebody(), keeps=keeps)
    post.words.instead[make.delivery(make.somebody("Callum"))] = None
    assert post.send_letters(letterbox) == {"dropped": 2}
    assert letterbox.letters == []


def test_a_letter_that_cannot_be_written_holds_up_no_other(make: Make, post: Post) -> None:
    amina, callum = make.somebody(), make.somebody("Callum")
    taken = []

    class Odd:
        def send(self, letter: Letter) -> None:
            if amina.id.hex in letter.to:
                raise ValueError("odd")
            taken.append(letter)

    make.delivery(amina)
    make.delivery(callum)
    assert post.send_letters(Odd()) == {"failed": 1, "accepted": 1}
    assert len(taken) == 1


class Slow:
    """A mail server that does not answer about somebody, until others have theirs."""

    def __init__(self, letterbox: Letterbox, slow: Somebody, others: list[Somebody]) -> None:
        self.letterbox, self.slow = letterbox, slow.id.hex
        self.waiting = {other.id.hex for other in others}
        self.others_have_it, self.lock = Event(), Lock()
        self.of_the_slow = self.most_at_once = 0

    def send(self, letter: Letter) -> None:
        to = letter.to.partition("@")[0]
        if to == self.slow:
            with self.lock:
                self.of_the_slow += 1
                self.most_at_once = max(self.most_at_once, self.of_the_slow)
            is_free = self.others_have_it.wait(20)
            with self.lock:
                self.of_the_slow -= 1
            if not is_free:
                raise CannotSend("the others waited for it", is_final=True)
        self.letterbox.send(letter)
        with self.lock:
            self.waiting.discard(to)
            if not self.waiting:
                self.others_have_it.set()


def test_a_slow_mailbox_delays_nobody_elses_letters(
    make: Make, post: Post, letterbox: Letterbox
) -> None:
    """Neither those beside its own, nor those behind them, however many it has."""
    amina, *others = [make.somebody(f"Person{n}") for n in range(25)]
    for kind in Kind:
        make.delivery(amina, kind=kind)
    for other in others:
        make.delivery(other)
    mail = Slow(letterbox, amina, others)
    assert post.send_letters(mail) == {"accepted": len(Kind) + 24}
    assert mail.most_at_once == 1


def test_nor_those_that_come_meanwhile(make: Make, post: Post, letterbox: Letterbox) -> None:
    amina, morag, callum = map(make.somebody, ("Amina", "Morag", "Callum"))
    mail = Slow(letterbox, amina, [callum])

    class PlansMore:
        def send(self, letter: Letter) -> None:
            if letter.to.startswith(morag.id.hex):
                make.delivery(callum)
            mail.send(letter)

    for person in (amina, morag):
        make.delivery(person)
    assert post.send_letters(PlansMore()) == {"accepted": 3}


def test_one_mailbox_that_refuses_delays_nobody_elses_letters(make: Make, post: Post) -> None:
    """Full, it puts each letter off, first in line each time: the mail server is well."""
    amina, callum = make.somebody(), make.somebody("Callum")
    to = f"{amina.id.hex}@cohort.example"
    server = MailServer()
    server.says[f"RCPT {to}"] = "452 4.2.2 mailbox full"
    for kind in (Kind.SHARED, Kind.RESPONSE, Kind.FEEDBACK, Kind.CONTRACT):
        make.delivery(amina, kind=kind)
    with running(server) as port:
        mail = SmtpMail(f"smtp://127.0.0.1:{port}", FROM)
        for _ in range(4):  # sixteen refusals
            assert post.send_letters(mail) == {"throttled": 4}
            hurry(post)
        make.delivery(callum)
        assert post.send_letters(mail) == {"throttled": 4, "accepted": 1}
        assert post.carrier(MAIL).open_until is None
        assert len(post.open()) == 4
        server.says.clear()
        hurry(post)
        assert post.send_letters(mail) == {"accepted": 4}


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["554 no", "552 5.2.2 too large", "550 5.1.1 nobody"])
def test_what_is_refused_for_good_is_given_up_and_shuts_nothing(
    make: Make, post: Post, stage: str, answer: str
) -> None:
    *refusing, callum = map(make.somebody, ("Amina", "Morag", "Callum"))
    server = MailServer()
    for person in refusing:
        server.says[f"{stage} {person.id.hex}@cohort.example"] = answer
        for kind in Kind:
            make.delivery(person, kind=kind)
    make.delivery(callum)
    with running(server) as port:
        mail = SmtpMail(f"smtp://127.0.0.1:{port}", FROM)
        assert post.send_letters(mail) == {"refused": 2 * len(Kind), "accepted": 1}
        assert post.send_letters(mail) == {}
    assert post.open() == []
    assert post.carrier(MAIL).open_until is None


def test_a_letter_that_cannot_be_written_never_shuts_the_mail_server(
    make: Make, post: Post, letterbox: Letterbox
) -> None:
    class Odd:
        def send(self, _letter: Letter) -> None:
            raise ValueError("odd")

    for number in range(12):
        make.delivery(make.somebody(f"Person{number}"))
    assert post.send_letters(Odd()) == {"failed": 12}
    hurry(post)
    assert post.send_letters(letterbox) == {"accepted": 12}


@pytest.mark.parametrize("greeting", ["554 no service here", "421 too busy"])
def test_a_mail_server_that_does_not_greet_us_is_left_alone(
    make: Make, post: Post, greeting: str
) -> None:
    for number in range(12):
        make.delivery(make.somebody(f"Person{number}"))
    with that_says(greeting) as port:
        assert post.send_letters(SmtpMail(f"smtp://127.0.0.1:{port}", FROM)) == {"failed": 12}
    assert post.carrier(MAIL).open_until is not None
