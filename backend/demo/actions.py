"""Making the sample cohort as if it had been lived.

Everything goes through the features' own actions, with the clock put back: so that who
reached whom, the ledger and the joining are what real weeks would have left behind.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from backend.cohorts.actions import accept, convene
from backend.cohorts.inviting import invite, revoke
from backend.cohorts.models import Role
from backend.cohorts.schemas import SentCohort
from backend.core import clock, ids
from backend.core.puts import Precondition
from backend.demo.contract import SampleContract
from backend.demo.people import INVITATIONS, PEOPLE, QUESTIONS, REMINDER, ROWAN, ROWAN_ID
from backend.demo.queries import is_sample
from backend.demo.shapes import (
    Asked,
    Kept,
    Offered,
    Responded,
    SampleInvitation,
    SamplePerson,
    SampleQuestion,
    SampleReminder,
    reflow,
)
from backend.demo.words import ASKED, OFFERED, RESPONDED, TIMELINES
from backend.feedback import actions as feedback
from backend.feedback.models import Decline, When
from backend.feedback.rules import Ask, Offer
from backend.feedback.schemas import SentAnswer
from backend.notices.actions import announce
from backend.people.actions import describe_oneself, welcome
from backend.people.models import Person
from backend.people.queries import is_anybody_here
from backend.prompts.actions import ask
from backend.prompts.rules import Depth, SentPrompt
from backend.reflections.actions import keep
from backend.reflections.models import Area, Audience, Noticing, Reflection, Stretch
from backend.reflections.schemas import SentReflection
from backend.reminders.actions import remind
from backend.reminders.rules import About, Schedule, SentReminder
from backend.responses.actions import respond
from backend.responses.models import ResponseKind

Event = tuple[datetime, Callable[[], None]]

EVENING = "19:40"  # and to what others said to them
NOON = "12:30"  # when people come back to something that they kept earlier


class NotForTheSample(Exception):
    """Somebody is here already, and the sample was not the first."""


def make_sample(session: Session, now: datetime | None = None) -> bool:
    """Make the sample cohort, ending at `now`; False when it is there already.

    Raises NotForTheSample where there are people that it did not make.
    """
    if is_sample(session):
        return False
    if is_anybody_here(session):
        raise NotForTheSample
    end = now or clock.now()
    for moment, happen in sorted(_Sample(session, end).events(), key=lambda event: event[0]):
        with clock.standing_at(min(moment, end)):
            happen()
    session.flush()
    with clock.standing_at(end):
        while announce(session, is_quiet=True):  # inboxes as lived in; nobody's phone rings for it
            pass
    return True


class _Sample:
    """The cohort while it is being made: who and what has which id."""

    def __init__(self, session: Session, end: datetime) -> None:
        self._session = session
        self._zone = ZoneInfo(ROWAN.time_zone)
        self._today = end.astimezone(self._zone).date()
        self._people: dict[str, UUID] = {}
        self._rows: dict[str, Reflection] = {}
        self._contract = SampleContract(session, self._people, self._at)

    def events(self) -> Iterator[Event]:
        """All that happens, in no order."""
        first, *others = PEOPLE
        yield self._at(first.joined_ago, first.joined_at), partial(self._convene, first)
        for invitation in INVITATIONS:
            yield from self._inviting(invitation)
        for person in others:
            yield self._at(person.joined_ago, person.joined_at), partial(self._join, person)
        joined = {person.key: self._at(person.joined_ago, person.joined_at) for person in PEOPLE}
        shared = {}
        for by, timeline in TIMELINES.items():
            for kept in timeline:
                shared[kept.key] = self._shared(kept)
                yield from self._keeping(by, kept, joined[by])
        for question in QUESTIONS:
            yield self._at(question.ago, question.at), partial(self._ask, question)
        yield self._at(REMINDER.ago, REMINDER.at), partial(self._remind, REMINDER)
        for answer in RESPONDED:
            moment = shared[answer.to] + timedelta(hours=answer.after)
            yield moment, partial(self._respond, answer)
        yield from self._between_two()
        yield from self._contract.events()

    def _between_two(self) -> Iterator[Event]:
        for asked in ASKED:
            id = ids.new_id()
            yield self._at(asked.ago, NOON), partial(self._ask_for_feedback, id, asked)
            if asked.answered is not None or asked.declined:
                after = asked.ago - 1 if asked.answered is None else asked.answered
                yield self._at(after, NOON), partial(self._answer_it, id, asked)
                if asked.is_open:
                    yield self._at(after, EVENING), partial(self._open_it, id, asked)
        for offered in OFFERED:
            yield self._at(offered.ago, NOON), partial(self._offer, offered)

    def _at(self, ago: int, at: str) -> datetime:
        hour, minute = map(int, at.split(":"))
        day = self._today - timedelta(days=ago)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._zone)

    def _shared(self, kept: Kept) -> datetime:
        """When it reached somebody: as it was written, or at noon of a later day."""
        later = kept.shared_ago is not None and kept.shared_ago < kept.ago
        return self._at(kept.shared_ago or 0, NOON) if later else self._at(kept.ago, kept.at)

    def _inviting(self, invitation: SampleInvitation) -> Iterator[Event]:
        made = self._at(invitation.ago, invitation.at)
        taken_back = invitation.revoked_at and self._at(invitation.ago, invitation.revoked_at)
        yield made, partial(self._invite, invitation, made)
        if taken_back:
            yield taken_back, self._revoke

    def _keeping(self, by: str, kept: Kept, joined: datetime) -> Iterator[Event]:
        written = self._at(kept.ago, kept.at)
        shared = self._shared(kept)
        # what is older than the account was brought along, on the first evening
        first = max(written, joined + timedelta(minutes=30))
        yield first, partial(self._keep, by, kept, written, is_shared=shared == written)
        if shared != written:
            yield shared, partial(self._keep, by, kept, written, is_shared=True)
        if kept.taken_back_ago is not None:
            yield (
                self._at(kept.taken_back_ago, NOON),
                partial(self._keep, by, kept, written, is_shared=False),
            )

    def _welcome(self, person: SamplePerson) -> UUID:
        made = welcome(
            self._session,
            person.email,
            person.name,
            time_zone=person.time_zone,
            matters=person.matters,
        )
        described = {"brings": person.brings, "curious_about": person.curious_about}
        describe_oneself(self._session, made.id, described)
        self._people[person.key] = made.id
        return made.id

    def _convene(self, person: SamplePerson) -> None:
        self._host = self._welcome(person)
        self._session.get_one(Person, self._host).may_convene = True
        sent: SentCohort = {
            "name": ROWAN.name,
            "purpose": ROWAN.purpose,
            "time_zone": ROWAN.time_zone,
            "starts_on": self._today - timedelta(days=ROWAN.starts_ago),
            "ends_on": self._today + timedelta(days=ROWAN.ends_in),
        }
        self._cohort = convene(self._session, self._host, sent, ROWAN_ID).id
        self._contract.cohort = self._cohort

    def _invite(self, invitation: SampleInvitation, made: datetime) -> None:
        row, token = invite(
            self._session,
            self._host,
            self._cohort,
            role=Role.PARTICIPANT,
            expires_at=made + timedelta(days=invitation.days),
            uses=invitation.uses,
        )
        self._invitation, self._token = row.id, token

    def _revoke(self) -> None:
        revoke(self._session, self._host, self._cohort, self._invitation)

    def _join(self, person: SamplePerson) -> None:
        accept(self._session, self._welcome(person), self._token)

    def _keep(self, by: str, kept: Kept, written: datetime, *, is_shared: bool) -> None:
        row = self._rows.get(kept.key)
        self._rows[kept.key], _ = keep(
            self._session,
            self._people[by],
            row.id if row else ids.new_id(),
            self._sent(kept, written, Audience(kept.audience) if is_shared else Audience.ME),
            Precondition(row.version if row else None),
        )

    def _sent(self, kept: Kept, written: datetime, audience: Audience) -> SentReflection:
        chosen = kept.people if audience is Audience.PEOPLE else ()
        return SentReflection(
            cohort_id=self._cohort if kept.ago <= ROWAN.made_ago else None,
            text=kept.text,
            areas=[Area(area) for area in kept.areas.split()],
            noticing=Noticing(kept.noticing) if kept.noticing else None,
            stretch=Stretch(kept.stretch) if kept.stretch else None,
            audience=audience,
            shared_with=frozenset(self._people[key] for key in chosen),
            written_at=written,
        )

    def _respond(self, answer: Responded) -> None:
        respond(
            self._session,
            self._people[answer.by],
            ids.new_id(),
            Precondition(None),
            reflection_id=self._rows[answer.to].id,
            kind=ResponseKind(answer.kind),
            text=answer.text,
        )

    def _ask(self, question: SampleQuestion) -> None:
        areas = [area for area in Area if area.value in question.touches.split()]
        wording = SentPrompt(question.text, areas, Depth(question.depth), self._cohort)
        by = self._people[question.by]
        ask(self._session, by, ids.new_id(), wording, Precondition(None))

    def _remind(self, reminder: SampleReminder) -> None:
        schedule = Schedule(
            weekdays=reminder.weekdays,
            at=time.fromisoformat(reminder.comes_at),
            every_weeks=reminder.every_weeks,
            starts_on=self._today + timedelta(days=1),  # so that nothing is overdue at the start
            ends_on=None,
        )
        wanted = SentReminder(self._cohort, About(reminder.about), schedule)
        by = self._people[reminder.by]
        remind(self._session, by, ids.new_id(), wanted, Precondition(None))

    def _ask_for_feedback(self, id: UUID, asked: Asked) -> None:
        giver = self._people[asked.of]
        ask = Ask(
            self._cohort, asked.question, reflow(asked.context), None, When.NO_RUSH, None, [giver]
        )
        feedback.ask(self._session, self._people[asked.by], id, ask, Precondition(None))

    def _answer_it(self, id: UUID, asked: Asked) -> None:
        giver = self._people[asked.of]
        if asked.declined:
            feedback.decline(self._session, giver, id, Decline(asked.declined))
            return
        words: SentAnswer = {
            "noticed": reflow(asked.noticed),
            "landed": reflow(asked.landed),
            "wonder": reflow(asked.wonder),
        }
        feedback.answer(self._session, giver, id, words, Precondition(None))

    def _open_it(self, id: UUID, asked: Asked) -> None:
        giver, asker = self._people[asked.of], self._people[asked.by]
        feedback.open_answer(self._session, asker, id, giver)
        thanks = reflow(asked.thanks)
        feedback.thank(self._session, asker, id, giver, text=thanks, heard="", to_talk=False)

    def _offer(self, offered: Offered) -> None:
        id, giver, receiver = ids.new_id(), self._people[offered.by], self._people[offered.to]
        offer = Offer(self._cohort, receiver, offered.about)
        feedback.offer(self._session, giver, id, offer, Precondition(None))
        if offered.is_welcome:
            feedback.welcome(self._session, receiver, id)
