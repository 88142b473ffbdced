"""The dispatcher of pushes: hundreds in flight at once, on one thread.

Messages are claimed some hundred at a time, composed anew (whoever may not see or does not want
them any more gets none), sealed and sent; what became of them is settled in groups.
A push service that is slow or dead fills its own share and no more (`queues.py`).
"""

import logging
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from backend.core import clock
from backend.core.db import Database
from backend.core.outbox import retry
from backend.core.outbox.claim import LEASE, Claimed
from backend.core.outbox.composing import Compose, Later, Message
from backend.core.outbox.executors import executor_for
from backend.core.outbox.models import Queue
from backend.core.outbox.retry import Fate
from backend.core.outbox.settle import GROUP_WAITS, Settler
from backend.core.vapid import Signer, UnknownKey
from backend.core.webpush import BadAddress, headers, sealed
from backend.core.wire import Push, Reply, Wire
from backend.deliveries.prefetch import STALE, Batch, Prefetch, looked_at_again
from backend.deliveries.queues import Breaker, Bulkhead, Ready, ReadyQueue
from backend.deliveries.unreachable import heed
from backend.devices.rules import GONE

log = logging.getLogger("alongside.outbox")

SEALED_AT_A_TIME = 128  # between looking at what came back
GRACE = 3  # seconds for what is in flight when we are to stop


def send_pushes(
    database: Database,
    wire: Wire,
    signer: Signer,
    compose: Compose,
    *,
    queue: Queue = Queue.PUSH,
    also: Sequence[str] = (),
    lease: timedelta = LEASE,
    is_over: Callable[[], bool] = lambda: False,
) -> Counter[Fate]:
    """Send every push that is due, or every test; what became of how many. Safe beside any number
    of others.

    `also`: origins that the operator named, which may be on their own network. Once `is_over`,
    nothing more is claimed, and what is not answered soon is released.
    """
    with executor_for(database) as executor, wire.left_idle():
        sealer = Sealer(signer, frozenset(also))
        return Dispatcher(database, executor, wire, sealer, compose, queue, lease).run(is_over)


@dataclass(frozen=True)
class Sealer:
    """Signs and seals. `also`: origins that the operator named."""

    signer: Signer
    also: frozenset[str]

    def seal(self, ready: Ready, ttl: int, now: datetime) -> Push:
        """What is sent; raises UnknownKey, BadAddress, or ValueError for a point off the curve."""
        row, address = ready.row, ready.reach.address
        signed = self.signer.authorization(address.key, ready.reach.origin, now)
        body = sealed(ready.payload, address)
        more = headers(signed, ttl=ttl, urgency=row.urgency, topic=row.topic)
        return Push(ready.device, address.endpoint, more, body, ready.reach.origin in self.also)


