"""Reading questions, and what somebody's days hold."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple, TypeGuard
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from backend.cohorts.models import Membership
from backend.core import clock
from backend.core.id_arrays import in_ids
from backend.core.parameters import ID, LIMIT, ME, MOMENT, place_values
from backend.core.prepared import AnySelect, Prepared
from backend.notices.models import Notice
from backend.people.models import Person
from backend.prompts.access import visible_to
from backend.prompts.library import BY_ID, QUESTIONS
from backend.prompts.library.shape import Question
from backend.prompts.models import Prompt, PromptDay, PromptTurn
from backend.prompts.rules import Candidate, DayChoice, Depth, question_of
from backend.prompts.schemas import ComingDayShown, DayShown, PromptShown, TodayShown
from backend.reflections.models import Area, Reflection
from backend.rhythm import rules as rhythm_rules
from backend.rhythm.models import Rhythm
from backend.rhythm.queries import my_rhythm
from backend.rhythm.rules import DAY, Kind, at_local

DAYS_TO_COME = 7
CHANGED_LATELY = timedelta(days=1)  # older changes are met when the turn comes
LIBRARY = tuple(Candidate(one.id, one.depth) for one in QUESTIONS)
Place = tuple[datetime, UUID]
THE_LIBRARYS = datetime(1900, 1, 1, tzinfo=UTC)  # as if written before all others


class PromptRow(NamedTuple):
    """A question that somebody wrote, with their name: the columns of `_mine_and_ours`."""

    id: UUID
    text: str
    areas: list[Area]
    depth: Depth
    cohort_id: UUID | None
    author_id: UUID
    version: int
    created_at: datetime
    author_name: str


class DayRow(NamedTuple):
    """What somebody made of a day: the columns of `_days`."""

    on_date: date
    choice: DayChoice
    prompt_id: UUID | None


def prompts(
    session: Session, me: UUID, *, after: Place | None, limit: int
) -> tuple[list[PromptShown], Place | None]:
    """A page of all that I may use: mine and my cohorts', newest first, then the library; and
    where the next one begins.
    """
    places: list[tuple[Place, PromptShown]] = []
    if after is None or after[0] > THE_LIBRARYS:
        values = {"me": me, "limit": limit + 1, **place_values(after)}
        rows = _page(after is not None).rows(session, **values)
        places = [((row.created_at, row.id), shown(me, row, row.author_name)) for row in rows]
    passed = [one.id for one in QUESTIONS].index(after[1]) + 1 if _is_in_library(after) else 0
    left = QUESTIONS[passed : passed + limit + 1 - len(places)]
    places += [((THE_LIBRARYS, one.id), shown_question(one)) for one in left]
    following = places[limit - 1][0] if len(places) > limit else None
    return [one for _, one in places[:limit]], following


def _is_in_library(after: Place | None) -> TypeGuard[Place]:
    return after is not None and after[0] == THE_LIBRARYS and after[1] in BY_ID


def some_prompts(session: Session, me: UUID, ids: Collection[UUID]) -> dict[UUID, PromptShown]:
    """Those of `ids` that I may see, by id, as PromptOut dumps them."""
    known = {id: shown_question(BY_ID[id]) for id in ids if id in BY_ID}
    return known | _written(session, me, set(ids) - known.keys())


def _written(session: Session, me: UUID, ids: Collection[UUID]) -> dict[UUID, PromptShown]:
    if not ids:
        return {}
    found = _some().rows(session, me=me, ids=ids)
    return {row.id: shown(me, row, row.author_name) for row in found}


@cache
def _page(is_continued: bool) -> Prepared[PromptRow]:
    found = _mine_and_ours().limit(LIMIT)
    if is_continued:
        older = (Prompt.created_at == MOMENT) & (Prompt.id > ID)
        found = found.where((Prompt.created_at < MOMENT) | older)
    return Prepared(found, PromptRow)


@cache
def _some() -> Prepared[PromptRow]:
    return Prepared(_mine_and_ours().where(in_ids(Prompt.id, "ids")), PromptRow)


def _mine_and_ours() -> AnySelect:
    return (
        select(
            Prompt.id,
            Prompt.text,
            Prompt.areas,
            Prompt.depth,
            Prompt.cohort_id,
            Prompt.author_id,
            Prompt.version,
            Prompt.created_at,
            Person.name,
        )
        .join(Person, Person.id == Prompt.author_id)
        .where(visible_to(ME))
        .order_by(Prompt.created_at.desc(), Prompt.id)
    )


def today(session: Session, me: UUID) -> TodayShown:
    """My day in my zone, with the questions of the days to come: a phone may have no signal."""
    rhythm, _ = my_rhythm(session, me)
    first = clock.now().astimezone(ZoneInfo(rhythm.zone)).date()
    days = some_days(
        session, me, rhythm, [first + ahead * DAY for ahead in range(DAYS_TO_COME + 1)]
    )
    coming: list[ComingDayShown] = [
        {"date": one["date"], "prompt": one["prompt"]} for one in days[1:]
    ]
    return {**days[0], "coming": coming}


def next_day(session: Session, me: UUID) -> list[datetime]:
    """When my next day begins."""
    rhythm, _ = my_rhythm(session, me)
    zone = ZoneInfo(rhythm.zone)
    return [at_local(clock.now().astimezone(zone).date() + DAY, time(), zone)]


def some_days(
    session: Session, me: UUID, rhythm: rhythm_rules.Rhythm, days: Sequence[date]
) -> list[DayShown]:
    """What some of my days hold, in the order given."""
    rows = _days().rows(session, me=me, first=min(days), last=max(days))
    kept = {row.on_date: row for row in rows if row.on_date in days}
    usual = [*LIBRARY, *candidates(session, [me])[me]]
    given = {
        day: question_of(me, day, usual, stretch_me=rhythm.stretch_me, zone=rhythm.zone)
        for day in days
    }
    named = {row.prompt_id for row in kept.values() if row.prompt_id}
    texts = some_prompts(session, me, named | set(given.values()))
    return [_day(day, kept.get(day), given[day], texts) for day in days]


@cache
def _days() -> Prepared[DayRow]:
    first, last = (bindparam(name, type_=Date()) for name in ("first", "last"))
    return Prepared(
        select(PromptDay.on_date, PromptDay.choice, PromptDay.prompt_id).where(
            PromptDay.person_id == ME, PromptDay.on_date.between(first, last)
        ),
        DayRow,
    )


def _day(day: date, row: DayRow | None, given: UUID, texts: dict[UUID, PromptShown]) -> DayShown:
    """One day. If its question is not to be seen any more, it has the one that its date gives."""
    if row is not None and row.choice is DayChoice.NOT_TODAY:
        return {"date": day, "choice": row.choice, "prompt": None}
    if row is not None and row.prompt_id in texts:
        return {"date": day, "choice": row.choice, "prompt": texts[row.prompt_id]}
    return {"date": day, "choice": DayChoice.GIVEN, "prompt": texts[given]}


def candidates(session: Session, people: Collection[UUID]) -> dict[UUID, list[Candidate]]:
    """By person, the questions besides the library's that may come up by themselves: those of their
    cohorts, and those they wrote for themselves. Two statements, for however many people.
    """
    found: dict[UUID, list[Candidate]] = defaultdict(list)
    for statement in _candidates():
        for person, candidate in statement.rows(session, people=people):
            found[person].append(candidate)
    return found


@cache
def _candidates() -> tuple[Prepared[tuple[UUID, Candidate]], ...]:
    columns = (Prompt.id, Prompt.depth, Prompt.created_at)
    is_there = Prompt.deleted_at.is_(None)
    of_cohorts = (
        select(Membership.person_id, *columns)
        .join(Prompt, and_(Prompt.cohort_id == Membership.cohort_id, is_there))
        .where(in_ids(Membership.person_id, "people"), Membership.left_at.is_(None))
    )
    alone = select(Prompt.author_id, *columns).where(
        in_ids(Prompt.author_id, "people"), Prompt.cohort_id.is_(None), is_there
    )
    return tuple(Prepared(statement, _candidate) for statement in (of_cohorts, alone))


def _candidate(person: UUID, id: UUID, depth: Depth, since: datetime) -> tuple[UUID, Candidate]:
    return person, Candidate(id, depth, since)


def is_anything_due(session: Session) -> bool:
    """Whether anybody's turn has come, or is to be planned. Takes no lock."""
    now = clock.now()
    waiting: tuple[Select[UUID], ...] = (
        select(PromptTurn.person_id).where(PromptTurn.next_at <= now),
        changed_their_mind(now),
        without_a_turn(),
    )
    return any(session.scalar(one.limit(1)) is not None for one in waiting)


