"""The only way that tests make rows: through the features' own actions."""

import logging
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.cohorts import actions as cohorts
from backend.cohorts import facilitating, inviting, letters
from backend.cohorts.models import Role
from backend.contract import actions as contract
from backend.contract import deciding, remarks, reviews
from backend.contract import proposal_queries as contracts
from backend.contract.models import Change, RemarkKind, Stance
from backend.contract.rules import SentPosition, SentProposal
from backend.core import clock, hourly_limits, ids, prepared
from backend.core.app import App
from backend.core.db import keyring_of
from backend.core.hourly_limits import without_limits
from backend.core.outbox.mail import send_codes, send_invitations
from backend.core.outbox.retry import Fate
from backend.core.puts import Precondition
from backend.core.transports import Letter
from backend.core.webpush import topic_of
from backend.deliveries import actions as deliveries
from backend.deliveries.actions import Planned
from backend.erasing import carrying_out
from backend.feedback import actions as feedback
from backend.feedback.models import When
from backend.feedback.rules import CHANGES_FOR, Ask, Offer
from backend.notices import actions as notices
from backend.notices.actions import Raised
from backend.notices.models import Notice
from backend.own_data import actions as own_data
from backend.own_data.making import make_due as make_exports
from backend.own_data.models import Wanted
from backend.people import actions as people
from backend.people.models import Person
from backend.prompts import actions as prompts
from backend.prompts.rules import Depth, SentPrompt
from backend.pulse import actions as pulse
from backend.pulse import erasing
from backend.pulse.models import Word
from backend.pulse.rules import Answered
from backend.reflections import actions as reflections
from backend.reflections.models import Audience
from backend.reflections.schemas import SentReflection
from backend.reminders import actions as reminders
from backend.reminders.rules import About, Schedule, SentReminder
from backend.responses import actions as responses
from backend.responses.models import ResponseKind
from backend.rhythm.rules import Channel, Kind
from backend.sign_in import actions as sign_in
from backend.worker import tidy
from tests.push.opening import Receiver


def a_subscription() -> dict[str, Any]:
    """What the browser of a new device gives: of a push service that nobody asks in tests."""
    endpoint = f"https://fcm.googleapis.com/fcm/send/{secrets.token_urlsafe(16)}"
    return {"endpoint": endpoint, "expirationTime": None, "keys": Receiver().keys}


QUESTION = "What did you notice when I chaired?"
ABOUT = "The handover on Tuesday."
NEW = {"If-None-Match": "*"}
ANY = {"If-Match": "*"}
KINDS = (
    *("shared", "response", "joined", "feedback", "contract", "check_in", "prompt", "reminder"),
    "own_data",
)
# a rhythm as a phone sends it, in nothing as it is from the beginning
A_RHYTHM: dict[str, Any] = {
    "windows": [{"weekday": 0, "opens": "08:00", "closes": "12:30"}],
    "kinds": {kind: ["mail"] for kind in KINDS},
    "prompts_a_week": 1,
    "snoozed_until": None,
    "lock_screen": "names",
    "stretch_me": True,
}


def at_version(number: int) -> dict[str, str]:
    """The header that says which version was changed."""
    return {"If-Match": f'"{number}"'}


def full_reflection(cohort: UUID, prompt: UUID, text: str = "I held back.") -> dict[str, Any]:
    """What a phone sends of a reflection in which everything is said, for a cohort to see."""
    return {
        "cohort_id": str(cohort),
        "text": text,
        "areas": ["self", "system"],
        "noticing": "stuck",
        "stretch": "too_far",
        "prompt_id": str(prompt),
        "audience": "cohort",
        "written_at": "2026-01-30T10:00:00+00:00",
    }


@dataclass
class Letterbox:
    """One of the two fakes: letters end here instead of leaving the building."""

    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)

    def code(self) -> str:
        """The code in the newest letter."""
        found = re.search(r"\d{4} \d{4}( \d{4})?", self.letters[-1].subject)
        assert found
        return found[0]

    def former_token(self) -> str:
        """What puts an address back, in the newest letter."""
        found = re.search(r"/api/former-addresses/(\S+)", self.letters[-1].body)
        assert found
        return found[1]


