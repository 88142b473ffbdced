"""Handing letters over: on threads of its own, so that a slow mail server delays no push."""

import logging
import random
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from backend.core import clock
from backend.core.conversing import converse
from backend.core.db import Database
from backend.core.transports import CannotSend, Mail
from backend.deliveries import queries, rules
from backend.deliveries.actions import MAIL
from backend.deliveries.composing import Compose, Composed, Gathered, Later, Message, said
from backend.deliveries.gathering import held
from backend.deliveries.leases import LEASE, ClaimedRow, Results, claim_letters, settle
from backend.deliveries.rules import Circuit, Fate
from backend.rhythm.rules import Channel, Kind

log = logging.getLogger("alongside.deliveries")


class Handed(NamedTuple):
    """What became of a letter that was to be handed over, and how the mail server is by that: None
    where it was not even asked.
    """

    fate: Fate
    is_well: bool | None = None


Became = Handed | Later | Gathered

Spoken = tuple[list[ClaimedRow], list[Became]]  # rows, and what became of each


def send_letters(
    database: Database,
    mail: Mail,
    compose: Compose,
    *,
    lease: timedelta = LEASE,
    is_over: Callable[[], bool] = lambda: False,
) -> Counter[Fate]:
    """Send every letter that is due; what became of how many. Safe beside any number of others.

    One letter to a person at a time, so that a slow mailbox delays nobody else's. Stops early
    while the mail server is in trouble.
    """
    tally: Counter[Fate] = Counter()
    holder, circuit = secrets.token_hex(8), Circuit()

    def take(most: int, busy: Collection[UUID]) -> list[tuple[UUID, Callable[[], Spoken]]]:
        nonlocal circuit
        if is_over():
            return []
        rows, circuit = _claim(database, holder, lease, most, busy)
        if not rows:
            return []
        with database.reading() as session:
            composed = said(session, rows, compose)
        letters = groupby(sorted(rows, key=_letter_of), _letter_of)
        return [(who, partial(_send, mail, list(some), composed)) for (who, _), some in letters]

    def heard(spoken: Sequence[Spoken]) -> None:
        nonlocal circuit
        rows = [row for some, _ in spoken for row in some]
        fates = [fate for _, some in spoken for fate in some]
        if rows:
            results = _results(rows, fates, circuit)
            circuit = results.circuits[MAIL]
            tally.update(one.fate for one in fates if isinstance(one, Handed))
            settle(database, holder, results, clock.now())

    converse(take, heard)
    if tally:
        log.info("letters", extra={fate.name.lower(): n for fate, n in tally.items()})
    return tally


def _letter_of(row: ClaimedRow) -> tuple[UUID, Kind]:
    """What is due to a person of one kind is one letter."""
    return row.person_id, row.kind


def _claim(
    database: Database, holder: str, lease: timedelta, most: int, busy: Collection[UUID]
) -> tuple[list[ClaimedRow], Circuit]:
    """Up to so many letters, each to another person, and to none who is `busy`."""
    now = clock.now()
    with database.reading() as session:
        circuit = queries.circuits(session).get(MAIL, Circuit())
        if circuit.is_shut(now) or (circuit.is_on_trial and busy):
            return [], circuit
        lanes = queries.due_lanes(session, Channel.MAIL, now)
        keys = queries.due_letters(session, lanes, now, 1 if circuit.is_on_trial else most, busy)
    if not keys:
        return [], circuit
    with database.writing() as session:
        rows = claim_letters(session, holder, held(session, keys), now, lease=lease)
        session.commit()
    return rows, circuit


def _send(mail: Mail, rows: list[ClaimedRow], composed: Composed) -> Spoken:
    """What became of each, in their order."""
    now = clock.now()

    def send(row: ClaimedRow) -> Became:
        message = composed.get(row.id)
        if isinstance(message, Gathered | Later):
            return message
        if message is None or message.letter is None or row.expires_at <= now:
            return Handed(Fate.DROPPED)
        return _hand_over(mail, row, message)

    return rows, [send(row) for row in rows]


def _hand_over(mail: Mail, row: ClaimedRow, message: Message) -> Handed:
    """What is said about one letter is about its recipient or itself: nobody else waits for it."""
    try:
        if message.letter is not None:
            mail.send(message.letter)
    except CannotSend as error:
        log.warning("mail_failed", extra={"id": row.id, "why": error.why})
        if error.is_final:
            return Handed(Fate.REFUSED, is_well=True)
        return Handed(Fate.THROTTLED if error.is_well else Fate.FAILED, error.is_well)
    except Exception:  # one letter that cannot be written does not hold up the others
        log.exception("mail_failed", extra={"id": row.id})
        return Handed(Fate.FAILED)
    return Handed(Fate.ACCEPTED, is_well=True)


def _results(rows: list[ClaimedRow], fates: list[Became], circuit: Circuit) -> Results:
    """What is to be written down. Those that were said in one letter share its fate."""
    results, now, gathered = Results(), clock.now(), {}
    for row, fate in zip(rows, fates, strict=True):
        if isinstance(fate, Gathered):
            gathered[row.id] = fate.by
            continue
        if isinstance(fate, Later):
            results.later[row.id] = fate.at
            continue
        results.fates[MAIL][fate.fate] += 1
        if fate.is_well is not None:
            circuit = rules.WELL if fate.is_well else rules.after(circuit, Fate.FAILED, now)
        if fate.fate in (Fate.FAILED, Fate.THROTTLED):
            results.later[row.id] = now + rules.wait(row.attempts, 0, random.random())  # noqa: S311
        else:
            results.done.append(row.id)
    for id, by in gathered.items():
        if again := results.later.get(by):
            results.later[id] = again
        else:
            results.done.append(id)
    results.circuits[MAIL] = circuit
    return results
