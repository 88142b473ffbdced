"""Taking along all that is mine."""

from collections.abc import Iterator
from uuid import UUID

from flask import Response, request

from backend.core.app import App, this_app
from backend.core.errors import Refused, not_found
from backend.core.paging import listing
from backend.core.request import Blueprint, me, session, takes_file
from backend.core.views import Listing
from backend.own_data import actions, bringing, queries
from backend.own_data.models import ExportState
from backend.own_data.rules import LARGEST_FILE
from backend.own_data.schemas import BroughtBackOut, ExportOut, ExportShown, ExportsOut
from backend.reflections.rules import BroughtBack

blp = Blueprint(
    "exports",
    __name__,
    url_prefix="/api/me/exports",
    description="All that is mine, to take along.",
)
imports = Blueprint(
    "imports",
    __name__,
    url_prefix="/api/me/imports",
    description="What I took along, brought back.",
)
ZIP = "application/zip"


@blp.get("")
@blp.response(200, ExportsOut)
def exports() -> Listing:
    """Read where the export is that I asked for last, if it is still remembered."""
    return listing([queries.shown(row) for row in queries.newest(session(), me())], None)


@blp.post("")
@blp.response(202, ExportOut)
@blp.alt_response(429, description="A few a day")
def ask() -> ExportShown:
    """Ask for all that is mine: the one that is being made, or a new one in place of the last."""
    return queries.shown(actions.ask(session(), me()))


@blp.get("/<uuid:export_id>")
@blp.response(200, ExportOut)
def export(export_id: UUID) -> ExportShown:
    """Read how far an export of mine is."""
    return queries.shown(queries.export(session(), me(), export_id))


@blp.get("/<uuid:export_id>/file")
@blp.response(200, {"type": "string", "format": "binary"}, content_type=ZIP)
def file(export_id: UUID) -> Response:
    """Fetch an export of mine: a zip with pages to read, and the same as JSON."""
    row = queries.export(session(), me(), export_id)
    if queries.shown(row)["state"] is not ExportState.READY:
        raise not_found()
    name = f"alongside-{row.asked_at:%Y-%m-%d}.zip"
    return Response(
        _parts(this_app(), row.id, row.parts),
        mimetype=ZIP,
        headers={
            "Content-Length": str(row.size),
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


@imports.post("")
@imports.response(200, BroughtBackOut)
@imports.alt_response(413, description="Larger than 16 MB")
@imports.alt_response(415, description="Not sent as application/zip")
@imports.alt_response(429, description="A few an hour")
@imports.doc(
    requestBody={
        "required": True,
        "content": {ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
)
@takes_file(LARGEST_FILE)
def bring_back() -> BroughtBack:
    """Bring back the reflections in an export of mine: for me alone, with their dates. What is here
    already stays as it is.
    """
    if request.mimetype != ZIP:
        raise Refused("not_zip", "Send the file as application/zip.", 415)
    return bringing.bring_back(this_app().database, me(), request.get_data())


def _parts(app: App, export: UUID, parts: int) -> Iterator[bytes]:
    """One after the other, each in a transaction of its own: a slow phone keeps none open."""
    for number in range(parts):
        with app.database.reading() as session:
            part = queries.part(session, export, number)
        yield part
