"""A sender that is killed again and again: `python -m tests.push.killing URL ORIGIN KILLS`.

This process only forks senders and kills them, each at a moment of its own; between two lives
it lets time pass for what waits to be tried again. At the end one more sender may finish.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.core import clock
from backend.core.cipher import Keyring
from backend.core.db import Database, open_engine
from backend.core.outbox.claim import Claimed
from backend.core.outbox.composing import Composed, Message
from backend.core.outbox.models import Outgoing
from backend.core.vapid import Signer
from backend.core.wire import Wire
from backend.deliveries.dispatcher import send_pushes
from tests.databases import KEY

LEASE = timedelta(seconds=1)
LIVES = (0.2, 0.7)  # seconds


def compose(_session: Session, rows: Sequence[Claimed]) -> Composed:
    return {row.id: Message(payload=str(row.notice_id).encode()) for row in rows}


def opened(url: str) -> Database:
    return Database(open_engine(url, Keyring([KEY])))


def live(url: str, origin: str) -> None:
    """Send until killed."""
    database, wire = opened(url), Wire(20, answers_within=2)
    signer = Signer([KEY], "mailto:you@example.org")
    while True:
        send_pushes(database, wire, signer, compose, also=[origin], lease=LEASE)
        time.sleep(0.01)


def let_time_pass(url: str) -> int:
    """What was put off is due again; how much is open."""
    database = opened(url)
    with database.writing() as session:
        put_off = update(Outgoing).where(Outgoing.lease_by.is_(None)).values(due=clock.now())
        session.execute(put_off)
        count = session.scalar(select(func.count()).select_from(Outgoing)) or 0
        session.commit()
    database.engine.dispose()
    return count


def main(url: str, origin: str, kills: int) -> None:
    rnd, killed, left = random.Random(68), 0, 1
    give_up = time.monotonic() + 30 + kills * 3
    while killed < kills or left:
        assert time.monotonic() < give_up, f"{left} left after {killed} kills"
        left = let_time_pass(url)
        child = os.fork()
        if not child:
            live(url, origin)
        time.sleep(rnd.uniform(*LIVES) if killed < kills else 2)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        killed += 1
    print(killed, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
