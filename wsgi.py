"""Where a server finds the application."""

import sys

from backend import create_app
from backend.settings import SettingError

try:
    app = create_app()
except SettingError as error:
    sys.exit(f"Alongside cannot start. {error}")
