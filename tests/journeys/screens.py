"""Every screen there is, with what shows that it has come."""

import re
from dataclasses import dataclass

from tests.journeys.phone import Phone
from tests.journeys.ways import api


@dataclass(frozen=True)
class Screen:
    path: str
    heading: str | re.Pattern[str]
    person: str = "Amina"


A_QUESTION = re.compile(r"\?$")

SCREENS = (
    Screen("/", A_QUESTION),
    Screen("/?compose=1", A_QUESTION),
    Screen("/mine", "Mine"),
    Screen("/mine/{mine}", re.compile("^Written")),
    Screen("/mine/{mine}?edit", "Edit"),
    Screen("/mine/look-back", "Look back"),
    Screen("/cohort", "Rowan"),
    Screen("/cohort/people", "People"),
    Screen("/cohort/about", "About"),
    Screen("/cohort/powers", "What facilitating allows"),
    Screen("/cohort/convene", "Invitations and reminders"),
    Screen("/cohort/convene", "Invitations and reminders", "Morag"),
    Screen("/cohort/edit", "About the cohort", "Morag"),
    Screen("/cohort/new", "Bring a cohort together", "Morag"),
    Screen("/cohort/contract", "Contract"),
    Screen("/cohort/contract/history", "How the contract grew"),
    Screen("/cohort/contract/suggest", "What would you change?"),
    Screen("/cohort/contract/suggest?about=purpose", "What we are here for"),
    Screen("/cohort/contract/suggest?about=dates", "When we begin and end"),
    Screen("/cohort/contract/proposals/{proposal}", re.compile("for our contract$")),
    Screen("/cohort/contract/pulse", "Pulse"),
    Screen("/cohort/contract/check-ins/{check_in}", re.compile(".")),
    Screen("/feedback", "Feedback"),
    Screen("/feedback/received", "Feedback"),
    Screen("/feedback/given", "Feedback"),
    Screen("/feedback/ask", A_QUESTION),
    Screen("/feedback/offer", A_QUESTION),
    Screen("/reflections/{shared}", re.compile("shared")),
    Screen("/what-others-see", "What others see"),
    Screen("/me", "Me"),
    Screen("/me/rhythm", "My rhythm"),
    Screen("/me/sessions", "Where I am signed in"),
    Screen("/me/data", "My data"),
    Screen("/me/data/register", "For my register"),
    Screen("/me/address", "Change my address"),
    Screen("/me/erase", "Erase me"),
    Screen("/me/erase#stayed", "You stay"),
    Screen("/me/home-screen", "On your home screen"),
    Screen("/help#sees", "Help and privacy"),
    Screen("/notices", "Notices"),
    Screen("/nowhere/at/all", "Nothing here"),
)


def some_ids(phone: Phone) -> dict[str, str]:
    """Something of each kind that this person can see: their own, and others'."""
    mine = api(phone, "GET", "/api/reflections?author=me")["items"]
    seen = api(phone, "GET", "/api/reflections?limit=100")["items"]
    cohort = api(phone, "GET", "/api/cohorts")["items"][0]["id"]
    return {
        "mine": mine[0]["id"],
        "shared": next(one["id"] for one in seen if not one["mine"]),
        "proposal": api(phone, "GET", f"/api/cohorts/{cohort}/proposals")["items"][0]["id"],
        "check_in": api(phone, "GET", f"/api/cohorts/{cohort}/check-ins")["items"][0]["id"],
    }