class Dispatcher:
    """One run of the loop: what is claimed waits in a queue, is in flight, and is settled.

    Of a test its owner waits to read what the push service says: so it is sent whatever others met
    there, once, and what was answered is all that becomes of it.
    """

    def __init__(
        self,
        database: Database,
        executor: Executor,
        wire: Wire,
        sealer: Sealer,
        compose: Compose,
        queue: Queue,
        lease: timedelta,
    ) -> None:
        self.holder = holder = secrets.token_hex(8)
        self.database, self.wire, self.sealer, self.queue = database, wire, sealer, queue
        self.prefetch = Prefetch(executor, database, queue, holder, compose, lease)
        self.settler = Settler(database, executor, holder, heed)
        self.ready, self.breaker = ReadyQueue(), Breaker()
        self.bulkhead = Bulkhead(wire.concurrency, self.ready.waiting, self.breaker)
        self.in_flight: dict[UUID, Ready] = {}  # by device: one at a time
        self.gone: dict[bytes, datetime] = {}  # endpoints, and when we were told

    def run(self, is_over: Callable[[], bool]) -> Counter[Fate]:
        """Until nothing is due and nothing claimed, or `is_over`."""
        while not (is_over() or self._claim()):
            self._start()
            if self._is_idle:
                self.prefetch.wait()
            else:
                self._hear()
        self._finish()
        if tally := self.settler.tally:
            log.info(
                "pushes" if self.queue is Queue.PUSH else "tests",
                extra={fate.name.lower(): n for fate, n in tally.items()},
            )
        return tally

    @property
    def _is_idle(self) -> bool:
        return not (self.in_flight or self.ready)

    # --- claiming

    def _claim(self) -> bool:
        """Have what was claimed, and claim more; whether there was nothing to do."""
        is_done = self._collect()
        if not is_done and self.prefetch.may_ask(self.bulkhead, is_idle=self._is_idle):
            self.breaker.changed = dict(self.settler.results.circuits)
            self.prefetch.ask(self.bulkhead.snapshot(), is_idle=self._is_idle)
            is_done = self._collect()
        return is_done

    def _collect(self) -> bool:
        """Queue what was claimed, once it is there; whether nothing is claimed any more."""
        batch = self.prefetch.collect()
        if batch is None:
            return False
        self._have(batch)
        return self.prefetch.was_idle and self._is_idle and not batch.more

    def _have(self, batch: Batch) -> None:
        self.breaker.refresh(batch.circuits)
        now = clock.now()
        for row in batch.rows:
            message, device = batch.composed.get(row.id), row.device_id
            reach = batch.reaches.get(device) if device else None
            if isinstance(message, Later):
                self._retry(row, message.at)
                continue
            if (
                isinstance(message, Message)
                and message.payload
                and device
                and reach
                and row.expires_at > now
            ):
                self._put(Ready(row, device, message.payload, message.ttl, reach, now))
            else:
                self._note(row, Fate.DROPPED, now)

    def _put(self, ready: Ready) -> None:
        """Among what waits for the push service at which the device is subscribed now."""
        if ready.row.origin != ready.reach.origin:
            ready = ready._replace(row=ready.row._replace(origin=ready.reach.origin))
        self.ready.put(ready)

    # --- sending

    def _start(self) -> None:
        """Put some on the wire: what people ask or share first."""
        now, most = clock.now(), min(SEALED_AT_A_TIME, self.wire.free)
        going: list[Ready] = []
        for ready in islice(self.ready.take(self._has_room), most):
            if self._has_gone(ready):
                self._release_with_device(ready.row)
            elif until := self.breaker.rests_until(ready.row, now):
                self._retry(ready.row, until)
            elif ready.device in self.in_flight:
                self.ready.park(ready)
            else:
                self.in_flight[ready.device] = ready
                self.bulkhead.acquire(ready.row.origin)
                going.append(ready)
        # one after the other: sealing fills the processor's caches, and so does libcurl
        for push in filter(None, [self._push(*one, now) for one in self._looked_at(going, now)]):
            self.wire.send(push)

    def _looked_at(self, going: Sequence[Ready], now: datetime) -> list[tuple[Ready, bool]]:
        """What goes, and whether it still is to. What is for another push service by now waits for
        that one. Of tests each is looked at: its owner may have asked for another.
        """
        stale = now - STALE if self.queue is Queue.PUSH else now
        looked_at = looked_at_again(self.database, self.holder, going, stale)
        stays = []
        for ready, is_to_go in looked_at:
            if is_to_go and ready.reach.origin != ready.row.origin:
                self._release(ready)
                self._put(ready._replace(since=now))
            else:
                stays.append((ready, is_to_go))
                self.in_flight[ready.device] = ready
        return stays

    def _release_with_device(self, row: Claimed) -> None:
        """It goes with its device; if that was subscribed anew, it is claimed again."""
        results = self.settler.results
        results.fates[row.origin][Fate.DROPPED] += 1
        results.released.append(row.id)

    def _has_gone(self, ready: Ready) -> bool:
        """Whether it was in hand when we were told that where it goes to is no more."""
        told = self.gone.get(ready.reach.endpoint)
        return told is not None and ready.since <= told

    def _has_room(self, origin: str) -> bool:
        """Whether what waits for this origin need not wait: there is room, or its circuit rests."""
        return self.breaker.is_open(origin, clock.now()) or self.bulkhead.is_free(origin)

    def _push(self, ready: Ready, is_to_go: bool, now: datetime) -> Push | None:
        """What is sent; None when it is not to be sent after all."""
        row = ready.row
        ttl = ready.ttl or retry.ttl(row.urgency, row.expires_at, now)
        if not (is_to_go and ttl):
            self._release(ready)
            self._note(row, Fate.DROPPED, now)
            return None
        try:
            return self.sealer.seal(ready, ttl, now)
        except (UnknownKey, BadAddress, ValueError) as error:
            self._release(ready)
            is_for_another, is_test = isinstance(error, UnknownKey), self.queue is Queue.TEST
            if not (is_for_another and is_test):
                log.error("push_unsendable", extra={"id": row.id, "why": type(error).__name__})
            if is_test:  # as for a device that has gone: it is to be subscribed anew
                self.settler.results.answers[row.id] = GONE
                self._note(row, Fate.DROPPED, now)
            elif is_for_another:  # or until its device is subscribed anew
                self._retry(row, now + self._backoff(row))
            else:
                self._note(row, Fate.REFUSED, now)
            return None

    def _hear(self) -> None:
        """Take in what has come back, and settle it once there is enough of it."""
        more_can_go = self.wire.free and self.ready.can_go(self._has_room)
        for reply in self.wire.replies(0 if more_can_go else GROUP_WAITS):
            self._judge(reply, clock.now())
        self.settler.settle_if_enough(len(self.in_flight))

    def _judge(self, reply: Reply, now: datetime) -> None:
        ready, results = self.in_flight[reply.ticket], self.settler.results
        row, endpoint = ready.row, ready.reach.endpoint
        self._release(ready)
        fate = retry.fate_of(reply.status)
        if fate is Fate.GONE:
            self.gone[endpoint] = now
            results.gone.add(endpoint)
        elif fate is Fate.MISSING:
            results.missing.add(endpoint)
        elif fate is Fate.ACCEPTED and ready.reach.is_missing:
            results.found.add(endpoint)
        self._note(row, fate, now, reply)

    def _release(self, ready: Ready) -> None:
        """There is room for another, and its device is free."""
        self.bulkhead.release(ready.row.origin)
        del self.in_flight[ready.device]
        self.ready.unpark(ready.device)

    # --- what became of them

    def _note(self, row: Claimed, fate: Fate, now: datetime, reply: Reply | None = None) -> None:
        results = self.settler.results
        results.fates[row.origin][fate] += 1
        if self.queue is Queue.TEST:
            if reply:
                results.answers[row.id] = reply.status
            results.done.append(row.id)
            return
        before = self.breaker.circuits.get(row.origin, retry.WELL)
        again = now + self._backoff(row, reply.retry_after if reply else 0)
        # of what was never sent nobody said anything
        if reply and (changed := self.breaker.hear(row, fate, now, again)):
            results.circuits[row.origin] = changed
            if changed.is_open(now):
                alarm("push_service_shut", row, reply)
        if due := tried_again(fate, before, again, now):
            self._retry(row, due)
        else:
            results.done.append(row.id)
            if fate in (Fate.DISTRUSTED, Fate.REFUSED):
                alarm("push_refused", row, reply)

    def _backoff(self, row: Claimed, retry_after: int = 0) -> timedelta:
        return retry.backoff(row.attempts, retry_after, random.random())  # noqa: S311

    def _retry(self, row: Claimed, due: datetime) -> None:
        self.settler.results.retries[row.id] = due

    def _finish(self) -> None:
        """Hear what is still to come for a little while; release the rest."""
        deadline = time.monotonic() + GRACE
        while self.in_flight and time.monotonic() < deadline:
            self._hear()
        left = [ready.row for ready in (*self.in_flight.values(), *self.ready.all())]
        left += self.prefetch.last()
        self.settler.results.released += [row.id for row in left]
        self.in_flight.clear()
        self.settler.finish()


def tried_again(
    fate: Fate, before: retry.Circuit, again: datetime, now: datetime
) -> datetime | None:
    """When a message is tried again; None where this is all that becomes of it. `before`: the
    circuit as it was; `again`: when it is tried again if its service asks for time, or failed.
    """
    if fate is Fate.ACCEPTED:
        return None
    times = {
        Fate.THROTTLED: again,
        Fate.FAILED: again,
        Fate.MISSING: now + retry.MISSING_WAIT,
        Fate.GONE: now,  # it goes with its device, unless that was subscribed anew
        # it was in flight when we learnt better
        Fate.DISTRUSTED: before.open_until if before.is_open(now) else None,
    }
    return times.get(fate)


def alarm(what: str, row: Claimed, reply: Reply | None) -> None:
    """For whoever runs the server: docs/running.md says what to do."""
    status, failed = (reply.status, reply.failed) if reply else (0, "")
    told = {"id": row.id, "origin": row.origin, "status": status, "failed": failed}
    log.error(what, extra=told)
