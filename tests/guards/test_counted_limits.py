"""What is counted is counted in races too: of sixteen at once as many get through as may.

Whoever adds a limit adds a line to LIMITS, or a reason to UNCOUNTED. What tries one says how many
places are left, and makes sixteen attempts at one of them, each from a phone of its own.
"""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.cohorts import actions as cohorts
from backend.cohorts import rules as invitations
from backend.cohorts.models import Role
from backend.contract import rules
from backend.core import hourly_limits, ids
from backend.devices.rules import MOST_DEVICES
from backend.feedback.facts import FeedbackFact
from backend.feedback.rules import MOST_A_DAY
from backend.own_data.rules import OwnDataCount
from backend.people.facts import PersonFact
from backend.prompts import actions as prompts
from backend.prompts.facts import PromptFact
from backend.reflections.facts import ReflectionFact
from backend.reminders import actions as reminders
from backend.responses.facts import ResponseFact
from tests.conftest import A_MORNING
from tests.guards.source import Module, modules, read
from tests.make import ABOUT, NEW, QUESTION, Make, Somebody, a_subscription
from tests.own_data.by_hand import an_export
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


def remind(phone: FlaskClient, cohort: UUID) -> TestResponse:
    return put(
        phone,
        "/api/reminders",
        cohort_id=str(cohort),
        about="contract",
        weekdays=[1],
        at="08:00",
        starts_on="2026-11-23",
    )


