"""What was deleted, taken back or withdrawn is gone: of every kind, in every column of its row.

What goes is what the kind declares (`core/content.py`); what is looked at is every column there is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, inspect, select, update

from backend.cohorts.models import FormerName
from backend.contract.models import Position, Proposal, Remark, Review
from backend.core import clock
from backend.core.app import App
from backend.core.content import Content
from backend.core.db import Base, UtcDateTime, Words
from backend.devices.models import Device
from backend.feedback.models import Feedback, FeedbackRequest
from backend.prompts.models import Prompt
from backend.reflections.models import Noticing, Reflection
from backend.reminders.models import Reminder
from backend.responses.models import Response
from tests.guards.routes import all_calls
from tests.guards.world import new_id
from tests.laid_out import laid_out
from tests.make import NEW, Make, Somebody, full_reflection

At = Callable[..., Any]
MODELS = [one.class_ for one in Base.registry.mappers]
CANARY = "Kanarienvogel"


@dataclass
class Three:
    """A cohort of three, in which Amina writes."""

    make: Make
    at: At
    morag: Somebody
    amina: Somebody
    callum: Somebody
    cohort: UUID

    def put(self, who: Somebody, path: str, **body: Any) -> None:
        answer = who.phone.put(path, json=body, headers=NEW)
        assert answer.status_code in (200, 201), answer.json

    def post(self, who: Somebody, path: str, **body: Any) -> None:
        answer = who.phone.post(path, json=body)
        assert answer.status_code == 200, answer.json


Key = dict[str, Any]
End = Callable[[], Any]
Made = tuple[Key, End]  # by what its row is found, and how it is let go of


@dataclass(frozen=True)
class Case:
    """One way in which words go. `fills`: the columns that hold something before; `route`: what
    its owner calls, if it is a call of its own.
    """

    model: type[Base]
    make: Callable[[Three], Made]
    fills: frozenset[str]
    route: str | None = None


def reflection(three: Three) -> Made:
    id, prompt = new_id(), three.make.question(three.amina)
    body = full_reflection(three.cohort, prompt, f"{CANARY}.")
    three.put(three.amina, f"/api/reflections/{id}", **body)
    return {"id": id}, lambda: three.amina.delete(f"/api/reflections/{id}")


def response(three: Three) -> Made:
    id, to = new_id(), three.make.reflection(three.morag, cohort=three.cohort)
    body = {"reflection_id": str(to), "kind": "differently", "text": f"{CANARY}?"}
    three.put(three.amina, f"/api/responses/{id}", **body)
    return {"id": id}, lambda: three.amina.delete(f"/api/responses/{id}")


def response_to_what_was_deleted(three: Three) -> Made:
    """Nobody can read it any more: it goes with the worker's next round."""
    key, _ = response(three)
    with three.make.session() as session:
        to = session.get_one(Response, key["id"]).reflection_id

    def end() -> Any:
        answer = three.morag.delete(f"/api/reflections/{to}")
        three.make.tidy()
        return answer

    return key, end


def prompt(three: Three) -> Made:
    id = new_id()
    three.put(
        three.amina,
        f"/api/prompts/{id}",
        text=f"{CANARY}?",
        areas=["system"],
        depth="bold",
        cohort_id=str(three.cohort),
    )
    return {"id": id}, lambda: three.amina.delete(f"/api/prompts/{id}")


def asks(three: Three, *asked: Somebody, **more: Any) -> UUID:
    id, day = new_id(), clock.now().date() + timedelta(days=3)
    three.put(
        three.amina,
        f"/api/feedback-requests/{id}",
        cohort_id=str(three.cohort),
        question=f"{CANARY}?",
        context=f"{CANARY}.",
        by_when=day.isoformat(),
        asked=[str(one.id) for one in asked],
        **more,
    )
    return id


def request(three: Three) -> Made:
    reflection = three.make.reflection(three.amina, cohort=three.cohort)
    id = asks(three, three.callum, three.morag, reflection_id=str(reflection))
    return {"id": id}, lambda: three.amina.delete(f"/api/feedback-requests/{id}")


def declined(three: Three) -> Made:
    id = asks(three, three.callum)
    three.post(three.callum, f"/api/feedback-requests/{id}/decline", how="rather_talk")
    return {"request_id": id}, lambda: three.amina.delete(f"/api/feedback-requests/{id}")


