"""Making the sample's contract: suggested, decided at its time, and felt."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from backend.contract import actions as contract
from backend.contract import remarks
from backend.contract.deciding import close_due
from backend.contract.frame import set_frame
from backend.contract.models import Change, Proposal, RemarkKind, Stance
from backend.contract.rules import EVERYBODYS_WEEK, SentPosition, SentProposal
from backend.core import ids
from backend.core.puts import Precondition
from backend.demo.shapes import Proposed, Remarked, SampleCheckIn, Stood, reflow
from backend.demo.words import CHECK_INS, PROPOSED
from backend.pulse import actions as pulse
from backend.pulse import closing
from backend.pulse.models import Word
from backend.pulse.rules import OPEN_FOR, Answered

Event = tuple[datetime, Callable[[], None]]
EVENING, NEXT_NOON = "19:30", timedelta(hours=17)
JUST_AFTER = timedelta(minutes=1)
ASKED_FROM = 2  # days before today


class SampleContract:
    """The contract while it is being made. `people` fills up as they join, `cohort` comes first."""

    cohort: UUID

    def __init__(
        self, session: Session, people: Mapping[str, UUID], at: Callable[[int, str], datetime]
    ) -> None:
        self._session, self._people, self._at = session, people, at
        self._made: dict[str, UUID] = {}

    def events(self) -> Iterator[Event]:
        """All that happens, in no order; what is still open goes on after today."""
        for one in PROPOSED:
            begin = self._at(one.ago, EVENING)
            yield begin, partial(self._propose, one)
            for hours, remark in enumerate(one.remarks, 1):
                yield begin + timedelta(hours=hours), partial(self._remark, one, remark)
            for minutes, stood in enumerate(one.stood):
                later = begin + NEXT_NOON + timedelta(minutes=7 * minutes)
                yield later, partial(self._stand, one, stood)
            if timedelta(days=one.ago) > EVERYBODYS_WEEK:
                yield begin + EVERYBODYS_WEEK + JUST_AFTER, self._decide
        # from now on the app asks too, and not at once
        yield self._at(ASKED_FROM, EVENING), self._let_the_app_ask
        for asked in CHECK_INS:
            begin = self._at(asked.ago, EVENING)
            yield begin, partial(self._check_in, asked)
            if timedelta(days=asked.ago) > OPEN_FOR:
                yield begin + OPEN_FOR + JUST_AFTER, self._close_check_ins

    def _let_the_app_ask(self) -> None:
        by = self._people["jackie"]
        set_frame(self._session, by, self.cohort, {"check_in_every_weeks": 3})

    def _propose(self, one: Proposed) -> None:
        changes = self._commitment_of(one.of) if one.of else None
        id = self._made[one.key] = ids.new_id()
        sent = SentProposal(self.cohort, Change(one.kind), changes, one.text, reflow(one.why), None)
        contract.propose(self._session, self._people[one.by], id, sent, Precondition(None))

    def _stand(self, one: Proposed, stood: Stood) -> None:
        said = SentPosition(Stance(stood.choice), reflow(stood.words), stood.safe_if, 1)
        contract.take_position(self._session, self._people[stood.by], self._made[one.key], said)

    def _remark(self, one: Proposed, said: Remarked) -> None:
        remarks.remark(
            self._session,
            self._people[said.by],
            ids.new_id(),
            self._made[one.key],
            RemarkKind(said.kind),
            said.words,
            Precondition(None),
        )

    def _commitment_of(self, key: str) -> UUID:
        adopted = self._session.get_one(Proposal, self._made[key])
        return cast("UUID", adopted.commitment_id)

    def _decide(self) -> None:
        while close_due(self._session):
            pass

    def _check_in(self, asked: SampleCheckIn) -> None:
        id, commitment = ids.new_id(), self._commitment_of(asked.of)
        pulse.ask(self._session, self._people[asked.by], id, self.cohort, commitment)
        for felt in asked.felt:
            answer = Answered(Word(felt.word), felt.note, felt.is_signed, felt.wants_to_talk)
            pulse.answer(self._session, self._people[felt.by], id, answer)

    def _close_check_ins(self) -> None:
        while closing.close_due(self._session):
            pass