def reminders_of_a_cohort(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    amina, bo, cohort = two(make)
    monkeypatch.setattr(reminders, "MOST", 5)
    for _ in range(2):
        make.reminder(amina, cohort)
    some = [*phones(make, amina)[:8], *phones(make, bo)[:8]]
    return 3, [partial(remind, phone, cohort) for phone in some]


def reminders_by_one_member(make: Make, _: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    amina, bo, cohort = two(make)
    make.reminder(bo, cohort)
    make.reminder(amina, cohort)
    left = reminders.MOST_EACH - 1
    return left, [partial(remind, phone, cohort) for phone in phones(make, amina)]


def asks_of_one_person(make: Make, _: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    """By the same asker: one at a time."""
    amina, bo, cohort = two(make)
    return 1, [partial(ask, phone, cohort, bo) for phone in phones(make, amina)]


def turns_to_one_person(make: Make, _: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    """By asking or offering, withdrawn or not. One of each may wait, and one turn is left."""
    amina, bo, cohort = two(make)
    for _number in range(MOST_A_DAY - 1):
        amina.delete(f"/api/feedback-requests/{make.feedback(amina, bo, cohort)}")
    some = phones(make, amina)
    return 1, [
        *(partial(ask, phone, cohort, bo) for phone in some[:8]),
        *(partial(offer, phone, cohort, bo) for phone in some[8:]),
    ]


def ask(phone: FlaskClient, cohort: UUID, whom: Somebody) -> TestResponse:
    body = {"cohort_id": str(cohort), "question": QUESTION, "asked": [str(whom.id)]}
    return put(phone, "/api/feedback-requests", **body)


def offer(phone: FlaskClient, cohort: UUID, to: Somebody) -> TestResponse:
    return put(phone, "/api/feedback-offers", cohort_id=str(cohort), to=str(to.id), about=ABOUT)


def suggest(phone: FlaskClient, cohort: UUID) -> TestResponse:
    return put(phone, "/api/proposals", cohort_id=str(cohort), kind="add", text="We ask first.")


def proposals_of_one_member(make: Make, _: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    amina, _bo, cohort = two(make)
    return rules.MOST_OPEN_EACH, [partial(suggest, phone, cohort) for phone in phones(make, amina)]


def proposals_of_a_cohort(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    """Beyond everybody's first, which nobody can keep from anybody."""
    people = [make.somebody(f"P{number}") for number in range(4)]
    cohort = make.cohort(*people)
    monkeypatch.setattr(rules, "MOST_OPEN", 7)
    for one in people:
        assert suggest(one.phone, cohort).status_code == 201
    some = [phone for one in people for phone in phones(make, one)[:4]]
    return 3, [partial(suggest, phone, cohort) for phone in some]


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


def open_links_of_a_cohort(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    amina, bo = make.somebody(), make.somebody("Bo")
    cohort = make.cohort(amina)
    make.join(bo, cohort, amina, Role.FACILITATOR)
    monkeypatch.setattr(invitations, "MOST_OPEN_LINKS", 4)
    make.invitation(amina, cohort)
    body = {"expires_at": (A_MORNING + timedelta(days=7)).isoformat()}
    path = f"/api/cohorts/{cohort}/invitations"
    some = [*phones(make, amina)[:8], *phones(make, bo)[:8]]
    return 3, [partial(phone.post, path, json=body) for phone in some]


def letters_of_a_cohort(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    """By two facilitators, so that neither's own share holds them."""
    amina, bo = make.somebody(), make.somebody("Bo")
    cohort = make.cohort(amina)
    make.join(bo, cohort, amina, Role.FACILITATOR)
    monkeypatch.setattr(invitations, "MOST_LETTERS_OF_A_COHORT", 3)
    some = [*phones(make, amina)[:2], *phones(make, bo)[:14]]
    return 3, [letter_to(cohort, phone, number) for number, phone in enumerate(some)]


def letters_in_an_hour(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    monkeypatch.setattr(invitations, "MOST_LETTERS_AN_HOUR", 3)
    return 3, letters_by_one_person(make)


def letters_in_a_day(make: Make, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    monkeypatch.setattr(invitations, "MOST_LETTERS_A_DAY", 3)
    return 3, letters_by_one_person(make)


def letters_by_one_person(make: Make) -> Sequence[Attempt]:
    """To a cohort each, so that no cohort's share holds them."""
    amina = make.somebody()
    return [
        letter_to(make.cohort(amina), phone, number)
        for number, phone in enumerate(phones(make, amina))
    ]


def letter_to(cohort: UUID, phone: FlaskClient, number: int) -> Attempt:
    body = {
        "addresses": f"p{number}@cohort.example",
        "expires_at": (A_MORNING + timedelta(days=7)).isoformat(),
    }
    return partial(phone.post, f"/api/cohorts/{cohort}/invitations/by-mail", json=body)


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
    monkeypatch.setitem(hourly_limits.LIMITS, ReflectionFact.SHARED.value, 4)
    body = {"text": "At last.", "audience": "cohort", "cohort_id": str(cohort)}
    assert put(amina.phone, "/api/reflections", **body).status_code == 201
    return 3, [partial(put, phone, "/api/reflections", **body) for phone in phones(make, amina)]


def responses_in_an_hour(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    amina, bo, cohort = two(make)
    monkeypatch.setitem(hourly_limits.LIMITS, ResponseFact.RESPONDED.value, 3)
    body = {"reflection_id": str(make.reflection(amina, cohort=cohort)), "kind": "curious"}
    return 3, [partial(put, phone, "/api/responses", **body) for phone in phones(make, bo)]


def offers_in_an_hour(make: Make, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    """Each to somebody else: to one person one at a time."""
    amina = make.somebody()
    others = [make.somebody(f"P{number}") for number in range(MANY)]
    cohort = make.cohort(amina, *others)
    monkeypatch.setitem(hourly_limits.LIMITS, FeedbackFact.FEEDBACK_OFFERED.value, 3)
    some = zip(phones(make, amina), others, strict=True)
    return 3, [partial(offer, phone, cohort, one) for phone, one in some]


def names_in_an_hour(make: Make, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    amina, _, _ = two(make)
    monkeypatch.setitem(hourly_limits.LIMITS, PersonFact.NAMED.value, 3)
    return 3, [
        partial(phone.patch, "/api/me", json={"name": f"Amina {number}"})
        for number, phone in enumerate(phones(make, amina))
    ]


def files_in_an_hour(make: Make, monkeypatch: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    """Brought back, as far as they can be read: what has no reflections in it is let through."""
    amina = make.somebody()
    monkeypatch.setitem(hourly_limits.LIMITS, OwnDataCount.BROUGHT_BACK.value, 3)
    zipped = an_export()
    return 3, [
        partial(phone.post, "/api/me/imports", data=zipped, content_type="application/zip")
        for phone in phones(make, amina)
    ]


def questions_in_an_hour(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Sequence[Attempt]]:
    amina, _, cohort = two(make)
    monkeypatch.setitem(hourly_limits.LIMITS, PromptFact.ASKED.value, 3)
    body = {"text": "Who was not there?", "cohort_id": str(cohort)}
    return 3, [partial(put, phone, "/api/prompts", **body) for phone in phones(make, amina)]


def undone_of_a_cohort(make: Make, _: pytest.MonkeyPatch) -> tuple[int, Sequence[Attempt]]:
    """By whichever facilitator."""
    amina, _bo, cohort = two(make)
    guests = [make.somebody(f"P{number}") for number in range(MANY)]
    for guest in guests:
        make.join(guest, cohort, amina)
    some = zip(phones(make, amina), guests, strict=True)
    people = f"/api/cohorts/{cohort}/people"
    return 3, [partial(phone.delete, f"{people}/{guest.id}/joining") for phone, guest in some]


# Each limit by where it stands, and how it is tried.
LIMITS: dict[str, Sequence[Limit]] = {
    "cohorts.actions.MOST_MEMBERS": [people_of_a_cohort],
    "cohorts.rules.MOST_LETTERS_AN_HOUR": [letters_in_an_hour],
    "cohorts.rules.MOST_LETTERS_A_DAY": [letters_in_a_day],
    "cohorts.rules.MOST_LETTERS_OF_A_COHORT": [letters_of_a_cohort],
    "cohorts.rules.MOST_OPEN_LINKS": [open_links_of_a_cohort],
    "cohorts.rules.MOST_UNDONE": [undone_of_a_cohort],
    "cohorts.schemas.MOST_PLACES": [places_of_an_invitation],
    "contract.rules.MOST_OPEN": [proposals_of_a_cohort],
    "contract.rules.MOST_OPEN_EACH": [proposals_of_one_member],
    "contract.rules.MOST_REMARKS_EACH": [remarks_of_one_member],
    "contract.rules.MOST_REVIEWS": [reviews_of_a_cohort],
    "contract.rules.MOST_REVIEWS_EACH": [reviews_of_one_member],
    "devices.rules.MOST_DEVICES": [devices],
    "feedback.rules.MOST_A_DAY": [asks_of_one_person, turns_to_one_person],
    "prompts.actions.MOST": [questions],
    "reminders.actions.MOST": [reminders_of_a_cohort],
    "reminders.actions.MOST_EACH": [reminders_by_one_member],
    "people.facts": [names_in_an_hour],
    "prompts.facts": [questions_in_an_hour],
    "reflections.facts": [shares_in_an_hour],
    "responses.facts": [responses_in_an_hour],
    "feedback.facts": [offers_in_an_hour],
    "own_data.rules": [files_in_an_hour],
}
# What is called a most and counts no rows.
UNCOUNTED = {
    "own_data.queries.MOST_SHOWN": "of one answer",
    "own_data.rules.MOST_A_DAY": "behind a lock on the person: tests/own_data/test_races.py",
    "own_data.rules.MOST_TRIES": "how often a worker tries",
    "cohorts.queries.MOST_SHOWN": "of one answer",
    "cohorts.rules.MOST_ADDRESSES": "of one body",
    "contract.rules.MOST_COMMITMENTS": "looked at when one is suggested, and when it is decided",
    "core.json_body.MOST_QUERIES": "what a process remembers",
    "core.vapid.MOST_KEPT": "what a process remembers",
    "core.outbox.retry.MOST_OF_ONE": "of what shuts a carrier, by one person",
    "deliveries.prefetch.MOST_AT_A_TIME": "what a worker takes in hand",
    "devices.rules.MOST_REMOVED": "what is remembered",
    "feedback.rules.MOST_ASKED": "of one body",
    "feedback.rules.MOST_DAYS": "days",
    "people.rules.MOST_TYPED": "letters",
    "pulse.rules.MOST_EXTENDED": "weeks",
    "reflections.schemas.MOST_PEOPLE": "of one body",
    "rhythm.schemas.MOST_PROMPTS": "of one body",
    "rhythm.schemas.MOST_WINDOWS": "of one body",
    "server.MOST_CONNECTIONS": "connections: tests/test_front.py",
    "server.MOST_FILES": "requests at once: tests/test_front.py",
    "server.MOST_AHEAD": "requests of a connection: tests/test_front.py",
    "server.MOST_OF_ONE": "connections: tests/test_front.py",
    "sync.rules.MOST": "of one body",
    "sync.rules.MOST_KNOWN": "of one body",
}
# All by the same upsert as those above (core/hourly_limits.py).
COUNTED_ALIKE = {"cohorts.facts", "contract.facts", "pulse.facts"}


def mosts(some: Iterable[Module]) -> Iterator[str]:
    """Every constant that is called a most, and every module that says how many an hour takes."""
    for module in some:
        name = module.name.removeprefix("backend.")
        for node in module.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                if node.targets[0].id.startswith("MOST"):
                    yield f"{name}.{node.targets[0].id}"
            elif ast.unparse(node).startswith("limit_per_hour("):
                yield name


def test_every_limit_has_its_line() -> None:
    assert set(mosts(modules())) == LIMITS.keys() | UNCOUNTED.keys() | COUNTED_ALIKE


def test_a_limit_without_a_line_would_be_seen() -> None:
    assert list(mosts([read("MOST_X = 3", "people/rules.py")])) == ["people.rules.MOST_X"]


@pytest.mark.parametrize(
    "limit", [one for some in LIMITS.values() for one in some], ids=lambda limit: limit.__name__
)
def test_of_sixteen_at_once_as_many_as_may(
    make: Make, monkeypatch: pytest.MonkeyPatch, limit: Limit
) -> None:
    left, attempts = limit(make, monkeypatch)
    statuses = Counter(answer.status_code for answer in together(attempts))
    came = sum(statuses.pop(status, 0) for status in (200, 201, 204))
    assert came == left
    assert statuses.keys() <= {409, 410, 429}, statuses
