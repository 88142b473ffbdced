"""A refusal has a name that a client can act on and a sentence that a person can."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Self

Values = Mapping[str, str | int]


class Sentence(str):
    """A sentence in English that carries by what the phone says it in another language: a reason,
    what it is `about`, and the values that stand in its {names}.

    It is filled in at once, or by `format`: what marshmallow says is filled in when it is said.
    """

    __slots__ = ("about", "reason", "values")

    reason: str
    about: str
    values: Values

    def __new__(cls, reason: str, about: str, template: str, **values: str | int) -> Self:
        self = super().__new__(cls, template.format(**values) if values else template)
        self.reason, self.about, self.values = reason, about, values
        return self

    def format(self, *_: object, **values: object) -> "Sentence":
        """The sentence with what stands in its {names}, leaving out what it does not name."""
        named = re.findall(r"\{(\w+)\}", self)
        filled_in = {name: value for name, value in values.items() if name in named}
        return Sentence(self.reason, self.about, str(self), **filled_in)  # type: ignore[arg-type]

    def told(self) -> dict[str, object]:
        """As it travels: alike a refusal."""
        values = {"about": self.about, **self.values}
        return {"reason": self.reason, "message": str(self), "values": values}


def at_field(about: str, template: str, **values: str | int) -> Sentence:
    """What is wrong with a field, to be shown there."""
    return Sentence("invalid", about, template, **values)


class Refused(Exception):
    """The request is understood and cannot be done.

    `reason` is a stable word for clients. By it the phone says a sentence in its own language, with
    `values` filled in; `about` among them tells apart sentences of one reason. `message` is that
    sentence in English, for who has no catalogue; `also` are sentences that follow it, each said by
    itself. `status` is the HTTP status. With `remember=True`
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
        values: Values | None = None,
        also: Sequence[Sentence] = (),
        **details: object,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = " ".join([message, *also])
        self.status = status
        self.remember = remember
        self.headers = dict(headers or {})
        self.details = details
        if values is not None:
            self.details["values"] = dict(values)
        if also:
            self.details["also"] = [one.told() for one in also]


def retry_after(wait: timedelta) -> dict[str, str]:
    """The header that says when to try again: in whole seconds, and never too soon."""
    return {"Retry-After": str(max(1, math.ceil(wait.total_seconds())))}


def not_found() -> Refused:
    """404: absent, somebody else's, or out of sight, which look the same to whoever asks."""
    return Refused("not_found", "There is nothing here that you can see.", 404)


def invalid(field: str, sentence: str, *, about: str | None = None, **values: str | int) -> Refused:
    """422: a body that fits its schema but makes no sense; `sentence` is shown at the field.

    Without what it is `about` only in English: nobody meets it on a screen.
    """
    if about is not None:
        sentence = at_field(about, sentence, **values)
    wrong = {"json": {field: [sentence]}}
    return Refused(
        "invalid",
        "Some of this cannot be saved as it is.",
        422,
        errors=wrong,
        fields=fields_told(wrong),
    )


def fields_told(wrong: Mapping[str, object]) -> dict[str, list[dict[str, object]]]:
    """Of what is wrong with a request: the fields of its body of which each sentence is one that
    the phone can say itself.
    """
    body = wrong.get("json")
    return {
        name: [one.told() for one in said]
        for name, said in (body.items() if isinstance(body, Mapping) else ())
        if isinstance(said, list) and all(isinstance(one, Sentence) for one in said)
    }
