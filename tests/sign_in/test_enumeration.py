"""Whether somebody has an account: neither the answer nor its time tells."""

import random
import time
from itertools import product

import pytest
from flask import request

from backend.core.app import App
from backend.core.limits import limiter
from backend.core.request import public
from backend.people.actions import welcome
from tests.make import Make

ROUNDS = 300
CLOSE = (0.40, 0.60)


@pytest.fixture
def app(own_app: App) -> App:
    """With a route more, in some of these."""
    return own_app


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)


def ask(make: Make, email: str, path: str = "/api/sign-in/codes") -> tuple[object, float]:
    """What is answered, without what is new each time; and how long it took."""
    phone = make.app.test_client(use_cookies=False)
    started = time.process_time()
    answer = phone.post(path, json={"email": email})
    took = time.process_time() - started
    headers = [(n, v.partition("=")[0]) for n, v in answer.headers if n != "X-Request-Id"]
    return (answer.status_code, answer.data, headers), took


def auc(one: list[float], other: list[float]) -> float:
    """How often a value of `one` is above one of `other`: 0.5 when nothing can be told."""
    wins = sum((a > b) + (a == b) / 2 for a, b in product(one, other))
    return wins / (len(one) * len(other))


def interleaved(make: Make, known: list[str], unknown: list[str], path: str) -> float:
    """Both kinds in random order, so that whatever else the machine does hits both."""
    times: dict[bool, list[float]] = {True: [], False: []}
    asked = [(True, email) for email in known] + [(False, email) for email in unknown]
    random.shuffle(asked)
    for is_known, email in asked:
        times[is_known].append(ask(make, email, path)[1])
    return auc(times[True], times[False])


def addresses(make: Make, prefix: str) -> tuple[list[str], list[str]]:
    known, unknown = ([f"{prefix}{kind}{n}@cohort.example" for n in range(ROUNDS)] for kind in "ab")
    with make.session() as session:
        for email in known:
            welcome(session, email, "Somebody")
    return known, unknown


def test_the_answer_is_the_same(make: Make) -> None:
    make.somebody("Amina")
    known, unknown = "amina@cohort.example", "nobody@cohort.example"
    for _ in range(6):  # the sixth is refused, for both alike
        assert ask(make, known)[0] == ask(make, unknown)[0]


def test_the_time_tells_nothing(make: Make) -> None:
    """Three rounds at most: chance alone leaves the band once in thousands, a difference always."""
    for number in range(3):
        known, unknown = addresses(make, f"r{number}")
        if CLOSE[0] < (found := interleaved(make, known, unknown, "/api/sign-in/codes")) < CLOSE[1]:
            return
    pytest.fail(f"AUC {found:.2f}")


def test_a_way_that_mails_only_whom_it_knows_would_be_seen(app: App, make: Make) -> None:
    """The control: look the person up, and go on for those who are there."""
    known, unknown = addresses(make, "c")
    view, is_known = app.view_functions["sign-in.ask_for_code"], frozenset(known)

    @app.post("/api/naive")
    @public
    def naive() -> object:
        return view() if request.json["email"] in is_known else ({"expires_in": 600}, 202)

    found = interleaved(make, known[:100], unknown[:100], "/api/naive")
    assert not CLOSE[0] < found < CLOSE[1]
