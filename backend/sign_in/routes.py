"""Signing in and out."""

from functools import partial
from uuid import UUID

from flask import Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from backend.core import clock
from backend.core.app import this_app
from backend.core.cursors import read_time_cursor, split_page, write_time_cursor
from backend.core.languages import language, say, wished
from backend.core.limits import MAIL, SIGN_IN, limiter
from backend.core.paging import LongPageQuery, PageAsked, listing
from backend.core.request import Blueprint, me, public, session, synced
from backend.core.views import Listing
from backend.people.models import Person
from backend.people.queries import is_to_be_erased, must_not_be_left, person_with_email
from backend.people.queries import person as person_with_id
from backend.sign_in import actions, address, queries
from backend.sign_in.guard import (
    asker,
    drop_session_token,
    keep_attempt,
    keep_device,
    keep_session_token,
    session_token,
    this_device,
)
from backend.sign_in.models import SignInSession
from backend.sign_in.rules import CODE_LASTS, alive_until, not_invited
from backend.sign_in.schemas import (
    AddressCodeIn,
    AddressOut,
    CodeIn,
    CodeOut,
    EndedOut,
    EndedShown,
    MySessionShown,
    MySessionsOut,
    SentAddressCode,
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

my_address = Blueprint(
    "my-address", __name__, url_prefix="/api/me/address", description="Changing my address."
)
put_back = Blueprint(
    "address-back",
    __name__,
    url_prefix="/api/former-addresses/<string(maxlength=64):former_token>",
    description="Putting an address back, by the link that was mailed to it.",
    template_folder="pages",
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
    return _code_sent()


def _code_sent() -> Response:
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
        must_not_be_left(session(), values["email"])
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
@mine.response(200, EndedOut)
def sign_out_elsewhere() -> EndedShown:
    """Sign out everywhere but here: what is on those phones goes when they ask next."""
    return {"ended": actions.end_other_sessions(session(), me(), g.session_id)}


@mine.delete("/<uuid:session_id>")
@mine.response(204)
def sign_out_there(session_id: UUID) -> None:
    """Sign out on one device: what is on it goes when it asks next, and no push goes there."""
    actions.end_session(session(), me(), session_id)


@my_address.post("")
@limiter.limit(SIGN_IN)
@my_address.arguments(CodeIn)
@my_address.response(202, CodeOut)
def ask_for_code_to_change(values: SentCode) -> Response:
    """Have a code mailed to the address that I wish to have: the same answer for every address."""
    address.ask_for_code(session(), me(), g.session_id, values["email"], asker())
    return _code_sent()


@my_address.post("/confirmation")
@limiter.limit(SIGN_IN)
@my_address.arguments(AddressCodeIn)
@my_address.response(200, AddressOut)
def change_address(values: SentAddressCode) -> Response:
    """Change my address to the one that the code was mailed to, in the session that asked for it.

    For a day the old one can put itself back, and I cannot change it a second time.
    """
    done = address.change(
        session(),
        me(),
        g.session_id,
        values["code"],
        asker(),
        device=this_device(),
        sign_out_elsewhere=values["sign_out_elsewhere"],
        stop_url=f"{this_app().settings.base_url}/api/former-addresses/",
    )
    answer = make_response(AddressOut().dump({"person": done.person, "ended": done.ended}))
    keep_device(answer)
    return answer


@put_back.get("")
@public
@limiter.limit(MAIL)
def show_former_address(former_token: str) -> ResponseReturnValue:
    """Show what a link puts back; looking at it changes nothing."""
    former = address.with_link(session(), former_token)
    whose = person_with_id(session(), former.person_id) if former else None
    return _page_about_address(whose, is_done=False)


@put_back.post("")
@public
@limiter.limit(MAIL)
def put_address_back(former_token: str) -> ResponseReturnValue:
    """Put a changed address back and end all sessions; nobody need be signed in."""
    return _page_about_address(address.put_back(session(), former_token), is_done=True)


def _page_about_address(whose: Person | None, *, is_done: bool) -> ResponseReturnValue:
    code = whose.language if whose else wished()
    page = render_template(
        "address_back.html",
        language=language(code),
        say=partial(say, code),
        state="over" if whose is None else "done" if is_done else "open",
    )
    return page, 200 if whose else 404
