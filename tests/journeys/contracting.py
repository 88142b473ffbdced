"""Two people with a cohort of their own, and the contract that they make in it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys.giving import FIRST, new_id
from tests.journeys.phone import Phone
from tests.journeys.server import Server
from tests.journeys.ways import api, sign_in_by_code

KIM, SAM = "kim@example.org", "sam@example.org"
COHORT = {"name": "Alder", "purpose": "To learn together.", "time_zone": "Europe/London"}
LISTEN, LISTEN_WHY = "We listen before we speak.", "Too often the loudest voice was the only one."
LISTEN_NOW = "We listen fully before anyone answers."
PAUSE = "We leave a pause before we decide."


@dataclass
class Pair:
    """Everybody there is in this cohort: what they both agree to is decided at once."""

    kim: Phone
    sam: Phone
    cohort: str

    def proposes(self, text: str, kind: str = "add", by: Phone | None = None, **more: Any) -> Any:
        body = {"cohort_id": self.cohort, "kind": kind, "text": text, **more}
        return api(by or self.kim, "PUT", f"/api/proposals/{new_id()}", body, **FIRST)

    def adopts(self, text: str, kind: str = "add", **more: Any) -> str:
        """Propose and decide, with everyone's consent; the id of the commitment."""
        path = f"/api/proposals/{self.proposes(text, kind, **more)['id']}"
        consent = {"position": "consent", "text_version": 1}
        for phone in (self.kim, self.sam):
            made = api(phone, "PUT", f"{path}/position", consent)
        done = api(self.kim, "POST", f"{path}/closing", **{"If-Match": f'"{made["version"]}"'})
        assert done["state"] == "adopted"
        commitment: str = done["commitment_id"]
        return commitment

    def makes_three_versions(self) -> None:
        listen = self.adopts(LISTEN, why=LISTEN_WHY)
        self.adopts(PAUSE, by=self.sam, why="Silence is where the others are.")
        self.adopts(LISTEN_NOW, "reword", commitment_id=listen, why="Hearing is not yet listening.")

    def asks_to_look(self, by: Phone, text: str = "") -> None:
        body = {"cohort_id": self.cohort, "text": text}
        api(by, "PUT", f"/api/contract-reviews/{new_id()}", body, **FIRST)

    def contract(self) -> Any:
        return api(self.kim, "GET", f"/api/cohorts/{self.cohort}/contract")

    def invites(self) -> str:
        """The address of a fresh invitation."""
        until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
        body = {"role": "participant", "uses": 5, "expires_at": until}
        made = api(self.kim, "POST", f"/api/cohorts/{self.cohort}/invitations", body)
        return "/join#" + made["url"].rpartition("#")[2]


def pair_of(server: Server, kim: Phone, sam: Phone) -> Pair:
    """Kim convenes, Sam has joined; both are signed in on their phones."""
    for phone, email, name in ((kim, KIM, "Kim Lee"), (sam, SAM, "Sam Okafor")):
        server.command("make-facilitator", email, "--name", name)
        sign_in_by_code(phone, server, email)
    cohort = api(kim, "POST", "/api/cohorts", COHORT)["id"]
    pair = Pair(kim, sam, cohort)
    token = pair.invites().partition("#")[2]
    api(sam, "POST", f"/api/invitations/{token}/acceptance", {})
    return pair
