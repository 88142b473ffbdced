"""Handing letters over: on threads of its own, so that a slow mail server delays no push."""

import logging
import random
import secrets
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import NamedTuple

from backend.core import clock
from backend.core.db import Database
from backend.core.transports import CannotSend, Mail
from backend.deliveries import queries, rules
from backend.deliveries.actions import MAIL
from backend.deliveries.composing import Compose, Gathered, Later, Message, said
from backend.deliveries.gathering import held
from backend.deliveries.leases import LEASE, ClaimedRow, Results, claim_letters, settle
from backend.deliveries.rules import Circuit, Fate
from backend.rhythm.rules import Channel

log = logging.getLogger("alongside.deliveries")


class Handed(NamedTuple):
    """What became of a letter that was to be handed over, and how the mail server is by that: None
    where it was not even asked.
    """

    fate: Fate
    is_well: bool | None = None


Became = Handed | Later | Gathered

AT_ONCE = 4  # conversations with the mail server
A_FEW = 20  # letters in hand at a time: at 15 s each they are done within a lease


def send_letters(
    database: Database,
    mail: Mail,
    compose: Compose,
    *,
    lease: timedelta = LEASE,
    is_over: Callable[[], bool] = lambda: False,
) -> Counter[Fate]:
    """Send every letter that is due; what became of how many. Safe beside any number of others.

    Stops early while the mail server is in trouble.
    """
    tally: Counter[Fate] = Counter()
    holder = secrets.token_hex(8)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="letters") as threads:
        while not is_over():
            rows, circuit = _claim(database, holder, lease)
            if not rows:
                break
            fates = _send(database, mail, compose, rows, threads)
            results = _results(rows, fates, circuit)
            tally.update(one.fate for one in fates if isinstance(one, Handed))
            settle(database, holder, results, clock.now())
    if tally:
        log.info("letters", extra={fate.name.lower(): n for fate, n in tally.items()})
    return tally


def _claim(database: Database, holder: str, lease: timedelta) -> tuple[list[ClaimedRow], Circuit]:
    now = clock.now()
    with database.reading() as session:
        circuit = queries.circuits(session).get(MAIL, Circuit())
        lanes = queries.due_lanes(session, Channel.MAIL, now)
        if circuit.is_shut(now) or not lanes:
            return [], circuit
    with database.writing() as session:
        keys = queries.due_letters(session, lanes, now, 1 if circuit.is_on_trial else A_FEW)
        rows = claim_letters(session, holder, held(session, keys), now, lease=lease)
        session.commit()
    return rows, circuit


def _send(
    database: Database, mail: Mail, compose: Compose, rows: list[ClaimedRow],
    threads: ThreadPoolExecutor,
) -> list[Became]:  # fmt: skip
    """What became of each, in their order."""
    with database.reading() as session:
        composed = said(session, rows, compose)
    now = clock.now()

    def send(row: ClaimedRow) -> Became:
        message = composed.get(row.id)
        if isinstance(message, Gathered | Later):
            return message
        if message is None or message.letter is None or row.expires_at <= now:
            return Handed(Fate.DROPPED)
        return _hand_over(mail, row, message)

    return list(threads.map(send, rows))


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
