"""Who is asking: the cookie, the session behind it, and the door."""

import secrets

from flask import Response, current_app, g, request

from backend.core import clock
from backend.core.app import this_app
from backend.core.cipher import digest_of_token
from backend.core.limits import this_network
from backend.core.request import is_public, session
from backend.sign_in import queries
from backend.sign_in.rules import (
    CODE_LASTS,
    DEVICE_IS_KNOWN,
    Asker,
    alive_until,
    ended_by_you,
    not_signed_in,
)


def guard() -> None:
    """Let the request in if its view is public or its cookie names a living session."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or is_public(view):
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
    ends_at = alive_until(
        found.started_at,
        found.last_used_at,
        idle=settings.session_idle,
        absolute=settings.session_absolute,
    )
    if clock.now() >= ends_at:
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
    keep_device(answer)


def drop_session_token(answer: Response) -> None:
    """Take the cookie back, and whatever the browser kept of our answers."""
    answer.delete_cookie(
        _name("session"), httponly=True, samesite="Lax", secure=this_app().settings.is_https
    )
    # not "cookies": it would sign people out of every other site of the registrable domain, and
    # take away what lets this device ask for a code whoever else does
    answer.headers["Clear-Site-Data"] = '"cache"'


def asker() -> Asker:
    """Who asks for a code or proves one."""
    return Asker(
        this_network(), _made_once("attempt", 16), request.cookies.get(_name("device"), "")
    )


def this_device() -> str:
    """What this device is known by to an address that it was signed in to; made now if need be."""
    return _made_once("device", 24)


def keep_attempt(answer: Response) -> None:
    """Give the device what binds codes to it, for as long as a code holds."""
    _keep(answer, "attempt", _made_once("attempt", 16), int(CODE_LASTS.total_seconds()))


def keep_device(answer: Response) -> None:
    """Let the device be known again. It says nothing of who was signed in, and outlives that."""
    _keep(answer, "device", this_device(), int(DEVICE_IS_KNOWN.total_seconds()))


def _made_once(purpose: str, size: int) -> str:
    """What the device keeps for this purpose; the same all through a request if it is new."""
    made: dict[str, str] = g.setdefault("made_for_device", {})
    if purpose not in made:
        made[purpose] = request.cookies.get(_name(purpose)) or secrets.token_urlsafe(size)
    return made[purpose]


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
