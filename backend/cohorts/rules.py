"""Pure decisions about cohorts and invitations, and the sentences that explain a facilitator."""

import hashlib
from datetime import date, datetime
from uuid import UUID

FACILITATOR_CAN = (
    "see what you share with the whole cohort, or with them by name: the same as any member",
    "invite people, and take an invitation back",
    "change the cohort's name, purpose and dates",
)
FACILITATOR_CANNOT = (
    "see anything that you keep to yourself, or share with others only",
    "see whether, when or how much you write",
    "use one of their powers without a line in the cohort's activity that everybody sees",
)


def why_over(
    expires_at: datetime, revoked_at: datetime | None, used: int, uses: int, now: datetime
) -> str | None:
    """Why an invitation lets nobody in any more, in a sentence; None while it does."""
    if revoked_at is not None:
        return "This invitation was taken back. Ask whoever sent it for a new one."
    if expires_at <= now:
        return "This invitation has run out. Ask whoever sent it for a new one."
    if used >= uses:
        return "Every place of this invitation is taken. Ask whoever sent it for a new one."
    return None


def order_of_the_day(people: list[UUID], day: date) -> dict[UUID, int]:
    """Everybody's place in today's order: another each day, so that nobody is always first."""

    def draw(person: UUID) -> bytes:
        return hashlib.blake2b(day.isoformat().encode() + person.bytes, digest_size=8).digest()

    return {person: place for place, person in enumerate(sorted(people, key=draw))}
