"""What is counted is counted in races too: of sixteen at once as many get through as may.

Whoever adds a limit adds a line to LIMITS: it says how many places are left, and makes sixteen
attempts at one of them, each from a phone of its own.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.cohorts import actions as cohorts
from backend.contract import rules
from backend.core import ids, telling
from backend.devices.rules import MOST_DEVICES
from backend.feedback.facts import FeedbackFact
from backend.prompts import actions as prompts
from backend.reflections.facts import ReflectionFact
from backend.reminders import actions as reminders
from backend.responses.facts import ResponseFact
from tests.make import ABOUT, NEW, QUESTION, Make, Somebody, a_subscription
from tests.together import together

MANY = 16
Attempt = Callable[[], TestResponse]
Limit = Callable[[Make, pytest.MonkeyPatch], tuple[int, Sequence[Attempt]]]


@pytest.fixture(autouse=True)
def _morning(at: Callable[..., datetime]) -> None:
    """In every thread, long before an hour is over."""
    at()


def put(phone: FlaskClient, path: str, **body: object) -> TestResponse:
    return phone.put(f"{path}/{ids.new_id()}", json=body, headers=NEW)


def phones(make: Make, person: Somebody) -> list[FlaskClient]:
    return [make.phone_of(person.id) for _ in range(MANY)]


def two(make: Make) -> tuple[Somebody, Somebody, UUID]:
    amina, bo = make.somebody(), make.somebody("Bo")
    return amina, bo, make.cohort(amina, bo)


def questions(make: Make, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    """Questions by one author."""
    amina = make.somebody()
    monkeypatch.setattr(prompts, "MOST", 10)
    for _ in range(7):
        make.question(amina)
    return 3, [partial(put, phone, "/api/prompts", text="Who?") for phone in phones(make, amina)]


def reminders_of_a_cohort(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    amina, bo, cohort = two(make)
    monkeypatch.setattr(reminders, "MOST", 5)
    for _ in range(2):
        make.reminder(amina, cohort)
    body = {"cohort_id": str(cohort), "about": "contract", "weekdays": [1], "at": "08:00",
            "starts_on": "2026-11-23"}  # fmt: skip
    some = [*phones(make, amina)[:8], *phones(make, bo)[:8]]
    return 3, [partial(put, phone, "/api/reminders", **body) for phone in some]


def asks_of_one_person(make: Make, _: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    """By the same asker: one at a time."""
    amina, bo, cohort = two(make)
    body = {"cohort_id": str(cohort), "question": QUESTION, "asked": [str(bo.id)]}
    return 1, [
        partial(put, phone, "/api/feedback-requests", **body) for phone in phones(make, amina)
    ]


def proposals_of_one_member(make: Make, _: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    amina, _bo, cohort = two(make)
    body = {"cohort_id": str(cohort), "kind": "add", "text": "We ask first."}
    return rules.MOST_OPEN_EACH, [
        partial(put, phone, "/api/proposals", **body) for phone in phones(make, amina)
    ]


def reviews_of_one_member(make: Make, _: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    amina, _bo, cohort = two(make)
    body = {"cohort_id": str(cohort), "text": "What of silence?"}
    return rules.MOST_REVIEWS_EACH, [
        partial(put, phone, "/api/contract-reviews", **body) for phone in phones(make, amina)
    ]


def reviews_of_a_cohort(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    """Beyond everybody's first, which nobody can keep from anybody."""
    people = [make.somebody(f"P{number}") for number in range(4)]
    body = {"cohort_id": str(make.cohort(*people)), "text": "What of silence?"}
    monkeypatch.setattr(rules, "MOST_REVIEWS", 7)
    for one in people:
        assert put(one.phone, "/api/contract-reviews", **body).status_code == 201
    some = [phone for one in people for phone in phones(make, one)[:4]]
    return 3, [partial(put, phone, "/api/contract-reviews", **body) for phone in some]


