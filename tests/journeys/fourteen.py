"""Fourteen people of a cohort over weeks: a server whose clock a test moves, and their phones."""

import os
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, Playwright

from backend.core.ids import new_id
from backend.demo.people import PEOPLE
from tests.journeys.server import Installations, Server, wait_until

NEW = {"If-None-Match": "*"}
SAMPLE = {person.key: person for person in PEOPLE}


class Weeks:
    """The time that the server thinks it is."""

    def __init__(self, begin: datetime) -> None:
        handle, name = tempfile.mkstemp()
        os.close(handle)
        self.file, self.begin = Path(name), begin
        self.now = begin
        self.go_to(begin)

    def go_to(self, moment: datetime) -> None:
        """Put the clock there; it runs on from it."""
        self.now = moment
        ahead = (moment - datetime.now(UTC)).total_seconds()
        new = self.file.with_suffix(".new")
        new.write_text(str(ahead))
        new.replace(self.file)

    def go_on(self, **by: float) -> None:
        self.go_to(self.now + timedelta(**by))


@dataclass
class Member:
    """One of them, by the API: for all that is not looked at on a screen."""

    key: str
    name: str
    request: APIRequestContext
    id: str = ""

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        answer = self.request.fetch(f"/api{path}", method=method, data=body, headers=headers)
        assert answer.ok, f"{self.key} {method} {path}: {answer.status} {answer.text()}"
        return answer.json() if answer.status != 204 else None

    def stands(
        self, proposal: str, position: str = "consent", wording: int = 1, **more: Any
    ) -> Any:
        body = {"position": position, "text_version": wording, **more}
        return self.ask("PUT", f"/proposals/{proposal}/position", body)

    def feels(self, check_in: str, word: str, **more: Any) -> Any:
        return self.ask("PUT", f"/check-ins/{check_in}/answer", {"word": word, **more})

    def notices(self) -> list[Any]:
        found: list[Any] = self.ask("GET", "/notices?limit=100")["items"]
        return found

    def was_told(self, what: str) -> Any:
        """The newest notice of a fact, once the worker has told it."""
        return wait_until(
            lambda: next((one for one in self.notices() if one["what"] == what), None),
            f"{self.key} to hear: {what}",
        )


@dataclass
class Fourteen:
    """The cohort. Each of `people` is there once they have joined."""

    server: Server
    weeks: Weeks
    playwright: Playwright
    people: dict[str, Member] = field(default_factory=dict)
    cohort: str = ""
    token: str = ""

    def __getitem__(self, key: str) -> Member:
        return self.people[key]

    def live_on(self, **by: float) -> None:
        """Time goes on, and everybody opens the app now and then."""
        self.weeks.go_on(**by)
        for member in self.people.values():
            member.ask("POST", "/sign-in/sessions/current")

    def convene(self, key: str = "morag") -> None:
        """The facilitator makes the cohort, and a link for all the others."""
        email = SAMPLE[key].email
        self.server.command("make-facilitator", email, "--name", SAMPLE[key].name)
        member = self.people[key] = self._member(key)
        self._proven(member, "/sign-in/sessions", {"email": email})
        values = {"name": "Birch", "purpose": "To learn.", "time_zone": "Europe/London"}
        self.cohort = member.ask("POST", "/cohorts", values)["id"]
        self.renew_link()
        member.id = member.ask("GET", "/me")["id"]

    def renew_link(self) -> None:
        until = (self.weeks.now + timedelta(days=20)).isoformat()
        link = {"expires_at": until, "uses": 40}
        made = self["morag"].ask("POST", f"/cohorts/{self.cohort}/invitations", link)
        self.token = made["token"]

    def joins(self, key: str) -> Member:
        member = self.people[key] = self._member(key)
        body = {
            "email": SAMPLE[key].email,
            "name": SAMPLE[key].name,
            "time_zone": SAMPLE[key].time_zone,
        }
        self._proven(member, f"/invitations/{self.token}/acceptance", body)
        member.id = member.ask("GET", "/me")["id"]
        return member

    def proposes(self, key: str, text: str, **more: Any) -> str:
        id = str(new_id())
        body = {"cohort_id": self.cohort, "kind": "add", "text": text, **more}
        self[key].ask("PUT", f"/proposals/{id}", body, **NEW)
        return id

    def contract(self, key: str = "morag") -> Any:
        return self[key].ask("GET", f"/cohorts/{self.cohort}/contract")

    def reaches(self, version: int) -> Any:
        """The contract, once the worker has made this version of it."""
        return wait_until(
            lambda: (now := self.contract())["version"] == version and now,
            f"version {version}",
        )

    def _member(self, key: str) -> Member:
        context = self.playwright.request.new_context(base_url=self.server.url)
        return Member(key, SAMPLE[key].name, context)

    def _proven(self, member: Member, path: str, body: dict[str, Any]) -> None:
        email = SAMPLE[member.key].email
        member.ask("POST", "/sign-in/codes", {"email": email})
        member.ask("POST", path, body | {"code": self.server.code_for(email)})


def begun(installations: Installations, playwright: Playwright, begin: datetime) -> Fourteen:
    """A cohort of one, its facilitator, at `begin`."""
    weeks = Weeks(begin)
    server = installations.new(sample=False, ALONGSIDE_TEST_CLOCK=str(weeks.file)).start()
    group = Fourteen(server, weeks, playwright)
    group.convene()
    return group
