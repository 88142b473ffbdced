"""Pure decisions about codes and sessions."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.core.errors import Refused

CODE_LASTS = timedelta(minutes=10)
CODE_IS_KEPT = timedelta(hours=24)
DEVICE_IS_KNOWN = timedelta(days=400)  # the longest that browsers keep a cookie (RFC 6265bis)
RENEW_AFTER = timedelta(hours=12)
DEVICES_LAST = timedelta(days=75)  # longer than a device that does not show itself gets pushes


@dataclass(frozen=True)
class Asker:
    """Who asks, as far as that can be told without knowing them.

    `attempt` binds a code to the device that asked for it; `device` is what a device that was
    signed in before keeps, empty for any other; `network` is as `network_of` names it.
    """

    network: str
    attempt: str
    device: str = ""


def new_code(digits: int) -> str:
    """So many random digits."""
    return f"{secrets.randbelow(10**digits):0{digits}}"


def as_read(code: str) -> str:
    """A code in groups of four, as people read and type it."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def not_signed_in() -> Refused:
    """Nobody is known here: no session, or one that ran out."""
    return Refused("not_signed_in", "Please sign in; nothing you wrote is lost.", 401)


def ended_by_you() -> Refused:
    """The session's owner ended it, here or from elsewhere: the phone forgets what it holds."""
    return Refused(
        "ended_by_you",
        "You signed out here, or ended this session from another device. Sign in to come back.",
        401,
    )


def alive_until(
    started_at: datetime, last_used_at: datetime, *, idle: timedelta, absolute: timedelta
) -> datetime:
    """When a session ends: unused for `idle`, or `absolute` after it began."""
    return min(last_used_at + idle, started_at + absolute)


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """A device in words its owner knows: "Chrome on Android"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "A device"
