"""A refusal has a name that a client can act on and a sentence that a person can."""

from collections.abc import Mapping


class Refused(Exception):
    """The request is understood and cannot be done.

    `reason` is a stable word for clients. By it the phone says a sentence in its own language, with
    `values` filled in; `about` among them tells apart sentences of one reason. `message` is that
    sentence in English, for who has no catalogue; `status` is the HTTP status. With `remember=True`
    the transaction is committed all the same, so that a wrong code counts as a try. `details` go
    into the answer beside them (the current copy, for instance).
    """

    def __init__(
        self,
        reason: str,
        message: str,
        status: int = 409,
        *,
        remember: bool = False,
        headers: Mapping[str, str] | None = None,
        values: Mapping[str, str | int] | None = None,
        **details: object,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message
        self.status = status
        self.remember = remember
        self.headers = dict(headers or {})
        self.details = details if values is None else {**details, "values": dict(values)}


def not_found() -> Refused:
    """404: absent, somebody else's, or out of sight, which look the same to whoever asks."""
    return Refused("not_found", "There is nothing here that you can see.", 404)


def invalid(field: str, sentence: str) -> Refused:
    """422: a body that fits its schema but makes no sense; `sentence` is shown at the field."""
    return Refused(
        "invalid",
        "Some of this cannot be saved as it is.",
        422,
        errors={"json": {field: [sentence]}},
    )