def answered(three: Three) -> UUID:
    id = asks(three, three.callum)
    words = {name: f"{CANARY} {name}." for name in ("noticed", "landed", "wonder")}
    three.put(three.callum, f"/api/feedback-requests/{id}/answer", **words)
    three.post(three.callum, f"/api/feedback-requests/{id}/passing-on", agrees=True)
    with three.make.session() as session:  # the question stays: it waits for another answer
        words = {"question": "You?", "context": ""}
        session.execute(update(FeedbackRequest).where(FeedbackRequest.id == id).values(words))
    return id


def answer(three: Three) -> Made:
    id = answered(three)
    path = f"/api/feedback-requests/{id}/answer"
    return {"request_id": id}, lambda: three.callum.delete(path)


def answer_to_what_was_withdrawn(three: Three) -> Made:
    """It is its giver's alone then, until they let go of it."""
    id = answered(three)
    path = f"/api/feedback-requests/{id}"

    def end() -> Any:
        assert three.amina.delete(path).status_code == 204
        return three.callum.delete(f"{path}/answer")

    return {"request_id": id}, end


def offer(three: Three) -> Made:
    id = new_id()
    body = {"cohort_id": str(three.cohort), "to": str(three.callum.id), "about": f"{CANARY}."}
    three.put(three.amina, f"/api/feedback-offers/{id}", **body)
    return {"id": id}, lambda: three.amina.delete(f"/api/feedback-offers/{id}")


def proposes(three: Three, **more: Any) -> UUID:
    id = new_id()
    body = {"cohort_id": str(three.cohort), "why": f"{CANARY} why.", **more}
    three.put(three.amina, f"/api/proposals/{id}", **body)
    return id


def addition(three: Three) -> Made:
    id = proposes(three, kind="add", text=f"{CANARY}.")
    return {"id": id}, lambda: three.amina.delete(f"/api/proposals/{id}")


def rewording(three: Three) -> Made:
    commitment = three.make.commitment(three.cohort, three.morag, three.amina, three.callum)
    id = proposes(three, kind="reword", text=f"{CANARY}.", commitment_id=str(commitment))
    return {"id": id}, lambda: three.amina.delete(f"/api/proposals/{id}")


def rule(three: Three) -> Made:
    id = proposes(three, kind="decide", wanted_answers=3)
    return {"id": id}, lambda: three.amina.delete(f"/api/proposals/{id}")


def purpose(three: Three) -> Made:
    id = proposes(three, kind="purpose", text=f"{CANARY}.")
    return {"id": id}, lambda: three.amina.delete(f"/api/proposals/{id}")


def dates(three: Three) -> Made:
    id = proposes(three, kind="dates", starts_on="2026-12-01", ends_on="2027-12-01")
    return {"id": id}, lambda: three.amina.delete(f"/api/proposals/{id}")


def position(three: Three) -> Made:
    """Of somebody else: what they said to it nobody can read any more."""
    id = proposes(three, kind="add", text=f"{CANARY}.")
    words = {"text": f"{CANARY} text.", "safe_if": f"{CANARY} if."}
    body = {"position": "object", "text_version": 1, **words}
    three.put(three.callum, f"/api/proposals/{id}/position", **body)
    key = {"proposal_id": id, "person_id": three.callum.id}
    return key, lambda: three.amina.delete(f"/api/proposals/{id}")


def remarks(three: Three) -> tuple[UUID, UUID]:
    proposal, id = three.make.proposal(three.morag, three.cohort), new_id()
    body = {"proposal_id": str(proposal), "kind": "wording", "text": f"{CANARY}!"}
    three.put(three.amina, f"/api/remarks/{id}", **body)
    return proposal, id


def remark(three: Three) -> Made:
    _, id = remarks(three)
    return {"id": id}, lambda: three.amina.delete(f"/api/remarks/{id}")


def remark_on_what_was_withdrawn(three: Three) -> Made:
    proposal, id = remarks(three)
    return {"id": id}, lambda: three.morag.delete(f"/api/proposals/{proposal}")


def review(three: Three) -> Made:
    id = new_id()
    body = {"cohort_id": str(three.cohort), "text": f"{CANARY}."}
    three.put(three.amina, f"/api/contract-reviews/{id}", **body)
    return {"id": id}, lambda: three.amina.delete(f"/api/contract-reviews/{id}")


