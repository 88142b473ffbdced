"""What happens in a walk: every write, by people of every kind, and what time brings."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from backend.core.ids import new_id
from tests.guards.routes import all_calls
from tests.make import A_RHYTHM, ANY, NEW, Somebody, a_subscription, at_version
from tests.own_data.by_hand import a_line, an_export
from tests.sync.marked import Walk

ROWAN = 0


def tell(walk: Walk) -> None:
    """The whole story, part by part; the order matters."""
    cohorts(walk)
    oneself(walk)
    reflections(walk)
    feedback(walk)
    questions(walk)
    reminders(walk)
    devices(walk)
    contract(walk)
    pulse(walk)
    comings_and_goings(walk)
    facilitating(walk)
    months(walk)


def convene(walk: Walk, by: str, name: str) -> str:
    made = walk.call(by, "POST", "/api/cohorts", {"name": name, "time_zone": "Europe/London"})
    id: str = made.json["id"]  # type: ignore[index]
    walk.add_cohort(id)
    return id


def invite(walk: Walk, by: str, cohort: str, **more: Any) -> str:
    body = {"expires_at": (walk.now[0] + timedelta(days=7)).isoformat(), "uses": 1, **more}
    made = walk.call(by, "POST", f"/api/cohorts/{cohort}/invitations", body).json
    walk.pool.setdefault("invitation_id", []).append(made["id"])  # type: ignore[index]
    token: str = made["token"]  # type: ignore[index]
    return token


def join(walk: Walk, who: str, token: str) -> None:
    walk.call(who, "POST", f"/api/invitations/{token}/acceptance", {})


def cohorts(walk: Walk) -> None:
    rowan, alder = convene(walk, "Amina", "Rowan"), convene(walk, "Ewa", "Alder")
    token = invite(walk, "Amina", rowan, uses=9)
    for name in ("Bo", "Cleo", "Dev", "Ewa"):
        join(walk, name, token)
    join(walk, "Cleo", invite(walk, "Ewa", alder))
    walk.call("Amina", "PATCH", f"/api/cohorts/{rowan}", {"name": "Rowan tree"})
    open_for = (walk.now[0] + timedelta(minutes=30)).isoformat()
    invite(walk, "Amina", rowan, expires_at=open_for)
    for _ in range(3):
        invite(walk, "Amina", rowan)
    by_mail = {"addresses": "new@cohort.example", "expires_at": open_for, "name": "By mail"}
    walk.call("Amina", "POST", f"/api/cohorts/{rowan}/invitations/by-mail", by_mail)
    revoked = walk.pool["invitation_id"][-1]
    walk.call("Amina", "DELETE", f"/api/cohorts/{rowan}/invitations/{revoked}")
    walk.passes(minutes=40)  # an invitation has run out
    join(walk, "Bo", invite(walk, "Amina", rowan, role="facilitator"))
    walk.passes(hours=15)  # the next day has begun: another order, another question


def oneself(walk: Walk) -> None:
    """Fin has no cohort yet: what they change, they alone see."""
    walk.put("Fin", "reflection_id", "/api/reflections", {"text": "Alone."})
    as_zip = {"Content-Type": "application/zip"}
    walk.call("Fin", "POST", "/api/me/imports", headers=as_zip, file=an_export(a_line()))
    walk.call("Fin", "PATCH", "/api/me", {"matters": "Being heard."})
    walk.call("Fin", "PATCH", "/api/me", {"name": "Finn"})
    walk.call("Bo", "PATCH", "/api/me", {"brings": "Time."})
    walk.call("Bo", "PATCH", "/api/me", {"name": "Bob"})
    walk.call("Bo", "PATCH", "/api/me", {"name": "Bo"})
    walk.call("Bo", "PUT", "/api/me/rhythm", A_RHYTHM | {"prompts_a_week": 3}, at_version(0))
    walk.call("Bo", "PUT", "/api/me/rhythm", A_RHYTHM | {"prompts_a_week": 7}, at_version(1))
    walk.changes_address("Fin", "fin@home.example")
    walk.puts_address_back("Fin")
    walk.fewer_mails("Cleo")
    walk.facilitates("Cleo")


def reflections(walk: Walk) -> None:
    rowan = walk.ids[ROWAN]
    one = "/api/reflections"

    def body(text: str, audience: str = "me", *people: str) -> dict[str, Any]:
        named = [str(walk.people[name].id) for name in people]
        return {"text": text, "cohort_id": rowan, "audience": audience, "shared_with": named}

    walk.put("Amina", "reflection_id", one, body("Mine."))
    walk.put("Amina", "reflection_id", one, body("Mine still."), 1)
    walk.put("Amina", "reflection_id", one, body("Bo's too.", "people", "Bo"), 2)
    walk.put("Amina", "reflection_id", one, body("Reworded.", "people", "Bo"), 3)
    walk.worker("announce", walk.make.announce)
    answer = {"reflection_id": walk.pool["reflection_id"][-1], "kind": "curious", "text": "How?"}
    walk.put("Bo", "response_id", "/api/responses", answer)
    walk.put("Bo", "response_id", "/api/responses", {**answer, "text": "How so?"}, 1)
    walk.worker("announce", walk.make.announce)
    walk.call("Bo", "DELETE", f"/api/responses/{walk.pool['response_id'][-1]}", headers=ANY)
    walk.put("Amina", "reflection_id", one, body("All of us.", "cohort"), 4)
    walk.put("Cleo", "response_id", "/api/responses", answer)
    walk.worker("announce", walk.make.announce)
    notices = walk.people["Amina"].get("/api/notices").json["items"]  # type: ignore[index]
    read = {"ids": [item["id"] for item in notices]}
    walk.call("Amina", "POST", "/api/notices/read", read)
    walk.put("Amina", "reflection_id", one, body("Mine again."), 5)
    walk.put("Amina", "reflection_id", one, body("To be deleted.", "cohort"))
    walk.call("Amina", "DELETE", f"{one}/{walk.pool['reflection_id'].pop()}", headers=ANY)


def feedback(walk: Walk) -> None:
    rowan, requests, offers = walk.ids[ROWAN], "/api/feedback-requests", "/api/feedback-offers"
    people = walk.people

    def asks(by: str, *whom: str, **more: Any) -> str:
        version = more.pop("version", None)
        asked = [str(people[name].id) for name in whom]
        body = {"cohort_id": rowan, "question": "What did you notice?", "asked": asked, **more}
        return walk.put(by, "request_id", requests, body, version)

    def does(who: str, id: str, step: str, **body: Any) -> None:
        walk.call(who, "POST", f"{requests}/{id}/{step}", body)

    def answers(who: str, id: str, text: str = "You waited.", version: int | None = None) -> None:
        headers = at_version(version) if version else {"If-None-Match": "*"}
        walk.call(who, "PUT", f"{requests}/{id}/answer", {"noticed": text}, headers)

    with_one = {"reflection_id": walk.pool["reflection_id"][-1]}
    id = asks("Amina", "Bo", "Cleo", **with_one)
    asks("Amina", "Bo", "Cleo", **with_one, question="What did you see?", version=1)
    does("Amina", id, "reminder", giver_id=str(people["Bo"].id))
    answers("Bo", id)
    answers("Bo", id, "You waited long.", 1)
    does("Bo", id, "passing-on", agrees=True)
    walk.call("Bo", "DELETE", f"{requests}/{id}/answer", headers=ANY)
    answers("Bo", id, "You listened.", 3)
    walk.passes(minutes=20)
    does("Bo", id, "passing-on", agrees=True)
    does("Amina", id, "open", giver_id=str(people["Bo"].id))
    does("Bo", id, "passing-on", agrees=False)
    does("Amina", id, "thanks", giver_id=str(people["Bo"].id), text="Thank you.")
    does("Amina", id, "passing-on", giver_id=str(people["Bo"].id), agrees=True)
    does("Cleo", id, "decline", how="not_now")
    walk.call("Amina", "DELETE", f"{requests}/{id}", headers=ANY)
    # what was answered and not fixed when it was withdrawn is its giver's alone
    id = asks("Bo", "Cleo")
    answers("Cleo", id)
    walk.call("Bo", "DELETE", f"{requests}/{id}", headers=ANY)
    walk.call("Cleo", "DELETE", f"{requests}/{id}/answer", headers=ANY)
    offer = {"cohort_id": rowan, "to": str(people["Amina"].id), "about": "The handover."}
    id = walk.put("Bo", "offer_id", offers, offer)
    walk.call("Amina", "POST", f"{offers}/{id}/welcome")
    answers("Bo", id)
    walk.passes(minutes=20)
    id = walk.put("Bo", "offer_id", offers, {**offer, "to": str(people["Cleo"].id)})
    walk.call("Bo", "DELETE", f"{offers}/{id}", headers=ANY)
    walk.put("Cleo", "offer_id", offers, {**offer, "about": "The silence."})  # and it fades
    walk.passes(days=13, hours=20)
    walk.passes(hours=5)


def an_answer_by_the_minute(walk: Walk) -> None:
    """Nothing happens until it is fixed, but that somebody looks each minute."""
    body = {
        "cohort_id": walk.ids[ROWAN],
        "question": "What did you notice?",
        "asked": [str(walk.people["Bo"].id)],
    }
    id = walk.put("Amina", "request_id", "/api/feedback-requests", body)
    answer = {"noticed": "You waited."}
    walk.call("Bo", "PUT", f"/api/feedback-requests/{id}/answer", answer, {"If-None-Match": "*"})
    for _ in range(11):
        walk.passes(minutes=1)


def questions(walk: Walk) -> None:
    rowan, one = walk.ids[ROWAN], "/api/prompts"
    walk.put("Bo", "prompt_id", one, {"text": "What did I not say?"})
    walk.put("Bo", "prompt_id", one, {"text": "Who was missing?", "cohort_id": rowan}, 1)
    walk.put("Bo", "prompt_id", one, {"text": "Who was missing today?", "cohort_id": rowan}, 2)
    walk.put("Bo", "prompt_id", one, {"text": "Who was missing, for me?"}, 3)
    walk.call("Bo", "DELETE", f"{one}/{walk.pool['prompt_id'][-1]}", headers=ANY)
    walk.put("Bo", "prompt_id", one, {"text": "And the quiet ones?", "cohort_id": rowan})
    day = walk.now[0].date()
    walk.call("Bo", "PUT", f"{one}/days/{day}", {"choice": "not_today"})
    walk.until_noon()
    walk.worker("prompt", walk.make.prompt)
    walk.nobody_touches_prompts("Cleo")
    walk.worker("prompt", walk.make.prompt)
    walk.prompt_came()
    walk.call("Bo", "DELETE", f"{one}/{walk.pool['prompt_id'][-1]}", headers=ANY)


def reminders(walk: Walk) -> None:
    body = {
        "cohort_id": walk.ids[ROWAN],
        "about": "reflection",
        "weekdays": list(range(7)),
        "starts_on": str(walk.now[0].date()),
    }
    one = "/api/reminders"
    walk.put("Cleo", "reminder_id", one, body)
    walk.put("Cleo", "reminder_id", one, {**body, "at": "09:30"}, 1)
    walk.passes(hours=24)
    walk.worker("remind", walk.make.remind)
    walk.call("Cleo", "DELETE", f"{one}/{walk.pool['reminder_id'][-1]}", headers=ANY)


def devices(walk: Walk) -> None:
    key = walk.make.app.signer.newest

    def keeps(who: str, subscription: Any, *, is_new: bool = True) -> None:
        body = {"subscription": subscription, "label": "Phone", "key": key}
        if is_new:
            walk.put(who, "device_id", "/api/devices", body)
        else:
            walk.call(who, "PUT", f"/api/devices/{walk.pool['device_id'][-1]}", body)

    phone = a_subscription()
    keeps("Bo", phone)
    keeps("Cleo", phone, is_new=False)  # the same phone, and another person
    keeps("Amina", phone)  # the same phone, under another id
    walk.call("Amina", "DELETE", f"/api/devices/{walk.pool['device_id'][-1]}")
    keeps("Amina", a_subscription())
    walk.signs_out_elsewhere("Amina")
    keeps("Bo", a_subscription())
    walk.is_taken_over("Bo", by="Dev")
    keeps("Bo", a_subscription())
    walk.has_gone("Bo")
    keeps("Bo", a_subscription())
    walk.everybody_is_signed_out()


def contract(walk: Walk) -> None:
    rowan, one = walk.ids[ROWAN], "/api/proposals"
    everybody = ("Amina", "Bo", "Cleo", "Dev", "Ewa")

    def proposes(by: str, text: str, version: int | None = None, **more: Any) -> str:
        body = {"cohort_id": rowan, "kind": "add", "text": text, "why": "So.", **more}
        return walk.put(by, "proposal_id", one, body, version)

    def stands(who: str, id: str, position: str, wording: int = 1, text: str = "") -> None:
        body = {"position": position, "text_version": wording, "text": text}
        walk.call(who, "PUT", f"{one}/{id}/position", body)

    def closes(by: str, id: str) -> None:
        version = walk.people[by].get(f"{one}/{id}").json["version"]  # type: ignore[index]
        walk.call(by, "POST", f"{one}/{id}/closing", headers=at_version(version))

    id = proposes("Amina", "We listen.")
    proposes("Amina", "We listen first.", 1)
    for who in everybody[1:]:
        stands(who, id, "consent", 2)
    closes("Bo", id)
    walk.commitments = [
        item["id"]
        for item in walk.people["Bo"].get(f"/api/cohorts/{rowan}/contract").json["commitments"]  # type: ignore[index]
    ]
    reworded = {"kind": "reword", "commitment_id": walk.commitments[0]}
    id = proposes("Amina", "We listen before we answer.", **reworded)
    stands("Bo", id, "consent")
    stands("Bo", id, "aside")  # nobody else sees a difference
    stands("Bo", id, "concern", text="Always?")  # who has answered does
    remark = {"proposal_id": id, "kind": "question", "text": "Always?"}
    walk.put("Cleo", "remark_id", "/api/remarks", remark)
    walk.put("Cleo", "remark_id", "/api/remarks", {**remark, "text": "And always?"}, 1)
    walk.call("Cleo", "DELETE", f"/api/remarks/{walk.pool['remark_id'][-1]}", headers=ANY)
    stands("Bo", id, "object", text="Not so.")
    stands("Bo", id, "consent")
    for who in everybody[2:]:
        stands(who, id, "consent")
    closes("Bo", id)
    id = proposes("Bo", "We rest.")
    walk.call("Bo", "DELETE", f"{one}/{id}", headers=ANY)
    id = proposes("Cleo", "To learn from practice.", kind="purpose")
    for who in everybody:
        stands(who, id, "consent")
    closes("Bo", id)
    proposes("Cleo", "", kind="dates", ends_on="2028-01-31")
    id = proposes("Bo", "We rest when we are tired.")
    reword = {"kind": "reword", "commitment_id": walk.commitments[0]}
    proposes("Amina", "We hear each other.", **reword)
    # ahead: a week after the rewording fewer answers are needed; then the time is over
    walk.passes(days=6, hours=22)
    walk.passes(hours=3)
    walk.passes(minutes=30)
    walk.worker("decide", walk.make.decide)
    walk.worker("announce", walk.make.announce)
    frame = f"/api/cohorts/{rowan}/contract"
    soon = str((walk.now[0] + timedelta(days=2)).date())
    walk.call("Cleo", "PATCH", frame, {"review_on": soon, "check_in_every_weeks": 0})
    review = {"cohort_id": rowan, "text": "Something about rest."}
    reviews = "/api/contract-reviews"
    walk.put("Cleo", "review_id", reviews, review)
    walk.put("Cleo", "review_id", reviews, {**review, "text": "Rest, please."}, 1)
    asked = walk.pool["review_id"][-1]
    walk.call("Bo", "DELETE", f"{reviews}/{asked}")
    walk.call("Cleo", "POST", f"{reviews}/{asked}/reopening")
    walk.call("Cleo", "DELETE", f"{reviews}/{asked}")
    walk.put("Cleo", "review_id", reviews, review)
    walk.call("Bo", "DELETE", f"{reviews}/{walk.pool['review_id'][-1]}")
    walk.passes(days=3)
    walk.worker("decide", walk.make.decide)  # a review by date
    walk.passes(days=10, hours=20)
    walk.passes(hours=5)  # what Bo ended cannot be opened again any more


def pulse(walk: Walk) -> None:
    rowan, one = walk.ids[ROWAN], "/api/check-ins"
    everybody = ("Amina", "Bo", "Cleo", "Dev", "Ewa")
    asked = {"cohort_id": rowan, "commitment_id": walk.commitments[0]}
    id = walk.put("Cleo", "check_in_id", one, asked)
    for who in everybody:
        said = {"word": "living", "note": "Often.", "wants_to_talk": True}
        walk.call(who, "PUT", f"{one}/{id}/answer", said)
    walk.key_is_lost(id)
    for who in everybody:
        walk.call(who, "PUT", f"{one}/{id}/answer", {"word": "living", "wants_to_talk": True})
    walk.passes(days=6, hours=23)
    walk.passes(hours=2)
    walk.worker("feel", walk.make.feel)
    talk = f"/api/cohorts/{rowan}/to-talk-about/{walk.commitments[0]}"
    walk.call("Bo", "DELETE", talk)
    walk.call("Cleo", "PUT", talk)
    walk.call("Bo", "DELETE", talk)
    walk.put("Cleo", "check_in_id", one, asked)
    walk.passes(days=8)
    walk.worker("feel", walk.make.feel)  # too few: a week more
    walk.passes(days=5, hours=20)
    walk.passes(hours=5)  # what was talked about cannot be put back any more


def comings_and_goings(walk: Walk) -> None:
    """Fin comes, is asked, and leaves, as Cleo does; what passed between them stays."""
    rowan = walk.ids[ROWAN]
    join(walk, "Fin", invite(walk, "Amina", rowan))
    asked = {"cohort_id": rowan, "question": "How was it?", "asked": [str(walk.people["Fin"].id)]}
    walk.put("Cleo", "request_id", "/api/feedback-requests", asked)
    walk.passes(days=6, hours=20)
    walk.passes(hours=5)  # that Fin joined cannot be undone any more
    walk.call("Fin", "DELETE", f"/api/cohorts/{rowan}/people/me")
    walk.call("Cleo", "DELETE", f"/api/cohorts/{rowan}/people/me")
    walk.call("Fin", "PATCH", "/api/me", {"name": "Finja"})
    join(walk, "Fin", invite(walk, "Amina", rowan))
    walk.call("Fin", "PATCH", "/api/me", {"name": "Fin"})
    walk.worker("announce", walk.make.announce)


def facilitating(walk: Walk) -> None:
    """From hand to hand, down to nobody, and up again."""
    rowan, people = walk.ids[ROWAN], walk.people
    at = f"/api/cohorts/{rowan}"

    def is_to_be(who: str, role: str) -> None:
        walk.call(who, "PUT", f"{at}/people/me/role", {"role": role})

    join(walk, "Cleo", invite(walk, "Amina", rowan))
    cleo = people["Cleo"].id
    walk.call("Amina", "DELETE", f"{at}/people/{cleo}/joining", status=409)  # she came back
    to_cleo = {"to": str(cleo)}
    walk.call("Amina", "PUT", f"{at}/facilitating/offer", to_cleo)
    walk.worker("announce", walk.make.announce)
    walk.call("Amina", "DELETE", f"{at}/facilitating/offer")
    walk.call("Bo", "PUT", f"{at}/facilitating/offer", to_cleo)
    walk.worker("announce", walk.make.announce)
    by_bo = f"{at}/facilitating/offers/{people['Bo'].id}/answer"
    walk.call("Cleo", "POST", by_bo, {"accepts": False})
    walk.worker("announce", walk.make.announce)
    walk.call("Bo", "PUT", f"{at}/facilitating/offer", {"to": str(people["Fin"].id)})
    walk.call("Fin", "POST", by_bo, {"accepts": True})
    is_to_be("Fin", "participant")
    is_to_be("Amina", "participant")
    walk.worker("announce", walk.make.announce)
    is_to_be("Cleo", "facilitator")
    walk.worker("announce", walk.make.announce)
    walk.call("Bo", "POST", f"{at}/facilitating/objection", {**to_cleo, "reason": "talk_first"})
    walk.worker("announce", walk.make.announce)
    is_to_be("Dev", "facilitator")
    is_to_be("Dev", "participant")
    is_to_be("Amina", "facilitator")
    walk.passes(days=3)
    walk.worker("take_up", walk.make.take_up)
    walk.worker("announce", walk.make.announce)
    walk.call("Cleo", "DELETE", f"{at}/people/me")


def months(walk: Walk) -> None:
    """What is forgotten after a while."""
    walk.call("Bo", "PUT", f"/api/devices/{walk.pool['device_id'][-1]}", walk.device_of())
    walk.passes(days=31)
    walk.worker("tidy", walk.make.tidy)
    walk.passes(days=28, hours=23)
    walk.passes(hours=2)  # a device is said to go soon
    walk.passes(days=15)
    walk.worker("tidy", walk.make.tidy)
    walk.passes(days=110)
    walk.worker("tidy", walk.make.tidy)


# Writes that the walk leaves out, and why nobody's kept answers change by them.
LEFT_OUT = {
    "health.csp_report": "browsers report, and nothing is kept",
    "sign-in.ask_for_code": "a letter",
    "invitations.ask_for_code_to_join": "a letter",
    "cohorts.show_again": "it only reads",
    "exports.ask": "what is being made is not kept by phones",
    "my-address.ask_for_code_to_change": "a letter",
    "sign-in.sign_in": "begins a session, as another's phone that is taken over does",
    "sign-in.stay_signed_in": "where somebody is signed in is not kept by phones",
    "sign-in.sign_out": "as signing out elsewhere",
    "sessions.sign_out_there": "as signing out elsewhere",
    "erasure.ask_to_be_erased": "as signing out elsewhere; what is erased leaves no mark as it was",
    "erasure.change_my_mind": "what is to be done in two weeks is not kept by phones",
    "devices.ask_for_test": "what a test came to is not kept by phones",
    "demo.look_around": "begins a session; closed but for the sample",
    "sync.sync": "it only reads",
}


# Writes that nobody does at random, and why.
NOT_AT_RANDOM = {
    "imports.bring_back": "a file",
    "invitations.accept": "needs a link that is open still, as the story has them",
    "my-address.change_address": "needs the code of a mail, as the story has it",
    "address-back.put_address_back": "needs the link of a mail, as the story has it",
    "mail-preferences.fewer_mails": "needs the link of a mail, as the story has it",
}


def at_random(walk: Walk) -> None:
    """Anybody does anything, to whatever there is: each write once, in any order. Most of it is
    refused, and must tell nobody.
    """
    known = [call for call in all_calls(walk.make.app) if call.is_write and call.endpoint in BODIES]
    for call in walk.rng.sample(known, len(known)):
        by = walk.people[walk.rng.choice(list(walk.people))]
        ids = {name: _some(walk, name) for name in call.parameters}
        path, body = call.path(ids), BODIES[call.endpoint](walk)
        headers = walk.rng.choice([NEW, ANY, at_version(1), at_version(2)])
        do = partial(_ask, by, call.method, path, body, headers)
        if walk.act(f"{call} by {by.name}", by, do) == 201:
            for name, id in ids.items():
                if id not in walk.pool.setdefault(name, []):
                    walk.pool[name].append(id)


def _ask(by: Somebody, method: str, path: str, body: Any, headers: dict[str, str]) -> int:
    answer = by.phone.open(path, method=method, json=body, headers=headers)
    assert answer.status_code < 500, (method, path, answer.json)
    return answer.status_code


def _some(walk: Walk, name: str) -> str:
    """Something that may be there, or a new id."""
    if name == "day":
        return str(walk.now[0].date())
    if name == "cohort_id":
        return walk.rng.choice(walk.ids)
    if name == "commitment_id":
        return walk.rng.choice(walk.commitments)
    if name in ("person_id", "asker_id"):
        return _person(walk)
    pool = walk.pool.get(name)
    return walk.rng.choice(pool) if pool and walk.rng.random() < 0.7 else str(new_id())


def _person(walk: Walk) -> str:
    return str(walk.rng.choice(list(walk.people.values())).id)


def _text(walk: Walk) -> str:
    return walk.rng.choice(["One.", "Two.", "Three."])


def _nothing(_walk: Walk) -> None:
    return None


BODIES: dict[str, Callable[[Walk], Any]] = {
    "oneself.change_me": lambda walk: {walk.rng.choice(["name", "matters"]): _text(walk)},
    "sessions.sign_out_elsewhere": _nothing,
    "cohorts.convene": lambda walk: {"name": _text(walk), "time_zone": "Europe/London"},
    "cohorts.leave": _nothing,
    "facilitating.choose_role": lambda walk: {
        "role": walk.rng.choice(["participant", "facilitator"])
    },
    "facilitating.hand_on": lambda walk: {"to": _person(walk)},
    "facilitating.withdraw_offer": _nothing,
    "facilitating.answer_offer": lambda walk: {"accepts": walk.rng.random() < 0.5},
    "facilitating.object_to": lambda walk: {"to": _person(walk), "reason": "talk_first"},
    "facilitating.undo_joining": _nothing,
    "cohorts.change_cohort": lambda walk: {"name": _text(walk)},
    "cohorts.invite": lambda walk: {"expires_at": str(walk.now[0] + timedelta(days=3))},
    "cohorts.invite_by_mail": lambda walk: {
        "addresses": "new@cohort.example",
        "expires_at": str(walk.now[0] + timedelta(days=3)),
    },
    "cohorts.revoke": _nothing,
    "reflections.keep": lambda walk: {
        "text": _text(walk),
        "cohort_id": walk.rng.choice(walk.ids),
        "audience": walk.rng.choice(["me", "people", "cohort"]),
        "shared_with": [_person(walk)],
    },
    "reflections.delete": _nothing,
    "responses.respond": lambda walk: {
        "reflection_id": _some(walk, "reflection_id"),
        "kind": "curious",
        "text": _text(walk),
    },
    "responses.take_back": _nothing,
    "feedback-requests.ask": lambda walk: {
        "cohort_id": walk.rng.choice(walk.ids),
        "question": _text(walk),
        "asked": [_person(walk)],
    },
    "feedback-requests.withdraw": _nothing,
    "feedback-requests.answer": lambda walk: {"noticed": _text(walk)},
    "feedback-requests.take_answer_back": _nothing,
    "feedback-requests.decline": lambda _: {"how": "not_now"},
    "feedback-requests.remind": lambda _: {},
    "feedback-requests.open_answer": lambda _: {},
    "feedback-requests.thank": lambda walk: {"text": _text(walk)},
    "feedback-requests.agree_to_pass_on": lambda walk: {"agrees": walk.rng.random() < 0.5},
    "feedback-offers.offer": lambda walk: {
        "cohort_id": walk.rng.choice(walk.ids),
        "to": _person(walk),
        "about": _text(walk),
    },
    "feedback-offers.withdraw_offer": _nothing,
    "feedback-offers.welcome": _nothing,
    "contract.set_frame": lambda walk: {"check_in_every_weeks": walk.rng.randrange(4)},
    "proposals.propose": lambda walk: {
        "cohort_id": walk.rng.choice(walk.ids),
        "kind": "add",
        "text": _text(walk),
    },
    "proposals.withdraw": _nothing,
    "proposals.take_position": lambda walk: {
        "position": walk.rng.choice(["consent", "concern", "object", "aside"]),
        "text": _text(walk),
        "text_version": walk.rng.randrange(1, 3),
    },
    "proposals.close_now": _nothing,
    "remarks.remark": lambda walk: {
        "proposal_id": _some(walk, "proposal_id"),
        "kind": "question",
        "text": _text(walk),
    },
    "remarks.take_remark_back": _nothing,
    "contract-reviews.ask_for_review": lambda walk: {
        "cohort_id": walk.rng.choice(walk.ids),
        "text": _text(walk),
    },
    "contract-reviews.end_review": _nothing,
    "contract-reviews.reopen_review": _nothing,
    "pulse.talked_about": _nothing,
    "pulse.put_back": _nothing,
    "check-ins.ask": lambda walk: {
        "cohort_id": walk.rng.choice(walk.ids),
        "commitment_id": walk.rng.choice(walk.commitments),
    },
    "check-ins.answer": lambda walk: {"word": walk.rng.choice(["living", "patchy"])},
    "rhythm.say": lambda walk: A_RHYTHM | {"prompts_a_week": walk.rng.randrange(8)},
    "notices.read": lambda _: {"ids": [str(new_id())]},
    "prompts.choose": lambda _: {"choice": "not_today"},
    "prompts.ask": lambda walk: {
        "text": _text(walk),
        "cohort_id": walk.rng.choice([*walk.ids, None]),
    },
    "prompts.take_back": _nothing,
    "reminders.remind": lambda walk: {
        "cohort_id": walk.rng.choice(walk.ids),
        "about": "reflection",
        "weekdays": [walk.rng.randrange(7)],
        "starts_on": str(walk.now[0].date()),
    },
    "reminders.remove": _nothing,
    "devices.keep_device": lambda walk: walk.device_of(),
    "devices.remove_device": _nothing,
}
