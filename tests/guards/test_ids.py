"""Somebody else's, deleted and absent: who asks cannot tell which."""

from typing import Any

from werkzeug.test import TestResponse

from backend.core.app import App
from tests.guards.routes import Call, guarded_calls
from tests.guards.world import World, body_for, build, new_id
from tests.make import ANY, NEW, Make, Somebody, at_version

KINDS = (
    "cohort_id",
    "reflection_id",
    "response_id",
    "invitation_id",
    "session_id",
    "device_id",
    "prompt_id",
    "reminder_id",
    "proposal_id",
    "remark_id",
    "review_id",
    "check_in_id",
)


def seen(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that travels, but the request's id."""
    headers = [(name, value) for name, value in answer.headers if name != "X-Request-Id"]
    return answer.status_code, answer.data, headers


def ask(
    call: Call, who: Somebody, world: World, headers: dict[str, str], **instead: Any
) -> TestResponse:
    return who.phone.open(
        call.path(world.ids(**instead)),
        method=call.method,
        json=body_for(str(call), world),
        headers=headers,
    )


def headers_for(call: Call) -> list[dict[str, str]]:
    """A put of something new may use any id that is free, so here it changes something known."""
    return [at_version(1)] if call.method == "PUT" else [ANY, at_version(1)]


def test_foreign_deleted_and_absent_ids_look_the_same(app: App, make: Make) -> None:
    world = build(make)
    gone = make.reflection(world.author, "Gone.", cohort=world.cohort)
    gone_response = make.response(world.member, gone)
    world.member.delete(f"/api/responses/{gone_response}")
    world.author.delete(f"/api/reflections/{gone}")
    gone_prompt = make.question(world.author, cohort=world.cohort)
    world.author.delete(f"/api/prompts/{gone_prompt}")
    gone_reminder = make.reminder(world.author, world.cohort)
    world.author.delete(f"/api/reminders/{gone_reminder}")
    gone_proposal = make.proposal(world.author, world.cohort, "Gone.")
    gone_remark = make.remark(world.member, world.proposal, "Gone.")
    gone_review = make.review(world.member, world.cohort, "Gone.")
    world.author.delete(f"/api/proposals/{gone_proposal}")
    world.member.delete(f"/api/remarks/{gone_remark}")
    world.member.delete(f"/api/contract-reviews/{gone_review}")
    deleted = {
        "proposal_id": gone_proposal,
        "remark_id": gone_remark,
        "review_id": gone_review,
        "reflection_id": gone,
        "response_id": gone_response,
        "prompt_id": gone_prompt,
        "reminder_id": gone_reminder,
    }
    foreign = {
        "reflection_id": world.private,
        "response_id": world.response,
        "cohort_id": world.cohort,
        "invitation_id": world.invitation,
        "session_id": world.session_id,
        "device_id": world.device,
        "prompt_id": world.prompt,
        "reminder_id": world.reminder,
        "proposal_id": world.proposal,
        "remark_id": world.remark,
        "review_id": world.review,
        "check_in_id": world.check_in,
    }
    compared = 0
    for call, kind in addressed(app):
        for headers in headers_for(call):
            answers = [
                seen(ask(call, world.outsider, world, headers, **{kind: id}))
                for id in (new_id(), foreign[kind], deleted.get(kind, new_id()))
            ]
            assert answers[0][0] == 404, (call, answers[0])
            assert answers[0] == answers[1] == answers[2], call
            compared += 1
    assert compared >= 20


def addressed(app: App) -> list[tuple[Call, str]]:
    """Every guarded call that names something by id, and by which."""
    return [
        (call, kind)
        for call in guarded_calls(app)
        for kind in KINDS
        if f":{kind}>" in call.rule and not (kind == "invitation_id" and "cohort_id" in call.rule)
        # a device is put without knowing of it: an id that is free becomes a new one's
        if (call.method, kind) != ("PUT", "device_id")
    ]


def test_a_facilitator_of_one_cohort_has_no_hold_on_anothers_invitation(make: Make) -> None:
    world = build(make)
    absent, foreign = (
        seen(world.outsider.delete(f"/api/cohorts/{world.other_cohort}/invitations/{id}"))
        for id in (new_id(), world.invitation)
    )
    assert absent == foreign
    assert absent[0] == 404


def test_a_new_thing_under_a_strangers_id_is_not_found(make: Make) -> None:
    world = build(make)
    mine = make.reflection(world.member, "Ours.", cohort=world.cohort)
    taken = world.outsider.keep(world.private, text="Mine now.")
    answered = world.author.respond(world.response, mine, headers=NEW)
    assert (taken.status_code, answered.status_code) == (404, 404)
    assert world.author.texts("/api/reflections?author=me") == ["Only mine.", "We spoke at last."]


def test_a_difference_would_be_seen(make: Make) -> None:
    world = build(make)
    absent = seen(world.member.get(f"/api/reflections/{new_id()}"))
    assert absent != seen(world.member.get(f"/api/reflections/{world.reflection}"))