def review_ended_by_another(three: Three) -> Made:
    """Until it cannot be opened again, its words wait for that."""
    key, _ = review(three)

    def end() -> Any:
        answer = three.callum.delete(f"/api/contract-reviews/{key['id']}")
        three.at(days=14)
        three.make.tidy()
        return answer

    return key, end


def reminder(three: Three) -> Made:
    id = new_id()
    three.put(
        three.amina,
        f"/api/reminders/{id}",
        cohort_id=str(three.cohort),
        about="reflection",
        weekdays=[2, 4],
        at="17:30",
        every_weeks=3,
        starts_on="2027-02-01",
        ends_on="2027-06-01",
    )
    return {"id": id}, lambda: three.amina.delete(f"/api/reminders/{id}")


def device(three: Three) -> Made:
    id = three.make.device(three.amina, label=f"{CANARY} phone")
    return {"id": id}, lambda: three.amina.delete(f"/api/devices/{id}")


def former_name(three: Three) -> Made:
    """Nobody takes it back: it goes by itself."""
    for name in (f"Amina {CANARY}", "Amina B"):
        assert three.amina.phone.patch("/api/me", json={"name": name}).status_code == 200

    def end() -> None:
        three.at(days=30, seconds=1)
        three.make.tidy()

    with three.make.session() as session:
        rows = session.scalars(select(FormerName)).all()
        (fact,) = [row.fact_id for row in rows if CANARY in row.before]
    return {"fact_id": fact}, end


def columns(model: type[Base]) -> dict[str, Any]:
    """By attribute; a column may be called otherwise."""
    return {one.key: one.columns[0] for one in inspect(model).column_attrs}


def is_content(model: type[Base], column: Any) -> bool:
    """Whether it may hold what somebody said: not the id, whose it is, when, nor a count."""
    is_time = column.primary_key or isinstance(column.type, UtcDateTime)
    fixed = ("version", "change_seq", getattr(model, "owner", None))
    return not (is_time or column.name in fixed)


def content(model: type[Base]) -> set[str]:
    return {name for name, column in columns(model).items() if is_content(model, column)}


ALL = "all"  # that can be said in it


def case(model: type[Base], make: Callable[[Three], Made], fills: str, route: str = "") -> Case:
    filled = content(model) if fills == ALL else fills.split()
    return Case(model, make, frozenset(filled), f"DELETE /api/{route}" if route else None)


CASES = (
    case(Reflection, reflection, ALL, "reflections/<uuid:reflection_id>"),
    case(Response, response, "text kind", "responses/<uuid:response_id>"),
    case(Response, response_to_what_was_deleted, "text kind"),
    case(Prompt, prompt, "text areas depth cohort_id", "prompts/<uuid:prompt_id>"),
    case(
        FeedbackRequest,
        request,
        "question context reflection_id when by_date",
        "feedback-requests/<uuid:request_id>",
    ),
    case(Feedback, declined, "declined_how"),
    case(
        Feedback,
        answer,
        "noticed landed wonder giver_passes_on",
        "feedback-requests/<uuid:request_id>/answer",
    ),
    case(Feedback, answer_to_what_was_withdrawn, "noticed landed wonder giver_passes_on"),
    case(Feedback, offer, "about", "feedback-offers/<uuid:offer_id>"),
    case(Proposal, addition, "text why", "proposals/<uuid:proposal_id>"),
    case(Proposal, rewording, "kind commitment_id text why"),
    case(Proposal, rule, "kind why wanted_answers"),
    case(Proposal, purpose, "kind text why"),
    case(Proposal, dates, "kind why starts_on ends_on"),
    case(Position, position, "choice text safe_if text_version proposal_id person_id"),
    case(Remark, remark, "text kind", "remarks/<uuid:remark_id>"),
    case(Remark, remark_on_what_was_withdrawn, "text kind"),
    case(Review, review, "text", "contract-reviews/<uuid:review_id>"),
    case(Review, review_ended_by_another, "text"),
    case(
        Reminder,
        reminder,
        "about weekdays at every_weeks starts_on ends_on",
        "reminders/<uuid:reminder_id>",
    ),
    case(
        Device,
        device,
        "label address endpoint_digest origin key person_id session_id",
        "devices/<uuid:device_id>",
    ),
    case(FormerName, former_name, "before now person_id"),
)

