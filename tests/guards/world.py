"""A small world in which every route has something to show, and something to refuse."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from backend.cohorts.models import Role
from backend.core import clock, ids
from backend.core.cipher import Keyring
from backend.core.db import Base
from backend.core.outbox.retry import Fate
from backend.core.outbox.settle import Results, settle
from backend.erasing import actions as leaving
from backend.notices import actions as notices
from backend.notices.rules import preference_token
from backend.people.models import Because
from backend.rhythm.rules import Kind
from tests.databases import KEY
from tests.laid_out import laid_out
from tests.make import A_RHYTHM, ABOUT, QUESTION, Make, Somebody, a_subscription
from tests.own_data.by_hand import a_line, an_export


@dataclass
class World:
    """Two cohorts. Amina shared with Callum's cohort; Olu is in another one."""

    facilitator: Somebody
    author: Somebody
    member: Somebody
    outsider: Somebody
    cohort: UUID
    other_cohort: UUID
    reflection: UUID
    private: UUID
    response: UUID
    invitation: UUID
    token: str
    prompt: UUID
    reminder: UUID
    request: UUID
    offer: UUID
    commitment: UUID
    proposal: UUID
    remark: UUID
    review: UUID
    check_in: UUID
    export: UUID

    def ids(self, **instead: Any) -> dict[str, Any]:
        """What the routes' parameters are called, each with something that is there."""
        return {
            "cohort_id": self.cohort,
            "invitation_id": self.invitation,
            "person_id": self.member.id,
            "asker_id": self.facilitator.id,
            "reflection_id": self.reflection,
            "response_id": self.response,
            "device_id": self.device,
            "session_id": self.session_id,
            "token": self.token,
            "mail_token": preference_token(Keyring([KEY]), self.author.id, Kind.SHARED),
            "former_token": self.former_token,
            "path": "today",
            "prompt_id": self.prompt,
            "reminder_id": self.reminder,
            "request_id": self.request,
            "offer_id": self.offer,
            "commitment_id": self.commitment,
            "number": 1,
            "proposal_id": self.proposal,
            "remark_id": self.remark,
            "review_id": self.review,
            "check_in_id": self.check_in,
            "export_id": self.export,
            "day": clock.now().date(),
            **instead,
        }

    session_id: UUID | None = None
    device: UUID | None = None
    push_key: str = ""
    former_token: str = ""


def build(make: Make) -> World:
    """One as it is, or a copy that was laid out a moment ago."""
    return laid_out(make, build_anew)


def build_anew(make: Make) -> World:
    facilitator, author, member, outsider = (
        make.somebody(name) for name in ("Morag", "Amina", "Callum", "Olu")
    )
    cohort = make.cohort(facilitator, author, member)
    reflection = make.reflection(author, "We spoke at last.", cohort=cohort)
    invitation, token = make.invitation(facilitator, cohort, uses=3, role=Role.PARTICIPANT)
    commitment = make.commitment(cohort, facilitator, author, member)
    proposal = make.proposal(author, cohort, "We rest.")
    world = World(
        facilitator=facilitator,
        author=author,
        member=member,
        outsider=outsider,
        cohort=cohort,
        other_cohort=make.cohort(outsider, name="Alder"),
        reflection=reflection,
        private=make.reflection(author, "Only mine."),
        response=make.response(member, reflection),
        invitation=invitation,
        token=token,
        prompt=make.question(author, "What did we not say?", cohort=cohort),
        reminder=make.reminder(facilitator, cohort),
        request=make.feedback(author, member, cohort, "You let it stand.", is_fixed=False),
        offer=make.offer(member, author, cohort),
        commitment=commitment,
        proposal=proposal,
        remark=make.remark(member, proposal),
        review=make.review(member, cohort),
        check_in=make.check_in(author, cohort, commitment),
        export=make.exported(author),
    )
    make.answers(author, world.check_in, note="Mostly.")
    feel_a_pulse(make)
    make.invitation_by_mail(facilitator, cohort)
    asked = {"to": str(member.id)}
    facilitator.phone.put(f"/api/cohorts/{cohort}/facilitating/offer", json=asked)
    outsider.phone.patch("/api/me", json={"name": "Olu A"})
    somebody_is_away(make)
    make.announce()
    make.prompt()
    with make.session() as session:
        notices.want_no_mail(session, author.id, [Kind.JOINED])
    author.phone.post("/api/me/address", json={"email": "amina@home.example"})
    world.former_token = make.new_address(make.somebody("Rhona"), "rhona@home.example")
    sessions = author.get("/api/me/sessions").json
    assert sessions
    make.told(author)
    author.say(A_RHYTHM)
    world.push_key = make.app.signer.newest
    removed = make.device(author)
    make.phone_of(author.id).delete(f"/api/devices/{removed}")
    world.device = make.device(author)
    author.phone.post(f"/api/devices/{world.device}/test")
    make.delivery(author, world.device)
    counted = Results()
    counted.fates["https://fcm.googleapis.com"][Fate.ACCEPTED] += 1
    settle(make.app.database, "nobody", counted, clock.now())
    author.choose(clock.now().date() - timedelta(days=1), "not_today")
    world.session_id = sessions["items"][0]["id"]
    make.phone_of(author.id).delete("/api/sign-in/sessions/current")
    return world


