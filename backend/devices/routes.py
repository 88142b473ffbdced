"""Where my notifications go."""

from typing import Any
from uuid import UUID

from flask import g

from backend.core import clock
from backend.core.app import this_app
from backend.core.errors import Refused, invalid
from backend.core.marks import Topic
from backend.core.paging import listing
from backend.core.request import Blueprint, me, session, synced
from backend.core.webpush import Address, BadAddress, checked_address
from backend.devices import actions, queries
from backend.devices.models import Device, Trial
from backend.devices.rules import leaves_on, said_of
from backend.devices.schemas import DeviceIn, DeviceOut, DevicesOut, KeyOut, TrialOut

Shown = dict[str, object]
blp = Blueprint(
    "devices", __name__, url_prefix="/api/devices", description="Where my notifications go."
)
push = Blueprint("push", __name__, url_prefix="/api/push", description="Turning push on.")


@push.get("/key")
@push.response(200, KeyOut)
def push_key() -> dict[str, str]:
    """Read the key that a device subscribes with."""
    return {"key": this_app().signer.newest}


@blp.get("")
@synced(Topic.DEVICES, until=queries.turning_points)
@blp.response(200, DevicesOut)
def my_devices() -> Any:
    """List the devices that my notifications go to."""
    return listing([_shown(row) for row in queries.devices_of(session(), me())], None)


@blp.put("/<uuid:device_id>")
@blp.arguments(DeviceIn)
@blp.response(200, DeviceOut)
@blp.alt_response(201, schema=DeviceOut)
@blp.alt_response(410, description="Still here, but its owner removed it on another device")
def keep_device(values: dict[str, Any], device_id: UUID) -> tuple[Shown, int]:
    """Turn notifications on for a device, or say that it is still here."""
    address = _address(values["key"], **values["subscription"])
    row, kept = actions.keep_device(
        session(),
        me(),
        g.session_id,
        device_id,
        values["label"],
        address,
        still_here=values["still_here"],
    )
    return _shown(row), kept.status


@blp.delete("/<uuid:device_id>")
@blp.response(204)
def remove_device(device_id: UUID) -> None:
    """Turn notifications off for a device."""
    actions.remove_device(session(), me(), g.session_id, device_id)


@blp.post("/<uuid:device_id>/test")
@blp.response(202, TrialOut)
def ask_for_test(device_id: UUID) -> Shown:
    """Have a test message sent to one of my devices."""
    return _trial_shown(actions.ask_for_trial(session(), me(), device_id), None)


@blp.get("/<uuid:device_id>/test")
@blp.response(200, TrialOut)
def read_test(device_id: UUID) -> Shown:
    """Read what became of the newest test message."""
    return _trial_shown(*queries.newest_trial(session(), me(), device_id))


def _address(key: str, endpoint: str, keys: dict[str, str], **_: object) -> Address:
    if key not in this_app().signer.live:
        raise Refused("other_key", "Subscribe this device again, with the key that is in use now.")
    try:
        return checked_address(endpoint, **keys, key=key, also=this_app().settings.push_origins)
    except BadAddress as error:
        raise invalid("subscription", str(error)) from None


def _shown(row: Device) -> Shown:
    return {
        "id": row.id,
        "label": row.label,
        "added_at": row.added_at,
        "last_seen_at": row.last_seen_at,
        "leaves_on": leaves_on(row.last_seen_at, clock.now()),
    }


def _trial_shown(row: Trial, status: int | None) -> Shown:
    words = None if status is None else said_of(status)
    return {
        "state": "waiting" if words is None else "answered",
        "asked_at": row.asked_at,
        "ok": words and words.ok,
        "reason": words and words.reason,
        "said": words and words.said,
        "status": status,
    }
