"""What travels about devices."""

from marshmallow import Schema, fields, validate

from backend.core.fields import OutSchema, YesNo
from backend.core.paging import page_of
from backend.core.webpush import LONGEST_ENDPOINT
from backend.devices.rules import ANSWERS
from backend.people.schemas import OneLine


class KeysIn(Schema):
    """The device's own keys, as its browser writes them: base64url."""

    p256dh = fields.String(required=True, validate=validate.Length(max=100))
    auth = fields.String(required=True, validate=validate.Length(max=50))


class SubscriptionIn(Schema):
    """What `PushSubscription.toJSON()` gives."""

    endpoint = fields.String(required=True, validate=validate.Length(max=LONGEST_ENDPOINT))
    expirationTime = fields.Float(load_default=None, allow_none=True)  # noqa: N815 - the browser's
    keys = fields.Nested(KeysIn, required=True)


class DeviceIn(Schema):
    """A device: its subscription, how its owner calls it, and the key it was subscribed with."""

    subscription = fields.Nested(SubscriptionIn, required=True)
    label = OneLine(required=True)
    key = fields.String(required=True, validate=validate.Length(max=100))
    still_here = YesNo(
        load_default=False,
        metadata={"description": "nobody has just turned it on: a removal elsewhere stands"},
    )


class DeviceOut(OutSchema):
    """A device of mine that notifications go to."""

    id = fields.UUID()
    label = fields.String()
    added_at = fields.AwareDateTime()
    last_seen_at = fields.AwareDateTime()
    leaves_on = fields.Date(
        allow_none=True,
        metadata={"description": "It has not shown itself for long, and is removed on this day"},
    )


class TrialOut(OutSchema):
    """What became of a test message."""

    state = fields.String(validate=validate.OneOf(["waiting", "answered"]))
    asked_at = fields.AwareDateTime()
    ok = fields.Boolean(allow_none=True)
    reason = fields.String(
        allow_none=True,
        validate=validate.OneOf([*ANSWERS, None]),
        metadata={"description": "by which a phone says it in its person's language"},
    )
    said = fields.String(allow_none=True, metadata={"description": "one plain sentence"})
    status = fields.Integer(
        allow_none=True,
        metadata={"description": "the push service's own answer; 0 when there was none"},
    )


class KeyOut(OutSchema):
    """The key to subscribe with (`applicationServerKey`), in base64url."""

    key = fields.String()


DevicesOut = page_of(DeviceOut, "Devices")
