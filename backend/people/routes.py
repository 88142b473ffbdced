"""Oneself."""

from backend.core.request import Blueprint, me, session, synced
from backend.people import queries
from backend.people.models import Person
from backend.people.schemas import MeOut

blp = Blueprint("me", __name__, url_prefix="/api/me", description="My own account.")


@blp.get("")
@synced
@blp.response(200, MeOut)
def get_me() -> Person:
    """Read what I say of myself."""
    return queries.person(session(), me())
