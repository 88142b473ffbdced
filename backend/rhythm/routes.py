"""How I want to be reached."""

from typing import Any

from backend.core.conditional import precondition, refuse_if_known, showing_current
from backend.core.request import Blueprint, me, session
from backend.rhythm import actions, queries
from backend.rhythm.rules import Kind
from backend.rhythm.schemas import RhythmIn, RhythmOut

blp = Blueprint(
    "rhythm", __name__, url_prefix="/api/me/rhythm", description="How I want to be reached."
)


@blp.get("")
@blp.response(200, RhythmOut)
def my_rhythm() -> Any:
    """Read how I want to be reached."""
    shown = _shown()
    etag = str(shown["version"])
    refuse_if_known(etag)
    return shown, {"ETag": f'"{etag}"'}


@blp.put("")
@blp.arguments(RhythmIn)
@blp.response(200, RhythmOut)
@blp.alt_response(412, description="Changed elsewhere; `current` is the stored rhythm")
def say(wishes: dict[str, Any]) -> Any:
    """Say how I want to be reached; "If-Match" with version 0 where I never did."""
    with showing_current(RhythmOut(), lambda _: _shown()):
        actions.say(session(), me(), wishes, precondition())
    shown = _shown()
    return shown, {"ETag": f'"{shown["version"]}"'}


def _shown(*_: object) -> dict[str, Any]:
    rhythm, version = queries.my_rhythm(session(), me())
    names = ("windows", "prompts_a_week", "snoozed_until", "lock_screen", "stretch_me")
    shown = {name: getattr(rhythm, name) for name in names}
    kinds = {kind.value: sorted(rhythm.channels[kind]) for kind in Kind}
    return shown | {"kinds": kinds, "time_zone": rhythm.zone, "version": version}