@dataclass(frozen=True)
class Somebody:
    """A person with a phone: `phone` is signed in as them."""

    id: UUID
    name: str
    email: str
    phone: FlaskClient

    def get(self, path: str, **kw: Any) -> TestResponse:
        return self.phone.get(path, **kw)

    def keep(self, id: UUID | str, headers: dict[str, str] = NEW, **body: Any) -> TestResponse:
        """PUT a reflection."""
        return self.phone.put(f"/api/reflections/{id}", json=body, headers=headers)

    def respond(
        self, id: UUID | str, reflection: UUID | str, headers: dict[str, str] = NEW, **body: Any
    ) -> TestResponse:
        """PUT a response."""
        body = {"reflection_id": str(reflection), "kind": "curious", **body}
        return self.phone.put(f"/api/responses/{id}", json=body, headers=headers)

    def say(self, rhythm: dict[str, Any], version: int = 0) -> TestResponse:
        """PUT how I want to be reached."""
        return self.phone.put("/api/me/rhythm", json=rhythm, headers=at_version(version))

    def choose(self, day: date, choice: str, prompt: UUID | str | None = None) -> TestResponse:
        """PUT what a day of mine holds."""
        body = {"choice": choice, "prompt_id": str(prompt) if prompt else None}
        return self.phone.put(f"/api/prompts/days/{day}", json=body)

    def delete(self, path: str, headers: dict[str, str] = ANY) -> TestResponse:
        return self.phone.delete(path, headers=headers)

    def texts(self, path: str = "/api/reflections") -> list[str]:
        """The texts of a list of reflections."""
        return [item["text"] for item in self.get(path).json["items"]]  # type: ignore[index]


