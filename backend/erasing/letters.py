"""Letters about an erasure: our own sentences, without names and without anybody's words."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from backend.core.languages import day_and_time, say
from backend.core.outbox.enqueue import enqueue_account_letter
from backend.people.models import Person

KEPT_FOR = timedelta(days=7)  # while the mail server does not take it


def write(session: Session, to: Person, letter: str, erases_at: datetime, base_url: str) -> None:
    """Write somebody a letter, in the language that they read."""
    spoken = to.language
    day = day_and_time(spoken, erases_at.astimezone(ZoneInfo(to.time_zone)))
    enqueue_account_letter(
        session,
        to.email,
        say(spoken, f"erasing.{letter}.subject"),
        say(spoken, f"erasing.{letter}.body", day=day, url=f"{base_url}/sign-in"),
        keeps=KEPT_FOR,
    )