def changed_their_mind(now: datetime) -> Select[UUID]:
    """People whose rhythm changed lately, after their next prompt was planned."""
    return (
        select(PromptTurn.person_id)
        .join(Rhythm, Rhythm.person_id == PromptTurn.person_id)
        .where(
            Rhythm.changed_at > now - CHANGED_LATELY,
            Rhythm.changed_at <= now,  # another machine's clock may be ahead: not for ever anew
            Rhythm.changed_at > PromptTurn.planned_at,
            PromptTurn.next_at > now,
        )
    )


def without_a_turn() -> Select[UUID]:
    """People in a cohort for whom nothing was planned yet."""
    return (
        select(Membership.person_id)
        .outerjoin(PromptTurn, PromptTurn.person_id == Membership.person_id)
        .where(Membership.left_at.is_(None), PromptTurn.person_id.is_(None))
        .distinct()
    )


def in_a_cohort(session: Session, people: Collection[UUID]) -> set[UUID]:
    """Those of these people who belong to a cohort now."""
    belonging = (Membership.person_id.in_(people), Membership.left_at.is_(None))
    return set(session.scalars(select(Membership.person_id).where(*belonging)))


def choices_since(
    session: Session, people: Collection[UUID], first: date
) -> dict[UUID, dict[date, DayChoice]]:
    """By person and day, what they chose for the day."""
    found: dict[UUID, dict[date, DayChoice]] = defaultdict(dict)
    columns = (PromptDay.person_id, PromptDay.on_date, PromptDay.choice)
    chosen = (PromptDay.on_date >= first, PromptDay.choice != DayChoice.GIVEN)
    for person, day, choice in session.execute(
        select(*columns).where(PromptDay.person_id.in_(people), *chosen)
    ):
        found[person][day] = choice
    return found