class Make:
    """Makes what a test is given. Names are also the people's addresses."""

    def __init__(self, app: App, letterbox: Letterbox) -> None:
        self.app = app
        self.letterbox = letterbox

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction, committed at its end. What a test is given is made without limits."""
        with without_limits(), self.app.database.writing() as session:
            yield session
            session.commit()

    def told(self, person: "Somebody") -> None:
        """Somebody has told others something within this hour, and it was counted."""
        with self.app.database.writing() as session:
            hourly_limits.count(session, person.id, "shared")
            session.commit()

    def somebody(self, name: str = "Amina", *, may_convene: bool = False) -> Somebody:
        """A person, signed in on a phone of their own."""
        email = f"{name.lower()}@cohort.example"
        with self.session() as session:
            person = people.welcome(session, email, name)
            person.may_convene = may_convene
            return Somebody(person.id, name, email, self._signed_in(session, person))

    def phone_of(self, person: UUID) -> FlaskClient:
        """Another phone, signed in as this person."""
        with self.session() as session:
            return self._signed_in(session, session.get_one(Person, person))

    def _signed_in(self, session: Session, person: Person) -> FlaskClient:
        device = secrets.token_urlsafe(24)
        _, token = sign_in.begin_session(session, person, "Phone")
        sign_in.remember_device(session, person.email, device)
        phone = self.app.test_client()
        phone.set_cookie("alongside-session", token)
        phone.set_cookie("alongside-device", device)
        return phone

    def cohort(self, *members: Somebody, name: str = "Rowan") -> UUID:
        """A cohort: the first one convenes and facilitates, the others join by one link."""
        facilitator, *others = members
        with self.session() as session:
            session.get_one(Person, facilitator.id).may_convene = True
            values = {"name": name, "purpose": "To learn.", "time_zone": "Europe/London"}
            cohort = cohorts.convene(session, facilitator.id, values).id
            if others:
                _, token = _invite(session, facilitator, cohort, uses=len(others))
            for person in others:
                cohorts.accept(session, person.id, token)
        return cohort

    def join(
        self, person: Somebody, cohort: UUID, by: Somebody, role: Role = Role.PARTICIPANT
    ) -> None:
        """Let somebody in by an invitation."""
        with self.session() as session:
            _, token = _invite(session, by, cohort, role=role)
            cohorts.accept(session, person.id, token)

    def invitation(
        self, by: Somebody, cohort: UUID, *, role: Role = Role.PARTICIPANT, uses: int = 1
    ) -> tuple[UUID, str]:
        """An invitation for a week: its id and token."""
        with self.session() as session:
            return _invite(session, by, cohort, role=role, uses=uses)

    def invitation_by_mail(self, by: Somebody, cohort: UUID) -> None:
        """An invitation for a week, whose one letter has come."""
        with self.session() as session:
            letters.invite_by_mail(
                session,
                by.id,
                cohort,
                addresses=["invited@cohort.example"],
                name="By mail",
                expires_at=clock.now() + timedelta(days=7),
                join_url="http://localhost/join#",
            )
        self.deliver_invitations()

    def reflection(
        self,
        author: Somebody,
        text: str = "I held back.",
        *,
        cohort: UUID | None = None,
        people: Sequence[Somebody] = (),
        **more: Any,
    ) -> UUID:
        """A reflection: private, or shared with `people` of `cohort`, or with all of it."""
        audience = Audience.ME if cohort is None else Audience.PEOPLE if people else Audience.COHORT
        content = {
            "cohort_id": cohort,
            "text": text,
            "audience": audience,
            "shared_with": frozenset(person.id for person in people),
        }
        id = ids.new_id()
        with self.session() as session:
            sent = SentReflection(**{**content, **more})
            reflections.keep(session, author.id, id, sent, Precondition(None))
        return id

    def response(self, by: Somebody, reflection: UUID, text: str = "Tell me more?") -> UUID:
        """A response."""
        id = ids.new_id()
        with self.session() as session:
            responses.respond(
                session,
                by.id,
                id,
                Precondition(None),
                reflection_id=reflection,
                kind=ResponseKind.CURIOUS,
                text=text,
            )
        return id

    def feedback(
        self,
        asker: Somebody,
        giver: Somebody,
        cohort: UUID,
        answer: str | None = None,
        *,
        is_fixed: bool = True,
    ) -> UUID:
        """Feedback that somebody asked of one other, with an answer or without; the request."""
        sent_at = clock.now() - CHANGES_FOR if is_fixed else clock.now()
        id = ids.new_id()
        ask = Ask(cohort, QUESTION, "", None, When.NO_RUSH, None, [giver.id])
        with self.session() as session:
            feedback.ask(session, asker.id, id, ask, Precondition(None))
            if answer is not None:
                words = {"noticed": answer, "landed": "", "wonder": ""}
                with clock.standing_at(sent_at):
                    feedback.answer(session, giver.id, id, words, Precondition(None))
        return id

    def offer(self, giver: Somebody, receiver: Somebody, cohort: UUID, about: str = ABOUT) -> UUID:
        """Feedback that somebody offers."""
        id = ids.new_id()
        with self.session() as session:
            sent = Offer(cohort, receiver.id, about)
            feedback.offer(session, giver.id, id, sent, Precondition(None))
        return id

    def proposal(
        self,
        by: Somebody,
        cohort: UUID,
        text: str = "We listen before we answer.",
        *,
        commitment: UUID | None = None,
        kind: Change | None = None,
        closes_at: datetime | None = None,
    ) -> UUID:
        """Something proposed for a contract: an addition, or a rewording of `commitment`."""
        id = ids.new_id()
        what = kind or (Change.REWORD if commitment else Change.ADD)
        words = "" if what is Change.RETIRE else text
        sent = SentProposal(cohort, what, commitment, words, "We learned it.", closes_at)
        with self.session() as session:
            contract.propose(session, by.id, id, sent, Precondition(None))
        return id

    def position(
        self, by: Somebody, proposal: UUID, choice: Stance = Stance.CONSENT, text: str = "So."
    ) -> None:
        """Where somebody stands on a proposal as it is worded now."""
        with self.session() as session:
            wording = contracts.proposal(session, by.id, proposal).text_version
            contract.take_position(
                session, by.id, proposal, SentPosition(choice, text, "", wording)
            )

    def remark(self, by: Somebody, proposal: UUID, text: str = "Always?") -> UUID:
        """A question about a proposal."""
        id = ids.new_id()
        with self.session() as session:
            remarks.remark(
                session, by.id, id, proposal, RemarkKind.QUESTION, text, Precondition(None)
            )
        return id

    def review(self, by: Somebody, cohort: UUID, text: str = "Something about rest.") -> UUID:
        """Somebody asks a cohort to look at its contract again."""
        id = ids.new_id()
        with self.session() as session:
            reviews.ask_for_review(session, by.id, id, cohort, text, Precondition(None))
        return id

    def commitment(
        self, cohort: UUID, *everybody: Somebody, text: str = "We listen before we answer."
    ) -> UUID:
        """A commitment that a cohort adopts at a gathering, with the consent of `everybody`."""
        first, *others = everybody
        id = self.proposal(first, cohort, text)
        for person in others:
            self.position(person, id)
        with self.session() as session:
            row = contracts.proposal(session, first.id, id)
            made = deciding.close_now(session, first.id, id, row.version).commitment_id
        assert made is not None
        return made

    def check_in(self, by: Somebody, cohort: UUID, commitment: UUID) -> UUID:
        """A check-in that somebody opened by hand."""
        id = ids.new_id()
        with self.session() as session:
            pulse.ask(session, by.id, id, cohort, commitment)
        return id

    def answers(
        self,
        by: Somebody,
        check_in: UUID,
        word: Word = Word.LIVING,
        note: str = "",
        *,
        signed: bool = False,
        wants_to_talk: bool = False,
    ) -> None:
        """How somebody feels that a commitment is lived."""
        with self.session() as session:
            pulse.answer(session, by.id, check_in, Answered(word, note, signed, wants_to_talk))

    def decide(self) -> int:
        """Let the worker close what is due of contracts, and invite to reviews."""
        return self._until_done(deciding.do_due)

    def feel(self) -> int:
        """Let the worker close and open check-ins that are due."""
        return self._until_done(pulse.do_due)

    def take_up(self) -> int:
        """Let the worker make those facilitators to whom nobody objected."""
        return self._until_done(facilitating.settle_due)

    def erase(self) -> None:
        """Let the worker wipe what closed check-ins leave behind."""
        erasing.erase(self.app.database)

    def exported(self, person: Somebody) -> UUID:
        """An export of all that is somebody's, ready to be had; they asked on paper before."""
        with self.session() as session:
            own_data.note_paper(session, person.id, Wanted.EXPORT)
            id = own_data.ask(session, person.id).id
        make_exports(self.app.database, self.app.jobs)
        return id

    def export(self, person: Somebody) -> bytes:
        """The file of one that somebody asked for."""
        asked = person.phone.post("/api/me/exports")
        assert asked.status_code == 202, asked.json
        make_exports(self.app.database, self.app.jobs)
        return person.get(f"/api/me/exports/{asked.json['id']}/file").data  # type: ignore[index]

    def erase_people(self) -> int:
        """Let the worker write to those who are to be erased, and erase who is due; how many."""
        settings = self.app.settings
        return carrying_out.do_due(self.app.database, settings.data, settings.base_url)

    def tidy(self) -> None:
        """Let the worker forget what is over."""
        tidy(self.app)

    def device(
        self, person: Somebody, subscription: Mapping[str, Any] | None = None, label: str = "Phone"
    ) -> UUID:
        """A device on which somebody turned notifications on."""
        id = ids.new_id()
        body = {
            "subscription": subscription or a_subscription(),
            "label": label,
            "key": self.app.signer.newest,
        }
        answer = person.phone.put(f"/api/devices/{id}", json=body)
        assert answer.status_code == 201, answer.json
        return id

    def question(
        self,
        by: Somebody,
        text: str = "Who was not there?",
        *,
        cohort: UUID | None = None,
        depth: Depth = Depth.GENTLE,
    ) -> UUID:
        """A question: for a cohort, or for oneself alone."""
        id = ids.new_id()
        with self.session() as session:
            wording = SentPrompt(text, [], depth, cohort)
            prompts.ask(session, by.id, id, wording, Precondition(None))
        return id

    def topic(self, device: UUID, thread: str) -> str:
        """The Topic of a thread on a device."""
        return topic_of(keyring_of(self.app.database.engine.dialect), device, thread)

    def delivery(
        self,
        person: Somebody,
        device: UUID | None = None,
        *,
        kind: Kind = Kind.SHARED,
        keeps: timedelta = timedelta(hours=48),
    ) -> UUID:
        """Plan a message to a person's device, or to them by mail, due now; its notice's id."""
        now = clock.now()
        with self.session() as session:
            cause = f"test:{ids.new_id()}"
            # of no use to send: so raising it plans nothing by itself
            raised = Raised(person.id, kind, cause, now, expires_at=now)
            notices.raise_notices(session, [raised])
            notice = session.scalars(select(Notice.id).where(Notice.cause == cause)).one()
            is_asked = kind not in (Kind.PROMPT, Kind.REMINDER)
            planned = Planned(
                notice_id=notice,
                person_id=person.id,
                device_id=device,
                kind=kind,
                channel=Channel.PUSH if device else Channel.MAIL,
                urgency="high" if is_asked else "normal",
                due=now,
                expires_at=now + keeps,
                topic=self.topic(device, cause) if device else "",
            )
            deliveries.plan(session, [planned])
        return notice

    def reminder(self, by: Somebody, cohort: UUID, **schedule: Any) -> UUID:
        """A cohort's reminder: of its contract, on Mondays at eight, from today on."""
        id = ids.new_id()
        usual = {
            "weekdays": (0,),
            "at": time(8),
            "every_weeks": 1,
            "starts_on": clock.now().date(),
            "ends_on": None,
        }
        wanted = SentReminder(cohort, About.CONTRACT, Schedule(**usual | schedule))
        with self.session() as session:
            reminders.remind(session, by.id, id, wanted, Precondition(None))
        return id

    def stranger(self) -> FlaskClient:
        """A phone on which nobody is signed in."""
        return self.app.test_client()

    def code_for(self, phone: FlaskClient, email: str) -> str:
        """Ask for a code on `phone`, and read it in the mail."""
        answer = phone.post("/api/sign-in/codes", json={"email": email})
        assert answer.status_code == 202, answer.json
        self.deliver()
        return self.letterbox.code()

    def new_address(self, person: Somebody, email: str) -> str:
        """Change somebody's address by the code that comes; the token that undoes it."""
        self.deliver()  # what else was on its way, so that the newest letter is the code's
        asked = person.phone.post("/api/me/address", json={"email": email})
        assert asked.status_code == 202, asked.json
        self.deliver()
        code = {"code": self.letterbox.code()}
        answer = person.phone.post("/api/me/address/confirmation", json=code)
        assert answer.status_code == 200, answer.json
        self.deliver()
        return self.letterbox.former_token()

    def announce(self) -> int:
        """Let the worker tell what happened to whom it is meant for; how many facts."""
        return self._until_done(notices.announce)

    def prompt(self) -> int:
        """Let the worker take the turns that have come; how many."""
        return self._until_done(prompts.prompt_due)

    def remind(self) -> int:
        """Let the worker hand out the reminders that are due; how many turns, a batch at a time."""
        return self._until_done(reminders.remind_due)

    def _until_done(self, some: Callable[[Session], int]) -> int:
        done = 0
        while True:
            with self.session() as session:
                more = some(session)
            if not more:
                return done
            done += more

    def deliver(self) -> int:
        """Let the worker send what is due."""
        return send_codes(self.app.database, self.letterbox)[Fate.ACCEPTED]

    def deliver_invitations(self) -> int:
        """Let the worker send the letters that invite."""
        sent = send_invitations(self.app.database, self.letterbox, letters.of_open_links)
        return sent[Fate.ACCEPTED]


def _invite(
    session: Session, by: Somebody, cohort: UUID, *, role: Role = Role.PARTICIPANT, uses: int = 1
) -> tuple[UUID, str]:
    expires_at = clock.now() + timedelta(days=7)
    made, token = inviting.invite(
        session, by.id, cohort, role=role, uses=uses, expires_at=expires_at
    )
    return made.id, token


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL that is sent meanwhile, through SQLAlchemy or prepared, BEGIN left out."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if not sql.startswith("BEGIN"):
            seen.append(sql)

    def note_prepared(record: logging.LogRecord) -> bool:
        seen.append(record.msg)
        return False  # noted, and told to nobody else

    level = prepared.log.level
    event.listen(engine, "before_cursor_execute", note)
    prepared.log.addFilter(note_prepared)
    prepared.log.setLevel(logging.DEBUG)
    assert prepared.log.isEnabledFor(logging.DEBUG), "nothing would be counted"
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
        prepared.log.removeFilter(note_prepared)
        prepared.log.setLevel(level)
