"""What a view returns, where that is more than the thing that its schema dumps."""

from collections.abc import Mapping
from typing import TypeVar

from backend.core.conditional import etag_of, refuse_if_known

T = TypeVar("T")
Headers = Mapping[str, str]
WithEtag = tuple[T, Headers]
Put = tuple[T, int, Headers]  # with 200 or 201, and the version as an ETag
Listing = tuple[Mapping[str, object], Headers]  # a page, as `core/paging.py: listing` makes it


def with_etag(shown: T) -> WithEtag[T]:
    """Something with an ETag of all that it shows; NotModified when the client has it already."""
    etag = etag_of(shown)
    refuse_if_known(etag)
    return shown, {"ETag": f'"{etag}"'}