def remarks_of_one_member(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    amina, bo, cohort = two(make)
    monkeypatch.setattr(rules, "MOST_REMARKS_EACH", 3)
    proposal = ids.new_id()
    suggested = {"cohort_id": str(cohort), "kind": "add", "text": "We ask first."}
    made = amina.phone.put(f"/api/proposals/{proposal}", json=suggested, headers=NEW)
    assert made.status_code == 201
    body = {"proposal_id": str(proposal), "kind": "question", "text": "Why?"}
    return 3, [partial(put, phone, "/api/remarks", **body) for phone in phones(make, bo)]


def devices(make: Make, _: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    amina = make.somebody()
    for _number in range(MOST_DEVICES - 2):
        make.device(amina)
    key = make.app.signer.newest
    return 2, [
        partial(put, phone, "/api/devices", label="Phone", key=key, subscription=a_subscription())
        for phone in phones(make, amina)
    ]


def places_of_an_invitation(make: Make, _: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    amina, _bo, cohort = two(make)
    _, token = make.invitation(amina, cohort, uses=4)
    return 4, [partial(accept, make.somebody(f"P{number}"), token) for number in range(MANY)]


def people_of_a_cohort(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    """By invitations of their own, so that no invitation's places hold it."""
    amina, _bo, cohort = two(make)
    monkeypatch.setattr(cohorts, "MOST_MEMBERS", 5)
    tokens = [make.invitation(amina, cohort)[1] for _ in range(MANY)]
    return 3, [
        partial(accept, make.somebody(f"P{number}"), token) for number, token in enumerate(tokens)
    ]


def accept(person: Somebody, token: str) -> TestResponse:
    return person.phone.post(f"/api/invitations/{token}/acceptance", json={})


def shares_in_an_hour(make: Make, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    amina, _, cohort = two(make)
    monkeypatch.setitem(telling.AN_HOUR, ReflectionFact.SHARED.value, 4)
    body = {"text": "At last.", "audience": "cohort", "cohort_id": str(cohort)}
    assert put(amina.phone, "/api/reflections", **body).status_code == 201
    return 3, [partial(put, phone, "/api/reflections", **body) for phone in phones(make, amina)]


def responses_in_an_hour(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    amina, bo, cohort = two(make)
    monkeypatch.setitem(telling.AN_HOUR, ResponseFact.RESPONDED.value, 3)
    body = {"reflection_id": str(make.reflection(amina, cohort=cohort)), "kind": "curious"}
    return 3, [partial(put, phone, "/api/responses", **body) for phone in phones(make, bo)]


def offers_in_an_hour(make: Make, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    """Each to somebody else: to one person one at a time."""
    amina = make.somebody()
    others = [make.somebody(f"P{number}") for number in range(MANY)]
    cohort = str(make.cohort(amina, *others))
    monkeypatch.setitem(telling.AN_HOUR, FeedbackFact.FEEDBACK_OFFERED.value, 3)
    return 3, [
        partial(put, phone, "/api/feedback-offers", cohort_id=cohort, to=str(one.id), about=ABOUT)
        for phone, one in zip(phones(make, amina), others, strict=True)
    ]


LIMITS: list[Limit] = [
    questions, reminders_of_a_cohort, asks_of_one_person, proposals_of_one_member,
    reviews_of_one_member, reviews_of_a_cohort, remarks_of_one_member, devices,
    places_of_an_invitation, people_of_a_cohort, shares_in_an_hour, responses_in_an_hour,
    offers_in_an_hour,
]  # fmt: skip


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.__name__)
def test_of_sixteen_at_once_as_many_as_may(
    make: Make, monkeypatch: pytest.MonkeyPatch, limit: Limit
) -> None:
    left, attempts = limit(make, monkeypatch)
    statuses = Counter(answer.status_code for answer in together(attempts))
    came = statuses.pop(201, 0) + statuses.pop(200, 0)
    assert came == left
    assert statuses.keys() <= {409, 410, 429}, statuses
