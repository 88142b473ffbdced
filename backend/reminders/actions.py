"""Setting, changing and removing a cohort's reminders, and handing them out when they are due."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from backend.cohorts.access import my_membership
from backend.cohorts.facts import CohortFact
from backend.cohorts.models import Membership
from backend.contract.queries import current_ids
from backend.core import clock, hourly_limits, puts
from backend.core.errors import Refused
from backend.core.ledger import Fact, record
from backend.core.marks import Topic, changed
from backend.core.puts import Precondition, PutResult
from backend.core.upserts import advisory_lock, insert_all_if_absent
from backend.notices.actions import Raised, raise_notices, withdraw
from backend.reminders import queries
from backend.reminders.models import Reminder, ReminderTurn
from backend.reminders.rules import (
    About,
    SentReminder,
    begins_after,
    next_due,
    ordinal,
    worth_sending_until,
)
from backend.rhythm.rules import Kind, at_local

MOST = 20  # of one cohort
MOST_EACH = 5  # of them, set by one person: so nobody takes the places of all
PEOPLE_PER_BATCH = 500  # in one transaction
TURNS_PER_BATCH = 50  # cohorts of a dozen fill a batch with about as many
TURNS_AT_ONCE = 5_000  # turns; there are some four hundred zones
LOOKS_BACK = timedelta(hours=2)  # twice as long as the job that schedules turns waits


def remind(
    session: Session, me: UUID, id: UUID, sent: SentReminder, precondition: Precondition
) -> tuple[Reminder, PutResult]:
    """Set a reminder of a cohort that I belong to, or change it, whoever set it.

    Raises Refused as `puts.put` does, 404 outside my cohorts, 409 above the number of reminders.
    """
    cohort = sent.cohort_id
    my_membership(session, me, cohort)

    def create() -> dict[str, object]:
        _check_room(session, me, cohort)
        now = clock.now()
        return {"created_at": now, "changed_at": now}

    def change(row: Reminder) -> None:
        row.changed_at = clock.now()

    row, result = puts.put(
        session,
        Reminder,
        id,
        owner_id=cohort,
        said=sent.said,
        precondition=precondition,
        create=create,
        change=change,
    )
    if result is PutResult.REPLAYED:
        return row, result
    if result is PutResult.CREATED:
        _tell(session, CohortFact.REMINDER_SET, me, row)
    else:
        _tell(session, CohortFact.REMINDER_CHANGED, me, row)
    changed(session, Topic.REMINDERS, cohort)
    session.execute(delete(ReminderTurn).where(ReminderTurn.reminder_id == id))
    schedule_turns(session, id)
    return row, result


def remove(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Remove a reminder of a cohort that I belong to. A second time changes nothing."""
    cohort = session.scalar(select(Reminder.cohort_id).where(Reminder.id == id))
    if cohort is not None:
        my_membership(session, me, cohort)
    row = puts.find_to_delete(session, Reminder, id, owner_id=cohort or id, version=version)
    if row is not None:
        _tell(session, CohortFact.REMINDER_REMOVED, me, row)
        session.execute(delete(ReminderTurn).where(ReminderTurn.reminder_id == id))
        withdraw(session, Kind.REMINDER, _everybody(row.cohort_id), cause=_cause(row))
        puts.soft_delete(row)
        changed(session, Topic.REMINDERS, row.cohort_id)


def schedule_turns(session: Session, reminder: UUID | None = None) -> int:
    """Insert the turns of time zones in which somebody lives and a reminder has none; how many.

    Done when a reminder is set, and regularly for all (`reminder` None), as people join and move.
    What came due there in the meantime is handed out late, and to nobody twice.
    """
    since = clock.now() - (LOOKS_BACK if reminder is None else timedelta())
    rows = []
    missing = queries.zones_missing(session, reminder, TURNS_AT_ONCE)
    there = puts.keep_there(session, Reminder, {row.id for row, _ in missing})
    for row, zone in missing:
        if row.id not in there:
            continue
        begin = max(since, begins_after(row.changed_at, zone))
        due = next_due(row.schedule, zone, begin) or (None, None)
        key = {"reminder_id": row.id, "time_zone": zone}
        rows.append(key | {"on_date": due[0], "due_at": due[1], "after_person": None})
    return len(insert_all_if_absent(session, ReminderTurn, rows, ReminderTurn.time_zone))


