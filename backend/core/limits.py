"""Coarse rate limits per network, counted in this process' memory.

Limits that protect secrets count in the database: codes in `sign_in/budgets.py`, what one person
tells others in `core/hourly_limits.py`.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from backend.core.addresses import network_of

P = ParamSpec("P")
R = TypeVar("R")
# A ward or a campus shares one address: generous for people, dear for a guessing machine.
SIGN_IN = "60 per minute; 600 per hour"
INVITATION = "120 per minute"
REPORT = "30 per minute"
MAIL = "60 per minute"
COUNTERS = "rate_limits"


def this_network() -> str:
    """The network that this request comes from: see `network_of`."""
    return network_of(request.remote_addr)


class Limiter:
    """Decorates views with a rate limit; views without one are not looked at."""

    enabled = True

    def limit(self, rate: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """A decorator: one network may call the view at this rate, "60 per minute; 600 per hour".

        Above it the view raises TooManyRequests (429).
        """
        items = parse_many(rate)

        def decorate(view: Callable[P, R]) -> Callable[P, R]:
            name = f"{view.__module__}.{view.__name__}"

            @wraps(view)
            def limited(*args: P.args, **kw: P.kwargs) -> R:
                counters: FixedWindowRateLimiter = current_app.extensions[COUNTERS]
                network = this_network()
                if self.enabled and not all(counters.hit(item, name, network) for item in items):
                    raise TooManyRequests
                return view(*args, **kw)

            return limited

        return decorate


limiter = Limiter()


def add_limits(app: Flask) -> None:
    """Give this application its counters, in its own process."""
    app.extensions[COUNTERS] = FixedWindowRateLimiter(MemoryStorage())