def somebody_is_away(make: Make) -> None:
    """For years, so that they were written to."""
    una = make.somebody("Una")
    with make.session() as session:
        leaving.ask(session, una.id, keeps_name=False, base_url="", because=Because.AWAY)
        leaving.note_who_is_away(session)
    make.deliver()


def feel_a_pulse(make: Make) -> None:
    """What is left of a check-in that five have answered, in a cohort of their own."""
    five = [make.somebody(name) for name in ("Pia", "Quentin", "Rosa", "Sam", "Tove")]
    cohort = make.cohort(*five, name="Birch")
    asked = make.check_in(five[0], cohort, make.commitment(cohort, *five))
    five[0].phone.put(f"/api/cohorts/{cohort}/people/me/role", json={"role": "participant"})
    five[1].phone.put(f"/api/cohorts/{cohort}/people/me/role", json={"role": "facilitator"})
    for person in five:
        make.answers(person, asked, note="Often.", signed=person is five[0], wants_to_talk=True)
    with clock.standing_at(clock.now() + timedelta(days=7, minutes=1)):
        make.feel()


def in_a_week() -> str:
    return (clock.now() + timedelta(days=7)).isoformat()


def body_for(call: str, world: World) -> dict[str, Any] | None:
    """A body that each write takes gladly."""
    bodies: dict[str, dict[str, Any]] = {
        "PATCH /api/me": {"matters": "Being heard."},
        "POST /api/sign-in/codes": {"email": "amina@cohort.example"},
        "POST /api/sign-in/sessions": {"email": "amina@cohort.example", "code": "12345678"},
        "POST /api/me/address": {"email": "new@cohort.example"},
        "POST /api/me/address/confirmation": {"code": "12345678"},
        "POST /api/me/erasure": {"code": "12345678", "keep_name": False},
        "POST /api/sign-in/demo": {"key": "amina"},
        "POST /api/cohorts": {"name": "Birch", "time_zone": "Europe/London"},
        "PATCH /api/cohorts/<uuid:cohort_id>": {"name": "Rowan tree"},
        "POST /api/cohorts/<uuid:cohort_id>/invitations": {"expires_at": in_a_week()},
        "POST /api/cohorts/<uuid:cohort_id>/invitations/by-mail": {
            "addresses": "New <new@cohort.example>",
            "expires_at": in_a_week(),
        },
        "PUT /api/cohorts/<uuid:cohort_id>/people/me/role": {"role": "participant"},
        "PUT /api/cohorts/<uuid:cohort_id>/facilitating/offer": {"to": str(world.member.id)},
        "POST /api/cohorts/<uuid:cohort_id>/facilitating/offers/<uuid:asker_id>/answer": {
            "accepts": True
        },
        "POST /api/cohorts/<uuid:cohort_id>/facilitating/objection": {
            "to": str(world.outsider.id),
            "reason": "talk_first",
        },
        "POST /api/invitations/<string(maxlength=64):token>/codes": {
            "email": "amina@cohort.example"
        },
        "POST /api/invitations/<string(maxlength=64):token>/acceptance": {},
        "PUT /api/reflections/<uuid:reflection_id>": {"text": "Something else."},
        "PUT /api/devices/<uuid:device_id>": {
            "subscription": a_subscription(),
            "label": "Phone",
            "key": world.push_key,
        },
        "PUT /api/me/rhythm": A_RHYTHM | {"prompts_a_week": 2},
        "POST /api/notices/read": {"ids": [str(world.reflection)]},
        "PUT /api/reminders/<uuid:reminder_id>": {
            "cohort_id": str(world.cohort),
            "about": "reflection",
            "weekdays": [2],
            "starts_on": "2026-11-23",
        },
        "PUT /api/prompts/<uuid:prompt_id>": {"text": "Who was not in the room today?"},
        "PUT /api/prompts/days/<string(length=10):day>": {"choice": "not_today"},
        "PUT /api/feedback-requests/<uuid:request_id>": {
            "cohort_id": str(world.cohort),
            "question": QUESTION,
            "asked": [str(world.member.id)],
        },
        "PUT /api/feedback-requests/<uuid:request_id>/answer": {"noticed": "You waited."},
        "POST /api/feedback-requests/<uuid:request_id>/decline": {"how": "not_now"},
        "POST /api/feedback-requests/<uuid:request_id>/reminder": {},
        "POST /api/feedback-requests/<uuid:request_id>/open": {},
        "POST /api/feedback-requests/<uuid:request_id>/thanks": {"text": "Thank you."},
        "POST /api/feedback-requests/<uuid:request_id>/passing-on": {"agrees": True},
        "PUT /api/feedback-offers/<uuid:offer_id>": {
            "cohort_id": str(world.cohort),
            "to": str(world.author.id),
            "about": ABOUT,
        },
        "PATCH /api/cohorts/<uuid:cohort_id>/contract": {"check_in_every_weeks": 3},
        "PUT /api/proposals/<uuid:proposal_id>": {
            "cohort_id": str(world.cohort),
            "kind": "add",
            "text": "We rest when we are tired.",
        },
        "PUT /api/proposals/<uuid:proposal_id>/position": {
            "position": "consent",
            "text_version": 1,
        },
        "PUT /api/remarks/<uuid:remark_id>": {
            "proposal_id": str(world.proposal),
            "kind": "question",
            "text": "When is that?",
        },
        "PUT /api/contract-reviews/<uuid:review_id>": {
            "cohort_id": str(world.cohort),
            "text": "Something about rest, please.",
        },
        "PUT /api/check-ins/<uuid:check_in_id>": {
            "cohort_id": str(world.cohort),
            "commitment_id": str(world.commitment),
        },
        "PUT /api/check-ins/<uuid:check_in_id>/answer": {"word": "patchy"},
        "POST /api/sync": {
            "known": [
                {"path": "/api/me", "etag": None},
                {"path": f"/api/cohorts/{world.cohort}/activity?limit=20", "etag": '"0"'},
            ],
            "held": [
                {"kind": kind, "ids": [str(id)], "cohort_id": None}
                for kind, id in {
                    "cohort": world.cohort,
                    "reflection": world.reflection,
                    "response": world.response,
                    "feedback_request": world.request,
                    "feedback": world.offer,
                    "proposal": world.proposal,
                    "remark": world.remark,
                    "review": world.review,
                    "check_in": world.check_in,
                    "notice": world.reflection,
                    "prompt": world.prompt,
                    "reminder": world.reminder,
                }.items()
            ]
            + [
                {
                    "kind": "member",
                    "ids": [str(world.author.id)],
                    "cohort_id": str(world.cohort),
                }
            ],
        },
        "PUT /api/responses/<uuid:response_id>": {
            "reflection_id": str(world.reflection),
            "kind": "curious",
        },
    }
    return bodies.get(call)


def sent_with(call: str, world: World) -> dict[str, Any]:
    """What a client sends that is gladly taken: a body as JSON, or a file as what it is."""
    if call == "POST /api/me/imports":
        return {"data": an_export(a_line()), "content_type": "application/zip"}
    return {"json": body_for(call, world)}


def new_id() -> UUID:
    return ids.new_id()


def dump(make: Make) -> dict[str, list[str]]:
    """Every row of every table, in one order."""
    with make.app.database.reading() as session:
        return {
            table.name: sorted(
                repr([bytes(v) if isinstance(v, memoryview) else v for v in row])
                for row in session.execute(text(f'SELECT * FROM "{table.name}"'))
            )
            for table in Base.metadata.sorted_tables
        }
