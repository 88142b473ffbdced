"""A phone asks which of the things it holds it may still see: as if it asked for each by itself."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from backend.core import ids
from backend.core.app import App
from backend.reflections.models import Audience
from backend.sync.queries import SEEN
from backend.sync.rules import MOST, Thing
from tests.guards.source import ROOT
from tests.guards.test_models import MODELS
from tests.guards.world import World, body_for, build, dump
from tests.make import Make, Somebody, at_version, statements

Held = list[dict[str, Any]]


def group(kind: str, *some: UUID, cohort: UUID | None = None) -> dict[str, Any]:
    return {
        "kind": kind,
        "ids": [str(id) for id in some],
        "cohort_id": str(cohort) if cohort else None,
    }


def told(answer: TestResponse) -> Any:
    """An answer's body."""
    return answer.json


def ask(person: Somebody, *held: dict[str, Any]) -> Any:
    return person.phone.post("/api/sync", json={"held": list(held)})


def gone(person: Somebody, *held: dict[str, Any]) -> Held:
    answer = ask(person, *held)
    assert answer.status_code == 200, answer.json
    return told(answer)["gone"]  # type: ignore[no-any-return]


@pytest.fixture
def world(make: Make) -> World:
    return build(make)


def everything(world: World, reader: Somebody) -> Held:
    """All that a member's phone holds of others."""
    asked = body_for("POST /api/sync", world)
    assert asked
    items = told(reader.get("/api/notices"))["items"]
    notices = [UUID(item["id"]) for item in items if item["kind"] != "prompt"]
    held: Held = [one for one in asked["held"] if one["kind"] != "notice"]
    assert notices
    return [*held, group("notice", *notices)]


def test_of_what_may_be_seen_nothing_is_gone(world: World) -> None:
    held = everything(world, world.member)
    assert {one["kind"] for one in held} == {thing.value for thing in Thing}
    assert gone(world.member, *held) == []


def test_of_what_is_others_all_is_gone(world: World) -> None:
    held = everything(world, world.member)
    assert gone(world.outsider, *held) == held


def test_whoever_left_may_keep_only_what_is_between_two_and_what_is_their_own(
    world: World,
) -> None:
    """Everything of the cohort is gone in one answer, the names of its people among it."""
    held = everything(world, world.member)
    assert world.member.delete(f"/api/cohorts/{world.cohort}/people/me").status_code == 204
    lost = gone(world.member, *held)
    kept = {one["kind"] for one in held} - {one["kind"] for one in lost}
    assert kept == {"feedback_request", "feedback"}
    # what two people have between them is told on; all else that the phone heard of is over
    left = {id for one in lost if one["kind"] == "notice" for id in one["ids"]}
    items = told(world.member.get("/api/notices?limit=100"))["items"]
    assert left.isdisjoint(item["id"] for item in items)


def notices_of_a_share(world: World) -> dict[str, Any]:
    items = told(world.facilitator.get("/api/notices"))["items"]
    return group("notice", *(UUID(item["id"]) for item in items if item["kind"] == "shared"))


def left_by(person: Somebody, world: World) -> TestResponse:
    return person.delete(f"/api/cohorts/{world.cohort}/people/me")


# What is taken back, so that who could see it may not any more; whose phone holds it, and how.
TakesBack = Callable[[World], TestResponse]
TAKEN_BACK: dict[str, tuple[Thing, str, TakesBack]] = {
    "a reflection": (
        Thing.REFLECTION,
        "facilitator",
        lambda world: world.author.delete(f"/api/reflections/{world.reflection}"),
    ),
    "a share": (
        Thing.REFLECTION,
        "facilitator",
        lambda world: world.author.keep(
            world.reflection, at_version(1), text="We spoke.", audience=Audience.ME.value
        ),
    ),
    "a response": (
        Thing.RESPONSE,
        "author",
        lambda world: world.member.delete(f"/api/responses/{world.response}"),
    ),
    "what one asks": (
        Thing.FEEDBACK_REQUEST,
        "author",
        lambda world: world.author.delete(f"/api/feedback-requests/{world.request}"),
    ),
    "an ask": (
        Thing.FEEDBACK,
        "author",
        lambda world: world.member.delete(f"/api/feedback-offers/{world.offer}"),
    ),
    "a proposal": (
        Thing.PROPOSAL,
        "facilitator",
        lambda world: world.author.delete(f"/api/proposals/{world.proposal}"),
    ),
    "a remark": (
        Thing.REMARK,
        "facilitator",
        lambda world: world.member.delete(f"/api/remarks/{world.remark}"),
    ),
    "a review": (
        Thing.REVIEW,
        "facilitator",
        lambda world: world.member.delete(f"/api/contract-reviews/{world.review}"),
    ),
    "a question": (
        Thing.PROMPT,
        "facilitator",
        lambda world: world.author.delete(f"/api/prompts/{world.prompt}"),
    ),
    "a reminder": (
        Thing.REMINDER,
        "facilitator",
        lambda world: world.member.delete(f"/api/reminders/{world.reminder}"),
    ),
    "what a notice tells of": (
        Thing.NOTICE,
        "facilitator",
        lambda world: world.author.delete(f"/api/reflections/{world.reflection}"),
    ),
    "a member": (Thing.MEMBER, "facilitator", lambda world: left_by(world.author, world)),
    # these two nobody can take back, only leave
    "a cohort": (Thing.COHORT, "member", lambda world: left_by(world.member, world)),
    "a check-in": (Thing.CHECK_IN, "member", lambda world: left_by(world.member, world)),
}