# Columns that stay in a row whose words are gone, and why they tell nothing of them.
COUNTED = "a number of the cohort's"
OF_ALL = "what the cohort said of itself"
WHERE = "where it stood, not what it said"
STAYS = {
    "response.reflection_id": WHERE,
    "response.cohort_id": WHERE,
    "feedback_request.cohort_id": WHERE,
    "feedback.request_id": WHERE,
    "feedback.cohort_id": WHERE,
    "feedback.giver_id": "whom it is between",
    "feedback.receiver_id": "whom it is between",
    "feedback.giver_name": "what one who was erased chose to be called: tests/erasing/",
    "feedback.receiver_name": "what one who was erased chose to be called: tests/erasing/",
    "feedback.state": "that it was withdrawn, or waits again",
    "feedback.thanks": "written once it was opened: then it belongs to both",
    "feedback.heard": "written once it was opened: then it belongs to both",
    "feedback.wants_to_talk": "said once it was opened: then it belongs to both",
    "feedback.receiver_passes_on": "said once it was opened: then it belongs to both",
    "proposal.cohort_id": WHERE,
    "proposal.state": "that it was open",
    "proposal.base_version": COUNTED,
    "proposal.text_version": COUNTED,
    "proposal.answers_needed": COUNTED,
    "proposal.members_first": COUNTED,
    "proposal.members_most": COUNTED,
    "proposal.purpose_before": OF_ALL,
    "proposal.started_on": OF_ALL,
    "proposal.ended_on": OF_ALL,
    "proposal.answered": "none before it is decided",
    "proposal.needed": "none before it is decided",
    "proposal.members": "none before it is decided",
    "proposal.at_gathering": "none before it is decided",
    "proposal.adopted_as": "none before it is decided",
    "remark.proposal_id": WHERE,
    "contract_review.cohort_id": WHERE,
    "contract_review.ended_by_id": "who looked at it with the others",
    "contract_review.is_by_date": "without words from the beginning",
}

# Tables with words that nobody takes back, and why.
NOT_TAKEN_BACK = {
    "export_part": "a copy for a day, which a newer one replaces: tests/own_data/test_exports.py",
    "person": "an account; its lines are written anew",
    "wished_address": "goes with its session, or once it is proved: tests/sign_in/test_address.py",
    "former_address": "goes after a day, or once it is put back: tests/sign_in/test_address.py",
    "cohort": "its members'",
    "invitation": "its link goes when it is over: tests/cohorts/test_invitations.py",
    "commitment_in_version": "the cohort's history, by all of its members",
    "pulse_note": "nobody's, or signed for good, once its check-in has closed",
    "sealed_answer": "goes when its check-in closes: tests/pulse/test_erased.py",
    "ephemeral_key": "goes when its check-in closes: tests/pulse/test_erased.py",
    "outbox": "a code or an invitation; goes when it is sent: tests/core/test_outbox.py",
    "key_mark": "a digest of a key",
}
# What can be deleted that holds nobody's words.
WITHOUT_WORDS = {
    "DELETE /api/cohorts/<uuid:cohort_id>/people/me": "what one wrote there stays one's own",
    "DELETE /api/cohorts/<uuid:cohort_id>/people/<uuid:person_id>/joining": "the same",
    "DELETE /api/cohorts/<uuid:cohort_id>/facilitating/offer": "ids",
    "DELETE /api/cohorts/<uuid:cohort_id>/invitations/<uuid:invitation_id>": "a link",
    "DELETE /api/cohorts/<uuid:cohort_id>/to-talk-about/<uuid:commitment_id>": "a commitment's id",
    "DELETE /api/sign-in/sessions/current": "a session",
    "DELETE /api/me/erasure": "that one was to be erased",
    "DELETE /api/me/sessions": "sessions",
    "DELETE /api/me/sessions/<uuid:session_id>": "a session",
}


def declared(model: type[Base]) -> Content:
    """What it says of itself; empty where its rows go whole."""
    return getattr(model, "content", Content())


def of_every_kind() -> list[type[Base]]:
    """Those that phones put and delete: `core/puts.py`."""
    return [model for model in MODELS if hasattr(model, "owner")]


def holds_words(model: type[Base]) -> bool:
    """Sealed ones: plain text is listed in tests/guards/test_models.py, and nobody's."""
    kinds = {name: column.type for name, column in columns(model).items()}
    return any(
        isinstance(kind, Words) or (isinstance(kind, LargeBinary) and not name.endswith("digest"))
        for name, kind in kinds.items()
    )


