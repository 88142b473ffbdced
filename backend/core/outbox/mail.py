"""The dispatcher of mail: conversations with a mail server, on a few threads.

Codes, letters and invitations each have threads of their own. Whoever is slow keeps one of them,
and the next who is due gets each of the others as soon as it is free.
"""

import logging
import random
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.db import Database
from backend.core.outbox.claim import (
    LEASE,
    OUTBOX,
    Claimed,
    FirstDue,
    circuits,
    claim,
    due_mailboxes,
)
from backend.core.outbox.composing import (
    Compose,
    Composed,
    Gathered,
    Later,
    Message,
    own_words,
    said,
)
from backend.core.outbox.enqueue import CODES, INVITATIONS
from backend.core.outbox.models import Queue
from backend.core.outbox.retry import WELL, Circuit, Fate, after, backoff
from backend.core.outbox.settle import Results, settle
from backend.core.transports import CannotSend, Mail

log = logging.getLogger("alongside.outbox")

AT_ONCE = 8  # conversations of a queue, each with another mailbox
LOGGED_AS = {Queue.CODE: "codes", Queue.MAIL: "letters", Queue.INVITATION: "invitations"}
CLAIMS_AGAIN = 0.1  # seconds, while somebody is spoken with, for who has come due meanwhile


@dataclass(frozen=True)
class MailQueue:
    """What is particular to a queue of letters.

    `mailbox`: the column that tells whose mailbox a letter is for. `claim`: claims what is due to
    some mailboxes. `origin`: whom letters are counted for.
    """

    queue: Queue
    mailbox: ColumnElement[Any]
    claim: Callable[[Session, str, Sequence[FirstDue], datetime, timedelta], list[Claimed]]
    origin: str


class Handed(NamedTuple):
    """What became of a letter that was to be handed over, and how the mail server is by that: None
    where it was not even asked.
    """

    fate: Fate
    is_well: bool | None = None


Became = Handed | Later | Gathered
Spoken = list[tuple[Claimed, Became]]


def send_codes(
    database: Database,
    mail: Mail,
    *,
    lease: timedelta = LEASE,
    is_over: Callable[[], bool] = lambda: False,
) -> Counter[Fate]:
    """Send every code that is due; what became of how many. Safe beside any number of others.

    Somebody waits for each, so its own backoff alone says when it is tried: no circuit breaker
    holds it back for what others met.
    """
    return MailDispatcher(CODE_QUEUE, database, mail, own_words, lease).run(is_over)


def send_invitations(
    database: Database,
    mail: Mail,
    compose: Compose,
    *,
    lease: timedelta = LEASE,
    is_over: Callable[[], bool] = lambda: False,
) -> Counter[Fate]:
    """Send every letter that invites and is due; what became of how many. `compose` leaves out
    those whose link lets nobody in any more.
    """
    return MailDispatcher(INVITATION_QUEUE, database, mail, compose, lease).run(is_over)


def _claim_first(
    session: Session, holder: str, first: Sequence[FirstDue], now: datetime, lease: timedelta
) -> list[Claimed]:
    """One to each mailbox."""
    return claim(session, holder, OUTBOX.c.id.in_([one.id for one in first]), now, lease=lease)


CODE_QUEUE = MailQueue(Queue.CODE, OUTBOX.c.topic, _claim_first, CODES)
INVITATION_QUEUE = MailQueue(Queue.INVITATION, OUTBOX.c.topic, _claim_first, INVITATIONS)