@pytest.mark.parametrize("what", TAKEN_BACK)
def test_what_is_taken_back_is_gone_at_the_next_question(world: World, what: str) -> None:
    kind, name, take_back = TAKEN_BACK[what]
    reader: Somebody = getattr(world, name)
    if kind is Thing.NOTICE:
        held = notices_of_a_share(world)
    else:
        held = next(one for one in everything(world, world.member) if one["kind"] == kind)
    assert gone(reader, held) == []
    assert take_back(world).status_code in (200, 204)
    assert gone(reader, held) == [held]


def test_of_each_kind_something_is_taken_back() -> None:
    """So a predicate that forgets it is found."""
    assert {kind for kind, _, _ in TAKEN_BACK.values()} == set(Thing)


def test_what_can_be_taken_back_is_asked_about() -> None:
    """A table whose rows are deleted by a mark in them is of a kind that phones let go of."""
    deleted = {one for one in MODELS if "deleted_at" in one.__table__.columns}
    assert len(deleted) > 5
    assert deleted <= {asked.column_descriptions[0]["entity"] for asked in SEEN.values()}
    assert {*SEEN, Thing.MEMBER} == set(Thing)


def test_phones_look_for_each_kind_in_what_they_keep() -> None:
    shapes = (path.read_text() for path in (ROOT / "pwa/src/features").glob("*/kinds.ts"))
    assert set(re.findall(r"\bthing: '(\w+)'", "".join(shapes))) == set(Thing)


def test_with_a_proposal_go_the_remarks_about_it(world: World) -> None:
    assert world.author.delete(f"/api/proposals/{world.proposal}").status_code == 204
    about = group("remark", world.remark)
    assert gone(world.facilitator, about) == [about]


def test_who_left_one_cohort_is_a_member_of_the_other_still(make: Make) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan, alder = make.cohort(amina, bo), make.cohort(amina, bo, name="Alder")
    both = [group("member", bo.id, cohort=cohort) for cohort in (rowan, alder)]
    assert gone(amina, *both) == []
    assert bo.delete(f"/api/cohorts/{rowan}/people/me").status_code == 204
    assert gone(amina, *both) == [both[0]]


def test_foreign_deleted_and_absent_ids_answer_alike(make: Make) -> None:
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(amina, bo)
    private = make.reflection(amina, "Only mine.")
    deleted = make.reflection(amina, cohort=rowan)
    assert amina.delete(f"/api/reflections/{deleted}").status_code == 204
    answers = [ask(bo, group("reflection", id)) for id in (private, deleted, ids.new_id())]
    assert {len(answer.data) for answer in answers} == {len(answers[0].data)}
    heads = [{name for name, _ in answer.headers} for answer in answers]
    assert heads[0] == heads[1] == heads[2]
    assert all(len(answer.json["gone"]) == 1 for answer in answers)


def test_the_librarys_questions_are_everybodys(make: Make) -> None:
    amina = make.somebody()
    items = told(amina.get("/api/prompts"))["items"]
    assert gone(amina, group("prompt", *(UUID(item["id"]) for item in items))) == []


def test_it_asks_the_same_for_one_and_for_hundreds(make: Make, world: World) -> None:
    some = everything(world, world.member)
    many = [{**one, "ids": [*one["ids"], *new_ids(100)]} for one in some]
    counted = []
    for held in (some, many):
        gone(world.member, *held)
        with statements(make.app.database.engine) as seen:
            lost = gone(world.member, *held)
        counted.append(len(seen))
    assert sum(len(one["ids"]) for one in lost) == 100 * len(some)
    assert counted == [len(Thing) + 1] * 2  # and who is asking


def new_ids(count: int) -> list[str]:
    return [str(ids.new_id()) for _ in range(count)]


def test_it_waits_for_nobody_who_writes_and_keeps_nobody_from_writing(
    app: App, world: World
) -> None:
    before = dump(Make(app, None))  # type: ignore[arg-type]  # no letter is looked at
    with app.database.writing():
        assert gone(world.member, group("reflection", world.reflection)) == []
    assert dump(Make(app, None)) == before  # type: ignore[arg-type]


def test_another_site_may_not_ask(world: World) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    body = {"held": [group("reflection", world.reflection)]}
    assert world.member.phone.post("/api/sync", json=body, headers=headers).status_code == 403


def too_many() -> Iterable[Any]:
    yield [group("reflection", *(ids.new_id() for _ in range(MOST)))]
    yield [group("reflection")] * (MOST + 1)
    # counted before anything is read: these are no ids at all
    yield [{"kind": "reflection", "ids": [None] * MOST}]


@pytest.mark.parametrize("held", list(too_many()))
def test_too_long_a_question_is_refused_in_a_sentence(make: Make, held: Any) -> None:
    answer = ask(make.somebody(), *held)
    assert answer.status_code == 422
    assert answer.json["errors"]["json"]["held"] == [
        f"Ask about {MOST} things at most, and again for more."
    ]


def test_as_many_as_fit_are_answered(make: Make) -> None:
    held = group("reflection", *(ids.new_id() for _ in range(MOST - 1)))
    assert gone(make.somebody(), held) == [held]


@pytest.mark.parametrize(
    "body",
    [
        {"held": None},
        {"held": [{"kind": "member", "ids": []}]},
        {"held": [{"kind": "person", "ids": []}]},
        {"held": [{"kind": "reflection", "ids": [], "cohort_id": str(ids.new_id())}]},
        {"held": [{"kind": "reflection", "ids": ["x"]}]},
        {"held": [], "known": {}},
    ],
)
def test_what_cannot_be_meant_is_refused(make: Make, body: Any) -> None:
    assert make.somebody().phone.post("/api/sync", json=body).status_code == 422
