"""The application as in wsgi.py, with the app's files from a folder that a test may change."""

import dataclasses
import os
from pathlib import Path

from backend import create_app
from backend.settings import from_environment

folder = os.environ.get("ALONGSIDE_TEST_APP_FOLDER")
app = create_app(
    dataclasses.replace(from_environment(), app_folder=Path(folder)) if folder else None
)
