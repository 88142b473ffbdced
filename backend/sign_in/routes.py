"""Signing in and out."""

from uuid import UUID

from flask import Response, g, jsonify, make_response, request

from backend.core import clock
from backend.core.app import this_app
from backend.core.cursors import read_time_cursor, split_page, write_time_cursor
from backend.core.languages import wished
from backend.core.limits import SIGN_IN, limiter
from backend.core.paging import LongPageQuery, PageAsked, listing
from backend.core.request import Blueprint, me, public, session, synced
from backend.core.views import Listing
from backend.people.models import Person
from backend.people.queries import is_to_be_erased, person_with_email
from backend.sign_in import actions, queries
from backend.sign_in.guard import (
    asker,
    drop_session_token,
    keep_attempt,
    keep_session_token,
    session_token,
    this_device,
)
from backend.sign_in.models import SignInSession
from backend.sign_in.rules import CODE_LASTS, alive_until, not_invited
from backend.sign_in.schemas import (
    CodeIn,
    CodeOut,
    MySessionShown,
    MySessionsOut,
    SentCode,
    SentSession,
    SessionIn,
    SessionOut,
    SessionShown,
)

blp = Blueprint("sign-in", __name__, url_prefix="/api/sign-in", description="Signing in by code.")
mine = Blueprint(
    "sessions", __name__, url_prefix="/api/me/sessions", description="Where I am signed in."
)


@blp.post("/codes")
@public
@limiter.limit(SIGN_IN)
@blp.arguments(CodeIn)
@blp.response(202, CodeOut)
def ask_for_code(values: SentCode) -> Response:
    """Have a code mailed: the same answer for every address."""
    return code_mailed(values["email"], is_invited=False)


def code_mailed(email: str, *, is_invited: bool) -> Response:
    """Have a code mailed; a cookie binds it to the device that asks."""
    actions.send_code(session(), email, asker(), is_invited=is_invited, language=wished())
    answer = make_response(jsonify(expires_in=int(CODE_LASTS.total_seconds())), 202)
    keep_attempt(answer)
    return answer


@blp.post("/sessions")
@public
@limiter.limit(SIGN_IN)
@blp.arguments(SessionIn)
@blp.response(201, SessionOut)
def sign_in(values: SentSession) -> Response:
    """Sign in with the code that was mailed."""
    actions.prove(session(), values["email"], values["code"], asker())
    person = person_with_email(session(), values["email"])
    if person is None:
        raise not_invited()
    begun, token = begin(person)
    answer = make_response(SessionOut().dump(begun), 201)
    keep_session_token(answer, token)
    return answer


def begin(person: Person) -> tuple[SessionShown, str]:
    """Sign `person` in on the device that sent this request, which is known to them from now on:
    the sign-in and its token.
    """
    was_to_go = is_to_be_erased(session(), person.id)
    actions.remember_device(session(), person.email, this_device())
    begun, token = actions.begin_session(
        session(), person, request.headers.get("User-Agent", ""), instead_of=session_token()
    )
    shown: SessionShown = {
        "id": begun.id,
        "person": person,
        "started_at": begun.started_at,
        "erasure_undone": was_to_go,
    }
    return shown, token


@blp.post("/sessions/current")
@blp.response(204)
def stay_signed_in() -> None:
    """Say that this device is still in use."""
    actions.renew(session(), g.session_id)


@blp.delete("/sessions/current")
@blp.response(204)
def sign_out() -> Response:
    """Sign out on this device."""
    actions.end_session(session(), me(), g.session_id)
    answer = make_response("", 204)
    drop_session_token(answer)
    return answer


@mine.get("")
@synced()  # which of them is this one's is the session's, and no mark's
@mine.arguments(LongPageQuery, location="query")
@mine.response(200, MySessionsOut)
def my_sessions(query: PageAsked) -> Listing:
    """List where I am signed in, newest use first."""
    limit = query["limit"]
    rows = queries.sessions_of(session(), me(), after=read_time_cursor(query["after"]), limit=limit)
    page, cursor = split_page(rows, limit, lambda row: write_time_cursor(row.last_used_at, row.id))
    items: list[MySessionShown] = [
        {
            "id": row.id,
            "device": row.device,
            "started_at": row.started_at,
            "last_used_on": row.last_used_at.date(),
            "current": row.id == g.session_id,
            "over": _is_over(row),
        }
        for row in page
    ]
    return listing(items, cursor)


def _is_over(row: SignInSession) -> bool:
    settings = this_app().settings
    idle, absolute = settings.session_idle, settings.session_absolute
    return clock.now() >= alive_until(
        row.started_at, row.last_used_at, idle=idle, absolute=absolute
    )


@mine.delete("")
@mine.response(204)
def sign_out_elsewhere() -> None:
    """Sign out everywhere but here: what is on those phones goes when they ask next."""
    actions.end_other_sessions(session(), me(), g.session_id)


@mine.delete("/<uuid:session_id>")
@mine.response(204)
def sign_out_there(session_id: UUID) -> None:
    """Sign out on one device: what is on it goes when it asks next, and no push goes there."""
    actions.end_session(session(), me(), session_id)
