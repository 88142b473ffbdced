"""The loop that hands pushes over: hundreds under way at once, on one thread.

Messages are taken in hand some hundred at a time, composed anew (whoever may not see or does not
want them any more gets none), sealed and sent; what became of them is written down in groups.
A push service that is slow or dead fills its own share of the lines and no more (`shares.py`).
"""

import logging
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from backend.core import clock
from backend.core.db import Database
from backend.core.vapid import Signer, UnknownKey
from backend.core.webpush import BadAddress, headers, sealed
from backend.core.wire import Answer, Push, Wire
from backend.deliveries import rules
from backend.deliveries.composing import Compose, Later, Message, alarm
from backend.deliveries.lanes import Lanes, Ready
from backend.deliveries.leases import LEASE, ClaimedRow, Results
from backend.deliveries.rules import Circuit, Fate
from backend.deliveries.shares import Shares
from backend.deliveries.taking import Taken, beside, gone_meanwhile, take
from backend.deliveries.writing import Writing

log = logging.getLogger("alongside.deliveries")

GROUP = 250  # results that are written down together
GROUP_WAITS = 0.05  # seconds, at most, until they are: what a killed process may repeat
LOOKS_AGAIN = 0.1  # seconds, while something is under way
SEALED_AT_A_TIME = 128  # between looking at what came back
LAST_WORD = 3  # seconds for what is under way when we are to stop


def send_pushes(
    database: Database,
    wire: Wire,
    signer: Signer,
    compose: Compose,
    *,
    also: Sequence[str] = (),
    lease: timedelta = LEASE,
    is_over: Callable[[], bool] = lambda: False,
) -> Counter[Fate]:
    """Send every push that is due; what became of how many. Safe beside any number of others.

    `also`: origins that the operator named, which may be on their own network. Once `is_over`,
    nothing more is taken in hand, and what is not answered soon is given back.
    """
    with beside(database) as desk, wire.left_idle():
        sending = Sending(database, desk, wire, signer, compose, frozenset(also), lease)
        return sending.run(is_over)


