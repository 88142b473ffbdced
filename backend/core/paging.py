"""Lists in pages: cursor pagination, {"items": [...], "next": cursor or null}."""

from collections.abc import Sequence
from typing import TypedDict

from marshmallow import Schema, fields, validate

from backend.core.conditional import etag_of, refuse_if_known
from backend.core.fields import OutSchema
from backend.core.views import Listing

LONGEST_PAGE = 100
USUAL_PAGE = 20


class PageAsked(TypedDict):
    """Where in a list to read on, as `PageQuery` gives it: at most so many, after a cursor."""

    limit: int
    after: str | None


class PageQuery(Schema):
    """From which cursor to read on, and how many items."""

    limit = fields.Integer(
        load_default=USUAL_PAGE, validate=validate.Range(1, LONGEST_PAGE), strict=False
    )
    after = fields.String(
        load_default=None,
        validate=validate.Length(max=200),
        metadata={"description": "`next` of the page before"},
    )


class LongPageQuery(PageQuery):
    """The same for lists that are mostly shown whole: as many items at once as may be."""

    limit = fields.Integer(
        load_default=LONGEST_PAGE, validate=validate.Range(1, LONGEST_PAGE), strict=False
    )


def page_of(item: type[Schema], name: str) -> type[Schema]:
    """The schema of a list of `item`: {"items": [...], "next": cursor or null}."""
    return OutSchema.from_dict(
        {"items": fields.List(fields.Nested(item)), "next": fields.String(allow_none=True)},
        name=name,
    )


def listing(items: Sequence[object], next_cursor: str | None, etag: str | None = None) -> Listing:
    """A page as a view returns it; raises NotModified when the client has it already.

    `etag` must differ wherever the page would; without one, it is made of the items themselves.
    """
    etag = etag or etag_of(items, next_cursor)
    refuse_if_known(etag)
    return {"items": items, "next": next_cursor}, {"ETag": f'"{etag}"'}
