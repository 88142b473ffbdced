"""What a test message says."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.core.outbox.claim import Claimed
from backend.core.outbox.composing import Compose, Composed, Message
from backend.devices.rules import trial_payload

TTL = 60  # seconds: whoever asked is looking at the device


def trial_composer(base_url: str) -> Compose:
    """What writes test messages for an installation at this address."""
    message = Message(payload=trial_payload(base_url), ttl=TTL)

    def compose(_session: Session, rows: Sequence[Claimed]) -> Composed:
        return {row.id: message for row in rows}

    return compose
