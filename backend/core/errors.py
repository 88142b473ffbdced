"""A refusal has a name that a client can act on and a sentence that a person can."""

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """The request is understood and cannot be done.

    `reason` is a stable word; `message` says what to do; `status` the HTTP status.
    `remember=True` keeps what was written so far (a wrong code counts as a try).
    `details` go into the answer beside them (the current copy, for instance).
    """

    def __init__(
        self,
        reason: str,
        message: str,
        status: int = 409,
        *,
        remember: bool = False,
        headers: Mapping[str, str] | None = None,
        **details: Any,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message
        self.status = status
        self.remember = remember
        self.headers = dict(headers or {})
        self.details = details


def not_found() -> Refused:
    """Absent, somebody else's, or out of sight: all the same to who asks."""
    return Refused("not_found", "There is nothing here that you can see.", 404)


def invalid(field: str, sentence: str) -> Refused:
    """A body that fits its shape but cannot be meant, told at the field."""
    return Refused(
        "invalid",
        "Some of this cannot be kept as it is.",
        422,
        errors={"json": {field: [sentence]}},
    )