@dataclass
class MailDispatcher:
    """One run over a queue of letters: one conversation about a mailbox at a time."""

    queue: MailQueue
    database: Database
    mail: Mail
    compose: Compose
    lease: timedelta = LEASE
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    circuit: Circuit = WELL
    tally: Counter[Fate] = field(default_factory=Counter)

    def run(self, is_over: Callable[[], bool]) -> Counter[Fate]:
        """Until none is due and none in flight; once `is_over`, none is claimed any more."""
        in_flight: dict[Future[Spoken], Hashable] = {}
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mail") as threads:
            try:
                while True:
                    free = 0 if is_over() else AT_ONCE - len(in_flight)
                    begun = self._claim(free, set(in_flight.values())) if free else {}
                    composed = self._composed(begun) if begun else {}
                    for mailbox, rows in begun.items():
                        speak = partial(_speak, self.mail, rows, composed)
                        in_flight[threads.submit(copy_context().run, speak)] = mailbox
                    if not in_flight:
                        break
                    over, _ = wait(in_flight, 0 if begun else CLAIMS_AGAIN, FIRST_COMPLETED)
                    spoken = [one.result() for one in over]  # whoever fails loses no other's answer
                    for one in over:
                        del in_flight[one]
                    self._settle(spoken)
            finally:  # whatever became of us: what was said is not to be said again
                over, _ = wait(in_flight)
                self._settle([one.result() for one in over if not one.exception()])
        if self.tally:
            told = {fate.name.lower(): count for fate, count in self.tally.items()}
            log.info(LOGGED_AS[self.queue.queue], extra=told)
        return self.tally

    def _claim(self, most: int, busy: Collection[Hashable]) -> dict[Hashable, list[Claimed]]:
        """What is due to up to so many mailboxes, none of them `busy`."""
        now, queue = clock.now(), self.queue
        with self.database.reading() as session:
            if queue.queue.has_breaker:
                self.circuit = circuits(session).get(queue.origin, WELL)
                if self.circuit.is_open(now) or (self.circuit.is_half_open and busy):
                    return {}
                most = 1 if self.circuit.is_half_open else most
            first = due_mailboxes(session, queue.queue, queue.mailbox, now, most, busy)
        if not first:
            return {}
        with self.database.writing() as session:
            rows = queue.claim(session, self.holder, first, now, self.lease)
            session.commit()
        claimed: defaultdict[Hashable, list[Claimed]] = defaultdict(list)
        for row in rows:
            claimed[row.person_id or row.topic].append(row)
        return claimed

    def _composed(self, claimed: Mapping[Hashable, list[Claimed]]) -> Composed:
        with self.database.reading() as session:
            return said(session, list(chain.from_iterable(claimed.values())), self.compose)

    def _settle(self, spoken: Sequence[Spoken]) -> None:
        """Write down what became of the letters of some conversations that are over."""
        became = list(chain.from_iterable(spoken))
        if not became:
            return
        results = Results()
        for row, one in became:
            if isinstance(one, Later):
                results.retries[row.id] = one.at
            elif isinstance(one, Handed):
                self._note(results, row, one)
        for row, one in became:  # those that were said in one letter share its fate
            if isinstance(one, Gathered) and one.by in results.retries:
                results.retries[row.id] = results.retries[one.by]
            elif isinstance(one, Gathered):
                results.done.append(row.id)
        settle(self.database, self.holder, results, clock.now())

    def _note(self, results: Results, row: Claimed, handed: Handed) -> None:
        now, (fate, is_well) = clock.now(), handed
        self.tally[fate] += 1
        results.fates[self.queue.origin][fate] += 1
        if self.queue.queue.has_breaker and is_well is not None:
            self.circuit = WELL if is_well else after(self.circuit, Fate.FAILED, now)
            results.circuits[self.queue.origin] = self.circuit
        if fate in (Fate.FAILED, Fate.THROTTLED):
            results.retries[row.id] = now + backoff(row.attempts, 0, random.random())  # noqa: S311
        else:
            results.done.append(row.id)


def _speak(mail: Mail, rows: Sequence[Claimed], composed: Composed) -> Spoken:
    """Hand over what is to be said about one mailbox; what became of each."""
    return [(row, _hand_over(mail, row, composed.get(row.id))) for row in rows]


def _hand_over(mail: Mail, row: Claimed, message: Message | Later | Gathered | None) -> Became:
    """What is said about one letter is about its recipient or itself: nobody else waits for it."""
    if isinstance(message, Gathered | Later):
        return message
    if message is None or message.letter is None or row.expires_at <= clock.now():
        return Handed(Fate.DROPPED)
    told: dict[str, object] = {"id": row.id, "attempts": row.attempts}
    try:
        mail.send(message.letter)
    except CannotSend as error:
        log.warning("mail_failed", extra=told | {"why": error.why})
        if error.is_final:
            return Handed(Fate.REFUSED, is_well=True)
        return Handed(Fate.THROTTLED if error.is_well else Fate.FAILED, error.is_well)
    except Exception:  # one letter that cannot be written does not hold up the others
        log.exception("mail_failed", extra=told)
        return Handed(Fate.FAILED)
    log.info("mail_sent", extra=told)
    return Handed(Fate.ACCEPTED, is_well=True)