def opened_since(session: Session, people: Collection[UUID], first: date) -> set[tuple[UUID, str]]:
    """Whose prompts were opened, with the causes of their notices."""
    found = session.execute(
        select(Notice.person_id, Notice.cause).where(
            Notice.person_id.in_(people),
            Notice.kind == Kind.PROMPT,
            Notice.happened_at >= datetime.combine(first - DAY, time(), UTC),
            Notice.read_at.is_not(None),
        )
    )
    return {(person, cause) for person, cause in found}


def answered_since(session: Session, people: Collection[UUID], first: date) -> dict[UUID, datetime]:
    """By person, when they last kept a reflection on a question."""
    found = session.execute(
        select(Reflection.author_id, func.max(Reflection.written_at).label("last"))
        .where(
            Reflection.author_id.in_(people),
            Reflection.deleted_at.is_(None),
            Reflection.written_at >= datetime.combine(first - DAY, time(), UTC),
            Reflection.prompt_id.is_not(None),
        )
        .group_by(Reflection.author_id)
    )
    return {row.author_id: row.last for row in found}


def shown(me: UUID, row: Prompt | PromptRow, author_name: str) -> PromptShown:
    """A question that somebody wrote, as PromptOut dumps it."""
    is_mine = row.author_id == me
    return {
        "id": row.id,
        "text": row.text,
        "areas": row.areas,
        "depth": row.depth,
        "cohort_id": row.cohort_id,
        "by": {"id": row.author_id, "name": author_name},
        "is_mine": is_mine,
        # how often it was reworded before others could use it is for nobody to count
        "version": row.version if is_mine else 1,
    }


def shown_question(question: Question) -> PromptShown:
    """A question of the library, as PromptOut dumps it."""
    return {
        "id": question.id,
        "text": question.text,
        "areas": question.areas,
        "depth": question.depth,
        "cohort_id": None,
        "by": None,
        "is_mine": False,
        "version": 1,
    }
