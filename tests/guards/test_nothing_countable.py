"""What others do that I may not see changes nothing of what travels to me, and cannot be counted.

Two ways of looking: what I am told before and after it, byte for byte; and two cohorts in which
the same was to be seen, one of them with a lot besides that was not.
"""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.core import clock, ids
from backend.core.app import App
from tests.conftest import A_MORNING
from tests.guards.routes import Call, guarded_calls
from tests.guards.world import World, build
from tests.make import A_RHYTHM, Make, Somebody, at_version

MINUTE = timedelta(minutes=1)
PAGED = re.compile(
    r"/(reflections|notices|activity|feedback-requests|proposals|reviews|versions|pulse)$"
)
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def do_unseen(make: Make, one: Somebody, other: Somebody, cohort: UUID, times: int) -> None:
    """What two members do by themselves and between each other."""
    for number in range(times):
        id = make.reflection(one, "For me.")
        one.keep(id, at_version(1), text="For me, reworded.")
        shared = make.reflection(one, "For the other.", cohort=cohort, people=[other])
        make.response(other, shared)
        make.response(one, make.reflection(other, cohort=cohort, people=[one]))
        one.delete(f"/api/reflections/{shared}")
        # one open ask at a time: it is answered before the next
        make.feedback(one, other, cohort, "You waited.")
        make.question(other, f"Only mine, {number}?")
    make.offer(one, other, cohort)
    for person in (one, other):
        make.device(person)
        make.phone_of(person.id)
        version = person.get("/api/me/rhythm").json["version"]
        person.say(A_RHYTHM | {"prompts_a_week": 2}, version)
        for zone in ("Europe/Paris", "Europe/London", "Europe/Madrid"):
            person.phone.patch("/api/me", json={"time_zone": zone})
    make.announce()


def do_elsewhere(make: Make, name: str) -> None:
    """What happens in a cohort that is none of mine."""
    olu, pia = (make.somebody(f"{one}{name}") for one in ("Olu", "Pia"))
    birch = make.cohort(olu, pia, name="Birch")
    make.response(pia, make.reflection(olu, cohort=birch))
    make.position(pia, make.proposal(olu, birch))
    pia.phone.patch("/api/me", json={"name": "Pia B"})
    make.announce()


def asked(call: Call, world: World) -> str:
    path = call.path(world.ids())
    return f"{path}?limit=1" if PAGED.search(path) else path


def told(person: Somebody, path: str) -> list[tuple[int, bytes, list[tuple[str, str]]]]:
    """All that travels of a list, page by page, but the requests' own ids."""
    heard, after = [], ""
    while True:
        answer = person.get(path + after)
        headers = [(name, value) for name, value in answer.headers if name != "X-Request-Id"]
        heard.append((answer.status_code, answer.data, headers))
        cursor = (answer.json or {}).get("next") if PAGED.search(path.partition("?")[0]) else None
        if not cursor:
            return heard
        after = f"&after={cursor}"


def test_what_i_may_not_see_changes_no_byte_of_any_answer(app: App, make: Make) -> None:
    """The facilitator, and a member whom it is not meant for, hear the same before and after."""
    with clock.standing_at(A_MORNING):
        world = build(make)
        others = [make.somebody(name) for name in ("Dee", "Ewa")]
        for person in others:
            make.join(person, world.cohort, world.facilitator)
        make.announce()
    # a moment later, or what was changed meanwhile would be hidden by the clock that stands
    with clock.standing_at(A_MORNING + MINUTE):
        gets = [call for call in guarded_calls(app) if not call.is_write]
        readers = (world.facilitator, world.member, world.outsider)
        before = [told(one, asked(call, world)) for one in readers for call in gets]
    with clock.standing_at(A_MORNING + MINUTE):
        do_unseen(make, *others, world.cohort, 2)
        do_elsewhere(make, "A")
        after = [told(one, asked(call, world)) for one in readers for call in gets]

    assert len(gets) > 30
    for n, (one, other) in enumerate(zip(before, after, strict=True)):
        assert one == other, str(gets[n % len(gets)])
    assert sum(len(pages) > 1 for pages in before) >= 4


@dataclass
class Cohort:
    """A small cohort in which the same is to be seen as in the other."""

    id: UUID
    fay: Somebody
    amina: Somebody
    bo: Somebody
    cal: Somebody


def tell_a_story(make: Make, name: str, unseen: int) -> Cohort:
    """What all may see, a step a minute; in between, `unseen` things that are not theirs to see."""
    fay, amina, bo, cal = (make.somebody(f"{one}{name}") for one in ("Fay", "Amina", "Bo", "Cal"))
    for person in (fay, amina, bo, cal):
        person.phone.patch("/api/me", json={"name": person.name.removesuffix(name)})
    at = clock.now()
    cohort = make.cohort(fay, name="Rowan")
    for person in (amina, bo, cal):
        at += MINUTE  # what happens at one moment comes in an order that is drawn
        with clock.standing_at(at):
            make.join(person, cohort, fay)
    at += MINUTE
    with clock.standing_at(at):
        hers = make.reflection(amina, "Ours.", cohort=cohort)
    drafts = [ids.new_id() for _ in range(2)]
    steps: list[Callable[[], Any]] = [
        lambda: make.invitation(fay, cohort),
        lambda: share_at_last(bo, drafts[0], cohort, unseen),
        lambda: ask_at_last(bo, drafts[1], cohort, unseen),
        lambda: make.response(bo, hers, "How so?"),
        lambda: make.proposal(bo, cohort),
        lambda: make.reminder(fay, cohort),
        lambda: make.feedback(amina, bo, cohort, "You let it stand."),
        lambda: make.announce(),
    ]
    for number, step in enumerate(steps, start=1):
        with clock.standing_at(at + number * MINUTE):
            if unseen:
                do_unseen(make, bo, cal, cohort, unseen)
                do_elsewhere(make, f"{name}{number}")
            step()
    return Cohort(cohort, fay, amina, bo, cal)


