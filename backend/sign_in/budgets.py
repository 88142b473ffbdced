"""Rate limits of the letters with sign-in codes: how many an address is sent in a day. Pure.

Strangers cannot use up what the owner of an address needs: each network has a share of its own, and
so have devices that were signed in to the address before, and open invitations to it. Beyond the
first few letters, codes are so long that the chance to guess one does not grow. The arithmetic
stands in docs/decisions/codes-and-strangers.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SHORT, LONG = 8, 12  # digits: 26 bits, where OWASP ASVS 5.0, 6.5.4 asks for 20; and 39
TRIES_A_CODE = 5
LIVE_CODES = 5  # at a time, for one network

# In a day, for one address:
SHORT_CODES = 29  # that anybody asks for
A_NETWORK = 10  # of these, for one network
LONG_CODES_A_NETWORK = 2  # more for one network, when one of the two above is used up
LETTERS = 300  # to anybody at all: a mailbox has an end, too
RESERVED = 10  # besides, for devices that were signed in to it; and as many for invitations
A_DEVICE = 5  # of these, for one device
LATER = timedelta(hours=1)


class Budget(StrEnum):
    """The share out of which a letter was sent."""

    ANYBODY = "anybody"
    DEVICE = "device"
    INVITATION = "invitation"


@dataclass(frozen=True)
class SentLetter:
    """A letter of the last day, as it counts for who asks now.

    `is_long`: its code has `LONG` digits. `from_here`: it was asked for from the same network.
    `by_this_device`: on the same device. `live_until`: until when its code can be used; None where
    it was used, or guessed at too often.
    """

    budget: Budget
    is_long: bool
    from_here: bool
    by_this_device: bool
    live_until: datetime | None


@dataclass(frozen=True)
class Granted:
    """A letter may be sent out of this budget, with a code of so many digits."""

    budget: Budget
    digits: int


def grant(
    sent: Sequence[SentLetter], now: datetime, *, is_known: bool, is_invited: bool
) -> Granted | timedelta:
    """Whether another letter may be sent: `Granted`, or how long to wait before asking again.

    `is_known`: who asks does so on a device that was signed in to this address before;
    `is_invited`: they hold an open invitation.
    """
    by_devices = [one for one in sent if one.budget is Budget.DEVICE]
    if is_known and len(by_devices) < RESERVED and _how_many_mine(by_devices) < A_DEVICE:
        return Granted(Budget.DEVICE, SHORT)
    if is_invited and sum(one.budget is Budget.INVITATION for one in sent) < RESERVED:
        return Granted(Budget.INVITATION, SHORT)
    return _for_anybody([one for one in sent if one.budget is Budget.ANYBODY], now)


def _for_anybody(sent: Sequence[SentLetter], now: datetime) -> Granted | timedelta:
    here = [one for one in sent if one.from_here]
    live = [one.live_until for one in here if one.live_until and one.live_until > now]
    if len(live) >= LIVE_CODES:
        return min(live) - now
    short = [one for one in sent if not one.is_long]
    if len(short) < SHORT_CODES and len(here) < A_NETWORK:
        return Granted(Budget.ANYBODY, SHORT)
    if sum(one.is_long for one in here) < LONG_CODES_A_NETWORK and len(sent) < LETTERS:
        return Granted(Budget.ANYBODY, LONG)
    return LATER


def _how_many_mine(sent: Iterable[SentLetter]) -> int:
    return sum(one.by_this_device for one in sent)
