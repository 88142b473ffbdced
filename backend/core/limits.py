"""Coarse limits per network; those that protect secrets count in our tables."""

from typing import Any

from flask import Flask, request
from flask_limiter import Limiter

from backend.core.addresses import network_of


def this_network() -> str:
    """The network that this request comes from."""
    return network_of(request.remote_addr)


# Kept here because Flask-Limiter holds its routes' limits weakly.
limiter = Limiter(this_network, headers_enabled=False)

# A ward or a campus shares one address: generous for people, dear for a guessing machine.
SIGN_IN = "60 per minute; 600 per hour"
INVITATION = "120 per minute"
REPORT = "30 per minute"
MAIL = "60 per minute"


def add_limits(app: Flask) -> None:
    """Let the routes that are marked with a limit keep it.

    Each asks for itself. What the extension hangs around every other request (limits of a whole
    application, headers that tell them) we do not use, and it costs more than who is asking.
    """
    hooks: list[dict[Any, list[Any]]] = [
        app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs,
    ]  # fmt: skip
    before = [list(hook[None]) for hook in hooks]
    limiter.init_app(app)
    for hook, ours in zip(hooks, before, strict=True):
        hook[None] = ours