def share_at_last(person: Somebody, id: UUID, cohort: UUID, reworded: int) -> None:
    """Something is kept to oneself, reworded, and then shared."""
    words = {"text": "At last."}
    person.keep(id, text="So?" if reworded else "At last.")
    for version in range(1, reworded + 1):
        last = "At last." if version == reworded else f"Draft {version}"
        person.keep(id, at_version(version), text=last)
    shared = {**words, "cohort_id": str(cohort), "audience": "cohort"}
    assert person.keep(id, at_version(1 + reworded), **shared).status_code == 200


def ask_at_last(person: Somebody, id: UUID, cohort: UUID, reworded: int) -> None:
    """A question of one's own is given to the cohort after a while."""

    def put(version: int, **body: Any) -> None:
        known = at_version(version) if version else {"If-None-Match": "*"}
        answer = person.phone.put(f"/api/prompts/{id}", json=body, headers=known)
        assert answer.status_code < 300, answer.json

    for version in range(reworded + 1):
        put(version, text=f"Draft {version}?")
    put(reworded + 1, text="Who was missing?", cohort_id=str(cohort))


def paths(cohort: UUID) -> list[str]:
    parts = (
        "",
        "/people",
        "/invitations",
        "/activity?limit=2",
        "/proposals?limit=1",
        "/contract",
        "/contract/reviews?limit=1",
        "/contract/versions?limit=1",
        "/check-ins",
        "/pulse?limit=1",
        "/reminders",
    )
    return [
        "/api/reflections?limit=1",
        "/api/reflections/changes",
        "/api/notices?limit=1",
        "/api/notices/waiting",
        "/api/feedback-requests?limit=1",
        "/api/feedback-offers",
        "/api/feedback-requests?direction=asked&limit=1",
        "/api/prompts",
        *(f"/api/cohorts/{cohort}{part}" for part in parts),
    ]


def normal(value: Any, names: dict[str, str]) -> Any:
    """An answer without what is drawn at random: ids by whose they are, or as ids; places and
    states by their length; people who come in an order of the day, by name.
    """
    if isinstance(value, dict):
        return {key: normal(one, names) for key, one in value.items()}
    if isinstance(value, list):
        found = [normal(one, names) for one in value]
        is_of_people = found and all(isinstance(one, dict) and "name" in one for one in found)
        return sorted(found, key=json.dumps) if is_of_people else found
    if isinstance(value, str) and not value.isascii():
        return value
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{40,}", value):
        return f"{len(value)} signs"
    if isinstance(value, str):
        return AN_ID.sub(lambda id: names.get(id[0]) or drawn(id[0]), value)
    return value


def drawn(id: str) -> str:
    """Refuse an id that is a number in disguise: those are of no version."""
    assert UUID(id).version, id
    return "an id"


def all_told(reader: Somebody, story: Cohort) -> list[tuple[str, Any]]:
    """Page by page, all that a reader is told, without what is drawn at random."""
    people = {"Fay": story.fay, "Amina": story.amina, "Bo": story.bo, "Cal": story.cal}
    names = {str(one.id): name for name, one in people.items()}
    heard = []
    for path in paths(story.id):
        for _, body, headers in told_by_pages(reader, path):
            lengths = {name: len(value) for name, value in headers if name == "ETag"}
            shown = normal(json.loads(body), names)
            heard.append((AN_ID.sub("", path), (shown, lengths)))
    return heard


def told_by_pages(person: Somebody, path: str) -> list[tuple[int, bytes, list[tuple[str, str]]]]:
    heard, after = [], ""
    while True:
        answer = person.get(path + after)
        assert answer.status_code == 200, (path, answer.json)
        heard.append((answer.status_code, answer.data, list(answer.headers)))
        cursor = (answer.json or {}).get("next")
        if not cursor or "limit" not in path:
            return heard
        assert b"2026" not in base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        after = f"&after={cursor}"


@pytest.mark.parametrize("reader", ["amina", "fay"])
def test_a_hundred_things_unseen_leave_no_gap_in_what_is_seen(make: Make, reader: str) -> None:
    at: datetime = A_MORNING + timedelta(hours=1)
    with clock.standing_at(at):
        quiet = tell_a_story(make, "One", 0)
    with clock.standing_at(at):
        busy = tell_a_story(make, "Two", 3)

    with clock.standing_at(at + timedelta(hours=1)):
        heard, heard_beside = (all_told(getattr(story, reader), story) for story in (quiet, busy))

    assert len(heard) > 25
    assert [path for path, _ in heard] == [path for path, _ in heard_beside]
    for (path, one), (_, other) in zip(heard, heard_beside, strict=True):
        assert one == other, path


def test_a_number_that_counts_across_everybody_would_be_seen() -> None:
    assert normal({"id": 12, "next": "x" * 43}, {}) != normal({"id": 48, "next": "x" * 43}, {})
    assert normal({"next": "x" * 43}, {}) != normal({"next": "x" * 44}, {})
    with pytest.raises(AssertionError):
        normal({"id": str(UUID(int=12))}, {})
