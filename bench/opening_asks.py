"""What a phone asks when it is opened on Today: in one place, for every benchmark that opens."""

from uuid import UUID

CHANGES = "/api/reflections/changes?limit=100"


def gets(cohort: UUID, cursor: str = "") -> list[str]:
    """The addresses in their order; `cursor` is where what changed begins, once it is known."""
    return [
        "/api/prompts/today",
        "/api/cohorts",
        "/api/notices/waiting",
        "/api/me",
        f"/api/cohorts/{cohort}/people",
        f"/api/cohorts/{cohort}/activity?kind=shared",
        "/api/feedback-requests?direction=asked&limit=100",
        "/api/feedback-requests?direction=asking&limit=100",
        "/api/feedback-offers",
        "/api/feedback-requests/balance",
        f"/api/cohorts/{cohort}/check-ins",
        f"/api/cohorts/{cohort}/proposals?state=open&limit=100",
        CHANGES + (f"&since={cursor}" if cursor else ""),
    ]
