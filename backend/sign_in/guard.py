"""Who is asking: the cookie, the session behind it, and the door."""

import secrets

from flask import Response, current_app, g, request

from backend.core import clock
from backend.core.app import this_app
from backend.core.cipher import digest_of_token
from backend.core.http import session
from backend.sign_in import queries
from backend.sign_in.rules import CODE_LASTS, alive_until, ended_by_you, not_signed_in


def guard() -> None:
    """Let the request in if its view is public or its cookie names a living session."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "is_public", False):
        return
    if not recognise():
        token = session_token()
        is_ended = token and queries.is_ended(session(), digest_of_token(token))
        raise ended_by_you() if is_ended else not_signed_in()


def recognise() -> bool:
    """Find out who is asking; `me()` and `my_name()` answer from then on."""
    token = session_token()
    found = queries.session_with_token(session(), digest_of_token(token)) if token else None
    if found is None:
        return False
    settings = this_app().settings
    g.known_until = alive_until(
        found.started_at,
        found.last_used_at,
        idle=settings.session_idle,
        absolute=settings.session_absolute,
    )
    if clock.now() >= g.known_until:
        return False
    g.me, g.my_name = found.person_id, found.name
    g.session_id = found.session_id
    return True


def session_token() -> str | None:
    """The session's token, as this device's cookie holds it."""
    return request.cookies.get(_name("session"))


def keep_session_token(answer: Response, token: str) -> None:
    """Give the device its session's cookie, for as long as the session may last."""
    _keep(answer, "session", token, int(this_app().settings.session_absolute.total_seconds()))


def drop_session_token(answer: Response) -> None:
    """Take the cookie back, and whatever the browser kept of our answers."""
    answer.delete_cookie(
        _name("session"), httponly=True, samesite="Lax", secure=this_app().settings.is_https
    )
    answer.headers["Clear-Site-Data"] = '"cache", "cookies"'


def attempt() -> str:
    """What binds codes to the device that asked for them; made now if the device has none."""
    return request.cookies.get(_name("attempt")) or secrets.token_urlsafe(16)


def keep_attempt(answer: Response, value: str) -> None:
    """Give the device its attempt's cookie, for as long as a code holds."""
    _keep(answer, "attempt", value, int(CODE_LASTS.total_seconds()))


def known_attempt() -> str | None:
    """The device's attempt, if it has one."""
    return request.cookies.get(_name("attempt"))


def _name(purpose: str) -> str:
    # __Host-: no other host or path can set it (RFC 6265bis, 4.1.3.2); needs https
    return f"__Host-alongside-{purpose}" if this_app().settings.is_https else f"alongside-{purpose}"


def _keep(answer: Response, purpose: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        _name(purpose),
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=this_app().settings.is_https,
        path="/",
    )
