"""Writing questions, choosing a day's, and sending them when they are due."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from backend.cohorts.access import belongs
from backend.cohorts.models import Membership
from backend.core import clock, hourly_limits, puts
from backend.core.errors import Refused, invalid, not_found
from backend.core.marks import Topic, changed
from backend.core.puts import Precondition, PutResult
from backend.core.upserts import advisory_lock, insert_all_if_absent, insert_if_absent
from backend.notices.actions import Raised, raise_notices, withdraw
from backend.prompts import queries
from backend.prompts.facts import PromptFact
from backend.prompts.library import BY_ID, WHAT_WOULD_HELP
from backend.prompts.models import Prompt, PromptDay, PromptTurn
from backend.prompts.rules import DayChoice, PromptHistory, SentPrompt, Turn, question_of, take_turn
from backend.prompts.schemas import DayShown
from backend.rhythm.queries import my_rhythm, rhythms
from backend.rhythm.rules import DAY, Kind, Rhythm, at_local

MOST = 100  # questions by one author: a page that lists them all stays short
KEPT_DAYS = 60
A_BATCH = 500  # people in one transaction


def ask(
    session: Session, me: UUID, id: UUID, sent: SentPrompt, wanted: Precondition
) -> tuple[Prompt, PutResult]:
    """Keep a question of mine: for a cohort that I belong to, or for myself."""
    if id in BY_ID:
        raise not_found()  # the library's, so somebody else's

    def create() -> dict[str, object]:
        _check_cohort(session, me, sent.cohort_id)
        _check_room(session, me)
        now = clock.now()
        return {"created_at": now, "changed_at": now}

    def change(row: Prompt) -> None:
        _check_cohort(session, me, sent.cohort_id)
        changed(session, Topic.PROMPTS, row.cohort_id)  # that it had
        row.changed_at = clock.now()

    row, kept = puts.put(
        session,
        Prompt,
        id,
        owner_id=me,
        said=vars(sent),
        precondition=wanted,
        create=create,
        change=change,
    )
    if kept is not PutResult.REPLAYED:
        changed(session, Topic.PROMPTS, me, sent.cohort_id)
    if kept is not PutResult.REPLAYED and sent.cohort_id is not None:
        hourly_limits.count(session, me, PromptFact.ASKED.value)
    return row, kept


def take_back(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Take a question of mine back; its words go. A second time changes nothing."""
    row = puts.find_to_delete(session, Prompt, id, owner_id=me, version=version)
    if row is not None:
        withdraw(session, Kind.PROMPT, _whom_it_came_to(row), about=id)
        changed(session, Topic.PROMPTS, me, row.cohort_id)
        puts.soft_delete(row)


def choose(
    session: Session, me: UUID, day: date, choice: DayChoice, prompt_id: UUID | None
) -> DayShown:
    """Say what a day of mine holds, in the place of what was said before; the day as it is then.

    Of a day longer ago than KEPT_DAYS nothing is stored: nothing asks for it any more.
    """
    rhythm, _ = my_rhythm(session, me)
    today = clock.now().astimezone(ZoneInfo(rhythm.zone)).date()
    if day > today + queries.DAYS_TO_COME * DAY:
        raise Refused(
            "too_far_ahead",
            "You can choose a question for the next seven days, and not later.",
            422,
        )
    if choice.names_a_prompt != (prompt_id is not None):
        raise invalid("prompt_id", "Name a question where you choose one, and nowhere else.")
    if prompt_id is not None and not queries.some_prompts(session, me, [prompt_id]):
        raise invalid(
            "prompt_id", "This question is not there for you (any more).", about="gone_question"
        )
    changed(session, Topic.PROMPTS, me)
    if choice is DayChoice.GIVEN:
        mine = (PromptDay.person_id == me, PromptDay.on_date == day)
        session.execute(delete(PromptDay).where(*mine))
    elif day > today - KEPT_DAYS * DAY:
        values = {"choice": choice, "prompt_id": prompt_id}
        key = {"person_id": me, "on_date": day}
        if insert_if_absent(session, PromptDay, key | values) is None:
            session.execute(update(PromptDay).filter_by(**key).values(values))
    return queries.some_days(session, me, rhythm, [day])[0]


def prompt_due(session: Session) -> int:
    """Take the turns of some hundred people; 0 when nobody's has come.

    Each call is one transaction with a fixed number of statements. Two at once take different
    people's turns (SQLite lets one writer in). Nobody gets two prompts on a day: the date is the
    cause of the notice, and a cause is unique for a person.
    """
    now = clock.now()
    _plan_for_newcomers(session, now)
    turns = _claim(session, now)
    if not turns:
        return 0
    known = _Known(session, [turn.person_id for turn in turns], now)
    taken, given = known.take_all(session, turns)
    raise_notices(session, given)
    days = [_day_of(one) for one in given]
    new = insert_all_if_absent(session, PromptDay, days, PromptDay.person_id)
    changed(session, Topic.PROMPTS, *new)
    session.execute(update(PromptTurn), taken)
    return len(turns)


class PlannedTurn(TypedDict):
    """A row of PromptTurn, whole."""

    person_id: UUID
    next_at: datetime
    planned_at: datetime | None
    given_on: list[date]
    untouched: int
    asked_on: date | None


