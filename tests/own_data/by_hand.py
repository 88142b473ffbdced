"""Exports as somebody might write them by hand."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

from backend.core import ids

LONG_AGO = datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC)


def zipped_again(data: bytes, path: str = "data.json", how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip made by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as whole:
        whole.writestr(path, data)
    return out.getvalue()


def data_in(zipped: bytes) -> bytes:
    return zipfile.ZipFile(io.BytesIO(zipped)).read("data.json")


def an_export(*reflections: dict[str, Any], version: int = 1) -> bytes:
    """Somebody's export as they might write it by hand."""
    head = {"format": "alongside-export", "version": version, "person_id": str(ids.new_id())}
    lines = ",".join("\n" + json.dumps(one) for one in reflections)
    begin = json.dumps(head)[:-1]
    return zipped_again(f'{begin},\n"reflections":[{lines}],\n"cohorts":[]}}\n'.encode())


def a_line(**instead: Any) -> dict[str, Any]:
    """What a reflection says of itself in an export."""
    said = {
        "id": str(ids.new_id()),
        "text": "I held back.",
        "areas": ["self"],
        "noticing": None,
        "stretch": None,
        "prompt_id": None,
        "written_at": LONG_AGO.isoformat(),
    }
    return said | instead
