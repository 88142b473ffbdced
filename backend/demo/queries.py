"""Whether a database is the sample's."""

from sqlalchemy.orm import Session

from backend.cohorts.models import Cohort
from backend.demo.people import ROWAN_ID


def is_sample(session: Session) -> bool:
    """Whether this database began with the sample cohort."""
    return session.get(Cohort, ROWAN_ID) is not None
