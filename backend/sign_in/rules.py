"""Pure decisions about codes and sessions."""

import secrets
from datetime import datetime, timedelta

from backend.core.errors import Refused

CODE_LASTS = timedelta(minutes=10)
TRIES_A_CODE = 5
LIVE_CODES = 5
CODES_A_DAY = 50
CODE_IS_KEPT = timedelta(hours=24)
DIGITS = 8  # 26 bits; OWASP ASVS 5.0, 6.5.4 asks for 20
RENEW_AFTER = timedelta(hours=12)
DEVICES_LAST = timedelta(days=75)  # longer than a device that does not show itself gets pushes


def new_code() -> str:
    """Eight random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def wait_for_a_code(live: list[datetime], today: int, now: datetime) -> timedelta | None:
    """How long until another code may be asked for; None when it may now.

    `live` are the moments at which the address's live codes expire, `today` how many it was
    sent in the last 24 hours.
    """
    if today >= CODES_A_DAY:
        return timedelta(hours=1)
    return min(live) - now if len(live) >= LIVE_CODES else None


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
