"""Oneself."""

from backend.core.fields import Serialised
from backend.core.marks import Topic
from backend.core.request import Blueprint, me, session, synced
from backend.core.views import WithEtag, with_etag
from backend.people import queries
from backend.people.schemas import MeOut

blp = Blueprint("me", __name__, url_prefix="/api/me", description="My own account.")
ME = MeOut()


@blp.get("")
@synced(Topic.PEOPLE, Topic.NAMES)
@blp.response(200, MeOut)
def get_me() -> WithEtag[Serialised]:
    """Read what I say of myself."""
    return with_etag(Serialised(ME.dump(queries.person(session(), me()))))