def remind_due(session: Session) -> int:
    """Raise notices of due reminders for a batch of people; how many turns, 0 when none is due.

    Call it until it returns 0; each call is one transaction of bounded size. A worker that is
    killed has told nobody in it, and the next goes on behind the last person who was told
    (`after_person`). Concurrent workers claim different turns (SKIP LOCKED; SQLite has one writer),
    and nobody is told of one occurrence twice.
    """
    now = clock.now()
    turns = {(turn.reminder_id, turn.time_zone): (turn, row) for turn, row in _claim(session, now)}
    lived_by = current_ids(session, _bring_commitments(turns.values()))
    came = {key: _Occurrence(*found, lived_by) for key, found in turns.items()}
    live = [key for key, one in came.items() if one.due_at <= now < one.expires_at]
    people = queries.people_due(session, live, PEOPLE_PER_BATCH) if live else []
    raise_notices(session, [came[key].raised(person) for key, person in people])
    unfinished = people[-1][0] if len(people) == PEOPLE_PER_BATCH else None
    reached = {key for key, _ in people}
    for key, (turn, _) in turns.items():
        if key == unfinished:
            turn.after_person = people[-1][1]
        elif unfinished is None or key in reached or key not in live:
            came[key].advance(turn, now)
    session.flush()
    return len(turns)


class _Occurrence:
    """One occurrence of a reminder in one time zone, and the one that follows.

    `lived_by`: each cohort's current commitments. `brings`: the one of them whose turn it is, for a
    reminder of the contract.
    """

    def __init__(
        self, turn: ReminderTurn, row: Reminder, lived_by: Mapping[UUID, Sequence[UUID]]
    ) -> None:
        on_date = turn.on_date or row.starts_on
        self._row, self._on_date, zone = row, on_date, turn.time_zone
        # by the clocks as we know them now: a country may have changed its mind since
        self.due_at = at_local(on_date, row.at, ZoneInfo(zone))
        self._following = next_due(row.schedule, zone, self.due_at)
        self.expires_at = worth_sending_until(self.due_at, self._following)
        there = lived_by.get(row.cohort_id, ()) if row.about is About.CONTRACT else ()
        self.brings = there[ordinal(row.schedule, on_date) % len(there)] if there else None

    def raised(self, person: UUID) -> Raised:
        return Raised(
            person_id=person,
            kind=Kind.REMINDER,
            cause=f"{_cause(self._row)}{self._on_date}",
            happened_at=self.due_at,
            expires_at=self.expires_at,
            about_id=self.brings or self._row.id,
            cohort_id=self._row.cohort_id,
        )

    def advance(self, turn: ReminderTurn, now: datetime) -> None:
        """Set a turn to its next occurrence; to this one again, where it was claimed too early."""
        turn.after_person = None
        if self.due_at > now:
            turn.due_at = self.due_at
        else:
            turn.on_date, turn.due_at = self._following or (None, None)


def _cause(row: Reminder) -> str:
    return f"reminder:{row.id}:"


def _claim(session: Session, now: datetime) -> list[tuple[ReminderTurn, Reminder]]:
    found = session.execute(
        select(ReminderTurn, Reminder)
        .join(Reminder, Reminder.id == ReminderTurn.reminder_id)
        .where(ReminderTurn.due_at <= now)
        .order_by(ReminderTurn.due_at, ReminderTurn.reminder_id, ReminderTurn.time_zone)
        .limit(TURNS_PER_BATCH)
        .with_for_update(skip_locked=True, of=ReminderTurn)
        .execution_options(populate_existing=True)
    )
    return [(turn, row) for turn, row in found]


def _bring_commitments(found: Iterable[tuple[ReminderTurn, Reminder]]) -> set[UUID]:
    return {row.cohort_id for _, row in found if row.about is About.CONTRACT}


def _everybody(cohort: UUID) -> Select[UUID]:
    """Whoever is or was in a cohort."""
    return select(Membership.person_id).where(Membership.cohort_id == cohort)


def _tell(session: Session, what: StrEnum, me: UUID, row: Reminder) -> None:
    details = {
        "about": row.about.value,
        "weekdays": list(row.weekdays),
        "at": f"{row.at:%H:%M}",
        "every_weeks": row.every_weeks,
    }
    record(session, what, by=me, about=row.id, cohort=row.cohort_id, details=details)


def _check_room(session: Session, me: UUID, cohort: UUID) -> None:
    advisory_lock(session, cohort.bytes)
    living = (Reminder.cohort_id == cohort, Reminder.deleted_at.is_(None))
    if (session.scalar(select(func.count()).where(*living)) or 0) >= MOST:
        raise Refused(
            "too_many",
            f"This cohort has {MOST} reminders. Remove one first.",
            values={"about": "reminders", "most": MOST},
        )
    if not hourly_limits.limits_hold():
        return
    mine = (Fact.kind == CohortFact.REMINDER_SET.value, Fact.by_id == me)
    set_by_me = select(Fact.about_id).where(Fact.cohort_id == cohort, *mine)
    if (
        session.scalar(select(func.count()).where(*living, Reminder.id.in_(set_by_me))) or 0
    ) >= MOST_EACH:
        raise Refused(
            "too_many_of_mine",
            f"You have set {MOST_EACH} reminders here. Change one, or remove one first.",
            values={"most": MOST_EACH},
        )
