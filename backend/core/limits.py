"""Coarse limits per address of the network; those that protect secrets count in our tables."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# Kept here because Flask-Limiter holds its routes' limits weakly.
limiter = Limiter(get_remote_address, headers_enabled=False)

# A ward or a campus shares one address: generous for people, dear for a guessing machine.
SIGN_IN = "60 per minute; 600 per hour"
INVITATION = "120 per minute"
REPORT = "30 per minute"
MAIL = "60 per minute"


def add_limits(app: Flask) -> None:
    """Let the routes that are marked with a limit keep it.

    Each asks for itself. The extension would look at every other request as well, for limits of
    a whole blueprint or application; there are none, and looking costs more than who is asking.
    """
    limiter.init_app(app)
    looks = app.before_request_funcs[None]
    app.before_request_funcs[None] = [
        look for look in looks if look != limiter._check_request_limit
    ]
