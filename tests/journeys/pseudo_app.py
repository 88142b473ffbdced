"""The application as in wsgi.py, in languages that nobody speaks, with a phone that has them."""

import dataclasses
import os
from pathlib import Path

from backend import create_app
from backend.core.languages import LANGUAGES
from backend.settings import from_environment
from tests import pseudo

LANGUAGES[pseudo.CODE] = pseudo.LANGUAGE
LANGUAGES[pseudo.MIRRORED] = dataclasses.replace(
    pseudo.LANGUAGE, locale=pseudo.MIRRORED, is_right_to_left=True
)
folder = Path(os.environ["ALONGSIDE_TEST_PSEUDO"])
app = create_app(dataclasses.replace(from_environment(), app_folder=folder))
