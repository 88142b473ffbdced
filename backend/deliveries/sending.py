"""The loop that hands pushes over: hundreds under way at once, on one thread.

Messages are taken in hand some hundred at a time, composed anew (whoever may not see or does not
want them any more gets none), sealed and sent; what became of them is written down in groups.
A push service that is slow or dead fills its own share of the lines and no more.
"""

import logging
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from backend.core import clock
from backend.core.db import Database
from backend.core.vapid import Signer, UnknownKey
from backend.core.webpush import BadAddress, headers, sealed
from backend.core.wire import Answer, Push, Wire
from backend.deliveries import queries, rules
from backend.deliveries.composing import Compose, Later, alarm, said
from backend.deliveries.lanes import Lanes, Ready
from backend.deliveries.leases import LEASE, ClaimedRow, Results, claim, settle
from backend.deliveries.rules import Circuit, Fate
from backend.rhythm.rules import Channel

log = logging.getLogger("alongside.deliveries")

MOST_AT_A_TIME = 500  # that are taken in hand
GROUP = 250  # results that are written down together
GROUP_WAITS = 0.05  # seconds, at most, until they are: what a killed process may repeat
COUNTED_EVERY = 1  # seconds
LOOKS_AGAIN = 0.1  # seconds, while something is under way
SEALED_AT_A_TIME = 32  # between looking at what came back
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
    return Sending(database, wire, signer, compose, frozenset(also), lease).run(is_over)


