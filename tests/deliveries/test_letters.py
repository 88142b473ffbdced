"""Handing letters over: as pushes, on threads of their own."""

from datetime import timedelta

import pytest

from backend.core import clock
from backend.core.transports import CannotSend, Letter
from backend.deliveries.actions import MAIL
from tests.deliveries.conftest import Post
from tests.deliveries.test_sending import hurry
from tests.make import Letterbox, Make


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
    assert failing.asked == 20
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
