"""Authentication: who is asking, by the session cookie; and the other cookies of signing in."""

import secrets

from flask import Response, g, request

from backend.core import clock
from backend.core.app import this_app
from backend.core.cipher import digest_of_token
from backend.core.limits import this_network
from backend.core.request import View, connection, is_public, session
from backend.sign_in import queries
from backend.sign_in.rules import (
    CODE_LASTS,
    DEVICE_IS_KNOWN,
    Asker,
    alive_until,
    ended_by_you,
    not_signed_in,
)


def guard(view: View | None) -> None:
    """Let a request through if its view is public or its cookie is of a valid session; without
    a view there is nothing to guard.

    Raises Refused (401): `not_signed_in`, or `ended_by_you` where its owner ended the session.
    """
    if view is None or is_public(view):
        return
    if not recognise():
        token = session_token()
        is_ended = token and queries.is_ended(session(), digest_of_token(token))
        raise ended_by_you() if is_ended else not_signed_in()


def recognise() -> bool:
    """Look up the session of this request's cookie; whether it is valid.

    `me()`, `my_name()` and `g.session_id` are set from then on.
    """
    token = session_token()
    found = queries.session_with_token(connection(), digest_of_token(token)) if token else None
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
    """The session token in this request's cookie; None without one."""
    return request.cookies.get(_name("session"))


def keep_session_token(answer: Response, token: str) -> None:
    """Set the session cookie, for as long as the session may last at most."""
    _keep(answer, "session", token, int(this_app().settings.session_absolute.total_seconds()))
    keep_device(answer)


def drop_session_token(answer: Response) -> None:
    """Delete the session cookie, and have the browser clear its cache of our answers."""
    answer.delete_cookie(
        _name("session"), httponly=True, samesite="Lax", secure=this_app().settings.is_https
    )
    # not "cookies": it would sign people out of every other site of the registrable domain, and
    # take away what lets this device ask for a code whoever else does
    answer.headers["Clear-Site-Data"] = '"cache"'


def asker() -> Asker:
    """Who asks for a code or uses one, as far as it can be told from this request."""
    return Asker(
        this_network(), _made_once("attempt", 16), request.cookies.get(_name("device"), "")
    )


def this_device() -> str:
    """The random token by which this device is recognised later; made now if it has none."""
    return _made_once("device", 24)


def keep_attempt(answer: Response) -> None:
    """Set the cookie that binds a code to this device, for as long as a code is valid."""
    _keep(answer, "attempt", _made_once("attempt", 16), int(CODE_LASTS.total_seconds()))


def keep_device(answer: Response) -> None:
    """Set the cookie by which the device is recognised, also after it was signed out.

    It does not tell who was signed in.
    """
    _keep(answer, "device", this_device(), int(DEVICE_IS_KNOWN.total_seconds()))


def _made_once(purpose: str, size: int) -> str:
    """The value of a cookie of ours, or a new random one, the same throughout this request."""
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
