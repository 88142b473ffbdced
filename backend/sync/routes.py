"""What is asked when the app opens: one call."""

from backend.core.request import Blueprint, me, read_only, session
from backend.sync import queries
from backend.sync.schemas import SentSync, SyncIn, SyncOut, SyncShown

blp = Blueprint(
    "sync", __name__, url_prefix="/api/sync", description="What a phone may keep of others' things."
)


@blp.post("")
@read_only
@blp.arguments(SyncIn)
@blp.response(200, SyncOut)
def sync(values: SentSync) -> SyncShown:
    """Ask which of the things that I hold copies of I may no longer see; changes nothing."""
    return {"gone": queries.gone(session(), me(), values["held"])}