class _Known:
    """What is to be known of some people before their turns, asked for all of them at once."""

    def __init__(self, session: Session, people: Sequence[UUID], now: datetime) -> None:
        self._now = now
        first = now.date() - KEPT_DAYS * DAY
        self._rhythms = rhythms(session, people)
        self._belonging = queries.in_a_cohort(session, people)
        self._own = queries.candidates(session, people)
        self._choices = queries.choices_since(session, people, first)
        self._opened = queries.opened_since(session, people, first)
        self._answered = queries.answered_since(session, people, first)

    def take_all(
        self, session: Session, turns: Sequence[PromptTurn]
    ) -> tuple[list[PlannedTurn], list[Raised]]:
        """Take these people's turns: their rows as they are then, and the prompts that they give.

        A question that was taken back since they were read is given to nobody.
        """
        while True:
            taken = [self.take(turn) for turn in turns]
            given = [raised for _, raised in taken if raised is not None]
            named = {one.about_id for one in given if one.about_id} - BY_ID.keys()
            gone = named - puts.keep_there(session, Prompt, named)
            if not gone:
                return [row for row, _ in taken], given
            for person, own in self._own.items():
                self._own[person] = [one for one in own if one.id not in gone]

    def take(self, row: PromptTurn) -> tuple[PlannedTurn, Raised | None]:
        """Take one person's turn: its row as it is then, and the prompt that it gives, if any.

        What was never planned, or was planned by another rhythm, is only planned.
        """
        person, rhythm = row.person_id, self._rhythms[row.person_id]
        today = self._now.astimezone(ZoneInfo(rhythm.zone)).date()
        is_free = today not in self._choices[person] and person in self._belonging
        turn = take_turn(
            person,
            rhythm,
            PromptHistory(tuple(row.given_on), row.untouched, row.asked_on),
            self._now,
            is_touched=self._is_touched(row, rhythm),
            may_have_one=is_free and row.planned_at is not None,
        )
        planned: PlannedTurn = {
            "person_id": person,
            "next_at": turn.next_at,
            "planned_at": self._now,
            "given_on": list(turn.history.given_on),
            "untouched": turn.history.untouched,
            "asked_on": turn.history.asked_on,
        }
        return planned, self._prompt(person, rhythm, today, turn) if turn.gives else None

    def _prompt(self, person: UUID, rhythm: Rhythm, today: date, turn: Turn) -> Raised:
        usual = [*queries.LIBRARY, *self._own[person]]
        question = question_of(person, today, usual, stretch_me=rhythm.stretch_me, zone=rhythm.zone)
        return Raised(
            person_id=person,
            kind=Kind.PROMPT,
            cause=f"prompt:{today}",
            happened_at=self._now,
            expires_at=turn.next_at,
            about_id=WHAT_WOULD_HELP.id if turn.asks else question,
        )

    def _is_touched(self, row: PromptTurn, rhythm: Rhythm) -> bool:
        """Whether the last prompt was opened, answered, or another chosen since."""
        if not row.given_on:
            return False
        person, last = row.person_id, row.given_on[-1]
        answered = self._answered.get(person)
        return (
            (person, f"prompt:{last}") in self._opened
            or any(day >= last for day in self._choices[person])
            or (answered is not None and answered >= at_local(last, time(), ZoneInfo(rhythm.zone)))
        )


def _day_of(given: Raised) -> dict[str, object]:
    """The row by which Today shows, all day, the question that was sent."""
    on_date = date.fromisoformat(given.cause.partition(":")[2])
    key = {"person_id": given.person_id, "on_date": on_date}
    return key | {"choice": DayChoice.GIVEN, "prompt_id": given.about_id}


def _plan_for_newcomers(session: Session, now: datetime) -> None:
    """Make turns due: new ones of people who joined a cohort, those of who changed their rhythm."""
    new = session.scalars(queries.without_a_turn().limit(A_BATCH))
    rows: list[dict[str, object]] = [
        {
            "person_id": person,
            "next_at": now,
            "planned_at": None,
            "given_on": [],
            "untouched": 0,
            "asked_on": None,
        }
        for person in new
    ]
    insert_all_if_absent(session, PromptTurn, rows, PromptTurn.person_id)
    session.execute(
        update(PromptTurn)
        .where(PromptTurn.person_id.in_(queries.changed_their_mind(now)))
        .values(next_at=now, planned_at=None)
        .execution_options(synchronize_session=False)
    )


def _claim(session: Session, now: datetime) -> Sequence[PromptTurn]:
    return session.scalars(
        select(PromptTurn)
        .where(PromptTurn.next_at <= now)
        .order_by(PromptTurn.next_at, PromptTurn.person_id)
        .limit(A_BATCH)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()


def tidy(session: Session) -> None:
    """Let go of days that nothing asks for any more."""
    last = clock.now().date() - KEPT_DAYS * DAY
    session.execute(delete(PromptDay).where(PromptDay.on_date < last))


def _whom_it_came_to(row: Prompt) -> list[UUID] | Select[UUID]:
    if row.cohort_id is None:
        return [row.author_id]
    return select(Membership.person_id).where(Membership.cohort_id == row.cohort_id)


def _check_cohort(session: Session, me: UUID, cohort: UUID | None) -> None:
    if cohort is not None and not session.scalar(select(belongs(me, cohort))):
        raise invalid(
            "cohort_id",
            "You are not in this cohort (any more). Keep it to yourself?",
            about="left_cohort",
        )


def _check_room(session: Session, me: UUID) -> None:
    advisory_lock(session, me.bytes)
    living = (Prompt.author_id == me, Prompt.deleted_at.is_(None))
    if (session.scalar(select(func.count()).where(*living)) or 0) >= MOST:
        raise Refused(
            "too_many",
            f"You have {MOST} questions already. Remove one first.",
            values={"about": "questions", "most": MOST},
        )
