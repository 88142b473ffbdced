"""Sixteen at once: a code is used once, is tried five times, and five live at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.core.app import App
from backend.core.errors import Refused
from backend.sign_in import actions
from backend.sign_in.budgets import A_DEVICE, LIVE_CODES, RESERVED
from backend.sign_in.models import SignInCode
from backend.sign_in.rules import Asker
from tests.make import Letterbox, Make

MANY = 16
ROUNDS = 20
EMAIL = "amina@cohort.example"
T = TypeVar("T")


def asker() -> Asker:
    return Asker("192.0.2.1", "attempt")


def at_once(work: Callable[[int], T]) -> list[T]:
    barrier = Barrier(MANY)

    def one(number: int) -> T:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY)))


def attempted(app: App, do: Callable[[Session], None]) -> bool:
    """Whether an action went well, committed as the edge does it."""
    with app.database.writing() as session:
        try:
            do(session)
        except Refused as refusal:
            if refusal.remember:
                session.commit()
            return False
        session.commit()
        return True


def new_code(make: Make, letterbox: Letterbox) -> str:
    with make.session() as session:
        session.execute(text("DELETE FROM sign_in_code"))
        actions.send_code(session, EMAIL, asker())
    make.deliver()
    return letterbox.code().replace(" ", "")


def use(app: App, code: str, _: int) -> bool:
    return attempted(app, lambda session: actions.prove(session, EMAIL, code, asker()))


def test_sixteen_who_race_with_one_code_sign_in_once(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    for _ in range(ROUNDS):
        code = new_code(make, letterbox)
        assert sum(at_once(partial(use, app, code))) == 1


def test_the_same_race_is_lost_without_the_guard(
    app: App, make: Make, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: look, then use, in two steps."""
    arrived = Barrier(MANY)

    def naive(_: int) -> bool:
        with app.database.reading() as session:
            (row,) = session.scalars(select(SignInCode))
            is_free = row.used_at is None
        arrived.wait()
        with app.database.writing() as session:
            session.execute(text("UPDATE sign_in_code SET used_at = created_at"))
            session.commit()
        return is_free

    new_code(make, letterbox)
    assert sum(at_once(naive)) > 1


def test_guesses_made_at_once_are_five_tries_all_the_same(
    app: App, make: Make, letterbox: Letterbox
) -> None:
    code = int(new_code(make, letterbox))

    def guess(number: int) -> bool:
        wrong = f"{(code + number + 1) % 10**8:08}"
        return attempted(app, lambda s: actions.prove(s, EMAIL, wrong, asker()))

    assert not any(at_once(guess))
    with make.session() as session:
        assert [row.tries for row in session.scalars(select(SignInCode))] == [5]


def ask(app: App, device: str, is_invited: bool, number: int) -> bool:
    who = Asker("192.0.2.1", f"attempt {number}", device)
    return attempted(app, lambda s: actions.send_code(s, EMAIL, who, is_invited=is_invited))


def test_sixteen_who_ask_at_once_are_sent_five_codes(app: App, make: Make) -> None:
    assert sum(at_once(partial(ask, app, "", False))) == LIVE_CODES


def test_what_is_kept_for_others_holds_in_a_race_too(app: App, make: Make) -> None:
    with make.session() as session:
        actions.remember_device(session, EMAIL, "known")
    # the device's share, and what anybody has from one network
    assert sum(at_once(partial(ask, app, "known", False))) == A_DEVICE + LIVE_CODES
    assert sum(at_once(partial(ask, app, "", True))) == RESERVED
