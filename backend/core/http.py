"""What routes share: blueprints, who reads and writes, preconditions, lists."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import flask_smorest
from flask import g, request
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy.orm import Session

from backend.core.cipher import Keyring
from backend.core.db import keyring_of
from backend.core.errors import Refused
from backend.core.json_body import StrictParser
from backend.core.puts import Precondition

View = TypeVar("View", bound=Callable[..., Any])
YEARS = range(1900, 2200)  # every time zone can tell these, and both databases can hold them
LONGEST_PAGE = 100
USUAL_PAGE = 20


class Blueprint(flask_smorest.Blueprint):
    """A feature's routes, with our reading of bodies and queries."""

    ARGUMENTS_PARSER = StrictParser()

    def arguments(self, schema: type[Schema], **kw: Any) -> Any:
        """As flask-smorest's, with the schema made once: webargs makes a class anew each time.

        The view remembers what it takes, so that the edge can read it before a transaction begins.
        """
        made = schema()
        decorate = super().arguments(made, **kw)

        def remember(view: Callable[..., Any]) -> Any:
            decorated = decorate(view)
            if kw.get("location", "json") == "json":
                decorated.body = made
            return decorated

        return remember


def read_arguments(view: Callable[..., Any]) -> None:
    """Read and check the body that `view` takes, now; the view is then given what was read."""
    schema: Schema | None = getattr(view, "body", None)
    if schema is not None:
        Blueprint.ARGUMENTS_PARSER.read_ahead(schema)


class Ready(dict[str, Any]):
    """Something as it travels: what `core/json_out.py` writes. Its schema lets it pass as it is.

    For lists: taking hundreds of values through their fields costs more than reading them.
    """


class Answer(Schema):
    """What travels out. Every field is always there."""

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        return obj if isinstance(obj, Ready) else super().dump(obj, many=many)

    def on_bind_field(self, _field_name: str, field_obj: fields.Field[Any]) -> None:
        field_obj.required = True


class Moment(fields.AwareDateTime):
    """A moment that may be sent: in the years that can be told in every time zone."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> datetime:
        moment = super()._deserialize(value, attr, data, **kw)
        if moment.year not in YEARS:
            raise ValidationError(f"Choose a year from {YEARS[0]} to {YEARS[-1]}.")
        return moment


class Day(fields.Date):
    """A date that may be sent: in the same years as a moment."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> date:
        day = super()._deserialize(value, attr, data, **kw)
        if day.year not in YEARS:
            raise ValidationError(f"Choose a year from {YEARS[0]} to {YEARS[-1]}.")
        return day


class WholeNumber(fields.Integer):
    """A whole number from `low` to `high`; neither true nor 1.0 is one."""

    def __init__(self, low: int, high: int, **kw: Any) -> None:
        super().__init__(validate=validate.Range(low, high), strict=True, **kw)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kw)


class YesNo(fields.Boolean):
    """True or false, and nothing that counts as one: not 1, not "yes"."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kw)


class PageQuery(Schema):
    """Where in a list to read on."""

    limit = fields.Integer(
        load_default=USUAL_PAGE, validate=validate.Range(1, LONGEST_PAGE), strict=False
    )
    after = fields.String(
        load_default=None,
        validate=validate.Length(max=200),
        metadata={"description": "`next` of the page before"},
    )


class LongPageQuery(PageQuery):
    """Where in a list to read on that is mostly shown whole: as much at once as may be."""

    limit = fields.Integer(
        load_default=LONGEST_PAGE, validate=validate.Range(1, LONGEST_PAGE), strict=False
    )


def page_of(item: type[Schema], name: str) -> type[Schema]:
    """The schema of a list of `item`: {"items": [...], "next": cursor or null}."""
    return Answer.from_dict(
        {"items": fields.List(fields.Nested(item)), "next": fields.String(allow_none=True)},
        name=name,
    )


def public(view: View) -> View:
    """Mark a view that needs no sign-in; every other one does."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def is_public(view: Callable[..., Any]) -> bool:
    return getattr(view, "is_public", False)


def reads(view: View) -> View:
    """Mark a view that only reads, though its question is too long for an address: a safe POST.

    It takes no turn among those who write, and its transaction is rolled back like a GET's.
    """
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def only_reads(view: Callable[..., Any] | None) -> bool:
    return getattr(view, "only_reads", False)


def session() -> Session:
    """This request's transaction: committed at the edge, rolled back for what only reads."""
    open_session: Session = g.transaction.session
    return open_session


class NotModified(Exception):
    """The client's copy is current; carries the ETag."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


def keyring() -> Keyring:
    """The keys that this installation was given."""
    return keyring_of(session().get_bind().dialect)


def etag_of(*values: object) -> str:
    """A strong name for an answer, from the values that it is made of.

    Keyed: nobody finds out by trying which counts and times it was made of.
    """
    told = repr(values).encode()
    return hashlib.blake2b(told, digest_size=12, key=keyring().name_key).hexdigest()


def listing(
    items: Sequence[Any], next_cursor: str | None, etag: str | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """A page as a view returns it, or NotModified when the client has it already.

    `etag` must tell every difference that the answer would show; without one, the items do.
    """
    etag = etag or etag_of(items, next_cursor)
    refuse_if_known(etag)
    return {"items": items, "next": next_cursor}, {"ETag": f'"{etag}"'}


def refuse_if_known(etag: str) -> None:
    """Stop with NotModified when the client says that it has this state."""
    if request.if_none_match.contains(etag):
        raise NotModified(etag)


def precondition() -> Precondition:
    """What the phone says it knows, from If-None-Match: * or If-Match: "n"."""
    creates = request.headers.get("If-None-Match", "").strip() == "*"
    version = _version(request.headers.get("If-Match"))
    if creates and version is None:
        return Precondition(None)
    if version is not None and not creates:
        return Precondition(version)
    raise Refused(
        "precondition_required",
        'Say what you know of this item: "If-None-Match: *" when it is new, '
        'or "If-Match" with its version.',
        428,
    )


def delete_precondition() -> int | None:
    """The version that may be deleted; None for any ("If-Match: *")."""
    if request.headers.get("If-Match", "").strip() == "*":
        return None
    version = precondition().version
    if version is None:
        raise Refused("precondition_required", 'Deleting needs "If-Match".', 428)
    return version


def _version(header: str | None) -> int | None:
    if header is None:
        return None
    found = re.fullmatch(r'\s*"([0-9]{1,9})"\s*', header, re.ASCII)
    if found is None:
        raise Refused("bad_precondition", 'If-Match must hold one version, like "3".', 400)
    return int(found[1])


def me() -> UUID:
    """Whoever is asking: the guard has put their id here."""
    mine: UUID = g.me
    return mine


def my_name() -> str:
    """How whoever is asking would like to be called."""
    name: str = g.my_name
    return name


@contextmanager
def showing_current(schema: Any, show: Any) -> Iterator[None]:
    """Let a 412 carry the stored item as the other answers show it."""
    try:
        yield
    except Refused as refusal:
        if "current" in refusal.details:
            refusal.details["current"] = schema.dump(show(refusal.details["current"]))
        raise
