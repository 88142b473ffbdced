"""How I want to be reached."""

from backend.core.conditional import precondition, refuse_if_known, showing_current
from backend.core.marks import Topic
from backend.core.request import Blueprint, me, session, synced
from backend.core.views import WithEtag
from backend.rhythm import actions, queries
from backend.rhythm.rules import Kind, Wishes
from backend.rhythm.schemas import RhythmIn, RhythmOut, RhythmShown

blp = Blueprint(
    "rhythm", __name__, url_prefix="/api/me/rhythm", description="How I want to be reached."
)


@blp.get("")
@synced(Topic.RHYTHM)
@blp.response(200, RhythmOut)
def my_rhythm() -> WithEtag[RhythmShown]:
    """Read how I want to be reached."""
    shown, headers = _shown()
    refuse_if_known(str(shown["version"]))
    return shown, headers


@blp.put("")
@blp.arguments(RhythmIn)
@blp.response(200, RhythmOut)
@blp.alt_response(412, description="Changed elsewhere; `current` is the stored rhythm")
def say(wishes: Wishes) -> WithEtag[RhythmShown]:
    """Say how I want to be reached; "If-Match" with version 0 where I never did."""
    with showing_current(RhythmOut(), lambda _: _shown()[0]):
        actions.say(session(), me(), wishes, precondition())
    return _shown()


def _shown() -> WithEtag[RhythmShown]:
    rhythm, version = queries.my_rhythm(session(), me())
    shown: RhythmShown = {
        "windows": rhythm.windows,
        "kinds": {kind.value: sorted(rhythm.channels[kind]) for kind in Kind},
        "prompts_a_week": rhythm.prompts_a_week,
        "snoozed_until": rhythm.snoozed_until,
        "lock_screen": rhythm.lock_screen,
        "stretch_me": rhythm.stretch_me,
        "time_zone": rhythm.zone,
        "version": version,
    }
    return shown, {"ETag": f'"{version}"'}
