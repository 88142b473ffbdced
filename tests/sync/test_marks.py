"""A write leaves a mark for whoever can read something new by it, and for nobody else."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial, wraps
from pathlib import Path
from shutil import copytree
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, event, select
from sqlalchemy.exc import OperationalError

from backend.core import clock, ids
from backend.core.app import App
from backend.core.marks import Mark, Topic, begin_epoch, changed
from backend.core.puts import Precondition
from backend.core.request import View, is_synced, synced_by
from backend.notices.actions import Raised, raise_notices, withdraw
from backend.reflections.models import Reflection
from backend.responses.actions import respond
from backend.responses.models import ResponseKind
from backend.rhythm.rules import Kind
from backend.sync import marks
from tests.guards.routes import all_calls
from tests.guards.world import World, build
from tests.make import Make, Somebody, at_version, statements
from tests.sync import story
from tests.sync.marked import begin, noting, sites_in_the_code
from tests.sync.test_known import heard, synced_paths
from tests.together import together

# Marks that others' acts changed though nothing looks different: the act, and why that is no harm.
TOLD_TOO_MUCH = {
    "end-sessions": "the operator signed all out; that no mark holds over it tells nothing more",
}
ASKED_EACH_TIME = {"/api/me/sessions": "which session is this one's own is no mark's to know"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_can_read_something_new_is_told_and_nobody_else(make: Make) -> None:
    """By every write, the worker and the clock; and each mark that is left out would be found."""
    walk = begin(make)
    with noting(walk):
        walk.look_anew()
        story.tell(walk)
        story.at_random(walk)
    assert walk.forgotten == []
    too_much = [one for one in walk.told_too_much if one.partition(":")[0] not in TOLD_TOO_MUCH]
    assert too_much == []
    assert sites_in_the_code() == {site.place for site in walk.sites}
    unseen = sorted(str(site) for site in walk.sites - walk.found)
    print(f"{walk.acts} acts; {len(walk.found)} of {len(walk.sites)} marks left out are found")
    assert unseen == []
    synced = [view for view in make.app.view_functions.values() if is_synced(view)]
    assert names(walk.clocks) == names(view for view in synced if synced_by(view).until)
    marked = [view for view in synced if synced_by(view).topics]
    assert names(walk.shown) == names(marked)
    assert names(walk.differed) == names(marked)
    assert writes(make) == walk.called | story.LEFT_OUT.keys()
    assert not walk.called & story.LEFT_OUT.keys()


def names(views: Iterable[View]) -> set[str]:
    return {f"{view.__module__}.{view.__name__}" for view in views}


def writes(make: Make) -> set[str]:
    return {call.endpoint for call in all_calls(make.app) if call.is_write}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_write_is_done_at_random_or_has_a_reason_not_to_be(make: Make) -> None:
    left = story.LEFT_OUT.keys() | story.NOT_AT_RANDOM.keys()
    assert writes(make) == story.BODIES.keys() | left
    assert not story.BODIES.keys() & left


# Marks that are left out in earnest: of which calls and topic, and the story that tells of it.
LEFT_OUT = {
    "a reflection": ("reflections/actions", Topic.REFLECTIONS, [story.reflections]),
    "feedback": ("feedback/steps", Topic.FEEDBACK, [story.reflections, story.feedback]),
    "an answer is told": ("notices/actions", Topic.FEEDBACK, [story.an_answer_by_the_minute]),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", LEFT_OUT)
def test_a_mark_that_is_left_out_is_found(make: Make, what: str) -> None:
    """A control of what is said of all of them."""
    place, topic, parts = LEFT_OUT[what]
    walk = begin(make)
    with noting(walk, without=lambda site: place in site.place and site.topic is topic):
        walk.look_anew()
        for tell in [story.cohorts, *parts]:
            assert walk.forgotten == []
            tell(walk)
    assert walk.forgotten


@pytest.fixture
def world(make: Make) -> World:
    return build(make)


def kept(person: Somebody, paths: list[str]) -> list[dict[str, Any]]:
    """What a phone says that it has, after it was told all of it."""
    told = heard(person, *paths)
    etags = {one["path"]: one["etag"] for one in told["changed"]}
    return [{"path": path, "etag": etags[path], "mark": told["marks"][path]} for path in paths]


def test_nothing_new_is_one_statement_after_the_guards(app: App, world: World) -> None:
    paths = synced_paths(app, world)
    assert heard(world.member, *paths)["marks"].keys() == {*paths} - ASKED_EACH_TIME.keys()
    known = kept(world.member, [path for path in paths if path not in ASKED_EACH_TIME])
    with statements(app.database.engine) as seen:
        told = heard(world.member, *known)
    assert (told["changed"], told["lost"], told["next"]) == ([], [], [])
    assert told["marks"] == {one["path"]: one["mark"] for one in known}
    guard, marks = seen
    assert "sign_in_session" in guard
    assert "mark" in marks


def test_a_mark_is_of_one_person_and_address_and_time(
    make: Make, world: World, at: Callable[..., datetime]
) -> None:
    at()
    member = Somebody(world.member.id, "Member", "", make.phone_of(world.member.id))
    path, other = "/api/notices", "/api/notices/waiting"
    (mine,) = kept(member, [path])

    def is_asked(path: str, mark: str, by: Somebody = member) -> bool:
        """Whether the view is asked, as it was not with its own mark. The ETag is of no answer."""
        return bool(heard(by, {"path": path, "etag": '"0"', "mark": mark})["changed"])

    digest, _, until = mine["mark"].partition(".")
    assert not is_asked(path, mine["mark"])
    assert is_asked(other, mine["mark"])
    assert is_asked(path, f"{digest}.{int(until) + 1}")
    for nonsense in ("", ".", digest, f"{digest}.", f"{digest}.x", f"{digest}.{'9' * 30}"):
        assert is_asked(path, nonsense)
    at(hours=23)
    assert not is_asked(path, mine["mark"])
    at(hours=25)
    assert is_asked(path, mine["mark"])


def test_without_a_mark_one_asks_again_soon(make: Make, at: Callable[..., datetime]) -> None:
    now, amina = at(), make.somebody()
    for path in ASKED_EACH_TIME:
        told = heard(amina, path)
        assert datetime.fromisoformat(told["holds_until"]) == now + timedelta(minutes=5)


def test_no_mark_holds_over_a_change_of_the_sources(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another version may answer otherwise where nothing was written."""
    amina = make.somebody()
    (known,) = kept(amina, ["/api/me"])
    asked = {**known, "etag": '"0"'}  # of no answer, so that one is told where the view is asked
    copy = copytree(marks.SOURCES, tmp_path / "backend")
    monkeypatch.setattr(marks, "SOURCES", copy)
    assert heard(amina, asked)["changed"] == []  # the same version, at another place
    copy = copytree(copy, tmp_path / "next")
    with (copy / "people" / "rules.py").open("a") as source:
        source.write("# Another version.\n")
    monkeypatch.setattr(marks, "SOURCES", copy)
    assert heard(amina, asked)["changed"]


