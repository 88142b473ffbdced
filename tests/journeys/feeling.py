"""A contract that is lived, and how it was felt before: the app's own actions, and its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.cohorts.models import Membership
from backend.contract import actions as contract
from backend.contract import proposal_queries as contracts
from backend.contract.deciding import close_now
from backend.contract.frame import set_frame
from backend.contract.models import (
    Change,
    Commitment,
    CommitmentInVersion,
    Contract,
    ContractVersion,
    Position,
    Proposal,
    Remark,
    Review,
    Stance,
)
from backend.contract.rules import SentPosition, SentProposal
from backend.core import clock, ids
from backend.core.cipher import Keyring
from backend.core.db import Database, open_engine
from backend.core.puts import Precondition
from backend.people.models import Person
from backend.pulse import actions as pulse
from backend.pulse.models import CheckIn, CheckInAnswer, Pulse, PulseNote, ToTalkAbout, Word
from backend.pulse.rules import MOST_EXTENDED, OPEN_FOR, Answered
from backend.settings import from_environment
from tests.journeys.server import Server

LISTEN, NAME, REST = (
    "We listen to the end before we answer",
    "We name what we notice, kindly and soon",
    "We leave room for those who are tired",
)
LIVING, PATCHY, DRIFTED, NOT_SURE = Word
OF_CONTRACT = (
    ToTalkAbout,
    PulseNote,
    Pulse,
    CheckInAnswer,
    CheckIn,
    CommitmentInVersion,
    ContractVersion,
    Position,
    Remark,
    Proposal,
    Review,
    Commitment,
    Contract,
)


@dataclass(frozen=True)
class Voice:
    """How somebody answered a check-in."""

    word: Word
    note: str = ""
    signed: bool = False
    wants_to_talk: bool = False


class Living:
    """The sample cohort of a server, as it would have lived."""

    def __init__(self, server: Server) -> None:
        settings = from_environment(server.environment())
        keys = Keyring(settings.secret_keys)
        self._database = Database(open_engine(settings.database_url, keys))
        with self._writing() as session:
            found = session.execute(
                select(Person.id, Membership.cohort_id)
                .join(Membership, Membership.person_id == Person.id)
                .where(Membership.left_at.is_(None))
                .order_by(Membership.joined_at)
            ).all()
        self.cohort: UUID = found[0].cohort_id
        self.people: list[UUID] = [row.id for row in found]
        with self._writing() as session:
            # all have been here for long: who has just come has no voice in a check-in yet
            long_ago = datetime.now(UTC) - timedelta(days=120)
            here = Membership.cohort_id == self.cohort
            session.execute(update(Membership).where(here).values(joined_at=long_ago))
            for table in OF_CONTRACT:  # the sample's own would be in the way
                session.execute(delete(table))
            # asked when the test asks, and at no other time
            frame = {"check_in_every_weeks": 0}
            set_frame(session, self.people[0], self.cohort, frame)

    def adopts(self, text: str = LISTEN, *, days_ago: int = 60) -> UUID:
        """Everyone consents to a commitment, at a gathering; its id."""
        id, (first, *others) = ids.new_id(), self.people
        sent = SentProposal(self.cohort, Change.ADD, None, text, "We learned it.", None)
        with self._writing(days_ago) as session:
            contract.propose(session, first, id, sent, Precondition(None))
            for person in others:
                contract.take_position(session, person, id, SentPosition(Stance.CONSENT, "", "", 1))
            version = contracts.proposal(session, first, id).version
            made = close_now(session, first, id, version).commitment_id
        assert made is not None
        return made

    def asks(self, commitment: UUID, *, days_ago: float = 0) -> UUID:
        """Somebody asks how it is lived; the check-in's id."""
        id = ids.new_id()
        with self._writing(days_ago) as session:
            pulse.ask(session, self.people[0], id, self.cohort, commitment)
        return id

    def felt(self, commitment: UUID, *answers: Voice, days_ago: float) -> UUID:
        """A check-in that began so long ago, was answered so, and has closed."""
        id = self.asks(commitment, days_ago=days_ago)
        with self._writing(days_ago) as session:
            for person, one in zip(self.people[::-1], answers, strict=False):
                said = Answered(one.word, one.note, one.signed, one.wants_to_talk)
                pulse.answer(session, person, id, said)
        for weeks in range(1, MOST_EXTENDED + 2):  # with too few voices it stays open for longer
            if self._is_open(id):
                self.closes(days_ago - weeks * OPEN_FOR.days)
        return id

    def closes(self, days_ago: float = 0) -> None:
        """What is due so long ago is closed."""
        with self._writing(days_ago) as session:
            while pulse.close_due(session):
                pass

    def _is_open(self, id: UUID) -> bool:
        with self._database.reading() as session:
            return session.get_one(CheckIn, id).closed_at is None

    @contextmanager
    def _writing(self, days_ago: float = 0) -> Iterator[Session]:
        moment = datetime.now(UTC) - timedelta(days=days_ago)
        with clock.standing_at(moment), self._database.writing() as session:
            yield session
            session.commit()


def so(**counts: int) -> list[Voice]:
    """`so(living=6, patchy=3)`: so many answers with each word."""
    return [Voice(Word(name)) for name, count in counts.items() for _ in range(count)]
