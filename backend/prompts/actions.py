"""Writing questions, choosing a day's, and sending them when they are due."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backend.cohorts.access import belongs
from backend.core import clock, puts
from backend.core.db import insert_if_absent
from backend.core.errors import Refused, invalid, not_found
from backend.core.puts import Kept, Precondition
from backend.prompts import queries
from backend.prompts.library import BY_ID
from backend.prompts.models import Prompt, PromptDay
from backend.prompts.rules import Choice, Wording
from backend.rhythm.queries import my_rhythm
from backend.rhythm.rules import DAY

MOST = 100  # questions by one author: a page that lists them all stays short
KEPT_DAYS = 60


def ask(
    session: Session, me: UUID, id: UUID, wording: Wording, wanted: Precondition
) -> tuple[Prompt, Kept]:
    """Keep a question of mine: for a cohort that I belong to, or for myself."""
    if id in BY_ID:
        raise not_found()  # the library's, so somebody else's
    content = wording.content

    def create() -> dict[str, Any]:
        _check_cohort(session, me, wording.cohort_id)
        _check_room(session, me)
        now = clock.now()
        return content | {"created_at": now, "changed_at": now}

    def change(row: Prompt) -> None:
        _check_cohort(session, me, wording.cohort_id)
        for name, value in content.items():
            setattr(row, name, value)
        row.changed_at = clock.now()

    return puts.put(
        session,
        Prompt,
        id,
        owner="author_id",
        owner_id=me,
        wanted=wanted,
        is_same=lambda row: all(getattr(row, name) == content[name] for name in content),
        create=create,
        change=change,
    )


def take_back(session: Session, me: UUID, id: UUID, version: int | None) -> None:
    """Take a question of mine back; its words go. A second time changes nothing."""
    row = puts.find_to_delete(session, Prompt, id, owner="author_id", owner_id=me, version=version)
    if row is not None:
        row.text, row.areas, row.cohort_id = "", [], None
        row.version += 1
        row.changed_at = row.deleted_at = clock.now()


def choose(
    session: Session, me: UUID, day: date, choice: Choice, prompt_id: UUID | None
) -> dict[str, Any]:
    """Say what a day of mine holds; what came last holds. The day as it is then.

    A day long past is not kept: nothing asks for it any more.
    """
    rhythm, _ = my_rhythm(session, me)
    today = clock.now().astimezone(ZoneInfo(rhythm.zone)).date()
    if day > today + queries.DAYS_TO_COME * DAY:
        raise Refused("too_far_ahead", "A day can be chosen for from a week before.", 422)
    if choice.names_a_prompt != (prompt_id is not None):
        raise invalid("prompt_id", "Name a question where you choose one, and nowhere else.")
    if prompt_id is not None and not queries.some_prompts(session, me, [prompt_id]):
        raise invalid("prompt_id", "This question is not there for you (any more).")
    if choice is Choice.GIVEN:
        mine = (PromptDay.person_id == me, PromptDay.on_date == day)
        session.execute(delete(PromptDay).where(*mine))
    elif day > today - KEPT_DAYS * DAY:
        values = {"choice": choice, "prompt_id": prompt_id}
        key = {"person_id": me, "on_date": day}
        if insert_if_absent(session, PromptDay, key | values) is None:
            session.execute(update(PromptDay).filter_by(**key).values(values))
    return queries.some_days(session, me, rhythm, [day])[0]


def tidy(session: Session) -> None:
    """Let go of days that nothing asks for any more."""
    last = clock.now().date() - KEPT_DAYS * DAY
    session.execute(delete(PromptDay).where(PromptDay.on_date < last))


def _check_cohort(session: Session, me: UUID, cohort: UUID | None) -> None:
    if cohort is not None and not session.scalar(select(belongs(me, cohort))):
        raise invalid("cohort_id", "You are not in this cohort (any more). Keep it to yourself?")


def _check_room(session: Session, me: UUID) -> None:
    living = (Prompt.author_id == me, Prompt.deleted_at.is_(None))
    if (session.scalar(select(func.count()).where(*living)) or 0) >= MOST:
        raise Refused("too_many", f"You keep {MOST} questions already. Take one back first.")
