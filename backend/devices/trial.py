"""What a test message says."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.core.outbox.claim import Claimed
from backend.core.outbox.composing import Compose, Composed, Message
from backend.devices.rules import trial_payload
from backend.people.queries import languages_of

TTL = 60  # seconds: whoever asked is looking at the device


def trial_composer(base_url: str) -> Compose:
    """What writes test messages for an installation at this address."""

    def compose(session: Session, rows: Sequence[Claimed]) -> Composed:
        reads = languages_of(session, {row.person_id for row in rows if row.person_id})
        return {
            row.id: Message(payload=trial_payload(base_url, reads[row.person_id]), ttl=TTL)
            for row in rows
            if row.person_id in reads
        }

    return compose
