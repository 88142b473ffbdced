"""Pure decisions about devices."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.core.languages import language, say

MOST_DEVICES = 10
MOST_REMOVED = 100  # devices that somebody removed from elsewhere, as remembered
FLAGGED_AFTER = timedelta(days=60)  # without the device having shown itself
REMOVED_AFTER = timedelta(days=74)
TRIAL_KEPT = timedelta(days=1)
GONE, MISSING = 410, 404
MISSING_TWICE = timedelta(hours=1)  # between two 404: services say it for a while by mistake


def leaves_on(last_seen: datetime, now: datetime) -> date | None:
    """The day on which a device that does not show itself is removed; None while it is in use."""
    return (last_seen + REMOVED_AFTER).date() if now - last_seen >= FLAGGED_AFTER else None


@dataclass(frozen=True)
class Said:
    """What a push service's answer to a test means to a person."""

    ok: bool
    reason: str  # by which the phone says it in its person's language
    said: str


ACCEPTED = Said(
    True, "accepted", "The push service took it. It should show on this device in a moment."
)
HAS_GONE = Said(
    False,
    "gone",
    "The push service does not know this device any more. Turn notifications off and on again "
    "on that device.",
)
BUSY = Said(False, "busy", "The push service is busy just now. Try again in a few minutes.")
REFUSED = Said(
    False,
    "refused",
    "The push service refused what this server sent. Whoever runs the server can find out why; "
    "nothing is wrong with your device.",
)
SILENT = Said(False, "silent", "The push service could not be reached. Try again in a few minutes.")
ANSWERS = [one.reason for one in (ACCEPTED, HAS_GONE, BUSY, REFUSED, SILENT)]


def said_of(status: int) -> Said:
    """A push service's answer in words; 0 stands for none."""
    if status in (200, 201, 202):
        return ACCEPTED
    if status in (MISSING, GONE):
        return HAS_GONE
    if status in (406, 408, 429) or status >= 500:
        return BUSY
    return REFUSED if status else SILENT


def trial_payload(base_url: str, code: str) -> bytes:
    """What a test message says, as Declarative Web Push JSON (W3C Push API, section 3.3.1)."""
    notification = {
        "title": "Alongside",
        "body": say(code, "devices.trial"),
        "navigate": f"{base_url}/me",
        "tag": "test",
        "lang": language(code).locale,
        "data": {"kind": "test", "notice": None},
    }
    return json.dumps({"web_push": 8030, "notification": notification}).encode()
