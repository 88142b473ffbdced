"""What is asked when the app opens: one call."""

from backend.core import clock
from backend.core.fields import Serialised
from backend.core.inner_requests import Refusal, answer_to
from backend.core.request import Blueprint, connection, count_in_log, me, read_only, session
from backend.sync import queries
from backend.sync.marks import A_DAY, Marks
from backend.sync.rules import ENOUGH
from backend.sync.schemas import ChangedShown, Known, LostShown, SentSync, SyncIn, SyncOut

blp = Blueprint(
    "sync", __name__, url_prefix="/api/sync", description="What is new for a phone, in one call."
)


@blp.post("")
@read_only
@blp.arguments(SyncIn)
@blp.response(200, SyncOut)
def sync(values: SentSync) -> Serialised:
    """Ask what is new at addresses whose answers I keep, and what I may keep; changes nothing.

    Each of them is answered as its GET answers alone, to the letter, with the same ETag: in
    `changed` where that is not what I have, in `lost` where it is refused. Name first what matters
    most. An address that no phone keeps an answer of is refused, and with it the whole call.
    """
    known = values["known"]
    answers = _Answers()
    if known:
        marks = Marks(connection(), session, me())  # before the answers: see there
        for one in known:
            answers.add(one, marks)
    held = values["held"]
    gone = queries.gone(session(), me(), held) if held else []
    count_in_log(asked=len(known), changed=len(answers.changed), lost=len(answers.lost))
    return Serialised(
        changed=answers.changed,
        lost=answers.lost,
        gone=gone,
        marks=answers.marks,
        holds_until=answers.holds_until,
        next=answers.next,
    )


class _Answers:
    """What is new and what is lost, in the order asked, until that is enough.

    `marks`: of each address that was answered; `holds_until`: until when all of that holds, unless
    a mark changes; `next`: the addresses after it was enough.
    """

    def __init__(self) -> None:
        self._size = 0
        self.holds_until = clock.now() + A_DAY
        self.changed: list[ChangedShown] = []
        self.lost: list[LostShown] = []
        self.marks: dict[str, str] = {}
        self.next: list[str] = []

    def add(self, one: Known, marks: Marks) -> None:
        path = one.get.path
        if self._size >= ENOUGH:
            self.next.append(path)
            return
        # a mark says that an answer is still so, which is of no use to whoever has none
        mark, until, is_so = marks.look(one.get.view, path, one.mark if one.etag else None)
        answer = None if is_so else answer_to(one.get, one.etag)
        if isinstance(answer, Refusal):
            told: LostShown = {
                "path": path,
                "code": answer.code,
                "reason": answer.reason,
                "message": answer.message,
            }
            self.lost.append(told)
            return
        if mark:
            self.marks[path] = mark
        self.holds_until = min(self.holds_until, until)
        if answer:
            self.changed.append({"path": path, "etag": answer.etag, "body": answer.body})
            self._size += answer.size
