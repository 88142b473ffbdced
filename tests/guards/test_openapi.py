"""What is committed is what the code says."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from backend.core.app import App
from tests.guards.source import BACKEND, ROOT
from tools.setting_up import npm

TYPES = ROOT / "pwa" / "src" / "api" / "schema.d.ts"


def spec(app: App) -> Any:
    return app.test_client().get("/api/openapi.json").json


def test_the_committed_document_is_current(app: App) -> None:
    assert json.loads((BACKEND / "openapi.json").read_text()) == spec(app), "run: make types"


def test_every_field_that_travels_out_is_always_there(app: App) -> None:
    """So the phone's types need no "perhaps"."""
    for name, shape in spec(app)["components"]["schemas"].items():
        if not name.endswith("In") and name not in ("Error", "PaginationMetadata"):
            assert set(shape.get("required", [])) == set(shape["properties"]), name


def test_what_travels_in_takes_nothing_unknown(app: App) -> None:
    for name, shape in spec(app)["components"]["schemas"].items():
        if name.endswith("In"):
            assert shape["additionalProperties"] is False, name


def test_the_phones_types_are_current(tmp_path: Path) -> None:
    made = tmp_path / "schema.d.ts"
    _, env = npm()
    program = ROOT / "pwa" / "node_modules" / ".bin" / "openapi-typescript"
    subprocess.run(
        [program, BACKEND / "openapi.json", "--output", made],
        env={**os.environ, **env},
        check=True,
        capture_output=True,
    )
    assert made.read_text() == TYPES.read_text(), "run: make types"