def test_what_is_written_while_an_answer_is_read_is_told_the_next_time(own_app: App) -> None:
    """A mark is read before the answer that it stands for. The other way round it could be of what
    the answer does not have, and hide it.
    """
    make = Make(own_app, None)  # type: ignore[arg-type]  # no letter is looked at
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(amina, bo)
    view, shared = own_app.view_functions["reflections.reflections"], []

    @wraps(view)
    def reads_just_before_somebody_shares(**arguments: object) -> object:
        answer = view(**arguments)
        if not shared:
            shared.append(make.reflection(amina, "Shared meanwhile.", cohort=rowan))
        return answer

    own_app.view_functions["reflections.reflections"] = reads_just_before_somebody_shares
    path = "/api/reflections?limit=20"
    told = heard(bo, path)
    (first,) = told["changed"]
    assert (first["body"]["items"], len(shared)) == ([], 1)
    (second,) = heard(bo, {"path": path, "etag": first["etag"], "mark": told["marks"][path]})[
        "changed"
    ]
    assert [item["id"] for item in second["body"]["items"]] == [str(shared[0])]


def test_whoever_was_signed_out_meanwhile_is_told_nothing(app: App, world: World) -> None:
    """Though nothing is new: the guard speaks first."""
    paths = synced_paths(app, world)
    known = kept(world.member, [path for path in paths if path not in ASKED_EACH_TIME])
    assert world.member.phone.delete("/api/me/sessions").status_code == 200
    assert heard(world.member, *known)["lost"] == []
    elsewhere = Make(app, None).phone_of(world.member.id)  # type: ignore[arg-type]
    assert elsewhere.delete("/api/me/sessions").status_code == 200
    answer = world.member.phone.post("/api/sync", json={"known": known})
    assert (answer.status_code, answer.json["reason"]) == (401, "ended_by_you")
    assert not any(one["path"] in answer.text or one["mark"] in answer.text for one in known)


