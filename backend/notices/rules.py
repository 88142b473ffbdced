"""Who hears what, by which way, until when, and where it leads: pure decisions."""

import base64
import binascii
import hmac
from collections.abc import Collection
from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.cohorts.facts import CohortFact, HandoverFact
from backend.contract.facts import ADOPTED, ContractFact
from backend.core.cipher import Keyring
from backend.feedback.facts import FeedbackFact
from backend.pulse.facts import PulseFact
from backend.reflections.facts import ReflectionFact
from backend.responses.facts import ResponseFact
from backend.rhythm.rules import Channel, Kind, Rhythm, at_local, next_open

# What one of two people hears of the other.
OF_FEEDBACK = (
    FeedbackFact.FEEDBACK_ASKED,
    FeedbackFact.FEEDBACK_REMINDED,
    FeedbackFact.FEEDBACK_OFFERED,
    FeedbackFact.FEEDBACK_WELCOMED,
    FeedbackFact.FEEDBACK_ANSWERED,
    FeedbackFact.FEEDBACK_DECLINED,
    FeedbackFact.FEEDBACK_THANKED,
)
# What a cohort hears of its contract; other lines of it stand in the activity only.
OF_CONTRACT = (
    ContractFact.PROPOSED,
    ContractFact.RULE_PROPOSED,
    ContractFact.PURPOSE_PROPOSED,
    ContractFact.DATES_PROPOSED,
    ContractFact.PROPOSAL_CHANGED,
    ContractFact.PROPOSAL_LATER,
    ContractFact.REMARKED,
    ContractFact.OBJECTED,
    ContractFact.PROPOSAL_ADOPTED,
    ContractFact.RULE_ADOPTED,
    ContractFact.PURPOSE_ADOPTED,
    ContractFact.DATES_ADOPTED,
    ContractFact.PROPOSAL_RETURNED,
    ContractFact.PROPOSAL_UNANSWERED,
    ContractFact.PROPOSAL_OVERTAKEN,
    ContractFact.CONTRACT_SET,
    ContractFact.REVIEW_OPENED,
    ContractFact.REVIEW_DUE,
    ContractFact.REVIEW_ENDED,
    ContractFact.END_COMES,
    ContractFact.END_CAME,
)
OF_PULSE = (PulseFact.CHECK_IN_OPENED, PulseFact.CHECK_IN_ASKED_ANEW, PulseFact.PULSE_SHOWN)
# Who came by mistake, and who facilitates: the same place, the same wish.
OF_PEOPLE = (
    CohortFact.JOINED,
    CohortFact.JOINING_UNDONE,
    CohortFact.LEFT_TO_COHORT,
    CohortFact.TAKEN_UP,
    CohortFact.TAKING_UP_OBJECTED,
    *HandoverFact,
)
# What each fact is to those who are told of it. Other facts stand in the cohort's activity only.
TOLD_AS: dict[str, Kind] = {
    ReflectionFact.SHARED.value: Kind.SHARED,
    ResponseFact.RESPONDED.value: Kind.RESPONSE,
    **dict.fromkeys([fact.value for fact in OF_PEOPLE], Kind.JOINED),
    **dict.fromkeys([fact.value for fact in OF_FEEDBACK], Kind.FEEDBACK),
    **dict.fromkeys([fact.value for fact in OF_CONTRACT], Kind.CONTRACT),
    **dict.fromkeys([fact.value for fact in OF_PULSE], Kind.CHECK_IN),
}
# What people did; all else the app itself came up with.
FROM_PEOPLE = (Kind.SHARED, Kind.RESPONSE, Kind.JOINED, Kind.FEEDBACK, Kind.CONTRACT)
# What a phone is woken for (RFC 8030, 5.3): somebody has turned to this person, and may be waiting
# to be heard. A prompt, a reminder, a check-in of a week, a newcomer, news of a contract that stays
# open for days: those come when the phone wakes by itself. This one bit is all that a push service
# learns of a kind: lengths are the same, and the TTL follows the urgency (core/outbox/retry.py).
ASKS = (Kind.SHARED, Kind.RESPONSE, Kind.FEEDBACK)
URGENCY = {kind: "high" if kind in ASKS else "normal" for kind in Kind}

KEEPS = timedelta(hours=48)  # how long what somebody did is worth sending
NEWS = timedelta(days=1)  # what happened longer ago goes to the inbox and rings in nobody's pocket
RECENT = timedelta(days=7)  # what happened longer ago is old when it gets to the inbox
FORGOTTEN_AFTER = timedelta(days=180)  # then a notice leaves the inbox; what it tells of stays


def worth_sending_until(happened_at: datetime, now: datetime) -> datetime:
    """Until when it is worth sending what people did; what is no news any more, not at all."""
    return happened_at + KEEPS if now - happened_at <= NEWS else happened_at


def is_old(happened_at: datetime, now: datetime) -> bool:
    """Whether a notice is so late that it is not shown as new."""
    return now - happened_at > RECENT


