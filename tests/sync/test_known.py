"""What a phone keeps is answered in one call, exactly as by each single GET."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from backend.core import ids
from backend.core.app import App
from backend.core.request import is_public, is_synced, synced
from backend.sync.rules import ENOUGH, LONGEST_PATH, MOST_KNOWN
from tests.guards.routes import all_calls
from tests.guards.world import World, build, dump
from tests.make import Make, Somebody, at_version, statements

# GETs that need a sign-in and are not answered in one call with others, and why.
ASKED_ALONE = {
    "GET /api/me/erasure": "read with signal only, by whoever is about to ask for it",
    "GET /api/push/key": "needed only while notifications are turned on",
    "GET /api/me/exports": "asked at its screen, which needs signal for all that it does",
    "GET /api/me/exports/<uuid:export_id>": "asked while somebody waits for it",
    "GET /api/me/exports/<uuid:export_id>/file": "a file, which no phone keeps for us",
    "GET /api/devices/<uuid:device_id>/test": "asked every second while somebody waits for it",
}


def ask(person: Somebody, *known: str | dict[str, Any]) -> Any:
    """The answer to one call about these addresses, each alone or with what the phone has."""
    told = [{"path": one} if isinstance(one, str) else one for one in known]
    return person.phone.post("/api/sync", json={"known": told})


def heard(person: Somebody, *known: str | dict[str, Any]) -> Any:
    answer = ask(person, *known)
    assert answer.status_code == 200, answer.json
    return answer.json


@pytest.fixture
def world(make: Make) -> World:
    return build(make)


def synced_paths(app: App, world: World) -> list[str]:
    """The address of each GET that is answered here, with something that is there."""
    calls = [call for call in all_calls(app) if is_synced(app.view_functions[call.endpoint])]
    assert len(calls) > 30
    assert all(call.method == "GET" for call in calls)
    return [call.path(world.ids()) for call in calls]


def test_every_get_is_answered_here_or_has_a_reason_not_to_be(app: App) -> None:
    left = {
        str(call)
        for call in all_calls(app)
        if call.method == "GET"
        and not is_public(app.view_functions[call.endpoint])
        and not is_synced(app.view_functions[call.endpoint])
    }
    assert left == ASKED_ALONE.keys()
    assert not any(is_public(view) and is_synced(view) for view in app.view_functions.values())


def test_each_answer_and_its_etag_are_those_of_the_single_get(app: App, world: World) -> None:
    paths = synced_paths(app, world)
    for person in (world.member, world.author):
        told = heard(person, *paths)
        assert told["lost"] == told["next"] == []
        assert [one["path"] for one in told["changed"]] == paths
        for one in told["changed"]:
            alone = person.get(one["path"])
            assert alone.status_code == 200
            assert one["body"] == alone.json, one["path"]
            assert one["etag"], one["path"]  # so without one a phone has nothing
            assert one["etag"] == alone.headers["ETag"], one["path"]
            assert json.dumps(one["body"]) == json.dumps(alone.json)  # in the same order, too


def test_what_the_phone_has_is_not_told_again(app: App, world: World) -> None:
    """Where a single GET would say 304, and nowhere else."""
    paths = synced_paths(app, world)
    first = heard(world.author, *paths)["changed"]
    known = [{"path": one["path"], "etag": one["etag"]} for one in first]
    again = [one["path"] for one in heard(world.author, *known)["changed"]]
    assert set(again) == {
        # whose ETag is the version that a PUT would name, and not all that they show
        f"/api/feedback-requests/{world.request}",
        f"/api/reflections/{world.reflection}",
    }
    for one in known:
        headers = {"If-None-Match": one["etag"]}
        status = world.author.get(one["path"], headers=headers).status_code
        assert (status == 304) == (one["path"] not in again), one["path"]


def test_what_came_compressed_is_not_told_again_either(world: World) -> None:
    """Its ETag was weak then."""
    (first,) = heard(world.author, "/api/reflections")["changed"]
    known = {"path": first["path"], "etag": f"W/{first['etag']}"}
    assert heard(world.author, known)["changed"] == []


def test_what_changed_is_told_whole_and_the_rest_is_not(world: World) -> None:
    paths = ["/api/cohorts", f"/api/cohorts/{world.cohort}/reminders", "/api/prompts"]
    first = heard(world.author, *paths)["changed"]
    known = [{"path": one["path"], "etag": one["etag"]} for one in first]
    assert world.member.delete(f"/api/reminders/{world.reminder}").status_code == 204
    told = heard(world.author, *known)
    (changed,) = told["changed"]
    assert changed["path"] == paths[1]
    assert changed["body"]["items"] == []
    assert changed["etag"] not in (None, first[1]["etag"])
    assert told["lost"] == []


def about_everything(world: World) -> dict[str, str]:
    """An address for each thing that somebody can take back or leave."""
    cohort = f"/api/cohorts/{world.cohort}"
    return {
        "reflection": f"/api/reflections/{world.reflection}",
        "its responses": f"/api/reflections/{world.reflection}/responses",
        "proposal": f"/api/proposals/{world.proposal}",
        "its remarks": f"/api/proposals/{world.proposal}/remarks",
        "check-in": f"/api/check-ins/{world.check_in}",
        "cohort": cohort,
        "people": f"{cohort}/people",
        "activity": f"{cohort}/activity?limit=20",
        "contract": f"{cohort}/contract",
        "pulse": f"{cohort}/pulse?limit=50",
    }


TakesBack = Callable[[World], Any]
TAKEN_BACK: dict[str, tuple[set[str], TakesBack]] = {
    "the reflection is deleted": (
        {"reflection", "its responses"},
        lambda world: world.author.delete(f"/api/reflections/{world.reflection}"),
    ),
    "the share is taken back": (
        {"reflection", "its responses"},
        lambda world: world.author.keep(
            world.reflection, at_version(1), text="We spoke.", audience="me"
        ),
    ),
    "the proposal is withdrawn": (
        {"proposal", "its remarks"},
        lambda world: world.author.delete(f"/api/proposals/{world.proposal}"),
    ),
}


@pytest.mark.parametrize("what", TAKEN_BACK)
def test_what_was_taken_back_is_lost(world: World, what: str) -> None:
    """Whatever ETag the phone still has of it."""
    lost, take_back = TAKEN_BACK[what]
    paths = about_everything(world)
    first = heard(world.facilitator, *paths.values())
    assert first["lost"] == []
    known = [{"path": one["path"], "etag": one["etag"]} for one in first["changed"]]
    assert take_back(world).status_code in (200, 204)
    told = heard(world.facilitator, *known)
    assert {one["path"] for one in told["lost"]} == {paths[name] for name in lost}
    assert told["marks"].keys().isdisjoint(one["path"] for one in told["lost"])


def test_whoever_leaves_a_cohort_loses_all_that_is_under_it(world: World) -> None:
    paths = list(about_everything(world).values())
    first = heard(world.member, *paths)["changed"]
    known = [{"path": one["path"], "etag": one["etag"]} for one in first]
    assert world.member.delete(f"/api/cohorts/{world.cohort}/people/me").status_code == 204
    told = heard(world.member, *known)
    assert [one["path"] for one in told["lost"]] == paths
    assert told["changed"] == []


def test_strangers_things_are_lost_as_those_that_never_were(app: App, world: World) -> None:
    """In the words of the single GET, and with nothing else in the answer."""
    nowhere = ids.new_id()
    taken = [path for path in synced_paths(app, world) if str(world.cohort) in path]
    absent = [path.replace(str(world.cohort), str(nowhere)) for path in taken]
    told = [heard(world.outsider, *paths) for paths in (taken, absent)]
    for answer, paths in zip(told, (taken, absent), strict=True):
        assert [one.pop("path") for one in answer["lost"]] == paths
        del answer["holds_until"]
    assert told[0] == told[1]
    alone = world.outsider.get(taken[0]).json
    assert alone
    assert told[0]["lost"][0] == {name: alone[name] for name in ("code", "reason", "message")}


def test_what_a_single_get_refuses_for_its_query_is_lost_too(world: World) -> None:
    """So a place in a list that is none, or no longer, holds up nothing else."""
    wrong = ["/api/notices?limit=1000", "/api/notices?after=x", "/api/notices?colour=red"]
    told = heard(world.member, "/api/me", *wrong)
    assert [one["code"] for one in told["lost"]] == [422, 400, 422]
    assert [one["path"] for one in told["changed"]] == ["/api/me"]
    for one in told["lost"]:
        alone = world.member.get(one["path"]).json
        assert alone
        assert {name: alone[name] for name in ("code", "reason", "message")} == {
            name: one[name] for name in ("code", "reason", "message")
        }


def test_places_in_a_list_are_those_of_the_single_get(make: Make, world: World) -> None:
    """A cursor from one is read by the other: it is bound to its list and its reader."""
    for number in range(3):
        make.reflection(world.author, f"Page {number}.")
    first = "/api/reflections?author=me&limit=2"
    (told,) = heard(world.author, first)["changed"]
    following = f"{first}&after={told['body']['next']}"
    (second,) = heard(world.author, following)["changed"]
    assert second["body"] == world.author.get(following).json
    assert world.author.get(f"{first}&after={second['body']['next']}").status_code == 200
    (stolen,) = heard(world.member, following)["lost"]
    assert stolen["reason"] == "bad_cursor"


def test_signed_out_nothing_is_said(make: Make, world: World) -> None:
    for path in (f"/api/reflections/{world.reflection}", "/api/me", "/api/nothing"):
        answer = make.stranger().post("/api/sync", json={"known": [{"path": path}]})
        assert answer.status_code == 401
        assert answer.json["reason"] == "not_signed_in"
        assert path not in answer.text


FOREIGN = {
    "another site": "https://mail.example/api/me",
    "without a scheme": "//mail.example/api/me",
    "not of the api": "/today",
    "the root": "/",
    "nothing": "",
    "not from the root": "api/me",
    "no such address": "/api/nothing",
    "of a parent": "/api/cohorts/../me",
    "here": "/api/./me",
    "encoded": "/api/%6de",
    "an encoded slash": "/api%2Fme",
    "two slashes": "/api//me",
    "a slash too many": "/api/me/",
    "another way to write a slash": "/api\\me",
    "a fragment": "/api/me#",
    "a space": "/api/me ",
    "a line": "/api/me\n",
    "letters that are no ASCII": "/api/mé",
    "public": "/api/sign-in/demo",
    "public with a token": "/api/invitations/abc",
    "the document": "/api/openapi.json",
    "only written": f"/api/responses/{ids.new_id()}",
    "only asked by POST": "/api/sync",
    "asked alone": "/api/push/key",
    "no id": "/api/reflections/me",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_an_address_that_is_not_offered_is_refused_and_named(make: Make, what: str) -> None:
    path = FOREIGN[what]
    answer = ask(make.somebody(), "/api/me", path)
    assert answer.status_code == 422
    (said,) = answer.json["errors"]["json"]["known"]["1"]["path"]
    assert path in said
    assert "0" not in answer.json["errors"]["json"]["known"]


@pytest.mark.parametrize(
    "known",
    [
        None,
        ["/api/me"],
        [{}],
        [{"path": None}],
        [{"path": f"/api/notices?after={'x' * LONGEST_PATH}"}],
        [{"path": "/api/me", "etag": "12"}],
        [{"path": "/api/me", "etag": "*"}],
        [{"path": "/api/me", "etag": '"1", "2"'}],
        [{"path": "/api/me", "etag": '"1"\n'}],
        [{"path": "/api/me", "mark": 1}],
        [{"path": "/api/me", "mark": "x" * 201}],
        [{"path": "/api/me", "body": {}}],
        [{"path": "/api/me"}] * (MOST_KNOWN + 1),
    ],
)
def test_what_cannot_be_meant_is_refused(make: Make, known: Any) -> None:
    answer = make.somebody().phone.post("/api/sync", json={"known": known})
    assert answer.status_code == 422


def test_when_it_is_long_enough_the_rest_is_named(make: Make, world: World) -> None:
    """And asked again, until nothing is left."""
    for _ in range(30):
        make.reflection(world.author, "What we did not say. " * 200)
    pages = [f"/api/reflections?author=me&limit={limit}" for limit in range(28, 33)]
    left, calls = [*pages, "/api/me"], []
    while left:
        answer = ask(world.author, *left)
        asked = [one["path"] for one in answer.json["changed"]]
        assert asked + answer.json["next"] == left
        assert len(answer.data) < 2 * ENOUGH
        calls.append(asked)
        left = answer.json["next"]
    assert len(calls) > 1
    assert all(calls)


def test_an_unchanged_answer_is_not_long(make: Make, world: World) -> None:
    for _ in range(30):
        make.reflection(world.author, "What we did not say. " * 200)
    pages = [f"/api/reflections?author=me&limit={limit}" for limit in range(28, 33)]
    known = [{"path": path, "etag": world.author.get(path).headers["ETag"]} for path in pages]
    told = heard(world.author, *known)
    assert told["changed"] == told["next"] == []


def test_all_of_it_holds_until_the_soonest_moment(make: Make, at: Callable[..., datetime]) -> None:
    now, amina = at(), make.somebody()
    for paths in (("/api/me/sessions", "/api/me"), ("/api/me", "/api/me/sessions")):
        told = heard(amina, *paths)
        assert datetime.fromisoformat(told["holds_until"]) == now + timedelta(minutes=5)


def test_it_is_one_line_in_the_log_without_addresses(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    missing = f"/api/reflections/{ids.new_id()}"
    with caplog.at_level(logging.INFO, "alongside.requests"):
        caplog.clear()
        heard(world.member, "/api/me", f"/api/reflections/{world.reflection}", missing)
    (line,) = [vars(record) for record in caplog.records if record.name == "alongside.requests"]
    assert (line["route"], line["asked"], line["changed"], line["lost"]) == ("/api/sync", 3, 2, 1)
    assert str(world.reflection) not in str(line)


def test_who_is_asking_is_looked_up_once(app: App, world: World) -> None:
    paths = ["/api/me", "/api/cohorts", "/api/notices"]
    heard(world.member, *paths)
    with statements(app.database.engine) as seen:
        answer = ask(world.member, *paths)
    assert sum("sign_in_session" in one for one in seen) == 1
    assert "Set-Cookie" not in answer.headers


def test_it_takes_no_write_lock(app: App, world: World) -> None:
    before = dump(Make(app, None))  # type: ignore[arg-type]  # no letter is looked at
    with app.database.writing():
        assert heard(world.member, *synced_paths(app, world))["lost"] == []
    assert dump(Make(app, None)) == before  # type: ignore[arg-type]


def test_what_breaks_one_answer_breaks_the_call(own_app: App) -> None:
    """As alone: a phone is not told that something is gone because we failed."""
    make = Make(own_app, None)  # type: ignore[arg-type]  # no letter is looked at

    @synced()
    def broken() -> None:
        raise RuntimeError

    own_app.view_functions["me.get_me"] = broken
    answer = ask(make.somebody(), "/api/cohorts", "/api/me")
    assert answer.status_code == 500
    assert answer.json["reason"] == "unexpected"