def test_whoever_left_is_told_of_nothing_that_it_is_as_it_was(make: Make) -> None:
    """Also where nobody ever wrote, so that there is no mark but that one belongs."""
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(amina, bo)
    paths = [
        call.path({"cohort_id": rowan})
        for call in all_calls(make.app)
        if is_synced(make.app.view_functions[call.endpoint]) and call.parameters == ["cohort_id"]
    ]
    assert f"/api/cohorts/{rowan}/reminders" in paths
    known = kept(bo, paths)
    assert bo.delete(f"/api/cohorts/{rowan}/people/me").status_code == 204
    told = heard(bo, *known)
    assert [one["path"] for one in told["lost"]] == paths
    assert (told["changed"], told["marks"]) == ([], {})


def test_who_has_no_answer_is_given_it_whatever_the_mark(app: App, world: World) -> None:
    paths = synced_paths(app, world)
    known = kept(world.member, [path for path in paths if path not in ASKED_EACH_TIME])
    without = [{**one, "etag": None} for one in known]
    assert [one["path"] for one in heard(world.member, *without)["changed"]] == [
        one["path"] for one in known
    ]


def test_until_when_an_answer_holds_is_never_past(make: Make, at: Callable[..., datetime]) -> None:
    """However soon it looks different by the clock, and not a moment longer."""
    path = "/api/feedback-requests?direction=asked&limit=100"
    at(milliseconds=700)
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    make.feedback(amina, bo, make.cohort(amina, bo), "You waited.", is_fixed=False)
    now = at(minutes=10, milliseconds=300)
    (known,) = kept(bo, [path])
    until = datetime.fromisoformat(heard(bo, known)["holds_until"])
    assert until - now == timedelta(milliseconds=400)
    at(until - timedelta(microseconds=1))
    assert heard(bo, known)["changed"] == []
    at(until)
    assert heard(bo, known)["changed"]


def test_after_an_older_copy_of_the_database_was_put_back_no_mark_comes_again(
    make: Make, world: World
) -> None:
    """The phone heard of what the copy does not know, and still is told what is new."""
    author, path = world.author, "/api/reflections/changes?limit=100"
    key = {"owner_id": author.id, "topic": "reflections"}
    with make.session() as session:
        before = session.get_one(Mark, key).value
    author.keep(world.private, at_version(1), text="Lost with the disk.")
    (known,) = kept(author, [path])
    with make.session() as session:
        session.get_one(Mark, key).value = before
    author.keep(world.private, at_version(2), text="Written after it.")
    assert heard(author, known)["changed"]