def ways(wanted: frozenset[Channel], *, has_device: bool, no_mail: bool) -> frozenset[Channel]:
    """By which ways a notice goes. A push that has nowhere to go is a mail, unless refused.

    `no_mail`: the person followed a mail's link to get no more of them. It does not hold where
    they chose mail in their rhythm.
    """
    if Channel.PUSH not in wanted or has_device:
        return wanted
    return wanted - {Channel.PUSH} | (frozenset() if no_mail else {Channel.MAIL})


def when(
    rhythm: Rhythm, kind: Kind, begin: datetime, expires_at: datetime
) -> tuple[datetime, datetime] | None:
    """From when (UTC) a notice may be sent, `begin` or later, and when it is of no more use.

    What people did waits for the next window, however far off, and is worth sending for KEEPS from
    then on. While somebody snoozes it waits only as long as it is worth sending anyway, so that
    nobody comes back to a heap; the inbox has it in any case. A prompt or reminder for which no
    window opens in time is not sent.
    """
    due = next_open(rhythm, begin)
    if due is None or expires_at <= begin:
        return None
    if kind in FROM_PEOPLE and not _is_snoozed(rhythm, begin):
        return due, max(expires_at, due + KEEPS)
    return (due, expires_at) if due < expires_at else None


def _is_snoozed(rhythm: Rhythm, moment: datetime) -> bool:
    until = rhythm.snoozed_until
    return until is not None and at_local(until, time(), ZoneInfo(rhythm.zone)) > moment


SCREENS = {Kind.JOINED: "/cohort/people", Kind.OWN_DATA: "/me/data"}


def path(kind: Kind, about: UUID | None, cohort: UUID | None, notice: UUID | None = None) -> str:
    """Where in the app a notice leads; `notice`: its id, to be in the address."""
    asks: dict[str, UUID] = {}
    if kind in (Kind.SHARED, Kind.RESPONSE):
        screen = f"/reflections/{about}" if kind is Kind.SHARED else f"/mine/{about}"
    elif kind is Kind.FEEDBACK:
        screen = f"/feedback/{about}"
    elif kind is Kind.CONTRACT:
        screen = f"/cohort/contract/proposals/{about}" if about else "/cohort/contract"
    elif kind is Kind.CHECK_IN:
        screen = f"/cohort/contract/check-ins/{about}" if about else "/cohort/contract/pulse"
    elif kind in SCREENS:
        screen = SCREENS[kind]
    else:
        screen = "/"
        asks |= {kind.value: about} if about else {}
    if cohort and kind in IN_A_COHORT:
        asks["cohort"] = cohort
    if notice:
        asks["notice"] = notice
    return f"{screen}?{urlencode(asks)}" if asks else screen


def also_at(what: str | None, cohort: UUID | None) -> str | None:
    """Where else what a fact tells of is read: what was adopted stands in the contract."""
    return path(Kind.CONTRACT, None, cohort) if what in ADOPTED else None


INBOX = "/notices"
# Of these a device shows one at a time: what it says counts all that came lately and wait.
COUNTED = (Kind.SHARED, Kind.RESPONSE, Kind.JOINED, Kind.CONTRACT)
COUNTED_FOR = timedelta(days=1)


def path_of_many(kind: Kind, cohorts: Collection[UUID | None]) -> str:
    """Where several notices of a kind lead: to where all of them are."""
    [cohort, *others] = set(cohorts) or {None}
    if kind not in IN_A_COHORT or cohort is None or others:
        return INBOX
    return path(kind, None, cohort)


BY_THEMSELVES = (Kind.FEEDBACK, Kind.REMINDER, Kind.CHECK_IN)
IN_A_COHORT = (Kind.JOINED, Kind.REMINDER, Kind.CONTRACT, Kind.CHECK_IN)


def thread(kind: Kind, about: UUID | None) -> str:
    """The name of what a notification belongs to; on a device the newest of it replaces the others.

    Most kinds are one thread, so that a device shows one notification of the kind, however many
    came. Feedback, reminders and check-ins have a thread for each thing that they are about.
    """
    return f"{kind.value}-{about}" if about and kind in BY_THEMSELVES else kind.value


PURPOSE = "mail preferences"
MAC = 16  # bytes: nobody guesses 128 bits


def preference_token(keyring: Keyring, person: UUID, kind: Kind) -> str:
    """The token in a mail's link: whose mails, of which kind, and a MAC over both.

    It allows nothing but to ask for fewer mails, so it does not expire: old mails keep working.
    """
    told = person.bytes + kind.value.encode()
    mac = keyring.digest(told.hex(), PURPOSE)[:MAC]
    return base64.urlsafe_b64encode(mac + told).decode().rstrip("=")


def read_preference_token(keyring: Keyring, token: str) -> tuple[UUID, Kind] | None:
    """Whose mails of which kind a link is about; None where we did not write it."""
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    mac, told = data[:MAC], data[MAC:]
    digests = keyring.digests(told.hex(), PURPOSE)
    if not any(hmac.compare_digest(mac, digest[:MAC]) for digest in digests):
        return None
    return UUID(bytes=told[:16]), Kind(told[16:].decode())
