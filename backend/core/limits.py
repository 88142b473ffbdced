"""Coarse rate limits per network; those that protect secrets count in our tables."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, request
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from backend.core.addresses import network_of

View = TypeVar("View", bound=Callable[..., Any])
# A ward or a campus shares one address: generous for people, dear for a guessing machine.
SIGN_IN = "60 per minute; 600 per hour"
INVITATION = "120 per minute"
REPORT = "30 per minute"
MAIL = "60 per minute"
COUNTERS = "rate_limits"


def this_network() -> str:
    """The network that this request comes from."""
    return network_of(request.remote_addr)


class Limiter:
    """Marks views with a rate limit; each then asks for itself, and no other request does."""

    enabled = True

    def limit(self, rate: str) -> Callable[[View], View]:
        """Mark a view with what one network may ask of it, like "60 per minute; 600 per hour".

        It raises TooManyRequests from then on.
        """
        items = parse_many(rate)

        def mark(view: View) -> View:
            name = f"{view.__module__}.{view.__name__}"

            @wraps(view)
            def limited(*args: Any, **kw: Any) -> Any:
                counters: FixedWindowRateLimiter = current_app.extensions[COUNTERS]
                network = this_network()
                if self.enabled and not all(counters.hit(item, name, network) for item in items):
                    raise TooManyRequests
                return view(*args, **kw)

            return limited  # type: ignore[return-value]

        return mark


limiter = Limiter()


def add_limits(app: Flask) -> None:
    """Let this application count, in its own process."""
    app.extensions[COUNTERS] = FixedWindowRateLimiter(MemoryStorage())