def test_what_was_taken_back_by_a_refusal_leaves_no_mark(make: Make, world: World) -> None:
    """A mark is written with the transaction that it is of, or not at all."""
    (known,) = kept(world.author, ["/api/prompts/today"])
    answer = world.author.choose((clock.now() + timedelta(days=99)).date(), "not_today")
    assert answer.status_code == 422
    assert heard(world.author, known)["changed"] == []


def test_two_who_mark_the_same_people_do_not_wait_in_a_circle(make: Make) -> None:
    """Whatever order they think of them in, their marks are written in one."""
    owners = [ids.new_id() for _ in range(20)]

    def write(some: list[UUID]) -> None:
        for _ in range(10):
            with make.session() as session:
                for owner in some:
                    changed(session, Topic.NOTICES, owner)

    together([partial(write, owners), partial(write, owners[::-1])])
    with make.session() as session:
        found = session.scalars(select(Mark.value).where(Mark.owner_id.in_(owners))).all()
    assert len(found) == len(owners)
    assert len(set(found)) == 1  # of the one that came last


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_whom_a_reflection_reaches_waits_for_a_response_that_changes(
    make: Make, world: World
) -> None:
    """Else whoever is reached meanwhile has a mark from before the change, and none from it."""
    reached = select(Reflection.id).where(Reflection.id == world.reflection)
    with make.session() as session:
        respond(
            session,
            world.member.id,
            world.response,
            Precondition(1),
            reflection_id=world.reflection,
            kind=ResponseKind.CURIOUS,
            text="How?",
        )
        with make.app.database.reading() as other, pytest.raises(OperationalError):
            other.execute(reached.with_for_update(nowait=True))


def test_after_a_copy_from_before_there_were_marks_none_comes_again(make: Make) -> None:
    """Emptied, the table says the same of what was shared before and of what never was."""
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    rowan = make.cohort(amina, bo)
    path = "/api/reflections?limit=20"

    def is_as_migrated() -> None:
        with make.session() as session:
            session.execute(delete(Mark))
            begin_epoch(session)

    make.reflection(amina, "Shared after the copy was made.", cohort=rowan)
    is_as_migrated()
    (known,) = kept(bo, [path])
    with make.session() as session:
        session.execute(delete(Reflection))
    is_as_migrated()
    assert heard(bo, known)["changed"]


def test_who_asked_finds_the_answer_though_no_worker_tells_of_it(
    make: Make, at: Callable[..., datetime]
) -> None:
    at()
    amina, bo = make.somebody("Amina"), make.somebody("Bo")
    make.feedback(amina, bo, make.cohort(amina, bo), "You waited.", is_fixed=False)
    make.announce()
    (known,) = kept(amina, ["/api/feedback-requests?direction=asking&limit=100"])
    at(minutes=70)  # fixed after ten minutes, and a mark holds for an hour
    assert heard(amina, known)["changed"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_raised_while_notices_are_withdrawn_is_gone_from_the_phone_too(make: Make) -> None:
    """Just before they are deleted, another connection raises one more, and its phone reads it."""
    bo, about, path = make.somebody("Bo"), ids.new_id(), "/api/notices?limit=100"
    late = Raised(bo.id, Kind.PROMPT, "prompt:2026-11-23", clock.now(), clock.now(), about)
    kept_by_bo: list[dict[str, Any]] = []

    def raise_one(_connection: object, _cursor: object, sql: str, *_more: object) -> None:
        if sql.startswith("DELETE FROM notice") and not kept_by_bo:
            with make.session() as raising:
                raise_notices(raising, [late])
            kept_by_bo.extend(kept(bo, [path]))

    with make.session() as session:
        event.listen(session.connection(), "before_cursor_execute", raise_one)
        withdraw(session, Kind.PROMPT, [bo.id], about=about)
    assert bo.get(path).json["items"] == []  # type: ignore[index]
    assert heard(bo, *kept_by_bo)["changed"]