@dataclass
class Sending:
    """One run of the loop, and all that it has in hand."""

    database: Database
    wire: Wire
    signer: Signer
    compose: Compose
    also: frozenset[str]
    lease: timedelta
    holder: str = field(default_factory=lambda: secrets.token_hex(8))
    results: Results = field(default_factory=Results)
    tally: Counter[Fate] = field(default_factory=Counter)
    circuits: dict[str, Circuit] = field(default_factory=dict)
    lanes: Lanes = field(default_factory=Lanes)
    under_way: dict[UUID, Ready] = field(default_factory=dict)  # by device: one at a time
    gone: set[UUID] = field(default_factory=set)
    busy: Counter[str] = field(default_factory=Counter)  # lines by origin
    full: set[str] = field(default_factory=set)  # origins with enough in hand when we looked
    gave_back: bool = False  # something that could not be held
    looked_at: float = 0
    wrote_at: float = 0
    counted_at: float = 0

    def run(self, is_over: Callable[[], bool]) -> Counter[Fate]:
        while not is_over():
            self._look()
            self._start()
            if self.under_way or self.lanes:
                self._hear()
            elif self.gave_back:
                self._write()
                self.gave_back = False
            else:
                break
        self._finish()
        if self.tally:
            log.info("pushes", extra={fate.name.lower(): n for fate, n in self.tally.items()})
        return self.tally

    # --- taking in hand

    def _look(self) -> None:
        """Take more in hand: at once while there is more, else every now and then."""
        in_hand = len(self.under_way) + self.lanes.waiting.total()
        room = min(MOST_AT_A_TIME, self.wire.lines // 2 or 1, 2 * self.wire.lines - in_hand)
        now = time.monotonic()
        waits = in_hand and not any(map(self._wants_more, self.full))
        if not room or (waits and now - self.looked_at < LOOKS_AGAIN):
            return
        rows = self._claim(room)
        # a full answer says that there is more: look again as soon as there is room
        self.looked_at = now if len(rows) < room else 0
        if rows:
            self._compose(rows)

    def _claim(self, room: int) -> list[ClaimedRow]:
        now, self.full = clock.now(), set()
        with self.database.reading() as session:
            if not queries.is_anything_due(session, Channel.PUSH, now):
                return []
            self.circuits = queries.circuits(session) | self.results.circuits
        self.full = {
            o for o in self.busy | self.lanes.waiting if self._in_hand(o) >= self._share(o)
        }
        closed = self.full | {o for o, circuit in self.circuits.items() if circuit.is_shut(now)}
        with self.database.noting() as session:
            rows = claim(
                session, self.holder, Channel.PUSH, room, now, leave_out=closed, lease=self.lease
            )
            session.commit()
        return rows

    def _share(self, origin: str) -> int:
        """How many lines an origin may use: half of what the others leave, so that however many
        are slow, there is always a line for one more.
        """
        circuit = self.circuits.get(origin)
        if circuit and circuit.is_on_trial:
            return 1
        others = len(self.under_way) - self.busy[origin]
        return max(1, (self.wire.lines - others) // 2)

    def _wants_more(self, origin: str) -> bool:
        """Whether it has lines to spare, and nothing waits for them."""
        return not self.lanes.waiting[origin] and self.busy[origin] < self._share(origin)

    def _in_hand(self, origin: str) -> int:
        return self.busy[origin] + self.lanes.waiting[origin]

    def _compose(self, rows: list[ClaimedRow]) -> None:
        """Ask what these have to say, and put them where they wait for a line."""
        with self.database.reading() as session:
            composed = said(session, rows, self.compose)
            reaches = queries.reaches(session, [row.device_id for row in rows if row.device_id])
        now = clock.now()
        for row in rows:
            message, device = composed.get(row.id), row.device_id
            reach = reaches.get(device) if device else None
            if isinstance(message, Later):
                self.results.later[row.id] = message.at
            elif not (message and message.payload and device and reach) or row.expires_at <= now:
                self._note(row, Fate.DROPPED)
            elif self._in_hand(row.origin) >= 2 * self._share(row.origin):
                self.results.back.append(row.id)
                self.gave_back = True
            else:
                self.lanes.put(Ready(row, device, message.payload, reach))

    # --- sending

    def _start(self) -> None:
        """Put some on the wire: what people ask or share first."""
        now, most = clock.now(), min(SEALED_AT_A_TIME, self.wire.free)
        for ready in islice(self.lanes.take(self._has_room), most):
            circuit = self.circuits.get(ready.row.origin)
            if ready.device in self.gone:
                self._note(ready.row, Fate.DROPPED)
            elif circuit and circuit.is_shut(now):
                self._put_off(ready.row, circuit.shut_until or now)
            elif ready.device in self.under_way:
                self.lanes.put_aside(ready)
            else:
                self._send(ready, now)

    def _has_room(self, origin: str) -> bool:
        """Whether what waits for this origin need not wait: it has a line, or is shut."""
        circuit = self.circuits.get(origin)
        return self.busy[origin] < self._share(origin) or bool(
            circuit and circuit.is_shut(clock.now())
        )

    def _send(self, ready: Ready, now: datetime) -> None:
        row, address = ready.row, ready.reach.address
        left = rules.ttl(row.expires_at, now)
        if not left:
            self._note(row, Fate.DROPPED)
            return
        try:
            told = self.signer.authorization(address.key, row.origin)
            body = sealed(ready.payload, address)
        except (UnknownKey, BadAddress, ValueError) as error:
            log.error("push_unsendable", extra={"id": row.id, "why": type(error).__name__})
            self._note(row, Fate.REFUSED)
            return
        more = headers(told, ttl=left, urgency=row.urgency, topic=row.topic)
        self.under_way[ready.device] = ready
        self.busy[row.origin] += 1
        self.wire.send(Push(ready, address.endpoint, more, body, row.origin in self.also))

    def _hear(self) -> None:
        """Take in what has come back, and write it down once there is enough of it."""
        more_can_go = self.wire.free and self.lanes.can_go(self._has_room)
        for answer in self.wire.answers(0 if more_can_go else GROUP_WAITS):
            self._judge(answer)
        now = time.monotonic()
        # when nothing waits for a line, sooner: what is not written is repeated by who takes over
        enough = GROUP if self.lanes else min(GROUP, len(self.under_way) or 1)
        if len(self.results) >= enough or now - self.wrote_at > GROUP_WAITS:
            self._write()
            self.wrote_at = now

    def _judge(self, answer: Answer) -> None:
        ready: Ready = answer.ticket
        row, device = ready.row, ready.device
        self.busy[row.origin] -= 1
        del self.under_way[device]
        self.lanes.bring_back(device)
        fate = rules.fate_of(answer.status)
        if fate is Fate.GONE:
            self.gone.add(device)
            self.results.gone.add(device)
        elif fate is Fate.MISSING:
            self.results.missing.add(device)
        elif fate is Fate.ACCEPTED and ready.reach.is_missing:
            self.results.found.add(device)
        self._note(row, fate, answer)

    # --- what became of them

    def _note(self, row: ClaimedRow, fate: Fate, answer: Answer | None = None) -> None:
        now = clock.now()
        self.tally[fate] += 1
        self.results.count(row.origin, fate)
        before = self.circuits.get(row.origin, rules.WELL)
        circuit = rules.after(before, fate, now)
        if circuit != before:
            self.circuits[row.origin] = self.results.circuits[row.origin] = circuit
            if circuit.is_shut(now):
                alarm("push_service_shut", row, answer)
        if fate in (Fate.THROTTLED, Fate.FAILED):
            after = answer.retry_after if answer else 0
            self._put_off(row, now + rules.wait(row.attempts, after, random.random()))  # noqa: S311
        elif fate is Fate.MISSING:
            self._put_off(row, now + rules.MISSING_WAIT)
        elif fate is Fate.DISTRUSTED and before.is_shut(now) and before.shut_until:
            self._put_off(row, before.shut_until)  # it was under way when we learnt better
        else:
            self.results.done.append(row.id)
            if fate in (Fate.DISTRUSTED, Fate.REFUSED):
                alarm("push_refused", row, answer)

    def _put_off(self, row: ClaimedRow, due: datetime) -> None:
        self.results.later[row.id] = due

    def _write(self) -> None:
        if self.results or self.results.circuits or self.results.counts:
            results, self.results = self.results, Results()
            now = time.monotonic()
            if now - self.counted_at < COUNTED_EVERY and self.under_way:
                results.counts, self.results.counts = self.results.counts, results.counts
            else:
                self.counted_at = now
            settle(self.database, self.holder, results, clock.now())

    def _finish(self) -> None:
        """Hear what is still to come for a little while; give the rest back."""
        deadline = time.monotonic() + LAST_WORD
        while self.under_way and time.monotonic() < deadline:
            self._hear()
        left = [*self.under_way.values(), *self.lanes.all()]
        self.results.back += [ready.row.id for ready in left]
        if self.under_way:
            self.wire.drop()
            self.under_way.clear()
        self._write()
