"""Whatever people do, everybody sees exactly what a simple model says, and nothing else."""

import os
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import and_, exists, or_, true
from sqlalchemy.orm import aliased

from backend.activity import access as activity
from backend.activity import queries as activity_queries
from backend.cohorts import access as cohorts
from backend.cohorts.models import Membership, Role
from backend.core.inner_requests import Answer, InnerGet, Refusal, answer_to
from backend.core.ledger import Fact
from backend.reflections import access, actions, pages, queries, rules
from backend.reflections.models import Audience, Reflection, Share
from backend.responses import access as responses
from backend.responses import queries as responses_queries
from backend.responses.models import Response
from backend.sync import queries as sync
from backend.sync import routes as one_call
from backend.sync.rules import Thing
from tests.kept_statements import built_anew
from tests.make import Make
from tests.reflections.walks import walk
from tests.reflections.week import a_week
from tests.reflections.world import Differs, World

WALKS = int(os.environ.get("ALONGSIDE_TEST_WALKS", "6"))
# who imported a predicate by name
USERS = (
    access,
    actions,
    pages,
    queries,
    responses,
    responses_queries,
    activity,
    activity_queries,
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the week runs on both
def test_after_every_step_everybody_sees_exactly_what_the_model_says(make: Make) -> None:
    walk(make, walks=WALKS, steps=25)


def test_in_a_week_of_everything_everybody_sees_exactly_what_the_model_says(make: Make) -> None:
    a_week(World(make))


def belongs_whenever(person: Any, cohort: Any, since: Any = None) -> Any:
    return ORIGINALS["belongs"](person, cohort)


def belongs_once(person: Any, cohort: Any, since: Any = None) -> Any:
    member = aliased(Membership)
    wanted = [member.cohort_id == cohort, member.person_id == person]
    return exists().where(*wanted).correlate_except(member)


def belongs_looking_one_query_out(person: Any, cohort: Any, since: Any = None) -> Any:
    """As SQLAlchemy correlates by itself: deeper in, a column is anybody's."""
    member = aliased(Membership)
    wanted = [member.cohort_id == cohort, member.person_id == person, member.left_at.is_(None)]
    return exists().where(*wanted, *([] if since is None else [member.joined_at <= since]))


def reaches_who_was_named(share: Any, author: Any) -> Any:
    return true()


def reaches_though_the_author_left(share: Any, author: Any) -> Any:
    return cohorts.belongs(share.person_id, share.cohort_id, since=share.shared_at)


def reaches_who_left(share: Any, author: Any) -> Any:
    return cohorts.belongs(author, share.cohort_id, since=share.shared_at)


def facilitators_see_all(person: Any) -> Any:
    member = aliased(Membership)
    facilitates = (
        exists()
        .where(
            member.cohort_id == Reflection.cohort_id,
            member.person_id == person,
            member.role == Role.FACILITATOR,
            member.left_at.is_(None),
        )
        .correlate_except(member)
    )
    return or_(ORIGINALS["visible_to"](person), and_(facilitates, Reflection.deleted_at.is_(None)))


def the_cohort_instead_of_who_was_named(person: Any) -> Any:
    is_cohorts = and_(
        Reflection.audience == Audience.COHORT, cohorts.belongs(person, Reflection.cohort_id)
    )
    return and_(Reflection.deleted_at.is_(None), or_(Reflection.author_id == person, is_cohorts))


def deleted_ones_too(person: Any) -> Any:
    share = aliased(Share)
    named = exists().where(share.reflection_id == Reflection.id, share.person_id == person)
    return or_(Reflection.author_id == person, named.correlate_except(share))


def responses_to_all_who_see(person: Any) -> Any:
    about = exists().where(Reflection.id == Response.reflection_id, access.visible_to(person))
    return and_(Response.deleted_at.is_(None), about.correlate_except(Reflection))


def responses_though_the_author_left(person: Any) -> Any:
    about = exists().where(
        Reflection.id == Response.reflection_id,
        access.visible_to(person),
        or_(Reflection.author_id == person, Reflection.cohort_id == Response.cohort_id),
        cohorts.belongs(Response.responder_id, Response.cohort_id, since=Response.created_at),
    )
    return and_(Response.deleted_at.is_(None), about.correlate_except(Reflection))


def responses_taken_back_too(person: Any) -> Any:
    about = exists().where(
        Reflection.id == Response.reflection_id,
        access.visible_to(person),
        or_(Reflection.author_id == person, Reflection.cohort_id == Response.cohort_id),
        cohorts.belongs(Response.responder_id, Response.cohort_id, since=Response.created_at),
        cohorts.belongs(Reflection.author_id, Response.cohort_id, since=Response.created_at),
    )
    return about.correlate_except(Reflection)


def responses_that_move_along(person: Any) -> Any:
    about = exists().where(
        Reflection.id == Response.reflection_id,
        access.visible_to(person),
        cohorts.belongs(Response.responder_id, Response.cohort_id, since=Response.created_at),
        cohorts.belongs(Reflection.author_id, Response.cohort_id, since=Response.created_at),
    )
    return and_(Response.deleted_at.is_(None), about.correlate_except(Reflection))


def all_that_happens_in_the_cohort(person: Any) -> Any:
    return cohorts.belongs(person, Fact.cohort_id, since=Fact.happened_at)


def every_line_to_whom_it_reaches(person: Any) -> Any:
    share = aliased(Share)
    shared = exists().where(share.reflection_id == Fact.about_id, share.person_id == person)
    of_cohort = ORIGINALS["heard_by"](person)
    return or_(of_cohort, and_(Fact.kind == "shared", shared.correlate_except(share)))


def an_edit_widens(
    chosen: rules.ChosenAudience, *, already: Any, belonging: Any, was_cohort: bool
) -> Any:
    return ORIGINALS["people_reached"](
        chosen, already=already, belonging=belonging, was_cohort=False
    )


def nobody_is_dropped(chosen: rules.ChosenAudience, *, already: Any, **more: Any) -> Any:
    return ORIGINALS["people_reached"](chosen, already=already, **more) | set(already)


ORIGINALS: dict[str, Callable[..., Any]] = {
    "belongs": cohorts.belongs,
    "visible_to": access.visible_to,
    "heard_by": activity.visible_to,
    "people_reached": rules.people_reached,
}
BROKEN: list[tuple[ModuleType, str, Callable[..., Any]]] = [
    (cohorts, "belongs", belongs_whenever),
    (cohorts, "belongs", belongs_once),
    (cohorts, "belongs", belongs_looking_one_query_out),
    (access, "reaches", reaches_who_was_named),
    (access, "reaches", reaches_though_the_author_left),
    (access, "reaches", reaches_who_left),
    (access, "visible_to", facilitators_see_all),
    (access, "visible_to", the_cohort_instead_of_who_was_named),
    (access, "visible_to", deleted_ones_too),
    (responses, "visible_to", responses_to_all_who_see),
    (responses, "visible_to", responses_though_the_author_left),
    (responses, "visible_to", responses_taken_back_too),
    (responses, "visible_to", responses_that_move_along),
    (activity, "visible_to", all_that_happens_in_the_cohort),
    (activity, "visible_to", every_line_to_whom_it_reaches),
    (rules, "people_reached", an_edit_widens),
    (rules, "people_reached", nobody_is_dropped),
]


KEEPING = (pages, queries, responses_queries, activity_queries)


@pytest.fixture
def statements_built_anew() -> Iterator[None]:
    with built_anew(*KEEPING):
        yield


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("home", "name", "broken"), BROKEN, ids=lambda of: getattr(of, "__name__", of)
)
@pytest.mark.usefixtures("statements_built_anew")
def test_a_broken_rule_is_found(
    home: ModuleType, name: str, broken: Any, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = getattr(home, name)
    for user in (home, *USERS):
        if getattr(user, name, None) is rule:
            monkeypatch.setattr(user, name, broken)

    with pytest.raises(Differs):
        a_week(World(make))


# a phone that is told to keep what its lists would not show
FORGIVING: list[tuple[Thing, Callable[[], Any]]] = [
    (Thing.REFLECTION, lambda: sync.which(Reflection.id, deleted_ones_too(queries.ME))),
    (Thing.REFLECTION, lambda: sync.which(Reflection.id, facilitators_see_all(queries.ME))),
    (Thing.RESPONSE, lambda: sync.which(Response.id, responses_taken_back_too(queries.ME))),
    (Thing.RESPONSE, lambda: sync.which(Response.id, responses_though_the_author_left(queries.ME))),
    (
        Thing.COHORT,
        lambda: sync.which(cohorts.Cohort.id, belongs_once(queries.ME, cohorts.Cohort.id)),
    ),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("thing", "broken"), FORGIVING)
def test_a_phone_that_is_told_to_keep_too_much_is_found(
    thing: Thing, broken: Callable[[], Any], make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sync.SEEN, thing, broken())
    with pytest.raises(Differs):
        a_week(World(make))


def forgives(get: InnerGet, etag: str | None) -> Answer | Refusal | None:
    """What may no longer be seen is said to be as it was."""
    answer = answer_to(get, etag)
    return None if isinstance(answer, Refusal) and etag else answer


def remembers(get: InnerGet, etag: str | None) -> Answer | Refusal | None:
    """What was heard once is never looked at again."""
    return None if etag else answer_to(get, etag)


def tells_what_others_see(get: InnerGet, etag: str | None) -> Answer | Refusal | None:
    """Whoever asked before is answered for."""
    heard = _heard.setdefault(get.path, answer_to(get, None))
    return heard if isinstance(heard, Answer) else answer_to(get, etag)


_heard: dict[str, Answer | Refusal | None] = {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("broken", [forgives, remembers, tells_what_others_see])
def test_one_call_that_shows_more_than_the_lists_is_found(
    broken: Callable[..., Any], make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    _heard.clear()
    monkeypatch.setattr(one_call, "answer_to", broken)
    with pytest.raises(Differs):
        a_week(World(make))
