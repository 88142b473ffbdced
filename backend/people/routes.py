"""Oneself."""

from typing import Any

from backend.core.http import Blueprint, me, session
from backend.people import actions, queries
from backend.people.models import Person
from backend.people.schemas import MeIn, MeOut

blp = Blueprint("me", __name__, url_prefix="/api/me", description="My own account.")


@blp.get("")
@blp.response(200, MeOut)
def get_me() -> Person:
    """Read what I say of myself."""
    return queries.person(session(), me())


@blp.patch("")
@blp.arguments(MeIn)
@blp.response(200, MeOut)
def change_me(values: dict[str, Any]) -> Person:
    """Change what I say of myself: only the fields that are sent."""
    return actions.describe_oneself(session(), me(), values)