def place(model: type[Base], name: str) -> str:
    return f"{model.__tablename__}.{name}"


def row_of(make: Make, model: type[Base], key: Key) -> dict[str, Any] | None:
    with make.session() as session:
        found = session.scalars(select(model).filter_by(**key)).one_or_none()
        return found and {name: getattr(found, name) for name in columns(model)}


def said(model: type[Base], row: dict[str, Any]) -> set[str]:
    """The columns in which something is said."""
    blank = declared(model)
    return {name for name in content(model) if row[name] and row[name] != blank.get(name)}


def left(model: type[Base], row: dict[str, Any] | None) -> set[str]:
    """The columns in which something is left that should have gone."""
    if row is None:
        return set()
    return {name for name in said(model, row) if place(model, name) not in STAYS} | {
        name for name, value in row.items() if CANARY in repr(value)
    }


def everywhere(make: Make) -> set[str]:
    """The tables that hold the canary, whatever row it is in."""
    with make.session() as session:
        return {
            model.__tablename__
            for model in MODELS
            for row in session.scalars(select(model))
            if any(CANARY in repr(getattr(row, name)) for name in columns(model))
        }


@pytest.fixture
def three(make: Make, at: At) -> Three:
    at()
    return Three(make, at, *laid_out(make, people))


def people(make: Make) -> tuple[Somebody, Somebody, Somebody, UUID]:
    morag, amina, callum = (make.somebody(name) for name in ("Morag", "Amina", "Callum"))
    return morag, amina, callum, make.cohort(morag, amina, callum)


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.make.__name__)
def test_nothing_of_it_is_left(three: Three, one: Case) -> None:
    key, end = one.make(three)
    before = row_of(three.make, one.model, key)
    assert before is not None
    missing = one.fills - said(one.model, before)
    assert not missing, "it was never there, so it cannot be seen to go"
    ended = end()
    assert ended is None or ended.status_code == 204, ended.json
    assert left(one.model, row_of(three.make, one.model, key)) == set()
    assert everywhere(three.make) == set()


@pytest.mark.parametrize(
    "one", [one for one in CASES if declared(one.model)], ids=lambda one: one.make.__name__
)
def test_columns_taken_out_of_a_declaration_would_be_seen(
    three: Three, one: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them stays then, in a row that is looked at whole."""
    key, end = one.make(three)
    for name, part in list(vars(one.model).items()):
        if isinstance(part, Content):
            monkeypatch.setattr(one.model, name, Content())
    end()
    row = row_of(three.make, one.model, key)
    if row is None:  # it goes whole
        assert one.model is Position
    else:
        assert left(one.model, row) >= one.fills


def test_a_kind_declares_all_that_its_cases_fill() -> None:
    for model in of_every_kind():
        filled = {name for one in CASES if one.model is model for name in one.fills}
        assert filled == set(declared(model)), model.__name__


def test_a_column_that_was_forgotten_would_be_seen(three: Three) -> None:
    """As if deleting a reflection left its noticing, and its words in another place."""
    key, end = reflection(three)
    end()
    with three.make.session() as session:
        row = session.get_one(Reflection, key["id"])
        row.noticing = Noticing.STUCK
        row.text = f"{CANARY}."
    assert left(Reflection, row_of(three.make, Reflection, key)) == {"noticing", "text"}
    assert everywhere(three.make) == {"reflection"}


def test_every_kind_that_holds_words_has_a_case_or_a_reason() -> None:
    with_words = {model.__tablename__ for model in MODELS if holds_words(model)}
    tried = {one.model.__tablename__ for one in CASES if holds_words(one.model)}
    assert with_words == tried | NOT_TAKEN_BACK.keys()
    assert not tried & NOT_TAKEN_BACK.keys()


@pytest.mark.parametrize(
    "model", dict.fromkeys(one.model for one in CASES), ids=lambda one: one.__name__
)
def test_every_column_is_filled_by_a_case_or_stays_for_a_reason(model: type[Base]) -> None:
    filled = {name for one in CASES if one.model is model for name in one.fills}
    stays = {name for name in columns(model) if place(model, name) in STAYS}
    assert filled | stays == content(model)


def test_whatever_can_be_deleted_is_tried_or_holds_no_words(app: App) -> None:
    calls = {str(call) for call in all_calls(app) if call.method == "DELETE"}
    assert calls == {one.route for one in CASES if one.route} | WITHOUT_WORDS.keys()
