"""Pure decisions about codes and sessions."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backend.core.errors import Refused

CODE_LASTS = timedelta(minutes=10)
CODE_IS_KEPT = timedelta(hours=24)
DEVICE_IS_KNOWN = timedelta(days=400)  # the longest that browsers keep a cookie (RFC 6265bis)
MAY_BE_PUT_BACK = timedelta(days=1)  # an address that was changed for another
RENEW_AFTER = timedelta(hours=12)
DEVICES_LAST = timedelta(days=75)  # longer than a device that does not show itself gets pushes


class CodeFor(StrEnum):
    """What a code is for; it is good for nothing else. The value is what its digest is for."""

    SIGN_IN = "code"
    ADDRESS = "code for another address"


@dataclass(frozen=True)
class Asker:
    """Who asks for a code or uses one, as far as it can be told before they are signed in.

    `attempt`: a random token in a cookie, which binds a code to the device that asked for it.
    `device`: the token of a device that was signed in before; empty for any other. `network`: as
    `network_of` gives it.
    """

    network: str
    attempt: str
    device: str = ""


def new_code(digits: int) -> str:
    """A random code of so many digits."""
    return f"{secrets.randbelow(10**digits):0{digits}}"


def as_read(code: str) -> str:
    """A code in groups of four, as people read and type it."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def wrong_code() -> Refused:
    """403: a code that does not fit; that it was tried is committed."""
    return Refused(
        "wrong_code",
        "This is not the code we sent. Look for the newest mail, or ask for another code. A "
        "code works for ten minutes, on the device that asked for it.",
        403,
        remember=True,
    )


def not_signed_in() -> Refused:
    """401: there is no session, or it ran out."""
    return Refused("not_signed_in", "Please sign in; nothing you wrote is lost.", 401)


def ended_by_you() -> Refused:
    """401: the session's owner ended it, so the phone clears what it holds."""
    return Refused(
        "ended_by_you",
        "You signed this phone out, here or on another device. Sign in to come back.",
        401,
    )


def not_invited() -> Refused:
    """403: nobody with this address is here."""
    return Refused(
        "not_invited",
        "This address is yours, but nobody has invited it yet. Open the invitation you were "
        "sent, or ask your facilitator for one.",
        403,
        remember=True,
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