@dataclass
class Sending:
    """One run of the loop, and all that it has in hand."""

    database: Database
    desk: Executor  # asks the database, one thing after the other
    wire: Wire
    signer: Signer
    compose: Compose
    also: frozenset[str]
    lease: timedelta
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    lanes: Lanes = field(default_factory=Lanes)
    under_way: dict[UUID, Ready] = field(default_factory=dict)  # by device: one at a time
    gone: set[UUID] = field(default_factory=set)
    asked: Future[Taken] | None = None
    changed: dict[str, Circuit] = field(default_factory=dict)  # that whom we asked may not know
    more: frozenset[str] = frozenset()  # origins for which more is due than we took
    was_idle: bool = False  # when we asked
    is_done: bool = False
    looked_at: float = 0
    wrote_at: float = 0

    def __post_init__(self) -> None:
        self.shares = Shares(self.wire.lines, self.lanes.waiting)
        self.writing = Writing(self.database, self.desk, self.holder)

    @property
    def results(self) -> Results:
        """What became of those that were not written down yet."""
        return self.writing.results

    def run(self, is_over: Callable[[], bool]) -> Counter[Fate]:
        while not (self.is_done or is_over()):
            self._look()
            self._start()
            if not self._is_idle:
                self._hear()
            elif self.asked:
                wait([self.asked])
        self._finish()
        if tally := self.writing.tally:
            log.info("pushes", extra={fate.name.lower(): n for fate, n in tally.items()})
        return tally

    # --- taking in hand

    def _look(self) -> None:
        """Take more in hand: at once while there is more, else every now and then."""
        self._collect()
        if self.asked is None and not self.is_done and self._may_ask():
            self.looked_at = time.monotonic()
            self.was_idle = self._is_idle
            self.changed = dict(self.results.circuits)
            seen = self.shares.as_seen(self.changed)
            self.asked = self.desk.submit(
                take, self.database, self.holder, self.compose, seen, self.lease
            )
            self._collect()

    @property
    def _is_idle(self) -> bool:
        return not (self.under_way or self.lanes)

    def _may_ask(self) -> bool:
        if self.shares.room_in_all <= 0:
            return False
        is_wanted = any(map(self.shares.wants_more, self.more))
        return self._is_idle or is_wanted or time.monotonic() - self.looked_at >= LOOKS_AGAIN

    def _collect(self) -> None:
        """What was asked for, once it is there. Nothing, and nothing in hand: that is the end."""
        if self.asked and self.asked.done():
            taken, self.asked = self.asked.result(), None
            self._have(taken)
            self.is_done = self.was_idle and self._is_idle and not self.more

    def _have(self, taken: Taken) -> None:
        """Put what was taken in hand where it waits for a line."""
        self.shares.circuits = {**taken.circuits, **self.changed}
        self.more = taken.more
        now = clock.now()
        for row in taken.rows:
            message, device = taken.composed.get(row.id), row.device_id
            reach = taken.reaches.get(device) if device else None
            if isinstance(message, Later):
                self.results.later[row.id] = message.at
                continue
            words = message.payload if isinstance(message, Message) else None
            if not (words and device and reach) or row.expires_at <= now:
                self._note(row, Fate.DROPPED, now)
            else:
                self.lanes.put(Ready(row, device, words, reach, now))

    # --- sending

    def _start(self) -> None:
        """Put some on the wire: what people ask or share first."""
        now, most = clock.now(), min(SEALED_AT_A_TIME, self.wire.free)
        going: list[Ready] = []
        for ready in islice(self.lanes.take(self._has_room), most):
            if ready.device in self.gone:
                self._note(ready.row, Fate.DROPPED, now)
            elif until := self.shares.rests_until(ready.row, now):
                self._put_off(ready.row, until)
            elif ready.device in self.under_way:
                self.lanes.put_aside(ready)
            else:
                self.under_way[ready.device] = ready
                self.shares.use(ready.row.origin)
                going.append(ready)
        # one after the other: sealing fills the processor's caches, and so does libcurl
        gone = gone_meanwhile(self.database, going, now)
        for push in filter(None, [self._push(one, now, one.device in gone) for one in going]):
            self.wire.send(push)

    def _has_room(self, origin: str) -> bool:
        """Whether what waits for this origin need not wait: it has a line, or is shut."""
        circuit = self.shares.circuits.get(origin)
        is_shut = circuit is not None and circuit.is_shut(clock.now())
        return is_shut or self.shares.has_line(origin)

    def _push(self, ready: Ready, now: datetime, is_gone: bool) -> Push | None:
        """What is sent, sealed; None when it is not to be sent after all."""
        row, address = ready.row, ready.reach.address
        left = rules.ttl(row.urgency, row.expires_at, now)
        if is_gone or not left:
            self._release(ready)
            self._note(row, Fate.DROPPED, now)
            return None
        try:
            told = self.signer.authorization(address.key, row.origin, now)
            body = sealed(ready.payload, address)
        except (UnknownKey, BadAddress, ValueError) as error:
            log.error("push_unsendable", extra={"id": row.id, "why": type(error).__name__})
            self._release(ready)
            if isinstance(error, UnknownKey):  # until its device is subscribed anew, or for another
                self._put_off(row, now + self._wait(row))
            else:
                self._note(row, Fate.REFUSED, now)
            return None
        more = headers(told, ttl=left, urgency=row.urgency, topic=row.topic)
        return Push(ready, address.endpoint, more, body, row.origin in self.also)

    def _hear(self) -> None:
        """Take in what has come back, and write it down once there is enough of it."""
        more_can_go = self.wire.free and self.lanes.can_go(self._has_room)
        for answer in self.wire.answers(0 if more_can_go else GROUP_WAITS):
            self._judge(answer, clock.now())
        now = time.monotonic()
        # as many as are under way, which a kill repeats in any case; but small ones do not queue up
        enough = GROUP if self.writing.is_busy else min(GROUP, len(self.under_way) or 1)
        if len(self.results) >= enough or now - self.wrote_at > GROUP_WAITS:
            self.writing.write(is_last=not self.under_way)
            self.wrote_at = now

    def _judge(self, answer: Answer, now: datetime) -> None:
        ready: Ready = answer.ticket
        row, device = ready.row, ready.device
        self._release(ready)
        fate = rules.fate_of(answer.status)
        if fate is Fate.GONE:
            self.gone.add(device)
            self.results.gone.add(device)
        elif fate is Fate.MISSING:
            self.results.missing.add(device)
        elif fate is Fate.ACCEPTED and ready.reach.is_missing:
            self.results.found.add(device)
        self._note(row, fate, now, answer)

    def _release(self, ready: Ready) -> None:
        """Its line is free, and so is its device."""
        self.shares.release(ready.row.origin)
        del self.under_way[ready.device]
        self.lanes.bring_back(ready.device)

    # --- what became of them

    def _note(
        self, row: ClaimedRow, fate: Fate, now: datetime, answer: Answer | None = None
    ) -> None:
        self.results.fates[row.origin][fate] += 1
        before = self.shares.circuits.get(row.origin, rules.WELL)
        again = now + self._wait(row, answer.retry_after if answer else 0)
        # of what was never sent nobody said anything
        if answer and (changed := self.shares.hear(row, fate, now, again)):
            self.results.circuits[row.origin] = self.changed[row.origin] = changed
            if changed.is_shut(now):
                alarm("push_service_shut", row, answer)
        if fate in (Fate.THROTTLED, Fate.FAILED):
            self._put_off(row, again)
        elif fate is Fate.MISSING:
            self._put_off(row, now + rules.MISSING_WAIT)
        elif fate is Fate.DISTRUSTED and before.is_shut(now) and before.shut_until:
            self._put_off(row, before.shut_until)  # it was under way when we learnt better
        else:
            self.results.done.append(row.id)
            if fate in (Fate.DISTRUSTED, Fate.REFUSED):
                alarm("push_refused", row, answer)

    def _wait(self, row: ClaimedRow, retry_after: int = 0) -> timedelta:
        return rules.wait(row.attempts, retry_after, random.random())  # noqa: S311

    def _put_off(self, row: ClaimedRow, due: datetime) -> None:
        self.results.later[row.id] = due

    def _finish(self) -> None:
        """Hear what is still to come for a little while; give the rest back."""
        deadline = time.monotonic() + LAST_WORD
        while self.under_way and time.monotonic() < deadline:
            self._hear()
        left = [*self.under_way.values(), *self.lanes.all()]
        self.results.back += [ready.row.id for ready in left]
        if self.asked:
            self.results.back += [row.id for row in self.asked.result().rows]
        self.under_way.clear()
        self.writing.finish()
