"""A cohort's reminders."""

from uuid import UUID

from backend.cohorts.access import member_since
from backend.core.conditional import delete_precondition, etag_of, precondition, showing_current
from backend.core.marks import Topic
from backend.core.paging import listing
from backend.core.request import Blueprint, connection, me, session, synced
from backend.core.views import Listing, Put
from backend.reminders import actions, queries
from backend.reminders.models import Reminder
from backend.reminders.rules import SentReminder
from backend.reminders.schemas import ReminderIn, ReminderOut, RemindersOut

blp = Blueprint("reminders", __name__, url_prefix="/api/reminders", description="Reminders.")
of_cohort = Blueprint(
    "reminders-of",
    __name__,
    url_prefix="/api/cohorts/<uuid:cohort_id>/reminders",
    description="A cohort's reminders.",
)


@of_cohort.get("")
@synced(Topic.REMINDERS)
@of_cohort.response(200, RemindersOut)
def reminders(cohort_id: UUID) -> Listing:
    """List the reminders of a cohort of mine."""
    member_since(connection(), me(), cohort_id)
    rows = queries.reminders(connection(), me(), cohort_id)
    return listing(rows, None, etag_of([(row.id, row.version) for row in rows]))


@blp.put("/<uuid:reminder_id>")
@blp.arguments(ReminderIn)
@blp.response(200, ReminderOut)
@blp.alt_response(201, schema=ReminderOut)
@blp.alt_response(412, description="Changed elsewhere; `current` is the stored reminder")
def remind(sent: SentReminder, reminder_id: UUID) -> Put[Reminder]:
    """Set or change a reminder of a cohort of mine; everybody there hears of it."""
    with showing_current(ReminderOut(), lambda row: row):
        row, result = actions.remind(session(), me(), reminder_id, sent, precondition())
    return row, result.status, {"ETag": f'"{row.version}"'}


@blp.delete("/<uuid:reminder_id>")
@blp.response(204)
def remove(reminder_id: UUID) -> None:
    """Remove a reminder of a cohort of mine; everybody there hears of it."""
    with showing_current(ReminderOut(), lambda row: row):
        actions.remove(session(), me(), reminder_id, delete_precondition())
