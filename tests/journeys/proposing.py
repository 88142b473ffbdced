"""What people do when they make and remake a contract together."""

from datetime import timedelta
from typing import Any

from backend.core import clock
from tests.journeys.giving import FIRST, new_id
from tests.journeys.phone import Caller
from tests.journeys.ways import api

LISTEN = "We listen to understand, not to answer."
WHY = "On Tuesday three of us spoke, and eleven did not."
BETTER = "We listen until somebody has finished, and then for one breath more."


def gathers(host: Caller, *others: Caller) -> str:
    """A cohort just large enough to decide something in; its id."""
    body = {"name": "Alder", "time_zone": "Europe/London"}
    cohort: str = api(host, "POST", "/api/cohorts", body)["id"]
    until = (clock.now() + timedelta(days=7)).isoformat()
    body = {"expires_at": until, "uses": len(others)}
    link = api(host, "POST", f"/api/cohorts/{cohort}/invitations", body)["url"]
    for phone in others:
        api(phone, "POST", f"/api/invitations/{link.partition('#')[2]}/acceptance", {})
    return cohort


def suggests(phone: Caller, cohort: str, text: str = LISTEN, **more: Any) -> str:
    """A proposal, made as this phone would have; its id."""
    id = new_id()
    body = {"cohort_id": cohort, "kind": "add", "text": text, "why": WHY, **more}
    api(phone, "PUT", f"/api/proposals/{id}", body, **FIRST)
    return id


def proposal(phone: Caller, id: str) -> Any:
    return api(phone, "GET", f"/api/proposals/{id}")


def rewords(phone: Caller, id: str, text: str) -> None:
    now = proposal(phone, id)
    names = ("cohort_id", "kind", "commitment_id", "why")
    body = {name: now[name] for name in names} | {"text": text}
    match = {"If-Match": f'"{now["version"]}"'}
    api(phone, "PUT", f"/api/proposals/{id}", body, **match)


def stands(phone: Caller, id: str, position: str = "consent", text: str = "", **more: Any) -> None:
    wording = proposal(phone, id)["text_version"]
    body = {"position": position, "text": text, "text_version": wording, **more}
    api(phone, "PUT", f"/api/proposals/{id}/position", body)


def remarks(phone: Caller, id: str, kind: str, text: str) -> None:
    body = {"proposal_id": id, "kind": kind, "text": text}
    api(phone, "PUT", f"/api/remarks/{new_id()}", body, **FIRST)


def decides(phone: Caller, id: str) -> Any:
    match = {"If-Match": f'"{proposal(phone, id)["version"]}"'}
    return api(phone, "POST", f"/api/proposals/{id}/closing", **match)


def adopts(cohort: str, *phones: Caller, text: str = LISTEN) -> str:
    """A commitment that all of them consent to at once; its id."""
    id = suggests(phones[0], cohort, text)
    for phone in phones[1:]:
        stands(phone, id)
    decides(phones[0], id)
    found = api(phones[0], "GET", f"/api/cohorts/{cohort}/contract")["commitments"]
    return next(one["id"] for one in found if one["text"] == text)


def address(id: str) -> str:
    return f"/cohort/contract/proposals/{id}"
